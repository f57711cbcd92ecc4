/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file fit_mermin.c
 * Oscillators from optical data by least squares [fit.h]; GSL's trust region method does the work.
 *
 * Bounds: amplitude and energy p are lo (hi/lo)^s, s = 1/(1 + e^{−θ}), and θ is free; the width is
 * F(ω_i) R^s, where F = c ω^a is the spacing of the data: what is narrower could hide between two points. A
 * number that the data leave open drifts to a bound and is marked. Σ A ≤ 1 in any case.
 *
 * How many: one more at a time. Where the next one begins is told by the residual, projected on oscillators
 * of many energies and widths: χ² falls most by the one whose own amplitude would take most of it away.
 * The best few are tried in full. Three in a row that do not lower the criterion end it.
 *
 * One more must lower it by STRONG, which is strong evidence on Kass and Raftery's scale (J. Am. Stat. Assoc.
 * 90 (1995) 773): the next one is looked for in many places, and noise offers something somewhere.
 *
 * Sum rules are further rows, known to SUM_RULE_ERROR. */
#include "fit/fit_inner.h"

#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double SUM_RULE_ERROR = 1e-3; /* relative */
static const double STRONG = 6;
static const double FLOOR = 0.05;           /* of assumed errors, see fit_wishes */
static const double X_TOLERANCE = 1e-8, G_TOLERANCE = 1e-10, F_TOLERANCE = 0;
enum {
  N_NUMBERS = 3, /* of an oscillator: amplitude, gamma, omega */
  MOST_ITERATIONS = 300,
  N_TRIED = 3,   /* beginnings of the next oscillator */
  N_ENERGIES = 80,
  N_WIDTHS = 10,
  PATIENCE = 3
};
/* Widths of beginnings, in the energy; and how close, in ln ω, two of them may be. */
static const double NARROWEST = 0.02, WIDEST = 2, APART = 0.15;
/* Bounds: amplitudes; energies and the largest width in the ends of the data. */
static const double LEAST_AMPLITUDE = 1e-7, MOST_AMPLITUDE = 1.5, BEYOND = 3;
static const double AT_BOUND = 1e-3; /* of s */

/* As above: A and ω_i between low and high; Γ from c ω_i^a to R times it. */
typedef struct bounds {
  double log_low[N_NUMBERS], log_range[N_NUMBERS]; /* of the width: ln c, ln R */
  double power;                                    /* a */
} bounds;

typedef struct fitting {
  const optical_data *data;
  const fit_wishes *wishes;
  bounds bounds;
  double *error; /* [data->n] */
  size_t n;      /* oscillators */
  size_t n_rules;
} fitting;

/* ---- numbers and what the solver sees ------------------------------------------------------------ */

/* A straight line through ln Δω over ln ω. */
static void fit_spacing(const optical_data *d, double *log_c, double *power)
{
  double n = (double)(d->n - 1), x = 0, y = 0, xx = 0, xy = 0;
  for (size_t j = 0; j + 1 < d->n; j++) {
    double log_omega = log(sqrt(d->omega[j] * d->omega[j + 1]));
    double log_step = log(d->omega[j + 1] - d->omega[j]);
    x += log_omega / n;
    y += log_step / n;
    xx += log_omega * log_omega / n;
    xy += log_omega * log_step / n;
  }
  *power = (xy - x * y) / (xx - x * x);
  *log_c = y - *power * x;
}

static bounds bounds_of(const optical_data *d)
{
  double first = d->omega[0], last = d->omega[d->n - 1], log_c, power;
  fit_spacing(d, &log_c, &power);
  double least_step = log_c + fmin(power * log(first), power * log(last));
  return (bounds){{log(LEAST_AMPLITUDE), log_c, log(first / BEYOND)},
                  {log(MOST_AMPLITUDE / LEAST_AMPLITUDE), log(BEYOND * last) - least_step,
                   log(last / first * BEYOND * BEYOND)},
                  power};
}

static double part_of(double theta)
{
  return 1 / (1 + exp(-theta));
}

static double theta_of(const bounds *b, size_t k, double log_number)
{
  double part = (log_number - b->log_low[k]) / b->log_range[k];
  part = fmin(fmax(part, 1e-6), 1 - 1e-6);
  return log(part / (1 - part));
}

/* ln of the number, but for the width without a ln ω_i. */
static double log_of(const bounds *b, size_t k, double theta)
{
  return b->log_low[k] + b->log_range[k] * part_of(theta);
}

