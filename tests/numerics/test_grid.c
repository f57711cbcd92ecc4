/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_grid.c
 * The cell of a point, by buckets, against a plain search. */
#include "check.h"

#include "numerics/grid.h"

static size_t plain_search(size_t n, const double x[], double at)
{
  size_t i = 0;
  while (i + 2 < n && at >= x[i + 1])
    i++;
  return i;
}

static void check_all(size_t n, const double x[])
{
  grid g;
  CHECK(grid_init(&g, n, x, NULL) == ELFIN_OK);
  for (size_t i = 0; i < n; i++) {
    CHECK(grid_cell(&g, x[i]) == plain_search(n, x, x[i]));
    if (i + 1 == n)
      break;
    double above = nextafter(x[i], INFINITY), below = nextafter(x[i + 1], -INFINITY);
    double middle = 0.5 * x[i] + 0.5 * x[i + 1];
    CHECK(grid_cell(&g, above) == plain_search(n, x, above));
    CHECK(grid_cell(&g, middle) == plain_search(n, x, middle));
    CHECK(grid_cell(&g, below) == plain_search(n, x, below));
  }
  grid_clear(&g);
}

static void every_spacing_gives_the_right_cell(void)
{
  enum { N = 500 };
  static double x[N];
  for (int i = 0; i < N; i++)
    x[i] = 0.1 + 0.4 * i;
  check_all(N, x);
  check_all(2, x);
  for (int i = 0; i < N; i++)
    x[i] = 1e-6 * pow(1.1, i); /* 20 decades */
  check_all(N, x);
  for (int i = 0; i < N; i++)
    x[i] = -pow(0.9, i); /* dense towards the end */
  check_all(N, x);
  srand(1);
  for (int i = 0; i < N; i++)
    x[i] = (i ? x[i - 1] : 0) + pow(rand() / (double)RAND_MAX, 20) + 1e-12;
  check_all(N, x);
  for (int i = 0; i < N; i++)
    x[i] = i ? nextafter(x[i - 1], 2) : 1; /* neighbouring doubles */
  check_all(N, x);
}

static void points_too_close_to_tell_apart_are_refused(void)
{
  double x[] = {0, 5e-324, 1e-323};
  grid g;
  elfin_error err = {""};
  CHECK(grid_init(&g, 3, x, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "too close");
}

int main(void)
{
  every_spacing_gives_the_right_cell();
  points_too_close_to_tell_apart_are_refused();
  return check_result();
}
