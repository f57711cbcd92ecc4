/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file experiment.c
 * The list of experiments, and the look-up of one by its name or path. */
#include "detector/detector.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char suffix[] = ".yaml";

static bool ends_in_suffix(const char *name)
{
  size_t length = strlen(name), n = strlen(suffix);
  return length > n && strcmp(name + length - n, suffix) == 0;
}

/* folder/experiments[/name.yaml], malloc()ed. */
static char *path_of(const char *name)
{
  const char *folder = elfin_data_dir();
  size_t size = strlen(folder) + strlen("/experiments/") + strlen(name) + strlen(suffix) + 1;
  char *path = malloc(size);
  if (path)
    snprintf(path, size, "%s/experiments%s%s%s", folder, *name ? "/" : "", name,
             *name ? suffix : "");
  return path;
}

/* ---- the list ---------------------------------------------------------------------------------
 */

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

elfin_status elfin_experiment_list(size_t *n, char ***names, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  size_t n_found = 0;
  char **found = NULL, *folder = path_of("");
  DIR *open = folder ? opendir(folder) : NULL;
  if (!folder) {
    status = elfin_fail(err, ELFIN_E_MEMORY, "the list of experiments: no memory");
    goto out;
  }
  if (!open) {
    status = elfin_fail(err, ELFIN_E_DATA,
                        "%s: %s; ELFIN_DATA must name the folder that holds experiments/", folder,
                        strerror(errno));
    goto out;
  }
  for (struct dirent *entry; (entry = readdir(open));)
    if (ends_in_suffix(entry->d_name) && entry->d_name[0] != '.' &&
        !append_name(entry->d_name, &n_found, &found)) {
      status = elfin_fail(err, ELFIN_E_MEMORY, "the list of experiments: no memory");
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

/* ---- memory -----------------------------------------------------------------------------------
 */

void *detector_keep(detector_owner *made, size_t n, size_t size)
{
  void *block = calloc(n ? n : 1, size);
  void **grown = block ? realloc(made->kept, (made->n_kept + 1) * sizeof *grown) : NULL;
  if (!grown) {
    free(block);
    made->no_memory = true;
    return NULL;
  }
  made->kept = grown;
  made->kept[made->n_kept++] = block;
  return block;
}

void detector_owner_free(detector_owner *made)
{
  if (!made)
    return;
  for (size_t i = 0; i < made->n_kept; i++)
    free(made->kept[i]);
  free(made->kept);
  free(made->path);
  document_free(made->doc);
  free(made);
}

/* ---- one experiment ---------------------------------------------------------------------------
 */

void elfin_experiment_free(elfin_experiment *experiment)
{
  if (experiment)
    detector_owner_free(experiment->owner);
}

/* "unknown experiment SENSAI; did you mean SENSEI_2020? Known are …" */
static elfin_status unknown_name(const char *name, elfin_error *err)
{
  size_t n, used = 0;
  char **names, known[sizeof err->text] = "";
  elfin_status status = elfin_experiment_list(&n, &names, err);
  if (status)
    return status;
  for (size_t i = 0; i < n && used + 1 < sizeof known; i++)
    used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", names[i]);
  const char *near = nearest_name(name, n, (const char *const *)names);
  status =
      elfin_fail(err, ELFIN_E_DATA,
                 "unknown experiment %.60s%s%s%s (a file of your own needs a / or .yaml); known "
                 "are %s",
                 name, near ? "; did you mean " : "", near ? near : "", near ? "?" : "", known);
  free_names(n, names);
  return status;
}

static elfin_status report(const problems *list, elfin_error *err)
{
  size_t n = problems_count(list);
  if (n > 1)
    return elfin_fail(err, ELFIN_E_DATA, "%s (and %zu more in this file)", problems_first(list),
                      n - 1);
  return elfin_fail(err, ELFIN_E_DATA, "%s", problems_first(list));
}

/* Read the file at `path`, which is taken over. */
static elfin_status open_path(char *path, elfin_experiment **experiment, elfin_error *err)
{
  elfin_status status = ELFIN_E_MEMORY;
  problems *list = problems_new(path);
  detector_owner *made = calloc(1, sizeof *made);
  if (made)
    made->path = path;
  else
    free(path);
  if (!made || !list)
    goto out;
  made->list = list;
  status = document_open(made->path, &made->doc, list);
  if (!status)
    status = detector_file_read(document_root(made->doc), made);
  if (status)
    goto out;
  made->list = NULL;
  made->experiment.path = made->path;
  made->experiment.owner = made;
  *experiment = &made->experiment;
  made = NULL;
out:
  if (status == ELFIN_E_DATA)
    report(list, err);
  else if (status)
    elfin_fail(err, status, "an experiment: no memory");
  detector_owner_free(made);
  problems_free(list);
  return status;
}

elfin_status elfin_experiment_open(const char *name, elfin_experiment **experiment,
                                   elfin_error *err)
{
  bool is_path = strchr(name, '/') || ends_in_suffix(name);
  if (!*name)
    return elfin_fail(err, ELFIN_E_DATA, "the name of an experiment is empty");
  char *path = is_path ? strdup(name) : path_of(name);
  if (!path)
    return elfin_fail(err, ELFIN_E_MEMORY, "%.60s: no memory", name);
  if (!is_path && (*name == '.' || access(path, F_OK) != 0)) {
    free(path);
    return unknown_name(name, err);
  }
  return open_path(path, experiment, err);
}
