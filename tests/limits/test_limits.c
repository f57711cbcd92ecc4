/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_limits.c
 * Limits against closed forms, published tables (the Particle Data Group's, Yellin's), GSL's incomplete gamma function,
 * and each other. */
#include "check.h"

#include "limits/limits.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

static double events(double n, double b, double confidence)
{
  double limit = NAN;
  elfin_error err = {""};
  if (elfin_limit_events(n, b, confidence, &limit, &err))
    fprintf(stderr, "  %s\n", err.text);
  return limit;
}

/* ---- counts -----------------------------------------------------------------------------------
 */

static void no_event_excludes_what_gives_none_one_time_in_ten(void)
{
  CHECK_CLOSE(events(0, 0, 0.9), log(10), 1e-15);
  CHECK_CLOSE(events(0, 0, 0.95), log(20), 1e-15);
  CHECK_CLOSE(events(0, 7.5, 0.9), log(10), 1e-15); /* CL_s: whatever the background */
  CHECK_CLOSE(events(0, 0, 1e-9), 1e-9, 1e-8);
}

/* Particle Data Group, Statistics, table 40.3: upper limits for n = 0 … 10 without background. */
static void limits_of_small_counts_are_those_in_every_table(void)
{
  static const double at_90[] = {2.30,  3.89,  5.32,  6.68,  7.99, 9.27,
                                 10.53, 11.77, 12.99, 14.21, 15.41};
  static const double at_95[] = {3.00,  4.74,  6.30,  7.75,  9.15, 10.51,
                                 11.84, 13.15, 14.43, 15.71, 16.96};
  for (int n = 0; n <= 10; n++) {
    CHECK_NEAR(events(n, 0, 0.90), at_90[n], 0.006);
    CHECK_NEAR(events(n, 0, 0.95), at_95[n], 0.006);
  }
}

/* Σ_{i≤n} Poisson(i; x) = Γ(n + 1, x)/n!, by GSL. */
static void counts_solve_their_equation(void)
{
  static const double n[] = {1, 2, 4, 55, 1000, 123456}, share[] = {0, 0.1, 0.7, 1, 1.02};
  static const double confidence[] = {0.01, 0.5, 0.9, 0.95, 0.9999};
  for (size_t i = 0; i < sizeof n / sizeof *n; i++)
    for (size_t j = 0; j < sizeof share / sizeof *share; j++)
      for (size_t k = 0; k < sizeof confidence / sizeof *confidence; k++) {
        double b = share[j] * n[i], s = events(n[i], b, confidence[k]);
        double ratio = gsl_cdf_gamma_Q(s + b, n[i] + 1, 1) / gsl_cdf_gamma_Q(b, n[i] + 1, 1);
        CHECK_CLOSE(ratio, 1 - confidence[k], 1e-7);
      }
}

/* n ≪ b: the equation tends to e^{−s} (1 + s/b)^n = 1 − CL, and both sides would underflow. */
static void counts_far_below_their_background_still_have_a_limit(void)
{
  for (double b = 1e3; b < 1e12; b *= 1e3) {
    double s = events(3, b, 0.9);
    CHECK_CLOSE(s, log(10) * (1 + 3 / b), 1e-13 + 30 / b / b);
    CHECK(s >= log(10));
  }
}

/* Σ_n Poisson(n; b) limit(n), the sum as it stands. */
static void the_expected_limit_is_the_mean_of_limits(void)
{
  static const double b[] = {1e-3, 0.5, 3, 20, 400};
  for (size_t i = 0; i < sizeof b / sizeof *b; i++) {
    double mean = 0, expected = NAN;
    for (unsigned n = 0; n < 800; n++)
      mean += gsl_ran_poisson_pdf(n, b[i]) * events(n, b[i], 0.9);
    CHECK(elfin_limit_expected_events(b[i], 0.9, &expected, NULL) == ELFIN_OK);
    CHECK_CLOSE(expected, mean, 1e-9);
  }
}

/* ---- bins -------------------------------------------------------------------------------------
 */

static double strength_of(elfin_limit_method method, const elfin_counts *counts, size_t *i_bin)
{
  double strength = NAN;
  elfin_error err = {""};
  if (elfin_limit_bins(method, counts, 0.9, &strength, i_bin, &err))
    fprintf(stderr, "  %s\n", err.text);
  return strength;
}

