/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_responses.c
 * What physics demands of a dielectric function, and what response.h promises.
 *
 * Limits: a vanishing width makes Mermin's function Lindhard's; screening of Thomas and Fermi; the
 * plasmon. Sum rules. The interpolant of rates against direct values. Every refusal.
 */
#include "opened.h"

#include <elfin/rate.h>

#include "elf/elf.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

static const elfin_constants *constants;

static elfin_response *response_of(const char *kind, const elfin_material *material)
{
  return opened_response(kind, material, constants);
}

/* ---- the free electron gas ------------------------------------------------------------------- */

static void static_screening_is_that_of_thomas_and_fermi(void)
{
  lindhard gas = lindhard_of(16.6, constants);
  double k_TF = sqrt(3) * gas.omega_p / gas.v_F;
  for (double z = 1e-5; z < 0.02; z *= 3) { /* z = k/(2 k_F); f(0,z) = 1 − z²/3 − … */
    double k = 2 * gas.k_F * z, thomas_fermi = 1 + k_TF * k_TF / (k * k);
    double expected = 1 + (thomas_fermi - 1) * (1 - z * z / 3);
    double complex epsilon = lindhard_epsilon(&gas, 0, k);
    CHECK_CLOSE(creal(epsilon), expected, 1e-10 + z * z * z * z);
    CHECK(cimag(epsilon) == 0);
    CHECK_CLOSE(lindhard_f_static(z), 1 - z * z / 3, 1e-10 + z * z * z * z);
  }
}

static void long_waves_see_the_plasmon_of_drude(void)
{
  lindhard gas = lindhard_of(16.6, constants);
  for (double omega = 5; omega < 100; omega *= 1.7) {
    double drude = 1 - gas.omega_p * gas.omega_p / (omega * omega);
    for (double k = 0.1; k < 30; k *= 4) {
      /* ε = 1 − ω_p²/ω² [1 + (3/5) (k v_F/ω)² + …] */
      double dispersion = 0.6 * pow(k * gas.v_F / omega, 2);
      double complex epsilon = lindhard_epsilon(&gas, omega, k);
      CHECK_NEAR(creal(epsilon), drude + (drude - 1) * dispersion,
                 fabs(drude - 1) * (2 * dispersion * dispersion + 1e-9));
      CHECK(cimag(epsilon) == 0);
    }
  }
}

static void energy_is_lost_within_the_band_only(void)
{
  lindhard gas = lindhard_of(15, constants);
  for (double omega = 0.01; omega < 500; omega *= 1.9) {
    double low, high;
    lindhard_band(&gas, omega, &low, &high);
    CHECK_CLOSE(low * low / (2 * gas.m_e) + low * gas.v_F, omega, 1e-12);
    CHECK_CLOSE(high * high / (2 * gas.m_e) - high * gas.v_F, omega, 1e-9); /* a difference */
    CHECK(cimag(lindhard_epsilon(&gas, omega, low * (1 - 1e-6))) == 0);
    CHECK(cimag(lindhard_epsilon(&gas, omega, low * (1 + 1e-6))) > 0);
    CHECK(cimag(lindhard_epsilon(&gas, omega, high * (1 - 1e-6))) > 0);
    CHECK(cimag(lindhard_epsilon(&gas, omega, high * (1 + 1e-6))) == 0);
  }
}

static void without_width_mermins_function_is_lindhards(void)
{
  /* in the units of oscillator lists: ħ = e = m = 1 there means 27.211 eV, 3728.95 eV */
  elfin_constants fitted = *constants;
  fitted.m_e_eV = ELFIN_MOMENTUM_AU_EV * ELFIN_MOMENTUM_AU_EV / ELFIN_HARTREE_EV;
  fitted.alpha = ELFIN_HARTREE_EV / ELFIN_MOMENTUM_AU_EV;
  lindhard gas = lindhard_of(17, &fitted);
  static const double omega[] = {3, 12, 30, 30, 60}, k[] = {2500, 6000, 500, 9000, 3000};
  for (int i = 0; i < 5; i++) {
    double complex exact = lindhard_epsilon(&gas, omega[i], k[i]) - 1;
    double error[3];
    for (int j = 0; j < 3; j++) {
      double complex found = mermin_susceptibility(omega[i], k[i], 17, 1e-2 * pow(0.1, j));
      error[j] = cabs(found - exact) / cabs(exact);
    }
    CHECK(error[0] < 1e-2);
    CHECK_CLOSE(error[1] / error[0], 0.1, 0.05); /* proportional to the width */
    CHECK_CLOSE(error[2] / error[1], 0.1, 0.05);
  }
}

