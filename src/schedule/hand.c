/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file hand.c
 * One rank doing tasks: slices of work, the clock, flushes, the wish to stop.
 *
 * The only state outside structures is the stop flag, because a signal handler has nothing else.
 */
#include "schedule/schedule_inner.h"

#include <signal.h>
#include <time.h>

static volatile sig_atomic_t stop_requested;

/** From inside a task a rank looks around no more often than this, and watches less. */
static const double LOOK_S = 2e-4, WATCH_S = 1;

/** A task under way may take so long after the wish to stop; mpirun kills two seconds after its
 * SIGTERM. */
static const double GRACE_S = 0.3;

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

elfin_status schedule_stopped(elfin_error *err)
{
  return elfin_fail(err, ELFIN_E_STOPPED, "stopped by a signal before the first task");
}

void hand_start(hand *h, const schedule_plan *plan)
{
  double now = schedule_clock();
  *h = (hand){.plan = plan, .started = now, .flushed = now, .watched = -WATCH_S};
}

void hand_fail(hand *h, elfin_status status, const elfin_error *err)
{
  if (!status || h->status)
    return;
  h->status = status;
  h->err = *err;
  hand_stop(h, SCHEDULE_FAILED);
}

void hand_stop(hand *h, schedule_end why)
{
  if (h->end)
    return;
  h->end = why;
  h->stopping_since = schedule_clock();
}

static void hand_flush(hand *h)
{
  elfin_error err = {""};
  elfin_status status = h->plan->flush(h->plan->context, &err);
  h->flushed = schedule_clock();
  h->unflushed = false;
  hand_fail(h, status, &err);
}

static double flush_interval(const hand *h)
{
  return queue_pace(schedule_n_ranks(), h->plan->flush_interval_s);
}

/** Clock, signals, mail, watch: is there a reason to stop? */
static void look_around(hand *h, double now)
{
  h->looked = now;
  if (h->mail)
    h->mail(h->mail_context);
  if (stop_requested)
    hand_stop(h, SCHEDULE_SIGNALLED);
  if (now - h->started >= h->plan->max_time_s)
    hand_stop(h, SCHEDULE_TIMED);
  if (h->plan->watch && now - h->watched >= WATCH_S) {
    elfin_error err = {""};
    elfin_status status = h->plan->watch(h->plan->context, &err);
    h->watched = now;
    if (status == ELFIN_E_STOPPED)
      hand_stop(h, SCHEDULE_ASKED);
    else
      hand_fail(h, status, &err);
  }
}

bool hand_must_stop(hand *h)
{
  look_around(h, schedule_clock());
  return h->end != SCHEDULE_DONE;
}

bool schedule_turn_over(schedule_turn *h)
{
  return h->end || stop_requested || schedule_clock() >= h->slice_end;
}

bool schedule_turn_drop(schedule_turn *h)
{
  double now = schedule_clock();
  if (now - h->looked >= LOOK_S) {
    look_around(h, now);
    if (!h->status && now - h->flushed >= flush_interval(h))
      hand_flush(h);
  }
  return h->status || (h->end && now - h->stopping_since >= GRACE_S);
}

void hand_work(hand *h, schedule_range *todo, double slice_s)
{
  uint64_t done = 0;
  elfin_error err = {""};
  h->slice_end = schedule_clock() + slice_s;
  elfin_status status = h->plan->work(h->plan->context, todo->first, todo->n, &done, h, &err);
  if (!status && done == 0 && !h->end && !stop_requested)
    status = elfin_fail(&err, ELFIN_E_ARGUMENT, "task %llu was neither done nor refused",
                        (unsigned long long)todo->first);
  if (done)
    h->unflushed = true;
  h->n_done += done;
  todo->first += done;
  todo->n -= done;
  hand_fail(h, status, &err);
  if (!h->status && h->unflushed && schedule_clock() - h->flushed >= flush_interval(h))
    hand_flush(h);
}

void hand_finish(hand *h)
{
  if (h->unflushed)
    hand_flush(h); /* a failure before it stays the one worth telling */
}
