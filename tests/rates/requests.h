/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file requests.h
 * What tests of rates ask, and the answers. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "check.h"

#include <elfin/rate.h>

#include <stdbool.h>

/** Defaults, and these. */
static inline elfin_request request_with(const elfin_constants *constants, const elfin_halo *halo,
                                         const elfin_material *material,
                                         const elfin_response *response, double mass_eV,
                                         double mediator_eV)
{
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = material;
  q.response = response;
  q.mass_eV = mass_eV;
  q.mediator_eV = mediator_eV;
  return q;
}

enum { MOST_ANSWERS = 300 };

/** Of one kind: rates above thresholds, bins, … */
typedef struct answers {
  double value[MOST_ANSWERS], error[MOST_ANSWERS];
  elfin_status status[MOST_ANSWERS];
  unsigned flags[MOST_ANSWERS];
  long evaluations;
} answers;

static inline void ask_for(const char *process, const elfin_request *q, elfin_result *result,
                           answers *a)
{
  elfin_error err = {""};
  CHECK(elfin_rate(process, q, result, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  a->evaluations = result->evaluations;
}

/** R(E_th) of these thresholds alone. */
static inline void ask_rates(const char *process, elfin_request q, size_t n,
                             const double threshold[], answers *a)
{
  elfin_result result = {.rate = a->value,
                         .rate_error = a->error,
                         .rate_status = a->status,
                         .rate_flags = a->flags};
  q.n_thresholds = n;
  q.threshold_eV = threshold;
  q.n_edges = 0;
  ask_for(process, &q, &result, a);
}

/** Averages of bins alone. */
static inline void ask_bins(const char *process, elfin_request q, size_t n_edges,
                            const double edge[], answers *a)
{
  elfin_result result = {
      .spectrum = a->value, .spectrum_error = a->error, .spectrum_status = a->status};
  q.n_thresholds = 0;
  q.n_edges = n_edges;
  q.edge_eV = edge;
  ask_for(process, &q, &result, a);
}

static inline void check_same_bits(const answers *a, size_t i_a, const answers *b, size_t i_b)
{
  CHECK(memcmp(&a->value[i_a], &b->value[i_b], sizeof(double)) == 0);
  CHECK(memcmp(&a->error[i_a], &b->error[i_b], sizeof(double)) == 0);
}

/** Nodes from first to last, both included. */
typedef struct table_grid {
  size_t n_omega, n_k;
  double omega[2], k[2];
  bool is_log; /* in k */
} table_grid;

/** ε(ω,k) of a response at nodes, as a table of it; `text`: what is between the nodes, and beyond. */
static inline elfin_response *table_of_response(const char *text, table_grid g,
                                                const elfin_response *of,
                                                const elfin_material *material,
                                                const elfin_constants *constants)
{
  size_t n = g.n_omega * g.n_k;
  double *omega = malloc((g.n_omega + g.n_k + 2 * n) * sizeof *omega), *k = omega + g.n_omega,
         *eps1 = k + g.n_k, *eps2 = eps1 + n;
  elfin_response *made = NULL;
  for (size_t i = 0; i < g.n_omega; i++)
    omega[i] = g.omega[0] + (g.omega[1] - g.omega[0]) * (double)i / (double)(g.n_omega - 1);
  for (size_t i = 0; i < g.n_k; i++) {
    double way = (double)i / (double)(g.n_k - 1);
    k[i] = g.is_log ? g.k[0] * pow(g.k[1] / g.k[0], way) : g.k[0] + (g.k[1] - g.k[0]) * way;
  }
  for (size_t i = 0; i < n; i++)
    elfin_response_epsilon(of, 1, &omega[i % g.n_omega], &k[i / g.n_omega], &eps1[i], &eps2[i]);
  CHECK(elfin_response_new_chosen(text, g.n_omega, omega, g.n_k, k, eps1, eps2, NULL, material,
                                  constants, &made, NULL) == ELFIN_OK);
  free(omega);
  return made;
}

#endif
