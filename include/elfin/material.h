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

/** One term of 1/ε = 1 + Σ A (1/ε_M(ω_p, Γ) − 1), docs/responses.md. */
typedef struct elfin_oscillator {
  double amplitude;
  double gamma_eV;
  double omega_eV;
} elfin_oscillator;

/** Electrons of an inner shell, bound by energy_eV, to whom the oscillators of these energies belong. */
typedef struct elfin_edge {
  const char *shell;  /**< "2p", "Si 2p" */
  double energy_eV;   /**< below this they lose nothing */
  double from_eV;     /**< lowest and */
  double to_eV;       /**< highest ω of the shell's oscillators */
} elfin_edge;

enum { ELFIN_MOST_EDGES = 8 }; /**< of a material */

/** One term of the extended Drude model, ε(ω,k) = ε_b − Σ A/(ω² − (ω_j + α k²/2m_e)² + iγω). */
typedef struct elfin_drude_term {
  double strength_eV2; /**< A */
  double gamma_eV;     /**< γ > 0 */
  double omega_eV;     /**< ω_j ≥ 0 */
  double alpha;        /**< 1: disperses as a free electron; 0: not at all */
} elfin_drude_term;

typedef struct elfin_drude {
  const char *source;
  double background_eps;         /**< ε_b */
  size_t n;
  const elfin_drude_term *terms; /**< [n] */
} elfin_drude;

/** A table in a file of its own beside the material file, and its checksum as the material file
 * states it (and as it was when it was read). */
typedef struct elfin_data_file {
  const char *path;
  const char *sha256; /**< 64 hexadecimal digits */
} elfin_data_file;

/** Z(k): the charge that an ion or an atom shows to a momentum transfer k. */
typedef struct elfin_form_factor {
  const char *name;   /**< "Si_Zion" */
  const char *source;
  int of_atom;        /**< 1: of the neutral atom, Z(0) = 0; 0: of the ion without its valence */
  double k_max_eV;    /**< beyond it the charge stays what it is there */
  const void *shape;  /**< private: a compact formula, or a table, linear between its points */
} elfin_form_factor;

/** Phonon density of states D(ω) of one nucleus: linear between the points, zero outside and at
 * ω ≤ 0; used as it is, not renormalised (docs/multiphonon.md).
 *
 * Data with points at ω ≤ 0 begins here with (0, 0), and where its straight line through 0 would
 * leave D(0) > 0, that line is followed from 0.2 meV on: so ∫ D/ω exists. All integrals are exact
 * for this D(ω). */
typedef struct elfin_density_of_states {
  const char *source;
  size_t n;                 /**< ≥ 2 */
  const double *omega_eV;   /**< [n], ascending, ≥ 0 */
  const double *per_eV;     /**< [n], D(ω) in 1/eV; tables may dip below 0 by their noise */
  double norm;              /**< ∫ D dω */
  double mean_eV;           /**< ω̄ = ∫ ω D dω */
  double inverse_per_eV;    /**< ⟨1/ω⟩ = ∫ D/ω dω */
} elfin_density_of_states;

/** F_n(ω) of one nucleus as a table: linear between the points, zero outside (docs/multiphonon.md). */
typedef struct elfin_phonon_functions {
  const char *source;
  size_t n;                 /**< ≥ 2 */
  size_t n_terms;           /**< F_1 … F_n_terms */
  const double *rows;       /**< [n * (n_terms + 1)] ω [eV], F_1 [1/eV²], F_2 [1/eV³] …; ω ascending */
} elfin_phonon_functions;

/** Directions on which the density of states of an anisotropic crystal is projected. */
enum elfin_projection {
  ELFIN_ALONG_X,  /**< D_xx */
  ELFIN_ALONG_Y,  /**< D_yy */
  ELFIN_ALONG_Z,  /**< D_zz */
  ELFIN_ALONG_XY, /**< along (x+y)/√2: D_xy = D_{x+y} − (D_xx + D_yy)/2, and so on */
  ELFIN_ALONG_XZ, /**< along (x+z)/√2 */
  ELFIN_ALONG_YZ, /**< along (y+z)/√2 */
  ELFIN_N_PROJECTIONS
};

