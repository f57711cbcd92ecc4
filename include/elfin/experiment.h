/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file experiment.h
 * What an experiment measured, and what its detector makes of an energy deposit.
 *
 * An experiment file is YAML (data/experiments/, or a user's own). Each number has a source; what a
 * paper does not print is marked as assumed, in the file and in `assumed`: say it wherever a limit
 * is shown.
 *
 * The detector is a linear map. A caller asks elfin_experiment_edges() for energies that resolve
 * it, has the rate in each of their bins (dR/dω averaged over a bin, times its width, in 1/kg/yr),
 * and adds up N_b = Σ_i weights[b * (n_edges − 1) + i] · rate_i with weights from
 * elfin_experiment_weights(). N_b, `background` and `observed` are what an elfin_counts (limit.h)
 * wants.
 */
#ifndef ELFIN_EXPERIMENT_H
#define ELFIN_EXPERIMENT_H

#include <elfin/base.h>
#include <elfin/material.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How an energy ω becomes Q electron–hole pairs. Below the gap there are none. */
typedef enum elfin_charge_model {
  /** Q = 1 + floor((ω − E_gap)/e0): a bin is [E_gap + (Q−1) e0, E_gap + Q e0) (docs/electron.md). */
  ELFIN_CHARGE_STEP,
  /** A Gaussian of mean ω/e0 and variance F ω/e0, collected in whole numbers: Q − 1/2 to Q + 1/2.
   * What lies below Q = 1 counts as 1, what lies above the ω/E_gap that energy allows counts as the
   * highest whole number below it. */
  ELFIN_CHARGE_FANO,
  /** A table of P(Q|ω): linear in ω between its rows, no charge below the first or above the last.
     A file whose last row still has charges of its bins must say that (`above: nothing`). */
  ELFIN_CHARGE_TABLE
} elfin_charge_model;

typedef struct elfin_experiment {
  const char *name;        /**< "SENSEI_SNOLAB" */
  const char *path;        /**< the file it was read from */
  const char *description; /**< a sentence; may be NULL */
  const char *material;    /**< of its target, "Si" */

  size_t n_bins;                /**< ≥ 1 */
  const double *charge;         /**< [n_bins] Q of each bin, ascending; NULL: bins of energy */
  const double *edge_eV;        /**< [n_bins + 1] ascending; NULL: bins of charge */
  const double *exposure_kg_yr; /**< [n_bins] > 0; a year has 365.25 days */
  const double *efficiency;     /**< [n_bins] 0 … 1; all 1 where `found` says it */
  const double *background;     /**< [n_bins] expected events ≥ 0 */
  const double *observed;       /**< [n_bins] whole numbers ≥ 0 */

  elfin_charge_model charge_model; /**< of bins of charge */
  double gap_eV, pair_energy_eV;   /**< of step and Fano; NAN: the material's */
  double fano;                     /**< F of Fano; else NAN */
  size_t n_rows, n_charges;        /**< of the table; else 0 */
  const double *table;  /**< [n_rows * (n_charges + 1)] ω [eV], P(1), P(2) …; ω ascending */
  const char *table_path; /**< the file that it was read from; NULL: none */
  size_t n_found;       /**< 0: Q electrons are found as Q electrons */
  const double *found;  /**< [n_found * (n_bins + 1)] Q, ascending, and the share of its deposits that
                             is found in each bin; other Q are never found */
  double resolution_eV; /**< of bins of energy: σ of a Gaussian; 0: none */

  size_t n_events;        /**< energies of single events, for intervals between them: 0 if unknown,
                               else as many in each bin as were observed there */
  const double *event_eV; /**< [n_events] */

  size_t n_sources;
  const char *const *sources; /**< [n_sources] "observed: arXiv:2312.13342, abstract" */
  size_t n_assumed;
  const char *const *assumed; /**< [n_assumed] "efficiency: 1, since the paper …" */
  void *owner;                /**< private */
} elfin_experiment;

/** Read an experiment.
 *
 * @param[in]  name  "SENSEI_SNOLAB": looked up as elfin_data_dir()/experiments/SENSEI_SNOLAB.yaml;
 * or the path of a file (anything with a '/' or ending in .yaml)
 * @param[out] experiment  yours, free with elfin_experiment_free(); untouched on failure
 * @return ELFIN_OK; ELFIN_E_DATA: unknown name (the sentence lists close ones), or the file is
 * missing or malformed (file:line:column: what is wrong and what is allowed); ELFIN_E_MEMORY
 */
elfin_status elfin_experiment_open(const char *name, elfin_experiment **experiment,
                                   elfin_error *err);

void elfin_experiment_free(elfin_experiment *experiment); /**< NULL is fine. */

/** What elfin_experiment_open() refuses a file for, everything. */
elfin_tell_faults elfin_experiment_faults;

/** The names of all experiments in elfin_data_dir(), sorted. `*names` is yours: free each, then the
 * array, with free(). @return ELFIN_OK; ELFIN_E_DATA; ELFIN_E_MEMORY */
elfin_status elfin_experiment_list(size_t *n, char ***names, elfin_error *err);

/** Energies that resolve the detector: weights on these bins carry all of its steps. Ascending,
 * from where the first bin begins to where nothing reaches the last bin any more, or, if the last
 * bin is open, as far as it goes.
 *
 * @param[in]  material  may be NULL if the file gives the gap and e0, or needs none
 * @param[out] edge_eV   [*n_edges], yours: free()
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: a gap or an e0 that neither has; ELFIN_E_MEMORY
 */
elfin_status elfin_experiment_edges(const elfin_experiment *experiment,
                                    const elfin_material *material, size_t *n_edges,
                                    double **edge_eV, elfin_error *err);

/** Events in each bin per unit rate in each ω bin: exposure × efficiency × P(bin|ω), P averaged
 * over the ω bin.
 *
 * For the step, a table whose rows are edges, and bins of energy the average is exact, also on
 * edges that are not those of elfin_experiment_edges(); for Fano's it is Gauss' rule with 8 points
 * on each.
 *
 * @param[in]  n_edges  ≥ 2; or 1: all of the rate is at this energy, as in absorption
 * @param[in]  edge_eV  [n_edges] ascending, ≥ 0
 * @param[out] weights  [n_bins * (n_edges − 1)] in kg yr, element [i_bin * (n_edges − 1) + i]; for a
 *                      single energy [n_bins]
 * @return ELFIN_OK; ELFIN_E_ARGUMENT
 */
elfin_status elfin_experiment_weights(const elfin_experiment *experiment,
                                      const elfin_material *material, size_t n_edges,
                                      const double edge_eV[], double weights[], elfin_error *err);

/** The same for what lies below each of the experiment's events, from where its first bin begins:
 * what intervals between events (limit.h) want. With the resolution, and the exposure and
 * efficiency of each bin.
 *
 * @param[out] weights  [n_events * (n_edges − 1)] in kg yr, as in elfin_experiment_weights()
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: bins of charge, or edges that do not ascend
 */
elfin_status elfin_experiment_below(const elfin_experiment *experiment, size_t n_edges,
                                    const double edge_eV[], double weights[], elfin_error *err);

#ifdef __cplusplus
}
#endif
#endif
