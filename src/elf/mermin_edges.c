/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file mermin_edges.c
 * Mermin oscillators of inner shells, which lose nothing below their edges [docs/responses.md].
 *
 * Each oscillator of a list is a free electron gas, which at large k loses any energy; electrons of an inner shell,
 * bound by U, lose U at least. So the sum over the oscillators of a shell is cut off there, at every momentum,
 *
 *   Im 1/ε(ω,k) = Σ_s Θ(ω − U_s) Im G_s(ω,k),   G_s = Σ_{i in s} A_i [1/ε_M(ω,k;ω_i,Γ_i) − 1],  U = 0 for valence
 *
 * [I. Abril, R. Garcia-Molina, C. D. Denton, F. J. Pérez-Pérez, N. R. Arista, Phys. Rev. A 58 (1998) 357;
 * S. Heredia-Avalos et al., Phys. Rev. A 72 (2005) 052902]. Kramers and Kronig then give the real part: what was
 * taken away, E_s = −Im G_s below U_s, is taken away there, too,
 *
 *   Re 1/ε = 1 + Σ_s Re G_s + Σ_s (2/π) P∫₀^U_s dt t E_s(t,k)/(t² − ω²)
 *
 * Delicate: the pole. With t E(t) − ω E(ω) in place of t E(t) there is none, and Gauss' rule does it; the rest is
 * ½ E(ω) ln|(U − ω)/(U + ω)|, on both sides of the edge. A step of the loss is a logarithm of the real part: right at
 * the edge it is cut off where a double cannot tell ω from U.
 */
#include "elf/elf.h"

#include <gsl/gsl_integration.h>

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* ---- a list, shell by shell -------------------------------------------------------------------- */

static bool is_of(const elfin_oscillator *oscillator, const elfin_edge *edge)
{
  return oscillator->omega_eV >= edge->from_eV && oscillator->omega_eV <= edge->to_eV;
}

/** The shell of an oscillator; n_edges: none. */
static size_t shell_of(const elfin_oscillator *oscillator, size_t n_edges, const elfin_edge edges[])
{
  size_t s = 0;
  while (s < n_edges && !is_of(oscillator, &edges[s]))
    s++;
  return s;
}

static void set_points(mermin_shell *shell, const gsl_integration_glfixed_table *rule)
{
  for (size_t j = 0; j < MERMIN_BELOW_EDGE; j++)
    gsl_integration_glfixed_point(0, shell->edge, j, &shell->omega[j], &shell->weight[j], rule);
}

elfin_status mermin_with_edges(size_t n, const elfin_oscillator list[], size_t n_edges,
                               const elfin_edge edges[], mermin **made, elfin_error *err)
{
  elfin_oscillator *sorted = malloc((n + 1) * sizeof *sorted);
  mermin_shell *shell = calloc(n_edges + 1, sizeof *shell);
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(MERMIN_BELOW_EDGE);
  elfin_status status = ELFIN_OK;
  size_t n_sorted = 0;
  if (!sorted || !shell || !rule) {
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu oscillators", n);
    goto out;
  }
  for (size_t s = 0; s <= n_edges; s++) { /* valence first */
    size_t wanted = s ? s - 1 : n_edges, first = n_sorted;
    for (size_t i = 0; i < n; i++)
      if (shell_of(&list[i], n_edges, edges) == wanted)
        sorted[n_sorted++] = list[i];
    if (s == 0)
      continue;
    shell[wanted] = (mermin_shell){.edge = edges[wanted].energy_eV, .first = first, .end = n_sorted};
    set_points(&shell[wanted], rule);
  }
  status = mermin_new(n, sorted, made, err);
  if (!status) {
    (*made)->n_shells = n_edges;
    (*made)->shell = shell;
    shell = NULL;
  }
out:
  if (rule)
    gsl_integration_glfixed_table_free(rule);
  free(shell);
  free(sorted);
  return status;
}

/* ---- rows -------------------------------------------------------------------------------------- */

