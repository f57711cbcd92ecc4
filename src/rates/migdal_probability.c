/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file migdal_probability.c
 * How likely the electrons take ω from a nucleus that recoils with E_N, in the soft limit
 * [arXiv:2011.09496, arXiv:2104.12786; isolated atoms: arXiv:1707.07258]:
 *
 *   dP/dω = 4 (E_N/m_N) Y(ω),
 *   Y(ω) = (α/3π²) ω⁻⁴ ∫dk k² Z(k)² ELF(ω,k)               a crystal         (elf/ion_loss.c)
 *        = (m_e²/4π q_e²) Σ_nl p_nl(ω − E_nl)               isolated atoms    (migdal_atomic.c)
 *
 * Rates use the same Y (migdal.c). It is the probability as long as it is small. */
#include "rates/migdal.h"

#include <math.h>

static double value_at(const series *Y, double x)
{
  if (Y->n == 0 || x < Y->piece[0].low || x > Y->piece[Y->n - 1].high)
    return 0;
  return fmax(0, series_piece_at(&Y->piece[series_find(Y, x)], x));
}

elfin_status elfin_migdal_probability(const elfin_request *q, double recoil_eV, size_t n,
                                      const double omega_eV[], double per_eV[], elfin_error *err)
{
  migdal_nucleus nuclei[MIGDAL_MOST_NUCLEI];
  size_t n_nuclei = 0;
  const series *Y = NULL;
  if (!(recoil_eV > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a recoil of %g eV: it must be above 0", recoil_eV);
  elfin_status status = migdal_check_target(q, err);
  if (!status)
    status = migdal_nuclei(q, &n_nuclei, nuclei, err);
  if (!status && n_nuclei != 1)
    status = elfin_fail(err, ELFIN_E_ARGUMENT, "%s has several nuclei: name one, %s for instance",
                        q->material->name, nuclei[0].name);
  if (!status && q->response)
    status = elfin_rate_prepare("migdal", q, err);
  if (!status)
    status = migdal_electrons(q, &nuclei[0], &Y, err);
  if (status)
    return status;
  const elfin_constants *c = q->constants;
  double of_recoil = 4 * recoil_eV / nuclei[0].m_N;
  double of_crystal = c->alpha / (3 * M_PI * M_PI), of_atom = c->m_e_eV * c->m_e_eV / (4 * M_PI);
  for (size_t i = 0; i < n; i++) {
    double omega = omega_eV[i], y = value_at(Y, log(omega));
    per_eV[i] = of_recoil * (q->response ? of_crystal * y / pow(omega, 4) : of_atom * y);
  }
  return ELFIN_OK;
}
