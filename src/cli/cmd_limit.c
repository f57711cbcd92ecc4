/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_limit.c
 * From results to what an experiment excludes: `elfin limit`, `elfin experiments`.
 */
#include "cli/choose_sweep.h"
#include "report/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_SWEEP = 256, OPT_EXPERIMENT, OPT_METHOD, OPT_CL };

typedef struct limit_options {
  const char *file, *sweep, *experiment;
  bool counted; /* the file's `detector` is this experiment */
  elfin_limit_method method;
  double confidence;
} limit_options;

/* ---- options ----------------------------------------------------------------------------------
 */

static cli_end take_method(const cli_verb *verb, const char *name, elfin_limit_method *method)
{
  const char *names[ELFIN_N_LIMIT_METHODS];
  for (int i = 0; i < ELFIN_N_LIMIT_METHODS; i++) {
    names[i] = elfin_limit_method_name((elfin_limit_method)i);
    if (strcmp(name, names[i]) == 0) {
      *method = (elfin_limit_method)i;
      return CLI_DONE;
    }
  }
  const char *near = nearest_name(name, ELFIN_N_LIMIT_METHODS, names);
  return cli_usage(verb,
                   "--method %s: %s%s%sexpected total, best_expected, best_observed, likelihood, "
                   "maximum_gap or optimum_interval",
                   name, near ? "did you mean " : "", near ? near : "", near ? "? " : "");
}

/* As in a job: what is beyond is a tail that nobody knows. */
static const double MOST_CONFIDENCE = 0.999999;

static cli_end take_confidence(const cli_verb *verb, const char *text, double *confidence)
{
  char why[256];
  if (!quantity_parse(text, "", confidence, why, sizeof why))
    return cli_usage(verb, "--cl: %s", why);
  if (!(*confidence > 0 && *confidence <= MOST_CONFIDENCE))
    return cli_usage(
        verb, "--cl %s: a confidence level lies between 0 and %g, 0 excluded; 0.9 is 90 %%", text,
        MOST_CONFIDENCE);
  return CLI_DONE;
}

static const struct option limit_longs[] = {
    {"sweep", required_argument, NULL, OPT_SWEEP},
    {"experiment", required_argument, NULL, OPT_EXPERIMENT},
    {"method", required_argument, NULL, OPT_METHOD},
    {"cl", required_argument, NULL, OPT_CL},
    {NULL, 0, NULL, 0},
};

static cli_end read_options(const cli_verb *verb, int argc, char **argv, limit_options *o)
{
  cli_end end = CLI_DONE;
  optind = 1;
  for (int c; !end && (c = cli_option(verb, argc, argv, "", limit_longs)) != -1;)
    switch (c) {
    case OPT_SWEEP: o->sweep = optarg; break;
    case OPT_EXPERIMENT: o->experiment = optarg; break;
    case OPT_METHOD: end = take_method(verb, optarg, &o->method); break;
    case OPT_CL: end = take_confidence(verb, optarg, &o->confidence); break;
    default: return CLI_WRONG;
    }
  if (end)
    return end;
  return cli_take_file(verb, argc, argv, &o->file);
}

/* ---- what a reader of the limits must know ------------------------------------------------------
 */

static void say_assumed(const elfin_experiment *e)
{
  for (size_t i = 0; i < e->n_assumed; i++)
    cli_say("%s, assumed: %s", e->name, e->assumed[i]);
}

static void say_other_targets(const elfin_experiment *e, const store_sweep *sweep)
{
  for (size_t i = 0; i < sweep->n_axes; i++) {
    const store_axis *axis = &sweep->axes[i];
    for (size_t k = 0; strcmp(axis->key, "material") == 0 && axis->text && k < axis->n; k++)
      if (strcmp(axis->text[k], e->material) != 0)
        cli_say("note: the target of %s is %s; its numbers are used for %s, too", e->name,
                e->material, axis->text[k]);
  }
}

static void say_missing_bins(const elfin_experiment *e, const store_sweep *sweep)
{
  size_t n = report_limit_bins(sweep, e);
  if (e->charge && n < e->n_bins)
    cli_say("note: %zu of %zu bins of %s are left out, since the file counts up to %g electrons; "
            "`charge: %g` in the job would reach all",
            e->n_bins - n, e->n_bins, e->name,
            sweep->axes[sweep->n_axes - 1].value[sweep->axes[sweep->n_axes - 1].n - 1],
            e->charge[e->n_bins - 1]);
}

/* A spectrum that begins late, or ends early, shows less than the experiment saw. */
static void say_short_spectrum(const elfin_experiment *e, const store_sweep *sweep)
{
  size_t n = 0;
  double *edges = NULL;
  elfin_material *of = NULL;
  for (size_t i = 0; !of && i < sweep->n_axes; i++)
    if (strcmp(sweep->axes[i].key, "material") == 0)
      elfin_material_open(sweep->axes[i].text[0], &of, NULL);
  bool known = elfin_experiment_edges(e, of, &n, &edges, NULL) == ELFIN_OK;
  elfin_material_free(of);
  if (!known)
    return;
  if (edges[0] < sweep->edge_eV[0] || edges[n - 1] > sweep->edge_eV[sweep->n_edges - 1])
    cli_say("note: the spectrum covers %g to %g eV, and %s sees deposits of %g to %g eV: limits are "
            "weaker than they could be",
            sweep->edge_eV[0], sweep->edge_eV[sweep->n_edges - 1], e->name, edges[0], edges[n - 1]);
  free(edges);
}

