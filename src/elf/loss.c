/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file loss.c
 * What a rate integrates, W(ω,k): the ELF, or Im ε without screening [docs/electron.md].
 *
 * A list of oscillators costs some 15 ns an oscillator and point. So it is evaluated once into an
 * interpolant of W k/ω in (ln k, ln ω), smooth where W is (it tends to a constant for ω → 0), over
 * all that any halo can reach: ω ≤ k V_TOP. What lies beyond is computed.
 * It steps where the loss does, at edges of inner shells.
 * Electrons begin at the gap, and few rates ask for less: what lies below half of it has an interpolant, and
 * rows, of its own, made when it is asked for.
 * The factor k puts the weight between that of a massless mediator (1/k) and of a heavy one (k³).
 */
#include "elf/elf.h"

#include "elf/elf_table.h"
#include "elf/loss_inner.h"
#include "numerics/numerics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fastest dark matter that the interpolant serves [c]: 870 km/s. */
static const double V_TOP = 2.9e-3;
/* From here on only the innermost shells respond, at energies far below their ridges: what that adds
 * to a rate falls with k, and so may its accuracy [eV]. */
static const double K_FADE = 2e4;
/* Highest energy that the interpolant of a metal leaves to be computed [eV]. */
static const double METAL_OMEGA = 8e-4;

/* Below this no response says anything [eV]. */
static const double OMEGA_FLOOR = 1e-6;

/* Of a smooth table, a row is cut at every so-many-th node: slopes are continuous there. */
enum { SMOOTH_STEP = 2 };

/* Where oscillators continue a table in k, its rows are not cut at their edges: what that may do to a rate
 * (relative; measured up to 2.2e-5, of Al). */
static const double TAIL_ERROR = 5e-5;

/* An interpolant reaches this much (relative) beyond its rows. */
static const double ON_EDGE = 1e-9;

/** Interpolants for three ranges of accuracy; below the last one, values are computed.
 * `tolerance` bounds the sum of the patches' errors; rates come out better, see `rate_error`, which
 * tests/rates measures. */
static const struct level {
  double accuracy;   /* for requests of this relative accuracy and looser */
  double tolerance;
  double rate_error; /* relative error of a rate */
} levels[] = {{1e-4, 1e-4, 5e-5}, {1e-5, 1.5e-5, 3e-6}, {1e-6, 1.5e-6, 3e-7}};
enum { N_LEVELS = sizeof levels / sizeof *levels };

struct preparation {
  patchwork *work[2][N_LEVELS];     /* [screening][level] */
  patchwork *below[2];              /* [screening] at the first level */
  loss_rows *rows[2][2];            /* [screening][below] */
  struct loss_bin_sets *bins[2][2]; /* [screening][below] of these rows */
};

struct preparation *preparation_new(void)
{
  return calloc(1, sizeof(struct preparation));
}

void preparation_free(struct preparation *p)
{
  for (int i = 0; p && i < 2 * N_LEVELS; i++)
    patchwork_free(p->work[i / N_LEVELS][i % N_LEVELS]);
  for (int i = 0; p && i < 2; i++) {
    patchwork_free(p->below[i]);
    for (int below = 0; below < 2; below++) {
      loss_rows_free(p->rows[i][below]);
      loss_bin_sets_free(p->bins[i][below]);
    }
  }
  free(p);
}

static bool serves(int level, double accuracy)
{
  return accuracy >= levels[level].accuracy * (1 - 1e-9);
}

/** The level that serves an accuracy; −1: none, values are computed. */
static int level_for(const elfin_response *response, double accuracy)
{
  for (int level = 0; response->oscillators && level < N_LEVELS; level++)
    if (serves(level, accuracy))
      return level;
  return -1;
}

double loss_interpolation_error(const elfin_response *response, double accuracy)
{
  int level = level_for(response, accuracy);
  if (response->tail && serves(0, accuracy))
    return TAIL_ERROR;
  return level < 0 ? 0 : levels[level].rate_error;
}

/* ---- the interpolants ------------------------------------------------------------------------ */

/** Where the interpolant of oscillators begins. */
static double usual_omega(const elfin_response *response)
{
  double gap = response->material ? response->material->gap_eV.value : 0;
  return gap > 0 ? 0.5 * gap : METAL_OMEGA;
}

double loss_omega_min(const elfin_response *response)
{
  return fmax(response->about.omega_min_eV, OMEGA_FLOOR);
}

double loss_border(const elfin_response *response)
{
  if (response->oscillators)
    return exp(log(usual_omega(response))) * (1 + ON_EDGE);
  return response->table ? fmax(response->about.omega_min_eV, METAL_OMEGA) : 0;
}

