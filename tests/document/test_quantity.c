/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_quantity.c
 * A quantity is read exactly, or refused with a sentence; a misspelt word finds its neighbour. */
#include "check.h"
#include "document/document.h"

#include <locale.h>

static double read_as(const char *text, const char *unit)
{
  double value = NAN;
  char why[256] = "";
  CHECK(quantity_parse(text, unit, &value, why, sizeof why));
  if (*why)
    fprintf(stderr, "  %s\n", why);
  return value;
}

static const char *refusal(const char *text, const char *unit)
{
  static char why[256];
  double value = NAN;
  why[0] = '\0';
  CHECK(!quantity_parse(text, unit, &value, why, sizeof why));
  return why;
}

static void units_scale_numbers_exactly(void)
{
  /* == on purpose: one rounding, the same that a compiler does for the literal */
  CHECK(read_as("10 keV", "eV") == 1e4);
  CHECK(read_as("10MeV", "eV") == 1e7);
  CHECK(read_as("57 meV", "eV") == 0.057);
  CHECK(read_as("0.3 GeV", "eV") == 0.3e9);
  CHECK(read_as("1.1e-3 keV", "eV") == 1.1);
  CHECK(read_as("1e-38 cm2", "cm2") == 1e-38);
  CHECK(read_as("1e-38 cm^2", "cm2") == 1e-38);
  CHECK(read_as("1.5 TeV", "eV") == 1.5e12);
  CHECK(read_as("2 PeV", "eV") == 2e15);
  CHECK(read_as("0.3 pb", "cm2") == 0.3e-36);
  CHECK(read_as("7 fb", "cm2") == 7e-39);
  CHECK(read_as("220 km/s", "km/s") == 220);
  CHECK(read_as("220000 m/s", "km/s") == 220);
  CHECK(read_as("0.4 GeV/cm^3", "GeV/cm3") == 0.4);
  CHECK(read_as("77 K", "K") == 77);
  CHECK(read_as("6 h", "h") == 6);
  CHECK(read_as("2.33 g/cm3", "g/cm3") == 2.33);
  CHECK(read_as("5.43 A", "A") == 5.43);
}

static void a_bare_number_has_the_documented_unit(void)
{
  CHECK(read_as("12", "eV") == 12);
  CHECK(read_as(" -1.5e+3 ", "eV") == -1500);
  CHECK(read_as(".5", "") == 0.5);
  CHECK(read_as("5.", "") == 5);
  CHECK(read_as("1E3", "") == 1000);
  CHECK(read_as("0", "eV") == 0);
}

static void numbers_are_read_to_the_last_bit(void)
{
  CHECK(read_as("11.902500000000002", "") == 11.902500000000002);
  CHECK(read_as("2.2250738585072014e-308", "") == 2.2250738585072014e-308);
  CHECK(read_as("1.7976931348623157e308", "") == 1.7976931348623157e308);
}

static void what_is_no_number_is_refused(void)
{
  const char *const bad[] = {"10abc", "1e999",  "nan",   "inf",      "-inf",    "NaN",    "0x10",
                             "1_000", "1,5",    "1 000", "10 eV eV", "--1",     "+",      ".",
                             "e5",    "1e",     "",      " ",        "eV",      "1e-999", "ten",
                             "1.2.3", "10 e V", "１０",  "10 keV/",  "1e99 999"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    CHECK(strlen(refusal(bad[i], "eV")) > 10);
    CHECK(strlen(refusal(bad[i], "")) > 10);
  }
}

static void a_refusal_says_what_is_allowed(void)
{
  CHECK_TEXT(refusal("12 kg", "eV"),
             "12 kg: unknown unit kg; an energy has eV, meV, keV, MeV, GeV or TeV");
  CHECK_TEXT(refusal("1 gev", "eV"), "1 gev: unknown unit gev; did you mean GeV?");
  CHECK_TEXT(refusal("1 mev", "eV"), "1 mev: unknown unit mev; did you mean meV or MeV?");
  CHECK_TEXT(refusal("1,5 MeV", "eV"),
             "1,5 MeV: a number has a decimal point and no comma; write 1.5 MeV");
  CHECK_TEXT(refusal("2,33", ""), "2,33: a number has a decimal point and no comma; write 2.33");
  CHECK_TEXT(refusal("1,000,000 eV", "eV"), "1,000,000 eV: a number has no commas");
  CHECK_SAYS(refusal("3 pb", "eV"), "pb is a cross section's unit; an energy has");
  CHECK_SAYS(refusal("3 K", "eV"), "K is a temperature's unit; an energy has");
  CHECK_SAYS(refusal("3 eV", ""), "without a unit");
  CHECK_SAYS(refusal("1e999", "eV"), "too large");
  CHECK_SAYS(refusal("1e300 GeV", "eV"), "too large");
  CHECK_SAYS(refusal("1e-999", "eV"), "too small");
  CHECK_SAYS(refusal("nan", "eV"), "finite");
  CHECK_SAYS(refusal("", "eV"), "missing");
}

static void long_texts_are_cut_not_overrun(void)
{
  char text[4096];
  memset(text, '1', sizeof text - 1);
  text[sizeof text - 1] = '\0';
  CHECK_SAYS(refusal(text, "eV"), "more than 80 digits");
  memset(text + 2, 'x', sizeof text - 3);
  CHECK_SAYS(refusal(text, "eV"), "alone or before one unit");
  char short_why[4] = "";
  double value;
  CHECK(!quantity_parse("nonsense", "eV", &value, short_why, sizeof short_why));
  CHECK(strlen(short_why) == 3);
}

static void a_comma_locale_changes_nothing(void)
{
  const char *const commas[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE"};
  for (size_t i = 0; i < 3; i++)
    if (setlocale(LC_ALL, commas[i]))
      break;
  CHECK(read_as("2.33 g/cm3", "g/cm3") == 2.33);
  CHECK(strlen(refusal("2,33", "g/cm3")) > 0);
  setlocale(LC_ALL, "C");
}

static void a_misspelt_word_finds_its_neighbour(void)
{
  const char *const keys[] = {"mass", "material", "mediator", "cross_section", "threshold", "Si"};
  const size_t n = sizeof keys / sizeof *keys;
  CHECK_TEXT(nearest_name("treshold", n, keys), "threshold");
  CHECK_TEXT(nearest_name("Mass", n, keys), "mass");
  CHECK_TEXT(nearest_name("cross-section", n, keys), "cross_section");
  CHECK_TEXT(nearest_name("crosssection", n, keys), "cross_section");
  CHECK_TEXT(nearest_name("mateiral", n, keys), "material");
  CHECK_TEXT(nearest_name("si", n, keys), "Si");
  CHECK(nearest_name("colour", n, keys) == NULL);
  CHECK(nearest_name("x", n, keys) == NULL);
  CHECK(nearest_name("", n, keys) == NULL);
  CHECK(nearest_name("mass", 0, keys) == NULL);
  char monster[5000];
  memset(monster, 'm', sizeof monster - 1);
  monster[sizeof monster - 1] = '\0';
  CHECK(nearest_name(monster, n, keys) == NULL);
}

int main(void)
{
  units_scale_numbers_exactly();
  a_bare_number_has_the_documented_unit();
  numbers_are_read_to_the_last_bit();
  what_is_no_number_is_refused();
  a_refusal_says_what_is_allowed();
  long_texts_are_cut_not_overrun();
  a_comma_locale_changes_nothing();
  a_misspelt_word_finds_its_neighbour();
  return check_result();
}
