/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_published_limits.c
 * Our limits from the events of SENSEI and DAMIC-M, over theirs (shared/published).
 *
 * Ours: Si's oscillators, the halo of arXiv:2105.00599 (v_E = 253.7 km/s), and what the experiments'
 * files say. Theirs: QCDark's response (DAMIC-M), charge models and efficiencies that are not printed
 * (SENSEI). What each ingredient alone does is in test_limit_ingredients.c and on
 * data/experiments/README.md; the bounds here are those of that page, for all published masses.
 * --print shows every ratio.
 */
#include "published.h"

#include <elfin/experiment.h>
#include <elfin/limit.h>
#include <elfin/rate.h>

static const double RHO = 0.3, V0 = 238, V_ESC = 544, V_E = 253.7; /* [GeV/cm³], [km/s] */
static const double CL = 0.9, PILEUP = 45;
enum { MOST_BINS = 16, MOST_EDGES = 256 };

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *si;
static elfin_response *response;
static bool print;

typedef struct comparison {
  const char *experiment, *process, *file;
  double mediator, mass_unit; /* [eV] of the file's first column */
} comparison;

/* Expected events per bin and cm². */
static void expected(const elfin_experiment *e, const comparison *c, double mass, double signal[])
{
  size_t n = 0;
  double *edges = NULL;
  static double spectrum[MOST_EDGES], error[MOST_EDGES], weights[MOST_BINS * MOST_EDGES];
  static elfin_status status[MOST_EDGES];
  CHECK(elfin_experiment_edges(e, si, &n, &edges, NULL) == ELFIN_OK && n <= MOST_EDGES);
  CHECK(elfin_experiment_weights(e, si, n, edges, weights, NULL) == ELFIN_OK);
  elfin_request request = {0};
  elfin_request_defaults(&request);
  request.constants = constants;
  request.halo = halo;
  request.material = si;
  request.response = response;
  request.rho_GeV_cm3 = RHO;
  request.mass_eV = mass;
  request.mediator_eV = c->mediator;
  request.accuracy = 1e-3;
  request.recoil_threshold_eV = 0; /* the published Migdal limit goes down to 1 MeV */
  request.n_edges = n;
  request.edge_eV = edges;
  elfin_result result = {.spectrum = spectrum, .spectrum_error = error, .spectrum_status = status};
  elfin_error err = {""};
  CHECK(elfin_rate(c->process, &request, &result, &err) == ELFIN_OK);
  for (size_t b = 0; b < e->n_bins; b++) {
    signal[b] = 0;
    for (size_t i = 0; i + 1 < n; i++)
      signal[b] += weights[b * (n - 1) + i] * spectrum[i] * (edges[i + 1] - edges[i]);
  }
  free(edges);
}

static elfin_experiment *opened(const comparison *c)
{
  elfin_experiment *e = NULL;
  CHECK(elfin_experiment_open(c->experiment, &e, NULL) == ELFIN_OK);
  return e;
}

/* All masses in [from, to]: ours over theirs within [low, high], the widest reported. */
static void ratios_are_within(const comparison *c, elfin_limit_method method, double from,
                              double to, double low, double high)
{
  elfin_experiment *e = opened(c);
  FILE *file = open_published(c->file);
  double mass, theirs, least = HUGE_VAL, most = 0;
  size_t n = 0;
  while (next_published(file, c->mass_unit, &mass, &theirs)) {
    double signal[MOST_BINS], ours = NAN;
    if (mass < from || mass > to)
      continue;
    expected(e, c, mass, signal);
    elfin_counts counts = {e->n_bins, signal, e->background, e->observed};
    CHECK(elfin_limit_bins(method, &counts, CL, &ours, NULL, NULL) == ELFIN_OK);
    CHECK(ours / theirs >= low && ours / theirs <= high);
    least = fmin(least, ours / theirs);
    most = fmax(most, ours / theirs);
    n++;
    if (print)
      printf("  %9.4g eV: %.3g cm2, ours %.3f of it\n", mass, theirs, ours / theirs);
  }
  CHECK(n >= 3);
  printf("%s, %s, %s, %s, %g to %g eV: ours %.3f to %.3f of theirs\n", c->experiment, c->process,
         c->mediator > 0 ? "massive" : "massless", elfin_limit_method_name(method), from, to, least,
         most);
  fclose(file);
  elfin_experiment_free(e);
}

/* ---- DAMIC-M ----------------------------------------------------------------------------------
 */

static const comparison damic_light = {
    "DAMIC_M_2025", "electron", "DAMIC-M_2025_OFFICIALRESULT_QCDark_DMe_ulightmediator.txt", 0, 1};
static const comparison damic_heavy = {"DAMIC_M_2025", "electron",
                                       "DAMIC-M_2025_OFFICIALRESULT_QCDark_DMe_heavymediator.txt",
                                       INFINITY, 1};
static const comparison damic_migdal = {"DAMIC_M_2025", "migdal",
                                        "DAMIC-M_2025_OFFICIALRESULT_DMn-Migdal_heavymediator.txt",
                                        INFINITY, 1};

static void damic_with_a_light_mediator_is_weaker(void)
{
  ratios_are_within(&damic_light, ELFIN_LIMIT_LIKELIHOOD, 2e6, 4e6, 1, 1.6);
  ratios_are_within(&damic_light, ELFIN_LIMIT_LIKELIHOOD, 4e6, 1e9, 1.3, 1.75);
}

