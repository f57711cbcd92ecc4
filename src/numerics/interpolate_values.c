/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file interpolate_values.c
 * A patchwork's values, and where its patches end [interpolate.c]. Along a line of constant x,
 * points in the same patch share what depends on x. */
#include "numerics/interpolate_inner.h"

#include <math.h>

/* A point this far from the middle of a patch, in halves of its height, is surely inside. */
static const double INSIDE = 1 - 1e-9;

/** The polynomial of a patch on a line of constant x. */
typedef struct line {
  const branch *at; /* NULL: none */
  double x, column[ORDER];
} line;

static void set_line(line *l, const tile *t, const branch *at, double x)
{
  const double *c = t->coefficients + at->index;
  double own = (x - at->x) * at->per_x;
  l->at = at;
  l->x = x;
  for (int j = 0; j < ORDER; j++)
    l->column[j] = c[(ORDER - 1) * ORDER + j];
  for (int i = ORDER - 2; i >= 0; i--)
    for (int j = 0; j < ORDER; j++)
      l->column[j] = l->column[j] * own + c[i * ORDER + j];
}

static double value_on(const line *l, double y)
{
  double own = (y - l->at->y) * l->at->per_y, value = l->column[ORDER - 1];
  for (int j = ORDER - 2; j >= 0; j--)
    value = value * own + l->column[j];
  return value;
}

/** Is this point on the line, and inside of the same patch, not at its edge? */
static bool is_on(const line *l, double x, double y)
{
  return l->at && x == l->x && fabs((y - l->at->y) * l->at->per_y) < INSIDE;
}

/** The leaf of a point in a tile, `i_cell` being the cell of the point; NULL outside of the domain.
 */
static const branch *leaf_at(const tile *t, size_t i_cell, double x, double y)
{
  const branch *at = &t->branches[t->start[i_cell]];
  while (at->axis == CUT_IN_X || at->axis == CUT_IN_Y)
    at = &t->branches[at->index + ((at->axis == CUT_IN_X ? x >= at->x : y >= at->y) ? 1 : 0)];
  return at->axis == A_LEAF ? at : NULL;
}

size_t patchwork_values(const patchwork *work, size_t n, const double x[], const double y[],
                        double f[])
{
  const double cells_x = CELLS_X, cells_y = (double)CELLS_Y / PATCH_TILE_HEIGHT;
  const double end_x = cells_x * (double)work->n_x;
  const double end_y = (double)CELLS_Y * (double)work->n_y;
  size_t missed = 0;
  line last = {NULL, 0, {0}};
  for (size_t i = 0; i < n; i++) {
    if (is_on(&last, x[i], y[i])) {
      f[i] = value_on(&last, y[i]);
      missed += isnan(f[i]) ? 1 : 0;
      continue;
    }
    double column = (x[i] - work->domain.x0) * cells_x;
    double row = (y[i] - work->domain.y0) * cells_y;
    const branch *leaf = NULL;
    if (column >= 0 && row >= 0 && column < end_x && row < end_y) {
      size_t i_x = (size_t)column, i_y = (size_t)row;
      int slot = work->slot[i_x / CELLS_X * work->n_y + i_y / CELLS_Y];
      if (slot >= 0) {
        const tile *t = &work->tiles[slot];
        leaf = leaf_at(t, i_x % CELLS_X * CELLS_Y + i_y % CELLS_Y, x[i], y[i]);
        if (leaf)
          set_line(&last, t, leaf, x[i]);
      }
    }
    f[i] = leaf ? value_on(&last, y[i]) : NAN;
    missed += isnan(f[i]) ? 1 : 0;
  }
  return missed;
}

typedef struct cut_list {
  double x, low, high;
  size_t n, n_max;
  double *at;
} cut_list;

static void add_cut(cut_list *list, double y)
{
  if (y > list->low && y < list->high && list->n < list->n_max)
    list->at[list->n++] = y;
}

static void cuts_below(const tile *t, int i_branch, cut_list *list)
{
  const branch *b = &t->branches[i_branch];
  if (b->axis == CUT_IN_X) {
    cuts_below(t, b->index + (list->x >= b->x ? 1 : 0), list);
  } else if (b->axis == CUT_IN_Y) {
    add_cut(list, b->y);
    if (b->y > list->low)
      cuts_below(t, b->index, list);
    if (b->y < list->high)
      cuts_below(t, b->index + 1, list);
  }
}

size_t patchwork_cuts(const patchwork *work, double x, double low, double high, size_t n_max,
                      double cut[])
{
  cut_list list = {x, low, high, 0, n_max, cut};
  double column = x - work->domain.x0;
  if (!(column >= 0 && column < (double)work->n_x))
    return 0;
  for (size_t i_y = 0; i_y < work->n_y; i_y++) {
    double bottom = work->domain.y0 + PATCH_TILE_HEIGHT * (double)i_y;
    int slot = work->slot[(size_t)column * work->n_y + i_y];
    if (slot < 0 || bottom >= high || bottom + PATCH_TILE_HEIGHT <= low)
      continue;
    add_cut(&list, bottom);
    cuts_below(&work->tiles[slot], 0, &list);
  }
  return list.n;
}
