/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file phonon.c
 * Dark matter makes phonons, as the material's ε(ω) below the gap tells [docs/phonon.md, docs/electron.md;
 * arXiv:1712.06598, arXiv:2104.12786].
 *
 *   dR/dω = N (α m_e)⁴ ELF(ω) G(ω) / (1 − e^{−ω/T}),   G(ω) = ∫ dk/k η(ω/k + k/2m_χ)
 *
 * §3 with a massless mediator, F = (α m_e/k)²: ε does not depend on k, so that the momenta are
 * integrated once and for all (massless.c), and a rate is an integral over ω. The ELF is the same for all
 * masses: it is made into the weights of a rule (elf/optical_rule.c), and a rate is a sum of some hundred products
 * of a weight and G. What G is beyond a parabola through every other node says how sure that is; where it is not sure
 * enough, as near the end of kinematics, the integral is done by adaptive quadrature.
 *
 * Validity: long waves, k ≪ q_BZ = 2π/a (else flagged), below the gap: there the integral ends even
 * where the data goes on, so that a rate of electrons never counts the same energy. Losses of many
 * phonons are in it as far as they are in ε. It counts what froehlich.c and the dark-photon single
 * phonons of multiphonon.c count: take one of them.
 *
 * Delicate: the ELF has peaks as narrow as γ_LO/2, a few 1e-4 eV. Pieces of adaptive quadrature end at the
 * peaks, half-way between them, and at G's kinks; the knots of data are left to the integrator,
 * which cuts at those that matter.
 */
#include "rates/rates.h"

#include "elf/elf.h"
#include "elf/optical_rule.h"
#include "halo/halo_lookup.h"
#include "numerics/numerics.h"
#include "rates/massless.h"
#include "rates/observables.h"
#include "rates/optical_request.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A halo table with more kinks than this is left to the integrator: each of them is weak. */
enum { MAX_KINKS = 24, BLOCK = 128 };
/* Below this no response says anything, and G has a logarithm [eV]. */
static const double OMEGA_FLOOR = 1e-6;
/* Near the end of kinematics an integral is asked for this much more than its rounding. */
static const double NOISE = 8;
/* Knots closer to a piece's edge than this (relative) are the edge. */
static const double ON_EDGE = 1e-12;
/* A rule's error is this much of what G is beyond parabolas, its even and its odd part in a cell: of 2310 rates
 * and bins that were asked for with 1e-4 all are within their estimates, and 2e-6 at most from integrals at 1e-9
 * (tests/rates/test_phonon_rule.c). */
static const double EVEN_SHARE = 0.5, ODD_SHARE = 0.1;
/* Rules are cheap: they are taken if their error is below this share of what it may be. */
static const double RULE_SHARE = 0.2;
/* η ∝ (v_max − v)^p near v_max: with p below this, it has a jump in its first derivative. */
static const double SMOOTH_EDGE = 2;

typedef struct phonon {
  const elfin_request *q;
  const struct optical *data;
  const massless *momenta;
  double omega_min, omega_max, omega_end;
  double temperature; /* [eV] */
  size_t n_stretches;
  optical_stretch *stretches; /* [INTEGRAL_MAX_PANELS] once the integrator is needed */
} phonon;

/* ---- the integrand --------------------------------------------------------------------------- */

/** All but the ELF at n energies. */
static void of_dark_matter(const phonon *p, size_t n, const double omega[], double g[])
{
  massless_at(p->momenta, p->q->mass_eV, n, omega, g);
  if (p->temperature > 0)
    for (size_t i = 0; i < n; i++)
      g[i] /= -expm1(-omega[i] / p->temperature);
}

/** dR/dω without N (α m_e)⁴ at n ≤ BLOCK energies. */
static void integrand(const phonon *p, size_t n, const double omega[], double f[])
{
  double eps1[BLOCK], eps2[BLOCK];
  optical_epsilon(p->data, n, omega, eps1, eps2);
  of_dark_matter(p, n, omega, f);
  for (size_t i = 0; i < n; i++)
    f[i] *= fmax(eps2[i], 0) / (eps1[i] * eps1[i] + eps2[i] * eps2[i]);
}

