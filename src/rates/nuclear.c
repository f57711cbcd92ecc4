/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file nuclear.c
 * Dark matter scatters off free nuclei [docs/nuclear.md].
 *
 *   dR/dE = N_cell (ρ_χ/m_χ) σ̄_n/(2 μ_χn²) Σ_d mult_d A_d² m_d F(q)² η(q/2μ_χd) c · year,
 *   q = √(2 m_d E),  m_d = A_d m_u,  N_cell: cells per kg
 * for recoil energies E; F the mediator's form factor, times the nucleus' own where it is asked for (helm.c).
 * In q, m_d dE = q dq: what is integrated, q F² η, is smooth but for η's kinks.
 * Two ends of where this holds are flagged where they are more than 1 % of a rate: nuclei taken as points
 * where their size matters, and recoils below those of a free nucleus, which are multiphonon.c's.
 */
#include "rates/rates.h"

#include "halo/halo_lookup.h"
#include "numerics/numerics.h"
#include "rates/helm.h"
#include "rates/nuclei.h"
#include "rates/observables.h"

#include <math.h>
#include <stdlib.h>

/* A panel in ln q is not longer than this: F² falls like q⁻⁴. */
static const double LONGEST = 2;
/* From q = 0 on, a first panel reaches this part of where η or F² begins to change. */
static const double FIRST = 0.1;
/* Parts of a rate beyond this are flagged; they are known to this (relative, of the part). */
static const double WORTH_SAYING = 0.01, OF_A_PART = 1e-3;

typedef struct stretch {
  size_t i_nucleus;
  double low, high; /* of q [eV] */
} stretch;

typedef struct nuclear {
  const elfin_request *q;
  const halo_lookup *eta;
  mediator form;
  struck_nuclei nuclei;
  bool sized; /* nuclei are Helm's, or else points */
  size_t n_kinks;
  const double *kink;
  size_t n_stretches;
  stretch *stretches; /* [INTEGRAL_MAX_PANELS] */
  bool full;
} nuclear;

static double mass_of(const nuclear *p, size_t i)
{
  return p->nuclei.of[i].mass_number * p->q->constants->amu_eV;
}

static double reduced_mass(const nuclear *p, size_t i)
{
  double m_d = mass_of(p, i), m_chi = p->q->mass_eV;
  return m_d * m_chi / (m_d + m_chi);
}

/** The square of the nucleus' own form factor. */
static double size_F2(const nuclear *p, size_t i, double q)
{
  helm sizes = helm_of(p->q->constants, p->nuclei.of[i].mass_number);
  return helm_F2(&sizes, q);
}

/** mult A² F² η of one species: what dR/dE is, but for m_d and the prefactor. */
static double strength(const nuclear *p, size_t i, double q)
{
  double A = p->nuclei.of[i].mass_number, eta, v = q / (2 * reduced_mass(p, i));
  halo_lookup_eta(p->eta, 1, &v, &eta);
  double point = nuclei_multiplicity(&p->nuclei, i) * A * A * mediator_F2(&p->form, q * q) * eta;
  return p->sized ? point * size_F2(p, i, q) : point;
}

/** Along a stretch in ln q; from 0 on, in q. */
static void on_stretch(void *context, size_t i_panel, size_t n, const double x[], double f[])
{
  const nuclear *p = context;
  const stretch *s = &p->stretches[i_panel];
  double span = s->low > 0 ? log(s->high / s->low) : 0;
  for (size_t i = 0; i < n; i++) {
    double q = s->low > 0 ? s->low * exp(span * x[i]) : s->high * x[i];
    double jacobian = s->low > 0 ? span * q : s->high;
    f[i] = jacobian * q * strength(p, s->i_nucleus, q);
  }
}

