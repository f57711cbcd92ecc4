/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file report.h
 * Results for people and for other programs: CSV, tables on a terminal. */
#ifndef REPORT_H
#define REPORT_H

#include "campaign/campaign.h"
#include "store/store.h"

#include <elfin/experiment.h>
#include <elfin/limit.h>

enum { REPORT_REMARK = 240 };

/** A sweep as CSV (RFC 4180): one column per axis, named with its unit, then value, error, status.
 * @param reach_events  > 0: also the cross section, or kinetic mixing, for so many events
 *                         per kg yr
 * @param day  also the daily modulation, of a sweep with an axis `time`: mean, R/⟨R⟩, amplitude, and what
 *                         shows it at two standard deviations: events, exposure, cross section
 * @return ELFIN_OK; ELFIN_E_OUTPUT if the stream fails; ELFIN_E_ARGUMENT: no modulation can be told */
elfin_status report_csv(const store_sweep *sweep, const char *dataset, double reach_events, bool day,
                        FILE *stream, elfin_error *err);

/** Rows that were never in a file (`elfin rate`) as the same CSV: bit for bit. `dataset` as in
 * report_csv(); ELFIN_E_ARGUMENT if the sweep does not have it. */
elfin_status report_rows_csv(const campaign *c, const campaign_rows *rows, const char *dataset,
                             FILE *stream, elfin_error *err);

/** The reach of a sweep as a table and, on a terminal, a small chart. */
elfin_status report_reach(const store_sweep *sweep, double events, FILE *stream, elfin_error *err);

/** Which limit. */
typedef struct report_limit {
  const elfin_experiment *experiment; /* with charges */
  elfin_limit_method method;
  double confidence;
} report_limit;

/** Upper limits on the cross section, or the kinetic mixing, as CSV (RFC 4180): the axes of
 * `charge_rate` without strength and charge, limit, confidence, method, the charge whose bin made
 * it ("all"), status. From charge_rate it needs a charge model whose bins are those: steps of the
 * material's e0. Events are what the same experiment's `detector` counted.
 *
 * @param sweep  read as "charge_rate", or as "events"
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: no bin in common, or what elfin_limit_bins() refuses;
 *         ELFIN_E_MEMORY; ELFIN_E_OUTPUT */
elfin_status report_limits(const store_sweep *sweep, const report_limit *how, FILE *stream,
                           elfin_error *err);

/** How many bins of the experiment the sweep has, of which report_limits() makes use. */
size_t report_limit_bins(const store_sweep *sweep, const elfin_experiment *experiment);

/** What made a result file: command, inputs with their SHA-256, and each run with its versions,
 * hosts and tasks. @return ELFIN_OK; ELFIN_E_OUTPUT */
elfin_status report_provenance(const char *path, const store_summary *s, FILE *stream,
                               elfin_error *err);

/** What is in a result file and how far it got: versions, sweeps, axes, points done, failed and
 * pending, flags, the first failures. @return ELFIN_OK; ELFIN_E_OUTPUT */
elfin_status report_summary(const char *path, FILE *stream, elfin_error *err);

/** What a picture is to show. Zeros and NULLs: what suits the sweep. */
typedef struct report_plot {
  const char *kind;  /* "reach", "rate", "spectrum", "differential", "charge", "modulation" */
  const char *along; /* the axis to draw along */
  const char *ratio; /* "screening=false": curves divided by that one */
  double events;     /* per kg yr, of a reach; 0: 3 */
  size_t n_select;
  const char *const *select; /* [n_select] "mass=1 MeV,10 MeV" */
  bool envelope;             /* bands of what differs in response, halo and the like */
  size_t n_overlay;
  const char *const *overlay; /* [n_overlay] files with curves of others, over a reach: "[NAME=]FILE[:MeV]" */
} report_plot;

/** Draw a sweep of a result file, through gnuplot.
 * @param image  the picture's path, ending in .png, .svg or .pdf
 * @param[out] remark  "4 of 41 values of mass": what was left out to keep curves apart; "" if nothing
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: what is asked for does not fit the sweep, or the picture's name;
 *         ELFIN_E_OUTPUT: the file cannot be read, the picture exists or cannot be written, gnuplot is
 *         not installed or fails */
elfin_status report_plot_sweep(const char *path, const char *sweep, const report_plot *about,
                               const char *image, bool overwrite, char remark[REPORT_REMARK],
                               elfin_error *err);

/** The script for gnuplot that report_plot_sweep() would use, numbers included: for a user who wants
 * to change the picture. */
elfin_status report_plot_script(const char *path, const char *sweep, const report_plot *about,
                                FILE *stream, elfin_error *err);

void report_material(const elfin_material *material, FILE *stream);
#endif
