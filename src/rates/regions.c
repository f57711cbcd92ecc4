/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file regions.c
 * Panels between borders [regions.h]. */
#include "rates/regions.h"

#include <math.h>
#include <stdlib.h>

/* Crossings closer than this (relative) are one. */
static const double SAME = 1e-13;

enum { MAX_CUTS = 2 * REGION_MAX_SEGMENTS };

typedef struct cuts {
  size_t n;
  double at[MAX_CUTS];
} cuts;

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void add_cut(cuts *c, double at, double low, double high)
{
  if (at > low && at < high && c->n < MAX_CUTS)
    c->at[c->n++] = at;
}

/** Sort, and let cuts that agree to rounding be one. */
static void sort_cuts(cuts *c)
{
  qsort(c->at, c->n, sizeof *c->at, ascending);
  size_t n = 0;
  for (size_t i = 0; i < c->n; i++)
    if (n == 0 || c->at[i] - c->at[n - 1] > SAME * fabs(c->at[i]))
      c->at[n++] = c->at[i];
  c->n = n;
}

/** Where a hyperbola is at ω, without cancellation. */
static void add_crossings_at_omega(cuts *c, const border *hyperbola, double omega, double low,
                                   double high)
{
  double E_after = hyperbola->E - omega, m = hyperbola->m;
  if (E_after < m)
    return;
  double p_after = sqrt((E_after - m) * (E_after + m));
  add_cut(c, omega * (hyperbola->E + E_after) / (hyperbola->p + p_after), low, high);
  add_cut(c, hyperbola->p + p_after, low, high);
}

/** Where a hyperbola meets a parabola: by halving, from a look at N_LOOKS momenta. Two crossings closer
 * than these enclose nothing that matters. */
static void add_crossings_by_halving(cuts *c, const border *p, const border *q, double low, double high)
{
  enum { N_LOOKS = 400, N_HALVINGS = 60 };
  double ratio = pow(high / low, 1.0 / N_LOOKS), k = low;
  for (int i = 0; i < N_LOOKS; i++) {
    double left = k, right = i + 1 < N_LOOKS ? k * ratio : high;
    bool above = border_at(p, left) > border_at(q, left);
    k = right;
    if (above == (border_at(p, right) > border_at(q, right)))
      continue;
    for (int j = 0; j < N_HALVINGS; j++) {
      double middle = 0.5 * (left + right);
      if ((border_at(p, middle) > border_at(q, middle)) == above)
        left = middle;
      else
        right = middle;
    }
    add_cut(c, right, low, high);
  }
}

/** Where p − q = 0, without cancellation. */
static void add_crossings(cuts *c, const border *p, const border *q, double low, double high)
{
  if (p->p > 0 && q->p > 0)
    return; /* they meet at k = 0 only */
  if (p->p > 0 || q->p > 0) {
    const border *hyperbola = p->p > 0 ? p : q, *other = p->p > 0 ? q : p;
    if (other->b == 0 && other->c == 0)
      add_crossings_at_omega(c, hyperbola, other->a, low, high);
    else
      add_crossings_by_halving(c, hyperbola, other, low, high);
    return;
  }
  double a = p->a - q->a, b = p->b - q->b, square = p->c - q->c;
  if (square == 0) {
    if (b != 0)
      add_cut(c, -a / b, low, high);
    return;
  }
  double discriminant = b * b - 4 * a * square;
  if (discriminant < 0)
    return;
  double t = -0.5 * (b + copysign(sqrt(discriminant), b));
  add_cut(c, t / square, low, high);
  if (t != 0)
    add_cut(c, a / t, low, high);
}

/** The strip's curves: those of the region and the two constants. */
static size_t curves_of_strip(const region *r, double omega_low, double omega_high,
                              border curve[REGION_MAX_CURVES + 2])
{
  for (size_t i = 0; i < r->n_curves; i++)
    curve[i] = r->curve[i];
  curve[r->n_curves] = (border){.a = omega_low};
  curve[r->n_curves + 1] = (border){.a = omega_high};
  return r->n_curves + 2;
}

/** Momenta at which the order of the curves within the strip changes. */
static void cut_momenta(const region *r, size_t n, const border curve[], double omega_low,
                        double omega_high, cuts *c)
{
  c->n = 2;
  c->at[0] = r->k_min;
  c->at[1] = r->k_max;
  for (size_t i = 0; i < r->n_ends; i++)
    add_cut(c, r->end[i], r->k_min, r->k_max);
  for (size_t i = 0; i < n; i++)
    for (size_t j = i + 1; j < n; j++) {
      cuts crossing = {0};
      add_crossings(&crossing, &curve[i], &curve[j], r->k_min, r->k_max);
      for (size_t m = 0; m < crossing.n; m++) {
        double omega = border_at(&curve[i], crossing.at[m]);
        double slack = 1e-9 * (fabs(omega_low) + fabs(omega_high));
        if (omega >= omega_low - slack && omega <= omega_high + slack)
          add_cut(c, crossing.at[m], r->k_min, r->k_max);
      }
    }
  sort_cuts(c);
}

