/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file sweeps.c
 * Settings → sweeps: defaults from the top level, axes in the file's order, counts that fit. */
#include "campaign/plan.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { LONGEST_NAME = 100, MOST_SWEEPS = 1000, MOST_TASK_VALUES = 10000000 };
#define ANY_PROCESS (~0u)
#define MOST_POINTS 1e12 /* ten thousand years of one core at 0.3 s a point; fits 53 bits */

/* ---- names ----------------------------------------------------------------------------------- */

static bool check_name(campaign *c, const node *where, const char *name)
{
  static const char *const reserved[] = {"job", "inputs", "failures", "runs"}; /* in the result file */
  size_t length = strlen(name);
  bool fine = length > 0 && length <= LONGEST_NAME && *name != '.';
  for (size_t i = 0; i < length; i++)
    fine =
        fine && ((isalnum((unsigned char)name[i]) && !(name[i] & 0x80)) || strchr("._-", name[i]));
  if (!fine)
    problems_add_at(c->list, where,
                    "%.40s is no good name: letters, digits and . _ - are allowed, not beginning "
                    "with a dot, at most %d of them",
                    length ? name : "an empty text", LONGEST_NAME);
  for (size_t i = 0; fine && i < sizeof reserved / sizeof *reserved; i++)
    if (strcmp(name, reserved[i]) == 0) {
      problems_add_at(c->list, where,
                      "%s is a name that the result file needs itself; take another", name);
      return false;
    }
  return fine;
}

static void read_name(campaign *c, const node *root)
{
  const node *name = node_find(root, "name");
  c->name = "";
  if (!name)
    problems_add_at(c->list, root, "name is missing: it names the output; an example: name: reach");
  else if (name->kind != NODE_SCALAR)
    problems_add_at(c->list, name, "name must be a single word, not a %s",
                    name->kind == NODE_LIST ? "list" : "map");
  else if (check_name(c, name, name->text))
    c->name = name->text;
}

/* ---- settings of a sweep --------------------------------------------------------------------- */

/* Whether the sweep's own map leaves this default of the top level in force. A sweep's `halo`
 * replaces the whole `halo` of the top level. */
static bool inherits(const block *top, const block *own, key_id id)
{
  bool of_map = top->set[id] && top->set[id]->inside_map;
  return top->key[id] && !own->key[id] && !(of_map && own->key[schema_row(id)->inside]);
}

static void find_process(campaign *c, sweep *s)
{
  const setting *process = s->set[KEY_PROCESS];
  s->bit = ANY_PROCESS;
  if (!process)
    return;
  s->face.process = process->text[0];
  s->bit = schema_process_bit(s->face.process);
  if (!s->bit)
    problems_add_at(c->list, setting_node(process, 0, s->where),
                    "process: %s cannot be used in a job yet", s->face.process);
}

static bool applies(const sweep *s, key_id id)
{
  return schema_row(id)->processes & s->bit;
}

/* A member of a map that has no effect itself: one complaint is enough. */
static bool blamed_with_its_map(const schema_key *member, const block *b, unsigned bits)
{
  return member->only_inside && b->key[member->inside] &&
         !(schema_row(member->inside)->processes & bits);
}

/* A flux stands in place of a halo: the sweep's own of the two, else the top level's. */
static void choose_flux(const block *own, sweep *s)
{
  bool own_halo = own->key[KEY_HALO];
  for (int id = 0; id < N_KEYS; id++)
    own_halo = own_halo || (schema_row((key_id)id)->inside == KEY_HALO && own->key[id]);
  if (own_halo && !own->key[KEY_FLUX]) {
    s->set[KEY_FLUX] = NULL;
    s->given[KEY_FLUX] = false;
  }
  for (int id = 0; s->given[KEY_FLUX] && id < N_KEYS; id++)
    if (schema_row((key_id)id)->inside == KEY_HALO)
      s->set[id] = NULL;
}

