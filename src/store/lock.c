/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file lock.c
 * One run at a time writes a result file.
 *
 * An "open file description" lock belongs to our descriptor alone: it goes with the process, and
 * stays when HDF5 closes its own descriptor of the same file, as a plain fcntl() lock would not. It
 * is one byte far behind the data, so that the locks of MPI-IO and of readers do not meet it. */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include "store/access.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOCK_OFFSET ((off_t)1 << 62)
static const struct timespec BETWEEN_TRIES = {0, 100000000};
static const double BETWEEN_TRIES_S = 0.1;

/* 0, or errno. */
static int try(int descriptor)
{
  struct flock byte = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_OFFSET, .l_len = 1};
  return fcntl(descriptor, F_OFD_SETLK, &byte) == 0 ? 0 : errno;
}

static bool is_taken(int error)
{
  return error == EAGAIN || error == EACCES;
}

bool lock_try(int descriptor)
{
  return !is_taken(try(descriptor));
}

elfin_status lock_take(const char *path, double wait_s, int *lock, elfin_error *err)
{
  int made = open(path, O_RDWR | O_CLOEXEC), error;
  if (made < 0)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
  for (double waited = 0; is_taken(error = try(made)); waited += BETWEEN_TRIES_S) {
    if (waited >= wait_s) {
      close(made);
      return elfin_fail(err, ELFIN_E_OUTPUT,
                        "%s: another run is writing it; wait for its end, or stop it", path);
    }
    nanosleep(&BETWEEN_TRIES, NULL);
  }
  *lock = made; /* with another error: a file system without locks */
  return ELFIN_OK;
}

void lock_drop(int lock)
{
  if (lock >= 0)
    close(lock);
}
