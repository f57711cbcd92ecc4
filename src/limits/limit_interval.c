/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limit_interval.c
 * Yellin's optimum interval [limit.h; physics/0203002, section III].
 *
 * Lengths are in expected events, so that the range has length μ and the signal is uniform on it.
 * x_n is the longest interval with at most n events inside; C_n(x, μ) the probability, for signal
 * alone, that x_n is below x; C_max the largest C_n(x_n, μ) over n; and C̄_max(CL, μ) the value
 * below which C_max is with probability CL. A strength is excluded where C_max of the data exceeds
 * C̄_max.
 *
 * Both come from N_TOYS experiments for each μ of a grid, drawn from a seed that is the μ's own;
 * half of them are C_n, the other half says how C_max is distributed, so that no toy is compared
 * with itself. Between grid points C_max − C̄_max is interpolated linearly in ln μ. For n ≥ N, the
 * events of a toy, x_n = μ; C_n(μ, μ) counts the toys with more than n events.
 */
#include "limits/limits.h"

#include <gsl/gsl_rng.h>

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { N_TABLE = 4000, N_TRIALS = 4000, SEED = 66032005 };
enum { DIGIT_BITS = 11, N_DIGITS = 1 << DIGIT_BITS, RANGE = (1 << 2 * DIGIT_BITS) - 1 };
static const double MU_STEP = 1.08; /* of the grid */
static const double MU_FIRST = 0.01;
static const double MU_LAST =
    320;                         /* beyond the limit at any CL that toys can tell, for 200 events */
static const double SURE = 1e-4; /* P(N ≤ n; μ): of so many events too few, whatever their gaps */

/** What is known at one μ. */
typedef struct interval_table {
  double mu;
  size_t n_most;     /* most events that a toy had */
  uint32_t *longest; /* [(n_most + 1) * N_TABLE] x_n/μ * RANGE, ascending for each n */
  double *c_max;     /* [N_TRIALS] ascending */
} interval_table;

struct elfin_interval_tables {
  size_t n;
  interval_table *at; /* [n], mu = 0 where nobody asked yet */
};

/* ---- one experiment ---------------------------------------------------------------------------
 */

/* longest[k] = the longest interval with at most k events inside, of ascending at[0] = 0, n events,
 * RANGE. */
static void longest_intervals(size_t n, const uint32_t at[], uint32_t longest[])
{
  for (size_t k = 0; k <= n; k++) {
    uint32_t most = 0;
    for (size_t i = 0; i + k <= n; i++) {
      uint32_t length = at[i + k + 1] - at[i];
      most = length > most ? length : most;
    }
    longest[k] = most;
  }
}

/* Share of the table's toys whose x_n is below x; toys with ≤ n events have x_n = RANGE. */
static double share_below(const interval_table *table, size_t n, uint32_t x)
{
  if (n > table->n_most)
    return 0;
  const uint32_t *row = table->longest + n * N_TABLE;
  size_t low = 0, high = N_TABLE;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (row[middle] < x)
      low = middle + 1;
    else
      high = middle;
  }
  return (double)low / N_TABLE;
}

static double c_max_of(const interval_table *table, size_t n, const uint32_t longest[])
{
  double most = 0;
  for (size_t k = 0; k <= n; k++) {
    double share = share_below(table, k, longest[k]);
    most = share > most ? share : most;
  }
  return most;
}

/* ---- a table ----------------------------------------------------------------------------------
 */

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* A row in ascending order: by its low digit, then, keeping that order, by its high one. */
static void sort_row(uint32_t row[])
{
  uint32_t other[N_TABLE], *from = row, *to = other;
  for (unsigned shift = 0; shift <= DIGIT_BITS; shift += DIGIT_BITS) {
    uint16_t next[N_DIGITS] = {0}, before = 0;
    for (size_t i = 0; i < N_TABLE; i++)
      next[from[i] >> shift & (N_DIGITS - 1)]++;
    for (size_t digit = 0; digit < N_DIGITS; digit++) {
      uint16_t n = next[digit];
      next[digit] = before;
      before = (uint16_t)(before + n);
    }
    for (size_t i = 0; i < N_TABLE; i++)
      to[next[from[i] >> shift & (N_DIGITS - 1)]++] = from[i];
    from = to;
    to = row;
  }
}

