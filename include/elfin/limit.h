/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limit.h
 * From counts to upper limits on a signal.
 *
 * Every limit is on the strength s: the factor on the expected signal. Where a rate was computed
 * for a cross section σ, the limit on the cross section is s σ. INFINITY: these data exclude no
 * strength.
 *
 * A confidence level lies in (0, 1), both excluded: 0.9 for the usual 90 %. "Covers": of many
 * experiments with a true strength, at least this fraction have a limit above it; the tests measure
 * it. Monte Carlo is drawn from fixed seeds: the same question has the same answer. Sources
 * are named at each function.
 */
#ifndef ELFIN_LIMIT_H
#define ELFIN_LIMIT_H

#include <elfin/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- one number -------------------------------------------------------------------------------
 */

/** Upper limit on the expected signal events, from a Poisson count with a known background.
 *
 * Solves Σ_{i≤n} Poisson(i; s + b) = (1 − CL) Σ_{i≤n} Poisson(i; b). With b = 0 that is the
 * classical limit, Σ = 1 − CL: 2.303 for n = 0 at 90 %. With b > 0 the classical limit may be
 * negative: an experiment that saw fewer events than its background would exclude every signal,
 * also none. Dividing by what background alone gives (CL_s, Zech 1989, Read 2002) keeps the limit
 * above −ln(1 − CL) and covers more than CL where n is small.
 *
 * @param[in]  observed    n, a whole number ≥ 0
 * @param[in]  background  b ≥ 0, expected; the error of it is not known here
 * @param[out] events      relative error below 1e-10
 * @return ELFIN_OK; ELFIN_E_ARGUMENT
 */
elfin_status elfin_limit_events(double observed, double background, double confidence,
                                double *events, elfin_error *err);

/** What elfin_limit_events() gives on average where there is background alone: Σ_n Poisson(n; b)
 * limit(n). The sensitivity of an experiment, known before it has any data. Relative error below
 * 1e-9. */
elfin_status elfin_limit_expected_events(double background, double confidence, double *events,
                                         elfin_error *err);

/* ---- bins -------------------------------------------------------------------------------------
 */

/** What is expected and what was seen, bin by bin. */
typedef struct elfin_counts {
  size_t n;                 /**< bins, ≥ 1 */
  const double *signal;     /**< [n] expected at strength 1, ≥ 0 */
  const double *background; /**< [n] expected, ≥ 0; NULL: none */
  const double *observed;   /**< [n] whole numbers ≥ 0 */
} elfin_counts;

/** How bins become one limit. */
typedef enum elfin_limit_method {
  /** All bins as one count. Covers. */
  ELFIN_LIMIT_TOTAL,
  /** The bin with the lowest expected limit, elfin_limit_expected_events()/signal: chosen by signal
   * and background, never by what was seen. Covers. */
  ELFIN_LIMIT_BEST_EXPECTED,
  /** The bin with the lowest limit, as experiments often publish. Chosen by the data, so it covers
   * less than CL: with m bins that are equally good, CL^m. */
  ELFIN_LIMIT_BEST_OBSERVED,
  /** All bins in one likelihood, with its one-sided profile ratio
   *   q(s) = −2 ln L(s)/L(ŝ) for 0 ≤ ŝ ≤ s,  0 for ŝ > s
   * (Cowan et al., arXiv:1007.1727), and CL_s = P(q ≥ seen; s)/P(q ≥ seen; 0) = 1 − CL. The
   * probabilities are by Monte Carlo, since the asymptotic ones fail where few events are expected
   * (a limit of 0.8 events where 2.3 is right); the limit has an error of 0.3 % (a few bins) to 1
   * %. One bin, or no background at all: exact, and the same as ELFIN_LIMIT_TOTAL. Covers. */
  ELFIN_LIMIT_LIKELIHOOD,
  ELFIN_N_BIN_METHODS,
  /** elfin_limit_maximum_gap(): from energies of events, not from bins. Covers. */
  ELFIN_LIMIT_MAXIMUM_GAP = ELFIN_N_BIN_METHODS,
  /** elfin_limit_optimum_interval(), likewise. Covers. */
  ELFIN_LIMIT_OPTIMUM_INTERVAL,
  ELFIN_N_LIMIT_METHODS
} elfin_limit_method;

/** "total", "best_expected", "best_observed", "likelihood", "maximum_gap", "optimum_interval"
 * (static text); NULL for any other number. */
const char *elfin_limit_method_name(elfin_limit_method method);

/** A limit on the strength, by one of the ELFIN_N_BIN_METHODS.
 *
 * @param[out] strength  INFINITY where no bin has a signal
 * @param[out] i_bin     the bin that was chosen; counts->n where all count, or none has a signal;
 * may be NULL
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: which bin is wrong, and why; ELFIN_E_MEMORY
 */
