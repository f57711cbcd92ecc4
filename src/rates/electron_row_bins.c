/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron_row_bins.c
 * R in bins of ω by the response's own quadrature rule, cut at their edges [elf/loss_bins.h].
 *
 *   R_bin = N ∫ d ln k k⁴ F(k)² H(k),   H = ∫ dω W(ω,k) η(ω/k + s) over the bin, s = k/(2 m_χ) + δ/k
 *
 * W is in the weights, so that H is a sum of some ten products. Like for rates above thresholds
 * [electron_rows.c] nothing adapts to anything; what that costs is measured by differences: in k, of the
 * Gauss–Kronrod pairs; in ω, from parabolas through every other node. The latter have the same weights,
 * and what η at the nodes between is beyond the parabola in place of η. Its part that is even in a pair
 * of cells, and its odd part, which smooth functions have more of, count differently. That says enough
 * where η has no more than a jump in its second derivative, as ordinary halos have at v_esc ± v_lab;
 * others are left to the integrator.
 */
#include "rates/electron_inner.h"

#include "elf/elf.h"
#include "halo/halo_lookup.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The error is this much of both parts: of 12,000 bins of Si, Ge, Al and GaN, with oscillators, a table
 * from first principles and three halos, those that were taken differ by 4e-5 at most from integrals with
 * 1e-6. */
static const double EVEN_SHARE = 0.5, ODD_SHARE = 0.1;

/* η ∝ (v_max − v)^p near v_max: with p below this, it has a jump in its first derivative. */
static const double SMOOTH_EDGE = 2;

typedef struct sweep {
  electron *e;
  const loss_rows *rows;
  const loss_bins *bins;
  double eta[ROWS_NODES]; /* at a row's nodes */
  double even[ROWS_NODES], odd[ROWS_NODES]; /* what it is beyond parabolas */
  size_t n_eta;           /* all are 0 from there on */
} sweep;

/** A panel's part of each bin. */
typedef struct panel_sums {
  double kronrod[LOSS_MOST_BINS], gauss[LOSS_MOST_BINS];
  double size[LOSS_MOST_BINS]; /* the sum of absolute values */
  double even[LOSS_MOST_BINS], odd[LOSS_MOST_BINS]; /* by Gauss' nodes */
} panel_sums;

/* ---- rows ------------------------------------------------------------------------------------ */

/** Where the nodes of a row's bins end. */
static size_t end_of(size_t n, const loss_span span[])
{
  while (n > 1 && span[n - 1].n == 0)
    n--;
  return (size_t)span[n - 1].first + span[n - 1].n;
}

/** η at nodes from `first` up to `end`, where pairs of cells begin and end, and what is beyond parabolas. */
static void set_eta(sweep *s, double shift, size_t first, size_t end)
{
  size_t n = electron_rows_eta(s->e, s->rows, shift, first, end, s->eta);
  for (s->n_eta = n; n < end && (s->n_eta == n || s->n_eta % LOSS_PAIR != 1); s->n_eta++)
    s->eta[s->n_eta] = 0; /* v_max is below the last node */
  s->even[first] = s->odd[first] = 0;
  for (size_t i = first; i + LOSS_PAIR < s->n_eta; i += LOSS_PAIR) {
    const double *at = &s->eta[i];
    double even = 0.5 * (at[1] + at[3]) - 0.75 * at[2] - 0.125 * (at[0] + at[4]);
    double odd = 0.5 * (at[1] - at[3]) - 0.25 * (at[0] - at[4]);
    s->even[i + 1] = s->even[i + 3] = even;
    s->odd[i + 1] = odd;
    s->odd[i + 3] = -odd;
    s->even[i + 2] = s->even[i + 4] = s->odd[i + 2] = s->odd[i + 4] = 0;
  }
}

