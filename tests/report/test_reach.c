/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_reach.c
 * The reach as table and chart, and the page about a file, say what a person needs to know. */
#include "report/report.h"

#include "../store/store_check.h"

static elfin_error err;

enum { N_MASSES = 7, N_CURVES = 2 };

/* Two materials; rates 3 (m/MeV)^±1 per 1e-38 cm²: a reach of 1e-38 cm² at 1 MeV for 3 events, and
 * from there a line of slope ∓1 on a double logarithmic chart. */
static char *const materials[] = {"Si", "Ge"};
static double material_numbers[] = {NAN, NAN};
static double masses[N_MASSES] = {1e5, 3e5, 1e6, 3e6, 1e7, 3e7, 1e8};
static double sigma[] = {1e-38};
static double rates[N_CURVES * N_MASSES];
static store_axis axes[] = {
    {.key = "material",
     .unit = "",
     .named = true,
     .n = N_CURVES,
     .value = material_numbers,
     .text = (char **)materials},
    {.key = "mass", .unit = "eV", .n = N_MASSES, .value = masses},
    {.key = "cross_section", .unit = "cm2", .n = 1, .value = sigma},
};
static const store_sweep sweep = {.name = "lines",
                                  .process = "electron",
                                  .n_axes = 3,
                                  .axes = axes,
                                  .n_material = N_CURVES,
                                  .n_points = N_CURVES * N_MASSES,
                                  .value = rates,
                                  .units = "1/kg/yr"};

static void fill(void)
{
  for (size_t i = 0; i < N_MASSES; i++) {
    rates[i] = 3 * masses[i] / 1e6;
    rates[N_MASSES + i] = 3 * 1e6 / masses[i];
  }
}

static char *reach_of(const store_sweep *s, double events)
{
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  CHECK(report_reach(s, events, stream, &err) == ELFIN_OK);
  fclose(stream);
  return text;
}

static void the_table_has_sigma_n_over_rate(void)
{
  fill();
  char *text = reach_of(&sweep, 3);
  CHECK_SAYS(text, "3 events per kg yr");
  CHECK_SAYS(text, "A  Si");
  CHECK_SAYS(text, "B  Ge");
  CHECK_SAYS(text, "   100 keV   1.00e-37   1.00e-39\n");
  CHECK_SAYS(text, "     1 MeV   1.00e-38   1.00e-38\n");
  CHECK_SAYS(text, "   100 MeV   1.00e-40   1.00e-36\n");
  free(text);
}

/* Where a letter stands in the chart: the columns of its first and last row. */
static void find_letter(const char *text, char letter, long *first, long *last)
{
  *first = *last = -1;
  const char *chart = strstr(text, "cross section [cm2]\n");
  chart = chart ? strchr(chart, '\n') : NULL;
  for (const char *line = chart; line; line = strchr(line + 1, '\n')) {
    const char *bar = strpbrk(line + 1, "|\n"), *mark = strpbrk(line + 1, "+\n");
    const char *from = bar && *bar == '|' ? bar : mark && *mark == '+' ? mark : NULL;
    if (!from)
      continue;
    size_t width = strcspn(from, "\n");
    const char *at = memchr(from, letter, width);
    if (!at)
      continue;
    if (*first < 0)
      *first = at - from;
    *last = at - from;
  }
}

static void a_falling_curve_falls_and_a_rising_one_rises(void)
{
  long first, last;
  fill();
  char *text = reach_of(&sweep, 3);
  find_letter(text, 'A', &first, &last);
  CHECK(first >= 0 && first < last); /* highest at the left */
  find_letter(text, 'B', &first, &last);
  CHECK(first > last && last >= 0);
  CHECK_SAYS(text, "100 keV              1 MeV                10 MeV               100 MeV");
  free(text);
}

static void curves_that_coincide_are_stars(void)
{
  long first, last;
  fill();
  memcpy(rates + N_MASSES, rates, N_MASSES * sizeof *rates);
  char *text = reach_of(&sweep, 3);
  find_letter(text, '*', &first, &last);
  CHECK(first >= 0 && first < last);
  free(text);
}

static void what_is_not_known_or_never_reached_is_marked(void)
{
  fill();
  rates[0] = NAN;
  rates[1] = 0;
  char *text = reach_of(&sweep, 3);
  CHECK_SAYS(text, "   100 keV          ?   1.00e-39\n");
  CHECK_SAYS(text, "   300 keV          -   3.00e-39\n");
  free(text);
  for (size_t i = 0; i < N_CURVES * N_MASSES; i++)
    rates[i] = i % 2 ? 0 : NAN;
  text = reach_of(&sweep, 3); /* nothing to draw, and no crash */
  CHECK_SAYS(text, "?");
  free(text);
}

