/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file detectors.c
 * What an experiment would count: a sweep with `detector` has the observable `events`, the expected
 * number in each of the experiment's bins.
 *
 * The detector is a linear map from rates in bins of ω to its own bins (experiment.h). Its edges and
 * weights depend on the material alone, and are made once; a task then asks for that spectrum and adds up.
 * Absorption is a line: all of its rate is at the mass, and weights are those there. */
#include "campaign/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- opening ----------------------------------------------------------------------------------- */

static bool is_path(const char *name)
{
  return strchr(name, '/') || targets_ends_in(name, ".yaml");
}

static const elfin_experiment *find_experiment(campaign *c, const sweep *s)
{
  const setting *set = s->set[KEY_DETECTOR];
  const char *said = s->given[KEY_DETECTOR] ? "detector" : "experiment";
  const char *key = is_path(set->text[0]) ? targets_path(c, set->text[0]) : set->text[0];
  elfin_experiment *made = NULL;
  elfin_error err = {""};
  for (size_t i = 0; key && i < c->n_experiments; i++)
    if (strcmp(c->experiments[i].key, key) == 0)
      return c->experiments[i].experiment;
  target_experiment *list = campaign_grow(c, c->experiments, c->n_experiments, sizeof *list);
  if (!list || !key)
    return NULL;
  c->experiments = list;
  elfin_status status = elfin_experiment_open(key, &made, &err);
  c->experiments[c->n_experiments++] = (target_experiment){key, made};
  if (status)
    targets_blame_file(c, s, set, 0, said, key, elfin_experiment_faults, status, &err);
  else
    targets_add_input(c, made->path, "experiment");
  if (made && made->table_path)
    targets_add_input(c, made->table_path, "charges");
  return made;
}

/* Assumptions are said once for each experiment, not in every sweep. */
static void warn_of_assumptions(campaign *c, const elfin_experiment *e)
{
  for (size_t i = 0; i < e->n_assumed; i++) {
    const char *text = campaign_keep_text(c, "%s: assumed: %s", e->name, e->assumed[i]);
    bool known = false;
    for (size_t k = 0; text && k < c->n_warnings; k++)
      known = known || strcmp(c->warnings[k], text) == 0;
    if (text && !known)
      campaign_warn(c, "%s", text);
  }
}

bool detectors_find(campaign *c, sweep *s, campaign_observable *o)
{
  const elfin_experiment *e = find_experiment(c, s);
  if (!e)
    return false;
  bool charges = e->charge != NULL;
  if (charges && s->bit & ~(schema_process_bit("electron") | schema_process_bit("migdal") |
                            schema_process_bit("absorption"))) {
    problems_add_at(c->list, setting_node(s->set[KEY_DETECTOR], 0, s->where),
                    "detector: %s counts electron-hole pairs, which the process %s does not make",
                    e->name, s->face.process);
    return false;
  }
  warn_of_assumptions(c, e);
  double *position = campaign_keep(c, e->n_bins, sizeof *position);
  for (size_t i = 0; position && i < e->n_bins; i++)
    position[i] = charges ? e->charge[i] : 0.5 * (e->edge_eV[i] + e->edge_eV[i + 1]);
  s->experiment = e;
  const char *name = s->set[KEY_DETECTOR]->text[0];
  s->face.experiment = is_path(name) ? targets_path(c, name) : name;
  s->face.bins_are_charges = charges;
  *o = (campaign_observable){OBS_EVENTS, "events", "bin", "1", e->n_bins, position};
  return position != NULL;
}

/* ---- edges and weights, of each material ------------------------------------------------------- */

static bool is_line(const sweep *s)
{
  return s->bit == schema_process_bit("absorption");
}

/* Anywhere: whether the material has what the experiment needs. */
static elfin_status weigh_a_line(campaign *c, const sweep *s, const elfin_material *m, detector *d,
                                 elfin_error *err)
{
  static const double somewhere = 1;
  d->n_edges = 1;
  d->weight = campaign_keep(c, s->experiment->n_bins, sizeof *d->weight);
  d->below = campaign_keep(c, s->experiment->n_events, sizeof *d->below);
  return d->weight ? elfin_experiment_weights(s->experiment, m, 1, &somewhere, d->weight, err)
                   : ELFIN_OK;
}

static elfin_status weigh_bins(campaign *c, const sweep *s, const elfin_material *m, detector *d,
                               elfin_error *err)
{
  double *edges = NULL;
  elfin_status status = elfin_experiment_edges(s->experiment, m, &d->n_edges, &edges, err);
  if (status)
    return status;
  size_t n = d->n_edges - 1;
  double *kept = campaign_keep(c, d->n_edges, sizeof *kept);
  d->weight = campaign_keep(c, s->experiment->n_bins * n, sizeof *d->weight);
  d->below = campaign_keep(c, s->experiment->n_events * n, sizeof *d->below);
  if (kept && d->weight && d->below) {
    memcpy(kept, edges, d->n_edges * sizeof *kept);
    d->edge_eV = kept;
    status = elfin_experiment_weights(s->experiment, m, d->n_edges, kept, d->weight, err);
  }
  if (!status && d->edge_eV && s->experiment->n_events)
    status = elfin_experiment_below(s->experiment, d->n_edges, kept, d->below, err);
  free(edges);
  return status;
}

