/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file migdal_full.c
 * The Migdal effect beyond the soft limit, for one species of nucleus [docs/migdal.md, "Full
 * expression"; arXiv:2011.09496].
 *
 *   R = N ∫dω ∫dk Z(k)² ELF(ω,k) G(ω,k),
 *   N = α A²/(2π²) · (nuclei per kg) (ρ_χ/m_χ) σ̄_n c/μ_χn² · year,
 * with G(ω,k) from migdal_kernel.c, whose page derives this.
 *
 * The region in the (ω,k) plane is bounded by the largest ω that dark matter of v_max can pay for.
 * Of the energy v q − q²/2m_χ that it gives with q, the recoil takes at least
 * max(|q − k|, q_th)²/2m_N, q_th = √(2 m_N E_th), if the ion is free, and E_th if it is bound. The rest
 * is largest, over q, on one of
 *   ω = μ v²/2 + (μ/m_N) v k − (1 − μ/m_N) k²/2m_N    (free, recoil above E_th anyway)
 *   ω = m_χ v²/2 − E_th                               (recoil E_th)
 *   ω = v q − q²/2m_χ − E_th,  q = |q_th ± k|         (recoil E_th along k)
 * all parabolas in k, as region_panels() wants them, with those of v = the kinks of η.
 *
 * Where the region touches x = q_N·k/m_N = ω, the ion outruns the excitation and perturbation theory
 * has a double pole: refused, see pole_energy().
 */
#include "rates/migdal.h"

#include "elf/elf.h"
#include "rates/migdal_kernel.h"
#include "rates/regions.h"

#include <math.h>
#include <stdlib.h>

/* The response says nothing of use below; where the integral over k starts [eV]. */
static const double K_MIN = 10;
/* At least this much of the accuracy asked for is left to the integral over ω and k. */
static const double LEAST_SHARE = 0.1;
/* Rates fall like ω⁻⁴: panels are not higher than this factor. */
static const double STEP = 1.6;
/* Kinks of η show in the (ω,k) plane after two integrations: those of tables are left inside. */
enum { MOST_KINKS = 4 };

typedef struct full {
  const elfin_request *q;
  const migdal_nucleus *nucleus;
  migdal_kernel kernel;
  bool bound;                  /* impulse approximation */
  double omega_min, omega_max; /* of the response */
  double prefactor;            /* N for σ̄_n = 1 cm² */
  region where;
  size_t n_panels;
  panel *panels;               /* [INTEGRAL_MAX_PANELS] */
  double ends[2 * REGION_MAX_SEGMENTS]; /* of stretches of a line */
  double fixed;                /* ω of a point value */
  long evaluations;            /* of η */
  double furthest;             /* bound: the largest s that counts */
} full;

/* ---- the integrand --------------------------------------------------------------------------- */

static void charges(const migdal_nucleus *nucleus, size_t n, const double k[], double charge[])
{
  if (nucleus->ion)
    elfin_form_factor_at(nucleus->ion, n, k, charge);
  else
    for (size_t i = 0; i < n; i++)
      charge[i] = nucleus->charge;
}

/** Z² ELF G at n points. */
static void integrand(full *m, size_t n, const double omega[], const double k[], double f[])
{
  enum { BLOCK = 128 };
  const loss_wanted elf = {m->q->response, true, m->q->accuracy, false};
  double Z[BLOCK];
  loss_values(&elf, n, omega, k, f);
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t n_block = n - first < BLOCK ? n - first : BLOCK;
    charges(m->nucleus, n_block, k + first, Z);
    for (size_t i = 0; i < n_block; i++)
      if (f[first + i] > 0)
        f[first + i] *= Z[i] * Z[i] * migdal_kernel_value(&m->kernel, omega[first + i],
                                                          k[first + i], &m->evaluations);
  }
}

/** A panel: x is how far along ln k and, at that k, how far from its lower to its upper curve. */
static void on_panel(void *context, size_t i_panel, size_t n, const double x[], double f[])
{
  enum { BLOCK = 128 };
  full *m = context;
  const panel *p = &m->panels[i_panel];
  double span = log(p->k_high / p->k_low), k[BLOCK], omega[BLOCK], area[BLOCK];
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t n_block = n - first < BLOCK ? n - first : BLOCK;
    const double *at = x + 2 * first;
    for (size_t i = 0; i < n_block; i++) {
      k[i] = p->k_low * exp(span * at[2 * i]);
      double lower = border_at(&p->lower, k[i]);
      double height = fmax(border_at(&p->upper, k[i]) - lower, 0);
      omega[i] = lower + height * at[2 * i + 1];
      area[i] = span * k[i] * height;
    }
    integrand(m, n_block, omega, k, f + first);
    for (size_t i = 0; i < n_block; i++)
      f[first + i] *= area[i];
  }
}

