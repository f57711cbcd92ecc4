/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_schedule.c
 * Runs alone and under mpirun, with tasks that really take time: `test_schedule` does all claims on
 * however many ranks it was given; every rank runs this same main().
 */
#include "check.h"
#include "schedule/schedule_inner.h"

#include <mpi.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { N_TASKS = 20000 };

/** What one rank remembers. */
typedef struct memory {
  int *times_done; /* [N_TASKS] */
  int *kept;       /* [N_TASKS] as times_done, once flushed */
  uint64_t n_mine;
  uint64_t fails_at;    /* task number that fails; N_TASKS: none */
  uint64_t stops_after; /* tasks of its own, after which this rank gets a signal */
  double (*cost_s)(uint64_t task);
  elfin_status flush_status;
} memory;

static void spend(double seconds)
{
  struct timespec now, begin;
  clock_gettime(CLOCK_MONOTONIC, &begin);
  do
    clock_gettime(CLOCK_MONOTONIC, &now);
  while ((double)(now.tv_sec - begin.tv_sec) + 1e-9 * (double)(now.tv_nsec - begin.tv_nsec) <
         seconds);
}

static double no_cost(uint64_t task)
{
  (void)task;
  return 0;
}

/** Cheap at first, then suddenly a hundred times dearer; a few are dear outliers. */
static double uneven_cost(uint64_t task)
{
  if (task % 397 == 0)
    return 5e-3;
  return task < N_TASKS / 2 ? 2e-7 : 2e-5;
}

static double one_ms(uint64_t task)
{
  (void)task;
  return 1e-3;
}

/** Cheap tasks, and behind them some of an hour: a rank that cannot drop a task
 * would never end. */
static double for_ever(uint64_t task)
{
  return task < 50 ? 1e-4 : 3600;
}

/** A long task asks whether it should be dropped. @return whether it was done */
static bool do_task(double seconds, schedule_turn *turn)
{
  for (; seconds > 1e-3; seconds -= 1e-3) {
    spend(1e-3);
    if (schedule_turn_drop(turn))
      return false;
  }
  spend(seconds);
  return true;
}

static elfin_status work(void *context, uint64_t first, uint64_t n, uint64_t *done,
                         schedule_turn *turn, elfin_error *err)
{
  memory *m = context;
  *done = 0;
  do {
    uint64_t task = first + *done;
    if (task == m->fails_at)
      return elfin_fail(err, ELFIN_E_DATA, "task %llu fails", (unsigned long long)task);
    if (m->n_mine == m->stops_after)
      raise(SIGUSR1);
    if (!do_task(m->cost_s(task), turn))
      return ELFIN_OK;
    if (task < N_TASKS)
      m->times_done[task]++;
    m->n_mine++;
    ++*done;
  } while (*done < n && !schedule_turn_over(turn));
  return ELFIN_OK;
}

static elfin_status flush(void *context, elfin_error *err)
{
  memory *m = context;
  if (m->flush_status)
    return elfin_fail(err, m->flush_status, "the disk is full");
  memcpy(m->kept, m->times_done, N_TASKS * sizeof *m->kept);
  return ELFIN_OK;
}

static memory fresh(double (*cost_s)(uint64_t))
{
  return (memory){.times_done = calloc(N_TASKS, sizeof(int)),
                  .kept = calloc(N_TASKS, sizeof(int)),
                  .fails_at = UINT64_MAX,
                  .stops_after = UINT64_MAX,
                  .cost_s = cost_s};
}

static void release(memory *m)
{
  free(m->times_done);
  free(m->kept);
}

static schedule_plan plan_of(memory *m, size_t n_ranges, const schedule_range ranges[])
{
  return (schedule_plan){.n_ranges = schedule_rank() == 0 ? n_ranges : 0,
                         .ranges = ranges,
                         .work = work,
                         .flush = flush,
                         .context = m,
                         .flush_interval_s = 0.05,
                         .max_time_s = INFINITY};
}

