/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file talk.c
 * What master and workers say to each other, without saying how it travels: schedule_mpi.c carries
 * it between ranks, tests/schedule/test_network.c between thousands of simulated ones.
 *
 * A worker asks before it begins a chunk, so that the next one is there when it is done. Every
 * SAYS_MORE gets one answer: a chunk, or n = 0, "the end". While nothing is left but others still
 * hold chunks, which they may give back, the answer waits; so a worker that is done without having
 * got one says how it is (SAYS_STATE), which needs no answer.
 */
#include "schedule/schedule_inner.h"

#include <stdlib.h>

/** A chunk that takes this many times what was expected of it, and this long, is cut: the rest goes
 * back to the master. */
static const double OVERTIME = 4, OVERTIME_S = 0.05;

/* ---- a worker -------------------------------------------------------------------------------- */

bool parcel_is_late(const parcel *c, double spent_s)
{
  return spent_s > OVERTIME * c->expected_s + OVERTIME_S;
}

void worker_done(worker *w, uint64_t n, double seconds, schedule_range rest)
{
  w->n_done += n;
  w->seconds += seconds;
  w->rest = rest;
}

question worker_says(worker *w, say state)
{
  question q = {.state = (uint64_t)state,
                .n_done = w->n_done,
                .nanoseconds = (uint64_t)(1e9 * w->seconds),
                .first = w->rest.first,
                .n = w->rest.n};
  *w = (worker){0, 0, {0, 0}};
  return q;
}

/* ---- the master ------------------------------------------------------------------------------ */

elfin_status master_start(master *m, const schedule_plan *plan, int n_ranks, master_post *post,
                          void *post_context, elfin_error *err)
{
  *m = (master){.n_workers = n_ranks - 1, .post = post, .post_context = post_context};
  m->waiting = malloc((size_t)n_ranks * sizeof *m->waiting);
  if (!m->waiting)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a list of %d ranks", n_ranks);
  queue_start(&m->left, plan, n_ranks);
  return ELFIN_OK;
}

void master_end(master *m)
{
  queue_end(&m->left);
  free(m->waiting);
  m->waiting = NULL;
}

static parcel hand_out(master *m)
{
  schedule_range tasks = queue_next(&m->left);
  m->n_held += tasks.n;
  return (parcel){tasks, m->left.s_per_task * (double)tasks.n};
}

/* Tasks that were held are done or come back. */
static elfin_status take_account(master *m, uint64_t n_done, double seconds, schedule_range rest,
                                 elfin_error *err)
{
  queue_learn(&m->left, n_done, seconds);
  m->n_held -= n_done + rest.n;
  return queue_give_back(&m->left, rest, err);
}

/* Those who wait get what there is; the end if nothing can come back any more. */
static void serve(master *m)
{
  while (m->n_waiting && (m->left.n_left || m->n_held == 0 || m->left.closed))
    m->post(m->post_context, m->waiting[--m->n_waiting], hand_out(m));
}

elfin_status master_hear(master *m, int from, question q, elfin_error *err)
{
  elfin_status status =
      take_account(m, q.n_done, 1e-9 * (double)q.nanoseconds, (schedule_range){q.first, q.n}, err);
  if (q.state == SAYS_STOP || status)
    queue_close(&m->left);
  if (q.state == SAYS_GOODBYE)
    m->n_workers--;
  else if (q.state != SAYS_STATE)
    m->waiting[m->n_waiting++] = from;
  serve(m);
  return status;
}

parcel master_own_parcel(master *m)
{
  return hand_out(m);
}

void master_own_progress(master *m, uint64_t n, double seconds)
{
  (void)take_account(m, n, seconds, (schedule_range){0, 0}, NULL); /* nothing comes back */
}

elfin_status master_own_done(master *m, schedule_range rest, elfin_error *err)
{
  elfin_status status = take_account(m, 0, 0, rest, err);
  if (status)
    queue_close(&m->left);
  serve(m);
  return status;
}

void master_close(master *m)
{
  queue_close(&m->left);
  serve(m);
}
