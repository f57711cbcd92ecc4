/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron_integrals.c
 * The integrand of electron scattering, N apart, and its integrals [electron.c].
 *
 * Delicate: the region is bounded by v_min(ω,k) = v_max and has kinks along v_min = v_esc − v_lab;
 * both are parabolas, and so are the edges of the electron gas's band, and of inner shells:
 * region_panels() cuts there. For a flux the former are hyperbolas [electron_flux.c].
 * In a panel, ln k and the fraction of the way in ω are the variables: a window that is nearly
 * closed is as smooth as any.
 */
#include "rates/electron_inner.h"

#include "elf/elf.h"
#include "elf/elf_table.h"
#include "halo/halo_lookup.h"

#include <math.h>
#include <stdlib.h>

/* A region that begins at 0 has no logarithm [eV]. */
static const double K_FLOOR = 1e-3;
/* A halo table with more kinks than this is left to the integrator: each of them is weak. */
enum { MAX_KINKS = 24 };
/* How well a neglected tail is estimated: only its size matters. */
static const double TAIL_ACCURACY = 0.1;

/* ---- the integrand --------------------------------------------------------------------------- */

/** Everything but N, W and the temperature at n points: multiplies f. */
static void halo_weights(const electron *e, size_t n, const double omega[], const double k[],
                         double f[])
{
  enum { BLOCK = 128 };
  double v_min[BLOCK];
  const halo_lookup *eta = halo_lookup_of(e->q->halo);
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = n - first < BLOCK ? n - first : BLOCK;
    for (size_t i = 0; i < m; i++)
      v_min[i] = fabs((omega[first + i] + e->delta) / k[first + i] + k[first + i] / (2 * e->m_chi));
    halo_lookup_eta(eta, m, v_min, v_min);
    for (size_t i = 0; i < m; i++) {
      double k2 = k[first + i] * k[first + i];
      double F = isinf(e->m_V2) ? 1 : (e->alpha_m_e2 + e->m_V2) / (k2 + e->m_V2);
      f[first + i] *= k2 * k[first + i] * F * F * v_min[i];
    }
  }
}

/** Everything but N at n points. */
static void integrand(const electron *e, size_t n, const double omega[], const double k[],
                      double f[])
{
  const elfin_request *q = e->q;
  loss_values(&e->W, n, omega, k, f);
  if (q->flux)
    electron_flux_weights(e, n, omega, k, f);
  else
    halo_weights(e, n, omega, k, f);
  if (e->temperature > 0)
    for (size_t i = 0; i < n; i++)
      f[i] /= -expm1(-omega[i] / e->temperature);
}

/** A panel: x is how far along ln k and, at that k, how far from its lower to its upper curve. */
static void on_panel(void *context, size_t i_panel, size_t n, const double x[], double f[])
{
  enum { BLOCK = 128 };
  const electron *e = context;
  const panel *p = &e->panels[i_panel];
  double span = log(p->k_high / p->k_low), k[BLOCK], omega[BLOCK], area[BLOCK];
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = n - first < BLOCK ? n - first : BLOCK;
    const double *at = x + 2 * first;
    for (size_t i = 0; i < m; i++) {
      k[i] = p->k_low * exp(span * at[2 * i]);
      double lower = border_at(&p->lower, k[i]);
      double height = fmax(border_at(&p->upper, k[i]) - lower, 0);
      omega[i] = lower + height * at[2 * i + 1];
      area[i] = span * k[i] * height;
    }
    integrand(e, m, omega, k, f + first);
    for (size_t i = 0; i < m; i++)
      f[first + i] *= area[i];
  }
}

/** A stretch of the line of constant ω. */
static void along_k(void *context, size_t i_segment, size_t n, const double x[], double f[])
{
  enum { BLOCK = 128 };
  const electron *e = context;
  const double *end = &e->ends[2 * i_segment];
  double span = log(end[1] / end[0]), k[BLOCK], omega[BLOCK];
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = n - first < BLOCK ? n - first : BLOCK;
    for (size_t i = 0; i < m; i++) {
      k[i] = end[0] * exp(span * x[first + i]);
      omega[i] = e->fixed;
    }
    integrand(e, m, omega, k, f + first);
    for (size_t i = 0; i < m; i++)
      f[first + i] *= span * k[i];
  }
}

