/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file prepare.c
 * What the tasks of a campaign share: each distinct combination of what a preparation may depend on
 * is prepared once, in parts that ranks may divide among themselves. Nothing here depends on
 * masses, so that the numbers do not depend on which tasks a rank does. */
#include "campaign/plan.h"

#include <string.h>

static bool same_text(const char *a, const char *b)
{
  return a == b || (a && b && strcmp(a, b) == 0);
}

/** The preparation of the same target and keys. */
static preparation *find_same(campaign *c, const preparation *wanted)
{
  const elfin_request *w = &wanted->request;
  for (size_t i = 0; i < c->n_preparations; i++) {
    preparation *known = &c->preparations[i];
    const elfin_request *k = &known->request;
    bool same_target =
        k->response == w->response &&
        (w->response || (k->material == w->material && k->constants == w->constants));
    if (same_target && k->screening == w->screening && k->accuracy == w->accuracy &&
        k->k_cut_eV == w->k_cut_eV && k->constant_charge == w->constant_charge &&
        k->expansion == w->expansion && same_text(k->nucleus, w->nucleus) &&
        strcmp(known->process, wanted->process) == 0)
      return known;
  }
  return NULL;
}

/** Of two that differ in the energies asked for alone, the one with more parts has those of the other. */
static void add(campaign *c, preparation *wanted)
{
  wanted->n_parts = elfin_rate_prepare_parts(wanted->process, &wanted->request);
  wanted->n_late = elfin_rate_prepare_late(wanted->process, &wanted->request);
  preparation *known = find_same(c, wanted);
  if (known) {
    if (wanted->n_parts > known->n_parts)
      *known = *wanted;
    return;
  }
  preparation *list = campaign_grow(c, c->preparations, c->n_preparations, sizeof *list);
  if (!list)
    return;
  c->preparations = list;
  c->preparations[c->n_preparations++] = *wanted;
}

/* The keys that a preparation may depend on, beside those that select the response. */
static const key_id matters[] = {KEY_SCREENING, KEY_ACCURACY,   KEY_KCUT,
                                 KEY_NUCLEUS,   KEY_ION_CHARGE, KEY_EXPANSION};
enum { N_MATTERS = sizeof matters / sizeof *matters };

static void set_request(elfin_request *q, key_id id, const setting *set, size_t i)
{
  switch (id) {
  case KEY_SCREENING: q->screening = set->value[i] != 0; break;
  case KEY_ACCURACY: q->accuracy = set->value[i]; break;
  case KEY_KCUT: q->k_cut_eV = set->value[i]; break;
  case KEY_NUCLEUS: q->nucleus = strcmp(set->text[i], "all") == 0 ? NULL : set->text[i]; break;
  case KEY_ION_CHARGE: q->constant_charge = set->value[i] != 0; break;
  case KEY_EXPANSION: q->expansion = (elfin_expansion)set->value[i]; break;
  default: break;
  }
}

/* All combinations of these for one response. */
static void add_response(campaign *c, const sweep *s, const elfin_request *base)
{
  size_t at[N_MATTERS] = {0}, i;
  do {
    preparation wanted = {s->face.process, *base, 0, 0};
    for (i = 0; i < N_MATTERS; i++)
      if (s->set[matters[i]])
        set_request(&wanted.request, matters[i], s->set[matters[i]], at[i]);
    add(c, &wanted);
    for (i = N_MATTERS; i-- > 0; at[i] = 0) /* the next one, the last key first */
      if (s->set[matters[i]] && ++at[i] < s->set[matters[i]]->n)
        break;
  } while (i < N_MATTERS && !c->no_memory);
}

static void find_of_sweep(campaign *c, const sweep *s)
{
  size_t n_conventions = s->set[KEY_CONVENTIONS]->n, n_responses = s->set[KEY_RESPONSE]->n;
  size_t n_configurations = s->set[KEY_CONFIGURATION] ? s->set[KEY_CONFIGURATION]->n : 1;
  elfin_request base = s->request;
  for (size_t i = 0; i < s->face.n_materials; i++)
    for (size_t j = 0; j < n_responses; j++)
      for (size_t k = 0; k < n_conventions * n_configurations && !c->no_memory; k++) {
        base.constants = s->constants[k / n_configurations];
        base.material = s->material[i];
        if (s->face.threshold_eV)
          base.threshold_eV = s->face.threshold_eV + i * s->face.n_thresholds;
        base.response = responses_at(s, i, j, k / n_configurations, k % n_configurations);
        if (base.response)
          add_response(c, s, &base);
      }
}

/* What is made of the material alone: phonons by direction. */
static void find_of_materials(campaign *c, const sweep *s)
{
  size_t n_conventions = s->set[KEY_CONVENTIONS]->n;
  for (size_t i = 0; i < s->face.n_materials * n_conventions && !c->no_memory; i++) {
    preparation wanted = {.process = s->face.process};
    elfin_request_defaults(&wanted.request);
    wanted.request.material = s->material[i / n_conventions];
    wanted.request.constants = s->constants[i % n_conventions];
    if (elfin_rate_prepare_parts(wanted.process, &wanted.request))
      add(c, &wanted);
  }
}

void preparations_find(campaign *c)
{
  for (size_t i = 0; i < c->n_sweeps && !c->no_memory; i++)
    if (c->sweeps[i].flux) /* is computed without */
      continue;
    else if (c->sweeps[i].response)
      find_of_sweep(c, &c->sweeps[i]);
    else
      find_of_materials(c, &c->sweeps[i]);
}

size_t campaign_n_parts(const campaign *c)
{
  size_t n = 0;
  for (size_t i = 0; i < c->n_preparations; i++)
    n += c->preparations[i].n_parts;
  return n;
}

size_t campaign_n_late_parts(const campaign *c)
{
  size_t n = 0;
  for (size_t i = 0; i < c->n_preparations; i++)
    n += c->preparations[i].n_late;
  return n;
}

/* Which preparation a part of the campaign belongs to; *i_part becomes its number there. Those that
 * are made of others come behind all others. */
static const preparation *find_part(const campaign *c, size_t *i_part)
{
  for (int late = 0; late < 2; late++)
    for (size_t i = 0; i < c->n_preparations; i++) {
      const preparation *p = &c->preparations[i];
      size_t n = late ? p->n_late : p->n_parts - p->n_late;
      if (*i_part < n) {
        *i_part += late ? p->n_parts - p->n_late : 0;
        return p;
      }
      *i_part -= n;
    }
  return NULL;
}

elfin_status campaign_make_part(campaign *c, size_t i_part, size_t *n, double **numbers,
                                elfin_error *err)
{
  const preparation *p = find_part(c, &i_part);
  if (!p)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "there are %zu parts to prepare", campaign_n_parts(c));
  return elfin_rate_prepare_make(p->process, &p->request, i_part, n, numbers, err);
}

elfin_status campaign_borrow_part(campaign *c, size_t i_part, size_t n, const double numbers[],
                                  elfin_error *err)
{
  const preparation *p = find_part(c, &i_part);
  if (!p)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "there are %zu parts to prepare", campaign_n_parts(c));
  return elfin_rate_prepare_borrow(p->process, &p->request, i_part, n, numbers, err);
}
