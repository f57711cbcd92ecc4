/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file help.c
 * The rows of schema.c, written for people: `elfin help`, and the tables of docs/, in Markdown. */
#include "campaign/schema.h"

#include <string.h>

enum { NAME_WIDTH = 18, FALLBACK_WIDTH = 24, SENTENCE = 512 };

static const char *fallback_of(const schema_key *key, unsigned bits)
{
  bool required = (key->required & bits & key->processes) == (key->processes & bits) &&
                  key->required;
  return required ? "(required)" : key->fallback ? key->fallback : key->unless;
}

static bool may_be_listed(const schema_key *key)
{
  return key->place != PLACE_NONE && key->place != PLACE_GRID;
}

void schema_print(FILE *stream, const char *process)
{
  unsigned bits = process ? schema_process_bit(process) : schema_all_processes();
  fprintf(stream, "%-*s  %-*s  %s\n", NAME_WIDTH, "key", FALLBACK_WIDTH, "default", "meaning");
  for (int id = 0; id < N_KEYS; id++) {
    const schema_key *key = schema_row((key_id)id);
    if (!(key->processes & bits))
      continue;
    char name[NAME_WIDTH + 1];
    snprintf(name, sizeof name, "%s%s", key->only_inside ? "  " : "", key->name);
    fprintf(stream, "%-*s  %-*s  %s", NAME_WIDTH, name, FALLBACK_WIDTH, fallback_of(key, bits),
            key->help);
    if (key->unit && *key->unit)
      fprintf(stream, " [%s]", key->unit);
    fputc('\n', stream);
  }
}

/* "an energy in eV, more than 0 eV, …; or massless or massive". */
static void print_values(FILE *stream, key_id id)
{
  const schema_key *key = schema_row(id);
  const char *names[SCHEMA_MOST_NAMES];
  char text[SENTENCE];
  size_t n = schema_names(id, names);
  bool number = key->kind == KIND_QUANTITY || key->kind == KIND_COUNT || key->kind == KIND_DATE;
  fprintf(stream, "  values:   ");
  if (number) {
    schema_range(key, text, sizeof text);
    fprintf(stream, "%s, %s", key->kind == KIND_COUNT ? "a whole number" : "a number", text);
    if (*key->unit)
      fprintf(stream, "; without a unit: %s", key->unit);
  }
  if (n) {
    schema_join(text, sizeof text, n, names);
    fprintf(stream, "%s%s", number ? "; or " : "", text);
  }
  if (id == KEY_NUCLEUS || id == KEY_SHELLS)
    fprintf(stream, "; or a name that elfin materials lists");
  else if (key->kind == KIND_NAME)
    fprintf(stream, "%s", n ? "; or the path of a file" : "a name or the path of a file");
  if (id == KEY_HALO)
    fprintf(stream, "a map of its members, such as preset or rho; or a preset's name");
  else if (id == KEY_COUPLING_RATIO)
    fprintf(stream, "a map with gn_over_gp or gp_over_gn");
  else if (id == KEY_LIMIT)
    fprintf(stream, "a map with experiment, method, cl");
  fputc('\n', stream);
}

/* "rho 0.4 GeV/cm3, v0 220, vesc 500, vearth 240 km/s", and what its model has besides. */
static void preset_numbers(const elfin_halo_preset *p, char *text, size_t size)
{
  char more[128] = "";
  if (p->model == ELFIN_HALO_SHM_PLUS_PLUS)
    snprintf(more, sizeof more, "; fraction %g, beta %g", p->fraction, p->beta);
  else if (p->model == ELFIN_HALO_TSALLIS)
    snprintf(more, sizeof more, "; q %g", p->q);
  else if (p->model == ELFIN_HALO_DEBRIS)
    snprintf(more, sizeof more, "; fraction %g, vflow %g km/s", p->fraction, p->vflow_km_s);
  snprintf(text, size, "rho %g GeV/cm3, v0 %g, vesc %.4g, vearth %g km/s%s", p->rho_GeV_cm3, p->v0_km_s,
           elfin_halo_escape_km_s(p), p->vearth_km_s, more);
}

/* What the names of a key mean, where the library says so. */
static void print_meanings(FILE *stream, key_id id)
{
  size_t n = 0;
  if (id == KEY_PROCESS) {
    const elfin_process *list = elfin_processes(&n);
    for (size_t i = 0; i < n; i++)
      fprintf(stream, "    %-14s %s (%s)\n", list[i].name, list[i].summary, list[i].source);
  } else if (id == KEY_RESPONSE) {
    const elfin_response_kind *list = elfin_response_kinds(&n);
    for (size_t i = 0; i < n; i++)
      fprintf(stream, "    %-14s %s (%s)\n", list[i].name, list[i].summary, list[i].source);
  } else if (id == KEY_PRESET || id == KEY_HALO) {
    const elfin_halo_preset *list = elfin_halo_presets(&n);
    char numbers[SENTENCE];
    for (size_t i = 0; i < n; i++) {
      preset_numbers(&list[i], numbers, sizeof numbers);
      fprintf(stream, "    %-18s %s (%s)\n", list[i].name, numbers, list[i].source);
    }
  }
}

/* ---- tables for docs/ ------------------------------------------------------------------------ */

/* A bar would end the cell. */
static void put_cell(FILE *stream, const char *text)
{
  for (const char *c = text; *c; c++)
    fprintf(stream, *c == '|' ? "\\%c" : "%c", *c);
}

