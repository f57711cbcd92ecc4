/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file csv_cells.c
 * Cells of a CSV: names quoted where need be, numbers that read back the same. */
#include "report/csv_cells.h"

#include "report/number_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* RFC 4180: quoted if it holds a comma, a quote or an end of line; quotes are doubled. */
static char *quoted(const char *text)
{
  char *made = malloc(2 * strlen(text) + 3), *at = made;
  if (!made)
    return NULL;
  if (!strpbrk(text, ",\"\r\n"))
    return strcpy(made, text);
  *at++ = '"';
  for (; *text; text++) {
    if (*text == '"')
      *at++ = '"';
    *at++ = *text;
  }
  *at++ = '"';
  *at = '\0';
  return made;
}

bool csv_of_numbers(const csv_axis *axis)
{
  return !axis->named || strcmp(axis->key, "date") == 0;
}

/* A limit by its name, a mass as a number in eV; other names as the job has them. */
static char *cell(const csv_axis *axis, size_t i)
{
  char number[NUMBER_TEXT_SIZE];
  bool mediator = strcmp(axis->key, "mediator") == 0;
  if (mediator && axis->value[i] == 0)
    return strdup("massless");
  if (mediator && isinf(axis->value[i]))
    return strdup("massive");
  if (!csv_of_numbers(axis) && !mediator && axis->text && axis->text[i])
    return quoted(axis->text[i]);
  number_text(axis->value[i], number);
  return strdup(number);
}

bool csv_print_cells(csv_axis *axis)
{
  char **cells = calloc(axis->n ? axis->n : 1, sizeof *cells);
  bool fine = cells;
  axis->width = 1;
  for (size_t i = 0; fine && i < axis->n; i++) {
    fine = (cells[i] = cell(axis, i)) != NULL;
    if (fine && strlen(cells[i]) + 1 > axis->width)
      axis->width = strlen(cells[i]) + 1;
  }
  axis->printed = fine ? calloc(axis->n ? axis->n : 1, axis->width) : NULL;
  for (size_t i = 0; axis->printed && i < axis->n; i++)
    memcpy(axis->printed + i * axis->width, cells[i], strlen(cells[i]) + 1);
  for (size_t i = 0; cells && i < axis->n; i++)
    free(cells[i]);
  free(cells);
  return axis->printed;
}

/* "1/kg/yr/eV" → "per_kg_yr_eV", "km/s" → "km_s". */
void csv_print_unit(const char *unit, FILE *stream)
{
  if (!*unit || strcmp(unit, "1") == 0)
    return;
  fputc('_', stream);
  if (strncmp(unit, "1/", 2) == 0) {
    fputs("per_", stream);
    unit += 2;
  }
  for (; *unit; unit++)
    fputc(*unit == '/' ? '_' : *unit, stream);
}

void csv_print_number(double value, FILE *stream)
{
  char text[NUMBER_TEXT_SIZE];
  number_text(value, text);
  fputs(text, stream);
}
