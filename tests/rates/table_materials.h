/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file table_materials.h
 * elfin's materials with DarkELF's tables of D(ω) and F_n(ω) in place of the compact data, for tests;
 * and with one of these only, to see which makes a difference: D (F_n made from it by elfin), or Z(k). */
#ifndef TABLE_MATERIALS_H
#define TABLE_MATERIALS_H

#include "crystal/shared_phonons.h"

#include <elfin/material.h>

#include <unistd.h>

enum { MOST_MATERIALS = 16, MOST_NUCLEI = 4 };

typedef struct table_target {
  elfin_material *opened, *charges;
  elfin_material copy, of_density, of_charges;
  elfin_nucleus nuclei[MOST_NUCLEI], with_density[MOST_NUCLEI], with_charges[MOST_NUCLEI];
  elfin_density_of_states dos[MOST_NUCLEI];
  elfin_phonon_functions functions[MOST_NUCLEI];
  phonon_density density[MOST_NUCLEI];
  columns *Fn[MOST_NUCLEI];
} table_target;

static table_target table_targets[MOST_MATERIALS];
static size_t n_table_targets;

/** Z(k) of neutral atoms from tables: a material file of their own. */
static inline void write_charges(const table_target *t, FILE *to)
{
  fprintf(to, "name: charges\ndensity: {value: 1 g/cm3, source: none}\nnuclei:\n  source: none\n  cell:\n");
  for (size_t i = 0; i < t->copy.n_nuclei; i++)
    fprintf(to, "  - {name: %s, mass_number: %g, multiplicity: 1}\n", t->nuclei[i].name,
            t->nuclei[i].mass_number);
  fprintf(to, "effective_charge:\n");
  for (size_t i = 0; i < t->copy.n_nuclei; i++) {
    columns *Z = table_read(t->opened->name, t->nuclei[i].name, "atomic_Zion");
    if (!Z)
      CHECK_SKIP("no shared/tables");
    fprintf(to, "- name: Z\n  element: %s\n  kind: atomic\n  source: DarkELF\n  model: table\n",
            t->nuclei[i].name);
    for (size_t k = 0; k < 2; k++)
      for (size_t j = 0; j < Z->n_rows; j++)
        fprintf(to, "%s%.17g%s", j ? ", " : k ? "  Z: [" : "  k_eV: [", Z->value[2 * j + k],
                j + 1 < Z->n_rows ? "" : "]\n");
    columns_free(Z);
  }
}

static inline void take_charges_from_tables(table_target *t)
{
  char path[256];
  elfin_error err = {""};
  snprintf(path, sizeof path, P_tmpdir "/elfin_charges_%ld.yaml", (long)getpid());
  FILE *file = fopen(path, "w");
  CHECK(file != NULL);
  if (!file)
    return;
  write_charges(t, file);
  fclose(file);
  CHECK(elfin_material_open(path, &t->charges, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  for (size_t i = 0; t->charges && i < t->copy.n_nuclei; i++)
    t->nuclei[i].atom = t->charges->nuclei[i].atom;
  remove(path);
}

static inline table_target *table_target_named(const char *name)
{
  for (size_t i = 0; i < n_table_targets; i++)
    if (strcmp(table_targets[i].opened->name, name) == 0)
      return &table_targets[i];
  table_target *t = &table_targets[n_table_targets++];
  elfin_error err;
  if (elfin_material_open(name, &t->opened, &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  t->copy = *t->opened;
  t->copy.nuclei = t->nuclei;
  for (size_t i = 0; i < t->copy.n_nuclei; i++) {
    elfin_nucleus *n = &t->nuclei[i];
    *n = t->opened->nuclei[i];
    columns *D = table_read(name, n->name, "pDoS");
    t->Fn[i] = table_read(name, n->name, "Fn");
    if (!D || !t->Fn[i])
      CHECK_SKIP("no shared/tables");
    t->density[i] = table_density(D, true);
    columns_free(D);
    t->dos[i] = (elfin_density_of_states){.source = "DarkELF", .n = t->density[i].n,
                                          .omega_eV = t->density[i].omega,
                                          .per_eV = t->density[i].density};
    t->functions[i] = (elfin_phonon_functions){.source = "DarkELF", .n = t->Fn[i]->n_rows,
                                               .n_terms = t->Fn[i]->n_columns - 1,
                                               .rows = t->Fn[i]->value};
    n->dos = &t->dos[i];
    n->functions = &t->functions[i];
  }
  take_charges_from_tables(t);
  t->of_density = t->of_charges = t->copy;
  t->of_density.nuclei = t->with_density;
  t->of_charges.nuclei = t->with_charges;
  for (size_t i = 0; i < t->copy.n_nuclei; i++) {
    t->with_density[i] = t->with_charges[i] = t->opened->nuclei[i];
    t->with_density[i].dos = &t->dos[i];
    t->with_charges[i].atom = t->nuclei[i].atom;
  }
  return t;
}

static inline const elfin_material *table_material(const char *name)
{
  return &table_target_named(name)->copy;
}

/** elfin's, but for DarkELF's D(ω) with all its points. */
static inline const elfin_material *material_of_table_density(const char *name)
{
  return &table_target_named(name)->of_density;
}

/** elfin's, but for DarkELF's Z(k). */
static inline const elfin_material *material_of_table_charges(const char *name)
{
  return &table_target_named(name)->of_charges;
}

static inline const elfin_material *own_material(const char *name)
{
  return table_target_named(name)->opened;
}

static inline void table_materials_free(void)
{
  for (size_t i = 0; i < n_table_targets; i++) {
    table_target *t = &table_targets[i];
    for (size_t j = 0; j < t->copy.n_nuclei; j++) {
      density_free(&t->density[j]);
      columns_free(t->Fn[j]);
    }
    elfin_material_free(t->charges);
    elfin_material_free(t->opened);
  }
}

#endif
