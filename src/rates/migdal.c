/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file migdal.c
 * The Migdal effect: a nucleus is struck, and the electrons are shaken [docs/migdal.md; arXiv:2011.09496,
 * arXiv:2104.12786, for isolated atoms arXiv:1707.07258].
 *
 * Soft limit: what happens to the nucleus and what happens to the electrons factorise,
 *
 *   dR/dω = Σ_d A_d² n_d n_χ c/μ_χn² · K_d(ω) Y_d(ω)/m_d²
 *   K_d(ω) = ∫dq F(q)² ∫dq_N E(q,q_N) q_N³ η(v_min)                        (migdal_kernel.c)
 *   Y_d(ω) = (α/3π²) D_d(ω)/ω⁴,  D_d = ∫dk k² Z_d(k)² ELF(ω,k)             (elf/ion_loss.c)
 *          or, for isolated atoms, (m_e²/4π q_e²) Σ_nl p_nl(ω − E_nl)      (migdal_atomic.c)
 *
 * The papers write ρ_χ/(m_N m_χ) I(ω) ∫dv v f1 J: with the order of integrations exchanged,
 * ∫dv v f1 J = A²/(4 m_N μ_χn²) K, and I = 4 Y/m_N. Y knows no dark matter and is made once per
 * response; K knows no electrons and is made once per mass, as a series, shared by all thresholds and
 * bins. What is left is one integral over ω, cut where either of the two series begins a piece.
 *
 * Beyond the soft limit the two do not factorise: migdal_full.c. */
#include "rates/migdal.h"
#include "rates/rates.h"

#include "elf/elf.h"
#include "elf/ion_loss.h"
#include "rates/migdal_atomic.h"
#include "rates/nuclei.h"
#include "rates/observables.h"

#include <math.h>
#include <stdlib.h>

/* Of the accuracy of a rate, what the series of K may take. */
static const double SHARE_OF_K = 0.1;
/* Samples of K scatter by this part of the kernel's error: it need not be resolved. */
static const double SCATTER = 0.3;
/* What is left of the accuracy for the integral over ω. */
static const double SHARE_OF_INTEGRAL = 0.3;
/* K begins a new section when it has dropped to this part. */
static const double DROP = 0.2;
/* Halos with more kinks are tables. Energies at which K's drop is looked at. */
enum { FEW_KINKS = 4, ORDER_OF_K = 10, MOST_ASKED = 32 };

/** One species of nucleus and its share of the rate. */
typedef struct species {
  migdal_nucleus nucleus;
  migdal_kernel kernel;
  const series *Y;     /* D, or Σ p, in ln ω; NULL beyond the soft limit */
  double factor;       /* times K Y (and ω⁻⁴) */
  series K;            /* in ln ω; n = 0: nothing is fast enough for what is asked */
  double omega_end;    /* where kinematics ends */
  double floor_per_omega; /* speed floor² over ω */
  long evaluations;    /* of η, for K */
} species;

typedef struct stretch {
  size_t i_species, i_Y, i_K;
  double low, high;    /* of ln ω */
} stretch;

typedef struct migdal {
  const elfin_request *q;
  bool atomic, full;
  size_t n;
  species of[MIGDAL_MOST_NUCLEI];
  double omega_min, omega_max;
  double lowest;       /* the lowest energy that is asked for */
  size_t n_stretches;
  stretch *stretches;  /* [INTEGRAL_MAX_PANELS] */
} migdal;

/* ---- the electrons' part ------------------------------------------------------------------------ */

static ion_loss loss_of(const elfin_request *q, const migdal_nucleus *nucleus)
{
  return (ion_loss){.response = q->response, .ion = nucleus->ion, .charge = nucleus->charge,
                    .k_cut = q->k_cut_eV, .accuracy = q->accuracy};
}

elfin_status migdal_electrons(const elfin_request *q, const migdal_nucleus *nucleus,
                              const series **Y, elfin_error *err)
{
  if (!q->response)
    return migdal_atomic_series(q, Y, err);
  ion_loss wanted = loss_of(q, nucleus);
  *Y = ion_loss_series(&wanted);
  return *Y ? ELFIN_OK : elfin_fail(err, ELFIN_E_ARGUMENT, "%s is not prepared", q->response->name);
}

