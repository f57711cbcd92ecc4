/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file store.h
 * The result file: create it, put rows into it, read it back. The only room that knows HDF5.
 *
 * Layout: store.c, and the README. Built so that a killed run leaves a file that opens: rank 0
 * creates everything serially under a temporary name, allocates, flushes, closes, renames; then the
 * ranks open it together and only raw data moves.
 */
#ifndef STORE_H
#define STORE_H

#include "campaign/campaign.h"

typedef struct store store;

/** A part of a job: every n-th block of tasks, beginning with the i-th; {1, 1} is everything.
 * Blocks follow from the job alone. */
typedef struct store_part {
  unsigned i, n; /* 1 ≤ i ≤ n */
} store_part;

/** What only the program knows about a run. */
typedef struct store_run {
  const char *command;   /* the command line */
  const char *hosts;     /* "node1*64 node2*64" */
  const char *libraries; /* versions */
  int n_ranks;
  store_part part;
  bool overwrite; /* replace a file that exists */
  bool force;     /* go on with the file of an older elfin, or of another commit */
} store_run;

/** A run, as /runs records it. */
enum { STORE_TIME_TEXT = 24 };
typedef struct store_run_record {
  char began[STORE_TIME_TEXT], ended[STORE_TIME_TEXT]; /* UTC; ended "": it was killed */
  char end[64];                                        /* why it ended */
  char elfin_version[16], git_commit[48], build[160], libraries[192], hosts[256], command[256];
  int32_t ranks, part, n_parts;
  uint64_t tasks; /* done by it; what counts is `run` of each sweep */
} store_run_record;

/** Bytes that the campaign's file will take, within a few per cent (an upper bound). */
uint64_t store_size(const campaign *c);

/** The same for the file of one part, whose datasets of more than 10⁷ points have holes. */
uint64_t store_size_of_part(const campaign *c, store_part part);

/** Bytes free on the file system of `path`'s folder. @return ELFIN_OK; ELFIN_E_OUTPUT */
elfin_status store_room(const char *path, uint64_t *bytes, elfin_error *err);

/** Local: one rank only. Create the file, complete but for results, and close it.
 * @return ELFIN_OK; ELFIN_E_OUTPUT: it exists (and may not be replaced), cannot be written, or does
 *         not fit the disk: nothing is left behind, nothing that was there is lost */
elfin_status store_create(const char *path, const campaign *c, const store_run *run,
                          elfin_error *err);

/** Local. May a run go on with this file? What store_open() asks, without the lock.
 * @return as store_open() */
elfin_status store_check(const char *path, const campaign *c, bool force, elfin_error *err);

/** Collective. Open an existing file for rows: through MPI-IO if there are several ranks. Waits up
 * to 30 s for another run's lock.
 *
 * @param run  is added to /runs; only rank 0's counts
 * @return ELFIN_OK; ELFIN_E_OUTPUT: not a file of elfin's, newer schema, another job, locked */
elfin_status store_open(const char *path, const campaign *c, const store_run *run, store **made,
                        elfin_error *err);

/** Local. Write rows into their place; independent of what other ranks do. They count as done from the
 * next store_settle().
 * @return ELFIN_OK; ELFIN_E_OUTPUT; ELFIN_E_MEMORY */
elfin_status store_put(store *s, const campaign_rows *rows, elfin_error *err);

/** Local. Make sure that what was put is on the disk, then say so in `status`. After a failure these
 * points are pending. store_close() does it, too.
 * @return ELFIN_OK; ELFIN_E_OUTPUT */
elfin_status store_settle(store *s, elfin_error *err);

/** Local, rank 0. Is the file still there under its name?
 * @return ELFIN_OK; ELFIN_E_OUTPUT: it was deleted or replaced: store_close() then saves it */
elfin_status store_watch(store *s, elfin_error *err);

typedef struct store_range {
  uint64_t first, n;
} store_range;

