/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file grid.h
 * Which cell of an ascending grid holds x? At the same small cost for any spacing.
 */
#ifndef GRID_H
#define GRID_H

#include <elfin/base.h>

#include <stdint.h>

/** The range is cut into buckets of equal width; bucket b touches cells bound[b] … bound[b+1]. */
typedef struct grid {
  size_t n;          /* points; n − 1 cells */
  const double *x;   /* [n] borrowed, ascending */
  int last_bucket;   /* buckets 0 … last_bucket */
  double per_unit;   /* buckets per unit of x */
  uint32_t *bound;   /* [last_bucket + 2] */
} grid;

/** Index the points x[n], n ≥ 2, finite and strictly ascending. `x` is borrowed and must stay.
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: too many points, or closer than a double can invert;
 *         ELFIN_E_MEMORY */
elfin_status grid_init(grid *g, size_t n, const double x[], elfin_error *err);
void grid_clear(grid *g);

/** Between cells low and high, more than one apart. */
size_t grid_bisect(const grid *g, size_t low, size_t high, double x);

/** The cell i with x[i] ≤ x < x[i+1]; the last one also for x[n−1]. Only for x[0] ≤ x ≤ x[n−1]. */
static inline size_t grid_cell(const grid *g, double x)
{
  int bucket = (int)((x - g->x[0]) * g->per_unit); /* an int: one instruction */
  bucket = bucket < g->last_bucket ? bucket : g->last_bucket;
  size_t low = g->bound[bucket], high = g->bound[bucket + 1];
  if (high - low > 1)
    return grid_bisect(g, low, high, x);
  return x >= g->x[high] ? high : low;
}

#endif
