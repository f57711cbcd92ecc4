/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_electron_below.c
 * Thresholds and bins that begin below where rates usually do (half the gap): from interpolants and rows of
 * their own they are what cubature of directly computed W makes of them, at a tenth of the error asked for; and who
 * asks for them changes no bit of what lies above.
 */
#include "opened.h"
#include "rates/requests.h"

#include "elf/elf.h"

/* Of the differences, this part may be larger than both estimates say together. */
static const double COVERED = 0.99;
static const double AGREEMENT = 1e-4;
/* Edges and thresholds: 0, on the way (in the logarithm) from the lowest energy to the border, and beyond. */
static const double way[] = {0.2, 0.6, 0.85, 0.97, 1, 1.1, 1.3};
enum { N_EDGES = 1 + sizeof way / sizeof *way, FIRST_ABOVE = 5 };

static const elfin_constants *constants;
static elfin_halo *halo;

typedef struct target {
  elfin_material *material;
  elfin_response *response;
  double edge[N_EDGES]; /* [eV] */
} target;

static void set_edges(target *t)
{
  double border = loss_border(t->response), lowest = loss_omega_min(t->response);
  for (int i = 1; i < N_EDGES; i++)
    t->edge[i] = lowest * pow(border / lowest, way[i - 1]);
  t->edge[FIRST_ABOVE] = border; /* without rounding */
}

static target target_of(const char *material, const char *response)
{
  target t = {.material = opened_material(material)};
  t.response = opened_response(response, t.material, constants);
  set_edges(&t);
  return t;
}

/** A table whose first energy is below the border. */
static target table_target(void)
{
  target t = target_of("Si", "mermin");
  const table_grid nodes = {120, 60, {1e-4, 48}, {1, 18e3}, false};
  elfin_response *table = table_of_response("Si.h5", nodes, t.response, t.material, constants);
  elfin_response_free(t.response);
  t.response = table;
  set_edges(&t);
  return t;
}

static void target_free(target *t)
{
  elfin_response_free(t->response);
  elfin_material_free(t->material);
}

static elfin_request request_of(const target *t, double mass, double mediator)
{
  return request_with(constants, halo, t->material, t->response, mass, mediator);
}

/* ---- against cubature ------------------------------------------------------------------------ */

typedef struct tally {
  size_t n, covered;
  double worst, estimate;
  long evaluations, of_cubature;
} tally;

static void compare(tally *t, size_t n, const answers *found, const answers *expected)
{
  for (size_t i = 0; i < n; i++) {
    double difference = fabs(found->value[i] - expected->value[i]);
    CHECK_CLOSE(found->value[i], expected->value[i], AGREEMENT);
    CHECK(found->error[i] <= 1e-4 * found->value[i]);
    if (expected->value[i] == 0)
      continue;
    t->n++;
    t->covered += difference <= found->error[i] + expected->error[i];
    t->worst = fmax(t->worst, difference / expected->value[i]);
    t->estimate = fmax(t->estimate, found->error[i] / found->value[i]);
  }
  t->evaluations += found->evaluations;
  t->of_cubature += expected->evaluations;
}

/** At accuracy 1e-5 there are no rows, and W is computed below the border. */
static void both_ways(tally *t, elfin_request q, const double edge[])
{
  static answers found, expected;
  ask_bins("electron", q, N_EDGES, edge, &found);
  q.accuracy = 1e-5;
  ask_bins("electron", q, N_EDGES, edge, &expected);
  compare(t, N_EDGES - 1, &found, &expected);
  q.accuracy = 1e-4;
  ask_rates("electron", q, N_EDGES, edge, &found);
  q.accuracy = 1e-5;
  ask_rates("electron", q, N_EDGES, edge, &expected);
  compare(t, N_EDGES, &found, &expected);
}

static void rows_agree_with_cubature(const char *name, const target *of)
{
  static const double mediators[] = {0, 3000, INFINITY};
  tally t = {0};
  for (double mass = 1.7e6; mass < 1e9; mass *= 20)
    for (int i = 0; i < 3; i++) {
      elfin_request q = request_of(of, mass, mediators[i]);
      q.screening = i != 1;
      both_ways(&t, q, of->edge);
    }
  printf("%s from %g eV: %zu values, largest difference %.1e, estimate %.1e, %.2f %% within both estimates; "
         "%ld evaluations, %ld by cubature\n",
         name, of->edge[1], t.n, t.worst, t.estimate, 100 * (double)t.covered / (double)t.n,
         t.evaluations, t.of_cubature);
  CHECK(t.n > 100);
  CHECK((double)t.covered >= COVERED * (double)t.n);
}

/* ---- what else holds ------------------------------------------------------------------------- */

