/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_multiphonon_flags.c
 * Along one curve of thresholds and masses, rates of phonons say what they are made of, so that
 * nobody adds regimes twice: coherent single phonons, many below the zone's edge, nuclei that
 * recoil as if free, energies above the gap, electrons below it. A flag is there if and only if that part is more
 * than 1 % of the rate. */
#include "check.h"

#include <elfin/rate.h>

static elfin_halo *halo;
static elfin_material *silicon;

typedef struct answer {
  double rate;
  unsigned flags;
} answer;

static answer ask(const char *process, double mass_eV, double mediator_eV, elfin_phonons phonons,
                  double threshold)
{
  answer a = {NAN, 0};
  double error;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {
      .rate = &a.rate, .rate_error = &error, .rate_status = &status, .rate_flags = &a.flags};
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = elfin_constants_named("elfin");
  q.halo = halo;
  q.material = silicon;
  q.mass_eV = mass_eV;
  q.mediator_eV = mediator_eV;
  q.phonons = phonons;
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  CHECK(elfin_rate(process, &q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  return a;
}

/** Above a threshold, of 10 MeV and a massless mediator. */
static answer electrons(double threshold)
{
  answer a = {NAN, 0};
  double error;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {
      .rate = &a.rate, .rate_error = &error, .rate_status = &status, .rate_flags = &a.flags};
  elfin_response *response = NULL;
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = elfin_constants_named("elfin");
  q.halo = halo;
  q.material = silicon;
  q.mass_eV = 1e7;
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  CHECK(elfin_response_open("mermin", silicon, q.constants, &response, &err) == ELFIN_OK);
  q.response = response;
  CHECK(elfin_rate("electron", &q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  elfin_response_free(response);
  return a;
}

static bool has(answer a, unsigned flag)
{
  return (a.flags & flag) != 0;
}

static void the_coherent_phonon_is_flagged_where_it_is_a_part(void)
{
  for (double mass = 3e4; mass < 2e9; mass *= 3) {
    answer all = ask("multiphonon", mass, INFINITY, ELFIN_ALL_PHONONS, 2e-3);
    answer one = ask("multiphonon", mass, INFINITY, ELFIN_SINGLE_PHONON, 2e-3);
    answer many = ask("multiphonon", mass, INFINITY, ELFIN_MULTIPHONON, 2e-3);
    CHECK(all.rate > 0);
    CHECK(has(all, ELFIN_FLAG_COHERENT) == (one.rate > 0.01 * all.rate));
    CHECK(one.rate == 0 || has(one, ELFIN_FLAG_COHERENT));
    CHECK(!has(many, ELFIN_FLAG_COHERENT) && !has(one, ELFIN_FLAG_FREE_RECOIL));
  }
}

static void heavy_dark_matter_makes_free_recoils_and_light_does_not(void)
{
  static const char *const processes[] = {"multiphonon", "multiphonon_sd",
                                          "multiphonon_anisotropic"};
  for (int i = 0; i < 3; i++) {
    CHECK(has(ask(processes[i], 1e9, INFINITY, ELFIN_ALL_PHONONS, 1e-3), ELFIN_FLAG_FREE_RECOIL));
    CHECK(has(ask(processes[i], 1e9, 0, ELFIN_ALL_PHONONS, 3), ELFIN_FLAG_FREE_RECOIL));
    CHECK(!has(ask(processes[i], 1e6, INFINITY, ELFIN_ALL_PHONONS, 1e-3), ELFIN_FLAG_FREE_RECOIL));
  }
}

static void many_phonons_below_the_zone_are_those_of_light_dark_matter(void)
{
  CHECK(has(ask("multiphonon", 3e4, INFINITY, ELFIN_MULTIPHONON, 1e-3), ELFIN_FLAG_BELOW_ZONE));
  CHECK(!has(ask("multiphonon", 1e7, INFINITY, ELFIN_MULTIPHONON, 1e-3), ELFIN_FLAG_BELOW_ZONE));
  CHECK(!has(ask("multiphonon_sd", 3e4, INFINITY, ELFIN_MULTIPHONON, 1e-3), ELFIN_FLAG_BELOW_ZONE));
  CHECK(!has(ask("multiphonon_anisotropic", 1e6, INFINITY, ELFIN_MULTIPHONON, 1e-3),
             ELFIN_FLAG_BELOW_ZONE));
}

static void thresholds_above_the_gap_are_flagged(void)
{
  double gap = silicon->gap_eV.value;
  CHECK(has(ask("multiphonon", 1e8, INFINITY, ELFIN_ALL_PHONONS, gap), ELFIN_FLAG_ABOVE_GAP));
  CHECK(
      !has(ask("multiphonon", 1e8, INFINITY, ELFIN_ALL_PHONONS, 0.99 * gap), ELFIN_FLAG_ABOVE_GAP));
  CHECK(has(ask("multiphonon", 1e5, INFINITY, ELFIN_ALL_PHONONS, 2 * gap), ELFIN_FLAG_CLOSED));
}

static void electrons_below_the_gap_are_flagged(void)
{
  double gap = silicon->gap_eV.value;
  CHECK(has(electrons(0.99 * gap), ELFIN_FLAG_BELOW_GAP));
  CHECK(!has(electrons(gap), ELFIN_FLAG_BELOW_GAP));
  CHECK(electrons(1e-3).rate > 1.1 * electrons(gap).rate); /* what it is about */
}

int main(void)
{
  const double c = elfin_constants_named("elfin")->c_km_s;
  CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, NULL) == ELFIN_OK);
  CHECK(elfin_material_open("Si", &silicon, NULL) == ELFIN_OK);
  the_coherent_phonon_is_flagged_where_it_is_a_part();
  heavy_dark_matter_makes_free_recoils_and_light_does_not();
  many_phonons_below_the_zone_are_those_of_light_dark_matter();
  thresholds_above_the_gap_are_flagged();
  electrons_below_the_gap_are_flagged();
  elfin_material_free(silicon);
  elfin_halo_free(halo);
  return check_result();
}
