/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limit_events.c
 * A Poisson count → an upper limit on the expected signal [limit.h].
 *
 * With Q(n, x) = Σ_{i≤n} Poisson(i; x), the limit s solves Q(n, s + b) = (1 − CL) Q(n, b).
 * Delicate: where n ≪ b both sides underflow, so everything is a logarithm:
 *
 *   x > n:  Q = e^{−x} xⁿ/n! (1 + n/x + n(n−1)/x² + …), n + 1 positive terms, each below its
 * predecessor x ≤ n:  1 − Q = e^{−x} x^{n+1}/(n+1)! (1 + x/(n+2) + x²/((n+2)(n+3)) + …)
 */
#include "limits/limits.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_log.h>

#include <float.h>
#include <math.h>

static const double ROOT_ACCURACY = 1e-12;
static const double NEWTON_ACCURACY = 1e-11; /* of a step; what is left is its square */
static const double ROUNDING = 1e-14;        /* of all that is expected: a step that says nothing */
enum { MOST_STEPS = 200, MOST_DOUBLINGS = 1000 };

/* An expected limit sums over counts until what is left of the Poisson distribution is below this.
 */
static const double NEGLIGIBLE = 1e-13;
static const double WIDTHS = 8;          /* below the background where the sum begins */
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

/* 1 + x/(n+2) + x²/((n+2)(n+3)) + … */
static double rising_series(double n, double x)
{
  double sum = 1, term = 1;
  for (double i = n + 2; term > DBL_EPSILON * sum; i++)
    sum += term *= x / i;
  return sum;
}

/* ln of Poisson(n; x). Near x = n the terms of n ln x − x − ln n! cancel: their sum is
 * n (ln(1 + u) − u) − ln √(2πn) − ln Γ*(n),  u = x/n − 1,  with Γ* near 1 [Abramowitz and
 * Stegun 6.1.37] */
static double log_poisson(double n, double x)
{
  double u = n > 0 ? (x - n) / n : INFINITY;
  if (fabs(u) > 0.5)
    return n * log(x) - x - lgamma(n + 1);
  return n * gsl_sf_log_1plusx_mx(u) - 0.5 * log(2 * M_PI * n) - log(gsl_sf_gammastar(n));
}

/* ln Q(n, x). @param[out] hazard  Poisson(n; x)/Q, which is how fast it falls with x */
static double log_sum(double n, double x, double *hazard)
{
  *hazard = n == 0;
  if (x == 0)
    return 0;
  if (x > n) {
    double series = falling_series(n, x);
    *hazard = 1 / series;
    return log_poisson(n, x) + log(series);
  }
  double first = exp(log_poisson(n, x)), rest = first * x / (n + 1) * rising_series(n, x);
  *hazard = first / (1 - rest);
  return log1p(-rest);
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

/** −ln Q(n, s + b)/Q(n, b); for b > n without the terms in which both are alike. */
typedef struct fall {
  double n, b;
  double at_b; /* what it takes of s = 0 */
} fall;

static fall fall_of(double n, double b)
{
  double unused;
  return (fall){n, b, b > n ? log(falling_series(n, b)) : log_sum(n, b, &unused)};
}

static double fallen(const fall *f, double s, double *slope)
{
  if (!(f->b > f->n))
    return f->at_b - log_sum(f->n, s + f->b, slope);
  double series = falling_series(f->n, s + f->b);
  *slope = 1 / series;
  return s - f->n * log1p(s / f->b) - log(series) + f->at_b;
}

/* The limit, from a guess. Q is log-concave in x: Newton's steps from above lead down to the root
 * without passing it, and from below the first one leads above. */
static elfin_status limit_from(double guess, double n, double b, double confidence, double *events,
                               elfin_error *err)
{
  fall f = fall_of(n, b);
  double s = guess, wanted = -log1p(-confidence), slope;
  for (int step = 0; step < MOST_STEPS; step++) {
    double more = (wanted - fallen(&f, s, &slope)) / slope;
    s += more;
    if (fabs(more) <= NEWTON_ACCURACY * s + ROUNDING * (s + b)) {
      *events = s;
      return ELFIN_OK;
    }
  }
  return elfin_fail(err, ELFIN_E_ACCURACY, "a limit of %g events with %g expected: no root", n, b);
}

elfin_status limits_events(double n, double b, double confidence, double *events, elfin_error *err)
{
  double least = -log1p(-confidence); /* the limit for n = 0 */
  return limit_from(least + fmax(0, n - b) + 2 * sqrt(n), n, b, confidence, events, err);
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
  double n = fmax(0, floor(background - WIDTHS * sqrt(background))), mean = 0, one, weight;
  status = limits_events(n, background, confidence, &one, err);
  while (!status) {
    weight = background > 0 ? exp(log_poisson(n, background)) : n == 0;
    if (n > background + 2 && weight < NEGLIGIBLE)
      break;
    mean += weight * one;
    n++;
    status = limit_from(one + 1, n, background, confidence, &one, err);
  }
  if (status)
    return status;
  *events = mean;
  return ELFIN_OK;
}
