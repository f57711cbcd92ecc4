/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_losses.c
 * The energy loss function Im[−1/ε(ω,k)] as a picture: a map over (ω,k), cuts at some momenta, or a
 * curve where ε does not depend on k.
 *
 * A particle of mass m and speed v can give energy ω with momentum k only below the parabola
 * ω = k v − k²/(2 m) [Y. Hochberg et al., arXiv:2101.08263, eq. 4; S. Knapen et al.,
 * arXiv:2101.08275, eq. 5]: these lines lie over the map, for the fastest dark matter there is. */
#include "report/number_text.h"
#include "report/picture_words.h"
#include "report/plot_to.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Momenta up to so many are cuts, more are a map. What is drawn unless somebody says otherwise. */
enum { MOST_CUTS = 8, MOST_CURVES = 16, MAP_OMEGA = 200, MAP_K = 240, N_OMEGA = 600, N_LINE = 200 };
static const double USUAL_OMEGA = 50, USUAL_K = 15e3;
static const double LOG_RANGE = 500; /* of both on logarithmic axes, from the last to the first */
static const double usual_cuts[] = {1e3, 3e3, 6e3};
/* Decades from the highest loss to the lowest that shows; more where momenta that somebody asks for lose less than
 * that, so much below the most that the last one loses. */
enum { CUT_DECADES = 5, MAP_DECADES = 4, MOST_DECADES = 14, FAINT_DECADES = 2 };
static const double WIDE = 20;         /* a range of energies that wants a logarithm */

typedef struct grid {
  size_t n;
  double *value;
} grid;

typedef struct losses {
  const report_losses *about;
  grid omega, k;
  bool log_omega, log_k;
  const energy_unit *of_omega, *of_k;
  picture *picture;
} losses;

static bool depends_on_k(const elfin_response *response)
{
  return isfinite(elfin_response_about(response).k_max_eV);
}

/* ---- which energies and momenta -------------------------------------------------------------- */

static bool take(grid *g, size_t n, const double value[])
{
  *g = (grid){n, malloc((n + 1) * sizeof *g->value)};
  if (g->value)
    memcpy(g->value, value, n * sizeof *value);
  return g->value != NULL;
}

static double between(double from, double to, double part, bool logarithmic)
{
  return logarithmic ? from * pow(to / from, part) : from + (to - from) * part;
}

/* The middles of n even cells. */
static bool cells(grid *g, size_t n, double from, double to, bool logarithmic)
{
  *g = (grid){n, malloc((n + 1) * sizeof *g->value)};
  for (size_t i = 0; g->value && i < n; i++)
    g->value[i] = between(from, to, ((double)i + 0.5) / (double)n, logarithmic);
  return g->value != NULL;
}

static bool along(grid *g, size_t n, double from, double to, bool logarithmic)
{
  *g = (grid){n, malloc((n + 1) * sizeof *g->value)};
  for (size_t i = 0; g->value && i < n; i++)
    g->value[i] = between(from, to, (double)i / (double)(n - 1), logarithmic);
  return g->value != NULL;
}

/* Energies of all responses; of ε(ω,k) up to the usual one. */
static void range_of_omega(const report_losses *about, double range[2])
{
  range[0] = INFINITY;
  range[1] = 0;
  for (size_t i = 0; i < about->n_responses; i++) {
    elfin_response_info info = elfin_response_about(about->response[i]);
    bool of_k = depends_on_k(about->response[i]);
    range[0] = fmin(range[0], info.omega_min_eV);
    range[1] = fmax(range[1], of_k ? fmin(USUAL_OMEGA, info.omega_max_eV) : info.omega_max_eV);
  }
}

static bool wants_map(const report_losses *about)
{
  return about->n_responses == 1 && depends_on_k(about->response[0]) &&
         (about->n_k == 0 || about->n_k > MOST_CUTS);
}

/* On a logarithm from where the response begins, but not from far below its end. */
static double beginning(double least, double last, bool logarithmic, double of_linear)
{
  return logarithmic ? fmax(least, last / LOG_RANGE) : of_linear;
}

