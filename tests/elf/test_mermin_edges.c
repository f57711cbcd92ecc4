/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_mermin_edges.c
 * Oscillators of inner shells that lose nothing below their edges.
 *
 * With edges at 0 they are `mermin`. A shell loses nothing at all below its edge, and what `mermin` says above it, at
 * any momentum. Kramers and Kronig: sums at ω = 0, and the real part at other energies by an integral of GSL's. The f-sum
 * misses what a shell had below its edge, and no more. Optical data, k → 0, are kept. Every shipped material. */
#include "opened.h"

#include "elf/elf.h"

#include <elfin/material.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

static const elfin_constants *constants;

static elfin_response *response_of(const char *kind, const elfin_material *material)
{
  return opened_response(kind, material, constants);
}

/** What is in a shell, alone. */
static mermin *shell_alone(const elfin_material *material, const elfin_edge *edge)
{
  elfin_oscillator list[256];
  size_t n = 0;
  mermin *made = NULL;
  for (size_t i = 0; i < material->n_oscillators; i++)
    if (material->oscillators[i].omega_eV >= edge->from_eV && material->oscillators[i].omega_eV <= edge->to_eV)
      list[n++] = material->oscillators[i];
  CHECK(n > 0 && mermin_new(n, list, &made, NULL) == ELFIN_OK);
  return made;
}

static double loss_of(const mermin *m, double omega, double k)
{
  double complex inverse;
  mermin_inverse_row(m, 1, &omega, k, &inverse);
  return -cimag(inverse);
}

/* ---- limits ---------------------------------------------------------------------------------- */

static void without_binding_they_are_mermins(void)
{
  elfin_material *si = opened_material("Si");
  elfin_edge edges[2] = {si->edges[0], si->edges[1]};
  edges[0].energy_eV = 1e-9;
  edges[1].energy_eV = 2e-9;
  mermin *bound = NULL, *all = NULL;
  CHECK(mermin_with_edges(si->n_oscillators, si->oscillators, 2, edges, &bound, NULL) == ELFIN_OK);
  CHECK(mermin_new(si->n_oscillators, si->oscillators, &all, NULL) == ELFIN_OK);
  for (double k = 0.1; k < 5e5; k *= 3.7) {
    double omega[5] = {0.01, 1.7, 40, 150, 900};
    double complex one[5], loss[5], other[5];
    mermin_edges_inverse_row(bound, 5, omega, k, one);
    mermin_edges_loss_row(bound, 5, omega, k, loss);
    mermin_inverse_row(all, 5, omega, k, other);
    for (int i = 0; i < 5; i++) { /* other rows take other forms of f(u,z): test_gas_lanes */
      CHECK_NEAR(creal(one[i]), creal(other[i]), 1e-9 * cabs(1 - other[i]) + 1e-14);
      CHECK_NEAR(cimag(one[i]), cimag(other[i]), 1e-9 * fabs(cimag(other[i])) + 1e-14);
      CHECK_NEAR(cimag(loss[i]), cimag(other[i]), 1e-9 * fabs(cimag(other[i])) + 1e-14);
    }
    CHECK_CLOSE(mermin_edges_inverse_static(bound, k), mermin_inverse_static(all, k), 1e-9);
  }
  mermin_free(bound);
  mermin_free(all);
  elfin_material_free(si);
}

/** One shell, and nothing else. */
static void a_shell_loses_nothing_below_its_edge_and_all_above(void)
{
  const elfin_oscillator gas = {0.04, 60, 117};
  const elfin_edge edge = {"2p", 99.42, 100, 200};
  mermin *bound = NULL, *free_one = NULL;
  CHECK(mermin_with_edges(1, &gas, 1, &edge, &bound, NULL) == ELFIN_OK);
  CHECK(mermin_new(1, &gas, &free_one, NULL) == ELFIN_OK);
  for (double k = 0.1; k < 5e5; k *= 2.1) {
    double omega[6] = {500, 99.42, 120, 99.4199, 3, 1e-3}; /* on both sides, in any order */
    double complex inverse[6], loss[6];
    mermin_edges_inverse_row(bound, 6, omega, k, inverse);
    mermin_edges_loss_row(bound, 6, omega, k, loss);
    for (int i = 0; i < 6; i++) {
      CHECK(isfinite(creal(inverse[i])));
      if (i >= 3)
        CHECK(cimag(inverse[i]) == 0 && cimag(loss[i]) == 0);
      else
        CHECK_CLOSE(-cimag(inverse[i]), loss_of(free_one, omega[i], k), 1e-9);
      CHECK_CLOSE(cimag(loss[i]), cimag(inverse[i]), 1e-9);
    }
  }
  mermin_free(bound);
  mermin_free(free_one);
}

/* ---- Kramers and Kronig ---------------------------------------------------------------------- */

typedef struct hilbert {
  const mermin *m;
  double k, omega;
} hilbert;

/** t E(t)/(t + ω): GSL's rule for principal values divides by t − ω. */
static double over_sum(double t, void *context)
{
  const hilbert *h = context;
  double complex inverse;
  mermin_edges_loss_row(h->m, 1, &t, h->k, &inverse);
  return -t * cimag(inverse) / (t + h->omega);
}

