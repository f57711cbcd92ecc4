/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file targets_record.c
 * /SWEEP/targets: what the campaign took each material and response to be, with the sources. */
#include "store/layout.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- materials ------------------------------------------------------------------------------- */

typedef struct material_row {
  const char *name, *units, *meaning;
  size_t offset; /* of an elfin_quantity */
} material_row;

#define QUANTITY(member) offsetof(elfin_material, member)

static const material_row material_rows[] = {
    {"density", "g/cm3", "density", QUANTITY(density_g_cm3)},
    {"gap", "eV", "band gap; 0 for a metal", QUANTITY(gap_eV)},
    {"e0", "eV", "mean energy per electron-hole pair", QUANTITY(pair_energy_eV)},
    {"plasma_energy", "eV", "plasma energy of the valence electrons", QUANTITY(plasma_energy_eV)},
};

static elfin_quantity quantity_of(const elfin_material *material, const material_row *row)
{
  return *(const elfin_quantity *)(const void *)((const char *)material + row->offset);
}

/** The first `rank` of the axes belong to the row. */
static bool write_row(hid_t made, hid_t scales, int rank)
{
  static const char *const axes[] = {"material", "response", "configuration"};
  bool fine = made >= 0;
  for (int i = 0; fine && i < rank; i++)
    fine = h5_attach(made, scales, axes[i], (unsigned)i);
  h5_close(made);
  return fine;
}

static bool write_material_row(hid_t into, hid_t group, const campaign *c, size_t i_sweep,
                               const material_row *row, double number[], const char *text[])
{
  char name[64];
  hsize_t n = campaign_sweep_at(c, i_sweep)->n_materials;
  for (size_t i = 0; i < n; i++) {
    elfin_quantity quantity = quantity_of(campaign_material(c, i_sweep, i), row);
    number[i] = quantity.value;
    text[i] = quantity.source;
  }
  snprintf(name, sizeof name, "%s_source", row->name);
  return write_row(h5_write_numbers(into, row->name, 1, &n, number, row->units, row->meaning),
                   group, 1) &&
         write_row(h5_write_texts(into, name, 1, &n, text, "source of the number"), group, 1);
}

static bool write_materials(hid_t into, hid_t group, const campaign *c, size_t i_sweep)
{
  hsize_t n = campaign_sweep_at(c, i_sweep)->n_materials;
  double *number = calloc((size_t)n, sizeof *number);
  const char **text = calloc((size_t)n, sizeof *text);
  bool fine = number && text;
  for (size_t i = 0; fine && i < sizeof material_rows / sizeof *material_rows; i++)
    fine = write_material_row(into, group, c, i_sweep, &material_rows[i], number, text);
  for (size_t i = 0; fine && i < n; i++)
    text[i] = campaign_material(c, i_sweep, i)->path;
  fine = fine && write_row(h5_write_texts(into, "material_file", 1, &n, text,
                                          "file that the material was read from"),
                           group, 1);
  free(text);
  free(number);
  return fine;
}

/* ---- phonons at nuclei ------------------------------------------------------------------------ */

/** Of the density of states that a process of phonons at nuclei takes; NULL: it takes none. */
static const char *density_source(const char *process, const elfin_material *m)
{
  if (strcmp(process, "multiphonon_anisotropic") == 0)
    return m->n_anisotropic && m->anisotropic[0].tensor ? m->anisotropic[0].tensor->source : NULL;
  return m->n_nuclei && m->nuclei[0].dos ? m->nuclei[0].dos->source : NULL;
}

static bool write_densities(hid_t into, hid_t group, const campaign *c, size_t i_sweep)
{
  const campaign_sweep *sweep = campaign_sweep_at(c, i_sweep);
  static const char of_nuclei[] = "multiphonon";
  if (!sweep->process || strncmp(sweep->process, of_nuclei, sizeof of_nuclei - 1) != 0)
    return true;
  hsize_t n = sweep->n_materials;
  const char **text = calloc((size_t)n, sizeof *text);
  for (size_t i = 0; text && i < n; i++)
    text[i] = density_source(sweep->process, campaign_material(c, i_sweep, i));
  bool fine = text && write_row(h5_write_texts(into, "phonon_dos_source", 1, &n, text,
                                               "source of the phonons' density of states"),
                                group, 1);
  free(text);
  return fine;
}

