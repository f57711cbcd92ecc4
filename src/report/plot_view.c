/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_view.c
 * A sweep as curves: which there are, and how they are called. */
#include "report/plot_view.h"

#include <elfin/halo.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/** Curves of names; curves of which some axis is of numbers, and so many values of such an axis.
 * More are hard to read unless somebody selects them. */
enum { MOST_NAMES = 16, MOST_CURVES = 8, MOST_VALUES = 4, MOST_MEMBERS = 1000 };
/** What sweeps that share a picture have of them, each; of bands no two may have the same colour. */
static size_t share(const plot_view *v, size_t most, size_t n_sweeps)
{
  size_t own = (v->envelope && most > PLOT_COLOURS ? PLOT_COLOURS : most) / n_sweeps;
  return own > 1 ? own : 1;
}

size_t plot_axis_named(const store_sweep *sweep, const char *key)
{
  for (size_t i = 0; i < sweep->n_axes; i++)
    if (strcmp(sweep->axes[i].key, key) == 0)
      return i;
  return PLOT_NO_AXIS;
}

bool plot_of_curves(const plot_view *v, size_t axis)
{
  return axis != v->x && axis != v->scale;
}

size_t plot_position(const plot_view *v, size_t curve, size_t axis)
{
  for (size_t i = v->sweep->n_axes; i-- > 0;) {
    if (!plot_of_curves(v, i))
      continue;
    if (i == axis)
      return v->kept[i][curve % v->n_kept[i]];
    curve /= v->n_kept[i];
  }
  return 0;
}

bool plot_of_bands(const plot_view *v, size_t axis)
{
  static const char *const not_these[] = {"material", "mediator", "threshold"};
  for (size_t i = 0; i < sizeof not_these / sizeof *not_these; i++)
    if (strcmp(v->sweep->axes[axis].key, not_these[i]) == 0)
      return false;
  return v->envelope && plot_of_curves(v, axis) && v->n_kept[axis] > 1;
}

static bool any_band(const plot_view *v)
{
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (plot_of_bands(v, i))
      return true;
  return false;
}

static size_t point_of(const plot_view *v, size_t curve, size_t i_x)
{
  size_t point = i_x * v->stride[v->x];
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (plot_of_curves(v, i))
      point += plot_position(v, curve, i) * v->stride[i];
  if (v->scale != PLOT_NO_AXIS && v->scale != v->x)
    point += v->kept[v->scale][0] * v->stride[v->scale];
  return point;
}

double plot_value(const plot_view *v, size_t curve, size_t i_x)
{
  return v->sweep->value[point_of(v, curve, i_x)];
}

double plot_reference(const plot_view *v, size_t curve, size_t i_x)
{
  size_t point = point_of(v, curve, i_x) - plot_position(v, curve, v->ratio) * v->stride[v->ratio];
  return v->sweep->value[point + v->reference * v->stride[v->ratio]];
}

double plot_number(const plot_view *v, size_t curve, size_t axis)
{
  const store_axis *a = &v->sweep->axes[axis];
  size_t i = plot_position(v, curve, axis);
  if (!v->sweep->threshold_eV || strcmp(a->key, "threshold") != 0)
    return a->value[i];
  size_t i_material = plot_position(v, curve, plot_axis_named(v->sweep, "material"));
  return v->sweep->threshold_eV[i_material * v->sweep->n_threshold + i];
}

/* ---- which values ---------------------------------------------------------------------------- */

static bool keep(plot_view *v, size_t axis, size_t n, const size_t kept[])
{
  free(v->kept[axis]);
  v->kept[axis] = malloc((n + 1) * sizeof *v->kept[axis]);
  v->n_kept[axis] = n;
  if (v->kept[axis])
    memcpy(v->kept[axis], kept, n * sizeof *kept);
  return v->kept[axis] != NULL;
}

static bool keep_all(plot_view *v, size_t axis)
{
  size_t n = v->sweep->axes[axis].n;
  v->kept[axis] = malloc((n + 1) * sizeof *v->kept[axis]);
  v->n_kept[axis] = n;
  for (size_t i = 0; v->kept[axis] && i < n; i++)
    v->kept[axis][i] = i;
  return v->kept[axis] != NULL;
}

static void list_values(const store_axis *a, char text[PLOT_LABEL])
{
  *text = '\0';
  for (size_t i = 0; a->text && i < a->n; i++) {
    size_t used = strlen(text);
    snprintf(text + used, PLOT_LABEL - used, "%s%s", used ? ", " : "", a->text[i]);
  }
  if (!a->text)
    snprintf(text, PLOT_LABEL, "%.6g to %.6g %s", a->value[0], a->value[a->n - 1], a->unit);
}

/* The value that a person means: a name as it is written, or the nearest number, which must lie in
 * the range. */
