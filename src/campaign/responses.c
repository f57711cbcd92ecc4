/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file responses.c
 * The dielectric functions of a sweep: which kinds its process can use, what `default` stands for,
 * and one opened response for every material, response, convention and configuration. */
#include "campaign/plan.h"

#include <stdlib.h>
#include <string.h>

static bool is_table(const char *response)
{
  return strchr(response, '/') || strchr(response, '.');
}

static elfin_status open_response(campaign *c, const target_response *wanted,
                                  elfin_response **response, elfin_error *err)
{
  campaign_open_response *open = c->open_response ? c->open_response : elfin_response_open_configuration;
  return open(wanted->key, wanted->configuration, wanted->material, wanted->constants, response, err);
}

static void warn_of_holes(campaign *c, const target_response *opened)
{
  elfin_response_info about = elfin_response_about(opened->response);
  if (about.n_holes)
    campaign_warn(c, "%s: %zu hole%s (NaN) filled with %s (conventions: %s)", opened->key,
                  about.n_holes, about.n_holes == 1 ? "" : "s",
                  opened->constants->table_hole_takes_next ? "the next valid value" : "ELF 0",
                  opened->constants->name);
}

static bool is_default(const sweep *s, size_t i)
{
  return !s->given[KEY_RESPONSE] || strcmp(s->set[KEY_RESPONSE]->text[i], "default") == 0;
}

/* A default that cannot be opened is not the response's fault but the material's. */
static void blame_response(campaign *c, const sweep *s, size_t i, const elfin_material *material,
                           elfin_status status, const elfin_error *err)
{
  size_t i_material = 0;
  elfin_error told = *err;
  while (s->material[i_material] != material)
    i_material++;
  if (status == ELFIN_E_DATA && strstr(s->set[KEY_RESPONSE]->text[i], ".csv"))
    elfin_fail(&told, status, "%.400s; elfin import csv makes a table of such a file", err->text);
  if (!is_default(s, i))
    targets_blame(c, s, s->set[KEY_RESPONSE], i, "response", status, &told);
  else
    targets_blame(c, s, s->set[KEY_MATERIAL], i_material, "material", status, &told);
}

static elfin_response *find_response(campaign *c, sweep *s, size_t i, const target_response *wanted)
{
  target_response made = *wanted;
  elfin_error err = {""};
  for (size_t k = 0; k < c->n_responses; k++) {
    const target_response *known = &c->responses[k];
    if (known->material == made.material && known->constants == made.constants &&
        known->configuration == made.configuration && strcmp(known->key, made.key) == 0)
      return known->response;
  }
  target_response *list = campaign_grow(c, c->responses, c->n_responses, sizeof *list);
  if (!list)
    return NULL;
  c->responses = list;
  elfin_status status = open_response(c, &made, &made.response, &err);
  c->responses[c->n_responses++] = made;
  if (status) {
    blame_response(c, s, i, made.material, status, &err);
    return NULL;
  }
  const char *path = elfin_response_about(made.response).path;
  if (path)
    targets_add_input(c, path, "response");
  warn_of_holes(c, &made);
  return made.response;
}

/* Which kinds a process can use: those of ε(ω,k), or of ε(ω). */
static const struct process_kinds {
  const char *process;
  const char *own;     /* in place of the material's best one of ε(ω,k) */
  const char *allowed; /* each between blanks */
  bool phonons;        /* also a phonon response of the material by its name */
  bool tables;
  bool named; /* also a table of the material by its name: these are of electrons */
} process_kinds[] = {
    {"electron", NULL, " default lindhard mermin mermin_edges extended_drude ", false, true, true},
    {"migdal", NULL, " default lindhard mermin mermin_edges extended_drude atomic ", false, true, true},
    {"phonon", "phonon", " default phonon ", true, true, false},
    {"froehlich", NULL, " default phonon ", true, false, false},
    {"absorption", "joined", " default phonon joined optical mermin mermin_edges extended_drude ", true, true, true},
};

/* Of a process that is wrong, and reported: all. */
static const struct process_kinds *kinds_of(const sweep *s)
{
  static const struct process_kinds any = {
      NULL, NULL, " default lindhard mermin mermin_edges extended_drude atomic phonon joined optical ", true, true, true};
  for (size_t i = 0; s->face.process && i < sizeof process_kinds / sizeof *process_kinds; i++)
    if (strcmp(process_kinds[i].process, s->face.process) == 0)
      return &process_kinds[i];
  return &any;
}

/* Branches of polar phonons are not an ε. */
static bool needs_no_response(const sweep *s)
{
  return s->face.process && strcmp(s->face.process, "froehlich") == 0;
}

static const char *default_kind(const sweep *s, const elfin_material *material)
{
  const char *own = kinds_of(s)->own;
  if (needs_no_response(s))
    return NULL;
  return own ? own : elfin_response_default(material);
}

