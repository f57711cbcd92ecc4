/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file flag_counts.h
 * How many rates of a sweep carry each flag, and what the flag means. */
#ifndef FLAG_COUNTS_H
#define FLAG_COUNTS_H

#include <elfin/rate.h>

#include <stdint.h>

#define FLAG_COUNTS_ONE(name, bit, key, text) +1
enum { N_FLAG_COUNTS = 0 ELFIN_FLAGS(FLAG_COUNTS_ONE) };
#undef FLAG_COUNTS_ONE

typedef struct flag_count {
  uint32_t bit;
  const char *text;
  uint64_t n;
} flag_count;

/** @return ELFIN_OK; ELFIN_E_DATA; ELFIN_E_MEMORY */
elfin_status flag_counts_of(const char *path, const char *sweep, flag_count counts[N_FLAG_COUNTS],
                            elfin_error *err);

#endif
