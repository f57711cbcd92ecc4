/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limit_strength.c
 * Any method by its name [limit.h]. */
#include "limits/limits.h"

#include <math.h>

elfin_status elfin_limit_check(elfin_limit_method method, size_t n_events, double confidence,
                               elfin_error *err)
{
  if (!elfin_limit_method_name(method))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "there is no method number %d", (int)method);
  if (method == ELFIN_LIMIT_OPTIMUM_INTERVAL)
    return limits_check_interval(n_events, confidence, err);
  return limits_check_confidence(confidence, err);
}

/* Sums may differ in their last digits: an event is below all of them, and above none. */
static elfin_status of_events(elfin_limit_method method, const elfin_observation *seen,
                              elfin_interval_tables *tables, double confidence, double *strength,
                              elfin_error *err)
{
  double total = 0;
  for (size_t i = 0; i < seen->counts.n; i++)
    total += seen->counts.signal[i];
  for (size_t i = 0; i < seen->n_events; i++)
    total = fmax(total, seen->below[i]);
  if (method == ELFIN_LIMIT_MAXIMUM_GAP)
    return elfin_limit_maximum_gap(seen->n_events, seen->below, total, confidence, strength, err);
  if (!tables)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "an optimum interval needs tables");
  return elfin_limit_optimum_interval(tables, seen->n_events, seen->below, total, confidence,
                                      strength, err);
}

elfin_status elfin_limit_strength(elfin_limit_method method, const elfin_observation *seen,
                                  elfin_interval_tables *tables, double confidence,
                                  double *strength, size_t *i_bin, elfin_error *err)
{
  if (method != ELFIN_LIMIT_MAXIMUM_GAP && method != ELFIN_LIMIT_OPTIMUM_INTERVAL)
    return elfin_limit_bins(method, &seen->counts, confidence, strength, i_bin, err);
  elfin_status status = of_events(method, seen, tables, confidence, strength, err);
  if (!status && i_bin)
    *i_bin = seen->counts.n;
  return status;
}
