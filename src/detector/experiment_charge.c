/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file experiment_charge.c
 * An experiment's charge_model: how an energy becomes electrons [data/experiments/README.md]. */
#include "detector/detector.h"

#include "numerics/columns.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* ---- charges ----------------------------------------------------------------------------------
 */

/* Rows ω, P(1), P(2) …: as many columns as the first one. */
static void check_table(detector_owner *made, const node *where)
{
  elfin_experiment *e = &made->experiment;
  size_t width = e->n_charges + 1;
  if (e->n_rows < 2 || e->n_charges < 1) {
    problems_add_at(made->list, where, "a table of charges needs two rows [energy, P(1), P(2), …]");
    return;
  }
  for (size_t i = 0; i < e->n_rows; i++) {
    double sum = 0;
    for (size_t q = 1; q < width; q++) {
      double p = e->table[i * width + q];
      sum += p;
      if (!(p >= 0 && p <= 1)) {
        problems_add_at(made->list, where, "row %zu: a probability of %g for %zu electrons", i + 1,
                        p, q);
        return;
      }
    }
    if (sum > 1 + 1e-6) {
      problems_add_at(made->list, where, "row %zu: probabilities add up to %g", i + 1, sum);
      return;
    }
    if (i && e->table[i * width] <= e->table[(i - 1) * width]) {
      problems_add_at(made->list, where, "row %zu: energies must ascend", i + 1);
      return;
    }
  }
}

static void take_rows(const node *rows, detector_owner *made)
{
  static const detector_range any = {"", -HUGE_VAL, HUGE_VAL, false, false};
  elfin_experiment *e = &made->experiment;
  if (!expect_kind(rows, "rows", NODE_LIST, made->list) || rows->n == 0)
    return;
  size_t width = rows->items[0].n;
  double *table = keep_bytes(&made->kept, rows->n * (width + 1), sizeof *table);
  for (size_t i = 0; table && i < rows->n; i++) {
    const node *row = &rows->items[i];
    if (row->kind != NODE_LIST || row->n != width || width < 2) {
      problems_add_at(made->list, row, "a row is [energy, P(1), P(2), …], all of one length");
      return;
    }
    for (size_t k = 0; k < width; k++)
      table[i * width + k] = detector_number(&row->items[k], "rows", &any, made->list);
  }
  e->table = table;
  e->n_rows = table ? rows->n : 0;
  e->n_charges = width ? width - 1 : 0;
}

/* A text table beside the experiment file. */
static void take_table_file(const node *file, detector_owner *made)
{
  elfin_experiment *e = &made->experiment;
  elfin_error err = {""};
  columns *table = NULL;
  if (!expect_kind(file, "file", NODE_SCALAR, made->list))
    return;
  const char *slash = *file->text == '/' ? NULL : strrchr(made->path, '/');
  size_t folder = slash ? (size_t)(slash - made->path) + 1 : 0;
  char *path = keep_bytes(&made->kept, folder + strlen(file->text) + 1, 1);
  if (!path)
    return;
  memcpy(path, made->path, folder);
  strcpy(path + folder, file->text);
  if (columns_read(path, 0, COLUMNS_HEADER, &table, &err)) {
    problems_add_at(made->list, file, "%s", err.text);
    return;
  }
  size_t n = table->n_rows * table->n_columns;
  double *kept = keep_bytes(&made->kept, n, sizeof *kept);
  if (kept)
    memcpy(kept, table->value, n * sizeof *kept);
  e->table = kept;
  e->table_path = path;
  e->n_rows = kept ? table->n_rows : 0;
  e->n_charges = table->n_columns - 1;
  columns_free(table);
}

/* What the last row still gives to the experiment's bins, energies above it would give, too, and
 * that is not known. */
static void check_end(const node *block, detector_owner *made)
{
  static const double NEGLIGIBLE = 1e-3;
  const elfin_experiment *e = &made->experiment;
  const node *above = node_find(block, "above");
  const double *last = e->table + (e->n_rows - 1) * (e->n_charges + 1);
  double left = 0;
  if (above && !(above->kind == NODE_SCALAR && strcmp(above->text, "nothing") == 0))
    problems_add_at(made->list, above, "above: only \"nothing\" is known: energies above the last row "
                                       "count nothing");
  for (size_t b = 0; e->charge && !e->n_found && b < e->n_bins; b++)
    left += e->charge[b] <= (double)e->n_charges ? last[(size_t)e->charge[b]] : 0;
  for (size_t i = 0; i < e->n_found; i++) {
    double charge = e->found[i * (e->n_bins + 1)];
    left += charge <= (double)e->n_charges ? last[(size_t)charge] : 0;
  }
  if (!above && left > NEGLIGIBLE)
    problems_add_at(made->list, block,
                    "the table ends at %g eV, where %.3g of all deposits still make charges that are "
                    "counted; add rows, or say `above: nothing`: then what lies above is lost, and "
                    "limits are weaker",
                    last[0], left);
}

