/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limit_bins.c
 * Counts in bins → one limit on the strength [limit.h]. */
#include "limits/limits.h"

#include <math.h>
#include <string.h>

static const char *const names[ELFIN_N_LIMIT_METHODS] = {
    [ELFIN_LIMIT_TOTAL] = "total",
    [ELFIN_LIMIT_BEST_EXPECTED] = "best_expected",
    [ELFIN_LIMIT_BEST_OBSERVED] = "best_observed",
    [ELFIN_LIMIT_LIKELIHOOD] = "likelihood",
    [ELFIN_LIMIT_MAXIMUM_GAP] = "maximum_gap",
    [ELFIN_LIMIT_OPTIMUM_INTERVAL] = "optimum_interval",
};

const char *elfin_limit_method_name(elfin_limit_method method)
{
  return (unsigned)method < ELFIN_N_LIMIT_METHODS ? names[method] : NULL;
}

static double background_of(const elfin_counts *counts, size_t i)
{
  return counts->background ? counts->background[i] : 0;
}

static elfin_status check(const elfin_counts *counts, double confidence, elfin_error *err)
{
  elfin_status status = limits_check_confidence(confidence, err);
  if (status)
    return status;
  if (counts->n == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a limit needs at least one bin");
  for (size_t i = 0; i < counts->n; i++) {
    double observed = counts->observed[i], signal = counts->signal[i];
    if (!(signal >= 0 && isfinite(signal)))
      return elfin_fail(err, ELFIN_E_ARGUMENT,
                        "bin %zu: %g expected events: a finite number, 0 or more, is wanted", i + 1,
                        signal);
    if (!(observed >= 0 && observed == floor(observed) && isfinite(observed)))
      return elfin_fail(err, ELFIN_E_ARGUMENT,
                        "bin %zu: %g observed events: a whole number, 0 or more, is wanted", i + 1,
                        observed);
    double background = background_of(counts, i);
    if (!(background >= 0 && isfinite(background)))
      return elfin_fail(err, ELFIN_E_ARGUMENT,
                        "bin %zu: a background of %g events: a finite number, 0 or more, is wanted",
                        i + 1, background);
  }
  return ELFIN_OK;
}

/* ---- one bin ----------------------------------------------------------------------------------
 */

static elfin_status of_bin(const elfin_counts *counts, size_t i, double confidence, bool expected,
                           double *strength, elfin_error *err)
{
  double events;
  *strength = INFINITY;
  if (counts->signal[i] == 0)
    return ELFIN_OK;
  elfin_status status =
      expected ? elfin_limit_expected_events(background_of(counts, i), confidence, &events, err)
               : elfin_limit_events(counts->observed[i], background_of(counts, i), confidence,
                                    &events, err);
  if (!status)
    *strength = events / counts->signal[i];
  return status;
}

elfin_status elfin_limit_each_bin(const elfin_counts *counts, double confidence, double strength[],
                                  elfin_error *err)
{
  elfin_status status = check(counts, confidence, err);
  for (size_t i = 0; !status && i < counts->n; i++)
    status = of_bin(counts, i, confidence, false, &strength[i], err);
  return status;
}

/* ---- all bins ---------------------------------------------------------------------------------
 */

static elfin_status of_total(const elfin_counts *counts, double confidence, double *strength,
                             elfin_error *err)
{
  double signal = 0, background = 0, observed = 0;
  for (size_t i = 0; i < counts->n; i++) {
    signal += counts->signal[i];
    background += background_of(counts, i);
    observed += counts->observed[i];
  }
  elfin_counts one = {1, &signal, &background, &observed};
  return of_bin(&one, 0, confidence, false, strength, err);
}

/* The bin with the lowest limit; of equal ones the first. */
static elfin_status of_best(const elfin_counts *counts, double confidence, bool expected,
                            double *strength, size_t *i_best, elfin_error *err)
{
  double lowest = INFINITY, one;
  for (size_t i = 0; i < counts->n; i++) {
    elfin_status status = of_bin(counts, i, confidence, expected, &one, err);
    if (status)
      return status;
    if (one < lowest) {
      lowest = one;
      *i_best = i;
    }
  }
  *strength = lowest;
  return expected && *i_best < counts->n ? of_bin(counts, *i_best, confidence, false, strength, err)
                                         : ELFIN_OK;
}

elfin_status elfin_limit_bins(elfin_limit_method method, const elfin_counts *counts,
                              double confidence, double *strength, size_t *i_bin, elfin_error *err)
{
  size_t chosen = counts->n;
  double limit = INFINITY;
  elfin_status status = check(counts, confidence, err);
  if (status)
    return status;
  switch (method) {
  case ELFIN_LIMIT_TOTAL: status = of_total(counts, confidence, &limit, err); break;
  case ELFIN_LIMIT_BEST_EXPECTED:
  case ELFIN_LIMIT_BEST_OBSERVED:
    status = of_best(counts, confidence, method == ELFIN_LIMIT_BEST_EXPECTED, &limit, &chosen, err);
    break;
  case ELFIN_LIMIT_LIKELIHOOD: status = limits_likelihood(counts, confidence, &limit, err); break;
  case ELFIN_LIMIT_MAXIMUM_GAP:
  case ELFIN_LIMIT_OPTIMUM_INTERVAL:
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s needs energies of events, not bins",
                      names[method]);
  case ELFIN_N_LIMIT_METHODS:
  default: return elfin_fail(err, ELFIN_E_ARGUMENT, "there is no method number %d", (int)method);
  }
  if (status)
    return status;
  *strength = limit;
  if (i_bin)
    *i_bin = chosen;
  return ELFIN_OK;
}