static void one_bin_is_a_count_whatever_the_method(void)
{
  double signal = 4, background = 2.5, observed = 3;
  elfin_counts one = {1, &signal, &background, &observed};
  for (int m = 0; m < ELFIN_N_BIN_METHODS; m++)
    CHECK_CLOSE(strength_of((elfin_limit_method)m, &one, NULL), events(3, 2.5, 0.9) / 4, 1e-10);
}

/* Without background L(s) ∝ s^{Σ n} e^{−s Σ μ}: bins say nothing more. */
static void without_background_the_likelihood_knows_the_total_only(void)
{
  double signal[] = {1, 2, 0, 4}, observed[] = {3, 0, 5, 1};
  elfin_counts counts = {4, signal, NULL, observed};
  CHECK_CLOSE(strength_of(ELFIN_LIMIT_LIKELIHOOD, &counts, NULL), events(4, 0, 0.9) / 7, 1e-10);
  CHECK_CLOSE(strength_of(ELFIN_LIMIT_TOTAL, &counts, NULL), events(9, 0, 0.9) / 7, 1e-10);
}

/* Bins of equal signal over background say as much as their sum: the limit by Monte Carlo must be
 * that of the sum, which has a closed form. 2 %: 1024 weighted toys. */
static void bins_of_one_quality_are_as_good_as_their_sum(void)
{
  static const double total[] = {0.5, 4, 60};
  for (size_t i = 0; i < sizeof total / sizeof *total; i++)
    for (double more = -1; more <= 1; more++) {
      double b = total[i], n = fmax(0, floor(b + more * sqrt(b)));
      double signal[] = {0.25, 0.5, 0.25}, background[] = {b / 4, b / 2, b / 4};
      double observed[] = {0, floor(n / 2), n - floor(n / 2)};
      elfin_counts counts = {3, signal, background, observed};
      CHECK_CLOSE(strength_of(ELFIN_LIMIT_LIKELIHOOD, &counts, NULL), events(n, b, 0.9), 0.02);
    }
}

/* Many events: −2 ln of the ratio is χ² and CL_s has a closed form with Φ (arXiv:1007.1727, §3.6):
 * (1 − Φ((s − ŝ)/σ))/Φ(ŝ/σ) = 1 − CL. A bin of background alone on the side changes nothing. */
static void large_counts_tend_to_the_asymptotic_limit(void)
{
  double signal[] = {100, 300, 50, 0}, background[] = {4e4, 9e4, 1e4, 77}, observed[4];
  double weight = 0, sum = 0;
  for (size_t i = 0; i < 4; i++) {
    observed[i] = background[i] + floor(0.5 * signal[i]);
    weight += signal[i] * signal[i] / background[i];
    sum += signal[i] * (observed[i] - background[i]) / background[i];
  }
  elfin_counts counts = {4, signal, background, observed};
  double sigma = 1 / sqrt(weight), best = sum / weight;
  double wanted = 0.1 * gsl_cdf_ugaussian_P(best / sigma);
  double limit = best + sigma * gsl_cdf_ugaussian_Qinv(wanted);
  CHECK_CLOSE(strength_of(ELFIN_LIMIT_LIKELIHOOD, &counts, NULL), limit, 0.02);
}

/* Far fewer events than background, bins without background, ŝ far below what was seen elsewhere:
 * ln L never falls faster than without any background, so no limit is below −ln(1 − CL)/Σ μ. */
static void strange_data_have_limits_all_the_same(void)
{
  static const double cases[][3][3] = {
      /* signal, background, observed */
      {{210, 6.97, 8}, {0, 0, 42}, {9570, 0, 0}},
      {{0.00789, 7.58, 0}, {0.00146, 8.02, 2}, {0, 1, 1}},
      {{62.5, 29.1, 9}, {41.4, 63.6, 12}, {1, 0, 0}},
      {{1, 1e4, 8000}, {2, 300, 100}, {1, 0, 0}},
      {{1e-9, 0, 1}, {5, 1e-6, 0}, {2, 50, 90}},
  };
  for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
    double signal[3], background[3], observed[3], total = 0;
    for (size_t i = 0; i < 3; i++) {
      signal[i] = cases[k][i][0];
      background[i] = cases[k][i][1];
      observed[i] = cases[k][i][2];
      total += signal[i];
    }
    elfin_counts counts = {3, signal, background, observed};
    double limit = strength_of(ELFIN_LIMIT_LIKELIHOOD, &counts, NULL) * total;
    CHECK(isfinite(limit) && limit > 0.98 * log(10));
  }
}

