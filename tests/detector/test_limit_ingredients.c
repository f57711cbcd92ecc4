/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_limit_ingredients.c
 * Our limits over the published ones (shared/published), and what each ingredient alone does to them:
 * the tables of data/experiments/README.md, which must say what is computed here.
 *
 *   test_limit_ingredients --print     prints the tables, in Markdown
 */
#include "published.h"

#include "store/store.h"

#include <elfin/experiment.h>
#include <elfin/limit.h>
#include <elfin/rate.h>

static const double CL = 0.9;
/* A likelihood is known to 1 % (limit.h); a table is printed with three digits. */
static const double TOLERANCE = 0.05;
static const double masses_MeV[] = {2, 3, 5, 10, 30, 100, 1000};
enum { N_MASSES = sizeof masses_MeV / sizeof *masses_MeV, MOST_BINS = 16, MOST_EDGES = 256, LINE = 512 };

/** Everything that a limit is made of. */
typedef struct recipe {
  const char *process, *published; /* its file */
  double mass_unit;                /* [eV] of the file's first column */
  elfin_experiment experiment;     /* a copy, to be changed */
  elfin_limit_method method;
  elfin_halo *halo;
  elfin_response *response;
  elfin_request request;
  double background[MOST_BINS];
} recipe;

typedef struct ingredient {
  const char *name;
  void (*change)(recipe *r);
} ingredient;

static const elfin_constants *constants;
static elfin_material *si;
static elfin_experiment *damic, *sensei;
static elfin_halo *theirs, *recommended, *shm;
static elfin_response *mermin, *with_edges, *lindhard, *table, *gpaw, *gpaw_nolfe;

/* ---- a limit ------------------------------------------------------------------------------------ */

/* Expected events per bin and cm². */
static void expected(const recipe *r, double mass, double signal[])
{
  const elfin_experiment *e = &r->experiment;
  size_t n = 0;
  double *edges = NULL;
  static double spectrum[MOST_EDGES], error[MOST_EDGES], weights[MOST_BINS * MOST_EDGES];
  static elfin_status status[MOST_EDGES];
  elfin_error err = {""};
  CHECK(elfin_experiment_edges(e, si, &n, &edges, NULL) == ELFIN_OK && n <= MOST_EDGES);
  CHECK(elfin_experiment_weights(e, si, n, edges, weights, NULL) == ELFIN_OK);
  elfin_request q = r->request;
  q.halo = r->halo;
  q.response = r->response;
  q.mass_eV = mass;
  q.n_edges = n;
  q.edge_eV = edges;
  elfin_result result = {.spectrum = spectrum, .spectrum_error = error, .spectrum_status = status};
  if (elfin_rate(r->process, &q, &result, &err))
    CHECK_TEXT(err.text, "");
  for (size_t b = 0; b < e->n_bins; b++) {
    signal[b] = 0;
    for (size_t i = 0; i + 1 < n; i++)
      signal[b] += weights[b * (n - 1) + i] * spectrum[i] * (edges[i + 1] - edges[i]);
  }
  free(edges);
}

/* −2 ln L(s), and its derivative, but for what s does not change. */
static double minus_2_log_l(const elfin_counts *c, double s, double *slope)
{
  double sum = 0;
  *slope = 0;
  for (size_t i = 0; i < c->n; i++) {
    double mean = s * c->signal[i] + c->background[i];
    sum += 2 * (s * c->signal[i] - (c->observed[i] > 0 ? c->observed[i] * log(mean) : 0));
    *slope += 2 * c->signal[i] * (1 - (c->observed[i] > 0 ? c->observed[i] / mean : 0));
  }
  return sum;
}

/* Where the profile likelihood ratio q reaches 1.642 = 1.2816², its 90 % where counts are large, as
 * github.com/Diegocami97/CCDarkSens does it for DAMIC-M. For no event it says 0.82 of them, not 2.3. */
static double asymptotic_limit(const elfin_counts *c)
{
  static const double Q = 1.642374415149816;
  double low = 0, high = 1e-60, slope, best;
  for (minus_2_log_l(c, high, &slope); slope < 0; minus_2_log_l(c, high *= 2, &slope))
    ;
  for (int i = 0; i < 200; i++) { /* the least −2 ln L, or s = 0 */
    double middle = 0.5 * (low + high);
    minus_2_log_l(c, middle, &slope);
    *(slope < 0 ? &low : &high) = middle;
  }
  best = minus_2_log_l(c, low, &slope);
  for (high = fmax(2 * low, 1e-60); minus_2_log_l(c, high, &slope) - best < Q; high *= 2)
    ;
  for (int i = 0; i < 200; i++) {
    double middle = 0.5 * (low + high);
    *(minus_2_log_l(c, middle, &slope) - best < Q ? &low : &high) = middle;
  }
  return high;
}