/* An axis text says what is used: where all materials have the same best kind, its name. */
static void name_the_default(campaign *c, sweep *s)
{
  const char *kind = default_kind(s, s->material[0]);
  for (size_t i = 1; kind && i < s->face.n_materials; i++) {
    const char *other = default_kind(s, s->material[i]);
    if (!other || strcmp(other, kind) != 0)
      kind = NULL;
  }
  if (kind && is_table(kind)) /* a material's own table is no text of the job */
    return;
  setting *made = campaign_keep(c, 1, sizeof *made);
  const char **text = campaign_keep(c, 1, sizeof *text);
  campaign_axis *axes = campaign_keep(c, s->face.n_axes, sizeof *axes);
  if (!kind || !made || !text || !axes)
    return;
  *text = kind;
  *made = *s->set[KEY_RESPONSE];
  made->text = text;
  s->set[KEY_RESPONSE] = made;
  memcpy(axes, s->face.axes, s->face.n_axes * sizeof *axes);
  axes[s->axis_of[KEY_RESPONSE]].text = text;
  s->face.axes = axes;
}

/* Is it the name of a table of one of the materials? */
static bool names_table(const sweep *s, const char *text)
{
  for (size_t i = 0; s->material && i < s->face.n_materials; i++)
    if (s->material[i] && elfin_response_table_named(s->material[i], text))
      return true;
  return false;
}

/* Its path, and what is asked of it. NULL: reported. */
static const char *table_key(campaign *c, const sweep *s, size_t i_material, size_t i, const char *name)
{
  const elfin_material *material = s->material[i_material];
  char *text = NULL;
  elfin_error err = {""};
  elfin_status status = elfin_response_table_text(material, name, &text, &err);
  if (status) {
    blame_response(c, s, i, material, status, &err);
    return NULL;
  }
  if (!text)
    problems_add_at(c->list, setting_node(s->set[KEY_RESPONSE], i, s->where),
                    "response: %.40s is a table of another material; %s has none of this name", name,
                    material->name);
  const char *kept = text ? campaign_keep_text(c, "%s", text) : NULL;
  free(text);
  return kept;
}

/* What elfin_response_open() is asked for: a kind's name, or a path. NULL: reported. */
static const char *response_key(campaign *c, sweep *s, size_t i_material, size_t i)
{
  setting *set = s->set[KEY_RESPONSE];
  const char *text = set->text[i];
  if (is_table(text))
    return targets_path(c, text);
  if (names_table(s, text))
    return table_key(c, s, i_material, i, text);
  if (strcmp(text, "default") != 0)
    return text;
  const char *kind = default_kind(s, s->material[i_material]);
  if (!kind && !needs_no_response(s))
    problems_add_at(c->list, setting_node(s->set[KEY_MATERIAL], i_material, s->where),
                    "response: %s has none of its own; give the path of a table",
                    s->material[i_material]->name);
  return kind && elfin_response_table_named(s->material[i_material], kind)
             ? table_key(c, s, i_material, i, kind)
             : kind;
}

/* What `default` became, for those who ask; the last resort is said unasked. */
static void note_the_default(campaign *c, sweep *s)
{
  bool any = false;
  for (size_t i = 0; i < s->set[KEY_RESPONSE]->n; i++)
    any = any || is_default(s, i);
  s->by_default = any ? campaign_keep(c, s->face.n_materials, sizeof *s->by_default) : NULL;
  for (size_t i = 0; s->by_default && i < s->face.n_materials; i++) {
    const elfin_material *material = s->material[i];
    const char *kind = s->by_default[i] = default_kind(s, material);
    if (kind && strcmp(kind, "lindhard") == 0 && material->gap_eV.value > 0)
      campaign_warn(c, "%s: its response, by default, is lindhard, the free electron gas: that has no gap, and %s one of "
                    "%g eV, so that rates may be wrong by orders of magnitude; better: the path of a table",
                    material->name, material->name, material->gap_eV.value);
  }
}

static bool among(const char *allowed, const char *name)
{
  size_t length = strlen(name);
  for (const char *at = strstr(allowed, name); at; at = strstr(at + 1, name))
    if (at[-1] == ' ' && at[length] == ' ')
      return true;
  return false;
}

/* The kinds of schema.c that this process takes. */
static size_t suitable_kinds(const sweep *s, const char *names[SCHEMA_MOST_NAMES])
{
  const char *all[SCHEMA_MOST_NAMES];
  size_t n_all = schema_names(KEY_RESPONSE, all), n = 0;
  for (size_t i = 0; i < n_all; i++)
    if (among(kinds_of(s)->allowed, all[i]))
      names[n++] = all[i];
  return n;
}

/* And the names of its materials' tables. */
static size_t suitable_tables(const sweep *s, size_t n, const char *names[SCHEMA_MOST_NAMES])
{
  for (size_t i = 0; s->material && kinds_of(s)->named && i < s->face.n_materials; i++)
    for (size_t k = 0; s->material[i] && k < s->material[i]->n_response_tables; k++) {
      size_t at = 0;
      const char *name = s->material[i]->response_tables[k].name;
      while (at < n && strcmp(names[at], name) != 0)
        at++;
      if (at == n && n < SCHEMA_MOST_NAMES)
        names[n++] = name;
    }
  return n;
}

