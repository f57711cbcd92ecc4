/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file phonon_functions.h
 * Inside the room: F_n(ω), how n phonons share an energy ω, of one nucleus in a harmonic crystal
 * [docs/multiphonon.md]. It depends on the nucleus and its density of states, on nothing else: it is made
 * once and serves all masses, momenta and directions of time. */
#ifndef PHONON_FUNCTIONS_H
#define PHONON_FUNCTIONS_H

#include "crystal/phonon_projection.h"

#include <stdbool.h>

/** D(ω): linear between the points, or D/ω is; zero outside. Borrowed. */
typedef struct phonon_density {
  size_t n;              /* ≥ 2 */
  const double *omega;   /* [n] ascending, ≥ 0 [eV] */
  const double *density; /* [n] D [1/eV] */
  bool linear_ratio;     /* D/ω is linear, not D; its value at a point ω = 0 is 0 */
} phonon_density;

/** F_n as numbers at nodes, and as weights for integrals. */
struct phonon_functions {
  double norm, mean, inverse; /* ∫ D, ω̄ = ∫ ωD, ⟨1/ω⟩ = ∫ D/ω */
  double omega_max;           /* the highest phonon; F_n = 0 above n ω_max */
  size_t n_terms;             /* F_1 … */
  size_t n_nodes;
  double *omega;       /* [n_nodes] ascending, > 0 */
  double *log_omega;   /* [n_nodes] */
  double *value;       /* [n_terms * n_nodes] F_n [1/eV^(n+1)], element [(n − 1) * n_nodes + i] */
  double *weight;      /* the same shape: ∫ F_n(ω) g(ω) dω = Σ_i weight_i g(ω_i) */
  phonon_blocks *blocks; /* of the nodes, for integrals with polynomials; NULL: none */
  size_t *first, *end; /* [n_terms] F_n ≠ 0 at nodes first ≤ i < end only */
  bool linear;         /* a table: F_n is linear between the nodes, F_1 too */
  size_t n_knots;      /* of D, for F_1 between the nodes; 0 for a table */
  double *knot, *ratio, *slope; /* [n_knots] D/ω = ratio + slope ω, or D = …, from knot to knot */
  bool linear_ratio;
};

/** How many F_n there should be: n_terms; or, if that is 0, as many as the sum over phonons needs
 * at a recoil energy q²/(2m) of both `recoil` and `recoil_in_means` times ω̄. */
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

/** How many terms make a Poisson distribution of this mean complete; 0: too many. */
size_t phonon_terms_for(double mean);

/** T_1 = D/ω as weights on the nodes h, 2h … n_cells h, which reach to the last phonon: their
 * moments up to the third are those of D/ω. @param[out] weight  [n_cells] @return as
 * phonon_functions_new() */
elfin_status phonon_density_weights(const phonon_density *density, double h, size_t n_cells,
                                    double weight[], elfin_error *err);

/** F_n from F_1 and F_{n−1}, as weights on such nodes.
 * @param[in]     one  [n_cells]
 * @param[in]     before  [(n − 1) n_cells]
 * @param[in,out] after  [n n_cells] zeros; F_n is added */
void phonon_convolve(size_t n, size_t n_cells, const double one[], const double before[],
                     double after[]);

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

/** What must be added to Σ weight_i g(ω_i) from that node on, so that it is ∫ F_n g above omega to
 * the third order of a cell, and not above the middle of one: value_n g(omega) + slope_n g'(omega).
 * @param[out] value, slope  [n_terms]
 * @param[out] doubt  [n_terms] what value may be wrong by, where F_n has kinks */
void phonon_functions_edge(const phonon_functions *f, double omega, double value[], double slope[],
                           double doubt[]);

#endif
