/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_migdal_probability.c
 * dP/dω of a recoiling nucleus: against adaptive quadrature of its formula; far above ω, recoils
 * times their probability are the Migdal rate; what is refused. */
#include "check.h"

#include <elfin/rate.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include <math.h>

static elfin_request request;
static elfin_material *si, *gaas;
static elfin_response *of_si, *of_gaas;
static elfin_error err;

/* ---- the integral over k ----------------------------------------------------------------------
 */

static double per_log_k(double log_k, void *context)
{
  double omega = *(double *)context, k = exp(log_k), loss, charge;
  elfin_response_elf(of_si, 1, &omega, &k, &loss);
  elfin_form_factor_at(si->nuclei[0].ion, 1, &k, &charge);
  return k * k * k * charge * charge * loss;
}

static void a_crystal_agrees_with_quadrature(void)
{
  enum { INTERVALS = 4000 };
  static const double omegas[] = {2, 5, 17, 40, 90};
  gsl_integration_workspace *space = gsl_integration_workspace_alloc(INTERVALS);
  double m_N = si->nuclei[0].mass_number * request.constants->amu_eV, E_N = 7, found[5];
  double highest = elfin_response_about(of_si).k_max_eV;
  CHECK(elfin_migdal_probability(&request, E_N, 5, omegas, found, &err) == ELFIN_OK);
  for (int i = 0; i < 5; i++) {
    double omega = omegas[i], D, error;
    gsl_function f = {per_log_k, &omega};
    gsl_integration_qag(&f, log(10), log(highest), 0, 1e-7, INTERVALS, GSL_INTEG_GAUSS21, space, &D,
                        &error);
    double v2 = 2 * E_N / m_N; /* of the nucleus, squared */
    CHECK_CLOSE(found[i], 2 * request.constants->alpha * v2 / (3 * M_PI * M_PI * pow(omega, 4)) * D,
                request.accuracy);
  }
  gsl_integration_workspace_free(space);
}

static void atoms_are_their_shells(void)
{
  elfin_request atoms = request;
  double omega[] = {4, 20, 130}, found[3],
         m_N = si->nuclei[0].mass_number * request.constants->amu_eV;
  double m_e = request.constants->m_e_eV, E_N = 50;
  atoms.response = NULL;
  CHECK(elfin_migdal_probability(&atoms, E_N, 3, omega, found, &err) == ELFIN_OK);
  for (int i = 0; i < 3; i++) {
    double sum = 0;
    for (size_t k = 0; k < si->n_shells; k++) {
      const elfin_shell *shell = &si->shells[k];
      double energy = fmax(omega[i] - shell->binding_eV, shell->energy_eV[0]), p = 0;
      if (omega[i] >= shell->binding_eV)
        elfin_shell_at(shell, 1, &energy, &p);
      sum += p;
    }
    CHECK_CLOSE(found[i], E_N / (2 * M_PI) * 2 * m_e * m_e / m_N * sum, 1e-5);
  }
  CHECK(found[0] == 0 && found[2] > 0); /* nothing is bound by less than 4 eV */
}

/* ---- recoils
 * -------------------------------------------------------------------------------------- */

/* ∫dE_N E_N dR/dE_N of free nuclei. */
static double energy_of_recoils(const elfin_request *of)
{
  enum { N = 2000 };
  static double edge[N + 1], bin[N], error[N];
  elfin_status status[N];
  elfin_request recoils = *of;
  elfin_result result = {.spectrum = bin, .spectrum_error = error, .spectrum_status = status};
  for (int i = 0; i <= N; i++)
    edge[i] = pow(10, -1 + 7.0 * i / N);
  recoils.response = NULL;
  recoils.n_edges = N + 1;
  recoils.edge_eV = edge;
  CHECK(elfin_rate("nuclear", &recoils, &result, &err) == ELFIN_OK);
  double sum = 0;
  for (int i = 0; i < N; i++)
    sum += bin[i] * 0.5 * (edge[i + 1] * edge[i + 1] - edge[i] * edge[i]);
  return sum;
}

/* What ω takes from kinematics is of the order of ω over the energy of the motion. */
static void heavy_dark_matter_shakes_as_its_recoils_do(void)
{
  static const double omega[] = {5, 20};
  double differential[2], error[2], P[2];
  elfin_status status[2];
  elfin_halo *halo = NULL;
  elfin_request q = request;
  elfin_result result = {
      .differential = differential, .differential_error = error, .differential_status = status};
  CHECK(elfin_halo_new_shm(220 / q.constants->c_km_s, 500 / q.constants->c_km_s,
                           240 / q.constants->c_km_s, &halo, &err) == ELFIN_OK);
  q.halo = halo;
  q.mediator_eV = INFINITY;
  q.recoil_threshold_eV = 0.1;
  double far = INFINITY;
  for (q.mass_eV = 1e9; q.mass_eV < 2e10; q.mass_eV *= 4) {
    elfin_request shaken = q;
    shaken.n_at = 2;
    shaken.at_eV = omega;
    CHECK(elfin_rate("migdal", &shaken, &result, &err) == ELFIN_OK);
    CHECK(elfin_migdal_probability(&q, 1, 2, omega, P, &err) == ELFIN_OK);
    double recoils = energy_of_recoils(&q), m_N = 28 * q.constants->amu_eV;
    double mu = q.mass_eV * m_N / (q.mass_eV + m_N),
           motion = 0.5 * mu * pow(300 / q.constants->c_km_s, 2);
    for (int i = 0; i < 2; i++) {
      double off = fabs(differential[i] / (P[i] * recoils) - 1);
      CHECK(off < 5 * omega[i] / motion + 1e-3);
      if (i == 1) {
        CHECK(off < far);
        far = off;
      }
    }
  }
  elfin_halo_free(halo);
}

/* ---- refusals -----------------------------------------------------------------------------------
 */

static void what_cannot_be_is_refused(void)
{
  double omega = 5, P;
  elfin_request q = request;
  CHECK(elfin_migdal_probability(&q, 0, 1, &omega, &P, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "above 0");
  q.material = gaas;
  q.response = of_gaas;
  CHECK(elfin_migdal_probability(&q, 1, 1, &omega, &P, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "name one");
  q.nucleus = "Ga";
  CHECK(elfin_migdal_probability(&q, 1, 1, &omega, &P, &err) == ELFIN_OK && P > 0);
  q.response = NULL;
  CHECK(elfin_migdal_probability(&q, 1, 1, &omega, &P, &err) == ELFIN_E_ARGUMENT);
}

int main(void)
{
  gsl_set_error_handler_off();
  elfin_request_defaults(&request);
  request.constants = elfin_constants_named("elfin");
  CHECK(elfin_material_open("Si", &si, &err) == ELFIN_OK);
  CHECK(elfin_material_open("GaAs", &gaas, &err) == ELFIN_OK);
  CHECK(elfin_response_open("mermin", si, request.constants, &of_si, &err) == ELFIN_OK);
  CHECK(elfin_response_open("lindhard", gaas, request.constants, &of_gaas, &err) == ELFIN_OK);
  request.material = si;
  request.response = of_si;
  a_crystal_agrees_with_quadrature();
  atoms_are_their_shells();
  heavy_dark_matter_shakes_as_its_recoils_do();
  what_cannot_be_is_refused();
  elfin_response_free(of_si);
  elfin_response_free(of_gaas);
  elfin_material_free(si);
  elfin_material_free(gaas);
  return check_result();
}
