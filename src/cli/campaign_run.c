/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file campaign_run.c
 * Campaign → rows → file, on one rank. Rows of consecutive tasks are gathered into batches, because
 * a write costs as much for a thousand rows as for one.
 */
#include "cli/campaign_run.h"

#include "schedule/schedule.h"

#include <stdlib.h>

/** Rows of a batch, and numbers: a task with a spectrum of 10⁵ bins is a batch by itself. */
enum { MOST_TASKS = 1024, MOST_NUMBERS = 1 << 18 };

elfin_status batch_new(campaign *c, store *s, batch **made, elfin_error *err)
{
  batch *b = calloc(1, sizeof *b);
  if (b) {
    b->campaign = c;
    b->store = s;
    b->n_sweeps = campaign_n_sweeps(c);
    b->rows = calloc(b->n_sweeps, sizeof *b->rows);
  }
  if (!b || !b->rows) {
    free(b);
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for batches of results");
  }
  *made = b;
  return ELFIN_OK;
}

void batch_free(batch *b)
{
  if (!b)
    return;
  for (size_t i = 0; i < b->n_sweeps; i++)
    campaign_rows_free(b->rows[i]);
  free(b->rows);
  free(b);
}

static size_t batch_capacity(const campaign_sweep *sweep)
{
  size_t numbers = 0;
  for (size_t i = 0; i < sweep->n_observables; i++)
    numbers += sweep->n_scale * sweep->observables[i].n;
  size_t tasks = MOST_NUMBERS / (numbers ? numbers : 1);
  if (tasks > MOST_TASKS)
    tasks = MOST_TASKS;
  if (tasks > sweep->n_tasks)
    tasks = sweep->n_tasks;
  return tasks ? tasks : 1;
}

elfin_status batch_flush(void *context, elfin_error *err)
{
  batch *b = context;
  if (!b->filling || b->filling->n == 0)
    return ELFIN_OK;
  elfin_status status = store_put(b->store, b->filling, err);
  b->filling->n = 0;
  b->filling->n_failures = 0;
  b->filling = NULL;
  return status;
}

/** Room for task `task` of a sweep: behind the rows that are held, or in a new batch. */
static elfin_status batch_room(batch *b, size_t i_sweep, size_t task, elfin_error *err)
{
  campaign_rows *held = b->filling;
  if (held && held->i_sweep == i_sweep && held->first + held->n == task && held->n < held->capacity)
    return ELFIN_OK;
  elfin_status status = batch_flush(b, err);
  if (!status && !b->rows[i_sweep]) {
    const campaign_sweep *sweep = campaign_sweep_at(b->campaign, i_sweep);
    status = campaign_rows_new(b->campaign, i_sweep, batch_capacity(sweep), &b->rows[i_sweep], err);
  }
  if (!status)
    b->filling = b->rows[i_sweep];
  return status;
}

elfin_status batch_work(void *context, uint64_t first, uint64_t n, uint64_t *done,
                        const volatile int *stop, elfin_error *err)
{
  batch *b = context;
  size_t i_sweep = 0;
  uint64_t sweep_first = 0; /* global number of the sweep's task 0 */
  *done = 0;
  while (*done < n && !*stop) {
    uint64_t global = first + *done;
    while (global - sweep_first >= campaign_sweep_at(b->campaign, i_sweep)->n_tasks) {
      sweep_first += campaign_sweep_at(b->campaign, i_sweep)->n_tasks;
      i_sweep++;
    }
    size_t task = (size_t)(global - sweep_first);
    elfin_status status = batch_room(b, i_sweep, task, err);
    if (!status)
      status = campaign_compute(b->campaign, i_sweep, task, b->filling, err);
    if (status)
      return status;
    ++*done;
  }
  return ELFIN_OK;
}

static elfin_status make_part(void *context, size_t i_part, size_t *n, double **numbers,
                              elfin_error *err)
{
  return campaign_make_part(context, i_part, n, numbers, err);
}

static elfin_status take_part(void *context, size_t i_part, size_t n, const double numbers[],
                              elfin_error *err)
{
  return campaign_take_part(context, i_part, n, numbers, err);
}

elfin_status campaign_run_prepare(campaign *c, elfin_error *err)
{
  return schedule_share(campaign_n_parts(c), make_part, take_part, c, err);
}
