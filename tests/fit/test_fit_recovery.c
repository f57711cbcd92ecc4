/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_fit_recovery.c
 * Known oscillators, sampled with noise of known size: 200 times, `fit_mermin` finds how many there are, and
 * each of their numbers within its errors. That the errors are no larger than they should be is seen from
 * how often a number lies within one and two of them: 68 and 95 of a hundred for a normal distribution. */
#include "../check.h"
#include "fit/fit.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

enum { N_TRIALS = 200, N_POINTS = 200, N_TRUE = 3, N_NUMBERS = 3 };

static const elfin_oscillator truth[N_TRUE] = {{0.08, 2.5, 6.0}, {0.70, 4.0, 16.5}, {0.12, 14.0, 40.0}};
static const double FIRST_EV = 1, LAST_EV = 100, RELATIVE = 0.02, ABSOLUTE = 0.003;

typedef struct tally {
  size_t right_number, within_three, numbers, within_one, within_two;
} tally;

static void sample(gsl_rng *rng, optical_data *d)
{
  for (size_t j = 0; j < N_POINTS; j++) {
    d->omega[j] = FIRST_EV * pow(LAST_EV / FIRST_EV, (double)j / (N_POINTS - 1));
    fit_elf(N_TRUE, truth, 1, &d->omega[j], &d->elf[j]);
    d->error[j] = hypot(RELATIVE * d->elf[j], ABSOLUTE);
    d->elf[j] += gsl_ran_gaussian(rng, d->error[j]);
  }
}

static void count(const fit_result *r, tally *t)
{
  bool all = true;
  for (size_t i = 0; i < N_TRUE; i++) {
    double off[N_NUMBERS] = {
        (r->list[i].amplitude - truth[i].amplitude) / r->error[i].amplitude,
        (r->list[i].gamma_eV - truth[i].gamma_eV) / r->error[i].gamma_eV,
        (r->list[i].omega_eV - truth[i].omega_eV) / r->error[i].omega_eV,
    };
    for (size_t k = 0; k < N_NUMBERS; k++) {
      t->numbers++;
      t->within_one += fabs(off[k]) < 1;
      t->within_two += fabs(off[k]) < 2;
      all = all && fabs(off[k]) < 3;
    }
  }
  t->within_three += all;
}

static void known_oscillators_are_found_within_their_errors(void)
{
  double omega[N_POINTS], elf[N_POINTS], error[N_POINTS];
  char remark[] = "";
  optical_data data = {"synthetic", remark, N_POINTS, omega, elf, error, true};
  fit_wishes wishes = {.most = 6, .relative_error = 0.02, .eps_static = NAN, .plasma_eV = NAN};
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(rng, 20261126);
  tally t = {0};
  for (int trial = 0; trial < N_TRIALS; trial++) {
    fit_result *result = NULL;
    elfin_error err = {""};
    sample(rng, &data);
    CHECK(fit_mermin(&data, &wishes, &result, &err) == ELFIN_OK);
    if (result && result->n == N_TRUE) {
      t.right_number++;
      count(result, &t);
    }
    fit_result_free(result);
  }
  gsl_rng_free(rng);
  double one = (double)t.within_one / (double)t.numbers, two = (double)t.within_two / (double)t.numbers;
  printf("of %d trials %zu have the number of oscillators, %zu all nine numbers within three standard "
         "deviations; of all numbers %.1f %% lie within one, %.1f %% within two\n",
         N_TRIALS, t.right_number, t.within_three, 100 * one, 100 * two);
  CHECK(t.within_three >= 190);
  /* 1800 numbers, nine of each trial correlated: the spread of these shares is about 2 and 1 %. */
  CHECK_NEAR(one, 0.683, 0.06);
  CHECK_NEAR(two, 0.954, 0.03);
}

int main(void)
{
  known_oscillators_are_found_within_their_errors();
  return check_result();
}
