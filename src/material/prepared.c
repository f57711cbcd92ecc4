/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file prepared.c
 * A list of objects under text keys. */
#include "material/prepared.h"

#include "material/material_file.h"

#include <stdlib.h>
#include <string.h>

typedef struct material_object {
  struct material_object *next;
  void *object;
  void (*free_object)(void *object);
  char key[];
} material_object;

void *material_prepared(const elfin_material *material, const char *key)
{
  const material_owner *owner = material->owner;
  for (const material_object *o = owner ? owner->prepared : NULL; o; o = o->next)
    if (strcmp(o->key, key) == 0)
      return o->object;
  return NULL;
}

elfin_status material_prepare(const elfin_material *material, const char *key, void *object,
                              void (*free_object)(void *object), elfin_error *err)
{
  material_owner *owner = material->owner;
  size_t length = strlen(key) + 1;
  material_object *made = owner ? malloc(sizeof *made + length) : NULL;
  if (!made) {
    free_object(object);
    return owner ? elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", material->name)
                 : elfin_fail(err, ELFIN_E_ARGUMENT, "%s: not a material that elfin opened",
                              material->name);
  }
  *made = (material_object){.next = owner->prepared, .object = object, .free_object = free_object};
  memcpy(made->key, key, length);
  owner->prepared = made;
  return ELFIN_OK;
}

void material_prepared_free(material_owner *owner)
{
  while (owner->prepared) {
    material_object *o = owner->prepared;
    owner->prepared = o->next;
    o->free_object(o->object);
    free(o);
  }
}
