/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_earth.c
 * The Earth's velocity against Kepler's ellipse and the calendar of the seasons; dates. */
#include "check.h"

#include <elfin/halo.h>

static const double V_CIRC = 238;
static const double YEAR_D = 365.2564; /* sidereal */

/** Velocity around the Sun. */
static void orbit_at(double day, double u[3])
{
  double sun[3];
  elfin_sun_velocity(V_CIRC, sun);
  elfin_earth_velocity(day, V_CIRC, u);
  for (int i = 0; i < 3; i++)
    u[i] -= sun[i];
}

static double speed_on(double day)
{
  double v[3];
  elfin_earth_velocity(day, V_CIRC, v);
  return elfin_speed(v);
}

static double day_of(const char *date)
{
  double day = NAN;
  CHECK(elfin_day_of_date(date, &day));
  return day;
}

/** On an ellipse of eccentricity e the speed is u √(1 + e² + 2e cos ν): fastest at perihelion, on 3
 * or 4 January, slowest in the first week of July, by the ratio (1 + e)/(1 − e). */
static void the_orbit_is_keplers(void)
{
  double fastest = 0, slowest = INFINITY, on_fastest = 0, on_slowest = 0, e = 0.0167;
  double first = day_of("2020-01-01");
  for (double day = first; day < first + YEAR_D; day += 0.25) {
    double u[3];
    orbit_at(day, u);
    double speed = elfin_speed(u);
    if (speed > fastest)
      on_fastest = day - first;
    if (speed < slowest)
      on_slowest = day - first;
    fastest = fmax(fastest, speed);
    slowest = fmin(slowest, speed);
  }
  CHECK_NEAR(on_fastest, 3, 2);     /* 4 January */
  CHECK_NEAR(on_slowest, 184.5, 3); /* 4 July */
  CHECK_CLOSE(fastest / slowest, (1 + e) / (1 - e), 1e-3);
  CHECK_CLOSE(fastest, 30.29, 1e-3); /* NASA's fact sheet of the Earth */
  CHECK_CLOSE(slowest, 29.29, 1e-3);
}

/** In a year it comes back to where it was: the mean velocity around the Sun is 0. */
static void the_orbit_is_closed(void)
{
  enum { N = 3653 };
  double sum[3] = {0}, u[3], length = 0;
  for (int i = 0; i < N; i++) {
    orbit_at(9000 + YEAR_D * i / N, u);
    for (int k = 0; k < 3; k++)
      sum[k] += u[k] / N;
    length += elfin_speed(u) / N;
  }
  for (int k = 0; k < 3; k++)
    CHECK_NEAR(sum[k], 0, 0.01);
  CHECK_CLOSE(length, 29.78, 1e-3); /* mean orbital speed, NASA's fact sheet */
}

/** The plane of the orbit: u × u' points to the north pole of the ecliptic, at Galactic
 * longitude 96.38° and latitude 29.81°; its first component is towards the centre, the second along
 * the rotation. */
static void the_orbit_lies_in_the_ecliptic(void)
{
  static const double degree = 3.14159265358979323846 / 180;
  double l = 96.38 * degree, b = 29.81 * degree;
  double pole[3] = {cos(b) * cos(l), cos(b) * sin(l), sin(b)};
  for (double day = 0; day < YEAR_D; day += 11) {
    double u[3], next[3];
    orbit_at(day, u);
    orbit_at(day + YEAR_D / 4, next);
    double normal[3] = {u[1] * next[2] - u[2] * next[1], u[2] * next[0] - u[0] * next[2],
                        u[0] * next[1] - u[1] * next[0]};
    double length = elfin_speed(normal);
    for (int k = 0; k < 3; k++)
      CHECK_NEAR(normal[k] / length, pole[k], 2e-3);
  }
}

/** At the spring equinox the Sun stands at ecliptic longitude 0; the Earth moves towards longitude
 * 270°: within 4° of the Galactic centre. */
