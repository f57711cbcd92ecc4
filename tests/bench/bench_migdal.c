/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file bench_migdal.c
 * The Migdal effect in the soft limit: what D(ω) costs once per response, and then a rate.
 *
 *   bench_migdal [MATERIAL …]     default: Si Ge GaAs
 *
 * A rate is all that a request asks for: two thresholds and ten charge bins, at 1e-4, for a mass, a mediator
 * and a picture of the nucleus not seen before. CPU seconds of one core; evaluations of η and of the
 * integrand over ω. Beside it the largest estimate relative to the rate. */
#include <elfin/rate.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_MASSES = 25, N_CHARGES = 10 };

static double seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void demand(elfin_status status, const elfin_error *err)
{
  if (status) {
    fprintf(stderr, "%s\n", err->text);
    exit(1);
  }
}

typedef struct totals {
  double spent, slowest, evaluations, worst;
  int n, n_failed;
} totals;

static void one(elfin_request *q, totals *t)
{
  double rate[2], rate_error[2], charge[N_CHARGES], charge_error[N_CHARGES];
  double thresholds[2] = {elfin_default_threshold_eV(q->material), 10};
  elfin_status rate_status[2], charge_status[N_CHARGES];
  elfin_error err = {""};
  elfin_result r = {.rate = rate, .rate_error = rate_error, .rate_status = rate_status,
                    .charge = charge, .charge_error = charge_error, .charge_status = charge_status};
  q->n_thresholds = 2;
  q->threshold_eV = thresholds;
  q->n_charges = N_CHARGES;
  double begin = seconds();
  elfin_status status = elfin_rate("migdal", q, &r, &err);
  double spent = seconds() - begin;
  if (status && t->n_failed++ == 0)
    printf("  %g MeV: %s\n", q->mass_eV / 1e6, err.text);
  t->n++;
  t->spent += spent;
  t->slowest = fmax(t->slowest, spent);
  t->evaluations += (double)r.evaluations;
  for (int i = 0; i < 2; i++)
    if (rate[i] > 0)
      t->worst = fmax(t->worst, rate_error[i] / rate[i]);
}

static void of_material(const char *name, const elfin_halo *halo, const elfin_constants *constants)
{
  static const double mediators[] = {0, INFINITY};
  static const char *const words[] = {"free", "impulse"};
  elfin_material *material;
  elfin_response *response;
  elfin_error err;
  elfin_request q;
  demand(elfin_material_open(name, &material, &err), &err);
  demand(elfin_response_open(elfin_response_default(material), material, constants, &response, &err), &err);
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = material;
  q.response = response;
  double begin = seconds();
  demand(elfin_rate_prepare("migdal", &q, &err), &err);
  printf("%s: prepared in %.2f s (once)\n", name, seconds() - begin);
  for (int approximation = 0; approximation < 2; approximation++)
    for (int i = 0; i < 2; i++) {
      totals t = {0};
      q.approximation = (elfin_approximation)approximation;
      q.mediator_eV = mediators[i];
      for (int k = 0; k < N_MASSES; k++) {
        q.mass_eV = 1e7 * pow(300, (double)k / (N_MASSES - 1));
        one(&q, &t);
      }
      printf("  %-7s %-8s: %6.3f ms a rate, slowest %6.3f ms, %7.0f evaluations, estimates up to %.1e%s\n",
             words[approximation], i ? "massive" : "massless", 1e3 * t.spent / t.n, 1e3 * t.slowest,
             t.evaluations / t.n, t.worst, t.n_failed ? ", some failed" : "");
    }
  elfin_response_free(response);
  elfin_material_free(material);
}

int main(int argc, char **argv)
{
  static const char *const usual[] = {"Si", "Ge", "GaAs"};
  const elfin_constants *constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  elfin_halo *halo;
  elfin_error err;
  demand(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, &err), &err);
  for (int i = 1; i < argc; i++)
    of_material(argv[i], halo, constants);
  for (int i = 0; argc < 2 && i < 3; i++)
    of_material(usual[i], halo, constants);
  elfin_halo_free(halo);
  return 0;
}
