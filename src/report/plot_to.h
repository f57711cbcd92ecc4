/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_to.h
 * Inside the room: a picture to where it shall go. */
#ifndef PLOT_TO_H
#define PLOT_TO_H

#include "report/picture.h"
#include "report/report.h"

/** Frame the picture and draw it, or print its script.
 * @return ELFIN_OK; ELFIN_E_MEMORY if it failed; ELFIN_E_ARGUMENT: nothing to draw, or its name;
 *         ELFIN_E_OUTPUT as picture_draw(), or the script cannot be written */
elfin_status plot_to(picture *p, const report_image *to, elfin_error *err);

#endif
