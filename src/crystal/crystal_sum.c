/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal_sum.c
 * Rates in a crystal, up to the switch momentum: the phonon sum [docs/multiphonon.md].
 *
 *   ∫ dω ∫ dq w(q) v(q/2m_χ + ω/q) Σ_n (q²/2m)^n e^{−2W} F_n(ω) = Σ_n ∫ dω F_n(ω) G_n(ω),
 *   G_n(ω) = ∫_{q₋(ω)}^{q₊(ω)} dq w(q) (q²/2m)^n e^{−2W} v(q/2m_χ + ω/q)
 *
 * F_n is jagged and knows nothing of dark matter; G_n is smooth between a few energies that are
 * known in advance. So F_n comes as weights on its nodes, made once per material, and G_n as a
 * polynomial in ln ω between those energies: thirteen values of it do what thousands of points in
 * the (ω,q) plane would.
 *
 * G_n is smooth but where q∓(ω) of a kink v of the halo meets an end of the q range: at
 * ω = q v − q²/(2m_χ) for q one of q_switch, q_single, q_from and the step of a Debye–Waller
 * shortcut; and it ends at m_χ v²/2. Panels are cut there, and halved where thirteen Chebyshev
 * points disagree with the seven among them. The q integrals are Gauss–Kronrod in ln q, halved
 * likewise; all n share the points.
 *
 * Above the switch the impulse approximation takes over (crystal_impulse.c).
 */
#include "crystal/crystal_sum.h"

#include "crystal/crystal_parts.h"
#include "numerics/kronrod.h"
#include "crystal/phonon_projection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  WIDTH = PHONON_WIDTH,
  N_ENERGIES = PHONON_POINTS, /* of a panel in ln ω; every second one for the check */
  MOST_PANELS = 400, /* in ω */
  MOST_CUTS = 128,
  MOST_STRETCHES = 96, /* in ln q, to begin with */
  DEEPEST = 12         /* halvings of one of them */
};
/* Panels and stretches are no longer than this, in ln ω and ln q, to begin with. */
static const double LONGEST_OMEGA = 1.4, LONGEST_Q = 1.2;
/* The q integrals get this part of the error that is allowed. */
static const double Q_SHARE = 0.1, FINEST = 1e-13;
/* dG/dω at the ends of a slice is a difference over this part of a cell. */
static const double DIFFERENCE = 1 / 16.0;
/* A term of the sum that is this much smaller than the largest is left out. */
static const double NEGLIGIBLE = 1e-17;

/* ---- G_n at one energy ----------------------------------------------------------------------- */

enum { RULE = KRONROD_POINTS };

/** The values of one stretch of ln q, without (q²/2m)^n. */
typedef struct stretch {
  double low, high;  /* q */
  double x[RULE];    /* q²/2m */
  double base[RULE]; /* Kronrod's weight included */
  double value, error, size;
} stretch;

typedef struct line {
  const crystal_sum *sum;
  const crystal_species *species;
  double omega;
  size_t first, end;     /* n from first + 1 to end */
  const double *typical; /* [n_terms] how F_n weighs the n */
  double *G;             /* [n_terms] */
  double *below;         /* [n_terms] of G, what q < q_single has */
  double value, error;   /* Σ typical G */
  long evaluations;
} line;

static size_t first_term(const line *l, double q)
{
  return q < l->sum->q_single && l->first < 1 ? 1 : l->first;
}

/** Fill a stretch. */
static void measure(line *l, double low, double high, stretch *s)
{
  double q[RULE], v[RULE], form[RULE], charge[RULE], log_low = log(low), span = log(high / low);
  const crystal *c = l->species->of;
  s->low = low;
  s->high = high;
  for (int i = 0; i < RULE; i++) {
    int j = i < 8 ? i : RULE - 1 - i;
    q[i] = exp(log_low + 0.5 * span * (i < 8 ? 1 - kronrod_at[j] : 1 + kronrod_at[j]));
    v[i] = q[i] / (2 * l->sum->m_chi) + l->omega / q[i];
    s->x[i] = q[i] * q[i] / (2 * c->mass);
    charge[i] = 1;
  }
  l->sum->speed.at(l->sum->speed.context, RULE, v, v);
  crystal_sum_form(l->sum, RULE, q, form);
  if (l->species->charge)
    elfin_form_factor_at(l->species->charge, RULE, q, charge);
  double by_gauss = 0;
  size_t first = first_term(l, 0.5 * (low + high));
  s->value = s->size = 0;
  for (int i = 0; i < RULE; i++) {
    int j = i < 8 ? i : RULE - 1 - i;
    double sum = 0, x = s->x[i];
    for (size_t n = l->end; n-- > first;) /* Σ typical_n x^(n+1), by Horner */
      sum = (sum + l->typical[n]) * x;
    sum *= first ? pow(x, (double)first) : 1;
    s->base[i] = 0.5 * span * kronrod_weight[j] * q[i] * q[i] * form[i] * v[i] * charge[i] *
                 charge[i] * exp(-crystal_debye_waller(c, q[i]));
    s->value += s->base[i] * sum;
    s->size += fabs(s->base[i] * sum);
    if (j % 2 == 1)
      by_gauss += s->base[i] * sum * kronrod_gauss[j / 2] / kronrod_weight[j];
  }
  s->error = kronrod_error(s->value - by_gauss, s->size);
  l->evaluations += RULE;
}

