/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file multiphonon.h
 * Inside the room: what the processes that make phonons share (multiphonon.c). */
#ifndef MULTIPHONON_H
#define MULTIPHONON_H

#include "crystal/crystal_sum.h"
#include "rates/nuclei.h"

#include <elfin/rate.h>

/** What the nodes of F_n leave open in a rate (relative). */
extern const double CRYSTAL_OWN_ERROR;

/** η of a halo. */
speed_function crystal_speeds(const elfin_halo *halo);

/** σ̄ ρ_χ/(m_χ μ_χn² M_cell) for σ̄ = 1 cm² and the nuclei of this cell: times an integral of
 * crystal_sum.c, 1/kg/yr per cm². */
double crystal_prefactor(const elfin_request *request, size_t n_nuclei,
                         const elfin_nucleus nuclei[]);

/** Flags of a rate above a threshold: `value` of the integrals, of which shares->… are parts. */
unsigned crystal_sum_flags(const crystal_sum *sum, const elfin_material *material, double threshold,
                           double value);

/** What no process that makes phonons can use. @return ELFIN_OK; ELFIN_E_ARGUMENT */
elfin_status crystal_check_request(const elfin_request *request, size_t n_nuclei, elfin_error *err);

/** Whether all have the charge that a dark photon couples to. @return ELFIN_OK; ELFIN_E_ARGUMENT */
elfin_status crystal_check_charges(const elfin_material *material, size_t n_nuclei,
                                   const elfin_nucleus nuclei[], elfin_error *err);

#endif
