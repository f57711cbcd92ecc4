/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo.c
 * The truncated Maxwellian, boosted to the laboratory [docs/halo.md], and the named halos.
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
#include "halo/halo_inner.h"

#include <elfin/constants.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const double SQRT_PI = 1.77245385090551602730;

/* The error functions lose at most a digit where (width of the interval) × max(|t|, 1) is above
 * this; Gauss' rule with 16 points is exact to rounding where it is below. */
static const double CLOSED_FORM_FROM = 2;

/* Below this z the closed form of the norm cancels; the series needs some 30 terms at most. */
static const double NORM_SERIES_BELOW = 1.5;

static const elfin_halo_preset presets[] = {
    {"shm", 0.4, 220, 500, 240, "DarkELF's default, arXiv:2104.12786"},
    {"recommended-2021", 0.3, 238, 544, 250, "Baxter et al., arXiv:2105.00599"},
};

const elfin_halo_preset *elfin_halo_presets(size_t *n)
{
  *n = sizeof presets / sizeof *presets;
  return presets;
}

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
  static const double node[8] = {0.98940093499164993, 0.94457502307323258, 0.86563120238783174,
                                 0.75540440835500303, 0.61787624440264375, 0.45801677765722739,
                                 0.28160355077925891, 0.09501250983763744};
  static const double weight[8] = {0.027152459411754095, 0.062253523938647893, 0.095158511682492785,
                                   0.12462897125553387,  0.14959598881657673,  0.16915651939500254,
                                   0.18260341504492359,  0.18945061045506850};
  double middle = 0.5 * (s_low + s_high), half = 0.5 * (s_high - s_low);
  double sum = 0;
  for (int i = 0; i < 8; i++)
    sum += weight[i] * (excess(z, middle - half * node[i]) + excess(z, middle + half * node[i]));
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
  const maxwellian *m = &halo->shm;
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
  const maxwellian *m = &halo->shm;
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

static elfin_status check_speeds(double v0, double v_esc, double v_lab, elfin_error *err)
{
  double c = elfin_constants_named("elfin")->c_km_s;
  if (!(v0 > 0 && v0 < 1))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "v0 = %g c: it must lie between 0 and 1, in units of "
                      "c", v0);
  if (!(v_esc > 0 && v_esc < 1))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "v_esc = %g c: it must lie between 0 and 1, in units "
                      "of c", v_esc);
  if (!(v_lab >= 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "v_lab = %g c: it must not be negative", v_lab);
  if (v_lab > v_esc)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "the laboratory's speed, v_lab = %g km/s, is above "
                      "the escape speed, v_esc = %g km/s: it would leave the galaxy", v_lab * c,
                      v_esc * c);
  return ELFIN_OK;
}

elfin_status elfin_halo_new_shm(double v0, double v_esc, double v_lab, elfin_halo **halo,
                                elfin_error *err)
{
  static const halo_kind shm = {shm_eta, shm_f1};
  elfin_status status = check_speeds(v0, v_esc, v_lab, err);
  if (status)
    return status;
  elfin_halo *made = calloc(1, sizeof *made);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a halo");

  maxwellian *m = &made->shm;
  m->v0 = v0;
  m->v_lab = v_lab;
  m->z = v_esc / v0;
  m->scale = 1 / (2 * v0 * norm_integral(m->z));
  m->v_kink = v_esc - v_lab;
  made->v_max = v_esc + v_lab;
  made->kind = &shm;
  made->kinks = m->kink;
  if (m->v_kink > 0 && m->v_kink < made->v_max) /* one at 0 is no kink for v ≥ 0 */
    m->kink[made->n_kinks++] = m->v_kink;
  m->kink[made->n_kinks++] = made->v_max;
  made->edge_power = m->v_kink < made->v_max ? 2 : 1;
  status = halo_lookup_new(made, HALO_LOOKUP_TOLERANCE, &made->lookup, err);
  if (status) {
    elfin_halo_free(made);
    return status;
  }
  *halo = made;
  return ELFIN_OK;
}

void elfin_halo_free(elfin_halo *halo)
{
  if (!halo)
    return;
  halo_lookup_free(halo->lookup);
  grid_clear(&halo->table.cells);
  free(halo->table.v);
  free(halo->table.eta);
  free(halo);
}

/* ---- asking one ------------------------------------------------------------------------------ */

void elfin_halo_eta(const elfin_halo *halo, size_t n, const double v_min[], double eta[])
{
  halo->kind->eta(halo, n, v_min, eta);
}

void elfin_halo_f1(const elfin_halo *halo, size_t n, const double v[], double f1[])
{
  halo->kind->f1(halo, n, v, f1);
}

const double *elfin_halo_kinks(const elfin_halo *halo, size_t *n)
{
  *n = halo->n_kinks;
  return halo->kinks;
}

double elfin_halo_v0(const elfin_halo *halo)
{
  return halo->table.n ? NAN : halo->shm.v0;
}

double elfin_halo_v_max(const elfin_halo *halo)
{
  return halo->v_max;
}

/* ---- one direction --------------------------------------------------------------------------- */

double elfin_halo_along_max(const elfin_halo *halo, double cosine)
{
  const maxwellian *m = &halo->shm;
  return isnan(elfin_halo_v0(halo)) ? NAN : m->z * m->v0 + cosine * m->v_lab;
}

void elfin_halo_along(const elfin_halo *halo, double cosine, size_t n, const double v_min[],
                      double density[])
{
  const maxwellian *m = &halo->shm;
  double end = elfin_halo_along_max(halo, cosine);
  for (size_t i = 0; i < n; i++) {
    double s = (end - v_min[i]) / m->v0; /* the distance from the edge */
    density[i] = isnan(end) || isnan(s) ? NAN : s > 0 ? 0.5 * m->scale * excess(m->z, s) : 0;
  }
}
