/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron.c
 * Dark matter scatters off electrons [physics.md §3; arXiv:2101.08275 eq. 10, arXiv:2104.12786].
 *
 *   d²R/dωdk = N k³ F(k)² W(ω,k) η(v_min) / (1 − e^{−ω/T})
 *   N        = (ρ_χ/m_χ)(1/ρ_T)(σ̄_e/(ħc)²)/μ_χe² · 1/(2π)² · 1/(2α) · (1 eV in 1/yr)
 *   F(k)     = ((α m_e)² + m_V²)/(k² + m_V²)
 *   v_min    = |(ω + δ)/k + k/(2 m_χ)|
 *   W        = Im[−1/ε] with screening, Im ε without
 *
 * R(E_th) is the integral over ω from E_th to the least of the response's end and m_χ v_max²/2 − δ,
 * and over all k with v_min < v_max. Cross section and thresholds share one integration: the
 * thresholds cut it into slices, from the highest down, and a rate is the sum of those above.
 *
 * Delicate: the region is bounded by v_min(ω,k) = v_max and has kinks along v_min = v_esc − v_lab;
 * both are parabolas, and so are the edges of the electron gas's band: region_panels() cuts there.
 * In a panel, ln k and the fraction of the way in ω are the variables: a window that is nearly
 * closed is as smooth as any.
 */
#include "rates/rates.h"
#include "rates/regions.h"

#include "elf/elf.h"
#include "elf/elf_table.h"
#include "halo/halo_lookup.h"
#include "numerics/numerics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Below this no response says anything, and a region that begins at 0 has no logarithm [eV]. */
static const double K_FLOOR = 1e-3, OMEGA_FLOOR = 1e-6;
/* A halo table with more kinks than this is left to the integrator: each of them is weak. */
enum { MAX_KINKS = 24 };
/* How well a neglected tail is estimated: only its size matters. */
static const double TAIL_ACCURACY = 0.1;
/* Slices take this share of the error each; what is left is for slices that do not matter. */
static const double SLICE_SHARE = 0.9;

typedef struct electron {
  const elfin_request *q;
  double m_chi, delta, v_max;
  double omega_min, omega_max;  /* where the response says something */
  double omega_end;             /* where kinematics ends: m_χ v_max²/2 − δ */
  double alpha_m_e2, m_V2;      /* (α m_e)², m_V² */
  double temperature;           /* [eV] */
  double prefactor;             /* N for σ̄_e = 1 cm² */
  bool cut_by_response;         /* the highest k is the response's, not the user's */
  region where;
  size_t n_panels;
  panel *panels;                /* [INTEGRAL_MAX_PANELS] */
  double ends[2 * REGION_MAX_SEGMENTS]; /* of stretches of a line */
  double fixed;                 /* ω of a point value, k of a tail */
  double accuracy;              /* of integrals: what the interpolant leaves of the request's */
  double interpolation_error;   /* relative */
  long evaluations;
  elfin_status first_failure;
} electron;

/* ---- the integrand --------------------------------------------------------------------------- */

