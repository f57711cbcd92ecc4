/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_response.c
 * `elfin response`: ε(ω,k), energy losses, sum rules and structure factors, as numbers or a
 * picture. */
#include "cli/cli.h"
#include "cli/points.h"
#include "cli/response_picture.h"
#include "cli/shaking.h"
#include "cli/structure_factor.h"
#include "cli/sum_rule_check.h"
#include "report/report.h"
#include "store/store.h"

#include <elfin/response.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

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
  OPT_IMPULSE,
  OPT_MIGDAL,
  OPT_PLOT,
  OPT_MASS,
  OPT_LOG,
  OPT_OVERWRITE,
  OPT_SCRIPT
};

typedef struct response_options {
  const char *material, *kind;
  elfin_configuration configuration;
  const elfin_constants *constants;
  points omega, k;
  bool sum_rules, check, structure_factor;
  const char *nucleus;
  double debye_eV, recoil_eV;
  elfin_structure which;
  points masses;
  const char *plot;
  bool logarithmic, overwrite, script;
} response_options;

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
    {"migdal", required_argument, NULL, OPT_MIGDAL},
    {"plot", required_argument, NULL, OPT_PLOT},
    {"mass", required_argument, NULL, OPT_MASS},
    {"log", no_argument, NULL, OPT_LOG},
    {"overwrite", no_argument, NULL, OPT_OVERWRITE},
    {"script", no_argument, NULL, OPT_SCRIPT},
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

static bool take_option(const cli_verb *verb, int c, response_options *o)
{
  switch (c) {
  case OPT_KIND: o->kind = optarg; return true;
  case OPT_CONFIGURATION: return take_configuration(verb, optarg, o);
  case OPT_OMEGA: return points_take_list(verb, "omega", optarg, &o->omega);
  case OPT_OMEGA_GRID: return points_take_grid(verb, "omega-grid", optarg, &o->omega);
  case OPT_K: return points_take_list(verb, "k", optarg, &o->k);
  case OPT_K_GRID: return points_take_grid(verb, "k-grid", optarg, &o->k);
  case OPT_SUM_RULES: o->sum_rules = true; return true;
  case OPT_CHECK: o->check = true; return true;
  case OPT_STRUCTURE: o->structure_factor = true; return true;
  case OPT_NUCLEUS: o->nucleus = optarg; return true;
  case OPT_DEBYE: return points_take_energy(verb, "debye", optarg, &o->debye_eV);
  case OPT_PHONON_SUM: o->which = ELFIN_STRUCTURE_SUM; return true;
  case OPT_IMPULSE: o->which = ELFIN_STRUCTURE_IMPULSE; return true;
  case OPT_MIGDAL: return points_take_energy(verb, "migdal", optarg, &o->recoil_eV);
  case OPT_PLOT: o->plot = optarg; return true;
  case OPT_MASS: return points_take_list(verb, "mass", optarg, &o->masses);
  case OPT_LOG: o->logarithmic = true; return true;
  case OPT_OVERWRITE: o->overwrite = true; return true;
  case OPT_SCRIPT: o->script = true; return true;
  case OPT_CONVENTIONS:
    o->constants = elfin_constants_named(optarg);
    if (!o->constants)
      cli_usage(verb, "--conventions %s: expected elfin or darkelf", optarg);
    return o->constants != NULL;
  default: return false;
  }
}

/** What goes with what; says the first thing that does not. */
static bool fits(const cli_verb *verb, const response_options *o)
{
  bool picture = o->plot || o->script, all = !o->material, migdal = o->recoil_eV > 0;
  const struct {
    bool wrong;
    const char *sentence;
  } rules[] = {
      {o->check && (o->omega.n || o->sum_rules || o->structure_factor || (all && o->kind)),
       "--check takes a material, --kind of it, --configuration, --k and --conventions"},
      {!o->structure_factor && (o->debye_eV > 0 || o->which != ELFIN_STRUCTURE),
       "--debye, --phonon-sum and --impulse go with --structure-factor"},
      {!o->structure_factor && !migdal && o->nucleus,
       "--nucleus goes with --structure-factor or --migdal"},
      {migdal && (o->check || o->sum_rules || o->structure_factor || o->k.n || o->masses.n),
       "--migdal takes a material, --kind of it, --nucleus, --omega and --conventions"},
      {o->structure_factor && (o->sum_rules || o->kind),
       "--sum-rules and --kind have no effect on --structure-factor"},
      {picture && (o->sum_rules || o->check), "--sum-rules and --check are tables, no pictures"},
      {!picture && (o->masses.n || o->logarithmic || o->overwrite),
       "--mass, --log and --overwrite go with --plot"},
      {o->logarithmic && (o->structure_factor || migdal),
       "--log is for pictures of the energy loss"},
      {o->logarithmic && o->omega.n && !o->omega.logarithmic,
       "--log chooses energies by itself; a grid of yours says so: first,last,n,log"},
      {picture && o->structure_factor && (o->masses.n || o->omega.n),
       "--mass and --omega have no effect on the picture of a structure factor"},
      {o->plot && o->script,
       "--script prints what gnuplot would be told, and draws nothing: no --plot"},
      {!picture && !migdal && o->kind && response_picture_several(o->kind),
       "several responses go with --plot; as numbers, one at a time"},
  };
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
    if (rules[i].wrong) {
      cli_usage(verb, "%s", rules[i].sentence);
      return false;
    }
  return true;
}

