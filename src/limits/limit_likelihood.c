/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limit_likelihood.c
 * All bins in one Poisson likelihood [limit.h, ELFIN_LIMIT_LIKELIHOOD].
 *
 *   ln L(s) = Σ n ln(s μ + b) − (s μ + b),   q(s) = −2 ln L(s)/L(ŝ) if ŝ < s, else 0;  ŝ ≥ 0
 *   CL_s(s) = P(q(s) ≥ seen; s)/P(q(s) ≥ seen; 0),  the limit: CL_s = 1 − CL
 *
 * A bin without signal says nothing, and is left out. Without background L depends on Σ n only:
 * then, and with one bin, the limit is that of the total count.
 *
 * Otherwise the probabilities are sums over experiments, drawn once and weighted by L(s)/L(drawn),
 * so that CL_s is almost smooth in s. Half of them are drawn with the means that the data like
 * best, the others with background alone; each counts as drawn from the mixture of both (the
 * balance heuristic: Veach and Guibas, SIGGRAPH 1995, p. 419), so that all serve both
 * probabilities. Where the data fall short of the background, all are drawn as if there were less
 * of it: the tail that is asked for is then about half of them, and not one in a hundred. Counts
 * come from Sobol's points, which fill the space of bins evenly, not from dice.
 */
#include "limits/limits.h"

#include <gsl/gsl_qrng.h>
#include <gsl/gsl_rng.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_TOYS = 1024, HALF = N_TOYS / 2, MOST_NEWTON = 60, MOST_STEPS = 60 };
/* GSL knows points of so many dimensions; bins beyond are by dice. */
enum { MOST_SOBOL = 40, SEED = 20101007 };
/* A Poisson distribution is summed up to so many of its widths about the mean. */
enum { WIDTHS = 8, MARGIN = 40, GUIDES = 256 };
/* Of ŝ; where it is reached, the step that was made has its square, and ln L is flat. */
static const double NEWTON_ACCURACY = 1e-6;
static const double ROOT_ACCURACY = 1e-4;
/* P(q ≥ seen) includes toys that equal what was seen: their q is rounded as it is. */
static const double SAME = 1e-9;
/* No mean that is drawn from is below this share of the one near the limit. */
static const double LEAST_SHARE = 0.3;
/* ln 0, for an event where none can be; no events times it are 0. */
static const double NEVER = -1e300;

/** Experiments; their counts bin by bin, since loops run over experiments. */
typedef struct toys {
  double *counts;    /* [n * N_TOYS] element [i * N_TOYS + i_toy] */
  double *best;      /* [N_TOYS] ŝ ≥ 0 */
  double *log_best;  /* [N_TOYS] ln L(ŝ) */
  double *log_drawn; /* [N_TOYS] ln of the density they were drawn from, and `offset` */
  double *without;   /* [N_TOYS] weight of background alone */
  double *log_at;    /* [N_TOYS] ln L(s) of the strength that is tried */
} toys;

typedef struct likelihood {
  size_t n;
  double *mu, *b, *seen; /* [n] bins with a signal */
  double *means[2];      /* [n] that each half of the experiments is drawn with */
  double *tried;         /* [n] s μ + b */
  double total, nothing; /* Σ μ, Σ b */
  double liked;          /* ŝ of the data */
  double offset;         /* ln of a typical weight, divided out of both tails */
  toys toys;
  void *memory; /* of all arrays; free() */
} likelihood;

/* ---- ln L -------------------------------------------------------------------------------------
 */

/* d ln L/ds of the counts n[i * stride], and its own derivative. */
static double slope(const likelihood *l, const double n[], size_t stride, double s,
                    double *curvature)
{
  double sum = -l->total;
  *curvature = 0;
  for (size_t i = 0; i < l->n; i++) {
    double count = n[i * stride];
    if (count == 0)
      continue;
    double ratio = l->mu[i] / (s * l->mu[i] + l->b[i]);
    sum += count * ratio;
    *curvature -= count * ratio * ratio;
  }
  return sum;
}

/* ŝ ≥ 0, by Newton's steps from any strength. The slope is convex and falls: the first step leads
 * below the root, the others up to it. Bins without background alone have a root of their own,
 * which is not above it. */
static double best_strength(const likelihood *l, const double n[], size_t stride, double start)
{
  double least = 0, curvature;
  for (size_t i = 0; i < l->n; i++)
    if (l->b[i] == 0)
      least += n[i * stride] / l->total;
  double at = fmax(start, least);
  for (int step = 0; step < MOST_NEWTON; step++) {
    double f = slope(l, n, stride, at, &curvature);
    if (at == least && !(f > 0))
      return least;
    double next = curvature < 0 ? fmax(least, at - f / curvature) : least;
    double moved = fabs(next - at);
    at = next;
    if (at > least && moved <= NEWTON_ACCURACY * at)
      break;
  }
  return at;
}

