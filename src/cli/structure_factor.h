/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file structure_factor.h
 * `elfin response MATERIAL --structure-factor`: S(q,ω) of the nuclei in a crystal, as CSV or as a
 * picture. */
#ifndef STRUCTURE_FACTOR_H
#define STRUCTURE_FACTOR_H

#include "cli/cli.h"
#include "report/report.h"

#include <elfin/crystal.h>

typedef struct structure_options {
  const elfin_constants *constants;
  const char *nucleus; /* NULL: all */
  double debye_eV;     /* 0: the material's density of states */
  elfin_structure which;
  size_t n_omega;      /* 0: as fits each q */
  const double *omega; /* [n_omega] eV */
  size_t n_q;          /* 0: from one phonon to free recoil */
  const double *q;     /* [n_q] eV */
} structure_options;

cli_end structure_factor_print(const structure_options *o, const elfin_material *material);

/** As a picture of one nucleus, which must be named if there are several. */
cli_end structure_factor_draw(const structure_options *o, const elfin_material *material,
                              const report_image *to);

#endif
