/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file directional.c
 * An anisotropic crystal, seen along an axis [docs/multiphonon_anisotropic.md; arXiv:2411.03433].
 *
 *   D(ω; q̂) = q̂·D(ω)·q̂,   F_n(ω; q̂) and 2W(q̂) = x ⟨1/ω⟩(q̂) from it,   x = q²/2m
 *   S(q,ω) = 2π e^{−2W(q̂)} Σ_n x^n F_n(ω; q̂)
 *
 * The wind of dark matter enters through the angle between q̂ and it alone. So a rate at one time of
 * the day is an integral over u, the cosine of that angle, of what an isotropic crystal gives whose
 * F_n are the average over the azimuth; and what is left of the azimuth is an average that can be
 * made beforehand, once the Debye–Waller factor does not depend on it. It is made so by a larger
 * ⟨1/ω⟩, common to all directions:
 *
 *   e^{−x⟨1/ω⟩(q̂)} Σ_n x^n F_n = e^{−xa} Σ_n x^n F̃_n,   F̃_n = Σ_k F_{n−k} (a − ⟨1/ω⟩(q̂))^k/k!,
 *
 * where all terms are positive. F̃_n is known by its values at some directions of the crystal,
 * enough for its spherical harmonics up to a degree that directional_sphere.c finds; their
 * reproducing kernel gives
 *
 *   ⟨F̃_n⟩(u) = Σ_l P_l(u) Σ_i w_i (2l+1)/4π P_l(axis·q̂_i) F̃_n(q̂_i), l even: F_n(−q̂) = F_n(q̂).
 *
 * Sites of one element differ in their tensors, but in nothing that dark matter sees otherwise:
 * they are averaged, too. F_1 stands exactly as the data has it, for thresholds and single
 * energies.
 */
#include "crystal/directional_inner.h"

#include "numerics/curve.h"

#include <gsl/gsl_sf_legendre.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* F_n of few phonons on fine nodes; of more on coarse ones, since they are smooth. */
enum { FEW_TERMS = 6, FEW_CELLS = 256, MANY_CELLS = 24, MOST_DEGREE = 32 };
/* The impulse approximation takes over at max_d of this √(2 m_d/⟨1/ω⟩_d) [docs/multiphonon_anisotropic.md] … */
static const double IMPULSE_FROM = 4;
/* … and for a nucleus that by then would make more phonons than this, on average over the
 * directions, where it makes so many: sum and Gaussian hardly differ then (oxygen in quartz). */
static const double MOST_PHONONS = 30;

/* ---- directions ------------------------------------------------------------------------------ */

void directional_coefficients(const double Q[6], double coefficient[ELFIN_N_PROJECTIONS])
{
  coefficient[ELFIN_ALONG_X] = Q[0] - Q[3] - Q[4];
  coefficient[ELFIN_ALONG_Y] = Q[1] - Q[3] - Q[5];
  coefficient[ELFIN_ALONG_Z] = Q[2] - Q[4] - Q[5];
  coefficient[ELFIN_ALONG_XY] = 2 * Q[3];
  coefficient[ELFIN_ALONG_XZ] = 2 * Q[4];
  coefficient[ELFIN_ALONG_YZ] = 2 * Q[5];
}

static const int first_index[6] = {0, 1, 2, 0, 0, 1}, second_index[6] = {0, 1, 2, 1, 2, 2};

void directional_Q(const double direction[3], double Q[6])
{
  for (int i = 0; i < 6; i++)
    Q[i] = direction[first_index[i]] * direction[second_index[i]];
}

/** Q of all directions whose cosine with the axis is u. */
static void mean_Q(const double axis[3], double u, double Q[6])
{
  double across = 0.5 * (1 - u * u);
  directional_Q(axis, Q);
  for (int i = 0; i < 6; i++)
    Q[i] = (u * u - across) * Q[i] + (i < 3 ? across : 0);
}

static double combine(const double coefficient[], const double of_projection[])
{
  double sum = 0;
  for (int k = 0; k < ELFIN_N_PROJECTIONS; k++)
    sum += coefficient[k] * of_projection[k];
  return sum;
}

size_t directional_offset(const directional_grid *grid, size_t n)
{
  return grid->cells * (n * (n + 1) - grid->first * (grid->first + 1)) / 2;
}

