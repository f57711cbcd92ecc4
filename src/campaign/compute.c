/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file compute.c
 * A task's number → a request to libelfin → rows for the file.
 *
 * The mass is the fastest axis: from one task to the next mostly only it changes, and the rest of
 * the request is left as it is. No text is looked at and nothing is allocated for an ordinary
 * task. */
#include "campaign/plan.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  POINT_DONE = 1,
  POINT_FAILED = 2,
  MOST_FAILURES = 10000, /* reasons kept for one batch of rows; the status shows all */
  FIRST_FAILURES = 16,
  MOST_CHECKED = 100000  /* combinations of names; what is left out fails when it is computed */
};

/* ---- plan ------------------------------------------------------------------------------------ */

typedef struct lane { /* an observable's part of elfin_result */
  double **value, **error;
  elfin_status **status;
} lane;

static lane lane_of(sweep *s, observable_kind kind)
{
  elfin_result *r = &s->result;
  switch (kind) {
  case OBS_EVENTS: return (lane){&s->events, &s->events_error, &s->events_status};
  case OBS_LIMIT: return (lane){&s->limit, &s->limit_error, &s->limit_status};
  case OBS_SPECTRUM: return (lane){&r->spectrum, &r->spectrum_error, &r->spectrum_status};
  case OBS_DIFFERENTIAL:
    return (lane){&r->differential, &r->differential_error, &r->differential_status};
  case OBS_CHARGE: return (lane){&r->charge, &r->charge_error, &r->charge_status};
  default: return (lane){&r->rate, &r->rate_error, &r->rate_status};
  }
}

/* What a process without thresholds counts from. */
static const double no_threshold = 0;

void compute_plan(campaign *c, sweep *s)
{
  elfin_request *q = &s->request;
  elfin_request_defaults(q);
  q->n_thresholds = s->face.observables[0].n;
  q->n_edges = s->face.n_edges;
  q->edge_eV = s->face.edge_eV;
  for (size_t i = 0; i < s->face.n_observables; i++) {
    const campaign_observable *o = &s->face.observables[i];
    lane into = lane_of(s, o->kind);
    *into.value = campaign_keep(c, o->n, sizeof **into.value);
    *into.error = campaign_keep(c, o->n, sizeof **into.error);
    *into.status = campaign_keep(c, o->n, sizeof **into.status);
    if (o->kind == OBS_DIFFERENTIAL) {
      q->n_at = o->n;
      q->at_eV = o->value;
    } else if (o->kind == OBS_CHARGE) {
      q->n_charges = o->n;
    }
  }
  s->result.rate_flags = campaign_keep(c, q->n_thresholds, sizeof *s->result.rate_flags);
  if (!s->set[KEY_THRESHOLD])
    q->threshold_eV = &no_threshold;
  for (size_t i = 0; i < N_HALO_SLOTS; i++)
    s->halos[i].combination = SIZE_MAX;
}

void compute_free(sweep *s)
{
  for (size_t i = 0; i < N_HALO_SLOTS; i++)
    elfin_halo_free(s->halos[i].halo);
}

/* ---- one position on all axes but the mass --------------------------------------------------- */

typedef struct position {
  size_t index[N_KEYS];
} position;

static size_t index_of(const sweep *s, const position *p, key_id id)
{
  return sweep_index(s, p->index, id);
}

static double value_or(const sweep *s, const position *p, key_id id, double otherwise)
{
  return sweep_value(s, p->index, id, otherwise);
}

/* A name as the job has it; NULL where the key is absent or says `otherwise`. */
static const char *text_unless(const sweep *s, const position *p, key_id id, const char *otherwise)
{
  const char *text = s->set[id] ? s->set[id]->text[index_of(s, p, id)] : NULL;
  return text && strcmp(text, otherwise) != 0 ? text : NULL;
}

static const elfin_response *response_at(const sweep *s, const position *p)
{
  return responses_at(s, index_of(s, p, KEY_MATERIAL), index_of(s, p, KEY_RESPONSE),
                          index_of(s, p, KEY_CONVENTIONS), index_of(s, p, KEY_CONFIGURATION));
}

