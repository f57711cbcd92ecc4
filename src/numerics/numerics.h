/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file numerics.h
 * Integrate over panels; interpolate with a controlled error. Knows nothing of physics. */
#ifndef NUMERICS_H
#define NUMERICS_H

#include <elfin/base.h>

#include <stdbool.h>

/* ---- integrals (integrate.c, the only caller of Cubature) ------------------------------------ */

/** The integrand on panel `i_panel`, which the caller has mapped to the unit cube.
 *
 * @param[in]  n  number of points
 * @param[in]  x  [n][dim] in the unit cube, point by point
 * @param[out] f  [n], Jacobian included
 */
typedef void panel_function(void *context, size_t i_panel, size_t n, const double x[], double f[]);

/** Weak kinks inside of panels, too many to cut at all of them: a table's knots. */
typedef struct panel_kinks {
  /** Does panel `i_panel` have a kink inside? */
  bool (*any)(void *context, size_t i_panel);
  /** Cut a panel at one of them: it becomes the first piece, the others are appended to the
   * caller's list, which has room for INTEGRAL_MAX_PANELS.
   * @return how many were appended; 0: the list is full */
  size_t (*cut)(void *context, size_t i_panel);
} panel_kinks;

typedef struct integral_request {
  unsigned dim;           /* 1 or 2 */
  size_t n_panels;        /* ≤ INTEGRAL_MAX_PANELS */
  panel_function *f;
  const panel_kinks *kinks; /* NULL: the panels have none inside */
  void *context;
  double relative;        /* of the sum over all panels */
  double absolute;        /* whichever of the two is reached first */
  long max_evaluations;   /* > 0 */
} integral_request;

typedef struct integral {
  double value, error;
  long evaluations;
} integral;

enum { INTEGRAL_MAX_PANELS = 8192 };

/** What rounding in an integrand, and tables behind it, may do to a sum (relative). */
#define INTEGRAL_ROUNDING 6e-12

/** The sum of the integrals over all panels.
 *
 * Accuracy is spent where it is needed: a coarse pass finds out which panels matter, and only those
 * are refined: cut at the kinks inside them, if there are any, and then adaptively. The estimate is
 * never below INTEGRAL_ROUNDING of the value.
 * @param[out] result  always filled: on failure with the best known value (NaN if none)
 * @return ELFIN_OK; ELFIN_E_ACCURACY: budget spent before the error was reached;
 *         ELFIN_E_VALIDITY: the integrand was not finite somewhere; ELFIN_E_ARGUMENT: too
 *         many panels or dimensions; ELFIN_E_MEMORY
 */
elfin_status integrate_panels(const integral_request *request, integral *result, elfin_error *err);

/** n functions of x at m points: f is [m][n]. */
typedef void row_function(void *context, size_t m, const double x[], double f[]);

/** n integrals over the same stretch, whose integrands share what depends on x alone. All are refined
 * where one of them wants it, until the error of each is below `relative` times the largest of them,
 * or `max_points` are spent: then the errors say what was reached.
 * @param[out] value, error  [n] the latter as Cubature estimates it
 * @return ELFIN_OK; ELFIN_E_STOPPED; ELFIN_E_MEMORY */
elfin_status integrate_rows(size_t n, row_function *f, void *context, double low, double high,
                            double relative, long max_points, double value[], double error[],
                            elfin_error *err);

/* ---- a function of two variables as polynomial patches (interpolate.c) ----------------------- */

/** f(x, y_j) along a row of constant x. */
typedef void patch_function(void *context, double x, size_t n, const double y[], double f[]);

enum { PATCH_MOST_STEPS = 8 };

/** Where a function is wanted: x0 ≤ x ≤ x1, y0 ≤ y ≤ y1, y ≤ x + diagonal. Beyond x_fade it matters
 * less and less: the tolerance grows like exp(x − x_fade). At each y of `step` it may step, at all x. */
typedef struct patch_domain {
  double x0, x1, y0, y1, diagonal, x_fade;
  size_t n_steps;
  double step[PATCH_MOST_STEPS]; /* [n_steps] ascending */
} patch_domain;

/** The domain is cut into tiles of width 1 and height PATCH_TILE_HEIGHT, and each tile into patches
 * until the sum of the patches' errors is below `tolerance` times the tile's integral of |f|. A tile
 * depends on nothing but itself: tiles may be made anywhere, in any order. */
enum { PATCH_TILE_HEIGHT = 2 };
typedef struct patchwork patchwork;

elfin_status patchwork_new(patch_domain domain, double tolerance, patchwork **made,
                           elfin_error *err);
void patchwork_free(patchwork *work);

size_t patchwork_n_tiles(const patchwork *work);

/** Make a tile as an array of numbers, yours to free(). @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status patchwork_make(const patchwork *work, size_t i_tile, patch_function *f,
                            void *context, size_t *n, double **numbers, elfin_error *err);

/** Take a tile (copied). @return ELFIN_OK; ELFIN_E_ARGUMENT if it is none; ELFIN_E_MEMORY */
elfin_status patchwork_take(patchwork *work, size_t i_tile, size_t n, const double numbers[],
                            elfin_error *err);

/** The same without a copy: `numbers` stay yours, and there, unchanged, as long as the patchwork is
 * asked for values. @return ELFIN_OK; ELFIN_E_ARGUMENT */
elfin_status patchwork_borrow(patchwork *work, size_t i_tile, size_t n, const double numbers[],
                              elfin_error *err);

/** All tiles have been taken. */
bool patchwork_complete(const patchwork *work);

/** Values at n points. @return how many points lie outside of the domain: those f are NaN */
size_t patchwork_values(const patchwork *work, size_t n, const double x[], const double y[],
                        double f[]);

/** Edges of patches along the line of constant x, strictly between low and high: between two of
 * them the interpolant is one polynomial. @return how many, at most n_max: what is beyond is left out */
size_t patchwork_cuts(const patchwork *work, double x, double low, double high, size_t n_max,
                      double cut[]);

#endif