static double product(size_t n, const double a[], const double b[])
{
  double sum = 0;
  for (size_t i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/** A row's part of the sums: those of the bins that it reaches. */
static void add_row(sweep *s, size_t i_row, double kronrod, double gauss, panel_sums *sums)
{
  const loss_bins *bins = s->bins;
  const loss_span *span = &bins->span[i_row * bins->n];
  const double *weight = &bins->weight[bins->begin[i_row]];
  double k = s->rows->row[i_row].k, shift = k / (2 * s->e->m_chi) + s->e->delta / k;
  double end = k * (s->e->v_max - shift); /* of the row's energies */
  if (!(bins->edge[0] < end))
    return;
  set_eta(s, shift, span->first, end_of(bins->n, span));
  for (size_t i = 0; i < bins->n && bins->edge[i] < end; weight += span[i++].n) {
    size_t first = span[i].first, left = s->n_eta - first, n = span[i].n < left ? span[i].n : left;
    double H = product(n, weight, &s->eta[first]);
    sums->kronrod[i] += kronrod * H;
    sums->size[i] += kronrod * fabs(H);
    if (gauss > 0) {
      sums->gauss[i] += gauss * H;
      sums->even[i] += gauss * product(n, weight, &s->even[first]);
      sums->odd[i] += gauss * product(n, weight, &s->odd[first]);
    }
  }
}

/** A panel's part of those bins to which the panels that are `left` matter. */
static void do_panel(sweep *s, size_t i_panel, double left, integral bin[])
{
  const loss_rows *rows = s->rows;
  panel_sums sums;
  memset(&sums, 0, sizeof sums);
  for (size_t i = 0; i < ROWS_PER_PANEL; i++) {
    size_t i_row = i_panel * ROWS_PER_PANEL + i;
    double weight = rows->width[i_panel] * electron_form_factor(s->e, rows->row[i_row].k);
    add_row(s, i_row, weight * rows->kronrod[i], weight * rows->gauss[i], &sums);
  }
  for (size_t i = 0; i < s->bins->n; i++) {
    if (left <= ROWS_NEGLIGIBLE * bin[i].value)
      continue;
    bin[i].value += sums.kronrod[i];
    bin[i].error += loss_rows_error(sums.kronrod[i] - sums.gauss[i], sums.size[i]) +
                    EVEN_SHARE * fabs(sums.even[i]) + ODD_SHARE * fabs(sums.odd[i]);
  }
}

/* ---- all bins -------------------------------------------------------------------------------- */

/** Bins of one set. What is left out counts as an error. */
static void do_bins(sweep *s, const panel_bound list[], double left, integral bin[])
{
  for (size_t i = 0; i < s->rows->n_panels; i++) {
    bool matters = false;
    for (size_t j = 0; j < s->bins->n; j++)
      matters = matters || left > ROWS_NEGLIGIBLE * bin[j].value;
    if (!matters)
      break;
    do_panel(s, list[i].i_panel, left, bin);
    left -= list[i].most;
  }
  for (size_t j = 0; j < s->bins->n; j++)
    bin[j].error += ROWS_NEGLIGIBLE * bin[j].value;
}

/** The rows of a range of energies, and the bins that they know. */
typedef struct range {
  const loss_rows *rows; /* NULL: there are none */
  loss_wanted of;
  double *edge;      /* [n_edges] clamped to the range; owned */
  size_t first, end; /* these edges */
} range;

/** Without rows of energies below, those above know no bin that is not theirs as a whole; but what lies below
 * the response is none. */
static elfin_status begin_range(range *r, bool is_whole, size_t n_edges, const double edge[],
                                elfin_error *err)
{
  double low = is_whole ? r->rows->omega_min : loss_omega_min(r->of.response);
  double high = r->of.below ? r->rows->omega_max : HUGE_VAL;
  r->edge = malloc(n_edges * sizeof *r->edge);
  if (!r->edge)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu bins", n_edges - 1);
  for (size_t i = 0; i < n_edges; i++)
    r->edge[i] = fmin(fmax(edge[i], low), high);
  r->first = 0;
  r->end = n_edges;
  while (r->first < r->end && r->edge[r->first] < r->rows->omega_min)
    r->first++;
  while (is_whole && r->first + 1 < r->end && r->edge[r->first + 1] <= low)
    r->first++;
  while (r->end > r->first + 1 && r->edge[r->end - 2] >= high)
    r->end--;
  return ELFIN_OK;
}

/** How many bins the set has that begins at this edge. */
static size_t set_size(size_t n_edges, size_t first)
{
  size_t n = n_edges - 1 - first;
  return n < LOSS_MOST_BINS ? n : LOSS_MOST_BINS;
}

static elfin_status do_range(electron *e, const range *r, integral bin[], bool known[],
                             elfin_error *err)
{
  panel_bound *bounds = malloc(r->rows->n_panels * sizeof *bounds);
  if (!bounds)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for bins");
  double all = electron_rows_bounds(e, r->rows, bounds);
  elfin_status status = ELFIN_OK;
  for (size_t first = r->first, n; !status && first + 1 < r->end; first += n) {
    loss_bins *bins = NULL;
    n = set_size(r->end, first);
    status = loss_bins_of(&r->of, r->rows, n, r->edge + first, &bins, err);
    if (status)
      break;
    sweep s = {.e = e, .rows = r->rows, .bins = bins};
    do_bins(&s, bounds, all, bin + first);
    for (size_t i = 0; i < n; i++)
      known[first + i] = true;
    loss_bins_release(bins);
  }
  free(bounds);
  return status;
}

elfin_status electron_row_bins(electron *e, size_t n_edges, const double edge[], integral bin[],
                               bool known[], elfin_error *err)
{
  range above = {.of = electron_loss(e->q, false)}, below = {.of = electron_loss(e->q, true)};
  elfin_status status = electron_rows_for(e, false, &above.rows, err);
  if (!status && e->W.below)
    status = electron_rows_for(e, true, &below.rows, err);
  if (status || !above.rows || halo_edge_power(e->q->halo) < SMOOTH_EDGE)
    return status;
  status = begin_range(&above, below.rows != NULL, n_edges, edge, err);
  if (!status)
    status = do_range(e, &above, bin, known, err);
  if (!status && below.rows)
    status = begin_range(&below, true, n_edges, edge, err);
  if (!status && below.rows)
    status = do_range(e, &below, bin, known, err);
  free(above.edge);
  free(below.edge);
  return status;
}

/* ---- preparing ------------------------------------------------------------------------------- */

/** As many sets as are kept; a range's rows may be missing. */
static elfin_status prepare_range(range *r, bool is_whole, size_t n_edges, const double edge[],
                                  elfin_error *err)
{
  elfin_status status = begin_range(r, is_whole, n_edges, edge, err);
  for (size_t first = r->first, n; !status && first + 1 < r->end && !loss_bins_full(&r->of);
       first += n) {
    loss_bins *bins = NULL;
    n = set_size(r->end, first);
    status = loss_bins_of(&r->of, r->rows, n, r->edge + first, &bins, err);
    loss_bins_release(bins);
  }
  free(r->edge);
  return status;
}

/** Edges that do not ascend are refused by elfin_rate(), and nothing is made of them. */
static elfin_status prepare(range *above, range *below, size_t n_edges, const double edge[],
                            elfin_error *err)
{
  for (size_t i = 0; i + 1 < n_edges; i++)
    if (!(edge[i] < edge[i + 1]))
      return ELFIN_OK;
  elfin_status status = prepare_range(above, below->rows != NULL, n_edges, edge, err);
  return status || !below->rows ? status : prepare_range(below, true, n_edges, edge, err);
}

elfin_status electron_row_bins_prepare(const elfin_request *q, elfin_error *err)
{
  range above = {.of = electron_loss(q, false)}, below = {.of = electron_loss(q, true)};
  elfin_status status = ELFIN_OK;
  if (q->n_edges + q->n_charges == 0 || !electron_rows_serve(q))
    return ELFIN_OK;
  status = loss_rows_of(&above.of, &above.rows, err);
  if (!status && electron_asks_below(q))
    status = loss_rows_of(&below.of, &below.rows, err);
  if (status || !above.rows)
    return status;
  if (q->n_edges)
    status = prepare(&above, &below, q->n_edges, q->edge_eV, err);
  if (status || !q->n_charges)
    return status;
  double *edge = malloc((q->n_charges + 1) * sizeof *edge);
  if (!edge)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu charges", q->n_charges);
  electron_charge_edges(q, edge);
  status = prepare(&above, &below, q->n_charges + 1, edge, err);
  free(edge);
  return status;
}
