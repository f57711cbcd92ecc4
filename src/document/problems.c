/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file problems.c
 * The list of everything that is wrong with a file, and the guess what a misspelt word was meant
 * to be. */
#include "document/document.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
  MOST_PROBLEMS = 50,     /* a person reads no more at once */
  LONGEST_SENTENCE = 480, /* fits an elfin_error */
  LONGEST_WORD = 63       /* nobody misspells longer ones by accident */
};

typedef struct problem {
  size_t line, column;
  char text[LONGEST_SENTENCE];
} problem;

struct problems {
  char *name;
  size_t n;      /* reported, including those that were only counted */
  problem *kept; /* the first MOST_PROBLEMS, in order of position */
};

problems *problems_new(const char *name)
{
  problems *list = calloc(1, sizeof *list);
  if (!list)
    return NULL;
  list->kept = calloc(MOST_PROBLEMS, sizeof *list->kept);
  list->name = strdup(name);
  if (!list->kept || !list->name) {
    problems_free(list);
    return NULL;
  }
  return list;
}

void problems_free(problems *list)
{
  if (!list)
    return;
  free(list->kept);
  free(list->name);
  free(list);
}

/* What a file holds must not steer the terminal that shows it. */
static void defuse(char *text)
{
  for (; *text; text++)
    if (iscntrl((unsigned char)*text))
      *text = ' ';
}

static void add(problems *list, size_t line, size_t column, const char *format, va_list arguments)
{
  if (!list || list->n++ >= MOST_PROBLEMS)
    return;
  size_t place = list->n - 1;
  for (; place > 0; place--) {
    const problem *before = &list->kept[place - 1];
    if (before->line < line || (before->line == line && before->column <= column))
      break;
    list->kept[place] = *before;
  }
  problem *made = &list->kept[place];
  made->line = line;
  made->column = column;
  int used =
      line ? snprintf(made->text, sizeof made->text, "%.200s:%zu:%zu: ", list->name, line, column)
           : snprintf(made->text, sizeof made->text, "%.200s: ", list->name);
  vsnprintf(made->text + used, sizeof made->text - (size_t)used, format, arguments);
  defuse(made->text);
}

void problems_add(problems *list, size_t line, size_t column, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  add(list, line, column, format, arguments);
  va_end(arguments);
}

void problems_add_at(problems *list, const node *where, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  add(list, where ? where->line : 0, where ? where->column : 0, format, arguments);
  va_end(arguments);
}

size_t problems_count(const problems *list)
{
  return list ? list->n : 0;
}

static size_t kept_count(const problems *list)
{
  return list->n < MOST_PROBLEMS ? list->n : MOST_PROBLEMS;
}

void problems_print(const problems *list, FILE *stream)
{
  if (!list)
    return;
  for (size_t i = 0; i < kept_count(list); i++)
    fprintf(stream, "%s\n", list->kept[i].text);
  if (list->n > MOST_PROBLEMS)
    fprintf(stream, "… and %zu more\n", list->n - MOST_PROBLEMS);
}

const char *problems_first(const problems *list)
{
  return list && list->n ? list->kept[0].text : "";
}

size_t problems_tell(const problems *list, elfin_fault *tell, void *context)
{
  char more[sizeof "… and  more" + 24];
  for (size_t i = 0; list && i < kept_count(list); i++)
    tell(context, list->kept[i].text);
  if (list && list->n > MOST_PROBLEMS) {
    snprintf(more, sizeof more, "… and %zu more", list->n - MOST_PROBLEMS);
    tell(context, more);
  }
  return problems_count(list);
}

/* ---- did you mean ---------------------------------------------------------------------------- */

static int folded(char c)
{
  return c == '-' || c == ' ' ? '_' : tolower((unsigned char)c);
}

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Letters to insert, delete, replace or swap with their neighbour; case and -, _ do not count
 * (optimal string alignment). */
static size_t edit_distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
  size_t rows[3][LONGEST_WORD + 1];
  size_t *before = rows[0], *last = rows[1], *row = rows[2];
  for (size_t j = 0; j <= n_b; j++)
    last[j] = before[j] = j;
  for (size_t i = 1; i <= n_a; i++) {
    row[0] = i;
    for (size_t j = 1; j <= n_b; j++) {
      size_t differ = folded(a[i - 1]) != folded(b[j - 1]);
      row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + differ);
      if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) &&
          folded(a[i - 2]) == folded(b[j - 1]))
        row[j] = least(row[j], before[j - 2] + 1);
    }
    size_t *spare = before;
    before = last;
    last = row;
    row = spare;
  }
  return last[n_b];
}

const char *nearest_name(const char *word, size_t n, const char *const candidates[])
{
  size_t length = strlen(word);
  if (length == 0 || length > LONGEST_WORD)
    return NULL;
  size_t nearest = (length + 1) / 3; /* "gev" may become "GeV", but "x" not "K" */
  const char *found = NULL;
  for (size_t i = 0; i < n; i++) {
    size_t n_candidate = strlen(candidates[i]);
    if (n_candidate > LONGEST_WORD)
      continue;
    size_t distance = edit_distance(word, length, candidates[i], n_candidate);
    if (distance < nearest || (distance == nearest && !found)) {
      nearest = distance;
      found = candidates[i];
    }
  }
  return found;
}
