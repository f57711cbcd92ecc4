/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file directional_inner.h
 * Between directional.c, which takes tensors and views, directional_sphere.c, which expands F_n
 * over the directions, and directional_table.c, which has them on a coarse grid as DarkELF does; and
 * directional_shared.c, which finds sets that are there, and shares them between processes. */
#ifndef DIRECTIONAL_INNER_H
#define DIRECTIONAL_INNER_H

#include "crystal/directional.h"

enum { DIRECTIONAL_MOST_KINDS = 16 };

/** Nodes and terms of F_n in one part: n from first + 1 to end, term n on n × cells nodes. */
typedef struct directional_grid {
  size_t first, end;
  size_t cells; /* nodes up to the highest phonon */
  size_t size;  /* numbers that all terms take together */
} directional_grid;

/** One site's tensor, as weights. */
typedef struct directional_site {
  const elfin_nucleus *nucleus;
  size_t i_kind;
} directional_site;

typedef struct directional_shape {
  double inverse;                   /* ⟨1/ω⟩ that the Debye–Waller factor is taken with */
  double mean_inverse;              /* ⟨1/ω⟩ on average over directions and sites */
  double q_switch;                  /* above it the impulse approximation */
  double mean[ELFIN_N_PROJECTIONS]; /* ω̄, of the sites' mean */
  size_t n_knots;                   /* the sites' mean D, exactly */
  double *knot;                     /* [n_knots] */
  double *ratio, *slope;            /* [ELFIN_N_PROJECTIONS * n_knots] D = ratio + slope ω */
  directional_grid grid[DIRECTIONAL_MOST_PARTS];
  double *value[DIRECTIONAL_MOST_PARTS]; /* [n_directions * size] weights of F_n, Debye–Waller
                                            shifted; not ours if the set is lent */
} directional_shape;

struct directional {
  size_t n_kinds, n_sites;
  directional_kind kinds[DIRECTIONAL_MOST_KINDS];
  directional_shape shape[DIRECTIONAL_MOST_KINDS];
  directional_site *sites; /* [n_sites] */
  double amu_eV, omega_max, q_switch;
  bool along_z;        /* ω̄ of the impulse approximation */
  size_t degree;       /* of the spherical harmonics, even */
  size_t n_directions; /* of half a sphere: F_n(−q̂) = F_n(q̂) */
  double *direction;   /* [4 * n_directions] x, y, z and weight; weights add up to 4π; of a set that
                          is lent not ours */
  bool lent;           /* directions and values lie in `copy`, or in others' memory */
  double *copy;        /* NULL: none */
  struct directional_table *table; /* in place of all that; NULL: none */
};

/** Projections' coefficients of q̂·D·q̂, or of its average: Q_ij = ⟨q̂_i q̂_j⟩ for ij = xx, yy, zz,
 * xy, xz, yz. */
void directional_coefficients(const double Q[6], double coefficient[ELFIN_N_PROJECTIONS]);

/** Q of one direction. */
void directional_Q(const double direction[3], double Q[6]);

/** Where term n (counted from 0) begins in a part's numbers. */
size_t directional_offset(const directional_grid *grid, size_t n);

/** F̃_n = Σ_k F_{n−k} shift^k/k!: with it, e^{−x(a + shift)} Σ x^n F̃_n is e^{−xa} Σ x^n F_n. F is
 * replaced.
 * @param[in,out] F  [n_terms][n cells] one after the other */
void directional_shift(size_t n_terms, size_t cells, double shift, double F[]);

/** directional.c: everything but F_n: kinds, moments, lines, grids. */
elfin_status directional_begin(const elfin_constants *constants, const elfin_material *material,
                               directional **made, elfin_error *err);
void directional_free(void *set); /* NULL is fine */

/** directional_sphere.c: choose degree and directions, fill the shapes' values. */
elfin_status directional_expand(directional *set, elfin_error *err);

/** directional_table.c */
elfin_status directional_table_new(const elfin_constants *constants, directional *set,
                                   elfin_error *err);
void directional_table_free(struct directional_table *table);
/** F_n of a kind on average over the azimuth, as linear functions on the table's energies. */
elfin_status directional_table_at(const directional *set, size_t i_kind, const double axis[3],
                                  double u, phonon_functions **made, elfin_error *err);

#endif
