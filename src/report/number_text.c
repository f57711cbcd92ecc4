/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file number_text.c
 * A double as text that reads back as the same double. */
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
