/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file shelf.h
 * A folder of YAML files below elfin_data_dir(), each called by its name without ".yaml": materials,
 * experiments. */
#ifndef SHELF_H
#define SHELF_H

#include "document/document.h"

/** What people may say instead of a name; they are told the name. */
typedef struct shelf_word {
  const char *said, *name;
} shelf_word;

typedef struct shelf {
  const char *folder; /* "materials" */
  const char *what;   /* "material", for sentences */
  size_t n_words;
  const shelf_word *words; /* [n_words] */
} shelf;

/** All names, sorted; `*names` is the caller's: free each, then the array.
 * @return ELFIN_OK; ELFIN_E_DATA: no such folder; ELFIN_E_MEMORY */
elfin_status shelf_list(const shelf *s, size_t *n, char ***names, elfin_error *err);

/** The path that a name, or a path (anything with a '/' or ending in .yaml), means; malloc()ed.
 * @return ELFIN_OK; ELFIN_E_DATA: unknown name (the sentence lists close ones); ELFIN_E_MEMORY */
elfin_status shelf_path(const shelf *s, const char *name, char **path, elfin_error *err);

/** The first problem of a file that was refused, and how many more there are. ELFIN_E_DATA. */
elfin_status shelf_refuse(const problems *list, elfin_error *err);

#endif
