/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron_knots.c
 * A table of ε(ω,k) is bilinear between its knots, and every one of them is a kink of W: too many
 * to cut at all of them. The integrator asks for a cut where it matters. */
#include "rates/electron_inner.h"

#include "elf/elf.h"
#include "elf/elf_table.h"

/* Knots closer to a panel's edge than this (relative) are the edge. */
static const double ON_EDGE = 1e-12;

/** How many of the ascending knots are at or below x. */
static size_t knots_up_to(size_t n, const double knot[], double x)
{
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (knot[middle] <= x)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/** The knots strictly between low and high: first, and how many. */
static size_t knots_between(size_t n, const double knot[], double low, double high, size_t *first)
{
  *first = knots_up_to(n, knot, low * (1 + ON_EDGE));
  size_t end = knots_up_to(n, knot, high * (1 - ON_EDGE));
  return end > *first ? end - *first : 0;
}

/** The knots inside of a panel, in k and in ω. */
typedef struct knots {
  size_t n_k, first_k, n_omega, first_omega;
} knots;

static knots knots_in_panel(const electron *e, const panel *p)
{
  const struct elf_table *table = e->q->response->table;
  knots in;
  double low, high;
  panel_energies(p, &low, &high);
  in.n_k = knots_between(table->n_k, table->k, p->k_low, p->k_high, &in.first_k);
  in.n_omega = knots_between(table->n_omega, table->omega, low, high, &in.first_omega);
  return in;
}

static bool any_in_panel(void *context, size_t i_panel)
{
  const electron *e = context;
  knots in = knots_in_panel(e, &e->panels[i_panel]);
  return in.n_k + in.n_omega > 0;
}

/** Cut at the middle knot in k and at the one in ω: so that the pieces tell of kinks in both. */
static size_t cut_panel(void *context, size_t i_panel)
{
  electron *e = context;
  const struct elf_table *table = e->q->response->table;
  panel half[2] = {e->panels[i_panel]}, pieces[2 * REGION_MAX_PIECES];
  knots in = knots_in_panel(e, &half[0]);
  size_t n_halves = 1, n = 0;
  if (e->n_panels + 2 * REGION_MAX_PIECES > INTEGRAL_MAX_PANELS)
    return 0;
  if (in.n_k > 0) {
    panel_cut_at_k(&e->panels[i_panel], table->k[in.first_k + in.n_k / 2], half);
    n_halves = 2;
  }
  for (size_t i = 0; i < n_halves; i++)
    if (in.n_omega > 0)
      n += panel_cut_at_omega(&half[i], table->omega[in.first_omega + in.n_omega / 2], pieces + n);
    else
      pieces[n++] = half[i];
  e->panels[i_panel] = pieces[0];
  for (size_t i = 1; i < n; i++)
    e->panels[e->n_panels++] = pieces[i];
  return n - 1;
}

const panel_kinks electron_knots = {any_in_panel, cut_panel};
