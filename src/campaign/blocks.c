/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file blocks.c
 * A map of the job – its top level, or a sweep – → the settings of its keys. A key that is a map
 * itself, such as `halo`, is opened up: its members are keys like any other. */
#include "campaign/plan.h"

#include <string.h>

enum { SENTENCE = 720 };

/* Keys that have a meaning in this place, for "did you mean": those inside `map`, else those of a
 * sweep or of the top level. */
static size_t keys_here(bool top, key_id map, const char *names[N_KEYS + 2])
{
  size_t n = 0;
  for (int id = 0; id < N_KEYS; id++) {
    const schema_key *key = schema_row((key_id)id);
    bool known = key->processes & schema_all_processes();
    if (known && (map ? key->inside == map : !key->only_inside))
      names[n++] = key->name;
  }
  if (top) {
    names[n++] = "name";
    names[n++] = "sweeps";
  }
  return n;
}

static void unknown_key(campaign *c, const node *key, bool top, key_id map)
{
  const char *names[N_KEYS + 2];
  char allowed[SENTENCE];
  size_t n = keys_here(top, map, names);
  key_id id = schema_find(key->text);
  if (id != N_KEYS && schema_row(id)->only_inside) {
    const char *outer = schema_row(schema_row(id)->inside)->name;
    problems_add_at(c->list, key, "%s belongs inside %s; an example: %s: {%s: %s}", key->text,
                    outer, outer, key->text, schema_row(id)->example);
    return;
  }
  if (!top && !map && (!strcmp(key->text, "name") || !strcmp(key->text, "sweeps"))) {
    problems_add_at(c->list, key, "%s belongs at the top of the job, not inside a sweep",
                    key->text);
    return;
  }
  const char *near = nearest_name(key->text, n, names);
  schema_join(allowed, sizeof allowed, n, names);
  problems_add_at(c->list, key, "unknown key %.40s%s%s%s; %s%s: %s", key->text,
                  near ? ", did you mean " : "", near ? near : "", near ? "?" : "",
                  map ? schema_row(map)->name : "allowed", map ? " takes" : " are", allowed);
}

static void take(campaign *c, key_id id, const node *key, const node *value, bool inside, block *b)
{
  if (b->key[id]) {
    problems_add_at(c->list, key, "%s is given twice, inside %s and beside it (line %zu)",
                    schema_row(id)->name, schema_row(schema_row(id)->inside)->name,
                    b->key[id]->line);
    return;
  }
  b->key[id] = key;
  b->order[b->n++] = id;
  b->set[id] = setting_read(c, id, value);
  if (b->set[id])
    b->set[id]->inside_map = inside;
}

static void take_map(campaign *c, key_id map, const node *key, const node *value, block *b)
{
  const schema_key *row = schema_row(map);
  b->key[map] = key;
  if (value->kind != NODE_MAP) {
    problems_add_at(c->list, value, "%s takes a map; an example: %s: %s", row->name, row->name,
                    row->example);
    return;
  }
  if (value->n == 0)
    problems_add_at(c->list, value, "%s is empty; an example: %s: %s", row->name, row->name,
                    row->example);
  for (size_t i = 0; i < value->n; i++) {
    key_id id = schema_find(value->keys[i].text);
    if (id != N_KEYS && schema_row(id)->inside == map)
      take(c, id, &value->keys[i], &value->items[i], true, b);
    else
      unknown_key(c, &value->keys[i], false, map);
  }
}

/* `halo: shm` and `halo: [shm, …]` are short for `halo: {preset: …}`. */
static void take_halo(campaign *c, const node *key, const node *value, block *b)
{
  if (value->kind == NODE_MAP) {
    take_map(c, KEY_HALO, key, value, b);
  } else {
    b->key[KEY_HALO] = key;
    take(c, KEY_PRESET, key, value, true, b);
  }
}

/* Two members of a map of which one stands in place of the other. */
static void check_alternatives(campaign *c, const block *b)
{
  if (b->key[KEY_PRESET] && b->key[KEY_TABLE])
    problems_add_at(c->list, b->key[KEY_TABLE],
                    "halo: a table stands in place of a preset; give one of the two");
  for (int id = 0; b->key[KEY_FLUX] && id < N_KEYS; id++) {
    bool beside = schema_row((key_id)id)->inside == KEY_HALO && !b->key[KEY_HALO];
    if (b->key[id] && (id == KEY_HALO || beside))
      problems_add_at(c->list, b->key[id],
                      "%s has no effect: flux stands in place of a halo; give one of the two",
                      schema_row((key_id)id)->name);
  }
  if (b->key[KEY_GN_OVER_GP] && b->key[KEY_GP_OVER_GN])
    problems_add_at(c->list, b->key[KEY_GP_OVER_GN],
                    "coupling_ratio: gn_over_gp and gp_over_gn say the same; give one of the two");
}

void block_read(campaign *c, const node *map, bool top, block *b)
{
  memset(b, 0, sizeof *b);
  for (size_t i = 0; i < map->n && !c->no_memory; i++) {
    const node *key = &map->keys[i], *value = &map->items[i];
    key_id id = schema_find(key->text);
    if (top && (!strcmp(key->text, "name") || !strcmp(key->text, "sweeps")))
      continue;
    if (id == KEY_HALO)
      take_halo(c, key, value, b);
    else if (id == N_KEYS || schema_row(id)->only_inside)
      unknown_key(c, key, top, 0);
    else if (schema_row(id)->kind == KIND_MAP)
      take_map(c, id, key, value, b);
    else
      take(c, id, key, value, false, b);
  }
  check_alternatives(c, b);
}
