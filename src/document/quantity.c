/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file quantity.c
 * "10 keV" → 1e4, or a sentence about what is wrong with it.
 *
 * The number is read by a grammar of our own, since strtod() would take nan, inf, 0x10, and, in a
 * host program's locale, a comma. A unit's power of ten is added to the exponent before the digits
 * are converted, so that there is one rounding, not two. */
#include "document/document.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
  LONGEST_NUMBER = 80, /* characters; a double needs 17 digits */
  LONGEST_UNIT = 31,
  KIND_WIDTH = 16, /* "energy density", in the list of all */
  HUGE_EXPONENT = 9999 /* far beyond any double, far below INT_MAX */
};

typedef struct unit_row {
  const char *name;
  int power; /* of ten, relative to the first unit of its kind */
  const char *kind;
  bool alias; /* understood, but not offered */
} unit_row;

static const unit_row units[] = {
    {"eV", 0, "an energy", false},
    {"meV", -3, "an energy", false},
    {"keV", 3, "an energy", false},
    {"MeV", 6, "an energy", false},
    {"GeV", 9, "an energy", false},
    {"TeV", 12, "an energy", false},
    {"PeV", 15, "an energy", true},
    {"cm2", 0, "a cross section", false},
    {"cm^2", 0, "a cross section", true},
    {"pb", -36, "a cross section", false},
    {"fb", -39, "a cross section", false},
    {"km/s", 0, "a speed", false},
    {"m/s", -3, "a speed", false},
    {"GeV/cm3", 0, "an energy density", false},
    {"GeV/cm^3", 0, "an energy density", true},
    {"K", 0, "a temperature", false},
    {"h", 0, "a time", false},
    {"d", 0, "a day", false},
    {"g/cm3", 0, "a density", false},
    {"g/cm^3", 0, "a density", true},
    {"A", 0, "a length", false},
    {"Å", 0, "a length", true},
    {"u", 0, "a mass", false},
};
enum { N_UNITS = sizeof units / sizeof *units };

/* ---- the number ------------------------------------------------------------------------------ */

/* How many characters of `text` are a number; its mantissa ends at *mantissa, *exponent is what
 * stands behind the e. 0 if there is none. */
static size_t scan_number(const char *text, size_t *mantissa, int *exponent)
{
  size_t i = 0, digits = 0;
  if (text[i] == '+' || text[i] == '-')
    i++;
  for (; isdigit((unsigned char)text[i]); i++)
    digits++;
  if (text[i] == '.')
    for (i++; isdigit((unsigned char)text[i]); i++)
      digits++;
  *mantissa = i;
  *exponent = 0;
  if (digits == 0)
    return 0;
  if (text[i] == 'e' || text[i] == 'E') {
    size_t j = i + 1;
    bool negative = text[j] == '-';
    if (text[j] == '+' || text[j] == '-')
      j++;
    if (isdigit((unsigned char)text[j])) { /* else the e belongs to a unit: 10eV */
      for (; isdigit((unsigned char)text[j]); j++)
        if (*exponent < HUGE_EXPONENT)
          *exponent = 10 * *exponent + (text[j] - '0');
      if (negative)
        *exponent = -*exponent;
      i = j;
    }
  }
  return i;
}

typedef enum conversion { FITS, TOO_LARGE, TOO_SMALL, TOO_LONG } conversion;

/* mantissa × 10^exponent, rounded once, whatever the locale calls a decimal point. */
static conversion convert(const char *mantissa, size_t length, int exponent, double *value)
{
  char buffer[2 * LONGEST_NUMBER];
  const char *point = localeconv()->decimal_point;
  if (length > LONGEST_NUMBER || strlen(point) > LONGEST_NUMBER / 4)
    return TOO_LONG;
  const char *dot = memchr(mantissa, '.', length);
  size_t before = dot ? (size_t)(dot - mantissa) : length;
  snprintf(buffer, sizeof buffer, "%.*s%s%.*se%d", (int)before, mantissa, dot ? point : "",
           dot ? (int)(length - before - 1) : 0, dot ? dot + 1 : "", exponent);
  errno = 0;
  *value = strtod(buffer, NULL);
  if (errno == ERANGE)
    return fabs(*value) > 1 ? TOO_LARGE : TOO_SMALL;
  return FITS;
}

static const char *skip_blanks(const char *text)
{
  while (*text == ' ' || *text == '\t')
    text++;
  return text;
}

bool node_number(const node *scalar, double *value)
{
  char why[8];
  return scalar->kind == NODE_SCALAR && quantity_parse(scalar->text, "", value, why, sizeof why);
}

/* ---- the unit -------------------------------------------------------------------------------- */

static const unit_row *find_unit(const char *name)
{
  for (size_t i = 0; i < N_UNITS; i++)
    if (strcmp(units[i].name, name) == 0)
      return &units[i];
  return NULL;
}

static bool same_kind(const unit_row *a, const unit_row *b)
{
  return strcmp(a->kind, b->kind) == 0;
}

