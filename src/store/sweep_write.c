/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file sweep_write.c
 * A sweep's group in a new file: a dimension scale per axis, the numbers that names stand for, and
 * every dataset of the layout, allocated but empty. */
#include "store/layout.h"

#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- axes ------------------------------------------------------------------------------------ */

static bool make_scale(hid_t dataset, const char *name)
{
  bool fine = dataset >= 0 && H5DSset_scale(dataset, name) >= 0;
  h5_close(dataset);
  return fine;
}

/* The texts of an axis of names; an entry that was generated has none, and its number is one. */
static hid_t write_names(hid_t group, const campaign_axis *axis)
{
  enum { NUMBER_TEXT = 32 };
  hsize_t n = axis->n;
  const char **text = calloc(axis->n, sizeof *text);
  char(*made)[NUMBER_TEXT] = calloc(axis->n, sizeof *made);
  hid_t dataset = H5I_INVALID_HID;
  if (text && made) {
    for (size_t i = 0; i < axis->n; i++) {
      if (!axis->text || !axis->text[i])
        snprintf(made[i], sizeof made[i], "%.17g", axis->value[i]);
      text[i] = axis->text && axis->text[i] ? axis->text[i] : made[i];
    }
    dataset = h5_write_texts(group, axis->key, 1, &n, text, NULL);
  }
  free(made);
  free(text);
  return dataset;
}

/* Its numbers stand beside an axis of names; thresholds depend on the material. */
static bool write_numbers_of_names(hid_t group, const campaign_axis *axis, hid_t names)
{
  char name[64];
  hsize_t n = axis->n;
  field_numbers_name(axis, name, sizeof name);
  if (!h5_put_text(names, "numbers", name))
    return false;
  if (axis->role == AXIS_THRESHOLD)
    return true;
  hid_t numbers = h5_write_numbers(group, name, 1, &n, axis->value, axis->unit,
                                   "the axis of names, in numbers");
  bool fine = numbers >= 0 && h5_attach(numbers, group, axis->key, 0);
  h5_close(numbers);
  return fine;
}

static bool write_axis(hid_t group, const campaign_axis *axis)
{
  hsize_t n = axis->n;
  if (!axis->named)
    return make_scale(h5_write_numbers(group, axis->key, 1, &n, axis->value,
                                       *axis->unit ? axis->unit : "1", NULL),
                      axis->key);
  hid_t names = write_names(group, axis);
  bool fine = names >= 0 && H5DSset_scale(names, axis->key) >= 0;
  if (fine && *axis->unit)
    fine = write_numbers_of_names(group, axis, names);
  h5_close(names);
  return fine;
}

static const char *last_axis_unit(const campaign_sweep *sweep, observable_kind kind)
{
  return kind == OBS_CHARGE || (kind == OBS_EVENTS && sweep->bins_are_charges) ? "1" : "eV";
}

/* The axes that only an observable has: omega, at, charge. */
static bool write_last_axis(hid_t group, const campaign_sweep *sweep,
                            const campaign_observable *observable)
{
  static const char *const meaning[N_OBS] = {[OBS_RATE] = "",
                                             [OBS_SPECTRUM] = "energy, centre of the bin",
                                             [OBS_DIFFERENTIAL] = "energy",
                                             [OBS_CHARGE] = "number of electron-hole pairs, Q",
                                             [OBS_EVENTS] = "bin of the experiment: Q, or its centre"};
  hsize_t n = observable->n;
  if (observable->kind == OBS_RATE || !observable->last_axis)
    return true;
  return make_scale(h5_write_numbers(group, observable->last_axis, 1, &n, observable->value,
                                     last_axis_unit(sweep, observable->kind), meaning[observable->kind]),
                    observable->last_axis);
}

static bool write_edges(hid_t group, const campaign_sweep *sweep)
{
  hsize_t n = sweep->n_edges;
  return n == 0 || make_scale(h5_write_numbers(group, STORE_OMEGA_EDGES, 1, &n, sweep->edge_eV, "eV",
                                               "edges of the bins of spectrum"),
                              STORE_OMEGA_EDGES);
}

