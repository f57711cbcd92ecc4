/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file absorption.c
 * Dark photons are absorbed [docs/absorption.md; arXiv:1608.01994, arXiv:1608.02123].
 *
 *   R = κ² (ρ_χ/ρ_T) ELF(ω = m_χ, k → 0)
 *
 * In matter, κ becomes κ/|ε|: Im ε/|ε|² is the ELF, so that screening is part of the formula. Dark
 * matter of mass m_χ has the momentum m_χ v ≪ m_χ: the response at the lowest momentum that it has
 * (`darkelf`: at k = m_χ, which is the first row of its tables up to 37 eV; and oscillators as its
 * tables have them, in steps of 0.4 eV with straight lines for ε1 and ε2 in between, which beside a
 * gap or a narrow peak is another number: 2 to 86 % for 26 of the 87 rows of
 * tests/rates/test_absorption_reference.c).
 *
 * Validity: phonon responses below the gap, electronic ones from the gap on, whichever is asked; a
 * response that joins both has each on its own side. Where there is no data there is no rate: 0,
 * and flagged. There is no integral: the error is rounding, and what the data is worth is in the
 * data.
 */
#include "rates/rates.h"

#include "elf/elf.h"
#include "numerics/numerics.h"
#include "rates/optical_request.h"

#include <math.h>
#include <string.h>

elfin_status absorption_check(const elfin_request *q, elfin_error *err)
{
  elfin_status status = optical_check(q, "absorption", err);
  if (status)
    return status;
  if (q->n_edges || q->n_at || q->temperature_K != 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "absorption: all energy is the mass: spectrum, at and "
                      "temperature have no effect on it");
  if (!q->response)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: absorption needs a response", q->material->name);
  if (strcmp(q->response->about.kind, "lindhard") == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: response lindhard: a free electron gas without damping "
                      "absorbs nothing at k = 0; give mermin, optical or a table",
                      q->material->name);
  return ELFIN_OK;
}

/** On which side of the gap a response holds: −1 below, 1 above, 0 both. */
static int side_of(const elfin_response *response)
{
  const char *kind = response->about.kind;
  if (strcmp(kind, "phonon") == 0)
    return -1;
  bool of_electrons =
      response->oscillators || strcmp(kind, "optical") == 0 || response->table;
  return of_electrons ? 1 : 0;
}

/** Why there is no data at this energy; 0: there is. */
static unsigned flags_at(const elfin_response *response, double gap, double omega)
{
  int side = side_of(response);
  if (omega < response->about.omega_min_eV || (side > 0 && omega < gap))
    return ELFIN_FLAG_BELOW_RANGE;
  if (omega > response->about.omega_max_eV || (side < 0 && omega >= gap))
    return ELFIN_FLAG_OMEGA_RANGE;
  return response_covers(response, omega) ? 0 : ELFIN_FLAG_NO_DATA;
}

/** The response on this side of the gap; NULL where there is none. */
static const elfin_response *part_at(const elfin_response *response, double omega)
{
  if (!response->below && !response->above)
    return response;
  return omega < response->gap ? response->below : response->above;
}

/** The ELF of oscillators that are known in steps of ω only, straight in between; 0 below the first. */
static double elf_in_steps(const elfin_response *part, const elfin_constants *c, double omega, double k)
{
  double cells = floor((omega - c->absorption_from_eV) / c->absorption_step_eV);
  if (cells < 0)
    return 0;
  double at[2], k_at[2] = {k, k}, eps1[2], eps2[2];
  for (int i = 0; i < 2; i++)
    at[i] = c->absorption_from_eV + (cells + i) * c->absorption_step_eV;
  elfin_response_epsilon(part, 2, at, k_at, eps1, eps2);
  double u = (omega - at[0]) / c->absorption_step_eV;
  double e1 = eps1[0] + u * (eps1[1] - eps1[0]), e2 = eps2[0] + u * (eps2[1] - eps2[0]);
  return fmax(0, e2 / (e1 * e1 + e2 * e2));
}

/** Im[−1/ε] at k → 0, as the conventions have it. */
static double elf_at(const elfin_response *part, const elfin_constants *c, double omega)
{
  double elf, k = fmax(part->about.k_min_eV, c->absorption_k_over_mass * omega);
  if (c->absorption_step_eV > 0 && part->oscillators)
    return elf_in_steps(part, c, omega, fmax(k, c->absorption_k_min_eV));
  elfin_response_elf(part, 1, &omega, &k, &elf);
  return elf;
}

elfin_status absorption_compute(const elfin_request *q, elfin_result *result, elfin_error *err)
{
  const elfin_constants *c = q->constants;
  double omega = q->mass_eV, elf = 0;
  double rho = q->rho_GeV_cm3 * 1e9;                      /* [eV/cm³] */
  double rho_T = q->material->density_g_cm3.value * 1e-3; /* [kg/cm³] */
  unsigned flags = flags_at(q->response, q->material->gap_eV.value, omega);
  const elfin_response *part = part_at(q->response, omega);
  if (!flags)
    elf = elf_at(part, c, omega);
  double rate = rho / rho_T * elf * c->per_s_in_eV * c->year_s; /* κ = 1 */
  if (!flags && part->about.n_holes)
    flags = ELFIN_FLAG_HOLES;
  for (size_t i = 0; i < q->n_thresholds; i++) {
    result->rate[i] = rate;
    result->rate_error[i] = INTEGRAL_ROUNDING * rate;
    result->rate_status[i] = ELFIN_OK;
    if (result->rate_flags)
      result->rate_flags[i] = flags;
  }
  result->evaluations = 1;
  (void)err;
  return ELFIN_OK;
}
