/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file detector.h
 * Inside the room: one experiment file, checked key by key. */
#ifndef DETECTOR_H
#define DETECTOR_H

#include "document/strict.h"

#include <elfin/experiment.h>

/** An experiment with what its pointers point into: texts are those of the document. */
typedef struct detector_owner {
  elfin_experiment experiment;
  document *doc;
  char *path;
  keep_list kept;
  /* while it is being read */
  problems *list;
  const char **sources, **assumed; /* those of `experiment` */
} detector_owner;

/** Fill `made->experiment` from the document's root; everything that is wrong goes into
 * `made->list`.
 * @return ELFIN_OK; ELFIN_E_DATA: see the list; ELFIN_E_MEMORY */
elfin_status detector_file_read(const node *root, detector_owner *made);

/** The block found (experiment_charge.c); bins are there. */
void detector_take_found(const node *root, detector_owner *made);

/** The block charge_model; bins and `found` are there. */
void detector_take_model(const node *root, detector_owner *made);

/* ---- texts, numbers, blocks (experiment_nodes.c) ---------------------------------------------- */

#define DETECTOR_PAGE "data/experiments/README.md"

/** What a number may be. */
typedef struct detector_range {
  const char *unit; /* "exposure" for one; else of quantity_parse() */
  double least, most;
  bool open; /* `least` itself is not allowed */
  bool whole;
} detector_range;

/** A text that says something; NULL: absent, or blamed. */
const char *detector_text(const node *map, const char *key, problems *list);

/** A number within a range; NAN: blamed. */
double detector_number(const node *from, const char *key, const detector_range *r, problems *list);
/** Of a key that may be absent: NAN. */
double detector_optional(const node *block, const char *key, const detector_range *r, problems *list);

/** A list of numbers, kept; *n of them. NULL: blamed, or empty. */
double *detector_numbers(const node *from, const char *key, const detector_range *r, size_t *n,
                         detector_owner *made);
bool detector_ascends(const node *where, const char *key, size_t n, const double number[],
                      problems *list);

/** Add "key: text", kept, to a list. */
void detector_note(detector_owner *made, const char *key, const char *text, const char **where,
                   size_t *n);

/** A map whose keys are known, with a source or with what makes it an assumption. NULL: absent, or
 * blamed. */
const node *detector_block(const node *root, const char *key, size_t n, const char *const keys[],
                           detector_owner *made);

#endif
