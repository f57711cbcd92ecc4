/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_loss_rows.c
 * Rows of weights are what they say: exact integrals ∫ dω W(ω,k) g(ω/k) for g up to second degree,
 * of all energies and of single cells, for oscillators and for a table; the rows cover all momenta;
 * and there are none where there should be none. The integrals are GSL's, of W's own values. */
#include "check.h"

#include "elf/elf.h"
#include "elf/loss_rows.h"

#include <elfin/rate.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

/* W's interpolant has edges that GSL has to find. */
static const double TOLERANCE = 1e-7;

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *si;

static elfin_request request_of(const elfin_response *response, double accuracy)
{
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = si;
  q.response = response;
  q.mass_eV = 1e7;
  q.accuracy = accuracy;
  return q;
}

static const loss_rows *rows_of(const elfin_response *response, double accuracy)
{
  const loss_rows *rows = NULL;
  const loss_wanted wanted = {response, true, accuracy, false};
  elfin_request q = request_of(response, accuracy);
  CHECK(elfin_rate_prepare("electron", &q, NULL) == ELFIN_OK);
  CHECK(loss_rows_of(&wanted, &rows, NULL) == ELFIN_OK);
  return rows;
}

static elfin_response *opened(const char *kind)
{
  elfin_response *response = NULL;
  CHECK(elfin_response_open(kind, si, constants, &response, NULL) == ELFIN_OK);
  return response;
}

enum { N_OMEGA = 23, N_K = 12 };

static elfin_response *table(void)
{
  double omega[N_OMEGA], k[N_K], eps1[N_OMEGA * N_K], eps2[N_OMEGA * N_K];
  elfin_response *response = NULL;
  for (int i = 0; i < N_OMEGA; i++)
    omega[i] = 0.2 + i * 1.9;
  for (int j = 0; j < N_K; j++)
    k[j] = 50 + 900 * j;
  for (int j = 0; j < N_K; j++)
    for (int i = 0; i < N_OMEGA; i++) {
      double at = omega[i] - 15 - k[j] * k[j] / 2e6;
      eps1[j * N_OMEGA + i] = 1 - 150 * at / (at * at + 9) / (omega[i] + 5);
      eps2[j * N_OMEGA + i] = 0.1 + 450 / (at * at + 9) / (omega[i] + 5);
    }
  CHECK(elfin_response_new_table("made", N_OMEGA, omega, N_K, k, eps1, eps2, constants, &response,
                                 NULL) == ELFIN_OK);
  return response;
}

/* ---- weights --------------------------------------------------------------------------------- */

typedef struct moment {
  const elfin_response *response;
  double k, power;
} moment;

static double moment_at(double omega, void *context)
{
  const moment *m = context;
  const loss_wanted elf = {m->response, true, 1e-4, false};
  double W;
  loss_values(&elf, 1, &omega, &m->k, &W);
  return W * pow(omega / m->k, m->power);
}

/** ∫ dω W (ω/k)^power, from edge to edge of the cells. */
static double by_gsl(const elfin_response *response, const loss_rows *rows, double k, int power,
                     double x_low, double x_high)
{
  moment m = {response, k, power};
  gsl_function f = {moment_at, &m};
  gsl_integration_workspace *room = gsl_integration_workspace_alloc(2000);
  double sum = 0, low = fmax(k * x_low, rows->omega_min), cell = 2 * k * rows->step;
  double end = fmin(k * x_high, elfin_response_about(response).omega_max_eV);
  double step[RESPONSE_MOST_EDGES];
  size_t n_steps = response_edges(response, step);
  while (low < end) {
    double part, error, high = fmin(cell * (floor(low / cell + 1e-6) + 1), end);
    for (size_t i = 0; i < n_steps; i++)
      high = step[i] > low && step[i] < high ? step[i] : high;
    gsl_integration_qag(&f, low, high, 0, 0.1 * TOLERANCE, 2000, GSL_INTEG_GAUSS15, room, &part,
                        &error);
    sum += part;
    low = high;
  }
  gsl_integration_workspace_free(room);
  return sum;
}

static void a_row_is_exact(const elfin_response *response, const loss_rows *rows,
                           const loss_row *row)
{
  for (int power = 0; power <= 2; power++) {
    double fine = 0, coarse = 0;
    for (int j = 0; j < ROWS_NODES; j++)
      fine += row->node[j] * pow(j * rows->step, power);
    for (int j = 0; j <= ROWS_CELLS; j++)
      coarse += row->coarse[j] * pow(2 * j * rows->step, power);
    CHECK_CLOSE(fine, by_gsl(response, rows, row->k, power, 0, rows->step * (ROWS_NODES - 1)),
                TOLERANCE);
    CHECK_CLOSE(coarse, fine, 1e-11);
  }
}

