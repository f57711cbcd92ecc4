/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_network.c
 * The scheduler itself – queue.c and talk.c, as they run under MPI – on a simulated network of up to
 * 16384 ranks: only clock, messages and tasks are simulated.
 *
 * A message takes LATENCY; the master takes `answer_s` for each question, and they queue up before it.
 * Each rank writes a block of rows per WRITE_S of work and file system. What the constants are is
 * measured: src/schedule/README.md. `test_network print` prints the table that stands there. */
#include "check.h"
#include "schedule/schedule_inner.h"

#include <stdlib.h>

/** Seconds. A message over TCP on loopback takes 17 µs there and back. */
static const double LATENCY = 1e-5;

typedef enum event_kind { EVENT_ARRIVES, EVENT_ANSWERED, EVENT_CHUNK_ENDS } event_kind;

typedef struct event {
  double time;
  int rank;
  event_kind kind;
  question q;    /* EVENT_ARRIVES */
  parcel answer; /* EVENT_ANSWERED */
} event;

typedef struct rank_state {
  worker says;
  parcel held, next;
  bool has_next, waiting, ended;
  double idle_since, busy_s;
} rank_state;

typedef struct network {
  size_t n_events, room;
  event *heap; /* the earliest first */
  double now, master_free, master_busy_s;
  double answer_s;
  double (*cost_s)(uint64_t task);
  bool alike; /* all tasks cost the same: no need to look at each */
  int n_ranks;
  rank_state *rank;
  master m;
  uint64_t n_done, n_questions, n_chunks;
  uint8_t *times; /* [n_tasks] or NULL */
  double last_work;
} network;

/* ---- a heap of events ------------------------------------------------------------------------ */

static void push(network *w, event e)
{
  if (w->n_events == w->room) {
    w->room = w->room ? 2 * w->room : 1024;
    w->heap = realloc(w->heap, w->room * sizeof *w->heap);
    if (!w->heap)
      exit(1);
  }
  size_t i = w->n_events++;
  for (; i > 0 && w->heap[(i - 1) / 2].time > e.time; i = (i - 1) / 2)
    w->heap[i] = w->heap[(i - 1) / 2];
  w->heap[i] = e;
}

static event pop(network *w)
{
  event first = w->heap[0], last = w->heap[--w->n_events];
  size_t i = 0;
  for (;;) {
    size_t child = 2 * i + 1;
    if (child >= w->n_events)
      break;
    if (child + 1 < w->n_events && w->heap[child + 1].time < w->heap[child].time)
      child++;
    if (w->heap[child].time >= last.time)
      break;
    w->heap[i] = w->heap[child];
    i = child;
  }
  w->heap[i] = last;
  return first;
}

/* ---- ranks ----------------------------------------------------------------------------------- */

static void say_to_master(network *w, int rank, say state)
{
  push(w, (event){.time = w->now + LATENCY,
                  .rank = rank,
                  .kind = EVENT_ARRIVES,
                  .q = worker_says(&w->rank[rank].says, state)});
}

/* A rank that gives back what is late, as do_parcel() in schedule_mpi.c: it looks each 20 ms. */
static void begin_chunk(network *w, int rank)
{
  enum { LOOKS_PER_S = 50 };
  rank_state *r = &w->rank[rank];
  schedule_range todo = r->held.tasks;
  double spent = 0, looked = 0;
  uint64_t done = 0;
  if (w->alike) {
    done = todo.n;
    spent = (double)todo.n * w->cost_s(todo.first);
    todo = (schedule_range){todo.first + todo.n, 0};
  }
  while (todo.n && !(spent - looked >= 1.0 / LOOKS_PER_S && parcel_is_late(&r->held, spent))) {
    if (spent - looked >= 1.0 / LOOKS_PER_S)
      looked = spent;
    spent += w->cost_s(todo.first);
    if (w->times)
      w->times[todo.first]++;
    todo.first++;
    todo.n--;
    done++;
  }
  w->n_done += done;
  w->n_chunks++;
  r->busy_s += spent;
  worker_done(&r->says, done, spent, todo);
  push(w, (event){.time = w->now + spent, .rank = rank, .kind = EVENT_CHUNK_ENDS});
}

