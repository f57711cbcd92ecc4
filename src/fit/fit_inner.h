/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file fit_inner.h
 * Inside the room. */
#ifndef FIT_INNER_H
#define FIT_INNER_H

#include "fit/fit.h"

/** The ELF of one oscillator, and its derivatives by ln A, ln Γ and ln ω_i. */
typedef struct drude_value {
  double elf, by_ln_gamma, by_ln_omega; /* by ln A it is elf */
} drude_value;

drude_value drude_at(const elfin_oscillator *oscillator, double omega);

/** A result with room for n oscillators; NULL: no memory. */
fit_result *fit_result_new(const char *method, size_t n, bool fitted);

/** Fill in what follows from list and data: sums, worst, rms. */
void fit_result_judge(fit_result *result, const optical_data *data);

#endif
