/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_rate_contract.c
 * What elfin_rate() refuses, in which words; what it refuses for single values only; how a response
 * is prepared in parts.
 */
#include "check.h"

#include <elfin/rate.h>

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *si;
static elfin_response *lindhard; /* of silicon: nothing to prepare, so quick */

enum { ROOM = 8 };
static const double NO_VALUE = -7;

/** A result with room for everything, and something in it that is no answer. */
typedef struct answers {
  double rate[ROOM], rate_error[ROOM], spectrum[ROOM], spectrum_error[ROOM];
  double differential[ROOM], differential_error[ROOM], charge[ROOM], charge_error[ROOM];
  elfin_status rate_status[ROOM], spectrum_status[ROOM], differential_status[ROOM],
      charge_status[ROOM];
  unsigned flags[ROOM];
  elfin_result result;
} answers;

static elfin_result *blank(answers *a)
{
  for (int i = 0; i < ROOM; i++)
    a->rate[i] = a->spectrum[i] = a->differential[i] = a->charge[i] = NO_VALUE;
  a->result = (elfin_result){a->rate, a->rate_error, a->rate_status, a->spectrum, a->spectrum_error,
                             a->spectrum_status, a->differential, a->differential_error,
                             a->differential_status, a->charge, a->charge_error, a->charge_status,
                             a->flags, 0};
  return &a->result;
}

static elfin_request good(void)
{
  static const double threshold[] = {4.71};
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = si;
  q.response = lindhard;
  q.mass_eV = 1e7;
  q.n_thresholds = 1;
  q.threshold_eV = threshold;
  return q;
}

