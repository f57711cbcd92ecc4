/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file phonon_functions.c
 * F_n(ω) of a harmonic crystal [docs/multiphonon.md; arXiv:2205.02250 eq. 23].
 *
 *   F_n = T_n/n!,   T_1 = D(ω)/ω,   T_n(ω) = ∫ dω' T_1(ω') T_{n−1}(ω − ω')
 *
 * T_1 becomes weights on the nodes i h: each piece of D gives to the two nodes beside it, so that
 * its norm and its mean stay exact; and a second difference takes away what that adds to its
 * variance (h²/6 for a hat), so that the second and third moments are exact, too. Moments of a
 * convolution follow from those of its factors: so all F_n, as weights, integrate cubics exactly,
 * however jagged D is, and smooth functions to order h⁴. Divided by h the weights are F_n at the
 * nodes, to order h⁴ where F_n is smooth (a step of D costs F_2 order h nearby).
 *
 * The sums are done directly, not by Fourier transforms: all terms are positive, so that F_n is
 * right relative to itself in its far tails as well, where a light particle's rate comes from.
 *
 * Delicate: D/ω must be integrable, so D(0) = 0. There is no node at ω = 0, where G of a massless
 * mediator has no value; what would be given to it goes to the first three, with its norm, mean and
 * variance.
 */
#include "crystal/phonon_functions.h"

#include "numerics/lanes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nodes up to the highest phonon. The numbers of tests/crystal/test_crystal.c are for this. */
enum { NODES_PER_PHONON = 400, MOST_TERMS = 100, MOST_PIECES = 64 };
/* What the neglected terms may add up to, in the largest sum that is wanted. */
static const double NEGLECTED = 1e-12;
/* What two sums that cancel leave of F_1, relative to all of it. */
static const double ROUNDED = 1e-13;
/* Data whose norm is off by more than this are said to be the cause of too many phonons. */
static const double NORM_OFF = 0.1;
/* A piece of D/ω times a hat, by this rule: 1/ω is smooth but in the very first piece. */
enum { RULE = 8 };

/* ---- D(ω) ------------------------------------------------------------------------------------ */

static elfin_status check_density(const phonon_density *d, elfin_error *err)
{
  double largest = 0;
  if (d->n < 2)
    return elfin_fail(err, ELFIN_E_DATA, "a density of states needs at least 2 points, not %zu",
                      d->n);
  for (size_t i = 0; i < d->n; i++) {
    if (!(d->omega[i] >= 0) || (i && !(d->omega[i] > d->omega[i - 1])) || !isfinite(d->omega[i]))
      return elfin_fail(err, ELFIN_E_DATA,
                        "density of states: energy %zu is %g eV: they must ascend "
                        "from at least 0",
                        i + 1, d->omega[i]);
    if (!isfinite(d->density[i]))
      return elfin_fail(err, ELFIN_E_DATA, "density of states: value %zu is %g", i + 1,
                        d->density[i]);
    largest = fmax(largest, d->density[i]);
  }
  if (!(largest > 0))
    return elfin_fail(err, ELFIN_E_DATA, "density of states: it is 0 everywhere");
  if (d->omega[0] == 0 && d->density[0] != 0 && !d->linear_ratio)
    return elfin_fail(err, ELFIN_E_DATA,
                      "density of states: %g at 0 eV: it must be 0 there, or D/omega "
                      "has no integral",
                      d->density[0]);
  return ELFIN_OK;
}

/** D/ω at a knot. */
static double ratio_at_knot(const phonon_density *d, size_t i)
{
  return d->omega[i] > 0 ? d->density[i] / d->omega[i] : 0;
}

/** Keep D as pieces: between knots i and i+1, what is linear is ratio[i] + slope[i] ω. */
static elfin_status keep_density(phonon_functions *f, const phonon_density *d, elfin_error *err)
{
  f->knot = malloc(d->n * sizeof *f->knot);
  f->ratio = calloc(d->n, sizeof *f->ratio);
  f->slope = calloc(d->n, sizeof *f->slope);
  if (!f->knot || !f->ratio || !f->slope)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a density of states");
  f->n_knots = d->n;
  f->linear_ratio = d->linear_ratio;
  memcpy(f->knot, d->omega, d->n * sizeof *f->knot);
  for (size_t i = 0; i + 1 < d->n; i++) {
    double low = d->linear_ratio ? ratio_at_knot(d, i) : d->density[i];
    double high = d->linear_ratio ? ratio_at_knot(d, i + 1) : d->density[i + 1];
    f->slope[i] = (high - low) / (d->omega[i + 1] - d->omega[i]);
    f->ratio[i] = low - f->slope[i] * d->omega[i];
    if (i == 0 && d->omega[0] == 0 && !d->linear_ratio)
      f->ratio[0] = 0;
  }
  return ELFIN_OK;
}

/** D/ω on piece i. */
static double piece_at(const phonon_functions *f, size_t i, double omega)
{
  double value = f->ratio[i] + f->slope[i] * omega;
  if (f->linear_ratio)
    return value;
  return f->ratio[i] == 0 ? f->slope[i] : value / omega;
}

static double one_phonon(const phonon_functions *f, double omega)
{
  size_t low = 0, high = f->n_knots - 1;
  if (!(omega > 0 && omega >= f->knot[0] && omega <= f->knot[high]))
    return 0;
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (f->knot[middle] <= omega)
      low = middle;
    else
      high = middle;
  }
  return piece_at(f, low, omega);
}

