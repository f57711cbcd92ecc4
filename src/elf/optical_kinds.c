/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file optical_kinds.c
 * Opening responses that are ε(ω) alone, and the one that joins phonons and electrons at the gap
 * [docs/responses.md, docs/absorption.md].
 *
 * Validity. Phonon data holds below the gap, where electrons only screen (ε∞); electronic responses
 * hold above it. So `joined` takes each on its own side, and nothing where a side has no data: no
 * energy is ever counted in both.
 */
#include "elf/elf.h"
#include "elf/optical.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const axis_name[ELFIN_N_CONFIGURATIONS] = {"ordinary", "extraordinary"};

/** A response around `data`, which it owns from now on. */
static elfin_status wrap(response_kind_id id, const char *name, const elfin_material *material,
                         optical *data, elfin_response **made, elfin_error *err)
{
  elfin_response *response = NULL;
  elfin_status status = response_new(id, name, material, &response, err);
  if (status) {
    optical_free(data);
    return status;
  }
  response->optical = data;
  response->about.omega_min_eV = data->omega_min;
  response->about.omega_max_eV = data->omega_max;
  response->about.k_min_eV = 0;
  response->about.k_max_eV = INFINITY;
  *made = response;
  return ELFIN_OK;
}

static const elfin_phonon_response *find_model(const char *model,
                                               elfin_configuration configuration,
                                               const elfin_material *material)
{
  for (size_t i = 0; i < material->n_phonon_responses; i++) {
    const elfin_phonon_response *r = &material->phonon_responses[i];
    if (model ? strcmp(r->name, model) == 0 : r->configuration == configuration)
      return r;
  }
  return NULL;
}

elfin_status open_phonon(const char *model, elfin_configuration configuration,
                         const elfin_material *material, elfin_response **made, elfin_error *err)
{
  const elfin_phonon_response *from = find_model(model, configuration, material);
  if (!from)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: response phonon needs a phonon_response of the %s "
                      "configuration, and %s gives none", material->name, axis_name[configuration],
                      material->path);
  optical *data = NULL;
  elfin_status status = optical_of_phonons(from->name, from, &data, err);
  if (!status)
    status = wrap(KIND_PHONON, from->name, material, data, made, err);
  if (!status)
    (*made)->about.source = from->source;
  return status;
}

elfin_status open_optical(const elfin_material *material, elfin_response **made, elfin_error *err)
{
  if (!material->optical)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: response optical needs optical data, and %s gives "
                      "none", material->name, material->path);
  optical *data = NULL;
  elfin_status status = optical_of_electrons(material->name, material->optical, &data, err);
  if (!status)
    status = wrap(KIND_OPTICAL, "optical", material, data, made, err);
  if (!status)
    (*made)->about.source = material->optical->source;
  return status;
}

elfin_status open_optical_table(const char *path, const elfin_material *material,
                                elfin_response **made, elfin_error *err)
{
  optical *data = NULL;
  char *header = NULL;
  elfin_status status = optical_read(path, &data, &header, err);
  if (!status)
    status = wrap(KIND_OPTICAL_TABLE, path, material, data, made, err);
  if (status) {
    free(header);
    return status;
  }
  (*made)->source = header;
  (*made)->about.path = (*made)->name;
  (*made)->about.source = header && *header ? header : (*made)->name;
  return ELFIN_OK;
}

elfin_status open_optical_arrays(const char *name, size_t n, const double omega[],
                                 const double eps1[], const double eps2[], const char *source,
                                 const elfin_material *material, elfin_response **made,
                                 elfin_error *err)
{
  optical *data = NULL;
  elfin_response *response = NULL;
  elfin_status status = optical_of_arrays(name, n, omega, eps1, eps2, &data, err);
  if (!status)
    status = wrap(KIND_OPTICAL_TABLE, name, material, data, &response, err);
  if (status)
    return status;
  response->source = source && *source ? strdup(source) : NULL;
  response->about.path = response->name;
  response->about.source = response->source ? response->source : response->name;
  *made = response;
  return ELFIN_OK;
}

/* ---- joined at the gap ----------------------------------------------------------------------- */

static elfin_status cite(elfin_response *response, elfin_error *err)
{
  const elfin_response *below = response->below, *above = response->above;
  const char *of_below = below ? below->about.source : "no data";
  const char *of_above = above ? above->about.source : "no data";
  static const char form[] = "below the gap%s%s: %s; above: %s";
  size_t size = sizeof form + strlen(of_below) + strlen(of_above) + strlen("(extraordinary)");
  response->source = malloc(size);
  if (!response->source)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", response->name);
  snprintf(response->source, size, form, below ? " " : "", below ? below->name : "", of_below,
           of_above);
  response->about.source = response->source;
  return ELFIN_OK;
}

static void set_joined_range(elfin_response *response)
{
  const elfin_response *lowest = response->below ? response->below : response->above;
  const elfin_response *highest = response->above ? response->above : response->below;
  response->about.omega_min_eV = response->below ? lowest->about.omega_min_eV
                                                 : fmax(response->gap, lowest->about.omega_min_eV);
  response->about.omega_max_eV = highest->about.omega_max_eV;
  response->about.k_min_eV = 0;
  response->about.k_max_eV = INFINITY;
}

elfin_status elfin_response_join(elfin_configuration configuration, const elfin_material *material,
                                 elfin_response *electrons, elfin_response **made, elfin_error *err)
{
  elfin_response *response = NULL;
  elfin_status status = response_new(KIND_JOINED, "joined", material, &response, err);
  if (status) {
    elfin_response_free(electrons);
    return status;
  }
  response->above = electrons;
  response->gap = material->gap_eV.value;
  if (isnan(response->gap))
    status = elfin_fail(err, ELFIN_E_ARGUMENT, "%s: phonons and electrons are joined at the gap, and "
                        "%s gives none: name a response", material->name, material->path);
  if (!status && response->gap > 0 && find_model(NULL, configuration, material))
    status = open_phonon(NULL, configuration, material, &response->below, err);
  if (!status && !response->below && !response->above)
    status = elfin_fail(err, ELFIN_E_ARGUMENT, "%s: neither a phonon_response of the %s configuration is in %s, nor "
                        "electrons that lose energy at k = 0: optical, mermin, extended_drude, response_table or "
                        "response_tables (lindhard loses none there)", material->name, axis_name[configuration],
                        material->path);
  if (!status)
    status = cite(response, err);
  if (status) {
    elfin_response_free(response);
    return status;
  }
  response->about.path = electrons ? electrons->about.path : NULL;
  set_joined_range(response);
  *made = response;
  return ELFIN_OK;
}

elfin_status open_joined(elfin_configuration configuration, const elfin_material *material,
                         const elfin_constants *constants, elfin_response **made,
                         elfin_error *err)
{
  const char *kind = elfin_response_default_optical(material);
  elfin_response *electrons = NULL;
  elfin_status status = kind ? elfin_response_open(kind, material, constants, &electrons, err) : ELFIN_OK;
  return status ? status : elfin_response_join(configuration, material, electrons, made, err);
}
