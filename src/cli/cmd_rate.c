/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_rate.c
 * `elfin rate`: one rate, or a few, at once. Its options are the keys of a sweep, and what they say
 * is made into the text of a job, which then takes the way of `elfin run`: same reader, same
 * numbers bit for bit, only that nothing is written.
 */
#include "campaign/schema.h"
#include "cli/cli.h"
#include "report/number_text.h"
#include "report/report.h"
#include "store/store.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_KEY = 1000, OPT_HUMAN = 256, OPT_JOB, OPT_DATASET, OWN_OPTIONS = 3, OPTION_NAME = 48 };

/** The options: every key in its place, spelled with '-' where the job has '_'. */
typedef struct rate_options {
  struct option longs[N_KEYS + OWN_OPTIONS + 1];
  char names[N_KEYS][OPTION_NAME];
} rate_options;

static void make_options(rate_options *o)
{
  size_t n = 0;
  for (int id = 0; id < N_KEYS; id++) {
    const schema_key *key = schema_row((key_id)id);
    if (key->only_inside)
      continue;
    char *name = o->names[id];
    snprintf(name, OPTION_NAME, "%s", key->name);
    for (char *at = name; *at; at++)
      if (*at == '_')
        *at = '-';
    o->longs[n++] = (struct option){name, required_argument, NULL, FIRST_KEY + id};
  }
  o->longs[n++] = (struct option){"human", no_argument, NULL, OPT_HUMAN};
  o->longs[n++] = (struct option){"job", no_argument, NULL, OPT_JOB};
  o->longs[n++] = (struct option){"dataset", required_argument, NULL, OPT_DATASET};
  o->longs[n] = (struct option){NULL, 0, NULL, 0};
}

/** The job that the options make; malloc()ed, NULL without memory. */
static char *job_text(const char *const value[N_KEYS], size_t *length)
{
  char *text = NULL;
  FILE *stream = open_memstream(&text, length);
  if (!stream)
    return NULL;
  fputs("name: rate\nsweeps:\n  rate:\n", stream);
  for (int id = 0; id < N_KEYS; id++)
    if (value[id])
      fprintf(stream, "    %s: %s\n", schema_row((key_id)id)->name, value[id]);
  if (fclose(stream)) {
    free(text);
    return NULL;
  }
  return text;
}

/** "10 MeV", "240 km/s" */
static void print_number(double value, const char *unit)
{
  const energy_unit *energy = strcmp(unit, "eV") == 0 ? energy_unit_for(value) : NULL;
  if (energy)
    printf("%.6g %s", value / energy->eV, energy->name);
  else
    printf("%.6g%s%s", value, *unit ? " " : "", unit);
}

/** The sweep's values at one point, in words: "Si, mermin, massless, mass 10 MeV". */
static void print_place(const campaign_sweep *sweep, const size_t index[], size_t i_threshold)
{
  size_t i_material = 0;
  for (size_t a = 0; a < sweep->n_axes; a++) {
    const campaign_axis *axis = &sweep->axes[a];
    size_t i = index[a];
    if (strcmp(axis->key, "material") == 0)
      i_material = i;
    fputs(a ? ", " : "", stdout);
    if (axis->role == AXIS_THRESHOLD && sweep->threshold_eV) {
      fputs("above ", stdout);
      print_number(sweep->threshold_eV[i_material * sweep->n_thresholds + i_threshold], "eV");
    } else if (axis->named && axis->text) {
      fputs(axis->text[i], stdout);
    } else {
      printf("%s ", axis->key);
      print_number(axis->value[i], axis->unit);
    }
  }
}

static void print_sentence(const campaign_sweep *sweep, size_t index[], size_t i_scale,
                           size_t i_threshold, double rate, double error)
{
  for (size_t a = 0; a < sweep->n_axes; a++) {
    if (sweep->axes[a].role == AXIS_SCALE)
      index[a] = i_scale;
    if (sweep->axes[a].role == AXIS_THRESHOLD)
      index[a] = i_threshold;
  }
  print_place(sweep, index, i_threshold);
  if (isnan(rate))
    puts(": no rate");
  else if (error > 0)
    printf(": %.5g events per kg and year (estimated error %.1g)\n", rate, error);
  else /* exactly so: no dark matter is fast enough, or a closed form */
    printf(": %.5g events per kg and year\n", rate);
}

static elfin_status print_human(const campaign_sweep *sweep, const campaign_rows *rows,
                                elfin_error *err)
{
  size_t n_thresholds = sweep->observables[0].n;
  size_t *index = calloc(sweep->n_axes, sizeof *index);
  if (!index)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for an answer");
  for (size_t i = 0; i < rows->n; i++) {
    campaign_locate(sweep, rows->first + i, index);
    for (size_t s = 0; s < sweep->n_scale; s++)
      for (size_t t = 0; t < n_thresholds; t++) {
        size_t at = (i * sweep->n_scale + s) * n_thresholds + t;
        print_sentence(sweep, index, s, t, rows->value[OBS_RATE][at], rows->error[OBS_RATE][at]);
      }
  }
  free(index);
  return ELFIN_OK;
}

