/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_electron_identities.c
 * What must hold between electron rates, and the same integrals by nested one-dimensional
 * quadrature (GSL, from public point values of ε and η only), also in windows that are nearly
 * closed.
 */
#include "rates/requests.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *si;
static elfin_response *mermin, *with_edges, *lindhard;

enum { ROOM = 64 };

typedef struct observables {
  double value[4][ROOM], error[4][ROOM];
  elfin_status status[4][ROOM];
  unsigned flags[ROOM];
  elfin_result result;
} observables;

enum { RATE, SPECTRUM, DIFFERENTIAL, CHARGE };

static elfin_request request_of(const elfin_response *response, double mass_eV, double mediator_eV)
{
  return request_with(constants, halo, si, response, mass_eV, mediator_eV);
}

static void ask(const elfin_request *q, observables *a)
{
  elfin_error err = {""};
  a->result = (elfin_result){a->value[0], a->error[0], a->status[0], a->value[1], a->error[1],
                             a->status[1], a->value[2], a->error[2], a->status[2], a->value[3],
                             a->error[3], a->status[3], a->flags, 0};
  CHECK(elfin_rate("electron", q, &a->result, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
}

/** R(threshold), with its error and flags where wanted. */
static double rate(elfin_request q, double threshold, double *error, unsigned *flags)
{
  observables a;
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  ask(&q, &a);
  if (error)
    *error = a.error[RATE][0];
  if (flags)
    *flags = a.flags[0];
  return a.value[RATE][0];
}

static double point(elfin_request q, double omega)
{
  observables a;
  q.n_at = 1;
  q.at_eV = &omega;
  ask(&q, &a);
  return a.value[DIFFERENTIAL][0];
}

/* ---- sums and derivatives -------------------------------------------------------------------- */

static void bins_add_up_to_differences_of_rates(void)
{
  static const double edges[] = {1.2, 3, 3.5, 7, 16, 17, 40, 45};
  enum { N = sizeof edges / sizeof *edges };
  elfin_request q = request_of(mermin, 3e7, 0);
  observables a;
  q.n_edges = q.n_thresholds = N;
  q.edge_eV = q.threshold_eV = edges;
  ask(&q, &a);
  for (int i = 0; i + 1 < N; i++) {
    double bin = a.value[SPECTRUM][i] * (edges[i + 1] - edges[i]);
    double allowed = a.error[RATE][i] + a.error[RATE][i + 1] +
                     a.error[SPECTRUM][i] * (edges[i + 1] - edges[i]);
    CHECK_NEAR(bin, a.value[RATE][i] - a.value[RATE][i + 1], allowed);
  }
}

static void charges_add_up_to_the_rate(void)
{
  elfin_request q = request_of(mermin, 2e7, INFINITY);
  observables a;
  double gap = si->gap_eV.value, threshold[2] = {gap, gap + 15 * si->pair_energy_eV.value};
  q.n_charges = 15;
  q.n_thresholds = 2;
  q.threshold_eV = threshold;
  ask(&q, &a);
  double sum = 0, allowed = a.error[RATE][0] + a.error[RATE][1];
  for (int i = 0; i < 15; i++) {
    sum += a.value[CHARGE][i];
    allowed += a.error[CHARGE][i];
  }
  CHECK_NEAR(sum, a.value[RATE][0] - a.value[RATE][1], allowed);
  CHECK(a.value[CHARGE][14] > 0);
}

static void point_values_are_the_derivative(void)
{
  static const double omega[] = {2, 5, 10, 25};
  for (int i = 0; i < 4; i++) {
    double edges[] = {omega[i] * (1 - 1e-3), omega[i] * (1 + 1e-3)};
    elfin_request q = request_of(mermin, 5e7, 0);
    observables a;
    q.n_edges = 2;
    q.edge_eV = edges;
    q.n_at = 1;
    q.at_eV = &omega[i];
    ask(&q, &a);
    CHECK_CLOSE(a.value[SPECTRUM][0], a.value[DIFFERENTIAL][0], 3e-4); /* and bin² × curvature */
  }
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void mediators_tend_to_massless_and_to_massive(void)
{
  static const double masses[] = {1e6, 1e7, 1e9};
  for (int i = 0; i < 3; i++) {
    double massless = rate(request_of(mermin, masses[i], 0), 4.71, NULL, NULL);
    double massive = rate(request_of(mermin, masses[i], INFINITY), 4.71, NULL, NULL);
    CHECK_CLOSE(rate(request_of(mermin, masses[i], 1), 4.71, NULL, NULL), massless, 2e-4);
    CHECK_CLOSE(rate(request_of(mermin, masses[i], 1e9), 4.71, NULL, NULL), massive, 2e-4);
  }
}

static void a_heavy_mass_counts_by_its_number_density(void)
{
  double at_1_TeV = 1e12 * rate(request_of(mermin, 1e12, 0), 4.71, NULL, NULL);
  double at_1_PeV = 1e15 * rate(request_of(mermin, 1e15, 0), 4.71, NULL, NULL);
  CHECK_CLOSE(at_1_PeV, at_1_TeV, 2e-4);
}

static void a_lower_cut_of_momenta_never_adds(void)
{
  double before = 0, all = rate(request_of(mermin, 1e8, INFINITY), 4.71, NULL, NULL);
  for (double k = 1000; k < 1e6; k *= 1.7) {
    elfin_request q = request_of(mermin, 1e8, INFINITY);
    q.k_cut_eV = k;
    double now = rate(q, 4.71, NULL, NULL);
    CHECK(now >= before * (1 - 2e-4) && now <= all * (1 + 2e-4));
    before = now;
  }
  CHECK_CLOSE(before, all, 2e-4);
}

static void splitting_closes_and_opens_the_window(void)
{
  double v_max = elfin_halo_v_max(halo), mass = 1e7, threshold = 4.71;
  double end = 0.5 * mass * v_max * v_max, elastic = rate(request_of(mermin, mass, 0), threshold,
                                                         NULL, NULL);
  unsigned flags;
  elfin_request q = request_of(mermin, mass, 0);
  q.splitting_eV = (end - threshold) * (1 + 1e-9);
  CHECK(rate(q, threshold, NULL, &flags) == 0);
  CHECK(flags == ELFIN_FLAG_CLOSED);
  q.splitting_eV = (end - threshold) * 0.5;
  double less = rate(q, threshold, NULL, &flags);
  CHECK(less > 0 && less < elastic && !(flags & ELFIN_FLAG_CLOSED));
  q.splitting_eV = -20; /* exothermic: energies beyond the elastic end */
  CHECK(rate(q, end + 10, NULL, &flags) > 0);
  CHECK(!(flags & ELFIN_FLAG_CLOSED));
  q.splitting_eV = 1e-9; /* continuous at 0, from both sides */
  CHECK_CLOSE(rate(q, threshold, NULL, NULL), elastic, 2e-4);
  q.splitting_eV = -1e-9;
  CHECK_CLOSE(rate(q, threshold, NULL, NULL), elastic, 2e-4);
}

static void warmth_adds_what_detailed_balance_says(void)
{
  elfin_request cold = request_of(mermin, 1e7, 0), warm = cold;
  static const double omega[] = {1.2, 3, 9};
  warm.temperature_K = 20000;
  double T = 20000 * 8.617333262e-5;
  for (int i = 0; i < 3; i++)
    CHECK_CLOSE(point(warm, omega[i]) / point(cold, omega[i]), 1 / -expm1(-omega[i] / T), 2e-4);
  warm.temperature_K = 1e-3;
  CHECK_CLOSE(rate(warm, 1.11, NULL, NULL), rate(cold, 1.11, NULL, NULL), 2e-4);
}

static void thresholds_in_any_order_give_the_same_bits(void)
{
  static const double up[] = {1.5, 4.71, 4.71, 20}, mixed[] = {4.71, 20, 1.5, 4.71};
  static const int at[] = {2, 0, 3, 1};
  elfin_request q = request_of(mermin, 1e8, 0);
  observables a, b;
  q.n_thresholds = 4;
  q.threshold_eV = up;
  ask(&q, &a);
  q.threshold_eV = mixed;
  ask(&q, &b);
  for (int i = 0; i < 4; i++)
    CHECK(memcmp(&a.value[RATE][i], &b.value[RATE][at[i]], sizeof(double)) == 0);
  CHECK(memcmp(&a.value[RATE][1], &a.value[RATE][2], sizeof(double)) == 0);
  CHECK(a.value[RATE][0] > a.value[RATE][1] && a.value[RATE][1] > a.value[RATE][3]);
}

/** What inner shells lose below their edges is most of the rate where large momenta count, and little where small ones
 * do (jobs/gpaw's tables are compared in gpaw_ratios). */
static void inner_shells_count_above_their_edges_only(void)
{
  elfin_request free_ones = request_of(mermin, 1e8, INFINITY), bound = request_of(with_edges, 1e8, INFINITY);
  double ratio = rate(free_ones, 4.71, NULL, NULL) / rate(bound, 4.71, NULL, NULL);
  CHECK(ratio > 7 && ratio < 9);
  for (double mass = 1e6; mass < 1.1e9; mass *= 10) {
    free_ones = request_of(mermin, mass, 0);
    bound = request_of(with_edges, mass, 0);
    CHECK_CLOSE(rate(bound, 3, NULL, NULL), rate(free_ones, 3, NULL, NULL), 0.04);
  }
}

/** What is left without momenta above 20 keV says whether the rate is flagged: beyond 20 %, as sharply as rows of
 * momenta stand (3 %). */
static void large_momenta_are_flagged_where_they_count(void)
{
  static const double mediators[] = {0, 1e4, INFINITY}, thresholds[] = {1.5, 4.71, 15};
  size_t n_large = 0, n_small = 0;
  for (double mass = 2e6; mass < 2e9; mass *= 2.3)
    for (size_t i = 0; i < 9; i++) {
      elfin_request q = request_of(mermin, mass, mediators[i / 3]), below = q;
      unsigned flags, of_below;
      below.k_cut_eV = 2e4;
      double all = rate(q, thresholds[i % 3], NULL, &flags);
      double share = all > 0 ? 1 - rate(below, thresholds[i % 3], NULL, &of_below) / all : 0;
      bool large = flags & ELFIN_FLAG_LARGE_MOMENTA;
      CHECK(large || share < 0.23);
      CHECK(!large || share > 0.17);
      n_large += large;
      n_small += !large;
    }
  CHECK(n_large >= 10 && n_small >= 10);
}

static void conventions_differ_by_their_constants(void)
{
  const elfin_constants *d = elfin_constants_named("darkelf"), *e = constants;
  elfin_response *response = NULL;
  double omega = 10, mass = 1e7;
  CHECK(elfin_response_open("mermin", si, d, &response, NULL) == ELFIN_OK);
  elfin_request q = request_of(mermin, mass, INFINITY), p;
  q.accuracy = 1e-8;  /* values are computed, not interpolated */
  q.k_cut_eV = 2e4;   /* below the ends of both responses */
  p = q;
  p.constants = d;
  p.response = response;
  double mu_ratio = e->m_e_eV * (mass + d->m_e_eV) / (d->m_e_eV * (mass + e->m_e_eV));
  double expected = mu_ratio * mu_ratio * (e->alpha / d->alpha) *
                    pow(e->hbar_c_eV_cm / d->hbar_c_eV_cm, 2) * (d->per_s_in_eV / e->per_s_in_eV) *
                    (d->year_s / e->year_s);
  CHECK_CLOSE(point(p, omega) / point(q, omega), expected, 2e-8); /* both to 1e-8 */
  elfin_response_free(response);
}

/* ---- by nested quadrature -------------------------------------------------------------------- */

typedef struct nest {
  const elfin_request *q;
  double omega, tolerance;
  gsl_integration_workspace *inner;
} nest;

static double at_k(double ln_k, void *context)
{
  const nest *s = context;
  const elfin_request *q = s->q;
  double k = exp(ln_k), omega = s->omega, loss, eps1, eta;
  double v_min = fabs((omega + q->splitting_eV) / k + k / (2 * q->mass_eV));
  if (q->screening)
    elfin_response_elf(q->response, 1, &omega, &k, &loss);
  else
    elfin_response_epsilon(q->response, 1, &omega, &k, &eps1, &loss);
  elfin_halo_eta(q->halo, 1, &v_min, &eta);
  double reference = constants->alpha * constants->m_e_eV;
  double F = isinf(q->mediator_eV) ? 1 : (reference * reference + q->mediator_eV * q->mediator_eV) /
                                             (k * k + q->mediator_eV * q->mediator_eV);
  return k * k * k * k * F * F * fmax(loss, 0) * eta;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** ∫ dk, from kink to kink of η and of the band. */
static double at_omega(double omega, void *context)
{
  nest *s = context;
  const elfin_request *q = s->q;
  double m = q->mass_eV, end[16], sum = 0, part, error;
  size_t n_kinks, n = 0;
  const double *kink = elfin_halo_kinks(q->halo, &n_kinks);
  for (size_t i = 0; i < n_kinks; i++) {
    double root = kink[i] * kink[i] - 2 * (omega + q->splitting_eV) / m;
    if (root < 0)
      continue;
    end[n++] = 2 * (omega + q->splitting_eV) / (kink[i] + sqrt(root));
    end[n++] = m * (kink[i] + sqrt(root));
  }
  if (q->response == lindhard) {
    double v_F = cbrt(3 * M_PI * 16.6 * 16.6 /
                      (4 * constants->alpha * constants->m_e_eV * constants->m_e_eV));
    double k_F = constants->m_e_eV * v_F, root = k_F * k_F + 2 * constants->m_e_eV * omega;
    end[n++] = sqrt(root) - k_F;
    end[n++] = sqrt(root) + k_F;
    if (k_F * k_F > 2 * constants->m_e_eV * omega) {
      end[n++] = k_F - sqrt(k_F * k_F - 2 * constants->m_e_eV * omega);
      end[n++] = k_F + sqrt(k_F * k_F - 2 * constants->m_e_eV * omega);
    }
  }
  qsort(end, n, sizeof *end, ascending);
  gsl_function f = {at_k, s};
  s->omega = omega;
  for (size_t i = 0; i + 1 < n; i++)
    if (end[i] < 5e5) {
      double low = log(end[i]), high = log(fmin(end[i + 1], 5e5));
      gsl_integration_qag(&f, low, high, 0, s->tolerance, 1000, GSL_INTEG_GAUSS21, s->inner, &part,
                          &error);
      sum += part;
    }
  return sum;
}

static double by_nested_quadrature(const elfin_request *q, double low, double tolerance)
{
  gsl_integration_workspace *outer = gsl_integration_workspace_alloc(1000);
  nest s = {q, 0, 0.1 * tolerance, gsl_integration_workspace_alloc(1000)};
  gsl_function f = {at_omega, &s};
  double v = elfin_halo_v_max(q->halo), sum = 0, part, error;
  double high = fmin(0.5 * q->mass_eV * v * v - q->splitting_eV, 1000);
  double edge = q->response == with_edges ? fmin(fmax(si->edges[0].energy_eV, low), high) : low; /* W steps there */
  for (int i = edge > low ? 0 : 1; i < 2; i++) {
    gsl_integration_qag(&f, i ? edge : low, i ? high : edge, 0, tolerance, 1000, GSL_INTEG_GAUSS21, outer, &part,
                        &error);
    sum += part;
  }
  gsl_integration_workspace_free(outer);
  gsl_integration_workspace_free(s.inner);
  double mu = q->mass_eV * constants->m_e_eV / (q->mass_eV + constants->m_e_eV);
  double n_chi = 0.4e9 / q->mass_eV, rho_T = 2.33e-3, hbar_c = constants->hbar_c_eV_cm;
  return sum * n_chi / rho_T / (mu * mu * hbar_c * hbar_c) / (8 * M_PI * M_PI * constants->alpha) *
         constants->per_s_in_eV * constants->year_s;
}

static void agrees_with_nested_quadrature(elfin_request q, double threshold)
{
  double error, found = rate(q, threshold, &error, NULL);
  double expected = by_nested_quadrature(&q, threshold, 0.02 * q.accuracy);
  CHECK_NEAR(found, expected, error);
  CHECK(error <= q.accuracy * found);
  if (getenv("ELFIN_TEST_VERBOSE"))
    printf("%.4g eV, F %g, %s, from %.8g eV: %.8g, off by %.1e, estimate %.1e\n", q.mass_eV,
           q.mediator_eV, elfin_response_about(q.response).kind, threshold, found,
           found / expected - 1, error / found);
}

static void ordinary_rates_agree_with_nested_quadrature(void)
{
  static const double masses[] = {2e6, 3e7, 1e9}, mediators[] = {0, INFINITY};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 2; j++)
      for (int screening = 0; screening < 2; screening++) {
        elfin_request q = request_of(lindhard, masses[i], mediators[j]);
        q.screening = screening;
        agrees_with_nested_quadrature(q, 2.5);
        q.response = mermin;
        if (i != 1) /* half of them: half the time */
          agrees_with_nested_quadrature(q, 2.5);
      }
  static const double above[] = {2.5, 80, 99.42, 110};
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 2; j++)
      agrees_with_nested_quadrature(request_of(with_edges, i ? 3e8 : 3e7, mediators[j]), above[i]);
  elfin_request split = request_of(mermin, 1e7, 3000);
  split.splitting_eV = 5;
  agrees_with_nested_quadrature(split, 4.71);
}

static void nearly_closed_windows_agree_with_nested_quadrature(void)
{
  double v = elfin_halo_v_max(halo);
  for (double open = 1e-2; open > 5e-8; open *= 0.1) {
    elfin_request q = request_of(mermin, 3e6, open < 1e-4 ? 0 : INFINITY);
    agrees_with_nested_quadrature(q, 0.5 * q.mass_eV * v * v * (1 - open));
  }
}

/* ---- flags ----------------------------------------------------------------------------------- */

static unsigned flags_for(const elfin_response *response, double mass, double mediator,
                          double threshold)
{
  unsigned flags;
  rate(request_of(response, mass, mediator), threshold, NULL, &flags);
  return flags;
}

static void every_flag_has_its_cause(void)
{
  static const double omega[] = {1, 5, 20}, k[] = {100, 2000, 20000};
  double eps1[9], eps2[9];
  elfin_response *whole = NULL, *torn = NULL;
  for (int i = 0; i < 9; i++) {
    eps1[i] = 2;
    eps2[i] = 1;
  }
  CHECK(elfin_response_new_table("whole", 3, omega, 3, k, eps1, eps2, constants, &whole, NULL) ==
        ELFIN_OK);
  eps2[4] = NAN;
  CHECK(elfin_response_new_table("torn", 3, omega, 3, k, eps1, eps2, constants, &torn, NULL) ==
        ELFIN_OK);
  CHECK(flags_for(mermin, 1e7, 0, 4.71) == 0);
  CHECK(flags_for(whole, 1e9, 0, 2) == (ELFIN_FLAG_OMEGA_RANGE | ELFIN_FLAG_K_RANGE));
  CHECK(flags_for(whole, 3e6, INFINITY, 2) == 0); /* kinematics ends at 9 eV and 15 keV */
  CHECK(flags_for(whole, 1e9, 0, 0.5) & ELFIN_FLAG_BELOW_RANGE);
  CHECK(flags_for(torn, 1e9, 0, 2) & ELFIN_FLAG_HOLES);
  CHECK(flags_for(whole, 1e9, 0, 30) & ELFIN_FLAG_OMEGA_RANGE);
  CHECK(flags_for(whole, 1e6, 0, 30) == ELFIN_FLAG_CLOSED);
  elfin_request q = request_of(whole, 1e9, INFINITY); /* the user's cut is not the response's */
  unsigned flags;
  q.k_cut_eV = 3000;
  rate(q, 2, NULL, &flags);
  CHECK(!(flags & ELFIN_FLAG_K_RANGE));
  elfin_response_free(whole);
  elfin_response_free(torn);
}

/* ---- halos ----------------------------------------------------------------------------------- */

static void a_table_of_the_same_halo_tends_to_the_same_rate(void)
{
  enum { MOST = 320 };
  double v_max = elfin_halo_v_max(halo), v[MOST + 1], eta[MOST + 1], off[3];
  double exact = rate(request_of(lindhard, 1e7, 0), 3, NULL, NULL);
  for (int j = 0, n = 20; j < 3; j++, n *= 4) {
    elfin_halo *table = NULL;
    for (int i = 0; i <= n; i++)
      v[i] = v_max * i / n;
    v[n] = v_max;
    elfin_halo_eta(halo, (size_t)n + 1, v, eta);
    eta[n] = 0;
    CHECK(elfin_halo_new_table((size_t)n + 1, v, eta, &table, NULL) == ELFIN_OK);
    elfin_request q = request_of(lindhard, 1e7, 0);
    q.halo = table;
    off[j] = fabs(rate(q, 3, NULL, NULL) / exact - 1);
    elfin_halo_free(table);
  }
  CHECK(off[0] < 0.05 && off[1] < 0.005 && off[2] < 5e-4); /* second order, down to the accuracy */
}

int main(void)
{
  elfin_error err;
  gsl_set_error_handler_off(); /* it would abort where its own bound is below rounding */
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  if (elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, &err) ||
      elfin_material_open("Si", &si, &err) ||
      elfin_response_open("mermin", si, constants, &mermin, &err) ||
      elfin_response_open("mermin_edges", si, constants, &with_edges, &err) ||
      elfin_response_open("lindhard", si, constants, &lindhard, &err)) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  bins_add_up_to_differences_of_rates();
  charges_add_up_to_the_rate();
  point_values_are_the_derivative();
  mediators_tend_to_massless_and_to_massive();
  a_heavy_mass_counts_by_its_number_density();
  a_lower_cut_of_momenta_never_adds();
  splitting_closes_and_opens_the_window();
  warmth_adds_what_detailed_balance_says();
  thresholds_in_any_order_give_the_same_bits();
  inner_shells_count_above_their_edges_only();
  large_momenta_are_flagged_where_they_count();
  conventions_differ_by_their_constants();
  ordinary_rates_agree_with_nested_quadrature();
  nearly_closed_windows_agree_with_nested_quadrature();
  every_flag_has_its_cause();
  a_table_of_the_same_halo_tends_to_the_same_rate();
  elfin_response_free(mermin);
  elfin_response_free(with_edges);
  elfin_response_free(lindhard);
  elfin_material_free(si);
  elfin_halo_free(halo);
  return check_result();
}
