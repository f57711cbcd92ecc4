/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file schedule_mpi.c
 * Many processes: the only file that sends a message.
 *
 * A worker asks before it begins a chunk, so that the next one is there when it is done. Every
 * question gets one answer: a chunk, or n = 0, "the end". After the end a worker finishes what it
 * holds, writes it out and says goodbye. The master answers between slices of its own work and is
 * done when all have said goodbye. A worker that fails, or was told to stop, says so in its next
 * question; from then on every answer is "the end".
 *
 * Nobody spins while there is nothing to do: waiting ranks test and nap. MPI's own errors end the
 * job (MPI_ERRORS_ARE_FATAL, the default), so its return values need no second look.
 */
#include "schedule/schedule_inner.h"

#include <mpi.h>
#include <stdlib.h>
#include <string.h>

enum { TAG_QUESTION = 1, TAG_ANSWER = 2 };

/** How a worker is, in its question. */
enum { WELL, STOPPING, GOODBYE };

/** A question: tasks done since the last one, their time in ns, WELL or another. */
enum { Q_DONE, Q_NANOSECONDS, Q_STATE, QUESTION_LENGTH };
/** An answer: a chunk. */
enum { A_FIRST, A_N, ANSWER_LENGTH };

/** The master looks for questions this often: a worker's prefetched chunk is a hundred times it. */
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

/** Wait for all ranks: before a collective call that some will reach much later. */
static void meet_quietly(void)
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
  meet_quietly();
  return status_of(0, status, err);
}

elfin_status mpi_worst(elfin_status status, elfin_error *err)
{
  struct {
    int weight, rank;
  } mine = {status == ELFIN_OK ? 0 : status == ELFIN_E_STOPPED ? 1 : 2, mpi_rank()}, worst;
  meet_quietly();
  MPI_Allreduce(&mine, &worst, 1, MPI_2INT, MPI_MAXLOC, MPI_COMM_WORLD); /* lowest of equals */
  return worst.weight == 0 ? ELFIN_OK : status_of(worst.rank, status, err);
}

static void broadcast_from(int root, void *bytes, size_t n)
{
  char *at = bytes;
  while (n) {
    int some = n < BYTES_PER_MESSAGE ? (int)n : BYTES_PER_MESSAGE;
    MPI_Bcast(at, some, MPI_BYTE, root, MPI_COMM_WORLD);
    at += some;
    n -= (size_t)some;
  }
}

void mpi_broadcast(void *bytes, size_t n)
{
  broadcast_from(0, bytes, n);
}

/* ---- parts that every rank needs ------------------------------------------------------------- */

typedef struct part {
  size_t n;
  double *numbers;
} part;

/** Make this rank's parts: every n_ranks-th. */
static elfin_status make_mine(size_t n_parts, part parts[], schedule_make *make, void *context,
                              elfin_error *err)
{
  size_t stride = (size_t)mpi_n_ranks();
  elfin_status status = ELFIN_OK;
  for (size_t i = (size_t)mpi_rank(); i < n_parts && !status; i += stride)
    status = make(context, i, &parts[i].n, &parts[i].numbers, err);
  return status;
}

/** Pass part `i` to everybody, who take it unless something failed before. Collective: a rank
 * without memory for it goes through the same calls as the others. */
static elfin_status pass_part(size_t i, part *p, schedule_take *take, void *context,
                              elfin_status before, elfin_error *err)
{
  int root = (int)(i % (size_t)mpi_n_ranks());
  elfin_status status = before;
  broadcast_from(root, &p->n, sizeof p->n);
  if (mpi_rank() != root && p->n)
    p->numbers = malloc(p->n * sizeof *p->numbers);
  elfin_status memory = ELFIN_OK;
  if (p->n && !p->numbers)
    memory = elfin_fail(status ? NULL : err, ELFIN_E_MEMORY, "no memory for %zu numbers", p->n);
  if (mpi_worst(memory, status ? NULL : err))
    return status ? status : ELFIN_E_MEMORY;
  broadcast_from(root, p->numbers, p->n * sizeof *p->numbers);
  return status ? status : take(context, i, p->n, p->numbers, err);
}

elfin_status mpi_share(size_t n_parts, schedule_make *make, schedule_take *take, void *context,
                       elfin_error *err)
{
  if (n_parts == 0)
    return ELFIN_OK;
  part *parts = calloc(n_parts, sizeof *parts);
  elfin_status status =
      parts ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu parts", n_parts);
  if ((status = mpi_worst(status, err)))
    goto out;
  if ((status = mpi_worst(make_mine(n_parts, parts, make, context, err), err)))
    goto out;
  for (size_t i = 0; i < n_parts; i++) {
    status = pass_part(i, &parts[i], take, context, status, err);
    free(parts[i].numbers);
    parts[i].numbers = NULL;
  }
  status = mpi_worst(status, err);
out:
  for (size_t i = 0; parts && i < n_parts; i++)
    free(parts[i].numbers);
  free(parts);
  return status;
}

/* ---- a worker -------------------------------------------------------------------------------- */

/** What was done since the last question. */
typedef struct account {
  uint64_t n_done;
  double seconds;
} account;

