/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file loss_rows.c
 * W(ω,k) as the weights of a quadrature rule [loss_rows.h].
 *
 * On a row, the interpolant is a polynomial from cut to cut (edges of patches, knots of a table, every
 * other one of a smooth table), and so is a cell's part of it times the three polynomials that are 1 at one of the cell's nodes
 * and 0 at the others: Gauss' rule from cut to cut gives the weights.
 *
 * Panels in ln k begin at a table's knots, or a fixed width, and are halved until the Gauss–Kronrod
 * pairs agree for rates of very heavy dark matter from many thresholds on, with a massless and with
 * a massive mediator: the ridges and edges of W that a threshold crosses are what needs small
 * panels.
 */
#include "elf/loss_rows.h"

#include "elf/elf.h"
#include "elf/elf_table.h"
#include "elf/loss_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Panels begin with this width in ln k. */
static const double FIRST_WIDTH = 0.5;
/* Kronrod's sum is better than Gauss': much better where a panel is smooth, so that the two differ
 * by little; three times where W has weak edges. Measured (tests/bench/bench_estimates.sh). */
static const double RAGGED = 1.0 / 3, SMOOTH = 1000;
/* What probes may err, of the accuracy asked for: rates with other masses err more; and bins below the border
 * [loss_border()] stand alone, while rates above thresholds have panels that hardly err. */
static const double PROBE_SHARE[2] = {0.2, 0.06};
/* A response that needs more of them, such as a table of a thousand momenta, is left to the
 * integrator. */
enum { MOST_ROUNDS = 10, MOST_PANELS = 512 };

/* Thresholds of the probes: from the lowest energy on, in steps of this factor. */
static const double LEVEL_STEP = 1.3;
enum { MOST_LEVELS = 64, N_MEDIATORS = 2 };

static const double kronrod_x[ROWS_PER_PANEL] = {
    -0.96049126870802028342, -0.77459666924148337704, -0.43424374934680255800, 0,
    0.43424374934680255800,  0.77459666924148337704,  0.96049126870802028342};
static const double kronrod_w[ROWS_PER_PANEL] = {
    0.10465622602646726519, 0.26848808986833344073, 0.40139741477596222291, 0.45091653865847414235,
    0.40139741477596222291, 0.26848808986833344073, 0.10465622602646726519};
static const double gauss_w[ROWS_PER_PANEL] = {0, 5.0 / 9, 0, 8.0 / 9, 0, 5.0 / 9, 0};

/** A panel's part of the probes' integrals. */
typedef struct probe {
  double kronrod, gauss, size;
} probe;

typedef struct draft {
  double low, high; /* ln k */
  loss_row row[ROWS_PER_PANEL];
  probe probe[N_MEDIATORS][MOST_LEVELS];
} draft;

typedef struct maker {
  loss_row_maker row;
  loss_range range;
  size_t n_levels;
  double level[MOST_LEVELS];
  bool too_many; /* panels, or cuts in a row */
  size_t n;
  draft **drafts; /* [MOST_PANELS] */
} maker;

double loss_rows_error(double difference, double size)
{
  double d = fabs(difference);
  return d > 0 ? d * fmin(RAGGED, sqrt(SMOOTH * d / size)) : 0;
}

/* ---- a row ----------------------------------------------------------------------------------- */

/** What ∫ dω W g over a stretch adds to the weights of the cell from x = 2 c step on. */
static void add_to_cell(double first[3], double u, double weight)
{
  first[0] += weight * 0.5 * (1 - u) * (2 - u);
  first[1] += weight * u * (2 - u);
  first[2] += weight * 0.5 * u * (u - 1);
}

/** Weights of one row while its pieces come in, ascending. */
typedef struct row_sums {
  const maker *m;
  double k, cell[ROWS_CELLS][3], pair[ROWS_CELLS / 2][3];
  size_t i_level;
  double *above; /* [n_levels] the probe from level to level */
} row_sums;

static void add_piece(void *context, double middle, const double omega[4], const double weight[4])
{
  row_sums *s = context;
  const maker *m = s->m;
  double step = m->row.step, probed = 0;
  size_t c = loss_row_cell(&m->row, s->k, middle);
  for (int j = 0; j < 4; j++) {
    double x = omega[j] / s->k, to_end = 1 - x / m->range.v_top;
    add_to_cell(s->cell[c], x / step - 2 * (double)c, weight[j]);
    add_to_cell(s->pair[c / 2], 0.5 * x / step - 2 * (double)(c / 2), weight[j]);
    probed += weight[j] * to_end * to_end;
  }
  while (s->i_level < m->n_levels && m->level[s->i_level] <= middle)
    s->i_level++;
  if (s->i_level)
    s->above[s->i_level - 1] += probed;
}

