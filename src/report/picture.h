/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file picture.h
 * Inside the room: a picture as data, before anybody draws it. gnuplot draws (gnuplot.c): picture.c
 * says what it needs to know, ranges and words included, in a script that holds all numbers, too.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <elfin/base.h>

#include <stdbool.h>
#include <stdio.h>

typedef enum picture_format { PICTURE_PNG, PICTURE_SVG, PICTURE_PDF } picture_format;

typedef struct picture_mark {
  double at;
  char label[16]; /* "": a small mark */
} picture_mark;

enum { PICTURE_MOST_MARKS = 128 };

typedef struct picture_axis {
  char *label; /* with its unit; enhanced text: "m_{χ} [MeV]" */
  bool log;
  double step;     /* between marks; 0: as suits */
  bool whole;      /* whole numbers, all of them marked */
  size_t n_marks;  /* 0: as suits */
  picture_mark marks[PICTURE_MOST_MARKS];
  double from, to; /* picture_frame() fills what is NaN */
} picture_axis;

typedef struct picture_curve {
  char *label; /* plain text; NULL: not in the legend */
  size_t n;
  double *x, *y; /* [n]; what cannot be drawn (NaN, ∞, ≤ 0 on a logarithm) is a gap */
  double *low;   /* [n] a band from low to y, which may be infinite; NULL: a line */
  size_t colour, dash;
  bool thin, steps; /* a line like a hair; like stairs */
  bool falls;       /* 0 is below a logarithmic frame, and no gap */
} picture_curve;

/** Colours on a grid of even steps, of their logarithms where the axis is logarithmic; the colours go with the
 * logarithm. Curves over it are white. */
typedef struct picture_map {
  size_t n_x, n_y;
  double *x, *y; /* [n_x], [n_y] middles of the cells */
  double *value; /* [i_y * n_x + i_x]; below `low` the darkest */
  double low, high;
  char *label;
} picture_map;

typedef struct picture {
  char *title, *constants,
      *caption; /* plain texts; NULL: none. The caption's lines are broken here */
  picture_axis x, y;
  size_t n_curves;
  picture_curve *curves;
  picture_map *map; /* NULL: none */
  double unity;     /* a thin line at this y; NaN: none */
  double decades;   /* of a logarithmic y: at most so many … */
  bool from_below;  /* … above the lowest value, or below the highest */
  bool may_end;     /* x may end where the last curve leaves the frame */
  bool failed;      /* no memory for something */
} picture;

picture *picture_new(void);
void picture_free(picture *p);

/** A new curve with room for n points (y NaN); NULL, and p->failed, if there is no memory. Valid
 * until the next one. `label` is copied. */
picture_curve *picture_add(picture *p, const char *label, size_t n);

/** A map with room for its cells, all 0; false, and p->failed, if there is no memory. */
bool picture_add_map(picture *p, const char *label, size_t n_x, size_t n_y);

/** The ranges that fit the curves, for all that is NaN. @return false: there is nothing to draw */
bool picture_frame(picture *p);

/** The script for gnuplot 5.4, numbers and all. After picture_frame(). */
void picture_script(const picture *p, picture_format format, FILE *stream);

/** Let gnuplot draw.
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: another ending; ELFIN_E_OUTPUT: the file is there (and may
 * not be replaced) or cannot be written, gnuplot is not installed or cannot draw */
elfin_status picture_draw(const picture *p, const char *path, bool overwrite, elfin_error *err);

/** Whether picture_draw() would begin: the name's ending, no file in the way. */
elfin_status picture_check_place(const char *path, bool overwrite, elfin_error *err);

#endif