/** D_ij(ω) of one nucleus as six projections, each treated as in elfin_density_of_states, on one
 * grid of energies (docs/multiphonon_anisotropic.md). */
typedef struct elfin_density_tensor {
  const char *source;
  double first_eV;          /**< where the data begins, which may be below 0 */
  size_t n;                 /**< ≥ 2 */
  const double *omega_eV;   /**< [n], ascending, ≥ 0 */
  const double *per_eV;     /**< [ELFIN_N_PROJECTIONS * n] 1/eV, element [i_projection * n + i] */
  double norm[ELFIN_N_PROJECTIONS];
  double mean_eV[ELFIN_N_PROJECTIONS];
  double inverse_per_eV[ELFIN_N_PROJECTIONS];
} elfin_density_tensor;

/** One isotope of a nucleus, and the share of its spin that its protons and neutrons carry
 * (docs/multiphonon.md). */
typedef struct elfin_isotope {
  double mass_number;
  double fraction;       /**< by number, 0 … 1 */
  double spin;           /**< J */
  double proton_spin;    /**< f_p = ⟨S_p⟩/J; 0 if J = 0 */
  double neutron_spin;   /**< f_n = ⟨S_n⟩/J */
} elfin_isotope;

/** One species of nucleus in the cell. Pointers are NULL where the file does not give them. */
typedef struct elfin_nucleus {
  const char *name;      /**< "Si"; in the anisotropic cell "Si_a", of the element Si */
  double mass_number;    /**< A */
  double multiplicity;   /**< how many per cell */
  elfin_quantity charge; /**< of the ion at rest, constant in k */
  const elfin_form_factor *ion;        /**< Z(k) of the ion */
  const elfin_form_factor *atom;       /**< Z(k) of the neutral atom */
  const elfin_density_of_states *dos;  /**< NULL in the anisotropic cell */
  const elfin_phonon_functions *functions; /**< taken as they are; NULL: they are computed from `dos` */
  const elfin_density_tensor *tensor;  /**< NULL in the isotropic cell */
  size_t n_isotopes;                   /**< 0 where the file gives none */
  const elfin_isotope *isotopes;       /**< [n_isotopes] */
} elfin_nucleus;

/** A shell of the isolated atom and how likely a kick ionises it (docs/migdal.md, atomic). */
typedef struct elfin_shell {
  int n, l;                      /**< 3, 1: 3p */
  double binding_eV;
  const char *source;
  size_t n_energies;
  const double *energy_eV;       /**< [n_energies] of the electron, ascending */
  const double *probability;     /**< [n_energies] p_nl for q_e = 1 eV, in 1/eV, ≥ 0 */
  const void *shape;             /**< private: ln p by PCHIP in ln E; NULL: p linear in E */
} elfin_shell;

/** The axis of the crystal along which the electric field points. */
typedef enum elfin_configuration {
  ELFIN_ORDINARY,      /**< the default; all there is in a cubic crystal */
  ELFIN_EXTRAORDINARY, /**< along the optical axis */
  ELFIN_N_CONFIGURATIONS
} elfin_configuration;

/** Polar optical phonons of one configuration (docs/phonon.md, docs/multiphonon.md). */
typedef struct elfin_polar_phonons {
  const char *source;
  double eps_static;             /**< ε(0); NAN where the file does not give it */
  double eps_infinity;           /**< ε above the phonons; NAN where the file does not give it */
  size_t n_longitudinal;         /**< 0 where the file gives none */
  const double *longitudinal_eV; /**< [n_longitudinal] ω_LO, in the file's order */
  size_t n_transverse;           /**< 0, or n_longitudinal */
  const double *transverse_eV;   /**< [n_transverse] ω_TO of the same branches */
} elfin_polar_phonons;

