/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron_rows.c
 * R(E_th) by the response's own quadrature rule [elf/loss_rows.h].
 *
 *   R = N ∫ d ln k k⁴ F(k)² H(k),   H = ∫ dω W(ω,k) η(ω/k + s) above E_th,   s = k/(2 m_χ) + δ/k
 *
 * W is in the weights, so that H is a product of two arrays: weights, and η at equal steps. The
 * cell that the threshold cuts is integrated by Gauss' rule: its upper part, or all of it without
 * its lower part. Nothing here looks for kinks or adapts to anything. What that costs is measured
 * instead, by three differences: in k, of the Gauss–Kronrod pairs; in ω, of cells twice as wide, as
 * η is no polynomial of second degree where it has a kink; and in the threshold's cell, of fewer
 * points. Where their sum is above what was asked for, such as in windows that are nearly closed,
 * the rate is left to the integrator.
 */
#include "rates/electron_inner.h"

#include "elf/elf.h"
#include "elf/loss_rows.h"
#include "halo/halo_lookup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Thresholds that are done together. */
enum { MOST_TOGETHER = 32 };
/* Of cells twice as wide, this part of the difference counts: the error falls with the third power
 * of the width where η has a kink, and at most 0.27 of the difference were seen to remain. */
static const double COARSE_SHARE = 0.5;

/* The threshold's cell: three points, and the middle one alone for comparison; this part of the
 * difference counts. tests/rates and bench_estimates.sh hold all estimates together against other
 * integrations. */
enum { N_POINTS = 3 };
static const double CELL_SHARE = 0.1;
static const double point_x[N_POINTS] = {-0.77459666924148337704, 0, 0.77459666924148337704};
static const double point_w[N_POINTS] = {5.0 / 9, 8.0 / 9, 5.0 / 9};
static const double point_middle[N_POINTS] = {0, 2, 0};

/** What a row, or a panel, contributes to the integral above one threshold. */
typedef struct share {
  double value, gauss;   /* by Kronrod's nodes in k, by Gauss' */
  double size;           /* the sum of absolute values */
  double fine, coarse;   /* the cells above the threshold's, by Gauss' nodes */
  double cell, cell_low; /* the threshold's cell by three points, by one */
} share;

typedef struct sweep {
  electron *e;
  const loss_rows *rows;
  size_t n;  /* thresholds, descending */
  const double *energy;
  size_t n_edges; /* at which W steps */
  double edge[RESPONSE_MOST_EDGES];
  double eta[ROWS_NODES]; /* at the row's nodes */
  size_t n_eta;           /* η = 0 from there on */
  double large[MOST_TOGETHER]; /* of the integrals so far, panels above ELECTRON_LARGE_MOMENTUM */
} sweep;

static size_t cell_of(const sweep *s, double k, double energy)
{
  double c = energy / (k * 2 * s->rows->step);
  return c >= ROWS_CELLS ? ROWS_CELLS - 1 : (size_t)c;
}

size_t electron_rows_eta(electron *e, const loss_rows *rows, double shift, size_t first, size_t end,
                         double eta[])
{
  double v[ROWS_NODES], step = rows->step, closed = ceil((e->v_max - shift) / step);
  size_t n = closed >= (double)end ? end : closed > (double)first ? (size_t)closed : first;
  for (size_t i = first; i < n; i++)
    v[i] = shift + (double)(int)i * step;
  halo_lookup_eta(halo_lookup_of(e->q->halo), n - first, v + first, eta + first);
  e->evaluations += (long)(n - first);
  return n;
}

static double eta_at(const sweep *s, size_t node)
{
  return node < s->n_eta ? s->eta[node] : 0;
}

/* ---- the threshold's cell -------------------------------------------------------------------- */

/** ∫ dω W η over a part of the cell that no edge cuts. */
static void integrate_smooth(const sweep *s, double k, double shift, double low, double high,
                             share *out)
{
  electron *e = s->e;
  double omega[N_POINTS], momentum[N_POINTS], v[N_POINTS], W[N_POINTS];
  double middle = 0.5 * (low + high), half = 0.5 * (high - low);
  for (int i = 0; i < N_POINTS; i++) {
    omega[i] = middle + half * point_x[i];
    momentum[i] = k;
    v[i] = omega[i] / k + shift;
  }
  loss_values(&e->W, N_POINTS, omega, momentum, W);
  halo_lookup_eta(halo_lookup_of(e->q->halo), N_POINTS, v, v);
  for (int i = 0; i < N_POINTS; i++) {
    out->cell += half * point_w[i] * W[i] * v[i];
    out->cell_low += half * point_middle[i] * W[i] * v[i];
  }
  e->evaluations += N_POINTS;
}

