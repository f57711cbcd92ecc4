/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file store_check.h
 * What the tests of result files share: a campaign with every kind of axis and observable, rows
 * with numbers that tell where they belong, and an empty folder. */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H

#include "store/store.h"

#include "check.h"

#include <ftw.h>
#include <unistd.h>

/* Two sweeps; `many` has 2·1·3·2·3 = 36 tasks, two cross sections, two thresholds, and all
 * observables: 5 bins, 2 energies, 3 charges. `few` has 4 tasks. */
static const char job_text[] = "name: kept\n"
                               "sweeps:\n"
                               "  many:\n"
                               "    process: electron\n"
                               "    material: [Si, Ge]\n"
                               "    response: lindhard\n"
                               "    mediator: [massless, massive, 10 keV]\n"
                               "    halo: {v0: [220 km/s, 230 km/s]}\n"
                               "    mass: [1 MeV, 10 MeV, 100 MeV]\n"
                               "    cross_section: [1e-38 cm2, 3e-38 cm2]\n"
                               "    threshold: [default, 10 eV]\n"
                               "    spectrum: {linear: [0 eV, 50 eV, 6]}\n"
                               "    at: [7 eV, 21 eV]\n"
                               "    charge: 3\n"
                               "  few:\n"
                               "    process: electron\n"
                               "    material: Al\n"
                               "    response: lindhard\n"
                               "    mediator: massive\n"
                               "    mass: {log: [1 MeV, 1 GeV, 4]}\n"
                               "    cross_section: 1e-40 cm2\n";

enum { MANY_TASKS = 36, FEW_TASKS = 4 };

/** The campaign of a text; yours. */
static inline campaign *campaign_of(const char *text)
{
  campaign *c = NULL;
  problems *list = problems_new("job.yaml");
  if (campaign_parse(text, strlen(text), ".", store_open_response, &c, list)) {
    problems_print(list, stderr);
    exit(1);
  }
  problems_free(list);
  return c;
}

/** A number that says where it belongs: observable and flat place in its dataset. */
static inline double number_at(int observable, uint64_t place)
{
  return 1e6 * (observable + 1) + (double)place + 0.1;
}

/** Rows of tasks first … first+n−1 of a sweep, all done, every number its number_at(). */
static inline campaign_rows *rows_of(const campaign *c, size_t i_sweep, size_t first, size_t n)
{
  const campaign_sweep *sweep = campaign_sweep_at(c, i_sweep);
  campaign_rows *rows = NULL;
  if (campaign_rows_new(c, i_sweep, n, &rows, NULL))
    exit(1);
  rows->first = first;
  rows->n = n;
  for (size_t o = 0; o < sweep->n_observables; o++) {
    observable_kind kind = sweep->observables[o].kind;
    size_t per_task = sweep->n_scale * sweep->observables[o].n;
    for (size_t i = 0; i < n * per_task; i++) {
      uint64_t place = first * per_task + i;
      rows->value[kind][i] = number_at((int)kind, place);
      rows->error[kind][i] = number_at((int)kind, place) * 1e-5;
      rows->status[kind][i] = 1;
      if (kind != OBS_RATE)
        continue;
      rows->flags[i] = (uint32_t)(place % 32);
      rows->evaluations[i] = i % per_task ? 0 : (int64_t)(1000 + first + i / per_task);
    }
  }
  return rows;
}

/** Create the file of a campaign. */
static inline elfin_status create(const char *path, const campaign *c, bool overwrite,
                                  elfin_error *err)
{
  store_run run = {.command = "elfin run job.yaml", .n_ranks = 1, .overwrite = overwrite};
  return store_create(path, c, &run, err);
}

static inline int remove_entry(const char *path, const struct stat *about, int kind,
                               struct FTW *where)
{
  (void)about, (void)kind, (void)where;
  return remove(path);
}

/** Into an empty folder, made from a name that ends in XXXXXX. */
static inline void enter_folder(char name[])
{
  if (!mkdtemp(name) || chdir(name)) {
    perror(name);
    exit(1);
  }
}

/** Out of it, and away with it. */
static inline void leave_folder(const char *name)
{
  if (chdir("..") == 0)
    nftw(name, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
