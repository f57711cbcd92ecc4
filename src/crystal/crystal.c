/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal.c
 * A nucleus bound in a harmonic crystal [docs/multiphonon.md; arXiv:2205.02250 eqs. 20 to 29].
 *
 *   S(q,ω) = 2π e^{−2W} Σ_n (q²/2m)^n F_n(ω),   2W = q² ⟨1/ω⟩/(2m)
 *
 * Since ∫ F_n = ⟨1/ω⟩^n/n!, the n-th term is Poisson's probability of n phonons for a mean of 2W:
 * ∫ S dω = 2π(1 − e^{−2W}), the rest being elastic, and ∫ ω S dω = 2π ∫D q²/(2m), as for a free nucleus.
 *
 * Validity: as a sum S is exact for a harmonic crystal, incoherently: q above the Brillouin zone's edge
 * 2π/a. With many phonons, q > q_switch = 2√(2 m ω̄), their sum is close to a Gaussian, which forgets
 * how they are made up; there 2W is 4 ω̄⟨1/ω⟩, 4 to 8 in real crystals.
 */
#include "crystal/crystal_inner.h"

#include <math.h>
#include <stdlib.h>

elfin_status crystal_new_from(const elfin_constants *constants, double mass_number,
                              phonon_functions *functions, crystal **made, elfin_error *err)
{
  crystal *c = calloc(1, sizeof *c);
  if (!c) {
    phonon_functions_free(functions);
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a crystal");
  }
  c->mass = mass_number * constants->amu_eV;
  c->phonons = functions;
  c->q_switch = constants->impulse_from * sqrt(2 * c->mass * functions->mean);
  c->q_sum = c->q_switch;
  c->debye_waller_from = constants->debye_waller_from;
  *made = c;
  return ELFIN_OK;
}

elfin_status crystal_new(const elfin_constants *constants, double mass_number,
                         const phonon_density *density, double q_max, crystal **made,
                         elfin_error *err)
{
  phonon_reach reach = {.n_terms = constants->phonon_terms,
                        .recoil = q_max * q_max / (2 * mass_number * constants->amu_eV),
                        .recoil_in_means = constants->impulse_from * constants->impulse_from};
  phonon_functions *functions = NULL;
  elfin_status status = phonon_functions_new(density, reach, &functions, err);
  if (!status)
    status = crystal_new_from(constants, mass_number, functions, made, err);
  if (!status)
    (*made)->q_sum = fmax((*made)->q_switch, q_max);
  return status;
}

elfin_status elfin_crystal_open(const elfin_constants *constants, const elfin_material *material,
                                const elfin_nucleus *nucleus, double q_max, crystal **made,
                                elfin_error *err)
{
  const elfin_density_of_states *dos = nucleus->dos;
  if (!dos)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %s gives no phonon density of states for %s",
                      material->name, material->path, nucleus->name);
  phonon_density density = {.n = dos->n, .omega = dos->omega_eV, .density = dos->per_eV,
                            .linear_ratio = constants->one_phonon_linear};
  const elfin_phonon_functions *table = nucleus->functions;
  if (!table)
    return crystal_new(constants, nucleus->mass_number, &density, q_max, made, err);
  phonon_functions *functions = NULL;
  elfin_status status =
      phonon_functions_from_table(&density, table->n, table->n_terms, table->rows, &functions, err);
  return status ? status : crystal_new_from(constants, nucleus->mass_number, functions, made, err);
}

elfin_status elfin_crystal_new_debye(const elfin_constants *constants, double mass_number,
                                     double omega_D, double q_max, crystal **made, elfin_error *err)
{
  if (!(mass_number > 0 && isfinite(mass_number)))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "mass number %g: it must be above 0", mass_number);
  if (!(omega_D > 0 && isfinite(omega_D)))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "Debye energy %g eV: it must be above 0", omega_D);
  const double omega[2] = {0, omega_D}, density[2] = {0, 3 / omega_D};
  phonon_density debye = {.n = 2, .omega = omega, .density = density, .linear_ratio = true};
  return crystal_new(constants, mass_number, &debye, q_max, made, err);
}

void elfin_crystal_free(crystal *c)
{
  if (!c)
    return;
  phonon_functions_free(c->phonons);
  free(c);
}

elfin_crystal_about elfin_crystal_describe(const crystal *c)
{
  const phonon_functions *f = c->phonons;
  return (elfin_crystal_about){.mass_eV = c->mass, .norm = f->norm, .mean_eV = f->mean,
                               .inverse_per_eV = f->inverse, .omega_max_eV = f->omega_max,
                               .switch_eV = c->q_switch, .n_terms = f->n_terms};
}

double crystal_debye_waller(const crystal *c, double q)
{
  double exponent = q * q * c->phonons->inverse / (2 * c->mass);
  return exponent < c->debye_waller_from ? 0 : exponent;
}

elfin_status crystal_phonon_sum(const crystal *c, double q, size_t n, const double omega[], double S[],
                                elfin_error *err)
{
  size_t n_terms = c->phonons->n_terms;
  double *F = malloc(n_terms * sizeof *F);
  if (!F)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a structure factor");
  double x = q * q / (2 * c->mass), elastic = exp(-crystal_debye_waller(c, q));
  for (size_t i = 0; i < n; i++) {
    double sum = 0, power = elastic;
    phonon_functions_at(c->phonons, omega[i], F);
    for (size_t j = 0; j < n_terms; j++) {
      power *= x;
      sum += power * F[j];
    }
    S[i] = 2 * M_PI * sum;
  }
  free(F);
  return ELFIN_OK;
}

void crystal_impulse(const crystal *c, double q, size_t n, const double omega[], double S[])
{
  double mean = q * q / (2 * c->mass), width = q * sqrt(c->phonons->mean / (2 * c->mass));
  for (size_t i = 0; i < n; i++) {
    double s = (omega[i] - mean) / width;
    S[i] = sqrt(2 * M_PI) / width * exp(-0.5 * s * s);
  }
}

elfin_status elfin_crystal_structure_factor(const crystal *c, elfin_structure which, double q,
                                            size_t n, const double omega[], double S[],
                                            elfin_error *err)
{
  if (which == ELFIN_STRUCTURE)
    which = q <= c->q_switch ? ELFIN_STRUCTURE_SUM : ELFIN_STRUCTURE_IMPULSE;
  if (which == ELFIN_STRUCTURE_IMPULSE) {
    crystal_impulse(c, q, n, omega, S);
    return ELFIN_OK;
  }
  if (q > c->q_sum)
    return elfin_fail(err, ELFIN_E_VALIDITY, "q = %g eV: the sum over %zu phonons is complete up to "
                      "%g eV only", q, c->phonons->n_terms, c->q_sum);
  return crystal_phonon_sum(c, q, n, omega, S, err);
}
