/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file reach.c
 * The reach of a sweep for a terminal: the cross section (or kinetic mixing) that gives N events per
 * kg yr, against the mass, as a table and as a chart with logarithmic axes, a letter per curve.
 *
 * A curve is one position on all axes but mass and cross section: rates are proportional to the
 * latter (or its square), so its first value says everything. */
#include "report/number_text.h"
#include "report/report.h"
#include "report/strength.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_CURVES = 26, /* letters */
  COLUMNS = 6,      /* curves side by side in a table */
  CHART_WIDTH = 64,
  CHART_HEIGHT = 20,
  CHART_DECADES = 8, /* above the lowest point; the rest is off the chart */
  LABEL_SIZE = 200,
  Y_LABEL = 8,
  MASS_MARKS = 16
};

static const size_t NO_AXIS = SIZE_MAX;

typedef struct reach_view {
  const store_sweep *sweep;
  double events;
  size_t mass, scale; /* which axes, NO_AXIS if there is none */
  const strength *of_scale; /* cross section or kinetic mixing */
  size_t n_masses, n_curves;
  size_t stride[64]; /* of each axis in the dataset */
} reach_view;

static size_t find_axis(const store_sweep *s, const char *key)
{
  for (size_t i = 0; i < s->n_axes; i++)
    if (strcmp(s->axes[i].key, key) == 0)
      return i;
  return NO_AXIS;
}

static bool belongs_to_curves(const reach_view *v, size_t axis)
{
  return axis != v->mass && axis != v->scale;
}

static reach_view look_at(const store_sweep *s, double events)
{
  reach_view v = {.sweep = s,
                  .events = events,
                  .mass = find_axis(s, "mass"),
                  .scale = NO_AXIS,
                  .n_curves = 1};
  for (size_t i = 0; i < s->n_axes; i++)
    if (strength_of(s->axes[i].key)) {
      v.scale = i;
      v.of_scale = strength_of(s->axes[i].key);
    }
  size_t stride = 1;
  for (size_t i = s->n_axes; i-- > 0;) {
    v.stride[i] = stride;
    stride *= s->axes[i].n;
    if (belongs_to_curves(&v, i))
      v.n_curves *= s->axes[i].n;
  }
  v.n_masses = v.mass == NO_AXIS ? 0 : s->axes[v.mass].n;
  return v;
}

/* A curve's position on an axis of its own. */
static size_t position(const reach_view *v, size_t curve, size_t axis)
{
  for (size_t i = v->sweep->n_axes; i-- > 0;) {
    if (!belongs_to_curves(v, i))
      continue;
    if (i == axis)
      return curve % v->sweep->axes[i].n;
    curve /= v->sweep->axes[i].n;
  }
  return 0;
}

/* NaN where the rate is not known; infinite where it is 0. */
static double reach_at(const reach_view *v, size_t curve, size_t i_mass)
{
  size_t point = i_mass * v->stride[v->mass];
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (belongs_to_curves(v, i))
      point += position(v, curve, i) * v->stride[i];
  double value = v->sweep->axes[v->scale].value[0];
  return strength_for(v->of_scale, value, v->events, v->sweep->value[point]);
}

/* ---- words ----------------------------------------------------------------------------------- */

static void add_position(const reach_view *v, size_t curve, size_t axis, char *label)
{
  const store_axis *a = &v->sweep->axes[axis];
  size_t used = strlen(label), i = position(v, curve, axis);
  const char *joint = used ? ", " : "";
  if (v->sweep->threshold_eV && strcmp(a->key, "threshold") == 0) {
    size_t i_material = position(v, curve, find_axis(v->sweep, "material"));
    snprintf(label + used, LABEL_SIZE - used, "%sabove %.4g eV", joint,
             v->sweep->threshold_eV[i_material * v->sweep->n_threshold + i]);
  } else if (a->text) {
    snprintf(label + used, LABEL_SIZE - used, "%s%s", joint, a->text[i]);
  } else {
    snprintf(label + used, LABEL_SIZE - used, "%s%s %.6g%s%s", joint, a->key, a->value[i],
             *a->unit ? " " : "", a->unit);
  }
}

/* "Si, massless, above 4.7 eV": where curves differ; and the threshold, which differs by material.
 */
static void name_curve(const reach_view *v, size_t curve, char label[LABEL_SIZE])
{
  *label = '\0';
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (belongs_to_curves(v, i) &&
        (v->sweep->axes[i].n > 1 || strcmp(v->sweep->axes[i].key, "material") == 0 ||
         strcmp(v->sweep->axes[i].key, "threshold") == 0))
      add_position(v, curve, i, label);
}

