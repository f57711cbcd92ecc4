/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file shelf.c
 * Names → files of the data folder [shelf.h]. */
#include "document/shelf.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char suffix[] = ".yaml";

static bool ends_in_suffix(const char *name)
{
  size_t length = strlen(name), n = strlen(suffix);
  return length > n && strcmp(name + length - n, suffix) == 0;
}

/* data/materials[/name.yaml], malloc()ed. */
static char *path_of(const shelf *s, const char *name)
{
  const char *data = elfin_data_dir();
  size_t size = strlen(data) + strlen(s->folder) + strlen(name) + strlen(suffix) + 3;
  char *path = malloc(size);
  if (path)
    snprintf(path, size, "%s/%s%s%s%s", data, s->folder, *name ? "/" : "", name, *name ? suffix : "");
  return path;
}

/* ---- the list -------------------------------------------------------------------------------- */

static void free_names(size_t n, char **names)
{
  for (size_t i = 0; i < n; i++)
    free(names[i]);
  free(names);
}

static int by_name(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Append `name` without its suffix; *names grows. */
static bool append_name(const char *name, size_t *n, char ***names)
{
  char **grown = realloc(*names, (*n + 1) * sizeof *grown);
  if (!grown)
    return false;
  *names = grown;
  grown[*n] = strndup(name, strlen(name) - strlen(suffix));
  if (!grown[*n])
    return false;
  (*n)++;
  return true;
}

elfin_status shelf_list(const shelf *s, size_t *n, char ***names, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  size_t n_found = 0;
  char **found = NULL, *folder = path_of(s, "");
  DIR *open = folder ? opendir(folder) : NULL;
  if (!folder) {
    status = elfin_fail(err, ELFIN_E_MEMORY, "the list of %ss: no memory", s->what);
    goto out;
  }
  if (!open) {
    status = elfin_fail(err, ELFIN_E_DATA, "%s: %s; ELFIN_DATA must name the folder that holds %s/",
                        folder, strerror(errno), s->folder);
    goto out;
  }
  for (struct dirent *entry; (entry = readdir(open));)
    if (ends_in_suffix(entry->d_name) && entry->d_name[0] != '.' &&
        !append_name(entry->d_name, &n_found, &found)) {
      status = elfin_fail(err, ELFIN_E_MEMORY, "the list of %ss: no memory", s->what);
      goto out;
    }
  if (n_found)
    qsort(found, n_found, sizeof *found, by_name);
  *n = n_found;
  *names = found;
  n_found = 0;
  found = NULL;
out:
  free_names(n_found, found);
  if (open)
    closedir(open);
  free(folder);
  return status;
}

/* ---- one of them ----------------------------------------------------------------------------- */

/* The name that `word` is a word for; else the nearest of the names; NULL: none is near. */
static const char *meant(const shelf *s, const char *word, size_t n, char *const names[])
{
  for (size_t i = 0; i < s->n_words; i++)
    if (strcasecmp(s->words[i].said, word) == 0)
      return s->words[i].name;
  return nearest_name(word, n, (const char *const *)names);
}

/* "unknown material Sii; did you mean Si? Known are Ag, Al, …" */
static elfin_status unknown_name(const shelf *s, const char *name, elfin_error *err)
{
  size_t n, used = 0;
  char **names, known[sizeof err->text] = "";
  elfin_status status = shelf_list(s, &n, &names, err);
  if (status)
    return status;
  for (size_t i = 0; i < n && used + 1 < sizeof known; i++)
    used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", names[i]);
  const char *near = meant(s, name, n, names);
  if (n == 0)
    status = elfin_fail(err, ELFIN_E_DATA, "unknown %s %.60s: there are none in %s/%s", s->what, name,
                        elfin_data_dir(), s->folder);
  else if (near)
    status = elfin_fail(err, ELFIN_E_DATA, "unknown %s %.60s; did you mean %s? Known are %s", s->what,
                        name, near, known);
  else
    status = elfin_fail(err, ELFIN_E_DATA, "unknown %s %.60s (a file of your own needs a / or .yaml); "
                        "known are %s", s->what, name, known);
  free_names(n, names);
  return status;
}

elfin_status shelf_path(const shelf *s, const char *name, char **path, elfin_error *err)
{
  bool is_path = strchr(name, '/') || ends_in_suffix(name);
  if (!*name)
    return elfin_fail(err, ELFIN_E_DATA, "the name of %s %s is empty",
                      strchr("aeiou", *s->what) ? "an" : "a", s->what);
  char *made = is_path ? strdup(name) : path_of(s, name);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "%.60s: no memory", name);
  if (!is_path && (*name == '.' || access(made, F_OK) != 0)) {
    free(made);
    return unknown_name(s, name, err);
  }
  *path = made;
  return ELFIN_OK;
}

elfin_status shelf_refuse(const problems *list, elfin_error *err)
{
  size_t n = problems_count(list);
  if (n > 1)
    return elfin_fail(err, ELFIN_E_DATA, "%s (and %zu more in this file)", problems_first(list),
                      n - 1);
  return elfin_fail(err, ELFIN_E_DATA, "%s", problems_first(list));
}
