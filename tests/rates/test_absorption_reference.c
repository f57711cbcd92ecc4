/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_absorption_reference.c
 * Absorption of dark photons under `darkelf` conventions against shared/reference/absorption.csv
 * (column `converged`; there is no quadrature in this process).
 *
 * Claims: with DarkELF's tables, as elfin imports them, every row agrees to 1e-10, zeros included.
 * With elfin's own data: where that is a formula (oscillators, factorised phonons), every row agrees to
 * 1e-3 if ε is taken at DarkELF's energies and goes straight in between, as in its tables, whose steps are
 * 0.4 eV for electrons (elfin by itself follows the curve: beside a gap that is 2 to 80 %). Where the data
 * is forty points for some hundred measured ones (phonons of Si, Ge, GaAs; Ta), three rows in four agree
 * to 7 %, which is what the fits say of themselves in the material files. */
#include "imported_materials.h"
#include "numerics/columns.h"

static const double KAPPA = 1e-15;
enum { MAX_ROWS = 400 };

static elfin_halo *halo;

typedef struct row {
  char name[32], branch[16];
  double mass, expected;
} row;

static bool next_row(FILE *file, row *r)
{
  char line[512];
  while (fgets(line, sizeof line, file))
    if (sscanf(line, "%31[^,],%lf,%15[^,],%*[^,],%lf", r->name, &r->mass, r->branch,
               &r->expected) == 4)
      return true;
  return false;
}

static double rate(const imported_target *t, double mass)
{
  double value = NAN, error = NAN, threshold = 0;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {.rate = &value, .rate_error = &error, .rate_status = &status};
  elfin_request q = imported_request(t, halo, mass);
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  CHECK(elfin_rate("absorption", &q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  CHECK(error <= 1e-11 * value);
  return KAPPA * KAPPA * value;
}

static void all_rows_agree_with_tables(FILE *file)
{
  row r;
  size_t n = 0;
  double worst = 0;
  rewind(file);
  while (next_row(file, &r)) {
    double found = rate(imported_named(r.name, "joined", false), r.mass);
    CHECK_CLOSE(found, r.expected, 1e-10);
    if (r.expected > 0)
      worst = fmax(worst, fabs(found / r.expected - 1));
    n++;
  }
  CHECK(n == 256);
  printf("tables: %zu rows, worst difference %.2g\n", n, worst);
}

/* ---- elfin's own data ------------------------------------------------------------------------- */

/** The energies of DarkELF's table for a branch, yours; and the momentum of its first row. */
static double *energies_of(const char *name, const char *branch, size_t *n, double *k)
{
  const elfin_material *m = imported_named(name, "joined", false)->material;
  elfin_configuration axis = imported_named(name, "joined", false)->configuration;
  const elfin_phonon_response *phonons = elfin_phonon_response_find(m, axis, NULL);
  columns *rows = NULL;
  const double *from = NULL;
  *n = 0;
  *k = 0;
  if (strcmp(branch, "phonon") == 0 && phonons) {
    *n = phonons->n;
    from = phonons->omega_eV;
  } else if (strcmp(branch, "optical") == 0 && m->optical) {
    *n = m->optical->n;
    from = m->optical->omega_eV;
  } else if (m->response_table && !columns_read(m->response_table->path, 4, COLUMNS_HEADER | COLUMNS_NAN,
                                                &rows, NULL)) {
    *k = rows->value[1];
    while (*n < rows->n_rows && rows->value[4 * *n + 1] == *k)
      ++*n;
  }
  double *omega = malloc((*n + 1) * sizeof *omega);
  for (size_t i = 0; omega && i < *n; i++)
    omega[i] = from ? from[i] : rows->value[4 * i];
  columns_free(rows);
  return omega;
}

/** elfin's response of one branch, with straight lines between DarkELF's energies. */
static imported_target *straightened(const row *r)
{
  static struct {
    char name[32], branch[16];
    imported_target target;
  } made[MOST_TARGETS];
  static size_t n_made;
  for (size_t i = 0; i < n_made; i++)
    if (strcmp(made[i].name, r->name) == 0 && strcmp(made[i].branch, r->branch) == 0)
      return &made[i].target;
  const char *kind = strcmp(r->branch, "electron") == 0 ? "mermin" : r->branch;
  size_t n;
  double k, *omega = energies_of(r->name, r->branch, &n, &k);
  elfin_error err;
  imported_target *t = &made[n_made].target;
  *t = *imported_named(r->name, "joined", true);
  snprintf(made[n_made].name, sizeof made[n_made].name, "%s", r->name);
  snprintf(made[n_made++].branch, sizeof made[0].branch, "%s", r->branch);
  if (elfin_response_open_configuration(kind, t->configuration, t->material,
                                        elfin_constants_named("darkelf"), &t->response, &err))
    stop_at(&err);
  straighten(t, n, omega, k);
  free(omega);
  return t;
}

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static void summarise(const char *what, size_t n, double difference[], double share, double agreement)
{
  qsort(difference, n, sizeof *difference, by_size);
  double at_share = difference[(size_t)(share * (double)(n - 1))];
  printf("%s: %zu rows, median difference %.2g, %.0f %% within %.2g, worst %.2g\n", what, n,
         difference[n / 2], 100 * share, at_share, difference[n - 1]);
  CHECK(at_share < agreement);
}

static bool few_points(const row *r)
{
  bool data = strcmp(r->name, "Si") == 0 || strcmp(r->name, "Ge") == 0 || strcmp(r->name, "GaAs") == 0;
  return (data && strcmp(r->branch, "phonon") == 0) || strcmp(r->branch, "optical") == 0;
}

static void own_data_agrees(FILE *file)
{
  row r;
  double as_it_is[MAX_ROWS], formulas[MAX_ROWS], points[MAX_ROWS];
  size_t n = 0, n_formulas = 0, n_points = 0;
  rewind(file);
  while (next_row(file, &r)) {
    if (r.expected == 0)
      continue;
    double difference = fabs(rate(straightened(&r), r.mass) / r.expected - 1);
    as_it_is[n++] = fabs(rate(imported_named(r.name, "joined", true), r.mass) / r.expected - 1);
    if (few_points(&r))
      points[n_points++] = difference;
    else
      formulas[n_formulas++] = difference;
    if (getenv("ELFIN_TEST_VERBOSE"))
      printf("%-9.2e %-9.2e %s %g %s %g\n", as_it_is[n - 1], difference, r.name, r.mass, r.branch,
             r.expected);
  }
  summarise("elfin's own data", n, as_it_is, 0.5, 0.01);
  summarise("formulas at DarkELF's energies", n_formulas, formulas, 1, 1e-3);
  summarise("points at DarkELF's energies", n_points, points, 0.75, 0.07);
}

int main(void)
{
  FILE *file = open_reference("absorption.csv");
  imported_begin();
  halo = default_halo();
  all_rows_agree_with_tables(file);
  own_data_agrees(file);
  fclose(file);
  elfin_halo_free(halo);
  imported_free();
  return check_result();
}
