/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import.h
 * Other programs' data folders become material files of elfin's. */
#ifndef IMPORT_H
#define IMPORT_H

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

#endif
