/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_lanes.c
 * The functions for vector loops against long double, and at the seams of their polynomials. */
#include "check.h"

#include "numerics/lanes.h"

static double between(double low, double high)
{
  return low * pow(high / low, (double)rand() / RAND_MAX);
}

static void a_logarithm_has_its_digits(void)
{
  for (int i = 0; i < 100000; i++) {
    double r = between(1e-280, 1e280);
    CHECK_CLOSE(lanes_log(r, r - 1), (double)logl(r), 7e-16);
  }
  for (int i = 0; i < 100000; i++) { /* near 1, where the caller knows r − 1 better than r does */
    double excess = between(1e-18, 0.41) * (i % 2 ? 1 : -0.7);
    CHECK_CLOSE(lanes_log(1 + excess, excess), (double)log1pl((long double)excess), 7e-16);
  }
  CHECK(lanes_log(1, 0) == 0);
  for (int i = -3; i <= 3; i++) { /* the seams: √½ times powers of two */
    double seam = ldexp(sqrt(0.5), i);
    for (int side = -1; side <= 1; side++) {
      double r = side ? nextafter(seam, seam + side) : seam;
      CHECK_CLOSE(lanes_log(r, r - 1), (double)logl(r), 7e-16);
    }
  }
}

static void an_angle_has_its_digits(void)
{
  for (int i = 0; i < 200000; i++) {
    double y = between(1e-12, 1e12), x = between(1e-12, 1e12) * (i % 2 ? 1 : -1);
    CHECK_CLOSE(lanes_angle(y, x), (double)atan2l(y, x), 7e-16);
  }
  for (int i = -20; i <= 20; i++) { /* the seams: multiples of π/8 */
    double at = tan(M_PI / 8) * (1 + 1e-16 * i);
    CHECK_CLOSE(lanes_angle(at, 1), (double)atan2l(at, 1), 7e-16);
    CHECK_CLOSE(lanes_angle(1, at), (double)atan2l(1, at), 7e-16);
    CHECK_CLOSE(lanes_angle(1, -at), (double)atan2l(1, -at), 7e-16);
    CHECK_CLOSE(lanes_angle(at, -1), (double)atan2l(at, -1), 7e-16);
  }
  CHECK(lanes_angle(0, 1) == 0);
  CHECK_CLOSE(lanes_angle(1, 0), M_PI / 2, 1e-16);
  CHECK_CLOSE(lanes_angle(0, -1), M_PI, 1e-16);
}

int main(void)
{
  a_logarithm_has_its_digits();
  an_angle_has_its_digits();
  return check_result();
}
