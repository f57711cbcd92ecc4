/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file store_rows.c
 * Rows into the file, and which tasks still lack them.
 *
 * Every rank writes its own rows, independently; nothing but raw data moves, so that a killed run
 * leaves a file that opens. Values go before their status: what counts as done is in the file. */
#include "store/access.h"
#include "store/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/** How long to wait for another run's lock [s]: mpirun needs some to end the ranks of a killed one. */
static const double LOCK_WAIT_S = 30;

/** Status values that are looked at together. */
enum { LOOK_AT = 1 << 20 };

/** A sweep's datasets, opened when its first rows come. */
typedef struct open_sweep {
  bool open;
  hid_t field[N_FIELDS];
  hid_t failures;
} open_sweep;

struct store {
  char *path;
  const campaign *campaign;
  hid_t file;
  int lock; /* rank 0's */
  int32_t rank;
  open_sweep *sweeps;
  int32_t *ranks; /* [n_ranks] the rank, as often as rows need it */
  size_t n_ranks;
};

/* ---- the grid -------------------------------------------------------------------------------- */

static bool same_number(double a, double b)
{
  return a == b || (isnan(a) && isnan(b));
}

static bool same_axis(const campaign_axis *wanted, const store_axis *found)
{
  if (strcmp(wanted->key, found->key) != 0 || wanted->n != found->n ||
      wanted->named != found->named)
    return false;
  for (size_t i = 0; i < wanted->n; i++) {
    if (!wanted->named && !same_number(wanted->value[i], found->value[i]))
      return false;
    if (wanted->named && wanted->text && wanted->text[i] &&
        strcmp(wanted->text[i], found->text[i]) != 0)
      return false;
  }
  return true;
}

/* Axes of rates, in the order that the job gives them. */
static elfin_status check_axes(const char *path, hid_t group, const campaign_sweep *sweep,
                               elfin_error *err)
{
  size_t n = 0;
  store_axis *axes = NULL;
  elfin_status status = ELFIN_OK;
  hid_t dataset = H5Dopen2(group, "rate", H5P_DEFAULT);
  if (dataset < 0 || !read_axes(group, dataset, &n, &axes))
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "sweep %s cannot be read", sweep->name);
  else if (n != sweep->n_axes)
    status = elfin_fail(err, ELFIN_E_OUTPUT,
                        "%s: was made by another job: sweep %s has %zu axes there and %zu here; "
                        "name another file with -o",
                        path, sweep->name, n, sweep->n_axes);
  for (size_t i = 0; !status && i < n; i++)
    if (!same_axis(&sweep->axes[i], &axes[i]))
      status = elfin_fail(err, ELFIN_E_OUTPUT,
                          "%s: was made by another job: axis %s of sweep %s differs; name another "
                          "file with -o",
                          path, sweep->axes[i].key, sweep->name);
  free_axes(n, axes);
  h5_close(dataset);
  return status;
}

static bool same_numbers(hid_t group, const char *name, size_t n, const double wanted[])
{
  size_t n_found = 0;
  double *found = NULL;
  bool same = h5_read_numbers(group, name, &n_found, &found) && n_found == n;
  for (size_t i = 0; same && i < n; i++)
    same = same_number(found[i], wanted[i]);
  free(found);
  return same;
}

static elfin_status check_observables(const char *path, hid_t group, const campaign_sweep *sweep,
                                      elfin_error *err)
{
  for (size_t i = 0; i < sweep->n_observables; i++) {
    const campaign_observable *o = &sweep->observables[i];
    if (!h5_has(group, o->name) ||
        (o->kind == OBS_SPECTRUM &&
         !same_numbers(group, "omega_edges", sweep->n_edges, sweep->edge_eV)) ||
        (o->kind != OBS_RATE && !same_numbers(group, o->last_axis, o->n, o->value)))
      return elfin_fail(err, ELFIN_E_OUTPUT,
                        "%s: was made by another job: %s of sweep %s is not there or has other "
                        "%s; name another file with -o",
                        path, o->name, sweep->name,
                        o->kind == OBS_SPECTRUM ? "bins" : "positions");
  }
  if (sweep->threshold_eV && !same_numbers(group, STORE_THRESHOLD_EV,
                                           sweep->n_materials * sweep->n_thresholds,
                                           sweep->threshold_eV))
    return elfin_fail(err, ELFIN_E_OUTPUT,
                      "%s: was made by another job: thresholds of sweep %s differ; name another "
                      "file with -o",
                      path, sweep->name);
  return ELFIN_OK;
}

