/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file fit_penn.c
 * Penn's integral over free electron gases as a list of narrow Mermin functions [fit.h].
 *
 * Within a bin the ELF of the data is a chain of straight lines, of which ∫ ELF/ω and ∫ ω ELF are known in
 * closed form: they give amplitude and energy, A = (2/π) ∫ ELF/ω, A ω_i² = (2/π) ∫ ω ELF.
 *
 * Delicate: at k → 0 the list is a comb of Lorentzians, Δ apart and Γ wide, whose ripple is 2 e^{−πΓ/Δ}:
 * 0.4 % for Γ = 2Δ. Beyond the data nothing is added. */
#include "fit/fit_inner.h"

#include <math.h>

static const double WIDTH_IN_BINS = 2;

typedef struct walk {
  const optical_data *data;
  size_t i; /* the point at or below `at` */
  double at;
} walk;

static double elf_between(const optical_data *d, size_t i, double omega)
{
  double part = (omega - d->omega[i]) / (d->omega[i + 1] - d->omega[i]);
  return d->elf[i] + part * (d->elf[i + 1] - d->elf[i]);
}

/* ∫ ELF/ω and ∫ ω ELF from where the walk is to `end`. */
static void walk_to(walk *w, double end, double *over, double *times)
{
  const optical_data *d = w->data;
  *over = *times = 0;
  while (w->at < end && w->i + 1 < d->n) {
    double a = w->at, b = fmin(end, d->omega[w->i + 1]);
    double low = elf_between(d, w->i, a), high = elf_between(d, w->i, b);
    if (b > a) {
      double slope = (high - low) / (b - a), at_zero = low - slope * a;
      *over += at_zero * log(b / a) + slope * (b - a);
      *times += at_zero * (b * b - a * a) / 2 + slope * (b * b * b - a * a * a) / 3;
    }
    w->at = b;
    if (b >= d->omega[w->i + 1])
      w->i++;
  }
}

elfin_status fit_penn(const optical_data *data, size_t n, fit_result **result, elfin_error *err)
{
  if (n < 2 || n > PENN_MOST)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%zu gases: 2 to %d are allowed", n, PENN_MOST);
  fit_result *made = fit_result_new("Penn's integral over free electron gases", n, false);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for %zu gases", data->path, n);
  double first = data->omega[0], last = data->omega[data->n - 1];
  double step = log(last / first) / (double)n;
  walk w = {data, 0, first};
  made->n = 0;
  for (size_t i = 0; i < n; i++) {
    double over, times, end = i + 1 < n ? first * exp((double)(i + 1) * step) : last;
    walk_to(&w, end, &over, &times);
    if (!(over > 0) || !(times > 0))
      continue; /* nothing to carry */
    double omega = sqrt(times / over);
    made->list[made->n++] =
        (elfin_oscillator){2 / M_PI * over, WIDTH_IN_BINS * step * omega, omega};
  }
  fit_result_judge(made, data);
  *result = made;
  return ELFIN_OK;
}