/* Only fast dark matter knows the spin of what it exchanges. */
static void choose_mediator_spin(campaign *c, const block *own, sweep *s)
{
  if (s->given[KEY_FLUX])
    return;
  if (own->key[KEY_MEDIATOR_SPIN] && applies(s, KEY_MEDIATOR_SPIN))
    problems_add_at(c->list, own->key[KEY_MEDIATOR_SPIN],
                    "mediator_spin has no effect without flux: dark matter of a halo is too slow to "
                    "tell");
  s->set[KEY_MEDIATOR_SPIN] = NULL;
}

/* A sweep without a process is told what this one lacks. */
static const char example[] = "electron";

static void merge(campaign *c, const block *top, const block *own, sweep *s)
{
  for (int k = 0; k < N_KEYS; k++) {
    key_id id = (key_id)k;
    const block *from = own->key[id] ? own : inherits(top, own, id) ? top : NULL;
    s->axis_of[id] = NO_AXIS;
    s->given[id] = from != NULL;
    s->set[id] = from ? from->set[id] : c->fallback[id];
  }
  find_process(c, s);
  unsigned demands = s->bit == ANY_PROCESS ? schema_process_bit(example) : s->bit;
  for (int k = 0; k < N_KEYS; k++) {
    const schema_key *key = schema_row((key_id)k);
    if (!applies(s, (key_id)k) && own->key[k] && !blamed_with_its_map(key, own, s->bit))
      problems_add_at(c->list, own->key[k], "%s has no effect on the process %s", key->name,
                      s->face.process);
    else if (!applies(s, (key_id)k))
      s->set[k] = NULL;
    else if ((key->required & demands) && !s->given[k])
      problems_add_at(c->list, s->where, "sweep %.100s lacks %s: %s; an example: %s: %s",
                      s->face.name, key->name, key->help, key->name, key->example);
  }
  if (s->given[KEY_TABLE])
    s->set[KEY_PRESET] = NULL;
  if (!applies(s, KEY_FLUX))
    s->given[KEY_FLUX] = false;
  choose_flux(own, s);
  choose_mediator_spin(c, own, s);
  if (applies(s, KEY_LIMIT) && s->given[KEY_LIMIT])
    s->limit_where = own->key[KEY_LIMIT] ? own->key[KEY_LIMIT] : top->key[KEY_LIMIT];
  exclusion_choose_detector(c, s);
}

/* [eV] A bare mass below is one whose unit was forgotten: dark matter of a halo brings 3 meV at most. */
static const double LIGHT_EV = 1e3;

/* Where the lightest entry stands: of a list the entry, of {log: …} or {linear: …} the end. */
static const node *lightest(const setting *mass, double *value)
{
  size_t found = 0;
  for (size_t i = 1; i < mass->n; i++)
    if (mass->value[i] < mass->value[found])
      found = i;
  *value = mass->value[found];
  const node *where = setting_node(mass, found, NULL);
  return where && where->kind == NODE_MAP ? &where->items[0].items[found ? 1 : 0] : where;
}

static void warn_of_bare_mass(campaign *c, const sweep *s)
{
  double value;
  if (!s->set[KEY_MASS] || s->set[KEY_MASS]->n == 0 || s->set[KEY_FLUX] || !applies(s, KEY_MEDIATOR))
    return;
  const node *where = lightest(s->set[KEY_MASS], &value);
  if (!where || !where->text || !(value < LIGHT_EV) ||
      where->text[strspn(where->text, "+-.0123456789eE")])
    return;
  campaign_warn(c, "sweep %.100s, line %zu: mass %.40s has no unit and is taken in eV, which is too light to be "
                "seen; an example: mass: %.40s MeV", s->face.name, where->line, where->text, where->text);
}

/* A default at the top that no sweep's process takes. */
static void check_defaults(campaign *c, const block *top)
{
  unsigned bits = 0;
  for (size_t i = 0; i < c->n_sweeps; i++)
    bits |= c->sweeps[i].bit;
  for (int k = 0; k < N_KEYS; k++)
    if (top->key[k] && !(schema_row((key_id)k)->processes & bits) &&
        !blamed_with_its_map(schema_row((key_id)k), top, bits))
      problems_add_at(c->list, top->key[k], "%s has no effect on any process of this job",
                      schema_row((key_id)k)->name);
}

