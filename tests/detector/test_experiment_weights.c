/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_experiment_weights.c
 * A detector loses nothing and invents nothing: weights against the charge spectrum that a rate has
 * by itself, against sums over all charges, against limits. */
#include "check.h"
#include "detector/experiment_text.h"

#include <elfin/rate.h>

static elfin_experiment *experiment_of(const char *text)
{
  elfin_experiment *e = NULL;
  elfin_error err = {""};
  if (open_text(text, &e, &err)) {
    fprintf(stderr, "  %s\n", err.text);
    exit(1);
  }
  return e;
}

/* Weights on the experiment's own edges. */
static double *weights_of(const elfin_experiment *e, const elfin_material *material,
                          size_t *n_edges, double **edges)
{
  CHECK(elfin_experiment_edges(e, material, n_edges, edges, NULL) == ELFIN_OK);
  double *weights = malloc(e->n_bins * *n_edges * sizeof *weights);
  CHECK(elfin_experiment_weights(e, material, *n_edges, *edges, weights, NULL) == ELFIN_OK);
  return weights;
}

/* Σ weights · (spectrum × width) = exposure × efficiency × charge_rate: two ways through
 * elfin_rate(). */
static void steps_give_the_charge_spectrum(void)
{
  elfin_experiment *e = experiment_of(CHARGES STEP);
  elfin_material *si = NULL;
  elfin_response *response = NULL;
  elfin_halo *halo = NULL;
  size_t n_edges = 0;
  double *edges = NULL, spectrum[8], spectrum_error[8], charge[3], charge_error[3];
  elfin_status spectrum_status[8], charge_status[3];
  const elfin_constants *constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  CHECK(elfin_material_open("Si", &si, NULL) == ELFIN_OK);
  CHECK(elfin_response_open("mermin", si, constants, &response, NULL) == ELFIN_OK);
  CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, NULL) == ELFIN_OK);
  double *weights = weights_of(e, si, &n_edges, &edges);
  CHECK(n_edges == 4);
  elfin_request request = {0};
  elfin_request_defaults(&request);
  request.constants = constants;
  request.halo = halo;
  request.material = si;
  request.response = response;
  request.mass_eV = 1e7;
  request.n_edges = n_edges;
  request.edge_eV = edges;
  request.n_charges = 3;
  elfin_result result = {.spectrum = spectrum,
                         .spectrum_error = spectrum_error,
                         .spectrum_status = spectrum_status,
                         .charge = charge,
                         .charge_error = charge_error,
                         .charge_status = charge_status};
  CHECK(elfin_rate("electron", &request, &result, NULL) == ELFIN_OK);
  for (size_t b = 0; b < 3; b++) {
    double events = 0;
    for (size_t i = 0; i + 1 < n_edges; i++)
      events += weights[b * (n_edges - 1) + i] * spectrum[i] * (edges[i + 1] - edges[i]);
    CHECK_CLOSE(events, e->exposure_kg_yr[b] * e->efficiency[b] * charge[b], 2e-4);
  }
  free(weights);
  free(edges);
  elfin_halo_free(halo);
  elfin_response_free(response);
  elfin_material_free(si);
  elfin_experiment_free(e);
}

/* On any edges: a weight is the overlap. */
static void steps_are_exact_on_foreign_edges(void)
{
  elfin_experiment *e = experiment_of(
      CHARGES "charge_model: {model: step, gap: 1 eV, pair_energy: 4 eV, source: me}\n");
  const double edges[] = {0, 2, 6, 20};
  double weights[9];
  static const double share[] = {0.5, 0.75, 0, 0, 0.25, 3. / 14, 0, 0, 4. / 14};
  CHECK(elfin_experiment_weights(e, NULL, 4, edges, weights, NULL) == ELFIN_OK);
  for (size_t b = 0; b < 3; b++)
    for (size_t i = 0; i < 3; i++)
      CHECK_NEAR(weights[b * 3 + i], 2 * (b == 0 ? 0.5 : 1) * share[b * 3 + i], 1e-15);
  elfin_experiment_free(e);
}

#define HEAD                                                                                       \
  "name: mine\nmaterial: Si\nobserved: {value: 0, source: me}\n"                                   \
  "exposure: {value: 1 kg yr, source: me}\nefficiency: {value: 1, source: me}\n"
#define TO_12 "charges: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]\n"

/* Every energy above the gap makes some charge; below ω/e0 = 6 all of it lies within twelve. Far
 * above the gap its mean is ω/e0 and its variance F ω/e0 + 1/12, the width of whole numbers. */