static bool write_thresholds(hid_t group, const campaign_sweep *sweep)
{
  hsize_t dims[2] = {sweep->n_materials, sweep->n_thresholds};
  if (!sweep->threshold_eV || !sweep->n_thresholds)
    return true;
  hid_t made = h5_write_numbers(group, STORE_THRESHOLD_EV, 2, dims, sweep->threshold_eV, "eV",
                                "least energy deposit that counts, resolved for each material");
  bool fine =
      made >= 0 && h5_attach(made, group, "material", 0) && h5_attach(made, group, "threshold", 1);
  h5_close(made);
  return fine;
}

/* ---- results --------------------------------------------------------------------------------- */

/* Contiguous, allocated now; NaN, 0 or −1 where it is filled. */
static hid_t field_creation(field_kind kind, double n_points)
{
  static const double not_a_number = NAN;
  static const int32_t nobody = -1;
  static const uint64_t zero = 0;
  const void *fill = kind == FIELD_VALUE || kind == FIELD_ERROR ? (const void *)&not_a_number
                     : kind == FIELD_RANK || kind == FIELD_RUN  ? (const void *)&nobody
                                                                : (const void *)&zero;
  hid_t made = H5Pcreate(H5P_DATASET_CREATE);
  if (made >= 0 &&
      (H5Pset_layout(made, H5D_CONTIGUOUS) < 0 ||
       H5Pset_alloc_time(made, H5D_ALLOC_TIME_EARLY) < 0 ||
       H5Pset_obj_track_times(made, false) < 0 ||
       H5Pset_fill_value(made, field_memory_type(kind), fill) < 0 ||
       H5Pset_fill_time(made, n_points > STORE_MOST_FILLED ? H5D_FILL_TIME_NEVER
                                                           : H5D_FILL_TIME_ALLOC) < 0)) {
    h5_close(made);
    return H5I_INVALID_HID;
  }
  return made;
}

/* Codes are explained as netCDF's climate conventions do, so that tools can show the names. */
static bool explain_codes(hid_t dataset, field_kind kind)
{
#define ELFIN_FLAG_BIT(name, bit, key, text) bit,
#define ELFIN_FLAG_KEY(name, bit, key, text) key " "
#define ELFIN_FLAG_TEXT(name, bit, key, text) key ": " text "; "
  static const int states[] = {POINT_PENDING, POINT_DONE, POINT_FAILED};
  static const int bits[] = {ELFIN_FLAGS(ELFIN_FLAG_BIT)};
  static const char keys[] = ELFIN_FLAGS(ELFIN_FLAG_KEY), texts[] = ELFIN_FLAGS(ELFIN_FLAG_TEXT);
#undef ELFIN_FLAG_BIT
#undef ELFIN_FLAG_KEY
#undef ELFIN_FLAG_TEXT
  const bool status = kind == FIELD_STATUS;
  if (!status && kind != FIELD_FLAGS)
    return true;
  const int *codes = status ? states : bits;
  hsize_t n = status ? sizeof states / sizeof *states : sizeof bits / sizeof *bits;
  hid_t space = H5Screate_simple(1, &n, NULL);
  hid_t list = space < 0 ? space
                         : H5Acreate2(dataset, status ? "flag_values" : "flag_masks", H5T_STD_I32LE,
                                      space, H5P_DEFAULT, H5P_DEFAULT);
  bool fine = list >= 0 && H5Awrite(list, H5T_NATIVE_INT, codes) >= 0;
  h5_close(list);
  h5_close(space);
  if (status)
    return fine && h5_put_text(dataset, "flag_meanings", "pending done failed");
  /* Each key ends in a blank, each text in "; ": cut there. */
  char meanings[sizeof keys], explained[sizeof texts];
  snprintf(meanings, sizeof meanings, "%.*s", (int)strlen(keys) - 1, keys);
  snprintf(explained, sizeof explained, "%.*s", (int)strlen(texts) - 2, texts);
  return fine && h5_put_text(dataset, "flag_meanings", meanings) &&
         h5_put_text(dataset, "comment", explained);
}

static bool describe_field(hid_t dataset, const campaign_observable *observable,
                           const store_field *field)
{
  bool physical = field->kind == FIELD_VALUE || field->kind == FIELD_ERROR;
  return h5_put_text(dataset, "units", physical ? observable->units : "1") &&
         h5_put_text(dataset, "long_name", field->meaning) && explain_codes(dataset, field->kind);
}

