/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_massless.c
 * G(ω) = ∫ dk/k η(ω/k + k/2m_χ), all momenta of a massless mediator (src/rates/massless.c).
 *
 * Claims: the quadrature in t agrees with adaptive quadrature in ln k (GSL) of η itself, and with
 * ∫ dv f1/v ln(q₊/q₋); the polynomials agree with the quadrature; both to massless_error(), for halos
 * boosted and at rest, of other kinds, for tables, and from ω/m_χ v² = 1e-9 up to 1e-8 below the end. */
#include "check.h"
#include "halo/halo_lookup.h"
#include "rates/massless.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#define M_CHI 1e5
static const double KM_S = 1 / 299792.458;
enum { N_ENERGIES = 60, ROOM = 2000 };

typedef struct line {
  const elfin_halo *halo;
  double omega;
} line;

static double over_ln_k(double ln_k, void *context)
{
  const line *l = context;
  double k = exp(ln_k), v = l->omega / k + k / (2 * M_CHI), eta;
  elfin_halo_eta(l->halo, 1, &v, &eta);
  return eta;
}

static double over_v(double v, void *context)
{
  const line *l = context;
  double f1, root = sqrt(fmax(v * v - 2 * l->omega / M_CHI, 0));
  elfin_halo_f1(l->halo, 1, &v, &f1);
  return f1 / v * log((v + root) / (v - root));
}

static gsl_integration_workspace *workspace;

/** ∫ from the first to the last of n ascending points, cut at all of them. */
static double adaptive(double (*f)(double, void *), const line *l, size_t n, double point[])
{
  gsl_function g = {f, (void *)(size_t)l};
  double sum = 0;
  for (size_t i = 0; i + 1 < n; i++) {
    double part, error;
    if (point[i] < point[i + 1])
      gsl_integration_qags(&g, point[i], point[i + 1], 0, 1e-12, ROOM, workspace, &part, &error);
    else
      part = 0;
    sum += part;
  }
  return sum;
}

/** G by momenta, cut where v_min is a kink of the halo. */
static double by_momenta(const line *l)
{
  size_t n;
  const double *kink = elfin_halo_kinks(l->halo, &n);
  double points[ROOM], middle = 0.5 * log(2 * M_CHI * l->omega), y = sqrt(2 * l->omega / M_CHI);
  size_t n_points = 0;
  for (size_t i = n; i-- > 0;)
    if (kink[i] > y)
      points[n_points++] = middle - acosh(kink[i] / y);
  points[n_points++] = middle;
  for (size_t i = 0; i < n; i++)
    if (kink[i] > y)
      points[n_points++] = middle + acosh(kink[i] / y);
  return adaptive(over_ln_k, l, n_points, points);
}

static double by_speeds(const line *l)
{
  size_t n, n_points = 0;
  const double *kink = elfin_halo_kinks(l->halo, &n);
  double points[ROOM], y = sqrt(2 * l->omega / M_CHI);
  points[n_points++] = y;
  for (size_t i = 0; i < n; i++)
    if (kink[i] > y)
      points[n_points++] = kink[i];
  return adaptive(over_v, l, n_points, points);
}

/** From 1e-9 to 1 − 1e-8 of the end, denser at both. */
static double energy(const elfin_halo *halo, int i)
{
  double v_max = elfin_halo_v_max(halo), end = 0.5 * M_CHI * v_max * v_max;
  double x = (i + 0.5) / N_ENERGIES;
  return x < 0.6 ? end * pow(10, -9 * (1 - x / 0.6)) * 0.5 : end * (1 - pow(10, -8 * (x - 0.6) / 0.4) * 0.5);
}

static void quadrature_is_right(const elfin_halo *halo, double *worst)
{
  for (int i = 0; i < N_ENERGIES; i++) {
    line l = {halo, energy(halo, i)};
    double G = massless_momenta(halo, M_CHI, l.omega), expected = by_momenta(&l);
    double allowed = massless_error(halo, M_CHI, l.omega);
    CHECK_CLOSE(G, expected, allowed);
    *worst = fmax(*worst, MASSLESS_ERROR / allowed * fabs(G / expected - 1));
  }
}

static void speeds_say_the_same(const elfin_halo *halo)
{
  for (int i = 0; i < N_ENERGIES; i++) {
    line l = {halo, energy(halo, i)};
    CHECK_CLOSE(massless_momenta(halo, M_CHI, l.omega), by_speeds(&l),
                1e-7 * fmax(1, halo_edge_power(halo) / 2)); /* beyond a Maxwellian's 2: the end is rounded */
  }
}

