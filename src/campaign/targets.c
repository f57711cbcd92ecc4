/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file targets.c
 * Everything that a sweep names is opened here, once for the whole campaign, and what depends on it
 * is resolved: thresholds need the gap, charges the pair energy, halos a table. */
#include "campaign/plan.h"

#include <math.h>
#include <string.h>

/* ---- paths and inputs ------------------------------------------------------------------------ */

bool targets_ends_in(const char *text, const char *end)
{
  size_t length = strlen(text), tail = strlen(end);
  return length >= tail && strcmp(text + length - tail, end) == 0;
}

const char *targets_path(campaign *c, const char *path)
{
  if (*path == '/' || strcmp(c->folder, ".") == 0)
    return path;
  return campaign_keep_text(c, "%s/%s", c->folder, path);
}

void targets_add_input(campaign *c, const char *path, const char *role)
{
  for (size_t i = 0; i < c->n_inputs; i++)
    if (strcmp(c->inputs[i].path, path) == 0)
      return;
  campaign_input *list = campaign_grow(c, c->inputs, c->n_inputs, sizeof *list);
  if (!list)
    return;
  c->inputs = list;
  c->inputs[c->n_inputs++] = (campaign_input){path, role};
}

static void add_material_inputs(campaign *c, const elfin_material *material)
{
  targets_add_input(c, material->path, "material");
  for (size_t i = 0; i < material->n_files; i++)
    targets_add_input(c, material->files[i].path, "table of a material");
}

void targets_blame(campaign *c, const sweep *s, const setting *set, size_t i, const char *key,
                        elfin_status status, const elfin_error *err)
{
  if (status == ELFIN_E_MEMORY)
    c->no_memory = true;
  else
    problems_add_at(c->list, setting_node(set, i, s->where), "%s: %s", key, err->text);
}

/** Where a file is named, for each thing that is wrong with it. */
typedef struct blame_at {
  problems *list;
  const node *where;
  const char *key;
} blame_at;

static void add_fault(void *context, const char *sentence)
{
  const blame_at *at = context;
  problems_add_at(at->list, at->where, "%s: %s", at->key, sentence);
}

void targets_blame_file(campaign *c, const sweep *s, const setting *set, size_t i, const char *key,
                        const char *name, elfin_tell_faults *tell, elfin_status status,
                        const elfin_error *err)
{
  blame_at at = {c->list, setting_node(set, i, s->where), key};
  if (status != ELFIN_E_DATA || tell(name, add_fault, &at) == 0)
    targets_blame(c, s, set, i, key, status, err);
}

/* ---- materials ------------------------------------------------------------------------------- */

static bool is_path(const char *material)
{
  return strchr(material, '/') || targets_ends_in(material, ".yaml");
}

static void warn_of_doubts(campaign *c, const elfin_material *material)
{
  char text[sizeof(elfin_error)];
  for (size_t i = 0; elfin_material_doubt(material, i, sizeof text, text); i++)
    campaign_warn(c, "%s", text);
}

static const elfin_material *find_material(campaign *c, const sweep *s, size_t i)
{
  const setting *set = s->set[KEY_MATERIAL];
  const char *key = is_path(set->text[i]) ? targets_path(c, set->text[i]) : set->text[i];
  elfin_material *made = NULL;
  elfin_error err = {""};
  for (size_t k = 0; key && k < c->n_materials; k++)
    if (strcmp(c->materials[k].key, key) == 0)
      return c->materials[k].material;
  target_material *list = campaign_grow(c, c->materials, c->n_materials, sizeof *list);
  if (!list || !key)
    return NULL;
  c->materials = list;
  elfin_status status = elfin_material_open(key, &made, &err);
  c->materials[c->n_materials++] = (target_material){key, made};
  if (status)
    targets_blame_file(c, s, set, i, "material", key, elfin_material_faults, status, &err);
  else {
    add_material_inputs(c, made);
    warn_of_doubts(c, made);
  }
  return made;
}

static bool open_materials(campaign *c, sweep *s)
{
  const setting *set = s->set[KEY_MATERIAL];
  bool fine = true;
  s->material = campaign_keep(c, set->n, sizeof *s->material);
  for (size_t i = 0; i < set->n && !c->no_memory; i++) {
    s->material[i] = find_material(c, s, i);
    fine = fine && s->material[i];
  }
  s->face.n_materials = set->n;
  return fine && !c->no_memory;
}

