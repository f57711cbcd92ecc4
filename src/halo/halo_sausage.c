/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_sausage.c
 * Dark matter on radial orbits: the Sausage of SHM++ [Evans, O'Hare, McCabe, arXiv:1810.11468].
 *
 *   f(u) = exp(−u_r²/(2σ_r²) − u_t²/(2σ_t²)) Θ(v_esc − |u|) / N,   u_t² = u² − u_r²,
 *   σ_r² = 3 v0²/(2(3 − 2β)),   σ_t² = (1 − β) σ_r²
 * in the Galaxy, u_r along the line to its centre. β = 0 is the Maxwellian. In the laboratory u =
 * v + v_E, and with c the cosine between v and v_E the sphere |u| < v_esc is c < c_max(v), so that
 *   f1(v) = v² ∫_{−1}^{c_max} dc ∫_0^{2π} dφ f(v + v_E).
 * In φ, the integrand is periodic: the rule of equal steps converges like a Fourier series; in c it
 * is smooth: Gauss' rule. Their points double until f1 stands still. f1/(v (v_max − v)) is then
 * kept as Chebyshev series between the kinks, and η(v_min) = ∫ f1/v dv is an integral of
 * polynomials, all of them positive, summed from the fast end: its relative error stays small up to
 * v_max.
 */
#include "halo/gauss.h"
#include "halo/halo_inner.h"

#include "numerics/series.h"

#include <gsl/gsl_integration.h>

#include <math.h>
#include <stdlib.h>

/* Of f1, relative: between one number of points and the next, of a piece's largest, and in all. */
static const double STANDS_STILL = 1e-13, SERIES_ERROR = 1e-12;
static const double NORM_ERROR = 1e-10;
/* A shape below this part of the largest is as good as none. */
static const double NEGLIGIBLE = 1e-30;
/* Of an exponential, for each unit of its exponent. */
static const double ROUNDING = 4e-16;

/* Points of either rule; GSL keeps Gauss' rules of these lengths to full precision. */
enum { FEWEST = 32, MOST = 512, N_PROBES = 12 };

typedef struct sausage {
  double beta_t, beta_d; /* f = exp(−beta_t u² + beta_d u_r²)/N */
  double log_norm;       /* ln N */
  double v_esc, v_lab, v_kink, v_max;
  double r_along, r_across; /* the radial direction: its parts along v_E, and across */
  int edge;                 /* f1/v is divided by (v_max − v)^edge */
  double noise;             /* of the shape, relative */
  double largest;           /* shape seen */
  size_t n;                 /* points of the rules */
  gsl_integration_glfixed_table *rule;
  double cosine[MOST]; /* [n] of the angles φ */
  series shape;        /* f1/(v (v_max − v)^edge) */
  double *above;       /* [shape.n + 1] η where a piece begins */
} sausage;

static void sausage_clear(void *own)
{
  sausage *s = own;
  if (s->rule)
    gsl_integration_glfixed_table_free(s->rule);
  series_clear(&s->shape);
  free(s->above);
  free(s);
}

/* ---- f1 by its definition -------------------------------------------------------------------- */

/** Mean of f over the circle of directions with this cosine to v_E. */
static double mean_over_phi(const sausage *s, double v, double c)
{
  double u2 = v * v + s->v_lab * s->v_lab + 2 * v * s->v_lab * c;
  double along = (v * c + s->v_lab) * s->r_along;
  double across = v * sqrt(fmax((1 - c) * (1 + c), 0)) * s->r_across, sum = 0;
  for (size_t i = 0; i < s->n; i++) {
    double u_r = along + across * s->cosine[i];
    sum += exp(s->beta_d * u_r * u_r - s->beta_t * u2 - s->log_norm);
  }
  return sum / (double)s->n;
}

/** f1/(v (v_max − v)^edge). */
static double shape_at(const sausage *s, double v)
{
  double to_end = s->edge ? s->v_max - v : 1, sum = 0;
  double width_over = 2 / to_end; /* c_max + 1, over (v_max − v)^edge */
  if (s->edge && v > s->v_kink)
    width_over = (v + s->v_kink) / (2 * v * s->v_lab);
  double width = width_over * to_end;
  for (size_t i = 0; i < s->n; i++) {
    double at, weight;
    gsl_integration_glfixed_point(0, 1, i, &at, &weight, s->rule);
    sum += weight * mean_over_phi(s, v, -1 + width * at);
  }
  return 2 * M_PI * v * width_over * sum;
}

static elfin_status shapes(void *context, size_t n, const double v[], double f[], double *noise,
                           elfin_error *err)
{
  const sausage *s = context;
  (void)err;
  for (size_t i = 0; i < n; i++) {
    f[i] = shape_at(s, v[i]);
    *noise = fmax(*noise, s->noise * f[i]);
  }
  return ELFIN_OK;
}

static elfin_status set_points(sausage *s, size_t n, elfin_error *err)
{
  if (s->rule)
    gsl_integration_glfixed_table_free(s->rule);
  s->n = n;
  for (size_t i = 0; i < n; i++)
    s->cosine[i] = cos(M_PI * ((double)i + 0.5) / (double)n);
  s->rule = gsl_integration_glfixed_table_alloc(n);
  return s->rule ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "no memory for a halo");
}

