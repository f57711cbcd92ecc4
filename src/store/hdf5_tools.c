/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file hdf5_tools.c
 * HDF5 in the shapes that we need.
 *
 * Attribute texts have variable length, so that h5py gives them as str; they are only written
 * serially. Texts in datasets have a fixed length, since MPI-IO knows no other. */
#include "store/hdf5_tools.h"

#include <hdf5_hl.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void h5_quiet(void)
{
  H5dont_atexit(); /* it would try again to close what could not be closed, and crash */
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

/* ---- errors ---------------------------------------------------------------------------------- */

static herr_t keep_first(unsigned n, const H5E_error2_t *entry, void *text)
{
  if (n == 0 && entry->desc)
    snprintf(text, sizeof((elfin_error *)NULL)->text, "%s", entry->desc);
  return 0;
}

/* "unable to write (…, errno = 28, error message = 'No space left on device', …" → the message. */
static const char *system_message(char *desc)
{
  static const char key[] = "error message = '";
  char *begin = strstr(desc, key);
  if (!begin)
    return desc;
  begin += sizeof key - 1;
  char *end = strchr(begin, '\'');
  if (end)
    *end = '\0';
  return begin;
}

elfin_status h5_fail(elfin_error *err, elfin_status status, const char *path, const char *format,
                     ...)
{
  char sentence[256], desc[sizeof err->text] = "";
  va_list arguments;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_first, desc);
  H5Eclear2(H5E_DEFAULT);
  va_start(arguments, format);
  vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  const char *why = system_message(desc);
  return elfin_fail(err, status, "%s: %s%s%s", path, sentence, *why ? ": " : "", why);
}

static void close_any(hid_t id)
{
  switch (H5Iget_type(id)) {
  case H5I_FILE: H5Fclose(id); break;
  case H5I_GROUP: H5Gclose(id); break;
  case H5I_DATASET: H5Dclose(id); break;
  case H5I_DATASPACE: H5Sclose(id); break;
  case H5I_DATATYPE: H5Tclose(id); break;
  case H5I_ATTR: H5Aclose(id); break;
  case H5I_GENPROP_LST: H5Pclose(id); break;
  default: break;
  }
}

/* Every call of HDF5 begins with an empty error stack: the reason of a failure is kept over the
 * cleaning up after it. */
void h5_close(hid_t id)
{
  hid_t kept = H5I_INVALID_HID;
  if (id < 0)
    return;
  if (H5Eget_num(H5E_DEFAULT) > 0)
    kept = H5Eget_current_stack();
  close_any(id);
  if (kept >= 0)
    H5Eset_current_stack(kept);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Fixed length if size > 0, else variable. */
static hid_t text_type(size_t size)
{
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type < 0 || H5Tset_size(type, size ? size : H5T_VARIABLE) < 0 ||
      H5Tset_cset(type, H5T_CSET_UTF8) < 0 ||
      H5Tset_strpad(type, size ? H5T_STR_NULLPAD : H5T_STR_NULLTERM) < 0) {
    h5_close(type);
    return H5I_INVALID_HID;
  }
  return type;
}