/** Sum over ranks of what was flushed, on every rank. */
static void gather(int counts[])
{
  if (schedule_n_ranks() > 1)
    MPI_Allreduce(MPI_IN_PLACE, counts, N_TASKS, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
}

static int ranks_that_worked(const memory *m)
{
  int worked = m->n_mine > 0;
  if (schedule_n_ranks() > 1)
    MPI_Allreduce(MPI_IN_PLACE, &worked, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  return worked;
}

/** Ascending ranges with gaps, from a fixed generator: the same on every rank. */
static size_t random_ranges(unsigned seed, schedule_range ranges[], size_t most, int wanted[])
{
  size_t n = 0;
  uint64_t at = 0;
  unsigned long long state = seed;
  memset(wanted, 0, N_TASKS * sizeof *wanted);
  while (n < most) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    uint64_t gap = 1 + (state >> 40) % 50, length = 1 + (state >> 50) % (seed % 2 ? 3 : 700);
    if (at + gap + length > N_TASKS)
      break;
    ranges[n++] = (schedule_range){at + gap, length};
    for (uint64_t i = 0; i < length; i++)
      wanted[at + gap + i] = 1;
    at += gap + length;
  }
  return n;
}

static void each_task_is_done_and_kept_exactly_once(void)
{
  static schedule_range ranges[N_TASKS];
  static int wanted[N_TASKS];
  for (unsigned seed = 1; seed <= 6; seed++) {
    size_t n = random_ranges(seed, ranges, seed == 1 ? 1 : N_TASKS, wanted);
    memory m = fresh(seed < 5 ? no_cost : uneven_cost);
    schedule_plan plan = plan_of(&m, n, ranges);
    schedule_outcome outcome;
    elfin_error err = {""};
    CHECK(schedule_run(&plan, &outcome, &err) == ELFIN_OK);
    CHECK(!outcome.stopped);
    gather(m.kept);
    CHECK(memcmp(m.kept, wanted, sizeof wanted) == 0);
    release(&m);
  }
}

static void nothing_to_do_is_done_at_once(void)
{
  memory m = fresh(no_cost);
  schedule_plan plan = plan_of(&m, 0, NULL);
  schedule_outcome outcome;
  CHECK(schedule_run(&plan, &outcome, NULL) == ELFIN_OK);
  CHECK(!outcome.stopped && m.n_mine == 0);
  release(&m);
}

static void all_ranks_take_part(void)
{
  memory m = fresh(one_ms);
  schedule_range all = {0, 400};
  schedule_plan plan = plan_of(&m, 1, &all);
  schedule_outcome outcome;
  CHECK(schedule_run(&plan, &outcome, NULL) == ELFIN_OK);
  CHECK(ranks_that_worked(&m) == schedule_n_ranks());
  release(&m);
}

static void the_last_line_of_progress_counts_everything(void)
{
  memory m = fresh(no_cost);
  schedule_range all = {0, 1234};
  schedule_plan plan = plan_of(&m, 1, &all);
  plan.progress = tmpfile();
  schedule_outcome outcome;
  CHECK(plan.progress && schedule_run(&plan, &outcome, NULL) == ELFIN_OK);
  char line[256] = "";
  rewind(plan.progress);
  bool there = fgets(line, sizeof line, plan.progress) != NULL;
  CHECK(there == (schedule_rank() == 0)); /* the master speaks for all */
  if (there)
    CHECK_SAYS(line, "1234 of 1234 tasks in");
  fclose(plan.progress);
  release(&m);
}

static void a_failing_task_ends_the_run_on_every_rank(void)
{
  memory m = fresh(one_ms);
  m.fails_at = 137;
  schedule_range all = {0, 2000};
  schedule_plan plan = plan_of(&m, 1, &all);
  schedule_outcome outcome;
  elfin_error err = {""};
  CHECK(schedule_run(&plan, &outcome, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "task 137 fails");
  /* What had been done before is not lost: every rank flushed. */
  CHECK(memcmp(m.kept, m.times_done, N_TASKS * sizeof *m.kept) == 0);
  int done = 0;
  gather(m.kept);
  for (int i = 0; i < 2000; i++)
    done += m.kept[i];
  CHECK(done > 0 && done < 2000);
  release(&m);
}

static void a_failing_flush_ends_the_run_on_every_rank(void)
{
  memory m = fresh(one_ms);
  if (schedule_rank() == schedule_n_ranks() - 1)
    m.flush_status = ELFIN_E_OUTPUT;
  schedule_range all = {0, 1000};
  schedule_plan plan = plan_of(&m, 1, &all);
  schedule_outcome outcome;
  elfin_error err = {""};
  CHECK(schedule_run(&plan, &outcome, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "the disk is full");
  release(&m);
}

static void the_time_limit_stops_between_tasks(void)
{
  memory m = fresh(one_ms);
  schedule_range all = {0, N_TASKS};
  schedule_plan plan = plan_of(&m, 1, &all);
  plan.max_time_s = 0.2;
  schedule_outcome outcome;
  CHECK(schedule_run(&plan, &outcome, NULL) == ELFIN_OK);
  CHECK(outcome.stopped);
  gather(m.kept);
  uint64_t done = 0;
  for (int i = 0; i < N_TASKS; i++) {
    done += (uint64_t)m.kept[i];
    CHECK(m.kept[i] <= 1);
  }
  CHECK(done > 0 && done < N_TASKS);
  CHECK(outcome.n_done == done);
  release(&m);
}

/** What was done before is kept, also what was not yet written when the endless task began. */
static void an_endless_task_is_dropped_when_time_is_up(void)
{
  memory m = fresh(for_ever);
  schedule_range all = {0, 5000};
  schedule_plan plan = plan_of(&m, 1, &all);
  plan.max_time_s = 0.5;
  schedule_outcome outcome;
  CHECK(schedule_run(&plan, &outcome, NULL) == ELFIN_OK); /* or CTest would end this program */
  CHECK(outcome.stopped && outcome.end == SCHEDULE_TIMED);
  CHECK(outcome.n_done == 50);
  gather(m.kept);
  for (int i = 0; i < 100; i++)
    CHECK(m.kept[i] == (i < 50));
  release(&m);
}

static elfin_status watch_stops(void *context, elfin_error *err)
{
  memory *m = context;
  return m->n_mine < 1 ? ELFIN_OK : elfin_fail(err, ELFIN_E_STOPPED, "enough");
}

static elfin_status watch_fails(void *context, elfin_error *err)
{
  (void)context;
  return elfin_fail(err, ELFIN_E_OUTPUT, "the file is gone");
}

static void who_watches_stops_all_ranks_inside_their_tasks(void)
{
  for (int fails = 0; fails < 2; fails++) {
    memory m = fresh(for_ever);
    schedule_range all = {0, 5000};
    schedule_plan plan = plan_of(&m, 1, &all);
    if (schedule_rank() == 0) /* the others are told */
      plan.watch = fails ? watch_fails : watch_stops;
    plan.max_time_s = 100;
    schedule_outcome outcome;
    elfin_error err = {""};
    CHECK(schedule_run(&plan, &outcome, &err) == (fails ? ELFIN_E_OUTPUT : ELFIN_OK));
    CHECK(outcome.end == (fails ? SCHEDULE_FAILED : SCHEDULE_ASKED));
    if (fails)
      CHECK_TEXT(err.text, "the file is gone");
    release(&m);
  }
}

/** Twenty tasks of 50 ms behind thousands of microseconds: whoever holds them when they come gives
 * the rest of his chunk back, and all ranks share them. */
static double suddenly_dear(uint64_t task)
{
  return task < 15000 ? 1e-6 : 5e-2;
}

static void dear_tasks_behind_cheap_ones_are_shared(void)
{
  memory m = fresh(suddenly_dear);
  schedule_range all = {0, 15000 + 40};
  schedule_plan plan = plan_of(&m, 1, &all);
  schedule_outcome outcome;
  CHECK(schedule_run(&plan, &outcome, NULL) == ELFIN_OK);
  int dear = 0;
  for (int i = 15000; i < 15040; i++)
    dear += m.times_done[i];
  CHECK(dear <= 40 / schedule_n_ranks() + 12);
  gather(m.kept);
  for (int i = 0; i < 15040; i++)
    CHECK(m.kept[i] == 1);
  release(&m);
}

static void every_rank_is_on_some_host(void)
{
  char hosts[256];
  schedule_hosts(sizeof hosts, hosts);
  if (schedule_rank())
    CHECK_TEXT(hosts, "");
  else
    CHECK(strlen(hosts) > 0);
}

static elfin_status deaf_work(void *context, uint64_t first, uint64_t n, uint64_t *done,
                              schedule_turn *turn, elfin_error *err)
{
  (void)context, (void)first, (void)n, (void)turn, (void)err;
  *done = 0;
  raise(SIGTERM);
  spend(0.7); /* two signals within half a second are one that was passed on twice */
  raise(SIGTERM);
  _Exit(9);
}

/** In a process of its own, which does not come back from work. */
static void a_second_signal_stops_at_once(void)
{
  if (schedule_n_ranks() > 1)
    return;
  pid_t child = fork();
  if (child == 0) {
    memory m = fresh(no_cost);
    schedule_range all = {0, 10};
    schedule_plan plan = plan_of(&m, 1, &all);
    plan.work = deaf_work;
    schedule_outcome outcome;
    schedule_run(&plan, &outcome, NULL);
    _Exit(9);
  }
  int ended = 0;
  CHECK(waitpid(child, &ended, 0) == child);
  CHECK(WIFEXITED(ended) && WEXITSTATUS(ended) == 1); /* incomplete */
}

/** The last claim: the wish to stop outlives a run. */
static void a_signal_on_any_rank_stops_all(void)
{
  memory m = fresh(one_ms);
  m.stops_after = schedule_rank() == schedule_n_ranks() - 1 ? 10 : UINT64_MAX;
  schedule_range all = {0, N_TASKS};
  schedule_plan plan = plan_of(&m, 1, &all);
  schedule_outcome outcome;
  CHECK(schedule_run(&plan, &outcome, NULL) == ELFIN_OK);
  CHECK(outcome.stopped);
  CHECK(outcome.n_done < N_TASKS / 2);
  release(&m);
}

/* ---- sharing --------------------------------------------------------------------------------- */

enum { N_PARTS = 7 };

typedef struct shelf {
  size_t made, taken;
  bool in_order, same;
  size_t fails_at;
  const double *part[N_PARTS]; /* where it lies */
} shelf;

static double number_of(size_t i_part, size_t i)
{
  return (double)i_part + 1.0 / (double)(i + 1);
}

static elfin_status make_part(void *context, size_t i_part, size_t *n, double **numbers,
                              elfin_error *err)
{
  shelf *s = context;
  if (i_part == s->fails_at)
    return elfin_fail(err, ELFIN_E_ACCURACY, "part %zu cannot be made", i_part);
  *n = i_part * 1000; /* part 0 is empty */
  *numbers = malloc((*n + 1) * sizeof **numbers);
  for (size_t i = 0; i < *n; i++)
    (*numbers)[i] = number_of(i_part, i);
  s->made++;
  return ELFIN_OK;
}

static elfin_status take_part(void *context, size_t i_part, size_t n, const double numbers[],
                              elfin_error *err)
{
  (void)err;
  shelf *s = context;
  s->in_order = s->in_order && i_part == s->taken;
  s->same = s->same && n == i_part * 1000;
  for (size_t i = 0; i < n; i++)
    s->same = s->same && numbers[i] == number_of(i_part, i);
  s->part[i_part] = numbers;
  s->taken++;
  return ELFIN_OK;
}

static void what_one_rank_makes_all_ranks_take(void)
{
  shelf s = {.in_order = true, .same = true, .fails_at = N_PARTS};
  schedule_shared *shared = NULL;
  CHECK(schedule_share(N_PARTS, make_part, take_part, &s, &shared, NULL) == ELFIN_OK);
  CHECK(s.taken == N_PARTS && s.in_order && s.same);
  size_t ranks = (size_t)schedule_n_ranks();
  CHECK(s.made <= N_PARTS / ranks + 1); /* nobody makes everything */
  for (size_t k = 1; k < N_PARTS; k++)
    CHECK(s.part[k][999 * k] == number_of(k, 999 * k)); /* it stays */
  schedule_unshare(shared);
  CHECK(schedule_share(0, make_part, take_part, &s, &shared, NULL) == ELFIN_OK);
  CHECK(shared == NULL);
  schedule_unshare(shared);
}

static void a_part_that_fails_on_one_rank_fails_on_all(void)
{
  shelf s = {.in_order = true, .same = true, .fails_at = N_PARTS - 1};
  schedule_shared *shared = NULL;
  elfin_error err = {""};
  CHECK(schedule_share(N_PARTS, make_part, take_part, &s, &shared, &err) == ELFIN_E_ACCURACY);
  CHECK_SAYS(err.text, "part 6 cannot be made");
  CHECK(shared == NULL);
}

/** What a rank writes the ranks of its node read, and nobody else: the memory is the same one. With
 * one rank a node, each has its own; with two, neighbours share; and so on. Where MPI has no shared
 * memory (`copies`), each rank has its own, too. */
static void a_node_has_parts_once(bool copies)
{
  for (int per_node = 1; schedule_n_ranks() > 1 && per_node <= schedule_n_ranks(); per_node++) {
    shelf s = {.in_order = true, .same = true, .fails_at = N_PARTS};
    int rank = schedule_rank(), leader = copies ? rank : rank / per_node * per_node;
    void *shared = NULL;
    CHECK(mpi_share_on(per_node, N_PARTS, make_part, take_part, &s, &shared, NULL) == ELFIN_OK);
    CHECK(s.taken == N_PARTS && s.in_order && s.same);
    MPI_Barrier(MPI_COMM_WORLD);
    if (rank == leader) /* they are read-only for others than this test */
      ((double *)(uintptr_t)s.part[N_PARTS - 1])[0] = 1000 + leader;
    MPI_Barrier(MPI_COMM_WORLD);
    CHECK(s.part[N_PARTS - 1][0] == 1000 + leader);
    mpi_unshare(shared);
  }
}

static void ranks_agree_and_hear_the_worst(void)
{
  int rank = schedule_rank(), last = schedule_n_ranks() - 1;
  elfin_error err = {""};
  elfin_status mine = ELFIN_OK;
  if (rank == 0)
    mine = elfin_fail(&err, ELFIN_E_DATA, "said by rank 0");
  CHECK(schedule_agree(mine, &err) == ELFIN_E_DATA);
  CHECK_TEXT(err.text, "said by rank 0");
  CHECK(schedule_agree(rank == 0 ? ELFIN_OK : ELFIN_E_DATA, &err) == ELFIN_OK);

  elfin_error worse = {""};
  mine = ELFIN_OK;
  if (rank == last)
    mine = elfin_fail(&worse, ELFIN_E_OUTPUT, "said by the last rank");
  CHECK(schedule_worst(mine, &worse) == ELFIN_E_OUTPUT);
  CHECK_TEXT(worse.text, "said by the last rank");
  CHECK(schedule_worst(ELFIN_OK, &worse) == ELFIN_OK);

  double bytes[100];
  for (int i = 0; i < 100; i++)
    bytes[i] = rank == 0 ? sqrt(i) : 0;
  CHECK(schedule_broadcast(bytes, sizeof bytes, &err) == ELFIN_OK);
  for (int i = 0; i < 100; i++)
    CHECK(bytes[i] == sqrt(i));
}

int main(int argc, char **argv)
{
  elfin_error err = {""};
  if (schedule_start(&argc, &argv, &err))
    return 1;
  /* mpirun tells how many ranks it was to start: a test on one rank by mistake must not pass. */
  if (argc > 1)
    CHECK(schedule_n_ranks() == atoi(argv[1]));
  ranks_agree_and_hear_the_worst();
  what_one_rank_makes_all_ranks_take();
  a_part_that_fails_on_one_rank_fails_on_all();
  a_node_has_parts_once(argc > 2 && strcmp(argv[2], "copies") == 0);
  if (argc > 2)
    goto out;
  nothing_to_do_is_done_at_once();
  each_task_is_done_and_kept_exactly_once();
  all_ranks_take_part();
  the_last_line_of_progress_counts_everything();
  a_failing_task_ends_the_run_on_every_rank();
  a_failing_flush_ends_the_run_on_every_rank();
  the_time_limit_stops_between_tasks();
  an_endless_task_is_dropped_when_time_is_up();
  who_watches_stops_all_ranks_inside_their_tasks();
  dear_tasks_behind_cheap_ones_are_shared();
  every_rank_is_on_some_host();
  a_second_signal_stops_at_once();
  a_signal_on_any_rank_stops_all();
out:;
  int result = check_result();
  schedule_finish();
  return result;
}
