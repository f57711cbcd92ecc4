/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file runs.c
 * /runs: a record for each run that computed something, and `run` of each sweep says which run
 * computed which task.
 *
 * The records' places are made with the file, and empty until they are needed: a run that begins
 * and ends writes only raw data, so that a kill at that moment leaves a file that opens. After the
 * last place the runs share it. */
#include "store/layout.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct column {
  const char *name;
  size_t offset, size; /* size 0: a number */
  hid_t (*type)(void);
} column;

static hid_t number_type(void)
{
  return H5T_NATIVE_INT32;
}
static hid_t large_number_type(void)
{
  return H5T_NATIVE_UINT64;
}

#define TEXT(member)                                                                               \
  {                                                                                                \
#member, offsetof(store_run_record, member), sizeof((store_run_record *)NULL)->member, NULL    \
  }
#define NUMBER(member)                                                                             \
  {                                                                                                \
#member, offsetof(store_run_record, member), 0, number_type                                    \
  }

static const column columns[] = {
    TEXT(began),
    TEXT(ended),
    TEXT(end),
    TEXT(elfin_version),
    TEXT(git_commit),
    TEXT(build),
    TEXT(libraries),
    TEXT(hosts),
    TEXT(command),
    NUMBER(ranks),
    NUMBER(part),
    NUMBER(n_parts),
    {"tasks", offsetof(store_run_record, tasks), 0, large_number_type}};
enum { N_COLUMNS = sizeof columns / sizeof *columns };

static hid_t record_type(void)
{
  hid_t made = H5Tcreate(H5T_COMPOUND, sizeof(store_run_record));
  bool fine = made >= 0;
  for (size_t i = 0; fine && i < N_COLUMNS; i++) {
    const column *c = &columns[i];
    hid_t text = c->size ? H5Tcopy(H5T_C_S1) : H5I_INVALID_HID;
    if (c->size)
      fine = text >= 0 && H5Tset_size(text, c->size) >= 0 && H5Tset_cset(text, H5T_CSET_UTF8) >= 0;
    fine = fine && H5Tinsert(made, c->name, c->offset, c->size ? text : c->type()) >= 0;
    h5_close(text);
  }
  if (fine)
    return made;
  h5_close(made);
  return H5I_INVALID_HID;
}

void runs_now(char text[STORE_TIME_TEXT])
{
  struct tm parts;
  time_t now = time(NULL);
  gmtime_r(&now, &parts);
  strftime(text, STORE_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

bool runs_create(hid_t file)
{
  const hsize_t n = STORE_MOST_RUNS;
  hid_t type = record_type(), space = H5Screate_simple(1, &n, NULL);
  hid_t creation = H5Pcreate(H5P_DATASET_CREATE), made = H5I_INVALID_HID;
  if (type >= 0 && space >= 0 && creation >= 0 &&
      H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY) >= 0 &&
      H5Pset_obj_track_times(creation, false) >= 0)
    made = H5Dcreate2(file, STORE_RUNS, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  bool fine = made >= 0 &&
              h5_put_text(made, "long_name",
                          "runs that computed this file; an empty `began` is an unused place, an "
                          "empty `ended` a run that was killed");
  h5_close(made);
  h5_close(creation);
  h5_close(space);
  h5_close(type);
  return fine;
}

bool runs_read(hid_t file, size_t *n, store_run_record **records)
{
  hid_t dataset = H5Dopen2(file, STORE_RUNS, H5P_DEFAULT), type = record_type();
  size_t n_places = 0;
  store_run_record *made = NULL;
  bool fine = dataset >= 0 && type >= 0 && h5_count(dataset, &n_places) &&
              n_places == STORE_MOST_RUNS && (made = calloc(n_places + 1, sizeof *made)) &&
              H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, made) >= 0;
  h5_close(type);
  h5_close(dataset);
  if (!fine) {
    free(made);
    return false;
  }
  for (size_t i = 0; i < n_places; i++)
    for (size_t k = 0; k < N_COLUMNS; k++)
      if (columns[k].size)
        ((char *)&made[i])[columns[k].offset + columns[k].size - 1] = '\0';
  *n = 0;
  while (*n < n_places && made[*n].began[0])
    ++*n;
  *records = made;
  return true;
}

bool runs_write(hid_t file, size_t place, const store_run_record *record)
{
  hid_t dataset = H5Dopen2(file, STORE_RUNS, H5P_DEFAULT), type = record_type();
  store_run_record copy = *record; /* transfer() may also read */
  bool fine = dataset >= 0 && type >= 0 && transfer(dataset, type, place, 1, &copy, true);
  h5_close(type);
  h5_close(dataset);
  return fine;
}

static void put(char *text, size_t size, const char *from)
{
  snprintf(text, size, "%s", from ? from : "");
}

bool runs_begin(hid_t file, const store_run *run, size_t *place, store_run_record *record)
{
  size_t n = 0;
  store_run_record *all = NULL;
  if (!runs_read(file, &n, &all))
    return false;
  free(all);
  memset(record, 0, sizeof *record);
  runs_now(record->began);
  put(record->elfin_version, sizeof record->elfin_version, elfin_version());
  put(record->git_commit, sizeof record->git_commit, elfin_git_commit());
  put(record->build, sizeof record->build, elfin_build());
  put(record->libraries, sizeof record->libraries, run->libraries);
  put(record->hosts, sizeof record->hosts, run->hosts);
  put(record->command, sizeof record->command, run->command);
  record->ranks = run->n_ranks;
  record->part = (int32_t)run->part.i;
  record->n_parts = (int32_t)run->part.n;
  *place = n < STORE_MOST_RUNS ? n : STORE_MOST_RUNS - 1;
  return runs_write(file, *place, record);
}
