/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file migdal_kernel.c
 * The Migdal effect beyond the soft limit: everything but the electrons [docs/migdal.md, "Full
 * expression"; arXiv:2011.09496].
 *
 *   R = 8π² α A² n ∫dω ∫d³q/(2π)³ F(q)² ∫d³k/(2π)³ Z(k)² k⁻² ELF(ω,k) ∫d³q_N g(q − k − q_N)
 *         [1/(ω − x) − 1/ω]² ∫d³v f(v) δ(q·v − q²/2m_χ − q_N²/2m_N − ω),     x = q_N·k/m_N,
 *   n = (ρ_χ/m_χ)(nuclei per mass) σ̄_n/μ_χn², and g the spread of the nucleus' momentum: a Gaussian
 *   of unit integral, exp(−p²/Δ²)/(π^{3/2}Δ³) with Δ² = ω̄ m_N (impulse), or a δ (free ion).
 *
 * Reduction. (1) ELF, Z, F and f's average over the directions of q know no direction, so that the
 * velocity integral is η(v)/(2q), v = q/2m_χ + (q_N²/2m_N + ω)/q.
 * (2) For given k and q_N let s = q_N + k, of length s. The directions of q enter in g alone:
 *   ∫dΩ_q g(q − s) = [e^{−(q−s)²/Δ²} − e^{−(q+s)²/Δ²}]/(√π Δ q s) = E(q,s)/(q s),
 * a narrow distribution of the number s about q, with ∫q² dq E/(q s) = 1; for Δ → 0, E = δ(q − s).
 * (3) The angle between q_N and k at fixed q_N is s: s ds = q_N k d cosθ; and x = (s² − k² −
 * q_N²)/2m_N, so that at fixed s, q_N dq_N = −m_N dx. What is left:
 *   R = α A² n/(2π²) ∫dω ∫dk Z² ELF(ω,k) G(ω,k),
 *   G = (m_N/k) ∫dq F(q)² ∫ds E(q,s) T(q,s),    T = ∫dx [1/(ω − x) − 1/ω]² η(v),
 *   v = a + (ω − x)/q,    a = q/2m_χ + (s² − k²)/(2 m_N q),
 *   −k(s + k)/m_N ≤ x ≤ k(s − k)/m_N,    x ≤ (s² − k²)/2m_N − E_th,    v ≤ v_max.
 * A free ion is the same with s = q. So of the dimensions beside ω and k, two are left (free: q and x) or
 * three (impulse: q, s and x); and the response sees ω and k alone.
 * (4) In u = x/ω or, towards the double pole at u = 1, t = −ln(1 − u), the integrand of T is entire
 * but for η's kinks: [1/(ω−x) − 1/ω]² dx = u²/(1−u)² du/ω = 4 sinh²(t/2) dt/ω.
 *
 * So Gauss' rule is all that is needed, if pieces end where the integrand has a kink:
 *   in x  where v is a kink of η: linear in x;
 *   in q  (free) where such a point, or the cut on recoils, meets an end of the range of x:
 *         quadratics in q, see ends_of();
 *   in s  where q_N = √(2 m_N E_th), or the fastest allowed, lies at the end: s = q_N ± k.
 * In q the impulse approximation has no kinks but what Δ makes smooth: there, pieces are not longer than
 * a few Δ. Where neither end of the range of s is within the Gaussian's reach, T is nearly a polynomial
 * in s, and Hermite's rule does it. Everything is positive: no cancellation, a relative error all over.
 *
 * k → 0: T → (2/3)(k s/m_N)³ η/ω⁴ with s = q_N, and the soft limit appears,
 *   G → 2 k²/(3 m_N² ω⁴) K(ω),    K = ∫dq F(q)² ∫dq_N E(q,q_N) q_N³ η(v),
 * with corrections in k² (G is even in k). The same pieces and rules serve it: s³ η in place of T. It is
 * J(v,ω) of arXiv:2104.12786 with the order of integrations exchanged: ∫dv f1/v Θ(v − v_min) = η(v_min), and
 * dΦ/dq_N = 4 (q_N³/Δ)[e^{−(q−q_N)²/Δ²} − e^{−(q+q_N)²/Δ²}].
 * tests/rates: test_migdal_kernel.c (finer rules; adaptive quadrature over angles), test_migdal_full.c
 * (limits), test_migdal_monte_carlo.c (the first line as it stands).
 */
#include "rates/migdal_kernel.h"

#include <gsl/gsl_integration.h>

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const double SQRT_PI = 1.77245385090551602730;

/* Points of the rules: T, and T where |u| < NARROW all over; q of a free and of a bound ion, q between
 * the kinks of a table, where η is linear; s beside a cut, and without one (Hermite). */
enum { POINTS_T = 10, POINTS_T_NARROW = 5, POINTS_FREE = 10, POINTS_BOUND = 13, POINTS_TABLE = 6,
       POINTS_CUT = 9, POINTS_WHOLE = 8, POINTS_FINE = 20 };
static const double NARROW = 0.3;
/* Halos with more kinks than this are tables. */
enum { FEW_KINKS = 4 };
/* A piece in ln q is not longer than this: F² may fall like q⁻⁴. */
static const double LONGEST_LOG = 1.5;
/* u is the variable of T up to here; from here on t, in pieces not longer than this. */
static const double U_MOST = 0.5, U_LEAST = -1, LONGEST_T = 3;
/* E is cut where it has fallen by e^{−18} in s, by e^{−25} in q, where F² may make up for some. */
static const double CUT_S = 18, CUT_Q = 25;
/* Pieces where Δ matters, in Δ: Gauss' rule of ten points knows a Gaussian this long to 1e-7. */
static const double LONGEST_IN_DELTA = 3.5;
/* Near s = q_N ± k of the least recoil, what q sees is an error function: this far, in Δ. */
static const double REACH_OF_CUT = 4.2;
/* An exponential may fall by this exponent on a piece. */
static const double LONGEST_EXPONENT = 10;

static void legendre(gauss *rule, size_t n)
{
  gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(n);
  rule->n = n;
  for (size_t i = 0; i < n; i++)
    gsl_integration_glfixed_point(0, 1, i, &rule->at[i], &rule->weight[i], table);
  gsl_integration_glfixed_table_free(table);
}

static void hermite(gauss *rule, size_t n)
{
  gsl_integration_fixed_workspace *table =
      gsl_integration_fixed_alloc(gsl_integration_fixed_hermite, n, 0, 1, 0, 0);
  rule->n = n;
  for (size_t i = 0; i < n; i++) {
    rule->at[i] = gsl_integration_fixed_nodes(table)[i];
    rule->weight[i] = gsl_integration_fixed_weights(table)[i] / SQRT_PI;
  }
  gsl_integration_fixed_free(table);
}

void migdal_kernel_begin(migdal_kernel *m, const elfin_halo *halo, int fine)
{
  m->eta = halo_lookup_of(halo);
  m->kink = elfin_halo_kinks(halo, &m->n_kinks);
  bool table = m->n_kinks > FEW_KINKS && m->n_kinks <= MIGDAL_KERNEL_KINKS;
  size_t n_q = table ? POINTS_TABLE : m->Delta > 0 ? POINTS_BOUND : POINTS_FREE;
  legendre(&m->of_T, fine ? POINTS_FINE : POINTS_T);
  legendre(&m->of_T_narrow, fine ? POINTS_FINE : POINTS_T_NARROW);
  legendre(&m->of_q, fine ? POINTS_FINE : n_q);
  legendre(&m->of_s, fine ? POINTS_FINE : POINTS_CUT);
  hermite(&m->of_whole_s, POINTS_WHOLE);
  m->finer = fine ? 2 : 1;
  m->v_max = elfin_halo_v_max(halo);
  m->mu = m->m_chi * m->m_N / (m->m_chi + m->m_N);
  m->q_th = sqrt(2 * m->m_N * m->E_th);
}

double migdal_kernel_error(const migdal_kernel *m)
{
  return m->n_kinks <= FEW_KINKS             ? MIGDAL_KERNEL_ERROR
         : m->n_kinks <= MIGDAL_KERNEL_KINKS ? MIGDAL_KERNEL_ERROR_TABLE
                                             : MIGDAL_KERNEL_ERROR_LONG_TABLE;
}

double migdal_kernel_error_soft(const migdal_kernel *m)
{
  return m->n_kinks <= FEW_KINKS ? MIGDAL_KERNEL_ERROR_SOFT : migdal_kernel_error(m);
}

/** One (ω,k). */
typedef struct point {
  const migdal_kernel *m;
  double omega, k;
  bool soft;          /* k = 0, and T without its powers of k */
  double speed_floor; /* soft: η is taken at this speed or above */
  long evaluations;
} point;

/* ---- T(q,s) ---------------------------------------------------------------------------------- */

/** ω T from u = low to high, between two kinks, in u. */
static double piece_in_u(point *p, double a, double slope, double low, double high)
{
  const gauss *rule = low > -NARROW && high < NARROW ? &p->m->of_T_narrow : &p->m->of_T;
  double v[GAUSS_MOST], u[GAUSS_MOST], width = high - low, sum = 0;
  for (size_t i = 0; i < rule->n; i++) {
    u[i] = low + width * rule->at[i];
    v[i] = a + slope * (1 - u[i]);
  }
  halo_lookup_eta(p->m->eta, rule->n, v, v);
  for (size_t i = 0; i < rule->n; i++) {
    double ratio = u[i] / (1 - u[i]);
    sum += rule->weight[i] * v[i] * ratio * ratio;
  }
  p->evaluations += (long)rule->n;
  return width * sum;
}

/** The same in t. */
static double piece_in_t(point *p, double a, double slope, double low, double high)
{
  const gauss *rule = &p->m->of_T;
  double v[GAUSS_MOST], weight[GAUSS_MOST], sum = 0;
  double t_low = -log1p(-low), span = -log1p(-high) - t_low;
  int n_parts = (int)fmax(1, ceil(span / LONGEST_T * p->m->finer));
  double width = span / n_parts;
  for (int part = 0; part < n_parts; part++) {
    for (size_t i = 0; i < rule->n; i++) {
      double minus_u = expm1(-(t_low + width * (part + rule->at[i])));
      v[i] = a + slope * (1 + minus_u);
      weight[i] = rule->weight[i] * minus_u * minus_u / (1 + minus_u);
    }
    halo_lookup_eta(p->m->eta, rule->n, v, v);
    for (size_t i = 0; i < rule->n; i++)
      sum += weight[i] * v[i];
    p->evaluations += (long)rule->n;
  }
  return width * sum;
}

/** What is left of T at k = 0, where s = q_N: s³ η. */
static double soft_recoil(point *p, double q, double s)
{
  const migdal_kernel *m = p->m;
  double v = q / (2 * m->m_chi) + (s * s / (2 * m->m_N) + p->omega) / q, eta;
  if (s < m->q_th || v >= m->v_max)
    return 0;
  v = fmax(v, p->speed_floor);
  halo_lookup_eta(m->eta, 1, &v, &eta);
  p->evaluations++;
  return s * s * s * eta;
}

/** ω T(q,s); soft: s³ η. */
static double over_recoils(point *p, double q, double s)
{
  const migdal_kernel *m = p->m;
  if (p->soft)
    return soft_recoil(p, q, s);
  double base = (s - p->k) * (s + p->k) / (2 * m->m_N); /* q_N²/2m_N + x */
  double a = q / (2 * m->m_chi) + base / q, slope = p->omega / q;
  double scale = p->k / (m->m_N * p->omega);
  double high = fmin(scale * (s - p->k), (base - m->E_th) / p->omega);
  double low = fmax(-scale * (s + p->k), 1 - (m->v_max - a) / slope);
  double sum = 0;
  for (size_t j = m->n_kinks; high > low && j > 0; j--) { /* u ascends while v descends */
    double to = high;
    if (j > 1)
      to = fmin(high, 1 - (m->kink[j - 2] - a) / slope);
    if (!(to > low))
      continue;
    sum += low < U_LEAST || to > U_MOST ? piece_in_t(p, a, slope, low, to)
                                        : piece_in_u(p, a, slope, low, to);
    low = to;
  }
  return sum;
}

/* ---- pieces ---------------------------------------------------------------------------------- */

enum { MOST_ENDS = 8 * MIGDAL_KERNEL_KINKS };

typedef struct ends {
  size_t n;
  double at[MOST_ENDS + 2];
} ends;

static void add_end(ends *e, double at)
{
  if (at > 0 && isfinite(at) && e->n < MOST_ENDS)
    e->at[e->n++] = at;
}

/** The roots of q²/(2M) − b q + c = 0, c > 0, without cancellation. */
static void add_roots(ends *e, double M, double b, double c)
{
  double discriminant = b * b - 2 * c / M;
  if (!(b > 0 && discriminant >= 0))
    return;
  double larger = M * (b + sqrt(discriminant));
  add_end(e, larger);
  add_end(e, 2 * M * c / larger);
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** Keep what lies between low and high, and these two; sorted, none twice. */
static void tidy(ends *e, double low, double high)
{
  size_t n = 1;
  qsort(e->at, e->n, sizeof *e->at, ascending);
  double kept[MOST_ENDS + 2] = {low};
  for (size_t i = 0; i < e->n; i++)
    if (e->at[i] > kept[n - 1] && e->at[i] < high)
      kept[n++] = e->at[i];
  kept[n++] = high;
  for (size_t i = 0; i < n; i++)
    e->at[i] = kept[i];
  e->n = n;
}

/** Kinks of η that cut ranges of q and s: all of a few; of many, only the last, where η ends. */
static size_t first_kink(const migdal_kernel *m)
{
  return m->n_kinks <= MIGDAL_KERNEL_KINKS ? 0 : m->n_kinks - 1;
}

/** Where T(q,q) has kinks in q. */
static void ends_of_free(const point *p, ends *e)
{
  const migdal_kernel *m = p->m;
  double rest = p->omega + p->k * p->k / (2 * m->m_N);
  for (size_t j = first_kink(m); j < m->n_kinks; j++) {
    add_roots(e, m->mu, m->kink[j] + p->k / m->m_N, rest); /* q_N along k */
    add_roots(e, m->mu, m->kink[j] - p->k / m->m_N, rest); /* and against it */
    if (m->E_th > 0)
      add_roots(e, m->m_chi, m->kink[j], p->omega + m->E_th); /* at the least recoil */
  }
  if (m->E_th > 0) {
    add_end(e, fabs(m->q_th - p->k));
    add_end(e, m->q_th + p->k);
  }
}

static double form_factor2(const migdal_kernel *m, double q)
{
  if (isinf(m->m_phi2))
    return 1;
  double F = (m->q0_2 + m->m_phi2) / (q * q + m->m_phi2);
  return F * F;
}

/* ---- the free ion ---------------------------------------------------------------------------- */

static double value_free(point *p)
{
  const migdal_kernel *m = p->m;
  const gauss *rule = &m->of_q;
  ends e = {0};
  double sum = 0;
  ends_of_free(p, &e);
  if (e.n < 2)
    return 0;
  qsort(e.at, e.n, sizeof *e.at, ascending);
  for (size_t i = 0; i + 1 < e.n; i++) {
    double middle = sqrt(e.at[i]) * sqrt(e.at[i + 1]), span = log(e.at[i + 1] / e.at[i]);
    if (!(span > 0) || !(over_recoils(p, middle, middle) > 0)) /* nothing inside: it would be a kink */
      continue;
    int n_parts = (int)fmax(1, ceil(span / LONGEST_LOG * m->finer));
    double width = span / n_parts;
    for (int part = 0; part < n_parts; part++)
      for (size_t j = 0; j < rule->n; j++) {
        double q = e.at[i] * exp(width * (part + rule->at[j]));
        sum += width * rule->weight[j] * q * form_factor2(m, q) * over_recoils(p, q, q);
      }
  }
  return sum;
}

/* ---- the impulse approximation --------------------------------------------------------------- */

/** The largest q_N that dark matter of speed v gives with q, or less than 0. */
static double fastest(const point *p, double q, double v)
{
  double square = 2 * p->m->m_N * (q * (v - q / (2 * p->m->m_chi)) - p->omega);
  return square > 0 ? sqrt(square) : -1;
}

/** How far q is from the range of s. */
static double distance(double q, double s_low, double s_high)
{
  return fmax(0, fmax(s_low - q, q - s_high));
}

/** The same where T is smooth as far as the Gaussian reaches: Hermite's rule. */
static double over_whole_spread(point *p, double q)
{
  const gauss *rule = &p->m->of_whole_s;
  double sum = 0;
  for (size_t i = 0; i < rule->n; i++)
    sum += rule->weight[i] * over_recoils(p, q, q + p->m->Delta * rule->at[i]);
  return sum;
}

/** From s = low to high, in pieces that Δ allows. */
static double piece_in_s(point *p, double q, double low, double high)
{
  const migdal_kernel *m = p->m;
  const gauss *rule = &m->of_s;
  double Delta = m->Delta, sum = 0, span = (high - low) / Delta;
  double steepest = 2 * fmax(fabs(q - low), fabs(q - high)) / Delta;
  int n_parts = (int)fmax(1, ceil(fmax(span / LONGEST_IN_DELTA,
                                       span * (steepest - span) / LONGEST_EXPONENT) * m->finer));
  double width = (high - low) / n_parts;
  for (int part = 0; part < n_parts; part++)
    for (size_t j = 0; j < rule->n; j++) {
      double s = low + width * (part + rule->at[j]), away = (q - s) / Delta;
      double E = -exp(-away * away) * expm1(-4 * q * s / (Delta * Delta));
      sum += width * rule->weight[j] * E * over_recoils(p, q, s);
    }
  return sum;
}

/** ω ∫ds E(q,s) T(q,s). */
static double over_spread(point *p, double q)
{
  const migdal_kernel *m = p->m;
  double fastest_q_N = fastest(p, q, m->v_max), Delta = m->Delta, sum = 0;
  double s_low = fmax(0, m->q_th - p->k), s_high = fastest_q_N + p->k;
  double d = distance(q, s_low, s_high), reach = sqrt(d * d + CUT_S * Delta * Delta);
  double floored_q_N = p->speed_floor > 0 ? fastest(p, q, p->speed_floor) : -1;
  bool smooth = q - reach > m->q_th + p->k && q + reach < fastest_q_N - p->k &&
                (floored_q_N < q - reach || floored_q_N > q + reach);
  if (m->finer == 1 && smooth)
    return over_whole_spread(p, q);
  s_low = fmax(s_low, q - reach);
  s_high = fmin(s_high, q + reach);
  if (!(s_high > s_low))
    return 0;
  ends e = {0};
  add_end(&e, fabs(m->q_th - p->k));
  add_end(&e, m->q_th + p->k);
  for (size_t j = first_kink(m); j < m->n_kinks; j++) {
    double q_N = fastest(p, q, m->kink[j]);
    if (q_N >= 0) {
      add_end(&e, fabs(q_N - p->k));
      add_end(&e, q_N + p->k);
    }
  }
  add_end(&e, floored_q_N);
  tidy(&e, s_low, s_high);
  for (size_t i = 0; i + 1 < e.n; i++)
    sum += piece_in_s(p, q, e.at[i], e.at[i + 1]);
  return sum / (SQRT_PI * Delta);
}

double migdal_kernel_furthest(const migdal_kernel *m, double omega, double k_min)
{
  ends range = {0};
  add_roots(&range, m->m_chi, m->v_max, omega + m->E_th);
  if (range.n < 2)
    return 0;
  double d = distance(range.at[0], m->q_th - k_min, INFINITY);
  return range.at[0] + sqrt(d * d + CUT_S * m->Delta * m->Delta);
}

/** From q = low to high, in pieces that Δ allows; `near` the least recoil, the spread shows. */
static double piece_in_q(point *p, double low, double high, bool near)
{
  const migdal_kernel *m = p->m;
  const gauss *rule = &m->of_q;
  double span = log(high / low), sum = 0, shortest = span / LONGEST_LOG;
  if (near) {
    double length = (high - low) / m->Delta;
    double steepest = 2 * fmax(0, m->q_th - p->k - low) / m->Delta;
    shortest = fmax(shortest, length / LONGEST_IN_DELTA);
    shortest = fmax(shortest, length * (steepest - length) / LONGEST_EXPONENT);
  }
  int n_parts = (int)fmax(1, ceil(shortest * m->finer));
  double width = span / n_parts;
  for (int part = 0; part < n_parts; part++)
    for (size_t j = 0; j < rule->n; j++) {
      double q = low * exp(width * (part + rule->at[j]));
      sum += width * rule->weight[j] * q * form_factor2(m, q) * over_spread(p, q);
    }
  return sum;
}

static double value_impulse(point *p)
{
  const migdal_kernel *m = p->m;
  double Delta = m->Delta, sum = 0;
  ends range = {0}, e = {0};
  add_roots(&range, m->m_chi, m->v_max, p->omega + m->E_th);
  if (range.n < 2)
    return 0;
  double high = range.at[0], low = range.at[1];
  /* far below the least recoil the Gaussian has nothing to give, compared with where it is nearest */
  double nearest = distance(high, m->q_th - p->k, INFINITY);
  low = fmax(low, m->q_th - p->k - sqrt(nearest * nearest + CUT_Q * Delta * Delta));
  for (size_t j = first_kink(m); j < m->n_kinks; j++)
    add_roots(&e, m->mu, m->kink[j], p->omega); /* in between those of ends_of_free() */
  if (p->speed_floor > 0) /* where it begins to matter at the least recoil */
    add_roots(&e, m->m_chi, p->speed_floor, p->omega + m->E_th);
  double reach = REACH_OF_CUT * Delta;
  double zone[2] = {m->q_th - p->k - reach, m->q_th + p->k + reach};
  add_end(&e, zone[0]);
  add_end(&e, zone[1]);
  if (p->k > reach) { /* in the middle it does not show */
    add_end(&e, m->q_th - p->k + reach);
    add_end(&e, m->q_th + p->k - reach);
  }
  tidy(&e, low, high);
  for (size_t i = 0; i + 1 < e.n; i++) {
    double middle = 0.5 * (e.at[i] + e.at[i + 1]);
    bool near = middle < zone[1] && fabs(middle - m->q_th) > p->k - reach;
    sum += piece_in_q(p, e.at[i], e.at[i + 1], near);
  }
  return sum;
}

double migdal_kernel_value(const migdal_kernel *kernel, double omega, double k, long *evaluations)
{
  point p = {.m = kernel, .omega = omega, .k = k};
  double value = kernel->Delta > 0 ? value_impulse(&p) : value_free(&p);
  *evaluations += p.evaluations;
  return kernel->m_N / (k * omega) * value;
}

double migdal_kernel_soft(const migdal_kernel *kernel, double omega, double speed_floor,
                          long *evaluations)
{
  point p = {.m = kernel, .omega = omega, .soft = true, .speed_floor = speed_floor};
  double value = kernel->Delta > 0 ? value_impulse(&p) : value_free(&p);
  *evaluations += p.evaluations;
  return value;
}
