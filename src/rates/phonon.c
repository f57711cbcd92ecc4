/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file phonon.c
 * Dark matter makes phonons, as the material's ε(ω) below the gap tells [docs/phonon.md, docs/electron.md;
 * arXiv:1712.06598, arXiv:2104.12786].
 *
 *   dR/dω = N (α m_e)⁴ ELF(ω) G(ω) / (1 − e^{−ω/T}),   G(ω) = ∫ dk/k η(ω/k + k/2m_χ)
 *
 * §3 with a massless mediator, F = (α m_e/k)²: ε does not depend on k, so that the momenta are
 * integrated once and for all (massless.c), and a rate is an integral over ω.
 *
 * Validity: long waves, k ≪ q_BZ = 2π/a (else flagged), below the gap: there the integral ends even
 * where the data goes on, so that a rate of electrons never counts the same energy. Losses of many
 * phonons are in it as far as they are in ε. It counts what froehlich.c and the dark-photon single
 * phonons of multiphonon.c count: take one of them.
 *
 * Delicate: the ELF has peaks as narrow as γ_LO/2, a few 1e-4 eV. Around each, asinh of the
 * distance in half-widths is the variable: in it, Lorentz' curve is 1/cosh. Pieces end at the
 * peaks, half-way between them, and at G's kinks; the knots of data are left to the integrator,
 * which cuts at those that matter.
 */
#include "rates/rates.h"

#include "elf/elf.h"
#include "elf/optical.h"
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
/* Pieces between knots that are shorter than this in u need no such variable: sinh is a line there. */
static const double SHORT = 0.5;
/* Knots closer to a piece's edge than this (relative) are the edge. */
static const double ON_EDGE = 1e-12;

/** A piece of the energies: ω = centre + width sinh(u), u linear from one end to the other; width
 * 0: ω itself is linear. */
typedef struct stretch {
  double low, high, centre, width, u_low, u_high;
} stretch;

typedef struct phonon {
  const elfin_request *q;
  const struct optical *data;
  massless *momenta;
  double omega_min, omega_max, omega_end;
  double temperature; /* [eV] */
  size_t n_stretches;
  stretch *stretches; /* [INTEGRAL_MAX_PANELS] */
} phonon;

/* ---- the integrand --------------------------------------------------------------------------- */

/** dR/dω without N (α m_e)⁴ at n ≤ BLOCK energies. */
static void integrand(const phonon *p, size_t n, const double omega[], double f[])
{
  double eps1[BLOCK], eps2[BLOCK];
  optical_epsilon(p->data, n, omega, eps1, eps2);
  massless_at(p->momenta, n, omega, f);
  for (size_t i = 0; i < n; i++)
    f[i] *= fmax(eps2[i], 0) / (eps1[i] * eps1[i] + eps2[i] * eps2[i]);
  if (p->temperature > 0)
    for (size_t i = 0; i < n; i++)
      f[i] /= -expm1(-omega[i] / p->temperature);
}

static void on_stretch(void *context, size_t i_stretch, size_t n, const double x[], double f[])
{
  const phonon *p = context;
  const stretch *s = &p->stretches[i_stretch];
  double omega[BLOCK], jacobian[BLOCK], span = s->u_high - s->u_low;
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = n - first < BLOCK ? n - first : BLOCK;
    for (size_t i = 0; i < m; i++) {
      double u = s->u_low + span * x[first + i];
      omega[i] = s->width > 0 ? s->centre + s->width * sinh(u) : u;
      omega[i] = fmin(fmax(omega[i], s->low), s->high); /* rounding */
      jacobian[i] = span * (s->width > 0 ? hypot(omega[i] - s->centre, s->width) : 1);
    }
    integrand(p, m, omega, f + first);
    for (size_t i = 0; i < m; i++)
      f[first + i] *= jacobian[i];
  }
}

/* ---- cutting --------------------------------------------------------------------------------- */

static stretch stretch_between(double low, double high, double centre, double width)
{
  stretch s = {low, high, centre, width, low, high};
  double u_low = width > 0 ? asinh((low - centre) / width) : 0;
  double u_high = width > 0 ? asinh((high - centre) / width) : 0;
  if (u_high - u_low < SHORT) {
    s.width = 0;
  } else {
    s.u_low = u_low;
    s.u_high = u_high;
  }
  return s;
}