/** The panels between two neighbouring cuts. */
static size_t stack_panels(const region *r, size_t n, const border curve[], double omega_low,
                           double omega_high, double k_low, double k_high, panel panels[],
                           size_t room)
{
  double middle = sqrt(k_low) * sqrt(k_high);
  size_t order[REGION_MAX_CURVES + 2], n_order = 0;
  double omega[REGION_MAX_CURVES + 2];
  for (size_t i = 0; i < n; i++) { /* insertion sort: n is small */
    double own = border_at(&curve[i], middle);
    if (!(own >= omega_low && own <= omega_high))
      continue;
    size_t at = n_order++;
    for (; at > 0 && omega[at - 1] > own; at--) {
      omega[at] = omega[at - 1];
      order[at] = order[at - 1];
    }
    omega[at] = own;
    order[at] = i;
  }
  size_t made = 0;
  for (size_t i = 0; i + 1 < n_order; i++) {
    if (!(omega[i + 1] > omega[i]) || !r->inside(r->context, 0.5 * (omega[i] + omega[i + 1]), middle))
      continue;
    if (made == room)
      return made + 1;
    panels[made++] = (panel){k_low, k_high, curve[order[i]], curve[order[i + 1]]};
  }
  return made;
}

elfin_status region_panels(const region *r, double omega_low, double omega_high, panel panels[],
                           size_t *n_panels, elfin_error *err)
{
  *n_panels = 0;
  if (!(omega_high > omega_low && r->k_max > r->k_min))
    return ELFIN_OK;
  border curve[REGION_MAX_CURVES + 2];
  size_t n = curves_of_strip(r, omega_low, omega_high, curve);
  cuts c;
  cut_momenta(r, n, curve, omega_low, omega_high, &c);
  if (c.n == MAX_CUTS)
    return elfin_fail(err, ELFIN_E_VALIDITY, "more than %d kinks cross in one rate", MAX_CUTS);
  for (size_t i = 0; i + 1 < c.n; i++) {
    size_t room = REGION_MAX_PANELS - *n_panels;
    size_t made = stack_panels(r, n, curve, omega_low, omega_high, c.at[i], c.at[i + 1],
                               panels + *n_panels, room);
    if (made > room)
      return elfin_fail(err, ELFIN_E_VALIDITY, "a rate needs more than %d panels",
                        REGION_MAX_PANELS);
    *n_panels += made;
  }
  return ELFIN_OK;
}

/* ---- cutting a panel ------------------------------------------------------------------------- */

void panel_cut_at_k(const panel *whole, double k, panel pieces[2])
{
  pieces[0] = pieces[1] = *whole;
  pieces[0].k_high = pieces[1].k_low = k;
}

size_t panel_cut_at_omega(const panel *whole, double omega, panel pieces[])
{
  const border line = {.a = omega};
  cuts c = {.n = 2, .at = {whole->k_low, whole->k_high}};
  add_crossings(&c, &whole->lower, &line, whole->k_low, whole->k_high);
  add_crossings(&c, &whole->upper, &line, whole->k_low, whole->k_high);
  sort_cuts(&c);
  size_t n = 0;
  for (size_t i = 0; i + 1 < c.n; i++) {
    double middle = sqrt(c.at[i]) * sqrt(c.at[i + 1]);
    panel piece = *whole;
    piece.k_low = c.at[i];
    piece.k_high = c.at[i + 1];
    if (border_at(&whole->lower, middle) < omega && omega < border_at(&whole->upper, middle)) {
      pieces[n] = piece;
      pieces[n++].upper = line;
      piece.lower = line;
    }
    pieces[n++] = piece;
  }
  return n;
}

void panel_energies(const panel *p, double *low, double *high)
{
  double k[4] = {p->k_low, p->k_high, p->k_low, p->k_high};
  for (int i = 0; i < 2; i++) { /* a curve's top, if it lies inside */
    const border *curve = i ? &p->upper : &p->lower;
    double top = curve->p > 0 ? curve->p : curve->c != 0 ? -curve->b / (2 * curve->c) : 0;
    if (top > p->k_low && top < p->k_high)
      k[2 + i] = top;
  }
  *low = HUGE_VAL;
  *high = -HUGE_VAL;
  for (int i = 0; i < 4; i++) {
    *low = fmin(*low, border_at(&p->lower, k[i]));
    *high = fmax(*high, border_at(&p->upper, k[i]));
  }
}

/** Keep those stretches between neighbouring cuts whose middle is inside. */
static size_t stretches(const region *r, const cuts *c, bool along_k, double fixed, double ends[])
{
  size_t n = 0;
  for (size_t i = 0; i + 1 < c->n && n < REGION_MAX_SEGMENTS; i++) {
    double middle = 0.5 * (c->at[i] + c->at[i + 1]);
    if (!(along_k ? r->inside(r->context, fixed, middle) : r->inside(r->context, middle, fixed)))
      continue;
    ends[2 * n] = c->at[i];
    ends[2 * n++ + 1] = c->at[i + 1];
  }
  return n;
}

size_t region_segments(const region *r, double omega, double ends[])
{
  if (!(r->k_max > r->k_min))
    return 0;
  border line = {.a = omega};
  cuts c = {.n = 2, .at = {r->k_min, r->k_max}};
  for (size_t i = 0; i < r->n_ends; i++)
    add_cut(&c, r->end[i], r->k_min, r->k_max);
  for (size_t i = 0; i < r->n_knots; i++)
    add_cut(&c, r->knot[i], r->k_min, r->k_max);
  for (size_t i = 0; i < r->n_curves; i++)
    add_crossings(&c, &r->curve[i], &line, r->k_min, r->k_max);
  sort_cuts(&c);
  return stretches(r, &c, true, omega, ends);
}

size_t region_columns(const region *r, double k, double omega_low, double omega_high, double ends[])
{
  if (!(omega_high > omega_low))
    return 0;
  cuts c = {.n = 2, .at = {omega_low, omega_high}};
  for (size_t i = 0; i < r->n_curves; i++)
    add_cut(&c, border_at(&r->curve[i], k), omega_low, omega_high);
  sort_cuts(&c);
  return stretches(r, &c, false, k, ends);
}
