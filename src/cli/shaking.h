/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file shaking.h
 * `elfin response MATERIAL --migdal ENERGY`: how likely a nucleus that recoils with this energy
 * shakes electrons out, as CSV or as a picture. */
#ifndef SHAKING_H
#define SHAKING_H

#include "cli/response_picture.h"

typedef struct shaking_options {
  const char *kinds;   /* "lindhard,mermin,atomic"; NULL: the material's best one */
  const char *nucleus; /* NULL: the only one */
  double recoil_eV;
  const elfin_constants *constants;
  const points *omega; /* empty: as suits */
} shaking_options;

/** `to` NULL: as CSV on stdout. */
cli_end shaking_show(const shaking_options *o, const elfin_material *material,
                     const report_image *to);

#endif
