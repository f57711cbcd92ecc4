/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plotter.h
 * Inside the room: a picture of a sweep while it is made. plot.c decides what is drawn, and draws
 * the curves; plot_words.c says what they are. */
#ifndef PLOTTER_H
#define PLOTTER_H

#include "report/picture.h"
#include "report/plot_view.h"

typedef enum plot_kind {
  REACH,
  RATE,
  SPECTRUM,
  DIFFERENTIAL,
  CHARGE,
  MODULATION,
  LIMIT,
  N_KINDS
} plot_kind;

typedef struct plotter {
  const char *path;
  const report_plot *about;
  plot_kind kind;
  double events;
  store_sweep *sweep;
  store_targets *targets;
  store_summary *summary;
  plot_view view;
  picture *picture;
} plotter;

/** Whether y is a cross section, or a kinetic mixing. */
static inline bool plot_of_strength(const plotter *p)
{
  return p->kind == REACH || p->kind == LIMIT;
}

/** Label, unit and kind of the axis that is drawn along; `*unit`: what its numbers are divided by.
 */
void plot_describe_x(plotter *p, double *unit);
/** The same of the other one: what is drawn, and a line at 1 for ratios. */
void plot_describe_y(plotter *p);

/** Numbers of the axis that is drawn along, in the file's unit. */
const double *plot_numbers_of_x(const plotter *p);

/** What is drawn at a position on x: a rate, a reach, a ratio; NaN where there is nothing. */
double plot_y(const plotter *p, size_t curve, size_t i);

/** Bands in place of curves (plot_band.c): for each position on x from the least to the largest of
 * the members, which differ in responses, halos and the like; and the members as thin lines. */
void plot_add_bands(plotter *p, double unit);

/** Title, what is constant, and the caption with the sources. NULLs without memory. */
void plot_describe(plotter *p);

#endif
