/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file limit_likelihood.c
 * All bins in one Poisson likelihood [limit.h, ELFIN_LIMIT_LIKELIHOOD].
 *
 *   ln L(s) = Σ n ln(s μ + b) − (s μ + b),   q(s) = −2 ln L(s)/L(ŝ) if ŝ < s, else 0;  ŝ ≥ 0
 *   CL_s(s) = P(q(s) ≥ seen; s)/P(q(s) ≥ seen; 0),  the limit: CL_s = 1 − CL
 *
 * d ln L/ds is convex and falls, so Newton's steps from below reach ŝ without passing it. A bin
 * without signal says nothing, and is left out. Without background L depends on Σ n only: then, and
 * with one bin, the limit is that of the total count.
 *
 * Otherwise the probabilities are sums over experiments, drawn once and weighted by L(s)/L(drawn),
 * so that CL_s is almost smooth in s. They are drawn with the means that the data like best, be it
 * with a negative signal: the tail that is asked for is then about half of them, and not one in ten
 * or in a hundred. Where ŝ > 0, the denominator has experiments of its own, of background alone.
 */
#include "limits/limits.h"

#include <gsl/gsl_rng.h>

#include <math.h>
#include <stdlib.h>

enum { N_TOYS = 4096, MOST_NEWTON = 60, MOST_STEPS = 60, SEED = 20101007 };
/* A Poisson distribution is summed up to so many of its widths about the mean. */
enum { WIDTHS = 8, MARGIN = 40 };
static const double NEWTON_ACCURACY = 1e-10;
static const double ROOT_ACCURACY = 1e-4;
/* P(q ≥ seen) includes toys that equal what was seen: their q is rounded as it is. */
static const double SAME = 1e-9;
/* No mean that is drawn from is below this share of the one near the limit. */
static const double LEAST_SHARE = 0.3;

/** Experiments. */
typedef struct toys {
  double *counts;    /* [N_TOYS * n] element [i_toy * n + i] */
  double *best;      /* [N_TOYS] ŝ ≥ 0 */
  double *log_best;  /* [N_TOYS] ln L(ŝ) */
  double *log_drawn; /* [N_TOYS] ln L of the means they were drawn with */
} toys;

typedef struct likelihood {
  size_t n;
  double *mu, *b, *seen; /* [n] bins with a signal */
  double *mean, *log_at; /* [n] means to draw with; ln(s μ + b) */
  double total, nothing; /* Σ μ, Σ b */
  toys liked, without;   /* drawn with what the data like; with background alone */
  bool one_set;          /* `liked` serves both */
  double offset;         /* ln of a typical weight in `liked` at s = 0, divided out of both tails */
} likelihood;

/* ---- ln L -------------------------------------------------------------------------------------
 */

/* d ln L/ds, and its own derivative. */
static double slope(const likelihood *l, const double n[], double s, double *curvature)
{
  double sum = -l->total;
  *curvature = 0;
  for (size_t i = 0; i < l->n; i++) {
    if (n[i] == 0)
      continue;
    double ratio = l->mu[i] / (s * l->mu[i] + l->b[i]);
    sum += n[i] * ratio;
    *curvature -= n[i] * ratio * ratio;
  }
  return sum;
}

/* The strength at which the slope vanishes, from `at`, which is not above it; `at` if it is. */
static double climb(const likelihood *l, const double n[], double at)
{
  double curvature;
  for (int step = 0; step < MOST_NEWTON; step++) {
    double f = slope(l, n, at, &curvature);
    if (!(f > 0) || curvature == 0)
      break;
    double more = -f / curvature;
    at += more;
    if (more <= NEWTON_ACCURACY * fabs(at))
      break;
  }
  return at;
}

/* ŝ ≥ 0. Bins without background alone give a value that is not above it. */
static double best_strength(const likelihood *l, const double n[])
{
  double at = 0;
  for (size_t i = 0; i < l->n; i++)
    if (l->b[i] == 0)
      at += n[i] / l->total;
  return climb(l, n, at);
}

/* Σ n ln m − total */
static double log_likelihood(size_t n_bins, const double n[], const double log_mean[], double total)
{
  double sum = -total;
  for (size_t i = 0; i < n_bins; i++)
    if (n[i] > 0)
      sum += n[i] * log_mean[i];
  return sum;
}

static double log_likelihood_at(const likelihood *l, const double n[], double s)
{
  double sum = -(s * l->total + l->nothing);
  for (size_t i = 0; i < l->n; i++)
    if (n[i] > 0)
      sum += n[i] * log(s * l->mu[i] + l->b[i]);
  return sum;
}

