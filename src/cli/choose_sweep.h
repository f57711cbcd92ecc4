/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file choose_sweep.h
 * Which sweep of a file is meant. */
#ifndef CHOOSE_SWEEP_H
#define CHOOSE_SWEEP_H

#include "cli/cli.h"
#include "store/store.h"

/** The sweep that was asked for (`*sweep`), or the only one (then `*sweep` becomes its name, which
 * is the summary's). CLI_WRONG: it was said which there are. */
cli_end cli_choose_sweep(const store_summary *summary, const char *file, const char **sweep);

#endif