/** A stretch of the line of constant ω. */
static void along_k(void *context, size_t i_segment, size_t n, const double x[], double f[])
{
  enum { BLOCK = 128 };
  full *m = context;
  const double *end = &m->ends[2 * i_segment];
  double span = log(end[1] / end[0]), k[BLOCK], omega[BLOCK];
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t n_block = n - first < BLOCK ? n - first : BLOCK;
    for (size_t i = 0; i < n_block; i++) {
      k[i] = end[0] * exp(span * x[first + i]);
      omega[i] = m->fixed;
    }
    integrand(m, n_block, omega, k, f + first);
    for (size_t i = 0; i < n_block; i++)
      f[first + i] *= span * k[i];
  }
}

/* ---- the region ------------------------------------------------------------------------------ */

/** The energy that is left for ω where dark matter of speed v gives q. */
static double left_over(const full *m, double v, double q, double k)
{
  const migdal_kernel *g = &m->kernel;
  double q_N = m->bound ? g->q_th : fmax(fabs(q - k), g->q_th);
  return q * (v - q / (2 * g->m_chi)) - q_N * q_N / (2 * g->m_N);
}

/** The largest ω at k for v_max. left_over() is concave in q, so its largest value lies where one of
 * its pieces is largest, if that is on the piece, or where they meet. */
static double omega_end(const full *m, double k)
{
  const migdal_kernel *g = &m->kernel;
  double v = g->v_max, at_cut = g->m_chi * v, beyond = g->mu * (v + k / g->m_N);
  if (m->bound)
    return left_over(m, v, at_cut, k);
  double q = beyond;
  if (fabs(beyond - k) < g->q_th) /* the recoil would be too small: the cut decides */
    q = fmin(fmax(at_cut, fabs(g->q_th - k)), g->q_th + k);
  return left_over(m, v, q, k);
}

static bool inside(const void *context, double omega, double k)
{
  const full *m = context;
  const lindhard *gas = &m->q->response->gas;
  if (gas->omega_p > 0 && !(fabs(omega - k * k / (2 * gas->m_e)) < gas->v_F * k))
    return false;
  return omega < omega_end(m, k);
}

static void add_curve(region *r, double a, double b, double c)
{
  if (r->n_curves < REGION_MAX_CURVES)
    r->curve[r->n_curves++] = (border){.a = a, .b = b, .c = c};
}

static void add_curves_of_speed(full *m, double v)
{
  const migdal_kernel *g = &m->kernel;
  double ratio = g->mu / g->m_N;
  add_curve(&m->where, 0.5 * g->m_chi * v * v - g->E_th, 0, 0);
  if (m->bound)
    return;
  add_curve(&m->where, 0.5 * g->mu * v * v, ratio * v, -(1 - ratio) / (2 * g->m_N));
  for (int sign = -1; g->E_th > 0 && sign <= 1; sign += 2) /* v q − q²/2m_χ − E_th at q = q_th ± k */
    add_curve(&m->where, g->q_th * (v - g->q_th / (2 * g->m_chi)) - g->E_th,
              sign * (v - g->q_th / g->m_chi), -1 / (2 * g->m_chi));
  if (g->E_th > 0) /* and at q = k − q_th */
    add_curve(&m->where, -g->q_th * (v + g->q_th / (2 * g->m_chi)) - g->E_th,
              v + g->q_th / g->m_chi, -1 / (2 * g->m_chi));
}

static void set_region(full *m)
{
  const elfin_response *response = m->q->response;
  region *r = &m->where;
  const migdal_kernel *g = &m->kernel;
  r->inside = inside;
  r->context = m;
  r->k_min = fmax(response->about.k_min_eV, K_MIN);
  r->k_max = fmin(response->about.k_max_eV, m->q->k_cut_eV);
  double edge[RESPONSE_MOST_EDGES];
  size_t n_edges = response_edges(response, edge);
  for (size_t i = 0; i < n_edges; i++)
    add_curve(r, edge[i], 0, 0);
  for (size_t j = g->n_kinks <= MOST_KINKS ? 0 : g->n_kinks - 1; j < g->n_kinks; j++)
    add_curves_of_speed(m, g->kink[j]);
  const lindhard *gas = &response->gas;
  if (gas->omega_p > 0) {
    add_curve(r, 0, gas->v_F, 1 / (2 * gas->m_e));
    add_curve(r, 0, gas->v_F, -1 / (2 * gas->m_e));
    add_curve(r, 0, -gas->v_F, 1 / (2 * gas->m_e));
  }
}


