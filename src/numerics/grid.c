/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file grid.c
 * Buckets over an ascending grid.
 *
 * The bucket of x is floor((x − x0) · per_unit), which never decreases with x, rounding included.
 * So a cell that holds an x of bucket b begins at or after the last point of an earlier bucket, and
 * at or before the last point of bucket b. Between these two grid_cell() bisects: on an even grid
 * one comparison, on any grid a few.
 */
#include "numerics/grid.h"

#include <math.h>
#include <stdlib.h>

/* Buckets are numbered by int. */
static const size_t MOST_POINTS = 1 << 30;

size_t grid_bisect(const grid *g, size_t low, size_t high, double x)
{
  while (low < high) {
    size_t middle = (low + high + 1) / 2;
    if (x >= g->x[middle])
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

static int bucket_of(const grid *g, double x)
{
  int bucket = (int)((x - g->x[0]) * g->per_unit);
  return bucket < g->last_bucket ? bucket : g->last_bucket;
}

elfin_status grid_init(grid *g, size_t n, const double x[], elfin_error *err)
{
  if (n > MOST_POINTS)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a grid of %zu points is too large", n);
  size_t n_cells = n - 1;
  *g = (grid){.n = n, .x = x, .last_bucket = (int)n_cells - 1};
  g->per_unit = (double)n_cells / (x[n - 1] - x[0]);
  if (!isfinite(g->per_unit))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "the points of a grid are too close to each other");
  g->bound = calloc(n_cells + 1, sizeof *g->bound);
  if (!g->bound)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a grid of %zu points", n);
  size_t i = 0;
  for (int bucket = 0; bucket <= g->last_bucket; bucket++) {
    while (i + 1 < n_cells && bucket_of(g, x[i + 1]) <= bucket)
      i++;
    g->bound[bucket + 1] = (uint32_t)i;
  }
  return ELFIN_OK;
}

void grid_clear(grid *g)
{
  free(g->bound);
  g->bound = NULL;
}
