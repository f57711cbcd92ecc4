/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file directional.h
 * For rates: F_n(ω; q̂) of an anisotropic crystal, on average over all directions that make
 * one angle with a given axis [docs/multiphonon_anisotropic.md]. */
#ifndef DIRECTIONAL_H
#define DIRECTIONAL_H

#include "crystal/crystal_inner.h"

typedef struct directional directional;

/** What a material's tensors say, kept with it. The first call for a material and a set of
 * conventions makes it (up to a second) and is not thread-safe.
 * @return ELFIN_OK; ELFIN_E_VALIDITY: too many phonons; ELFIN_E_DATA; ELFIN_E_MEMORY */
elfin_status directional_of(const elfin_constants *constants, const elfin_material *material,
                            const directional **set, elfin_error *err);

/** The same for several processes: one makes the numbers, all have the set from them.
 * @return whether there is something to make; false: it is there already, or too small to be shared */
bool directional_is_to_share(const elfin_constants *constants, const elfin_material *material);

/** @param[out] numbers  [n], yours: free(); a single one says that no set can be made: whoever asks
 *                       directional_of() is told why */
elfin_status directional_make_shared(const elfin_constants *constants,
                                     const elfin_material *material, size_t *n, double **numbers,
                                     elfin_error *err);

/** @param[in] copy  false: `numbers` stay where they are until the material is freed
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: not numbers of this set; ELFIN_E_MEMORY */
elfin_status directional_take_shared(const elfin_constants *constants,
                                     const elfin_material *material, size_t n,
                                     const double numbers[], bool copy, elfin_error *err);

/** One kind of nucleus: all sites of it. */
typedef struct directional_kind {
  const elfin_nucleus *nucleus; /* one of them: mass, charge */
  double multiplicity;          /* of all its sites in the anisotropic cell */
} directional_kind;

const directional_kind *directional_kinds(const directional *set, size_t *n);

/** The highest phonon of all. */
double directional_omega_max(const directional *set);

/** The crystal seen along an axis. */
typedef struct directional_view directional_view;

/** @param[in] axis  [3] of length 1
 * @param[in] omega_end  no energies above matter
 * @param[out] made  yours, free with directional_view_free() */
elfin_status directional_view_new(const directional *set, const double axis[3], double omega_end,
                                  directional_view **made, elfin_error *err);
void directional_view_free(directional_view *view); /* NULL is fine */

enum { DIRECTIONAL_MOST_PARTS = 2 };

/** F_n of one kind, sites and azimuth averaged, in up to DIRECTIONAL_MOST_PARTS crystals whose
 * phonons add up; the impulse approximation is that of part 0. Valid until the next call. */
typedef struct directional_crystals {
  size_t n_parts;
  const crystal *part[DIRECTIONAL_MOST_PARTS];
} directional_crystals;

/** Turn to all directions whose cosine with the axis is u.
 * @param[in] last_degree  of F_n's spherical harmonics: false: all; true: only the last that is kept,
 *                         which says how much is missing */
elfin_status directional_view_at(directional_view *view, double u, bool last_degree,
                                 directional_crystals kinds[], elfin_error *err);

#endif
