/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material.h
 * What a target is made of, and the source of each number.
 *
 * A material file is YAML (data/materials/, or a user's own): one file a material. The structures
 * here are filled by elfin_material_open() and read-only afterwards.
 */
#ifndef ELFIN_MATERIAL_H
#define ELFIN_MATERIAL_H

#include <elfin/base.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A number with its source; `value` is NaN and `source` NULL where the file does not give it. */
typedef struct elfin_quantity {
  double value;
  const char *source;
} elfin_quantity;

/** One term of 1/ε = 1 + Σ A (1/ε_M(ω_p, Γ) − 1), physics.md §2. */
typedef struct elfin_oscillator {
  double amplitude;
  double gamma_eV;
  double omega_eV;
} elfin_oscillator;

/** One species of nucleus in the cell. */
typedef struct elfin_nucleus {
  const char *name;      /**< "Si" */
  double mass_number;    /**< A */
  double multiplicity;   /**< how many per cell */
} elfin_nucleus;

typedef struct elfin_material {
  const char *name;                  /**< "Si" */
  const char *path;                  /**< the file it was read from */
  const char *description;           /**< "silicon", may be NULL */
  elfin_quantity density_g_cm3;
  elfin_quantity gap_eV;             /**< 0 for a metal */
  elfin_quantity pair_energy_eV;     /**< e0: mean energy per electron–hole pair */
  elfin_quantity plasma_energy_eV;   /**< ω_p of the valence electrons, for Lindhard */
  elfin_quantity phonon_mean_eV;     /**< ω̄ of the impulse approximation */
  elfin_quantity lattice_spacing_A;  /**< [Å] */
  elfin_quantity sound_speed_km_s;   /**< c_LA */
  size_t n_nuclei;
  const elfin_nucleus *nuclei;       /**< [n_nuclei] */
  size_t n_oscillators;              /**< 0 if the material has no Mermin list */
  const elfin_oscillator *oscillators; /**< [n_oscillators] */
  const char *oscillator_source;
  void *owner;                       /**< private */
} elfin_material;

/** Read a material.
 *
 * @param[in]  name  "Si": looked up as elfin_data_dir()/materials/Si.yaml; or the path of a file
 *                   (anything with a '/' or ending in .yaml)
 * @param[out] material  yours, free with elfin_material_free(); untouched on failure
 * @return ELFIN_OK; ELFIN_E_DATA: unknown name (the sentence lists close ones), or the file is
 *         missing or malformed (file:line:column: what is wrong and what is allowed);
 *         ELFIN_E_MEMORY
 */
elfin_status elfin_material_open(const char *name, elfin_material **material, elfin_error *err);

void elfin_material_free(elfin_material *material); /**< NULL is fine. */

/** The names of all materials in elfin_data_dir(), sorted. `*names` is yours: free each, then the
 * array, with free(). @return ELFIN_OK; ELFIN_E_DATA; ELFIN_E_MEMORY */
elfin_status elfin_material_list(size_t *n, char ***names, elfin_error *err);

#ifdef __cplusplus
}
#endif
#endif
