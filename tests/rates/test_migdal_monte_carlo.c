/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_migdal_monte_carlo.c
 * The full Migdal expression as it is written, by Monte Carlo: no average over directions, no η.
 *
 *   R = 8π² α A² n ∫dω ∫d³q/(2π)³ F(q)² ∫d³k/(2π)³ Z² k⁻² ELF(ω,k) ∫d³q_N g(q − k − q_N)
 *         [1/(ω − q_N·k/m_N) − 1/ω]² ∫d³v f(v) δ(q·v − q²/2m_χ − q_N²/2m_N − ω)
 *
 * Own derivation of the sampling. ω and |k| come from cells of a histogram that follows
 * k² ELF/ω⁴ roughly; the directions of k and q are uniform; |q| is uniform up to q_top, or ln |q| is,
 * from where ω = OMEGA_LOW is at all possible;
 * q_N = q − k − p, where p has three normal components of variance Δ²/2: that is g exactly, and 0 for
 * a free ion. The energy that is asked of the dark matter, E = q²/2m_χ + q_N²/2m_N + ω, is known
 * then. v is not above v_max, so c = q̂·v̂ is between E/(q v_max) and 1, where it is drawn uniformly, as
 * is the angle of v̂ about q̂; and δ fixes the speed:
 *   ∫v² dv f(v v̂) δ(q v c − E) = v²/(q c) f(v v̂) at v = E/(q c).
 * f is the truncated Maxwellian of docs/halo.md in all three components, the laboratory along z. So
 * one draw is worth
 *   8π² α A² n · 4π·4π·2π(1 − E/(q v_max)) q² F² k² /(p(q) (2π)⁶) · Z² k⁻² ELF/p(ω,k) · [bracket]² · v²/(q c) f(v v̂).
 * It is 0 where q_N²/2m_N < E_th or |v + v_E| > v_esc; q_top is where the most that Δ and v_max allow
 * ends. The mean has a statistical error, which the draws themselves tell.
 */
#include "check.h"

#include "rates/migdal.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

static const double OMEGA_LOW = 4.71, OMEGA_HIGH = 40, K_LOW = 10, K_HIGH = 1.2e4; /* [eV] */
static const double V0 = 220, V_ESC = 500, V_LAB = 240;                            /* [km/s] */
enum { N_OMEGA = 48, N_K = 48, N_ELECTRONS = 200000, DRAWS = 2000000 };
/* A mean of that many draws is off by more than this many of its errors once in 15,000 times. */
static const double SIGMAS = 4;

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *si;
static elfin_response *mermin;
static gsl_rng *dice;

/** ω, k and ELF/p of what the electrons get. */
typedef struct electron {
  double omega, k, weight;
} electron;

static electron electrons[N_ELECTRONS];

static void draw_electrons(void)
{
  static double importance[N_OMEGA * N_K];
  double d_omega = (OMEGA_HIGH - OMEGA_LOW) / N_OMEGA, d_k = (K_HIGH - K_LOW) / N_K, sum = 0;
  for (int i = 0; i < N_OMEGA * N_K; i++) {
    double omega = OMEGA_LOW + d_omega * (i / N_K + 0.5), k = K_LOW + d_k * (i % N_K + 0.5), elf;
    elfin_response_elf(mermin, 1, &omega, &k, &elf);
    importance[i] = (elf + 1e-5) * k * k * pow(omega, -4);
    sum += importance[i];
  }
  gsl_ran_discrete_t *cells = gsl_ran_discrete_preproc(N_OMEGA * N_K, importance);
  for (int i = 0; i < N_ELECTRONS; i++) {
    int cell = (int)gsl_ran_discrete(dice, cells);
    double omega = OMEGA_LOW + d_omega * (cell / N_K + gsl_rng_uniform(dice)), elf;
    double k = K_LOW + d_k * (cell % N_K + gsl_rng_uniform(dice));
    elfin_response_elf(mermin, 1, &omega, &k, &elf);
    electrons[i] = (electron){omega, k, elf * d_omega * d_k * sum / importance[cell]};
  }
  gsl_ran_discrete_free(cells);
}

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
  q.k_cut_eV = K_HIGH;
  q.accuracy = 5e-4;
  return q;
}

/** f(v) in 1/c³, v in c. */
static double density(const double v[3])
{
  double c = constants->c_km_s, v0 = V0 / c, z = V_ESC / V0;
  double norm = pow(M_PI, 1.5) * v0 * v0 * v0 * (erf(z) - 2 * z * exp(-z * z) / sqrt(M_PI));
  double galactic2 = v[0] * v[0] + v[1] * v[1] + (v[2] + V_LAB / c) * (v[2] + V_LAB / c);
  return galactic2 > V_ESC * V_ESC / (c * c) ? 0 : exp(-galactic2 / (v0 * v0)) / norm;
}

