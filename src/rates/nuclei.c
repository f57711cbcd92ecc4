/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file nuclei.c
 * Which of a material's nuclei a request means [nuclei.h]. */
#include "rates/nuclei.h"

#include <math.h>

#include <stdio.h>
#include <string.h>

static elfin_status refuse(const elfin_request *q, elfin_error *err)
{
  const elfin_material *m = q->material;
  char names[256] = "";
  size_t length = 0;
  for (size_t i = 0; i < m->n_nuclei && length < sizeof names; i++)
    length += (size_t)snprintf(names + length, sizeof names - length, "%s%s", i ? ", " : "",
                               m->nuclei[i].name);
  if (m->n_nuclei == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %s lists no nuclei, which scattering off nuclei "
                      "needs", m->name, m->path);
  return elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no nucleus %.40s; it has %s%s", m->name,
                    q->nucleus ? q->nucleus : "", names, m->single_ion ? ", or single_ion" : "");
}

elfin_status nuclei_of(const elfin_request *q, struck_nuclei *nuclei, elfin_error *err)
{
  const elfin_material *m = q->material;
  *nuclei = (struck_nuclei){.n = m->n_nuclei, .of = m->nuclei};
  for (size_t i = 0; i < m->n_nuclei; i++)
    nuclei->cell_mass_number += m->nuclei[i].multiplicity * m->nuclei[i].mass_number;
  if (!q->nucleus)
    return m->n_nuclei ? ELFIN_OK : refuse(q, err);
  if (strcmp(q->nucleus, "single_ion") == 0 && m->single_ion) {
    *nuclei = (struck_nuclei){1, m->single_ion, true, m->single_ion->mass_number};
    return ELFIN_OK;
  }
  for (size_t i = 0; i < m->n_nuclei; i++)
    if (strcmp(m->nuclei[i].name, q->nucleus) == 0) {
      nuclei->n = 1;
      nuclei->of = &m->nuclei[i];
      return ELFIN_OK;
    }
  return refuse(q, err);
}

/* ---- free or bound ----------------------------------------------------------------------------- */

/* A recoil of so many mean phonon energies is that of a free nucleus; where those are unknown, of this [eV]. */
static const double PHONONS_OF_FREE = 4, FREE_UNKNOWN = 0.1;

double nuclei_phonon_mean_eV(const elfin_request *q, const struck_nuclei *nuclei, size_t i)
{
  const elfin_density_of_states *own = nuclei->as_one ? NULL : nuclei->of[i].dos;
  return own ? own->mean_eV : q->material->phonon_mean_eV.value;
}

double nuclei_free_from_eV(const elfin_request *q, const struck_nuclei *nuclei, size_t i)
{
  double mean = nuclei_phonon_mean_eV(q, nuclei, i);
  return mean > 0 ? PHONONS_OF_FREE * mean : FREE_UNKNOWN;
}

/* ---- what mediates ---------------------------------------------------------------------------- */

elfin_status mediator_of(const elfin_request *q, mediator *made, elfin_error *err)
{
  double q0 = q->reference_momentum_eV;
  if (isnan(q0))
    q0 = q->mass_eV * elfin_halo_v0(q->halo);
  *made = (mediator){q0 * q0, q->mediator_eV * q->mediator_eV};
  if (isnan(q0) && !isinf(made->mass_2))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a halo given as a table has no v0, and the mediator's "
                      "form factor refers to it: give reference_momentum");
  return ELFIN_OK;
}
