/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron_bins.c
 * Electron scattering in bins of ω: spectrum and charges [electron.c].
 *
 * All bins are asked of the response's rows first. A bin of which those are not sure enough is left to
 * the integrator: one in which the window is nearly closed, or that rows do not know. How sure is enough
 * depends on what bins are for. Each of them gets the accuracy that was asked for, unless the request
 * names sums of bins: then these get it, and a bin that hardly counts may be as rough as it is.
 */
#include "rates/electron_inner.h"

#include "elf/elf.h"

#include <math.h>
#include <stdlib.h>

/* Of what a sum may be wrong, bins that the integrator does have this share, each of its own value; what
 * is left is for those that do not matter. */
static const double BIN_SHARE = 0.9;

typedef struct bins {
  size_t n;
  const double *edge; /* [n + 1] ascending */
  size_t n_sums;
  const double *weight; /* [n_sums * n] */
  integral *bin;        /* [n] without N */
  bool *known;          /* [n] */
  elfin_status *own;    /* [n] */
} bins;

/** A bin that reaches beyond the response is refused: a part of it would look like the whole. */
static elfin_status check_bin(const electron *e, double low, double high, elfin_error *err)
{
  if (low >= e->omega_end || (high <= e->omega_max && high > e->omega_min))
    return ELFIN_OK;
  if (high > e->omega_max && e->omega_end <= e->omega_max)
    return ELFIN_OK;
  return elfin_fail(err, ELFIN_E_VALIDITY, "%.6g to %.6g eV lies beyond the response %s, which goes "
                    "from %.6g to %.6g eV", low, high, e->q->response->name, e->omega_min,
                    e->omega_max);
}

static void integrate_bin(electron *e, bins *b, size_t i, double relative, double absolute,
                          elfin_error *err)
{
  elfin_error *reason = e->first_failure ? NULL : err;
  const integral rows = b->bin[i];
  b->bin[i] = (integral){0};
  b->own[i] = electron_add_slice(e, b->edge[i], b->edge[i + 1], relative, absolute,
                                 b->known[i] ? &rows : NULL, &b->bin[i], reason);
  if (b->own[i] && !e->first_failure)
    e->first_failure = b->own[i];
}

/* ---- each bin alone -------------------------------------------------------------------------- */

static void settle_each(electron *e, bins *b, elfin_error *err)
{
  for (size_t i = 0; i < b->n; i++)
    if (!b->own[i] && !(b->known[i] && b->bin[i].error <= e->accuracy * b->bin[i].value))
      integrate_bin(e, b, i, e->accuracy, 0, err);
}

/* ---- sums of bins ---------------------------------------------------------------------------- */

static integral sum_of(const bins *b, size_t i_sum)
{
  integral sum = {0};
  const double *weight = b->weight + i_sum * b->n;
  for (size_t i = 0; i < b->n; i++)
    if (b->known[i] && !b->own[i]) {
      sum.value += weight[i] * b->bin[i].value;
      sum.error += weight[i] * b->bin[i].error;
    }
  return sum;
}

/** How wrong a bin may be so that n of them together matter to no sum. */
static double slack_of(const electron *e, const bins *b, size_t i)
{
  double slack = HUGE_VAL;
  for (size_t s = 0; s < b->n_sums; s++) {
    double weight = b->weight[s * b->n + i];
    if (weight > 0)
      slack = fmin(slack, fmax(0, sum_of(b, s).value) / (weight * (double)b->n));
  }
  return (1 - BIN_SHARE) * e->accuracy * slack;
}

/** The bin by rows that does most to a sum that is not sure enough. @return n: all sums are */
static size_t worst_of(const electron *e, const bins *b, const bool by_rows[])
{
  size_t worst = b->n;
  double most = 0;
  for (size_t s = 0; s < b->n_sums; s++) {
    integral sum = sum_of(b, s);
    if (sum.error <= e->accuracy * sum.value)
      continue;
    for (size_t i = 0; i < b->n; i++) {
      double part = b->weight[s * b->n + i] * b->bin[i].error / sum.error;
      if (by_rows[i] && part > most) {
        most = part;
        worst = i;
      }
    }
  }
  return worst;
}