/* How nuclei and crystals are seen. */
static void configure_nuclei(const sweep *s, const position *p, elfin_request *q)
{
  q->reference_momentum_eV = value_or(s, p, KEY_REFERENCE_MOMENTUM, NAN);
  q->form_factor = (elfin_nuclear_size)value_or(s, p, KEY_FORM_FACTOR, ELFIN_POINT);
  q->approximation = (elfin_approximation)value_or(s, p, KEY_APPROXIMATION, ELFIN_FREE);
  q->expansion = (elfin_expansion)value_or(s, p, KEY_EXPANSION, ELFIN_SOFT);
  q->nucleus = text_unless(s, p, KEY_NUCLEUS, "all");
  q->constant_charge = value_or(s, p, KEY_ION_CHARGE, 0) != 0;
  q->recoil_threshold_eV = value_or(s, p, KEY_RECOIL_THRESHOLD, NAN);
  q->shells = text_unless(s, p, KEY_SHELLS, "all");
  q->coupling = (elfin_coupling)value_or(s, p, KEY_COUPLING, ELFIN_NUCLEON);
  q->phonons = (elfin_phonons)value_or(s, p, KEY_PHONONS, ELFIN_ALL_PHONONS);
  q->spin_operator = (elfin_operator)value_or(s, p, KEY_OPERATOR, ELFIN_AXIAL_VECTOR);
  q->ratio_is_gp_over_gn = s->set[KEY_GP_OVER_GN] != NULL;
  q->coupling_ratio =
      value_or(s, p, q->ratio_is_gp_over_gn ? KEY_GP_OVER_GN : KEY_GN_OVER_GP, NAN);
  q->free_recoil = value_or(s, p, KEY_RECOIL, 0) != 0;
  q->time_h = value_or(s, p, KEY_TIME, 0);
}

/* Bring the request to this position. */
static elfin_status configure(sweep *s, const position *p, elfin_error *err)
{
  elfin_request *q = &s->request;
  size_t i_material = index_of(s, p, KEY_MATERIAL), i_conventions = index_of(s, p, KEY_CONVENTIONS);
  s->i_material = i_material;
  q->constants = s->constants[i_conventions];
  q->material = s->material[i_material];
  q->response = response_at(s, p);
  q->rho_GeV_cm3 = halos_parameters(s, p->index).rho_GeV_cm3;
  q->mediator_eV = value_or(s, p, KEY_MEDIATOR, q->mediator_eV);
  q->accuracy = value_or(s, p, KEY_ACCURACY, q->accuracy);
  q->screening = value_or(s, p, KEY_SCREENING, q->screening) != 0;
  q->k_cut_eV = value_or(s, p, KEY_KCUT, q->k_cut_eV);
  q->splitting_eV = value_or(s, p, KEY_SPLITTING, q->splitting_eV);
  q->temperature_K = value_or(s, p, KEY_TEMPERATURE, q->temperature_K);
  q->configuration = text_unless(s, p, KEY_CONFIGURATION, "");
  configure_nuclei(s, p, q);
  if (s->face.threshold_eV)
    q->threshold_eV = s->face.threshold_eV + i_material * s->face.n_thresholds;
  q->mediator_spin =
      (elfin_mediator_spin)value_or(s, p, KEY_MEDIATOR_SPIN, ELFIN_VECTOR_MEDIATOR);
  if (s->flux) {
    q->flux = s->flux[index_of(s, p, KEY_FLUX)];
    return ELFIN_OK;
  }
  if (!s->table)
    return halos_find(s, p->index, err);
  q->halo = s->table[index_of(s, p, KEY_TABLE) * s->set[KEY_CONVENTIONS]->n + i_conventions];
  return ELFIN_OK;
}

/* ---- what cannot be done --------------------------------------------------------------------- */

/* Whether what a process needs may depend on this axis: names do, masses and other numbers do not. */
static bool may_matter(const campaign_axis *axis)
{
  return axis->role == AXIS_TASK && axis->named;
}

/* The next position along the axes that matter, the material the slowest; false after the last. */
static bool advance(const sweep *s, position *p)
{
  for (size_t i = s->face.n_axes; i-- > 0;) {
    if (!may_matter(&s->face.axes[i]))
      continue;
    if (++p->index[i] < s->face.axes[i].n)
      return true;
    p->index[i] = 0;
  }
  return false;
}

/* A sentence that begins with a material's name is about its entry; the others are about the sweep. */
static void blame(campaign *c, const sweep *s, const position *p, const char *why)
{
  const setting *set = s->set[KEY_MATERIAL];
  size_t i = index_of(s, p, KEY_MATERIAL);
  const char *name = s->material[i]->name;
  bool of_material = strncmp(why, name, strlen(name)) == 0;
  problems_add_at(c->list, of_material ? setting_node(set, i, s->where) : s->where, "%s: %s",
                  of_material ? "material" : s->face.process, why);
}

