/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file multiphonon_sd.c
 * Dark matter makes phonons by the spins of nuclei [docs/multiphonon.md; arXiv:2506.11191].
 *
 *   dR/dω = 2P O ∫ dq q F(q)² o(q) η(q/2m_χ + ω/q) Σ_d mult_d ⟨λ²⟩_d C_d(q,ω)
 *   ⟨λ²⟩  = Σ_isotopes fraction J(J+1) (f_p + r f_n)²,   r = g_n/g_p;   or (f_n + r f_p)², r = g_p/g_n
 *
 *   operator    O                            o(q)
 *   A'          2/3                          1
 *   phi         m_p²/(3 v0² μ²)              q²/m_p²
 *   a           m_p² m_χ²/(8 v0⁴ μ⁴)         q⁴/(m_p² m_χ²)
 *   double A'   m_χ⁴/(8 μ⁴)                  1
 *
 * with P of multiphonon.c and μ of dark matter and nucleon. Spins point every way: nothing is coherent, and
 * n ≥ 1 at all q. Above ω = free_recoil_from_eV (1 eV), or on request at every ω, nuclei recoil freely:
 * C_d = δ(ω − q²/2m_d).
 *
 * Delicate: the default ratio for phi and a is that of a mediator coupled to gluons; it has a pole near
 * m_φ = 135 MeV and is negative below it. Its sign matters where protons and neutrons both carry spin.
 */
#include "rates/multiphonon.h"
#include "rates/rates.h"

#include "crystal/crystal_parts.h"
#include "crystal/crystal_set.h"
#include "rates/observables.h"

#include <math.h>

static const double EV_PER_GEV = 1e9;
/* g_n and g_p of a gluon-coupled mediator, m_φ in GeV [arXiv:2506.11191]. */
static const double GLUON_N = 0.00039712, GLUON_P = 0.00041272, PION = 8.07284081e-6,
                    PION_MASS2 = 0.0182188;
static const double LONGEST = 1; /* of a piece, in ln q */
enum { MOST_PIECES = 64, MOST_CUTS = 64 };

typedef struct multiphonon_sd {
  const elfin_request *q;
  crystal_sum sum;
  double free_from;   /* nuclei recoil freely from this ω on */
  double free_scale;  /* nuclei per kg: free over bound, 1 but for rounded constants */
  double ends[2 * MOST_PIECES];
  size_t i_species;   /* of a free recoil under the integral */
  crystal_shares shares;
} multiphonon_sd;

/* ---- couplings ------------------------------------------------------------------------------- */

static double gluon_ratio(const elfin_request *q)
{
  double m = q->mediator_eV / EV_PER_GEV, pion = isinf(m) ? 0 : PION / (m * m - PION_MASS2);
  double n = GLUON_N + pion, p = GLUON_P - pion;
  return q->constants->gluon_ratio_signed ? n / p : fabs(n) / fabs(p);
}

/** What multiplies f_n (or f_p). */
static double ratio_of(const elfin_request *q)
{
  if (!isnan(q->coupling_ratio))
    return q->coupling_ratio;
  bool by_gluons = q->spin_operator == ELFIN_SCALAR || q->spin_operator == ELFIN_PSEUDOSCALAR;
  return by_gluons ? gluon_ratio(q) : 1;
}

/** ⟨λ²⟩ of a nucleus. */
static double spin_factor(const elfin_request *q, const elfin_nucleus *nucleus)
{
  double ratio = ratio_of(q), sum = 0;
  bool inverse = q->ratio_is_gp_over_gn && !isnan(q->coupling_ratio);
  for (size_t i = 0; i < nucleus->n_isotopes; i++) {
    const elfin_isotope *isotope = &nucleus->isotopes[i];
    double p = isotope->proton_spin, n = isotope->neutron_spin;
    double lambda = inverse ? n + ratio * p : p + ratio * n;
    sum += isotope->fraction * isotope->spin * (isotope->spin + 1) * lambda * lambda;
  }
  return sum;
}

/** O, and o(q) into the sum. */
static double operator_factor(const elfin_request *q, crystal_sum *sum)
{
  double m_p = q->constants->m_p_eV, m_chi = q->mass_eV, mu = m_p * m_chi / (m_p + m_chi);
  double v0 = elfin_halo_v0(q->halo), r2 = m_chi * m_chi / (mu * mu);
  switch (q->spin_operator) {
  case ELFIN_SCALAR:
    sum->q_unit = m_p;
    sum->power = 2;
    return m_p * m_p / (3 * v0 * v0 * mu * mu);
  case ELFIN_PSEUDOSCALAR:
    sum->q_unit = sqrt(m_p * m_chi);
    sum->power = 4;
    return m_p * m_p * r2 / (8 * v0 * v0 * v0 * v0 * mu * mu);
  case ELFIN_DOUBLE_AXIAL: return r2 * r2 / 8;
  default: return 2.0 / 3;
  }
}

/* ---- free recoil ----------------------------------------------------------------------------- */

/** q form(q) η(q/2μ): dω = q dq/m takes the place of the delta function. Times q for ln q. */
static double recoil_at(const multiphonon_sd *p, size_t i_species, double q)
{
  double m = p->sum.species[i_species].of->mass, v = q / (2 * p->sum.m_chi) + q / (2 * m), form, eta;
  crystal_sum_form(&p->sum, 1, &q, &form);
  p->sum.speed.at(p->sum.speed.context, 1, &v, &eta);
  return q * form * eta;
}

static void over_recoil(void *context, size_t i_piece, size_t n, const double x[], double f[])
{
  const multiphonon_sd *p = context;
  const double *end = &p->ends[2 * i_piece];
  double span = log(end[1] / end[0]);
  for (size_t i = 0; i < n; i++) {
    double q = end[0] * exp(span * x[i]);
    f[i] = span * q * recoil_at(p, p->i_species, q);
  }
}

