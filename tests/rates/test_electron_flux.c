/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_electron_flux.c
 * Electron scattering of a flux of any speed: a slow one tends to the halo that it is the flux of, like
 * the square of its speed; bins add up; what makes no sense is refused. Against an independent
 * integration: flux_quadrature.py. */
#include "check.h"

#include <elfin/rate.h>

static const elfin_constants *constants;
static elfin_material *si;
static elfin_response *mermin, *lindhard;

enum { N_POINTS = 3001, ROOM = 16 };

typedef struct answers {
  double rate[ROOM], rate_error[ROOM], spectrum[ROOM], spectrum_error[ROOM];
  double at[ROOM], at_error[ROOM];
  elfin_status rate_status[ROOM], spectrum_status[ROOM], at_status[ROOM];
  unsigned flags[ROOM];
} answers;

static void ask(const elfin_request *q, answers *a)
{
  elfin_error err = {""};
  elfin_result r = {a->rate, a->rate_error, a->rate_status, a->spectrum, a->spectrum_error,
                    a->spectrum_status, a->at, a->at_error, a->at_status, NULL, NULL, NULL,
                    a->flags, 0};
  CHECK(elfin_rate("electron", q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
}

static elfin_halo *halo_slowed(double factor)
{
  elfin_halo *halo = NULL;
  double c = constants->c_km_s / factor;
  CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, NULL) == ELFIN_OK);
  return halo;
}

/** n_χ v f1(v), as a table. */
static elfin_flux *flux_of(const elfin_halo *halo, double rho_GeV_cm3, double mass_eV)
{
  static double v[N_POINTS], flux[N_POINTS];
  elfin_flux *made = NULL;
  double n_chi = rho_GeV_cm3 * 1e9 / mass_eV, v_max = elfin_halo_v_max(halo);
  for (int i = 0; i < N_POINTS; i++)
    v[i] = v_max * i / (N_POINTS - 1);
  elfin_halo_f1(halo, N_POINTS, v, flux);
  for (int i = 0; i < N_POINTS; i++)
    flux[i] *= n_chi * v[i] * constants->c_km_s * 1e5; /* [1/(cm² s)] */
  CHECK(elfin_flux_new_table(N_POINTS, v, flux, &made, NULL) == ELFIN_OK);
  return made;
}

static elfin_request asking(const elfin_response *response, double mass, double mediator)
{
  static const double threshold[] = {5, 12};
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.material = si;
  q.response = response;
  q.mass_eV = mass;
  q.mediator_eV = mediator;
  q.accuracy = 1e-7;
  q.n_thresholds = 2;
  q.threshold_eV = threshold;
  return q;
}

/** |flux/halo − 1| for a halo `factor` times as fast as the usual one. */
static double difference(const elfin_response *response, double factor, double mediator,
                         elfin_mediator_spin spin)
{
  elfin_halo *halo = halo_slowed(factor);
  elfin_request q = asking(response, 2e7 / (factor * factor), mediator);
  elfin_flux *flux = flux_of(halo, q.rho_GeV_cm3, q.mass_eV);
  answers of_halo, of_flux;
  q.halo = halo;
  ask(&q, &of_halo);
  q.halo = NULL;
  q.flux = flux;
  q.mediator_spin = spin;
  ask(&q, &of_flux);
  double d = fmax(fabs(of_flux.rate[0] / of_halo.rate[0] - 1),
                  fabs(of_flux.rate[1] / of_halo.rate[1] - 1));
  CHECK(of_flux.rate[1] > 0 && of_flux.rate_error[1] < 1e-7 * of_flux.rate[1]);
  elfin_flux_free(flux);
  elfin_halo_free(halo);
  return d;
}

/* With the mass ∝ 1/v² the kinetic energy stays, and what differs is of the order v², beside 1e-6 of
 * the table and 1e-7 of each rate. */
static void a_slow_flux_is_its_halo(void)
{
  static const double mediator[] = {0, 3e4, INFINITY};
  for (int i = 0; i < 3; i++)
    for (int spin = 0; spin < 2; spin++) {
      double v2 = pow(740 / constants->c_km_s, 2);
      CHECK(difference(mermin, 1, mediator[i], (elfin_mediator_spin)spin) < 2 * v2 + 1.2e-6);
      double d10 = difference(mermin, 10, mediator[i], (elfin_mediator_spin)spin);
      double d20 = difference(mermin, 20, mediator[i], (elfin_mediator_spin)spin);
      CHECK(d10 < 200 * v2 + 1.2e-6);
      CHECK(d20 / d10 > 3 && d20 / d10 < 5);
    }
  CHECK(difference(lindhard, 1, INFINITY, ELFIN_VECTOR_MEDIATOR) < 1e-5);
  CHECK(difference(lindhard, 1, 0, ELFIN_SCALAR_MEDIATOR) < 1e-5);
}

