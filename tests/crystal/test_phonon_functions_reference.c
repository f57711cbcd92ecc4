/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_phonon_functions_reference.c
 * F_n(ω) from DarkELF's densities of states, against n-fold convolutions on 120,000 points
 * (shared/reference/Fn.csv, column `converged`, whose one-phonon function is linear between points).
 *
 * Claims: it agrees to 1e-3, to 1e-6 in the median; only at the very end of a term, where D ends with a
 * step (Si) and F_n falls to nothing within a few nodes, to 1e-5 of its maximum. */
#include "shared_phonons.h"

static const double AGREEMENT = 1e-3, MEDIAN = 1e-6, AT_THE_END = 1e-5;
enum { MAX_ROWS = 1000, LINE = 512, MOST_TERMS = 10 };

static double difference[MAX_ROWS];

static int by_size(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void)
{
  const char *shared = getenv("ELFIN_SHARED");
  char path[512], line[LINE], material[16], atom[16];
  snprintf(path, sizeof path, "%s/reference/Fn.csv", shared ? shared : "");
  FILE *file = fopen(path, "r");
  if (!file)
    CHECK_SKIP("no shared/reference/Fn.csv");
  const elfin_constants *darkelf = elfin_constants_named("darkelf");
  crystal *of[N_TABLE_NUCLEI] = {NULL};
  size_t n_rows = 0;
  while (fgets(line, sizeof line, file)) {
    double omega, expected, expected_error, maximum, F[MOST_TERMS];
    int n;
    if (sscanf(line, "%15[^,],%15[^,],%d,%lf,%*[^,],%*[^,],%lf,%lf,%lf", material, atom, &n, &omega,
               &expected, &expected_error, &maximum) != 7)
      continue;
    size_t i = 0;
    while (i < N_TABLE_NUCLEI && (strcmp(table_nuclei[i].material, material) ||
                                  strcmp(table_nuclei[i].name, atom)))
      i++;
    CHECK(i < N_TABLE_NUCLEI && n_rows < MAX_ROWS && n <= MOST_TERMS);
    if (!of[i] && !(of[i] = table_crystal(darkelf, &table_nuclei[i])))
      CHECK_SKIP("no shared/tables");
    CHECK(of[i]->phonons->n_terms == MOST_TERMS);
    phonon_functions_at(of[i]->phonons, omega, F);
    check_close(F[n - 1], expected, AGREEMENT + 3 * expected_error, AT_THE_END * maximum, line,
                __FILE__, __LINE__, __func__);
    difference[n_rows++] = fabs(F[n - 1] / expected - 1);
    if (getenv("ELFIN_TEST_VERBOSE"))
      printf("%-9.2e %s", F[n - 1] / expected - 1, line);
  }
  fclose(file);
  qsort(difference, n_rows, sizeof *difference, by_size);
  printf("%zu rows, median difference %.2g, largest %.2g\n", n_rows, difference[n_rows / 2],
         difference[n_rows - 1]);
  CHECK(n_rows > 0 && difference[n_rows / 2] < MEDIAN);
  for (size_t i = 0; i < N_TABLE_NUCLEI; i++)
    elfin_crystal_free(of[i]);
  return check_result();
}
