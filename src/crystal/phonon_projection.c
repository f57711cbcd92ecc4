/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file phonon_projection.c
 * Integrals of F_n with polynomials in ln ω.
 *
 * Polynomials on every second point of a panel are polynomials of the panel, too: what they integrate to follows from
 * the others by one matrix, which is the same for all panels. So nodes are visited once.
 *
 * Delicate: a block's points are within the block, so that a panel is never asked beyond its ends; blocks that a panel
 * cuts are left to their nodes.
 */
#include "crystal/phonon_projection.h"

#include "numerics/lanes.h"
#include "crystal/phonon_functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  NODES = 128, /* of a block */
  GROUP = 32   /* points that share their polynomials */
};

/** The Lagrange polynomials on every `stride`-th point, at x; 0 at the other points. */
static void basis_at(double x, const double at[PHONON_POINTS], size_t stride,
                     double basis[PHONON_WIDTH])
{
  size_t n_points = (PHONON_POINTS - 1) / stride + 1, hit = n_points;
  double norm = 0;
  memset(basis, 0, PHONON_WIDTH * sizeof *basis);
  for (size_t k = 0; k < n_points; k++) {
    double d = x - at[k * stride];
    double weight = (k % 2 ? -1.0 : 1.0) * (k == 0 || k + 1 == n_points ? 0.5 : 1);
    hit = d == 0 ? k : hit;
    basis[k * stride] = weight / d;
    norm += basis[k * stride];
  }
  for (size_t k = 0; k < n_points; k++)
    basis[k * stride] = hit < n_points ? (k == hit ? 1 : 0) : basis[k * stride] / norm;
}

void phonon_points(double low, double high, double log_at[PHONON_POINTS])
{
  double middle = 0.5 * (log(low) + log(high)), half = 0.5 * log(high / low);
  for (size_t k = 0; k < PHONON_POINTS; k++)
    log_at[k] = middle - half * cos(M_PI * (double)k / (PHONON_POINTS - 1));
}

/** to_k += Σ_i weight_i basis_ik. */
LANES static void accumulate(size_t n, const double weight[], const double basis[][PHONON_WIDTH],
                             double to[PHONON_WIDTH])
{
  double sum[PHONON_WIDTH];
  memcpy(sum, to, sizeof sum);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < PHONON_WIDTH; k++)
      sum[k] += weight[i] * basis[i][k];
  memcpy(to, sum, sizeof sum);
}

/* ---- points: nodes, or those of blocks --------------------------------------------------------- */

/** What is summed over: points at log_omega, term n of weight + n stride, 0 outside of first ≤ i < end; NULL:
 * nowhere 0. */
typedef struct points {
  const double *log_omega, *weight;
  size_t stride;
  const size_t *first, *end;
} points;

static void add_points(const points *p, size_t first, size_t end, size_t first_term, size_t end_term,
                       const double log_at[PHONON_POINTS], double out[])
{
  double basis[GROUP][PHONON_WIDTH];
  for (size_t begin = first; begin < end; begin += GROUP) {
    size_t stop = begin + GROUP < end ? begin + GROUP : end;
    for (size_t i = begin; i < stop; i++)
      basis_at(p->log_omega[i], log_at, 1, basis[i - begin]);
    for (size_t n = first_term; n < end_term; n++) {
      size_t low = p->first && p->first[n] > begin ? p->first[n] : begin;
      size_t high = p->end && p->end[n] < stop ? p->end[n] : stop;
      if (low < high)
        accumulate(high - low, p->weight + n * p->stride + low,
                   (const double(*)[PHONON_WIDTH])basis + (low - begin), out + n * PHONON_WIDTH);
    }
  }
}

static points nodes_of(const phonon_functions *f)
{
  return (points){f->log_omega, f->weight, f->n_nodes, f->first, f->end};
}

/** The blocks that lie between two nodes. */
static void blocks_between(const phonon_functions *f, size_t first, size_t end, size_t *first_block,
                           size_t *end_block)
{
  size_t n = f->blocks ? f->blocks->n : 0;
  *first_block = (first + NODES - 1) / NODES;
  *end_block = end / NODES < n ? end / NODES : n;
  if (*first_block >= *end_block) /* none: all nodes are after them */
    *first_block = *end_block = first / NODES;
}

/* ---- blocks ------------------------------------------------------------------------------------ */