/** ∫ D/ω ω^power over a part of piece i, exactly. */
static double moment_within(const phonon_functions *f, size_t i, double a, double b, int power)
{
  double sum = 0;
  const double coefficient[2] = {f->ratio[i], f->slope[i]};
  for (int j = 0; j < 2; j++) {
    int p = power + j + (f->linear_ratio ? 1 : 0); /* ∫ ω^(p−1) */
    if (coefficient[j] != 0)
      sum += coefficient[j] * (p == 0 ? log(b / a) : (pow(b, p) - pow(a, p)) / p);
  }
  return sum;
}

static double piece_moment(const phonon_functions *f, size_t i, int power)
{
  return moment_within(f, i, f->knot[i], f->knot[i + 1], power);
}

static elfin_status take_moments(phonon_functions *f, const phonon_density *d, elfin_error *err)
{
  elfin_status status = check_density(d, err);
  if (!status)
    status = keep_density(f, d, err);
  if (status)
    return status;
  for (size_t i = 0; i + 1 < f->n_knots; i++) {
    f->inverse += piece_moment(f, i, 0);
    f->norm += piece_moment(f, i, 1);
    f->mean += piece_moment(f, i, 2);
  }
  size_t last = d->n - 1;
  while (last > 0 && d->density[last] == 0 && d->density[last - 1] == 0)
    last--;
  f->omega_max = d->omega[last];
  if (!(f->inverse > 0 && f->mean > 0))
    return elfin_fail(err, ELFIN_E_DATA, "density of states: its mean energy is %g eV", f->mean);
  return ELFIN_OK;
}

/* ---- T_1 as weights -------------------------------------------------------------------------- */

/** Add ∫ D/ω over low … high, which lie within cell i_cell and piece i_piece, to the cell's nodes.
 */
static void add_to_nodes(const phonon_functions *f, size_t i_piece, double low, double high,
                         double h, size_t i_cell, double weight[])
{
  static const double node[RULE / 2] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                                        0.9602898564975363};
  static const double part[RULE / 2] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                        0.1012285362903763};
  double middle = 0.5 * (low + high), half = 0.5 * (high - low);
  for (int j = 0; j < RULE; j++) {
    double omega = middle + (j % 2 ? half : -half) * node[j / 2];
    double mass = half * part[j / 2] * piece_at(f, i_piece, omega);
    double along = omega / h - (double)i_cell;
    weight[i_cell] += mass * (1 - along);
    weight[i_cell + 1] += mass * along;
  }
}

/** @param[out] weight  [M + 1], zeros, M h ≥ ω_max, M ≥ 3; the first one stays 0 */
static void one_phonon_weights(const phonon_functions *f, double h, size_t n_cells, double weight[])
{
  for (size_t i = 0; i + 1 < f->n_knots; i++) {
    double end = fmin(f->knot[i + 1], f->omega_max);
    size_t cell = (size_t)(f->knot[i] / h);
    for (double low = f->knot[i]; low < end && cell < n_cells; cell++) {
      double high = cell + 1 == n_cells ? end : fmin(end, (double)(cell + 1) * h);
      if (high > low)
        add_to_nodes(f, i, low, high, h, cell, weight);
      low = fmax(low, high);
    }
  }
  weight[1] += 3 * weight[0]; /* the parabola through the next three stands for ω = 0 */
  weight[2] -= 3 * weight[0];
  weight[3] += weight[0];
  weight[0] = 0;
}

