/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file schedule_mpi.c
 * Many processes: the only file that sends a message, but for what ranks share (share_mpi.c).
 *
 * What is said, and why, is in talk.c; here it travels. A worker looks at its mail inside of long
 * tasks, too, for the one word that the master says unasked: stop, or, after its goodbye, farewell.
 *
 * Nobody spins while there is nothing to do: waiting ranks test and nap. MPI's own errors end the
 * job (MPI_ERRORS_ARE_FATAL, the default), so its return values need no second look.
 */
#include "schedule/schedule_inner.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_QUESTION = 1, TAG_ANSWER = 2, TAG_WORD = 3 };

/** A question and an answer, in numbers of 64 bits. */
enum { QUESTION_LENGTH = sizeof(question) / sizeof(uint64_t) };
enum { A_FIRST, A_N, A_NANOSECONDS, ANSWER_LENGTH };
/** The master's one word to each worker: why to stop (a schedule_end), or, at the end, this. */
enum { WORD_FAREWELL = SCHEDULE_DONE };

/** The master looks for questions this often: a worker's prefetched chunk is a thousand times it.
 */
static const double MASTER_SLICE_S = 2e-4;
/** A worker only looks at clock and signals. */
static const double WORKER_SLICE_S = 0.02;
/** Naps of a rank that waits, from the first to the longest. */
static const double NAP_S = 2e-5, LONGEST_NAP_S = 1e-3;
/** Tests before the first nap: an answer usually comes within microseconds. */
enum { QUICK_TESTS = 50 };
/** With more ranks a master that computes would be late for too many of them. */
enum { MASTER_COMPUTES_UP_TO = 64 };
/** MPI counts are int. */
enum { BYTES_PER_MESSAGE = 1 << 30 };

bool mpi_active(void)
{
  int begun = 0, over = 0;
  MPI_Initialized(&begun);
  MPI_Finalized(&over);
  return begun && !over;
}

void mpi_start(int *argc, char ***argv)
{
  MPI_Init(argc, argv);
}

void mpi_finish(void)
{
  MPI_Finalize();
}

int mpi_rank(void)
{
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

int mpi_n_ranks(void)
{
  int n = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &n);
  return n;
}

_Noreturn void mpi_abort(int code)
{
  MPI_Abort(MPI_COMM_WORLD, code);
  abort(); /* MPI_Abort does not return, but is not declared so */
}

/** Wait for a request without burning a core. */
static void wait_quietly(MPI_Request *request)
{
  double nap = NAP_S;
  for (int i = 0;; i++) {
    int there = 0;
    MPI_Test(request, &there, MPI_STATUS_IGNORE);
    if (there)
      return;
    if (i < QUICK_TESTS)
      continue;
    schedule_nap(nap);
    nap = nap * 2 < LONGEST_NAP_S ? nap * 2 : LONGEST_NAP_S;
  }
}

void mpi_meet(void)
{
  MPI_Request request;
  MPI_Ibarrier(MPI_COMM_WORLD, &request);
  wait_quietly(&request);
}

/* ---- agreement ------------------------------------------------------------------------------- */

/** `status` and sentence of rank `from` on every rank. */
static elfin_status status_of(int from, elfin_status status, elfin_error *err)
{
  struct {
    int status;
    elfin_error err;
  } said;
  memset(&said, 0, sizeof said);
  said.status = (int)status;
  if (err)
    said.err = *err;
  MPI_Bcast(&said, (int)sizeof said, MPI_BYTE, from, MPI_COMM_WORLD);
  if (said.status && err)
    *err = said.err;
  return (elfin_status)said.status;
}

elfin_status mpi_agree(elfin_status status, elfin_error *err)
{
  mpi_meet();
  return status_of(0, status, err);
}

elfin_status mpi_worst(elfin_status status, elfin_error *err)
{
  struct {
    int weight, rank;
  } mine = {status == ELFIN_OK ? 0 : status == ELFIN_E_STOPPED ? 1 : 2, mpi_rank()}, worst;
  mpi_meet();
  MPI_Allreduce(&mine, &worst, 1, MPI_2INT, MPI_MAXLOC, MPI_COMM_WORLD); /* lowest of equals */
  return worst.weight == 0 ? ELFIN_OK : status_of(worst.rank, status, err);
}

void mpi_broadcast(void *bytes, size_t n)
{
  char *at = bytes;
  while (n) {
    int some = n < BYTES_PER_MESSAGE ? (int)n : BYTES_PER_MESSAGE;
    MPI_Bcast(at, some, MPI_BYTE, 0, MPI_COMM_WORLD);
    at += some;
    n -= (size_t)some;
  }
}

/* ---- where the ranks are --------------------------------------------------------------------- */