/* What all curves share. */
static void name_common(const reach_view *v, char label[LABEL_SIZE])
{
  *label = '\0';
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (belongs_to_curves(v, i) && v->sweep->axes[i].n == 1 &&
        strcmp(v->sweep->axes[i].key, "material") != 0 &&
        strcmp(v->sweep->axes[i].key, "threshold") != 0)
      add_position(v, 0, i, label);
}

/* ---- table ----------------------------------------------------------------------------------- */

static void print_reach(double reach, FILE *stream)
{
  if (isnan(reach))
    fprintf(stream, "%11s", "?");
  else if (isinf(reach))
    fprintf(stream, "%11s", "-");
  else
    fprintf(stream, "%11.2e", reach);
}

static void print_table(const reach_view *v, size_t first, size_t n, FILE *stream)
{
  char text[32];
  fprintf(stream, "\n%10s", "mass");
  for (size_t i = 0; i < n; i++)
    fprintf(stream, "%11c", (int)('A' + first + i));
  fputc('\n', stream);
  for (size_t i_mass = 0; i_mass < v->n_masses; i_mass++) {
    energy_text(v->sweep->axes[v->mass].value[i_mass], text, sizeof text);
    fprintf(stream, "%10s", text);
    for (size_t i = 0; i < n; i++)
      print_reach(reach_at(v, first + i, i_mass), stream);
    fputc('\n', stream);
  }
}

/* ---- chart ----------------------------------------------------------------------------------- */

typedef struct chart {
  double left, right, bottom, top; /* log10 of mass [eV] and reach */
  char cell[CHART_HEIGHT][CHART_WIDTH];
} chart;

static bool can_be_drawn(double value)
{
  return isfinite(value) && value > 0;
}

/* The frame: all masses, whole decades of reach. False if there is nothing to draw. */
static bool frame(const reach_view *v, size_t n_curves, chart *c)
{
  double low = INFINITY, high = 0;
  const double *mass = v->sweep->axes[v->mass].value;
  c->left = INFINITY;
  c->right = -INFINITY;
  for (size_t i = 0; i < v->n_masses; i++) {
    c->left = fmin(c->left, log10(mass[i]));
    c->right = fmax(c->right, log10(mass[i]));
    for (size_t curve = 0; curve < n_curves; curve++) {
      double reach = reach_at(v, curve, i);
      if (!can_be_drawn(reach))
        continue;
      low = fmin(low, reach);
      high = fmax(high, reach);
    }
  }
  if (!(low <= high) || !(c->left < c->right))
    return false;
  c->bottom = floor(log10(low));
  c->top = fmin(ceil(log10(high)), c->bottom + CHART_DECADES);
  if (c->top <= c->bottom)
    c->top = c->bottom + 1;
  memset(c->cell, ' ', sizeof c->cell);
  return true;
}

static void draw_point(chart *c, double mass, double reach, char letter)
{
  double x = (mass - c->left) / (c->right - c->left) * (CHART_WIDTH - 1);
  double y = (c->top - reach) / (c->top - c->bottom) * (CHART_HEIGHT - 1);
  if (x < -0.5 || x > CHART_WIDTH - 0.5 || y < -0.5 || y > CHART_HEIGHT - 0.5)
    return;
  char *cell = &c->cell[lround(y)][lround(x)];
  *cell = *cell == ' ' || *cell == letter ? letter : '*';
}

/* Straight lines between the points, so that sparse masses make a curve, too. */
static void draw_curve(const reach_view *v, size_t curve, chart *c)
{
  enum { STEPS = 2 * CHART_WIDTH };
  const double *mass = v->sweep->axes[v->mass].value;
  bool drawn[CHART_WIDTH] = {false}; /* one letter per column: curves stay thin */
  for (size_t i = 0; i + 1 < v->n_masses; i++) {
    double from = reach_at(v, curve, i), to = reach_at(v, curve, i + 1);
    if (!can_be_drawn(from) || !can_be_drawn(to))
      continue;
    for (int step = 0; step <= STEPS; step++) {
      double part = (double)step / STEPS;
      double x = (1 - part) * log10(mass[i]) + part * log10(mass[i + 1]);
      long column = lround((x - c->left) / (c->right - c->left) * (CHART_WIDTH - 1));
      if (column < 0 || column >= CHART_WIDTH || drawn[column])
        continue;
      drawn[column] = true;
      draw_point(c, x, (1 - part) * log10(from) + part * log10(to), (char)('A' + curve));
    }
  }
}

