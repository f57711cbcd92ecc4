/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file table_h5.c
 * A table of ε(ω,k) in elfin's own HDF5 format.
 *
 *   /                attributes format, table_version, source, sha256; origin, origin_sha256 of
 *                    an imported file
 *   /omega /k        energies and momenta [eV], dimension scales
 *   /eps1 /eps2      [k][omega], dimensionless; NaN is a hole
 *   /settings        a group, if there are any: an attribute for each
 *
 * The checksum is SHA-256 over the numbers omega, k, eps1, eps2 in this order, each as a
 * little-endian double: it is the same whatever HDF5 does with the bytes. */
#include "store/access.h"
#include "store/grid_h5.h"
#include "store/layout.h"

#include <errno.h>
#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TABLE_VERSION = 1, N_ARRAYS = 4 };
static const char TABLE_FORMAT[] = "elfin dielectric table";

typedef struct array_row {
  const char *name, *units, *meaning;
  bool grid;
} array_row;

static const array_row array_rows[N_ARRAYS] = {
    {"omega", "eV", "energy", true},
    {"k", "eV", "momentum", true},
    {"eps1", "1", "real part of the dielectric function", false},
    {"eps2", "1", "imaginary part of the dielectric function", false},
};

/* ---- writing --------------------------------------------------------------------------------- */

static bool write_array(hid_t file, const array_row *row, const hsize_t dims[], const double data[])
{
  hid_t made =
      h5_write_numbers(file, row->name, row->grid ? 1 : 2, dims, data, row->units, row->meaning);
  bool fine = made >= 0;
  if (row->grid)
    fine = fine && H5DSset_scale(made, row->name) >= 0;
  else
    fine = fine && h5_attach(made, file, "k", 0) && h5_attach(made, file, "omega", 1);
  h5_close(made);
  return fine;
}

static bool write_settings(hid_t file, const store_table *t)
{
  if (t->n_settings == 0)
    return true;
  hid_t group = H5Gcreate2(file, "settings", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  bool fine = group >= 0;
  for (size_t i = 0; fine && i < t->n_settings; i++)
    fine = h5_put_text(group, t->settings[i].name, t->settings[i].text);
  h5_close(group);
  return fine;
}

static bool put_known(hid_t file, const char *name, const char *text)
{
  return !text || h5_put_text(file, name, text);
}

static bool write_all(hid_t file, const store_table *t, elfin_error *err)
{
  const double *array[N_ARRAYS] = {t->omega, t->k, t->eps1, t->eps2};
  const size_t n_eps = t->n_omega * t->n_k, n[N_ARRAYS] = {t->n_omega, t->n_k, n_eps, n_eps};
  const hsize_t of_eps[2] = {t->n_k, t->n_omega}, of_omega[1] = {t->n_omega}, of_k[1] = {t->n_k};
  const hsize_t *const dims[N_ARRAYS] = {of_omega, of_k, of_eps, of_eps};
  char sha256[ELFIN_SHA256_TEXT];
  bool fine = !elfin_sha256_numbers(N_ARRAYS, array, n, sha256, err) &&
              h5_put_text(file, "format", TABLE_FORMAT) &&
              h5_put_int(file, "table_version", TABLE_VERSION) &&
              h5_put_text(file, "source", t->source ? t->source : "") &&
              h5_put_text(file, "sha256", sha256) && put_known(file, "origin", t->origin) &&
              put_known(file, "origin_sha256", t->origin_sha256) &&
              h5_put_text(file, "elfin_version", elfin_version()) && write_settings(file, t);
  for (size_t i = 0; fine && i < N_ARRAYS; i++)
    fine = write_array(file, &array_rows[i], dims[i], array[i]);
  return fine;
}

elfin_status store_write_table(const char *path, const store_table *table, elfin_error *err)
{
  h5_quiet();
  if (access(path, F_OK) == 0)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: exists already, and will not be replaced", path);
  hid_t how = access_alone();
  hid_t file = how < 0 ? how : H5Fcreate(path, H5F_ACC_EXCL, H5P_DEFAULT, how);
  h5_close(how);
  if (file < 0)
    return h5_fail(err, ELFIN_E_OUTPUT, path, "cannot be created");
  bool fine = write_all(file, table, err);
  elfin_status status =
      fine ? ELFIN_OK : h5_fail(err, ELFIN_E_OUTPUT, path, "the table cannot be written");
  if (H5Fclose(file) < 0 && !status)
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "the table cannot be written");
  if (status)
    unlink(path);
  return status;
}

