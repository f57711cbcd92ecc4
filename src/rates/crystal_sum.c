/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal_sum.c
 * Rates in a crystal, up to the switch momentum: the phonon sum [physics.md §9].
 *
 *   ∫ dω ∫ dq w(q) v(q/2m_χ + ω/q) Σ_n (q²/2m)^n e^{−2W} F_n(ω) = Σ_n ∫ dω F_n(ω) G_n(ω),
 *   G_n(ω) = ∫_{q₋(ω)}^{q₊(ω)} dq w(q) (q²/2m)^n e^{−2W} v(q/2m_χ + ω/q)
 *
 * F_n is jagged and knows nothing of dark matter; G_n is smooth between a few energies that are known in
 * advance. So F_n comes as weights on its nodes, made once per material, and G_n as a polynomial in ln ω
 * between those energies: thirteen values of it do what thousands of points in the (ω,q) plane would.
 *
 * G_n is smooth but where q∓(ω) of a kink v of the halo meets an end of the q range: at
 * ω = q v − q²/(2m_χ) for q one of q_switch, q_single, q_from and the step of a Debye–Waller shortcut; and
 * it ends at m_χ v²/2. Panels are cut there, and halved where thirteen Chebyshev points disagree with the
 * seven among them. The q integrals are Gauss–Kronrod in ln q, halved likewise; all n share the points.
 *
 * Above the switch the impulse approximation takes over (crystal_impulse.c).
 */
#include "rates/crystal_sum.h"

#include "rates/crystal_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
  N_ENERGIES = 13,      /* Chebyshev points of a panel in ln ω; every second one for the check */
  MOST_PANELS = 400,    /* in ω */
  MOST_CUTS = 128,
  MOST_STRETCHES = 96,  /* in ln q, to begin with */
  DEEPEST = 12          /* halvings of one of them */
};
/* Panels and stretches are no longer than this, in ln ω and ln q, to begin with. */
static const double LONGEST_OMEGA = 1.4, LONGEST_Q = 1.2;
/* The q integrals get this part of the error that is allowed. */
static const double Q_SHARE = 0.1, FINEST = 1e-13;
/* A term of the sum that is this much smaller than the largest is left out. */
static const double NEGLIGIBLE = 1e-17;

/* ---- momenta --------------------------------------------------------------------------------- */

bool crystal_sum_momenta(double m_chi, double v, double omega, double *q_low, double *q_high)
{
  double inside = 1 - 2 * omega / (m_chi * v * v);
  if (!(inside >= 0 && v > 0))
    return false;
  double root = 1 + sqrt(inside);
  *q_low = 2 * omega / (v * root);
  *q_high = m_chi * v * root;
  return true;
}

void crystal_sum_form(const crystal_sum *sum, size_t n, const double q[], double form[])
{
  for (size_t i = 0; i < n; i++) {
    form[i] = mediator_F2(&sum->form, q[i] * q[i]);
    if (sum->power != 0)
      form[i] *= pow(q[i] / sum->q_unit, sum->power);
  }
}

double crystal_v_end(const crystal_sum *sum)
{
  return sum->speed.kinks[sum->speed.n_kinks - 1];
}

