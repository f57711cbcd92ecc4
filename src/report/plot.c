/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot.c
 * A sweep as a picture: what is drawn along what, with which words. gnuplot draws it (gnuplot.c).
 *
 * Without a wish, the longest axis decides: masses make a limit where there is one, else a reach curve, hours a modulation, other
 * numbers rates; a sweep of single masses shows its spectrum, or its charges. */
#include "report/curve_file.h"
#include "report/picture_words.h"
#include "report/plot_to.h"
#include "report/plotter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double EVENTS = 3; /* no event seen: 95 % C.L. */

static const struct {
  const char *name, *dataset, *along; /* NULL: the longest axis */
} kinds[N_KINDS] = {
    [REACH] = {"reach", "rate", "mass"},
    [RATE] = {"rate", "rate", NULL},
    [SPECTRUM] = {"spectrum", "spectrum", "omega"},
    [DIFFERENTIAL] = {"differential", "differential", "at"},
    [CHARGE] = {"charge", "charge_rate", "charge"},
    [MODULATION] = {"modulation", "rate", "time"},
    [LIMIT] = {"limit", "limit", "mass"},
};

/* ---- which picture --------------------------------------------------------------------------- */

/* The longest axis of numbers, masses before others; PLOT_NO_AXIS: none has two values. */
static size_t longest_axis(const store_sweep *s, bool strength_too)
{
  size_t best = PLOT_NO_AXIS, longest = 1;
  for (size_t i = 0; i < s->n_axes; i++) {
    const store_axis *a = &s->axes[i];
    bool numbers = a->n > 1 && isfinite(a->value[0]) && isfinite(a->value[a->n - 1]);
    if (!numbers || (!strength_too && strength_of(a->key)))
      continue;
    if (a->n > longest || (a->n == longest && strcmp(a->key, "mass") == 0)) {
      best = i;
      longest = a->n;
    }
  }
  return best;
}

/* What a sweep is about, if nobody says. */
static elfin_status choose_kind(const char *path, const char *sweep, plot_kind *kind,
                                elfin_error *err)
{
  enum { FEW = 3 };
  store_sweep *s = NULL;
  elfin_status status = store_look(path, sweep, "rate", &s, err);
  if (status)
    return status;
  size_t time = plot_axis_named(s, "time"), longest = longest_axis(s, false);
  bool spectrum = store_has(path, sweep, "spectrum"),
       charge = store_has(path, sweep, "charge_rate");
  bool at = store_has(path, sweep, "differential");
  bool short_axis = longest == PLOT_NO_AXIS || s->axes[longest].n < FEW;
  if (time != PLOT_NO_AXIS && s->axes[time].n >= FEW)
    *kind = MODULATION;
  else if (short_axis && (spectrum || charge || at))
    *kind = spectrum ? SPECTRUM : charge ? CHARGE : DIFFERENTIAL;
  else if (longest != PLOT_NO_AXIS && strcmp(s->axes[longest].key, "mass") == 0)
    *kind = store_has(path, sweep, "limit") ? LIMIT : REACH;
  else
    *kind = RATE;
  store_sweep_free(s);
  return ELFIN_OK;
}

static elfin_status kind_named(const char *name, plot_kind *kind, elfin_error *err)
{
  const char *names[N_KINDS];
  for (int i = 0; i < N_KINDS; i++) {
    names[i] = kinds[i].name;
    if (strcmp(name, names[i]) == 0) {
      *kind = (plot_kind)i;
      return ELFIN_OK;
    }
  }
  const char *near = nearest_name(name, N_KINDS, names);
  return elfin_fail(err, ELFIN_E_ARGUMENT,
                    "there is no kind of picture '%s'%s%s%s: reach, rate, spectrum, "
                    "differential, charge, modulation or limit",
                    name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static elfin_status choose_axis(const plotter *p, size_t *x, elfin_error *err)
{
  const store_sweep *s = p->sweep;
  const char *along = p->about->along ? p->about->along : kinds[p->kind].along;
  *x = along ? plot_axis_named(s, along) : longest_axis(s, true);
  if (*x == PLOT_NO_AXIS && along)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "sweep %s (%s) has no axis %s to draw a %s along",
                      s->name, s->process, along, kinds[p->kind].name);
  if (*x == PLOT_NO_AXIS)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "sweep %s has one value on every axis of numbers: there is "
                      "nothing to draw a curve along",
                      s->name);
  const store_axis *a = &s->axes[*x];
  if (s->threshold_eV && strcmp(a->key, "threshold") == 0) {
    if (s->n_material == 1)
      return ELFIN_OK;
    for (size_t i = 0; i < a->n; i++) /* the same for all materials? */
      for (size_t k = 0; k < s->n_material; k++)
        if (s->threshold_eV[k * a->n + i] != s->threshold_eV[i])
          return elfin_fail(err, ELFIN_E_ARGUMENT,
                            "sweep %s: its thresholds differ by material, and make no axis",
                            s->name);
    return ELFIN_OK;
  }
  for (size_t i = 0; i < a->n; i++)
    if (!isfinite(a->value[i]))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "sweep %s: %s is an axis of names, not of numbers",
                        s->name, a->key);
  return ELFIN_OK;
}

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

