/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file campaign.h
 * A campaign: what a job file asks for, checked and resolved; its tasks are numbered 0 … N−1.
 *
 * A sweep is a grid. Its axes in the order of the output file: material, response, mediator, any
 * further listed key in the job's order, mass, cross_section, threshold. All axes but the last two
 * number the tasks: a task is one shared integration, and its number the row-major index over these
 * axes. Tasks exist only as numbers: memory does not grow with their count.
 */
#ifndef CAMPAIGN_H
#define CAMPAIGN_H

#include "document/document.h"

#include <elfin/rate.h>

#include <stdint.h>

typedef struct campaign campaign;

typedef enum axis_role {
  AXIS_TASK,      /* numbers tasks */
  AXIS_SCALE,     /* cross_section, kinetic_mixing: multiplies a task's result */
  AXIS_THRESHOLD  /* only `rate` has it */
} axis_role;

typedef struct campaign_axis {
  const char *key;          /* "mass"; "v0" for a halo member */
  const char *unit;         /* "eV", "cm2", "km/s", "GeV/cm3", "K", "h"; "" if none */
  axis_role role;
  bool named;               /* values may be names: a string scale in the file */
  bool of_halo;             /* a member of `halo` */
  size_t n;                 /* ≥ 1 */
  const double *value;      /* [n] in `unit`; a mediator: 0 massless, INFINITY massive;
                               NaN where the entry is a name without a number */
  const char *const *text;  /* [n] as written in the job; NULL for an axis that is not named and
                               was given as {log: …} or {linear: …} */
} campaign_axis;

typedef enum observable_kind {
  OBS_RATE,
  OBS_SPECTRUM,
  OBS_DIFFERENTIAL,
  OBS_CHARGE,
  OBS_EVENTS, /* of `detector`: expected in each of the experiment's bins */
  OBS_LIMIT,  /* of `limit`: one number for each task */
  N_OBS
} observable_kind;

/** One dataset family of a sweep: values, errors, status. */
typedef struct campaign_observable {
  observable_kind kind;
  const char *name;          /* "rate", "spectrum", "differential", "charge_rate", "events", "limit" */
  const char *last_axis;     /* "threshold", "omega", "at", "charge", "bin"; NULL: only the axes that
                                number the tasks */
  const char *units;         /* "1/kg/yr", "1/kg/yr/eV", "cm2" */
  size_t n;                  /* length of the last axis; 1 for a process without thresholds */
  const double *value;       /* [n] bin centres, energies, Q; for the threshold see threshold_eV */
} campaign_observable;

typedef struct campaign_sweep {
  const char *name;
  const char *process;       /* "electron" */
  const char *conventions;   /* "elfin"; NULL if it is an axis */
  size_t n_axes;
  const campaign_axis *axes; /* [n_axes], the file's order */
  size_t n_tasks;            /* product of the task axes; fits size_t, checked */
  size_t n_scale;            /* cross sections; 1 if there is no such axis */
  size_t n_observables;
  const campaign_observable *observables; /* those asked for, rate first */
  size_t n_edges;
  const double *edge_eV;     /* [n_edges] edges of the spectrum's bins */
  const char *experiment;    /* of `detector`: its name, or the path of its file; NULL: none */
  bool bins_are_charges;     /* its bins: Q, or else energies */
  const char *limit_method;  /* of `limit`; NULL: none */
  double limit_confidence;
  size_t n_materials, n_thresholds; /* no thresholds: 0 */
  const double *threshold_eV; /* [n_materials * n_thresholds] resolved; NULL without thresholds */
} campaign_sweep;

/** A file that the campaign read, other than the job. */
typedef struct campaign_input {
  const char *path;
  const char *role;          /* "material", "response", "halo" */
} campaign_input;

/** Opens a response as elfin_response_open_configuration() does. The campaign is handed one, since only the store
 * knows HDF5; NULL: libelfin's own, which refuses such tables. */
typedef elfin_status campaign_open_response(const char *kind, elfin_configuration configuration,
                                            const elfin_material *material,
                                            const elfin_constants *constants,
                                            elfin_response **response, elfin_error *err);

/** Read, check and resolve a job file: all files that it names are opened, too.
 *
 * On failure every problem is in `list`. Nothing is computed and nothing is written.
 * @return ELFIN_OK; ELFIN_E_DATA; ELFIN_E_MEMORY
 */
elfin_status campaign_open(const char *path, campaign_open_response *open_response, campaign **made,
                           problems *list);

/** The same for a text: what `elfin rate` makes of its command line, and what a result file holds.
 * Relative paths are relative to `folder`. */
elfin_status campaign_parse(const char *text, size_t length, const char *folder,
                            campaign_open_response *open_response, campaign **made, problems *list);

