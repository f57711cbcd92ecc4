/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file campaign.c
 * A campaign from its text to its end: memory, making, and what it tells about itself. */
#include "campaign/plan.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory ---------------------------------------------------------------------------------- */

void *campaign_grow(campaign *c, void *array, size_t n, size_t size)
{
  if (n && (n & (n - 1)))
    return array; /* room up to the next power of two */
  void *grown = realloc(array, (n ? 2 * n : 1) * size);
  if (!grown)
    c->no_memory = true;
  return grown;
}

void *campaign_keep(campaign *c, size_t n, size_t size)
{
  void **list = campaign_grow(c, c->kept, c->n_kept, sizeof *list);
  if (!list)
    return NULL;
  c->kept = list;
  void *made = calloc(n ? n : 1, size);
  if (made)
    c->kept[c->n_kept++] = made;
  else
    c->no_memory = true;
  return made;
}

static const char *keep_format(campaign *c, const char *format, va_list arguments)
{
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, again);
  va_end(again);
  char *made = length < 0 ? NULL : campaign_keep(c, (size_t)length + 1, 1);
  if (made)
    vsnprintf(made, (size_t)length + 1, format, arguments);
  return made;
}

const char *campaign_keep_text(campaign *c, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const char *made = keep_format(c, format, arguments);
  va_end(arguments);
  return made;
}

void campaign_warn(campaign *c, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  const char *made = keep_format(c, format, arguments);
  va_end(arguments);
  for (size_t i = 0; made && i < c->n_warnings; i++)
    if (strcmp(c->warnings[i], made) == 0)
      return;
  const char **list = made ? campaign_grow(c, c->warnings, c->n_warnings, sizeof *list) : NULL;
  if (!list)
    return;
  c->warnings = list;
  c->warnings[c->n_warnings++] = made;
}

/* ---- making ---------------------------------------------------------------------------------- */

static void end_warnings(campaign *c)
{
  const char **list = campaign_grow(c, c->warnings, c->n_warnings, sizeof *list);
  if (!list)
    return;
  c->warnings = list;
  c->warnings[c->n_warnings] = NULL;
}

static void build(campaign *c)
{
  size_t before = problems_count(c->list);
  for (int id = 0; id < N_KEYS && !c->no_memory; id++)
    c->fallback[id] = setting_fallback(c, (key_id)id);
  if (!c->no_memory)
    sweeps_read(c, document_root(c->doc));
  for (size_t i = 0; i < c->n_sweeps && !c->no_memory; i++)
    targets_open(c, &c->sweeps[i]);
  if (c->no_memory || problems_count(c->list) > before)
    return;
  for (size_t i = 0; i < c->n_sweeps && !c->no_memory; i++)
    compute_plan(c, &c->sweeps[i]);
  for (size_t i = 0; i < c->n_sweeps && !c->no_memory; i++)
    compute_check(c, &c->sweeps[i]);
  if (!c->no_memory)
    preparations_find(c);
  end_warnings(c);
}

/* Takes the document. */
static elfin_status make(document *doc, const char *folder, campaign_open_response *open_response,
                         campaign **made, problems *list)
{
  size_t before = problems_count(list);
  campaign *c = calloc(1, sizeof *c);
  if (!c) {
    document_free(doc);
    return ELFIN_E_MEMORY;
  }
  c->doc = doc;
  c->open_response = open_response;
  c->list = list;
  c->folder = campaign_keep_text(c, "%s", folder);
  if (c->folder)
    build(c);
  c->list = NULL;
  elfin_status status = c->no_memory                    ? ELFIN_E_MEMORY
                        : problems_count(list) > before ? ELFIN_E_DATA
                                                        : ELFIN_OK;
  if (status) {
    campaign_free(c);
    return status;
  }
  *made = c;
  return ELFIN_OK;
}

elfin_status campaign_open(const char *path, campaign_open_response *open_response, campaign **made,
                           problems *list)
{
  document *doc = NULL;
  elfin_status status = document_open(path, &doc, list);
  if (status)
    return status;
  const char *slash = strrchr(path, '/');
  char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
  if (!folder) {
    document_free(doc);
    return ELFIN_E_MEMORY;
  }
  status = make(doc, folder, open_response, made, list);
  free(folder);
  return status;
}

