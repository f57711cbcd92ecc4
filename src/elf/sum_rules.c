/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file sum_rules.c
 * What every ELF must fulfil at every momentum [docs/responses.md]:
 *
 *   f-sum:             2/(π ω_p²) ∫ ω ELF dω = 1
 *   Kramers–Kronig:    (2/π) ∫ ELF/ω dω      = 1 − Re 1/ε(0,k)
 *
 * Analytic responses are integrated over all ω, also beyond the range that rates use; tables over
 * their grid. The undamped electron gas misses its plasmon below the particle–hole band: there it
 * gives less than 1, by what the plasmon carries.
 *
 * Phonons end at ε∞, not at 1:
 *
 *   Kramers–Kronig:    (2/π) ∫ ELF/ω dω      = 1/ε∞ − Re 1/ε(0)
 *   f-sum:             (2/π) ∫ ω ELF dω      = Σ (ω_LO² − ω_TO²)/ε∞
 * the latter for Lorentz' sum, or if dampings add up to the same above and below the line of the
 * factorised form; else its ELF falls like 1/ω and the integral has no value. The extended Drude model ends at
 * its background, with Σ A/ε_b² (drude.c).
 */
#include "elf/elf.h"
#include "elf/elf_table.h"
#include "elf/optical.h"

#include "numerics/numerics.h"

#include <math.h>
#include <stdlib.h>

static const double ACCURACY = 1e-8;
static const long BUDGET = 2000000;

typedef struct line {
  const elfin_response *response;
  double k;
  double power;       /* of ω beside the ELF: 1 or −1 */
  size_t n_ends;
  double *end;        /* [n_ends] ascending; the last may be INFINITY */
} line;

static double integrand(const line *l, double omega)
{
  double elf;
  const optical *o = l->response->optical;
  if (o && o->everywhere) {
    elf = -cimag(1 / o->formula(o, omega)); /* where it dips below 0, analyticity wants it so */
  } else {
    response_loss(l->response, 1, &omega, &l->k, &elf);
    elf = fmax(elf, 0);
  }
  return l->power > 0 ? elf * omega : elf / omega;
}