static double log_likelihood(const likelihood *l, const double n[], size_t stride, double s)
{
  double sum = -(s * l->total + l->nothing);
  for (size_t i = 0; i < l->n; i++)
    if (n[i * stride] > 0)
      sum += n[i * stride] * log(s * l->mu[i] + l->b[i]);
  return sum;
}

/* Σ n ln m − m of all experiments, m = means[i]. */
static void log_likelihoods(const likelihood *l, const double means[], double sum[])
{
  double total = 0;
  for (size_t i = 0; i < l->n; i++)
    total += means[i];
  for (size_t k = 0; k < N_TOYS; k++)
    sum[k] = -total;
  for (size_t i = 0; i < l->n; i++) {
    const double *n = l->toys.counts + i * N_TOYS;
    double logarithm = means[i] > 0 ? log(means[i]) : NEVER;
    for (size_t k = 0; k < N_TOYS; k++)
      sum[k] += n[k] * logarithm;
  }
}

/* ---- experiments ------------------------------------------------------------------------------
 */

/** The Poisson distribution of one bin: P(N ≤ first + i), up to where nothing is left of it, and
 * for each j the least i with P > j/GUIDES. */
typedef struct distribution {
  double first;
  size_t n;
  double *below; /* [n] */
  size_t guide[GUIDES];
} distribution;

static bool distribution_open(distribution *d, double mean)
{
  d->n = (size_t)(2 * WIDTHS * sqrt(mean)) + MARGIN;
  d->first = fmax(0, floor(mean - WIDTHS * sqrt(mean)));
  d->below = malloc(d->n * sizeof *d->below);
  if (!d->below)
    return false;
  double part = exp(-mean + (d->first > 0 ? d->first * log(mean) : 0) - lgamma(d->first + 1));
  double sum = 0;
  size_t j = 0;
  for (size_t i = 0; i < d->n; i++) {
    d->below[i] = sum += part;
    part *= mean / (d->first + (double)i + 1);
    for (; j < GUIDES && (sum * GUIDES > (double)j || i + 1 == d->n); j++)
      d->guide[j] = i;
  }
  return true;
}

/* The least count with P(N ≤ count) ≥ u. */
static double count_at(const distribution *d, double u)
{
  size_t i = d->guide[(size_t)(u * GUIDES)];
  while (i + 1 < d->n && d->below[i] < u)
    i++;
  return d->first + (double)i;
}

/** Where all the bins' coordinates in (0, 1) come from. */
typedef struct source {
  gsl_qrng *points;
  gsl_rng *dice;
  size_t n_points;
} source;

/* One half of the experiments, with means[n]; d[n] is room for them. */
static bool draw_half(const likelihood *l, source *from, const double means[], distribution d[],
                      double counts[])
{
  size_t n_open = 0;
  double u[MOST_SOBOL];
  while (n_open < l->n && distribution_open(&d[n_open], means[n_open]))
    n_open++;
  for (size_t k = 0; n_open == l->n && k < HALF; k++) {
    gsl_qrng_get(from->points, u);
    for (size_t i = 0; i < l->n; i++)
      counts[i * N_TOYS + k] =
          count_at(&d[i], i < from->n_points ? u[i] : gsl_rng_uniform(from->dice));
  }
  for (size_t i = 0; i < n_open; i++)
    free(d[i].below);
  return n_open == l->n;
}

static bool draw_counts(likelihood *l)
{
  size_t n_points = l->n < MOST_SOBOL ? l->n : MOST_SOBOL;
  source from = {gsl_qrng_alloc(gsl_qrng_sobol, (unsigned)n_points), gsl_rng_alloc(gsl_rng_mt19937),
                 n_points};
  distribution *d = malloc(l->n * sizeof *d);
  bool fine = from.points && from.dice && d;
  if (fine) {
    gsl_rng_set(from.dice, SEED);
    fine = draw_half(l, &from, l->means[0], d, l->toys.counts) &&
           draw_half(l, &from, l->means[1], d, l->toys.counts + HALF);
  }
  free(d);
  if (from.dice)
    gsl_rng_free(from.dice);
  if (from.points)
    gsl_qrng_free(from.points);
  return fine;
}

/* ln of the mixture's density, half of each. */
static double log_mean(double a, double b)
{
  double high = fmax(a, b), low = fmin(a, b);
  return high + log1p(exp(low - high)) - log(2);
}