static void put_names(FILE *stream, size_t n, const char *const names[])
{
  for (size_t i = 0; i < n; i++)
    fprintf(stream, "%s`%s`", i ? ", " : "", names[i]);
}

/** The members of a map: `preset`, `table`, … */
static void put_members(FILE *stream, key_id map)
{
  const char *names[N_KEYS];
  size_t n = 0;
  for (int id = 0; id < N_KEYS; id++)
    if (schema_row((key_id)id)->inside == map)
      names[n++] = schema_row((key_id)id)->name;
  fputs("a map of ", stream);
  put_names(stream, n, names);
}

static size_t own_words(const schema_key *key, const char *names[SCHEMA_MOST_WORDS])
{
  size_t n = 0;
  for (; n < SCHEMA_MOST_WORDS && key->words[n].name; n++)
    names[n] = key->words[n].name;
  return n;
}

/** "> 0, ≤ 1e+09"; or words; or both. What the library lists has pages of its own. */
static void put_values(FILE *stream, key_id id, const char *page)
{
  const schema_key *key = schema_row(id);
  const char *names[SCHEMA_MOST_NAMES];
  size_t n = id == KEY_RESPONSE ? own_words(key, names) : schema_names(id, names);
  if (id == KEY_PROCESS) {
    n = 1;
    names[0] = page;
  }
  bool number = key->kind == KIND_QUANTITY || key->kind == KIND_COUNT || key->kind == KIND_DATE;
  if (number)
    fprintf(stream, "%s%s%s %g, ≤ %g", key->kind == KIND_DATE ? "a date, or " : "", key->kind == KIND_COUNT ? "whole, " : "",
            key->above_least ? ">" : "≥", key->least, key->most);
  if (key->kind == KIND_NAME)
    fputs(id == KEY_RESPONSE ? "a [kind or a path](responses.md)" : "a name", stream);
  if (key->kind == KIND_MAP)
    put_members(stream, id);
  if (n)
    fputs(number || key->kind == KIND_NAME ? "; " : "", stream);
  put_names(stream, n, names);
}

static void put_row(FILE *stream, key_id id, unsigned bits, const char *page)
{
  const schema_key *key = schema_row(id);
  fprintf(stream, "| `%s` | ", key->name);
  put_cell(stream, key->unit ? key->unit : "");
  fputs(" | ", stream);
  put_cell(stream, fallback_of(key, bits));
  fputs(" | ", stream);
  put_values(stream, id, page);
  fputs(" | ", stream);
  put_cell(stream, key->help);
  fputs(" |\n", stream);
}

static void put_name(FILE *stream, const char *name, const char *meaning, const char *source)
{
  fprintf(stream, "| `%s` | ", name);
  put_cell(stream, meaning);
  fputs(" | ", stream);
  put_cell(stream, source);
  fputs(" |\n", stream);
}

/** The kinds of response, or the presets of halos: what the library lists. */
static void put_list(FILE *stream, key_id id)
{
  size_t n = 0;
  char speeds[SENTENCE];
  fputs("| name | meaning | source |\n|---|---|---|\n", stream);
  if (id == KEY_RESPONSE) {
    const elfin_response_kind *kind = elfin_response_kinds(&n);
    for (size_t i = 0; i < n; i++)
      put_name(stream, kind[i].name, kind[i].summary, kind[i].source);
  } else {
    const elfin_halo_preset *preset = elfin_halo_presets(&n);
    for (size_t i = 0; i < n; i++) {
      preset_numbers(&preset[i], speeds, sizeof speeds);
      put_name(stream, preset[i].name, speeds, preset[i].source);
    }
  }
}

bool schema_print_markdown(FILE *stream, const char *name)
{
  unsigned bits = schema_process_bit(name);
  key_id map = bits ? N_KEYS : schema_find(name);
  if (map == KEY_RESPONSE || map == KEY_PRESET) {
    put_list(stream, map);
    return true;
  }
  if (!bits && (map == N_KEYS || schema_row(map)->kind != KIND_MAP))
    return false;
  fputs("| key | unit | default | values | meaning |\n|---|---|---|---|---|\n", stream);
  for (int id = 0; id < N_KEYS; id++) {
    const schema_key *key = schema_row((key_id)id);
    if (bits ? key->processes & bits && !key->inside : key->inside == map)
      put_row(stream, (key_id)id, bits ? bits : schema_all_processes(), name);
  }
  return true;
}

bool schema_print_key(FILE *stream, const char *name)
{
  key_id id = schema_find(name);
  if (id == N_KEYS)
    return false;
  const schema_key *key = schema_row(id);
  fprintf(stream, "%s: %s\n", key->name, key->help);
  print_values(stream, id);
  print_meanings(stream, id);
  fprintf(stream, "  default:  %s\n", fallback_of(key, schema_all_processes()));
  if (may_be_listed(key))
    fprintf(stream, "  a list%s makes it an axis\n",
            key->kind == KIND_QUANTITY || key->kind == KIND_DATE ? ", {log: [first, last, n]} or {linear: [first, last, n]}"
                                       : "");
  if (key->only_inside)
    fprintf(stream, "  stands inside %s\n", schema_row(key->inside)->name);
  fprintf(stream, "  example:  %s: %s\n", key->name, key->example);
  return true;
}
