/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file optical.c
 * ε(ω) without k: of phonons, or of electrons at k → 0 [docs/responses.md].
 *
 *   factorised    ε = ε∞ Π (ω_LO² − ω² − iγ_LO ω)/(ω_TO² − ω² − iγ_TO ω)   [Gervais & Piriou 1974]
 *   Lorentz       ε = ε∞ + Σ f ω_TO²/(ω_TO² − ω² − iγ_TO ω)
 *   self-energy   ε = ε∞ + S/(ω_TO² − ω² + R(ω) − iωG(ω)), R and ln G linear in ω   [Cowley 1963]
 *   constant ε1   ε1 given, ln ε2 linear in ω
 *   tables        ε1 and ε2 linear in ω; or ln ε1 and ln ε2 linear in ln ω
 *
 * Valid for k far below the size of the Brillouin zone (phonons) or the inverse size of a shell
 * (electrons): who uses it at finite k says so by a flag. Outside of the stated range there is no
 * loss: ε2 = 0, ε1 as at the nearer end.
 *
 * Delicate: a peak of the ELF is the zero of ε near ω_LO, as narrow as γ_LO/2, a few 1e-4 eV: rates
 * are cut there (`peaks`). Between the knots of tables ε has kinks at each knot.
 */
#include "elf/optical.h"

#include "numerics/columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMN_OMEGA, COLUMN_EPS1, COLUMN_EPS2, N_COLUMNS };

/* ---- formulas -------------------------------------------------------------------------------- */

/** ω_0² − ω² − iγω */
static double complex resonance(double omega_0, double gamma, double omega)
{
  return CMPLX((omega_0 - omega) * (omega_0 + omega), -gamma * omega);
}

static double complex factorised(const optical *o, double omega)
{
  double complex epsilon = o->eps_infinity;
  for (size_t i = 0; i < o->n_modes; i++) {
    const elfin_phonon_mode *m = &o->modes[i];
    epsilon *= resonance(m->longitudinal_eV, m->longitudinal_gamma_eV, omega) /
               resonance(m->transverse_eV, m->transverse_gamma_eV, omega);
  }
  return epsilon;
}

static double complex lorentz(const optical *o, double omega)
{
  double complex epsilon = o->eps_infinity;
  for (size_t i = 0; i < o->n_modes; i++) {
    const elfin_phonon_mode *m = &o->modes[i];
    epsilon += m->strength * m->transverse_eV * m->transverse_eV /
               resonance(m->transverse_eV, m->transverse_gamma_eV, omega);
  }
  return epsilon;
}

/** The two columns at ω, within the range of the knots. */
static void interpolate(const optical *o, double omega, double *first, double *second)
{
  size_t i = grid_cell(&o->cells, omega);
  double x = o->logarithmic ? log(omega) : omega;
  double u = (x - o->x[i]) / (o->x[i + 1] - o->x[i]);
  *first = o->first[i] + u * (o->first[i + 1] - o->first[i]);
  *second = o->second[i] + u * (o->second[i + 1] - o->second[i]);
}

static double complex self_energy(const optical *o, double omega)
{
  double R, ln_G;
  interpolate(o, omega, &R, &ln_G);
  return o->eps_infinity +
         o->strength / (resonance(o->transverse, exp(ln_G), omega) + R);
}

static double complex constant_eps1(const optical *o, double omega)
{
  double unused, ln_eps2;
  interpolate(o, omega, &unused, &ln_eps2);
  return CMPLX(o->eps1, exp(ln_eps2));
}

static double complex linear(const optical *o, double omega)
{
  double eps1, eps2;
  interpolate(o, omega, &eps1, &eps2);
  return CMPLX(eps1, eps2);
}

static double complex power_laws(const optical *o, double omega)
{
  double ln_eps1, ln_eps2;
  interpolate(o, omega, &ln_eps1, &ln_eps2);
  return CMPLX(exp(ln_eps1), exp(ln_eps2));
}

/* ---- making one ------------------------------------------------------------------------------ */

static elfin_status no_memory(const char *name, elfin_error *err)
{
  return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its dielectric function", name);
}

void optical_free(optical *o)
{
  if (!o)
    return;
  grid_clear(&o->cells);
  free(o->omega);
  free(o->peaks);
  free(o);
}

/** Points ω, first, second (NULL: zeros), with a logarithm where the formula wants one. */
typedef struct points {
  size_t n;
  const double *omega, *first, *second;
  bool log_omega, log_first, log_second;
} points;