static void print_masses(const chart *c, FILE *stream)
{
  char line[CHART_WIDTH + MASS_MARKS + 1], text[MASS_MARKS];
  memset(line, ' ', sizeof line);
  line[sizeof line - 1] = '\0';
  size_t free_from = 0;
  for (double decade = ceil(c->left - 1e-9); decade <= c->right + 1e-9; decade++) {
    size_t at = (size_t)lround((decade - c->left) / (c->right - c->left) * (CHART_WIDTH - 1));
    energy_text(pow(10, decade), text, sizeof text);
    if (at < free_from || at + strlen(text) >= sizeof line)
      continue;
    memcpy(line + at, text, strlen(text));
    free_from = at + strlen(text) + 1;
  }
  size_t end = sizeof line - 1;
  while (end > 0 && line[end - 1] == ' ')
    line[--end] = '\0';
  fprintf(stream, "%*s %s\n", Y_LABEL, "", line);
}

/* Marks below the frame at whole decades. */
static void print_floor(const chart *c, FILE *stream)
{
  char line[CHART_WIDTH + 1];
  memset(line, '-', CHART_WIDTH);
  line[CHART_WIDTH] = '\0';
  for (double decade = ceil(c->left - 1e-9); decade <= c->right + 1e-9; decade++)
    line[lround((decade - c->left) / (c->right - c->left) * (CHART_WIDTH - 1))] = '+';
  fprintf(stream, "%*s+%s\n", Y_LABEL, "", line);
}

static void print_chart(const reach_view *v, const chart *c, FILE *stream)
{
  double per_row = (c->top - c->bottom) / (CHART_HEIGHT - 1);
  fprintf(stream, "\n%*s %s\n", Y_LABEL, "", v->of_scale->name);
  for (int row = 0; row < CHART_HEIGHT; row++) {
    double decade = round(c->top - row * per_row);
    if (lround((c->top - decade) / per_row) == row)
      fprintf(stream, "%*s%-4.0f+", Y_LABEL - 4, "1e", decade);
    else
      fprintf(stream, "%*s|", Y_LABEL, "");
    int end = CHART_WIDTH;
    while (end > 0 && c->cell[row][end - 1] == ' ')
      end--;
    fprintf(stream, "%.*s\n", end, c->cell[row]);
  }
  print_floor(c, stream);
  print_masses(c, stream);
}

/* ---- all ------------------------------------------------------------------------------------- */

static void print_everything(const reach_view *v, FILE *stream)
{
  char label[LABEL_SIZE];
  size_t n = v->n_curves < MOST_CURVES ? v->n_curves : MOST_CURVES;
  chart c;
  name_common(v, label);
  fprintf(stream, "%s: %s for %g events per kg yr%s%s\n", v->sweep->name, v->of_scale->name, v->events,
          *label ? "; " : "", label);
  for (size_t curve = 0; curve < n; curve++) {
    name_curve(v, curve, label);
    fprintf(stream, "  %c  %s\n", (int)('A' + curve), label);
  }
  if (n < v->n_curves)
    fprintf(stream, "  … and %zu more curves, not shown: elfin export --reach has all\n",
            v->n_curves - n);
  for (size_t first = 0; first < n; first += COLUMNS)
    print_table(v, first, n - first < COLUMNS ? n - first : COLUMNS, stream);
  if (frame(v, n, &c)) {
    for (size_t curve = 0; curve < n; curve++)
      draw_curve(v, curve, &c);
    print_chart(v, &c, stream);
  }
}

elfin_status report_reach(const store_sweep *sweep, double events, FILE *stream, elfin_error *err)
{
  reach_view v;
  if (sweep->n_axes > sizeof v.stride / sizeof *v.stride)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "sweep %s: %zu axes are too many", sweep->name,
                      sweep->n_axes);
  v = look_at(sweep, events);
  if (v.mass == NO_AXIS || v.scale == NO_AXIS)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "sweep %s has no cross section or kinetic mixing, and so no "
                      "reach: %s",
                      sweep->name, sweep->process);
  print_everything(&v, stream);
  if (ferror(stream))
    return elfin_fail(err, ELFIN_E_OUTPUT, "the table cannot be written: %s", strerror(errno));
  return ELFIN_OK;
}
