/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_migdal_smooth.c
 * The Migdal effect from tables of Al's oscillators, bilinear and smooth: on finer and finer grids both tend to
 * the oscillators' own rates, the smooth ones faster, in the soft limit and beyond it; and a smooth table is nearer
 * than a bilinear one with four times as many nodes in each direction. Of coarse tables, too, errors are those asked for.
 */
#include "check.h"

#include "elf/elf.h"

#include <elfin/rate.h>

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *al;
static elfin_response *oscillators;
static elfin_error err;

/* The fastest dark matter of this mass gives 35 eV, which the tables hold. */
static const double MASS = 1e7, THRESHOLD = 8, K_CUT = 12e3;

/** On a grid of `fine` times 50 energies and 20 momenta. */
static elfin_response *table_of(const char *text, size_t fine)
{
  static const double OMEGA[2] = {1, 51}, K[2] = {20, 20e3};
  size_t n_omega = 50 * fine + 1, n_k = 20 * fine + 1, n = n_omega * n_k;
  double *omega = malloc((n_omega + n_k + 2 * n) * sizeof *omega), *k = omega + n_omega,
         *eps1 = k + n_k, *eps2 = eps1 + n;
  elfin_response *made = NULL;
  for (size_t i = 0; i < n_omega; i++)
    omega[i] = OMEGA[0] + (OMEGA[1] - OMEGA[0]) * (double)i / (double)(n_omega - 1);
  for (size_t i = 0; i < n_k; i++)
    k[i] = K[0] * pow(K[1] / K[0], (double)i / (double)(n_k - 1));
  for (size_t i = 0; i < n; i++)
    elfin_response_epsilon(oscillators, 1, &omega[i % n_omega], &k[i / n_omega], &eps1[i],
                           &eps2[i]);
  CHECK(!elfin_response_new_chosen(text, n_omega, omega, n_k, k, eps1, eps2, NULL, al, constants,
                                   &made, &err));
  free(omega);
  return made;
}

typedef struct question {
  const char *name;
  double mediator, accuracy;
  elfin_approximation approximation;
  elfin_expansion expansion;
} question;

static double rate(const elfin_response *response, const question *about)
{
  double value = NAN, error = NAN, threshold = THRESHOLD;
  elfin_status status = ELFIN_OK;
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = al;
  q.response = response;
  q.mass_eV = MASS;
  q.mediator_eV = about->mediator;
  q.approximation = about->approximation;
  q.expansion = about->expansion;
  q.k_cut_eV = K_CUT;
  q.recoil_threshold_eV = 0; /* such light dark matter gives a nucleus 0.06 eV at most */
  q.accuracy = about->accuracy;
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  elfin_result result = {.rate = &value, .rate_error = &error, .rate_status = &status};
  CHECK(!elfin_rate("migdal", &q, &result, &err) && !status);
  CHECK(value > 0 && error <= about->accuracy * value);
  return value;
}

static double off_by(const char *text, size_t fine, const question *about, double exact)
{
  elfin_response *table = table_of(text, fine);
  double off = fabs(rate(table, about) / exact - 1);
  elfin_response_free(table);
  return off;
}

static void smooth_tables_converge_faster(const question *about)
{
  double exact = rate(oscillators, about), off[3], finest = off_by("t.h5", 16, about, exact);
  for (size_t i = 0; i < 3; i++) {
    size_t fine = (size_t)2 << i;
    double bilinear = off_by("t.h5", fine, about, exact);
    off[i] = off_by("t.h5 (smooth)", fine, about, exact);
    printf("%s, %zu x %zu: off by %.1e bilinear, %.1e smooth\n", about->name, 50 * fine + 1,
           20 * fine + 1, bilinear, off[i]);
    CHECK(off[i] < 0.2 * bilinear);
  }
  printf("%s, 801 x 321: off by %.1e bilinear\n", about->name, finest);
  CHECK(32 * off[2] < off[0]); /* grids four times as fine: 16 would be second order */
  CHECK(off[1] < 0.5 * finest);
}

/** At the accuracy that the full expression is asked for. */
static void beyond_the_soft_limit_too(void)
{
  static const question full = {"full, massive", INFINITY, 1e-3, ELFIN_FREE, ELFIN_FULL};
  double exact = rate(oscillators, &full), bilinear = off_by("t.h5", 4, &full, exact),
         smooth = off_by("t.h5 (smooth)", 4, &full, exact);
  printf("%s, 201 x 81: off by %.1e bilinear, %.1e smooth\n", full.name, bilinear, smooth);
  CHECK(smooth < 2 * full.accuracy);
  CHECK(smooth < 0.2 * bilinear);
}

int main(void)
{
  static const question soft[] = {
      {"free, massless", 0, 1e-5, ELFIN_FREE, ELFIN_SOFT},
      {"free, massive", INFINITY, 1e-5, ELFIN_FREE, ELFIN_SOFT},
      {"impulse, massive", INFINITY, 1e-5, ELFIN_IMPULSE, ELFIN_SOFT},
  };
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  CHECK(!elfin_halo_new_shm(238 / c, 544 / c, 250 / c, &halo, NULL));
  CHECK(!elfin_material_open("Al", &al, &err) &&
        !elfin_response_open("mermin", al, constants, &oscillators, &err));
  for (size_t i = 0; i < sizeof soft / sizeof *soft; i++)
    smooth_tables_converge_faster(&soft[i]);
  beyond_the_soft_limit_too();
  elfin_response_free(oscillators);
  elfin_material_free(al);
  elfin_halo_free(halo);
  return check_result();
}
