/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_file.c
 * The material file as a whole: its keys, and the quantities among them; each block has a file of its
 * own. data/materials/README.md explains the format. */
#include "material/material_read.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define NOT_KEPT SIZE_MAX /* checked, but no member of elfin_material */

typedef struct quantity_row {
  const char *key, *unit;
  size_t offset; /* of the elfin_quantity in elfin_material, or NOT_KEPT */
  bool may_vanish;
  double most; /* beyond it the unit is surely wrong */
} quantity_row;

#define KEPT(member) offsetof(elfin_material, member)
static const quantity_row quantities[] = {
    {"density", "g/cm3", KEPT(density_g_cm3), false, 30},
    {"gap", "eV", KEPT(gap_eV), true, 100},
    {"pair_energy", "eV", KEPT(pair_energy_eV), false, 1000},
    {"plasma_energy", "eV", KEPT(plasma_energy_eV), false, 1000},
    {"phonon_mean", "eV", KEPT(phonon_mean_eV), false, 1},
    {"lattice_spacing", "A", KEPT(lattice_spacing_A), false, 1000},
    {"sound_speed", "km/s", KEPT(sound_speed_km_s), false, 100},
    {"sound_speed_transverse", "km/s", NOT_KEPT, false, 100},
    {"formula_mass", "u", NOT_KEPT, false, 10000},
};
enum { N_QUANTITIES = sizeof quantities / sizeof *quantities };

/* Blocks, and lists of numbers with a source that nothing reads. */
static const char *const blocks[] = {
    "nuclei",          "nuclei_anisotropic", "single_ion",
    "mermin",          "extended_drude",     "optical",
    "response_table",  "effective_charge",   "phonon_dos",
    "polar_phonons",   "phonon_response",    "phonon_dos_anisotropic",
    "atomic_ionisation", "polar_phonons_extraordinary", "response_tables",
};
static const char *const lists[] = {"lattice_constants_A", "shell_energies_eV"};
enum {
  N_BLOCKS = sizeof blocks / sizeof *blocks,
  N_LISTS = sizeof lists / sizeof *lists,
  N_KEYS = 2 + N_QUANTITIES + N_BLOCKS + N_LISTS
};

/* ---- quantities: {value: 2.33 g/cm3, source: "…"} ---------------------------------------------
 */

static void take_quantity(const node *root, const quantity_row *row, elfin_material *material,
                          problems *list)
{
  static const char *const keys[] = {"value", "source"};
  const node *given = node_find(root, row->key);
  if (!given)
    return;
  if (given->kind != NODE_MAP) {
    problems_add_at(list, given, "%s must be {value: …, source: \"…\"}: a number needs a source",
                    row->key);
    return;
  }
  elfin_quantity quantity = {NAN, NULL};
  material_keys(given, row->key, 2, keys, list);
  const node *value = demand(given, row->key, "value", list);
  if (value)
    take_number(value, row->key, row->unit, row->may_vanish, row->most, &quantity.value, list);
  quantity.source = demand_text(given, row->key, "source", list);
  if (row->offset != NOT_KEPT)
    memcpy((char *)material + row->offset, &quantity, sizeof quantity);
}

static void forget_quantities(elfin_material *material)
{
  const elfin_quantity unknown = {NAN, NULL};
  for (size_t i = 0; i < N_QUANTITIES; i++)
    if (quantities[i].offset != NOT_KEPT)
      memcpy((char *)material + quantities[i].offset, &unknown, sizeof unknown);
}

/* ---- lists: {values: […], source: "…"} -------------------------------------------------------- */

static void check_list(const node *root, const char *key, problems *list)
{
  static const char *const keys[] = {"values", "source"};
  const node *block = node_find(root, key);
  const char *source;
  if (block && take_block(block, key, 2, keys, &source, list) && demand(block, key, "values", list))
    check_numbers(block, "values", list);
}

/* ---- the whole file -------------------------------------------------------------------------- */

static void check_top_level(const node *root, problems *list)
{
  const char *keys[N_KEYS] = {"name", "description"};
  size_t n = 2;
  for (size_t i = 0; i < N_QUANTITIES; i++)
    keys[n++] = quantities[i].key;
  for (size_t i = 0; i < N_BLOCKS; i++)
    keys[n++] = blocks[i];
  for (size_t i = 0; i < N_LISTS; i++)
    keys[n++] = lists[i];
  material_keys(root, "a material", n, keys, list);
}

static void take_name(const node *root, elfin_material *material, problems *list)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  material->name = demand_text(root, "a material", "name", list);
  if (material->name && (material->name[strspn(material->name, allowed)] || *material->name == '.'))
    problems_add_at(list, node_find(root, "name"),
                    "name: letters, digits, . _ - are allowed, and no dot at the beginning");
}

elfin_status material_file_read(const node *root, material_owner *made)
{
  problems *list = made->list;
  size_t before = problems_count(list);
  elfin_material *material = &made->material;
  forget_quantities(material);
  if (!expect_kind(root, "a material file", NODE_MAP, list))
    return ELFIN_E_DATA;
  check_top_level(root, list);
  take_name(root, material, list);
  if (node_find(root, "description"))
    material->description = demand_text(root, "a material", "description", list);
  demand(root, "a material", "density", list);
  for (size_t i = 0; i < N_QUANTITIES; i++)
    take_quantity(root, &quantities[i], material, list);
  for (size_t i = 0; i < N_LISTS; i++)
    check_list(root, lists[i], list);
  take_electrons(root, made);
  take_nuclei(root, made);
  take_charges(root, made);
  take_densities(root, made);
  take_phonons(root, made);
  take_shells(root, made);
  if (made->kept.no_memory)
    return ELFIN_E_MEMORY;
  if (problems_count(list) > before)
    return ELFIN_E_DATA;
  bind_nuclei(root, made);
  if (made->kept.no_memory)
    return ELFIN_E_MEMORY;
  return problems_count(list) > before ? ELFIN_E_DATA : ELFIN_OK;
}
