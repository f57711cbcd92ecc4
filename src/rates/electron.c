/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron.c
 * Dark matter scatters off electrons [docs/electron.md; arXiv:2101.08275 eq. 10, arXiv:2104.12786].
 *
 *   d²R/dωdk = N k³ F(k)² W(ω,k) η(v_min) / (1 − e^{−ω/T})
 *   N        = (ρ_χ/m_χ)(1/ρ_T)(σ̄_e/(ħc)²)/μ_χe² · 1/(2π)² · 1/(2α) · (1 eV in 1/yr)
 *   F(k)     = ((α m_e)² + m_V²)/(k² + m_V²)
 *   v_min    = |(ω + δ)/k + k/(2 m_χ)|
 *   W        = Im[−1/ε] with screening, Im ε without
 *
 * A flux of any speed in place of a halo: electron_flux.c.
 *
 * R(E_th) is the integral over ω from E_th to the least of the response's end and m_χ v_max²/2 − δ,
 * and over all k with v_min < v_max. Cross section and thresholds share one integration: the
 * thresholds cut it into slices, from the highest down, and a rate is the sum of those above.
 */
#include "rates/rates.h"

#include "rates/electron_inner.h"

#include "elf/elf.h"
#include "elf/loss_rows.h"

#include <math.h>
#include <stdlib.h>

/* Slices take this share of the error each; what is left is for slices that do not matter. */
static const double SLICE_SHARE = 0.9;
/* How much more accurate a second look is. */
static const double SECOND_LOOK = 0.1;

void electron_put(electron *e, elfin_status status, const integral *from, double unit,
                  double *value, double *error, elfin_status *own)
{
  double scale = e->prefactor / unit;
  *value = status ? NAN : scale * from->value;
  *error = status ? NAN : scale * (from->error + e->interpolation_error * fabs(from->value));
  *own = status;
  if (status && !e->first_failure)
    e->first_failure = status;
}

/* ---- observables ----------------------------------------------------------------------------- */

static int from_the_highest(const void *a, const void *b)
{
  const threshold *x = a, *y = b;
  if (x->energy != y->energy)
    return x->energy < y->energy ? 1 : -1;
  return (x->index > y->index) - (x->index < y->index);
}

/* Of a rate, by large momenta: worth saying. */
static const double LARGE_SHARE = 0.2;

static unsigned flags_of(const electron *e, double energy, double value, double large,
                         double beyond_omega, double beyond_k, double below_k)
{
  unsigned flags = 0;
  double allowed = e->q->accuracy * value;
  if (energy >= e->omega_end)
    return ELFIN_FLAG_CLOSED;
  if (beyond_omega > allowed || energy >= e->omega_max)
    flags |= ELFIN_FLAG_OMEGA_RANGE;
  if (e->ends_below_cut && beyond_k > allowed)
    flags |= response_continues(e->q->response, true) ? ELFIN_FLAG_CONTINUED : ELFIN_FLAG_K_RANGE;
  if (below_k > allowed)
    flags |= response_continues(e->q->response, false) ? ELFIN_FLAG_CONTINUED : ELFIN_FLAG_K_LOW;
  if (energy < e->omega_min)
    flags |= ELFIN_FLAG_BELOW_RANGE;
  if (e->q->response->about.n_holes)
    flags |= ELFIN_FLAG_HOLES;
  if (energy < e->q->material->gap_eV.value) /* NaN: none is known */
    flags |= ELFIN_FLAG_BELOW_GAP;
  if (!e->q->response->table && large > LARGE_SHARE * value)
    flags |= ELFIN_FLAG_LARGE_MOMENTA;
  return flags;
}

/** Do rows and cubature differ by more than both allow? Cubature sometimes overlooks a ridge. */
static bool disagree(const integral *rows, const integral *cubature)
{
  return rows && fabs(rows->value - cubature->value) > rows->error + cubature->error;
}

elfin_status electron_add_slice(electron *e, double low, double high, double relative,
                                double absolute, const integral *rows, integral *above,
                                elfin_error *err)
{
  const integral before = *above;
  for (int attempt = 0; attempt < 2; attempt++) {
    integral slice = {0};
    elfin_status status = electron_slice(e, low, high, relative, absolute, &slice, err);
    *above = (integral){.value = before.value + slice.value, .error = before.error + slice.error};
    if (status || !disagree(rows, above))
      return status;
    relative *= SECOND_LOOK;
    absolute *= SECOND_LOOK;
  }
  return ELFIN_OK;
}

