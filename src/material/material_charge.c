/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_charge.c
 * Z(k): the charge that an ion or an atom shows to a momentum k [docs/migdal.md, docs/multiphonon.md].
 *
 * An atom of nuclear charge Z whose electrons have the form factor f(k) shows Z − f(k). With
 * q = k/(α m_e) in atomic units, compact forms of f are, from X-ray tables,
 *   gaussians:            c + Σ a exp(−b q²)
 *   squared_lorentzians:  Σ a/(1 + b q²)²
 * and where neither fits, points for a monotone cubic in asinh(q/0.3). A table is linear in k.
 * Beyond the data's ends the end values hold.
 */
#include "material/material_read.h"

#include "numerics/curve.h"

#include <elfin/constants.h>

#include <math.h>
#include <string.h>

static const double KNOT_SCALE = 0.3; /* [a.u.] of asinh(q/0.3), as the points were fitted */

typedef enum charge_model { GAUSSIANS, SQUARED_LORENTZIANS, KNOTS, TABLE, N_MODELS } charge_model;

static const char *const model_names[N_MODELS] = {
    [GAUSSIANS] = "gaussians",
    [SQUARED_LORENTZIANS] = "squared_lorentzians",
    [KNOTS] = "knots",
    [TABLE] = "table",
};

/** What the compact forms and tables need, each its part. */
typedef struct charge_shape {
  charge_model model;
  double nuclear, constant; /* Z and c */
  size_t n;                 /* terms, or points */
  const double *a, *b;      /* [n] */
  const double *x, *y, *slope; /* [n] points: asinh(q/0.3) or k, Z, and dZ/dx */
} charge_shape;

/* ---- asking ----------------------------------------------------------------------------------- */

static double electrons_at(const charge_shape *shape, double q)
{
  double sum = shape->constant;
  for (size_t i = 0; i < shape->n; i++) {
    double b = shape->b[i] * q * q;
    sum += shape->model == GAUSSIANS ? shape->a[i] * exp(-b) : shape->a[i] / ((1 + b) * (1 + b));
  }
  return sum;
}

static double charge_at(const charge_shape *shape, double k)
{
  double q = k / ELFIN_MOMENTUM_AU_EV;
  switch (shape->model) {
  case GAUSSIANS:
  case SQUARED_LORENTZIANS: return shape->nuclear - electrons_at(shape, q);
  case KNOTS: return curve_cubic(shape->n, shape->x, shape->y, shape->slope, asinh(q / KNOT_SCALE));
  case TABLE: return curve_linear(shape->n, shape->x, shape->y, k);
  case N_MODELS: break;
  }
  return NAN;
}

void elfin_form_factor_at(const elfin_form_factor *form, size_t n, const double k_eV[],
                          double charge[])
{
  for (size_t i = 0; i < n; i++)
    charge[i] = charge_at(form->shape, k_eV[i] > form->k_max_eV ? form->k_max_eV : k_eV[i]);
}

size_t elfin_form_factor_kinks(const elfin_form_factor *form, size_t most, double k_eV[])
{
  const charge_shape *shape = form->shape;
  size_t n = shape->model == TABLE ? shape->n : 0;
  for (size_t i = 0; i < n && i < most; i++)
    k_eV[i] = shape->x[i];
  if (n && !(shape->x[n - 1] < form->k_max_eV))
    return n;
  if (n < most)
    k_eV[n] = form->k_max_eV;
  return n + 1;
}

/* ---- reading ---------------------------------------------------------------------------------- */

static const char effective_charge[] = "effective_charge";

static bool take_terms(const node *block, material_owner *made, charge_shape *shape)
{
  static const char *const names[] = {"a", "b"};
  problems *list = made->list;
  points taken;
  shape->nuclear = demand_number(block, effective_charge, "atomic_number", 1, 120, list);
  shape->constant = shape->model == GAUSSIANS ? demand_number(block, effective_charge, "c",
                                                              -HUGE_VAL, HUGE_VAL, list)
                                              : 0;
  if (!take_points(made, block, effective_charge, 2, names, &taken) ||
      !points_within(&taken, 1, 0, false, HUGE_VAL))
    return false;
  shape->n = taken.n;
  shape->a = taken.column[0];
  shape->b = taken.column[1];
  return true;
}

