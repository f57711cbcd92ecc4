/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file optical_request.c
 * Checks and validity of the processes whose material is ε(ω) alone [optical_request.h]. */
#include "rates/optical_request.h"

#include "rates/massless.h"

#include <math.h>
#include <string.h>

static const double CM_PER_ANGSTROM = 1e-8;

elfin_configuration optical_configuration(const elfin_request *q)
{
  const char *name = q->configuration;
  if (!name || strcmp(name, "ordinary") == 0)
    return ELFIN_ORDINARY;
  return strcmp(name, "extraordinary") == 0 ? ELFIN_EXTRAORDINARY : ELFIN_N_CONFIGURATIONS;
}

elfin_status optical_check(const elfin_request *q, const char *process, elfin_error *err)
{
  if (optical_configuration(q) == ELFIN_N_CONFIGURATIONS)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "configuration %s is unknown: ordinary or extraordinary", q->configuration);
  if (q->n_charges || q->splitting_eV != 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "charge and splitting have no effect on the process %s", process);
  return ELFIN_OK;
}

elfin_status optical_check_scattering(const elfin_request *q, const char *process, elfin_error *err)
{
  elfin_status status = optical_check(q, process, err);
  if (!status && q->mediator_eV != 0)
    status =
        elfin_fail(err, ELFIN_E_ARGUMENT,
                   "mediator: %s is for a massless mediator: of phonons only "
                   "the response to long waves is known, and a heavy mediator prefers short ones",
                   process);
  return status;
}

unsigned optical_zone_flags(const elfin_request *q, double omega)
{
  double spacing = q->material->lattice_spacing_A.value; /* [Å] */
  if (!(spacing > 0))
    return 0;
  double q_BZ = 2 * M_PI * q->constants->hbar_c_eV_cm / (spacing * CM_PER_ANGSTROM);
  if (2 * q->mass_eV * elfin_halo_v_max(q->halo) <= q_BZ)
    return 0;
  double beyond = massless_momenta_above(q->halo, q->mass_eV, omega, q_BZ);
  double all = massless_momenta(q->halo, q->mass_eV, omega);
  return beyond > q->accuracy * all ? ELFIN_FLAG_BEYOND_ZONE : 0;
}
