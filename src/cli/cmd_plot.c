/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_plot.c
 * `elfin plot`: pictures of results. */
#include "cli/cli.h"
#include "cli/choose_sweep.h"
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

enum {
  OPT_SWEEP = 256,
  OPT_KIND,
  OPT_ALONG,
  OPT_SELECT,
  OPT_RATIO,
  OPT_REACH,
  OPT_ENVELOPE,
  OPT_OVERLAY,
  OPT_OVERWRITE,
  OPT_SCRIPT
};
enum { MOST_SELECTIONS = 16, MOST_SWEEPS = 64 };

typedef struct plot_options {
  const char *file, *output;
  char *sweeps; /* "A,B" as it was asked for, and then cut; NULL: all */
  const char *select[MOST_SELECTIONS], *overlay[MOST_SELECTIONS];
  report_plot about;
  bool overwrite, script;
} plot_options;

static const struct option plot_longs[] = {
    {"output", required_argument, NULL, 'o'},
    {"sweep", required_argument, NULL, OPT_SWEEP},
    {"kind", required_argument, NULL, OPT_KIND},
    {"along", required_argument, NULL, OPT_ALONG},
    {"select", required_argument, NULL, OPT_SELECT},
    {"ratio", required_argument, NULL, OPT_RATIO},
    {"reach", required_argument, NULL, OPT_REACH},
    {"envelope", no_argument, NULL, OPT_ENVELOPE},
    {"overlay", required_argument, NULL, OPT_OVERLAY},
    {"overwrite", no_argument, NULL, OPT_OVERWRITE},
    {"script", no_argument, NULL, OPT_SCRIPT},
    {NULL, 0, NULL, 0},
};

static cli_end read_options(const cli_verb *verb, int argc, char **argv, plot_options *o)
{
  char why[256];
  optind = 1;
  for (int c; (c = cli_option(verb, argc, argv, "o:", plot_longs)) != -1;)
    switch (c) {
    case 'o': o->output = optarg; break;
    case OPT_SWEEP: o->sweeps = optarg; break;
    case OPT_KIND: o->about.kind = optarg; break;
    case OPT_ALONG: o->about.along = optarg; break;
    case OPT_RATIO: o->about.ratio = optarg; break;
    case OPT_OVERWRITE: o->overwrite = true; break;
    case OPT_SCRIPT: o->script = true; break;
    case OPT_ENVELOPE: o->about.envelope = true; break;
    case OPT_OVERLAY:
      if (o->about.n_overlay == MOST_SELECTIONS)
        return cli_usage(verb, "--overlay: at most %d of them", MOST_SELECTIONS);
      o->overlay[o->about.n_overlay++] = optarg;
      break;
    case OPT_SELECT:
      if (o->about.n_select == MOST_SELECTIONS)
        return cli_usage(verb, "--select: at most %d of them", MOST_SELECTIONS);
      o->select[o->about.n_select++] = optarg;
      break;
    case OPT_REACH:
      if (!quantity_parse(optarg, "", &o->about.events, why, sizeof why))
        return cli_usage(verb, "--reach: %s", why);
      if (!(o->about.events > 0))
        return cli_usage(verb, "--reach %s: expected a number of events above 0", optarg);
      break;
    default: return CLI_WRONG;
    }
  o->about.select = o->select;
  o->about.overlay = o->overlay;
  if (o->script && o->output)
    return cli_usage(verb, "--script prints what gnuplot would be told, and draws nothing: no -o");
  return cli_take_file(verb, argc, argv, &o->file);
}

/* "-A+B", of many "-A+B+C+9". */
static void add_names(size_t n, const char *const sweep[], FILE *stream)
{
  enum { SAID = 3 };
  for (size_t i = 0; i < n && i < SAID; i++)
    fprintf(stream, "%c%s", i ? '+' : '-', sweep[i]);
  if (n > SAID)
    fprintf(stream, "+%zu", n - SAID);
}

/** "reach.png" here, of runs/reach.h5; with the sweeps' names if it is not the only picture. Yours. */
static char *picture_name(const plot_options *o, size_t n, const char *const sweep[], bool several)
{
  if (o->output)
    return strdup(o->output);
  const char *slash = strrchr(o->file, '/'), *name = slash ? slash + 1 : o->file;
  const char *dot = strrchr(name, '.');
  char *made = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&made, &size);
  if (!stream)
    return NULL;
  fprintf(stream, "%.*s", dot && dot > name ? (int)(dot - name) : (int)strlen(name), name);
  if (several)
    add_names(n, sweep, stream);
  fputs(".png", stream);
  fclose(stream);
  return made;
}

static cli_end plot_sweeps(const plot_options *o, size_t n, const char *const sweep[], bool several)
{
  elfin_error err = {""};
  char remark[REPORT_REMARK] = "";
  if (o->script) {
    report_image script = {.script = stdout};
    elfin_status status =
        report_plot_sweeps(o->file, n, sweep, &o->about, &script, remark, &err);
    return status ? cli_fail(status, &err) : CLI_DONE;
  }
  char *picture = picture_name(o, n, sweep, several);
  if (!picture) {
    cli_say("no memory for a path");
    return CLI_UNFINISHED;
  }
  report_image to = {.path = picture, .overwrite = o->overwrite};
  elfin_status status = report_plot_sweeps(o->file, n, sweep, &o->about, &to, remark, &err);
  cli_end end = status ? cli_fail(status, &err) : CLI_DONE;
  if (!status)
    cli_say("%s%s%s%s", picture, *remark ? ": only " : "", remark,
            *remark ? " are shown; choose others with --select" : "");
  free(picture);
  return end;
}

