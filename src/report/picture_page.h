/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file picture_page.h
 * Inside the room: where things stand on the page of a picture, in units of the page. */
#ifndef PICTURE_PAGE_H
#define PICTURE_PAGE_H

#include "report/picture.h"

#include <math.h>

/** Of the frame. Below it are its labels, and a caption. Beside a map is the bar of its colours. */
static const double PAGE_LEFT = 0.13, PAGE_RIGHT = 0.95, PAGE_TOP = 0.90, PAGE_BELOW = 0.12,
                    PAGE_RIGHT_OF_MAP = 0.82;
static const double PAGE_SMALL = 0.78; /* letters of a long legend, over those of a short one */
static const double PAGE_EDGE = 0.02, PAGE_CAPTION_LINE = 0.021;

/** What can be drawn: not NaN, ∞, nor ≤ 0 on a logarithm. */
static inline bool picture_drawable(const picture_axis *axis, double value)
{
  return isfinite(value) && (!axis->log || value > 0);
}

/** Where y is drawn: 0 of a curve that falls is below the frame. */
double picture_floor(const picture *p, const picture_curve *c, double y);

/** The caption's lines, free() them, and where its first one stands. */
double picture_foot(const picture *p, char **lines, size_t *n);

/** Where a legend with letters of this size hides nothing, as gnuplot says it; NULL: nowhere
 * inside. */
const char *picture_legend_place(const picture *p, double size);

#endif