static void a_sweep_without_cross_section_has_no_reach(void)
{
  store_sweep without = sweep;
  without.n_axes = 2;
  CHECK(report_reach(&without, 3, stdout, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "lines");
}

/* R ∝ κ²: a fourth of the events is half of the mixing. */
static void absorption_has_a_reach_in_kinetic_mixing(void)
{
  static double kappa[] = {1e-15};
  store_axis of_absorption[] = {axes[0], axes[1], axes[2]};
  of_absorption[2] = (store_axis){.key = "kinetic_mixing", .unit = "", .n = 1, .value = kappa};
  store_sweep s = sweep;
  s.axes = of_absorption;
  fill();
  char *text = reach_of(&s, 12);
  CHECK_SAYS(text, "lines: kinetic mixing for 12 events per kg yr");
  CHECK_SAYS(text, "     1 MeV   2.00e-15   2.00e-15\n");
  CHECK_SAYS(text, "   100 MeV   2.00e-16   2.00e-14\n");
  CHECK_SAYS(text, "         kinetic mixing\n");
  free(text);
}

static void single_masses_and_many_curves_do_no_harm(void)
{
  enum { MANY = 40 };
  static char names[MANY][8];
  static char *texts[MANY];
  static double numbers[MANY], many_rates[MANY];
  for (int i = 0; i < MANY; i++) {
    snprintf(names[i], sizeof names[i], "M%d", i);
    texts[i] = names[i];
    many_rates[i] = 1 + i;
  }
  store_axis many[] = {axes[0], axes[1], axes[2]};
  many[0].n = MANY;
  many[0].text = texts;
  many[0].value = numbers;
  many[1].n = 1;
  store_sweep s = sweep;
  s.axes = many;
  s.n_material = s.n_points = MANY;
  s.value = many_rates;
  char *text = reach_of(&s, 1);
  CHECK_SAYS(text, "Z  M25");
  CHECK_SAYS(text, "14 more curves");
  free(text);
}

/* ---- the page about a file ------------------------------------------------------------------- */

static char *summary_of(const char *path)
{
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  CHECK(report_summary(path, stream, &err) == ELFIN_OK);
  fclose(stream);
  return text;
}

static void put(store *s, campaign_rows *rows)
{
  CHECK(store_put(s, rows, &err) == ELFIN_OK);
  campaign_rows_free(rows);
}

static void a_summary_says_how_far_it_got_and_what_failed(void)
{
  store *s = NULL;
  campaign *c = campaign_of(job_text);
  CHECK(create("half.h5", c, false, &err) == ELFIN_OK);
  CHECK(store_open("half.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &err) == ELFIN_OK);
  campaign_rows *rows = rows_of(c, 0, 0, 9);
  campaign_failure failed = {.point = 2, .observable = OBS_CHARGE, .reason = "too wild to be true"};
  campaign_failure *own = rows->failures;
  rows->status[OBS_CHARGE][2] = 2;
  rows->failures = &failed;
  rows->n_failures = 1;
  CHECK(store_put(s, rows, &err) == ELFIN_OK);
  rows->failures = own;
  campaign_rows_free(rows);
  put(s, rows_of(c, 1, 0, FEW_TASKS));
  CHECK(store_close(s, false, &err) == ELFIN_OK);
  campaign_free(c);
  char *text = summary_of("half.h5");
  CHECK_SAYS(text, "half.h5: not complete");
  CHECK_SAYS(text, elfin_version());
  CHECK_SAYS(text, "elfin run job.yaml");
  CHECK_SAYS(text, "sweep many: electron");
  CHECK_SAYS(text, "rate: 36 of 144 done (25 %), 108 pending");
  CHECK_SAYS(text, "spectrum: 90 of 360 done (25 %)");
  CHECK_SAYS(text, "charge_rate: 53 of 216 done (24.5 %), 1 failed, 162 pending");
  CHECK_SAYS(text, "too wild to be true");
  CHECK_SAYS(text, "rate: 4 of 4 done (100 %)");
  CHECK_SAYS(text, "18: rate cut off by the response's highest energy"); /* flags 0 … 31, 0 … 3 */
  free(text);
}

static void a_file_that_is_none_has_no_summary(void)
{
  CHECK(report_summary("absent.h5", stdout, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "absent.h5");
}

int main(void)
{
  char folder[] = "reach-XXXXXX";
  enter_folder(folder);
  the_table_has_sigma_n_over_rate();
  a_falling_curve_falls_and_a_rising_one_rises();
  curves_that_coincide_are_stars();
  what_is_not_known_or_never_reached_is_marked();
  a_sweep_without_cross_section_has_no_reach();
  absorption_has_a_reach_in_kinetic_mixing();
  single_masses_and_many_curves_do_no_harm();
  a_summary_says_how_far_it_got_and_what_failed();
  a_file_that_is_none_has_no_summary();
  leave_folder(folder);
  return check_result();
}
