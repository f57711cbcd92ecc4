/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_electron_bins.c
 * Bins of ω for what detectors count of them: events by rows of weights (electron_row_bins.c), and by the
 * integrator only where those are not sure enough, agree with events of bins that adaptive cubature made
 * one by one, within what both say of their errors. And what it costs, in evaluations: many bins hardly
 * more than one of them. A momentum cut that cuts off nothing but a rounding error is not for rows: it is
 * how cubature is asked for here.
 */
#include "opened.h"
#include "rates/requests.h"

#include <elfin/experiment.h>

enum { MOST_SUMS = 16 };

static const elfin_constants *constants;
static elfin_material *si;
static elfin_halo *halo;

static elfin_response *response_named(const char *name)
{
  return opened_response(name, si, constants);
}

/** A bilinear table of oscillators: there is no interpolant whose error makes estimates larger. */
static elfin_response *table_of(const elfin_response *response)
{
  const table_grid nodes = {120, 60, {0.3, 83.6}, {80, 23680}, false};
  return table_of_response("Si.h5", nodes, response, si, constants);
}

static elfin_request request_of(const elfin_response *response, double mass, double mediator)
{
  return request_with(constants, halo, si, response, mass, mediator);
}

static void ask(const elfin_request *q, answers *a)
{
  ask_bins("electron", *q, q->n_edges, q->edge_eV, a);
}

/* ---- events ---------------------------------------------------------------------------------- */

/** An experiment with its bins of ω, and what each of them counts. */
typedef struct counter {
  elfin_experiment *experiment;
  size_t n_edges;
  double *edge, *weight;
} counter;

