/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file multiphonon_anisotropic.c
 * Dark matter makes phonons in a crystal that turns with the Earth [docs/multiphonon_anisotropic.md;
 * arXiv:2411.03433].
 *
 *   dR/dω = P ½ ∫ du ⟨ ∫ dq q F(q)² 2g(v_min, u) Σ_d mult_d f_d(q)² C_d(q,ω; q̂) ⟩,
 *   v_min = q/2m_χ + ω/q
 *
 * with P of multiphonon.c for the anisotropic cell, C_d = S_d/2π, u the cosine between q̂ and the
 * wind −v_E, ⟨…⟩ the average over the azimuth around it (directional.c), and g the density of
 * velocity components along q̂ (elfin_halo_along()), half of η on average over u. q from max(q_BZ,
 * q₋): the coherent single phonon below q_BZ is not part of it. Above max_d 4√(2 m_d/⟨1/ω⟩_d) the
 * impulse approximation, with ω̄ of the direction.
 *
 * The crystal frame: at t = 0 the z axis lies along v_E; later, with φ = 2πt/24 h, s = sin 42° and
 * c = cos 42°,
 *   v_E(t) = v_E (s sin φ, s c (cos φ − 1), c² + s² cos φ).
 *
 * u begins where the fastest dark matter can just give the threshold: v_esc + u v_E = min v_min.
 * The rate goes to 0 there smoothly, and is smooth above: a Kronrod rule of 15 points is nearly
 * always enough. What the harmonics of F_n leave open is estimated by the last degree that is kept,
 * for each rate on its own.
 */
#include "rates/multiphonon.h"
#include "rates/rates.h"

#include "crystal/crystal_set.h"
#include "crystal/directional.h"
#include "numerics/kronrod.h"
#include "rates/observables.h"

#include <math.h>

static const double LATITUDE = 42 * M_PI / 180; /* [docs/multiphonon_anisotropic.md] */
static const double DAY_H = 24;                 /* sidereal hours */
static const double CM_PER_ANGSTROM = 1e-8;
/* Integrals at one u get this part of the error; the one over u the rest. */
static const double INNER_SHARE = 0.1;
/* What the nodes of F_n leave open away from thresholds, at 256 to the highest phonon (relative) */
static const double NODES_ERROR = 1e-5;
enum { MOST_KINDS = CRYSTAL_MOST_SPECIES / DIRECTIONAL_MOST_PARTS, MOST_PIECES = 24 };

typedef struct anisotropic {
  const elfin_request *q;
  const directional *set;
  directional_view *view;
  const directional_kind *kinds;
  size_t n_kinds;
  crystal_sum sum;
  double cosine, speed_end; /* u, and the largest component along it */
  double v_esc, v_lab;
  crystal_shares shares; /* of the rates so far */
} anisotropic;

/** What is integrated over u: a slice low … high, or dR/dω at low. */
typedef struct task {
  double low, high;
  bool point;
  double relative, absolute; /* at one u */
  bool last_degree;
} task;

static void along_at(const void *context, size_t n, const double v[], double f[])
{
  const anisotropic *p = context;
  elfin_halo_along(p->q->halo, p->cosine, n, v, f);
}

/* ---- one angle to the wind ------------------------------------------------------------------- */

static void set_species(anisotropic *p, const directional_crystals crystals[], bool last_degree)
{
  bool by_charge = p->q->coupling == ELFIN_DARK_PHOTON;
  p->sum.n_species = 0;
  for (size_t i = 0; i < p->n_kinds; i++) {
    const elfin_nucleus *nucleus = p->kinds[i].nucleus;
    double f = by_charge ? 1 : nucleus->mass_number;
    for (size_t j = 0; j < crystals[i].n_parts; j++)
      p->sum.species[p->sum.n_species++] =
          (crystal_species){.of = crystals[i].part[j],
                            .strength = p->kinds[i].multiplicity * f * f,
                            .charge = by_charge ? nucleus->atom : NULL,
                            .sum_only = j > 0 || last_degree};
  }
}