static double limit_of(const recipe *r, double mass)
{
  double signal[MOST_BINS], limit = NAN;
  expected(r, mass, signal);
  elfin_counts counts = {r->experiment.n_bins, signal, r->experiment.background,
                         r->experiment.observed};
  if (r->method == ELFIN_N_LIMIT_METHODS)
    return asymptotic_limit(&counts);
  CHECK(elfin_limit_bins(r->method, &counts, CL, &limit, NULL, NULL) == ELFIN_OK);
  return limit;
}

/* ---- published ---------------------------------------------------------------------------------- */

/* Straight between its points in the logarithms. */
static double published_limit(const char *name, double unit, double mass)
{
  FILE *file = open_published(name);
  double before = NAN, at_before = NAN, found = NAN, m, limit;
  while (isnan(found) && next_published(file, unit, &m, &limit)) {
    if (m >= mass * (1 - 1e-9)) {
      double share = isnan(before) ? 1 : log(mass / before) / log(m / before);
      found = exp(share * log(limit) + (1 - share) * log(isnan(before) ? limit : at_before));
    }
    before = m;
    at_before = limit;
  }
  fclose(file);
  return found;
}

/* ---- ingredients -------------------------------------------------------------------------------- */

static void nothing(recipe *r) { (void)r; }
static void by_edges(recipe *r) { r->response = with_edges; }
static void by_free_gas(recipe *r) { r->response = lindhard; }
static void by_table(recipe *r) { r->response = table; }
static void by_first_principles(recipe *r) { r->response = gpaw; }
static void without_local_fields(recipe *r) { r->response = gpaw_nolfe; }
static void of_preset(recipe *r) { r->halo = recommended; }
static void by_best_expected(recipe *r) { r->method = ELFIN_LIMIT_BEST_EXPECTED; }
static void by_best_observed(recipe *r) { r->method = ELFIN_LIMIT_BEST_OBSERVED; }
static void by_total(recipe *r) { r->method = ELFIN_LIMIT_TOTAL; }
static void by_likelihood(recipe *r) { r->method = ELFIN_LIMIT_LIKELIHOOD; }
static void by_asymptotics(recipe *r) { r->method = ELFIN_N_LIMIT_METHODS; }
static void without_screening(recipe *r) { r->request.screening = false; }
static void below_10_keV(recipe *r) { r->request.k_cut_eV = 1e4; }
static void below_20_keV(recipe *r) { r->request.k_cut_eV = 2e4; }

static void unscreened_by_asymptotics(recipe *r)
{
  without_screening(r);
  by_asymptotics(r);
}

static void without_local_fields_by_asymptotics(recipe *r)
{
  without_local_fields(r);
  by_asymptotics(r);
}

static void with_constant_charge(recipe *r) { r->request.constant_charge = true; }
static void with_bound_ion(recipe *r) { r->request.approximation = ELFIN_IMPULSE; }
static void with_recoils(recipe *r) { r->request.recoil_threshold_eV = NAN; }

static void of_old_halo(recipe *r)
{
  r->halo = shm;
  r->request.rho_GeV_cm3 = 0.4;
}

static void by_steps(recipe *r)
{
  r->experiment.charge_model = ELFIN_CHARGE_STEP;
  r->experiment.gap_eV = r->experiment.pair_energy_eV = NAN;
}

/* The numbers of SENSEI's file. */
static void by_fano(recipe *r)
{
  r->experiment.charge_model = ELFIN_CHARGE_FANO;
  r->experiment.gap_eV = NAN;
  r->experiment.pair_energy_eV = sensei->pair_energy_eV;
  r->experiment.fano = sensei->fano;
}

/* The table of DAMIC-M's file, which ends at five electrons. */
static void by_impact_ionisation(recipe *r)
{
  r->experiment.charge_model = ELFIN_CHARGE_TABLE;
  r->experiment.table = damic->table;
  r->experiment.n_rows = damic->n_rows;
  r->experiment.n_charges = damic->n_charges;
}

static void without_diffusion(recipe *r) { r->experiment.n_found = 0; }

static void without_migration(recipe *r)
{
  static double kept[MOST_BINS * MOST_BINS];
  size_t width = r->experiment.n_bins + 1;
  for (size_t i = 0; i < r->experiment.n_found; i++)
    for (size_t k = 0; k < width; k++) {
      double value = r->experiment.found[i * width + k];
      bool own = k && r->experiment.charge[k - 1] == r->experiment.found[i * width];
      kept[i * width + k] = k == 0 || own ? value : 0;
    }
  r->experiment.found = kept;
}

