/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file sum_rule_check.c
 * Which sum rules hold where: of one response against k, of all that a material has, of everything that
 * is shipped. A rule holds if it does to 1 %, which is what optical data is worth at best. */
#include "cli/sum_rule_check.h"
#include "cli/response_picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double HOLDS_TO = 0.01;

const double SUM_RULE_MOMENTA[] = {10, 100, 1e3, 2e3, 5e3, 1e4, 2e4};
const size_t N_SUM_RULE_MOMENTA = sizeof SUM_RULE_MOMENTA / sizeof *SUM_RULE_MOMENTA;

/** What a response says at one momentum, or over several: the worst of each rule. */
typedef struct rules {
  double f_low, f_high; /* NaN: nothing to compare with */
  double kk, kk_expected;
  double kk_off; /* of the larger of the two */
  size_t n;      /* momenta */
} rules;

static bool depends_on_k(const elfin_response *response)
{
  const char *kind = elfin_response_about(response).kind;
  return strcmp(kind, "phonon") != 0 && strcmp(kind, "optical") != 0;
}

static bool reaches(const elfin_response *response, double k)
{
  return k <= elfin_response_about(response).k_max_eV;
}

static elfin_status look(const elfin_response *response, double k, rules *r, elfin_error *err)
{
  double f = NAN, kk = NAN, expected = NAN;
  elfin_status status = elfin_response_sum_rules(response, k, &f, &kk, &expected, err);
  if (status)
    return status;
  double off = fabs(kk - expected) / fmax(fabs(kk), fabs(expected));
  *r = r->n ? *r : (rules){.f_low = f, .f_high = f};
  r->f_low = fmin(r->f_low, f);
  r->f_high = fmax(r->f_high, f);
  r->kk = kk;
  r->kk_expected = expected;
  r->kk_off = fmax(r->kk_off, off);
  r->n++;
  return ELFIN_OK;
}

static const char *verdict(const rules *r)
{
  bool f = fabs(r->f_low - 1) <= HOLDS_TO && fabs(r->f_high - 1) <= HOLDS_TO;
  bool kk = r->kk_off <= HOLDS_TO;
  if (isnan(r->f_low))
    return kk ? "kk holds" : "kk fails";
  return f && kk ? "both hold" : f ? "kk fails" : kk ? "f-sum fails" : "both fail";
}

/* ---- one response, against k -------------------------------------------------------------------- */

static cli_end print_momentum(const char *name, const elfin_response *response, const char *text,
                              double k)
{
  rules r = {0};
  elfin_error err = {""};
  elfin_status status = look(response, k, &r, &err);
  if (status)
    return cli_fail(status, &err);
  printf("%-18s  %9s  ", name, text);
  if (isnan(r.f_low))
    printf("%8s", "-");
  else
    printf("%8.4f", r.f_low);
  printf("  %9.5f  %9.5f  %s\n", r.kk, r.kk_expected, verdict(&r));
  return CLI_DONE;
}

static void print_heading(void)
{
  printf("%-18s  %9s  %8s  %9s  %9s  %s\n", "response", "k [eV]", "f-sum", "kk", "expected", "verdict");
}

static cli_end print_momenta(const char *name, const elfin_response *response, size_t n_k,
                             const double k[])
{
  cli_end end = CLI_DONE;
  char text[32];
  if (!depends_on_k(response))
    return print_momentum(name, response, "any", k[0]);
  for (size_t i = 0; i < n_k && end == CLI_DONE; i++) {
    snprintf(text, sizeof text, "%g", k[i]);
    if (reaches(response, k[i]))
      end = print_momentum(name, response, text, k[i]);
    else
      printf("%-18s  %9s  %8s  %9s  %9s  %s\n", name, text, "-", "-", "-", "beyond its momenta");
  }
  return end;
}

cli_end sum_rule_check_one(const char *name, const elfin_response *response, size_t n_k,
                           const double k[])
{
  print_heading();
  return print_momenta(name, response, n_k, k);
}

/* ---- all responses of a material ------------------------------------------------------------------ */

typedef cli_end use_response(const elfin_material *material, const char *name,
                             const elfin_response *response, size_t n_k, const double k[]);

