/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file elf_smooth.c
 * A table's ε(ω,k) as a smooth surface with Im ε ≥ 0 everywhere, and so with an ELF that is smooth
 * and not negative [docs/responses.md, "Between the nodes"].
 *
 * Why ε and not the ELF itself: a plasmon is a narrow ridge of the ELF, oblique to the grid, where
 * ε only crosses zero. On the same nodes the ELF of Al comes out three to six times better so.
 *
 * ε1 and ε2 are each a bicubic Hermite surface: on a cell, from the values f, the slopes f_ω, f_k
 * and the twist f_ωk at its four nodes. Cells share their nodes' numbers: so f and its slopes are
 * continuous everywhere, whatever those numbers are, and the nodes are met exactly.
 *
 * Slopes are those of the quartic through five nodes, and so of fourth order, limited so that a
 * cell does not overshoot where data turn sharply [H. T. Huynh, SIAM J. Numer. Anal. 30 (1993) 57:
 * |slope| ≤ max(3|s|, 3/2 |t|), which leaves smooth extrema as they are].
 *
 * Positivity. In Bernstein's form a cell's sixteen coefficients are, from each node,
 *
 *   f,   f ± h f_ω/3,   f ± g f_k/3,   f ± h f_ω/3 ± g f_k/3 ± h g f_ωk/9
 *
 * (h, g: widths on that side), and a surface whose coefficients are not negative is not negative
 * [R. L. Dougherty, A. Edelman and J. M. Hyman, Math. Comp. 52 (1989) 471, for curves]. Slopes of
 * ε2 are cut to −3f/h₊ ≤ f_ω ≤ 3f/h₋, twists to what the four corners allow, which f_ω f_k/f always
 * does.
 */
#include "elf/elf_smooth.h"

#include <gsl/gsl_poly.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/** What a node knows: f, f_ω, f_k, f_ωk of ε1 and of ε2. */
typedef struct smooth_node {
  double eps1[4], eps2[4];
} smooth_node;

enum { VALUE, ALONG_OMEGA, ALONG_K, TWIST };

struct elf_smooth {
  const elf_table *table;
  smooth_node *node; /* [i_k * n_omega + i_omega] */
};

/* ---- slopes along a line ----------------------------------------------------------------------
 */

enum { STENCIL = 5 };

/** A line of nodes: n of them, every `stride`-th node from `first`, one member of each. */
typedef struct line {
  size_t n;
  const double *x;
  double *f, *slope; /* [n * stride] */
  size_t stride;     /* in doubles */
} line;

static double value_at(const line *l, size_t i)
{
  return l->f[i * l->stride];
}

/** Of the polynomial through the five nodes around i, fewer if there are not so many. */
static double slope_of_quartic(const line *l, size_t i)
{
  size_t n = l->n < STENCIL ? l->n : STENCIL, first = i < n / 2 ? 0 : i - n / 2;
  double x[STENCIL], f[STENCIL], difference[STENCIL], taylor[STENCIL], room[STENCIL];
  if (first + n > l->n)
    first = l->n - n;
  for (size_t j = 0; j < n; j++) {
    x[j] = l->x[first + j];
    f[j] = value_at(l, first + j);
  }
  gsl_poly_dd_init(difference, x, f, n);
  gsl_poly_dd_taylor(taylor, l->x[i], difference, x, n, room);
  return taylor[1];
}

static double secant(const line *l, size_t i)
{
  return (value_at(l, i + 1) - value_at(l, i)) / (l->x[i + 1] - l->x[i]);
}

/** Second divided difference around node i; at the ends that of the neighbour. */
static double curvature(const line *l, size_t i)
{
  if (l->n < 3)
    return 0;
  i = i == 0 ? 1 : i == l->n - 1 ? i - 1 : i;
  return (secant(l, i) - secant(l, i - 1)) / (l->x[i + 1] - l->x[i - 1]);
}

