/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file picture.c
 * A picture as data: its curves, the ranges that hold them, and a place for the legend where it
 * hides nothing. */
#include "report/picture_page.h"
#include "report/picture_words.h"

#include <stdlib.h>
#include <string.h>

/* ---- a picture ------------------------------------------------------------------------------- */

picture *picture_new(void)
{
  picture *p = calloc(1, sizeof *p);
  if (p)
    *p = (picture){.x = {.from = NAN, .to = NAN},
                   .y = {.from = NAN, .to = NAN},
                   .unity = NAN,
                   .decades = 8,
                   .from_below = true};
  return p;
}

static void free_map(picture_map *map)
{
  if (!map)
    return;
  free(map->x);
  free(map->y);
  free(map->value);
  free(map->label);
  free(map);
}

void picture_free(picture *p)
{
  if (!p)
    return;
  for (size_t i = 0; i < p->n_curves; i++) {
    free(p->curves[i].label);
    free(p->curves[i].x);
    free(p->curves[i].y);
    free(p->curves[i].low);
  }
  free(p->curves);
  free_map(p->map);
  free(p->title);
  free(p->constants);
  free(p->caption);
  free(p->x.label);
  free(p->y.label);
  free(p);
}

picture_curve *picture_add(picture *p, const char *label, size_t n)
{
  picture_curve *grown = realloc(p->curves, (p->n_curves + 1) * sizeof *grown);
  if (grown)
    p->curves = grown;
  picture_curve made = {.label = label ? strdup(label) : NULL,
                        .n = n,
                        .x = calloc(n + 1, sizeof *made.x),
                        .y = calloc(n + 1, sizeof *made.y),
                        .colour = p->n_curves};
  if (!grown || !made.x || !made.y || (label && !made.label)) {
    free(made.label);
    free(made.x);
    free(made.y);
    p->failed = true;
    return NULL;
  }
  for (size_t i = 0; i < n; i++)
    made.y[i] = NAN;
  p->curves[p->n_curves] = made;
  return &p->curves[p->n_curves++];
}

