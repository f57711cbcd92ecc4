/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_file.c
 * The material file, key by key: the tables below are its schema, data/materials/README.md explains
 * it. Strict, since a misspelt key or a density in kg/m3 would silently change every rate.
 */
#include "material/material_file.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KEYS = 32, LONGEST_REASON = 200 };
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

/* Blocks of processes other than electron scattering: known, and of the right kind. */
typedef struct block_row {
  const char *key;
  node_kind kind;
} block_row;

static const block_row blocks[] = {
    {"nuclei_anisotropic", NODE_MAP},  {"single_ion", NODE_MAP},
    {"lattice_constants_A", NODE_MAP}, {"shell_energies_eV", NODE_MAP},
    {"polar_phonons", NODE_MAP},       {"polar_phonons_extraordinary", NODE_MAP},
    {"phonon_response", NODE_LIST},    {"effective_charge", NODE_LIST},
    {"phonon_dos", NODE_LIST},         {"phonon_dos_anisotropic", NODE_MAP},
    {"atomic_ionisation", NODE_MAP},   {"optical", NODE_MAP},
    {"extended_drude", NODE_MAP},
};
enum { N_BLOCKS = sizeof blocks / sizeof *blocks };

static const char *kind_name(node_kind kind)
{
  return kind == NODE_SCALAR ? "a single value"
         : kind == NODE_LIST ? "a list"
                             : "a map (key: value)";
}

static bool expect_kind(const node *what, const char *key, node_kind kind, problems *list)
{
  if (what->kind == kind)
    return true;
  problems_add_at(list, what, "%s must be %s, not %s", key, kind_name(kind), kind_name(what->kind));
  return false;
}

/* Every key of `map` is one of `allowed`. */
static void check_keys(const node *map, const char *where, size_t n, const char *const allowed[],
                       problems *list)
{
  for (size_t i = 0; i < map->n; i++) {
    const char *key = map->keys[i].text;
    bool known = false;
    for (size_t j = 0; j < n; j++)
      known = known || strcmp(key, allowed[j]) == 0;
    if (known)
      continue;
    const char *near = nearest_name(key, n, allowed);
    if (near)
      problems_add_at(list, &map->keys[i], "%s has no key %.60s; did you mean %s?", where, key,
                      near);
    else
      problems_add_at(list, &map->keys[i],
                      "%s has no key %.60s; data/materials/README.md lists them", where, key);
  }
}

/* The value of a key that must be there. */
static const node *demand(const node *map, const char *where, const char *key, problems *list)
{
  const node *found = node_find(map, key);
  if (!found)
    problems_add_at(list, map, "%s: %s is missing", where, key);
  return found;
}

/* A text that says something. */
static const char *demand_text(const node *map, const char *where, const char *key, problems *list)
{
  const node *found = demand(map, where, key, list);
  if (!found || !expect_kind(found, key, NODE_SCALAR, list))
    return NULL;
  if (found->text[strspn(found->text, " ")])
    return found->text;
  problems_add_at(list, found, "%s: %s is empty", where, key);
  return NULL;
}

/* A number within (0, most], or [0, most] if it may vanish. */
static bool take_number(const node *from, const char *key, const char *unit, bool may_vanish,
                        double most, double *value, problems *list)
{
  char why[LONGEST_REASON];
  if (!expect_kind(from, key, NODE_SCALAR, list))
    return false;
  if (!quantity_parse(from->text, unit, value, why, sizeof why)) {
    problems_add_at(list, from, "%s: %s", key, why);
    return false;
  }
  if (*value < 0 || (*value == 0 && !may_vanish) || *value > most) {
    problems_add_at(list, from, "%s: %.40s is out of range; allowed is %s 0 to %g%s%s", key,
                    from->text, may_vanish ? "from" : "above", most, *unit ? " " : "", unit);
    return false;
  }
  return true;
}

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
  check_keys(given, row->key, 2, keys, list);
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

/* ---- nuclei ---------------------------------------------------------------------------------- */

enum { HEAVIEST_NUCLEUS = 300, MOST_PER_CELL = 1000 };

static void check_isotopes(const node *isotopes, problems *list)
{
  static const char *const keys[] = {"mass_number", "fraction", "spin", "proton_spin",
                                     "neutron_spin"};
  if (!isotopes || !expect_kind(isotopes, "isotopes", NODE_LIST, list))
    return;
  for (size_t i = 0; i < isotopes->n; i++) {
    const node *one = &isotopes->items[i];
    if (!expect_kind(one, "an isotope", NODE_MAP, list))
      continue;
    check_keys(one, "an isotope", sizeof keys / sizeof *keys, keys, list);
    for (size_t j = 0; j < sizeof keys / sizeof *keys; j++) {
      double value;
      const node *number = demand(one, "an isotope", keys[j], list);
      if (number && !node_number(number, &value))
        problems_add_at(list, number, "%s: a number is wanted", keys[j]);
    }
  }
}

static void take_nucleus(const node *from, elfin_nucleus *nucleus, problems *list)
{
  static const char *const keys[] = {"name", "mass_number", "multiplicity", "isotopes"};
  const char *where = "a nucleus";
  if (!expect_kind(from, where, NODE_MAP, list))
    return;
  check_keys(from, where, sizeof keys / sizeof *keys, keys, list);
  nucleus->name = demand_text(from, where, "name", list);
  const node *number = demand(from, where, "mass_number", list);
  if (number)
    take_number(number, "mass_number", "", false, HEAVIEST_NUCLEUS, &nucleus->mass_number, list);
  number = demand(from, where, "multiplicity", list);
  if (number)
    take_number(number, "multiplicity", "", false, MOST_PER_CELL, &nucleus->multiplicity, list);
  check_isotopes(node_find(from, "isotopes"), list);
}

