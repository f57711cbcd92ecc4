/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_import_tables.c
 * Every folder of DarkELF's that is at hand becomes a material whose tables have the same bytes, and
 * whose numbers at the tables' points have the same bits. Needs $ELFIN_SHARED/tables. */
#include "import/import.h"
#include "import_check.h"
#include "numerics/columns.h"

#include <elfin/response.h>

static const char *const names[] = {"Al", "Al2O3", "C",    "GaAs", "GaN", "Ge",
                                    "Si", "SiC",   "SiO2", "Ta",   "Xe",  "ZnS"};
enum { N_NAMES = sizeof names / sizeof *names };

static char tables[PATH_ROOM], dest[PATH_ROOM];

static elfin_material *open_material(const char *name)
{
  elfin_material *material = NULL;
  elfin_error err = {""};
  CHECK(elfin_material_open(name, &material, &err) == ELFIN_OK);
  if (!material) {
    fprintf(stderr, "  %s\n", err.text);
    exit(1);
  }
  return material;
}

static elfin_material *imported(const char *name)
{
  char path[PATH_ROOM];
  snprintf(path, sizeof path, "%.4000s/%s.yaml", dest, name);
  return open_material(path);
}

static columns *table_of(const char *name, const char *file)
{
  char path[PATH_ROOM];
  columns *table = NULL;
  elfin_error err = {""};
  snprintf(path, sizeof path, "%.4000s/%s/%s", tables, name, file);
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

/* ---- bytes ------------------------------------------------------------------------------------ */

/* Shells are split into one file each: those have no counterpart. */
static void files_are_copies(const char *name)
{
  elfin_material *m = imported(name);
  size_t n_copies = 0, n_shells = 0;
  for (size_t i = 0; i < m->n_files; i++) {
    char source[PATH_ROOM], theirs[ELFIN_SHA256_TEXT] = "", ours[ELFIN_SHA256_TEXT] = "";
    CHECK(elfin_sha256_file(m->files[i].path, ours, NULL, NULL) == ELFIN_OK);
    CHECK_TEXT(m->files[i].sha256, ours);
    const char *file = strrchr(m->files[i].path, '/') + 1;
    if (strstr(file, "_Migdal_")) {
      n_shells++;
      continue;
    }
    snprintf(source, sizeof source, "%.3900s/%s/%.100s", tables, name, file);
    CHECK(elfin_sha256_file(source, theirs, NULL, NULL) == ELFIN_OK);
    CHECK_TEXT(ours, theirs);
    n_copies++;
  }
  CHECK(n_shells == m->n_shells && n_copies + n_shells == m->n_files);
  CHECK(n_copies > 0 || strcmp(name, "Xe") == 0);
  elfin_material_free(m);
}

/* ---- numbers ---------------------------------------------------------------------------------- */

static void quantity_agrees(elfin_quantity a, elfin_quantity b)
{
  CHECK(a.value == b.value || (isnan(a.value) && isnan(b.value)));
}

/* elfin ships the same numbers of the same YAML files. */
static void numbers_are_those_that_elfin_ships(const char *name)
{
  elfin_material *m = imported(name), *own = open_material(name);
  quantity_agrees(m->density_g_cm3, own->density_g_cm3);
  quantity_agrees(m->gap_eV, own->gap_eV);
  quantity_agrees(m->pair_energy_eV, own->pair_energy_eV);
  quantity_agrees(m->plasma_energy_eV, own->plasma_energy_eV);
  quantity_agrees(m->phonon_mean_eV, own->phonon_mean_eV);
  quantity_agrees(m->lattice_spacing_A, own->lattice_spacing_A);
  quantity_agrees(m->sound_speed_km_s, own->sound_speed_km_s);
  CHECK(m->n_nuclei == own->n_nuclei && m->n_anisotropic == own->n_anisotropic);
  for (size_t i = 0; i < m->n_nuclei; i++) {
    const elfin_nucleus *a = &m->nuclei[i], *b = &own->nuclei[i];
    CHECK_TEXT(a->name, b->name);
    CHECK(a->mass_number == b->mass_number && a->multiplicity == b->multiplicity);
    quantity_agrees(a->charge, b->charge);
    CHECK((a->ion == NULL) == (b->ion == NULL) && (a->atom == NULL) == (b->atom == NULL));
    CHECK((a->dos == NULL) == (b->dos == NULL) && a->n_isotopes == b->n_isotopes);
    CHECK(a->n_isotopes == 0 ||
          memcmp(a->isotopes, b->isotopes, a->n_isotopes * sizeof *a->isotopes) == 0);
    if (a->dos && b->dos) {
      CHECK_CLOSE(a->dos->norm, b->dos->norm, 2e-4);
      CHECK_CLOSE(a->dos->mean_eV, b->dos->mean_eV, 3e-4);
      CHECK_CLOSE(a->dos->inverse_per_eV, b->dos->inverse_per_eV, 1.5e-3);
    }
  }
  for (size_t i = 0; i < m->n_anisotropic; i++) {
    const elfin_nucleus *a = &m->anisotropic[i], *b = &own->anisotropic[i];
    CHECK_TEXT(a->name, b->name);
    CHECK(a->tensor && b->tensor && a->multiplicity == b->multiplicity);
    CHECK((a->atom == NULL) == (b->atom == NULL));
    for (int k = 0; k < ELFIN_N_PROJECTIONS; k++)
      CHECK_CLOSE(a->tensor->inverse_per_eV[k], b->tensor->inverse_per_eV[k], 7e-3);
  }
  CHECK((m->single_ion == NULL) == (own->single_ion == NULL));
  if (m->single_ion && own->single_ion) {
    quantity_agrees(m->single_ion->charge, own->single_ion->charge);
    CHECK(m->single_ion->mass_number == own->single_ion->mass_number);
    CHECK_TEXT(m->single_ion->name, own->single_ion->name);
    CHECK((m->single_ion->ion == NULL) == (own->single_ion->ion == NULL));
  }
  for (int c = 0; c < ELFIN_N_CONFIGURATIONS; c++) {
    const elfin_polar_phonons *a = m->polar[c], *b = own->polar[c];
    CHECK((a == NULL) == (b == NULL));
    if (a && b)
      CHECK(a->n_longitudinal == b->n_longitudinal && a->n_transverse == b->n_transverse &&
            memcmp(a->longitudinal_eV, b->longitudinal_eV, a->n_longitudinal * sizeof(double)) ==
                0);
  }
  elfin_material_free(own);
  elfin_material_free(m);
}

/* ---- tables at their points -------------------------------------------------------------------- */

static void charge_has_its_bits(const char *name, const elfin_form_factor *form)
{
  char file[300];
  if (!form)
    return;
  snprintf(file, sizeof file, "%.250s.dat", form->name);
  columns *table = table_of(name, file);
  for (size_t i = 0; i < table->n_rows; i++) {
    double k = at(table, i, 0), z;
    elfin_form_factor_at(form, 1, &k, &z);
    CHECK(z == at(table, i, 1));
    if (i + 1 < table->n_rows) { /* linear in between */
      k = (k + at(table, i + 1, 0)) / 2;
      elfin_form_factor_at(form, 1, &k, &z);
      CHECK_CLOSE(z, (at(table, i, 1) + at(table, i + 1, 1)) / 2, 1e-12);
    }
  }
  columns_free(table);
}

static void density_has_its_bits(const char *name, const elfin_nucleus *nucleus)
{
  char file[300];
  if (!nucleus->dos)
    return;
  snprintf(file, sizeof file, "%.250s_pDoS.dat", nucleus->name);
  columns *table = table_of(name, file);
  for (size_t i = 0; i < table->n_rows; i++) {
    double omega = at(table, i, 0), density;
    elfin_density_of_states_at(nucleus->dos, 1, &omega, &density);
    CHECK(density == (omega > 0 ? at(table, i, 1) : 0));
  }
  columns_free(table);
}

static void tensor_has_its_bits(const char *name, const elfin_material *m)
{
  char file[300];
  if (m->n_anisotropic == 0)
    return;
  snprintf(file, sizeof file, "%.250s_pDoS_anisotropic.dat", name);
  columns *table = table_of(name, file);
  CHECK(table->n_columns == 1 + ELFIN_N_PROJECTIONS * m->n_anisotropic);
  for (size_t i_site = 0; i_site < m->n_anisotropic; i_site++) {
    const elfin_density_tensor *tensor = m->anisotropic[i_site].tensor;
    for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++) {
      elfin_density_of_states one = {.n = tensor->n, .omega_eV = tensor->omega_eV,
                                     .per_eV = tensor->per_eV + k * tensor->n};
      for (size_t i = 0; i < table->n_rows; i++) {
        double omega = at(table, i, 0), density;
        elfin_density_of_states_at(&one, 1, &omega, &density);
        CHECK(density == (omega > 0 ? at(table, i, 1 + ELFIN_N_PROJECTIONS * i_site + k) : 0));
      }
    }
  }
  columns_free(table);
}