/** Everything but N at n points. */
static void integrand(const electron *e, size_t n, const double omega[], const double k[], double f[])
{
  enum { BLOCK = 128 };
  double v_min[BLOCK];
  const elfin_request *q = e->q;
  const halo_lookup *eta = halo_lookup_of(q->halo);
  loss_values(q->response, q->screening, q->accuracy, n, omega, k, f);
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
      double lower = parabola_at(&p->lower, k[i]);
      double height = fmax(parabola_at(&p->upper, k[i]) - lower, 0);
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

/* ---- cutting at a table's knots -------------------------------------------------------------- */

/* Knots closer to a panel's edge than this (relative) are the edge. */
static const double ON_EDGE = 1e-12;

/** How many of the ascending knots are at or below x. */
static size_t knots_up_to(size_t n, const double knot[], double x)
{
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (knot[middle] <= x)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/** The knots strictly between low and high: first, and how many. */
static size_t knots_between(size_t n, const double knot[], double low, double high, size_t *first)
{
  *first = knots_up_to(n, knot, low * (1 + ON_EDGE));
  size_t end = knots_up_to(n, knot, high * (1 - ON_EDGE));
  return end > *first ? end - *first : 0;
}

/** The knots inside of a panel, in k and in ω. */
typedef struct knots {
  size_t n_k, first_k, n_omega, first_omega;
} knots;

static knots knots_in_panel(const electron *e, const panel *p)
{
  const struct elf_table *table = e->q->response->table;
  knots in;
  double low, high;
  panel_energies(p, &low, &high);
  in.n_k = knots_between(table->n_k, table->k, p->k_low, p->k_high, &in.first_k);
  in.n_omega = knots_between(table->n_omega, table->omega, low, high, &in.first_omega);
  return in;
}

static bool any_in_panel(void *context, size_t i_panel)
{
  const electron *e = context;
  knots in = knots_in_panel(e, &e->panels[i_panel]);
  return in.n_k + in.n_omega > 0;
}

/** Cut at the middle knot in k and at the one in ω: so that the pieces tell of kinks in both. */
static size_t cut_panel(void *context, size_t i_panel)
{
  electron *e = context;
  const struct elf_table *table = e->q->response->table;
  panel half[2] = {e->panels[i_panel]}, pieces[2 * REGION_MAX_PIECES];
  knots in = knots_in_panel(e, &half[0]);
  size_t n_halves = 1, n = 0;
  if (e->n_panels + 2 * REGION_MAX_PIECES > INTEGRAL_MAX_PANELS)
    return 0;
  if (in.n_k > 0) {
    panel_cut_at_k(&e->panels[i_panel], table->k[in.first_k + in.n_k / 2], half);
    n_halves = 2;
  }
  for (size_t i = 0; i < n_halves; i++)
    if (in.n_omega > 0)
      n += panel_cut_at_omega(&half[i], table->omega[in.first_omega + in.n_omega / 2], pieces + n);
    else
      pieces[n++] = half[i];
  e->panels[i_panel] = pieces[0];
  for (size_t i = 1; i < n; i++)
    e->panels[e->n_panels++] = pieces[i];
  return n - 1;
}

static const panel_kinks knots_of_panels = {any_in_panel, cut_panel};

/* ---- the region ------------------------------------------------------------------------------ */

static bool inside(const void *context, double omega, double k)
{
  const electron *e = context;
  if (!(fabs(omega + e->delta + k * k / (2 * e->m_chi)) < e->v_max * k))
    return false;
  const lindhard *gas = &e->q->response->gas;
  return gas->omega_p == 0 || fabs(omega - k * k / (2 * gas->m_e)) < gas->v_F * k;
}

static void add_curve(region *r, double a, double b, double c)
{
  r->curve[r->n_curves++] = (parabola){a, b, c};
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
  e->cut_by_response = response->about.k_max_eV < q->k_cut_eV;

  size_t n_kinks;
  const double *kink = elfin_halo_kinks(q->halo, &n_kinks);
  for (size_t i = n_kinks > MAX_KINKS ? n_kinks - 1 : 0; i < n_kinks; i++) {
    add_curve(r, -e->delta, kink[i], -1 / (2 * e->m_chi));
    if (e->delta < 0)
      add_curve(r, -e->delta, -kink[i], -1 / (2 * e->m_chi));
  }
  const lindhard *gas = &response->gas;
  if (gas->omega_p > 0) {
    add_curve(r, 0, gas->v_F, 1 / (2 * gas->m_e));
    add_curve(r, 0, gas->v_F, -1 / (2 * gas->m_e));
    add_curve(r, 0, -gas->v_F, 1 / (2 * gas->m_e));
  }
  if (response->table) {
    r->n_knots = response->table->n_k;
    r->knot = response->table->k;
  }
}

/** N, per cm² of cross section. */
static double prefactor(const elfin_request *q)
{
  const elfin_constants *c = q->constants;
  double n_chi = q->rho_GeV_cm3 * 1e9 / q->mass_eV;              /* [1/cm³] */
  double rho_T = q->material->density_g_cm3.value * 1e-3;        /* [kg/cm³] */
  double mu = q->mass_eV * c->m_e_eV / (q->mass_eV + c->m_e_eV); /* [eV] */
  double per_area = 1 / (c->hbar_c_eV_cm * c->hbar_c_eV_cm);     /* 1 cm² in 1/eV² */
  double per_year = c->per_s_in_eV * c->year_s;                  /* 1 eV in 1/yr */
  return n_chi / rho_T * per_area / (mu * mu) / (4 * M_PI * M_PI) / (2 * c->alpha) * per_year;
}

static elfin_status begin(electron *e, const elfin_request *q, elfin_error *err)
{
  const elfin_constants *c = q->constants;
  double alpha_m_e = c->alpha * c->m_e_eV;
  *e = (electron){.q = q, .m_chi = q->mass_eV, .delta = q->splitting_eV};
  e->v_max = elfin_halo_v_max(q->halo);
  e->omega_min = fmax(q->response->about.omega_min_eV, OMEGA_FLOOR);
  e->omega_max = q->response->about.omega_max_eV;
  e->omega_end = 0.5 * e->m_chi * e->v_max * e->v_max - c->splitting_in_omega_end * e->delta;
  e->alpha_m_e2 = alpha_m_e * alpha_m_e;
  e->m_V2 = q->mediator_eV * q->mediator_eV;
  e->temperature = q->temperature_K * c->boltzmann_eV_K;
  e->prefactor = prefactor(q);
  e->interpolation_error = loss_interpolation_error(q->response, q->accuracy);
  e->accuracy = q->accuracy - e->interpolation_error;
  set_region(e);
  e->panels = malloc(INTEGRAL_MAX_PANELS * sizeof *e->panels);
  return e->panels ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
}

/* ---- integrals ------------------------------------------------------------------------------- */

/** ∫ dω ∫ dk over a slice, without N; outside of the response's range nothing. */
static elfin_status integrate_slice(electron *e, double low, double high, double relative,
                                    double absolute, integral *out, elfin_error *err)
{
  low = fmax(low, e->omega_min);
  high = fmin(fmin(high, e->omega_max), e->omega_end);
  *out = (integral){0};
  integral_request r = {.dim = 2, .f = on_panel, .context = e, .relative = relative,
                        .absolute = absolute, .max_evaluations = e->q->max_evaluations};
  r.kinks = e->q->response->table ? &knots_of_panels : NULL;
  elfin_status status = region_panels(&e->where, low, high, e->panels, &e->n_panels, err);
  r.n_panels = e->n_panels;
  if (!status)
    status = integrate_panels(&r, out, err);
  e->evaluations += out->evaluations;
  return status;
}

/** What lies beyond the response's highest k or ω, if it went on falling like a power: the last
 * value times its argument. */
static double tail(electron *e, panel_function *f, size_t n_segments, double at)
{
  integral out;
  integral_request r = {.dim = 1, .n_panels = n_segments, .f = f, .context = e,
                        .relative = TAIL_ACCURACY, .max_evaluations = 10000};
  integrate_panels(&r, &out, NULL);
  e->evaluations += out.evaluations;
  return out.value * at;
}

static double tail_in_k(electron *e, double low, double high)
{
  low = fmax(low, e->omega_min);
  high = fmin(fmin(high, e->omega_max), e->omega_end);
  e->fixed = e->where.k_max;
  return tail(e, along_omega, region_columns(&e->where, e->fixed, low, high, e->ends), e->fixed);
}

static double tail_in_omega(electron *e)
{
  if (e->omega_end <= e->omega_max)
    return 0;
  e->fixed = e->omega_max;
  return tail(e, along_k, region_segments(&e->where, e->fixed, e->ends), e->fixed);
}

/** N times an integral, with the interpolant's share of the error; NaN if it failed. */
static void put(electron *e, elfin_status status, const integral *from, double unit, double *value,
                double *error, elfin_status *own)
{
  double scale = e->prefactor / unit;
  *value = status ? NAN : scale * from->value;
  *error = status ? NAN : scale * (from->error + e->interpolation_error * fabs(from->value));
  *own = status;
  if (status && !e->first_failure)
    e->first_failure = status;
}

/* ---- observables ----------------------------------------------------------------------------- */

typedef struct threshold {
  double energy;
  size_t index;
} threshold;

static int from_the_highest(const void *a, const void *b)
{
  const threshold *x = a, *y = b;
  if (x->energy != y->energy)
    return x->energy < y->energy ? 1 : -1;
  return (x->index > y->index) - (x->index < y->index);
}

static unsigned flags_of(const electron *e, double energy, double value, double beyond_omega,
                         double beyond_k)
{
  unsigned flags = 0;
  double allowed = e->q->accuracy * value;
  if (energy >= e->omega_end)
    return ELFIN_FLAG_CLOSED;
  if (beyond_omega > allowed || energy >= e->omega_max)
    flags |= ELFIN_FLAG_OMEGA_RANGE;
  if (e->cut_by_response && beyond_k > allowed)
    flags |= ELFIN_FLAG_K_RANGE;
  if (energy < e->omega_min)
    flags |= ELFIN_FLAG_BELOW_RANGE;
  if (e->q->response->about.n_holes)
    flags |= ELFIN_FLAG_HOLES;
  return flags;
}

/** R(E_th) for all thresholds: slices from the highest threshold down. */
static elfin_status compute_rates(electron *e, elfin_result *result, elfin_error *err)
{
  const elfin_request *q = e->q;
  size_t n = q->n_thresholds;
  threshold few[16], *list = n <= 16 ? few : malloc(n * sizeof *list);
  if (!list)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu thresholds", n);
  for (size_t i = 0; i < n; i++)
    list[i] = (threshold){q->threshold_eV[i], i};
  qsort(list, n, sizeof *list, from_the_highest);

  integral above = {0};
  double beyond_omega = n ? tail_in_omega(e) : 0, beyond_k = 0, high = HUGE_VAL;
  elfin_status failed = ELFIN_OK; /* once a slice fails, so do all rates that contain it */
  for (size_t i = 0; i < n; i++) {
    double low = list[i].energy;
    integral slice = {0};
    double slack = (1 - SLICE_SHARE) * e->accuracy * above.value / (double)n;
    elfin_error *reason = e->first_failure ? NULL : err;
    if (!failed && low < high)
      failed = integrate_slice(e, low, high, SLICE_SHARE * e->accuracy, slack, &slice, reason);
    above.value += slice.value;
    above.error += slice.error;
    if (e->cut_by_response && low < high)
      beyond_k += tail_in_k(e, low, high);
    high = low;
    size_t at = list[i].index;
    put(e, failed, &above, 1, &result->rate[at], &result->rate_error[at], &result->rate_status[at]);
    if (result->rate_flags)
      result->rate_flags[at] = flags_of(e, low, above.value, beyond_omega, beyond_k);
  }
  if (list != few)
    free(list);
  return ELFIN_OK;
}

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

/** A bin of the spectrum or of the charge spectrum; `unit` is what it is divided by. */
static void compute_bin(electron *e, double low, double high, double unit, double *value,
                        double *error, elfin_status *own, elfin_error *err)
{
  integral bin = {0};
  elfin_error *reason = e->first_failure ? NULL : err;
  elfin_status status = check_bin(e, low, high, reason);
  if (!status)
    status = integrate_slice(e, low, high, e->accuracy, 0, &bin, reason);
  put(e, status, &bin, unit, value, error, own);
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
  if (!status && omega < e->omega_end) {
    e->fixed = omega;
    integral_request r = {.dim = 1, .f = along_k, .context = e, .relative = e->accuracy,
                          .max_evaluations = e->q->max_evaluations};
    r.n_panels = region_segments(&e->where, omega, e->ends);
    status = integrate_panels(&r, &line, reason);
    e->evaluations += line.evaluations;
  }
  put(e, status, &line, 1, value, error, own);
}

elfin_status electron_check(const elfin_request *q, elfin_error *err)
{
  const elfin_material *m = q->material;
  if (!q->response)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: electron scattering needs a response", m->name);
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
  elfin_status status = begin(&e, q, err);
  if (status)
    return status;
  status = compute_rates(&e, result, err);
  for (size_t i = 0; i + 1 < q->n_edges; i++)
    compute_bin(&e, q->edge_eV[i], q->edge_eV[i + 1], q->edge_eV[i + 1] - q->edge_eV[i],
                &result->spectrum[i], &result->spectrum_error[i], &result->spectrum_status[i], err);
  double gap = q->material->gap_eV.value, pair = q->material->pair_energy_eV.value;
  for (size_t i = 0; i < q->n_charges; i++) /* bin Q = i + 1 */
    compute_bin(&e, gap + (double)i * pair, gap + (double)(i + 1) * pair, 1, &result->charge[i],
                &result->charge_error[i], &result->charge_status[i], err);
  for (size_t i = 0; i < q->n_at; i++)
    compute_differential(&e, q->at_eV[i], &result->differential[i],
                         &result->differential_error[i], &result->differential_status[i], err);
  result->evaluations = e.evaluations;
  free(e.panels);
  return status ? status : e.first_failure;
}
