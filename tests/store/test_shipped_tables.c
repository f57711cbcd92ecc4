/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_shipped_tables.c
 * The tables from first principles that are shipped: open by name, obey what ε(ω,k) must, leave the
 * gap empty, and screen as measured. */
#include "store_check.h"

#include <elfin/material.h>

static elfin_error err;

/* Up to here nearly all losses lie within the tables' energies: an electron at the Fermi momentum of diamond, 5.4 keV,
 * takes up k²/2m_e + k k_F/m_e = 68 eV at most. */
static const double K_COMPLETE = 4.5e3;

/** A setting of the calculation; NAN: there is none. */
static double setting(const store_table *t, const char *name)
{
  for (size_t i = 0; i < t->n_settings; i++)
    if (strcmp(t->settings[i].name, name) == 0)
      return strtod(t->settings[i].text, NULL);
  return NAN;
}

/* The random phase approximation keeps the f-sum rule; a scissor, which lifts energies but leaves momentum
 * matrix elements, breaks it upwards; what lies above the last energy and the last band is missing, up to 10 %. Where a
 * shell of d is frozen that losses reach, valence electrons have what it may not take: f-sums above 1 [U. Fano, J. W. Cooper,
 * Rev. Mod. Phys. 40 (1968) 441]. */
static void the_f_sum_is_that_of_valence_electrons(const elfin_response *response, const store_table *t)
{
  double omega_p = setting(t, "plasma_energy_eV");
  bool frozen_d = setting(t, "core_losses_missing_above_eV") < t->omega[t->n_omega - 1];
  for (size_t i = 0; i < t->n_k && t->k[i] < K_COMPLETE; i++) {
    double sum = 0;
    for (size_t j = 1; j < t->n_omega; j++) {
      double w = 0.5 * (t->omega[j - 1] + t->omega[j]), elf;
      elfin_response_elf(response, 1, &w, &t->k[i], &elf);
      sum += w * elf * (t->omega[j] - t->omega[j - 1]);
    }
    sum *= 2 / M_PI / (omega_p * omega_p);
    CHECK(sum > 0.87 && sum < (frozen_d ? 1.22 : 1.06));
  }
}

/* The transform of spectrum.py is causal; what lies above the last energy is missing: 1/ω weighs it little. */
static void kramers_kronig_holds(const elfin_response *response, const store_table *t)
{
  for (size_t i = 0; i < t->n_k && t->k[i] < K_COMPLETE; i++) {
    double f_sum, kk, expected;
    CHECK(elfin_response_sum_rules(response, t->k[i], &f_sum, &kk, &expected, &err) == ELFIN_OK);
    CHECK_CLOSE(kk, expected, 0.02);
  }
}

/* Each transition is a Gaussian of σ = σ_0 + slope ω: five σ below the first one, exp(−25/2) = 4e-6 of it is left. */
static void the_gap_is_empty(const elfin_response *response, const store_table *t)
{
  double gap = setting(t, "gap_computed_eV") + setting(t, "scissor_eV");
  double sigma = setting(t, "sigma_0_eV") + setting(t, "sigma_slope") * gap;
  for (size_t i = 0; i < t->n_k; i++)
    for (double w = 0.01; w < gap - 5 * sigma; w += 0.02) {
      double elf;
      elfin_response_elf(response, 1, &w, &t->k[i], &elf);
      CHECK(elf < 1e-5);
    }
}

static void nothing_gains_energy(const store_table *t)
{
  for (size_t i = 0; i < t->n_k * t->n_omega; i++)
    CHECK(t->eps2[i] >= -1e-6 * fabs(t->eps1[i]));
}

/* The random phase approximation in LDA with a scissor is known to be within some 10 % of ε(0). */
static void it_screens_as_measured(const store_table *t)
{
  if (setting(t, "scissor_eV") > 0)
    CHECK_CLOSE(t->eps1[0], setting(t, "epsilon_static_measured"), 0.12);
}

/* Twice the momentum, and less is lost: at first as a wave of the outer shell falls off, far out as its cusp at a nucleus
 * of charge Z demands, transitions n ~ k⁻⁴ between s waves for k ≫ 2Zα m_e (104 keV in silicon), and v n² ~ k⁻¹⁰. */
static const double K_NUCLEI = 2.5e4, FLATTEST = 4, STEEPEST = 10;

static void loss_falls_as_near_nuclei(const elfin_response *response, const store_table *t)
{
  static const double omega[] = {5, 10, 20, 40, 80};
  for (size_t i = 0; i < t->n_k && 2 * t->k[i] <= t->k[t->n_k - 1]; i++)
    for (size_t j = 0; t->k[i] > K_NUCLEI && j < sizeof omega / sizeof *omega; j++) {
      double near, far, twice = 2 * t->k[i];
      elfin_response_elf(response, 1, &omega[j], &t->k[i], &near);
      elfin_response_elf(response, 1, &omega[j], &twice, &far);
      CHECK(log2(near / far) > FLATTEST && log2(near / far) < STEEPEST);
    }
}

