/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_inner.h
 * Inside the room: one import on its way. */
#ifndef IMPORT_INNER_H
#define IMPORT_INNER_H

#include "document/document.h"
#include "import/import.h"

#include <limits.h>

typedef struct importing {
  const char *folder;      /* DarkELF's, with its slash */
  char name[NAME_MAX + 1]; /* "Si" */
  char **files;            /* [n_files] names in the folder, sorted */
  bool *used;              /* [n_files] */
  size_t n_files;
  document *ordinary, *extraordinary; /* Si.yaml; Al2O3_extraordinary.yaml or NULL */
  char stage[PATH_MAX];    /* where everything is made, beside its place */
  FILE *yaml;              /* stage/Si.yaml */
  FILE *said;              /* may be NULL */
  elfin_error *err;
} importing;

/* ---- files (import_files.c) ------------------------------------------------------------------- */

/** List the folder, find the name and its YAML files, make the stage in `dest`. */
elfin_status import_begin(importing *in, const char *dest, bool overwrite);
/** Move the stage to its place. */
elfin_status import_finish(importing *in, const char *dest, bool overwrite);
/** Remove what is left of the stage; free everything. */
void import_end(importing *in);

/** The path of a file in the folder; too long: false, said in err. */
bool import_source(const importing *in, const char *file, char path[PATH_MAX]);
/** The path of a table in the stage; likewise. */
bool import_target(const importing *in, const char *file, char path[PATH_MAX]);

/** Copy a file's bytes into the stage. */
elfin_status import_copy(const importing *in, const char *file);

/** Does the folder have this file? It then counts as used. */
bool import_has(importing *in, const char *file);

/** One line for the user: "Si_mermin.dat    response". */
void import_say(const importing *in, const char *file, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- the material file (import_sheet.c, import_tables.c) --------------------------------------- */

/** A text between double quotes, as YAML wants it; bytes that are not text become '?'. */
void import_quote(FILE *stream, const char *text);

/** The numbers of the YAML files. */
elfin_status import_numbers(importing *in);
/** Name and multiplicity are those of DarkELF's `unitcell` (or `unitcell_anisotropic`): NULL if it
 * has none. */
const node *import_cell(const importing *in, const char *key);

/** Every table that the folder has. */
elfin_status import_tables(importing *in);

#endif
