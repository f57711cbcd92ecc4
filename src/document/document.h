/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file document.h
 * YAML text → a tree of nodes that remember where they stood. The only room that knows libyaml.
 *
 * Strict: one document, UTF-8, no NUL, no aliases, anchors, tags or merge keys, no doubled keys,
 * limited depth and size. Everything a reader of job files and material files needs, nothing more.
 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <elfin/base.h>

#include <stdbool.h>
#include <stdio.h>

/** Largest file and deepest nesting that is read; a larger one is refused by name. */
enum { DOCUMENT_MAX_BYTES = 4 << 20, DOCUMENT_MAX_DEPTH = 32 };

typedef enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP } node_kind;

typedef struct node node;
struct node {
  node_kind kind;
  size_t line, column;     /* 1-based */
  const char *text;        /* a scalar's text; else NULL */
  bool quoted;             /* "10" rather than 10 */
  size_t n;                /* items of a list, pairs of a map */
  node *items;             /* [n] the list's items, or the map's values */
  node *keys;              /* [n] a map's keys, all scalars; else NULL */
};

typedef struct document document;

/** What is wrong with a file: a list that grows, so that several errors are reported at once. */
typedef struct problems problems;

/** `name` is how messages call the text: usually a path. */
problems *problems_new(const char *name);
void problems_free(problems *list);
/** Add "name:line:column: sentence" (line 0: no position). Beyond 50 they are only counted. */
void problems_add(problems *list, size_t line, size_t column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void problems_add_at(problems *list, const node *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
size_t problems_count(const problems *list);
/** All sentences in order of position, one a line; "… and 17 more" at the end. */
void problems_print(const problems *list, FILE *stream);
/** The first sentence, "" if there is none: for an elfin_error. */
const char *problems_first(const problems *list);
/** Tell all sentences in order of position, "… and 17 more" at the end. @return how many there are */
size_t problems_tell(const problems *list, elfin_fault *tell, void *context);

/** Read a file. On success `*doc` is yours; otherwise the reasons are in `list`.
 * @return ELFIN_OK; ELFIN_E_DATA; ELFIN_E_MEMORY */
elfin_status document_open(const char *path, document **doc, problems *list);

/** The same for a text in memory. */
elfin_status document_parse(const char *text, size_t length, document **doc, problems *list);

void document_free(document *doc);
const node *document_root(const document *doc); /**< never NULL; an empty file is refused */

/** The file's bytes as read, and how many; for provenance. */
const char *document_text(const document *doc, size_t *length);

/** The value of `key` in a map, NULL if absent. */
const node *node_find(const node *map, const char *key);

/** A scalar as a number: the whole text must be one, finite. */
bool node_number(const node *scalar, double *value);

/** A quantity: a number and, mostly, a unit: "10 keV", "10keV", "-3e2", "0.4 GeV/cm3".
 *
 * @param[in]  text   all of it must be used up; blanks around are fine
 * @param[in]  unit   what `*value` is wanted in, and what a bare number has: "eV", "cm2", "km/s",
 *                    "GeV/cm3", "K", "h", "d", "g/cm3", "A", "u"; "" for a number that must have no unit
 * @param[out] value  finite; correctly rounded: "57 meV" is the same number as "0.057"
 * @param[out] why    [why_size] on failure, a sentence that begins with the text: what is wrong,
 *                    what is allowed
 */
bool quantity_parse(const char *text, const char *unit, double *value, char *why, size_t why_size);

/** All units, a line for each kind: its first is the one of numbers without a unit in a job, the others
 * with the power of ten that they are. */
void quantity_print_units(FILE *stream);

/** Of `n` candidates the one closest to `word` (edit distance), NULL if none is near enough to be
 * worth a "did you mean". */
const char *nearest_name(const char *word, size_t n, const char *const candidates[]);

#endif
