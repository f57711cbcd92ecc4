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

/** Z(k): the charge that an ion or an atom shows to a momentum transfer k. */
typedef struct elfin_form_factor {
  const char *name;   /**< "Si_Zion" */
  const char *source;
  int of_atom;        /**< 1: of the neutral atom, Z(0) = 0; 0: of the ion without its valence */
  double k_max_eV;    /**< beyond it the charge stays what it is there */
  const void *shape;  /**< private */
} elfin_form_factor;

/** Phonon density of states D(ω) of one nucleus: linear between the points, zero outside and at
 * ω ≤ 0; used as it is, not renormalised (physics.md §6). */
typedef struct elfin_density_of_states {
  const char *source;
  size_t n;
  const double *omega_eV;   /**< [n], ascending */
  const double *per_eV;     /**< [n], D(ω) in 1/eV */
  double norm;              /**< ∫ D dω */
  double mean_eV;           /**< ω̄ = ∫ ω D dω */
  double inverse_per_eV;    /**< ⟨1/ω⟩ = ∫ D/ω dω */
} elfin_density_of_states;

/** One species of nucleus in the cell. Pointers are NULL where the file does not give them. */
typedef struct elfin_nucleus {
  const char *name;      /**< "Si" */
  double mass_number;    /**< A */
  double multiplicity;   /**< how many per cell */
  elfin_quantity charge; /**< of the ion at rest, constant in k */
  const elfin_form_factor *ion;        /**< Z(k) of the ion */
  const elfin_form_factor *atom;       /**< Z(k) of the neutral atom */
  const elfin_density_of_states *dos;
} elfin_nucleus;

/** A shell of the isolated atom and how likely a kick ionises it (physics.md §5, atomic). */
typedef struct elfin_shell {
  int n, l;                      /**< 3, 1: 3p */
  double binding_eV;
  const char *source;
  size_t n_energies;
  const double *energy_eV;       /**< [n_energies] of the electron, ascending */
  const double *probability;     /**< [n_energies] p_nl for q_e = 1 eV, in 1/eV, > 0 */
  const void *shape;             /**< private: ln p by PCHIP in ln E */
} elfin_shell;

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
  const elfin_nucleus *single_ion;   /**< the one nucleus that DarkELF takes for the whole material,
                                          named as the most similar one of the cell; may be NULL */
  size_t n_shells;
  const elfin_shell *shells;         /**< [n_shells], innermost first */
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

/** Z(k) at n momenta; `charge` may be the same array as `k_eV`. Beyond k_max_eV the value there.
 * Source: physics.md §5; the form's own citation is in `source`. */
void elfin_form_factor_at(const elfin_form_factor *form, size_t n, const double k_eV[],
                          double charge[]);

/** p_nl(E) [1/eV] for q_e = 1 eV at n energies: below the first energy the value there, beyond the
 * last one 0. `probability` may be the same array as `energy_eV`. */
void elfin_shell_at(const elfin_shell *shell, size_t n, const double energy_eV[],
                    double probability[]);

/** The names of all materials in elfin_data_dir(), sorted. `*names` is yours: free each, then the
 * array, with free(). @return ELFIN_OK; ELFIN_E_DATA; ELFIN_E_MEMORY */
elfin_status elfin_material_list(size_t *n, char ***names, elfin_error *err);

#ifdef __cplusplus
}
#endif
#endif
