/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_curve.c
 * Curves through points: exact where they must be, monotone where the points are, and equal to an
 * independent implementation's digits. */
#include "check.h"
#include "numerics/curve.h"

enum { N = 7 };
static const double x[N] = {0, 1, 2.5, 3, 5, 5.25, 9};

static void every_point_lies_in_its_cell(void)
{
  for (size_t i = 0; i + 1 < N; i++) {
    CHECK(curve_cell(N, x, x[i]) == i);
    CHECK(curve_cell(N, x, nextafter(x[i + 1], 0)) == i);
  }
  CHECK(curve_cell(N, x, -1) == 0 && curve_cell(N, x, 9) == N - 2 && curve_cell(N, x, 99) == N - 2);
}

static void a_straight_line_is_a_straight_line(void)
{
  double y[N], slope[N];
  for (size_t i = 0; i < N; i++)
    y[i] = 3 - 2 * x[i];
  curve_slopes(N, x, y, slope);
  for (double at = 0; at <= 9; at += 0.125) {
    CHECK_NEAR(curve_linear(N, x, y, at), 3 - 2 * at, 1e-14);
    CHECK_NEAR(curve_cubic(N, x, y, slope, at), 3 - 2 * at, 1e-14);
  }
  curve_slopes(2, x, y, slope);
  CHECK_NEAR(curve_cubic(2, x, y, slope, 0.25), 2.5, 1e-15);
}

static void outside_the_end_values_hold_and_nan_stays_nan(void)
{
  const double y[N] = {1, 2, 4, 4, 3, 8, 7};
  double slope[N];
  curve_slopes(N, x, y, slope);
  CHECK(curve_linear(N, x, y, -3) == 1 && curve_linear(N, x, y, 12) == 7);
  CHECK(curve_cubic(N, x, y, slope, -3) == 1 && curve_cubic(N, x, y, slope, 12) == 7);
  CHECK(isnan(curve_linear(N, x, y, NAN)) && isnan(curve_cubic(N, x, y, slope, NAN)));
}

static void the_cubic_never_leaves_its_points(void)
{
  const double y[N] = {1, 2, 4, 4, 3, 8, 7};
  double slope[N];
  curve_slopes(N, x, y, slope);
  for (size_t i = 0; i + 1 < N; i++) {
    double low = fmin(y[i], y[i + 1]), high = fmax(y[i], y[i + 1]), before = y[i];
    for (int k = 1; k <= 200; k++) {
      double here = curve_cubic(N, x, y, slope, x[i] + k * (x[i + 1] - x[i]) / 200);
      CHECK(here >= low - 1e-14 && here <= high + 1e-14);
      CHECK((here - before) * (y[i + 1] - y[i]) >= -1e-14);
      before = here;
    }
  }
}

/* scipy.interpolate.PchipInterpolator(x, y), SciPy 1.10.1 */
static void scipy_says_the_same(void)
{
  const double y[N] = {1, 2, 4, 4, 3, 8, 7};
  static const struct {
    double at, value;
  } theirs[] = {
      {0.25, 1.225058962264151},
      {0.5, 1.466823899371069},
      {1.75, 3.2122641509433962},
      {2.25, 3.89116002795248},
      {2.75, 4.0},
      {3.5, 3.84375},
      {4.5, 3.15625},
      {5.125, 5.5},
      {6, 7.992},
      {8, 7.60562962962963},
  };
  double slope[N];
  curve_slopes(N, x, y, slope);
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++)
    CHECK_CLOSE(curve_cubic(N, x, y, slope, theirs[i].at), theirs[i].value, 1e-14);
}

int main(void)
{
  every_point_lies_in_its_cell();
  a_straight_line_is_a_straight_line();
  outside_the_end_values_hold_and_nan_stays_nan();
  the_cubic_never_leaves_its_points();
  scipy_says_the_same();
  return check_result();
}