/** What is worth knowing about the rates, once each, to stderr. */
static void print_flags(const campaign_sweep *sweep, const campaign_rows *rows)
{
#define ELFIN_FLAG_ROW(name, bit, key, text) {bit, text},
  static const struct {
    unsigned bit;
    const char *text;
  } flags[] = {ELFIN_FLAGS(ELFIN_FLAG_ROW)};
#undef ELFIN_FLAG_ROW
  size_t n = rows->n * sweep->n_scale * sweep->observables[0].n;
  for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
    size_t count = 0;
    for (size_t k = 0; k < n; k++)
      count += (rows->flags[k] & flags[i].bit) != 0;
    if (count && n == 1)
      cli_say("note: %s", flags[i].text);
    else if (count)
      cli_say("note: %zu of %zu rates: %s", count, n, flags[i].text);
  }
}

/** Compute the only sweep and print it. */
static cli_end answer(campaign *c, const char *dataset, bool human)
{
  elfin_error err = {""};
  campaign_rows *rows = NULL;
  const campaign_sweep *sweep = campaign_sweep_at(c, 0);
  elfin_status status = campaign_rows_new(c, 0, sweep->n_tasks, &rows, &err);
  for (size_t task = 0; task < sweep->n_tasks && !status; task++)
    status = campaign_compute(c, 0, task, rows, &err);
  if (!status)
    status =
        human ? print_human(sweep, rows, &err) : report_rows_csv(c, rows, dataset, stdout, &err);
  cli_end end = CLI_DONE;
  if (!status)
    print_flags(sweep, rows);
  if (status)
    end = cli_fail(status, &err);
  else if (rows->n_failures) {
    for (size_t i = 0; i < rows->n_failures; i++)
      cli_say("%s", rows->failures[i].reason);
    end = CLI_UNFINISHED;
  }
  campaign_rows_free(rows);
  return end;
}

static cli_end rate(const cli_verb *verb, int argc, char **argv)
{
  rate_options o;
  const char *value[N_KEYS] = {NULL}, *dataset = "rate";
  bool human = false, only_job = false;
  make_options(&o);
  optind = 1;
  for (int c; (c = cli_option(verb, argc, argv, "", o.longs)) != -1;) {
    if (c == OPT_HUMAN)
      human = true;
    else if (c == OPT_JOB)
      only_job = true;
    else if (c == OPT_DATASET)
      dataset = optarg;
    else if (c >= FIRST_KEY && value[c - FIRST_KEY])
      return cli_usage(verb, "--%s is there twice", o.names[c - FIRST_KEY]);
    else if (c >= FIRST_KEY)
      value[c - FIRST_KEY] = optarg;
    else
      return CLI_WRONG;
  }
  if (optind != argc)
    return cli_usage(verb, "'%s' belongs to no option", argv[optind]);

  size_t length = 0;
  char *text = job_text(value, &length);
  problems *list = problems_new("the job of these options");
  campaign *c = NULL;
  cli_end end = CLI_DONE;
  if (!text || !list)
    end = cli_fail(ELFIN_E_MEMORY, NULL);
  else if (only_job)
    fputs(text, stdout);
  else if (campaign_parse(text, length, ".", store_open_response, &c, list)) {
    end = cli_problems(list);
    cli_say("elfin rate --job … prints the job that your options make");
  } else {
    for (const char *const *w = campaign_warnings(c); *w; w++)
      cli_say("warning: %s", *w);
    end = answer(c, dataset, human);
  }
  campaign_free(c);
  problems_free(list);
  free(text);
  return end;
}

const cli_verb verb_rate = {
    .name = "rate",
    .usage = "--process NAME --material NAME --mass MASS … [--human] [--job]",
    .summary = "one rate, or a few, as CSV; nothing is written",
    .help =
        "Every key of a sweep is an option (elfin help keys), with - for _, and takes what the\n"
        "job file takes: a value, a list, {log: [1 MeV, 1 GeV, 31]}.\n\n"
        "  --dataset NAME  rate (the default); spectrum, differential or charge_rate, if the key\n"
        "                  spectrum, at or charge asks for it\n"
        "  --human         a sentence a rate, in place of CSV\n"
        "  --job           only print the job that these options make: the beginning of a "
        "campaign\n\n"
        "Example: elfin rate --process electron --material Si --mediator massless --mass 10MeV \\\n"
        "                    --cross-section 1e-38 --threshold '[default, 10 eV]'\n",
    .act = rate,
};
