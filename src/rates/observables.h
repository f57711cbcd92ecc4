/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file observables.h
 * Inside the room: from "an integral over a slice of energies" and "a value at one energy" to all
 * that a request asks for. What every process does alike stands here, once: thresholds share
 * slices, bins and charges that reach beyond the data are refused, the interpolants' errors count. */
#ifndef OBSERVABLES_H
#define OBSERVABLES_H

#include "numerics/numerics.h"

#include <elfin/rate.h>

#include <stdbool.h>

/** What a process computes, before it is cut into observables. */
typedef struct rate_source {
  void *context;
  double scale;     /* times an integral: 1/kg/yr per cm² */
  double accuracy;  /* relative, that integrals are asked for */
  double own_error; /* relative: what interpolants behind the integrand add to every value */
  double omega_min, omega_max; /* where the data says something; 0 and INFINITY: everywhere */
  double omega_end;            /* where kinematics ends: everything above is exactly 0 */
  const char *data;            /* what goes from omega_min to omega_max: "the response mermin" */

  bool beyond_end; /* slices are asked for as far as the request goes, even where they begin to be 0 */

  /** ∫ dω from low to high, both within the data, low below omega_end, without `beyond_end` high, too; low < high. */
  elfin_status (*slice)(void *context, double low, double high, double relative, double absolute,
                        integral *out, elfin_error *err);
  /** The integrand at one ω within the data and below omega_end. */
  elfin_status (*point)(void *context, double omega, double relative, integral *out,
                        elfin_error *err);
  /** Flags of the rate above a threshold, besides CLOSED, OMEGA_RANGE for a threshold beyond the
   * data and BELOW_RANGE; NULL: none. `value` is the rate in units of the integrals. */
  unsigned (*flags)(void *context, double threshold, double value);
} rate_source;

/** Fill a result: rates above thresholds (slices from the highest threshold down), spectrum, charge
 * spectrum, point values, flags and the count of evaluations.
 * @return ELFIN_OK; ELFIN_E_MEMORY; else the status of the first value that failed, its reason in
 *         `err`; the others are there all the same */
elfin_status observables_compute(const rate_source *from, const elfin_request *request,
                                 elfin_result *result, elfin_error *err);

/** The check that a charge spectrum has the gap and the pair energy that it needs. */
elfin_status observables_check_charge(const elfin_request *request, elfin_error *err);

#endif