elfin_status store_check_grid(const char *path, hid_t file, const campaign *c, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; !status && i < campaign_n_sweeps(c); i++) {
    const campaign_sweep *sweep = campaign_sweep_at(c, i);
    if (!h5_has(file, sweep->name))
      return elfin_fail(err, ELFIN_E_OUTPUT,
                        "%s: was made by another job: it has no sweep %s; name another file with "
                        "-o",
                        path, sweep->name);
    hid_t group = H5Gopen2(file, sweep->name, H5P_DEFAULT);
    status = check_axes(path, group, sweep, err);
    if (!status)
      status = check_observables(path, group, sweep, err);
    h5_close(group);
  }
  return status;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Rank 0 alone: nobody else has the file, and it is this job's. */
static elfin_status prepare(store *s, bool force, elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  elfin_status status = lock_take(s->path, LOCK_WAIT_S, &s->lock, err);
  if (!status)
    status = store_file_open(s->path, force, &file, err);
  if (status)
    return status;
  status = store_check_grid(s->path, file, s->campaign, err);
  if (!status) {
    elfin_status changed = provenance_check(s->path, file, s->campaign, err);
    if (changed && !force)
      status = changed;
    else if (changed && !provenance_note_force(file))
      status = h5_fail(err, ELFIN_E_OUTPUT, s->path, "cannot be written");
  }
  if (H5Fclose(file) < 0 && !status)
    status = h5_fail(err, ELFIN_E_OUTPUT, s->path, "cannot be written");
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
  s->lock = -1;
  s->rank = (int32_t)access_rank();
  s->sweeps = calloc(campaign_n_sweeps(c) + 1, sizeof *s->sweeps);
  return s;
}

static void free_store(store *s)
{
  if (!s)
    return;
  lock_drop(s->lock);
  free(s->ranks);
  free(s->sweeps);
  free(s->path);
  free(s);
}

