/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_labels.c
 * What curves of a sweep are called, what they share, and how they look. */
#include "report/number_text.h"
#include "report/plot_dates.h"
#include "report/plot_view.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static void add(char label[PLOT_LABEL], const char *joint, const char *text)
{
  size_t used = strlen(label);
  snprintf(label + used, PLOT_LABEL - used, "%s%s", used ? joint : "", text);
}

/* The kind of a response, where the job left it to the material. */
static const char *response_name(const plot_view *v, size_t curve, const char *written)
{
  const store_targets *t = v->targets;
  if (strcmp(written, "default") != 0 || !t || !t->n_each)
    return written;
  size_t i_material = plot_position(v, curve, plot_axis_named(v->sweep, "material"));
  size_t i_response = plot_position(v, curve, plot_axis_named(v->sweep, "response"));
  size_t axis = plot_axis_named(v->sweep, "configuration");
  size_t n_configurations = axis == PLOT_NO_AXIS ? 1 : v->sweep->axes[axis].n;
  size_t i = i_material * t->n_each + i_response * n_configurations;
  return i < t->n_materials * t->n_each ? t->response_kind[i] : written;
}

static const char *last_part(const char *path)
{
  const char *slash = strrchr(path, '/');
  return slash ? slash + 1 : path;
}

/* "2 of these", in words that need no key where the value says what it is. */
static void value_words(const plot_view *v, size_t curve, size_t axis, char text[PLOT_LABEL])
{
  static const char *const say_themselves[] = {"approximation", "configuration", "conventions",
                                               "coupling", "recoil"};
  const store_axis *a = &v->sweep->axes[axis];
  const char *name = a->text ? a->text[plot_position(v, curve, axis)] : NULL;
  double number = plot_number(v, curve, axis);
  char energy[32] = "";
  bool is_energy = strcmp(a->unit, "eV") == 0;
  if (is_energy && isfinite(number))
    energy_text(number, energy, sizeof energy);
  if (strcmp(a->key, "material") == 0)
    snprintf(text, PLOT_LABEL, "%s", last_part(name));
  else if (strcmp(a->key, "response") == 0)
    snprintf(text, PLOT_LABEL, "%s", last_part(response_name(v, curve, name)));
  else if (strcmp(a->key, "mediator") == 0 && name && isalpha((unsigned char)*name))
    snprintf(text, PLOT_LABEL, "%s", name);
  else if (strcmp(a->key, "mediator") == 0)
    snprintf(text, PLOT_LABEL, "mediator of %s", energy);
  else if (strcmp(a->key, "date") == 0)
    plot_date_words(number, text);
  else if (strcmp(a->key, "threshold") == 0)
    snprintf(text, PLOT_LABEL, "above %s", energy);
  else if (strcmp(a->key, "screening") == 0)
    snprintf(text, PLOT_LABEL, "%s", strcmp(name, "true") == 0 ? "screened" : "unscreened");
  else if (strcmp(a->key, "phonons") == 0 && name)
    snprintf(text, PLOT_LABEL, "%s phonons", name);
  else if (strcmp(a->key, "expansion") == 0)
    snprintf(text, PLOT_LABEL, "%s", strcmp(name, "soft") == 0 ? "soft limit" : "full expansion");
  else {
    bool bare = false;
    for (size_t i = 0; i < sizeof say_themselves / sizeof *say_themselves; i++)
      bare = bare || strcmp(a->key, say_themselves[i]) == 0;
    char key[64];
    snprintf(key, sizeof key, "%s%s", bare ? "" : a->key, bare ? "" : " ");
    for (char *at = key; *at; at++)
      *at = *at == '_' ? ' ' : *at;
    if (name && !*energy)
      snprintf(text, PLOT_LABEL, "%s%s", key, name);
    else if (*energy)
      snprintf(text, PLOT_LABEL, "%s%s", key, energy);
    else
      snprintf(text, PLOT_LABEL, "%s%.6g%s%s", key, number, *a->unit ? " " : "", a->unit);
  }
}

static bool differs(const plot_view *v, size_t axis)
{
  return plot_of_curves(v, axis) && v->n_kept[axis] > 1;
}

/* Thresholds and responses may differ by material where the job has one word for all. */
static bool differs_by_material(const plot_view *v, size_t axis)
{
  char first[PLOT_LABEL], other[PLOT_LABEL];
  const char *key = v->sweep->axes[axis].key;
  if (strcmp(key, "threshold") != 0 && strcmp(key, "response") != 0)
    return false;
  value_words(v, 0, axis, first);
  for (size_t curve = 1; curve < v->n_curves; curve++) {
    value_words(v, curve, axis, other);
    if (strcmp(first, other) != 0)
      return true;
  }
  return false;
}

static bool is_told(const plot_view *v, size_t axis)
{
  return v->told[axis] || differs(v, axis) || differs_by_material(v, axis);
}

/* Whether another sweep has something else to say about an axis of this one. */
static bool differs_from(const plot_view *v, size_t axis, const plot_view *other)
{
  char text[PLOT_LABEL], others[PLOT_LABEL];
  size_t its = plot_axis_named(other->sweep, v->sweep->axes[axis].key);
  if (its == PLOT_NO_AXIS || differs(other, its) || differs_by_material(other, its))
    return true;
  value_words(v, 0, axis, text);
  value_words(other, 0, its, others);
  return strcmp(text, others) != 0;
}

