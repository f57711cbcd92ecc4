/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal_parts.h
 * What they share: crystal_sum.c, which adds phonons, and crystal_impulse.c, which has too many to
 * count. */
#ifndef CRYSTAL_PARTS_H
#define CRYSTAL_PARTS_H

#include "crystal/crystal_sum.h"

/** The fastest speed at which there is anything. */
double crystal_v_end(const crystal_sum *sum);

/** Where the Debye–Waller factor jumps, if it does; 0. */
double crystal_step_of(const crystal *c);

/** Cut low … high at those of the n points in `cut` (room for two more) that lie inside, and into
 * pieces no longer than `longest` in their logarithm.
 * @param[out] ends  [2 * most] pairs @return how many pairs, ≤ most */
size_t crystal_cut(size_t n, double cut[], double low, double high, double longest, size_t most,
                   double ends[]);

/** Species i above the switch momentum, without its strength: over a slice, and at one energy. */
elfin_status crystal_impulse_slice(const crystal_sum *sum, size_t i_species, double low,
                                   double high, double relative, double absolute, integral *out,
                                   elfin_error *err);
elfin_status crystal_impulse_point(const crystal_sum *sum, size_t i_species, double omega,
                                   double relative, double absolute, integral *out,
                                   elfin_error *err);

#endif
