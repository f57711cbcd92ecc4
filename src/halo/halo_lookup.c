/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_lookup.c
 * η(v_min) as polynomials of degree 5 on even cells between the kinks.
 *
 * The last piece ends at v_max, where η vanishes like (v_max − v)^p: there η/(v_max − v)^p is
 * stored, which is smooth and does not vanish, so that the relative error stays small to the end.
 * p is 1 or 2 for most halos; any other power is multiplied in afterwards.
 * Each cell interpolates at Chebyshev's nodes; the number of cells doubles until a check passes.
 */
#include "halo/halo_lookup.h"

#include "halo/halo_inner.h"
#include "numerics/lanes.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { N_NODES = 6, MOST_PIECES = 2, FIRST_CELLS = 16, MOST_CELLS = 512, N_CHECKS = 3 };

static const double PI = 3.14159265358979323846;

/* Where the error of a cell is checked: an interpolation errs most at the ends and half-way. */
static const double check_at[N_CHECKS] = {-0.49999, 0, 0.49999};

/* η below this part of η(0) may underflow; its relative error is then of no interest. */
static const double NEGLIGIBLE = 1e-200;

/** From a kink to the next: η = (v_max − v)^p · polynomial of the cell. */
typedef struct piece {
  double begin, cells_per_c; /* cells per unit of v */
  double last_cell;
  double power[3];           /* 1 at the power p, 0 elsewhere: a factor without a branch */
  int first;                 /* where its coefficients begin */
} piece;

struct halo_lookup {
  const elfin_halo *halo; /* borrowed */
  bool as_it_is;          /* ask the halo */
  double odd_power;       /* of v_max − v in the last piece; 0: it is 1 or 2, and done already */
  double v_max, last_begin; /* … of the last piece */
  piece pieces[MOST_PIECES]; /* the second begins at infinity if there is none */
  /* Of all pieces, [n_cells][N_NODES] each, in x − 1/2, x from 0 to 1 in the cell. */
  double coefficient[MOST_PIECES * MOST_CELLS * N_NODES];
};

/* ---- looking up ------------------------------------------------------------------------------ */

LANES_INLINE double value_at(piece low, piece high, double v_max, const double *coefficient, double v)
{
  v = v > v_max ? v_max : v; /* a NaN stays one */
  int upper = v >= high.begin;
  double begin = upper ? high.begin : low.begin;
  double cell = (v - begin) * (upper ? high.cells_per_c : low.cells_per_c);
  double last = upper ? high.last_cell : low.last_cell;
  double bounded = cell > 0 ? cell : 0; /* 0 for a NaN: it must not become an index */
  bounded = bounded < last ? bounded : last;
  int i = (int)bounded;
  double x = cell - (double)i - 0.5, to_end = v_max - v;
  int at = i * N_NODES + (upper ? high.first : low.first);
  double c0 = coefficient[at], c1 = coefficient[at + 1], c2 = coefficient[at + 2];
  double c3 = coefficient[at + 3], c4 = coefficient[at + 4], c5 = coefficient[at + 5];
  double p0 = upper ? high.power[0] : low.power[0];
  double p1 = upper ? high.power[1] : low.power[1];
  double p2 = upper ? high.power[2] : low.power[2];
  double x2 = x * x; /* even and odd powers apart: half the waiting */
  double even = (c4 * x2 + c2) * x2 + c0, odd = (c5 * x2 + c3) * x2 + c1;
  return (even + x * odd) * (p0 + to_end * (p1 + to_end * p2));
}

/** The arrays do not overlap. (v_max − v)^p is in, if p is 1 or 2. */
LANES static void look_up(const halo_lookup *lookup, int n, const double *restrict v,
                          double *restrict eta)
{
  const piece low = lookup->pieces[0], high = lookup->pieces[1];
  const double v_max = lookup->v_max, *restrict coefficient = lookup->coefficient;
  for (int i = 0; i < n; i++)
    eta[i] = value_at(low, high, v_max, coefficient, v[i]);
}

/** (v_max − v)^p where p is neither 1 nor 2. */
static double odd_factor(const halo_lookup *lookup, double v)
{
  bool last = lookup->odd_power > 0 && v >= lookup->last_begin;
  return last ? pow(fmax(lookup->v_max - v, 0), lookup->odd_power) : 1;
}

static void look_up_any(const halo_lookup *lookup, size_t n, const double *restrict v,
                        double *restrict eta)
{
  look_up(lookup, (int)n, v, eta);
  for (size_t i = 0; lookup->odd_power > 0 && i < n; i++)
    eta[i] *= odd_factor(lookup, v[i]);
}

void halo_lookup_eta(const halo_lookup *lookup, size_t n, const double v[], double eta[])
{
  enum { BLOCK = 128 };
  double copy[BLOCK];
  if (lookup->as_it_is) {
    const halo_kind *kind = lookup->halo->kind;
    (kind->of_parts ? kind->of_parts : kind->eta)(lookup->halo, n, v, eta);
    return;
  }
  if (v != eta) {
    look_up_any(lookup, n, v, eta);
    return;
  }
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = n - first < BLOCK ? n - first : BLOCK;
    memcpy(copy, v + first, m * sizeof *copy);
    look_up_any(lookup, m, copy, eta + first);
  }
}

/* ---- preparing ------------------------------------------------------------------------------- */

/** cos(π m (j + ½)/N): T_m at Chebyshev's nodes, and the powers of x in T_m. */
typedef struct chebyshev {
  double node[N_NODES][N_NODES];  /* [m][j] */
  double power[N_NODES][N_NODES]; /* [m][power of x] */
} chebyshev;

