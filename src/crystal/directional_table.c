/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file directional_table.c
 * F_n(ω; θ, φ) on a coarse grid of angles and energies, linear between its points: what DarkELF
 * computes with (arXiv:2411.03433), for the comparison with its numbers.
 *
 * T_1 = D/ω is linear between the data's points, T_n the trapezoid sum over them of T_1(ω')
 * T_{n−1}(ω − ω'), T_{n−1} linear between the table's energies. These go in equal steps from the
 * data's first energy, which may be below 0, to half as many times the highest phonon as there are
 * terms; above, F_n is 0. Angles go in equal steps from 0 to π and 2π, both ends included. The
 * Debye–Waller factor is that of the direction.
 *
 * The average over the azimuth is taken by equal steps: F_n has kinks in it.
 */
#include "crystal/directional_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Azimuths of an average; terms that the Debye–Waller factors' difference adds. */
enum { N_AZIMUTHS = 96, EXTRA_TERMS = 12 };

typedef struct directional_table {
  size_t n_angles, n_energies, n_terms;
  double *energy;  /* [n_energies] */
  double *F;       /* [n_sites][n_angles][n_angles][n_terms * n_energies]: site, θ, φ */
  double *inverse; /* [n_sites * ELFIN_N_PROJECTIONS] trapezoid sums of D/ω */
} table;

void directional_table_free(struct directional_table *t)
{
  if (!t)
    return;
  free(t->energy);
  free(t->F);
  free(t->inverse);
  free(t);
}

static double *functions_at(const table *t, size_t i_site, size_t i_theta, size_t i_phi)
{
  return t->F +
         ((i_site * t->n_angles + i_theta) * t->n_angles + i_phi) * t->n_terms * t->n_energies;
}

/** Linear between points in equal steps, 0 outside. */
static double look_up(size_t n, double first, double step, const double value[], double at)
{
  double x = (at - first) / step;
  if (!(x >= 0 && x <= (double)(n - 1)))
    return 0;
  size_t i = (size_t)x;
  i = i + 2 > n ? n - 2 : i;
  return value[i] + (x - (double)i) * (value[i + 1] - value[i]);
}

/** T_1 of the data's points in one direction. */
static void ratios(const elfin_density_tensor *tensor, const double coefficient[], double T_1[])
{
  for (size_t i = 0; i < tensor->n; i++) {
    double D = 0;
    for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++)
      D += coefficient[k] * tensor->per_eV[k * tensor->n + i];
    T_1[i] = tensor->omega_eV[i] > 0 ? D / tensor->omega_eV[i] : 0;
  }
}

/** Linear between the data's points, 0 outside. */
static double ratio_at(const elfin_density_tensor *tensor, const double T_1[], double omega)
{
  const double *x = tensor->omega_eV;
  size_t low = 0, high = tensor->n - 1;
  if (!(omega >= x[0] && omega <= x[high]))
    return 0;
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    if (x[middle] <= omega)
      low = middle;
    else
      high = middle;
  }
  return T_1[low] + (omega - x[low]) / (x[high] - x[low]) * (T_1[high] - T_1[low]);
}

static void fill_direction(const table *t, const elfin_density_tensor *tensor, const double T_1[],
                           double F[])
{
  double step = t->energy[1] - t->energy[0];
  for (size_t i = 0; i < t->n_energies; i++)
    F[i] = ratio_at(tensor, T_1, t->energy[i]);
  for (size_t n = 1; n < t->n_terms; n++) {
    const double *before = F + (n - 1) * t->n_energies;
    double *after = F + n * t->n_energies;
    for (size_t i = 0; i < t->n_energies; i++) {
      double sum = 0;
      for (size_t j = 0; j < tensor->n; j++) {
        double left = j ? tensor->omega_eV[j] - tensor->omega_eV[j - 1] : 0;
        double right = j + 1 < tensor->n ? tensor->omega_eV[j + 1] - tensor->omega_eV[j] : 0;
        sum +=
            0.5 * (left + right) * T_1[j] *
            look_up(t->n_energies, t->energy[0], step, before, t->energy[i] - tensor->omega_eV[j]);
      }
      after[i] = sum / (double)(n + 1);
    }
  }
}