static void refuse(const char *process, const elfin_request *q, const char *says)
{
  answers a;
  elfin_error err = {""};
  CHECK(elfin_rate(process, q, blank(&a), &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, says);
  CHECK(a.rate[0] == NO_VALUE); /* nothing computed */
  CHECK(elfin_rate(process, q, blank(&a), NULL) == ELFIN_E_ARGUMENT);
}

static void defaults_are_as_documented(void)
{
  elfin_request q;
  elfin_request_defaults(&q);
  CHECK(q.accuracy == 1e-4 && q.n_thresholds == 0 && q.screening == 1 && isinf(q.k_cut_eV));
  CHECK(q.splitting_eV == 0 && q.temperature_K == 0 && q.mediator_eV == 0 && q.rho_GeV_cm3 == 0.4);
  CHECK(!q.constants && !q.halo && !q.material && !q.response && q.max_evaluations >= 1000000);
}

static void a_good_request_is_answered(void)
{
  answers a;
  elfin_error err = {""};
  elfin_request q = good();
  CHECK(elfin_rate("electron", &q, blank(&a), &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  CHECK(a.rate[0] > 0 && a.rate_error[0] <= 1e-4 * a.rate[0] && a.rate_status[0] == ELFIN_OK);
  CHECK(a.result.evaluations > 0 && a.rate[1] == NO_VALUE);
  q.n_thresholds = 0; /* nothing asked, nothing answered */
  elfin_result nothing = {0};
  CHECK(elfin_rate("electron", &q, &nothing, &err) == ELFIN_OK);
}

static void numbers_out_of_range_are_refused_by_name(void)
{
#define NUMBER(member, number, words)                                                              \
  do {                                                                                             \
    elfin_request q = good();                                                                      \
    q.member = number;                                                                             \
    refuse("electron", &q, words);                                                                 \
  } while (0)
  NUMBER(mass_eV, 0, "mass 0 eV: it must be above 0");
  NUMBER(mass_eV, -1e6, "mass -1e+06 eV");
  NUMBER(mass_eV, NAN, "mass nan eV");
  NUMBER(mass_eV, INFINITY, "mass, splitting and temperature must be finite");
  NUMBER(rho_GeV_cm3, 0, "rho 0 GeV/cm3");
  NUMBER(accuracy, 0, "accuracy 0 : it must be at least 1e-10 and at most 0.1");
  NUMBER(accuracy, 0.2, "accuracy 0.2");
  NUMBER(accuracy, NAN, "accuracy nan");
  NUMBER(temperature_K, -1, "temperature -1 K");
  NUMBER(temperature_K, INFINITY, "must be finite");
  NUMBER(k_cut_eV, 0, "kcut 0 eV");
  NUMBER(k_cut_eV, NAN, "kcut nan eV");
  NUMBER(splitting_eV, NAN, "splitting nan eV");
  NUMBER(splitting_eV, -INFINITY, "must be finite");
  NUMBER(mediator_eV, -1, "mediator -1 eV");
  NUMBER(mediator_eV, NAN, "mediator nan eV");
  NUMBER(max_evaluations, 0, "max_evaluations 0: at least 1");
#undef NUMBER
}

static void lists_are_refused_by_entry(void)
{
  static const double wrong[] = {NAN, -1, INFINITY};
  static const double descending[] = {1, 3, 2}, equal[] = {1, 2, 2}, negative[] = {-1, 2, 3};
  static const double with_nan[] = {1, NAN, 3}, endless[] = {1, 2, INFINITY};
  const double *const edges[] = {descending, equal, negative, with_nan, endless};
  static const char *const says[] = {"edge 3 of the spectrum, 2 eV", "edge 3 of the spectrum, 2 eV",
                                     "edge 1 of the spectrum, -1 eV", "edge 2 of the spectrum, nan",
                                     "edge 3 of the spectrum, inf"};
  for (int i = 0; i < 3; i++) {
    elfin_request q = good(), r = good();
    q.threshold_eV = &wrong[i];
    refuse("electron", &q, "threshold ");
    r.n_at = 1;
    r.at_eV = &wrong[i];
    refuse("electron", &r, "at ");
  }
  for (int i = 0; i < 5; i++) {
    elfin_request q = good();
    q.n_edges = 3;
    q.edge_eV = edges[i];
    refuse("electron", &q, says[i]);
  }
  elfin_request q = good();
  q.n_edges = 1;
  q.edge_eV = equal;
  refuse("electron", &q, "at least two edges");
}

static void what_is_missing_is_named(void)
{
  elfin_material thin = *si;
  elfin_request q = good();
  q.constants = NULL;
  refuse("electron", &q, "needs constants, a halo and a material");
  q = good();
  q.halo = NULL;
  refuse("electron", &q, "needs constants, a halo and a material");
  q = good();
  q.material = NULL;
  refuse("electron", &q, "needs constants, a halo and a material");
  q = good();
  q.response = NULL;
  refuse("electron", &q, "Si: electron scattering needs a response");
  q = good();
  q.material = &thin;
  thin.density_g_cm3.value = NAN;
  refuse("electron", &q, "Si: electron scattering needs a density");
  thin = *si;
  thin.pair_energy_eV.value = NAN;
  q.n_charges = 3;
  refuse("electron", &q, "Si: a charge spectrum needs the gap and the energy per");
  thin = *si;
  thin.gap_eV.value = NAN;
  refuse("electron", &q, "Si: a charge spectrum needs the gap and the energy per");
  static const double edges[] = {2, 3, 4}, weights[] = {1, -1}, infinite[] = {INFINITY, 0};
  q = good();
  q.n_sums = 1;
  q.sum_weight = weights;
  refuse("electron", &q, "1 sums of bins: there is no spectrum");
  q.n_edges = 3;
  q.edge_eV = edges;
  refuse("electron", &q, "a bin's weight in a sum is -1: it must be finite and at least 0");
  q.sum_weight = infinite;
  refuse("electron", &q, "a bin's weight in a sum is inf");
  q = good();
  refuse("elektron", &q, "process elektron is unknown");
  refuse(NULL, &q, "process (none) is unknown");
  size_t n;
  const elfin_process *list = elfin_processes(&n);
  CHECK(n >= 1);
  CHECK_TEXT(list[0].name, "electron");
  CHECK(strlen(list[0].summary) > 5 && strlen(list[0].source) > 5);
}

static void values_beyond_the_response_fail_alone(void)
{
  const elfin_constants *short_sighted = elfin_constants_named("darkelf"); /* up to 99.3 eV */
  elfin_response *response = NULL;
  CHECK(elfin_response_open("lindhard", si, short_sighted, &response, NULL) == ELFIN_OK);
  static const double edges[] = {10, 50, 90, 120, 1e6, 2e6}, at[] = {20, 150, 1e7, 12};
  elfin_request q = good();
  answers a;
  elfin_error err = {""};
  q.constants = short_sighted;
  q.response = response;
  q.mass_eV = 1e9; /* kinematics ends at some 3 keV */
  q.n_edges = 6;
  q.edge_eV = edges;
  q.n_at = 4;
  q.at_eV = at;
  CHECK(elfin_rate("electron", &q, blank(&a), &err) == ELFIN_E_VALIDITY);
  CHECK_SAYS(err.text, "90 to 120 eV lies beyond the response lindhard, which goes from 0.0001 to "
                       "99.3 eV");
  CHECK(a.rate_status[0] == ELFIN_OK && a.rate[0] > 0);
  static const elfin_status bins[] = {ELFIN_OK, ELFIN_OK, ELFIN_E_VALIDITY, ELFIN_E_VALIDITY,
                                      ELFIN_OK};
  for (int i = 0; i < 5; i++) {
    CHECK(a.spectrum_status[i] == bins[i]);
    CHECK(bins[i] ? isnan(a.spectrum[i]) && isnan(a.spectrum_error[i]) : a.spectrum[i] >= 0);
  }
  CHECK(a.spectrum[0] > 0 && a.spectrum[4] == 0); /* beyond kinematics: exactly 0 */
  CHECK(a.differential_status[0] == ELFIN_OK && a.differential[0] > 0);
  CHECK(a.differential_status[1] == ELFIN_E_VALIDITY && isnan(a.differential[1]));
  CHECK(a.differential_status[2] == ELFIN_OK && a.differential[2] == 0);
  CHECK(a.differential_status[3] == ELFIN_OK && a.differential[3] > 0);
  elfin_response_free(response);
}

static void a_spent_budget_is_a_status_of_its_value(void)
{
  static const double thresholds[] = {4.71, 1e9};
  elfin_request q = good();
  answers a;
  elfin_error err = {""};
  q.n_thresholds = 2;
  q.threshold_eV = thresholds;
  q.accuracy = 1e-9;
  q.max_evaluations = 100;
  CHECK(elfin_rate("electron", &q, blank(&a), &err) == ELFIN_E_ACCURACY);
  CHECK_SAYS(err.text, "was asked, after");
  CHECK(a.rate_status[0] == ELFIN_E_ACCURACY && isnan(a.rate[0]) && isnan(a.rate_error[0]));
  CHECK(a.rate_status[1] == ELFIN_OK && a.rate[1] == 0 && a.flags[1] == ELFIN_FLAG_CLOSED);
}

/* Such branches no file may have; a caller of libelfin may. */
static void less_than_nothing_is_no_rate(void)
{
  static const double none[] = {0}, low = 0.04, high = 0.051;
  elfin_polar_phonons polar = {"me", 9, 5, 1, &low, 1, &high};
  elfin_material twisted = *si;
  elfin_request q = good();
  answers a;
  elfin_error err = {""};
  twisted.polar[ELFIN_ORDINARY] = &polar;
  q.material = &twisted;
  q.response = NULL;
  q.threshold_eV = none;
  CHECK(elfin_rate("froehlich", &q, blank(&a), &err) == ELFIN_E_ACCURACY);
  CHECK_SAYS(err.text, "Si: froehlich: the rate above 0 eV is -");
  CHECK_SAYS(err.text, "look for what is unphysical in ");
  CHECK(a.rate_status[0] == ELFIN_E_ACCURACY && isnan(a.rate[0]) && isnan(a.rate_error[0]));
  polar.longitudinal_eV = &high;
  polar.transverse_eV = &low;
  CHECK(elfin_rate("froehlich", &q, blank(&a), &err) == ELFIN_OK);
  CHECK(a.rate[0] > 0);
  polar.eps_infinity = 1e-320;
  CHECK(elfin_rate("froehlich", &q, blank(&a), &err) == ELFIN_E_ACCURACY);
  CHECK_SAYS(err.text, " is inf");
  CHECK(a.rate_status[0] == ELFIN_E_ACCURACY && isnan(a.rate[0]));
}

/* In a year that runs backwards, or never ends. */
static void every_value_is_looked_at(void)
{
  static const double thresholds[] = {2, 10, 1e9}, edges[] = {2, 5, 10, 20}, at[] = {5, 12};
  elfin_constants odd = *constants;
  elfin_request q = good();
  answers a;
  q.constants = &odd;
  q.mass_eV = 1e8;
  q.n_thresholds = 3;
  q.threshold_eV = thresholds;
  q.n_edges = 4;
  q.edge_eV = edges;
  q.n_at = 2;
  q.at_eV = at;
  q.n_charges = 5;
  for (int endless = 0; endless < 2; endless++) {
    elfin_error err = {""};
    odd.year_s = endless ? INFINITY : -constants->year_s;
    CHECK(elfin_rate("electron", &q, blank(&a), &err) == ELFIN_E_ACCURACY);
    CHECK_SAYS(err.text, endless ? "Si: electron: the rate above 2 eV is inf" : "Si: electron: the rate above 2 eV is -");
    CHECK_SAYS(err.text, "or in response lindhard");
    for (int i = 0; i < 2; i++) {
      CHECK(a.rate_status[i] == ELFIN_E_ACCURACY && isnan(a.rate[i]) && isnan(a.rate_error[i]));
      CHECK(a.differential_status[i] == ELFIN_E_ACCURACY && isnan(a.differential[i]));
    }
    CHECK(endless || (a.rate_status[2] == ELFIN_OK && a.rate[2] == 0)); /* nothing is as much */
    for (int i = 0; i < 3; i++)
      CHECK(a.spectrum_status[i] == ELFIN_E_ACCURACY && isnan(a.spectrum[i]));
    for (int i = 0; i < 5; i++)
      CHECK(a.charge_status[i] == ELFIN_E_ACCURACY && isnan(a.charge[i]));
  }
}

static void default_thresholds_are_as_documented(void)
{
  elfin_material m = *si;
  CHECK_CLOSE(elfin_default_threshold_eV(si), 1.11 + 3.6, 1e-15);
  m.pair_energy_eV.value = NAN;
  CHECK(elfin_default_threshold_eV(&m) == 2 * 1.11);
  m.gap_eV.value = 0;
  CHECK(elfin_default_threshold_eV(&m) == 1e-3);
  m.gap_eV.value = NAN;
  CHECK(isnan(elfin_default_threshold_eV(&m)));
}

static elfin_response *mermin(void)
{
  elfin_response *response = NULL;
  CHECK(elfin_response_open("mermin", si, constants, &response, NULL) == ELFIN_OK);
  return response;
}

static void parts_made_in_reverse_order_give_the_same_bits(void)
{
  elfin_request whole = good(), parts = good();
  answers a, b;
  size_t n = 0;
  double *numbers = NULL;
  elfin_response *first = mermin(), *second = mermin();
  whole.response = first;
  parts.response = second;
  CHECK(elfin_rate_prepare("electron", &whole, NULL) == ELFIN_OK);
  CHECK(elfin_rate_prepare_parts("electron", &whole) == 0);
  size_t n_parts = elfin_rate_prepare_parts("electron", &parts);
  size_t n_late = elfin_rate_prepare_late("electron", &parts);
  CHECK(n_late == 1 && n_parts > 2);
  CHECK(elfin_rate_prepare_make("electron", &parts, n_parts - 1, &n, &numbers, NULL) ==
        ELFIN_E_ARGUMENT); /* it is made of the others */
  for (size_t k = 0; k < n_parts; k++) {
    size_t i = k < n_parts - n_late ? n_parts - n_late - 1 - k : k; /* the first in any order */
    CHECK(elfin_rate_prepare_parts("electron", &parts) == n_parts);
    CHECK(elfin_rate_prepare_make("electron", &parts, i, &n, &numbers, NULL) == ELFIN_OK);
    CHECK(elfin_rate_prepare_take("electron", &parts, i, n, numbers, NULL) == ELFIN_OK);
    free(numbers);
  }
  CHECK(elfin_rate_prepare_parts("electron", &parts) == 0);
  CHECK(elfin_rate("electron", &whole, blank(&a), NULL) == ELFIN_OK);
  CHECK(elfin_rate("electron", &parts, blank(&b), NULL) == ELFIN_OK);
  CHECK(memcmp(a.rate, b.rate, sizeof *a.rate) == 0);
  CHECK(memcmp(a.rate_error, b.rate_error, sizeof *a.rate_error) == 0);
  elfin_response_free(first);
  elfin_response_free(second);
}

/** Not copied: what the numbers say now, the rate says. Twice the coefficients of the interpolant, which
 * are the end of each of its parts; twice the widths of the panels of rows, which begin behind the 17
 * numbers of their head. */
static void double_values(bool rows, size_t n, double numbers[])
{
  size_t first = rows ? 17 : n - (size_t)numbers[1], end = rows ? 17 + (size_t)numbers[0] : n;
  for (size_t k = first; k < end; k++)
    numbers[k] *= 2;
}

static void borrowed_parts_are_used_where_they_lie(void)
{
  enum { MOST = 1000 };
  for (int rows = 0; rows < 2; rows++) {
    elfin_request whole = good(), parts = good();
    answers a, b;
    double *numbers[MOST] = {NULL};
    elfin_response *first = mermin(), *second = mermin();
    whole.accuracy = parts.accuracy = rows ? 1e-4 : 1e-5;
    whole.response = first;
    parts.response = second;
    CHECK(elfin_rate_prepare_late("electron", &parts) == (rows ? 1 : 0));
    size_t n_parts = elfin_rate_prepare_parts("electron", &parts), n[MOST];
    CHECK(n_parts > 1 && n_parts <= MOST);
    for (size_t i = 0; i < n_parts && i < MOST; i++) {
      CHECK(elfin_rate_prepare_make("electron", &parts, i, &n[i], &numbers[i], NULL) == ELFIN_OK);
      CHECK(elfin_rate_prepare_borrow("electron", &parts, i, n[i], numbers[i], NULL) == ELFIN_OK);
    }
    CHECK(elfin_rate_prepare_parts("electron", &parts) == 0);
    CHECK(elfin_rate("electron", &whole, blank(&a), NULL) == ELFIN_OK);
    CHECK(elfin_rate("electron", &parts, blank(&b), NULL) == ELFIN_OK);
    CHECK(memcmp(a.rate, b.rate, sizeof *a.rate) == 0);
    for (size_t i = rows ? n_parts - 1 : 0; i < n_parts && i < MOST; i++)
      double_values(rows, n[i], numbers[i]);
    CHECK(elfin_rate("electron", &parts, blank(&b), NULL) == ELFIN_OK);
    CHECK_CLOSE(b.rate[0], 2 * a.rate[0], 1e-3); /* twice as large: the accuracy is relative */
    elfin_response_free(first);
    elfin_response_free(second);
    for (size_t i = 0; i < MOST; i++)
      free(numbers[i]); /* they are still ours */
  }
}

static void rows_that_are_none_are_refused(void)
{
  elfin_request q = good();
  elfin_response *response = mermin();
  size_t n = 0;
  double *numbers = NULL;
  elfin_error err = {""};
  q.response = response;
  size_t last = elfin_rate_prepare_parts("electron", &q) - 1;
  for (size_t i = 0; i < last; i++) {
    CHECK(elfin_rate_prepare_make("electron", &q, i, &n, &numbers, NULL) == ELFIN_OK);
    CHECK(elfin_rate_prepare_take("electron", &q, i, n, numbers, NULL) == ELFIN_OK);
    free(numbers);
  }
  CHECK(elfin_rate_prepare_late("electron", &q) == 1);
  CHECK(elfin_rate_prepare_make("electron", &q, last, &n, &numbers, NULL) == ELFIN_OK);
  for (int borrowed = 0; borrowed < 2; borrowed++) {
    elfin_status (*take)(const char *, const elfin_request *, size_t, size_t, const double[],
                         elfin_error *) =
        borrowed ? elfin_rate_prepare_borrow : elfin_rate_prepare_take;
    CHECK(take("electron", &q, last, n - 1, numbers, &err) == ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, "not the rows");
    CHECK(take("electron", &q, last, 3, numbers, &err) == ELFIN_E_ARGUMENT);
    for (double bad = -1; bad < 1e10; bad += 1e9 + 0.5) {
      double kept = numbers[0];
      numbers[0] = bad;
      CHECK(take("electron", &q, last, n, numbers, &err) == ELFIN_E_ARGUMENT);
      numbers[0] = kept;
    }
    CHECK(take("electron", &q, last, n, numbers, &err) == ELFIN_OK);
  }
  CHECK(elfin_rate_prepare_late("electron", &q) == 0);
  double *none = numbers;
  CHECK(elfin_rate_prepare_make("electron", &q, last, &n, &none, NULL) == ELFIN_OK);
  CHECK(n == 0 && none == NULL); /* they are there */
  elfin_response_free(response);
  free(numbers);
}

static void parts_that_are_none_are_refused(void)
{
  elfin_request q = good();
  elfin_response *response = mermin();
  size_t n;
  double *numbers = NULL;
  elfin_error err = {""};
  q.response = response;
  size_t n_parts = elfin_rate_prepare_parts("electron", &q);
  CHECK(elfin_rate_prepare_make("electron", &q, n_parts, &n, &numbers, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "mermin has no part");
  double foreign[] = {1, 2, 3};
  CHECK(elfin_rate_prepare_take("electron", &q, 0, 3, foreign, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_rate_prepare_take("none", &q, 0, 3, foreign, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_rate_prepare_borrow("electron", &q, 0, 3, foreign, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_rate_prepare_borrow("none", &q, 0, 3, foreign, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_rate_prepare_parts("none", &q) == 0);
  CHECK(elfin_rate_prepare_parts("electron", &q) == n_parts);
  elfin_request nothing_to_do = good();
  CHECK(elfin_rate_prepare_parts("electron", &nothing_to_do) == 0);
  CHECK(elfin_rate_prepare("electron", &nothing_to_do, NULL) == ELFIN_OK);
  CHECK(elfin_rate_prepare_take("electron", &nothing_to_do, 0, 3, foreign, &err) ==
        ELFIN_E_ARGUMENT);
  elfin_response_free(response);
}

int main(void)
{
  elfin_error err;
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  if (elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, &err) ||
      elfin_material_open("Si", &si, &err) ||
      elfin_response_open("lindhard", si, constants, &lindhard, &err)) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  defaults_are_as_documented();
  a_good_request_is_answered();
  numbers_out_of_range_are_refused_by_name();
  lists_are_refused_by_entry();
  what_is_missing_is_named();
  values_beyond_the_response_fail_alone();
  a_spent_budget_is_a_status_of_its_value();
  less_than_nothing_is_no_rate();
  every_value_is_looked_at();
  default_thresholds_are_as_documented();
  parts_made_in_reverse_order_give_the_same_bits();
  borrowed_parts_are_used_where_they_lie();
  rows_that_are_none_are_refused();
  parts_that_are_none_are_refused();
  elfin_response_free(lindhard);
  elfin_material_free(si);
  elfin_halo_free(halo);
  return check_result();
}
