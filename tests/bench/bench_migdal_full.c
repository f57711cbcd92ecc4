/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file bench_migdal_full.c
 * Where the soft limit of the Migdal effect fails, and what the full expression costs.
 *
 *   bench_migdal_full [MATERIAL [KCUT_eV]]     default: Si, 15000
 *
 * First dR/dω, full over soft, by mass and ω, for both mediators and both pictures of the nucleus;
 * `pole` is where the full expression has no meaning, `-` where nothing is fast enough. Then seconds,
 * points in the (ω,k) plane and evaluations of η per rate above the default threshold, at 1e-3.
 *
 * The soft limit is the full expression's own for k → 0, times ∫k² Z² ELF dk: a small cut gives its
 * coefficient to some 1e-5. tests/rates/test_migdal_full.c holds that limit against docs/migdal.md.
 */
#include "rates/migdal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { N_OMEGA = 6, N_MASSES = 9, STEPS = 2000 };
static const double omegas[N_OMEGA] = {3, 5, 8, 12, 17, 30};
static const double masses[N_MASSES] = {1e7, 2e7, 4e7, 7e7, 1e8, 2e8, 4e8, 7e8, 1e9};
static const double K_SOFT = 100, K_LOW = 10; /* [eV] */

typedef struct target {
  elfin_material *material;
  elfin_response *response;
  elfin_halo *halo;
  const elfin_constants *constants;
  migdal_nucleus nucleus;
  double k_cut;
} target;

static double seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void fail(const elfin_error *err)
{
  fprintf(stderr, "%s\n", err->text);
  exit(1);
}

static void open_target(target *t, const char *name, double k_cut)
{
  elfin_error err;
  t->constants = elfin_constants_named("elfin");
  double c = t->constants->c_km_s;
  if (elfin_material_open(name, &t->material, &err) ||
      elfin_response_open("mermin", t->material, t->constants, &t->response, &err) ||
      elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &t->halo, &err))
    fail(&err);
  const elfin_nucleus *first = &t->material->nuclei[0];
  double m_N = first->mass_number * t->constants->amu_eV, phonon = t->material->phonon_mean_eV.value;
  t->nucleus = (migdal_nucleus){.name = first->name, .mass_number = first->mass_number, .m_N = m_N,
                                .per_mass = 1 / m_N, .ion = first->ion,
                                .charge = first->charge.value, .phonon_mean = phonon,
                                .recoil_threshold = isnan(phonon) ? 0.1 : 4 * phonon};
  t->k_cut = k_cut;
}

static elfin_request request_of(const target *t, double mass, double mediator, int approximation)
{
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = t->constants;
  q.halo = t->halo;
  q.material = t->material;
  q.response = t->response;
  q.mass_eV = mass;
  q.mediator_eV = mediator;
  q.approximation = (elfin_approximation)approximation;
  q.k_cut_eV = t->k_cut;
  q.accuracy = 1e-3;
  return q;
}

/** ∫k² Z² ELF dk from K_LOW, by Simpson's rule. */
static double moment(const target *t, double omega, double k_high)
{
  double sum = 0, width = (k_high - K_LOW) / STEPS;
  for (int i = 0; i <= STEPS; i++) {
    double k = K_LOW + width * i, elf, Z = t->nucleus.charge;
    elfin_response_elf(t->response, 1, &omega, &k, &elf);
    if (t->nucleus.ion)
      elfin_form_factor_at(t->nucleus.ion, 1, &k, &Z);
    sum += (i == 0 || i == STEPS ? 1 : i % 2 ? 4 : 2) * k * k * Z * Z * elf;
  }
  return sum * width / 3;
}

static void print_ratio(const target *t, elfin_request q, double omega)
{
  integral full = {0}, soft = {0};
  elfin_error err;
  elfin_status status = migdal_full_differential(&q, &t->nucleus, omega, 1e-4, &full, &err);
  if (status == ELFIN_E_VALIDITY) {
    printf("    pole");
    return;
  }
  q.k_cut_eV = K_SOFT;
  if (status || migdal_full_differential(&q, &t->nucleus, omega, 1e-4, &soft, &err))
    fail(&err);
  if (soft.value > 0)
    printf(" %7.3f", full.value / soft.value * moment(t, omega, K_SOFT) / moment(t, omega, t->k_cut));
  else
    printf(full.value > 0 ? "     inf" : "       -");
}

static void print_table(const target *t, double mediator, int approximation)
{
  printf("\n%s, %s mediator, %s: dR/dω full over soft\n", t->nucleus.name,
         isinf(mediator) ? "massive" : "massless", approximation ? "impulse" : "free ion");
  printf("%10s", "ω [eV]:");
  for (int j = 0; j < N_OMEGA; j++)
    printf(" %7g", omegas[j]);
  for (int i = 0; i < N_MASSES; i++) {
    printf("\n%6g MeV", masses[i] / 1e6);
    for (int j = 0; j < N_OMEGA; j++)
      print_ratio(t, request_of(t, masses[i], mediator, approximation), omegas[j]);
  }
  printf("\n");
}

static void print_cost(const target *t, double mass, double mediator, int approximation)
{
  elfin_request q = request_of(t, mass, mediator, approximation);
  integral out;
  elfin_error err;
  double begin = seconds(), threshold = elfin_default_threshold_eV(t->material);
  elfin_status status = migdal_full_rate(&q, &t->nucleus, threshold, INFINITY, 1e-3, 0, &out, &err);
  double spent = seconds() - begin;
  printf("%5g MeV, %-8s, %-8s: ", mass / 1e6, isinf(mediator) ? "massive" : "massless",
         approximation ? "impulse" : "free ion");
  if (status)
    printf("%s\n", err.text);
  else
    printf("%.3f s, %6ld points, own error %.1e\n", spent, out.evaluations, out.error / out.value);
}

int main(int argc, char **argv)
{
  static const double mediators[] = {0, INFINITY}, cost_masses[] = {3e7, 1e8, 5e8};
  target t;
  open_target(&t, argc > 1 ? argv[1] : "Si", argc > 2 ? atof(argv[2]) : 15000);
  printf("%s, k from %g eV to %g eV, recoils above %g eV\n", t.material->name, K_LOW, t.k_cut,
         t.nucleus.recoil_threshold);
  for (int approximation = 0; approximation < 2; approximation++)
    for (int i = 0; i < 2; i++)
      print_table(&t, mediators[i], approximation);
  printf("\nA rate above %g eV to 1e-3, the response not prepared:\n",
         elfin_default_threshold_eV(t.material));
  for (int approximation = 0; approximation < 2; approximation++)
    for (int i = 0; i < 2; i++)
      for (int j = 0; j < 3; j++)
        print_cost(&t, cost_masses[j], mediators[i], approximation);
  elfin_response_free(t.response);
  elfin_material_free(t.material);
  elfin_halo_free(t.halo);
  return 0;
}
