/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_store_ranks.c
 * Several ranks write into one file, each its own rows, in batches that lie between each other's.
 * Afterwards one rank reads everything back. Run by mpirun. */
#include "store_rows_by_hand.h"

#include <mpi.h>

static const char PATH[] = "test_store_ranks.h5";
enum { BATCH = 7 };

/* The same status on all ranks, or they would wait for each other for ever. */
static void all_ranks_end_alike(const campaign *c, int rank)
{
  store *s = NULL;
  elfin_error err = {""};
  CHECK(store_open("absent.h5", c, false, &s, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "absent.h5");
  CHECK(s == NULL);
  (void)rank;
}

static void rows_of_all_ranks_come_back(const campaign *c, int rank, int n_ranks)
{
  elfin_error err = {""};
  store *s = NULL;
  if (rank == 0) {
    store_run run = {.command = "test", .n_ranks = n_ranks, .overwrite = true};
    CHECK(store_create(PATH, c, &run, &err) == ELFIN_OK);
  }
  MPI_Barrier(MPI_COMM_WORLD);
  CHECK(store_open(PATH, c, false, &s, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  size_t n_tasks = campaign_sweep_at(c, 0)->n_tasks;
  for (size_t first = (size_t)rank * BATCH; first < n_tasks; first += (size_t)n_ranks * BATCH) {
    size_t n = n_tasks - first < BATCH ? n_tasks - first : BATCH;
    campaign_rows *rows = make_rows(c, 0, first, n, false);
    CHECK(store_put(s, rows, &err) == ELFIN_OK);
    campaign_rows_free(rows);
  }
  if (rank == n_ranks - 1) { /* a sweep that only one rank ever opens */
    campaign_rows *rows = make_rows(c, 1, 0, 1, false);
    CHECK(store_put(s, rows, &err) == ELFIN_OK);
    campaign_rows_free(rows);
  }
  CHECK(store_close(s, true, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  if (rank == 0) {
    store_summary *summary = NULL;
    check_all(PATH, c, false);
    CHECK(store_summarise(PATH, &summary, &err) == ELFIN_OK);
    CHECK(summary->complete == 1 && summary->ranks == n_ranks);
    store_summary_free(summary);
    unlink(PATH);
  }
}

int main(int argc, char **argv)
{
  int rank, n_ranks, failed, all = 0;
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &n_ranks);
  CHECK(argc == 2 && atoi(argv[1]) == n_ranks);
  campaign *c = open_campaign(JOB);
  all_ranks_end_alike(c, rank);
  rows_of_all_ranks_come_back(c, rank, n_ranks);
  campaign_free(c);
  failed = check_result();
  MPI_Allreduce(&failed, &all, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
  MPI_Finalize();
  return all;
}
