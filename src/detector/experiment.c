/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file experiment.c
 * The list of experiments, and the look-up of one by its name or path. */
#include "detector/detector.h"

#include "document/shelf.h"

#include <stdlib.h>

static const shelf experiments = {"experiments", "experiment", 0, NULL};

elfin_status elfin_experiment_list(size_t *n, char ***names, elfin_error *err)
{
  return shelf_list(&experiments, n, names, err);
}

static void owner_free(detector_owner *made)
{
  if (!made)
    return;
  keep_free(&made->kept);
  free(made->path);
  document_free(made->doc);
  free(made);
}

void elfin_experiment_free(elfin_experiment *experiment)
{
  if (experiment)
    owner_free(experiment->owner);
}

/* Read the file at `path`, which is taken over. What is wrong with it goes to *faults, if that is wanted. */
static elfin_status open_path(char *path, elfin_experiment **experiment, problems **faults,
                              elfin_error *err)
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
    shelf_refuse(list, err);
  else if (status)
    elfin_fail(err, status, "an experiment: no memory");
  owner_free(made);
  if (faults)
    *faults = list;
  else
    problems_free(list);
  return status;
}

elfin_status elfin_experiment_open(const char *name, elfin_experiment **experiment, elfin_error *err)
{
  char *path;
  elfin_status status = shelf_path(&experiments, name, &path, err);
  return status ? status : open_path(path, experiment, NULL, err);
}

size_t elfin_experiment_faults(const char *name, elfin_fault *tell, void *context)
{
  elfin_experiment *experiment = NULL;
  problems *faults = NULL;
  char *path;
  if (shelf_path(&experiments, name, &path, NULL))
    return 0;
  open_path(path, &experiment, &faults, NULL);
  size_t n = problems_tell(faults, tell, context);
  problems_free(faults);
  elfin_experiment_free(experiment);
  return n;
}