/* Whose limit, and how it was made. */
static bool describe_limit(hid_t dataset, const campaign_sweep *sweep)
{
  char level[32];
  snprintf(level, sizeof level, "%.15g", sweep->limit_confidence);
  return h5_put_text(dataset, "experiment", sweep->experiment) &&
         h5_put_text(dataset, "method", sweep->limit_method) &&
         h5_put_text(dataset, "confidence_level", level);
}

static bool write_field(hid_t group, const campaign_sweep *sweep, const store_field *field)
{
  const char *axis[H5S_MAX_RANK];
  hsize_t dims[H5S_MAX_RANK];
  int rank = field_axes(sweep, field, axis, dims);
  double n_points = (double)sweep->n_tasks * (double)field_per_task(sweep, field);
  hid_t creation = field_creation(field->kind, n_points);
  hid_t space = H5Screate_simple(rank, dims, NULL);
  hid_t made = creation < 0 || space < 0
                   ? H5I_INVALID_HID
                   : H5Dcreate2(group, field->name, field_file_type(field->kind), space,
                                H5P_DEFAULT, creation, H5P_DEFAULT);
  bool fine = made >= 0 && describe_field(made, field_observable(sweep, field), field);
  if (fine && field->observable == OBS_LIMIT && field->kind == FIELD_VALUE)
    fine = describe_limit(made, sweep);
  for (int i = 0; fine && i < rank; i++)
    fine = h5_attach(made, group, axis[i], (unsigned)i);
  h5_close(made);
  h5_close(space);
  h5_close(creation);
  return fine;
}

static bool write_failures(hid_t file, const campaign_sweep *sweep)
{
  hsize_t n = failures_room(sweep);
  hid_t group = H5Gopen2(file, STORE_FAILURES, H5P_DEFAULT);
  hid_t type = failures_type(true), space = H5Screate_simple(1, &n, NULL);
  hid_t creation = H5Pcreate(H5P_DATASET_CREATE);
  hid_t made = H5I_INVALID_HID;
  if (group >= 0 && type >= 0 && space >= 0 && creation >= 0 &&
      H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY) >= 0 &&
      H5Pset_obj_track_times(creation, false) >= 0)
    made = H5Dcreate2(group, sweep->name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
  bool fine =
      made >= 0 &&
      h5_put_text(made, "long_name",
                  "why points failed; an empty reason is an unused place, and a point whose status "
                  "is 1 has succeeded since") &&
      h5_put_text(made, "observables", "0 rate, 1 spectrum, 2 differential, 3 charge_rate, 4 events, 5 limit") &&
      h5_put_text(made, "point", "row-major index into the observable's dataset");
  h5_close(made);
  h5_close(creation);
  h5_close(space);
  h5_close(type);
  h5_close(group);
  return fine;
}

/* ---- a sweep --------------------------------------------------------------------------------- */

bool sweep_write(hid_t file, const campaign *c, size_t i_sweep)
{
  const campaign_sweep *sweep = campaign_sweep_at(c, i_sweep);
  hid_t group = H5Gcreate2(file, sweep->name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  bool fine = group >= 0 && h5_put_text(group, "process", sweep->process) &&
              (!sweep->conventions || h5_put_text(group, "conventions", sweep->conventions)) &&
              (!sweep->experiment || h5_put_text(group, "experiment", sweep->experiment));
  for (size_t i = 0; fine && i < sweep->n_axes; i++)
    fine = write_axis(group, &sweep->axes[i]);
  for (size_t i = 0; fine && i < sweep->n_observables; i++)
    fine = write_last_axis(group, sweep, &sweep->observables[i]);
  fine = fine && write_edges(group, sweep) && write_thresholds(group, sweep) &&
         targets_write(group, c, i_sweep) && halo_write(group, c, i_sweep);
  for (size_t i = 0; fine && i < N_FIELDS; i++)
    if (field_observable(sweep, &store_fields[i]))
      fine = write_field(group, sweep, &store_fields[i]);
  h5_close(group);
  return fine && write_failures(file, sweep);
}
