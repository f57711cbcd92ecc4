/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file mediator.h
 * Inside the room: the form factor of a mediator between dark matter and nuclei,
 * F(q) = (q0² + m_φ²)/(q² + m_φ²) [docs/nuclear.md]: 1 for a heavy one, (q0/q)² for a massless one. */
#ifndef MEDIATOR_H
#define MEDIATOR_H

#include <elfin/rate.h>

#include <math.h>

typedef struct mediator {
  double q0_2, mass_2; /* q0², m_φ²; the latter may be INFINITY */
} mediator;

/** @return ELFIN_OK; ELFIN_E_ARGUMENT: q0 = m_χ v0 is asked for, and the halo has no v0 */
static inline elfin_status mediator_of(const elfin_request *q, mediator *m, elfin_error *err)
{
  double q0 = q->reference_momentum_eV;
  if (isnan(q0))
    q0 = q->mass_eV * elfin_halo_v0(q->halo);
  *m = (mediator){q0 * q0, q->mediator_eV * q->mediator_eV};
  if (isnan(q0) && !isinf(m->mass_2))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a halo given as a table has no v0, and the mediator's "
                      "form factor refers to it: give reference_momentum");
  return ELFIN_OK;
}

/** F(q)². */
static inline double mediator_F2(const mediator *m, double q2)
{
  double F = isinf(m->mass_2) ? 1 : (m->q0_2 + m->mass_2) / (q2 + m->mass_2);
  return F * F;
}

#endif
