/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_material_sources.c
 * elfin's material files hold the numbers that were recovered from DarkELF's data and from
 * published oscillator lists, bit for bit. Needs those lists: $ELFIN_SHARED/figures. */
#include "opened.h"
#include "document/document.h"

#include <elfin/material.h>

static const char *const recovered[] = {"Al", "Al2O3", "C",    "GaAs", "GaN", "Ge",
                                        "Si", "SiC",   "SiO2", "Ta",   "Xe",  "ZnS"};
enum { N_RECOVERED = sizeof recovered / sizeof *recovered };

static document *open_list(const char *name)
{
  const char *folder = getenv("ELFIN_SHARED");
  char path[4096];
  snprintf(path, sizeof path, "%s/figures/%s.yaml", folder ? folder : "", name);
  FILE *there = folder ? fopen(path, "r") : NULL;
  if (!there)
    CHECK_SKIP("the published lists are not here: set ELFIN_SHARED");
  fclose(there);
  document *doc = NULL;
  problems *list = problems_new(path);
  if (document_open(path, &doc, list)) {
    problems_print(list, stderr);
    exit(1);
  }
  problems_free(list);
  return doc;
}

static double number_of(const node *scalar)
{
  double value = NAN;
  CHECK(scalar && node_number(scalar, &value));
  return value;
}

static void agree(const char *material, const node *map, const char *key, double ours)
{
  const node *theirs = node_find(map, key);
  if (!theirs || strcmp(theirs->text, "null") == 0)
    CHECK(isnan(ours));
  else
    CHECK(number_of(theirs) == ours);
  if (theirs && strcmp(theirs->text, "null") && number_of(theirs) != ours)
    fprintf(stderr, "  %s: %s is %g, not %s\n", material, key, ours, theirs->text);
}

static void oscillators_agree(const elfin_material *m, const node *rows)
{
  size_t n = rows ? rows->n : 0;
  CHECK(m->n_oscillators == n);
  for (size_t i = 0; i < n && i < m->n_oscillators; i++) {
    CHECK(number_of(&rows->items[i].items[0]) == m->oscillators[i].amplitude);
    CHECK(number_of(&rows->items[i].items[1]) == m->oscillators[i].gamma_eV);
    CHECK(number_of(&rows->items[i].items[2]) == m->oscillators[i].omega_eV);
  }
}

static void nuclei_agree(const elfin_material *m, const node *cell)
{
  if (!cell)
    return; /* Xe has no cell */
  CHECK(m->n_nuclei == cell->n);
  for (size_t i = 0; i < cell->n && i < m->n_nuclei; i++) {
    CHECK_TEXT(m->nuclei[i].name, cell->keys[i].text);
    CHECK(number_of(node_find(&cell->items[i], "A")) == m->nuclei[i].mass_number);
    CHECK(number_of(node_find(&cell->items[i], "mult")) == m->nuclei[i].multiplicity);
  }
}

static void the_twelve_materials_of_darkelf_agree(void)
{
  for (size_t i = 0; i < N_RECOVERED; i++) {
    const char *name = recovered[i];
    document *doc = open_list(name);
    elfin_material *m = opened_material(name);
    const node *basic = node_find(document_root(doc), "basic");
    const node *mermin = node_find(document_root(doc), "mermin");
    agree(name, basic, "rhoT", m->density_g_cm3.value);
    agree(name, basic, "E_gap", m->gap_eV.value);
    agree(name, basic, "e0", m->pair_energy_eV.value);
    agree(name, basic, "omegap", m->plasma_energy_eV.value);
    agree(name, basic, "ombar", m->phonon_mean_eV.value);
    agree(name, basic, "lattice_spacing", m->lattice_spacing_A.value);
    agree(name, basic, "cLAkms", m->sound_speed_km_s.value);
    nuclei_agree(m, node_find(basic, "unitcell"));
    oscillators_agree(m, mermin ? node_find(mermin, "oscillators") : NULL);
    elfin_material_free(m);
    document_free(doc);
  }
}

static void the_further_materials_agree(void)
{
  document *doc = open_list("more_materials");
  const node *root = document_root(doc);
  CHECK(root->n == 29);
  for (size_t i = 0; i < root->n; i++) {
    const char *name = root->keys[i].text;
    if (strcmp(name, "Ta") == 0)
      continue; /* its basic numbers are DarkELF's */
    elfin_material *m = opened_material(name);
    agree(name, &root->items[i], "density_g_cm3", m->density_g_cm3.value);
    oscillators_agree(m, node_find(&root->items[i], "mermin"));
    elfin_material_free(m);
  }
  document_free(doc);
}

int main(void)
{
  the_twelve_materials_of_darkelf_agree();
  the_further_materials_agree();
  return check_result();
}
