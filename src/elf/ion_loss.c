/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file ion_loss.c
 * D(ω) = ∫ k² Z(k)² ELF(ω,k) dk: what the electrons take from an ion of charge Z(k) that is shaken, in
 * the soft limit [docs/migdal.md; arXiv:2011.09496, arXiv:2104.12786], from k = 10 eV to the response's
 * highest or k_cut.
 *
 * It depends on no dark matter, so it is made once, as Chebyshev series in ln ω:
 *   oscillators   sections of ln ω, which end where inner shells have their edges; all energies of a
 *                 piece share the momenta that they are evaluated at (integrate_rows), for what costs
 *                 most depends on k alone
 *   a table       sections end where the table's ω do; in k, Gauss' rule from point to point, of the
 *                 table's and of Z(k)'s: ELF and Z are smooth in between
 *   electron gas  each ω for itself, between the ends of its band
 * The ELF is evaluated, not interpolated. */
#include "elf/ion_loss.h"

#include "elf/elf_table.h"
#include "numerics/numerics.h"

#include <gsl/gsl_integration.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the accuracy of a rate: what the series may take, and what the integrals over k. */
static const double SHARE_OF_SERIES = 0.1, SHARE_OF_K = 0.3;
/* D(ω) is not wanted below this part of the gap, and of a metal below this [eV]. */
static const double OF_GAP = 0.5, METAL_OMEGA = 8e-4;
/* A section of an analytic response is not longer than this in ln ω. */
static const double SECTION = 0.25;
/* What continues a table in k is integrated in sections of this in ln k. */
static const double TAIL_SECTION = 0.1;
/* Points of the series on a piece: between a table's knots little happens. */
enum { ORDER_ANALYTIC = 12, ORDER_TABLE = 6 };
/* What is still wrong after a doubling of the momenta, in units of what it changed. */
static const double STILL_WRONG = 2;
/* Momenta for a piece, to begin with, and at most: then what is reached is taken, and said. */
enum { FEWEST_MOMENTA = 500, MOST_MOMENTA = 32000 };
/* Points of Gauss' rule from knot to knot, and of the one that tells its error; into how many parts the way is cut
 * at most where a coarse table wants it. */
enum { POINTS = 5, POINTS_CHECK = 4, MOST_CUTS = 16 };
enum { MOST_PARTS = 64 };

/* One that is kept with its response. */
typedef struct ion_losses {
  struct ion_losses *next;
  ion_loss of;
  size_t n_breaks, n_parts, n_taken;
  double *breaks;       /* [n_breaks] sections of ln ω */
  size_t n_knots;
  double *knots;        /* [n_knots] of k; a table's */
  series made;
} ion_losses;

/* ---- sections and knots ------------------------------------------------------------------------ */

void ion_loss_range(const elfin_response *response, double *low, double *high)
{
  double gap = response->material ? response->material->gap_eV.value : 0;
  *low = fmax(response->about.omega_min_eV, gap > 0 ? OF_GAP * gap : METAL_OMEGA);
  *high = response->about.omega_max_eV;
}

static double lowest_k(const ion_loss *of)
{
  return fmax(of->response->about.k_min_eV, ION_LOSS_K_MIN);
}

