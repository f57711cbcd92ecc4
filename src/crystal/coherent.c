/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file coherent.c
 * Coherent single phonons, q < q_BZ = 2π/a [docs/multiphonon.md; arXiv:2205.02250 eqs. 41 to 49].
 *
 * Acoustic, ω = c_LA q:   dR/dω = 1/(2 M_cell) (Σ_d mult_d f_d e^{−W_d})² q²/c_LA² F² η(q/2m_χ + c_LA),
 *   up to ω = min(2 m_χ c_LA (v_max − c_LA), c_LA q_BZ, m_χ v_max²/2, highest phonon)
 * Optical, two atoms a, b per primitive cell, at ω_LO:   R = ∫ dq q³ F² η(q/2m_χ + ω_LO/q)
 *   / (2 ω_LO m_u (A_a + A_b)) [f_a² A_b/A_a + f_b² A_a/A_b − 2 f_a f_b + f_a f_b q² a²/16]
 *
 * both times the process' prefactor P; f includes e^{−W}. The last term of the bracket is how much the
 * phase between the two atoms leaves where the first three cancel, f ∝ A.
 *
 * Validity: sound with a straight dispersion up to the zone's edge, one optical branch without one: good
 * to a few ten per cent near q_BZ, exact for q ≪ q_BZ. Beyond it single phonons are incoherent, and part
 * of crystal_sum.c. Transverse phonons do not couple. Crystals whose primitive cell is not two atoms have
 * no optical part here (GaN, Al2O3, SiO2).
 */
#include "crystal/coherent.h"

#include "crystal/crystal_parts.h"
#include "crystal/crystal_set.h"

#include <math.h>

/* Below this momentum nothing is asked [eV]: a threshold of 0 has no logarithm. */
static const double Q_FLOOR = 1e-4;
static const double LONGEST = 1.5; /* of a piece, in ln q */
static const double CM_PER_ANGSTROM = 1e-8;
enum { MOST_PIECES = 32, MOST_CUTS = 64, BLOCK = 128, MOST_ATOMS = CRYSTAL_MOST_SPECIES };

/** f_d e^{−W_d} of all nuclei. */
static void couplings(const coherent *c, double q, double f[])
{
  for (size_t d = 0; d < c->material->n_nuclei; d++) {
    const elfin_nucleus *nucleus = &c->material->nuclei[d];
    f[d] = nucleus->mass_number;
    if (c->by_charge)
      elfin_form_factor_at(nucleus->atom, 1, &q, &f[d]);
    f[d] *= exp(-0.5 * crystal_debye_waller(c->crystals[d], q));
  }
}

static double speed_at(const coherent *c, double v)
{
  double f;
  c->sum->speed.at(c->sum->speed.context, 1, &v, &f);
  return f;
}

/** dR/dω of sound at ω = c_LA q. */
static double acoustic(const coherent *c, double q)
{
  double f[MOST_ATOMS], sum = 0, form;
  couplings(c, q, f);
  for (size_t d = 0; d < c->material->n_nuclei; d++)
    sum += c->material->nuclei[d].multiplicity * f[d];
  crystal_sum_form(c->sum, 1, &q, &form);
  return sum * sum * q * q / (c->c_LA * c->c_LA) * form *
         speed_at(c, q / (2 * c->sum->m_chi) + c->c_LA) / (2 * c->M_cell);
}

/** The integrand of the optical phonon in q. */
static double optical(const coherent *c, double q)
{
  double f[MOST_ATOMS], form;
  size_t b = c->material->n_nuclei - 1; /* with one species, a and b are the same */
  double A_a = c->material->nuclei[0].mass_number, A_b = c->material->nuclei[b].mass_number;
  double phase = q * q * c->spacing * c->spacing / 16;
  couplings(c, q, f);
  crystal_sum_form(c->sum, 1, &q, &form);
  double bracket = f[0] * f[0] * A_b / A_a + f[b] * f[b] * A_a / A_b - 2 * f[0] * f[b] +
                   f[0] * f[b] * phase;
  return q * q * q * form * speed_at(c, q / (2 * c->sum->m_chi) + c->omega_LO / q) * bracket /
         (2 * c->omega_LO * c->amu * (A_a + A_b));
}

/** Both integrate over ln q: dω = c_LA q dln q, dq = q dln q. */
static void over_sound(void *context, size_t i_piece, size_t n, const double x[], double f[])
{
  const coherent *c = context;
  const double *end = &c->ends[2 * i_piece];
  double span = log(end[1] / end[0]);
  for (size_t i = 0; i < n; i++) {
    double q = end[0] * exp(span * x[i]);
    f[i] = span * c->c_LA * q * acoustic(c, q);
  }
}

static void over_optical(void *context, size_t i_piece, size_t n, const double x[], double f[])
{
  const coherent *c = context;
  const double *end = &c->ends[2 * i_piece];
  double span = log(end[1] / end[0]);
  for (size_t i = 0; i < n; i++) {
    double q = end[0] * exp(span * x[i]);
    f[i] = span * q * optical(c, q);
  }
}

