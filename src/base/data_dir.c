/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file data_dir.c
 * Where elfin's own data lie: asked for; beside the program or library that is running, which may have been
 * moved as a whole since it was installed; where it was to be installed; in the tree that it was built from. */
#include <elfin/base.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool holds_materials(const char *folder)
{
  char path[PATH_MAX + sizeof "/materials"];
  struct stat found;
  int n = snprintf(path, sizeof path, "%s/materials", folder);
  return n < (int)sizeof path && stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

/* Of the program or library that this code is part of, without links. */
static bool own_file(char path[PATH_MAX])
{
  static const char here = 0;
  Dl_info loaded;
  /* Of a program it is how it was called, where a name without a folder was looked up in PATH. */
  if (dladdr(&here, &loaded) && loaded.dli_fname && strchr(loaded.dli_fname, '/') &&
      realpath(loaded.dli_fname, path))
    return true;
  return realpath("/proc/self/exe", path); /* Linux; elsewhere there is none */
}

/* Is `path` in `folder`? */
static bool lies_in(const char *path, const char *folder)
{
  size_t n = strlen(folder);
  return strncmp(path, folder, n) == 0 && path[n] == '/';
}

/* The data folder of the installation that `file` belongs to, into found[]. */
static bool installed_with(const char *file, char found[PATH_MAX])
{
  static const char *const ways[] = {ELFIN_DATA_FROM_PROGRAM, ELFIN_DATA_FROM_LIBRARY};
  const char *name = strrchr(file, '/');
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%.*s/%s", (int)(name - file), file, ways[i]);
    if (n < (int)sizeof path && holds_materials(path) && realpath(path, found))
      return true;
  }
  return false;
}

const char *elfin_data_dir(void)
{
  static _Thread_local char beside[PATH_MAX];
  const char *asked = getenv("ELFIN_DATA");
  if (asked && *asked)
    return asked;
  char file[PATH_MAX];
  bool known = own_file(file);
  if (known && installed_with(file, beside))
    return beside;
  /* What was built here and not installed goes with its source, not with an earlier installation. */
  bool built_here = known && lies_in(file, ELFIN_BUILD) && holds_materials(ELFIN_DATA_SOURCE);
  return !built_here && holds_materials(ELFIN_DATA_INSTALLED) ? ELFIN_DATA_INSTALLED : ELFIN_DATA_SOURCE;
}