/** A stretch of the line of constant k. */
static void along_omega(void *context, size_t i_segment, size_t n, const double x[], double f[])
{
  enum { BLOCK = 128 };
  const electron *e = context;
  const double *end = &e->ends[2 * i_segment];
  double span = end[1] - end[0], k[BLOCK], omega[BLOCK];
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = n - first < BLOCK ? n - first : BLOCK;
    for (size_t i = 0; i < m; i++) {
      k[i] = e->fixed;
      omega[i] = end[0] + span * x[first + i];
    }
    integrand(e, m, omega, k, f + first);
    for (size_t i = 0; i < m; i++)
      f[first + i] *= span;
  }
}

/* ---- the region ------------------------------------------------------------------------------ */

static bool inside(const void *context, double omega, double k)
{
  const electron *e = context;
  if (e->q->flux ? !(omega < border_at(&e->fastest, k))
                 : !(fabs(omega + e->delta + k * k / (2 * e->m_chi)) < e->v_max * k))
    return false;
  const lindhard *gas = &e->q->response->gas;
  return gas->omega_p == 0 || fabs(omega - k * k / (2 * gas->m_e)) < gas->v_F * k;
}

static void add_curve(region *r, double a, double b, double c)
{
  r->curve[r->n_curves++] = (border){.a = a, .b = b, .c = c};
}

static void add_halo_curves(const electron *e, region *r)
{
  size_t n_kinks;
  const double *kink = elfin_halo_kinks(e->q->halo, &n_kinks);
  for (size_t i = n_kinks > MAX_KINKS ? n_kinks - 1 : 0; i < n_kinks; i++) {
    add_curve(r, -e->delta, kink[i], -1 / (2 * e->m_chi));
    if (e->delta < 0)
      add_curve(r, -e->delta, -kink[i], -1 / (2 * e->m_chi));
  }
}

static void set_region(electron *e)
{
  const elfin_request *q = e->q;
  const elfin_response *response = q->response;
  region *r = &e->where;
  r->inside = inside;
  r->context = e;
  r->k_min = fmax(response->about.k_min_eV, K_FLOOR);
  r->k_max = fmin(response->about.k_max_eV, q->k_cut_eV);
  r->n_ends = response_k_ends(response, r->end);
  e->k_first = r->n_ends ? r->end[0] : 0;
  e->k_last = r->n_ends ? r->end[1] : response->about.k_max_eV;
  e->ends_below_cut = e->k_last < q->k_cut_eV;

  if (q->flux)
    electron_flux_edges(e, r);
  else
    add_halo_curves(e, r);
  double edge[RESPONSE_MOST_EDGES];
  size_t n_edges = response_edges(response, edge);
  for (size_t i = 0; i < n_edges; i++)
    add_curve(r, edge[i], 0, 0);
  const lindhard *gas = &response->gas;
  if (gas->omega_p > 0) {
    add_curve(r, 0, gas->v_F, 1 / (2 * gas->m_e));
    add_curve(r, 0, gas->v_F, -1 / (2 * gas->m_e));
    add_curve(r, 0, -gas->v_F, 1 / (2 * gas->m_e));
  }
  if (response_is_bilinear(response)) {
    r->n_knots = response->table->n_k;
    r->knot = response->table->k;
  }
}

/** N, per cm² of cross section. */
static double prefactor(const elfin_request *q)
{
  const elfin_constants *c = q->constants;
  double n_chi = q->flux ? 1 / (c->c_km_s * 1e5)                 /* of a flux: n_χ = Φ/c */
                         : q->rho_GeV_cm3 * 1e9 / q->mass_eV;    /* [1/cm³] */
  double rho_T = q->material->density_g_cm3.value * 1e-3;        /* [kg/cm³] */
  double mu = q->mass_eV * c->m_e_eV / (q->mass_eV + c->m_e_eV); /* [eV] */
  double per_area = 1 / (c->hbar_c_eV_cm * c->hbar_c_eV_cm);     /* 1 cm² in 1/eV² */
  double per_year = c->per_s_in_eV * c->year_s;                  /* 1 eV in 1/yr */
  return n_chi / rho_T * per_area / (mu * mu) / (4 * M_PI * M_PI) / (2 * c->alpha) * per_year;
}

