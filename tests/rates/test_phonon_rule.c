/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_phonon_rule.c
 * Rates of phonons by prepared weights of the ELF (elf/optical_rule.c): the weights are the moments that GSL finds; rates
 * and bins agree with adaptive quadrature at accuracy 1e-9 within their estimates; hardly any rate needs the integrator;
 * and what was asked before changes no bit.
 */
#include "opened.h"
#include "rates/requests.h"

#include "elf/elf.h"
#include "elf/optical_rule.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

enum { N_MASSES = 40, N_BINS = 12, ROOM = 2000 };
/* The integrator needs more evaluations than this. */
enum { MOST_BY_RULE = 400 };
/* The integrator overlooks that ε2 of Al2O3 ends at 0 near 54 meV: 2e-7 of a bin. The weights, as GSL, do not. */
static const double OVERLOOKED = 3e-7;

static const elfin_constants *constants;
static elfin_halo *halo;

/** From the lowest energy to the highest, or the gap. */
static void set_edges(const elfin_response *response, size_t n, double edge[])
{
  elfin_response_info about = elfin_response_about(response);
  double high = fmin(about.omega_max_eV, response->material->gap_eV.value);
  for (size_t i = 0; i <= n; i++)
    edge[i] = about.omega_min_eV + (high - about.omega_min_eV) * (double)i / (double)n;
  edge[n] = high; /* without rounding */
}

/* ---- weights --------------------------------------------------------------------------------- */

typedef struct moment {
  const elfin_response *response;
  double scale;
  int power;
} moment;

static double moment_at(double omega, void *context)
{
  const moment *m = context;
  double eps1, eps2;
  optical_epsilon(m->response->optical, 1, &omega, &eps1, &eps2);
  return fmax(eps2, 0) / (eps1 * eps1 + eps2 * eps2) * pow(omega / m->scale, m->power);
}

/** Cut at knots and peaks. */
static double by_gsl(moment *m, double low, double high)
{
  const optical *o = m->response->optical;
  gsl_integration_workspace *room = gsl_integration_workspace_alloc(ROOM);
  gsl_function f = {moment_at, m};
  double sum = 0, part, error;
  for (double begin = low, end; begin < high; begin = end) {
    size_t i = optical_knots_up_to(o, begin);
    end = i < o->n ? fmin(o->omega[i], high) : high;
    for (size_t j = 0; j < o->n_peaks; j++)
      end = o->peaks[j].omega > begin ? fmin(end, o->peaks[j].omega) : end;
    gsl_integration_qag(&f, begin, end, 0, 1e-11, ROOM, GSL_INTEG_GAUSS31, room, &part, &error);
    sum += part;
  }
  gsl_integration_workspace_free(room);
  return sum;
}

static void weights_are_moments_of_the_elf(const elfin_response *response)
{
  double edge[4];
  optical_rule *rule = NULL;
  set_edges(response, 3, edge);
  CHECK(optical_rule_of(response, edge[0], edge[2], &rule, NULL) == ELFIN_OK && rule);
  for (int power = 0; rule && power <= RULE_CELL; power++) {
    moment m = {response, edge[2], power};
    double sum = 0;
    for (size_t i = 0; i < rule->n; i++)
      sum += rule->weight[i] * pow(rule->omega[i] / m.scale, power);
    CHECK_CLOSE(sum, by_gsl(&m, rule->low, rule->high), 1e-9);
    if (power == 0)
      CHECK(rule->error < 1e-9 * sum);
  }
  optical_rule_release(rule);
}

/* ---- rates ----------------------------------------------------------------------------------- */

typedef struct tally {
  size_t n, covered, by_rule;
  double worst;
} tally;

static void compare(tally *t, size_t n, const answers *found, const answers *exact)
{
  for (size_t i = 0; i < n; i++) {
    double difference = fabs(found->value[i] - exact->value[i]);
    CHECK(found->error[i] <= 1e-4 * found->value[i]);
    if (exact->value[i] == 0) {
      CHECK(found->value[i] == 0);
      continue;
    }
    t->n++;
    t->covered += difference <= found->error[i] + exact->error[i] + OVERLOOKED * exact->value[i];
    t->worst = fmax(t->worst, difference / exact->value[i]);
  }
}

static void rates_agree_with_the_integrator(const char *name, const elfin_material *material,
                                            const elfin_response *response)
{
  static answers found, exact;
  double edge[N_BINS + 1];
  tally t = {0};
  set_edges(response, N_BINS, edge);
  for (int i = 0; i < N_MASSES; i++) {
    double mass = 1.2e4 * pow(1e3, (double)i / N_MASSES);
    elfin_request q = request_with(constants, halo, material, response, mass, 0);
    q.temperature_K = i % 3 ? 0 : 300;
    ask_rates("phonon", q, 1, edge, &found);
    t.by_rule += found.evaluations < MOST_BY_RULE;
    q.accuracy = 1e-9;
    ask_rates("phonon", q, 1, edge, &exact);
    compare(&t, 1, &found, &exact);
    ask_bins("phonon", q, N_BINS + 1, edge, &exact);
    q.accuracy = 1e-4;
    ask_bins("phonon", q, N_BINS + 1, edge, &found);
    compare(&t, N_BINS, &found, &exact);
  }
  printf("%s: %zu values, largest difference %.1e, %zu within both estimates; %zu of %d rates by weights\n",
         name, t.n, t.worst, t.covered, t.by_rule, N_MASSES);
  CHECK(t.n > 300);
  CHECK((double)t.covered >= 0.99 * (double)t.n);
  CHECK(t.worst < 5e-5);
  CHECK(t.by_rule > 0.8 * N_MASSES);
}

static void what_was_asked_before_changes_no_bit(void)
{
  enum { N = 250, N_SETS = 20 }; /* more than are kept with a response */
  static answers last, fresh;
  static double edge[N + 1];
  elfin_material *material = opened_material("SiO2");
  elfin_response *response = opened_response("phonon", material, constants);
  elfin_request q = request_with(constants, halo, material, response, 2e5, 0);
  for (int set = 0; set < N_SETS; set++) {
    set_edges(response, N, edge);
    for (int i = 1; i < N; i++)
      edge[i] *= 1 + 1e-5 * set;
    ask_bins("phonon", q, N + 1, edge, &last);
  }
  CHECK(optical_rules_full(response));
  elfin_response *other = opened_response("phonon", material, constants);
  q.response = other;
  ask_bins("phonon", q, N + 1, edge, &fresh);
  CHECK(!optical_rules_full(other));
  for (size_t i = 0; i < N; i++)
    check_same_bits(&last, i, &fresh, i);
  elfin_response_free(other);
  elfin_response_free(response);
  elfin_material_free(material);
}

int main(void)
{
  static const char *const names[] = {"SiO2", "Al2O3", "GaAs", "GaN", "Si"};
  gsl_set_error_handler_off();
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  CHECK(elfin_halo_new_shm(238 / c, 544 / c, 250 / c, &halo, NULL) == ELFIN_OK);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    elfin_material *material = opened_material(names[i]);
    elfin_response *response = opened_response("phonon", material, constants);
    weights_are_moments_of_the_elf(response);
    rates_agree_with_the_integrator(names[i], material, response);
    elfin_response_free(response);
    elfin_material_free(material);
  }
  what_was_asked_before_changes_no_bit();
  elfin_halo_free(halo);
  return check_result();
}
