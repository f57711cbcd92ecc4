/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file duration.c
 * "1h30m" for people, "1-02:30:00" for SLURM users.
 */
#include "cli/duration.h"

#include <stdlib.h>
#include <string.h>

static const double MINUTE = 60, HOUR = 3600, DAY = 86400;

/** Longer than any queue allows; keeps sums finite. */
static const double LONGEST = 1e9;

/** A number of digits with an optional fraction, at *at; moves *at behind it. */
static bool take_number(const char **at, double *value)
{
  size_t n = strspn(*at, "0123456789");
  if (n == 0)
    return false;
  if ((*at)[n] == '.')
    n += 1 + strspn(*at + n + 1, "0123456789");
  *value = strtod(*at, NULL);
  *at += n;
  return *value < LONGEST;
}

/** "HH:MM:SS", all three. */
static bool clock_time(const char *text, double *seconds)
{
  double h, m, s;
  if (!take_number(&text, &h) || *text++ != ':' || !take_number(&text, &m) || *text++ != ':' ||
      !take_number(&text, &s) || *text || m >= 60 || s >= 60)
    return false;
  *seconds = h * HOUR + m * MINUTE + s;
  return true;
}

/** "1h30m", "90s", "90"; each unit once, from the longest to the shortest. */
static bool spelled(const char *text, double *seconds)
{
  double before = LONGEST;
  *seconds = 0;
  do {
    double n, unit;
    if (!take_number(&text, &n))
      return false;
    switch (*text) {
    case 'd': unit = DAY; break;
    case 'h': unit = HOUR; break;
    case 'm': unit = MINUTE; break;
    case 's':
    case '\0': unit = 1; break;
    default: return false;
    }
    if (unit >= before)
      return false;
    before = unit;
    *seconds += n * unit;
    text += *text != '\0';
  } while (*text);
  return true;
}

bool duration_parse(const char *text, double *seconds)
{
  double days = 0;
  const char *at = text;
  if (strchr(text, ':')) {
    if (strchr(text, '-') && (!take_number(&at, &days) || *at++ != '-'))
      return false;
    if (!clock_time(at, seconds))
      return false;
    *seconds += days * DAY;
  } else if (!spelled(text, seconds)) {
    return false;
  }
  return *seconds > 0;
}
