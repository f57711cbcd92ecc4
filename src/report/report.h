/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file report.h
 * Results for people and for other programs: CSV, tables on a terminal. */
#ifndef REPORT_H
#define REPORT_H

#include "campaign/campaign.h"
#include "store/store.h"

#include <elfin/crystal.h>
#include <elfin/experiment.h>
#include <elfin/limit.h>
#include <elfin/response.h>

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
  const elfin_experiment *experiment;
  elfin_limit_method method;
  double confidence;
} report_limit;

/** Upper limits on the cross section, or the kinetic mixing, as CSV (RFC 4180): the axes of
 * `charge_rate` without strength and charge, limit, confidence, method, the charge whose bin made
 * it ("all"), status. From charge_rate it needs a charge model whose bins are those: steps of the
 * material's e0. Events are what the same experiment's `detector` counted. A spectrum serves any
 * experiment, as well as its bins resolve it, and is the only one for gaps and intervals.
 *
 * @param sweep  read as "charge_rate", as "events", or as "spectrum"
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: no bin in common, or what elfin_limit_strength() refuses;
 *         ELFIN_E_DATA: a material that the experiment needs is not there; ELFIN_E_MEMORY;
 *         ELFIN_E_OUTPUT */
elfin_status report_limits(const store_sweep *sweep, const report_limit *how, FILE *stream,
                           elfin_error *err);

/** How many bins of the experiment the sweep has, of which report_limits() makes use. */
size_t report_limit_bins(const store_sweep *sweep, const elfin_experiment *experiment);

/** What is worth saying about a result file, a line each, at most `most` and one about the rest: sweeps whose
 * rates are all 0 because no dark matter is fast enough, and how many rates carry which other flag. Nothing to
 * say: nothing. @return ELFIN_OK; ELFIN_E_OUTPUT: the file cannot be read */
elfin_status report_remarks(const char *path, size_t most, FILE *stream, elfin_error *err);

/** What made a result file: command, inputs with their SHA-256, and each run with its versions,
 * hosts and tasks. @return ELFIN_OK; ELFIN_E_OUTPUT */
elfin_status report_provenance(const char *path, const store_summary *s, FILE *stream,
                               elfin_error *err);

/** What is in a result file and how far it got: versions, sweeps, axes, points done, failed and
 * pending, flags, the first failures. @return ELFIN_OK; ELFIN_E_OUTPUT */
elfin_status report_summary(const char *path, FILE *stream, elfin_error *err);

/** What a picture is to show. Zeros and NULLs: what suits the sweep. */
typedef struct report_plot {
  const char *kind;  /* "reach", "rate", "spectrum", "differential", "charge", "modulation", "limit" */
  const char *along; /* the axis to draw along */
  const char *ratio; /* "screening=false": curves divided by that one */
  double events;     /* per kg yr, of a reach; 0: 3 */
  size_t n_select;
  const char *const *select; /* [n_select] "mass=1 MeV,10 MeV" */
  bool envelope;             /* bands of what differs in response, halo and the like */
  size_t n_overlay;
  const char *const *overlay; /* [n_overlay] files with curves of others, over a reach: "[NAME=]FILE[:MeV]" */
} report_plot;

/** Where a picture goes. */
typedef struct report_image {
  const char *path; /* ending in .png, .svg or .pdf */
  bool overwrite;
  FILE *script; /* not NULL: what gnuplot would be told goes there, and nothing is drawn */
} report_image;

/** Which sweeps of a file share a picture: limits on the same quantity do; all else is drawn alone. Where
 * a kind is asked for that only some sweeps have, the others are left out.
 * @param[out] of  [n] for each sweep the first one of its picture, or REPORT_NO_PICTURE
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: no such kind; ELFIN_E_OUTPUT: the file cannot be read; ELFIN_E_MEMORY */
#define REPORT_NO_PICTURE SIZE_MAX
elfin_status report_plot_pictures(const char *path, size_t n, const char *const sweep[],
                                  const report_plot *about, size_t of[], elfin_error *err);

/** Draw sweeps of a result file as one picture, through gnuplot, or print the script for it, numbers included.
 * @param sweep  [n], n ≥ 1; several are drawn along the same axis, and of the same quantity
 * @param[out] remark  "4 of 41 values of mass": what was left out to keep curves apart; "" if nothing
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: what is asked for does not fit the sweeps, they do not fit each
 *         other, or the picture's name; ELFIN_E_OUTPUT: the file cannot be read, the picture exists or cannot
 *         be written, gnuplot is not installed or fails */
elfin_status report_plot_sweeps(const char *path, size_t n, const char *const sweep[],
                                const report_plot *about, const report_image *to,
                                char remark[REPORT_REMARK], elfin_error *err);

/** Energy losses that are to be seen. Zeros and NULLs: what suits the responses. */
typedef struct report_losses {
  const char *material;
  size_t n_responses;
  const char *const *name;               /* [n_responses], as the user calls them */
  const elfin_response *const *response; /* [n_responses] */
  size_t n_omega, n_k;
  const double *omega_eV, *k_eV; /* [n_omega], [n_k] ascending */
  bool log_omega, log_k;         /* they have equal steps of the logarithm; without them: shall have */
  size_t n_masses;
  const double *mass_eV; /* [n_masses] of dark matter, for the lines ω = k v − k²/(2 m_χ) */
  double v_max;          /* of those lines [c] */
} report_losses;

/** The energy loss function as a picture: a map over (ω,k) of one response, with what dark matter
 * can reach; against ω for few momenta, or of several responses; of an ε(ω) against ω.
 * Axes of a map are logarithmic where steps of the logarithm are equal.
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: a map of uneven steps, too many curves, or all is 0;
 *         ELFIN_E_OUTPUT as report_plot_sweeps(); ELFIN_E_MEMORY */
elfin_status report_plot_losses(const report_losses *about, const report_image *to,
                                elfin_error *err);

/** A nucleus in its crystal. */
typedef struct report_structure {
  const char *material, *nucleus;
  const char *source; /* of the density of states; NULL: none is told */
  const elfin_crystal *crystal;
  elfin_structure which;
  size_t n_q;
  const double *q_eV; /* [n_q] */
} report_structure;

/** S(q,ω) as a picture, a curve per momentum, against ω over the free recoil q²/(2m), and in units
 * of it: from single phonons to a narrow peak at 1. @return as report_plot_losses() */
elfin_status report_plot_structure(const report_structure *about, const report_image *to,
                                   elfin_error *err);

/** What was fitted to optical data. */
typedef struct report_fit {
  const char *data;   /* whose they are */
  const char *method; /* for the legend */
  size_t n, n_parts;
  const double *omega_eV, *elf, *fitted; /* [n] */
  const double *part;                    /* [n_parts * n] each oscillator's */
} report_fit;

/** The data, the sum and its parts against ω. @return as report_plot_losses() */
elfin_status report_plot_fit(const report_fit *about, const report_image *to, elfin_error *err);

/** Probabilities of the Migdal effect. */
typedef struct report_shaking {
  const char *material, *nucleus;
  double recoil_eV;
  size_t n, n_omega;
  const char *const *name;      /* [n] of the responses */
  const char *const *source;    /* [n]; NULL: none is known */
  const double *omega_eV;       /* [n_omega] */
  const double *const *per_eV;  /* [n][n_omega] */
} report_shaking;

/** dP/dω against ω as a picture, a curve per response. @return as report_plot_losses() */
elfin_status report_plot_shaking(const report_shaking *about, const report_image *to,
                                 elfin_error *err);

void report_material(const elfin_material *material, FILE *stream);
#endif