void compute_check(campaign *c, sweep *s)
{
  position p = {{0}};
  char last[sizeof(elfin_error)] = "";
  size_t n = 0;
  do {
    elfin_error why = {""};
    s->request.mass_eV = s->set[KEY_MASS]->value[0];
    elfin_status status = configure(s, &p, &why);
    if (!status)
      status = elfin_rate_check(s->face.process, &s->request, &why);
    if (status == ELFIN_E_MEMORY)
      c->no_memory = true;
    else if (status && strcmp(why.text, last) != 0)
      blame(c, s, &p, why.text);
    if (status)
      memcpy(last, why.text, sizeof last);
  } while (!c->no_memory && ++n < MOST_CHECKED && advance(s, &p));
}

/* ---- rows ------------------------------------------------------------------------------------ */

elfin_status campaign_rows_new(const campaign *c, size_t i_sweep, size_t capacity,
                               campaign_rows **rows, elfin_error *err)
{
  const campaign_sweep *s = &c->sweeps[i_sweep].face;
  campaign_rows *made = calloc(1, sizeof *made);
  bool fine = made;
  for (size_t i = 0; fine && i < s->n_observables; i++) {
    const campaign_observable *o = &s->observables[i];
    size_t n = capacity * s->n_scale * o->n;
    made->value[o->kind] = malloc(n * sizeof *made->value[o->kind]);
    made->error[o->kind] = malloc(n * sizeof *made->error[o->kind]);
    made->status[o->kind] = malloc(n);
    fine = !n || (made->value[o->kind] && made->error[o->kind] && made->status[o->kind]);
  }
  if (fine) {
    size_t n = capacity * s->n_scale * s->observables[0].n;
    made->flags = malloc(n * sizeof *made->flags);
    made->evaluations = malloc(n * sizeof *made->evaluations);
    fine = !n || (made->flags && made->evaluations);
  }
  if (!fine) {
    campaign_rows_free(made);
    return elfin_fail(err, ELFIN_E_MEMORY, "sweep %s: no memory for the rows of %zu tasks", s->name,
                      capacity);
  }
  made->i_sweep = i_sweep;
  made->capacity = capacity;
  *rows = made;
  return ELFIN_OK;
}

void campaign_rows_free(campaign_rows *rows)
{
  if (!rows)
    return;
  for (int kind = 0; kind < N_OBS; kind++) {
    free(rows->value[kind]);
    free(rows->error[kind]);
    free(rows->status[kind]);
  }
  free(rows->flags);
  free(rows->evaluations);
  free(rows->failures);
  free(rows);
}

/* Without memory for the reason the status still tells that the point failed. */
static void add_failure(campaign_rows *rows, uint64_t point, observable_kind kind,
                        const char *reason)
{
  if (rows->n_failures == rows->failure_capacity) {
    size_t wanted = rows->failure_capacity ? 2 * rows->failure_capacity : FIRST_FAILURES;
    wanted = wanted > MOST_FAILURES ? MOST_FAILURES : wanted;
    campaign_failure *list =
        rows->n_failures < wanted ? realloc(rows->failures, wanted * sizeof *list) : NULL;
    if (!list)
      return;
    rows->failures = list;
    rows->failure_capacity = wanted;
  }
  campaign_failure *made = &rows->failures[rows->n_failures++];
  memset(made, 0, sizeof *made);
  made->point = point;
  made->observable = (uint32_t)kind;
  size_t length = strlen(reason), most = sizeof made->reason - 1;
  if (length > most)
    for (length = most; length && ((unsigned char)reason[length] & 0xC0) == 0x80;)
      length--; /* not inside a UTF-8 character */
  memcpy(made->reason, reason, length);
}

/* ---- a task ---------------------------------------------------------------------------------- */

/* Every value counts as failed until the library has given it. */
static void clear_result(sweep *s)
{
  for (size_t i = 0; i < s->face.n_observables; i++) {
    lane from = lane_of(s, s->face.observables[i].kind);
    for (size_t j = 0; j < s->face.observables[i].n; j++) {
      (*from.value)[j] = (*from.error)[j] = NAN;
      (*from.status)[j] = ELFIN_E_ARGUMENT;
    }
  }
  for (size_t j = 0; j < s->request.n_thresholds; j++)
    s->result.rate_flags[j] = 0;
  s->result.evaluations = 0;
}

