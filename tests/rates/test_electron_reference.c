/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_electron_reference.c
 * Electron rates under `darkelf` conventions, with DarkELF's tables, against converged quadrature of
 * the same integrands (shared/reference/electron_*.csv, column `converged`).
 *
 * Claims: every row agrees to 3e-4 at accuracy 1e-4; the estimate covers the difference in at least
 * 99 % of the rows; and it is no inflation: its median is below 100 times the difference.
 */
#include "check.h"

#include <elfin/rate.h>

#include <math.h>

static const double AGREEMENT = 3e-4, COVERED = 0.99, INFLATION = 100, ACCURACY = 1e-4;
static const double CROSS_SECTION = 1e-38; /* of the reference [cm²] */
enum { MAX_ROWS = 1000, LINE = 512 };

typedef struct target {
  char name[16];
  elfin_material *material;
  elfin_response *table, *lindhard;
} target;

typedef struct tally {
  size_t n, covered;
  double worst, ratio[MAX_ROWS], evaluations;
} tally;

static const elfin_constants *constants;
static elfin_halo *halo;
static const char *shared;
static target targets[16];
static size_t n_targets;

static target *target_named(const char *name)
{
  for (size_t i = 0; i < n_targets; i++)
    if (strcmp(targets[i].name, name) == 0)
      return &targets[i];
  target *t = &targets[n_targets++];
  elfin_error err;
  char path[512];
  snprintf(t->name, sizeof t->name, "%s", name);
  snprintf(path, sizeof path, "%s/tables/%s/%s_mermin.dat", shared, name, name);
  if (elfin_material_open(name, &t->material, &err) ||
      elfin_response_open(path, t->material, constants, &t->table, &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  return t;
}

static elfin_response *response_of(target *t, const char *method)
{
  elfin_error err;
  if (strcmp(method, "Lindhard") != 0)
    return t->table;
  if (!t->lindhard && elfin_response_open("lindhard", t->material, constants, &t->lindhard, &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  return t->lindhard;
}

static elfin_request request_for(target *t, const char *method, double mass_MeV, double mediator_eV)
{
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = t->material;
  q.response = response_of(t, method);
  q.accuracy = ACCURACY;
  q.mass_eV = mass_MeV * 1e6;
  q.mediator_eV = mediator_eV;
  return q;
}

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void compare(tally *t, const char *row, double found, double error, double expected,
                    double expected_error, long evaluations)
{
  double difference = fabs(found - expected);
  if (expected == 0) {
    CHECK(found == 0);
    return;
  }
  check_close(found, expected, AGREEMENT, 0, row, __FILE__, __LINE__, __func__);
  t->covered += difference <= error + expected_error * fabs(expected);
  t->ratio[t->n++] = error / fmax(difference, 1e-16 * fabs(expected));
  t->worst = fmax(t->worst, difference / fabs(expected));
  t->evaluations += (double)evaluations;
  if (getenv("ELFIN_TEST_VERBOSE"))
    printf("%-8.2e %-8.2e %6ld %s", difference / expected, error / expected, evaluations, row);
}

static void conclude(tally *t, const char *name)
{
  CHECK(t->n > 0);
  if (t->n == 0)
    return;
  qsort(t->ratio, t->n, sizeof *t->ratio, by_size);
  double covered = (double)t->covered / (double)t->n, median = t->ratio[t->n / 2];
  printf("%s: %zu rows, worst difference %.2g, covered %.2f %%, median estimate/difference %.3g, "
         "%.0f evaluations a row\n",
         name, t->n, t->worst, 100 * covered, median, t->evaluations / (double)t->n);
  CHECK(covered >= COVERED);
  CHECK(median < INFLATION);
}

static void total_rates_agree(FILE *file, tally *t)
{
  char line[LINE], name[16], method[16], mediator[16], kind[16];
  double mass, m_V, threshold, k_cut, delta, expected, expected_error;
  int screening;
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%15[^,],%15[^,],%lf,%15[^,],%lf,%d,%15[^,],%lf,%lf,%lf,%*[^,],%lf,%lf", name,
               method, &mass, mediator, &m_V, &screening, kind, &threshold, &k_cut, &delta, &expected,
               &expected_error) != 12)
      continue;
    elfin_request q = request_for(target_named(name), method, mass, m_V);
    double value, error;
    elfin_status status;
    unsigned flags;
    q.screening = screening;
    q.n_thresholds = 1;
    q.threshold_eV = &threshold;
    q.k_cut_eV = k_cut > 0 ? k_cut : INFINITY;
    q.splitting_eV = delta;
    elfin_result r = {.rate = &value, .rate_error = &error, .rate_status = &status,
                      .rate_flags = &flags};
    elfin_error err = {""};
    CHECK(elfin_rate("electron", &q, &r, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    compare(t, line, CROSS_SECTION * value, CROSS_SECTION * error, expected, expected_error,
            r.evaluations);
  }
}

static void point_values_agree(FILE *file, tally *t)
{
  char line[LINE], name[16], method[16], mediator[16];
  double mass, m_V, omega, expected, expected_error;
  int screening;
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%15[^,],%15[^,],%lf,%15[^,],%lf,%d,%lf,%*[^,],%lf,%lf", name, method, &mass,
               mediator, &m_V, &screening, &omega, &expected, &expected_error) != 9)
      continue;
    elfin_request q = request_for(target_named(name), method, mass, m_V);
    double value, error;
    elfin_status status;
    q.screening = screening;
    q.n_at = 1;
    q.at_eV = &omega;
    elfin_result r = {.differential = &value, .differential_error = &error,
                      .differential_status = &status};
    elfin_error err = {""};
    CHECK(elfin_rate("electron", &q, &r, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    compare(t, line, CROSS_SECTION * value, CROSS_SECTION * error, expected, expected_error,
            r.evaluations);
  }
}

static void charge_spectra_agree(FILE *file, tally *t)
{
  enum { HIGHEST = 64 };
  char line[LINE], name[16], mediator[16];
  double mass, m_V, charge, expected, expected_error;
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%15[^,],%lf,%15[^,],%lf,%lf,%*[^,],%lf,%lf", name, &mass, mediator, &m_V,
               &charge, &expected, &expected_error) != 7)
      continue;
    elfin_request q = request_for(target_named(name), "grid", mass, m_V);
    double value[HIGHEST], error[HIGHEST];
    elfin_status status[HIGHEST];
    q.n_charges = (size_t)charge;
    elfin_result r = {.charge = value, .charge_error = error, .charge_status = status};
    elfin_error err = {""};
    CHECK(elfin_rate("electron", &q, &r, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    compare(t, line, CROSS_SECTION * value[q.n_charges - 1], CROSS_SECTION * error[q.n_charges - 1],
            expected, expected_error, r.evaluations);
  }
}

int main(void)
{
  static const struct {
    const char *name;
    void (*claim)(FILE *file, tally *t);
  } files[] = {{"electron_R", total_rates_agree},
               {"electron_dRdomega", point_values_agree},
               {"electron_dRdQ", charge_spectra_agree}};
  static tally tallies[3];
  shared = getenv("ELFIN_SHARED");
  for (size_t i = 0; i < 3; i++) {
    char path[512];
    snprintf(path, sizeof path, "%s/reference/%s.csv", shared ? shared : "", files[i].name);
    FILE *file = fopen(path, "r");
    if (!file)
      CHECK_SKIP("the reference numbers are not here (ELFIN_SHARED)");
    if (!constants) {
      constants = elfin_constants_named("darkelf");
      double c = constants->c_km_s;
      CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, NULL) == ELFIN_OK);
    }
    files[i].claim(file, &tallies[i]);
    fclose(file);
    conclude(&tallies[i], files[i].name);
  }
  for (size_t i = 0; i < n_targets; i++) {
    elfin_response_free(targets[i].table);
    elfin_response_free(targets[i].lindhard);
    elfin_material_free(targets[i].material);
  }
  elfin_halo_free(halo);
  return check_result();
}