/* ---- reading --------------------------------------------------------------------------------- */

static elfin_status check_format(const char *path, hid_t file, elfin_error *err)
{
  char *format = NULL;
  int version = 0;
  elfin_status status = ELFIN_OK;
  if (!h5_get_text(file, "format", &format) || strcmp(format, TABLE_FORMAT) != 0 ||
      !h5_get_int(file, "table_version", &version))
    status = elfin_fail(err, ELFIN_E_DATA,
                        "%s: not a table of elfin's: attribute format must be '%s'; elfin import gpaw "
                        "(or qcdark2, csv) makes one of what other programs write",
                        path, TABLE_FORMAT);
  else if (version > TABLE_VERSION)
    status = elfin_fail(err, ELFIN_E_DATA,
                        "%s: has table_version %d, and this elfin %s knows up to %d: use a newer "
                        "elfin",
                        path, version, elfin_version(), TABLE_VERSION);
  free(format);
  return status;
}

static elfin_status check_units(const char *path, hid_t file, const array_row *row,
                                elfin_error *err)
{
  char *units = NULL;
  elfin_status status = ELFIN_OK;
  hid_t dataset =
      h5_has(file, row->name) ? H5Dopen2(file, row->name, H5P_DEFAULT) : H5I_INVALID_HID;
  if (dataset < 0)
    status = elfin_fail(err, ELFIN_E_DATA, "%s: has no /%s", path, row->name);
  else if (!h5_get_text(dataset, "units", &units) || strcmp(units, row->units) != 0)
    status = elfin_fail(err, ELFIN_E_DATA, "%s: /%s has units '%s'; '%s' is expected", path,
                        row->name, units ? units : "", row->units);
  free(units);
  h5_close(dataset);
  return status;
}

static elfin_status check_shape(const char *path, hid_t file, const array_row *row,
                                const size_t n[N_ARRAYS], elfin_error *err)
{
  hsize_t dims[H5S_MAX_RANK] = {0};
  int rank = -1;
  hid_t dataset = H5Dopen2(file, row->name, H5P_DEFAULT);
  bool fine = dataset >= 0 && h5_shape(dataset, &rank, dims) &&
              (row->grid ? rank == 1 : rank == 2 && dims[0] == n[1] && dims[1] == n[0]);
  h5_close(dataset);
  if (fine)
    return ELFIN_OK;
  return row->grid ? elfin_fail(err, ELFIN_E_DATA, "%s: /%s must be a list", path, row->name)
                   : elfin_fail(err, ELFIN_E_DATA,
                                "%s: /%s must have %zu rows (k) of %zu columns (omega)", path,
                                row->name, n[1], n[0]);
}

static elfin_status check_sum(const char *path, hid_t file, double *const array[],
                              const size_t n[N_ARRAYS], elfin_error *err)
{
  char *stored = NULL, sha256[ELFIN_SHA256_TEXT];
  elfin_status status = ELFIN_OK;
  const double *numbers[N_ARRAYS] = {array[0], array[1], array[2], array[3]};
  if (!h5_get_text(file, "sha256", &stored) ||
      elfin_sha256_numbers(N_ARRAYS, numbers, n, sha256, NULL))
    status = elfin_fail(err, ELFIN_E_DATA, "%s: has no checksum (attribute sha256)", path);
  else if (strcmp(stored, sha256) != 0)
    status = elfin_fail(err, ELFIN_E_DATA,
                        "%s: its numbers do not have the checksum that it states: it was damaged "
                        "or changed; get it again",
                        path);
  free(stored);
  return status;
}

