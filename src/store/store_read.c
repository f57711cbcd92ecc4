/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file store_read.c
 * A result file for export and show: names and axes come from the file alone, by the names of its
 * dimension scales, never by position. */
#include "store/layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- axes ------------------------------------------------------------------------------------ */

static char *units_of(hid_t group, const char *name)
{
  char *text = NULL;
  hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
  if (dataset >= 0 && h5_get_text(dataset, "units", &text) && strcmp(text, "1") == 0)
    *text = '\0';
  h5_close(dataset);
  return text;
}

/* Where the numbers of an axis of names stand; NULL if it has none. */
static char *numbers_of(hid_t group, const char *name)
{
  char *text = NULL;
  hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
  if (dataset >= 0)
    h5_get_text(dataset, "numbers", &text);
  h5_close(dataset);
  return text;
}

/* Thresholds depend on the material, too: they stay NaN here. */
static bool read_numbers_of_names(hid_t group, store_axis *axis)
{
  size_t n = 0;
  double *number = NULL;
  char *numbers = numbers_of(group, axis->key);
  bool per_material = strcmp(axis->key, "threshold") == 0;
  bool fine =
      !numbers || per_material || (h5_read_numbers(group, numbers, &n, &number) && n == axis->n);
  if (fine)
    axis->unit = numbers ? units_of(group, numbers) : strdup("");
  if (fine && !number && (number = malloc((axis->n + 1) * sizeof *number)))
    for (size_t i = 0; i < axis->n; i++)
      number[i] = NAN;
  axis->value = number;
  free(numbers);
  return fine && axis->unit && axis->value;
}

static bool read_axis(hid_t group, const char *key, store_axis *axis)
{
  if (!(axis->key = strdup(key)) || !h5_has(group, key))
    return false;
  axis->named = h5_is_text(group, key);
  if (axis->named)
    return h5_read_texts(group, key, &axis->n, &axis->text) && read_numbers_of_names(group, axis);
  return h5_read_numbers(group, key, &axis->n, &axis->value) && (axis->unit = units_of(group, key));
}

void free_axes(size_t n, store_axis *axes)
{
  for (size_t i = 0; axes && i < n; i++) {
    free(axes[i].key);
    free(axes[i].unit);
    free(axes[i].value);
    h5_free_texts(axes[i].n, axes[i].text);
  }
  free(axes);
}

bool read_axes(hid_t group, hid_t dataset, size_t *n, store_axis **axes)
{
  hsize_t dims[H5S_MAX_RANK];
  int rank;
  if (!h5_shape(dataset, &rank, dims))
    return false;
  store_axis *made = calloc((size_t)rank + 1, sizeof *made);
  bool fine = made;
  for (int i = 0; fine && i < rank; i++) {
    char *key = NULL;
    fine = h5_scale_name(dataset, (unsigned)i, &key) && read_axis(group, key, &made[i]) &&
           made[i].n == dims[i];
    free(key);
  }
  if (!fine) {
    free_axes((size_t)rank, made);
    return false;
  }
  *n = (size_t)rank;
  *axes = made;
  return true;
}

/* ---- a sweep --------------------------------------------------------------------------------- */

static const store_field *field_of(observable_kind observable, field_kind kind)
{
  for (size_t i = 0; i < N_FIELDS; i++)
    if (store_fields[i].observable == observable && store_fields[i].kind == kind)
      return &store_fields[i];
  return NULL;
}

static const store_field *value_field(const char *dataset)
{
  for (size_t i = 0; i < N_FIELDS; i++)
    if (store_fields[i].kind == FIELD_VALUE && strcmp(store_fields[i].name, dataset) == 0)
      return &store_fields[i];
  return NULL;
}

static bool count_part(void *into, const void *part, size_t n)
{
  store_sweep *s = into;
  const uint8_t *status = part;
  for (size_t i = 0; i < n; i++) {
    s->n_done += status[i] == POINT_DONE;
    s->n_failed += status[i] == POINT_FAILED;
  }
  return true;
}

/** Tasks whose runs are counted together. */
enum { COUNT_AT_ONCE = 1 << 16 };

/* A sweep may be larger than the memory: look at a part of a dataset at a time. */
static bool look_at_parts(hid_t group, const char *name, hid_t type,
                          bool (*look)(void *into, const void *part, size_t n), void *into)
{
  enum { PART = 1 << 18 };
  hid_t dataset = h5_has(group, name) ? H5Dopen2(group, name, H5P_DEFAULT) : H5I_INVALID_HID;
  size_t n = 0;
  void *part = malloc(PART * H5Tget_size(type));
  bool fine = dataset >= 0 && part && h5_count(dataset, &n);
  for (size_t first = 0; fine && first < n; first += PART) {
    size_t length = n - first < PART ? n - first : PART;
    fine = transfer(dataset, type, first, length, part, false) && look(into, part, length);
  }
  free(part);
  h5_close(dataset);
  return fine;
}