/* Its derivative by θ. */
static double slope_of(const bounds *b, size_t k, double theta)
{
  double part = part_of(theta);
  return b->log_range[k] * part * (1 - part);
}

static elfin_oscillator oscillator_of(const fitting *f, const gsl_vector *theta, size_t i)
{
  const bounds *b = &f->bounds;
  double log_omega = log_of(b, 2, gsl_vector_get(theta, N_NUMBERS * i + 2));
  double log_gamma = log_of(b, 1, gsl_vector_get(theta, N_NUMBERS * i + 1)) + b->power * log_omega;
  return (elfin_oscillator){exp(log_of(b, 0, gsl_vector_get(theta, N_NUMBERS * i))), exp(log_gamma),
                            exp(log_omega)};
}

static void set_theta(const fitting *f, const elfin_oscillator *o, size_t i, gsl_vector *theta)
{
  const bounds *b = &f->bounds;
  double log_omega = log(o->omega_eV), log_gamma = log(o->gamma_eV) - b->power * log_omega;
  gsl_vector_set(theta, N_NUMBERS * i, theta_of(b, 0, log(o->amplitude)));
  gsl_vector_set(theta, N_NUMBERS * i + 1, theta_of(b, 1, log_gamma));
  gsl_vector_set(theta, N_NUMBERS * i + 2, theta_of(b, 2, log_omega));
}

/* ---- rows: data, then sum rules ------------------------------------------------------------------ */

static bool wants_kk(const fit_wishes *w)
{
  return !isnan(w->eps_static);
}

static bool wants_f_sum(const fit_wishes *w)
{
  return !isnan(w->plasma_eV);
}

static int residuals(const gsl_vector *theta, void *context, gsl_vector *row)
{
  const fitting *f = context;
  const optical_data *d = f->data;
  double kk = 0, f_sum = 0;
  for (size_t j = 0; j < d->n; j++)
    gsl_vector_set(row, j, -d->elf[j] / f->error[j]);
  for (size_t i = 0; i < f->n; i++) {
    elfin_oscillator o = oscillator_of(f, theta, i);
    kk += o.amplitude;
    f_sum += o.amplitude * o.omega_eV * o.omega_eV;
    for (size_t j = 0; j < d->n; j++)
      *gsl_vector_ptr(row, j) += drude_at(&o, d->omega[j]).elf / f->error[j];
  }
  double most = wants_kk(f->wishes) ? 1 - 1 / f->wishes->eps_static : 1;
  bool kept = !wants_kk(f->wishes) && kk <= most;
  gsl_vector_set(row, d->n, kept ? 0 : (kk / most - 1) / SUM_RULE_ERROR);
  if (wants_f_sum(f->wishes)) {
    double wanted = f->wishes->plasma_eV * f->wishes->plasma_eV;
    gsl_vector_set(row, d->n + 1, (f_sum / wanted - 1) / SUM_RULE_ERROR);
  }
  return GSL_SUCCESS;
}

/* Derivatives by the three θ of oscillator i, whose ln A, ln Γ, ln ω_i change the row by these. */
static void set_slopes(const fitting *f, const double slope[N_NUMBERS], size_t row, size_t i,
                       double by_amplitude, double by_gamma, double by_omega, gsl_matrix *by)
{
  gsl_matrix_set(by, row, N_NUMBERS * i, by_amplitude * slope[0]);
  gsl_matrix_set(by, row, N_NUMBERS * i + 1, by_gamma * slope[1]);
  gsl_matrix_set(by, row, N_NUMBERS * i + 2, (by_omega + f->bounds.power * by_gamma) * slope[2]);
}

static int slopes(const gsl_vector *theta, void *context, gsl_matrix *by)
{
  const fitting *f = context;
  const optical_data *d = f->data;
  double kk = 0;
  for (size_t i = 0; i < f->n; i++)
    kk += oscillator_of(f, theta, i).amplitude;
  double most = wants_kk(f->wishes) ? 1 - 1 / f->wishes->eps_static : 1;
  bool kept = !wants_kk(f->wishes) && kk <= most;
  for (size_t i = 0; i < f->n; i++) {
    elfin_oscillator o = oscillator_of(f, theta, i);
    double slope[N_NUMBERS];
    for (size_t k = 0; k < N_NUMBERS; k++)
      slope[k] = slope_of(&f->bounds, k, gsl_vector_get(theta, N_NUMBERS * i + k));
    for (size_t j = 0; j < d->n; j++) {
      drude_value at = drude_at(&o, d->omega[j]);
      set_slopes(f, slope, j, i, at.elf / f->error[j], at.by_ln_gamma / f->error[j],
                 at.by_ln_omega / f->error[j], by);
    }
    set_slopes(f, slope, d->n, i, kept ? 0 : o.amplitude / most / SUM_RULE_ERROR, 0, 0, by);
    if (wants_f_sum(f->wishes)) {
      double energy = o.omega_eV / f->wishes->plasma_eV;
      double share = o.amplitude * energy * energy / SUM_RULE_ERROR;
      set_slopes(f, slope, d->n + 1, i, share, 0, 2 * share, by);
    }
  }
  return GSL_SUCCESS;
}

