/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file loss_rows.h
 * W(ω,k) as the weights of a quadrature rule: for integrals ∫ dω W(ω,k) g(ω/k) of functions g that
 * are smooth where W is not, on rows of constant k.
 *
 * The rows stand at the nodes of a Gauss–Kronrod rule in ln k, panel by panel. On a row, ω/k is cut
 * into ROWS_CELLS equal cells; in each, ∫ dω W g is exact for polynomials g of second degree in ω.
 */
#ifndef LOSS_ROWS_H
#define LOSS_ROWS_H

#include "elf/elf.h"

#include <stdbool.h>

enum {
  ROWS_CELLS = 64,                 /* of ω/k, even */
  ROWS_NODES = 2 * ROWS_CELLS + 1, /* both ends of each cell and its middle */
  ROWS_PER_PANEL = 7               /* of which every other one, from the second, is Gauss' */
};

typedef struct loss_row {
  double k;
  double node[ROWS_NODES];       /* weights: ∫ dω W g = Σ node[j] g(x_j), x_j = j step [eV] */
  double last[ROWS_CELLS];       /* the part of node[2 c + 2] that belongs to cell c */
  double coarse[ROWS_CELLS + 1]; /* the same with cells twice as wide: of nodes 0, 2, 4 … */
  double coarse_last[ROWS_CELLS / 2];
} loss_row;

typedef struct loss_rows {
  double step;                    /* from node to node in ω/k [c] */
  double omega_min, omega_max;    /* W below and above does not count [eV] */
  double kronrod[ROWS_PER_PANEL]; /* weights in a panel of width 1 in ln k */
  double gauss[ROWS_PER_PANEL];   /* 0 where it has no node */
  size_t n_panels;
  const double *width; /* [n_panels] in ln k */
  const double *loss;  /* [n_panels] the largest ∫ dω W of its rows [eV] */
  const loss_row *row; /* [n_panels * ROWS_PER_PANEL] ascending in k */
  double *own;         /* what the pointers lead into, if that is ours */
} loss_rows;

/** What a Gauss–Kronrod pair says of its error: `difference` between the two sums, of a sum of
 * absolute values `size`. */
double loss_rows_error(double difference, double size);

/** The rows of a response, made when they are first asked for, deterministically: for this accuracy
 * and looser ones. Borrowed.
 * @param[out] rows  NULL: there are none for such a response or accuracy
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status loss_rows_of(const loss_wanted *wanted, const loss_rows **rows, elfin_error *err);

/** Are there to be rows that are not made yet? */
bool loss_rows_missing(const loss_wanted *wanted);

/** The rows as numbers, yours to free(): the same on every process.
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: there are to be none, or the interpolant for accuracies that
 * have rows is not complete; ELFIN_E_MEMORY */
elfin_status loss_rows_make(const loss_wanted *wanted, size_t *n, double **numbers,
                            elfin_error *err);

/** Use rows where they lie: with `copy`, a copy of them; else they must outlive the response's use.
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: they are none, or there are to be none; ELFIN_E_MEMORY */
elfin_status loss_rows_take(const loss_wanted *wanted, size_t n, const double numbers[], bool copy,
                            elfin_error *err);

#endif