static bool read_options(const cli_verb *verb, int argc, char **argv, response_options *o)
{
  optind = 1;
  for (int c; (c = cli_option(verb, argc, argv, "", response_longs)) != -1;)
    if (!take_option(verb, c, o))
      return false;
  if (optind + 1 != argc && !(o->check && argc == optind)) { /* of all materials */
    cli_usage(verb, argc == optind ? "which material?" : "one material at a time");
    return false;
  }
  o->material = argv[optind];
  if (!fits(verb, o))
    return false;
  if (o->structure_factor || o->check || o->recoil_eV > 0 || o->plot || o->script)
    return true; /* with points of their own */
  return (o->omega.n || points_take_grid(verb, "omega-grid", "1 eV,50 eV,50", &o->omega)) &&
         (o->k.n || points_take_list(verb, "k", "1 keV", &o->k));
}

/** Has a point no data? What is printed of it, ε = 1, is not what the material does. */
static bool says_nothing(const elfin_response_info *about, double omega, double k, double eps1, double eps2)
{
  bool beyond = omega < about->omega_min_eV || omega > about->omega_max_eV || k < about->k_min_eV ||
                k > about->k_max_eV;
  return beyond && eps1 == 1 && eps2 == 0;
}

static void note_nothing(const elfin_response_info *about, size_t n_nothing, size_t n)
{
  if (n_nothing)
    cli_say("note: %zu of %zu points lie beyond the data, energies from %g to %g eV and momenta from %g to %g eV: "
            "there eps is given as 1", n_nothing, n, about->omega_min_eV, about->omega_max_eV, about->k_min_eV,
            about->k_max_eV);
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
  elfin_response_info about = elfin_response_about(response);
  size_t n_nothing = 0;
  puts("omega_eV,k_eV,eps1,eps2,elf");
  for (size_t i_k = 0; i_k < o->k.n; i_k++) {
    for (size_t i = 0; i < n; i++)
      k[i] = o->k.value[i_k];
    elfin_response_epsilon(response, n, o->omega.value, k, eps1, eps2);
    elfin_response_elf(response, n, o->omega.value, k, elf);
    for (size_t i = 0; i < n; i++) {
      n_nothing += says_nothing(&about, o->omega.value[i], k[i], eps1[i], eps2[i]);
      printf("%.17g,%.17g,%.17g,%.17g,%.17g\n", o->omega.value[i], k[i], eps1[i], eps2[i], elf[i]);
    }
  }
  note_nothing(&about, n_nothing, n * o->k.n);
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
  if (response) {
    cli_warn_of(material);
    return sum_rule_check_one(o->kind, response, n_k, k);
  }
  return material ? sum_rule_check_all(material, o->constants, n_k, k)
                  : sum_rule_check_summary(o->constants, n_k, k);
}

static cli_end act_on(const response_options *o, const elfin_material *material)
{
  elfin_error err = {""};
  elfin_response *made = NULL;
  structure_options structure = {.constants = o->constants,
                                 .nucleus = o->nucleus,
                                 .debye_eV = o->debye_eV,
                                 .which = o->which,
                                 .n_omega = o->omega.n,
                                 .omega = o->omega.value,
                                 .n_q = o->k.n,
                                 .q = o->k.value};
  report_image to = {
      .path = o->plot, .overwrite = o->overwrite, .script = o->script ? stdout : NULL};
  bool picture = o->plot || o->script;
  if (o->structure_factor)
    return picture ? structure_factor_draw(&structure, material, &to)
                   : structure_factor_print(&structure, material);
  if (o->recoil_eV > 0) {
    shaking_options shaking = {.kinds = o->kind,
                               .nucleus = o->nucleus,
                               .recoil_eV = o->recoil_eV,
                               .constants = o->constants,
                               .omega = &o->omega};
    return shaking_show(&shaking, material, picture ? &to : NULL);
  }
  if (picture) {
    response_picture about = {.kinds = o->kind,
                              .configuration = o->configuration,
                              .constants = o->constants,
                              .omega = &o->omega,
                              .k = &o->k,
                              .masses = &o->masses,
                              .logarithmic = o->logarithmic};
    return response_picture_draw(&about, material, &to);
  }
  elfin_status status = ELFIN_OK;
  if (!o->check || o->kind)
    status = response_picture_open(o->kind, o->configuration, material, o->constants, &made, &err);
  cli_end end = status         ? cli_fail(status, &err)
                : o->check     ? print_check(o, material, made)
                : o->sum_rules ? print_sum_rules(o, made)
                               : print_epsilon(o, made);
  elfin_response_free(made);
  return end;
}

