/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file prepare.c
 * What the tasks of a campaign share: each distinct combination of what a preparation may
 * depend on is prepared once, in parts that ranks may divide among themselves. Nothing here depends on masses,
 * so that the numbers do not depend on which tasks a rank does. */
#include "campaign/plan.h"

#include <string.h>

static bool is_known(const campaign *c, const preparation *wanted)
{
  for (size_t i = 0; i < c->n_preparations; i++) {
    const preparation *known = &c->preparations[i];
    if (known->request.response == wanted->request.response &&
        known->request.screening == wanted->request.screening &&
        known->request.accuracy == wanted->request.accuracy &&
        strcmp(known->process, wanted->process) == 0)
      return true;
  }
  return false;
}

static void add(campaign *c, preparation *wanted)
{
  if (is_known(c, wanted))
    return;
  preparation *list = campaign_grow(c, c->preparations, c->n_preparations, sizeof *list);
  if (!list)
    return;
  c->preparations = list;
  wanted->n_parts = elfin_rate_prepare_parts(wanted->process, &wanted->request);
  c->preparations[c->n_preparations++] = *wanted;
}

/* All screenings and accuracies of one response. */
static void add_response(campaign *c, const sweep *s, const elfin_request *base)
{
  const setting *screening = s->set[KEY_SCREENING], *accuracy = s->set[KEY_ACCURACY];
  size_t n_screening = screening ? screening->n : 1, n_accuracy = accuracy ? accuracy->n : 1;
  for (size_t i = 0; i < n_screening; i++)
    for (size_t k = 0; k < n_accuracy && !c->no_memory; k++) {
      preparation wanted = {s->face.process, *base, 0};
      if (screening)
        wanted.request.screening = screening->value[i] != 0;
      if (accuracy)
        wanted.request.accuracy = accuracy->value[k];
      add(c, &wanted);
    }
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
        base.response = responses_at(s, i, j, k / n_configurations, k % n_configurations);
        if (base.response)
          add_response(c, s, &base);
      }
}

void preparations_find(campaign *c)
{
  for (size_t i = 0; i < c->n_sweeps && !c->no_memory; i++)
    if (c->sweeps[i].response)
      find_of_sweep(c, &c->sweeps[i]);
}

size_t campaign_n_parts(const campaign *c)
{
  size_t n = 0;
  for (size_t i = 0; i < c->n_preparations; i++)
    n += c->preparations[i].n_parts;
  return n;
}

/* Which preparation a part of the campaign belongs to; *i_part becomes its number there. */
static const preparation *find_part(const campaign *c, size_t *i_part)
{
  for (size_t i = 0; i < c->n_preparations; i++) {
    if (*i_part < c->preparations[i].n_parts)
      return &c->preparations[i];
    *i_part -= c->preparations[i].n_parts;
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
