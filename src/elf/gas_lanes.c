/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file gas_lanes.c
 * Σ A [1/ε_M − 1] over many oscillators at one (ω,k), in loops without branches [mermin.c and
 * lindhard.c have the formulas].
 *
 * Three forms of f(u,z) serve nearly all that an interpolant asks for. With a = u+z, b = u−z,
 * L(x) = ln[(x+1)/(x−1)], p = 1/(u+1), m = 1/(u−1):
 *   closed:  f = 1/2 + [(1−a²) L(a) − (1−b²) L(b)]/(8z); it loses |a|³/z in digits
 *   near:    f = 1 − (u/2) L(u) − Σ_{n=3,5,…} z^{n−1}/(2n(n−1)) [p^{n−1} + m^{n−1} + (p^{n−2} −
 *            m^{n−2})/(n−2)],
 *            the Taylor series of g around u: of g only its odd derivatives survive, g^{(n)}/n! =
 *            −2/(n(n−1)) times the bracket. Its terms fall like (z/|1−u|)², so that five of them
 *            leave 1e-12; it loses |u|²
 *   far:     the series in 1/a and 1/b of lindhard.c, with as many terms as |b| = 6 needs.
 */
#include "elf/gas_lanes.h"

#include "numerics/lanes.h"

/* n of the last term of the near form; terms of the far one. */
enum { LAST_DERIVATIVE = 11, FAR_TERMS = 9 };
/* From this z on the far form serves at u = 0, too. */
static const double STATIC_FAR_Z = 6.0;

typedef struct pair {
  double re, im;
} pair;