/* ---- one number of oscillators ------------------------------------------------------------------- */

/* From the solver's end to the result; the covariance is of θ. */
static void take_solution(const fitting *f, const gsl_multifit_nlinear_workspace *solver,
                          gsl_matrix *covariance, fit_result *r)
{
  const gsl_vector *theta = gsl_multifit_nlinear_position(solver);
  size_t n_rows = f->data->n + f->n_rules;
  double scale = 1;
  gsl_blas_ddot(gsl_multifit_nlinear_residual(solver), gsl_multifit_nlinear_residual(solver),
                &r->chi2);
  r->n_free = n_rows - N_NUMBERS * f->n;
  if (!f->data->errors_given)
    scale = sqrt(r->chi2 / (double)r->n_free);
  gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(solver), 0, covariance);
  for (size_t i = 0; i < f->n; i++) {
    elfin_oscillator o = r->list[i] = oscillator_of(f, theta, i);
    double slope[N_NUMBERS];
    r->at_bound[i] = false;
    for (size_t k = 0; k < N_NUMBERS; k++) {
      double t = gsl_vector_get(theta, N_NUMBERS * i + k), part = part_of(t);
      slope[k] = slope_of(&f->bounds, k, t);
      r->at_bound[i] = r->at_bound[i] || part < AT_BOUND || part > 1 - AT_BOUND;
    }
    const double *c = gsl_matrix_const_ptr(covariance, N_NUMBERS * i, N_NUMBERS * i);
    size_t next = covariance->tda;
    double by_omega = f->bounds.power * slope[2]; /* of ln Γ, by θ of ω_i */
    double variance = slope[1] * slope[1] * c[next + 1] + 2 * slope[1] * by_omega * c[next + 2] +
                      by_omega * by_omega * c[2 * next + 2];
    r->error[i] = (elfin_oscillator){scale * o.amplitude * slope[0] * sqrt(c[0]),
                                     scale * o.gamma_eV * sqrt(fmax(variance, 0)),
                                     scale * o.omega_eV * slope[2] * sqrt(c[2 * next + 2])};
  }
}

/* Minimise from the list in `r`, which becomes the minimum. */
static elfin_status minimise(fitting *f, fit_result *r, elfin_error *err)
{
  size_t n_rows = f->data->n + f->n_rules, n_numbers = N_NUMBERS * r->n;
  f->n = r->n;
  gsl_multifit_nlinear_fdf functions = {
      .f = residuals, .df = slopes, .n = n_rows, .p = n_numbers, .params = f};
  gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
  how.solver = gsl_multifit_nlinear_solver_qr;
  gsl_multifit_nlinear_workspace *solver =
      gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, n_rows, n_numbers);
  gsl_vector *theta = gsl_vector_alloc(n_numbers);
  gsl_matrix *covariance = gsl_matrix_calloc(n_numbers, n_numbers);
  elfin_status status = ELFIN_OK;
  if (!solver || !theta || !covariance)
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for a fit of %zu oscillators", r->n);
  for (size_t i = 0; i < r->n && !status; i++)
    set_theta(f, &r->list[i], i, theta);
  if (!status) {
    int info = 0; /* a minimum that is not sharp to the last digit is one, too: χ² decides */
    gsl_multifit_nlinear_init(theta, &functions, solver);
    gsl_multifit_nlinear_driver(MOST_ITERATIONS, X_TOLERANCE, G_TOLERANCE, F_TOLERANCE, NULL, NULL,
                                &info, solver);
    take_solution(f, solver, covariance, r);
    if (!isfinite(r->chi2))
      status = elfin_fail(err, ELFIN_E_ACCURACY, "%s: no list of %zu oscillators was found",
                          f->data->path, r->n);
  }
  gsl_vector_free(theta);
  gsl_matrix_free(covariance);
  if (solver)
    gsl_multifit_nlinear_free(solver);
  return status;
}