static elfin_status set_electrons(migdal *p, species *s, elfin_error *err)
{
  const elfin_constants *c = p->q->constants;
  double m_N = s->nucleus.m_N;
  s->factor = migdal_flux(p->q, &s->nucleus) / (m_N * m_N);
  s->factor *= p->atomic ? c->m_e_eV * c->m_e_eV / (4 * M_PI) : c->alpha / (3 * M_PI * M_PI);
  return migdal_electrons(p->q, &s->nucleus, &s->Y, err);
}

static double first_of(const series *s)
{
  return exp(s->piece[0].low);
}

static double last_of(const series *s)
{
  return exp(s->piece[s->n - 1].high);
}

/* ---- the nucleus' part -------------------------------------------------------------------------- */

/** The largest ω that dark matter of speed v pays for. */
static double most_energy(const species *s, const elfin_request *q, double v)
{
  const migdal_kernel *k = &s->kernel;
  if (k->Delta > 0)
    return 0.5 * q->mass_eV * v * v - k->E_th;
  double momentum = fmax(k->mu * v, k->q_th);
  return momentum * (v - momentum / (2 * k->mu));
}

static elfin_status sample_K(void *context, size_t n, const double x[], double f[], double *noise,
                             elfin_error *err)
{
  species *s = context;
  double largest = 0;
  if (elfin_interrupted())
    return elfin_fail(err, ELFIN_E_STOPPED, "stopped in the Migdal effect");
  for (size_t i = 0; i < n; i++) {
    double omega = exp(x[i]);
    f[i] = migdal_kernel_soft(&s->kernel, omega, sqrt(s->floor_per_omega * omega), &s->evaluations);
    largest = fmax(largest, f[i]);
  }
  *noise = SCATTER * migdal_kernel_error_soft(&s->kernel) * largest;
  return ELFIN_OK;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** Energies that are asked for between low and high, ascending; `*n` of them, at most MOST_ASKED, evenly
 * chosen. @return NULL: no memory */
static double *asked_between(const elfin_request *q, double low, double high, size_t *n)
{
  size_t n_all = q->n_thresholds + q->n_edges + q->n_at + q->n_charges, at = 0, kept = 0;
  double *asked = malloc((n_all ? n_all : 1) * sizeof *asked);
  if (!asked)
    return NULL;
  for (size_t i = 0; i < q->n_thresholds; i++)
    asked[at++] = q->threshold_eV[i];
  for (size_t i = 0; i < q->n_edges; i++)
    asked[at++] = q->edge_eV[i];
  for (size_t i = 0; i < q->n_at; i++)
    asked[at++] = q->at_eV[i];
  for (size_t i = 0; i < q->n_charges; i++)
    asked[at++] = q->material->gap_eV.value + (double)i * q->material->pair_energy_eV.value;
  qsort(asked, n_all, sizeof *asked, ascending);
  for (size_t i = 0; i < n_all; i++)
    if (asked[i] > low && asked[i] < high && (kept == 0 || asked[i] > asked[kept - 1]))
      asked[kept++] = asked[i];
  *n = kept < MOST_ASKED ? kept : MOST_ASKED;
  for (size_t i = 0; kept > MOST_ASKED && i < *n; i++) /* the last one is the last */
    asked[i] = asked[(i + 1) * kept / *n - 1];
  return asked;
}

static double K_at(species *s, double omega)
{
  double x = log(omega), K = 0, noise;
  sample_K(s, 1, &x, &K, &noise, NULL);
  return K;
}

/** One section of K, to an absolute error, cut at the kinks of η. */
static elfin_status add_section(const migdal *p, species *s, double low, double high, double absolute,
                                elfin_error *err)
{
  series_request r = {.order = ORDER_OF_K, .absolute = absolute, .f = sample_K, .context = s};
  elfin_status status = ELFIN_OK;
  for (size_t j = 0; s->kernel.n_kinks <= FEW_KINKS && j + 1 < s->kernel.n_kinks && !status; j++) {
    double at = most_energy(s, p->q, s->kernel.kink[j]);
    if (at <= low || at >= high)
      continue;
    status = series_append(&s->K, &r, log(low), log(at), err);
    low = at;
  }
  return status ? status : series_append(&s->K, &r, log(low), log(high), err);
}

/** K from the lowest energy asked for to where kinematics or the response ends. K falls with ω, over
 * many orders of magnitude; so it is wanted relative to its value at the last energy that is asked for,
 * and a section begins wherever K has dropped since the last one began. */
static elfin_status make_K(const migdal *p, species *s, elfin_error *err)
{
  double low = fmax(p->lowest, first_of(s->Y)), high = fmin(s->omega_end, last_of(s->Y));
  if (!(low < high))
    return ELFIN_OK;
  size_t n;
  double *asked = asked_between(p->q, low, high, &n);
  if (!asked)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the energies of a request");
  double K_low = K_at(s, low);
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; i < n && !status; i++) {
    double K = K_at(s, asked[i]);
    if (K > DROP * K_low || !(K > 0))
      continue;
    status = add_section(p, s, low, asked[i], SHARE_OF_K * p->q->accuracy * K_low, err);
    low = asked[i];
    K_low = K;
  }
  if (!status)
    status = add_section(p, s, low, high, SHARE_OF_K * p->q->accuracy * K_low, err);
  free(asked);
  return status;
}

