/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file share_mpi.c
 * Parts that every rank needs: each is made by one rank, and lies once on every node, in memory
 * that the ranks of the node share.
 *
 * A rank puts what it made where it belongs in the memory of its own node; then the nodes' leaders
 * pass it on to each other. Where MPI has no shared memory to give (a full /dev/shm), every rank
 * keeps a copy of its own.
 */
#include "schedule/schedule_inner.h"

#include <limits.h>
#include <mpi.h>
#include <stdlib.h>
#include <string.h>

/** MPI counts are int. */
enum { DOUBLES_PER_MESSAGE = 1 << 27 };

/** Who shares memory with whom. */
typedef struct neighbours {
  MPI_Comm node;    /* ranks that share memory with this one */
  MPI_Comm leaders; /* the first rank of each node; MPI_COMM_NULL elsewhere */
  int *node_of;     /* [n_ranks] number of each rank's node */
} neighbours;

typedef struct sharing {
  size_t n_parts;
  uint64_t *n, *at; /* [n_parts] length of each part, and where it begins */
  double **made;    /* [n_parts] this rank's, before they are where they belong */
  uint64_t n_total;
  double *all;    /* [n_total] */
  MPI_Win window; /* of `all`; MPI_WIN_NULL: it is this rank's own */
} sharing;

/* ---- who is where ---------------------------------------------------------------------------- */

/** Collective. Nodes, of at most so many ranks. */
static elfin_status find_neighbours(int most_per_node, neighbours *found, elfin_error *err)
{
  MPI_Comm node;
  int rank = mpi_rank(), in_node, number = 0;
  *found = (neighbours){MPI_COMM_NULL, MPI_COMM_NULL, NULL};
  int *node_of = malloc((size_t)mpi_n_ranks() * sizeof *node_of);
  elfin_status status = node_of ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "no memory for ranks");
  if ((status = mpi_worst(status, err))) {
    free(node_of);
    return status;
  }
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &node);
  MPI_Comm_rank(node, &in_node);
  MPI_Comm_split(node, in_node / most_per_node, rank, &found->node);
  MPI_Comm_free(&node);
  MPI_Comm_rank(found->node, &in_node);
  MPI_Comm_split(MPI_COMM_WORLD, in_node == 0 ? 0 : MPI_UNDEFINED, rank, &found->leaders);
  if (found->leaders != MPI_COMM_NULL)
    MPI_Comm_rank(found->leaders, &number);
  MPI_Bcast(&number, 1, MPI_INT, 0, found->node);
  MPI_Allgather(&number, 1, MPI_INT, node_of, 1, MPI_INT, MPI_COMM_WORLD);
  found->node_of = node_of;
  return ELFIN_OK;
}

static void forget_neighbours(neighbours *n)
{
  if (n->node != MPI_COMM_NULL)
    MPI_Comm_free(&n->node);
  if (n->leaders != MPI_COMM_NULL)
    MPI_Comm_free(&n->leaders);
  free(n->node_of);
}

/* ---- making ---------------------------------------------------------------------------------- */

static int maker_of(size_t i_part)
{
  return (int)(i_part % (size_t)mpi_n_ranks());
}

/** Make this rank's parts: every n_ranks-th. */
static elfin_status make_mine(sharing *s, schedule_make *make, void *context, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  for (size_t i = (size_t)mpi_rank(); i < s->n_parts && !status; i += (size_t)mpi_n_ranks()) {
    size_t n = 0;
    if (schedule_stop_requested())
      return schedule_stopped(err);
    status = make(context, i, &n, &s->made[i], err);
    s->n[i] = n;
  }
  return status;
}

/** Collective. Everybody learns how long each part is. */
static void lay_out(sharing *s)
{
  for (size_t first = 0; first < s->n_parts; first += DOUBLES_PER_MESSAGE) {
    size_t left = s->n_parts - first;
    int some = left < DOUBLES_PER_MESSAGE ? (int)left : DOUBLES_PER_MESSAGE;
    MPI_Allreduce(MPI_IN_PLACE, s->n + first, some, MPI_UINT64_T, MPI_SUM, MPI_COMM_WORLD);
  }
  for (size_t i = 0; i < s->n_parts; i++) {
    s->at[i] = s->n_total;
    s->n_total += s->n[i];
  }
}

/* ---- memory ---------------------------------------------------------------------------------- */

/** Collective. One piece of memory for the ranks of a node; false if some node has none to give. */
static bool open_window(MPI_Comm node, uint64_t n_total, sharing *s)
{
  MPI_Aint bytes = 0;
  int rank, unit, fine;
  void *base = NULL;
  MPI_Comm_rank(node, &rank);
  if (rank == 0)
    bytes = (MPI_Aint)((n_total + 1) * sizeof(double));
  MPI_Comm_set_errhandler(node, MPI_ERRORS_RETURN);
  s->window = MPI_WIN_NULL;
  fine = MPI_Win_allocate_shared(bytes, sizeof(double), MPI_INFO_NULL, node, &base, &s->window) ==
         MPI_SUCCESS;
  MPI_Comm_set_errhandler(node, MPI_ERRORS_ARE_FATAL);
  bool opened = fine;
  MPI_Allreduce(MPI_IN_PLACE, &fine, 1, MPI_INT, MPI_LAND, MPI_COMM_WORLD);
  if (!fine) {
    if (opened)
      MPI_Win_free(&s->window);
    s->window = MPI_WIN_NULL;
    return false;
  }
  MPI_Win_shared_query(s->window, 0, &bytes, &unit, &base);
  s->all = base;
  return true;
}

