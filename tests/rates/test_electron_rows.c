/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_electron_rows.c
 * R(E_th) and bins by rows of weights (electron_rows.c) and by adaptive cubature agree within what
 * the two say of their errors. A momentum cut that cuts off nothing but a rounding error is not for
 * rows: it is how cubature is asked for here.
 */
#include "opened.h"
#include "rates/requests.h"

static const double COVERED = 0.99, INFLATION = 100;
/* Cubature has been seen to miss a feature worth 2e-4 (Al, 11 MeV, a mediator of 3 keV). */
static const double AGREEMENT = 3e-4;
enum { MOST = 4096 };

static const elfin_constants *constants;
static elfin_halo *halo;

typedef struct tally {
  size_t n, covered;
  double worst, ratio[MOST];
} tally;

static elfin_request request_of(const elfin_material *material, const elfin_response *response,
                                double mass, double mediator)
{
  return request_with(constants, halo, material, response, mass, mediator);
}

/** The same request for cubature; more accurate where there is no interpolant, which goes with the
 * accuracy and is to be the same. */
static elfin_request without_rows(elfin_request q)
{
  if (elfin_response_about(q.response).path)
    q.accuracy = 5e-6;
  q.k_cut_eV = nextafter(elfin_response_about(q.response).k_max_eV, 0);
  return q;
}

static double by_cubature(elfin_request q, double threshold, double *error)
{
  static answers r;
  ask_rates("electron", without_rows(q), 1, &threshold, &r);
  *error = r.error[0];
  return r.value[0];
}

/* ---- both ways ------------------------------------------------------------------------------- */

static void compare_one(tally *t, const elfin_request *q, double from, double found, double error,
                        double expected, double expected_error)
{
  double difference = fabs(found - expected), allowed = error + expected_error;
  CHECK_CLOSE(found, expected, AGREEMENT);
  CHECK(error <= q->accuracy * found);
  if (getenv("ELFIN_TEST_VERBOSE") && difference > 0.6 * allowed)
    printf("%.4g eV, F %g, delta %g, from %g eV: %.2e of %.1e and %.1e\n", q->mass_eV,
           q->mediator_eV, q->splitting_eV, from, found / expected - 1, error / expected,
           expected_error / expected);
  if (t->n == MOST)
    return;
  t->covered += difference <= allowed;
  t->ratio[t->n++] = allowed / fmax(difference, 1e-16 * expected);
  t->worst = fmax(t->worst, difference / expected);
}

static void compare(tally *t, elfin_request q, size_t n, const double threshold[])
{
  double v = elfin_halo_v_max(q.halo), end = 0.5 * q.mass_eV * v * v - q.splitting_eV;
  static answers r;
  ask_rates("electron", q, n, threshold, &r);
  for (size_t i = 0; i < n; i++) {
    if (threshold[i] >= end) {
      CHECK(r.value[i] == 0);
      continue;
    }
    double error, expected = by_cubature(q, threshold[i], &error);
    compare_one(t, &q, threshold[i], r.value[i], r.error[i], expected, error);
  }
}

static void compare_bins(tally *t, elfin_request q, size_t n_edges, const double edge[])
{
  static answers found, expected;
  ask_bins("electron", q, n_edges, edge, &found);
  ask_bins("electron", without_rows(q), n_edges, edge, &expected);
  for (size_t i = 0; i + 1 < n_edges; i++)
    if (expected.value[i] > 0)
      compare_one(t, &q, edge[i], found.value[i], found.error[i], expected.value[i],
                  expected.error[i]);
    else
      CHECK(found.value[i] == 0);
}

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void conclude(tally *t, const char *name, const char *what)
{
  qsort(t->ratio, t->n, sizeof *t->ratio, by_size);
  double covered = (double)t->covered / (double)t->n, median = t->ratio[t->n / 2];
  printf("%s: %zu %s, largest difference %.1e, %.2f %% within both estimates, median %.3g\n", name,
         t->n, what, t->worst, 100 * covered, median);
  CHECK(t->n > 100);
  CHECK(covered >= COVERED);
  CHECK(median < INFLATION);
}

static void rows_agree_with_cubature(const char *name, const elfin_material *material,
                                     const elfin_response *response)
{
  static const double mediators[] = {0, 3000, INFINITY}, splittings[] = {0, 1.5};
  static const double thresholds[] = {4.71, 17.3, 2.2, 0.9, 39};
  static const double edges[] = {2.2, 4.71, 4.9, 11, 17.3, 25, 25.1, 39};
  tally t = {0}, of_bins = {0};
  for (double mass = 1.1e6; mass < 3e9; mass *= 3.1)
    for (int i = 0; i < 3; i++)
      for (int j = 0; j < 2; j++) {
        elfin_request q = request_of(material, response, mass, mediators[i]);
        q.splitting_eV = splittings[j];
        q.screening = i != 1;
        compare(&t, q, 5, thresholds);
        compare_bins(&of_bins, q, 8, edges);
      }
  conclude(&t, name, "rates");
  conclude(&of_bins, name, "bins");
}