static double over_difference(double t, void *context)
{
  const hilbert *h = context;
  return over_sum(t, context) / (t - h->omega);
}

/** (2/π) P∫ dt t E(t)/(t² − ω²) over all energies. */
static double principal_value(const hilbert *h)
{
  gsl_integration_workspace *w = gsl_integration_workspace_alloc(4000);
  gsl_function f = {over_sum, (void *)h}, g = {over_difference, (void *)h};
  double end[] = {0, 99.42, 1839, 1e5, 1e8}, sum = 0, part, error;
  for (int i = 0; i < 4; i++) {
    if (h->omega > end[i] && h->omega < end[i + 1])
      gsl_integration_qawc(&f, end[i], end[i + 1], h->omega, 0, 1e-8, 4000, w, &part, &error);
    else
      gsl_integration_qag(&g, end[i], end[i + 1], 1e-13, 1e-8, 4000, GSL_INTEG_GAUSS31, w, &part, &error);
    sum += part;
  }
  gsl_integration_workspace_free(w);
  return 2 / M_PI * sum;
}

static void the_real_part_belongs_to_the_imaginary_one(void)
{
  static const elfin_oscillator list[] = {{0.9, 4.2, 17.1}, {0.04, 60, 117}, {0.02, 30, 150}, {1e-3, 900, 2100}};
  static const elfin_edge edges[] = {{"2p", 99.42, 100, 200}, {"1s", 1839, 2000, 3000}};
  mermin *m = NULL;
  CHECK(mermin_with_edges(4, list, 2, edges, &m, NULL) == ELFIN_OK);
  static const double k[] = {200, 3000, 15000}, omega[] = {2, 17, 60, 99, 99.8, 130, 700, 2500};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 8; j++) {
      hilbert h = {m, k[i], omega[j]};
      double complex inverse;
      mermin_edges_inverse_row(m, 1, &omega[j], k[i], &inverse);
      CHECK_NEAR(creal(inverse), 1 - principal_value(&h), 2e-7);
    }
  mermin_free(m);
}

/* ---- what is shipped ------------------------------------------------------------------------- */

typedef struct removed {
  const mermin *shell;
  double k, power;
} removed;

static double loss_below(double omega, void *context)
{
  const removed *r = context;
  return loss_of(r->shell, omega, r->k) * pow(omega, r->power);
}

/** (2/π) ∫ ω^power E from 0 to the edge. */
static double below_edge(const elfin_material *material, const elfin_edge *edge, double k, double power)
{
  mermin *shell = shell_alone(material, edge);
  removed r = {shell, k, power};
  gsl_function f = {loss_below, &r};
  gsl_integration_workspace *w = gsl_integration_workspace_alloc(4000);
  double sum, error;
  gsl_integration_qag(&f, 0, edge->energy_eV, 1e-10, 1e-8, 4000, GSL_INTEG_GAUSS31, w, &sum, &error);
  gsl_integration_workspace_free(w);
  mermin_free(shell);
  return 2 / M_PI * sum;
}

static double plasma_energy_squared(const elfin_material *m)
{
  double sum = 0;
  for (size_t i = 0; i < m->n_oscillators; i++)
    sum += m->oscillators[i].amplitude * m->oscillators[i].omega_eV * m->oscillators[i].omega_eV;
  return sum;
}

/* How far optical data change just below an edge, where a fit has smeared it, is the list's own business: from half the
 * outermost edge down they may not, nor from it up to `up_to`. */
static const struct shipped {
  const char *name;
  double f_sum_off;      /* at most, of 1 */
  double optical_off;    /* below half the outermost edge, relative */
  double up_to;          /* [eV] above the outermost edge */
  double above_off;
  double kk_dips, f_dips; /* as `mermin` has them, and what the shells' tails had filled */
  double gained;          /* of what a shell loses: nothing, but for Al2O3's list, whose valence makes up for it */
} materials[] = {
    {"Si", 0.011, 0.22, 500, 0.03, 1e-4, 1e-7, 0},      {"Al", 0.036, 0.26, 300, 0.02, 5e-6, 8e-3, 0},
    {"Mg", 0.02, 0.37, 400, 1e-9, 5e-6, 1e-9, 0},       {"C_graphite", 0.008, 0.04, 600, 1e-9, 3e-7, 1e-9, 0},
    {"SiO2", 0.013, 0.01, 250, 0.002, 8e-4, 1e-6, 0},   {"Al2O3", 0.045, 0.04, 400, 1e-9, 0.037, 5e-5, 0.7},
    {"Ge", 0.004, 0.01, 1000, 0.01, 1e-9, 1e-9, 0},
};
enum { N_MATERIALS = sizeof materials / sizeof *materials };