static elfin_status too_anisotropic(elfin_error *err)
{
  return elfin_fail(err, ELFIN_E_ACCURACY,
                    "the halo is too anisotropic for %d points: its beta must be "
                    "further from 1",
                    MOST);
}

static elfin_status choose_points(sausage *s, elfin_error *err)
{
  double last[N_PROBES] = {0};
  for (size_t n = FEWEST; n <= MOST; n *= 2) {
    elfin_status status = set_points(s, n, err);
    if (status)
      return status;
    double worst = 0;
    for (int i = 0; i < N_PROBES; i++) {
      double f = shape_at(s, s->v_max * (i + 0.7) / N_PROBES);
      s->largest = fmax(s->largest, f);
      if (f > NEGLIGIBLE * s->largest)
        worst = fmax(worst, fabs(last[i] / f - 1));
      last[i] = f;
    }
    if (worst < s->noise)
      return ELFIN_OK;
  }
  return too_anisotropic(err);
}

/** ∫ f(u) d³u = 4π ∫ u² e^{−a u²} ∫_0^1 e^{−d u² (1 − x²)} dx du with a = beta_t − beta_d. */
static void normalise(sausage *s)
{
  double sum = 0;
  for (size_t i = 0; i < s->n; i++) {
    double u, weight, inner = 0;
    gsl_integration_glfixed_point(0, s->v_esc, i, &u, &weight, s->rule);
    for (size_t j = 0; j < s->n; j++) {
      double x, of_x;
      gsl_integration_glfixed_point(0, 1, j, &x, &of_x, s->rule);
      inner += of_x * exp(u * u * (s->beta_d * x * x - s->beta_t));
    }
    sum += weight * u * u * inner;
  }
  s->log_norm = log(4 * M_PI * sum);
}

/* ---- η as integrals of polynomials ----------------------------------------------------------- */

/** ∫ v^power f1/v dv within a piece: exact, the degree is below 32. */
static double integrate_piece(const sausage *s, const series_piece *p, double low, double high,
                              int power)
{
  double middle = 0.5 * (low + high), half = 0.5 * (high - low), sum = 0;
  for (int i = 0; i < 2 * GAUSS_HALF; i++) {
    double v = middle + (i % 2 ? half : -half) * gauss_node[i / 2];
    sum += gauss_weight[i / 2] * (s->edge ? s->v_max - v : 1) * (power ? v : 1) *
           series_piece_at(p, v);
  }
  return half * sum;
}

static elfin_status sum_up(sausage *s, elfin_error *err)
{
  size_t n = s->shape.n;
  s->above = calloc(n + 1, sizeof *s->above);
  if (!s->above)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a halo");
  double all = 0;
  for (size_t i = n; i-- > 0;) {
    const series_piece *p = &s->shape.piece[i];
    s->above[i] = s->above[i + 1] + integrate_piece(s, p, p->low, p->high, 0);
    all += integrate_piece(s, p, p->low, p->high, 1);
  }
  /* N was made in the Galaxy: what the rules have missed in the laboratory is missing here. */
  return fabs(all - 1) < NORM_ERROR ? ELFIN_OK : too_anisotropic(err);
}

