/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file csv_cells.h
 * Inside the room: axes as columns of a CSV (RFC 4180). */
#ifndef CSV_CELLS_H
#define CSV_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CSV_END_OF_LINE "\r\n" /* RFC 4180 */

typedef struct csv_axis {
  const char *key, *unit;
  bool named;
  size_t n;
  const double *value;
  const char *const *text;
  char *printed; /* n texts of `width` bytes, quoted where need be; NULL for resolved thresholds */
  size_t width;
} csv_axis;

/** Whether all of a column are numbers, in the unit that its name ends in: of dates, too, which are
 * days [elfin/halo.h, elfin_earth_velocity()]. */
bool csv_of_numbers(const csv_axis *axis);

/** Make axis->printed, free() it. A limit by its name, a mass as a number in eV; other names as the
 * job has them. @return false: no memory */
bool csv_print_cells(csv_axis *axis);

/** "1/kg/yr/eV" → "_per_kg_yr_eV", "km/s" → "_km_s", "" → "". */
void csv_print_unit(const char *unit, FILE *stream);

void csv_print_number(double value, FILE *stream);

#endif
