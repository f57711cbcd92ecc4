/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file phonon_functions.h
 * Inside the room: F_n(ω), how n phonons share an energy ω, of one nucleus in a harmonic crystal
 * [physics.md §6]. It depends on the nucleus and its density of states, on nothing else: it is made
 * once and serves all masses, momenta and directions of time. */
#ifndef PHONON_FUNCTIONS_H
#define PHONON_FUNCTIONS_H

#include <elfin/base.h>

#include <stdbool.h>

/** D(ω): linear between the points, or D/ω is; zero outside. Borrowed. */
typedef struct phonon_density {
  size_t n;                 /* ≥ 2 */
  const double *omega;      /* [n] ascending, ≥ 0 [eV] */
  const double *density;    /* [n] D [1/eV] */
  bool linear_ratio;        /* D/ω is linear, not D; its value at a point ω = 0 is 0 */
} phonon_density;

/** F_n as numbers at nodes, and as weights for integrals. */
typedef struct phonon_functions {
  double norm, mean, inverse; /* ∫ D, ω̄ = ∫ ωD, ⟨1/ω⟩ = ∫ D/ω */
  double omega_max;           /* the highest phonon; F_n = 0 above n ω_max */
  size_t n_terms;             /* F_1 … */
  size_t n_nodes;
  double *omega;              /* [n_nodes] ascending, > 0 */
  double *log_omega;          /* [n_nodes] */
  double *value;              /* [n_terms * n_nodes] F_n [1/eV^(n+1)], element [(n − 1) * n_nodes + i] */
  double *weight;             /* the same shape: ∫ F_n(ω) g(ω) dω = Σ_i weight_i g(ω_i) */
  size_t *first, *end;        /* [n_terms] F_n ≠ 0 at nodes first ≤ i < end only */
  bool linear;                /* a table: F_n is linear between the nodes, F_1 too */
  size_t n_knots;             /* of D; 0 for a table */
  double *knot, *ratio, *slope; /* [n_knots] D/ω = ratio + slope ω, or D = …, from knot to knot */
  bool linear_ratio;
} phonon_functions;

/** How many F_n there should be: n_terms; or, if that is 0, as many as the sum over phonons needs at a
 * recoil energy q²/(2m) of both `recoil` and `recoil_in_means` times ω̄. */
typedef struct phonon_reach {
  size_t n_terms;
  double recoil, recoil_in_means;
  size_t nodes_per_phonon; /* nodes up to ω_max; 0: the default */
} phonon_reach;

/** F_n by recursion from D(ω).
 * @param[out] made  yours, free with phonon_functions_free()
 * @return ELFIN_OK; ELFIN_E_DATA: D is no density (not ascending, D/ω not integrable, no phonons);
 *         ELFIN_E_VALIDITY: too many phonons; ELFIN_E_MEMORY */
elfin_status phonon_functions_new(const phonon_density *density, phonon_reach reach,
                                  phonon_functions **made, elfin_error *err);

/** F_n from a table, as it is: linear between its points, zero outside.
 * @param[in] table  [n_points * (n_terms + 1)] rows of ω, F_1, F_2 …; ω ascending
 * @param[in] density  gives norm, ω̄, ⟨1/ω⟩ and ω_max */
elfin_status phonon_functions_from_table(const phonon_density *density, size_t n_points,
                                         size_t n_terms, const double table[],
                                         phonon_functions **made, elfin_error *err);

void phonon_functions_free(phonon_functions *made); /* NULL is fine */

/** All F_n at one energy. @param[out] value  [n_terms] */
void phonon_functions_at(const phonon_functions *f, double omega, double value[]);

/** The first node at or above omega; n_nodes if there is none. */
size_t phonon_functions_node(const phonon_functions *f, double omega);

/** What must be added to Σ weight_i g(ω_i) from that node on, so that it is ∫ F_n g above omega to the third
 * order of a cell, and not above the middle of one: value_n g(omega) + slope_n g'(omega).
 * @param[out] value, slope  [n_terms]
 * @param[out] doubt  [n_terms] what value may be wrong by: Euler's and Maclaurin's first term; the next is
 *                    less, but where F_n is not smooth */
void phonon_functions_edge(const phonon_functions *f, double omega, double value[], double slope[],
                           double doubt[]);

#endif
