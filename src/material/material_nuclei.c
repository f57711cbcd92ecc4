/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_nuclei.c
 * The nuclei of a cell, their isotopes, and which charge belongs to which nucleus. */
#include "material/material_read.h"

#include <math.h>
#include <string.h>

enum { HEAVIEST_NUCLEUS = 300, MOST_PER_CELL = 1000, HIGHEST_SPIN = 20, HIGHEST_CHARGE = 120 };

/* ---- a cell ----------------------------------------------------------------------------------- */

static void take_isotope(const node *from, elfin_isotope *isotope, problems *list)
{
  static const char *const keys[] = {"mass_number", "fraction", "spin", "proton_spin",
                                     "neutron_spin"};
  const char *where = "an isotope";
  if (!expect_kind(from, where, NODE_MAP, list))
    return;
  material_keys(from, where, sizeof keys / sizeof *keys, keys, list);
  const node *mass = demand(from, where, "mass_number", list);
  if (mass)
    take_number(mass, "mass_number", "", false, HEAVIEST_NUCLEUS, &isotope->mass_number, list);
  isotope->fraction = demand_number(from, where, "fraction", 0, 1, list);
  isotope->spin = demand_number(from, where, "spin", 0, HIGHEST_SPIN, list);
  isotope->proton_spin = demand_number(from, where, "proton_spin", -1, 1, list);
  isotope->neutron_spin = demand_number(from, where, "neutron_spin", -1, 1, list);
  if (!isnan(isotope->spin) && 2 * isotope->spin != floor(2 * isotope->spin))
    problems_add_at(list, node_find(from, "spin"), "spin must be a multiple of 1/2, not %g",
                    isotope->spin);
  if (isotope->spin == 0 && (fabs(isotope->proton_spin) > 0 || fabs(isotope->neutron_spin) > 0))
    problems_add_at(list, from, "an isotope of spin 0 has no proton_spin and no neutron_spin");
}

/* Fractions that add up to more than this are a slip; less is allowed: rare isotopes may be left
 * out. */
static const double MOST_IN_ALL = 1.001;

static void take_isotopes(const node *from, elfin_nucleus *nucleus, material_owner *made)
{
  const node *isotopes = node_find(from, "isotopes");
  size_t n = list_length(isotopes, "isotopes", made->list);
  elfin_isotope *kept = n ? material_keep(made, n, sizeof *kept) : NULL;
  double sum = 0;
  if (!kept)
    return;
  for (size_t i = 0; i < n; i++) {
    take_isotope(&isotopes->items[i], &kept[i], made->list);
    sum += kept[i].fraction;
  }
  if (sum > MOST_IN_ALL)
    problems_add_at(made->list, isotopes, "the fractions of the isotopes add up to %g", sum);
  nucleus->isotopes = kept;
  nucleus->n_isotopes = n;
}

static void take_nucleus(const node *from, elfin_nucleus *nucleus, material_owner *made)
{
  static const char *const keys[] = {"name", "mass_number", "multiplicity", "isotopes"};
  const char *where = "a nucleus";
  problems *list = made->list;
  nucleus->charge = (elfin_quantity){NAN, NULL};
  if (!expect_kind(from, where, NODE_MAP, list))
    return;
  material_keys(from, where, sizeof keys / sizeof *keys, keys, list);
  nucleus->name = demand_text(from, where, "name", list);
  const node *number = demand(from, where, "mass_number", list);
  if (number)
    take_number(number, "mass_number", "", false, HEAVIEST_NUCLEUS, &nucleus->mass_number, list);
  number = demand(from, where, "multiplicity", list);
  if (number)
    take_number(number, "multiplicity", "", false, MOST_PER_CELL, &nucleus->multiplicity, list);
  take_isotopes(from, nucleus, made);
}

static void blame_doubles(const node *cell, size_t n, const elfin_nucleus nuclei[], problems *list)
{
  for (size_t i = 1; i < n; i++)
    for (size_t k = 0; k < i; k++)
      if (nuclei[i].name && nuclei[k].name && strcmp(nuclei[i].name, nuclei[k].name) == 0)
        problems_add_at(list, &cell->items[i], "a second nucleus %.40s: give its multiplicity",
                        nuclei[i].name);
}

/* The nuclei of a block with `source` and `cell`. */
static elfin_nucleus *take_cell(const node *block, const char *where, material_owner *made,
                                size_t *n)
{
  static const char *const keys[] = {"source", "cell"};
  const char *source;
  *n = 0;
  if (!take_block(block, where, 2, keys, &source, made->list))
    return NULL;
  const node *cell = demand(block, where, "cell", made->list);
  size_t length = list_length(cell, "cell", made->list);
  elfin_nucleus *nuclei = length ? material_keep(made, length, sizeof *nuclei) : NULL;
  if (!nuclei)
    return NULL;
  for (size_t i = 0; i < length; i++)
    take_nucleus(&cell->items[i], &nuclei[i], made);
  blame_doubles(cell, length, nuclei, made->list);
  *n = length;
  return nuclei;
}

void take_nuclei(const node *root, material_owner *made)
{
  elfin_material *material = &made->material;
  const node *block = node_find(root, "nuclei");
  if (block)
    material->nuclei = made->nuclei = take_cell(block, "nuclei", made, &material->n_nuclei);
  if ((block = node_find(root, "nuclei_anisotropic")))
    material->anisotropic = made->anisotropic =
        take_cell(block, "nuclei_anisotropic", made, &material->n_anisotropic);
}