static double minmod(double a, double b)
{
  return a * b <= 0 ? 0 : fabs(a) < fabs(b) ? a : b;
}

/** Huynh's limit of the slope at an inner node. */
static double limited(const line *l, size_t i, double slope)
{
  double left = secant(l, i - 1), right = secant(l, i);
  double bend = curvature(l, i);
  double from_left = left + minmod(curvature(l, i - 1), bend) * (l->x[i] - l->x[i - 1]);
  double from_right = right + minmod(bend, curvature(l, i + 1)) * (l->x[i] - l->x[i + 1]);
  double most = fmax(3 * fabs(minmod(left, right)), 1.5 * fabs(minmod(from_left, from_right)));
  return copysign(fmin(fabs(slope), most), slope);
}

static void find_slopes(const line *l)
{
  for (size_t i = 0; i < l->n; i++) {
    double slope = slope_of_quartic(l, i);
    if (l->n > 2 && i > 0 && i < l->n - 1)
      slope = limited(l, i, slope);
    else { /* at an end: no steeper than three times the secant, and not against it */
      double along = secant(l, i ? i - 1 : 0);
      slope = slope * along <= 0 ? 0 : copysign(fmin(fabs(slope), 3 * fabs(along)), slope);
    }
    l->slope[i * l->stride] = slope;
  }
}

/* ---- positivity --------------------------------------------------------------------------------
 */

static double clamp(double x, double low, double high)
{
  return x < low ? low : x > high ? high : x;
}

/** Widths of the cells before and after i; a cell that is not there sets no limit. */
static void widths(size_t n, const double x[], size_t i, double *before, double *after)
{
  *before = i ? x[i] - x[i - 1] : 0;
  *after = i + 1 < n ? x[i + 1] - x[i] : 0;
}

static double limit_slope(double f, double slope, double before, double after)
{
  double low = after > 0 ? -3 * f / after : -INFINITY;
  double high = before > 0 ? 3 * f / before : INFINITY;
  return clamp(slope, low, high);
}

/** Cut a node's slopes and twist to what keeps the four cells around it from going below 0. */
static void make_positive(const elf_table *t, size_t i_omega, size_t i_k, double f[4])
{
  double h[2], g[2], low = -INFINITY, high = INFINITY;
  widths(t->n_omega, t->omega, i_omega, &h[0], &h[1]);
  widths(t->n_k, t->k, i_k, &g[0], &g[1]);
  f[ALONG_OMEGA] = limit_slope(f[VALUE], f[ALONG_OMEGA], h[0], h[1]);
  f[ALONG_K] = limit_slope(f[VALUE], f[ALONG_K], g[0], g[1]);
  for (int a = 0; a < 2; a++)
    for (int b = 0; b < 2; b++) {
      double u = (a ? h[1] : -h[0]) / 3, v = (b ? g[1] : -g[0]) / 3;
      if (!(u * v != 0))
        continue;
      double bound = -(f[VALUE] + u * f[ALONG_OMEGA] + v * f[ALONG_K]) / (u * v);
      if (u * v > 0)
        low = fmax(low, bound);
      else
        high = fmin(high, bound);
    }
  f[TWIST] = clamp(f[TWIST], low, high);
}

/* ---- making one --------------------------------------------------------------------------------
 */

static void find_all_slopes(const elf_table *t, double *first)
{
  const size_t size = sizeof(smooth_node) / sizeof(double), row = t->n_omega * size;
  for (size_t i = 0; i < t->n_k; i++)
    find_slopes(&(line){t->n_omega, t->omega, first + i * row + VALUE,
                        first + i * row + ALONG_OMEGA, size});
  for (size_t i = 0; i < t->n_omega; i++) {
    find_slopes(&(line){t->n_k, t->k, first + i * size + VALUE, first + i * size + ALONG_K, row});
    find_slopes(
        &(line){t->n_k, t->k, first + i * size + ALONG_OMEGA, first + i * size + TWIST, row});
  }
}