static cli_end response(const cli_verb *verb, int argc, char **argv)
{
  response_options o = {.constants = elfin_constants_named("elfin")};
  elfin_material *material = NULL;
  elfin_error err = {""};
  cli_end end = CLI_WRONG;
  if (read_options(verb, argc, argv, &o)) {
    elfin_status status = o.material ? elfin_material_open(o.material, &material, &err) : ELFIN_OK;
    end = status ? cli_fail_file(o.material, elfin_material_faults, status, &err) : act_on(&o, material);
  }
  elfin_material_free(material);
  free(o.omega.value);
  free(o.k.value);
  free(o.masses.value);
  return end;
}

const cli_verb verb_response = {
    .name = "response",
    .usage = "MATERIAL [--kind KIND] [--omega LIST] [--k LIST] [--sum-rules | --check | "
             "--structure-factor | --migdal ENERGY] "
             "[--plot FILE] …",
    .summary =
        "dielectric function, energy loss, sum rules, structure factor; numbers or a picture",
    .help =
        "  --kind KIND         lindhard, mermin, mermin_edges, extended_drude, phonon, optical, joined\n"
        "                      (phonons below the gap, electrons at k = 0 above), the name of a phonon\n"
        "                      response or of a table of the material's (gpaw), or the path of a\n"
        "                      table, also \"X.h5 (smooth, above mermin)\";\n"
        "                      default: the material's best one of electrons\n"
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
        "                      20 keV); without a MATERIAL, of all materials, a line each\n"
        "\n"
        "Columns: omega_eV,k_eV,eps1,eps2,elf.\n"
        "\n"
        "  --structure-factor  instead, S(q,omega) of each nucleus in its crystal, for momenta\n"
        "                      --k and energies --omega (by default from one phonon to the recoil\n"
        "                      of a free nucleus): the phonon sum without its elastic line, above\n"
        "                      q = 2 sqrt(2 m omega_mean) the impulse approximation\n"
        "  --nucleus NAME      one nucleus of the cell\n"
        "  --debye ENERGY      Debye's solid, D = 3 omega^2/omega_D^3, in place of the material's own\n"
        "                      density of states\n"
        "  --phonon-sum        the sum at every q (as far as 100 terms go)\n"
        "  --impulse           the impulse approximation at every q\n"
        "\n"
        "Columns: nucleus,q_eV,omega_eV,S_per_eV,recoil_eV, the last one q^2/(2 m).\n"
        "\n"
        "  --migdal ENERGY     instead, the Migdal effect's dP/domega of a nucleus that recoils with this\n"
        "                      energy, in the soft limit; --kind atomic: of isolated atoms\n"
        "\n"
        "Columns: response,nucleus,recoil_eV,omega_eV,P_per_eV.\n"
        "\n"
        "  --plot FILE         instead, a picture, FILE.png, .svg or .pdf, of the energy loss, of the\n"
        "                      structure factor or of dP/domega. Energy loss: a map over omega and k;\n"
        "                      with up to 8 momenta in --k, or with several kinds (--kind\n"
        "                      lindhard,mermin), curves against omega; where it does not depend on\n"
        "                      k, one curve\n"
        "  --mass LIST         over the map, what dark matter of these masses can reach at the speed\n"
        "                      v_esc + v_earth of the standard halo: omega = k v - k^2/(2 m);\n"
        "                      default: 3 MeV,10 MeV,100 MeV\n"
        "  --log               logarithmic axes, by which small energies and momenta are sharp; those of\n"
        "                      --omega-grid and --k-grid are where the grid ends in ,log\n"
        "  --overwrite         replace a picture that exists\n"
        "  --script            print what gnuplot would be told, numbers included: to change it\n",
    .act = response,
};