static bool choose_omega(losses *l, bool map)
{
  const report_losses *about = l->about;
  double range[2];
  range_of_omega(about, range);
  bool any_k = false;
  for (size_t i = 0; i < about->n_responses; i++)
    any_k = any_k || depends_on_k(about->response[i]);
  l->log_omega = about->log_omega || (!about->n_omega && !any_k && range[1] > WIDE * range[0]);
  if (about->n_omega)
    return take(&l->omega, about->n_omega, about->omega_eV);
  if (map)
    return cells(&l->omega, MAP_OMEGA, beginning(range[0], range[1], l->log_omega, 0), range[1],
                 l->log_omega);
  double from = any_k ? beginning(range[0], range[1], l->log_omega, range[1] / N_OMEGA) : range[0];
  return along(&l->omega, N_OMEGA, from, range[1], l->log_omega);
}

static bool choose_k(losses *l, bool map)
{
  const report_losses *about = l->about;
  l->log_k = about->log_k;
  if (about->n_k)
    return take(&l->k, about->n_k, about->k_eV);
  if (!map)
    return take(&l->k, sizeof usual_cuts / sizeof *usual_cuts, usual_cuts);
  elfin_response_info info = elfin_response_about(about->response[0]);
  double last = fmin(USUAL_K, info.k_max_eV);
  return cells(&l->k, MAP_K, beginning(info.k_min_eV, last, l->log_k, 0), last, l->log_k);
}

static bool choose_points(losses *l, bool map)
{
  if (!choose_omega(l, map) || !choose_k(l, map))
    return false;
  l->of_omega = energy_unit_for(l->omega.value[l->omega.n - 1] / 3);
  l->of_k = energy_unit_for(l->k.value[l->k.n - 1]);
  return true;
}

static double decades_for(double high, double faintest, double usual)
{
  double wanted = faintest > 0 && faintest <= high ? ceil(log10(high / faintest)) + FAINT_DECADES : 0;
  return fmin(fmax(usual, wanted), MOST_DECADES);
}

/* ---- a map ----------------------------------------------------------------------------------- */

static bool is_even(const grid *g, bool logarithmic)
{
  static const double SLACK = 1e-6;
  double first = g->value[0], last = g->value[g->n - 1];
  for (size_t i = 0; i < g->n; i++) {
    double even = between(first, last, (double)i / (double)(g->n - 1), logarithmic);
    double step = logarithmic ? even * log(last / first) / (double)(g->n - 1)
                              : (last - first) / (double)(g->n - 1);
    if (!(fabs(g->value[i] - even) <= SLACK * step))
      return false;
  }
  return g->n > 1 && last > first;
}

/* Cells reach half a step beyond the middles of the outer ones, but not below 0. */
static void frame_cells(const grid *g, double unit, bool logarithmic, picture_axis *axis)
{
  double first = g->value[0], last = g->value[g->n - 1], half = 0.5 / (double)(g->n - 1);
  axis->log = logarithmic;
  axis->from = fmax(0, between(first, last, -half, logarithmic)) / unit;
  axis->to = between(first, last, 1 + half, logarithmic) / unit;
}

/* The most that a momentum of the map loses: of all of them, the least above 0. */
static double faintest_column(const picture_map *map)
{
  double least = INFINITY;
  for (size_t j = 0; j < map->n_x; j++) {
    double most = 0;
    for (size_t i = 0; i < map->n_y; i++)
      most = fmax(most, map->value[i * map->n_x + j]);
    least = most > 0 ? fmin(least, most) : least;
  }
  return least;
}