/* ---- experiments ------------------------------------------------------------------------------
 */

/** The Poisson distribution of one bin: P(N ≤ first + i), up to where nothing is left of it. */
typedef struct distribution {
  double first;
  size_t n;
  double *below; /* [n] */
} distribution;

static bool distribution_open(distribution *d, double mean)
{
  d->n = (size_t)(2 * WIDTHS * sqrt(mean)) + MARGIN;
  d->first = fmax(0, floor(mean - WIDTHS * sqrt(mean)));
  d->below = malloc(d->n * sizeof *d->below);
  double sum = 0;
  for (size_t i = 0; d->below && i < d->n; i++) {
    double k = d->first + (double)i;
    sum += mean > 0 ? exp(-mean + k * log(mean) - lgamma(k + 1)) : i == 0;
    d->below[i] = sum;
  }
  return d->below;
}

/* The least count with P(N ≤ count) ≥ u. */
static double count_at(const distribution *d, double u)
{
  size_t low = 0, high = d->n - 1;
  while (low < high) {
    size_t middle = (low + high) / 2;
    if (d->below[middle] < u)
      low = middle + 1;
    else
      high = middle;
  }
  return d->first + (double)low;
}

/* Bin i of all experiments: one in each N_TOYS-th of its distribution, in random order. So each
 * bin's distribution is met almost exactly, and the error is left to how bins combine. */
static bool draw_bin(gsl_rng *dice, const likelihood *l, size_t i, double counts[])
{
  distribution d;
  if (!distribution_open(&d, l->mean[i]))
    return false;
  for (size_t k = 0; k < N_TOYS; k++) {
    size_t other = gsl_rng_uniform_int(dice, k + 1);
    if (other < k)
      counts[k * l->n + i] = counts[other * l->n + i];
    counts[other * l->n + i] = count_at(&d, ((double)k + gsl_rng_uniform_pos(dice)) / N_TOYS);
  }
  free(d.below);
  return true;
}

static void toys_free(toys *t)
{
  free(t->counts);
  *t = (toys){0};
}

/* Experiments with the means l->mean. */
static bool toys_draw(likelihood *l, unsigned long seed, toys *t)
{
  t->counts = malloc(N_TOYS * (l->n + 3) * sizeof *t->counts);
  gsl_rng *dice = gsl_rng_alloc(gsl_rng_mt19937);
  bool fine = t->counts && dice;
  if (dice)
    gsl_rng_set(dice, seed);
  for (size_t i = 0; fine && i < l->n; i++)
    fine = draw_bin(dice, l, i, t->counts);
  if (dice)
    gsl_rng_free(dice);
  if (!fine) {
    toys_free(t);
    return false;
  }
  t->best = t->counts + N_TOYS * l->n;
  t->log_best = t->best + N_TOYS;
  t->log_drawn = t->log_best + N_TOYS;
  double drawn = 0;
  for (size_t i = 0; i < l->n; i++) {
    drawn += l->mean[i];
    l->log_at[i] = log(l->mean[i]);
  }
  for (size_t k = 0; k < N_TOYS; k++) {
    const double *n = t->counts + k * l->n;
    t->best[k] = best_strength(l, n);
    t->log_best[k] = log_likelihood_at(l, n, t->best[k]);
    t->log_drawn[k] = log_likelihood(l->n, n, l->log_at, drawn);
  }
  return true;
}

/* ---- CL_s -------------------------------------------------------------------------------------
 */

static void logarithms(likelihood *l, double s)
{
  for (size_t i = 0; i < l->n; i++)
    l->log_at[i] = log(s * l->mu[i] + l->b[i]);
}

/* Which experiments have q(s) ≥ seen: q of each, compared; P of them at strength s, and, where the
 * set serves both, at strength 0. */
static void tails(likelihood *l, const toys *t, double s, double seen, double *with,
                  double *without)
{
  double sum = 0, sum_without = 0, total = s * l->total + l->nothing;
  for (size_t k = 0; k < N_TOYS; k++) {
    const double *n = t->counts + k * l->n;
    if (t->best[k] >= s)
      continue;
    double log_s = log_likelihood(l->n, n, l->log_at, total);
    if (2 * (t->log_best[k] - log_s) < seen)
      continue;
    sum += exp(log_s - t->log_drawn[k] - l->offset);
    if (without)
      sum_without += exp(log_likelihood_at(l, n, 0) - t->log_drawn[k] - l->offset);
  }
  *with = sum / N_TOYS;
  if (without)
    *without = sum_without / N_TOYS;
}

