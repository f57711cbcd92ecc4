/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_smooth_table.c
 * Rates from tables of Al's oscillators on finer and finer grids, bilinear and smooth: the smooth
 * ones come nearer to the oscillators' own rates, with fewer evaluations; flags say what was
 * continued or cut off in k; what is prepared is the same, bit for bit, whoever prepares it.
 */
#include "rates/requests.h"

#include "elf/elf.h"
#include "elf/loss_rows.h"


#include <string.h>

static const elfin_constants *constants;
static elfin_halo *halo;
static elfin_material *al;
static elfin_response *oscillators;
static elfin_error err;

/** Al's oscillators on a grid of `fine` times 50 energies and 20 momenta, from k_first to k_last.
 */
static elfin_response *table_of(const char *text, size_t fine, double k_first, double k_last)
{
  const table_grid nodes = {50 * fine + 1, 20 * fine + 1, {1, 50}, {k_first, k_last}, true};
  return table_of_response(text, nodes, oscillators, al, constants);
}

/** R above 5 eV for 4 MeV: heavier dark matter would see that the table ends at 50 eV. */
static double rate(const elfin_response *response, double mass, double accuracy, double mediator,
                   long *evaluations, unsigned *flags)
{
  double value = NAN, error = NAN, threshold = 5;
  elfin_status status = ELFIN_OK;
  elfin_request q = request_with(constants, halo, al, response, mass, mediator);
  q.accuracy = accuracy;
  q.n_thresholds = 1;
  q.threshold_eV = &threshold;
  elfin_result result = {
      .rate = &value, .rate_error = &error, .rate_status = &status, .rate_flags = flags};
  CHECK(!elfin_rate("electron", &q, &result, &err) && !status);
  if (evaluations)
    *evaluations = result.evaluations;
  return value;
}

static const double MASS = 4e6; /* its highest energy is 15 eV */

static void smooth_tables_converge_faster(void)
{
  for (int m = 0; m < 2; m++) {
    double mediator = m ? INFINITY : 0, exact = rate(oscillators, MASS, 1e-6, mediator, NULL, NULL),
           first = 0, last = 0;
    for (size_t fine = 2; fine <= 8; fine *= 2) {
      double off[2];
      static const char *const text[] = {"t.h5", "t.h5 (smooth)"};
      for (int i = 0; i < 2; i++) {
        elfin_response *table = table_of(text[i], fine, 200, 20000);
        off[i] = fabs(rate(table, MASS, 1e-6, mediator, NULL, NULL) / exact - 1);
        elfin_response_free(table);
      }
      printf("%s mediator, %zu x %zu: off by %.1e bilinear, %.1e smooth\n",
             m ? "massive" : "massless", 50 * fine + 1, 20 * fine + 1, off[0], off[1]);
      CHECK(off[1] < 0.2 * off[0]);
      first = fine == 2 ? off[1] : first;
      last = off[1];
    }
    CHECK(32 * last < first); /* grids four times as fine: 16 would be second order */
  }
}

/** Cubature at the same accuracy: bilinear tables are cut at their knots, the smooth one is not. */
static void smooth_tables_take_fewer_evaluations(void)
{
  elfin_response *bilinear = table_of("t.h5", 8, 200, 20000),
                 *smooth = table_of("t.h5 (smooth)", 8, 200, 20000);
  for (double accuracy = 1e-5; accuracy > 5e-7; accuracy /= 10)
    for (int m = 0; m < 2; m++) {
      long n_bilinear, n_smooth;
      rate(bilinear, MASS, accuracy, m ? INFINITY : 0, &n_bilinear, NULL);
      rate(smooth, MASS, accuracy, m ? INFINITY : 0, &n_smooth, NULL);
      printf("accuracy %.0e, %s: %ld evaluations bilinear, %ld smooth\n", accuracy,
             m ? "massive" : "massless", n_bilinear, n_smooth);
      CHECK(2 * n_smooth < n_bilinear);
    }
  elfin_response_free(bilinear);
  elfin_response_free(smooth);
}

static void rows_of_a_smooth_table_have_fewer_panels(void)
{
  elfin_response *bilinear = table_of("t.h5", 8, 200, 20000),
                 *smooth = table_of("t.h5 (smooth)", 8, 200, 20000);
  const loss_rows *of_bilinear = NULL, *of_smooth = NULL;
  const loss_wanted one = {bilinear, true, 1e-4, false}, other = {smooth, true, 1e-4, false};
  CHECK(!loss_rows_of(&one, &of_bilinear, &err) && of_bilinear);
  CHECK(!loss_rows_of(&other, &of_smooth, &err) && of_smooth);
  printf("panels of rows: %zu bilinear, %zu smooth\n", of_bilinear->n_panels, of_smooth->n_panels);
  CHECK(2 * of_smooth->n_panels < of_bilinear->n_panels);
  elfin_response_free(bilinear);
  elfin_response_free(smooth);
}

