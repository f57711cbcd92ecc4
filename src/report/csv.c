/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file csv.c
 * Results as CSV (RFC 4180): one column per axis, named with its unit, then value, error, status.
 *
 * A sweep of a file and rows that never were in one are both looked at through a csv_table, so that
 * they are printed by the same code, byte for byte alike. */
#include "report/csv_cells.h"
#include "report/modulation.h"
#include "report/report.h"
#include "report/strength.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct csv_table {
  size_t n_axes;
  csv_axis *axes;
  const double *threshold_eV; /* [n_material * n_threshold] */
  size_t n_threshold;
  const char *dataset, *units;
  uint64_t first; /* of the points below, in the whole dataset */
  size_t n_points;
  const double *value, *error;
  const uint8_t *status;
  double reach_events;
  const modulation *day; /* [n_points]; NULL: not asked */
} csv_table;

static bool is_threshold(const csv_table *t, const csv_axis *axis)
{
  return t->threshold_eV && strcmp(axis->key, "threshold") == 0;
}

/* ---- lines ----------------------------------------------------------------------------------- */

static const char *reach_column(const csv_table *t)
{
  for (size_t i = 0; i < t->n_axes; i++)
    if (strength_of(t->axes[i].key))
      return strength_of(t->axes[i].key)->column;
  return "reach";
}

static const int modulation_ways[] = {MODULATION_BY_DARKELF, MODULATION_BY_FIT};
enum { N_WAYS = sizeof modulation_ways / sizeof *modulation_ways };

/* Events, exposure, and the cross section for one kg yr, that show the modulation at two sigma. */
static void print_day_header(const csv_table *t, FILE *stream)
{
  fputs(",mean_rate", stream);
  csv_print_unit(t->units, stream);
  fputs(",rate_over_mean,amplitude,amplitude_error", stream);
  for (size_t i = 0; i < N_WAYS; i++)
    fprintf(stream, ",events_%d_over_A2,exposure_%d_over_A2_kg_yr,%s_%d_over_A2",
            modulation_ways[i], modulation_ways[i], reach_column(t), modulation_ways[i]);
}

static void print_header(const csv_table *t, FILE *stream)
{
  for (size_t i = 0; i < t->n_axes; i++) {
    const csv_axis *axis = &t->axes[i];
    fputs(axis->key, stream);
    if (is_threshold(t, axis) || csv_of_numbers(axis))
      csv_print_unit(axis->unit, stream);
    fputc(',', stream);
  }
  fputs(t->dataset, stream);
  csv_print_unit(t->units, stream);
  fprintf(stream, ",%s_error", t->dataset);
  csv_print_unit(t->units, stream);
  fputs(",status", stream);
  if (t->reach_events > 0)
    fprintf(stream, ",%s", reach_column(t));
  if (t->day)
    print_day_header(t, stream);
  fputs(CSV_END_OF_LINE, stream);
}

/* The cross section, or kinetic mixing, that gives so many events. */
static double reach(const csv_table *t, const size_t index[], double rate, double events)
{
  for (size_t i = 0; i < t->n_axes; i++) {
    const strength *s = strength_of(t->axes[i].key);
    if (s)
      return strength_for(s, t->axes[i].value[index[i]], events, rate);
  }
  return NAN;
}

static void print_day(const csv_table *t, const size_t index[], const modulation *day, FILE *stream)
{
  const double columns[] = {day->mean, day->over_mean, day->amplitude, day->amplitude_error};
  for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
    fputc(',', stream);
    csv_print_number(columns[i], stream);
  }
  for (size_t i = 0; i < N_WAYS; i++) {
    double events = modulation_events(modulation_ways[i], day->amplitude);
    const double of_way[] = {events, events / day->mean, reach(t, index, day->mean, events)};
    for (size_t j = 0; j < sizeof of_way / sizeof *of_way; j++) {
      fputc(',', stream);
      csv_print_number(of_way[j], stream);
    }
  }
}

static void print_line(const csv_table *t, const size_t index[], size_t point, FILE *stream)
{
  size_t i_material = 0;
  for (size_t i = 0; i < t->n_axes; i++) {
    const csv_axis *axis = &t->axes[i];
    if (strcmp(axis->key, "material") == 0)
      i_material = index[i];
    if (is_threshold(t, axis))
      csv_print_number(t->threshold_eV[i_material * t->n_threshold + index[i]], stream);
    else
      fputs(axis->printed + index[i] * axis->width, stream);
    fputc(',', stream);
  }
  csv_print_number(t->value[point], stream);
  fputc(',', stream);
  csv_print_number(t->error[point], stream);
  fprintf(stream, ",%d", t->status[point]);
  if (t->reach_events > 0) {
    fputc(',', stream);
    csv_print_number(reach(t, index, t->value[point], t->reach_events), stream);
  }
  if (t->day)
    print_day(t, index, &t->day[point], stream);
  fputs(CSV_END_OF_LINE, stream);
}

/* Positions on all axes of a row-major point. */
static void locate(const csv_table *t, uint64_t point, size_t index[])
{
  for (size_t i = t->n_axes; i-- > 0;) {
    index[i] = (size_t)(point % t->axes[i].n);
    point /= t->axes[i].n;
  }
}