static void the_best_expected_bin_does_not_look_at_the_data(void)
{
  double signal[] = {1, 6, 3}, background[] = {0.1, 9, 0.1}, observed[] = {0, 9, 0};
  size_t i_bin = 9;
  elfin_counts counts = {3, signal, background, observed};
  double limit = strength_of(ELFIN_LIMIT_BEST_EXPECTED, &counts, &i_bin);
  CHECK(i_bin == 2);
  CHECK_CLOSE(limit, events(0, 0.1, 0.9) / 3, 1e-10);
  observed[2] = 40;
  limit = strength_of(ELFIN_LIMIT_BEST_EXPECTED, &counts, &i_bin);
  CHECK(i_bin == 2);
  CHECK_CLOSE(limit, events(40, 0.1, 0.9) / 3, 1e-10);
  strength_of(ELFIN_LIMIT_BEST_OBSERVED, &counts, &i_bin);
  CHECK(i_bin == 1);
}

/* Twice the exposure, half the strength. */
static void limits_scale_with_exposure(void)
{
  double signal[] = {1, 6, 3}, twice[] = {2, 12, 6}, background[] = {0.5, 9, 1},
         observed[] = {0, 8, 2};
  elfin_counts one = {3, signal, background, observed}, two = {3, twice, background, observed};
  for (int m = 0; m < ELFIN_N_BIN_METHODS; m++)
    CHECK_CLOSE(strength_of((elfin_limit_method)m, &two, NULL),
                0.5 * strength_of((elfin_limit_method)m, &one, NULL), 1e-9);
}

/* ---- the maximum gap --------------------------------------------------------------------------
 */

/* Yellin's eq. 2 with m = 0 or 1 and with m = 1, by hand: C0(μ,μ) = 1 − e^{−μ}; for μ/2 ≤ x ≤ μ
 * C0 = 1 − e^{−x} (1 + μ − x). */
static void gaps_of_most_of_the_range_are_in_closed_form(void)
{
  for (double mu = 0.01; mu < 40; mu *= 1.3) {
    CHECK_CLOSE(elfin_maximum_gap_probability(mu, mu), -expm1(-mu), 1e-13);
    for (double share = 0.5; share <= 1; share += 0.125) {
      double x = share * mu;
      CHECK_NEAR(elfin_maximum_gap_probability(x, mu), 1 - exp(-x) * (1 + mu - x), 1e-13);
    }
  }
}

/* physics/0203002, section II: C0 can only reach 0.9 where μ ≥ 2.3026 (no events at all). */
static void below_2_3_events_nothing_is_excluded(void)
{
  for (double x = 0; x <= 2.3; x += 0.1)
    CHECK(elfin_maximum_gap_probability(x, 2.3) < 0.9);
  CHECK_NEAR(elfin_maximum_gap_probability(2.3026, 2.3026), 0.9, 1e-5);
}

/* The definition: events at random, the largest gap. Four standard errors. */
static void the_closed_form_is_how_often_all_gaps_are_smaller(void)
{
  enum { TOYS = 40000 };
  static const double mu[] = {1, 3, 8, 25, 70}, x[] = {0.6, 2, 3, 4.5, 6.5};
  gsl_rng *dice = gsl_rng_alloc(gsl_rng_mt19937);
  for (size_t i = 0; i < sizeof mu / sizeof *mu; i++) {
    long below = 0;
    for (long toy = 0; toy < TOYS; toy++) {
      double at = 0, largest = 0, gap;
      while (at < mu[i]) {
        gap = gsl_ran_exponential(dice, 1);
        largest = fmax(largest, fmin(gap, mu[i] - at));
        at += gap;
      }
      below += largest < x[i];
    }
    double p = elfin_maximum_gap_probability(x[i], mu[i]);
    CHECK_NEAR((double)below / TOYS, p, 4 * sqrt(p * (1 - p) / TOYS));
    CHECK(p > 0.05 && p < 0.95);
  }
  gsl_rng_free(dice);
}

/* Far along the series, where its terms are many and cancel: as another program has it
 * (github.com/tunnell/optimum_interval, tests/test_analytic.py, of the same eq. 2). */
