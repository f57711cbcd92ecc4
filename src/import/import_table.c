/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_table.c
 * A grid on its way into a table: read it, bring it to eV, check it, suspect it, write it. */
#include "import/import_grid.h"

#include <elfin/material.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double GRAM_EV = 5.609588603e32; /* 1 g in eV, CODATA 2018 */

typedef struct importer {
  const char *file, *dest;
  const import_options *options;
  FILE *said;
  problems *list;
  elfin_error *err;
  store_table *table;
  elfin_material *material; /* NULL: none to compare with */
} importer;

/* ---- reading --------------------------------------------------------------------------------- */

static char *copy_text(const char *text)
{
  return text ? strdup(text) : NULL;
}

static elfin_status to_eV(const importer *in, const char *name, const char *units,
                          double (*in_eV)(const char *), const char *allowed, size_t n, double x[])
{
  double unit = units ? in_eV(units) : 0;
  if (unit <= 0)
    return elfin_fail(in->err, ELFIN_E_DATA, "%s: /%s has units '%s'; one of %s is wanted",
                      in->file, name, units ? units : "", allowed);
  for (size_t i = 0; unit != 1 && i < n; i++)
    x[i] *= unit;
  return ELFIN_OK;
}

static elfin_status convert(const importer *in, const store_grid_names *names, const char *omega,
                            const char *k)
{
  store_table *t = in->table;
  elfin_status status = to_eV(in, names->omega, omega, import_energy_unit,
                              "eV, meV, keV, Hartree, Ry", t->n_omega, t->omega);
  return status ? status
                : to_eV(in, names->k, k, import_momentum_unit,
                        "eV, keV, 1/Angstrom, 1/Bohr, alpha m_e", t->n_k, t->k);
}

/* q in units of alpha m_e and E in eV, which the file does not say. */
static elfin_status read_qcdark2(importer *in)
{
  static const store_grid_names names = {.omega = "E", .k = "q", .epsilon = "epsilon"};
  elfin_status status = store_read_grid(in->file, &names, &in->table, in->err);
  return status ? status : convert(in, &names, "eV", "alpha m_e");
}

static elfin_status read_gpaw(importer *in)
{
  const store_grid_names names = {.omega = "omega",
                                  .k = "q",
                                  .format = "elfin raw response",
                                  .epsilon = in->options->no_local_fields ? "epsilon_nolfe"
                                                                          : "epsilon_lfe"};
  elfin_status status = store_read_grid(in->file, &names, &in->table, in->err);
  if (!status && !store_table_note(in->table, "local_field_effects",
                                   in->options->no_local_fields ? "false" : "true"))
    status = elfin_fail(in->err, ELFIN_E_MEMORY, "%s: no memory", in->file);
  return status ? status : convert(in, &names, in->table->omega_units, in->table->k_units);
}

static elfin_status read_csv(importer *in)
{
  static const store_grid_names names = {.omega = "omega", .k = "k"};
  elfin_status status = import_read_csv(in->file, in->options->columns, in->options->units,
                                        &in->table, in->list, in->err);
  return status ? status : convert(in, &names, in->table->omega_units, in->table->k_units);
}

static const struct reader {
  const char *kind;
  const char *source; /* where neither file nor user says one */
  elfin_status (*read)(importer *in);
} readers[] = {
    {"qcdark2",
     "computed with QCDark2 (C. E. Dreyer, R. Essig, M. V. Fernandez-Serra, M. Hott, A. Singal)",
     read_qcdark2},
    {"gpaw", NULL, read_gpaw},
    {"csv", NULL, read_csv},
};

/* ---- comparing ------------------------------------------------------------------------------- */

static double plasma_energy(const elfin_material *m)
{
  double sum = 0;
  if (!m)
    return NAN;
  for (size_t i = 0; i < m->n_oscillators; i++)
    sum += m->oscillators[i].amplitude * pow(m->oscillators[i].omega_eV, 2);
  return sum > 0 ? sqrt(sum) : m->plasma_energy_eV.value;
}

static bool setting(const store_table *t, const char *name, double *value)
{
  for (size_t i = 0; i < t->n_settings; i++)
    if (strcmp(t->settings[i].name, name) == 0) {
      char *end;
      *value = strtod(t->settings[i].text, &end);
      return *end == '\0' && end != t->settings[i].text;
    }
  return false;
}