static bool prepare(campaign *c, sweep *s, size_t i_material)
{
  const elfin_material *m = s->material[i_material];
  detector *d = &s->detectors[i_material];
  elfin_error err = {""};
  elfin_status status = is_line(s) ? weigh_a_line(c, s, m, d, &err) : weigh_bins(c, s, m, d, &err);
  if (status)
    targets_blame(c, s, s->set[KEY_MATERIAL], i_material, "detector", status, &err);
  else if (d->n_edges > s->n_detected)
    s->n_detected = d->n_edges;
  return !status;
}

void detectors_prepare(campaign *c, sweep *s)
{
  elfin_result *r = &s->detected;
  s->detectors = campaign_keep(c, s->face.n_materials, sizeof *s->detectors);
  for (size_t i = 0; s->detectors && i < s->face.n_materials && !c->no_memory; i++) {
    if (s->experiment->material && strcmp(s->experiment->material, s->material[i]->name) != 0)
      campaign_warn(c, "sweep %s: %s has a target of %s; what it would count with %s is another detector",
                    s->face.name, s->experiment->name, s->experiment->material, s->material[i]->name);
    prepare(c, s, i);
  }
  r->spectrum = campaign_keep(c, s->n_detected, sizeof *r->spectrum);
  r->spectrum_error = campaign_keep(c, s->n_detected, sizeof *r->spectrum_error);
  r->spectrum_status = campaign_keep(c, s->n_detected, sizeof *r->spectrum_status);
  s->below = campaign_keep(c, s->experiment->n_events, sizeof *s->below);
}

void detectors_close(campaign *c)
{
  for (size_t i = 0; i < c->n_experiments; i++)
    elfin_experiment_free(c->experiments[i].experiment);
}

/* ---- counting ----------------------------------------------------------------------------------- */

/* One bin: a bin of ω that has no weight in it may fail without harm. */
static void add_up(const sweep *s, const detector *d, size_t i_bin)
{
  size_t n = d->n_edges - 1;
  const double *weight = d->weight + i_bin * n;
  const elfin_result *r = &s->detected;
  double sum = 0, error = 0;
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; i < n && !status; i++) {
    double width = d->edge_eV[i + 1] - d->edge_eV[i];
    if (weight[i] == 0)
      continue;
    status = r->spectrum_status[i];
    sum += weight[i] * width * r->spectrum[i];
    error += weight[i] * width * r->spectrum_error[i];
  }
  s->events[i_bin] = sum;
  s->events_error[i_bin] = error;
  s->events_status[i_bin] = status;
}

static void add_up_below(const sweep *s, const detector *d, size_t i_event)
{
  size_t n = d->n_edges - 1;
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    if (d->below[i_event * n + i] != 0)
      sum += d->below[i_event * n + i] * (d->edge_eV[i + 1] - d->edge_eV[i]) * s->detected.spectrum[i];
  s->below[i_event] = sum;
}

/* All of the rate is at the mass. */
static elfin_status count_line(sweep *s, elfin_error *err)
{
  const elfin_experiment *e = s->experiment;
  const elfin_result *r = &s->result;
  detector *d = &s->detectors[s->i_material];
  double omega = s->request.mass_eV;
  elfin_status status = elfin_experiment_weights(e, s->request.material, 1, &omega, d->weight, err);
  if (!status && e->n_events)
    status = elfin_experiment_below(e, 1, &omega, d->below, err);
  for (size_t b = 0; b < e->n_bins; b++) {
    s->events[b] = d->weight[b] * r->rate[0];
    s->events_error[b] = d->weight[b] * r->rate_error[0];
    s->events_status[b] = status ? status : r->rate_status[0];
  }
  for (size_t j = 0; j < e->n_events; j++)
    s->below[j] = d->below[j] * r->rate[0];
  return status;
}

elfin_status detectors_count(sweep *s, size_t i_material, long *evaluations, elfin_error *err)
{
  const detector *d = &s->detectors[i_material];
  if (is_line(s))
    return count_line(s, err);
  elfin_request q = s->request;
  q.n_thresholds = q.n_at = q.n_charges = 0;
  q.n_edges = d->n_edges;
  q.edge_eV = d->edge_eV;
  q.n_sums = s->experiment->n_bins;
  q.sum_weight = d->weight;
  for (size_t i = 0; i + 1 < d->n_edges; i++) {
    s->detected.spectrum[i] = s->detected.spectrum_error[i] = NAN;
    s->detected.spectrum_status[i] = ELFIN_E_ARGUMENT;
  }
  s->detected.evaluations = 0;
  elfin_status status = elfin_rate(s->face.process, &q, &s->detected, err);
  for (size_t i = 0; i < s->experiment->n_bins; i++)
    add_up(s, d, i);
  for (size_t j = 0; j < s->experiment->n_events; j++)
    add_up_below(s, d, j);
  *evaluations += s->detected.evaluations;
  return status;
}