/* ---- where the next one begins -------------------------------------------------------------------- */

typedef struct beginning {
  elfin_oscillator oscillator;
  double gain; /* by how much χ² falls if only its amplitude may move */
} beginning;

static beginning project(const fitting *f, const double residual[], double omega, double width)
{
  elfin_oscillator o = {1, width * omega, omega};
  double overlap = 0, norm = 0;
  for (size_t j = 0; j < f->data->n; j++) {
    double value = drude_at(&o, f->data->omega[j]).elf / f->error[j];
    overlap += value * residual[j];
    norm += value * value;
  }
  o.amplitude = overlap / norm;
  return (beginning){o, overlap > 0 ? overlap * overlap / norm : 0};
}

/* Keep the best, each at an energy of its own. */
static void keep_best(beginning best[N_TRIED], beginning next)
{
  size_t place = N_TRIED;
  for (size_t t = 0; t < N_TRIED; t++) {
    bool same = best[t].gain > 0 &&
                fabs(log(best[t].oscillator.omega_eV / next.oscillator.omega_eV)) < APART;
    if (same && best[t].gain >= next.gain)
      return;
    if (same) {
      place = t;
      break;
    }
  }
  if (place == N_TRIED) {
    if (!(next.gain > best[N_TRIED - 1].gain))
      return;
    place = N_TRIED - 1;
  }
  best[place] = next;
  for (; place > 0 && best[place].gain > best[place - 1].gain; place--) {
    beginning other = best[place - 1];
    best[place - 1] = best[place];
    best[place] = other;
  }
}

static void find_beginnings(const fitting *f, const fit_result *so_far, double residual[],
                            beginning best[N_TRIED])
{
  const optical_data *d = f->data;
  memset(best, 0, N_TRIED * sizeof *best);
  for (size_t j = 0; j < d->n; j++) {
    double model = 0;
    if (so_far)
      fit_elf(so_far->n, so_far->list, 1, &d->omega[j], &model);
    residual[j] = (d->elf[j] - model) / f->error[j];
  }
  for (int e = 0; e < N_ENERGIES; e++)
    for (int w = 0; w < N_WIDTHS; w++) {
      double omega = d->omega[0] * pow(d->omega[d->n - 1] / d->omega[0], e / (N_ENERGIES - 1.0));
      double width = NARROWEST * pow(WIDEST / NARROWEST, w / (N_WIDTHS - 1.0));
      keep_best(best, project(f, residual, omega, width));
    }
}

/* ---- more and more of them ------------------------------------------------------------------------ */

static double criterion(const fitting *f, const fit_result *r)
{
  double n = (double)(f->data->n + f->n_rules), p = (double)(N_NUMBERS * r->n);
  return (f->data->errors_given ? r->chi2 : n * log(r->chi2 / n)) + p * log(n);
}

/* The best list with one more than `so_far` (NULL: none). */
static elfin_status add_one(fitting *f, const fit_result *so_far, double residual[],
                            fit_result **next, elfin_error *err)
{
  beginning best[N_TRIED];
  size_t n = so_far ? so_far->n : 0;
  fit_result *chosen = NULL;
  elfin_status status = ELFIN_OK;
  find_beginnings(f, so_far, residual, best);
  for (size_t t = 0; t < N_TRIED && best[t].gain > 0 && !status; t++) {
    fit_result *made = fit_result_new("Mermin oscillators, least squares", n + 1, true);
    if (!made) {
      status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu oscillators", n + 1);
      break;
    }
    if (so_far)
      memcpy(made->list, so_far->list, n * sizeof *made->list);
    made->list[n] = best[t].oscillator;
    status = minimise(f, made, err);
    bool better = !status && (!chosen || made->chi2 < chosen->chi2);
    fit_result *worse = better ? chosen : made;
    chosen = better ? made : chosen;
    fit_result_free(worse);
  }
  if (!status)
    *next = chosen; /* NULL: nothing positive is left to add */
  else
    fit_result_free(chosen);
  return status;
}

