/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot.c
 * Sweeps as a picture: their curves, and ranges that suit them. gnuplot draws it (gnuplot.c). */
#include "report/curve_file.h"
#include "report/modulation.h"
#include "report/picture_words.h"
#include "report/plot_to.h"
#include "report/plotter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double EVENTS = 3; /* no event seen: 95 % C.L. */

/* ---- curves ---------------------------------------------------------------------------------- */

double plot_y(const plotter *p, size_t curve, size_t i)
{
  double rate = plot_value(&p->view, curve, i);
  if (p->about->ratio)
    return p->kind == REACH ? plot_reference(&p->view, curve, i) / rate
                            : rate / plot_reference(&p->view, curve, i);
  if (p->kind != REACH)
    return rate;
  const store_axis *scale = &p->sweep->axes[p->view.scale];
  double reach =
      strength_for(p->view.of_scale, scale->value[p->view.kept[p->view.scale][0]], p->events, rate);
  return rate > 0 ? reach : NAN;
}

/* The mean over a day or a year; NaN without memory. */
static double mean_rate(const plotter *p, size_t curve)
{
  const store_axis *time = &p->sweep->axes[p->view.x];
  bool of_year = strcmp(time->key, "date") == 0;
  double widest, sum = 0, *weight = malloc((time->n + 1) * sizeof *weight);
  if (!weight || !modulation_weigh(time->n, time->value, of_year ? PLOT_YEAR_D : PLOT_DAY_H, weight,
                                   &widest)) {
    free(weight);
    p->picture->failed = true;
    return NAN;
  }
  for (size_t i = 0; i < time->n; i++)
    sum += weight[i] * plot_value(&p->view, curve, i);
  free(weight);
  return sum;
}

static double edge_of(const plotter *p, size_t i, double unit)
{
  if (p->kind == CHARGE)
    return p->sweep->axes[p->view.x].value[0] - 0.5 + (double)i;
  return p->sweep->edge_eV[i] / unit;
}

/* Steps: a bin is as wide as it is. */
static void fill_steps(const plotter *p, size_t curve, double unit, picture_curve *c)
{
  size_t n = c->n / 2;
  for (size_t i = 0; i < n; i++) {
    c->x[2 * i] = edge_of(p, i, unit);
    c->x[2 * i + 1] = edge_of(p, i + 1, unit);
    c->y[2 * i] = c->y[2 * i + 1] = plot_y(p, curve, i);
  }
}

static void fill_line(const plotter *p, size_t curve, double unit, picture_curve *c)
{
  const double *x = plot_numbers_of_x(p);
  double divisor = p->kind == MODULATION ? mean_rate(p, curve) : 1;
  for (size_t i = 0; i < c->n; i++) {
    c->x[i] = x[i] / unit;
    c->y[i] = plot_y(p, curve, i) / divisor;
  }
}

/* Sweeps by colour and their curves by dash, if they are few enough; single curves by both. */
static void style_of(const plot_group *g, size_t i, size_t curve, picture_curve *c)
{
  size_t before = 0, most = 0;
  for (size_t k = 0; k < g->n; k++) {
    before += k < i ? g->each[k].view.n_curves : 0;
    most = g->each[k].view.n_curves > most ? g->each[k].view.n_curves : most;
  }
  bool few = g->n <= PLOT_COLOURS && most <= PLOT_DASHES;
  size_t place = before + curve;
  if (g->n == 1) {
    plot_style(&g->each[0].view, curve, &c->colour, &c->dash);
  } else if (few) {
    c->colour = i;
    c->dash = most > 1 ? curve : i % PLOT_DASHES;
  } else {
    c->colour = place % PLOT_COLOURS;
    c->dash = (place / PLOT_COLOURS + place % PLOT_COLOURS) % PLOT_DASHES;
  }
}

static void add_curves(const plot_group *g, size_t i, double unit)
{
  plotter *p = &g->each[i];
  const store_axis *a = &p->sweep->axes[p->view.x];
  bool steps = p->kind == CHARGE || (p->kind == SPECTRUM && p->sweep->n_edges == a->n + 1);
  char label[PLOT_LABEL];
  for (size_t curve = 0; curve < p->view.n_curves && !p->picture->failed; curve++) {
    plot_curve_label(&p->view, curve, NULL, label);
    picture_curve *c = picture_add(p->picture, label, steps ? 2 * a->n : a->n);
    if (!c)
      return;
    style_of(g, i, curve, c);
    c->steps = c->falls = steps;
    if (steps)
      fill_steps(p, curve, unit, c);
    else
      fill_line(p, curve, unit, c);
  }
}