/* A heavy mediator likes four electrons and large momenta. */
static void damic_with_a_heavy_mediator_crosses(void)
{
  ratios_are_within(&damic_heavy, ELFIN_LIMIT_LIKELIHOOD, 2e6, 1e7, 0.95, 1.9);
  ratios_are_within(&damic_heavy, ELFIN_LIMIT_LIKELIHOOD, 1e7, 1e9, 0.5, 1.1);
}

/* Theirs is of the same oscillators, in DarkELF's table, and a free ion. */
static void damic_by_the_migdal_effect_agrees(void)
{
  ratios_are_within(&damic_migdal, ELFIN_LIMIT_LIKELIHOOD, 2e6, 3e6, 1 / 1.4, 1.25);
  ratios_are_within(&damic_migdal, ELFIN_LIMIT_LIKELIHOOD, 3e6, 1e9, 1 / 1.1, 1.25);
}

/* ---- SENSEI -----------------------------------------------------------------------------------
 */

static const comparison sensei = {"SENSEI_SNOLAB", "electron", "SENSEI_SNOLAB_ER_Massive.txt",
                                  INFINITY, 1e6};
static const comparison sensei_light = {"SENSEI_SNOLAB", "electron", SENSEI_LIGHT, 0, 1e6};

static void sensei_as_one_count_agrees_above_13_MeV(void)
{
  ratios_are_within(&sensei, ELFIN_LIMIT_TOTAL, 1.35e7, 1e9, 1 / 1.5, 1.5);
  ratios_are_within(&sensei, ELFIN_LIMIT_TOTAL, 2e6, 1.35e7, 1, 2.8);
}

/* The limit from events with two electrons alone, of which PILEUP are expected, over theirs. */
static void two_electrons_are_within(const comparison *c, double low, double high)
{
  elfin_experiment *e = opened(c);
  FILE *file = open_published(c->file);
  double mass, theirs, allowed, least = HUGE_VAL, most = 0;
  CHECK(elfin_limit_events(e->observed[0], PILEUP, CL, &allowed, NULL) == ELFIN_OK);
  while (next_published(file, c->mass_unit, &mass, &theirs)) {
    double signal[MOST_BINS];
    if (mass < 2e6)
      continue;
    expected(e, c, mass, signal);
    double ratio = allowed / signal[0] / theirs;
    CHECK(ratio >= low && ratio <= high);
    least = fmin(least, ratio);
    most = fmax(most, ratio);
    if (print)
      printf("  %9.4g eV: %.1f events with two electrons at their limit\n", mass,
             theirs * signal[0]);
  }
  CHECK(most > least);
  printf("%s, %s: two electrons with %g of pileup allow %.1f: ours %.3f to %.3f of theirs\n",
         c->experiment, c->mediator > 0 ? "massive" : "massless", PILEUP, allowed, least, most);
  fclose(file);
  elfin_experiment_free(e);
}

/* Theirs for a light mediator, which likes two electrons, allows much the same number of them at all masses, a third of
 * what 55 events leave room for if nothing is subtracted: as many as if 45 were expected, of which 55 are 1.5 standard
 * deviations. The same number then serves for a heavy one, too. */
static void sensei_is_as_if_45_events_were_pileup(void)
{
  ratios_are_within(&sensei_light, ELFIN_LIMIT_TOTAL, 2e6, 1e9, 2.5, 3.3);
  two_electrons_are_within(&sensei_light, 1 / 1.25, 1.25);
  two_electrons_are_within(&sensei, 1 / 1.5, 1.5);
}

/* Of the 55 events with two electrons, pileup is some part, which the abstract does not number:
 * their limit lies between ours with none and with all of them subtracted. */
static void sensei_lies_between_no_pileup_and_nothing_but_pileup(void)
{
  elfin_experiment *e = opened(&sensei);
  FILE *file = open_published(sensei.file);
  double mass, theirs, none, all;
  size_t n = 0;
  CHECK(elfin_limit_events(e->observed[0], 0, CL, &none, NULL) == ELFIN_OK);
  CHECK(elfin_limit_events(e->observed[0], e->observed[0], CL, &all, NULL) == ELFIN_OK);
  printf("55 events: a limit of %.1f if none is pileup, of %.1f if 55 are expected\n", none, all);
  while (next_published(file, sensei.mass_unit, &mass, &theirs)) {
    double signal[MOST_BINS];
    if (mass < 2e6 || mass > 1e7)
      continue;
    expected(e, &sensei, mass, signal);
    CHECK(all / signal[0] < theirs && theirs < none / signal[0]);
    n++;
    if (print)
      printf("  %9.4g eV: %.1f events with two electrons at their limit\n", mass,
             theirs * signal[0]);
  }
  CHECK(n >= 5);
  fclose(file);
  elfin_experiment_free(e);
}

int main(int argc, char **argv)
{
  print = argc > 1 && strcmp(argv[1], "--print") == 0;
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  CHECK(elfin_halo_new_shm(V0 / c, V_ESC / c, V_E / c, &halo, NULL) == ELFIN_OK);
  CHECK(elfin_material_open("Si", &si, NULL) == ELFIN_OK);
  CHECK(elfin_response_open("mermin", si, constants, &response, NULL) == ELFIN_OK);
  damic_with_a_light_mediator_is_weaker();
  damic_with_a_heavy_mediator_crosses();
  damic_by_the_migdal_effect_agrees();
  sensei_as_one_count_agrees_above_13_MeV();
  sensei_is_as_if_45_events_were_pileup();
  sensei_lies_between_no_pileup_and_nothing_but_pileup();
  elfin_response_free(response);
  elfin_material_free(si);
  elfin_halo_free(halo);
  return check_result();
}
