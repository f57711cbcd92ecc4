/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_gas_lanes.c
 * The vector forms of a damped gas agree with the form that serves everywhere, over all they are
 * used for. */
#include "check.h"

#include "elf/elf.h"
#include "elf/gas_lanes.h"

#include <math.h>
#include <stdlib.h>

static double between(double low, double high)
{
  return low * pow(high / low, (double)rand() / RAND_MAX);
}

/** One gas with given u, z and damping, in units where ω is 1. */
static gas_lanes one_gas(double x, double y, double z)
{
  gas_lanes gas = {.n = 1, .amplitude = {1}};
  gas.u_per_omega[0] = x;
  gas.gamma[0] = y / x;
  gas.z[0] = z;
  gas.strength[0] = 1e-3; /* so weak that 1/ε − 1 is −χ */
  gas.f_0[0] = lindhard_f_static(z);
  return gas;
}

static double complex expected(const gas_lanes *gas)
{
  double complex u = CMPLX(gas->u_per_omega[0], gas->gamma[0] * gas->u_per_omega[0]);
  double complex f = lindhard_f(u, gas->z[0]), omega = CMPLX(1, gas->gamma[0]);
  double complex chi = gas->strength[0] * omega * f / (1 + CMPLX(0, gas->gamma[0]) * f / gas->f_0[0]);
  return -chi / (1 + chi);
}

/* The closed form loses five digits at the end of where it serves. */
static const double ROUNDING = 1e-10;

typedef void form(const gas_lanes *gas, double omega, double sum[2]);

static void compare(form *f, double x, double y, double z)
{
  gas_lanes gas = one_gas(x, y, z);
  double sum[2];
  f(&gas, 1, sum);
  double complex exact = expected(&gas);
  /* where a part nearly vanishes, both have the rounding of the larger one */
  CHECK_NEAR(sum[0], creal(exact), 1e-10 * fabs(creal(exact)) + ROUNDING * cabs(exact));
  CHECK_NEAR(sum[1], cimag(exact), 1e-10 * fabs(cimag(exact)) + ROUNDING * cabs(exact));
}

static void the_closed_form_has_the_digits(void)
{
  for (int i = 0; i < 40000; i++) {
    double z = between(0.05, 6), x = between(1e-4, 20), y = between(1e-5, 20);
    if (hypot(x - z, y) < 20)
      compare(gas_lanes_closed, x, y, z);
  }
}

static void the_near_form_has_the_digits(void)
{
  for (int i = 0; i < 40000; i++) {
    double x = between(1e-4, 20), y = between(1e-5, 20), z = between(1e-5, 0.05);
    if (z <= 0.1 * hypot(x - 1, y) && hypot(x, y) < 20)
      compare(gas_lanes_near, x, y, z);
  }
}

static void the_far_form_has_the_digits(void)
{
  for (int i = 0; i < 40000; i++) {
    double x = between(1e-4, 1e4), y = between(1e-5, 1e3), z = between(1e-5, 100);
    if (hypot(x - z, y) >= 6)
      compare(gas_lanes_far, x, y, z);
  }
}

static void the_static_limit_has_the_digits(void)
{
  double z[GAS_LANES], f_0[GAS_LANES];
  for (int i = 0; i < GAS_LANES; i++)
    z[i] = i ? between(1e-5, 100) : 1;
  gas_lanes_static(GAS_LANES, z, f_0);
  for (int i = 0; i < GAS_LANES; i++)
    CHECK_CLOSE(f_0[i], lindhard_f_static(z[i]), 1e-12);
}

/** Rows of a list: in them oscillators change their form, and some are left to no form at all. */
static void a_row_is_its_points(void)
{
  enum { N_TERMS = 100, N_ROW = 5 };
  elfin_oscillator list[N_TERMS];
  mermin *all;
  for (int i = 0; i < N_TERMS; i++)
    list[i] = (elfin_oscillator){between(1e-3, 1), between(3e-3, 50), between(0.05, 300)};
  CHECK(mermin_new(N_TERMS, list, &all, NULL) == ELFIN_OK);
  for (int i = 0; i < 400; i++) {
    double k = between(0.5, 4e4), omega[N_ROW] = {between(1e-3, 300)};
    double complex row[N_ROW];
    for (int j = 1; j < N_ROW; j++)
      omega[j] = omega[j - 1] * between(1.001, 3);
    mermin_inverse_row(all, N_ROW, omega, k, row);
    for (int j = 0; j < N_ROW; j++) {
      double complex exact = 1;
      for (int t = 0; t < N_TERMS; t++) {
        double complex chi = mermin_susceptibility(omega[j], k, list[t].omega_eV, list[t].gamma_eV);
        exact -= list[t].amplitude * chi / (1 + chi);
      }
      CHECK_NEAR(creal(row[j]), creal(exact), 1e-9 * cabs(1 - exact));
      CHECK_NEAR(cimag(row[j]), cimag(exact), 1e-9 * fabs(cimag(exact)) + 1e-14);
    }
  }
  mermin_free(all);
}

int main(void)
{
  the_closed_form_has_the_digits();
  the_near_form_has_the_digits();
  the_far_form_has_the_digits();
  the_static_limit_has_the_digits();
  a_row_is_its_points();
  return check_result();
}