elfin_status elfin_limit_bins(elfin_limit_method method, const elfin_counts *counts,
                              double confidence, double *strength, size_t *i_bin, elfin_error *err);

/** The limit of each bin alone. @param[out] strength  [counts->n], INFINITY without a signal */
elfin_status elfin_limit_each_bin(const elfin_counts *counts, double confidence, double strength[],
                                  elfin_error *err);

/* ---- events with energies: no background is subtracted, whatever it is -------------------------
 */

/** C0(x, μ): the probability that the largest gap between events is below x, where μ events are
 * expected, all coordinates in expected events. 0 ≤ x ≤ μ; 1 beyond.
 * Source: Yellin, Phys. Rev. D 66, 032005 (physics/0203002), eq. 2. */
double elfin_maximum_gap_probability(double x, double mu);

/** Expected events below each of n energies, from those in bins: uniform within a bin.
 *
 * @param[in]  edge_eV     [n_edges] ascending; ≥ 2 of them
 * @param[in]  expected    [n_edges − 1] at strength 1, each ≥ 0
 * @param[out] cumulative  [n]; may be the same array as energy_eV; 0 below all bins
 * @param[out] total       may be NULL
 */
elfin_status elfin_limit_cumulative(size_t n_edges, const double edge_eV[], const double expected[],
                                    size_t n, const double energy_eV[], double cumulative[],
                                    double *total, elfin_error *err);

/** Yellin's maximum gap.
 *
 * @param[in] n           events, also 0
 * @param[in] cumulative  [n] signal expected below each event at strength 1, in any order, within
 *                        [0, total]
 * @param[in] total       signal expected in all of the range at strength 1, ≥ 0
 * @return ELFIN_OK; ELFIN_E_ARGUMENT; ELFIN_E_MEMORY
 */
elfin_status elfin_limit_maximum_gap(size_t n, const double cumulative[], double total,
                                     double confidence, double *strength, elfin_error *err);

/** Tables of Yellin's optimum interval, made by Monte Carlo when they are first needed. One per
 * thread; some 10 MB after many limits. What it answers never depends on what was asked before. */
typedef struct elfin_interval_tables elfin_interval_tables;

elfin_status elfin_interval_tables_new(elfin_interval_tables **tables, elfin_error *err);
void elfin_interval_tables_free(elfin_interval_tables *tables); /**< NULL is fine. */

/** Yellin's optimum interval: of all intervals between events, whatever number of events they hold,
 * the one that excludes best; the penalty for the choice is part of the tables. Error of the limit
 * some 3 %, from the Monte Carlo and between the grid's points. Arguments as
 * elfin_limit_maximum_gap().
 *
 * Source: physics/0203002, section III; the tables are our own.
 * @return ELFIN_OK; ELFIN_E_ARGUMENT; ELFIN_E_VALIDITY for more than ELFIN_INTERVAL_MOST_EVENTS,
 * where a likelihood in bins is as good; ELFIN_E_MEMORY
 */
elfin_status elfin_limit_optimum_interval(elfin_interval_tables *tables, size_t n,
                                          const double cumulative[], double total,
                                          double confidence, double *strength, elfin_error *err);

enum { ELFIN_INTERVAL_MOST_EVENTS = 200 };

/* ---- any of them ------------------------------------------------------------------------------
 */

/** What is expected and what was seen, for any method. */
typedef struct elfin_observation {
  elfin_counts counts;
  size_t n_events;     /**< with known energies; all of those observed */
  const double *below; /**< [n_events] signal expected below each at strength 1, as
                            elfin_limit_maximum_gap() wants it; their total is that of `counts` */
} elfin_observation;

/** Can this method say anything at this confidence level about so many events? An answer before
 * anything is computed. @return ELFIN_OK; ELFIN_E_ARGUMENT; ELFIN_E_VALIDITY */
elfin_status elfin_limit_check(elfin_limit_method method, size_t n_events, double confidence,
                               elfin_error *err);

/** A limit on the strength by any method.
 *
 * @param[in]  tables    of the optimum interval; NULL for all others
 * @param[out] strength  INFINITY where nothing is expected
 * @param[out] i_bin     as elfin_limit_bins(); may be NULL
 * @return as elfin_limit_bins(), elfin_limit_maximum_gap() and elfin_limit_optimum_interval()
 */
elfin_status elfin_limit_strength(elfin_limit_method method, const elfin_observation *seen,
                                  elfin_interval_tables *tables, double confidence,
                                  double *strength, size_t *i_bin, elfin_error *err);

#ifdef __cplusplus
}
#endif
#endif