static bool count_points(hid_t group, const store_field *status, store_sweep *s)
{
  bool fine = look_at_parts(group, status->name, H5T_NATIVE_UINT8, count_part, s);
  s->n_pending = s->n_points - s->n_done - s->n_failed;
  return fine;
}

/* Only a done point has numbers, whatever an unfilled file holds. */
static bool read_points(hid_t group, const store_field *value, store_sweep *s)
{
  size_t n_errors = 0, n_states = 0;
  const char *error = field_of(value->observable, FIELD_ERROR)->name;
  const char *status = field_of(value->observable, FIELD_STATUS)->name;
  if (!h5_read_numbers(group, value->name, &s->n_points, &s->value) ||
      !h5_read_numbers(group, error, &n_errors, &s->error) ||
      !h5_read_bytes(group, status, &n_states, &s->status) || n_errors != s->n_points ||
      n_states != s->n_points)
    return false;
  for (size_t i = 0; i < s->n_points; i++)
    if (s->status[i] != POINT_DONE)
      s->value[i] = s->error[i] = NAN;
  return true;
}

static bool read_thresholds(hid_t group, store_sweep *s)
{
  size_t n = 0;
  for (size_t i = 0; i < s->n_axes; i++) {
    if (strcmp(s->axes[i].key, "material") == 0)
      s->n_material = s->axes[i].n;
    if (strcmp(s->axes[i].key, "threshold") == 0)
      s->n_threshold = s->axes[i].n;
  }
  if (!s->n_threshold || !h5_has(group, STORE_THRESHOLD_EV))
    return true;
  return h5_read_numbers(group, STORE_THRESHOLD_EV, &n, &s->threshold_eV) &&
         n == s->n_material * s->n_threshold;
}

/* A spectrum has one more edge than bins. */
static bool read_edges(hid_t group, const store_field *value, store_sweep *s)
{
  return value->observable != OBS_SPECTRUM || !h5_has(group, STORE_OMEGA_EDGES) ||
         h5_read_numbers(group, STORE_OMEGA_EDGES, &s->n_edges, &s->edge_eV);
}

static bool read_group(hid_t group, const store_field *value, bool points, store_sweep *s)
{
  hid_t dataset = H5Dopen2(group, value->name, H5P_DEFAULT);
  bool fine = dataset >= 0 && h5_get_text(dataset, "units", &s->units) &&
              h5_count(dataset, &s->n_points) && read_axes(group, dataset, &s->n_axes, &s->axes);
  if (fine && H5Aexists(dataset, "method") > 0)
    fine = h5_get_text(dataset, "method", &s->limit_method) &&
           h5_get_text(dataset, "confidence_level", &s->limit_level);
  h5_close(dataset);
  if (H5Aexists(group, "conventions") > 0)
    fine = fine && h5_get_text(group, "conventions", &s->conventions);
  if (H5Aexists(group, "experiment") > 0)
    fine = fine && h5_get_text(group, "experiment", &s->experiment);
  return fine && h5_get_text(group, "process", &s->process) && read_thresholds(group, s) &&
         read_edges(group, value, s) &&
         count_points(group, field_of(value->observable, FIELD_STATUS), s) &&
         (!points || read_points(group, value, s));
}

static elfin_status read_sweep(const char *path, const char *sweep, const char *dataset,
                               bool points, store_sweep **made, elfin_error *err)
{
  hid_t file = H5I_INVALID_HID, group = H5I_INVALID_HID;
  const store_field *value = value_field(dataset);
  store_sweep *s = NULL;
  elfin_status status = store_file_open(path, false, &file, err);
  if (status)
    return status;
  if (h5_has(file, sweep))
    group = H5Gopen2(file, sweep, H5P_DEFAULT);
  if (group < 0)
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: has no sweep %s", path, sweep);
  else if (!value || !h5_has(group, value->name))
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: sweep %s has no %s: its job did not ask for it",
                        path, sweep, dataset);
  else if (!(s = calloc(1, sizeof *s)) || !(s->name = strdup(sweep)))
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for sweep %s", path, sweep);
  else if (!read_group(group, value, points, s))
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "/%s/%s cannot be read", sweep, dataset);
  if (status)
    store_sweep_free(s);
  else
    *made = s;
  h5_close(group);
  h5_close(file);
  return status;
}

