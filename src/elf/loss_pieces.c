/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file loss_pieces.c
 * A row of constant k, cut where W or what multiplies it is not smooth, and Gauss' rule from cut to
 * cut [loss_rows.c, loss_bins.c]. */
#include "elf/loss_inner.h"

#include "elf/elf.h"

#include <math.h>
#include <stdlib.h>

static const double gauss4_x[4] = {-0.86113631159405257522, -0.33998104358485626480,
                                   0.33998104358485626480, 0.86113631159405257522};
static const double gauss4_w[4] = {0.34785484513745385737, 0.65214515486254614263,
                                   0.65214515486254614263, 0.34785484513745385737};

/* Pieces whose W is asked for together. */
enum { TOGETHER = 32 };

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

size_t loss_row_cuts(const loss_row_maker *m, double k, double low, double high, size_t n_energies,
                     const double energy[], double cut[])
{
  size_t n = 0;
  if (!(high > low))
    return 0;
  cut[n++] = low;
  cut[n++] = high;
  for (int c = 0; c <= ROWS_CELLS; c++) {
    double omega = k * 2 * c * m->step;
    if (omega > low && omega < high)
      cut[n++] = omega;
  }
  for (size_t i = 0; i < n_energies; i++)
    if (energy[i] > low && energy[i] < high)
      cut[n++] = energy[i];
  n += loss_cuts(&m->of, k, low, high, LOSS_CUT_ROOM - n, cut + n);
  qsort(cut, n, sizeof *cut, ascending);
  return n;
}

void loss_row_pieces(const loss_row_maker *m, double k, size_t n, const double cut[],
                     loss_piece *take, void *context)
{
  double omega[4 * TOGETHER], momentum[4 * TOGETHER], W[4 * TOGETHER];
  double middle[TOGETHER], half[TOGETHER];
  for (int j = 0; j < 4 * TOGETHER; j++)
    momentum[j] = k;
  for (size_t first = 0; first + 1 < n; first += TOGETHER) {
    size_t n_pieces = n - 1 - first < TOGETHER ? n - 1 - first : TOGETHER;
    for (size_t i = 0; i < n_pieces; i++) {
      const double *end = &cut[first + i];
      middle[i] = 0.5 * (end[0] + end[1]);
      half[i] = 0.5 * (end[1] - end[0]);
      for (int j = 0; j < 4; j++)
        omega[4 * i + (size_t)j] = middle[i] + half[i] * gauss4_x[j];
    }
    loss_values(&m->of, 4 * n_pieces, omega, momentum, W);
    for (size_t i = 0; i < n_pieces; i++) {
      if (!(half[i] > 0))
        continue;
      for (int j = 0; j < 4; j++)
        W[4 * i + (size_t)j] *= half[i] * gauss4_w[j];
      take(context, middle[i], &omega[4 * i], &W[4 * i]);
    }
  }
}

size_t loss_row_cell(const loss_row_maker *m, double k, double omega)
{
  double c = floor(omega / k / (2 * m->step));
  return c < 0 ? 0 : c >= ROWS_CELLS ? ROWS_CELLS - 1 : (size_t)c;
}
