/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file queue.c
 * What is left to hand out, and how much at a time.
 *
 * Small chunks cost messages and small writes; large ones leave ranks idle at the end. A chunk is
 * CHUNK_S of work, by the time that tasks took lately, but never more than its share of what is
 * left: that makes the last ones short.
 */
#include "schedule/schedule_inner.h"

/** A message costs microseconds, a batch of rows some 0.1 ms: 20 ms make both invisible. */
static const double CHUNK_S = 0.02;

/** A chunk of the cheapest tasks; bounds how wrong a guess can be when tasks become dear. */
enum { LONGEST_CHUNK = 16384 };

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

static uint64_t chunk_size(const queue *q)
{
  uint64_t n = q->last_chunk ? 2 * q->last_chunk : 1;
  if (q->s_per_task * (double)n > CHUNK_S)
    n = (uint64_t)(CHUNK_S / q->s_per_task);
  uint64_t share = q->n_left / (SHARE * (uint64_t)q->n_ranks);
  if (q->n_ranks > 1 && n > share)
    n = share;
  if (n > LONGEST_CHUNK)
    n = LONGEST_CHUNK;
  return n < 1 ? 1 : n;
}

schedule_range queue_next(queue *q)
{
  schedule_range none = {0, 0};
  if (q->n_left == 0)
    return none;
  const schedule_range *ranges = q->plan->ranges;
  while (q->offset == ranges[q->i_range].n) {
    q->i_range++;
    q->offset = 0;
  }
  uint64_t n = chunk_size(q), in_range = ranges[q->i_range].n - q->offset;
  q->last_chunk = n;
  if (n > in_range)
    n = in_range;
  schedule_range chunk = {ranges[q->i_range].first + q->offset, n};
  q->offset += n;
  q->n_left -= n;
  return chunk;
}

void queue_close(queue *q)
{
  q->n_left = 0;
}

void queue_learn(queue *q, uint64_t n, double seconds)
{
  if (n == 0)
    return;
  double latest = seconds / (double)n;
  /* Believe bad news at once, good news by and by: a chunk that is too long costs more. */
  q->s_per_task = latest > q->s_per_task ? latest : 0.5 * (q->s_per_task + latest);
}
