/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file elf_table.c
 * ε(ω,k) on a grid [docs/responses.md].
 *
 * ε1 and ε2 are each bilinear within a cell of the grid, as in DarkELF, so that comparisons can be
 * exact; the ELF follows from the two. Below the lowest k the lowest row holds (the optical limit);
 * outside otherwise ε = 1, that is no loss.
 *
 * A text table is a list of points. It is a grid only if every momentum repeats the energies of the
 * first one, in their order: each row is compared with the point that must stand there, so that a
 * missing, doubled or misplaced point is found at its line.
 */
#include "elf/elf_table.h"

#include "numerics/columns.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMN_OMEGA, COLUMN_K, COLUMN_EPS1, COLUMN_EPS2, N_COLUMNS };

/* Two numbers of a file are the same coordinate if they differ by less than this (relative): some
 * programs print k0 + i dk, with rounding, in each row. Far below the spacing of a useful grid. */
static const double SAME_COORDINATE = 1e-9;

/* ---- a grid in memory ------------------------------------------------------------------------ */

static double *copy_of(size_t n, const double x[])
{
  double *copy = malloc(n * sizeof *copy);
  if (copy)
    memcpy(copy, x, n * sizeof *copy);
  return copy;
}

static elfin_status check_axis(const char *name, const char *what, size_t n, const double x[],
                               elfin_error *err)
{
  if (n < 2)
    return elfin_fail(err, ELFIN_E_DATA, "%s: %zu value%s of %s: a table needs at least 2", name, n,
                      n == 1 ? "" : "s", what);
  for (size_t i = 0; i < n; i++) {
    if (!isfinite(x[i]) || x[i] < 0)
      return elfin_fail(err, ELFIN_E_DATA, "%s: %s[%zu] = %.12g eV: it must be finite and not "
                        "negative", name, what, i, x[i]);
    if (i && !(x[i] > x[i - 1] && isfinite(1 / (x[i] - x[i - 1]))))
      return elfin_fail(err, ELFIN_E_DATA, "%s: %s[%zu] = %.12g eV does not ascend (before it: "
                        "%.12g eV)", name, what, i, x[i], x[i - 1]);
  }
  return ELFIN_OK;
}

static elfin_status check_values(const char *name, const char *what, size_t n, const double x[],
                                 elfin_error *err)
{
  size_t n_valid = 0;
  for (size_t i = 0; i < n; i++) {
    if (isinf(x[i]))
      return elfin_fail(err, ELFIN_E_DATA, "%s: %s[%zu] is infinite", name, what, i);
    if (!isnan(x[i]))
      n_valid++;
  }
  if (n_valid == 0)
    return elfin_fail(err, ELFIN_E_DATA, "%s: %s holds nothing but nan", name, what);
  return ELFIN_OK;
}

/** Each NaN takes the next valid value; those at the end the last one. */
static void fill_from_next(size_t n, double x[])
{
  double next = NAN;
  for (size_t i = n; i-- > 0;)
    if (isnan(x[i]))
      x[i] = next;
    else
      next = x[i];
  double last = next;
  for (size_t i = 0; i < n; i++)
    if (isnan(x[i]))
      x[i] = last;
    else
      last = x[i];
}

static void fill_holes(elf_table *t, int hole_takes_next)
{
  size_t n = t->n_omega * t->n_k;
  for (size_t i = 0; i < n; i++) {
    bool hole = isnan(t->eps1[i]) || isnan(t->eps2[i]);
    t->n_holes += hole;
    if (hole && !hole_takes_next)
      t->eps2[i] = 0;
  }
  if (t->n_holes) {
    fill_from_next(n, t->eps1);
    fill_from_next(n, t->eps2);
  }
}

/** One over the width of each cell: a product is cheaper than a quotient. */
static double *inverse_widths(size_t n, const double x[])
{
  double *inverse = malloc((n - 1) * sizeof *inverse);
  for (size_t i = 0; inverse && i + 1 < n; i++)
    inverse[i] = 1 / (x[i + 1] - x[i]);
  return inverse;
}

elfin_status elf_table_new(const char *name, size_t n_omega, const double omega[], size_t n_k,
                           const double k[], const double eps1[], const double eps2[],
                           int hole_takes_next, elf_table **table, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  size_t n = n_omega * n_k;
  if ((status = check_axis(name, "omega", n_omega, omega, err)) ||
      (status = check_axis(name, "k", n_k, k, err)) ||
      (status = check_values(name, "eps1", n, eps1, err)) ||
      (status = check_values(name, "eps2", n, eps2, err)))
    return status;

  elf_table *made = calloc(1, sizeof *made);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its table", name);
  made->n_omega = n_omega;
  made->n_k = n_k;
  made->omega = copy_of(n_omega, omega);
  made->k = copy_of(n_k, k);
  made->eps1 = copy_of(n, eps1);
  made->eps2 = copy_of(n, eps2);
  made->header = calloc(1, 1);
  made->inverse_omega = inverse_widths(n_omega, omega);
  made->inverse_k = inverse_widths(n_k, k);
  if (!made->omega || !made->k || !made->eps1 || !made->eps2 || !made->header ||
      !made->inverse_omega || !made->inverse_k) {
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its table", name);
    goto out;
  }
  if ((status = grid_init(&made->omega_grid, n_omega, made->omega, err)) ||
      (status = grid_init(&made->k_grid, n_k, made->k, err)))
    goto out;
  fill_holes(made, hole_takes_next);
  *table = made;
  made = NULL;
out:
  elf_table_free(made);
  return status;
}