static void take_answer(network *w, int rank, parcel answer)
{
  rank_state *r = &w->rank[rank];
  r->waiting = false;
  if (answer.tasks.n == 0) {
    r->ended = true;
    say_to_master(w, rank, SAYS_GOODBYE);
    return;
  }
  r->held = answer;
  say_to_master(w, rank, SAYS_MORE);
  begin_chunk(w, rank);
}

static void post(void *context, int to, parcel answer)
{
  network *w = context;
  push(w, (event){.time = w->master_free + LATENCY,
                  .rank = to,
                  .kind = EVENT_ANSWERED,
                  .answer = answer});
}

static void handle(network *w, event e)
{
  rank_state *r = &w->rank[e.rank];
  w->now = e.time;
  switch (e.kind) {
  case EVENT_ARRIVES:
    w->master_free = fmax(w->master_free, w->now) + w->answer_s;
    w->master_busy_s += w->answer_s;
    w->n_questions++;
    CHECK(master_hear(&w->m, e.rank, e.q, NULL) == ELFIN_OK);
    break;
  case EVENT_ANSWERED:
    if (r->waiting) {
      take_answer(w, e.rank, e.answer);
    } else {
      r->next = e.answer;
      r->has_next = true;
    }
    break;
  case EVENT_CHUNK_ENDS:
    w->last_work = w->now;
    if (r->has_next) {
      r->has_next = false;
      take_answer(w, e.rank, r->next);
    } else {
      r->waiting = true;
      say_to_master(w, e.rank, SAYS_STATE);
    }
    break;
  }
}

/* ---- a run ----------------------------------------------------------------------------------- */

typedef struct outcome {
  double seconds, efficiency, master_load;
  uint64_t n_questions, n_chunks;
} outcome;

static outcome simulate(int n_ranks, uint64_t n_tasks, double (*cost_s)(uint64_t), double answer_s,
                        bool count)
{
  schedule_range all = {0, n_tasks};
  schedule_plan plan = {.n_ranges = 1, .ranges = &all};
  network w = {.answer_s = answer_s,
               .cost_s = cost_s,
               .alike = !count && cost_s(0) == cost_s(1) && cost_s(1) == cost_s(2),
               .n_ranks = n_ranks};
  w.rank = calloc((size_t)n_ranks, sizeof *w.rank);
  w.times = count ? calloc(n_tasks, 1) : NULL;
  CHECK(master_start(&w.m, &plan, n_ranks, post, &w, NULL) == ELFIN_OK);
  for (int rank = 1; rank < n_ranks; rank++) { /* rank 0 is the master, and does nothing else */
    w.rank[rank].waiting = true;
    say_to_master(&w, rank, SAYS_MORE);
  }
  while (w.n_events)
    handle(&w, pop(&w));
  CHECK(w.n_done == n_tasks);
  CHECK(w.m.n_workers == 0 && w.m.n_held == 0);
  double work = 0;
  for (int rank = 1; rank < n_ranks; rank++) {
    CHECK(w.rank[rank].ended);
    work += w.rank[rank].busy_s;
  }
  size_t wrong = 0;
  for (uint64_t i = 0; count && i < n_tasks; i++)
    wrong += w.times[i] != 1;
  CHECK(wrong == 0);
  outcome o = {w.last_work, work / (n_ranks * w.last_work), w.master_busy_s / w.last_work,
               w.n_questions, w.n_chunks};
  master_end(&w.m);
  free(w.times);
  free(w.heap);
  free(w.rank);
  return o;
}

/* ---- what tasks cost ------------------------------------------------------------------------- */

static double one_ms(uint64_t task) { (void)task; return 1e-3; }
static double ten_us(uint64_t task) { (void)task; return 1e-5; }