static void without_background(recipe *r)
{
  memset(r->background, 0, sizeof r->background);
  r->experiment.background = r->background;
}

static void with_pileup(recipe *r)
{
  without_background(r);
  r->background[0] = r->experiment.observed[0];
}

static void with_pileup_by_likelihood(recipe *r)
{
  with_pileup(r);
  by_likelihood(r);
}

/* Of the events with two electrons alone, as many as make our limit SENSEI's for a light mediator. */
static void two_electrons(recipe *r)
{
  without_background(r);
  r->background[0] = 45;
  r->experiment.n_bins = 1;
}

static void two_electrons_without_local_fields(recipe *r)
{
  two_electrons(r);
  without_local_fields(r);
}

/* ---- tables ------------------------------------------------------------------------------------- */

typedef struct comparison {
  const char *title, *process, *published;
  double mediator, mass_unit;
  elfin_experiment **experiment;
  elfin_limit_method method;
  const ingredient *ingredients;
  const char *others[2]; /* other responses for the same data, published, too */
} comparison;

static const ingredient of_damic[] = {
    {"as the file says, likelihood", nothing},
    {"response: mermin_edges", by_edges},
    {"response: free electron gas", by_free_gas},
    {"response: DarkELF's table", by_table},
    {"response: gpaw", by_first_principles},
    {"response: gpaw_nolfe", without_local_fields},
    {"no screening", without_screening},
    {"momenta below 20 keV only", below_20_keV},
    {"momenta below 10 keV only", below_10_keV},
    {"charge: fano", by_fano},
    {"charge: step", by_steps},
    {"all charge stays in its bin", without_diffusion},
    {"no migration between bins", without_migration},
    {"no background", without_background},
    {"halo: recommended-2021", of_preset},
    {"halo: shm", of_old_halo},
    {"method: q = 1.642, asymptotic", by_asymptotics},
    {"method: best_expected", by_best_expected},
    {"method: best_observed", by_best_observed},
    {"method: total", by_total},
    {"asymptotic, no screening", unscreened_by_asymptotics},
    {"asymptotic, gpaw_nolfe", without_local_fields_by_asymptotics},
    {NULL, NULL}};

static const ingredient of_migdal[] = {
    {"as the file says, likelihood", nothing},
    {"charge: fano", by_fano},
    {"charge: step", by_steps},
    {"all charge stays in its bin", without_diffusion},
    {"ion_charge: constant", with_constant_charge},
    {"approximation: impulse", with_bound_ion},
    {"recoils above 4 phonons only", with_recoils},
    {"halo: recommended-2021", of_preset},
    {"method: q = 1.642, asymptotic", by_asymptotics},
    {"method: best_expected", by_best_expected},
    {NULL, NULL}};

static const ingredient of_sensei[] = {
    {"as the file says, total", nothing},
    {"response: mermin_edges", by_edges},
    {"response: free electron gas", by_free_gas},
    {"response: DarkELF's table", by_table},
    {"response: gpaw", by_first_principles},
    {"response: gpaw_nolfe", without_local_fields},
    {"no screening", without_screening},
    {"momenta below 20 keV only", below_20_keV},
    {"momenta below 10 keV only", below_10_keV},
    {"charge: step", by_steps},
    {"charge: arXiv:2004.10709, to Q = 5", by_impact_ionisation},
    {"55 events of pileup expected", with_pileup},
    {"the same, likelihood", with_pileup_by_likelihood},
    {"two electrons only, 45 events of pileup", two_electrons},
    {"the same, gpaw_nolfe", two_electrons_without_local_fields},
    {"halo: recommended-2021", of_preset},
    {"halo: shm", of_old_halo},
    {"method: best_observed", by_best_observed},
    {NULL, NULL}};

