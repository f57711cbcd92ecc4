/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal_impulse.c
 * Rates in a crystal, above the switch momentum: the impulse approximation [docs/multiphonon.md].
 *
 * C(q,ω) is a Gaussian in ω. With v = q/(2m_χ) + ω/q in place of ω it is one in v,
 *
 *   ∫ dω C v(v_min) = ∫ dv N((v − q/2μ)/u)/u v(v),   u = √(ω̄/2m),   μ = m m_χ/(m + m_χ),
 *
 * of the same width u at every q: far narrower than anything in the halo. So the inner integral is a few
 * Gauss rules over ±9 u, cut at the halo's kinks and at the slice's ends, and the outer one is smooth
 * between the momenta at which the Gaussian meets those.
 */
#include "crystal/crystal_parts.h"

#include <math.h>

/* A Gaussian ends here, in widths: 1e-18. */
static const double REACH = 9;
/* Inner rules are no longer than this, in widths: eight points are then exact to 1e-11. */
static const double LONGEST = 3;
/* Momenta begin in pieces of this length in ln q. */
static const double LONGEST_Q = 0.7;
enum { RULE = 8, MOST_CUTS = 160, MOST_PIECES = 256, MOST_INNER = 24 };

static const double at[RULE / 2] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                                    0.9602898564975363};
static const double part[RULE / 2] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                      0.1012285362903763};

typedef struct impulse {
  const crystal_sum *sum;
  const crystal_species *species;
  double m, u, mu;            /* mass of the nucleus, width in v, reduced mass */
  double low, high;           /* of the slice; or both the point's ω */
  double ends[2 * MOST_PIECES];
} impulse;

static impulse impulse_of(const crystal_sum *sum, size_t i_species, double low, double high)
{
  const crystal_species *s = &sum->species[i_species];
  double m = s->of->mass;
  return (impulse){.sum = sum, .species = s, .m = m, .u = sqrt(s->of->phonons->mean / (2 * m)),
                   .mu = m * sum->m_chi / (m + sum->m_chi), .low = low, .high = high};
}

/** w(q) at n momenta, times q for the variable ln q. */
static void weights(const impulse *p, size_t n, const double q[], double w[])
{
  double charge[RULE * 32];
  crystal_sum_form(p->sum, n, q, w);
  if (p->species->charge)
    elfin_form_factor_at(p->species->charge, n, q, charge);
  for (size_t i = 0; i < n; i++)
    w[i] *= q[i] * q[i] * (p->species->charge ? charge[i] * charge[i] : 1);
}

/** ∫ dv N((v − q/2μ)/u)/u v(v) between the slice's ends. */
static double smeared(const impulse *p, double q)
{
  const speed_function *speed = &p->sum->speed;
  double rest = q / (2 * p->sum->m_chi), centre = q / (2 * p->mu);
  double low = fmax(rest + p->low / q, centre - REACH * p->u);
  double high = fmin(fmin(rest + p->high / q, crystal_v_end(p->sum)), centre + REACH * p->u);
  if (!(low < high))
    return 0;
  double sum = 0, from = low;
  for (size_t i = 0; i < speed->n_kinks && from < high; i++) {
    double to = fmin(fmax(speed->kinks[i], from), high);
    size_t n = (size_t)((to - from) / (LONGEST * p->u)) + 1;
    double half = 0.5 * (to - from) / (double)n;
    for (size_t j = 0; half > 0 && j < n; j++) {
      double middle = from + (2 * (double)j + 1) * half, v[RULE], f[RULE];
      for (int k = 0; k < RULE; k++)
        v[k] = middle + (k % 2 ? half : -half) * at[k / 2];
      speed->at(speed->context, RULE, v, f);
      for (int k = 0; k < RULE; k++) {
        double s = (v[k] - centre) / p->u;
        sum += half * part[k / 2] * f[k] * exp(-0.5 * s * s);
      }
    }
    from = to;
  }
  return sum / (sqrt(2 * M_PI) * p->u);
}

enum { BLOCK = RULE * 32 };

