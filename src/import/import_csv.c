/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_csv.c
 * Columns of numbers in a text: ω, k, ε1, ε2; ω, k, ELF; or without k, for optical data, ω, ε1, ε2;
 * ω, n, κ. Commas, semicolons or blanks separate; `#` begins a comment; a head names the columns,
 * with units if it likes: "omega_eV,k [keV],eps1,eps2". Points may come in any order, and must be a
 * grid.
 *
 * From the ELF alone ε follows by Kramers and Kronig along each momentum,
 *
 *   Re 1/ε(ω) = 1 − (2/π) P∫ dω' ω' ELF(ω')/(ω'² − ω²),   Im 1/ε = −ELF,
 *
 * exactly for an ELF that is linear between its points and 0 outside.
 */
#include "import/import_grid.h"
#include "import/named_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct reading {
  const char *path;
  const named_columns *t;
  problems *list;
  elfin_error *err;
} reading;

/* ---- a grid of them ---------------------------------------------------------------------------
 */

static int by_place(const void *a, const void *b)
{
  const named_point *p = a, *q = b;
  if (p->value[NAMED_K] != q->value[NAMED_K])
    return p->value[NAMED_K] < q->value[NAMED_K] ? -1 : 1;
  if (p->value[NAMED_OMEGA] != q->value[NAMED_OMEGA])
    return p->value[NAMED_OMEGA] < q->value[NAMED_OMEGA] ? -1 : 1;
  return (p->line > q->line) - (p->line < q->line);
}

