/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file multiphonon.c
 * Dark matter makes phonons, whatever the spins of the nuclei [docs/multiphonon.md; arXiv:2205.02250].
 *
 *   dR/dω = P ∫ dq q F(q)² η(q/2m_χ + ω/q) Σ_d mult_d f_d(q)² C_d(q,ω),   C_d = S_d/2π
 *   P     = σ̄_n ρ_χ/(2 m_χ μ_χn² M_cell),   f_d = A_d, or Z_d(q) for a dark photon
 *
 * Three regimes, which do not overlap:
 *   q < q_BZ, one phonon     all nuclei of a cell together (coherent.c)
 *   q < q_BZ, n ≥ 2          each nucleus for itself; as q ≪ q_BZ a rough estimate of a small part
 *   q > q_BZ, n ≥ 1          each nucleus for itself; with many phonons, q > 2√(2 m_d ω̄_d), in the
 *                            impulse approximation (crystal_sum.c, crystal_impulse.c)
 * Each is flagged where it is more than 1 % of a rate. As ω grows beyond all phonons the rate
 * becomes that of free nuclei (nuclear.c): do not add the two.
 */
#include "rates/multiphonon.h"
#include "rates/rates.h"

#include "halo/halo_lookup.h"
#include "crystal/coherent.h"
#include "crystal/crystal_set.h"
#include "rates/observables.h"

#include <math.h>

/* A halo table with more kinks than this is left to the integrators: each of them is weak. */
enum { MAX_KINKS = 24 };
/* Parts of a rate beyond this are flagged. */
static const double WORTH_SAYING = 0.01;
/* What the nodes of F_n leave open in a rate (relative), the ends of slices apart:
 * tests/crystal/test_crystal_sum.c measures it. */
const double CRYSTAL_OWN_ERROR = 3e-6;

typedef struct multiphonon {
  const elfin_request *q;
  crystal_sum sum;
  coherent one;
  crystal_shares shares;
  double coherent; /* of the rates so far */
  bool with_one, with_many;
} multiphonon;

static void eta_at(const void *context, size_t n, const double v[], double f[])
{
  halo_lookup_eta(context, n, v, f);
}

speed_function crystal_speeds(const elfin_halo *halo)
{
  speed_function speed = {.at = eta_at, .context = halo_lookup_of(halo)};
  size_t n;
  const double *kinks = elfin_halo_kinks(halo, &n);
  size_t skipped = n > MAX_KINKS ? n - 1 : 0;
  speed.n_kinks = n - skipped;
  speed.kinks = kinks + skipped;
  return speed;
}

double crystal_prefactor(const elfin_request *q, size_t n_nuclei, const elfin_nucleus nuclei[])
{
  const elfin_constants *c = q->constants;
  double rho =
      q->rho_GeV_cm3 * 1e9 * c->hbar_c_eV_cm * c->hbar_c_eV_cm * c->hbar_c_eV_cm; /* [eV⁴] */
  double per_area = 1 / (c->hbar_c_eV_cm * c->hbar_c_eV_cm);     /* 1 cm² in 1/eV² */
  double mu = q->mass_eV * c->m_p_eV / (q->mass_eV + c->m_p_eV); /* [eV] */
  double cell_kg = crystal_cell_mass_number(n_nuclei, nuclei) * c->amu_eV * c->kg_per_eV;
  return per_area * rho / (q->mass_eV * mu * mu * cell_kg) * c->per_s_in_eV * c->year_s;
}

/* ---- slices and points ----------------------------------------------------------------------- */

static elfin_status slice(void *context, double low, double high, double relative, double absolute,
                          integral *out, elfin_error *err)
{
  multiphonon *p = context;
  integral one = {0};
  elfin_status status = ELFIN_OK;
  *out = (integral){0};
  if (p->with_one)
    status = coherent_slice(&p->one, low, high, 0.3 * relative, &one, err);
  if (!status && p->with_many)
    status = crystal_sum_slice(&p->sum, low, high, 0.7 * relative,
                               fmax(absolute, 0.7 * relative * one.value), out, err);
  out->value += one.value;
  out->error += one.error;
  out->evaluations += one.evaluations;
  p->coherent += one.value;
  return status;
}

static elfin_status point(void *context, double omega, double relative, integral *out,
                          elfin_error *err)
{
  multiphonon *p = context;
  elfin_status status = ELFIN_OK;
  *out = (integral){0};
  if (p->with_many && omega > 0)
    status = crystal_sum_point(&p->sum, omega, relative, out, err);
  if (p->with_one && omega > 0)
    out->value += coherent_point(&p->one, omega);
  return status;
}

static unsigned flags(void *context, double threshold, double value)
{
  const multiphonon *p = context;
  unsigned one = p->coherent > WORTH_SAYING * value ? ELFIN_FLAG_COHERENT : 0;
  return one | crystal_sum_flags(&p->sum, p->q->material, threshold, value);
}

/** Above its last F_n the phonon sum says nothing; where the impulse approximation cannot be
 * reached, either, the rate is not small but unknown. */