static patch_domain domain_of(const elfin_response *response, bool below)
{
  const elfin_response_info *about = &response->about;
  double omega = below ? about->omega_min_eV * (1 - ON_EDGE) : usual_omega(response);
  double end = below ? loss_border(response) * (1 + ON_EDGE) : about->omega_max_eV;
  patch_domain domain = {.x0 = log(fmax(omega / V_TOP, about->k_min_eV)),
                         .x1 = log(about->k_max_eV),
                         .y0 = log(omega),
                         .y1 = log(end),
                         .diagonal = log(V_TOP),
                         .x_fade = log(K_FADE)};
  domain.n_steps = response_edges(response, domain.step);
  for (size_t i = 0; i < domain.n_steps; i++)
    domain.step[i] = log(domain.step[i]);
  return domain;
}

typedef struct sampler {
  const elfin_response *response;
  bool screening;
} sampler;

/** 1/ε at n energies of one momentum, as far as W needs it. */
static void inverse_row(const elfin_response *response, bool screening, size_t n,
                        const double omega[], double k, double complex inverse[])
{
  const response_kind *kind = response->kind;
  (screening && kind->loss_row ? kind->loss_row : kind->inverse_row)(response, n, omega, k, inverse);
}

/** W before it is clamped at 0, which would be a kink. */
static double loss_of(double complex inverse, bool screening)
{
  double re = creal(inverse), im = cimag(inverse);
  return screening ? -im : -im / (re * re + im * im);
}

static void sample(void *context, double x, size_t n, const double y[], double f[])
{
  const sampler *s = context;
  double omega[16] = {0}, k = exp(x);
  double complex inverse[16];
  for (size_t i = 0; i < n; i++)
    omega[i] = exp(y[i]);
  inverse_row(s->response, s->screening, n, omega, k, inverse);
  for (size_t i = 0; i < n; i++)
    f[i] = loss_of(inverse[i], s->screening) * k / omega[i];
}

/** Where the interpolant for what is wanted is kept; NULL: none is to be. */
static patchwork **slot_of(const loss_wanted *w)
{
  int level = level_for(w->response, w->accuracy);
  struct preparation *kept = w->response->preparation;
  if (level < 0 || (w->below && !loss_has_below(w)))
    return NULL;
  return w->below ? &kept->below[w->screening] : &kept->work[w->screening][level];
}

/** Of what lies below the border, one bin takes a small part of many decades, while `tolerance` is of all of them:
 * hence that of the next level (GaAs from 0 to 10 meV: 2e-4 off by that of its own). */
static double tolerance_of(const loss_wanted *w)
{
  int level = level_for(w->response, w->accuracy);
  return levels[w->below && level + 1 < N_LEVELS ? level + 1 : level].tolerance;
}

/** The interpolant, complete or not; NULL: none is to be. */
static elfin_status find(const loss_wanted *w, patchwork **work, elfin_error *err)
{
  patchwork **slot = slot_of(w);
  elfin_status status = ELFIN_OK;
  *work = NULL;
  if (!slot)
    return ELFIN_OK;
  if (!*slot)
    status = patchwork_new(domain_of(w->response, w->below), tolerance_of(w), slot, err);
  *work = *slot;
  return status;
}

size_t loss_n_tiles(const loss_wanted *w)
{
  patchwork *work;
  return find(w, &work, NULL) || !work ? 0 : patchwork_n_tiles(work);
}

size_t loss_n_parts(const loss_wanted *w)
{
  patchwork *work;
  if (find(w, &work, NULL) || !work || patchwork_complete(work))
    return 0;
  return patchwork_n_tiles(work);
}

static elfin_status no_part(const loss_wanted *w, size_t i_part, elfin_error *err)
{
  return elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no part %zu", w->response->name, i_part);
}

elfin_status loss_make_part(const loss_wanted *w, size_t i_part, size_t *n, double **numbers,
                            elfin_error *err)
{
  patchwork *work;
  elfin_status status = find(w, &work, err);
  if (status)
    return status;
  if (!work || i_part >= patchwork_n_tiles(work))
    return no_part(w, i_part, err);
  sampler s = {w->response, w->screening};
  return patchwork_make(work, i_part, sample, &s, n, numbers, err);
}

elfin_status loss_take_part(const loss_wanted *w, size_t i_part, size_t n, const double numbers[],
                            bool copy, elfin_error *err)
{
  patchwork *work;
  elfin_status status = find(w, &work, err);
  if (status)
    return status;
  if (!work)
    return no_part(w, i_part, err);
  return (copy ? patchwork_take : patchwork_borrow)(work, i_part, n, numbers, err);
}

/* ---- values ---------------------------------------------------------------------------------- */