static void phonon_response_has_its_bits(const char *name, const elfin_phonon_response *r)
{
  char file[300];
  snprintf(file, sizeof file, "%.100s_epsphonon_%.100s.dat", name, r->name);
  columns *table = table_of(name, file);
  CHECK(r->model == ELFIN_PHONON_TABLE && r->n <= table->n_rows && r->n + 2 >= table->n_rows);
  for (size_t i = 0; i + 1 < r->n; i++)
    CHECK(r->omega_eV[i] < r->omega_eV[i + 1]);
  size_t n_alone = 0, n_found = 0; /* rows that share an energy became one (Si's theory6K) */
  for (size_t i = 0; i < table->n_rows; i++) {
    size_t n_same = 0;
    for (size_t k = 0; k < table->n_rows; k++)
      n_same += at(table, k, 0) == at(table, i, 0);
    n_alone += n_same == 1;
    for (size_t k = 0; n_same == 1 && k < r->n; k++)
      n_found += r->omega_eV[k] == at(table, i, 0) && r->first[k] == at(table, i, 1) &&
                 r->second[k] == at(table, i, 2);
  }
  CHECK(n_found == n_alone && n_alone + 4 > table->n_rows);
  columns_free(table);
}

static void tables_have_their_bits(const char *name)
{
  elfin_material *m = imported(name);
  for (size_t i = 0; i < m->n_nuclei; i++) {
    charge_has_its_bits(name, m->nuclei[i].ion);
    charge_has_its_bits(name, m->nuclei[i].atom);
    density_has_its_bits(name, &m->nuclei[i]);
  }
  if (m->single_ion)
    charge_has_its_bits(name, m->single_ion->ion);
  tensor_has_its_bits(name, m);
  for (size_t i = 0; i < m->n_phonon_responses; i++)
    phonon_response_has_its_bits(name, &m->phonon_responses[i]);
  if (m->optical) {
    columns *table = table_of(name, "Ta_eps_electron_opticallimit.dat");
    CHECK(!m->optical->logarithmic && m->optical->n == table->n_rows);
    for (size_t i = 0; i < table->n_rows; i++)
      CHECK(m->optical->omega_eV[i] == at(table, i, 0) && m->optical->eps1[i] == at(table, i, 1) &&
            m->optical->eps2[i] == at(table, i, 2));
    columns_free(table);
  }
  elfin_material_free(m);
}