static elfin_status at_angle(anisotropic *p, const task *t, double u, integral *out,
                             elfin_error *err)
{
  directional_crystals crystals[MOST_KINDS];
  p->cosine = u;
  p->speed_end = elfin_halo_along_max(p->q->halo, u);
  p->sum.speed =
      (speed_function){.at = along_at, .context = p, .n_kinks = 1, .kinks = &p->speed_end};
  elfin_status status = directional_view_at(p->view, u, t->last_degree, crystals, err);
  if (status)
    return status;
  set_species(p, crystals, t->last_degree);
  if (t->point)
    return crystal_sum_point(&p->sum, t->low, t->relative, out, err);
  return crystal_sum_slice(&p->sum, t->low, t->high, t->relative, t->absolute, out, err);
}

/* ---- all angles ------------------------------------------------------------------------------ */

typedef struct piece {
  double low, high;
  double value, error; /* error of the rule */
  double inner;        /* error of what it adds up */
  double impulse;      /* of the value, in the impulse approximation */
} piece;

static elfin_status measure(anisotropic *p, const task *t, piece *a, long *evaluations,
                            elfin_error *err)
{
  double middle = 0.5 * (a->low + a->high), half = 0.5 * (a->high - a->low), gauss = 0, size = 0;
  elfin_status status = ELFIN_OK;
  a->value = a->inner = a->impulse = 0;
  for (int i = 0; !status && i < KRONROD_POINTS; i++) {
    int j = i < 8 ? i : KRONROD_POINTS - 1 - i;
    integral at = {0};
    crystal_shares shares = {0};
    p->sum.shares = &shares;
    status = at_angle(p, t, middle + half * (i < 8 ? -kronrod_at[j] : kronrod_at[j]), &at, err);
    a->value += half * kronrod_weight[j] * at.value;
    a->inner += half * kronrod_weight[j] * at.error;
    size += half * kronrod_weight[j] * fabs(at.value);
    a->impulse += half * kronrod_weight[j] * shares.impulse;
    gauss += j % 2 ? half * kronrod_gauss[j / 2] * at.value : 0;
    *evaluations += at.evaluations;
  }
  a->error = kronrod_error(a->value - gauss, size);
  return status;
}

static void total_of(size_t n, const piece pieces[], integral *out, double *inner)
{
  out->value = out->error = *inner = 0;
  for (size_t i = 0; i < n; i++) {
    out->value += pieces[i].value;
    out->error += pieces[i].error;
    *inner += pieces[i].inner;
  }
}

/** What the last degree of F_n's harmonics adds, by Gauss' rule with 7 points. */
static elfin_status last_degree_of(anisotropic *p, task t, double low, double value, integral *out,
                                   elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  double middle = 0.5 * (low + 1), half = 0.5 * (1 - low), sum = 0;
  t.last_degree = true;
  t.absolute = 0.1 * t.relative * fabs(value) / (2 * half);
  t.relative = 0.1;
  for (int i = 1; !status && i < KRONROD_POINTS; i += 2) {
    int j = i < 8 ? i : KRONROD_POINTS - 1 - i;
    integral at = {0};
    status = at_angle(p, &t, middle + half * (i < 8 ? -kronrod_at[j] : kronrod_at[j]), &at, err);
    sum += half * kronrod_gauss[j / 2] * at.value;
    out->evaluations += at.evaluations;
  }
  out->error += fabs(sum);
  return status;
}

/** The least v_min of all q ≥ q_from, at this ω. */
static double slowest(const anisotropic *p, double omega)
{
  double q = fmax(sqrt(2 * p->sum.m_chi * omega), p->sum.q_from);
  return q / (2 * p->sum.m_chi) + omega / q;
}

