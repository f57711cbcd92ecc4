/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_kinds.c
 * Which picture of a sweep, and which sweeps of a file share one.
 *
 * Without a wish, the longest axis decides: masses make a limit where there is one, else a reach curve, hours of a day and
 * dates of a year a modulation, thresholds and other numbers rates; a sweep of single masses shows its spectrum, or its charges. */
#include "report/modulation.h"
#include "report/plotter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* Of an axis: numbers, and for thresholds the same ones for all materials. */
static bool is_of_numbers(const store_sweep *s, const store_axis *a)
{
  bool numbers = true;
  if (!s->threshold_eV || strcmp(a->key, "threshold") != 0)
    return isfinite(a->value[0]) && isfinite(a->value[a->n - 1]);
  for (size_t i = 0; i < s->n_material * a->n; i++)
    numbers = numbers && s->threshold_eV[i] == s->threshold_eV[i % a->n]; /* no NaN */
  return numbers;
}

/* The longest axis of numbers, masses before others; PLOT_NO_AXIS: none has two values. */
static size_t longest_axis(const store_sweep *s, bool strength_too, bool threshold_too)
{
  size_t best = PLOT_NO_AXIS, longest = 1;
  for (size_t i = 0; i < s->n_axes; i++) {
    const store_axis *a = &s->axes[i];
    if (a->n < 2 || (!strength_too && strength_of(a->key)) ||
        (!threshold_too && strcmp(a->key, "threshold") == 0) || !is_of_numbers(s, a))
      continue;
    if (a->n > longest || (a->n == longest && strcmp(a->key, "mass") == 0)) {
      best = i;
      longest = a->n;
    }
  }
  return best;
}

/* Whether a mean of the year can be made of these dates. */
static bool fills_a_year(const store_axis *dates)
{
  static const double WIDEST = 1.0 / 3;
  double widest = 1, *weight = malloc((dates->n + 1) * sizeof *weight);
  bool fills = weight && modulation_weigh(dates->n, dates->value, PLOT_YEAR_D, weight, &widest) &&
               widest < WIDEST;
  free(weight);
  return fills;
}

/* What a sweep is about, if nobody says. */
static elfin_status kind_that_suits(const char *path, const char *sweep, plot_kind *kind,
                                    elfin_error *err)
{
  enum { FEW = 3 };
  store_sweep *s = NULL;
  elfin_status status = store_look(path, sweep, "rate", &s, err);
  if (status)
    return status;
  size_t time = plot_axis_named(s, "time"), date = plot_axis_named(s, "date"),
         longest = longest_axis(s, false, false);
  bool spectrum = store_has(path, sweep, "spectrum"),
       charge = store_has(path, sweep, "charge_rate");
  bool at = store_has(path, sweep, "differential");
  bool short_axis = longest == PLOT_NO_AXIS || s->axes[longest].n < FEW;
  if ((time != PLOT_NO_AXIS && s->axes[time].n >= FEW) ||
      (date != PLOT_NO_AXIS && fills_a_year(&s->axes[date])))
    *kind = MODULATION;
  else if (short_axis && (spectrum || charge || at))
    *kind = spectrum ? SPECTRUM : charge ? CHARGE : DIFFERENTIAL;
  else if ((longest = longest_axis(s, false, true)) != PLOT_NO_AXIS && strcmp(s->axes[longest].key, "mass") == 0)
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

elfin_status plot_choose_kind(const char *path, const char *sweep, const report_plot *about,
                              plot_kind *kind, elfin_error *err)
{
  return about->kind ? kind_named(about->kind, kind, err) : kind_that_suits(path, sweep, kind, err);
}

const char *plot_dataset(plot_kind kind)
{
  return kinds[kind].dataset;
}

const char *plot_kind_name(plot_kind kind)
{
  return kinds[kind].name;
}

/* What a kind is drawn along, NULL if that is not fixed. */
static const char *usual_axis(const plotter *p)
{
  bool of_day = plot_axis_named(p->sweep, "time") != PLOT_NO_AXIS,
       of_year = plot_axis_named(p->sweep, "date") != PLOT_NO_AXIS;
  return p->kind == MODULATION && of_year && !of_day ? "date" : kinds[p->kind].along;
}

static elfin_status check_numbers(const store_sweep *s, const store_axis *a, elfin_error *err)
{
  for (size_t i = 0; i < a->n; i++)
    if (!isfinite(a->value[i]))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "sweep %s: %s is an axis of names, not of numbers",
                        s->name, a->key);
  return ELFIN_OK;
}

elfin_status plot_choose_axis(const plotter *p, size_t *x, elfin_error *err)
{
  const store_sweep *s = p->sweep;
  const char *along = p->about->along ? p->about->along : usual_axis(p);
  *x = along ? plot_axis_named(s, along) : longest_axis(s, true, true);
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
  elfin_status status = check_numbers(s, a, err);
  if (!status && p->kind == MODULATION && strcmp(a->key, "date") == 0 && !fills_a_year(a))
    status = elfin_fail(err, ELFIN_E_ARGUMENT,
                        "sweep %s: no mean of the year is known: four months and more have no "
                        "date; an example: date: {linear: [1, 366, 74]}",
                        s->name);
  return status;
}

/* ---- which sweeps together -------------------------------------------------------------------- */

/* The first of the sweeps before that excludes the same quantity; else the sweep itself. */
static elfin_status find_picture(const char *path, const char *const sweep[], size_t i,
                                 const plot_kind kind[], size_t of[], elfin_error *err)
{
  store_sweep *own = NULL;
  of[i] = i;
  if (kind[i] != LIMIT)
    return ELFIN_OK;
  elfin_status status = store_look(path, sweep[i], "limit", &own, err);
  for (size_t k = 0; !status && k < i && of[i] == i; k++) {
    store_sweep *other = NULL;
    if (of[k] != k || kind[k] != LIMIT || store_look(path, sweep[k], "limit", &other, NULL))
      continue;
    if (strcmp(plot_symbol(own->process), plot_symbol(other->process)) == 0)
      of[i] = k;
    store_sweep_free(other);
  }
  store_sweep_free(own);
  return status;
}

elfin_status report_plot_pictures(const char *path, size_t n, const char *const sweep[],
                                  const report_plot *about, size_t of[], elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  plot_kind *kind = calloc(n + 1, sizeof *kind);
  bool any = false;
  if (!kind)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", path);
  for (size_t i = 0; i < n && !status; i++) {
    status = plot_choose_kind(path, sweep[i], about, &kind[i], err);
    any = any || (!status && store_has(path, sweep[i], plot_dataset(kind[i])));
  }
  for (size_t i = 0; i < n && !status; i++) {
    of[i] = REPORT_NO_PICTURE;
    bool there = store_has(path, sweep[i], plot_dataset(kind[i]));
    if (there)
      status = find_picture(path, sweep, i, kind, of, err);
    else if (!any)
      of[i] = i; /* its refusal says why */
  }
  free(kind);
  return status;
}