/* ---- thresholds and charges ------------------------------------------------------------------ */

/* The lowest energy of all responses that this sweep has of a material: all of the data counts. */
static double lowest_of_data(const sweep *s, size_t i_material)
{
  const setting *configuration = s->set[KEY_CONFIGURATION];
  double lowest = INFINITY;
  if (!s->response)
    return NAN; /* reported already */
  size_t n = s->set[KEY_RESPONSE]->n * s->set[KEY_CONVENTIONS]->n;
  n *= configuration ? configuration->n : 1;
  for (size_t i = 0; i < n; i++) {
    const elfin_response *response = s->response[i_material * n + i];
    if (response)
      lowest = fmin(lowest, elfin_response_about(response).omega_min_eV);
  }
  return isfinite(lowest) ? lowest : NAN;
}

/* Resolves entry i for a material; *lacks says what is missing for it, if anything. */
static double threshold_of(const sweep *s, size_t i, size_t i_material, bool must_be_energy,
                           const char **lacks)
{
  const setting *set = s->set[KEY_THRESHOLD];
  const elfin_material *material = s->material[i_material];
  double gap = material->gap_eV.value;
  *lacks = NULL;
  if (!isnan(set->value[i]))
    return set->value[i];
  if (must_be_energy) {
    *lacks = "has no threshold of its own for struck nuclei; give an energy";
    return NAN;
  }
  bool is_gap = strcmp(set->text[i], "gap") == 0;
  if (!is_gap && s->face.process && strcmp(s->face.process, "phonon") == 0)
    return lowest_of_data(s, i_material);
  if (isnan(gap))
    *lacks = "has no gap in its file; give an energy";
  else if (!is_gap)
    return elfin_default_threshold_eV(material);
  else if (gap <= 0)
    *lacks = "is a metal and has no gap; give an energy, or default";
  return gap;
}

static void resolve_thresholds(campaign *c, sweep *s)
{
  setting *set = s->set[KEY_THRESHOLD];
  bool fine = true, must_be_energy = s->face.process && schema_row(KEY_THRESHOLD)->required & s->bit;
  double *list = campaign_keep(c, s->face.n_materials * set->n, sizeof *list);
  for (size_t k = 0, at = 0; list && k < s->face.n_materials; k++)
    for (size_t i = 0; i < set->n; i++) {
      const char *lacks;
      list[at++] = threshold_of(s, i, k, must_be_energy, &lacks);
      fine = fine && !lacks;
      if (lacks && !set->blamed)
        problems_add_at(c->list, setting_node(set, i, s->where), "threshold: %s: %s %s",
                        set->text[i], s->material[k]->name, lacks);
    }
  set->blamed = !fine && set->where; /* a fallback belongs to every sweep */
  s->face.threshold_eV = list;
}

static void check_charge(campaign *c, sweep *s)
{
  const setting *set = s->set[KEY_CHARGE];
  for (size_t k = 0; k < s->face.n_materials; k++) {
    const elfin_material *m = s->material[k];
    const char *lacks = isnan(m->pair_energy_eV.value) ? "energy per electron-hole pair (e0)"
                        : isnan(m->gap_eV.value)       ? "gap"
                                                       : NULL;
    if (lacks)
      problems_add_at(c->list, setting_node(set, 0, s->where),
                      "charge: %s has no %s in its file, and charges need it; leave charge or the "
                      "material out",
                      m->name, lacks);
  }
}

/* ---- nuclei ---------------------------------------------------------------------------------- */

static bool has_nucleus(const elfin_material *m, const char *name)
{
  if (strcmp(name, "all") == 0 || (strcmp(name, "single_ion") == 0 && m->single_ion))
    return true;
  for (size_t i = 0; i < m->n_nuclei; i++)
    if (strcmp(m->nuclei[i].name, name) == 0)
      return true;
  return false;
}