static double highest_k(const ion_loss *of)
{
  return fmin(of->response->about.k_max_eV, of->k_cut);
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** Sorted, none twice, none outside. */
static size_t tidy(size_t n, double x[], double low, double high)
{
  size_t kept = 0;
  qsort(x, n, sizeof *x, ascending);
  for (size_t i = 0; i < n; i++)
    if (x[i] >= low && x[i] <= high && (kept == 0 || x[i] > x[kept - 1]))
      x[kept++] = x[i];
  return kept;
}

static elfin_status find_breaks(ion_losses *l, elfin_error *err)
{
  double low, high;
  ion_loss_range(l->of.response, &low, &high);
  const elf_table *table = l->of.response->table;
  size_t n_sections = (size_t)ceil(log(high / low) / SECTION), n = table ? table->n_omega : n_sections;
  l->breaks = malloc((n + 2 + RESPONSE_MOST_EDGES) * sizeof *l->breaks);
  if (!l->breaks)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the Migdal effect in %s", l->of.response->name);
  l->breaks[0] = low;
  l->breaks[1] = high;
  for (size_t i = 0; i < n; i++)
    l->breaks[i + 2] = table ? table->omega[i] : low * pow(high / low, (double)i / (double)n);
  n += 2 + response_edges(l->of.response, l->breaks + n + 2);
  l->n_breaks = tidy(n, l->breaks, low, high);
  for (size_t i = 0; i < l->n_breaks; i++)
    l->breaks[i] = log(l->breaks[i]);
  return ELFIN_OK;
}

static elfin_status find_knots(ion_losses *l, elfin_error *err)
{
  const elf_table *table = l->of.response->table;
  size_t n_charge = l->of.ion ? elfin_form_factor_kinks(l->of.ion, 0, NULL) : 0;
  double low = lowest_k(&l->of), high = highest_k(&l->of), last = table->k[table->n_k - 1];
  size_t n_beyond = high > last ? (size_t)ceil(log(high / last) / TAIL_SECTION) : 0;
  size_t n = table->n_k + n_beyond + 2;
  l->knots = malloc((n + n_charge) * sizeof *l->knots);
  if (!l->knots)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the Migdal effect in %s", l->of.response->name);
  memcpy(l->knots, table->k, table->n_k * sizeof *l->knots);
  for (size_t i = 0; i < n_beyond; i++)
    l->knots[table->n_k + i] = last * exp(TAIL_SECTION * (double)(i + 1));
  l->knots[n - 2] = low;
  l->knots[n - 1] = high;
  if (n_charge)
    elfin_form_factor_kinks(l->of.ion, n_charge, l->knots + n);
  l->n_knots = tidy(n + n_charge, l->knots, low, high);
  return ELFIN_OK;
}

/* ---- what is kept ------------------------------------------------------------------------------ */

static bool is_same(const ion_loss *a, const ion_loss *b)
{
  return a->ion == b->ion && (a->ion || a->charge == b->charge) && a->k_cut == b->k_cut &&
         a->accuracy == b->accuracy;
}

static ion_losses *find(const ion_loss *wanted)
{
  for (ion_losses *l = wanted->response->kept->losses; l; l = l->next)
    if (is_same(&l->of, wanted))
      return l;
  return NULL;
}

static void free_one(ion_losses *l)
{
  free(l->breaks);
  free(l->knots);
  series_clear(&l->made);
  free(l);
}

void ion_losses_free(ion_losses *list)
{
  for (ion_losses *next; list; list = next) {
    next = list->next;
    free_one(list);
  }
}

/** The one that is kept, or a new one without its series. */
static elfin_status find_or_begin(const ion_loss *wanted, ion_losses **found, elfin_error *err)
{
  *found = find(wanted);
  if (*found)
    return ELFIN_OK;
  ion_losses *l = calloc(1, sizeof *l);
  if (!l)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the Migdal effect");
  l->of = *wanted;
  elfin_status status = find_breaks(l, err);
  if (!status && wanted->response->table)
    status = find_knots(l, err);
  if (status) {
    free_one(l);
    return status;
  }
  size_t n_sections = l->n_breaks ? l->n_breaks - 1 : 0;
  l->n_parts = n_sections < MOST_PARTS ? n_sections : MOST_PARTS;
  l->next = wanted->response->kept->losses;
  wanted->response->kept->losses = l;
  *found = l;
  return ELFIN_OK;
}

const series *ion_loss_series(const ion_loss *wanted)
{
  const ion_losses *l = find(wanted);
  return l && l->n_taken == l->n_parts ? &l->made : NULL;
}

size_t ion_loss_n_parts_of_all(const ion_loss *wanted)
{
  ion_losses *l;
  /* without memory now, there is none when a part is made either, and that says so */
  return find_or_begin(wanted, &l, NULL) ? 0 : l->n_parts;
}

size_t ion_loss_n_parts(const ion_loss *wanted)
{
  ion_losses *l;
  return find_or_begin(wanted, &l, NULL) || l->n_taken == l->n_parts ? 0 : l->n_parts;
}

/* ---- integrals over k -------------------------------------------------------------------------- */

typedef struct sampler {
  const ion_losses *of;
  size_t n;
  const double *omega; /* [n] */
} sampler;

static double charge2(const ion_loss *of, double k)
{
  double Z = of->charge;
  if (of->ion)
    elfin_form_factor_at(of->ion, 1, &k, &Z);
  return Z * Z;
}

/** k² Z² ELF at all energies. */
static void row(const sampler *s, double k, double f[])
{
  const loss_wanted elf = {.response = s->of->of.response, .screening = true}; /* accuracy 0: computed */
  double momenta[SERIES_ORDER], weight = k * k * charge2(&s->of->of, k);
  for (size_t i = 0; i < s->n; i++)
    momenta[i] = k;
  loss_values(&elf, s->n, s->omega, momenta, f);
  for (size_t i = 0; i < s->n; i++)
    f[i] *= weight;
}

/** From knot to knot, each way in so many parts. */
static void by_gauss(const sampler *s, size_t n_cuts, double D[], double *noise)
{
  gsl_integration_glfixed_table *rule[2] = {gsl_integration_glfixed_table_alloc(POINTS),
                                            gsl_integration_glfixed_table_alloc(POINTS_CHECK)};
  const double *knots = s->of->knots;
  double sum[2][SERIES_ORDER] = {{0}}, f[SERIES_ORDER], k, weight;
  for (size_t i_part = 0; i_part < n_cuts * (s->of->n_knots - 1); i_part++)
    for (int r = 0; r < 2; r++)
      for (size_t j = 0; j < (r ? POINTS_CHECK : POINTS); j++) {
        size_t i_knot = i_part / n_cuts, i_cut = i_part % n_cuts;
        double step = (knots[i_knot + 1] - knots[i_knot]) / (double)n_cuts;
        double low = knots[i_knot] + step * (double)i_cut;
        double high = i_cut + 1 == n_cuts ? knots[i_knot + 1] : low + step;
        gsl_integration_glfixed_point(low, high, j, &k, &weight, rule[r]);
        row(s, k, f);
        for (size_t i = 0; i < s->n; i++)
          sum[r][i] += weight * f[i];
      }
  *noise = 0;
  for (size_t i = 0; i < s->n; i++) {
    D[i] = sum[0][i];
    *noise = fmax(*noise, fabs(sum[0][i] - sum[1][i]));
  }
  gsl_integration_glfixed_table_free(rule[0]);
  gsl_integration_glfixed_table_free(rule[1]);
}

/** In more and more parts until the rules agree: from one knot of a coarse table to the next the ELF may do much. */
static void from_knot_to_knot(const sampler *s, double D[], double *noise)
{
  for (size_t n_cuts = 1; n_cuts <= MOST_CUTS; n_cuts *= 2) {
    double largest = 0;
    by_gauss(s, n_cuts, D, noise);
    for (size_t i = 0; i < s->n; i++)
      largest = fmax(largest, fabs(D[i]));
    if (*noise <= SHARE_OF_K * s->of->of.accuracy * largest)
      return;
  }
}

/** Rows of oscillators, in ln k. */
static void rows_in_log(void *context, size_t m, const double x[], double f[])
{
  const sampler *s = context;
  for (size_t j = 0; j < m; j++) {
    double k = exp(x[j]), *at = f + j * s->n;
    row(s, k, at);
    for (size_t i = 0; i < s->n; i++)
      at[i] *= k;
  }
}

/** Twice as many momenta until nothing changes any more. Cubature's own estimate, a sum of what its rules
 * differ by on hundreds of intervals, is a hundred times too large where many weak edges of oscillators cross
 * the line; what a doubling changes is about what is still wrong (tests/rates/test_migdal.c). */
static elfin_status by_rows(sampler *s, double D[], double *noise, elfin_error *err)
{
  double before[SERIES_ORDER], unused[SERIES_ORDER];
  double low = log(lowest_k(&s->of->of)), high = log(highest_k(&s->of->of));
  double change = INFINITY, largest = 0;
  elfin_status status = ELFIN_OK;
  for (long n = FEWEST_MOMENTA; n <= MOST_MOMENTA && !status; n *= 2) {
    memcpy(before, D, s->n * sizeof *D);
    status = integrate_rows(s->n, rows_in_log, s, low, high, SHARE_OF_K * s->of->of.accuracy, n, D, unused,
                            err);
    if (n == FEWEST_MOMENTA)
      continue;
    change = largest = 0;
    for (size_t i = 0; i < s->n; i++) {
      change = fmax(change, fabs(D[i] - before[i]));
      largest = fmax(largest, fabs(D[i]));
    }
    if (change <= SHARE_OF_K * s->of->of.accuracy * largest)
      break;
  }
  *noise = STILL_WRONG * change;
  return status;
}

/** The electron gas at one ω: within its band k_low … k_high, whose square-root ends k = k_low +
 * width (1 − cos πx)/2 takes away. */
typedef struct band {
  const ion_losses *of;
  double omega, low, high;
} band;

static void on_band(void *context, size_t i_panel, size_t n, const double x[], double f[])
{
  const band *b = context;
  (void)i_panel;
  sampler s = {b->of, 1, &b->omega};
  for (size_t i = 0; i < n; i++) {
    double width = b->high - b->low;
    row(&s, b->low + 0.5 * width * (1 - cos(M_PI * x[i])), &f[i]);
    f[i] *= 0.5 * width * M_PI * sin(M_PI * x[i]);
  }
}

static elfin_status by_bands(const sampler *s, double D[], double *noise, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; i < s->n && !status; i++) {
    band b = {.of = s->of, .omega = s->omega[i]};
    integral sum = {0};
    lindhard_band(&s->of->of.response->gas, b.omega, &b.low, &b.high);
    b.low = fmax(b.low, lowest_k(&s->of->of));
    b.high = fmin(b.high, highest_k(&s->of->of));
    integral_request r = {.dim = 1, .n_panels = b.low < b.high, .f = on_band, .context = &b,
                          .relative = SHARE_OF_K * s->of->of.accuracy, .max_evaluations = 1000000};
    status = integrate_panels(&r, &sum, err);
    D[i] = sum.value;
    *noise = fmax(*noise, sum.error);
  }
  return status;
}

