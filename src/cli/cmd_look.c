/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_look.c
 * Looking at results: `elfin export` for programs, `elfin show` for people.
 */
#include "cli/choose_sweep.h"
#include "cli/table_view.h"
#include "report/report.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

enum { OPT_SWEEP = 256, OPT_DATASET, OPT_REACH, OPT_MODULATION, OPT_JOB };

typedef struct look_options {
  const char *file, *sweep, *dataset;
  double reach; /* events per kg yr; 0: not asked */
  bool job, modulation;
} look_options;

static cli_end read_options(const cli_verb *verb, int argc, char **argv,
                            const struct option longs[], look_options *o)
{
  char why[256];
  optind = 1;
  for (int c; (c = cli_option(verb, argc, argv, "", longs)) != -1;)
    switch (c) {
    case OPT_SWEEP: o->sweep = optarg; break;
    case OPT_DATASET: o->dataset = optarg; break;
    case OPT_JOB: o->job = true; break;
    case OPT_MODULATION: o->modulation = true; break;
    case OPT_REACH:
      if (!quantity_parse(optarg, "", &o->reach, why, sizeof why))
        return cli_usage(verb, "--reach: %s", why);
      if (!(o->reach > 0))
        return cli_usage(verb, "--reach %s: expected a number of events above 0", optarg);
      break;
    default: return CLI_WRONG;
    }
  return cli_take_file(verb, argc, argv, &o->file);
}

static cli_end export_file(look_options *o)
{
  elfin_error err = {""};
  store_summary *summary = NULL;
  store_sweep *sweep = NULL;
  cli_end end = cli_open_sweep(o->file, &o->sweep, &summary);
  elfin_status status = ELFIN_OK;
  if (!end)
    status = store_read(o->file, o->sweep, o->dataset, &sweep, &err);
  if (!end && !status)
    status = report_csv(sweep, o->dataset, o->reach, o->modulation, stdout, &err);
  if (status)
    end = cli_fail(status, &err);
  store_sweep_free(sweep);
  store_summary_free(summary);
  return end;
}

static const struct option export_longs[] = {
    {"sweep", required_argument, NULL, OPT_SWEEP},
    {"dataset", required_argument, NULL, OPT_DATASET},
    {"reach", required_argument, NULL, OPT_REACH},
    {"modulation", no_argument, NULL, OPT_MODULATION},
    {NULL, 0, NULL, 0},
};

static cli_end export(const cli_verb *verb, int argc, char **argv)
{
  static const char *const datasets[] = {"rate", "spectrum", "differential", "charge_rate",
                                         "events", "limit"};
  look_options o = {.dataset = datasets[0]};
  cli_end end = read_options(verb, argc, argv, export_longs, &o);
  if (end)
    return end;
  if (store_is_table(o.file))
    return argc == 2 ? table_export(o.file)
                       : cli_usage(verb, "%s is a table: its export has no options", o.file);
  bool known = false;
  for (size_t i = 0; i < sizeof datasets / sizeof datasets[0]; i++)
    known = known || strcmp(o.dataset, datasets[i]) == 0;
  if (!known)
    return cli_usage(verb, "--dataset %s: expected rate, spectrum, differential, charge_rate, events or limit",
                     o.dataset);
  if (o.reach > 0 && strcmp(o.dataset, "rate") != 0)
    return cli_usage(verb, "--reach is about rates, not about --dataset %s", o.dataset);
  if (o.modulation && strcmp(o.dataset, "rate") != 0)
    return cli_usage(verb, "--modulation is about rates, not about --dataset %s", o.dataset);
  return export_file(&o);
}

const cli_verb verb_export = {
    .name = "export",
    .usage =
        "FILE.h5 [--sweep NAME] [--dataset rate|spectrum|differential|charge_rate|events|limit] "
        "[--reach N] [--modulation]",
    .summary = "a sweep of a result file as CSV",
    .help =
        "  --sweep NAME     which one, if the file has several\n"
        "  --dataset NAME   rate (the default), spectrum, differential, charge_rate, events or\n"
        "                   limit\n"
        "  --reach N        also the cross section (absorption: kinetic mixing) that\n"
        "                   gives N events per kg yr\n"
        "  --modulation     also how the rate changes over the day (needs the axis time): the mean, R/mean,\n"
        "                   the amplitude A = |R(0 h) - mean|/mean, and what shows it at two sigma, by 4/A^2\n"
        "                   events (as DarkELF) and by 8/A^2 (the best fit of 1 + A cos): events, exposure,\n"
        "                   and the cross section for one kg yr\n\n"
        "Points that are not computed yet, or failed, are nan; the last column is their status:\n"
        "0 pending, 1 done, 2 failed.\n\n"
        "Of a table that elfin import made: its numbers, which elfin import csv takes back.\n",
    .act = export,
};

static const struct option show_longs[] = {
    {"job", no_argument, NULL, OPT_JOB},
    {"reach", required_argument, NULL, OPT_REACH},
    {"sweep", required_argument, NULL, OPT_SWEEP},
    {NULL, 0, NULL, 0},
};

/** The reach of one sweep, or of all. */
static elfin_status show_reach(const store_summary *summary, const look_options *o,
                               elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; i < summary->n_sweeps && !status; i++) {
    if (o->sweep && strcmp(summary->sweep_names[i], o->sweep) != 0)
      continue;
    store_sweep *sweep = NULL;
    status = store_read(o->file, summary->sweep_names[i], "rate", &sweep, err);
    if (!status)
      status = report_reach(sweep, o->reach, stdout, err);
    store_sweep_free(sweep);
  }
  return status;
}

static cli_end show(const cli_verb *verb, int argc, char **argv)
{
  look_options o = {.dataset = "rate"};
  cli_end end = read_options(verb, argc, argv, show_longs, &o);
  if (end)
    return end;
  if (store_is_table(o.file))
    return argc == 2 ? table_show(o.file)
                     : cli_usage(verb, "%s is a table: show it without options", o.file);
  elfin_error err = {""};
  store_summary *summary = NULL;
  elfin_status status = store_summarise(o.file, &summary, &err);
  if (!status && o.sweep)
    end = cli_choose_sweep(summary, o.file, &o.sweep);
  if (!status && !end) {
    if (o.job) {
      fputs(summary->job, stdout);
      fflush(stdout); /* byte for byte; what made it goes to stderr */
      status = report_provenance(o.file, summary, stderr, &err);
    } else if (o.reach > 0)
      status = show_reach(summary, &o, &err);
    else
      status = report_summary(o.file, stdout, &err);
  }
  if (status)
    end = cli_fail(status, &err);
  store_summary_free(summary);
  return end;
}

const cli_verb verb_show = {
    .name = "show",
    .usage = "FILE.h5 [--job] [--reach N [--sweep NAME]]",
    .summary = "what is in a result file, how far it got, and its reach",
    .help =
        "  --job        print the job that made it, byte for byte; and on stderr versions, hosts,\n"
        "               inputs with their SHA-256, and which run did how much\n"
        "  --reach N    the cross section (absorption: kinetic mixing) that gives N events per\n"
        "               kg yr, as table and chart\n"
        "  --sweep NAME only this one\n",
    .act = show,
};
