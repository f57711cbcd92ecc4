/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file store.c
 * The layout of the result file, declared once: which datasets a sweep has, with which axes.
 *
 *   /                 schema_version, elfin_version, git_commit, created, command, complete, …
 *   /job              the YAML text as read
 *   /inputs/          path, role, sha256, bytes of every data file that was read
 *   /failures/SWEEP   why points failed
 *   /runs             who computed it, when, where and with what
 *   /SWEEP/           a dimension scale per axis; the datasets below; resolved numbers
 *   /SWEEP/targets/   density, gap, response file and so on per material, with sources
 */
#include "store/access.h"
#include "store/layout.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

/* ---- datasets -------------------------------------------------------------------------------- */

const store_field store_fields[N_FIELDS] = {
    {OBS_RATE, FIELD_VALUE, "rate", "events above the threshold"},
    {OBS_RATE, FIELD_ERROR, "rate_error", "estimated error of rate, from the integrator"},
    {OBS_RATE, FIELD_FLAGS, "flags", "what is worth knowing about a rate"},
    {OBS_RATE, FIELD_EVALUATIONS, "evaluations",
     "integrand evaluations of the shared integration; its first point carries the count"},
    {OBS_RATE, FIELD_RANK, "rank", "MPI rank that computed it, -1 if none did"},
    {OBS_RATE, FIELD_RUN, "run", "run of /runs that computed it, -1 if none did"},
    {OBS_SPECTRUM, FIELD_VALUE, "spectrum", "dR/domega averaged over bins of omega_edges"},
    {OBS_SPECTRUM, FIELD_ERROR, "spectrum_error", "estimated error of spectrum"},
    {OBS_DIFFERENTIAL, FIELD_VALUE, "differential", "dR/domega at the energy"},
    {OBS_DIFFERENTIAL, FIELD_ERROR, "differential_error", "estimated error of differential"},
    {OBS_CHARGE, FIELD_VALUE, "charge_rate", "events with Q electron-hole pairs"},
    {OBS_CHARGE, FIELD_ERROR, "charge_rate_error", "estimated error of charge_rate"},
    {OBS_EVENTS, FIELD_VALUE, "events", "expected in each bin of the experiment"},
    {OBS_EVENTS, FIELD_ERROR, "events_error", "estimated error of events, from the integrator"},
    {OBS_LIMIT, FIELD_VALUE, "limit",
     "upper limit on the cross section, or on the kinetic mixing; inf: nothing is excluded"},
    {OBS_LIMIT, FIELD_ERROR, "limit_error", "estimated error of limit, from that of events"},
    {OBS_SPECTRUM, FIELD_STATUS, "spectrum_status", "progress of spectrum"},
    {OBS_DIFFERENTIAL, FIELD_STATUS, "differential_status", "progress of differential"},
    {OBS_CHARGE, FIELD_STATUS, "charge_rate_status", "progress of charge_rate"},
    {OBS_EVENTS, FIELD_STATUS, "events_status", "progress of events"},
    {OBS_LIMIT, FIELD_STATUS, "limit_status", "progress of limit"},
    {OBS_RATE, FIELD_STATUS, "status", "progress of rate"},
};

size_t field_size(field_kind kind)
{
  switch (kind) {
  case FIELD_FLAGS:
  case FIELD_RUN:
  case FIELD_RANK: return 4;
  case FIELD_STATUS: return 1;
  default: return 8;
  }
}

hid_t field_file_type(field_kind kind)
{
  switch (kind) {
  case FIELD_FLAGS: return H5T_STD_U32LE;
  case FIELD_EVALUATIONS: return H5T_STD_I64LE;
  case FIELD_RUN:
  case FIELD_RANK: return H5T_STD_I32LE;
  case FIELD_STATUS: return H5T_STD_U8LE;
  default: return H5T_IEEE_F64LE;
  }
}

hid_t field_memory_type(field_kind kind)
{
  switch (kind) {
  case FIELD_FLAGS: return H5T_NATIVE_UINT32;
  case FIELD_EVALUATIONS: return H5T_NATIVE_INT64;
  case FIELD_RUN:
  case FIELD_RANK: return H5T_NATIVE_INT32;
  case FIELD_STATUS: return H5T_NATIVE_UINT8;
  default: return H5T_NATIVE_DOUBLE;
  }
}