static bool put_attribute(hid_t where, const char *name, hid_t type, const void *value)
{
  hid_t space = H5Screate(H5S_SCALAR);
  hid_t made = space < 0 ? space : H5Acreate2(where, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  bool fine = made >= 0 && H5Awrite(made, type, value) >= 0;
  h5_close(made);
  h5_close(space);
  return fine;
}

bool h5_put_text(hid_t where, const char *name, const char *text)
{
  hid_t type = text_type(0);
  bool fine = type >= 0 && put_attribute(where, name, type, &text);
  h5_close(type);
  return fine;
}

bool h5_put_int(hid_t where, const char *name, int value)
{
  return put_attribute(where, name, H5T_NATIVE_INT, &value);
}

bool h5_set_int(hid_t where, const char *name, int value)
{
  hid_t attribute = H5Aopen(where, name, H5P_DEFAULT);
  bool fine = attribute >= 0 && H5Awrite(attribute, H5T_NATIVE_INT, &value) >= 0;
  h5_close(attribute);
  return fine;
}

static hid_t write_whole(hid_t where, const char *name, int rank, const hsize_t dims[],
                         hid_t file_type, hid_t memory_type, const void *data)
{
  hid_t space = rank ? H5Screate_simple(rank, dims, NULL) : H5Screate(H5S_SCALAR);
  hid_t made =
      space < 0 ? space
                : H5Dcreate2(where, name, file_type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  if (made >= 0 && H5Dwrite(made, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0) {
    h5_close(made);
    made = H5I_INVALID_HID;
  }
  h5_close(space);
  return made;
}

static hid_t described(hid_t dataset, const char *units, const char *long_name)
{
  if (dataset >= 0 && ((units && !h5_put_text(dataset, "units", units)) ||
                       (long_name && !h5_put_text(dataset, "long_name", long_name)))) {
    h5_close(dataset);
    return H5I_INVALID_HID;
  }
  return dataset;
}

hid_t h5_write_numbers(hid_t where, const char *name, int rank, const hsize_t dims[],
                       const double number[], const char *units, const char *long_name)
{
  return described(write_whole(where, name, rank, dims, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, number),
                   units, long_name);
}

hid_t h5_write_texts(hid_t where, const char *name, int rank, const hsize_t dims[],
                     const char *const text[], const char *long_name)
{
  size_t n = 1, size = 1;
  for (int i = 0; i < rank; i++)
    n *= (size_t)dims[i];
  for (size_t i = 0; i < n; i++)
    if (text[i] && strlen(text[i]) > size)
      size = strlen(text[i]);
  char *packed = calloc(n ? n : 1, size);
  hid_t type = text_type(size), made = H5I_INVALID_HID;
  if (packed && type >= 0) {
    for (size_t i = 0; i < n; i++)
      if (text[i])
        memcpy(packed + i * size, text[i], strlen(text[i]));
    made = described(write_whole(where, name, rank, dims, type, type, packed), "1", long_name);
  }
  h5_close(type);
  free(packed);
  return made;
}

bool h5_attach(hid_t dataset, hid_t scales, const char *name, unsigned i)
{
  hid_t scale = H5Dopen2(scales, name, H5P_DEFAULT);
  bool fine = scale >= 0 && H5DSattach_scale(dataset, scale, i) >= 0 &&
              H5DSset_label(dataset, i, name) >= 0;
  h5_close(scale);
  return fine;
}

/* ---- reading --------------------------------------------------------------------------------- */

bool h5_has(hid_t where, const char *name)
{
  return H5Lexists(where, name, H5P_DEFAULT) > 0;
}

bool h5_get_text(hid_t where, const char *name, char **text)
{
  if (H5Aexists(where, name) <= 0)
    return false;
  hid_t attribute = H5Aopen(where, name, H5P_DEFAULT), type = text_type(0);
  hid_t stored = attribute < 0 ? attribute : H5Aget_type(attribute);
  char *read = NULL;
  bool fine = stored >= 0 && type >= 0 && H5Tis_variable_str(stored) > 0 &&
              H5Aread(attribute, type, &read) >= 0 && read;
  if (fine)
    *text = strdup(read);
  H5free_memory(read);
  h5_close(stored);
  h5_close(type);
  h5_close(attribute);
  return fine && *text;
}

bool h5_get_int(hid_t where, const char *name, int *value)
{
  if (H5Aexists(where, name) <= 0)
    return false;
  hid_t attribute = H5Aopen(where, name, H5P_DEFAULT);
  hid_t space = attribute < 0 ? attribute : H5Aget_space(attribute);
  bool fine = space >= 0 && H5Sget_simple_extent_npoints(space) == 1 &&
              H5Aread(attribute, H5T_NATIVE_INT, value) >= 0;
  h5_close(space);
  h5_close(attribute);
  return fine;
}

bool h5_shape(hid_t dataset, int *rank, hsize_t dims[H5S_MAX_RANK])
{
  hid_t space = H5Dget_space(dataset);
  *rank = space < 0 ? -1 : H5Sget_simple_extent_dims(space, dims, NULL);
  h5_close(space);
  return *rank >= 0;
}

bool h5_count(hid_t dataset, size_t *n)
{
  hsize_t dims[H5S_MAX_RANK];
  int rank;
  if (!h5_shape(dataset, &rank, dims))
    return false;
  *n = 1;
  for (int i = 0; i < rank; i++) {
    if (dims[i] && *n > SIZE_MAX / 64 / dims[i])
      return false;
    *n *= (size_t)dims[i];
  }
  return true;
}

static bool read_whole(hid_t where, const char *name, hid_t type, size_t *n, void **data)
{
  hid_t dataset = h5_has(where, name) ? H5Dopen2(where, name, H5P_DEFAULT) : H5I_INVALID_HID;
  void *read = NULL;
  bool fine = dataset >= 0 && h5_count(dataset, n) &&
              (read = malloc((*n ? *n : 1) * H5Tget_size(type))) &&
              H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, read) >= 0;
  h5_close(dataset);
  if (fine)
    *data = read;
  else
    free(read);
  return fine;
}

bool h5_read_numbers(hid_t where, const char *name, size_t *n, double **number)
{
  void *data = NULL;
  bool fine = read_whole(where, name, H5T_NATIVE_DOUBLE, n, &data);
  if (fine)
    *number = data;
  return fine;
}

bool h5_read_bytes(hid_t where, const char *name, size_t *n, uint8_t **byte)
{
  void *data = NULL;
  bool fine = read_whole(where, name, H5T_NATIVE_UINT8, n, &data);
  if (fine)
    *byte = data;
  return fine;
}

static char **unpack(size_t n, size_t size, const char *packed)
{
  char **text = calloc(n ? n : 1, sizeof *text);
  for (size_t i = 0; text && i < n; i++)
    if (!(text[i] = strndup(packed + i * size, size))) {
      h5_free_texts(n, text);
      return NULL;
    }
  return text;
}

bool h5_read_texts(hid_t where, const char *name, size_t *n, char ***text)
{
  hid_t dataset = h5_has(where, name) ? H5Dopen2(where, name, H5P_DEFAULT) : H5I_INVALID_HID;
  hid_t stored = dataset < 0 ? dataset : H5Dget_type(dataset);
  bool fine = stored >= 0 && H5Tget_class(stored) == H5T_STRING &&
              H5Tis_variable_str(stored) == 0 && h5_count(dataset, n);
  size_t size = fine ? H5Tget_size(stored) : 0;
  fine = fine && size && *n < SIZE_MAX / 2 / size;
  hid_t type = fine ? text_type(size) : H5I_INVALID_HID;
  char *packed = fine ? malloc(*n * size + 1) : NULL;
  fine = packed && type >= 0 &&
         H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, packed) >= 0 &&
         (*text = unpack(*n, size, packed));
  free(packed);
  h5_close(type);
  h5_close(stored);
  h5_close(dataset);
  return fine;
}

void h5_free_texts(size_t n, char **text)
{
  for (size_t i = 0; text && i < n; i++)
    free(text[i]);
  free(text);
}

bool h5_is_text(hid_t where, const char *name)
{
  hid_t dataset = H5Dopen2(where, name, H5P_DEFAULT);
  hid_t type = dataset < 0 ? dataset : H5Dget_type(dataset);
  bool is = type >= 0 && H5Tget_class(type) == H5T_STRING;
  h5_close(type);
  h5_close(dataset);
  return is;
}

static herr_t take_name(hid_t dataset, unsigned dimension, hid_t scale, void *into)
{
  char path[512];
  (void)dataset;
  (void)dimension;
  if (H5Iget_name(scale, path, sizeof path) <= 0)
    return -1;
  const char *slash = strrchr(path, '/');
  *(char **)into = strdup(slash ? slash + 1 : path);
  return 1; /* the first one will do */
}

bool h5_scale_name(hid_t dataset, unsigned i, char **name)
{
  *name = NULL;
  return H5DSiterate_scales(dataset, i, NULL, take_name, name) >= 0 && *name;
}
