/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file picture_script.c
 * A picture as a script for gnuplot: marks, words, colours, and the numbers.
 *
 * Colours are those of M. Okabe and K. Ito (Color Universal Design, 2008), which people with any
 * kind of colour vision can tell apart; curves differ in their dashes, too. */
#include "report/picture_page.h"
#include "report/picture_words.h"

#include <stdlib.h>
#include <string.h>

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

static void print_own_marks(const char *name, const picture_axis *a, FILE *stream)
{
  fprintf(stream, "set %stics (", name);
  for (size_t i = 0; i < a->n_marks; i++)
    fprintf(stream, "%s'%s' %.10g%s", i ? ", " : "", a->marks[i].label, a->marks[i].at,
            *a->marks[i].label ? "" : " 1");
  fputs(")\n", stream);
}

static void print_axis(const char *name, const picture_axis *a, FILE *stream)
{
  fprintf(stream, "set %slabel ", name);
  print_quoted(a->label ? a->label : "", stream);
  double slack = a->log ? 1e-6 : 0; /* gnuplot leaves out marks that rounding puts outside */
  fprintf(stream, "\nset %srange [%.10g:%.10g]\n", name, a->from * (1 - slack),
          a->to * (1 + slack));
  if (a->n_marks)
    print_own_marks(name, a, stream);
  else if (a->log)
    print_log_marks(name, a, stream);
  else if (a->whole)
    fprintf(stream, "set %stics %g, %g\n", name, ceil(a->from), a->to - a->from > 16 ? 5.0 : 1.0);
  else
    fprintf(stream, "set m%stics 2\n", name);
  if (a->step > 0)
    fprintf(stream, "set %stics %g\n", name, a->step);
  if (!a->log) /* gnuplot's own begins with a blank, which moves the number off its mark */
    fprintf(stream, "set format %s '%%h'\n", name);
}

/* Title, constants, and at the foot the caption, for which the page makes room. */
static void print_texts(const picture *p, FILE *stream)
{
  size_t n = 0;
  char *lines = NULL;
  double foot = picture_foot(p, &lines, &n);
  fprintf(stream,
          "set bmargin at screen %.4f\nset tmargin at screen %.4f\nset lmargin at screen %g\n",
          foot + PAGE_BELOW, PAGE_TOP, PAGE_LEFT);
  if (p->title) {
    fputs("set label 1 ", stream);
    print_plain_quoted(p->title, stream);
    fprintf(stream, " at screen %g, screen %.3f center font ',21'\n", (PAGE_LEFT + PAGE_RIGHT) / 2,
            p->constants ? 0.965 : 0.94);
  }
  if (p->constants) {
    fputs("set label 2 ", stream);
    print_plain_quoted(p->constants, stream);
    fprintf(stream, " at screen %g, screen 0.922 center font ',15'\n",
            (PAGE_LEFT + PAGE_RIGHT) / 2);
  }
  char *rest = NULL;
  size_t i = 0;
  for (char *line = lines ? strtok_r(lines, "\n", &rest) : NULL; line;
       line = strtok_r(NULL, "\n", &rest)) {
    fprintf(stream, "set label %zu ", 10 + i);
    print_plain_quoted(line, stream);
    fprintf(stream, " at screen %g, screen %.4f left font ',11.5' textcolor '#444444'\n", PAGE_EDGE,
            foot - PAGE_CAPTION_LINE * ((double)i + 0.5));
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
      double y = c->low && isinf(c->y[j]) ? p->y.to : picture_floor(p, c, c->y[j]);
      double low = c->low ? picture_floor(p, c, c->low[j]) : y;
      bool fine = picture_drawable(&p->x, c->x[j]) && picture_drawable(&p->y, y) &&
                  picture_drawable(&p->y, low);
      if (fine && c->low)
        fprintf(stream, "%.9g %.9g %.9g\n", c->x[j], y, low);
      else if (fine)
        fprintf(stream, "%.9g %.9g\n", c->x[j], y);
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
    if (picture_drawable(&p->x, c->x[j]) && picture_drawable(&p->y, c->y[j]))
      return true;
  return false;
}

static void print_curve(const picture *p, size_t i, FILE *stream)
{
  const picture_curve *c = &p->curves[i];
  const char *colour = p->map ? "#FFFFFF" : colours[c->colour % (sizeof colours / sizeof *colours)];
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

/* gnuplot's images know linear axes only: theirs are x2 and y2, in logarithms where ours are. */
static void print_axis_of_map(const char *name, const picture_axis *a, FILE *stream)
{
  fprintf(stream, "set %s2range [%.10g:%.10g]\n", name, a->log ? log10(a->from) : a->from,
          a->log ? log10(a->to) : a->to);
}

static void print_map(const picture_map *map, FILE *stream)
{
  fputs("$map << END\n", stream);
  for (size_t i_y = 0; i_y < map->n_y; i_y++)
    for (size_t i_x = 0; i_x < map->n_x; i_x++)
      fprintf(stream, "%.7g %.7g %.4g\n", map->x[i_x], map->y[i_y],
              fmax(map->value[i_y * map->n_x + i_x], map->low));
  fprintf(stream,
          "END\nset palette defined (%s)\nset logscale cb\nset cbrange [%.6g:%.6g]\n"
          "set format cb '10^{%%T}'\nset cbtics in\nset cblabel ",
          viridis, map->low, map->high);
  print_quoted(map->label, stream);
  fputc('\n', stream);
}

static void print_legend(const picture *p, FILE *stream)
{
  size_t n = 0;
  for (size_t i = 0; i < p->n_curves; i++)
    n += p->curves[i].label != NULL;
  const char *inside = n ? picture_legend_place(p, 1) : NULL,
             *small = n ? picture_legend_place(p, PAGE_SMALL) : NULL;
  static const char manner[] = "Left reverse samplen 2.6 spacing 1.1";
  if (n == 0)
    fputs("unset key\n", stream);
  else if (p->map)
    fprintf(stream,
            "set key %s %s opaque fillcolor rgb '#303030' textcolor rgb '#FFFFFF' font ',15'\n",
            p->y.log ? "bottom center" : "top left", manner);
  else if (inside)
    fprintf(stream, "set key %s %s\n", inside, manner);
  else if (small)
    fprintf(stream, "set key %s %s font ',15'\n", small, manner);
  else
    fprintf(stream, "set key outside right top %s font ',15'\n", manner);
  if (n == 0 || p->map || inside || small)
    fprintf(stream, "set rmargin at screen %g\n", p->map ? PAGE_RIGHT_OF_MAP : PAGE_RIGHT);
}

void picture_script(const picture *p, picture_format format, FILE *stream)
{
  print_terminal(format, stream);
  fprintf(stream, "set border linewidth 0.7\nset tics scale 0.9, 0.5%s\n", p->map ? " out" : "");
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
  if (p->map) {
    print_map(p->map, stream);
    print_axis_of_map("x", &p->x, stream);
    print_axis_of_map("y", &p->y, stream);
  }
  print_numbers(p, stream);
  fputs("plot ", stream);
  if (p->map)
    fprintf(stream, "$map using %s:%s:3 axes x2y2 with image notitle", p->x.log ? "(log10($1))" : "1",
            p->y.log ? "(log10($2))" : "2");
  for (size_t i = 0; i < p->n_curves; i++) {
    fputs(i || p->map ? ", \\\n     " : "", stream);
    print_curve(p, i, stream);
  }
  fputc('\n', stream);
}