const campaign_observable *field_observable(const campaign_sweep *sweep, const store_field *field)
{
  for (size_t i = 0; i < sweep->n_observables; i++)
    if (sweep->observables[i].kind == field->observable)
      return &sweep->observables[i];
  return NULL;
}

size_t field_per_task(const campaign_sweep *sweep, const store_field *field)
{
  return field->kind == FIELD_RANK || field->kind == FIELD_RUN
             ? 1
             : sweep->n_scale * field_observable(sweep, field)->n;
}

/* Ranks and limits have the axes that number the tasks; a threshold is an axis of rates only; another
 * observable has its own axis in its place. */
int field_axes(const campaign_sweep *sweep, const store_field *field,
               const char *name[H5S_MAX_RANK], hsize_t dims[H5S_MAX_RANK])
{
  const campaign_observable *observable = field_observable(sweep, field);
  int n = 0;
  for (size_t i = 0; i < sweep->n_axes && n < H5S_MAX_RANK; i++) {
    const campaign_axis *axis = &sweep->axes[i];
    if ((axis->role == AXIS_THRESHOLD && field->observable != OBS_RATE) ||
        (axis->role != AXIS_TASK && (field->kind == FIELD_RANK || field->kind == FIELD_RUN ||
                                     field->observable == OBS_LIMIT)))
      continue;
    name[n] = axis->key;
    dims[n++] = axis->n;
  }
  if (field->observable != OBS_RATE && observable->last_axis && n < H5S_MAX_RANK) {
    name[n] = observable->last_axis;
    dims[n++] = observable->n;
  }
  return n;
}

void field_numbers_name(const campaign_axis *axis, char *name, size_t size)
{
  snprintf(name, size, "%s_%s", axis->key, axis->unit);
  for (char *at = name; *at; at++)
    if (*at == '/')
      *at = '_';
}

/* ---- boxes ----------------------------------------------------------------------------------- */

/* A flat, row-major range of a dataset is some boxes: at most two per dimension. */

typedef struct box {
  hsize_t start[H5S_MAX_RANK], count[H5S_MAX_RANK];
  uint64_t n; /* elements */
} box;

/** The largest box that begins at flat index `first` and has at most `n` elements. */
static box box_at(int rank, const hsize_t dims[], uint64_t first, uint64_t n)
{
  box made = {.n = 1};
  uint64_t rest = first, stride = 1;
  for (int i = rank; i-- > 0;) {
    made.start[i] = rest % dims[i];
    made.count[i] = 1;
    rest /= dims[i];
  }
  /* Outwards, as long as whole lines fit; then what is left of the line, or as much as is asked. */
  for (int i = rank; i-- > 0;) {
    uint64_t left = dims[i] - made.start[i], fits = n / stride;
    made.count[i] = fits < left ? fits : left;
    made.n = stride * made.count[i];
    stride *= dims[i];
    if (made.start[i] > 0 || stride > n)
      break;
  }
  return made;
}

bool transfer(hid_t dataset, hid_t type, uint64_t first, uint64_t n, void *data, bool write)
{
  hsize_t dims[H5S_MAX_RANK];
  int rank;
  hid_t file_space = H5Dget_space(dataset);
  if (file_space < 0)
    return false;
  rank = H5Sget_simple_extent_dims(file_space, dims, NULL);
  size_t size = H5Tget_size(type);
  bool fine = rank >= 0 && size > 0;
  for (char *at = data; fine && n > 0;) {
    box b = box_at(rank, dims, first, n);
    hsize_t length = b.n;
    hid_t memory_space = H5Screate_simple(1, &length, NULL);
    fine = memory_space >= 0 &&
           (rank == 0 ||
            H5Sselect_hyperslab(file_space, H5S_SELECT_SET, b.start, NULL, b.count, NULL) >= 0);
    if (fine && write)
      fine = H5Dwrite(dataset, type, memory_space, file_space, H5P_DEFAULT, at) >= 0;
    else if (fine)
      fine = H5Dread(dataset, type, memory_space, file_space, H5P_DEFAULT, at) >= 0;
    h5_close(memory_space);
    at += b.n * size;
    first += b.n;
    n -= b.n;
  }
  h5_close(file_space);
  return fine;
}

/* ---- sizes ----------------------------------------------------------------------------------- */

/** An object's header with its attributes; a dataset's share in the scales that it refers to. */
enum { OBJECT_BYTES = 2048, FILE_BYTES = 8192, NUMBER_BYTES = 8, LONGEST_TARGET_TEXT = 1024 };