static double dot(const double a[3], const double b[3])
{
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** A vector of some length at an angle of cosine c to `axis`, turned about it by `azimuth`. */
static void turn(const double axis[3], double c, double azimuth, double length, double v[3])
{
  int least = fabs(axis[0]) < 0.6 ? 0 : 1; /* not along the axis */
  double first[3] = {0}, second[3];
  first[least] = 1;
  for (int i = 0; i < 3; i++)
    first[i] -= axis[least] * axis[i];
  double norm = sqrt(dot(first, first)), s = sqrt(1 - c * c);
  for (int i = 0; i < 3; i++)
    first[i] /= norm;
  for (int i = 0; i < 3; i++)
    second[i] = axis[(i + 1) % 3] * first[(i + 2) % 3] - axis[(i + 2) % 3] * first[(i + 1) % 3];
  for (int i = 0; i < 3; i++)
    v[i] = length * (c * axis[i] + s * (cos(azimuth) * first[i] + sin(azimuth) * second[i]));
}

/** One draw, without the constants in front; ln q uniform if the mediator is massless. */
static double draw(const elfin_request *r, const migdal_nucleus *nucleus, double Delta, double q_top)
{
  const electron *e = &electrons[gsl_rng_uniform_int(dice, N_ELECTRONS)];
  double along_q[3], along_k[3], q_N[3], v[3];
  gsl_ran_dir_3d(dice, &along_q[0], &along_q[1], &along_q[2]);
  gsl_ran_dir_3d(dice, &along_k[0], &along_k[1], &along_k[2]);
  double q = gsl_rng_uniform_pos(dice), per_p = q_top; /* 1/p(q) */
  if (isinf(r->mediator_eV)) {
    q *= q_top;
  } else {
    double q_bottom = OMEGA_LOW / elfin_halo_v_max(halo);
    per_p = log(q_top / q_bottom);
    q = q_bottom * exp(per_p * q);
    per_p *= q;
  }
  for (int i = 0; i < 3; i++)
    q_N[i] = q * along_q[i] - e->k * along_k[i] -
             (Delta > 0 ? gsl_ran_gaussian(dice, Delta / sqrt(2)) : 0);
  double recoil = dot(q_N, q_N) / (2 * nucleus->m_N);
  double energy = q * q / (2 * r->mass_eV) + recoil + e->omega;
  double c_least = energy / (q * elfin_halo_v_max(halo));
  if (c_least >= 1 || recoil < nucleus->recoil_threshold)
    return 0;
  double c = c_least + (1 - c_least) * gsl_rng_uniform(dice), speed = energy / (q * c);
  turn(along_q, c, 2 * M_PI * gsl_rng_uniform(dice), speed, v);
  double q0 = r->mass_eV * V0 / constants->c_km_s;
  double F = isinf(r->mediator_eV) ? 1 : q0 * q0 / (q * q);
  double bracket = 1 / (e->omega - e->k * dot(q_N, along_k) / nucleus->m_N) - 1 / e->omega;
  return q * q * per_p * (1 - c_least) * F * F * e->weight * bracket * bracket * speed * speed /
         (q * c) * density(v);
}

static void agrees(double mass, double mediator, double phonon)
{
  migdal_nucleus nucleus = {.name = "Si", .mass_number = 28, .m_N = 28 * constants->amu_eV,
                            .charge = 4, .phonon_mean = phonon, .recoil_threshold = 0.12};
  nucleus.per_mass = 1 / nucleus.m_N;
  elfin_request r = request_of(mass, mediator, phonon > 0 ? ELFIN_IMPULSE : ELFIN_FREE);
  integral found;
  elfin_error err = {""};
  CHECK(migdal_full_rate(&r, &nucleus, OMEGA_LOW, OMEGA_HIGH, 5e-4, 0, &found, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");

  double Delta = sqrt(phonon * nucleus.m_N), v_max = (V_ESC + V_LAB) / constants->c_km_s;
  double mu = mass * nucleus.m_N / (mass + nucleus.m_N), sum = 0, squares = 0;
  double q_top = phonon > 0 ? 2 * mass * v_max : 2 * mu * v_max + 2 * K_HIGH;
  for (long i = 0; i < DRAWS; i++) {
    double value = draw(&r, &nucleus, Delta, q_top);
    sum += value;
    squares += value * value;
  }
  double mean = sum / DRAWS, spread = sqrt((squares / DRAWS - mean * mean) / DRAWS);

  double mu_n = mass * constants->m_p_eV / (mass + constants->m_p_eV);
  double scale = 8 * M_PI * M_PI * constants->alpha * 28 * 28 * 16 / (mu_n * mu_n);
  scale *= 4 * M_PI * 4 * M_PI * 2 * M_PI / pow(2 * M_PI, 6);
  scale *= 1 / (nucleus.m_N * constants->kg_per_eV) * 0.4e9 / mass;        /* [1/kg/cm³] */
  scale *= constants->c_km_s * 1e5 * constants->year_s;                     /* [cm/yr] */
  printf("%4g MeV %s %s: %.4g ± %.1e, Monte Carlo %.4g ± %.1e, ratio %.4f\n", mass / 1e6,
         phonon > 0 ? "bound" : "free ", isinf(mediator) ? "massive " : "massless", found.value,
         found.error / found.value, scale * mean, spread / mean, scale * mean / found.value);
  CHECK(spread < 0.015 * mean);
  CHECK_NEAR(scale * mean, found.value, SIGMAS * scale * spread + found.error);
}

static void free_ions_agree_with_monte_carlo(void)
{
  agrees(8e7, INFINITY, 0);
  agrees(8e7, 0, 0);
  agrees(5e8, INFINITY, 0);
  agrees(5e8, 0, 0);
}

static void bound_ions_agree_with_monte_carlo(void)
{
  agrees(3e7, INFINITY, 0.03);
  agrees(8e7, 0, 0.03);
  agrees(5e8, INFINITY, 0.03);
  agrees(5e8, 0, 0.03);
}

int main(void)
{
  elfin_error err;
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  if (elfin_halo_new_shm(V0 / c, V_ESC / c, V_LAB / c, &halo, &err) ||
      elfin_material_open("Si", &si, &err) ||
      elfin_response_open("mermin", si, constants, &mermin, &err)) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  dice = gsl_rng_alloc(gsl_rng_mt19937); /* its default seed: the same numbers every time */
  draw_electrons();
  free_ions_agree_with_monte_carlo();
  bound_ions_agree_with_monte_carlo();
  gsl_rng_free(dice);
  elfin_response_free(mermin);
  elfin_material_free(si);
  elfin_halo_free(halo);
  return check_result();
}
