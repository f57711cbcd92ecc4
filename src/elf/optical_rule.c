/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file optical_rule.c
 * The ELF of an ε(ω) as weights [optical_rule.h].
 *
 * Cells are short in ln ω; a cell's five weights are ∫ ELF times the polynomials that are 1 at one of its nodes and 0
 * at the others: adaptive quadrature between the knots of data, the peaks, and half-way between those.
 *
 * Delicate: the ELF has peaks as narrow as γ_LO/2, a few 1e-4 eV. Around each, asinh of the distance in half-widths is
 * the variable: in it, Lorentz' curve is 1/cosh.
 */
#include "elf/optical_rule.h"

#include "elf/elf.h"
#include "numerics/numerics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Pieces that are shorter than this in u need no such variable: sinh is a line there. */
static const double SHORT = 0.5;
/* A part for the quadrature is not longer than this in u. */
static const double LONGEST = 1;
/* Length of a cell in ln ω, at most. */
static const double CELL = 0.04;
/* Of the integrals that are the weights, relative to the largest of a piece. */
static const double ACCURACY = 1e-10;
enum { MOST_POINTS = 20000, MOST_RULES = 4096 };

/* ---- pieces ---------------------------------------------------------------------------------- */

/** The peak nearest to an energy; NULL if there is none. */
static const optical_peak *nearest_peak(const optical *o, double omega)
{
  const optical_peak *found = NULL;
  for (size_t i = 0; i < o->n_peaks; i++)
    if (!found || fabs(o->peaks[i].omega - omega) < fabs(found->omega - omega))
      found = &o->peaks[i];
  return found;
}

optical_stretch optical_stretch_between(const optical *o, double low, double high)
{
  optical_stretch s = {low, high, 0, 0, low, high};
  const optical_peak *peak = nearest_peak(o, 0.5 * (low + high));
  if (!peak || !(peak->half_width > 0))
    return s;
  double u_low = asinh((low - peak->omega) / peak->half_width);
  double u_high = asinh((high - peak->omega) / peak->half_width);
  if (u_high - u_low < SHORT)
    return s;
  return (optical_stretch){low, high, peak->omega, peak->half_width, u_low, u_high};
}

void optical_stretch_at(const optical_stretch *s, size_t n, const double x[], double omega[],
                        double jacobian[])
{
  double span = s->u_high - s->u_low;
  for (size_t i = 0; i < n; i++) {
    double u = s->u_low + span * x[i];
    omega[i] = s->width > 0 ? s->centre + s->width * sinh(u) : u;
    omega[i] = fmin(fmax(omega[i], s->low), s->high); /* rounding */
    jacobian[i] = span * (s->width > 0 ? hypot(omega[i] - s->centre, s->width) : 1);
  }
}