static void look_at(const elfin_material *material, const elfin_response_table *named)
{
  elfin_response *response = NULL;
  store_table *t = NULL;
  bool opened = !store_open_table(named->file.path, material, elfin_constants_named("elfin"), &response, &err) &&
                !store_read_table(named->file.path, &t, &err);
  CHECK(opened);
  if (opened) {
    fprintf(stderr, "%s %s\n", material->name, named->name);
    the_f_sum_is_that_of_valence_electrons(response, t);
    kramers_kronig_holds(response, t);
    the_gap_is_empty(response, t);
    nothing_gains_energy(t);
    it_screens_as_measured(t);
    loss_falls_as_near_nuclei(response, t);
  }
  store_table_free(t);
  elfin_response_free(response);
}

/* With local fields electrons screen less: 1 − 1/ε(0) is smaller at every momentum where single precision, in which 1/ε is
 * kept on the way, leaves anything of it. */
static void local_fields_screen_less(const elfin_material *material)
{
  store_table *with = NULL, *without = NULL;
  const elfin_response_table *a = elfin_response_table_named(material, "gpaw");
  const elfin_response_table *b = elfin_response_table_named(material, "gpaw_nolfe");
  if (a && b && !store_read_table(a->file.path, &with, &err) &&
      !store_read_table(b->file.path, &without, &err)) {
    CHECK(with->n_k == without->n_k && with->n_omega == without->n_omega);
    for (size_t i = 0; i < with->n_k && with->n_k == without->n_k; i++)
      CHECK(with->eps1[i * with->n_omega] < without->eps1[i * without->n_omega] ||
            fabs(with->eps1[i * with->n_omega] - 1) < 1e-5);
  }
  store_table_free(with);
  store_table_free(without);
}

/* A material of our own with a table in text, by name: what libelfin reads without HDF5. */
static void libelfin_opens_text_by_name(void)
{
  static const double omega[] = {2, 5, 9}, k[] = {500, 1000, 4000};
  char sha256[ELFIN_SHA256_TEXT];
  elfin_material *mine = NULL;
  elfin_response *named = NULL, *path = NULL;
  const elfin_constants *constants = elfin_constants_named("elfin");
  FILE *table = fopen("table.dat", "w");
  for (int i = 0; table && i < 9; i++)
    fprintf(table, "%g %g %g %g\n", omega[i % 3], k[i / 3], 1 + 0.1 * i, 0.2 + 0.3 * i);
  CHECK(table && fclose(table) == 0);
  CHECK(elfin_sha256_file("table.dat", sha256, NULL, &err) == ELFIN_OK);
  FILE *yaml = fopen("mine.yaml", "w");
  if (yaml)
    fprintf(yaml, "name: mine\ndensity: {value: 2 g/cm3, source: \"ours\"}\nresponse_tables:\n"
                  "- {name: ours, source: \"ours\", file: table.dat, sha256: %s}\n", sha256);
  CHECK(yaml && fclose(yaml) == 0);
  CHECK(elfin_material_open("./mine.yaml", &mine, &err) == ELFIN_OK);
  if (mine && !elfin_response_open("ours (smooth)", mine, constants, &named, &err) &&
      !elfin_response_open("./table.dat (smooth)", mine, constants, &path, &err))
    for (double w = 2; w <= 9; w += 0.5) {
      double q = 300 * w, a, b;
      elfin_response_elf(named, 1, &w, &q, &a);
      elfin_response_elf(path, 1, &w, &q, &b);
      CHECK(a == b && a > 0);
    }
  CHECK(named && path);
  elfin_response_free(named);
  elfin_response_free(path);
  named = NULL;
  CHECK(mine && elfin_response_open("theirs", mine, constants, &named, &err) == ELFIN_E_ARGUMENT);
  CHECK(mine && elfin_response_open("ours (smoth)", mine, constants, &named, &err) == ELFIN_E_ARGUMENT);
  CHECK(named == NULL);
  elfin_material_free(mine);
}

static void libelfin_says_that_it_does_not_read_hdf5(void)
{
  elfin_material *si = NULL;
  elfin_response *response = NULL;
  CHECK(elfin_material_open("Si", &si, &err) == ELFIN_OK);
  CHECK(si && elfin_response_open("gpaw", si, elfin_constants_named("elfin"), &response, &err) == ELFIN_E_DATA);
  CHECK(strstr(err.text, "HDF5") && response == NULL);
  elfin_material_free(si);
}

int main(void)
{
  size_t n = 0, n_tables = 0;
  char **names = NULL;
  CHECK(elfin_material_list(&n, &names, &err) == ELFIN_OK);
  for (size_t i = 0; i < n; i++) {
    elfin_material *material = NULL;
    CHECK(elfin_material_open(names[i], &material, &err) == ELFIN_OK);
    for (size_t k = 0; material && k < material->n_response_tables; k++, n_tables++)
      look_at(material, &material->response_tables[k]);
    if (material)
      local_fields_screen_less(material);
    elfin_material_free(material);
  }
  CHECK(n_tables > 0);
  libelfin_says_that_it_does_not_read_hdf5();
  char folder[] = "tables-XXXXXX";
  enter_folder(folder);
  libelfin_opens_text_by_name();
  leave_folder(folder);
  for (size_t i = 0; i < n; i++)
    free(names[i]);
  free(names);
  return check_result();
}
