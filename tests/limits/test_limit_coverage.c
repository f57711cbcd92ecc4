/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_limit_coverage.c
 * Coverage, by Monte Carlo: of many experiments with a true signal, at least CL have a limit above
 * it.
 *
 * A fraction of n experiments has a standard error of √(CL (1 − CL)/n); the claims allow three of
 * them. The experiments' random numbers have nothing in common with those inside of the limits.
 */
#include "check.h"

#include <elfin/limit.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

static gsl_rng *dice;

static const double CL = 0.9;
static const double SIGMAS = 3;

static double error_of(double fraction, long n)
{
  return sqrt(fraction * (1 - fraction) / (double)n);
}

enum { N_BINS = 4 };
static const double signal[N_BINS] = {3, 2, 1, 0.5};
static const double background[N_BINS] = {6, 1, 0.2, 0};
static const double many[N_BINS] = {60, 10, 8, 5};

/* How many of `n` experiments have a limit at or above the true strength. */
static double coverage(elfin_limit_method method, double truth, const double b[], long n)
{
  long covered = 0;
  for (long i = 0; i < n; i++) {
    double observed[N_BINS], limit = NAN;
    for (size_t k = 0; k < N_BINS; k++)
      observed[k] = gsl_ran_poisson(dice, truth * signal[k] + b[k]);
    elfin_counts counts = {N_BINS, signal, b, observed};
    CHECK(elfin_limit_bins(method, &counts, CL, &limit, NULL, NULL) == ELFIN_OK);
    covered += limit >= truth;
  }
  return (double)covered / (double)n;
}

static void counts_cover(elfin_limit_method method, long n)
{
  static const double truth[] = {0.3, 1, 2.5};
  for (size_t i = 0; i < sizeof truth / sizeof *truth; i++) {
    double few = coverage(method, truth[i], background, n);
    double lots = coverage(method, truth[i], many, n);
    printf("%-14s s = %-4g covers %.3f, with much background %.3f\n",
           elfin_limit_method_name(method), truth[i], few, lots);
    CHECK(few >= CL - SIGMAS * error_of(CL, n));
    CHECK(lots >= CL - SIGMAS * error_of(CL, n));
  }
}

/* CL_s does not cover all: it approaches CL where the signal is large. */
static void a_large_signal_is_covered_as_often_as_said(void)
{
  enum { N = 4000 };
  double found = coverage(ELFIN_LIMIT_TOTAL, 60, background, N);
  CHECK_NEAR(found, CL, SIGMAS * error_of(CL, N) + 0.01); /* 0.01: steps of a whole event in 400 */
  found = coverage(ELFIN_LIMIT_LIKELIHOOD, 60, background, 2000);
  CHECK_NEAR(found, CL, SIGMAS * error_of(CL, 2000) + 0.01);
}

/* Why the data must not choose the bin: of four equal bins without background each covers CL alone,
 * and all of them CL⁴ = 0.656 where counts are large enough to have no steps. */
static void the_best_observed_bin_covers_less_than_it_says(void)
{
  enum { N = 4000 };
  static const double equal[N_BINS] = {1, 1, 1, 1}, nothing[N_BINS] = {0, 0, 0, 0};
  long covered = 0;
  for (long i = 0; i < N; i++) {
    double observed[N_BINS], limit = NAN, truth = 2000;
    for (size_t k = 0; k < N_BINS; k++)
      observed[k] = gsl_ran_poisson(dice, truth);
    elfin_counts counts = {N_BINS, equal, nothing, observed};
    CHECK(elfin_limit_bins(ELFIN_LIMIT_BEST_OBSERVED, &counts, CL, &limit, NULL, NULL) == ELFIN_OK);
    covered += limit >= truth;
  }
  CHECK_NEAR((double)covered / N, pow(CL, N_BINS), SIGMAS * error_of(0.656, N) + 0.01);
}

/* ---- events with energies ---------------------------------------------------------------------
 */

/* Events of a true signal, and of a background that nobody knows, crowded at one end. */
static size_t draw_events(double truth, double unknown, double at[], size_t most)
{
  size_t n = gsl_ran_poisson(dice, truth), n_unknown = gsl_ran_poisson(dice, unknown);
  n = n > most ? most : n;
  for (size_t i = 0; i < n; i++)
    at[i] = gsl_rng_uniform(dice);
  for (; n_unknown > 0 && n < most; n_unknown--)
    at[n++] = 0.1 * gsl_rng_uniform(dice);
  return n;
}

static void intervals_cover(double truth, double unknown, double *mean_gap, double *mean_interval)
{
  enum { N = 1500, MOST = 150 };
  double at[MOST], gap, interval;
  long covered_gap = 0, covered_interval = 0;
  static elfin_interval_tables *tables;
  if (!tables)
    CHECK(elfin_interval_tables_new(&tables, NULL) == ELFIN_OK);
  *mean_gap = *mean_interval = 0;
  for (long i = 0; i < N; i++) {
    size_t n = draw_events(truth, unknown, at, MOST);
    CHECK(elfin_limit_maximum_gap(n, at, 1, CL, &gap, NULL) == ELFIN_OK);
    CHECK(elfin_limit_optimum_interval(tables, n, at, 1, CL, &interval, NULL) == ELFIN_OK);
    covered_gap += gap >= truth;
    covered_interval += interval >= truth;
    *mean_gap += gap / N;
    *mean_interval += interval / N;
  }
  double by_gap = (double)covered_gap / N, by_interval = (double)covered_interval / N;
  printf(
      "signal %-4g and %-4g unknown: maximum gap covers %.3f, optimum interval %.3f; mean limits "
      "%.1f, %.1f\n",
      truth, unknown, by_gap, by_interval, *mean_gap, *mean_interval);
  /* 0.01: C̄_max is known to 1/√4000 × 0.3 */
  CHECK(by_gap >= CL - SIGMAS * error_of(CL, N));
  CHECK(by_interval >= CL - SIGMAS * error_of(CL, N) - 0.01);
  if (unknown == 0 && truth > 5) {
    CHECK(by_gap <= CL + SIGMAS * error_of(CL, N));
    CHECK(by_interval <= CL + SIGMAS * error_of(CL, N) + 0.01);
  }
  if (truth == 0) {
    elfin_interval_tables_free(tables);
    tables = NULL;
  }
}

static void intervals_cover_with_and_without_unknown_background(void)
{
  double gap, interval;
  intervals_cover(1, 0, &gap, &interval);
  intervals_cover(6, 0, &gap, &interval);
  intervals_cover(25, 0, &gap, &interval);
  CHECK(interval < gap); /* many events: more than one gap has something to say */
  intervals_cover(6, 20, &gap, &interval);
  intervals_cover(0, 0, &gap, &interval);
  CHECK_NEAR(gap, log(10), 1e-6);
}

int main(void)
{
  dice = gsl_rng_alloc(gsl_rng_ranlux);
  gsl_rng_set(dice, 3);
  counts_cover(ELFIN_LIMIT_TOTAL, 4000);
  counts_cover(ELFIN_LIMIT_BEST_EXPECTED, 2000);
  counts_cover(ELFIN_LIMIT_LIKELIHOOD, 2000);
  a_large_signal_is_covered_as_often_as_said();
  the_best_observed_bin_covers_less_than_it_says();
  intervals_cover_with_and_without_unknown_background();
  gsl_rng_free(dice);
  return check_result();
}