/* ---- what else holds ------------------------------------------------------------------------- */

static void a_rate_does_not_depend_on_the_other_thresholds(const elfin_material *material,
                                                           const elfin_response *response)
{
  enum { N = 40 }; /* more than are done together */
  double threshold[N];
  static answers all, one;
  elfin_request q = request_of(material, response, 5e7, 0);
  for (int i = 0; i < N; i++)
    threshold[i] = 1 + 0.7 * (i * 7 % N);
  ask_rates("electron", q, N, threshold, &all);
  for (int i = 0; i < N; i++) {
    ask_rates("electron", q, 1, &threshold[i], &one);
    check_same_bits(&one, 0, &all, (size_t)i);
  }
}

static void bins_do_not_depend_on_their_neighbours(const elfin_material *material,
                                                   const elfin_response *response)
{
  enum { N = 50 }; /* more than are done together */
  double edge[N + 1];
  static answers all, one;
  elfin_request q = request_of(material, response, 5e7, INFINITY);
  for (int i = 0; i <= N; i++)
    edge[i] = 2 + 0.9 * i;
  ask_bins("electron", q, N + 1, edge, &all);
  for (int i = 0; i < N; i++) {
    ask_bins("electron", q, 2, &edge[i], &one);
    check_same_bits(&one, 0, &all, (size_t)i);
  }
}

static void what_rows_cannot_do_is_left_to_cubature(const elfin_material *material,
                                                    const elfin_response *response)
{
  double threshold[] = {3}, c = constants->c_km_s, error;
  elfin_request q = request_of(material, response, 3e7, 0);
  static answers r, other;
  ask_rates("electron", q, 1, threshold, &r);
  CHECK(r.evaluations > 10000); /* by rows: many and cheap */
  q.max_evaluations = 15000;    /* too few for rows, enough for the integrator */
  ask_rates("electron", q, 1, threshold, &other);
  CHECK(other.evaluations != r.evaluations);
  CHECK_NEAR(other.value[0], r.value[0], r.error[0] + other.error[0]);
  q.max_evaluations = 20000000;
  q.k_cut_eV = 0.999 * elfin_response_about(response).k_max_eV;
  ask_rates("electron", q, 1, threshold, &other);
  CHECK(other.evaluations != r.evaluations);
  CHECK_NEAR(other.value[0], r.value[0], r.error[0] + other.error[0]);

  elfin_halo *fast = NULL; /* faster than the rows reach */
  CHECK(elfin_halo_new_shm(240 / c, 650 / c, 260 / c, &fast, NULL) == ELFIN_OK);
  q = request_of(material, response, 3e7, 0);
  q.halo = fast;
  ask_rates("electron", q, 1, threshold, &r);
  double expected = by_cubature(q, 3, &error);
  CHECK_NEAR(r.value[0], expected, r.error[0] + error);
  elfin_halo_free(fast);
}

int main(void)
{
  static const char *const targets[][2] = {{"Si", "mermin"}, {"Al", "mermin"}, {"GaN", "mermin"},
                                           {"Ge", "mermin_edges"}};
  enum { N_TARGETS = sizeof targets / sizeof *targets };
  const table_grid nodes = {90, 60, {0.3, 62.6}, {80, 23680}, false};
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  CHECK(elfin_halo_new_shm(238 / c, 544 / c, 250 / c, &halo, NULL) == ELFIN_OK);
  for (int i = 0; i < N_TARGETS; i++) {
    elfin_material *material = opened_material(targets[i][0]);
    elfin_response *mermin = opened_response(targets[i][1], material, constants);
    char name[32];
    snprintf(name, sizeof name, "%s, %s", targets[i][0], targets[i][1]);
    rows_agree_with_cubature(name, material, mermin);
    if (i == 0) {
      static const char *const tables[] = {"Si.h5", "Si.h5 (smooth)", "Si.h5 (smooth, above mermin)"};
      for (int k = 0; k < 3; k++) {
        elfin_response *table = table_of_response(tables[k], nodes, mermin, material, constants);
        rows_agree_with_cubature(tables[k], material, table);
        elfin_response_free(table);
      }
      a_rate_does_not_depend_on_the_other_thresholds(material, mermin);
      bins_do_not_depend_on_their_neighbours(material, mermin);
      what_rows_cannot_do_is_left_to_cubature(material, mermin);
    }
    elfin_response_free(mermin);
    elfin_material_free(material);
  }
  elfin_halo_free(halo);
  return check_result();
}
