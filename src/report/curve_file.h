/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file curve_file.h
 * Inside the room: a curve that somebody else published, from a text file into a picture. */
#ifndef CURVE_FILE_H
#define CURVE_FILE_H

#include "report/picture.h"

/** Add the first two columns of a file, mass and limit, as a curve.
 *
 * Columns are separated by commas, blanks or tabs. Lines that begin with # say nothing to us, and
 * one line of words may come before the numbers: its first ends in the masses' unit, mass_eV …
 * mass_GeV in any case of letters.
 * @param file  "[NAME=]FILE[:UNIT]": its name in the legend, else the file's; the unit, where the file
 *              does not tell
 * @param unit  [eV] of the picture's masses
 * @return ELFIN_OK; ELFIN_E_DATA: not such a file, with its line; ELFIN_E_ARGUMENT: no unit known
 */
elfin_status curve_file_add(const char *file, double unit, picture *p, elfin_error *err);

#endif
