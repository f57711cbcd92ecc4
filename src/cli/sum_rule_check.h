/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file sum_rule_check.h
 * `elfin response [MATERIAL] --check`: the sum rules of responses as a table for people. */
#ifndef SUM_RULE_CHECK_H
#define SUM_RULE_CHECK_H

#include "cli/cli.h"

#include <elfin/response.h>

/** The momenta that are taken where none are given [eV]. */
extern const double SUM_RULE_MOMENTA[];
extern const size_t N_SUM_RULE_MOMENTA;

/** One response, a line for each momentum (one line if it does not depend on k). */
cli_end sum_rule_check_one(const char *name, const elfin_response *response, size_t n_k,
                           const double k[]);

/** All responses that a material has, the same way. */
cli_end sum_rule_check_all(const elfin_material *material, const elfin_constants *constants, size_t n_k,
                           const double k[]);

/** All responses of all materials, a line each. */
cli_end sum_rule_check_summary(const elfin_constants *constants, size_t n_k, const double k[]);

#endif