/* Events of one toy, their distances exponential; at[0] = 0 and at[n + 1] = RANGE. */
static size_t draw(gsl_rng *dice, double mu, size_t n_most, uint32_t at[])
{
  size_t n = 0;
  double x = 0;
  at[0] = 0;
  while (n < n_most && (x -= log(gsl_rng_uniform_pos(dice)) / mu) < 1)
    at[++n] = (uint32_t)(x * RANGE);
  at[n + 1] = RANGE;
  return n;
}

static void fill(interval_table *table, gsl_rng *dice, uint32_t at[], uint32_t longest[])
{
  size_t n_most = table->n_most;
  for (size_t i = 0; i < N_TABLE; i++) {
    size_t n = draw(dice, table->mu, n_most, at);
    longest_intervals(n, at, longest);
    for (size_t k = 0; k <= n_most; k++)
      table->longest[k * N_TABLE + i] = k < n ? longest[k] : RANGE;
  }
  for (size_t k = 0; k <= n_most; k++)
    sort_row(table->longest + k * N_TABLE);
  for (size_t i = 0; i < N_TRIALS; i++) {
    size_t n = draw(dice, table->mu, n_most, at);
    longest_intervals(n, at, longest);
    table->c_max[i] = c_max_of(table, n, longest);
  }
  qsort(table->c_max, N_TRIALS, sizeof *table->c_max, ascending);
}

static bool make(interval_table *table, double mu, size_t index)
{
  table->n_most = (size_t)(mu + 10 * sqrt(mu)) + 20;
  size_t n = table->n_most;
  gsl_rng *dice = gsl_rng_alloc(gsl_rng_mt19937);
  uint32_t *memory = malloc(2 * (n + 2) * sizeof *memory);
  table->longest = malloc((n + 1) * N_TABLE * sizeof *table->longest);
  table->c_max = malloc(N_TRIALS * sizeof *table->c_max);
  bool fine = dice && memory && table->longest && table->c_max;
  if (fine) {
    gsl_rng_set(dice, SEED + index);
    table->mu = mu;
    fill(table, dice, memory, memory + n + 2);
  } else {
    free(table->longest);
    free(table->c_max);
    *table = (interval_table){0};
  }
  free(memory);
  if (dice)
    gsl_rng_free(dice);
  return fine;
}

static const interval_table *table_at(elfin_interval_tables *tables, size_t index)
{
  interval_table *table = &tables->at[index];
  if (table->mu > 0 || make(table, MU_FIRST * pow(MU_STEP, (double)index), index))
    return table;
  return NULL;
}

elfin_status elfin_interval_tables_new(elfin_interval_tables **tables, elfin_error *err)
{
  elfin_interval_tables *made = calloc(1, sizeof *made);
  if (made) {
    made->n = (size_t)ceil(log(MU_LAST / MU_FIRST) / log(MU_STEP)) + 1;
    made->at = calloc(made->n, sizeof *made->at);
  }
  if (!made || !made->at) {
    free(made);
    return elfin_fail(err, ELFIN_E_MEMORY, "tables of intervals: no memory");
  }
  *tables = made;
  return ELFIN_OK;
}

void elfin_interval_tables_free(elfin_interval_tables *tables)
{
  if (!tables)
    return;
  for (size_t i = 0; i < tables->n; i++) {
    free(tables->at[i].longest);
    free(tables->at[i].c_max);
  }
  free(tables->at);
  free(tables);
}

/* ---- the limit --------------------------------------------------------------------------------
 */

/** C̄_max. */
static double exceeded_by_chance(const interval_table *table, double confidence)
{
  size_t rank = (size_t)ceil(confidence * N_TRIALS);
  return table->c_max[rank < 1 ? 0 : rank - 1];
}

/** How far C_max of the data is above C̄_max; > 0: excluded. NAN: no memory. */
static double excess(elfin_interval_tables *tables, size_t index, size_t n,
                     const uint32_t longest[], double confidence)
{
  const interval_table *table = table_at(tables, index);
  return table ? c_max_of(table, n, longest) - exceeded_by_chance(table, confidence) : NAN;
}

static size_t index_of(const elfin_interval_tables *tables, double mu)
{
  double index = floor(log(mu / MU_FIRST) / log(MU_STEP));
  return (size_t)fmin(fmax(index, 0), (double)(tables->n - 1));
}