static void take(size_t n, const double from[], bool logarithm, double to[])
{
  for (size_t i = 0; i < n; i++)
    to[i] = !from ? 0 : logarithm ? log(from[i]) : from[i];
}

static elfin_status check_points(const char *name, const points *p, elfin_error *err)
{
  if (p->n < 2)
    return elfin_fail(err, ELFIN_E_DATA, "%s: %zu energies: at least 2 are needed", name, p->n);
  for (size_t i = 0; i < p->n; i++) {
    double omega = p->omega[i];
    if (!isfinite(omega) || omega < 0 || (i && !(omega > p->omega[i - 1])))
      return elfin_fail(err, ELFIN_E_DATA, "%s: point %zu, omega = %.12g eV: energies must ascend "
                        "from at least 0", name, i + 1, omega);
    bool positive = (!p->log_first || p->first[i] > 0) && (!p->log_second || p->second[i] > 0) &&
                    (!p->log_omega || omega > 0);
    if (!positive || !isfinite(p->second[i]) || (p->first && !isfinite(p->first[i])))
      return elfin_fail(err, ELFIN_E_DATA, "%s: omega = %.12g eV: a number is not finite, or not "
                        "above 0 where its logarithm is taken", name, omega);
  }
  return ELFIN_OK;
}

static elfin_status take_points(const char *name, optical *o, const points *p, elfin_error *err)
{
  elfin_status status = check_points(name, p, err);
  if (status)
    return status;
  size_t n = p->n;
  double *room = malloc(4 * n * sizeof *room);
  if (!room)
    return no_memory(name, err);
  o->n = n;
  o->omega = room;
  o->x = room + n;
  o->first = room + 2 * n;
  o->second = room + 3 * n;
  o->logarithmic = p->log_omega;
  take(n, p->omega, false, o->omega);
  take(n, p->omega, p->log_omega, o->x);
  take(n, p->first, p->log_first, o->first);
  take(n, p->second, p->log_second, o->second);
  return grid_init(&o->cells, n, o->omega, err);
}

static int by_energy(const void *a, const void *b)
{
  const optical_peak *x = a, *y = b;
  return (x->omega > y->omega) - (x->omega < y->omega);
}

/** Where ω_LO² − ω² − iγ_LO ω vanishes. An overdamped mode has no peak. */
static elfin_status find_peaks(const char *name, optical *o, elfin_error *err)
{
  o->peaks = malloc((o->n_modes + 1) * sizeof *o->peaks);
  if (!o->peaks)
    return no_memory(name, err);
  for (size_t i = 0; i < o->n_modes; i++) {
    double half = 0.5 * o->modes[i].longitudinal_gamma_eV, omega_LO = o->modes[i].longitudinal_eV;
    if (half < omega_LO)
      o->peaks[o->n_peaks++] = (optical_peak){sqrt((omega_LO - half) * (omega_LO + half)), half};
  }
  qsort(o->peaks, o->n_peaks, sizeof *o->peaks, by_energy);
  return ELFIN_OK;
}

static elfin_status take_model(const char *name, optical *o, const elfin_phonon_response *from,
                               elfin_error *err)
{
  points p = {.n = from->n, .omega = from->omega_eV, .first = from->first, .second = from->second};
  switch (from->model) {
  case ELFIN_PHONON_FACTORISED:
    o->formula = factorised;
    o->everywhere = true;
    return find_peaks(name, o, err);
  case ELFIN_PHONON_LORENTZ:
    o->formula = lorentz;
    o->everywhere = true;
    return ELFIN_OK;
  case ELFIN_PHONON_CONSTANT_EPS1:
    o->formula = constant_eps1;
    o->eps_infinity = from->eps1;
    p.first = NULL;
    p.log_second = true;
    break;
  case ELFIN_PHONON_SELF_ENERGY:
    o->formula = self_energy;
    p.log_second = true;
    break;
  case ELFIN_PHONON_TABLE:
    o->formula = linear;
    o->straight = true;
    break;
  default:
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: an unknown model of phonons, %d", name,
                      (int)from->model);
  }
  return take_points(name, o, &p, err);
}

/** The formula and the knots are there: what lies at the ends. */
static elfin_status finish(const char *name, optical *o, elfin_error *err)
{
  if (o->n) {
    o->omega_min = fmax(o->omega_min, o->omega[0]);
    o->omega_max = fmin(o->omega_max, o->omega[o->n - 1]);
  }
  if (!(o->omega_min >= 0 && o->omega_min < o->omega_max))
    return elfin_fail(err, ELFIN_E_DATA, "%s: its range, %g to %g eV, holds no energy", name,
                      o->omega_min, o->omega_max);
  o->eps1_below = creal(o->formula(o, o->omega_min));
  o->eps1_above = creal(o->formula(o, o->omega_max));
  return ELFIN_OK;
}

