/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file elf_smooth.h
 * ε(ω,k) between the nodes of a table, once continuously differentiable, with an Im ε that is
 * nowhere negative.
 */
#ifndef ELF_SMOOTH_H
#define ELF_SMOOTH_H

#include "elf/elf_table.h"

typedef struct elf_smooth elf_smooth;

/** @param[in] name   for messages
 * @param[in] table  borrowed, must outlive what is made; an ε2 below 0 counts as 0
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status elf_smooth_new(const char *name, const elf_table *table, elf_smooth **made,
                            elfin_error *err);
void elf_smooth_free(elf_smooth *smooth); /* NULL is fine */

/** ε at n points: the table's own numbers, bit for bit, at its nodes. Momenta outside of the grid
 * take the value at its end; energies outside: 1. NaN in, NaN out. */
void elf_smooth_epsilon(const elf_smooth *smooth, size_t n, const double omega[], const double k[],
                        double eps1[], double eps2[]);

#endif
