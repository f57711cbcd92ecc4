/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_store_mpi.c
 * Several ranks write one file: run under mpirun with two arguments, the number of tasks in a batch
 * and `die` or `live`. Every rank takes each n-th batch; then rank 0 reads everything back. With
 * `die` rank 1 ends in the middle, as a node that crashes, and rank 0 checks what had been put. */
#include "store_check.h"

#include <mpi.h>
#include <signal.h>

static elfin_error err;
static int rank, n_ranks;

/* Batches of both sweeps, dealt out like cards; `most` for this rank only. */
static void put_own(store *s, const campaign *c, size_t per_batch, size_t most)
{
  size_t batch = 0, n_put = 0;
  for (size_t i_sweep = 0; i_sweep < campaign_n_sweeps(c); i_sweep++) {
    size_t n_tasks = campaign_sweep_at(c, i_sweep)->n_tasks;
    for (size_t first = 0; first < n_tasks; first += per_batch, batch++) {
      if (batch % (size_t)n_ranks != (size_t)rank || n_put >= most)
        continue;
      size_t n = first + per_batch < n_tasks ? per_batch : n_tasks - first;
      campaign_rows *rows = rows_of(c, i_sweep, first, n);
      CHECK(store_put(s, rows, &err) == ELFIN_OK);
      campaign_rows_free(rows);
      n_put++;
    }
  }
}

/* Every point that is done has its own number. @return how many are done */
static uint64_t check_numbers(const char *path, const char *sweep, const char *dataset, int kind)
{
  store_sweep *s = NULL;
  CHECK(store_read(path, sweep, dataset, &s, &err) == ELFIN_OK);
  if (!s)
    return 0;
  size_t wrong = 0;
  for (size_t i = 0; i < s->n_points; i++)
    wrong += s->status[i] == 1 && s->value[i] != number_at(kind, i);
  CHECK(wrong == 0);
  uint64_t n = s->n_done;
  store_sweep_free(s);
  return n;
}

static void all_ranks_write_and_nothing_is_lost(const campaign *c, size_t per_batch)
{
  store *s = NULL;
  if (rank == 0)
    CHECK(create("mpi.h5", c, false, &err) == ELFIN_OK);
  MPI_Barrier(MPI_COMM_WORLD);
  CHECK(store_open("mpi.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &err) == ELFIN_OK);
  put_own(s, c, per_batch, SIZE_MAX);
  CHECK(store_close(s, true, &err) == ELFIN_OK);
  if (rank > 0)
    return;
  CHECK(check_numbers("mpi.h5", "many", "rate", OBS_RATE) == MANY_TASKS * 4);
  CHECK(check_numbers("mpi.h5", "many", "spectrum", OBS_SPECTRUM) == MANY_TASKS * 10);
  CHECK(check_numbers("mpi.h5", "many", "differential", OBS_DIFFERENTIAL) == MANY_TASKS * 4);
  CHECK(check_numbers("mpi.h5", "many", "charge_rate", OBS_CHARGE) == MANY_TASKS * 6);
  CHECK(check_numbers("mpi.h5", "few", "rate", OBS_RATE) == FEW_TASKS);
  store_summary *about = NULL;
  CHECK(store_summarise("mpi.h5", &about, &err) == ELFIN_OK);
  CHECK(about && about->complete == 1);
  store_summary_free(about);
}

/* Every rank is told of it, in the same words, and none waits for another. */
static void what_rank_0_is_refused_no_rank_gets(const campaign *c)
{
  store *s = NULL;
  elfin_error own = {""};
  CHECK(store_open("absent.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &own) == ELFIN_E_OUTPUT);
  CHECK(s == NULL);
  CHECK_SAYS(own.text, "absent.h5");
}

/* The ranks meet after each has put half of what is its own; then rank 1 is gone without a word. */
static void what_was_put_survives_a_crash(const campaign *c, size_t per_batch)
{
  store *s = NULL;
  if (rank == 0)
    CHECK(create("crash.h5", c, false, &err) == ELFIN_OK);
  MPI_Barrier(MPI_COMM_WORLD);
  CHECK(store_open("crash.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &err) == ELFIN_OK);
  put_own(s, c, per_batch, 2);
  CHECK(store_settle(s, &err) == ELFIN_OK);
  MPI_Barrier(MPI_COMM_WORLD);
  fflush(NULL);
  if (rank > 0)
    kill(getpid(), SIGKILL);
  sleep(60); /* mpirun ends us */
}

int main(int argc, char **argv)
{
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &n_ranks);
  if (argc != 3)
    return 2;
  size_t per_batch = strtoul(argv[1], NULL, 10);
  campaign *c = campaign_of(job_text);
  if (strcmp(argv[2], "die") == 0)
    what_was_put_survives_a_crash(c, per_batch);
  all_ranks_write_and_nothing_is_lost(c, per_batch);
  what_rank_0_is_refused_no_rank_gets(c);
  campaign_free(c);
  int failed = check_result(), all = 0;
  MPI_Allreduce(&failed, &all, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return all;
}
