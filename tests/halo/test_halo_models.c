/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_halo_models.c
 * Halos that are no Maxwellian: their limits, closed forms, norms, and their definition as it
 * stands. */
#include "halo_check.h"

#include "halo/halo_lookup.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_qrng.h>

static elfin_halo *sausage(double v0, double v_esc, double beta, double x, double y, double z)
{
  elfin_halo *halo = NULL;
  elfin_error err;
  const double v_lab[3] = {x * KM_S, y * KM_S, z * KM_S};
  elfin_status status = elfin_halo_new_sausage(v0 * KM_S, v_esc * KM_S, beta, v_lab, &halo, &err);
  return halo_or_end(status, halo, &err);
}

static elfin_halo *tsallis(double v0, double q, double v_lab)
{
  elfin_halo *halo = NULL;
  elfin_error err;
  elfin_status status = elfin_halo_new_tsallis(v0 * KM_S, q, v_lab * KM_S, &halo, &err);
  return halo_or_end(status, halo, &err);
}

static elfin_halo *debris(double v_flow, double v_lab)
{
  elfin_halo *halo = NULL;
  elfin_error err;
  elfin_status status = elfin_halo_new_debris(v_flow * KM_S, v_lab * KM_S, &halo, &err);
  return halo_or_end(status, halo, &err);
}

/** A preset at the mean velocity of the Earth. */
static elfin_halo *preset(const char *name)
{
  size_t n;
  const elfin_halo_preset *list = elfin_halo_presets(&n);
  elfin_halo *halo = NULL;
  elfin_error err = {"no such preset"};
  for (size_t i = 0; i < n; i++)
    if (strcmp(list[i].name, name) == 0) {
      const double v_lab[3] = {0, list[i].vearth_km_s, 0};
      elfin_status status = elfin_halo_new(&list[i], v_lab, 1 / KM_S, &halo, &err);
      return halo_or_end(status, halo, &err);
    }
  return halo_or_end(ELFIN_E_ARGUMENT, NULL, &err);
}

/* ---- what holds for all ---------------------------------------------------------------------- */

/** ∫ v^power f1 dv from v_min on. Adaptive: Tsallis' powers are no polynomials at the kinks. */
static double moment_above(const elfin_halo *halo, int power, double v_min)
{
  moment m = {halo, power};
  gsl_function f = {moment_integrand, &m};
  gsl_integration_workspace *room = gsl_integration_workspace_alloc(2000);
  size_t n;
  const double *kinks = elfin_halo_kinks(halo, &n);
  double sum = 0, low = v_min, part, error;
  for (size_t i = 0; i < n; i++)
    if (kinks[i] > low) {
      gsl_integration_qag(&f, low, kinks[i], 0, 1e-12, 2000, GSL_INTEG_GAUSS61, room, &part,
                          &error);
      sum += part;
      low = kinks[i];
    }
  gsl_integration_workspace_free(room);
  return sum;
}

static void norms_and_means_hold(elfin_halo *halo)
{
  double v_max = elfin_halo_v_max(halo), eta_0 = eta_at(halo, 0);
  size_t n;
  const double *kinks = elfin_halo_kinks(halo, &n);
  CHECK_CLOSE(moment_above(halo, 0, 0), 1, 1e-10);
  for (double x = 0.003; x < 1; x += 0.0499)
    CHECK_CLOSE(eta_at(halo, x * v_max), moment_above(halo, -1, x * v_max), 1e-9);
  CHECK(kinks[n - 1] == v_max);
  for (size_t i = 0; i < n; i++) {
    CHECK(i == 0 || kinks[i] > kinks[i - 1]);
    CHECK_NEAR(eta_at(halo, nextafter(kinks[i], 0)), eta_at(halo, nextafter(kinks[i], 1)),
               1e-11 * eta_0);
  }
  CHECK(eta_at(halo, v_max) == 0 && f1_at(halo, v_max) == 0 && eta_at(halo, INFINITY) == 0);
  CHECK(isnan(eta_at(halo, NAN)) && isnan(f1_at(halo, NAN)));
  for (int i = 1; i < 400; i++)
    CHECK(eta_at(halo, v_max * i / 400) <= eta_at(halo, v_max * (i - 1) / 400));
}

static void the_look_up_is_the_halo(elfin_halo *halo)
{
  enum { N = 4000 };
  static double v[N], exact[N], found[N];
  for (int i = 0; i < N; i++) /* half of them crowd at the end */
    v[i] =
        elfin_halo_v_max(halo) * (i < N / 2 ? i / (N / 2.) : 1 - pow(10, -10. * (i - N / 2.) / N));
  elfin_halo_eta(halo, N, v, exact);
  halo_lookup_eta(halo_lookup_of(halo), N, v, found);
  for (int i = 0; i < N; i++)
    CHECK_CLOSE(found[i], exact[i], 3 * HALO_LOOKUP_TOLERANCE);
  halo_lookup_eta(halo_lookup_of(halo), N, v, v); /* in place */
  CHECK(memcmp(v, found, sizeof v) == 0);
}

