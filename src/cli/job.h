/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file job.h
 * What `run` and `check` share: the job and the path of its result. */
#ifndef JOB_H
#define JOB_H

#include "campaign/campaign.h"
#include "cli/cli.h"
#include "store/store.h"

/** Collective. Every rank opens the job; rank 0 says what is wrong with it, or prints its warnings.
 * The same answer on every rank; `*made` is yours even if it is not CLI_DONE. */
cli_end job_open(const char *path, campaign **made);

/** -o (`given`), or the campaign's name in the current folder, "NAME.part2of3.h5" for a part; yours to
 * free(); NULL: no memory. */
char *job_output_path(const char *given, const campaign *c, store_part part);

#endif