static void sausage_eta(const elfin_halo *halo, size_t n, const double v_min[], double eta[])
{
  const sausage *s = halo->own;
  for (size_t i = 0; i < n; i++) {
    double v = v_min[i];
    if (!(v < halo->v_max)) {
      eta[i] = isnan(v) ? NAN : 0;
      continue;
    }
    size_t j = series_find(&s->shape, v);
    const series_piece *p = &s->shape.piece[j];
    eta[i] = s->above[j + 1] + integrate_piece(s, p, v, p->high, 0);
  }
}

static void sausage_f1(const elfin_halo *halo, size_t n, const double v[], double f1[])
{
  const sausage *s = halo->own;
  for (size_t i = 0; i < n; i++) {
    bool inside = v[i] < halo->v_max;
    f1[i] = isnan(v[i]) ? NAN
            : inside    ? v[i] * (s->edge ? s->v_max - v[i] : 1) *
                           series_piece_at(&s->shape.piece[series_find(&s->shape, v[i])], v[i])
                     : 0;
  }
}

/* ---- making one ------------------------------------------------------------------------------ */

static elfin_status prepare(sausage *s, size_t n_kinks, const double kink[], elfin_error *err)
{
  s->noise = STANDS_STILL + ROUNDING * s->beta_t * s->v_esc * s->v_esc;
  elfin_status status = set_points(s, MOST, err);
  if (status)
    return status;
  normalise(s);
  status = choose_points(s, err);
  const series_request request = {.order = SERIES_ORDER,
                                  .relative = SERIES_ERROR,
                                  .absolute = NEGLIGIBLE * s->largest,
                                  .f = shapes,
                                  .context = s};
  for (size_t i = 0; !status && i < n_kinks; i++)
    status = series_append(&s->shape, &request, i ? kink[i - 1] : 0, kink[i], err);
  return status ? status : sum_up(s, err);
}

elfin_status elfin_halo_new_sausage(double v0, double v_esc, double beta, const double v_lab[3],
                                    elfin_halo **halo, elfin_error *err)
{
  static const halo_kind kind = {.eta = sausage_eta, .f1 = sausage_f1, .clear = sausage_clear};
  double speed = sqrt(v_lab[0] * v_lab[0] + v_lab[1] * v_lab[1] + v_lab[2] * v_lab[2]);
  elfin_status status = halo_check_speed("v0", v0, err);
  if (!status)
    status = halo_check_speed("v_esc", v_esc, err);
  if (!status)
    status = halo_check_lab(v_esc, speed, err);
  if (!status && !(beta < 1))
    status = elfin_fail(err, ELFIN_E_ARGUMENT,
                        "beta = %g: it must be below 1, where no dark matter moves "
                        "but radially",
                        beta);
  if (status)
    return status;
  sausage *s = calloc(1, sizeof *s);
  elfin_halo *made = halo_new(&kind, s);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a halo");
  double of_r = (3 - 2 * beta) / (3 * v0 * v0); /* 1/(2σ_r²) */
  s->beta_t = of_r / (1 - beta);
  s->beta_d = s->beta_t - of_r;
  s->v_esc = v_esc;
  s->v_lab = speed;
  s->v_kink = v_esc - speed;
  s->v_max = v_esc + speed;
  s->edge = s->v_kink < s->v_max;
  s->r_along = speed > 0 ? v_lab[0] / speed : 1;
  s->r_across = sqrt(fmax((1 - s->r_along) * (1 + s->r_along), 0));
  made->v0 = v0;
  made->edge_power = s->edge ? 2 : 1;
  halo_set_sphere(made, v_esc, speed);
  status = prepare(s, made->n_kinks, made->kinks, err);
  if (status) {
    elfin_halo_free(made);
    return status;
  }
  return halo_finish(made, halo, err);
}
