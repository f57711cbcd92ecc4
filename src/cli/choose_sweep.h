/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file choose_sweep.h
 * Which file is meant, and which sweep of it. */
#ifndef CHOOSE_SWEEP_H
#define CHOOSE_SWEEP_H

#include "cli/cli.h"
#include "store/store.h"

/** The sweep that was asked for (`*sweep`), or the only one (then `*sweep` becomes its name, which
 * is the summary's). CLI_WRONG: it was said which there are. */
cli_end cli_choose_sweep(const store_summary *summary, const char *file, const char **sweep);

/** The same, of a file: `*summary` is yours, also if it was said what is wrong. */
cli_end cli_open_sweep(const char *file, const char **sweep, store_summary **summary);

/** The one file that is left of the arguments, which can be read; else it was said what is wrong. */
cli_end cli_take_file(const cli_verb *verb, int argc, char **argv, const char **file);

#endif