/* ---- axes ------------------------------------------------------------------------------------ */

static void add_axis(sweep *s, campaign_axis *axes, key_id id)
{
  const schema_key *key = schema_row(id);
  const setting *set = s->set[id];
  if (!set || s->axis_of[id] != NO_AXIS)
    return;
  s->axis_of[id] = s->face.n_axes;
  axes[s->face.n_axes++] = (campaign_axis){
      .key = id == KEY_PRESET || id == KEY_TABLE ? schema_row(KEY_HALO)->name : key->name,
      .unit = key->unit ? key->unit : "",
      .role = key->role,
      .named = key->named,
      .of_halo = key->inside == KEY_HALO,
      .n = set->n,
      .value = set->value,
      .text = set->text,
  };
}

static void add_listed(sweep *s, campaign_axis *axes, const block *from)
{
  for (size_t i = 0; i < from->n; i++) {
    key_id id = from->order[i];
    const setting *set = s->set[id];
    if (set && set == from->set[id] && set->listed && schema_row(id)->place == PLACE_IF_LISTED)
      add_axis(s, axes, id);
  }
}

static void make_axes(campaign *c, const block *top, const block *own, sweep *s)
{
  campaign_axis *axes = campaign_keep(c, N_KEYS, sizeof *axes);
  if (!axes)
    return;
  s->face.axes = axes;
  for (int id = 0; id < N_KEYS; id++)
    if (schema_row((key_id)id)->place == PLACE_FIRST)
      add_axis(s, axes, (key_id)id);
  add_listed(s, axes, top);
  add_listed(s, axes, own);
  for (int id = 0; id < N_KEYS; id++)
    if (schema_row((key_id)id)->place == PLACE_LAST)
      add_axis(s, axes, (key_id)id);
  const setting *conventions = s->set[KEY_CONVENTIONS];
  if (conventions && s->axis_of[KEY_CONVENTIONS] == NO_AXIS)
    s->face.conventions = conventions->text[0];
}

/* ---- observables ----------------------------------------------------------------------------- */

static double *bin_centres(campaign *c, const setting *edges)
{
  double *centre = campaign_keep(c, edges->n - 1, sizeof *centre);
  for (size_t i = 0; centre && i + 1 < edges->n; i++)
    centre[i] = (edges->value[i] + edges->value[i + 1]) / 2;
  return centre;
}

static double *counts(campaign *c, size_t n)
{
  double *count = campaign_keep(c, n, sizeof *count);
  for (size_t i = 0; count && i < n; i++)
    count[i] = (double)(i + 1);
  return count;
}

static void make_observables(campaign *c, sweep *s)
{
  const setting *threshold = s->set[KEY_THRESHOLD], *edges = s->set[KEY_SPECTRUM],
                *at = s->set[KEY_AT], *charge = s->set[KEY_CHARGE];
  campaign_observable *list = campaign_keep(c, N_OBS, sizeof *list);
  size_t n = 0;
  if (!list)
    return;
  s->face.n_thresholds = threshold ? threshold->n : 0;
  list[n++] = (campaign_observable){
      OBS_RATE, "rate", "threshold", "1/kg/yr", threshold ? threshold->n : 1, NULL};
  if (edges) {
    s->face.n_edges = edges->n;
    s->face.edge_eV = edges->value;
    list[n++] = (campaign_observable){OBS_SPECTRUM, "spectrum",   "omega",
                                      "1/kg/yr/eV", edges->n - 1, bin_centres(c, edges)};
  }
  if (at)
    list[n++] = (campaign_observable){OBS_DIFFERENTIAL, "differential", "at",
                                      "1/kg/yr/eV",     at->n,          at->value};
  if (charge) {
    size_t n_charges = (size_t)charge->value[0];
    list[n++] = (campaign_observable){OBS_CHARGE, "charge_rate", "charge",
                                      "1/kg/yr",  n_charges,     counts(c, n_charges)};
  }
  if (s->set[KEY_DETECTOR] && !c->no_memory && detectors_find(c, s, &list[n]))
    n++;
  if (s->limit_where && s->experiment && !c->no_memory && exclusion_find(c, s, &list[n]))
    n++;
  s->face.observables = list;
  s->face.n_observables = n;
}

