/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_target.c
 * Looking at targets: `elfin materials` and `elfin response`. */
#include "cli/cli.h"
#include "cli/structure_factor.h"
#include "cli/sum_rule_check.h"
#include "report/report.h"
#include "store/store.h"

#include <elfin/response.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- materials ------------------------------------------------------------------------------- */

static void print_cell(elfin_quantity quantity)
{
  if (quantity.source)
    printf("  %7g", quantity.value);
  else
    printf("  %7s", "-");
}

static elfin_status print_line(const char *name, elfin_error *err)
{
  elfin_material *material = NULL;
  elfin_status status = elfin_material_open(name, &material, err);
  if (status)
    return status;
  const char *response = elfin_response_default(material);
  printf("%-10s", name);
  print_cell(material->density_g_cm3);
  print_cell(material->gap_eV);
  print_cell(material->pair_energy_eV);
  printf("  %-8s  %s\n", response ? response : "-",
         material->description ? material->description : "");
  elfin_material_free(material);
  return ELFIN_OK;
}

/** One line a material; a broken file is said and does not hide the others. */
static cli_end list_materials(void)
{
  size_t n = 0;
  char **names = NULL;
  elfin_error err = {""};
  cli_end end = CLI_DONE;
  elfin_status status = elfin_material_list(&n, &names, &err);
  if (status)
    return cli_fail(status, &err);
  printf("%-10s  %7s  %7s  %7s  %-8s\n%-10s  %7s  %7s  %7s\n", "name", "density", "gap", "pair",
         "response", "", "[g/cm3]", "[eV]", "[eV]");
  for (size_t i = 0; i < n; i++) {
    status = print_line(names[i], &err);
    if (status)
      end = cli_fail(status, &err);
    free(names[i]);
  }
  free(names);
  return end;
}

static cli_end materials(const cli_verb *verb, int argc, char **argv)
{
  static const struct option none[] = {{NULL, 0, NULL, 0}};
  optind = 1;
  if (cli_option(verb, argc, argv, "", none) != -1)
    return CLI_WRONG;
  if (optind == argc)
    return list_materials();
  if (optind + 1 < argc)
    return cli_usage(verb, "one material at a time");
  elfin_material *material = NULL;
  elfin_error err = {""};
  elfin_status status = elfin_material_open(argv[optind], &material, &err);
  if (status)
    return cli_fail(status, &err);
  report_material(material, stdout);
  elfin_material_free(material);
  return CLI_DONE;
}

const cli_verb verb_materials = {
    .name = "materials",
    .usage = "[NAME]",
    .summary = "the materials that elfin knows; one of them with all sources",
    .help =
        "NAME is one of the list, or the path of a material file (with a / or .yaml).\n"
        "Their folder is $ELFIN_DATA/materials, if ELFIN_DATA is set; README.md there explains\n"
        "the format.\n",
    .act = materials,
};

/* ---- response -------------------------------------------------------------------------------- */

enum {
  OPT_KIND = 256,
  OPT_CONFIGURATION,
  OPT_OMEGA,
  OPT_OMEGA_GRID,
  OPT_K,
  OPT_K_GRID,
  OPT_CONVENTIONS,
  OPT_SUM_RULES,
  OPT_CHECK,
  OPT_STRUCTURE,
  OPT_NUCLEUS,
  OPT_DEBYE,
  OPT_PHONON_SUM,
  OPT_IMPULSE
};

/** Ascending or not, as given. */
typedef struct points {
  size_t n;
  double *value; /* [n] eV */
} points;

enum { MOST_POINTS = 1000000, LONGEST_PIECE = 63, N_GRID = 4 };

typedef struct response_options {
  const char *material, *kind;
  elfin_configuration configuration;
  const elfin_constants *constants;
  points omega, k;
  bool sum_rules, check, structure_factor;
  const char *nucleus;
  double debye_eV;
  elfin_structure which;
} response_options;

/** The next piece of "a,b,c": its text without the comma; false at the end or if it is too long. */
static bool next_piece(const char **rest, char piece[LONGEST_PIECE + 1])
{
  if (!*rest)
    return false;
  size_t length = strcspn(*rest, ",");
  if (length > LONGEST_PIECE)
    length = LONGEST_PIECE;
  memcpy(piece, *rest, length);
  piece[length] = '\0';
  *rest = (*rest)[length] == ',' ? *rest + length + 1 : NULL;
  return true;
}

/** A positive energy or momentum. */
static bool take_energy(const cli_verb *verb, const char *option, const char *piece, double *value)
{
  char why[256];
  if (!quantity_parse(piece, "eV", value, why, sizeof why))
    cli_usage(verb, "--%s: %s", option, why);
  else if (!(*value > 0))
    cli_usage(verb, "--%s %s: it must be above 0", option, piece);
  else
    return true;
  return false;
}

