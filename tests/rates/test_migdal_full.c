/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_migdal_full.c
 * The full Migdal expression in its limits: the soft limit (by quadrature of the formulas of
 * docs/migdal.md, written here once more), a loosely bound nucleus, thresholds; where it is refused.
 */
#include "check.h"

#include "rates/migdal.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

static const double V0 = 220, V_ESC = 500, V_LAB = 240; /* [km/s] */
static const double K_LOW = 10;                         /* [eV] where the integral over k begins */
static const double ACCURACY = 3e-5;

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *si;
static elfin_response *mermin, *lindhard;
static gsl_integration_workspace *space[3];
enum { INTERVALS = 2000 };

static elfin_request request_of(double mass, double mediator, elfin_approximation approximation)
{
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = si;
  q.response = mermin;
  q.mass_eV = mass;
  q.mediator_eV = mediator;
  q.approximation = approximation;
  q.k_cut_eV = 1.2e4;
  q.accuracy = 9e-7; /* the response is not to be interpolated */
  return q;
}

static migdal_nucleus silicon(double phonon)
{
  double m_N = 28 * constants->amu_eV;
  return (migdal_nucleus){.name = "Si", .mass_number = 28, .m_N = m_N, .per_mass = 1 / m_N,
                          .charge = 4, .phonon_mean = phonon, .recoil_threshold = 0.12};
}