static elfin_status climb(fitting *f, double residual[], fit_result **chosen, elfin_error *err)
{
  size_t wanted = f->wishes->n_oscillators, last = wanted ? wanted : f->wishes->most;
  fit_step steps[FIT_MOST];
  fit_result *best = NULL, *before = NULL;
  double lowest = INFINITY;
  size_t n_steps = 0, in_vain = 0;
  elfin_status status = ELFIN_OK;
  while (n_steps < last && (wanted || in_vain < PATIENCE) &&
         f->data->n + f->n_rules > N_NUMBERS * (n_steps + 1)) {
    fit_result *next = NULL;
    status = add_one(f, before, residual, &next, err);
    if (before != best)
      fit_result_free(before);
    before = next;
    if (status || !next)
      break;
    double value = criterion(f, next);
    steps[n_steps++] = (fit_step){next->n, next->chi2, value};
    bool lower = value < lowest - STRONG;
    in_vain = lower ? 0 : in_vain + 1;
    if (wanted || lower) {
      fit_result_free(best);
      best = next;
      lowest = value;
    }
  }
  if (before != best)
    fit_result_free(before);
  if (!status && (!best || (wanted && best->n < wanted)))
    status = elfin_fail(err, ELFIN_E_ACCURACY, "%s: no list of %zu oscillators was found; %zu are %s",
                        f->data->path, wanted ? wanted : 1, best ? best->n : 0,
                        "as many as the data can tell apart");
  if (status) {
    fit_result_free(best);
    return status;
  }
  memcpy(best->steps, steps, n_steps * sizeof *steps);
  best->n_steps = n_steps;
  *chosen = best;
  return ELFIN_OK;
}

/* ---- the room's door ------------------------------------------------------------------------------ */

static elfin_status check_wishes(const optical_data *d, const fit_wishes *w, elfin_error *err)
{
  if (w->n_oscillators > FIT_MOST || w->most < 1 || w->most > FIT_MOST)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "1 to %d oscillators are allowed", FIT_MOST);
  if (d->n <= N_NUMBERS * (w->n_oscillators ? w->n_oscillators : 1))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %zu points are too few for %zu oscillators of %d numbers",
                      d->path, d->n, w->n_oscillators ? w->n_oscillators : 1, N_NUMBERS);
  if (!isnan(w->eps_static) && !(w->eps_static > 1))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a static dielectric constant must be above 1, not %g",
                      w->eps_static);
  if (!isnan(w->plasma_eV) && !(w->plasma_eV > 0 && isfinite(w->plasma_eV)))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a plasma energy must be above 0, not %g eV", w->plasma_eV);
  if (!(w->relative_error > 0 && w->relative_error < 1))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a relative error must be between 0 and 1, not %g",
                      w->relative_error);
  return ELFIN_OK;
}

static void take_errors(const optical_data *d, double relative, double error[])
{
  double largest = 0;
  for (size_t j = 0; j < d->n; j++)
    largest = fmax(largest, d->elf[j]);
  for (size_t j = 0; j < d->n; j++)
    error[j] = d->errors_given ? d->error[j]
                               : hypot(relative * d->elf[j], FLOOR * relative * largest);
}

/* By energy, with their errors and marks. */
static void sort_list(fit_result *r)
{
  for (size_t i = 1; i < r->n; i++)
    for (size_t j = i; j > 0 && r->list[j].omega_eV < r->list[j - 1].omega_eV; j--) {
      elfin_oscillator one = r->list[j], error = r->error[j];
      bool mark = r->at_bound[j];
      r->list[j] = r->list[j - 1];
      r->error[j] = r->error[j - 1];
      r->at_bound[j] = r->at_bound[j - 1];
      r->list[j - 1] = one;
      r->error[j - 1] = error;
      r->at_bound[j - 1] = mark;
    }
}

elfin_status fit_mermin(const optical_data *data, const fit_wishes *wishes, fit_result **result,
                        elfin_error *err)
{
  elfin_status status = check_wishes(data, wishes, err);
  if (status)
    return status;
  fitting f = {.data = data, .wishes = wishes, .bounds = bounds_of(data)};
  f.n_rules = 1 + (size_t)wants_f_sum(wishes); /* Σ A ≤ 1 at least */
  f.error = calloc(data->n, sizeof *f.error);
  double *residual = calloc(data->n, sizeof *residual);
  fit_result *made = NULL;
  if (f.error && residual) {
    take_errors(data, wishes->relative_error, f.error);
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    status = climb(&f, residual, &made, err);
    gsl_set_error_handler(before);
  } else {
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", data->path);
  }
  free(f.error);
  free(residual);
  if (status)
    return status;
  sort_list(made);
  fit_result_judge(made, data);
  *result = made;
  return ELFIN_OK;
}