static elfin_status find_value(const store_axis *a, const char *word, size_t *found,
                               elfin_error *err)
{
  static const double SLACK = 1e-6;
  char why[256], all[PLOT_LABEL];
  double value = NAN, low = INFINITY, high = -INFINITY, least = INFINITY;
  for (size_t i = 0; a->text && i < a->n; i++)
    if (strcmp(a->text[i], word) == 0) {
      *found = i;
      return ELFIN_OK;
    }
  list_values(a, all);
  bool is_date = strcmp(a->key, "date") == 0 && elfin_day_of_date(word, &value);
  if (!is_date && !quantity_parse(word, a->unit, &value, why, sizeof why))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s=%s: %s has %s", a->key, word, a->key, all);
  for (size_t i = 0; i < a->n; i++) {
    low = fmin(low, a->value[i]);
    high = fmax(high, a->value[i]);
    if (fabs(a->value[i] - value) < least) {
      least = fabs(a->value[i] - value);
      *found = i;
    }
  }
  if (!(value >= low - SLACK * fabs(low) && value <= high + SLACK * fabs(high)))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s=%s: %s has %s", a->key, word, a->key, all);
  return ELFIN_OK;
}

/* The axis of "KEY=…", which must be one of curves. */
static elfin_status find_axis(const plot_view *v, const char *text, size_t *axis, elfin_error *err)
{
  const store_sweep *s = v->sweep;
  size_t length = strcspn(text, "=");
  char all[PLOT_LABEL] = "";
  *axis = PLOT_NO_AXIS;
  for (size_t i = 0; i < s->n_axes; i++) {
    size_t used = strlen(all);
    snprintf(all + used, PLOT_LABEL - used, "%s%s", used ? ", " : "", s->axes[i].key);
    if (strlen(s->axes[i].key) == length && strncmp(s->axes[i].key, text, length) == 0)
      *axis = i;
  }
  if (!text[length] || *axis == PLOT_NO_AXIS)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: expected KEY=VALUE with one of the axes of sweep %s: %s", text, s->name,
                      all);
  if (*axis == v->x)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %s is what the picture is drawn along", text,
                      s->axes[*axis].key);
  return ELFIN_OK;
}

/* "KEY=VALUE,VALUE" */
static elfin_status select_values(plot_view *v, const char *text, elfin_error *err)
{
  enum { MOST_WORDS = 64 };
  size_t axis = PLOT_NO_AXIS, kept[MOST_WORDS], n = 0;
  elfin_status status = find_axis(v, text, &axis, err);
  if (status)
    return status;
  char *words = strdup(strchr(text, '=') + 1), *rest = NULL;
  if (!words)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory");
  for (char *word = strtok_r(words, ",", &rest); !status && word && n < MOST_WORDS;
       word = strtok_r(NULL, ",", &rest)) {
    word += strspn(word, " ");
    if (strchr(word, '='))
      status = elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %s wants a --select of its own", text, word);
    else
      status = find_value(&v->sweep->axes[axis], word, &kept[n], err);
    n += !status && (n == 0 || kept[n] != kept[n - 1]);
  }
  free(words);
  if (!status && n == 0)
    status = elfin_fail(err, ELFIN_E_ARGUMENT, "%s: no value is selected", text);
  if (!status && !keep(v, axis, n, kept))
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory");
  return status;
}

/* "KEY=VALUE": all other values, each divided by this one. */
static elfin_status take_ratio(plot_view *v, const char *text, elfin_error *err)
{
  elfin_status status = find_axis(v, text, &v->ratio, err);
  if (!status && !plot_of_curves(v, v->ratio))
    status = elfin_fail(err, ELFIN_E_ARGUMENT, "%s: rates are proportional to it: no ratio to draw",
                        text);
  if (!status)
    status = find_value(&v->sweep->axes[v->ratio], strchr(text, '=') + 1, &v->reference, err);
  if (status)
    return status;
  size_t n = 0;
  for (size_t i = 0; i < v->n_kept[v->ratio]; i++)
    if (v->kept[v->ratio][i] != v->reference)
      v->kept[v->ratio][n++] = v->kept[v->ratio][i];
  v->n_kept[v->ratio] = n;
  if (n == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: there is no other value of %s to compare with",
                      text, v->sweep->axes[v->ratio].key);
  return ELFIN_OK;
}

/* Curves, or bands of them. */
static size_t count_told_apart(const plot_view *v)
{
  size_t n = 1;
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (plot_of_curves(v, i) && !plot_of_bands(v, i))
      n *= v->n_kept[i];
  return n;
}

/* Whether anything at this position of an axis is above 0. */
static bool is_alive(const plot_view *v, size_t axis, size_t position)
{
  for (size_t point = position * v->stride[axis]; point < v->sweep->n_points;
       point += v->sweep->axes[axis].n * v->stride[axis])
    for (size_t i = 0; i < v->stride[axis]; i++)
      if (v->sweep->value[point + i] > 0)
        return true;
  return false;
}

