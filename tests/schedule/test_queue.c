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
  queue_end(&q);
}

static void chunks_grow_to_half_a_second_and_shrink_at_the_end(void)
{
  const schedule_range all = {0, 100000};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all};
  queue q = queue_of(&plan, 4);
  uint64_t longest = 0, last = 0;
  CHECK(queue_next(&q).n == 1); /* nobody knows yet what a task costs */
  queue_learn(&q, 1, 1e-3);
  for (schedule_range c = queue_next(&q); c.n; c = queue_next(&q)) {
    queue_learn(&q, c.n, 1e-3 * (double)c.n);
    if (c.n > longest)
      longest = c.n;
    last = c.n;
  }
  CHECK(longest == 500); /* 500 tasks of 1 ms */
  CHECK(last == 1);
  queue_end(&q);
}

/* Microseconds before, 30 ms after: the first chunks of the other kind are short, and none goes across. */
static void tasks_of_another_kind_begin_with_one(void)
{
  enum { CHEAP = 200000, DEAR = 120 };
  const schedule_range ranges[] = {{0, CHEAP + 50}, {CHEAP + 60, DEAR - 60}};
  const uint64_t kinds[] = {0, CHEAP};
  schedule_plan plan = {.n_ranges = 2, .ranges = ranges, .n_kinds = 2, .kind_first = kinds};
  queue q = queue_of(&plan, 2);
  uint64_t n_dear = 0, longest = 0, first_dear = 0;
  for (schedule_range c = queue_next(&q); c.n; c = queue_next(&q)) {
    bool dear = c.first >= CHEAP;
    CHECK(dear || c.first + c.n <= CHEAP);
    if (dear && n_dear == 0)
      first_dear = c.n;
    n_dear += dear ? c.n : 0;
    if (dear && c.n > longest)
      longest = c.n;
    queue_learn(&q, c.n, (dear ? 0.03 : 1e-6) * (double)c.n);
  }
  CHECK(first_dear == 1);
  CHECK(n_dear == DEAR - 10);
  CHECK(longest <= 16); /* half a second of them */
  queue_end(&q);
}

/* What comes back is of the kind that it always was. */
static void what_comes_back_is_of_its_own_kind(void)
{
  const schedule_range all = {0, 1000};
  const uint64_t kinds[] = {0, 900};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all, .n_kinds = 2, .kind_first = kinds};
  queue q = queue_of(&plan, 2);
  for (int i = 0; i < 5; i++) {
    schedule_range c = queue_next(&q);
    queue_learn(&q, c.n, 1e-3 * (double)c.n);
  }
  CHECK(queue_give_back(&q, (schedule_range){890, 30}, NULL) == ELFIN_OK);
  for (schedule_range c = queue_next(&q); c.n && c.first >= 890 && c.first < 920; c = queue_next(&q))
    CHECK(c.first >= 900 || c.first + c.n <= 900);
  queue_end(&q);
}

/* Ten thousand ranks that all ask at once must not be given ever longer chunks on a guess. */
static void while_the_cost_is_unknown_everybody_gets_one_task(void)
{
  const schedule_range all = {0, 100000000};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all};
  queue q = queue_of(&plan, 10000);
  for (int i = 0; i < 10000; i++)
    CHECK(queue_next(&q).n == 1);
  queue_end(&q);
}

/* So the master is asked once a millisecond, whatever the number of ranks. */
static void the_more_ranks_the_longer_the_chunks(void)
{
  const schedule_range all = {0, UINT64_C(1000000000000)};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all};
  for (int n_ranks = 128; n_ranks <= 16384; n_ranks *= 2) {
    queue q = queue_of(&plan, n_ranks);
    uint64_t n = 0;
    for (int i = 0; i < 100; i++) {
      queue_learn(&q, 1, 1e-3);
      n = queue_next(&q).n;
    }
    CHECK(n == (uint64_t)(n_ranks < 500 ? 500 : n_ranks));
    queue_end(&q);
  }
}

static void dear_tasks_go_one_at_a_time_at_once(void)
{
  const schedule_range all = {0, 1000000};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all};
  queue q = queue_of(&plan, 2);
  for (int i = 0; i < 12; i++)
    queue_learn(&q, queue_next(&q).n, 1e-6);
  CHECK(queue_next(&q).n > 1000);
  queue_learn(&q, 1, 5.0);
  CHECK(queue_next(&q).n == 1);
  queue_end(&q);
}

static void what_is_given_back_is_handed_out_again_first(void)
{
  const schedule_range all = {0, 1000};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all};
  queue q = queue_of(&plan, 1);
  int times[1000] = {0};
  queue_learn(&q, 1, 1e-9);
  for (schedule_range c = queue_next(&q); c.n; c = queue_next(&q)) {
    uint64_t done = c.n > 3 ? c.n / 2 : c.n; /* everybody gives half of it back */
    for (uint64_t i = 0; i < done; i++)
      times[c.first + i]++;
    CHECK(queue_give_back(&q, (schedule_range){c.first + done, c.n - done}, NULL) == ELFIN_OK);
  }
  for (int i = 0; i < 1000; i++)
    CHECK(times[i] == 1);
  queue_end(&q);
}

static void a_closed_queue_gives_and_takes_nothing(void)
{
  const schedule_range all = {0, 10};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all};
  queue q = queue_of(&plan, 2);
  CHECK(queue_next(&q).n == 1);
  queue_close(&q);
  CHECK(queue_next(&q).n == 0);
  CHECK(queue_give_back(&q, (schedule_range){0, 1}, NULL) == ELFIN_OK);
  CHECK(queue_next(&q).n == 0);
  queue_end(&q);
}

int main(void)
{
  tasks_of_another_kind_begin_with_one();
  what_comes_back_is_of_its_own_kind();
  chunks_cover_the_ranges_in_order_without_overlap();
  chunks_grow_to_half_a_second_and_shrink_at_the_end();
  while_the_cost_is_unknown_everybody_gets_one_task();
  the_more_ranks_the_longer_the_chunks();
  dear_tasks_go_one_at_a_time_at_once();
  what_is_given_back_is_handed_out_again_first();
  a_closed_queue_gives_and_takes_nothing();
  return check_result();
}
