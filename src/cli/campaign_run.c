/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file campaign_run.c
 * Campaign → rows → file, on one rank. Rows of consecutive tasks are gathered into batches, because
 * a write costs as much for a thousand rows as for one.
 */
#include "cli/campaign_run.h"

#include <stdlib.h>
#include <unistd.h>

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
    b->first_task = calloc(b->n_sweeps, sizeof *b->first_task);
  }
  if (!b || !b->rows || !b->first_task) {
    batch_free(b);
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for batches of results");
  }
  for (size_t i = 1; i < b->n_sweeps; i++)
    b->first_task[i] = b->first_task[i - 1] + campaign_sweep_at(c, i - 1)->n_tasks;
  *made = b;
  return ELFIN_OK;
}

void batch_free(batch *b)
{
  if (!b)
    return;
  campaign_run_unshare(&b->shared);
  for (size_t i = 0; b->rows && i < b->n_sweeps; i++)
    campaign_rows_free(b->rows[i]);
  free(b->rows);
  free(b->first_task);
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

/** What is held goes into the file. */
static elfin_status batch_put(batch *b, elfin_error *err)
{
  campaign_rows *rows = b->filling;
  if (!rows || rows->n == 0)
    return ELFIN_OK;
  elfin_status status = store_put(b->store, rows, err);
  rows->n = 0;
  rows->n_failures = 0;
  if (b->in_task) { /* its row becomes the first one */
    rows->first = b->task;
    b->n_failures = 0;
  } else {
    b->filling = NULL;
  }
  return status;
}

elfin_status batch_flush(void *context, elfin_error *err)
{
  batch *b = context;
  elfin_status status = batch_put(b, err);
  return status ? status : store_settle(b->store, err);
}

/** Room for task `task` of a sweep: behind the rows that are held, or in a new batch. */
static elfin_status batch_room(batch *b, size_t i_sweep, size_t task, elfin_error *err)
{
  campaign_rows *held = b->filling;
  if (held && held->i_sweep == i_sweep && held->first + held->n == task && held->n < held->capacity)
    return ELFIN_OK;
  elfin_status status = batch_put(b, err);
  if (!status && !b->rows[i_sweep]) {
    const campaign_sweep *sweep = campaign_sweep_at(b->campaign, i_sweep);
    status = campaign_rows_new(b->campaign, i_sweep, batch_capacity(sweep), &b->rows[i_sweep], err);
  }
  if (!status)
    b->filling = b->rows[i_sweep];
  return status;
}

/** Asked from inside an integral. */
static bool drop(void *context)
{
  batch *b = context;
  b->dropped = schedule_turn_drop(b->turn);
  return b->dropped;
}

/** One task into a row; `b->dropped` if it is to be forgotten. */
static elfin_status batch_task(batch *b, size_t i_sweep, size_t task, elfin_error *err)
{
  elfin_status status = batch_room(b, i_sweep, task, err);
  if (status)
    return status;
  campaign_rows *rows = b->filling;
  b->in_task = true;
  b->task = task;
  b->n_failures = rows->n ? rows->n_failures : 0;
  status = campaign_compute(b->campaign, i_sweep, task, rows, err);
  b->in_task = false;
  if (!status && b->dropped) {
    rows->n--;
    rows->n_failures = b->n_failures;
  }
  return status;
}

elfin_status batch_work(void *context, uint64_t first, uint64_t n, uint64_t *done,
                        schedule_turn *turn, elfin_error *err)
{
  batch *b = context;
  elfin_status status = ELFIN_OK;
  size_t i_sweep = 0;
  uint64_t sweep_first = 0; /* global number of the sweep's task 0 */
  b->turn = turn;
  b->dropped = false;
  elfin_on_interrupt(drop, b);
  *done = 0;
  do {
    uint64_t global = first + *done;
    while (global - sweep_first >= campaign_sweep_at(b->campaign, i_sweep)->n_tasks) {
      sweep_first += campaign_sweep_at(b->campaign, i_sweep)->n_tasks;
      i_sweep++;
    }
    status = batch_task(b, i_sweep, (size_t)(global - sweep_first), err);
    if (status || b->dropped)
      break;
    ++*done;
  } while (*done < n && !schedule_turn_over(turn));
  elfin_on_interrupt(NULL, NULL);
  return status;
}

elfin_status batch_watch(void *context, elfin_error *err)
{
  batch *b = context;
  if (access(b->stop_file, F_OK) == 0)
    return elfin_fail(err, ELFIN_E_STOPPED, "%s is there", b->stop_file);
  return store_watch(b->store, err);
}

/** Parts first … of a campaign, as schedule_share() numbers them. */
typedef struct stage {
  campaign *campaign;
  size_t first;
} stage;

static elfin_status make_part(void *context, size_t i_part, size_t *n, double **numbers,
                              elfin_error *err)
{
  stage *s = context;
  return campaign_make_part(s->campaign, s->first + i_part, n, numbers, err);
}

static elfin_status take_part(void *context, size_t i_part, size_t n, const double numbers[],
                              elfin_error *err)
{
  stage *s = context;
  return campaign_borrow_part(s->campaign, s->first + i_part, n, numbers, err);
}

elfin_status campaign_run_prepare(campaign *c, campaign_shared *shared, elfin_error *err)
{
  size_t n_late = campaign_n_late_parts(c), n_first = campaign_n_parts(c) - n_late;
  stage first = {c, 0}, late = {c, n_first};
  elfin_status status = schedule_share(n_first, make_part, take_part, &first, &shared->first, err);
  return status ? status : schedule_share(n_late, make_part, take_part, &late, &shared->late, err);
}

void campaign_run_unshare(campaign_shared *shared)
{
  schedule_unshare(shared->late);
  schedule_unshare(shared->first);
}
