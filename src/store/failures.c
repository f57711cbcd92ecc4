/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file failures.c
 * /failures/SWEEP: which points failed, and why.
 *
 * A record's place follows from its point, so that ranks need not ask each other, a retry meets the
 * old record, and a reader drops records of points that have succeeded since. */
#include "store/layout.h"

#include <stdlib.h>
#include <string.h>

/** Numbers of observables before `kind`: a point's place in the sweep is counted from there. */
static uint64_t numbers_before(const campaign_sweep *sweep, observable_kind kind)
{
  uint64_t n = 0;
  for (size_t i = 0; i < sweep->n_observables && sweep->observables[i].kind != kind; i++)
    n += (uint64_t)sweep->n_tasks * sweep->n_scale * sweep->observables[i].n;
  return n;
}

size_t failures_room(const campaign_sweep *sweep)
{
  uint64_t all = numbers_before(sweep, N_OBS);
  return all < FAILURES_MOST ? (size_t)all : FAILURES_MOST;
}

hid_t failures_type(bool in_file)
{
  hid_t text = H5Tcopy(H5T_C_S1);
  hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(failure_record));
  bool fine = text >= 0 && type >= 0 && H5Tset_size(text, REASON_SIZE) >= 0 &&
              H5Tset_cset(text, H5T_CSET_UTF8) >= 0 &&
              H5Tinsert(type, "point", HOFFSET(failure_record, point),
                        in_file ? H5T_STD_U64LE : H5T_NATIVE_UINT64) >= 0 &&
              H5Tinsert(type, "observable", HOFFSET(failure_record, observable),
                        in_file ? H5T_STD_U32LE : H5T_NATIVE_UINT32) >= 0 &&
              H5Tinsert(type, "reason", HOFFSET(failure_record, reason), text) >= 0;
  h5_close(text);
  if (fine)
    return type;
  h5_close(type);
  return H5I_INVALID_HID;
}

bool failures_write(hid_t dataset, const campaign_sweep *sweep, const campaign_rows *rows)
{
  size_t n = rows->n_failures, room = failures_room(sweep);
  if (n == 0 || room == 0)
    return true;
  failure_record *record = calloc(n, sizeof *record);
  hsize_t *place = calloc(n, sizeof *place), length = n;
  hid_t type = failures_type(false), file_space = H5Dget_space(dataset);
  hid_t memory_space = H5Screate_simple(1, &length, NULL);
  bool fine = record && place && type >= 0 && file_space >= 0 && memory_space >= 0;
  for (size_t i = 0; fine && i < n; i++) {
    const campaign_failure *failure = &rows->failures[i];
    record[i].point = failure->point;
    record[i].observable = failure->observable;
    memcpy(record[i].reason, failure->reason, REASON_SIZE);
    record[i].reason[REASON_SIZE - 1] = '\0';
    place[i] =
        (numbers_before(sweep, (observable_kind)failure->observable) + failure->point) % room;
  }
  fine = fine && H5Sselect_elements(file_space, H5S_SELECT_SET, n, place) >= 0 &&
         H5Dwrite(dataset, type, memory_space, file_space, H5P_DEFAULT, record) >= 0;
  h5_close(memory_space);
  h5_close(file_space);
  h5_close(type);
  free(place);
  free(record);
  return fine;
}

