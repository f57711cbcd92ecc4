/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file directional_sphere.c
 * F̃_n at as many directions as its spherical harmonics need [directional.c].
 *
 * Directions are a product of Gauss' points in cos θ and equal steps in φ, over half a sphere:
 * exact for harmonics of twice the degree that is kept. The degree comes from a rehearsal on coarse
 * nodes: it grows until the last one takes less than DEGREE_TOLERANCE of any of some integrals of
 * S, from few phonons to many and from all energies to the highest. F_1 has degree 2, F_n has 2n,
 * but high ones are small.
 */
#include "crystal/directional_inner.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_legendre.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_DEGREE = 2, LAST_DEGREE = 10, TRY_TERMS = 12, TRY_CELLS = 16 };
static const double DEGREE_TOLERANCE = 1e-4;

static elfin_status choose_directions(directional *set, size_t degree, elfin_error *err)
{
  size_t n_theta = degree + 2, n_phi = 2 * degree + 1;
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(n_theta);
  free(set->direction);
  set->direction = malloc(4 * n_theta / 2 * n_phi * sizeof *set->direction);
  set->degree = degree;
  set->n_directions = 0;
  if (!rule || !set->direction) {
    gsl_integration_glfixed_table_free(rule);
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for directions");
  }
  for (size_t i = 0; i < n_theta; i++) {
    double cosine, weight;
    gsl_integration_glfixed_point(-1, 1, i, &cosine, &weight, rule);
    for (size_t j = 0; cosine > 0 && j < n_phi; j++) {
      double phi = 2 * M_PI * ((double)j + 0.5) / (double)n_phi, sine = sqrt(1 - cosine * cosine);
      double *q = set->direction + 4 * set->n_directions++;
      q[0] = sine * cos(phi);
      q[1] = sine * sin(phi);
      q[2] = cosine;
      q[3] = 2 * weight * 2 * M_PI / (double)n_phi;
    }
  }
  gsl_integration_glfixed_table_free(rule);
  return ELFIN_OK;
}

/* ---- F̃_n at one direction ------------------------------------------------------------------- */

/** Projections' weights of a site. @param[out] weight  [ELFIN_N_PROJECTIONS * cells] */
static elfin_status site_weights(const directional *set, const elfin_density_tensor *t,
                                 size_t cells, double weight[], elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  for (size_t k = 0; !status && k < ELFIN_N_PROJECTIONS; k++) {
    phonon_density density = {.n = t->n, .omega = t->omega_eV, .density = t->per_eV + k * t->n};
    status = phonon_density_weights(&density, set->omega_max / (double)cells, cells,
                                    weight + k * cells, err);
  }
  return status;
}

/** Add `part` times a site's F̃_n in one direction. @param work  room for all terms from the first
 * on */
static void add_direction(const directional_grid *grid, const double weight[],
                          const double coefficient[], double shift, double part, double work[],
                          double value[])
{
  size_t cells = grid->cells, all = cells * grid->end * (grid->end + 1) / 2;
  memset(work, 0, all * sizeof *work);
  for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++)
    for (size_t i = 0; i < cells; i++)
      work[i] += coefficient[k] * weight[k * cells + i];
  for (size_t n = 2; n <= grid->end; n++)
    phonon_convolve(n, cells, work, work + cells * (n - 2) * (n - 1) / 2,
                    work + cells * (n - 1) * n / 2);
  directional_shift(grid->end, cells, shift, work);
  const double *from = work + all - grid->size;
  for (size_t i = 0; i < grid->size; i++)
    value[i] += part * from[i];
}

static elfin_status add_site(directional *set, const directional_site *site, size_t i_part,
                             elfin_error *err)
{
  directional_shape *shape = &set->shape[site->i_kind];
  const directional_grid *grid = &shape->grid[i_part];
  const elfin_density_tensor *t = site->nucleus->tensor;
  double part = site->nucleus->multiplicity / set->kinds[site->i_kind].multiplicity;
  double *weight = malloc(ELFIN_N_PROJECTIONS * grid->cells * sizeof *weight);
  double *work = malloc(grid->cells * grid->end * (grid->end + 1) / 2 * sizeof *work);
  elfin_status status = weight && work ? site_weights(set, t, grid->cells, weight, err)
                                       : elfin_fail(err, ELFIN_E_MEMORY, "no memory for phonons");
  for (size_t i = 0; !status && i < set->n_directions; i++) {
    double Q[6], coefficient[ELFIN_N_PROJECTIONS], inverse = 0;
    directional_Q(set->direction + 4 * i, Q);
    directional_coefficients(Q, coefficient);
    for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++)
      inverse += coefficient[k] * t->inverse_per_eV[k];
    add_direction(grid, weight, coefficient, shape->inverse - inverse, part, work,
                  shape->value[i_part] + i * grid->size);
  }
  free(weight);
  free(work);
  return status;
}

