/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file migdal.h
 * Inside the room: the Migdal effect's nucleus, for the soft limit (migdal.c) and beyond it
 * (migdal_full.c). Natural units: eV, velocities in c. */
#ifndef MIGDAL_H
#define MIGDAL_H

#include "numerics/numerics.h"

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

/* migdal_full.c: the full expression of physics.md §5 for one species, in 1/kg/yr per cm² of σ̄_n. */

/** Is the expression meaningful for all ω ≥ omega_low? @return ELFIN_OK; ELFIN_E_VALIDITY: the
 * region reaches the pole at q_N·k = m_N ω, and where */
elfin_status migdal_full_valid(const elfin_request *request, const migdal_nucleus *nucleus,
                               double omega_low, elfin_error *err);

/** The rate with low ≤ ω ≤ high; `relative` is the accuracy wanted.
 * @return as integrate_panels(), and as migdal_full_valid() */
elfin_status migdal_full_rate(const elfin_request *request, const migdal_nucleus *nucleus,
                              double low, double high, double relative, integral *out,
                              elfin_error *err);

/** dR/dω at one ω [1/kg/yr/eV per cm²]. */
elfin_status migdal_full_differential(const elfin_request *request, const migdal_nucleus *nucleus,
                                      double omega, double relative, integral *out,
                                      elfin_error *err);

#endif