/** Take from the variance what the hats added, h²/6 each: w − δ²w/12. At the ends the difference
 * stands one node further in, so that nothing leaves, and norm, mean and variance are right there,
 * too.
 * @param[in,out] weight  [n_cells + 1], the first one empty; n_cells ≥ 3 */
static void sharpen(size_t n_cells, double weight[])
{
  double first = weight[1], last = weight[n_cells], before = 0;
  for (size_t i = 1; i <= n_cells; i++) {
    double here = weight[i], after = i < n_cells ? weight[i + 1] : 0;
    weight[i] = here - (before - 2 * here + after) / 12;
    before = here;
  }
  for (int k = 0; k < 3; k++) { /* from (1, −2, 1) about the end to the same about its neighbour */
    static const double change[] = {-3, 3, -1};
    weight[1 + k] += first * change[k] / 12;
    weight[n_cells - (size_t)k] += last * change[k] / 12;
  }
}

/* ---- the recursion --------------------------------------------------------------------------- */

/** How many terms make a Poisson distribution of this mean complete; MOST_TERMS + 1: too many. */
static size_t terms_for(double mean)
{
  double term = exp(-mean);
  size_t n = 0;
  while (n <= MOST_TERMS && (term > NEGLECTED || (double)n < mean))
    term *= mean / (double)++n;
  return n < 2 ? 2 : n;
}

size_t phonon_terms_for(double mean)
{
  size_t n = terms_for(mean);
  return n <= MOST_TERMS ? n : 0;
}

static elfin_status choose_terms(phonon_functions *f, phonon_reach reach, elfin_error *err)
{
  double recoil = fmax(reach.recoil, reach.recoil_in_means * f->mean);
  f->n_terms = reach.n_terms ? reach.n_terms : terms_for(recoil * f->inverse);
  if (f->n_terms <= MOST_TERMS)
    return ELFIN_OK;
  char cause[96] = "";
  if (fabs(f->norm - 1) > NORM_OFF)
    snprintf(cause, sizeof cause, "; their density of states has the norm %.3g in place of 1", f->norm);
  return elfin_fail(err, ELFIN_E_VALIDITY,
                    "a recoil of %g eV excites %g phonons: their sum needs more "
                    "than %d terms%s",
                    recoil, recoil * f->inverse, MOST_TERMS, cause);
}

static elfin_status make_room(phonon_functions *f, elfin_error *err)
{
  f->omega = malloc(f->n_nodes * sizeof *f->omega);
  f->log_omega = malloc(f->n_nodes * sizeof *f->log_omega);
  f->value = calloc(f->n_terms * f->n_nodes, sizeof *f->value);
  f->weight = calloc(f->n_terms * f->n_nodes, sizeof *f->weight);
  f->first = calloc(f->n_terms, sizeof *f->first);
  f->end = calloc(f->n_terms, sizeof *f->end);
  if (!f->omega || !f->log_omega || !f->value || !f->weight || !f->first || !f->end)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu phonon functions", f->n_terms);
  return ELFIN_OK;
}

static void set_logarithms(phonon_functions *f)
{
  for (size_t i = 0; i < f->n_nodes; i++)
    f->log_omega[i] = log(f->omega[i]);
}

static void set_range(phonon_functions *f, size_t i_term)
{
  const double *w = f->weight + i_term * f->n_nodes;
  size_t first = 0, end = f->n_nodes;
  while (first < end && w[first] == 0)
    first++;
  while (end > first && w[end - 1] == 0)
    end--;
  f->first[i_term] = first;
  f->end[i_term] = end;
}

LANES void phonon_convolve(size_t n, size_t n_cells, const double one[], const double before[],
                           double after[])
{
  size_t m = (n - 1) * n_cells;
  for (size_t j = 0; j < n_cells; j++) { /* node i stands at (i + 1) h */
    double w = one[j] / (double)n;
    double *restrict to = after + j + 1;
    const double *restrict from = before;
    if (w != 0)
      for (size_t i = 0; i < m; i++)
        to[i] += w * from[i];
  }
}