static void on_stretch(void *context, size_t i_stretch, size_t n, const double x[], double f[])
{
  const phonon *p = context;
  double omega[BLOCK], jacobian[BLOCK];
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = n - first < BLOCK ? n - first : BLOCK;
    optical_stretch_at(&p->stretches[i_stretch], m, x + first, omega, jacobian);
    integrand(p, m, omega, f + first);
    for (size_t i = 0; i < m; i++)
      f[first + i] *= jacobian[i];
  }
}

/* ---- by the rule ----------------------------------------------------------------------------- */

/** A cell, and what its G is beyond a parabola. */
static void add_cell(const optical_rule *r, size_t i_cell, const double g[], integral *out)
{
  const double *w = &r->weight[RULE_CELL * i_cell];
  double last = r->last[i_cell], first = w[0] - (i_cell ? r->last[i_cell - 1] : 0);
  double even = 0.5 * (g[1] + g[3]) - 0.75 * g[2] - 0.125 * (g[0] + g[4]);
  double odd = 0.5 * (g[1] - g[3]) - 0.25 * (g[0] - g[4]);
  out->value += first * g[0] + w[1] * g[1] + w[2] * g[2] + w[3] * g[3] + last * g[4];
  out->error += EVEN_SHARE * fabs(even * (w[1] + w[3])) + ODD_SHARE * fabs(odd * (w[1] - w[3]));
}

/** The rule's answer from low to high: G ends where kinematics does. @return ELFIN_OK; ELFIN_E_MEMORY; ELFIN_E_STOPPED
 * @param[out] known  false: it has none */
static elfin_status by_rule(const phonon *p, double low, double high, integral *out, bool *known,
                            elfin_error *err)
{
  optical_rule *r = NULL;
  *known = false;
  *out = (integral){0};
  if (!massless_is_smooth(p->momenta) || halo_edge_power(p->q->halo) < SMOOTH_EDGE)
    return ELFIN_OK;
  elfin_status status = optical_rule_of(p->q->response, low, high, &r, err);
  if (status)
    return status;
  double g[RULE_CELL + 1], largest = 0;
  of_dark_matter(p, 1, r->omega, &g[RULE_CELL]);
  out->evaluations = 1;
  for (size_t i = 0; RULE_CELL * i + 1 < r->n && r->omega[RULE_CELL * i] < p->omega_end; i++) {
    g[0] = g[RULE_CELL];
    of_dark_matter(p, RULE_CELL, &r->omega[RULE_CELL * i + 1], g + 1);
    largest = fmax(largest, g[0]);
    add_cell(r, i, g, out);
    out->evaluations += RULE_CELL;
  }
  out->error += r->error * largest + INTEGRAL_ROUNDING * fabs(out->value);
  *known = out->value > 0; /* else it may have missed all of it */
  optical_rule_release(r);
  return ELFIN_OK;
}

/* ---- cutting --------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** Peaks, the middles between them, G's kinks and both ends, ascending. */
static size_t cuts_between(const phonon *p, double low, double high, double cut[])
{
  const struct optical *o = p->data;
  size_t n = 0, n_kinks;
  const double *speed = elfin_halo_kinks(p->q->halo, &n_kinks);
  cut[n++] = low;
  cut[n++] = high;
  for (size_t i = 0; i < o->n_peaks; i++) {
    cut[n++] = o->peaks[i].omega;
    if (i)
      cut[n++] = 0.5 * (o->peaks[i - 1].omega + o->peaks[i].omega);
  }
  for (size_t i = n_kinks > MAX_KINKS ? n_kinks - 1 : 0; i < n_kinks; i++)
    cut[n++] = 0.5 * p->q->mass_eV * speed[i] * speed[i];
  qsort(cut, n, sizeof *cut, ascending);
  return n;
}