/* Experiments with l->means, and what is known of them before a strength is tried. */
static bool toys_draw(likelihood *l)
{
  toys *t = &l->toys;
  if (!draw_counts(l))
    return false;
  log_likelihoods(l, l->means[0], t->log_drawn);
  log_likelihoods(l, l->means[1], t->log_at);
  for (size_t k = 0; k < N_TOYS; k++)
    t->log_drawn[k] = log_mean(t->log_drawn[k], t->log_at[k]) + l->offset;
  log_likelihoods(l, l->b, t->log_at);
  for (size_t k = 0; k < N_TOYS; k++) {
    t->without[k] = exp(t->log_at[k] - t->log_drawn[k]);
    t->best[k] = best_strength(l, t->counts + k, N_TOYS, l->liked);
    t->log_best[k] = log_likelihood(l, t->counts + k, N_TOYS, t->best[k]);
  }
  return true;
}

/* ---- CL_s -------------------------------------------------------------------------------------
 */

/* ln CL_s. A tail without an experiment: of s, it is excluded; of background alone, it counts as
 * half an experiment. */
static double log_cls(likelihood *l, double s)
{
  const toys *t = &l->toys;
  if (l->liked >= s)
    return 0;
  for (size_t i = 0; i < l->n; i++)
    l->tried[i] = s * l->mu[i] + l->b[i];
  log_likelihoods(l, l->tried, t->log_at);
  double seen = 2 * (log_likelihood(l, l->seen, 1, l->liked) - log_likelihood(l, l->seen, 1, s));
  double with = 0, without = 0;
  seen *= 1 - SAME;
  for (size_t k = 0; k < N_TOYS; k++) {
    if (t->best[k] >= s || 2 * (t->log_best[k] - t->log_at[k]) < seen)
      continue;
    with += exp(t->log_at[k] - t->log_drawn[k]);
    without += t->without[k];
  }
  if (l->liked > 0)
    without = fmax(without, 0.5);
  return with > 0 && without > 0 ? log(with) - log(without) : -HUGE_VAL;
}

/* ---- the limit --------------------------------------------------------------------------------
 */

/* Where each array begins, in one piece of memory. */
static bool take_memory(likelihood *l, size_t n)
{
  double **of_bins[] = {&l->mu, &l->b, &l->seen, &l->means[0], &l->means[1], &l->tried};
  double **of_toys[] = {&l->toys.best, &l->toys.log_best, &l->toys.log_drawn, &l->toys.without,
                        &l->toys.log_at};
  enum { N_BIN_ARRAYS = sizeof of_bins / sizeof *of_bins };
  enum { N_TOY_ARRAYS = sizeof of_toys / sizeof *of_toys };
  double *next = malloc((N_BIN_ARRAYS * n + N_TOYS * (N_TOY_ARRAYS + n)) * sizeof *next);
  l->memory = next;
  if (!next)
    return false;
  for (size_t i = 0; i < N_BIN_ARRAYS; i++, next += n)
    *of_bins[i] = next;
  for (size_t i = 0; i < N_TOY_ARRAYS; i++, next += N_TOYS)
    *of_toys[i] = next;
  l->toys.counts = next;
  return true;
}

static bool likelihood_open(const elfin_counts *counts, likelihood *l)
{
  *l = (likelihood){0};
  if (!take_memory(l, counts->n))
    return false;
  for (size_t i = 0; i < counts->n; i++) {
    if (counts->signal[i] == 0)
      continue;
    l->mu[l->n] = counts->signal[i];
    l->b[l->n] = counts->background ? counts->background[i] : 0;
    l->seen[l->n] = counts->observed[i];
    l->total += l->mu[l->n];
    l->nothing += l->b[l->n++];
  }
  l->liked = best_strength(l, l->seen, 1, 0);
  return true;
}

/** For experiments that have as little as the data: see tilt(). */
typedef struct tilting {
  const likelihood *of;
  double guess, wanted; /* Σ n w of the data */
} tilting;

static double weight_of(const likelihood *l, size_t i, double s)
{
  return log1p(s * l->mu[i] / l->b[i]);
}

/* Falls with θ; what is wanted, less that. */
static double too_many(double theta, const void *context)
{
  const tilting *t = context;
  double sum = 0;
  for (size_t i = 0; i < t->of->n; i++)
    if (t->of->b[i] > 0) {
      double w = weight_of(t->of, i, t->guess);
      sum += t->of->b[i] * exp(-theta * w) * w;
    }
  return t->wanted - sum;
}

/* Where ŝ = 0, q ≥ seen is Σ n w ≤ that of the data, w = ln(1 + s μ/b). Means b e^{−θ w} have this
 * as their expected value, however far the data fall short of the background; half an event is
 * added, or nothing at all would ask for θ = ∞. Bins without background have nothing, and may have
 * a little. */