static void add(integral *out, double factor, const integral *part)
{
  out->value += factor * part->value;
  out->error += factor * part->error;
  out->evaluations += part->evaluations;
}

static elfin_status free_slice(multiphonon_sd *p, double low, double high, double relative,
                               integral *out, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  for (size_t d = 0; !status && d < p->sum.n_species; d++) {
    const speed_function *speed = &p->sum.speed;
    double m = p->sum.species[d].of->mass, mu = m * p->sum.m_chi / (m + p->sum.m_chi), cut[MOST_CUTS];
    double q_low = fmax(sqrt(2 * m * low), 1e-6 * mu * crystal_v_end(&p->sum));
    double q_high = fmin(sqrt(2 * m * high), 2 * mu * crystal_v_end(&p->sum));
    integral part = {0};
    size_t n = 0;
    if (!(q_low < q_high) || !(p->sum.species[d].strength > 0))
      continue;
    for (size_t i = 0; i < speed->n_kinks && n + 2 < MOST_CUTS; i++)
      cut[n++] = 2 * mu * speed->kinks[i];
    p->i_species = d;
    integral_request r = {.dim = 1, .f = over_recoil, .context = p, .relative = relative,
                          .max_evaluations = p->sum.max_evaluations};
    r.n_panels = crystal_cut(n, cut, q_low, q_high, LONGEST, MOST_PIECES, p->ends);
    status = integrate_panels(&r, &part, err);
    add(out, p->free_scale * p->sum.species[d].strength, &part);
  }
  return status;
}

static double free_point(const multiphonon_sd *p, double omega)
{
  double sum = 0;
  for (size_t d = 0; d < p->sum.n_species; d++) {
    double m = p->sum.species[d].of->mass, q = sqrt(2 * m * omega);
    sum += p->sum.species[d].strength * recoil_at(p, d, q) * m / q;
  }
  return p->free_scale * sum;
}

/* ---- slices and points ----------------------------------------------------------------------- */

static elfin_status slice(void *context, double low, double high, double relative, double absolute,
                          integral *out, elfin_error *err)
{
  multiphonon_sd *p = context;
  integral bound = {0};
  elfin_status status = ELFIN_OK;
  *out = (integral){0};
  if (high > p->free_from)
    status = free_slice(p, fmax(low, p->free_from), high, 0.5 * relative, out, err);
  p->shares.impulse += out->value;
  if (!status && low < p->free_from)
    status = crystal_sum_slice(&p->sum, low, fmin(high, p->free_from), 0.5 * relative,
                               fmax(absolute, 0.5 * relative * out->value), &bound, err);
  add(out, 1, &bound);
  return status;
}

static elfin_status point(void *context, double omega, double relative, integral *out, elfin_error *err)
{
  multiphonon_sd *p = context;
  *out = (integral){0};
  if (omega >= p->free_from)
    out->value = omega > 0 ? free_point(p, omega) : 0;
  else if (omega > 0)
    return crystal_sum_point(&p->sum, omega, relative, out, err);
  return ELFIN_OK;
}

static unsigned flags(void *context, double threshold, double value)
{
  const multiphonon_sd *p = context;
  unsigned found = crystal_sum_flags(&p->sum, p->q->material, threshold, value);
  return threshold < p->free_from ? found : found & ~(unsigned)ELFIN_FLAG_OMEGA_RANGE;
}

/* ---- the process ----------------------------------------------------------------------------- */

elfin_status multiphonon_sd_check(const elfin_request *q, elfin_error *err)
{
  const elfin_material *m = q->material;
  elfin_status status = crystal_check_request(q, m->n_nuclei, err);
  if (!status)
    status = crystal_set_check(m, err);
  for (size_t d = 0; !status && d < m->n_nuclei; d++)
    if (m->nuclei[d].n_isotopes == 0)
      return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %s gives no isotopes and no spins for %s", m->name,
                        m->path, m->nuclei[d].name);
  bool needs_v0 = q->spin_operator == ELFIN_SCALAR || q->spin_operator == ELFIN_PSEUDOSCALAR;
  if (!status && needs_v0 && isnan(elfin_halo_v0(q->halo)))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "the operators phi and a refer to the halo's v0, and a halo "
                      "given as a table has none");
  return status;
}

elfin_status multiphonon_sd_compute(const elfin_request *q, elfin_result *result, elfin_error *err)
{
  const elfin_constants *c = q->constants;
  multiphonon_sd p = {.q = q, .sum = {.m_chi = q->mass_eV, .speed = crystal_speeds(q->halo),
                                      .max_evaluations = q->max_evaluations}};
  crystal *const *crystals;
  elfin_status status = crystal_set_of(c, q->material, &crystals, err);
  if (!status)
    status = mediator_of(q, &p.sum.form, err);
  if (status)
    return status;
  p.sum.shares = &p.shares;
  p.free_from = q->free_recoil ? 0 : c->free_recoil_from_eV;
  p.free_scale = c->nuclei_per_kg * c->amu_eV * c->kg_per_eV;
  p.sum.n_species = q->material->n_nuclei;
  for (size_t d = 0; d < p.sum.n_species; d++) {
    const elfin_nucleus *nucleus = &q->material->nuclei[d];
    p.sum.species[d] = (crystal_species){.of = crystals[d],
                                         .strength = nucleus->multiplicity * spin_factor(q, nucleus)};
  }
  double v_max = elfin_halo_v_max(q->halo);
  rate_source from = {
      .context = &p,
      .scale = operator_factor(q, &p.sum) * crystal_prefactor(q, q->material->n_nuclei, q->material->nuclei),
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
