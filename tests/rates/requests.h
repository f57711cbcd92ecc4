/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file requests.h
 * What tests of rates ask, and the answers. */
#ifndef REQUESTS_H
#define REQUESTS_H

#include "check.h"

#include <elfin/rate.h>

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

/** ε(ω,k) of a response at nodes, as a table of it; `text`: what is between the nodes, and beyond. */
static inline elfin_response *table_of_response(const char *text, const elfin_response *of,
                                                const elfin_material *material,
                                                const elfin_constants *constants, size_t n_omega,
                                                double omega_0, double omega_step, size_t n_k,
                                                double k_0, double k_step)
{
  double *omega = malloc(n_omega * sizeof *omega), *k = malloc(n_k * sizeof *k);
  double *eps1 = malloc(n_omega * n_k * sizeof *eps1), *eps2 = malloc(n_omega * n_k * sizeof *eps2);
  elfin_response *made = NULL;
  for (size_t i = 0; i < n_omega; i++)
    omega[i] = omega_0 + omega_step * (double)i;
  for (size_t j = 0; j < n_k; j++)
    k[j] = k_0 + k_step * (double)j;
  for (size_t j = 0; j < n_k; j++)
    for (size_t i = 0; i < n_omega; i++)
      elfin_response_epsilon(of, 1, &omega[i], &k[j], &eps1[j * n_omega + i],
                             &eps2[j * n_omega + i]);
  CHECK(elfin_response_new_chosen(text, n_omega, omega, n_k, k, eps1, eps2, NULL, material,
                                  constants, &made, NULL) == ELFIN_OK);
  free(omega);
  free(k);
  free(eps1);
  free(eps2);
  return made;
}

#endif