/** Oscillators, run by run of equal momenta. */
static void computed_rows(const elfin_response *response, bool screening, size_t n,
                          const double omega[], const double k[], double loss[])
{
  enum { BLOCK = 64 };
  double complex inverse[BLOCK];
  for (size_t first = 0, last; first < n; first = last) {
    for (last = first + 1; last < n && last - first < BLOCK && k[last] == k[first];)
      last++;
    inverse_row(response, screening, last - first, omega + first, k[first], inverse);
    for (size_t i = first; i < last; i++)
      loss[i] = loss_of(inverse[i - first], screening);
  }
}

/** A table that oscillators continue whose loss alone takes less time than their ε. */
static void computed_with_tail(const elfin_response *response, size_t n, const double omega[],
                               const double k[], double loss[])
{
  for (size_t i = 0; i < n; i++)
    if (!table_tail_loss(response, omega[i], k[i], &loss[i])) {
      double eps1, eps2;
      response->kind->epsilon(response, 1, &omega[i], &k[i], &eps1, &eps2);
      loss[i] = eps2 / (eps1 * eps1 + eps2 * eps2);
    }
}

static void computed(const elfin_response *response, bool screening, size_t n, const double omega[],
                     const double k[], double loss[])
{
  enum { BLOCK = 128 };
  if (response->kind->inverse_row) {
    computed_rows(response, screening, n, omega, k, loss);
    return;
  }
  if (screening && response->tail && response->tail->kind->loss_row) {
    computed_with_tail(response, n, omega, k, loss);
    return;
  }
  double eps1[BLOCK], eps2[BLOCK];
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = n - first < BLOCK ? n - first : BLOCK;
    response->kind->epsilon(response, m, omega + first, k + first, eps1, eps2);
    for (size_t i = 0; i < m; i++)
      loss[first + i] = screening ? eps2[i] / (eps1[i] * eps1[i] + eps2[i] * eps2[i]) : eps2[i];
  }
}

/** W at those points that are not known yet (NaN). @return how many still are not */
static size_t look_up(const patchwork *work, size_t n, const double omega[], const double k[],
                      double loss[])
{
  enum { BLOCK = 128 };
  size_t at[BLOCK], missed = 0;
  double x[BLOCK], y[BLOCK], f[BLOCK];
  for (size_t first = 0; first < n; first += BLOCK) {
    size_t m = 0;
    for (size_t i = first; i < n && i < first + BLOCK; i++)
      if (isnan(loss[i])) {
        x[m] = log(k[i]);
        y[m] = log(omega[i]);
        at[m++] = i;
      }
    missed += patchwork_values(work, m, x, y, f);
    for (size_t j = 0; j < m; j++)
      loss[at[j]] = f[j] * (omega[at[j]] / k[at[j]]);
  }
  return missed;
}

static bool is_complete(const patchwork *work)
{
  return work && patchwork_complete(work);
}

void loss_values(const loss_wanted *w, size_t n, const double omega[], const double k[],
                 double loss[])
{
  const elfin_response *response = w->response;
  const elfin_response_info *about = &response->about;
  const struct preparation *kept = response->preparation;
  int level = level_for(response, w->accuracy);
  const patchwork *work = level < 0 ? NULL : kept->work[w->screening][level];
  if (is_complete(work)) {
    const patchwork *below = w->below ? kept->below[w->screening] : NULL;
    for (size_t i = 0; i < n; i++)
      loss[i] = NAN;
    size_t missed = look_up(work, n, omega, k, loss);
    if (missed && is_complete(below))
      missed = look_up(below, n, omega, k, loss);
    for (size_t i = 0; missed && i < n; i++)
      if (isnan(loss[i]))
        computed(response, w->screening, 1, omega + i, k + i, &loss[i]);
  } else {
    computed(response, w->screening, n, omega, k, loss);
  }
  for (size_t i = 0; i < n; i++)
    if (loss[i] < 0 || omega[i] > about->omega_max_eV || k[i] > about->k_max_eV ||
        omega[i] < about->omega_min_eV || k[i] < about->k_min_eV)
      loss[i] = 0;
}

/* ---- rows ------------------------------------------------------------------------------------ */

size_t loss_cuts(const loss_wanted *w, double k, double low, double high, size_t n_max,
                 double cut[])
{
  size_t n = 0;
  const struct elf_table *table = w->response->table;
  size_t step = response_is_bilinear(w->response) ? 1 : SMOOTH_STEP;
  for (size_t i = 0; table && i < table->n_omega; i += step)
    if (table->omega[i] > low && table->omega[i] < high && n < n_max)
      cut[n++] = table->omega[i];
  double edge[RESPONSE_MOST_EDGES];
  size_t n_edges = table ? response_edges(w->response, edge) : 0;
  for (size_t i = 0; i < n_edges; i++)
    if (edge[i] > low && edge[i] < high && n < n_max)
      cut[n++] = edge[i];
  patchwork *const *slot = slot_of(w);
  if (!slot)
    return n;
  n = patchwork_cuts(*slot, log(k), log(low), log(high), n_max, cut);
  for (size_t i = 0; i < n; i++)
    cut[i] = exp(cut[i]);
  return n;
}