/* ---- rates -------------------------------------------------------------------------------------- */

/** K Y at ln ω, and what both series may be off. */
static double product(const migdal *p, const species *s, size_t i_Y, size_t i_K, double x, double *error)
{
  const series_piece *Y = &s->Y->piece[i_Y], *K = &s->K.piece[i_K];
  double weight = s->factor * (p->atomic ? 1 : exp(-4 * x));
  double y = fmax(series_piece_at(Y, x), 0), k = fmax(series_piece_at(K, x), 0);
  if (error)
    *error = weight * (k * Y->error + y * K->error);
  return weight * k * y;
}

static void on_stretch(void *context, size_t i_panel, size_t n, const double x[], double f[])
{
  const migdal *p = context;
  const stretch *at = &p->stretches[i_panel];
  for (size_t i = 0; i < n; i++) {
    double y = at->low + (at->high - at->low) * x[i];
    f[i] = (at->high - at->low) * exp(y) *
           product(p, &p->of[at->i_species], at->i_Y, at->i_K, y, NULL);
  }
}

static bool add_stretches(migdal *p, size_t i_species, double low, double high)
{
  const species *s = &p->of[i_species];
  if (s->K.n == 0)
    return true;
  low = fmax(low, s->K.piece[0].low);
  high = fmin(high, s->K.piece[s->K.n - 1].high);
  for (size_t i_Y = series_find(s->Y, low), i_K = series_find(&s->K, low); low < high;) {
    const series_piece *Y = &s->Y->piece[i_Y], *K = &s->K.piece[i_K];
    double end = fmin(high, fmin(Y->high, K->high));
    if (p->n_stretches == INTEGRAL_MAX_PANELS)
      return false;
    if (end > low)
      p->stretches[p->n_stretches++] = (stretch){i_species, i_Y, i_K, low, end};
    i_Y += Y->high <= end && i_Y + 1 < s->Y->n;
    i_K += K->high <= end && i_K + 1 < s->K.n;
    low = end;
  }
  return true;
}

static elfin_status slice_soft(migdal *p, double low, double high, double relative, double absolute,
                               integral *out, elfin_error *err)
{
  p->n_stretches = 0;
  for (size_t i = 0; i < p->n; i++)
    if (!add_stretches(p, i, log(low), log(high)))
      return elfin_fail(err, ELFIN_E_ACCURACY, "%s has too many points for one integral of %g to %g "
                        "eV", p->q->response->name, low, high);
  integral_request r = {.dim = 1, .n_panels = p->n_stretches, .f = on_stretch, .context = p,
                        .relative = SHARE_OF_INTEGRAL * relative, .absolute = absolute,
                        .max_evaluations = p->q->max_evaluations};
  elfin_status status = integrate_panels(&r, out, err);
  for (size_t i = 0; i < p->n_stretches; i++) {
    const stretch *s = &p->stretches[i];
    double error, middle = 0.5 * (s->low + s->high);
    product(p, &p->of[s->i_species], s->i_Y, s->i_K, middle, &error);
    out->error += (s->high - s->low) * exp(middle) * error;
  }
  return status;
}

