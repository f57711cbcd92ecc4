/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file flux_moments.h
 * What a rate needs to know of a flux [docs/electron.md]. */
#ifndef FLUX_MOMENTS_H
#define FLUX_MOMENTS_H

#include <elfin/flux.h>

enum { FLUX_N_MOMENTS = 3 };

/** H_j(v_min) = ∫_{v_min} dv (dΦ/dv) v^{−2} γ^{−j}, j = 0, 1, 2 [1/(cm² s)], with γ = 1/√(1−v²).
 * @param[in]  v_min  > 0, in c
 * Cannot fail: 0 from v_max on, NaN for NaN. */
void flux_moments(const elfin_flux *flux, double v_min, double moment[FLUX_N_MOMENTS]);

/** The speeds between which dΦ/dv is linear. `*n` of them, ascending, the last one v_max. */
const double *flux_knots(const elfin_flux *flux, size_t *n);

#endif
