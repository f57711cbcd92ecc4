/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file job.c
 * Opening a job on every rank, and naming its result. */
#include "cli/job.h"

#include "schedule/schedule.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

char *job_output_path(const char *given, const campaign *c)
{
  if (given)
    return strdup(given);
  size_t size = strlen(campaign_name(c)) + sizeof ".h5";
  char *path = malloc(size);
  if (path)
    snprintf(path, size, "%s.h5", campaign_name(c));
  return path;
}

cli_end job_open(const char *path, campaign **made)
{
  elfin_error err = {""};
  problems *list = problems_new(path);
  elfin_status status = list ? campaign_open(path, store_open_table, made, list) : ELFIN_E_MEMORY;
  if (list && status)
    elfin_fail(&err, status, "%s", problems_first(list));
  cli_end end = CLI_DONE;
  elfin_status first = schedule_agree(status, NULL);
  if (first) /* rank 0 cannot read it: it says everything */
    end = list && problems_count(list) ? cli_problems(list) : cli_fail(first, &err);
  else if ((status = schedule_worst(status, &err))) /* only some node cannot */
    end = cli_fail(status, &err);
  else
    for (const char *const *w = campaign_warnings(*made); *w; w++)
      cli_say("warning: %s", *w);
  problems_free(list);
  return end;
}
