/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file access_mpi.c
 * The one place where HDF5 meets MPI.
 *
 * HDF5's own file locks are off: they would keep readers out during a run, and ranks from each
 * other; lock.c has ours. Its sieve buffer is off, too: what H5Dwrite() was given is with the
 * system when it returns, so that a killed process takes none of it along. */
#include "store/access.h"
#include "store/hdf5_tools.h"

#include <mpi.h>

static bool in_mpi(void)
{
  int begun = 0, ended = 0;
  MPI_Initialized(&begun);
  MPI_Finalized(&ended);
  return begun && !ended;
}

int access_rank(void)
{
  int rank = 0;
  if (in_mpi())
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

int access_n_ranks(void)
{
  int n = 1;
  if (in_mpi())
    MPI_Comm_size(MPI_COMM_WORLD, &n);
  return n;
}

static elfin_status take_from(int rank, elfin_status status, elfin_error *err)
{
  elfin_error said = {""};
  int number = (int)status;
  if (err && access_rank() == rank)
    said = *err;
  if (MPI_Bcast(&number, 1, MPI_INT, rank, MPI_COMM_WORLD) != MPI_SUCCESS ||
      MPI_Bcast(said.text, sizeof said.text, MPI_CHAR, rank, MPI_COMM_WORLD) != MPI_SUCCESS)
    return elfin_fail(err, ELFIN_E_OUTPUT, "the ranks could not agree about the result file");
  if (err && number != ELFIN_OK)
    *err = said;
  return (elfin_status)number;
}

elfin_status access_agree(elfin_status status, elfin_error *err)
{
  return access_n_ranks() == 1 ? status : take_from(0, status, err);
}

elfin_status access_worst(elfin_status status, elfin_error *err)
{
  struct {
    int status, rank;
  } mine = {(int)status, access_rank()}, worst = mine;
  if (access_n_ranks() == 1)
    return status;
  if (MPI_Allreduce(&mine, &worst, 1, MPI_2INT, MPI_MAXLOC, MPI_COMM_WORLD) != MPI_SUCCESS)
    return elfin_fail(err, ELFIN_E_OUTPUT, "the ranks could not agree about the result file");
  return worst.status == ELFIN_OK ? ELFIN_OK : take_from(worst.rank, status, err);
}

bool access_share(int32_t *number)
{
  return access_n_ranks() == 1 ||
         MPI_Bcast(number, 1, MPI_INT32_T, 0, MPI_COMM_WORLD) == MPI_SUCCESS;
}

hid_t access_alone(void)
{
  hid_t made = H5Pcreate(H5P_FILE_ACCESS);
  if (made >= 0 &&
      (H5Pset_file_locking(made, false, true) < 0 || H5Pset_sieve_buf_size(made, 0) < 0)) {
    H5Pclose(made);
    return H5I_INVALID_HID;
  }
  return made;
}

hid_t access_open(const char *path, bool write)
{
  h5_quiet();
  hid_t how = access_alone();
  hid_t file = how < 0 ? how : H5Fopen(path, write ? H5F_ACC_RDWR : H5F_ACC_RDONLY, how);
  h5_close(how);
  return file;
}

hid_t access_together(void)
{
  hid_t made = access_alone();
  if (made >= 0 && access_n_ranks() > 1 &&
      H5Pset_fapl_mpio(made, MPI_COMM_WORLD, MPI_INFO_NULL) < 0) {
    H5Pclose(made);
    return H5I_INVALID_HID;
  }
  return made;
}
