/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file experiment_file.c
 * An experiment file, key by key; data/experiments/README.md is its description. Strict: a misspelt
 * key or one number too few would silently change a limit.
 */
#include "detector/detector.h"

#include "numerics/columns.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_REASON = 200, MOST_CHARGE = 1000 };
#define DETECTOR_DAYS_A_YEAR 365.25 /* Julian, as in constants.c */

/* Blocks of numbers, each with its source or marked as assumed. */
static const char *const blocks[] = {"observed",     "exposure",   "efficiency", "background",
                                     "charge_model", "resolution", "events"};
static const char *const plain[] = {"name", "description", "material", "charges", "edges_eV"};
enum { N_BLOCKS = sizeof blocks / sizeof *blocks, N_PLAIN = sizeof plain / sizeof *plain };

/* ---- nodes ------------------------------------------------------------------------------------
 */

static const char *kind_name(node_kind kind)
{
  return kind == NODE_SCALAR ? "a single value"
         : kind == NODE_LIST ? "a list"
                             : "a map (key: value)";
}

static bool is_kind(const node *what, const char *key, node_kind kind, problems *list)
{
  if (what->kind == kind)
    return true;
  problems_add_at(list, what, "%s must be %s, not %s", key, kind_name(kind), kind_name(what->kind));
  return false;
}

static void keys_are(const node *map, const char *where, size_t n, const char *const allowed[],
                     problems *list)
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
      problems_add_at(list, &map->keys[i],
                      "%s has no key %.60s; data/experiments/README.md lists them", where, key);
  }
}

static const node *needed(const node *map, const char *where, const char *key, problems *list)
{
  const node *found = node_find(map, key);
  if (!found)
    problems_add_at(list, map, "%s: %s is missing", where, key);
  return found;
}

/* A text that says something; NULL: absent, or blamed. */
static const char *text_of(const node *map, const char *key, problems *list)
{
  const node *found = node_find(map, key);
  if (!found || !is_kind(found, key, NODE_SCALAR, list))
    return NULL;
  if (found->text[strspn(found->text, " ")])
    return found->text;
  problems_add_at(list, found, "%s is empty", key);
  return NULL;
}

/** What a number may be. */
typedef struct range {
  const char *unit; /* "exposure" for one; else of quantity_parse() */
  double least, most;
  bool open; /* `least` itself is not allowed */
  bool whole;
} range;

/* "100.72 g day" in kg yr */
static bool exposure_parse(const char *text, double *value, char *why, size_t why_size)
{
  static const struct {
    const char *name;
    double kg_yr;
  } units[] = {{"kg yr", 1},
               {"g yr", 1e-3},
               {"kg day", 1 / DETECTOR_DAYS_A_YEAR},
               {"g day", 1e-3 / DETECTOR_DAYS_A_YEAR}};
  char number[LONGEST_REASON];
  size_t length = strlen(text);
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    size_t n = strlen(units[i].name);
    if (length <= n || length - n >= sizeof number ||
        strcmp(text + length - n, units[i].name) != 0 ||
        isalpha((unsigned char)text[length - n - 1]))
      continue;
    memcpy(number, text, length - n);
    number[length - n] = '\0';
    if (!quantity_parse(number, "", value, why, why_size))
      return false;
    *value *= units[i].kg_yr;
    return true;
  }
  snprintf(why, why_size, "%.40s: an exposure is a number and kg yr, g yr, kg day or g day", text);
  return false;
}

/* NAN: blamed. */
static double number_of(const node *from, const char *key, const range *r, problems *list)
{
  char why[LONGEST_REASON];
  double value;
  bool is_exposure = strcmp(r->unit, "exposure") == 0;
  if (!is_kind(from, key, NODE_SCALAR, list))
    return NAN;
  if (!(is_exposure ? exposure_parse(from->text, &value, why, sizeof why)
                    : quantity_parse(from->text, r->unit, &value, why, sizeof why))) {
    problems_add_at(list, from, "%s: %s", key, why);
    return NAN;
  }
  if (value < r->least || (r->open && value == r->least) || value > r->most ||
      (r->whole && value != floor(value))) {
    problems_add_at(list, from, "%s: %.40s is out of range; allowed is %s%s %g to %g%s%s", key,
                    from->text, r->whole ? "a whole number " : "", r->open ? "above" : "from",
                    r->least, r->most, *r->unit ? " " : "", is_exposure ? "kg yr" : r->unit);
    return NAN;
  }
  return value;
}