/** Add a stretch to all G_n. */
static void add_stretch(line *l, const stretch *s)
{
  double middle = 0.5 * (s->low + s->high);
  size_t first = first_term(l, middle);
  for (int i = 0; i < RULE; i++) {
    double x = s->x[i], power = s->base[i] * (first ? pow(x, (double)first) : 1);
    for (size_t n = first; n < l->end; n++) {
      power *= x;
      l->G[n] += power;
      l->below[n] += middle < l->sum->q_single ? power : 0;
    }
  }
  l->value += s->value;
  l->error += s->error;
}

static void add_refined(line *l, const stretch *s, double allowed, int depth)
{
  if (s->error <= allowed || depth == DEEPEST) {
    add_stretch(l, s);
    return;
  }
  double middle = sqrt(s->low) * sqrt(s->high);
  stretch half;
  for (int i = 0; i < 2; i++) {
    measure(l, i ? middle : s->low, i ? s->high : middle, &half);
    add_refined(l, &half, 0.5 * allowed, depth + 1);
  }
}

/** The momenta that count at this energy. */
static bool q_range(const line *l, double *low, double *high)
{
  if (!crystal_sum_momenta(l->sum->m_chi, crystal_v_end(l->sum), l->omega, low, high))
    return false;
  *low = fmax(*low, l->sum->q_from);
  *high = fmin(*high, l->species->of->q_switch);
  return *low > 0 && *high > *low;
}

/** All G_n at l->omega. */
static void measure_line(line *l, double relative, stretch *work)
{
  double low, high, cut[MOST_CUTS], ends[2 * MOST_STRETCHES], total = 0;
  const speed_function *speed = &l->sum->speed;
  size_t n = 0;
  l->value = l->error = 0;
  memset(l->G, 0, l->species->of->phonons->n_terms * sizeof *l->G);
  memset(l->below, 0, l->species->of->phonons->n_terms * sizeof *l->below);
  if (!q_range(l, &low, &high))
    return;
  cut[n++] = l->sum->q_single;
  cut[n++] = crystal_step_of(l->species->of);
  for (size_t i = 0; i + 1 < speed->n_kinks && n + 4 < MOST_CUTS; i++)
    if (crystal_sum_momenta(l->sum->m_chi, speed->kinks[i], l->omega, &cut[n], &cut[n + 1]))
      n += 2;
  n = crystal_cut(n, cut, low, high, LONGEST_Q, MOST_STRETCHES, ends);
  for (size_t i = 0; i < n; i++) {
    measure(l, ends[2 * i], ends[2 * i + 1], &work[i]);
    total += work[i].size;
  }
  double allowed = fmax(Q_SHARE * relative, FINEST) * total / (double)n;
  for (size_t i = 0; i < n; i++)
    add_refined(l, &work[i], allowed, 0);
}

/* ---- a panel in ω ---------------------------------------------------------------------------- */

typedef struct panel_in_omega {
  double low, high;
  double value, error;
  double below; /* of the value, q < q_single */
} panel_in_omega;

/** What one species needs while it is summed. */
typedef struct work {
  line l;
  stretch *stretches;          /* [MOST_STRETCHES] */
  double *typical, *G, *below; /* [n_terms] */
  double *edge;                /* [8 * n_terms] at the low end, and at the high one: see `edge` */
  double *fine, *coarse; /* [n_terms * WIDTH] F_n integrated with the polynomials of the nodes */
  double relative;
  double below_zone; /* of the last slice */
} work;

