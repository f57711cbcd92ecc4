/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_limits_csv.c
 * Limits of a sweep: which rates make which limit, how they go with the strength, what is left out.
 */
#include "report/report.h"

#include "../store/store_check.h"

static elfin_error err;

enum {
  N_MASSES = 3,
  N_STRENGTHS = 2,
  N_CHARGES = 4,
  N_POINTS = N_MASSES * N_STRENGTHS * N_CHARGES
};

static double masses[N_MASSES] = {1e6, 1e7, 1e8}, sigma[N_STRENGTHS] = {1e-38, 4e-38};
static double charges[N_CHARGES] = {1, 2, 3, 4}, rates[N_POINTS];
static uint8_t done[N_POINTS];
static store_axis axes[] = {
    {.key = "mass", .unit = "eV", .n = N_MASSES, .value = masses},
    {.key = "cross_section", .unit = "cm2", .n = N_STRENGTHS, .value = sigma},
    {.key = "charge", .unit = "", .n = N_CHARGES, .value = charges},
};
static const store_sweep sweep = {.name = "made",
                                  .process = "electron",
                                  .n_axes = 3,
                                  .axes = axes,
                                  .n_points = N_POINTS,
                                  .value = rates,
                                  .status = done,
                                  .units = "1/kg/yr"};

static const double bin_charge[] = {2, 3, 7}, exposure[] = {2, 2, 2}, efficiency[] = {0.5, 1, 1};
static const double background[] = {0, 0, 0}, observed[] = {1, 0, 0};
static const elfin_experiment experiment = {.name = "mine",
                                            .material = "Si",
                                            .n_bins = 3,
                                            .charge = bin_charge,
                                            .exposure_kg_yr = exposure,
                                            .efficiency = efficiency,
                                            .background = background,
                                            .observed = observed};

/* At σ = 1e-38: Q = 2 has 10 a kg yr, Q = 3 has 1, 10 and 100, others 1000. */
static void fill(void)
{
  for (size_t i = 0; i < N_POINTS; i++) {
    size_t q = i % N_CHARGES, s = i / N_CHARGES % N_STRENGTHS, m = i / N_CHARGES / N_STRENGTHS;
    rates[i] = (q == 1 ? 10 : q == 2 ? pow(10, (double)m) : 1000) * sigma[s] / sigma[0];
    done[i] = 1;
  }
}

static char *limits_of(elfin_limit_method method, double confidence)
{
  char *text = NULL;
  size_t length;
  report_limit how = {&experiment, method, confidence};
  FILE *stream = open_memstream(&text, &length);
  CHECK(report_limits(&sweep, &how, stream, &err) == ELFIN_OK);
  fclose(stream);
  return text;
}

/* The limit in line i of a CSV whose second column it is. */
static double limit_in(const char *text, int i_line)
{
  while (i_line-- > 0)
    text = strchr(text, '\n') + 1;
  return strtod(strchr(text, ',') + 1, NULL);
}

static double events(double n)
{
  double limit = NAN;
  CHECK(elfin_limit_events(n, 0, 0.9, &limit, NULL) == ELFIN_OK);
  return limit;
}

static void limits_are_sigma_times_events_over_expected(void)
{
  fill();
  char *text = limits_of(ELFIN_LIMIT_BEST_EXPECTED, 0.9);
  CHECK_SAYS(text, "mass_eV,limit_cm2,confidence,method,charge,status\r\n1000000,");
  CHECK_CLOSE(limit_in(text, 1), 1e-38 * events(1) / 10, 1e-12); /* Q = 2: 10 × 2 × 0.5 */
  CHECK_CLOSE(limit_in(text, 2), 1e-38 * events(0) / 20, 1e-12); /* Q = 3: 10 × 2 */
  CHECK_CLOSE(limit_in(text, 3), 1e-38 * events(0) / 200, 1e-12);
  CHECK_SAYS(text, ",0.9,best_expected,2,1\r\n");
  CHECK_SAYS(text, ",0.9,best_expected,3,1\r\n");
  CHECK(strlen(text) < 400 && !strstr(text, "4e-38")); /* the strength is no axis of a limit */
  free(text);
  text = limits_of(ELFIN_LIMIT_TOTAL, 0.9);
  CHECK_CLOSE(limit_in(text, 1), 1e-38 * events(1) / 12, 1e-12);
  CHECK_SAYS(text, ",0.9,total,all,1\r\n");
  free(text);
}

static void mixing_goes_with_the_root(void)
{
  fill();
  axes[1].key = "kinetic_mixing";
  char *text = limits_of(ELFIN_LIMIT_TOTAL, 0.9);
  CHECK_SAYS(text, "mass_eV,limit_kinetic_mixing,");
  CHECK_CLOSE(limit_in(text, 1), 1e-38 * sqrt(events(1) / 12), 1e-12);
  free(text);
  axes[1].key = "cross_section";
}

static void without_a_rate_nothing_is_excluded(void)
{
  fill();
  for (size_t i = 0; i < N_CHARGES; i++)
    rates[i] = 0;
  char *text = limits_of(ELFIN_LIMIT_BEST_EXPECTED, 0.9);
  CHECK_SAYS(text, "1000000,inf,0.9,best_expected,,1\r\n");
  free(text);
}

static void a_missing_rate_is_no_limit(void)
{
  fill();
  done[1] = 0;
  rates[1] = NAN;
  done[N_STRENGTHS * N_CHARGES + 2] = 2;
  done[2 * N_STRENGTHS * N_CHARGES] = 2; /* Q = 1 is no bin of the experiment */
  char *text = limits_of(ELFIN_LIMIT_TOTAL, 0.9);
  CHECK_SAYS(text, "1000000,nan,0.9,total,,0\r\n");
  CHECK_SAYS(text, "10000000,nan,0.9,total,,2\r\n");
  CHECK(isfinite(limit_in(text, 3)));
  free(text);
}

static void what_they_do_not_share_is_left_out(void)
{
  CHECK(report_limit_bins(&sweep, &experiment) == 2);
  elfin_experiment far = experiment;
  static const double seven[] = {7};
  far.n_bins = 1;
  far.charge = seven;
  report_limit how = {&far, ELFIN_LIMIT_TOTAL, 0.9};
  CHECK(report_limits(&sweep, &how, stdout, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "sweep made shares no bin with mine");
}

int main(void)
{
  limits_are_sigma_times_events_over_expected();
  mixing_goes_with_the_root();
  without_a_rate_nothing_is_excluded();
  a_missing_rate_is_no_limit();
  what_they_do_not_share_is_left_out();
  return check_result();
}