static void many_terms_are_those_of_another_program(void)
{
  CHECK_NEAR(elfin_maximum_gap_probability(7, 200), 0.837, 5e-3);
  CHECK_NEAR(elfin_maximum_gap_probability(8.5, 500), 0.905, 5e-3);
}

/* Yellin's own tables of his program for upper limits, as spice-herald/RQpy keeps them (rqpy/limit/_upper). Cm.txt has
 * the x at which C_m(x,μ) is a given probability, by 1e8 trials at each μ, some 1e7 above 15; these are rows of m = 0,
 * the maximum gap. To two standard errors of P = 0.5 and the last digit of x. */
static void gaps_are_those_of_yellins_table(void)
{
  static const double level[] = {0.1, 0.5, 0.8, 0.9, 0.95, 0.99}, digit = 5e-6;
  enum { N_LEVELS = sizeof level / sizeof *level };
  static const struct {
    double ln_mu, x[N_LEVELS]; /* 0: none, for P(any event) is less */
  } row[] = {
    {-1.2, {0.20091}},
    {0, {0.50649, 0.84086}},
    {1.25, {1.08817, 1.71076, 2.36385, 2.81733, 3.22855}},
    {1.4, {1.17915, 1.83900, 2.53421, 3.01575, 3.46194}},
    {2.3, {1.80608, 2.67542, 3.58400, 4.20857, 4.81324, 6.17284}},
    {2.85, {2.24667, 3.21352, 4.20232, 4.87756, 5.53238, 7.02096}},
    {3.75, {3.03391, 4.10904, 5.17431, 5.89271, 6.58699, 8.16342}},
  };
  for (size_t i = 0; i < sizeof row / sizeof *row; i++)
    for (size_t j = 0; j < N_LEVELS && row[i].x[j] > 0; j++) {
      double mu = exp(row[i].ln_mu), x = row[i].x[j];
      double of_digit = elfin_maximum_gap_probability(x + digit, mu) -
                        elfin_maximum_gap_probability(x, mu);
      CHECK_NEAR(elfin_maximum_gap_probability(x, mu), level[j],
                 (mu < 15 ? 1e-4 : 3e-4) + of_digit);
    }
}

/* The same author's CMax.txt: C̄_max of the optimum interval at 90 and 95 %, by 3e7 trials and more. Ours has 4000 of
 * intervals and 4000 of C_max: five standard errors of the latter, which rises by at most 0.45 of the confidence. */
static void optimum_intervals_are_as_rare_as_in_yellins_table(void)
{
  static const struct {
    double ln_mu, at_90, at_95;
  } row[] = {{1.61, 0.92916, 0.95968},
             {2.76, 0.96066, 0.98125},
             {2.85, 0.96212, 0.98214},
             {2.95, 0.96466, 0.98276},
             {4.1, 0.97723, 0.98989}};
  elfin_interval_tables *tables = NULL;
  CHECK(elfin_interval_tables_new(&tables, NULL) == ELFIN_OK);
  for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
    double mu = exp(row[i].ln_mu);
    CHECK_NEAR(limits_c_max(tables, mu, 0.9), row[i].at_90, 5 * 0.45 * sqrt(0.9 * 0.1 / 4000));
    CHECK_NEAR(limits_c_max(tables, mu, 0.95), row[i].at_95, 5 * 0.45 * sqrt(0.95 * 0.05 / 4000));
    if (getenv("ELFIN_TEST_VERBOSE"))
      printf("%g: %.4f %.4f, Yellin %.4f %.4f\n", mu, limits_c_max(tables, mu, 0.9),
             limits_c_max(tables, mu, 0.95), row[i].at_90, row[i].at_95);
  }
  elfin_interval_tables_free(tables);
}

static void the_probability_of_a_gap_is_one(void)
{
  for (double mu = 0.5; mu < 3000; mu *= 1.7) {
    double before = 0;
    for (double x = 0; x < mu; x += mu / 500) {
      double p = elfin_maximum_gap_probability(x, mu);
      CHECK(p >= before - 1e-9 && p <= 1);
      before = p;
    }
  }
}

/* ---- events with energies ---------------------------------------------------------------------
 */

