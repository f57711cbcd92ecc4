/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal_set.c
 * Crystals are kept with their material under a key that names everything they depend on. */
#include "crystal/crystal_set.h"

#include "material/prepared.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct crystal_set {
  size_t n;
  crystal *of[];
} crystal_set;

static void set_free(void *object)
{
  crystal_set *set = object;
  for (size_t i = 0; i < set->n; i++)
    elfin_crystal_free(set->of[i]);
  free(set);
}

static elfin_status make_set(const elfin_constants *constants, const elfin_material *material,
                             crystal_set **made, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  crystal_set *set = calloc(1, sizeof *set + material->n_nuclei * sizeof *set->of);
  if (!set)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its phonons", material->name);
  set->n = material->n_nuclei;
  for (size_t i = 0; !status && i < set->n; i++)
    if (material->nuclei[i].dos)
      status = elfin_crystal_open(constants, material, &material->nuclei[i], 0, &set->of[i], err);
  if (!status)
    *made = set;
  else
    set_free(set);
  return status;
}

elfin_status crystal_set_of(const elfin_constants *c, const elfin_material *material,
                            crystal *const **found, elfin_error *err)
{
  char key[160];
  snprintf(key, sizeof key, "crystals of %p, %.17g %.17g %zu %d %.17g", (const void *)material->nuclei,
           c->amu_eV, c->debye_waller_from, c->phonon_terms, c->one_phonon_linear, c->impulse_from);
  crystal_set *set = material_prepared(material, key);
  elfin_status status = ELFIN_OK;
  if (!set) {
    status = make_set(c, material, &set, err);
    if (!status)
      status = material_prepare(material, key, set, set_free, err);
  }
  if (!status)
    *found = set->of;
  return status;
}

elfin_status crystal_set_check(const elfin_material *m, elfin_error *err)
{
  if (m->n_nuclei == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: phonons need the nuclei of the cell, and %s names none",
                      m->name, m->path);
  for (size_t i = 0; i < m->n_nuclei; i++)
    if (!m->nuclei[i].dos)
      return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %s gives no phonon density of states for %s", m->name,
                        m->path, m->nuclei[i].name);
  return ELFIN_OK;
}

double crystal_cell_mass_number(size_t n_nuclei, const elfin_nucleus nuclei[])
{
  double sum = 0;
  for (size_t i = 0; i < n_nuclei; i++)
    sum += nuclei[i].multiplicity * nuclei[i].mass_number;
  return sum;
}
