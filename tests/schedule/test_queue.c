/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_queue.c
 * How much is handed out at a time: claims about chunk sizes, without any messages. */
#include "check.h"
#include "schedule/schedule_inner.h"

static queue queue_of(const schedule_plan *plan, int n_ranks)
{
  queue q;
  queue_start(&q, plan, n_ranks);
  return q;
}

static void chunks_cover_the_ranges_in_order_without_overlap(void)
{
  const schedule_range ranges[] = {{5, 1}, {10, 90}, {200, 1}, {300, 5000}};
  schedule_plan plan = {.n_ranges = 4, .ranges = ranges};
  queue q = queue_of(&plan, 3);
  size_t i_range = 0;
  uint64_t expected = ranges[0].first;
  for (schedule_range c = queue_next(&q); c.n; c = queue_next(&q)) {
    CHECK(c.first == expected);
    expected += c.n;
    CHECK(expected <= ranges[i_range].first + ranges[i_range].n);
    if (expected == ranges[i_range].first + ranges[i_range].n && i_range < 3)
      expected = ranges[++i_range].first;
    queue_learn(&q, c.n, 1e-4 * (double)c.n);
  }
  CHECK(expected == 5300);
  CHECK(queue_next(&q).n == 0);
}

static void chunks_grow_to_twenty_milliseconds_and_shrink_at_the_end(void)
{
  const schedule_range all = {0, 100000};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all};
  queue q = queue_of(&plan, 4);
  uint64_t longest = 0, last = 0;
  CHECK(queue_next(&q).n == 1); /* nobody knows yet what a task costs */
  for (schedule_range c = queue_next(&q); c.n; c = queue_next(&q)) {
    queue_learn(&q, c.n, 1e-3 * (double)c.n);
    if (c.n > longest)
      longest = c.n;
    last = c.n;
  }
  CHECK(longest == 20); /* 20 tasks of 1 ms */
  CHECK(last == 1);
}

static void dear_tasks_go_one_at_a_time_at_once(void)
{
  const schedule_range all = {0, 1000000};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all};
  queue q = queue_of(&plan, 2);
  for (int i = 0; i < 20; i++)
    queue_learn(&q, queue_next(&q).n, 1e-6);
  CHECK(queue_next(&q).n > 1000);
  queue_learn(&q, 1, 5.0);
  CHECK(queue_next(&q).n == 1);
}

static void a_closed_queue_gives_nothing(void)
{
  const schedule_range all = {0, 10};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all};
  queue q = queue_of(&plan, 2);
  CHECK(queue_next(&q).n == 1);
  queue_close(&q);
  CHECK(queue_next(&q).n == 0);
}

int main(void)
{
  chunks_cover_the_ranges_in_order_without_overlap();
  chunks_grow_to_twenty_milliseconds_and_shrink_at_the_end();
  dear_tasks_go_one_at_a_time_at_once();
  a_closed_queue_gives_nothing();
  return check_result();
}