size_t optical_knots_up_to(const optical *o, double omega)
{
  size_t low = 0, high = o->n;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (o->omega[middle] <= omega)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* ---- weights --------------------------------------------------------------------------------- */

typedef struct cell {
  const optical *o;
  double low, high;
  optical_stretch piece;
} cell;

/** ELF times the cell's five polynomials, at m places of its piece. */
static void weighted(void *context, size_t m, const double x[], double f[])
{
  const cell *c = context;
  for (size_t i = 0; i < m; i++) {
    double omega, jacobian, eps1, eps2;
    optical_stretch_at(&c->piece, 1, &x[i], &omega, &jacobian);
    optical_epsilon(c->o, 1, &omega, &eps1, &eps2);
    double elf = jacobian * fmax(eps2, 0) / (eps1 * eps1 + eps2 * eps2);
    double u = RULE_CELL * (omega - c->low) / (c->high - c->low), *to = &f[i * (RULE_CELL + 1)];
    to[0] = elf * (u - 1) * (u - 2) * (u - 3) * (u - 4) / 24;
    to[1] = -elf * u * (u - 2) * (u - 3) * (u - 4) / 6;
    to[2] = elf * u * (u - 1) * (u - 3) * (u - 4) / 4;
    to[3] = -elf * u * (u - 1) * (u - 2) * (u - 4) / 6;
    to[4] = elf * u * (u - 1) * (u - 2) * (u - 3) / 24;
  }
}

/** The next energy above `from` at which the ELF is not smooth. */
static double next_cut(const optical *o, double from, double high)
{
  size_t i = optical_knots_up_to(o, from);
  double cut = i < o->n ? fmin(o->omega[i], high) : high;
  for (size_t j = 0; j < o->n_peaks; j++) {
    double at = o->peaks[j].omega, half = j ? 0.5 * (o->peaks[j - 1].omega + at) : at;
    cut = at > from ? fmin(cut, at) : cut;
    cut = half > from ? fmin(cut, half) : cut;
  }
  return cut;
}

/** A piece of a cell, in parts that hide no peak from the quadrature. */
static elfin_status add_piece(const cell *c, optical_rule *r, size_t i_cell, elfin_error *err)
{
  double value[RULE_CELL + 1], error[RULE_CELL + 1], *weight = &r->weight[RULE_CELL * i_cell];
  int n = c->piece.width > 0 ? 1 + (int)((c->piece.u_high - c->piece.u_low) / LONGEST) : 1;
  elfin_status status = ELFIN_OK;
  for (int part = 0; !status && part < n; part++) {
    double largest = 0;
    status = integrate_rows(RULE_CELL + 1, weighted, (void *)(size_t)c, (double)part / n,
                            (part + 1.0) / n, ACCURACY, MOST_POINTS, value, error, err);
    for (int i = 0; !status && i <= RULE_CELL; i++) {
      weight[i] += value[i];
      largest = fmax(largest, error[i]);
    }
    r->last[i_cell] += status ? 0 : value[RULE_CELL];
    r->error += largest;
  }
  return status;
}

static elfin_status fill_cell(const optical *o, optical_rule *r, size_t i_cell, elfin_error *err)
{
  const double *omega = &r->omega[RULE_CELL * i_cell];
  cell c = {.o = o, .low = omega[0], .high = omega[RULE_CELL]};
  elfin_status status = ELFIN_OK;
  for (double low = c.low, high; !status && low < c.high; low = high) {
    high = next_cut(o, low, c.high);
    c.piece = optical_stretch_between(o, low, high);
    status = add_piece(&c, r, i_cell, err);
  }
  return status;
}

static void free_rule(optical_rule *r)
{
  free(r->omega);
  free(r->weight);
  free(r->last);
  free(r);
}

static elfin_status make(const optical *o, double low, double high, optical_rule **made,
                         elfin_error *err)
{
  size_t n_cells = 1 + (size_t)(log(high / low) / CELL), n = RULE_CELL * n_cells + 1;
  optical_rule *r = calloc(1, sizeof *r);
  if (!r)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  *r = (optical_rule){low, high, n, malloc(n * sizeof *r->omega), calloc(n, sizeof *r->weight),
                      calloc(n_cells, sizeof *r->last), 0, false};
  elfin_status status = ELFIN_OK;
  if (!r->omega || !r->weight || !r->last)
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  for (size_t c = 0; !status && c < n_cells; c++) {
    double begin = low * pow(high / low, (double)c / (double)n_cells);
    double end = low * pow(high / low, (double)(c + 1) / (double)n_cells);
    for (int i = 0; i < RULE_CELL; i++)
      r->omega[RULE_CELL * c + (size_t)i] = begin + 0.25 * i * (end - begin);
  }
  if (!status)
    r->omega[n - 1] = high;
  for (size_t c = 0; !status && c < n_cells; c++)
    status = fill_cell(o, r, c, err);
  if (status)
    free_rule(r);
  else
    *made = r;
  return status;
}

/* ---- those that are kept --------------------------------------------------------------------- */

struct optical_rules {
  size_t n;
  optical_rule *rule[MOST_RULES]; /* ascending in (low, high) */
};

void optical_rules_free(struct optical_rules *rules)
{
  for (size_t i = 0; rules && i < rules->n; i++)
    free_rule(rules->rule[i]);
  free(rules);
}

/** How many come before. */
static size_t place_of(const struct optical_rules *rules, double low, double high)
{
  size_t first = 0, end = rules->n;
  while (first < end) {
    size_t middle = (first + end) / 2;
    const optical_rule *r = rules->rule[middle];
    if (r->low < low || (r->low == low && r->high < high))
      first = middle + 1;
    else
      end = middle;
  }
  return first;
}

/** Without memory for the list they are the caller's, as beyond it. */
static void keep(struct optical_rules **rules, optical_rule *made)
{
  if (!*rules)
    *rules = calloc(1, sizeof **rules);
  struct optical_rules *list = *rules;
  made->kept = list && list->n < MOST_RULES;
  if (!made->kept)
    return;
  size_t at = place_of(list, made->low, made->high);
  memmove(&list->rule[at + 1], &list->rule[at], (list->n - at) * sizeof *list->rule);
  list->rule[at] = made;
  list->n++;
}

elfin_status optical_rule_of(const elfin_response *response, double low, double high,
                             optical_rule **rule, elfin_error *err)
{
  const struct optical_rules *list = response->kept->rules;
  size_t at = list ? place_of(list, low, high) : 0;
  if (list && at < list->n && list->rule[at]->low == low && list->rule[at]->high == high) {
    *rule = list->rule[at];
    return ELFIN_OK;
  }
  elfin_status status = make(response->optical, low, high, rule, err);
  if (!status)
    keep(&response->kept->rules, *rule);
  return status;
}

void optical_rule_release(optical_rule *rule)
{
  if (rule && !rule->kept)
    free_rule(rule);
}

bool optical_rules_full(const elfin_response *response)
{
  return response->kept->rules && response->kept->rules->n == MOST_RULES;
}