/** A number in [0, 1) that belongs to a task. */
static double chance(uint64_t task)
{
  uint64_t x = (task + 1) * UINT64_C(0x9e3779b97f4a7c15);
  x = (x ^ (x >> 31)) * UINT64_C(0xbf58476d1ce4e5b9);
  return (double)(x >> 11) * 0x1p-53;
}

/** Mostly microseconds, some milliseconds, a few of two seconds. */
static double mixed(uint64_t task)
{
  double u = chance(task);
  return u < 1e-4 ? 2 : u < 0.5 ? 1e-6 : 2e-3 * u;
}

/** A sweep of microseconds, and behind it one of tenths of a second. */
static double one_sweep_after_the_other(uint64_t task)
{
  return task < 4000000 ? 2e-6 : 0.2;
}

/* ---- claims ---------------------------------------------------------------------------------- */

/** Measured: in shared memory; over TCP (README.md). */
static const double FAST = 2e-6, SLOW = 17e-6;

static void every_task_is_done_once_on_any_number_of_ranks(void)
{
  static const int n_ranks[] = {2, 3, 17, 128, 1024};
  for (size_t i = 0; i < sizeof n_ranks / sizeof *n_ranks; i++) {
    simulate(n_ranks[i], 300000, mixed, SLOW, true);
    simulate(n_ranks[i], 4000200, one_sweep_after_the_other, FAST, true);
    simulate(n_ranks[i], 1, one_ms, SLOW, true);
    simulate(n_ranks[i], (uint64_t)n_ranks[i] + 1, one_ms, SLOW, true);
  }
}

/** Some five minutes of work for each rank. One rank is the master: of two, only half can work. */
static void thousands_of_ranks_do_not_wait_for_the_master(void)
{
  for (int n = 128; n <= 16384; n *= n < 1024 ? 8 : 16) {
    outcome o = simulate(n, (uint64_t)n * 30000, one_ms, SLOW, false);
    CHECK(o.efficiency > 0.95);
    CHECK(o.master_load < 0.25);
  }
}

static void dear_tasks_behind_cheap_ones_keep_no_rank_waiting(void)
{
  outcome o = simulate(128, 4000000 + 20000, one_sweep_after_the_other, SLOW, true);
  CHECK(o.efficiency > 0.9);
}

/* ---- the table of README.md ------------------------------------------------------------------ */

/** A hundred seconds of work for each rank; mixed tasks are looked at one by one, and get less. */
static void print_table(void)
{
  static const struct {
    const char *name;
    double (*cost_s)(uint64_t);
    uint64_t per_rank, most;
  } loads[] = {{"1 ms", one_ms, 100000, UINT64_MAX},
               {"10 µs", ten_us, 10000000, UINT64_MAX},
               {"mixed", mixed, 100000, 800000000}};
  puts("| tasks | ranks | an answer takes | run | efficiency | master busy | questions/s |\n"
       "|---|---|---|---|---|---|---|");
  for (size_t i = 0; i < sizeof loads / sizeof *loads; i++)
    for (int n = 128; n <= 16384; n *= n < 1024 ? 8 : 16)
      for (int slow = 0; slow < 2; slow++) {
        uint64_t n_tasks = (uint64_t)n * loads[i].per_rank;
        n_tasks = n_tasks < loads[i].most ? n_tasks : loads[i].most;
        outcome o = simulate(n, n_tasks, loads[i].cost_s, slow ? SLOW : FAST, false);
        printf("| %s | %d | %g µs | %.3g s | %.3f | %.1f %% | %.0f |\n", loads[i].name, n,
               slow ? 1e6 * SLOW : 1e6 * FAST, o.seconds, o.efficiency, 100 * o.master_load,
               (double)o.n_questions / o.seconds);
      }
}

int main(int argc, char **argv)
{
  if (argc > 1 && strcmp(argv[1], "print") == 0) {
    print_table();
    return 0;
  }
  every_task_is_done_once_on_any_number_of_ranks();
  thousands_of_ranks_do_not_wait_for_the_master();
  dear_tasks_behind_cheap_ones_keep_no_rank_waiting();
  return check_result();
}