elfin_status optical_of_phonons(const char *name, const elfin_phonon_response *from,
                                optical **made, elfin_error *err)
{
  optical *o = calloc(1, sizeof *o);
  if (!o)
    return no_memory(name, err);
  o->omega_min = from->omega_min_eV;
  o->omega_max = from->omega_max_eV;
  o->eps_infinity = from->eps_infinity;
  o->eps1 = from->eps1;
  o->strength = from->strength_eV2;
  o->transverse = from->transverse_eV;
  o->n_modes = from->n_modes;
  o->modes = from->modes;
  elfin_status status = take_model(name, o, from, err);
  if (!status)
    status = finish(name, o, err);
  if (!status && !o->peaks)
    status = optical_search_peaks(o, err);
  if (status)
    optical_free(o);
  else
    *made = o;
  return status;
}

/** From points alone. */
static elfin_status of_points(const char *name, const points *p, optical_formula *formula,
                              optical **made, elfin_error *err)
{
  optical *o = calloc(1, sizeof *o);
  if (!o)
    return no_memory(name, err);
  o->formula = formula;
  o->straight = formula == linear;
  o->omega_max = INFINITY;
  o->eps_infinity = NAN;
  elfin_status status = take_points(name, o, p, err);
  if (!status)
    status = finish(name, o, err);
  if (!status && o->straight)
    status = optical_search_peaks(o, err);
  if (status)
    optical_free(o);
  else
    *made = o;
  return status;
}

elfin_status optical_of_electrons(const char *name, const elfin_optical *from, optical **made,
                                  elfin_error *err)
{
  bool logs = from->logarithmic;
  points p = {from->n, from->omega_eV, from->eps1, from->eps2, logs, logs, logs};
  return of_points(name, &p, logs ? power_laws : linear, made, err);
}

elfin_status optical_of_arrays(const char *name, size_t n, const double omega[], const double eps1[],
                               const double eps2[], optical **made, elfin_error *err)
{
  for (size_t i = 0; i < n; i++)
    if (!(omega[i] >= (i ? omega[i - 1] : 0)) || (i && omega[i] == omega[i - 1]))
      return elfin_fail(err, ELFIN_E_DATA, "%s: omega[%zu] = %.12g eV: energies must ascend from at "
                        "least 0", name, i, omega[i]);
  const points p = {.n = n, .omega = omega, .first = eps1, .second = eps2};
  return of_points(name, &p, linear, made, err);
}

elfin_status optical_read(const char *path, optical **made, char **header, elfin_error *err)
{
  columns *rows = NULL;
  elfin_status status = columns_read(path, N_COLUMNS, COLUMNS_HEADER, &rows, err);
  if (status)
    return status;
  size_t n = rows->n_rows;
  double *room = malloc(N_COLUMNS * n * sizeof *room);
  for (size_t i = 0; room && i < n * N_COLUMNS; i++) /* one column after the other */
    room[(i % N_COLUMNS) * n + i / N_COLUMNS] = rows->value[i];
  for (size_t i = 0; room && !status && i < n; i++)
    if (!(room[i] >= (i ? room[i - 1] : 0)) || (i && room[i] == room[i - 1]))
      status = elfin_fail(err, ELFIN_E_DATA, "%s:%zu: omega = %.12g eV: energies must ascend from at "
                          "least 0", path, rows->line[i], room[i]);
  if (!room)
    status = no_memory(path, err);
  if (!status) {
    points p = {.n = n, .omega = room, .first = room + n, .second = room + 2 * n};
    status = of_points(path, &p, linear, made, err);
  }
  if (!status) {
    *header = rows->header; /* moved */
    rows->header = NULL;
  }
  free(room);
  columns_free(rows);
  return status;
}

/* ---- ε --------------------------------------------------------------------------------------- */

void optical_epsilon(const optical *o, size_t n, const double omega[], double eps1[],
                     double eps2[])
{
  for (size_t i = 0; i < n; i++) {
    double w = omega[i];
    if (w >= o->omega_min && w <= o->omega_max) {
      double complex epsilon = o->formula(o, w);
      eps1[i] = creal(epsilon);
      eps2[i] = cimag(epsilon);
    } else {
      eps1[i] = isnan(w) ? NAN : w < o->omega_min ? o->eps1_below : o->eps1_above;
      eps2[i] = isnan(w) ? NAN : 0;
    }
  }
}