/* ---- responses ------------------------------------------------------------------------------- */

typedef struct response_row {
  const char *name, *meaning;
  size_t offset;
  bool text;
} response_row;

#define ABOUT(member) offsetof(elfin_response_info, member)

static const response_row response_rows[] = {
    {"response_kind", "kind of response", ABOUT(kind), true},
    {"response_file", "table that it was read from", ABOUT(path), true},
    {"response_interpolation", "between the nodes of a table, and beyond its momenta",
     ABOUT(interpolation), true},
    {"response_source", "source of the response", ABOUT(source), true},
    {"omega_min", "lowest energy of the response", ABOUT(omega_min_eV), false},
    {"omega_max", "highest energy of the response", ABOUT(omega_max_eV), false},
    {"k_min", "lowest momentum of the response", ABOUT(k_min_eV), false},
    {"k_max", "highest momentum of the response", ABOUT(k_max_eV), false},
};

/** How long the axis is; 0 if the sweep has none of that name. */
static size_t length_of(const campaign_sweep *sweep, const char *key)
{
  for (size_t i = 0; i < sweep->n_axes; i++)
    if (strcmp(sweep->axes[i].key, key) == 0)
      return sweep->axes[i].n;
  return 0;
}

static elfin_configuration configuration_of(const campaign_sweep *sweep, size_t i)
{
  for (size_t j = 0; j < sweep->n_axes; j++)
    if (strcmp(sweep->axes[j].key, "configuration") == 0 && sweep->axes[j].text)
      return strcmp(sweep->axes[j].text[i], "extraordinary") == 0 ? ELFIN_EXTRAORDINARY
                                                                  : ELFIN_ORDINARY;
  return ELFIN_ORDINARY;
}

static bool write_response_row(hid_t into, hid_t group, int rank, const hsize_t dims[3],
                               const elfin_response_info about[], const response_row *row,
                               double number[], const char *text[])
{
  for (size_t i = 0; i < dims[0] * dims[1] * dims[2]; i++) {
    const void *member = (const char *)&about[i] + row->offset;
    if (row->text)
      text[i] = *(const char *const *)member;
    else
      number[i] = *(const double *)member;
  }
  hid_t made = row->text ? h5_write_texts(into, row->name, rank, dims, text, row->meaning)
                         : h5_write_numbers(into, row->name, rank, dims, number, "eV",
                                            row->meaning);
  return write_row(made, group, rank);
}

/** Branches of polar phonons, in place of a response: from the lowest to the highest ω_LO. */
static void take_polar_phonons(const elfin_polar_phonons *polar, elfin_response_info *about)
{
  about->kind = "polar_phonons";
  about->source = polar->source;
  for (size_t i = 0; i < polar->n_longitudinal; i++) {
    about->omega_min_eV = fmin(about->omega_min_eV, polar->longitudinal_eV[i]); /* from NaN on */
    about->omega_max_eV = fmax(about->omega_max_eV, polar->longitudinal_eV[i]);
  }
}

static bool is_process(const campaign_sweep *sweep, const char *name)
{
  return sweep->process && strcmp(sweep->process, name) == 0;
}

/** Froehlich's branches and isolated atoms have no response: what they have says where the numbers
 * are from. */
static elfin_response_info without_response(const campaign_sweep *sweep,
                                            const elfin_material *material, size_t i_configuration)
{
  elfin_response_info about = {.kind = "atomic",
                               .source = material->n_shells ? material->shells[0].source : NULL,
                               .omega_min_eV = NAN,
                               .omega_max_eV = NAN,
                               .k_min_eV = NAN,
                               .k_max_eV = NAN};
  elfin_configuration axis = configuration_of(sweep, i_configuration);
  if (is_process(sweep, "froehlich") && material->polar[axis])
    take_polar_phonons(material->polar[axis], &about);
  return about;
}