void directional_shift(size_t n_terms, size_t cells, double shift, double F[])
{
  for (size_t n = n_terms; n-- > 1;) { /* from the last on: those below are still as they were */
    double factor = 1, *to = F + cells * n * (n + 1) / 2;
    for (size_t k = 1; k <= n; k++) {
      const double *from = F + cells * (n - k) * (n - k + 1) / 2;
      factor *= shift / (double)k;
      if (factor == 0)
        break;
      for (size_t i = 0; i < (n - k + 1) * cells; i++)
        to[i] += factor * from[i];
    }
  }
}

/* ---- sites and kinds ------------------------------------------------------------------------- */

static elfin_status take_site(directional *set, const elfin_nucleus *nucleus,
                              const elfin_material *m, elfin_error *err)
{
  size_t i = 0;
  while (i < set->n_kinds && (set->kinds[i].nucleus->mass_number != nucleus->mass_number ||
                              set->kinds[i].nucleus->atom != nucleus->atom))
    i++;
  if (i == DIRECTIONAL_MOST_KINDS)
    return elfin_fail(err, ELFIN_E_DATA, "%s: more than %d kinds of nuclei in the anisotropic cell",
                      m->name, DIRECTIONAL_MOST_KINDS);
  if (i == set->n_kinds)
    set->kinds[set->n_kinds++].nucleus = nucleus;
  set->kinds[i].multiplicity += nucleus->multiplicity;
  set->sites[set->n_sites++] = (directional_site){nucleus, i};
  const elfin_density_tensor *t = nucleus->tensor;
  set->omega_max = fmax(set->omega_max, t->omega_eV[t->n - 1]);
  return ELFIN_OK;
}

/** The largest ⟨1/ω⟩ of a site in any direction, over a grid of them. */
static double largest_inverse(const elfin_density_tensor *tensor)
{
  enum { N = 12 };
  double largest = 0, Q[6], coefficient[ELFIN_N_PROJECTIONS];
  for (int i = 0; i <= N; i++)
    for (int j = 0; j < 4 * N; j++) {
      double theta = 0.5 * M_PI * i / N, phi = 0.5 * M_PI * j / N;
      directional_Q((double[3]){sin(theta) * cos(phi), sin(theta) * sin(phi), cos(theta)}, Q);
      directional_coefficients(Q, coefficient);
      largest = fmax(largest, combine(coefficient, tensor->inverse_per_eV));
    }
  return largest;
}

static void take_moments(directional *set)
{
  for (size_t i = 0; i < set->n_sites; i++) {
    const elfin_nucleus *nucleus = set->sites[i].nucleus;
    const elfin_density_tensor *t = nucleus->tensor;
    size_t at = set->sites[i].i_kind;
    directional_shape *shape = &set->shape[at];
    double part = nucleus->multiplicity / set->kinds[at].multiplicity;
    double mass = nucleus->mass_number * set->amu_eV;
    double mean = (t->inverse_per_eV[ELFIN_ALONG_X] + t->inverse_per_eV[ELFIN_ALONG_Y] +
                   t->inverse_per_eV[ELFIN_ALONG_Z]) /
                  3;
    double inverse = set->along_z ? t->inverse_per_eV[ELFIN_ALONG_Z] : mean;
    shape->mean_inverse += part * mean;
    set->q_switch = fmax(set->q_switch, IMPULSE_FROM * sqrt(2 * mass / inverse));
    shape->inverse = fmax(shape->inverse, largest_inverse(t));
    for (int k = 0; k < ELFIN_N_PROJECTIONS; k++)
      shape->mean[k] += part * t->mean_eV[k];
  }
}

/* ---- D, exactly ------------------------------------------------------------------------------ */

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** All energies at which a site of this kind has a point. */
static elfin_status take_knots(const directional *set, size_t i_kind, directional_shape *shape)
{
  size_t n = 0, kept = 0;
  for (size_t i = 0; i < set->n_sites; i++)
    n += set->sites[i].i_kind == i_kind ? set->sites[i].nucleus->tensor->n : 0;
  shape->knot = malloc(n * sizeof *shape->knot);
  shape->ratio = calloc(ELFIN_N_PROJECTIONS * n, sizeof *shape->ratio);
  shape->slope = calloc(ELFIN_N_PROJECTIONS * n, sizeof *shape->slope);
  if (!shape->knot || !shape->ratio || !shape->slope)
    return ELFIN_E_MEMORY;
  n = 0;
  for (size_t i = 0; i < set->n_sites; i++) {
    const elfin_density_tensor *t = set->sites[i].nucleus->tensor;
    for (size_t j = 0; set->sites[i].i_kind == i_kind && j < t->n; j++)
      shape->knot[n++] = t->omega_eV[j];
  }
  qsort(shape->knot, n, sizeof *shape->knot, ascending);
  for (size_t i = 0; i < n; i++)
    if (kept == 0 || shape->knot[i] > shape->knot[kept - 1])
      shape->knot[kept++] = shape->knot[i];
  shape->n_knots = kept;
  return ELFIN_OK;
}