static void all_kinds_hold_together(void)
{
  elfin_halo *all[] = {sausage(233, 528, 0.9, 11, 245, 7),
                       sausage(233, 528, 0.9, 0, 0, 0),
                       sausage(233, 528, 0.5, 0, 528, 0),
                       sausage(220, 544, -1, 30, 100, 50),
                       tsallis(267.2, 0.773, 233),
                       tsallis(267.2, 0.773, 0),
                       tsallis(220, 0.5, 240),
                       tsallis(220, 0.1, 30),
                       tsallis(220, 0.95, 240),
                       tsallis(240, 0.6, 1),
                       debris(340, 240),
                       debris(200, 240),
                       debris(240, 240),
                       preset("shm"),
                       preset("recommended-2021"),
                       preset("shm++"),
                       preset("tsallis"),
                       preset("debris")};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    norms_and_means_hold(all[i]);
    the_look_up_is_the_halo(all[i]);
    elfin_halo_free(all[i]);
  }
}

static void they_agree(const elfin_halo *found, const elfin_halo *expected, double tolerance)
{
  double v_max = elfin_halo_v_max(expected);
  CHECK_CLOSE(elfin_halo_v_max(found), v_max, 1e-14);
  for (double x = 0.01; x < 1; x += 0.0303) {
    CHECK_CLOSE(eta_at(found, x * v_max), eta_at(expected, x * v_max), tolerance);
    CHECK_CLOSE(f1_at(found, x * v_max), f1_at(expected, x * v_max), tolerance);
  }
}

/* ---- the Sausage, and SHM++ ------------------------------------------------------------------ */

static void without_anisotropy_the_sausage_is_the_maxwellian(void)
{
  static const double lab[][3] = {{0, 240, 0}, {10, 200, -5}, {0, 0, 0}, {500, 0, 0}, {1, 0, 0}};
  for (size_t i = 0; i < sizeof lab / sizeof *lab; i++) {
    elfin_halo *round = maxwellian(220, 500, elfin_speed(lab[i]));
    elfin_halo *made = sausage(220, 500, 0, lab[i][0], lab[i][1], lab[i][2]);
    they_agree(made, round, 1e-11);
    elfin_halo_free(round);
    elfin_halo_free(made);
  }
}

/** Far from v_esc: ⟨v²⟩ = σ_r² + 2σ_t² + v_E², whatever β; and at rest
 * ⟨1/v⟩ = √(2/π) artanh(κ/σ_r)/κ with κ² = σ_r² − σ_t². */
static void a_whole_gaussian_has_the_moments_of_one(void)
{
  for (double beta = 0.1; beta < 0.95; beta += 0.2) {
    elfin_halo *made = sausage(100, 1000, beta, 30, 100, 40),
               *still = sausage(100, 1000, beta, 0, 0, 0);
    double v2 = (1.5 * 100 * 100 + 30 * 30 + 100 * 100 + 40 * 40) * KM_S * KM_S;
    double sigma_r = 100 * KM_S * sqrt(3 / (2 * (3 - 2 * beta))), kappa = sigma_r * sqrt(beta);
    CHECK_CLOSE(moment_above(made, 2, 0), v2, 1e-10);
    CHECK_CLOSE(eta_at(still, 0), sqrt(2 / M_PI) * atanh(kappa / sigma_r) / kappa, 1e-10);
    elfin_halo_free(made);
    elfin_halo_free(still);
  }
}

/** η by its definition, ∫ d³u f(u)/|u − v_E| over Sobol's points in the Galaxy, Gaussian in u. */
static void the_sausage_is_its_definition(void)
{
  enum { N = 1 << 20, N_SPEEDS = 5 };
  static const double v_min[N_SPEEDS] = {0, 100, 250, 400, 550}, lab[3] = {20, 230, 60};
  double v0 = 233, v_esc = 528, beta = 0.9, sum[N_SPEEDS] = {0}, inside = 0;
  double sigma_r = v0 * sqrt(3 / (2 * (3 - 2 * beta))), sigma_t = sigma_r * sqrt(1 - beta);
  gsl_qrng *points = gsl_qrng_alloc(gsl_qrng_sobol, 3);
  for (int i = 0; i < N; i++) {
    double x[3];
    gsl_qrng_get(points, x);
    double r = sigma_t * sqrt(-2 * log(1 - x[1])); /* across: two components at once */
    /* A cell's middle in x[0], by the inverse error function: bisection of erf is enough. */
    double low = -6, high = 6;
    for (int j = 0; j < 40; j++) {
      double middle = 0.5 * (low + high);
      if (0.5 * erfc(-middle / M_SQRT2) < x[0])
        low = middle;
      else
        high = middle;
    }
    double u[3] = {sigma_r * low, r * cos(2 * M_PI * x[2]), r * sin(2 * M_PI * x[2])};
    if (elfin_speed(u) > v_esc)
      continue;
    inside++;
    double v[3] = {u[0] - lab[0], u[1] - lab[1], u[2] - lab[2]}, speed = elfin_speed(v);
    for (int j = 0; j < N_SPEEDS; j++)
      sum[j] += speed > v_min[j] ? 1 / (speed * KM_S) : 0;
  }
  gsl_qrng_free(points);
  elfin_halo *made = sausage(v0, v_esc, beta, lab[0], lab[1], lab[2]);
  for (int j = 0; j < N_SPEEDS;
       j++) /* surfaces cost Sobol's points some N^{−2/3}: 1e-4, more in the tail */
    CHECK_CLOSE(eta_at(made, v_min[j] * KM_S), sum[j] / inside, v_min[j] < 500 ? 3e-4 : 3e-3);
  elfin_halo_free(made);
}