/* A list of numbers, kept; *n of them. NULL: blamed, or empty. */
static double *numbers_of(const node *from, const char *key, const range *r, size_t *n,
                          detector_owner *made)
{
  *n = 0;
  if (!is_kind(from, key, NODE_LIST, made->list))
    return NULL;
  if (from->n == 0)
    problems_add_at(made->list, from, "%s is an empty list", key);
  double *number = detector_keep(made, from->n, sizeof *number);
  for (size_t i = 0; number && i < from->n; i++)
    number[i] = number_of(&from->items[i], key, r, made->list);
  *n = number ? from->n : 0;
  return from->n ? number : NULL;
}

static bool ascends(const node *where, const char *key, size_t n, const double number[],
                    problems *list)
{
  for (size_t i = 0; i + 1 < n; i++)
    if (number[i] >= number[i + 1]) {
      problems_add_at(list, &where->items[i + 1], "%s must ascend: %g is followed by %g", key,
                      number[i], number[i + 1]);
      return false;
    }
  return true;
}

/* ---- where numbers come from ------------------------------------------------------------------
 */

/* "key: text", kept. */
static void note(detector_owner *made, const char *key, const char *text, const char **where,
                 size_t *n)
{
  size_t size = strlen(key) + 2 + strlen(text) + 1;
  char *line = detector_keep(made, size, 1);
  if (!line)
    return;
  snprintf(line, size, "%s: %s", key, text);
  where[(*n)++] = line;
}

/* A block: a map whose keys are known, with a source or with what makes it an assumption. NULL:
 * absent or blamed. */
static const node *block_of(const node *root, const char *key, size_t n, const char *const keys[],
                            detector_owner *made)
{
  const node *block = node_find(root, key);
  if (!block || !is_kind(block, key, NODE_MAP, made->list))
    return NULL;
  keys_are(block, key, n, keys, made->list);
  const char *source = text_of(block, "source", made->list);
  const char *assumed = text_of(block, "assumed", made->list);
  if (!node_find(block, "source") && !node_find(block, "assumed"))
    problems_add_at(made->list, block,
                    "%s: a number needs a source, or assumed: \"why it is thought to be so\"", key);
  if (source)
    note(made, key, source, made->sources, &made->experiment.n_sources);
  if (assumed)
    note(made, key, assumed, made->assumed, &made->experiment.n_assumed);
  return block;
}

/* {value: one for all bins} or {values: [one for each]}; `otherwise` where the block is absent. */
static double *per_bin(const node *root, const char *key, const range *r, double otherwise,
                       detector_owner *made)
{
  static const char *const keys[] = {"value", "values", "source", "assumed"};
  size_t n_bins = made->experiment.n_bins, n = 0;
  const node *block = block_of(root, key, sizeof keys / sizeof *keys, keys, made);
  const node *value = block ? node_find(block, "value") : NULL;
  const node *values = block ? node_find(block, "values") : NULL;
  if (block && !value == !values)
    problems_add_at(made->list, block, "%s needs either value, one for all bins, or values", key);
  if (values) {
    double *number = numbers_of(values, key, r, &n, made);
    if (number && n != n_bins)
      problems_add_at(made->list, values, "%s has %zu values, and there are %zu bins", key, n,
                      n_bins);
    return number;
  }
  double *number = detector_keep(made, n_bins, sizeof *number);
  double one = value ? number_of(value, key, r, made->list) : otherwise;
  for (size_t i = 0; number && i < n_bins; i++)
    number[i] = one;
  return number;
}

/* ---- bins -------------------------------------------------------------------------------------
 */

static void take_bins(const node *root, detector_owner *made)
{
  static const range whole = {"", 1, MOST_CHARGE, false, true},
                     energy = {"eV", 0, 1e9, false, false};
  elfin_experiment *e = &made->experiment;
  const node *charges = node_find(root, "charges"), *edges = node_find(root, "edges_eV");
  size_t n;
  if (!charges == !edges) {
    problems_add_at(made->list, root,
                    "an experiment needs either charges, one for each bin, or edges_eV, one more "
                    "than bins");
    return;
  }
  const char *key = charges ? "charges" : "edges_eV";
  const node *given = charges ? charges : edges;
  double *number = numbers_of(given, key, charges ? &whole : &energy, &n, made);
  if (!number || !ascends(given, key, n, number, made->list))
    return;
  if (charges) {
    e->charge = number;
    e->n_bins = n;
  } else if (n < 2) {
    problems_add_at(made->list, edges, "edges_eV needs at least two energies");
  } else {
    e->edge_eV = number;
    e->n_bins = n - 1;
  }
}

/* ---- charges ----------------------------------------------------------------------------------
 */

