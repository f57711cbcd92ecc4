/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file layout.h
 * Inside the room: the layout of a result file, as store.c declares it and the others follow it. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "store/hdf5_tools.h"
#include "store/store.h"

/** Readers refuse a newer one. */
enum { STORE_SCHEMA_VERSION = 2 };

#define STORE_JOB "job"
#define STORE_INPUTS "inputs"
#define STORE_FAILURES "failures"
#define STORE_RUNS "runs"
#define STORE_TARGETS "targets"
#define STORE_HALO "halo_parameters"
#define STORE_THRESHOLD_EV "threshold_eV"
#define STORE_OMEGA_EDGES "omega_edges"

typedef enum field_kind {
  FIELD_VALUE,
  FIELD_ERROR,
  FIELD_FLAGS,
  FIELD_EVALUATIONS,
  FIELD_RANK,
  FIELD_RUN,
  FIELD_STATUS
} field_kind;

enum { POINT_PENDING = 0, POINT_DONE = 1, POINT_FAILED = 2 };

/** A dataset of a sweep. */
typedef struct store_field {
  observable_kind observable; /* its axes, and in which sweeps it is */
  field_kind kind;
  const char *name;
  const char *meaning; /* its long_name */
} store_field;

/** All of them, FIELD_STATUS last: a point counts as done only after its values are in the file. */
enum { N_FIELDS = 22 };
extern const store_field store_fields[N_FIELDS];

/** Bytes of an element; its type in the file and in memory (HDF5's own, not to be closed). */
size_t field_size(field_kind kind);
hid_t field_file_type(field_kind kind);
hid_t field_memory_type(field_kind kind);

/** The observable of a sweep that a field belongs to; NULL if the sweep does not have it. */
const campaign_observable *field_observable(const campaign_sweep *sweep, const store_field *field);

/** Numbers of a field that belong to one task. */
size_t field_per_task(const campaign_sweep *sweep, const store_field *field);

/** The names of a field's dimensions, and their lengths. @return how many */
int field_axes(const campaign_sweep *sweep, const store_field *field,
               const char *name[H5S_MAX_RANK], hsize_t dims[H5S_MAX_RANK]);

/** "mediator_eV": where the numbers of an axis of names stand. */
void field_numbers_name(const campaign_axis *axis, char *name, size_t size);

/** Read or write elements first … first+n−1. `write` is 0 or 1. */
bool transfer(hid_t dataset, hid_t type, uint64_t first, uint64_t n, void *data, bool write);

/* Failures: a point's place among all numbers of its sweep, modulo the room for records, is where
 * its reason goes. Nobody has to ask for a place; beyond the room the last one stays. */

enum { FAILURES_MOST = 10000, REASON_SIZE = 256 };

/** As in the file; a reason "" is an empty place. */
typedef struct failure_record {
  uint64_t point;
  uint32_t observable;
  char reason[REASON_SIZE];
} failure_record;

size_t failures_room(const campaign_sweep *sweep);
hid_t failures_type(bool in_file); /* to be closed */
bool failures_write(hid_t dataset, const campaign_sweep *sweep, const campaign_rows *rows);

/** Reasons of another file of the same job, into empty places. */
bool failures_merge(hid_t into, hid_t from);

/* Runs (runs.c). */

enum { STORE_MOST_RUNS = 128 };
bool runs_create(hid_t file);
/** Those that there are; `*records` is yours. */
bool runs_read(hid_t file, size_t *n, store_run_record **records);
bool runs_write(hid_t file, size_t place, const store_run_record *record);
/** A new record, in its place. */
bool runs_begin(hid_t file, const store_run *run, size_t *place, store_run_record *record);
void runs_now(char text[STORE_TIME_TEXT]);

/* Files as the system sees them (rescue.c). */

/** Is the open file the one of this name? True also if nobody can tell. */
bool file_is_at(const char *path, int descriptor);
/** All bytes into an empty file; holes stay holes. */
bool file_copy(int from, int to);
/** A name for a file that lost it. Never ELFIN_OK: the sentence says where it is. */
elfin_status file_rescue(const char *path, int descriptor, elfin_error *err);

/* Opening and checking. */

/** A file of elfin's that this version understands, for reading or writing alone (store.c). */
elfin_status store_file_open(const char *path, bool write, hid_t *file, elfin_error *err);

/** Whether the file holds the campaign's grid; says where it does not
 * (store_resume.c). */
elfin_status store_check_grid(const char *path, hid_t file, const campaign *c, elfin_error *err);

/** Whether job, inputs and program are those that the file was made from; says what differs. With
 * `force` an older program, or another commit of the same version, will do (provenance.c). */
elfin_status provenance_check(const char *path, hid_t file, const campaign *c, bool force,
                              elfin_error *err);

/** Write attributes of the root, /job and /inputs (provenance.c). */
elfin_status provenance_write(const char *path, hid_t file, const campaign *c, const store_run *run,
                              elfin_error *err);

/** Larger datasets are not filled: there `status` alone decides, and 0 is what an unwritten part
 * of a file reads as. */
#define STORE_MOST_FILLED 1e7

/** Fill a temporary file beside `path`, and give it the name: tests/store/test_store_refusals.c has
 * what happens on the way (store_create.c). */
typedef elfin_status store_fill(const char *path, const char *temporary, int descriptor,
                                void *context, elfin_error *err);
elfin_status store_make(const char *path, bool overwrite, store_fill *fill, void *context,
                        elfin_error *err);

/** Is any rate of any sweep pending? True also if that cannot be read (store_read.c). */
bool store_any_pending(hid_t file);

/** A sweep's group, with everything but results, and its place for failures (sweep_write.c). */
bool sweep_write(hid_t file, const campaign *c, size_t i_sweep);

/** /<sweep>/halo_parameters: of each halo that the axes make (halo_record.c). */
bool halo_write(hid_t group, const campaign *c, size_t i_sweep);

/** /<sweep>/targets: density, gap, response and so on, with sources (targets_record.c). */
bool targets_write(hid_t group, const campaign *c, size_t i_sweep);

/** The axes of a dataset, by the names of its scales (store_read.c). */
bool read_axes(hid_t group, hid_t dataset, size_t *n, store_axis **axes);
void free_axes(size_t n, store_axis *axes);

#endif
