/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file migdal.h
 * Inside the room: the Migdal effect's nucleus, for the soft limit (migdal.c) and beyond it
 * (migdal_full.c). Natural units: eV, velocities in c. */
#ifndef MIGDAL_H
#define MIGDAL_H

#include "numerics/numerics.h"
#include "numerics/series.h"
#include "rates/migdal_kernel.h"

#include <elfin/rate.h>

/** One species of nucleus, as a request wants it seen. */
typedef struct migdal_nucleus {
  const char *name;
  double mass_number;            /* A_d */
  double m_N;                    /* m_d [eV] */
  double per_mass;               /* nuclei per mass of target: mult_d/M_cell [1/eV] */
  const elfin_form_factor *ion;  /* Z(k); NULL: `charge` at every k */
  double charge;
  double phonon_mean;            /* ω̄_d [eV]; NAN where unknown */
  double recoil_threshold;       /* E_th,N [eV] */
} migdal_nucleus;

/* migdal_nuclei.c: what a request's material is made of, as the Migdal effect sees it. */

enum { MIGDAL_MOST_NUCLEI = 16 };

/** All nuclei that the request means [MIGDAL_MOST_NUCLEI].
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: no such nucleus, or it lacks what is asked for, and what */
elfin_status migdal_nuclei(const elfin_request *request, size_t *n, migdal_nucleus nuclei[],
                           elfin_error *err);

/** A² n_d n_χ c/μ_χn²: nuclei per kg, dark matter per cm³, c in cm/yr [1/kg/yr per cm² · 1/eV²]. */
double migdal_flux(const elfin_request *request, const migdal_nucleus *nucleus);

/** The kernel of one nucleus for a request, ready. @return ELFIN_OK; ELFIN_E_ARGUMENT */
elfin_status migdal_kernel_of(const elfin_request *request, const migdal_nucleus *nucleus,
                              migdal_kernel *kernel, elfin_error *err);

/* migdal.c */

/** Does the Migdal effect know the request's response, or its isolated atoms? @return ELFIN_OK;
 * ELFIN_E_ARGUMENT, with the reason */
elfin_status migdal_check_target(const elfin_request *request, elfin_error *err);

/** What the electrons take from this nucleus in the soft limit, as a prepared series in ln ω: D of
 * elf/ion_loss.h [eV³], or of isolated atoms Σ p [1/eV].
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: not prepared; as migdal_atomic_series() */
elfin_status migdal_electrons(const elfin_request *request, const migdal_nucleus *nucleus,
                              const series **Y, elfin_error *err);

/* migdal_full.c: the full expression of docs/migdal.md for one species, in 1/kg/yr per cm² of σ̄_n. */

/** Is the expression meaningful for all ω ≥ omega_low? @return ELFIN_OK; ELFIN_E_VALIDITY: the
 * region reaches the pole at q_N·k = m_N ω, and where */
elfin_status migdal_full_valid(const elfin_request *request, const migdal_nucleus *nucleus,
                               double omega_low, elfin_error *err);

/** The rate with low ≤ ω ≤ high, within the response's range and below where kinematics ends.
 *
 * Screened (the ELF), `k` from 10 eV to the least of the response's highest and request->k_cut_eV.
 * Exactly 0 where nothing is fast enough.
 * @param[in]  relative, absolute  the accuracy wanted, whichever is reached first; the latter in
 *             units of the result
 * @param[out] out  error: all of it, with what the kernel and the response's interpolant add;
 *             evaluations: points in the (ω,k) plane
 * @return as integrate_panels(), and as migdal_full_valid(); ELFIN_E_ACCURACY also where `relative`
 *         is below what the kernel or the interpolant are known to */
elfin_status migdal_full_rate(const elfin_request *request, const migdal_nucleus *nucleus,
                              double low, double high, double relative, double absolute,
                              integral *out, elfin_error *err);

/** dR/dω at one ω [1/kg/yr/eV per cm²], to a relative accuracy. */
elfin_status migdal_full_differential(const elfin_request *request, const migdal_nucleus *nucleus,
                                      double omega, double relative, integral *out,
                                      elfin_error *err);

#endif