/* "eV, meV, keV, MeV, GeV or TeV": those of one kind, or those that differ from `word` only in case. */
static void list_units(const unit_row *wanted, const char *word, char *list, size_t size)
{
  const char *chosen[N_UNITS];
  size_t n = 0, used = 0;
  for (size_t i = 0; i < N_UNITS; i++)
    if (same_kind(&units[i], wanted) && !units[i].alias &&
        (!word || strcasecmp(units[i].name, word) == 0))
      chosen[n++] = units[i].name;
  list[0] = '\0';
  for (size_t i = 0; i < n && used < size; i++) {
    const char *joint = i == 0 ? "" : i + 1 < n ? ", " : " or ";
    used += (size_t)snprintf(list + used, size - used, "%s%s", joint, chosen[i]);
  }
}

static bool bad_unit(const char *text, const char *word, const unit_row *wanted, char *why,
                     size_t why_size)
{
  char allowed[128], close[64];
  list_units(wanted, NULL, allowed, sizeof allowed);
  list_units(wanted, word, close, sizeof close);
  const unit_row *known = find_unit(word);
  if (known)
    snprintf(why, why_size, "%.40s: %s is %s's unit; %s has %s", text, word, known->kind,
             wanted->kind, allowed);
  else if (*close)
    snprintf(why, why_size, "%.40s: unknown unit %.31s; did you mean %s?", text, word, close);
  else
    snprintf(why, why_size, "%.40s: unknown unit %.31s; %s has %s", text, word, wanted->kind,
             allowed);
  return false;
}

void quantity_print_units(FILE *stream)
{
  for (size_t i = 0; i < N_UNITS; i++) {
    const unit_row *first = &units[i];
    bool begins = i == 0 || !same_kind(first, first - 1);
    const char *article = first->kind + strcspn(first->kind, " ") + 1;
    if (begins)
      fprintf(stream, "%s%-*s", i ? "\n" : "", KIND_WIDTH, article);
    fprintf(stream, "%s%s", begins ? "" : first->alias ? " or " : ", ", first->name);
    if (first->power)
      fprintf(stream, " (1e%d)", first->power);
  }
  fputc('\n', stream);
}

/* ---- both ------------------------------------------------------------------------------------ */

/* The text behind the number without blanks at its ends; false if it is too long for a unit. */
static bool take_unit(const char *rest, char word[LONGEST_UNIT + 1])
{
  rest = skip_blanks(rest);
  size_t length = strlen(rest);
  while (length && (rest[length - 1] == ' ' || rest[length - 1] == '\t'))
    length--;
  if (length > LONGEST_UNIT)
    return false;
  memcpy(word, rest, length);
  word[length] = '\0';
  return true;
}

/* "1,5 MeV" and "1,000,000": the comma begins `rest`, and a digit follows. */
static bool refuse_comma(const char *text, const char *rest, char *why, size_t why_size)
{
  if (strchr(rest + 1, ','))
    snprintf(why, why_size, "%.40s: a number has no commas", text);
  else
    snprintf(why, why_size, "%.40s: a number has a decimal point and no comma; write %.*s.%.40s", text,
             (int)(rest - text < LONGEST_UNIT ? rest - text : LONGEST_UNIT), text, rest + 1);
  return false;
}

/* The power of ten that the unit stands for, relative to the one that is wanted. */
static bool take_power(const char *text, const char *rest, const unit_row *wanted, int *power,
                       char *why, size_t why_size)
{
  char word[LONGEST_UNIT + 1] = "";
  *power = 0;
  if (*rest == ',' && isdigit((unsigned char)rest[1]))
    return refuse_comma(text, rest, why, why_size);
  if (!take_unit(rest, word)) {
    snprintf(why, why_size, "%.40s…: a number must stand alone or before one unit", text);
    return false;
  }
  if (!*word)
    return true;
  if (!wanted) {
    snprintf(why, why_size, "%.40s: a number without a unit is wanted, and %s follows it", text,
             word);
    return false;
  }
  const unit_row *given = find_unit(word);
  if (!given || !same_kind(given, wanted))
    return bad_unit(text, word, wanted, why, why_size);
  *power = given->power - wanted->power;
  return true;
}

bool quantity_parse(const char *text, const char *unit, double *value, char *why, size_t why_size)
{
  const unit_row *wanted = *unit ? find_unit(unit) : NULL;
  const char *start = skip_blanks(text);
  size_t mantissa;
  int exponent, power;
  size_t length = scan_number(start, &mantissa, &exponent);
  if (*unit && !wanted) {
    snprintf(why, why_size, "%.40s: elfin does not know the unit %s", text, unit);
    return false;
  }
  if (!*start) {
    snprintf(why, why_size, "a value is missing: a number is wanted, such as 1.5e3%s%s",
             *unit ? " " : "", unit);
    return false;
  }
  if (length == 0) {
    snprintf(why, why_size, "%.40s: a finite number is wanted, such as 1.5e3%s%s", text,
             *unit ? " " : "", unit);
    return false;
  }
  if (!take_power(text, start + length, wanted, &power, why, why_size))
    return false;
  switch (convert(start, mantissa, exponent + power, value)) {
  case FITS: return true;
  case TOO_LARGE: snprintf(why, why_size, "%.40s: too large for a number", text); break;
  case TOO_SMALL: snprintf(why, why_size, "%.40s: too small for a number", text); break;
  case TOO_LONG:
    snprintf(why, why_size, "%.40s…: more than %d digits", text, LONGEST_NUMBER);
    break;
  }
  return false;
}