/* ---- sum rules ------------------------------------------------------------------------------- */

/* A sum with negative amplitudes dips below 0 at some energies. There the ELF is taken as 0, which
 * adds to both sums what the dip would have taken away. */
typedef struct dips {
  const elfin_response *response;
  double k, power;
} dips;

static double dip(double omega, void *context)
{
  const dips *d = context;
  double complex inverse;
  response_inverse(d->response, 1, &omega, &d->k, &inverse);
  return fmax(cimag(inverse), 0) * pow(omega, d->power);
}

/** (2/π) ∫ ω^power max(−ELF, 0) dω, decade by decade: kinks where a dip begins are cheap enough. */
static double depth_of_dips(const elfin_response *response, double k, double power)
{
  dips d = {response, k, power};
  gsl_function f = {dip, &d};
  gsl_integration_workspace *w = gsl_integration_workspace_alloc(4000);
  double sum = 0, part, error;
  for (double omega = 1e-10; omega < 1e12; omega *= 2) {
    gsl_integration_qag(&f, omega, 2 * omega, power > 0 ? 1e-7 : 1e-10, 1e-7, 4000, 4, w, &part,
                        &error);
    sum += 2 / M_PI * part;
  }
  gsl_integration_workspace_free(w);
  return sum;
}

static double plasma_energy_squared(const elfin_material *m)
{
  double sum = 0;
  for (size_t i = 0; i < m->n_oscillators; i++)
    sum += m->oscillators[i].amplitude * m->oscillators[i].omega_eV * m->oscillators[i].omega_eV;
  return sum;
}

