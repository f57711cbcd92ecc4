/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file directional_shared.c
 * A material's F_n by direction: made once, found again, and shared between processes.
 *
 * What takes time and memory (quartz: a second, 160 MB) is two arrays, the directions and the
 * weights of F_n at each. One process makes them; the others have a set of their own around the same
 * numbers, which may lie in memory that all of a node see. In a row:
 *
 *   degree, n_directions, [4 n_directions] directions, then for each kind and part [n_directions size]
 *
 * DarkELF's coarse table is small, and each process makes its own. */
#include "crystal/directional_inner.h"

#include "material/prepared.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_HEAD = 2, MOST_DIRECTIONS = 100000 };

/* ---- found ----------------------------------------------------------------------------------- */

enum { KEY_ROOM = 192 };

static void key_of(const elfin_constants *c, const elfin_material *material, char key[KEY_ROOM])
{
  snprintf(key, KEY_ROOM, "directions of %p, %.17g %d %zu %zu %zu",
           (const void *)material->anisotropic, c->amu_eV, c->directional_along_z,
           c->directional_angles, c->directional_energies, c->directional_terms);
}

static directional *known(const elfin_constants *c, const elfin_material *material)
{
  char key[KEY_ROOM];
  key_of(c, material, key);
  return material_prepared(material, key);
}

static elfin_status keep(const elfin_constants *c, const elfin_material *material,
                         directional *set, elfin_error *err)
{
  char key[KEY_ROOM];
  key_of(c, material, key);
  return material_prepare(material, key, set, directional_free, err);
}

static elfin_status make_set(const elfin_constants *c, const elfin_material *m, directional **made,
                             elfin_error *err)
{
  directional *set = NULL;
  elfin_status status = directional_begin(c, m, &set, err);
  if (status)
    return status;
  status = c->directional_angles ? directional_table_new(c, set, err)
                                 : directional_expand(set, err);
  if (!status)
    *made = set;
  else
    directional_free(set);
  return status;
}

elfin_status directional_of(const elfin_constants *c, const elfin_material *material,
                            const directional **found, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  directional *set = known(c, material);
  if (!set) {
    status = make_set(c, material, &set, err);
    if (!status)
      status = keep(c, material, set, err);
  }
  if (!status)
    *found = set;
  return status;
}

/* ---- shared ---------------------------------------------------------------------------------- */

bool directional_is_to_share(const elfin_constants *c, const elfin_material *material)
{
  return material->n_anisotropic && !c->directional_angles && !known(c, material);
}

/** How many numbers a set is, for so many directions. */
static size_t size_of(const directional *set, size_t n_directions)
{
  size_t n = N_HEAD + 4 * n_directions;
  for (size_t i = 0; i < set->n_kinds; i++)
    for (size_t j = 0; j < DIRECTIONAL_MOST_PARTS; j++)
      n += n_directions * set->shape[i].grid[j].size;
  return n;
}

/** Where the arrays of a set that is lent lie in its numbers. */
static void point_into(directional *set, double numbers[])
{
  double *at = numbers + N_HEAD;
  set->direction = at;
  at += 4 * set->n_directions;
  for (size_t i = 0; i < set->n_kinds; i++)
    for (size_t j = 0; j < DIRECTIONAL_MOST_PARTS; j++) {
      set->shape[i].value[j] = at;
      at += set->n_directions * set->shape[i].grid[j].size;
    }
}

static void write_down(const directional *set, double to[])
{
  *to++ = (double)set->degree;
  *to++ = (double)set->n_directions;
  memcpy(to, set->direction, 4 * set->n_directions * sizeof *to);
  to += 4 * set->n_directions;
  for (size_t i = 0; i < set->n_kinds; i++)
    for (size_t j = 0; j < DIRECTIONAL_MOST_PARTS; j++) {
      size_t n = set->n_directions * set->shape[i].grid[j].size;
      memcpy(to, set->shape[i].value[j], n * sizeof *to);
      to += n;
    }
}

elfin_status directional_make_shared(const elfin_constants *c, const elfin_material *material,
                                     size_t *n, double **numbers, elfin_error *err)
{
  directional *set = NULL;
  elfin_status status = make_set(c, material, &set, err);
  if (status == ELFIN_E_MEMORY)
    return status;
  *n = set ? size_of(set, set->n_directions) : 1;
  *numbers = calloc(*n, sizeof **numbers);
  if (*numbers && set)
    write_down(set, *numbers);
  directional_free(set);
  return *numbers ? ELFIN_OK
                  : elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its phonons", material->name);
}

elfin_status directional_take_shared(const elfin_constants *c, const elfin_material *material,
                                     size_t n, const double numbers[], bool copy, elfin_error *err)
{
  if (n == 1 || known(c, material))
    return ELFIN_OK;
  directional *set = NULL;
  elfin_status status = directional_begin(c, material, &set, err);
  if (status)
    return status;
  set->lent = true;
  if (n >= N_HEAD && numbers[0] >= 0 && numbers[1] > 0 && numbers[1] < MOST_DIRECTIONS) {
    set->degree = (size_t)numbers[0];
    set->n_directions = (size_t)numbers[1];
  }
  if (set->n_directions == 0 || n != size_of(set, set->n_directions)) {
    directional_free(set);
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %zu numbers are not its phonons by direction",
                      material->name, n);
  }
  if (copy && !(set->copy = malloc(n * sizeof *numbers))) {
    directional_free(set);
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its phonons", material->name);
  }
  if (copy)
    memcpy(set->copy, numbers, n * sizeof *numbers);
  point_into(set, copy ? set->copy : (double *)(uintptr_t)numbers); /* only read, from here on */
  return keep(c, material, set, err);
}