static void in_march_the_earth_moves_towards_the_centre(void)
{
  double u[3];
  orbit_at(day_of("2000-03-20"), u);
  CHECK_CLOSE(u[0] / elfin_speed(u), cos(6.4 * 3.14159265358979323846 / 180), 5e-3);
}

static void the_wind_is_fastest_in_june_and_slowest_in_december(void)
{
  double mean = 0, fastest = 0, slowest = INFINITY, on_fastest = 0, on_slowest = 0;
  double first = day_of("2026-01-01"), sun[3];
  for (int day = 0; day < 365; day++) {
    double speed = speed_on(first + day);
    mean += speed / 365;
    if (speed > fastest)
      on_fastest = first + day;
    if (speed < slowest)
      on_slowest = first + day;
    fastest = fmax(fastest, speed);
    slowest = fmin(slowest, speed);
  }
  elfin_sun_velocity(V_CIRC, sun);
  CHECK_NEAR(on_fastest, day_of("2026-06-01"), 2);
  CHECK_NEAR(on_slowest, day_of("2026-12-02"), 3);
  /* Half the difference is the orbit's speed times the cosine between the Sun's way and the
   * ecliptic, 0.49 or so [arXiv:1312.1355]; what stands across adds u²/4v to the mean. */
  CHECK_CLOSE((fastest - slowest) / 2, 29.79 * 0.49, 0.03);
  CHECK_NEAR(
      mean, elfin_speed(sun) + 29.79 * 29.79 * (1 - 0.49 * 0.49 / 2) / (2 * elfin_speed(sun)), 0.5);
}

static void a_day_is_its_number(void)
{
  CHECK(day_of("2000-01-01") == 1);
  CHECK(day_of("2000-12-31") == 366);
  CHECK(day_of("2001-01-01") == 367);
  CHECK(day_of("1999-12-31") == 0);
  CHECK(day_of("2000-02-29") == 60);
  CHECK(day_of("2100-03-01") - day_of("2100-02-28") == 1);
  CHECK(day_of("2096-03-01") - day_of("2096-02-28") == 2);
  CHECK(day_of("2026-06-02") == 2461194 - 2451545 + 1); /* its Julian day at noon */
}

/* Over all days that a job may have, beside another count: one day after the other. */
static void every_day_has_the_date_that_has_its_number(void)
{
  int day_of_month = 0, month = 0, wrong = 0;
  for (double day = -73000; day <= 73000; day++) {
    char text[16];
    double back = NAN;
    elfin_date date = elfin_date_of_day(day);
    snprintf(text, sizeof text, "%04d-%02d-%02d", date.year % 10000, date.month % 100, date.day % 100);
    wrong += !elfin_day_of_date(text, &back) || back != day;
    wrong += day > -73000 && date.day != day_of_month + 1 && (date.day != 1 || date.month == month);
    day_of_month = date.day;
    month = date.month;
  }
  CHECK(wrong == 0);
  CHECK(elfin_date_of_day(153.45).day == 1 && elfin_date_of_day(153.45).month == 6); /* before midnight */
  CHECK(elfin_date_of_day(153.5).day == 2);
}

static void what_is_no_date_is_refused(void)
{
  static const char *const wrong[] = {
      "",           "2026",       "2026-6-2",    "2026-13-01", "2026-00-10",
      "2026-02-29", "2100-02-29", "2026-04-31",  "2026-04-00", "2026-04-1x",
      "2026/04/01", "-026-04-01", "2026-04-011", "0000-01-01", "20260401--"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    double day = -7;
    CHECK(!elfin_day_of_date(wrong[i], &day) && day == -7);
  }
}

int main(void)
{
  the_orbit_is_keplers();
  the_orbit_is_closed();
  the_orbit_lies_in_the_ecliptic();
  in_march_the_earth_moves_towards_the_centre();
  the_wind_is_fastest_in_june_and_slowest_in_december();
  a_day_is_its_number();
  every_day_has_the_date_that_has_its_number();
  what_is_no_date_is_refused();
  return check_result();
}
