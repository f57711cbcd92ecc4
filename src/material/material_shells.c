/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_shells.c
 * Shells of the isolated atom and their ionisation by a kick [docs/migdal.md, atomic; M. Ibe,
 * W. Nakano, Y. Shoji and K. Suzuki, arXiv:1707.07258].
 *
 * p_nl(E) falls by ten orders of magnitude over four of E: the compact form is a monotone cubic of
 * ln p in ln E through few points; a table is linear in p and E. Below the first energy the first
 * value, beyond the last one 0.
 */
#include "material/material_read.h"

#include "numerics/curve.h"

#include <math.h>
#include <string.h>

typedef struct shell_shape {
  size_t n;
  double *log_energy, *log_probability, *slope; /* [n] */
} shell_shape;

/* ---- asking ----------------------------------------------------------------------------------- */

static double probability_at(const elfin_shell *shell, double energy)
{
  const shell_shape *shape = shell->shape;
  size_t n = shell->n_energies;
  if (energy > shell->energy_eV[n - 1])
    return 0;
  if (!shape)
    return curve_linear(n, shell->energy_eV, shell->probability, energy);
  if (energy <= shell->energy_eV[0])
    return shell->probability[0];
  return exp(curve_cubic(n, shape->log_energy, shape->log_probability, shape->slope, log(energy)));
}

void elfin_shell_at(const elfin_shell *shell, size_t n, const double energy_eV[],
                    double probability[])
{
  for (size_t i = 0; i < n; i++)
    probability[i] = probability_at(shell, energy_eV[i]);
}

/* ---- reading ---------------------------------------------------------------------------------- */

static const void *cubic_of(material_owner *made, const points *taken)
{
  shell_shape *shape = material_keep(made, 1, sizeof *shape);
  double *room = material_keep(made, 3 * taken->n, sizeof *room);
  if (!shape || !room)
    return NULL;
  *shape = (shell_shape){taken->n, room, room + taken->n, room + 2 * taken->n};
  for (size_t i = 0; i < taken->n; i++) {
    shape->log_energy[i] = log(taken->column[0][i]);
    shape->log_probability[i] = log(taken->column[1][i]);
  }
  curve_slopes(taken->n, shape->log_energy, shape->log_probability, shape->slope);
  return shape;
}

static int take_quantum_number(const node *block, const char *key, int most, problems *list)
{
  double number = demand_number(block, "a shell", key, 0, most, list);
  if (isnan(number))
    return 0;
  if (number != floor(number))
    problems_add_at(list, node_find(block, key), "%s must be a whole number", key);
  return (int)number;
}

static void take_shell(const node *block, material_owner *made, const char *source,
                       elfin_shell *shell)
{
  static const char *const keys[] = {"n", "l", "binding_eV", "cut_p_over_pmax", "valid_below_E_eV",
                                     "energy_eV", "p", "fit_error", "note", "model", POINTS_KEYS};
  static const char *const names[] = {"energy_eV", "p"};
  enum { HIGHEST_N = 10 };
  static const double HIGHEST_BINDING = 2e5; /* [eV] beyond uranium's 1s */
  problems *list = made->list;
  points taken;
  if (!expect_kind(block, "a shell", NODE_MAP, list))
    return;
  material_keys(block, "a shell", sizeof keys / sizeof *keys, keys, list);
  shell->source = source;
  shell->n = take_quantum_number(block, "n", HIGHEST_N, list);
  shell->l = take_quantum_number(block, "l", HIGHEST_N, list);
  if (shell->n && shell->l >= shell->n)
    problems_add_at(list, block, "n = %d has no l = %d: l is below n", shell->n, shell->l);
  shell->binding_eV = demand_number(block, "a shell", "binding_eV", 0, HIGHEST_BINDING, list);
  const node *model = node_find(block, "model");
  bool linear = model && model->kind == NODE_SCALAR && strcmp(model->text, "linear") == 0;
  if (model && !linear)
    problems_add_at(list, model, "model must be linear; without it ln p is a cubic in ln E");
  if (!take_points(made, block, "a shell", 2, names, &taken) || !points_ascend(&taken, 2) ||
      !points_within(&taken, 0, 0, true, HUGE_VAL) ||
      !points_within(&taken, 1, 0, !linear, HUGE_VAL))
    return;
  shell->n_energies = taken.n;
  shell->energy_eV = taken.column[0];
  shell->probability = taken.column[1];
  shell->shape = linear ? NULL : cubic_of(made, &taken);
}

void take_shells(const node *root, material_owner *made)
{
  static const char *const keys[] = {"source", "formula", "note", "shells"};
  const node *block = node_find(root, "atomic_ionisation");
  const char *where = "atomic_ionisation", *source;
  if (!block || !take_block(block, where, sizeof keys / sizeof *keys, keys, &source, made->list))
    return;
  const node *shells = demand(block, where, "shells", made->list);
  size_t n = list_length(shells, "shells", made->list);
  elfin_shell *kept = n ? material_keep(made, n, sizeof *kept) : NULL;
  if (!kept)
    return;
  for (size_t i = 0; i < n; i++) {
    take_shell(&shells->items[i], made, source, &kept[i]);
    for (size_t k = 0; k < i; k++)
      if (kept[k].n == kept[i].n && kept[k].l == kept[i].l)
        problems_add_at(made->list, &shells->items[i], "a second shell n = %d, l = %d", kept[i].n,
                        kept[i].l);
  }
  made->material.shells = kept;
  made->material.n_shells = n;
}
