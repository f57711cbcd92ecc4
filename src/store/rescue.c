/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file rescue.c
 * A result file whose name is gone: deleted under a running job, or replaced. Its data lives as
 * long as somebody has it open; here it gets a name again. And copying, holes and all. */
#define _GNU_SOURCE /* SEEK_DATA */
#include "store/access.h"
#include "store/layout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, BLOCK = 1 << 20 };

bool file_is_at(const char *path, int descriptor)
{
  struct stat named, open_one;
  if (descriptor < 0 || fstat(descriptor, &open_one) != 0)
    return true; /* nobody can tell */
  if (stat(path, &named) != 0)
    return errno != ENOENT; /* a file system that does not answer has not lost it */
  return named.st_dev == open_one.st_dev && named.st_ino == open_one.st_ino;
}

/* Bytes first … end−1. */
static bool copy_range(int from, int to, off_t first, off_t end, char *block)
{
  while (first < end) {
    off_t left = end - first;
    ssize_t n = pread(from, block, left < BLOCK ? (size_t)left : BLOCK, first);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return false;
    for (ssize_t done = 0, some; done < n; done += some)
      if ((some = pwrite(to, block + done, (size_t)(n - done), first + done)) <= 0)
        return false;
    first += n;
  }
  return true;
}

bool file_copy(int from, int to)
{
  struct stat about;
  char *block = malloc(BLOCK);
  bool fine = block && fstat(from, &about) == 0 && ftruncate(to, about.st_size) == 0;
  for (off_t at = 0, data; fine && at < about.st_size;) {
    data = lseek(from, at, SEEK_DATA);
    if (data < 0 && errno == ENXIO)
      break; /* only a hole is left */
    off_t end = data < 0 ? about.st_size : lseek(from, data, SEEK_HOLE);
    data = data < 0 ? at : data; /* a file system without holes */
    end = end < 0 ? about.st_size : end;
    fine = copy_range(from, to, data, end, block);
    at = end;
  }
  free(block);
  return fine && fsync(to) == 0;
}

elfin_status file_rescue(const char *path, int descriptor, elfin_error *err)
{
  char name[PATH_SIZE];
  int made = -1;
  if (strlen(path) + sizeof ".rescued" > sizeof name)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%.200s…: the path is too long", path);
  snprintf(name, sizeof name, "%s", path);
  made = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (made < 0 && errno == EEXIST) {
    snprintf(name, sizeof name, "%s.rescued", path);
    made = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  }
  if (made < 0)
    return elfin_fail(err, ELFIN_E_OUTPUT,
                      "%s: was deleted under this run, and cannot be saved: %s", name,
                      strerror(errno));
  bool fine = file_copy(descriptor, made);
  int error = errno;
  close(made);
  if (!fine) {
    unlink(name);
    return elfin_fail(err, ELFIN_E_OUTPUT,
                      "%s: was deleted under this run, and cannot be saved: %s", name,
                      strerror(error));
  }
  return elfin_fail(err, ELFIN_E_OUTPUT,
                    "%s: was deleted or replaced under this run; what was computed is saved in %s",
                    path, name);
}
