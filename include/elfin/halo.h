/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo.h
 * How fast dark matter arrives: mean inverse speed η(v_min), speed distribution f1(v), and where
 * their kinks are. Speeds in units of c. Source: docs/halo.md.
 */
#ifndef ELFIN_HALO_H
#define ELFIN_HALO_H

#include <elfin/base.h>

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct elfin_halo elfin_halo;

/** What a named halo is made of. */
typedef enum elfin_halo_model {
  ELFIN_HALO_MAXWELL,       /**< elfin_halo_new_shm() */
  ELFIN_HALO_SHM_PLUS_PLUS, /**< that, and elfin_halo_new_sausage() */
  ELFIN_HALO_TSALLIS,       /**< elfin_halo_new_tsallis() */
  ELFIN_HALO_DEBRIS         /**< the Maxwellian, and elfin_halo_new_debris() */
} elfin_halo_model;

/** The parameters of a halo; those that its model has not are of no account. */
typedef struct elfin_halo_preset {
  const char *name;
  elfin_halo_model model;
  double rho_GeV_cm3, v0_km_s;
  double vesc_km_s;   /**< not of Tsallis' halo: elfin_halo_escape_km_s() */
  double vearth_km_s; /**< mean over the year */
  double vcirc_km_s;  /**< circular speed at the Sun; 0: v0, as of an isothermal sphere */
  double fraction;    /**< of the dark matter: on radial orbits (SHM++), in the debris flow */
  double beta;        /**< SHM++: anisotropy 1 − σ_t²/σ_r² */
  double q;           /**< Tsallis' index */
  double vflow_km_s;  /**< debris: its speed */
  const char *source;
} elfin_halo_preset;

/** The presets: shm (default), recommended-2021, shm++, tsallis, debris. `*n` of them; static. */
const elfin_halo_preset *elfin_halo_presets(size_t *n);

/** The speed [km/s] at which a halo ends in the Galaxy: vesc, or v0/√(1−q) of Tsallis' halo. */
double elfin_halo_escape_km_s(const elfin_halo_preset *parameters);

/** The halo of these parameters.
 *
 * @param[in]  v_lab_km_s  velocity of the laboratory in the Galaxy: towards its centre, along the
 *                         rotation, north. Only SHM++ looks at more than its length
 * @return as the constructors below
 */
elfin_status elfin_halo_new(const elfin_halo_preset *parameters, const double v_lab_km_s[3],
                            double c_km_s, elfin_halo **halo, elfin_error *err);

/** A truncated Maxwell–Boltzmann halo, boosted to the laboratory.
 *
 * @param[in]  v0, v_esc, v_lab  in c; v0 and v_esc between 0 and 1, 0 ≤ v_lab ≤ v_esc
 * @param[out] halo  yours, free with elfin_halo_free(); untouched on failure
 * @return ELFIN_OK; ELFIN_E_ARGUMENT, naming the speed; ELFIN_E_MEMORY
 * Source: docs/halo.md.
 */
elfin_status elfin_halo_new_shm(double v0, double v_esc, double v_lab, elfin_halo **halo,
                                elfin_error *err);

/** Tsallis' distribution f ∝ [1 − (1−q) v²/v0²]^{q/(1−q)}, which ends at v0/√(1−q).
 *
 * @param[in]  v0, v_lab  in c; v0 is the most probable speed at rest
 * @param[in]  q          between 0 and 1; towards 1 it is the Maxwellian
 * @return as elfin_halo_new_shm()
 * Source: Ling et al., arXiv:0909.2028.
 */
elfin_status elfin_halo_new_tsallis(double v0, double q, double v_lab, elfin_halo **halo,
                                    elfin_error *err);

/** A debris flow: one speed in the Galaxy, all directions alike.
 * @param[in]  v_flow, v_lab  in c, both between 0 and 1
 * @return as elfin_halo_new_shm(). It has no v0, and is not known by direction.
 * Source: Kuhlen, Lisanti, Spergel, arXiv:1202.0007. */
