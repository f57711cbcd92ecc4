/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file blocks.c
 * A map of the job – its top level, or a sweep – → the settings of its keys. `halo` is opened up:
 * its members are keys like any other, which may also be written without it. */
#include "campaign/plan.h"

#include <string.h>

enum { SENTENCE = 480 };

/* Keys that have a meaning in this place, for "did you mean". */
static size_t keys_here(bool top, bool halo, const char *names[N_KEYS + 2])
{
  size_t n = 0;
  for (int id = 0; id < N_KEYS; id++) {
    bool member = id >= KEY_PRESET && id <= KEY_VEARTH;
    if (halo ? member : !schema_row((key_id)id)->inside_halo)
      names[n++] = schema_row((key_id)id)->name;
  }
  if (top) {
    names[n++] = "name";
    names[n++] = "sweeps";
  }
  return n;
}

static void unknown_key(campaign *c, const node *key, bool top, bool halo)
{
  const char *names[N_KEYS + 2];
  char allowed[SENTENCE];
  size_t n = keys_here(top, halo, names);
  key_id id = schema_find(key->text);
  if (id != N_KEYS && schema_row(id)->inside_halo) {
    problems_add_at(c->list, key, "%s belongs inside halo; an example: halo: {%s: %s}", key->text,
                    key->text, schema_row(id)->example);
    return;
  }
  if (!top && !halo && (!strcmp(key->text, "name") || !strcmp(key->text, "sweeps"))) {
    problems_add_at(c->list, key, "%s belongs at the top of the job, not inside a sweep",
                    key->text);
    return;
  }
  const char *near = nearest_name(key->text, n, names);
  schema_join(allowed, sizeof allowed, n, names);
  problems_add_at(c->list, key, "unknown key %.40s%s%s%s; %s: %s", key->text,
                  near ? ", did you mean " : "", near ? near : "", near ? "?" : "",
                  halo ? "halo takes" : "allowed are", allowed);
}

static void take(campaign *c, key_id id, const node *key, const node *value, bool halo, block *b)
{
  if (b->key[id]) {
    problems_add_at(c->list, key, "%s is given twice, inside halo and beside it (line %zu)",
                    schema_row(id)->name, b->key[id]->line);
    return;
  }
  b->key[id] = key;
  b->order[b->n++] = id;
  b->set[id] = setting_read(c, id, value);
  if (b->set[id])
    b->set[id]->inside_halo = halo;
}

/* `halo: shm` and `halo: [shm, …]` are short for `halo: {preset: …}`. */
static void take_halo(campaign *c, const node *key, const node *value, block *b)
{
  b->has_halo = true;
  b->key[KEY_HALO] = key;
  if (value->kind != NODE_MAP) {
    take(c, KEY_PRESET, key, value, true, b);
    return;
  }
  if (value->n == 0)
    problems_add_at(c->list, value, "halo is empty; an example: halo: %s",
                    schema_row(KEY_HALO)->example);
  for (size_t i = 0; i < value->n; i++) {
    key_id id = schema_find(value->keys[i].text);
    if (id >= KEY_PRESET && id <= KEY_VEARTH)
      take(c, id, &value->keys[i], &value->items[i], true, b);
    else
      unknown_key(c, &value->keys[i], false, true);
  }
  if (b->key[KEY_PRESET] && b->key[KEY_TABLE])
    problems_add_at(c->list, b->key[KEY_TABLE],
                    "halo: a table stands in place of a preset; give one of the two");
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
    else if (id == N_KEYS || schema_row(id)->inside_halo)
      unknown_key(c, key, top, false);
    else
      take(c, id, key, value, false, b);
  }
}
