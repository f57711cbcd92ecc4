/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file columns.c
 * Text tables of numbers, read strictly: a file is taken as a whole or refused with its line.
 *
 * The whole file is read at once, then walked word by word. Decimal points are points whatever the
 * locale of the program that libelfin is part of.
 */
#include "numerics/columns.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_FILE ((size_t)1 << 28) /* bytes; a larger file is no table for the memory */
#define LONGEST_NUMBER 100             /* characters; doubles need 24 */
#define LONGEST_QUOTE 30               /* characters of the file that a sentence repeats */
#define FIRST_ROWS 1024

typedef struct reader {
  const char *path;
  const char *at, *end; /* what is left; *end is 0 */
  size_t line;
  unsigned allow;
  size_t n_columns; /* 0: not known yet */
  size_t most_rows; /* more are left unread */
  size_t rows_room; /* rows, or values of the first row, that fit into the table */
  columns *table;
  elfin_error *err;
} reader;

/* ---- the file as text ------------------------------------------------------------------------ */

static elfin_status read_all(FILE *file, const char *path, char **text, size_t *n, elfin_error *err)
{
  size_t room = 1 << 16, used = 0;
  char *all = malloc(room);
  while (all) {
    used += fread(all + used, 1, room - used - 1, file);
    if (used < room - 1 || room >= LARGEST_FILE)
      break;
    char *more = realloc(all, room *= 2);
    if (!more)
      free(all);
    all = more;
  }
  if (!all)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its text", path);
  if (ferror(file) || used + 1 >= LARGEST_FILE) {
    const char *why = ferror(file) ? strerror(errno) : "larger than a table may be (256 MiB)";
    free(all);
    return elfin_fail(err, ELFIN_E_DATA, "%s: cannot be read: %s", path, why);
  }
  all[used] = '\0';
  *text = all;
  *n = used;
  return ELFIN_OK;
}

static elfin_status read_text(const char *path, char **text, size_t *n, elfin_error *err)
{
  FILE *file = fopen(path, "rb");
  if (!file)
    return elfin_fail(err, ELFIN_E_DATA, "%s: cannot be opened: %s", path, strerror(errno));
  elfin_status status = read_all(file, path, text, n, err);
  fclose(file);
  return status;
}

/* ---- words ----------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
  return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/** The length of the word at `at`: up to a blank, a comment, or the end of the line. */
static size_t word_length(const char *at, const char *end)
{
  const char *c = at;
  while (c < end && !is_blank(*c) && *c != '\n' && *c != '#')
    c++;
  return (size_t)(c - at);
}

static void skip_blanks(reader *r)
{
  while (r->at < r->end && is_blank(*r->at))
    r->at++;
  if (r->at < r->end && *r->at == '#')
    while (r->at < r->end && *r->at != '\n')
      r->at++;
}

static bool says_nan(const char *word, size_t n)
{
  if (n && (*word == '-' || *word == '+')) {
    word++;
    n--;
  }
  return n == 3 && (word[0] | 32) == 'n' && (word[1] | 32) == 'a' && (word[2] | 32) == 'n';
}

/** Is the word a decimal number? strtod() alone would also take hexadecimals, inf and nan(…). */
static bool is_number(const char *word, size_t n, double *value)
{
  char *end = NULL;
  if (n == 0 || n > LONGEST_NUMBER || strspn(word, "0123456789+-.eE") < n)
    return false;
  *value = strtod(word, &end); /* stops at the blank, the newline or the 0 that ends the word */
  return end == word + n;
}

/** A word of the file as a sentence may repeat it: short and printable. */
static const char *quote(const char *word, size_t n, char text[LONGEST_QUOTE + 4])
{
  size_t shown = n < LONGEST_QUOTE ? n : LONGEST_QUOTE;
  for (size_t i = 0; i < shown; i++)
    text[i] = word[i] >= ' ' && word[i] <= '~' ? word[i] : '?';
  strcpy(text + shown, n > shown ? "..." : "");
  return text;
}

