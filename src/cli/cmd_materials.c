/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_materials.c
 * `elfin materials`: what is known of targets. */
#include "cli/cli.h"
#include "report/report.h"

#include <elfin/response.h>

#include <stdio.h>
#include <stdlib.h>

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
    return cli_fail_file(argv[optind], elfin_material_faults, status, &err);
  report_material(material, stdout);
  cli_warn_of(material);
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