static elfin_status settle_sums(electron *e, bins *b, elfin_error *err)
{
  bool *by_rows = malloc(b->n * sizeof *by_rows);
  if (!by_rows)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu bins", b->n);
  for (size_t i = 0; i < b->n; i++)
    by_rows[i] = b->known[i] && !b->own[i];
  for (size_t i = 0; i < b->n; i++)
    if (!b->known[i] && !b->own[i]) {
      integrate_bin(e, b, i, BIN_SHARE * e->accuracy, slack_of(e, b, i), err);
      b->known[i] = true;
    }
  for (size_t i; (i = worst_of(e, b, by_rows)) < b->n; by_rows[i] = false)
    integrate_bin(e, b, i, BIN_SHARE * e->accuracy, slack_of(e, b, i), err);
  free(by_rows);
  return ELFIN_OK;
}

/* ---- observables ----------------------------------------------------------------------------- */

/** Refused bins, and bins of which rows say 0 although their window is not closed: it fell between them. */
static void check_bins(electron *e, bins *b, elfin_error *err)
{
  for (size_t i = 0; i < b->n; i++) {
    elfin_error *reason = e->first_failure ? NULL : err;
    b->own[i] = check_bin(e, b->edge[i], b->edge[i + 1], reason);
    if (b->own[i] && !e->first_failure)
      e->first_failure = b->own[i];
    b->known[i] = b->known[i] && (b->bin[i].value > 0 || b->edge[i] >= e->omega_end);
  }
}

static elfin_status compute_bins(electron *e, bins *b, elfin_error *err)
{
  b->bin = calloc(b->n, sizeof *b->bin);
  b->known = calloc(b->n, sizeof *b->known);
  if (!b->bin || !b->known)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu bins", b->n);
  elfin_status status = electron_row_bins(e, b->n + 1, b->edge, b->bin, b->known, err);
  if (status)
    return status;
  check_bins(e, b, err);
  if (b->n_sums)
    return settle_sums(e, b, err);
  settle_each(e, b, err);
  return ELFIN_OK;
}

static void free_bins(bins *b)
{
  free(b->bin);
  free(b->known);
}

elfin_status electron_spectrum(electron *e, elfin_result *result, elfin_error *err)
{
  const elfin_request *q = e->q;
  if (q->n_edges == 0)
    return ELFIN_OK;
  bins b = {.n = q->n_edges - 1,
            .edge = q->edge_eV,
            .n_sums = q->n_sums,
            .weight = q->sum_weight,
            .own = result->spectrum_status};
  elfin_status status = compute_bins(e, &b, err);
  for (size_t i = 0; !status && i < b.n; i++)
    electron_put(e, b.own[i], &b.bin[i], b.edge[i + 1] - b.edge[i], &result->spectrum[i],
                 &result->spectrum_error[i], &b.own[i]);
  free_bins(&b);
  return status;
}

void electron_charge_edges(const elfin_request *q, double edge[])
{
  double gap = q->material->gap_eV.value, pair = q->material->pair_energy_eV.value;
  for (size_t i = 0; i <= q->n_charges; i++)
    edge[i] = gap + (double)i * pair;
}

elfin_status electron_charges(electron *e, elfin_result *result, elfin_error *err)
{
  size_t n = e->q->n_charges;
  if (n == 0)
    return ELFIN_OK;
  double *edge = malloc((n + 1) * sizeof *edge);
  if (!edge)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu charges", n);
  electron_charge_edges(e->q, edge);
  bins b = {.n = n, .edge = edge, .own = result->charge_status};
  elfin_status status = compute_bins(e, &b, err);
  for (size_t i = 0; !status && i < n; i++)
    electron_put(e, b.own[i], &b.bin[i], 1, &result->charge[i], &result->charge_error[i],
                 &b.own[i]);
  free_bins(&b);
  free(edge);
  return status;
}