/* P of background alone, from experiments of it. */
static double share_of_background(likelihood *l, double s, double seen)
{
  size_t passed = 0;
  double total = s * l->total + l->nothing;
  for (size_t k = 0; k < N_TOYS; k++) {
    const double *n = l->without.counts + k * l->n;
    passed += l->without.best[k] < s &&
              2 * (l->without.log_best[k] - log_likelihood(l->n, n, l->log_at, total)) >= seen;
  }
  return (double)passed / N_TOYS;
}

/* ln CL_s. A tail without an experiment: of s, it is excluded; of background alone, it counts as
 * half an experiment. */
static double log_cls(likelihood *l, double s)
{
  double best = best_strength(l, l->seen), with, without;
  if (best >= s)
    return 0;
  logarithms(l, s);
  double seen = 2 * (log_likelihood_at(l, l->seen, best) - log_likelihood_at(l, l->seen, s));
  seen *= 1 - SAME;
  tails(l, &l->liked, s, seen, &with, l->one_set ? &without : NULL);
  if (!l->one_set)
    without = share_of_background(l, s, seen);
  if (!l->one_set)
    without = fmax(without, 0.5 / N_TOYS);
  return with > 0 && without > 0 ? log(with) - log(without) : -HUGE_VAL;
}

/* ---- the limit --------------------------------------------------------------------------------
 */

static void likelihood_close(likelihood *l)
{
  free(l->mu);
  toys_free(&l->liked);
  toys_free(&l->without);
}

static bool likelihood_open(const elfin_counts *counts, likelihood *l)
{
  *l = (likelihood){0};
  size_t n = counts->n;
  l->mu = malloc(5 * n * sizeof *l->mu);
  if (!l->mu)
    return false;
  l->b = l->mu + n;
  l->seen = l->b + n;
  l->mean = l->seen + n;
  l->log_at = l->mean + n;
  for (size_t i = 0; i < n; i++) {
    if (counts->signal[i] == 0)
      continue;
    l->mu[l->n] = counts->signal[i];
    l->b[l->n] = counts->background ? counts->background[i] : 0;
    l->seen[l->n] = counts->observed[i];
    l->total += l->mu[l->n];
    l->nothing += l->b[l->n++];
  }
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
    l->mean[i] = l->b[i] > 0 ? l->b[i] * exp(-theta * weight_of(l, i, guess))
                             : LEAST_SHARE * guess * l->mu[i];
  return ELFIN_OK;
}

/* ln of the weight at s = 0 of an experiment like the data. */
static double weight_of_data(const likelihood *l)
{
  double sum = 0;
  for (size_t i = 0; i < l->n; i++) {
    sum += l->mean[i] - l->b[i];
    if (l->seen[i] > 0)
      sum += l->seen[i] * log(l->b[i] / l->mean[i]);
  }
  return sum;
}

/* Draw; `guess` is a strength near the limit. */
static elfin_status draw_all(likelihood *l, double guess, elfin_error *err)
{
  double liked = best_strength(l, l->seen);
  bool fine = true;
  l->one_set = liked == 0;
  if (l->one_set) {
    elfin_status status = tilt(l, guess, err);
    if (status)
      return status;
    l->offset = weight_of_data(l);
  } else {
    for (size_t i = 0; i < l->n; i++)
      l->mean[i] = l->b[i];
    fine = toys_draw(l, SEED + 1, &l->without);
    for (size_t i = 0; i < l->n; i++)
      l->mean[i] = fmax(liked * l->mu[i] + l->b[i], LEAST_SHARE * (guess * l->mu[i] + l->b[i]));
  }
  fine = fine && toys_draw(l, SEED, &l->liked);
  return fine ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "a limit: no memory");
}

/** How far ln L has fallen from its highest value, and how far it shall. */
typedef struct fall {
  const likelihood *of;
  double highest, wanted;
} fall;

static double fallen(double s, const void *context)
{
  const fall *f = context;
  return f->highest - log_likelihood_at(f->of, f->of->seen, s) - f->wanted;
}

/* Where ln L has fallen by −ln(1 − CL): the limit itself where nothing was seen, and a little above
 * it otherwise. */
static elfin_status first_guess(const likelihood *l, double wanted, double *guess, elfin_error *err)
{
  double best = best_strength(l, l->seen);
  fall f = {l, log_likelihood_at(l, l->seen, best), -wanted};
  return limits_root(fallen, &f, best, best - wanted / l->total, guess, err);
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
  double low = best_strength(l, l->seen), f_low = -wanted, f;
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
  likelihood_close(&l);
  return status;
}
