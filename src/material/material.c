/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material.c
 * The list of materials, and the look-up of one by its name or path. */
#include "material/material_file.h"

#include "document/shelf.h"

#include <stdlib.h>

static const shelf_word words[] = {
    {"silicon", "Si"},          {"germanium", "Ge"},         {"diamond", "C"},
    {"carbon", "C"},            {"graphite", "C_graphite"},  {"quartz", "SiO2"},
    {"silica", "SiO2"},         {"sapphire", "Al2O3"},       {"alumina", "Al2O3"},
    {"corundum", "Al2O3"},      {"zincblende", "ZnS"},       {"gallium arsenide", "GaAs"},
    {"gallium nitride", "GaN"}, {"silicon carbide", "SiC"},  {"indium arsenide", "InAs"},
    {"indium antimonide", "InSb"}, {"xenon", "Xe"},          {"gold", "Au"},
    {"silver", "Ag"},           {"copper", "Cu"},            {"aluminium", "Al"},
    {"aluminum", "Al"},         {"iron", "Fe"},              {"lead", "Pb"},
    {"tungsten", "W"},          {"platinum", "Pt"},          {"palladium", "Pd"},
    {"niobium", "Nb"},          {"tantalum", "Ta"},          {"titanium", "Ti"},
    {"nickel", "Ni"},           {"cobalt", "Co"},            {"magnesium", "Mg"},
    {"molybdenum", "Mo"},       {"bismuth", "Bi"},           {"tellurium", "Te"},
    {"vanadium", "V"},          {"caesium", "Cs"},           {"cesium", "Cs"},
    {"erbium", "Er"},
};
static const shelf materials = {"materials", "material", sizeof words / sizeof *words, words};

elfin_status elfin_material_list(size_t *n, char ***names, elfin_error *err)
{
  return shelf_list(&materials, n, names, err);
}

void elfin_material_free(elfin_material *material)
{
  if (material)
    material_owner_free(material->owner);
}

/* Read the file at `path`, which is taken over. What is wrong with it goes to *faults, if that is wanted. */
static elfin_status open_path(char *path, elfin_material **material, problems **faults,
                              elfin_error *err)
{
  elfin_status status = ELFIN_E_MEMORY;
  problems *list = problems_new(path);
  material_owner *made = calloc(1, sizeof *made);
  if (made)
    made->path = path;
  else
    free(path);
  if (!made || !list)
    goto out;
  made->list = list;
  status = document_open(made->path, &made->doc, list);
  if (!status)
    status = material_file_read(document_root(made->doc), made);
  if (status)
    goto out;
  made->material.path = made->path;
  made->material.owner = made;
  *material = &made->material;
  made = NULL;
out:
  if (status == ELFIN_E_DATA)
    shelf_refuse(list, err);
  else if (status)
    elfin_fail(err, status, "a material: no memory");
  material_owner_free(made);
  if (faults)
    *faults = list;
  else
    problems_free(list);
  return status;
}

elfin_status elfin_material_open(const char *name, elfin_material **material, elfin_error *err)
{
  char *path;
  elfin_status status = shelf_path(&materials, name, &path, err);
  return status ? status : open_path(path, material, NULL, err);
}

size_t elfin_material_faults(const char *name, elfin_fault *tell, void *context)
{
  elfin_material *material = NULL;
  problems *faults = NULL;
  char *path;
  if (shelf_path(&materials, name, &path, NULL))
    return 0;
  open_path(path, &material, &faults, NULL);
  size_t n = problems_tell(faults, tell, context);
  problems_free(faults);
  elfin_material_free(material);
  return n;
}
