/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file store_rows.c
 * Rows into the file.
 *
 * Every rank writes its own rows, independently; nothing but raw data moves, so that a killed run
 * leaves a file that opens. Values go first, and wait; when the disk has them (fsync), their status
 * follows: what counts as done is in the file, whatever befalls rank, node or disk in between. */
#include "store/access.h"
#include "store/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** A sweep's datasets, opened when its first rows come. */
typedef struct open_sweep {
  bool open;
  hid_t field[N_FIELDS];
  hid_t failures;
} open_sweep;

/** The status of rows that were put, on its way. */
typedef struct waiting {
  size_t i_sweep, field;
  uint64_t first, n; /* elements of the dataset */
  size_t at;         /* in store.bytes */
} waiting;

struct store {
  char *path;
  const campaign *campaign;
  hid_t file;
  int lock;     /* rank 0's: the open file */
  int own_file; /* each rank's, for fsync() */
  int32_t rank, run;
  store_run_record record; /* of this run; rank 0's */
  open_sweep *sweeps;
  int32_t *same; /* [n_same] one number, as often as rows need it */
  size_t n_same;
  waiting *wait; /* [n_wait] in the order in which they were put */
  size_t n_wait, wait_room;
  uint8_t *bytes; /* [n_bytes] of all of them */
  size_t n_bytes, bytes_room;
};

/* ---- opening --------------------------------------------------------------------------------- */

/* Rank 0 alone: nobody else has the file, and it is this job's. */
static elfin_status prepare(store *s, const store_run *run, elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  elfin_status status = lock_take(s->path, LOCK_WAIT_S, &s->lock, err);
  if (!status)
    status = store_file_open(s->path, true, &file, err);
  if (status)
    return status;
  status = store_check_grid(s->path, file, s->campaign, err);
  if (!status)
    status = provenance_check(s->path, file, s->campaign, run->force, err);
  size_t place = 0;
  if (!status && !runs_begin(file, run, &place, &s->record))
    status = h5_fail(err, ELFIN_E_OUTPUT, s->path, "this run cannot be recorded");
  s->run = (int32_t)place;
  if (H5Fclose(file) < 0 && !status)
    status = h5_fail(err, ELFIN_E_OUTPUT, s->path, "cannot be written");
  return status;
}

elfin_status store_check(const char *path, const campaign *c, bool force, elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  h5_quiet();
  elfin_status status = store_file_open(path, false, &file, err);
  if (status)
    return status;
  status = store_check_grid(path, file, c, err);
  if (!status)
    status = provenance_check(path, file, c, force, err);
  h5_close(file);
  return status;
}

static store *new_store(const char *path, const campaign *c)
{
  store *s = calloc(1, sizeof *s);
  if (!s)
    return NULL;
  s->path = strdup(path);
  s->campaign = c;
  s->file = H5I_INVALID_HID;
  s->lock = s->own_file = -1;
  s->rank = (int32_t)access_rank();
  s->sweeps = calloc(campaign_n_sweeps(c) + 1, sizeof *s->sweeps);
  return s;
}

static void free_store(store *s)
{
  if (!s)
    return;
  lock_drop(s->lock);
  if (s->own_file >= 0)
    close(s->own_file);
  free(s->wait);
  free(s->bytes);
  free(s->same);
  free(s->sweeps);
  free(s->path);
  free(s);
}

