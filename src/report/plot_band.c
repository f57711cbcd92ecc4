/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_band.c
 * How far apart curves lie that differ in what nobody knows well: the response, the halo. One band
 * for each material, mediator and threshold, and in it its members. */
#include "report/plotter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The first curve of the band that a curve belongs to. */
static size_t leader_of(const plot_view *v, size_t curve)
{
  for (size_t other = 0; other < curve; other++) {
    bool same = true;
    for (size_t i = 0; same && i < v->sweep->n_axes; i++)
      same = !plot_of_curves(v, i) || plot_of_bands(v, i) ||
             plot_position(v, curve, i) == plot_position(v, other, i);
    if (same)
      return other;
  }
  return curve;
}

/* From the least to the largest. Where a member sees nothing there is no end above: infinite. */
static void fill_band(const plotter *p, size_t leader, const size_t leaders[], double unit,
                      picture_curve *band)
{
  const double *x = plot_numbers_of_x(p);
  for (size_t i = 0; i < band->n; i++) {
    double low = INFINITY, high = -INFINITY;
    bool open = false;
    for (size_t curve = leader; curve < p->view.n_curves; curve++) {
      double y = plot_y(p, curve, i);
      if (leaders[curve] != leader)
        continue;
      open = open || isnan(y);
      low = isnan(y) ? low : fmin(low, y);
      high = isnan(y) ? high : fmax(high, y);
    }
    band->x[i] = x[i] / unit;
    band->low[i] = low < INFINITY ? low : NAN;
    band->y[i] = open && plot_of_strength(p) ? INFINITY : high;
  }
}

static void add_band(plotter *p, size_t leader, const size_t leaders[], size_t colour, double unit)
{
  char label[PLOT_LABEL];
  bool leave_out[PLOT_MOST_AXES] = {false};
  size_t n = p->sweep->axes[p->view.x].n;
  for (size_t i = 0; i < p->sweep->n_axes; i++)
    leave_out[i] = plot_of_bands(&p->view, i);
  plot_curve_label(&p->view, leader, leave_out, label);
  picture_curve *band = picture_add(p->picture, label, n);
  if (!band || !(band->low = calloc(n + 1, sizeof *band->low))) {
    p->picture->failed = true;
    return;
  }
  band->colour = colour;
  band->falls = true;
  fill_band(p, leader, leaders, unit, band);
}

static void add_member(plotter *p, size_t curve, size_t colour, double unit)
{
  const double *x = plot_numbers_of_x(p);
  picture_curve *c = picture_add(p->picture, NULL, p->sweep->axes[p->view.x].n);
  if (!c)
    return;
  c->thin = true;
  c->colour = colour;
  for (size_t i = 0; i < c->n; i++) {
    c->x[i] = x[i] / unit;
    c->y[i] = plot_y(p, curve, i);
  }
}

void plot_add_bands(plotter *p, double unit, size_t *n_colours)
{
  size_t n = p->view.n_curves;
  size_t *leaders = calloc(n + 1, sizeof *leaders), *colours = calloc(n + 1, sizeof *colours);
  p->picture->failed = p->picture->failed || !leaders || !colours;
  for (size_t curve = 0; !p->picture->failed && curve < n; curve++) {
    leaders[curve] = leader_of(&p->view, curve);
    colours[curve] = leaders[curve] == curve ? (*n_colours)++ : colours[leaders[curve]];
  }
  for (size_t curve = 0; !p->picture->failed && curve < n; curve++)
    if (leaders[curve] == curve)
      add_band(p, curve, leaders, colours[curve], unit);
  for (size_t curve = 0; !p->picture->failed && curve < n; curve++)
    add_member(p, curve, colours[curve], unit);
  free(colours);
  free(leaders);
}