/** Everything but `panels`. */
static elfin_status begin(full *m, const elfin_request *q, const migdal_nucleus *nucleus,
                          elfin_error *err)
{
  *m = (full){.q = q, .nucleus = nucleus, .bound = q->approximation == ELFIN_IMPULSE};
  elfin_status status = migdal_kernel_of(q, nucleus, &m->kernel, err);
  if (status)
    return status;
  m->omega_min = q->response->about.omega_min_eV;
  m->omega_max = q->response->about.omega_max_eV;
  m->prefactor = q->constants->alpha / (2 * M_PI * M_PI) * migdal_flux(q, nucleus);
  set_region(m);
  return ELFIN_OK;
}

/* ---- the pole -------------------------------------------------------------------------------- */

/* Bisections until nothing changes, and no more than this. */
enum { BISECTIONS = 200 };

/** The largest q for which q_N = q − k, along k, is at its pole within reach of v_max. */
static double pole_momentum(const full *m, double k)
{
  const migdal_kernel *g = &m->kernel;
  double p = g->mu * g->v_max;
  return p + sqrt(p * p + g->mu / g->m_N * k * k);
}

/** The largest ω, at least omega_low, at which the region touches the pole at this k; or less.
 *
 * Free: where x = ω, v_min = a = q/2μ − k²/(2 m_N q) whatever ω is; a = v_max at the largest q, and
 * x = (q·k − k²)/m_N is largest there, for q along k: if the recoil is not below E_th.
 * Bound: |q_N| ≤ √(2 m_N (m_χ v_max²/2 − ω)) in any direction, and q_N ≤ s − k, where s is not further
 * from q than the Gaussian reaches: what lies beyond has a weight below e^{−18}. */
static double pole_energy(const full *m, double k)
{
  const migdal_kernel *g = &m->kernel;
  if (m->bound) {
    double energy = 0.5 * g->m_chi * g->v_max * g->v_max, c = 2 * k * k / g->m_N;
    double omega = 2 * c * energy / (c + sqrt(c * c + 4 * c * energy)); /* ω² = c (energy − ω) */
    return fmin(omega, k * (m->furthest - k) / g->m_N);
  }
  double q_N = pole_momentum(m, k) - k;
  return q_N >= g->q_th && q_N > 0 ? k * q_N / g->m_N : 0;
}

/** Where a function that falls with k stops to be positive. */
static double last_positive(const full *m, double (*f)(const full *, double), double low, double high)
{
  if (f(m, high) >= 0)
    return high;
  for (int i = 0; i < BISECTIONS; i++) {
    double middle = 0.5 * (low + high);
    if (f(m, middle) >= 0)
      low = middle;
    else
      high = middle;
  }
  return low;
}

/** Where pole_energy() is largest; it first rises with k and then falls. */
static double worst_momentum(const full *m, double low, double high)
{
  for (int i = 0; i < BISECTIONS; i++) {
    double third = (high - low) / 3;
    if (pole_energy(m, low + third) < pole_energy(m, high - third))
      low += third;
    else
      high -= third;
  }
  return high;
}

static double recoil_above_cut(const full *m, double k)
{
  return pole_momentum(m, k) - k - m->kernel.q_th;
}

/** How far the pole lies above the electron gas's band: falls with k where the band leaves ω = 0. */
static double pole_above_band(const full *m, double k)
{
  const lindhard *gas = &m->q->response->gas;
  return pole_energy(m, k) - k * (k / (2 * gas->m_e) - gas->v_F);
}

/** Momenta at which the region may touch the pole at ω ≥ omega_low. */
static void pole_range(const full *m, double omega_low, double *k_low, double *k_high)
{
  const lindhard *gas = &m->q->response->gas;
  *k_low = m->where.k_min;
  *k_high = m->where.k_max;
  if (gas->omega_p > 0) {
    *k_low = fmax(*k_low, sqrt(2 * gas->m_e * omega_low + gas->k_F * gas->k_F) - gas->k_F);
    if (*k_high > 2 * gas->k_F)
      *k_high = last_positive(m, pole_above_band, 2 * gas->k_F, *k_high);
  }
  if (!m->bound)
    *k_high = last_positive(m, recoil_above_cut, 0, *k_high);
}