static void add_stretch(nuclear *p, size_t i, double low, double high)
{
  size_t n_parts = low > 0 ? (size_t)ceil(log(high / low) / LONGEST) : 1;
  for (size_t part = 0; part < n_parts; part++) {
    double from = low > 0 ? low * pow(high / low, (double)part / (double)n_parts) : low;
    double to = part + 1 == n_parts ? high
                                    : low * pow(high / low, (double)(part + 1) / (double)n_parts);
    p->full = p->full || p->n_stretches == INTEGRAL_MAX_PANELS;
    if (!p->full)
      p->stretches[p->n_stretches++] = (stretch){i, from, to};
  }
}

/** All that one species contributes between two recoil energies, cut at the kinks of η. */
static void add_species(nuclear *p, size_t i, double low_eV, double high_eV)
{
  double m_d = mass_of(p, i), mu = reduced_mass(p, i);
  double low = sqrt(2 * m_d * low_eV), high = sqrt(2 * m_d * high_eV);
  for (size_t j = 0; j < p->n_kinks; j++) {
    double end = fmin(high, 2 * mu * p->kink[j]);
    if (low == 0 && end > 0) {
      double scale = fmin(end, sqrt(p->form.mass_2)), first = FIRST * scale;
      add_stretch(p, i, 0, first);
      low = first;
    }
    if (end > low) {
      add_stretch(p, i, low, end);
      low = end;
    }
  }
}

static elfin_status infinite(elfin_status status, elfin_error *err)
{
  return elfin_fail(err, status, "a massless mediator scatters infinitely often at recoil energies "
                    "near 0: give an energy above it");
}

/** The integral over the stretches that were added. */
static elfin_status integrate(nuclear *p, double relative, double absolute, integral *out,
                              elfin_error *err)
{
  if (p->full)
    return elfin_fail(err, ELFIN_E_ACCURACY, "a halo table of %zu points for %zu nuclei is more than "
                      "%d panels: thin it out", p->n_kinks, p->nuclei.n, INTEGRAL_MAX_PANELS);
  integral_request r = {.dim = 1, .n_panels = p->n_stretches, .f = on_stretch, .context = p,
                        .relative = relative, .absolute = absolute,
                        .max_evaluations = p->q->max_evaluations};
  return integrate_panels(&r, out, err);
}

static void begin(nuclear *p)
{
  p->n_stretches = 0;
  p->full = false;
}

static elfin_status slice(void *context, double low, double high, double relative, double absolute,
                          integral *out, elfin_error *err)
{
  nuclear *p = context;
  begin(p);
  if (low == 0 && p->q->mediator_eV == 0)
    return infinite(ELFIN_E_VALIDITY, err);
  for (size_t i = 0; i < p->nuclei.n; i++)
    add_species(p, i, low, high);
  return integrate(p, relative, absolute, out, err);
}

static elfin_status point(void *context, double energy, double relative, integral *out,
                          elfin_error *err)
{
  const nuclear *p = context;
  (void)relative;
  if (energy == 0 && p->q->mediator_eV == 0)
    return infinite(ELFIN_E_VALIDITY, err);
  *out = (integral){.evaluations = (long)p->nuclei.n};
  for (size_t i = 0; i < p->nuclei.n; i++)
    out->value += mass_of(p, i) * strength(p, i, sqrt(2 * mass_of(p, i) * energy));
  out->error = INTEGRAL_ROUNDING * out->value;
  return ELFIN_OK;
}

/* ---- where it does not hold ------------------------------------------------------------------- */

/** q at the fastest dark matter's largest recoil. */
static double largest_q(const nuclear *p, size_t i)
{
  return 2 * reduced_mass(p, i) * p->kink[p->n_kinks - 1];
}

static double largest_recoil(const nuclear *p, size_t i)
{
  double q = largest_q(p, i);
  return q * q / (2 * mass_of(p, i));
}

/** Does the size of nuclei, taken as points, change the rate `value` above a threshold? */
static bool size_matters(nuclear *p, double threshold, double value)
{
  double least = 1;
  for (size_t i = 0; i < p->nuclei.n; i++) /* F² is below its value at q only beyond q */
    least = fmin(least, size_F2(p, i, largest_q(p, i)));
  if (p->sized || least > 1 - WORTH_SAYING)
    return false;
  integral sized = {0};
  begin(p);
  for (size_t i = 0; i < p->nuclei.n; i++)
    add_species(p, i, threshold, largest_recoil(p, i));
  p->sized = true;
  elfin_status status = integrate(p, OF_A_PART, OF_A_PART * value, &sized, NULL);
  p->sized = false;
  return !status && sized.value < (1 - WORTH_SAYING) * value;
}