elfin_status store_open(const char *path, const campaign *c, bool force, store **made,
                        elfin_error *err)
{
  h5_quiet();
  store *s = new_store(path, c);
  elfin_status status = s && s->path && s->sweeps
                            ? ELFIN_OK
                            : elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory to open it", path);
  if (!(status = access_worst(status, err))) {
    if (access_rank() == 0)
      status = prepare(s, force, err);
    status = access_agree(status, err);
  }
  if (!status) {
    hid_t access = access_together();
    s->file = access < 0 ? access : H5Fopen(path, H5F_ACC_RDWR, access);
    h5_close(access);
    if (s->file < 0)
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

/* `n` times this rank's number. */
static int32_t *own_rank(store *s, size_t n)
{
  if (n > s->n_ranks) {
    int32_t *grown = realloc(s->ranks, n * sizeof *grown);
    if (!grown)
      return NULL;
    for (size_t i = 0; i < n; i++)
      grown[i] = s->rank;
    s->ranks = grown;
    s->n_ranks = n;
  }
  return s->ranks;
}

static void *rows_of(store *s, const campaign_rows *rows, const store_field *field)
{
  switch (field->kind) {
  case FIELD_VALUE: return rows->value[field->observable];
  case FIELD_ERROR: return rows->error[field->observable];
  case FIELD_STATUS: return rows->status[field->observable];
  case FIELD_FLAGS: return rows->flags;
  case FIELD_EVALUATIONS: return rows->evaluations;
  case FIELD_RANK: return own_rank(s, rows->n);
  }
  return NULL;
}

static bool put_fields(store *s, const campaign_rows *rows, bool status)
{
  const campaign_sweep *sweep = campaign_sweep_at(s->campaign, rows->i_sweep);
  for (size_t i = 0; i < N_FIELDS; i++) {
    const store_field *field = &store_fields[i];
    if ((field->kind == FIELD_STATUS) != status || !field_observable(sweep, field))
      continue;
    uint64_t per_task = field_per_task(sweep, field);
    void *data = rows_of(s, rows, field);
    if (!data || !transfer(s->sweeps[rows->i_sweep].field[i], field_memory_type(field->kind),
                           rows->first * per_task, rows->n * per_task, data, true))
      return false;
  }
  return true;
}

elfin_status store_put(store *s, const campaign_rows *rows, elfin_error *err)
{
  const campaign_sweep *sweep = campaign_sweep_at(s->campaign, rows->i_sweep);
  open_sweep *o = &s->sweeps[rows->i_sweep];
  if (rows->n == 0)
    return ELFIN_OK;
  if (!o->open && !open_fields(s, rows->i_sweep))
    return h5_fail(err, ELFIN_E_OUTPUT, s->path, "sweep %s cannot be opened", sweep->name);
  if (!put_fields(s, rows, false) || !failures_write(o->failures, sweep, rows) ||
      !put_fields(s, rows, true))
    return h5_fail(err, ELFIN_E_OUTPUT, s->path, "tasks %zu to %zu of sweep %s cannot be written",
                   rows->first, rows->first + rows->n - 1, sweep->name);
  return ELFIN_OK;
}

/* ---- closing --------------------------------------------------------------------------------- */

static elfin_status say_complete(const char *path, elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  elfin_status status = store_file_open(path, true, &file, err);
  if (status)
    return status;
  bool fine = h5_set_int(file, "complete", 1);
  if (H5Fclose(file) < 0 || !fine)
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "cannot be marked as complete");
  return status;
}

elfin_status store_close(store *s, bool complete, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  if (!s)
    return ELFIN_OK;
  for (size_t i = 0; i < campaign_n_sweeps(s->campaign); i++)
    close_fields(&s->sweeps[i]);
  if (H5Fclose(s->file) < 0)
    status = h5_fail(err, ELFIN_E_OUTPUT, s->path, "cannot be closed");
  status = access_worst(status, err);
  if (!status && complete) {
    if (access_rank() == 0)
      status = say_complete(s->path, err);
    status = access_agree(status, err);
  }
  free_store(s);
  return status;
}

/* ---- pending --------------------------------------------------------------------------------- */

/* A mark per task: is something of it left to do? */
static bool mark_pending(hid_t dataset, size_t n_tasks, size_t per_task, bool failed,
                         uint8_t pending[])
{
  size_t at_once = per_task < LOOK_AT ? LOOK_AT / per_task : 1;
  uint8_t *status = malloc(at_once * per_task);
  bool fine = status != NULL;
  for (size_t first = 0; fine && first < n_tasks; first += at_once) {
    size_t n = n_tasks - first < at_once ? n_tasks - first : at_once;
    fine = transfer(dataset, H5T_NATIVE_UINT8, (uint64_t)first * per_task, (uint64_t)n * per_task,
                    status, false);
    for (size_t i = 0; fine && i < n; i++)
      for (size_t j = 0; j < per_task; j++) {
        uint8_t is = status[i * per_task + j];
        pending[first + i] |= is == POINT_PENDING || (failed && is == POINT_FAILED);
      }
  }
  free(status);
  return fine;
}

static bool mark_sweep(hid_t file, const campaign_sweep *sweep, bool failed, uint8_t pending[])
{
  bool fine = true;
  for (size_t i = 0; fine && i < N_FIELDS; i++) {
    const store_field *field = &store_fields[i];
    char name[256];
    if (field->kind != FIELD_STATUS || !field_observable(sweep, field))
      continue;
    snprintf(name, sizeof name, "%s/%s", sweep->name, field->name);
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    fine = dataset >= 0 &&
           mark_pending(dataset, sweep->n_tasks, field_per_task(sweep, field), failed, pending);
    h5_close(dataset);
  }
  return fine;
}

typedef struct range_list {
  size_t n, capacity;
  store_range *range;
} range_list;

/* Adds a task behind the last range, or to it. */
static bool add_task(range_list *list, uint64_t task)
{
  if (list->n && list->range[list->n - 1].first + list->range[list->n - 1].n == task) {
    list->range[list->n - 1].n++;
    return true;
  }
  if (list->n == list->capacity) {
    size_t wanted = list->capacity ? 2 * list->capacity : 16;
    store_range *grown = realloc(list->range, wanted * sizeof *grown);
    if (!grown)
      return false;
    list->range = grown;
    list->capacity = wanted;
  }
  list->range[list->n++] = (store_range){task, 1};
  return true;
}

static elfin_status list_pending(const char *path, hid_t file, const campaign *c, bool failed,
                                 range_list *list, elfin_error *err)
{
  uint64_t first = 0;
  elfin_status status = store_check_grid(path, file, c, err);
  for (size_t i = 0; !status && i < campaign_n_sweeps(c); i++) {
    const campaign_sweep *sweep = campaign_sweep_at(c, i);
    uint8_t *pending = calloc(sweep->n_tasks ? sweep->n_tasks : 1, 1);
    if (pending && !mark_sweep(file, sweep, failed, pending))
      status = h5_fail(err, ELFIN_E_OUTPUT, path, "the status of sweep %s cannot be read",
                       sweep->name);
    bool room = pending;
    for (size_t task = 0; !status && room && task < sweep->n_tasks; task++)
      room = !pending[task] || add_task(list, first + task);
    if (!room)
      status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for what is pending", path);
    first += sweep->n_tasks;
    free(pending);
  }
  return status;
}

elfin_status store_pending(const char *path, const campaign *c, bool failed, size_t *n,
                           store_range **ranges, elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  range_list list = {0, 0, NULL};
  elfin_status status = store_file_open(path, false, &file, err);
  if (status)
    return status;
  status = list_pending(path, file, c, failed, &list, err);
  h5_close(file);
  if (status) {
    free(list.range);
    return status;
  }
  *n = list.n;
  *ranges = list.range;
  return ELFIN_OK;
}
