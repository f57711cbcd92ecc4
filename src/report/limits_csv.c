/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limits_csv.c
 * Upper limits of a sweep as CSV [report.h]: one line for each position on all axes but the
 * strength and the charge.
 *
 * Rates are proportional to the cross section, or to the square of the kinetic mixing: its first
 * value says everything. A bin of the experiment whose charge the file does not have is left out,
 * as if it had not been looked at. From a spectrum the detector is applied here.
 */
#include "report/csv_cells.h"
#include "report/report.h"
#include "report/strength.h"

#include <elfin/material.h>

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
  /* from a spectrum */
  size_t material_axis;
  double *weight; /* [n_materials][n + n_events][n_omega] kg yr eV: bins, then what is below events */
  double *below;  /* [n_events] */
  elfin_interval_tables *tables;
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

static bool is_spectrum(const store_sweep *sweep)
{
  return strcmp(sweep->axes[sweep->n_axes - 1].key, "omega") == 0;
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
  if (is_spectrum(sweep))
    return sweep->n_edges == axis->n + 1 ? experiment->n_bins : 0;
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
    bool spectrum = is_spectrum(v->sweep), counted = spectrum || are_events(v->sweep);
    size_t at = counted ? b : charge_position(axis, e->charge[b]);
    if (at == NO_AXIS)
      continue;
    v->position[i] = at;
    column(v, KG_YR)[i] = counted ? 1 : e->exposure_kg_yr[b] * e->efficiency[b];
    column(v, BACKGROUND)[i] = e->background[b];
    column(v, OBSERVED)[i] = e->observed[b];
    double middle = e->charge ? e->charge[b] : 0.5 * (e->edge_eV[b] + e->edge_eV[b + 1]);
    column(v, CHARGE)[i++] = spectrum ? middle : axis->value[at];
  }
}

static void close_view(limits_view *v)
{
  for (size_t i = 0; v->axes && i < v->sweep->n_axes; i++)
    free(v->axes[i].printed);
  free(v->axes);
  free(v->position);
  free(v->bins);
  free(v->weight);
  free(v->below);
  elfin_interval_tables_free(v->tables);
}

/* ---- a detector, applied to the file's spectrum -------------------------------------------------
 */

/* Weights of one material; it is opened only if the experiment does not do without. */
static elfin_status weigh_in(const limits_view *v, const char *material, double *weight,
                             elfin_error *err)
{
  const store_sweep *s = v->sweep;
  const elfin_experiment *e = v->how->experiment;
  elfin_material *opened = NULL;
  elfin_status status = elfin_experiment_weights(e, NULL, s->n_edges, s->edge_eV, weight, NULL);
  if (status && !(status = elfin_material_open(material, &opened, err)))
    status = elfin_experiment_weights(e, opened, s->n_edges, s->edge_eV, weight, err);
  if (!status && e->n_events)
    status = elfin_experiment_below(e, s->n_edges, s->edge_eV,
                                    weight + e->n_bins * (s->n_edges - 1), err);
  elfin_material_free(opened);
  return status;
}

static elfin_status weigh(limits_view *v, elfin_error *err)
{
  const store_sweep *s = v->sweep;
  const elfin_experiment *e = v->how->experiment;
  const store_axis *materials = &s->axes[v->material_axis];
  size_t n_rows = e->n_bins + e->n_events, n_omega = s->n_edges - 1;
  elfin_status status = ELFIN_OK;
  v->weight = calloc(materials->n * n_rows * n_omega, sizeof *v->weight);
  v->below = calloc(e->n_events + 1, sizeof *v->below);
  if (!v->weight || !v->below)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the limits of %s", s->name);
  for (size_t i = 0; i < materials->n && !status; i++)
    status = weigh_in(v, materials->text[i], v->weight + i * n_rows * n_omega, err);
  for (size_t i = 0; i < materials->n * n_rows * n_omega; i++)
    v->weight[i] *= s->edge_eV[i % n_omega + 1] - s->edge_eV[i % n_omega];
  if (!status && v->how->method == ELFIN_LIMIT_OPTIMUM_INTERVAL)
    status = elfin_interval_tables_new(&v->tables, err);
  return status;
}

/* One row of weights, on the spectrum at a point. @return 1, or 0 or 2 where a needed rate is pending
 * or failed. Rates may be below 0 by their error. */
static int add_up(const limits_view *v, const double *weight, size_t point, double *sum)
{
  int status = 1;
  *sum = 0;
  for (size_t i = 0; i + 1 < v->sweep->n_edges; i++) {
    if (weight[i] == 0)
      continue;
    if (v->sweep->status[point + i] != 1 && status != 2)
      status = v->sweep->status[point + i];
    *sum += weight[i] * fmax(0, v->sweep->value[point + i]);
  }
  return status;
}

static int take_spectrum(const limits_view *v, size_t i_material, size_t point)
{
  size_t n_events = v->how->experiment->n_events, n_omega = v->sweep->n_edges - 1;
  const double *weight = v->weight + i_material * (v->n + n_events) * n_omega;
  int status = 1;
  for (size_t b = 0; b < v->n + n_events; b++) {
    double *sum = b < v->n ? column(v, SIGNAL) + b : v->below + (b - v->n);
    int one = add_up(v, weight + b * n_omega, point, sum);
    status = one != 1 && status != 2 ? one : status;
  }
  return status;
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
    } else if (strcmp(sweep->axes[i].key, "material") == 0) {
      v->material_axis = i;
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
  return is_spectrum(sweep) ? weigh(v, err) : ELFIN_OK;
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
    if (csv_of_numbers(&v->axes[i]))
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
static elfin_status limit_at(const limits_view *v, size_t i_material, size_t point, int *status,
                             double *limit, size_t *i_bin, elfin_error *err)
{
  double factor = NAN;
  *limit = NAN;
  *i_bin = v->n;
  *status = v->weight ? take_spectrum(v, i_material, point) : take_signal(v, point);
  if (*status != 1)
    return ELFIN_OK;
  double *signal = column(v, SIGNAL);
  for (size_t i = 0; i < v->n; i++)
    signal[i] = fmax(0, signal[i]);
  elfin_observation seen = {{v->n, signal, column(v, BACKGROUND), column(v, OBSERVED)},
                            v->below ? v->how->experiment->n_events : 0, v->below};
  elfin_status failed = elfin_limit_strength(v->how->method, &seen, v->tables, v->how->confidence,
                                             &factor, i_bin, err);
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
  elfin_status failed =
      limit_at(v, index[v->material_axis], point, &status, &limit, &i_bin, err);
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
    status = elfin_limit_check(how->method, how->experiment->n_events, how->confidence, err);
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
