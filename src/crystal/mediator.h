/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file mediator.h
 * The form factor of a mediator between dark matter and nuclei,
 * F(q) = (q0² + m_φ²)/(q² + m_φ²) [docs/nuclear.md]: 1 for a heavy one, (q0/q)² for a massless one. */
#ifndef MEDIATOR_H
#define MEDIATOR_H

#include <math.h>

typedef struct mediator {
  double q0_2, mass_2; /* q0², m_φ²; the latter may be INFINITY */
} mediator;

/** F(q)². */
static inline double mediator_F2(const mediator *m, double q2)
{
  double F = isinf(m->mass_2) ? 1 : (m->q0_2 + m->mass_2) / (q2 + m->mass_2);
  return F * F;
}

#endif
