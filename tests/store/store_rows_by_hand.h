/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file store_rows_by_hand.h
 * A campaign whose every number is known beforehand: what the tests of the store put and expect. */
#ifndef STORE_ROWS_BY_HAND_H
#define STORE_ROWS_BY_HAND_H

#include "check.h"
#include "store/store.h"

#include <stdbool.h>
#include <unistd.h>

/** Two sweeps, all observables, axes of names and of numbers, lengths that differ. */
static const char JOB[] = "name: by_hand\n"
                          "sweeps:\n"
                          "  first:\n"
                          "    process: electron\n"
                          "    material: [Si, Ge, Al]\n"
                          "    response: lindhard\n"
                          "    mediator: [massless, 10 keV]\n"
                          "    mass: [1 MeV, 2 MeV, 3 MeV, 4 MeV, 5 MeV]\n"
                          "    cross_section: [1e-38, 3e-38]\n"
                          "    threshold: [default, 7 eV, 9 eV]\n"
                          "    vearth: [230, 240, 250, 260]\n"
                          "    spectrum: [1, 2, 4, 8]\n"
                          "    at: [1.5, 2.5]\n"
                          "  second:\n"
                          "    process: electron\n"
                          "    material: Si\n"
                          "    response: lindhard\n"
                          "    mediator: massive\n"
                          "    mass: 1 GeV\n"
                          "    cross_section: 1e-40\n"
                          "    charge: 3\n";

static campaign *open_campaign(const char *text)
{
  campaign *c = NULL;
  problems *list = problems_new("test");
  if (campaign_parse(text, strlen(text), ".", NULL, &c, list)) {
    problems_print(list, stderr);
    exit(1);
  }
  problems_free(list);
  return c;
}

/** Every number of a dataset is told apart from every other. */
static double number_at(size_t i_sweep, observable_kind kind, uint64_t point)
{
  return 1e6 * (double)i_sweep + 1e5 * (double)kind + (double)point + 0.1;
}

static bool point_fails(observable_kind kind, uint64_t point)
{
  return kind != OBS_DIFFERENTIAL && point % 7 == 3;
}

static void add_failure(campaign_rows *rows, observable_kind kind, uint64_t point)
{
  if (rows->n_failures == rows->failure_capacity) {
    rows->failure_capacity = 2 * rows->failure_capacity + 4;
    rows->failures = realloc(rows->failures, rows->failure_capacity * sizeof(campaign_failure));
  }
  campaign_failure *made = &rows->failures[rows->n_failures++];
  *made = (campaign_failure){.point = point, .observable = (uint32_t)kind};
  snprintf(made->reason, sizeof made->reason, "no luck at %d/%llu", (int)kind,
           (unsigned long long)point);
}

/** Rows of tasks first … first+n−1; with `lucky`, none of their points fails. */
static campaign_rows *make_rows(const campaign *c, size_t i_sweep, size_t first, size_t n,
                                bool lucky)
{
  const campaign_sweep *sweep = campaign_sweep_at(c, i_sweep);
  campaign_rows *rows = NULL;
  if (campaign_rows_new(c, i_sweep, n, &rows, NULL))
    exit(1);
  rows->first = first;
  rows->n = n;
  for (size_t k = 0; k < sweep->n_observables; k++) {
    const campaign_observable *o = &sweep->observables[k];
    size_t per_task = sweep->n_scale * o->n;
    for (size_t i = 0; i < n * per_task; i++) {
      uint64_t point = (uint64_t)(first * per_task + i);
      bool fails = !lucky && point_fails(o->kind, point);
      rows->value[o->kind][i] = fails ? NAN : number_at(i_sweep, o->kind, point);
      rows->error[o->kind][i] = fails ? NAN : 0.001 * number_at(i_sweep, o->kind, point);
      rows->status[o->kind][i] = fails ? 2 : 1;
      if (fails)
        add_failure(rows, o->kind, point);
      if (o->kind == OBS_RATE) {
        rows->flags[i] = point % 5 == 0 ? ELFIN_FLAG_CLOSED : 0;
        rows->evaluations[i] = (int64_t)point;
      }
    }
  }
  return rows;
}

/** Whether a dataset of the file holds what was put. */
static void check_dataset(const char *path, const campaign *c, size_t i_sweep, size_t i_observable,
                          bool lucky)
{
  const campaign_sweep *sweep = campaign_sweep_at(c, i_sweep);
  const campaign_observable *o = &sweep->observables[i_observable];
  store_sweep *found = NULL;
  elfin_error err = {""};
  CHECK(store_read(path, sweep->name, o->name, &found, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  if (!found)
    return;
  CHECK(found->n_points == sweep->n_tasks * sweep->n_scale * o->n);
  CHECK(found->n_pending == 0);
  CHECK_TEXT(found->units, o->units);
  for (uint64_t i = 0; i < found->n_points; i++) {
    bool fails = !lucky && point_fails(o->kind, i);
    CHECK(found->status[i] == (fails ? 2 : 1));
    CHECK(fails ? isnan(found->value[i]) && isnan(found->error[i])
                : found->value[i] == number_at(i_sweep, o->kind, i) &&
                      found->error[i] == 0.001 * number_at(i_sweep, o->kind, i));
  }
  store_sweep_free(found);
}

static void check_all(const char *path, const campaign *c, bool lucky)
{
  for (size_t i = 0; i < campaign_n_sweeps(c); i++)
    for (size_t k = 0; k < campaign_sweep_at(c, i)->n_observables; k++)
      check_dataset(path, c, i, k, lucky);
}

#endif
