/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file bench_electron.c
 * Seconds and evaluations per electron rate on one core, at accuracy 1e-4: for materials, mediators
 * and masses, cold (first rate of a response, preparation included) and with the response ready.
 *
 *   bench_electron [MATERIAL …]       default: Si Ge Al2O3 Al GaN
 *   bench_electron --check [MATERIAL …]  also how far the interpolant is from direct evaluation
 *
 * One point is a (material, mediator, mass) with both thresholds, all cross sections included.
 */
#include <elfin/rate.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_MASSES = 31, N_THRESHOLDS = 2 };
static const double MASS_FIRST = 0.5e6, MASS_LAST = 1e9; /* [eV] */
static const double DARKELF_SECONDS = 2.0; /* of one R_electron call on such a machine */

static double now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* of this process: others may be running, too */
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct target {
  elfin_material *material;
  elfin_response *response;
  elfin_halo *halo;
  const elfin_constants *constants;
  double threshold[N_THRESHOLDS];
} target;

static void fail(const elfin_error *err)
{
  fprintf(stderr, "%s\n", err->text);
  exit(1);
}

static void open_target(target *t, const char *name, const char *response)
{
  elfin_error err;
  t->constants = elfin_constants_named("elfin");
  double c = t->constants->c_km_s;
  if (elfin_material_open(name, &t->material, &err) ||
      elfin_response_open(response, t->material, t->constants, &t->response, &err) ||
      elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &t->halo, &err))
    fail(&err);
  t->threshold[0] = elfin_default_threshold_eV(t->material);
  t->threshold[1] = 10;
}

static void close_target(target *t)
{
  elfin_response_free(t->response);
  elfin_material_free(t->material);
  elfin_halo_free(t->halo);
}

static elfin_request request(const target *t, double mass, double mediator, double accuracy)
{
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = t->constants;
  q.halo = t->halo;
  q.material = t->material;
  q.response = t->response;
  q.mass_eV = mass;
  q.mediator_eV = mediator;
  q.accuracy = accuracy;
  q.n_thresholds = N_THRESHOLDS;
  q.threshold_eV = t->threshold;
  return q;
}

static long compute(const elfin_request *q, double rate[N_THRESHOLDS], double error[N_THRESHOLDS])
{
  elfin_status status[N_THRESHOLDS];
  elfin_result r = {.rate = rate, .rate_error = error, .rate_status = status};
  elfin_error err;
  if (elfin_rate("electron", q, &r, &err))
    fail(&err);
  return r.evaluations;
}

static double mass_at(int i)
{
  return MASS_FIRST * pow(MASS_LAST / MASS_FIRST, i / (N_MASSES - 1.0));
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void bench(const char *name, const char *response, bool check)
{
  static const double mediators[] = {0, INFINITY};
  target t;
  open_target(&t, name, response);
  double rate[N_THRESHOLDS], error[N_THRESHOLDS], begin = now();
  elfin_request q = request(&t, 10e6, 0, 1e-4);
  elfin_error err;
  if (elfin_rate_prepare("electron", &q, &err))
    fail(&err);
  double prepared = now() - begin;

  double slowest = 0, total = 0, worst = 0, worst_mass = 0, ratio[2 * N_MASSES * N_THRESHOLDS];
  int n_rates = 0, covered = 0;
  long evaluations = 0;
  int n = 0;
  for (size_t i_mediator = 0; i_mediator < 2; i_mediator++)
    for (int i = 0; i < N_MASSES; i++, n++) {
      q = request(&t, mass_at(i), mediators[i_mediator], 1e-4);
      begin = now();
      evaluations += compute(&q, rate, error);
      double spent = now() - begin;
      total += spent;
      slowest = fmax(slowest, spent);
      if (!check)
        continue;
      double exact[N_THRESHOLDS], exact_error[N_THRESHOLDS];
      q.accuracy = 9e-7; /* below the last interpolant: computed directly */
      compute(&q, exact, exact_error);
      for (int j = 0; j < N_THRESHOLDS; j++)
        if (exact[j] > 0) {
          double difference = fabs(rate[j] / exact[j] - 1);
          if (difference > worst) {
            worst = difference;
            worst_mass = q.mass_eV;
          }
          ratio[n_rates++] = error[j] / rate[j] / difference;
          covered += difference * rate[j] <= error[j];
        }
    }
  printf("%-6s %-12.12s prepared in %6.3f s; a point: mean %.3f ms, slowest %.3f ms, %ld evaluations; "
         "%.0f times DarkELF",
         name, strrchr(response, '/') ? "table" : response, prepared, 1e3 * total / n, 1e3 * slowest,
         evaluations / n, N_THRESHOLDS * DARKELF_SECONDS * n / total);
  if (check) {
    qsort(ratio, (size_t)n_rates, sizeof *ratio, ascending);
    printf("\n       off by %.1e at most (%.3g MeV); %d of %d rates within their estimates, whose median is "
           "%.0f times the difference", worst, worst_mass / 1e6, covered, n_rates, ratio[n_rates / 2]);
  }
  printf("\n");
  close_target(&t);
}

int main(int argc, char **argv)
{
  static const char *const usual[] = {"Si", "Ge", "Al2O3", "Al", "GaN"};
  bool check = argc > 1 && strcmp(argv[1], "--check") == 0;
  int first = check ? 2 : 1;
  for (int i = first; i < argc; i++)
    bench(argv[i], "mermin", check);
  if (argc > first)
    return 0;
  const char *shared = getenv("ELFIN_SHARED");
  for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
    bench(usual[i], "mermin", check);
    char path[512];
    snprintf(path, sizeof path, "%s/tables/%s/%s_mermin.dat", shared ? shared : "", usual[i],
             usual[i]);
    FILE *table = fopen(path, "r");
    if (table) {
      fclose(table);
      bench(usual[i], path, check);
    }
  }
  static const char *const with_edges[] = {"Si", "Ge", "Al"};
  for (size_t i = 0; i < sizeof with_edges / sizeof *with_edges; i++)
    bench(with_edges[i], "mermin_edges", check);
  bench("Si", "lindhard", check);
  return 0;
}
