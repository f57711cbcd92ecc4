/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_points.c
 * Points of a block, wherever they stand: as rows, as one list for each name, or in a text table
 * beside the material file, which is named with its SHA-256 and must have it. */
#include "material/material_read.h"

#include "numerics/columns.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

enum { LONGEST_SENTENCE = 300, SHA256_DIGITS = ELFIN_SHA256_TEXT - 1, MOST_FILES = 256 };

/* ---- blame ----------------------------------------------------------------------------------- */

void blame_point(const points *where, size_t i_row, size_t i_column, const char *format, ...)
{
  char sentence[LONGEST_SENTENCE];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(sentence, sizeof sentence, format, arguments);
  va_end(arguments);
  const node *culprit = where->block;
  if (where->path)
    culprit = node_find(where->block, "file");
  else if (where->rows)
    culprit = &where->rows->items[i_row].items[i_column];
  else if (node_find(where->block, where->names[i_column]))
    culprit = &node_find(where->block, where->names[i_column])->items[i_row];
  char name[32];
  snprintf(name, sizeof name, "column %zu", i_column + 1);
  const char *what = where->names ? where->names[i_column] : name;
  if (where->path)
    problems_add_at(where->made->list, culprit, "%s:%zu: %s %s", where->path, where->line[i_row],
                    what, sentence);
  else
    problems_add_at(where->made->list, culprit, "%s %s", what, sentence);
}

bool points_ascend(const points *taken, size_t n)
{
  if (taken->n < n) {
    problems_add_at(taken->made->list, taken->block, "%zu point%s: at least %zu are needed",
                    taken->n, taken->n == 1 ? "" : "s", n);
    return false;
  }
  const double *x = taken->column[0];
  for (size_t i = 1; i < taken->n; i++)
    if (!(x[i] > x[i - 1])) {
      blame_point(taken, i, 0, "must ascend, and %g follows %g", x[i], x[i - 1]);
      return false;
    }
  return true;
}

static void move_row(points *taken, size_t from, size_t to)
{
  for (size_t c = 0; c < taken->n_columns; c++)
    taken->column[c][to] = taken->column[c][from];
  if (taken->line)
    taken->line[to] = taken->line[from];
}

static void swap_rows(points *taken, size_t a, size_t b)
{
  for (size_t c = 0; c < taken->n_columns; c++) {
    double spare = taken->column[c][a];
    taken->column[c][a] = taken->column[c][b];
    taken->column[c][b] = spare;
  }
  if (taken->line) {
    size_t spare = taken->line[a];
    taken->line[a] = taken->line[b];
    taken->line[b] = spare;
  }
}

/* Insertion: what is nearly in order costs nothing, and such a curve has some hundred points. */
void points_sort(points *taken)
{
  double *x = taken->column[0];
  size_t n = taken->n, n_kept = 0, n_same;
  for (size_t i = 1; i < n; i++)
    for (size_t k = i; k > 0 && x[k] < x[k - 1]; k--)
      swap_rows(taken, k, k - 1);
  for (size_t i = 0; i < n; i += n_same, n_kept++) {
    for (n_same = 1; i + n_same < n && x[i + n_same] == x[i];)
      n_same++;
    for (size_t c = 1; n_same > 1 && c < taken->n_columns; c++) {
      double sum = 0;
      for (size_t k = 0; k < n_same; k++)
        sum += taken->column[c][i + k];
      taken->column[c][i] = sum / (double)n_same;
    }
    move_row(taken, i, n_kept);
  }
  taken->n = n_kept;
}

bool points_within(const points *taken, size_t i_column, double least, bool excluded, double most)
{
  const double *y = taken->column[i_column];
  for (size_t i = 0; i < taken->n; i++)
    if (!(y[i] >= least && y[i] <= most) || (excluded && y[i] == least)) {
      if (isinf(most))
        blame_point(taken, i, i_column, "must be %s %g, not %g",
                    excluded ? "above" : "at least", least, y[i]);
      else
        blame_point(taken, i, i_column, "must be %s %g, at most %g, not %g",
                    excluded ? "above" : "at least", least, most, y[i]);
      return false;
    }
  return true;
}

/* ---- columns in memory ------------------------------------------------------------------------ */

