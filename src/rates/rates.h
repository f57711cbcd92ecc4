/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file rates.h
 * Inside the room: what the list of processes knows of one. */
#ifndef RATES_H
#define RATES_H

#include <elfin/rate.h>

/** What a process computes. The list is in rate.c. */
typedef struct process {
  /** Everything that the general checks do not cover. */
  elfin_status (*check)(const elfin_request *request, elfin_error *err);
  elfin_status (*compute)(const elfin_request *request, elfin_result *result, elfin_error *err);
} process;

/** What a process prepares once for all masses, in parts [rate.h, elfin_rate_prepare_parts()]. */
typedef struct preparing {
  size_t (*n_parts)(const elfin_request *request);
  elfin_status (*make)(const elfin_request *request, size_t i_part, size_t *n, double **numbers,
                       elfin_error *err);
  elfin_status (*take)(const elfin_request *request, size_t i_part, size_t n, const double numbers[],
                       elfin_error *err);
  elfin_status (*borrow)(const elfin_request *request, size_t i_part, size_t n,
                         const double numbers[], elfin_error *err); /* may be take */
  size_t (*n_late)(const elfin_request *request); /* NULL: no part needs others */
  /** What each process makes by itself once all parts are there; NULL: nothing. */
  elfin_status (*finish)(const elfin_request *request, elfin_error *err);
} preparing;

/* possible.c */

/** A value that is negative by more than its error, or not finite, becomes a failed one: NaN, ELFIN_E_ACCURACY.
 * @param[in] status  of the computation
 * @return it, or ELFIN_E_ACCURACY with a sentence if it was ELFIN_OK */
elfin_status refuse_impossible(const char *name, const elfin_request *request, elfin_result *result,
                               elfin_status status, elfin_error *err);

/* electron.c */
elfin_status electron_check(const elfin_request *request, elfin_error *err);
elfin_status electron_compute(const elfin_request *request, elfin_result *result, elfin_error *err);

size_t electron_n_parts(const elfin_request *request);
size_t electron_n_late(const elfin_request *request);
elfin_status electron_make_part(const elfin_request *request, size_t i_part, size_t *n,
                                double **numbers, elfin_error *err);
elfin_status electron_take_part(const elfin_request *request, size_t i_part, size_t n,
                                const double numbers[], elfin_error *err);
elfin_status electron_finish(const elfin_request *request, elfin_error *err);
elfin_status electron_borrow_part(const elfin_request *request, size_t i_part, size_t n,
                                  const double numbers[], elfin_error *err);

/* nuclear.c */
elfin_status nuclear_check(const elfin_request *request, elfin_error *err);
elfin_status nuclear_compute(const elfin_request *request, elfin_result *result, elfin_error *err);

/* migdal.c */
elfin_status migdal_check(const elfin_request *request, elfin_error *err);
elfin_status migdal_compute(const elfin_request *request, elfin_result *result, elfin_error *err);
size_t migdal_n_parts(const elfin_request *request);
elfin_status migdal_make_part(const elfin_request *request, size_t i_part, size_t *n, double **numbers,
                              elfin_error *err);
elfin_status migdal_take_part(const elfin_request *request, size_t i_part, size_t n,
                              const double numbers[], elfin_error *err);
elfin_status migdal_borrow_part(const elfin_request *request, size_t i_part, size_t n,
                                const double numbers[], elfin_error *err);

/* multiphonon.c */
elfin_status multiphonon_check(const elfin_request *request, elfin_error *err);
elfin_status multiphonon_compute(const elfin_request *request, elfin_result *result,
                                 elfin_error *err);

/* multiphonon_sd.c */
elfin_status multiphonon_sd_check(const elfin_request *request, elfin_error *err);
elfin_status multiphonon_sd_compute(const elfin_request *request, elfin_result *result,
                                    elfin_error *err);

/* phonon.c, froehlich.c, absorption.c */
elfin_status phonon_check(const elfin_request *request, elfin_error *err);
elfin_status phonon_compute(const elfin_request *request, elfin_result *result, elfin_error *err);
elfin_status phonon_finish(const elfin_request *request, elfin_error *err);
elfin_status froehlich_check(const elfin_request *request, elfin_error *err);
elfin_status froehlich_compute(const elfin_request *request, elfin_result *result,
                               elfin_error *err);
elfin_status absorption_check(const elfin_request *request, elfin_error *err);
elfin_status absorption_compute(const elfin_request *request, elfin_result *result,
                                elfin_error *err);

/* multiphonon_anisotropic.c */
elfin_status multiphonon_anisotropic_check(const elfin_request *request, elfin_error *err);
elfin_status multiphonon_anisotropic_compute(const elfin_request *request, elfin_result *result,
                                             elfin_error *err);
size_t multiphonon_anisotropic_n_parts(const elfin_request *request);
elfin_status multiphonon_anisotropic_make_part(const elfin_request *request, size_t i_part,
                                               size_t *n, double **numbers, elfin_error *err);
elfin_status multiphonon_anisotropic_take_part(const elfin_request *request, size_t i_part, size_t n,
                                               const double numbers[], elfin_error *err);
elfin_status multiphonon_anisotropic_borrow_part(const elfin_request *request, size_t i_part,
                                                 size_t n, const double numbers[],
                                                 elfin_error *err);

#endif