void plot_tell_apart(size_t n, plot_view *const view[])
{
  for (size_t i = 0; n > 1 && i < n; i++)
    for (size_t axis = 0; axis < view[i]->sweep->n_axes; axis++) {
      view[i]->told[axis] = false;
      for (size_t k = 0; k < n && plot_of_curves(view[i], axis); k++)
        view[i]->told[axis] =
            view[i]->told[axis] || (k != i && differs_from(view[i], axis, view[k]));
    }
}

void plot_curve_label(const plot_view *v, size_t curve, const bool leave_out[],
                      char label[PLOT_LABEL])
{
  char text[PLOT_LABEL];
  snprintf(label, PLOT_LABEL, "%s", v->title);
  for (size_t i = 0; i < v->sweep->n_axes; i++) {
    if (!plot_of_curves(v, i) || (leave_out && leave_out[i]) || !is_told(v, i))
      continue;
    value_words(v, curve, i, text);
    add(label, ", ", text);
  }
  if (!*label)
    add(label, "", v->sweep->name);
}

/* "2 Jun to 2 Dec" */
static void date_range_words(double from, double to, char text[PLOT_LABEL])
{
  char first[PLOT_DATE], last[PLOT_DATE];
  plot_date_words(from, first);
  plot_date_words(to, last);
  snprintf(text, PLOT_LABEL, "%s to %s", first, last);
}

/* "response (mermin, lindhard)", "v0 (200 to 240 km/s)"; many names are not told. */
static void band_words(const plot_view *v, size_t axis, char text[PLOT_LABEL])
{
  enum { MOST = 48 };
  const store_axis *a = &v->sweep->axes[axis];
  const size_t *kept = v->kept[axis], n = v->n_kept[axis];
  char values[PLOT_LABEL] = "";
  bool dates = strcmp(a->key, "date") == 0, names = a->text && !dates;
  for (size_t i = 0; names && i < n; i++)
    add(values, ", ", last_part(a->text[kept[i]]));
  if (dates)
    date_range_words(a->value[kept[0]], a->value[kept[n - 1]], values);
  else if (!names)
    snprintf(values, sizeof values, "%.6g to %.6g%s%s", a->value[kept[0]], a->value[kept[n - 1]],
             *a->unit ? " " : "", a->unit);
  bool few = strlen(values) <= MOST;
  snprintf(text, PLOT_LABEL, "%.100s%s%.100s%s", a->key, few ? " (" : "", few ? values : "",
           few ? ")" : "");
}

void plot_constants(const plot_view *v, char label[PLOT_LABEL])
{
  char text[PLOT_LABEL];
  *label = '\0';
  for (size_t i = 0; i < v->sweep->n_axes; i++) {
    const char *key = v->sweep->axes[i].key;
    if (!plot_of_curves(v, i) || is_told(v, i))
      continue;
    value_words(v, 0, i, text);
    if (strcmp(key, "mediator") == 0 && strncmp(text, "mediator", 8) != 0)
      snprintf(text + strlen(text), PLOT_LABEL - strlen(text), " mediator");
    if (strcmp(key, "response") == 0 && *text)
      snprintf(text + strlen(text), PLOT_LABEL - strlen(text), " response");
    if (*text && strcmp(text, "default response") != 0)
      add(label, ", ", text);
  }
  const char *joint = ", bands over ";
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (plot_of_bands(v, i)) {
      add(label, joint, v->sweep->axes[i].key);
      joint = ", ";
    }
}

void plot_band_values(const plot_view *v, char label[PLOT_LABEL])
{
  char text[PLOT_LABEL];
  *label = '\0';
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (plot_of_bands(v, i)) {
      band_words(v, i, text);
      add(label, ", ", text);
    }
}

void plot_thinned(const plot_view *v, char text[PLOT_LABEL])
{
  *text = '\0';
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (v->thinned[i]) {
      size_t used = strlen(text);
      snprintf(text + used, PLOT_LABEL - used, "%s%zu of %zu values of %s", used ? ", " : "",
               v->n_kept[i], v->sweep->axes[i].n, v->sweep->axes[i].key);
    }
}

void plot_style(const plot_view *v, size_t curve, size_t *colour, size_t *dash)
{
  size_t n_first = 1;
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (differs(v, i) && n_first * v->n_kept[i] < v->n_curves &&
        n_first * v->n_kept[i] <= PLOT_COLOURS)
      n_first *= v->n_kept[i];
    else if (differs(v, i))
      break;
  size_t n_rest = v->n_curves / n_first;
  bool by_axes = n_first > 1 && n_rest <= PLOT_DASHES;
  *colour = by_axes ? curve / n_rest : curve % PLOT_COLOURS;
  *dash = by_axes ? curve % n_rest
                  : curve / PLOT_COLOURS + (v->n_curves > 1 ? curve % PLOT_COLOURS : 0);
  *dash %= PLOT_DASHES;
}

void plot_reference_words(const plot_view *v, char text[PLOT_LABEL])
{
  plot_view other = *v; /* as if the reference were all that is kept of its axis */
  size_t position = v->reference;
  other.kept[v->ratio] = &position;
  other.n_kept[v->ratio] = 1;
  value_words(&other, 0, v->ratio, text);
}
