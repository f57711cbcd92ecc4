/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo.h
 * How fast dark matter arrives: mean inverse speed η(v_min), speed distribution f1(v), and where
 * their kinks are. Speeds in units of c. Source: docs/halo.md.
 */
#ifndef ELFIN_HALO_H
#define ELFIN_HALO_H

#include <elfin/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct elfin_halo elfin_halo;

/** A named set of halo parameters. */
typedef struct elfin_halo_preset {
  const char *name;
  double rho_GeV_cm3, v0_km_s, vesc_km_s, vearth_km_s;
  const char *source;
} elfin_halo_preset;

/** The presets: shm (default), recommended-2021. `*n` of them; static. */
const elfin_halo_preset *elfin_halo_presets(size_t *n);

/** A truncated Maxwell–Boltzmann halo, boosted to the laboratory.
 *
 * @param[in]  v0, v_esc, v_lab  in c; v0 and v_esc between 0 and 1, 0 ≤ v_lab ≤ v_esc
 * @param[out] halo  yours, free with elfin_halo_free(); untouched on failure
 * @return ELFIN_OK; ELFIN_E_ARGUMENT, naming the speed; ELFIN_E_MEMORY
 * Source: docs/halo.md.
 */
elfin_status elfin_halo_new_shm(double v0, double v_esc, double v_lab, elfin_halo **halo,
                                elfin_error *err);

/** A halo given by its mean inverse speed on a grid; linear in between, so every point is a kink.
 *
 * @param[in] n      number of points, ≥ 2
 * @param[in] v_min  [n] in c, ascending from ≥ 0, below 1; under the first one η is constant
 * @param[in] eta    [n] in 1/c, not ascending, the last one 0
 * @return ELFIN_OK; ELFIN_E_ARGUMENT, naming the entry; ELFIN_E_MEMORY
 */
elfin_status elfin_halo_new_table(size_t n, const double v_min[], const double eta[],
                                  elfin_halo **halo, elfin_error *err);

/** As elfin_halo_new_table(), from a text file: two columns, v_min [km/s] and η [1/(km/s)];
 * `#` begins a comment. @return also ELFIN_E_DATA, with file and line. */
elfin_status elfin_halo_open_table(const char *path, double c_km_s, elfin_halo **halo,
                                   elfin_error *err);

void elfin_halo_free(elfin_halo *halo); /**< NULL is fine. */

/** Mean inverse speed, η(v_min) = ∫ d³v f(v)/v Θ(v − v_min).
 *
 * @param[in]  halo   immutable, may be shared between threads
 * @param[in]  n      number of speeds; 0 is fine
 * @param[in]  v_min  [n] in c, each ≥ 0
 * @param[out] eta    [n] in 1/c; may be the same array as v_min
 *
 * Cannot fail: NaN in, NaN out. Continuous, with kinks at elfin_halo_kinks().
 */
void elfin_halo_eta(const elfin_halo *halo, size_t n, const double v_min[], double eta[]);

/** Speed distribution f1(v) = v² ∫ dΩ f, normalised to 1. Arguments as elfin_halo_eta(). For a
 * table it is −v dη/dv: constant between points but for the factor v. */
void elfin_halo_f1(const elfin_halo *halo, size_t n, const double v[], double f1[]);

/** Speeds at which η or f1 has a kink, ascending, the last one elfin_halo_v_max(). `*n` of them. */
const double *elfin_halo_kinks(const elfin_halo *halo, size_t *n);

/** The fastest speed [c]; η and f1 vanish beyond. */
double elfin_halo_v_max(const elfin_halo *halo);

/** The most probable speed v0 of the Maxwellian [c]; NAN for a table, which has none. */
double elfin_halo_v0(const elfin_halo *halo);

/** How much dark matter has the velocity component v along one direction,
 * ∫ d³v f(v) δ(n·v − v_min): half of η, on average over all directions n.
 *
 * @param[in]  cosine  of the angle between n and the wind, the mean velocity of dark matter; −1 … 1
 * @param[in]  v_min  [n] in c, each ≥ 0
 * @param[out] density  [n] in 1/c; may be the same array as v_min
 *
 * Smooth below elfin_halo_along_max(), 0 beyond. NaN for a table, which knows no directions.
 * Source: docs/multiphonon_anisotropic.md, g times q.
 */
void elfin_halo_along(const elfin_halo *halo, double cosine, size_t n, const double v_min[],
                      double density[]);

/** The largest component along that direction [c]: v_esc + v_lab cosine; NaN for a table. */
double elfin_halo_along_max(const elfin_halo *halo, double cosine);

#ifdef __cplusplus
}
#endif
#endif
