/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file integrate.c
 * The one door to Cubature [S. G. Johnson, github.com/stevengj/cubature; Genz & Malik 1980,
 * Berntsen, Espelid & Genz 1991].
 *
 * hcubature answers 0 also when its budget runs out, stops at once at a NaN, and leaks when an
 * integrand stops it. So each call here has a budget; an integrand that is not finite counts as 0,
 * and is remembered with its coordinates; and the estimate is compared with the request.
 *
 * An integral is a sum over panels, cut by the caller at the kinks. A first pass evaluates each
 * panel with one rule. Then the error that the sum may have is shared among the panels: those that
 * are good enough keep what they have, the others get equal parts of what is left. A panel above its
 * share is cut at a weak kink that it has inside (a table's knots: too many to begin with), else
 * refined by Cubature. So no rule is trusted across a kink that matters.
 */
#include "numerics/numerics.h"

#include <cubature.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rounds of sharing: cutting at kinks halves their number each time, and then one is enough. */
static const int MAX_ROUNDS = 40;
/* Panels get this much of the error that the sum may have; the rest is for rounding. */
static const double SHARE = 0.9;
/* What one rule says of its own error is sometimes too good: a panel of which this part of the value
 * would matter is halved once, and the two answers are compared. */
static const double ONE_RULE = 0.01;
/* How often a half is halved for that reason alone: in two dimensions, where seventeen points see
 * little, and not in what a cut at kinks has compared already. */
enum { DEEPEST = 1 };
/* Evaluations of one rule: Gauss–Kronrod and Genz–Malik. */
enum { POINTS_1D = 15, POINTS_2D = 17 };
/* Evaluations between two looks at the wish to stop: some 0.3 ms. */
enum { LOOK_AFTER = 4096 };
/* Halving a panel where the rule is not yet at its full order still reduces the error by this. */
static const double HALVING = 0.125;
/* After a cut at kinks, each piece may be wrong by this part of the change: Richardson says 1/3 of
 * a rule of second order. A piece that has no kink left is better, by how much is a guess which
 * tests/rates holds against a thousand converged integrals. */
static const double AFTER_CUT = 0.3, AFTER_LAST_CUT = 0.15;
/* Cubature's estimate is of what it sees. Features that fall between its points, such as the many weak
 * edges of an oscillator list, make the true error larger: where the caller has named no kinks inside
 * of panels, the estimate counts this often. tests/bench/bench_electron.c --check measures it. */
static const double UNSEEN = 2;
/* A panel that needs another round gets at most this part of the error that it has. */
static const double PROGRESS = 0.25;

typedef struct estimate {
  double value, error;
  double doubt; /* ≥ error: decides whether to look closer */
} estimate;

typedef struct estimates {
  size_t n, room;
  estimate *of;
} estimates;

typedef struct call {
  const integral_request *request;
  size_t i_panel;
  long evaluations, looked; /* … when it last asked whether to stop */
  bool stopped;
  bool bad;
  double bad_x[2];
  size_t bad_panel;
} call;

static int evaluate(unsigned dim, size_t n, const double *x, void *context, unsigned n_f, double *f)
{
  (void)n_f;
  call *c = context;
  if (c->evaluations - c->looked >= LOOK_AFTER) {
    c->looked = c->evaluations;
    c->stopped = c->stopped || elfin_interrupted();
  }
  if (c->stopped) { /* Cubature is soon content with zeros, and leaks nothing */
    memset(f, 0, n * sizeof *f);
    return 0;
  }
  c->request->f(c->request->context, c->i_panel, n, x, f);
  c->evaluations += (long)n;
  for (size_t i = 0; i < n; i++)
    if (!isfinite(f[i])) {
      f[i] = 0;
      if (!c->bad) {
        c->bad = true;
        c->bad_panel = c->i_panel;
        c->bad_x[0] = x[i * dim];
        c->bad_x[1] = dim > 1 ? x[i * dim + 1] : 0;
      }
    }
  return 0;
}

static elfin_status call_cubature(call *c, const double low[2], const double high[2],
                                  size_t budget, double absolute, estimate *out, elfin_error *err)
{
  if (hcubature_v(1, evaluate, c, c->request->dim, low, high, budget, absolute, 0, ERROR_INDIVIDUAL,
                  &out->value, &out->error))
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for an integral");
  return ELFIN_OK;
}

/** A panel by one application of the rule. */
static elfin_status apply_rule(call *c, size_t i_panel, estimate *out, elfin_error *err)
{
  static const double low[2] = {0, 0}, high[2] = {1, 1};
  c->i_panel = i_panel;
  elfin_status status = call_cubature(c, low, high, 1, 0, out, err);
  out->doubt = out->error;
  return status;
}

/** A box to an absolute error, from its halves in each direction. How much that changed the value is a
 * second opinion on the error; it counts the less the more Cubature went on halving. A half that
 * matters and was content with one rule is halved in its turn. */
static elfin_status integrate_halves(call *c, const double low[2], const double high[2],
                                     double absolute, int depth, estimate *out, elfin_error *err)
{
  estimate total = {0};
  unsigned dim = c->request->dim;
  int n = dim == 1 ? 2 : 4;
  int deepest = dim == 2 && !c->request->kinks ? DEEPEST : 0;
  long points = dim == 1 ? POINTS_1D : POINTS_2D, before = c->evaluations;
  double width = 0.5 * (high[0] - low[0]), height = (dim == 1 ? 1 : 0.5) * (high[1] - low[1]);
  for (int i = 0; i < n; i++) {
    double from[2] = {low[0] + width * (i % 2), low[1] + height * (i / 2)};
    double to[2] = {from[0] + width, from[1] + height};
    long begin = c->evaluations, left = c->request->max_evaluations - begin;
    estimate part;
    elfin_status status = call_cubature(c, from, to, left > 1 ? (size_t)left : 1, absolute / n,
                                        &part, err);
    if (!status && depth < deepest && c->evaluations - begin <= points &&
        ONE_RULE * fabs(part.value) > absolute / n)
      status = integrate_halves(c, from, to, absolute / n, depth + 1, &part, err);
    if (status)
      return status;
    total.value += part.value;
    total.error += part.error;
  }
  double fineness = (double)(n * points) / (double)(c->evaluations - before);
  total.error = fmax(total.error, HALVING * fineness * fineness * fabs(total.value - out->value));
  *out = total;
  return ELFIN_OK;
}

/** A panel to an absolute error. */
static elfin_status integrate_panel(call *c, size_t i_panel, double absolute, estimate *out,
                                    elfin_error *err)
{
  static const double low[2] = {0, 0}, high[2] = {1, 1};
  double unseen = c->request->kinks ? 1 : UNSEEN;
  absolute = fmin(absolute, PROGRESS * out->doubt) / unseen;
  c->i_panel = i_panel;
  elfin_status status = integrate_halves(c, low, high, absolute, 0, out, err);
  out->error *= unseen;
  out->doubt = out->error;
  return status;
}

static elfin_status make_room(estimates *panels, size_t n, elfin_error *err)
{
  if (n <= panels->room)
    return ELFIN_OK;
  estimate *more = realloc(panels->of, 2 * n * sizeof *more);
  if (!more)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu panels", n);
  panels->of = more;
  panels->room = 2 * n;
  return ELFIN_OK;
}

static integral sum(const estimates *panels, long evaluations, double *doubt)
{
  integral total = {.evaluations = evaluations};
  *doubt = 0;
  for (size_t i = 0; i < panels->n; i++) {
    total.value += panels->of[i].value;
    total.error += panels->of[i].error;
    *doubt += panels->of[i].doubt;
  }
  total.error = fmax(total.error, INTEGRAL_ROUNDING * fabs(total.value));
  return total;
}

/** The error that each refined panel may have so that all together stay below `allowed`: panels
 * with less doubt keep what they have, the others share the rest equally. */
static double share_of(const estimates *panels, double allowed)
{
  double share = 0;
  for (size_t previous = panels->n + 1;;) {
    double kept = 0;
    size_t refined = 0;
    for (size_t i = 0; i < panels->n; i++)
      if (panels->of[i].doubt > share)
        refined++;
      else
        kept += panels->of[i].doubt;
    if (refined == 0 || refined == previous)
      return share;
    previous = refined;
    double next = (allowed - kept) / (double)refined;
    if (next <= share)
      return share;
    share = next;
  }
}

/** Estimates of panels first … first+n−1, by one rule each. */
static elfin_status estimate_panels(call *c, estimates *panels, size_t first, size_t n,
                                    elfin_error *err)
{
  elfin_status status = make_room(panels, first + n, err);
  for (size_t i = first; !status && i < first + n; i++)
    status = apply_rule(c, i, &panels->of[i], err);
  return status;
}

static bool kinked(const call *c, size_t i)
{
  const panel_kinks *kinks = c->request->kinks;
  return kinks && kinks->any(c->request->context, i);
}

/** A piece of a panel whose cutting changed the value by `change`. */
static void distrust(const call *c, estimates *panels, size_t i, double change)
{
  estimate *p = &panels->of[i];
  double least = (kinked(c, i) ? AFTER_CUT : AFTER_LAST_CUT) * change;
  if (p->error < least)
    p->error = p->doubt = least;
}

/** A panel above its share: cut it at a kink, or else leave it to Cubature. What a rule says about
 * a panel with kinks inside is not to be trusted, but how much the cut changed the value is. */
static elfin_status refine_panel(call *c, estimates *panels, size_t i, double share,
                                 elfin_error *err)
{
  const integral_request *request = c->request;
  size_t n_more = kinked(c, i) ? request->kinks->cut(request->context, i) : 0;
  if (n_more == 0)
    return integrate_panel(c, i, share, &panels->of[i], err);
  size_t first = panels->n;
  double change = panels->of[i].value;
  elfin_status status = estimate_panels(c, panels, first, n_more, err);
  if (!status)
    status = estimate_panels(c, panels, i, 1, err);
  if (status)
    return status;
  panels->n += n_more;
  change -= panels->of[i].value;
  for (size_t j = first; j < panels->n; j++)
    change -= panels->of[j].value;
  distrust(c, panels, i, fabs(change));
  for (size_t j = first; j < panels->n; j++)
    distrust(c, panels, j, fabs(change));
  return ELFIN_OK;
}

static double allowed_error(const integral_request *request, double value)
{
  return fmax(request->absolute, request->relative * fabs(value));
}

static elfin_status refine(call *c, estimates *panels, integral *result, elfin_error *err)
{
  double doubt;
  elfin_status status = estimate_panels(c, panels, 0, c->request->n_panels, err);
  panels->n = status ? 0 : c->request->n_panels;
  for (size_t i = 0; i < panels->n; i++) {
    estimate *p = &panels->of[i];
    if (kinked(c, i))
      p->error = fmax(p->error, fabs(p->value));
    p->doubt = fmax(p->error, ONE_RULE * fabs(p->value));
  }
  for (int round = 0; !status && round < MAX_ROUNDS; round++) {
    *result = sum(panels, c->evaluations, &doubt);
    double allowed = allowed_error(c->request, result->value);
    if (doubt <= allowed || c->evaluations >= c->request->max_evaluations || c->stopped)
      break;
    double share = share_of(panels, SHARE * allowed);
    for (size_t i = 0, n = panels->n; !status && i < n; i++)
      if (panels->of[i].doubt > share)
        status = refine_panel(c, panels, i, share, err);
  }
  *result = sum(panels, c->evaluations, &doubt);
  return status;
}

elfin_status integrate_panels(const integral_request *request, integral *result, elfin_error *err)
{
  *result = (integral){NAN, NAN, 0};
  if (request->n_panels > INTEGRAL_MAX_PANELS || request->dim < 1 || request->dim > 2)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "an integral of %zu panels in %u dimensions",
                      request->n_panels, request->dim);
  call c = {.request = request};
  estimates panels = {0};
  elfin_status status = refine(&c, &panels, result, err);
  free(panels.of);
  if (!status && c.stopped)
    status = elfin_fail(err, ELFIN_E_STOPPED, "stopped after %ld evaluations", c.evaluations);
  if (!status && c.bad)
    status = elfin_fail(err, ELFIN_E_VALIDITY,
                        "the integrand is not finite in panel %zu at (%.9g, %.9g)", c.bad_panel,
                        c.bad_x[0], c.bad_x[1]);
  if (!status && result->error > allowed_error(request, result->value))
    status = elfin_fail(err, ELFIN_E_ACCURACY,
                        "relative error %.1e where %.1e was asked, after %ld evaluations",
                        result->error / fabs(result->value), request->relative,
                        result->evaluations);
  return status;
}

/* ---- many integrals at once ------------------------------------------------------------------- */

typedef struct rows {
  row_function *f;
  void *context;
  bool stopped;
} rows;

static int evaluate_rows(unsigned dim, size_t m, const double *x, void *context, unsigned n, double *f)
{
  rows *r = context;
  (void)dim;
  r->stopped = r->stopped || elfin_interrupted();
  if (r->stopped)
    memset(f, 0, m * n * sizeof *f);
  else
    r->f(r->context, m, x, f);
  return 0;
}

elfin_status integrate_rows(size_t n, row_function *f, void *context, double low, double high,
                            double relative, long max_points, double value[], double error[],
                            elfin_error *err)
{
  rows r = {f, context, false};
  if (hcubature_v((unsigned)n, evaluate_rows, &r, 1, &low, &high, (size_t)max_points, 0, relative,
                  ERROR_LINF, value, error))
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu integrals", n);
  return r.stopped ? elfin_fail(err, ELFIN_E_STOPPED, "stopped within %zu integrals", n) : ELFIN_OK;
}
