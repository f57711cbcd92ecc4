/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file store_resume.c
 * What a file must hold so that a run may go on with it, and which tasks it still lacks. */
#include "store/access.h"
#include "store/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/** Status values that are looked at together. */
enum { LOOK_AT = 1 << 20 };

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
         !same_numbers(group, STORE_OMEGA_EDGES, sweep->n_edges, sweep->edge_eV)) ||
        (o->kind != OBS_RATE && o->last_axis && !same_numbers(group, o->last_axis, o->n, o->value)))
      return elfin_fail(err, ELFIN_E_OUTPUT,
                        "%s: was made by another job: %s of sweep %s is not there or has other "
                        "%s; name another file with -o",
                        path, o->name, sweep->name, o->kind == OBS_SPECTRUM ? "bins" : "positions");
  }
  if (sweep->threshold_eV &&
      !same_numbers(group, STORE_THRESHOLD_EV, sweep->n_materials * sweep->n_thresholds,
                    sweep->threshold_eV))
    return elfin_fail(err, ELFIN_E_OUTPUT,
                      "%s: was made by another job: thresholds of sweep %s differ; name another "
                      "file with -o",
                      path, sweep->name);
  return ELFIN_OK;
}

elfin_status store_check_grid(const char *path, hid_t file, const campaign *c, elfin_error *err)
{
  int version = 0;
  elfin_status status = ELFIN_OK;
  if (h5_get_int(file, "schema_version", &version) && version != STORE_SCHEMA_VERSION)
    return elfin_fail(err, ELFIN_E_OUTPUT,
                      "%s: has schema_version %d, which elfin %s reads, but does not go on with",
                      path, version, elfin_version());
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

/* ---- pending --------------------------------------------------------------------------------- */

/* A block has so many tasks that a job of any size has some thousands of them, and no more than are
 * written at once. It follows from the job alone. */
static uint64_t block_size(const campaign *c)
{
  enum { BLOCKS = 4096, LONGEST = 1024 };
  uint64_t n = campaign_n_tasks(c) / BLOCKS;
  return n < 1 ? 1 : n > LONGEST ? LONGEST : n;
}

static bool in_part(uint64_t task, uint64_t block, store_part part)
{
  return part.n <= 1 || task / block % part.n == part.i - 1;
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

/** What is looked for, and in which sweep. */
typedef struct search {
  const campaign_sweep *sweep;
  uint64_t first_task; /* the global number of its task 0 */
  uint64_t block;
  store_part part;
  bool failed;
  hid_t status[N_FIELDS]; /* of its observables; negative: none */
  size_t most_per_task;
} search;

static bool open_states(hid_t file, search *s)
{
  bool fine = true;
  s->most_per_task = 1;
  for (size_t i = 0; i < N_FIELDS; i++)
    s->status[i] = H5I_INVALID_HID;
  for (size_t i = 0; fine && i < N_FIELDS; i++) {
    const store_field *field = &store_fields[i];
    char name[256];
    if (field->kind != FIELD_STATUS || !field_observable(s->sweep, field))
      continue;
    snprintf(name, sizeof name, "%s/%s", s->sweep->name, field->name);
    s->status[i] = H5Dopen2(file, name, H5P_DEFAULT);
    fine = s->status[i] >= 0;
    size_t per_task = field_per_task(s->sweep, field);
    s->most_per_task = per_task > s->most_per_task ? per_task : s->most_per_task;
  }
  return fine;
}

/* A mark per task of first … first+n−1: is something of it left to do? `state` has room for all of
 * their points. */
static bool mark_pending(const search *s, size_t first, size_t n, uint8_t state[],
                         uint8_t pending[])
{
  bool fine = true;
  memset(pending, 0, n);
  for (size_t k = 0; fine && k < N_FIELDS; k++) {
    if (s->status[k] < 0)
      continue;
    size_t per_task = field_per_task(s->sweep, &store_fields[k]);
    fine = transfer(s->status[k], H5T_NATIVE_UINT8, (uint64_t)first * per_task,
                    (uint64_t)n * per_task, state, false);
    for (size_t i = 0; fine && i < n; i++)
      for (size_t j = 0; j < per_task; j++) {
        uint8_t is = state[i * per_task + j];
        pending[i] |= is == POINT_PENDING || (s->failed && is == POINT_FAILED);
      }
  }
  return fine;
}

/* Some tasks at a time: memory does not grow with their number, but with the number of ranges. */
static bool search_sweep(const search *s, range_list *list)
{
  size_t n_tasks = s->sweep->n_tasks;
  size_t at_once = s->most_per_task < LOOK_AT ? LOOK_AT / s->most_per_task : 1;
  at_once = at_once < n_tasks ? at_once : n_tasks;
  uint8_t *state = malloc(at_once * s->most_per_task + 1), *pending = malloc(at_once + 1);
  bool fine = state && pending;
  for (size_t first = 0; fine && first < n_tasks; first += at_once) {
    size_t n = n_tasks - first < at_once ? n_tasks - first : at_once;
    fine = mark_pending(s, first, n, state, pending);
    for (size_t i = 0; fine && i < n; i++) {
      uint64_t task = s->first_task + first + i;
      fine = !pending[i] || !in_part(task, s->block, s->part) || add_task(list, task);
    }
  }
  free(pending);
  free(state);
  return fine;
}

static elfin_status list_pending(const char *path, hid_t file, const campaign *c, store_part part,
                                 bool failed, range_list *list, elfin_error *err)
{
  search s = {.block = block_size(c), .part = part, .failed = failed};
  elfin_status status = store_check_grid(path, file, c, err);
  for (size_t i = 0; !status && i < campaign_n_sweeps(c); i++) {
    s.sweep = campaign_sweep_at(c, i);
    if (!open_states(file, &s) || !search_sweep(&s, list))
      status = h5_fail(err, ELFIN_E_OUTPUT, path, "the status of sweep %s cannot be read",
                       s.sweep->name);
    for (size_t k = 0; k < N_FIELDS; k++)
      h5_close(s.status[k]);
    s.first_task += s.sweep->n_tasks;
  }
  return status;
}

elfin_status store_pending(const char *path, const campaign *c, store_part part, bool failed,
                           size_t *n, store_range **ranges, elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  range_list list = {0, 0, NULL};
  int lock = -1;
  elfin_status status = lock_take(path, LOCK_WAIT_S, &lock, err);
  lock_drop(lock); /* what another run had to do is done now */
  if (!status)
    status = store_file_open(path, false, &file, err);
  if (status)
    return status;
  status = list_pending(path, file, c, part, failed, &list, err);
  h5_close(file);
  if (status) {
    free(list.range);
    return status;
  }
  *n = list.n;
  *ranges = list.range;
  return ELFIN_OK;
}
