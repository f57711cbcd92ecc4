/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_optical.c
 * ε(ω) of phonons: what the formulas must become where something else is known, what the sum rules
 * say, what a text table may be.
 */
#include "check.h"

#include <elfin/response.h>

#include <unistd.h>

static const elfin_constants *constants;

enum { MOST = 64 };

/** A material that has nothing but one phonon response. */
typedef struct only {
  elfin_material material;
  elfin_phonon_response response;
} only;

static elfin_response *open_only(only *o)
{
  elfin_response *made = NULL;
  elfin_error err = {""};
  o->material.name = "test";
  o->material.path = "test.yaml";
  o->material.gap_eV.value = 1;
  o->response.name = "mine";
  o->response.source = "this test";
  o->material.n_phonon_responses = 1;
  o->material.phonon_responses = &o->response;
  CHECK(elfin_response_open("phonon", &o->material, constants, &made, &err) == ELFIN_OK);
  if (!made) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  return made;
}

static double elf_at(const elfin_response *r, double omega)
{
  double k = 1, elf;
  elfin_response_elf(r, 1, &omega, &k, &elf);
  return elf;
}

static void epsilon_at(const elfin_response *r, double omega, double *eps1, double *eps2)
{
  double k = 1;
  elfin_response_epsilon(r, 1, &omega, &k, eps1, eps2);
}

/* One mode of equal dampings: ε∞ (ω_LO² − ω² − iγω)/(ω_TO² − ω² − iγω)
 *   = ε∞ + ε∞ (ω_LO² − ω_TO²)/(ω_TO² − ω² − iγω), a Lorentz term with f = ε∞ (ω_LO² − ω_TO²)/ω_TO². */
static const double TO = 0.033, LO = 0.036, GAMMA = 3e-4, EPS_INFINITY = 10.9;

static only one_mode(elfin_phonon_mode *mode, elfin_phonon_model model)
{
  *mode = (elfin_phonon_mode){TO, GAMMA, LO, GAMMA, EPS_INFINITY * (LO * LO - TO * TO) / (TO * TO)};
  only o = {.response = {.model = model, .omega_min_eV = 0.001, .omega_max_eV = 0.2,
                         .eps_infinity = EPS_INFINITY, .n_modes = 1, .modes = mode}};
  return o;
}

static void a_factor_of_equal_dampings_is_a_lorentz_term(void)
{
  elfin_phonon_mode mode;
  only a = one_mode(&mode, ELFIN_PHONON_FACTORISED), b = one_mode(&mode, ELFIN_PHONON_LORENTZ);
  elfin_response *factorised = open_only(&a), *lorentz = open_only(&b);
  for (double omega = 0.0015; omega < 0.2; omega *= 1.003) {
    double f1, f2, l1, l2;
    epsilon_at(factorised, omega, &f1, &f2);
    epsilon_at(lorentz, omega, &l1, &l2);
    double size = hypot(l1, l2); /* near ω_LO the sum cancels down to a fraction of its terms */
    CHECK_NEAR(f1, l1, 1e-12 * fmax(size, EPS_INFINITY));
    CHECK_NEAR(f2, l2, 1e-12 * fmax(size, EPS_INFINITY));
  }
  elfin_response_free(factorised);
  elfin_response_free(lorentz);
}

static void sum_rules_hold_for_both_forms(void)
{
  static const elfin_phonon_model models[] = {ELFIN_PHONON_FACTORISED, ELFIN_PHONON_LORENTZ};
  for (int i = 0; i < 2; i++) {
    elfin_phonon_mode mode;
    only o = one_mode(&mode, models[i]);
    elfin_response *r = open_only(&o);
    double f_sum, kk, expected;
    elfin_error err;
    CHECK(elfin_response_sum_rules(r, 1, &f_sum, &kk, &expected, &err) == ELFIN_OK);
    /* 1/ε∞ − 1/ε(0), and ε(0) = ε∞ (ω_LO/ω_TO)² by Lyddane, Sachs and Teller */
    CHECK_CLOSE(expected, (1 - TO * TO / (LO * LO)) / EPS_INFINITY, 1e-12);
    CHECK_CLOSE(kk, expected, 1e-7);
    CHECK_CLOSE(f_sum, 1, 1e-7);
    elfin_response_free(r);
  }
}