static void set_weights(const row_sums *s, loss_row *row)
{
  for (int c = 0; c < ROWS_CELLS; c++) {
    row->node[2 * c] += s->cell[c][0];
    row->node[2 * c + 1] += s->cell[c][1];
    row->node[2 * c + 2] += s->cell[c][2];
    row->last[c] = s->cell[c][2];
  }
  for (int c = 0; c < ROWS_CELLS / 2; c++) {
    row->coarse[2 * c] += s->pair[c][0];
    row->coarse[2 * c + 1] += s->pair[c][1];
    row->coarse[2 * c + 2] += s->pair[c][2];
    row->coarse_last[c] = s->pair[c][2];
  }
}

static void make_row(maker *m, loss_row *row, double above[])
{
  double cut[LOSS_CUT_ROOM], k = row->k;
  row_sums sums = {.m = m, .k = k, .above = above};
  size_t n = loss_row_cuts(&m->row, k, m->range.omega_min,
                           fmin(m->range.omega_max, k * m->range.v_top), m->n_levels, m->level, cut);
  m->too_many = m->too_many || n >= LOSS_MOST_CUTS;
  memset(above, 0, m->n_levels * sizeof *above);
  loss_row_pieces(&m->row, k, n, cut, add_piece, &sums);
  for (size_t i = m->n_levels; i-- > 1;)
    above[i - 1] += above[i];
  set_weights(&sums, row);
}

/* ---- panels ---------------------------------------------------------------------------------- */

static elfin_status add_draft(maker *m, double low, double high, elfin_error *err)
{
  double above[MOST_LEVELS];
  m->too_many = m->too_many || m->n == MOST_PANELS;
  if (m->too_many)
    return ELFIN_OK;
  draft *d = calloc(1, sizeof *d);
  if (!d)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for rows of a response");
  m->drafts[m->n++] = d;
  d->low = low;
  d->high = high;
  for (int i = 0; i < ROWS_PER_PANEL; i++) {
    d->row[i].k = exp(0.5 * (low + high) + 0.5 * (high - low) * kronrod_x[i]);
    make_row(m, &d->row[i], above);
    for (int mediator = 0; mediator < N_MEDIATORS; mediator++)
      for (size_t l = 0; l < m->n_levels; l++) {
        double f = 0.5 * (high - low) * above[l] * (mediator ? pow(d->row[i].k, 4) : 1);
        probe *p = &d->probe[mediator][l];
        p->kronrod += kronrod_w[i] * f;
        p->gauss += gauss_w[i] * f;
        p->size += kronrod_w[i] * fabs(f);
      }
  }
  return ELFIN_OK;
}

/** The largest part that a panel's error is of a probe. */
static double weight_of(const maker *m, const draft *d, double total[N_MEDIATORS][MOST_LEVELS])
{
  double largest = 0;
  for (int mediator = 0; mediator < N_MEDIATORS; mediator++)
    for (size_t l = 0; l < m->n_levels; l++) {
      const probe *p = &d->probe[mediator][l];
      double own = loss_rows_error(p->kronrod - p->gauss, p->size);
      if (total[mediator][l] > 0)
        largest = fmax(largest, own / total[mediator][l]);
    }
  return largest;
}

/** Halve the panels that err most. @return how many */
static size_t refine(maker *m, elfin_status *status, elfin_error *err)
{
  double total[N_MEDIATORS][MOST_LEVELS] = {{0}};
  size_t n = m->n, n_halved = 0;
  for (size_t i = 0; i < n; i++)
    for (int mediator = 0; mediator < N_MEDIATORS; mediator++)
      for (size_t l = 0; l < m->n_levels; l++)
        total[mediator][l] += m->drafts[i]->probe[mediator][l].kronrod;
  double allowed = PROBE_SHARE[m->row.of.below] * m->row.of.accuracy / sqrt((double)n);
  for (size_t i = 0; !*status && !m->too_many && i < n; i++) {
    draft *d = m->drafts[i];
    if (!(weight_of(m, d, total) > allowed))
      continue;
    double middle = 0.5 * (d->low + d->high);
    *status = add_draft(m, d->low, middle, err);
    if (!*status)
      *status = add_draft(m, middle, d->high, err);
    free(d);
    m->drafts[i] = NULL;
    n_halved++;
  }
  size_t kept = 0;
  for (size_t i = 0; i < m->n; i++)
    if (m->drafts[i])
      m->drafts[kept++] = m->drafts[i];
  m->n = kept;
  return n_halved;
}

/** Momenta at which panels begin: knots of a table, the ends of a smooth one. */
static size_t knots_of(const elfin_response *response, double ends[2], const double **knot)
{
  *knot = response_is_bilinear(response) ? response->table->k : ends;
  return response_is_bilinear(response) ? response->table->n_k : response_k_ends(response, ends);
}

static elfin_status first_panels(maker *m, elfin_error *err)
{
  const double *knot;
  double ends[2], low = log(m->range.k_min), end = log(m->range.k_max);
  size_t n_knots = knots_of(m->row.of.response, ends, &knot);
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; !status && !m->too_many && low < end;) {
    double high = fmin(low + FIRST_WIDTH, end);
    while (i < n_knots && !(knot[i] > 0 && log(knot[i]) > low))
      i++;
    if (i < n_knots)
      high = fmin(high, log(knot[i]));
    status = add_draft(m, low, high, err);
    low = high;
  }
  return status;
}