static void fill_site(const table *t, const directional *set, size_t i_site, double T_1[])
{
  const elfin_density_tensor *tensor = set->sites[i_site].nucleus->tensor;
  double steps = (double)(t->n_angles - 1), Q[6], coefficient[ELFIN_N_PROJECTIONS];
  for (size_t i = 0; i < t->n_angles; i++)
    for (size_t j = 0; j < t->n_angles; j++) {
      double theta = M_PI * (double)i / steps, phi = 2 * M_PI * (double)j / steps;
      directional_Q((double[3]){sin(theta) * cos(phi), sin(theta) * sin(phi), cos(theta)}, Q);
      directional_coefficients(Q, coefficient);
      ratios(tensor, coefficient, T_1);
      fill_direction(t, tensor, T_1, functions_at(t, i_site, i, j));
    }
  for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++) {
    double alone[ELFIN_N_PROJECTIONS] = {0}, *sum = t->inverse + i_site * ELFIN_N_PROJECTIONS + k;
    alone[k] = 1;
    ratios(tensor, alone, T_1);
    for (size_t i = 0; i + 1 < tensor->n; i++)
      *sum += 0.5 * (T_1[i] + T_1[i + 1]) * (tensor->omega_eV[i + 1] - tensor->omega_eV[i]);
  }
}

elfin_status directional_table_new(const elfin_constants *c, directional *set, elfin_error *err)
{
  table *t = calloc(1, sizeof *t);
  size_t most = 0;
  double first = set->sites[0].nucleus->tensor->first_eV;
  if (!t)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a table of phonons");
  set->table = t;
  t->n_angles = c->directional_angles;
  t->n_energies = c->directional_energies;
  t->n_terms = c->directional_terms;
  for (size_t i = 0; i < set->n_sites; i++) {
    most = set->sites[i].nucleus->tensor->n > most ? set->sites[i].nucleus->tensor->n : most;
    first = fmin(first, set->sites[i].nucleus->tensor->first_eV);
  }
  double *T_1 = malloc(most * sizeof *T_1);
  t->energy = malloc(t->n_energies * sizeof *t->energy);
  t->F =
      calloc(set->n_sites * t->n_angles * t->n_angles * t->n_terms * t->n_energies, sizeof *t->F);
  t->inverse = calloc(set->n_sites * ELFIN_N_PROJECTIONS, sizeof *t->inverse);
  elfin_status status = T_1 && t->energy && t->F && t->inverse
                            ? ELFIN_OK
                            : elfin_fail(err, ELFIN_E_MEMORY, "no memory for a table of phonons");
  double last = 0.5 * (double)t->n_terms * set->omega_max;
  for (size_t i = 0; !status && i < t->n_energies; i++)
    t->energy[i] = first + (last - first) * (double)i / (double)(t->n_energies - 1);
  for (size_t i = 0; !status && i < set->n_sites; i++)
    fill_site(t, set, i, T_1);
  free(T_1);
  return status;
}

/* ---- the average over the azimuth ------------------------------------------------------------ */

/** Two directions across the axis. */
static void frame(const double axis[3], double across[2][3])
{
  const double *a = axis;
  double helper[3] = {0, 0, 0};
  helper[fabs(a[0]) < 0.6 ? 0 : 1] = 1;
  double dot = a[0] * helper[0] + a[1] * helper[1] + a[2] * helper[2], length = sqrt(1 - dot * dot);
  for (int i = 0; i < 3; i++)
    across[0][i] = (helper[i] - dot * a[i]) / length;
  for (int i = 0; i < 3; i++)
    across[1][i] =
        a[(i + 1) % 3] * across[0][(i + 2) % 3] - a[(i + 2) % 3] * across[0][(i + 1) % 3];
}