static void intervals_without_events_are_counts_of_none(void)
{
  double strength = NAN;
  elfin_interval_tables *tables = NULL;
  CHECK(elfin_interval_tables_new(&tables, NULL) == ELFIN_OK);
  CHECK(elfin_limit_maximum_gap(0, NULL, 4, 0.9, &strength, NULL) == ELFIN_OK);
  CHECK_CLOSE(strength, log(10) / 4, 1e-9);
  CHECK(elfin_limit_optimum_interval(tables, 0, NULL, 4, 0.9, &strength, NULL) == ELFIN_OK);
  CHECK_CLOSE(strength, log(10) / 4, 1e-9);
  elfin_interval_tables_free(tables);
}

/* One event in the middle: the gap is μ/2, and 1 − e^{−μ/2} (1 + μ/2) = 0.9 at μ/2 = 3.8897, the
 * limit of one event. */
static void one_event_in_the_middle_halves_the_range(void)
{
  double middle = 0.5, strength = NAN;
  CHECK(elfin_limit_maximum_gap(1, &middle, 1, 0.9, &strength, NULL) == ELFIN_OK);
  CHECK_CLOSE(strength, 2 * events(1, 0, 0.9), 1e-9);
}

/* Events crowded at one end are background; what lies beyond is as good as empty. With all of them
 * at the very end the gap is the whole range, and C0 is that of an empty one of the same μ: 1 −
 * e^{−μ}. */
static void a_crowd_at_the_end_hardly_matters(void)
{
  enum { N = 50 };
  double crowd[N], gap = NAN, interval = NAN, total;
  elfin_interval_tables *tables = NULL;
  CHECK(elfin_interval_tables_new(&tables, NULL) == ELFIN_OK);
  for (size_t i = 0; i < N; i++)
    crowd[i] = 1e-6 * (double)i / N;
  CHECK(elfin_limit_maximum_gap(N, crowd, 1, 0.9, &gap, NULL) == ELFIN_OK);
  CHECK_CLOSE(gap, log(10), 1e-4);
  CHECK(elfin_limit_optimum_interval(tables, N, crowd, 1, 0.9, &interval, NULL) == ELFIN_OK);
  total = events(N, 0, 0.9);
  CHECK(interval < 3 && interval >= log(10) && total > 60);
  elfin_interval_tables_free(tables);
}

/* physics/0203002, fig. 2: below μ = 3.89 an interval with one event cannot reach C_1 = 0.9, so C̄_max
 * stays at 0.9, and where the largest gap excludes so early, the optimum interval is that gap. */
static void below_3_89_events_the_optimum_interval_is_the_largest_gap(void)
{
  elfin_interval_tables *tables = NULL;
  CHECK(elfin_interval_tables_new(&tables, NULL) == ELFIN_OK);
  for (double at = 0.02; at < 0.2; at += 0.03) {
    double gap = NAN, interval = NAN;
    CHECK(elfin_limit_maximum_gap(1, &at, 1, 0.9, &gap, NULL) == ELFIN_OK);
    CHECK(gap < events(1, 0, 0.9));
    CHECK(elfin_limit_optimum_interval(tables, 1, &at, 1, 0.9, &interval, NULL) == ELFIN_OK);
    CHECK_CLOSE(interval, gap, 0.04);
  }
  elfin_interval_tables_free(tables);
}

/* One door to all methods. */
static void every_method_is_found_by_its_name(void)
{
  double signal[] = {1, 3}, background[] = {0.5, 1}, observed[] = {1, 1}, below[] = {0.3, 2};
  elfin_observation seen = {{2, signal, background, observed}, 2, below};
  elfin_interval_tables *tables = NULL;
  CHECK(elfin_interval_tables_new(&tables, NULL) == ELFIN_OK);
  for (int m = 0; m < ELFIN_N_LIMIT_METHODS; m++) {
    double limit = NAN, same = NAN;
    size_t i_bin = 77, i_same = 2;
    elfin_limit_method method = (elfin_limit_method)m;
    CHECK(elfin_limit_check(method, 2, 0.9, NULL) == ELFIN_OK);
    CHECK(elfin_limit_strength(method, &seen, tables, 0.9, &limit, &i_bin, NULL) == ELFIN_OK);
    if (method == ELFIN_LIMIT_MAXIMUM_GAP)
      CHECK(elfin_limit_maximum_gap(2, below, 4, 0.9, &same, NULL) == ELFIN_OK);
    else if (method == ELFIN_LIMIT_OPTIMUM_INTERVAL)
      CHECK(elfin_limit_optimum_interval(tables, 2, below, 4, 0.9, &same, NULL) == ELFIN_OK);
    else
      CHECK(elfin_limit_bins(method, &seen.counts, 0.9, &same, &i_same, NULL) == ELFIN_OK);
    CHECK(limit == same && i_bin == i_same);
  }
  double limit = 7;
  elfin_error err = {""};
  CHECK(elfin_limit_strength(ELFIN_LIMIT_OPTIMUM_INTERVAL, &seen, NULL, 0.9, &limit, NULL, &err) ==
        ELFIN_E_ARGUMENT);
  CHECK(elfin_limit_check(ELFIN_LIMIT_OPTIMUM_INTERVAL, 201, 0.9, &err) == ELFIN_E_VALIDITY);
  CHECK(elfin_limit_check(ELFIN_LIMIT_OPTIMUM_INTERVAL, 2, 0.999, &err) == ELFIN_E_VALIDITY);
  CHECK(elfin_limit_check(ELFIN_LIMIT_MAXIMUM_GAP, 201, 1, &err) == ELFIN_E_ARGUMENT);
  CHECK(limit == 7);
  elfin_interval_tables_free(tables);
}

