/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import.h
 * Other programs' data folders become material files of elfin's, other programs' grids of ε(ω,k)
 * tables in elfin's HDF5 format. */
#ifndef IMPORT_H
#define IMPORT_H

#include "document/document.h"

#include <elfin/base.h>

#include <stdbool.h>
#include <stdio.h>

/** A data folder of DarkELF's (data/Si, say) becomes DEST/Si.yaml, with its tables in DEST/Si/.
 *
 * Tables are copied byte for byte after they were checked, except for the probabilities of shells,
 * which become one file a shell with the same numbers. What was taken from which file, what is not
 * needed and what is missing goes to `said`, a line each. Either all of DEST/<M>.yaml and DEST/<M>/
 * appears, or nothing; the result has been opened as a material before it appears.
 *
 * @param[in] overwrite  replace a material of that name in DEST
 * @param[in] said       may be NULL
 * @return ELFIN_OK; ELFIN_E_DATA: the folder is not one of DarkELF's, or a file in it is malformed
 *         (file:line: what is wrong); ELFIN_E_OUTPUT: DEST cannot be written, or holds that material;
 *         ELFIN_E_MEMORY
 */
elfin_status import_darkelf(const char *folder, const char *dest, bool overwrite, FILE *said,
                            elfin_error *err);

/** What the user says of a grid that is to be imported. */
typedef struct import_options {
  const char *source;      /* whose numbers these are; NULL: what the file says */
  const char *material;    /* its name or path: sum rule and density are compared with; NULL: none */
  bool no_local_fields;    /* of gpaw: epsilon_nolfe */
  const char *columns;     /* of csv: "omega,k,eps1,eps2"; NULL: what its head says */
  const char *units;       /* of csv: "eV,keV", of omega and k; NULL: what its head says, else eV */
  bool force;              /* suspicions become warnings */
  bool overwrite;
} import_options;

/** A grid of ε(ω,k) becomes a table in elfin's HDF5 format, in eV.
 *
 * Refused: numbers that are none, negative losses, axes that do not ascend; and, unless `force`, what
 * looks like wrong units. Every problem says where; nothing is written then.
 *
 * @param[in]  kind     "qcdark2", "gpaw", "csv"
 * @param[in]  dest     the table's path
 * @param[in]  said     what was found, sum rules, warnings; may be NULL
 * @param[out] list     what is wrong with the file's numbers
 * @return ELFIN_OK; ELFIN_E_DATA: the sentence is in err, or, if that is empty, in the list;
 *         ELFIN_E_OUTPUT: dest cannot be written, or exists; ELFIN_E_MEMORY
 */
elfin_status import_table(const char *kind, const char *file, const char *dest,
                          const import_options *options, FILE *said, problems *list,
                          elfin_error *err);

#endif
