/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file number_text.c
 * A double as text that reads back as the same double; an energy as people say it. */
#include "report/number_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/** Digits that every double keeps, and that tell any two apart. */
enum { FEWEST_DIGITS = 15, MOST_DIGITS = 17 };

void number_text(double value, char text[NUMBER_TEXT_SIZE])
{
  if (isnan(value)) { /* without the sign that some give it */
    snprintf(text, NUMBER_TEXT_SIZE, "nan");
    return;
  }
  for (int digits = FEWEST_DIGITS; digits <= MOST_DIGITS; digits++) {
    snprintf(text, NUMBER_TEXT_SIZE, "%.*g", digits, value);
    if (strtod(text, NULL) == value)
      return;
  }
}

const energy_unit *energy_unit_for(double energy_eV)
{
  static const energy_unit units[] = {{"meV", 1e-3}, {"eV", 1},    {"keV", 1e3},
                                      {"MeV", 1e6},  {"GeV", 1e9}, {"TeV", 1e12}};
  static const double LAST_OF_A_UNIT = 999.5; /* what would be printed as 1e+03 */
  size_t i = 0;
  while (fabs(energy_eV) >= LAST_OF_A_UNIT * units[i].eV && i + 1 < sizeof units / sizeof *units)
    i++;
  return &units[i];
}

void energy_text(double energy_eV, char *text, size_t size)
{
  const energy_unit *unit = energy_unit_for(energy_eV);
  snprintf(text, size, "%.3g %s", energy_eV / unit->eV, unit->name);
}