/* ---- counts ---------------------------------------------------------------------------------- */

/* In doubles first: exact up to the limit, and without overflow beyond. */
static double count(campaign *c, sweep *s, double all_points)
{
  double tasks = 1, widest = 0;
  s->face.n_scale = 1;
  for (size_t i = 0; i < s->face.n_axes; i++) {
    if (s->face.axes[i].role == AXIS_TASK)
      tasks *= (double)s->face.axes[i].n;
    else if (s->face.axes[i].role == AXIS_SCALE)
      s->face.n_scale *= s->face.axes[i].n;
  }
  for (size_t i = 0; i < s->face.n_observables; i++)
    widest = fmax(widest, (double)s->face.n_scale * (double)s->face.observables[i].n);
  if (widest > MOST_TASK_VALUES)
    problems_add_at(c->list, s->where,
                    "sweep %.100s has %.3g values for one mass (cross sections times thresholds, "
                    "bins or energies); at most %d are allowed",
                    s->face.name, widest, (int)MOST_TASK_VALUES);
  else if (all_points + tasks * widest > MOST_POINTS)
    problems_add_at(c->list, s->where,
                    "sweep %.100s brings the job to %.3g values; at most %g are allowed",
                    s->face.name, all_points + tasks * widest, MOST_POINTS);
  else
    s->face.n_tasks = (size_t)tasks;
  return tasks * widest;
}

/* ---- all sweeps ------------------------------------------------------------------------------ */

static void read_sweep(campaign *c, const block *top, const node *key, const node *map, sweep *s)
{
  block own;
  s->where = key;
  s->face.name = key->text;
  s->outer = SIZE_MAX;
  check_name(c, key, key->text);
  if (map->kind != NODE_MAP) {
    problems_add_at(c->list, map,
                    "sweep %.100s must hold keys and values, such as process: electron", key->text);
    return;
  }
  block_read(c, map, false, &own);
  if (c->no_memory)
    return;
  merge(c, top, &own, s);
  warn_of_bare_mass(c, s);
  make_axes(c, top, &own, s);
  make_observables(c, s);
}

static bool check_sweeps(campaign *c, const node *root, const node *sweeps)
{
  if (sweeps && sweeps->kind == NODE_MAP && sweeps->n > MOST_SWEEPS) {
    problems_add_at(c->list, sweeps, "sweeps holds %zu entries; at most %d are allowed", sweeps->n,
                    MOST_SWEEPS);
    return false;
  }
  if (sweeps && sweeps->kind == NODE_MAP && sweeps->n > 0)
    return true;
  problems_add_at(c->list, sweeps ? sweeps : root,
                  "sweeps %s; an example: sweeps: {electrons: {process: electron, material: Si, "
                  "mediator: massless, mass: 10 MeV, cross_section: 1e-38 cm2}}",
                  !sweeps                    ? "is missing"
                  : sweeps->kind != NODE_MAP ? "must map names to sweeps"
                                             : "is empty");
  return false;
}

void sweeps_read(campaign *c, const node *root)
{
  block top;
  double points = 0;
  if (root->kind != NODE_MAP) {
    problems_add_at(c->list, root, "a job must be keys and values: name, sweeps and defaults");
    return;
  }
  read_name(c, root);
  block_read(c, root, true, &top);
  const node *sweeps = node_find(root, "sweeps");
  if (!check_sweeps(c, root, sweeps))
    return;
  c->sweeps = campaign_keep(c, sweeps->n, sizeof *c->sweeps);
  for (size_t i = 0; c->sweeps && !c->no_memory && i < sweeps->n; i++) {
    c->n_sweeps = i + 1;
    read_sweep(c, &top, &sweeps->keys[i], &sweeps->items[i], &c->sweeps[i]);
    if (!c->no_memory)
      points += count(c, &c->sweeps[i], points);
  }
  if (!c->no_memory)
    check_defaults(c, &top);
}
