/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_phonon_identities.c
 * Phonons from the ELF, Fröhlich's, and absorption, held against each other and against electron.c.
 *
 * Claims: phonons of vanishing width give Fröhlich's rate; a table of the same ε(ω) at all momenta gives
 * the process electron the same rate; so do a mode in factorised form and in Lorentz'; bins add up to rates, and points average to bins; temperature is
 * detailed balance; closed kinematics give exactly 0, and masses just above a tiny number; the estimate
 * covers the difference to a rate of accuracy 1e-9 in 99 % of 600 requests; absorption at ω_LO is what
 * one mode has in closed form, and over all masses it is the ELF that Fröhlich's rate counts; ε is found
 * to have its zeros at the peaks of the data. */
#include "opened.h"
#include "rates/requests.h"

#include "elf/elf.h"
#include "elf/optical.h"

#include <unistd.h>

static const char *const polar[] = {"Al2O3", "SiO2", "GaN", "ZnS", "SiC"};
enum { N_POLAR = 5, MOST_MODES = 8 };

static const elfin_constants *constants;
static elfin_halo *halo;

static elfin_response *open_response(const elfin_material *m, const char *kind)
{
  return opened_response(kind, m, constants);
}

static elfin_request request_for(const elfin_material *m, const elfin_response *response, double mass)
{
  return request_with(constants, halo, m, response, mass, 0);
}

typedef struct answer {
  double value, error;
  unsigned flags;
  long evaluations;
} answer;

