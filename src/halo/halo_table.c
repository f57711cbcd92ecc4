/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_table.c
 * A halo given by its mean inverse speed at points, linear in between.
 *
 * From η(v_min) = ∫ f1(v)/v dv above v_min follows f1 = −v dη/dv: between points a constant
 * times v. At a point the slope of the cell above it counts.
 */
#include "halo/halo_inner.h"
#include "halo/pairs.h"

#include "numerics/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct halo_table {
  size_t n;
  double *v, *eta; /* [n] */
  grid cells;
} halo_table;

static void table_clear(void *own)
{
  halo_table *t = own;
  grid_clear(&t->cells);
  free(t->v);
  free(t->eta);
  free(t);
}

static void table_eta(const elfin_halo *halo, size_t n, const double v_min[], double eta[])
{
  const halo_table *t = halo->own;
  for (size_t i = 0; i < n; i++) {
    double v = v_min[i];
    if (isnan(v) || v >= halo->v_max) {
      eta[i] = isnan(v) ? NAN : 0;
    } else if (v <= t->v[0]) {
      eta[i] = t->eta[0];
    } else {
      size_t j = grid_cell(&t->cells, v);
      eta[i] = t->eta[j + 1] +
               (t->eta[j] - t->eta[j + 1]) * ((t->v[j + 1] - v) / (t->v[j + 1] - t->v[j]));
    }
  }
}

static void table_f1(const elfin_halo *halo, size_t n, const double v[], double f1[])
{
  const halo_table *t = halo->own;
  for (size_t i = 0; i < n; i++) {
    if (isnan(v[i])) {
      f1[i] = NAN;
    } else if (v[i] < t->v[0] || v[i] >= halo->v_max) {
      f1[i] = 0;
    } else {
      size_t j = grid_cell(&t->cells, v[i]);
      f1[i] = v[i] * (t->eta[j] - t->eta[j + 1]) / (t->v[j + 1] - t->v[j]);
    }
  }
}

static elfin_status check_points(size_t n, const double v[], const double eta[], elfin_error *err)
{
  if (n < 2)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a halo table needs at least 2 points, not %zu", n);
  for (size_t i = 0; i < n; i++) {
    if (!(v[i] >= 0 && v[i] < 1))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "v_min[%zu] = %g c: it must lie between 0 and 1, "
                        "in units of c", i, v[i]);
    if (i && !(v[i] > v[i - 1]))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "v_min[%zu] = %g c does not ascend after "
                        "%g c", i, v[i], v[i - 1]);
    if (!(eta[i] >= 0 && isfinite(eta[i])))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "eta[%zu] = %g/c: it must be finite and not "
                        "negative", i, eta[i]);
    if (i && eta[i] > eta[i - 1])
      return elfin_fail(err, ELFIN_E_ARGUMENT, "eta[%zu] = %g/c ascends (before it: %g/c); a mean "
                        "inverse speed cannot", i, eta[i], eta[i - 1]);
  }
  if (eta[n - 1] > 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "eta[%zu] = %g/c: the last one must be 0, the end of "
                      "the halo", n - 1, eta[n - 1]);
  return ELFIN_OK;
}

elfin_status elfin_halo_new_table(size_t n, const double v_min[], const double eta[],
                                  elfin_halo **halo, elfin_error *err)
{
  static const halo_kind kind = {.eta = table_eta, .f1 = table_f1, .clear = table_clear};
  elfin_status status = check_points(n, v_min, eta, err);
  if (status)
    return status;
  halo_table *t = calloc(1, sizeof *t);
  elfin_halo *made = halo_new(&kind, t);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a halo");
  t->n = n;
  t->v = malloc(n * sizeof *t->v);
  t->eta = malloc(n * sizeof *t->eta);
  if (!t->v || !t->eta) {
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for a halo of %zu points", n);
  } else {
    memcpy(t->v, v_min, n * sizeof *t->v);
    memcpy(t->eta, eta, n * sizeof *t->eta);
    status = grid_init(&t->cells, n, t->v, err);
  }
  if (status) {
    elfin_halo_free(made);
    return status;
  }
  made->v_max = v_min[n - 1];
  made->kinks = v_min[0] > 0 ? t->v : t->v + 1; /* one at 0 is no kink for v ≥ 0 */
  made->n_kinks = v_min[0] > 0 ? n : n - 1;
  return halo_finish(made, halo, err);
}

/** The same checks as above, row by row. */
static const char *fault(const double row[2], const double *before, bool last)
{
  if (row[0] < 0 || row[1] < 0)
    return "neither v_min nor eta may be negative";
  if (before && !(row[0] > before[0]))
    return "v_min must ascend";
  if (before && row[1] > before[1])
    return "eta must not ascend";
  return last && row[1] > 0 ? "the last eta must be 0, the end of the halo" : NULL;
}

static elfin_status make(size_t n, const double v_min[], const double eta[], void **made, elfin_error *err)
{
  elfin_halo *halo = NULL;
  elfin_status status = elfin_halo_new_table(n, v_min, eta, &halo, err);
  *made = halo;
  return status;
}

elfin_status elfin_halo_open_table(const char *path, double c_km_s, elfin_halo **halo,
                                   elfin_error *err)
{
  const pairs_form form = {"v_min", " km/s", "eta", "/(km/s)", c_km_s, c_km_s, fault};
  void *made = NULL;
  elfin_status status = pairs_open(path, &form, make, &made, err);
  if (!status)
    *halo = made;
  return status;
}
