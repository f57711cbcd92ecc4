/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_migdal_kernel.c
 * G(ω,k), all of the full Migdal expression but the electrons: fixed rules on pieces that end at the
 * kinks. Against rules of twice the order on pieces of half the length, and against an adaptive
 * integration over q and the angle between q and k, the variables that the kernel does not use.
 */
#include "check.h"

#include "rates/migdal_kernel.h"

#include <elfin/constants.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include <stdbool.h>

static const double AMU = 931.49410242e6, C_KM_S = 299792.458;
static elfin_halo *halo;

/** Uniform in 0 … 1, always the same sequence. */
static double uniform(void)
{
  static unsigned long long state = 1;
  state = state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (double)(state >> 11) / 9007199254740992.0;
}

static double log_uniform(double low, double high)
{
  return low * pow(high / low, uniform());
}

/** A nucleus of mass A; Δ by ω̄ (0: free). */
static migdal_kernel kernel_of(double m_chi, double A, double phonon, double E_th, double m_phi)
{
  double q0 = m_chi * 220 / C_KM_S;
  return (migdal_kernel){.m_chi = m_chi, .m_N = A * AMU, .q0_2 = q0 * q0, .m_phi2 = m_phi * m_phi,
                         .E_th = E_th, .Delta = sqrt(phonon * A * AMU)};
}

/** Is the pole, at this ω and k, out of reach? Bound from above: q ≤ 2 m_χ v_max and what Δ adds. */
static bool far_from_pole(const migdal_kernel *g, double omega, double k)
{
  double reach = g->Delta > 0 ? migdal_kernel_furthest(g, omega, k) : 2 * g->mu * g->v_max + k;
  return k * (reach - k) < 0.98 * g->m_N * omega;
}

static double worst_of_random(const elfin_halo *h, int n, double phonon_low, double phonon_high)
{
  double worst = 0;
  for (int i = 0; i < n;) {
    double m_chi = log_uniform(5e6, 5e9), A = log_uniform(10, 130);
    double phonon = phonon_high > 0 ? log_uniform(phonon_low, phonon_high) : 0;
    double E_th = uniform() < 0.3 ? 0 : log_uniform(0.01, 2);
    double m_phi = uniform() < 0.4 ? 0 : uniform() < 0.5 ? INFINITY : log_uniform(1e3, 1e6);
    double omega = log_uniform(0.5, 100), k = log_uniform(10, 4e4);
    migdal_kernel usual = kernel_of(m_chi, A, phonon, E_th, m_phi), fine = usual;
    migdal_kernel_begin(&usual, h, 0);
    migdal_kernel_begin(&fine, h, 1);
    if (!far_from_pole(&usual, omega, k))
      continue;
    long evaluations = 0;
    double value = migdal_kernel_value(&usual, omega, k, &evaluations);
    double expected = migdal_kernel_value(&fine, omega, k, &evaluations);
    if (expected == 0 && value == 0)
      continue;
    i++;
    CHECK_CLOSE(value, expected, migdal_kernel_error(&usual));
    double off = fabs(value / expected - 1);
    if (off > 0.3 * migdal_kernel_error(&usual) && getenv("VERBOSE"))
      printf("off %.2e: m %.3g A %.3g ph %.3g Eth %.3g mphi %.3g om %.3g k %.3g\n", off, m_chi, A,
             phonon, E_th, m_phi, omega, k);
    worst = fmax(worst, off);
  }
  return worst;
}

static void free_ions_are_as_exact_as_claimed(void)
{
  printf("free ions: off by %.1e at most\n", worst_of_random(halo, 1000, 0, 0));
}

static void bound_ions_are_as_exact_as_claimed(void)
{
  printf("bound ions: off by %.1e at most\n", worst_of_random(halo, 400, 0.01, 0.15));
  printf("hardly bound ions: off by %.1e at most\n", worst_of_random(halo, 30, 1e-6, 1e-3));
}

/** The standard halo as a table of n + 1 points. */
static elfin_halo *table_of(size_t n)
{
  double v[512], eta[512], v_max = elfin_halo_v_max(halo);
  elfin_halo *table = NULL;
  for (size_t i = 0; i <= n; i++)
    v[i] = i == n ? v_max : v_max * (double)i / (double)n;
  elfin_halo_eta(halo, n + 1, v, eta);
  eta[n] = 0;
  CHECK(elfin_halo_new_table(n + 1, v, eta, &table, NULL) == ELFIN_OK);
  return table;
}

