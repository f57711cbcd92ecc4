/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_series.c
 * Chebyshev series on pieces: within the error that they state, also where f is steep, has a kink or is
 * noisy; made in sections anywhere, the same. */
#include "check.h"

#include "numerics/numerics.h"
#include "numerics/series.h"

typedef struct known {
  double (*f)(double x);
  double noise;
  long n;
} known;

static double steep(double x)
{
  return exp(-20 * x);
}

static double peaked(double x)
{
  return 1 / (1e-4 + (x - 0.3) * (x - 0.3));
}

static double kinked(double x)
{
  return fabs(x - 1 / 3.0);
}

static double cubic(double x)
{
  return 1 + x * (2 + x * (3 + 4 * x));
}

static double not_finite(double x)
{
  return x > 0.5 ? INFINITY : 1;
}

/* Noise that is the same every time. */
static elfin_status values(void *context, size_t n, const double x[], double f[], double *noise,
                           elfin_error *err)
{
  known *k = context;
  (void)err;
  for (size_t i = 0; i < n; i++)
    f[i] = k->f(x[i]) + k->noise * sin(1e7 * x[i]);
  k->n += (long)n;
  *noise = k->noise;
  return ELFIN_OK;
}

static void values_are_within_the_stated_error(double (*f)(double), double noise, double relative, long most)
{
  known k = {f, noise, 0};
  series s = {0};
  series_request r = {.order = 10, .relative = relative, .f = values, .context = &k};
  elfin_error err = {""};
  CHECK(series_append(&s, &r, 0, 0.4, &err) == ELFIN_OK);
  CHECK(series_append(&s, &r, 0.4, 1, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  CHECK(k.n <= most);
  if (k.n > most)
    fprintf(stderr, "  %ld evaluations, %ld expected\n", k.n, most);
  CHECK(s.piece[0].low == 0 && s.piece[s.n - 1].high == 1);
  for (size_t i = 0; i + 1 < s.n; i++)
    CHECK(s.piece[i].high == s.piece[i + 1].low);
  for (int i = 0; i <= 1000; i++) {
    double x = i / 1000.0;
    const series_piece *p = &s.piece[series_find(&s, x)];
    CHECK(p->low <= x && x <= p->high);
    CHECK_NEAR(series_piece_at(p, x), f(x), p->error + 1e-15 * fmax(1, f(x)));
  }
  CHECK(series_find(&s, -1) == 0 && series_find(&s, 2) == s.n - 1);
  series_clear(&s);
  CHECK(s.n == 0);
}

/** A polynomial below the order needs one piece, and is exact. */
static void a_polynomial_is_exact(void)
{
  known k = {cubic, 0, 0};
  series s = {0};
  series_request r = {.order = 6, .relative = 1e-12, .f = values, .context = &k};
  CHECK(series_append(&s, &r, -2, 5, NULL) == ELFIN_OK);
  CHECK(s.n == 1 && k.n == 6);
  for (double x = -2; x <= 5; x += 0.1)
    CHECK_NEAR(series_piece_at(&s.piece[0], x), cubic(x), 1e-12);
  series_clear(&s);
}

static void sections_made_elsewhere_are_the_same(void)
{
  known k = {peaked, 0, 0};
  series all = {0}, part = {0}, joined = {0};
  series_request r = {.order = 8, .relative = 1e-6, .f = values, .context = &k};
  for (int i = 0; i < 3; i++) {
    CHECK(series_append(&all, &r, i / 3.0, (i + 1) / 3.0, NULL) == ELFIN_OK);
    CHECK(series_append(&part, &r, i / 3.0, (i + 1) / 3.0, NULL) == ELFIN_OK);
    CHECK(series_append_pieces(&joined, part.n, part.piece, NULL) == ELFIN_OK);
    series_clear(&part);
  }
  CHECK(all.n == joined.n && memcmp(all.piece, joined.piece, all.n * sizeof *all.piece) == 0);
  series_clear(&all);
  series_clear(&joined);
}

static void nonsense_is_refused(void)
{
  known k = {not_finite, 0, 0};
  series s = {0};
  series_request r = {.order = 10, .relative = 1e-6, .f = values, .context = &k};
  elfin_error err = {""};
  CHECK(series_append(&s, &r, 0, 1, &err) == ELFIN_E_VALIDITY);
  CHECK_SAYS(err.text, "not finite");
  r.order = 13;
  CHECK(series_append(&s, &r, 0, 1, &err) == ELFIN_E_ARGUMENT);
  r.order = 10;
  CHECK(series_append(&s, &r, 1, 1, &err) == ELFIN_E_ACCURACY);
  series_clear(&s);
}

/* ---- many integrals at once ------------------------------------------------------------------- */

static void powers(void *context, size_t m, const double x[], double f[])
{
  size_t n = *(const size_t *)context;
  for (size_t j = 0; j < m; j++)
    for (size_t i = 0; i < n; i++)
      f[j * n + i] = exp(-x[j]) * pow(x[j], (double)i);
}

/** ∫ e^{−x} x^n: the incomplete Γ function by its recursion. */
static void rows_are_integrals(void)
{
  enum { N = 5 };
  size_t n = N;
  double value[N], error[N], expected = 1 - exp(-3.0);
  CHECK(integrate_rows(n, powers, &n, 0, 3, 1e-10, 10000, value, error, NULL) == ELFIN_OK);
  for (int i = 0; i < N; i++) {
    CHECK_CLOSE(value[i], expected, 1e-12);
    CHECK(error[i] <= 1e-10 * value[N - 1]);
    expected = (i + 1) * expected - pow(3, i + 1) * exp(-3.0);
  }
}

int main(void)
{
  values_are_within_the_stated_error(steep, 0, 1e-8, 500);
  values_are_within_the_stated_error(peaked, 0, 1e-8, 1000);
  values_are_within_the_stated_error(kinked, 0, 1e-8, 1000);
  values_are_within_the_stated_error(cubic, 1e-5, 1e-8, 20); /* noise is not resolved */
  a_polynomial_is_exact();
  sections_made_elsewhere_are_the_same();
  nonsense_is_refused();
  rows_are_integrals();
  return check_result();
}