/* A list with something in it; its length, else 0. */
static size_t list_length(const node *list_node, const char *key, problems *list)
{
  if (!list_node || !expect_kind(list_node, key, NODE_LIST, list))
    return 0;
  if (list_node->n == 0)
    problems_add_at(list, list_node, "%s is an empty list", key);
  return list_node->n;
}

static elfin_status take_nuclei(const node *root, material_owner *made, problems *list)
{
  static const char *const keys[] = {"source", "cell"};
  const node *block = node_find(root, "nuclei");
  if (!block || !expect_kind(block, "nuclei", NODE_MAP, list))
    return ELFIN_OK;
  check_keys(block, "nuclei", 2, keys, list);
  demand_text(block, "nuclei", "source", list);
  const node *cell = demand(block, "nuclei", "cell", list);
  size_t n = list_length(cell, "cell", list);
  if (n == 0)
    return ELFIN_OK;
  made->nuclei = calloc(n, sizeof *made->nuclei);
  if (!made->nuclei)
    return ELFIN_E_MEMORY;
  for (size_t i = 0; i < n; i++)
    take_nucleus(&cell->items[i], &made->nuclei[i], list);
  made->material.nuclei = made->nuclei;
  made->material.n_nuclei = n;
  return ELFIN_OK;
}

/* ---- Mermin oscillators ---------------------------------------------------------------------- */

static const char *const oscillator_columns[] = {"amplitude", "gamma_eV", "omega_eV"};
enum { N_COLUMNS = sizeof oscillator_columns / sizeof *oscillator_columns };

static void check_columns(const node *block, problems *list)
{
  const node *columns = demand(block, "mermin", "columns", list);
  if (!columns)
    return;
  bool same = columns->kind == NODE_LIST && columns->n == N_COLUMNS;
  for (size_t i = 0; same && i < N_COLUMNS; i++)
    same = columns->items[i].kind == NODE_SCALAR &&
           strcmp(columns->items[i].text, oscillator_columns[i]) == 0;
  if (!same)
    problems_add_at(list, columns, "columns must be [amplitude, gamma_eV, omega_eV]");
}

static void take_oscillator(const node *row, elfin_oscillator *oscillator, problems *list)
{
  double number[N_COLUMNS];
  if (row->kind != NODE_LIST || row->n != N_COLUMNS) {
    problems_add_at(list, row, "an oscillator is a row [amplitude, gamma_eV, omega_eV]");
    return;
  }
  for (size_t i = 0; i < N_COLUMNS; i++)
    if (!node_number(&row->items[i], &number[i])) {
      problems_add_at(list, &row->items[i], "%s: a finite number without a unit is wanted",
                      oscillator_columns[i]);
      return;
    }
  for (size_t i = 1; i < N_COLUMNS; i++)
    if (number[i] <= 0)
      problems_add_at(list, &row->items[i], "%s must be above 0, not %g", oscillator_columns[i],
                      number[i]);
  *oscillator = (elfin_oscillator){number[0], number[1], number[2]};
}

static elfin_status take_mermin(const node *root, material_owner *made, problems *list)
{
  static const char *const keys[] = {"source", "note", "columns", "oscillators"};
  const node *block = node_find(root, "mermin");
  if (!block || !expect_kind(block, "mermin", NODE_MAP, list))
    return ELFIN_OK;
  check_keys(block, "mermin", sizeof keys / sizeof *keys, keys, list);
  made->material.oscillator_source = demand_text(block, "mermin", "source", list);
  check_columns(block, list);
  const node *rows = demand(block, "mermin", "oscillators", list);
  size_t n = list_length(rows, "oscillators", list);
  if (n == 0)
    return ELFIN_OK;
  made->oscillators = calloc(n, sizeof *made->oscillators);
  if (!made->oscillators)
    return ELFIN_E_MEMORY;
  for (size_t i = 0; i < n; i++)
    take_oscillator(&rows->items[i], &made->oscillators[i], list);
  made->material.oscillators = made->oscillators;
  made->material.n_oscillators = n;
  return ELFIN_OK;
}

/* ---- the whole file -------------------------------------------------------------------------- */

static void check_top_level(const node *root, problems *list)
{
  const char *keys[MOST_KEYS] = {"name", "description", "nuclei", "mermin"};
  size_t n = 4;
  for (size_t i = 0; i < N_QUANTITIES; i++)
    keys[n++] = quantities[i].key;
  for (size_t i = 0; i < N_BLOCKS; i++)
    keys[n++] = blocks[i].key;
  check_keys(root, "a material", n, keys, list);
  for (size_t i = 0; i < N_BLOCKS; i++) {
    const node *block = node_find(root, blocks[i].key);
    if (block)
      expect_kind(block, blocks[i].key, blocks[i].kind, list);
  }
}
_Static_assert(4 + N_QUANTITIES + N_BLOCKS <= MOST_KEYS, "a material has more keys than MOST_KEYS");

static void take_name(const node *root, elfin_material *material, problems *list)
{
  static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  material->name = demand_text(root, "a material", "name", list);
  if (material->name && (material->name[strspn(material->name, allowed)] || *material->name == '.'))
    problems_add_at(list, node_find(root, "name"),
                    "name: letters, digits, . _ - are allowed, and no dot at the beginning");
}

elfin_status material_file_read(const node *root, material_owner *made, problems *list)
{
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
  elfin_status status = take_nuclei(root, made, list);
  if (!status)
    status = take_mermin(root, made, list);
  if (!status && problems_count(list) > before)
    status = ELFIN_E_DATA;
  return status;
}