static void over_slice(void *context, size_t i_piece, size_t n, const double x[], double f[])
{
  const impulse *p = context;
  const double *end = &p->ends[2 * i_piece];
  double span = log(end[1] / end[0]), q[BLOCK];
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = n - first < BLOCK ? n - first : BLOCK;
    for (size_t i = 0; i < m; i++)
      q[i] = end[0] * exp(span * x[first + i]);
    weights(p, m, q, f + first);
    for (size_t i = 0; i < m; i++)
      f[first + i] *= span * smeared(p, q[i]);
  }
}

static void at_point(void *context, size_t i_piece, size_t n, const double x[], double f[])
{
  const impulse *p = context;
  const double *end = &p->ends[2 * i_piece];
  double span = log(end[1] / end[0]), q[BLOCK], v[BLOCK];
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = n - first < BLOCK ? n - first : BLOCK;
    for (size_t i = 0; i < m; i++) {
      q[i] = end[0] * exp(span * x[first + i]);
      v[i] = q[i] / (2 * p->sum->m_chi) + p->low / q[i];
    }
    p->sum->speed.at(p->sum->speed.context, m, v, v);
    weights(p, m, q, f + first);
    for (size_t i = 0; i < m; i++) {
      double width = q[i] * p->u, s = (p->low - q[i] * q[i] / (2 * p->m)) / width;
      f[first + i] *= span * v[i] * exp(-0.5 * s * s) / (sqrt(2 * M_PI) * width);
    }
  }
}

/** The momentum at which the free recoil is `widths` above omega. */
static double q_at(const impulse *p, double omega, double widths)
{
  double shift = widths * p->u;
  return p->m * (shift + sqrt(shift * shift + 2 * omega / p->m));
}

static size_t cut_momenta(impulse *p)
{
  const crystal_sum *sum = p->sum;
  double cut[MOST_CUTS], low, high, v_end = crystal_v_end(sum);
  size_t n = 0;
  if (!crystal_sum_momenta(sum->m_chi, v_end, p->low, &low, &high))
    return 0;
  low = fmax(fmax(low, p->species->of->q_switch), fmax(sum->q_from, q_at(p, p->low, -REACH)));
  high = fmin(high, 2 * p->mu * (v_end + REACH * p->u));
  if (isfinite(p->high))
    high = fmin(high, q_at(p, p->high, REACH));
  for (int widths = -6; widths <= 6; widths += 3) {
    cut[n++] = q_at(p, p->low, widths);
    if (isfinite(p->high) && p->high > p->low)
      cut[n++] = q_at(p, p->high, widths);
    for (size_t i = 0; i < sum->speed.n_kinks && n + 4 < MOST_CUTS; i++)
      cut[n++] = 2 * p->mu * (sum->speed.kinks[i] + widths * p->u);
  }
  for (size_t i = 0; i < sum->speed.n_kinks && n + 4 < MOST_CUTS; i++)
    for (int j = 0; j < 2; j++) /* where a kink enters the slice, or passes the point */
      if (j == 0 || (isfinite(p->high) && p->high > p->low))
        if (crystal_sum_momenta(sum->m_chi, sum->speed.kinks[i], j ? p->high : p->low, &cut[n],
                                &cut[n + 1]))
          n += 2;
  return low < high ? crystal_cut(n, cut, low, high, LONGEST_Q, MOST_PIECES, p->ends) : 0;
}

static elfin_status integrate(impulse *p, panel_function *f, double relative, double absolute,
                              integral *out, elfin_error *err)
{
  integral_request r = {.dim = 1, .n_panels = cut_momenta(p), .f = f, .context = p,
                        .relative = relative, .absolute = absolute,
                        .max_evaluations = p->sum->max_evaluations};
  *out = (integral){0};
  return r.n_panels ? integrate_panels(&r, out, err) : ELFIN_OK;
}

elfin_status crystal_impulse_slice(const crystal_sum *sum, size_t i_species, double low, double high,
                                   double relative, double absolute, integral *out, elfin_error *err)
{
  impulse p = impulse_of(sum, i_species, low, high);
  return integrate(&p, over_slice, relative, absolute, out, err);
}

elfin_status crystal_impulse_point(const crystal_sum *sum, size_t i_species, double omega,
                                   double relative, double absolute, integral *out, elfin_error *err)
{
  impulse p = impulse_of(sum, i_species, omega, omega);
  return integrate(&p, at_point, relative, absolute, out, err);
}
