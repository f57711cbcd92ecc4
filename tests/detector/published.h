/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file published.h
 * Published limits as text files of mass and cross section [cm²]: those of shared/published, and one that is here. */
#ifndef PUBLISHED_H
#define PUBLISHED_H

#include "check.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* SENSEI at SNOLAB, arXiv:2312.13342, 90 %, light mediator [MeV, cm²]: some points of what the public repository
 * spice-herald/DarkLim (MIT) digitised, darklim/data/ExistingLimits/SENSEI_SNOLAB_ER_Massless.txt. */
#define SENSEI_LIGHT "light mediator"
static const char sensei_light_points[] =
    "2.0044 2.1926e-35\n2.5312 8.0415e-36\n3.0646 4.6199e-36\n4.0831 2.8965e-36\n5.0903 2.3790e-36\n"
    "7.3014 2.0233e-36\n10.403 1.9910e-36\n16.678 2.4210e-36\n30.089 3.5020e-36\n56.242 5.6527e-36\n"
    "105.66 9.8631e-36\n207.51 1.8405e-35\n400.68 3.3872e-35\n914.25 8.3382e-35\n";

static inline FILE *open_published(const char *name)
{
  char path[512];
  const char *shared = getenv("ELFIN_SHARED");
  if (strcmp(name, SENSEI_LIGHT) == 0)
    return fmemopen((void *)sensei_light_points, sizeof sensei_light_points - 1, "r");
  snprintf(path, sizeof path, "%s/published/%s", shared ? shared : "../shared", name);
  FILE *file = fopen(path, "r");
  if (!file)
    CHECK_SKIP("no published limits (ELFIN_SHARED)");
  return file;
}

/* "7.5e+05,3.4e-27" or "1.4 4.3e-34"; the mass in units of `unit` [eV] */
static inline bool next_published(FILE *file, double unit, double *mass, double *limit)
{
  for (char line[512]; fgets(line, sizeof line, file);) {
    for (char *at = line; *at; at++)
      *at = *at == ',' ? ' ' : *at;
    if (sscanf(line, "%lf %lf", mass, limit) == 2) {
      *mass *= unit;
      return true;
    }
  }
  return false;
}

#endif
