/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file pairs.c
 * Two columns of a text file, checked row by row so that a sentence can name the line. */
#include "halo/pairs.h"

#include "numerics/columns.h"

#include <stdlib.h>

static elfin_status check_rows(const char *path, const pairs_form *form, const columns *rows,
                               elfin_error *err)
{
  for (size_t i = 0; i < rows->n_rows; i++) {
    const double *row = &rows->value[2 * i];
    const char *wrong = form->fault(row, i ? row - 2 : NULL, i + 1 == rows->n_rows);
    if (wrong)
      return elfin_fail(err, ELFIN_E_DATA, "%s:%zu: %s = %g%s, %s = %g%s: %s", path, rows->line[i],
                        form->x, row[0], form->x_unit, form->y, row[1], form->y_unit, wrong);
  }
  return ELFIN_OK;
}

static elfin_status make_of(const char *path, const pairs_form *form, pairs_maker *make,
                            const columns *rows, void **made, elfin_error *err)
{
  size_t n = rows->n_rows;
  double *x = malloc((n + 1) * sizeof *x), *y = malloc((n + 1) * sizeof *y);
  elfin_error inner = {""};
  elfin_status status = ELFIN_E_MEMORY;
  for (size_t i = 0; x && y && i < n; i++) {
    x[i] = rows->value[2 * i] / form->per_x;
    y[i] = rows->value[2 * i + 1] * form->times_y;
  }
  if (x && y)
    status = make(n, x, y, made, &inner);
  free(x);
  free(y);
  if (status == ELFIN_E_MEMORY)
    return elfin_fail(err, status, "%s: no memory for it", path);
  return status ? elfin_fail(err, ELFIN_E_DATA, "%s: %s", path, inner.text) : ELFIN_OK;
}

elfin_status pairs_open(const char *path, const pairs_form *form, pairs_maker *make, void **made,
                        elfin_error *err)
{
  columns *rows = NULL;
  elfin_status status = columns_read(path, 2, COLUMNS_PLAIN, &rows, err);
  if (status)
    return status;
  status = check_rows(path, form, rows, err);
  if (!status)
    status = make_of(path, form, make, rows, made, err);
  columns_free(rows);
  return status;
}
