/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file elf.h
 * Inside the room: what the files of src/elf share, and what src/rates may ask beyond response.h. */
#ifndef ELF_H
#define ELF_H

#include <elfin/response.h>

#include <complex.h>
#include <stdbool.h>

/* ---- the free electron gas (lindhard.c) ------------------------------------------------------ */

/** f(u,z) of the Lindhard function at complex u, Im u > 0, z > 0 [physics.md §2].
 * Relative error of the real and of the imaginary part below 1e-12 away from their zeros. */
double complex lindhard_f(double complex u, double z);

/** f(u,z) at real u ≥ 0, approached from above the axis. */
double complex lindhard_f_real(double u, double z);

/** f(0,z): real. */
double lindhard_f_static(double z);

/** Lindhard ε(ω,k) without damping: k_F v_F scale in `omega_p` [eV]. */
typedef struct lindhard {
  double omega_p, m_e, v_F, k_F;
} lindhard;

lindhard lindhard_of(double omega_p_eV, const elfin_constants *constants);
double complex lindhard_epsilon(const lindhard *gas, double omega, double k);

/** Momenta between which Im ε ≠ 0 at energy ω: the particle–hole band. */
void lindhard_band(const lindhard *gas, double omega, double *k_low, double *k_high);

/* ---- a sum of Mermin oscillators (mermin.c) -------------------------------------------------- */

typedef struct mermin_term {
  double amplitude, omega_p, gamma; /* ω_p, Γ in Hartree */
  double v_F;                       /* in a.u. */
} mermin_term;

typedef struct mermin {
  size_t n;
  mermin_term *terms; /* [n] */
} mermin;

elfin_status mermin_new(size_t n, const elfin_oscillator list[], mermin **made, elfin_error *err);
void mermin_free(mermin *m);

/** 1/ε(ω,k) at `n` energies of one momentum, in eV: what depends on k alone is computed once. */
void mermin_inverse_row(const mermin *m, size_t n, const double omega[], double k,
                        double complex inverse[]);

/** ε_M − 1 of one oscillator; ω, k, ω_p, Γ in eV. For tests and fits. */
double complex mermin_susceptibility(double omega, double k, double omega_p, double gamma);

#endif
