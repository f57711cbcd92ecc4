/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file response_picture.h
 * `elfin response MATERIAL --plot FILE`: energy losses as a picture; and how that verb opens
 * responses. */
#ifndef RESPONSE_PICTURE_H
#define RESPONSE_PICTURE_H

#include "cli/points.h"
#include "report/report.h"

typedef struct response_picture {
  const char *kinds; /* "lindhard,mermin"; NULL: the material's best one */
  elfin_configuration configuration;
  const elfin_constants *constants;
  const points *omega, *k, *masses; /* empty: as suits */
  bool logarithmic;                 /* both axes of a map, or that of the energies */
} response_picture;

cli_end response_picture_draw(const response_picture *about, const elfin_material *material,
                              const report_image *to);

/** The first of "lindhard,X.h5 (smooth, above mermin)" is cut off `*rest`, which is changed; commas within
 * parentheses are a kind's own. NULL: there is none. */
char *response_picture_next_kind(char **rest);

/** Whether there are several. */
bool response_picture_several(const char *kinds);

/** A kind, also a table of elfin's own in HDF5. NULL: the material's best one.
 * @return as elfin_response_open_configuration() */
elfin_status response_picture_open(const char *kind, elfin_configuration configuration,
                                   const elfin_material *material, const elfin_constants *constants,
                                   elfin_response **response, elfin_error *err);

#endif
