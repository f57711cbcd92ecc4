/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limit_gap.c
 * Yellin's maximum gap [limit.h; physics/0203002, eq. 2].
 *
 *   C0(x, μ) = Σ_{k=0}^{m} (k x − μ)^k e^{−k x}/k! · (1 + k/(μ − k x)),   m the largest integer ≤
 * μ/x
 *
 * At k x = μ the bracket times (k x − μ)^k is 0 for k > 1, and −1 for k = 1; so a term is written
 *   e^{−k x}/k! · [(k x − μ)^k − k (k x − μ)^{k−1}].
 * Delicate: terms alternate and are about (μ e^{−x})^k/k!; beyond μ e^{−x} = CANCELS they cancel
 * all digits, and C0 ~ exp(−μ e^{−x}) is 0 beside every confidence level.
 */
#include "limits/limits.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double CANCELS = 15;

/* (−p)^k e^{−k x}/k!, p ≥ 0; (−0)^0 = 1 */
static double term(double k, double p, double x)
{
  if (p == 0)
    return 0;
  double size = exp(k * (log(p) - x) - lgamma(k + 1));
  return fmod(k, 2) == 0 ? size : -size;
}

double elfin_maximum_gap_probability(double x, double mu)
{
  if (!(x <= mu))
    return isnan(x) || isnan(mu) ? NAN : 1;
  if (!(x > 0) || log(mu) - x > log(CANCELS))
    return 0;
  double sum = 1, size = 1;
  for (double k = 1; k * x <= mu && fabs(size) > DBL_EPSILON; k++) {
    double p = mu - k * x;
    /* k (k x − μ)^{k−1}/k! = (k x − μ)^{k−1}/(k−1)!, and e^{−k x} = e^{−(k−1) x} e^{−x} */
    double lower = k == 1 ? exp(-x) : exp(-x) * term(k - 1, p, x);
    size = term(k, p, x) - lower;
    sum += size;
  }
  return fmin(1, fmax(0, sum));
}

/* ---- events on the axis of expected signal ------------------------------------------------------
 */

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

elfin_status limits_sorted_events(size_t n, const double cumulative[], double total, double **at,
                                  elfin_error *err)
{
  if (!(total >= 0 && isfinite(total)))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%g expected events in all: a finite number, 0 or more, is wanted", total);
  for (size_t i = 0; i < n; i++)
    if (!(cumulative[i] >= 0 && cumulative[i] <= total))
      return elfin_fail(
          err, ELFIN_E_ARGUMENT,
          "event %zu: %g expected events below it, which must be between 0 and all of "
          "them, %g",
          i + 1, cumulative[i], total);
  double *made = malloc((n + 2) * sizeof *made);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "%zu events: no memory", n);
  made[0] = 0;
  for (size_t i = 0; i < n; i++)
    made[i + 1] = total > 0 ? cumulative[i] / total : 0;
  made[n + 1] = 1;
  qsort(made + 1, n, sizeof *made, ascending);
  *at = made;
  return ELFIN_OK;
}

elfin_status elfin_limit_cumulative(size_t n_edges, const double edge_eV[], const double expected[],
                                    size_t n, const double energy_eV[], double cumulative[],
                                    double *total, elfin_error *err)
{
  if (n_edges < 2)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a spectrum needs at least two edges");
  double sum = 0;
  for (size_t i = 0; i + 1 < n_edges; i++) {
    if (!(edge_eV[i] < edge_eV[i + 1]))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "edges must ascend: %g eV is followed by %g eV",
                        edge_eV[i], edge_eV[i + 1]);
    if (!(expected[i] >= 0 && isfinite(expected[i])))
      return elfin_fail(err, ELFIN_E_ARGUMENT,
                        "bin %zu: %g expected events: a finite number, 0 or more, is wanted", i + 1,
                        expected[i]);
    sum += expected[i];
  }
  for (size_t j = 0; j < n; j++) {
    double energy = energy_eV[j], below = 0;
    if (isnan(energy))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "the energy of event %zu is not a number", j + 1);
    for (size_t i = 0; i + 1 < n_edges && edge_eV[i] < energy; i++)
      below += expected[i] * fmin(1, (energy - edge_eV[i]) / (edge_eV[i + 1] - edge_eV[i]));
    cumulative[j] = fmin(below, sum);
  }
  if (total)
    *total = sum;
  return ELFIN_OK;
}

/* ---- the limit --------------------------------------------------------------------------------
 */

typedef struct gap {
  double share, confidence; /* the largest gap over all of the range */
} gap;

static double rejected(double mu, const void *context)
{
  const gap *g = context;
  return elfin_maximum_gap_probability(g->share * mu, mu) - g->confidence;
}

elfin_status elfin_limit_maximum_gap(size_t n, const double cumulative[], double total,
                                     double confidence, double *strength, elfin_error *err)
{
  double *at = NULL, mu;
  gap largest = {0, confidence};
  elfin_status status = limits_check_confidence(confidence, err);
  if (!status)
    status = limits_sorted_events(n, cumulative, total, &at, err);
  if (status)
    return status;
  for (size_t i = 0; i <= n; i++)
    largest.share = fmax(largest.share, at[i + 1] - at[i]);
  free(at);
  if (total == 0) {
    *strength = INFINITY;
    return ELFIN_OK;
  }
  double first = -log1p(-confidence);
  status = limits_root(rejected, &largest, first * (1 - 1e-6), 2 * first, &mu, err);
  if (!status)
    *strength = mu / total;
  return status;
}