/* The mean over a turn; the end of the turn is its beginning and counts once. */
static double mean_rate(const plotter *p, size_t curve)
{
  static const double TURN_H = 24;
  const store_axis *time = &p->sweep->axes[p->view.x];
  size_t n = time->n;
  double sum = 0;
  if (n > 1 && time->value[n - 1] - time->value[0] >= TURN_H)
    n--;
  for (size_t i = 0; i < n; i++)
    sum += plot_value(&p->view, curve, i);
  return sum / (double)n;
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

static void add_curves(plotter *p, double unit)
{
  const store_axis *a = &p->sweep->axes[p->view.x];
  bool steps = p->kind == CHARGE || (p->kind == SPECTRUM && p->sweep->n_edges == a->n + 1);
  char label[PLOT_LABEL];
  for (size_t i = 0; i < p->view.n_curves && !p->picture->failed; i++) {
    plot_curve_label(&p->view, i, NULL, label);
    picture_curve *c = picture_add(p->picture, label, steps ? 2 * a->n : a->n);
    if (!c)
      return;
    plot_style(&p->view, i, &c->colour, &c->dash);
    c->steps = c->falls = steps;
    if (steps)
      fill_steps(p, i, unit, c);
    else
      fill_line(p, i, unit, c);
  }
}

/* Curves of others: only what lies within the masses of ours. */
static elfin_status add_overlays(plotter *p, double unit, elfin_error *err)
{
  const store_axis *a = &p->sweep->axes[p->view.x];
  if (p->about->n_overlay && (!plot_of_strength(p) || p->about->ratio))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "a curve of a file can lie over a reach or a limit only, not over a %s",
                      kinds[p->kind].name);
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; !status && i < p->about->n_overlay; i++)
    status = curve_file_add(p->about->overlay[i], unit, p->picture, err);
  for (size_t i = 0; i < a->n && p->about->n_overlay; i++) {
    p->picture->x.from = fmin(i ? p->picture->x.from : INFINITY, a->value[i] / unit);
    p->picture->x.to = fmax(i ? p->picture->x.to : -INFINITY, a->value[i] / unit);
  }
  return status;
}

/* A logarithm where values differ by more than a factor of 20; a reach always. */
static bool wants_log(const plotter *p)
{
  static const double MUCH = 20;
  double low = INFINITY, high = 0;
  if (plot_of_strength(p) && !p->about->ratio)
    return true;
  for (size_t i = 0; i < p->picture->n_curves; i++)
    for (size_t j = 0; j < p->picture->curves[i].n; j++) {
      double y = p->picture->curves[i].y[j];
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

static elfin_status fill_picture(plotter *p, elfin_error *err)
{
  double unit = 1;
  elfin_status status = ELFIN_OK;
  if (p->kind == REACH && p->view.scale == PLOT_NO_AXIS)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "sweep %s (%s) has no cross section or kinetic mixing, and so no reach",
                      p->sweep->name, p->sweep->process);
  if (!(p->picture = picture_new()))
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the picture of %s", p->sweep->name);
  plot_describe_x(p, &unit);
  plot_describe_y(p);
  if (p->about->envelope)
    plot_add_bands(p, unit);
  else
    add_curves(p, unit);
  if ((status = add_overlays(p, unit, err)))
    return status;
  p->picture->y.log = wants_log(p);
  p->picture->from_below = plot_of_strength(p);
  p->picture->decades = plot_of_strength(p) ? 8 : 6;
  p->picture->may_end = p->kind == SPECTRUM || p->kind == DIFFERENTIAL;
  if (!p->picture->y.log)
    scale_linear(p->picture);
  plot_describe(p);
  if (p->picture->failed || !p->picture->caption || !p->picture->x.label || !p->picture->y.label)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the picture of %s", p->sweep->name);
  if (!picture_frame(p->picture))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "sweep %s: nothing to draw: no %s above 0 was computed", p->sweep->name,
                      kinds[p->kind].dataset);
  return ELFIN_OK;
}

static elfin_status make_picture(const char *path, const char *sweep, const report_plot *about,
                                 plotter *p, elfin_error *err)
{
  size_t x = PLOT_NO_AXIS;
  *p =
      (plotter){.path = path, .about = about, .events = about->events > 0 ? about->events : EVENTS};
  elfin_status status = about->kind ? kind_named(about->kind, &p->kind, err)
                                    : choose_kind(path, sweep, &p->kind, err);
  if (!status)
    status = store_summarise(path, &p->summary, err);
  if (!status)
    status = store_read(path, sweep, kinds[p->kind].dataset, &p->sweep, err);
  if (!status)
    status = store_read_targets(path, sweep, &p->targets, err);
  if (!status && about->envelope && about->ratio)
    status = elfin_fail(err, ELFIN_E_ARGUMENT, "an envelope has no ratio: choose one");
  if (!status)
    status = choose_axis(p, &x, err);
  if (!status)
    status = plot_view_open(p->sweep, p->targets, x, about, &p->view, err);
  return status ? status : fill_picture(p, err);
}

static void clear(plotter *p)
{
  picture_free(p->picture);
  plot_view_close(&p->view);
  store_sweep_free(p->sweep);
  store_targets_free(p->targets);
  store_summary_free(p->summary);
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

elfin_status report_plot_sweep(const char *path, const char *sweep, const report_plot *about,
                               const report_image *to, char remark[REPORT_REMARK], elfin_error *err)
{
  plotter p = {.path = path};
  *remark = '\0';
  elfin_status status = to->script ? ELFIN_OK : picture_check_place(to->path, to->overwrite, err);
  if (!status)
    status = make_picture(path, sweep, about, &p, err);
  if (!status)
    status = plot_to(p.picture, to, err);
  if (!status)
    plot_thinned(&p.view, remark);
  clear(&p);
  return status;
}