elfin_status migdal_full_valid(const elfin_request *q, const migdal_nucleus *nucleus,
                               double omega_low, elfin_error *err)
{
  full m;
  elfin_status status = begin(&m, q, nucleus, err);
  if (status)
    return status;
  double k_low, k_high;
  omega_low = fmax(omega_low, m.omega_min);
  m.furthest = m.bound ? migdal_kernel_furthest(&m.kernel, omega_low, m.where.k_min) : 0;
  pole_range(&m, omega_low, &k_low, &k_high);
  if (!(k_high > k_low))
    return ELFIN_OK;
  double k_worst = worst_momentum(&m, k_low, k_high), worst = pole_energy(&m, k_worst);
  if (worst < omega_low)
    return ELFIN_OK;
  double reach = k_low, beyond = k_worst; /* the least k at which the pole is touched */
  for (int i = 0; i < BISECTIONS; i++) {
    double middle = 0.5 * (reach + beyond);
    if (pole_energy(&m, middle) < omega_low)
      reach = middle;
    else
      beyond = middle;
  }
  return elfin_fail(err, ELFIN_E_VALIDITY, "%s in %s: dark matter of %g MeV can make the nucleus "
                    "outrun an excitation of omega = %g eV (q_N.k/m_N up to %.3g eV, at k = %.3g "
                    "eV), where the full expression has a pole; it has a meaning above that energy, "
                    "or with k below %.3g eV", nucleus->name, q->material->name, q->mass_eV * 1e-6,
                    omega_low, worst, k_worst, reach);
}

/* ---- integrals ------------------------------------------------------------------------------- */

/** What is left of the accuracy asked for; ≤ 0: nothing. `*known` gets what is spent already. */
static double accuracy_left(const full *m, double relative, double *known)
{
  *known = migdal_kernel_error(&m->kernel) + loss_interpolation_error(m->q->response,
                                                                      m->q->accuracy);
  double left = relative - *known;
  return left >= LEAST_SHARE * relative ? left : 0;
}

/** An integral of `dim` dimensions over n_panels panels; `absolute` and *out in the result's unit. */
static elfin_status integrate(full *m, unsigned dim, size_t n_panels, panel_function *f,
                              double relative, double absolute, integral *out, elfin_error *err)
{
  double known, left = accuracy_left(m, relative, &known);
  if (!(left > 0))
    return elfin_fail(err, ELFIN_E_ACCURACY, "accuracy %g: the full Migdal expression is known to "
                      "%.1e at best with this halo and response", relative, known);
  integral_request r = {.dim = dim, .n_panels = n_panels, .f = f, .context = m, .relative = left,
                        .absolute = absolute / m->prefactor, .max_evaluations = m->q->max_evaluations};
  elfin_status status = integrate_panels(&r, out, err);
  out->error = m->prefactor * (out->error + known * fabs(out->value));
  out->value *= m->prefactor;
  return status;
}

elfin_status migdal_full_rate(const elfin_request *q, const migdal_nucleus *nucleus, double low,
                              double high, double relative, double absolute, integral *out,
                              elfin_error *err)
{
  full m;
  *out = (integral){0};
  elfin_status status = begin(&m, q, nucleus, err);
  if (!status)
    status = migdal_full_valid(q, nucleus, low, err);
  if (status)
    return status;
  m.panels = malloc(INTEGRAL_MAX_PANELS * sizeof *m.panels);
  if (!m.panels)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  low = fmax(low, m.omega_min);
  high = fmin(fmin(high, m.omega_max), 0.5 * q->mass_eV * m.kernel.v_max * m.kernel.v_max);
  for (double omega = low * STEP; omega < high; omega *= STEP)
    add_curve(&m.where, omega, 0, 0);
  status = region_panels(&m.where, low, high, m.panels, &m.n_panels, err);
  if (!status)
    status = integrate(&m, 2, m.n_panels, on_panel, relative, absolute, out, err);
  free(m.panels);
  return status;
}

elfin_status migdal_full_differential(const elfin_request *q, const migdal_nucleus *nucleus,
                                      double omega, double relative, integral *out,
                                      elfin_error *err)
{
  full m;
  *out = (integral){0};
  elfin_status status = begin(&m, q, nucleus, err);
  if (!status)
    status = migdal_full_valid(q, nucleus, omega, err);
  if (status || omega < m.omega_min || omega > m.omega_max)
    return status;
  m.fixed = omega;
  return integrate(&m, 1, region_segments(&m.where, omega, m.ends), along_k, relative, 0, out, err);
}