static bool write_responses(hid_t into, hid_t group, const campaign *c, size_t i_sweep)
{
  const campaign_sweep *sweep = campaign_sweep_at(c, i_sweep);
  size_t n_configurations = length_of(sweep, "configuration");
  int rank = n_configurations ? 3 : 2;
  hsize_t dims[3] = {sweep->n_materials, length_of(sweep, "response"),
                     n_configurations ? n_configurations : 1};
  size_t n = (size_t)(dims[0] * dims[1] * dims[2]);
  if (n == 0)
    return true;
  elfin_response_info *about = calloc(n, sizeof *about);
  double *number = calloc(n, sizeof *number);
  const char **text = calloc(n, sizeof *text);
  bool fine = about && number && text;
  for (size_t i = 0; fine && i < n; i++) {
    size_t i_material = i / (dims[1] * dims[2]);
    const elfin_response *response =
        campaign_response(c, i_sweep, i_material, i / dims[2] % dims[1], i % dims[2]);
    about[i] = response ? elfin_response_about(response)
                        : without_response(sweep, campaign_material(c, i_sweep, i_material),
                                           i % dims[2]);
  }
  for (size_t i = 0; fine && i < sizeof response_rows / sizeof *response_rows; i++)
    fine = write_response_row(into, group, rank, dims, about, &response_rows[i], number, text);
  free(text);
  free(number);
  free(about);
  return fine;
}

bool targets_write(hid_t group, const campaign *c, size_t i_sweep)
{
  hid_t into = H5Gcreate2(group, STORE_TARGETS, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  bool fine = into >= 0 && write_materials(into, group, c, i_sweep) &&
              write_densities(into, group, c, i_sweep) && write_responses(into, group, c, i_sweep);
  h5_close(into);
  return fine;
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_targets(hid_t from, store_targets *t)
{
  size_t n_kinds = 0, n_sources = 0;
  bool fine = h5_read_texts(from, "density_source", &t->n_materials, &t->material_source);
  if (fine && h5_has(from, "response_kind") && t->n_materials) {
    fine = h5_read_texts(from, "response_kind", &n_kinds, &t->response_kind);
    t->n_each = n_kinds / t->n_materials;
    fine = fine && n_kinds == t->n_each * t->n_materials &&
           h5_read_texts(from, "response_source", &n_sources, &t->response_source) &&
           n_sources == n_kinds;
  }
  return fine;
}

elfin_status store_read_targets(const char *path, const char *sweep, store_targets **made,
                                elfin_error *err)
{
  hid_t file = H5I_INVALID_HID, group = H5I_INVALID_HID, from = H5I_INVALID_HID;
  elfin_status status = store_file_open(path, false, &file, err);
  if (status)
    return status;
  store_targets *t = calloc(1, sizeof *t);
  if (h5_has(file, sweep))
    group = H5Gopen2(file, sweep, H5P_DEFAULT);
  if (group >= 0 && h5_has(group, STORE_TARGETS))
    from = H5Gopen2(group, STORE_TARGETS, H5P_DEFAULT);
  if (!t)
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for the targets of %s", path, sweep);
  else if (from < 0 || !read_targets(from, t))
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "/%s/%s cannot be read", sweep, STORE_TARGETS);
  if (status)
    store_targets_free(t);
  else
    *made = t;
  h5_close(from);
  h5_close(group);
  h5_close(file);
  return status;
}

void store_targets_free(store_targets *t)
{
  if (!t)
    return;
  size_t n = t->n_materials * t->n_each;
  h5_free_texts(t->n_materials, t->material_source);
  h5_free_texts(n, t->response_kind);
  h5_free_texts(n, t->response_source);
  free(t);
}
