/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file loss_inner.h
 * Inside the room: between loss.c, loss_rows.c, loss_bins.c and loss_pieces.c. */
#ifndef LOSS_INNER_H
#define LOSS_INNER_H

#include "elf/loss_bins.h"
#include "elf/loss_rows.h"

/** Where rows are wanted: energies, momenta, and the highest ω/k. */
typedef struct loss_range {
  double omega_min, omega_max, k_min, k_max, v_top;
} loss_range;

/** Energies between low and high at which W at this momentum is not smooth: edges of the
 * interpolant's patches, knots of a table. @return how many, at most n_max */
size_t loss_cuts(const loss_wanted *wanted, double k, double low, double high, size_t n_max,
                 double cut[]);

/** @param[out] numbers  [n], for loss_rows_view(); without panels, if they would be too many.
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status loss_rows_new(const loss_wanted *wanted, loss_range range, size_t *n, double **numbers,
                           elfin_error *err);

/** Rows that lie in `numbers`. @return ELFIN_OK; ELFIN_E_ARGUMENT: they are none; ELFIN_E_MEMORY */
elfin_status loss_rows_view(size_t n, const double numbers[], loss_rows **made, elfin_error *err);
void loss_rows_free(loss_rows *rows);

/* ---- loss_pieces.c --------------------------------------------------------------------------- */

/** Of what rows are made. */
typedef struct loss_row_maker {
  loss_wanted of;
  double step; /* from node to node in ω/k */
} loss_row_maker;

/* Rows have fewer cuts than LOSS_MOST_CUTS, bins these and their edges. */
enum { LOSS_MOST_CUTS = 4096, LOSS_CUT_ROOM = LOSS_MOST_CUTS + LOSS_MOST_BINS + 1 };

/** From low to high at this momentum: ends of cells, these energies (at most LOSS_MOST_BINS + 1), and
 * where W is not smooth, in order.
 * @param[out] cut  [LOSS_CUT_ROOM]
 * @return how many; LOSS_CUT_ROOM: there may be more */
size_t loss_row_cuts(const loss_row_maker *m, double k, double low, double high, size_t n_energies,
                     const double energy[], double cut[]);

/** A piece between two cuts: ∫ dω W g = Σ weight g(omega). */
typedef void loss_piece(void *context, double middle, const double omega[4],
                        const double weight[4]);

/** All pieces of a row, ascending. */
void loss_row_pieces(const loss_row_maker *m, double k, size_t n, const double cut[],
                     loss_piece *take, void *context);

/** The cell of an energy. */
size_t loss_row_cell(const loss_row_maker *m, double k, double omega);

/* ---- loss_bins.c ----------------------------------------------------------------------------- */

/** Sets of bins that are kept. */
struct loss_bin_sets;

/** Found among them, or made, and kept if there is room [loss_bins_of()]. */
elfin_status loss_bins_in(struct loss_bin_sets **sets, const loss_row_maker *row,
                          const loss_rows *rows, size_t n, const double edge[], loss_bins **bins,
                          elfin_error *err);
bool loss_bin_sets_full(const struct loss_bin_sets *sets); /* NULL is fine */
void loss_bin_sets_free(struct loss_bin_sets *sets); /* NULL is fine */

#endif