/** R(E_th) for all thresholds, from the highest down: by the response's rows where they are good
 * enough, else as the rate above the threshold before and the slice between the two. */
static elfin_status compute_rates(electron *e, elfin_result *result, elfin_error *err)
{
  const elfin_request *q = e->q;
  size_t n = q->n_thresholds;
  threshold few[16], *list = n <= 16 ? few : malloc(n * sizeof *list);
  if (!list)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu thresholds", n);
  for (size_t i = 0; i < n; i++)
    list[i] = (threshold){.energy = q->threshold_eV[i], .index = i};
  qsort(list, n, sizeof *list, from_the_highest);

  integral above = {0};
  double beyond_omega = n ? electron_tail_in_omega(e) : 0, beyond_k = 0, below_k = 0;
  double high = HUGE_VAL;
  elfin_status status = electron_rows(e, n, list, err);
  elfin_status failed = ELFIN_OK; /* once a slice fails, so do all rates that contain it */
  for (size_t i = 0; !status && i < n; i++) {
    double low = list[i].energy;
    double slack = (1 - SLICE_SHARE) * e->accuracy * above.value / (double)n;
    elfin_error *reason = e->first_failure ? NULL : err;
    if (!failed && low < high && !list[i].by_rows)
      failed = electron_add_slice(e, low, high, SLICE_SHARE * e->accuracy, slack,
                                  list[i].known ? &list[i].above : NULL, &above, reason);
    if (list[i].by_rows) {
      above = list[i].above;
      failed = ELFIN_OK;
    }
    if (e->ends_below_cut && low < high)
      beyond_k += electron_tail_in_k(e, low, high);
    if (e->k_first > 0 && low < high)
      below_k += electron_head_in_k(e, low, high);
    high = low;
    size_t at = list[i].index;
    electron_put(e, failed, &above, 1, &result->rate[at], &result->rate_error[at],
                 &result->rate_status[at]);
    if (result->rate_flags)
      result->rate_flags[at] = flags_of(e, low, above.value, list[i].large, beyond_omega,
                                         beyond_k, below_k);
  }
  if (list != few)
    free(list);
  return status;
}

static void compute_differential(electron *e, double omega, double *value, double *error,
                                 elfin_status *own, elfin_error *err)
{
  elfin_error *reason = e->first_failure ? NULL : err;
  integral line = {0};
  elfin_status status = ELFIN_OK;
  if (omega < e->omega_end && (omega < e->omega_min || omega > e->omega_max))
    status = elfin_fail(reason, ELFIN_E_VALIDITY, "%.6g eV lies beyond the response %s, which goes "
                        "from %.6g to %.6g eV", omega, e->q->response->name, e->omega_min,
                        e->omega_max);
  if (!status && omega < e->omega_end)
    status = electron_line(e, omega, &line, reason);
  electron_put(e, status, &line, 1, value, error, own);
}

elfin_status electron_check(const elfin_request *q, elfin_error *err)
{
  const elfin_material *m = q->material;
  if (!q->response)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: electron scattering needs a response", m->name);
  if (isinf(q->response->about.k_max_eV))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: response %s knows no momenta, and electron scattering "
                      "needs them; give mermin, lindhard or a table of omega, k, eps1, eps2", m->name,
                      q->response->name);
  if (q->flux && q->splitting_eV != 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "splitting %g eV: inelastic dark matter needs a halo, not "
                      "a flux; leave splitting out", q->splitting_eV);
  if (!(m->density_g_cm3.value > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: electron scattering needs a density", m->name);
  if (q->n_charges && !(m->gap_eV.value >= 0 && m->pair_energy_eV.value > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: a charge spectrum needs the gap and the energy per "
                      "electron-hole pair, and %s gives not both", m->name, m->path);
  return ELFIN_OK;
}

elfin_status electron_compute(const elfin_request *q, elfin_result *result, elfin_error *err)
{
  electron e;
  elfin_status status = electron_begin(&e, q, err);
  if (status)
    return status;
  status = compute_rates(&e, result, err);
  if (!status)
    status = electron_spectrum(&e, result, err);
  if (!status)
    status = electron_charges(&e, result, err);
  for (size_t i = 0; !status && i < q->n_at; i++)
    compute_differential(&e, q->at_eV[i], &result->differential[i],
                         &result->differential_error[i], &result->differential_status[i], err);
  result->evaluations = e.evaluations;
  electron_end(&e);
  return status ? status : e.first_failure;
}
