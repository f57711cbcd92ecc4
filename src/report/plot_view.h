/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_view.h
 * Inside the room: a sweep as curves. One axis is drawn along, the strength of the interaction is
 * divided out (or stays at its first value), and each combination of what is left is a curve. */
#ifndef PLOT_VIEW_H
#define PLOT_VIEW_H

#include "report/report.h"
#include "report/strength.h"

enum { PLOT_MOST_AXES = 24, PLOT_LABEL = 240 };
enum { PLOT_COLOURS = 7, PLOT_DASHES = 5 };
#define PLOT_NO_AXIS SIZE_MAX

typedef struct plot_view {
  const store_sweep *sweep;
  const store_targets *targets; /* NULL: not known */
  size_t x, scale;              /* axes; PLOT_NO_AXIS if there is none */
  const strength *of_scale;
  size_t stride[PLOT_MOST_AXES]; /* of each axis in the dataset */
  size_t n_kept[PLOT_MOST_AXES]; /* positions that are drawn … */
  size_t *kept[PLOT_MOST_AXES];  /* … ascending; of x all */
  bool thinned[PLOT_MOST_AXES];  /* by us, for too many curves */
  size_t ratio, reference;       /* an axis, and the position on it by which curves are divided */
  bool envelope;                 /* curves are members of bands */
  bool told[PLOT_MOST_AXES];     /* in every label: the material, and in what sweeps of a picture differ */
  char title[PLOT_LABEL];        /* what every label begins with; "" for one sweep alone */
  size_t n_curves;
} plot_view;

/** Look at a sweep along axis `x`; selections, ratio and envelope as `about` has them. Where
 * nothing is selected and curves were more than can be told apart, some values stand for all.
 * @param n_sweeps  that share the picture, and so the curves that there may be
 * @return ELFIN_OK; ELFIN_E_ARGUMENT; ELFIN_E_MEMORY */
elfin_status plot_view_open(const store_sweep *sweep, const store_targets *targets, size_t x,
                            size_t n_sweeps, const report_plot *about, plot_view *v,
                            elfin_error *err);
void plot_view_close(plot_view *v);

size_t plot_axis_named(const store_sweep *sweep, const char *key);

/** Whether the axis distinguishes curves (it is neither x nor the strength). */
bool plot_of_curves(const plot_view *v, size_t axis);

/** Whether the members of a band differ in this axis: all but material, mediator and threshold. */
bool plot_of_bands(const plot_view *v, size_t axis);

/** A curve's position on an axis, as the dataset counts. */
size_t plot_position(const plot_view *v, size_t curve, size_t axis);

/** The value, NaN where there is none, at a position on x. */
double plot_value(const plot_view *v, size_t curve, size_t i_x);

/** The value by which it is divided in a ratio. */
double plot_reference(const plot_view *v, size_t curve, size_t i_x);

/** Energies of a threshold, which differ by material; other axes have their numbers. */
double plot_number(const plot_view *v, size_t curve, size_t axis);

/** What distinguishes this curve: "Si, massless". `leave_out`: axes that are not to be told, NULL:
 * none. Never empty. */
void plot_curve_label(const plot_view *v, size_t curve, const bool leave_out[],
                      char label[PLOT_LABEL]);

/** Sweeps that share a picture: what they differ in is to be told of each. */
void plot_tell_apart(size_t n, plot_view *const view[]);

/** What all curves have in common: "mermin, massive mediator, above 4.71 eV". */
void plot_constants(const plot_view *v, char label[PLOT_LABEL]);

/** What the members of bands differ in: "response (mermin, lindhard), v0 (200 to 240 km/s)"; ""
 * without bands. */
void plot_band_values(const plot_view *v, char label[PLOT_LABEL]);

/** "4 of 41 masses are drawn": what was thinned; "" if nothing. */
void plot_thinned(const plot_view *v, char text[PLOT_LABEL]);

/** What curves are divided by: "unscreened". */
void plot_reference_words(const plot_view *v, char text[PLOT_LABEL]);

/** Colour and dash: by the first things that distinguish curves, and the others, if they are few
 * enough. */
void plot_style(const plot_view *v, size_t curve, size_t *colour, size_t *dash);

#endif
