/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_phonon_reference.c
 * Phonons from the ELF, and Fröhlich's, under `darkelf` conventions against converged quadrature of the
 * same integrals (shared/reference/phonon_*.csv, column `converged`), at accuracy 1e-4.
 *
 * Claims: with DarkELF's tables, as elfin imports them, every rate agrees to 1e-5 (asked: 1e-4), every
 * dR/dω to 1e-6; the estimate covers the difference in at least 99 % of the rates. Kinematics that are
 * closed give exactly 0. Fröhlich's rates, whose branches are elfin's own, agree to 1e-8.
 * With elfin's own data in place of the tables, all rates agree to 2 %, but for those of GaAs that count its
 * longitudinal phonon (5 of 43 rows), which are 3.6 % higher: DarkELF's straight lines between points 0.6 meV
 * apart lose that much of the peak. With straight lines between the same energies elfin's agree to 0.1 %. The
 * sum rule takes elfin's side, (2/π)∫ELF/ω dω: at most 1/ε∞ − 1/ε0 = 0.01422, 0.01122 elfin, 0.01083 there. */
#include "imported_materials.h"

static const double AGREEMENT = 1e-5, COVERED = 0.99, CROSS_SECTION = 1e-38, ACCURACY = 1e-4;
enum { MAX_ROWS = 400, LINE = 512 };

static elfin_halo *halo;

typedef struct tally {
  size_t n, covered;
  double worst, difference[MAX_ROWS], evaluations;
} tally;

static void compare(tally *t, const char *line, double found, double error, double expected,
                    double expected_error, double agreement)
{
  if (expected == 0) {
    CHECK(found == 0);
    return;
  }
  double difference = fabs(found - expected);
  check_close(found, expected, agreement, 0, line, __FILE__, __LINE__, __func__);
  t->covered += difference <= error + expected_error * expected;
  t->difference[t->n++] = difference / expected;
  t->worst = fmax(t->worst, difference / expected);
  if (getenv("ELFIN_TEST_VERBOSE"))
    printf("%-9.2e %-9.2e %s", found / expected - 1, error / expected, line);
}

static void say(const char *what, const tally *t)
{
  CHECK(t->n > 0);
  printf("%s: %zu values, worst difference %.2g, covered %.2f %%, %.0f evaluations each\n", what, t->n,
         t->worst, 100.0 * (double)t->covered / (double)t->n, t->evaluations / (double)t->n);
}

/* The longitudinal phonon of GaAs is at 36.6 meV; the least mass [eV] that makes it. */
static const double GAAS_LONGITUDINAL = 0.0366, GAAS_PEAK = 0.0358, MAKES_IT = 13e3;

static bool counts_the_peak_of_GaAs(const char *name, double mass, double threshold)
{
  return strcmp(name, "GaAs") == 0 && mass > MAKES_IT && threshold < GAAS_LONGITUDINAL;
}

/** The table's energies for elfin's own ε of GaAs. */
static void straighten_GaAs(void)
{
  const elfin_phonon_response *table = imported_named("GaAs", "phonon", false)->material->phonon_responses;
  straighten(imported_named("GaAs", "phonon", true), table->n, table->omega_eV, 0);
}

/* Which rows, with elfin's own data. */
typedef enum which { ALL, BUT_PEAK, ONLY_PEAK } which;

