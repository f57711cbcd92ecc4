/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_modulation.c
 * The daily modulation of a sweep: a mean that is exact for a cosine, the amplitude, and refusals.
 */
#include "report/modulation.h"
#include "report/report.h"

#include "check.h"

static elfin_error err;

enum { MOST_TIMES = 16, N_MASSES = 2 };

static char no_unit[] = "", hours[] = "h", eV[] = "eV", cm2[] = "cm2", key_time[] = "time",
            key_mass[] = "mass", key_sigma[] = "cross_section", name[] = "day",
            per_kg_yr[] = "1/kg/yr";
static double masses[N_MASSES] = {1e6, 2e6}, sigma[] = {1e-38};

/** Axes time, mass, cross_section; the rate is (1 + i_mass) (10 + 3 cos(2π t/24)). */
static store_sweep sweep_of(size_t n, double times[], store_axis axes[3], double value[],
                            double error[], uint8_t status[])
{
  axes[0] = (store_axis){.key = key_time, .unit = hours, .n = n, .value = times};
  axes[1] = (store_axis){.key = key_mass, .unit = eV, .n = N_MASSES, .value = masses};
  axes[2] = (store_axis){.key = key_sigma, .unit = cm2, .n = 1, .value = sigma};
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < N_MASSES; j++) {
      value[i * N_MASSES + j] = (1 + (double)j) * (10 + 3 * cos(2 * M_PI * times[i] / 24));
      error[i * N_MASSES + j] = 1e-3;
      status[i * N_MASSES + j] = 1;
    }
  return (store_sweep){.name = name,
                       .n_axes = 3,
                       .axes = axes,
                       .n_points = n * N_MASSES,
                       .value = value,
                       .error = error,
                       .status = status,
                       .units = per_kg_yr};
}

static void check_day(size_t n, double times[], double agreement)
{
  store_axis axes[3];
  double value[MOST_TIMES * N_MASSES], error[MOST_TIMES * N_MASSES];
  uint8_t status[MOST_TIMES * N_MASSES];
  modulation of[MOST_TIMES * N_MASSES];
  store_sweep s = sweep_of(n, times, axes, value, error, status);
  CHECK(modulation_of(&s, of, &err) == ELFIN_OK);
  for (size_t i = 0; i < s.n_points; i++) {
    double mean = 10 * (1 + (double)(i % N_MASSES));
    CHECK_CLOSE(of[i].mean, mean, agreement);
    CHECK_CLOSE(of[i].over_mean, value[i] / mean, agreement);
    CHECK_NEAR(of[i].amplitude, 0.3, 2 * agreement);
    CHECK_CLOSE(of[i].amplitude_error, 2e-3 / mean, 1e-2);
  }
}

static void a_cosine_has_its_mean_whatever_the_order_of_times(void)
{
  double with_both_ends[] = {0, 3, 6, 9, 12, 15, 18, 21, 24}, without[] = {0, 8, 16};
  double shuffled[] = {18, 6, 24, 12}, uneven[] = {0, 1, 3, 6, 8, 10, 13, 15, 18, 20, 22};
  check_day(9, with_both_ends, 1e-12);
  check_day(3, without, 1e-12);
  check_day(4, shuffled, 1e-12);
  check_day(11, uneven, 1e-2);
}

/* Steps of a year that is no whole number of them: the error is of the one step that is shorter. */
static void a_year_has_its_mean_wherever_it_begins(void)
{
  enum { N = 74 };
  static const double YEAR = 365.2422;
  double day[N], weight[N], widest;
  for (int begin = -400; begin < 800; begin += 97) {
    double sum = 0, of_cosine = 0;
    for (size_t i = 0; i < N; i++)
      day[i] = begin + 5.0 * (double)((i * 31) % N); /* in no order */
    CHECK(modulation_weigh(N, day, YEAR, weight, &widest));
    for (size_t i = 0; i < N; i++) {
      sum += weight[i];
      of_cosine += weight[i] * cos(2 * M_PI * (day[i] - 153) / YEAR);
    }
    CHECK_CLOSE(sum, 1, 1e-12);
    CHECK_NEAR(of_cosine, 0, 1e-3);
    CHECK_CLOSE(widest, 5 / YEAR, 1e-9);
  }
  double summer[] = {152, 182, 213};
  CHECK(modulation_weigh(3, summer, YEAR, weight, &widest));
  CHECK_CLOSE(widest, (YEAR - 61) / YEAR, 1e-9);
}

static void what_is_not_known_stays_so(void)
{
  store_axis axes[3];
  double times[] = {0, 6, 12, 18}, value[8], error[8];
  uint8_t status[8];
  modulation of[8];
  store_sweep s = sweep_of(4, times, axes, value, error, status);
  value[3] = NAN; /* the second mass at 6 h */
  CHECK(modulation_of(&s, of, &err) == ELFIN_OK);
  CHECK(of[0].mean > 0 && isnan(of[1].mean) && isnan(of[1].amplitude) && isnan(of[7].over_mean));
}

static void too_few_times_are_refused(void)
{
  store_axis axes[3];
  double two[] = {0, 12, 24}, no_midnight[] = {1, 9, 17}, value[6], error[6];
  uint8_t status[6];
  modulation of[6];
  store_sweep s = sweep_of(3, two, axes, value, error, status);
  CHECK(modulation_of(&s, of, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "at least three times, one of them 0 h");
  s = sweep_of(3, no_midnight, axes, value, error, status);
  CHECK(modulation_of(&s, of, &err) == ELFIN_E_ARGUMENT);
  axes[0].key = no_unit;
  CHECK(modulation_of(&s, of, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "has no axis time");
}

static void the_columns_say_what_shows_it(void)
{
  store_axis axes[3];
  double times[] = {0, 6, 12, 18}, value[8], error[8], mean, over, A, A_error, of_way[2][3];
  uint8_t status[8];
  store_sweep s = sweep_of(4, times, axes, value, error, status);
  char *text = NULL;
  size_t size;
  FILE *stream = open_memstream(&text, &size);
  CHECK(report_csv(&s, "rate", 0, true, stream, &err) == ELFIN_OK);
  fclose(stream);
  CHECK_SAYS(text,
             "status,mean_rate_per_kg_yr,rate_over_mean,amplitude,amplitude_error,events_4_over_A2,"
             "exposure_4_over_A2_kg_yr,reach_cm2_4_over_A2,events_8_over_A2");
  const char *line = strchr(text, '\n');
  CHECK(line &&
        sscanf(line,
               "\n%*[^,],%*[^,],%*[^,],%*[^,],%*[^,],1,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf",
               &mean, &over, &A, &A_error, &of_way[0][0], &of_way[0][1], &of_way[0][2],
               &of_way[1][0], &of_way[1][1], &of_way[1][2]) == 10);
  CHECK_CLOSE(mean, 10, 1e-12);
  CHECK_CLOSE(over, 1.3, 1e-12);
  for (int i = 0; i < 2; i++) {
    double events = (i ? 8 : 4) / (A * A);
    CHECK_CLOSE(of_way[i][0], events, 1e-12);
    CHECK_CLOSE(of_way[i][1], events / mean, 1e-12);
    CHECK_CLOSE(of_way[i][2], events * 1e-38 / mean, 1e-12);
  }
  free(text);
}

int main(void)
{
  a_cosine_has_its_mean_whatever_the_order_of_times();
  a_year_has_its_mean_wherever_it_begins();
  what_is_not_known_stays_so();
  too_few_times_are_refused();
  the_columns_say_what_shows_it();
  return check_result();
}