void mpi_hosts(size_t size, char text[])
{
  enum { NAME = MPI_MAX_PROCESSOR_NAME };
  MPI_Comm node, leaders;
  int rank = mpi_rank(), in_node, n_in_node, n_nodes = 0, length;
  struct {
    char name[NAME];
    int n;
  } mine, *all = NULL;
  memset(&mine, 0, sizeof mine);
  text[0] = '\0';
  MPI_Get_processor_name(mine.name, &length);
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &node);
  MPI_Comm_rank(node, &in_node);
  MPI_Comm_size(node, &n_in_node);
  mine.n = n_in_node;
  MPI_Comm_split(MPI_COMM_WORLD, in_node == 0 ? 0 : MPI_UNDEFINED, rank, &leaders);
  if (leaders != MPI_COMM_NULL) {
    MPI_Comm_size(leaders, &n_nodes);
    if (rank == 0 && !(all = calloc((size_t)n_nodes, sizeof *all)))
      mpi_abort(1);
    MPI_Gather(&mine, (int)sizeof mine, MPI_BYTE, all, (int)sizeof mine, MPI_BYTE, 0, leaders);
    MPI_Comm_free(&leaders);
  }
  MPI_Comm_free(&node);
  size_t at = 0;
  for (int i = 0; rank == 0 && i < n_nodes && at < size; i++)
    at += (size_t)snprintf(text + at, size - at, "%s%s*%d", i ? " " : "", all[i].name, all[i].n);
  free(all);
}