static size_t next_colour(const picture *p)
{
  size_t next = 0;
  for (size_t i = 0; i < p->n_curves; i++)
    next = p->curves[i].colour >= next ? p->curves[i].colour + 1 : next;
  return next;
}

/* Curves of others, in colours of their own: only what lies within the masses of ours. */
static elfin_status add_overlays(plot_group *g, double unit, elfin_error *err)
{
  const plotter *p = &g->each[0];
  picture_axis *axis = &g->picture->x;
  if (p->about->n_overlay && (!plot_of_strength(p) || p->about->ratio))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "a curve of a file can lie over a reach or a limit only, not over a %s",
                      plot_kind_name(p->kind));
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; !status && i < p->about->n_overlay; i++) {
    size_t colour = next_colour(g->picture);
    status = curve_file_add(p->about->overlay[i], unit, g->picture, err);
    if (!status && !g->picture->failed)
      g->picture->curves[g->picture->n_curves - 1].colour = colour;
  }
  for (size_t k = 0; k < g->n && p->about->n_overlay; k++) {
    const store_axis *a = &g->each[k].sweep->axes[g->each[k].view.x];
    for (size_t i = 0; i < a->n; i++) {
      axis->from = fmin(isnan(axis->from) ? INFINITY : axis->from, a->value[i] / unit);
      axis->to = fmax(isnan(axis->to) ? -INFINITY : axis->to, a->value[i] / unit);
    }
  }
  return status;
}

/* A logarithm where values differ by more than a factor of 20; a reach always. */
static bool wants_log(const plot_group *g)
{
  static const double MUCH = 20;
  double low = INFINITY, high = 0;
  if (plot_of_strength(&g->each[0]) && !g->each[0].about->ratio)
    return true;
  for (size_t i = 0; i < g->picture->n_curves; i++)
    for (size_t j = 0; j < g->picture->curves[i].n; j++) {
      double y = g->picture->curves[i].y[j];
      if (isfinite(y) && y < 0)
        return false;
      if (isfinite(y) && y > 0) {
        low = fmin(low, y);
        high = fmax(high, y);
      }
    }
  return high > MUCH * low;
}

/* Where y is linear, numbers of everyday size: the power of ten goes to the label. */
static void scale_linear(picture *p)
{
  double high = 0;
  for (size_t i = 0; i < p->n_curves; i++)
    for (size_t j = 0; j < p->curves[i].n; j++)
      if (isfinite(p->curves[i].y[j]))
        high = fmax(high, fabs(p->curves[i].y[j]));
  int power = high > 0 ? (int)floor(log10(high)) : 0;
  if (power >= -2 && power <= 3)
    return;
  for (size_t i = 0; i < p->n_curves; i++)
    for (size_t j = 0; j < p->curves[i].n; j++)
      p->curves[i].y[j] /= pow(10, power);
  char *bracket = p->y.label ? strchr(p->y.label, '[') : NULL;
  char *made = bracket ? text_of("%.*s[10^{%d} %s", (int)(bracket - p->y.label), p->y.label, power,
                                 bracket + 1)
                       : text_of("%s / 10^{%d}", p->y.label ? p->y.label : "", power);
  free(p->y.label);
  p->y.label = made;
}

/* ---- all ------------------------------------------------------------------------------------- */

static void frame_as_suits(plot_group *g)
{
  const plotter *p = &g->each[0];
  picture *made = g->picture;
  made->y.log = wants_log(g);
  made->from_below = plot_of_strength(p);
  made->decades = plot_of_strength(p) ? 8 : 6;
  made->may_end = p->kind == SPECTRUM || p->kind == DIFFERENTIAL;
  if (p->about->ratio || p->kind == MODULATION)
    made->unity = 1;
  if (!made->y.log)
    scale_linear(made);
}

static elfin_status fill_picture(plot_group *g, elfin_error *err)
{
  double unit = 1;
  size_t n_colours = 0;
  plot_describe_x(g, &unit);
  g->picture->y.label = plot_y_label(&g->each[0]);
  plot_name_sweeps(g);
  for (size_t i = 0; i < g->n; i++)
    if (g->each[i].about->envelope)
      plot_add_bands(&g->each[i], unit, &n_colours);
    else
      add_curves(g, i, unit);
  elfin_status status = add_overlays(g, unit, err);
  if (status)
    return status;
  frame_as_suits(g);
  plot_describe(g);
  if (g->picture->failed || !g->picture->caption || !g->picture->x.label || !g->picture->y.label)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the picture of %s", g->path);
  if (!picture_frame(g->picture))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "sweep %s: nothing to draw: no %s above 0 was computed",
                      g->each[0].sweep->name, plot_dataset(g->each[0].kind));
  return ELFIN_OK;
}

