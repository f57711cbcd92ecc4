/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_material_tables.c
 * The compact charges, densities of states, shells and responses that elfin ships reproduce the
 * tables that they were made from, to the error that each block states of itself
 * (data/materials/README.md, fit_error). Needs those tables: $ELFIN_SHARED/tables. */
#include "check.h"
#include "document/document.h"
#include "numerics/columns.h"
#include "numerics/curve.h"

#include <elfin/material.h>

#include <complex.h>

static const char *const names[] = {"Al", "Al2O3", "C",    "GaAs", "GaN", "Ge",
                                    "Si", "SiC",   "SiO2", "Ta",   "Xe",  "ZnS"};
enum { N_NAMES = sizeof names / sizeof *names };

/* A stated error has two or three digits: it may be rounded down by this. */
static const double ROUNDED = 1.06;

/* ---- files ------------------------------------------------------------------------------------ */

static columns *table_of(const char *material, const char *file)
{
  const char *folder = getenv("ELFIN_SHARED");
  char path[4096];
  snprintf(path, sizeof path, "%s/tables/%s/%s", folder ? folder : "", material, file);
  FILE *there = folder ? fopen(path, "r") : NULL;
  if (!there)
    CHECK_SKIP("the tables are not here: set ELFIN_SHARED");
  fclose(there);
  columns *table = NULL;
  elfin_error err;
  if (columns_read(path, 0, COLUMNS_HEADER, &table, &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  return table;
}

static double at(const columns *table, size_t i_row, size_t i_column)
{
  return table->value[i_row * table->n_columns + i_column];
}

/* The material, and its file as a document: for what blocks state of themselves. */
static elfin_material *open_known(const char *name, document **doc)
{
  elfin_material *material = NULL;
  elfin_error err;
  if (elfin_material_open(name, &material, &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  problems *list = problems_new(material->path);
  if (document_open(material->path, doc, list))
    exit(1);
  problems_free(list);
  return material;
}

static double number_of(const node *map, const char *key)
{
  double value = NAN;
  const node *found = map ? node_find(map, key) : NULL;
  CHECK(found && node_number(found, &value));
  return value;
}

static double stated(const node *block, const char *key)
{
  return number_of(node_find(block, "fit_error"), key);
}

static const node *block_named(const document *doc, const char *key, const char *name)
{
  const node *list = node_find(document_root(doc), key);
  for (size_t i = 0; list && i < list->n; i++)
    if (strcmp(node_find(&list->items[i], "name")->text, name) == 0)
      return &list->items[i];
  return NULL;
}

/* ---- charges ---------------------------------------------------------------------------------- */

static size_t n_charges;

/* N_atomic_Zion.dat of GaN was made with the nuclear charge of As, 33, in place of 7. */
static double slip_of(const elfin_form_factor *form)
{
  return strcmp(form->name, "N_atomic_Zion") == 0 ? 33 - 7 : 0;
}

static void charge_agrees(const char *material, const document *doc, const elfin_form_factor *form)
{
  if (!form)
    return;
  char file[256];
  snprintf(file, sizeof file, "%s.dat", form->name);
  columns *table = table_of(material, file);
  const node *block = block_named(doc, "effective_charge", form->name);
  double worst = 0, slip = slip_of(form);
  for (size_t i = 0; i < table->n_rows; i++) {
    double k = at(table, i, 0), theirs = at(table, i, 1) - slip, ours;
    elfin_form_factor_at(form, 1, &k, &ours);
    if (theirs > 0.2)
      worst = fmax(worst, fabs(ours / theirs - 1));
    else
      CHECK_NEAR(ours, theirs, 0.03);
  }
  if (!(worst <= ROUNDED * stated(block, "max_rel")))
    fprintf(stderr, "  %s %s: %g, stated %g\n", material, form->name, worst,
            stated(block, "max_rel"));
  CHECK(worst <= ROUNDED * stated(block, "max_rel"));
  CHECK(worst > 0.2 * stated(block, "max_rel")); /* the error is this one, and no other */
  /* beyond the data the end value holds, and k = 0 is the charge at rest */
  double k[] = {form->k_max_eV, 2 * form->k_max_eV, INFINITY, 0, NAN}, z[5];
  elfin_form_factor_at(form, 5, k, z);
  CHECK(z[1] == z[0] && z[2] == z[0] && isnan(z[4]));
  CHECK_CLOSE(z[0], number_of(block, "at_k_max"), 0.02);
  CHECK_NEAR(z[3], at(table, 0, 1) - slip, 0.03);
  CHECK(form->of_atom == (fabs(at(table, 0, 1) - slip) < 0.01));
  n_charges++;
  columns_free(table);
}

static void charges_are_those_of_the_tables(const char *name)
{
  document *doc = NULL;
  elfin_material *m = open_known(name, &doc);
  for (size_t i = 0; i < m->n_nuclei; i++) {
    charge_agrees(name, doc, m->nuclei[i].ion);
    charge_agrees(name, doc, m->nuclei[i].atom);
  }
  if (m->single_ion && m->single_ion->ion && m->n_nuclei > 1)
    charge_agrees(name, doc, m->single_ion->ion);
  elfin_material_free(m);
  document_free(doc);
}

/* ---- densities of states ---------------------------------------------------------------------- */

/* F_1 = D/ω of a table as DarkELF takes it: 0 at ω ≤ 0. */
static double first_of_table(const columns *table, size_t i, size_t i_column)
{
  double omega = at(table, i, 0);
  return omega > 0 ? at(table, i, i_column) / omega : 0;
}

static double trapezoid(size_t n, const double x[], const double y[])
{
  double sum = 0;
  for (size_t i = 0; i + 1 < n; i++)
    sum += (y[i] + y[i + 1]) / 2 * (x[i + 1] - x[i]);
  return sum;
}

/* ∫ |F_1 − F_1 of the table| / ∫ F_1 on the table's grid. */
static double distance(const columns *table, size_t i_column, const elfin_density_of_states *dos)
{
  size_t n = table->n_rows;
  double *x = calloc(3 * n, sizeof *x), *difference = x + n, *theirs = x + 2 * n;
  for (size_t i = 0; i < n; i++) {
    double omega = x[i] = at(table, i, 0), ours = 0;
    elfin_density_of_states_at(dos, 1, &omega, &ours);
    theirs[i] = first_of_table(table, i, i_column);
    difference[i] = fabs((omega > 0 ? ours / omega : 0) - theirs[i]);
  }
  double found = trapezoid(n, x, difference) / trapezoid(n, x, theirs);
  free(x);
  return found;
}

static double first_in(const node *block, const char *key)
{
  double value = NAN;
  const node *list = node_find(node_find(block, "fit_error"), key);
  CHECK(list && list->n > 0 && node_number(&list->items[0], &value));
  return value;
}

static void densities_are_those_of_the_tables(const char *name)
{
  document *doc = NULL;
  elfin_material *m = open_known(name, &doc);
  for (size_t i = 0; i < m->n_nuclei; i++) {
    const elfin_density_of_states *dos = m->nuclei[i].dos;
    if (!dos)
      continue;
    char file[256];
    snprintf(file, sizeof file, "%s_pDoS.dat", m->nuclei[i].name);
    columns *table = table_of(name, file);
    const node *block = block_named(doc, "phonon_dos", m->nuclei[i].name);
    CHECK_CLOSE(dos->norm, number_of(block, "norm"), 2e-4);
    CHECK_CLOSE(dos->mean_eV, number_of(block, "omega_bar_eV"), 3e-4);
    CHECK_CLOSE(dos->inverse_per_eV, number_of(block, "omega_inverse_bar_per_eV"), 1.5e-3);
    /* stated for another grid than the table's own */
    double found = distance(table, 1, dos), expected = first_in(block, "Fn_L1");
    CHECK(found <= 1.5 * expected && found > 0.1 * expected);
    columns_free(table);
  }
  elfin_material_free(m);
  document_free(doc);
}

static void tensors_are_those_of_the_tables(const char *name)
{
  document *doc = NULL;
  elfin_material *m = open_known(name, &doc);
  char file[256];
  snprintf(file, sizeof file, "%s_pDoS_anisotropic.dat", name);
  columns *table = m->n_anisotropic ? table_of(name, file) : NULL;
  for (size_t i = 0; i < m->n_anisotropic; i++) {
    const elfin_density_tensor *tensor = m->anisotropic[i].tensor;
    const node *atoms = node_find(node_find(document_root(doc), "phonon_dos_anisotropic"), "atoms");
    const node *norm = node_find(&atoms->items[i], "norm");
    const node *mean = node_find(&atoms->items[i], "omega_bar_eV");
    const node *inverse = node_find(&atoms->items[i], "omega_inverse_bar_per_eV");
    for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++) {
      double value = NAN;
      elfin_density_of_states one = {.n = tensor->n, .omega_eV = tensor->omega_eV,
                                     .per_eV = tensor->per_eV + k * tensor->n};
      double found = distance(table, 1 + 6 * i + k, &one);
      CHECK(node_number(&norm->items[k], &value));
      CHECK_CLOSE(tensor->norm[k], value, 1.5e-3);
      CHECK(node_number(&mean->items[k], &value));
      CHECK_CLOSE(tensor->mean_eV[k], value, 2.5e-3);
      CHECK(node_number(&inverse->items[k], &value));
      CHECK_CLOSE(tensor->inverse_per_eV[k], value, 6e-3);
      CHECK(found <= 1.5 * first_in(&atoms->items[i], "Fn_L1"));
    }
  }
  if (table)
    columns_free(table);
  elfin_material_free(m);
  document_free(doc);
}

/* ---- shells ----------------------------------------------------------------------------------- */

/* The rows of shell n, l in a FAC file: three lines of head a shell, "#" before them or not. */
static size_t read_shell(const char *material, int n, int l, size_t room, double energy[],
                         double probability[])
{
  char path[4096], line[256];
  snprintf(path, sizeof path, "%s/tables/%s/%s_Migdal_FAC.dat", getenv("ELFIN_SHARED"), material,
           material);
  FILE *file = fopen(path, "r");
  size_t found = 0;
  bool ours = false;
  CHECK(file != NULL);
  while (file && fgets(line, sizeof line, file)) {
    char *text = *line == '#' ? line + 1 : line, *dot = strchr(text, '.');
    int a, b;
    if (!dot && sscanf(text, "%d %d", &a, &b) == 2)
      ours = a == n && b == l;
    else if (dot && ours && found < room &&
             sscanf(text, "%lf %lf", &energy[found], &probability[found]) == 2)
      found++;
  }
  if (file)
    fclose(file);
  return found;
}

static void shells_are_those_of_the_tables(const char *name)
{
  enum { ROOM = 400 };
  static double energy[ROOM], theirs[ROOM], ours[ROOM];
  document *doc = NULL;
  elfin_material *m = open_known(name, &doc);
  const node *shells = node_find(node_find(document_root(doc), "atomic_ionisation"), "shells");
  CHECK(m->n_shells == shells->n);
  for (size_t i = 0; i < m->n_shells; i++) {
    const elfin_shell *shell = &m->shells[i];
    size_t n = read_shell(name, shell->n, shell->l, ROOM, energy, theirs);
    double worst = 0, last = shell->energy_eV[shell->n_energies - 1];
    CHECK(n == 251);
    elfin_shell_at(shell, n, energy, ours);
    for (size_t k = 0; k < n; k++)
      if (energy[k] <= last)
        worst = fmax(worst, fabs(ours[k] / theirs[k] - 1));
      else
        CHECK(ours[k] == 0);
    CHECK(worst <= ROUNDED * stated(&shells->items[i], "max_rel"));
    CHECK(worst > 0.2 * stated(&shells->items[i], "max_rel"));
    double at_ends[] = {0.5, shell->energy_eV[0], nextafter(last, INFINITY), NAN}, p[4];
    elfin_shell_at(shell, 4, at_ends, p);
    CHECK(p[0] == p[1] && p[1] == shell->probability[0] && p[2] == 0 && isnan(p[3]));
  }
  elfin_material_free(m);
  document_free(doc);
}

/* ---- responses below the gap ------------------------------------------------------------------- */

/* The formulas of material.h, written down here once more. */
static double complex epsilon_of(const elfin_phonon_response *r, double w)
{
  double complex eps = r->eps_infinity;
  switch (r->model) {
  case ELFIN_PHONON_FACTORISED:
    for (size_t i = 0; i < r->n_modes; i++) {
      const elfin_phonon_mode *m = &r->modes[i];
      eps *= (m->longitudinal_eV * m->longitudinal_eV - w * w - I * m->longitudinal_gamma_eV * w) /
             (m->transverse_eV * m->transverse_eV - w * w - I * m->transverse_gamma_eV * w);
    }
    return eps;
  case ELFIN_PHONON_CONSTANT_EPS1: {
    size_t i = curve_cell(r->n, r->omega_eV, w);
    double part = (w - r->omega_eV[i]) / (r->omega_eV[i + 1] - r->omega_eV[i]);
    return r->eps1 + I * exp((1 - part) * log(r->second[i]) + part * log(r->second[i + 1]));
  }
  case ELFIN_PHONON_SELF_ENERGY: {
    size_t i = curve_cell(r->n, r->omega_eV, w);
    double part = (w - r->omega_eV[i]) / (r->omega_eV[i + 1] - r->omega_eV[i]);
    double R = (1 - part) * r->first[i] + part * r->first[i + 1];
    double G = exp((1 - part) * log(r->second[i]) + part * log(r->second[i + 1]));
    return eps + r->strength_eV2 / (r->transverse_eV * r->transverse_eV - w * w + R - I * w * G);
  }
  case ELFIN_PHONON_LORENTZ: /* no material of elfin's has it */
  case ELFIN_PHONON_TABLE: break;
  }
  return NAN;
}

static double loss(double complex epsilon)
{
  return -cimag(1 / epsilon);
}

static double fit_error_of(const columns *table, size_t n, const double x[], const double ours[])
{
  double *weighted = calloc(2 * n, sizeof *weighted), *theirs = weighted + n;
  for (size_t i = 0; i < n; i++) {
    theirs[i] = fmax(loss(CMPLX(at(table, i, 1), at(table, i, 2))), 0);
    double r = theirs[i] > 0 ? ours[i] / theirs[i] - 1 : 0;
    weighted[i] = theirs[i] * r * r;
  }
  double found = sqrt(trapezoid(n, x, weighted) / trapezoid(n, x, theirs));
  free(weighted);
  return found;
}

static void a_response_is_its_table(const char *material, const char *name, const char *file,
                                    double allowed)
{
  document *doc = NULL;
  elfin_material *m = open_known(material, &doc);
  columns *table = table_of(material, file);
  const elfin_phonon_response *r = NULL;
  for (int c = 0; !r && c < ELFIN_N_CONFIGURATIONS; c++)
    r = elfin_phonon_response_find(m, (elfin_configuration)c, name);
  CHECK(r != NULL);
  size_t n = table->n_rows;
  double *x = calloc(2 * n, sizeof *x), *ours = x + n;
  for (size_t i = 0; r && i < n; i++) {
    x[i] = at(table, i, 0);
    ours[i] = loss(epsilon_of(r, x[i]));
  }
  CHECK(r && fabs(r->omega_min_eV / x[0] - 1) < 1e-3 &&
        fabs(r->omega_max_eV / x[n - 1] - 1) < 1e-3);
  double found = r ? fit_error_of(table, n, x, ours) : NAN;
  const node *block = block_named(doc, "phonon_response", name);
  const node *fit = block ? node_find(block, "fit_error") : NULL;
  double bound = fit ? ROUNDED * number_of(fit, "elf_weighted_rms") : allowed;
  if (!(found <= bound))
    fprintf(stderr, "  %s %s: %g, bound %g\n", material, name, found, bound);
  CHECK(found <= bound);
  free(x);
  columns_free(table);
  elfin_material_free(m);
  document_free(doc);
}

static void configurations_have_their_own_phonons(void)
{
  document *doc = NULL;
  elfin_material *m = open_known("Al2O3", &doc);
  CHECK_TEXT(elfin_phonon_response_find(m, ELFIN_ORDINARY, NULL)->name, "Al2O3_o");
  CHECK_TEXT(elfin_phonon_response_find(m, ELFIN_EXTRAORDINARY, NULL)->name, "Al2O3_e");
  CHECK(elfin_phonon_response_find(m, ELFIN_ORDINARY, "Al2O3_e") == NULL);
  CHECK(m->polar[ELFIN_ORDINARY]->eps_static == 9.3);
  CHECK(m->polar[ELFIN_EXTRAORDINARY]->eps_static == 11.5);
  CHECK(m->polar[ELFIN_ORDINARY]->n_longitudinal == 4 && m->polar[ELFIN_ORDINARY]->n_transverse == 4);
  CHECK(m->polar[ELFIN_EXTRAORDINARY]->longitudinal_eV[1] == 0.06334128619667961);
  elfin_material_free(m);
  document_free(doc);
  m = open_known("Si", &doc);
  CHECK_TEXT(elfin_phonon_response_find(m, ELFIN_ORDINARY, NULL)->name, "data6K");
  CHECK(m->polar[ELFIN_EXTRAORDINARY] == NULL && isnan(m->polar[ELFIN_ORDINARY]->eps_static));
  CHECK(m->polar[ELFIN_ORDINARY]->n_transverse == 0);
  elfin_material_free(m);
  document_free(doc);
}

static void optical_data_of_tantalum_is_its_table(void)
{
  document *doc = NULL;
  elfin_material *m = open_known("Ta", &doc);
  columns *table = table_of("Ta", "Ta_eps_electron_opticallimit.dat");
  const elfin_optical *optical = m->optical;
  CHECK(optical && optical->logarithmic);
  size_t n = table->n_rows;
  double *x = calloc(2 * n, sizeof *x), *ours = x + n;
  for (size_t i = 0; i < n; i++) {
    double w = x[i] = at(table, i, 0);
    size_t cell = curve_cell(optical->n, optical->omega_eV, w);
    double part = log(w / optical->omega_eV[cell]) /
                  log(optical->omega_eV[cell + 1] / optical->omega_eV[cell]);
    double eps1 = optical->eps1[cell] * pow(optical->eps1[cell + 1] / optical->eps1[cell], part);
    double eps2 = optical->eps2[cell] * pow(optical->eps2[cell + 1] / optical->eps2[cell], part);
    ours[i] = loss(CMPLX(eps1, eps2));
  }
  double found = fit_error_of(table, n, x, ours);
  const node *block = node_find(document_root(doc), "optical");
  CHECK(found <= ROUNDED * stated(block, "elf_weighted_rms"));
  free(x);
  columns_free(table);
  elfin_material_free(m);
  document_free(doc);
}

int main(void)
{
  for (size_t i = 0; i < N_NAMES; i++) {
    charges_are_those_of_the_tables(names[i]);
    densities_are_those_of_the_tables(names[i]);
    tensors_are_those_of_the_tables(names[i]);
  }
  CHECK(n_charges == 31);
  static const char *const with_shells[] = {"C", "Ge", "Si", "Xe"};
  for (size_t i = 0; i < sizeof with_shells / sizeof *with_shells; i++)
    shells_are_those_of_the_tables(with_shells[i]);
  /* factorised blocks state no error: they are the formula that the tables were computed from, with
   * digits rounded */
  a_response_is_its_table("Si", "data6K", "Si_epsphonon_data6K.dat", 0);
  a_response_is_its_table("Si", "theory6K", "Si_epsphonon_theory6K.dat", 0);
  a_response_is_its_table("Ge", "data2K", "Ge_epsphonon_data2K.dat", 0);
  a_response_is_its_table("Ge", "theory6K", "Ge_epsphonon_theory6K.dat", 0);
  a_response_is_its_table("GaAs", "GaAs_data10K", "GaAs_epsphonon_data10K.dat", 0);
  a_response_is_its_table("Al2O3", "Al2O3_o", "Al2O3_epsphonon_o.dat", 1e-6);
  a_response_is_its_table("Al2O3", "Al2O3_e", "Al2O3_epsphonon_e.dat", 1e-6);
  a_response_is_its_table("GaN", "GaN", "GaN_epsphonon_300K.dat", 1e-6);
  a_response_is_its_table("SiC", "SiC", "SiC_epsphonon_3C.dat", 1e-6);
  a_response_is_its_table("SiO2", "SiO2_o", "SiO2_epsphonon_o.dat", 1e-6);
  a_response_is_its_table("SiO2", "SiO2_e", "SiO2_epsphonon_e.dat", 1e-6);
  a_response_is_its_table("ZnS", "ZnS", "ZnS_epsphonon_300K.dat", 1e-6);
  configurations_have_their_own_phonons();
  optical_data_of_tantalum_is_its_table();
  return check_result();
}