/** Add a site's lines: D = ratio + slope ω between its points, 0 outside. */
static void add_lines(const elfin_density_tensor *t, double part, directional_shape *shape)
{
  for (size_t i = 0; i + 1 < shape->n_knots; i++) {
    double middle = 0.5 * (shape->knot[i] + shape->knot[i + 1]);
    if (!(middle > t->omega_eV[0] && middle < t->omega_eV[t->n - 1]))
      continue;
    size_t cell = curve_cell(t->n, t->omega_eV, middle);
    double a = t->omega_eV[cell], b = t->omega_eV[cell + 1];
    for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++) {
      const double *D = t->per_eV + k * t->n;
      double slope = (D[cell + 1] - D[cell]) / (b - a);
      shape->slope[k * shape->n_knots + i] += part * slope;
      if (a > 0) /* else D begins at 0, exactly */
        shape->ratio[k * shape->n_knots + i] += part * (D[cell] - slope * a);
    }
  }
}

static elfin_status take_lines(directional *set, elfin_error *err)
{
  for (size_t i = 0; i < set->n_kinds; i++)
    if (take_knots(set, i, &set->shape[i]))
      return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a density of states");
  for (size_t i = 0; i < set->n_sites; i++) {
    const elfin_nucleus *nucleus = set->sites[i].nucleus;
    size_t at = set->sites[i].i_kind;
    add_lines(nucleus->tensor, nucleus->multiplicity / set->kinds[at].multiplicity,
              &set->shape[at]);
  }
  return ELFIN_OK;
}

/* ---- the set --------------------------------------------------------------------------------- */

void directional_free(void *object)
{
  directional *set = object;
  if (!set)
    return;
  for (size_t i = 0; i < set->n_kinds; i++) {
    free(set->shape[i].knot);
    free(set->shape[i].ratio);
    free(set->shape[i].slope);
    for (size_t j = 0; j < DIRECTIONAL_MOST_PARTS && !set->lent; j++)
      free(set->shape[i].value[j]);
  }
  directional_table_free(set->table);
  free(set->copy);
  if (!set->lent)
    free(set->direction);
  free(set->sites);
  free(set);
}

static elfin_status choose_grids(directional *set, elfin_error *err)
{
  for (size_t i = 0; i < set->n_kinds; i++) {
    directional_shape *shape = &set->shape[i];
    double mass = set->kinds[i].nucleus->mass_number * set->amu_eV;
    shape->q_switch = fmin(set->q_switch, sqrt(MOST_PHONONS * 2 * mass / shape->mean_inverse));
    double mean = shape->q_switch * shape->q_switch / (2 * mass) * shape->inverse;
    size_t n = phonon_terms_for(mean);
    if (n == 0)
      return elfin_fail(err, ELFIN_E_VALIDITY,
                        "%s: %g phonons before the impulse approximation takes "
                        "over: too many to be added",
                        set->kinds[i].nucleus->name, mean);
    n = n > FEW_TERMS ? n : FEW_TERMS + 1;
    shape->grid[0] = (directional_grid){.first = 0, .end = FEW_TERMS, .cells = FEW_CELLS};
    shape->grid[1] = (directional_grid){.first = FEW_TERMS, .end = n, .cells = MANY_CELLS};
    for (size_t j = 0; j < DIRECTIONAL_MOST_PARTS; j++)
      shape->grid[j].size = directional_offset(&shape->grid[j], shape->grid[j].end);
  }
  return ELFIN_OK;
}

elfin_status directional_begin(const elfin_constants *constants, const elfin_material *m,
                               directional **made, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  directional *set = calloc(1, sizeof *set);
  if (set)
    set->sites = calloc(m->n_anisotropic, sizeof *set->sites);
  if (!set || !set->sites) {
    free(set);
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its phonons", m->name);
  }
  set->amu_eV = constants->amu_eV;
  set->along_z = constants->directional_along_z;
  for (size_t i = 0; !status && i < m->n_anisotropic; i++)
    status = take_site(set, &m->anisotropic[i], m, err);
  if (!status) {
    take_moments(set);
    status = take_lines(set, err);
  }
  for (size_t i = 0; i < set->n_kinds; i++)
    set->shape[i].q_switch = set->q_switch;
  if (!status && !constants->directional_angles)
    status = choose_grids(set, err);
  if (!status)
    *made = set;
  else
    directional_free(set);
  return status;
}

