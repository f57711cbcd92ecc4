/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file response.h
 * The dielectric function ε(ω,k) of a material, and its energy loss function Im[−1/ε].
 * Energies and momenta in eV. Source: docs/responses.md.
 */
#ifndef ELFIN_RESPONSE_H
#define ELFIN_RESPONSE_H

#include <elfin/base.h>
#include <elfin/constants.h>
#include <elfin/material.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct elfin_response elfin_response;

/** A kind of response, as `elfin help response` and error sentences list it. */
typedef struct elfin_response_kind {
  const char *name;    /**< "mermin" */
  const char *summary; /**< "sum of damped oscillators" */
  const char *source;  /**< "N. D. Mermin, Phys. Rev. B 1 (1970) 2362" */
} elfin_response_kind;

/** All kinds that a name selects (a table is selected by its path). `*n` of them; static. */
const elfin_response_kind *elfin_response_kinds(size_t *n);

/** The kind that a material uses when none is asked for: the path of its own table, mermin, extended_drude, the first
 * of its tables by name, and for want of all these lindhard, which has no gap.
 * Static text, or the material's; NULL if the material has no electronic response at all. A table may be in HDF5,
 * which libelfin does not read. */
const char *elfin_response_default(const elfin_material *material);

/** The same for k → 0: optical data go before, and lindhard, which loses nothing there, is none. */
const char *elfin_response_default_optical(const elfin_material *material);

/** What is between the nodes of a table of ε(ω,k), and beyond its first and last momentum. */
typedef enum elfin_table_interpolation {
  ELFIN_TABLE_BILINEAR, /**< ε1 and ε2 bilinear in each cell, as in DarkELF */
  ELFIN_TABLE_SMOOTH    /**< bicubic, slopes continuous, Im ε ≥ 0: the ELF, too */
} elfin_table_interpolation;

typedef enum elfin_table_beyond {
  ELFIN_TABLE_NOTHING, /**< no loss: the range ends */
  ELFIN_TABLE_HOLD,    /**< the table's first or last row */
  ELFIN_TABLE_MERMIN,  /**< the material's Mermin oscillators */
  ELFIN_TABLE_MERMIN_EDGES /**< the same, with edges of inner shells */
} elfin_table_beyond;

typedef struct elfin_table_choice {
  elfin_table_interpolation interpolation;
  elfin_table_beyond below, above;
} elfin_table_choice;

/** Bilinear, below hold, above nothing. */
elfin_table_choice elfin_table_default(void);

/** "X.h5 (smooth, below hold, above mermin)": what the brackets say; the rest is the default.
 * @param[out] path_length  of the path before them; may be NULL
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: a word that is unknown, or said twice */
elfin_status elfin_table_choose(const char *text, elfin_table_choice *choice, size_t *path_length,
                                elfin_error *err);

/** The same, and the path itself, yours. @return also ELFIN_E_MEMORY */
elfin_status elfin_table_path(const char *text, elfin_table_choice *choice, char **path,
                              elfin_error *err);

/** Does the path before the brackets end in .h5 or .hdf5? libelfin does not read these: the program
 * does. */
bool elfin_table_is_hdf5(const char *text);

/** The table that "gpaw", or "gpaw (smooth)", asks for by its name in the material's file.
 * @return NULL: the material has none of this name */
const elfin_response_table *elfin_response_table_named(const elfin_material *material,
                                                       const char *text);

/** Its path instead of its name: "…/Si_gpaw.h5 (smooth)", the file's checksum being the stated one.
 * @param[out] path_text  yours, free() it; NULL, with ELFIN_OK: the material has none of this name
 * @return ELFIN_OK; ELFIN_E_DATA: the file is missing or another one; ELFIN_E_MEMORY */
elfin_status elfin_response_table_text(const elfin_material *material, const char *text,
                                       char **path_text, elfin_error *err);

/** The response of a material.
 *
 * @param[in]  kind       one of elfin_response_kinds(), the name of one of the material's tables
 *                        in text, or the path of a text table (columns ω, k,
 *                        ε1, ε2 in DarkELF's format: anything with a '/' or a '.'), with what
 *                        elfin_table_choose() understands
 * @param[in]  material   borrowed: must outlive the response
 * @param[in]  constants  the conventions: constants, and what fills a hole in a table
 * @param[out] response   yours, free with elfin_response_free(); untouched on failure
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: unknown kind, or the material lacks what the kind needs;
 *         ELFIN_E_DATA: table missing or malformed, with its line; ELFIN_E_MEMORY
 */
elfin_status elfin_response_open(const char *kind, const elfin_material *material,
                                 const elfin_constants *constants, elfin_response **response,
                                 elfin_error *err);

/** The same for one configuration of the material (its optical axis): which of its phonon responses is
 * meant. elfin_response_open() is the ordinary one.
 *
 * Kinds of ε(ω) alone, for phonons and absorption: `phonon`, the configuration's first phonon
 * response; the name of one of them, whatever its configuration; `optical`; `joined`, which is phonon
 * below the gap and the best electronic response at k → 0 above; the path of a text table of three
 * columns ω, ε1, ε2. They do not depend on k: k_min_eV is 0, k_max_eV INFINITY, and outside of the
 * range of ω, ε1 is that of the nearer end and ε2 = 0. */
