/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_limit_contract.c
 * What limits refuse, and the sentence that says why; outputs stay untouched. */
#include "check.h"

#include <elfin/limit.h>

static elfin_error err;

static void a_confidence_level_lies_between_0_and_1(void)
{
  static const double wrong[] = {0, 1, -0.5, 1.5, 90, NAN, INFINITY};
  double out = 7, at[] = {0.5}, one = 1;
  elfin_counts counts = {1, &one, NULL, &one};
  elfin_interval_tables *tables = NULL;
  CHECK(elfin_interval_tables_new(&tables, &err) == ELFIN_OK);
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CHECK(elfin_limit_events(0, 0, wrong[i], &out, &err) == ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, "a confidence level of ");
    CHECK_SAYS(err.text, "between 0 and 1, both excluded");
    CHECK(elfin_limit_expected_events(0, wrong[i], &out, &err) == ELFIN_E_ARGUMENT);
    CHECK(elfin_limit_bins(ELFIN_LIMIT_TOTAL, &counts, wrong[i], &out, NULL, &err) ==
          ELFIN_E_ARGUMENT);
    CHECK(elfin_limit_each_bin(&counts, wrong[i], &out, &err) == ELFIN_E_ARGUMENT);
    CHECK(elfin_limit_maximum_gap(1, at, 1, wrong[i], &out, &err) == ELFIN_E_ARGUMENT);
    CHECK(elfin_limit_optimum_interval(tables, 1, at, 1, wrong[i], &out, &err) == ELFIN_E_ARGUMENT);
  }
  CHECK(elfin_limit_optimum_interval(tables, 1, at, 1, 0.9999, &out, &err) == ELFIN_E_VALIDITY);
  CHECK_SAYS(err.text, "its tables go up to 0.995");
  CHECK(out == 7);
  elfin_interval_tables_free(tables);
  elfin_interval_tables_free(NULL);
}

static void counts_are_whole_and_backgrounds_are_not_negative(void)
{
  double out = 7;
  CHECK(elfin_limit_events(1.5, 0, 0.9, &out, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "1.5 observed events: it must be a whole number");
  CHECK(elfin_limit_events(-1, 0, 0.9, &out, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_limit_events(NAN, 0, 0.9, &out, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_limit_events(1, -0.1, 0.9, &out, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "a background of -0.1 events");
  CHECK(elfin_limit_events(1, INFINITY, 0.9, &out, NULL) == ELFIN_E_ARGUMENT);
  CHECK(elfin_limit_expected_events(1e7, 0.9, &out, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "goes up to 100000");
  CHECK(out == 7);
}

static void bins_are_blamed_by_number(void)
{
  double good[] = {1, 1}, bad[] = {1, -3}, half[] = {0, 0.5}, out = 7;
  size_t i_bin = 77;
  elfin_counts signal = {2, bad, good, good}, background = {2, good, bad, good},
               observed = {2, good, good, half}, none = {0, good, good, good},
               fine = {2, good, good, good};
  for (int m = 0; m < ELFIN_N_BIN_METHODS; m++) {
    elfin_limit_method method = (elfin_limit_method)m;
    CHECK(elfin_limit_bins(method, &signal, 0.9, &out, &i_bin, &err) == ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, "bin 2: -3 expected events");
    CHECK(elfin_limit_bins(method, &background, 0.9, &out, &i_bin, &err) == ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, "bin 2: a background of -3 events");
    CHECK(elfin_limit_bins(method, &observed, 0.9, &out, &i_bin, &err) == ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, "bin 2: 0.5 observed events");
    CHECK(elfin_limit_bins(method, &none, 0.9, &out, &i_bin, &err) == ELFIN_E_ARGUMENT);
    CHECK(elfin_limit_method_name(method) && *elfin_limit_method_name(method));
  }
  CHECK(elfin_limit_bins(ELFIN_N_LIMIT_METHODS, &fine, 0.9, &out, &i_bin, &err) ==
        ELFIN_E_ARGUMENT);
  CHECK(elfin_limit_bins((elfin_limit_method)-1, &fine, 0.9, &out, &i_bin, &err) ==
        ELFIN_E_ARGUMENT);
  CHECK(!elfin_limit_method_name(ELFIN_N_LIMIT_METHODS));
  CHECK(out == 7 && i_bin == 77);
}

/* No signal is no error: these data exclude nothing. */
static void without_a_signal_there_is_no_limit(void)
{
  double zero[] = {0, 0}, observed[] = {0, 3}, out = 7;
  elfin_counts counts = {2, zero, observed, observed};
  elfin_interval_tables *tables = NULL;
  for (int m = 0; m < ELFIN_N_BIN_METHODS; m++) {
    size_t i_bin = 0;
    CHECK(elfin_limit_bins((elfin_limit_method)m, &counts, 0.9, &out, &i_bin, &err) == ELFIN_OK);
    CHECK(isinf(out) && i_bin == 2);
  }
  CHECK(elfin_limit_maximum_gap(2, zero, 0, 0.9, &out, &err) == ELFIN_OK);
  CHECK(isinf(out));
  CHECK(elfin_interval_tables_new(&tables, &err) == ELFIN_OK);
  CHECK(elfin_limit_optimum_interval(tables, 2, zero, 0, 0.9, &out, &err) == ELFIN_OK);
  CHECK(isinf(out));
  elfin_interval_tables_free(tables);
}

static void events_lie_within_their_spectrum(void)
{
  double beyond[] = {0.5, 1.5}, edges[] = {1, 1}, up[] = {1, 2}, bad[] = {-1}, at[] = {NAN},
         out = 7;
  static double crowd[ELFIN_INTERVAL_MOST_EVENTS + 1];
  elfin_interval_tables *tables = NULL;
  CHECK(elfin_interval_tables_new(&tables, &err) == ELFIN_OK);
  CHECK(elfin_limit_maximum_gap(2, beyond, 1, 0.9, &out, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "event 2: 1.5 expected events below it");
  CHECK(elfin_limit_optimum_interval(tables, 2, beyond, 1, 0.9, &out, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_limit_maximum_gap(0, NULL, -1, 0.9, &out, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "-1 expected events in all");
  CHECK(elfin_limit_optimum_interval(tables, ELFIN_INTERVAL_MOST_EVENTS + 1, crowd, 1, 0.9, &out,
                                     &err) == ELFIN_E_VALIDITY);
  CHECK_SAYS(err.text, "an optimum interval among 201 events: its tables go up to 200");
  CHECK(elfin_limit_cumulative(1, edges, bad, 0, NULL, &out, NULL, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_limit_cumulative(2, edges, up, 0, NULL, &out, NULL, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "edges must ascend: 1 eV is followed by 1 eV");
  CHECK(elfin_limit_cumulative(2, up, bad, 0, NULL, &out, NULL, &err) == ELFIN_E_ARGUMENT);
  CHECK(elfin_limit_cumulative(2, up, up, 1, at, &out, NULL, &err) == ELFIN_E_ARGUMENT);
  CHECK(out == 7);
  elfin_interval_tables_free(tables);
}

int main(void)
{
  a_confidence_level_lies_between_0_and_1();
  counts_are_whole_and_backgrounds_are_not_negative();
  bins_are_blamed_by_number();
  without_a_signal_there_is_no_limit();
  events_lie_within_their_spectrum();
  return check_result();
}