static elfin_status slice(void *context, double low, double high, double relative, double absolute,
                          integral *out, elfin_error *err)
{
  migdal *p = context;
  if (!p->full)
    return slice_soft(p, low, high, relative, absolute, out, err);
  elfin_status status = ELFIN_OK;
  *out = (integral){0};
  for (size_t i = 0; i < p->n && !status; i++) {
    integral one = {0};
    if (low < p->of[i].omega_end)
      status = migdal_full_rate(p->q, &p->of[i].nucleus, low, high, relative,
                                fmax(absolute, 0.1 * relative * out->value), &one, err);
    out->value += one.value;
    out->error += one.error;
    out->evaluations += one.evaluations;
  }
  return status;
}

static elfin_status point(void *context, double omega, double relative, integral *out, elfin_error *err)
{
  migdal *p = context;
  elfin_status status = ELFIN_OK;
  *out = (integral){0};
  for (size_t i = 0; i < p->n && !status; i++) {
    const species *s = &p->of[i];
    integral one = {0};
    if (omega >= s->omega_end)
      continue;
    if (p->full)
      status = migdal_full_differential(p->q, &s->nucleus, omega, relative, &one, err);
    else if (s->K.n && omega >= first_of(s->Y) && omega <= last_of(s->Y))
      one.value = product(p, s, series_find(s->Y, log(omega)), series_find(&s->K, log(omega)), log(omega),
                          &one.error);
    out->value += one.value;
    out->error += one.error;
    out->evaluations += one.evaluations;
  }
  return status;
}

/* ---- flags -------------------------------------------------------------------------------------- */

/** Does the spectrum, where the response ends, promise more beyond than the accuracy? It falls at least
 * like ω⁻⁴. */
static bool goes_on_in_omega(const migdal *p, double value)
{
  double beyond = 0;
  for (size_t i = 0; i < p->n; i++) {
    const species *s = &p->of[i];
    if (s->omega_end > p->omega_max && s->K.n)
      beyond += p->omega_max / 3 * product(p, s, s->Y->n - 1, s->K.n - 1, log(p->omega_max), NULL);
  }
  return beyond > p->q->accuracy * value;
}

/** Where the response, or its table, ends in k. */
static double last_k(const elfin_response *response)
{
  double end[2];
  return response_k_ends(response, end) ? end[1] : response->about.k_max_eV;
}

/** Does D(ω), where the response ends in k, promise more beyond than the accuracy? Its integrand falls
 * faster than k⁻² there, or it would not end. */
static bool goes_on_in_k(const migdal *p, double omega)
{
  double k = last_k(p->q->response), tail = 0, all = 0;
  if (p->q->k_cut_eV <= k || !(omega < p->omega_max))
    return false;
  omega = fmax(omega, p->omega_min);
  for (size_t i = 0; i < p->n; i++) {
    const species *s = &p->of[i];
    double Z = s->nucleus.charge, elf;
    if (s->nucleus.ion)
      elfin_form_factor_at(s->nucleus.ion, 1, &k, &Z);
    elfin_response_elf(p->q->response, 1, &omega, &k, &elf);
    tail += k * k * k * Z * Z * elf;
    all += series_piece_at(&s->Y->piece[series_find(s->Y, log(omega))], log(omega));
  }
  return tail > p->q->accuracy * all;
}

static unsigned flags(void *context, double threshold, double value)
{
  const migdal *p = context;
  unsigned found = 0;
  if (p->full)
    return 0;
  if (goes_on_in_omega(p, value))
    found |= ELFIN_FLAG_OMEGA_RANGE;
  if (!p->atomic && goes_on_in_k(p, threshold))
    found |= response_continues(p->q->response, true) ? ELFIN_FLAG_CONTINUED : ELFIN_FLAG_K_RANGE;
  return found;
}

/* ---- the process -------------------------------------------------------------------------------- */