double crystal_step_of(const crystal *c)
{
  return sqrt(c->debye_waller_from * 2 * c->mass / c->phonons->inverse);
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

size_t crystal_cut(size_t n, double cut[], double low, double high, double longest, size_t most,
                   double ends[])
{
  size_t n_ends = 0;
  cut[n++] = low;
  cut[n++] = high;
  qsort(cut, n, sizeof *cut, ascending);
  for (size_t i = 0; i + 1 < n; i++) {
    double a = cut[i], b = cut[i + 1];
    if (!(a >= low && b <= high && b > a * (1 + 1e-12)))
      continue;
    size_t pieces = (size_t)(log(b / a) / longest) + 1;
    pieces = n_ends + pieces > most ? most - n_ends : pieces;
    for (size_t j = 0; j < pieces; j++) {
      ends[2 * n_ends] = j ? a * pow(b / a, (double)j / (double)pieces) : a;
      ends[2 * n_ends + 1] = j + 1 < pieces ? a * pow(b / a, (double)(j + 1) / (double)pieces) : b;
      n_ends++;
    }
  }
  return n_ends;
}

/* ---- G_n at one energy ----------------------------------------------------------------------- */

enum { RULE = 15 };
/* Gauss–Kronrod, 7 and 15 points (Piessens et al., QUADPACK, 1983): from the end to the middle. */
static const double kronrod_at[8] = {0.991455371120812639, 0.949107912342758525, 0.864864423359769073,
                                     0.741531185599394440, 0.586087235467691130, 0.405845151377397167,
                                     0.207784955007898468, 0};
static const double kronrod[8] = {0.022935322010529225, 0.063092092629978553, 0.104790010322250184,
                                  0.140653259715525919, 0.169004726639267903, 0.190350578064785410,
                                  0.204432940075298892, 0.209482141084727828};
static const double gauss[4] = {0.129484966168869693, 0.279705391489276668, 0.381830050505118945,
                                0.417959183673469388};

/** The values of one stretch of ln q, without (q²/2m)^n. */
typedef struct stretch {
  double low, high;        /* q */
  double x[RULE];          /* q²/2m */
  double base[RULE];       /* Kronrod's weight included */
  double value, error, size;
} stretch;

typedef struct line {
  const crystal_sum *sum;
  const crystal_species *species;
  double omega;
  size_t first, end;       /* n from first + 1 to end */
  const double *typical;   /* [n_terms] how F_n weighs the n */
  double *G;               /* [n_terms] */
  double value, error;     /* Σ typical G */
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
    s->base[i] = 0.5 * span * kronrod[j] * q[i] * q[i] * form[i] * v[i] * charge[i] * charge[i] *
                 exp(-crystal_debye_waller(c, q[i]));
    s->value += s->base[i] * sum;
    s->size += fabs(s->base[i] * sum);
    if (j % 2 == 1)
      by_gauss += s->base[i] * sum * gauss[j / 2] / kronrod[j];
  }
  double difference = fabs(s->value - by_gauss);
  double part = s->size > 0 ? 200 * difference / s->size : 0; /* QUADPACK's scaling */
  s->error = part < 1 ? s->size * part * sqrt(part) : difference;
  l->evaluations += RULE;
}

