/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_crystal_sum.c
 * Integrals over phonons do not depend on how finely F_n stands on its nodes, wherever a threshold
 * cuts it, and slices add up [crystal_sum.c, phonon_functions.c].
 *
 * Claim: what the default nodes cost is within the estimate, at thresholds all over the spectrum,
 * spikes and gaps of D included. Left out: the last per cents below 2 ω_max, where light dark
 * matter sees what two of the very last phonons of D make, at rates 1e-18 of the whole. */
#include "check.h"

#include "crystal/crystal_set.h"
#include "rates/multiphonon.h"

#include <elfin/rate.h>

static const elfin_constants *constants;
static elfin_halo *halo;

/** A nucleus with this many nodes up to its highest phonon. */
static crystal *with_nodes(const elfin_nucleus *nucleus, size_t nodes)
{
  const elfin_density_of_states *dos = nucleus->dos;
  phonon_density density = {.n = dos->n, .omega = dos->omega_eV, .density = dos->per_eV};
  phonon_reach reach = {.recoil_in_means = 4, .nodes_per_phonon = nodes};
  phonon_functions *functions = NULL;
  crystal *made = NULL;
  elfin_error err = {""};
  CHECK(phonon_functions_new(&density, reach, &functions, &err) == ELFIN_OK);
  CHECK(crystal_new_from(constants, nucleus->mass_number, functions, &made, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  return made;
}

static integral slice(const crystal *c, double mass, bool massless, double low, double high)
{
  double q0 = mass * 220 / constants->c_km_s;
  crystal_sum sum = {.m_chi = mass,
                     .speed = crystal_speeds(halo),
                     .q_single = 2500,
                     .form = {.q0_2 = q0 * q0, .mass_2 = massless ? 0 : INFINITY},
                     .max_evaluations = 100000000,
                     .n_species = 1};
  integral out = {0};
  elfin_error err = {""};
  sum.species[0] = (crystal_species){.of = c, .strength = 1};
  CHECK(crystal_sum_slice(&sum, low, high, 1e-8, 0, &out, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  return out;
}

static const double masses[] = {1e5, 1e6, 1e8};

/** The largest error, and the largest part of its estimate that one is. */
static void compare_nodes(const elfin_nucleus *nucleus, double *worst, double *most)
{
  crystal *usual = with_nodes(nucleus, 0), *fine = with_nodes(nucleus, 1600);
  double omega_max = nucleus->dos->omega_eV[nucleus->dos->n - 1];
  *worst = *most = 0;
  for (size_t i = 0; i < sizeof masses / sizeof *masses; i++)
    for (double part = 0.05; part < 1.9; part += 0.1931)
      for (int massless = 0; massless < 2; massless++) {
        double expected = slice(fine, masses[i], massless, part * omega_max, INFINITY).value;
        integral found = slice(usual, masses[i], massless, part * omega_max, INFINITY);
        double error = fabs(found.value - expected);
        if (!(expected > 0))
          continue;
        *worst = fmax(*worst, error / expected);
        *most = fmax(*most, error / (found.error + CRYSTAL_OWN_ERROR * found.value));
        if (getenv("ELFIN_TEST_VERBOSE"))
          printf("%g %d above %g: %g, error %.2g, estimate %.2g\n", masses[i], massless, part,
                 expected, error / expected, found.error / expected + CRYSTAL_OWN_ERROR);
      }
  elfin_crystal_free(usual);
  elfin_crystal_free(fine);
}

static void slices_add_up(const elfin_nucleus *nucleus)
{
  static const double cuts[] = {0, 3e-3, 0.0211, 0.0463, 0.0612, 0.0777, 0.15, INFINITY};
  enum { N = sizeof cuts / sizeof *cuts };
  crystal *c = with_nodes(nucleus, 0);
  for (size_t i = 0; i < sizeof masses / sizeof *masses; i++) {
    double sum = 0;
    for (size_t j = 0; j + 1 < N; j++)
      sum += slice(c, masses[i], false, cuts[j], cuts[j + 1]).value;
    CHECK_CLOSE(sum, slice(c, masses[i], false, 0, INFINITY).value, 1e-7);
  }
  elfin_crystal_free(c);
}

int main(void)
{
  elfin_error err;
  constants = elfin_constants_named("elfin");
  CHECK(elfin_halo_new_shm(220 / constants->c_km_s, 500 / constants->c_km_s,
                           240 / constants->c_km_s, &halo, &err) == ELFIN_OK);
  static const char *const names[] = {"Si", "GaAs", "Al2O3", "SiO2"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    elfin_material *m = NULL;
    CHECK(elfin_material_open(names[i], &m, &err) == ELFIN_OK);
    for (size_t j = 0; m && j < m->n_nuclei; j++) {
      double worst, most;
      compare_nodes(&m->nuclei[j], &worst, &most);
      printf("%s in %s: nodes cost %.2g at most, %.2g of the estimate\n", m->nuclei[j].name,
             m->name, worst, most);
      CHECK(most < 1);
      slices_add_up(&m->nuclei[j]);
    }
    elfin_material_free(m);
  }
  elfin_halo_free(halo);
  return check_result();
}
