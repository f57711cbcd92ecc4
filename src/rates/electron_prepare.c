/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron_prepare.c
 * What electron scattering prepares once for all masses: the tiles of the response's interpolant
 * [elf/loss.c], and behind them, as one part, the rows that are made of it [elf/loss_rows.h]. What the
 * edges of bins cut out of those, each process makes for itself: some 10 ms for 60 bins. */
#include "elf/elf.h"
#include "elf/loss_rows.h"
#include "rates/electron_inner.h"
#include "rates/rates.h"

static bool wants_rows(const elfin_request *q)
{
  return loss_rows_missing(q->response, q->screening, q->accuracy);
}

/* The rows' number as a part. */
static size_t rows_at(const elfin_request *q)
{
  return loss_n_tiles(q->response, q->screening, q->accuracy);
}

elfin_status electron_finish(const elfin_request *q, elfin_error *err)
{
  return q->response ? electron_row_bins_prepare(q, err) : ELFIN_OK;
}

size_t electron_n_parts(const elfin_request *q)
{
  if (!q->response || q->flux) /* a flux is faster than what is prepared knows */
    return 0;
  size_t n_missing = loss_n_parts(q->response, q->screening, q->accuracy);
  return wants_rows(q) ? rows_at(q) + 1 : n_missing;
}

size_t electron_n_late(const elfin_request *q)
{
  return q->response && !q->flux && wants_rows(q) ? 1 : 0;
}

elfin_status electron_make_part(const elfin_request *q, size_t i_part, size_t *n, double **numbers,
                                elfin_error *err)
{
  if (i_part == rows_at(q))
    return loss_rows_make(q->response, q->screening, q->accuracy, n, numbers, err);
  return loss_make_part(q->response, q->screening, q->accuracy, i_part, n, numbers, err);
}

elfin_status electron_take_part(const elfin_request *q, size_t i_part, size_t n,
                                const double numbers[], elfin_error *err)
{
  if (i_part == rows_at(q))
    return loss_rows_take(q->response, q->screening, q->accuracy, n, numbers, true, err);
  return loss_take_part(q->response, q->screening, q->accuracy, i_part, n, numbers, err);
}

elfin_status electron_borrow_part(const elfin_request *q, size_t i_part, size_t n,
                                  const double numbers[], elfin_error *err)
{
  if (i_part == rows_at(q))
    return loss_rows_take(q->response, q->screening, q->accuracy, n, numbers, false, err);
  return loss_borrow_part(q->response, q->screening, q->accuracy, i_part, n, numbers, err);
}