static void step(const csv_table *t, size_t index[])
{
  for (size_t i = t->n_axes; i-- > 0;) {
    if (++index[i] < t->axes[i].n)
      return;
    index[i] = 0;
  }
}

static elfin_status print_table(csv_table *t, FILE *stream, elfin_error *err)
{
  size_t *index = calloc(t->n_axes + 1, sizeof *index);
  bool fine = index;
  for (size_t i = 0; fine && i < t->n_axes; i++)
    fine = is_threshold(t, &t->axes[i]) || csv_print_cells(&t->axes[i]);
  if (fine) {
    print_header(t, stream);
    locate(t, t->first, index);
    for (size_t point = 0; point < t->n_points && !ferror(stream); point++) {
      print_line(t, index, point, stream);
      step(t, index);
    }
  }
  for (size_t i = 0; i < t->n_axes; i++)
    free(t->axes[i].printed);
  free(index);
  if (!fine)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory to print %s", t->dataset);
  if (ferror(stream) && errno != EPIPE) /* head and less may have had enough */
    return elfin_fail(err, ELFIN_E_OUTPUT, "the CSV cannot be written: %s", strerror(errno));
  return ELFIN_OK;
}

/* ---- from a file ----------------------------------------------------------------------------- */

elfin_status report_csv(const store_sweep *sweep, const char *dataset, double reach_events,
                        bool day, FILE *stream, elfin_error *err)
{
  csv_axis *axes = calloc(sweep->n_axes + 1, sizeof *axes);
  modulation *modulated = day ? malloc((sweep->n_points + 1) * sizeof *modulated) : NULL;
  elfin_status status = axes && (modulated || !day)
                            ? ELFIN_OK
                            : elfin_fail(err, ELFIN_E_MEMORY, "no memory to print %s", sweep->name);
  if (!status && day)
    status = modulation_of(sweep, modulated, err);
  if (status) {
    free(axes);
    free(modulated);
    return status;
  }
  for (size_t i = 0; i < sweep->n_axes; i++) {
    const store_axis *from = &sweep->axes[i];
    axes[i] = (csv_axis){.key = from->key,
                         .unit = from->unit,
                         .named = from->named,
                         .n = from->n,
                         .value = from->value,
                         .text = (const char *const *)from->text};
  }
  csv_table t = {.n_axes = sweep->n_axes,
                 .axes = axes,
                 .threshold_eV = sweep->threshold_eV,
                 .n_threshold = sweep->n_threshold,
                 .dataset = dataset,
                 .units = sweep->units,
                 .n_points = sweep->n_points,
                 .value = sweep->value,
                 .error = sweep->error,
                 .status = sweep->status,
                 .reach_events = reach_events,
                 .day = modulated};
  status = print_table(&t, stream, err);
  free(axes);
  free(modulated);
  return status;
}

/* ---- never in a file ------------------------------------------------------------------------- */

static const campaign_observable *observable_named(const campaign_sweep *sweep, const char *name)
{
  for (size_t i = 0; i < sweep->n_observables; i++)
    if (strcmp(sweep->observables[i].name, name) == 0)
      return &sweep->observables[i];
  return NULL;
}

/* As the file's dataset has them: thresholds for rates, its own axis for every other observable, none
 * for a limit. */
static size_t axes_of(const campaign_sweep *sweep, const campaign_observable *o, csv_axis axes[])
{
  size_t n = 0;
  for (size_t i = 0; i < sweep->n_axes; i++) {
    const campaign_axis *from = &sweep->axes[i];
    if (o->kind == OBS_LIMIT ? from->role == AXIS_TASK
                             : from->role != AXIS_THRESHOLD || o->kind == OBS_RATE)
      axes[n++] = (csv_axis){.key = from->key,
                             .unit = from->unit,
                             .named = from->named,
                             .n = from->n,
                             .value = from->value,
                             .text = from->text};
  }
  if (o->kind != OBS_RATE && o->last_axis)
    axes[n++] = (csv_axis){.key = o->last_axis,
                           .unit = o->kind == OBS_CHARGE || o->kind == OBS_EVENTS ? "" : "eV",
                           .n = o->n,
                           .value = o->value};
  return n;
}

elfin_status report_rows_csv(const campaign *c, const campaign_rows *rows, const char *dataset,
                             FILE *stream, elfin_error *err)
{
  const campaign_sweep *sweep = campaign_sweep_at(c, rows->i_sweep);
  const campaign_observable *o = observable_named(sweep, dataset);
  if (!o)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "sweep %s has no %s: the job does not ask for it",
                      sweep->name, dataset);
  csv_axis *axes = calloc(sweep->n_axes + 1, sizeof *axes);
  if (!axes)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory to print %s", sweep->name);
  size_t per_task = sweep->n_scale * o->n;
  csv_table t = {.n_axes = axes_of(sweep, o, axes),
                 .axes = axes,
                 .threshold_eV = o->kind == OBS_RATE ? sweep->threshold_eV : NULL,
                 .n_threshold = sweep->n_thresholds,
                 .dataset = dataset,
                 .units = o->units,
                 .first = (uint64_t)rows->first * per_task,
                 .n_points = rows->n * per_task,
                 .value = rows->value[o->kind],
                 .error = rows->error[o->kind],
                 .status = rows->status[o->kind]};
  elfin_status status = print_table(&t, stream, err);
  free(axes);
  return status;
}
