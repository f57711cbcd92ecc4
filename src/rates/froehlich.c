/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file froehlich.c
 * Dark matter makes one polar optical phonon, in closed form [docs/phonon.md; arXiv:1712.06598,
 * arXiv:1807.10291; H. Fröhlich, Adv. Phys. 3 (1954) 325].
 *
 *   R = Σ_j (σ̄_e ρ_χ/m_χ ρ_T)/(2π) (α m_e)⁴/(16π μ_χe² α²) C_j² w_j ∫ dv f1(v)/v ln(q₊/q₋)
 *   C_j² = 4πα (ω_LO,j² − ω_TO,j²)/(2 ε∞ ω_LO,j),   q∓ = m_χ (v ∓ √(v² − 2ω_LO,j/m_χ)),
 *   w_j  = Π_{k≠j} (ω_TO,k² − ω_LO,j²)/(ω_LO,k² − ω_LO,j²)
 *
 * The integral over speeds is G(ω_LO,j) of massless.c, by parts; and the rest is the weight of
 * ELF = Σ_j (π/2) w_j (ω_LO,j² − ω_TO,j²)/(ε∞ ω_LO,j) δ(ω − ω_LO,j): phonon.c for branches without
 * width.
 *
 * Branches are those of the material's polar_phonons; with a response of the factorised model, its
 * modes without their widths.
 *
 * Validity: long waves, k ≪ q_BZ = 2π/a (else flagged), one phonon at a time, no losses between the
 * branches. It counts what phonon.c counts: take one of the two.
 */
#include "rates/rates.h"

#include "elf/elf.h"
#include "elf/optical.h"
#include "rates/massless.h"
#include "rates/optical_request.h"

#include <math.h>
#include <string.h>

typedef struct branch {
  double longitudinal, transverse; /* ω_LO, ω_TO [eV] */
} branch;

typedef struct branches {
  size_t n;
  const elfin_polar_phonons *polar; /* one of the two */
  const struct optical *modes;
  double eps_infinity;
} branches;

static branches branches_of(const elfin_request *q)
{
  const elfin_response *response = q->response;
  if (response && response->optical)
    return (branches){response->optical->n_modes, NULL, response->optical,
                      response->optical->eps_infinity};
  const elfin_polar_phonons *polar = q->material->polar[optical_configuration(q)];
  if (response || !polar || polar->n_transverse != polar->n_longitudinal)
    return (branches){0};
  return (branches){polar->n_longitudinal, polar, NULL, polar->eps_infinity};
}

static branch branch_at(const branches *b, size_t i)
{
  if (b->polar)
    return (branch){b->polar->longitudinal_eV[i], b->polar->transverse_eV[i]};
  return (branch){b->modes->modes[i].longitudinal_eV, b->modes->modes[i].transverse_eV};
}

/** ∫ ELF dω over branch j. */
static double weight(const branches *b, size_t j)
{
  branch own = branch_at(b, j);
  double LO2 = own.longitudinal * own.longitudinal, TO2 = own.transverse * own.transverse;
  double product = M_PI / 2 * (LO2 - TO2) / (b->eps_infinity * own.longitudinal);
  for (size_t k = 0; k < b->n; k++) {
    branch other = branch_at(b, k);
    if (k != j)
      product *= (other.transverse * other.transverse - LO2) /
                 (other.longitudinal * other.longitudinal - LO2);
  }
  return product;
}

static elfin_status check_branches(const elfin_request *q, elfin_error *err)
{
  static const char *const axis[ELFIN_N_CONFIGURATIONS] = {"ordinary", "extraordinary"};
  const elfin_material *m = q->material;
  branches b = branches_of(q);
  if (q->response && (b.n == 0 || isnan(b.modes->modes[0].longitudinal_eV)))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "response: froehlich reads the branches of a factorised "
                      "phonon response, and %s is none; leave it out to use polar_phonons of %s",
                      q->response->name, m->name);
  if (b.n == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: froehlich needs polar_phonons of the %s "
                      "configuration with longitudinal and transverse energies, and %s gives none",
                      m->name, axis[optical_configuration(q)], m->path);
  if (!(b.eps_infinity > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: froehlich needs eps_infinity of its phonons, and %s "
                      "does not give it",
                      m->name, m->path);
  for (size_t i = 0; i < b.n; i++)
    for (size_t j = 0; j < i; j++)
      if (branch_at(&b, i).longitudinal == branch_at(&b, j).longitudinal)
        return elfin_fail(err, ELFIN_E_ARGUMENT,
                          "%s: two branches have the same longitudinal energy, "
                          "%g eV, in %s",
                          m->name, branch_at(&b, i).longitudinal, m->path);
  return ELFIN_OK;
}

elfin_status froehlich_check(const elfin_request *q, elfin_error *err)
{
  elfin_status status = optical_check_scattering(q, "froehlich", err);
  if (!status && (q->n_edges || q->n_at || q->temperature_K != 0))
    status = elfin_fail(err, ELFIN_E_ARGUMENT,
                        "froehlich: its spectrum is a few lines: spectrum, at "
                        "and temperature have no effect on it; the process phonon takes them");
  for (size_t i = 0; !status && i < q->n_thresholds; i++)
    if (q->threshold_eV[i] != 0)
      status = elfin_fail(err, ELFIN_E_ARGUMENT,
                          "froehlich: threshold %g eV has no effect on its lines; "
                          "the process phonon takes thresholds",
                          q->threshold_eV[i]);
  return status ? status : check_branches(q, err);
}

elfin_status froehlich_compute(const elfin_request *q, elfin_result *result, elfin_error *err)
{
  branches b = branches_of(q);
  double rate = 0, error = 0, lowest = INFINITY, v_max = elfin_halo_v_max(q->halo);
  for (size_t j = 0; j < b.n; j++) {
    double omega = branch_at(&b, j).longitudinal;
    double part = weight(&b, j) * massless_momenta(q->halo, q->mass_eV, omega);
    rate += part;
    error += massless_error(q->halo, q->mass_eV, omega) * fabs(part);
    lowest = fmin(lowest, omega);
  }
  double scale = massless_prefactor(q);
  unsigned flags = lowest >= 0.5 * q->mass_eV * v_max * v_max ? ELFIN_FLAG_CLOSED
                                                              : optical_zone_flags(q, lowest);
  for (size_t i = 0; i < q->n_thresholds; i++) {
    result->rate[i] = scale * rate;
    result->rate_error[i] = scale * error;
    result->rate_status[i] = ELFIN_OK;
    if (result->rate_flags)
      result->rate_flags[i] = flags;
  }
  result->evaluations = (long)b.n;
  (void)err;
  return ELFIN_OK;
}