static elfin_status over_angles(anisotropic *p, task t, double relative, double absolute,
                                integral *out, elfin_error *err)
{
  double v = slowest(p, t.low),
         low = p->v_lab > 0   ? (v - p->v_esc) / p->v_lab
               : v < p->v_esc ? -1
                              : 1,
         inner;
  piece pieces[MOST_PIECES];
  size_t n = 1;
  *out = (integral){0};
  low = fmax(low, -1);
  if (!(low < 1))
    return ELFIN_OK;
  t.relative = INNER_SHARE * relative;
  t.absolute = INNER_SHARE * absolute / (1 - low);
  pieces[0] = (piece){.low = low, .high = 1};
  elfin_status status = measure(p, &t, &pieces[0], &out->evaluations, err);
  total_of(n, pieces, out, &inner);
  while (!status && n < MOST_PIECES &&
         out->error > (1 - INNER_SHARE) * fmax(absolute, relative * out->value)) {
    size_t worst = 0;
    for (size_t i = 1; i < n; i++)
      worst = pieces[i].error > pieces[worst].error ? i : worst;
    double middle = 0.5 * (pieces[worst].low + pieces[worst].high);
    pieces[n] = (piece){.low = middle, .high = pieces[worst].high};
    pieces[worst].high = middle;
    status = measure(p, &t, &pieces[worst], &out->evaluations, err);
    if (!status)
      status = measure(p, &t, &pieces[n++], &out->evaluations, err);
    total_of(n, pieces, out, &inner);
  }
  if (!status && out->error > (1 - INNER_SHARE) * fmax(absolute, relative * out->value))
    status = elfin_fail(err, ELFIN_E_ACCURACY,
                        "phonons above %g eV: over the directions %.2g of the value "
                        "was reached, not %.2g",
                        t.low, out->error / out->value, relative);
  out->error += inner;
  for (size_t i = 0; i < n; i++)
    p->shares.impulse += pieces[i].impulse;
  p->sum.shares = NULL; /* the last degree is no part of its own */
  if (!status)
    status = last_degree_of(p, t, low, out->value, out, err);
  p->sum.shares = &p->shares;
  return status;
}

static elfin_status slice(void *context, double low, double high, double relative, double absolute,
                          integral *out, elfin_error *err)
{
  return over_angles(context, (task){.low = low, .high = high}, relative, absolute, out, err);
}

static elfin_status point(void *context, double omega, double relative, integral *out,
                          elfin_error *err)
{
  *out = (integral){0};
  if (!(omega > 0))
    return ELFIN_OK;
  return over_angles(context, (task){.low = omega, .high = omega, .point = true}, relative, 0, out,
                     err);
}

/* ---- the process ----------------------------------------------------------------------------- */

elfin_status multiphonon_anisotropic_check(const elfin_request *q, elfin_error *err)
{
  const elfin_material *m = q->material;
  elfin_status status = crystal_check_request(q, m->n_anisotropic, err);
  if (status)
    return status;
  if (m->n_anisotropic == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: %s gives no density of states along directions "
                      "(nuclei_anisotropic, phonon_dos_anisotropic)",
                      m->name, m->path);
  for (size_t i = 0; i < m->n_anisotropic; i++)
    if (!m->anisotropic[i].tensor)
      return elfin_fail(err, ELFIN_E_ARGUMENT,
                        "%s: %s gives no density of states along directions for %s", m->name,
                        m->path, m->anisotropic[i].name);
  if (!(m->lattice_spacing_A.value > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: %s gives no lattice_spacing, which says where the "
                      "Brillouin zone ends",
                      m->name, m->path);
  if (q->phonons == ELFIN_SINGLE_PHONON)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: coherent single phonons are not known by direction: "
                      "phonons: single is for process multiphonon",
                      m->name);
  if (isnan(elfin_halo_along_max(q->halo, 0)))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "this halo is not known by direction; the presets shm, recommended-2021 and "
                      "tsallis are");
  if (!isfinite(q->time_h))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "time %g h: it must be finite", q->time_h);
  return q->coupling == ELFIN_DARK_PHOTON
             ? crystal_check_charges(m, m->n_anisotropic, m->anisotropic, err)
             : ELFIN_OK;
}

