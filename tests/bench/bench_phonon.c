/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file bench_phonon.c
 * What a rate of phonons, of Fröhlich's, and of absorption costs, next to DarkELF's 0.43 s of R_phonon.
 *
 *   bench_phonon [MATERIAL [TABLE …]]     default: every material with phonons
 *
 * Microseconds and evaluations (of phonons: of G(ω) [src/rates/massless.h]) of a rate above the lowest energy at accuracy
 * 1e-4, the mean over a hundred masses from 10 keV to 1 MeV (absorption: 10 meV to 1 keV); each table of ω, ε1, ε2 after the
 * material is a response in place of its own.
 */
#include <elfin/rate.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { N_MASSES = 100 };
static const double DARKELF_S = 0.43, LEAST_S = 0.3;

static double seconds(void)
{
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void measure(const char *process, elfin_request q, double low, double high, double threshold,
                    const char *name)
{
  double value, error, spent = 0, evaluations = 0;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {.rate = &value, .rate_error = &error, .rate_status = &status};
  long n = 0;
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  for (double begin = seconds(); spent < LEAST_S; spent = seconds() - begin)
    for (int i = 0; i < N_MASSES; i++, n++) {
      q.mass_eV = low * pow(high / low, (double)i / (N_MASSES - 1));
      if (elfin_rate(process, &q, &r, &err)) {
        printf("%-10s %-24s %s\n", process, name, err.text);
        return;
      }
      evaluations += (double)r.evaluations;
    }
  printf("%-10s %-24s %8.2f us a rate, %6.0f evaluations", process, name, 1e6 * spent / (double)n,
         evaluations / (double)n);
  if (strcmp(process, "phonon") == 0)
    printf(", DarkELF/elfin %.0f", DARKELF_S * (double)n / spent);
  printf("\n");
}

static void measure_response(const elfin_request *base, const char *kind)
{
  elfin_response *response = NULL;
  elfin_error err;
  elfin_request q = *base;
  char name[64];
  if (elfin_response_open(kind, q.material, q.constants, &response, &err))
    return;
  const char *file = strrchr(kind, '/');
  snprintf(name, sizeof name, "%s %.40s", q.material->name, file ? file + 1 : kind);
  q.response = response;
  if (strcmp(kind, "joined") == 0)
    measure("absorption", q, 1e-2, 1e3, 0, name);
  else
    measure("phonon", q, 1e4, 1e6, elfin_response_about(response).omega_min_eV, name);
  elfin_response_free(response);
}

static void measure_material(const char *name, int n_tables, char **tables, const elfin_halo *halo)
{
  elfin_material *material = NULL;
  elfin_error err;
  if (elfin_material_open(name, &material, &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = elfin_constants_named("elfin");
  q.halo = halo;
  q.material = material;
  if (material->n_phonon_responses) {
    measure_response(&q, "phonon");
    for (int i = 0; i < n_tables; i++)
      measure_response(&q, tables[i]);
    measure_response(&q, "joined");
    if (material->polar[0] && material->polar[0]->n_transverse)
      measure("froehlich", q, 1e4, 1e6, 0, name);
  }
  elfin_material_free(material);
}

int main(int argc, char **argv)
{
  const elfin_constants *c = elfin_constants_named("elfin");
  elfin_halo *halo = NULL;
  elfin_error err;
  char **names = NULL;
  size_t n = 0;
  if (elfin_halo_new_shm(220 / c->c_km_s, 500 / c->c_km_s, 240 / c->c_km_s, &halo, &err) ||
      (argc < 2 && elfin_material_list(&n, &names, &err))) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  if (argc > 1)
    measure_material(argv[1], argc - 2, argv + 2, halo);
  for (size_t i = 0; i < n; i++) {
    measure_material(names[i], 0, NULL, halo);
    free(names[i]);
  }
  free(names);
  elfin_halo_free(halo);
  return 0;
}