static void polynomials_are_right(const elfin_halo *halo, double *worst)
{
  static const double masses[] = {M_CHI, 3 * M_CHI, 1e-6 * M_CHI};
  const massless *g = NULL, *again = NULL;
  CHECK(massless_of(halo, &g, NULL) == ELFIN_OK);
  CHECK(massless_of(halo, &again, NULL) == ELFIN_OK && again == g);
  for (int j = 0; j < 3; j++)
    for (int i = 0; i < N_ENERGIES; i++) {
      double m_chi = masses[j], omega = energy(halo, i) * (m_chi / M_CHI), found;
      massless_at(g, m_chi, 1, &omega, &found);
      double allowed = massless_error(halo, m_chi, omega), expected = massless_momenta(halo, m_chi, omega);
      CHECK_CLOSE(found, expected, allowed);
      *worst = fmax(*worst, MASSLESS_ERROR / allowed * fabs(found / expected - 1));
    }
}

static void parts_add_up(const elfin_halo *halo)
{
  double omega = energy(halo, 30), k = sqrt(2 * M_CHI * omega);
  double all = massless_momenta(halo, M_CHI, omega);
  CHECK_CLOSE(massless_momenta_above(halo, M_CHI, omega, k), 0.5 * all, 1e-14);
  CHECK_CLOSE(massless_momenta_above(halo, M_CHI, omega, 1e-3 * k), all, 1e-14);
  CHECK(massless_momenta_above(halo, M_CHI, omega, 1e3 * k) == 0);
  double above = massless_momenta_above(halo, M_CHI, omega, 1.1 * k);
  double mirrored = massless_momenta_above(halo, M_CHI, omega, k / 1.1);
  CHECK(above > 0);
  CHECK_CLOSE(above + mirrored, all, 1e-14); /* symmetric in ln k about √(2 m ω) */
}

static void beyond_the_end_there_is_nothing(const elfin_halo *halo)
{
  double v_max = elfin_halo_v_max(halo), end = 0.5 * M_CHI * v_max * v_max;
  CHECK(massless_momenta(halo, M_CHI, end * (1 + 1e-15)) == 0);
  CHECK(massless_momenta(halo, M_CHI, 2 * end) == 0);
  CHECK(massless_momenta_above(halo, M_CHI, 2 * end, 1) == 0);
}

static elfin_halo *halo_of(const char *preset)
{
  size_t n;
  const elfin_halo_preset *list = elfin_halo_presets(&n);
  elfin_halo *halo = NULL;
  for (size_t i = 0; i < n; i++) {
    const double v_lab[3] = {0, list[i].vearth_km_s, 0};
    if (strcmp(list[i].name, preset) == 0)
      CHECK(elfin_halo_new(&list[i], v_lab, 1 / KM_S, &halo, NULL) == ELFIN_OK);
  }
  return halo;
}

int main(void)
{
  static const char *const others[] = {"shm++", "tsallis", "debris"};
  enum { N_OTHERS = sizeof others / sizeof *others };
  static const double speeds[][3] = {{220, 500, 240}, {238, 544, 250}, {220, 500, 0}, {220, 500, 500},
                                     {150, 600, 20},  {300, 450, 30}};
  static const double table_v[] = {0, 2e-4, 5e-4, 9e-4, 1.5e-3, 2.6e-3};
  static const double table_eta[] = {1500, 1450, 1200, 700, 200, 0};
  double quadrature = 0, polynomials = 0;
  elfin_error err;
  elfin_halo *halo;
  gsl_set_error_handler_off();
  workspace = gsl_integration_workspace_alloc(ROOM);
  enum { N_SHM = sizeof speeds / sizeof *speeds };
  for (size_t i = 0; i < N_SHM + 1 + N_OTHERS; i++) {
    elfin_status status = ELFIN_OK;
    if (i < N_SHM)
      status = elfin_halo_new_shm(speeds[i][0] * KM_S, speeds[i][1] * KM_S, speeds[i][2] * KM_S, &halo, &err);
    else if (i == N_SHM)
      status = elfin_halo_new_table(6, table_v, table_eta, &halo, &err);
    else
      halo = halo_of(others[i - N_SHM - 1]);
    CHECK(status == ELFIN_OK && halo);
    double of_quadrature = 0, of_polynomials = 0;
    quadrature_is_right(halo, &of_quadrature);
    polynomials_are_right(halo, &of_polynomials);
    speeds_say_the_same(halo);
    parts_add_up(halo);
    beyond_the_end_there_is_nothing(halo);
    printf("halo %zu: quadrature %.2g, polynomials %.2g\n", i, of_quadrature, of_polynomials);
    quadrature = fmax(quadrature, of_quadrature);
    polynomials = fmax(polynomials, of_polynomials);
    elfin_halo_free(halo);
  }
  printf("worst relative errors: quadrature %.2g, polynomials %.2g, claimed %.2g\n", quadrature,
         polynomials, MASSLESS_ERROR);
  gsl_integration_workspace_free(workspace);
  return check_result();
}
