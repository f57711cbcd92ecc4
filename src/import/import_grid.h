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

/** What tells of units: moments of the ELF. */
typedef struct import_evidence {
  double plasma_eV; /* √(2/π ∫ω ELF dω), the largest of all momenta */
  double ridge; /* ⟨ω⟩/(k²/2m_e) where an electron's recoil is half the highest ω; NAN: nowhere */
  double k_ridge_eV;  /* there */
  bool optical;       /* a single momentum, 0: there is no ridge to be seen */
  double kk;          /* (2/π) ∫ELF/ω dω at the lowest momentum … */
  double kk_expected; /* … and 1 − Re 1/ε at the lowest ω there */
} import_evidence;

/** The evidence if energies were to be multiplied by f_omega and momenta by f_k. */
import_evidence import_weigh(const store_table *t, double f_omega, double f_k);

/** Say the evidence and what is odd about it.
 * @param[in]  plasma_eV  what the material has; NAN: unknown
 * @return the suspicion with its likely cause, "" if there is none; static or in `room` */
const char *import_suspect(const store_table *t, double plasma_eV, FILE *said, char room[512]);

#endif
