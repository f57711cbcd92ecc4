/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file store_merge.c
 * Parts of one job → one file.
 *
 * The first part is copied under a temporary name, holes and all; the others are laid over it: a
 * task that is pending there, or has failed points, is taken from the first of them that has it
 * done. */
#include "store/access.h"
#include "store/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** Tasks that are looked at together. */
enum { LOOK_AT = 1 << 16 };

typedef struct parts {
  size_t n;
  const char *const *path;
} parts;

/* ---- equal jobs ------------------------------------------------------------------------------ */

static bool same_text(const char *a, const char *b)
{
  return strcmp(a, b) == 0;
}

static elfin_status unequal(const char *path, const char *first, const char *what, elfin_error *err)
{
  return elfin_fail(err, ELFIN_E_OUTPUT, "%s and %s do not belong together: their %s differ", first,
                    path, what);
}

static bool same_inputs(const store_summary *a, const store_summary *b)
{
  bool same = a->n_inputs == b->n_inputs;
  for (size_t i = 0; same && i < a->n_inputs; i++)
    same = same_text(a->input_sha256[i], b->input_sha256[i]);
  return same;
}

/* All runs of both files, and their makers, are of one program. */
static bool same_program(const store_summary *a, const store_summary *b)
{
  bool same =
      same_text(a->elfin_version, b->elfin_version) && same_text(a->git_commit, b->git_commit);
  for (size_t i = 0; same && i < b->n_runs; i++)
    same = same_text(b->runs[i].elfin_version, a->elfin_version) &&
           same_text(b->runs[i].git_commit, a->git_commit);
  return same;
}

static elfin_status compare(const char *first, const char *path, elfin_error *err)
{
  store_summary *a = NULL, *b = NULL;
  elfin_status status = store_summarise(first, &a, err);
  if (!status)
    status = store_summarise(path, &b, err);
  if (!status && a->schema_version != STORE_SCHEMA_VERSION)
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: has schema_version %d, and only %d is merged",
                        first, a->schema_version, STORE_SCHEMA_VERSION);
  else if (!status && !same_text(a->job, b->job))
    status = unequal(path, first, "jobs (elfin show --job)", err);
  else if (!status && !same_inputs(a, b))
    status = unequal(path, first, "input files (elfin show)", err);
  else if (!status && !same_program(a, b))
    status = unequal(path, first, "versions of elfin (elfin show)", err);
  store_summary_free(a);
  store_summary_free(b);
  return status;
}

/* ---- one sweep ------------------------------------------------------------------------------- */

/** The same sweep in two files. */
typedef struct pair {
  hid_t into[N_FIELDS], from[N_FIELDS]; /* negative: it has none */
  size_t per_task[N_FIELDS];
  size_t n_tasks;
  int32_t first_run; /* the number that run 0 of `from` has in `into` */
} pair;

static void pair_close(pair *p)
{
  for (size_t i = 0; i < N_FIELDS; i++) {
    h5_close(p->into[i]);
    h5_close(p->from[i]);
  }
}

static bool pair_open(hid_t into, hid_t from, pair *p)
{
  bool fine = true;
  for (size_t i = 0; i < N_FIELDS; i++)
    p->into[i] = p->from[i] = H5I_INVALID_HID;
  for (size_t i = 0; fine && i < N_FIELDS; i++) {
    const char *name = store_fields[i].name;
    size_t n = 0, n_from = 0;
    if (!h5_has(into, name))
      continue;
    p->into[i] = H5Dopen2(into, name, H5P_DEFAULT);
    p->from[i] = h5_has(from, name) ? H5Dopen2(from, name, H5P_DEFAULT) : H5I_INVALID_HID;
    fine = p->into[i] >= 0 && p->from[i] >= 0 && h5_count(p->into[i], &n) &&
           h5_count(p->from[i], &n_from) && n == n_from;
    p->per_task[i] = n;
    if (store_fields[i].kind == FIELD_RANK)
      p->n_tasks = n;
  }
  for (size_t i = 0; i < N_FIELDS && p->n_tasks; i++)
    p->per_task[i] /= p->n_tasks;
  return fine;
}

/* The least of the states of a task's points: pending before failed before done. */
static void join_states(const uint8_t point[], size_t per_task, size_t n, uint8_t state[])
{
  static const uint8_t order[] = {[POINT_PENDING] = 0, [POINT_FAILED] = 1, [POINT_DONE] = 2};
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < per_task; j++) {
      uint8_t is = point[i * per_task + j] <= POINT_FAILED ? order[point[i * per_task + j]] : 0;
      if (is < state[i])
        state[i] = is;
    }
}

static bool read_states(const hid_t field[], const pair *p, size_t first, size_t n, uint8_t state[])
{
  bool fine = true;
  memset(state, 2, n);
  for (size_t i = 0; fine && i < N_FIELDS; i++) {
    if (store_fields[i].kind != FIELD_STATUS || field[i] < 0)
      continue;
    uint8_t *point = malloc(n * p->per_task[i] + 1);
    fine = point && transfer(field[i], H5T_NATIVE_UINT8, first * p->per_task[i], n * p->per_task[i],
                             point, false);
    if (fine)
      join_states(point, p->per_task[i], n, state);
    free(point);
  }
  return fine;
}

