/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file columns.h
 * Text tables of numbers: columns separated by blanks, one row a line, `#` begins a comment.
 */
#ifndef COLUMNS_H
#define COLUMNS_H

#include <elfin/base.h>

typedef struct columns {
  size_t n_rows, n_columns;
  double *value; /* [i_row * n_columns + i_column] */
  size_t *line;  /* [n_rows] where the row stands in the file, from 1 */
  char *header;  /* the first line of the header, "" without one */
} columns;

/** What a file may contain beyond finite numbers; combine with |. */
enum columns_allow {
  COLUMNS_PLAIN = 0,
  COLUMNS_NAN = 1,   /* the word nan, in any column */
  COLUMNS_HEADER = 2 /* lines of text before the first one that begins with a number */
};

/** Read a table.
 *
 * @param[in]  path
 * @param[in]  n_columns  how many there must be; 0: as many as the first row has
 * @param[in]  allow      of columns_allow
 * @param[out] table      yours, free with columns_free(); untouched on failure; at least one row
 * @return ELFIN_OK; ELFIN_E_DATA: the file is missing, empty, or a line holds something that is not
 *         a finite number or the wrong number of columns (file:line); ELFIN_E_MEMORY
 */
elfin_status columns_read(const char *path, size_t n_columns, unsigned allow, columns **table,
                          elfin_error *err);

/** How many columns the first row has. Arguments and failures as columns_read(). */
elfin_status columns_count(const char *path, unsigned allow, size_t *n_columns, elfin_error *err);

void columns_free(columns *table); /* NULL is fine */

#endif
