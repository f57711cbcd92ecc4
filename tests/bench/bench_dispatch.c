/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file bench_dispatch.c
 * What it costs to hand out tasks, by the size of the chunks: tasks without work, in ranges so short
 * that no chunk can be longer. Under mpirun; nothing is asserted. */
#include "schedule/schedule.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

enum { MOST_CHUNKS = 40000 };

static elfin_status work(void *context, uint64_t first, uint64_t n, uint64_t *done,
                         schedule_turn *turn, elfin_error *err)
{
  (void)context, (void)first, (void)err;
  *done = 0;
  do
    ++*done;
  while (*done < n && !schedule_turn_over(turn));
  return ELFIN_OK;
}

static elfin_status flush(void *context, elfin_error *err)
{
  (void)context, (void)err;
  return ELFIN_OK;
}

static double now_s(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
  schedule_range *ranges = malloc(MOST_CHUNKS * sizeof *ranges);
  elfin_error err = {""};
  if (!ranges || schedule_start(&argc, &argv, &err))
    return 1;
  bool master = schedule_rank() == 0;
  for (uint64_t size = 1; size <= 4096; size *= 8) {
    for (uint64_t i = 0; i < MOST_CHUNKS; i++)
      ranges[i] = (schedule_range){2 * i * size, size}; /* gaps: no two become one */
    schedule_plan plan = {.n_ranges = master ? MOST_CHUNKS : 0,
                          .ranges = ranges,
                          .work = work,
                          .flush = flush,
                          .flush_interval_s = INFINITY,
                          .max_time_s = INFINITY};
    schedule_outcome outcome;
    double before = now_s();
    elfin_status status = schedule_run(&plan, &outcome, &err);
    double seconds = now_s() - before;
    if (master && !status)
      printf("  chunks of %4llu: %6.2f µs a chunk, %8.3g million tasks a second\n",
             (unsigned long long)size, 1e6 * seconds / MOST_CHUNKS,
             1e-6 * (double)outcome.n_done / seconds);
  }
  schedule_finish();
  free(ranges);
  return 0;
}
