/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file points.c
 * Energies and momenta on a command line: lists and grids. */
#include "cli/points.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_POINTS = 1000000, LONGEST_PIECE = 63, N_GRID = 4 };

/** The next piece of "a,b,c": its text without the comma; false at the end or if it is too long. */
static bool next_piece(const char **rest, char piece[LONGEST_PIECE + 1])
{
  if (!*rest)
    return false;
  size_t length = strcspn(*rest, ",");
  if (length > LONGEST_PIECE)
    length = LONGEST_PIECE;
  memcpy(piece, *rest, length);
  piece[length] = '\0';
  *rest = (*rest)[length] == ',' ? *rest + length + 1 : NULL;
  return true;
}

bool points_take_energy(const cli_verb *verb, const char *option, const char *piece, double *value)
{
  char why[256];
  if (!quantity_parse(piece, "eV", value, why, sizeof why))
    cli_usage(verb, "--%s: %s", option, why);
  else if (!(*value > 0))
    cli_usage(verb, "--%s %s: it must be above 0", option, piece);
  else
    return true;
  return false;
}

bool points_take_list(const cli_verb *verb, const char *option, const char *text, points *made)
{
  size_t n = 1;
  char piece[LONGEST_PIECE + 1];
  for (const char *c = text; *c; c++)
    n += *c == ',';
  free(made->value);
  *made = (points){0, calloc(n, sizeof *made->value), false};
  if (!made->value) {
    cli_say("--%s: no memory", option);
    return false;
  }
  while (next_piece(&text, piece)) {
    if (!points_take_energy(verb, option, piece, &made->value[made->n]))
      return false;
    made->n++;
  }
  return true;
}

static double grid_point(double first, double last, size_t i, size_t n, bool logarithmic)
{
  double part = (double)i / (double)(n - 1);
  if (i == 0 || i == n - 1)
    return i ? last : first; /* the ends exactly */
  return logarithmic ? first * pow(last / first, part) : first + (last - first) * part;
}

bool points_take_grid(const cli_verb *verb, const char *option, const char *text, points *made)
{
  char piece[N_GRID][LONGEST_PIECE + 1] = {""}, why[256];
  size_t n_pieces = 0;
  double first = 0, last = 0, n = 0;
  while (n_pieces < N_GRID && next_piece(&text, piece[n_pieces]))
    n_pieces++;
  bool logarithmic = n_pieces == N_GRID;
  if (n_pieces < N_GRID - 1 || text || (logarithmic && strcmp(piece[N_GRID - 1], "log") != 0)) {
    cli_usage(verb, "--%s: first,last,n or first,last,n,log is wanted", option);
    return false;
  }
  if (!points_take_energy(verb, option, piece[0], &first) ||
      !points_take_energy(verb, option, piece[1], &last))
    return false;
  if (!quantity_parse(piece[2], "", &n, why, sizeof why) || n != floor(n) || n < 2 ||
      n > MOST_POINTS) {
    cli_usage(verb, "--%s: n must be a whole number from 2 to %d, not %s", option, MOST_POINTS,
              piece[2]);
    return false;
  }
  free(made->value);
  *made = (points){(size_t)n, calloc((size_t)n, sizeof *made->value), logarithmic};
  if (!made->value) {
    cli_say("--%s: no memory", option);
    return false;
  }
  for (size_t i = 0; i < made->n; i++)
    made->value[i] = grid_point(first, last, i, made->n, logarithmic);
  return true;
}
