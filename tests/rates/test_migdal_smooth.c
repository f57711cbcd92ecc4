/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_migdal_smooth.c
 * The Migdal effect from tables of Al's oscillators, bilinear and smooth: on finer and finer grids both tend to
 * the oscillators' own rates, the smooth ones faster, in the soft limit and beyond it; and a smooth table is nearer
 * than a bilinear one with four times as many nodes in each direction. Of coarse tables, too, errors are those asked for.
 */
#include "rates/requests.h"

#include "elf/elf.h"


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
  const table_grid nodes = {50 * fine + 1, 20 * fine + 1, {1, 51}, {20, 20e3}, true};
  return table_of_response(text, nodes, oscillators, al, constants);
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
  elfin_request q = request_with(constants, halo, al, response, MASS, about->mediator);
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