static elfin_flux *fast_flux(void)
{
  static const double v[] = {0.01, 0.03, 0.1, 0.4, 0.8, 0.99}, rate[] = {1, 5, 4, 2, 1, 0.1};
  elfin_flux *made = NULL;
  CHECK(elfin_flux_new_table(6, v, rate, &made, NULL) == ELFIN_OK);
  return made;
}

/** Bins between two thresholds are the difference of rates; point values lie on the bins' curve. */
static void bins_add_up(const elfin_response *response, double mass, double mediator,
                        elfin_mediator_spin spin)
{
  static const double edge[] = {5, 6, 7.5, 9, 12}, at[] = {5.9999, 6.0001};
  elfin_flux *flux = fast_flux();
  elfin_request q = asking(response, mass, mediator);
  answers a;
  double sum = 0, error = 0;
  q.flux = flux;
  q.mediator_spin = spin;
  q.accuracy = 1e-5;
  q.n_edges = 5;
  q.edge_eV = edge;
  q.n_at = 2;
  q.at_eV = at;
  ask(&q, &a);
  for (int i = 0; i < 4; i++) {
    sum += a.spectrum[i] * (edge[i + 1] - edge[i]);
    error += a.spectrum_error[i] * (edge[i + 1] - edge[i]);
  }
  CHECK_NEAR(sum, a.rate[0] - a.rate[1], error + a.rate_error[0] + a.rate_error[1]);
  double narrow[] = {5.9999, 6.0001};
  q.n_edges = 2;
  q.edge_eV = narrow;
  ask(&q, &a);
  CHECK_CLOSE(a.spectrum[0], 0.5 * (a.at[0] + a.at[1]), 3e-5);
  elfin_flux_free(flux);
}

static void nothing_is_above_the_kinetic_energy(void)
{
  elfin_flux *flux = fast_flux();
  elfin_request q = asking(mermin, 1, 0); /* 1 eV: T_max = 6.09 eV */
  answers a;
  q.flux = flux;
  q.accuracy = 1e-5;
  ask(&q, &a);
  CHECK(a.rate[0] > 0 && !(a.flags[0] & ELFIN_FLAG_CLOSED));
  CHECK(a.rate[1] == 0 && a.flags[1] & ELFIN_FLAG_CLOSED);
  elfin_flux_free(flux);
}

static void refuse(const char *process, const elfin_request *q, const char *says)
{
  elfin_error err = {""};
  CHECK(elfin_rate_check(process, q, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, says);
}

static void what_makes_no_sense_is_refused(void)
{
  elfin_flux *flux = fast_flux();
  elfin_halo *halo = halo_slowed(1);
  elfin_request q = asking(mermin, 1e6, 0);
  refuse("electron", &q, "a halo");
  q.flux = flux;
  CHECK(elfin_rate_check("electron", &q, NULL) == ELFIN_OK);
  CHECK(elfin_rate_prepare_parts("electron", &q) == 0);
  refuse("migdal", &q, "only the process electron takes a flux");
  q.halo = halo;
  refuse("electron", &q, "a halo or a flux, not both");
  q.halo = NULL;
  q.splitting_eV = 1;
  refuse("electron", &q, "splitting 1 eV: inelastic dark matter needs a halo, not a flux");
  elfin_halo_free(halo);
  elfin_flux_free(flux);
}

int main(void)
{
  constants = elfin_constants_named("elfin");
  elfin_error err = {""};
  if (elfin_material_open("Si", &si, &err) ||
      elfin_response_open("mermin", si, constants, &mermin, &err) ||
      elfin_response_open("lindhard", si, constants, &lindhard, &err)) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  a_slow_flux_is_its_halo();
  bins_add_up(mermin, 1e7, 0, ELFIN_VECTOR_MEDIATOR);
  bins_add_up(mermin, 1e5, INFINITY, ELFIN_SCALAR_MEDIATOR);
  bins_add_up(mermin, 1e3, 1e4, ELFIN_VECTOR_MEDIATOR);
  bins_add_up(lindhard, 1e6, INFINITY, ELFIN_VECTOR_MEDIATOR);
  nothing_is_above_the_kinetic_energy();
  what_makes_no_sense_is_refused();
  elfin_response_free(mermin);
  elfin_response_free(lindhard);
  elfin_material_free(si);
  return check_result();
}
