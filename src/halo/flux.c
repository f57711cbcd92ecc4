/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file flux.c
 * A flux dΦ/dv, linear between the points of a table [docs/electron.md].
 *
 *   H_j(v_min) = ∫_{v_min}^{v_max} dv (a + b v) v^{−2} (1 − v²)^{j/2},   j = 0, 1, 2
 *
 * in closed form from point to point: with s = √(1 − v²) the two integrals of a cell are
 *   j = 0:  −1/v              ln v
 *   j = 1:  −s/v − asin v     s + ln(v/(1 + s))
 *   j = 2:  −1/v − v          ln v − v²/2
 * and the sums over whole cells are made once, from the fast end, so that none cancels.
 *
 * Delicate: where a cell is narrow, or v close to 1 (where 1/γ vanishes), its two ends give nearly equal
 * numbers. There Gauss' rule does the integral.
 */
#include "halo/flux_moments.h"

#include "halo/gauss.h"
#include "halo/pairs.h"
#include "numerics/grid.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Gauss' rule with 16 points is exact to rounding where the width is below this times v, and above
 * this v at any width. */
static const double NARROW = 0.5, FAST = 0.5;

struct elfin_flux {
  size_t n;
  double *v, *flux; /* [n] */
  double *above;    /* [n][FLUX_N_MOMENTS] H_j at the points */
  double total;
  grid cells;
};

/* ---- one cell -------------------------------------------------------------------------------- */

/** The antiderivatives of v^{−2} (1 − v²)^{j/2} and v^{−1} (1 − v²)^{j/2}. */
static void antiderivatives(double v, double of_square[FLUX_N_MOMENTS],
                            double of_first[FLUX_N_MOMENTS])
{
  double s = sqrt((1 - v) * (1 + v));
  of_square[0] = -1 / v;
  of_square[1] = -s / v - asin(v);
  of_square[2] = -1 / v - v;
  of_first[0] = log(v);
  of_first[1] = s + log(v / (1 + s));
  of_first[2] = log(v) - 0.5 * v * v;
}

static void cell_closed(double a, double b, double low, double high, double part[FLUX_N_MOMENTS])
{
  double square[2][FLUX_N_MOMENTS], first[2][FLUX_N_MOMENTS];
  antiderivatives(low, square[0], first[0]);
  antiderivatives(high, square[1], first[1]);
  for (int j = 0; j < FLUX_N_MOMENTS; j++)
    part[j] = a * (square[1][j] - square[0][j]) + b * (first[1][j] - first[0][j]);
}

/** Gauss' rule in w = √(1 − v), in which the integrand is smooth up to v = 1. */
static void cell_by_gauss(double value, double slope, double low, double high,
                          double part[FLUX_N_MOMENTS])
{
  double w_low = sqrt(1 - high), w_high = sqrt(1 - low);
  double middle = 0.5 * (w_low + w_high), half = 0.5 * (high - low) / (w_low + w_high);
  for (int j = 0; j < FLUX_N_MOMENTS; j++)
    part[j] = 0;
  for (int i = 0; i < 2 * GAUSS_HALF; i++) {
    double w = middle + (i % 2 ? half : -half) * gauss_node[i / 2], v = 1 - w * w;
    double term = gauss_weight[i / 2] * half * 2 * w * (value + slope * (v - low)) / (v * v);
    double square = w * w * (1 + v);
    part[0] += term;
    part[1] += term * sqrt(square);
    part[2] += term * square;
  }
}

/** (value + slope (v − low)) v^{−2} γ^{−j} from low to high. */
static void integrate_cell(double value, double slope, double low, double high,
                           double part[FLUX_N_MOMENTS])
{
  if (low >= FAST || high - low < NARROW * low) {
    cell_by_gauss(value, slope, low, high, part);
    return;
  }
  cell_closed(value - slope * low, slope, low, fmin(high, FAST), part);
  if (high > FAST) {
    double fast[FLUX_N_MOMENTS];
    cell_by_gauss(value + slope * (FAST - low), slope, FAST, high, fast);
    for (int j = 0; j < FLUX_N_MOMENTS; j++)
      part[j] += fast[j];
  }
}

/** Cell i from v to its end. */
static void cell_from(const elfin_flux *flux, size_t i, double v, double part[FLUX_N_MOMENTS])
{
  double low = flux->v[i], high = flux->v[i + 1];
  double slope = (flux->flux[i + 1] - flux->flux[i]) / (high - low);
  integrate_cell(flux->flux[i] + slope * (v - low), slope, v, high, part);
}

/* ---- asking ---------------------------------------------------------------------------------- */

