/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_elf_table.c
 * ε(ω,k) on a grid: interpolation, edges, holes, and every way in which a file can be no grid. */
#include "check.h"

#include "elf/elf_table.h"

#include <unistd.h>

static const double OMEGA[] = {1, 2, 4}, K[] = {10, 100};
static const double EPS1[] = {1, 2, 3, 4, 5, 6}, EPS2[] = {0.1, 0.2, 0.3, 0.4, 0.5, 0.6};

static elf_table *table_of(const double eps1[], const double eps2[], int hole_takes_next)
{
  elf_table *table = NULL;
  elfin_error err;
  if (elf_table_new("here", 3, OMEGA, 2, K, eps1, eps2, hole_takes_next, &table, &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  return table;
}

static void check_point(const elf_table *table, double omega, double k, double eps1, double eps2)
{
  double found1, found2;
  elf_table_epsilon(table, 1, &omega, &k, &found1, &found2);
  CHECK_NEAR(found1, eps1, 1e-14);
  CHECK_NEAR(found2, eps2, 1e-15);
}

/* ---- interpolation --------------------------------------------------------------------------- */

static void knots_are_met_and_cells_are_bilinear(void)
{
  elf_table *table = table_of(EPS1, EPS2, 0);
  for (int j = 0; j < 2; j++)
    for (int i = 0; i < 3; i++)
      check_point(table, OMEGA[i], K[j], EPS1[3 * j + i], EPS2[3 * j + i]);
  check_point(table, 1.5, 10, 1.5, 0.15);
  check_point(table, 3.5, 10, 2.75, 0.275);
  check_point(table, 1, 40, 2, 0.2);
  check_point(table, 3, 55, 4, 0.4);
  elf_table_free(table);
}

static void below_the_lowest_momentum_its_row_holds(void)
{
  elf_table *table = table_of(EPS1, EPS2, 0);
  check_point(table, 3, 0, 2.5, 0.25);
  check_point(table, 3, 9.999, 2.5, 0.25);
  check_point(table, 4, -1, 3, 0.3);
  elf_table_free(table);
}

static void outside_otherwise_there_is_vacuum(void)
{
  elf_table *table = table_of(EPS1, EPS2, 0);
  check_point(table, nextafter(1, 0), 50, 1, 0);
  check_point(table, nextafter(4, 5), 50, 1, 0);
  check_point(table, 0, 5, 1, 0);
  check_point(table, 3, nextafter(100, 200), 1, 0);
  check_point(table, INFINITY, 50, 1, 0);
  check_point(table, 3, INFINITY, 1, 0);
  elf_table_free(table);
}

static void nan_in_gives_nan_out(void)
{
  elf_table *table = table_of(EPS1, EPS2, 0);
  double omega[] = {NAN, 3, NAN}, k[] = {50, NAN, 1e9}, eps1[3], eps2[3];
  elf_table_epsilon(table, 3, omega, k, eps1, eps2);
  for (int i = 0; i < 3; i++)
    CHECK(isnan(eps1[i]) && isnan(eps2[i]));
  elf_table_epsilon(table, 0, omega, k, NULL, NULL);
  elf_table_free(table);
}

/* ---- holes ----------------------------------------------------------------------------------- */

static void a_hole_takes_the_next_value_in_file_order(void)
{
  double eps1[] = {1, NAN, NAN, 4, 5, 6}, eps2[] = {0.1, NAN, 0.3, 0.4, 0.5, NAN};
  elf_table *table = table_of(eps1, eps2, 1);
  CHECK(table->n_holes == 3);
  check_point(table, 2, 10, 4, 0.3);    /* over the end of the row */
  check_point(table, 4, 10, 4, 0.3);
  check_point(table, 4, 100, 6, 0.5);   /* no next one: the last */
  elf_table_free(table);
}

static void without_that_shortcut_a_hole_loses_no_energy(void)
{
  double eps1[] = {1, 2, NAN, 4, 5, 6}, eps2[] = {0.1, NAN, 0.3, 0.4, 0.5, NAN};
  elf_table *table = table_of(eps1, eps2, 0);
  CHECK(table->n_holes == 3);
  check_point(table, 2, 10, 2, 0);
  check_point(table, 4, 10, 4, 0);
  check_point(table, 4, 100, 6, 0);
  check_point(table, 3, 10, 3, 0);
  check_point(table, 1.5, 10, 1.5, 0.05); /* linear from the knot before */
  elf_table_free(table);
}

/* ---- arrays that are no grid ----------------------------------------------------------------- */

static void wrong_arrays_are_refused_by_entry(void)
{
  static const double nans[] = {NAN, NAN, NAN, NAN, NAN, NAN};
  static const double infinite[] = {1, 2, 3, 4, INFINITY, 6};
  static const struct {
    size_t n_omega, n_k;
    double omega[3], k[2];
    const double *eps1, *eps2;
    const char *says;
  } cases[] = {
      {1, 2, {1, 2, 4}, {1, 2}, EPS1, EPS2, "here: 1 value of omega"},
      {3, 1, {1, 2, 4}, {1, 2}, EPS1, EPS2, "here: 1 value of k"},
      {0, 2, {1, 2, 4}, {1, 2}, EPS1, EPS2, "here: 0 values of omega"},
      {3, 2, {1, 2, 2}, {1, 2}, EPS1, EPS2, "omega[2] = 2 eV does not ascend"},
      {3, 2, {1, 3, 2}, {1, 2}, EPS1, EPS2, "omega[2] = 2 eV does not ascend (before it: 3 eV)"},
      {3, 2, {1, 2, 4}, {2, 1}, EPS1, EPS2, "k[1] = 1 eV does not ascend"},
      {3, 2, {-1, 2, 4}, {1, 2}, EPS1, EPS2, "omega[0] = -1 eV"},
      {3, 2, {1, NAN, 4}, {1, 2}, EPS1, EPS2, "omega[1]"},
      {3, 2, {1, 2, INFINITY}, {1, 2}, EPS1, EPS2, "omega[2]"},
      {3, 2, {0, 5e-324, 1}, {1, 2}, EPS1, EPS2, "omega[1]"},
      {3, 2, {1, 2, 4}, {1, 2}, nans, EPS2, "eps1 holds nothing but nan"},
      {3, 2, {1, 2, 4}, {1, 2}, EPS1, nans, "eps2 holds nothing but nan"},
      {3, 2, {1, 2, 4}, {1, 2}, infinite, EPS2, "eps1[4] is infinite"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elf_table *table = NULL;
    elfin_error err = {""};
    CHECK(elf_table_new("here", cases[i].n_omega, cases[i].omega, cases[i].n_k, cases[i].k,
                        cases[i].eps1, cases[i].eps2, 0, &table, &err) == ELFIN_E_DATA);
    CHECK_SAYS(err.text, cases[i].says);
    CHECK(table == NULL);
  }
  elf_table_free(NULL);
}

/* ---- files ----------------------------------------------------------------------------------- */

static const char FILE_NAME[] = "test_elf_table.dat"; /* in the build folder, removed again */

static elfin_status read_text(const char *text, elf_table **table, elfin_error *err)
{
  FILE *file = fopen(FILE_NAME, "w");
  if (!file || fputs(text, file) < 0 || fclose(file)) {
    perror(FILE_NAME);
    exit(1);
  }
  elfin_status status = elf_table_read(FILE_NAME, 0, table, err);
  unlink(FILE_NAME);
  return status;
}

static void a_file_is_read_with_its_citation(void)
{
  elf_table *table = NULL;
  CHECK(read_text("A. Author, Journal 1 (2016) 2.\n# omega k eps1 eps2\n"
                  "1 10 1 0.1\n2 10 2 0.2\n4 10 3 nan\n\n1 100 4 0.4\n2 100 5 0.5\n4 100 6 0.6\n",
                  &table, NULL) == ELFIN_OK);
  CHECK(table->n_omega == 3 && table->n_k == 2 && table->n_holes == 1);
  CHECK_TEXT(table->header, "A. Author, Journal 1 (2016) 2.");
  CHECK(table->omega[2] == 4 && table->k[1] == 100 && table->eps1[4] == 5 && table->eps2[2] == 0);
  elf_table_free(table);
}

static void the_rounding_of_printed_coordinates_is_forgiven(void)
{
  elf_table *table = NULL;
  CHECK(read_text("0.3 10 1 1\n0.6 10 1 1\n0.30000000000000004 20 1 1\n"
                  "0.6 20.000000000000004 1 1\n", &table, NULL) == ELFIN_OK);
  CHECK(table->n_omega == 2 && table->n_k == 2);
  elf_table_free(table);
}

static void a_file_that_is_no_grid_is_refused_with_its_line(void)
{
#define FIRST "citation\n1 10 1 1\n2 10 1 1\n3 10 1 1\n" /* lines 2 to 4 */
#define SECOND FIRST "1 20 1 1\n2 20 1 1\n"              /* and 5, 6 */
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"", "no row of numbers"},
      {"1 10 1\n", ":1: 3 columns instead of 4"},
      {FIRST "1 20 1 1 1\n", ":5: at least 5 columns instead of 4"},
      {FIRST "1 20 1 x\n", ":5: 'x'"},
      {FIRST "1 20 1 inf\n", ":5: 'inf'"},
      {FIRST "nan 20 1 1\n", ":5: omega = nan"},
      {FIRST "1 nan 1 1\n", ":5: omega = 1 eV, k = nan"},
      {FIRST "-1 20 1 1\n", ":5: omega = -1 eV"},
      {FIRST, ":4: omega = 3 eV, k = 10 eV: the table ends with its first momentum"},
      {"1 10 1 1\n1 20 1 1\n2 10 1 1\n2 20 1 1\n", ":2: omega = 1 eV, k = 20 eV: a new momentum"},
      {"1 10 1 1\n1 10 1 1\n", ":2: omega = 1 eV, k = 10 eV: the same point as in the line before"},
      {"2 10 1 1\n1 10 1 1\n", ":2: omega = 1 eV, k = 10 eV: energies must ascend"},
      /* in a later momentum */
      {FIRST "1 20 1 1\n3 20 1 1\n", ":6: the point omega = 2 eV, k = 20 eV is missing before"},
      {FIRST "2 20 1 1\n3 20 1 1\n", ":5: the point omega = 1 eV, k = 20 eV is missing before"},
      {SECOND "1 30 1 1\n", ":7: the point omega = 3 eV, k = 20 eV is missing"},
      {SECOND, ":6: the table ends before the point omega = 3 eV, k = 20 eV"},
      {FIRST "1 20 1 1\n1 20 1 1\n", ":6: omega = 1 eV, k = 20 eV: the same point as in line 5"},
      {SECOND "1 20 1 1\n", ":7: omega = 1 eV, k = 20 eV: the same point as in line 5"},
      {SECOND "2.5 20 1 1\n", ":7: omega = 2.5 eV, k = 20 eV is not on the grid"},
      {SECOND "3 20 1 1\n4 20 1 1\n", ":8: omega = 4 eV, k = 20 eV: one energy more"},
      {SECOND "3 20 1 1\n2 20 1 1\n", ":8: omega = 2 eV, k = 20 eV: the same point as in line 6"},
      {FIRST "1 5 1 1\n2 5 1 1\n3 5 1 1\n", ":5: omega = 1 eV, k = 5 eV: momenta must ascend"},
      {SECOND "3 20 1 1\n1 10 1 1\n", ":8: omega = 1 eV, k = 10 eV: momenta must ascend"},
      {FIRST "1 20 1 1\n2 20 nan 1\n3 20 1 1\ncitation\n", ":8: 'citation'"},
      {"1 10 nan 1\n2 10 nan 1\n1 20 nan 1\n2 20 nan 1\n", "eps1 holds nothing but nan"},
  };
#undef SECOND
#undef FIRST
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elf_table *table = NULL;
    elfin_error err = {""};
    CHECK(read_text(cases[i].text, &table, &err) == ELFIN_E_DATA);
    CHECK_SAYS(err.text, cases[i].says);
    CHECK_SAYS(err.text, FILE_NAME);
    CHECK(table == NULL);
  }
  elf_table *table = NULL;
  elfin_error err = {""};
  CHECK(elf_table_read("no/such/table.dat", 0, &table, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "no/such/table.dat");
}

int main(void)
{
  knots_are_met_and_cells_are_bilinear();
  below_the_lowest_momentum_its_row_holds();
  outside_otherwise_there_is_vacuum();
  nan_in_gives_nan_out();
  a_hole_takes_the_next_value_in_file_order();
  without_that_shortcut_a_hole_loses_no_energy();
  wrong_arrays_are_refused_by_entry();
  a_file_is_read_with_its_citation();
  the_rounding_of_printed_coordinates_is_forgiven();
  a_file_that_is_no_grid_is_refused_with_its_line();
  return check_result();
}
