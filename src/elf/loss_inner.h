/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file loss_inner.h
 * Inside the room: between loss.c and loss_rows.c. */
#ifndef LOSS_INNER_H
#define LOSS_INNER_H

#include "elf/loss_rows.h"

/** Where rows are wanted: energies, momenta, and the highest ω/k. */
typedef struct loss_range {
  double omega_min, omega_max, k_min, k_max, v_top;
} loss_range;

/** Energies between low and high at which W at this momentum is not smooth: edges of the
 * interpolant's patches, knots of a table. @return how many, at most n_max */
size_t loss_cuts(const elfin_response *response, bool screening, double accuracy, double k,
                 double low, double high, size_t n_max, double cut[]);

/** @param[out] numbers  [n], for loss_rows_view(); without panels, if they would be too many.
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status loss_rows_new(const elfin_response *response, bool screening, double accuracy,
                           loss_range range, size_t *n, double **numbers, elfin_error *err);

/** Rows that lie in `numbers`. @return ELFIN_OK; ELFIN_E_ARGUMENT: they are none; ELFIN_E_MEMORY */
elfin_status loss_rows_view(size_t n, const double numbers[], loss_rows **made, elfin_error *err);
void loss_rows_free(loss_rows *rows);

#endif