/* A value that nobody has touched (clear_result()) failed with its task. */
static const char *reason_of(elfin_status value, elfin_status task, const elfin_error *why)
{
  if (value == ELFIN_OK)
    return "the result is not a finite number";
  bool with_task = value == task || (task && value == ELFIN_E_ARGUMENT);
  return with_task && *why->text ? why->text : elfin_status_text(value);
}

/* Rates go with the cross section, or with the square of the kinetic mixing; a limit does not. */
static double scale_factor(const sweep *s, observable_kind kind, size_t i)
{
  if (kind == OBS_LIMIT)
    return 1;
  if (s->set[KEY_CROSS_SECTION])
    return s->set[KEY_CROSS_SECTION]->value[i];
  const setting *mixing = s->set[KEY_KINETIC_MIXING];
  return mixing ? mixing->value[i] * mixing->value[i] : 1;
}

static void put_observable(sweep *s, const campaign_observable *o, size_t task, elfin_status status,
                           const elfin_error *why, campaign_rows *rows)
{
  lane from = lane_of(s, o->kind);
  size_t at = rows->n * s->face.n_scale * o->n;
  uint64_t point = (uint64_t)task * s->face.n_scale * o->n;
  for (size_t i = 0; i < s->face.n_scale; i++) {
    double factor = scale_factor(s, o->kind, i);
    for (size_t j = 0; j < o->n; j++, at++, point++) {
      double value = factor * (*from.value)[j];
      elfin_status value_status = (*from.status)[j];
      bool done = value_status == ELFIN_OK &&
                  (isfinite(value) || (o->kind == OBS_LIMIT && !isnan(value)));
      rows->value[o->kind][at] = done ? value : NAN;
      rows->error[o->kind][at] = done ? factor * (*from.error)[j] : NAN;
      rows->status[o->kind][at] = done ? POINT_DONE : POINT_FAILED;
      if (!done)
        add_failure(rows, point, o->kind, reason_of(value_status, status, why));
    }
  }
}

static void put_tallies(const sweep *s, campaign_rows *rows)
{
  size_t n = s->face.observables[0].n, at = rows->n * s->face.n_scale * n;
  for (size_t i = 0; i < s->face.n_scale * n; i++) {
    rows->flags[at + i] = s->result.rate_flags[i % n];
    rows->evaluations[at + i] = i ? 0 : s->result.evaluations;
  }
}

/* What the sweep's experiment counts, and what it excludes; the first failure of the two. */
static elfin_status count_and_exclude(campaign *c, sweep *s, elfin_error *why)
{
  elfin_error excluded = {""};
  elfin_status counted = detectors_count(s, s->i_material, &s->result.evaluations, why);
  if (!s->limit || counted == ELFIN_E_MEMORY)
    return counted;
  elfin_status status = exclusion_at(c, s, &excluded);
  if (!status || counted)
    return counted;
  *why = excluded;
  return status;
}

elfin_status campaign_compute(campaign *c, size_t i_sweep, size_t task, campaign_rows *rows,
                              elfin_error *err)
{
  sweep *s = &c->sweeps[i_sweep];
  const setting *mass = s->set[KEY_MASS];
  elfin_error why;
  why.text[0] = '\0';
  assert(rows->n < rows->capacity && task < s->face.n_tasks);
  if (rows->n == 0) {
    rows->first = task;
    rows->n_failures = 0;
  }
  size_t outer = task / mass->n;
  if (outer != s->outer) {
    position p = {{0}};
    campaign_locate(&s->face, task, p.index);
    s->outer = outer;
    s->outer_status = configure(s, &p, &s->outer_error);
  }
  s->request.mass_eV = mass->value[task % mass->n];
  clear_result(s);
  elfin_status status = s->outer_status;
  if (status == ELFIN_OK)
    status = elfin_rate(s->face.process, &s->request, &s->result, &why);
  if (s->experiment && s->outer_status == ELFIN_OK && status != ELFIN_E_MEMORY) {
    elfin_error reason = {""};
    elfin_status counted = count_and_exclude(c, s, &reason);
    if (status == ELFIN_OK || counted == ELFIN_E_MEMORY) {
      status = counted;
      why = reason;
    }
  }
  if (status == ELFIN_E_MEMORY) {
    s->outer = SIZE_MAX;
    return elfin_fail(err, status, "sweep %s, task %zu: out of memory", s->face.name, task);
  }
  for (size_t i = 0; i < s->face.n_observables; i++)
    put_observable(s, &s->face.observables[i], task, status,
                   s->outer_status ? &s->outer_error : &why, rows);
  put_tallies(s, rows);
  rows->n++;
  return ELFIN_OK;
}
