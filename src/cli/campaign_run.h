/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file campaign_run.h
 * What schedule_run() is given to compute a campaign: tasks in, rows in the file out. */
#ifndef CAMPAIGN_RUN_H
#define CAMPAIGN_RUN_H

#include "campaign/campaign.h"
#include "schedule/schedule.h"
#include "store/store.h"

#include <stdbool.h>

/** Parts that are made of nothing else, and parts that are made of those. */
typedef struct campaign_shared {
  schedule_shared *first, *late;
} campaign_shared;

/** One rank's rows on their way to the file. */
typedef struct batch {
  campaign *campaign;
  store *store;
  size_t n_sweeps;
  uint64_t *first_task;   /* [n_sweeps] the campaign's number of each sweep's first task */
  campaign_rows **rows;   /* [n_sweeps] made when first needed */
  campaign_rows *filling; /* the one that holds rows, NULL if none does */

  campaign_shared shared; /* what the campaign's responses were prepared with */

  const char *stop_file; /* its being there stops the run */

  /* The task under way. */
  schedule_turn *turn;
  bool in_task, dropped;
  size_t task, n_failures; /* failures of the rows before it */
} batch;

elfin_status batch_new(campaign *c, store *s, batch **made, elfin_error *err);
/** Collective. After it the campaign computes nothing more: what its responses were prepared with
 * is gone. */
void batch_free(batch *b);

/** A schedule_work: tasks by the campaign's global numbers. */
elfin_status batch_work(void *context, uint64_t first, uint64_t n, uint64_t *done,
                        schedule_turn *turn, elfin_error *err);

/** A schedule_flush: what is held goes to the file, and counts as done. */
elfin_status batch_flush(void *context, elfin_error *err);

/** A schedule_watch: is there a stop file, and is the result file still there? */
elfin_status batch_watch(void *context, elfin_error *err);

/** Collective. Make the campaign's preparations, each part on one rank, for all. The campaign uses
 * what is shared until its last task. */
elfin_status campaign_run_prepare(campaign *c, campaign_shared *shared, elfin_error *err);
/** Collective. */
void campaign_run_unshare(campaign_shared *shared);

#endif
