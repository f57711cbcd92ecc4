/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_interpolate.c
 * Patchworks of polynomials: integrals over a tile keep the tolerance, tiles may come in any order,
 * and numbers that are no tile are refused. Tolerances are those that responses ask for; a ridge
 * much narrower than the first patches and alone in its tile can be overlooked: tests/elf holds
 * real responses against direct values.
 */
#include "check.h"

#include "numerics/numerics.h"

/* Points per tile in each direction that take the error's integral: midpoints. */
enum { SAMPLES_X = 80, SAMPLES_Y = 400 };
/* The mean |error| may exceed what the highest coefficients promise: a bound for integrals. */
static const double MEAN_ERROR = 3;

static const patch_domain DOMAIN = {.x0 = 0, .x1 = 4, .y0 = -8, .y1 = 4, .diagonal = 1,
                                    .x_fade = 100};

static double smooth(double x, double y) { return exp(-0.5 * x) * (2 + sin(y)); }
static double ridged(double x, double y)
{
  double from_ridge = (y + 4 - 2 * x) / 0.05; /* a ridge that crosses tiles at a slant */
  return 0.1 + 1 / (1 + from_ridge * from_ridge);
}
static double narrow(double x, double y)
{
  double from_ridge = (y + 0.77) / 0.03; /* an oscillator of small width */
  return 1 + exp(0.3 * x) / (1 + from_ridge * from_ridge);
}
static double kinked(double x, double y) { return 1 + fabs(y - x + 1.234); }
static double both_signs(double x, double y) { return cos(3 * x) * sin(2 * y); }

typedef double plain(double x, double y);

static const struct {
  const char *name;
  plain *f;
  double finest; /* tolerance that it is asked for */
} functions[] = {{"smooth", smooth, 2e-5}, {"ridged", ridged, 2e-5}, {"narrow", narrow, 2e-5},
                 {"kinked", kinked, 1e-3}, {"both signs", both_signs, 2e-5}};
enum { N_FUNCTIONS = sizeof functions / sizeof *functions };

typedef struct sampled {
  plain *f;
  long calls;
} sampled;

static void sample(void *context, double x, size_t n, const double y[], double f[])
{
  sampled *s = context;
  for (size_t i = 0; i < n; i++)
    f[i] = s->f(x, y[i]);
  s->calls++;
}