/** Which terms matter between these nodes, and how much. */
static void choose_terms(work *w, size_t first, size_t end, double x_largest)
{
  const phonon_functions *f = w->l.species->of->phonons;
  double largest = 0, power = 1;
  w->l.first = f->n_terms;
  w->l.end = 0;
  phonon_sizes(f, first, end, w->typical);
  for (size_t n = 0; n < f->n_terms; n++) {
    power *= x_largest;
    largest = fmax(largest, power * w->typical[n]);
  }
  power = 1;
  for (size_t n = 0; n < f->n_terms; n++) {
    power *= x_largest;
    if (!(power * w->typical[n] > NEGLIGIBLE * largest))
      continue;
    w->l.first = w->l.first < n ? w->l.first : n;
    w->l.end = n + 1;
  }
}

static void measure_panel(work *w, panel_in_omega *p)
{
  const phonon_functions *f = w->l.species->of->phonons;
  size_t first = phonon_functions_node(f, p->low), end = phonon_functions_node(f, p->high);
  double log_at[N_ENERGIES], fine = 0, coarse = 0, q_error = 0, low, high;
  w->l.omega = p->low;
  p->value = p->error = p->below = 0;
  if (!q_range(&w->l, &low, &high))
    return;
  choose_terms(w, first, end, high * high / (2 * w->l.species->of->mass));
  if (w->l.first >= w->l.end)
    return;
  phonon_points(p->low, p->high, log_at);
  phonon_project(f, first, end, w->l.first, w->l.end, log_at, w->fine, w->coarse);
  for (size_t k = 0; k < N_ENERGIES; k++) {
    w->l.omega = k == 0 ? p->low : k + 1 == N_ENERGIES ? p->high : exp(log_at[k]);
    measure_line(&w->l, w->relative, w->stretches);
    double by_fine = 0;
    for (size_t n = w->l.first; n < w->l.end; n++) {
      by_fine += w->fine[n * WIDTH + k] * w->G[n];
      p->below += w->fine[n * WIDTH + k] * w->below[n];
      coarse += w->coarse[n * WIDTH + k] * w->G[n];
    }
    fine += by_fine;
    if (w->l.value != 0)
      q_error += fabs(by_fine) * w->l.error / fabs(w->l.value);
  }
  double difference = fabs(fine - coarse), part = fine != 0 ? difference / fabs(fine) : 0;
  p->value = fine;
  p->error = (part < 1 ? difference * sqrt(part) : difference) + q_error;
}

/* ---- the ends of a slice --------------------------------------------------------------------- */

/** What F_n holds between the end of a slice and the nodes: value G + slope dG/dω, see
 * phonon_functions_edge(); [n_terms] each, `G` for those at one energy. */
typedef struct edge {
  double *value, *slope, *doubt, *G;
  double h; /* the cell; 0: nothing there */
} edge;

static edge edge_at(const work *w, bool high, double omega)
{
  const phonon_functions *f = w->l.species->of->phonons;
  double *from = w->edge + (high ? 4 * f->n_terms : 0);
  edge e = {from, from + f->n_terms, from + 2 * f->n_terms, from + 3 * f->n_terms, 0};
  size_t k = phonon_functions_node(f, omega);
  phonon_functions_edge(f, omega, e.value, e.slope, e.doubt);
  if (k > 0 && k < f->n_nodes)
    e.h = f->omega[k] - f->omega[k - 1];
  return e;
}

/** All G_n at one energy, of which term n weighs weight[n]; into G if that is not NULL. */
static void measure_at(work *w, double omega, const double weight[], double G[])
{
  size_t n_terms = w->l.species->of->phonons->n_terms;
  w->l.first = 0;
  w->l.end = n_terms;
  w->l.omega = omega;
  for (size_t n = 0; n < n_terms; n++)
    w->typical[n] = fabs(weight[n]);
  measure_line(&w->l, w->relative, w->stretches);
  if (G)
    memcpy(G, w->G, n_terms * sizeof *G);
}

/** Add one end: dG/dω from a difference inwards, where there is surely something. */
static void add_edge(work *w, bool high, double omega, integral *out)
{
  edge e = edge_at(w, high, omega);
  double sign = high ? -1 : 1, step = DIFFERENCE * e.h;
  if (e.h == 0)
    return;
  measure_at(w, omega, e.value, e.G);
  out->error += w->l.error;
  measure_at(w, omega + sign * step, e.value, NULL);
  for (size_t n = 0; n < w->l.species->of->phonons->n_terms; n++) {
    out->value += sign * (e.value[n] * e.G[n] + e.slope[n] * sign * (w->G[n] - e.G[n]) / step);
    out->error += e.doubt[n] * e.G[n];
  }
}

/** A slice within a cell: its moments by both ends and the nodes inside; G straight from low to
 * high. */
