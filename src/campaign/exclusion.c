/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file exclusion.c
 * What an experiment excludes: a sweep with `limit` has the observable `limit`, at each point of the
 * axes that number its tasks.
 *
 * Events are proportional to the cross section, or to the square of the kinetic mixing; those of a
 * task are per cm², or per κ² = 1, so that the strength of limit.h is the limit itself. It is made at
 * the end of a task, of that task's events alone: the same bits on any rank.
 *
 * Its error: events may be wrong by their estimated errors, and a limit goes with the inverse of
 * them. What one bin decides has that bin's relative error; what all decide, the largest of those
 * bins that matter at the limit. The Monte Carlo of some methods (limit.h) comes on top. */
#include "campaign/plan.h"

#include <math.h>
#include <string.h>

/* Fewer events in a bin, at the limit, cannot matter. */
static const double NOTHING = 1e-3;

/* ---- asking ----------------------------------------------------------------------------------- */

static elfin_limit_method method_of(const sweep *s)
{
  return (elfin_limit_method)s->set[KEY_METHOD]->value[0];
}

static bool is_of_events(elfin_limit_method method)
{
  return method >= ELFIN_N_BIN_METHODS;
}

void exclusion_choose_detector(campaign *c, sweep *s)
{
  const setting *own = s->given[KEY_EXPERIMENT] ? s->set[KEY_EXPERIMENT] : NULL;
  const setting *other = s->given[KEY_DETECTOR] ? s->set[KEY_DETECTOR] : NULL;
  bool wrong = (s->given[KEY_EXPERIMENT] && !own) || (s->given[KEY_DETECTOR] && !other);
  if (!s->limit_where || wrong) /* the latter: reported already */
    return;
  if (!own && !other)
    problems_add_at(c->list, s->limit_where,
                    "limit: whose? It lacks an experiment, and sweep %.100s has no detector; an "
                    "example: limit: %s",
                    s->face.name, schema_row(KEY_LIMIT)->example);
  else if (own && other && strcmp(own->text[0], other->text[0]) != 0)
    problems_add_at(c->list, setting_node(own, 0, s->limit_where),
                    "limit: experiment %.60s is not what the detector of sweep %.100s counts, "
                    "%.60s; give one of the two",
                    own->text[0], s->face.name, other->text[0]);
  else if (own)
    s->set[KEY_DETECTOR] = s->set[KEY_EXPERIMENT];
}

/* A list would only repeat the limit. */
static bool has_one_strength(campaign *c, const sweep *s, key_id id)
{
  const setting *set = s->set[id];
  if (!set || !set->listed || set->n == 1)
    return true;
  problems_add_at(c->list, set->where,
                  "%s: a limit does not depend on it, since events are proportional to it%s: beside "
                  "limit one value is wanted, not %zu",
                  schema_row(id)->name, id == KEY_KINETIC_MIXING ? " squared" : "", set->n);
  return false;
}

static double n_observed(const elfin_experiment *e)
{
  double n = 0;
  for (size_t b = 0; b < e->n_bins; b++)
    n += e->observed[b];
  return n;
}

static bool has_energies(campaign *c, const sweep *s)
{
  const elfin_experiment *e = s->experiment;
  elfin_limit_method method = method_of(s);
  const node *where = setting_node(s->set[KEY_METHOD], 0, s->limit_where);
  if (!is_of_events(method))
    return true;
  if (!e->edge_eV)
    problems_add_at(c->list, where, "method: %s looks between energies of events, and %s has bins of charge",
                    elfin_limit_method_name(method), e->name);
  else if ((double)e->n_events != n_observed(e))
    problems_add_at(c->list, where,
                    "method: %s looks between energies of events, and %s does not give those of its "
                    "%g events (events: {energies_eV: […]})",
                    elfin_limit_method_name(method), e->name, n_observed(e));
  else
    return true;
  return false;
}

bool exclusion_find(campaign *c, sweep *s, campaign_observable *o)
{
  elfin_error why = {""};
  bool fine = has_one_strength(c, s, KEY_CROSS_SECTION);
  fine = has_one_strength(c, s, KEY_KINETIC_MIXING) && fine;
  if (!s->set[KEY_METHOD] || !s->set[KEY_CL]) /* reported already */
    return false;
  fine = has_energies(c, s) && fine;
  double confidence = s->set[KEY_CL]->value[0];
  if (fine && elfin_limit_check(method_of(s), s->experiment->n_events, confidence, &why)) {
    problems_add_at(c->list, s->limit_where, "limit: %s", why.text);
    fine = false;
  }
  if (fine && method_of(s) == ELFIN_LIMIT_OPTIMUM_INTERVAL && !c->tables &&
      elfin_interval_tables_new(&c->tables, &why))
    c->no_memory = true;
  s->signal = campaign_keep(c, s->experiment->n_bins, sizeof *s->signal);
  s->face.limit_method = elfin_limit_method_name(method_of(s));
  s->face.limit_confidence = confidence;
  *o = (campaign_observable){OBS_LIMIT, "limit", NULL, s->set[KEY_KINETIC_MIXING] ? "1" : "cm2", 1, NULL};
  return fine && s->signal;
}

/* ---- answering --------------------------------------------------------------------------------- */

static double relative_error(const sweep *s, double strength, size_t i_bin)
{
  double largest = 0;
  for (size_t b = 0; b < s->experiment->n_bins; b++)
    if (b == i_bin || (i_bin == s->experiment->n_bins && strength * s->signal[b] > NOTHING))
      largest = fmax(largest, s->events_error[b] / s->signal[b]);
  return largest;
}

elfin_status exclusion_at(campaign *c, sweep *s, elfin_error *err)
{
  const elfin_experiment *e = s->experiment;
  size_t i_bin = e->n_bins;
  double strength = NAN;
  for (size_t b = 0; b < e->n_bins; b++) {
    if (s->events_status[b])
      return *s->limit_status = s->events_status[b];
    s->signal[b] = fmax(0, s->events[b]); /* below 0 by its error */
  }
  for (size_t j = 0; j < e->n_events; j++)
    s->below[j] = fmax(0, s->below[j]);
  const elfin_observation seen = {
      {e->n_bins, s->signal, e->background, e->observed}, e->n_events, s->below};
  elfin_status status = elfin_limit_strength(method_of(s), &seen, c->tables,
                                             s->face.limit_confidence, &strength, &i_bin, err);
  *s->limit_status = status;
  if (status)
    return status;
  double relative = isfinite(strength) ? relative_error(s, strength, i_bin) : NAN;
  bool squared = s->set[KEY_KINETIC_MIXING] != NULL;
  *s->limit = squared ? sqrt(strength) : strength;
  *s->limit_error = *s->limit * (squared ? 0.5 : 1) * relative;
  return ELFIN_OK;
}
