/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file earth.c
 * How the Earth moves through the Galaxy [McCabe, arXiv:1312.1355].
 *
 *   v_E(t) = (0, v_c, 0) + v_sun + u_E(t)
 * in Galactic coordinates: towards the centre, along the rotation, towards the north pole. v_c is
 * the circular speed at the Sun, v_sun the Sun's own motion [Schönrich, Binney, Dehnen,
 * arXiv:0912.3693]. On Kepler's ellipse the velocity describes a circle whose centre is off by the
 * eccentricity e: u_i = u cos b_i [sin(ℓ − λ_i) + e sin(ϖ − λ_i)],   u = 2π a/(T √(1 − e²)), ℓ the
 * Sun's ecliptic longitude, ϖ its longitude at perigee, b_i and λ_i the ecliptic latitude and
 * longitude of axis i. ℓ from the mean longitude L and the mean anomaly g, to second order in e:
 *   ℓ = L + 2e sin g + (5/4) e² sin 2g.
 * n days from J2000.0, noon of 1 January 2000; T = n/36525. Left out: the rotation of the Earth
 * (0.5 km/s at the equator), and that the Sun bends the paths of dark matter.
 */
#include <elfin/halo.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const double DEGREE = M_PI / 180;
static const double SUN_KM_S[3] = {11.1, 12.24, 7.25};
static const double ORBIT_KM_S = 29.79;
static const double ECCENTRICITY = 0.9574 * M_PI / 180;
static const double DAYS_PER_CENTURY = 36525;

/* Ecliptic coordinates of the Galactic axes [degrees], at J2000.0 and their change per century. */
static const struct {
  double b, b_rate, lambda, lambda_rate;
} axes[3] = {
    {-5.536, -0.013, 266.840, 1.397}, /* the centre */
    {59.574, -0.002, 347.340, 1.375}, /* the rotation */
    {29.811, -0.001, 180.023, 1.404}, /* the north pole */
};

double elfin_speed(const double v[3])
{
  return sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
}

void elfin_sun_velocity(double v_circ_km_s, double v_km_s[3])
{
  v_km_s[0] = SUN_KM_S[0];
  v_km_s[1] = SUN_KM_S[1] + v_circ_km_s;
  v_km_s[2] = SUN_KM_S[2];
}

void elfin_earth_velocity(double day, double v_circ_km_s, double v_km_s[3])
{
  double n = day - 1, T = n / DAYS_PER_CENTURY, e = ECCENTRICITY;
  double L = (280.460 + 0.9856474 * n) * DEGREE, g = (357.528 + 0.9856003 * n) * DEGREE;
  double perigee = (282.932 + 0.0000471 * n) * DEGREE;
  double longitude = L + 2 * e * sin(g) + 1.25 * e * e * sin(2 * g);
  elfin_sun_velocity(v_circ_km_s, v_km_s);
  for (int i = 0; i < 3; i++) {
    double b = (axes[i].b + axes[i].b_rate * T) * DEGREE;
    double lambda = (axes[i].lambda + axes[i].lambda_rate * T) * DEGREE;
    v_km_s[i] += ORBIT_KM_S * cos(b) * (sin(longitude - lambda) + e * sin(perigee - lambda));
  }
}

/* ---- the calendar ---------------------------------------------------------------------------- */

static bool is_leap(int year)
{
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/** Days of the Gregorian calendar from 1 January of year 1 to that of `year`. */
static long days_before(long year)
{
  long past = year - 1;
  return 365 * past + past / 4 - past / 100 + past / 400;
}

static int length_of(int month, int year)
{
  static const int lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return lengths[month - 1] + (month == 2 && is_leap(year));
}

bool elfin_day_of_date(const char *date, double *day)
{
  int year, month, in_month, used = 0;
  if (strlen(date) != strlen("2000-01-01") || strspn(date, "0123456789-") != strlen(date) ||
      sscanf(date, "%4d-%2d-%2d%n", &year, &month, &in_month, &used) != 3 || date[used])
    return false;
  if (year < 1 || month < 1 || month > 12 || in_month < 1)
    return false;
  if (in_month > length_of(month, year))
    return false;
  long days = days_before(year) - days_before(2000) + in_month;
  for (int i = 1; i < month; i++)
    days += length_of(i, year);
  *day = (double)days;
  return true;
}

elfin_date elfin_date_of_day(double day)
{
  static const double DAYS_PER_YEAR = 365.2425;
  long past = days_before(2000) + (long)floor(day - 0.5); /* a date begins half a day before noon */
  elfin_date date = {(int)(1 + floor((double)past / DAYS_PER_YEAR)), 1, 0};
  date.year += days_before(date.year + 1) <= past;
  date.year -= days_before(date.year) > past;
  for (past -= days_before(date.year); past >= length_of(date.month, date.year); date.month++)
    past -= length_of(date.month, date.year);
  date.day = (int)past + 1;
  return date;
}
