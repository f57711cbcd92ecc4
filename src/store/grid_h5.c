/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file grid_h5.c
 * Grids of ε(ω,k) in other programs' HDF5 files, as they are: complex numbers in one dataset, and
 * attributes of any kind, which become texts. What the numbers are worth is looked at in import. */
#include "store/grid_h5.h"

#include "store/access.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An attribute that is a list of more numbers than this is data, not a setting. */
enum { MOST_NUMBERS = 16, NUMBER = 32 };

void store_table_free(store_table *t)
{
  if (!t)
    return;
  free(t->omega);
  free(t->k);
  free(t->eps1);
  free(t->eps2);
  free(t->omega_units);
  free(t->k_units);
  free(t->source);
  free(t->origin);
  free(t->origin_sha256);
  for (size_t i = 0; i < t->n_settings; i++) {
    free(t->settings[i].name);
    free(t->settings[i].text);
  }
  free(t->settings);
  free(t);
}

bool store_table_note(store_table *t, const char *name, const char *text)
{
  store_setting *grown = realloc(t->settings, (t->n_settings + 1) * sizeof *grown);
  if (!grown)
    return false;
  t->settings = grown;
  store_setting made = {strdup(name), strdup(text)};
  grown[t->n_settings++] = made;
  return made.name && made.text;
}

/* ---- attributes ------------------------------------------------------------------------------ */

/** Numbers as "1 2 3", in round-trip precision. NULL: not numbers, or too many. */
static char *numbers_text(hid_t attribute, hid_t type, size_t n)
{
  double value[MOST_NUMBERS];
  H5T_class_t kind = H5Tget_class(type);
  char *text = NULL, *end;
  if (n > MOST_NUMBERS || (kind != H5T_INTEGER && kind != H5T_FLOAT) ||
      H5Aread(attribute, H5T_NATIVE_DOUBLE, value) < 0 || !(text = malloc(n * NUMBER + 1)))
    return NULL;
  end = text;
  *end = '\0';
  for (size_t i = 0; i < n; i++)
    end += snprintf(end, NUMBER, i ? " %.17g" : "%.17g", value[i]);
  return text;
}

/** NULL: neither a text nor a few numbers. h5py's True and False are an enumeration. */
static char *attribute_text(hid_t where, const char *name)
{
  char *text = NULL;
  if (h5_get_text(where, name, &text))
    return text;
  hid_t attribute = H5Aopen(where, name, H5P_DEFAULT);
  hid_t type = attribute < 0 ? attribute : H5Aget_type(attribute);
  hid_t space = attribute < 0 ? attribute : H5Aget_space(attribute);
  hssize_t n = space < 0 ? -1 : H5Sget_simple_extent_npoints(space);
  int8_t truth = 0;
  if (type >= 0 && n == 1 && H5Tget_class(type) == H5T_ENUM && H5Tget_size(type) == 1) {
    if (H5Aread(attribute, type, &truth) >= 0)
      text = strdup(truth ? "true" : "false");
  } else if (type >= 0 && n == 1 && H5Tget_class(type) == H5T_STRING) {
    text = calloc(H5Tget_size(type) + 1, 1); /* of fixed length: as numpy.bytes_ is */
    if (text && H5Aread(attribute, type, text) < 0) {
      free(text);
      text = NULL;
    }
  } else if (type >= 0 && n > 0) {
    text = numbers_text(attribute, type, (size_t)n);
  }
  h5_close(space);
  h5_close(type);
  h5_close(attribute);
  return text;
}

typedef struct collector {
  store_table *table;
  bool no_memory;
} collector;

static herr_t collect(hid_t where, const char *name, const H5A_info_t *info, void *into)
{
  static const char *const own[] = {"format", "table_version", "source",       "sha256",
                                    "origin", "origin_sha256", "elfin_version"};
  collector *c = into;
  (void)info;
  for (size_t i = 0; i < sizeof own / sizeof *own; i++)
    if (strcmp(own[i], name) == 0)
      return 0;
  char *text = attribute_text(where, name);
  if (text && !store_table_note(c->table, name, text))
    c->no_memory = true;
  free(text);
  return c->no_memory ? -1 : 0;
}

elfin_status grid_settings(const char *path, hid_t file, const char *object, store_table *table,
                           elfin_error *err)
{
  bool root = strcmp(object, ".") == 0;
  if (!root && !h5_has(file, object))
    return ELFIN_OK;
  hid_t where = H5Oopen(file, object, H5P_DEFAULT);
  collector c = {.table = table};
  herr_t end = where < 0 ? -1 : H5Aiterate2(where, H5_INDEX_NAME, H5_ITER_INC, NULL, collect, &c);
  h5_close(where);
  if (c.no_memory)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its attributes", path);
  return end < 0 ? h5_fail(err, ELFIN_E_DATA, path, "its attributes cannot be read") : ELFIN_OK;
}

/* ---- datasets -------------------------------------------------------------------------------- */