elfin_status elf_smooth_new(const char *name, const elf_table *table, elf_smooth **made,
                            elfin_error *err)
{
  size_t n = table->n_omega * table->n_k;
  elf_smooth *s = calloc(1, sizeof *s);
  if (s)
    s->node = calloc(n, sizeof *s->node);
  if (!s || !s->node) {
    free(s);
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its surface", name);
  }
  s->table = table;
  for (size_t i = 0; i < n; i++) {
    s->node[i].eps1[VALUE] = table->eps1[i];
    s->node[i].eps2[VALUE] = fmax(table->eps2[i], 0);
  }
  find_all_slopes(table, s->node->eps1);
  find_all_slopes(table, s->node->eps2);
  for (size_t i = 0; i < n; i++)
    make_positive(table, i % table->n_omega, i / table->n_omega, s->node[i].eps2);
  *made = s;
  return ELFIN_OK;
}

void elf_smooth_free(elf_smooth *smooth)
{
  if (!smooth)
    return;
  free(smooth->node);
  free(smooth);
}

/* ---- values ------------------------------------------------------------------------------------
 */

/** Hermite's four polynomials at u ∈ [0,1] of a cell of this width: of the value and the slope at
 * its beginning, and at its end. Exactly 1 and 0 at both ends. */
static void hermite(double u, double width, double weight[4])
{
  double v = 1 - u;
  weight[0] = (1 + 2 * u) * v * v;
  weight[1] = width * u * v * v;
  weight[2] = u * u * (1 + 2 * v);
  weight[3] = -width * u * u * v;
}

/** Value or slope along ω at a node's energy, between two momenta. */
static double across(const double low[4], const double high[4], int what, const double weight[4])
{
  return weight[0] * low[what] + weight[1] * low[what + ALONG_K] + weight[2] * high[what] +
         weight[3] * high[what + ALONG_K];
}

static double surface(const double low0[4], const double low1[4], const double high0[4],
                      const double high1[4], const double along_omega[4], const double along_k[4])
{
  return along_omega[0] * across(low0, high0, VALUE, along_k) +
         along_omega[1] * across(low0, high0, ALONG_OMEGA, along_k) +
         along_omega[2] * across(low1, high1, VALUE, along_k) +
         along_omega[3] * across(low1, high1, ALONG_OMEGA, along_k);
}

void elf_smooth_epsilon(const elf_smooth *s, size_t n, const double omega[], const double k[],
                        double eps1[], double eps2[])
{
  const elf_table *t = s->table;
  const size_t row = t->n_omega;
  double of_k[4] = {0}, of_omega[4], k_before = NAN;
  size_t i_k = 0;
  for (size_t i = 0; i < n; i++) {
    double w = omega[i];
    if (!(w >= t->omega[0] && w <= t->omega[row - 1]) || isnan(k[i])) {
      bool number = !isnan(w) && !isnan(k[i]);
      eps1[i] = number ? 1 : NAN;
      eps2[i] = number ? 0 : NAN;
      continue;
    }
    if (k[i] != k_before) { /* rows come with one momentum */
      double q = clamp(k[i], t->k[0], t->k[t->n_k - 1]);
      i_k = grid_cell(&t->k_grid, q);
      double g = t->k[i_k + 1] - t->k[i_k];
      hermite((q - t->k[i_k]) / g, g, of_k);
      k_before = k[i];
    }
    size_t i_omega = grid_cell(&t->omega_grid, w);
    double h = t->omega[i_omega + 1] - t->omega[i_omega];
    hermite((w - t->omega[i_omega]) / h, h, of_omega);
    const smooth_node *low = &s->node[i_k * row + i_omega], *high = low + row;
    eps1[i] = surface(low[0].eps1, low[1].eps1, high[0].eps1, high[1].eps1, of_omega, of_k);
    eps2[i] =
        fmax(surface(low[0].eps2, low[1].eps2, high[0].eps2, high[1].eps2, of_omega, of_k), 0);
  }
}
