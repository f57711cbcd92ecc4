/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_picture.c
 * What gnuplot is told: ranges that hold the curves, every number, words letter by letter; and how
 * a picture refuses. Whether gnuplot draws it is tests/report/test_plot.sh. */
#include "report/number_text.h"
#include "report/picture.h"
#include "report/picture_words.h"
#include "report/plot_dates.h"

#include <elfin/halo.h>

#include "../store/store_check.h"

static elfin_error err;

/* A line y = x^power over three decades; its first points are not known. */
static picture *line_of(double power, bool log)
{
  enum { N = 7 };
  picture *p = picture_new();
  picture_curve *c = picture_add(p, "Al2O3_o {x^2}", N);
  p->x.log = p->y.log = log;
  p->x.label = strdup("m_{χ} [MeV]");
  p->y.label = strdup("cross section [cm²]");
  for (size_t i = 0; i < N; i++) {
    c->x[i] = pow(10, 0.5 * (double)i);
    c->y[i] = i < 2 ? (i ? 0 : INFINITY) : 1e-40 * pow(c->x[i], power);
  }
  return p;
}

static char *script_of(const picture *p)
{
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  picture_script(p, PICTURE_PNG, stream);
  fclose(stream);
  return text;
}

static void a_logarithmic_range_is_whole_decades_around_the_data(void)
{
  picture *p = line_of(1, true); /* from 1e-39 to 1e-37 */
  CHECK(picture_frame(p));
  CHECK_CLOSE(p->y.from, 1e-39, 1e-12);
  CHECK_CLOSE(p->y.to, 1e-37, 1e-12);
  CHECK_CLOSE(p->x.from, 1, 1e-12);
  CHECK_CLOSE(p->x.to, 1000, 1e-12);
  picture_free(p);
  p = line_of(8, true); /* 16 decades: the lowest 8, or the highest 6 */
  CHECK(picture_frame(p));
  CHECK_CLOSE(p->y.to / p->y.from, 1e8, 1e-9);
  CHECK_CLOSE(p->y.from, 1e-32, 1e-9);
  p->y.from = p->y.to = NAN;
  p->from_below = false;
  p->decades = 6;
  CHECK(picture_frame(p));
  CHECK_CLOSE(p->y.to, 1e-16, 1e-9);
  CHECK_CLOSE(p->y.from, 1e-22, 1e-9);
  picture_free(p);
}

static void a_linear_range_holds_the_data_and_a_near_zero(void)
{
  picture *p = line_of(1, false);
  CHECK(picture_frame(p));
  CHECK(p->y.from == 0 && p->y.to > 1e-37 && p->y.to < 1.2e-37);
  picture_free(p);
}

static void nothing_to_draw_is_said(void)
{
  picture *p = line_of(1, true);
  for (size_t i = 0; i < p->curves[0].n; i++)
    p->curves[0].y[i] = i % 2 ? NAN : 0;
  CHECK(!picture_frame(p));
  picture_free(p);
}

static void a_script_has_units_numbers_and_words_letter_by_letter(void)
{
  picture *p = line_of(1, true);
  p->title = strdup("it's");
  CHECK(picture_frame(p));
  char *text = script_of(p);
  CHECK_SAYS(text, "set xlabel 'm_{χ} [MeV]'\n");
  CHECK_SAYS(text, "set ylabel 'cross section [cm²]'\n");
  CHECK_SAYS(text, "'it''s'");
  CHECK_SAYS(text, "title 'Al2O3\\_o \\{x\\^2\\}'");
  CHECK_SAYS(text, "$curve0 << END\n10 1e-39\n31.6227766 3.16227766e-39\n");
  CHECK_SAYS(text, "'10^{-38}' 1e-38");
  CHECK_SAYS(text, "'1000' 1000");
  free(text);
  picture_free(p);
}

static picture_axis marked(const char *from, const char *to)
{
  picture_axis axis = {0};
  double first, last;
  CHECK(elfin_day_of_date(from, &first) && elfin_day_of_date(to, &last));
  plot_date_marks(first, last, &axis);
  return axis;
}

/* The labels, one after the other; their number must leave room for each. */
static void check_labels(const char *from, const char *to, const char *expected)
{
  char all[256] = "";
  picture_axis axis = marked(from, to);
  for (size_t i = 0; i < axis.n_marks; i++)
    if (*axis.marks[i].label)
      snprintf(all + strlen(all), sizeof all - strlen(all), "%s;", axis.marks[i].label);
  CHECK_TEXT(all, expected);
}