static size_t steps(const coherent *c, double cut[])
{
  for (size_t d = 0; d < c->material->n_nuclei; d++)
    cut[d] = crystal_step_of(c->crystals[d]);
  return c->material->n_nuclei;
}

static elfin_status integrate(coherent *c, panel_function *f, size_t n_cuts, double cut[], double low,
                              double high, double relative, integral *out, elfin_error *err)
{
  *out = (integral){0};
  low = fmax(low, Q_FLOOR);
  if (!(low < high))
    return ELFIN_OK;
  integral_request r = {.dim = 1, .f = f, .context = c, .relative = relative,
                        .max_evaluations = c->sum->max_evaluations};
  r.n_panels = crystal_cut(n_cuts, cut, low, high, LONGEST, MOST_PIECES, c->ends);
  return integrate_panels(&r, out, err);
}

static elfin_status sound_slice(coherent *c, double low, double high, double relative, integral *out,
                                elfin_error *err)
{
  double cut[MOST_CUTS];
  size_t n = steps(c, cut);
  for (size_t i = 0; i < c->sum->speed.n_kinks && n + 2 < MOST_CUTS; i++)
    cut[n++] = 2 * c->sum->m_chi * (c->sum->speed.kinks[i] - c->c_LA);
  return integrate(c, over_sound, n, cut, low / c->c_LA, fmin(high, c->omega_acoustic) / c->c_LA,
                   relative, out, err);
}

static elfin_status optical_line(coherent *c, double relative, integral *out, elfin_error *err)
{
  double cut[MOST_CUTS], low, high;
  size_t n = steps(c, cut);
  for (size_t i = 0; i < c->sum->speed.n_kinks && n + 4 < MOST_CUTS; i++)
    if (crystal_sum_momenta(c->sum->m_chi, c->sum->speed.kinks[i], c->omega_LO, &cut[n], &cut[n + 1]))
      n += 2;
  if (!crystal_sum_momenta(c->sum->m_chi, crystal_v_end(c->sum), c->omega_LO, &low, &high)) {
    *out = (integral){0};
    return ELFIN_OK;
  }
  return integrate(c, over_optical, n, cut, low, fmin(high, c->q_BZ), relative, out, err);
}

elfin_status coherent_slice(coherent *c, double low, double high, double relative, integral *out,
                            elfin_error *err)
{
  integral line = {0};
  elfin_status status = ELFIN_OK;
  *out = (integral){0};
  if (c->c_LA > 0)
    status = sound_slice(c, low, high, relative, out, err);
  if (!status && c->omega_LO > 0 && low <= c->omega_LO && c->omega_LO < high)
    status = optical_line(c, relative, &line, err);
  out->value += line.value;
  out->error += line.error;
  out->evaluations += line.evaluations;
  return status;
}

double coherent_point(const coherent *c, double omega)
{
  return c->c_LA > 0 && omega <= c->omega_acoustic ? acoustic(c, omega / c->c_LA) : 0;
}

static bool two_atoms_per_cell(const elfin_material *m)
{
  if (m->n_nuclei == 1)
    return m->nuclei[0].multiplicity == 2;
  return m->n_nuclei == 2 && m->nuclei[0].multiplicity == 1 && m->nuclei[1].multiplicity == 1;
}

void coherent_of(const elfin_constants *constants, const elfin_material *m, bool by_charge,
                 const crystal_sum *sum, crystal *const *crystals, coherent *c)
{
  const elfin_polar_phonons *polar = m->polar[ELFIN_ORDINARY];
  double v_max = crystal_v_end(sum), highest = 0, hc = constants->hbar_c_eV_cm;
  *c = (coherent){.sum = sum, .material = m, .crystals = crystals,
                  .by_charge = by_charge, .amu = constants->amu_eV};
  c->M_cell = c->amu * crystal_cell_mass_number(m->n_nuclei, m->nuclei);
  c->c_LA = m->sound_speed_km_s.source ? m->sound_speed_km_s.value / constants->c_km_s : 0;
  c->spacing = m->lattice_spacing_A.value * CM_PER_ANGSTROM / hc;
  c->q_BZ = 2 * M_PI / c->spacing;
  for (size_t i = 0; polar && i < polar->n_longitudinal; i++)
    highest = fmax(highest, polar->longitudinal_eV[i]);
  for (size_t d = 0; highest == 0 && d < m->n_nuclei; d++)
    c->omega_acoustic = fmax(c->omega_acoustic, crystals[d]->phonons->omega_max);
  c->omega_acoustic = fmax(c->omega_acoustic, highest);
  c->omega_acoustic = fmin(fmin(c->omega_acoustic, c->c_LA * c->q_BZ),
                           fmin(2 * sum->m_chi * c->c_LA * (v_max - c->c_LA), 0.5 * sum->m_chi * v_max * v_max));
  if (polar && polar->n_longitudinal && two_atoms_per_cell(m))
    c->omega_LO = polar->longitudinal_eV[0];
}
