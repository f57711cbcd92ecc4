/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_halo_identities.c
 * What must hold for η and f1 whatever the numbers: norms, derivatives, limits, continuity. */
#include "halo_check.h"

#include <elfin/halo.h>

#include <gsl/gsl_integration.h>


/* Ordinary halos, a slow and a fast laboratory, a halo much smaller and much larger than v0. */
static const double halos_km_s[][3] = {
    {220, 500, 240}, {238, 544, 250}, {220, 500, 0},   {220, 500, 1e-3}, {220, 500, 500},
    {220, 30, 20},   {50, 600, 240},  {30, 900, 300.}, {220, 500, 30},
};
enum { N_HALOS = sizeof halos_km_s / sizeof *halos_km_s };

static elfin_halo *halo_of(const double p[3])
{
  return maxwellian(p[0], p[1], p[2]);
}

/** The density of components along n, on average over all directions of n, is η/2. */
typedef struct component {
  const elfin_halo *halo;
  double v;
} component;

static double along_at(double cosine, void *context)
{
  const component *c = context;
  double density;
  elfin_halo_along(c->halo, cosine, 1, &c->v, &density);
  return density;
}

static void components_along_all_directions_make_eta(const elfin_halo *halo, const double p[3])
{
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(128);
  for (double v = 0; v < elfin_halo_v_max(halo); v += 0.083 * elfin_halo_v_max(halo)) {
    component c = {halo, v};
    gsl_function f = {along_at, &c};
    double low = p[2] > 0 ? fmin(1, fmax(-1, (v / KM_S - p[1]) / p[2])) : -1; /* where it begins */
    CHECK_CLOSE(0.5 * gsl_integration_glfixed(&f, low, 1, rule), 0.5 * eta_at(halo, v), 1e-9);
  }
  double end = elfin_halo_along_max(halo, 0.5), density[2], v[2] = {end * (1 - 1e-9), end * (1 + 1e-9)};
  elfin_halo_along(halo, 0.5, 2, v, density);
  CHECK((density[0] > 0 || p[1] > 25 * p[0]) && density[1] == 0); /* e^{−625} is 0 */
  CHECK_CLOSE(elfin_halo_along_max(halo, 1), elfin_halo_v_max(halo), 1e-14);
  gsl_integration_glfixed_table_free(rule);
}

/** ∫ v^power f1 dv from v_min on, piece by piece between the kinks. GSL keeps the rule with 128
 * nodes to full precision; it computes others to 1e-10 only. */
static double moment_above(const elfin_halo *halo, int power, double v_min)
{
  moment m = {halo, power};
  gsl_function f = {moment_integrand, &m};
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(128);
  size_t n;
  const double *kinks = elfin_halo_kinks(halo, &n);
  double sum = 0, low = v_min;
  for (size_t i = 0; i < n; i++)
    if (kinks[i] > low) {
      sum += gsl_integration_glfixed(&f, low, kinks[i], rule);
      low = kinks[i];
    }
  gsl_integration_glfixed_table_free(rule);
  return sum;
}

static void the_speed_distribution_is_normalised(void)
{
  for (int i = 0; i < N_HALOS; i++) {
    elfin_halo *halo = halo_of(halos_km_s[i]);
    CHECK_CLOSE(moment_above(halo, 0, 0), 1, 1e-12); /* 128 nodes a piece: rounding only */
    elfin_halo_free(halo);
  }
}

static void eta_is_the_mean_of_1_over_v_of_what_is_faster(void)
{
  for (int i = 0; i < N_HALOS; i++) {
    elfin_halo *halo = halo_of(halos_km_s[i]);
    double v_max = elfin_halo_v_max(halo);
    for (double x = 0; x < 1; x += 0.0199)
      CHECK_CLOSE(eta_at(halo, x * v_max), moment_above(halo, -1, x * v_max), 1e-11);
    for (double distance = 1e-2; distance > 1e-8; distance /= 10) /* v itself rounds by 1e-16 */
      CHECK_CLOSE(eta_at(halo, v_max * (1 - distance)),
                  moment_above(halo, -1, v_max * (1 - distance)), 1e-11 + 1e-15 / distance);
    elfin_halo_free(halo);
  }
}