/* "nucleus: Si has no Ge; allowed: all, Si or single_ion" */
static void blame_nucleus(campaign *c, const sweep *s, size_t i, const elfin_material *m)
{
  const setting *set = s->set[KEY_NUCLEUS];
  const char *names[SCHEMA_MOST_NAMES];
  char allowed[256];
  size_t n = 0;
  names[n++] = "all";
  for (size_t k = 0; k < m->n_nuclei && n + 1 < SCHEMA_MOST_NAMES; k++)
    names[n++] = m->nuclei[k].name;
  if (m->single_ion)
    names[n++] = "single_ion";
  schema_join(allowed, sizeof allowed, n, names);
  problems_add_at(c->list, setting_node(set, i, s->where), "nucleus: %s has no %.40s; allowed: %s",
                  m->name, set->text[i], allowed);
}

static void check_nuclei(campaign *c, const sweep *s)
{
  const setting *set = s->set[KEY_NUCLEUS];
  for (size_t k = 0; k < s->face.n_materials; k++)
    for (size_t i = 0; i < set->n; i++)
      if (!has_nucleus(s->material[k], set->text[i]))
        blame_nucleus(c, s, i, s->material[k]);
}

/* ---- fluxes ---------------------------------------------------------------------------------- */

static const elfin_flux *find_flux(campaign *c, const sweep *s, size_t i)
{
  const setting *set = s->set[KEY_FLUX];
  const char *key = targets_path(c, set->text[i]);
  elfin_flux *made = NULL;
  elfin_error err = {""};
  for (size_t k = 0; key && k < c->n_fluxes; k++)
    if (strcmp(c->fluxes[k].key, key) == 0)
      return c->fluxes[k].flux;
  target_flux *list = campaign_grow(c, c->fluxes, c->n_fluxes, sizeof *list);
  if (!list || !key)
    return NULL;
  c->fluxes = list;
  elfin_status status = elfin_flux_open(key, &made, &err);
  c->fluxes[c->n_fluxes++] = (target_flux){key, made};
  if (status)
    targets_blame(c, s, set, i, "flux", status, &err);
  else
    targets_add_input(c, key, "flux");
  return made;
}

static void open_fluxes(campaign *c, sweep *s)
{
  const setting *set = s->set[KEY_FLUX];
  s->flux = campaign_keep(c, set->n, sizeof *s->flux);
  for (size_t i = 0; i < set->n && !c->no_memory; i++)
    s->flux[i] = find_flux(c, s, i);
}

/* ---- a sweep --------------------------------------------------------------------------------- */

static bool find_constants(campaign *c, sweep *s)
{
  const setting *set = s->set[KEY_CONVENTIONS];
  s->constants = set ? campaign_keep(c, set->n, sizeof *s->constants) : NULL;
  for (size_t i = 0; s->constants && i < set->n; i++)
    s->constants[i] = elfin_constants_named(set->text[i]);
  return s->constants;
}

void targets_open(campaign *c, sweep *s)
{
  bool constants = find_constants(c, s);
  bool materials = s->set[KEY_MATERIAL] && open_materials(c, s);
  bool kinds = s->set[KEY_RESPONSE] && responses_known(c, s);
  if (materials && constants && kinds && !c->no_memory)
    responses_open(c, s);
  bool lacking = s->bit & schema_row(KEY_THRESHOLD)->required && !s->given[KEY_THRESHOLD];
  if (materials && s->set[KEY_THRESHOLD] && !lacking) /* reported already */
    resolve_thresholds(c, s);
  if (materials && s->set[KEY_CHARGE])
    check_charge(c, s);
  if (materials && s->experiment)
    detectors_prepare(c, s);
  if (materials && s->set[KEY_NUCLEUS])
    check_nuclei(c, s);
  if (s->set[KEY_FLUX] && !c->no_memory)
    open_fluxes(c, s);
  else if (constants && !c->no_memory)
    halos_open(c, s);
}

void targets_close(campaign *c)
{
  detectors_close(c);
  for (size_t i = 0; i < c->n_responses; i++)
    elfin_response_free(c->responses[i].response);
  for (size_t i = 0; i < c->n_halos; i++)
    elfin_halo_free(c->halos[i].halo);
  for (size_t i = 0; i < c->n_fluxes; i++)
    elfin_flux_free(c->fluxes[i].flux);
  for (size_t i = 0; i < c->n_materials; i++)
    elfin_material_free(c->materials[i].material);
}
