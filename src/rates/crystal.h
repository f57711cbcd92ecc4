/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal.h
 * Inside the room: the structure factor S(q,ω) of one nucleus in a harmonic crystal at T = 0
 * [physics.md §6; arXiv:2205.02250]. Natural units: eV. */
#ifndef CRYSTAL_H
#define CRYSTAL_H

#include "rates/phonon_functions.h"

#include <elfin/constants.h>
#include <elfin/material.h>

typedef struct crystal {
  double mass;                 /* m_d [eV] */
  phonon_functions *phonons;   /* F_n, owned */
  double q_switch;             /* above it the impulse approximation */
  double debye_waller_from;    /* an exponent 2W below this is taken as 0 */
} crystal;

/** A nucleus of mass number A with density of states D(ω).
 *
 * @param[in]  constants  also the shortcuts: how many terms, from where an exponent counts, where the
 *                        impulse approximation takes over
 * @param[in]  density    borrowed while it is made
 * @param[out] made       yours, free with crystal_free()
 * @return as phonon_functions_new()
 */
elfin_status crystal_new(const elfin_constants *constants, double mass_number,
                         const phonon_density *density, crystal **made, elfin_error *err);

/** The same with F_n from a table. `functions` is taken, also on failure. */
elfin_status crystal_new_from(const elfin_constants *constants, double mass_number,
                              phonon_functions *functions, crystal **made, elfin_error *err);

/** The nucleus of a material, from its own density of states.
 * @return also ELFIN_E_ARGUMENT: the material gives none for this nucleus */
elfin_status crystal_of_nucleus(const elfin_constants *constants, const elfin_material *material,
                                const elfin_nucleus *nucleus, crystal **made, elfin_error *err);

/** Debye's solid, D = 3ω²/ω_D³. */
elfin_status crystal_new_debye(const elfin_constants *constants, double mass_number, double omega_D,
                               crystal **made, elfin_error *err);

void crystal_free(crystal *c); /* NULL is fine */

/** 2W(q) = q² ⟨1/ω⟩/(2 m). */
double crystal_debye_waller(const crystal *c, double q);

/** S(q,ω) [1/eV] without its elastic part 2π e^{−2W} δ(ω), at n energies:
 * 2π Σ_n (q²/2m)^n e^{−2W} F_n(ω). */
elfin_status crystal_phonon_sum(const crystal *c, double q, size_t n, const double omega[], double S[],
                                elfin_error *err);

/** S(q,ω) in the impulse approximation: 2π times a normalised Gaussian in ω with mean q²/(2m) and
 * width q √(ω̄/(2m)). Good for q ≫ √(2 m ω̄): the nucleus is gone before it swings back. */
void crystal_impulse(const crystal *c, double q, size_t n, const double omega[], double S[]);

/** Whichever of the two stands for S at this q: the sum up to q_switch. */
elfin_status crystal_structure_factor(const crystal *c, double q, size_t n, const double omega[],
                                      double S[], elfin_error *err);

#endif
