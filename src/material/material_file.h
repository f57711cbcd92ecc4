/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_file.h
 * Inside the room: one material file, checked key by key. */
#ifndef MATERIAL_FILE_H
#define MATERIAL_FILE_H

#include "document/strict.h"

#include <elfin/material.h>

/** A material with what its pointers point into: texts are those of the document. */
typedef struct material_owner {
  elfin_material material;
  document *doc;
  char *path;
  keep_list kept;
  struct material_object *prepared; /* by higher rooms (prepared.c) */
  /* while it is being read */
  problems *list;
  elfin_nucleus *nuclei, *anisotropic, *single_ion; /* those of `material`, to be filled */
  elfin_form_factor *forms;                         /* [n_forms], and the element of each */
  const char **form_elements;
  size_t n_forms;
  elfin_data_file *files;                           /* those of `material` */
} material_owner;

/** Fill `made->material` from the document's root; everything that is wrong goes into `made->list`.
 * @return ELFIN_OK; ELFIN_E_DATA: see the list; ELFIN_E_MEMORY */
elfin_status material_file_read(const node *root, material_owner *made);

/** Frees a material and what it keeps; NULL is fine (material_keep.c). */
void material_owner_free(material_owner *made);

/** Frees what higher rooms prepared (prepared.c). */
void material_prepared_free(material_owner *owner);

#endif
