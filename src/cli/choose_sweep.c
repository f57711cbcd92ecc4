/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file choose_sweep.c
 * Which file is meant, and which sweep of it. */
#include "cli/choose_sweep.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool has_sweep(const store_summary *summary, const char *name)
{
  for (size_t i = 0; i < summary->n_sweeps; i++)
    if (strcmp(summary->sweep_names[i], name) == 0)
      return true;
  return false;
}

cli_end cli_choose_sweep(const store_summary *summary, const char *file, const char **sweep)
{
  if (!*sweep && summary->n_sweeps == 1)
    *sweep = summary->sweep_names[0];
  if (*sweep && has_sweep(summary, *sweep))
    return CLI_DONE;
  const char *near =
      !*sweep ? NULL
              : nearest_name(*sweep, summary->n_sweeps, (const char *const *)summary->sweep_names);
  if (!*sweep)
    cli_say("%s has %zu sweeps; choose one with --sweep:", file, summary->n_sweeps);
  else if (near)
    cli_say("%s has no sweep '%s'; did you mean '%s'? It has:", file, *sweep, near);
  else
    cli_say("%s has no sweep '%s'; it has:", file, *sweep);
  for (size_t i = 0; i < summary->n_sweeps; i++)
    cli_say("  %s", summary->sweep_names[i]);
  return CLI_WRONG;
}

cli_end cli_open_sweep(const char *file, const char **sweep, store_summary **summary)
{
  elfin_error err = {""};
  elfin_status status = store_summarise(file, summary, &err);
  return status ? cli_fail(status, &err) : cli_choose_sweep(*summary, file, sweep);
}

cli_end cli_take_file(const cli_verb *verb, int argc, char **argv, const char **file)
{
  if (optind + 1 != argc)
    return cli_usage(verb, argc == optind ? "which file?" : "one file at a time");
  *file = argv[optind];
  if (access(*file, R_OK) == 0)
    return CLI_DONE;
  cli_say("%s: %s", *file, strerror(errno));
  return CLI_WRONG;
}
