/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_phonon_projection.c
 * Integrals of F_n with polynomials in ln ω, by blocks of nodes, are the sums over the nodes
 * [phonon_projection.c].
 *
 * Claim: for panels between any two nodes, from one node to all, and polynomials of every degree up to 12 (6 for every
 * second point), 3e-13 of Σ |weight|; Σ |weight| to 1e-13; outside of the terms asked for, 0. */
#include "check.h"

#include "crystal/phonon_functions.h"

enum { N_PANELS = 400, MOST_TERMS = 64 };
static const double AGREEMENT = 3e-13, OF_SIZES = 1e-13;

static unsigned long long state = 20220512;

static double uniform(void)
{
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return (double)(state >> 11) / 9007199254740992.0;
}

/** T_degree at ln ω, of a panel. */
static double chebyshev(int degree, double x, double low, double high)
{
  double t = fmax(-1, fmin(1, (2 * x - low - high) / (high - low)));
  return cos(degree * acos(t));
}

/** ∫ F_n T_degree by the polynomials at every stride-th point. */
static double by_points(const double at[], const double weight[], size_t stride, int degree)
{
  double sum = 0;
  for (size_t k = 0; k < PHONON_POINTS; k += stride)
    sum += weight[k] * chebyshev(degree, at[k], at[0], at[PHONON_POINTS - 1]);
  return sum;
}

static double worst;

static void check_panel(const phonon_functions *f, size_t first, size_t end, size_t first_term, size_t end_term)
{
  static double fine[MOST_TERMS * PHONON_WIDTH], coarse[MOST_TERMS * PHONON_WIDTH], size[MOST_TERMS];
  double at[PHONON_POINTS];
  phonon_points(f->omega[first] * (1 - 0.01 * uniform()), f->omega[end - 1] * (1 + 0.01 * uniform()), at);
  phonon_project(f, first, end, first_term, end_term, at, fine, coarse);
  phonon_sizes(f, first, end, size);
  for (size_t n = 0; n < f->n_terms; n++) {
    const double *weight = f->weight + n * f->n_nodes;
    double of_nodes = 0;
    for (size_t i = first; i < end; i++)
      of_nodes += fabs(weight[i]);
    CHECK(fabs(size[n] - of_nodes) <= OF_SIZES * of_nodes);
    for (int degree = 0; degree < PHONON_POINTS; degree++) {
      double expected = 0, found = by_points(at, fine + n * PHONON_WIDTH, 1, degree);
      for (size_t i = first; n >= first_term && n < end_term && i < end; i++)
        expected += weight[i] * chebyshev(degree, f->log_omega[i], at[0], at[PHONON_POINTS - 1]);
      CHECK(fabs(found - expected) <= AGREEMENT * of_nodes);
      worst = fmax(worst, of_nodes > 0 ? fabs(found - expected) / of_nodes : 0);
      if (degree <= PHONON_POINTS / 2)
        CHECK(fabs(by_points(at, coarse + n * PHONON_WIDTH, 2, degree) - expected) <= AGREEMENT * of_nodes);
    }
  }
}

int main(void)
{
  static const double omega[] = {0, 0.012, 0.02, 0.021, 0.05, 0.06}, D[] = {0, 5, 40, 3, 20, 0};
  phonon_density density = {.n = sizeof omega / sizeof *omega, .omega = omega, .density = D};
  phonon_functions *f = NULL;
  elfin_error err = {""};
  CHECK(phonon_functions_new(&density, (phonon_reach){.n_terms = 30}, &f, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  CHECK(f->n_terms <= MOST_TERMS && f->blocks && f->blocks->n > 50);
  for (int i = 0; i < N_PANELS; i++) {
    size_t a = (size_t)(uniform() * (double)(f->n_nodes - 1)), n = f->n_nodes - a;
    size_t length = i % 2 ? 2 + (size_t)(uniform() * 300) : 2 + (size_t)(uniform() * (double)(n - 1));
    size_t first_term = (size_t)(uniform() * 10), end_term = first_term + (size_t)(uniform() * 20);
    check_panel(f, a, a + (length < n ? length : n), first_term, end_term);
  }
  check_panel(f, 0, f->n_nodes, 0, f->n_terms);
  for (size_t first = 0; first <= 256; first += 128) /* whole blocks, one node more, one less */
    for (size_t end = 383; end <= 385; end++)
      check_panel(f, first, end, 0, f->n_terms);
  printf("worst: %.2g of the weights\n", worst);
  phonon_functions_free(f);
  return check_result();
}