#define DAMIC_M "DAMIC-M_2025_"
static const comparison comparisons[] = {
    {"DAMIC-M, electrons, light mediator", "electron",
     DAMIC_M "OFFICIALRESULT_QCDark_DMe_ulightmediator.txt", 0, 1, &damic, ELFIN_LIMIT_LIKELIHOOD,
     of_damic, {DAMIC_M "QEDark_DMe_ulightmediator.txt", DAMIC_M "EXDM_DMe_ulightmediator.txt"}},
    {"DAMIC-M, electrons, heavy mediator", "electron",
     DAMIC_M "OFFICIALRESULT_QCDark_DMe_heavymediator.txt", INFINITY, 1, &damic,
     ELFIN_LIMIT_LIKELIHOOD, of_damic,
     {DAMIC_M "QEDark_DMe_heavymediator.txt", DAMIC_M "EXDM_DMe_heavymediator.txt"}},
    {"DAMIC-M, Migdal effect, heavy mediator", "migdal",
     DAMIC_M "OFFICIALRESULT_DMn-Migdal_heavymediator.txt", INFINITY, 1, &damic,
     ELFIN_LIMIT_LIKELIHOOD, of_migdal, {NULL, NULL}},
    {"SENSEI at SNOLAB, electrons, heavy mediator", "electron", "SENSEI_SNOLAB_ER_Massive.txt",
     INFINITY, 1e6, &sensei, ELFIN_LIMIT_TOTAL, of_sensei, {NULL, NULL}},
    {"SENSEI at SNOLAB, electrons, light mediator", "electron", SENSEI_LIGHT, 0, 1e6, &sensei,
     ELFIN_LIMIT_TOTAL, of_sensei, {NULL, NULL}},
};
enum { N_COMPARISONS = sizeof comparisons / sizeof *comparisons };

static recipe base_of(const comparison *c)
{
  recipe r = {.process = c->process,
              .published = c->published,
              .mass_unit = c->mass_unit,
              .experiment = **c->experiment,
              .method = c->method,
              .halo = theirs,
              .response = mermin};
  elfin_request_defaults(&r.request);
  r.request.constants = constants;
  r.request.material = si;
  r.request.rho_GeV_cm3 = 0.3;
  r.request.mediator_eV = c->mediator;
  r.request.accuracy = 1e-3;
  r.request.recoil_threshold_eV = 0; /* the published Migdal limit goes down to 1 MeV */
  return r;
}

static void ratios_of(const comparison *c, const ingredient *i, double ratio[N_MASSES])
{
  recipe r = base_of(c);
  i->change(&r);
  for (size_t k = 0; k < N_MASSES; k++)
    ratio[k] = limit_of(&r, masses_MeV[k] * 1e6) /
               published_limit(c->published, c->mass_unit, masses_MeV[k] * 1e6);
}

static void print_row(FILE *stream, const char *name, const double ratio[N_MASSES])
{
  fprintf(stream, "| %s |", name);
  for (size_t k = 0; k < N_MASSES; k++)
    fprintf(stream, isfinite(ratio[k]) ? " %.3g |" : " – |", ratio[k]);
  fputc('\n', stream);
}

static void print_head(FILE *stream, const char *title)
{
  fprintf(stream, "\n| %s |", title);
  for (size_t k = 0; k < N_MASSES; k++)
    fprintf(stream, " %g MeV |", masses_MeV[k]);
  fputs("\n|---|", stream);
  for (size_t k = 0; k < N_MASSES; k++)
    fputs("---|", stream);
  fputc('\n', stream);
}

/* What the page says in the row `name` of the table `title`. */
static bool documented(FILE *page, const char *title, const char *name, double ratio[N_MASSES])
{
  char line[LINE];
  bool inside = false;
  rewind(page);
  while (fgets(line, sizeof line, page)) {
    if (*line != '|') {
      inside = false;
      continue;
    }
    if (strncmp(line + 2, title, strlen(title)) == 0)
      inside = true;
    if (!inside || strncmp(line + 2, name, strlen(name)) != 0 || strncmp(line + 2 + strlen(name), " |", 2) != 0)
      continue;
    const char *at = line + 2 + strlen(name) + 2;
    for (size_t k = 0; k < N_MASSES; k++) {
      char *end;
      ratio[k] = strtod(at, &end);
      if (end == at)
        ratio[k] = INFINITY;
      at = strchr(at, '|');
      if (!at++)
        return false;
    }
    return true;
  }
  return false;
}

static void check_row(FILE *page, const char *title, const char *name, const double ratio[N_MASSES])
{
  double said[N_MASSES];
  bool there = documented(page, title, name, said);
  CHECK(there);
  if (!there)
    fprintf(stderr, "  README.md lacks: %s, %s\n", title, name);
  for (size_t k = 0; there && k < N_MASSES; k++) {
    bool fine = isfinite(ratio[k]) ? fabs(said[k] / ratio[k] - 1) < TOLERANCE : isinf(said[k]);
    CHECK(fine);
    if (!fine)
      fprintf(stderr, "  %s, %s, %g MeV: README.md says %g, and it is %g\n", title, name,
              masses_MeV[k], said[k], ratio[k]);
  }
}