static void asking_below_changes_no_bit_above(const char *material, const char *response)
{
  static answers with, without;
  target one = target_of(material, response), other = target_of(material, response);
  const double *above = &one.edge[FIRST_ABOVE];
  size_t n = N_EDGES - FIRST_ABOVE;
  for (double mass = 1.7e6; mass < 1e9; mass *= 20) {
    elfin_request q = request_of(&one, mass, 0), p = request_of(&other, mass, 0);
    ask_bins("electron", q, N_EDGES, one.edge, &with);
    ask_bins("electron", p, n, above, &without);
    for (size_t i = 0; i + 1 < n; i++)
      check_same_bits(&with, FIRST_ABOVE + i, &without, i);
    ask_rates("electron", q, N_EDGES, one.edge, &with);
    ask_rates("electron", p, n, above, &without);
    for (size_t i = 0; i < n; i++)
      check_same_bits(&with, FIRST_ABOVE + i, &without, i);
  }
  target_free(&one);
  target_free(&other);
}

static void only_who_asks_below_prepares_it(void)
{
  target t = target_of("Si", "mermin");
  elfin_request q = request_of(&t, 1e7, 0);
  double threshold = 2;
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  size_t n_parts = elfin_rate_prepare_parts("electron", &q);
  CHECK(elfin_rate_prepare_late("electron", &q) == 1);
  threshold = 0.01;
  CHECK(elfin_rate_prepare_parts("electron", &q) > n_parts);
  CHECK(elfin_rate_prepare_late("electron", &q) == 2);
  q.accuracy = 1e-5; /* has no rows */
  CHECK(elfin_rate_prepare_late("electron", &q) == 0);
  q.accuracy = 1e-4;
  threshold = 2;
  CHECK(elfin_rate_prepare("electron", &q, NULL) == ELFIN_OK);
  CHECK(elfin_rate_prepare_parts("electron", &q) == 0);
  threshold = 0.01; /* the rest, once */
  CHECK(elfin_rate_prepare_parts("electron", &q) > n_parts);
  CHECK(elfin_rate_prepare("electron", &q, NULL) == ELFIN_OK);
  CHECK(elfin_rate_prepare_parts("electron", &q) == 0);
  target_free(&t);
}

/** Bins add up to differences of rates, from 0 as from the response's lowest energy on; and a rate grows as its
 * threshold falls. */
static void bins_and_rates_agree(const target *t)
{
  static answers bins, rates;
  double lowest[] = {0, loss_omega_min(t->response)};
  elfin_request q = request_of(t, 3e7, INFINITY);
  ask_bins("electron", q, N_EDGES, t->edge, &bins);
  ask_rates("electron", q, N_EDGES, t->edge, &rates);
  for (int i = 0; i + 1 < N_EDGES; i++) {
    double width = t->edge[i + 1] - t->edge[i];
    CHECK_NEAR(width * bins.value[i], rates.value[i] - rates.value[i + 1],
               width * bins.error[i] + rates.error[i] + rates.error[i + 1]);
    CHECK(rates.value[i] >= rates.value[i + 1]);
  }
  ask_rates("electron", q, 2, lowest, &rates);
  check_same_bits(&rates, 0, &rates, 1);
}

static void without_smooth_halos_the_integrator_does_it(const target *t)
{
  enum { N = 60 };
  static answers of_table, of_closed;
  double v[N], eta[N], end = elfin_halo_v_max(halo);
  elfin_halo *table = NULL;
  for (int i = 0; i < N; i++)
    v[i] = end * i / (N - 1);
  elfin_halo_eta(halo, N, v, eta);
  CHECK(elfin_halo_new_table(N, v, eta, &table, NULL) == ELFIN_OK);
  elfin_request q = request_of(t, 3e7, 0);
  ask_bins("electron", q, N_EDGES, t->edge, &of_closed);
  q.halo = table;
  ask_bins("electron", q, N_EDGES, t->edge, &of_table);
  for (int i = 0; i + 1 < N_EDGES; i++)
    CHECK_CLOSE(of_table.value[i], of_closed.value[i], 3e-3); /* η is linear between 60 points */
  elfin_halo_free(table);
}

int main(void)
{
  static const char *const targets[][2] = {
      {"Si", "mermin"}, {"Al2O3", "mermin"},       {"Ge", "mermin"}, {"SiO2", "mermin_edges"},
      {"Al", "mermin"}, {"Mg", "mermin_edges"}, {"GaAs", "mermin"}};
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  CHECK(elfin_halo_new_shm(238 / c, 544 / c, 250 / c, &halo, NULL) == ELFIN_OK);
  for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
    target t = target_of(targets[i][0], targets[i][1]);
    rows_agree_with_cubature(targets[i][0], &t);
    bins_and_rates_agree(&t);
    if (i == 0)
      without_smooth_halos_the_integrator_does_it(&t);
    target_free(&t);
  }
  target table = table_target();
  rows_agree_with_cubature("a table", &table);
  bins_and_rates_agree(&table);
  target_free(&table);
  asking_below_changes_no_bit_above("Si", "mermin");
  asking_below_changes_no_bit_above("Al", "mermin_edges");
  only_who_asks_below_prepares_it();
  elfin_halo_free(halo);
  return check_result();
}
