/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file number_text.h
 * A double as text that reads back as the same double; an energy as people say it. */
#ifndef NUMBER_TEXT_H
#define NUMBER_TEXT_H

#include <stddef.h>

/** Room for any double. */
enum { NUMBER_TEXT_SIZE = 32 };

/** The shortest of %.15g, %.16g and %.17g that reads back the same; "nan", "inf", "-inf". */
void number_text(double value, char text[NUMBER_TEXT_SIZE]);

typedef struct energy_unit {
  const char *name;
  double eV;
} energy_unit;

/** The unit, meV to TeV, in which this energy is at least 1 and less than 1000. */
const energy_unit *energy_unit_for(double energy_eV);

/** "1 keV", "31.6 MeV". */
void energy_text(double energy_eV, char *text, size_t size);

#endif