LANES_INLINE pair product(pair x, pair y)
{
  return (pair){x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
}

/** L(x + iy), y > 0. */
LANES_INLINE pair log_ratio(double x, double y2, double y)
{
  double inverse = 1 / ((x - 1) * (x - 1) + y2);
  double ratio = ((x + 1) * (x + 1) + y2) * inverse;
  return (pair){0.5 * lanes_log(ratio, 4 * x * inverse),
                -lanes_angle(2 * y, (x - 1) * (x + 1) + y2)};
}

/** (1 − x²) L(x) at x + iy. */
LANES_INLINE pair g(double x, double y2, double y)
{
  return product((pair){(1 - x) * (1 + x) + y2, -2 * x * y}, log_ratio(x, y2, y));
}

LANES_INLINE pair f_closed(double x, double y, double z)
{
  double y2 = y * y, scale = 0.125 / z;
  pair above = g(x + z, y2, y), below = g(x - z, y2, y);
  return (pair){0.5 + scale * (above.re - below.re), scale * (above.im - below.im)};
}

LANES_INLINE pair f_near(double x, double y, double z)
{
  double y2 = y * y, z2 = z * z, power = 1;
  double over_p = 1 / ((x + 1) * (x + 1) + y2), over_m = 1 / ((x - 1) * (x - 1) + y2);
  pair p = {(x + 1) * over_p, -y * over_p}, m = {(x - 1) * over_m, -y * over_m};
  pair p2 = product(p, p), m2 = product(m, m), uL = product((pair){x, y}, log_ratio(x, y2, y));
  pair f = {1 - 0.5 * uL.re, -0.5 * uL.im};
  pair p_odd = p, m_odd = m, p_even = p2, m_even = m2; /* powers n − 2 and n − 1 */
  for (int n = 3; n <= LAST_DERIVATIVE; n += 2) {
    power *= z2;
    double weight = power / (2 * n * (n - 1)), odd = 1.0 / (n - 2);
    f.re -= weight * (p_even.re + m_even.re + odd * (p_odd.re - m_odd.re));
    f.im -= weight * (p_even.im + m_even.im + odd * (p_odd.im - m_odd.im));
    p_odd = product(p_odd, p2);
    m_odd = product(m_odd, m2);
    p_even = product(p_even, p2);
    m_even = product(m_even, m2);
  }
  return f;
}

LANES_INLINE pair f_far(double x, double y, double z)
{
  double re = (x - z) * (x + z) - y * y, im = 2 * x * y, over = 1 / (re * re + im * im);
  pair both = {re * over, -im * over};        /* 1/a · 1/b */
  pair sum = product((pair){2 * x, 2 * y}, both); /* 1/a + 1/b */
  pair sum2 = product(sum, sum), both2 = product(both, both);
  pair squares = {sum2.re - 2 * both.re, sum2.im - 2 * both.im}; /* 1/a² + 1/b² */
  pair before = {1, 0}, now = {sum2.re - both.re, sum2.im - both.im}, f = {1.0 / 3, 0};
  for (int i = 1, m = 3; i < FAR_TERMS; i++, m += 2) {
    double weight = 1.0 / (m * (m + 2));
    f.re += weight * now.re;
    f.im += weight * now.im;
    pair grown = product(squares, now), past = product(both2, before);
    before = now;
    now = (pair){grown.re - past.re, grown.im - past.im};
  }
  pair minus = product(both, f);
  return (pair){-minus.re, -minus.im};
}

/** A [1/ε_M − 1] from f(u,z): see mermin.c. */
LANES_INLINE pair contribution(const gas_lanes *gas, size_t i, double omega, pair f)
{
  double gamma = gas->gamma[i], ratio = gamma / gas->f_0[i];
  double above_re = omega * f.re - gamma * f.im, above_im = omega * f.im + gamma * f.re;
  double below_re = omega - ratio * f.im, below_im = ratio * f.re;
  double scale = gas->strength[i] / (below_re * below_re + below_im * below_im);
  double chi_re = scale * (above_re * below_re + above_im * below_im);
  double chi_im = scale * (above_im * below_re - above_re * below_im);
  double re = 1 + chi_re, share = gas->amplitude[i] / (re * re + chi_im * chi_im);
  return (pair){-share * (chi_re * re + chi_im * chi_im), -share * chi_im};
}

/** In an order that does not depend on the width of vectors. */
static void add_up(size_t n, const double re[], const double im[], double sum[2])
{
  sum[0] = sum[1] = 0;
  for (size_t i = 0; i < n; i++) {
    sum[0] += re[i];
    sum[1] += im[i];
  }
}

/* One loop a form: the compiler makes vector instructions of it. */
#define GAS_LANES_SUM(name, f)                                                                     \
  LANES void name(const gas_lanes *gas, double omega, double sum[2])                               \
  {                                                                                                \
    double re[GAS_LANES], im[GAS_LANES];                                                           \
    for (size_t i = 0; i < gas->n; i++) {                                                          \
      double unit = gas->u_per_omega[i];                                                           \
      pair one = contribution(gas, i, omega, f(omega * unit, gas->gamma[i] * unit, gas->z[i]));    \
      re[i] = one.re;                                                                              \
      im[i] = one.im;                                                                              \
    }                                                                                              \
    add_up(gas->n, re, im, sum);                                                                   \
  }

GAS_LANES_SUM(gas_lanes_closed, f_closed)
GAS_LANES_SUM(gas_lanes_near, f_near)
GAS_LANES_SUM(gas_lanes_far, f_far)

LANES void gas_lanes_static(size_t n, const double z[], double f_0[])
{
  for (size_t i = 0; i < n; i++) {
    double inverse = 1 / (1 - z[i]), over2 = 1 / (z[i] * z[i]), far = 0;
    double L = lanes_log(fabs((1 + z[i]) * inverse), z[i] < 1 ? 2 * z[i] * inverse : -2 * inverse);
    double closed = 0.5 + (1 - z[i]) * (1 + z[i]) * L / (4 * z[i]);
    for (int m = 2 * FAR_TERMS - 1; m > 0; m -= 2)
      far = (far + 1.0 / (m * (m + 2))) * over2;
    f_0[i] = z[i] >= STATIC_FAR_Z ? far : z[i] == 1 ? 0.5 : closed;
  }
}
