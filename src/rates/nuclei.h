/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file nuclei.h
 * Inside the room: which of a material's nuclei a request means, and what mediates between them and dark matter. */
#ifndef NUCLEI_H
#define NUCLEI_H

#include "crystal/mediator.h"

#include <elfin/rate.h>

#include <stdbool.h>

typedef struct struck_nuclei {
  size_t n;
  const elfin_nucleus *of; /* [n] borrowed from the material */
  bool as_one;             /* one nucleus stands for all of the target: multiplicity 1 */
  double cell_mass_number; /* Σ mult A, of all nuclei of the cell; of that one */
} struck_nuclei;

/** All of the cell (request->nucleus NULL), one by its name, or "single_ion".
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: the material has none of that name, with what it has */
elfin_status nuclei_of(const elfin_request *request, struck_nuclei *nuclei, elfin_error *err);

/** How many of this nucleus there are per cell. */
static inline double nuclei_multiplicity(const struck_nuclei *nuclei, size_t i)
{
  return nuclei->as_one ? 1 : nuclei->of[i].multiplicity;
}

/** ω̄ of a nucleus [eV]: of its own density of states, else, and for one that stands for all, the
 * material's; NAN where it is unknown. */
double nuclei_phonon_mean_eV(const elfin_request *request, const struck_nuclei *nuclei, size_t i);

/** Recoils below this energy are those of a nucleus that its crystal binds [eV]: 4 ω̄, which is q = 2√(2 m ω̄)
 * (docs/multiphonon.md); 0.1 eV where ω̄ is unknown. */
double nuclei_free_from_eV(const elfin_request *request, const struck_nuclei *nuclei, size_t i);

/** F(q) of a request. @return ELFIN_OK; ELFIN_E_ARGUMENT: q0 = m_χ v0 is asked for, and the halo has no v0 */
elfin_status mediator_of(const elfin_request *request, mediator *made, elfin_error *err);

#endif
