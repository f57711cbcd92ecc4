/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file job.c
 * Opening a job on every rank, and naming its result. */
#include "cli/job.h"

#include "schedule/schedule.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *job_output_path(const char *given, const campaign *c, store_part part)
{
  char which[64] = "";
  if (given)
    return strdup(given);
  if (part.n > 1)
    snprintf(which, sizeof which, ".part%uof%u", part.i, part.n);
  size_t size = strlen(campaign_name(c)) + strlen(which) + sizeof ".h5";
  char *path = malloc(size);
  if (path)
    snprintf(path, size, "%s%s.h5", campaign_name(c), which);
  return path;
}

/** All of stdin on rank 0, on every rank: nobody else has one. `*text` is yours. */
static elfin_status read_stdin(char **text, size_t *length, elfin_error *err)
{
  enum { MOST = DOCUMENT_MAX_BYTES + 1 }; /* one too many shows that it is too long */
  elfin_status status = ELFIN_OK;
  *length = 0;
  *text = malloc(MOST);
  if (*text && schedule_rank() == 0) {
    *length = fread(*text, 1, MOST, stdin);
    if (ferror(stdin))
      status = elfin_fail(err, ELFIN_E_DATA, "standard input cannot be read: %s", strerror(errno));
  }
  if (!*text)
    status = elfin_fail(err, ELFIN_E_MEMORY, "standard input: no memory");
  if ((status = schedule_worst(status, err)) || (status = schedule_broadcast(length, sizeof *length, err)))
    return status;
  return *length ? schedule_broadcast(*text, *length, err) : ELFIN_OK;
}

/** What `path` says, or stdin for "-", whose paths are relative to the current folder. */
static elfin_status open_any(const char *path, campaign **made, problems *list, elfin_error *err)
{
  if (strcmp(path, "-") != 0)
    return list ? campaign_open(path, store_open_response, made, list) : ELFIN_E_MEMORY;
  char *text = NULL;
  size_t length = 0;
  elfin_status status = read_stdin(&text, &length, err);
  if (!status)
    status = list ? campaign_parse(text, length, ".", store_open_response, made, list) : ELFIN_E_MEMORY;
  free(text);
  return status;
}

cli_end job_open(const char *path, campaign **made)
{
  elfin_error err = {""};
  problems *list = problems_new(strcmp(path, "-") == 0 ? "standard input" : path);
  elfin_status status = open_any(path, made, list, &err);
  if (list && problems_count(list))
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
