/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file series.c
 * Chebyshev series on pieces [series.h].
 *
 * A piece is sampled at the zeros of T_N; its coefficients are sums of cosines. For a smooth f they
 * fall geometrically, and the last two say what is missing. Where they do not fall, the piece is
 * halved, from left to right, so that pieces come in order.
 */
#include "numerics/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Halvings of one stretch; at a kink, what is wrong is then 2⁻³⁰ of it. */
enum { DEEPEST = 30, MOST_PIECES = 20000 };
/* Coefficients behind the last one are taken to add up to as much again. */
static const double TAIL = 2;

void series_clear(series *s)
{
  free(s->piece);
  *s = (series){0};
}

static elfin_status reserve(series *s, size_t more, elfin_error *err)
{
  if (s->n + more <= s->room)
    return ELFIN_OK;
  size_t room = 2 * s->room > s->n + more ? 2 * s->room : s->n + more;
  series_piece *piece = realloc(s->piece, room * sizeof *piece);
  if (!piece)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu pieces of a series", room);
  s->piece = piece;
  s->room = room;
  return ELFIN_OK;
}

elfin_status series_append_pieces(series *s, size_t n, const series_piece piece[], elfin_error *err)
{
  elfin_status status = reserve(s, n, err);
  if (status)
    return status;
  memcpy(s->piece + s->n, piece, n * sizeof *piece);
  s->n += n;
  return ELFIN_OK;
}

/** Sample one piece. `*largest` gets max |f|, `*noise` what f says of itself. */
static elfin_status sample(const series_request *r, series_piece *p, double *largest, double *noise,
                           elfin_error *err)
{
  double x[SERIES_ORDER] = {0}, f[SERIES_ORDER] = {0};
  int N = r->order;
  *noise = 0;
  for (int i = 0; i < N; i++) /* ascending */
    x[i] = 0.5 * (p->low + p->high) - 0.5 * (p->high - p->low) * cos(M_PI * (i + 0.5) / N);
  elfin_status status = r->f(r->context, (size_t)N, x, f, noise, err);
  if (status)
    return status;
  *largest = 0;
  for (int i = 0; i < N; i++) {
    if (!isfinite(f[i]))
      return elfin_fail(err, ELFIN_E_VALIDITY, "a function is not finite at %g", x[i]);
    *largest = fmax(*largest, fabs(f[i]));
  }
  memset(p->c, 0, sizeof p->c);
  for (int j = 0; j < N; j++) {
    double sum = 0;
    for (int i = 0; i < N; i++)
      sum += f[i] * cos(M_PI * j * (N - i - 0.5) / N);
    p->c[j] = (j ? 2.0 : 1.0) / N * sum;
  }
  p->error = TAIL * fmax(fabs(p->c[N - 1]), fabs(p->c[N - 2]));
  return ELFIN_OK;
}

static elfin_status append(series *s, const series_request *r, double low, double high, int depth,
                           elfin_error *err)
{
  series_piece p = {.low = low, .high = high};
  double largest, noise, middle = 0.5 * (low + high);
  if (s->n >= MOST_PIECES || !(low < middle && middle < high))
    return elfin_fail(err, ELFIN_E_ACCURACY, "a function near %g is too rough for %d pieces", low,
                      MOST_PIECES);
  elfin_status status = sample(r, &p, &largest, &noise, err);
  if (status)
    return status;
  bool good = p.error <= fmax(fmax(r->relative * largest, r->absolute), noise);
  if (good || depth >= DEEPEST) {
    p.error += noise;
    return series_append_pieces(s, 1, &p, err);
  }
  status = append(s, r, low, middle, depth + 1, err);
  return status ? status : append(s, r, middle, high, depth + 1, err);
}

elfin_status series_append(series *s, const series_request *r, double low, double high,
                           elfin_error *err)
{
  if (r->order < 4 || r->order > SERIES_ORDER)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a series of %d points a piece; 4 to %d", r->order,
                      SERIES_ORDER);
  return append(s, r, low, high, 0, err);
}

size_t series_find(const series *s, double x)
{
  size_t low = 0, high = s->n - 1;
  while (low < high) {
    size_t middle = (low + high + 1) / 2;
    if (x >= s->piece[middle].low)
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

double series_piece_at(const series_piece *p, double x)
{
  double y = (2 * x - p->low - p->high) / (p->high - p->low), b1 = 0, b2 = 0;
  for (int j = SERIES_ORDER - 1; j > 0; j--) { /* Clenshaw */
    double b = 2 * y * b1 - b2 + p->c[j];
    b2 = b1;
    b1 = b;
  }
  return y * b1 - b2 + p->c[0];
}
