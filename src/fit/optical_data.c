/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file optical_data.c
 * Optical data from a text table: the ELF itself, or what it follows from,
 * Im(−1/ε) = ε2/(ε1² + ε2²), ε = (n + iκ)². */
#include "fit/fit.h"
#include "import/import_units.h"
#include "import/named_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_ROWS = 4 };

static double elf_of(const named_columns *text, const double v[N_NAMED])
{
  double eps1 = v[NAMED_EPS1], eps2 = v[NAMED_EPS2];
  if (text->has[NAMED_ELF])
    return v[NAMED_ELF];
  if (text->has[NAMED_INDEX]) {
    eps1 = v[NAMED_INDEX] * v[NAMED_INDEX] - v[NAMED_EXTINCTION] * v[NAMED_EXTINCTION];
    eps2 = 2 * v[NAMED_INDEX] * v[NAMED_EXTINCTION];
  }
  return eps2 / (eps1 * eps1 + eps2 * eps2);
}

static optical_data *data_new(const char *path, const named_columns *text)
{
  optical_data *d = calloc(1, sizeof *d);
  if (!d)
    return NULL;
  *d = (optical_data){.path = path, .errors_given = text->has[NAMED_ERROR]};
  d->remark = strdup(text->remark);
  d->omega = calloc(text->n, sizeof *d->omega);
  d->elf = calloc(text->n, sizeof *d->elf);
  d->error = calloc(text->n, sizeof *d->error);
  if (d->remark && d->omega && d->elf && d->error)
    return d;
  optical_data_free(d);
  return NULL;
}

static elfin_status take_point(const named_columns *text, size_t i, double unit, double from_eV,
                               double to_eV, optical_data *d, elfin_error *err)
{
  const double *v = text->points[i].value;
  double omega = unit * v[NAMED_OMEGA], elf = elf_of(text, v);
  size_t line = text->points[i].line;
  if (!(omega > 0) || (i > 0 && !(v[NAMED_OMEGA] > text->points[i - 1].value[NAMED_OMEGA])))
    return elfin_fail(err, ELFIN_E_DATA, "%s:%zu: energies must be above 0 and ascend, %g eV does not",
                      d->path, line, omega);
  if (!(elf >= 0) || !isfinite(elf))
    return elfin_fail(err, ELFIN_E_DATA,
                      "%s:%zu: the ELF at %g eV is %g; it must not be negative (are the columns right?)",
                      d->path, line, omega, elf);
  if (d->errors_given && !(v[NAMED_ERROR] > 0 && isfinite(v[NAMED_ERROR])))
    return elfin_fail(err, ELFIN_E_DATA, "%s:%zu: an error must be above 0, not %g", d->path, line,
                      v[NAMED_ERROR]);
  if (omega < from_eV || omega > to_eV)
    return ELFIN_OK;
  d->omega[d->n] = omega;
  d->elf[d->n] = elf;
  d->error[d->n++] = d->errors_given ? v[NAMED_ERROR] : NAN;
  return ELFIN_OK;
}

static elfin_status take_points(const named_columns *text, double from_eV, double to_eV,
                                optical_data *d, elfin_error *err)
{
  const char *name = text->unit[NAMED_OMEGA];
  double unit = *name ? import_energy_unit(name) : 1, largest = 0;
  if (!(unit > 0))
    return elfin_fail(err, ELFIN_E_DATA, "%s: %s is no unit of energy: eV, meV, keV, Hartree, Ry", d->path,
                      name);
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; i < text->n && !status; i++)
    status = take_point(text, i, unit, from_eV, to_eV, d, err);
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

elfin_status optical_data_read(const char *path, const char *columns, double from_eV, double to_eV,
                               optical_data **data, elfin_error *err)
{
  named_columns *text = NULL;
  optical_data *made = NULL;
  elfin_status status = named_columns_read(path, columns, NULL, true, &text, err);
  if (!status && !(made = data_new(path, text)))
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", path);
  if (!status)
    status = take_points(text, from_eV, to_eV, made, err);
  if (!status) {
    *data = made;
    made = NULL;
  }
  optical_data_free(made);
  named_columns_free(text);
  return status;
}

void optical_data_free(optical_data *d)
{
  if (!d)
    return;
  free(d->remark);
  free(d->omega);
  free(d->elf);
  free(d->error);
  free(d);
}
