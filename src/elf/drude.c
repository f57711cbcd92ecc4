/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file drude.c
 * The extended Drude model: optical constants as a sum of damped oscillators whose energies grow with
 * momentum as those of free electrons [Y. H. Tu, C. M. Kwei and C. J. Tung, Surf. Sci. 601 (2007) 865;
 * W. S. M. Werner, K. Glantschnig and C. Ambrosch-Draxl, J. Phys. Chem. Ref. Data 38 (2009) 1013]:
 *
 *   ε(ω,k) = ε_b − Σ_j A_j/(ω² − Ω_j² + iγ_j ω),    Ω_j = ω_j + α_j k²/2m_e,
 *
 * A [eV²], γ, ω [eV]; ε_b the background of what lies above all terms; Ω_j in the units of the lists
 * (Hartree 27.211 eV, 1 a.u. of momentum = 3728.95 eV). Analytic in the upper half plane, so that both sum
 * rules hold exactly at every k: Kramers–Kronig with 1/ε_b in place of 1, the f-sum with Σ A/ε_b². */
#include "elf/elf.h"

#include <math.h>

double drude_energy(const elfin_drude_term *term, double k)
{
  double q = k / ELFIN_MOMENTUM_AU_EV;
  return term->omega_eV + term->alpha * 0.5 * q * q * ELFIN_HARTREE_EV;
}

double complex drude_epsilon(const elfin_drude *model, double omega, double k)
{
  double complex sum = model->background_eps;
  for (size_t j = 0; j < model->n; j++) {
    const elfin_drude_term *term = &model->terms[j];
    double Omega = drude_energy(term, k);
    sum -= term->strength_eV2 / ((omega - Omega) * (omega + Omega) + I * term->gamma_eV * omega);
  }
  return sum;
}
