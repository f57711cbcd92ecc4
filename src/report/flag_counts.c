/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file flag_counts.c
 * The table of flags, with the numbers of a file [flag_counts.h]. */
#include "report/flag_counts.h"

#include "store/store.h"

#include <string.h>

elfin_status flag_counts_of(const char *path, const char *sweep, flag_count counts[N_FLAG_COUNTS],
                            elfin_error *err)
{
#define ELFIN_FLAG_ROW(name, bit, key, text) {bit, text, 0},
  static const flag_count flags[N_FLAG_COUNTS] = {ELFIN_FLAGS(ELFIN_FLAG_ROW)};
#undef ELFIN_FLAG_ROW
  uint64_t n_of_bit[STORE_FLAG_BITS];
  elfin_status status = store_count_flags(path, sweep, n_of_bit, err);
  if (status)
    return status;
  memcpy(counts, flags, sizeof flags);
  for (size_t i = 0; i < N_FLAG_COUNTS; i++)
    for (unsigned k = 0; k < STORE_FLAG_BITS; k++)
      counts[i].n += flags[i].bit == UINT32_C(1) << k ? n_of_bit[k] : 0;
  return ELFIN_OK;
}