/* Rows ω, P(1), P(2) …: as many columns as the first one. */
static void check_table(detector_owner *made, const node *where)
{
  elfin_experiment *e = &made->experiment;
  size_t width = e->n_charges + 1;
  if (e->n_rows < 2 || e->n_charges < 1) {
    problems_add_at(made->list, where, "a table of charges needs two rows [energy, P(1), P(2), …]");
    return;
  }
  for (size_t i = 0; i < e->n_rows; i++) {
    double sum = 0;
    for (size_t q = 1; q < width; q++) {
      double p = e->table[i * width + q];
      sum += p;
      if (!(p >= 0 && p <= 1)) {
        problems_add_at(made->list, where, "row %zu: a probability of %g for %zu electrons", i + 1,
                        p, q);
        return;
      }
    }
    if (sum > 1 + 1e-6) {
      problems_add_at(made->list, where, "row %zu: probabilities add up to %g", i + 1, sum);
      return;
    }
    if (i && e->table[i * width] <= e->table[(i - 1) * width]) {
      problems_add_at(made->list, where, "row %zu: energies must ascend", i + 1);
      return;
    }
  }
}

static void take_rows(const node *rows, detector_owner *made)
{
  static const range any = {"", -HUGE_VAL, HUGE_VAL, false, false};
  elfin_experiment *e = &made->experiment;
  if (!is_kind(rows, "rows", NODE_LIST, made->list) || rows->n == 0)
    return;
  size_t width = rows->items[0].n;
  double *table = detector_keep(made, rows->n * (width + 1), sizeof *table);
  for (size_t i = 0; table && i < rows->n; i++) {
    const node *row = &rows->items[i];
    if (row->kind != NODE_LIST || row->n != width || width < 2) {
      problems_add_at(made->list, row, "a row is [energy, P(1), P(2), …], all of one length");
      return;
    }
    for (size_t k = 0; k < width; k++)
      table[i * width + k] = number_of(&row->items[k], "rows", &any, made->list);
  }
  e->table = table;
  e->n_rows = table ? rows->n : 0;
  e->n_charges = width ? width - 1 : 0;
}

/* A text table beside the experiment file. */
static void take_table_file(const node *file, detector_owner *made)
{
  elfin_experiment *e = &made->experiment;
  elfin_error err = {""};
  columns *table = NULL;
  if (!is_kind(file, "file", NODE_SCALAR, made->list))
    return;
  const char *slash = *file->text == '/' ? NULL : strrchr(made->path, '/');
  size_t folder = slash ? (size_t)(slash - made->path) + 1 : 0;
  char *path = detector_keep(made, folder + strlen(file->text) + 1, 1);
  if (!path)
    return;
  memcpy(path, made->path, folder);
  strcpy(path + folder, file->text);
  if (columns_read(path, 0, COLUMNS_HEADER, &table, &err)) {
    problems_add_at(made->list, file, "%s", err.text);
    return;
  }
  size_t n = table->n_rows * table->n_columns;
  double *kept = detector_keep(made, n, sizeof *kept);
  if (kept)
    memcpy(kept, table->value, n * sizeof *kept);
  e->table = kept;
  e->n_rows = kept ? table->n_rows : 0;
  e->n_charges = table->n_columns - 1;
  columns_free(table);
}

static double optional(const node *block, const char *key, const range *r, problems *list)
{
  const node *found = node_find(block, key);
  return found ? number_of(found, key, r, list) : NAN;
}

static void take_model(const node *root, detector_owner *made)
{
  static const char *const keys[] = {"model",  "gap",  "pair_energy", "fano",
                                     "source", "rows", "file",        "assumed"};
  static const char *const models[] = {"step", "fano", "table"};
  static const range energy = {"eV", 0, 1000, true, false}, factor = {"", 0, 10, true, false};
  elfin_experiment *e = &made->experiment;
  e->gap_eV = e->pair_energy_eV = e->fano = NAN;
  const node *block = block_of(root, "charge_model", sizeof keys / sizeof *keys, keys, made);
  if (!block) {
    if (e->charge && !node_find(root, "charge_model"))
      problems_add_at(made->list, root, "an experiment with charges: charge_model is missing");
    return;
  }
  if (e->edge_eV)
    problems_add_at(made->list, block, "charge_model has no effect on bins of energy");
  const node *model = needed(block, "charge_model", "model", made->list);
  if (!model || !is_kind(model, "model", NODE_SCALAR, made->list))
    return;
  size_t i = 0;
  while (i < 3 && strcmp(model->text, models[i]) != 0)
    i++;
  if (i == 3) {
    problems_add_at(made->list, model, "model: %.40s is unknown; allowed are step, fano and table",
                    model->text);
    return;
  }
  e->charge_model = (elfin_charge_model)i;
  e->gap_eV = optional(block, "gap", &energy, made->list);
  e->pair_energy_eV = optional(block, "pair_energy", &energy, made->list);
  e->fano = optional(block, "fano", &factor, made->list);
  if ((e->charge_model == ELFIN_CHARGE_FANO) != !!node_find(block, "fano"))
    problems_add_at(made->list, block, "charge_model: fano, Fano's factor, belongs to model fano");
  const node *rows = node_find(block, "rows"), *file = node_find(block, "file");
  if ((e->charge_model == ELFIN_CHARGE_TABLE) != (!rows != !file) || (rows && file)) {
    problems_add_at(made->list, block, "charge_model: rows or a file belong to model table");
    return;
  }
  if (rows)
    take_rows(rows, made);
  else if (file)
    take_table_file(file, made);
  if (e->charge_model == ELFIN_CHARGE_TABLE && problems_count(made->list) == 0)
    check_table(made, block);
}