static elfin_status cut_slice(phonon *p, double low, double high, elfin_error *err)
{
  double *cut = malloc((2 * p->data->n_peaks + MAX_KINKS + 2) * sizeof *cut), begin = low;
  if (!p->stretches)
    p->stretches = malloc(INTEGRAL_MAX_PANELS * sizeof *p->stretches);
  if (!cut || !p->stretches) {
    free(cut);
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  }
  size_t n = cuts_between(p, low, high, cut);
  p->n_stretches = 0;
  for (size_t i = 0; i < n && p->n_stretches < INTEGRAL_MAX_PANELS; i++) {
    if (!(cut[i] > begin * (1 + ON_EDGE)) || cut[i] > high)
      continue;
    p->stretches[p->n_stretches++] = optical_stretch_between(p->data, begin, cut[i]);
    begin = cut[i];
  }
  free(cut);
  return ELFIN_OK;
}

/** The knots inside of a piece: first, and how many. */
static size_t knots_inside(const phonon *p, const optical_stretch *s, size_t *first)
{
  *first = optical_knots_up_to(p->data, s->low * (1 + ON_EDGE));
  size_t end = optical_knots_up_to(p->data, s->high * (1 - ON_EDGE));
  return end > *first ? end - *first : 0;
}

static bool any_knot(void *context, size_t i_stretch)
{
  const phonon *p = context;
  size_t first;
  return knots_inside(p, &p->stretches[i_stretch], &first) > 0;
}

static size_t cut_at_knot(void *context, size_t i_stretch)
{
  phonon *p = context;
  optical_stretch whole = p->stretches[i_stretch];
  size_t first, n = knots_inside(p, &whole, &first);
  if (n == 0 || p->n_stretches >= INTEGRAL_MAX_PANELS)
    return 0;
  double at = p->data->omega[first + n / 2];
  p->stretches[i_stretch] = optical_stretch_between(p->data, whole.low, at);
  p->stretches[p->n_stretches++] = optical_stretch_between(p->data, at, whole.high);
  return 1;
}

static const panel_kinks knots_of_data = {any_knot, cut_at_knot};

/* ---- slices, points, flags ------------------------------------------------------------------- */

/** What rounding does to G near the end of kinematics; the rest of its error is the process' own.
 */
static double near_end(const phonon *p, double omega)
{
  return massless_error(p->q->halo, p->q->mass_eV, omega) - MASSLESS_ERROR;
}

static elfin_status by_quadrature(phonon *p, double low, double high, double relative,
                                  double absolute, integral *out, elfin_error *err)
{
  elfin_status status = cut_slice(p, low, high, err);
  if (status)
    return status;
  integral_request r = {.dim = 1,
                        .n_panels = p->n_stretches,
                        .f = on_stretch,
                        .context = p,
                        .relative = relative,
                        .absolute = absolute,
                        .kinks = p->data->n ? &knots_of_data : NULL,
                        .max_evaluations = p->q->max_evaluations};
  return integrate_panels(&r, out, err);
}

static elfin_status slice(void *context, double low, double high, double relative, double absolute,
                          integral *out, elfin_error *err)
{
  phonon *p = context;
  bool known = false;
  relative = fmax(relative, NOISE * near_end(p, low)); /* no better is to be had */
  elfin_status status = by_rule(p, low, high, out, &known, err);
  if (!status && !(known && out->error <= RULE_SHARE * fmax(relative * out->value, absolute)))
    status = by_quadrature(p, low, fmin(high, p->omega_end), relative, absolute, out, err);
  out->error += near_end(p, low) * fabs(out->value);
  return status;
}

static elfin_status point(void *context, double omega, double relative, integral *out,
                          elfin_error *err)
{
  const phonon *p = context;
  *out = (integral){.evaluations = 1};
  integrand(p, 1, &omega, &out->value);
  out->error = (INTEGRAL_ROUNDING + near_end(p, omega)) * fabs(out->value);
  (void)relative;
  (void)err;
  return ELFIN_OK;
}

/** What lies beyond the data, if the ELF went on falling like 1/ω²: the last value times ω. */
static double tail(const phonon *p)
{
  double last;
  if (p->omega_end <= p->omega_max)
    return 0;
  integrand(p, 1, &p->omega_max, &last);
  return last * p->omega_max;
}

static unsigned flags(void *context, double threshold, double value)
{
  const phonon *p = context;
  unsigned bits = optical_zone_flags(p->q, fmax(threshold, p->omega_min));
  if (tail(p) > p->q->accuracy * value)
    bits |= ELFIN_FLAG_OMEGA_RANGE;
  return bits;
}