/** Where rows are wanted; nowhere (k_max = 0) if there are to be none. */
static loss_range range_of(const loss_wanted *w)
{
  const elfin_response_info *about = &w->response->about;
  double border = loss_border(w->response);
  loss_range range = {.v_top = V_TOP};
  if (!serves(0, w->accuracy) || !(border > 0))
    return range;
  range.omega_min = w->below ? loss_omega_min(w->response) : border;
  range.omega_max = w->below ? border : about->omega_max_eV;
  range.k_min = fmax(range.omega_min / V_TOP, about->k_min_eV);
  range.k_max = range.omega_max > range.omega_min ? about->k_max_eV : 0;
  return range;
}

static bool has_rows(const loss_wanted *w)
{
  loss_range range = range_of(w);
  return range.k_max > range.k_min;
}

bool loss_has_below(const loss_wanted *w)
{
  loss_wanted below = *w;
  below.below = true;
  return has_rows(&below);
}

/** Rows are made of the interpolant, where there is to be one. */
static bool is_ready_for_rows(const loss_wanted *w)
{
  patchwork *const *slot = slot_of(w);
  const patchwork *usual = w->response->preparation->work[w->screening][0];
  return !slot || (is_complete(*slot) && is_complete(usual));
}

static loss_rows **rows_slot(const loss_wanted *w)
{
  return &w->response->preparation->rows[w->screening][w->below];
}

bool loss_rows_missing(const loss_wanted *w)
{
  return !*rows_slot(w) && has_rows(w);
}

elfin_status loss_rows_make(const loss_wanted *w, size_t *n, double **numbers, elfin_error *err)
{
  if (!has_rows(w) || !is_ready_for_rows(w))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no rows, or its other parts were not taken",
                      w->response->name);
  loss_wanted at_level = *w;
  at_level.accuracy = levels[0].accuracy;
  return loss_rows_new(&at_level, range_of(w), n, numbers, err);
}

/** The rows in `numbers` become the response's; with `own`, the numbers, too. */
static elfin_status keep_rows(const loss_wanted *w, size_t n, const double numbers[], double *own,
                              elfin_error *err)
{
  loss_rows **slot = rows_slot(w), *made = NULL;
  elfin_status status = loss_rows_view(n, numbers, &made, err);
  if (status)
    return status;
  made->own = own;
  loss_rows_free(*slot);
  *slot = made;
  return ELFIN_OK;
}

elfin_status loss_rows_take(const loss_wanted *w, size_t n, const double numbers[], bool copy,
                            elfin_error *err)
{
  if (!has_rows(w))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no rows", w->response->name);
  if (!copy)
    return keep_rows(w, n, numbers, NULL, err);
  double *mine = malloc((n + 1) * sizeof *mine);
  if (!mine)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for rows of a response");
  if (n)
    memcpy(mine, numbers, n * sizeof *mine);
  elfin_status status = keep_rows(w, n, mine, mine, err);
  if (status)
    free(mine);
  return status;
}

elfin_status loss_rows_of(const loss_wanted *w, const loss_rows **rows, elfin_error *err)
{
  loss_rows *const *slot = rows_slot(w);
  *rows = NULL;
  if (!has_rows(w))
    return ELFIN_OK;
  if (!*slot && is_ready_for_rows(w)) {
    size_t n = 0;
    double *numbers = NULL;
    elfin_status status = loss_rows_make(w, &n, &numbers, err);
    if (!status && (status = keep_rows(w, n, numbers, numbers, err)))
      free(numbers);
    if (status)
      return status;
  }
  *rows = *slot && (*slot)->n_panels ? *slot : NULL;
  return ELFIN_OK;
}

elfin_status loss_bins_of(const loss_wanted *w, const loss_rows *rows, size_t n,
                          const double edge[], loss_bins **bins, elfin_error *err)
{
  loss_row_maker row = {{w->response, w->screening, levels[0].accuracy, w->below}, rows->step};
  return loss_bins_in(&w->response->preparation->bins[w->screening][w->below], &row, rows, n, edge,
                      bins, err);
}

bool loss_bins_full(const loss_wanted *w)
{
  return loss_bin_sets_full(w->response->preparation->bins[w->screening][w->below]);
}
