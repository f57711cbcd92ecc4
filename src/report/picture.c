/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file picture.c
 * A picture as a script for gnuplot: ranges, marks, legend, colours, and the numbers.
 *
 * Colours are those of M. Okabe and K. Ito (Color Universal Design, 2008), which people with any
 * kind of colour vision can tell apart; curves differ in their dashes, too. */
#include "report/picture.h"
#include "report/picture_words.h"

#include <math.h>
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

/* ---- ranges ---------------------------------------------------------------------------------- */

static bool drawable(const picture_axis *axis, double value)
{
  return isfinite(value) && (!axis->log || value > 0);
}

static void widen(const picture_axis *axis, double value, double range[2])
{
  if (!drawable(axis, value))
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
      if (drawable(&p->x, c->x[j]) && !(c->x[j] < p->x.from) && !(c->x[j] > p->x.to)) {
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
  if (!p->map && p->y.log)
    frame_log(p, y);
  else if (!p->map) {
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

/* Sizes in units of the page. */
static const double LEFT = 0.13, RIGHT = 0.95, TOP = 0.90,
                    BELOW = 0.12; /* of the frame; its labels */
static const double LETTER_WIDTH = 0.0147, LINE_HEIGHT = 0.0365, SAMPLE_WIDTH = 0.05;
static const double SMALL = 0.78; /* letters of a long legend */
enum { CAPTION_LETTERS = 140, MOST_CAPTION_LINES = 8 };
static const double CAPTION_LINE = 0.021, EDGE = 0.02;

/* The caption's lines, and where the frame begins above them. */
static double foot_of(const picture *p, char **lines, size_t *n)
{
  *n = 0;
  *lines = p->caption ? wrapped(p->caption, CAPTION_LETTERS, MOST_CAPTION_LINES, n) : NULL;
  return EDGE + CAPTION_LINE * (double)*n;
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

/* How much of a line lies in the box: looked at along it, as it is drawn. */
static size_t covered(const picture *p, const picture_curve *c, const double *y,
                      const double box[4])
{
  enum { STEPS = 24 };
  size_t n = 0;
  for (size_t i = 0; i + 1 < c->n; i++) {
    if (!drawable(&p->x, c->x[i]) || !drawable(&p->x, c->x[i + 1]) || !drawable(&p->y, y[i]) ||
        !drawable(&p->y, y[i + 1]))
      continue;
    double x0 = in_frame(&p->x, c->x[i]), x1 = in_frame(&p->x, c->x[i + 1]);
    double y0 = in_frame(&p->y, y[i]), y1 = in_frame(&p->y, y[i + 1]);
    for (int step = 0; step <= STEPS; step++) {
      double u = x0 + (x1 - x0) * step / STEPS, v = y0 + (y1 - y0) * step / STEPS;
      n += u > box[0] && u < box[1] && v > box[2] && v < box[3];
    }
  }
  return n;
}

/* Where a legend with letters of this size hides nothing; NULL: nowhere inside. */
static const char *legend_place(const picture *p, double size)
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
  double frame_height = TOP - BELOW - foot_of(p, &caption, &n_caption);
  double width = (SAMPLE_WIDTH + size * LETTER_WIDTH * (double)letters) / (RIGHT - LEFT);
  double height = size * LINE_HEIGHT * (double)(lines + 1) / frame_height;
  free(caption);
  if (width > 0.8 || height > 0.8)
    return NULL;
  for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
    const place *at = &places[k];
    double box[4] = {at->x * (1 - width), at->x * (1 - width) + width, at->y * (1 - height),
                     at->y * (1 - height) + height};
    size_t n = 0;
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
  for (int i = 1; !legend_place(p, SMALL) && i <= (p->y.log ? DECADES : STEPS); i++)
    p->y.to = p->y.log ? to * pow(10, i) : to + STEP * i * (to - p->y.from);
  if (!legend_place(p, SMALL))
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

/* ---- the script ------------------------------------------------------------------------------ */

/* Blue, vermillion, bluish green, reddish purple, orange, sky blue, black. Their yellow is too
 * light for lines on paper. */
static const char *const colours[] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                      "#E69F00", "#56B4E9", "#000000"};
static const char *const dashes[] = {"solid", "(9,4)", "(2.5,3)", "(9,3,2,3)", "(14,4)"};
/* Viridis, by S. van der Walt and N. Smith (CC0): even to the eye, also without colours. */
static const char viridis[] = "0 '#440154', 1 '#482878', 2 '#3E4989', 3 '#31688E', 4 '#26828E', "
                              "5 '#1F9E89', 6 '#35B779', 7 '#6ECE58', 8 '#B5DE2B', 9 '#FDE725'";

static void print_terminal(picture_format format, FILE *stream)
{
  static const char *const terminals[] = {
      [PICTURE_PNG] = "pngcairo enhanced size 1200,900 font 'DejaVu Sans,19' linewidth 2",
      [PICTURE_SVG] =
          "svg enhanced size 800,600 font 'DejaVu Sans,Verdana,sans-serif,17' linewidth 1.4 "
          "background '#FFFFFF'",
      [PICTURE_PDF] = "pdfcairo enhanced size 16cm,12cm font 'DejaVu Sans,10' linewidth 1.6",
  };
  fprintf(stream, "set encoding utf8\nset terminal %s\n", terminals[format]);
}

/* Marks at decades, and between them where there are few. gnuplot's own would leave one. */
static void print_log_marks(const char *name, const picture_axis *a, FILE *stream)
{
  enum { FEW = 2, PLAIN = 4 };
  double first = ceil(log10(a->from) - 1e-9), last = floor(log10(a->to) + 1e-9);
  bool plain = a->from >= 0.999e-2 && a->to <= 1.001e5 && last - first <= PLAIN + 1;
  const char *joint = "";
  int every = last - first > 10 ? 2 : 1;
  fprintf(stream, "set logscale %s\nset %stics (", name, name);
  for (double decade = first - 1; decade <= last; decade++)
    for (int digit = 1; digit <= 9; digit++) {
      double value = digit * pow(10, decade);
      bool named = digit == 1 || (last - first < FEW && (digit == 2 || digit == 5));
      if (value < a->from * (1 - 1e-9) || value > a->to * (1 + 1e-9))
        continue;
      if (digit == 1 && (long)(decade - first) % every)
        named = false;
      if (named && plain)
        fprintf(stream, "%s'%g' %.10g", joint, value, value);
      else if (named && digit > 1)
        fprintf(stream, "%s'%d×10^{%.0f}' %.10g", joint, digit, decade, value);
      else if (named)
        fprintf(stream, "%s'10^{%.0f}' %.10g", joint, decade, value);
      else
        fprintf(stream, "%s'' %.10g 1", joint, value);
      joint = ", ";
    }
  fputs(")\n", stream);
}

static void print_axis(const char *name, const picture_axis *a, FILE *stream)
{
  fprintf(stream, "set %slabel ", name);
  print_quoted(a->label ? a->label : "", stream);
  double slack = a->log ? 1e-6 : 0; /* gnuplot leaves out marks that rounding puts outside */
  fprintf(stream, "\nset %srange [%.10g:%.10g]\n", name, a->from * (1 - slack),
          a->to * (1 + slack));
  if (a->log)
    print_log_marks(name, a, stream);
  else if (a->whole)
    fprintf(stream, "set %stics %g, %g\n", name, ceil(a->from), a->to - a->from > 16 ? 5.0 : 1.0);
  else
    fprintf(stream, "set m%stics 2\n", name);
}

/* Title, constants, and at the foot the caption, for which the page makes room. */
static void print_texts(const picture *p, FILE *stream)
{
  size_t n = 0;
  char *lines = NULL;
  double foot = foot_of(p, &lines, &n);
  fprintf(stream,
          "set bmargin at screen %.4f\nset tmargin at screen %.4f\nset lmargin at screen %g\n",
          foot + BELOW, TOP, LEFT);
  if (p->title) {
    fputs("set label 1 ", stream);
    print_plain_quoted(p->title, stream);
    fprintf(stream, " at screen %g, screen %.3f center font ',21'\n", (LEFT + RIGHT) / 2,
            p->constants ? 0.965 : 0.94);
  }
  if (p->constants) {
    fputs("set label 2 ", stream);
    print_plain_quoted(p->constants, stream);
    fprintf(stream, " at screen %g, screen 0.922 center font ',15'\n", (LEFT + RIGHT) / 2);
  }
  char *rest = NULL;
  size_t i = 0;
  for (char *line = lines ? strtok_r(lines, "\n", &rest) : NULL; line;
       line = strtok_r(NULL, "\n", &rest)) {
    fprintf(stream, "set label %zu ", 10 + i);
    print_plain_quoted(line, stream);
    fprintf(stream, " at screen %g, screen %.4f left font ',11.5' textcolor '#444444'\n", EDGE,
            foot - CAPTION_LINE * ((double)i + 0.5));
    i++;
  }
  free(lines);
}

static void print_numbers(const picture *p, FILE *stream)
{
  for (size_t i = 0; i < p->n_curves; i++) {
    const picture_curve *c = &p->curves[i];
    bool gap = true;
    fprintf(stream, "$curve%zu << END\n", i);
    for (size_t j = 0; j < c->n; j++) {
      double y = c->low && isinf(c->y[j]) ? p->y.to : c->y[j];
      bool fine =
          drawable(&p->x, c->x[j]) && drawable(&p->y, y) && (!c->low || drawable(&p->y, c->low[j]));
      if (fine && c->low)
        fprintf(stream, "%.9g %.9g %.9g\n", c->x[j], y, c->low[j]);
      else if (fine)
        fprintf(stream, "%.9g %.9g\n", c->x[j], c->y[j]);
      else if (!gap)
        fputc('\n', stream);
      gap = !fine;
    }
    fputs("END\n", stream);
  }
}

static bool has_numbers(const picture *p, const picture_curve *c)
{
  for (size_t j = 0; j < c->n; j++)
    if (drawable(&p->x, c->x[j]) && drawable(&p->y, c->y[j]))
      return true;
  return false;
}

static void print_curve(const picture *p, size_t i, FILE *stream)
{
  const picture_curve *c = &p->curves[i];
  const char *colour = colours[c->colour % (sizeof colours / sizeof *colours)];
  const char *dash = dashes[c->dash % (sizeof dashes / sizeof *dashes)];
  if (!has_numbers(p, c)) /* in the legend all the same: that there is nothing is a result */
    fprintf(stream, "NaN with lines linecolor rgb '%s' linewidth 2 dashtype %s", colour, dash);
  else if (c->low)
    fprintf(stream,
            "$curve%zu using 1:3:2 with filledcurves fillcolor rgb '%s' fillstyle transparent "
            "solid 0.3 noborder",
            i, colour);
  else
    fprintf(stream, "$curve%zu with lines linecolor rgb '%s' linewidth %s dashtype %s", i, colour,
            c->thin    ? "0.8"
            : c->steps ? "1.5"
                       : "2",
            dash);
  if (c->label) {
    fputs(" title ", stream);
    print_plain_quoted(c->label, stream);
  } else {
    fputs(" notitle", stream);
  }
}

static void print_map(const picture_map *map, FILE *stream)
{
  fputs("$map << END\n", stream);
  for (size_t i_y = 0; i_y < map->n_y; i_y++) {
    for (size_t i_x = 0; i_x < map->n_x; i_x++)
      fprintf(stream, "%.7g %.7g %.5g\n", map->x[i_x], map->y[i_y],
              fmax(map->value[i_y * map->n_x + i_x], map->low));
    fputc('\n', stream);
  }
  fprintf(stream,
          "END\nset palette defined (%s)\nset logscale cb\nset cbrange [%.6g:%.6g]\n"
          "set format cb '10^{%%T}'\nset rmargin at screen 0.84\nset pm3d map corners2color c1\n"
          "set cblabel ",
          viridis, map->low, map->high);
  print_quoted(map->label, stream);
  fputc('\n', stream);
}

static void print_legend(const picture *p, FILE *stream)
{
  size_t n = 0;
  for (size_t i = 0; i < p->n_curves; i++)
    n += p->curves[i].label != NULL;
  const char *inside = n ? legend_place(p, 1) : NULL, *small = n ? legend_place(p, SMALL) : NULL;
  static const char manner[] = "Left reverse samplen 2.6 spacing 1.1";
  if (n == 0)
    fputs("unset key\n", stream);
  else if (p->map)
    fputs("set key top left Left reverse samplen 2.4 textcolor '#FFFFFF'\n", stream);
  else if (inside)
    fprintf(stream, "set key %s %s\n", inside, manner);
  else if (small)
    fprintf(stream, "set key %s %s font ',15'\n", small, manner);
  else
    fprintf(stream, "set key outside right top %s font ',15'\n", manner);
  if (n == 0 || p->map || inside || small)
    fprintf(stream, "set rmargin at screen %g\n", p->map ? 0.84 : RIGHT);
}

void picture_script(const picture *p, picture_format format, FILE *stream)
{
  print_terminal(format, stream);
  fputs("set border linewidth 0.7\nset tics scale 0.9, 0.5\n", stream);
  if (!p->map)
    fputs("set grid xtics ytics linetype 1 linecolor rgb '#DDDDDD' linewidth 0.6\n", stream);
  print_texts(p, stream);
  print_axis("x", &p->x, stream);
  print_axis("y", &p->y, stream);
  print_legend(p, stream);
  if (!isnan(p->unity))
    fprintf(stream,
            "set arrow from graph 0, first %.9g to graph 1, first %.9g nohead linecolor rgb "
            "'#888888' linewidth 0.8\n",
            p->unity, p->unity);
  if (p->map)
    print_map(p->map, stream);
  print_numbers(p, stream);
  fputs("plot ", stream);
  if (p->map)
    fputs("$map using 1:2:3 with pm3d notitle", stream);
  for (size_t i = 0; i < p->n_curves; i++) {
    fputs(i || p->map ? ", \\\n     " : "", stream);
    print_curve(p, i, stream);
  }
  fputc('\n', stream);
}