static bool ends_too_early(const crystal_sum *sum, double threshold)
{
  double low, high, v_end = sum->speed.kinks[sum->speed.n_kinks - 1];
  if (!crystal_sum_momenta(sum->m_chi, v_end, threshold, &low, &high))
    return false;
  for (size_t i = 0; i < sum->n_species; i++) {
    const crystal *c = sum->species[i].of;
    if (high < c->q_switch && threshold > (double)c->phonons->n_terms * c->phonons->omega_max)
      return true;
  }
  return false;
}

unsigned crystal_sum_flags(const crystal_sum *sum, const elfin_material *material, double threshold,
                           double value)
{
  unsigned found = ends_too_early(sum, threshold) ? ELFIN_FLAG_OMEGA_RANGE : 0;
  double gap = material->gap_eV.value;
  if (sum->shares && sum->shares->impulse > WORTH_SAYING * value)
    found |= ELFIN_FLAG_FREE_RECOIL;
  if (sum->shares && sum->shares->below_zone > WORTH_SAYING * value)
    found |= ELFIN_FLAG_BELOW_ZONE;
  return found | (gap > 0 && threshold >= gap ? ELFIN_FLAG_ABOVE_GAP : 0);
}

/* ---- the process ----------------------------------------------------------------------------- */

static elfin_status begin(multiphonon *p, const elfin_request *q, elfin_error *err)
{
  crystal *const *crystals;
  elfin_status status = crystal_set_of(q->constants, q->material, &crystals, err);
  *p = (multiphonon){.q = q,
                     .sum = {.m_chi = q->mass_eV,
                             .speed = crystal_speeds(q->halo),
                             .max_evaluations = q->max_evaluations}};
  p->sum.shares = &p->shares;
  if (!status)
    status = mediator_of(q, &p->sum.form, err);
  if (status)
    return status;
  p->with_one = q->phonons != ELFIN_MULTIPHONON;
  p->with_many = q->phonons != ELFIN_SINGLE_PHONON;
  coherent_of(q->constants, q->material, q->coupling == ELFIN_DARK_PHOTON, &p->sum, crystals,
              &p->one);
  p->sum.q_single = p->one.q_BZ;
  p->sum.n_species = q->material->n_nuclei;
  for (size_t d = 0; d < p->sum.n_species; d++) {
    const elfin_nucleus *nucleus = &q->material->nuclei[d];
    bool by_charge = q->coupling == ELFIN_DARK_PHOTON;
    double f = by_charge ? 1 : nucleus->mass_number;
    p->sum.species[d] = (crystal_species){.of = crystals[d],
                                          .strength = nucleus->multiplicity * f * f,
                                          .charge = by_charge ? nucleus->atom : NULL};
  }
  return ELFIN_OK;
}

elfin_status crystal_check_charges(const elfin_material *m, size_t n_nuclei,
                                   const elfin_nucleus nuclei[], elfin_error *err)
{
  for (size_t d = 0; d < n_nuclei; d++)
    if (!nuclei[d].atom)
      return elfin_fail(err, ELFIN_E_ARGUMENT,
                        "%s: %s gives no effective charge Z(k) of the neutral "
                        "atom %s, which a dark photon couples to",
                        m->name, m->path, nuclei[d].name);
  return ELFIN_OK;
}

elfin_status crystal_check_request(const elfin_request *q, size_t n_nuclei, elfin_error *err)
{
  const elfin_material *m = q->material;
  if (n_nuclei > CRYSTAL_MOST_SPECIES)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %zu species of nuclei; %d at most", m->name,
                      n_nuclei, CRYSTAL_MOST_SPECIES);
  if (q->n_charges || q->splitting_eV != 0 || q->temperature_K != 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: charge, splitting and temperature have no effect on "
                      "phonons",
                      m->name);
  mediator unused;
  return mediator_of(q, &unused, err);
}

elfin_status multiphonon_check(const elfin_request *q, elfin_error *err)
{
  const elfin_material *m = q->material;
  elfin_status status = crystal_check_request(q, m->n_nuclei, err);
  if (!status)
    status = crystal_set_check(m, err);
  if (!status && q->coupling == ELFIN_DARK_PHOTON)
    status = crystal_check_charges(m, m->n_nuclei, m->nuclei, err);
  if (status)
    return status;
  if (!(m->lattice_spacing_A.value > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: %s gives no lattice_spacing, which says where the "
                      "Brillouin zone ends",
                      m->name, m->path);
  if (q->phonons != ELFIN_MULTIPHONON && !(m->sound_speed_km_s.value > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: %s gives no sound_speed, which single phonons need; "
                      "phonons: multi goes without",
                      m->name, m->path);
  return ELFIN_OK;
}

elfin_status multiphonon_compute(const elfin_request *q, elfin_result *result, elfin_error *err)
{
  multiphonon p;
  elfin_status status = begin(&p, q, err);
  if (status)
    return status;
  double v_max = elfin_halo_v_max(q->halo);
  rate_source from = {
      .context = &p,
      .scale = 0.5 * crystal_prefactor(q, q->material->n_nuclei, q->material->nuclei),
      .accuracy = q->accuracy,
      .own_error = CRYSTAL_OWN_ERROR,
      .omega_min = 0,
      .omega_max = INFINITY,
      .omega_end = 0.5 * q->mass_eV * v_max * v_max,
      .data = "the phonons",
      .slice = slice,
      .point = point,
      .flags = flags,
  };
  return observables_compute(&from, q, result, err);
}
