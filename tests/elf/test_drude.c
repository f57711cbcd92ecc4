/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_drude.c
 * The extended Drude model: both sum rules at every momentum, for all materials that have it; one term is
 * a plasmon; α decides how it disperses; rates integrate it. */
#include "check.h"

#include "elf/elf.h"
#include "rates/requests.h"

#include <elfin/rate.h>

static const elfin_constants *constants;

static void sum_rules_hold(const char *name)
{
  static const double momenta[] = {1, 500, 3729, 2e4, 1e5};
  elfin_material *material;
  elfin_response *response;
  elfin_error err = {""};
  CHECK(elfin_material_open(name, &material, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  CHECK(elfin_response_open("extended_drude", material, constants, &response, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  for (size_t i = 0; i < sizeof momenta / sizeof *momenta; i++) {
    double f, kk, expected;
    CHECK(elfin_response_sum_rules(response, momenta[i], &f, &kk, &expected, &err) == ELFIN_OK);
    CHECK_CLOSE(f, 1, 1e-7);
    CHECK_CLOSE(kk, expected, 1e-7);
  }
  elfin_response_free(response);
  elfin_material_free(material);
}

/** ε = ε_b − A/(ω² − Ω² + iγω) vanishes at ω² = Ω² + A/ε_b: there the ELF of a narrow term peaks, with
 * the height that a Lorentzian of the width γ and the f-sum gives it. */
static void one_term_is_a_plasmon(void)
{
  for (int alpha = 0; alpha < 2; alpha++) {
    elfin_drude_term term = {100, 1e-3, 5, alpha};
    elfin_drude model = {.background_eps = 2, .n = 1, .terms = &term};
    double k = ELFIN_MOMENTUM_AU_EV, Omega = 5 + alpha * 0.5 * ELFIN_HARTREE_EV;
    CHECK_CLOSE(drude_energy(&term, k), Omega, 1e-14);
    double omega = sqrt(Omega * Omega + term.strength_eV2 / model.background_eps);
    double peak = cimag(-1 / drude_epsilon(&model, omega, k));
    CHECK_CLOSE(peak, term.strength_eV2 / (model.background_eps * model.background_eps) /
                          (term.gamma_eV * omega), 1e-6);
    CHECK(peak > 100 * cimag(-1 / drude_epsilon(&model, 1.01 * omega, k)));
  }
}

/** A rate converges to its accuracy, and a narrow gap reaches where silicon does not. */
static void rates_integrate_it(void)
{
  elfin_material *material;
  elfin_response *response;
  elfin_halo *halo;
  elfin_error err = {""};
  double c = constants->c_km_s, threshold = 1, value[2] = {0}, error[2];
  elfin_status status;
  CHECK(elfin_material_open("InSb", &material, &err) == ELFIN_OK);
  CHECK_TEXT(elfin_response_default(material), "extended_drude");
  CHECK(elfin_response_open("extended_drude", material, constants, &response, &err) == ELFIN_OK);
  CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, &err) == ELFIN_OK);
  for (int fine = 0; fine < 2; fine++) {
    /* a mass below the reach of silicon */
    elfin_request q = request_with(constants, halo, material, response, 4e5, 0);
    q.accuracy = fine ? 1e-6 : 1e-4;
    q.n_thresholds = 1;
    q.threshold_eV = &threshold;
    elfin_result r = {.rate = &value[fine], .rate_error = &error[fine], .rate_status = &status};
    CHECK(elfin_rate("electron", &q, &r, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    CHECK(error[fine] <= q.accuracy * value[fine]);
  }
  CHECK(value[1] > 0);
  CHECK_NEAR(value[0], value[1], error[0] + error[1]);
  elfin_halo_free(halo);
  elfin_response_free(response);
  elfin_material_free(material);
}

int main(void)
{
  static const char *const names[] = {"Bi", "GaP", "GaSb", "InAs", "InSb", "Pb", "Ta", "Ti", "V", "W"};
  constants = elfin_constants_named("elfin");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    sum_rules_hold(names[i]);
  one_term_is_a_plasmon();
  rates_integrate_it();
  return check_result();
}
