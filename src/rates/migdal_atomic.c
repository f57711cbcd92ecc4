/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file migdal_atomic.c
 * Ionisation of an isolated atom by a kick to its nucleus [docs/migdal.md, atomic; M. Ibe, W. Nakano,
 * Y. Shoji and K. Suzuki, arXiv:1707.07258]:
 *
 *   dP/dω = (E_N/2π)(2 m_e²/(m_N q_e²)) Σ_nl p_nl(E_e),    E_e = max(ω − E_nl, first energy of the data),
 *
 * with p_nl tabulated for q_e = 1 eV; 0 below E_nl and beyond the data. As every other response to a shaken
 * ion it is a function of ω alone, made once. */
#include "rates/migdal_atomic.h"

#include "material/prepared.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the largest value on a piece: far below what the data are known to. */
static const double TOLERANCE = 1e-7;
enum { ORDER = 8, MOST_SHELLS = 32 };

typedef struct selection {
  size_t n;
  const elfin_shell *of[MOST_SHELLS];
} selection;

/* ---- names of shells --------------------------------------------------------------------------- */

static const char LETTERS[] = "spdfghi";

static void name_of(const elfin_shell *shell, char name[8])
{
  snprintf(name, 8, "%d%c", shell->n, shell->l < (int)strlen(LETTERS) ? LETTERS[shell->l] : '?');
}

static elfin_status unknown(const elfin_material *m, const char *text, int length, elfin_error *err)
{
  char all[256] = "", name[8];
  size_t used = 0;
  for (size_t i = 0; i < m->n_shells && used < sizeof all; i++) {
    name_of(&m->shells[i], name);
    used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", i ? ", " : "", name);
  }
  return elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no shell %.*s; it has %s: join them by +, as in "
                    "3s+3p", m->name, length, text, all);
}

static bool has(const selection *s, const elfin_shell *shell)
{
  for (size_t i = 0; i < s->n; i++)
    if (s->of[i] == shell)
      return true;
  return false;
}

/** "3s+3p" → shells; NULL → all. */
static elfin_status select_shells(const elfin_material *m, const char *names, selection *s,
                                  elfin_error *err)
{
  *s = (selection){0};
  if (m->n_shells > MOST_SHELLS)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %zu shells; %d at most", m->name, m->n_shells,
                      MOST_SHELLS);
  for (size_t i = 0; !names && i < m->n_shells; i++)
    s->of[s->n++] = &m->shells[i];
  for (const char *at = names; at;) {
    int length = (int)strcspn(at, "+");
    const elfin_shell *found = NULL;
    for (size_t i = 0; i < m->n_shells; i++) {
      char name[8];
      name_of(&m->shells[i], name);
      if ((int)strlen(name) == length && strncmp(name, at, (size_t)length) == 0)
        found = &m->shells[i];
    }
    if (!found)
      return unknown(m, at, length, err);
    if (has(s, found))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "shells %s: %.*s is there twice", names, length, at);
    s->of[s->n++] = found;
    at = at[length] ? at + length + 1 : NULL;
  }
  return ELFIN_OK;
}

elfin_status migdal_atomic_check(const elfin_request *q, elfin_error *err)
{
  const elfin_material *m = q->material;
  selection s;
  if (m->n_shells == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %s gives no probabilities of ionisation, which "
                      "response: atomic needs", m->name, m->path);
  if (m->n_nuclei != 1)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s is a compound: response: atomic is for one element",
                      m->name);
  return select_shells(m, q->shells, &s, err);
}

/* ---- the series -------------------------------------------------------------------------------- */

static elfin_status sum_of_shells(void *context, size_t n, const double x[], double f[], double *noise,
                                  elfin_error *err)
{
  const selection *s = context;
  (void)err;
  *noise = 0;
  for (size_t i = 0; i < n; i++) {
    double omega = exp(x[i]);
    f[i] = 0;
    for (size_t k = 0; k < s->n; k++) {
      double energy = fmax(omega - s->of[k]->binding_eV, s->of[k]->energy_eV[0]), p = 0;
      if (omega >= s->of[k]->binding_eV)
        elfin_shell_at(s->of[k], 1, &energy, &p);
      f[i] += p;
    }
  }
  return ELFIN_OK;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** All ω at which some shell begins, ends or has a point; sorted. @return how many */
static size_t ends_of(const selection *s, double highest, double end[])
{
  size_t n = 0;
  double low = INFINITY;
  for (size_t k = 0; k < s->n; k++) {
    const elfin_shell *shell = s->of[k];
    low = fmin(low, shell->binding_eV);
    end[n++] = shell->binding_eV;
    for (size_t i = 0; i < shell->n_energies; i++)
      end[n++] = shell->binding_eV + shell->energy_eV[i];
  }
  qsort(end, n, sizeof *end, ascending);
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) { /* closer than rounding: one */
    double at = fmin(end[i], highest);
    if (at >= low && (kept == 0 || at > end[kept - 1] * (1 + 1e-12)))
      end[kept++] = at;
  }
  return kept;
}

static void free_series(void *object)
{
  series_clear(object);
  free(object);
}

static elfin_status make(const elfin_request *q, const selection *s, series *made, elfin_error *err)
{
  size_t n = 0;
  for (size_t k = 0; k < s->n; k++)
    n += s->of[k]->n_energies + 1;
  double *end = malloc(n * sizeof *end);
  if (!end)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the shells of %s", q->material->name);
  selection copy = *s;
  series_request r = {.order = ORDER, .relative = TOLERANCE, .f = sum_of_shells, .context = &copy};
  elfin_status status = ELFIN_OK;
  n = ends_of(s, q->constants->analytic_omega_max_eV, end);
  for (size_t i = 0; i + 1 < n && !status; i++)
    status = series_append(made, &r, log(end[i]), log(end[i + 1]), err);
  free(end);
  return status;
}

elfin_status migdal_atomic_series(const elfin_request *q, const series **found, elfin_error *err)
{
  char key[160];
  snprintf(key, sizeof key, "atomic %.100s %s", q->shells ? q->shells : "all", q->constants->name);
  *found = material_prepared(q->material, key);
  if (*found)
    return ELFIN_OK;
  selection s;
  elfin_status status = select_shells(q->material, q->shells, &s, err);
  if (status)
    return status;
  series *made = calloc(1, sizeof *made);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the shells of %s", q->material->name);
  status = make(q, &s, made, err);
  if (status) {
    free_series(made);
    return status;
  }
  *found = made;
  return material_prepare(q->material, key, made, free_series, err);
}
