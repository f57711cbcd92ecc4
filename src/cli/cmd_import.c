/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_import.c
 * `elfin import`: other programs' data becomes material files and tables. */
#include "cli/cli.h"
#include "import/import.h"

#include <string.h>

enum { OPT_OVERWRITE = 256, OPT_FORCE, OPT_SOURCE, OPT_MATERIAL, OPT_NO_LOCAL_FIELDS, OPT_COLUMNS,
       OPT_UNITS };

static const struct option longs[] = {
    {"overwrite", no_argument, NULL, OPT_OVERWRITE},
    {"force", no_argument, NULL, OPT_FORCE},
    {"source", required_argument, NULL, OPT_SOURCE},
    {"material", required_argument, NULL, OPT_MATERIAL},
    {"no-local-fields", no_argument, NULL, OPT_NO_LOCAL_FIELDS},
    {"columns", required_argument, NULL, OPT_COLUMNS},
    {"units", required_argument, NULL, OPT_UNITS},
    {NULL, 0, NULL, 0},
};

static const char kinds[] = "darkelf, qcdark2, gpaw and csv";

static cli_end import_folder(const cli_verb *verb, const char *folder, const char *dest,
                             const import_options *o)
{
  elfin_error err = {""};
  if (o->force || o->source || o->material || o->no_local_fields || o->columns || o->units)
    return cli_usage(verb, "import darkelf takes -o and --overwrite");
  elfin_status status = import_darkelf(folder, dest, o->overwrite, stdout, &err);
  return status ? cli_fail(status, &err) : CLI_DONE;
}

static cli_end import_grid(const char *kind, const char *file, const char *dest,
                           const import_options *o)
{
  elfin_error err = {""};
  problems *list = problems_new(file);
  elfin_status status = list ? import_table(kind, file, dest, o, stdout, list, &err) : ELFIN_E_MEMORY;
  cli_end end = !status ? CLI_DONE : *err.text || !list ? cli_fail(status, &err) : cli_problems(list);
  problems_free(list);
  return end;
}

static cli_end import(const cli_verb *verb, int argc, char **argv)
{
  const char *dest = NULL;
  import_options o = {0};
  optind = 1;
  for (int c; (c = cli_option(verb, argc, argv, "o:", longs)) != -1;)
    switch (c) {
    case 'o': dest = optarg; break;
    case OPT_OVERWRITE: o.overwrite = true; break;
    case OPT_FORCE: o.force = true; break;
    case OPT_SOURCE: o.source = optarg; break;
    case OPT_MATERIAL: o.material = optarg; break;
    case OPT_NO_LOCAL_FIELDS: o.no_local_fields = true; break;
    case OPT_COLUMNS: o.columns = optarg; break;
    case OPT_UNITS: o.units = optarg; break;
    default: return CLI_WRONG;
    }
  if (optind == argc)
    return cli_usage(verb, "import what? elfin knows %s", kinds);
  const char *kind = argv[optind];
  bool folder = strcmp(kind, "darkelf") == 0, gpaw = strcmp(kind, "gpaw") == 0;
  bool csv = strcmp(kind, "csv") == 0;
  if (!folder && !gpaw && !csv && strcmp(kind, "qcdark2") != 0)
    return cli_usage(verb, "'%s' is not known; elfin imports %s", kind, kinds);
  if (optind + 2 != argc)
    return cli_usage(verb, "import %s takes one %s", kind, folder ? "folder" : "file");
  if (o.no_local_fields && !gpaw)
    return cli_usage(verb, "--no-local-fields is about import gpaw");
  if ((o.columns || o.units) && !csv && !folder)
    return cli_usage(verb, "--columns and --units are about import csv");
  if (!dest)
    return cli_usage(verb, folder ? "where to? give the folder for the material: -o DEST"
                                  : "where to? give the path of the table: -o TABLE.h5");
  return folder ? import_folder(verb, argv[optind + 1], dest, &o)
                : import_grid(kind, argv[optind + 1], dest, &o);
}

const cli_verb verb_import = {
    .name = "import",
    .usage = "darkelf DIR -o DEST | qcdark2|gpaw|csv FILE -o TABLE.h5 …",
    .summary = "another program's data becomes a material file, or a table of the dielectric function",
    .help = "darkelf: DIR is the folder of one material in DarkELF's data/, such as data/Si. DEST/Si.yaml\n"
            "is made, with the tables in DEST/Si/; DEST may hold several materials. A job takes it as\n"
            "`material: DEST/Si.yaml`; the table of the dielectric function is its default response.\n"
            "What was taken from which file is listed; a malformed file is refused with its line.\n\n"
            "qcdark2, gpaw: an HDF5 file with epsilon(omega,k) of that program becomes a table in elfin's\n"
            "HDF5 format, which a job takes as `response: TABLE.h5`. csv: a text with a head that names\n"
            "the columns, and units: omega_eV,k_keV,eps1,eps2 or omega,k,elf (epsilon by Kramers and Kronig);\n"
            "of optical data omega,eps1,eps2 or omega,n,kappa. Numbers that are none, negative losses\n"
            "and axes that do not ascend are refused with their places; so are units that look wrong (by\n"
            "f-sum and Bethe ridge).\n\n"
            "  --overwrite        replace what is there\n"
            "  --source TEXT      whose numbers these are, if the file does not say it or is wrong\n"
            "  --material NAME    compare f-sum and density with this material\n"
            "  --columns LIST     of csv, in place of the head: omega,k,eps1,eps2\n"
            "  --units LIST       of csv, of omega and k: eV,keV or Hartree,1/Bohr …; default: the head's, eV\n"
            "  --no-local-fields  of gpaw: epsilon without local field effects\n"
            "  --force            import in spite of units that look wrong\n",
    .act = import,
};