static size_t n_valence(const mermin *m)
{
  return m->n_shells ? m->shell[0].first : m->n;
}

static void set_valence(const mermin *m, size_t n, const double omega[], double k,
                        double complex inverse[])
{
  for (size_t i = 0; i < n; i++)
    inverse[i] = 1;
  mermin_add_row(m, 0, n_valence(m), n, omega, k, inverse);
}

void mermin_edges_loss_row(const mermin *m, size_t n, const double omega[], double k,
                           double complex inverse[])
{
  set_valence(m, n, omega, k, inverse);
  for (size_t s = 0; s < m->n_shells; s++) {
    const mermin_shell *shell = &m->shell[s];
    for (size_t from = 0, to; from < n; from = to) { /* runs of energies on one side of the edge */
      bool above = omega[from] >= shell->edge;
      for (to = from + 1; to < n && (omega[to] >= shell->edge) == above;)
        to++;
      if (above)
        mermin_add_row(m, shell->first, shell->end, to - from, omega + from, k, inverse + from);
    }
  }
}

/** E = −Im G at the points below the edge. */
static void loss_below(const mermin *m, const mermin_shell *shell, double k,
                       double E[MERMIN_BELOW_EDGE])
{
  double complex G[MERMIN_BELOW_EDGE] = {0};
  mermin_add_row(m, shell->first, shell->end, MERMIN_BELOW_EDGE, shell->omega, k, G);
  for (int j = 0; j < MERMIN_BELOW_EDGE; j++)
    E[j] = -cimag(G[j]);
}

/** (2/π) P∫₀^U dt t E(t)/(t² − ω²). */
static double real_part_of_loss_below(const mermin_shell *shell, const double E[MERMIN_BELOW_EDGE],
                                      double omega, double E_at_omega)
{
  double U = shell->edge, distance = fmax(fabs(U - omega), DBL_EPSILON * U);
  double sum = 0.5 * E_at_omega * log(distance / (U + omega));
  for (int j = 0; j < MERMIN_BELOW_EDGE; j++) {
    double t = shell->omega[j], away = (t - omega) * (t + omega);
    if (away != 0) /* else the rule does without this point */
      sum += shell->weight[j] * (t * E[j] - omega * E_at_omega) / away;
  }
  return 2 / M_PI * sum;
}

static void add_shell(const mermin *m, const mermin_shell *shell, size_t n, const double omega[],
                      double k, double complex inverse[])
{
  enum { BLOCK = 64 };
  double E[MERMIN_BELOW_EDGE];
  loss_below(m, shell, k, E);
  for (size_t first = 0; first < n; first += BLOCK) {
    double complex G[BLOCK] = {0};
    size_t n_here = n - first < BLOCK ? n - first : BLOCK;
    mermin_add_row(m, shell->first, shell->end, n_here, omega + first, k, G);
    for (size_t i = 0; i < n_here; i++) {
      double at = omega[first + i];
      double re = creal(G[i]) + real_part_of_loss_below(shell, E, at, -cimag(G[i]));
      inverse[first + i] += CMPLX(re, at >= shell->edge ? cimag(G[i]) : 0);
    }
  }
}

void mermin_edges_inverse_row(const mermin *m, size_t n, const double omega[], double k,
                              double complex inverse[])
{
  set_valence(m, n, omega, k, inverse);
  for (size_t s = 0; s < m->n_shells; s++)
    add_shell(m, &m->shell[s], n, omega, k, inverse);
}

double mermin_edges_inverse_static(const mermin *m, double k)
{
  double inverse = mermin_inverse_static(m, k);
  for (size_t s = 0; s < m->n_shells; s++) {
    const mermin_shell *shell = &m->shell[s];
    double E[MERMIN_BELOW_EDGE];
    loss_below(m, shell, k, E);
    for (int j = 0; j < MERMIN_BELOW_EDGE; j++)
      inverse += 2 / M_PI * shell->weight[j] * E[j] / shell->omega[j];
  }
  return inverse;
}