/* Of QCDark2: M_cell in eV, V_cell in Bohr³. */
static void say_density(const importer *in)
{
  const elfin_constants *c = elfin_constants_named("elfin");
  double mass, volume, bohr_cm = c->hbar_c_eV_cm / (c->alpha * c->m_e_eV);
  if (!in->said || !setting(in->table, "M_cell", &mass) || !setting(in->table, "V_cell", &volume) ||
      !(volume > 0))
    return;
  double density = mass / GRAM_EV / (volume * pow(bohr_cm, 3));
  fprintf(in->said, "density of the cell (M_cell in eV, V_cell in Bohr^3): %.4g g/cm3", density);
  if (in->material) {
    double known = in->material->density_g_cm3.value;
    fprintf(in->said, ", %s has %.4g%s", in->material->name, known,
            fabs(density - known) <= 0.1 * known ? "" : ": is it this material?");
  }
  fputc('\n', in->said);
}

static elfin_status compare(importer *in)
{
  char room[512];
  elfin_status status = ELFIN_OK;
  if (in->options->material)
    status = elfin_material_open(in->options->material, &in->material, in->err);
  if (status)
    return status;
  say_density(in);
  const char *suspicion = import_suspect(in->table, plasma_energy(in->material), in->said, room);
  if (!*suspicion)
    return ELFIN_OK;
  if (in->options->force && in->said)
    fprintf(in->said, "forced, although %s\n", suspicion);
  if (in->options->force)
    return ELFIN_OK;
  problems_add(in->list, 0, 0, "%s", suspicion);
  return ELFIN_E_DATA;
}

/* ---- all of it --------------------------------------------------------------------------------
 */

static elfin_status check(importer *in)
{
  size_t n_wrong = import_check_grid(in->table, in->list);
  return n_wrong ? ELFIN_E_DATA : compare(in);
}

/** Where from, whose: kept with the numbers. */
static elfin_status describe(importer *in, const struct reader *reader)
{
  store_table *t = in->table;
  char sha256[ELFIN_SHA256_TEXT], origin[4096];
  const char *base = strrchr(in->file, '/');
  elfin_status status = elfin_sha256_file(in->file, sha256, NULL, in->err);
  if (status)
    return status;
  snprintf(origin, sizeof origin, "%s file %s", reader->kind, base ? base + 1 : in->file);
  t->origin = copy_text(origin);
  t->origin_sha256 = copy_text(sha256);
  if (in->options->source || !t->source) {
    free(t->source);
    t->source = copy_text(in->options->source ? in->options->source : reader->source);
  }
  if (!t->origin || !t->origin_sha256)
    return elfin_fail(in->err, ELFIN_E_MEMORY, "%s: no memory", in->file);
  if (!t->source)
    return elfin_fail(in->err, ELFIN_E_DATA,
                      "%s: does not say whose numbers it holds (attribute source): "
                      "give it: --source \"program, authors, year\"",
                      in->file);
  return ELFIN_OK;
}

static elfin_status put_table(importer *in)
{
  char temporary[4096];
  if (!in->options->overwrite)
    return store_write_table(in->dest, in->table, in->err);
  if (snprintf(temporary, sizeof temporary, "%s.%ld", in->dest, (long)getpid()) >=
      (int)sizeof temporary)
    return elfin_fail(in->err, ELFIN_E_OUTPUT, "%.200s: the path is too long", in->dest);
  elfin_status status = store_write_table(temporary, in->table, in->err);
  if (!status && rename(temporary, in->dest) != 0) {
    status = elfin_fail(in->err, ELFIN_E_OUTPUT, "%s: cannot be replaced: %s", in->dest,
                        strerror(errno));
    unlink(temporary);
  }
  return status;
}

static void say_done(const importer *in)
{
  const store_table *t = in->table;
  if (!in->said)
    return;
  fprintf(in->said, "%s: %zu energies from %.4g to %.4g eV, ", in->dest, t->n_omega, t->omega[0],
          t->omega[t->n_omega - 1]);
  if (t->n_k == 1)
    fputs("without momenta", in->said);
  else
    fprintf(in->said, "%zu momenta from %.4g to %.4g eV", t->n_k, t->k[0], t->k[t->n_k - 1]);
  fprintf(in->said, "; a job takes it as response: %s\n", in->dest);
}

elfin_status import_table(const char *kind, const char *file, const char *dest,
                          const import_options *options, FILE *said, problems *list,
                          elfin_error *err)
{
  importer in = {
      .file = file, .dest = dest, .options = options, .said = said, .list = list, .err = err};
  const struct reader *reader = NULL;
  for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
    if (strcmp(readers[i].kind, kind) == 0)
      reader = &readers[i];
  if (!reader)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "'%s' is no format that elfin imports", kind);
  if (!options->overwrite && access(dest, F_OK) == 0)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: exists already; --overwrite replaces it", dest);
  elfin_status status = reader->read(&in);
  if (!status)
    status = describe(&in, reader);
  if (!status)
    status = check(&in);
  if (!status)
    status = put_table(&in);
  if (!status)
    say_done(&in);
  store_table_free(in.table);
  elfin_material_free(in.material);
  return status;
}
