/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file modulation.h
 * Inside the room: how rates change with the time of the day [docs/multiphonon_anisotropic.md]. */
#ifndef MODULATION_H
#define MODULATION_H

#include "store/store.h"

/** Of one rate, or of all rates that differ only in the time. NaN where one of them is not known.
 */
typedef struct modulation {
  double mean;            /* ⟨R⟩ over the sidereal day [1/kg/yr] */
  double over_mean;       /* R(t)/⟨R⟩ */
  double amplitude;       /* A = |R(0) − ⟨R⟩|/⟨R⟩ */
  double amplitude_error; /* from the errors of R(0) and of ⟨R⟩, as if they were independent */
} modulation;

/** Weights of a mean over a turn, a day or a year: the trapezoid rule over the times modulo the turn,
 * closed: for a smooth R(t) and equal steps it converges faster than any power of the step.
 * @param[in]  time    [n] in any order, in the turn's unit
 * @param[out] weight  [n] adding up to 1
 * @param[out] widest  the widest step between neighbours, as a part of the turn
 * @return false: no memory */
bool modulation_weigh(size_t n, const double time[], double turn, double weight[], double *widest);

/** @param[out] of  [sweep->n_points]
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: the sweep has no axis `time`, or too few of them;
 * ELFIN_E_MEMORY */
elfin_status modulation_of(const store_sweep *sweep, modulation of[], elfin_error *err);

/** Events that show an amplitude at two standard deviations: 4/A² (DarkELF: one bin against the
 * mean), or 8/A² (the best fit of 1 + A cos φ). */
enum { MODULATION_BY_DARKELF = 4, MODULATION_BY_FIT = 8 };
static inline double modulation_events(int by, double amplitude)
{
  return by / (amplitude * amplitude);
}

#endif
