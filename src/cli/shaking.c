/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file shaking.c
 * dP/dω of the Migdal effect: opens the responses, asks libelfin, prints or lets report draw. */
#include "cli/shaking.h"

#include <elfin/rate.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_KINDS = 8, N_USUAL = 500 };
/* Without --omega: from the gap, or this, on [eV]. */
static const double USUAL_FROM = 1, USUAL_TO = 300;

typedef struct shaking {
  const shaking_options *o;
  const elfin_material *material;
  const char *nucleus;
  size_t n_omega, n;
  double *omega; /* [n_omega] */
  const char *name[MOST_KINDS], *source[MOST_KINDS];
  elfin_response *response[MOST_KINDS]; /* NULL: isolated atoms */
  double *per_eV[MOST_KINDS];
} shaking;

static bool choose_energies(shaking *s)
{
  const points *given = s->o->omega;
  double gap = s->material->gap_eV.value, from = gap > USUAL_FROM ? gap : USUAL_FROM;
  s->n_omega = given->n ? given->n : N_USUAL;
  s->omega = malloc(s->n_omega * sizeof *s->omega);
  for (size_t i = 0; s->omega && i < s->n_omega; i++)
    s->omega[i] =
        given->n ? given->value[i] : from * pow(USUAL_TO / from, (double)i / (N_USUAL - 1));
  return s->omega != NULL;
}

/** One curve more. */
static elfin_status add(shaking *s, const char *kind, elfin_error *err)
{
  elfin_request q;
  elfin_status status = ELFIN_OK;
  if (s->n == MOST_KINDS)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "--kind: at most %d of them", MOST_KINDS);
  elfin_response **response = &s->response[s->n];
  bool atomic = strcmp(kind, "atomic") == 0;
  if (!atomic)
    status =
        response_picture_open(kind, ELFIN_ORDINARY, s->material, s->o->constants, response, err);
  if (status)
    return status;
  s->name[s->n] = kind;
  s->source[s->n] = !atomic                 ? elfin_response_about(*response).source
                    : s->material->n_shells ? s->material->shells[0].source
                                            : NULL;
  double *per_eV = s->per_eV[s->n++] = malloc(s->n_omega * sizeof *per_eV);
  if (!per_eV)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu energies", s->n_omega);
  elfin_request_defaults(&q);
  q.constants = s->o->constants;
  q.material = s->material;
  q.response = *response;
  q.nucleus = s->o->nucleus;
  return elfin_migdal_probability(&q, s->o->recoil_eV, s->n_omega, s->omega, per_eV, err);
}

static elfin_status add_all(shaking *s, char *words, elfin_error *err)
{
  char *rest = words;
  elfin_status status = ELFIN_OK;
  for (char *word; !status && (word = response_picture_next_kind(&rest));)
    status = add(s, word, err);
  if (!status && s->n == 0)
    status =
        elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no response of its own; say which: --kind TABLE",
                   s->material->name);
  return status;
}

static void print(const shaking *s)
{
  puts("response,nucleus,recoil_eV,omega_eV,P_per_eV");
  for (size_t k = 0; k < s->n; k++)
    for (size_t i = 0; i < s->n_omega; i++)
      printf("%s,%s,%.17g,%.17g,%.17g\n", s->name[k], s->nucleus, s->o->recoil_eV, s->omega[i],
             s->per_eV[k][i]);
}

static elfin_status draw(const shaking *s, const report_image *to, elfin_error *err)
{
  report_shaking about = {.material = s->material->name,
                          .nucleus = s->nucleus,
                          .recoil_eV = s->o->recoil_eV,
                          .n = s->n,
                          .n_omega = s->n_omega,
                          .name = s->name,
                          .source = s->source,
                          .omega_eV = s->omega,
                          .per_eV = (const double *const *)s->per_eV};
  return report_plot_shaking(&about, to, err);
}

cli_end shaking_show(const shaking_options *o, const elfin_material *material,
                     const report_image *to)
{
  elfin_error err = {""};
  shaking s = {.o = o,
               .material = material,
               .nucleus = o->nucleus           ? o->nucleus
                          : material->n_nuclei ? material->nuclei[0].name
                                               : ""};
  const char *kinds = o->kinds ? o->kinds : elfin_response_default(material);
  char *words = strdup(kinds ? kinds : "");
  elfin_status status = words && choose_energies(&s)
                            ? add_all(&s, words, &err)
                            : elfin_fail(&err, ELFIN_E_MEMORY, "no memory for energies");
  if (!status && to)
    status = draw(&s, to, &err);
  else if (!status)
    print(&s);
  for (size_t i = 0; i < MOST_KINDS; i++) {
    elfin_response_free(s.response[i]);
    free(s.per_eV[i]);
  }
  free(s.omega);
  free(words);
  if (status)
    return cli_fail(status, &err);
  if (to && !to->script)
    cli_say("%s", to->path);
  return CLI_DONE;
}
