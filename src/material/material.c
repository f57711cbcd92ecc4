/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material.c
 * The list of materials, and the look-up of one by its name or path. */
#include "material/material_file.h"

#include "document/shelf.h"

#include <stdlib.h>

static const shelf materials = {"materials", "material"};

elfin_status elfin_material_list(size_t *n, char ***names, elfin_error *err)
{
  return shelf_list(&materials, n, names, err);
}

void elfin_material_free(elfin_material *material)
{
  if (material)
    material_owner_free(material->owner);
}

/* Read the file at `path`, which is taken over. */
static elfin_status open_path(char *path, elfin_material **material, elfin_error *err)
{
  elfin_status status = ELFIN_E_MEMORY;
  problems *list = problems_new(path);
  material_owner *made = calloc(1, sizeof *made);
  if (made)
    made->path = path;
  else
    free(path);
  if (!made || !list)
    goto out;
  made->list = list;
  status = document_open(made->path, &made->doc, list);
  if (!status)
    status = material_file_read(document_root(made->doc), made);
  if (status)
    goto out;
  made->material.path = made->path;
  made->material.owner = made;
  *material = &made->material;
  made = NULL;
out:
  if (status == ELFIN_E_DATA)
    shelf_refuse(list, err);
  else if (status)
    elfin_fail(err, status, "a material: no memory");
  material_owner_free(made);
  problems_free(list);
  return status;
}

elfin_status elfin_material_open(const char *name, elfin_material **material, elfin_error *err)
{
  char *path;
  elfin_status status = shelf_path(&materials, name, &path, err);
  return status ? status : open_path(path, material, err);
}