static counter counter_of(const char *name)
{
  counter c = {NULL, 0, NULL, NULL};
  CHECK(elfin_experiment_open(name, &c.experiment, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_edges(c.experiment, si, &c.n_edges, &c.edge, NULL) == ELFIN_OK);
  CHECK(c.n_edges <= MOST_ANSWERS && c.experiment->n_bins <= MOST_SUMS);
  c.weight = calloc(c.experiment->n_bins * (c.n_edges - 1), sizeof *c.weight);
  CHECK(elfin_experiment_weights(c.experiment, si, c.n_edges, c.edge, c.weight, NULL) == ELFIN_OK);
  return c;
}

static void counter_free(counter *c)
{
  elfin_experiment_free(c->experiment);
  free(c->edge);
  free(c->weight);
}

/** Events in each bin of the experiment. */
static void add_up(const counter *c, const answers *s, double events[], double error[])
{
  size_t n = c->n_edges - 1;
  for (size_t b = 0; b < c->experiment->n_bins; b++) {
    events[b] = error[b] = 0;
    for (size_t i = 0; i < n; i++) {
      double counted = c->weight[b * n + i] * (c->edge[i + 1] - c->edge[i]);
      events[b] += counted * s->value[i];
      error[b] += counted * s->error[i];
    }
  }
}

typedef struct tally {
  size_t n, covered;
  double worst;
  long evaluations, of_bins, of_cubature;
} tally;

static void compare(tally *t, const counter *c, elfin_request q)
{
  static answers found, bins, expected;
  double events[MOST_SUMS], error[MOST_SUMS], other[MOST_SUMS], other_error[MOST_SUMS];
  q.n_edges = c->n_edges;
  q.edge_eV = c->edge;
  ask(&q, &bins);
  q.n_sums = c->experiment->n_bins;
  q.sum_weight = c->weight;
  ask(&q, &found);
  q.n_sums = 0;
  q.k_cut_eV = nextafter(elfin_response_about(q.response).k_max_eV, 0);
  ask(&q, &expected);
  add_up(c, &found, events, error);
  add_up(c, &expected, other, other_error);
  t->evaluations += found.evaluations;
  t->of_bins += bins.evaluations;
  t->of_cubature += expected.evaluations;
  for (size_t b = 0; b < c->experiment->n_bins; b++) {
    double difference = fabs(events[b] - other[b]);
    CHECK(error[b] <= q.accuracy * events[b]);
    if (other[b] == 0) {
      CHECK(events[b] == 0);
      continue;
    }
    t->n++;
    t->covered += difference <= error[b] + other_error[b];
    t->worst = fmax(t->worst, difference / other[b]);
  }
}

static void events_agree_with_cubature(const char *experiment, const elfin_response *response)
{
  static const double mediators[] = {0, 3000, INFINITY};
  counter c = counter_of(experiment);
  tally t = {0};
  for (double mass = 1.23e6; mass < 2e9; mass *= 1.7)
    for (int i = 0; i < 3; i++)
      compare(&t, &c, request_of(response, mass, mediators[i]));
  printf("%s, %s: %zu counts of %zu bins, largest difference %.1e, %.2f %% within both estimates; "
         "%ld evaluations, %ld for all bins, %ld by cubature\n",
         experiment, elfin_response_about(response).kind, t.n, c.n_edges - 1, t.worst, 100 * (double)t.covered / (double)t.n,
         t.evaluations, t.of_bins, t.of_cubature);
  CHECK(t.n > 50);
  CHECK((double)t.covered >= 0.99 * (double)t.n);
  CHECK(t.worst < 3e-4);               /* what cubature was seen to miss */
  CHECK(t.evaluations < t.of_bins);
  CHECK(2 * t.evaluations < t.of_cubature); /* and those of W cost ten times as much as those of η */
  counter_free(&c);
}

/* ---- what bins cost, and what they do not depend on -------------------------------------------- */

static void set_edges(size_t n, double low, double width, double edge[])
{
  for (size_t i = 0; i <= n; i++)
    edge[i] = low + width * (double)i;
}

static void many_bins_cost_hardly_more_than_one(const elfin_response *response)
{
  static answers all, whole;
  double edge[101];
  set_edges(100, 4, 0.2, edge);
  const double ends[] = {edge[0], edge[100]};
  for (double mass = 5e7; mass < 2e9; mass *= 5) {
    elfin_request q = request_of(response, mass, INFINITY);
    q.n_edges = 101;
    q.edge_eV = edge;
    ask(&q, &all);
    q.n_edges = 2;
    q.edge_eV = ends;
    ask(&q, &whole);
    CHECK(all.evaluations < 3 * whole.evaluations / 2);
  }
}

static void sets_that_are_not_kept_have_the_same_bits(void)
{
  enum { N = 20, N_SETS = 12 }; /* more than are kept with a response */
  static answers of_many[N_SETS], of_one;
  double edge[N + 1];
  elfin_response *response = response_named("mermin");
  elfin_request q = request_of(response, 2e7, 0);
  q.n_edges = N + 1;
  q.edge_eV = edge;
  for (int set = 0; set < N_SETS; set++) {
    set_edges(N, 2 + 0.11 * set, 0.7, edge);
    ask(&q, &of_many[set]);
  }
  elfin_response_free(response);
  for (int set = 0; set < N_SETS; set += N_SETS - 1) {
    response = response_named("mermin");
    q.response = response;
    set_edges(N, 2 + 0.11 * set, 0.7, edge);
    CHECK(elfin_rate_prepare("electron", &q, NULL) == ELFIN_OK);
    ask(&q, &of_one);
    for (size_t i = 0; i < N; i++)
      check_same_bits(&of_many[set], i, &of_one, i);
    elfin_response_free(response);
  }
}

static void a_bin_among_hundreds_is_what_it_is_alone(const elfin_response *response)
{
  enum { N = 290 }; /* more than one set has */
  static answers all, one;
  double edge[N + 1];
  set_edges(N, 0, 0.2, edge);
  elfin_request q = request_of(response, 3e7, 3000);
  q.n_edges = N + 1;
  q.edge_eV = edge;
  ask(&q, &all);
  q.n_edges = 2;
  for (size_t i = 0; i < N; i += 17) {
    q.edge_eV = &edge[i];
    ask(&q, &one);
    check_same_bits(&all, i, &one, 0);
  }
}

static void charges_are_bins(const elfin_response *response)
{
  enum { N = 10 };
  static answers bins;
  double edge[N + 1], value[N], error[N];
  elfin_status status[N];
  elfin_result result = {.charge = value, .charge_error = error, .charge_status = status};
  elfin_request q = request_of(response, 2e7, 0);
  q.n_charges = N;
  CHECK(elfin_rate("electron", &q, &result, NULL) == ELFIN_OK);
  set_edges(N, si->gap_eV.value, si->pair_energy_eV.value, edge);
  q.n_charges = 0;
  q.n_edges = N + 1;
  q.edge_eV = edge;
  ask(&q, &bins);
  for (int i = 0; i < N; i++)
    CHECK_CLOSE(value[i], bins.value[i] * (edge[i + 1] - edge[i]), 1e-13);
}

int main(void)
{
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  CHECK(elfin_halo_new_shm(238 / c, 544 / c, 250 / c, &halo, NULL) == ELFIN_OK);
  CHECK(elfin_material_open("Si", &si, NULL) == ELFIN_OK);
  elfin_response *mermin = response_named("mermin"), *table = table_of(mermin);
  events_agree_with_cubature("DAMIC_M_2025", mermin);
  events_agree_with_cubature("SENSEI_SNOLAB", mermin);
  events_agree_with_cubature("example_energies", mermin);
  events_agree_with_cubature("DAMIC_M_2025", table);
  many_bins_cost_hardly_more_than_one(mermin);
  a_bin_among_hundreds_is_what_it_is_alone(mermin);
  charges_are_bins(mermin);
  elfin_response_free(table);
  elfin_response_free(mermin);
  sets_that_are_not_kept_have_the_same_bits();
  elfin_material_free(si);
  elfin_halo_free(halo);
  return check_result();
}
