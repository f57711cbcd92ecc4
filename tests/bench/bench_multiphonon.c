/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file bench_multiphonon.c
 * Processor time of rates of phonons in crystals: independently of spins, by spins, by direction.
 *
 * DarkELF needs 4.6 to 5.3 s, 3.6 s, and 3 to 4 s on a 10 × 10 grid of angles (50 s and more on its
 * default grid) for one rate [shared/reference/README.md]. Each figure is the mean over masses from
 * 100 keV to 1 GeV and both mediators, after the material's phonons were prepared; that is the
 * first column. */
#include "check.h"

#include <elfin/rate.h>

#include <time.h>

static elfin_halo *halo;

static double now_s(void)
{
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double rate(const char *process, const elfin_request *q, long *evaluations)
{
  double value = NAN, error;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {.rate = &value, .rate_error = &error, .rate_status = &status};
  CHECK(elfin_rate(process, q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  *evaluations += r.evaluations;
  return value;
}

static void measure(const char *process, const char *name, double threshold, double accuracy,
                    double darkelf_s)
{
  static const double masses[] = {1e5, 3e5, 1e6, 3e6, 1e7, 3e7, 1e8, 1e9};
  enum { N = sizeof masses / sizeof *masses };
  elfin_material *m = NULL;
  elfin_error err = {""};
  long evaluations = 0;
  CHECK(elfin_material_open(name, &m, &err) == ELFIN_OK);
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = elfin_constants_named("elfin");
  q.halo = halo;
  q.material = m;
  q.accuracy = accuracy;
  q.mass_eV = 1e6;
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  double start = now_s();
  rate(process, &q, &evaluations);
  double first = now_s() - start;
  evaluations = 0;
  start = now_s();
  for (int i = 0; i < N; i++)
    for (int massive = 0; massive < 2; massive++) {
      q.mass_eV = masses[i];
      q.mediator_eV = massive ? INFINITY : 0;
      q.time_h = i;
      rate(process, &q, &evaluations);
    }
  double each = (now_s() - start) / (2 * N);
  printf("%-24s %-6s %6.3g eV  %5.0e  %8.3g s  %10.3g ms  %9ld  %7.0f\n", process, name, threshold,
         accuracy, first, 1e3 * each, evaluations / (2 * N), darkelf_s / each);
  elfin_material_free(m);
}

int main(void)
{
  static const char *const names[] = {"Si", "GaAs", "Al2O3", "SiO2"};
  static const double thresholds[] = {1e-3, 0.05};
  const double c = elfin_constants_named("elfin")->c_km_s;
  CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, NULL) == ELFIN_OK);
  printf("%-24s %-6s %9s  %5s  %10s  %13s  %9s  %7s\n", "process", "", "threshold", "acc.",
         "the first", "each further", "evaluated", "DarkELF/");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    for (size_t j = 0; j < sizeof thresholds / sizeof *thresholds; j++) {
      measure("multiphonon", names[i], thresholds[j], 1e-4, 5);
      if (i < 3) /* quartz has no spins in its file */
        measure("multiphonon_sd", names[i], thresholds[j], 1e-4, 3.6);
      measure("multiphonon_anisotropic", names[i], thresholds[j], 1e-3, 3.5);
    }
  elfin_halo_free(halo);
  return check_result();
}