elfin_status phonon_density_weights(const phonon_density *density, double h, size_t n_cells,
                                    double weight[], elfin_error *err)
{
  phonon_functions *f = calloc(1, sizeof *f);
  double *one = calloc(n_cells + 1, sizeof *one);
  elfin_status status = f && one ? take_moments(f, density, err)
                                 : elfin_fail(err, ELFIN_E_MEMORY, "no memory for phonons");
  if (!status) {
    one_phonon_weights(f, h, n_cells, one);
    sharpen(n_cells, one);
    memcpy(weight, one + 1, n_cells * sizeof *one);
  }
  free(one);
  phonon_functions_free(f);
  return status;
}

elfin_status phonon_functions_new(const phonon_density *density, phonon_reach reach,
                                  phonon_functions **made, elfin_error *err)
{
  phonon_functions *f = calloc(1, sizeof *f);
  if (!f)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for phonon functions");
  size_t n_cells = reach.nodes_per_phonon ? reach.nodes_per_phonon : NODES_PER_PHONON;
  double *one = calloc(n_cells + 1, sizeof *one);
  elfin_status status = one ? take_moments(f, density, err)
                            : elfin_fail(err, ELFIN_E_MEMORY, "no memory for phonon functions");
  if (!status)
    status = choose_terms(f, reach, err);
  f->n_nodes = f->n_terms * n_cells;
  if (!status)
    status = make_room(f, err);
  if (status)
    goto out;
  double h = f->omega_max / (double)n_cells;
  for (size_t i = 0; i < f->n_nodes; i++)
    f->omega[i] = (double)(i + 1) * h;
  set_logarithms(f);
  one_phonon_weights(f, h, n_cells, one);
  sharpen(n_cells, one);
  memcpy(f->weight, one + 1, n_cells * sizeof *one);
  for (size_t n = 2; n <= f->n_terms; n++)
    phonon_convolve(n, n_cells, f->weight, f->weight + (n - 2) * f->n_nodes,
                    f->weight + (n - 1) * f->n_nodes);
  for (size_t i = 0; i < f->n_terms * f->n_nodes; i++)
    f->value[i] = f->weight[i] / h;
  for (size_t i = 0; i < n_cells; i++)
    f->value[i] = one_phonon(f, f->omega[i]);
  for (size_t i = 0; i < f->n_terms; i++)
    set_range(f, i);
  status = phonon_blocks_new(f, &f->blocks, err);
  if (!status) {
    *made = f;
    f = NULL;
  }
out:
  free(one);
  phonon_functions_free(f);
  return status;
}

/* ---- from a table ---------------------------------------------------------------------------- */

/** ∫ F g with both linear between the nodes. */
static void weigh_linear(const phonon_functions *f, const double value[], double weight[])
{
  for (size_t i = 0; i + 1 < f->n_nodes; i++) {
    double h = f->omega[i + 1] - f->omega[i];
    weight[i] += h * (2 * value[i] + value[i + 1]) / 6;
    weight[i + 1] += h * (value[i] + 2 * value[i + 1]) / 6;
  }
}

/** Node i of a table whose cells are cut into `pieces`: its row, and how far towards the next one.
 */
static double along_row(size_t i, size_t pieces, size_t n_rows, size_t *i_row)
{
  *i_row = i / pieces;
  if (*i_row + 1 < n_rows)
    return (double)(i % pieces) / (double)pieces;
  *i_row = n_rows - 2;
  return 1;
}

/** Fill nodes and values. @param[in] rows  [n_rows * (n_terms + 1)] */
static elfin_status take_rows(phonon_functions *f, size_t n_rows, size_t pieces,
                              const double rows[], elfin_error *err)
{
  size_t width = f->n_terms + 1;
  for (size_t i = 0; i + 1 < n_rows; i++)
    if (!(rows[(i + 1) * width] > rows[i * width]))
      return elfin_fail(err, ELFIN_E_DATA,
                        "phonon functions: after %g eV comes %g eV: energies must "
                        "ascend",
                        rows[i * width], rows[(i + 1) * width]);
  for (size_t i = 0; i < f->n_nodes; i++) {
    size_t i_row;
    double x = along_row(i, pieces, n_rows, &i_row);
    const double *row = rows + i_row * width, *next = row + width;
    f->omega[i] = x == 0 ? row[0] : x == 1 ? next[0] : row[0] + x * (next[0] - row[0]);
    for (size_t n = 0; n < f->n_terms; n++)
      f->value[n * f->n_nodes + i] = (1 - x) * row[n + 1] + x * next[n + 1];
  }
  return ELFIN_OK;
}

