/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file response_picture.c
 * Energy losses as a picture: opens the responses, finds the speed of the lines; report draws. */
#include "cli/response_picture.h"
#include "store/store.h"

#include <elfin/halo.h>

#include <stdlib.h>
#include <string.h>

enum { MOST_KINDS = 8 };
static const double usual_masses_eV[] = {3e6, 10e6, 100e6};

elfin_status response_picture_open(const char *kind, elfin_configuration configuration,
                                   const elfin_material *material, const elfin_constants *constants,
                                   elfin_response **response, elfin_error *err)
{
  kind = kind ? kind : elfin_response_default(material);
  if (!kind)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s has no response of its own; give the path of a table: --kind TABLE",
                      material->name);
  return store_open_response(kind, configuration, material, constants, response, err);
}

/** Up to the comma that ends the first kind, or the end. */
static size_t length_of_kind(const char *kinds)
{
  size_t i = 0;
  for (int depth = 0; kinds[i] && !(kinds[i] == ',' && depth <= 0); i++)
    depth += kinds[i] == '(' ? 1 : kinds[i] == ')' ? -1 : 0;
  return i;
}

bool response_picture_several(const char *kinds)
{
  return kinds[length_of_kind(kinds)] == ',';
}

char *response_picture_next_kind(char **rest)
{
  char *kind = *rest;
  if (!kind || !*kind)
    return NULL;
  size_t length = length_of_kind(kind);
  *rest = kind[length] ? kind + length + 1 : NULL;
  kind[length] = '\0';
  return kind;
}

/** The fastest dark matter of the standard halo, in the laboratory [c]. */
static double fastest(const elfin_constants *constants)
{
  size_t n = 0;
  const elfin_halo_preset *shm = elfin_halo_presets(&n); /* the first one: shm */
  return (shm->vesc_km_s + shm->vearth_km_s) / constants->c_km_s;
}

static elfin_status open_all(const response_picture *about, const elfin_material *material,
                             char *words, report_losses *losses, const char *name[],
                             elfin_response *response[], elfin_error *err)
{
  char *rest = words;
  elfin_status status = ELFIN_OK;
  for (char *word; !status && (word = response_picture_next_kind(&rest));) {
    if (losses->n_responses == MOST_KINDS)
      return elfin_fail(err, ELFIN_E_ARGUMENT, "--kind: at most %d of them", MOST_KINDS);
    name[losses->n_responses] = word;
    status = response_picture_open(word, about->configuration, material, about->constants,
                                   &response[losses->n_responses], err);
    losses->n_responses += !status;
  }
  return status;
}

cli_end response_picture_draw(const response_picture *about, const elfin_material *material,
                              const report_image *to)
{
  elfin_error err = {""};
  const char *name[MOST_KINDS],
      *kinds = about->kinds ? about->kinds : elfin_response_default(material);
  elfin_response *response[MOST_KINDS] = {NULL};
  size_t n_usual = sizeof usual_masses_eV / sizeof *usual_masses_eV;
  report_losses losses = {.material = material->name,
                          .name = name,
                          .response = (const elfin_response *const *)response,
                          .n_omega = about->omega->n,
                          .omega_eV = about->omega->value,
                          .log_omega = about->logarithmic || about->omega->logarithmic,
                          .log_k = about->logarithmic || about->k->logarithmic,
                          .n_k = about->k->n,
                          .k_eV = about->k->value,
                          .n_masses = about->masses->n ? about->masses->n : n_usual,
                          .mass_eV = about->masses->n ? about->masses->value : usual_masses_eV,
                          .v_max = fastest(about->constants)};
  char *words = strdup(kinds ? kinds : "");
  elfin_status status = words ? open_all(about, material, words, &losses, name, response, &err)
                              : elfin_fail(&err, ELFIN_E_MEMORY, "no memory for names");
  if (!status && losses.n_responses == 0)
    status = elfin_fail(&err, ELFIN_E_ARGUMENT,
                        "%s has no response of its own; say which: --kind TABLE", material->name);
  if (!status)
    status = report_plot_losses(&losses, to, &err);
  for (size_t i = 0; i < losses.n_responses; i++)
    elfin_response_free(response[i]);
  free(words);
  if (status)
    return cli_fail(status, &err);
  if (!to->script)
    cli_say("%s", to->path);
  return CLI_DONE;
}
