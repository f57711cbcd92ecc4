/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file named_columns.h
 * Columns of numbers in a text, each with a name that tells what it is: of grids of ε(ω,k), and of optical
 * data. */
#ifndef NAMED_COLUMNS_H
#define NAMED_COLUMNS_H

#include <elfin/base.h>

#include <stdbool.h>

/** What a column can be. */
typedef enum named_quantity {
  NAMED_OMEGA,
  NAMED_K,
  NAMED_EPS1,
  NAMED_EPS2,
  NAMED_ELF,
  NAMED_ERROR, /* of the ELF, one standard deviation */
  NAMED_INDEX,
  NAMED_EXTINCTION,
  N_NAMED
} named_quantity;

enum { NAMED_MOST_COLUMNS = 16, NAMED_LONGEST_UNIT = 31 };

typedef struct named_point {
  double value[N_NAMED]; /* in the text's units; 0 for a column that is not there */
  size_t line;
} named_point;

typedef struct named_columns {
  char *remark; /* the first comment; "" without one */
  size_t n_columns;
  named_quantity column[NAMED_MOST_COLUMNS];
  bool has[N_NAMED];
  char unit[N_NAMED][NAMED_LONGEST_UNIT + 1]; /* as the text says; "" if it does not */
  size_t n;
  named_point *points; /* [n] in the text's order */
} named_columns;

/** Read a text whose columns are separated by commas, semicolons or blanks; `#` begins a comment, and a head
 * names the columns, with units if it likes: "omega_eV,k [keV],eps1,eps2".
 *
 * @param[in]  columns  "omega,k,eps1,eps2": in place of the head; NULL: the head
 * @param[in]  units    "eV,keV", of omega and k, in place of the head's; NULL: the head's
 * @param[in]  optical  what is wanted has no momentum: omega with eps1,eps2, with n,kappa (or k), with elf, or
 *                      with elf,error; two columns without a head are omega,elf. Else it is a grid: omega,k with
 *                      eps1,eps2 or elf, or omega alone with eps1,eps2 or n,kappa
 * @param[out] table    yours, free with named_columns_free(); untouched on failure; at least one point
 * @return ELFIN_OK; ELFIN_E_DATA with the line; ELFIN_E_MEMORY */
elfin_status named_columns_read(const char *path, const char *columns, const char *units, bool optical,
                                named_columns **table, elfin_error *err);

void named_columns_free(named_columns *table); /* NULL is fine */

#endif