static chebyshev chebyshev_new(void)
{
  chebyshev t = {.power = {{1}, {0, 1}}};
  for (int m = 0; m < N_NODES; m++) {
    for (int j = 0; j < N_NODES; j++)
      t.node[m][j] = cos(PI * m * (j + 0.5) / N_NODES);
    for (int i = 0; m >= 2 && i < N_NODES; i++) /* T_m = 2 x T_{m−1} − T_{m−2} */
      t.power[m][i] = (i ? 2 * t.power[m - 1][i - 1] : 0) - t.power[m - 2][i];
  }
  return t;
}

/** The polynomial through f at Chebyshev's nodes, in powers of half the usual variable. */
static void interpolate(const chebyshev *t, const double f[], double coefficient[])
{
  for (int i = 0; i < N_NODES; i++)
    coefficient[i] = 0;
  for (int m = 0; m < N_NODES; m++) {
    double sum = 0;
    for (int j = 0; j < N_NODES; j++)
      sum += f[j] * t->node[m][j];
    sum *= (m ? 2.0 : 1.0) / N_NODES;
    for (int i = m % 2; i <= m; i += 2)
      coefficient[i] += ldexp(sum * t->power[m][i], i);
  }
}

static void fill_cell(halo_lookup *lookup, const piece *p, const chebyshev *t, size_t i_cell)
{
  double v[N_NODES], f[N_NODES];
  for (int j = 0; j < N_NODES; j++)
    v[j] = p->begin + ((double)i_cell + 0.5 + 0.5 * t->node[1][j]) / p->cells_per_c;
  elfin_halo_eta(lookup->halo, N_NODES, v, f);
  for (int j = 0; j < N_NODES; j++) {
    double to_end = lookup->v_max - v[j];
    f[j] /= (p->power[0] + to_end * (p->power[1] + to_end * p->power[2])) * odd_factor(lookup, v[j]);
  }
  interpolate(t, f, &lookup->coefficient[(size_t)p->first + i_cell * N_NODES]);
}

static bool cell_is_good(const halo_lookup *lookup, const piece *p, size_t i_cell, double tolerance,
                         double negligible)
{
  double v[N_CHECKS], exact[N_CHECKS], found[N_CHECKS];
  for (int j = 0; j < N_CHECKS; j++)
    v[j] = p->begin + ((double)i_cell + 0.5 + check_at[j]) / p->cells_per_c;
  elfin_halo_eta(lookup->halo, N_CHECKS, v, exact);
  look_up_any(lookup, N_CHECKS, v, found);
  for (int j = 0; j < N_CHECKS; j++)
    if (!(fabs(found[j] - exact[j]) <= tolerance * exact[j] + negligible))
      return false;
  return true;
}

/** @return whether the piece up to `end` is within the tolerance with this number of cells */
static bool fill_piece(halo_lookup *lookup, piece *p, const chebyshev *t, double end,
                       size_t n_cells, double tolerance, double negligible)
{
  p->cells_per_c = (double)n_cells / (end - p->begin);
  p->last_cell = (double)n_cells - 1;
  for (size_t i = 0; i < n_cells; i++) {
    fill_cell(lookup, p, t, i);
    if (!cell_is_good(lookup, p, i, tolerance, negligible))
      return false;
  }
  return true;
}

/** If the tolerance cannot be reached, `as_it_is` is set. @return how many cells there are */
static size_t make_piece(halo_lookup *lookup, piece *p, const chebyshev *t, double end,
                         double tolerance)
{
  double zero = 0, eta_0;
  elfin_halo_eta(lookup->halo, 1, &zero, &eta_0);
  for (size_t n_cells = FIRST_CELLS; n_cells <= MOST_CELLS; n_cells *= 2)
    if (fill_piece(lookup, p, t, end, n_cells, tolerance, NEGLIGIBLE * eta_0))
      return n_cells;
  lookup->as_it_is = true;
  return 0;
}

elfin_status halo_lookup_new(const elfin_halo *halo, double tolerance, halo_lookup **lookup,
                             elfin_error *err)
{
  halo_lookup *made = calloc(1, sizeof *made);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory to look up a halo");
  made->halo = halo;
  made->v_max = halo->v_max;
  made->as_it_is = halo->edge_power == 0 || halo->n_kinks > MOST_PIECES;
  size_t n_pieces = made->as_it_is ? 0 : halo->n_kinks, n_cells = 0;
  chebyshev t = chebyshev_new();
  for (size_t i = 0; i < MOST_PIECES; i++)
    made->pieces[i].begin = i < n_pieces ? i ? halo->kinks[i - 1] : 0 : INFINITY;
  bool odd = halo->edge_power != 1 && halo->edge_power != 2;
  made->odd_power = odd ? halo->edge_power : 0;
  made->last_begin = n_pieces ? made->pieces[n_pieces - 1].begin : 0;
  for (size_t i = 0; i < n_pieces && !made->as_it_is; i++) {
    piece *p = &made->pieces[i];
    p->power[i + 1 == n_pieces && !odd ? (int)halo->edge_power : 0] = 1;
    p->first = (int)n_cells * N_NODES;
    n_cells += make_piece(made, p, &t, halo->kinks[i], tolerance);
  }
  *lookup = made;
  return ELFIN_OK;
}

const halo_lookup *halo_lookup_of(const elfin_halo *halo)
{
  return halo->lookup;
}

bool halo_lookup_is_smooth(const halo_lookup *lookup)
{
  return !lookup->as_it_is;
}

double halo_edge_power(const elfin_halo *halo)
{
  return halo->edge_power;
}

void halo_lookup_free(halo_lookup *lookup)
{
  free(lookup);
}