/* charge_rate has steps of the material's own e0. */
static bool fits_charge_rate(const elfin_experiment *e)
{
  return e->charge && e->charge_model == ELFIN_CHARGE_STEP && isnan(e->gap_eV) &&
         isnan(e->pair_energy_eV) && !e->n_found;
}

/* ---- limit ------------------------------------------------------------------------------------
 */

static bool has(const limit_options *o, const char *dataset)
{
  return store_has(o->file, o->sweep, dataset);
}

/* Gaps and intervals lie between energies. */
static cli_end check_energies(const limit_options *o, const elfin_experiment *e)
{
  double n = 0;
  for (size_t b = 0; b < e->n_bins; b++)
    n += e->observed[b];
  if (!e->edge_eV)
    cli_say("%s: --method %s looks between energies of events, and it has bins of charge", e->path,
            elfin_limit_method_name(o->method));
  else if ((double)e->n_events != n)
    cli_say("%s: --method %s looks between energies of events, and it does not give those of its %g "
            "events (events: {energies_eV: […]})",
            e->path, elfin_limit_method_name(o->method), n);
  else
    return CLI_DONE;
  return CLI_WRONG;
}

/* The best that the file has for this experiment; NULL: nothing, which is said. */
static const char *dataset_for(const limit_options *o, const elfin_experiment *e)
{
  bool between = o->method >= ELFIN_N_BIN_METHODS;
  if (!between && o->counted && has(o, "events"))
    return "events";
  if (!between && fits_charge_rate(e) && has(o, "charge_rate"))
    return "charge_rate";
  if (has(o, "spectrum"))
    return "spectrum";
  if (between)
    cli_say("%s: sweep %s has no spectrum to look between its events; put `spectrum: {linear: [%g, %g, "
            "200]}` into its job, or `limit: {experiment: %s, method: %s}`",
            o->file, o->sweep, e->edge_eV[0], e->edge_eV[e->n_bins], o->experiment,
            elfin_limit_method_name(o->method));
  else if (fits_charge_rate(e))
    cli_say("%s: sweep %s has no charge_rate; put `charge: %g` into its job", o->file, o->sweep,
            e->charge[e->n_bins - 1]);
  else
    cli_say("%s: limits from a result file need bins of charge with steps of the material's own gap "
            "and pair energy (model: step), which is what its charge_rate has, or a spectrum, or "
            "`detector: %s` in its job",
            e->path, o->experiment);
  return NULL;
}

static cli_end limit_sweep(const limit_options *o, const elfin_experiment *e, elfin_error *err)
{
  store_sweep *sweep = NULL;
  if (o->method >= ELFIN_N_BIN_METHODS && check_energies(o, e))
    return CLI_WRONG;
  const char *dataset = dataset_for(o, e);
  if (!dataset)
    return CLI_WRONG;
  elfin_status status = store_read(o->file, o->sweep, dataset, &sweep, err);
  if (!status) {
    say_assumed(e);
    say_other_targets(e, sweep);
    if (strcmp(dataset, "charge_rate") == 0)
      say_missing_bins(e, sweep);
    if (strcmp(dataset, "spectrum") == 0)
      say_short_spectrum(e, sweep);
    report_limit how = {e, o->method, o->confidence};
    status = report_limits(sweep, &how, stdout, err);
  }
  cli_end end = status                            ? cli_fail(status, err)
                : sweep->n_done < sweep->n_points ? CLI_UNFINISHED
                                                  : CLI_DONE;
  store_sweep_free(sweep);
  return end;
}

static cli_end limit(const cli_verb *verb, int argc, char **argv)
{
  limit_options o = {.method = ELFIN_LIMIT_BEST_EXPECTED, .confidence = 0.9};
  cli_end end = read_options(verb, argc, argv, &o);
  if (end)
    return end;
  elfin_error err = {""};
  elfin_experiment *experiment = NULL;
  store_summary *summary = NULL;
  store_sweep *sweep = NULL;
  elfin_status status = ELFIN_OK;
  if (!(end = cli_open_sweep(o.file, &o.sweep, &summary)))
    status = store_look(o.file, o.sweep, "rate", &sweep, &err);
  if (!status && !end && !o.experiment && !sweep->experiment)
    end = cli_usage(verb, "which --experiment? elfin experiments lists them, and `detector: NAME` in the job "
                    "puts one into the file");
  if (!status && !end) {
    o.experiment = o.experiment ? o.experiment : sweep->experiment;
    o.counted = sweep->experiment && strcmp(o.experiment, sweep->experiment) == 0;
    status = elfin_experiment_open(o.experiment, &experiment, &err);
    if (status)
      end = cli_fail_file(o.experiment, elfin_experiment_faults, status, &err);
  }
  if (status && !end)
    end = cli_fail(status, &err);
  else if (!end)
    end = limit_sweep(&o, experiment, &err);
  store_sweep_free(sweep);
  store_summary_free(summary);
  elfin_experiment_free(experiment);
  return end;
}

