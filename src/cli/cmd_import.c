/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_import.c
 * `elfin import`: other programs' data becomes material files. */
#include "cli/cli.h"
#include "import/import.h"

#include <string.h>

enum { OPT_OVERWRITE = 256 };

static const struct option longs[] = {
    {"overwrite", no_argument, NULL, OPT_OVERWRITE},
    {NULL, 0, NULL, 0},
};

static cli_end import(const cli_verb *verb, int argc, char **argv)
{
  const char *dest = NULL;
  bool overwrite = false;
  optind = 1;
  for (int c; (c = cli_option(verb, argc, argv, "o:", longs)) != -1;)
    switch (c) {
    case 'o': dest = optarg; break;
    case OPT_OVERWRITE: overwrite = true; break;
    default: return CLI_WRONG;
    }
  if (optind == argc)
    return cli_usage(verb, "import what? elfin knows darkelf");
  if (strcmp(argv[optind], "darkelf") != 0)
    return cli_usage(verb, "'%s' is not known; elfin imports darkelf", argv[optind]);
  if (optind + 2 != argc)
    return cli_usage(verb, "import darkelf takes one folder");
  if (!dest)
    return cli_usage(verb, "where to? give the folder for the material: -o DEST");
  elfin_error err = {""};
  elfin_status status = import_darkelf(argv[optind + 1], dest, overwrite, stdout, &err);
  return status ? cli_fail(status, &err) : CLI_DONE;
}

const cli_verb verb_import = {
    .name = "import",
    .usage = "darkelf DIR -o DEST [--overwrite]",
    .summary = "another program's data becomes a material file with its tables",
    .help = "DIR is the folder of one material in DarkELF's data/, such as data/Si. DEST/Si.yaml is\n"
            "made, with the tables in DEST/Si/; DEST may hold several materials. A job takes it as\n"
            "`material: DEST/Si.yaml`; the table of the dielectric function is its default response.\n"
            "What was taken from which file is listed; a malformed file is refused with its line.\n",
    .act = import,
};
