/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_nuclear.c
 * Nuclear recoil: the total rate is flux times cross section; a rate is the integral of its spectrum; the
 * cell is the sum of its nuclei; what is too light does nothing; what makes no sense is refused. */
#include "check.h"

#include <elfin/rate.h>

#include <gsl/gsl_integration.h>

#include <math.h>

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *gaas;

static elfin_request request_of(double mass, double mediator)
{
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = gaas;
  q.mass_eV = mass;
  q.mediator_eV = mediator;
  q.accuracy = 1e-7;
  return q;
}

static double rate_above(elfin_request *q, double threshold, double *error, unsigned *flags)
{
  double value = NAN;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {.rate = &value, .rate_error = error, .rate_status = &status,
                    .rate_flags = flags};
  q->n_thresholds = 1;
  q->threshold_eV = &threshold;
  CHECK(elfin_rate("nuclear", q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  q->n_thresholds = 0;
  return value;
}

static double differential(double energy, void *context)
{
  elfin_request *q = context;
  double value = NAN, error;
  elfin_status status;
  elfin_result r = {.differential = &value, .differential_error = &error,
                    .differential_status = &status};
  q->n_at = 1;
  q->at_eV = &energy;
  CHECK(elfin_rate("nuclear", q, &r, NULL) == ELFIN_OK);
  q->n_at = 0;
  return value;
}

static double v_f1(double v, void *context)
{
  double f1;
  (void)context;
  elfin_halo_f1(halo, 1, &v, &f1);
  return v * f1;
}

static double by_quadrature(double (*f)(double, void *), void *context, double low, double high)
{
  gsl_integration_workspace *space = gsl_integration_workspace_alloc(1000);
  gsl_function function = {f, context};
  double value, error;
  gsl_integration_qag(&function, low, high, 0, 1e-9, 1000, GSL_INTEG_GAUSS31, space, &value, &error);
  gsl_integration_workspace_free(space);
  return value;
}

/** Every collision counts at E_th = 0: N n_χ ⟨v⟩ Σ mult A² (μ_χd/μ_χn)² σ̄_n. */
static void total_rate_is_flux_times_cross_section(void)
{
  static const double masses[] = {1e7, 1e9, 1e12};
  double mean_v = by_quadrature(v_f1, NULL, 0, elfin_halo_v_max(halo));
  for (size_t i = 0; i < sizeof masses / sizeof *masses; i++) {
    elfin_request q = request_of(masses[i], INFINITY);
    double sigma = 0, cell = 0, error, mu_n = masses[i] * constants->m_p_eV /
                                               (masses[i] + constants->m_p_eV);
    for (size_t d = 0; d < gaas->n_nuclei; d++) {
      const elfin_nucleus *nucleus = &gaas->nuclei[d];
      double m = nucleus->mass_number * constants->amu_eV, mu = masses[i] * m / (masses[i] + m);
      cell += nucleus->multiplicity * nucleus->mass_number;
      sigma += nucleus->multiplicity * pow(nucleus->mass_number * mu / mu_n, 2);
    }
    double per_year = constants->c_km_s * 1e5 * constants->year_s;
    double expected = constants->nuclei_per_kg / cell * 0.4e9 / masses[i] * mean_v * per_year * sigma;
    CHECK_CLOSE(rate_above(&q, 0, &error, NULL), expected, 1e-8);
  }
}

static void rate_is_the_integral_of_its_spectrum(void)
{
  static const double mediators[] = {0, 3e4, INFINITY};
  for (size_t i = 0; i < sizeof mediators / sizeof *mediators; i++) {
    elfin_request q = request_of(5e8, mediators[i]);
    double low_error, high_error;
    double low = rate_above(&q, 0.3, &low_error, NULL), high = rate_above(&q, 2, &high_error, NULL);
    double expected = by_quadrature(differential, &q, 0.3, 2);
    CHECK(low_error > 0 && low_error <= q.accuracy * low);
    CHECK(fabs(low - high - expected) <= low_error + high_error + 1e-9 * expected);
  }
}

static void the_cell_is_the_sum_of_its_nuclei(void)
{
  elfin_request q = request_of(2e8, 0);
  double error, sum = 0, all = rate_above(&q, 0.5, &error, NULL);
  for (size_t d = 0; d < gaas->n_nuclei; d++) {
    q.nucleus = gaas->nuclei[d].name;
    sum += rate_above(&q, 0.5, &error, NULL);
  }
  CHECK_CLOSE(sum, all, 1e-7);
}

static void too_light_is_exactly_nothing(void)
{
  elfin_request q = request_of(1e6, 0);
  double error = NAN;
  unsigned flags = 0;
  CHECK(rate_above(&q, 10, &error, &flags) == 0);
  CHECK(error == 0);
  CHECK(flags == ELFIN_FLAG_CLOSED);
}

static void refused(elfin_request *q, const char *reason)
{
  double threshold = 0, value, error;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {.rate = &value, .rate_error = &error, .rate_status = &status};
  q->n_thresholds = 1;
  q->threshold_eV = &threshold;
  CHECK(elfin_rate("nuclear", q, &r, &err) == ELFIN_E_ARGUMENT);
  CHECK(strstr(err.text, reason) != NULL);
}

/** The first bin of a spectrum from 0 on is infinite; the others are as good as ever. */
static void an_infinite_bin_does_not_spoil_the_others(void)
{
  elfin_request q = request_of(1e9, 0);
  double edges[] = {0, 1, 2}, value[2], error[2];
  elfin_status status[2];
  elfin_error err = {""};
  elfin_result r = {.spectrum = value, .spectrum_error = error, .spectrum_status = status};
  q.n_edges = 3;
  q.edge_eV = edges;
  CHECK(elfin_rate("nuclear", &q, &r, &err) == ELFIN_E_VALIDITY);
  CHECK_SAYS(err.text, "infinitely often");
  CHECK(isnan(value[0]) && status[0] == ELFIN_E_VALIDITY);
  CHECK(status[1] == ELFIN_OK && value[1] > 0);
}

static void nonsense_is_refused(void)
{
  elfin_request q = request_of(1e9, 0);
  refused(&q, "massless mediator scatters infinitely often");
  q = request_of(1e9, INFINITY);
  q.nucleus = "Si";
  refused(&q, "GaAs has no nucleus Si; it has Ga, As");
}

int main(void)
{
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  elfin_error err = {""};
  CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, NULL) == ELFIN_OK);
  CHECK(elfin_material_open("GaAs", &gaas, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  total_rate_is_flux_times_cross_section();
  rate_is_the_integral_of_its_spectrum();
  the_cell_is_the_sum_of_its_nuclei();
  too_light_is_exactly_nothing();
  an_infinite_bin_does_not_spoil_the_others();
  nonsense_is_refused();
  elfin_material_free(gaas);
  elfin_halo_free(halo);
  return check_result();
}
