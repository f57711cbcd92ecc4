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

static size_t bucket_of(const grid *g, double x)
{
  size_t bucket = (size_t)((x - g->x[0]) * g->per_unit);
  return bucket < g->n_buckets ? bucket : g->n_buckets - 1;
}

elfin_status grid_init(grid *g, size_t n, const double x[], elfin_error *err)
{
  size_t n_cells = n - 1;
  *g = (grid){.n = n, .x = x, .n_buckets = n_cells};
  g->per_unit = (double)n_cells / (x[n - 1] - x[0]);
  if (!isfinite(g->per_unit))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "the points of a grid are too close to each other");
  g->bound = n < UINT32_MAX ? calloc(n_cells + 1, sizeof *g->bound) : NULL;
  if (!g->bound)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a grid of %zu points", n);
  size_t i = 0;
  for (size_t bucket = 0; bucket < n_cells; bucket++) {
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