static void unequal_dampings_leave_no_f_sum(void)
{
  elfin_phonon_mode mode;
  only o = one_mode(&mode, ELFIN_PHONON_FACTORISED);
  mode.longitudinal_gamma_eV = 2 * GAMMA;
  elfin_response *r = open_only(&o);
  double f_sum, kk, expected;
  elfin_error err;
  CHECK(elfin_response_sum_rules(r, 1, &f_sum, &kk, &expected, &err) == ELFIN_OK);
  CHECK(isnan(f_sum));
  CHECK_CLOSE(kk, expected, 1e-6);
  elfin_response_free(r);
}

/* The self-energy with R = 0 and G = γ is the same Lorentz term again. */
static void a_constant_self_energy_is_a_lorentz_term(void)
{
  static const double omega[] = {0.001, 0.04, 0.2}, R[] = {0, 0, 0}, G[] = {3e-4, 3e-4, 3e-4};
  elfin_phonon_mode mode;
  only a = one_mode(&mode, ELFIN_PHONON_LORENTZ), b = a;
  b.response = (elfin_phonon_response){.model = ELFIN_PHONON_SELF_ENERGY, .omega_min_eV = 0.001,
                                       .omega_max_eV = 0.2, .eps_infinity = EPS_INFINITY,
                                       .strength_eV2 = EPS_INFINITY * (LO * LO - TO * TO),
                                       .transverse_eV = TO, .n = 3, .omega_eV = omega, .first = R,
                                       .second = G};
  elfin_response *lorentz = open_only(&a), *self_energy = open_only(&b);
  for (double w = 0.0015; w < 0.2; w *= 1.01)
    CHECK_CLOSE(elf_at(self_energy, w), elf_at(lorentz, w), 1e-9);
  elfin_response_free(lorentz);
  elfin_response_free(self_energy);
}

static void a_constant_eps1_has_the_losses_of_its_points(void)
{
  static const double omega[] = {0.05, 0.06, 0.1}, eps2[] = {1e-4, 4e-4, 1e-4};
  only o = {.response = {.model = ELFIN_PHONON_CONSTANT_EPS1, .omega_min_eV = 0.05,
                         .omega_max_eV = 0.1, .eps1 = 11.9, .n = 3, .omega_eV = omega,
                         .second = eps2}};
  elfin_response *r = open_only(&o);
  double eps1, e2;
  epsilon_at(r, 0.055, &eps1, &e2);
  CHECK_CLOSE(eps1, 11.9, 1e-15);
  CHECK_CLOSE(e2, 2e-4, 1e-12); /* half-way in the logarithm */
  CHECK_CLOSE(elf_at(r, 0.06), 4e-4 / (11.9 * 11.9 + 16e-8), 1e-12);
  elfin_response_free(r);
}

/* docs/responses.md: the edge value of ε1, ε2 = 0. */
static void outside_of_the_range_nothing_is_lost(void)
{
  elfin_phonon_mode mode;
  only o = one_mode(&mode, ELFIN_PHONON_FACTORISED);
  o.response.omega_min_eV = 0.02;
  o.response.omega_max_eV = 0.1;
  elfin_response *r = open_only(&o);
  double at_end, beyond, eps2;
  epsilon_at(r, 0.02, &at_end, &eps2);
  CHECK(eps2 > 0);
  epsilon_at(r, 0.0199, &beyond, &eps2);
  CHECK(beyond == at_end && eps2 == 0);
  epsilon_at(r, 0.1, &at_end, &eps2);
  epsilon_at(r, 7, &beyond, &eps2);
  CHECK(beyond == at_end && eps2 == 0 && elf_at(r, 7) == 0);
  epsilon_at(r, NAN, &beyond, &eps2);
  CHECK(isnan(beyond) && isnan(eps2));
  elfin_response_info about = elfin_response_about(r);
  CHECK(about.omega_min_eV == 0.02 && about.omega_max_eV == 0.1);
  CHECK(about.k_min_eV == 0 && isinf(about.k_max_eV));
  CHECK_TEXT(about.kind, "phonon");
  CHECK_TEXT(about.source, "this test");
  elfin_response_free(r);
}