bool failures_merge(hid_t into, hid_t from)
{
  size_t n = 0, n_from = 0;
  hid_t type = failures_type(false);
  bool fine = type >= 0 && h5_count(into, &n) && h5_count(from, &n_from) && n == n_from;
  failure_record *there = fine ? calloc(n + 1, sizeof *there) : NULL;
  failure_record *more = fine ? calloc(n + 1, sizeof *more) : NULL;
  fine = there && more && H5Dread(into, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, there) >= 0 &&
         H5Dread(from, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, more) >= 0;
  for (size_t i = 0; fine && i < n; i++)
    if (!there[i].reason[0])
      there[i] = more[i];
  fine = fine && H5Dwrite(into, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, there) >= 0;
  free(more);
  free(there);
  h5_close(type);
  return fine;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const store_field *status_of(uint32_t observable)
{
  for (size_t i = 0; i < N_FIELDS; i++)
    if (store_fields[i].kind == FIELD_STATUS && (uint32_t)store_fields[i].observable == observable)
      return &store_fields[i];
  return NULL;
}

static const char *value_name(observable_kind kind)
{
  for (size_t i = 0; i < N_FIELDS; i++)
    if (store_fields[i].kind == FIELD_VALUE && store_fields[i].observable == kind)
      return store_fields[i].name;
  return "";
}

/* Whether the point has not succeeded since. */
static bool still_failed(hid_t group, const failure_record *record)
{
  uint8_t status = POINT_PENDING;
  const store_field *field = status_of(record->observable);
  hid_t dataset = field && h5_has(group, field->name) ? H5Dopen2(group, field->name, H5P_DEFAULT)
                                                      : H5I_INVALID_HID;
  hid_t space = dataset < 0 ? dataset : H5Dget_space(dataset);
  hssize_t n = space < 0 ? 0 : H5Sget_simple_extent_npoints(space);
  bool is = n > 0 && record->point < (uint64_t)n &&
            transfer(dataset, H5T_NATIVE_UINT8, record->point, 1, &status, false) &&
            status == POINT_FAILED;
  h5_close(space);
  h5_close(dataset);
  return is;
}

/* "mass 1e+06 eV, cross_section …": the point's place on each axis. */
static void print_place(hid_t group, const failure_record *record, FILE *stream)
{
  const char *name = value_name((observable_kind)record->observable);
  size_t n = 0;
  store_axis *axes = NULL;
  hid_t dataset = H5Dopen2(group, name, H5P_DEFAULT);
  fprintf(stream, "%s[%llu]", name, (unsigned long long)record->point);
  if (dataset >= 0 && read_axes(group, dataset, &n, &axes)) {
    uint64_t below = 1;
    for (size_t i = 0; i < n; i++)
      below *= axes[i].n;
    for (size_t i = 0; i < n; i++) {
      below /= axes[i].n;
      size_t at = (size_t)(record->point / below % axes[i].n);
      fputs(i ? ", " : " at ", stream);
      if (axes[i].text)
        fprintf(stream, "%s %s", axes[i].key, axes[i].text[at]);
      else
        fprintf(stream, "%s %g%s%s", axes[i].key, axes[i].value[at], *axes[i].unit ? " " : "",
                axes[i].unit);
    }
    free_axes(n, axes);
  }
  h5_close(dataset);
}

elfin_status store_print_failures(const char *path, const char *sweep, size_t limit, FILE *stream,
                                  elfin_error *err)
{
  hid_t file = H5I_INVALID_HID;
  elfin_status status = store_file_open(path, false, &file, err);
  if (status)
    return status;
  char name[256];
  snprintf(name, sizeof name, STORE_FAILURES "/%s", sweep);
  hid_t group = H5Gopen2(file, sweep, H5P_DEFAULT), dataset = H5Dopen2(file, name, H5P_DEFAULT);
  hid_t type = failures_type(false), space = dataset < 0 ? dataset : H5Dget_space(dataset);
  hssize_t n = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
  failure_record *record =
      n < 0 || n > FAILURES_MOST ? NULL : calloc((size_t)n + 1, sizeof *record);
  if (group < 0 || !record || H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, record) < 0)
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "/%s cannot be read", name);
  for (hssize_t i = 0; !status && i < n && limit > 0; i++) {
    record[i].reason[REASON_SIZE - 1] = '\0';
    if (!record[i].reason[0] || !still_failed(group, &record[i]))
      continue;
    print_place(group, &record[i], stream);
    fprintf(stream, ": %s\n", record[i].reason);
    limit--;
  }
  free(record);
  h5_close(space);
  h5_close(type);
  h5_close(dataset);
  h5_close(group);
  h5_close(file);
  return status;
}