static int by_number(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** The different values of a column, ascending. NULL: no memory */
static double *different(const reading *r, named_quantity id, size_t *n)
{
  double *x = malloc(r->t->n * sizeof *x);
  if (!x)
    return NULL;
  for (size_t i = 0; i < r->t->n; i++)
    x[i] = r->t->points[i].value[id];
  qsort(x, r->t->n, sizeof *x, by_number);
  *n = 0;
  for (size_t i = 0; i < r->t->n; i++)
    if (i == 0 || x[i] > x[*n - 1])
      x[(*n)++] = x[i];
  return x;
}

static bool same_place(const named_point *a, const named_point *b)
{
  return a->value[NAMED_K] == b->value[NAMED_K] && a->value[NAMED_OMEGA] == b->value[NAMED_OMEGA];
}

/** Every momentum needs every energy, once. The points are sorted. @return how many are wrong */
static size_t check_places(const reading *r, const store_table *t)
{
  size_t n_wrong = 0, i = 0;
  for (size_t i_k = 0; i_k < t->n_k; i_k++)
    for (size_t i_omega = 0; i_omega < t->n_omega; i_omega++) {
      const named_point *p = i < r->t->n ? &r->t->points[i] : NULL;
      if (p && p->value[NAMED_K] == t->k[i_k] && p->value[NAMED_OMEGA] == t->omega[i_omega]) {
        for (i++; i < r->t->n && same_place(&r->t->points[i], p); i++, n_wrong++)
          problems_add(r->list, r->t->points[i].line, 0,
                       "the point omega = %.12g, k = %.12g stands in line %zu "
                       "already",
                       p->value[NAMED_OMEGA], p->value[NAMED_K], p->line);
        continue;
      }
      n_wrong++;
      problems_add(r->list, 0, 0,
                   "the point omega = %.12g, k = %.12g is missing: each of %zu momenta needs each "
                   "of %zu energies",
                   t->omega[i_omega], t->k[i_k], t->n_k, t->n_omega);
    }
  return n_wrong;
}

/** Numbers whose place is no number. @return how many */
static size_t check_numbers(const reading *r)
{
  size_t n_wrong = 0;
  for (size_t i = 0; i < r->t->n; i++)
    for (size_t j = 0; j < r->t->n_columns; j++)
      if (!isfinite(r->t->points[i].value[r->t->column[j]])) {
        problems_add(r->list, r->t->points[i].line, 0, "%g in column %zu is no value",
                     r->t->points[i].value[r->t->column[j]], j + 1);
        n_wrong++;
      }
  return n_wrong;
}

/* ---- ε -----------------------------------------------------------------------------------------
 */

/** P∫ L(x)/(x − c) dx for an L that is linear between the points. At a point, what is infinite of
 * the pieces on both sides cancels; at the ends it is left out. */
static double principal_value(size_t n, const double x[], const double L[], double c)
{
  double sum = 0;
  for (size_t i = 0; i + 1 < n; i++) {
    double slope = (L[i + 1] - L[i]) / (x[i + 1] - x[i]), at_c = L[i] + slope * (c - x[i]);
    sum += L[i + 1] - L[i];
    if (x[i + 1] != c)
      sum += at_c * log(fabs(x[i + 1] - c));
    if (x[i] != c)
      sum -= at_c * log(fabs(x[i] - c));
  }
  return sum;
}

/** ω'/(ω'² − ω²) = ½ [1/(ω' − ω) + 1/(ω' + ω)]. */
static void epsilon_of_loss(size_t n, const double omega[], const double L[], double eps1[],
                            double eps2[])
{
  static const double PI = 3.14159265358979323846;
  for (size_t i = 0; i < n; i++) {
    double re =
        1 - (principal_value(n, omega, L, omega[i]) + principal_value(n, omega, L, -omega[i])) / PI;
    double norm = re * re + L[i] * L[i];
    eps1[i] = re / norm;
    eps2[i] = L[i] / norm;
  }
}

static elfin_status fill(const reading *r, store_table *t)
{
  double *loss = malloc(r->t->n * sizeof *loss);
  if (!loss)
    return elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory", r->path);
  for (size_t i = 0; i < r->t->n; i++) {
    const double *v = r->t->points[i].value;
    loss[i] = v[NAMED_ELF];
    t->eps1[i] = r->t->has[NAMED_INDEX] ? v[NAMED_INDEX] * v[NAMED_INDEX] - v[NAMED_EXTINCTION] * v[NAMED_EXTINCTION] : v[NAMED_EPS1];
    t->eps2[i] = r->t->has[NAMED_INDEX] ? 2 * v[NAMED_INDEX] * v[NAMED_EXTINCTION] : v[NAMED_EPS2];
  }
  for (size_t j = 0; r->t->has[NAMED_ELF] && j < t->n_k; j++)
    epsilon_of_loss(t->n_omega, t->omega, loss + j * t->n_omega, t->eps1 + j * t->n_omega,
                    t->eps2 + j * t->n_omega);
  free(loss);
  bool noted =
      !r->t->has[NAMED_ELF] || store_table_note(t, "epsilon", "from the ELF, by Kramers and Kronig");
  return noted ? ELFIN_OK : elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory", r->path);
}

static elfin_status make_table(reading *r, store_table *t)
{
  if (check_numbers(r))
    return ELFIN_E_DATA;
  qsort(r->t->points, r->t->n, sizeof *r->t->points, by_place);
  t->omega = different(r, NAMED_OMEGA, &t->n_omega);
  t->k = different(r, NAMED_K, &t->n_k); /* optical data: the one momentum 0 */
  t->eps1 = calloc(r->t->n, sizeof *t->eps1);
  t->eps2 = calloc(r->t->n, sizeof *t->eps2);
  t->omega_units = strdup(*r->t->unit[NAMED_OMEGA] ? r->t->unit[NAMED_OMEGA] : "eV");
  t->k_units = strdup(*r->t->unit[NAMED_K] ? r->t->unit[NAMED_K] : "eV");
  if (!t->omega || !t->k || !t->eps1 || !t->eps2 || !t->omega_units || !t->k_units)
    return elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory", r->path);
  return check_places(r, t) ? ELFIN_E_DATA : fill(r, t);
}

elfin_status import_read_csv(const char *path, const char *columns, const char *units,
                             store_table **table, problems *list, elfin_error *err)
{
  named_columns *text = NULL;
  store_table *made = NULL;
  elfin_status status = named_columns_read(path, columns, units, false, &text, err);
  if (!status && !(made = calloc(1, sizeof *made)))
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", path);
  if (!status)
    status = make_table(&(reading){path, text, list, err}, made);
  named_columns_free(text);
  if (status)
    store_table_free(made);
  else
    *table = made;
  return status;
}