/** "10 eV,20 eV" */
static bool take_list(const cli_verb *verb, const char *option, const char *text, points *made)
{
  size_t n = 1;
  char piece[LONGEST_PIECE + 1];
  for (const char *c = text; *c; c++)
    n += *c == ',';
  free(made->value);
  *made = (points){0, calloc(n, sizeof *made->value)};
  if (!made->value) {
    cli_say("--%s: no memory", option);
    return false;
  }
  while (next_piece(&text, piece)) {
    if (!take_energy(verb, option, piece, &made->value[made->n]))
      return false;
    made->n++;
  }
  return true;
}

static double grid_point(double first, double last, size_t i, size_t n, bool logarithmic)
{
  double part = (double)i / (double)(n - 1);
  if (i == 0 || i == n - 1)
    return i ? last : first; /* the ends exactly */
  return logarithmic ? first * pow(last / first, part) : first + (last - first) * part;
}

/** "first,last,n" or "first,last,n,log" */
static bool take_grid(const cli_verb *verb, const char *option, const char *text, points *made)
{
  char piece[N_GRID][LONGEST_PIECE + 1] = {""}, why[256];
  size_t n_pieces = 0;
  double first = 0, last = 0, n = 0;
  while (n_pieces < N_GRID && next_piece(&text, piece[n_pieces]))
    n_pieces++;
  bool logarithmic = n_pieces == N_GRID;
  if (n_pieces < N_GRID - 1 || text || (logarithmic && strcmp(piece[N_GRID - 1], "log") != 0)) {
    cli_usage(verb, "--%s: first,last,n or first,last,n,log is wanted", option);
    return false;
  }
  if (!take_energy(verb, option, piece[0], &first) || !take_energy(verb, option, piece[1], &last))
    return false;
  if (!quantity_parse(piece[2], "", &n, why, sizeof why) || n != floor(n) || n < 2 ||
      n > MOST_POINTS) {
    cli_usage(verb, "--%s: n must be a whole number from 2 to %d, not %s", option, MOST_POINTS,
              piece[2]);
    return false;
  }
  free(made->value);
  *made = (points){(size_t)n, calloc((size_t)n, sizeof *made->value)};
  if (!made->value) {
    cli_say("--%s: no memory", option);
    return false;
  }
  for (size_t i = 0; i < made->n; i++)
    made->value[i] = grid_point(first, last, i, made->n, logarithmic);
  return true;
}

static const struct option response_longs[] = {
    {"kind", required_argument, NULL, OPT_KIND},
    {"configuration", required_argument, NULL, OPT_CONFIGURATION},
    {"omega", required_argument, NULL, OPT_OMEGA},
    {"omega-grid", required_argument, NULL, OPT_OMEGA_GRID},
    {"k", required_argument, NULL, OPT_K},
    {"k-grid", required_argument, NULL, OPT_K_GRID},
    {"conventions", required_argument, NULL, OPT_CONVENTIONS},
    {"sum-rules", no_argument, NULL, OPT_SUM_RULES},
    {"check", no_argument, NULL, OPT_CHECK},
    {"structure-factor", no_argument, NULL, OPT_STRUCTURE},
    {"nucleus", required_argument, NULL, OPT_NUCLEUS},
    {"debye", required_argument, NULL, OPT_DEBYE},
    {"phonon-sum", no_argument, NULL, OPT_PHONON_SUM},
    {"impulse", no_argument, NULL, OPT_IMPULSE},
    {NULL, 0, NULL, 0},
};

static bool take_configuration(const cli_verb *verb, const char *text, response_options *o)
{
  bool extraordinary = strcmp(text, "extraordinary") == 0;
  if (!extraordinary && strcmp(text, "ordinary") != 0) {
    cli_usage(verb, "--configuration %s: expected ordinary or extraordinary", text);
    return false;
  }
  o->configuration = extraordinary ? ELFIN_EXTRAORDINARY : ELFIN_ORDINARY;
  return true;
}

