/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file observables.c
 * Thresholds, bins, charges and points [observables.h].
 *
 * Thresholds cut the energies into slices, from the highest down; a rate is the sum of those above
 * it. Each slice takes SLICE_SHARE of the error that its own value may have; the rest is for slices
 * that hardly matter beside those above. */
#include "rates/observables.h"

#include <math.h>
#include <stdlib.h>

static const double SLICE_SHARE = 0.9;
enum { FEW_THRESHOLDS = 16 };

typedef struct work {
  const rate_source *from;
  long evaluations;
  elfin_status first_failure;
  elfin_error *err;
} work;

/** Where a reason goes: only the first one is kept. */
static elfin_error *reason(const work *w)
{
  return w->first_failure ? NULL : w->err;
}

static elfin_status slice(work *w, double low, double high, double relative, double absolute,
                          integral *out)
{
  const rate_source *from = w->from;
  low = fmax(low, from->omega_min);
  high = fmin(high, from->beyond_end ? from->omega_max : fmin(from->omega_max, from->omega_end));
  *out = (integral){0};
  if (!(low < fmin(high, from->omega_end)))
    return ELFIN_OK;
  elfin_status status =
      from->slice(from->context, low, high, relative, absolute, out, reason(w));
  w->evaluations += out->evaluations;
  return status;
}

/** An integral as the caller wants it; NaN if it failed. */
static void put(work *w, elfin_status status, const integral *from, double unit, double *value,
                double *error, elfin_status *own)
{
  double scale = w->from->scale / unit;
  *value = status ? NAN : scale * from->value;
  *error = status ? NAN : scale * (from->error + w->from->own_error * fabs(from->value));
  *own = status;
  if (status && !w->first_failure)
    w->first_failure = status;
}

/* ---- rates above thresholds ------------------------------------------------------------------ */

typedef struct threshold {
  double energy;
  size_t index;
} threshold;

static int from_the_highest(const void *a, const void *b)
{
  const threshold *x = a, *y = b;
  if (x->energy != y->energy)
    return x->energy < y->energy ? 1 : -1;
  return (x->index > y->index) - (x->index < y->index);
}

static unsigned flags_of(const rate_source *from, double energy, double value)
{
  if (energy >= from->omega_end)
    return ELFIN_FLAG_CLOSED;
  unsigned flags = from->flags ? from->flags(from->context, energy, value) : 0;
  if (energy >= from->omega_max)
    flags |= ELFIN_FLAG_OMEGA_RANGE;
  if (energy < from->omega_min)
    flags |= ELFIN_FLAG_BELOW_RANGE;
  return flags;
}

static elfin_status compute_rates(work *w, const elfin_request *q, elfin_result *result)
{
  size_t n = q->n_thresholds;
  threshold few[FEW_THRESHOLDS], *list = n <= FEW_THRESHOLDS ? few : malloc(n * sizeof *list);
  if (!list)
    return elfin_fail(w->err, ELFIN_E_MEMORY, "no memory for %zu thresholds", n);
  for (size_t i = 0; i < n; i++)
    list[i] = (threshold){q->threshold_eV[i], i};
  qsort(list, n, sizeof *list, from_the_highest);

  integral above = {0};
  double accuracy = w->from->accuracy, high = HUGE_VAL;
  elfin_status failed = ELFIN_OK; /* once a slice fails, so do all rates that contain it */
  for (size_t i = 0; i < n; i++) {
    double low = list[i].energy;
    double slack = (1 - SLICE_SHARE) * accuracy * fabs(above.value) / (double)n;
    integral part = {0};
    if (!failed && low < high)
      failed = slice(w, low, high, SLICE_SHARE * accuracy, slack, &part);
    above.value += part.value;
    above.error += part.error;
    high = low;
    size_t at = list[i].index;
    put(w, failed, &above, 1, &result->rate[at], &result->rate_error[at], &result->rate_status[at]);
    if (result->rate_flags)
      result->rate_flags[at] = flags_of(w->from, low, above.value);
  }
  if (list != few)
    free(list);
  return ELFIN_OK;
}

/* ---- bins and points ------------------------------------------------------------------------- */

/** A bin that reaches beyond the data is refused: a part of it would look like the whole. */
static elfin_status check_bin(const work *w, double low, double high)
{
  const rate_source *from = w->from;
  double last = fmin(high, from->omega_end); /* above it there is nothing to know */
  if (low >= from->omega_end || (last <= from->omega_max && high > from->omega_min))
    return ELFIN_OK;
  return elfin_fail(reason(w), ELFIN_E_VALIDITY, "%.6g to %.6g eV lies beyond %s, which goes from "
                    "%.6g to %.6g eV", low, high, from->data, from->omega_min, from->omega_max);
}

static void compute_bin(work *w, double low, double high, double unit, double *value, double *error,
                        elfin_status *own)
{
  integral bin = {0};
  elfin_status status = check_bin(w, low, high);
  if (!status)
    status = slice(w, low, high, w->from->accuracy, 0, &bin);
  put(w, status, &bin, unit, value, error, own);
}

static void compute_point(work *w, double omega, double *value, double *error, elfin_status *own)
{
  const rate_source *from = w->from;
  integral at = {0};
  elfin_status status = ELFIN_OK;
  if (omega < from->omega_end && (omega < from->omega_min || omega > from->omega_max))
    status = elfin_fail(reason(w), ELFIN_E_VALIDITY, "%.6g eV lies beyond %s, which goes from %.6g "
                        "to %.6g eV", omega, from->data, from->omega_min, from->omega_max);
  else if (omega < from->omega_end)
    status = from->point(from->context, omega, from->accuracy, &at, reason(w));
  w->evaluations += at.evaluations;
  put(w, status, &at, 1, value, error, own);
}

elfin_status observables_check_charge(const elfin_request *q, elfin_error *err)
{
  const elfin_material *m = q->material;
  if (q->n_charges && !(m->gap_eV.value >= 0 && m->pair_energy_eV.value > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: a charge spectrum needs the gap and the energy per "
                      "electron-hole pair, and %s gives not both", m->name, m->path);
  return ELFIN_OK;
}

elfin_status observables_compute(const rate_source *from, const elfin_request *q,
                                 elfin_result *result, elfin_error *err)
{
  work w = {.from = from, .err = err};
  elfin_status status = compute_rates(&w, q, result);
  for (size_t i = 0; i + 1 < q->n_edges; i++)
    compute_bin(&w, q->edge_eV[i], q->edge_eV[i + 1], q->edge_eV[i + 1] - q->edge_eV[i],
                &result->spectrum[i], &result->spectrum_error[i], &result->spectrum_status[i]);
  double gap = q->material->gap_eV.value, pair = q->material->pair_energy_eV.value;
  for (size_t i = 0; i < q->n_charges; i++) /* bin Q = i + 1 */
    compute_bin(&w, gap + (double)i * pair, gap + (double)(i + 1) * pair, 1, &result->charge[i],
                &result->charge_error[i], &result->charge_status[i]);
  for (size_t i = 0; i < q->n_at; i++)
    compute_point(&w, q->at_eV[i], &result->differential[i], &result->differential_error[i],
                  &result->differential_status[i]);
  result->evaluations = w.evaluations;
  return status ? status : w.first_failure;
}
