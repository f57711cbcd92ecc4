/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file settings.c
 * One key's node → its values. A list, {log: …} or {linear: …} is an axis; entries are checked
 * against the key's row in schema.c, and every problem is reported where it stands. */
#include "campaign/plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SENTENCE = 320, NUMBER = 40, GRID_ENTRIES = 3, LONGEST_PATH = 4000 };

/* ---- one entry ------------------------------------------------------------------------------- */

static bool find_word(const schema_key *key, const char *text, double *value)
{
  for (size_t i = 0; i < SCHEMA_MOST_WORDS && key->words[i].name; i++)
    if (strcmp(key->words[i].name, text) == 0) {
      *value = key->words[i].value;
      return true;
    }
  return false;
}

/* "mediator: masless: did you mean massless? …" */
static bool unknown_word(campaign *c, key_id id, const node *item)
{
  const schema_key *key = schema_row(id);
  const char *names[SCHEMA_MOST_NAMES];
  char allowed[SENTENCE];
  size_t n = schema_names(id, names);
  const char *near = nearest_name(item->text, n, names);
  schema_join(allowed, sizeof allowed, n, names);
  problems_add_at(c->list, item, "%s: %.40s is unknown%s%s%s; allowed: %s%s", key->name,
                  *item->text ? item->text : "an empty value", near ? ", did you mean " : "",
                  near ? near : "", near ? "?" : "", allowed,
                  key->kind == KIND_QUANTITY ? ", or a number with its unit" : "");
  return false;
}

static bool read_word(campaign *c, key_id id, const node *item, double *value)
{
  const char *names[SCHEMA_MOST_NAMES];
  size_t n = schema_names(id, names);
  if (find_word(schema_row(id), item->text, value))
    return true;
  for (size_t i = 0; i < n; i++)
    if (strcmp(names[i], item->text) == 0) {
      *value = (double)i;
      return true;
    }
  return unknown_word(c, id, item);
}

/* A misspelt word deserves the list of words; nan and inf deserve a word about numbers. */
static bool is_word(const char *text)
{
  size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  return length > 0 && !text[length] && strncasecmp(text, "nan", 3) != 0 &&
         strncasecmp(text, "inf", 3) != 0;
}

static bool read_number(campaign *c, key_id id, const node *item, double *value)
{
  const schema_key *key = schema_row(id);
  char why[SENTENCE];
  if (key->words[0].name && is_word(item->text))
    return unknown_word(c, id, item);
  if (!quantity_parse(item->text, key->unit, value, why, sizeof why)) {
    problems_add_at(c->list, item, "%s: %s", key->name, why);
    return false;
  }
  bool whole = key->kind != KIND_COUNT || *value == floor(*value);
  if (whole && *value <= key->most &&
      (key->above_least ? *value > key->least : *value >= key->least))
    return true;
  schema_range(key, why, sizeof why);
  problems_add_at(c->list, item, "%s: %.40s is out of range; allowed: %s%s%s%s", key->name,
                  item->text, key->kind == KIND_COUNT ? "a whole number, " : "", why,
                  key->beyond ? ": " : "", key->beyond ? key->beyond : "");
  return false;
}

/* "2026-06-02", or a number of days; what ends in a digit without being a number was to be a date. */
static bool read_date(campaign *c, key_id id, const node *item, double *value)
{
  const schema_key *key = schema_row(id);
  const char *text = item->text;
  char why[SENTENCE];
  size_t length = strlen(text);
  bool ends_in_digit = length && strchr("0123456789", text[length - 1]);
  bool like_date = ends_in_digit && !quantity_parse(text, key->unit, value, why, sizeof why);
  if (!elfin_day_of_date(text, value)) {
    if (!like_date)
      return read_number(c, id, item, value);
    problems_add_at(c->list, item, "%s: %.40s is no date; an example: 2026-06-02", key->name, text);
    return false;
  }
  if (*value >= key->least && *value <= key->most)
    return true;
  problems_add_at(c->list, item, "%s: %.40s is out of range; allowed: within 200 years of 2000", key->name,
                  text);
  return false;
}

