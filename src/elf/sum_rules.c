/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file sum_rules.c
 * What every ELF must fulfil at every momentum [physics.md §2]:
 *
 *   f-sum:             2/(π ω_p²) ∫ ω ELF dω = 1
 *   Kramers–Kronig:    (2/π) ∫ ELF/ω dω      = 1 − Re 1/ε(0,k)
 *
 * Analytic responses are integrated over all ω, also beyond the range that rates use; tables over
 * their grid. The undamped electron gas misses its plasmon below the particle–hole band: there it
 * gives less than 1, by what the plasmon carries.
 */
#include "elf/elf.h"
#include "elf/elf_table.h"

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
  double complex inverse;
  response_inverse(l->response, 1, &omega, &l->k, &inverse);
  double elf = fmax(-cimag(inverse), 0);
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

/** Where to cut: at each oscillator, at the band's edges, at a table's knots. */
static elfin_status set_ends(line *l, elfin_error *err)
{
  const elfin_response *r = l->response;
  size_t n = r->oscillators ? r->oscillators->n : r->table ? r->table->n_omega : 2;
  l->end = malloc((n + 2) * sizeof *l->end);
  if (!l->end)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu stretches", n);
  if (r->oscillators) {
    l->end[l->n_ends++] = 0;
    for (size_t i = 0; i < n; i++)
      l->end[l->n_ends++] = r->oscillators->terms[i].omega_p * ELFIN_HARTREE_EV;
    l->end[l->n_ends++] = INFINITY;
  } else if (r->table) {
    for (size_t i = 0; i < n; i++)
      l->end[l->n_ends++] = r->table->omega[i];
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

static double plasma_energy_squared(const elfin_response *r)
{
  double sum = 0;
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

elfin_status elfin_response_sum_rules(const elfin_response *response, double k_eV, double *f_sum,
                                      double *kk, double *kk_expected, elfin_error *err)
{
  if (!(k_eV > 0 && isfinite(k_eV)))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "momentum %g eV: it must be above 0", k_eV);
  line l = {.response = response, .k = k_eV};
  elfin_status status = set_ends(&l, err);
  if (status)
    return status;
  integral_request r = {.dim = 1, .n_panels = l.n_ends - 1, .f = on_stretch, .context = &l,
                        .relative = ACCURACY, .max_evaluations = BUDGET};
  integral f, inverse = {0};
  l.power = 1;
  status = integrate_panels(&r, &f, err);
  l.power = -1;
  if (!status)
    status = integrate_panels(&r, &inverse, err);
  if (!status) {
    *f_sum = 2 / M_PI * f.value / plasma_energy_squared(response);
    *kk = 2 / M_PI * inverse.value;
    double complex lowest;
    double omega = response->table ? response->table->omega[0] : 0;
    if (response->kind->inverse_static)
      lowest = response->kind->inverse_static(response, k_eV);
    else
      response_inverse(response, 1, &omega, &k_eV, &lowest);
    *kk_expected = 1 - creal(lowest);
  }
  free(l.end);
  return status;
}