static elfin_status open_sweep(const plot_group *g, const char *sweep, plotter *p, elfin_error *err)
{
  size_t x = PLOT_NO_AXIS;
  elfin_status status = plot_choose_kind(g->path, sweep, p->about, &p->kind, err);
  if (!status)
    status = store_read(g->path, sweep, plot_dataset(p->kind), &p->sweep, err);
  if (!status)
    status = store_read_targets(g->path, sweep, &p->targets, err);
  if (!status && p->about->envelope && p->about->ratio)
    status = elfin_fail(err, ELFIN_E_ARGUMENT, "an envelope has no ratio: choose one");
  if (!status)
    status = plot_choose_axis(p, &x, err);
  if (!status)
    status = plot_view_open(p->sweep, p->targets, x, g->n, p->about, &p->view, err);
  if (!status && p->kind == REACH && p->view.scale == PLOT_NO_AXIS)
    status = elfin_fail(err, ELFIN_E_ARGUMENT,
                        "sweep %s (%s) has no cross section or kinetic mixing, and so no reach",
                        p->sweep->name, p->sweep->process);
  return status;
}

/* Whether a sweep can be drawn into the picture of the first one, and all curves be told apart. */
static elfin_status check_together(const plot_group *g, size_t i, size_t *n_curves, elfin_error *err)
{
  const plotter *first = &g->each[0], *p = &g->each[i];
  const store_axis *x = &first->sweep->axes[first->view.x], *own = &p->sweep->axes[p->view.x];
  char *label = plot_y_label(first), *other = plot_y_label(p);
  elfin_status status = ELFIN_OK;
  *n_curves += p->view.n_curves;
  if (!label || !other)
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for the picture of %s", g->path);
  else if (p->kind != first->kind || strcmp(x->key, own->key) != 0 || strcmp(label, other) != 0)
    status = elfin_fail(err, ELFIN_E_ARGUMENT,
                        "sweeps %s and %s cannot share a picture: one is a %s along %s (%s), the "
                        "other a %s along %s (%s)",
                        first->sweep->name, p->sweep->name, plot_kind_name(first->kind), x->key,
                        first->sweep->process, plot_kind_name(p->kind), own->key,
                        p->sweep->process);
  else if (g->n > 1 && !first->about->envelope && *n_curves > PLOT_COLOURS * PLOT_DASHES)
    status = elfin_fail(err, ELFIN_E_ARGUMENT,
                        "%zu curves cannot be told apart: select %d at most, or draw each sweep "
                        "with --sweep",
                        *n_curves, PLOT_COLOURS * PLOT_DASHES);
  free(label);
  free(other);
  return status;
}

static elfin_status make_picture(plot_group *g, const char *const sweep[], const report_plot *about,
                                 elfin_error *err)
{
  size_t n_curves = 0;
  g->picture = picture_new();
  g->each = calloc(g->n, sizeof *g->each);
  if (!g->picture || !g->each)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the picture of %s", g->path);
  elfin_status status = store_summarise(g->path, &g->summary, err);
  for (size_t i = 0; !status && i < g->n; i++) {
    g->each[i] = (plotter){
        .about = about, .events = about->events > 0 ? about->events : EVENTS, .picture = g->picture};
    status = open_sweep(g, sweep[i], &g->each[i], err);
    if (!status)
      status = check_together(g, i, &n_curves, err);
  }
  return status ? status : fill_picture(g, err);
}

static void clear(plot_group *g)
{
  picture_free(g->picture);
  for (size_t i = 0; g->each && i < g->n; i++) {
    plot_view_close(&g->each[i].view);
    store_sweep_free(g->each[i].sweep);
    store_targets_free(g->each[i].targets);
  }
  free(g->each);
  store_summary_free(g->summary);
}

elfin_status plot_to(picture *p, const report_image *to, elfin_error *err)
{
  if (p->failed)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a picture");
  if (!picture_frame(p))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "there is nothing to draw");
  if (!to->script)
    return picture_draw(p, to->path, to->overwrite, err);
  picture_script(p, PICTURE_PNG, to->script);
  return ferror(to->script) ? elfin_fail(err, ELFIN_E_OUTPUT, "the script cannot be written")
                            : ELFIN_OK;
}

elfin_status report_plot_sweeps(const char *path, size_t n, const char *const sweep[],
                                const report_plot *about, const report_image *to,
                                char remark[REPORT_REMARK], elfin_error *err)
{
  plot_group g = {.path = path, .n = n};
  *remark = '\0';
  elfin_status status = to->script ? ELFIN_OK : picture_check_place(to->path, to->overwrite, err);
  if (!status)
    status = make_picture(&g, sweep, about, err);
  if (!status)
    status = plot_to(g.picture, to, err);
  if (!status)
    plot_left_out(&g, remark);
  clear(&g);
  return status;
}