static bool make_room(points *taken, size_t n_columns)
{
  for (size_t i = 0; i < n_columns; i++) {
    taken->column[i] = material_keep(taken->made, taken->n, sizeof *taken->column[i]);
    if (!taken->column[i])
      return false;
  }
  taken->n_columns = n_columns;
  return true;
}

/* ---- rows ------------------------------------------------------------------------------------- */

/* "[omega_eV, eps2]" */
static void join(size_t n, const char *const names[], char *text, size_t size)
{
  size_t used = 0;
  text[0] = '\0';
  for (size_t i = 0; i < n && used < size; i++)
    used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", names[i]);
}

/* `columns` must say the names that are expected, in their order. */
static bool columns_match(const points *taken, const char *where, size_t n_columns)
{
  char wanted[LONGEST_SENTENCE];
  problems *list = taken->made->list;
  const node *given = demand(taken->block, where, "columns", list);
  if (!given)
    return false;
  bool same = given->kind == NODE_LIST && given->n == n_columns;
  for (size_t i = 0; same && i < n_columns; i++)
    same = given->items[i].kind == NODE_SCALAR &&
           strcmp(given->items[i].text, taken->names[i]) == 0;
  join(n_columns, taken->names, wanted, sizeof wanted);
  if (!same)
    problems_add_at(list, given, "columns must be [%s]", wanted);
  return same;
}

static bool take_row(points *taken, size_t i_row, size_t n_columns)
{
  const node *row = &taken->rows->items[i_row];
  char wanted[LONGEST_SENTENCE];
  join(n_columns, taken->names, wanted, sizeof wanted);
  if (row->kind != NODE_LIST || row->n != n_columns) {
    problems_add_at(taken->made->list, row, "a row [%s] is wanted", wanted);
    return false;
  }
  for (size_t k = 0; k < n_columns; k++)
    if (!node_number(&row->items[k], &taken->column[k][i_row])) {
      problems_add_at(taken->made->list, &row->items[k],
                      "%s: a finite number without a unit is wanted", taken->names[k]);
      return false;
    }
  return true;
}

static bool take_rows(points *taken, const char *where, size_t n_columns)
{
  problems *list = taken->made->list;
  taken->rows = node_find(taken->block, "rows");
  taken->n = list_length(taken->rows, "rows", list);
  bool fine = columns_match(taken, where, n_columns) && taken->n && make_room(taken, n_columns);
  for (size_t i = 0; fine && i < taken->n; i++)
    fine = take_row(taken, i, n_columns);
  return fine;
}

/* ---- one list for each name ------------------------------------------------------------------- */

static bool take_lists(points *taken, const char *where, size_t n_columns)
{
  problems *list = taken->made->list;
  size_t before = problems_count(list);
  for (size_t k = 0; k < n_columns; k++) {
    size_t n;
    if (!demand(taken->block, where, taken->names[k], list))
      return false;
    taken->column[k] = take_numbers(taken->made, taken->block, taken->names[k], &n);
    if (!taken->column[k])
      return false;
    if (k && n != taken->n) {
      problems_add_at(list, node_find(taken->block, taken->names[k]),
                      "%s has %zu numbers, and %s has %zu", taken->names[k], n, taken->names[0],
                      taken->n);
      return false;
    }
    taken->n = n;
  }
  taken->n_columns = n_columns;
  return problems_count(list) == before;
}

/* ---- a file ----------------------------------------------------------------------------------- */

/* Beside the material file. */
static const char *path_beside(material_owner *made, const char *file)
{
  const char *slash = strrchr(made->path, '/');
  int folder = slash ? (int)(slash - made->path) + 1 : 0;
  return material_keep_text(made, "%.*s%s", folder, made->path, file);
}

static const elfin_data_file *listed(const material_owner *made, const char *path)
{
  for (size_t i = 0; i < made->material.n_files; i++)
    if (strcmp(made->material.files[i].path, path) == 0)
      return &made->material.files[i];
  return NULL;
}

static const elfin_data_file *list_file(material_owner *made, const node *named, const char *path,
                                        const char *sha256)
{
  elfin_material *material = &made->material;
  if (!made->files)
    material->files = made->files = material_keep(made, MOST_FILES, sizeof *made->files);
  if (!made->files)
    return NULL;
  if (material->n_files == MOST_FILES) {
    problems_add_at(made->list, named, "more than %d files for one material", MOST_FILES);
    return NULL;
  }
  elfin_data_file *entry = &made->files[material->n_files++];
  *entry = (elfin_data_file){path, sha256};
  return entry;
}

