/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file hdf5_tools.h
 * Inside the room: HDF5 in the shapes that we need, texts, numbers, attributes, dimension scales,
 * and its error stack as one sentence. All Local. Functions that return bool have said nothing:
 * their caller calls h5_fail(), which looks up why. */
#ifndef HDF5_TOOLS_H
#define HDF5_TOOLS_H

#include <elfin/base.h>

#include <hdf5.h>

#include <stdbool.h>
#include <stdint.h>

/** No error stack on stderr: sentences come from h5_fail(). No surprises at exit. Call it before
 * anything else. */
void h5_quiet(void);

/** "path: your sentence: the innermost reason that HDF5 gives". Returns `status`. */
elfin_status h5_fail(elfin_error *err, elfin_status status, const char *path, const char *format,
                     ...) __attribute__((format(printf, 4, 5)));

/** The same for a file that H5Fopen() refused, in words where its first bytes tell: it is empty, a folder,
 * of another kind, or cut. `what` is for other reasons: "cannot be opened as a table". */
elfin_status h5_fail_open(elfin_error *err, elfin_status status, const char *path, const char *what);

/** Close whatever it is; a negative id is fine. */
void h5_close(hid_t id);

/* ---- writing --------------------------------------------------------------------------------- */

/** Attributes: a text (UTF-8), a number. */
bool h5_put_text(hid_t where, const char *name, const char *text);
bool h5_put_int(hid_t where, const char *name, int value);

/** Change an int attribute that is there. */
bool h5_set_int(hid_t where, const char *name, int value);

/** A dataset of numbers, or of fixed-length UTF-8 texts (NULL counts as ""), with its `units` and
 * `long_name` (NULL: none). Returns its id, negative on failure. */
hid_t h5_write_numbers(hid_t where, const char *name, int rank, const hsize_t dims[],
                       const double number[], const char *units, const char *long_name);
hid_t h5_write_texts(hid_t where, const char *name, int rank, const hsize_t dims[],
                     const char *const text[], const char *long_name);

/** Attach the scale `name` of group `scales` to dimension `i` of a dataset. */
bool h5_attach(hid_t dataset, hid_t scales, const char *name, unsigned i);

/* ---- reading --------------------------------------------------------------------------------- */

bool h5_has(hid_t where, const char *name);

/** A text attribute, yours to free(). */
bool h5_get_text(hid_t where, const char *name, char **text);
bool h5_get_int(hid_t where, const char *name, int *value);

/** A whole dataset of numbers; `*number` is yours. */
bool h5_read_numbers(hid_t where, const char *name, size_t *n, double **number);
bool h5_read_bytes(hid_t where, const char *name, size_t *n, uint8_t **byte);

/** A whole dataset of fixed-length texts; free each, then the array: h5_free_texts(). */
bool h5_read_texts(hid_t where, const char *name, size_t *n, char ***text);
void h5_free_texts(size_t n, char **text);

/** Is the dataset one of texts? */
bool h5_is_text(hid_t where, const char *name);

/** Shape of a dataset. */
bool h5_shape(hid_t dataset, int *rank, hsize_t dims[H5S_MAX_RANK]);

/** How many elements it has; false also if a broken header gives more than any memory has. */
bool h5_count(hid_t dataset, size_t *n);

/** The name of the scale of dimension `i`, without its group; yours to free(). */
bool h5_scale_name(hid_t dataset, unsigned i, char **name);

#endif