static double lowest_asked(const elfin_request *q)
{
  double lowest = INFINITY;
  for (size_t i = 0; i < q->n_thresholds; i++)
    lowest = fmin(lowest, q->threshold_eV[i]);
  for (size_t i = 0; i < q->n_at; i++)
    lowest = fmin(lowest, q->at_eV[i]);
  if (q->n_edges)
    lowest = fmin(lowest, q->edge_eV[0]);
  return q->n_charges ? fmin(lowest, q->material->gap_eV.value) : lowest;
}

static elfin_status begin_species(migdal *p, species *s, const migdal_nucleus *nucleus, elfin_error *err)
{
  const elfin_request *q = p->q;
  s->nucleus = *nucleus;
  elfin_status status = migdal_kernel_of(q, nucleus, &s->kernel, err);
  if (status)
    return status;
  s->omega_end = most_energy(s, q, s->kernel.v_max);
  s->floor_per_omega = q->constants->migdal_speed_floor ? 2 / s->kernel.mu : 0;
  if (p->full)
    return ELFIN_OK;
  status = set_electrons(p, s, err);
  return status ? status : make_K(p, s, err);
}

static elfin_status begin(migdal *p, const elfin_request *q, elfin_error *err)
{
  migdal_nucleus nuclei[MIGDAL_MOST_NUCLEI];
  p->q = q;
  p->atomic = !q->response;
  p->full = q->expansion == ELFIN_FULL;
  p->lowest = lowest_asked(q);
  elfin_status status = migdal_nuclei(q, &p->n, nuclei, err);
  for (size_t i = 0; i < p->n && !status; i++)
    status = begin_species(p, &p->of[i], &nuclei[i], err);
  p->stretches = malloc(INTEGRAL_MAX_PANELS * sizeof *p->stretches);
  if (!status && !p->stretches)
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  if (status)
    return status;
  p->omega_max = p->full ? q->response->about.omega_max_eV : last_of(p->of[0].Y);
  p->omega_min = p->full ? q->response->about.omega_min_eV : p->atomic ? 0 : first_of(p->of[0].Y);
  return ELFIN_OK;
}

static void end(migdal *p)
{
  for (size_t i = 0; i < p->n; i++)
    series_clear(&p->of[i].K);
  free(p->stretches);
  free(p);
}

elfin_status migdal_compute(const elfin_request *q, elfin_result *result, elfin_error *err)
{
  migdal *p = calloc(1, sizeof *p);
  if (!p)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  elfin_status status = begin(p, q, err);
  if (!status) {
    rate_source from = {
        .context = p,
        .scale = 1,
        .accuracy = q->accuracy,
        .own_error = p->full ? 0 : migdal_kernel_error_soft(&p->of[0].kernel),
        .omega_min = p->omega_min,
        .omega_max = p->omega_max,
        .data = p->atomic ? "the atom's data" : "the response",
        .slice = slice,
        .point = point,
        .flags = flags,
    };
    for (size_t i = 0; i < p->n; i++)
      from.omega_end = fmax(from.omega_end, p->of[i].omega_end);
    status = observables_compute(&from, q, result, err);
    for (size_t i = 0; i < p->n; i++)
      result->evaluations += p->of[i].evaluations;
  }
  end(p);
  return status;
}

static elfin_status check_atomic(const elfin_request *q, elfin_error *err)
{
  if (q->expansion == ELFIN_FULL)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "isolated atoms are known in the soft limit only: "
                      "expansion: full needs a response that is not atomic");
  if (isfinite(q->k_cut_eV) || q->constant_charge)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no effect on isolated atoms (response: atomic)",
                      q->constant_charge ? "ion_charge" : "kcut");
  return migdal_atomic_check(q, err);
}

static elfin_status check_response(const elfin_request *q, elfin_error *err)
{
  const elfin_response_info *about = &q->response->about;
  double low, high;
  ion_loss_range(q->response, &low, &high);
  if (isinf(about->k_max_eV) || !(low < high))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: the Migdal effect needs a response that depends on "
                      "momentum, and %s does not", q->material->name, q->response->name);
  if (q->shells)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "shells has no effect on the response %s; it is for atomic",
                      q->response->name);
  return ELFIN_OK;
}

