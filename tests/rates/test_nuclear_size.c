/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_nuclear_size.c
 * Helm's form factor is the Fourier transform of a sphere with a soft skin, with that charge's radius
 * and the zeros of j1; spectra take its square, rates are their integrals. Flags stand where the size of nuclei,
 * or what binds them, changes a rate by more than 1 %, and nowhere else. */
#include "check.h"

#include "rates/helm.h"

#include <elfin/rate.h>

#include <gsl/gsl_integration.h>

#include <math.h>
#include <stdbool.h>

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *xenon, *silicon;

static double fm(void)
{
  return 1e-13 / constants->hbar_c_eV_cm; /* [1/eV] */
}

static double by_quadrature(double (*f)(double, void *), void *context, double low, double high)
{
  gsl_integration_workspace *space = gsl_integration_workspace_alloc(1000);
  gsl_function function = {f, context};
  double value, error;
  gsl_integration_qag(&function, low, high, 1e-14, 1e-10, 1000, GSL_INTEG_GAUSS31, space, &value, &error);
  gsl_integration_workspace_free(space);
  return value;
}

/* ---- the form factor ------------------------------------------------------------------------- */

/** Of xenon, from the numbers of the paper: c = 1.23 A^{1/3} − 0.6 = 5.652, r_n = 5.841 fm. */
static void the_radius_is_the_papers(void)
{
  helm h = helm_of(constants, 131.293);
  CHECK_CLOSE(h.r_n / fm(), 5.841, 1e-4);
  CHECK_CLOSE(h.s / fm(), 0.9, 1e-14);
}

typedef struct wave {
  helm of;
  double q;
} wave;

/** 4π r² ρ(r) sin(q r)/(q r), ρ a homogeneous sphere folded with a Gaussian of width s. */
static double density(double r, void *context)
{
  const wave *w = context;
  const double pi = acos(-1), R = w->of.r_n, s = w->of.s, up = (r + R) / s, down = (r - R) / s;
  double rho = 3 / (8 * pi * R * R * R) *
               (erf(up / sqrt(2)) - erf(down / sqrt(2)) +
                sqrt(2 / pi) * s / r * (exp(-0.5 * up * up) - exp(-0.5 * down * down)));
  return 4 * pi * r * r * rho * (w->q > 0 ? sin(w->q * r) / (w->q * r) : 1);
}

static void it_is_the_fourier_transform_of_a_soft_sphere(void)
{
  static const double numbers[] = {12, 28.0855, 72.64, 131.293, 183.84};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
    for (double x = 0; x < 12; x += 0.37) {
      wave w = {helm_of(constants, numbers[i]), 0};
      double end = w.of.r_n + 9 * w.of.s;
      w.q = x / w.of.r_n;
      double F = by_quadrature(density, &w, 1e-6 * end, end);
      CHECK_NEAR(helm_F2(&w.of, w.q), F * F, 1e-9);
    }
}

/** F² = 1 − q²⟨r²⟩/3, ⟨r²⟩ = 3 r_n²/5 + 3 s². */
static void long_waves_see_the_mean_square_radius(void)
{
  helm h = helm_of(constants, 72.64);
  CHECK(helm_F2(&h, 0) == 1);
  double square = 0.6 * h.r_n * h.r_n + 3 * h.s * h.s, q = 1e-3 / h.r_n;
  CHECK_CLOSE(1 - helm_F2(&h, q), q * q * square / 3, 1e-5);
}

/** Next to x = 0.1 both ways of computing it agree. */
static void the_series_goes_on_where_the_closed_form_ends(void)
{
  helm h = helm_of(constants, 72.64);
  double below = nextafter(0.1 / h.r_n, 0) * (1 - 1e-15), above = 0.1 / h.r_n * (1 + 1e-15);
  CHECK_CLOSE(helm_F2(&h, below), helm_F2(&h, above), 1e-13);
}

static void it_vanishes_at_the_zeros_of_j1(void)
{
  static const double zeros[] = {4.493409457909064, 7.725251836937707, 10.904121659428899};
  for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
    helm h = helm_of(constants, 131.293);
    CHECK(helm_F2(&h, zeros[i] / h.r_n) < 1e-28);
    CHECK(helm_F2(&h, 1.1 * zeros[i] / h.r_n) > 1e-8);
  }
}

/* ---- rates ----------------------------------------------------------------------------------- */

static elfin_request request_of(elfin_material *material, double mass, double mediator, double accuracy)
{
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = material;
  q.mass_eV = mass;
  q.mediator_eV = mediator;
  q.accuracy = accuracy;
  return q;
}

typedef struct answer {
  double rate, error;
  unsigned flags;
} answer;

