/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file strength.h
 * Inside the room: the axis that says how strongly dark matter interacts, and how rates go with it.
 */
#ifndef STRENGTH_H
#define STRENGTH_H

#include <math.h>
#include <stddef.h>
#include <string.h>

typedef struct strength {
  const char *key;    /* of the axis */
  const char *name;   /* in sentences */
  const char *column; /* of the reach, in a CSV */
  int power;          /* rates go with this power of it: 1 or 2 */
} strength;

/** The row of an axis; NULL if it is another axis. */
static inline const strength *strength_of(const char *key)
{
  static const strength rows[] = {
      {"cross_section", "cross section [cm2]", "reach_cm2", 1},
      {"kinetic_mixing", "kinetic mixing", "reach_kinetic_mixing", 2},
  };
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(rows[i].key, key) == 0)
      return &rows[i];
  return NULL;
}

/** The strength that gives so many events, where `value` gives `rate`. */
static inline double strength_for(const strength *s, double value, double events, double rate)
{
  return s->power == 1 ? value * events / rate : value * sqrt(events / rate);
}

#endif