static void shm_plus_plus_without_a_sausage_is_the_maxwellian(void)
{
  size_t n;
  const elfin_halo_preset *list = elfin_halo_presets(&n);
  elfin_halo_preset p = list[2];
  const double v_lab[3] = {11, 245, 7};
  elfin_halo *made = NULL, *round = maxwellian(p.v0_km_s, p.vesc_km_s, elfin_speed(v_lab));
  CHECK_TEXT(p.name, "shm++");
  p.fraction = 0;
  CHECK(elfin_halo_new(&p, v_lab, 1 / KM_S, &made, NULL) == ELFIN_OK);
  they_agree(made, round, 1e-14);
  elfin_halo_free(made);
  p.fraction = 0.3; /* a Maxwellian in a Maxwellian */
  p.beta = 0;
  CHECK(elfin_halo_new(&p, v_lab, 1 / KM_S, &made, NULL) == ELFIN_OK);
  they_agree(made, round, 1e-11);
  elfin_halo_free(made);
  elfin_halo_free(round);
}

/* ---- Tsallis --------------------------------------------------------------------------------- */

/** f tends to e^{−v²/v0²} with corrections of order (1 − q) (v/v0)⁴. */
static void tsallis_tends_to_the_maxwellian(void)
{
  elfin_halo *whole = maxwellian(220, 220 * 20, 240);
  for (double rest = 1e-2; rest > 1e-6; rest /= 10) {
    elfin_halo *made = tsallis(220, 1 - rest, 240);
    for (double v = 5; v < 600; v += 37) {
      CHECK_CLOSE(eta_at(made, v * KM_S), eta_at(whole, v * KM_S), 120 * rest);
      CHECK_CLOSE(f1_at(made, v * KM_S), f1_at(whole, v * KM_S), 120 * rest);
    }
    elfin_halo_free(made);
  }
  elfin_halo_free(whole);
}

/** q = 1/2: f ∝ x, one component ∝ x² with x = 1 − w²/v_esc²; its integral is a polynomial. */
static double of_half(double w)
{
  w = w > 1 ? 1 : w;
  return w - 2 * w * w * w / 3 + w * w * w * w * w / 5;
}

static void tsallis_of_index_one_half_is_a_polynomial(void)
{
  static const double labs[] = {240, 1, 310, 20};
  double v_esc = 220 * sqrt(2);
  for (size_t i = 0; i < sizeof labs / sizeof *labs; i++) {
    elfin_halo *made = tsallis(220, 0.5, labs[i]);
    double lab = labs[i] / v_esc;
    for (double x = 0; x < 1 + lab; x += 0.01) {
      double expected =
          (of_half(x + lab) - of_half(x - lab)) / (2 * lab * of_half(1)) / (v_esc * KM_S);
      /* What cancels here is of the order of 1/lab, and of the distance from the end, cubed. */
      double allowed = 1e-13 * eta_at(made, 0) * (1 + 1 / lab) + 1e-12 * expected;
      CHECK_NEAR(eta_at(made, x * v_esc * KM_S), expected, allowed);
    }
    elfin_halo_free(made);
  }
}

static double along_at(double cosine, void *context)
{
  const moment *m = context;
  double density, v = m->power * KM_S;
  elfin_halo_along(m->halo, cosine, 1, &v, &density);
  return density;
}

static void components_of_tsallis_make_eta(void)
{
  elfin_halo *made = tsallis(267.2, 0.773, 233);
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(128);
  for (int v = 0; v < 790; v += 30) {
    moment m = {made, v};
    gsl_function f = {along_at, &m};
    double low = fmin(1, fmax(-1, (v * KM_S - elfin_halo_along_max(made, 0)) / (233 * KM_S)));
    CHECK_CLOSE(gsl_integration_glfixed(&f, low, 1, rule), eta_at(made, v * KM_S), 1e-8);
  }
  CHECK_CLOSE(elfin_halo_v0(made), 267.2 * KM_S, 1e-15);
  gsl_integration_glfixed_table_free(rule);
  elfin_halo_free(made);
}