/* ---- the process ----------------------------------------------------------------------------- */

elfin_status phonon_check(const elfin_request *q, elfin_error *err)
{
  elfin_status status = optical_check_scattering(q, "phonon", err);
  if (status)
    return status;
  if (!q->response)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: the process phonon needs a response: phonon, one of "
                      "the material's phonon responses, or a table of omega, eps1, eps2",
                      q->material->name);
  if (!q->response->optical || strcmp(q->response->about.kind, "optical") == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: response %s is not one of phonons; give phonon, one "
                      "of the material's phonon responses, or a table of omega, eps1, eps2",
                      q->material->name, q->response->name);
  double gap = q->material->gap_eV.value, lowest = q->response->about.omega_min_eV;
  if (gap > 0 && lowest >= gap)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: response %s begins at %g eV, above the gap, %g eV: "
                      "there are no phonons in it",
                      q->material->name, q->response->name, lowest, gap);
  return ELFIN_OK;
}

/** Where there are phonons. */
static void set_range(const elfin_request *q, double *omega_min, double *omega_max)
{
  const elfin_response_info *about = &q->response->about;
  double gap = q->material->gap_eV.value;
  *omega_min = fmax(about->omega_min_eV, OMEGA_FLOOR);
  *omega_max = gap > 0 ? fmin(about->omega_max_eV, gap) : about->omega_max_eV;
}

static elfin_status begin(phonon *p, const elfin_request *q, elfin_error *err)
{
  double v_max = elfin_halo_v_max(q->halo);
  *p = (phonon){.q = q, .data = q->response->optical};
  set_range(q, &p->omega_min, &p->omega_max);
  p->omega_end = 0.5 * q->mass_eV * v_max * v_max;
  p->temperature = q->temperature_K * q->constants->boltzmann_eV_K;
  return massless_of(q->halo, &p->momenta, err);
}

elfin_status phonon_compute(const elfin_request *q, elfin_result *result, elfin_error *err)
{
  phonon p;
  elfin_status status = begin(&p, q, err);
  rate_source from = {
      .context = &p,
      .scale = massless_prefactor(q),
      .accuracy = q->accuracy - MASSLESS_ERROR,
      .own_error = MASSLESS_ERROR,
      .omega_min = p.omega_min,
      .omega_max = p.omega_max,
      .omega_end = p.omega_end,
      .beyond_end = true,
      .data = "the phonon response",
      .slice = slice,
      .point = point,
      .flags = flags,
  };
  if (!status)
    status = observables_compute(&from, q, result, err);
  free(p.stretches);
  return status;
}

/* ---- preparing ------------------------------------------------------------------------------- */

static elfin_status prepare_slice(const elfin_request *q, double low, double high, elfin_error *err)
{
  double omega_min, omega_max;
  optical_rule *rule = NULL;
  set_range(q, &omega_min, &omega_max);
  low = fmax(low, omega_min);
  high = fmin(high, omega_max);
  if (!(low < high) || optical_rules_full(q->response))
    return ELFIN_OK;
  elfin_status status = optical_rule_of(q->response, low, high, &rule, err);
  optical_rule_release(rule);
  return status;
}

/** The threshold that follows in energy. */
static double next_threshold(const elfin_request *q, double above)
{
  double next = INFINITY;
  for (size_t i = 0; i < q->n_thresholds; i++)
    if (q->threshold_eV[i] > above)
      next = fmin(next, q->threshold_eV[i]);
  return next;
}

elfin_status phonon_finish(const elfin_request *q, elfin_error *err)
{
  const massless *momenta;
  if (!q->halo || phonon_check(q, NULL))
    return ELFIN_OK;
  elfin_status status = massless_of(q->halo, &momenta, err);
  if (status || !massless_is_smooth(momenta))
    return status;
  for (size_t i = 0; !status && i < q->n_thresholds; i++)
    status = prepare_slice(q, q->threshold_eV[i], next_threshold(q, q->threshold_eV[i]), err);
  for (size_t i = 0; !status && i + 1 < q->n_edges; i++)
    status = prepare_slice(q, q->edge_eV[i], q->edge_eV[i + 1], err);
  return status;
}
