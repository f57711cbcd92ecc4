/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal.h
 * The structure factor S(q,ω) of one nucleus in a harmonic crystal at T = 0: from single phonons, by
 * many, to the recoil of a free nucleus. Source: docs/multiphonon.md; arXiv:2205.02250.
 */
#ifndef ELFIN_CRYSTAL_H
#define ELFIN_CRYSTAL_H

#include <elfin/base.h>
#include <elfin/constants.h>
#include <elfin/material.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct elfin_crystal elfin_crystal;

/** How S(q,ω) is computed. */
typedef enum elfin_structure {
  ELFIN_STRUCTURE,        /**< the phonon sum up to the switch momentum, above it the Gaussian */
  ELFIN_STRUCTURE_SUM,    /**< 2π Σ_n (q²/2m)^n e^{−2W} F_n(ω), the elastic line left out */
  ELFIN_STRUCTURE_IMPULSE /**< 2π times a Gaussian of mean q²/(2m) and width q √(ω̄/2m) */
} elfin_structure;

/** What one knows of a nucleus in its crystal. */
typedef struct elfin_crystal_about {
  double mass_eV;             /**< of the nucleus */
  double norm;                /**< ∫ D dω: 1, or what the data has */
  double mean_eV;             /**< ω̄ = ∫ ω D dω */
  double inverse_per_eV;      /**< ⟨1/ω⟩ = ∫ D/ω dω; 2W = q² ⟨1/ω⟩/(2 m) */
  double omega_max_eV;        /**< the highest phonon */
  double switch_eV;           /**< above this q the impulse approximation */
  size_t n_terms;             /**< phonons that the sum goes up to */
} elfin_crystal_about;

/** A nucleus of a material with its own density of states; F_n is computed here, once.
 *
 * @param[in]  q_max_eV  the highest q at which the phonon sum will be asked for; 0: the switch momentum
 * @param[out] crystal   yours, free with elfin_crystal_free(); untouched on failure
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: the material gives no density of states for the nucleus;
 *         ELFIN_E_DATA: it is none; ELFIN_E_VALIDITY: the sum at q_max needs too many phonons;
 *         ELFIN_E_MEMORY
 */
elfin_status elfin_crystal_open(const elfin_constants *constants, const elfin_material *material,
                                const elfin_nucleus *nucleus, double q_max_eV,
                                elfin_crystal **crystal, elfin_error *err);

/** The same for Debye's solid, D(ω) = 3ω²/ω_D³ below ω_D.
 * @return ELFIN_E_ARGUMENT: mass number or ω_D not above 0 */
elfin_status elfin_crystal_new_debye(const elfin_constants *constants, double mass_number,
                                     double debye_eV, double q_max_eV, elfin_crystal **crystal,
                                     elfin_error *err);

void elfin_crystal_free(elfin_crystal *crystal); /**< NULL is fine. */

elfin_crystal_about elfin_crystal_describe(const elfin_crystal *crystal);

/** S(q,ω) at n energies; `S_per_eV` may not be the same array as `omega_eV`.
 * @return ELFIN_OK; ELFIN_E_VALIDITY: the phonon sum is incomplete at this q; ELFIN_E_MEMORY */
elfin_status elfin_crystal_structure_factor(const elfin_crystal *crystal, elfin_structure which,
                                            double q_eV, size_t n, const double omega_eV[],
                                            double S_per_eV[], elfin_error *err);

#ifdef __cplusplus
}
#endif
#endif
