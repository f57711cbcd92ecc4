/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file optical_request.h
 * What phonon.c, froehlich.c and absorption.c ask of a request alike. */
#ifndef OPTICAL_REQUEST_H
#define OPTICAL_REQUEST_H

#include <elfin/rate.h>

/** The configuration that a request names; ELFIN_N_CONFIGURATIONS if it is none. */
elfin_configuration optical_configuration(const elfin_request *q);

/** What none of the three processes takes: an unknown configuration, a charge spectrum, a
 * splitting.
 * @return ELFIN_OK; ELFIN_E_ARGUMENT */
elfin_status optical_check(const elfin_request *q, const char *process, elfin_error *err);

/** The same, and a mediator with a mass: ε(ω) tells nothing of momenta that are not small. */
elfin_status optical_check_scattering(const elfin_request *q, const char *process,
                                      elfin_error *err);

/** ELFIN_FLAG_BEYOND_ZONE if momenta beyond the Brillouin zone contribute more than the accuracy at
 * the energy `omega`, the lowest that counts: there, the most momenta are open. */
unsigned optical_zone_flags(const elfin_request *q, double omega);

#endif