static void pass_on(double *numbers, uint64_t n, int root, MPI_Comm among)
{
  while (n) {
    int some = n < DOUBLES_PER_MESSAGE ? (int)n : DOUBLES_PER_MESSAGE;
    MPI_Bcast(numbers, some, MPI_DOUBLE, root, among);
    numbers += some;
    n -= (uint64_t)some;
  }
}

static void put_mine(sharing *s)
{
  for (size_t i = (size_t)mpi_rank(); i < s->n_parts; i += (size_t)mpi_n_ranks()) {
    if (s->n[i])
      memcpy(s->all + s->at[i], s->made[i], s->n[i] * sizeof *s->all);
    free(s->made[i]);
    s->made[i] = NULL;
  }
}

/** Collective. Once on each node. */
static void spread_by_nodes(sharing *s, const neighbours *near)
{
  MPI_Win_fence(0, s->window);
  put_mine(s);
  mpi_meet();
  MPI_Win_fence(0, s->window); /* what the others put is there */
  for (size_t i = 0; i < s->n_parts && near->leaders != MPI_COMM_NULL; i++)
    pass_on(s->all + s->at[i], s->n[i], near->node_of[maker_of(i)], near->leaders);
  mpi_meet();
  MPI_Win_fence(MPI_MODE_NOSUCCEED, s->window);
}

/** Collective. A copy on each rank. */
static elfin_status spread_by_ranks(sharing *s, elfin_error *err)
{
  s->all = malloc((s->n_total + 1) * sizeof *s->all);
  elfin_status status = s->all ? ELFIN_OK
                               : elfin_fail(err, ELFIN_E_MEMORY, "no memory for %llu numbers",
                                            (unsigned long long)s->n_total);
  if ((status = mpi_worst(status, err)))
    return status;
  put_mine(s);
  for (size_t i = 0; i < s->n_parts; i++)
    pass_on(s->all + s->at[i], s->n[i], maker_of(i), MPI_COMM_WORLD);
  return ELFIN_OK;
}

/* ---- sharing --------------------------------------------------------------------------------- */

static elfin_status sharing_new(size_t n_parts, sharing **made, elfin_error *err)
{
  sharing *s = calloc(1, sizeof *s);
  if (s) {
    *s = (sharing){.n_parts = n_parts,
                   .n = calloc(n_parts, sizeof *s->n),
                   .at = calloc(n_parts, sizeof *s->at),
                   .made = calloc(n_parts, sizeof *s->made),
                   .window = MPI_WIN_NULL};
  }
  *made = s;
  return s && s->n && s->at && s->made
             ? ELFIN_OK
             : elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu parts", n_parts);
}

/** Collective. */
static void sharing_free(sharing *s)
{
  if (!s)
    return;
  if (s->window != MPI_WIN_NULL) {
    mpi_meet();
    MPI_Win_free(&s->window);
  } else {
    free(s->all);
  }
  for (size_t i = 0; s->made && i < s->n_parts; i++)
    free(s->made[i]);
  free(s->made);
  free(s->at);
  free(s->n);
  free(s);
}

static elfin_status take_all(const sharing *s, schedule_take *take, void *context, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; i < s->n_parts && !status; i++)
    status = take(context, i, (size_t)s->n[i], s->all + s->at[i], err);
  return status;
}

elfin_status mpi_share_on(int most_per_node, size_t n_parts, schedule_make *make,
                          schedule_take *take, void *context, void **shared, elfin_error *err)
{
  sharing *s = NULL;
  neighbours near = {MPI_COMM_NULL, MPI_COMM_NULL, NULL};
  elfin_status status = mpi_worst(sharing_new(n_parts, &s, err), err);
  if (!status)
    status = mpi_worst(make_mine(s, make, context, err), err);
  if (!status)
    status = find_neighbours(most_per_node, &near, err);
  if (!status) {
    lay_out(s);
    if (open_window(near.node, s->n_total, s))
      spread_by_nodes(s, &near);
    else
      status = spread_by_ranks(s, err);
  }
  forget_neighbours(&near);
  if (!status)
    status = mpi_worst(take_all(s, take, context, err), err);
  if (status)
    sharing_free(s);
  else
    *shared = s;
  return status;
}

elfin_status mpi_share(size_t n_parts, schedule_make *make, schedule_take *take, void *context,
                       void **shared, elfin_error *err)
{
  return mpi_share_on(INT_MAX, n_parts, make, take, context, shared, err);
}

void mpi_unshare(void *shared)
{
  sharing_free(shared);
}
