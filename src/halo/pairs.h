/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file pairs.h
 * Two columns of a text file: η(v_min) of a halo, dΦ/dv of a flux. */
#ifndef PAIRS_H
#define PAIRS_H

#include <elfin/base.h>

#include <stdbool.h>
#include <stddef.h>

/** What is wrong with a row, as the end of a sentence; NULL: nothing. `before`: NULL for the first.
 */
typedef const char *pairs_fault(const double row[2], const double *before, bool last);

typedef struct pairs_form {
  const char *x, *x_unit, *y, *y_unit; /* "v_min", " km/s", "eta", "/(km/s)": for sentences */
  double per_x, times_y;               /* x is divided by, y multiplied with */
  pairs_fault *fault;
} pairs_form;

typedef elfin_status pairs_maker(size_t n, const double x[], const double y[], void **made,
                                 elfin_error *err);

/** Read a file and make something of it. `#` begins a comment.
 * @return ELFIN_OK; ELFIN_E_DATA, with file and line; ELFIN_E_MEMORY */
elfin_status pairs_open(const char *path, const pairs_form *form, pairs_maker *make, void **made,
                        elfin_error *err);

#endif
