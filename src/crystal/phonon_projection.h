/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file phonon_projection.h
 * Inside the room: ∫ F_n(ω) p(ω) dω for polynomials p in ln ω, all n, between any two nodes of F_n.
 *
 *   p = Σ_k p(ω_k) L_k,   L_k Lagrange's polynomials on PHONON_POINTS Chebyshev points of a panel
 *
 * The nodes of F_n stand in blocks, and each block is made once into as many points as a polynomial of this degree has
 * coefficients: they integrate it exactly as the block's nodes do. So a panel costs its blocks, not its nodes. */
#ifndef PHONON_PROJECTION_H
#define PHONON_PROJECTION_H

#include <elfin/base.h>

typedef struct phonon_functions phonon_functions;

enum {
  PHONON_POINTS = 13, /* of a panel; polynomials of degree 12 */
  PHONON_WIDTH = 16   /* the same, padded */
};

typedef struct phonon_blocks {
  size_t n;          /* blocks that are full; nodes after the last one stand for themselves */
  double *log_omega; /* [n * PHONON_POINTS] */
  double *weight;    /* [n_terms * n * PHONON_POINTS], element [(term * n + block) * PHONON_POINTS + i] */
  double *size;      /* [n_terms * n] Σ |weight| of a block's nodes */
} phonon_blocks;

/** @param[in] f  its nodes and weights must be there, and stay as they are @return ELFIN_E_MEMORY */
elfin_status phonon_blocks_new(const phonon_functions *f, phonon_blocks **made, elfin_error *err);

void phonon_blocks_free(phonon_blocks *made); /* NULL is fine */

/** The points of a panel from low to high, in ln ω, ascending; the ends are among them. */
void phonon_points(double low, double high, double log_at[PHONON_POINTS]);

/** ∫ F_n L_k over the nodes first ≤ i < end, for the terms first_term ≤ n < end_term.
 * @param[out] fine    [n_terms * PHONON_WIDTH] by L_k; 0 for other terms
 * @param[out] coarse  the same, of the polynomials on every second point, at which they stand */
void phonon_project(const phonon_functions *f, size_t first, size_t end, size_t first_term,
                    size_t end_term, const double log_at[PHONON_POINTS], double fine[],
                    double coarse[]);

/** Σ |weight_i| of the nodes first ≤ i < end. @param[out] size  [n_terms] */
void phonon_sizes(const phonon_functions *f, size_t first, size_t end, double size[]);

#endif