elfin_status store_read(const char *path, const char *sweep, const char *dataset,
                        store_sweep **made, elfin_error *err)
{
  return read_sweep(path, sweep, dataset, true, made, err);
}

elfin_status store_look(const char *path, const char *sweep, const char *dataset,
                        store_sweep **made, elfin_error *err)
{
  return read_sweep(path, sweep, dataset, false, made, err);
}

void store_sweep_free(store_sweep *s)
{
  if (!s)
    return;
  free_axes(s->n_axes, s->axes);
  free(s->name);
  free(s->process);
  free(s->conventions);
  free(s->experiment);
  free(s->limit_method);
  free(s->limit_level);
  free(s->threshold_eV);
  free(s->edge_eV);
  free(s->value);
  free(s->error);
  free(s->status);
  free(s->units);
  free(s);
}

bool store_has(const char *path, const char *sweep, const char *dataset)
{
  hid_t file = H5I_INVALID_HID;
  if (store_file_open(path, false, &file, NULL))
    return false;
  hid_t group = h5_has(file, sweep) ? H5Gopen2(file, sweep, H5P_DEFAULT) : H5I_INVALID_HID;
  bool has = group >= 0 && h5_has(group, dataset);
  h5_close(group);
  h5_close(file);
  return has;
}

static bool count_bits(void *into, const void *part, size_t n)
{
  uint64_t *n_of_bit = into;
  const uint32_t *flags = part;
  for (size_t i = 0; i < n; i++)
    for (uint32_t rest = flags[i], k = 0; rest; rest >>= 1, k++)
      n_of_bit[k] += rest & 1;
  return true;
}

typedef struct run_counts {
  size_t n;
  uint64_t *of;
} run_counts;

static bool count_runs(void *into, const void *part, size_t n)
{
  run_counts *counts = into;
  const int32_t *run = part;
  for (size_t i = 0; i < n; i++)
    if (run[i] >= 0 && (size_t)run[i] < counts->n)
      counts->of[run[i]]++;
  return true;
}

/* Where nothing was filled, only tasks that are done have a run. */
static bool count_runs_of_group(hid_t group, run_counts *counts)
{
  size_t n_points = 0, n_tasks = 0;
  hid_t status = H5Dopen2(group, "status", H5P_DEFAULT), run = H5Dopen2(group, "run", H5P_DEFAULT);
  bool fine = status >= 0 && run >= 0 && h5_count(status, &n_points) && h5_count(run, &n_tasks);
  if (fine && (double)n_tasks <= STORE_MOST_FILLED) {
    fine = look_at_parts(group, "run", H5T_NATIVE_INT32, count_runs, counts);
  } else if (fine) {
    size_t per_task = n_points / n_tasks;
    uint8_t *state = malloc(COUNT_AT_ONCE * per_task);
    int32_t *of = malloc(COUNT_AT_ONCE * sizeof *of);
    fine = state && of;
    for (size_t first = 0; fine && first < n_tasks; first += COUNT_AT_ONCE) {
      size_t n = n_tasks - first < COUNT_AT_ONCE ? n_tasks - first : COUNT_AT_ONCE;
      fine = transfer(status, H5T_NATIVE_UINT8, first * per_task, n * per_task, state, false) &&
             transfer(run, H5T_NATIVE_INT32, first, n, of, false);
      for (size_t i = 0; fine && i < n; i++)
        if (state[i * per_task] != POINT_PENDING)
          count_runs(counts, &of[i], 1);
    }
    free(of);
    free(state);
  }
  h5_close(run);
  h5_close(status);
  return fine;
}

elfin_status store_count_runs(const char *path, const char *sweep, size_t n_runs,
                              uint64_t n_of_run[], elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  run_counts counts = {n_runs, n_of_run};
  elfin_status status = store_file_open(path, false, &file, err);
  if (status)
    return status;
  hid_t group = h5_has(file, sweep) ? H5Gopen2(file, sweep, H5P_DEFAULT) : H5I_INVALID_HID;
  if (group < 0 || !count_runs_of_group(group, &counts))
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "runs of sweep %s cannot be read", sweep);
  h5_close(group);
  h5_close(file);
  return status;
}