static void sum_rules_of(const struct shipped *s)
{
  elfin_material *material = opened_material(s->name);
  elfin_response *free_ones = response_of("mermin", material), *bound = response_of("mermin_edges", material);
  for (double k = 10; k < 2.1e4; k *= pow(2000, 0.25)) {
    double f[2], kk[2], expected[2], f_gone = 0, kk_gone = 0;
    CHECK(elfin_response_sum_rules(free_ones, k, &f[0], &kk[0], &expected[0], NULL) == ELFIN_OK);
    CHECK(elfin_response_sum_rules(bound, k, &f[1], &kk[1], &expected[1], NULL) == ELFIN_OK);
    for (size_t i = 0; i < material->n_edges; i++) {
      f_gone += below_edge(material, &material->edges[i], k, 1) / plasma_energy_squared(material);
      kk_gone += below_edge(material, &material->edges[i], k, -1);
    }
    CHECK(fabs(f[1] - 1) <= s->f_sum_off);
    CHECK_NEAR(f[1], 1 - f_gone, s->f_dips);
    CHECK_NEAR(kk[1], expected[1], s->kk_dips);
    CHECK_NEAR(expected[1], expected[0] - kk_gone, 5e-6); /* Gauss' 32 points, where a line lies at the edge */
    if (getenv("ELFIN_TEST_VERBOSE"))
      printf("%s at %g eV: f-sum %.4f, off %.1e, KK off %.1e, static off %.1e\n", s->name, k, f[1], f[1] - 1 + f_gone,
             kk[1] - expected[1], expected[1] - expected[0] + kk_gone);
  }
  elfin_response_free(free_ones);
  elfin_response_free(bound);
  elfin_material_free(material);
}

static void optical_data_are_kept(const struct shipped *s)
{
  elfin_material *material = opened_material(s->name);
  elfin_response *free_ones = response_of("mermin", material), *bound = response_of("mermin_edges", material);
  double k = 1, edge = material->edges[0].energy_eV, worst[2] = {0};
  for (double omega = 2 * fmax(material->gap_eV.value, 1); omega < s->up_to; omega *= 1.01) {
    double before, after;
    elfin_response_elf(free_ones, 1, &omega, &k, &before);
    elfin_response_elf(bound, 1, &omega, &k, &after);
    if (before > 0 && (omega < 0.5 * edge || omega >= edge))
      worst[omega >= edge] = fmax(worst[omega >= edge], fabs(after / before - 1));
  }
  if (getenv("ELFIN_TEST_VERBOSE"))
    printf("%s at k = 1 eV: below half the edge %.3f, above %.1e\n", s->name, worst[0], worst[1]);
  CHECK(worst[0] <= s->optical_off);
  CHECK(worst[1] <= s->above_off);
  elfin_response_free(free_ones);
  elfin_response_free(bound);
  elfin_material_free(material);
}

/** What a shell is said to be must not gain energy where it may lose some, as far as rates see it. */
static void shells_have_the_sign_of_a_loss(const struct shipped *s)
{
  elfin_material *material = opened_material(s->name);
  for (size_t i = 0; i < material->n_edges; i++) {
    mermin *shell = shell_alone(material, &material->edges[i]);
    double gained = 0, lost = 0;
    for (double k = 1e4; k < 5e5; k *= 1.2)
      for (double omega = material->edges[i].energy_eV; omega < fmin(1e3, 2.7e-3 * k); omega *= 1.05) {
        double own = loss_of(shell, omega, k) * pow(k, 4) * omega;
        gained += fmax(-own, 0);
        lost += fmax(own, 0);
      }
    CHECK(gained <= s->gained * lost);
    if (getenv("ELFIN_TEST_VERBOSE"))
      printf("%s %s: gained %g, lost %g\n", s->name, material->edges[i].shell, gained, lost);
    mermin_free(shell);
  }
  elfin_material_free(material);
}

/* ---- silicon --------------------------------------------------------------------------------- */

/** What bound electrons cannot lose at 13 keV and 12 eV is gone: the table gpaw has 7.4e-5. Further out gases have too little:
 * docs/first_principles.md. */
static void silicon_loses_at_large_momenta_what_first_principles_say(void)
{
  elfin_material *si = opened_material("Si");
  elfin_response *free_ones = response_of("mermin", si), *bound = response_of("mermin_edges", si);
  double omega = 12, k = 13000, before, after;
  elfin_response_elf(free_ones, 1, &omega, &k, &before);
  elfin_response_elf(bound, 1, &omega, &k, &after);
  CHECK_CLOSE(before, 3.3e-4, 0.02);
  CHECK_CLOSE(after, 7.4e-5, 0.06);
  elfin_response_free(free_ones);
  elfin_response_free(bound);
  elfin_material_free(si);
}

int main(void)
{
  gsl_set_error_handler_off();
  constants = elfin_constants_named("elfin");
  without_binding_they_are_mermins();
  a_shell_loses_nothing_below_its_edge_and_all_above();
  the_real_part_belongs_to_the_imaginary_one();
  for (int i = 0; i < N_MATERIALS; i++) {
    sum_rules_of(&materials[i]);
    optical_data_are_kept(&materials[i]);
    shells_have_the_sign_of_a_loss(&materials[i]);
  }
  silicon_loses_at_large_momenta_what_first_principles_say();
  return check_result();
}
