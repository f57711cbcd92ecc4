/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file hdf5_refused.c
 * Why HDF5 did not open a file, in words: what the file system and the superblock say of it [HDF5 File Format
 * Specification 3.0, II.A]. */
#include "store/hdf5_tools.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SUPERBLOCK = 128 /* longer than any */ };

static uint64_t little_endian(const unsigned char byte[], size_t n)
{
  uint64_t value = 0;
  for (size_t i = n; i-- > 0;)
    value = value << 8 | byte[i];
  return value;
}

/* The file's length as its superblock has it; 0: it does not tell, or is itself cut after `n` bytes. */
static uint64_t stated_length(const unsigned char block[SUPERBLOCK], size_t n)
{
  unsigned version = block[8];
  size_t width = version < 2 ? block[13] : block[9]; /* of an address */
  size_t first = version == 0 ? 24 : version == 1 ? 28 : 12;
  if (version > 3 || width == 0 || width > sizeof(uint64_t) || first + 3 * width > n)
    return 0;
  return little_endian(block + first + 2 * width, width); /* base, another, end of file */
}

elfin_status h5_fail_open(elfin_error *err, elfin_status status, const char *path, const char *what)
{
  static const unsigned char signature[8] = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  unsigned char block[SUPERBLOCK] = {0};
  struct stat about;
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return elfin_fail(err, status, "%s: cannot be opened: %s", path, strerror(errno));
  ssize_t n = fstat(descriptor, &about) ? -1 : S_ISREG(about.st_mode) ? pread(descriptor, block, sizeof block, 0) : 0;
  close(descriptor);
  if (n >= 0 && S_ISDIR(about.st_mode))
    return elfin_fail(err, status, "%s: is a folder, and a file is wanted", path);
  if (n >= 0 && S_ISREG(about.st_mode) && about.st_size == 0)
    return elfin_fail(err, status, "%s: is empty", path);
  size_t begun = n < (ssize_t)sizeof signature ? (size_t)(n > 0 ? n : 0) : sizeof signature;
  bool known = begun && memcmp(block, signature, begun) == 0;
  uint64_t stated = known ? stated_length(block, (size_t)n) : 0;
  if (n >= 0 && !known && H5Fis_hdf5(path) <= 0)
    return elfin_fail(err, status, "%s: is no HDF5 file", path);
  if (known && stated > (uint64_t)about.st_size)
    return elfin_fail(err, status,
                      "%s: ends early: %llu of %llu bytes are there; the disk was full, or the copy was cut",
                      path, (unsigned long long)about.st_size, (unsigned long long)stated);
  if (known && n < SUPERBLOCK)
    return elfin_fail(err, status, "%s: ends early, after %zd bytes; the disk was full, or the copy was cut",
                      path, n);
  return h5_fail(err, status, path, "%s", what);
}