static elfin_status take_number(reader *r, double *value)
{
  char text[LONGEST_QUOTE + 4];
  size_t n = word_length(r->at, r->end);
  if (is_number(r->at, n, value)) {
    if (!isfinite(*value))
      return elfin_fail(r->err, ELFIN_E_DATA, "%s:%zu: %s is too large for a double", r->path,
                        r->line, quote(r->at, n, text));
  } else if (says_nan(r->at, n)) {
    if (!(r->allow & COLUMNS_NAN))
      return elfin_fail(r->err, ELFIN_E_DATA, "%s:%zu: nan is not allowed in this table", r->path,
                        r->line);
    *value = NAN;
  } else {
    return elfin_fail(r->err, ELFIN_E_DATA, "%s:%zu: '%s' is not a finite number", r->path, r->line,
                      quote(r->at, n, text));
  }
  r->at += n;
  return ELFIN_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/** Room for one more row, or for one more value of the first row. */
static elfin_status make_room(reader *r, size_t n_rows, size_t n_values)
{
  columns *t = r->table;
  size_t width = r->n_columns ? r->n_columns : 1;
  size_t needed = r->n_columns ? n_rows : n_values;
  if (needed <= r->rows_room)
    return ELFIN_OK;
  size_t room = 2 * needed > FIRST_ROWS ? 2 * needed : FIRST_ROWS;
  double *value = realloc(t->value, room * width * sizeof *value);
  if (value)
    t->value = value;
  size_t *line = realloc(t->line, room * sizeof *line);
  if (line)
    t->line = line;
  if (!value || !line)
    return elfin_fail(r->err, ELFIN_E_MEMORY, "%s:%zu: no memory for more rows", r->path, r->line);
  r->rows_room = room;
  return ELFIN_OK;
}

static elfin_status count_wrong(reader *r, size_t n_found, const char *many)
{
  return elfin_fail(r->err, ELFIN_E_DATA, "%s:%zu: %s%zu column%s instead of %zu", r->path, r->line,
                    many, n_found, n_found == 1 ? "" : "s", r->n_columns);
}

/** The numbers up to the end of the line; none is fine. */
static elfin_status take_row(reader *r)
{
  elfin_status status = ELFIN_OK;
  columns *t = r->table;
  size_t n_found = 0;
  for (skip_blanks(r); r->at < r->end && *r->at != '\n'; skip_blanks(r)) {
    if (r->n_columns && n_found == r->n_columns)
      return count_wrong(r, n_found + 1, "at least ");
    if ((status = make_room(r, t->n_rows + 1, n_found + 1)))
      return status;
    if ((status = take_number(r, &t->value[t->n_rows * r->n_columns + n_found])))
      return status;
    n_found++;
  }
  if (n_found == 0)
    return ELFIN_OK;
  if (!r->n_columns) { /* the first row: rows_room was in values so far */
    r->n_columns = n_found;
    r->rows_room /= n_found;
  } else if (n_found < r->n_columns) {
    return count_wrong(r, n_found, "");
  }
  t->line[t->n_rows++] = r->line;
  return ELFIN_OK;
}

static void next_line(reader *r)
{
  while (r->at < r->end && *r->at != '\n')
    r->at++;
  if (r->at < r->end)
    r->at++;
  r->line++;
}

/** Keep the first line of text before the numbers, and pass the others. */
static elfin_status take_header(reader *r)
{
  for (;; next_line(r)) {
    double ignored;
    const char *begin = r->at;
    skip_blanks(r);
    size_t n = word_length(r->at, r->end);
    if (r->at == r->end || is_number(r->at, n, &ignored) || says_nan(r->at, n)) {
      r->at = begin;
      break;
    }
    if (n == 0 || r->table->header) /* an empty line, a comment, or a further line of the header */
      continue;
    size_t length = strcspn(r->at, "\r\n");
    char *header = calloc(length + 1, 1);
    if (!header)
      return elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory for its header", r->path);
    memcpy(header, r->at, length);
    r->table->header = header;
  }
  return ELFIN_OK;
}

/** All rows, or the first one. */
static elfin_status take_rows(reader *r)
{
  elfin_status status = ELFIN_OK;
  if ((r->allow & COLUMNS_HEADER) && (status = take_header(r)))
    return status;
  for (; r->at < r->end && r->table->n_rows < r->most_rows; next_line(r))
    if ((status = take_row(r)))
      return status;
  if (r->table->n_rows == 0)
    return elfin_fail(r->err, ELFIN_E_DATA, "%s: no row of numbers in it", r->path);
  r->table->n_columns = r->n_columns;
  if (!r->table->header && !(r->table->header = calloc(1, 1)))
    return elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory", r->path);
  return ELFIN_OK;
}

/* ---- the two doors --------------------------------------------------------------------------- */

static elfin_status read_rows(const char *path, size_t n_columns, size_t most_rows, unsigned allow,
                              columns **table, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  char *text = NULL;
  size_t n_text = 0;
  locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
  columns *made = calloc(1, sizeof *made);
  if (!made || !plain) {
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", path);
    goto out;
  }
  if ((status = read_text(path, &text, &n_text, err)))
    goto out;

  reader r = {.path = path, .at = text, .end = text + n_text, .line = 1, .allow = allow,
              .n_columns = n_columns, .most_rows = most_rows, .table = made, .err = err};
  locale_t before = uselocale(plain);
  status = take_rows(&r);
  uselocale(before);
  if (status)
    goto out;
  *table = made;
  made = NULL;
out:
  columns_free(made);
  free(text);
  if (plain)
    freelocale(plain);
  return status;
}

elfin_status columns_read(const char *path, size_t n_columns, unsigned allow, columns **table,
                          elfin_error *err)
{
  return read_rows(path, n_columns, SIZE_MAX, allow, table, err);
}

elfin_status columns_count(const char *path, unsigned allow, size_t *n_columns, elfin_error *err)
{
  columns *first = NULL;
  elfin_status status = read_rows(path, 0, 1, allow, &first, err);
  if (!status)
    *n_columns = first->n_columns;
  columns_free(first);
  return status;
}

void columns_free(columns *table)
{
  if (!table)
    return;
  free(table->value);
  free(table->line);
  free(table->header);
  free(table);
}