void mpi_library(size_t size, char text[])
{
  char version[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(version, &length); /* one of the few that need no MPI_Init() */
  snprintf(text, size, "%.*s", (int)strcspn(version, ",\n"), version);
}

/* ---- a worker -------------------------------------------------------------------------------- */

typedef struct ears {
  hand *h;
  int word;
  bool heard;
  MPI_Request coming;
} ears;

static void hear_word(void *context)
{
  ears *e = context;
  int there = 0;
  if (e->heard)
    return;
  MPI_Test(&e->coming, &there, MPI_STATUS_IGNORE);
  e->heard = there;
  if (there && e->word != WORD_FAREWELL)
    hand_stop(e->h, (schedule_end)e->word);
}

static void tell(worker *w, say state)
{
  question q = worker_says(w, state);
  MPI_Send(&q, QUESTION_LENGTH, MPI_UINT64_T, 0, TAG_QUESTION, MPI_COMM_WORLD);
}

static void do_parcel(hand *h, parcel c, worker *w)
{
  double before = schedule_clock(), spent = 0;
  uint64_t n_before = h->n_done;
  while (c.tasks.n && !hand_must_stop(h) && !parcel_is_late(&c, spent)) {
    hand_work(h, &c.tasks, WORKER_SLICE_S);
    spent = schedule_clock() - before;
  }
  worker_done(w, h->n_done - n_before, spent, c.tasks);
}

static void be_worker(hand *h)
{
  parcel held = {{0, 0}, 0};
  worker w = {0, 0, {0, 0}};
  ears e = {.h = h};
  MPI_Irecv(&e.word, 1, MPI_INT, 0, TAG_WORD, MPI_COMM_WORLD, &e.coming);
  h->mail = hear_word;
  h->mail_context = &e;
  do {
    uint64_t answer[ANSWER_LENGTH];
    MPI_Request coming;
    int there = 0;
    MPI_Irecv(answer, ANSWER_LENGTH, MPI_UINT64_T, 0, TAG_ANSWER, MPI_COMM_WORLD, &coming);
    tell(&w, hand_must_stop(h) ? SAYS_STOP : SAYS_MORE);
    do_parcel(h, held, &w);
    MPI_Test(&coming, &there, MPI_STATUS_IGNORE);
    if (!there) {
      tell(&w, SAYS_STATE);
      wait_quietly(&coming);
    }
    held.tasks = (schedule_range){answer[A_FIRST], answer[A_N]};
    held.expected_s = 1e-9 * (double)answer[A_NANOSECONDS];
  } while (held.tasks.n);
  hand_finish(h);
  tell(&w, SAYS_GOODBYE);
  if (!e.heard)
    wait_quietly(&e.coming);
}

/* ---- the master ------------------------------------------------------------------------------ */

typedef struct desk {
  master m;
  progress shown;
  hand *h;
  bool closed; /* and every worker who had not said goodbye was told to stop */
  bool *told;  /* [n_ranks] has had its word */
} desk;

static void post_answer(void *context, int to, parcel c)
{
  (void)context;
  uint64_t answer[ANSWER_LENGTH] = {[A_FIRST] = c.tasks.first,
                                    [A_N] = c.tasks.n,
                                    [A_NANOSECONDS] = (uint64_t)(1e9 * c.expected_s)};
  MPI_Send(answer, ANSWER_LENGTH, MPI_UINT64_T, to, TAG_ANSWER, MPI_COMM_WORLD);
}

static void say_word(desk *d, int to, int word)
{
  if (!d->told[to])
    MPI_Send(&word, 1, MPI_INT, to, TAG_WORD, MPI_COMM_WORLD);
  d->told[to] = true;
}

/** Nothing more is handed out, and nothing more begun. */
static void close_desk(desk *d)
{
  if (d->closed)
    return;
  d->closed = true;
  for (int to = 1; to < mpi_n_ranks(); to++)
    say_word(d, to, (int)d->h->end);
  master_close(&d->m);
}

/** Hear one question, if there is one. */
static bool hear_one(desk *d)
{
  int there = 0;
  MPI_Status from;
  MPI_Iprobe(MPI_ANY_SOURCE, TAG_QUESTION, MPI_COMM_WORLD, &there, &from);
  if (!there)
    return false;
  question q;
  elfin_error err = {""};
  MPI_Recv(&q, QUESTION_LENGTH, MPI_UINT64_T, from.MPI_SOURCE, TAG_QUESTION, MPI_COMM_WORLD,
           MPI_STATUS_IGNORE);
  hand_fail(d->h, master_hear(&d->m, from.MPI_SOURCE, q, &err), &err);
  progress_add(&d->shown, q.n_done);
  if (q.state == SAYS_GOODBYE)
    say_word(d, from.MPI_SOURCE, WORD_FAREWELL);
  if (q.state == SAYS_STOP)
    hand_stop(d->h, SCHEDULE_SIGNALLED); /* or worse: then the ranks will agree about it */
  return true;
}

static void hear_all(void *context)
{
  desk *d = context;
  while (hear_one(d))
    ;
  if (d->h->end)
    close_desk(d);
}

/** A chunk of the master's own, in slices between its mail. False if there is none for it. */
static bool work_between(desk *d)
{
  hand *h = d->h;
  parcel mine = master_own_parcel(&d->m);
  if (mine.tasks.n == 0)
    return false;
  double spent = 0;
  while (mine.tasks.n && !hand_must_stop(h) && !parcel_is_late(&mine, spent)) {
    double before = schedule_clock();
    uint64_t n_before = h->n_done;
    hand_work(h, &mine.tasks, MASTER_SLICE_S);
    progress_add(&d->shown, h->n_done - n_before);
    spent += schedule_clock() - before;
    /* Each slice is reported by itself: the account is the master's own, and costs nothing. */
    master_own_progress(&d->m, h->n_done - n_before, schedule_clock() - before);
  }
  elfin_error err = {""};
  hand_fail(h, master_own_done(&d->m, mine.tasks, &err), &err);
  return true;
}

static void be_master(desk *d)
{
  bool computes = d->m.n_workers < MASTER_COMPUTES_UP_TO;
  d->h->mail = hear_all;
  d->h->mail_context = d;
  for (;;) {
    bool stop = hand_must_stop(d->h); /* hears everything that was said */
    if (!stop && computes && work_between(d))
      continue;
    progress_add(&d->shown, 0);
    if (d->m.n_workers == 0)
      break;
    schedule_nap(MASTER_SLICE_S);
  }
  hand_finish(d->h);
}

static elfin_status run_master(hand *h, const schedule_plan *plan, uint64_t *n_total, desk *d,
                               elfin_error *err)
{
  *d = (desk){.h = h};
  elfin_status status = master_start(&d->m, plan, mpi_n_ranks(), post_answer, d, err);
  if (!status && !(d->told = calloc((size_t)mpi_n_ranks(), sizeof *d->told)))
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for a list of %d ranks", mpi_n_ranks());
  if (mpi_agree(status, err))
    return status;
  *n_total = d->m.left.n_total;
  progress_start(&d->shown, plan->progress, *n_total);
  be_master(d);
  return ELFIN_OK;
}

elfin_status mpi_run(const schedule_plan *plan, schedule_outcome *outcome, elfin_error *err)
{
  hand h;
  desk d;
  uint64_t n_done = 0, n_total = 0;
  elfin_status status = ELFIN_OK;
  hand_start(&h, plan);
  if (mpi_rank() == 0) {
    status = run_master(&h, plan, &n_total, &d, err);
  } else {
    status = mpi_agree(ELFIN_OK, err);
    if (!status)
      be_worker(&h);
  }
  if (!status) {
    mpi_meet();
    MPI_Allreduce(&h.n_done, &n_done, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
    mpi_broadcast(&n_total, sizeof n_total);
    if (mpi_rank() == 0)
      progress_end(&d.shown, n_done);
    if (err)
      *err = h.err;
    status = mpi_worst(h.status, err);
    int end = (int)h.end;
    mpi_broadcast(&end, sizeof end);
    *outcome = (schedule_outcome){n_done, !status && n_done < n_total, (schedule_end)end};
  }
  if (mpi_rank() == 0) {
    master_end(&d.m);
    free(d.told);
  }
  return status;
}