/** D at the energies of one piece: a series_function, of ln ω. */
static elfin_status sample(void *context, size_t n, const double x[], double D[], double *noise,
                           elfin_error *err)
{
  const ion_losses *l = context;
  double omega[SERIES_ORDER];
  sampler s = {l, n, omega};
  for (size_t i = 0; i < n; i++)
    omega[i] = exp(x[i]);
  if (elfin_interrupted())
    return elfin_fail(err, ELFIN_E_STOPPED, "stopped while %s was prepared", l->of.response->name);
  if (!(lowest_k(&l->of) < highest_k(&l->of))) {
    memset(D, 0, n * sizeof *D);
    return ELFIN_OK;
  }
  if (l->of.response->gas.omega_p > 0)
    return by_bands(&s, D, noise, err);
  if (!l->of.response->table)
    return by_rows(&s, D, noise, err);
  from_knot_to_knot(&s, D, noise);
  return ELFIN_OK;
}

/* ---- parts ------------------------------------------------------------------------------------- */

/** Sections i_part·n/n_parts … of the sections. */
static size_t first_section(const ion_losses *l, size_t i_part)
{
  return i_part * (l->n_breaks - 1) / l->n_parts;
}

elfin_status ion_loss_make_part(const ion_loss *wanted, size_t i_part, size_t *n, double **numbers,
                                elfin_error *err)
{
  ion_losses *l;
  elfin_status status = find_or_begin(wanted, &l, err);
  if (status)
    return status;
  if (i_part >= l->n_parts)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no part %zu", wanted->response->name, i_part);
  series made = {0};
  series_request r = {.order = wanted->response->table ? ORDER_TABLE : ORDER_ANALYTIC,
                      .relative = SHARE_OF_SERIES * wanted->accuracy, .f = sample, .context = l};
  for (size_t i = first_section(l, i_part); i < first_section(l, i_part + 1) && !status; i++)
    status = series_append(&made, &r, l->breaks[i], l->breaks[i + 1], err);
  if (status) {
    series_clear(&made);
    return status;
  }
  *n = made.n * (sizeof *made.piece / sizeof(double)); /* a piece is doubles throughout */
  *numbers = (double *)made.piece;
  return ELFIN_OK;
}

elfin_status ion_loss_take_part(const ion_loss *wanted, size_t i_part, size_t n,
                                const double numbers[], elfin_error *err)
{
  ion_losses *l;
  size_t per_piece = sizeof(series_piece) / sizeof(double);
  elfin_status status = find_or_begin(wanted, &l, err);
  if (status)
    return status;
  if (i_part >= l->n_parts || i_part > l->n_taken || n % per_piece)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: part %zu of the Migdal effect, of %zu numbers, does "
                      "not fit", wanted->response->name, i_part, n);
  if (i_part < l->n_taken)
    return ELFIN_OK; /* known */
  status = series_append_pieces(&l->made, n / per_piece, (const series_piece *)numbers, err);
  if (!status)
    l->n_taken++;
  return status;
}
