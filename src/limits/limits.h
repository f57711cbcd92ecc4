/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limits.h
 * Inside the room: what the methods share. */
#ifndef LIMITS_H
#define LIMITS_H

#include <elfin/limit.h>

/** CL in (0, 1), or a sentence. */
elfin_status limits_check_confidence(double confidence, elfin_error *err);

/** Whether the tables of the optimum interval reach so far, or a sentence. */
elfin_status limits_check_interval(size_t n_events, double confidence, elfin_error *err);

/** C̄_max of the optimum interval at μ expected events: C_max of signal alone is below it with this confidence. Linear in
 * ln μ between the tables. @return NAN without memory */
double limits_c_max(elfin_interval_tables *tables, double mu, double confidence);

/** A rising function of x, its value below 0 at `low`. */
typedef double limits_rising(double x, const void *context);

/** Where f = 0, by Brent's method to a relative 1e-12. `high` is doubled, at most 1000 times, until
 * f(high) ≥ 0. @return ELFIN_OK; ELFIN_E_ACCURACY if it never is; ELFIN_E_MEMORY */
elfin_status limits_root(limits_rising *f, const void *context, double low, double high,
                         double *root, elfin_error *err);

/** elfin_limit_events() after its checks. */
elfin_status limits_events(double n, double b, double confidence, double *events, elfin_error *err);

/** ELFIN_LIMIT_LIKELIHOOD of checked counts. */
elfin_status limits_likelihood(const elfin_counts *counts, double confidence, double *strength,
                               elfin_error *err);

/** Events of a range in ascending order of cumulative signal, divided by `total`; checked.
 * @param[out] at  [n + 2] from 0 to 1, yours: free(); untouched on failure */
elfin_status limits_sorted_events(size_t n, const double cumulative[], double total, double **at,
                                  elfin_error *err);

#endif
