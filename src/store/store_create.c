/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file store_create.c
 * Making a result file: serially, under a temporary name, complete but for results; then flushed,
 * tried, and renamed. Whatever happens before that leaves nothing under the real name, and what was
 * there stays until the new file is readable. */
#define _GNU_SOURCE /* fallocate() */
#include "store/access.h"
#include "store/layout.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

/* ---- contents -------------------------------------------------------------------------------- */

static elfin_status write_everything(const char *path, hid_t file, const campaign *c,
                                     const store_run *run, elfin_error *err)
{
  hid_t failures = H5Gcreate2(file, STORE_FAILURES, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  h5_close(failures);
  if (failures < 0 || !runs_create(file))
    return h5_fail(err, ELFIN_E_OUTPUT, path, "cannot be written");
  for (size_t i = 0; i < campaign_n_sweeps(c); i++) {
    const campaign_sweep *sweep = campaign_sweep_at(c, i);
    if (sweep->n_axes >= H5S_MAX_RANK)
      return elfin_fail(err, ELFIN_E_OUTPUT, "%s: sweep %s has %zu axes, and HDF5 takes %d", path,
                        sweep->name, sweep->n_axes, H5S_MAX_RANK - 1);
    if (!sweep_write(file, c, i))
      return h5_fail(err, ELFIN_E_OUTPUT, path, "sweep %s cannot be written", sweep->name);
  }
  elfin_status status = provenance_write(path, file, c, run, err);
  if (!status && H5Fflush(file, H5F_SCOPE_GLOBAL) < 0)
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "cannot be written");
  return status;
}

/* ---- the temporary file ---------------------------------------------------------------------- */

/* Temporary files of this name whose makers were killed: nobody holds their locks. */
static void remove_leftovers(const char *folder, const char *prefix)
{
  char path[PATH_SIZE];
  DIR *list = opendir(folder);
  for (struct dirent *entry; list && (entry = readdir(list));) {
    if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0 ||
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path)
      continue;
    int descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor >= 0 && lock_try(descriptor))
      unlink(path);
    if (descriptor >= 0)
      close(descriptor);
  }
  if (list)
    closedir(list);
}

/* ".name.tmp-PID" beside the file; made empty and locked. */
static elfin_status begin_temporary(const char *path, char temporary[PATH_SIZE], int *descriptor,
                                    elfin_error *err)
{
  char folder[PATH_SIZE], prefix[PATH_SIZE];
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  if (!*name || strlen(path) + 64 > PATH_SIZE)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%.200s: not the name of a file", path);
  int length = slash ? (int)(slash - path) : 1;
  snprintf(folder, sizeof folder, "%.*s%s", length, slash ? path : ".", slash == path ? "/" : "");
  snprintf(prefix, sizeof prefix, ".%s.tmp-", name);
  remove_leftovers(folder, prefix);
  snprintf(temporary, PATH_SIZE, "%.*s.%s.tmp-%ld", slash ? length + 1 : 0, path, name,
           (long)getpid());
  *descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (*descriptor < 0)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be created: %s", path, strerror(errno));
  (void)lock_try(*descriptor); /* without locks nothing is ever taken for a leftover */
  return ELFIN_OK;
}

/* Under the real name. Without `overwrite` link() makes sure that nothing is replaced, not even
 * what another run created a moment ago. */
static elfin_status put_in_place(const char *temporary, const char *path, bool overwrite,
                                 elfin_error *err)
{
  if (overwrite) {
    if (rename(temporary, path) == 0)
      return ELFIN_OK;
  } else if (link(temporary, path) == 0) {
    unlink(temporary);
    return ELFIN_OK;
  } else if (errno != EEXIST && access(path, F_OK) != 0 && rename(temporary, path) == 0) {
    return ELFIN_OK; /* a file system without links */
  }
  return elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be created: %s", path, strerror(errno));
}

/* The disk promises room, where its file system can: a full one shows here, before HDF5 meets it
 * (HDF5 cannot close a file that it cannot write), and not in the third day of a run. */
