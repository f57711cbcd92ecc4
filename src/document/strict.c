/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file strict.c
 * Checks of nodes, and kept memory [strict.h]. A misspelt key or a number in another place would
 * silently change every result. */
#include "document/strict.h"

#include <stdlib.h>
#include <string.h>

static const char *kind_name(node_kind kind)
{
  return kind == NODE_SCALAR ? "a single value"
         : kind == NODE_LIST ? "a list"
                             : "a map (key: value)";
}

bool expect_kind(const node *what, const char *key, node_kind kind, problems *list)
{
  if (what->kind == kind)
    return true;
  problems_add_at(list, what, "%s must be %s, not %s", key, kind_name(kind), kind_name(what->kind));
  return false;
}

void expect_keys(const node *map, const char *where, size_t n, const char *const allowed[],
                 const char *page, problems *list)
{
  for (size_t i = 0; i < map->n; i++) {
    const char *key = map->keys[i].text;
    bool known = false;
    for (size_t j = 0; j < n; j++)
      known = known || strcmp(key, allowed[j]) == 0;
    const char *near = known ? NULL : nearest_name(key, n, allowed);
    if (near)
      problems_add_at(list, &map->keys[i], "%s has no key %.60s; did you mean %s?", where, key,
                      near);
    else if (!known)
      problems_add_at(list, &map->keys[i], "%s has no key %.60s; %s lists them", where, key, page);
  }
}

const node *demand(const node *map, const char *where, const char *key, problems *list)
{
  const node *found = node_find(map, key);
  if (!found)
    problems_add_at(list, map, "%s: %s is missing", where, key);
  return found;
}

void *keep_bytes(keep_list *kept, size_t n, size_t size)
{
  void *made = calloc(n ? n : 1, size);
  void **grown = made ? realloc(kept->block, (kept->n + 1) * sizeof *grown) : NULL;
  if (!grown) {
    free(made);
    kept->no_memory = true;
    return NULL;
  }
  kept->block = grown;
  kept->block[kept->n++] = made;
  return made;
}

void keep_free(keep_list *kept)
{
  for (size_t i = 0; i < kept->n; i++)
    free(kept->block[i]);
  free(kept->block);
  *kept = (keep_list){0};
}