static elfin_status read_list(const char *path, hid_t file, const char *name, size_t *n,
                              double **number, char **units, elfin_error *err)
{
  hsize_t dims[H5S_MAX_RANK] = {0};
  int rank = -1;
  hid_t dataset = h5_has(file, name) ? H5Dopen2(file, name, H5P_DEFAULT) : H5I_INVALID_HID;
  bool there = dataset >= 0, list = there && h5_shape(dataset, &rank, dims) && rank == 1;
  if (list && H5Aexists(dataset, "units") > 0)
    *units = attribute_text(dataset, "units");
  h5_close(dataset);
  if (!there)
    return elfin_fail(err, ELFIN_E_DATA, "%s: has no dataset /%s", path, name);
  if (!list)
    return elfin_fail(err, ELFIN_E_DATA, "%s: /%s must be a list of numbers", path, name);
  if (!h5_read_numbers(file, name, n, number))
    return h5_fail(err, ELFIN_E_DATA, path, "/%s cannot be read as numbers", name);
  return ELFIN_OK;
}

/** Members r and i, as h5py writes complex numbers. */
static hid_t complex_type(void)
{
  hid_t type = H5Tcreate(H5T_COMPOUND, 2 * sizeof(double));
  if (type >= 0 && (H5Tinsert(type, "r", 0, H5T_NATIVE_DOUBLE) < 0 ||
                    H5Tinsert(type, "i", sizeof(double), H5T_NATIVE_DOUBLE) < 0)) {
    h5_close(type);
    return H5I_INVALID_HID;
  }
  return type;
}

static bool is_complex(hid_t dataset)
{
  hid_t type = H5Dget_type(dataset);
  bool is = type >= 0 && H5Tget_class(type) == H5T_COMPOUND && H5Tget_nmembers(type) == 2 &&
            H5Tget_member_index(type, "r") >= 0 && H5Tget_member_index(type, "i") >= 0;
  h5_close(type);
  return is;
}

static elfin_status check_epsilon(const char *path, hid_t dataset, const char *name,
                                  const store_table *t, elfin_error *err)
{
  hsize_t dims[H5S_MAX_RANK] = {0};
  int rank = -1;
  if (dataset < 0)
    return elfin_fail(err, ELFIN_E_DATA, "%s: has no dataset /%s", path, name);
  if (!h5_shape(dataset, &rank, dims) || rank != 2 || dims[0] != t->n_k || dims[1] != t->n_omega)
    return elfin_fail(
        err, ELFIN_E_DATA,
        "%s: /%s has %d dimensions, %llu × %llu; %zu momenta × %zu energies are wanted", path, name,
        rank, (unsigned long long)dims[0], (unsigned long long)dims[1], t->n_k, t->n_omega);
  if (!is_complex(dataset))
    return elfin_fail(err, ELFIN_E_DATA,
                      "%s: /%s must hold complex numbers (members r and i, as h5py writes them)",
                      path, name);
  return ELFIN_OK;
}

static elfin_status read_epsilon(const char *path, hid_t file, const char *name, store_table *t,
                                 elfin_error *err)
{
  size_t n = t->n_k * t->n_omega;
  hid_t dataset = h5_has(file, name) ? H5Dopen2(file, name, H5P_DEFAULT) : H5I_INVALID_HID;
  hid_t type = complex_type();
  double *pair = NULL;
  elfin_status status = check_epsilon(path, dataset, name, t, err);
  if (!status) {
    pair = malloc((2 * n + 1) * sizeof *pair);
    t->eps1 = malloc((n + 1) * sizeof *t->eps1);
    t->eps2 = malloc((n + 1) * sizeof *t->eps2);
    if (!pair || !t->eps1 || !t->eps2)
      status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for /%s", path, name);
    else if (type < 0 || H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pair) < 0)
      status = h5_fail(err, ELFIN_E_DATA, path, "/%s cannot be read", name);
  }
  for (size_t i = 0; !status && i < n; i++) {
    t->eps1[i] = pair[2 * i];
    t->eps2[i] = pair[2 * i + 1];
  }
  free(pair);
  h5_close(type);
  h5_close(dataset);
  return status;
}

static elfin_status check_format(const char *path, hid_t file, const char *wanted, elfin_error *err)
{
  char *format = wanted && H5Aexists(file, "format") > 0 ? attribute_text(file, "format") : NULL;
  elfin_status status = ELFIN_OK;
  if (wanted && (!format || strcmp(format, wanted) != 0))
    status = elfin_fail(err, ELFIN_E_DATA, "%s: its attribute format says '%s'; '%s' is wanted",
                        path, format ? format : "", wanted);
  free(format);
  return status;
}

elfin_status store_read_grid(const char *path, const store_grid_names *names, store_table **table,
                             elfin_error *err)
{
  store_table *t = calloc(1, sizeof *t);
  if (!t)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", path);
  hid_t file = access_open(path, false);
  elfin_status status = file < 0 ? h5_fail_open(err, ELFIN_E_DATA, path, "cannot be opened as HDF5")
                                 : check_format(path, file, names->format, err);
  if (!status)
    status = read_list(path, file, names->omega, &t->n_omega, &t->omega, &t->omega_units, err);
  if (!status)
    status = read_list(path, file, names->k, &t->n_k, &t->k, &t->k_units, err);
  if (!status)
    status = read_epsilon(path, file, names->epsilon, t, err);
  if (!status && H5Aexists(file, "source") > 0)
    t->source = attribute_text(file, "source");
  if (!status)
    status = grid_settings(path, file, ".", t, err);
  if (!status)
    status = grid_settings(path, file, "settings", t, err);
  h5_close(file);
  if (status)
    store_table_free(t);
  else
    *table = t;
  return status;
}
