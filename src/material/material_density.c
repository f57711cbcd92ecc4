/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_density.c
 * Phonon densities of states D(ω) [docs/multiphonon.md, docs/multiphonon_anisotropic.md].
 *
 * D is linear between the points of the data and zero outside. Some data has D > 0 at ω ≤ 0, where
 * smearing put it, or has coarse points on both sides of 0: the straight line through 0 has D(0) > 0,
 * and ∫ D/ω would diverge. Such a line is followed down to LINE_END, and from there D goes linearly
 * to 0 at ω = 0. LINE_END is below the first energies of all data that elfin knows, and D that low
 * matters to nothing else.
 *
 * With D = c + s ω on a segment [a, b]:
 *   ∫ D = (D_a + D_b)(b − a)/2,  ∫ ω D = c (b² − a²)/2 + s (b³ − a³)/3,
 *   ∫ D/ω = c ln(b/a) + s (b − a), and s b for a = 0, where c = 0.
 */
#include "material/material_read.h"

#include "numerics/curve.h"

#include <math.h>
#include <string.h>

static const double LINE_END = 2e-4; /* [eV] */

/* ---- one curve -------------------------------------------------------------------------------- */

typedef struct moments {
  double norm, mean, inverse;
} moments;

static moments moments_of(size_t n, const double omega[], const double density[])
{
  moments sum = {0, 0, 0};
  for (size_t i = 0; i + 1 < n; i++) {
    double a = omega[i], b = omega[i + 1], width = b - a;
    double s = (density[i + 1] - density[i]) / width, c = density[i] - s * a;
    sum.norm += (density[i] + density[i + 1]) / 2 * width;
    sum.mean += c * width * (a + b) / 2 + s * width * (a * a + a * b + b * b) / 3;
    sum.inverse += s * width + (a > 0 ? c * log(b / a) : 0);
  }
  return sum;
}

/* How the energies of the data become those that are kept: `n_new` of them begin it, the data from
 * `first` on follows. */
typedef struct beginning {
  size_t first, n_new;
  double omega[2];
} beginning;

static beginning beginning_of(size_t n, const double omega[])
{
  beginning made = {0, 0, {0, LINE_END}};
  while (made.first < n && omega[made.first] <= 0)
    made.first++;
  if (made.first > 0 && made.first < n)
    made.n_new = omega[made.first] > LINE_END ? 2 : 1;
  return made;
}

static void begin_curve(const beginning *from, size_t n, const double omega[],
                        const double density[], double kept[])
{
  if (from->n_new)
    kept[0] = 0;
  if (from->n_new == 2)
    kept[1] = curve_linear(n, omega, density, LINE_END);
  for (size_t i = from->first; i < n; i++)
    kept[from->n_new + i - from->first] = density[i];
}

/* The energies to keep and their number; NULL: blamed, or no memory. */
static const double *begin_energies(const points *taken, beginning *from, size_t *n)
{
  *from = beginning_of(taken->n, taken->column[0]);
  *n = from->n_new + taken->n - from->first;
  if (taken->n - from->first < 2) {
    problems_add_at(taken->made->list, taken->block,
                    "at least 2 energies must be above 0, where phonons are");
    return NULL;
  }
  double *omega = material_keep(taken->made, *n, sizeof *omega);
  for (size_t i = 0; omega && i < *n; i++)
    omega[i] = i < from->n_new ? from->omega[i]
                               : taken->column[0][from->first + i - from->n_new];
  return omega;
}

/* A density is not negative, but smeared tables dip below 0 by their noise. */
static bool density_makes_sense(const points *taken, size_t i_column)
{
  const double *density = taken->column[i_column];
  double highest = 0;
  for (size_t i = 0; i < taken->n; i++)
    highest = fmax(highest, density[i]);
  if (highest <= 0) {
    blame_point(taken, 0, i_column, "is nowhere above 0");
    return false;
  }
  return points_within(taken, i_column, taken->path ? -0.01 * highest : 0, false, HUGE_VAL);
}

/* ---- phonon_dos: one a nucleus ---------------------------------------------------------------- */

