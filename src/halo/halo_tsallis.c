/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_tsallis.c
 * Tsallis' distribution, the same in all directions of the Galaxy, that fits simulations with
 * baryons [Ling et al., arXiv:0909.2028].
 *
 *   f(v) = [1 − (1 − q) v²/v0²]^{q/(1−q)} / N = x^κ/N,   x = 1 − v²/v_esc²,   0 < q < 1,
 *   v_esc = v0/√(1−q),   κ = q/(1−q),   N = 2π v_esc³ B(3/2, κ+1)
 * and since u f du is a total differential, one component has the density
 *   g(w) = (2π/N) ∫_w^{v_esc} u f du = (π v0²/N) x^p,   p = κ + 1 = 1/(1−q).
 * η is an integral of g [halo.c], an incomplete beta function: with y = s/(2 v_esc), s = v_esc − w,
 *   ∫_0^s x^p ds = (v_esc/(2a)) x^a Σ_k y^k Π_{j<k} (2a + j)/(a + 1 + j),   a = p + 1,  x = 4y(1 −
 * y), all of it positive for w ≥ 0. v0 is the most probable speed at rest, and q → 1 the
 * Maxwellian.
 *
 * Delicate: two of these cancel where the interval is short against its distance from v_esc. There
 * Gauss' rule does the integral.
 */
#include "halo/gauss.h"
#include "halo/halo_inner.h"

#include <gsl/gsl_sf_gamma.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/* Gauss' rule with 16 points is exact to rounding on pieces below this × v0, and shorter far out.
 */
static const double LONGEST = 2;
/* What follows a term this small adds little more than it. */
static const double ROUNDING = 1e-17;

typedef struct tsallis {
  double v0, v_esc, v_lab, p;
  double scale; /* 2 g(0) = 2π v0²/N, in 1/c */
} tsallis;

/** x^power, at a distance s from v_esc. */
static double power_of_x(const tsallis *t, double s, double power)
{
  double y = 0.5 * s / t->v_esc;
  return y > 0 && y < 1 ? exp(power * (log(4 * y) + log1p(-y))) : 0;
}

typedef double integrand(const tsallis *t, double s);

static double of_component(const tsallis *t, double s)
{
  return power_of_x(t, s, t->p);
}

static double of_speeds(const tsallis *t, double s)
{
  return (t->v_esc - s) * power_of_x(t, s, t->p - 1);
}

static double by_gauss(const tsallis *t, integrand *f, double s_low, double s_high)
{
  double largest = fmax(fmax(fabs(t->v_esc - s_low), fabs(t->v_esc - s_high)) / t->v0, 1);
  int n = 1 + (int)((s_high - s_low) / t->v0 * largest / LONGEST);
  double half = 0.5 * (s_high - s_low) / n, sum = 0;
  for (int i = 0; i < n; i++) {
    double middle = s_low + (2 * i + 1) * half;
    for (int j = 0; j < GAUSS_HALF; j++)
      sum += gauss_weight[j] *
             (f(t, middle - half * gauss_node[j]) + f(t, middle + half * gauss_node[j]));
  }
  return half * sum;
}

/** ∫ x^p ds from v_esc on; s ≤ v_esc. */
static double from_edge(const tsallis *t, double s)
{
  double a = t->p + 1, y = 0.5 * s / t->v_esc, term = 1, sum = 1;
  for (int k = 0; term > ROUNDING * sum; k++)
    sum += term *= y * (2 * a + k) / (a + 1 + k);
  return 0.5 * t->v_esc / a * power_of_x(t, s, a) * sum;
}

/** ∫ x^p ds between two distances from v_esc, both of the same sign of w. */
static double half_integral(const tsallis *t, double s_low, double s_high)
{
  if (s_low > s_high - s_low)
    return by_gauss(t, of_component, s_low, s_high);
  return from_edge(t, s_high) - from_edge(t, s_low);
}