/** The weights of one cell alone, taken out as electron_rows.c does. */
static void a_cell_is_exact(const elfin_response *response, const loss_rows *rows,
                            const loss_row *row, int c)
{
  double begin = 2 * c * rows->step, size = 0;
  double weight[3] = {row->node[2 * c] - (c ? row->last[c - 1] : 0), row->node[2 * c + 1],
                      row->last[c]};
  for (int i = 0; i < 3; i++)
    size += fabs(weight[i]);
  double sum = weight[0] + weight[1] + weight[2];
  CHECK_NEAR(sum, by_gsl(response, rows, row->k, 0, begin, begin + 2 * rows->step),
             TOLERANCE * (size + fabs(row->node[2 * c])));
}

static void weights_integrate_exactly(const elfin_response *response)
{
  const loss_rows *rows = rows_of(response, 1e-4);
  CHECK(rows != NULL);
  for (size_t i = 3; rows && i < rows->n_panels * ROWS_PER_PANEL; i += 67) {
    const loss_row *row = &rows->row[i];
    a_row_is_exact(response, rows, row);
    for (int c = 0; c < ROWS_CELLS; c += 21)
      a_cell_is_exact(response, rows, row, c);
  }
}

static void rows_cover_all_momenta(const elfin_response *response)
{
  const loss_rows *rows = rows_of(response, 1e-4);
  double sum = 0, V = rows->step * (ROWS_NODES - 1), one[2] = {0};
  for (size_t i = 0; i < rows->n_panels; i++)
    sum += rows->width[i];
  CHECK_CLOSE(sum, log(elfin_response_about(response).k_max_eV * V / rows->omega_min), 1e-9);
  for (size_t i = 0; i + 1 < rows->n_panels * ROWS_PER_PANEL; i++)
    CHECK(rows->row[i + 1].k > rows->row[i].k);
  for (int i = 0; i < ROWS_PER_PANEL; i++) {
    one[0] += rows->kronrod[i];
    one[1] += rows->gauss[i];
  }
  CHECK_CLOSE(one[0], 1, 1e-15);
  CHECK_CLOSE(one[1], 1, 1e-15);
}

/* ---- none, and the same ---------------------------------------------------------------------- */

static void made_again_they_have_the_same_bits(const char *kind)
{
  elfin_response *first = opened(kind), *second = opened(kind);
  const loss_rows *a = rows_of(first, 1e-4), *b = rows_of(second, 1e-3); /* looser: the same rows */
  CHECK(a->n_panels == b->n_panels);
  CHECK(memcmp(a->row, b->row, a->n_panels * ROWS_PER_PANEL * sizeof *a->row) == 0);
  CHECK(memcmp(a->width, b->width, a->n_panels * sizeof *a->width) == 0);
  elfin_response_free(first);
  elfin_response_free(second);
}

static void there_are_none_where_they_would_not_serve(void)
{
  enum { MANY = 700 };
  static double k[MANY], eps1[2 * MANY], eps2[2 * MANY];
  const double omega[] = {0.1, 30};
  elfin_response *gas = opened("lindhard"), *list = opened("mermin"), *long_table = NULL;
  for (int i = 0; i < MANY; i++) {
    k[i] = 100 + i;
    eps1[2 * i] = eps1[2 * i + 1] = 2;
    eps2[2 * i] = eps2[2 * i + 1] = 1;
  }
  CHECK(elfin_response_new_table("long", 2, omega, MANY, k, eps1, eps2, constants, &long_table,
                                 NULL) == ELFIN_OK);
  CHECK(rows_of(gas, 1e-4) == NULL);
  CHECK(rows_of(list, 1e-5) == NULL); /* their interpolant is not good enough */
  CHECK(rows_of(list, 1e-4) != NULL);
  CHECK(rows_of(long_table, 1e-4) == NULL); /* too many panels */
  elfin_response_free(gas);
  elfin_response_free(list);
  elfin_response_free(long_table);
}

int main(void)
{
  elfin_error err;
  gsl_set_error_handler_off();
  constants = elfin_constants_named("elfin");
  if (elfin_halo_new_shm(7e-4, 1.7e-3, 8e-4, &halo, &err) || elfin_material_open("Si", &si, &err)) {
    fprintf(stderr, "%s\n", err.text);
    return 1;
  }
  elfin_response *const responses[] = {opened("mermin"), opened("mermin_edges"), table()};
  for (int i = 0; i < 3; i++) {
    weights_integrate_exactly(responses[i]);
    rows_cover_all_momenta(responses[i]);
    elfin_response_free(responses[i]);
  }
  made_again_they_have_the_same_bits("mermin");
  made_again_they_have_the_same_bits("mermin_edges");
  there_are_none_where_they_would_not_serve();
  elfin_material_free(si);
  elfin_halo_free(halo);
  return check_result();
}