/* ---- which one is opened --------------------------------------------------------------------- */

static void a_configuration_and_a_name_select(void)
{
  static const double omega[] = {0.05, 0.1}, weak[] = {1e-4, 1e-4}, strong[] = {1e-2, 1e-2};
  elfin_phonon_response list[3] = {{.name = "e", .configuration = ELFIN_EXTRAORDINARY},
                                   {.name = "o", .configuration = ELFIN_ORDINARY},
                                   {.name = "theory", .configuration = ELFIN_ORDINARY}};
  for (int i = 0; i < 3; i++) {
    list[i].source = list[i].name;
    list[i].model = ELFIN_PHONON_TABLE;
    list[i].omega_max_eV = 0.1;
    list[i].n = 2;
    list[i].omega_eV = omega;
    list[i].first = i == 0 ? strong : weak;
    list[i].second = weak;
  }
  elfin_material m = {.name = "test", .path = "test.yaml", .n_phonon_responses = 3,
                      .phonon_responses = list, .gap_eV = {1, "x"}};
  static const struct {
    const char *kind, *source;
    elfin_configuration configuration;
  } wanted[] = {{"phonon", "o", ELFIN_ORDINARY},
                {"phonon", "e", ELFIN_EXTRAORDINARY},
                {"theory", "theory", ELFIN_ORDINARY},
                {"e", "e", ELFIN_ORDINARY}};
  for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
    elfin_response *r = NULL;
    elfin_error err = {""};
    CHECK(elfin_response_open_configuration(wanted[i].kind, wanted[i].configuration, &m, constants,
                                            &r, &err) == ELFIN_OK);
    CHECK_TEXT(elfin_response_about(r).source, wanted[i].source);
    elfin_response_free(r);
  }
}

