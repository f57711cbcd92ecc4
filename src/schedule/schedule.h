/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file schedule.h
 * "Do N tasks, here is the work." Knows nothing of physics, files or axes: it moves integers.
 *
 * Two implementations of this header: schedule.c (one process) and schedule_mpi.c, the only file
 * that sends a message. Rank 0 is the master: it hands out chunks of task numbers and, between its
 * own tasks, looks for requests, because with few ranks a master that only waits wastes a core.
 * Which rank does a task never changes its result: a task is a number, defined by the job alone.
 */
#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <elfin/base.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/** Tasks first … first+n−1. */
typedef struct schedule_range {
  uint64_t first, n;
} schedule_range;

/** A rank at work: what it asks whether it should come back. */
typedef struct schedule_turn schedule_turn;

/** Local. Does tasks first … first+n−1, keeping results to itself, at least one of them; comes back
 * after a task when schedule_turn_over() says so, with `*done` tasks done. Must not communicate.
 * Tasks that take long call schedule_turn_drop() from inside; when that says so, it comes back
 * without the task that was under way. */
typedef elfin_status schedule_work(void *context, uint64_t first, uint64_t n, uint64_t *done,
                                   schedule_turn *turn, elfin_error *err);

/** Local. Makes everything done so far permanent (writes it out). Must not communicate. Also called
 * from schedule_turn_drop(): then a task is under way, which is not done. */
typedef elfin_status schedule_flush(void *context, elfin_error *err);

/** Local. Is there a reason to stop that the scheduler cannot see? ELFIN_OK: no; ELFIN_E_STOPPED:
 * somebody wants it; anything else is a failure of the run. Also called while a task is under way.
 */
typedef elfin_status schedule_watch(void *context, elfin_error *err);

/** Local. Between tasks: is it time to come back? */
bool schedule_turn_over(schedule_turn *turn);

/** Local. Inside a task, some hundred times a second at least: should it be dropped, because it
 * would keep a rank from stopping in time? Meanwhile the master answers its mail, and what is done
 * is written when it is time to. */
bool schedule_turn_drop(schedule_turn *turn);

/** Why a run ended. */
typedef enum schedule_end {
  SCHEDULE_DONE,
  SCHEDULE_SIGNALLED, /* SIGTERM, SIGUSR1, SIGINT or SIGHUP, on any rank */
  SCHEDULE_TIMED,     /* max_time_s */
  SCHEDULE_ASKED,     /* watch */
  SCHEDULE_FAILED     /* work or flush, on some rank */
} schedule_end;

typedef struct schedule_plan {
  size_t n_ranges;
  const schedule_range *ranges; /* pending tasks, ascending, not overlapping; rank 0's count */
  size_t n_kinds;
  const uint64_t *kind_first; /* [n_kinds] ascending: from these tasks on they are of another kind, and
                                 what those before them cost says nothing; NULL: all are alike */
  schedule_work *work;
  schedule_flush *flush;
  void *context; /* this rank's own */
  double
      flush_interval_s;  /* about this often, more seldom with thousands of ranks; and at the end */
  FILE *progress;        /* where rank 0 reports (done, rate, ETA); NULL: nowhere */
  double max_time_s;     /* stop handing out work after this; INFINITY: never */
  schedule_watch *watch; /* rank 0 asks it once a second; NULL: there is none */
} schedule_plan;

typedef struct schedule_outcome {
  uint64_t n_done;  /* tasks done by all ranks in this call; valid on rank 0 */
  bool stopped;     /* before the end, without a failure */
  schedule_end end; /* why: the first reason that rank 0 heard of */
} schedule_outcome;

/** Collective. First and last call; without mpirun they make a world of one rank. */
elfin_status schedule_start(int *argc, char ***argv, elfin_error *err);
void schedule_finish(void);

/** Local. */
int schedule_rank(void);
int schedule_n_ranks(void);

/** Collective. Does each pending task once.
 * @return the same on all ranks: ELFIN_OK, also when stopped; else the first rank's failure (a work
 *         or flush that failed), every rank having flushed what it could */
elfin_status schedule_run(const schedule_plan *plan, schedule_outcome *outcome, elfin_error *err);

/** Local. Makes part `i_part` of something that every rank needs: `*numbers` is malloc()ed. */
typedef elfin_status schedule_make(void *context, size_t i_part, size_t *n, double **numbers,
                                   elfin_error *err);
/** Local. Takes a part that some rank made. `numbers` stay where they are until they are unshared:
 * once on each node, for all of its ranks to read. */
typedef elfin_status schedule_take(void *context, size_t i_part, size_t n, const double numbers[],
                                   elfin_error *err);

/** What ranks share. */
typedef struct schedule_shared schedule_shared;

/** Collective. Each part is made by one rank and taken by all, in order of their numbers.
 * @param[out] shared  yours, schedule_unshare() it; NULL after a failure, and for no parts
 * @return the same on all ranks */
elfin_status schedule_share(size_t n_parts, schedule_make *make, schedule_take *take, void *context,
                            schedule_shared **shared, elfin_error *err);

/** Collective. The parts are gone. NULL is fine, if it is NULL on all ranks. */
void schedule_unshare(schedule_shared *shared);

/** Collective. Rank 0's `status` and sentence on every rank: before a collective call the ranks
 * agree whether to enter it. */
elfin_status schedule_agree(elfin_status status, elfin_error *err);

/** Collective. The worst of all ranks' statuses, with its sentence, on every rank. */
elfin_status schedule_worst(elfin_status status, elfin_error *err);

/** Collective. Rank 0's bytes on every rank. */
elfin_status schedule_broadcast(void *bytes, size_t n, elfin_error *err);

/** Local, never returns. For a rank that cannot go on. */
_Noreturn void schedule_abort(int code);

/** Local. Ask for an orderly stop (a signal handler may call it). */
void schedule_request_stop(void);

/** Local. Which MPI this is: "Open MPI v4.1.4". */
void schedule_library(size_t size, char text[]);

/** Collective. The nodes of the run, "node1*64 node2*64": rank 0 gets the text, others "". */
void schedule_hosts(size_t size, char text[]);

/** Local. A span of time as people say it: "42 s", "17 min", "3.2 h". */
void schedule_print_span(FILE *stream, double seconds);

#endif