elfin_status phonon_functions_from_table(const phonon_density *density, size_t n_points,
                                         size_t n_terms, const double table[],
                                         phonon_functions **made, elfin_error *err)
{
  phonon_functions *f = calloc(1, sizeof *f);
  if (!f)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for phonon functions");
  size_t width = n_terms + 1, skip = 0, pieces = 1;
  elfin_status status = take_moments(f, density, err);
  while (skip < n_points && !(table[skip * width] > 0)) /* nothing happens at ω ≤ 0 */
    skip++;
  size_t n_rows = n_points - skip;
  f->n_terms = n_terms;
  f->linear = true;
  if (!status && (n_rows < 2 || n_terms < 1))
    status = elfin_fail(err, ELFIN_E_DATA,
                        "a table of phonon functions needs at least 2 energies and "
                        "1 function");
  if (!status) { /* F_n stays what it is; but what it is integrated with is not linear in a cell */
    double h = (table[(n_points - 1) * width] - table[skip * width]) / (double)(n_rows - 1);
    pieces = (size_t)fmax(1, fmin(MOST_PIECES, ceil(h * NODES_PER_PHONON / f->omega_max)));
    f->n_nodes = (n_rows - 1) * pieces + 1;
    status = make_room(f, err);
  }
  if (!status)
    status = take_rows(f, n_rows, pieces, table + skip * width, err);
  if (!status)
    set_logarithms(f);
  for (size_t n = 0; !status && n < n_terms; n++) {
    weigh_linear(f, f->value + n * f->n_nodes, f->weight + n * f->n_nodes);
    set_range(f, n);
  }
  if (!status)
    status = phonon_blocks_new(f, &f->blocks, err);
  if (!status)
    *made = f;
  else
    phonon_functions_free(f);
  return status;
}

void phonon_functions_free(phonon_functions *f)
{
  if (!f)
    return;
  free(f->omega);
  free(f->log_omega);
  free(f->value);
  free(f->weight);
  free(f->first);
  free(f->end);
  free(f->knot);
  free(f->ratio);
  free(f->slope);
  phonon_blocks_free(f->blocks);
  free(f);
}

/* ---- values ---------------------------------------------------------------------------------- */

