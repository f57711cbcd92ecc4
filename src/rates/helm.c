/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file helm.c
 * Helm's form factor: a homogeneous sphere with a soft skin [Lewin & Smith, Astropart. Phys. 6 (1996) 87,
 * eqs. 4.7 to 4.11].
 *
 *   F(q) = 3 j1(q r_n)/(q r_n) exp(−(q s)²/2),   j1(x) = (sin x − x cos x)/x²
 *   r_n² = c² + 7π²a²/3 − 5s²,   c = 1.23 A^{1/3} − 0.60 fm,   a = 0.52 fm,   s = 0.9 fm
 *
 * Delicate: sin x − x cos x cancels like x³; below X_SERIES the sphere's series stands for it.
 */
#include "rates/helm.h"

#include <math.h>

static const double CM_PER_FM = 1e-13;
/* [fm], eq. 4.11 and the text below it. */
static const double SKIN = 0.9, DIFFUSENESS = 0.52, PER_NUCLEON = 1.23, INWARD = 0.60;
static const double X_SERIES = 0.1; /* the next term of the series is 1e-17 there */

helm helm_of(const elfin_constants *constants, double mass_number)
{
  const double pi = acos(-1);
  double per_eV = CM_PER_FM / constants->hbar_c_eV_cm; /* 1 fm */
  double c = PER_NUCLEON * cbrt(mass_number) - INWARD;
  double r2 = c * c + 7.0 / 3 * pi * pi * DIFFUSENESS * DIFFUSENESS - 5 * SKIN * SKIN;
  return (helm){.r_n = sqrt(r2) * per_eV, .s = SKIN * per_eV};
}

/** 3 j1(x)/x. */
static double sphere(double x)
{
  double x2 = x * x;
  if (x < X_SERIES)
    return 1 - x2 / 10 * (1 - x2 / 28 * (1 - x2 / 54 * (1 - x2 / 88)));
  return 3 * (sin(x) - x * cos(x)) / (x2 * x);
}

double helm_F2(const helm *h, double q)
{
  double of_sphere = sphere(q * h->r_n), qs = q * h->s;
  return of_sphere * of_sphere * exp(-qs * qs);
}
