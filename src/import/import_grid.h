/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_grid.h
 * Inside the room: a grid of ε(ω,k) on its way into a table. */
#ifndef IMPORT_GRID_H
#define IMPORT_GRID_H

#include "import/import.h"
#include "import/import_units.h"
#include "store/store.h"


/** Columns of a text: omega, k, eps1, eps2 or elf; without k (optical data, a table of the one momentum 0)
 * also n, kappa.
 * @param[in] columns, units  what they are, in place of the text's head; NULL: the head. Without
 *                            units, eV
 * @return as import_table() */
elfin_status import_read_csv(const char *path, const char *columns, const char *units,
                             store_table **table, problems *list, elfin_error *err);

/** The ELF at a node. */
double import_elf(const store_table *t, size_t i_k, size_t i_omega);

/** Numbers that are none, axes that do not ascend, negative losses: each a problem with its place.
 * @return how many */
size_t import_check_grid(const store_table *t, problems *list);

/** Say the evidence and what is odd about it.
 * @param[in]  plasma_eV  what the material has; NAN: unknown
 * @return the suspicion with its likely cause, "" if there is none; static or in `room` */
const char *import_suspect(const store_table *t, double plasma_eV, FILE *said, char room[512]);

#endif