static bool names_phonons(const sweep *s, const char *text)
{
  for (size_t i = 0; s->material && i < s->face.n_materials; i++) {
    const elfin_material *m = s->material[i];
    for (size_t k = 0; m && k < m->n_phonon_responses; k++)
      if (strcmp(m->phonon_responses[k].name, text) == 0)
        return true;
  }
  return false;
}

/* What is asked of a table, in brackets. */
static bool known_choice(campaign *c, const sweep *s, size_t i)
{
  const setting *set = s->set[KEY_RESPONSE];
  elfin_table_choice choice;
  elfin_error err;
  if (!elfin_table_choose(set->text[i], &choice, NULL, &err))
    return true;
  problems_add_at(c->list, setting_node(set, i, s->where), "response: %s", err.text);
  return false;
}

static bool known_kind(campaign *c, const sweep *s, size_t i)
{
  const setting *set = s->set[KEY_RESPONSE];
  const struct process_kinds *kinds = kinds_of(s);
  const char *text = set->text[i], *names[SCHEMA_MOST_NAMES], *all[SCHEMA_MOST_NAMES];
  if ((is_table(text) && kinds->tables) || (kinds->named && names_table(s, text)))
    return known_choice(c, s, i);
  if (kinds->phonons && names_phonons(s, text))
    return true;
  char allowed[256];
  size_t n = suitable_tables(s, suitable_kinds(s, names), names), n_all = schema_names(KEY_RESPONSE, all);
  bool known = is_table(text);
  for (size_t k = 0; k < n_all; k++)
    known = known || strcmp(all[k], text) == 0;
  if (known && among(kinds->allowed, text))
    return true;
  const char *near = known ? NULL : nearest_name(text, n, names);
  schema_join(allowed, sizeof allowed, n, names);
  problems_add_at(c->list, setting_node(set, i, s->where),
                  "response: %.40s is %s%s%s%s%s; allowed: %s%s%s", text,
                  known ? "nothing for the process " : "unknown", known ? kinds->process : "",
                  near ? ", did you mean " : "", near ? near : "", near ? "?" : "", allowed,
                  kinds->phonons ? ", the name of a phonon response" : "",
                  kinds->tables ? ", or the path of a table (with a / or a .)" : "");
  return false;
}

bool responses_known(campaign *c, sweep *s)
{
  setting *set = s->set[KEY_RESPONSE];
  bool fine = !set->blamed;
  for (size_t i = 0; i < set->n && !set->blamed; i++)
    fine = known_kind(c, s, i) && fine;
  set->blamed = !fine && set->where; /* a fallback belongs to every sweep */
  return fine;
}

elfin_response *responses_at(const sweep *s, size_t i_material, size_t i_response,
                             size_t i_conventions, size_t i_configuration)
{
  if (!s->response)
    return NULL;
  const setting *configuration = s->set[KEY_CONFIGURATION];
  size_t i = i_material * s->set[KEY_RESPONSE]->n + i_response;
  i = i * s->set[KEY_CONVENTIONS]->n + i_conventions;
  return s->response[i * (configuration ? configuration->n : 1) + i_configuration];
}

static elfin_configuration configuration_of(const sweep *s, size_t i)
{
  const setting *set = s->set[KEY_CONFIGURATION];
  return set && strcmp(set->text[i], "extraordinary") == 0 ? ELFIN_EXTRAORDINARY : ELFIN_ORDINARY;
}

void responses_open(campaign *c, sweep *s)
{
  note_the_default(c, s);
  if (!s->given[KEY_RESPONSE])
    name_the_default(c, s);
  const setting *set = s->set[KEY_RESPONSE];
  size_t n_configurations = s->set[KEY_CONFIGURATION] ? s->set[KEY_CONFIGURATION]->n : 1;
  size_t n = s->set[KEY_CONVENTIONS]->n * n_configurations, at = 0;
  s->response = campaign_keep(c, s->face.n_materials * set->n * n, sizeof *s->response);
  for (size_t i = 0; i < set->n; i++)
    if (is_table(set->text[i]) && s->face.n_materials > 1)
      campaign_warn(c, "sweep %s: %s is used for all %zu materials", s->face.name, set->text[i],
                    s->face.n_materials);
  for (size_t i_material = 0; i_material < s->face.n_materials; i_material++)
    for (size_t i = 0; i < set->n && !c->no_memory; i++) {
      const char *key = response_key(c, s, i_material, i);
      for (size_t k = 0; k < n && !c->no_memory; k++, at++)
        if (key && strcmp(key, "atomic") != 0) /* isolated atoms have none */
          s->response[at] = find_response(
              c, s, i,
              &(target_response){key, s->material[i_material], s->constants[k / n_configurations],
                                 configuration_of(s, k % n_configurations), NULL});
    }
}