static void wind_at(double time_h, double wind[3])
{
  double phi = 2 * M_PI * time_h / DAY_H, s = sin(LATITUDE), c = cos(LATITUDE);
  wind[0] = -s * sin(phi);
  wind[1] = -s * c * (cos(phi) - 1);
  wind[2] = -(c * c + s * s * cos(phi));
}

static unsigned flags(void *context, double threshold, double value)
{
  const anisotropic *p = context;
  double omega = directional_omega_max(p->set), terms = (double)p->q->constants->directional_terms;
  double q_high = 2 * p->sum.m_chi * (p->v_esc + p->v_lab);
  bool few = terms > 0 && threshold > terms * omega; /* the table's F_n have ended */
  bool reached = p->sum.n_species && q_high > p->sum.species[0].of->q_switch;
  unsigned found =
      p->sum.n_species ? crystal_sum_flags(&p->sum, p->q->material, threshold, value) : 0;
  return (found & ~(unsigned)ELFIN_FLAG_OMEGA_RANGE) |
         (few && !reached ? ELFIN_FLAG_OMEGA_RANGE : 0);
}

elfin_status multiphonon_anisotropic_compute(const elfin_request *q, elfin_result *result,
                                             elfin_error *err)
{
  const elfin_material *m = q->material;
  double v_max = elfin_halo_v_max(q->halo), omega_end = 0.5 * q->mass_eV * v_max * v_max, wind[3];
  anisotropic p = {.q = q, .sum = {.m_chi = q->mass_eV, .max_evaluations = q->max_evaluations}};
  elfin_status status = directional_of(q->constants, m, &p.set, err);
  if (!status)
    status = mediator_of(q, &p.sum.form, err);
  wind_at(q->time_h, wind);
  if (!status)
    status = directional_view_new(p.set, wind, omega_end, &p.view, err);
  if (status)
    return status;
  p.kinds = directional_kinds(p.set, &p.n_kinds);
  p.v_esc = elfin_halo_along_max(q->halo, 0);
  p.v_lab = v_max - p.v_esc;
  p.sum.q_from =
      2 * M_PI / (m->lattice_spacing_A.value * CM_PER_ANGSTROM / q->constants->hbar_c_eV_cm);
  rate_source from = {
      .context = &p,
      .scale = 0.5 * crystal_prefactor(q, m->n_anisotropic, m->anisotropic),
      .accuracy = q->accuracy,
      .own_error = NODES_ERROR,
      .omega_min = 0,
      .omega_max = INFINITY,
      .omega_end = omega_end,
      .data = "the phonons",
      .slice = slice,
      .point = point,
      .flags = flags,
  };
  status = observables_compute(&from, q, result, err);
  directional_view_free(p.view);
  return status;
}

/* ---- preparation: F_n by direction, one part ------------------------------------------------- */

size_t multiphonon_anisotropic_n_parts(const elfin_request *q)
{
  return q->material && directional_is_to_share(q->constants, q->material) ? 1 : 0;
}

elfin_status multiphonon_anisotropic_make_part(const elfin_request *q, size_t i_part, size_t *n,
                                               double **numbers, elfin_error *err)
{
  if (i_part)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "phonons by direction are one part");
  return directional_make_shared(q->constants, q->material, n, numbers, err);
}

elfin_status multiphonon_anisotropic_take_part(const elfin_request *q, size_t i_part, size_t n,
                                               const double numbers[], elfin_error *err)
{
  (void)i_part;
  return directional_take_shared(q->constants, q->material, n, numbers, true, err);
}

elfin_status multiphonon_anisotropic_borrow_part(const elfin_request *q, size_t i_part, size_t n,
                                                 const double numbers[], elfin_error *err)
{
  (void)i_part;
  return directional_take_shared(q->constants, q->material, n, numbers, false, err);
}