static void add_narrow(work *w, double low, double high, integral *out)
{
  const phonon_functions *f = w->l.species->of->phonons;
  edge a = edge_at(w, false, low), b = edge_at(w, true, high);
  size_t first = phonon_functions_node(f, low), end = phonon_functions_node(f, high);
  for (size_t n = 0; n < f->n_terms; n++) { /* moments about low take their place */
    a.slope[n] -= b.slope[n] + (high - low) * b.value[n];
    a.value[n] -= b.value[n];
    for (size_t i = first; i < end; i++) {
      a.value[n] += f->weight[n * f->n_nodes + i];
      a.slope[n] += f->weight[n * f->n_nodes + i] * (f->omega[i] - low);
    }
  }
  measure_at(w, low, a.value, a.G);
  out->error += w->l.error;
  measure_at(w, high, a.value, b.G);
  measure_at(w, 0.5 * (low + high), a.value, NULL);
  for (size_t n = 0; n < f->n_terms; n++) {
    out->value += a.value[n] * a.G[n] + a.slope[n] * (b.G[n] - a.G[n]) / (high - low);
    out->error += fabs(a.value[n] * (w->G[n] - 0.5 * (a.G[n] + b.G[n])));
  }
}

/* ---- one species ----------------------------------------------------------------------------- */

/** The energies at which G_n is not smooth, and the range in which there is anything. */
static size_t first_panels(const work *w, double low, double high, panel_in_omega panels[])
{
  const crystal_sum *sum = w->l.sum;
  const crystal *c = w->l.species->of;
  const phonon_functions *f = c->phonons;
  const speed_function *speed = &sum->speed;
  double v_end = crystal_v_end(sum), m = sum->m_chi, cut[MOST_CUTS], ends[2 * MOST_PANELS];
  double q_top = fmin(c->q_switch, m * v_end);
  double highest = q_top * v_end - q_top * q_top / (2 * m);
  low = fmax(low, f->omega[0] * (1 - 1e-9));
  high = fmin(fmin(high, highest), f->omega[f->n_nodes - 1] * (1 + 1e-9));
  if (!(low < high))
    return 0;
  const double q_ends[] = {c->q_switch, sum->q_single, sum->q_from, crystal_step_of(c)};
  size_t n = 0;
  for (size_t i = 0; i < speed->n_kinks && n + 7 < MOST_CUTS; i++) {
    double v = speed->kinks[i];
    cut[n++] = 0.5 * m * v * v;
    for (size_t j = 0; j < sizeof q_ends / sizeof *q_ends; j++)
      cut[n++] = q_ends[j] * v - q_ends[j] * q_ends[j] / (2 * m);
  }
  n = crystal_cut(n, cut, low, high, LONGEST_OMEGA, MOST_PANELS / 2, ends);
  for (size_t i = 0; i < n; i++)
    panels[i] = (panel_in_omega){.low = ends[2 * i], .high = ends[2 * i + 1]};
  return n;
}

static void total_of(size_t n, const panel_in_omega panels[], integral *out)
{
  out->value = out->error = 0;
  for (size_t i = 0; i < n; i++) {
    out->value += panels[i].value;
    out->error += panels[i].error;
  }
}

/** Panels of nodes, refined until they agree. */
static elfin_status sum_nodes(work *w, double low, double high, double relative, double absolute,
                              integral *out, elfin_error *err)
{
  panel_in_omega *panels = malloc(MOST_PANELS * sizeof *panels);
  if (!panels)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  size_t n = first_panels(w, low, high, panels);
  for (size_t i = 0; i < n; i++)
    measure_panel(w, &panels[i]);
  total_of(n, panels, out);
  while (n < MOST_PANELS && out->error > fmax(absolute, relative * fabs(out->value))) {
    size_t worst = 0;
    for (size_t i = 1; i < n; i++)
      if (panels[i].error > panels[worst].error)
        worst = i;
    double middle = sqrt(panels[worst].low) * sqrt(panels[worst].high);
    panels[n] = (panel_in_omega){.low = middle, .high = panels[worst].high};
    panels[worst].high = middle;
    measure_panel(w, &panels[worst]);
    measure_panel(w, &panels[n++]);
    total_of(n, panels, out);
    if (w->l.evaluations > w->l.sum->max_evaluations)
      break;
  }
  for (size_t i = 0; i < n; i++)
    w->below_zone += panels[i].below;
  free(panels);
  if (out->error <= fmax(absolute, relative * fabs(out->value)))
    return ELFIN_OK;
  return elfin_fail(err, ELFIN_E_ACCURACY,
                    "phonons from %g to %g eV: %.2g of the value was reached, not "
                    "%.2g, in %ld evaluations",
                    low, high, out->error / fabs(out->value), relative, w->l.evaluations);
}