static void halo_tables_are_as_exact_as_claimed(void)
{
  static const size_t sizes[] = {40, 200, 400};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    elfin_halo *table = table_of(sizes[i]);
    printf("a table of %zu, free: off by %.1e at most\n", sizes[i], worst_of_random(table, 20, 0, 0));
    printf("a table of %zu, bound: off by %.1e at most\n", sizes[i],
           worst_of_random(table, 4, 0.01, 0.15));
    elfin_halo_free(table);
  }
}

/* ---- the same by adaptive quadrature over q and cosθ_qk -------------------------------------- */

typedef struct nested {
  const migdal_kernel *g;
  double omega, k, q;
  gsl_integration_workspace *inner;
} nested;

static double over_angle(double c, void *context)
{
  const nested *p = context;
  double q_N2 = p->q * p->q + p->k * p->k - 2 * p->q * p->k * c;
  double x = (p->q * p->k * c - p->k * p->k) / p->g->m_N, eta;
  double bracket = 1 / (p->omega - x) - 1 / p->omega;
  double v = p->q / (2 * p->g->m_chi) + (q_N2 / (2 * p->g->m_N) + p->omega) / p->q;
  elfin_halo_eta(halo, 1, &v, &eta);
  return bracket * bracket * eta;
}

static double over_q(double q, void *context)
{
  nested *p = context;
  double value, error, F = isinf(p->g->m_phi2) ? 1
                                               : (p->g->q0_2 + p->g->m_phi2) / (q * q + p->g->m_phi2);
  double c_th = (q * q + p->k * p->k - 2 * p->g->m_N * p->g->E_th) / (2 * q * p->k); /* q_N = q_th */
  gsl_function f = {over_angle, p};
  if (c_th <= -1)
    return 0;
  p->q = q;
  gsl_integration_qag(&f, -1, fmin(1, c_th), 0, 1e-9, 1000, GSL_INTEG_GAUSS15, p->inner, &value, &error);
  return q * F * F * value;
}

static void free_ions_agree_with_quadrature_over_angles(void)
{
  gsl_integration_workspace *outer = gsl_integration_workspace_alloc(1000);
  nested p = {.inner = gsl_integration_workspace_alloc(1000)};
  static const double cases[][6] = {/* m_χ, E_th, m_φ, ω, k, A */
                                    {1e8, 0, INFINITY, 5, 5e3, 28}, {1e8, 0.12, 0, 5, 1e4, 28},
                                    {3e8, 0.12, INFINITY, 20, 1e4, 28}, {5e7, 0.5, 1e5, 4, 3e4, 12},
                                    {1e9, 0.12, 0, 10, 3e4, 72}, {1e9, 0, INFINITY, 6, 2.5e4, 28}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const double *c = cases[i];
    migdal_kernel g = kernel_of(c[0], c[5], 0, c[1], c[2]);
    migdal_kernel_begin(&g, halo, 0);
    gsl_function f = {over_q, &p};
    double value, error;
    long evaluations = 0;
    p.g = &g;
    p.omega = c[3];
    p.k = c[4];
    gsl_integration_qag(&f, c[3] / g.v_max / 4, 2 * g.mu * g.v_max + 2 * c[4], 0, 1e-6, 1000,
                        GSL_INTEG_GAUSS15, outer, &value, &error);
    CHECK(value > 0);
    CHECK_CLOSE(migdal_kernel_value(&g, c[3], c[4], &evaluations), value, 5e-6);
  }
  gsl_integration_workspace_free(p.inner);
  gsl_integration_workspace_free(outer);
}

int main(void)
{
  elfin_error err;
  gsl_set_error_handler_off(); /* cuts inside of ranges make it doubt its own convergence */
  if (elfin_halo_new_shm(220 / C_KM_S, 500 / C_KM_S, 240 / C_KM_S, &halo, &err)) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  free_ions_are_as_exact_as_claimed();
  bound_ions_are_as_exact_as_claimed();
  halo_tables_are_as_exact_as_claimed();
  free_ions_agree_with_quadrature_over_angles();
  elfin_halo_free(halo);
  return check_result();
}