static bool is_sha256(const char *text)
{
  return strlen(text) == SHA256_DIGITS && strspn(text, "0123456789abcdef") == SHA256_DIGITS;
}

const char *take_file_path(material_owner *made, const node *block, const char *where,
                           const char **sha256)
{
  const char *file = demand_text(block, where, "file", made->list);
  *sha256 = file ? demand_text(block, where, "sha256", made->list) : NULL;
  if (!*sha256)
    return NULL;
  if (*file == '/') {
    problems_add_at(made->list, node_find(block, "file"),
                    "file: the path must be relative to this file's folder");
    return NULL;
  }
  if (!is_sha256(*sha256)) {
    problems_add_at(made->list, node_find(block, "sha256"),
                    "sha256: 64 hexadecimal digits (0-9, a-f) are wanted");
    return NULL;
  }
  return path_beside(made, file);
}

/* The file has the checksum that the block states. */
static bool checksum_matches(const node *block, const char *path, const char *stated,
                             problems *list)
{
  char found[ELFIN_SHA256_TEXT];
  elfin_error err;
  if (elfin_sha256_file(path, found, NULL, &err)) {
    problems_add_at(list, node_find(block, "file"), "%s", err.text);
    return false;
  }
  if (strcmp(found, stated) == 0)
    return true;
  problems_add_at(list, node_find(block, "sha256"),
                  "%s has not this checksum but %s: it is another file, or was changed", path,
                  found);
  return false;
}

const elfin_data_file *take_file_name(material_owner *made, const node *block, const char *where)
{
  const char *sha256, *path = take_file_path(made, block, where, &sha256);
  if (!path || !checksum_matches(block, path, sha256, made->list))
    return NULL;
  const elfin_data_file *known = listed(made, path);
  return known ? known : list_file(made, node_find(block, "file"), path, sha256);
}

static bool take_columns(points *taken, const columns *table)
{
  taken->n = table->n_rows;
  if (table->n_columns > MOST_COLUMNS) {
    problems_add_at(taken->made->list, node_find(taken->block, "file"),
                    "%s: %zu columns; at most %d are allowed", taken->path, table->n_columns,
                    MOST_COLUMNS);
    return false;
  }
  taken->line = material_keep(taken->made, taken->n, sizeof *taken->line);
  if (!taken->line || !make_room(taken, table->n_columns))
    return false;
  for (size_t i = 0; i < taken->n; i++) {
    taken->line[i] = table->line[i];
    for (size_t k = 0; k < table->n_columns; k++)
      taken->column[k][i] = table->value[i * table->n_columns + k];
  }
  return true;
}

bool take_file(material_owner *made, const node *block, const char *where, size_t n_columns,
               points *taken)
{
  *taken = (points){.made = made, .block = block, .names = taken->names};
  const elfin_data_file *file = take_file_name(made, block, where);
  if (!file)
    return false;
  columns *table = NULL;
  elfin_error err;
  elfin_status status = columns_read(file->path, n_columns, COLUMNS_HEADER, &table, &err);
  if (status == ELFIN_E_MEMORY)
    made->kept.no_memory = true;
  else if (status)
    problems_add_at(made->list, node_find(block, "file"), "%s", err.text);
  if (status)
    return false;
  taken->path = file->path;
  bool fine = take_columns(taken, table);
  columns_free(table);
  return fine;
}

bool take_points(material_owner *made, const node *block, const char *where, size_t n_columns,
                 const char *const names[], points *taken)
{
  *taken = (points){.made = made, .block = block, .names = names};
  if (node_find(block, "file") && node_find(block, "rows")) {
    problems_add_at(made->list, node_find(block, "file"),
                    "%s: give its points as rows or as a file, not both", where);
    return false;
  }
  if (node_find(block, "file"))
    return columns_match(taken, where, n_columns) &&
           take_file(made, block, where, n_columns, taken);
  if (node_find(block, "rows") || node_find(block, "columns"))
    return demand(block, where, "rows", made->list) && take_rows(taken, where, n_columns);
  return take_lists(taken, where, n_columns);
}
