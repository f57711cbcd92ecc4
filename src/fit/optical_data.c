/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file optical_data.c
 * Optical data from a text table: the ELF itself, or what it follows from,
 * Im(−1/ε) = ε2/(ε1² + ε2²), ε = (n + ik)². */
#include "fit/fit.h"
#include "numerics/columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double elf_itself(double elf, double unused)
{
  (void)unused;
  return elf;
}

static double elf_of_epsilon(double eps1, double eps2)
{
  return eps2 / (eps1 * eps1 + eps2 * eps2);
}

static double elf_of_index(double n, double k)
{
  return elf_of_epsilon(n * n - k * k, 2 * n * k);
}

static const struct kind {
  const char *columns;
  size_t n;
  double (*elf)(double, double);
  bool has_error;
} kinds[] = {
    {"omega,elf", 2, elf_itself, false},
    {"omega,elf,error", 3, elf_itself, true},
    {"omega,eps1,eps2", 3, elf_of_epsilon, false},
    {"omega,n,k", 3, elf_of_index, false},
};
enum { N_KINDS = sizeof kinds / sizeof *kinds, LEAST_ROWS = 4 };

static const struct kind *choose(const char *names)
{
  if (!names)
    return &kinds[0];
  for (size_t i = 0; i < N_KINDS; i++)
    if (strcmp(names, kinds[i].columns) == 0)
      return &kinds[i];
  return NULL;
}

static optical_data *data_new(const char *path, const columns *table, bool errors_given)
{
  optical_data *d = calloc(1, sizeof *d);
  if (!d)
    return NULL;
  *d = (optical_data){.path = path, .errors_given = errors_given};
  d->header = malloc(strlen(table->header) + 1);
  d->omega = calloc(table->n_rows, sizeof *d->omega);
  d->elf = calloc(table->n_rows, sizeof *d->elf);
  d->error = calloc(table->n_rows, sizeof *d->error);
  if (!d->header || !d->omega || !d->elf || !d->error) {
    optical_data_free(d);
    return NULL;
  }
  strcpy(d->header, table->header);
  return d;
}

static elfin_status take_row(const columns *table, size_t i, const struct kind *kind, double from_eV,
                             double to_eV, optical_data *d, elfin_error *err)
{
  const double *row = &table->value[i * table->n_columns];
  size_t line = table->line[i];
  if (!(row[0] > 0) || (i > 0 && !(row[0] > row[-(ptrdiff_t)table->n_columns])))
    return elfin_fail(err, ELFIN_E_DATA, "%s:%zu: energies must be above 0 and ascend, %g eV does not",
                      d->path, line, row[0]);
  double elf = kind->elf(row[1], kind->n > 2 ? row[2] : 0);
  if (!(elf >= 0) || !isfinite(elf))
    return elfin_fail(err, ELFIN_E_DATA,
                      "%s:%zu: the ELF at %g eV is %g; it must not be negative (columns %s?)", d->path,
                      line, row[0], elf, kind->columns);
  if (kind->has_error && !(row[2] > 0))
    return elfin_fail(err, ELFIN_E_DATA, "%s:%zu: an error must be above 0, not %g", d->path, line,
                      row[2]);
  if (row[0] < from_eV || row[0] > to_eV)
    return ELFIN_OK;
  d->omega[d->n] = row[0];
  d->elf[d->n] = elf;
  d->error[d->n++] = kind->has_error ? row[2] : NAN;
  return ELFIN_OK;
}

static elfin_status take_rows(const columns *table, const struct kind *kind, double from_eV,
                              double to_eV, optical_data *d, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  double largest = 0;
  for (size_t i = 0; i < table->n_rows && !status; i++)
    status = take_row(table, i, kind, from_eV, to_eV, d, err);
  if (status)
    return status;
  if (d->n < LEAST_ROWS)
    return elfin_fail(err, ELFIN_E_DATA, "%s: %zu rows between %g and %g eV; %d are the least", d->path,
                      d->n, from_eV, to_eV, LEAST_ROWS);
  for (size_t i = 0; i < d->n; i++)
    largest = fmax(largest, d->elf[i]);
  if (!(largest > 0))
    return elfin_fail(err, ELFIN_E_DATA, "%s: the ELF is 0 everywhere", d->path);
  return ELFIN_OK;
}

elfin_status optical_data_read(const char *path, const char *names, double from_eV, double to_eV,
                               optical_data **data, elfin_error *err)
{
  const struct kind *kind = choose(names);
  columns *table = NULL;
  optical_data *made = NULL;
  size_t n = 0;
  if (!kind)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "columns '%.60s': allowed are omega,elf; omega,elf,error; omega,eps1,eps2; omega,n,k",
                      names);
  elfin_status status = columns_count(path, COLUMNS_HEADER, &n, err);
  if (!status && n != kind->n)
    status = elfin_fail(err, ELFIN_E_DATA, "%s: %zu columns, where %s are %zu%s", path, n, kind->columns,
                        kind->n, names ? "" : "; say what they are: --columns omega,n,k for example");
  if (!status)
    status = columns_read(path, kind->n, COLUMNS_HEADER, &table, err);
  if (!status && !(made = data_new(path, table, kind->has_error)))
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", path);
  if (!status)
    status = take_rows(table, kind, from_eV, to_eV, made, err);
  if (!status) {
    *data = made;
    made = NULL;
  }
  optical_data_free(made);
  columns_free(table);
  return status;
}

void optical_data_free(optical_data *d)
{
  if (!d)
    return;
  free(d->header);
  free(d->omega);
  free(d->elf);
  free(d->error);
  free(d);
}
