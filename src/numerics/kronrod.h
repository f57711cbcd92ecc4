/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file kronrod.h
 * Gauss' rule with 7 points and Kronrod's with 15 on −1 … 1
 * (Piessens et al., QUADPACK, 1983), for integrals whose points share their work. */
#ifndef KRONROD_H
#define KRONROD_H

#include <math.h>

enum { KRONROD_POINTS = 15 };

/* From the end to the middle; point i < 8 stands at −kronrod_at[i], the others mirror them. */
static const double kronrod_at[8] = {
    0.991455371120812639, 0.949107912342758525, 0.864864423359769073, 0.741531185599394440,
    0.586087235467691130, 0.405845151377397167, 0.207784955007898468, 0};
static const double kronrod_weight[8] = {
    0.022935322010529225, 0.063092092629978553, 0.104790010322250184, 0.140653259715525919,
    0.169004726639267903, 0.190350578064785410, 0.204432940075298892, 0.209482141084727828};
/* Of Gauss' rule, at every second of these: 1, 3, 5, 7. */
static const double kronrod_gauss[4] = {0.129484966168869693, 0.279705391489276668,
                                        0.381830050505118945, 0.417959183673469388};

/** The error of Kronrod's value, from its difference to Gauss' and the integral of |f| [QUADPACK].
 */
static inline double kronrod_error(double difference, double size)
{
  double part = size > 0 ? 200 * fabs(difference) / size : 0;
  return part < 1 ? size * part * sqrt(part) : fabs(difference);
}

#endif
