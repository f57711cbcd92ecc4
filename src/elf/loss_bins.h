/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file loss_bins.h
 * The rows of a response [loss_rows.h], cut at the edges of bins of ω: ∫ dω W(ω,k) g(ω/k) over each bin
 * as a sum over the row's nodes. It is exact for polynomials g of fourth degree in each pair of the row's
 * cells, with its five nodes: where an edge cuts a pair, no errors cancel within it as they do in whole
 * cells, and a higher degree is worth more.
 *
 * It is the same for all that is integrated against W: masses, mediators, halos. */
#ifndef LOSS_BINS_H
#define LOSS_BINS_H

#include "elf/loss_rows.h"

enum {
  LOSS_PAIR = 4,          /* from node to node of two pairs */
  LOSS_MOST_BINS = 256,   /* in one set */
  LOSS_MOST_BIN_SETS = 8 /* that are kept with a response */
};

/** Where the weights of a bin belong in a row: to nodes from `first` on, where a pair begins. */
typedef struct loss_span {
  unsigned short first, n; /* n = 0: the row has nothing in this bin */
} loss_span;

typedef struct loss_bins {
  size_t n;              /* bins, at most LOSS_MOST_BINS */
  const double *edge;    /* [n + 1] [eV] */
  const loss_span *span; /* [n_rows * n] */
  const size_t *begin;   /* [n_rows + 1] where the row's weights begin, bin after bin */
  const double *weight;  /* [begin[n_rows]] */
  bool kept;             /* with the response */
  void *own[4];
} loss_bins;

/** The weights of bins on `rows`, which are the response's. A few sets are made once, and kept; what is
 * asked for beyond them is made each time, with the same bits.
 *
 * @param[in]  n     bins, 1 … LOSS_MOST_BINS
 * @param[in]  edge  [n + 1] not descending, from the rows' omega_min on; those of energies below end at their omega_max
 * @param[out] bins  give back with loss_bins_release()
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status loss_bins_of(const loss_wanted *wanted, const loss_rows *rows, size_t n,
                          const double edge[], loss_bins **bins, elfin_error *err);

/** Are as many kept as may be? */
bool loss_bins_full(const loss_wanted *wanted);

/** Frees those that are not kept; NULL is fine. */
void loss_bins_release(loss_bins *bins);

#endif
