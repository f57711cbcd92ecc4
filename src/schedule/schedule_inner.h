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

/** The same for somebody who cannot go on. */
elfin_status schedule_stopped(elfin_error *err);

/* ---- a hand: one rank doing tasks (hand.c) --------------------------------------------------- */

/** Work is done in slices, so that a rank looks at its clock, its signals and its mail between
 * them. Long tasks look up from inside, too: see schedule_turn_drop(). */
struct schedule_turn {
  const schedule_plan *plan;
  void (*mail)(void *); /* look at it; NULL: there is none */
  void *mail_context;
  double started, flushed;           /* by schedule_clock() */
  double slice_end, looked, watched; /* … too */
  double stopping_since;             /* … if `end` says that it is */
  schedule_end end;
  uint64_t n_done;
  bool unflushed;
  elfin_status status; /* the first failure; nothing is done after it */
  elfin_error err;
};
typedef schedule_turn hand;

void hand_start(hand *h, const schedule_plan *plan);

/** Do the first tasks of `todo`, some `slice_s` of them, and take them off it; flush if it is time
 * to. Sets h->status if work or flush fail. */
void hand_work(hand *h, schedule_range *todo, double slice_s);

/** Should this rank do nothing more: failed, signalled, told to or out of time? */
bool hand_must_stop(hand *h);

/** Make it so, unless it is already. */
void hand_stop(hand *h, schedule_end why);

/** The first failure is remembered. */
void hand_fail(hand *h, elfin_status status, const elfin_error *err);

/** The last flush. Not after a flush that failed. */
void hand_finish(hand *h);

/* ---- the queue: what is left to hand out (queue.c) ------------------------------------------- */

/** Below what a clock sees. */
#define LEAST_TASK_S 1e-8

/** Chunks aim at a time that grows with the number of ranks, are at most double from one to the
 * next, and shrink towards the end so that all ranks finish together. */
typedef struct queue {
  const schedule_plan *plan;
  size_t i_range;
  uint64_t offset; /* into that range */
  uint64_t n_total, n_left;
  uint64_t last_chunk;
  size_t kind;       /* of the last chunk */
  double s_per_task; /* 0: unknown */
  int n_ranks;
  bool closed;
  size_t n_back, back_room;
  schedule_range *back; /* [n_back] handed out once, and given back */
} queue;

void queue_start(queue *q, const schedule_plan *plan, int n_ranks);
void queue_end(queue *q);

/** The next chunk; n = 0 when nothing is left. */
schedule_range queue_next(queue *q);

/** Tasks that were handed out and not begun. @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status queue_give_back(queue *q, schedule_range rest, elfin_error *err);

/** Nothing more is handed out. */
void queue_close(queue *q);

/** `n` tasks took `seconds`. */
void queue_learn(queue *q, uint64_t n, double seconds);

/** How often each of so many ranks may bother what they share: in seconds, at least `least_s`. */
double queue_pace(int n_ranks, double least_s);

/* ---- what ranks say to each other (talk.c) --------------------------------------------------- */

typedef struct parcel {
  schedule_range tasks; /* n = 0: the end */
  double expected_s;    /* 0: unknown */
} parcel;

/** Has a rank spent so long on a chunk that it should give the rest back? */
bool parcel_is_late(const parcel *c, double spent_s);

typedef enum say {
  SAYS_MORE,    /* wants a chunk */
  SAYS_STOP,    /* the same, knowing that there will be none: it failed, or was told to stop */
  SAYS_STATE,   /* tells what it has done; wants nothing */
  SAYS_GOODBYE, /* has written everything */
} say;

/** All numbers of 64 bits, as they travel. */
typedef struct question {
  uint64_t state;               /* a `say` */
  uint64_t n_done, nanoseconds; /* since the last one */
  uint64_t first, n;            /* tasks that it gives back; n = 0: none */
} question;

/** What a worker has to tell since it last spoke. */
typedef struct worker {
  uint64_t n_done;
  double seconds;
  schedule_range rest;
} worker;

/** It did `n` tasks in so many seconds, and will not do `rest`. */
void worker_done(worker *w, uint64_t n, double seconds, schedule_range rest);
/** Its next words; they tell everything. */
question worker_says(worker *w, say state);

/** How an answer reaches a worker. */
typedef void master_post(void *context, int to, parcel answer);

typedef struct master {
  queue left;
  uint64_t n_held; /* tasks handed out and not accounted for */
  int n_workers;   /* who have not said goodbye */
  int n_waiting;
  int *waiting; /* [n_waiting] workers who want an answer */
  master_post *post;
  void *post_context;
} master;

elfin_status master_start(master *m, const schedule_plan *plan, int n_ranks, master_post *post,
                          void *post_context, elfin_error *err);
void master_end(master *m);

/** A worker has spoken: post what answers that allows, also to others. @return ELFIN_OK;
 * ELFIN_E_MEMORY, the queue being closed */
elfin_status master_hear(master *m, int from, question q, elfin_error *err);

/** The master's own work; tasks.n = 0 if there is none now. */
parcel master_own_parcel(master *m);
/** It did `n` more of it, in so many seconds. */
void master_own_progress(master *m, uint64_t n, double seconds);
/** It is done with it, but for `rest`. */
elfin_status master_own_done(master *m, schedule_range rest, elfin_error *err);

/** Nothing more is handed out. */
void master_close(master *m);

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
/** Collective, as those of schedule.h: parts in memory that ranks of a node share (share_mpi.c). */
elfin_status mpi_share(size_t n_parts, schedule_make *make, schedule_take *take, void *context,
                       void **shared, elfin_error *err);
/** The same where a node has at most so many ranks, whatever the machine says. */
elfin_status mpi_share_on(int most_per_node, size_t n_parts, schedule_make *make,
                          schedule_take *take, void *context, void **shared, elfin_error *err);
void mpi_unshare(void *shared);
/** Collective: wait for all ranks without burning a core, before a call that some reach much later.
 */
void mpi_meet(void);
elfin_status mpi_agree(elfin_status status, elfin_error *err);
elfin_status mpi_worst(elfin_status status, elfin_error *err);
void mpi_broadcast(void *bytes, size_t n);
void mpi_hosts(size_t size, char text[]);
void mpi_library(size_t size, char text[]);
_Noreturn void mpi_abort(int code);

#endif