static void dates_are_marked_where_months_begin(void)
{
  check_labels("2000-01-01", "2000-12-31", "1 Jan;1 Mar;1 May;1 Jul;1 Sep;1 Nov;");
  check_labels("2026-03-01", "2027-08-01", "1 Apr 2026;1 Jul 2026;1 Oct 2026;1 Jan 2027;1 Apr 2027;1 Jul 2027;");
  check_labels("2000-06-01", "2000-06-06", "1 Jun;2 Jun;3 Jun;4 Jun;5 Jun;6 Jun;");
  check_labels("2000-05-20", "2000-06-25", "20 May;25 May;30 May;5 Jun;10 Jun;15 Jun;20 Jun;25 Jun;");
  check_labels("1900-01-01", "2100-01-01", "1 Jan 1900;1 Jan 1950;1 Jan 2000;1 Jan 2050;1 Jan 2100;");
  picture_axis axis = marked("2000-01-01", "2000-12-31");
  CHECK(axis.n_marks == 12);
  CHECK(axis.marks[2].at == 61); /* 31 days and 29, and this one */
  char text[PLOT_DATE];
  plot_date_words(153.4, text);
  CHECK_TEXT(text, "1 Jun");
  plot_date_words(367, text);
  CHECK_TEXT(text, "1 Jan 2001");
}

/* A rising line leaves the upper left corner free, a falling one the upper right. */
static void the_legend_hides_no_curve(void)
{
  picture *p = line_of(1, true);
  CHECK(picture_frame(p));
  char *text = script_of(p);
  CHECK_SAYS(text, "set key top left");
  free(text);
  picture_free(p);
  p = line_of(-1, true);
  CHECK(picture_frame(p));
  text = script_of(p);
  CHECK_SAYS(text, "set key top right");
  free(text);
  picture_free(p);
}

static void texts_are_broken_at_spaces(void)
{
  size_t n = 0;
  char *text = wrapped("ω one two three", 9, 5, &n);
  CHECK(n == 2);
  CHECK_TEXT(text, "ω one two\nthree\n");
  free(text);
  text = wrapped("one two three four", 4, 2, &n);
  CHECK(n == 2);
  CHECK_TEXT(text, "one\ntwo…\n");
  free(text);
  text = wrapped("unbreakable\nb", 5, 5, &n);
  CHECK_TEXT(text, "unbre\nakabl\ne\nb\n");
  free(text);
  CHECK(utf8_length("κ²") == 2);
}

static void energies_are_said_as_people_do(void)
{
  static const struct {
    double eV;
    const char *text;
  } cases[] = {{1e3, "1 keV"},   {31.62e6, "31.6 MeV"}, {0.06, "60 meV"},   {4.71, "4.71 eV"},
               {999.6, "1 keV"}, {1e9, "1 GeV"},        {1e15, "1e+03 TeV"}};
  char text[32];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    energy_text(cases[i].eV, text, sizeof text);
    CHECK_TEXT(text, cases[i].text);
  }
}

static void a_picture_refuses_names_and_places(void)
{
  picture *p = line_of(1, true);
  CHECK(picture_frame(p));
  CHECK(picture_draw(p, "reach.jpg", false, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, ".png, .svg or .pdf");
  CHECK(picture_draw(p, ".png", false, &err) == ELFIN_E_ARGUMENT);
  fclose(fopen("there.png", "w"));
  CHECK(picture_draw(p, "there.png", false, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "--overwrite");
  CHECK(picture_draw(p, "absent/reach.png", false, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "absent/reach.png");
  CHECK_SAYS(err.text, "No such file");
  picture_free(p);
}

int main(void)
{
  char folder[] = "picture-XXXXXX";
  enter_folder(folder);
  a_logarithmic_range_is_whole_decades_around_the_data();
  a_linear_range_holds_the_data_and_a_near_zero();
  nothing_to_draw_is_said();
  a_script_has_units_numbers_and_words_letter_by_letter();
  dates_are_marked_where_months_begin();
  the_legend_hides_no_curve();
  texts_are_broken_at_spaces();
  energies_are_said_as_people_do();
  a_picture_refuses_names_and_places();
  leave_folder(folder);
  return check_result();
}