const directional_kind *directional_kinds(const directional *set, size_t *n)
{
  *n = set->n_kinds;
  return set->kinds;
}

double directional_omega_max(const directional *set)
{
  return set->omega_max;
}

/* ---- a view ---------------------------------------------------------------------------------- */

typedef struct view_part {
  double *shell; /* [(degree/2 + 1) * size] */
  phonon_functions *phonons;
  crystal seen;
} view_part;

struct directional_view {
  const directional *set;
  double axis[3];
  size_t n_parts;
  view_part part[DIRECTIONAL_MOST_KINDS][DIRECTIONAL_MOST_PARTS];
};

void directional_view_free(directional_view *view)
{
  if (!view)
    return;
  for (size_t i = 0; i < view->set->n_kinds; i++)
    for (size_t j = 0; j < DIRECTIONAL_MOST_PARTS; j++) {
      free(view->part[i][j].shell);
      phonon_functions_free(view->part[i][j].phonons);
    }
  free(view);
}

/** Σ_i w_i (2l+1)/4π P_l(axis·q̂_i) F̃(q̂_i) for all even l. */
static void collapse(const directional_view *view, size_t size, const double value[],
                     double shell[])
{
  const directional *set = view->set;
  double P[MOST_DEGREE + 1];
  for (size_t i = 0; i < set->n_directions; i++) {
    const double *q = set->direction + 4 * i, *from = value + i * size;
    double cosine = q[0] * view->axis[0] + q[1] * view->axis[1] + q[2] * view->axis[2];
    gsl_sf_legendre_Pl_array((int)set->degree, fmax(-1, fmin(1, cosine)), P);
    for (size_t l = 0; l <= set->degree; l += 2) {
      double factor = q[3] * (double)(2 * l + 1) / (4 * M_PI) * P[l], *to = shell + l / 2 * size;
      for (size_t j = 0; j < size; j++)
        to[j] += factor * from[j];
    }
  }
}

/** Nodes, and room for weights; the lines of F_1 in the first part. */
static phonon_functions *make_functions(const directional *set, size_t i_kind, size_t i_part)
{
  const directional_shape *shape = &set->shape[i_kind];
  const directional_grid *grid = &shape->grid[i_part];
  phonon_functions *f = calloc(1, sizeof *f);
  if (!f)
    return NULL;
  f->n_terms = grid->end;
  f->n_nodes = grid->end * grid->cells;
  f->omega_max = set->omega_max;
  f->inverse = shape->inverse;
  f->omega = malloc(f->n_nodes * sizeof *f->omega);
  f->log_omega = malloc(f->n_nodes * sizeof *f->log_omega);
  f->value = calloc(f->n_terms * f->n_nodes, sizeof *f->value);
  f->weight = calloc(f->n_terms * f->n_nodes, sizeof *f->weight);
  f->first = calloc(f->n_terms, sizeof *f->first);
  f->end = calloc(f->n_terms, sizeof *f->end);
  f->n_knots = i_part == 0 ? shape->n_knots : 0;
  f->knot = malloc((f->n_knots + 1) * sizeof *f->knot);
  f->ratio = calloc(f->n_knots + 1, sizeof *f->ratio);
  f->slope = calloc(f->n_knots + 1, sizeof *f->slope);
  if (!f->omega || !f->log_omega || !f->value || !f->weight || !f->first || !f->end || !f->knot ||
      !f->ratio || !f->slope) {
    phonon_functions_free(f);
    return NULL;
  }
  for (size_t i = 0; i < f->n_nodes; i++) {
    f->omega[i] = (double)(i + 1) * set->omega_max / (double)grid->cells;
    f->log_omega[i] = log(f->omega[i]);
  }
  for (size_t n = grid->first; n < grid->end; n++)
    f->end[n] = (n + 1) * grid->cells;
  if (f->n_knots)
    memcpy(f->knot, shape->knot, f->n_knots * sizeof *f->knot);
  return f;
}

static crystal seen_crystal(const directional *set, size_t i_kind, phonon_functions *phonons)
{
  return (crystal){.mass = set->kinds[i_kind].nucleus->mass_number * set->amu_eV,
                   .phonons = phonons,
                   .q_switch = set->shape[i_kind].q_switch,
                   .q_sum = set->shape[i_kind].q_switch,
                   .debye_waller_from = 0};
}