static bool read_name(campaign *c, key_id id, const node *item, double *value)
{
  const char *name = schema_row(id)->name;
  size_t length = strlen(item->text);
  *value = NAN;
  if (length > 0 && length <= LONGEST_PATH)
    return true;
  problems_add_at(c->list, item,
                  length ? "%s: longer than %d characters" : "%s: a name or path is missing", name,
                  LONGEST_PATH);
  return false;
}

static bool read_entry(campaign *c, key_id id, const node *item, double *value)
{
  const schema_key *key = schema_row(id);
  if (item->kind != NODE_SCALAR) {
    problems_add_at(c->list, item,
                    "%s: a single value is wanted here, not a %s; an example: %s: %s", key->name,
                    item->kind == NODE_LIST ? "list" : "map", key->name, key->example);
    return false;
  }
  switch (key->kind) {
  case KIND_NAME: return read_name(c, id, item, value);
  case KIND_WORD: return read_word(c, id, item, value);
  case KIND_QUANTITY: return find_word(key, item->text, value) || read_number(c, id, item, value);
  case KIND_COUNT: return read_number(c, id, item, value);
  case KIND_DATE: return read_date(c, id, item, value);
  case KIND_MAP: break;
  }
  return false;
}

/* A map that is one value: a table with what is asked of it. */
static bool is_value(key_id id, const node *item)
{
  return item->kind == NODE_SCALAR || (id == KEY_RESPONSE && item->kind == NODE_MAP);
}

/* An entry with the text that names it on its axis. */
static bool read_named(campaign *c, key_id id, const node *item, const char **text, double *value)
{
  *text = item->text;
  if (!is_value(id, item) || item->kind == NODE_SCALAR)
    return read_entry(c, id, item, value);
  *value = NAN;
  return (*text = table_map_text(c, item)) != NULL;
}

/* ---- lists ----------------------------------------------------------------------------------- */

static size_t most_entries(const schema_key *key)
{
  return key->most_entries ? key->most_entries : SCHEMA_MOST_ENTRIES;
}

typedef struct entry {
  double value;
  const char *text;
  size_t i;
} entry;

static int by_value(const void *left, const void *right)
{
  const entry *a = left, *b = right;
  if (isnan(a->value) || isnan(b->value)) {
    if (isnan(a->value) != isnan(b->value))
      return isnan(a->value) ? 1 : -1;
    int order = strcmp(a->text, b->text);
    return order ? order : (a->i > b->i) - (a->i < b->i);
  }
  if (a->value != b->value)
    return a->value > b->value ? 1 : -1;
  return (a->i > b->i) - (a->i < b->i);
}

static bool same_entry(const entry *a, const entry *b)
{
  return a->value == b->value || (isnan(a->value) && isnan(b->value) && !strcmp(a->text, b->text));
}

/* A value that occurs twice would be computed twice, and a reader by value would find the first. */
static bool check_doubles(campaign *c, const schema_key *key, const setting *s)
{
  entry *sorted = calloc(s->n, sizeof *sorted);
  bool fine = true;
  if (!sorted) {
    c->no_memory = true;
    return false;
  }
  for (size_t i = 0; i < s->n; i++)
    sorted[i] = (entry){s->value[i], s->text[i], i};
  qsort(sorted, s->n, sizeof *sorted, by_value);
  for (size_t i = 1; i < s->n; i++)
    if (same_entry(&sorted[i - 1], &sorted[i])) {
      fine = false;
      problems_add_at(c->list, setting_node(s, sorted[i].i, NULL),
                      "%s: %.60s is in the list twice; the first is entry %zu", key->name,
                      sorted[i].text, sorted[i - 1].i + 1);
    }
  free(sorted);
  return fine;
}

static bool check_ascending(campaign *c, const schema_key *key, const setting *s)
{
  for (size_t i = 1; i < s->n; i++)
    if (!(s->value[i] > s->value[i - 1])) {
      problems_add_at(c->list, setting_node(s, i, NULL),
                      "%s: the energies must ascend, and %.17g %s follows %.17g %s", key->name,
                      s->value[i], key->unit, s->value[i - 1], key->unit);
      return false;
    }
  return true;
}