elfin_status campaign_parse(const char *text, size_t length, const char *folder,
                            campaign_open_response *open_response, campaign **made, problems *list)
{
  document *doc = NULL;
  elfin_status status = document_parse(text, length, &doc, list);
  return status ? status : make(doc, folder, open_response, made, list);
}

void campaign_free(campaign *c)
{
  if (!c)
    return;
  for (size_t i = 0; i < c->n_sweeps; i++)
    compute_free(&c->sweeps[i]);
  targets_close(c);
  for (size_t i = 0; i < c->n_kept; i++)
    free(c->kept[i]);
  free(c->kept);
  free(c->materials);
  free(c->responses);
  free(c->halos);
  free(c->experiments);
  elfin_interval_tables_free(c->tables);
  free(c->fluxes);
  free(c->inputs);
  free(c->warnings);
  free(c->preparations);
  document_free(c->doc);
  free(c);
}

/* ---- telling --------------------------------------------------------------------------------- */

const char *campaign_name(const campaign *c)
{
  return c->name;
}

const char *campaign_text(const campaign *c, size_t *length)
{
  return document_text(c->doc, length);
}

size_t campaign_n_sweeps(const campaign *c)
{
  return c->n_sweeps;
}

const campaign_sweep *campaign_sweep_at(const campaign *c, size_t i_sweep)
{
  return &c->sweeps[i_sweep].face;
}

const campaign_sweep *campaign_sweep_named(const campaign *c, const char *name)
{
  for (size_t i = 0; i < c->n_sweeps; i++)
    if (strcmp(c->sweeps[i].face.name, name) == 0)
      return &c->sweeps[i].face;
  return NULL;
}

size_t campaign_n_inputs(const campaign *c)
{
  return c->n_inputs;
}

const campaign_input *campaign_input_at(const campaign *c, size_t i)
{
  return &c->inputs[i];
}

const char *const *campaign_warnings(const campaign *c)
{
  return c->warnings;
}

size_t campaign_n_tasks(const campaign *c)
{
  size_t n = 0;
  for (size_t i = 0; i < c->n_sweeps; i++)
    n += c->sweeps[i].face.n_tasks;
  return n;
}

size_t campaign_n_points(const campaign *c)
{
  size_t n = 0;
  for (size_t i = 0; i < c->n_sweeps; i++) {
    const campaign_sweep *s = &c->sweeps[i].face;
    n += s->n_tasks * s->n_scale * s->observables[0].n;
  }
  return n;
}

const elfin_material *campaign_material(const campaign *c, size_t i_sweep, size_t i_material)
{
  return c->sweeps[i_sweep].material[i_material];
}

const char *campaign_default_response(const campaign *c, size_t i_sweep, size_t i_material)
{
  const sweep *s = &c->sweeps[i_sweep];
  return s->by_default ? s->by_default[i_material] : NULL;
}

const elfin_response *campaign_response(const campaign *c, size_t i_sweep, size_t i_material,
                                        size_t i_response, size_t i_configuration)
{
  return responses_at(&c->sweeps[i_sweep], i_material, i_response, 0, i_configuration);
}

bool campaign_halo(const campaign *c, size_t i_sweep, const size_t index[], elfin_halo_preset *parameters)
{
  const sweep *s = &c->sweeps[i_sweep];
  double v_km_s[3];
  if (s->table || s->flux)
    return false;
  *parameters = halos_parameters(s, index);
  halos_velocity(s, index, parameters, v_km_s);
  return true;
}

void campaign_locate(const campaign_sweep *s, size_t task, size_t index[])
{
  for (size_t i = s->n_axes; i-- > 0;) {
    const campaign_axis *axis = &s->axes[i];
    index[i] = 0;
    if (axis->role != AXIS_TASK)
      continue;
    index[i] = task % axis->n;
    task /= axis->n;
  }
}