elfin_status directional_view_new(const directional *set, const double axis[3], double omega_end,
                                  directional_view **made, elfin_error *err)
{
  directional_view *view = calloc(1, sizeof *view);
  if (!view)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a direction");
  view->set = set;
  memcpy(view->axis, axis, sizeof view->axis);
  view->n_parts = set->table || omega_end <= FEW_TERMS * set->omega_max ? 1 : 2;
  for (size_t i = 0; !set->table && i < set->n_kinds; i++)
    for (size_t j = 0; j < view->n_parts; j++) {
      view_part *part = &view->part[i][j];
      size_t size = set->shape[i].grid[j].size;
      part->shell = calloc((set->degree / 2 + 1) * size, sizeof *part->shell);
      part->phonons = make_functions(set, i, j);
      if (!part->shell || !part->phonons) {
        directional_view_free(view);
        return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a direction");
      }
      part->seen = seen_crystal(set, i, part->phonons);
      collapse(view, size, set->shape[i].value[j], part->shell);
    }
  *made = view;
  return ELFIN_OK;
}

/** Weights of one part from its shells. */
static void turn(const directional_view *view, size_t i_kind, size_t i_part, const double P[],
                 bool last_degree)
{
  const directional *set = view->set;
  const view_part *part = &view->part[i_kind][i_part];
  const directional_grid *grid = &set->shape[i_kind].grid[i_part];
  double per_cell = (double)grid->cells / set->omega_max;
  for (size_t n = grid->first; n < grid->end; n++) {
    size_t m = (n + 1) * grid->cells, offset = directional_offset(grid, n);
    double *weight = part->phonons->weight + n * part->phonons->n_nodes;
    double *value = part->phonons->value + n * part->phonons->n_nodes;
    memset(weight, 0, m * sizeof *weight);
    for (size_t l = last_degree ? set->degree : 0; l <= set->degree; l += 2) {
      const double *shell = part->shell + l / 2 * grid->size + offset;
      for (size_t i = 0; i < m; i++)
        weight[i] += P[l] * shell[i];
    }
    for (size_t i = 0; i < m; i++)
      value[i] = per_cell * weight[i];
  }
}

/** F_1 and ω̄ are quadratic in q̂: their averages are exact. */
static void turn_tensors(const directional_view *view, size_t i_kind, double u, bool last_degree)
{
  const directional_shape *shape = &view->set->shape[i_kind];
  double Q[6], coefficient[ELFIN_N_PROJECTIONS];
  mean_Q(view->axis, u, Q);
  directional_coefficients(Q, coefficient);
  for (size_t j = 0; j < view->n_parts; j++) {
    phonon_functions *f = view->part[i_kind][j].phonons;
    f->mean = view->set->along_z ? shape->mean[ELFIN_ALONG_Z] : combine(coefficient, shape->mean);
  }
  phonon_functions *f = view->part[i_kind][0].phonons;
  for (int i = 0; i < 6 && last_degree; i++) /* of it, nothing is left beyond degree 2 */
    Q[i] = view->set->degree > 2 ? 0 : Q[i] - (i < 3 ? 1.0 / 3 : 0);
  directional_coefficients(Q, coefficient);
  for (size_t i = 0; i < f->n_knots; i++) {
    f->ratio[i] = f->slope[i] = 0;
    for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++) {
      f->ratio[i] += coefficient[k] * shape->ratio[k * shape->n_knots + i];
      f->slope[i] += coefficient[k] * shape->slope[k * shape->n_knots + i];
    }
  }
}

static elfin_status turn_table(directional_view *view, size_t i_kind, double u, elfin_error *err)
{
  view_part *part = &view->part[i_kind][0];
  phonon_functions_free(part->phonons);
  part->phonons = NULL;
  elfin_status status = directional_table_at(view->set, i_kind, view->axis, u, &part->phonons, err);
  if (!status)
    part->seen = seen_crystal(view->set, i_kind, part->phonons);
  return status;
}

elfin_status directional_view_at(directional_view *view, double u, bool last_degree,
                                 directional_crystals kinds[], elfin_error *err)
{
  double P[MOST_DEGREE + 1];
  elfin_status status = ELFIN_OK;
  gsl_sf_legendre_Pl_array((int)view->set->degree, u, P);
  for (size_t i = 0; !status && i < view->set->n_kinds; i++) {
    if (view->set->table)
      status = turn_table(view, i, u, err);
    else
      turn_tensors(view, i, u, last_degree);
    kinds[i].n_parts = view->n_parts;
    for (size_t j = 0; j < view->n_parts; j++) {
      if (!view->set->table)
        turn(view, i, j, P, last_degree);
      kinds[i].part[j] = &view->part[i][j].seen;
    }
  }
  return status;
}
