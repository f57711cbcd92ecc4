/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal_set.h
 * For rates: the crystals of all nuclei of a material, made once and kept with it. */
#ifndef CRYSTAL_SET_H
#define CRYSTAL_SET_H

#include "crystal/crystal_inner.h"

/** [material->n_nuclei] in their order; NULL for a nucleus without phonons. The first call for a
 * material and a set of conventions makes them (tens of milliseconds) and is not thread-safe.
 * @param[out] set  the material's
 * @return ELFIN_OK; as crystal_new() */
elfin_status crystal_set_of(const elfin_constants *constants, const elfin_material *material,
                            crystal *const **set, elfin_error *err);

/** What all processes that make phonons need of a material: nuclei, each with its density of states.
 * @return ELFIN_OK; ELFIN_E_ARGUMENT, naming what is missing */
elfin_status crystal_set_check(const elfin_material *material, elfin_error *err);

/** Σ mult_d A_d, the mass of the cell in units. */
double crystal_cell_mass_number(size_t n_nuclei, const elfin_nucleus nuclei[]);

#endif