static bool check_length(campaign *c, const schema_key *key, const node *where, size_t n)
{
  size_t least = key->fewest ? key->fewest : 1, most = most_entries(key);
  if (n >= least && n <= most)
    return true;
  if (n == 0)
    problems_add_at(c->list, where, "%s: the list is empty; an example: %s: %s", key->name,
                    key->name, key->example);
  else
    problems_add_at(c->list, where, "%s: %zu value%s; from %zu to %zu are allowed", key->name, n,
                    n == 1 ? "" : "s", least, most);
  return false;
}

static bool allocate(campaign *c, setting *s, size_t n, bool texts)
{
  s->n = n;
  s->value = campaign_keep(c, n, sizeof *s->value);
  s->text = texts ? campaign_keep(c, n, sizeof *s->text) : NULL;
  return s->value && (s->text || !texts);
}

static bool read_list(campaign *c, key_id id, const node *list, setting *s)
{
  const schema_key *key = schema_row(id);
  bool fine = check_length(c, key, list, list->n);
  if (!fine || !allocate(c, s, list->n, true))
    return false;
  for (size_t i = 0; i < list->n; i++) {
    fine = read_named(c, id, &list->items[i], &s->text[i], &s->value[i]) && fine;
  }
  return fine && (key->place == PLACE_GRID ? check_ascending(c, key, s) : check_doubles(c, key, s));
}

/* ---- {log: [first, last, n]}, {linear: [first, last, n]} --------------------------------------
 */

typedef struct grid {
  bool log;
  double first, last;
  size_t n;
} grid;

/* The three nodes of a grid; NULL, reported, if the map is none. */
static const node *grid_nodes(campaign *c, const schema_key *key, const node *map)
{
  static const char form[] = "[first, last, how many]";
  const char *name = map->n == 1 ? map->keys[0].text : "";
  const node *list = map->n == 1 ? &map->items[0] : NULL;
  if (key->kind != KIND_QUANTITY && key->kind != KIND_DATE) {
    problems_add_at(c->list, map, "%s: a map has no meaning here; a value or a list is wanted",
                    key->name);
    return NULL;
  }
  if (map->n == 2 && node_find(map, "log") && node_find(map, "linear")) {
    problems_add_at(c->list, map, "%s: one of the two: {log: %s} or {linear: %s}", key->name, form, form);
    return NULL;
  }
  if (strcmp(name, "log") != 0 && strcmp(name, "linear") != 0) {
    problems_add_at(c->list, map, "%s: a map must be {log: %s} or {linear: %s}", key->name, form,
                    form);
    return NULL;
  }
  bool fine = list->kind == NODE_LIST && list->n == GRID_ENTRIES;
  for (size_t i = 0; fine && i < GRID_ENTRIES; i++)
    fine = list->items[i].kind == NODE_SCALAR && !is_word(list->items[i].text);
  if (!fine)
    problems_add_at(c->list, list, "%s: %s takes three numbers: %s", key->name, name, form);
  return fine ? list->items : NULL;
}

static bool read_count(campaign *c, const schema_key *key, const node *item, size_t *n)
{
  double value;
  bool fine = node_number(item, &value) && value == floor(value) && value >= 2 &&
              value <= (double)most_entries(key);
  if (fine)
    *n = (size_t)value;
  else
    problems_add_at(c->list, item,
                    "%s: %.40s is no number of values; a whole number from 2 to %zu is wanted",
                    key->name, item->text, most_entries(key));
  return fine;
}