/* Both read by the same code, from the place of the import and from DarkELF's. */
static void the_default_response_is_the_table(const char *name)
{
  char path[PATH_ROOM];
  elfin_material *m = imported(name);
  const elfin_constants *constants = elfin_constants_named("darkelf");
  const char *kind = elfin_response_default(m);
  snprintf(path, sizeof path, "%.4000s/%s/%s_mermin.dat", tables, name, name);
  if (access(path, F_OK) != 0) {
    CHECK(!kind || !strchr(kind, '/'));
    elfin_material_free(m);
    return;
  }
  CHECK(kind && strcmp(kind, m->response_table->path) == 0);
  elfin_response *ours = NULL, *theirs = NULL;
  CHECK(elfin_response_open(kind, m, constants, &ours, NULL) == ELFIN_OK);
  CHECK(elfin_response_open(path, m, constants, &theirs, NULL) == ELFIN_OK);
  CHECK(elfin_response_about(ours).n_holes == elfin_response_about(theirs).n_holes);
  for (double omega = 0.3; omega < 110; omega *= 1.21)
    for (double k = 20; k < 4e4; k *= 1.27) {
      double a[2], b[2];
      elfin_response_epsilon(ours, 1, &omega, &k, &a[0], &a[1]);
      elfin_response_epsilon(theirs, 1, &omega, &k, &b[0], &b[1]);
      CHECK(memcmp(a, b, sizeof a) == 0);
    }
  elfin_response_free(ours);
  elfin_response_free(theirs);
  elfin_material_free(m);
}