static elfin_status reserve(const char *path, int descriptor, int mode, uint64_t bytes,
                            elfin_error *err)
{
  if (fallocate(descriptor, mode, 0, (off_t)bytes) != 0 &&
      (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: there is no room for its %llu bytes: %s", path,
                      (unsigned long long)bytes, strerror(errno));
  return ELFIN_OK;
}

/* Parts that were not filled are promised, too; what was promised beyond the end is given back. */
static elfin_status settle(const char *path, int descriptor, bool promise, elfin_error *err)
{
  struct stat about;
  if (fstat(descriptor, &about) != 0 || ftruncate(descriptor, about.st_size) != 0)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
  elfin_status status =
      promise ? reserve(path, descriptor, 0, (uint64_t)about.st_size, err) : ELFIN_OK;
  if (!status && fsync(descriptor) != 0)
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
  return status;
}

/* ---- all ------------------------------------------------------------------------------------- */

static elfin_status check_place(const char *path, bool overwrite, elfin_error *err)
{
  struct stat about;
  if (lstat(path, &about) != 0)
    return ELFIN_OK;
  if (S_ISDIR(about.st_mode))
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: is a folder; -o names a file: %s%sNAME.h5", path, path,
                      path[strlen(path) - 1] == '/' ? "" : "/");
  if (!overwrite)
    return elfin_fail(err, ELFIN_E_OUTPUT,
                      "%s: exists already; --resume goes on with it, --overwrite replaces it, -o "
                      "names another file",
                      path);
  if (!S_ISREG(about.st_mode))
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: is not a plain file, and will not be replaced",
                      path);
  int lock = -1;
  elfin_status status = lock_take(path, 0, &lock, err);
  lock_drop(lock);
  return status;
}

typedef struct new_file {
  const campaign *c;
  const store_run *run;
} new_file;

/* A part's file has holes where the others' tasks are: no room is promised for these. */
static uint64_t promised(const new_file *new)
{
  return new->run->part.n > 1 ? 0 : store_size(new->c);
}

static elfin_status check_room(const char *path, const new_file *new, elfin_error *err)
{
  uint64_t need = store_size_of_part(new->c, new->run->part), room = 0;
  elfin_status status = store_room(path, &room, err);
  if (!status && need > room)
    status = elfin_fail(err, ELFIN_E_OUTPUT,
                        "%s: needs %llu bytes, and its disk has %llu: choose another with -o", path,
                        (unsigned long long)need, (unsigned long long)room);
  return status;
}

static elfin_status fill_new(const char *path, const char *temporary, int descriptor, void *context,
                             elfin_error *err)
{
  const new_file *new = context;
  elfin_status status = check_room(path, new, err);
  if (!status && promised(new))
    status = reserve(path, descriptor, 0, promised(new), err);
  if (status)
    return status;
  hid_t access = access_alone();
  hid_t file = access < 0 ? access : H5Fcreate(temporary, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  h5_close(access);
  if (file < 0)
    return h5_fail(err, ELFIN_E_OUTPUT, path, "cannot be created");
  if (promised(new)) /* it was cut to 0 */
    (void)reserve(path, descriptor, FALLOC_FL_KEEP_SIZE, promised(new), NULL);
  status = write_everything(path, file, new->c, new->run, err);
  if (H5Fclose(file) < 0 && !status)
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "cannot be written");
  return status ? status : settle(path, descriptor, promised(new) > 0, err);
}

elfin_status store_make(const char *path, bool overwrite, store_fill *fill, void *context,
                        elfin_error *err)
{
  char temporary[PATH_SIZE];
  int descriptor = -1;
  hid_t file = H5I_INVALID_HID;
  h5_quiet();
  elfin_status status = check_place(path, overwrite, err);
  if (!status)
    status = begin_temporary(path, temporary, &descriptor, err);
  if (status)
    return status;
  status = fill(path, temporary, descriptor, context, err);
  if (!status && !(status = store_file_open(temporary, false, &file, err)))
    h5_close(file);
  if (!status)
    status = put_in_place(temporary, path, overwrite, err);
  if (status)
    unlink(temporary);
  close(descriptor);
  return status;
}

elfin_status store_create(const char *path, const campaign *c, const store_run *run,
                          elfin_error *err)
{
  store_run all = *run;
  if (all.part.n == 0)
    all.part = (store_part){1, 1};
  new_file new = {c, &all};
  return store_make(path, run->overwrite, fill_new, &new, err);
}