static elfin_status sum_species(work *w, double low, double high, double relative, double absolute,
                                integral *out, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  w->relative = relative;
  if (high - low < edge_at(w, false, low).h) {
    add_narrow(w, low, high, out);
  } else {
    integral ends = {0}; /* first: panels need no more digits than the whole has */
    if (low > 0)
      add_edge(w, false, low, &ends);
    if (isfinite(high))
      add_edge(w, true, high, &ends);
    status =
        sum_nodes(w, low, high, relative, fmax(absolute, relative * fabs(ends.value)), out, err);
    out->value += ends.value;
    out->error += ends.error;
  }
  out->evaluations = w->l.evaluations;
  return status;
}

static elfin_status begin(work *w, const crystal_sum *sum, size_t i_species, elfin_error *err)
{
  size_t n = sum->species[i_species].of->phonons->n_terms;
  *w = (work){.l = {.sum = sum, .species = &sum->species[i_species]}};
  w->stretches = malloc(MOST_STRETCHES * sizeof *w->stretches);
  w->typical = malloc((11 + 2 * WIDTH) * n * sizeof *w->typical);
  if (!w->stretches || !w->typical)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  w->G = w->typical + n;
  w->below = w->G + n;
  w->edge = w->below + n;
  w->fine = w->edge + 8 * n;
  w->coarse = w->fine + n * WIDTH;
  w->l.typical = w->typical;
  w->l.G = w->G;
  w->l.below = w->below;
  return ELFIN_OK;
}

static void end(work *w)
{
  free(w->stretches);
  free(w->typical);
}

/* ---- all species ----------------------------------------------------------------------------- */

/** Phonons and impulse approximation share the error. */
static const double SHARE = 0.5;

static void add(integral *out, double strength, const integral *part)
{
  out->value += strength * part->value;
  out->error += strength * part->error;
  out->evaluations += part->evaluations;
}

elfin_status crystal_sum_slice(const crystal_sum *sum, double low, double high, double relative,
                               double absolute, integral *out, elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  *out = (integral){0};
  for (size_t i = 0; !status && i < sum->n_species; i++) {
    double strength = sum->species[i].strength;
    if (!(strength > 0))
      continue;
    double share = SHARE / (double)sum->n_species / strength, done;
    integral phonons = {0}, impulse = {0};
    work w;
    status = begin(&w, sum, i, err);
    done = share * fmax(absolute, relative * fabs(out->value));
    if (!status)
      status = sum_species(&w, low, high, relative, done, &phonons, err);
    end(&w);
    add(out, strength, &phonons);
    if (sum->shares)
      sum->shares->below_zone += strength * w.below_zone;
    done = share * fmax(absolute, relative * fabs(out->value));
    if (!status && !sum->species[i].sum_only)
      status = crystal_impulse_slice(sum, i, low, high, relative, done, &impulse, err);
    add(out, strength, &impulse);
    if (sum->shares)
      sum->shares->impulse += strength * impulse.value;
  }
  return status;
}

static elfin_status phonons_at(const crystal_sum *sum, size_t i, double omega, double relative,
                               integral *out, elfin_error *err)
{
  work w;
  elfin_status status = begin(&w, sum, i, err);
  const phonon_functions *f = sum->species[i].of->phonons;
  if (!status) {
    phonon_functions_at(f, omega, w.typical);
    w.l.omega = omega;
    w.l.end = f->n_terms;
    measure_line(&w.l, relative, w.stretches);
    *out = (integral){w.l.value, w.l.error, w.l.evaluations};
  }
  end(&w);
  return status;
}

elfin_status crystal_sum_point(const crystal_sum *sum, double omega, double relative, integral *out,
                               elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  *out = (integral){0};
  for (size_t i = 0; !status && i < sum->n_species; i++) {
    double strength = sum->species[i].strength;
    integral phonons = {0}, impulse = {0};
    if (!(strength > 0))
      continue;
    status = phonons_at(sum, i, omega, relative, &phonons, err);
    add(out, strength, &phonons);
    double done = SHARE * relative * fabs(out->value) / (double)sum->n_species / strength;
    if (!status && !sum->species[i].sum_only)
      status = crystal_impulse_point(sum, i, omega, relative, done, &impulse, err);
    add(out, strength, &impulse);
  }
  return status;
}