static double differential(const elfin_request *q, const migdal_nucleus *nucleus, double omega)
{
  integral out;
  elfin_error err = {""};
  CHECK(migdal_full_differential(q, nucleus, omega, ACCURACY, &out, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  return out.value;
}

static double rate(const elfin_request *q, const migdal_nucleus *nucleus, double low, double high,
                   double relative)
{
  integral out;
  elfin_error err = {""};
  CHECK(migdal_full_rate(q, nucleus, low, high, relative, 0, &out, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  CHECK(out.error <= relative * out.value);
  return out.value;
}

/* ---- the soft limit [docs/migdal.md] ---------------------------------------------------------- */

typedef struct soft {
  const elfin_request *q;
  const migdal_nucleus *nucleus;
  double omega, v;
} soft;

static double integrate(double (*f)(double, void *), void *context, double low, double high, int level)
{
  gsl_function function = {f, context};
  double value, error;
  gsl_integration_qag(&function, low, high, 0, 1e-7, INTERVALS, GSL_INTEG_GAUSS21, space[level],
                      &value, &error);
  return value;
}

static double form_factor2(const soft *s, double q)
{
  double q0 = s->q->mass_eV * V0 / constants->c_km_s;
  return isinf(s->q->mediator_eV) ? 1 : pow(q0 / q, 4);
}

static double per_k(double k, void *context)
{
  const soft *s = context;
  double elf;
  elfin_response_elf(s->q->response, 1, &s->omega, &k, &elf);
  return k * k * elf;
}

/** v times the free ion's J without 2π² A² σ̄_n/μ_χn². */
static double vJ_free(const soft *s)
{
  double m_N = s->nucleus->m_N, mu = s->q->mass_eV * m_N / (s->q->mass_eV + m_N), v = s->v;
  double root = 1 - 2 * s->omega / (v * v * mu);
  if (root <= 0)
    return 0;
  double q_low = v * mu * (1 - sqrt(root)), q_high = v * mu * (1 + sqrt(root));
  q_low = fmax(q_low, sqrt(2 * m_N * s->nucleus->recoil_threshold));
  if (q_high <= q_low)
    return 0;
  if (isinf(s->q->mediator_eV))
    return (pow(q_high, 4) - pow(q_low, 4)) / (32 * M_PI * M_PI * m_N * v);
  double q0 = s->q->mass_eV * V0 / constants->c_km_s;
  return pow(q0, 4) / (16 * M_PI * M_PI * v * m_N) * 2 * log(q_high / q_low);
}

static double Phi(double q, double q_N, double D)
{
  return 2 * D * (q * q - q * q_N + q_N * q_N + D * D) * exp(-pow((q + q_N) / D, 2)) -
         2 * D * (q * q + q * q_N + q_N * q_N + D * D) * exp(-pow((q - q_N) / D, 2)) +
         sqrt(M_PI) * q * (2 * q * q + 3 * D * D) * (erfc((q - q_N) / D) - erfc((q + q_N) / D));
}

static double per_q(double q, void *context)
{
  const soft *s = context;
  double m_N = s->nucleus->m_N, D = sqrt(s->nucleus->phonon_mean * m_N);
  double q_N2 = 2 * m_N * (s->v * q - q * q / (2 * s->q->mass_eV) - s->omega);
  double least = sqrt(2 * m_N * s->nucleus->recoil_threshold);
  if (q_N2 <= least * least)
    return 0;
  return form_factor2(s, q) * (Phi(q, sqrt(q_N2), D) - Phi(q, least, D));
}

static double vJ_bound(soft *s)
{
  double m_chi = s->q->mass_eV, v = s->v;
  double root = 1 - 2 * (s->omega + s->nucleus->recoil_threshold) / (v * v * m_chi);
  if (root <= 0)
    return 0;
  double sum = integrate(per_q, s, v * m_chi * (1 - sqrt(root)), v * m_chi * (1 + sqrt(root)), 1);
  return sum / (32 * pow(M_PI, 2.5) * v * s->nucleus->m_N);
}

static double per_v(double v, void *context)
{
  soft *s = context;
  double f1;
  s->v = v;
  elfin_halo_f1(halo, 1, &v, &f1);
  return f1 * (s->q->approximation == ELFIN_FREE ? vJ_free(s) : vJ_bound(s));
}

static double soft_differential(const elfin_request *q, const migdal_nucleus *nucleus, double omega)
{
  soft s = {.q = q, .nucleus = nucleus, .omega = omega};
  double Z = nucleus->charge, A = nucleus->mass_number, c = constants->c_km_s;
  double mu_n = q->mass_eV * constants->m_p_eV / (q->mass_eV + constants->m_p_eV);
  double I = 4 * constants->alpha * Z * Z / (3 * M_PI * M_PI * nucleus->m_N * pow(omega, 4)) *
             integrate(per_k, &s, K_LOW, q->k_cut_eV, 0);
  double kink = (V_ESC - V_LAB) / c, end = (V_ESC + V_LAB) / c;
  double J = integrate(per_v, &s, 0, kink, 2) + integrate(per_v, &s, kink, end, 2);
  double n = q->rho_GeV_cm3 * 1e9 / q->mass_eV * nucleus->per_mass / constants->kg_per_eV;
  return n * 2 * M_PI * M_PI * A * A / (mu_n * mu_n) * I * J * c * 1e5 * constants->year_s;
}

/** How far full and soft are apart at k_cut, relative to soft. */
static double apart(elfin_request q, const migdal_nucleus *nucleus, double omega, double k_cut)
{
  q.k_cut_eV = k_cut;
  return differential(&q, nucleus, omega) / soft_differential(&q, nucleus, omega) - 1;
}

/** G is even in k: what the soft limit neglects falls like the square. */
static void soft_momenta_give_the_soft_limit(void)
{
  enum { N_CUTS = 4 };
  static const double cuts[N_CUTS] = {8000, 4000, 2000, 1000};
  static const struct {
    double mass, mediator, omega;
    elfin_approximation approximation;
  } cases[] = {{5e7, INFINITY, 8, ELFIN_FREE},    {1e8, 0, 8, ELFIN_FREE},
               {1e9, 0, 15, ELFIN_FREE},          {2e7, INFINITY, 6, ELFIN_IMPULSE},
               {1e8, 0, 8, ELFIN_IMPULSE},        {2e7, 0, 6, ELFIN_IMPULSE}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elfin_request q = request_of(cases[i].mass, cases[i].mediator, cases[i].approximation);
    migdal_nucleus nucleus = silicon(0.03);
    double off[N_CUTS];
    for (int j = 0; j < N_CUTS; j++)
      off[j] = apart(q, &nucleus, cases[i].omega, cuts[j]);
    printf("%g MeV, %s, %s, %g eV: off by %+.2e with k up to 8 keV, 4, 2, 1: %+.2e %+.2e %+.2e\n",
           cases[i].mass / 1e6, cases[i].approximation ? "bound" : "free",
           isinf(cases[i].mediator) ? "massive" : "massless", cases[i].omega, off[0], off[1], off[2],
           off[3]);
    CHECK(fabs(off[0]) > 4e-3); /* there is something to fall */
    CHECK_NEAR(off[2], off[1] / 4, 0.1 * fabs(off[1]) / 4 + 2 * ACCURACY);
    CHECK_NEAR(off[3], off[2] / 4, 0.05 * fabs(off[2]) / 4 + 2 * ACCURACY);
  }
}

/* ---- other limits ---------------------------------------------------------------------------- */

static void a_loosely_bound_nucleus_is_free(void)
{
  migdal_nucleus nucleus = silicon(NAN);
  for (int i = 0; i < 2; i++) {
    double free_ion, off[3], phonon = 1e-3;
    elfin_request q = request_of(1e8, i ? INFINITY : 0, ELFIN_FREE);
    free_ion = differential(&q, &nucleus, 8);
    q.approximation = ELFIN_IMPULSE;
    for (int j = 0; j < 3; j++, phonon /= 4) {
      nucleus.phonon_mean = phonon;
      off[j] = differential(&q, &nucleus, 8) / free_ion - 1;
    }
    printf("bound by 1 meV, 1/4 meV, 1/16 meV: %+.2e %+.2e %+.2e\n", off[0], off[1], off[2]);
    CHECK(fabs(off[0]) > 1e-3); /* Δ² = ω̄ m_N is what matters: linear in ω̄ */
    CHECK_NEAR(off[1], 0.25 * off[0], 0.1 * fabs(off[0]) * 0.25 + 2 * ACCURACY);
    CHECK_NEAR(off[2], 0.25 * off[1], 0.1 * fabs(off[1]) * 0.25 + 2 * ACCURACY);
  }
}

static void slices_add_up_and_points_are_the_derivative(void)
{
  for (int i = 0; i < 2; i++) {
    elfin_request q = request_of(2e8, INFINITY, i ? ELFIN_IMPULSE : ELFIN_FREE);
    migdal_nucleus nucleus = silicon(0.03);
    double all = rate(&q, &nucleus, 5, INFINITY, 2e-4);
    double parts = rate(&q, &nucleus, 5, 9, 2e-4) + rate(&q, &nucleus, 9, INFINITY, 2e-4);
    CHECK_CLOSE(parts, all, 4e-4);
    double d = 0.01, bin = rate(&q, &nucleus, 8 - d, 8 + d, 2e-4) / (2 * d);
    CHECK_CLOSE(bin, differential(&q, &nucleus, 8), 3e-4);
  }
}

static void a_heavy_mediator_tends_to_the_massive_limit(void)
{
  migdal_nucleus nucleus = silicon(0.03);
  elfin_request q = request_of(2e8, INFINITY, ELFIN_FREE);
  double massive = differential(&q, &nucleus, 8);
  q.mediator_eV = 1e9;
  CHECK_CLOSE(differential(&q, &nucleus, 8), massive, 2 * ACCURACY);
  q.mediator_eV = 0;
  double massless = differential(&q, &nucleus, 8);
  q.mediator_eV = 10;
  CHECK_CLOSE(differential(&q, &nucleus, 8), massless, 2 * ACCURACY);
}

static void the_electron_gas_is_cut_at_its_band(void)
{
  migdal_nucleus nucleus = silicon(0.03);
  elfin_request q = request_of(3e7, INFINITY, ELFIN_FREE);
  q.response = lindhard;
  q.k_cut_eV = 8e3;
  double some = rate(&q, &nucleus, 5, INFINITY, 1e-3);
  q.k_cut_eV = INFINITY;
  CHECK(rate(&q, &nucleus, 5, INFINITY, 1e-3) >= some * (1 - 1e-3));
  CHECK(some > 0);
}

/* ---- what is 0, and what is refused ---------------------------------------------------------- */

static void what_is_too_slow_gives_exactly_nothing(void)
{
  migdal_nucleus nucleus = silicon(0.03);
  for (int i = 0; i < 2; i++) {
    elfin_request q = request_of(1e5, 0, i ? ELFIN_IMPULSE : ELFIN_FREE);
    integral out = {NAN, NAN, -1};
    elfin_error err = {""};
    CHECK(migdal_full_rate(&q, &nucleus, 4.71, INFINITY, 1e-3, 0, &out, &err) == ELFIN_OK);
    CHECK(out.value == 0 && out.error == 0);
    out.value = NAN;
    CHECK(migdal_full_differential(&q, &nucleus, 4.71, 1e-3, &out, &err) == ELFIN_OK);
    CHECK(out.value == 0 && out.error == 0);
    q.mass_eV = 1e7; /* fast enough for 4.71 eV, not for a recoil of 50 eV */
    nucleus.recoil_threshold = 50;
    CHECK(migdal_full_rate(&q, &nucleus, 4.71, INFINITY, 1e-3, 0, &out, &err) == ELFIN_OK);
    CHECK(out.value == 0 && out.error == 0);
    nucleus.recoil_threshold = 0.12;
  }
}

/** The kernel's own region touches the pole just where migdal_full_valid() says. */
static void poles_are_refused_where_they_are_reached(void)
{
  migdal_nucleus nucleus = silicon(0.03);
  double v_max = elfin_halo_v_max(halo);
  for (int i = 0; i < 2; i++) {
    elfin_request q = request_of(2e9, INFINITY, i ? ELFIN_IMPULSE : ELFIN_FREE);
    elfin_error err = {""};
    q.k_cut_eV = 3e4;
    CHECK(migdal_full_valid(&q, &nucleus, 4.71, &err) == ELFIN_E_VALIDITY);
    CHECK_SAYS(err.text, "2000 MeV");
    CHECK_SAYS(err.text, "4.71 eV");
    CHECK_SAYS(err.text, "pole");
    integral out;
    CHECK(migdal_full_rate(&q, &nucleus, 4.71, INFINITY, 1e-3, 0, &out, &err) == ELFIN_E_VALIDITY);
    CHECK(migdal_full_differential(&q, &nucleus, 4.71, 1e-3, &out, &err) == ELFIN_E_VALIDITY);
    CHECK(migdal_full_valid(&q, &nucleus, 30, &err) == ELFIN_OK);
    q.k_cut_eV = 3e3;
    CHECK(migdal_full_valid(&q, &nucleus, 4.71, &err) == ELFIN_OK);
  }
  /* free: q_N k/m_N ≤ ω with q_N = q − k and q = p + √(p² + μ k²/m_N), p = μ v_max */
  elfin_request q = request_of(1e9, INFINITY, ELFIN_FREE);
  double mu = 1e9 * nucleus.m_N / (1e9 + nucleus.m_N), p = mu * v_max, k = 2e4;
  double end = k * (p + sqrt(p * p + mu / nucleus.m_N * k * k) - k) / nucleus.m_N;
  q.k_cut_eV = k;
  CHECK(migdal_full_valid(&q, &nucleus, end * (1 + 1e-6), NULL) == ELFIN_OK);
  CHECK(migdal_full_valid(&q, &nucleus, end * (1 - 1e-6), NULL) == ELFIN_E_VALIDITY);
  CHECK(differential(&q, &nucleus, end * (1 + 1e-6)) > 0);
}

static void what_is_missing_is_named(void)
{
  migdal_nucleus nucleus = silicon(NAN);
  elfin_request q = request_of(1e8, INFINITY, ELFIN_IMPULSE);
  elfin_error err = {""};
  integral out;
  CHECK(migdal_full_rate(&q, &nucleus, 5, 10, 1e-3, 0, &out, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "phonon");
  q.approximation = ELFIN_FREE;
  CHECK(migdal_full_rate(&q, &nucleus, 5, 10, 1e-7, 0, &out, &err) == ELFIN_E_ACCURACY);
  CHECK_SAYS(err.text, "1e-07");
  q.max_evaluations = 200;
  CHECK(migdal_full_rate(&q, &nucleus, 5, 10, 1e-4, 0, &out, &err) == ELFIN_E_ACCURACY);
}

int main(void)
{
  elfin_error err;
  gsl_set_error_handler_off(); /* it would abort where its own bound is below rounding */
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  if (elfin_halo_new_shm(V0 / c, V_ESC / c, V_LAB / c, &halo, &err) ||
      elfin_material_open("Si", &si, &err) ||
      elfin_response_open("mermin", si, constants, &mermin, &err) ||
      elfin_response_open("lindhard", si, constants, &lindhard, &err)) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  for (int i = 0; i < 3; i++)
    space[i] = gsl_integration_workspace_alloc(INTERVALS);
  soft_momenta_give_the_soft_limit();
  a_loosely_bound_nucleus_is_free();
  slices_add_up_and_points_are_the_derivative();
  a_heavy_mediator_tends_to_the_massive_limit();
  the_electron_gas_is_cut_at_its_band();
  what_is_too_slow_gives_exactly_nothing();
  poles_are_refused_where_they_are_reached();
  what_is_missing_is_named();
  for (int i = 0; i < 3; i++)
    gsl_integration_workspace_free(space[i]);
  elfin_response_free(mermin);
  elfin_response_free(lindhard);
  elfin_material_free(si);
  elfin_halo_free(halo);
  return check_result();
}