static void fano_charges_add_up_to_one(void)
{
  elfin_experiment *e = experiment_of(
      HEAD TO_12
      "charge_model: {model: fano, gap: 1.11 eV, pair_energy: 3.6 eV, fano: 0.119, source: me}\n");
  for (double omega = 1.11; omega < 22; omega += 0.37) {
    double edges[] = {omega, omega + 1e-6}, weights[12], sum = 0, mean = 0, square = 0;
    CHECK(elfin_experiment_weights(e, NULL, 2, edges, weights, NULL) == ELFIN_OK);
    for (size_t b = 0; b < 12; b++) {
      sum += weights[b];
      mean += weights[b] * e->charge[b];
      square += weights[b] * e->charge[b] * e->charge[b];
    }
    CHECK_NEAR(sum, 1, 1e-9);
    if (omega < 2)
      CHECK_NEAR(weights[0], 1, 1e-12);
    if (omega > 14) {
      CHECK_NEAR(mean, omega / 3.6, 0.05);
      CHECK_NEAR(square - mean * mean, 0.119 * omega / 3.6 + 1. / 12, 0.06);
    }
  }
  double low[] = {0, 1.1}, none[12];
  CHECK(elfin_experiment_weights(e, NULL, 2, low, none, NULL) == ELFIN_OK);
  for (size_t b = 0; b < 12; b++)
    CHECK(none[b] == 0);
  elfin_experiment_free(e);
}

/* On the edges it asks for, a Fano detector's weights are those of finer edges. */
static void fano_edges_are_fine_enough(void)
{
  elfin_experiment *e = experiment_of(HEAD "charges: [2, 3]\ncharge_model: {model: fano, gap: 1.11 "
                                           "eV, pair_energy: 3.6 eV, fano: 0.119, source: me}\n");
  size_t n_edges = 0;
  double *edges = NULL, *weights = weights_of(e, NULL, &n_edges, &edges);
  CHECK(edges[0] == 1.11);
  double beyond[] = {edges[n_edges - 1], 2 * edges[n_edges - 1]}, none[2];
  CHECK(elfin_experiment_weights(e, NULL, 2, beyond, none, NULL) == ELFIN_OK);
  CHECK(none[0] < 1e-8 && none[1] < 1e-8);
  for (size_t b = 0; b < 2; b++) {
    double coarse = 0, fine = 0; /* of a spectrum e^{−ω/3} */
    for (size_t i = 0; i + 1 < n_edges; i++) {
      double x = edges[i], y = edges[i + 1];
      coarse += weights[b * (n_edges - 1) + i] * 3 * (exp(-x / 3) - exp(-y / 3));
      for (int k = 0; k < 16; k++) {
        double piece[] = {x + (y - x) * k / 16, x + (y - x) * (k + 1) / 16}, w[2];
        CHECK(elfin_experiment_weights(e, NULL, 2, piece, w, NULL) == ELFIN_OK);
        fine += w[b] * 3 * (exp(-piece[0] / 3) - exp(-piece[1] / 3));
      }
    }
    CHECK_CLOSE(coarse, fine, 1e-2);
  }
  free(weights);
  free(edges);
  elfin_experiment_free(e);
}

static void tables_are_straight_lines(void)
{
  elfin_experiment *e =
      experiment_of(HEAD "charges: [1, 2, 3]\ncharge_model: {model: table, rows: [[2, 1, 0], [4, "
                         "0.5, 0.5], [8, 0, 0.75]], above: nothing, source: me}\n");
  const double edges[] = {1, 3, 4, 10};
  static const double share[] = {0.875 / 2, 0.625, 1. / 6, 0.125 / 2, 0.375, 2.5 / 6, 0, 0, 0};
  double weights[9];
  CHECK(elfin_experiment_weights(e, NULL, 4, edges, weights, NULL) == ELFIN_OK);
  for (size_t i = 0; i < 9; i++)
    CHECK_NEAR(weights[i], share[i], 1e-15);
  size_t n = 0;
  double *own = NULL;
  CHECK(elfin_experiment_edges(e, NULL, &n, &own, NULL) == ELFIN_OK);
  CHECK(n == 3 && own[0] == 2 && own[2] == 8);
  free(own);
  elfin_experiment_free(e);
}

