/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file optical_rule.h
 * ∫ dω ELF(ω) g(ω) for an ε(ω): pieces on which the ELF is smooth, and the ELF as the weights of a rule for smooth g. */
#ifndef OPTICAL_RULE_H
#define OPTICAL_RULE_H

#include "elf/optical.h"

#include <elfin/response.h>

#include <stdbool.h>

/** A piece of the energies: ω = centre + width sinh(u), u linear from one end to the other; width
 * 0: ω itself is linear. */
typedef struct optical_stretch {
  double low, high, centre, width, u_low, u_high;
} optical_stretch;

/** In the variable of the peak that is nearest to the middle. */
optical_stretch optical_stretch_between(const optical *o, double low, double high);

/** ω at n places x from 0 to 1, and dω/dx. */
void optical_stretch_at(const optical_stretch *s, size_t n, const double x[], double omega[],
                        double jacobian[]);

/** How many of the knots are at or below ω. */
size_t optical_knots_up_to(const optical *o, double omega);

enum { RULE_CELL = 4 }; /* from node to node of two cells */

/** ∫ ELF g = Σ weight g(omega), exact for g of fourth degree in each cell, whose five nodes are equally far apart. */
typedef struct optical_rule {
  double low, high;
  size_t n; /* RULE_CELL times cells, and one */
  double *omega, *weight; /* [n]; the nodes between cells are both cells' */
  double *last;           /* [cells] what of a cell's last weight is the cell's own */
  double error;           /* of the weights' sum */
  bool kept;              /* with the response */
} optical_rule;

/** The rule from low to high, which are within the response's range: made when it is first asked for, some ms,
 * deterministically, and kept with the response; beyond some thousand made each time, with the same bits.
 * @param[out] rule  give back with optical_rule_release()
 * @return ELFIN_OK; ELFIN_E_MEMORY; ELFIN_E_STOPPED */
elfin_status optical_rule_of(const elfin_response *response, double low, double high,
                             optical_rule **rule, elfin_error *err);
/** Frees one that is not kept; NULL is fine. */
void optical_rule_release(optical_rule *rule);

/** Are as many kept as may be? */
bool optical_rules_full(const elfin_response *response);

struct optical_rules;
void optical_rules_free(struct optical_rules *rules); /* NULL is fine */

#endif