static bool read_grid(campaign *c, key_id id, const node *map, grid *g)
{
  const schema_key *key = schema_row(id);
  const node *items = grid_nodes(c, key, map);
  if (!items)
    return false;
  g->log = strcmp(map->keys[0].text, "log") == 0;
  bool first = read_entry(c, id, &items[0], &g->first);
  bool last = read_entry(c, id, &items[1], &g->last);
  if (!read_count(c, key, &items[2], &g->n) || !first || !last)
    return false;
  if (g->first == g->last) {
    problems_add_at(c->list, &items[1], "%s: first and last are the same; write a single value",
                    key->name);
    return false;
  }
  if (g->log && (g->first <= 0 || g->last <= 0)) {
    problems_add_at(c->list, &items[0],
                    "%s: log needs positive ends, not %.40s and %.40s; use "
                    "linear",
                    key->name, items[0].text, items[1].text);
    return false;
  }
  return true;
}

/* Exact at both ends, which the reader of a plot looks at; decades come out exact, too. */
static double grid_value(const grid *g, size_t i)
{
  double after = (double)i, before = (double)(g->n - 1 - i), all = (double)(g->n - 1);
  if (before <= 0)
    return g->last;
  if (after <= 0)
    return g->first;
  if (g->log)
    return pow(10, (log10(g->first) * before + log10(g->last) * after) / all);
  return (g->first * before + g->last * after) / all;
}

/* The shortest text that reads back as the same number. */
static const char *text_of(campaign *c, double value, const char *unit)
{
  char text[NUMBER];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, value);
    if (strtod(text, NULL) == value)
      break;
  }
  return campaign_keep_text(c, "%s %s", text, unit);
}

static bool read_map(campaign *c, key_id id, const node *map, setting *s)
{
  const schema_key *key = schema_row(id);
  grid g;
  if (!read_grid(c, id, map, &g) || !allocate(c, s, g.n, key->named))
    return false;
  for (size_t i = 0; i < g.n; i++) {
    s->value[i] = grid_value(&g, i);
    if (s->text)
      s->text[i] = text_of(c, s->value[i], key->unit);
    if (i &&
        !((g.last > g.first) ? s->value[i] > s->value[i - 1] : s->value[i] < s->value[i - 1])) {
      problems_add_at(c->list, map, "%s: %zu values do not fit between %.17g and %.17g", key->name,
                      g.n, g.first, g.last);
      return false;
    }
  }
  return key->place != PLACE_GRID || check_ascending(c, key, s);
}

/* ---- a setting ------------------------------------------------------------------------------- */

static bool read_single(campaign *c, key_id id, const node *item, setting *s)
{
  if (!check_length(c, schema_row(id), item, 1) || !allocate(c, s, 1, true))
    return false;
  return read_named(c, id, item, &s->text[0], &s->value[0]);
}

setting *setting_read(campaign *c, key_id id, const node *value)
{
  const schema_key *key = schema_row(id);
  setting *s = campaign_keep(c, 1, sizeof *s);
  bool fine;
  if (!s)
    return NULL;
  s->where = value;
  s->listed = !is_value(id, value);
  if (s->listed && key->place == PLACE_NONE) {
    problems_add_at(c->list, value, "%s: takes one value, not a %s; an example: %s: %s", key->name,
                    value->kind == NODE_LIST ? "list" : "map", key->name, key->example);
    return NULL;
  }
  switch (value->kind) {
  case NODE_LIST: fine = read_list(c, id, value, s); break;
  case NODE_MAP: fine = is_value(id, value) ? read_single(c, id, value, s) : read_map(c, id, value, s); break;
  default: fine = read_single(c, id, value, s); break;
  }
  return fine ? s : NULL;
}

setting *setting_fallback(campaign *c, key_id id)
{
  const schema_key *key = schema_row(id);
  if (!key->fallback)
    return NULL;
  node *item = campaign_keep(c, 1, sizeof *item);
  if (!item)
    return NULL;
  *item = (node){.kind = NODE_SCALAR, .text = key->fallback};
  setting *s = setting_read(c, id, item);
  if (s)
    s->where = NULL;
  return s;
}

const node *setting_node(const setting *s, size_t i, const node *otherwise)
{
  if (!s->where)
    return otherwise;
  return s->where->kind == NODE_LIST ? &s->where->items[i] : s->where;
}