elfin_status elfin_halo_new_debris(double v_flow, double v_lab, elfin_halo **halo, elfin_error *err);

/** The Sausage of SHM++: a Gaussian that is longer along the line to the Galactic centre, cut at v_esc.
 *
 * @param[in]  v0, v_esc  in c; the mean square of the speed is that of the Maxwellian with this v0
 * @param[in]  beta       anisotropy 1 − σ_t²/σ_r², below 1; 0 is the Maxwellian
 * @param[in]  v_lab      [3] in c: towards the centre, along the rotation, north
 * @return as elfin_halo_new_shm(); ELFIN_E_ACCURACY: too anisotropic. η and f1 to 1e-11; it is not
 *         known by direction. Takes some 20 ms.
 * Source: Evans, O'Hare, McCabe, arXiv:1810.11468.
 */
elfin_status elfin_halo_new_sausage(double v0, double v_esc, double beta, const double v_lab[3],
                                    elfin_halo **halo, elfin_error *err);

/** Two halos in one.
 *
 * @param[in]  first, second  both are the mixture's from here on, also if this fails; at most two
 *                            kinks each
 * @param[in]  of_second      the part of the dark matter that is the second, 0 to 1
 * @return ELFIN_OK; ELFIN_E_ARGUMENT; ELFIN_E_MEMORY. v0 is the first one's; not known by direction.
 */
elfin_status elfin_halo_new_mixture(elfin_halo *first, elfin_halo *second, double of_second,
                                    elfin_halo **halo, elfin_error *err);

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

/** The speed v0 of the Maxwellian, or of Tsallis' halo [c]; NAN for a table and a debris flow alone. */
double elfin_halo_v0(const elfin_halo *halo);

/** How much dark matter has the velocity component v along one direction,
 * ∫ d³v f(v) δ(n·v − v_min): half of η, on average over all directions n.
 *
 * @param[in]  cosine  of the angle between n and the wind, the mean velocity of dark matter; −1 … 1
 * @param[in]  v_min  [n] in c, each ≥ 0
 * @param[out] density  [n] in 1/c; may be the same array as v_min
 *
 * Smooth below elfin_halo_along_max(), 0 beyond. NaN for all but the Maxwellian and Tsallis' halo: what
 * others do in one direction is not known.
 * Source: docs/multiphonon_anisotropic.md, g times q.
 */
void elfin_halo_along(const elfin_halo *halo, double cosine, size_t n, const double v_min[],
                      double density[]);

/** The largest component along that direction [c]: v_esc + v_lab cosine; NaN where it is not known. */
double elfin_halo_along_max(const elfin_halo *halo, double cosine);

/* ---- the laboratory (earth.c) ---------------------------------------------------------------- */

/** Velocities in the Galaxy [km/s]: towards its centre, along its rotation, north.
 * @param[in]  v_circ_km_s  circular speed at the Sun
 * Source: McCabe, arXiv:1312.1355, with the Sun's own motion of arXiv:0912.3693. */
void elfin_sun_velocity(double v_circ_km_s, double v_km_s[3]);

/** The same of the Earth. @param[in] day  1 is noon (UTC) of 1 January 2000; good for centuries around */
void elfin_earth_velocity(double day, double v_circ_km_s, double v_km_s[3]);

double elfin_speed(const double v[3]); /**< |v| */

/** The day, at noon, of a date such as 2026-06-02. @return false: it is none */
bool elfin_day_of_date(const char *date, double *day);

/** A day of the Gregorian calendar. */
typedef struct elfin_date {
  int year, month, day; /**< 1 is January, and the first of it */
} elfin_date;

/** The date (UTC) of a moment. @param[in] day  as elfin_earth_velocity(), in the years 1 to 9999 */
elfin_date elfin_date_of_day(double day);

#ifdef __cplusplus
}
#endif
#endif