static void take_density(const node *block, material_owner *made)
{
  static const char *const keys[] = {
      "name", "source", "norm", "omega_bar_eV", "omega_inverse_bar_per_eV", "fit_error", "note",
      POINTS_KEYS};
  static const char *const names[] = {"omega_eV", "D_per_eV"};
  const char *where = "a density of states", *source;
  problems *list = made->list;
  points taken;
  beginning from;
  if (!take_block(block, where, sizeof keys / sizeof *keys, keys, &source, list))
    return;
  optional_number(block, "norm", 0, 10, list);
  optional_number(block, "omega_bar_eV", 0, 10, list);
  optional_number(block, "omega_inverse_bar_per_eV", 0, HUGE_VAL, list);
  const char *name = demand_text(block, where, "name", list);
  elfin_nucleus *nucleus = name ? nucleus_named(made, name) : NULL;
  if (name && !nucleus)
    problems_add_at(list, node_find(block, "name"), "name: there is no nucleus %.40s in the cell",
                    name);
  else if (name && nucleus->dos)
    problems_add_at(list, node_find(block, "name"), "name: %.40s has a density of states already",
                    name);
  if (!take_points(made, block, where, 2, names, &taken) || !points_ascend(&taken, 2) ||
      !density_makes_sense(&taken, 1) || !nucleus)
    return;
  elfin_density_of_states *dos = material_keep(made, 1, sizeof *dos);
  size_t n;
  const double *omega = begin_energies(&taken, &from, &n);
  double *density = omega ? material_keep(made, n, sizeof *density) : NULL;
  if (!dos || !density)
    return;
  begin_curve(&from, taken.n, taken.column[0], taken.column[1], density);
  moments sum = moments_of(n, omega, density);
  *dos = (elfin_density_of_states){source, n, omega, density, sum.norm, sum.mean, sum.inverse};
  nucleus->dos = dos;
}

void elfin_density_of_states_at(const elfin_density_of_states *dos, size_t n,
                                const double omega_eV[], double per_eV[])
{
  double first = dos->omega_eV[0], last = dos->omega_eV[dos->n - 1];
  for (size_t i = 0; i < n; i++) {
    double omega = omega_eV[i];
    per_eV[i] = omega < first || omega > last
                    ? 0
                    : curve_linear(dos->n, dos->omega_eV, dos->per_eV, omega);
  }
}

/* ---- phonon_dos_anisotropic: six projections a nucleus ----------------------------------------- */

static const char *const projections[ELFIN_N_PROJECTIONS] = {"x", "y", "z", "x+y", "x+z", "y+z"};

static void check_components(const node *block, problems *list)
{
  const node *given = demand(block, "phonon_dos_anisotropic", "components", list);
  if (!given)
    return;
  bool same = given->kind == NODE_LIST && given->n == ELFIN_N_PROJECTIONS;
  for (size_t i = 0; same && i < ELFIN_N_PROJECTIONS; i++)
    same = given->items[i].kind == NODE_SCALAR && strcmp(given->items[i].text, projections[i]) == 0;
  if (!same)
    problems_add_at(list, given, "components must be [x, y, z, x+y, x+z, y+z]");
}

/* The tensor of one nucleus: column 0 of `taken` holds the energies, its projections begin at
 * `i_column`. */
static void keep_tensor(const points *taken, size_t i_column, const char *source,
                        elfin_nucleus *nucleus)
{
  beginning from;
  size_t n;
  for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++)
    if (!density_makes_sense(taken, i_column + k))
      return;
  elfin_density_tensor *tensor = material_keep(taken->made, 1, sizeof *tensor);
  const double *omega = begin_energies(taken, &from, &n);
  double *density = omega ? material_keep(taken->made, ELFIN_N_PROJECTIONS * n, sizeof *density)
                          : NULL;
  if (!tensor || !density)
    return;
  tensor->source = source;
  tensor->first_eV = taken->column[0][0];
  tensor->n = n;
  tensor->omega_eV = omega;
  tensor->per_eV = density;
  for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++) {
    begin_curve(&from, taken->n, taken->column[0], taken->column[i_column + k], density + k * n);
    moments sum = moments_of(n, omega, density + k * n);
    tensor->norm[k] = sum.norm;
    tensor->mean_eV[k] = sum.mean;
    tensor->inverse_per_eV[k] = sum.inverse;
  }
  nucleus->tensor = tensor;
}