static elfin_status tilt(likelihood *l, double guess, elfin_error *err)
{
  tilting t = {l, guess, 0};
  double theta = 0, most = 0;
  for (size_t i = 0; i < l->n; i++)
    if (l->b[i] > 0) {
      t.wanted += l->seen[i] * weight_of(l, i, guess);
      most = fmax(most, weight_of(l, i, guess));
    }
  t.wanted += 0.5 * most;
  if (too_many(0, &t) < 0) {
    elfin_status status = limits_root(too_many, &t, 0, 1, &theta, err);
    if (status)
      return status;
  }
  for (size_t i = 0; i < l->n; i++)
    l->means[0][i] = l->b[i] > 0 ? l->b[i] * exp(-theta * weight_of(l, i, guess))
                                 : LEAST_SHARE * guess * l->mu[i];
  return ELFIN_OK;
}

/* ln of the weight at s = 0 of an experiment like the data. */
static double weight_of_data(const likelihood *l)
{
  double sum = 0;
  for (size_t i = 0; i < l->n; i++) {
    sum += l->means[0][i] - l->b[i];
    if (l->seen[i] > 0)
      sum += l->seen[i] * log(l->b[i] / l->means[0][i]);
  }
  return sum;
}

/* Draw; `guess` is a strength near the limit. */
static elfin_status draw_all(likelihood *l, double guess, elfin_error *err)
{
  if (l->liked == 0) {
    elfin_status status = tilt(l, guess, err);
    if (status)
      return status;
    memcpy(l->means[1], l->means[0], l->n * sizeof *l->means[1]);
    l->offset = weight_of_data(l);
  } else {
    for (size_t i = 0; i < l->n; i++) {
      l->means[0][i] =
          fmax(l->liked * l->mu[i] + l->b[i], LEAST_SHARE * (guess * l->mu[i] + l->b[i]));
      l->means[1][i] = l->b[i];
    }
  }
  return toys_draw(l) ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "a limit: no memory");
}

/** How far ln L has fallen from its highest value, and how far it shall. */
typedef struct fall {
  const likelihood *of;
  double highest, wanted;
} fall;

static double fallen(double s, const void *context)
{
  const fall *f = context;
  return f->highest - log_likelihood(f->of, f->of->seen, 1, s) - f->wanted;
}

/* Where ln L has fallen by −ln(1 − CL): the limit itself where nothing was seen, and a little above
 * it otherwise. */
static elfin_status first_guess(const likelihood *l, double wanted, double *guess, elfin_error *err)
{
  fall f = {l, log_likelihood(l, l->seen, 1, l->liked), -wanted};
  return limits_root(fallen, &f, l->liked, l->liked - wanted / l->total, guess, err);
}

/* False position between `low`, where f > 0, and `high`, where f ≤ 0; f = ln CL_s − ln(1 − CL).
 * Illinois: an end that stays has its value halved, or it would stay for ever. */
static double root_between(likelihood *l, double wanted, double low, double f_low, double high,
                           double f_high)
{
  int stayed = 0;
  for (int step = 0; step < MOST_STEPS && high - low > ROOT_ACCURACY * high; step++) {
    double s =
        isfinite(f_high) ? (low * f_high - high * f_low) / (f_high - f_low) : 0.5 * (low + high);
    double f = log_cls(l, s) - wanted;
    if (fabs(f) < ROOT_ACCURACY)
      return s;
    if (f > 0) {
      low = s;
      f_low = f;
      f_high *= stayed == 1 ? 0.5 : 1;
      stayed = 1;
    } else {
      high = s;
      f_high = f;
      f_low *= stayed == -1 ? 0.5 : 1;
      stayed = -1;
    }
  }
  return high;
}

static double limit_by_toys(likelihood *l, double wanted, double high)
{
  double low = l->liked, f_low = -wanted, f;
  while ((f = log_cls(l, high) - wanted) > 0) {
    low = high;
    f_low = f;
    high *= 1.5;
  }
  return root_between(l, wanted, low, f_low, high, f);
}

elfin_status limits_likelihood(const elfin_counts *counts, double confidence, double *strength,
                               elfin_error *err)
{
  likelihood l;
  if (!likelihood_open(counts, &l))
    return elfin_fail(err, ELFIN_E_MEMORY, "a limit: no memory");
  double seen = 0, events, wanted = log1p(-confidence);
  for (size_t i = 0; i < l.n; i++)
    seen += l.seen[i];
  elfin_status status = ELFIN_OK;
  *strength = INFINITY;
  if (l.n > 0 && (l.n == 1 || l.nothing == 0)) {
    status = limits_events(seen, l.nothing, confidence, &events, err);
    if (!status)
      *strength = events / l.total;
  } else if (l.n > 0) {
    double guess;
    status = first_guess(&l, wanted, &guess, err);
    if (!status)
      status = draw_all(&l, guess, err);
    if (!status)
      *strength = limit_by_toys(&l, wanted, guess);
  }
  free(l.memory);
  return status;
}