elfin_status store_open(const char *path, const campaign *c, const store_run *run, store **made,
                        elfin_error *err)
{
  h5_quiet();
  store *s = new_store(path, c);
  elfin_status status = s && s->path && s->sweeps
                            ? ELFIN_OK
                            : elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory to open it", path);
  if (!(status = access_worst(status, err))) {
    if (access_rank() == 0)
      status = prepare(s, run, err);
    status = access_agree(status, err);
  }
  if (!status && !access_share(&s->run))
    status = elfin_fail(err, ELFIN_E_OUTPUT, "the ranks could not agree about the result file");
  if (!status) {
    hid_t access = access_together();
    s->file = access < 0 ? access : H5Fopen(path, H5F_ACC_RDWR, access);
    h5_close(access);
    s->own_file = open(path, O_RDWR | O_CLOEXEC);
    if (s->file < 0 || s->own_file < 0)
      status = h5_fail(err, ELFIN_E_OUTPUT, path, "cannot be opened for writing");
    status = access_worst(status, err);
  }
  if (status)
    free_store(s);
  else
    *made = s;
  return status;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool open_fields(store *s, size_t i_sweep)
{
  const campaign_sweep *sweep = campaign_sweep_at(s->campaign, i_sweep);
  open_sweep *o = &s->sweeps[i_sweep];
  char name[256];
  bool fine = true;
  o->open = true;
  o->failures = H5I_INVALID_HID;
  for (size_t i = 0; i < N_FIELDS; i++)
    o->field[i] = H5I_INVALID_HID;
  for (size_t i = 0; fine && i < N_FIELDS; i++)
    if (field_observable(sweep, &store_fields[i])) {
      snprintf(name, sizeof name, "%s/%s", sweep->name, store_fields[i].name);
      o->field[i] = H5Dopen2(s->file, name, H5P_DEFAULT);
      fine = o->field[i] >= 0;
    }
  snprintf(name, sizeof name, STORE_FAILURES "/%s", sweep->name);
  o->failures = fine ? H5Dopen2(s->file, name, H5P_DEFAULT) : H5I_INVALID_HID;
  return o->failures >= 0;
}

static void close_fields(open_sweep *o)
{
  for (size_t i = 0; o->open && i < N_FIELDS; i++)
    h5_close(o->field[i]);
  if (o->open)
    h5_close(o->failures);
  o->open = false;
}

/* `n` times a number. */
static int32_t *repeat(store *s, int32_t number, size_t n)
{
  if (n > s->n_same) {
    int32_t *grown = realloc(s->same, n * sizeof *grown);
    if (!grown)
      return NULL;
    s->same = grown;
    s->n_same = n;
  }
  for (size_t i = 0; i < n; i++)
    s->same[i] = number;
  return s->same;
}

static void *rows_of(store *s, const campaign_rows *rows, const store_field *field)
{
  switch (field->kind) {
  case FIELD_VALUE: return rows->value[field->observable];
  case FIELD_ERROR: return rows->error[field->observable];
  case FIELD_STATUS: return rows->status[field->observable];
  case FIELD_FLAGS: return rows->flags;
  case FIELD_EVALUATIONS: return rows->evaluations;
  case FIELD_RANK: return repeat(s, s->rank, rows->n);
  case FIELD_RUN: return repeat(s, s->run, rows->n);
  }
  return NULL;
}

static bool put_values(store *s, const campaign_rows *rows)
{
  const campaign_sweep *sweep = campaign_sweep_at(s->campaign, rows->i_sweep);
  for (size_t i = 0; i < N_FIELDS; i++) {
    const store_field *field = &store_fields[i];
    if (field->kind == FIELD_STATUS || !field_observable(sweep, field))
      continue;
    uint64_t per_task = field_per_task(sweep, field);
    void *data = rows_of(s, rows, field);
    if (!data || !transfer(s->sweeps[rows->i_sweep].field[i], field_memory_type(field->kind),
                           rows->first * per_task, rows->n * per_task, data, true))
      return false;
  }
  return true;
}

/* Room for `n` more elements of an array: doubled when it is full. */
static bool grow(void **array, size_t used, size_t *room, size_t n, size_t size)
{
  if (used + n <= *room)
    return true;
  size_t wanted = used + n > 2 * *room ? used + n : 2 * *room;
  void *grown = realloc(*array, wanted * size);
  if (!grown)
    return false;
  *array = grown;
  *room = wanted;
  return true;
}

static bool remember(store *s, const campaign_rows *rows, size_t i_field)
{
  const store_field *field = &store_fields[i_field];
  uint64_t per_task = field_per_task(campaign_sweep_at(s->campaign, rows->i_sweep), field);
  waiting new = {rows->i_sweep, i_field, rows->first * per_task, rows->n * per_task, s->n_bytes};
  if (!grow((void **)&s->wait, s->n_wait, &s->wait_room, 1, sizeof *s->wait) ||
      !grow((void **)&s->bytes, s->n_bytes, &s->bytes_room, new.n, 1))
    return false;
  memcpy(s->bytes + new.at, rows->status[field->observable], new.n);
  s->n_bytes += new.n;
  waiting *last = s->n_wait ? &s->wait[s->n_wait - 1] : NULL;
  if (last && last->i_sweep == new.i_sweep && last->field == i_field &&
      last->first + last->n == new.first)
    last->n += new.n; /* one write for both */
  else
    s->wait[s->n_wait++] = new;
  return true;
}

static bool remember_states(store *s, const campaign_rows *rows)
{
  const campaign_sweep *sweep = campaign_sweep_at(s->campaign, rows->i_sweep);
  bool fine = true;
  for (size_t i = 0; fine && i < N_FIELDS; i++)
    if (store_fields[i].kind == FIELD_STATUS && field_observable(sweep, &store_fields[i]))
      fine = remember(s, rows, i);
  return fine;
}

elfin_status store_put(store *s, const campaign_rows *rows, elfin_error *err)
{
  const campaign_sweep *sweep = campaign_sweep_at(s->campaign, rows->i_sweep);
  open_sweep *o = &s->sweeps[rows->i_sweep];
  if (rows->n == 0)
    return ELFIN_OK;
  if (!o->open && !open_fields(s, rows->i_sweep))
    return h5_fail(err, ELFIN_E_OUTPUT, s->path, "sweep %s cannot be opened", sweep->name);
  if (!put_values(s, rows) || !failures_write(o->failures, sweep, rows))
    return h5_fail(err, ELFIN_E_OUTPUT, s->path, "tasks %zu to %zu of sweep %s cannot be written",
                   rows->first, rows->first + rows->n - 1, sweep->name);
  if (!remember_states(s, rows))
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for the status of %zu tasks", s->path,
                      rows->n);
  return ELFIN_OK;
}

