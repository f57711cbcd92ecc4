/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_migdal.c
 * The Migdal effect in the soft limit: both of its factors against adaptive quadrature of
 * docs/migdal.md's formulas, written here once more; sums over nuclei, bins and parts; limits; what is refused. */
#include "check.h"

#include "elf/ion_loss.h"
#include "rates/migdal_kernel.h"
#include "rates/requests.h"

#include <elfin/rate.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include <math.h>

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *si, *gaas;
static elfin_response *of_si, *gas_of_si, *of_gaas, *edges_of_si;
static gsl_integration_workspace *space[3];
enum { INTERVALS = 4000 };

static double integrate(double (*f)(double, void *), void *context, double low, double high,
                        double relative, int level)
{
  gsl_function function = {f, context};
  double value, error;
  gsl_integration_qag(&function, low, high, 0, relative, INTERVALS, GSL_INTEG_GAUSS21, space[level], &value,
                      &error);
  return value;
}

/* ---- K(ω): ∫dv v f1(v) J(v,ω), the speed outermost ------------------- */

typedef struct nucleus {
  const migdal_kernel *m;
  double omega, v, floor;
} nucleus;

static double form_factor2(const migdal_kernel *m, double q)
{
  return isinf(m->m_phi2) ? 1 : pow((m->q0_2 + m->m_phi2) / (q * q + m->m_phi2), 2);
}

static double Phi(double q, double q_N, double D)
{
  return 2 * D * (q * q - q * q_N + q_N * q_N + D * D) * exp(-pow((q + q_N) / D, 2)) -
         2 * D * (q * q + q * q_N + q_N * q_N + D * D) * exp(-pow((q - q_N) / D, 2)) +
         sqrt(M_PI) * q * (2 * q * q + 3 * D * D) * (erfc((q - q_N) / D) - erfc((q + q_N) / D));
}

static double bound_per_q(double log_q, void *context)
{
  const nucleus *n = context;
  const migdal_kernel *m = n->m;
  double q = exp(log_q), square = 2 * m->m_N * (n->v * q - q * q / (2 * m->m_chi) - n->omega);
  if (square <= m->q_th * m->q_th)
    return 0;
  return q * form_factor2(m, q) * (Phi(q, sqrt(square), m->Delta) - Phi(q, m->q_th, m->Delta));
}

/** v times ∫dq q³ F², or its counterpart for a bound ion: 4 K's integrand over v, but for f1. */
static double per_speed(double v, void *context)
{
  nucleus *n = context;
  const migdal_kernel *m = n->m;
  double f1, mass = m->Delta > 0 ? m->m_chi : m->mu;
  double root = 1 - 2 * (n->omega + (m->Delta > 0 ? m->E_th : 0)) / (v * v * mass);
  if (root <= 0)
    return 0;
  elfin_halo_f1(halo, 1, &v, &f1);
  double q_low = v * mass * (1 - sqrt(root)), q_high = v * mass * (1 + sqrt(root));
  n->v = v;
  if (m->Delta > 0)
    return f1 / v / (4 * sqrt(M_PI)) * integrate(bound_per_q, n, log(q_low), log(q_high), 1e-9, 1);
  q_low = fmax(q_low, m->q_th);
  if (q_high <= q_low)
    return 0;
  double sum;
  if (isinf(m->m_phi2))
    sum = (pow(q_high, 4) - pow(q_low, 4)) / 4;
  else { /* ∫ q³ (q0²+m²)²/(q²+m²)² dq */
    double a = q_low * q_low + m->m_phi2, b = q_high * q_high + m->m_phi2;
    sum = pow(m->q0_2 + m->m_phi2, 2) / 2 * (m->m_phi2 / b - m->m_phi2 / a + log(b / a));
  }
  return f1 / v * sum;
}

static double K_by_quadrature(nucleus *n)
{
  size_t n_kinks;
  const double *kinks = elfin_halo_kinks(halo, &n_kinks);
  const migdal_kernel *m = n->m;
  double mass = m->Delta > 0 ? m->m_chi : m->mu, sum = 0;
  double low = sqrt(2 * (n->omega + (m->Delta > 0 ? m->E_th : 0)) / mass);
  if (!(m->Delta > 0) && m->q_th > mass * low) /* from where on q_high is above q_th */
    low = m->q_th / (2 * mass) + n->omega / m->q_th;
  low = fmax(low, n->floor);
  for (size_t i = 0; i < n_kinks; i++)
    if (kinks[i] > low) {
      sum += integrate(per_speed, n, low, kinks[i], 1e-8, 0);
      low = kinks[i];
    }
  return sum;
}

