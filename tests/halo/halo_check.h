/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_check.h
 * Halos in km/s, made or the test ends; their functions at one speed. */
#ifndef HALO_CHECK_H
#define HALO_CHECK_H

#include "check.h"

#include <elfin/halo.h>

static const double KM_S = 1 / 299792.458; /* [c] */

static inline elfin_halo *halo_or_end(elfin_status status, elfin_halo *halo, const elfin_error *err)
{
  if (status) {
    fprintf(stderr, "%s\n", err->text);
    exit(1);
  }
  return halo;
}

/** A Maxwellian: v0, v_esc, v_lab [km/s]. */
static inline elfin_halo *maxwellian(double v0, double v_esc, double v_lab)
{
  elfin_halo *halo = NULL;
  elfin_error err;
  elfin_status status = elfin_halo_new_shm(v0 * KM_S, v_esc * KM_S, v_lab * KM_S, &halo, &err);
  return halo_or_end(status, halo, &err);
}

static inline double eta_at(const elfin_halo *halo, double v)
{
  double eta;
  elfin_halo_eta(halo, 1, &v, &eta);
  return eta;
}

static inline double f1_at(const elfin_halo *halo, double v)
{
  double f1;
  elfin_halo_f1(halo, 1, &v, &f1);
  return f1;
}

/** For GSL, with a moment as its context: v^power f1(v). */
typedef struct moment {
  const elfin_halo *halo;
  int power;
} moment;

static inline double moment_integrand(double v, void *context)
{
  const moment *m = context;
  return f1_at(m->halo, v) * pow(v, m->power);
}

#endif
