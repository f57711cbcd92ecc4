/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file elf_table.h
 * ε(ω,k) on a grid, bilinear in ε1 and in ε2 [docs/responses.md].
 */
#ifndef ELF_TABLE_H
#define ELF_TABLE_H

#include <elfin/base.h>

#include "numerics/grid.h"

typedef struct elf_table {
  size_t n_omega, n_k;
  double *omega, *k;   /* [n_omega], [n_k] ascending, eV */
  double *eps1, *eps2; /* [i_k * n_omega + i_omega], holes filled */
  size_t n_holes;      /* grid points that had a NaN in ε1 or ε2 */
  char *header;        /* first line of the file's header (its citation), "" without one */
  grid omega_grid, k_grid;
  double *inverse_omega, *inverse_k; /* [n_omega − 1], [n_k − 1] one over the widths of the cells */
} elf_table;

/** Read a table in DarkELF's text format: lines of text, then columns ω, k [eV], ε1, ε2 with ω
 * running fastest and both ascending; `#` begins a comment, nan in ε1 or ε2 is a hole.
 *
 * @param[in] hole_takes_next  1: a hole takes the next valid value in file order (the last holes
 *                             take the last valid value). 0: the ELF is 0 there: ε2 = 0, and ε1 as
 *                             given, or if that is the hole the next valid one
 * @return ELFIN_OK; ELFIN_E_DATA: file:line and what is wrong: a missing or doubled grid point, an
 *         order that is not ascending, a wrong column count; ELFIN_E_MEMORY
 */
elfin_status elf_table_read(const char *path, int hole_takes_next, elf_table **table,
                            elfin_error *err);

/** The same from arrays, which are copied; `name` is for messages. Energies and momenta finite,
 * not negative, ascending, at least two each; ε finite or NaN (a hole). */
elfin_status elf_table_new(const char *name, size_t n_omega, const double omega[], size_t n_k,
                           const double k[], const double eps1[], const double eps2[],
                           int hole_takes_next, elf_table **table, elfin_error *err);

void elf_table_free(elf_table *table); /* NULL is fine */

/** ε at n points. Below the lowest k: the lowest row. Outside otherwise: 1. NaN in, NaN out. */
void elf_table_epsilon(const elf_table *table, size_t n, const double omega[], const double k[],
                       double eps1[], double eps2[]);

#endif