static void the_nucleus_agrees_with_quadrature(void)
{
  static const double masses[] = {1e7, 1e8, 2e9}, mediators[] = {0, 2e4, INFINITY};
  double m_N = 28 * constants->amu_eV;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      for (int bound = 0; bound < 2; bound++)
        for (int floored = 0; floored <= bound; floored++) {
          migdal_kernel m = {.m_chi = masses[i], .m_N = m_N, .E_th = 0.12,
                             .q0_2 = pow(masses[i] * 220 / constants->c_km_s, 2),
                             .m_phi2 = mediators[j] * mediators[j],
                             .Delta = bound ? sqrt(0.03 * m_N) : 0};
          migdal_kernel_begin(&m, halo, 0);
          nucleus n = {.m = &m, .omega = i ? 17 : 5};
          n.floor = floored ? sqrt(2 * n.omega / m.mu) : 0;
          long evaluations = 0;
          double K = migdal_kernel_soft(&m, n.omega, n.floor, &evaluations);
          CHECK_CLOSE(K, K_by_quadrature(&n), MIGDAL_KERNEL_ERROR_SOFT);
          CHECK(K == 0 || evaluations > 0);
        }
}

/* ---- D(ω) ---------------------------------------------------------------------------------------- */

typedef struct electrons {
  const elfin_response *response;
  const elfin_form_factor *ion;
  double omega;
} electrons;

static double per_log_k(double log_k, void *context)
{
  const electrons *e = context;
  double k = exp(log_k), elf, Z;
  elfin_response_elf(e->response, 1, &e->omega, &k, &elf);
  elfin_form_factor_at(e->ion, 1, &k, &Z);
  return k * k * k * Z * Z * elf;
}

static void the_electrons_agree_with_quadrature(void)
{
  const elfin_response *responses[] = {of_si, gas_of_si, of_gaas, edges_of_si};
  static const double omegas[] = {1.5, 4.71, 17.2, 40, 99.4, 99.5, 120, 700};
  enum { N_OMEGAS = sizeof omegas / sizeof *omegas };
  for (int i = 0; i < 4; i++) {
    const elfin_nucleus *struck = i != 2 ? &si->nuclei[0] : &gaas->nuclei[1];
    ion_loss wanted = {responses[i], struck->ion, struck->charge.value, INFINITY, 1e-4};
    size_t n_parts = ion_loss_n_parts(&wanted), n;
    CHECK(n_parts > 0 && n_parts == ion_loss_n_parts_of_all(&wanted));
    CHECK(!ion_loss_series(&wanted));
    for (size_t part = 0; part < n_parts; part++) {
      double *numbers;
      elfin_error err = {""};
      CHECK(ion_loss_make_part(&wanted, part, &n, &numbers, &err) == ELFIN_OK);
      CHECK(ion_loss_take_part(&wanted, part, n, numbers, &err) == ELFIN_OK);
      CHECK_TEXT(err.text, "");
      free(numbers);
    }
    CHECK(ion_loss_n_parts(&wanted) == 0);
    const series *D = ion_loss_series(&wanted);
    CHECK(D != NULL);
    for (int j = 0; D && j < N_OMEGAS; j++) {
      electrons e = {responses[i], struck->ion, omegas[j]};
      const series_piece *piece = &D->piece[series_find(D, log(e.omega))];
      double low = log(10), high = log(elfin_response_about(responses[i]).k_max_eV), k_low, k_high;
      if (i == 1) { /* the electron gas: within its band */
        lindhard_band(&responses[i]->gas, e.omega, &k_low, &k_high);
        low = log(k_low);
        high = fmin(high, log(k_high));
      }
      double expected = integrate(per_log_k, &e, low, high, 1e-8, 0);
      /* the quadrature has its own trouble at the ends of a band: 1e-6 */
      CHECK_NEAR(series_piece_at(piece, log(e.omega)), expected, piece->error + 1e-6 * expected);
      CHECK(piece->error <= 1e-4 * expected);
    }
  }
}

/* ---- rates ---------------------------------------------------------------------------------------- */

static elfin_request request_of(const elfin_material *material, const elfin_response *response,
                                double mass, double mediator)
{
  return request_with(constants, halo, material, response, mass, mediator);
}