static answer rate(const char *process, elfin_request q, double threshold)
{
  answer a = {.value = NAN, .error = NAN};
  elfin_status status = ELFIN_E_ARGUMENT;
  elfin_error err = {""};
  elfin_result r = {.rate = &a.value, .rate_error = &a.error, .rate_status = &status,
                    .rate_flags = &a.flags};
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  CHECK(elfin_rate(process, &q, &r, &err) == ELFIN_OK);
  CHECK(status == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  a.evaluations = r.evaluations;
  return a;
}

/* ---- one process against the other ------------------------------------------------------------ */

static const elfin_phonon_response *phonons_of(const elfin_material *m)
{
  return elfin_phonon_response_find(m, ELFIN_ORDINARY, NULL);
}

/** The material with its phonon response alone, all widths times `factor`. */
typedef struct narrowed {
  elfin_material material;
  elfin_phonon_response response;
  elfin_phonon_mode modes[MOST_MODES];
} narrowed;

static void narrow(const elfin_material *m, double factor, narrowed *made)
{
  made->material = *m;
  made->response = *phonons_of(m);
  CHECK(made->response.n_modes > 0 && made->response.n_modes <= MOST_MODES);
  for (size_t i = 0; i < made->response.n_modes; i++) {
    made->modes[i] = phonons_of(m)->modes[i];
    made->modes[i].longitudinal_gamma_eV *= factor;
    made->modes[i].transverse_gamma_eV *= factor;
  }
  made->response.modes = made->modes;
  made->response.omega_min_eV = 0.5 * made->response.modes[0].transverse_eV;
  made->response.omega_max_eV = 0.5;
  for (size_t i = 0; i < made->response.n_modes; i++)
    made->response.omega_min_eV =
        fmin(made->response.omega_min_eV, 0.5 * made->modes[i].transverse_eV);
  made->material.phonon_responses = &made->response;
  made->material.n_phonon_responses = 1;
}

/** What is left between the branches is proportional to the width. */
static void a_vanishing_width_gives_froehlich(const elfin_material *m)
{
  double last = INFINITY;
  for (double factor = 1e-1; factor > 1e-5; factor /= 10) {
    narrowed n;
    narrow(m, factor, &n);
    elfin_response *response = open_response(&n.material, "phonon");
    elfin_request q = request_for(&n.material, response, 2e5);
    q.accuracy = 1e-8;
    double elf = rate("phonon", q, 0).value, closed = rate("froehlich", q, 0).value;
    CHECK_CLOSE(elf, closed, 0.3 * factor);
    double difference = fabs(elf / closed - 1);
    CHECK(difference < 0.2 * last || difference < 1e-8);
    last = difference;
    elfin_response_free(response);
  }
}

/** Branches that the polar_phonons block has, and those of the response, are the same physics. */
static void branches_and_response_agree(const elfin_material *m)
{
  elfin_response *response = open_response(m, "phonon");
  elfin_request q = request_for(m, response, 3e5);
  double from_elf = rate("phonon", q, 0).value;
  q.response = NULL;
  CHECK_CLOSE(rate("froehlich", q, 0).value, from_elf, 0.15); /* widths of a few per cent */
  elfin_response_free(response);
}

/** ε(ω) as a table of ω and of ω and k: one goes to phonon.c, one to electron.c. */
static void a_table_gives_electrons_the_same_rate(const elfin_material *m)
{
  enum { N = 400, N_K = 3 };
  static const double k[N_K] = {1e-2, 100, 1e5};
  double omega[N], eps1[N_K * N], eps2[N_K * N];
  elfin_response *smooth = open_response(m, "phonon"), *surface = NULL;
  elfin_response_info about = elfin_response_about(smooth);
  char path[256];
  snprintf(path, sizeof path, P_tmpdir "/elfin_line_%ld.dat", (long)getpid());
  FILE *file = fopen(path, "w");
  CHECK(file != NULL);
  for (size_t i = 0; file && i < N; i++) {
    omega[i] = about.omega_min_eV + (about.omega_max_eV - about.omega_min_eV) * (double)i / (N - 1);
    omega[i] = fmin(omega[i], about.omega_max_eV);
    elfin_response_epsilon(smooth, 1, &omega[i], k, &eps1[i], &eps2[i]);
    for (size_t j = 1; j < N_K; j++) {
      eps1[j * N + i] = eps1[i];
      eps2[j * N + i] = eps2[i];
    }
    fprintf(file, "%.17g %.17g %.17g\n", omega[i], eps1[i], eps2[i]);
  }
  if (file)
    fclose(file);
  elfin_error err = {""};
  CHECK(elfin_response_new_table("surface", N, omega, N_K, k, eps1, eps2, constants, &surface, &err) ==
        ELFIN_OK);
  elfin_response *line = open_response(m, path);
  for (double mass = 3e4; mass < 2e6; mass *= 4) {
    elfin_request q = request_for(m, surface, mass);
    q.accuracy = 1e-5;
    answer two = rate("electron", q, 0.04);
    q.response = line;
    q.accuracy = 1e-7;
    answer one = rate("phonon", q, 0.04);
    CHECK_NEAR(two.value, one.value, two.error + one.error);
    CHECK(one.value > 0);
  }
  remove(path);
  elfin_response_free(smooth);
  elfin_response_free(surface);
  elfin_response_free(line);
}

/** One mode whose widths are equal is Lorentz' oscillator, f = ε∞ (ω_LO² − ω_TO²)/ω_TO², peaks and all. */
static void a_mode_of_one_width_is_lorentz(const elfin_material *m)
{
  elfin_material factorised = *m, lorentz = *m;
  elfin_phonon_response of[2] = {*phonons_of(m), *phonons_of(m)};
  CHECK(of[0].n_modes == 1);
  elfin_phonon_mode modes[2] = {of[0].modes[0], of[0].modes[0]};
  double LO = modes[0].longitudinal_eV, TO = modes[0].transverse_eV;
  modes[0].transverse_gamma_eV = modes[0].longitudinal_gamma_eV;
  modes[1] = (elfin_phonon_mode){TO, modes[0].longitudinal_gamma_eV, NAN, NAN,
                                 of[0].eps_infinity * (LO - TO) * (LO + TO) / (TO * TO)};
  of[1].model = ELFIN_PHONON_LORENTZ;
  of[0].modes = &modes[0];
  of[1].modes = &modes[1];
  factorised.phonon_responses = &of[0];
  lorentz.phonon_responses = &of[1];
  factorised.n_phonon_responses = lorentz.n_phonon_responses = 1;
  elfin_response *one = open_response(&factorised, "phonon"), *other = open_response(&lorentz, "phonon");
  for (double mass = 1e4; mass < 1e7; mass *= 3) {
    elfin_request q = request_for(&factorised, one, mass), p = request_for(&lorentz, other, mass);
    q.accuracy = p.accuracy = 1e-8;
    answer a = rate("phonon", q, 0), b = rate("phonon", p, 0);
    CHECK_NEAR(a.value, b.value, a.error + b.error);
    CHECK(b.evaluations < 2 * a.evaluations + 100);
  }
  
  elfin_response_free(one);
  elfin_response_free(other);
}

/** A table of η is as good as its points. */
static void a_halo_table_gives_nearly_the_same(const elfin_material *m)
{
  enum { N = 400 };
  double v[N], eta[N], v_max = elfin_halo_v_max(halo);
  for (int i = 0; i < N; i++)
    v[i] = v_max * i / (N - 1);
  elfin_halo_eta(halo, N, v, eta);
  eta[N - 1] = 0;
  elfin_halo *table = NULL;
  elfin_error err = {""};
  CHECK(elfin_halo_new_table(N, v, eta, &table, &err) == ELFIN_OK);
  elfin_response *response = open_response(m, "phonon");
  elfin_request q = request_for(m, response, 2e5), p = q;
  p.halo = table;
  CHECK_CLOSE(rate("phonon", p, 0.05).value, rate("phonon", q, 0.05).value, 1e-4);
  CHECK_CLOSE(rate("froehlich", p, 0).value, rate("froehlich", q, 0).value, 1e-4);
  elfin_halo_free(table);
  elfin_response_free(response);
}

/* ---- observables ------------------------------------------------------------------------------ */

static void bins_add_up_and_points_average_to_bins(const elfin_material *m)
{
  enum { N = 12, N_POINTS = 2000 };
  elfin_response *response = open_response(m, "phonon");
  elfin_response_info about = elfin_response_about(response);
  elfin_request q = request_for(m, response, 1.5e5);
  double edge[N + 1], bin[N], error[N], sum = 0, at[N_POINTS], value[N_POINTS], point_error[N_POINTS];
  double thresholds[3], rates[3], rate_error[3];
  elfin_status status[N], point_status[N_POINTS], rate_status[3];
  double from = about.omega_min_eV, to = fmin(about.omega_max_eV, 1.5e5 * 3.0e-6);
  for (int i = 0; i <= N; i++)
    edge[i] = fmin(from + (to - from) * i / N, about.omega_max_eV);
  for (int i = 0; i < N_POINTS; i++)
    at[i] = edge[3] + (edge[4] - edge[3]) * (i + 0.5) / N_POINTS;
  thresholds[0] = edge[0];
  thresholds[1] = edge[N];
  thresholds[2] = edge[5];
  elfin_result r = {.rate = rates, .rate_error = rate_error, .rate_status = rate_status,
                    .spectrum = bin, .spectrum_error = error, .spectrum_status = status,
                    .differential = value, .differential_error = point_error,
                    .differential_status = point_status};
  q.accuracy = 1e-7;
  q.n_thresholds = 3;
  q.threshold_eV = thresholds;
  q.n_edges = N + 1;
  q.edge_eV = edge;
  q.n_at = N_POINTS;
  q.at_eV = at;
  elfin_error err = {""};
  CHECK(elfin_rate("phonon", &q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  for (int i = 0; i < N; i++)
    sum += bin[i] * (edge[i + 1] - edge[i]);
  CHECK_CLOSE(sum + rates[1], rates[0], 1e-6);
  sum = 0;
  for (int i = 5; i < N; i++)
    sum += bin[i] * (edge[i + 1] - edge[i]);
  CHECK_CLOSE(sum + rates[1], rates[2], 1e-6);
  sum = 0;
  for (int i = 0; i < N_POINTS; i++)
    sum += value[i] / N_POINTS;
  CHECK_CLOSE(sum, bin[3], 1e-3);
  elfin_response_free(response);
}

static void temperature_is_detailed_balance(const elfin_material *m)
{
  elfin_response *response = open_response(m, "phonon");
  double at[] = {0.045, 0.06, 0.08}, cold[3], warm[3], error[3], T = 300 * constants->boltzmann_eV_K;
  elfin_status status[3];
  elfin_request q = request_for(m, response, 1e5);
  elfin_result r = {.differential = cold, .differential_error = error, .differential_status = status};
  q.n_at = 3;
  q.at_eV = at;
  CHECK(elfin_rate("phonon", &q, &r, NULL) == ELFIN_OK);
  q.temperature_K = 300;
  r.differential = warm;
  CHECK(elfin_rate("phonon", &q, &r, NULL) == ELFIN_OK);
  for (int i = 0; i < 3; i++)
    CHECK_CLOSE(warm[i], cold[i] / (1 - exp(-at[i] / T)), 1e-12);
  elfin_response_free(response);
}

/* ---- closed, and nearly ------------------------------------------------------------------------ */

static void closed_kinematics_give_exactly_nothing(const elfin_material *m)
{
  elfin_response *response = open_response(m, "phonon");
  elfin_response_info about = elfin_response_about(response);
  double v_max = elfin_halo_v_max(halo), closing = 2 * about.omega_min_eV / (v_max * v_max);
  answer a = rate("phonon", request_for(m, response, closing * (1 - 1e-12)), about.omega_min_eV);
  CHECK(a.value == 0 && a.error == 0 && a.flags == ELFIN_FLAG_CLOSED);
  double last = 0;
  for (double above = 1e-9; above < 1; above *= 10) {
    answer b = rate("phonon", request_for(m, response, closing * (1 + above)), about.omega_min_eV);
    elfin_request exact = request_for(m, response, closing * (1 + above));
    exact.accuracy = 1e-9;
    answer c = rate("phonon", exact, about.omega_min_eV);
    CHECK(b.value > last && !(b.flags & ELFIN_FLAG_CLOSED));
    CHECK_NEAR(b.value, c.value, b.error + c.error);
    CHECK(b.error < 1e-4 * b.value || above < 1e-8); /* rounding of 1 + above */
    last = b.value;
  }
  elfin_response_free(response);
}

static void froehlich_closes_branch_by_branch(const elfin_material *m)
{
  double v_max = elfin_halo_v_max(halo), lowest = INFINITY;
  const elfin_polar_phonons *p = m->polar[0];
  for (size_t i = 0; i < p->n_longitudinal; i++)
    lowest = fmin(lowest, p->longitudinal_eV[i]);
  double closing = 2 * lowest / (v_max * v_max);
  answer below = rate("froehlich", request_for(m, NULL, closing * (1 - 1e-12)), 0);
  CHECK(below.value == 0 && below.flags == ELFIN_FLAG_CLOSED);
  answer above = rate("froehlich", request_for(m, NULL, closing * (1 + 1e-6)), 0);
  CHECK(above.value > 0 && above.error < 1e-6 * above.value);
  answer heavy = rate("froehlich", request_for(m, NULL, 1e9), 0);
  CHECK(heavy.value > 0 && (heavy.flags & ELFIN_FLAG_BEYOND_ZONE));
}

/* ---- estimates --------------------------------------------------------------------------------- */

static double uniform(unsigned long long *state)
{
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (double)(*state >> 11) / 9007199254740992.0;
}

static void estimates_cover_differences(void)
{
  static const char *const names[] = {"Al2O3", "SiO2", "GaN", "ZnS", "SiC", "Si", "Ge", "GaAs"};
  enum { N_NAMES = 8, N_REQUESTS = 600 };
  elfin_material *m[N_NAMES];
  elfin_response *response[N_NAMES];
  unsigned long long state = 20261125;
  int covered = 0, n = 0;
  double evaluations = 0;
  for (int i = 0; i < N_NAMES; i++) {
    m[i] = opened_material(names[i]);
    response[i] = open_response(m[i], "phonon");
  }
  for (int i = 0; i < N_REQUESTS; i++) {
    int which = i % N_NAMES;
    elfin_response_info about = elfin_response_about(response[which]);
    double v_max = elfin_halo_v_max(halo), closing = 2 * about.omega_min_eV / (v_max * v_max);
    elfin_request q = request_for(m[which], response[which], closing * pow(10, 4 * uniform(&state)));
    double threshold = about.omega_min_eV * pow(about.omega_max_eV / about.omega_min_eV,
                                                uniform(&state) < 0.5 ? 0 : 0.8 * uniform(&state));
    q.accuracy = pow(10, -2 - 4 * uniform(&state));
    q.temperature_K = uniform(&state) < 0.3 ? 300 : 0;
    answer rough = rate("phonon", q, threshold);
    evaluations += (double)rough.evaluations;
    q.accuracy = 1e-9;
    answer fine = rate("phonon", q, threshold);
    if (fine.value == 0) {
      CHECK(rough.value == 0);
      continue;
    }
    n++;
    covered += fabs(rough.value - fine.value) <= rough.error + fine.error;
  }
  printf("estimates: %d of %d covered, %.0f evaluations each\n", covered, n, evaluations / N_REQUESTS);
  CHECK(n > 400 && covered >= 0.99 * n);
  for (int i = 0; i < N_NAMES; i++) {
    elfin_response_free(response[i]);
    elfin_material_free(m[i]);
  }
}

/* ---- absorption -------------------------------------------------------------------------------- */

static void absorption_at_resonance_is_that_of_one_mode(void)
{
  elfin_material *m = opened_material("GaN");
  elfin_response *response = open_response(m, "phonon");
  const elfin_phonon_response *of = m->phonon_responses;
  CHECK(of->n_modes == 1);
  double LO = of->modes[0].longitudinal_eV, TO = of->modes[0].transverse_eV;
  double elf = (LO * LO - TO * TO) / (of->eps_infinity * of->modes[0].longitudinal_gamma_eV * LO);
  double per_kg = 0.4e9 / (m->density_g_cm3.value * 1e-3);
  answer a = rate("absorption", request_for(m, response, LO), 0);
  CHECK_CLOSE(a.value, per_kg * elf * constants->per_s_in_eV * constants->year_s, 1e-12);
  CHECK(a.flags == 0 && a.error <= 1e-11 * a.value);
  elfin_request twice = request_for(m, response, LO);
  twice.rho_GeV_cm3 = 0.8;
  CHECK_CLOSE(rate("absorption", twice, 0).value, 2 * a.value, 1e-15);
  elfin_response_free(response);
  elfin_material_free(m);
}

/** ∫ dm of narrow phonons against Σ (π/2) w (ω_LO² − ω_TO²)/(ε∞ ω_LO), here of one mode. */
static void absorption_over_masses_is_froehlichs_weight(void)
{
  enum { N = 20001 };
  elfin_material *m = opened_material("ZnS");
  narrowed n;
  narrow(m, 0.05, &n);
  elfin_response *response = open_response(&n.material, "phonon");
  double LO = n.modes[0].longitudinal_eV, TO = n.modes[0].transverse_eV, sum = 0;
  double width = n.modes[0].longitudinal_gamma_eV / 2;
  double a = asinh((n.response.omega_min_eV - LO) / width), b = asinh((0.499 - LO) / width);
  for (int i = 0; i < N; i++) { /* Simpson's rule in asinh of the distance */
    double u = a + (b - a) * i / (N - 1);
    double value = rate("absorption", request_for(&n.material, response, LO + width * sinh(u)), 0).value;
    sum += value * width * cosh(u) * (i == 0 || i == N - 1 ? 1 : i % 2 ? 4 : 2);
  }
  double per_kg = 0.4e9 / (m->density_g_cm3.value * 1e-3) * constants->per_s_in_eV * constants->year_s;
  double weight = M_PI / 2 * (LO * LO - TO * TO) / (n.response.eps_infinity * LO);
  CHECK_CLOSE(sum * (b - a) / (N - 1) / 3, per_kg * weight, 0.02);
  elfin_response_free(response);
  elfin_material_free(m);
}

/** Each side of the gap has its own data; between them there is none. */
static void absorption_never_counts_twice(void)
{
  elfin_material *m = opened_material("GaAs");
  elfin_response *joined = open_response(m, "joined"), *phonons = open_response(m, "phonon"),
                 *electrons = open_response(m, "mermin");
  for (double mass = 1e-3; mass < 2e3; mass *= 1.05) {
    answer all = rate("absorption", request_for(m, joined, mass), 0);
    answer below = rate("absorption", request_for(m, phonons, mass), 0);
    answer above = rate("absorption", request_for(m, electrons, mass), 0);
    CHECK(below.value == 0 || above.value == 0);
    CHECK_CLOSE(all.value, below.value + above.value, 1e-14);
    CHECK((all.flags != 0) == (below.flags != 0 && above.flags != 0));
    CHECK(all.value > 0 || all.flags);
  }
  CHECK(rate("absorption", request_for(m, joined, 0.5), 0).flags == ELFIN_FLAG_NO_DATA);
  CHECK(rate("absorption", request_for(m, joined, 1e-3), 0).flags == ELFIN_FLAG_BELOW_RANGE);
  CHECK(rate("absorption", request_for(m, joined, 2e3), 0).flags == ELFIN_FLAG_OMEGA_RANGE);
  elfin_response_free(joined);
  elfin_response_free(phonons);
  elfin_response_free(electrons);
  elfin_material_free(m);
}

/* ---- peaks, refusals --------------------------------------------------------------------------- */

/** Sampled finely enough, a table knows the zeros of the formula that it was made of, but for those that
 * a pole beside them makes invisible. */
static void tables_find_their_peaks(const elfin_material *m)
{
  enum { N = 4001 };
  elfin_response *smooth = open_response(m, "phonon");
  elfin_response_info about = elfin_response_about(smooth);
  elfin_phonon_response points = *phonons_of(m);
  double omega[N], eps1[N], eps2[N], k = 0;
  for (int i = 0; i < N; i++) {
    omega[i] = i < N - 1 ? about.omega_min_eV + (about.omega_max_eV - about.omega_min_eV) * i / (N - 1)
                         : about.omega_max_eV;
    elfin_response_epsilon(smooth, 1, &omega[i], &k, &eps1[i], &eps2[i]);
  }
  points.model = ELFIN_PHONON_TABLE;
  points.n = N;
  points.omega_eV = omega;
  points.first = eps1;
  points.second = eps2;
  points.n_modes = 0;
  optical *formula = NULL, *table = NULL;
  elfin_error err = {""};
  CHECK(optical_of_phonons("formula", phonons_of(m), &formula, &err) == ELFIN_OK);
  CHECK(optical_of_phonons("table", &points, &table, &err) == ELFIN_OK);
  for (size_t i = 0; i < formula->n_peaks; i++) {
    optical_peak p = formula->peaks[i];
    double nearest = INFINITY, pole = INFINITY;
    for (size_t j = 0; j < formula->n_modes; j++)
      pole = fmin(pole, fabs(formula->modes[j].transverse_eV - p.omega));
    if (p.omega < about.omega_min_eV || p.omega > about.omega_max_eV || pole < 3 * p.half_width)
      continue;
    for (size_t j = 0; j < table->n_peaks; j++)
      nearest = fmin(nearest, fabs(table->peaks[j].omega - p.omega));
    CHECK(nearest < 0.5 * p.half_width);
  }
  optical_free(formula);
  optical_free(table);
  elfin_response_free(smooth);
}

static void refused(const char *process, elfin_request q, const char *because)
{
  double value, error;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {.rate = &value, .rate_error = &error, .rate_status = &status};
  double threshold = 0;
  if (!q.n_thresholds) {
    q.n_thresholds = 1;
    q.threshold_eV = &threshold;
  }
  CHECK(elfin_rate(process, &q, &r, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, because);
}

static void what_cannot_be_is_refused_by_name(void)
{
  elfin_material *Si = opened_material("Si"), *GaN = opened_material("GaN");
  elfin_response *oscillators = open_response(Si, "mermin"), *phonons = open_response(Si, "phonon"),
                 *gas = open_response(Si, "lindhard");
  double at[] = {0.06};
  refused("phonon", request_for(Si, NULL, 1e5), "Si: the process phonon needs a response");
  refused("phonon", request_for(Si, oscillators, 1e5), "Si: response mermin is not one of phonons");
  refused("froehlich", request_for(Si, NULL, 1e5), "Si: froehlich needs polar_phonons of the ordinary");
  refused("froehlich", request_for(Si, phonons, 1e5), "reads the branches of a factorised");
  refused("absorption", request_for(Si, NULL, 1), "Si: absorption needs a response");
  refused("absorption", request_for(Si, gas, 1), "absorbs nothing at k = 0");
  elfin_request q = request_for(Si, phonons, 1e5);
  q.mediator_eV = INFINITY;
  refused("phonon", q, "phonon is for a massless mediator");
  q = request_for(GaN, NULL, 1e5);
  q.mediator_eV = 1;
  refused("froehlich", q, "froehlich is for a massless mediator");
  q = request_for(GaN, NULL, 1e5);
  q.configuration = "extraordinary";
  refused("froehlich", q, "GaN: froehlich needs polar_phonons of the extraordinary");
  q.configuration = "sideways";
  refused("froehlich", q, "configuration sideways is unknown");
  q = request_for(GaN, NULL, 1e5);
  q.n_at = 1;
  q.at_eV = at;
  refused("froehlich", q, "have no effect on it; the process phonon takes them");
  q = request_for(GaN, NULL, 1e5);
  q.n_thresholds = 1;
  q.threshold_eV = at;
  refused("froehlich", q, "threshold 0.06 eV has no effect");
  q = request_for(Si, phonons, 1e5);
  q.splitting_eV = 1;
  refused("phonon", q, "charge and splitting have no effect on the process phonon");
  q = request_for(Si, phonons, 1);
  q.temperature_K = 10;
  refused("absorption", q, "temperature have no effect");
  elfin_response_free(oscillators);
  elfin_response_free(phonons);
  elfin_response_free(gas);
  elfin_material_free(Si);
  elfin_material_free(GaN);
}

int main(void)
{
  elfin_error err;
  constants = elfin_constants_named("elfin");
  CHECK(elfin_halo_new_shm(220 / constants->c_km_s, 500 / constants->c_km_s, 240 / constants->c_km_s,
                           &halo, &err) == ELFIN_OK);
  for (int i = 0; i < N_POLAR; i++) {
    elfin_material *m = opened_material(polar[i]);
    a_vanishing_width_gives_froehlich(m);
    branches_and_response_agree(m);
    bins_add_up_and_points_average_to_bins(m);
    if (i > 0) /* the ELF of Al2O3 begins above the lowest energy of its data */
      closed_kinematics_give_exactly_nothing(m);
    froehlich_closes_branch_by_branch(m);
    tables_find_their_peaks(m);
    elfin_material_free(m);
  }
  elfin_material *m = opened_material("Al2O3");
  a_table_gives_electrons_the_same_rate(m);
  a_halo_table_gives_nearly_the_same(m);
  temperature_is_detailed_balance(m);
  elfin_material_free(m);
  m = opened_material("GaN");
  a_mode_of_one_width_is_lorentz(m);
  elfin_material_free(m);
  estimates_cover_differences();
  absorption_at_resonance_is_that_of_one_mode();
  absorption_over_masses_is_froehlichs_weight();
  absorption_never_counts_twice();
  what_cannot_be_is_refused_by_name();
  elfin_halo_free(halo);
  return check_result();
}
