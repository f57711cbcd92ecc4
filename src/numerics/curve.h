/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file curve.h
 * Curves through points, x ascending: straight lines, and monotone cubics (PCHIP). */
#ifndef CURVE_H
#define CURVE_H

#include <stddef.h>

/** The i with x[i] ≤ at < x[i+1], or the cell at the nearer end; n ≥ 2. */
size_t curve_cell(size_t n, const double x[], double at);

/** Linear between the points; the end values outside. NaN in, NaN out. */
double curve_linear(size_t n, const double x[], const double y[], double at);

/** Slopes at the points that make the cubics between them monotone where the points are
 * (F. N. Fritsch and J. Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300; at the ends the
 * three-point rule of Moler, Numerical Computing with MATLAB, §3.6): what SciPy calls PCHIP. */
void curve_slopes(size_t n, const double x[], const double y[], double slope[]);

/** The cubic with these slopes; the end values outside. NaN in, NaN out. */
double curve_cubic(size_t n, const double x[], const double y[], const double slope[], double at);

#endif
