/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_file.h
 * Inside the room: one material file, checked key by key. */
#ifndef MATERIAL_FILE_H
#define MATERIAL_FILE_H

#include "document/document.h"

#include <elfin/material.h>

/** A material with what its pointers point into: texts are those of the document. */
typedef struct material_owner {
  elfin_material material;
  document *doc;
  char *path;
  elfin_nucleus *nuclei;
  elfin_oscillator *oscillators;
} material_owner;

/** Fill `made->material` from the document's root; everything that is wrong goes into `list`.
 * @return ELFIN_OK; ELFIN_E_DATA: see `list`; ELFIN_E_MEMORY */
elfin_status material_file_read(const node *root, material_owner *made, problems *list);

#endif
