/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_read.h
 * Inside the room: what the readers of all blocks share. Everything that is wrong goes into the list
 * of problems with its place, and the reading goes on. */
#ifndef MATERIAL_READ_H
#define MATERIAL_READ_H

#include "material/material_file.h"

/* ---- memory: what a material keeps (material_keep.c) ------------------------------------------ */

/** n × size zeroed bytes that live as long as the material. NULL: no memory, which is remembered. */
void *material_keep(material_owner *made, size_t n, size_t size);

/** The formatted text, kept likewise. */
const char *material_keep_text(material_owner *made, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- nodes (material_nodes.c) ----------------------------------------------------------------- */

/** Every key of `map` is one of `allowed`. */
void material_keys(const node *map, const char *where, size_t n, const char *const allowed[],
                   problems *list);

/** A text that says something; NULL: blamed. */
const char *demand_text(const node *map, const char *where, const char *key, problems *list);

/** A block that must be a map with a source; its text goes to *source. */
bool take_block(const node *block, const char *where, size_t n, const char *const allowed[],
                const char **source, problems *list);

/** A number within (0, most], or [0, most] if it may vanish. */
bool take_number(const node *from, const char *key, const char *unit, bool may_vanish, double most,
                 double *value, problems *list);

/** The number of a key: NAN where it is absent or wrong (blamed). */
double optional_number(const node *map, const char *key, double least, double most, problems *list);
/** Likewise, but it must be there. */
double demand_number(const node *map, const char *where, const char *key, double least, double most,
                     problems *list);

/** The length of a list with something in it; 0: blamed, or NULL given. */
size_t list_length(const node *list_node, const char *key, problems *list);

/** A list of finite numbers, kept. Absent: n = 0. */
double *take_numbers(material_owner *made, const node *map, const char *key, size_t *n);

/** A list of finite numbers whose number of items and range do not matter: what a fit says of
 * itself. */
void check_numbers(const node *map, const char *key, problems *list);

/* ---- points: rows, lists, or a table in a file (material_points.c) ---------------------------- */

enum { MOST_COLUMNS = 64 };

/** Columns of numbers, wherever they stood. */
typedef struct points {
  size_t n, n_columns;
  double *column[MOST_COLUMNS]; /* [n] each, kept */
  /* for blame */
  material_owner *made;
  const node *block, *rows;
  const char *const *names;
  const char *path;
  size_t *line; /* [n] of the file, kept; NULL */
} points;

/** Read the columns called `names` of a block. They are one of
 *   columns: [the names], rows: [[…], …]
 *   columns: [the names], file: "beside the material file", sha256: "…"
 *   a list for each name
 * @return false: blamed, or there is nothing (blamed, too) */
bool take_points(material_owner *made, const node *block, const char *where, size_t n_columns,
                 const char *const names[], points *taken);

/** The keys that take_points() may read, beside the names themselves. */
#define POINTS_KEYS "columns", "rows", "file", "sha256"

/** A file of `n_columns` columns (0: as it comes), beside the material file; `block` has the keys
 * file and sha256. The columns have no names. */
bool take_file(material_owner *made, const node *block, const char *where, size_t n_columns,
               points *taken);

/** The path of a file beside the material file, and the checksum that it should have: neither
 * opened nor listed. NULL: blamed. */
const char *take_file_path(material_owner *made, const node *block, const char *where,
                           const char **sha256);

/** A file that is named, checked by its checksum and listed, but not read: NULL: blamed. */
const elfin_data_file *take_file_name(material_owner *made, const node *block, const char *where);

/** Say what is wrong with a number of row i, in its place. */
void blame_point(const points *where, size_t i_row, size_t i_column, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/** At least `n` points, the first column ascending. false: blamed. */
bool points_ascend(const points *taken, size_t n);

/** Put the rows of a table in order of the first column, and make one of those that share it, with
 * the means of the other columns: curves that were read off a plot are in no strict order. */
void points_sort(points *taken);

/** A column lies within [least, most]; `excluded`: least itself is not allowed. false: blamed. */
bool points_within(const points *taken, size_t i_column, double least, bool excluded, double most);

/* ---- the blocks ------------------------------------------------------------------------------- */

void take_electrons(const node *root, material_owner *made);      /* material_electrons.c */
void take_nuclei(const node *root, material_owner *made);         /* material_nuclei.c */
void take_charges(const node *root, material_owner *made);        /* material_charge.c */
void take_densities(const node *root, material_owner *made);      /* material_density.c */
void take_phonons(const node *root, material_owner *made);        /* material_phonons.c */
void take_shells(const node *root, material_owner *made);         /* material_shells.c */

/** The nucleus of the cell called `name`, NULL if there is none (material_nuclei.c). */
elfin_nucleus *nucleus_named(material_owner *made, const char *name);

/** Everything is read: nuclei get their charges (material_nuclei.c). */
void bind_nuclei(const node *root, material_owner *made);

#endif
