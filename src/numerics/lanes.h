/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file lanes.h
 * Elementary functions without branches, for loops over arrays that the compiler turns into vector
 * instructions. Same bits however wide the vectors are: nothing is reordered or contracted.
 *
 * A function with such a loop is marked LANES, and its file compiled with LANES_OPTIONS
 * (CMakeLists.txt): then it exists once for each width that the processor may have.
 *
 * The polynomials are Chebyshev fits of atanh(s)/s in s² ≤ tan⁴(π/8) and of atan(t)/t in
 * t² ≤ tan²(π/8), rounded to doubles 3e-18 and 4e-18 off at most; tests/numerics/test_lanes.c holds
 * the functions against long double.
 */
#ifndef LANES_H
#define LANES_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#ifdef ELFIN_HAS_CLONES
#define LANES __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LANES
#endif
#define LANES_INLINE static inline __attribute__((always_inline))

/** artanh(s), |s| ≤ tan²(π/8). */
LANES_INLINE double lanes_artanh(double s)
{
  double x = s * s, x2 = x * x;
  double low = (1 + x * 0.33333333333333825532) +
               x2 * (0.19999999999651169036 + x * 0.14285714380320840844);
  double high = (0.11111098528363023974 + x * 0.0909181584011466426) +
                x2 * (0.076562640741820953139 + x * 0.07404855180327638009);
  return s * (low + x2 * x2 * high);
}

/** ln r for normal r > 0; `excess` is r − 1, which the caller may know without cancellation. */
LANES_INLINE double lanes_log(double r, double excess)
{
  const uint64_t one = 1023ull << 52, root_half = 0x3fe6a09e667f3bcdull; /* bits of 1 and √½ */
  const uint64_t magic = 0x4330000000000000ull; /* bits of 2⁵²: below it, integers are exact */
  uint64_t bits, mantissa_bits, exponent_bits;
  double mantissa, exponent;
  memcpy(&bits, &r, sizeof bits);
  uint64_t biased = (bits - root_half + one) >> 52; /* r = mantissa · 2^exponent, √½ ≤ mantissa < √2 */
  mantissa_bits = bits - (biased << 52) + one;
  exponent_bits = biased | magic;
  memcpy(&mantissa, &mantissa_bits, sizeof mantissa);
  memcpy(&exponent, &exponent_bits, sizeof exponent);
  exponent -= 0x1p52 + 1023;
  double x = exponent == 0 ? excess : mantissa - 1;
  return exponent * 0.69314718055994530942 + 2 * lanes_artanh(x / (2 + x));
}

/** The angle of (x, y) from the x axis, y ≥ 0, not both 0: from 0 to π. */
LANES_INLINE double lanes_angle(double y, double x)
{
  double flat = fabs(x);
  int steep = y > flat;
  double low = steep ? flat : y, high = steep ? y : flat;
  int beyond = low > 0.41421356237309504880 * high; /* tan(π/8): there turn by π/4 */
  double t = (beyond ? low - high : low) / (beyond ? low + high : high);
  double w = t * t, w2 = w * w, w4 = w2 * w2;
  double p0 = (1 - w * 0.33333333333333120541) +
              w2 * (0.19999999999940892836 - w * 0.14285714279250244507);
  double p1 = (0.11111110744919658333 - w * 0.090908968090640265847) +
              w2 * (0.076920453309022251975 - w * 0.066629518136291907004);
  double p2 = (0.058468782973308722206 - w * 0.050351024566015520345) +
              w2 * (0.037965257453865933202 - w * 0.017805397205419445927);
  double angle = t * (p0 + w4 * (p1 + w4 * p2)) + (beyond ? 0.78539816339744830962 : 0);
  angle = steep ? 1.57079632679489661923 - angle : angle;
  return x < 0 ? 3.14159265358979323846 - angle : angle;
}

#endif