void campaign_free(campaign *c);

const char *campaign_name(const campaign *c);
const char *campaign_text(const campaign *c, size_t *length); /* the YAML as read */
size_t campaign_n_sweeps(const campaign *c);
const campaign_sweep *campaign_sweep_at(const campaign *c, size_t i_sweep);
/** The sweep called `name`; NULL if none. */
const campaign_sweep *campaign_sweep_named(const campaign *c, const char *name);
size_t campaign_n_inputs(const campaign *c);
const campaign_input *campaign_input_at(const campaign *c, size_t i);
/** Things that deserve a word but no refusal ("table.dat: 20 holes filled …"), NULL-terminated. */
const char *const *campaign_warnings(const campaign *c);

/** Tasks of all sweeps, one after the other: sweep 0 has 0 … n_tasks−1, and so on. */
size_t campaign_n_tasks(const campaign *c);
size_t campaign_n_points(const campaign *c); /* rates in the file */

/** Material and response of a task axis position; for what a sweep records about its targets.
 * `i_response` counts along the response axis, `i_configuration` along that of the configurations (0
 * where there is none). The response is NULL for a process without one. */
const elfin_material *campaign_material(const campaign *c, size_t i_sweep, size_t i_material);
const elfin_response *campaign_response(const campaign *c, size_t i_sweep, size_t i_material,
                                        size_t i_response, size_t i_configuration);

/** What `default` stands for in a material; NULL: the sweep names its responses, or needs none. */
const char *campaign_default_response(const campaign *c, size_t i_sweep, size_t i_material);

/** The parameters of the halo at a position on the axes, index[n_axes]; with a date, `vearth_km_s` is the
 * Earth's speed on that day. @return false: the sweep has a table or a flux */
bool campaign_halo(const campaign *c, size_t i_sweep, const size_t index[], elfin_halo_preset *parameters);

/** A point that could not be computed. */
typedef struct campaign_failure {
  uint64_t point;          /* flat index into the observable's dataset */
  uint32_t observable;     /* observable_kind */
  char reason[256];
} campaign_failure;

/** Results of tasks first … first+n−1 of one sweep, ready for the file: cross sections multiplied
 * in. Arrays are [n][n_scale][n of the observable], row-major. */
typedef struct campaign_rows {
  size_t i_sweep, first, n, capacity;
  double *value[N_OBS], *error[N_OBS];
  uint8_t *status[N_OBS];    /* 1 done, 2 failed */
  uint32_t *flags;           /* as rate */
  int64_t *evaluations;      /* as rate: a task's first point carries the count, others 0 */
  size_t n_failures, failure_capacity;
  campaign_failure *failures;
} campaign_rows;

/** Rows for up to `capacity` tasks of a sweep. */
elfin_status campaign_rows_new(const campaign *c, size_t i_sweep, size_t capacity,
                               campaign_rows **rows, elfin_error *err);
void campaign_rows_free(campaign_rows *rows);

/** Compute one task into row `rows->n` and count it. Where rows->n is 0 (its caller sets that after
 * writing) a batch begins: `first` is set and failures are forgotten. Tasks of a batch are
 * consecutive. A point that cannot be computed is a result (NaN, status 2, reason).
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status campaign_compute(campaign *c, size_t i_sweep, size_t task, campaign_rows *rows,
                              elfin_error *err);

/** Preparation of all distinct (response, screening, accuracy) of the campaign, in parts that may
 * be made on any rank and are then used by every rank: see elfin_rate_prepare_parts(). Parts are
 * numbered through the campaign; they are not copied, and must stay until the last task is done.
 * Without this, the first task of each response prepares it. */
size_t campaign_n_parts(const campaign *c);
/** The last ones are made of others, and can be made only when all others are borrowed. */
size_t campaign_n_late_parts(const campaign *c);
elfin_status campaign_make_part(campaign *c, size_t i_part, size_t *n, double **numbers,
                                elfin_error *err);
elfin_status campaign_borrow_part(campaign *c, size_t i_part, size_t n, const double numbers[],
                                  elfin_error *err);

/** Position of `task` along each axis (0 for scale and threshold axes): index[n_axes]. */
void campaign_locate(const campaign_sweep *sweep, size_t task, size_t index[]);

/* schema.c: every key once. */

/** Print the table of keys: for one process, or all (NULL); for `elfin help`. */
void schema_print(FILE *stream, const char *process);
/** As a Markdown table, for docs/: the keys of a process, the members of a map (halo, coupling_ratio),
 * the kinds of `response`, the presets of halos; false if `name` is none of these. */
bool schema_print_markdown(FILE *stream, const char *name);
/** Print everything about one key; false if there is none (then print what is near). */
bool schema_print_key(FILE *stream, const char *key);

#endif
