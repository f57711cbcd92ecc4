/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file schedule.c
 * The door of the room, and all of it for one process: then MPI is never started, which saves a
 * third of a second and lets elfin run where there is no mpirun.
 */
#include "schedule/schedule_inner.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** How often one process looks at its clock and signals. */
static const double ALONE_SLICE_S = 0.02;

/** As main.c has it. */
enum { CODE_INCOMPLETE = 1 };

/** Is `name` in the environment, with a count other than 1? */
static bool says_several(const char *name)
{
  const char *count = getenv(name);
  return count && strcmp(count, "1") != 0;
}

/** Did a launcher start several of us? mpirun and srun tell it through the environment; asking
 * MPI itself would mean to start it. (A SLURM batch script itself has no step number.) */
static bool under_launcher(void)
{
  if (getenv("OMPI_COMM_WORLD_SIZE"))
    return says_several("OMPI_COMM_WORLD_SIZE");
  if (getenv("PMI_SIZE"))
    return says_several("PMI_SIZE");
  if (getenv("SLURM_STEP_ID"))
    return says_several("SLURM_STEP_NUM_TASKS");
  return getenv("PMIX_RANK") || getenv("PMI_RANK");
}

/** Launchers may pass one signal on twice, by themselves and through mpirun; a person, or a queue
 * that loses patience, takes longer. */
static const double SECOND_SIGNAL_S = 0.5;

/** The first signal asks for an orderly stop; a second one stops at once. What was written is safe:
 * only rows that are still in memory are lost. */
static void on_signal(int number)
{
  static volatile double first_s; /* only this handler touches it */
  double now = schedule_clock();
  (void)number;
  if (!schedule_stop_requested()) {
    first_s = now;
    schedule_request_stop();
  } else if (now - first_s > SECOND_SIGNAL_S) {
    _Exit(CODE_INCOMPLETE);
  }
}

/** mpirun passes SIGUSR1 on at once and turns SIGINT into SIGTERM; SLURM sends what --signal says.
 */
static void listen_to_signals(void)
{
  static const int signals[] = {SIGTERM, SIGUSR1, SIGHUP, SIGINT};
  struct sigaction orderly = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
  sigemptyset(&orderly.sa_mask);
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
    sigaction(signals[i], &orderly, NULL);
}

elfin_status schedule_start(int *argc, char ***argv, elfin_error *err)
{
  (void)err;
  if (under_launcher())
    mpi_start(argc, argv);
  listen_to_signals();
  return ELFIN_OK;
}

void schedule_finish(void)
{
  if (mpi_active())
    mpi_finish();
}

int schedule_rank(void)
{
  return mpi_active() ? mpi_rank() : 0;
}

int schedule_n_ranks(void)
{
  return mpi_active() ? mpi_n_ranks() : 1;
}

static elfin_status run_alone(const schedule_plan *plan, schedule_outcome *outcome,
                              elfin_error *err)
{
  hand h;
  progress p;
  uint64_t n_total = 0;
  hand_start(&h, plan);
  for (size_t i = 0; i < plan->n_ranges; i++)
    n_total += plan->ranges[i].n;
  progress_start(&p, plan->progress, n_total);
  for (size_t i = 0; i < plan->n_ranges && !h.end; i++) {
    schedule_range todo = plan->ranges[i];
    while (todo.n && !hand_must_stop(&h)) {
      uint64_t before = h.n_done;
      hand_work(&h, &todo, ALONE_SLICE_S);
      progress_add(&p, h.n_done - before);
    }
  }
  hand_finish(&h);
  progress_end(&p, h.n_done);
  *outcome = (schedule_outcome){h.n_done, !h.status && h.n_done < n_total, h.end};
  if (h.status)
    return elfin_fail(err, h.status, "%s", h.err.text);
  return ELFIN_OK;
}

elfin_status schedule_run(const schedule_plan *plan, schedule_outcome *outcome, elfin_error *err)
{
  return mpi_active() ? mpi_run(plan, outcome, err) : run_alone(plan, outcome, err);
}

/** Many processes' own, or one process's parts. */
struct schedule_shared {
  void *among_ranks;
  size_t n_parts;
  double **part; /* [n_parts] */
};

static elfin_status share_alone(schedule_shared *shared, schedule_make *make, schedule_take *take,
                                void *context, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  shared->part = calloc(shared->n_parts, sizeof *shared->part);
  if (!shared->part)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu parts", shared->n_parts);
  for (size_t i = 0; i < shared->n_parts && !status; i++) {
    size_t n = 0;
    if (schedule_stop_requested())
      return schedule_stopped(err);
    status = make(context, i, &n, &shared->part[i], err);
    if (!status)
      status = take(context, i, n, shared->part[i], err);
  }
  return status;
}

void schedule_unshare(schedule_shared *shared)
{
  if (!shared)
    return;
  if (shared->among_ranks)
    mpi_unshare(shared->among_ranks);
  for (size_t i = 0; shared->part && i < shared->n_parts; i++)
    free(shared->part[i]);
  free(shared->part);
  free(shared);
}

elfin_status schedule_share(size_t n_parts, schedule_make *make, schedule_take *take, void *context,
                            schedule_shared **made, elfin_error *err)
{
  *made = NULL;
  if (n_parts == 0)
    return ELFIN_OK;
  schedule_shared *shared = calloc(1, sizeof *shared);
  elfin_status status =
      shared ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu parts", n_parts);
  if ((status = schedule_worst(status, err))) {
    free(shared);
    return status;
  }
  shared->n_parts = n_parts;
  status = mpi_active() ? mpi_share(n_parts, make, take, context, &shared->among_ranks, err)
                        : share_alone(shared, make, take, context, err);
  if (status)
    schedule_unshare(shared);
  else
    *made = shared;
  return status;
}

elfin_status schedule_agree(elfin_status status, elfin_error *err)
{
  return mpi_active() ? mpi_agree(status, err) : status;
}

elfin_status schedule_worst(elfin_status status, elfin_error *err)
{
  return mpi_active() ? mpi_worst(status, err) : status;
}

void schedule_library(size_t size, char text[])
{
  mpi_library(size, text);
}

void schedule_hosts(size_t size, char text[])
{
  char name[256] = "";
  if (mpi_active()) {
    mpi_hosts(size, text);
    return;
  }
  if (gethostname(name, sizeof name - 1))
    strcpy(name, "unknown");
  snprintf(text, size, "%s", name);
}

elfin_status schedule_broadcast(void *bytes, size_t n, elfin_error *err)
{
  (void)err;
  if (mpi_active())
    mpi_broadcast(bytes, n);
  return ELFIN_OK;
}

_Noreturn void schedule_abort(int code)
{
  if (mpi_active())
    mpi_abort(code);
  _Exit(code);
}
