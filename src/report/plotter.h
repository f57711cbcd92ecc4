/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plotter.h
 * Inside the room: a picture of a sweep while it is made. plot.c decides what is drawn, and draws
 * the curves; plot_words.c says what they are. */
#ifndef PLOTTER_H
#define PLOTTER_H

#include "report/picture.h"
#include "report/plot_view.h"

/** Turns over which there is a modulation: a sidereal day in its hours, a year in days. */
static const double PLOT_DAY_H = 24, PLOT_YEAR_D = 365.2422;

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

/** A sweep in a picture. */
typedef struct plotter {
  const report_plot *about;
  plot_kind kind;
  double events;
  store_sweep *sweep;
  store_targets *targets;
  plot_view view;
  picture *picture; /* the group's */
} plotter;

/** Sweeps of a file that share a picture: of one kind, and with the same words at their axes. */
typedef struct plot_group {
  const char *path;
  store_summary *summary;
  size_t n;
  plotter *each; /* [n]; the first one speaks where all say the same */
  picture *picture;
} plot_group;

/** Whether y is a cross section, or a kinetic mixing. */
static inline bool plot_of_strength(const plotter *p)
{
  return p->kind == REACH || p->kind == LIMIT;
}

/** The dataset of a kind of picture, and what people call the kind. */
const char *plot_dataset(plot_kind kind);
const char *plot_kind_name(plot_kind kind);

/** The kind that `about` asks for, or what suits the sweep. @return ELFIN_OK; ELFIN_E_ARGUMENT: there is
 * no such kind; ELFIN_E_OUTPUT: the file cannot be read */
elfin_status plot_choose_kind(const char *path, const char *sweep, const report_plot *about,
                              plot_kind *kind, elfin_error *err);

/** The axis that is drawn along. @return ELFIN_OK; ELFIN_E_ARGUMENT: there is none, or not of numbers */
elfin_status plot_choose_axis(const plotter *p, size_t *x, elfin_error *err);

/** Label, unit and kind of the axis that is drawn along, for all sweeps; `*unit`: what its numbers are
 * divided by. */
void plot_describe_x(plot_group *g, double *unit);
/** The other axis of a sweep's picture; free() it; NULL without memory. */
char *plot_y_label(const plotter *p);

/** Numbers of the axis that is drawn along, in the file's unit. */
const double *plot_numbers_of_x(const plotter *p);

/** What is drawn at a position on x: a rate, a reach, a ratio; NaN where there is nothing. */
double plot_y(const plotter *p, size_t curve, size_t i);

/** Bands in place of curves (plot_band.c): for each position on x from the least to the largest of
 * the members, which differ in responses, halos and the like; and the members as thin lines.
 * `*n_colours` counts on. */
void plot_add_bands(plotter *p, double unit, size_t *n_colours);

/** What labels of the sweeps' curves begin with, where they share a picture: whose limit it is, and
 * whatever else they differ in. Before labels are made. */
void plot_name_sweeps(plot_group *g);

/** "2 of 5 values of v0": what was left out of any sweep; "" if nothing. */
void plot_left_out(const plot_group *g, char text[PLOT_LABEL]);

/** What all curves share: "mermin response, 90 % C.L. upper limits". */
void plot_group_constants(const plot_group *g, char text[PLOT_LABEL]);

/** Title, what is constant, and the caption with the sources. NULLs without memory. */
void plot_describe(plot_group *g);

/** Where the numbers come from: file, sweeps, experiments, responses, materials; free() it; NULL without
 * memory. */
char *plot_caption(const plot_group *g);

/** An experiment in words: "SENSEI SNOLAB". */
void plot_experiment_words(const plotter *p, char words[PLOT_LABEL]);
/** The method of a limit: "best expected". */
void plot_method_words(const plotter *p, char words[PLOT_LABEL]);

/** The quantity that a process has its cross section of: "σ̄_{e}". */
const char *plot_symbol(const char *process);

#endif