double limits_c_max(elfin_interval_tables *tables, double mu, double confidence)
{
  size_t low = index_of(tables, mu), high = low + 1 < tables->n ? low + 1 : low;
  const interval_table *below = table_at(tables, low), *above = table_at(tables, high);
  if (!below || !above)
    return NAN;
  double share = low < high ? log(mu / below->mu) / log(MU_STEP) : 0;
  double of_below = exceeded_by_chance(below, confidence);
  return of_below + share * (exceeded_by_chance(above, confidence) - of_below);
}

/* The first point of the grid that is excluded, and interpolated with the one before it. Without
 * any event the limit is −ln(1 − CL), and no other is below it; P(N ≤ n; μ) = SURE is above all. */
static elfin_status limit_on_grid(elfin_interval_tables *tables, size_t n, const uint32_t longest[],
                                  double confidence, double *mu, elfin_error *err)
{
  double top;
  elfin_status status =
      limits_events((double)n, 0, 1 - fmin(SURE, (1 - confidence) / 10), &top, err);
  if (status)
    return status;
  size_t low = index_of(tables, -log1p(-confidence));
  size_t high = index_of(tables, top) + 1 < tables->n ? index_of(tables, top) + 1 : tables->n - 1;
  double f_low = excess(tables, low, n, longest, confidence);
  double f_high = excess(tables, high, n, longest, confidence);
  while (high - low > 1) {
    size_t middle = (low + high) / 2;
    double f = excess(tables, middle, n, longest, confidence);
    *(f > 0 ? &f_high : &f_low) = f;
    *(f > 0 ? &high : &low) = middle;
  }
  if (isnan(f_low) || isnan(f_high))
    return elfin_fail(err, ELFIN_E_MEMORY, "tables of intervals: no memory");
  double share = f_high > f_low ? fmax(0, -f_low) / (f_high - f_low) : 1;
  *mu = fmax(-log1p(-confidence), MU_FIRST * pow(MU_STEP, (double)low + fmin(1, share)));
  return ELFIN_OK;
}

/* [n + 1]; yours. @return NULL: no memory */
static uint32_t *longest_of_data(size_t n, const double at[])
{
  uint32_t *longest = malloc((n + 1) * sizeof *longest);
  uint32_t *position = malloc((n + 2) * sizeof *position);
  for (size_t i = 0; position && i < n + 2; i++)
    position[i] = (uint32_t)(at[i] * RANGE);
  if (longest && position)
    longest_intervals(n, position, longest);
  else {
    free(longest);
    longest = NULL;
  }
  free(position);
  return longest;
}

elfin_status limits_check_interval(size_t n_events, double confidence, elfin_error *err)
{
  elfin_status status = limits_check_confidence(confidence, err);
  if (status)
    return status;
  if (confidence > 1 - 20.0 / N_TRIALS)
    return elfin_fail(err, ELFIN_E_VALIDITY,
                      "an optimum interval at a confidence level of %g: its tables go up to %g",
                      confidence, 1 - 20.0 / N_TRIALS);
  if (n_events > ELFIN_INTERVAL_MOST_EVENTS)
    return elfin_fail(err, ELFIN_E_VALIDITY,
                      "an optimum interval among %zu events: its tables go up to %d; count them in "
                      "bins",
                      n_events, ELFIN_INTERVAL_MOST_EVENTS);
  return ELFIN_OK;
}

elfin_status elfin_limit_optimum_interval(elfin_interval_tables *tables, size_t n,
                                          const double cumulative[], double total,
                                          double confidence, double *strength, elfin_error *err)
{
  double *at = NULL;
  elfin_status status = limits_check_interval(n, confidence, err);
  if (status)
    return status;
  if ((status = limits_sorted_events(n, cumulative, total, &at, err)))
    return status;
  uint32_t *longest = longest_of_data(n, at);
  free(at);
  double mu = -log1p(-confidence);
  if (!longest)
    status = elfin_fail(err, ELFIN_E_MEMORY, "%zu events: no memory", n);
  else if (n > 0 && total > 0)
    status = limit_on_grid(tables, n, longest, confidence, &mu, err);
  free(longest);
  if (!status)
    *strength = total > 0 ? mu / total : INFINITY;
  return status;
}