static bool take_curve(const node *block, material_owner *made, charge_shape *shape, double *k_max)
{
  static const char *const names[] = {"k_eV", "Z"};
  points taken;
  if (!take_points(made, block, effective_charge, 2, names, &taken) || !points_ascend(&taken, 2) ||
      !points_within(&taken, 0, 0, false, HUGE_VAL))
    return false;
  shape->n = taken.n;
  shape->x = taken.column[0];
  shape->y = taken.column[1];
  *k_max = taken.column[0][taken.n - 1];
  if (shape->model == TABLE)
    return true;
  double *x = taken.column[0], *slope = material_keep(made, taken.n, sizeof *slope);
  if (!slope)
    return false;
  for (size_t i = 0; i < taken.n; i++)
    x[i] = asinh(x[i] / ELFIN_MOMENTUM_AU_EV / KNOT_SCALE);
  curve_slopes(taken.n, x, shape->y, slope);
  shape->slope = slope;
  return true;
}

/* "ion (Z(0)=4)" or "atomic (neutral, Z(0)=0)" */
static bool take_kind(const node *block, int *of_atom, problems *list)
{
  const char *kind = demand_text(block, effective_charge, "kind", list);
  if (!kind)
    return false;
  *of_atom = strncmp(kind, "atomic", strlen("atomic")) == 0;
  if (*of_atom || strncmp(kind, "ion", strlen("ion")) == 0)
    return true;
  problems_add_at(list, node_find(block, "kind"), "kind must begin with ion or atomic, not %.40s",
                  kind);
  return false;
}

static bool take_model(const node *block, charge_model *model, problems *list)
{
  const char *name = demand_text(block, effective_charge, "model", list);
  for (*model = GAUSSIANS; name && *model < N_MODELS; (*model)++)
    if (strcmp(name, model_names[*model]) == 0)
      return true;
  const char *near = name ? nearest_name(name, N_MODELS, model_names) : NULL;
  if (name)
    problems_add_at(list, node_find(block, "model"),
                    "model: %.40s is unknown%s%s%s; allowed are gaussians, squared_lorentzians, "
                    "knots and table",
                    name, near ? ", did you mean " : "", near ? near : "", near ? "?" : "");
  return false;
}

static void take_charge(const node *block, material_owner *made, size_t i)
{
  static const char *const keys[] = {
      "name",  "element", "kind", "source", "atomic_number", "k_max_eV", "at_k_max", "model",
      "formula", "a", "b", "c", "k_eV", "Z", "fit_error", "note", POINTS_KEYS};
  problems *list = made->list;
  elfin_form_factor *form = &made->forms[i];
  charge_shape *shape = material_keep(made, 1, sizeof *shape);
  if (!shape || !take_block(block, effective_charge, sizeof keys / sizeof *keys, keys,
                            &form->source, list))
    return;
  form->shape = shape;
  form->name = demand_text(block, effective_charge, "name", list);
  const char *element = demand_text(block, effective_charge, "element", list);
  optional_number(block, "at_k_max", 0, 120, list);
  bool fine = take_kind(block, &form->of_atom, list) && take_model(block, &shape->model, list);
  if (fine && (shape->model == GAUSSIANS || shape->model == SQUARED_LORENTZIANS)) {
    form->k_max_eV = demand_number(block, effective_charge, "k_max_eV", 1, HUGE_VAL, list);
    fine = take_terms(block, made, shape);
  } else if (fine) {
    optional_number(block, "k_max_eV", 1, HUGE_VAL, list);
    fine = take_curve(block, made, shape, &form->k_max_eV);
  }
  for (size_t k = 0; fine && element && k < i; k++)
    if (made->form_elements[k] && made->forms[k].of_atom == form->of_atom &&
        strcmp(made->form_elements[k], element) == 0)
      problems_add_at(list, block, "a second %s charge of %.40s", form->of_atom ? "atomic" : "ion",
                      element);
  if (fine)
    made->form_elements[i] = element;
}

void take_charges(const node *root, material_owner *made)
{
  const node *block = node_find(root, effective_charge);
  size_t n = list_length(block, effective_charge, made->list);
  if (n == 0)
    return;
  made->forms = material_keep(made, n, sizeof *made->forms);
  made->form_elements = material_keep(made, n, sizeof *made->form_elements);
  if (!made->forms || !made->form_elements)
    return;
  made->n_forms = n;
  for (size_t i = 0; i < n; i++)
    take_charge(&block->items[i], made, i);
}