void elf_table_free(elf_table *table)
{
  if (!table)
    return;
  grid_clear(&table->omega_grid);
  grid_clear(&table->k_grid);
  free(table->omega);
  free(table->k);
  free(table->eps1);
  free(table->eps2);
  free(table->header);
  free(table->inverse_omega);
  free(table->inverse_k);
  free(table);
}

/* ---- a grid from a list of points ------------------------------------------------------------ */

/** A file that is being checked row by row. */
typedef struct listing {
  const char *path;
  const columns *rows;
  size_t n_omega;
  elfin_error *err;
} listing;

static double at(const listing *l, size_t i_row, int column)
{
  return l->rows->value[i_row * N_COLUMNS + (size_t)column];
}

static bool same(double a, double b)
{
  return a == b || fabs(a - b) <= SAME_COORDINATE * fmax(fabs(a), fabs(b));
}

static bool same_point(const listing *l, size_t i, size_t j)
{
  return same(at(l, i, COLUMN_OMEGA), at(l, j, COLUMN_OMEGA)) &&
         same(at(l, i, COLUMN_K), at(l, j, COLUMN_K));
}

/** "file:line: ω = … eV, k = … eV" and what is wrong with that point. */
static elfin_status refuse(const listing *l, size_t i_row, const char *what)
{
  return elfin_fail(l->err, ELFIN_E_DATA, "%s:%zu: omega = %.12g eV, k = %.12g eV: %s", l->path,
                    l->rows->line[i_row], at(l, i_row, COLUMN_OMEGA), at(l, i_row, COLUMN_K), what);
}

static elfin_status check_coordinates(const listing *l)
{
  for (size_t i = 0; i < l->rows->n_rows; i++) {
    double omega = at(l, i, COLUMN_OMEGA), k = at(l, i, COLUMN_K);
    if (!(omega >= 0) || !(k >= 0))
      return refuse(l, i, "energies and momenta must be numbers, and not negative");
  }
  return ELFIN_OK;
}

/** The energies of the first momentum are those of the grid. */
static elfin_status take_first_row(listing *l)
{
  size_t n = 1;
  for (; n < l->rows->n_rows && same(at(l, n, COLUMN_K), at(l, 0, COLUMN_K)); n++) {
    if (same_point(l, n, n - 1))
      return refuse(l, n, "the same point as in the line before");
    if (at(l, n, COLUMN_OMEGA) < at(l, n - 1, COLUMN_OMEGA))
      return refuse(l, n, "energies must ascend within one momentum");
  }
  if (n == l->rows->n_rows)
    return refuse(l, n - 1, "the table ends with its first momentum; it needs at least 2");
  if (n == 1)
    return refuse(l, 1, "a new momentum after a single energy; energies must run fastest");
  l->n_omega = n;
  return ELFIN_OK;
}

/** Row i is not the point (ω, k) that must stand there: say why. `begin`: first row of its k. */
static elfin_status explain_misfit(const listing *l, size_t i, size_t begin)
{
  double omega = at(l, i - begin, COLUMN_OMEGA), k = at(l, begin, COLUMN_K);
  for (size_t j = i; j-- > begin;)
    if (same_point(l, i, j))
      return elfin_fail(l->err, ELFIN_E_DATA, "%s:%zu: omega = %.12g eV, k = %.12g eV: the same "
                        "point as in line %zu", l->path, l->rows->line[i], at(l, i, COLUMN_OMEGA),
                        at(l, i, COLUMN_K), l->rows->line[j]);
  if (!same(at(l, i, COLUMN_K), k) || at(l, i, COLUMN_OMEGA) > omega)
    return elfin_fail(l->err, ELFIN_E_DATA, "%s:%zu: the point omega = %.12g eV, k = %.12g eV is "
                      "missing before this line; every momentum needs the %zu energies of the "
                      "first", l->path, l->rows->line[i], omega, k, l->n_omega);
  return elfin_fail(l->err, ELFIN_E_DATA, "%s:%zu: omega = %.12g eV, k = %.12g eV is not on the "
                    "grid: the first momentum (lines %zu to %zu) lacks that energy, or it is one "
                    "too many here", l->path, l->rows->line[i], at(l, i, COLUMN_OMEGA),
                    at(l, i, COLUMN_K), l->rows->line[0], l->rows->line[l->n_omega - 1]);
}