static answer above(elfin_request q, elfin_nuclear_size form, double threshold)
{
  answer a = {NAN, NAN, 0};
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {.rate = &a.rate, .rate_error = &a.error, .rate_status = &status,
                    .rate_flags = &a.flags};
  q.form_factor = form;
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  CHECK(elfin_rate("nuclear", &q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  return a;
}

static double differential(elfin_request q, elfin_nuclear_size form, double energy)
{
  double value = NAN, error;
  elfin_status status;
  elfin_result r = {.differential = &value, .differential_error = &error,
                    .differential_status = &status};
  q.form_factor = form;
  q.n_at = 1;
  q.at_eV = &energy;
  CHECK(elfin_rate("nuclear", &q, &r, NULL) == ELFIN_OK);
  return value;
}

static void a_spectrum_takes_its_square(void)
{
  elfin_request q = request_of(xenon, 1e11, INFINITY, 1e-6);
  const elfin_nucleus *n = &xenon->nuclei[0];
  helm h = helm_of(constants, n->mass_number);
  for (double energy = 10; energy < 1e5; energy *= 2.3) {
    double F2 = helm_F2(&h, sqrt(2 * n->mass_number * constants->amu_eV * energy));
    CHECK_CLOSE(differential(q, ELFIN_HELM, energy), F2 * differential(q, ELFIN_POINT, energy), 1e-12);
  }
}

static double with_helm(double energy, void *context)
{
  return differential(*(elfin_request *)context, ELFIN_HELM, energy);
}

/** Through several zeros of F, and with the error that a rate gives for itself. */
static void a_rate_is_the_integral_of_its_spectrum(void)
{
  static const double accuracies[] = {1e-3, 1e-5, 1e-8}, mediators[] = {0, 3e7, INFINITY};
  for (size_t i = 0; i < 3; i++)
    for (size_t k = 0; k < 3; k++) {
      elfin_request q = request_of(xenon, 1e12, mediators[k], accuracies[i]);
      double expected = 0; /* the kinks of η apart */
      size_t n;
      const double *kink = elfin_halo_kinks(halo, &n);
      double m = xenon->nuclei[0].mass_number * constants->amu_eV, mu = m * 1e12 / (m + 1e12);
      double low = 2e3;
      for (size_t j = 0; j < n; j++) {
        double high = 2 * mu * mu * kink[j] * kink[j] / m;
        expected += by_quadrature(with_helm, &q, low, high);
        low = high;
      }
      answer a = above(q, ELFIN_HELM, 2e3);
      CHECK(a.error > 0 && a.error <= q.accuracy * a.rate);
      CHECK(fabs(a.rate - expected) <= a.error + 1e-9 * expected);
    }
}

/** What a heavy particle loses in xenon above 5 keV, and a light one does not. */
static void it_is_a_factor_for_heavy_dark_matter(void)
{
  elfin_request heavy = request_of(xenon, 1e11, INFINITY, 1e-6);
  double lost = above(heavy, ELFIN_POINT, 5e3).rate / above(heavy, ELFIN_HELM, 5e3).rate;
  CHECK(lost > 4 && lost < 5);
  elfin_request light = request_of(xenon, 1e8, INFINITY, 1e-6);
  CHECK_CLOSE(above(light, ELFIN_POINT, 0.2).rate, above(light, ELFIN_HELM, 0.2).rate, 1e-4);
}

/* ---- flags ----------------------------------------------------------------------------------- */

static void sizes_are_flagged_where_they_matter(void)
{
  size_t n_with = 0, n_without = 0;
  for (double mass = 1e8; mass < 2e12; mass *= 2)
    for (int massive = 0; massive < 2; massive++)
      for (double threshold = 0.5; threshold < 1e5; threshold *= 7) {
        elfin_request q = request_of(xenon, mass, massive ? INFINITY : 0, 1e-6);
        answer point = above(q, ELFIN_POINT, threshold), sized = above(q, ELFIN_HELM, threshold);
        double change = 1 - sized.rate / point.rate;
        bool flagged = point.flags & ELFIN_FLAG_NUCLEAR_SIZE;
        CHECK(!(sized.flags & ELFIN_FLAG_NUCLEAR_SIZE));
        if (point.rate == 0 || fabs(change - 0.01) < 1e-3) /* flags are known to a per mille */
          continue;
        CHECK(flagged == (change > 0.01));
        n_with += flagged;
        n_without += !flagged;
      }
  CHECK(n_with > 20 && n_without > 20);
}

static void bound_nuclei_are_flagged_where_they_matter(void)
{
  size_t n_with = 0, n_without = 0;
  double bound = 4 * silicon->nuclei[0].dos->mean_eV;
  CHECK(bound > 0.1 && bound < 0.25); /* silicon's phonons: 40 meV in the mean */
  for (double mass = 1e6; mass < 2e10; mass *= 3)
    for (int massive = 0; massive < 2; massive++)
      for (double threshold = 1e-3; threshold < 1; threshold *= 3) {
        elfin_request q = request_of(silicon, mass, massive ? INFINITY : 0, 1e-6);
        answer all = above(q, ELFIN_POINT, threshold);
        double part = 1 - above(q, ELFIN_POINT, fmax(threshold, bound)).rate / all.rate;
        bool flagged = all.flags & ELFIN_FLAG_BOUND_NUCLEI;
        CHECK(!(flagged && threshold >= bound));
        if (all.rate == 0 || fabs(part - 0.01) < 1e-4)
          continue;
        CHECK(flagged == (part > 0.01));
        n_with += flagged;
        n_without += !flagged;
      }
  CHECK(n_with > 20 && n_without > 20);
}

int main(void)
{
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  elfin_error err = {""};
  CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, NULL) == ELFIN_OK);
  CHECK(elfin_material_open("Xe", &xenon, &err) == ELFIN_OK);
  CHECK(elfin_material_open("Si", &silicon, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  the_radius_is_the_papers();
  it_is_the_fourier_transform_of_a_soft_sphere();
  long_waves_see_the_mean_square_radius();
  the_series_goes_on_where_the_closed_form_ends();
  it_vanishes_at_the_zeros_of_j1();
  a_spectrum_takes_its_square();
  a_rate_is_the_integral_of_its_spectrum();
  it_is_a_factor_for_heavy_dark_matter();
  sizes_are_flagged_where_they_matter();
  bound_nuclei_are_flagged_where_they_matter();
  elfin_material_free(xenon);
  elfin_material_free(silicon);
  elfin_halo_free(halo);
  return check_result();
}
