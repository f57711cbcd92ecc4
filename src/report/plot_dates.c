/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_dates.c
 * Days as people say them: in a legend, and along an axis. */
#include "report/plot_dates.h"

#include <elfin/halo.h>

static const int ANY_YEAR = 2000;
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
/* Labels along an axis, without and with a year. */
enum { MOST_LABELS = 7, MOST_WITH_YEAR = 5 };

void plot_date_words(double day, char text[PLOT_DATE])
{
  elfin_date date = elfin_date_of_day(day);
  int n = snprintf(text, PLOT_DATE, "%d %s", date.day, months[date.month - 1]);
  if (date.year != ANY_YEAR)
    snprintf(text + n, PLOT_DATE - (size_t)n, " %d", date.year);
}

static void add_mark(picture_axis *axis, double day, bool labelled, bool with_year)
{
  if (axis->n_marks == PICTURE_MOST_MARKS)
    return;
  elfin_date date = elfin_date_of_day(day);
  picture_mark *mark = &axis->marks[axis->n_marks++];
  *mark = (picture_mark){.at = day};
  if (labelled && with_year)
    snprintf(mark->label, sizeof mark->label, "%d %s %d", date.day, months[date.month - 1],
             date.year);
  else if (labelled)
    snprintf(mark->label, sizeof mark->label, "%d %s", date.day, months[date.month - 1]);
}

/* The least of some steps that leaves few enough labels. */
static long step_for(long n, bool with_year, const long steps[])
{
  while (n / *steps > (with_year ? MOST_WITH_YEAR : MOST_LABELS) && steps[1])
    steps++;
  return *steps;
}

static void mark_days(double from, double to, bool with_year, picture_axis *axis)
{
  static const long steps[] = {1, 2, 5, 10, 0};
  long step = step_for((long)(to - from), with_year, steps);
  for (double day = from; day <= to; day++) {
    int in_month = elfin_date_of_day(day).day;
    add_mark(axis, day, step == 1 || (in_month % step == 0 && in_month <= 30), with_year);
  }
}

/* Months are counted from the year 0. */
static void mark_months(long from, long to, bool with_year, picture_axis *axis)
{
  static const long steps[] = {1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 0};
  enum { A_YEAR = 12, MARKS_PER_LABEL = 4 };
  long step = step_for(to - from, with_year, steps), small = step < A_YEAR ? 1 : step / MARKS_PER_LABEL;
  for (long month = from - from % small; month <= to; month += small) {
    char date[32];
    double day;
    snprintf(date, sizeof date, "%04ld-%02ld-01", month / A_YEAR, month % A_YEAR + 1);
    if (elfin_day_of_date(date, &day))
      add_mark(axis, day, month % step == 0, with_year);
  }
}

void plot_date_marks(double from, double to, picture_axis *axis)
{
  enum { A_YEAR = 12, FEW = 2 };
  elfin_date first = elfin_date_of_day(from), last = elfin_date_of_day(to);
  long first_month = (long)first.year * A_YEAR + first.month - 1;
  long last_month = (long)last.year * A_YEAR + last.month - 1;
  bool with_year = first.year != last.year || first.year != ANY_YEAR;
  if (last_month - first_month <= FEW)
    mark_days(from, to, with_year, axis);
  else
    mark_months(first_month, last_month, with_year, axis);
}
