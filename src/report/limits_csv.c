/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limits_csv.c
 * Upper limits of a sweep as CSV [report.h]: one line for each position on all axes but the
 * strength and the charge.
 *
 * Rates are proportional to the cross section, or to the square of the kinetic mixing: its first
 * value says everything. A bin of the experiment whose charge the file does not have is left out,
 * as if it had not been looked at.
 */
#include "report/csv_cells.h"
#include "report/report.h"
#include "report/strength.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const size_t NO_AXIS = SIZE_MAX;

typedef struct limits_view {
  const store_sweep *sweep;
  const report_limit *how;
  csv_axis *axes; /* [sweep->n_axes] */
  size_t strength_axis, charge_axis;
  const strength *of;
  size_t n;         /* bins that the file has */
  size_t *position; /* [n] on the charge axis */
  double *bins;     /* [n * 5]: kg yr, background, observed, charge; signal */
} limits_view;

/* Columns of `bins`, each [n]. */
enum { KG_YR, BACKGROUND, OBSERVED, CHARGE, SIGNAL, N_COLUMNS };

static double *column(const limits_view *v, size_t which)
{
  return v->bins + which * v->n;
}

/* ---- what the file and the experiment share -----------------------------------------------------
 */

/** Has the sweep been read as what the experiment's own detector counted? */
static bool are_events(const store_sweep *sweep)
{
  return strcmp(sweep->axes[sweep->n_axes - 1].key, "bin") == 0;
}

static size_t charge_position(const store_axis *axis, double charge)
{
  for (size_t i = 0; i < axis->n; i++)
    if (axis->value[i] == charge)
      return i;
  return NO_AXIS;
}

size_t report_limit_bins(const store_sweep *sweep, const elfin_experiment *experiment)
{
  const store_axis *axis = &sweep->axes[sweep->n_axes - 1];
  size_t n = 0;
  if (are_events(sweep))
    return axis->n == experiment->n_bins ? axis->n : 0;
  for (size_t b = 0; experiment->charge && b < experiment->n_bins; b++)
    n += charge_position(axis, experiment->charge[b]) != NO_AXIS;
  return n;
}

static void take_bins(limits_view *v)
{
  const elfin_experiment *e = v->how->experiment;
  size_t i = 0;
  for (size_t b = 0; b < e->n_bins; b++) {
    const store_axis *axis = &v->sweep->axes[v->charge_axis];
    bool counted = are_events(v->sweep);
    size_t at = counted ? b : charge_position(axis, e->charge[b]);
    if (at == NO_AXIS)
      continue;
    v->position[i] = at;
    column(v, KG_YR)[i] = counted ? 1 : e->exposure_kg_yr[b] * e->efficiency[b];
    column(v, BACKGROUND)[i] = e->background[b];
    column(v, OBSERVED)[i] = e->observed[b];
    column(v, CHARGE)[i++] = axis->value[at];
  }
}

static void close_view(limits_view *v)
{
  for (size_t i = 0; v->axes && i < v->sweep->n_axes; i++)
    free(v->axes[i].printed);
  free(v->axes);
  free(v->position);
  free(v->bins);
}

static elfin_status open_view(const store_sweep *sweep, const report_limit *how, limits_view *v,
                              elfin_error *err)
{
  *v = (limits_view){.sweep = sweep, .how = how, .strength_axis = NO_AXIS};
  v->charge_axis = sweep->n_axes - 1;
  for (size_t i = 0; i < sweep->n_axes; i++)
    if (strength_of(sweep->axes[i].key)) {
      v->strength_axis = i;
      v->of = strength_of(sweep->axes[i].key);
    }
  v->n = report_limit_bins(sweep, how->experiment);
  if (!v->of || v->n == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "sweep %s shares no bin with %s", sweep->name,
                      how->experiment->name);
  v->axes = calloc(sweep->n_axes, sizeof *v->axes);
  v->position = calloc(v->n, sizeof *v->position);
  v->bins = calloc(N_COLUMNS * v->n, sizeof *v->bins);
  bool fine = v->axes && v->position && v->bins;
  for (size_t i = 0; fine && i < sweep->n_axes; i++) {
    const store_axis *from = &sweep->axes[i];
    v->axes[i] = (csv_axis){.key = from->key,
                            .unit = from->unit,
                            .named = from->named,
                            .n = from->n,
                            .value = from->value,
                            .text = (const char *const *)from->text};
    fine = csv_print_cells(&v->axes[i]);
  }
  if (!fine)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the limits of %s", sweep->name);
  take_bins(v);
  return ELFIN_OK;
}

/* ---- lines ------------------------------------------------------------------------------------
 */

