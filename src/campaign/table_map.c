/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file table_map.c
 * `response: {table: X.h5, interpolation: smooth, above: mermin}`: the map becomes the text "X.h5
 * (smooth, above mermin)", which names this entry of the axis wherever it is written. */
#include "campaign/plan.h"

#include <stdio.h>
#include <string.h>

enum { TABLE, INTERPOLATION, BELOW, ABOVE, N_MEMBERS, MOST_WORDS = 4, LONGEST = 64 };

static const struct member {
  const char *name;
  const char *before; /* what the text says before the word */
  size_t n_words;
  const char *words[MOST_WORDS];
} members[N_MEMBERS] = {
    [TABLE] = {.name = "table"},
    [INTERPOLATION] = {"interpolation", "", 2, {"bilinear", "smooth"}},
    [BELOW] = {"below", "below ", 4, {"nothing", "hold", "mermin", "mermin_edges"}},
    [ABOVE] = {"above", "above ", 4, {"nothing", "hold", "mermin", "mermin_edges"}},
};

/** The member of this name; N_MEMBERS, reported: there is none. */
static int find_member(campaign *c, const node *key)
{
  const char *names[N_MEMBERS];
  for (int i = 0; i < N_MEMBERS; i++) {
    names[i] = members[i].name;
    if (strcmp(names[i], key->text) == 0)
      return i;
  }
  const char *near = nearest_name(key->text, N_MEMBERS, names);
  problems_add_at(c->list, key,
                  "response: %.40s is unknown%s%s%s; allowed: table, interpolation, below, above",
                  key->text, near ? ", did you mean " : "", near ? near : "", near ? "?" : "");
  return N_MEMBERS;
}

static bool check_word(campaign *c, const struct member *m, const node *value)
{
  char allowed[LONGEST] = "";
  const char *text = value->kind == NODE_SCALAR ? value->text : "";
  for (size_t i = 0; i < m->n_words; i++)
    if (strcmp(m->words[i], text) == 0)
      return true;
  const char *near = nearest_name(text, m->n_words, m->words);
  schema_join(allowed, sizeof allowed, m->n_words, (const char **)m->words);
  problems_add_at(c->list, value, "response: %s: %.40s is unknown%s%s%s; allowed: %s", m->name,
                  *text ? text : "that", near ? ", did you mean " : "", near ? near : "",
                  near ? "?" : "", allowed);
  return false;
}

static bool check_path(campaign *c, const node *value)
{
  const char *kinds[SCHEMA_MOST_NAMES];
  size_t n = schema_names(KEY_RESPONSE, kinds), i = 0;
  while (value->kind == NODE_SCALAR && i < n && strcmp(kinds[i], value->text) != 0)
    i++;
  if (value->kind == NODE_SCALAR && *value->text && i == n)
    return true; /* whether a name is known is asked of the text that is made of the map */
  problems_add_at(c->list, value,
                  "response: table: the path of a table is wanted here (with a / or a .), or the "
                  "name of one of the material's");
  return false;
}

const char *table_map_text(campaign *c, const node *map)
{
  const node *given[N_MEMBERS] = {NULL};
  char words[LONGEST + 1] = "";
  bool fine = true;
  for (size_t i = 0; i < map->n; i++) {
    int which = find_member(c, &map->keys[i]);
    if (which < N_MEMBERS)
      given[which] = &map->items[i];
    fine = which < N_MEMBERS && fine;
  }
  if (fine && !given[TABLE]) {
    problems_add_at(c->list, map,
                    "response: a map needs the path of its table, or its name; an example: {table: Si.h5, "
                    "interpolation: smooth, below: hold, above: mermin}");
    return NULL;
  }
  fine = fine && check_path(c, given[TABLE]);
  for (int i = INTERPOLATION; i < N_MEMBERS; i++)
    if (given[i] && (fine = check_word(c, &members[i], given[i]) && fine)) {
      size_t length = strlen(words);
      snprintf(words + length, sizeof words - length, "%s%s%s", length ? ", " : "",
               members[i].before, given[i]->text);
    }
  if (!fine)
    return NULL;
  return campaign_keep_text(c, *words ? "%s (%s)" : "%s%s", given[TABLE]->text, words);
}