/** The sweeps that were asked for, as one picture. */
static cli_end plot_chosen(const cli_verb *verb, const plot_options *o, const store_summary *summary)
{
  const char *sweep[MOST_SWEEPS];
  char *rest = NULL;
  size_t n = 0;
  for (char *name = strtok_r(o->sweeps, ",", &rest); name; name = strtok_r(NULL, ",", &rest)) {
    if (n == MOST_SWEEPS)
      return cli_usage(verb, "--sweep: at most %d of them", MOST_SWEEPS);
    sweep[n] = name;
    cli_end end = cli_choose_sweep(summary, o->file, &sweep[n]);
    if (end)
      return end;
    for (size_t i = 0; i < n; i++)
      if (strcmp(sweep[i], name) == 0)
        return cli_usage(verb, "--sweep: %s twice", name);
    n++;
  }
  return n ? plot_sweeps(o, n, sweep, summary->n_sweeps > 1 && n < summary->n_sweeps)
           : cli_usage(verb, "--sweep: which?");
}

/** All sweeps: limits together, others each a picture. */
static cli_end plot_all(const plot_options *o, const store_summary *summary, const char *member[],
                        size_t of[])
{
  elfin_error err = {""};
  size_t n_pictures = 0;
  const char *none = NULL;
  const char *const *all = (const char *const *)summary->sweep_names;
  cli_end end = CLI_DONE;
  elfin_status status =
      report_plot_pictures(o->file, summary->n_sweeps, all, &o->about, of, &err);
  if (status)
    return cli_fail(status, &err);
  for (size_t i = 0; i < summary->n_sweeps; i++)
    n_pictures += of[i] == i;
  if (n_pictures > 1 && (o->output || o->script))
    return cli_choose_sweep(summary, o->file, &none);
  for (size_t first = 0; first < summary->n_sweeps; first++) {
    size_t n = 0;
    for (size_t i = first; i < summary->n_sweeps; i++)
      if (of[i] == first)
        member[n++] = all[i];
    cli_end one = n ? plot_sweeps(o, n, member, n_pictures > 1) : CLI_DONE;
    end = one ? one : end;
  }
  return end;
}

static cli_end plot(const cli_verb *verb, int argc, char **argv)
{
  plot_options o = {0};
  elfin_error err = {""};
  store_summary *summary = NULL;
  cli_end end = read_options(verb, argc, argv, &o);
  if (end)
    return end;
  elfin_status status = store_summarise(o.file, &summary, &err);
  if (status)
    return cli_fail(status, &err);
  const char **member = calloc(summary->n_sweeps + 1, sizeof *member);
  size_t *of = calloc(summary->n_sweeps + 1, sizeof *of);
  if (!member || !of) {
    cli_say("no memory");
    end = CLI_UNFINISHED;
  } else {
    end = o.sweeps ? plot_chosen(verb, &o, summary) : plot_all(&o, summary, member, of);
  }
  free(of);
  free(member);
  store_summary_free(summary);
  return end;
}

const cli_verb verb_plot = {
    .name = "plot",
    .usage =
        "FILE.h5 [-o PICTURE.png|.svg|.pdf] [--sweep NAME,…] [--kind KIND] [--select KEY=VALUE,…] …",
    .summary = "a picture of a result file: reach, limit, rates, spectrum, charges, modulation",
    .help =
        "  -o, --output FILE   the picture: .png, .svg or .pdf; without it FILE.png here, and if it\n"
        "                      takes several, FILE-SWEEP.png for each\n"
        "  --sweep NAME[,NAME…]  only these, in one picture. Without it limits on the same quantity\n"
        "                      share a picture, whatever experiment they are of; other sweeps have\n"
        "                      one each\n"
        "  --kind KIND         reach (cross section, or kinetic mixing, for N events per kg yr,\n"
        "                      against the mass), rate, spectrum, differential, charge,\n"
        "                      modulation (against the time, over its mean), limit (what an\n"
        "                      experiment excludes, with `limit:` in the job); without it what suits\n"
        "                      the sweep: the longest axis decides\n"
        "  --along KEY         the axis to draw along: --kind rate --along threshold\n"
        "  --select KEY=VALUE,…  only these curves: --select mass=1MeV,10MeV; may be repeated.\n"
        "                      Where there are more curves than can be told apart, some values\n"
        "                      stand for all, and the caption says so\n"
        "  --ratio KEY=VALUE   curves divided by that with this value: --ratio screening=false\n"
        "  --envelope          bands in place of curves: from the least to the largest of all "
        "that\n"
        "                      differ in response, halo and the like, for each material, mediator\n"
        "                      and threshold\n"
        "  --overlay [NAME=]FILE[:UNIT]  over a reach or a limit, somebody else's curve: two columns,\n"
        "                      mass and limit; the unit from a line of names (mass_MeV,…) or behind\n"
        "                      the file; its name in the legend before it\n"
        "  --reach N           events of a reach (3)\n"
        "  --overwrite         replace a picture that exists\n"
        "  --script            print what gnuplot would be told, numbers included: to change it\n\n"
        "gnuplot draws (Debian and Ubuntu: apt-get install gnuplot-nox).\n",
    .act = plot,
};
