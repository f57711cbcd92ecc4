/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_dates.h
 * Inside the room: days as people say them. A day is one of elfin_earth_velocity(), days of the year 2000
 * stand for those of any year. */
#ifndef PLOT_DATES_H
#define PLOT_DATES_H

#include "report/picture.h"
#include "report/plot_view.h"

enum { PLOT_DATE = 32 };

/** "2 Jun", in another year than 2000 "2 Jun 2026". */
void plot_date_words(double day, char text[PLOT_DATE]);

/** Marks at firsts of months, or at days where there are few. */
void plot_date_marks(double from, double to, picture_axis *axis);

#endif