static bool read_options(const cli_verb *verb, int argc, char **argv, response_options *o)
{
  bool good = true;
  optind = 1;
  for (int c; good && (c = cli_option(verb, argc, argv, "", response_longs)) != -1;)
    switch (c) {
    case OPT_KIND: o->kind = optarg; break;
    case OPT_CONFIGURATION: good = take_configuration(verb, optarg, o); break;
    case OPT_OMEGA: good = take_list(verb, "omega", optarg, &o->omega); break;
    case OPT_OMEGA_GRID: good = take_grid(verb, "omega-grid", optarg, &o->omega); break;
    case OPT_K: good = take_list(verb, "k", optarg, &o->k); break;
    case OPT_K_GRID: good = take_grid(verb, "k-grid", optarg, &o->k); break;
    case OPT_SUM_RULES: o->sum_rules = true; break;
    case OPT_CHECK: o->check = true; break;
    case OPT_STRUCTURE: o->structure_factor = true; break;
    case OPT_NUCLEUS: o->nucleus = optarg; break;
    case OPT_DEBYE: good = take_energy(verb, "debye", optarg, &o->debye_eV); break;
    case OPT_PHONON_SUM: o->which = ELFIN_STRUCTURE_SUM; break;
    case OPT_IMPULSE: o->which = ELFIN_STRUCTURE_IMPULSE; break;
    case OPT_CONVENTIONS:
      o->constants = elfin_constants_named(optarg);
      good = o->constants != NULL;
      if (!good)
        cli_usage(verb, "--conventions %s: expected elfin or darkelf", optarg);
      break;
    default: good = false;
    }
  bool all = o->check && argc == optind; /* materials */
  if (good && optind + 1 != argc && !all) {
    cli_usage(verb, argc == optind ? "which material?" : "one material at a time");
    good = false;
  }
  if (good && o->check && (o->omega.n || o->sum_rules || o->structure_factor || (all && o->kind))) {
    cli_usage(verb, "--check takes a material, --kind of it, --configuration, --k and --conventions");
    good = false;
  }
  if (good && !o->structure_factor && (o->nucleus || o->debye_eV > 0 || o->which != ELFIN_STRUCTURE)) {
    cli_usage(verb, "--nucleus, --debye, --phonon-sum and --impulse go with --structure-factor");
    good = false;
  }
  if (good && o->structure_factor && (o->sum_rules || o->kind)) {
    cli_usage(verb, "--sum-rules and --kind have no effect on --structure-factor");
    good = false;
  }
  if (good && !all)
    o->material = argv[optind];
  if (good && (o->structure_factor || o->check))
    return true; /* with points of their own */
  return good && (o->omega.n || take_grid(verb, "omega-grid", "1 eV,50 eV,50", &o->omega)) &&
         (o->k.n || take_list(verb, "k", "1 keV", &o->k));
}

static bool ends_in(const char *text, const char *end)
{
  size_t length = strlen(text), n = strlen(end);
  return length > n && strcmp(text + length - n, end) == 0;
}

static elfin_status open_response(const response_options *o, const elfin_material *material,
                                  elfin_response **response, elfin_error *err)
{
  const char *kind = o->kind ? o->kind : elfin_response_default(material);
  if (!kind)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s has no response of its own; give the path of a table: --kind TABLE",
                      material->name);
  if (ends_in(kind, ".h5") || ends_in(kind, ".hdf5"))
    return store_open_table(kind, o->constants, response, err);
  return elfin_response_open_configuration(kind, o->configuration, material, o->constants, response,
                                           err);
}

/** One CSV block per momentum, so that plotting programs draw one curve each. */
static cli_end print_epsilon(const response_options *o, const elfin_response *response)
{
  size_t n = o->omega.n;
  double *work = calloc(4 * n, sizeof *work);
  if (!work) {
    cli_say("no memory for %zu points", n);
    return CLI_UNFINISHED;
  }
  double *k = work, *eps1 = work + n, *eps2 = work + 2 * n, *elf = work + 3 * n;
  puts("omega_eV,k_eV,eps1,eps2,elf");
  for (size_t i_k = 0; i_k < o->k.n; i_k++) {
    for (size_t i = 0; i < n; i++)
      k[i] = o->k.value[i_k];
    elfin_response_epsilon(response, n, o->omega.value, k, eps1, eps2);
    elfin_response_elf(response, n, o->omega.value, k, elf);
    for (size_t i = 0; i < n; i++)
      printf("%.17g,%.17g,%.17g,%.17g,%.17g\n", o->omega.value[i], k[i], eps1[i], eps2[i], elf[i]);
  }
  free(work);
  return CLI_DONE;
}

static cli_end print_sum_rules(const response_options *o, const elfin_response *response)
{
  cli_end end = CLI_DONE;
  puts("k_eV,f_sum,kk,kk_expected");
  for (size_t i = 0; i < o->k.n; i++) {
    double f_sum = NAN, kk = NAN, expected = NAN;
    elfin_error err = {""};
    elfin_status status =
        elfin_response_sum_rules(response, o->k.value[i], &f_sum, &kk, &expected, &err);
    if (status)
      end = cli_fail(status, &err);
    printf("%.17g,%.17g,%.17g,%.17g\n", o->k.value[i], f_sum, kk, expected);
  }
  return end;
}