/** The first row of a further momentum. */
static elfin_status check_momentum(const listing *l, size_t begin)
{
  double k = at(l, begin, COLUMN_K), before = at(l, begin - 1, COLUMN_K);
  if (same(k, before)) {
    for (size_t j = begin; j-- > begin - l->n_omega;)
      if (same_point(l, begin, j))
        return elfin_fail(l->err, ELFIN_E_DATA, "%s:%zu: omega = %.12g eV, k = %.12g eV: the same "
                          "point as in line %zu", l->path, l->rows->line[begin],
                          at(l, begin, COLUMN_OMEGA), k, l->rows->line[j]);
    return elfin_fail(l->err, ELFIN_E_DATA, "%s:%zu: omega = %.12g eV, k = %.12g eV: one energy "
                      "more than the first momentum has (%zu)", l->path, l->rows->line[begin],
                      at(l, begin, COLUMN_OMEGA), k, l->n_omega);
  }
  if (k < before)
    return refuse(l, begin, "momenta must ascend");
  return ELFIN_OK;
}

static elfin_status check_order(listing *l)
{
  elfin_status status = ELFIN_OK;
  if ((status = check_coordinates(l)) || (status = take_first_row(l)))
    return status;
  size_t n_rows = l->rows->n_rows, begin = 0;
  for (size_t i = l->n_omega; i < n_rows; i++) {
    if (i % l->n_omega == 0) {
      begin = i;
      if ((status = check_momentum(l, begin)))
        return status;
    }
    if (!same(at(l, i, COLUMN_K), at(l, begin, COLUMN_K)) ||
        !same(at(l, i, COLUMN_OMEGA), at(l, i - begin, COLUMN_OMEGA)))
      return explain_misfit(l, i, begin);
  }
  if (n_rows % l->n_omega)
    return elfin_fail(l->err, ELFIN_E_DATA, "%s:%zu: the table ends before the point omega = %.12g "
                      "eV, k = %.12g eV", l->path, l->rows->line[n_rows - 1],
                      at(l, n_rows % l->n_omega, COLUMN_OMEGA), at(l, begin, COLUMN_K));
  return ELFIN_OK;
}

/** The points in separate arrays, one after the other in `room`: ω, k, ε1, ε2. */
static elfin_status take_grid(const listing *l, double room[], int hole_takes_next,
                              elf_table **made, elfin_error *err)
{
  size_t n_rows = l->rows->n_rows, n_omega = l->n_omega, n_k = n_rows / n_omega;
  double *omega = room, *k = omega + n_omega, *eps1 = k + n_k, *eps2 = eps1 + n_rows;
  for (size_t i = 0; i < n_omega; i++)
    omega[i] = at(l, i, COLUMN_OMEGA);
  for (size_t i = 0; i < n_k; i++)
    k[i] = at(l, i * n_omega, COLUMN_K);
  for (size_t i = 0; i < n_rows; i++) {
    eps1[i] = at(l, i, COLUMN_EPS1);
    eps2[i] = at(l, i, COLUMN_EPS2);
  }
  return elf_table_new(l->path, n_omega, omega, n_k, k, eps1, eps2, hole_takes_next, made, err);
}

elfin_status elf_table_read(const char *path, int hole_takes_next, elf_table **table,
                            elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  columns *rows = NULL;
  double *room = NULL;
  if ((status = columns_read(path, N_COLUMNS, COLUMNS_NAN | COLUMNS_HEADER, &rows, err)))
    return status;
  listing l = {.path = path, .rows = rows, .err = err};
  if ((status = check_order(&l)))
    goto out;

  room = malloc(N_COLUMNS * rows->n_rows * sizeof *room);
  if (!room) {
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its table", path);
    goto out;
  }
  elf_table *made = NULL;
  if ((status = take_grid(&l, room, hole_takes_next, &made, err)))
    goto out;
  free(made->header);
  made->header = rows->header; /* moved */
  rows->header = NULL;
  *table = made;
out:
  columns_free(rows);
  free(room);
  return status;
}

/* ---- ε ----------------------------------------------------------------------------------------*/

static double bilinear(const double corner[], size_t row, double u, double v)
{
  double low = corner[0] + u * (corner[1] - corner[0]);
  double high = corner[row] + u * (corner[row + 1] - corner[row]);
  return low + v * (high - low);
}

void elf_table_epsilon(const elf_table *t, size_t n, const double omega[], const double k[],
                       double eps1[], double eps2[])
{
  size_t row = t->n_omega;
  double omega_min = t->omega[0], omega_max = t->omega[row - 1];
  double k_min = t->k[0], k_max = t->k[t->n_k - 1];
  for (size_t i = 0; i < n; i++) {
    double w = omega[i], q = k[i] < k_min ? k_min : k[i];
    if (w >= omega_min && w <= omega_max && q <= k_max) {
      size_t i_omega = grid_cell(&t->omega_grid, w), i_k = grid_cell(&t->k_grid, q);
      double u = (w - t->omega[i_omega]) * t->inverse_omega[i_omega];
      double v = (q - t->k[i_k]) * t->inverse_k[i_k];
      size_t corner = i_k * row + i_omega;
      eps1[i] = bilinear(&t->eps1[corner], row, u, v);
      eps2[i] = bilinear(&t->eps2[corner], row, u, v);
    } else {
      bool number = !isnan(w) && !isnan(q);
      eps1[i] = number ? 1 : NAN;
      eps2[i] = number ? 0 : NAN;
    }
  }
}