static void what_is_prepared_has_the_same_bits(void)
{
  elfin_response *one = table_of("t.h5 (smooth, above mermin)", 2, 200, 5000);
  elfin_response *other = table_of("t.h5 (smooth, above mermin)", 2, 200, 5000);
  double *a = NULL, *b = NULL;
  size_t n_a = 0, n_b = 1;
  rate(other, MASS, 1e-6, 0, NULL, NULL); /* whatever was asked before */
  const loss_wanted of_one = {one, true, 1e-4, false}, of_other = {other, true, 1e-4, false};
  CHECK(!loss_rows_make(&of_one, &n_a, &a, &err) && !loss_rows_make(&of_other, &n_b, &b, &err));
  CHECK(n_a == n_b && a && b && memcmp(a, b, n_a * sizeof *a) == 0);
  free(a);
  free(b);
  elfin_response_free(one);
  elfin_response_free(other);
}

static void flags_say_what_was_cut_off_or_continued(void)
{
  static const struct {
    const char *text;
    double k_first, k_last;
    unsigned wanted;
  } cases[] = {
      {"t.h5", 200, 20000, 0},
      {"t.h5", 200, 4000, ELFIN_FLAG_K_RANGE},
      {"t.h5 (smooth)", 200, 4000, ELFIN_FLAG_K_RANGE},
      {"t.h5 (smooth, above mermin)", 200, 4000, ELFIN_FLAG_CONTINUED},
      {"t.h5 (smooth, above hold)", 200, 4000, ELFIN_FLAG_CONTINUED},
      {"t.h5", 3500, 20000, ELFIN_FLAG_CONTINUED},
      {"t.h5 (below nothing)", 3500, 20000, ELFIN_FLAG_K_LOW},
      {"t.h5 (smooth, below mermin)", 3500, 20000, ELFIN_FLAG_CONTINUED},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
    for (int m = 0; m < 2; m++) {
      elfin_response *table = table_of(cases[i].text, 2, cases[i].k_first, cases[i].k_last);
      unsigned flags = 0;
      rate(table, MASS, 1e-4, m ? INFINITY : 0, NULL, &flags);
      CHECK(flags == cases[i].wanted);
      elfin_response_free(table);
    }
}

/** Where the table ends early and oscillators go on, the rate is theirs; without, a part is
 * missing. */
static void a_mermin_tail_completes_a_short_table(void)
{
  double exact = rate(oscillators, MASS, 1e-5, INFINITY, NULL, NULL);
  elfin_response *shorter = table_of("t.h5 (smooth)", 8, 200, 4000);
  elfin_response *continued = table_of("t.h5 (smooth, above mermin)", 8, 200, 4000);
  elfin_response *both = table_of("t.h5 (smooth, below mermin, above mermin)", 8, 3000, 4000);
  CHECK(rate(shorter, MASS, 1e-5, INFINITY, NULL, NULL) < 0.9 * exact);
  CHECK_CLOSE(rate(continued, MASS, 1e-5, INFINITY, NULL, NULL), exact, 2e-4);
  CHECK_CLOSE(rate(both, MASS, 1e-5, INFINITY, NULL, NULL), exact, 2e-4);
  elfin_response_free(shorter);
  elfin_response_free(continued);
  elfin_response_free(both);
}

int main(void)
{
  constants = elfin_constants_named("elfin");
  double c = constants->c_km_s;
  CHECK(!elfin_halo_new_shm(238 / c, 544 / c, 250 / c, &halo, NULL));
  CHECK(!elfin_material_open("Al", &al, &err) &&
        !elfin_response_open("mermin", al, constants, &oscillators, &err));
  smooth_tables_converge_faster();
  smooth_tables_take_fewer_evaluations();
  rows_of_a_smooth_table_have_fewer_panels();
  what_is_prepared_has_the_same_bits();
  flags_say_what_was_cut_off_or_continued();
  a_mermin_tail_completes_a_short_table();
  elfin_response_free(oscillators);
  elfin_material_free(al);
  elfin_halo_free(halo);
  return check_result();
}
