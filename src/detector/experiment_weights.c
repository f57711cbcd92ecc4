/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file experiment_weights.c
 * Energy deposit → what the detector counts, as a linear map [experiment.h; docs/electron.md,
 * "Charge"].
 *
 * A weight is exposure × efficiency × P(bin|ω), averaged over the bin [x, y] of ω:
 *   step      how much of [x, y] lies within [E_gap + (Q−1) e0, E_gap + Q e0)
 *   table     the integral of straight lines; nothing beyond its rows
 *   energies  how much of [x, y] lies within the bin; with a resolution σ
 *             ∫ Φ((a−ω)/σ) dω = σ [G((a−x)/σ) − G((a−y)/σ)],  G(t) = t Φ(t) + φ(t),  at both edges
 *   fano      Gauss' rule
 * With `found`, P(bin|ω) = Σ_Q share(bin|Q) P(Q|ω).
 * x = y is a line: P(bin|ω) itself.
 */
#include "detector/detector.h"

#include <math.h>
#include <stdlib.h>

/* Edges for smooth P(Q|ω): so many for each e0, and for each σ. Tails end where less than 1e−9 is
 * left. */
enum { EDGES_A_PAIR = 8, EDGES_A_SIGMA = 2, TAIL_SIGMAS = 6 };

/** Gap and e0, from the file or the material. */
typedef struct pairs {
  double gap, e0;
} pairs;

static elfin_status pairs_of(const elfin_experiment *e, const elfin_material *material, pairs *p,
                             elfin_error *err)
{
  *p = (pairs){e->gap_eV, e->pair_energy_eV};
  if (!e->charge || e->charge_model == ELFIN_CHARGE_TABLE)
    return ELFIN_OK;
  if (isnan(p->gap) && material)
    p->gap = material->gap_eV.value;
  if (isnan(p->e0) && material)
    p->e0 = material->pair_energy_eV.value;
  if (!(p->gap >= 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s counts electrons, and neither its file nor the material %s gives a gap",
                      e->name, material ? material->name : "(none)");
  if (!(p->e0 > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s counts electrons, and neither its file nor the material %s gives a "
                      "pair_energy",
                      e->name, material ? material->name : "(none)");
  return ELFIN_OK;
}

/* ---- P(bin|ω), averaged over [x, y] -------------------------------------------------------------
 */

static double overlap(double x, double y, double low, double high)
{
  if (x == y)
    return x >= low && x < high;
  return fmax(0, fmin(y, high) - fmax(x, low)) / (y - x);
}

static double below(double t)
{
  return 0.5 * erfc(-t * 0.70710678118654752440);
}

/* G(t) */
static double below_integral(double t)
{
  return t * below(t) + exp(-0.5 * t * t) * 0.39894228040143267794;
}

/* Measured between low and high. */
static double of_energy(double sigma, double low, double high, double x, double y)
{
  if (sigma == 0)
    return overlap(x, y, low, high);
  if (low + high > x + y) /* mirrored: there Φ and G are small, and lose no digits */
    return of_energy(sigma, -high, -low, -y, -x);
  if (x == y)
    return fmax(0, below((high - x) / sigma) - below((low - x) / sigma));
  double sum = below_integral((high - x) / sigma) - below_integral((high - y) / sigma) -
               below_integral((low - x) / sigma) + below_integral((low - y) / sigma);
  return fmax(0, sigma * sum / (y - x));
}

/* P(Q|ω) of Fano's model */
static double fano_at(const elfin_experiment *e, const pairs *p, double charge, double omega)
{
  double most = p->gap > 0 ? floor(omega / p->gap) : HUGE_VAL;
  if (omega < p->gap || charge > most)
    return 0;
  double mean = omega / p->e0, sigma = sqrt(e->fano * mean);
  double high = charge < most ? below((charge + 0.5 - mean) / sigma) : 1;
  double low = charge > 1 ? below((charge - 0.5 - mean) / sigma) : 0;
  return fmax(0, high - low);
}

static double of_fano(const elfin_experiment *e, const pairs *p, double charge, double x, double y)
{
  static const double at[] = {0.1834346424956498, 0.5255324099163290, 0.7966664774136267,
                              0.9602898564975363};
  static const double weight[] = {0.3626837833783620, 0.3137066458778873, 0.2223810344533745,
                                  0.1012285362903763};
  double sum = 0, from = fmax(x, p->gap);
  if (x == y)
    return fano_at(e, p, charge, x);
  if (from >= y)
    return 0;
  double middle = 0.5 * (from + y), half = 0.5 * (y - from);
  for (size_t i = 0; i < 4; i++)
    sum += weight[i] * (fano_at(e, p, charge, middle - half * at[i]) +
                        fano_at(e, p, charge, middle + half * at[i]));
  return 0.5 * sum * (y - from) / (y - x);
}

static double of_table(const elfin_experiment *e, double charge, double x, double y)
{
  size_t width = e->n_charges + 1, column = (size_t)charge;
  if (charge > (double)e->n_charges)
    return 0;
  double sum = 0, step = x == y ? 1 : y - x;
  for (size_t i = 0; i + 1 < e->n_rows; i++) {
    const double *row = e->table + i * width, *next = row + width;
    double low = fmax(x, row[0]), high = fmin(y, next[0]);
    if (x == y ? x < row[0] || x >= next[0] : high <= low)
      continue;
    double share = (0.5 * (low + high) - row[0]) / (next[0] - row[0]);
    sum += (x == y ? 1 : high - low) * (row[column] + share * (next[column] - row[column]));
  }
  return sum / step;
}

/* P(Q|ω) */
static double of_charge(const elfin_experiment *e, const pairs *p, double charge, double x, double y)
{
  switch (e->charge_model) {
  case ELFIN_CHARGE_STEP:
    return overlap(x, y, p->gap + (charge - 1) * p->e0, p->gap + charge * p->e0);
  case ELFIN_CHARGE_FANO: return of_fano(e, p, charge, x, y);
  case ELFIN_CHARGE_TABLE: return of_table(e, charge, x, y);
  }
  return NAN;
}

static double average(const elfin_experiment *e, const pairs *p, size_t i_bin, double x, double y)
{
  if (e->edge_eV)
    return of_energy(e->resolution_eV, e->edge_eV[i_bin], e->edge_eV[i_bin + 1], x, y);
  if (!e->n_found)
    return of_charge(e, p, e->charge[i_bin], x, y);
  double sum = 0;
  for (size_t i = 0; i < e->n_found; i++) {
    const double *row = e->found + i * (e->n_bins + 1);
    if (row[1 + i_bin] > 0)
      sum += row[1 + i_bin] * of_charge(e, p, row[0], x, y);
  }
  return sum;
}

static elfin_status check_edges(size_t n_edges, const double edge_eV[], elfin_error *err)
{
  if (n_edges < 1)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "weights need two edges, or one energy");
  if (n_edges == 1 && !(edge_eV[0] >= 0 && isfinite(edge_eV[0])))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "weights at an energy of %g eV", edge_eV[0]);
  for (size_t i = 0; i + 1 < n_edges; i++)
    if (!(edge_eV[i] >= 0 && edge_eV[i] < edge_eV[i + 1] && isfinite(edge_eV[i + 1])))
      return elfin_fail(err, ELFIN_E_ARGUMENT,
                        "edges must ascend from 0 eV: %g eV is followed by %g eV", edge_eV[i],
                        edge_eV[i + 1]);
  return ELFIN_OK;
}