static void others_of(const comparison *c, size_t i, double ratio[N_MASSES])
{
  for (size_t k = 0; k < N_MASSES; k++)
    ratio[k] = published_limit(c->others[i], c->mass_unit, masses_MeV[k] * 1e6) /
               published_limit(c->published, c->mass_unit, masses_MeV[k] * 1e6);
}

/* A row: printed, or compared with the page. */
static void say(FILE *page, const comparison *c, const char *name, const double ratio[N_MASSES])
{
  if (page)
    check_row(page, c->title, name, ratio);
  else
    print_row(stdout, name, ratio);
}

static void the_page_says(FILE *page)
{
  static const char *const names[] = {"theirs, by QEDark", "theirs, by EXCEED-DM"};
  double ratio[N_MASSES];
  for (size_t n = 0; n < N_COMPARISONS; n++) {
    const comparison *c = &comparisons[n];
    if (!page)
      print_head(stdout, c->title);
    for (const ingredient *i = c->ingredients; i->name; i++) {
      ratios_of(c, i, ratio);
      say(page, c, i->name, ratio);
    }
    for (size_t i = 0; i < 2 && c->others[i]; i++) {
      others_of(c, i, ratio);
      say(page, c, names[i], ratio);
    }
  }
}

/* A response with all electrons of the valence and without local fields, as QCDark's, and their method: what is left
 * is within a factor of 1.5 at all masses. */
static void what_is_made_alike_agrees(void)
{
  static const ingredient alike = {"", without_local_fields_by_asymptotics};
  for (size_t n = 0; n < 2; n++) { /* DAMIC-M, electrons: light and heavy mediator */
    double ratio[N_MASSES];
    ratios_of(&comparisons[n], &alike, ratio);
    for (size_t k = 0; k < N_MASSES; k++)
      CHECK(ratio[k] > 1 / 1.5 && ratio[k] < 1.5);
  }
}

static elfin_halo *halo_of(double v0, double v_esc, double v_lab)
{
  elfin_halo *halo = NULL;
  double c = constants->c_km_s;
  CHECK(elfin_halo_new_shm(v0 / c, v_esc / c, v_lab / c, &halo, NULL) == ELFIN_OK);
  return halo;
}

static elfin_response *response_of(const char *name)
{
  elfin_response *response = NULL;
  CHECK(elfin_response_open(name, si, constants, &response, NULL) == ELFIN_OK);
  return response;
}

/* What the material names lies in HDF5, which the room store reads. */
static elfin_response *first_principles(const char *name)
{
  elfin_response *response = NULL;
  const elfin_response_table *named = elfin_response_table_named(si, name);
  CHECK(named && store_open_table(named->file.path, si, constants, &response, NULL) == ELFIN_OK);
  return response;
}

int main(int argc, char **argv)
{
  char path[512];
  const char *shared = getenv("ELFIN_SHARED");
  FILE *page = NULL;
  constants = elfin_constants_named("elfin");
  fclose(open_published(comparisons[0].published));
  if (argc <= 1 || strcmp(argv[1], "--print") != 0) {
    snprintf(path, sizeof path, "%s/experiments/README.md", elfin_data_dir());
    page = fopen(path, "r");
    CHECK(page != NULL);
  }
  CHECK(elfin_material_open("Si", &si, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_open("DAMIC_M_2025", &damic, NULL) == ELFIN_OK);
  CHECK(elfin_experiment_open("SENSEI_SNOLAB", &sensei, NULL) == ELFIN_OK);
  theirs = halo_of(238, 544, 253.7); /* DAMIC-M's, after arXiv:2105.00599 */
  recommended = halo_of(238, 544, 250);
  shm = halo_of(220, 500, 240);
  mermin = response_of("mermin");
  with_edges = response_of("mermin_edges");
  lindhard = response_of("lindhard");
  snprintf(path, sizeof path, "%s/tables/Si/Si_mermin.dat", shared ? shared : "../shared");
  table = response_of(path);
  gpaw = first_principles("gpaw");
  gpaw_nolfe = first_principles("gpaw_nolfe");
  the_page_says(page);
  what_is_made_alike_agrees();
  if (page)
    fclose(page);
  elfin_response_free(gpaw_nolfe);
  elfin_response_free(gpaw);
  elfin_response_free(table);
  elfin_response_free(lindhard);
  elfin_response_free(with_edges);
  elfin_response_free(mermin);
  elfin_halo_free(shm);
  elfin_halo_free(recommended);
  elfin_halo_free(theirs);
  elfin_experiment_free(sensei);
  elfin_experiment_free(damic);
  elfin_material_free(si);
  return check_result();
}