/** ∫ x^p ds; beyond w = 0 the integral is that of −w. */
static double integral(const tsallis *t, double s_low, double s_high)
{
  double middle = t->v_esc;
  if (s_high <= middle)
    return half_integral(t, s_low, s_high);
  return half_integral(t, s_low, middle) + half_integral(t, 2 * middle - s_high, middle);
}

static double eta_at(const elfin_halo *halo, double v)
{
  const tsallis *t = halo->own;
  if (!(v < halo->v_max))
    return isnan(v) ? NAN : 0;
  if (t->v_lab == 0)
    return t->scale * power_of_x(t, t->v_esc - v, t->p);
  double s_low = fmax(t->v_esc - t->v_lab - v, 0), s_high = halo->v_max - v;
  return 0.5 * t->scale / t->v_lab * integral(t, s_low, s_high);
}

static void tsallis_eta(const elfin_halo *halo, size_t n, const double v_min[], double eta[])
{
  for (size_t i = 0; i < n; i++)
    eta[i] = eta_at(halo, v_min[i]);
}

/** f1(v) = (2π v/(N v_E)) ∫ u x^κ du over |v − v_E| < u < v + v_E. */
static double f1_at(const elfin_halo *halo, double v)
{
  const tsallis *t = halo->own;
  double unit = 2 * t->scale / (t->v0 * t->v0); /* 4π/N */
  if (!(v < halo->v_max) || v <= 0)
    return isnan(v) ? NAN : 0;
  if (t->v_lab == 0)
    return unit * v * v * power_of_x(t, t->v_esc - v, t->p - 1);
  double s_low = t->v_esc - t->v_lab - v, s_high = t->v_esc - fabs(v - t->v_lab);
  double part =
      s_low > s_high - s_low
          ? by_gauss(t, of_speeds, s_low, s_high)
          : 0.5 * t->v0 * t->v0 * (power_of_x(t, s_high, t->p) - power_of_x(t, s_low, t->p));
  return 0.5 * unit * v / t->v_lab * part;
}

static void tsallis_f1(const elfin_halo *halo, size_t n, const double v[], double f1[])
{
  for (size_t i = 0; i < n; i++)
    f1[i] = f1_at(halo, v[i]);
}

static double tsallis_component(const elfin_halo *halo, double to_edge)
{
  const tsallis *t = halo->own;
  return 0.5 * t->scale * power_of_x(t, to_edge, t->p);
}

elfin_status elfin_halo_new_tsallis(double v0, double q, double v_lab, elfin_halo **halo,
                                    elfin_error *err)
{
  static const halo_kind kind = {
      .eta = tsallis_eta, .f1 = tsallis_f1, .component = tsallis_component, .clear = free};
  double p = 1 / (1 - q), v_esc = v0 * sqrt(p);
  elfin_status status = halo_check_speed("v0", v0, err);
  if (!status && !(q > 0 && q < 1))
    status = elfin_fail(err, ELFIN_E_ARGUMENT,
                        "q = %g: it must lie between 0 and 1; 1 is the "
                        "Maxwellian",
                        q);
  if (!status)
    status = halo_check_speed("v_esc = v0/sqrt(1-q)", v_esc, err);
  if (!status)
    status = halo_check_lab(v_esc, v_lab, err);
  if (status)
    return status;
  tsallis *t = malloc(sizeof *t);
  elfin_halo *made = halo_new(&kind, t);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a halo");
  /* 2π v0²/N = v0²/(v_esc³ B(3/2, p)) */
  *t = (tsallis){v0, v_esc, v_lab, p, exp(-gsl_sf_lnbeta(1.5, p)) / (p * v_esc)};
  made->v0 = v0;
  made->edge_power = v_esc - v_lab < v_esc + v_lab ? p + 1 : p;
  halo_set_sphere(made, v_esc, v_lab);
  return halo_finish(made, halo, err);
}