/** The peak nearest to an energy; NULL if there is none. */
static const optical_peak *nearest_peak(const struct optical *o, double omega)
{
  const optical_peak *found = NULL;
  for (size_t i = 0; i < o->n_peaks; i++)
    if (!found || fabs(o->peaks[i].omega - omega) < fabs(found->omega - omega))
      found = &o->peaks[i];
  return found;
}

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
  const double *kink = massless_kinks(p->momenta, &n_kinks);
  cut[n++] = low;
  cut[n++] = high;
  for (size_t i = 0; i < o->n_peaks; i++) {
    cut[n++] = o->peaks[i].omega;
    if (i)
      cut[n++] = 0.5 * (o->peaks[i - 1].omega + o->peaks[i].omega);
  }
  for (size_t i = n_kinks > MAX_KINKS ? n_kinks - 1 : 0; i < n_kinks; i++)
    cut[n++] = kink[i];
  qsort(cut, n, sizeof *cut, ascending);
  return n;
}

static elfin_status cut_slice(phonon *p, double low, double high, elfin_error *err)
{
  double *cut = malloc((2 * p->data->n_peaks + MAX_KINKS + 2) * sizeof *cut), begin = low;
  if (!cut)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  size_t n = cuts_between(p, low, high, cut);
  p->n_stretches = 0;
  for (size_t i = 0; i < n && p->n_stretches < INTEGRAL_MAX_PANELS; i++) {
    if (!(cut[i] > begin * (1 + ON_EDGE)) || cut[i] > high)
      continue;
    const optical_peak *peak = nearest_peak(p->data, 0.5 * (begin + cut[i]));
    p->stretches[p->n_stretches++] =
        stretch_between(begin, cut[i], peak ? peak->omega : 0, peak ? peak->half_width : 0);
    begin = cut[i];
  }
  free(cut);
  return ELFIN_OK;
}

/** How many of the knots are at or below ω. */
static size_t knots_up_to(const struct optical *o, double omega)
{
  size_t low = 0, high = o->n;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (o->omega[middle] <= omega)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/** The knots inside of a piece: first, and how many. */
static size_t knots_inside(const phonon *p, const stretch *s, size_t *first)
{
  *first = knots_up_to(p->data, s->low * (1 + ON_EDGE));
  size_t end = knots_up_to(p->data, s->high * (1 - ON_EDGE));
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
  stretch whole = p->stretches[i_stretch];
  size_t first, n = knots_inside(p, &whole, &first);
  if (n == 0 || p->n_stretches >= INTEGRAL_MAX_PANELS)
    return 0;
  double at = p->data->omega[first + n / 2];
  p->stretches[i_stretch] = stretch_between(whole.low, at, whole.centre, whole.width);
  p->stretches[p->n_stretches++] = stretch_between(at, whole.high, whole.centre, whole.width);
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

static elfin_status slice(void *context, double low, double high, double relative, double absolute,
                          integral *out, elfin_error *err)
{
  phonon *p = context;
  elfin_status status = cut_slice(p, low, high, err);
  if (status)
    return status;
  relative = fmax(relative, NOISE * near_end(p, low)); /* no better is to be had */
  integral_request r = {.dim = 1,
                        .n_panels = p->n_stretches,
                        .f = on_stretch,
                        .context = p,
                        .relative = relative,
                        .absolute = absolute,
                        .kinks = p->data->n ? &knots_of_data : NULL,
                        .max_evaluations = p->q->max_evaluations};
  status = integrate_panels(&r, out, err);
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

/** The lowest energy that any observable asks for. */
static double lowest_asked(const elfin_request *q)
{
  double lowest = INFINITY;
  for (size_t i = 0; i < q->n_thresholds; i++)
    lowest = fmin(lowest, q->threshold_eV[i]);
  for (size_t i = 0; i < q->n_at; i++)
    lowest = fmin(lowest, q->at_eV[i]);
  return q->n_edges ? fmin(lowest, q->edge_eV[0]) : lowest;
}

static elfin_status begin(phonon *p, const elfin_request *q, elfin_error *err)
{
  const elfin_response_info *about = &q->response->about;
  double v_max = elfin_halo_v_max(q->halo), gap = q->material->gap_eV.value;
  *p = (phonon){.q = q, .data = q->response->optical};
  p->omega_min = fmax(about->omega_min_eV, OMEGA_FLOOR);
  p->omega_max = gap > 0 ? fmin(about->omega_max_eV, gap) : about->omega_max_eV;
  p->omega_end = 0.5 * q->mass_eV * v_max * v_max;
  p->temperature = q->temperature_K * q->constants->boltzmann_eV_K;
  p->stretches = malloc(INTEGRAL_MAX_PANELS * sizeof *p->stretches);
  if (!p->stretches)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  double high = fmin(p->omega_max, p->omega_end), low = fmax(p->omega_min, lowest_asked(q));
  return massless_new(q->halo, q->mass_eV, fmin(low, high), high, &p->momenta, err);
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
      .data = "the phonon response",
      .slice = slice,
      .point = point,
      .flags = flags,
  };
  if (!status)
    status = observables_compute(&from, q, result, err);
  massless_free(p.momenta);
  free(p.stretches);
  return status;
}