static size_t node_below(const phonon_functions *f, double omega)
{
  size_t low = 0, high = f->n_nodes - 1;
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (f->omega[middle] <= omega)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/** Lagrange's four-point formula in the cell that begins at node i; x from 0 to 1. */
static double cubic(const double v[4], double x)
{
  double a = x + 1, b = x, c = x - 1, d = x - 2;
  return -v[0] * b * c * d / 6 + v[1] * a * c * d / 2 - v[2] * a * b * d / 2 + v[3] * a * b * c / 6;
}

void phonon_functions_at(const phonon_functions *f, double omega, double value[])
{
  memset(value, 0, f->n_terms * sizeof *value);
  double low = f->linear ? f->omega[0] : 0;
  if (!(omega >= low && omega > 0 && omega <= f->omega[f->n_nodes - 1]))
    return;
  size_t i = node_below(f, omega);
  if (f->linear) {
    double x = (omega - f->omega[i]) / (f->omega[i + 1] - f->omega[i]);
    for (size_t n = 0; n < f->n_terms; n++) {
      const double *v = f->value + n * f->n_nodes + i;
      value[n] = (1 - x) * v[0] + x * v[1];
    }
    return;
  }
  double h = f->omega[0], x = omega / h - (double)(i + 1);
  for (size_t n = 0; n < f->n_terms; n++) {
    const double *v = f->value + n * f->n_nodes;
    double around[4] = {i > 0 ? v[i - 1] : 0, v[i], v[i + 1], i + 2 < f->n_nodes ? v[i + 2] : 0};
    value[n] = omega <= (double)(n + 1) * f->omega_max ? cubic(around, x) : 0;
  }
  if (f->n_knots)
    value[0] = one_phonon(f, omega);
}

size_t phonon_functions_node(const phonon_functions *f, double omega)
{
  if (omega <= f->omega[0])
    return 0;
  if (omega > f->omega[f->n_nodes - 1])
    return f->n_nodes;
  size_t below = node_below(f, omega);
  return f->omega[below] >= omega ? below : below + 1;
}

/** ∫ F and ∫ (ω − omega) F above omega, less what the weights from node k on make of it, of which
 * the part `rest` of the cell below node k lies above omega. Here F is a table, linear in the cell.
 */
static void linear_edge(double h, double rest, double below, double at, double moment[2])
{
  double F = at - rest * (at - below);  /* at omega */
  double of_hat = (below + 2 * at) / 6; /* what node k has of this cell */
  moment[0] = h * (rest * (F + at) / 2 - of_hat);
  moment[1] = h * h * rest * (rest * (F + 2 * at) / 6 - of_hat);
}

/** The same of nodes: half a node, and Euler's and Maclaurin's first term; F is a parabola nearby.
 */
static void smooth_edge(double h, double rest, double below, double at, double above,
                        double moment[2])
{
  double d1 = 0.5 * (above - below), d2 = above - 2 * at + below, of_node = at / 2 - d1 / 12;
  moment[0] = h * (rest * (at - rest * (d1 / 2 - rest * d2 / 6)) - of_node);
  moment[1] =
      h * h * (rest * (rest * (at / 2 - rest * (d1 / 6 - rest * d2 / 24)) - of_node) + at / 12);
}

/** The same of F_1, exactly: D may do anything in a cell. */
static void one_phonon_edge(const phonon_functions *f, double omega, size_t k, double moment[2])
{
  moment[0] = moment[1] = 0;
  for (size_t i = f->n_knots - 1; i-- > 0 && f->knot[i + 1] > omega;) {
    double low = fmax(f->knot[i], omega), high = f->knot[i + 1];
    double all = moment_within(f, i, low, high, 0);
    moment[0] += all;
    moment[1] += moment_within(f, i, low, high, 1) - omega * all;
  }
  for (size_t i = f->end[0]; i-- > k;) {
    moment[0] -= f->weight[i];
    moment[1] -= f->weight[i] * (f->omega[i] - omega);
  }
  if (fabs(moment[0]) < ROUNDED * f->inverse) /* a gap of D: 0 */
    moment[0] = 0;
  if (fabs(moment[1]) < ROUNDED * f->inverse * omega)
    moment[1] = 0;
}

/** What a parabola may miss: F_n may have a kink anywhere here. */
static double doubt_at(const phonon_functions *f, const double v[], size_t k, double h)
{
  double sum = 0;
  for (size_t i = k > 1 ? k - 1 : 1; i <= k + 1 && i + 1 < f->n_nodes; i++)
    sum += fabs(v[i + 1] - 2 * v[i] + v[i - 1]);
  return h * sum / 8;
}

void phonon_functions_edge(const phonon_functions *f, double omega, double value[], double slope[],
                           double doubt[])
{
  memset(value, 0, f->n_terms * sizeof *value);
  memset(slope, 0, f->n_terms * sizeof *slope);
  memset(doubt, 0, f->n_terms * sizeof *doubt);
  size_t k = phonon_functions_node(f, omega);
  if (k == 0 || k == f->n_nodes) /* all of it, or nothing, lies above */
    return;
  double h = f->omega[k] - f->omega[k - 1], rest = (f->omega[k] - omega) / h;
  for (size_t n = 0; n < f->n_terms; n++) {
    const double *v = f->value + n * f->n_nodes;
    double at = v[k], below = v[k - 1], above = k + 1 < f->n_nodes ? v[k + 1] : 0, moment[2];
    if (f->linear)
      linear_edge(h, rest, below, at, moment);
    else
      smooth_edge(h, rest, below, at, above, moment);
    if (n == 0 && !f->linear && f->n_knots)
      one_phonon_edge(f, omega, k, moment);
    value[n] = moment[0];
    slope[n] = moment[1];
    doubt[n] = f->linear || n == 0 ? 0 : doubt_at(f, v, k, h);
  }
}
