/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_fit.c
 * `elfin fit`: optical data become oscillators, and with them an ELF at every momentum. */
#include "cli/cli.h"
#include "fit/fit.h"
#include "report/report.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  OPT_COLUMNS = 256,
  OPT_FROM,
  OPT_TO,
  OPT_OSCILLATORS,
  OPT_MOST,
  OPT_ERROR,
  OPT_EPS_STATIC,
  OPT_PLASMA,
  OPT_MATERIAL,
  OPT_NAME,
  OPT_SOURCE,
  OPT_PLOT,
  OPT_OVERWRITE
};

static const struct option longs[] = {
    {"columns", required_argument, NULL, OPT_COLUMNS},
    {"from", required_argument, NULL, OPT_FROM},
    {"to", required_argument, NULL, OPT_TO},
    {"oscillators", required_argument, NULL, OPT_OSCILLATORS},
    {"most", required_argument, NULL, OPT_MOST},
    {"relative-error", required_argument, NULL, OPT_ERROR},
    {"eps-static", required_argument, NULL, OPT_EPS_STATIC},
    {"plasma-energy", required_argument, NULL, OPT_PLASMA},
    {"material", required_argument, NULL, OPT_MATERIAL},
    {"name", required_argument, NULL, OPT_NAME},
    {"source", required_argument, NULL, OPT_SOURCE},
    {"plot", required_argument, NULL, OPT_PLOT},
    {"overwrite", no_argument, NULL, OPT_OVERWRITE},
    {NULL, 0, NULL, 0},
};

static const fit_wishes usual = {.most = 12, .relative_error = 0.02, .eps_static = NAN, .plasma_eV = NAN};
static const size_t USUAL_GASES = 200;

typedef struct options {
  const char *method, *data, *columns, *material, *name, *source, *output, *picture;
  double from_eV, to_eV;
  fit_wishes wishes;
  bool overwrite;
} options;

/* ---- the command line -------------------------------------------------------------------------- */

static bool take_count(const cli_verb *verb, const char *option, const char *text, size_t *n)
{
  char *end = NULL;
  unsigned long value = strtoul(text, &end, 10);
  if (*text < '0' || *text > '9' || *end || value == 0 || value > PENN_MOST) {
    cli_usage(verb, "--%s %.40s: a whole number from 1 is wanted", option, text);
    return false;
  }
  *n = value;
  return true;
}

static bool take_number(const cli_verb *verb, const char *option, const char *text, const char *unit,
                        double *value)
{
  char why[256];
  if (quantity_parse(text, unit, value, why, sizeof why))
    return true;
  cli_usage(verb, "--%s: %s", option, why);
  return false;
}

static bool take_option(const cli_verb *verb, int c, options *o)
{
  fit_wishes *w = &o->wishes;
  switch (c) {
  case 'o': o->output = optarg; break;
  case OPT_COLUMNS: o->columns = optarg; break;
  case OPT_FROM: return take_number(verb, "from", optarg, "eV", &o->from_eV);
  case OPT_TO: return take_number(verb, "to", optarg, "eV", &o->to_eV);
  case OPT_OSCILLATORS: return take_count(verb, "oscillators", optarg, &w->n_oscillators);
  case OPT_MOST: return take_count(verb, "most", optarg, &w->most);
  case OPT_ERROR: return take_number(verb, "relative-error", optarg, "", &w->relative_error);
  case OPT_EPS_STATIC:
    if (strcmp(optarg, "metal") != 0)
      return take_number(verb, "eps-static", optarg, "", &w->eps_static);
    w->eps_static = INFINITY;
    break;
  case OPT_PLASMA: return take_number(verb, "plasma-energy", optarg, "eV", &w->plasma_eV);
  case OPT_MATERIAL: o->material = optarg; break;
  case OPT_NAME: o->name = optarg; break;
  case OPT_SOURCE: o->source = optarg; break;
  case OPT_PLOT: o->picture = optarg; break;
  case OPT_OVERWRITE: o->overwrite = true; break;
  default: return false;
  }
  return true;
}

static bool read_options(const cli_verb *verb, int argc, char **argv, options *o)
{
  *o = (options){.to_eV = INFINITY, .wishes = usual};
  optind = 1;
  for (int c; (c = cli_option(verb, argc, argv, "o:", longs)) != -1;)
    if (!take_option(verb, c, o))
      return false;
  if (optind + 2 != argc) {
    cli_usage(verb, "fit what? say mermin or penn, and one file of optical data");
    return false;
  }
  o->method = argv[optind];
  o->data = argv[optind + 1];
  if (strcmp(o->method, "mermin") != 0 && strcmp(o->method, "penn") != 0)
    cli_usage(verb, "'%.40s' is not known; elfin fits mermin and penn", o->method);
  else if (!o->output != !o->material)
    cli_usage(verb, "--material says whose density, gap and nuclei the file of -o takes: give both or none");
  else
    return true;
  return false;
}

/* ---- the verb ------------------------------------------------------------------------------------ */

