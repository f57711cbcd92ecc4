/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file schema_names.c
 * Names of keys and of what they take, for looking up and for sentences [schema.h]. */
#include "campaign/schema.h"

#include <elfin/limit.h>

#include <string.h>

key_id schema_find(const char *name)
{
  for (int id = 0; id < N_KEYS; id++)
    if (strcmp(schema_row((key_id)id)->name, name) == 0)
      return (key_id)id;
  return N_KEYS;
}

static size_t add_name(const char *names[], size_t n, const char *name)
{
  if (n < SCHEMA_MOST_NAMES)
    names[n++] = name;
  return n;
}

size_t schema_names(key_id id, const char *names[SCHEMA_MOST_NAMES])
{
  size_t n = 0, n_listed = 0;
  for (size_t i = 0; i < SCHEMA_MOST_WORDS && schema_row(id)->words[i].name; i++)
    n = add_name(names, n, schema_row(id)->words[i].name);
  if (id == KEY_PROCESS) {
    const elfin_process *list = elfin_processes(&n_listed);
    for (size_t i = 0; i < n_listed; i++)
      n = add_name(names, n, list[i].name);
  } else if (id == KEY_RESPONSE) {
    const elfin_response_kind *list = elfin_response_kinds(&n_listed);
    for (size_t i = 0; i < n_listed; i++)
      n = add_name(names, n, list[i].name);
  } else if (id == KEY_PRESET) {
    const elfin_halo_preset *list = elfin_halo_presets(&n_listed);
    for (size_t i = 0; i < n_listed; i++)
      n = add_name(names, n, list[i].name);
  } else if (id == KEY_METHOD) {
    for (int i = 0; i < ELFIN_N_LIMIT_METHODS; i++)
      n = add_name(names, n, elfin_limit_method_name((elfin_limit_method)i));
  }
  return n;
}

void schema_join(char *text, size_t size, size_t n, const char *const names[])
{
  size_t used = 0;
  *text = '\0';
  for (size_t i = 0; i < n && used < size; i++) {
    const char *joint = i == 0 ? "" : i + 1 < n ? ", " : " or ";
    used += (size_t)snprintf(text + used, size - used, "%s%s", joint, names[i]);
  }
}

void schema_range(const schema_key *key, char *text, size_t size)
{
  const char *blank = *key->unit ? " " : "";
  snprintf(text, size, "%s %g%s%s, at most %g%s%s", key->above_least ? "more than" : "at least",
           key->least, blank, key->unit, key->most, blank, key->unit);
}