/* [Q, share in each bin]: no more than all of Q is found. */
static bool take_found_row(const node *row, size_t i, double *found, detector_owner *made)
{
  static const detector_range whole = {"", 1, 1000, false, true}, share = {"", 0, 1, false, false};
  size_t width = made->experiment.n_bins + 1;
  double sum = 0;
  if (row->kind != NODE_LIST || row->n != width) {
    problems_add_at(made->list, row, "found: a row is [Q, share in each bin], and there are %zu bins",
                    width - 1);
    return false;
  }
  found[0] = detector_number(&row->items[0], "found", &whole, made->list);
  for (size_t k = 1; k < width; k++)
    sum += found[k] = detector_number(&row->items[k], "found", &share, made->list);
  if (sum > 1 + 1e-6)
    problems_add_at(made->list, row, "found: shares of %g electrons add up to %g", found[0], sum);
  if (i && !(found[0] > found[-(ptrdiff_t)width]))
    problems_add_at(made->list, row, "found: charges must ascend");
  return true;
}

void detector_take_found(const node *root, detector_owner *made)
{
  static const char *const keys[] = {"rows", "source", "assumed"};
  elfin_experiment *e = &made->experiment;
  const node *block = detector_block(root, "found", sizeof keys / sizeof *keys, keys, made);
  const node *rows = block ? demand(block, "found", "rows", made->list) : NULL;
  if (block && !e->charge)
    problems_add_at(made->list, block, "found has no effect on bins of energy");
  if (!rows || !e->charge || !expect_kind(rows, "rows", NODE_LIST, made->list))
    return;
  double *found = keep_bytes(&made->kept, rows->n * (e->n_bins + 1), sizeof *found);
  for (size_t i = 0; found && i < rows->n; i++)
    if (!take_found_row(&rows->items[i], i, found + i * (e->n_bins + 1), made))
      return;
  e->found = found;
  e->n_found = found ? rows->n : 0;
}

void detector_take_model(const node *root, detector_owner *made)
{
  static const char *const keys[] = {"model", "gap",  "pair_energy", "fano",   "above",
                                     "rows",  "file", "source",      "assumed"};
  static const char *const models[] = {"step", "fano", "table"};
  static const detector_range energy = {"eV", 0, 1000, true, false}, factor = {"", 0, 10, true, false};
  elfin_experiment *e = &made->experiment;
  e->gap_eV = e->pair_energy_eV = e->fano = NAN;
  const node *block = detector_block(root, "charge_model", sizeof keys / sizeof *keys, keys, made);
  if (!block) {
    if (e->charge && !node_find(root, "charge_model"))
      problems_add_at(made->list, root, "an experiment with charges: charge_model is missing");
    return;
  }
  if (e->edge_eV)
    problems_add_at(made->list, block, "charge_model has no effect on bins of energy");
  const node *model = demand(block, "charge_model", "model", made->list);
  if (!model || !expect_kind(model, "model", NODE_SCALAR, made->list))
    return;
  size_t i = 0;
  while (i < 3 && strcmp(model->text, models[i]) != 0)
    i++;
  if (i == 3) {
    problems_add_at(made->list, model, "model: %.40s is unknown; allowed are step, fano and table",
                    model->text);
    return;
  }
  e->charge_model = (elfin_charge_model)i;
  e->gap_eV = detector_optional(block, "gap", &energy, made->list);
  e->pair_energy_eV = detector_optional(block, "pair_energy", &energy, made->list);
  e->fano = detector_optional(block, "fano", &factor, made->list);
  bool has_fano = node_find(block, "fano") != NULL;
  if (e->charge_model == ELFIN_CHARGE_FANO && !has_fano)
    problems_add_at(made->list, block, "charge_model: fano, Fano's factor, is missing; an example: fano: 0.119");
  if (e->charge_model != ELFIN_CHARGE_FANO && has_fano)
    problems_add_at(made->list, block, "charge_model: fano, Fano's factor, belongs to model fano");
  const node *rows = node_find(block, "rows"), *file = node_find(block, "file");
  if ((e->charge_model == ELFIN_CHARGE_TABLE) != (!rows != !file) || (rows && file)) {
    problems_add_at(made->list, block, "charge_model: rows or a file belong to model table");
    return;
  }
  if (node_find(block, "above") && e->charge_model != ELFIN_CHARGE_TABLE)
    problems_add_at(made->list, node_find(block, "above"), "above belongs to model table");
  if (rows)
    take_rows(rows, made);
  else if (file)
    take_table_file(file, made);
  if (e->charge_model == ELFIN_CHARGE_TABLE && problems_count(made->list) == 0)
    check_table(made, block);
  if (e->charge_model == ELFIN_CHARGE_TABLE && problems_count(made->list) == 0)
    check_end(block, made);
}