/** ∫ dω W η over a part of the cell. */
static void integrate_part(const sweep *s, double k, double shift, double low, double high,
                           share *out)
{
  for (size_t i = 0; i < s->n_edges; i++)
    if (low < s->edge[i] && s->edge[i] < high) {
      integrate_smooth(s, k, shift, low, s->edge[i], out);
      low = s->edge[i];
    }
  integrate_smooth(s, k, shift, low, high, out);
}

/** What a whole cell contributes. */
static double whole_cell(const sweep *s, const loss_row *row, size_t c)
{
  double of_cell_below = c ? row->last[c - 1] : 0;
  return (row->node[2 * c] - of_cell_below) * eta_at(s, 2 * c) +
         row->node[2 * c + 1] * eta_at(s, 2 * c + 1) + row->last[c] * eta_at(s, 2 * c + 2);
}

/** The part above E of the cell c that E cuts. */
static void cut_cell(const sweep *s, const loss_row *row, size_t c, double shift, double E,
                     share *o)
{
  double k = row->k, width = 2 * k * s->rows->step, begin = width * (double)c, end = begin + width;
  if (E - begin > 0.5 * width) {
    integrate_part(s, k, shift, E, fmin(end, s->e->omega_max), o);
    return;
  }
  double whole = whole_cell(s, row, c);
  integrate_part(s, k, shift, fmax(begin, s->rows->omega_min), E, o);
  o->cell = whole - o->cell;
  o->cell_low = whole - o->cell_low;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/** Σ weight η over a row's nodes, from the last one down to where it has got; in four parts, by the
 * node's number, so that the processor need not wait for one sum. */
typedef struct running {
  const double *weight, *eta;
  size_t at;
  double part[4];
} running;

static double sum_from(running *r, size_t first)
{
  const double *weight = r->weight, *eta = r->eta;
  size_t at = r->at;
  for (; at > first && at % 4; at--)
    r->part[(at - 1) % 4] += weight[at - 1] * eta[at - 1];
  double p0 = r->part[0], p1 = r->part[1], p2 = r->part[2], p3 = r->part[3];
  for (; at >= first + 4; at -= 4) {
    p0 += weight[at - 4] * eta[at - 4];
    p1 += weight[at - 3] * eta[at - 3];
    p2 += weight[at - 2] * eta[at - 2];
    p3 += weight[at - 1] * eta[at - 1];
  }
  r->part[0] = p0;
  r->part[1] = p1;
  r->part[2] = p2;
  r->part[3] = p3;
  for (; at > first; at--)
    r->part[(at - 1) % 4] += weight[at - 1] * eta[at - 1];
  r->at = at;
  return (r->part[0] + r->part[1]) + (r->part[2] + r->part[3]);
}

/** H above each threshold; `fine` and `coarse` only for comparison. */
static void do_row(sweep *s, const loss_row *row, bool compare, share out[])
{
  const electron *e = s->e;
  double k = row->k, shift = k / (2 * e->m_chi) + e->delta / k;
  double lowest = s->energy[s->n - 1];
  memset(out, 0, s->n * sizeof *out);
  if (!(lowest / k + shift < e->v_max))
    return;
  s->n_eta =
      electron_rows_eta(s->e, s->rows, shift, 2 * cell_of(s, k, lowest), ROWS_NODES, s->eta);
  double every_other[ROWS_CELLS + 1];
  for (size_t i = cell_of(s, k, lowest); compare && 2 * i < s->n_eta; i++)
    every_other[i] = s->eta[2 * i];
  running fine = {row->node, s->eta, s->n_eta, {0}};
  running coarse = {row->coarse, every_other, (s->n_eta + 1) / 2, {0}};
  for (size_t i = 0; i < s->n; i++) {
    double E = s->energy[i];
    if (!(E / k + shift < e->v_max && E < e->omega_max))
      continue;
    share *o = &out[i];
    size_t c = cell_of(s, k, E), first = 2 * c + 2, coarse_first = 2 * (c / 2) + 2;
    if (first < s->n_eta)
      o->fine = sum_from(&fine, first) - row->last[c] * s->eta[first];
    cut_cell(s, row, c, shift, E, o);
    o->value = o->fine + o->cell;
    if (compare && c % 2 == 0) /* the other one of the two cells is above E */
      o->coarse = whole_cell(s, row, c + 1);
    if (compare && 2 * coarse_first < s->n_eta)
      o->coarse +=
          sum_from(&coarse, coarse_first) - row->coarse_last[c / 2] * s->eta[2 * coarse_first];
  }
}

static void add(share *to, const share *from, double kronrod, double gauss)
{
  to->value += kronrod * from->value;
  to->size += kronrod * fabs(from->value);
  to->gauss += gauss * from->value;
  to->fine += gauss * from->fine;
  to->coarse += gauss * from->coarse;
  to->cell += kronrod * from->cell;
  to->cell_low += kronrod * from->cell_low;
}

double electron_form_factor(const electron *e, double k)
{
  double F = isinf(e->m_V2) ? 1 : (e->alpha_m_e2 + e->m_V2) / (k * k + e->m_V2);
  return k * k * k * k * F * F;
}

/** A panel's part of those integrals to which the panels that are `left` matter. */
static void do_panel(sweep *s, size_t i_panel, double left, integral above[])
{
  const electron *e = s->e;
  const loss_rows *rows = s->rows;
  bool is_large = rows->row[i_panel * ROWS_PER_PANEL].k >= ELECTRON_LARGE_MOMENTUM;
  share sum[MOST_TOGETHER] = {{0}}, own[MOST_TOGETHER];
  for (size_t i = 0; i < ROWS_PER_PANEL; i++) {
    const loss_row *row = &rows->row[i_panel * ROWS_PER_PANEL + i];
    double weight = rows->width[i_panel] * electron_form_factor(e, row->k);
    do_row(s, row, rows->gauss[i] > 0, own);
    for (size_t j = 0; j < s->n; j++)
      add(&sum[j], &own[j], weight * rows->kronrod[i], weight * rows->gauss[i]);
  }
  for (size_t j = s->n; j-- > 0;) {
    share *o = &sum[j];
    if (left <= ROWS_NEGLIGIBLE * above[j].value)
      continue;
    above[j].value += o->value;
    s->large[j] += is_large ? o->value : 0;
    above[j].error += loss_rows_error(o->value - o->gauss, o->size) +
                      COARSE_SHARE * fabs(o->fine - o->coarse) +
                      CELL_SHARE * fabs(o->cell - o->cell_low);
  }
}

/* ---- all rows -------------------------------------------------------------------------------- */

static int from_the_largest(const void *a, const void *b)
{
  const panel_bound *x = a, *y = b;
  if (x->most != y->most)
    return x->most < y->most ? 1 : -1;
  return (x->i_panel > y->i_panel) - (x->i_panel < y->i_panel);
}

double electron_rows_bounds(const electron *e, const loss_rows *rows, panel_bound list[])
{
  double sum = 0;
  for (size_t p = 0; p < rows->n_panels; p++) {
    const loss_row *row = &rows->row[p * ROWS_PER_PANEL];
    double low = row[0].k, high = row[ROWS_PER_PANEL - 1].k, eta;
    double shift = low / (2 * e->m_chi) + e->delta / high;
    halo_lookup_eta(halo_lookup_of(e->q->halo), 1, &shift, &eta);
    double form = fmax(electron_form_factor(e, low), electron_form_factor(e, high));
    list[p] = (panel_bound){rows->width[p] * form * rows->loss[p] * eta, p};
    sum += list[p].most;
  }
  qsort(list, rows->n_panels, sizeof *list, from_the_largest);
  return sum;
}

/** Thresholds that are done together. What is left out counts as an error. */
static void do_rows(sweep *s, const panel_bound list[], double left, integral above[])
{
  for (size_t i = 0; i < s->rows->n_panels; i++) {
    bool matters = false;
    for (size_t j = 0; j < s->n; j++)
      matters = matters || left > ROWS_NEGLIGIBLE * above[j].value;
    if (!matters)
      break;
    do_panel(s, list[i].i_panel, left, above);
    left -= list[i].most;
  }
  for (size_t j = 0; j < s->n; j++)
    above[j].error += ROWS_NEGLIGIBLE * above[j].value;
}

bool electron_rows_serve(const elfin_request *q)
{
  return !q->flux && q->splitting_eV >= 0 && q->temperature_K == 0 &&
         !(q->k_cut_eV < q->response->about.k_max_eV);
}

elfin_status electron_rows_for(const electron *e, bool below, const loss_rows **rows,
                               elfin_error *err)
{
  const elfin_request *q = e->q;
  const loss_wanted wanted = electron_loss(q, below);
  *rows = NULL;
  if (!electron_rows_serve(q) || !halo_lookup_is_smooth(halo_lookup_of(q->halo)))
    return ELFIN_OK;
  elfin_status status = loss_rows_of(&wanted, rows, err);
  size_t most = *rows ? (*rows)->n_panels * ROWS_PER_PANEL * ROWS_NODES : 0;
  if (*rows && !(e->v_max < (*rows)->step * (ROWS_NODES - 1) && (long)most <= q->max_evaluations))
    *rows = NULL;
  return status;
}

/** The first of n thresholds, as many as may be done together and are not below the rows' border.
 * @return how many */
static size_t do_some(electron *e, const loss_rows *rows, const panel_bound bounds[], double all,
                      size_t n, threshold list[])
{
  double energy[MOST_TOGETHER];
  integral above[MOST_TOGETHER] = {{0}};
  size_t m = 0;
  for (; m < MOST_TOGETHER && m < n; m++) {
    energy[m] = fmax(list[m].energy, e->omega_min);
    if (energy[m] < rows->omega_min)
      break;
  }
  if (m == 0)
    return 0;
  sweep s = {.e = e, .rows = rows, .n = m, .energy = energy};
  s.n_edges = response_edges(e->q->response, s.edge);
  do_rows(&s, bounds, all, above);
  for (size_t i = 0; i < m; i++) {
    list[i].above = above[i];
    list[i].large = s.large[i];
    list[i].known = true;
    list[i].by_rows = above[i].error <= e->accuracy * above[i].value;
  }
  return m;
}

/** Thresholds below the border, from what is known of it: what lies between are bins. */
static elfin_status do_below(electron *e, const threshold *start, size_t n, threshold list[],
                             elfin_error *err)
{
  double *edge = malloc((n + 1) * sizeof *edge);
  integral *bin = calloc(n, sizeof *bin), above = start->above;
  bool *known = calloc(n, sizeof *known);
  elfin_status status = ELFIN_OK;
  if (!edge || !bin || !known)
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu thresholds", n);
  for (size_t i = 0; !status && i < n; i++)
    edge[n - 1 - i] = list[i].energy;
  if (!status) {
    edge[n] = start->energy;
    status = electron_row_bins(e, n + 1, edge, bin, known, err);
  }
  for (size_t i = 0; !status && i < n && known[n - 1 - i]; i++) {
    above.value += bin[n - 1 - i].value;
    above.error += bin[n - 1 - i].error;
    list[i].above = above;
    list[i].large = start->large;
    list[i].known = true;
    list[i].by_rows = above.error <= e->accuracy * above.value;
  }
  free(edge);
  free(bin);
  free(known);
  return status;
}

elfin_status electron_rows(electron *e, size_t n, threshold list[], elfin_error *err)
{
  const loss_rows *rows = NULL;
  elfin_status status = n ? electron_rows_for(e, false, &rows, err) : ELFIN_OK;
  if (status || !rows)
    return status;
  panel_bound *bounds = malloc(rows->n_panels * sizeof *bounds);
  if (!bounds)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  double all = electron_rows_bounds(e, rows, bounds);
  size_t done = 0;
  for (size_t m = MOST_TOGETHER; done < n && m == MOST_TOGETHER; done += m)
    m = do_some(e, rows, bounds, all, n - done, list + done);
  if (done < n && e->W.below) {
    threshold start = {.energy = rows->omega_min};
    do_some(e, rows, bounds, all, 1, &start);
    status = do_below(e, &start, n - done, list + done, err);
  }
  free(bounds);
  return status;
}
