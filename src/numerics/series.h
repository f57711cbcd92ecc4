/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file series.h
 * A function of one variable as Chebyshev series on pieces, with a known error. */
#ifndef SERIES_H
#define SERIES_H

#include <elfin/base.h>

#include <stdbool.h>
#include <stddef.h>

enum { SERIES_ORDER = 12 };

typedef struct series_piece {
  double low, high;
  double error;               /* absolute: what the series leaves, and what f's own error adds */
  double c[SERIES_ORDER];     /* f = Σ c_j T_j; those from `order` on are 0 */
} series_piece;

typedef struct series {
  size_t n, room;
  series_piece *piece;        /* [n] from low to high, each beginning where the last one ends */
} series;

/** f at n points, ascending, all in one piece.
 * @param[out] noise  how far any of them may be off (absolute)
 * @return anything but ELFIN_OK ends the work */
typedef elfin_status series_function(void *context, size_t n, const double x[], double f[],
                                     double *noise, elfin_error *err);

typedef struct series_request {
  int order;                  /* 4 … SERIES_ORDER points on a piece */
  double relative;            /* of the largest |f| on a piece */
  double absolute;            /* … whichever is reached first */
  series_function *f;
  void *context;
} series_request;

/** Append [low, high] to a series, halved until its last coefficients say that the error is reached,
 * or that f's noise is all that is left. Depends on its arguments only.
 * @return ELFIN_OK; ELFIN_E_ACCURACY: a piece would be too short, or there would be too many;
 *         ELFIN_E_VALIDITY: f was not finite; ELFIN_E_MEMORY; what f returned */
elfin_status series_append(series *s, const series_request *request, double low, double high,
                           elfin_error *err);

/** Append pieces made elsewhere (copied). @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status series_append_pieces(series *s, size_t n, const series_piece piece[], elfin_error *err);

/** The piece that holds x, or the nearest one; n ≥ 1. */
size_t series_find(const series *s, double x);

double series_piece_at(const series_piece *piece, double x);

void series_clear(series *s);

#endif
