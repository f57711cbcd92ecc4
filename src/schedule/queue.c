/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file queue.c
 * What is left to hand out, and how much at a time.
 *
 * Small chunks cost messages and small writes; large ones leave ranks idle at the end. A chunk is
 * so much work, by the time that tasks took lately, that the master and the file system are asked
 * at a bearable pace whatever the number of ranks (README.md of this room has the figures), but
 * never more than its share of what is left: that makes the last ones short. A guess can be wrong,
 * when tasks suddenly become dear: then a worker gives the rest of its chunk back. Where the caller knows that
 * tasks of another kind begin, no chunk goes across, and the first one is a single task again.
 */
#include "schedule/schedule_inner.h"

#include <stdlib.h>

/** A message costs microseconds, a batch of rows some 0.1 ms: half a second makes both invisible.
 */
static const double CHUNK_S = 0.5;

/** With many ranks the master is asked once in this time. A question and its answer cost it 2 µs in
 * shared memory and 17 µs over TCP: it idles, and the file gets at most a thousand blocks a second
 * in each dataset. */
static const double SPACING_S = 1e-3;

/** At the end, when chunks shrink, it may be asked this often. */
static const double LAST_SPACING_S = 4e-5;

/** Each rank holds a chunk and a prefetched one; of what is left, a chunk takes this part of a
 * rank's share, so that the last chunks are short. */
enum { SHARE = 4 };

void queue_start(queue *q, const schedule_plan *plan, int n_ranks)
{
  *q = (queue){.plan = plan, .n_ranks = n_ranks};
  for (size_t i = 0; i < plan->n_ranges; i++)
    q->n_total += plan->ranges[i].n;
  q->n_left = q->n_total;
}

void queue_end(queue *q)
{
  free(q->back);
  q->back = NULL;
}

double queue_pace(int n_ranks, double least_s)
{
  double s = SPACING_S * n_ranks;
  return s > least_s ? s : least_s;
}

static uint64_t chunk_size(const queue *q)
{
  if (q->s_per_task <= 0) /* nobody knows yet what a task costs */
    return 1;
  double share = (double)(q->n_left / (SHARE * (uint64_t)q->n_ranks));
  double least = LAST_SPACING_S * q->n_ranks / q->s_per_task;
  double n = queue_pace(q->n_ranks, CHUNK_S) / q->s_per_task;
  if (n > 2.0 * (double)q->last_chunk)
    n = 2.0 * (double)q->last_chunk;
  if (q->n_ranks > 1 && n > share)
    n = share > least ? share : least < n ? least : n;
  if (n > (double)q->n_left)
    n = (double)q->n_left;
  return n < 1 ? 1 : (uint64_t)n;
}

/* The first `n` of what was given back last, or of what was never handed out. */
static schedule_range take(queue *q, uint64_t n)
{
  if (q->n_back) {
    schedule_range *last = &q->back[q->n_back - 1];
    schedule_range chunk = {last->first, n < last->n ? n : last->n};
    last->first += chunk.n;
    last->n -= chunk.n;
    q->n_back -= last->n == 0;
    return chunk;
  }
  const schedule_range *ranges = q->plan->ranges;
  while (q->offset == ranges[q->i_range].n) {
    q->i_range++;
    q->offset = 0;
  }
  uint64_t in_range = ranges[q->i_range].n - q->offset;
  schedule_range chunk = {ranges[q->i_range].first + q->offset, n < in_range ? n : in_range};
  q->offset += chunk.n;
  return chunk;
}

/* The number of the task that take() would begin with; something is left. */
static uint64_t next_task(const queue *q)
{
  if (q->n_back)
    return q->back[q->n_back - 1].first;
  const schedule_range *ranges = q->plan->ranges;
  bool ended = q->offset == ranges[q->i_range].n;
  size_t i = q->i_range + ended;
  while (ranges[i].n == 0)
    i++;
  return ranges[i].first + (ended ? 0 : q->offset);
}

/* How many kinds of tasks begin at or before this one. */
static size_t kind_of(const schedule_plan *plan, uint64_t task)
{
  size_t low = 0, high = plan->n_kinds;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (plan->kind_first[middle] <= task)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* As many as chunk_size() says, but of one kind; of a new kind, one. */
static uint64_t chunk_of_one_kind(queue *q)
{
  const schedule_plan *plan = q->plan;
  uint64_t first = next_task(q);
  size_t kind = kind_of(plan, first);
  if (kind != q->kind)
    q->last_chunk = 0;
  q->kind = kind;
  uint64_t n = chunk_size(q);
  uint64_t end = kind < plan->n_kinds ? plan->kind_first[kind] : UINT64_MAX;
  return n < end - first ? n : end - first;
}

schedule_range queue_next(queue *q)
{
  if (q->n_left == 0)
    return (schedule_range){0, 0};
  q->last_chunk = chunk_of_one_kind(q);
  schedule_range chunk = take(q, q->last_chunk);
  q->n_left -= chunk.n;
  return chunk;
}

elfin_status queue_give_back(queue *q, schedule_range rest, elfin_error *err)
{
  if (rest.n == 0 || q->closed)
    return ELFIN_OK;
  if (q->n_back == q->back_room) {
    size_t wanted = q->back_room ? 2 * q->back_room : 16;
    schedule_range *grown = realloc(q->back, wanted * sizeof *grown);
    if (!grown)
      return elfin_fail(err, ELFIN_E_MEMORY, "no memory for tasks that were given back");
    q->back = grown;
    q->back_room = wanted;
  }
  q->back[q->n_back++] = rest;
  q->n_left += rest.n;
  return ELFIN_OK;
}

void queue_close(queue *q)
{
  q->closed = true;
  q->n_left = 0;
}

void queue_learn(queue *q, uint64_t n, double seconds)
{
  if (n == 0)
    return;
  double latest = seconds / (double)n;
  /* Believe bad news at once, good news by and by: a chunk that is too long costs more. */
  q->s_per_task = latest > q->s_per_task ? latest : 0.5 * (q->s_per_task + latest);
  if (q->s_per_task <= 0) /* a clock too coarse to see it */
    q->s_per_task = LEAST_TASK_S;
}
