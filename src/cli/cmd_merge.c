/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_merge.c
 * `elfin merge`: the parts that `run --part` made, into one file.
 */
#include "cli/cli.h"
#include "store/store.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { OPT_OVERWRITE = 256 };

static const struct option merge_longs[] = {
    {"output", required_argument, NULL, 'o'},
    {"overwrite", no_argument, NULL, OPT_OVERWRITE},
    {NULL, 0, NULL, 0},
};

/** Say which parts no run of the file was, if all were parts of equally many. */
static void say_missing(const store_summary *s)
{
  enum { MOST_SAID = 12 };
  int32_t n = s->n_runs ? s->runs[0].n_parts : 0;
  size_t n_missing = 0;
  for (size_t i = 0; i < s->n_runs; i++)
    if (s->runs[i].n_parts != n)
      return;
  char text[512] = "", *at = text, *end = text + sizeof text;
  for (int32_t part = 1; part <= n; part++) {
    bool there = false;
    for (size_t i = 0; i < s->n_runs; i++)
      there = there || s->runs[i].part == part;
    if (!there && n_missing++ < MOST_SAID)
      at += snprintf(at, (size_t)(end - at), "%s%d/%d", n_missing > 1 ? ", " : "", (int)part, (int)n);
  }
  if (n_missing > MOST_SAID)
    snprintf(at, (size_t)(end - at), " and %zu more", n_missing - MOST_SAID);
  if (n_missing)
    cli_say("no file is of part%s %s", n_missing == 1 ? "" : "s", text);
}

/** How far the merged file got. */
static cli_end tell(const char *path, size_t n)
{
  elfin_error err = {""};
  store_summary *summary = NULL;
  uint64_t done = 0, failed = 0, pending = 0;
  elfin_status status = store_summarise(path, &summary, &err);
  for (size_t i = 0; !status && i < summary->n_sweeps; i++) {
    store_sweep *sweep = NULL;
    status = store_look(path, summary->sweep_names[i], "rate", &sweep, &err);
    if (status)
      break;
    done += sweep->n_done;
    failed += sweep->n_failed;
    pending += sweep->n_pending;
    store_sweep_free(sweep);
  }
  if (!status && pending)
    say_missing(summary);
  store_summary_free(summary);
  if (status)
    return cli_fail(status, &err);
  cli_say("%s: %zu parts; %llu points done, %llu failed, %llu pending", path, n,
          (unsigned long long)done, (unsigned long long)failed, (unsigned long long)pending);
  return failed || pending ? CLI_UNFINISHED : CLI_DONE;
}

static cli_end merge(const cli_verb *verb, int argc, char **argv)
{
  const char *output = NULL;
  bool overwrite = false;
  optind = 1;
  for (int c; (c = cli_option(verb, argc, argv, "o:", merge_longs)) != -1;)
    switch (c) {
    case 'o': output = optarg; break;
    case OPT_OVERWRITE: overwrite = true; break;
    default: return CLI_WRONG;
    }
  size_t n = (size_t)(argc - optind);
  if (n == 0)
    return cli_usage(verb, "which parts?");
  if (!output)
    return cli_usage(verb, "into which file? -o names it");
  for (size_t i = 0; i < n; i++)
    if (access(argv[(size_t)optind + i], R_OK)) {
      cli_say("%s: %s", argv[(size_t)optind + i], strerror(errno));
      return CLI_WRONG;
    }
  elfin_error err = {""};
  elfin_status status = store_merge(n, (const char *const *)&argv[optind], output, overwrite, &err);
  return status ? cli_fail(status, &err) : tell(output, n);
}

const cli_verb verb_merge = {
    .name = "merge",
    .usage = "PART.h5 … -o FILE [--overwrite]",
    .summary = "parts of one job into one file",
    .help =
        "  -o, --output FILE   the merged file\n"
        "  --overwrite         replace a file that exists\n\n"
        "Parts come from elfin run --part I/N; they must agree in job, input files and version. A\n"
        "task is taken from the first file that has it done. Exit code 1 if points are pending or\n"
        "failed: parts that no file is of are named; elfin run JOB.yaml -o FILE --resume goes on.\n",
    .act = merge,
};