/** @param dips_are_below  how much the dips add to the f-sum and to the KK sum at most */
static void sum_rules_of(const char *name, double f_dips_are_below, double kk_dips_are_below)
{
  elfin_material *material = opened_material(name);
  elfin_response *response = response_of("mermin", material);
  for (double k = 10; k < 2.1e4; k *= pow(2000, 0.25)) {
    double f_sum, kk, kk_expected;
    elfin_error err = {""};
    CHECK(elfin_response_sum_rules(response, k, &f_sum, &kk, &kk_expected, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    double f_dips = depth_of_dips(response, k, 1) / plasma_energy_squared(material);
    double kk_dips = depth_of_dips(response, k, -1);
    /* the sums are good to 1e-8, the dips to 1e-7 and the ends of their range */
    CHECK_NEAR(f_sum, 1 + f_dips, 3e-7);
    CHECK_NEAR(kk, kk_expected + kk_dips, 3e-7);
    CHECK(f_dips <= f_dips_are_below && kk_dips <= kk_dips_are_below);
    if (getenv("ELFIN_TEST_VERBOSE"))
      printf("%s at %g eV: f-sum 1 %+.2g, dips %.2g; KK %.10g %+.2g, dips %.2g\n", name, k,
             f_sum - 1, f_dips, kk_expected, kk - kk_expected, kk_dips);
  }
  elfin_response_free(response);
  elfin_material_free(material);
}

/** Germanium and silicon hardly dip; aluminium does above its L edge, with half a percent of all
 * electrons; sapphire between its phonons and its gap, which is 3 % of the KK sum. */
static void sum_rules_hold_for_lists_of_oscillators(void)
{
  sum_rules_of("Ge", 1e-12, 1e-12);
  sum_rules_of("Si", 1e-8, 1e-5);
  sum_rules_of("Al", 8e-3, 1e-6);
  sum_rules_of("Al2O3", 1e-5, 0.035);
}

/** The undamped gas at k above its plasmon's end fulfils both; below, the plasmon is missing. */
static void the_electron_gas_lacks_its_plasmon_only(void)
{
  elfin_material *material = opened_material("Si");
  elfin_response *response = response_of("lindhard", material);
  double f_sum, kk, kk_expected, before = 0;
  for (double k = 200; k < 2e4; k *= 1.6) {
    CHECK(elfin_response_sum_rules(response, k, &f_sum, &kk, &kk_expected, NULL) == ELFIN_OK);
    CHECK(f_sum <= 1 + 1e-7 && kk <= kk_expected * (1 + 1e-7) && f_sum >= before - 1e-7);
    before = f_sum;
    if (k > 6000) {
      CHECK_CLOSE(f_sum, 1, 1e-7);
      CHECK_CLOSE(kk, kk_expected, 1e-7);
    }
  }
  elfin_response_free(response);
  elfin_material_free(material);
}

static void no_response_gains_energy(void)
{
  static const char *const names[][2] = {{"Si", "mermin"}, {"Al", "mermin"}, {"Ge", "mermin"}, {"Al2O3", "mermin"},
                                         {"Cu", "mermin"}, {"Au", "mermin"}, {"Si", "mermin_edges"},
                                         {"Al", "mermin_edges"}, {"SiO2", "mermin_edges"}};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    elfin_material *material = opened_material(names[i][0]);
    elfin_response *response = response_of(names[i][1], material);
    for (double omega = 1e-4; omega < 1e3; omega *= 1.31)
      for (double k = 0.02; k < 5e5; k *= 1.37) {
        double elf, eps1, eps2;
        elfin_response_elf(response, 1, &omega, &k, &elf);
        elfin_response_epsilon(response, 1, &omega, &k, &eps1, &eps2);
        CHECK(elf >= 0 && isfinite(elf) && isfinite(eps1) && isfinite(eps2));
        CHECK_NEAR(fmax(eps2 / (eps1 * eps1 + eps2 * eps2), 0), elf, 1e-10 * elf + 1e-15);
      }
    elfin_response_free(response);
    elfin_material_free(material);
  }
}

/* ---- the interpolant of rates ---------------------------------------------------------------- */

/** ∫∫ W k³ F² dk dω over a box that rates see, by midpoints in the logarithms. */
static double weighted(const elfin_response *response, double accuracy, double power,
                       double omega_0)
{
  enum { N_OMEGA = 400, N_K = 200 };
  const loss_wanted elf = {response, true, accuracy, false};
  double sum = 0, omega[N_OMEGA], k[N_OMEGA], loss[N_OMEGA];
  for (int j = 0; j < N_K; j++) {
    double at_k = 1000 * exp((j + 0.5) / N_K * log(20.0));
    for (int i = 0; i < N_OMEGA; i++) {
      omega[i] = omega_0 * exp((i + 0.5) / N_OMEGA * log(10.0));
      k[i] = fmax(at_k, omega[i] / 2.5e-3); /* v = ω/k that a halo reaches */
    }
    loss_values(&elf, N_OMEGA, omega, k, loss);
    for (int i = 0; i < N_OMEGA; i++)
      sum += loss[i] * omega[i] * pow(k[i], power);
  }
  return sum;
}

static void the_interpolant_integrates_like_direct_values(const char *kind, const char *name, double omega_0)
{
  elfin_material *material = opened_material(name);
  elfin_response *response = response_of(kind, material);
  elfin_request q;
  elfin_request_defaults(&q);
  q.response = response;
  q.material = material;
  static const double accuracy[] = {1e-4, 1e-5};
  for (int i = 0; i < 2; i++) {
    q.accuracy = accuracy[i];
    /* what a rate may be off by; a box sees fewer patches, so that their errors average less */
    double allowed = 3 * loss_interpolation_error(response, accuracy[i]);
    double heavy = weighted(response, accuracy[i], 4, omega_0);  /* k³ dk, still computed */
    double light = weighted(response, accuracy[i], 0, omega_0);
    CHECK(elfin_rate_prepare("electron", &q, NULL) == ELFIN_OK);
    CHECK(elfin_rate_prepare_parts("electron", &q) == 0);
    double heavy_off = weighted(response, accuracy[i], 4, omega_0) / heavy - 1;
    double light_off = weighted(response, accuracy[i], 0, omega_0) / light - 1;
    CHECK_NEAR(heavy_off, 0, allowed);
    CHECK_NEAR(light_off, 0, allowed);
    CHECK(heavy_off != 0); /* it is the interpolant */
  }
  elfin_response_free(response);
  elfin_material_free(material);
}

/* ---- contract -------------------------------------------------------------------------------- */

static void what_cannot_be_is_refused(void)
{
  elfin_material *si = opened_material("Si"), bare = *si;
  elfin_response *none = NULL;
  elfin_error err = {""};
  bare.name = "bare";
  bare.plasma_energy_eV.value = NAN;
  bare.n_oscillators = 0;
  CHECK(elfin_response_open("mermine", si, constants, &none, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "mermine is unknown: it is lindhard, mermin, mermin_edges, extended_drude, phonon,");
  CHECK(elfin_response_open("", si, constants, &none, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_response_open("lindhard", &bare, constants, &none, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "bare: response lindhard needs a plasma energy");
  CHECK(elfin_response_open("mermin", &bare, constants, &none, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "bare: response mermin needs a list of oscillators");
  bare.n_edges = 0;
  CHECK(elfin_response_open("mermin_edges", &bare, constants, &none, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "bare: response mermin_edges needs edges of inner shells");
  CHECK(elfin_response_open("no/such.dat", si, constants, &none, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "no/such.dat");
  CHECK(elfin_response_open("mermin", &bare, constants, &none, NULL) == ELFIN_E_ARGUMENT);
  CHECK(none == NULL);
  CHECK_TEXT(elfin_response_default(si), "mermin");
  CHECK_TEXT(elfin_response_default_optical(si), "mermin");
  CHECK_TEXT(elfin_response_default(&bare), "gpaw");
  CHECK_TEXT(elfin_response_default_optical(&bare), "gpaw");
  CHECK(elfin_response_open("gpaw", &bare, constants, &none, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "libelfin reads tables as text");
  bare.n_response_tables = 0;
  CHECK(elfin_response_default(&bare) == NULL);
  bare.plasma_energy_eV.value = 16;
  CHECK_TEXT(elfin_response_default(&bare), "lindhard");
  CHECK(elfin_response_default_optical(&bare) == NULL);
  bare.n_phonon_responses = 0;
  CHECK(elfin_response_open("joined", &bare, constants, &none, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "bare: neither a phonon_response of the ordinary configuration is in ");
  CHECK_SAYS(err.text, "lindhard loses none there");
  CHECK(none == NULL);
  elfin_response_free(NULL);
  mermin_free(NULL);
  elfin_material_free(si);
}

static void every_kind_is_listed_and_opens(void)
{
  size_t n;
  const elfin_response_kind *kinds = elfin_response_kinds(&n);
  elfin_material *si = opened_material("Si");
  CHECK(n == 7);
  for (size_t i = 0; i < n; i++) {
    CHECK(strlen(kinds[i].summary) > 5 && strlen(kinds[i].source) > 5);
    if (i >= 3) /* of ω alone: test_optical.c */
      continue;
    elfin_response *response = response_of(kinds[i].name, si);
    CHECK_TEXT(elfin_response_about(response).kind, kinds[i].name);
    elfin_response_free(response);
  }
  elfin_material_free(si);
}

/** Drude's limit of a list at k = 0, 1/ε = 1 + Σ A [ω(ω+iΓ)/(ω(ω+iΓ) − ω_i²) − 1]; what the gas makes of it at
 * k > 0 is of the order of (k v_F/ω)² < 1e-7 here. Units of the list cancel. */
static double complex drude_limit(const elfin_material *material, double omega)
{
  double complex inverse = 1;
  for (size_t i = 0; i < material->n_oscillators; i++) {
    const elfin_oscillator *o = &material->oscillators[i];
    double complex below = omega * (omega + I * o->gamma_eV), above = below - o->omega_eV * o->omega_eV;
    inverse += o->amplitude * (below / above - 1);
  }
  return 1 / inverse;
}

static void lists_go_on_to_their_limit_at_no_momentum(void)
{
  static const char *const names[] = {"Si", "Al", "Al2O3"};
  static const double omega[] = {0.5, 2, 5, 15.3, 40, 90, 300}, ks[] = {0, 1e-6, 1e-3, 0.018};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    elfin_material *material = opened_material(names[i]);
    elfin_response *response = response_of("mermin", material);
    for (size_t w = 0; w < sizeof omega / sizeof *omega; w++) {
      double complex expected = drude_limit(material, omega[w]);
      for (size_t j = 0; j < sizeof ks / sizeof *ks; j++) {
        double eps1, eps2, elf;
        elfin_response_epsilon(response, 1, &omega[w], &ks[j], &eps1, &eps2);
        elfin_response_elf(response, 1, &omega[w], &ks[j], &elf);
        CHECK_NEAR(cabs(CMPLX(eps1, eps2) - expected), 0, 1e-6 * cabs(expected));
        CHECK_CLOSE(elf, fmax(-cimag(1 / expected), 0), 1e-6);
      }
    }
    elfin_response_free(response);
    elfin_material_free(material);
  }
}

static void nothing_jumps_where_rates_begin(void)
{
  elfin_material *si = opened_material("Si"), *bi = opened_material("Bi");
  static const char *const kinds[] = {"mermin", "mermin_edges", "lindhard", "extended_drude"};
  for (int i = 0; i < 4; i++) {
    elfin_response *response = response_of(kinds[i], i == 3 ? bi : si);
    double border = elfin_response_about(response).k_min_eV, k[] = {border, border * (1 - 1e-9), 0};
    CHECK(border > 0);
    for (double w = 0.3; w < 900; w *= 1.7) {
      double omega[] = {w, w, w}, eps1[3], eps2[3], elf[3];
      elfin_response_epsilon(response, 3, omega, k, eps1, eps2);
      elfin_response_elf(response, 3, omega, k, elf);
      for (int j = 1; j < 3; j++) {
        CHECK_CLOSE(eps1[j], eps1[0], 1e-6);
        CHECK(fabs(eps2[j] - eps2[0]) <= 1e-6 * hypot(eps1[0], eps2[0]));
        CHECK(fabs(elf[j] - elf[0]) <= 1e-6 * elf[0]);
      }
    }
    elfin_response_free(response);
  }
  elfin_material_free(si);
  elfin_material_free(bi);
}

static void beyond_its_range_a_response_is_vacuum(void)
{
  elfin_material *si = opened_material("Si");
  static const char *const kinds[] = {"mermin", "mermin_edges", "lindhard"};
  for (int i = 0; i < 3; i++) {
    elfin_response *response = response_of(kinds[i], si);
    elfin_response_info about = elfin_response_about(response);
    CHECK(about.omega_min_eV > 0 && about.omega_max_eV == 1000 && about.k_max_eV == 5e5);
    CHECK(about.path == NULL && about.n_holes == 0 && about.source != NULL);
    double omega[] = {about.omega_max_eV * 1.001, 10, about.omega_min_eV * 0.999, 10, -1, INFINITY};
    double k[] = {1e4, about.k_max_eV * 1.001, 100, -0.01, 100, 100};
    double eps1[6], eps2[6], elf[6];
    elfin_response_epsilon(response, 6, omega, k, eps1, eps2);
    elfin_response_elf(response, 6, omega, k, elf);
    for (int j = 0; j < 6; j++)
      CHECK(eps1[j] == 1 && eps2[j] == 0 && elf[j] == 0);
    double nan[] = {NAN, 10}, with[] = {10, NAN};
    elfin_response_epsilon(response, 2, nan, with, eps1, eps2);
    elfin_response_elf(response, 2, nan, with, elf);
    CHECK(isnan(eps1[0]) && isnan(eps2[1]) && isnan(elf[0]) && isnan(elf[1]));
    elfin_response_epsilon(response, 0, NULL, NULL, NULL, NULL);
    elfin_response_free(response);
  }
  const elfin_constants *darkelf = elfin_constants_named("darkelf");
  elfin_response *short_one = NULL;
  CHECK(elfin_response_open("mermin", si, darkelf, &short_one, NULL) == ELFIN_OK);
  CHECK(elfin_response_about(short_one).omega_max_eV == 99.3);
  CHECK(elfin_response_about(short_one).k_max_eV == 37289.5);
  elfin_response_free(short_one);
  elfin_material_free(si);
}

static void sum_rules_at_no_momentum_are_refused(void)
{
  elfin_material *si = opened_material("Si");
  elfin_response *response = response_of("mermin", si);
  static const double k[] = {0, -1, NAN, INFINITY};
  double f_sum, kk, expected;
  for (int i = 0; i < 4; i++) {
    elfin_error err = {""};
    CHECK(elfin_response_sum_rules(response, k[i], &f_sum, &kk, &expected, &err) ==
          ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, "it must be above 0");
  }
  elfin_response_free(response);
  elfin_material_free(si);
}

int main(void)
{
  gsl_set_error_handler_off();
  constants = elfin_constants_named("elfin");
  static_screening_is_that_of_thomas_and_fermi();
  long_waves_see_the_plasmon_of_drude();
  energy_is_lost_within_the_band_only();
  without_width_mermins_function_is_lindhards();
  sum_rules_hold_for_lists_of_oscillators();
  the_electron_gas_lacks_its_plasmon_only();
  no_response_gains_energy();
  the_interpolant_integrates_like_direct_values("mermin", "Si", 1.11);
  the_interpolant_integrates_like_direct_values("mermin", "Al", 1e-2);
  the_interpolant_integrates_like_direct_values("mermin", "Al2O3", 9);
  the_interpolant_integrates_like_direct_values("mermin_edges", "Si", 60);
  the_interpolant_integrates_like_direct_values("mermin_edges", "Ge", 15);
  what_cannot_be_is_refused();
  every_kind_is_listed_and_opens();
  lists_go_on_to_their_limit_at_no_momentum();
  nothing_jumps_where_rates_begin();
  beyond_its_range_a_response_is_vacuum();
  sum_rules_at_no_momentum_are_refused();
  return check_result();
}