/* A bin of ω that shrinks to a line: for every model. */
static void a_line_is_a_narrow_bin(void)
{
  static const char *const texts[] = {
      HEAD "charges: [1, 2, 3]\ncharge_model: {model: step, gap: 1, pair_energy: 3.7, source: me}\n",
      HEAD "charges: [1, 2, 3]\ncharge_model: {model: fano, gap: 1, pair_energy: 3.7, fano: 0.12, "
           "source: me}\n",
      HEAD "charges: [1, 2, 3]\ncharge_model: {model: table, rows: [[2, 1, 0], [4, 0.5, 0.5], [8, 0, "
           "0.75]], above: nothing, source: me}\n",
      ENERGIES_SEEN "resolution: {value: 0.2 eV, source: me}\n"
                    "events: {energies_eV: [1.5, 3], source: me}\n",
      ENERGIES_SEEN "events: {energies_eV: [1.5, 3], source: me}\n"};
  for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
    elfin_experiment *e = experiment_of(texts[k]);
    for (double omega = 0.53; omega < 12; omega += 0.61) {
      double line[3], narrow[3], edges[] = {omega * (1 - 1e-7), omega * (1 + 1e-7)};
      CHECK(elfin_experiment_weights(e, NULL, 1, &omega, line, NULL) == ELFIN_OK);
      CHECK(elfin_experiment_weights(e, NULL, 2, edges, narrow, NULL) == ELFIN_OK);
      for (size_t b = 0; b < e->n_bins; b++)
        CHECK_NEAR(line[b], narrow[b], 1e-6);
      if (!e->n_events)
        continue;
      CHECK(elfin_experiment_below(e, 1, &omega, line, NULL) == ELFIN_OK);
      CHECK(elfin_experiment_below(e, 2, edges, narrow, NULL) == ELFIN_OK);
      for (size_t j = 0; j < e->n_events; j++)
        CHECK_NEAR(line[j], narrow[j], 1e-6);
    }
    elfin_experiment_free(e);
  }
}