static cli_end with_response(const elfin_material *material, const elfin_constants *constants,
                             const char *kind, elfin_configuration configuration, const char *name,
                             size_t n_k, const double k[], use_response *use)
{
  elfin_response *response = NULL;
  elfin_error err = {""};
  elfin_status status =
      response_picture_open(kind, configuration, material, constants, &response, &err);
  if (status == ELFIN_E_ARGUMENT)
    return CLI_DONE; /* the material does not have this one */
  if (status)
    return cli_fail(status, &err);
  cli_end end = use(material, name, response, n_k, k);
  elfin_response_free(response);
  return end;
}

/** Electronic kinds, the material's own tables among them, then phonons; `joined` has no rules. */
static cli_end with_all(const elfin_material *material, const elfin_constants *constants, size_t n_k,
                        const double k[], use_response *use)
{
  size_t n = 0;
  cli_end end = CLI_DONE;
  const elfin_response_kind *kinds = elfin_response_kinds(&n);
  const char *best = elfin_response_default(material);
  if (best && strpbrk(best, "/."))
    end = with_response(material, constants, best, ELFIN_ORDINARY, "table", n_k, k, use);
  for (size_t i = 0; i < n && end == CLI_DONE; i++)
    if (strcmp(kinds[i].name, "phonon") != 0 && strcmp(kinds[i].name, "joined") != 0)
      end = with_response(material, constants, kinds[i].name, ELFIN_ORDINARY, kinds[i].name, n_k, k,
                          use);
  for (size_t i = 0; i < material->n_response_tables && end == CLI_DONE; i++)
    end = with_response(material, constants, material->response_tables[i].name, ELFIN_ORDINARY,
                        material->response_tables[i].name, n_k, k, use);
  for (size_t i = 0; i < material->n_phonon_responses && end == CLI_DONE; i++) {
    const elfin_phonon_response *phonon = &material->phonon_responses[i];
    bool extraordinary = phonon->configuration == ELFIN_EXTRAORDINARY;
    char name[64];
    snprintf(name, sizeof name, "%s%s", phonon->name, extraordinary ? ", extraord." : "");
    end = with_response(material, constants, phonon->name, phonon->configuration, name, n_k, k, use);
  }
  return end;
}

static cli_end use_in_table(const elfin_material *material, const char *name,
                            const elfin_response *response, size_t n_k, const double k[])
{
  (void)material;
  return print_momenta(name, response, n_k, k);
}

cli_end sum_rule_check_all(const elfin_material *material, const elfin_constants *constants, size_t n_k,
                           const double k[])
{
  print_heading();
  cli_warn_of(material);
  return with_all(material, constants, n_k, k, use_in_table);
}

/* ---- all materials ---------------------------------------------------------------------------------- */

static cli_end use_in_summary(const elfin_material *material, const char *name,
                              const elfin_response *response, size_t n_k, const double k[])
{
  rules r = {0};
  elfin_error err = {""};
  for (size_t i = 0; i < n_k; i++) {
    elfin_status status = reaches(response, k[i]) ? look(response, k[i], &r, &err) : ELFIN_OK;
    if (status)
      return cli_fail(status, &err);
    if (!depends_on_k(response))
      break;
  }
  printf("%-10s  %-18s  ", material->name, name);
  if (isnan(r.f_low))
    printf("%-14s", "-");
  else
    printf("%.3f to %.3f", r.f_low, r.f_high);
  printf("  %6.2f %%  %s\n", 100 * r.kk_off, verdict(&r));
  return CLI_DONE;
}

cli_end sum_rule_check_summary(const elfin_constants *constants, size_t n_k, const double k[])
{
  size_t n = 0;
  char **names = NULL;
  elfin_error err = {""};
  cli_end end = CLI_DONE;
  elfin_status status = elfin_material_list(&n, &names, &err);
  if (status)
    return cli_fail(status, &err);
  printf("%-10s  %-18s  %-14s  %8s  %s\n", "material", "response", "f-sum", "kk off", "verdict");
  for (size_t i = 0; i < n; i++) {
    elfin_material *material = NULL;
    status = elfin_material_open(names[i], &material, &err);
    cli_end one = status ? cli_fail(status, &err)
                         : with_all(material, constants, n_k, k, use_in_summary);
    end = one == CLI_DONE ? end : one;
    elfin_material_free(material);
    free(names[i]);
  }
  free(names);
  return end;
}