elfin_status elfin_experiment_weights(const elfin_experiment *experiment,
                                      const elfin_material *material, size_t n_edges,
                                      const double edge_eV[], double weights[], elfin_error *err)
{
  pairs p;
  elfin_status status = pairs_of(experiment, material, &p, err);
  if (!status)
    status = check_edges(n_edges, edge_eV, err);
  if (status)
    return status;
  size_t n = n_edges == 1 ? 1 : n_edges - 1;
  for (size_t b = 0; b < experiment->n_bins; b++) {
    double kg_yr = experiment->exposure_kg_yr[b] * experiment->efficiency[b];
    for (size_t i = 0; i < n; i++)
      weights[b * n + i] =
          kg_yr * average(experiment, &p, b, edge_eV[i], edge_eV[n_edges == 1 ? i : i + 1]);
  }
  return ELFIN_OK;
}

/* kg yr times the share of [x, y] that is measured in the experiment's range and below `energy`. */
static double measured_below(const elfin_experiment *e, double energy, double x, double y)
{
  double sum = 0;
  for (size_t b = 0; b < e->n_bins && e->edge_eV[b] < energy; b++)
    sum += e->exposure_kg_yr[b] * e->efficiency[b] *
           of_energy(e->resolution_eV, e->edge_eV[b], fmin(energy, e->edge_eV[b + 1]), x, y);
  return sum;
}

elfin_status elfin_experiment_below(const elfin_experiment *experiment, size_t n_edges,
                                    const double edge_eV[], double weights[], elfin_error *err)
{
  elfin_status status = check_edges(n_edges, edge_eV, err);
  if (status)
    return status;
  if (!experiment->edge_eV)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s counts electrons: its events have no energies",
                      experiment->name);
  size_t n = n_edges == 1 ? 1 : n_edges - 1;
  for (size_t j = 0; j < experiment->n_events; j++)
    for (size_t i = 0; i < n; i++)
      weights[j * n + i] = measured_below(experiment, experiment->event_eV[j], edge_eV[i],
                                          edge_eV[n_edges == 1 ? i : i + 1]);
  return ELFIN_OK;
}