elfin_status store_count_flags(const char *path, const char *sweep,
                               uint64_t n_of_bit[STORE_FLAG_BITS], elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  elfin_status status = store_file_open(path, false, &file, err);
  if (status)
    return status;
  memset(n_of_bit, 0, STORE_FLAG_BITS * sizeof *n_of_bit);
  hid_t group = h5_has(file, sweep) ? H5Gopen2(file, sweep, H5P_DEFAULT) : H5I_INVALID_HID;
  if (group < 0 || !look_at_parts(group, "flags", H5T_NATIVE_UINT32, count_bits, n_of_bit))
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "flags of sweep %s cannot be read", sweep);
  h5_close(group);
  h5_close(file);
  return status;
}

/* ---- a file ---------------------------------------------------------------------------------- */

static bool is_sweep(const char *name)
{
  return strcmp(name, STORE_JOB) && strcmp(name, STORE_INPUTS) && strcmp(name, STORE_FAILURES) &&
         strcmp(name, STORE_RUNS);
}

static herr_t add_name(hid_t where, const char *name, const H5L_info_t *about, void *into)
{
  store_summary *s = into;
  (void)where;
  (void)about;
  if (!is_sweep(name))
    return 0;
  char **grown = realloc(s->sweep_names, (s->n_sweeps + 1) * sizeof *grown);
  if (!grown)
    return -1;
  s->sweep_names = grown;
  if (!(grown[s->n_sweeps] = strdup(name)))
    return -1;
  s->n_sweeps++;
  return 0;
}

/* Files of the first schema have no runs. */
static bool read_runs(hid_t file, store_summary *s)
{
  return !h5_has(file, STORE_RUNS) || runs_read(file, &s->n_runs, &s->runs);
}

static bool read_inputs(hid_t file, store_summary *s)
{
  size_t n_roles = 0, n_hashes = 0;
  return h5_read_texts(file, STORE_INPUTS "/path", &s->n_inputs, &s->input_path) &&
         h5_read_texts(file, STORE_INPUTS "/role", &n_roles, &s->input_role) &&
         h5_read_texts(file, STORE_INPUTS "/sha256", &n_hashes, &s->input_sha256) &&
         n_roles == s->n_inputs && n_hashes == s->n_inputs;
}

static bool read_summary(hid_t file, store_summary *s)
{
  size_t n = 0;
  char **job = NULL;
  bool fine = h5_read_texts(file, STORE_JOB, &n, &job) && n == 1;
  if (fine) {
    s->job = job[0];
    free(job);
  } else {
    h5_free_texts(n, job);
  }
  return fine && h5_get_text(file, "elfin_version", &s->elfin_version) &&
         h5_get_text(file, "git_commit", &s->git_commit) &&
         h5_get_text(file, "created", &s->created) && h5_get_text(file, "command", &s->command) &&
         h5_get_int(file, "schema_version", &s->schema_version) && read_runs(file, s) &&
         read_inputs(file, s) && h5_get_int(file, "ranks", &s->ranks) &&
         h5_get_int(file, "complete", &s->complete) &&
         H5Literate(file, H5_INDEX_NAME, H5_ITER_INC, NULL, add_name, s) >= 0;
}

static bool any_pending(void *into, const void *part, size_t n)
{
  (void)into;
  return memchr(part, POINT_PENDING, n) == NULL; /* false ends the look */
}

bool store_any_pending(hid_t file)
{
  store_summary s = {.n_sweeps = 0};
  bool none = H5Literate(file, H5_INDEX_NAME, H5_ITER_INC, NULL, add_name, &s) >= 0;
  for (size_t i = 0; none && i < s.n_sweeps; i++) {
    hid_t group = H5Gopen2(file, s.sweep_names[i], H5P_DEFAULT);
    none = group >= 0 && look_at_parts(group, "status", H5T_NATIVE_UINT8, any_pending, NULL);
    h5_close(group);
  }
  h5_free_texts(s.n_sweeps, s.sweep_names);
  return !none;
}

elfin_status store_summarise(const char *path, store_summary **made, elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  elfin_status status = store_file_open(path, false, &file, err);
  if (status)
    return status;
  store_summary *s = calloc(1, sizeof *s);
  if (!s)
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for a summary", path);
  else if (!read_summary(file, s))
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "its attributes cannot be read");
  if (status)
    store_summary_free(s);
  else
    *made = s;
  h5_close(file);
  return status;
}

void store_summary_free(store_summary *s)
{
  if (!s)
    return;
  free(s->elfin_version);
  free(s->git_commit);
  free(s->created);
  free(s->command);
  free(s->job);
  h5_free_texts(s->n_sweeps, s->sweep_names);
  h5_free_texts(s->n_inputs, s->input_path);
  h5_free_texts(s->n_inputs, s->input_role);
  h5_free_texts(s->n_inputs, s->input_sha256);
  free(s->runs);
  free(s);
}