static void rates_agree(FILE *file, bool own, which rows, double agreement, tally *t)
{
  char line[LINE], name[32];
  double mass, threshold, expected, expected_error;
  rewind(file);
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%31[^,],%*[^,],%lf,%*[^,],%lf,%*[^,],%lf,%lf", name, &mass, &threshold, &expected,
               &expected_error) != 5)
      continue;
    if (rows != ALL && counts_the_peak_of_GaAs(name, mass * 1e3, threshold) != (rows == ONLY_PEAK))
      continue;
    double value = NAN, error = NAN;
    elfin_status status;
    elfin_error err = {""};
    elfin_result r = {.rate = &value, .rate_error = &error, .rate_status = &status};
    elfin_request q = imported_request(imported_named(name, "phonon", own), halo, mass * 1e3);
    q.accuracy = ACCURACY;
    q.n_thresholds = 1;
    q.threshold_eV = &threshold;
    CHECK(elfin_rate("phonon", &q, &r, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    CHECK(error <= ACCURACY * value);
    t->evaluations += (double)r.evaluations;
    compare(t, line, CROSS_SECTION * value, CROSS_SECTION * error, expected, expected_error, agreement);
  }
}

static void point_values_agree(FILE *file, tally *t)
{
  char line[LINE], name[32];
  double mass, omega, expected;
  rewind(file);
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%31[^,],%lf,%lf,%*[^,],%lf", name, &mass, &omega, &expected) != 4)
      continue;
    double value = NAN, error = NAN;
    elfin_status status;
    elfin_error err = {""};
    elfin_result r = {.differential = &value, .differential_error = &error,
                      .differential_status = &status};
    elfin_request q = imported_request(imported_named(name, "phonon", false), halo, mass * 1e3);
    q.n_at = 1;
    q.at_eV = &omega;
    CHECK(elfin_rate("phonon", &q, &r, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    t->evaluations += (double)r.evaluations;
    compare(t, line, CROSS_SECTION * value, CROSS_SECTION * error, expected, 1e-8, 1e-6);
  }
}

static void froehlich_agrees(FILE *file, bool own, tally *t)
{
  char line[LINE], name[32];
  double mass, expected, zero = 0;
  rewind(file);
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%31[^,],%lf,%*[^,],%lf", name, &mass, &expected) != 3)
      continue;
    double value = NAN, error = NAN;
    elfin_status status;
    elfin_error err = {""};
    elfin_result r = {.rate = &value, .rate_error = &error, .rate_status = &status};
    elfin_request q = imported_request(imported_named(name, "phonon", own), halo, mass * 1e3);
    q.response = NULL;
    q.n_thresholds = 1;
    q.threshold_eV = &zero;
    CHECK(elfin_rate("froehlich", &q, &r, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    compare(t, line, CROSS_SECTION * value, CROSS_SECTION * error, expected, 1e-8, 1e-8);
  }
}

int main(void)
{
  FILE *rates = open_reference("phonon_R.csv"), *points = open_reference("phonon_dRdomega.csv"),
       *froehlich = open_reference("phonon_Frohlich.csv");
  tally of_rates = {0}, of_points = {0}, of_froehlich = {0}, own_rates = {0},
        own_froehlich = {0}, peak = {0}, straight = {0};
  imported_begin();
  halo = default_halo();
  rates_agree(rates, false, ALL, AGREEMENT, &of_rates);
  say("rates", &of_rates);
  CHECK((double)of_rates.covered >= COVERED * (double)of_rates.n);
  point_values_agree(points, &of_points);
  say("dR/domega", &of_points);
  froehlich_agrees(froehlich, false, &of_froehlich);
  froehlich_agrees(froehlich, true, &own_froehlich);
  say("Froehlich", &of_froehlich);
  rates_agree(rates, true, BUT_PEAK, 0.02, &own_rates);
  say("rates with elfin's own data", &own_rates);
  rates_agree(rates, true, ONLY_PEAK, 0.04, &peak);
  say("with the longitudinal peak of GaAs", &peak);
  CHECK(peak.n == 5);
  for (size_t i = 0; i < peak.n; i++)
    CHECK_CLOSE(peak.difference[i], GAAS_PEAK, 0.02);
  straighten_GaAs();
  rates_agree(rates, true, ONLY_PEAK, 0.001, &straight);
  say("the same with straight lines", &straight);
  fclose(rates);
  fclose(points);
  fclose(froehlich);
  elfin_halo_free(halo);
  imported_free();
  return check_result();
}