/** How an ε(ω) below the gap is given. */
typedef enum elfin_phonon_model {
  ELFIN_PHONON_FACTORISED,   /**< ε∞ Π (ω_LO² − ω² − iγ_LO ω)/(ω_TO² − ω² − iγ_TO ω), `modes` */
  ELFIN_PHONON_LORENTZ,      /**< ε∞ + Σ f ω_TO²/(ω_TO² − ω² − iγ_TO ω), `modes` */
  ELFIN_PHONON_CONSTANT_EPS1, /**< ε1 = `eps1`; ln ε2 linear in ω between the points (`second`) */
  ELFIN_PHONON_SELF_ENERGY,  /**< ε∞ + S/(ω_TO² − ω² + R(ω) − iωG(ω)): `first` is R [eV²], linear in
                                  ω between the points, `second` is G [eV], ln G linear in ω */
  ELFIN_PHONON_TABLE         /**< ε1 (`first`) and ε2 (`second`), each linear in ω */
} elfin_phonon_model;

/** One factor of the factorised model, or one term of Lorentz' sum. */
typedef struct elfin_phonon_mode {
  double transverse_eV, transverse_gamma_eV;     /**< ω_TO, γ_TO */
  double longitudinal_eV, longitudinal_gamma_eV; /**< factorised: ω_LO, γ_LO; else NAN */
  double strength;                               /**< Lorentz: f; else NAN */
} elfin_phonon_mode;

/** ε(ω) below the gap (docs/responses.md). Within [omega_min_eV, omega_max_eV] as
 * the model says; outside of it ε1 as at the nearer end, ε2 = 0. */
typedef struct elfin_phonon_response {
  const char *name;              /**< "data6K" */
  const char *source;
  elfin_configuration configuration;
  elfin_phonon_model model;
  double omega_min_eV, omega_max_eV;
  double eps_infinity;           /**< factorised, Lorentz, self-energy; else NAN */
  double eps1;                   /**< constant ε1; else NAN */
  double strength_eV2;           /**< self-energy: S; else NAN */
  double transverse_eV;          /**< self-energy: ω_TO; else NAN */
  size_t n_modes;                /**< factorised, Lorentz; else 0 */
  const elfin_phonon_mode *modes; /**< [n_modes] */
  size_t n;                      /**< points; 0 for the factorised model and Lorentz' */
  const double *omega_eV;        /**< [n] ascending */
  const double *first;           /**< [n] R or ε1; NULL for constant ε1 */
  const double *second;          /**< [n] G > 0 or ε2; > 0 where its logarithm is taken */
} elfin_phonon_response;

/** A table of ε(ω,k), text or HDF5, that a job asks for by its name. */
typedef struct elfin_response_table {
  const char *name;              /**< "gpaw": no kind of response, and neither a path nor a choice */
  const char *source;
  const char *note;              /**< may be NULL */
  elfin_data_file file;          /**< looked at when it is asked for: see elfin_response_table_text() */
} elfin_response_table;

/** ε(ω) of the electrons at k → 0, from optical data (docs/absorption.md). Outside of the points ε1 as
 * at the nearer end, ε2 = 0. */
typedef struct elfin_optical {
  const char *source;
  int logarithmic;               /**< 1: ln ε1 and ln ε2 linear in ln ω; 0: ε1 and ε2 linear in ω */
  size_t n;                      /**< ≥ 2 */
  const double *omega_eV;        /**< [n] ascending, > 0 */
  const double *eps1, *eps2;     /**< [n], > 0 if logarithmic */
} elfin_optical;

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
                                          named as the most similar one of the cell; its `ion` is
                                          NULL where DarkELF has only the constant charge (GaAs);
                                          may be NULL */
  size_t n_anisotropic;
  const elfin_nucleus *anisotropic;  /**< [n_anisotropic] the cell of anisotropic multiphonons, with
                                          multiplicities of its own; each has a `tensor` */
  size_t n_shells;
  const elfin_shell *shells;         /**< [n_shells], innermost first */
  size_t n_oscillators;              /**< 0 if the material has no Mermin list */
  const elfin_oscillator *oscillators; /**< [n_oscillators] */
  const char *oscillator_source;
  size_t n_edges;                    /**< 0 where the file gives none */
  const elfin_edge *edges;           /**< [n_edges] ascending, none with an oscillator of another's */
  const char *edge_source;           /**< else NULL */
  const elfin_drude *drude;          /**< extended Drude model; NULL where the file gives none */
  const elfin_data_file *response_table; /**< ε(ω,k) as a text table: the default response where it
                                              is there; else NULL */
  const char *response_table_source; /**< else NULL */
  size_t n_response_tables;
  const elfin_response_table *response_tables; /**< [n_response_tables] those with a name */
  const elfin_polar_phonons *polar[ELFIN_N_CONFIGURATIONS]; /**< NULL where the file gives none */
  size_t n_phonon_responses;
  const elfin_phonon_response *phonon_responses; /**< [n_phonon_responses]; the first of each
                                                      configuration is its default */
  const elfin_optical *optical;      /**< may be NULL */
  size_t n_files;
  const elfin_data_file *files;      /**< [n_files] every file that was read beside `path` */
  void *owner;                       /**< private */
} elfin_material;

