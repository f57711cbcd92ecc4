/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file coherent.h
 * For rates: single phonons below the edge of the Brillouin zone, where the nuclei of a cell swing
 * together [docs/multiphonon.md]. */
#ifndef COHERENT_H
#define COHERENT_H

#include "crystal/crystal_sum.h"

typedef struct coherent {
  const crystal_sum *sum;      /* speeds, F(q); borrowed */
  const elfin_material *material;
  crystal *const *crystals;    /* [n_nuclei] Debye–Waller factors */
  bool by_charge;              /* f_d is Z_d(q), not A_d */
  double amu, M_cell;          /* [eV] */
  double c_LA;                 /* speed of longitudinal sound, in c; 0: no acoustic phonons */
  double q_BZ, spacing;        /* 2π/a and a, in eV and 1/eV */
  double omega_acoustic;       /* the acoustic branch ends here */
  double omega_LO;             /* the optical phonon; 0: none */
  size_t n_ends;
  double ends[2 * 32];
} coherent;

/** @param[in]  by_charge  f_d is the charge that a dark photon couples to
 * @param[out] c  `sum` and `crystals` must outlive it */
void coherent_of(const elfin_constants *constants, const elfin_material *material, bool by_charge,
                 const crystal_sum *sum, crystal *const *crystals, coherent *c);

/** ∫ dω over a slice: in the units of crystal_sum_slice(), so that the two may be added. The optical
 * phonon counts if low ≤ ω_LO < high. */
elfin_status coherent_slice(coherent *c, double low, double high, double relative, integral *out,
                            elfin_error *err);

/** At one ω: acoustic phonons; the optical one is a line. */
double coherent_point(const coherent *c, double omega);

#endif
