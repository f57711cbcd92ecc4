/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file lindhard.c
 * The free electron gas [docs/responses.md, Lindhard; J. Lindhard, Dan. Mat. Fys. Medd. 28 (1954) 8].
 *
 *   ε(ω,k) = 1 + 3 ω_p²/(k² v_F²) f(u,z),   u = ω/(k v_F),  z = k/(2 m_e v_F)
 *   f(u,z) = 1/2 + [g(z−u) + g(z+u)]/(8z),  g(x) = (1−x²) L(x),  L(x) = ln[(x+1)/(x−1)]
 *
 * Delicate: f is a small difference of large terms in two corners. Write a = u+z, b = u−z; g is odd.
 *
 * Far out (|a|, |b| ≥ FAR) L(x) = 2 Σ x^{−m}/m over odd m gives, with nothing left to cancel,
 *   f = −Σ_{m odd} H_m / (m (m+2)),   H_m = Σ_{j<m} a^{−(j+1)} b^{−(m−j)},
 * where H_m follows from the recurrence of complete homogeneous polynomials in 1/a and 1/b.
 *
 * For z → 0 the difference L(a) − L(b) = −2 artanh[2z/(ab−1)] is taken in one piece,
 *   f = 1/2 − (1−u²−z²) artanh(w)/(4z) − u [L(a) + L(b)]/4,   w = 2z/(ab−1);
 * for Im u > 0 all three logarithms are principal. tests/elf holds all forms against
 * 60 digits.
 */
#include "elf/elf.h"

#include <math.h>

/* Beyond this |u±z| the series needs at most 9 terms, and the closed form loses three digits. */
static const double FAR = 6.0;
static const double ENOUGH = 1e-14; /* a term of this relative size is the last one */
/* Below this z the closed form takes L(a) − L(b) in one piece. */
static const double SMALL_Z = 0.05;

/** atan2(y, x) for y ≥ 0, not both 0: half its cost without its special cases. */
static inline double angle(double y, double x)
{
  if (y >= fabs(x))
    return 0.5 * M_PI - atan(x / y);
  double acute = atan(y / x);
  return x > 0 ? acute : M_PI + acute;
}

/** L(x) for Im x ≥ 0, the limit from above on the real axis: −π < Im L ≤ 0. */
static double complex log_ratio(double complex x)
{
  double re = creal(x), im = cimag(x);
  double above = (re + 1) * (re + 1) + im * im, below = (re - 1) * (re - 1) + im * im;
  double real = fabs(re) < 0.5 ? 0.5 * log1p(4 * re / below) : 0.5 * log(above / below);
  return CMPLX(real, -angle(2 * im, (re - 1) * (re + 1) + im * im));
}

/** artanh(w), accurate for small w; principal. */
static double complex artanh(double complex w)
{
  double re = creal(w), im = cimag(w), below = (1 - re) * (1 - re) + im * im;
  return CMPLX(0.25 * log1p(4 * re / below), 0.5 * atan2(2 * im, (1 - re) * (1 + re) - im * im));
}

/** A complex product and reciprocal without the library's checks for infinities. */
static inline double complex product(double complex x, double complex y)
{
  return CMPLX(creal(x) * creal(y) - cimag(x) * cimag(y), creal(x) * cimag(y) + cimag(x) * creal(y));
}

static inline double complex reciprocal(double complex x)
{
  double scale = 1 / (creal(x) * creal(x) + cimag(x) * cimag(x));
  return CMPLX(creal(x) * scale, -cimag(x) * scale);
}

