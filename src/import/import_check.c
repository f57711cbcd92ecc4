/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_check.c
 * What no grid of ε(ω,k) may have, and where it has it. */
#include "import/import_grid.h"

#include <math.h>

/* Losses below 0 by less than this, of the largest one at that momentum, are rounding of ε2. */
static const double ROUNDING = 1e-6;

double import_elf(const store_table *t, size_t i_k, size_t i_omega)
{
  double re = t->eps1[i_k * t->n_omega + i_omega], im = t->eps2[i_k * t->n_omega + i_omega];
  return im / (re * re + im * im);
}

static size_t check_axis(const char *what, size_t least, size_t n, const double x[], problems *list)
{
  size_t n_wrong = 0;
  if (n < least)
    problems_add(list, 0, 0, "%s has %zu value%s: a table needs at least %zu", what, n,
                 n == 1 ? "" : "s", least);
  for (size_t i = 0; i < n; i++)
    if (!isfinite(x[i]) || x[i] < 0) {
      problems_add(list, 0, 0, "%s[%zu] = %g: it must be a number, and not negative", what, i,
                   x[i]);
      n_wrong++;
    } else if (i && !(x[i] > x[i - 1])) {
      problems_add(list, 0, 0, "%s[%zu] = %.12g does not ascend: before it stands %.12g", what, i,
                   x[i], x[i - 1]);
      n_wrong++;
    }
  return n_wrong + (n < least);
}

static double highest_loss(const store_table *t, size_t i_k)
{
  double most = 0;
  for (size_t i = 0; i < t->n_omega; i++)
    most = fmax(most, import_elf(t, i_k, i)); /* fmax() drops a NaN */
  return most;
}

/** Points of one kind: the first of them, and how many, at how many momenta. */
typedef struct blemish {
  size_t i_k, i_omega, n, n_momenta;
} blemish;

static void note(blemish *b, size_t i_k, size_t i_omega, size_t n)
{
  if (n && !b->n_momenta++) {
    b->i_k = i_k;
    b->i_omega = i_omega;
  }
  b->n += n;
}

static void check_row(const store_table *t, size_t i_k, blemish *holes, blemish *negative)
{
  size_t n_holes = 0, n_negative = 0, first_hole = 0, first_negative = 0;
  double allowed = -ROUNDING * highest_loss(t, i_k);
  for (size_t i = 0; i < t->n_omega; i++) {
    size_t at = i_k * t->n_omega + i;
    if (!isfinite(t->eps1[at]) || !isfinite(t->eps2[at])) {
      first_hole = n_holes++ ? first_hole : i;
    } else if (t->eps1[at] == 0 && t->eps2[at] == 0) {
      first_hole = n_holes++ ? first_hole : i;
    } else if (import_elf(t, i_k, i) < allowed) {
      first_negative = n_negative++ ? first_negative : i;
    }
  }
  note(holes, i_k, first_hole, n_holes);
  note(negative, i_k, first_negative, n_negative);
}

/** One sentence for all of a kind. */
static void tell(const store_table *t, const blemish *b, bool hole, problems *list)
{
  size_t at = b->i_k * t->n_omega + b->i_omega;
  char what[128];
  if (!b->n)
    return;
  if (hole)
    snprintf(what, sizeof what, "epsilon = %g + %g i is no value", t->eps1[at], t->eps2[at]);
  else
    snprintf(what, sizeof what, "the loss Im(-1/epsilon) = %.3g is negative",
             import_elf(t, b->i_k, b->i_omega));
  problems_add(list, 0, 0, "k[%zu] = %.6g eV, omega[%zu] = %.6g eV: %s (%zu like this, at %zu of %zu momenta)%s",
               b->i_k, t->k[b->i_k], b->i_omega, t->omega[b->i_omega], what, b->n, b->n_momenta, t->n_k,
               !hole && 2 * b->n > t->n_omega * t->n_k ? ": is it the complex conjugate, or -Im?" : "");
}

/** ε(ω) alone, at the one momentum 0. */
static bool is_optical(const store_table *t)
{
  return t->n_k == 1 && t->k[0] == 0;
}

size_t import_check_grid(const store_table *t, problems *list)
{
  size_t n_wrong = check_axis("omega", 2, t->n_omega, t->omega, list) +
                   check_axis("k", is_optical(t) ? 1 : 2, t->n_k, t->k, list);
  blemish holes = {0}, negative = {0};
  for (size_t i = 0; i < t->n_k; i++)
    check_row(t, i, &holes, &negative);
  tell(t, &holes, true, list);
  tell(t, &negative, false, list);
  return n_wrong + holes.n + negative.n;
}
