/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file loss_bins.c
 * Rows cut at the edges of bins [loss_bins.h]: Gauss' rule from cut to cut, as for the rows. A bin's
 * weights know nothing of other bins: what is added up does not depend on what else was asked. */
#include "elf/loss_bins.h"

#include "elf/elf.h"
#include "elf/loss_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct maker {
  loss_row_maker row;
  const loss_rows *rows;
  size_t n;
  double *edge;
  loss_span *span;
  size_t *begin;
  double *weight;
} maker;

/* ---- one row --------------------------------------------------------------------------------- */

/** The highest energy at which a row has weights. */
static double row_end(const maker *m, double k)
{
  double v_top = m->row.step * (ROWS_NODES - 1);
  return fmin(m->row.of.response->about.omega_max_eV, k * v_top);
}

/** The node at which the pair of an energy begins. */
static size_t pair_at(const maker *m, double k, double omega)
{
  return LOSS_PAIR * (loss_row_cell(&m->row, k, omega) / 2);
}

static void set_spans(const maker *m, size_t i_row)
{
  double k = m->rows->row[i_row].k, end = row_end(m, k);
  size_t length = 0;
  for (size_t i = 0; i < m->n; i++) {
    double low = m->edge[i], high = fmin(m->edge[i + 1], end);
    loss_span *s = &m->span[i_row * m->n + i];
    size_t first = pair_at(m, k, low);
    size_t n = high > low ? pair_at(m, k, high) + LOSS_PAIR + 1 - first : 0;
    *s = (loss_span){(unsigned short)first, (unsigned short)n};
    length += n;
  }
  m->begin[i_row + 1] = m->begin[i_row] + length;
}

/** While the pieces of a row come in, ascending. */
typedef struct filling {
  const maker *m;
  const loss_span *span;
  double k, *weight; /* of the bin i */
  size_t i;
} filling;

/** What a point adds to the weights of a pair's nodes: the polynomials that are 1 at one of them and 0
 * at the others, u = 0 … 4 being the way through the pair. */
static void add_to_pair(double node[LOSS_PAIR + 1], double u, double weight)
{
  double low = u * (u - 1), high = (u - 3) * (u - 4);
  node[0] += weight * (u - 1) * (u - 2) * high / 24;
  node[1] -= weight * u * (u - 2) * high / 6;
  node[2] += weight * low * high / 4;
  node[3] -= weight * low * (u - 2) * (u - 4) / 6;
  node[4] += weight * low * (u - 2) * (u - 3) / 24;
}

static void add_piece(void *context, double middle, const double omega[4], const double weight[4])
{
  filling *f = context;
  const maker *m = f->m;
  while (m->edge[f->i + 1] <= middle)
    f->weight += f->span[f->i++].n;
  size_t node = pair_at(m, f->k, middle);
  for (int j = 0; j < 4; j++)
    add_to_pair(f->weight + (node - f->span[f->i].first),
                omega[j] / f->k / m->row.step - (double)node, weight[j]);
}

static void fill_row(const maker *m, size_t i_row)
{
  double cut[LOSS_CUT_ROOM], k = m->rows->row[i_row].k;
  filling f = {m, m->span + i_row * m->n, k, m->weight + m->begin[i_row], 0};
  size_t n = loss_row_cuts(&m->row, k, m->edge[0], fmin(m->edge[m->n], row_end(m, k)), m->n + 1,
                           m->edge, cut);
  loss_row_pieces(&m->row, k, n, cut, add_piece, &f);
}

/* ---- all rows -------------------------------------------------------------------------------- */

static void free_bins(loss_bins *bins)
{
  for (int i = 0; i < 4; i++)
    free(bins->own[i]);
  free(bins);
}

/** Room for everything but the weights. */
static loss_bins *begin_bins(maker *m, const double edge[])
{
  size_t n_rows = m->rows->n_panels * ROWS_PER_PANEL;
  loss_bins *made = calloc(1, sizeof *made);
  if (!made)
    return NULL;
  made->own[0] = m->edge = malloc((m->n + 1) * sizeof *m->edge);
  made->own[1] = m->span = malloc(n_rows * m->n * sizeof *m->span);
  made->own[2] = m->begin = malloc((n_rows + 1) * sizeof *m->begin);
  if (!m->edge || !m->span || !m->begin) {
    free_bins(made);
    return NULL;
  }
  memcpy(m->edge, edge, (m->n + 1) * sizeof *edge);
  m->begin[0] = 0;
  for (size_t i = 0; i < n_rows; i++)
    set_spans(m, i);
  made->own[3] = m->weight = calloc(m->begin[n_rows] + 1, sizeof *m->weight);
  if (!m->weight) {
    free_bins(made);
    return NULL;
  }
  made->n = m->n;
  made->edge = m->edge;
  made->span = m->span;
  made->begin = m->begin;
  made->weight = m->weight;
  return made;
}

static elfin_status make(const loss_row_maker *row, const loss_rows *rows, size_t n,
                         const double edge[], loss_bins **bins, elfin_error *err)
{
  maker m = {.row = *row, .rows = rows, .n = n};
  loss_bins *made = begin_bins(&m, edge);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu bins of a response", n);
  for (size_t i = 0; i < rows->n_panels * ROWS_PER_PANEL; i++)
    fill_row(&m, i);
  *bins = made;
  return ELFIN_OK;
}

/* ---- those that are kept --------------------------------------------------------------------- */

struct loss_bin_sets {
  size_t n;
  loss_bins *set[LOSS_MOST_BIN_SETS];
};

static loss_bins *find(const struct loss_bin_sets *sets, size_t n, const double edge[])
{
  for (size_t i = 0; sets && i < sets->n; i++)
    if (sets->set[i]->n == n && memcmp(sets->set[i]->edge, edge, (n + 1) * sizeof *edge) == 0)
      return sets->set[i];
  return NULL;
}

/** Without memory for the list they are the caller's, as beyond it. */
static void keep(struct loss_bin_sets **sets, loss_bins *bins)
{
  if (!*sets)
    *sets = calloc(1, sizeof **sets);
  bins->kept = *sets && !loss_bin_sets_full(*sets);
  if (bins->kept)
    (*sets)->set[(*sets)->n++] = bins;
}

elfin_status loss_bins_in(struct loss_bin_sets **sets, const loss_row_maker *row,
                          const loss_rows *rows, size_t n, const double edge[], loss_bins **bins,
                          elfin_error *err)
{
  *bins = find(*sets, n, edge);
  if (*bins)
    return ELFIN_OK;
  elfin_status status = make(row, rows, n, edge, bins, err);
  if (!status)
    keep(sets, *bins);
  return status;
}

bool loss_bin_sets_full(const struct loss_bin_sets *sets)
{
  return sets && sets->n == LOSS_MOST_BIN_SETS;
}

void loss_bin_sets_free(struct loss_bin_sets *sets)
{
  for (size_t i = 0; sets && i < sets->n; i++)
    free_bins(sets->set[i]);
  free(sets);
}

void loss_bins_release(loss_bins *bins)
{
  if (bins && !bins->kept)
    free_bins(bins);
}