static double rate_above(elfin_request *q, double threshold, double *error, unsigned *flags)
{
  double value = NAN;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {.rate = &value, .rate_error = error, .rate_status = &status, .rate_flags = flags};
  q->n_thresholds = 1;
  q->threshold_eV = &threshold;
  CHECK(elfin_rate("migdal", q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  q->n_thresholds = 0;
  return value;
}

static void the_cell_is_the_sum_of_its_nuclei(void)
{
  for (int bound = 0; bound < 2; bound++) {
    elfin_request q = request_of(gaas, of_gaas, 1e8, 0);
    double error, all_error, sum = 0;
    q.approximation = bound ? ELFIN_IMPULSE : ELFIN_FREE;
    double all = rate_above(&q, 5, &all_error, NULL);
    for (size_t i = 0; i < gaas->n_nuclei; i++) {
      q.nucleus = gaas->nuclei[i].name;
      sum += rate_above(&q, 5, &error, NULL);
    }
    CHECK_NEAR(sum, all, all_error);
    CHECK(all_error <= q.accuracy * all);
  }
}

/** A shaken ion does not lift bound electrons by less than their binding energy: above it nothing changes. */
static void inner_shells_are_shaken_out_above_their_edges_only(void)
{
  elfin_request all = request_of(si, of_si, 1e9, INFINITY), bound = request_of(si, edges_of_si, 1e9, INFINITY);
  double error[2], above = rate_above(&all, 120, &error[0], NULL);
  CHECK_CLOSE(rate_above(&bound, 120, &error[1], NULL), above, 0.02); /* but for the K shell's */
  CHECK(rate_above(&bound, 60, &error[1], NULL) < 0.9 * rate_above(&all, 60, &error[0], NULL));
  all.expansion = bound.expansion = ELFIN_FULL;
  all.accuracy = bound.accuracy = 1e-3;
  CHECK_CLOSE(rate_above(&bound, 120, &error[1], NULL), rate_above(&all, 120, &error[0], NULL), 0.05);
}

/** Charge bins tile the energies above the gap. */
static void charges_add_up_to_the_rate(void)
{
  enum { N = 8 };
  elfin_request q = request_of(si, of_si, 3e7, INFINITY);
  double gap = si->gap_eV.value, pair = si->pair_energy_eV.value, charge[N], charge_error[N], error, sum = 0;
  elfin_status status[N];
  elfin_result r = {.charge = charge, .charge_error = charge_error, .charge_status = status};
  q.n_charges = N;
  CHECK(elfin_rate("migdal", &q, &r, NULL) == ELFIN_OK);
  q.n_charges = 0;
  for (int i = 0; i < N; i++)
    sum += charge[i];
  double all = rate_above(&q, gap, &error, NULL), rest = rate_above(&q, gap + N * pair, &error, NULL);
  CHECK_CLOSE(sum, all - rest, 1e-4);
  CHECK(rest > 0);
}

/** A constant charge in place of another scales all with its square; kcut → the full expression. */
static void the_full_expression_tends_to_the_soft_one(void)
{
  for (int bound = 0; bound < 2; bound++) {
    elfin_request q = request_of(si, of_si, 1e8, 0);
    double error;
    q.approximation = bound ? ELFIN_IMPULSE : ELFIN_FREE;
    q.k_cut_eV = 300;
    q.accuracy = 1e-3;
    double soft = rate_above(&q, 10, &error, NULL);
    q.expansion = ELFIN_FULL;
    double full = rate_above(&q, 10, &error, NULL);
    CHECK_CLOSE(full, soft, 2e-3);
    q.k_cut_eV = 1e4;
    CHECK(rate_above(&q, 10, &error, NULL) > 0);
  }
}

static void an_accuracy_is_kept(void)
{
  elfin_request q = request_of(si, of_si, 5e7, 0);
  q.approximation = ELFIN_IMPULSE;
  double error, fine_error;
  double usual = rate_above(&q, 8, &error, NULL);
  q.accuracy = 1e-5;
  double fine = rate_above(&q, 8, &fine_error, NULL);
  CHECK(fine_error <= 1e-5 * fine && error <= 1e-4 * usual);
  CHECK_NEAR(usual, fine, error + fine_error);
}

static void too_light_is_exactly_nothing(void)
{
  elfin_request q = request_of(si, of_si, 5e5, 0);
  for (int bound = 0; bound < 2; bound++) {
    double error = NAN;
    unsigned flags = 0;
    q.approximation = bound ? ELFIN_IMPULSE : ELFIN_FREE;
    CHECK(rate_above(&q, 4.71, &error, &flags) == 0);
    CHECK(error == 0 && flags == ELFIN_FLAG_CLOSED);
  }
  q = request_of(si, NULL, 5e5, 0); /* the isolated atom */
  double error;
  CHECK(rate_above(&q, 4.71, &error, NULL) == 0);
}

static void shells_add_up(void)
{
  elfin_request q = request_of(si, NULL, 1e8, 0);
  double error, sum = 0, all = rate_above(&q, 5, &error, NULL);
  static const char *const names[] = {"1s+2s+2p", "3s", "3p"};
  for (int i = 0; i < 3; i++) {
    q.shells = names[i];
    sum += rate_above(&q, 5, &error, NULL);
  }
  CHECK_CLOSE(sum, all, 1e-5);
}

/* ---- refusals ------------------------------------------------------------------------------------- */

static void refused(elfin_request q, elfin_status wanted, const char *reason)
{
  double threshold = 4.71, value = 1, error;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {.rate = &value, .rate_error = &error, .rate_status = &status};
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  CHECK(elfin_rate("migdal", &q, &r, &err) == wanted);
  CHECK_SAYS(err.text, reason);
}

static void nonsense_is_refused(void)
{
  elfin_request q = request_of(si, of_si, 1e8, 0);
  q.nucleus = "Ge";
  refused(q, ELFIN_E_ARGUMENT, "Si has no nucleus Ge; it has Si, or single_ion");
  q = request_of(si, of_si, 1e8, 0);
  q.shells = "3s";
  refused(q, ELFIN_E_ARGUMENT, "shells has no effect on the response mermin");
  q = request_of(si, NULL, 1e8, 0);
  q.shells = "3s+4f";
  refused(q, ELFIN_E_ARGUMENT, "Si has no shell 4f; it has");
  q.shells = "3s+3s";
  refused(q, ELFIN_E_ARGUMENT, "3s is there twice");
  q = request_of(si, NULL, 1e8, 0);
  q.expansion = ELFIN_FULL;
  refused(q, ELFIN_E_ARGUMENT, "soft limit only");
  q = request_of(gaas, NULL, 1e8, 0);
  refused(q, ELFIN_E_ARGUMENT, "GaAs: ");
  q = request_of(si, of_si, 3e9, INFINITY); /* far beyond the pole */
  q.expansion = ELFIN_FULL;
  refused(q, ELFIN_E_VALIDITY, "has a pole");
}

static void open_response(const char *kind, const elfin_material *material, elfin_response **response)
{
  elfin_error err = {""};
  CHECK(elfin_response_open(kind, material, constants, response, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
}

int main(void)
{
  gsl_set_error_handler_off(); /* the tightest tolerances are not always reached: the checks decide */
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  for (int i = 0; i < 3; i++)
    space[i] = gsl_integration_workspace_alloc(INTERVALS);
  CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, NULL) == ELFIN_OK);
  CHECK(elfin_material_open("Si", &si, NULL) == ELFIN_OK);
  CHECK(elfin_material_open("GaAs", &gaas, NULL) == ELFIN_OK);
  open_response("mermin", si, &of_si);
  open_response("mermin_edges", si, &edges_of_si);
  open_response("lindhard", si, &gas_of_si);
  open_response("mermin", gaas, &of_gaas);
  the_nucleus_agrees_with_quadrature();
  the_electrons_agree_with_quadrature();
  the_cell_is_the_sum_of_its_nuclei();
  inner_shells_are_shaken_out_above_their_edges_only();
  charges_add_up_to_the_rate();
  the_full_expression_tends_to_the_soft_one();
  an_accuracy_is_kept();
  too_light_is_exactly_nothing();
  shells_add_up();
  nonsense_is_refused();
  elfin_response_free(of_si);
  elfin_response_free(gas_of_si);
  elfin_response_free(of_gaas);
  elfin_response_free(edges_of_si);
  elfin_material_free(si);
  elfin_material_free(gaas);
  elfin_halo_free(halo);
  for (int i = 0; i < 3; i++)
    gsl_integration_workspace_free(space[i]);
  return check_result();
}
