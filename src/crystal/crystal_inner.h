/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal_inner.h
 * Inside the room: the structure factor S(q,ω) of one nucleus in a harmonic crystal at T = 0
 * [docs/multiphonon.md; arXiv:2205.02250]. Natural units: eV. */
#ifndef CRYSTAL_INNER_H
#define CRYSTAL_INNER_H

#include "crystal/phonon_functions.h"

#include <elfin/crystal.h>

typedef struct elfin_crystal {
  double mass;                 /* m_d [eV] */
  phonon_functions *phonons;   /* F_n, owned */
  double q_switch;             /* above it the impulse approximation */
  double q_sum;                /* up to here the terms of the phonon sum are complete */
  double debye_waller_from;    /* an exponent 2W below this is taken as 0 */
} crystal;

/** A nucleus of mass number A with density of states D(ω).
 *
 * @param[in]  constants  also the shortcuts: how many terms, from where an exponent counts, where the
 *                        impulse approximation takes over
 * @param[in]  density    borrowed while it is made
 * @param[in]  q_max      the phonon sum is complete up to here, and up to the switch
 * @param[out] made       yours, free with elfin_crystal_free()
 * @return as phonon_functions_new(); ELFIN_E_VALIDITY: q_max needs too many phonons
 */
elfin_status crystal_new(const elfin_constants *constants, double mass_number,
                         const phonon_density *density, double q_max, crystal **made,
                         elfin_error *err);

/** The same with F_n from a table. `functions` is taken, also on failure. */
elfin_status crystal_new_from(const elfin_constants *constants, double mass_number,
                              phonon_functions *functions, crystal **made, elfin_error *err);

/** 2W(q) = q² ⟨1/ω⟩/(2 m). */
double crystal_debye_waller(const crystal *c, double q);

/** S(q,ω) [1/eV] without its elastic part 2π e^{−2W} δ(ω), at n energies:
 * 2π Σ_n (q²/2m)^n e^{−2W} F_n(ω). */
elfin_status crystal_phonon_sum(const crystal *c, double q, size_t n, const double omega[], double S[],
                                elfin_error *err);

/** S(q,ω) in the impulse approximation: 2π times a normalised Gaussian in ω with mean q²/(2m) and
 * width q √(ω̄/(2m)). Good for q ≫ √(2 m ω̄): the nucleus is gone before it swings back. */
void crystal_impulse(const crystal *c, double q, size_t n, const double omega[], double S[]);

#endif