/** Linear in θ and φ. @param[out] F  [n_terms * n_energies] */
static void interpolate(const table *t, size_t i_site, const double q[3], double F[])
{
  double steps = (double)(t->n_angles - 1), theta = acos(fmax(-1, fmin(1, q[2])));
  double phi = atan2(q[1], q[0]), x = theta / M_PI * steps;
  double y = (phi < 0 ? phi + 2 * M_PI : phi) / (2 * M_PI) * steps;
  size_t i = (size_t)fmin(x, steps - 1), j = (size_t)fmin(y, steps - 1);
  x -= (double)i;
  y -= (double)j;
  const double *corner[4] = {functions_at(t, i_site, i, j), functions_at(t, i_site, i + 1, j),
                             functions_at(t, i_site, i, j + 1),
                             functions_at(t, i_site, i + 1, j + 1)};
  const double part[4] = {(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y};
  for (size_t k = 0; k < t->n_terms * t->n_energies; k++)
    F[k] = part[0] * corner[0][k] + part[1] * corner[1][k] + part[2] * corner[2][k] +
           part[3] * corner[3][k];
}

/** Add `part` times F̃_n of a site in one direction to rows of ω, F_1, F_2 … */
static void add_to_rows(const table *t, double shift, double part, const double F[], double rows[])
{
  size_t width = t->n_terms + EXTRA_TERMS + 1;
  for (size_t n = 0; n < t->n_terms; n++) {
    double factor = part;
    for (size_t k = 0; n + k + 1 < width; k++) {
      for (size_t i = 0; i < t->n_energies; i++)
        rows[i * width + 1 + n + k] += factor * F[n * t->n_energies + i];
      factor *= shift / (double)(k + 1);
    }
  }
}

static void average(const directional *set, size_t i_kind, const double axis[3], double u,
                    double F[], double rows[])
{
  const table *t = set->table;
  double across[2][3], Q[6], coefficient[ELFIN_N_PROJECTIONS], s = sqrt(1 - u * u);
  frame(axis, across);
  for (int a = 0; a < N_AZIMUTHS; a++) {
    double psi = 2 * M_PI * (a + 0.5) / N_AZIMUTHS, q[3];
    for (int i = 0; i < 3; i++)
      q[i] = u * axis[i] + s * (cos(psi) * across[0][i] + sin(psi) * across[1][i]);
    directional_Q(q, Q);
    directional_coefficients(Q, coefficient);
    for (size_t i = 0; i < set->n_sites; i++) {
      const directional_site *site = &set->sites[i];
      double inverse = 0;
      if (site->i_kind != i_kind)
        continue;
      for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++)
        inverse += coefficient[k] * t->inverse[i * ELFIN_N_PROJECTIONS + k];
      interpolate(t, i, q, F);
      add_to_rows(t, set->shape[i_kind].inverse - inverse,
                  site->nucleus->multiplicity / set->kinds[i_kind].multiplicity / N_AZIMUTHS, F,
                  rows);
    }
  }
}

elfin_status directional_table_at(const directional *set, size_t i_kind, const double axis[3],
                                  double u, phonon_functions **made, elfin_error *err)
{
  const table *t = set->table;
  const directional_shape *shape = &set->shape[i_kind];
  const elfin_density_tensor *tensor = set->kinds[i_kind].nucleus->tensor;
  size_t width = t->n_terms + EXTRA_TERMS + 1;
  double *F = malloc(t->n_terms * t->n_energies * sizeof *F);
  double *rows = calloc(width * t->n_energies, sizeof *rows);
  phonon_density density = {.n = tensor->n,
                            .omega = tensor->omega_eV,
                            .linear_ratio = true,
                            .density = tensor->per_eV + ELFIN_ALONG_Z * tensor->n};
  elfin_status status =
      F && rows ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "no memory for phonons");
  for (size_t i = 0; !status && i < t->n_energies; i++)
    rows[i * width] = t->energy[i];
  if (!status) {
    average(set, i_kind, axis, u, F, rows);
    status = phonon_functions_from_table(&density, t->n_energies, width - 1, rows, made, err);
  }
  if (!status) { /* the sites' mean, not those of the first one */
    (*made)->inverse = shape->inverse;
    (*made)->mean = shape->mean[ELFIN_ALONG_Z];
    (*made)->omega_max = set->omega_max;
  }
  free(F);
  free(rows);
  return status;
}
