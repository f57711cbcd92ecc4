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

/** One sentence for each momentum that has holes: the first of them, and how many. */
static size_t check_row(const store_table *t, size_t i_k, problems *list)
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
  if (n_holes) {
    size_t at = i_k * t->n_omega + first_hole;
    problems_add(list, 0, 0,
                 "k[%zu] = %.6g eV, omega[%zu] = %.6g eV: epsilon = %g + %g i is no value "
                 "(%zu like this at this momentum)",
                 i_k, t->k[i_k], first_hole, t->omega[first_hole], t->eps1[at], t->eps2[at],
                 n_holes);
  }
  if (n_negative)
    problems_add(list, 0, 0,
                 "k[%zu] = %.6g eV, omega[%zu] = %.6g eV: the loss Im(-1/epsilon) = %.3g is "
                 "negative (%zu like this at this momentum)%s",
                 i_k, t->k[i_k], first_negative, t->omega[first_negative],
                 import_elf(t, i_k, first_negative), n_negative,
                 2 * n_negative > t->n_omega ? ": is it the complex conjugate, or -Im?" : "");
  return n_holes + n_negative;
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
  for (size_t i = 0; i < t->n_k; i++)
    n_wrong += check_row(t, i, list);
  return n_wrong;
}