/* `n` of the values that have a rate, evenly; of thresholds the first. */
static bool thin(plot_view *v, size_t axis, size_t n)
{
  size_t n_alive = 0, n_all = v->n_kept[axis];
  size_t *alive = malloc((n_all + 1) * sizeof *alive), some[MOST_VALUES];
  bool first = v->sweep->axes[axis].text && strcmp(v->sweep->axes[axis].key, "date") != 0;
  for (size_t i = 0; alive && i < n_all; i++)
    if (is_alive(v, axis, v->kept[axis][i]))
      alive[n_alive++] = v->kept[axis][i];
  bool fine = alive != NULL;
  if (fine && n_alive < n) { /* nothing to choose from */
    memcpy(alive, v->kept[axis], n_all * sizeof *alive);
    n_alive = n_all;
  }
  for (size_t i = 0; fine && i < n; i++)
    some[i] = alive[first ? i : (2 * i + 1) * n_alive / (2 * n)];
  fine = fine && keep(v, axis, n, some);
  v->thinned[axis] = true;
  free(alive);
  return fine;
}

static bool is_of_names(const store_axis *axis)
{
  return axis->text && strcmp(axis->key, "threshold") != 0 && strcmp(axis->key, "date") != 0;
}

/* Numbers first, from the last axis to the first: names are what people compare. */
static bool thin_to_readable(plot_view *v, size_t n_sweeps, const bool selected[])
{
  size_t most_names = share(v, MOST_NAMES, n_sweeps), most_curves = share(v, MOST_CURVES, n_sweeps);
  for (int names = 0; names < 2; names++)
    for (size_t most = names ? 1 : MOST_VALUES; most >= 1; most--)
      for (size_t i = v->sweep->n_axes; i-- > 0;) {
        if (count_told_apart(v) <= (names ? most_names : most_curves))
          return true;
        if (plot_of_curves(v, i) && !plot_of_bands(v, i) && !selected[i] && v->n_kept[i] > most &&
            is_of_names(&v->sweep->axes[i]) == (names == 1) && !thin(v, i, most))
          return false;
      }
  return true;
}

elfin_status plot_view_open(const store_sweep *sweep, const store_targets *targets, size_t x,
                            size_t n_sweeps, const report_plot *about, plot_view *v,
                            elfin_error *err)
{
  bool selected[PLOT_MOST_AXES] = {false};
  *v = (plot_view){.sweep = sweep,
                   .targets = targets,
                   .x = x,
                   .scale = PLOT_NO_AXIS,
                   .ratio = PLOT_NO_AXIS,
                   .envelope = about->envelope};
  if (sweep->n_axes > PLOT_MOST_AXES)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "sweep %s: %zu axes are too many", sweep->name,
                      sweep->n_axes);
  size_t stride = 1;
  elfin_status status = ELFIN_OK;
  for (size_t i = sweep->n_axes; i-- > 0;) {
    v->stride[i] = stride;
    stride *= sweep->axes[i].n;
    if (strength_of(sweep->axes[i].key)) {
      v->scale = i;
      v->of_scale = strength_of(sweep->axes[i].key);
    }
    v->told[i] = strcmp(sweep->axes[i].key, "material") == 0;
    if (!keep_all(v, i))
      status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for the picture of %s", sweep->name);
  }
  for (size_t i = 0; !status && i < about->n_select; i++) {
    status = select_values(v, about->select[i], err);
    for (size_t k = 0; k < sweep->n_axes; k++)
      selected[k] = selected[k] || v->n_kept[k] != sweep->axes[k].n;
  }
  if (!status && about->ratio)
    status = take_ratio(v, about->ratio, err);
  if (!status && !thin_to_readable(v, n_sweeps, selected))
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for the picture of %s", sweep->name);
  v->n_curves = 1;
  for (size_t i = 0; i < sweep->n_axes; i++)
    v->n_curves *= plot_of_curves(v, i) ? v->n_kept[i] : 1;
  size_t most = about->envelope ? MOST_MEMBERS : PLOT_COLOURS * PLOT_DASHES;
  if (!status && v->n_curves > most)
    status = elfin_fail(err, ELFIN_E_ARGUMENT,
                        "%zu curves cannot be told apart: select %zu at most", v->n_curves, most);
  if (!status && about->envelope && !any_band(v))
    status =
        elfin_fail(err, ELFIN_E_ARGUMENT,
                   "sweep %s: an envelope is made of several responses, halos or the like, and "
                   "it has one of each",
                   sweep->name);
  return status;
}

void plot_view_close(plot_view *v)
{
  for (size_t i = 0; i < PLOT_MOST_AXES; i++)
    free(v->kept[i]);
}
