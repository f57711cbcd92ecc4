/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file drude_sum.c
 * A Mermin oscillator at k → 0 is Drude's [fit.h], since there ε = 1 − ω_i²/(ω(ω + iΓ)):
 *
 *   Im(−1/ε) = ω_i² Γ ω / D,   D = (ω² − ω_i²)² + Γ² ω²
 *
 * and what a list of them says about itself and about the data. */
#include "fit/fit_inner.h"

#include <math.h>
#include <stdlib.h>

drude_value drude_at(const elfin_oscillator *o, double omega)
{
  double omega_i2 = o->omega_eV * o->omega_eV, detuning = omega * omega - omega_i2;
  double width2 = o->gamma_eV * o->gamma_eV * omega * omega;
  double denominator = detuning * detuning + width2;
  double elf = o->amplitude * omega_i2 * o->gamma_eV * omega / denominator;
  return (drude_value){
      .elf = elf,
      .by_ln_gamma = elf * (1 - 2 * width2 / denominator),
      .by_ln_omega = elf * (2 + 4 * omega_i2 * detuning / denominator),
  };
}

void fit_elf(size_t n, const elfin_oscillator list[], size_t n_omega, const double omega[],
             double elf[])
{
  for (size_t j = 0; j < n_omega; j++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
      sum += drude_at(&list[i], omega[j]).elf;
    elf[j] = sum;
  }
}

/* ---- results ---------------------------------------------------------------------------------- */

fit_result *fit_result_new(const char *method, size_t n, bool fitted)
{
  fit_result *r = calloc(1, sizeof *r);
  if (!r)
    return NULL;
  *r = (fit_result){.method = method, .n = n, .chi2 = NAN};
  r->list = calloc(n, sizeof *r->list);
  if (fitted) {
    r->error = calloc(n, sizeof *r->error);
    r->at_bound = calloc(n, sizeof *r->at_bound);
    r->steps = calloc(FIT_MOST, sizeof *r->steps);
  }
  if (r->list && (!fitted || (r->error && r->at_bound && r->steps)))
    return r;
  fit_result_free(r);
  return NULL;
}

void fit_result_free(fit_result *r)
{
  if (!r)
    return;
  free(r->list);
  free(r->error);
  free(r->at_bound);
  free(r->steps);
  free(r);
}

/* ∫ between two points, the ELF a straight line: of ELF/ω and of ω ELF. */
static void add_sums(const optical_data *d, size_t i, double *over, double *times)
{
  double a = d->omega[i], b = d->omega[i + 1];
  double slope = (d->elf[i + 1] - d->elf[i]) / (b - a), at_zero = d->elf[i] - slope * a;
  *over += at_zero * log(b / a) + slope * (b - a);
  *times += at_zero * (b * b - a * a) / 2 + slope * (b * b * b - a * a * a) / 3;
}

void fit_result_judge(fit_result *r, const optical_data *d)
{
  double largest = 0, squares = 0, over = 0, times = 0;
  r->n_data = d->n;
  for (size_t j = 0; j < d->n; j++)
    largest = fmax(largest, d->elf[j]);
  for (size_t j = 0; j < d->n; j++) {
    double model;
    fit_elf(r->n, r->list, 1, &d->omega[j], &model);
    double off = fabs(model - d->elf[j]) / largest;
    squares += off * off;
    if (off >= r->worst) {
      r->worst = off;
      r->worst_eV = d->omega[j];
    }
    if (j + 1 < d->n)
      add_sums(d, j, &over, &times);
  }
  r->rms = sqrt(squares / (double)d->n);
  r->data_kk = 2 / M_PI * over;
  r->data_f_sum = 2 / M_PI * times;
  r->kk = r->f_sum = 0;
  for (size_t i = 0; i < r->n; i++) {
    r->kk += r->list[i].amplitude;
    r->f_sum += r->list[i].amplitude * r->list[i].omega_eV * r->list[i].omega_eV;
  }
}
