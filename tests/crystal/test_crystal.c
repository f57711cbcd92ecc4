/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_crystal.c
 * The structure factor of a harmonic crystal [docs/multiphonon.md].
 *
 * Debye's solid has closed forms; every nucleus with a density of states obeys the sum rules; with many
 * phonons the sum becomes the Gaussian of the impulse approximation. */
#include "shared_phonons.h"

#include <elfin/material.h>

static const elfin_constants *constants;

/* ---- Debye ----------------------------------------------------------------------------------- */

static const double OMEGA_D = 0.06;

static crystal *debye(void)
{
  crystal *made = NULL;
  elfin_error err = {""};
  CHECK(elfin_crystal_new_debye(constants, 28, OMEGA_D, 0, &made, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  return made;
}

static void debyes_moments_are_closed_forms(const crystal *c)
{
  CHECK_CLOSE(c->phonons->norm, 1, 1e-14);
  CHECK_CLOSE(c->phonons->mean, 0.75 * OMEGA_D, 1e-14);
  CHECK_CLOSE(c->phonons->inverse, 1.5 / OMEGA_D, 1e-14);
}

/** ½ ∫ T_1 T_1 with T_1 = 3ω/ω_D³: a cubic up to ω_D, another one up to 2 ω_D. */
static double debye_two_phonons(double omega)
{
  double scale = 4.5 / pow(OMEGA_D, 6), low = fmax(0, omega - OMEGA_D), high = fmin(omega, OMEGA_D);
  double at_high = high * high * (omega / 2 - high / 3), at_low = low * low * (omega / 2 - low / 3);
  return omega < 2 * OMEGA_D ? scale * (at_high - at_low) : 0;
}

static void debyes_two_phonon_function_is_a_closed_form(const crystal *c)
{
  double largest = debye_two_phonons(1.26 * OMEGA_D);
  for (double omega = 0.1 * OMEGA_D; omega < 2.1 * OMEGA_D; omega += 0.0371 * OMEGA_D) {
    double F[100];
    phonon_functions_at(c->phonons, omega, F);
    /* T_1 steps at ω_D: an error of order h² near 0 and ω_D, of order h in the last cells, h = ω_D/400 */
    CHECK_NEAR(F[1], debye_two_phonons(omega), (omega < 1.98 * OMEGA_D ? 1e-5 : 3e-4) * largest);
    CHECK_CLOSE(F[0], omega <= OMEGA_D ? 3 * omega / pow(OMEGA_D, 3) : 0, 1e-14);
  }
}

static void a_table_of_functions_is_taken_as_it_is(void)
{
  const double omega[2] = {0, OMEGA_D}, density[2] = {0, 3 / OMEGA_D};
  const phonon_density d = {.n = 2, .omega = omega, .density = density, .linear_ratio = true};
  const double table[] = {-0.01, 7, 7, 0.01, 1, 0, 0.02, 3, 2, 0.04, 3, 6};
  phonon_functions *f = NULL;
  elfin_error err;
  CHECK(phonon_functions_from_table(&d, 4, 2, table, &f, &err) == ELFIN_OK);
  double F[2], sum = 0;
  phonon_functions_at(f, 0.015, F);
  CHECK_CLOSE(F[0], 2, 1e-12);
  CHECK_CLOSE(F[1], 1, 1e-12);
  phonon_functions_at(f, 0.009, F);
  CHECK(F[0] == 0 && F[1] == 0);
  for (size_t i = 0; i < f->n_nodes; i++) /* ∫ F_2 ω: Simpson is exact */
    sum += f->weight[f->n_nodes + i] * f->omega[i];
  CHECK_CLOSE(sum, 0.01 / 6 * (4 * 0.015 + 2 * 0.02) + 0.02 / 6 * (2 * 0.02 + 4 * 4 * 0.03 + 6 * 0.04),
              1e-12);
  phonon_functions_free(f);
}

static void nonsense_is_refused(void)
{
  const double up[3] = {0.01, 0.02, 0.03}, down[3] = {0.01, 0.03, 0.02}, zero[3] = {0, 0.02, 0.03};
  const double one[3] = {1, 1, 1}, none[3] = {0, 0, 0}, hole[3] = {1, NAN, 1};
  const struct {
    phonon_density d;
    const char *says;
  } cases[] = {
      {{1, up, one, false}, "at least 2 points"}, {{3, down, one, false}, "must ascend"},
      {{3, up, none, false}, "0 everywhere"},     {{3, up, hole, false}, "value 2 is nan"},
      {{3, zero, one, false}, "must be 0 there"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    crystal *made = NULL;
    elfin_error err = {""};
    CHECK(crystal_new(constants, 28, &cases[i].d, 0, &made, &err) == ELFIN_E_DATA);
    CHECK_SAYS(err.text, cases[i].says);
    CHECK(!made);
  }
  crystal *made = NULL;
  elfin_error err = {""};
  CHECK(elfin_crystal_new_debye(constants, 28, -1, 0, &made, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "Debye energy -1 eV");
  CHECK(elfin_crystal_new_debye(constants, 0, 0.06, 0, &made, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "mass number 0");
  CHECK(elfin_crystal_new_debye(constants, 28, 0.06, 1e6, &made, &err) == ELFIN_E_VALIDITY);
  CHECK_SAYS(err.text, "more than 100 terms");
  CHECK(!strstr(err.text, "norm"));
  static const double four_times[] = {0, 200, 0};
  CHECK(crystal_new(constants, 28, &(phonon_density){3, (const double[]){0.01, 0.03, 0.05}, four_times, false}, 1e6,
                    &made, &err) == ELFIN_E_VALIDITY);
  CHECK_SAYS(err.text, "more than 100 terms; their density of states has the norm 4 in place of 1");
  elfin_crystal_free(NULL);
}

/* ---- sum rules ------------------------------------------------------------------------------- */

/** ∫ S ω^power dω/(2π) of the phonon sum, by the weights. */
static double moment(const crystal *c, double q, int power)
{
  const phonon_functions *f = c->phonons;
  double x = q * q / (2 * c->mass), factor = exp(-crystal_debye_waller(c, q)), sum = 0;
  for (size_t n = 0; n < f->n_terms; n++) {
    factor *= x;
    for (size_t i = f->first[n]; i < f->end[n]; i++)
      sum += factor * f->weight[n * f->n_nodes + i] * pow(f->omega[i], power);
  }
  return sum;
}

/** The same of crystal_phonon_sum() between the nodes, by trapezoids. */
static double moment_of_values(const crystal *c, double q, int power)
{
  enum { N = 20000 };
  static double omega[N], S[N];
  double h = c->phonons->omega[c->phonons->n_nodes - 1] / N, sum = 0;
  elfin_error err;
  for (size_t i = 0; i < N; i++)
    omega[i] = h * ((double)i + 0.37);
  CHECK(crystal_phonon_sum(c, q, N, omega, S, &err) == ELFIN_OK);
  for (size_t i = 0; i < N; i++)
    sum += h * S[i] * pow(omega[i], power) / (2 * M_PI);
  return sum;
}

static void sum_rules_hold(const crystal *c)
{
  const phonon_functions *f = c->phonons;
  double one = 0;
  for (size_t i = f->first[0]; i < f->end[0]; i++)
    one += f->weight[i];
  CHECK_CLOSE(one, f->inverse, 1e-8); /* ∫ F_1 = ⟨1/ω⟩ */
  for (double part = 0.01; part <= 1; part *= 3) {
    double q = part * c->q_switch, recoil = q * q / (2 * c->mass);
    double inelastic = -expm1(-crystal_debye_waller(c, q));
    CHECK_CLOSE(moment(c, q, 0), inelastic, 1e-8);
    /* what lies below the first node was lifted to it: a part h²/ω² */
    CHECK_CLOSE(moment(c, q, 1), recoil * f->norm, 1e-5);
    /* ∫ ω² S/(2π) = recoil² + recoil ω̄ for ∫D = 1; in general the mean's square times norm² */
    CHECK_CLOSE(moment(c, q, 2), recoil * f->mean + recoil * recoil * f->norm * f->norm, 1e-5);
  }
  double q = 0.3 * c->q_switch; /* values between nodes; steps of D cost the trapezoids this */
  CHECK_CLOSE(moment_of_values(c, q, 0), -expm1(-crystal_debye_waller(c, q)), 2e-3);
  CHECK_CLOSE(moment_of_values(c, q, 1), q * q / (2 * c->mass) * f->norm, 2e-3);
}

/** Mean and variance of the sum are those of the Gaussian, and the difference of the two cumulative
 * distributions, elastic line included, becomes small with q. */
static void with_many_phonons_it_is_the_impulse_approximation(void)
{
  elfin_constants far = *constants;
  double before = 1;
  for (far.impulse_from = 1; far.impulse_from <= 3.1; far.impulse_from += 1) {
    crystal *c = NULL;
    elfin_error err = {""};
    CHECK(elfin_crystal_new_debye(&far, 28, OMEGA_D, 0, &c, &err) == ELFIN_OK);
    double q = c->q_switch, mean = q * q / (2 * c->mass), width = q * sqrt(c->phonons->mean / (2 * c->mass));
    double sum = exp(-crystal_debye_waller(c, q)), largest = 0;
    for (size_t i = 0; i < c->phonons->n_nodes; i++) {
      double factor = exp(-crystal_debye_waller(c, q));
      for (size_t n = 0; n < c->phonons->n_terms; n++) {
        factor *= mean;
        sum += factor * c->phonons->weight[n * c->phonons->n_nodes + i];
      }
      double gauss = 0.5 * erfc((mean - c->phonons->omega[i]) / (sqrt(2) * width));
      largest = fmax(largest, fabs(sum - gauss));
    }
    CHECK(largest < 0.7 * before);
    before = largest;
    elfin_crystal_free(c);
  }
  CHECK(before < 0.03);
}

static void beyond_the_switch_it_is_a_gaussian(const crystal *c)
{
  double q = 1.5 * c->q_switch, peak = q * q / (2 * c->mass), S[2], one;
  const double omega[2] = {peak, 1.2 * peak};
  elfin_error err;
  CHECK(elfin_crystal_structure_factor(c, ELFIN_STRUCTURE, q, 2, omega, S, &err) == ELFIN_OK);
  crystal_impulse(c, q, 1, &omega[1], &one);
  CHECK(S[1] == one);
  CHECK_CLOSE(S[0], sqrt(2 * M_PI * 2 * c->mass / c->phonons->mean) / q, 1e-12);
  CHECK(elfin_crystal_structure_factor(c, ELFIN_STRUCTURE, c->q_switch, 2, omega, S, &err) == ELFIN_OK);
  CHECK(crystal_phonon_sum(c, c->q_switch, 1, &omega[1], &one, &err) == ELFIN_OK);
  CHECK(S[1] == one);
  CHECK(elfin_crystal_structure_factor(c, ELFIN_STRUCTURE_SUM, q, 2, omega, S, &err) ==
        ELFIN_E_VALIDITY);
  CHECK_SAYS(err.text, "is complete up to");
}

/* ---- all nuclei ------------------------------------------------------------------------------ */

/** Those of elfin's own materials. */
static size_t sum_rules_hold_for_all_materials(void)
{
  size_t n = 0, n_nuclei = 0;
  char **names = NULL;
  elfin_error err = {""};
  CHECK(elfin_material_list(&n, &names, &err) == ELFIN_OK);
  for (size_t i = 0; i < n; i++) {
    elfin_material *m = NULL;
    CHECK(elfin_material_open(names[i], &m, &err) == ELFIN_OK);
    for (size_t j = 0; m && j < m->n_nuclei; j++) {
      crystal *c = NULL;
      if (!m->nuclei[j].dos)
        continue;
      CHECK(elfin_crystal_open(constants, m, &m->nuclei[j], 0, &c, &err) == ELFIN_OK);
      CHECK_CLOSE(c->phonons->norm, m->nuclei[j].dos->norm, 1e-12);
      CHECK_CLOSE(c->phonons->mean, m->nuclei[j].dos->mean_eV, 1e-12);
      CHECK_CLOSE(c->phonons->inverse, m->nuclei[j].dos->inverse_per_eV, 1e-12);
      sum_rules_hold(c);
      elfin_crystal_free(c);
      n_nuclei++;
    }
    elfin_material_free(m);
    free(names[i]);
  }
  free(names);
  return n_nuclei;
}

/** Those of DarkELF's tables, where they are: spikes and steps included. */
static size_t sum_rules_hold_for_tables(void)
{
  size_t n = 0;
  for (size_t i = 0; i < N_TABLE_NUCLEI; i++)
    for (int linear = 0; linear < 2; linear++) {
      elfin_constants own = *constants;
      own.one_phonon_linear = linear;
      crystal *c = table_crystal(&own, &table_nuclei[i]);
      if (!c)
        continue;
      sum_rules_hold(c);
      elfin_crystal_free(c);
      n++;
    }
  return n;
}

int main(void)
{
  constants = elfin_constants_named("elfin");
  crystal *c = debye();
  debyes_moments_are_closed_forms(c);
  debyes_two_phonon_function_is_a_closed_form(c);
  sum_rules_hold(c);
  beyond_the_switch_it_is_a_gaussian(c);
  elfin_crystal_free(c);
  with_many_phonons_it_is_the_impulse_approximation();
  a_table_of_functions_is_taken_as_it_is();
  nonsense_is_refused();
  size_t of_materials = sum_rules_hold_for_all_materials();
  printf("sum rules: %zu nuclei of elfin's materials, ", of_materials);
  printf("%zu of tables\n", sum_rules_hold_for_tables());
  return check_result();
}
