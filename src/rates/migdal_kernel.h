/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file migdal_kernel.h
 * Inside the room: G(ω,k), all of the full Migdal expression but the electrons (migdal_kernel.c).
 * Natural units: eV, velocities in c. */
#ifndef MIGDAL_KERNEL_H
#define MIGDAL_KERNEL_H

#include "halo/halo_lookup.h"

#include <elfin/halo.h>

/** Relative error of G: for halos in closed form; for tables of up to MIGDAL_KERNEL_KINKS points, at
 * all of which pieces end; for longer ones, whose kinks are left inside.
 * tests/rates/test_migdal_kernel.c holds all three against rules of twice the order. */
#define MIGDAL_KERNEL_ERROR 1e-5
#define MIGDAL_KERNEL_ERROR_TABLE 5e-5
#define MIGDAL_KERNEL_ERROR_LONG_TABLE 2e-3
/** The same in the soft limit, for halos in closed form (tests/rates/test_migdal.c). */
#define MIGDAL_KERNEL_ERROR_SOFT 1e-6
enum { MIGDAL_KERNEL_KINKS = 256 };

enum { GAUSS_MOST = 20 };

/** Gauss–Legendre's rule on 0 … 1. */
typedef struct gauss {
  size_t n;
  double at[GAUSS_MOST], weight[GAUSS_MOST];
} gauss;

typedef struct migdal_kernel {
  const halo_lookup *eta;  /* borrowed */
  size_t n_kinks;
  const double *kink;      /* [n_kinks] of η, the last one v_max */
  double v_max;
  double m_chi, m_N, mu;   /* μ_χN */
  double q0_2, m_phi2;     /* q0², m_φ² of the mediator; INFINITY: massive */
  double E_th, q_th;       /* least recoil, and its momentum √(2 m_N E_th) */
  double Delta;            /* √(ω̄ m_N); 0: a free ion */
  gauss of_T, of_T_narrow, of_q, of_s, of_whole_s; /* rules; the last is Hermite's */
  double finer;            /* how much shorter than usual pieces are: 1 */
} migdal_kernel;

/** What the caller filled in is made ready: rules and derived momenta. `fine` takes rules with twice
 * the points on pieces of half the length: for tests of the usual ones. */
void migdal_kernel_begin(migdal_kernel *kernel, const elfin_halo *halo, int fine);

/** G(ω,k) [eV²], and how often η was evaluated for it (added to *evaluations). */
double migdal_kernel_value(const migdal_kernel *kernel, double omega, double k, long *evaluations);

/** The soft limit k → 0, without the powers of k and ω:
 *   K(ω) = ∫dq F(q)² ∫dq_N E(q,q_N) q_N³ η(v_min)   [eV⁴],   G → 2 k² K/(3 m_N² ω⁴).
 * From speed_floor on, η is taken at least there: 0 but for DarkELF's shortcut (constants.h). */
double migdal_kernel_soft(const migdal_kernel *kernel, double omega, double speed_floor,
                          long *evaluations);

/** The impulse approximation's largest s = |q_N + k| that counts for any ω ≥ omega and k ≥ k_min. */
double migdal_kernel_furthest(const migdal_kernel *kernel, double omega, double k_min);

/** Relative error of values, and of migdal_kernel_soft(). */
double migdal_kernel_error(const migdal_kernel *kernel);
double migdal_kernel_error_soft(const migdal_kernel *kernel);

#endif