/* The order of questions is no part of the answer. */
static void tables_do_not_remember(void)
{
  double some[] = {0.1, 0.15, 0.8}, other[] = {0.3, 0.31, 0.33, 0.5, 0.9, 0.91}, first, again,
         alone;
  elfin_interval_tables *tables = NULL, *fresh = NULL;
  CHECK(elfin_interval_tables_new(&tables, NULL) == ELFIN_OK);
  CHECK(elfin_interval_tables_new(&fresh, NULL) == ELFIN_OK);
  CHECK(elfin_limit_optimum_interval(tables, 3, some, 1, 0.9, &first, NULL) == ELFIN_OK);
  CHECK(elfin_limit_optimum_interval(tables, 6, other, 1, 0.9, &again, NULL) == ELFIN_OK);
  CHECK(elfin_limit_optimum_interval(fresh, 6, other, 1, 0.9, &alone, NULL) == ELFIN_OK);
  CHECK(again == alone);
  CHECK(elfin_limit_optimum_interval(tables, 3, some, 1, 0.9, &again, NULL) == ELFIN_OK);
  CHECK(first == again);
  elfin_interval_tables_free(tables);
  elfin_interval_tables_free(fresh);
}

static void spectra_are_added_up_below_each_event(void)
{
  double edges[] = {1, 2, 4}, expected[] = {3, 8}, at[] = {0.5, 1, 1.5, 2, 3, 4, 9}, total = NAN;
  static const double below[] = {0, 0, 1.5, 3, 7, 11, 11};
  CHECK(elfin_limit_cumulative(3, edges, expected, 7, at, at, &total, NULL) == ELFIN_OK);
  for (size_t i = 0; i < 7; i++)
    CHECK_NEAR(at[i], below[i], 1e-15);
  CHECK(total == 11);
}

int main(void)
{
  no_event_excludes_what_gives_none_one_time_in_ten();
  limits_of_small_counts_are_those_in_every_table();
  counts_solve_their_equation();
  counts_far_below_their_background_still_have_a_limit();
  the_expected_limit_is_the_mean_of_limits();
  one_bin_is_a_count_whatever_the_method();
  without_background_the_likelihood_knows_the_total_only();
  bins_of_one_quality_are_as_good_as_their_sum();
  large_counts_tend_to_the_asymptotic_limit();
  strange_data_have_limits_all_the_same();
  the_best_expected_bin_does_not_look_at_the_data();
  limits_scale_with_exposure();
  gaps_of_most_of_the_range_are_in_closed_form();
  below_2_3_events_nothing_is_excluded();
  the_closed_form_is_how_often_all_gaps_are_smaller();
  the_probability_of_a_gap_is_one();
  many_terms_are_those_of_another_program();
  gaps_are_those_of_yellins_table();
  optimum_intervals_are_as_rare_as_in_yellins_table();
  below_3_89_events_the_optimum_interval_is_the_largest_gap();
  every_method_is_found_by_its_name();
  intervals_without_events_are_counts_of_none();
  one_event_in_the_middle_halves_the_range();
  a_crowd_at_the_end_hardly_matters();
  tables_do_not_remember();
  spectra_are_added_up_below_each_event();
  return check_result();
}