static void on_stretch(void *context, size_t i, size_t n, const double x[], double f[])
{
  const line *l = context;
  double low = l->end[i], high = l->end[i + 1];
  for (size_t j = 0; j < n; j++)
    if (isinf(high)) /* ω = low/x */
      f[j] = integrand(l, low / x[j]) * low / (x[j] * x[j]);
    else
      f[j] = integrand(l, low + (high - low) * x[j]) * (high - low);
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void add_optical_ends(line *l, const optical *o)
{
  if (!o->everywhere) {
    for (size_t i = 0; i < o->n; i++)
      l->end[l->n_ends++] = o->omega[i];
    return;
  }
  l->end[l->n_ends++] = 0;
  for (size_t i = 0; i < o->n_modes; i++)
    l->end[l->n_ends++] = o->modes[i].transverse_eV;
  for (size_t i = 0; i < o->n_peaks; i++)
    l->end[l->n_ends++] = o->peaks[i].omega;
  l->end[l->n_ends++] = INFINITY;
}

/** Where to cut: at each oscillator and edge, at the band's edges, at a table's knots. */
static elfin_status set_ends(line *l, elfin_error *err)
{
  const elfin_response *r = l->response;
  size_t n = r->oscillators ? r->oscillators->n
             : r->table     ? r->table->n_omega
             : r->drude     ? r->drude->n
             : r->optical   ? r->optical->n + r->optical->n_modes + r->optical->n_peaks
                            : 2;
  l->end = malloc((n + 2 + RESPONSE_MOST_EDGES) * sizeof *l->end);
  if (!l->end)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu stretches", n);
  if (r->oscillators) {
    l->end[l->n_ends++] = 0;
    for (size_t i = 0; i < n; i++)
      l->end[l->n_ends++] = r->oscillators->terms[i].omega_p * ELFIN_HARTREE_EV;
    l->n_ends += response_edges(r, l->end + l->n_ends);
    l->end[l->n_ends++] = INFINITY;
  } else if (r->drude) {
    l->end[l->n_ends++] = 0;
    for (size_t i = 0; i < n; i++)
      if (drude_energy(&r->drude->terms[i], l->k) > 0)
        l->end[l->n_ends++] = drude_energy(&r->drude->terms[i], l->k);
    l->end[l->n_ends++] = INFINITY;
  } else if (r->table) {
    for (size_t i = 0; i < n; i++)
      l->end[l->n_ends++] = r->table->omega[i];
  } else if (r->optical) {
    add_optical_ends(l, r->optical);
  } else {
    double middle = l->k * l->k / (2 * r->gas.m_e), half = l->k * r->gas.v_F;
    l->end[l->n_ends++] = fmax(middle - half, 0);
    if (middle < half) /* where u = 1 − z */
      l->end[l->n_ends++] = half - middle;
    l->end[l->n_ends++] = middle + half;
  }
  qsort(l->end, l->n_ends, sizeof *l->end, ascending);
  return ELFIN_OK;
}

/** Σ (ω_LO² − ω_TO²)/ε∞; NaN if the integral diverges. */
static double lattice_strength(const optical *o)
{
  double sum = 0, damping = 0;
  for (size_t i = 0; i < o->n_modes; i++) {
    const elfin_phonon_mode *m = &o->modes[i];
    if (o->n_peaks) {
      sum += (m->longitudinal_eV - m->transverse_eV) * (m->longitudinal_eV + m->transverse_eV);
      damping += m->longitudinal_gamma_eV - m->transverse_gamma_eV;
    } else {
      sum += m->strength * m->transverse_eV * m->transverse_eV / o->eps_infinity;
    }
  }
  return damping == 0 ? sum / o->eps_infinity : NAN;
}

static double plasma_energy_squared(const elfin_response *r)
{
  double sum = 0;
  if (r->optical && r->optical->everywhere)
    return lattice_strength(r->optical);
  if (r->optical && !isnan(r->optical->eps_infinity))
    return NAN; /* phonons at points: nothing to compare with */
  if (r->drude) {
    for (size_t i = 0; i < r->drude->n; i++)
      sum += r->drude->terms[i].strength_eV2;
    return sum / (r->drude->background_eps * r->drude->background_eps);
  }
  if (r->oscillators)
    for (size_t i = 0; i < r->oscillators->n; i++) {
      const mermin_term *term = &r->oscillators->terms[i];
      double omega_p = term->omega_p * ELFIN_HARTREE_EV;
      sum += term->amplitude * omega_p * omega_p;
    }
  else if (r->gas.omega_p > 0)
    sum = r->gas.omega_p * r->gas.omega_p;
  else if (r->material)
    sum = r->material->plasma_energy_eV.value * r->material->plasma_energy_eV.value;
  else
    sum = NAN;
  return sum;
}

/** Re 1/ε(∞) − Re 1/ε(0), the latter from the lowest energy if it is not known better. */
static double static_difference(const elfin_response *r, double k)
{
  const optical *o = r->optical;
  double complex lowest;
  double omega = r->table ? r->table->omega[0] : o ? o->omega_min : 0;
  if (r->kind->inverse_static)
    lowest = r->kind->inverse_static(r, k);
  else if (o && o->everywhere)
    lowest = 1 / o->formula(o, 0);
  else
    response_inverse(r, 1, &omega, &k, &lowest);
  double highest = r->drude ? 1 / r->drude->background_eps : 1;
  return (o && !isnan(o->eps_infinity) ? 1 / o->eps_infinity : highest) - creal(lowest);
}

elfin_status elfin_response_sum_rules(const elfin_response *response, double k_eV, double *f_sum,
                                      double *kk, double *kk_expected, elfin_error *err)
{
  if (!(k_eV > 0 && isfinite(k_eV)))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "momentum %g eV: it must be above 0", k_eV);
  if (response->below || response->above)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "response joined: sum rules hold for its two sides, not "
                      "for what is joined at the gap");
  line l = {.response = response, .k = k_eV};
  elfin_status status = set_ends(&l, err);
  if (status)
    return status;
  integral_request r = {.dim = 1, .n_panels = l.n_ends - 1, .f = on_stretch, .context = &l,
                        .relative = ACCURACY, .max_evaluations = BUDGET};
  integral f = {0}, inverse = {0};
  double expected = plasma_energy_squared(response); /* NaN: not integrated */
  l.power = -1;
  status = integrate_panels(&r, &inverse, err);
  l.power = 1;
  if (!status && !isnan(expected))
    status = integrate_panels(&r, &f, err);
  if (!status) {
    *f_sum = 2 / M_PI * f.value / expected;
    *kk = 2 / M_PI * inverse.value;
    *kk_expected = static_difference(response, k_eV);
  }
  free(l.end);
  return status;
}
