/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file migdal_atomic.h
 * Inside the room: how a kick ionises an isolated atom (migdal_atomic.c). */
#ifndef MIGDAL_ATOMIC_H
#define MIGDAL_ATOMIC_H

#include "numerics/series.h"

#include <elfin/rate.h>

/** Can the shells that the request names be had? @return ELFIN_OK; ELFIN_E_ARGUMENT, with what there is */
elfin_status migdal_atomic_check(const elfin_request *request, elfin_error *err);

/** Σ p_nl(ω − E_nl) over the request's shells [1/eV] for q_e = 1 eV, as a series in ln ω, from the least
 * binding energy to the end of the data or of the conventions' range; 0 elsewhere. Kept with the material.
 * @return as migdal_atomic_check(); ELFIN_E_MEMORY */
elfin_status migdal_atomic_series(const elfin_request *request, const series **made, elfin_error *err);

#endif