/** Read a material.
 *
 * @param[in]  name  "Si": looked up as elfin_data_dir()/materials/Si.yaml; or the path of a file
 *                   (anything with a '/' or ending in .yaml)
 * @param[out] material  yours, free with elfin_material_free(); untouched on failure
 * @return ELFIN_OK; ELFIN_E_DATA: unknown name (the sentence lists close ones), or the file is
 *         missing or malformed (file:line:column: what is wrong and what is allowed), or a table
 *         that it names is missing, malformed or not the one with the stated checksum;
 *         ELFIN_E_MEMORY
 */
elfin_status elfin_material_open(const char *name, elfin_material **material, elfin_error *err);

void elfin_material_free(elfin_material *material); /**< NULL is fine. */

/** Z(k) at n momenta; `charge` may be the same array as `k_eV`. Beyond k_max_eV the value there.
 * Source: docs/migdal.md; the form's own citation is in `source`. */
void elfin_form_factor_at(const elfin_form_factor *form, size_t n, const double k_eV[],
                          double charge[]);

/** Momenta [eV], ascending, at which Z(k) has a kink: the points of a table, and k_max_eV. At most
 * `most` are written to `k_eV`; returns how many there are. */
size_t elfin_form_factor_kinks(const elfin_form_factor *form, size_t most, double k_eV[]);

/** D(ω) [1/eV] at n energies; 0 outside of the data. `per_eV` may be the same array as `omega_eV`.
 * Source: docs/multiphonon.md. */
void elfin_density_of_states_at(const elfin_density_of_states *dos, size_t n,
                                const double omega_eV[], double per_eV[]);

/** p_nl(E) [1/eV] for q_e = 1 eV at n energies: below the first energy the value there, beyond the
 * last one 0. `probability` may be the same array as `energy_eV`. */
void elfin_shell_at(const elfin_shell *shell, size_t n, const double energy_eV[],
                    double probability[]);

/** The phonon response called `name` of a configuration; `name` NULL: the default one. NULL if there
 * is none. */
const elfin_phonon_response *elfin_phonon_response_find(const elfin_material *material,
                                                        elfin_configuration configuration,
                                                        const char *name);

/** What elfin_material_open() refuses a file for, everything. */
elfin_tell_faults elfin_material_faults;

/** The names of all materials in elfin_data_dir(), sorted. `*names` is yours: free each, then the
 * array, with free(). @return ELFIN_OK; ELFIN_E_DATA; ELFIN_E_MEMORY */
elfin_status elfin_material_list(size_t *n, char ***names, elfin_error *err);

/** What a material says and hardly can be, though it is read: Mermin amplitudes that add up to more than 1.1,
 * a density of states whose norm is not 1 to 10 %.
 *
 * @param[in]  i     which of the sentences, from 0 on
 * @param[out] text  [size] "Te: the amplitudes …", cut at its end; untouched if there is none
 * @return false: there are no more than i */
bool elfin_material_doubt(const elfin_material *material, size_t i, size_t size, char text[]);

#ifdef __cplusplus
}
#endif
#endif