elfin_status migdal_check_target(const elfin_request *q, elfin_error *err)
{
  return q->response ? check_response(q, err) : check_atomic(q, err);
}

elfin_status migdal_check(const elfin_request *q, elfin_error *err)
{
  migdal_nucleus nuclei[MIGDAL_MOST_NUCLEI];
  mediator form;
  size_t n;
  elfin_status status = migdal_check_target(q, err);
  if (!status)
    status = migdal_nuclei(q, &n, nuclei, err);
  if (!status)
    status = mediator_of(q, &form, err);
  if (!status)
    status = observables_check_charge(q, err);
  if (!status && (q->splitting_eV != 0 || q->temperature_K != 0))
    status = elfin_fail(err, ELFIN_E_ARGUMENT, "splitting and temperature have no effect on the Migdal "
                        "effect");
  return status;
}

/* ---- preparation: the electrons' part of all nuclei --------------------------------------------- */

/** The full expression integrates the ELF itself. */
static loss_wanted elf_of(const elfin_request *q)
{
  return (loss_wanted){q->response, true, q->accuracy, false};
}

/** Parts are counted over the nuclei; `*i_part` becomes the one within `*wanted`. */
static elfin_status find_part(const elfin_request *q, size_t *i_part, ion_loss *wanted, elfin_error *err)
{
  migdal_nucleus nuclei[MIGDAL_MOST_NUCLEI];
  size_t n, before = 0;
  elfin_status status = migdal_nuclei(q, &n, nuclei, err);
  for (size_t i = 0; i < n && !status; i++) {
    *wanted = loss_of(q, &nuclei[i]);
    size_t n_parts = ion_loss_n_parts_of_all(wanted);
    if (*i_part < before + n_parts) {
      *i_part -= before;
      return ELFIN_OK;
    }
    before += n_parts;
  }
  return status ? status : elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no part %zu", q->response->name,
                                      *i_part);
}

size_t migdal_n_parts(const elfin_request *q)
{
  migdal_nucleus nuclei[MIGDAL_MOST_NUCLEI];
  size_t n, n_parts = 0;
  bool missing = false;
  if (!q->response || check_response(q, NULL) || migdal_nuclei(q, &n, nuclei, NULL))
    return 0;
  const loss_wanted elf = elf_of(q);
  if (q->expansion == ELFIN_FULL)
    return loss_n_parts(&elf);
  for (size_t i = 0; i < n; i++) {
    ion_loss wanted = loss_of(q, &nuclei[i]);
    missing = missing || ion_loss_n_parts(&wanted);
    n_parts += ion_loss_n_parts_of_all(&wanted);
  }
  return missing ? n_parts : 0;
}

elfin_status migdal_make_part(const elfin_request *q, size_t i_part, size_t *n, double **numbers,
                              elfin_error *err)
{
  ion_loss wanted;
  const loss_wanted elf = elf_of(q);
  if (q->expansion == ELFIN_FULL)
    return loss_make_part(&elf, i_part, n, numbers, err);
  elfin_status status = find_part(q, &i_part, &wanted, err);
  return status ? status : ion_loss_make_part(&wanted, i_part, n, numbers, err);
}

elfin_status migdal_take_part(const elfin_request *q, size_t i_part, size_t n, const double numbers[],
                              elfin_error *err)
{
  ion_loss wanted;
  const loss_wanted elf = elf_of(q);
  if (q->expansion == ELFIN_FULL)
    return loss_take_part(&elf, i_part, n, numbers, true, err);
  elfin_status status = find_part(q, &i_part, &wanted, err);
  return status ? status : ion_loss_take_part(&wanted, i_part, n, numbers, err);
}

/** A series is small, and copied. */
elfin_status migdal_borrow_part(const elfin_request *q, size_t i_part, size_t n, const double numbers[],
                                elfin_error *err)
{
  const loss_wanted elf = elf_of(q);
  if (q->expansion == ELFIN_FULL)
    return loss_take_part(&elf, i_part, n, numbers, false, err);
  return migdal_take_part(q, i_part, n, numbers, err);
}