static void what_is_not_there_is_said(void)
{
  elfin_material m = {.name = "test", .path = "test.yaml", .gap_eV = {1, "x"}};
  m.plasma_energy_eV.value = NAN;
  elfin_response *r = NULL;
  elfin_error err = {""};
  CHECK(elfin_response_open("phonon", &m, constants, &r, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "test: response phonon needs a phonon_response of the ordinary");
  CHECK(elfin_response_open("optical", &m, constants, &r, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "test: response optical needs optical data");
  CHECK(elfin_response_open("joined", &m, constants, &r, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "neither");
  m.gap_eV.value = NAN;
  CHECK(elfin_response_open("joined", &m, constants, &r, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "joined at the gap");
  CHECK(elfin_response_open("fonon", &m, constants, &r, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "response fonon is unknown");
  CHECK(r == NULL);
}

/* ---- joined at the gap ----------------------------------------------------------------------- */

static void joined_takes_each_side_where_it_holds(void)
{
  static const double omega[] = {0.05, 0.1}, eps1[] = {10, 10}, eps2[] = {0.1, 0.1};
  static const double high[] = {0.5, 20}, one[] = {1, 1}, two[] = {2, 2};
  static const elfin_optical electrons = {"electrons", 0, 2, high, one, two};
  only o = {.response = {.model = ELFIN_PHONON_TABLE, .omega_max_eV = 0.1, .n = 2, .omega_eV = omega,
                         .first = eps1, .second = eps2}};
  o.material.optical = &electrons;
  elfin_response *phonon = open_only(&o), *joined = NULL, *above = NULL;
  elfin_error err = {""};
  CHECK(elfin_response_open("joined", &o.material, constants, &joined, &err) == ELFIN_OK);
  CHECK(elfin_response_open("optical", &o.material, constants, &above, &err) == ELFIN_OK);
  CHECK(elf_at(joined, 0.07) == elf_at(phonon, 0.07) && elf_at(joined, 0.07) > 0);
  CHECK(elf_at(joined, 0.7) == 0); /* electrons do not count below the gap of 1 eV */
  CHECK(elf_at(above, 0.7) > 0);
  CHECK(elf_at(joined, 1) == elf_at(above, 1));
  CHECK(elf_at(joined, 21) == 0);
  elfin_response_info about = elfin_response_about(joined);
  CHECK(about.omega_min_eV == 0.05 && about.omega_max_eV == 20);
  CHECK_SAYS(about.source, "this test");
  CHECK_SAYS(about.source, "electrons");
  elfin_response_free(joined);
  elfin_response_free(above);
  elfin_response_free(phonon);
}

/* ---- text tables ----------------------------------------------------------------------------- */

static elfin_status open_text(const char *text, elfin_response **made, elfin_error *err)
{
  static const elfin_material m = {.name = "test", .path = "test.yaml"};
  char path[] = "./optical_XXXXXX";
  int file = mkstemp(path);
  FILE *out = file < 0 ? NULL : fdopen(file, "w");
  if (!out) {
    perror(path);
    exit(1);
  }
  fputs(text, out);
  fclose(out);
  elfin_status status = elfin_response_open(path, &m, constants, made, err);
  unlink(path);
  return status;
}

static void a_table_of_three_columns_is_linear_between_its_points(void)
{
  elfin_response *r = NULL;
  elfin_error err = {""};
  CHECK(open_text("Somebody 1999\n0.05 10 0.1\n0.06 12 0.3 # two\n0.1 12 0.1\n", &r, &err) ==
        ELFIN_OK);
  double eps1, eps2;
  epsilon_at(r, 0.055, &eps1, &eps2);
  CHECK_CLOSE(eps1, 11, 1e-12);
  CHECK_CLOSE(eps2, 0.2, 1e-12);
  CHECK_TEXT(elfin_response_about(r).source, "Somebody 1999");
  CHECK_TEXT(elfin_response_about(r).kind, "table");
  elfin_response_free(r);
}

static void a_bad_table_is_refused_with_its_line(void)
{
  static const struct {
    const char *text, *says;
  } bad[] = {{"0.05 10 0.1\n0.05 10 0.1\n", ":2: omega = 0.05 eV: energies must ascend"},
             {"0.05 10 0.1\n0.04 10 0.1\n", ":2: omega = 0.04 eV: energies must ascend"},
             {"-0.05 10 0.1\n0.05 10 0.1\n", ":1: omega = -0.05 eV"},
             {"0.05 10 0.1\n0.06 10\n", ":2: 2 columns instead of 3"},
             {"0.05 10 0.1\n0.06 10 0.1 7\n", ":2: at least 4 columns instead of 3"},
             {"0.05 10 nan\n0.06 10 0.1\n", ":1: nan is not allowed"},
             {"0.05 10 0.1\n", "at least 2"},
             {"0.05 10\n", ":1: 2 columns instead of 4"}};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    elfin_response *r = NULL;
    elfin_error err = {""};
    CHECK(open_text(bad[i].text, &r, &err) == ELFIN_E_DATA);
    CHECK_SAYS(err.text, bad[i].says);
    CHECK(r == NULL);
  }
}

int main(void)
{
  constants = elfin_constants_named("elfin");
  a_factor_of_equal_dampings_is_a_lorentz_term();
  sum_rules_hold_for_both_forms();
  unequal_dampings_leave_no_f_sum();
  a_constant_self_energy_is_a_lorentz_term();
  a_constant_eps1_has_the_losses_of_its_points();
  outside_of_the_range_nothing_is_lost();
  a_configuration_and_a_name_select();
  what_is_not_there_is_said();
  joined_takes_each_side_where_it_holds();
  a_table_of_three_columns_is_linear_between_its_points();
  a_bad_table_is_refused_with_its_line();
  return check_result();
}
