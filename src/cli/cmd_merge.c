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
        "failed: elfin run JOB.yaml -o FILE --resume goes on.\n",
    .act = merge,
};