static uint64_t axis_bytes(const campaign_axis *axis)
{
  uint64_t longest = 1, bytes = 2 * OBJECT_BYTES + NUMBER_BYTES * (uint64_t)axis->n;
  for (size_t i = 0; axis->named && axis->text && i < axis->n; i++)
    if (axis->text[i] && strlen(axis->text[i]) > longest)
      longest = strlen(axis->text[i]);
  return bytes + (axis->named ? axis->n * longest : 0);
}

static uint64_t field_bytes(const campaign_sweep *sweep, const store_field *field, unsigned parts)
{
  uint64_t n = (uint64_t)sweep->n_tasks * field_per_task(sweep, field);
  return n * field_size(field->kind) / ((double)n > STORE_MOST_FILLED ? parts : 1);
}

static uint64_t sweep_bytes(const campaign_sweep *sweep, unsigned parts)
{
  enum { N_TARGET_DATASETS = 24, N_TARGET_TEXTS = 6 };
  uint64_t bytes = (2 + N_TARGET_DATASETS) * OBJECT_BYTES;
  for (size_t i = 0; i < sweep->n_axes; i++)
    bytes += axis_bytes(&sweep->axes[i]);
  for (size_t i = 0; i < sweep->n_observables; i++)
    bytes += OBJECT_BYTES + NUMBER_BYTES * (uint64_t)sweep->observables[i].n;
  for (size_t i = 0; i < N_FIELDS; i++)
    if (field_observable(sweep, &store_fields[i]))
      bytes += OBJECT_BYTES + field_bytes(sweep, &store_fields[i], parts);
  bytes += NUMBER_BYTES * (uint64_t)(sweep->n_edges + sweep->n_materials * sweep->n_thresholds);
  bytes += N_TARGET_TEXTS * LONGEST_TARGET_TEXT * (uint64_t)sweep->n_materials;
  return bytes + OBJECT_BYTES + failures_room(sweep) * sizeof(failure_record);
}

uint64_t store_size(const campaign *c)
{
  return store_size_of_part(c, (store_part){1, 1});
}

uint64_t store_size_of_part(const campaign *c, store_part part)
{
  size_t length;
  campaign_text(c, &length);
  uint64_t bytes = FILE_BYTES + STORE_MOST_RUNS * sizeof(store_run_record) + length +
                   campaign_n_inputs(c) * LONGEST_TARGET_TEXT;
  for (size_t i = 0; i < campaign_n_sweeps(c); i++)
    bytes += sweep_bytes(campaign_sweep_at(c, i), part.n);
  return bytes;
}

elfin_status store_room(const char *path, uint64_t *bytes, elfin_error *err)
{
  struct statvfs about;
  const char *slash = strrchr(path, '/');
  size_t length = slash ? (size_t)(slash - path) : 0;
  char folder[4096];
  if (length >= sizeof folder)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%.100s…: the path is too long", path);
  snprintf(folder, sizeof folder, "%.*s", (int)length, path);
  const char *asked = !slash ? "." : length ? folder : "/";
  if (statvfs(asked, &about))
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: its folder %s cannot be used: %s", path, asked,
                      strerror(errno));
  *bytes = (uint64_t)about.f_bavail * about.f_frsize;
  return ELFIN_OK;
}

/* ---- opening --------------------------------------------------------------------------------- */

elfin_status store_file_open(const char *path, bool write, hid_t *file, elfin_error *err)
{
  int version = 0;
  hid_t made = access_open(path, write);
  if (made < 0)
    return h5_fail_open(err, ELFIN_E_OUTPUT, path, "cannot be opened as a result file of elfin");
  elfin_status status = ELFIN_OK;
  if (!h5_get_int(made, "schema_version", &version) || !h5_has(made, STORE_JOB))
    status =
        elfin_fail(err, ELFIN_E_OUTPUT,
                   "%s: not a result file of elfin: it has no schema_version or no /job", path);
  else if (version > STORE_SCHEMA_VERSION)
    status = elfin_fail(err, ELFIN_E_OUTPUT,
                        "%s: has schema_version %d, and this elfin %s knows up to %d: use a newer "
                        "elfin",
                        path, version, elfin_version(), STORE_SCHEMA_VERSION);
  if (status)
    h5_close(made);
  else
    *file = made;
  return status;
}