static int by_momentum(const void *a, const void *b)
{
  const draft *const *x = a, *const *y = b;
  return ((*x)->low > (*y)->low) - ((*x)->low < (*y)->low);
}

static double whole_loss(const loss_row *row)
{
  double sum = 0;
  for (int j = 0; j < ROWS_NODES; j++)
    sum += row->node[j];
  return sum;
}

/** What comes before the panels: as many numbers as it has. */
typedef struct rows_head {
  double n_panels, step, omega_min, omega_max;
  double kronrod[ROWS_PER_PANEL], gauss[ROWS_PER_PANEL];
} rows_head;

enum {
  HEAD_LENGTH = sizeof(rows_head) / sizeof(double),
  ROW_LENGTH = sizeof(loss_row) / sizeof(double),
  PANEL_LENGTH = 2 + ROWS_PER_PANEL * ROW_LENGTH
};
_Static_assert(sizeof(rows_head) % sizeof(double) == 0 && sizeof(loss_row) % sizeof(double) == 0,
               "rows are whole numbers of doubles");

/** A head, the panels' widths, their losses, and their rows. */
static elfin_status pack(maker *m, size_t *length, double **numbers, elfin_error *err)
{
  size_t n = m->too_many ? 0 : m->n;
  double *made = malloc((HEAD_LENGTH + n * PANEL_LENGTH) * sizeof *made);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for rows of a response");
  rows_head head = {.n_panels = (double)n,
                    .step = m->row.step,
                    .omega_min = m->range.omega_min,
                    .omega_max = m->range.omega_max};
  for (int i = 0; i < ROWS_PER_PANEL; i++) {
    head.kronrod[i] = 0.5 * kronrod_w[i];
    head.gauss[i] = 0.5 * gauss_w[i];
  }
  memcpy(made, &head, sizeof head);
  double *width = made + HEAD_LENGTH, *loss = width + n, *row = loss + n;
  qsort(m->drafts, n, sizeof(draft *), by_momentum);
  for (size_t i = 0; i < n; i++) {
    width[i] = m->drafts[i]->high - m->drafts[i]->low;
    memcpy(row + i * ROWS_PER_PANEL * ROW_LENGTH, m->drafts[i]->row, sizeof m->drafts[i]->row);
    loss[i] = 0;
    for (int j = 0; j < ROWS_PER_PANEL; j++)
      loss[i] = fmax(loss[i], whole_loss(&m->drafts[i]->row[j]));
  }
  *length = HEAD_LENGTH + n * PANEL_LENGTH;
  *numbers = made;
  return ELFIN_OK;
}

elfin_status loss_rows_new(const loss_wanted *wanted, loss_range range, size_t *n, double **numbers,
                           elfin_error *err)
{
  double step = range.v_top / (ROWS_NODES - 1);
  maker m = {.row = {*wanted, step}, .range = range};
  elfin_status status = ELFIN_OK;
  m.drafts = calloc(MOST_PANELS, sizeof(draft *));
  if (!m.drafts)
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for rows of a response");
  for (double E = range.omega_min; E < range.omega_max && m.n_levels < MOST_LEVELS; E *= LEVEL_STEP)
    m.level[m.n_levels++] = E;
  if (!status)
    status = first_panels(&m, err);
  for (int round = 0; !status && round < MOST_ROUNDS && refine(&m, &status, err); round++)
    ;
  if (!status)
    status = pack(&m, n, numbers, err);
  for (size_t i = 0; m.drafts && i < m.n; i++)
    free(m.drafts[i]);
  free(m.drafts);
  return status;
}

elfin_status loss_rows_view(size_t n, const double numbers[], loss_rows **made, elfin_error *err)
{
  rows_head head = {.n_panels = -1};
  if (n >= HEAD_LENGTH)
    memcpy(&head, numbers, sizeof head);
  if (!(head.n_panels >= 0 && head.n_panels <= MOST_PANELS) ||
      head.n_panels != floor(head.n_panels) ||
      n != HEAD_LENGTH + (size_t)head.n_panels * PANEL_LENGTH)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "not the rows of a response");
  loss_rows *rows = calloc(1, sizeof *rows);
  if (!rows)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for rows of a response");
  rows->step = head.step;
  rows->omega_min = head.omega_min;
  rows->omega_max = head.omega_max;
  memcpy(rows->kronrod, head.kronrod, sizeof rows->kronrod);
  memcpy(rows->gauss, head.gauss, sizeof rows->gauss);
  rows->n_panels = (size_t)head.n_panels;
  rows->width = numbers + HEAD_LENGTH;
  rows->loss = rows->width + rows->n_panels;
  rows->row = (const loss_row *)(rows->loss + rows->n_panels);
  *made = rows;
  return ELFIN_OK;
}

void loss_rows_free(loss_rows *rows)
{
  if (!rows)
    return;
  free(rows->own);
  free(rows);
}
