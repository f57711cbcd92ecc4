/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file flux.h
 * Dark matter that does not belong to the halo: boosted by cosmic rays, reflected by the Sun, at any
 * speed below that of light. Speeds in units of c. Source: docs/electron.md.
 */
#ifndef ELFIN_FLUX_H
#define ELFIN_FLUX_H

#include <elfin/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct elfin_flux elfin_flux;

/** A flux dΦ/dv on a grid of speeds; linear in between, nothing outside.
 *
 * It is taken as it is: where it depends on the mass or the cross section of the dark matter, as that
 * of a reflected population does, each of them needs a table of its own.
 * @param[in]  n     number of points, ≥ 2
 * @param[in]  v     [n] in c, ascending, each at least 0 and below 1
 * @param[in]  flux  [n] dΦ/dv in 1/(cm² s) per unit of v, each finite and ≥ 0, not all of them 0
 * @param[out] made  yours, free with elfin_flux_free(); untouched on failure; immutable
 * @return ELFIN_OK; ELFIN_E_ARGUMENT, naming the entry; ELFIN_E_MEMORY
 */
elfin_status elfin_flux_new_table(size_t n, const double v[], const double flux[], elfin_flux **made,
                                  elfin_error *err);

/** The same from a text file of two columns, v [c] and dΦ/dv [1/(cm² s)]; `#` begins a comment.
 * @return also ELFIN_E_DATA, with file and line */
elfin_status elfin_flux_open(const char *path, elfin_flux **made, elfin_error *err);

void elfin_flux_free(elfin_flux *flux); /**< NULL is fine. */

/** The fastest speed of the table [c]. */
double elfin_flux_v_max(const elfin_flux *flux);

/** ∫ dv dΦ/dv [1/(cm² s)]. */
double elfin_flux_total(const elfin_flux *flux);

#ifdef __cplusplus
}
#endif
#endif