static double complex far_series(double complex u, double z)
{
  /* 1/(m (m+2)), m = 1, 3, 5 … */
  static const double weight[] = {1. / 3,   1. / 15,  1. / 35,  1. / 63,  1. / 99,
                                  1. / 143, 1. / 195, 1. / 255, 1. / 323, 1. / 399};
  enum { TERMS = sizeof weight / sizeof *weight };
  /* 1/a · 1/b and 1/a + 1/b, written so that the imaginary parts keep their digits */
  double re = creal(u), im = cimag(u);
  double complex both = reciprocal(CMPLX((re - z) * (re + z) - im * im, 2 * re * im));
  double complex sum = 2 * product(u, both);
  /* H_m for every other m: the roots of the recurrence are 1/a² and 1/b² */
  double complex sum2 = product(sum, sum), both2 = product(both, both);
  double complex squares = sum2 - 2 * both;
  double complex previous = 1, current = sum2 - both;
  double complex f = weight[0];
  for (int i = 1; i < TERMS; i++) {
    double complex term = current * weight[i];
    f += term;
    if (fabs(creal(term)) <= ENOUGH * fabs(creal(f)) && fabs(cimag(term)) <= ENOUGH * fabs(cimag(f)))
      break;
    double complex next = product(squares, current) - product(both2, previous);
    previous = current;
    current = next;
  }
  return -product(both, f);
}

double complex lindhard_f(double complex u, double z)
{
  double complex a = u + z, b = u - z;
  double b2 = creal(b) * creal(b) + cimag(b) * cimag(b); /* |b| ≤ |a| as Re u ≥ 0 */
  if (b2 >= FAR * FAR)
    return far_series(u, z);

  double complex La = log_ratio(a), Lb = log_ratio(b);
  if (z >= SMALL_Z) {
    double complex A = 1 - product(a, a), B = 1 - product(b, b);
    return 0.5 + (product(A, La) - product(B, Lb)) / (8 * z);
  }
  double complex u2 = product(u, u);
  double complex w = 2 * z * reciprocal(u2 - z * z - 1);
  return 0.5 - product(1 - u2 - z * z, artanh(w)) / (4 * z) - product(u, La + Lb) / 4;
}

double complex lindhard_f_real(double u, double z)
{
  double a = u + z, b = u - z;
  if (fabs(b) >= FAR)
    return creal(far_series(u, z));
  double imaginary = (fabs(b) < 1 ? (1 - b) * (1 + b) : 0) - (a < 1 ? (1 - a) * (1 + a) : 0);
  double real;
  if (z < SMALL_Z) {
    double w = 2 * z / (u * u - z * z - 1);
    double sum = log(fabs((a + 1) / (a - 1) * (b + 1) / (b - 1)));
    double difference = 0.5 * log(fabs((1 + w) / (1 - w))); /* real part of artanh */
    if (fabs(w) < 0.5)
      difference = 0.5 * log1p(2 * w / (1 - w));
    real = 0.5 - (1 - u * u - z * z) * difference / (4 * z) - u * sum / 4;
  } else {
    double La = a == 1 ? 0 : log(fabs((a + 1) / (a - 1)));
    double Lb = fabs(b) == 1 ? 0 : log(fabs((b + 1) / (b - 1)));
    real = 0.5 + ((1 - a) * (1 + a) * La - (1 - b) * (1 + b) * Lb) / (8 * z);
  }
  return CMPLX(real, M_PI * imaginary / (8 * z));
}

double lindhard_f_static(double z)
{
  if (z == 1)
    return 0.5;
  if (z >= FAR)
    return creal(far_series(0, z));
  double L = z < 0.5 ? log1p(2 * z / (1 - z)) : log(fabs((1 + z) / (1 - z)));
  return 0.5 + (1 - z) * (1 + z) * L / (4 * z);
}

lindhard lindhard_of(double omega_p_eV, const elfin_constants *constants)
{
  lindhard gas = {.omega_p = omega_p_eV, .m_e = constants->m_e_eV};
  double m = gas.m_e;
  gas.v_F = cbrt(3 * M_PI * omega_p_eV * omega_p_eV / (4 * constants->alpha * m * m));
  gas.k_F = m * gas.v_F;
  return gas;
}

double complex lindhard_epsilon(const lindhard *gas, double omega, double k)
{
  double scale = gas->omega_p / (k * gas->v_F);
  return 1 + 3 * scale * scale * lindhard_f_real(omega / (k * gas->v_F), k / (2 * gas->k_F));
}

void lindhard_band(const lindhard *gas, double omega, double *k_low, double *k_high)
{
  double root = sqrt(2 * gas->m_e * omega + gas->k_F * gas->k_F);
  *k_low = 2 * gas->m_e * omega / (root + gas->k_F); /* √(…) − k_F without cancellation */
  *k_high = root + gas->k_F;
}