elfin_status store_settle(store *s, elfin_error *err)
{
  if (s->n_wait == 0)
    return ELFIN_OK;
  bool fine = fsync(s->own_file) == 0 || errno == EINVAL || errno == ENOSYS;
  elfin_status status = ELFIN_OK;
  if (!fine)
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: what was computed cannot be written: %s", s->path,
                        strerror(errno));
  for (size_t i = 0; !status && i < s->n_wait; i++) {
    const waiting *w = &s->wait[i];
    if (!transfer(s->sweeps[w->i_sweep].field[w->field], H5T_NATIVE_UINT8, w->first, w->n,
                  s->bytes + w->at, true))
      status = h5_fail(err, ELFIN_E_OUTPUT, s->path, "the status of sweep %s cannot be written",
                       campaign_sweep_at(s->campaign, w->i_sweep)->name);
  }
  s->n_wait = s->n_bytes = 0; /* after a failure these points are computed again */
  return status;
}

/* ---- closing --------------------------------------------------------------------------------- */

elfin_status store_watch(store *s, elfin_error *err)
{
  if (file_is_at(s->path, s->lock))
    return ELFIN_OK;
  return elfin_fail(err, ELFIN_E_OUTPUT, "%s: was deleted or replaced under this run", s->path);
}

void store_note_end(store *s, const char *end, uint64_t n_tasks)
{
  snprintf(s->record.end, sizeof s->record.end, "%s", end);
  s->record.tasks = n_tasks;
}

static bool is_full(int error)
{
  return error == ENOSPC || error == EDQUOT;
}

/* All of it that is on its way reaches the disk, as far as there is room. */
static bool reaches_disk(int file)
{
  return fsync(file) == 0 || errno == EINVAL || errno == ENOSYS || is_full(errno);
}

/* The first bytes of a file once more, as HDF5 will write them when it closes it. */
static bool takes_its_head(int file)
{
  char head[8];
  return pread(file, head, sizeof head, 0) == sizeof head &&
         pwrite(file, head, sizeof head, 0) == sizeof head && reaches_disk(file);
}

bool store_lost(const store *s, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  if (access_n_ranks() == 1)
    return false;
  if (!reaches_disk(s->own_file) || (access_rank() == 0 && !takes_its_head(s->own_file)))
    status =
        elfin_fail(err, ELFIN_E_OUTPUT,
                   "%s: its file system takes nothing any more (%s); what it took before is in "
                   "the file, and --resume computes the rest",
                   s->path, strerror(errno));
  return access_worst(status, err) != ELFIN_OK;
}

/* How this run ended, and whether that was all. */
static elfin_status say_end(store *s, bool complete, elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  elfin_status status = store_file_open(s->path, true, &file, err);
  if (status)
    return status;
  runs_now(s->record.ended);
  bool fine = runs_write(file, (size_t)s->run, &s->record);
  if (fine && complete && !store_any_pending(file))
    fine = h5_set_int(file, "complete", 1);
  if (H5Fclose(file) < 0 || !fine)
    status = h5_fail(err, ELFIN_E_OUTPUT, s->path, "its end cannot be recorded");
  return status;
}

/* Rank 0, when all ranks have closed the file. */
static elfin_status end_alone(store *s, bool complete, elfin_error *err)
{
  if (!file_is_at(s->path, s->lock))
    return file_rescue(s->path, s->lock, err);
  elfin_status status = say_end(s, complete, err);
  if (!status && fsync(s->lock) != 0 && errno != EINVAL && errno != ENOSYS)
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: what was computed cannot be written: %s", s->path,
                        strerror(errno));
  return status;
}

elfin_status store_close(store *s, bool complete, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  if (!s)
    return ELFIN_OK;
  status = store_settle(s, err);
  for (size_t i = 0; i < campaign_n_sweeps(s->campaign); i++)
    close_fields(&s->sweeps[i]);
  if (H5Fclose(s->file) < 0 && !status)
    status = h5_fail(err, ELFIN_E_OUTPUT, s->path, "cannot be closed");
  status = access_worst(status, err);
  if (!status) {
    if (access_rank() == 0)
      status = end_alone(s, complete, err);
    status = access_agree(status, err);
  }
  free_store(s);
  return status;
}
