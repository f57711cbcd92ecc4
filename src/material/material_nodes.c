/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_nodes.c
 * Nodes of a material file: kinds, keys, texts, numbers. Strict, since a misspelt key or a density in
 * kg/m3 would silently change every rate.
 */
#include "material/material_read.h"

#include <math.h>
#include <string.h>

enum { LONGEST_REASON = 200 };

void material_keys(const node *map, const char *where, size_t n, const char *const allowed[],
                   problems *list)
{
  expect_keys(map, where, n, allowed, "data/materials/README.md", list);
}

const char *demand_text(const node *map, const char *where, const char *key, problems *list)
{
  const node *found = demand(map, where, key, list);
  if (!found || !expect_kind(found, key, NODE_SCALAR, list))
    return NULL;
  if (found->text[strspn(found->text, " ")])
    return found->text;
  problems_add_at(list, found, "%s: %s is empty", where, key);
  return NULL;
}

bool take_number(const node *from, const char *key, const char *unit, bool may_vanish,
                        double most, double *value, problems *list)
{
  char why[LONGEST_REASON];
  if (!expect_kind(from, key, NODE_SCALAR, list))
    return false;
  if (!quantity_parse(from->text, unit, value, why, sizeof why)) {
    problems_add_at(list, from, "%s: %s", key, why);
    return false;
  }
  if (*value < 0 || (*value == 0 && !may_vanish) || *value > most) {
    problems_add_at(list, from, "%s: %.40s is out of range; allowed is %s 0 to %g%s%s", key,
                    from->text, may_vanish ? "from" : "above", most, *unit ? " " : "", unit);
    return false;
  }
  return true;
}

size_t list_length(const node *list_node, const char *key, problems *list)
{
  if (!list_node || !expect_kind(list_node, key, NODE_LIST, list))
    return 0;
  if (list_node->n == 0)
    problems_add_at(list, list_node, "%s is an empty list", key);
  return list_node->n;
}

bool take_block(const node *block, const char *where, size_t n, const char *const allowed[],
                const char **source, problems *list)
{
  if (!expect_kind(block, where, NODE_MAP, list))
    return false;
  material_keys(block, where, n, allowed, list);
  *source = demand_text(block, where, "source", list);
  return true;
}

/* A plain number within [least, most]; NAN: blamed. */
static double plain_number(const node *from, const char *key, double least, double most,
                           problems *list)
{
  double value;
  if (!node_number(from, &value)) {
    problems_add_at(list, from, "%s: a finite number without a unit is wanted", key);
    return NAN;
  }
  if (value < least || value > most) {
    problems_add_at(list, from, "%s: %g is out of range; allowed is from %g to %g", key, value,
                    least, most);
    return NAN;
  }
  return value;
}

double optional_number(const node *map, const char *key, double least, double most, problems *list)
{
  const node *found = node_find(map, key);
  return found ? plain_number(found, key, least, most, list) : NAN;
}

double demand_number(const node *map, const char *where, const char *key, double least, double most,
                     problems *list)
{
  const node *found = demand(map, where, key, list);
  return found ? plain_number(found, key, least, most, list) : NAN;
}

double *take_numbers(material_owner *made, const node *map, const char *key, size_t *n)
{
  const node *found = node_find(map, key);
  *n = 0;
  size_t length = list_length(found, key, made->list);
  double *number = length ? material_keep(made, length, sizeof *number) : NULL;
  if (!number)
    return NULL;
  for (size_t i = 0; i < length; i++)
    number[i] = plain_number(&found->items[i], key, -HUGE_VAL, HUGE_VAL, made->list);
  *n = length;
  return number;
}

void check_numbers(const node *map, const char *key, problems *list)
{
  const node *found = node_find(map, key);
  size_t n = list_length(found, key, list);
  for (size_t i = 0; i < n; i++)
    plain_number(&found->items[i], key, -HUGE_VAL, HUGE_VAL, list);
}