elfin_nucleus *nucleus_named(material_owner *made, const char *name)
{
  for (size_t i = 0; i < made->material.n_nuclei; i++)
    if (made->nuclei[i].name && strcmp(made->nuclei[i].name, name) == 0)
      return &made->nuclei[i];
  return NULL;
}

/* ---- the one nucleus that DarkELF takes ------------------------------------------------------- */

/* The nucleus of the cell whose mass is nearest. */
static elfin_nucleus *nearest_mass(material_owner *made, double mass_number)
{
  elfin_nucleus *nearest = NULL;
  for (size_t i = 0; i < made->material.n_nuclei; i++) {
    elfin_nucleus *nucleus = &made->nuclei[i];
    if (!nearest || fabs(nucleus->mass_number - mass_number) <
                        fabs(nearest->mass_number - mass_number))
      nearest = nucleus;
  }
  return nearest;
}

static const elfin_form_factor *form_of(const material_owner *made, const char *element, int of_atom)
{
  for (size_t i = 0; element && i < made->n_forms; i++)
    if (made->forms[i].of_atom == of_atom && made->form_elements[i] &&
        strcmp(made->form_elements[i], element) == 0)
      return &made->forms[i];
  return NULL;
}

static void take_single_ion(const node *block, material_owner *made)
{
  static const char *const keys[] = {"mass_number", "atomic_number", "charge", "source"};
  const char *where = "single_ion", *source;
  problems *list = made->list;
  if (!take_block(block, where, sizeof keys / sizeof *keys, keys, &source, list))
    return;
  elfin_nucleus *ion = material_keep(made, 1, sizeof *ion);
  if (!ion)
    return;
  const node *mass = demand(block, where, "mass_number", list);
  if (mass)
    take_number(mass, "mass_number", "", false, HEAVIEST_NUCLEUS, &ion->mass_number, list);
  optional_number(block, "atomic_number", 1, HIGHEST_CHARGE, list);
  ion->charge.value = optional_number(block, "charge", 0, HIGHEST_CHARGE, list);
  ion->charge.source = isnan(ion->charge.value) ? NULL : source;
  ion->multiplicity = 1;
  const elfin_nucleus *like = nearest_mass(made, ion->mass_number);
  if (like) {
    ion->name = like->name;
    ion->dos = like->dos;
    ion->atom = form_of(made, like->name, 1);
    ion->isotopes = like->isotopes;
    ion->n_isotopes = like->n_isotopes;
  } else {
    ion->name = made->material.name;
  }
  ion->ion = form_of(made, made->material.name, 0); /* "Si_Zion" of Si, "SiO2_Zion" of SiO2 */
  made->material.single_ion = made->single_ion = ion;
}

/* ---- charges ---------------------------------------------------------------------------------- */

/* An ion at rest has lost whole electrons; a compact form misses that by its error. */
static double charge_at_rest(const elfin_form_factor *ion)
{
  static const double ERROR_OF_FORM = 0.02;
  const double k = 0;
  double charge;
  elfin_form_factor_at(ion, 1, &k, &charge);
  return fabs(charge - nearbyint(charge)) < ERROR_OF_FORM ? nearbyint(charge) : charge;
}

/* What the cell's nuclei know of their element: its forms, and the ion's charge at rest. An ion that
 * is named after the material is that of the nucleus which DarkELF takes. */
static void bind_charge(material_owner *made, elfin_nucleus *nucleus)
{
  const elfin_nucleus *single = made->single_ion;
  bool taken_by_darkelf =
      single && nearest_mass(made, single->mass_number) == nucleus; /* "Zn" of ZnS */
  nucleus->ion = form_of(made, nucleus->name, 0);
  nucleus->atom = form_of(made, nucleus->name, 1);
  if (!nucleus->ion && taken_by_darkelf)
    nucleus->ion = single->ion;
  if (taken_by_darkelf && single->charge.source) {
    nucleus->charge = single->charge;
  } else if (nucleus->ion) {
    nucleus->charge = (elfin_quantity){charge_at_rest(nucleus->ion), nucleus->ion->source};
  }
}

/* "O_a" is of the element O: it has what the nucleus O of the cell has. */
static const elfin_nucleus *same_element(const material_owner *made, const elfin_nucleus *site)
{
  size_t length = site->name ? strcspn(site->name, "_") : 0;
  for (size_t i = 0; length && i < made->material.n_nuclei; i++) {
    const char *name = made->nuclei[i].name;
    if (name && strlen(name) == length && strncmp(name, site->name, length) == 0)
      return &made->nuclei[i];
  }
  return NULL;
}

void bind_nuclei(const node *root, material_owner *made)
{
  const node *block = node_find(root, "single_ion");
  if (block)
    take_single_ion(block, made);
  for (size_t i = 0; i < made->material.n_nuclei; i++)
    bind_charge(made, &made->nuclei[i]);
  for (size_t i = 0; i < made->material.n_anisotropic; i++) {
    elfin_nucleus *site = &made->anisotropic[i];
    const elfin_nucleus *like = same_element(made, site);
    if (!like)
      continue;
    site->charge = like->charge;
    site->ion = like->ion;
    site->atom = like->atom;
    if (!site->isotopes) {
      site->isotopes = like->isotopes;
      site->n_isotopes = like->n_isotopes;
    }
  }
}