elfin_status elfin_response_open_configuration(const char *kind, elfin_configuration configuration,
                                               const elfin_material *material,
                                               const elfin_constants *constants,
                                               elfin_response **response, elfin_error *err);

/** The kind `joined` with electrons that the caller has opened.
 * @param[in]  electrons  taken, on failure, too; NULL: none above the gap
 * @param[out] response   yours, free with elfin_response_free(); untouched on failure
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: no gap is known, or there is no response on either side; ELFIN_E_MEMORY */
elfin_status elfin_response_join(elfin_configuration configuration, const elfin_material *material,
                                 elfin_response *electrons, elfin_response **response, elfin_error *err);

/** A response from a grid, bilinear in ε1 and ε2. Arrays are copied.
 *
 * @param[in] name   what messages call it, e.g. the path
 * @param[in] omega  [n_omega] ascending, eV; n_omega ≥ 2
 * @param[in] k      [n_k] ascending, eV; n_k ≥ 2
 * @param[in] eps1, eps2  [n_omega * n_k], element [i_k * n_omega + i_omega]; NaN is a hole
 * @return ELFIN_OK; ELFIN_E_DATA, naming the entry; ELFIN_E_MEMORY
 */
elfin_status elfin_response_new_table(const char *name, size_t n_omega, const double omega[],
                                      size_t n_k, const double k[], const double eps1[],
                                      const double eps2[], const elfin_constants *constants,
                                      elfin_response **response, elfin_error *err);

/** The same with what elfin_table_choose() makes of `text`, for a material.
 *
 * A single momentum makes it an ε(ω) alone, as a text of three columns.
 *
 * @param[in] text      path and brackets
 * @param[in] source    whose numbers these are; NULL: the path
 * @param[in] material  borrowed, must outlive the response; NULL: none, and no mermin tail
 * @return also ELFIN_E_ARGUMENT: brackets that are wrong, a material without oscillators */
elfin_status elfin_response_new_chosen(const char *text, size_t n_omega, const double omega[],
                                       size_t n_k, const double k[], const double eps1[],
                                       const double eps2[], const char *source,
                                       const elfin_material *material,
                                       const elfin_constants *constants, elfin_response **response,
                                       elfin_error *err);

void elfin_response_free(elfin_response *response); /**< NULL is fine. */

/** ε(ω,k) at n points.
 * @param[in]  omega, k  [n] eV
 * @param[out] eps1, eps2  [n]; outside the response's range ε = 1. Formulas (lindhard, mermin, mermin_edges,
 *             extended_drude) go on below k_min_eV, where rates begin, to their limit at k = 0:
 *             1 − ω_p²/(ω(ω+iΓ)) of each Mermin oscillator
 * Cannot fail: NaN in, NaN out. */
void elfin_response_epsilon(const elfin_response *response, size_t n, const double omega[],
                            const double k[], double eps1[], double eps2[]);

/** Energy loss function Im[−1/ε(ω,k)] ≥ 0 at n points. Arguments as elfin_response_epsilon(). */
void elfin_response_elf(const elfin_response *response, size_t n, const double omega[],
                        const double k[], double elf[]);

/** What a response is and how far it reaches. */
typedef struct elfin_response_info {
  const char *kind;      /**< "mermin", "lindhard", "table" */
  const char *source;    /**< citation of the data; may be NULL */
  const char *path;      /**< of the table, else NULL */
  const char *interpolation; /**< of a table of ω and k: "bilinear, below hold, above nothing"; else NULL */
  double omega_min_eV, omega_max_eV; /**< where it says something; 0 and INFINITY: everywhere */
  double k_min_eV, k_max_eV;
  size_t n_holes;        /**< table entries that were NaN and were filled */
} elfin_response_info;

elfin_response_info elfin_response_about(const elfin_response *response);

/** Sum rules at momentum k over the response's range of ω (docs/responses.md):
 * @param[out] f_sum  ∫ ω ELF dω · 2/(π ω_p²), ω_p² = Σ A_i ω_i² for oscillators, Σ (ω_LO² − ω_TO²)/ε∞
 *                    for phonons, else the material's; NaN where there is nothing to compare with
 * @param[out] kk     (2/π) ∫ ELF/ω dω, to be compared with
 * @param[out] kk_expected  Re 1/ε(∞,k) − Re 1/ε(0,k), where ε(∞) is 1 for electrons, ε∞ for phonons
 * @return ELFIN_OK; ELFIN_E_ARGUMENT; ELFIN_E_ACCURACY */
elfin_status elfin_response_sum_rules(const elfin_response *response, double k_eV, double *f_sum,
                                      double *kk, double *kk_expected, elfin_error *err);

#ifdef __cplusplus
}
#endif
#endif
