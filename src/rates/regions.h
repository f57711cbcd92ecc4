/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file regions.h
 * Where in the (ω,k) plane a rate is integrated, cut into panels along all kinks.
 *
 * Every kink of the integrand lies on a border: a parabola ω = a + b k + c k² – v_min(ω,k) = v for each
 * kink v of the halo, the limits of the electron gas's particle–hole band, constant ω – or, of fast
 * dark matter, a hyperbola. Between two neighbouring borders, and between two neighbouring crossings of
 * any of them, it is smooth. */
#ifndef REGIONS_H
#define REGIONS_H

#include <elfin/base.h>

#include <math.h>
#include <stdbool.h>

/** ω = a + b k + c k²; with p > 0 instead ω = E − √(m² + (p − k)²), E = √(m² + p²): what dark matter of
 * mass m and momentum p can give at most. All hyperbolas of a region have one m. */
typedef struct border {
  double a, b, c;
  double p, m, E;
} border;

/** k_low ≤ k ≤ k_high, lower(k) ≤ ω ≤ upper(k). */
typedef struct panel {
  double k_low, k_high;
  border lower, upper;
} panel;

enum { REGION_MAX_CURVES = 64, REGION_MAX_PANELS = 2048, REGION_MAX_PIECES = 10 };

typedef struct region {
  double k_min, k_max;                 /* k_min > 0 */
  size_t n_curves;
  border curve[REGION_MAX_CURVES];
  size_t n_ends;                       /* momenta at which a table begins and ends: panels and lines of */
  double end[2];                       /* constant ω are cut there */
  size_t n_knots;                      /* of a table in k: lines of constant ω are cut at all */
  const double *knot;
  bool (*inside)(const void *context, double omega, double k);
  const void *context;
} region;

static inline double border_at(const border *e, double k)
{
  if (e->p > 0)
    return k * (2 * e->p - k) / (e->E + hypot(e->m, e->p - k));
  return e->a + k * (e->b + k * e->c);
}

/** Cut the part of ω_low ≤ ω ≤ ω_high that lies inside into panels.
 * @param[out] panels  [REGION_MAX_PANELS]
 * @return ELFIN_OK; ELFIN_E_VALIDITY: too many curves cross (a halo table with too many points) */
elfin_status region_panels(const region *r, double omega_low, double omega_high, panel panels[],
                           size_t *n_panels, elfin_error *err);

/** Cut a panel at a momentum inside it. */
void panel_cut_at_k(const panel *whole, double k, panel pieces[2]);
/** Cut a panel at an energy. @param[out] pieces  [REGION_MAX_PIECES] @return how many there are */
size_t panel_cut_at_omega(const panel *whole, double omega, panel pieces[]);
/** Lowest and highest energy in a panel. */
void panel_energies(const panel *p, double *low, double *high);

enum { REGION_MAX_SEGMENTS = 1024 };

/** The same on the line of constant ω: k[0] < k[1], k[2] < k[3], … pairs of ends.
 * @param[out] ends  [2 * REGION_MAX_SEGMENTS] */
size_t region_segments(const region *r, double omega, double ends[]);

/** And on the line of constant k between ω_low and ω_high. */
size_t region_columns(const region *r, double k, double omega_low, double omega_high,
                      double ends[]);

#endif