/* All numbers of tasks first … first+n−1; their status last, as when they were computed. */
static bool copy_tasks(const pair *p, size_t first, size_t n)
{
  bool fine = true;
  for (size_t i = 0; fine && i < N_FIELDS; i++) {
    field_kind kind = store_fields[i].kind;
    size_t length = n * p->per_task[i];
    if (p->into[i] < 0 || length == 0)
      continue;
    void *data = malloc(length * field_size(kind));
    fine = data && transfer(p->from[i], field_memory_type(kind), first * p->per_task[i], length,
                            data, false);
    for (size_t k = 0; fine && kind == FIELD_RUN && k < length; k++) {
      int32_t run = ((int32_t *)data)[k] + p->first_run;
      ((int32_t *)data)[k] = run < STORE_MOST_RUNS ? run : STORE_MOST_RUNS - 1;
    }
    fine = fine && transfer(p->into[i], field_memory_type(kind), first * p->per_task[i], length,
                            data, true);
    free(data);
  }
  return fine;
}

static bool overlay_sweep(const pair *p)
{
  size_t most = 1;
  for (size_t i = 0; i < N_FIELDS; i++)
    if (p->into[i] >= 0 && p->per_task[i] > most)
      most = p->per_task[i];
  size_t at_once = most < LOOK_AT ? LOOK_AT / most : 1;
  uint8_t *has = malloc(at_once), *offers = malloc(at_once);
  bool fine = has && offers;
  for (size_t first = 0; fine && first < p->n_tasks; first += at_once) {
    size_t n = p->n_tasks - first < at_once ? p->n_tasks - first : at_once;
    fine = read_states(p->into, p, first, n, has) && read_states(p->from, p, first, n, offers);
    for (size_t i = 0, run; fine && i < n; i += run) {
      bool better = offers[i] > has[i];
      for (run = 1; i + run < n && (offers[i + run] > has[i + run]) == better;)
        run++;
      fine = !better || copy_tasks(p, first + i, run);
    }
  }
  free(offers);
  free(has);
  return fine;
}

/* ---- one part -------------------------------------------------------------------------------- */

/* The runs of a part behind those that there are. */
static bool append_runs(hid_t into, hid_t from, int32_t *first_run)
{
  size_t n = 0, n_from = 0;
  store_run_record *there = NULL, *more = NULL;
  bool fine = runs_read(into, &n, &there) && runs_read(from, &n_from, &more);
  for (size_t i = 0; fine && i < n_from; i++)
    fine = runs_write(into, n + i < STORE_MOST_RUNS ? n + i : STORE_MOST_RUNS - 1, &more[i]);
  *first_run = (int32_t)n;
  free(there);
  free(more);
  return fine;
}

static bool overlay_named(hid_t into, hid_t from, const char *sweep, int32_t first_run)
{
  char failures[256];
  pair p = {.first_run = first_run};
  snprintf(failures, sizeof failures, STORE_FAILURES "/%s", sweep);
  hid_t g_into = H5Gopen2(into, sweep, H5P_DEFAULT), g_from = H5Gopen2(from, sweep, H5P_DEFAULT);
  hid_t f_into = H5Dopen2(into, failures, H5P_DEFAULT);
  hid_t f_from = H5Dopen2(from, failures, H5P_DEFAULT);
  bool fine = g_into >= 0 && g_from >= 0 && f_into >= 0 && f_from >= 0;
  if (fine) {
    fine = pair_open(g_into, g_from, &p) && overlay_sweep(&p) && failures_merge(f_into, f_from);
    pair_close(&p);
  }
  h5_close(f_from);
  h5_close(f_into);
  h5_close(g_from);
  h5_close(g_into);
  return fine;
}

static elfin_status overlay(const char *path, const char *temporary, hid_t into, elfin_error *err)
{
  hid_t from = H5I_INVALID_HID;
  store_summary *s = NULL;
  int32_t first_run = 0;
  elfin_status status = store_summarise(temporary, &s, err);
  if (!status)
    status = store_file_open(path, false, &from, err);
  if (!status && !append_runs(into, from, &first_run))
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "its runs cannot be merged");
  for (size_t i = 0; !status && i < s->n_sweeps; i++)
    if (!overlay_named(into, from, s->sweep_names[i], first_run))
      status = h5_fail(err, ELFIN_E_OUTPUT, path, "sweep %s cannot be merged", s->sweep_names[i]);
  h5_close(from);
  store_summary_free(s);
  return status;
}

static elfin_status copy_first(const char *path, const char *first, int descriptor,
                               elfin_error *err)
{
  int from = open(first, O_RDONLY | O_CLOEXEC);
  if (from < 0)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be read: %s", first, strerror(errno));
  elfin_status status = ELFIN_OK;
  if (!file_copy(from, descriptor))
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
  close(from);
  return status;
}

static elfin_status fill_merged(const char *path, const char *temporary, int descriptor,
                                void *context, elfin_error *err)
{
  const parts *p = context;
  hid_t into = H5I_INVALID_HID;
  elfin_status status = copy_first(path, p->path[0], descriptor, err);
  if (!status)
    status = store_file_open(temporary, true, &into, err);
  if (status)
    return status;
  for (size_t i = 1; !status && i < p->n; i++)
    status = overlay(p->path[i], temporary, into, err);
  if (!status && !h5_set_int(into, "complete", !store_any_pending(into)))
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "cannot be marked as complete");
  if (H5Fclose(into) < 0 && !status)
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "cannot be written");
  if (!status && fsync(descriptor))
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
  return status;
}

elfin_status store_merge(size_t n, const char *const path[], const char *merged, bool overwrite,
                         elfin_error *err)
{
  parts p = {n, path};
  elfin_status status = ELFIN_OK;
  if (n == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "no parts to merge");
  for (size_t i = 0; !status && i < n; i++)
    status = compare(path[0], path[i], err);
  return status ? status : store_make(merged, overwrite, fill_merged, &p, err);
}
