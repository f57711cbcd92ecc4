/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal_sum.h
 * For rates: integrals of the structure factor over energies and momenta, for all processes
 * that make phonons (multiphonon.c, multiphonon_sd.c, multiphonon_anisotropic.c). Natural units:
 * eV. */
#ifndef CRYSTAL_SUM_H
#define CRYSTAL_SUM_H

#include "numerics/numerics.h"
#include "crystal/crystal_inner.h"
#include "crystal/mediator.h"

/** How much dark matter is fast enough, as a function of v_min = q/(2m_χ) + ω/q: η, or its like for
 * one direction. Smooth between the kinks, 0 from the last one on. */
typedef struct speed_function {
  void (*at)(const void *context, size_t n, const double v[], double f[]); /* may be one array */
  const void *context;
  size_t n_kinks;      /* ≥ 1 */
  const double *kinks; /* [n_kinks] ascending */
} speed_function;

/** One species of nucleus. */
typedef struct crystal_species {
  const crystal *of;
  double strength;                 /* factors that do not depend on q */
  const elfin_form_factor *charge; /* f_d(q)² = Z(q)²; NULL: 1 */
  bool sum_only;                   /* no impulse approximation: another entry has it */
} crystal_species;

/** What parts of the integrals so far are, added up over slices and species. */
typedef struct crystal_shares {
  double impulse;    /* in the impulse approximation */
  double below_zone; /* q < q_single */
} crystal_shares;

enum { CRYSTAL_MOST_SPECIES = 32 }; /* nuclei, or twice the kinds of an anisotropic crystal */

/** ∫ dq q (q/q_unit)^power F(q)² v(v_min) Σ_d strength_d f_d(q)² C_d(q,ω), C = S/(2π). */
typedef struct crystal_sum {
  double m_chi;
  speed_function speed;
  mediator form; /* F(q) */
  double q_unit, power;
  double q_from;          /* no smaller q counts */
  double q_single;        /* below it only n ≥ 2: single phonons are coherent there */
  long max_evaluations;   /* of each integral */
  crystal_shares *shares; /* crystal_sum_slice() adds to it; NULL: nobody asks */
  size_t n_species;
  crystal_species species[CRYSTAL_MOST_SPECIES];
} crystal_sum;

/** Its integral over low ≤ ω ≤ high (which may be INFINITY).
 * @return as integrate_panels() */
elfin_status crystal_sum_slice(const crystal_sum *sum, double low, double high, double relative,
                               double absolute, integral *out, elfin_error *err);

/** Its value at one ω > 0. */
elfin_status crystal_sum_point(const crystal_sum *sum, double omega, double relative, integral *out,
                               elfin_error *err);

/** Parts of it, for the terms that are no crystal's: F(q)² (q/q_unit)^power at n momenta. */
void crystal_sum_form(const crystal_sum *sum, size_t n, const double q[], double form[]);

/** The momenta at which v_min(q,ω) = v: 0 < q₋ ≤ q₊. @return false if ω is too high for this v */
bool crystal_sum_momenta(double m_chi, double v, double omega, double *q_low, double *q_high);

#endif