/** Values of one part of all kinds at all directions. */
static elfin_status fill(directional *set, size_t i_part, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; i < set->n_kinds; i++) {
    directional_shape *shape = &set->shape[i];
    free(shape->value[i_part]);
    shape->value[i_part] = calloc(set->n_directions * shape->grid[i_part].size, sizeof(double));
    if (!shape->value[i_part])
      return elfin_fail(err, ELFIN_E_MEMORY, "no memory for phonons in %zu directions",
                        set->n_directions);
  }
  for (size_t i = 0; !status && i < set->n_sites; i++)
    status = add_site(set, &set->sites[i], i_part, err);
  return status;
}

/* ---- which degree ---------------------------------------------------------------------------- */

/** ∫ S above an energy, in one direction: x is q²/2m, `from` the first node of the energy. */
static double integral_of(const directional_grid *grid, const double value[], double x, size_t from)
{
  double sum = 0, power = 1;
  for (size_t n = 0; n < grid->end; n++) {
    const double *F = value + directional_offset(grid, n);
    double all = 0;
    for (size_t i = from; i < (n + 1) * grid->cells; i++)
      all += F[i];
    power *= x;
    sum += power * all;
  }
  return sum;
}

/** What the last degree takes of one integral: its largest value over the mean. */
static double share_of_last(const directional *set, const double integral[])
{
  double mean = 0, largest = 0, P[LAST_DEGREE + 1];
  for (size_t i = 0; i < set->n_directions; i++)
    mean += set->direction[4 * i + 3] * integral[i] / (4 * M_PI);
  for (size_t i = 0; i < set->n_directions; i++) {
    const double *a = set->direction + 4 * i;
    double sum = 0;
    for (size_t j = 0; j < set->n_directions; j++) {
      const double *b = set->direction + 4 * j;
      double cosine = fmax(-1, fmin(1, a[0] * b[0] + a[1] * b[1] + a[2] * b[2]));
      gsl_sf_legendre_Pl_array((int)set->degree, cosine, P);
      sum += b[3] * P[set->degree] * integral[j];
    }
    largest = fmax(largest, fabs(sum) * (double)(2 * set->degree + 1) / (4 * M_PI));
  }
  return mean > 0 ? largest / mean : 0;
}

static double last_degree_matters(const directional *set, double *integral)
{
  static const double phonons[] = {0.1, 1, 4}, cuts[] = {0, 0.5, 1, 2};
  double largest = 0;
  for (size_t d = 0; d < set->n_kinds; d++)
    for (size_t i = 0; i < sizeof phonons / sizeof *phonons; i++)
      for (size_t j = 0; j < sizeof cuts / sizeof *cuts; j++) {
        const directional_shape *shape = &set->shape[d];
        const directional_grid *grid = &shape->grid[0];
        size_t from = (size_t)(cuts[j] * (double)grid->cells);
        for (size_t k = 0; k < set->n_directions; k++)
          integral[k] = integral_of(grid, shape->value[0] + k * grid->size,
                                    phonons[i] / shape->inverse, from);
        largest = fmax(largest, share_of_last(set, integral));
      }
  return largest;
}

static elfin_status choose_degree(directional *set, elfin_error *err)
{
  directional_grid kept[DIRECTIONAL_MOST_KINDS];
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; i < set->n_kinds; i++) {
    directional_grid *grid = &set->shape[i].grid[0];
    kept[i] = *grid;
    *grid = (directional_grid){.first = 0, .end = TRY_TERMS, .cells = TRY_CELLS};
    grid->size = directional_offset(grid, grid->end);
  }
  for (size_t degree = FIRST_DEGREE; !status && degree <= LAST_DEGREE; degree += 2) {
    status = choose_directions(set, degree, err);
    double *integral = malloc((set->n_directions + 1) * sizeof *integral);
    if (!status)
      status = integral ? fill(set, 0, err)
                        : elfin_fail(err, ELFIN_E_MEMORY, "no memory for directions");
    bool enough = !status && last_degree_matters(set, integral) < DEGREE_TOLERANCE;
    free(integral);
    if (enough)
      break;
  }
  for (size_t i = 0; i < set->n_kinds; i++)
    set->shape[i].grid[0] = kept[i];
  return status;
}

elfin_status directional_expand(directional *set, elfin_error *err)
{
  elfin_status status = choose_degree(set, err);
  for (size_t j = 0; !status && j < DIRECTIONAL_MOST_PARTS; j++)
    status = fill(set, j, err);
  return status;
}
