/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file schedule_inner.h
 * Inside the room: what one process (schedule.c) and many (schedule_mpi.c) share. All of it local.
 */
#ifndef SCHEDULE_INNER_H
#define SCHEDULE_INNER_H

#include "schedule/schedule.h"

double schedule_clock(void);       /* seconds, never running backwards */
void schedule_nap(double seconds); /* leave the core to others */
bool schedule_stop_requested(void);

/* ---- a hand: one rank doing tasks (hand.c) --------------------------------------------------- */

/** Work is done in slices, so that a rank looks at its clock, its signals and its mail between
 * them. A slice is as many tasks as fit a given time, judged by the tasks before. */
typedef struct hand {
  const schedule_plan *plan;
  double started, flushed; /* by schedule_clock() */
  uint64_t last_slice;     /* tasks */
  double s_per_task;       /* of the last slice */
  uint64_t n_done;
  bool unflushed;
  bool out_of_time;
  elfin_status status; /* the first failure; nothing is done after it */
  elfin_error err;
} hand;

void hand_start(hand *h, const schedule_plan *plan);

/** Do the first tasks of `todo`, some `slice_s` of them, and take them off it; flush if it is time
 * to. Sets h->status if work or flush fail. */
void hand_work(hand *h, schedule_range *todo, double slice_s);

/** Should this rank do nothing more: failed, signalled or out of time? */
bool hand_must_stop(hand *h);

/** The last flush. Not after a flush that failed. */
void hand_finish(hand *h);

/* ---- the queue: what is left to hand out (queue.c) ------------------------------------------- */

/** Chunks aim at CHUNK_S of work by the time that tasks took lately, at most double from one to the
 * next, and shrink towards the end so that all ranks finish together. */
typedef struct queue {
  const schedule_plan *plan;
  size_t i_range;
  uint64_t offset; /* into that range */
  uint64_t n_total, n_left;
  uint64_t last_chunk;
  double s_per_task; /* 0: unknown */
  int n_ranks;
} queue;

void queue_start(queue *q, const schedule_plan *plan, int n_ranks);

/** The next chunk; n = 0 when nothing is left. */
schedule_range queue_next(queue *q);

/** Nothing more is handed out. */
void queue_close(queue *q);

/** `n` tasks took `seconds`. */
void queue_learn(queue *q, uint64_t n, double seconds);

/* ---- the progress line (progress.c) ---------------------------------------------------------- */

typedef struct progress {
  FILE *stream; /* NULL: silent */
  bool terminal;
  uint64_t n_total, n_done;
  double started, shown;
} progress;

void progress_start(progress *p, FILE *stream, uint64_t n_total);
/** `n` more are done. Prints when it is time to. */
void progress_add(progress *p, uint64_t n);
/** The last line: all that was done, and how long it took. */
void progress_end(progress *p, uint64_t n_done);

/* ---- many processes (schedule_mpi.c) --------------------------------------------------------- */

bool mpi_active(void);
void mpi_start(int *argc, char ***argv);
void mpi_finish(void);
int mpi_rank(void);
int mpi_n_ranks(void);
elfin_status mpi_run(const schedule_plan *plan, schedule_outcome *outcome, elfin_error *err);
elfin_status mpi_share(size_t n_parts, schedule_make *make, schedule_take *take, void *context,
                       elfin_error *err);
elfin_status mpi_agree(elfin_status status, elfin_error *err);
elfin_status mpi_worst(elfin_status status, elfin_error *err);
void mpi_broadcast(void *bytes, size_t n);
_Noreturn void mpi_abort(int code);

#endif
