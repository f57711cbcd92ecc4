/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limit_events.c
 * A Poisson count → an upper limit on the expected signal [limit.h].
 *
 * With Q(n, x) = Σ_{i≤n} Poisson(i; x), the limit s solves Q(n, s + b) = (1 − CL) Q(n, b).
 * Delicate: where n ≪ b both sides underflow, so everything is a logarithm: x > n:  Q = e^{−x}
 * xⁿ/n! (1 + n/x + n(n−1)/x² + …),   n + 1 positive terms, each below its predecessor x ≤ n:  1 − Q
 * = e^{−x} x^{n+1}/(n+1)! (1 + x/(n+2) + x²/((n+2)(n+3)) + …)
 */
#include "limits/limits.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_roots.h>

#include <float.h>
#include <math.h>

static const double ROOT_ACCURACY = 1e-12;
enum { MOST_STEPS = 200, MOST_DOUBLINGS = 1000 };

/* An expected limit sums over counts until what is left of the Poisson distribution is below this.
 */
static const double NEGLIGIBLE = 1e-13;
static const double MOST_COUNTS = 1e15;  /* whole numbers are exact up to here and beyond */
static const double MOST_EXPECTED = 1e5; /* background, for the sum over all counts */

elfin_status limits_check_confidence(double confidence, elfin_error *err)
{
  if (confidence > 0 && confidence < 1)
    return ELFIN_OK;
  return elfin_fail(err, ELFIN_E_ARGUMENT,
                    "a confidence level of %g: it must lie between 0 and 1, both excluded; 0.9 is "
                    "90 %%",
                    confidence);
}

/* 1 + n/x + n(n−1)/x² + … */
static double falling_series(double n, double x)
{
  double sum = 1, term = 1;
  for (double i = n; i > 0 && term > DBL_EPSILON * sum; i--)
    sum += term *= i / x;
  return sum;
}

/* ln Q(n, x) */
static double log_sum(double n, double x)
{
  if (x == 0)
    return 0;
  if (x > n)
    return -x + n * log(x) - lgamma(n + 1) + log(falling_series(n, x));
  double sum = 1, term = 1;
  for (double i = n + 2; term > DBL_EPSILON * sum; i++)
    sum += term *= x / i;
  return log1p(-exp(-x + (n + 1) * log(x) - lgamma(n + 2)) * sum);
}

/* ln Q(n, s + b)/Q(n, b): for b > n without the terms in which both are alike. */
static double log_ratio(double n, double b, double s)
{
  if (b > n)
    return -s + n * log1p(s / b) + log(falling_series(n, s + b) / falling_series(n, b));
  return log_sum(n, s + b) - log_sum(n, b);
}

/* ---- roots ------------------------------------------------------------------------------------
 */

typedef struct rising {
  limits_rising *f;
  const void *context;
} rising;

static double call(double x, void *parameters)
{
  const rising *r = parameters;
  return r->f(x, r->context);
}

elfin_status limits_root(limits_rising *f, const void *context, double low, double high,
                         double *root, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  rising parameters = {f, context};
  gsl_function function = {call, &parameters};
  gsl_root_fsolver *solver = NULL;
  int n_doublings = 0;
  for (; !(f(high, context) >= 0) && n_doublings < MOST_DOUBLINGS; n_doublings++) {
    low = high;
    high *= 2;
  }
  if (n_doublings == MOST_DOUBLINGS)
    return elfin_fail(err, ELFIN_E_ACCURACY, "a limit: no upper bound up to %g", high);
  solver = gsl_root_fsolver_alloc(gsl_root_fsolver_brent);
  if (!solver)
    return elfin_fail(err, ELFIN_E_MEMORY, "a limit: no memory");
  if (gsl_root_fsolver_set(solver, &function, low, high) != GSL_SUCCESS) {
    status = elfin_fail(err, ELFIN_E_ACCURACY, "a limit: no root between %g and %g", low, high);
    goto out;
  }
  for (int i = 0; i < MOST_STEPS; i++) {
    if (gsl_root_fsolver_iterate(solver) != GSL_SUCCESS ||
        gsl_root_test_interval(gsl_root_fsolver_x_lower(solver), gsl_root_fsolver_x_upper(solver),
                               0, ROOT_ACCURACY) == GSL_SUCCESS)
      break;
  }
  *root = gsl_root_fsolver_root(solver);
out:
  gsl_root_fsolver_free(solver);
  return status;
}

/* ---- the limit --------------------------------------------------------------------------------
 */

typedef struct count {
  double n, b, wanted; /* wanted: ln(1 − CL) */
} count;

static double excluded(double s, const void *context)
{
  const count *c = context;
  return c->wanted - log_ratio(c->n, c->b, s);
}

elfin_status limits_events(double n, double b, double confidence, double *events, elfin_error *err)
{
  count c = {n, b, log1p(-confidence)};
  double first = -c.wanted; /* the limit for n = 0, and the least of all */
  if (n == 0) {
    *events = first;
    return ELFIN_OK;
  }
  return limits_root(excluded, &c, 0, first + fmax(0, n - b) + sqrt(n), events, err);
}

static elfin_status check_background(double background, elfin_error *err)
{
  if (background >= 0 && isfinite(background))
    return ELFIN_OK;
  return elfin_fail(err, ELFIN_E_ARGUMENT,
                    "a background of %g events: it must be a finite number, 0 or more", background);
}

elfin_status elfin_limit_events(double observed, double background, double confidence,
                                double *events, elfin_error *err)
{
  elfin_status status = limits_check_confidence(confidence, err);
  if (!status)
    status = check_background(background, err);
  if (status)
    return status;
  if (!(observed >= 0 && observed <= MOST_COUNTS && observed == floor(observed)))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%g observed events: it must be a whole number, 0 or more", observed);
  return limits_events(observed, background, confidence, events, err);
}

elfin_status elfin_limit_expected_events(double background, double confidence, double *events,
                                         elfin_error *err)
{
  elfin_status status = limits_check_confidence(confidence, err);
  if (!status)
    status = check_background(background, err);
  if (status)
    return status;
  if (background > MOST_EXPECTED)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "a background of %g events: an expected limit sums over all counts, and that "
                      "goes up to %g",
                      background, MOST_EXPECTED);
  double mean = 0, sigma = sqrt(background);
  for (double n = fmax(0, floor(background - 9 * sigma));; n++) {
    double weight = exp(-background + n * log(fmax(background, DBL_MIN)) - lgamma(n + 1)), one;
    if (n == 0)
      weight = exp(-background);
    if (n > background + 2 && weight < NEGLIGIBLE)
      break;
    if ((status = limits_events(n, background, confidence, &one, err)))
      return status;
    mean += weight * one;
  }
  *events = mean;
  return ELFIN_OK;
}