/* ---- debris ---------------------------------------------------------------------------------- */

/** Directions c are even: v² = v_f² + v_E² − 2 v_f v_E c; beyond v_min lie c < c(v_min). */
static void debris_is_a_sphere_of_directions(void)
{
  static const double speeds[][2] = {{340, 240}, {340, 30}, {100, 240}};
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(128);
  for (size_t i = 0; i < 3; i++) {
    double flow = speeds[i][0], lab = speeds[i][1];
    elfin_halo *made = debris(flow, lab);
    for (double v_min = 1; v_min < flow + lab; v_min += 11) {
      double end = fmax(-1, fmin(1, (flow * flow + lab * lab - v_min * v_min) / (2 * flow * lab))),
             sum = 0;
      for (size_t j = 0; j < 128; j++) {
        double c, weight;
        gsl_integration_glfixed_point(-1, end, j, &c, &weight, rule);
        sum += 0.5 * weight / sqrt(flow * flow + lab * lab - 2 * flow * lab * c);
      }
      CHECK_CLOSE(eta_at(made, v_min * KM_S), sum / KM_S, 1e-12);
    }
    elfin_halo_free(made);
  }
  gsl_integration_glfixed_table_free(rule);
}

static void a_mixture_is_a_sum(void)
{
  elfin_halo *round = maxwellian(220, 500, 240), *flow = debris(340, 240), *both = preset("debris");
  size_t n;
  const double *kinks = elfin_halo_kinks(both, &n);
  CHECK(n == 4);
  CHECK_CLOSE(kinks[0], 100 * KM_S, 1e-14);
  CHECK_CLOSE(kinks[2], 580 * KM_S, 1e-14);
  for (double v = 3; v < 740; v += 7)
    CHECK_CLOSE(eta_at(both, v * KM_S),
                0.95 * eta_at(round, v * KM_S) + 0.05 * eta_at(flow, v * KM_S), 1e-14);
  CHECK_CLOSE(elfin_halo_v0(both), 220 * KM_S, 1e-15);
  CHECK(isnan(elfin_halo_along_max(both, 0.3)));
  elfin_halo_free(round);
  elfin_halo_free(flow);
  elfin_halo_free(both);
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void what_is_no_halo_is_refused(void)
{
  elfin_halo *made = NULL;
  elfin_error err = {""};
  const double lab[3] = {0, 8e-4, 0}, fast[3] = {0, 8e-3, 0};
  CHECK(elfin_halo_new_tsallis(8e-4, 1, 8e-4, &made, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "q = 1: it must lie between 0 and 1");
  CHECK(elfin_halo_new_tsallis(8e-4, 0.999999999, 8e-4, &made, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "v_esc = v0/sqrt(1-q) =");
  CHECK(elfin_halo_new_tsallis(8e-4, 0.7, 3e-3, &made, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "above the escape speed");
  CHECK(elfin_halo_new_debris(0, 8e-4, &made, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "v_flow = 0 c");
  CHECK(elfin_halo_new_debris(1e-3, 0, &made, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "v_lab");
  CHECK(elfin_halo_new_sausage(8e-4, 2e-3, 1, lab, &made, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "beta = 1: it must be below 1");
  CHECK(elfin_halo_new_sausage(8e-4, 2e-3, 0.9999999, lab, &made, &err) == ELFIN_E_ACCURACY);
  CHECK_SAYS(err.text, "too anisotropic");
  CHECK(elfin_halo_new_sausage(8e-4, 2e-3, 0.5, fast, &made, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_halo_new_mixture(maxwellian(220, 500, 240), debris(340, 240), 1.5, &made, &err) ==
        ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "a fraction of 1.5");
  CHECK(elfin_halo_new_mixture(maxwellian(220, 500, 240), preset("debris"), 0.5, &made, &err) ==
        ELFIN_E_ARGUMENT);
  CHECK(made == NULL);
}

int main(void)
{
  all_kinds_hold_together();
  without_anisotropy_the_sausage_is_the_maxwellian();
  a_whole_gaussian_has_the_moments_of_one();
  the_sausage_is_its_definition();
  shm_plus_plus_without_a_sausage_is_the_maxwellian();
  tsallis_tends_to_the_maxwellian();
  tsallis_of_index_one_half_is_a_polynomial();
  components_of_tsallis_make_eta();
  debris_is_a_sphere_of_directions();
  a_mixture_is_a_sum();
  what_is_no_halo_is_refused();
  return check_result();
}