/* {omega_eV: […], D_per_eV: [[…], … six of them]} */
static bool take_atom(const node *atom, material_owner *made, points *taken)
{
  static const char *const keys[] = {"omega_eV", "D_per_eV", "norm", "omega_bar_eV",
                                     "omega_inverse_bar_per_eV", "fit_error", "note"};
  static const char *const energies[] = {"omega_eV"};
  problems *list = made->list;
  if (!expect_kind(atom, "an atom", NODE_MAP, list))
    return false;
  material_keys(atom, "an atom", sizeof keys / sizeof *keys, keys, list);
  check_numbers(atom, "norm", list);
  check_numbers(atom, "omega_bar_eV", list);
  check_numbers(atom, "omega_inverse_bar_per_eV", list);
  const node *rows = demand(atom, "an atom", "D_per_eV", list);
  if (!take_points(made, atom, "an atom", 1, energies, taken) || !points_ascend(taken, 2) || !rows ||
      !expect_kind(rows, "D_per_eV", NODE_LIST, list))
    return false;
  taken->names = NULL; /* beyond the energies, columns have numbers only */
  if (rows->n != ELFIN_N_PROJECTIONS) {
    problems_add_at(list, rows, "D_per_eV must have %d lists, one for each component, not %zu",
                    ELFIN_N_PROJECTIONS, rows->n);
    return false;
  }
  for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++) {
    size_t n = list_length(&rows->items[k], "a component of D_per_eV", list);
    if (n != taken->n) {
      problems_add_at(list, &rows->items[k], "%zu numbers for %zu energies", n, taken->n);
      return false;
    }
    taken->column[1 + k] = material_keep(made, n, sizeof(double));
    for (size_t i = 0; taken->column[1 + k] && i < n; i++)
      if (!node_number(&rows->items[k].items[i], &taken->column[1 + k][i])) {
        problems_add_at(list, &rows->items[k].items[i], "D_per_eV: a finite number is wanted");
        return false;
      }
  }
  return !made->kept.no_memory;
}

static void take_atoms(const node *block, material_owner *made, const char *source)
{
  problems *list = made->list;
  const node *atoms = demand(block, "phonon_dos_anisotropic", "atoms", list);
  size_t n = list_length(atoms, "atoms", list);
  if (n && n != made->material.n_anisotropic)
    problems_add_at(list, atoms, "%zu atoms, and nuclei_anisotropic has %zu", n,
                    made->material.n_anisotropic);
  else
    for (size_t i = 0; i < n; i++) {
      points taken;
      if (take_atom(&atoms->items[i], made, &taken))
        keep_tensor(&taken, 1, source, &made->anisotropic[i]);
    }
}

/* One table for all nuclei: the energies, then six columns a nucleus. */
static void take_tensor_file(const node *block, material_owner *made, const char *source)
{
  size_t n = made->material.n_anisotropic;
  points taken = {.names = NULL};
  if (1 + ELFIN_N_PROJECTIONS * n > MOST_COLUMNS)
    problems_add_at(made->list, block, "%zu nuclei are too many for one table", n);
  else if (n && take_file(made, block, "phonon_dos_anisotropic", 1 + ELFIN_N_PROJECTIONS * n,
                          &taken) &&
           points_ascend(&taken, 2))
    for (size_t i = 0; i < n; i++)
      keep_tensor(&taken, 1 + ELFIN_N_PROJECTIONS * i, source, &made->anisotropic[i]);
}

static void take_anisotropic(const node *block, material_owner *made)
{
  static const char *const keys[] = {"source", "components", "note", "atoms", "file", "sha256"};
  const char *where = "phonon_dos_anisotropic", *source;
  if (!take_block(block, where, sizeof keys / sizeof *keys, keys, &source, made->list))
    return;
  check_components(block, made->list);
  if (!made->material.n_anisotropic) {
    problems_add_at(made->list, block, "%s needs the nuclei that it is for: nuclei_anisotropic",
                    where);
    return;
  }
  if (node_find(block, "file") && node_find(block, "atoms"))
    problems_add_at(made->list, node_find(block, "file"), "%s: give atoms or a file, not both",
                    where);
  else if (node_find(block, "file"))
    take_tensor_file(block, made, source);
  else
    take_atoms(block, made, source);
}

void take_densities(const node *root, material_owner *made)
{
  const node *block = node_find(root, "phonon_dos");
  size_t n = list_length(block, "phonon_dos", made->list);
  for (size_t i = 0; i < n; i++)
    take_density(&block->items[i], made);
  if ((block = node_find(root, "phonon_dos_anisotropic")))
    take_anisotropic(block, made);
}