/** Local. Tasks of a part that have a pending (0) or, with `failed`, failed (2) point, as ranges
 * over the campaign's global task numbers, ascending; `*ranges` is yours, free() it. Waits up to 30
 * s for another run's lock.
 * @return ELFIN_OK; ELFIN_E_OUTPUT: not a file of elfin's, newer schema, another job's grid */
elfin_status store_pending(const char *path, const campaign *c, store_part part, bool failed,
                           size_t *n, store_range **ranges, elfin_error *err);

/** Collective. Has the file system stopped taking anything, even what needs no new room? Then do not
 * close: HDF5's close would leave ranks waiting for each other for ever, and so would MPI_Finalize().
 * What was written before is as safe as it can be: schedule_abort(). False for one process. */
bool store_lost(const store *s, elfin_error *err);

/** Collective. Close; with `complete`, say so in the file unless a point is pending; record how the
 * run ended (rank 0 after all have closed). A file that was deleted meanwhile is saved: that, too,
 * is ELFIN_E_OUTPUT. */
elfin_status store_close(store *s, bool complete, elfin_error *err);

/** Local. What the record of this run will say: how it ended, and how much it did. */
void store_note_end(store *s, const char *end, uint64_t n_tasks);

/** Local. Parts of one job into a new file: a task is taken from the first part that has it done.
 * The parts must agree in job, inputs and program.
 * @return ELFIN_OK; ELFIN_E_OUTPUT */
elfin_status store_merge(size_t n, const char *const path[], const char *merged, bool overwrite,
                         elfin_error *err);

/* Reading: for export, show, plot. Names and axes come from the file alone, not from a job. */

typedef struct store_axis {
  char *key, *unit; /* unit "" if none */
  bool named;
  size_t n;
  double *value; /* [n] NaN for names; */
  char **text;   /* [n] or NULL */
} store_axis;

typedef struct store_sweep {
  char *name, *process, *conventions; /* conventions NULL if it is an axis */
  char *experiment;     /* of `detector` or `limit`: its name, or the path of its file; NULL: none */
  char *limit_method, *limit_level; /* of a limit: "total", "0.9"; else NULL */
  size_t n_axes;
  store_axis *axes;     /* of `rate` (or of the dataset that was asked for) */
  double *threshold_eV; /* [n_material * n_threshold] or NULL */
  size_t n_material, n_threshold;
  size_t n_points;       /* of the dataset */
  double *value, *error; /* [n_points], NaN where pending or failed */
  uint8_t *status;       /* [n_points] */
  char *units;
  size_t n_edges;
  double *edge_eV; /* [n_edges] of the bins of a spectrum; else NULL */
  uint64_t n_done, n_failed, n_pending;
} store_sweep;

typedef struct store_summary {
  char *elfin_version, *git_commit, *created, *command, *job;
  int schema_version, ranks, complete;
  size_t n_sweeps;
  char **sweep_names;
  size_t n_runs;
  store_run_record *runs;
  size_t n_inputs;
  char **input_path, **input_role, **input_sha256;
} store_summary;

elfin_status store_summarise(const char *path, store_summary **made, elfin_error *err);
void store_summary_free(store_summary *s);
/** `dataset` is "rate", "spectrum", "differential" or "charge_rate"; it becomes the last axis. */
elfin_status store_read(const char *path, const char *sweep, const char *dataset,
                        store_sweep **made, elfin_error *err);
void store_sweep_free(store_sweep *s);

/** As store_read(), without the numbers: value, error and status stay NULL. Takes little memory. */
elfin_status store_look(const char *path, const char *sweep, const char *dataset,
                        store_sweep **made, elfin_error *err);

/** Whether a sweep has this dataset; false also if the file cannot be read. */
bool store_has(const char *path, const char *sweep, const char *dataset);

enum { STORE_FLAG_BITS = 32 };

