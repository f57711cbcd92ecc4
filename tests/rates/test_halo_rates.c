/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_halo_rates.c
 * Rates in halos that are no Maxwellian: they are linear in the halo, a Maxwellian by another name
 * is one, and an estimated error covers what a finer integral finds. For every process that
 * integrates η in its own way. */
#include "check.h"

#include <elfin/rate.h>

static const elfin_constants *constants;
static elfin_material *si, *gaas;
static elfin_response *mermin, *phonons;

typedef struct job {
  const char *process;
  elfin_material **material;
  elfin_response **response;
  double mass, mediator, threshold, accuracy;
} job;

static const job jobs[] = {
    {"electron", &si, &mermin, 5e6, 0, 4.7, 1e-4},
    {"electron", &si, &mermin, 1e9, INFINITY, 4.7, 1e-4},
    {"electron", &si, &mermin, 2e6, INFINITY, 3, 1e-4}, /* only the fastest */
    {"nuclear", &gaas, NULL, 1e9, 1e4, 10, 1e-5},
    {"migdal", &si, &mermin, 1e8, INFINITY, 4.7, 1e-4},
    {"phonon", &gaas, &phonons, 1e5, 0, 0.02, 1e-4},
    {"froehlich", &gaas, NULL, 1e5, 0, 0, 1e-4},
    {"multiphonon", &gaas, NULL, 1e6, INFINITY, 0.02, 1e-4},
};
enum { N_JOBS = sizeof jobs / sizeof *jobs };

static elfin_halo_preset preset(const char *name)
{
  size_t n;
  const elfin_halo_preset *list = elfin_halo_presets(&n);
  for (size_t i = 0; i < n; i++)
    if (strcmp(list[i].name, name) == 0)
      return list[i];
  exit(1);
}

static elfin_halo *halo_of(elfin_halo_preset p)
{
  elfin_halo *halo = NULL;
  const double v_lab[3] = {11, 240, 7};
  elfin_error err = {""};
  if (elfin_halo_new(&p, v_lab, constants->c_km_s, &halo, &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  return halo;
}

static double rate(const job *j, const elfin_halo *halo, double accuracy, double *error)
{
  elfin_request q;
  elfin_status status = ELFIN_E_DATA;
  elfin_error err = {""};
  unsigned flags;
  double value = NAN;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = *j->material;
  q.response = j->response ? *j->response : NULL;
  q.mass_eV = j->mass;
  q.mediator_eV = j->mediator;
  q.accuracy = accuracy;
  q.n_thresholds = 1;
  q.threshold_eV = &j->threshold;
  elfin_result r = {
      .rate = &value, .rate_error = error, .rate_status = &status, .rate_flags = &flags};
  CHECK(elfin_rate(j->process, &q, &r, &err) == ELFIN_OK && status == ELFIN_OK);
  if (*err.text)
    fprintf(stderr, "%s: %s\n", j->process, err.text);
  return value;
}

static void rates_are_linear_in_the_halo(void)
{
  elfin_halo_preset p = preset("debris");
  p.fraction = 0.3;
  elfin_halo *both = halo_of(p);
  p.fraction = 0;
  elfin_halo *round = halo_of(p);
  p.fraction = 1;
  elfin_halo *flow = halo_of(p);
  for (size_t i = 0; i < N_JOBS; i++) {
    double error, of_round, of_flow;
    double R = rate(&jobs[i], both, jobs[i].accuracy, &error);
    double sum = 0.7 * rate(&jobs[i], round, jobs[i].accuracy, &of_round) +
                 0.3 * rate(&jobs[i], flow, jobs[i].accuracy, &of_flow);
    printf("%s: %.6g, %.2g of what is allowed\n", jobs[i].process, R,
           fabs(R - sum) / fmax(error + of_round + of_flow, 1e-300));
    CHECK(R > 0 && sum > 0);
    CHECK_NEAR(R, sum, error + of_round + of_flow);
    CHECK(error <= jobs[i].accuracy * R);
  }
  elfin_halo_free(both);
  elfin_halo_free(round);
  elfin_halo_free(flow);
}

static void a_maxwellian_by_another_name_is_one(void)
{
  elfin_halo_preset p = preset("shm++");
  p.beta = 0;
  p.fraction = 0.4;
  elfin_halo *made = halo_of(p);
  p.fraction = 0;
  elfin_halo *round = halo_of(p);
  for (size_t i = 0; i < N_JOBS; i++) {
    double error, R = rate(&jobs[i], made, jobs[i].accuracy, &error), of_round;
    CHECK_CLOSE(R, rate(&jobs[i], round, jobs[i].accuracy, &of_round),
                1e-8); /* the same points, too */
  }
  elfin_halo_free(made);
  elfin_halo_free(round);
}

static void the_error_covers_what_a_finer_integral_finds(void)
{
  static const char *const names[] = {"shm++", "tsallis", "debris"};
  for (size_t k = 0; k < 3; k++) {
    elfin_halo *halo = halo_of(preset(names[k]));
    for (size_t i = 0; i < N_JOBS; i++) {
      double error, finer, R = rate(&jobs[i], halo, jobs[i].accuracy, &error);
      double better = rate(&jobs[i], halo, 0.03 * jobs[i].accuracy, &finer);
      printf("%s, %s: %.2g of the error\n", names[k], jobs[i].process,
             fabs(R - better) / (error + finer));
      CHECK_NEAR(R, better, error + finer);
    }
    elfin_halo_free(halo);
  }
}

int main(void)
{
  elfin_error err = {""};
  constants = elfin_constants_named("elfin");
  if (elfin_material_open("Si", &si, &err) || elfin_material_open("GaAs", &gaas, &err) ||
      elfin_response_open("mermin", si, constants, &mermin, &err) ||
      elfin_response_open("phonon", gaas, constants, &phonons, &err)) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  rates_are_linear_in_the_halo();
  a_maxwellian_by_another_name_is_one();
  the_error_covers_what_a_finer_integral_finds();
  elfin_response_free(mermin);
  elfin_response_free(phonons);
  elfin_material_free(si);
  elfin_material_free(gaas);
  return check_result();
}