/* ---- the edges --------------------------------------------------------------------------------
 */

/* n + 1 edges, evenly from low to high. */
static double *even(double low, double high, size_t n)
{
  double *edge = malloc((n + 1) * sizeof *edge);
  for (size_t i = 0; edge && i <= n; i++)
    edge[i] = i == n ? high : low + (high - low) * (double)i / (double)n;
  return edge;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Is `energy` within a Gaussian's tails of an edge or an event? Elsewhere what is measured does not
 * depend on how energies are smeared. */
static bool is_smeared(const elfin_experiment *e, double energy, double tail)
{
  for (size_t b = 0; b <= e->n_bins; b++)
    if (fabs(energy - e->edge_eV[b]) < tail)
      return true;
  for (size_t j = 0; j < e->n_events; j++)
    if (fabs(energy - e->event_eV[j]) < tail)
      return true;
  return false;
}

/* The steps of a Gaussian's width, where they matter. */
static double *of_resolution(const elfin_experiment *e, size_t *n_edges)
{
  double sigma = e->resolution_eV, tail = TAIL_SIGMAS * sigma;
  double low = fmax(0, e->edge_eV[0] - tail), high = e->edge_eV[e->n_bins] + tail;
  size_t n_steps = (size_t)ceil((high - low) / sigma * EDGES_A_SIGMA), n = 0;
  double *edge = even(low, high, n_steps);
  for (size_t i = 0; edge && i <= n_steps; i++)
    if (i == 0 || i == n_steps || is_smeared(e, edge[i], tail + sigma))
      edge[n++] = edge[i];
  *n_edges = n;
  return edge;
}

/* What bins of energy want: their own edges and the events between them, or the steps of a
 * Gaussian's width. */
static double *of_energies(const elfin_experiment *e, size_t *n_edges)
{
  if (e->resolution_eV > 0)
    return of_resolution(e, n_edges);
  size_t n = 0, n_all = e->n_bins + 1 + e->n_events;
  double *edge = malloc(n_all * sizeof *edge);
  for (size_t i = 0; edge && i < n_all; i++)
    edge[i] = i <= e->n_bins ? e->edge_eV[i] : e->event_eV[i - e->n_bins - 1];
  if (edge)
    qsort(edge, n_all, sizeof *edge, ascending);
  for (size_t i = 0; edge && i < n_all; i++)
    if (i == 0 || edge[i] > edge[n - 1])
      edge[n++] = edge[i];
  *n_edges = n;
  return edge;
}

static double *of_charges(const elfin_experiment *e, const pairs *p, size_t *n_edges)
{
  double least = e->charge[0], most = e->charge[e->n_bins - 1];
  if (e->n_found) {
    least = e->found[0];
    most = e->found[(e->n_found - 1) * (e->n_bins + 1)];
  }
  double *edge = NULL;
  if (e->charge_model == ELFIN_CHARGE_TABLE) {
    *n_edges = e->n_rows;
    edge = malloc(*n_edges * sizeof *edge);
    for (size_t i = 0; edge && i < *n_edges; i++)
      edge[i] = e->table[i * (e->n_charges + 1)];
  } else if (e->charge_model == ELFIN_CHARGE_STEP) {
    *n_edges = (size_t)(most - least) + 2;
    edge = malloc(*n_edges * sizeof *edge);
    for (size_t i = 0; edge && i < *n_edges; i++)
      edge[i] = p->gap + (least - 1 + (double)i) * p->e0;
  } else {
    /* mean − TAIL σ = most + 1/2, solved for the mean */
    double root = 0.5 * TAIL_SIGMAS * sqrt(e->fano);
    root += sqrt(root * root + most + 0.5);
    double high = fmax(root * root * p->e0, p->gap + p->e0);
    *n_edges = (size_t)ceil((high - p->gap) / p->e0 * EDGES_A_PAIR) + 1;
    edge = even(p->gap, high, *n_edges - 1);
  }
  return edge;
}

elfin_status elfin_experiment_edges(const elfin_experiment *experiment,
                                    const elfin_material *material, size_t *n_edges,
                                    double **edge_eV, elfin_error *err)
{
  pairs p;
  size_t n;
  elfin_status status = pairs_of(experiment, material, &p, err);
  if (status)
    return status;
  double *made = experiment->edge_eV ? of_energies(experiment, &n) : of_charges(experiment, &p, &n);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its energies", experiment->name);
  *n_edges = n;
  *edge_eV = made;
  return ELFIN_OK;
}