elfin_status electron_begin(electron *e, const elfin_request *q, elfin_error *err)
{
  const elfin_constants *c = q->constants;
  double alpha_m_e = c->alpha * c->m_e_eV;
  *e = (electron){.q = q, .m_chi = q->mass_eV, .delta = q->splitting_eV};
  e->omega_min = loss_omega_min(q->response);
  e->omega_max = q->response->about.omega_max_eV;
  if (q->flux) {
    electron_flux_begin(e);
  } else {
    e->v_max = elfin_halo_v_max(q->halo);
    e->omega_end = 0.5 * e->m_chi * e->v_max * e->v_max - c->splitting_in_omega_end * e->delta;
  }
  e->alpha_m_e2 = alpha_m_e * alpha_m_e;
  e->m_V2 = q->mediator_eV * q->mediator_eV;
  e->temperature = q->temperature_K * c->boltzmann_eV_K;
  e->prefactor = prefactor(q);
  e->W = electron_loss(q, electron_asks_below(q));
  e->interpolation_error = loss_interpolation_error(q->response, e->W.accuracy);
  e->accuracy = q->accuracy - e->interpolation_error;
  set_region(e);
  e->panels = malloc(INTEGRAL_MAX_PANELS * sizeof *e->panels);
  return e->panels ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
}

void electron_end(electron *e)
{
  free(e->panels);
}

/* ---- integrals ------------------------------------------------------------------------------- */

elfin_status electron_slice(electron *e, double low, double high, double relative, double absolute,
                            integral *out, elfin_error *err)
{
  low = fmax(low, e->omega_min);
  high = fmin(fmin(high, e->omega_max), e->omega_end);
  *out = (integral){0};
  integral_request r = {.dim = 2,
                        .f = on_panel,
                        .context = e,
                        .relative = relative,
                        .absolute = absolute,
                        .max_evaluations = e->q->max_evaluations};
  r.kinks = response_is_bilinear(e->q->response) ? &electron_knots : NULL;
  elfin_status status = region_panels(&e->where, low, high, e->panels, &e->n_panels, err);
  r.n_panels = e->n_panels;
  if (!status)
    status = integrate_panels(&r, out, err);
  e->evaluations += out->evaluations;
  return status;
}

elfin_status electron_line(electron *e, double omega, integral *out, elfin_error *err)
{
  e->fixed = omega;
  integral_request r = {.dim = 1,
                        .f = along_k,
                        .context = e,
                        .relative = e->accuracy,
                        .max_evaluations = e->q->max_evaluations};
  r.n_panels = region_segments(&e->where, omega, e->ends);
  elfin_status status = integrate_panels(&r, out, err);
  e->evaluations += out->evaluations;
  return status;
}

/** What lies beyond the response's highest k or ω, if it went on falling like a power: the last
 * value times its argument. */
static double tail(electron *e, panel_function *f, size_t n_segments, double at)
{
  integral out;
  integral_request r = {.dim = 1,
                        .n_panels = n_segments,
                        .f = f,
                        .context = e,
                        .relative = TAIL_ACCURACY,
                        .max_evaluations = 10000};
  integrate_panels(&r, &out, NULL);
  e->evaluations += out.evaluations;
  return out.value * at;
}

double electron_tail_in_k(electron *e, double low, double high)
{
  low = fmax(low, e->omega_min);
  high = fmin(fmin(high, e->omega_max), e->omega_end);
  e->fixed = e->k_last;
  return tail(e, along_omega, region_columns(&e->where, e->fixed, low, high, e->ends), e->fixed);
}

double electron_head_in_k(electron *e, double low, double high)
{
  low = fmax(low, e->omega_min);
  high = fmin(fmin(high, e->omega_max), e->omega_end);
  if (!(low + e->delta < e->k_first * e->v_max)) /* slower than that, nothing reaches below it */
    return 0;
  e->fixed = e->k_first;
  return tail(e, along_omega, region_columns(&e->where, e->fixed, low, high, e->ends), e->fixed);
}

double electron_tail_in_omega(electron *e)
{
  if (e->omega_end <= e->omega_max)
    return 0;
  e->fixed = e->omega_max;
  return tail(e, along_k, region_segments(&e->where, e->fixed, e->ends), e->fixed);
}
