/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_halo_lookup.c
 * The look-up of η against η itself. */
#include "halo_check.h"

#include "halo/halo_lookup.h"


/* Ordinary halos, the extremes of v_lab, and halos for which polynomials are hopeless. */
static const double halos_km_s[][3] = {
    {220, 500, 240}, {238, 544, 250}, {150, 600, 230}, {220, 500, 0},    {220, 500, 500},
    {220, 500, 10},  {220, 500, 1},   {220, 500, 1e-2}, {220, 500, 1e-6}, {220, 30, 20},
    {40, 700, 240},  {20, 900, 300},
};
enum { N_HALOS = sizeof halos_km_s / sizeof *halos_km_s, N_POINTS = 20000 };

static elfin_halo *halo_of(const double p[3])
{
  return maxwellian(p[0], p[1], p[2]);
}

static halo_lookup *lookup_of(const elfin_halo *halo, double tolerance)
{
  halo_lookup *lookup = NULL;
  CHECK(halo_lookup_new(halo, tolerance, &lookup, NULL) == ELFIN_OK);
  if (!lookup)
    exit(1);
  return lookup;
}

static double worst_difference(const elfin_halo *halo, const halo_lookup *lookup, size_t n,
                               const double v[])
{
  static double exact[N_POINTS], found[N_POINTS];
  double worst = 0, zero = 0, eta_0;
  elfin_halo_eta(halo, 1, &zero, &eta_0);
  elfin_halo_eta(halo, n, v, exact);
  halo_lookup_eta(lookup, n, v, found);
  for (size_t i = 0; i < n; i++)
    if (exact[i] > 1e-200 * eta_0) /* below, digits are lost to underflow */
      worst = fmax(worst, fabs(found[i] / exact[i] - 1));
  return worst;
}

static void every_speed_is_within_the_tolerance(void)
{
  static double v[N_POINTS];
  for (double tolerance = 1e-6; tolerance > 1e-13; tolerance /= 100)
    for (int i = 0; i < N_HALOS; i++) {
      elfin_halo *halo = halo_of(halos_km_s[i]);
      halo_lookup *lookup = lookup_of(halo, tolerance);
      for (int j = 0; j < N_POINTS; j++)
        v[j] = elfin_halo_v_max(halo) * (j + 0.5) / N_POINTS;
      /* Three points of each cell are checked when it is made; others may be a little worse. */
      CHECK(worst_difference(halo, lookup, N_POINTS, v) <= 1.5 * tolerance);
      halo_lookup_free(lookup);
      elfin_halo_free(halo);
    }
}

static void the_relative_error_stays_small_up_to_the_last_speed(void)
{
  static double v[100];
  for (int i = 0; i < N_HALOS; i++) {
    elfin_halo *halo = halo_of(halos_km_s[i]);
    halo_lookup *lookup = lookup_of(halo, HALO_LOOKUP_TOLERANCE);
    size_t n, n_kinks;
    const double *kinks = elfin_halo_kinks(halo, &n_kinks);
    for (size_t j = 0; j < n_kinks; j++) {
      for (n = 0; n < 50; n++) /* down to 1e-15 below the kink */
        v[n] = kinks[j] * (1 - ldexp(1, -(int)n));
      CHECK(worst_difference(halo, lookup, n, v) <= 1.5 * HALO_LOOKUP_TOLERANCE);
    }
    halo_lookup_free(lookup);
    elfin_halo_free(halo);
  }
}

static void beyond_the_end_eta_is_exactly_0(void)
{
  for (int i = 0; i < N_HALOS; i++) {
    elfin_halo *halo = halo_of(halos_km_s[i]);
    halo_lookup *lookup = lookup_of(halo, HALO_LOOKUP_TOLERANCE);
    double v_max = elfin_halo_v_max(halo);
    double v[] = {v_max, nextafter(v_max, 1), 1, 1e300, INFINITY, NAN}, eta[6];
    halo_lookup_eta(lookup, 6, v, eta);
    for (int j = 0; j < 5; j++)
      CHECK(eta[j] == 0);
    CHECK(isnan(eta[5]));
    halo_lookup_free(lookup);
    elfin_halo_free(halo);
  }
}

static void two_look_ups_of_a_halo_have_the_same_bits(void)
{
  static double v[1000], one[1000], other[1000];
  elfin_halo *halo = halo_of(halos_km_s[0]), *twin = halo_of(halos_km_s[0]);
  halo_lookup *a = lookup_of(halo, HALO_LOOKUP_TOLERANCE);
  halo_lookup *b = lookup_of(twin, HALO_LOOKUP_TOLERANCE);
  for (int i = 0; i < 1000; i++)
    v[i] = elfin_halo_v_max(halo) * i / 1000;
  halo_lookup_eta(a, 1000, v, one);
  for (int i = 0; i < 1000; i++) /* and one by one */
    halo_lookup_eta(b, 1, &v[i], &other[i]);
  CHECK(memcmp(one, other, sizeof one) == 0);
  halo_lookup_free(a);
  halo_lookup_free(b);
  elfin_halo_free(halo);
  elfin_halo_free(twin);
}

static void a_halo_brings_its_own_look_up(void)
{
  elfin_halo *halo = halo_of(halos_km_s[0]);
  double v[] = {0, 100 * KM_S, 300 * KM_S, 700 * KM_S, 800 * KM_S}, eta[5];
  elfin_halo_eta(halo, 5, v, eta);
  halo_lookup_eta(halo_lookup_of(halo), 5, v, v); /* in place */
  for (int i = 0; i < 5; i++)
    CHECK_CLOSE(v[i], eta[i], HALO_LOOKUP_TOLERANCE);
  elfin_halo_free(halo);
}

static void a_table_is_looked_up_as_it_is(void)
{
  double v[] = {1e-4, 1e-3, 2e-3}, eta[] = {900, 500, 0};
  elfin_halo *halo = NULL;
  CHECK(elfin_halo_new_table(3, v, eta, &halo, NULL) == ELFIN_OK);
  halo_lookup *lookup = lookup_of(halo, HALO_LOOKUP_TOLERANCE);
  double at[] = {0, 5e-4, 1.5e-3, 3e-3}, one[4], other[4];
  elfin_halo_eta(halo, 4, at, other);
  halo_lookup_eta(lookup, 4, at, one);
  CHECK(memcmp(one, other, sizeof one) == 0);
  halo_lookup_eta(halo_lookup_of(halo), 4, at, at);
  CHECK(memcmp(at, other, sizeof at) == 0);
  halo_lookup_free(lookup);
  elfin_halo_free(halo);
  halo_lookup_free(NULL);
}

int main(void)
{
  every_speed_is_within_the_tolerance();
  the_relative_error_stays_small_up_to_the_last_speed();
  beyond_the_end_eta_is_exactly_0();
  two_look_ups_of_a_halo_have_the_same_bits();
  a_halo_brings_its_own_look_up();
  a_table_is_looked_up_as_it_is();
  return check_result();
}
