/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_check.h
 * What the tests of imports share: temporary folders, files, and their bytes. */
#ifndef IMPORT_CHECK_H
#define IMPORT_CHECK_H

#include "check.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096 };

static inline void folder_new(char path[PATH_ROOM])
{
  strcpy(path, "/tmp/elfin_import_XXXXXX");
  if (!mkdtemp(path)) {
    perror(path);
    exit(1);
  }
}

static inline void write_file(const char *folder, const char *name, const char *text)
{
  char path[PATH_ROOM];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "w");
  if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
    perror(path);
    exit(1);
  }
}

/* How many entries a folder has, hidden ones, too. */
static inline size_t entries_of(const char *folder)
{
  size_t n = 0;
  DIR *open = opendir(folder);
  for (struct dirent *entry; open && (entry = readdir(open));)
    n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
  if (open)
    closedir(open);
  return n;
}

/* rm -r, two levels deep. */
static inline void folder_remove(const char *folder)
{
  char path[PATH_ROOM];
  DIR *open = opendir(folder);
  for (struct dirent *entry; open && (entry = readdir(open));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= PATH_ROOM)
      continue;
    struct stat what;
    if (lstat(path, &what) == 0 && S_ISDIR(what.st_mode))
      folder_remove(path);
    else
      unlink(path);
  }
  if (open)
    closedir(open);
  rmdir(folder);
}

#endif