/* ---- energies ---------------------------------------------------------------------------------
 */

static void take_energies(const node *root, detector_owner *made)
{
  static const char *const of_resolution[] = {"value", "source", "assumed"};
  static const char *const of_events[] = {"energies_eV", "source", "assumed"};
  static const range energy = {"eV", 0, 1e9, false, false};
  elfin_experiment *e = &made->experiment;
  const node *block = block_of(root, "resolution", 3, of_resolution, made);
  const node *value = block ? needed(block, "resolution", "value", made->list) : NULL;
  if (value)
    e->resolution_eV = number_of(value, "resolution", &energy, made->list);
  if (block && e->charge)
    problems_add_at(made->list, block, "resolution has no effect on bins of charge");
  block = block_of(root, "events", 3, of_events, made);
  const node *energies = block ? needed(block, "events", "energies_eV", made->list) : NULL;
  if (energies && energies->kind == NODE_LIST && energies->n > 0)
    e->event_eV = numbers_of(energies, "energies_eV", &energy, &e->n_events, made);
  else if (energies)
    is_kind(energies, "energies_eV", NODE_LIST, made->list);
  if (block && e->charge)
    problems_add_at(made->list, block, "events have energies only where bins have, too");
}

/* ---- the whole file ---------------------------------------------------------------------------
 */

static void take_texts(const node *root, detector_owner *made)
{
  elfin_experiment *e = &made->experiment;
  needed(root, "an experiment", "name", made->list);
  needed(root, "an experiment", "material", made->list);
  e->name = text_of(root, "name", made->list);
  e->material = text_of(root, "material", made->list);
  e->description = text_of(root, "description", made->list);
}

static void take_numbers_of_bins(const node *root, detector_owner *made)
{
  static const range events = {"", 0, 1e15, false, true}, share = {"", 0, 1, false, false},
                     exposure = {"exposure", 0, 1e9, true, false},
                     background = {"", 0, 1e15, false, false};
  elfin_experiment *e = &made->experiment;
  needed(root, "an experiment", "observed", made->list);
  needed(root, "an experiment", "exposure", made->list);
  needed(root, "an experiment", "efficiency", made->list);
  e->observed = per_bin(root, "observed", &events, 0, made);
  e->exposure_kg_yr = per_bin(root, "exposure", &exposure, NAN, made);
  e->efficiency = per_bin(root, "efficiency", &share, NAN, made);
  e->background = per_bin(root, "background", &background, 0, made);
  if (!node_find(root, "background"))
    note(made, "background", "0: the file gives none", made->assumed, &e->n_assumed);
}

elfin_status detector_file_read(const node *root, detector_owner *made)
{
  problems *list = made->list;
  const char *keys[N_PLAIN + N_BLOCKS];
  memcpy(keys, plain, sizeof plain);
  memcpy(keys + N_PLAIN, blocks, sizeof blocks);
  made->sources = detector_keep(made, N_BLOCKS + 1, sizeof *made->sources);
  made->assumed = detector_keep(made, N_BLOCKS + 1, sizeof *made->assumed);
  if (!made->sources || !made->assumed)
    return ELFIN_E_MEMORY;
  if (!is_kind(root, "an experiment file", NODE_MAP, list))
    return ELFIN_E_DATA;
  keys_are(root, "an experiment", N_PLAIN + N_BLOCKS, keys, list);
  take_texts(root, made);
  take_bins(root, made);
  if (made->experiment.n_bins)
    take_numbers_of_bins(root, made);
  take_model(root, made);
  take_energies(root, made);
  made->experiment.sources = made->sources;
  made->experiment.assumed = made->assumed;
  if (made->no_memory)
    return ELFIN_E_MEMORY;
  return problems_count(list) ? ELFIN_E_DATA : ELFIN_OK;
}
