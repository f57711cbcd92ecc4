/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file interpolate_inner.h
 * Inside the room: what a patchwork is made of [interpolate.c]. */
#ifndef INTERPOLATE_INNER_H
#define INTERPOLATE_INNER_H

#include "numerics/numerics.h"

/* 5 × 5 points a patch: among 4 … 8, the least work for the same error in rates from oscillators. */
enum { ORDER = 5, N_COEFFICIENTS = ORDER * ORDER };

/** What a node, or a branch, is. */
enum { A_LEAF, CUT_IN_X, CUT_IN_Y, OUTSIDE };

/** A node as look-ups need it. */
typedef struct branch {
  double x, y;           /* of a cut, or the middle of a leaf */
  double per_x, per_y;   /* one over half the widths */
  int axis, index;
} branch;

/* A tile is covered by equal cells; a look-up begins at the smallest node that holds its cell. */
enum { CELLS_X = 16, CELLS_Y = 16 * PATCH_TILE_HEIGHT, N_CELLS = CELLS_X * CELLS_Y };

typedef struct tile {
  double *own; /* the numbers, if they are ours; the pointers below lead into them */
  const branch *branches;
  const int *start; /* [N_CELLS] */
  const double *coefficients;
} tile;

struct patchwork {
  patch_domain domain;
  double tolerance;
  size_t n_x, n_y, n_tiles;
  int *slot;         /* [n_x * n_y] number of the tile, −1: none wanted there */
  double (*corner)[2]; /* [n_tiles] lower left corner */
  tile *tiles;       /* [n_tiles] */
  double point[ORDER];              /* Chebyshev points */
  double chebyshev[ORDER][ORDER];   /* [degree][point]: values to coefficients */
  double monomial[ORDER][ORDER];    /* [degree][power] */
};

#endif
