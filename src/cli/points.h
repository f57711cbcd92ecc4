/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file points.h
 * Energies and momenta on a command line, each above 0: lists "10 eV,20 eV" and grids
 * "first,last,n" or "first,last,n,log". */
#ifndef POINTS_H
#define POINTS_H

#include "cli/cli.h"

#include <stdbool.h>

/** Ascending or not, as given. */
typedef struct points {
  size_t n;
  double *value;    /* [n] eV; free() it */
  bool logarithmic; /* a grid of equal steps of the logarithm */
} points;

/* All three say on stderr what is wrong with --`option`, and return false. What `made` held is
 * freed. */

bool points_take_energy(const cli_verb *verb, const char *option, const char *text, double *value);
bool points_take_list(const cli_verb *verb, const char *option, const char *text, points *made);
bool points_take_grid(const cli_verb *verb, const char *option, const char *text, points *made);

#endif
