/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file shared_phonons.h
 * Densities of states and F_n as DarkELF's files have them, for tests ($ELFIN_SHARED/tables). */
#ifndef SHARED_PHONONS_H
#define SHARED_PHONONS_H

#include "check.h"

#include "numerics/columns.h"
#include "crystal/crystal_inner.h"

typedef struct table_nucleus {
  const char *material, *name;
  double mass_number, multiplicity;
} table_nucleus;

/** Every nucleus whose density of states is among the tables. */
static const table_nucleus table_nuclei[] = {
    {"Al", "Al", 27, 1},    {"Al2O3", "Al", 27, 4}, {"Al2O3", "O", 16, 6}, {"C", "C", 12, 2},
    {"GaAs", "Ga", 69, 1},  {"GaAs", "As", 75, 1},  {"GaN", "Ga", 69, 2},  {"GaN", "N", 14, 2},
    {"Ge", "Ge", 72.6, 2},  {"Si", "Si", 28, 2},    {"SiC", "Si", 28, 1},  {"SiC", "C", 12, 1},
    {"SiO2", "Si", 28, 1},  {"SiO2", "O", 16, 2},   {"ZnS", "Zn", 65, 1},  {"ZnS", "S", 32, 1},
};
enum { N_TABLE_NUCLEI = sizeof table_nuclei / sizeof *table_nuclei };

static inline columns *table_read(const char *material, const char *name, const char *kind)
{
  const char *shared = getenv("ELFIN_SHARED");
  char path[512];
  columns *table = NULL;
  elfin_error err;
  snprintf(path, sizeof path, "%s/tables/%s/%s_%s.dat", shared ? shared : "", material, name, kind);
  return columns_read(path, 0, COLUMNS_HEADER, &table, &err) ? NULL : table;
}

/** D(ω) of a table: points at ω ≤ 0 become the one point (0, 0). `omega` and `density` are yours. */
static inline phonon_density table_density(const columns *table, bool linear_ratio)
{
  double *omega = malloc((table->n_rows + 1) * sizeof *omega);
  double *density = malloc((table->n_rows + 1) * sizeof *density);
  phonon_density d = {.n = 0, .omega = omega, .density = density, .linear_ratio = linear_ratio};
  for (size_t i = 0; i < table->n_rows; i++) {
    const double *row = table->value + i * table->n_columns;
    if (row[0] <= 0) {
      d.n = 1;
      omega[0] = density[0] = 0;
      continue;
    }
    omega[d.n] = row[0];
    density[d.n++] = row[1];
  }
  return d;
}

static inline void density_free(phonon_density *d)
{
  free((void *)d->omega);
  free((void *)d->density);
}

/** A nucleus from its D(ω) table; NULL if the tables are not there. */
static inline crystal *table_crystal(const elfin_constants *constants, const table_nucleus *nucleus)
{
  crystal *made = NULL;
  elfin_error err = {""};
  columns *table = table_read(nucleus->material, nucleus->name, "pDoS");
  if (!table)
    return NULL;
  phonon_density density = table_density(table, constants->one_phonon_linear);
  CHECK(crystal_new(constants, nucleus->mass_number, &density, 0, &made, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  density_free(&density);
  columns_free(table);
  return made;
}

#endif