bool picture_add_map(picture *p, const char *label, size_t n_x, size_t n_y)
{
  picture_map *map = p->map = calloc(1, sizeof *map);
  if (map) {
    *map = (picture_map){.n_x = n_x,
                         .n_y = n_y,
                         .x = calloc(n_x + 1, sizeof *map->x),
                         .y = calloc(n_y + 1, sizeof *map->y),
                         .value = calloc(n_x * n_y + 1, sizeof *map->value),
                         .label = strdup(label)};
  }
  p->failed = p->failed || !map || !map->x || !map->y || !map->value || !map->label;
  return !p->failed;
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static void widen(const picture_axis *axis, double value, double range[2])
{
  if (!picture_drawable(axis, value))
    return;
  range[0] = fmin(range[0], value);
  range[1] = fmax(range[1], value);
}

static void reach_of_data(const picture *p, double x[2], double y[2])
{
  for (size_t i = 0; p->map && i < p->map->n_x; i++)
    widen(&p->x, p->map->x[i], x);
  for (size_t i = 0; p->map && i < p->map->n_y; i++)
    widen(&p->y, p->map->y[i], y);
  for (size_t i = 0; !p->map && i < p->n_curves; i++)
    for (size_t j = 0; j < p->curves[i].n; j++) {
      const picture_curve *c = &p->curves[i];
      widen(&p->x, c->x[j], x);
      if (picture_drawable(&p->x, c->x[j]) && !(c->x[j] < p->x.from) && !(c->x[j] > p->x.to)) {
        widen(&p->y, c->y[j], y);
        widen(&p->y, c->low ? c->low[j] : NAN, y);
      }
    }
}

/* Whole decades, at most p->decades of them. */
static void frame_log(const picture *p, double y[2])
{
  double bottom = floor(log10(y[0]) + 1e-9), top = ceil(log10(y[1]) - 1e-9);
  if (p->from_below)
    top = fmin(top, bottom + p->decades);
  else
    bottom = fmax(bottom, top - p->decades);
  if (top <= bottom)
    top = bottom + 1;
  y[0] = pow(10, bottom);
  y[1] = pow(10, top);
}

/* From 0 if that is near, with some air. */
static void frame_linear(double y[2])
{
  static const double AIR = 0.06, NEAR_ZERO = 0.5;
  double width = y[1] > y[0] ? y[1] - y[0] : fmax(fabs(y[1]), 1e-300);
  if (y[0] >= 0 && y[0] < NEAR_ZERO * y[1])
    y[0] = 0;
  else
    y[0] -= AIR * width;
  y[1] += AIR * width;
}

/* Where the last curve leaves the frame below, and some air: what is beyond shows nothing. */
static double end_of_curves(const picture *p, double from, double to, double bottom)
{
  static const double AIR = 0.03;
  double end = from;
  for (size_t i = 0; i < p->n_curves; i++)
    for (size_t j = 0; j < p->curves[i].n; j++)
      if (p->curves[i].y[j] >= bottom)
        end = fmax(end, p->curves[i].x[j]);
  return fmin(to, end + AIR * (end - from));
}

static bool frame_data(picture *p)
{
  double x[2] = {INFINITY, -INFINITY}, y[2] = {INFINITY, -INFINITY};
  reach_of_data(p, x, y);
  if (!(x[0] <= x[1]) || !(y[0] <= y[1]))
    return false;
  if (x[0] == x[1]) { /* one point */
    x[0] -= p->x.log ? 0.5 * x[0] : 1;
    x[1] += p->x.log ? x[1] : 1;
  }
  if (!p->map && p->y.log) {
    frame_log(p, y);
    if (p->may_end && !p->x.log)
      x[1] = end_of_curves(p, x[0], x[1], y[0]);
  }
  if (!p->map && !p->y.log) {
    if (!isnan(p->unity))
      widen(&p->y, p->unity, y);
    frame_linear(y);
  }
  p->x.from = isnan(p->x.from) ? x[0] : p->x.from;
  p->x.to = isnan(p->x.to) ? x[1] : p->x.to;
  p->y.from = isnan(p->y.from) ? y[0] : p->y.from;
  p->y.to = isnan(p->y.to) ? y[1] : p->y.to;
  return true;
}

/* ---- the legend's place ---------------------------------------------------------------------- */

/* Of letters, in units of the page. */
static const double LETTER_WIDTH = 0.0147, LINE_HEIGHT = 0.0365, SAMPLE_WIDTH = 0.05;
enum { CAPTION_LETTERS = 140, MOST_CAPTION_LINES = 8 };

/* The caption's lines, and where the frame begins above them. */
double picture_foot(const picture *p, char **lines, size_t *n)
{
  *n = 0;
  *lines = p->caption ? wrapped(p->caption, CAPTION_LETTERS, MOST_CAPTION_LINES, n) : NULL;
  return PAGE_EDGE + PAGE_CAPTION_LINE * (double)*n;
}

typedef struct place {
  const char *name;
  double x, y; /* 0 left or bottom, 1 right or top, of box and frame */
} place;

/* 0 … 1 in the frame. */
static double in_frame(const picture_axis *a, double value)
{
  return a->log ? log(value / a->from) / log(a->to / a->from)
                : (value - a->from) / (a->to - a->from);
}

double picture_floor(const picture *p, const picture_curve *c, double y)
{
  static const double FAR_BELOW = 1e-3;
  return c->falls && p->y.log && isfinite(y) && y <= 0 ? FAR_BELOW * p->y.from : y;
}

/* How much of a line lies in the box: looked at along it, as it is drawn. */
static size_t covered(const picture *p, const picture_curve *c, const double *y,
                      const double box[4])
{
  enum { STEPS = 24 };
  size_t n = 0;
  for (size_t i = 0; i + 1 < c->n; i++) {
    double from = picture_floor(p, c, y[i]), to = picture_floor(p, c, y[i + 1]);
    if (!picture_drawable(&p->x, c->x[i]) || !picture_drawable(&p->x, c->x[i + 1]) ||
        !picture_drawable(&p->y, from) || !picture_drawable(&p->y, to))
      continue;
    double x0 = in_frame(&p->x, c->x[i]), x1 = in_frame(&p->x, c->x[i + 1]);
    double y0 = in_frame(&p->y, from), y1 = in_frame(&p->y, to);
    for (int step = 0; step <= STEPS; step++) {
      double u = x0 + (x1 - x0) * step / STEPS, v = y0 + (y1 - y0) * step / STEPS;
      n += u > box[0] && u < box[1] && v > box[2] && v < box[3];
    }
  }
  return n;
}

/* Where a legend with letters of this size hides nothing; NULL: nowhere inside. */
const char *picture_legend_place(const picture *p, double size)
{
  static const place places[] = {
      {"top right", 1, 1},      {"top left", 0, 1},      {"bottom right", 1, 0},
      {"bottom left", 0, 0},    {"top center", 0.5, 1},  {"bottom center", 0.5, 0},
      {"center right", 1, 0.5}, {"center left", 0, 0.5}, {"center", 0.5, 0.5},
  };
  size_t lines = 0, letters = 0;
  for (size_t i = 0; i < p->n_curves; i++)
    if (p->curves[i].label) {
      size_t length = utf8_length(p->curves[i].label);
      lines++;
      letters = length > letters ? length : letters;
    }
  char *caption;
  size_t n_caption;
  double frame_height = PAGE_TOP - PAGE_BELOW - picture_foot(p, &caption, &n_caption);
  double width = (SAMPLE_WIDTH + size * LETTER_WIDTH * (double)letters) / (PAGE_RIGHT - PAGE_LEFT);
  double height = size * LINE_HEIGHT * (double)(lines + 1) / frame_height;
  free(caption);
  if (width > 0.8 || height > 0.8)
    return NULL;
  for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
    const place *at = &places[k];
    double box[4] = {at->x * (1 - width), at->x * (1 - width) + width, at->y * (1 - height),
                     at->y * (1 - height) + height};
    double unity = isnan(p->unity) ? -1 : in_frame(&p->y, p->unity);
    size_t n = unity > box[2] && unity < box[3];
    for (size_t i = 0; i < p->n_curves; i++) {
      n += covered(p, &p->curves[i], p->curves[i].y, box);
      n += p->curves[i].low ? covered(p, &p->curves[i], p->curves[i].low, box) : 0;
    }
    if (n == 0)
      return at->name;
  }
  return NULL;
}

/* A legend that would hide a curve: more room above it, up to a limit. */
static void make_room(picture *p)
{
  enum { DECADES = 4, STEPS = 4 };
  static const double STEP = 0.12;
  double to = p->y.to;
  for (int i = 1; !picture_legend_place(p, PAGE_SMALL) && i <= (p->y.log ? DECADES : STEPS); i++)
    p->y.to = p->y.log ? to * pow(10, i) : to + STEP * i * (to - p->y.from);
  if (!picture_legend_place(p, PAGE_SMALL))
    p->y.to = to;
}

bool picture_frame(picture *p)
{
  bool given = !isnan(p->y.to);
  if (!frame_data(p))
    return false;
  if (!p->map && !given)
    make_room(p);
  return true;
}