void flux_moments(const elfin_flux *flux, double v_min, double moment[FLUX_N_MOMENTS])
{
  size_t last = flux->n - 1;
  if (isnan(v_min) || v_min >= flux->v[last]) {
    for (int j = 0; j < FLUX_N_MOMENTS; j++)
      moment[j] = isnan(v_min) ? NAN : 0;
    return;
  }
  if (v_min <= flux->v[0]) {
    memcpy(moment, flux->above, FLUX_N_MOMENTS * sizeof *moment);
    return;
  }
  size_t i = grid_cell(&flux->cells, v_min);
  cell_from(flux, i, v_min, moment);
  for (int j = 0; j < FLUX_N_MOMENTS; j++)
    moment[j] += flux->above[(i + 1) * FLUX_N_MOMENTS + (size_t)j];
}

const double *flux_knots(const elfin_flux *flux, size_t *n)
{
  *n = flux->n;
  return flux->v;
}

double elfin_flux_v_max(const elfin_flux *flux)
{
  return flux->v[flux->n - 1];
}

double elfin_flux_total(const elfin_flux *flux)
{
  return flux->total;
}

/* ---- making one ------------------------------------------------------------------------------ */

static elfin_status check_points(size_t n, const double v[], const double flux[], elfin_error *err)
{
  bool any = false;
  if (n < 2)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a flux needs at least 2 points, not %zu", n);
  for (size_t i = 0; i < n; i++) {
    if (!(v[i] >= 0 && v[i] < 1))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "v[%zu] = %g c: it must be at least 0 and below 1, in "
                        "units of c", i, v[i]);
    if (i && !(v[i] > v[i - 1]))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "v[%zu] = %g c does not ascend after %g c", i, v[i],
                        v[i - 1]);
    if (!(flux[i] >= 0 && isfinite(flux[i])))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "flux[%zu] = %g/(cm2 s): it must be finite and not "
                        "negative", i, flux[i]);
    any = any || flux[i] > 0;
  }
  return any ? ELFIN_OK
             : elfin_fail(err, ELFIN_E_ARGUMENT, "the flux is 0 at all of its %zu speeds", n);
}

/** H_j at the points, from the fast end; at v = 0, which no rate asks for, as at the next one. */
static void sum_up(elfin_flux *flux)
{
  for (size_t i = flux->n - 1; i-- > 0;) {
    double part[FLUX_N_MOMENTS] = {0};
    if (flux->v[i] > 0)
      cell_from(flux, i, flux->v[i], part);
    for (size_t j = 0; j < FLUX_N_MOMENTS; j++)
      flux->above[i * FLUX_N_MOMENTS + j] = flux->above[(i + 1) * FLUX_N_MOMENTS + j] + part[j];
    flux->total += 0.5 * (flux->flux[i] + flux->flux[i + 1]) * (flux->v[i + 1] - flux->v[i]);
  }
}

elfin_status elfin_flux_new_table(size_t n, const double v[], const double flux[], elfin_flux **out,
                                  elfin_error *err)
{
  elfin_status status = check_points(n, v, flux, err);
  if (status)
    return status;
  elfin_flux *made = calloc(1, sizeof *made);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a flux");
  made->n = n;
  made->v = malloc(n * sizeof *made->v);
  made->flux = malloc(n * sizeof *made->flux);
  made->above = calloc(n, FLUX_N_MOMENTS * sizeof *made->above);
  if (!made->v || !made->flux || !made->above) {
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for a flux of %zu points", n);
    goto out;
  }
  memcpy(made->v, v, n * sizeof *v);
  memcpy(made->flux, flux, n * sizeof *flux);
  if ((status = grid_init(&made->cells, n, made->v, err)))
    goto out;
  sum_up(made);
  *out = made;
  made = NULL;
out:
  elfin_flux_free(made);
  return status;
}

void elfin_flux_free(elfin_flux *flux)
{
  if (!flux)
    return;
  grid_clear(&flux->cells);
  free(flux->v);
  free(flux->flux);
  free(flux->above);
  free(flux);
}

/** The same checks as above, row by row. */
static const char *fault(const double row[2], const double *before, bool last)
{
  (void)last;
  if (row[0] < 0 || row[1] < 0)
    return "neither v nor the flux may be negative";
  if (row[0] >= 1)
    return "v must be below 1: speeds are in units of c";
  return before && !(row[0] > before[0]) ? "v must ascend" : NULL;
}

static elfin_status make(size_t n, const double v[], const double flux[], void **made, elfin_error *err)
{
  elfin_flux *of = NULL;
  elfin_status status = elfin_flux_new_table(n, v, flux, &of, err);
  *made = of;
  return status;
}

elfin_status elfin_flux_open(const char *path, elfin_flux **flux, elfin_error *err)
{
  static const pairs_form form = {"v", " c", "dPhi/dv", "/(cm2 s)", 1, 1, fault};
  void *made = NULL;
  elfin_status status = pairs_open(path, &form, make, &made, err);
  if (!status)
    *flux = made;
  return status;
}