const cli_verb verb_limit = {
    .name = "limit",
    .usage = "FILE.h5 [--experiment NAME|FILE.yaml] [--method METHOD] [--cl 0.9] [--sweep NAME]",
    .summary = "what an experiment excludes: upper limits from a result file, as CSV",
    .help =
        "  --experiment E   one of `elfin experiments`, or a file of your own; without it the file's\n"
        "                   own `detector`\n"
        "  --method M       best_expected (the default): the bin that is expected to exclude "
        "most,\n"
        "                   by signal and background, never by what was seen\n"
        "                   total: all bins as one count\n"
        "                   likelihood: all bins in one likelihood\n"
        "                   best_observed: the bin that excludes most, as experiments often "
        "publish;\n"
        "                   the data choose it, so it excludes too much more often than 1 - CL\n"
        "                   maximum_gap, optimum_interval (Yellin): between energies of events, whatever\n"
        "                   the background is; from a file with a spectrum\n"
        "  --cl CL          confidence level, 0.9 unless said otherwise\n"
        "  --sweep NAME     which one, if the file has several\n\n"
        "Uses the events that the experiment's `detector` counted, if the job had it, with any "
        "charge\n"
        "model; else the file's charge_rate (`charge: N`), else its spectrum. The limit is on the\n"
        "cross section, or on the kinetic mixing; inf: these data exclude nothing. What is assumed\n"
        "about the experiment is said on stderr. `limit: {…}` in a job puts limits into the file.\n",
    .act = limit,
};

/* ---- experiments ------------------------------------------------------------------------------
 */

static void print_bin(const elfin_experiment *e, size_t b)
{
  char bin[48];
  if (e->charge)
    snprintf(bin, sizeof bin, "%g", e->charge[b]);
  else
    snprintf(bin, sizeof bin, "%g-%g eV", e->edge_eV[b], e->edge_eV[b + 1]);
  printf("  %-12s %10.4g %10.4g %10.4g %10.4g\n", bin, e->exposure_kg_yr[b] * 365.25 * 1e3, e->efficiency[b],
         e->background[b], e->observed[b]);
}

static cli_end show_experiment(const char *name)
{
  elfin_error err = {""};
  elfin_experiment *e = NULL;
  elfin_status status = elfin_experiment_open(name, &e, &err);
  if (status)
    return cli_fail_file(name, elfin_experiment_faults, status, &err);
  printf("%s%s%s\ntarget %s\n\n  %-12s %10s %10s %10s %10s\n", e->name, e->description ? ": " : "",
         e->description ? e->description : "", e->material, e->charge ? "electrons" : "energy",
         "g day", "efficiency", "background", "observed");
  for (size_t b = 0; b < e->n_bins; b++)
    print_bin(e, b);
  for (size_t i = 0; i < e->n_found; i++) {
    const double *row = e->found + i * (e->n_bins + 1);
    printf("%s%g electrons are found as", i ? "  " : "\n  of deposits, ", row[0]);
    for (size_t b = 0; b < e->n_bins; b++)
      printf("%s %g: %g", b ? "," : "", e->charge[b], row[1 + b]);
    putchar('\n');
  }
  printf("\nsources\n");
  for (size_t i = 0; i < e->n_sources; i++)
    printf("  %s\n", e->sources[i]);
  printf("\nassumed\n");
  for (size_t i = 0; i < e->n_assumed; i++)
    printf("  %s\n", e->assumed[i]);
  elfin_experiment_free(e);
  return CLI_DONE;
}

static cli_end list_experiments(void)
{
  elfin_error err = {""};
  size_t n = 0;
  char **names = NULL;
  elfin_status status = elfin_experiment_list(&n, &names, &err);
  for (size_t i = 0; !status && i < n; i++) {
    elfin_experiment *e = NULL;
    status = elfin_experiment_open(names[i], &e, &err);
    if (!status)
      printf("%-16s %-4s %s\n", e->name, e->material, e->description ? e->description : "");
    elfin_experiment_free(e);
  }
  for (size_t i = 0; i < n; i++)
    free(names[i]);
  free(names);
  return status ? cli_fail(status, &err) : CLI_DONE;
}

static cli_end experiments(const cli_verb *verb, int argc, char **argv)
{
  static const struct option none[] = {{NULL, 0, NULL, 0}};
  optind = 1;
  if (cli_option(verb, argc, argv, "", none) != -1)
    return CLI_WRONG;
  if (argc - optind > 1)
    return cli_usage(verb, "one experiment at a time");
  return optind < argc ? show_experiment(argv[optind]) : list_experiments();
}

const cli_verb verb_experiments = {
    .name = "experiments",
    .usage = "[NAME|FILE.yaml]",
    .summary = "all experiments; one: its bins, sources, and what is assumed",
    .help = "The format of a file of your own is in data/experiments/README.md.\n",
    .act = experiments,
};
