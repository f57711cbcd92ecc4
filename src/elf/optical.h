/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file optical.h
 * Inside the room: ε(ω) of phonons, or of electrons at k → 0 [docs/responses.md].
 */
#ifndef OPTICAL_H
#define OPTICAL_H

#include "numerics/grid.h"

#include <elfin/material.h>

#include <complex.h>
#include <stdbool.h>

/** Where the ELF has a peak of Lorentz' shape: a zero of ε at ω − i·half_width. */
typedef struct optical_peak {
  double omega, half_width; /* [eV] */
} optical_peak;

typedef struct optical optical;

/** How ε follows from the numbers. */
typedef double complex optical_formula(const optical *o, double omega);

struct optical {
  optical_formula *formula;
  bool straight;               /* ε itself is linear between the knots */
  bool everywhere;             /* the formula holds at all ω > 0, also beyond the stated range */
  double omega_min, omega_max; /* the stated range [eV] */
  double eps1_below, eps1_above; /* ε1 at its ends, and outside of it; ε2 is 0 there */
  double eps_infinity;         /* ε above the phonons; NAN where the data does not tell */
  double eps1, strength, transverse; /* of the models that have them */
  size_t n_modes;
  const elfin_phonon_mode *modes; /* [n_modes] borrowed */
  size_t n_peaks;
  optical_peak *peaks;         /* [n_peaks] ascending; of phonons */
  size_t n;                    /* points, 0 for a sum of oscillators */
  double *omega;               /* [n] ascending: the knots */
  double *x, *first, *second;  /* [n] linear in x between the knots: ω or ln ω, ε or ln ε, … */
  bool logarithmic;            /* x = ln ω */
  grid cells;
};

/** From a block of a material file; borrowed: must outlive what is made.
 * @return ELFIN_OK; ELFIN_E_DATA, with `name`; ELFIN_E_MEMORY */
elfin_status optical_of_phonons(const char *name, const elfin_phonon_response *from,
                                optical **made, elfin_error *err);
elfin_status optical_of_electrons(const char *name, const elfin_optical *from, optical **made,
                                  elfin_error *err);

/** From a text table: columns ω [eV], ε1, ε2, ω ascending; linear in between. The first line may be
 * a text, its citation: *header, yours to free().
 * @return ELFIN_OK; ELFIN_E_DATA: file:line and what is wrong; ELFIN_E_MEMORY */
elfin_status optical_read(const char *path, optical **made, char **header, elfin_error *err);

/** From arrays, copied: ω [eV] ascending from at least 0, at least 2; linear in between.
 * @return ELFIN_OK; ELFIN_E_DATA, with `name` and the entry; ELFIN_E_MEMORY */
elfin_status optical_of_arrays(const char *name, size_t n, const double omega[], const double eps1[],
                               const double eps2[], optical **made, elfin_error *err);

/** Find the peaks of an ε whose zeros are not among its numbers. @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status optical_search_peaks(optical *o, elfin_error *err);

void optical_free(optical *o); /* NULL is fine */

/** ε at n energies; outside of the stated range ε1 of the nearer end and ε2 = 0. NaN in, NaN out. */
void optical_epsilon(const optical *o, size_t n, const double omega[], double eps1[],
                     double eps2[]);

#endif
