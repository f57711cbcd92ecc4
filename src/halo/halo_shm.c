/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_shm.c
 * The truncated Maxwellian, boosted to the laboratory [docs/halo.md].
 *
 *   f(v) = exp(−|v+v_E|²/v0²) Θ(v_esc − |v+v_E|) / N,   z = v_esc/v0
 *   N = 4π v0³ ∫_0^z t² e^{−t²} dt
 *   η(v_min) = (2π v0²/N) · mean of e^{−t²} − e^{−z²} over (v_min − v_E)/v0 < t < (v_min + v_E)/v0,
 * where nothing is counted beyond t = z. Written out, this is the closed form with error functions;
 * written so, every contribution is positive.
 *
 * Delicate: the closed form subtracts nearly equal numbers wherever the interval is short (v_E → 0,
 * or v_min → v_max, where η vanishes like (v_max − v_min)²) and for z → 0. There the integral is
 * done by Gauss' rule, in s = z − t, the distance from the edge, in which
 *   e^{−t²} − e^{−z²} = −e^{−t²} expm1(−s (2z − s))
 * keeps all its digits. tests/halo compares both with 200-digit arithmetic.
 */
#include "halo/gauss.h"
#include "halo/halo_inner.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const double SQRT_PI = 1.77245385090551602730;

/* The error functions lose at most a digit where (width of the interval) × max(|t|, 1) is above
 * this; Gauss' rule with 16 points is exact to rounding where it is below. */
static const double CLOSED_FORM_FROM = 2;

/* Below this z the closed form of the norm cancels; the series needs some 30 terms at most. */
static const double NORM_SERIES_BELOW = 1.5;

typedef struct maxwellian {
  double v0, v_lab;
  double v_kink; /* v_esc − v_lab: where the boosted sphere begins to be cut */
  double z;      /* v_esc / v0 */
  double scale;  /* 2π v0²/N, in 1/c */
} maxwellian;

/* ---- mean inverse speed ---------------------------------------------------------------------- */

/** e^{−t²} − e^{−z²} at t = z − s. */
static double excess(double z, double s)
{
  double t = z - s;
  return -exp(-t * t) * expm1(-s * (2 * z - s));
}

/** The mean of the excess over s_low < s < s_high by Gauss' rule. */
static double mean_by_gauss(double z, double s_low, double s_high)
{
  double middle = 0.5 * (s_low + s_high), half = 0.5 * (s_high - s_low);
  double sum = 0;
  for (int i = 0; i < GAUSS_HALF; i++)
    sum += gauss_weight[i] * (excess(z, middle - half * gauss_node[i]) +
                              excess(z, middle + half * gauss_node[i]));
  return 0.5 * sum;
}

/** The same with error functions. */
static double mean_closed(double z, double s_low, double s_high)
{
  double t_low = z - s_high, t_high = z - s_low;
  double difference = t_low > 0 ? erfc(t_low) - erfc(t_high) : erf(t_high) - erf(t_low);
  return 0.5 * SQRT_PI * difference / (s_high - s_low) - exp(-z * z);
}

static double shm_eta_at(const elfin_halo *halo, double v)
{
  const maxwellian *m = halo->own;
  if (v >= halo->v_max)
    return 0;
  bool whole = v < m->v_kink; /* the interval lies within the halo */
  double s_high = (halo->v_max - v) / m->v0;
  double s_low = whole ? (m->v_kink - v) / m->v0 : 0;
  double part = whole ? 1 : (halo->v_max - v) / (halo->v_max - m->v_kink);
  double largest = fmax(fmax(fabs(m->z - s_low), fabs(m->z - s_high)), 1);
  double mean = (s_high - s_low) * largest < CLOSED_FORM_FROM ? mean_by_gauss(m->z, s_low, s_high)
                                                              : mean_closed(m->z, s_low, s_high);
  return m->scale * part * mean;
}

static void shm_eta(const elfin_halo *halo, size_t n, const double v_min[], double eta[])
{
  for (size_t i = 0; i < n; i++)
    eta[i] = shm_eta_at(halo, v_min[i]);
}

/* ---- speed distribution ---------------------------------------------------------------------- */

/** (1 − e^{−2a})/a, also at a = 0. */
static double boost_factor(double a)
{
  return a > 0 ? -expm1(-2 * a) / a : 2;
}

static double shm_f1_at(const elfin_halo *halo, double v)
{
  const maxwellian *m = halo->own;
  if (v >= halo->v_max)
    return 0;
  double y = (v - m->v_lab) / m->v0;
  if (v < m->v_kink || m->v_kink == halo->v_max)
    return m->scale * v * v / (m->v0 * m->v0) * exp(-y * y) *
           boost_factor(2 * v * m->v_lab / (m->v0 * m->v0));
  /* e^{−y²} − e^{−z²}, with z² − y² from its two factors: z − y and z + y */
  double squares = (halo->v_max - v) * (v + m->v_kink) / (m->v0 * m->v0);
  return m->scale * v / (halo->v_max - m->v_kink) * -exp(-y * y) * expm1(-squares);
}

static void shm_f1(const elfin_halo *halo, size_t n, const double v[], double f1[])
{
  for (size_t i = 0; i < n; i++)
    f1[i] = shm_f1_at(halo, v[i]);
}

/* ---- one direction --------------------------------------------------------------------------- */

static double shm_component(const elfin_halo *halo, double to_edge)
{
  const maxwellian *m = halo->own;
  return 0.5 * m->scale * excess(m->z, to_edge / m->v0);
}

/* ---- making one ------------------------------------------------------------------------------ */

/** M = ∫_0^z t² e^{−t²} dt = N/(4π v0³). */
static double norm_integral(double z)
{
  if (z >= NORM_SERIES_BELOW)
    return 0.25 * SQRT_PI * erf(z) - 0.5 * z * exp(-z * z);
  double term = 1.0 / 3, sum = term; /* e^{−z²} z³ Σ (2z²)^n/(3·5·…·(2n+3)), all positive */
  for (int n = 1; term > 1e-17 * sum; n++)
    sum += term *= 2 * z * z / (2 * n + 3);
  return exp(-z * z) * z * z * z * sum;
}

elfin_status elfin_halo_new_shm(double v0, double v_esc, double v_lab, elfin_halo **halo,
                                elfin_error *err)
{
  static const halo_kind shm = {.eta = shm_eta, .f1 = shm_f1, .component = shm_component, .clear = free};
  elfin_status status = halo_check_speed("v0", v0, err);
  if (!status)
    status = halo_check_speed("v_esc", v_esc, err);
  if (!status)
    status = halo_check_lab(v_esc, v_lab, err);
  if (status)
    return status;
  maxwellian *m = malloc(sizeof *m);
  elfin_halo *made = halo_new(&shm, m);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a halo");
  double z = v_esc / v0;
  *m = (maxwellian){v0, v_lab, v_esc - v_lab, z, 1 / (2 * v0 * norm_integral(z))};
  made->v0 = v0;
  made->edge_power = v_esc - v_lab < v_esc + v_lab ? 2 : 1;
  halo_set_sphere(made, v_esc, v_lab);
  return halo_finish(made, halo, err);
}