static bool is_shown(const limits_view *v, size_t axis)
{
  return axis != v->strength_axis && axis != v->charge_axis;
}

static void print_header(const limits_view *v, FILE *stream)
{
  for (size_t i = 0; i < v->sweep->n_axes; i++) {
    if (!is_shown(v, i))
      continue;
    fputs(v->axes[i].key, stream);
    if (!v->axes[i].named)
      csv_print_unit(v->axes[i].unit, stream);
    fputc(',', stream);
  }
  fprintf(stream, "%s,confidence,method,%s,status" CSV_END_OF_LINE,
          v->of->power == 1 ? "limit_cm2" : "limit_kinetic_mixing",
          v->how->experiment->charge ? "charge" : "bin_eV");
}

/* Expected events in each bin. @return 1, or 0 or 2 if a rate is pending or failed */
static int take_signal(const limits_view *v, size_t point)
{
  int status = 1;
  for (size_t i = 0; i < v->n; i++) {
    size_t at = point + v->position[i];
    if (v->sweep->status[at] != 1 && status != 2)
      status = v->sweep->status[at];
    column(v, SIGNAL)[i] = v->sweep->value[at] * column(v, KG_YR)[i];
  }
  return status;
}

/* The limit at a point, and the bin that made it (v->n: all, or none). Rates may be below 0 by
 * their error. */
static elfin_status limit_at(const limits_view *v, size_t point, int *status, double *limit,
                             size_t *i_bin, elfin_error *err)
{
  double factor = NAN;
  *limit = NAN;
  *i_bin = v->n;
  *status = take_signal(v, point);
  if (*status != 1)
    return ELFIN_OK;
  double *signal = column(v, SIGNAL);
  for (size_t i = 0; i < v->n; i++)
    signal[i] = fmax(0, signal[i]);
  elfin_counts counts = {v->n, signal, column(v, BACKGROUND), column(v, OBSERVED)};
  elfin_status failed =
      elfin_limit_bins(v->how->method, &counts, v->how->confidence, &factor, i_bin, err);
  if (failed)
    return failed;
  double value = v->sweep->axes[v->strength_axis].value[0];
  *limit = value * (v->of->power == 1 ? factor : sqrt(factor));
  return ELFIN_OK;
}

static elfin_status print_line(const limits_view *v, const size_t index[], size_t point,
                               FILE *stream, elfin_error *err)
{
  double limit;
  size_t i_bin;
  int status;
  elfin_status failed = limit_at(v, point, &status, &limit, &i_bin, err);
  if (failed)
    return failed;
  for (size_t i = 0; i < v->sweep->n_axes; i++)
    if (is_shown(v, i))
      fprintf(stream, "%s,", v->axes[i].printed + index[i] * v->axes[i].width);
  csv_print_number(limit, stream);
  fputc(',', stream);
  csv_print_number(v->how->confidence, stream);
  fprintf(stream, ",%s,", elfin_limit_method_name(v->how->method));
  if (i_bin < v->n)
    csv_print_number(column(v, CHARGE)[i_bin], stream);
  else
    fputs(isfinite(limit) ? "all" : "", stream);
  fprintf(stream, ",%d" CSV_END_OF_LINE, status);
  return ELFIN_OK;
}

/* The next position on the axes that are shown; the others stay at 0. false: that was the last. */
static bool step(const limits_view *v, size_t index[])
{
  for (size_t i = v->sweep->n_axes; i-- > 0;) {
    if (!is_shown(v, i))
      continue;
    if (++index[i] < v->sweep->axes[i].n)
      return true;
    index[i] = 0;
  }
  return false;
}

static size_t point_of(const store_sweep *sweep, const size_t index[])
{
  size_t point = 0;
  for (size_t i = 0; i < sweep->n_axes; i++)
    point = point * sweep->axes[i].n + index[i];
  return point;
}

elfin_status report_limits(const store_sweep *sweep, const report_limit *how, FILE *stream,
                           elfin_error *err)
{
  limits_view v;
  size_t *index = calloc(sweep->n_axes + 1, sizeof *index);
  elfin_status status = index ? open_view(sweep, how, &v, err)
                              : elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", sweep->name);
  if (!index)
    return status;
  if (!status)
    print_header(&v, stream);
  bool more = sweep->n_points > 0;
  while (!status && more) {
    status = print_line(&v, index, point_of(sweep, index), stream, err);
    more = step(&v, index);
  }
  close_view(&v);
  free(index);
  if (!status && (fflush(stream) || ferror(stream)))
    status = elfin_fail(err, ELFIN_E_OUTPUT, "limits cannot be written: %s", strerror(errno));
  return status;
}