/** Is more than a trace of the rate `value` above a threshold at recoils of bound nuclei? */
static bool bound_matters(nuclear *p, double threshold, double value)
{
  integral bound = {0};
  begin(p);
  for (size_t i = 0; i < p->nuclei.n; i++)
    add_species(p, i, threshold,
                fmin(nuclei_free_from_eV(p->q, &p->nuclei, i), largest_recoil(p, i)));
  if (p->n_stretches == 0)
    return false;
  elfin_status status = integrate(p, OF_A_PART, OF_A_PART * WORTH_SAYING * value, &bound, NULL);
  return !status && bound.value > WORTH_SAYING * value;
}

static unsigned flags(void *context, double threshold, double value)
{
  nuclear *p = context;
  if (!(value > 0))
    return 0;
  return (size_matters(p, threshold, value) ? ELFIN_FLAG_NUCLEAR_SIZE : 0) |
         (bound_matters(p, threshold, value) ? ELFIN_FLAG_BOUND_NUCLEI : 0);
}

/* ---- the process ------------------------------------------------------------------------------ */

/** 1/kg/yr per cm², of the integral over q and of mass times strength. */
static double prefactor(const nuclear *p)
{
  const elfin_request *q = p->q;
  const elfin_constants *c = q->constants;
  double cells = c->nuclei_per_kg / p->nuclei.cell_mass_number;  /* [1/kg] */
  double n_chi = q->rho_GeV_cm3 * 1e9 / q->mass_eV;              /* [1/cm³] */
  double mu = q->mass_eV * c->m_p_eV / (q->mass_eV + c->m_p_eV); /* [eV] */
  double per_year = c->c_km_s * 1e5 * c->year_s;                 /* c in cm/yr */
  return cells * n_chi / (2 * mu * mu) * per_year;
}

elfin_status nuclear_check(const elfin_request *q, elfin_error *err)
{
  struck_nuclei nuclei;
  mediator form;
  elfin_status status = nuclei_of(q, &nuclei, err);
  if (!status)
    status = mediator_of(q, &form, err);
  if (status)
    return status;
  if (q->n_charges)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: recoiling nuclei have no charge spectrum here; the "
                      "process migdal has one", q->material->name);
  if (q->mediator_eV > 0)
    return ELFIN_OK;
  double least = INFINITY;
  for (size_t i = 0; i < q->n_thresholds; i++)
    least = fmin(least, q->threshold_eV[i]);
  if (least == 0)
    return infinite(ELFIN_E_ARGUMENT, err);
  return ELFIN_OK;
}

elfin_status nuclear_compute(const elfin_request *q, elfin_result *result, elfin_error *err)
{
  nuclear p = {.q = q, .eta = halo_lookup_of(q->halo), .sized = q->form_factor == ELFIN_HELM};
  elfin_status status = nuclei_of(q, &p.nuclei, err);
  if (!status)
    status = mediator_of(q, &p.form, err);
  if (status)
    return status;
  p.kink = elfin_halo_kinks(q->halo, &p.n_kinks);
  p.stretches = malloc(INTEGRAL_MAX_PANELS * sizeof *p.stretches);
  if (!p.stretches)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  double end = 0; /* the largest recoil energy */
  for (size_t i = 0; i < p.nuclei.n; i++)
    end = fmax(end, largest_recoil(&p, i));
  rate_source from = {
      .context = &p,
      .scale = prefactor(&p),
      .accuracy = q->accuracy,
      .omega_max = INFINITY,
      .omega_end = end,
      .data = "the nuclei",
      .slice = slice,
      .point = point,
      .flags = flags,
  };
  status = observables_compute(&from, q, result, err);
  free(p.stretches);
  return status;
}
