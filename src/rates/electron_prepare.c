/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron_prepare.c
 * What electron scattering prepares once for all masses: the tiles of the response's interpolants
 * [elf/loss.c], and behind them the rows that are made of them [elf/loss_rows.h]. Of energies below the response's
 * border there are others, if a threshold or an edge is there. What the edges of bins cut out of rows, each process
 * makes for itself: some 10 ms for 60 bins. */
#include "elf/elf.h"
#include "elf/loss_rows.h"
#include "rates/electron_inner.h"
#include "rates/rates.h"

loss_wanted electron_loss(const elfin_request *q, bool below)
{
  double accuracy = q->flux ? 0 : q->accuracy; /* what is prepared knows of a halo's speeds only */
  return (loss_wanted){q->response, q->screening, accuracy, below};
}

bool electron_asks_below(const elfin_request *q)
{
  const loss_wanted wanted = electron_loss(q, true);
  double lowest = q->n_edges ? q->edge_eV[0] : INFINITY;
  for (size_t i = 0; i < q->n_thresholds; i++)
    lowest = fmin(lowest, q->threshold_eV[i]);
  return lowest < loss_border(q->response) && loss_has_below(&wanted);
}

/** A tile, or rows. All of a request have their numbers, whether they are there or not: tiles of both interpolants,
 * rows of both. */
typedef struct part {
  loss_wanted of;
  bool is_rows;
  size_t i_tile;
} part;

static size_t n_tiles(const elfin_request *q)
{
  const loss_wanted above = electron_loss(q, false), below = electron_loss(q, true);
  return loss_n_tiles(&above) + (electron_asks_below(q) ? loss_n_tiles(&below) : 0);
}

static elfin_status find_part(const elfin_request *q, size_t i_part, part *p, elfin_error *err)
{
  const loss_wanted above = electron_loss(q, false), below = electron_loss(q, true);
  size_t n_above = loss_n_tiles(&above), n = n_tiles(q);
  if (i_part > n + (electron_asks_below(q) ? 1 : 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no part %zu", q->response->name, i_part);
  if (i_part >= n)
    *p = (part){i_part == n ? above : below, true, 0};
  else
    *p = i_part < n_above ? (part){above, false, i_part} : (part){below, false, i_part - n_above};
  return ELFIN_OK;
}

size_t electron_n_late(const elfin_request *q)
{
  if (!q->response || q->flux)
    return 0;
  const loss_wanted above = electron_loss(q, false), below = electron_loss(q, true);
  return electron_asks_below(q) && loss_rows_missing(&below) ? 2 : loss_rows_missing(&above) ? 1 : 0;
}

size_t electron_n_parts(const elfin_request *q)
{
  if (!q->response || q->flux)
    return 0;
  const loss_wanted above = electron_loss(q, false);
  size_t n_late = electron_n_late(q);
  return n_late ? n_tiles(q) + n_late : loss_n_parts(&above);
}

elfin_status electron_make_part(const elfin_request *q, size_t i_part, size_t *n, double **numbers,
                                elfin_error *err)
{
  part p;
  elfin_status status = find_part(q, i_part, &p, err);
  *n = 0;
  *numbers = NULL;
  if (status)
    return status;
  if (p.is_rows)
    return loss_rows_missing(&p.of) ? loss_rows_make(&p.of, n, numbers, err) : ELFIN_OK;
  return loss_n_parts(&p.of) ? loss_make_part(&p.of, p.i_tile, n, numbers, err) : ELFIN_OK;
}

static elfin_status take_part(const elfin_request *q, size_t i_part, size_t n,
                              const double numbers[], bool copy, elfin_error *err)
{
  part p;
  elfin_status status = find_part(q, i_part, &p, err);
  if (status || n == 0) /* it was there */
    return status;
  return p.is_rows ? loss_rows_take(&p.of, n, numbers, copy, err)
                   : loss_take_part(&p.of, p.i_tile, n, numbers, copy, err);
}

elfin_status electron_take_part(const elfin_request *q, size_t i_part, size_t n,
                                const double numbers[], elfin_error *err)
{
  return take_part(q, i_part, n, numbers, true, err);
}

elfin_status electron_borrow_part(const elfin_request *q, size_t i_part, size_t n,
                                  const double numbers[], elfin_error *err)
{
  return take_part(q, i_part, n, numbers, false, err);
}

elfin_status electron_finish(const elfin_request *q, elfin_error *err)
{
  return q->response ? electron_row_bins_prepare(q, err) : ELFIN_OK;
}