/* Found as another: with shares of 1 and 0 nothing changes, with others weights are their sums. */
static void found_shares_are_sums_of_charges(void)
{
  elfin_experiment *own = experiment_of(
      HEAD "charges: [2, 3]\ncharge_model: {model: fano, gap: 1, pair_energy: 3.7, fano: 0.12, source: me}\n");
  static const char of_found[] =
      "name: mine\nmaterial: Si\nobserved: {value: 0, source: me}\nexposure: {value: 1 kg yr, source: me}\n"
      "charges: [2, 3]\ncharge_model: {model: fano, gap: 1, pair_energy: 3.7, fano: 0.12, source: me}\n";
  char text[1024];
  snprintf(text, sizeof text, "%sfound: {rows: [[2, 1, 0], [3, 0, 1]], source: me}\n", of_found);
  elfin_experiment *same = experiment_of(text);
  snprintf(text, sizeof text, "%sfound: {rows: [[2, 0.4, 0.1], [3, 0.2, 0.5], [5, 0, 0.3]], source: me}\n",
           of_found);
  elfin_experiment *mixed = experiment_of(text);
  elfin_experiment *fifth = experiment_of(
      HEAD "charges: [5]\ncharge_model: {model: fano, gap: 1, pair_energy: 3.7, fano: 0.12, source: me}\n");
  double edges[] = {1, 4, 7, 9, 14, 20}, a[10], b[10], c[10], d[5];
  CHECK(elfin_experiment_weights(own, NULL, 6, edges, a, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_weights(same, NULL, 6, edges, b, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_weights(mixed, NULL, 6, edges, c, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_weights(fifth, NULL, 6, edges, d, NULL) == ELFIN_OK);
  double kg_yr = own->exposure_kg_yr[0] * own->efficiency[0];
  for (size_t i = 0; i < 5; i++) {
    CHECK_NEAR(b[i] * kg_yr, a[i], 1e-15);
    CHECK_NEAR(c[i] * kg_yr, 0.4 * a[i] + 0.2 * a[5 + i], 1e-14);
    CHECK_NEAR(c[5 + i] * kg_yr, 0.1 * a[i] + 0.5 * a[5 + i] + 0.3 * d[i], 1e-14);
  }
  size_t n = 0, n_own = 0;
  double *reach = NULL, *own_reach = NULL;
  CHECK(elfin_experiment_edges(mixed, NULL, &n, &reach, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_edges(own, NULL, &n_own, &own_reach, NULL) == ELFIN_OK);
  CHECK(reach[n - 1] > own_reach[n_own - 1]); /* to where 5 electrons end */
  free(reach);
  free(own_reach);
  elfin_experiment_free(own);
  elfin_experiment_free(same);
  elfin_experiment_free(mixed);
  elfin_experiment_free(fifth);
}

/* Below an event at the edge of a bin lie the bins before it; below one in the middle of a sharp bin,
 * with a flat spectrum, half of it. */
static void below_an_event_is_what_bins_say(void)
{
  elfin_experiment *sharp = experiment_of(ENERGIES_SEEN "events: {energies_eV: [1, 2.5], source: me}\n");
  double edges[] = {0.5, 1, 2, 2.5, 4, 5}, below[10], bins[10];
  CHECK(elfin_experiment_below(sharp, 6, edges, below, NULL) == ELFIN_OK);
  for (size_t i = 0; i < 5; i++)
    CHECK(below[i] == 0); /* the event at the lowest edge */
  CHECK_NEAR(below[5 + 1], 2 * 0.5, 1e-15);
  CHECK_NEAR(below[5 + 2], 2, 1e-15);
  CHECK(below[5] == 0 && below[5 + 3] == 0 && below[5 + 4] == 0);
  elfin_experiment_free(sharp);
  elfin_experiment *blurred = experiment_of(
      ENERGIES_SEEN "resolution: {value: 0.3 eV, source: me}\nevents: {energies_eV: [1.2, 2], source: me}\n");
  CHECK(elfin_experiment_below(blurred, 6, edges, below, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_weights(blurred, NULL, 6, edges, bins, NULL) == ELFIN_OK);
  for (size_t i = 0; i < 5; i++) {
    CHECK_NEAR(below[5 + i], bins[i], 1e-15); /* 2 eV ends the first bin */
    CHECK(below[i] <= below[5 + i]);
  }
  size_t n = 0;
  double *own = NULL;
  CHECK(elfin_experiment_below(blurred, 0, edges, below, NULL) == ELFIN_E_ARGUMENT);
  elfin_experiment_free(blurred);
  sharp = experiment_of(ENERGIES_SEEN "events: {energies_eV: [1, 2.5], source: me}\n");
  CHECK(elfin_experiment_edges(sharp, NULL, &n, &own, NULL) == ELFIN_OK);
  CHECK(n == 4 && own[2] == 2.5); /* events are edges: the sum below them is exact */
  free(own);
  elfin_experiment_free(sharp);
  elfin_experiment *charges = experiment_of(CHARGES STEP);
  CHECK(elfin_experiment_below(charges, 2, edges, below, NULL) == ELFIN_E_ARGUMENT);
  elfin_experiment_free(charges);
}

static void resolution_moves_events_but_loses_none(void)
{
  elfin_experiment *sharp = experiment_of(ENERGIES);
  elfin_experiment *blurred = experiment_of(ENERGIES "resolution: {value: 0.2 eV, source: me}\n");
  double edges[] = {0.5, 1.9, 2.1, 3.7}, a[6], b[6];
  CHECK(elfin_experiment_weights(sharp, NULL, 4, edges, a, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_weights(blurred, NULL, 4, edges, b, NULL) == ELFIN_OK);
  CHECK_NEAR(a[1] + a[4], 2, 1e-15);
  CHECK_NEAR(a[1], 1, 1e-12);
  CHECK_NEAR(b[1] + b[4], 2, 1e-5); /* both bins reach 4.5 σ beyond */
  CHECK_NEAR(b[1], 1, 1e-5);       /* 2 eV is in the middle of [1.9, 2.1] */
  size_t n = 0;
  double *own = NULL, *weights = weights_of(blurred, NULL, &n, &own);
  double sum = 0; /* a flat spectrum: what a bin loses its surroundings give */
  for (size_t i = 0; i + 1 < n; i++)
    sum += weights[n - 1 + i] * (own[i + 1] - own[i]);
  CHECK_CLOSE(sum, 2 * 2, 1e-8);
  free(weights);
  free(own);
  elfin_experiment_free(sharp);
  elfin_experiment_free(blurred);
}

/* A bin that no energy reaches counts exactly nothing, on either side; one that few reach counts them to the
 * last digits: P(beyond t σ) = erfc(t/√2)/2 far out, and here over a narrow bin of ω. */
static void tails_are_not_noise(void)
{
  elfin_experiment *e = experiment_of(
      "name: mine\nmaterial: Si\nedges_eV: [10, 12, 14]\nobserved: {value: 1, source: me}\n"
      "exposure: {value: 1 kg yr, source: me}\nefficiency: {value: 1, source: me}\n"
      "resolution: {value: 0.2 eV, source: me}\n");
  double weights[2];
  for (double omega = 1; omega < 25; omega += 0.13) {
    double edges[] = {omega - 1e-4, omega + 1e-4};
    CHECK(elfin_experiment_weights(e, NULL, 2, edges, weights, NULL) == ELFIN_OK);
    for (size_t b = 0; b < 2; b++) {
      double t = fmax(e->edge_eV[b] - omega, omega - e->edge_eV[b + 1]) / 0.2;
      if (t > 45)
        CHECK(weights[b] == 0);
      else if (t > 2 && t < 35)
        CHECK_CLOSE(weights[b], 0.5 * (erfc(t / sqrt(2)) - erfc((t + 10) / sqrt(2))), 1e-3);
    }
  }
  elfin_experiment_free(e);
}

/* Where nothing is smeared one bin of ω is enough: on its edges, weights say what they say on fine
 * ones, for a spectrum that falls. */
static void edges_lie_where_energies_are_smeared(void)
{
  elfin_experiment *e = experiment_of(
      "name: mine\nmaterial: Si\nedges_eV: [10, 200]\nobserved: {value: 1, source: me}\n"
      "exposure: {value: 1 kg yr, source: me}\nefficiency: {value: 1, source: me}\n"
      "resolution: {value: 1 eV, source: me}\nevents: {energies_eV: [60], source: me}\n");
  size_t n = 0, n_fine = 4 * 206 + 1;
  double *own = NULL, *weights = weights_of(e, NULL, &n, &own), *fine = malloc(n_fine * sizeof *fine);
  double *of_fine = malloc(n_fine * sizeof *of_fine), sums[2] = {0, 0}, below[2] = {0, 0};
  CHECK(n < 100); /* of 400 that are all half a σ wide */
  for (size_t i = 0; i < n_fine; i++)
    fine[i] = 206.0 * (double)i / (double)(n_fine - 1);
  CHECK(elfin_experiment_weights(e, NULL, n_fine, fine, of_fine, NULL) == ELFIN_OK);
  for (size_t i = 0; i + 1 < n; i++)
    sums[0] += weights[i] * 20 * (exp(-own[i] / 20) - exp(-own[i + 1] / 20));
  for (size_t i = 0; i + 1 < n_fine; i++)
    sums[1] += of_fine[i] * 20 * (exp(-fine[i] / 20) - exp(-fine[i + 1] / 20));
  CHECK_CLOSE(sums[0], sums[1], 1e-4);
  CHECK(elfin_experiment_below(e, n, own, weights, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_below(e, n_fine, fine, of_fine, NULL) == ELFIN_OK);
  for (size_t i = 0; i + 1 < n; i++)
    below[0] += weights[i] * 20 * (exp(-own[i] / 20) - exp(-own[i + 1] / 20));
  for (size_t i = 0; i + 1 < n_fine; i++)
    below[1] += of_fine[i] * 20 * (exp(-fine[i] / 20) - exp(-fine[i + 1] / 20));
  CHECK_CLOSE(below[0], below[1], 1e-4);
  CHECK(below[0] < sums[0]);
  free(fine);
  free(of_fine);
  free(weights);
  free(own);
  elfin_experiment_free(e);
}

static void what_is_missing_is_named(void)
{
  elfin_experiment *e = experiment_of(CHARGES STEP);
  elfin_error err = {""};
  double edges[] = {1, 2, 2}, weights[6], *own = NULL;
  size_t n = 0;
  CHECK(elfin_experiment_edges(e, NULL, &n, &own, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "neither its file nor the material (none) gives a gap");
  elfin_material *si = NULL;
  CHECK(elfin_material_open("Si", &si, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_weights(e, si, 0, edges, weights, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_experiment_weights(e, si, 3, edges, weights, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "2 eV is followed by 2 eV");
  elfin_material_free(si);
  elfin_experiment_free(e);
}

int main(void)
{
  steps_give_the_charge_spectrum();
  steps_are_exact_on_foreign_edges();
  fano_charges_add_up_to_one();
  fano_edges_are_fine_enough();
  tables_are_straight_lines();
  a_line_is_a_narrow_bin();
  below_an_event_is_what_bins_say();
  found_shares_are_sums_of_charges();
  resolution_moves_events_but_loses_none();
  tails_are_not_noise();
  edges_lie_where_energies_are_smeared();
  what_is_missing_is_named();
  return check_result();
}