static void eta_and_f1_are_continuous_at_kinks(void)
{
  for (int i = 0; i < N_HALOS; i++) {
    elfin_halo *halo = halo_of(halos_km_s[i]);
    size_t n;
    const double *kinks = elfin_halo_kinks(halo, &n);
    double eta_0 = eta_at(halo, 0);
    for (size_t j = 0; j < n; j++) {
      double below = nextafter(kinks[j], 0), above = nextafter(kinks[j], 1);
      CHECK_NEAR(eta_at(halo, below), eta_at(halo, above), 1e-13 * eta_0);
    }
    if (n == 2) /* f1 jumps to 0 at v_max only if the laboratory is at rest */
      CHECK_CLOSE(f1_at(halo, nextafter(kinks[0], 0)), f1_at(halo, kinks[0]), 1e-9);
    CHECK(eta_at(halo, kinks[n - 1]) == 0);
    CHECK(f1_at(halo, kinks[n - 1]) == 0);
    CHECK(eta_at(halo, INFINITY) == 0 && f1_at(halo, INFINITY) == 0);
    elfin_halo_free(halo);
  }
}

static void a_slow_laboratory_sees_the_isotropic_halo(void)
{
  /* The next term is of order (v_E/v0)² where η has no kink. */
  double v0 = 220 * KM_S, v_esc = 500 * KM_S;
  elfin_halo *still = halo_of(halos_km_s[2]);
  for (double v_lab = 1e-6; v_lab > 1e-14; v_lab /= 10) {
    double speeds[3] = {220, 500, v_lab / KM_S};
    elfin_halo *slow = halo_of(speeds);
    for (double x = 0; x < 0.99; x += 0.05) {
      double allowed = 1e-12 + 100 * pow(v_lab / v0, 2);
      CHECK_CLOSE(eta_at(slow, x * v_esc), eta_at(still, x * v_esc), allowed);
      CHECK_CLOSE(f1_at(slow, x * v_esc), f1_at(still, x * v_esc), allowed);
    }
    elfin_halo_free(slow);
  }
  elfin_halo_free(still);
}

static void without_truncation_it_is_the_maxwellian(void)
{
  /* η → [erf((v+v_E)/v0) − erf((v−v_E)/v0)]/(2 v_E); e^{−z²} = e^{−100} is left out. */
  double v0 = 60 * KM_S, v_lab = 70 * KM_S;
  double speeds[3] = {60, 600, 70};
  elfin_halo *halo = halo_of(speeds);
  for (double v = 0; v < 150 * KM_S; v += 7 * KM_S)
    CHECK_CLOSE(eta_at(halo, v), (erf((v + v_lab) / v0) - erf((v - v_lab) / v0)) / (2 * v_lab),
                1e-12);
  elfin_halo_free(halo);
}

static void a_small_halo_is_a_filled_sphere(void)
{
  /* v_esc ≪ v0: f is constant within the sphere; η(0) = 3/(2 v_esc) at rest. */
  double speeds[3] = {1e5, 10, 0};
  elfin_halo *halo = halo_of(speeds);
  double v_esc = 10 * KM_S;
  for (double x = 0; x < 0.95; x += 0.1)
    CHECK_CLOSE(eta_at(halo, x * v_esc), 1.5 / v_esc * (1 - x * x), 2e-8); /* next: (v_esc/v0)² */
  elfin_halo_free(halo);
}

static void eta_vanishes_quadratically_at_the_end(void)
{
  elfin_halo *halo = halo_of(halos_km_s[0]);
  double v_max = elfin_halo_v_max(halo), step = ldexp(1, -20) * v_max;
  double near_end = eta_at(halo, v_max - step), nearer = eta_at(halo, v_max - step / 2);
  CHECK_CLOSE(near_end / nearer, 4, 1e-5);
  CHECK(nearer > 0);
  elfin_halo_free(halo);
}

static void nan_stays_nan(void)
{
  for (int i = 0; i < N_HALOS; i++) {
    elfin_halo *halo = halo_of(halos_km_s[i]);
    CHECK(isnan(eta_at(halo, NAN)));
    CHECK(isnan(f1_at(halo, NAN)));
    elfin_halo_free(halo);
  }
}

int main(void)
{
  the_speed_distribution_is_normalised();
  eta_is_the_mean_of_1_over_v_of_what_is_faster();
  eta_and_f1_are_continuous_at_kinks();
  a_slow_laboratory_sees_the_isotropic_halo();
  without_truncation_it_is_the_maxwellian();
  a_small_halo_is_a_filled_sphere();
  eta_vanishes_quadratically_at_the_end();
  nan_stays_nan();
  for (int i = 0; i < N_HALOS; i++) {
    elfin_halo *halo = halo_of(halos_km_s[i]);
    components_along_all_directions_make_eta(halo, halos_km_s[i]);
    elfin_halo_free(halo);
  }
  return check_result();
}
