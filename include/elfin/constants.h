/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file constants.h
 * The two named sets of conventions: constants, and the shortcuts that go with them.
 *
 * `elfin` is CODATA 2018 and takes no shortcut. `darkelf` reproduces numbers published with
 * DarkELF digit by digit; its constants are not mutually consistent, so each formula names the
 * member that it reads. A shortcut is a value that a formula reads, never a branch on the name.
 * Source: E. Tiesinga et al., Rev. Mod. Phys. 93 (2021) 025010; DarkELF, arXiv:2104.12786.
 */
#ifndef ELFIN_CONSTANTS_H
#define ELFIN_CONSTANTS_H

#include <elfin/base.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct elfin_constants {
  const char *name;             /**< "elfin" or "darkelf" */
  double alpha;                 /**< fine-structure constant */
  double m_e_eV;                /**< electron mass [eV] */
  double m_p_eV;                /**< nucleon mass that reduced masses use [eV] */
  double amu_eV;                /**< atomic mass unit [eV] */
  double hbar_c_eV_cm;          /**< ħc [eV cm] */
  double per_s_in_eV;           /**< 1 eV expressed in 1/s */
  double kg_per_eV;             /**< 1 eV/c² in kg */
  double year_s;                /**< [s] */
  double c_km_s;                /**< [km/s] */
  double nuclei_per_kg;         /**< nuclei per kg, times A */
  double boltzmann_eV_K;        /**< k_B [eV/K] */
  double splitting_in_omega_end; /**< how much of δ lowers the highest ω: 1; 0 in DarkELF */
  /* ε(ω,k) of tables and free electron gases */
  int table_hole_takes_next;    /**< NaN in a table: 1 the next valid value in file order, 0 ELF 0 */
  double analytic_omega_max_eV; /**< Lindhard and atomic responses end here [eV]; INFINITY: nowhere */
  double analytic_k_max_eV;     /**< and here [eV] */
  double absorption_k_over_mass; /**< absorption is at this momentum times the mass: 0; 1 */
  double absorption_k_min_eV;   /**< but oscillators not below this [eV]: 0; 37.2895 */
  double absorption_from_eV;    /**< absorption by oscillators: ε is known from here [eV] … */
  double absorption_step_eV;    /**< … in such steps, straight in between: 0.4; 0: everywhere */
  /* the Migdal effect */
  int migdal_speed_floor;       /**< 1: no speed below √(2ω/μ_χN) counts, although a bound ion allows
                                     for them; 0 */
  /* phonons */
  double debye_waller_from;     /**< a Debye–Waller exponent 2W below this is taken as 0: 0; 0.03 */
  size_t phonon_terms;          /**< how many F_n; 0: as many as matter */
  int one_phonon_linear;        /**< between the data's points 1 D/ω is linear, 0 D(ω) is */
  double impulse_from;          /**< impulse approximation from this times √(2 m ω̄) */
  int directional_along_z;      /**< anisotropic: ω̄ and ⟨1/ω⟩ of the impulse approximation: 1 along z, 0 of
                                     the direction */
  size_t directional_terms;     /**< anisotropic: how many F_n; 0: as many as matter */
  size_t directional_energies;  /**< anisotropic: F_n on so many energies … */
  size_t directional_angles;    /**< … θ and φ, linear between them; 0: converged */
  double free_recoil_from_eV;   /**< spin-dependent: nuclei recoil freely from this ω on */
  int gluon_ratio_signed;       /**< spin-dependent: a gluon-coupled mediator's g_n/g_p: 1 with its
                                     sign; 0 both taken absolutely */
} elfin_constants;

/** The set called `name`; NULL if there is none. Static, immutable. */
const elfin_constants *elfin_constants_named(const char *name);

/** Unit factors that belong to both sets. Oscillator lists were fitted in these units. */
#define ELFIN_HARTREE_EV 27.211          /**< [eV], of the oscillator lists (docs/electron.md) */
#define ELFIN_MOMENTUM_AU_EV 3728.95     /**< α m_e [eV], of the oscillator lists */

#ifdef __cplusplus
}
#endif
#endif
