/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file hand.c
 * One rank doing tasks: slices of work, the clock, flushes, the wish to stop.
 *
 * The only state outside structures is the stop flag, because a signal handler has nothing else.
 */
#include "schedule/schedule_inner.h"

#include <signal.h>
#include <time.h>

static volatile int stop_requested;

void schedule_request_stop(void)
{
  stop_requested = 1;
}

bool schedule_stop_requested(void)
{
  return stop_requested != 0;
}

double schedule_clock(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void schedule_nap(double seconds)
{
  struct timespec nap = {.tv_sec = (time_t)seconds};
  nap.tv_nsec = (long)(1e9 * (seconds - (double)nap.tv_sec));
  nanosleep(&nap, NULL); /* a signal may cut it short: the caller looks again anyway */
}

void hand_start(hand *h, const schedule_plan *plan)
{
  double now = schedule_clock();
  *h = (hand){.plan = plan, .started = now, .flushed = now, .status = ELFIN_OK};
}

static void hand_flush(hand *h, double now)
{
  elfin_status status = h->plan->flush(h->plan->context, &h->err);
  h->flushed = now;
  h->unflushed = false;
  if (status && !h->status)
    h->status = status;
}

void hand_work(hand *h, schedule_range *todo, double slice_s)
{
  /* At most double from slice to slice: tasks may suddenly become dear. */
  uint64_t n = h->last_slice ? 2 * h->last_slice : 1;
  if (h->s_per_task * (double)n > slice_s)
    n = (uint64_t)(slice_s / h->s_per_task);
  if (n < 1)
    n = 1;
  if (n > todo->n)
    n = todo->n;

  double before = schedule_clock();
  uint64_t done = 0;
  elfin_error err = {""};
  elfin_status status =
      h->plan->work(h->plan->context, todo->first, n, &done, &stop_requested, &err);
  double after = schedule_clock();
  if (!status && done == 0 && !stop_requested)
    status = elfin_fail(&err, ELFIN_E_ARGUMENT, "task %llu was neither done nor refused",
                        (unsigned long long)todo->first);
  if (done) {
    h->last_slice = done;
    h->s_per_task = (after - before) / (double)done;
    h->unflushed = true;
  }
  h->n_done += done;
  todo->first += done;
  todo->n -= done;
  if (status && !h->status) {
    h->status = status;
    h->err = err;
  }
  if (!h->status && h->unflushed && after - h->flushed >= h->plan->flush_interval_s)
    hand_flush(h, after);
}

bool hand_must_stop(hand *h)
{
  if (!h->out_of_time && schedule_clock() - h->started >= h->plan->max_time_s)
    h->out_of_time = true;
  return h->status || h->out_of_time || stop_requested;
}

void hand_finish(hand *h)
{
  if (!h->unflushed)
    return;
  elfin_error first = h->err;
  elfin_status failed = h->status;
  hand_flush(h, schedule_clock());
  if (failed) /* the first failure is the one worth telling */
    h->err = first;
}
