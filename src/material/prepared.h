/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file prepared.h
 * What higher rooms have made of a material and want to find again: made once, freed with it. */
#ifndef PREPARED_H
#define PREPARED_H

#include <elfin/material.h>

/** What was kept under this key; NULL if nothing was. */
void *material_prepared(const elfin_material *material, const char *key);

/** Keep an object. Not thread-safe. `object` is taken, also on failure.
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: not a material that elfin_material_open() gave; ELFIN_E_MEMORY */
elfin_status material_prepare(const elfin_material *material, const char *key, void *object,
                              void (*free_object)(void *object), elfin_error *err);

#endif