/** Add a stretch to all G_n. */
static void add_stretch(line *l, const stretch *s)
{
  size_t first = first_term(l, 0.5 * (s->low + s->high));
  for (int i = 0; i < RULE; i++) {
    double x = s->x[i], power = s->base[i] * (first ? pow(x, (double)first) : 1);
    for (size_t n = first; n < l->end; n++) {
      power *= x;
      l->G[n] += power;
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
  bool first, last; /* the slice ends at low, or at high */
  double value, error;
  double doubt;     /* of the weights, at the ends of the slice */
} panel_in_omega;

/** What one species needs while it is summed. */
typedef struct work {
  line l;
  stretch *stretches;     /* [MOST_STRETCHES] */
  double *typical, *G;    /* [n_terms] */
  double *edge;           /* [6 * n_terms] value, slope, doubt at the low end, and at the high one */
  double *fine, *coarse;  /* [n_terms * N_ENERGIES] F_n integrated with the polynomials of the nodes */
  double relative;
} work;

/** Σ over nodes of weight_n times each of the n_points Lagrange polynomials in ln ω. */
static void project(const work *w, size_t first, size_t end, const double log_at[], size_t stride,
                    double out[])
{
  const phonon_functions *f = w->l.species->of->phonons;
  size_t n_points = (N_ENERGIES - 1) / stride + 1;
  memset(out, 0, f->n_terms * N_ENERGIES * sizeof *out);
  for (size_t i = first; i < end; i++) {
    double basis[N_ENERGIES], norm = 0;
    size_t hit = n_points;
    for (size_t k = 0; k < n_points; k++) {
      double d = f->log_omega[i] - log_at[k * stride];
      double weight = (k % 2 ? -1.0 : 1.0) * (k == 0 || k + 1 == n_points ? 0.5 : 1);
      hit = d == 0 ? k : hit;
      basis[k] = weight / d;
      norm += basis[k];
    }
    for (size_t k = 0; k < n_points; k++)
      basis[k] = hit < n_points ? (k == hit ? 1 : 0) : basis[k] / norm;
    for (size_t n = w->l.first; n < w->l.end; n++) {
      double weight = f->weight[n * f->n_nodes + i];
      double *to = out + n * N_ENERGIES;
      if (i >= f->first[n] && i < f->end[n])
        for (size_t k = 0; k < n_points; k++)
          to[k * stride] += weight * basis[k];
    }
  }
}

/** Add what F_n holds between the slice's end (`k_end`) and the nodes, `sign` times. dG/dω comes from the
 * polynomial, too: of Chebyshev's points on −1 … 1 and every `stride`-th of them. */
static void project_edge(const work *w, const panel_in_omega *p, size_t k_end, double sign, size_t stride,
                         double out[])
{
  size_t n_terms = w->l.species->of->phonons->n_terms, last = (N_ENERGIES - 1) / stride;
  const double *value = w->edge + (k_end ? 3 * n_terms : 0), *slope = value + n_terms;
  double end = k_end ? p->high : p->low, scale = 2 / (end * log(p->high / p->low)), other = 0;
  double derivative[N_ENERGIES];
  size_t at = k_end / stride;
  for (size_t k = 0; k <= last; k++) {
    double distance = cos(M_PI * (double)k / (double)last) - cos(M_PI * (double)at / (double)last);
    double weight = (k % 2 == at % 2 ? 1.0 : -1.0) * (k == 0 || k == last ? 1 : 2);
    derivative[k] = k == at ? 0 : scale * weight / distance;
    other += derivative[k];
  }
  derivative[at] = -other; /* a constant has none */
  for (size_t n = w->l.first; n < w->l.end; n++) {
    out[n * N_ENERGIES + k_end] += sign * value[n];
    for (size_t k = 0; k <= last; k++)
      out[n * N_ENERGIES + k * stride] += sign * slope[n] * derivative[k];
  }
}

/** Which terms matter between these nodes, and how much. */
static void choose_terms(work *w, size_t first, size_t end, double x_largest)
{
  const phonon_functions *f = w->l.species->of->phonons;
  double largest = 0, power = 1;
  w->l.first = f->n_terms;
  w->l.end = 0;
  for (size_t n = 0; n < f->n_terms; n++) {
    double sum = fabs(w->edge[n]) + fabs(w->edge[3 * f->n_terms + n]);
    for (size_t i = first > f->first[n] ? first : f->first[n]; i < end && i < f->end[n]; i++)
      sum += fabs(f->weight[n * f->n_nodes + i]);
    w->typical[n] = sum;
    power *= x_largest;
    largest = fmax(largest, power * sum);
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
  double *second = w->edge + 3 * f->n_terms;
  memset(w->edge, 0, 6 * f->n_terms * sizeof *w->edge); /* between panels nothing is to be corrected */
  if (p->first)
    phonon_functions_edge(f, p->low, w->edge, w->edge + f->n_terms, w->edge + 2 * f->n_terms);
  if (p->last)
    phonon_functions_edge(f, p->high, second, second + f->n_terms, second + 2 * f->n_terms);
  w->l.omega = p->low;
  p->value = p->error = p->doubt = 0;
  if (!q_range(&w->l, &low, &high))
    return;
  choose_terms(w, first, end, high * high / (2 * w->l.species->of->mass));
  if (w->l.first >= w->l.end)
    return;
  for (size_t k = 0; k < N_ENERGIES; k++)
    log_at[k] = 0.5 * (log(p->low) + log(p->high)) -
                0.5 * log(p->high / p->low) * cos(M_PI * (double)k / (N_ENERGIES - 1));
  project(w, first, end, log_at, 1, w->fine);
  project(w, first, end, log_at, 2, w->coarse);
  for (size_t stride = 1; stride <= 2; stride++) {
    if (p->first)
      project_edge(w, p, 0, 1, stride, stride == 1 ? w->fine : w->coarse);
    if (p->last)
      project_edge(w, p, N_ENERGIES - 1, -1, stride, stride == 1 ? w->fine : w->coarse);
  }
  for (size_t k = 0; k < N_ENERGIES; k++) {
    w->l.omega = k == 0 ? p->low : k + 1 == N_ENERGIES ? p->high : exp(log_at[k]);
    measure_line(&w->l, w->relative, w->stretches);
    double by_fine = 0;
    for (size_t n = w->l.first; n < w->l.end; n++) {
      by_fine += w->fine[n * N_ENERGIES + k] * w->G[n];
      coarse += w->coarse[n * N_ENERGIES + k] * w->G[n];
      if (k == 0 || k + 1 == N_ENERGIES)
        p->doubt += w->edge[(k ? 5 : 2) * f->n_terms + n] * w->G[n];
    }
    fine += by_fine;
    if (w->l.value != 0)
      q_error += fabs(by_fine) * w->l.error / fabs(w->l.value);
  }
  double difference = fabs(fine - coarse), part = fine != 0 ? difference / fabs(fine) : 0;
  p->value = fine;
  p->error = (part < 1 ? difference * sqrt(part) : difference) + q_error;
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
    panels[i] = (panel_in_omega){.low = ends[2 * i], .high = ends[2 * i + 1], .first = i == 0,
                                 .last = i + 1 == n};
  return n;
}

static void total_of(size_t n, const panel_in_omega panels[], integral *out, double *doubt)
{
  out->value = out->error = *doubt = 0;
  for (size_t i = 0; i < n; i++) {
    out->value += panels[i].value;
    out->error += panels[i].error;
    *doubt += panels[i].doubt;
  }
}

static elfin_status sum_species(work *w, double low, double high, double relative, double absolute,
                                integral *out, elfin_error *err)
{
  panel_in_omega *panels = malloc(MOST_PANELS * sizeof *panels);
  if (!panels)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  size_t n = first_panels(w, low, high, panels);
  double doubt;
  w->relative = relative;
  for (size_t i = 0; i < n; i++)
    measure_panel(w, &panels[i]);
  total_of(n, panels, out, &doubt);
  while (n < MOST_PANELS && out->error > fmax(absolute, relative * fabs(out->value))) {
    size_t worst = 0;
    for (size_t i = 1; i < n; i++)
      if (panels[i].error > panels[worst].error)
        worst = i;
    double middle = sqrt(panels[worst].low) * sqrt(panels[worst].high);
    panels[n] = (panel_in_omega){.low = middle, .high = panels[worst].high, .last = panels[worst].last};
    panels[worst].high = middle;
    panels[worst].last = false;
    measure_panel(w, &panels[worst]);
    measure_panel(w, &panels[n++]);
    total_of(n, panels, out, &doubt);
    if (w->l.evaluations > w->l.sum->max_evaluations)
      break;
  }
  free(panels);
  out->evaluations = w->l.evaluations;
  if (out->error <= fmax(absolute, relative * fabs(out->value))) {
    out->error += doubt; /* not within reach of more panels */
    return ELFIN_OK;
  }
  return elfin_fail(err, ELFIN_E_ACCURACY, "phonons from %g to %g eV: %.2g of the value was reached, not "
                    "%.2g, in %ld evaluations", low, high, out->error / fabs(out->value), relative,
                    out->evaluations);
}

static elfin_status begin(work *w, const crystal_sum *sum, size_t i_species, elfin_error *err)
{
  size_t n = sum->species[i_species].of->phonons->n_terms;
  *w = (work){.l = {.sum = sum, .species = &sum->species[i_species]}};
  w->stretches = malloc(MOST_STRETCHES * sizeof *w->stretches);
  w->typical = malloc((8 + 2 * N_ENERGIES) * n * sizeof *w->typical);
  if (!w->stretches || !w->typical)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  w->G = w->typical + n;
  w->edge = w->G + n;
  w->fine = w->edge + 6 * n;
  w->coarse = w->fine + n * N_ENERGIES;
  w->l.typical = w->typical;
  w->l.G = w->G;
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
    done = share * fmax(absolute, relative * fabs(out->value));
    if (!status)
      status = crystal_impulse_slice(sum, i, low, high, relative, done, &impulse, err);
    add(out, strength, &impulse);
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
    if (!status)
      status = crystal_impulse_point(sum, i, omega, relative, done, &impulse, err);
    add(out, strength, &impulse);
  }
  return status;
}