static elfin_status make_fit(const options *o, const optical_data *data, fit_result **result,
                             elfin_error *err)
{
  size_t n = o->wishes.n_oscillators;
  if (strcmp(o->method, "penn") == 0)
    return fit_penn(data, n ? n : USUAL_GASES, result, err);
  return fit_mermin(data, &o->wishes, result, err);
}

/* "mine/Si_fit.yaml" → "Si_fit" */
static void name_of_file(const char *path, char name[NAME_MAX + 1])
{
  const char *slash = strrchr(path, '/');
  snprintf(name, NAME_MAX + 1, "%s", slash ? slash + 1 : path);
  char *dot = strrchr(name, '.');
  if (dot && dot != name)
    *dot = '\0';
}

static elfin_status put_results(const options *o, const optical_data *data, const fit_result *result,
                                elfin_error *err)
{
  char name[NAME_MAX + 1];
  if (!o->output) {
    fit_write_block(data, result, o->source, stdout);
    return ELFIN_OK;
  }
  name_of_file(o->output, name);
  elfin_status status =
      fit_write_material(data, result, o->source, o->material, o->name ? o->name : name, o->output,
                         o->overwrite, err);
  if (!status)
    printf("%s is complete: material: %s, response: mermin\n", o->output, o->output);
  return status;
}

static elfin_status draw(const options *o, const optical_data *data, const fit_result *result,
                         elfin_error *err)
{
  enum { MOST_PARTS = FIT_MOST }; /* each gas of Penn's would hide the rest */
  size_t n_parts = result->n <= MOST_PARTS ? result->n : 0;
  double *elf = malloc((n_parts + 1) * data->n * sizeof *elf), *fitted = elf ? elf + n_parts * data->n : NULL;
  if (!elf)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a picture");
  for (size_t i = 0; i < n_parts; i++)
    fit_elf(1, &result->list[i], data->n, data->omega, elf + i * data->n);
  fit_elf(result->n, result->list, data->n, data->omega, fitted);
  char whose[512];
  snprintf(whose, sizeof whose, "%s%s%s", data->path, *data->remark ? ": " : "", data->remark);
  report_fit about = {.data = o->source ? o->source : whose,
                      .method = result->method,
                      .n = data->n,
                      .n_parts = n_parts,
                      .omega_eV = data->omega,
                      .elf = data->elf,
                      .fitted = fitted,
                      .part = elf};
  elfin_status status =
      report_plot_fit(&about, &(report_image){.path = o->picture, .overwrite = o->overwrite}, err);
  free(elf);
  return status;
}

static cli_end fit(const cli_verb *verb, int argc, char **argv)
{
  options o;
  elfin_error err = {""};
  optical_data *data = NULL;
  fit_result *result = NULL;
  if (!read_options(verb, argc, argv, &o))
    return CLI_WRONG;
  bool penn = strcmp(o.method, "penn") == 0;
  elfin_status status = optical_data_read(o.data, o.columns, o.from_eV, o.to_eV, &data, &err);
  if (!status)
    status = make_fit(&o, data, &result, &err);
  if (!status)
    status = fit_print(data, penn ? NULL : &o.wishes, result, o.output ? stdout : stderr, &err);
  if (!status && o.picture)
    status = draw(&o, data, result, &err);
  if (!status)
    status = put_results(&o, data, result, &err);
  fit_result_free(result);
  optical_data_free(data);
  return status ? cli_fail(status, &err) : CLI_DONE;
}

const cli_verb verb_fit = {
    .name = "fit",
    .usage = "mermin|penn OPTICAL [--columns LIST] [-o FILE.yaml --material BASE] [OPTION …]",
    .summary = "optical data become oscillators: an ELF at every momentum",
    .help =
        "mermin: a few damped oscillators by least squares; as many as Schwarz's criterion asks for.\n"
        "penn: one free electron gas for each small bin of the ELF. Without -o, the block `mermin:` of a\n"
        "material file goes to stdout, and the report to stderr.\n"
        "OPTICAL is a text: columns of numbers between commas or blanks, with their names in a head.\n\n"
        "  --columns LIST      in place of a head: omega,elf (if there are two); omega,elf,error;\n"
        "                      omega,eps1,eps2; omega,n,kappa. Energies in eV, unless omega_meV says otherwise\n"
        "  --from E, --to E    leave out data beyond\n"
        "  --oscillators N     so many; else mermin finds the number, penn takes 200\n"
        "  --most N            of mermin; 12, at most 30\n"
        "  --relative-error X  of data without a column of errors; 0.02\n"
        "  --eps-static X      the sum rule of amplitudes, 1 - 1/eps(0), shall hold; `metal` for 1\n"
        "  --plasma-energy E   the f-sum rule shall hold: omega_p^2 of the electrons in the data's range\n"
        "  -o FILE.yaml        a material file: that of --material BASE with these oscillators\n"
        "  --material BASE     a material of elfin's or a file: density, gap, nuclei …\n"
        "  --name NAME         of the new material; that of the file\n"
        "  --source TEXT       where the data are from; else their file and its first line\n"
        "  --plot PICTURE      data, fit and oscillators as .png, .svg or .pdf\n"
        "  --overwrite         replace FILE.yaml and PICTURE\n",
    .act = fit,
};