static patchwork *work_for(patch_domain domain, double tolerance)
{
  patchwork *work = NULL;
  elfin_error err;
  if (patchwork_new(domain, tolerance, &work, &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  return work;
}

/** All tiles, first to last or last to first. @return how many numbers they are */
static size_t make_all(patchwork *work, plain *f, bool backwards)
{
  sampled s = {.f = f};
  size_t n_tiles = patchwork_n_tiles(work), total = 0;
  for (size_t i = 0; i < n_tiles; i++) {
    size_t n, at = backwards ? n_tiles - 1 - i : i;
    double *numbers;
    CHECK(!patchwork_complete(work));
    CHECK(patchwork_make(work, at, sample, &s, &n, &numbers, NULL) == ELFIN_OK);
    CHECK(patchwork_take(work, at, n, numbers, NULL) == ELFIN_OK);
    free(numbers);
    total += n;
  }
  CHECK(patchwork_complete(work));
  return total;
}

/* ---- how good it is -------------------------------------------------------------------------- */

typedef struct errors {
  double size, sum, mean; /* ∫|f|, |∫ p − f|, ∫|p − f| over a tile's part of the domain */
} errors;

static errors errors_in(const patchwork *work, plain *f, double x0, double y0)
{
  errors e = {0};
  double area = 1.0 / SAMPLES_X * PATCH_TILE_HEIGHT / SAMPLES_Y, sum = 0;
  for (int i = 0; i < SAMPLES_X; i++)
    for (int j = 0; j < SAMPLES_Y; j++) {
      double x = x0 + (i + 0.5) / SAMPLES_X, y = y0 + PATCH_TILE_HEIGHT * (j + 0.5) / SAMPLES_Y, p;
      if (y > x + DOMAIN.diagonal)
        continue;
      CHECK(patchwork_values(work, 1, &x, &y, &p) == 0);
      sum += (p - f(x, y)) * area;
      e.mean += fabs(p - f(x, y)) * area;
      e.size += fabs(f(x, y)) * area;
    }
  e.sum = fabs(sum);
  return e;
}

static void integrals_over_tiles_keep_the_tolerance(void)
{
  static const double tolerances[] = {1e-3, 2e-4, 2e-5};
  for (size_t i = 0; i < N_FUNCTIONS; i++)
    for (size_t j = 0; j < 3 && tolerances[j] >= functions[i].finest; j++) {
      patchwork *work = work_for(DOMAIN, tolerances[j]);
      double worst_sum = 0, worst_mean = 0;
      size_t n = make_all(work, functions[i].f, false);
      for (int x = 0; x < 4; x++)
        for (int y = -8; y < 4; y += PATCH_TILE_HEIGHT) {
          errors e = errors_in(work, functions[i].f, x, y);
          worst_sum = fmax(worst_sum, e.sum / e.size);
          worst_mean = fmax(worst_mean, e.mean / e.size);
        }
      printf("%-10s to %.0e: integrals %.1e, mean error %.1e, %zu numbers\n", functions[i].name,
             tolerances[j], worst_sum, worst_mean, n);
      CHECK(worst_sum <= tolerances[j]);
      CHECK(worst_mean <= MEAN_ERROR * tolerances[j]);
      patchwork_free(work);
    }
}

static double of_third_degree(double x, double y)
{
  return 1 + x * (2 - x * x) * (y * y * y / 50 - y);
}

static void what_is_a_polynomial_already_is_kept_exactly(void)
{
  patchwork *work = work_for(DOMAIN, 1e3); /* no reason to cut */
  make_all(work, of_third_degree, false);
  for (double x = 0.31; x < 3.4; x += 0.07)
    for (double y = -6.4; y < 3.9 && y < x + 1; y += 0.11) {
      double p, exact = of_third_degree(x, y);
      CHECK(patchwork_values(work, 1, &x, &y, &p) == 0);
      CHECK_NEAR(p, exact, 1e-12 * (1 + fabs(exact)));
    }
  patchwork_free(work);
}

static void sharper_needs_more_numbers_and_where_it_matters_less_fewer(void)
{
  patch_domain faded = DOMAIN;
  faded.x_fade = 0;
  patchwork *coarse = work_for(DOMAIN, 1e-3), *fine = work_for(DOMAIN, 1e-5),
            *fading = work_for(faded, 1e-5);
  size_t n_coarse = make_all(coarse, narrow, false), n_fine = make_all(fine, narrow, false);
  size_t n_fading = make_all(fading, narrow, false);
  CHECK(n_coarse < n_fine);
  CHECK(n_fading < n_fine);
  patchwork_free(coarse);
  patchwork_free(fine);
  patchwork_free(fading);
}

/* Two steps in one tile, one in another, one at a tile's border, one beyond all. */
static const double steps[] = {-3.9, -3.3, -2, 1.1, 7};
enum { N_STEPS = sizeof steps / sizeof *steps };

static double stepped(double x, double y)
{
  double f = 0.01 * smooth(x, y);
  for (int i = 0; i < N_STEPS; i++)
    f += y >= steps[i] ? (i + 1) * exp(-0.3 * x) * (2 + cos(y + i)) : 0;
  return f;
}

/** Above and below, up to the step: polynomials of one side know nothing of the other. */
static void at_steps_each_side_has_patches_of_its_own(void)
{
  patch_domain domain = DOMAIN;
  domain.n_steps = N_STEPS;
  memcpy(domain.step, steps, sizeof steps);
  patchwork *work = work_for(domain, 2e-5), *even = work_for(DOMAIN, 2e-5);
  size_t n = make_all(work, stepped, false), n_even = make_all(even, smooth, false);
  CHECK(n < 2 * n_even);
  for (double x = 0.31; x < 3.9; x += 0.33)
    for (int i = 0; i < N_STEPS - 1; i++)
      for (double away = 1e-12; away < 0.5; away *= 7)
        for (int side = -1; side <= 1; side += 2) {
          double p, y = steps[i] + side * away;
          if (y > x + DOMAIN.diagonal)
            continue;
          CHECK(patchwork_values(work, 1, &x, &y, &p) == 0);
          CHECK_CLOSE(p, stepped(x, y), 2e-4);
        }
  double x = 3.5, cut[100];
  size_t n_cuts = patchwork_cuts(work, x, -7.5, 3.7, 100, cut), n_found = 0;
  for (size_t i = 0; i < n_cuts; i++)
    for (int j = 0; j < N_STEPS; j++)
      n_found += cut[i] == steps[j] ? 1 : 0;
  CHECK(n_found == N_STEPS - 1);
  patchwork_free(work);
  patchwork_free(even);
}

/* ---- where it is ----------------------------------------------------------------------------- */

static void outside_of_the_domain_there_is_nothing(void)
{
  patchwork *work = work_for(DOMAIN, 1e-3);
  make_all(work, smooth, false);
  /* beyond the diagonal there may be values up to the end of a patch, beyond its tile never */
  double x[] = {-0.01, 4.01, 1, 1, 0.5, NAN, 1, INFINITY, -INFINITY, 1, 2, 3.3};
  double y[] = {0, 0, -8.01, 4.01, 3.99, 0, NAN, 0, 0, -INFINITY, 2.9, 3.8};
  enum { N = sizeof x / sizeof *x };
  double f[N];
  CHECK(patchwork_values(work, N, x, y, f) == 10);
  for (int i = 0; i < 10; i++)
    CHECK(isnan(f[i]));
  CHECK_CLOSE(f[10], smooth(2, 2.9), 1e-2);
  CHECK_CLOSE(f[11], smooth(3.3, 3.8), 1e-2);
  CHECK(patchwork_values(work, 0, NULL, NULL, NULL) == 0);
  patchwork_free(work);
}

static double nan_beyond(double x, double y) { return y < -4 ? NAN : x; }

static void a_function_without_values_ends_and_gives_none(void)
{
  patchwork *work = work_for(DOMAIN, 1e-6);
  make_all(work, nan_beyond, false);
  double x[] = {1.5, 1.5}, y[] = {-5, -3}, f[2];
  CHECK(patchwork_values(work, 2, x, y, f) == 1);
  CHECK(isnan(f[0]) && fabs(f[1] - 1.5) < 1e-12);
  patchwork_free(work);
}

/* ---- tiles in any order ---------------------------------------------------------------------- */

static void tiles_in_reverse_order_give_the_same_bits(void)
{
  patchwork *forwards = work_for(DOMAIN, 1e-4), *backwards = work_for(DOMAIN, 1e-4);
  CHECK(make_all(forwards, ridged, false) == make_all(backwards, ridged, true));
  for (double x = 0.3; x < 3.4; x += 0.0137)
    for (double y = -6.5; y < x + 1 && y < 3.9; y += 0.0213) {
      double a, b;
      patchwork_values(forwards, 1, &x, &y, &a);
      patchwork_values(backwards, 1, &x, &y, &b);
      CHECK(memcmp(&a, &b, sizeof a) == 0);
    }
  patchwork_free(forwards);
  patchwork_free(backwards);
}

static void one_row_or_many_points_give_the_same_bits(void)
{
  patchwork *work = work_for(DOMAIN, 1e-3);
  make_all(work, ridged, false);
  double x[300], y[300], together[300], alone;
  for (int i = 0; i < 300; i++) {
    x[i] = 0.3 + 0.01 * i;
    y[i] = -6 + 0.02 * i;
  }
  patchwork_values(work, 300, x, y, together);
  for (int i = 0; i < 300; i++) {
    patchwork_values(work, 1, &x[i], &y[i], &alone);
    CHECK(memcmp(&alone, &together[i], sizeof alone) == 0);
  }
  patchwork_free(work);
}

/* ---- numbers from elsewhere ------------------------------------------------------------------ */

static void refuse(patchwork *work, size_t i_tile, size_t n, const double numbers[])
{
  elfin_error err = {""};
  CHECK(patchwork_take(work, i_tile, n, numbers, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "of an interpolant");
}

static void numbers_that_are_no_tile_are_refused(void)
{
  patchwork *work = work_for(DOMAIN, 2e-5);
  sampled s = {.f = ridged};
  size_t n, n_tiles = patchwork_n_tiles(work);
  double *good;
  CHECK(patchwork_make(work, 0, sample, &s, &n, &good, NULL) == ELFIN_OK);
  CHECK(good[0] > 2);
  refuse(work, n_tiles, n, good);
  refuse(work, 0, 0, NULL);
  refuse(work, 0, 1, good);
  refuse(work, 0, n - 1, good);
  refuse(work, 0, n - 16, good); /* some of a leaf's coefficients are missing */

  /* Its head: how many branches and coefficients. */
  static const double counts[] = {0, -1, NAN, 1.5, 1e9};
  for (size_t at = 0; at < 2; at++)
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
      double kept = good[at];
      good[at] = counts[i];
      refuse(work, 0, n, good);
      good[at] = kept;
    }
  /* Its branches, four doubles and two int each: what it is, and where to go on. The first is cut. */
  static const struct {
    size_t branch;
    int axis, index;
  } wrong[] = {{0, 4, 1}, {0, -1, 1}, {0, 1, 0}, {0, 2, -1}, {0, 1, 1000000}, {0, 0, 1000000}, {1, 0, -1}};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    int bad[2] = {wrong[i].axis, wrong[i].index};
    double kept, *at = &good[2 + 5 * wrong[i].branch + 4];
    kept = *at;
    memcpy(at, bad, sizeof bad);
    refuse(work, 0, n, good);
    *at = kept;
  }
  /* Where look-ups begin. */
  size_t start = 2 + 5 * (size_t)good[0];
  static const int beyond[] = {-1, 1000000};
  for (size_t i = 0; i < 2; i++) {
    double kept = good[start];
    memcpy(&good[start], &beyond[i], sizeof beyond[i]);
    refuse(work, 0, n, good);
    good[start] = kept;
  }
  CHECK(patchwork_take(work, 0, n, good, NULL) == ELFIN_OK);
  CHECK(patchwork_take(work, 0, n, good, NULL) == ELFIN_OK); /* a second time is fine */
  CHECK(patchwork_borrow(work, 0, n, good, NULL) == ELFIN_OK); /* in the copy's place */
  CHECK(patchwork_take(work, 0, n, good, NULL) == ELFIN_OK);   /* and back */
  CHECK(!patchwork_complete(work));
  free(good);
  patchwork_free(work);
}

/* ---- cuts ------------------------------------------------------------------------------------ */

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** Differences of fifth order vanish for a polynomial of degree 4. */
static double fifth_difference(const patchwork *work, double x, double low, double high)
{
  double f[6], step = (high - low) / 6;
  for (int i = 0; i < 6; i++) {
    double y = low + (i + 0.5) * step;
    CHECK(patchwork_values(work, 1, &x, &y, &f[i]) == 0);
  }
  return f[5] - 5 * f[4] + 10 * f[3] - 10 * f[2] + 5 * f[1] - f[0];
}

static void between_cuts_there_is_one_polynomial(void)
{
  enum { MOST = 1000 };
  static const double x[] = {0.3, 1.71, 3.99};
  patchwork *work = work_for(DOMAIN, 2e-4);
  make_all(work, ridged, false);
  for (int i = 0; i < 3; i++) {
    double cut[MOST + 2], low = -7.5, high = fmin(x[i] + DOMAIN.diagonal, 3.7), largest = 0;
    size_t n = patchwork_cuts(work, x[i], low, high, MOST, cut);
    CHECK(n > 10 && n < MOST);
    cut[n++] = low;
    cut[n++] = high;
    qsort(cut, n, sizeof *cut, ascending);
    for (size_t j = 0; j + 1 < n; j++) {
      CHECK(cut[j + 1] > cut[j]);
      CHECK_NEAR(fifth_difference(work, x[i], cut[j], cut[j + 1]), 0, 1e-11);
    }
    for (size_t j = 0; j + 2 < n; j++) /* and a cut is where two of them meet */
      largest = fmax(largest, fabs(fifth_difference(work, x[i], cut[j], cut[j + 2])));
    CHECK(largest > 1e-7);
    CHECK(patchwork_cuts(work, x[i], low, high, 7, cut) == 7);
  }
  patchwork_free(work);
}

int main(void)
{
  between_cuts_there_is_one_polynomial();
  integrals_over_tiles_keep_the_tolerance();
  what_is_a_polynomial_already_is_kept_exactly();
  sharper_needs_more_numbers_and_where_it_matters_less_fewer();
  at_steps_each_side_has_patches_of_its_own();
  outside_of_the_domain_there_is_nothing();
  a_function_without_values_ends_and_gives_none();
  tiles_in_reverse_order_give_the_same_bits();
  one_row_or_many_points_give_the_same_bits();
  numbers_that_are_no_tile_are_refused();
  patchwork_free(NULL);
  return check_result();
}