static void ask(hand *h, account *since, int state)
{
  uint64_t question[QUESTION_LENGTH];
  question[Q_DONE] = since->n_done;
  question[Q_NANOSECONDS] = (uint64_t)(1e9 * since->seconds);
  question[Q_STATE] = (uint64_t)(state == WELL && hand_must_stop(h) ? STOPPING : state);
  MPI_Send(question, QUESTION_LENGTH, MPI_UINT64_T, 0, TAG_QUESTION, MPI_COMM_WORLD);
  *since = (account){0, 0};
}

static void do_chunk(hand *h, schedule_range todo, account *since)
{
  double before = schedule_clock();
  uint64_t n_before = h->n_done;
  while (todo.n && !hand_must_stop(h))
    hand_work(h, &todo, WORKER_SLICE_S);
  since->n_done += h->n_done - n_before;
  since->seconds += schedule_clock() - before;
}

static void be_worker(hand *h)
{
  schedule_range chunk = {0, 0};
  account since = {0, 0};
  do {
    uint64_t answer[ANSWER_LENGTH];
    MPI_Request coming;
    MPI_Irecv(answer, ANSWER_LENGTH, MPI_UINT64_T, 0, TAG_ANSWER, MPI_COMM_WORLD, &coming);
    ask(h, &since, WELL);
    do_chunk(h, chunk, &since);
    wait_quietly(&coming);
    chunk = (schedule_range){answer[A_FIRST], answer[A_N]};
  } while (chunk.n);
  hand_finish(h);
  ask(h, &since, GOODBYE);
}

/* ---- the master ------------------------------------------------------------------------------ */

typedef struct master {
  queue left;
  progress shown;
  int n_workers; /* who have not said goodbye */
} master;

/** Answer one question, if there is one. */
static bool answer_one(master *m)
{
  int there = 0;
  MPI_Status from;
  MPI_Iprobe(MPI_ANY_SOURCE, TAG_QUESTION, MPI_COMM_WORLD, &there, &from);
  if (!there)
    return false;
  uint64_t question[QUESTION_LENGTH];
  MPI_Recv(question, QUESTION_LENGTH, MPI_UINT64_T, from.MPI_SOURCE, TAG_QUESTION, MPI_COMM_WORLD,
           MPI_STATUS_IGNORE);
  queue_learn(&m->left, question[Q_DONE], 1e-9 * (double)question[Q_NANOSECONDS]);
  progress_add(&m->shown, question[Q_DONE]);
  if (question[Q_STATE] == GOODBYE) {
    m->n_workers--;
    return true;
  }
  if (question[Q_STATE] == STOPPING)
    queue_close(&m->left);
  schedule_range chunk = queue_next(&m->left);
  uint64_t answer[ANSWER_LENGTH] = {[A_FIRST] = chunk.first, [A_N] = chunk.n};
  MPI_Send(answer, ANSWER_LENGTH, MPI_UINT64_T, from.MPI_SOURCE, TAG_ANSWER, MPI_COMM_WORLD);
  return true;
}

/** A slice of the master's own work, if there is any for it. */
static bool work_between(master *m, hand *h, schedule_range *mine)
{
  if (mine->n == 0)
    *mine = queue_next(&m->left);
  if (mine->n == 0)
    return false;
  double before = schedule_clock();
  uint64_t n_before = h->n_done;
  hand_work(h, mine, MASTER_SLICE_S);
  queue_learn(&m->left, h->n_done - n_before, schedule_clock() - before);
  progress_add(&m->shown, h->n_done - n_before);
  return true;
}

static void master_start(master *m, const schedule_plan *plan)
{
  int n_ranks = mpi_n_ranks();
  queue_start(&m->left, plan, n_ranks);
  progress_start(&m->shown, plan->progress, m->left.n_total);
  m->n_workers = n_ranks - 1;
}

static void be_master(master *m, hand *h)
{
  bool computes = m->n_workers < MASTER_COMPUTES_UP_TO;
  schedule_range mine = {0, 0};
  bool busy = true;
  while (m->n_workers || busy) {
    busy = false;
    while (answer_one(m))
      busy = true;
    if (hand_must_stop(h))
      queue_close(&m->left);
    else if (computes && work_between(m, h, &mine))
      busy = true;
    progress_add(&m->shown, 0);
    if (!busy && m->n_workers)
      schedule_nap(MASTER_SLICE_S);
  }
  hand_finish(h);
}

elfin_status mpi_run(const schedule_plan *plan, schedule_outcome *outcome, elfin_error *err)
{
  hand h;
  master m;
  uint64_t n_done = 0, n_total = 0;
  hand_start(&h, plan);
  if (mpi_rank() == 0) {
    master_start(&m, plan);
    n_total = m.left.n_total;
    be_master(&m, &h);
  } else {
    be_worker(&h);
  }
  meet_quietly();
  MPI_Allreduce(&h.n_done, &n_done, 1, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
  mpi_broadcast(&n_total, sizeof n_total);
  if (mpi_rank() == 0)
    progress_end(&m.shown, n_done);
  if (err)
    *err = h.err;
  elfin_status status = mpi_worst(h.status, err);
  outcome->n_done = n_done;
  outcome->stopped = !status && n_done < n_total;
  return status;
}