static elfin_status read_arrays(const char *path, hid_t file, size_t n[N_ARRAYS],
                                double *array[N_ARRAYS], elfin_error *err)
{
  elfin_status status = check_format(path, file, err);
  for (size_t i = 0; !status && i < N_ARRAYS; i++) {
    status = check_units(path, file, &array_rows[i], err);
    if (!status)
      status = check_shape(path, file, &array_rows[i], n, err);
    if (!status && !h5_read_numbers(file, array_rows[i].name, &n[i], &array[i]))
      status = h5_fail(err, ELFIN_E_DATA, path, "/%s cannot be read", array_rows[i].name);
  }
  return status ? status : check_sum(path, file, array, n, err);
}

bool store_is_table(const char *path)
{
  char *format = NULL;
  hid_t file = access_open(path, false);
  bool is = file >= 0 && h5_get_text(file, "format", &format) && strcmp(format, TABLE_FORMAT) == 0;
  free(format);
  h5_close(file);
  H5Eclear2(H5E_DEFAULT);
  return is;
}

static void take_known(hid_t file, const char *name, char **text)
{
  h5_get_text(file, name, text); /* else it stays NULL */
}

elfin_status store_read_table(const char *path, store_table **table, elfin_error *err)
{
  size_t n[N_ARRAYS] = {0};
  double *array[N_ARRAYS] = {NULL};
  store_table *made = calloc(1, sizeof *made);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its table", path);
  hid_t file = access_open(path, false);
  elfin_status status = file < 0 ? h5_fail_open(err, ELFIN_E_DATA, path, "cannot be opened as a table")
                                 : read_arrays(path, file, n, array, err);
  *made = (store_table){.n_omega = n[0], .n_k = n[1], .omega = array[0], .k = array[1],
                        .eps1 = array[2], .eps2 = array[3]};
  if (!status) {
    take_known(file, "source", &made->source);
    take_known(file, "origin", &made->origin);
    take_known(file, "origin_sha256", &made->origin_sha256);
    status = grid_settings(path, file, "settings", made, err);
  }
  h5_close(file);
  if (status)
    store_table_free(made);
  else
    *table = made;
  return status;
}

elfin_status store_open_table(const char *text, const elfin_material *material,
                              const elfin_constants *constants, elfin_response **response,
                              elfin_error *err)
{
  store_table *t = NULL;
  elfin_table_choice choice;
  char *path = NULL;
  elfin_status status = elfin_table_path(text, &choice, &path, err);
  if (!status)
    status = store_read_table(path, &t, err);
  if (!status)
    status = elfin_response_new_chosen(text, t->n_omega, t->omega, t->n_k, t->k, t->eps1, t->eps2,
                                       t->source, material, constants, response, err);
  store_table_free(t);
  free(path);
  return status;
}

/* ---- any response ------------------------------------------------------------------------------ */

/** Its electrons may be such a table. */
static elfin_status open_joined(elfin_configuration configuration, const elfin_material *material,
                                const elfin_constants *constants, elfin_response **response,
                                elfin_error *err)
{
  const char *kind = elfin_response_default_optical(material);
  elfin_response *electrons = NULL;
  elfin_status status = ELFIN_OK;
  if (kind)
    status = store_open_response(kind, ELFIN_ORDINARY, material, constants, &electrons, err);
  return status ? status : elfin_response_join(configuration, material, electrons, response, err);
}

elfin_status store_open_response(const char *kind, elfin_configuration configuration,
                                 const elfin_material *material, const elfin_constants *constants,
                                 elfin_response **response, elfin_error *err)
{
  char *named = NULL;
  if (strcmp(kind, "joined") == 0)
    return open_joined(configuration, material, constants, response, err);
  elfin_status status = elfin_response_table_text(material, kind, &named, err);
  const char *text = named ? named : kind;
  if (!status && elfin_table_is_hdf5(text))
    status = store_open_table(text, material, constants, response, err);
  else if (!status)
    status = elfin_response_open_configuration(text, configuration, material, constants, response, err);
  free(named);
  return status;
}
