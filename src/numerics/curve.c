/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file curve.c
 * Curves through points. GSL has cubic and Steffen splines, but not the monotone cubics of Fritsch
 * and Butland that the data of materials was fitted with; with other slopes a curve through few
 * points is another curve. */
#include "numerics/curve.h"

#include <math.h>

size_t curve_cell(size_t n, const double x[], double at)
{
  size_t low = 0, high = n - 1;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (x[middle] <= at)
      low = middle;
    else
      high = middle;
  }
  return low;
}

double curve_linear(size_t n, const double x[], const double y[], double at)
{
  if (at <= x[0])
    return y[0];
  if (at >= x[n - 1])
    return y[n - 1];
  size_t i = curve_cell(n, x, at);
  double part = (at - x[i]) / (x[i + 1] - x[i]);
  return y[i] + part * (y[i + 1] - y[i]);
}

/* Inside: the harmonic mean of the two slopes, weighted by the widths, or 0 at an extremum. */
static double inner_slope(double left, double right, double h_left, double h_right)
{
  if (left * right <= 0)
    return 0;
  double w_left = 2 * h_right + h_left, w_right = h_right + 2 * h_left;
  return (w_left + w_right) / (w_left / left + w_right / right);
}

/* At an end: the parabola through three points, held back where it would overshoot. `near` and
 * `far` are the slopes of the first and the second interval. */
static double end_slope(double near, double far, double h_near, double h_far)
{
  double slope = ((2 * h_near + h_far) * near - h_near * far) / (h_near + h_far);
  if (slope * near <= 0)
    return 0;
  if (near * far <= 0 && fabs(slope) > 3 * fabs(near))
    return 3 * near;
  return slope;
}

void curve_slopes(size_t n, const double x[], const double y[], double slope[])
{
  if (n == 2) {
    slope[0] = slope[1] = (y[1] - y[0]) / (x[1] - x[0]);
    return;
  }
  double h_left = x[1] - x[0], left = (y[1] - y[0]) / h_left;
  for (size_t i = 1; i + 1 < n; i++) {
    double h_right = x[i + 1] - x[i], right = (y[i + 1] - y[i]) / h_right;
    slope[i] = inner_slope(left, right, h_left, h_right);
    if (i == 1)
      slope[0] = end_slope(left, right, h_left, h_right);
    if (i + 2 == n)
      slope[n - 1] = end_slope(right, left, h_right, h_left);
    h_left = h_right;
    left = right;
  }
}

double curve_cubic(size_t n, const double x[], const double y[], const double slope[], double at)
{
  if (at <= x[0])
    return y[0];
  if (at >= x[n - 1])
    return y[n - 1];
  size_t i = curve_cell(n, x, at);
  double h = x[i + 1] - x[i], t = (at - x[i]) / h, u = 1 - t;
  return u * u * ((1 + 2 * t) * y[i] + t * h * slope[i]) +
         t * t * ((1 + 2 * u) * y[i + 1] - u * h * slope[i + 1]);
}