/* ---- shells ----------------------------------------------------------------------------------- */

static void shells_have_their_bits(const char *name)
{
  char path[PATH_ROOM], line[256];
  elfin_material *m = imported(name), *own = open_material(name);
  snprintf(path, sizeof path, "%.4000s/%s/%s_Migdal_FAC.dat", tables, name, name);
  FILE *file = fopen(path, "r");
  CHECK(file != NULL && m->n_shells == own->n_shells);
  size_t i_shell = 0, i_row = 0, n_rows = 0;
  for (bool begun = false; file && fgets(line, sizeof line, file);) {
    char *text = *line == '#' ? line + 1 : line;
    double energy, probability;
    int n, l;
    if (!strchr(text, '.') && sscanf(text, "%d %d", &n, &l) == 2) {
      CHECK(!begun || i_row == m->shells[i_shell].n_energies);
      i_shell += begun;
      begun = true;
      i_row = 0;
      CHECK(m->shells[i_shell].n == n && m->shells[i_shell].l == l);
      CHECK(m->shells[i_shell].binding_eV == own->shells[i_shell].binding_eV);
    } else if (sscanf(text, "%lf %lf", &energy, &probability) == 2) {
      double p;
      CHECK(i_row < m->shells[i_shell].n_energies &&
            m->shells[i_shell].energy_eV[i_row] == energy &&
            m->shells[i_shell].probability[i_row] == probability);
      elfin_shell_at(&m->shells[i_shell], 1, &energy, &p);
      CHECK(p == probability);
      i_row++;
      n_rows++;
    }
  }
  CHECK(i_shell + 1 == m->n_shells && n_rows == 251 * m->n_shells);
  double ends[] = {0.1, 1e6}, p[2];
  elfin_shell_at(&m->shells[0], 2, ends, p);
  CHECK(p[0] == m->shells[0].probability[0] && p[1] == 0);
  if (file)
    fclose(file);
  elfin_material_free(own);
  elfin_material_free(m);
}

static void measured_phonons_are_the_default(void)
{
  elfin_material *m = imported("Si");
  CHECK_TEXT(elfin_phonon_response_find(m, ELFIN_ORDINARY, NULL)->name, "data6K");
  CHECK(elfin_phonon_response_find(m, ELFIN_ORDINARY, "theory6K") != NULL);
  CHECK(elfin_phonon_response_find(m, ELFIN_EXTRAORDINARY, NULL) == NULL);
  elfin_material_free(m);
  m = imported("SiO2");
  CHECK_TEXT(elfin_phonon_response_find(m, ELFIN_ORDINARY, NULL)->name, "o");
  CHECK_TEXT(elfin_phonon_response_find(m, ELFIN_EXTRAORDINARY, NULL)->name, "e");
  elfin_material_free(m);
}

int main(void)
{
  const char *shared = getenv("ELFIN_SHARED");
  snprintf(tables, sizeof tables, "%s/tables", shared ? shared : "");
  if (!shared || access(tables, F_OK) != 0)
    CHECK_SKIP("the tables are not here: set ELFIN_SHARED");
  folder_new(dest);
  for (size_t i = 0; i < N_NAMES; i++) { /* all into one folder */
    char folder[PATH_ROOM];
    elfin_error err = {""};
    snprintf(folder, sizeof folder, "%.4000s/%s", tables, names[i]);
    CHECK(import_darkelf(folder, dest, false, NULL, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
  }
  CHECK(entries_of(dest) == 2 * N_NAMES);
  for (size_t i = 0; i < N_NAMES; i++) {
    files_are_copies(names[i]);
    numbers_are_those_that_elfin_ships(names[i]);
    tables_have_their_bits(names[i]);
    the_default_response_is_the_table(names[i]);
  }
  static const char *const with_shells[] = {"C", "Ge", "Si", "Xe"};
  for (size_t i = 0; i < sizeof with_shells / sizeof *with_shells; i++)
    shells_have_their_bits(with_shells[i]);
  measured_phonons_are_the_default();
  folder_remove(dest);
  return check_result();
}