/** What a sweep took its targets to be. A material may have several responses, side by side. */
typedef struct store_targets {
  size_t n_materials, n_each;          /* responses per material, 0 for a process without */
  char **material_source;              /* [n_materials] of the density; "" if none is known */
  char **response_kind;                /* [n_materials * n_each] "mermin"; "" if none was used */
  char **response_source;
} store_targets;

/** @return ELFIN_OK; ELFIN_E_OUTPUT: no such sweep, or it does not say */
elfin_status store_read_targets(const char *path, const char *sweep, store_targets **made,
                                elfin_error *err);
void store_targets_free(store_targets *t);

/** How many rates of a sweep carry each bit of `flags`. */
elfin_status store_count_flags(const char *path, const char *sweep,
                               uint64_t n_of_bit[STORE_FLAG_BITS], elfin_error *err);

/** How many tasks of a sweep each run computed: adds to n_of_run[n_runs]. */
elfin_status store_count_runs(const char *path, const char *sweep, size_t n_runs,
                              uint64_t n_of_run[], elfin_error *err);

/** Print failures of a sweep, a line each: where, why; at most `limit`. */
elfin_status store_print_failures(const char *path, const char *sweep, size_t limit, FILE *stream,
                                  elfin_error *err);

/* An ε(ω,k) table in elfin's own HDF5 format, with source, units and checksum. */

/** Something that was chosen when a table was made: "ecut_eV" is "250". */
typedef struct store_setting {
  char *name, *text;
} store_setting;

/** A grid with what is known of it. Arrays as elfin_response_new_table(). */
typedef struct store_table {
  size_t n_omega, n_k;
  double *omega, *k;                      /* [n_omega], [n_k] */
  double *eps1, *eps2;                    /* [i_k * n_omega + i_omega] */
  char *omega_units, *k_units;            /* as read; NULL: not said. Written ones are in eV */
  char *source;                           /* whose numbers these are; NULL: not said */
  char *origin, *origin_sha256;           /* the file they came from; NULL: none */
  size_t n_settings;
  store_setting *settings;                /* [n_settings] */
} store_table;

/** A path that exists is refused. @return ELFIN_OK; ELFIN_E_OUTPUT */
elfin_status store_write_table(const char *path, const store_table *table, elfin_error *err);
/** Is this file such a table, whole or not? */
bool store_is_table(const char *path);
/** All that the file says. @return as store_open_table() */
elfin_status store_read_table(const char *path, store_table **table, elfin_error *err);
void store_table_free(store_table *table); /* NULL is fine */
/** One more setting; texts are copied. false: no memory */
bool store_table_note(store_table *table, const char *name, const char *text);

/** Names of another program's datasets. */
typedef struct store_grid_names {
  const char *omega, *k; /* lists */
  const char *epsilon;   /* complex (members r, i), [k][omega] */
  const char *format;    /* what the file's attribute `format` must say; NULL: anything */
} store_grid_names;

/** Another program's grid, numbers and units as its file has them: only shapes are checked. All
 * attributes of the file and of its group /settings become settings, except `source` and `format`.
 * @return ELFIN_OK; ELFIN_E_DATA: not such a file, what is missing or has another shape;
 *         ELFIN_E_MEMORY */
elfin_status store_read_grid(const char *path, const store_grid_names *names, store_table **table,
                             elfin_error *err);

/** A table as a response: its path, and what is asked of it in brackets. `material` may be NULL.
 * @return ELFIN_OK; ELFIN_E_DATA: not such a file, wrong units, shape or checksum; ELFIN_E_ARGUMENT:
 *         what is asked of it makes no sense */
elfin_status store_open_table(const char *text, const elfin_material *material,
                              const elfin_constants *constants, elfin_response **response,
                              elfin_error *err);

/** Any response of a material: elfin_response_open_configuration() that reads tables in HDF5, too, given by their
 * path or by their name. It is a campaign_open_response. */
elfin_status store_open_response(const char *kind, elfin_configuration configuration,
                                 const elfin_material *material, const elfin_constants *constants,
                                 elfin_response **response, elfin_error *err);

#endif