static elfin_status add_map(losses *l, elfin_error *err)
{
  if (!is_even(&l->omega, l->log_omega) || !is_even(&l->k, l->log_k))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "a map is drawn with even steps: grids first,last,n or first,last,n,log; up "
                      "to %d momenta are drawn as curves",
                      MOST_CUTS);
  if (!picture_add_map(l->picture, "energy loss function Im(−1/ε)", l->k.n, l->omega.n))
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a map");
  picture_map *map = l->picture->map;
  for (size_t i = 0; i < l->k.n; i++)
    map->x[i] = l->k.value[i] / l->of_k->eV;
  double *omega = malloc(l->k.n * sizeof *omega);
  if (!omega)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a map");
  for (size_t i = 0; i < l->omega.n; i++) {
    map->y[i] = l->omega.value[i] / l->of_omega->eV;
    for (size_t j = 0; j < l->k.n; j++)
      omega[j] = l->omega.value[i];
    elfin_response_elf(l->about->response[0], l->k.n, omega, l->k.value, &map->value[i * l->k.n]);
    for (size_t j = 0; j < l->k.n; j++)
      map->high = fmax(map->high, map->value[i * l->k.n + j]);
  }
  free(omega);
  double faintest = l->about->n_k ? faintest_column(map) : map->high;
  map->low = pow(10, floor(log10(map->high) - decades_for(map->high, faintest, MAP_DECADES)));
  frame_cells(&l->k, l->of_k->eV, l->log_k, &l->picture->x);
  frame_cells(&l->omega, l->of_omega->eV, l->log_omega, &l->picture->y);
  return map->high > 0
             ? ELFIN_OK
             : elfin_fail(err, ELFIN_E_ARGUMENT, "%s: the energy loss is 0 in all of the map",
                          l->about->material);
}

/* From `from` to `end`, on a logarithm dense at both: there the line begins and falls. */
static double momentum_on_line(size_t i, double from, double end, bool logarithmic)
{
  static const double NEAR = 1e-4;
  double part = (double)i / (N_LINE - 1), middle = 0.5 * (from + end);
  if (!logarithmic)
    return end * part;
  return part < 0.5 ? between(from, middle, 2 * part, true)
                    : end - (end - middle) * pow(NEAR, 2 * part - 1);
}

/* ω = k v − k²/(2 m), as far as it is above 0. */
static void add_limit(losses *l, double mass, size_t i_mass)
{
  char label[48], text[32];
  double end = fmin(l->picture->x.to * l->of_k->eV, 2 * mass * l->about->v_max);
  energy_text(mass, text, sizeof text);
  snprintf(label, sizeof label, "dark matter of %s", text);
  picture_curve *c = picture_add(l->picture, label, N_LINE);
  for (size_t i = 0; c && i < N_LINE; i++) {
    double k = momentum_on_line(i, l->picture->x.from * l->of_k->eV, end, l->log_k);
    c->x[i] = k / l->of_k->eV;
    c->y[i] = (k * l->about->v_max - k * k / (2 * mass)) / l->of_omega->eV;
  }
  if (c)
    c->dash = i_mass;
}

/* ---- curves ---------------------------------------------------------------------------------- */

static void add_cut(losses *l, size_t i_response, size_t i_k, const double k[], bool many)
{
  const elfin_response *response = l->about->response[i_response];
  char label[160], text[32];
  bool of_k = depends_on_k(response);
  energy_text(l->k.value[i_k], text, sizeof text);
  snprintf(label, sizeof label, "%.120s%s%s", l->about->name[i_response], of_k ? ", k = " : "",
           of_k ? text : "");
  picture_curve *c = picture_add(l->picture, label, l->omega.n);
  if (!c)
    return;
  elfin_response_elf(response, l->omega.n, l->omega.value, k, c->y);
  for (size_t i = 0; i < l->omega.n; i++)
    c->x[i] = l->omega.value[i] / l->of_omega->eV;
  c->falls = of_k; /* elsewhere 0 is what nobody measured */
  c->colour = many ? i_response : i_k;
  c->dash = many || !of_k ? i_k : 0;
}

