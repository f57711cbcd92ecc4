/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file curve_file.c
 * A curve that somebody else published, from a text file into a picture. */
#include "report/curve_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LINE_SIZE = 1024, PATH_SIZE = 4096, LABEL_SIZE = 44 };
static const char BLANKS[] = " \t,;\r\n";

typedef struct points {
  size_t n, room;
  double *x, *y;
} points;

/* The unit that a word ends in, after `mark`: 0 if none. */
static double unit_of(const char *word, char mark)
{
  static const struct {
    const char *name;
    double eV;
  } units[] = {{"meV", 1e-3}, {"eV", 1}, {"keV", 1e3}, {"MeV", 1e6}, {"GeV", 1e9}, {"TeV", 1e12}};
  const char *end = strrchr(word, mark);
  for (size_t i = 0; end && i < sizeof units / sizeof *units; i++)
    if (strcmp(end + 1, units[i].name) == 0)
      return units[i].eV;
  for (size_t i = 1; end && i < sizeof units / sizeof *units; i++) /* mev is no milli */
    if (strcasecmp(end + 1, units[i].name) == 0)
      return units[i].eV;
  return 0;
}

static bool keep_point(points *into, double x, double y)
{
  if (into->n == into->room) {
    size_t room = 2 * into->room + 64;
    double *xs = realloc(into->x, room * sizeof *xs);
    into->x = xs ? xs : into->x;
    double *ys = realloc(into->y, room * sizeof *ys);
    into->y = ys ? ys : into->y;
    if (!xs || !ys)
      return false;
    into->room = room;
  }
  into->x[into->n] = x;
  into->y[into->n++] = y;
  return true;
}

/* Two numbers, or before the first of them a line of words. */
static elfin_status read_line(const char *path, size_t number, char *line, double *unit,
                              points *into, elfin_error *err)
{
  char *rest = NULL, *end = NULL;
  const char *first = strtok_r(line, BLANKS, &rest), *second = strtok_r(NULL, BLANKS, &rest);
  if (!first || *first == '#')
    return ELFIN_OK;
  double x = strtod(first, &end), y = NAN;
  bool numbers = end != first && !*end;
  if (numbers && second) {
    y = strtod(second, &end);
    numbers = end != second && !*end;
  }
  if (!numbers && into->n == 0 && unit_of(first, '_') > 0) {
    *unit = *unit > 0 ? *unit : unit_of(first, '_');
    return ELFIN_OK;
  }
  if (!numbers || !(x > 0) || !(y > 0) || isinf(x) || isinf(y))
    return elfin_fail(err, ELFIN_E_DATA,
                      "%s:%zu: expected a mass and a limit, two numbers above 0 (or, before all "
                      "numbers, a line of names such as mass_MeV)",
                      path, number);
  return keep_point(into, x, y) ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", path);
}

static elfin_status read_points(const char *path, double *unit, points *into, elfin_error *err)
{
  char line[LINE_SIZE];
  size_t number = 0;
  elfin_status status = ELFIN_OK;
  FILE *file = fopen(path, "r");
  if (!file)
    return elfin_fail(err, ELFIN_E_DATA, "%s: cannot be opened: %s", path, strerror(errno));
  while (!status && fgets(line, sizeof line, file))
    status = read_line(path, ++number, line, unit, into, err);
  if (!status && ferror(file))
    status = elfin_fail(err, ELFIN_E_DATA, "%s: cannot be read: %s", path, strerror(errno));
  fclose(file);
  if (!status && into->n < 2)
    status = elfin_fail(err, ELFIN_E_DATA, "%s: has no curve: two points at least", path);
  if (!status && !(*unit > 0))
    status =
        elfin_fail(err, ELFIN_E_ARGUMENT,
                   "%s: does not say the unit of its masses: write it behind, %s:MeV", path, path);
  return status;
}

/* The file's name without its ending, blanks for underscores. */
static void name_curve(const char *path, char label[LABEL_SIZE])
{
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  int length = (int)(dot && dot > name ? (size_t)(dot - name) : strlen(name));
  snprintf(label, LABEL_SIZE, "%.*s", length, name);
  for (char *at = label; *at; at++)
    *at = *at == '_' ? ' ' : *at;
}

elfin_status curve_file_add(const char *file, double unit, picture *p, elfin_error *err)
{
  char path[PATH_SIZE], label[LABEL_SIZE];
  points read = {0, 0, NULL, NULL};
  double own = unit_of(file, ':');
  const char *mark = strchr(file, '='), *from = mark ? mark + 1 : file;
  int length = (int)(own > 0 ? (size_t)(strrchr(file, ':') - from) : strlen(from));
  snprintf(path, sizeof path, "%.*s", length, from);
  if (mark)
    snprintf(label, sizeof label, "%.*s", (int)(mark - file), file);
  else
    name_curve(path, label);
  elfin_status status = read_points(path, &own, &read, err);
  picture_curve *c = status ? NULL : picture_add(p, label, read.n);
  for (size_t i = 0; c && i < read.n; i++) {
    c->x[i] = read.x[i] * own / unit;
    c->y[i] = read.y[i];
  }
  if (c)
    c->dash = p->n_curves - 1;
  free(read.x);
  free(read.y);
  return status;
}
