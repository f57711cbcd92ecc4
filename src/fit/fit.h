/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file fit.h
 * From optical data to an ELF at every momentum: a list of oscillators, each of which is a Mermin
 * function (docs/responses.md). At k → 0 a Mermin function is a Drude function, so the data fix the list:
 *
 *   ELF(ω,0) = Σ A_i ω_i² Γ_i ω / ((ω² − ω_i²)² + Γ_i² ω²)
 *
 *   (2/π) ∫ ELF/ω dω = Σ A_i       = 1 − 1/ε(0)     (Kramers–Kronig)
 *   (2/π) ∫ ω ELF dω = Σ A_i ω_i²  = ω_p²           (f-sum)
 */
#ifndef FIT_H
#define FIT_H

#include <elfin/material.h>

#include <stdbool.h>
#include <stdio.h>

/* ---- optical data ----------------------------------------------------------------------------- */

typedef struct optical_data {
  const char *path; /* borrowed */
  char *remark;     /* the file's first comment; "" without one */
  size_t n;
  double *omega, *elf, *error; /* [n] eV, ascending; error > 0: one standard deviation */
  bool errors_given;           /* by a column; else assumed, see optical_data_assume() */
} optical_data;

/** Read a text table: columns separated by commas, semicolons or blanks, named by a head or `columns`
 * [import/named_columns.h]; the first comment is taken for the source.
 *
 * @param[in]  path     borrowed by the result
 * @param[in]  columns  "omega,elf", "omega,elf,error", "omega,eps1,eps2" or "omega,n,kappa", in any order and
 *                      with units of omega; NULL: the head, or omega,elf if there are two without one
 * @param[in]  from_eV, to_eV  what lies outside is left out
 * @param[out] data     yours, free with optical_data_free(); untouched on failure
 * @return ELFIN_OK; ELFIN_E_DATA: the file is missing or malformed, the columns are none of these, energies do not
 *         ascend, an ELF is negative (file:line), fewer than 4 rows are in range; ELFIN_E_MEMORY */
elfin_status optical_data_read(const char *path, const char *columns, double from_eV, double to_eV,
                               optical_data **data, elfin_error *err);

void optical_data_free(optical_data *data); /* NULL is fine */

/* ---- the fit ---------------------------------------------------------------------------------- */

typedef struct fit_wishes {
  size_t n_oscillators;  /* 0: as many as the criterion asks for, at most `most` */
  size_t most;           /* 1 … FIT_MOST */
  double relative_error; /* of data without errors; with 1/20 of it, of the largest ELF, added */
  double eps_static;     /* Σ A = 1 − 1/ε(0); NaN: at most 1; INFINITY: a metal */
  double plasma_eV;      /* Σ A ω² = ω_p²; NaN: free */
} fit_wishes;

enum { FIT_MOST = 30 };

/** One number of oscillators that was tried. */
typedef struct fit_step {
  size_t n_oscillators;
  double chi2, criterion;
} fit_step;

typedef struct fit_result {
  const char *method; /* "Mermin oscillators, least squares"; static */
  size_t n;
  elfin_oscillator *list;  /* [n] by energy */
  elfin_oscillator *error; /* [n] one standard deviation of each number; NULL: not a fit */
  bool *at_bound;          /* [n] a number of it ended at a bound; NULL likewise */
  size_t n_steps;
  fit_step *steps;         /* [n_steps] numbers of oscillators tried; NULL likewise */
  double chi2;             /* NaN likewise */
  size_t n_data, n_free;   /* points; points and sum rules less parameters */
  double worst, worst_eV;  /* largest |model − data|, in the largest ELF of the data; and where */
  double rms;              /* root mean square of the same */
  double kk, f_sum;        /* Σ A; Σ A ω² [eV²] */
  double data_kk, data_f_sum; /* the same of the data, within their range */
} fit_result;

/** Oscillators by bounded least squares, one after the other, until Schwarz's criterion (1978),
 * χ² + p ln n (n ln(χ²/n) + p ln n without errors of the data), no longer falls by 6 or more.
 *
 * Amplitudes are > 0, so that the ELF is, at every k. The sum rules that are wished for hold to 1e-3.
 * Standard deviations are those of the linearised problem; without errors of the data they are scaled so
 * that χ² is the number of degrees of freedom.
 *
 * @param[out] result  yours, free with fit_result_free(); untouched on failure
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: a wish is out of range, or more numbers than data;
 *         ELFIN_E_ACCURACY: no list was found; ELFIN_E_MEMORY */
elfin_status fit_mermin(const optical_data *data, const fit_wishes *wishes, fit_result **result,
                        elfin_error *err);

/** Penn's way (Phys. Rev. B 35 (1987) 482): the data as a sum over free electron gases,
 * ELF(ω,k) = ∫ dω_p g(ω_p) ELF_Lindhard(ω,k;ω_p), g(ω) = 2 ELF(ω,0)/(π ω),
 * of which each of n logarithmic bins becomes one gas with the bin's ∫ g and ∫ g ω², so that both sum
 * rules are those of the data. Γ is twice the bin: ripples below 1 %, and no more width than that.
 *
 * @return as fit_mermin(); ELFIN_E_ARGUMENT: n is not 2 … PENN_MOST */
elfin_status fit_penn(const optical_data *data, size_t n, fit_result **result, elfin_error *err);

enum { PENN_MOST = 1000 };

void fit_result_free(fit_result *result); /* NULL is fine */

/** ELF(ω,0) of a list. Cannot fail. */
void fit_elf(size_t n, const elfin_oscillator list[], size_t n_omega, const double omega[],
             double elf[]);

/* ---- what comes of it --------------------------------------------------------------------------- */

/** How good it is, for a person. @return ELFIN_OK; ELFIN_E_OUTPUT */
elfin_status fit_print(const optical_data *data, const fit_wishes *wishes, const fit_result *result,
                       FILE *stream, elfin_error *err);

/** The block `mermin:` of a material file. */
void fit_write_block(const optical_data *data, const fit_result *result, const char *source,
                     FILE *stream);

/** A material file: all of another one's, but for its name and its `mermin:` block. It has been opened
 * as a material before it appears.
 *
 * @param[in] base    a material's name or path
 * @param[in] name    of the new one
 * @param[in] source  of the data; NULL: their file and its header
 * @return ELFIN_OK; as elfin_material_open() for base; ELFIN_E_OUTPUT: it exists, or cannot be written */
elfin_status fit_write_material(const optical_data *data, const fit_result *result, const char *source,
                                const char *base, const char *name, const char *path, bool overwrite,
                                elfin_error *err);

#endif
