/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file helm.h
 * Inside the room: the form factor of a nucleus that is no point [docs/nuclear.md]. */
#ifndef HELM_H
#define HELM_H

#include <elfin/constants.h>

/** The sizes of a nucleus, in 1/eV. */
typedef struct helm {
  double r_n; /* of the sphere */
  double s;   /* of its skin */
} helm;

/** Of a mass number. Source: Lewin & Smith, Astropart. Phys. 6 (1996) 87, eqs. 4.9 to 4.11. */
helm helm_of(const elfin_constants *constants, double mass_number);

/** F(q)², 1 at q = 0, 0 at the zeros of j1(q r_n). Source: the same, eq. 4.7. */
double helm_F2(const helm *h, double q);

#endif
