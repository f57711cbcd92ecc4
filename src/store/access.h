/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file access.h
 * Inside the room: who opens the file, and how. What MPI has to do with it is in access_mpi.c; the
 * lock that keeps a second run out is in lock.c. */
#ifndef ACCESS_H
#define ACCESS_H

#include <elfin/base.h>

#include <hdf5.h>

#include <stdbool.h>
#include <stdint.h>

/** Local. This rank, 0 outside of MPI, and how many there are. */
int access_rank(void);
int access_n_ranks(void);

/** Collective. Rank 0's status and sentence on every rank. */
elfin_status access_agree(elfin_status status, elfin_error *err);

/** Collective. The worst of all statuses, with its sentence, on every rank. */
elfin_status access_worst(elfin_status status, elfin_error *err);

/** Collective. Rank 0's number on every rank. */
bool access_share(int32_t *number);

/** Local. How to open a file: alone; or together, through MPI-IO if there are several ranks. To be
 * closed with H5Pclose(); negative on failure. */
hid_t access_alone(void);
hid_t access_together(void);

/** Local. Open a file alone, of whatever format; negative on failure, of which HDF5 prints nothing. */
hid_t access_open(const char *path, bool write);

/** How long a run waits for another's lock [s]: mpirun takes a while to end a killed one. */
enum { LOCK_WAIT_S = 30 };

/** Local. Lock the file of this path against other runs; the lock dies with its process.
 *
 * @param[in]  wait_s  how long to wait for another run's lock
 * @param[out] lock    for lock_drop(): the open file, also where the file system has no locks
 * @return ELFIN_OK; ELFIN_E_OUTPUT: another run has it; the file cannot be opened for writing */
elfin_status lock_take(const char *path, double wait_s, int *lock, elfin_error *err);

/** Local. The same for an open descriptor, without waiting: false if another process has it. */
bool lock_try(int descriptor);

void lock_drop(int lock); /**< −1 is fine. */

#endif