/* So that each of the curves shows. */
static double decades_of_cuts(const picture *p)
{
  double high = 0, faintest = INFINITY;
  for (size_t i = 0; i < p->n_curves; i++) {
    double most = 0;
    for (size_t j = 0; j < p->curves[i].n; j++)
      most = fmax(most, p->curves[i].y[j]);
    high = fmax(high, most);
    faintest = most > 0 ? fmin(faintest, most) : faintest;
  }
  return decades_for(high, faintest, CUT_DECADES);
}

static elfin_status add_cuts(losses *l, elfin_error *err)
{
  size_t n = 0;
  double *k = malloc(l->omega.n * sizeof *k);
  for (size_t r = 0; r < l->about->n_responses; r++)
    n += depends_on_k(l->about->response[r]) ? l->k.n : 1;
  if (!k || n > MOST_CURVES) {
    free(k);
    return k ? elfin_fail(err, ELFIN_E_ARGUMENT, "%zu curves are more than can be told apart: %d",
                          n, MOST_CURVES)
             : elfin_fail(err, ELFIN_E_MEMORY, "no memory for curves");
  }
  for (size_t r = 0; r < l->about->n_responses; r++)
    for (size_t i = 0; i < (depends_on_k(l->about->response[r]) ? l->k.n : 1); i++) {
      for (size_t j = 0; j < l->omega.n; j++)
        k[j] = l->k.value[i];
      add_cut(l, r, i, k, l->about->n_responses > 1);
    }
  free(k);
  l->picture->y.log = true;
  l->picture->from_below = false;
  l->picture->decades = decades_of_cuts(l->picture);
  l->picture->may_end = true;
  return ELFIN_OK;
}

/* ---- words ----------------------------------------------------------------------------------- */

static char *caption_of(const report_losses *about, bool map)
{
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return NULL;
  fprintf(stream, "elfin response %s; elfin %s, commit %.12s.\n", about->material, elfin_version(),
          elfin_git_commit());
  for (size_t i = 0; i < about->n_responses; i++) {
    elfin_response_info info = elfin_response_about(about->response[i]);
    fprintf(stream, "%s: %s.%s\n", about->name[i], info.source ? info.source : "no source is known",
            strcmp(info.kind, "lindhard") == 0
                ? " Its plasmon, a line without width beside the band, does not show."
                : "");
  }
  if (map && about->n_masses)
    fprintf(
        stream,
        "Lines: ω = k v − k²/2m, the most that dark matter of mass m can give with momentum k, "
        "at the largest speed v = %.4gc.\n",
        about->v_max);
  fclose(stream);
  return text;
}

static void describe(losses *l, bool map)
{
  picture *p = l->picture;
  p->title = text_of("Energy loss function of %s", l->about->material);
  if (map)
    p->constants = text_of("%s response", l->about->name[0]);
  p->caption = caption_of(l->about, map);
  if (map) {
    p->x.label = text_of("momentum k [%s]", l->of_k->name);
    p->y.label = text_of("energy ω [%s]", l->of_omega->name);
  } else {
    p->x.label = text_of("energy ω [%s]", l->of_omega->name);
    p->y.label = text_of("energy loss function Im(−1/ε)");
    p->x.log = l->log_omega;
  }
  p->failed = p->failed || !p->title || !p->caption || !p->x.label || !p->y.label;
}

elfin_status report_plot_losses(const report_losses *about, const report_image *to,
                                elfin_error *err)
{
  losses l = {.about = about, .picture = picture_new()};
  bool map = wants_map(about);
  elfin_status status = ELFIN_OK;
  if (!l.picture || !choose_points(&l, map))
    status = elfin_fail(err, ELFIN_E_MEMORY, "no memory for a picture of %s", about->material);
  else
    status = map ? add_map(&l, err) : add_cuts(&l, err);
  for (size_t i = 0; !status && map && i < about->n_masses; i++)
    add_limit(&l, about->mass_eV[i], i);
  if (!status)
    describe(&l, map);
  if (!status)
    status = plot_to(l.picture, to, err);
  picture_free(l.picture);
  free(l.omega.value);
  free(l.k.value);
  return status;
}