static void fill(const phonon_functions *f, size_t block, phonon_blocks *b)
{
  double *log_at = b->log_omega + block * PHONON_POINTS, basis[NODES][PHONON_WIDTH];
  size_t begin = block * NODES;
  phonon_points(f->omega[begin], f->omega[begin + NODES - 1], log_at);
  for (size_t i = 0; i < NODES; i++)
    basis_at(f->log_omega[begin + i], log_at, 1, basis[i]);
  for (size_t n = 0; n < f->n_terms; n++) {
    const double *weight = f->weight + n * f->n_nodes + begin;
    double sum[PHONON_WIDTH] = {0};
    accumulate(NODES, weight, (const double(*)[PHONON_WIDTH])basis, sum);
    memcpy(b->weight + (n * b->n + block) * PHONON_POINTS, sum, PHONON_POINTS * sizeof *sum);
    for (size_t i = 0; i < NODES; i++)
      b->size[n * b->n + block] += fabs(weight[i]);
  }
}

elfin_status phonon_blocks_new(const phonon_functions *f, phonon_blocks **made, elfin_error *err)
{
  phonon_blocks *b = calloc(1, sizeof *b);
  size_t n = f->n_nodes / NODES, per_term = n * PHONON_POINTS;
  *made = b;
  if (b) {
    b->n = n;
    b->log_omega = malloc((per_term + 1) * sizeof *b->log_omega);
    b->weight = malloc((f->n_terms * per_term + 1) * sizeof *b->weight);
    b->size = calloc(f->n_terms * n + 1, sizeof *b->size);
  }
  if (!b || !b->log_omega || !b->weight || !b->size)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu phonon functions", f->n_terms);
  for (size_t block = 0; block < n; block++)
    fill(f, block, b);
  return ELFIN_OK;
}

void phonon_blocks_free(phonon_blocks *b)
{
  if (!b)
    return;
  free(b->log_omega);
  free(b->weight);
  free(b->size);
  free(b);
}

/* ---- a panel ----------------------------------------------------------------------------------- */

/** coarse_k = Σ_j fine_j L'_k(x_j), L' the polynomials on every second point. */
static void coarsen(size_t first_term, size_t end_term, const double fine[], double coarse[])
{
  double at[PHONON_POINTS], basis[PHONON_POINTS][PHONON_WIDTH];
  phonon_points(exp(-1), exp(1), at);
  for (size_t j = 0; j < PHONON_POINTS; j++)
    basis_at(at[j], at, 2, basis[j]);
  for (size_t n = first_term; n < end_term; n++)
    accumulate(PHONON_POINTS, fine + n * PHONON_WIDTH, (const double(*)[PHONON_WIDTH])basis,
               coarse + n * PHONON_WIDTH);
}

void phonon_project(const phonon_functions *f, size_t first, size_t end, size_t first_term,
                    size_t end_term, const double log_at[PHONON_POINTS], double fine[],
                    double coarse[])
{
  const phonon_blocks *b = f->blocks;
  const points nodes = nodes_of(f);
  size_t low, high;
  blocks_between(f, first, end, &low, &high);
  memset(fine, 0, f->n_terms * PHONON_WIDTH * sizeof *fine);
  memset(coarse, 0, f->n_terms * PHONON_WIDTH * sizeof *coarse);
  if (low < high) {
    const points of_blocks = {b->log_omega, b->weight, b->n * PHONON_POINTS, NULL, NULL};
    add_points(&nodes, first, low * NODES, first_term, end_term, log_at, fine);
    add_points(&of_blocks, low * PHONON_POINTS, high * PHONON_POINTS, first_term, end_term, log_at,
               fine);
    first = high * NODES;
  }
  add_points(&nodes, first, end, first_term, end_term, log_at, fine);
  coarsen(first_term, end_term, fine, coarse);
}

/** Σ |weight_i| of term n. */
static double size_of_nodes(const phonon_functions *f, size_t n, size_t first, size_t end)
{
  double sum = 0;
  for (size_t i = first > f->first[n] ? first : f->first[n]; i < end && i < f->end[n]; i++)
    sum += fabs(f->weight[n * f->n_nodes + i]);
  return sum;
}

void phonon_sizes(const phonon_functions *f, size_t first, size_t end, double size[])
{
  size_t low, high;
  blocks_between(f, first, end, &low, &high);
  for (size_t n = 0; n < f->n_terms; n++) {
    size[n] = 0;
    for (size_t b = low; b < high; b++)
      size[n] += f->blocks->size[n * f->blocks->n + b];
    if (low < high)
      size[n] += size_of_nodes(f, n, first, low * NODES) + size_of_nodes(f, n, high * NODES, end);
    else
      size[n] = size_of_nodes(f, n, first, end);
  }
}