/** Of one response, of all that the material has, or of all materials. */
static cli_end print_check(const response_options *o, const elfin_material *material,
                           const elfin_response *response)
{
  size_t n_k = o->k.n ? o->k.n : N_SUM_RULE_MOMENTA;
  const double *k = o->k.n ? o->k.value : SUM_RULE_MOMENTA;
  if (response)
    return sum_rule_check_one(o->kind, response, n_k, k);
  return material ? sum_rule_check_all(material, o->constants, n_k, k)
                  : sum_rule_check_summary(o->constants, n_k, k);
}

static cli_end print_structure(const response_options *o, const elfin_material *material)
{
  structure_options s = {.constants = o->constants, .nucleus = o->nucleus, .debye_eV = o->debye_eV,
                         .which = o->which, .n_omega = o->omega.n, .omega = o->omega.value,
                         .n_q = o->k.n, .q = o->k.value};
  return structure_factor_print(&s, material);
}

static cli_end response(const cli_verb *verb, int argc, char **argv)
{
  response_options o = {.constants = elfin_constants_named("elfin")};
  elfin_material *material = NULL;
  elfin_response *made = NULL;
  elfin_error err = {""};
  cli_end end = CLI_WRONG;
  if (read_options(verb, argc, argv, &o)) {
    elfin_status status =
        o.material ? elfin_material_open(o.material, &material, &err) : ELFIN_OK;
    if (!status && !o.structure_factor && (!o.check || o.kind))
      status = open_response(&o, material, &made, &err);
    if (status)
      end = cli_fail(status, &err);
    else if (o.check)
      end = print_check(&o, material, made);
    else if (o.structure_factor)
      end = print_structure(&o, material);
    else
      end = o.sum_rules ? print_sum_rules(&o, made) : print_epsilon(&o, made);
  }
  elfin_response_free(made);
  elfin_material_free(material);
  free(o.omega.value);
  free(o.k.value);
  return end;
}

const cli_verb verb_response = {
    .name = "response",
    .usage = "MATERIAL [--kind KIND] [--omega LIST] [--k LIST] [--sum-rules | --check | --structure-factor] …",
    .summary = "dielectric function, energy loss, sum rules, structure factor of a material, as CSV",
    .help =
        "  --kind KIND         lindhard, mermin, extended_drude, phonon, optical, joined\n"
        "                      (phonons below the gap,"
        " electrons at k = 0 above), the name of a phonon\n"
        "                      response, or the path of a table; default: the material's best one of electrons\n"
        "  --configuration AXIS  of phonons: ordinary (the default) or extraordinary\n"
        "  --omega LIST        energies: 15 or \"10 eV,15 eV\"\n"
        "  --omega-grid GRID   first,last,n or first,last,n,log; default: 1 eV,50 eV,50\n"
        "  --k LIST            momenta; default: 1 keV\n"
        "  --k-grid GRID       as --omega-grid\n"
        "  --conventions NAME  elfin (the default) or darkelf\n"
        "  --sum-rules         instead, for each momentum: the f-sum, 2/(pi omega_p^2) times the\n"
        "                      integral of omega ELF, which is 1 for a complete response; and kk,\n"
        "                      2/pi times the integral of ELF/omega, next to what it should be,\n"
        "                      1 - Re 1/eps(0,k)\n"
        "  --check             instead, a table for people of both rules and whether they hold to 1 %,\n"
        "                      of all responses of the material or of --kind, against --k (10 eV to\n"
        "                      20 keV); without a MATERIAL, of all materials, a line each\n\n"
        "Columns: omega_eV,k_eV,eps1,eps2,elf.\n\n"
        "  --structure-factor  instead, S(q,omega) of each nucleus in its crystal, for momenta\n"
        "                      --k and energies --omega (by default from one phonon to the recoil\n"
        "                      of a free nucleus): the phonon sum without its elastic line, above\n"
        "                      q = 2 sqrt(2 m omega_mean) the impulse approximation\n"
        "  --nucleus NAME      one nucleus of the cell\n"
        "  --debye ENERGY      Debye's solid, D = 3 omega^2/omega_D^3, in place of the material's own\n"
        "                      density of states\n"
        "  --phonon-sum        the sum at every q (as far as 100 terms go)\n"
        "  --impulse           the impulse approximation at every q\n\n"
        "Columns: nucleus,q_eV,omega_eV,S_per_eV,recoil_eV, the last one q^2/(2 m).\n",
    .act = response,
};
