/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_elf_smooth.c
 * A smooth table: it meets its nodes, is nowhere negative, has no kink, and converges faster than
 * the bilinear one to the oscillators that it was sampled from; what the brackets behind its path
 * mean. */
#include "check.h"

#include "elf/elf.h"
#include "elf/elf_smooth.h"

#include <string.h>

static elfin_error err;

/** Between 0 and 1, the same numbers everywhere. */
static double chance(void)
{
  static unsigned long long state = 88172645463325252ull;
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (double)(state >> 11) / 9007199254740992.0;
}

/* ---- random grids ---------------------------------------------------------------------------- */

enum { MOST = 12 };

typedef struct grid_case {
  size_t n_omega, n_k;
  double omega[MOST], k[MOST], eps1[MOST * MOST], eps2[MOST * MOST];
  elf_table *table;
  elf_smooth *smooth;
} grid_case;

static void random_axis(size_t n, double x[])
{
  x[0] = chance() < 0.3 ? 0 : chance();
  for (size_t i = 1; i < n; i++)
    x[i] = x[i - 1] + pow(10, 3 * chance() - 2); /* neighbouring cells may differ a thousandfold */
}

/** Rugged: values over eight decades, a fifth of them 0. */
static void random_case(grid_case *c)
{
  c->n_omega = 2 + (size_t)(chance() * (MOST - 2));
  c->n_k = 2 + (size_t)(chance() * (MOST - 2));
  random_axis(c->n_omega, c->omega);
  random_axis(c->n_k, c->k);
  for (size_t i = 0; i < c->n_omega * c->n_k; i++) {
    c->eps1[i] = 20 * chance() - 10;
    c->eps2[i] = chance() < 0.2 ? 0 : pow(10, 8 * chance() - 6);
  }
  CHECK(!elf_table_new("random", c->n_omega, c->omega, c->n_k, c->k, c->eps1, c->eps2, 0, &c->table,
                       &err));
  CHECK(!elf_smooth_new("random", c->table, &c->smooth, &err));
}

static void end_case(grid_case *c)
{
  elf_smooth_free(c->smooth);
  elf_table_free(c->table);
}

static void the_loss_is_nowhere_negative_on_random_grids(void)
{
  for (int n = 0; n < 300; n++) {
    grid_case c;
    random_case(&c);
    for (int i = 0; i < 2000; i++) {
      double omega = c.omega[0] + chance() * (c.omega[c.n_omega - 1] - c.omega[0]), eps1, eps2;
      double k = c.k[0] + chance() * (c.k[c.n_k - 1] - c.k[0]);
      elf_smooth_epsilon(c.smooth, 1, &omega, &k, &eps1, &eps2);
      CHECK(eps2 >= 0 && isfinite(eps1) && isfinite(eps2));
    }
    end_case(&c);
  }
}

static void nodes_are_met_bit_for_bit(void)
{
  for (int n = 0; n < 50; n++) {
    grid_case c;
    random_case(&c);
    for (size_t i = 0; i < c.n_omega * c.n_k; i++) {
      double eps1, eps2;
      elf_smooth_epsilon(c.smooth, 1, &c.omega[i % c.n_omega], &c.k[i / c.n_omega], &eps1, &eps2);
      CHECK(eps1 == c.eps1[i] && eps2 == c.eps2[i]);
    }
    end_case(&c);
  }
}

typedef void epsilon_function(const void *surface, size_t n, const double omega[], const double k[],
                              double eps1[], double eps2[]);

static void of_smooth(const void *surface, size_t n, const double omega[], const double k[],
                      double eps1[], double eps2[])
{
  elf_smooth_epsilon(surface, n, omega, k, eps1, eps2);
}

static void of_bilinear(const void *surface, size_t n, const double omega[], const double k[],
                        double eps1[], double eps2[])
{
  elf_table_epsilon(surface, n, omega, k, eps1, eps2);
}

/** How much the slope across a knot jumps, of the larger of the two: by differences over a step so
 * small that a continuous slope changes by `step` times a curvature that knows only the cells'
 * widths. */
static double jump(epsilon_function *f, const void *surface, double omega, double k, double d_omega,
                   double d_k)
{
  double w[3] = {omega - d_omega, omega, omega + d_omega}, q[3] = {k - d_k, k, k + d_k}, eps1[3],
         eps2[3];
  f(surface, 3, w, q, eps1, eps2);
  double left = (eps2[1] - eps2[0]) / (d_omega + d_k),
         right = (eps2[2] - eps2[1]) / (d_omega + d_k);
  return fabs(right - left);
}

static void slopes_do_not_jump_at_knots(void)
{
  enum { N = 8 };
  static const double STEP = 1e-6;
  grid_case c = {.n_omega = N, .n_k = N};
  for (size_t i = 0; i < N; i++)
    c.omega[i] = c.k[i] = 1 + (double)i + 0.4 * chance();
  for (size_t i = 0; i < N * N; i++) {
    c.eps1[i] = chance();
    c.eps2[i] = chance();
  }
  CHECK(!elf_table_new("rough", N, c.omega, N, c.k, c.eps1, c.eps2, 0, &c.table, &err));
  CHECK(!elf_smooth_new("rough", c.table, &c.smooth, &err));
  double smooth = 0, bilinear = 0;
  for (size_t i = 1; i + 1 < N; i++)
    for (int n = 0; n < 50; n++) {
      double along = 1.5 + chance() * (N - 1);
      smooth = fmax(smooth, jump(of_smooth, c.smooth, c.omega[i], along, STEP, 0));
      smooth = fmax(smooth, jump(of_smooth, c.smooth, along, c.k[i], 0, STEP));
      bilinear = fmax(bilinear, jump(of_bilinear, c.table, c.omega[i], along, STEP, 0));
    }
  CHECK(smooth < 100 * STEP); /* second derivatives: values below 1, widths of 0.6 and more */
  CHECK(bilinear > 0.1);      /* so the test can fail */
  end_case(&c);
}

/** Cubics in both variables are met by the quartics' slopes: what is left is rounding. */
static void a_bicubic_is_reproduced(void)
{
  enum { N = 9 };
  grid_case c = {.n_omega = N, .n_k = N};
  for (size_t i = 0; i < N; i++) {
    c.omega[i] = 1 + 0.5 * (double)i + 0.02 * (double)(i * i);
    c.k[i] = 2 + 0.3 * (double)i + 0.01 * (double)(i * i);
  }
  for (size_t i = 0; i < N * N; i++) {
    double x = c.omega[i % N], y = c.k[i / N];
    c.eps1[i] = 10 + x * x * x * (1 + y);
    c.eps2[i] = (5 + x + x * x * x) * (20 + y + y * y * y);
  }
  CHECK(!elf_table_new("cubic", N, c.omega, N, c.k, c.eps1, c.eps2, 0, &c.table, &err));
  CHECK(!elf_smooth_new("cubic", c.table, &c.smooth, &err));
  for (int n = 0; n < 1000; n++) {
    double x = c.omega[0] + chance() * (c.omega[N - 1] - c.omega[0]),
           y = c.k[0] + chance() * (c.k[N - 1] - c.k[0]);
    double eps1, eps2;
    elf_smooth_epsilon(c.smooth, 1, &x, &y, &eps1, &eps2);
    CHECK_CLOSE(eps1, 10 + x * x * x * (1 + y), 1e-12);
    CHECK_CLOSE(eps2, (5 + x + x * x * x) * (20 + y + y * y * y), 1e-12);
  }
  end_case(&c);
}

/* ---- a material's oscillators ---------------------------------------------------------------- */

static const double OMEGA[2] = {2, 40}, K[2] = {300, 18000};

/** Al sampled on a grid `fine` times as fine as 60 × 15. */
static elf_table *sampled(const elfin_response *from, size_t fine)
{
  size_t n_omega = 60 * fine + 1, n_k = 15 * fine + 1, n = n_omega * n_k;
  double *omega = malloc((n_omega + n_k + 2 * n) * sizeof *omega), *k = omega + n_omega,
         *eps1 = k + n_k;
  double *eps2 = eps1 + n;
  elf_table *table = NULL;
  for (size_t i = 0; i < n_omega; i++)
    omega[i] = OMEGA[0] + (OMEGA[1] - OMEGA[0]) * (double)i / (double)(n_omega - 1);
  for (size_t i = 0; i < n_k; i++)
    k[i] = K[0] * pow(K[1] / K[0], (double)i / (double)(n_k - 1));
  for (size_t i = 0; i < n; i++)
    elfin_response_epsilon(from, 1, &omega[i % n_omega], &k[i / n_omega], &eps1[i], &eps2[i]);
  CHECK(!elf_table_new("sampled", n_omega, omega, n_k, k, eps1, eps2, 0, &table, &err));
  free(omega);
  return table;
}

/** Mean error of the ELF over mean ELF: of the bilinear table and of the smooth one. */
static void mean_errors(const elfin_response *from, size_t fine, double error[2])
{
  elf_table *table = sampled(from, fine);
  elf_smooth *smooth = NULL;
  double sum = 0;
  error[0] = error[1] = 0;
  CHECK(!elf_smooth_new("sampled", table, &smooth, &err));
  for (int i = 0; i < 20000; i++) {
    double omega = OMEGA[0] + chance() * (OMEGA[1] - OMEGA[0]),
           k = K[0] * pow(K[1] / K[0], chance());
    double elf, eps1, eps2;
    elfin_response_elf(from, 1, &omega, &k, &elf);
    sum += elf;
    elf_table_epsilon(table, 1, &omega, &k, &eps1, &eps2);
    error[0] += fabs(eps2 / (eps1 * eps1 + eps2 * eps2) - elf);
    elf_smooth_epsilon(smooth, 1, &omega, &k, &eps1, &eps2);
    error[1] += fabs(eps2 / (eps1 * eps1 + eps2 * eps2) - elf);
  }
  error[0] /= sum;
  error[1] /= sum;
  elf_smooth_free(smooth);
  elf_table_free(table);
}

/** Bilinear is of second order: half the width, a quarter of the error. Smooth is of fourth where ε
 * is; Mermin's has weak edges, and what is left of the order is well above two. */
static void a_finer_grid_helps_the_smooth_table_more(void)
{
  elfin_material *al = NULL;
  elfin_response *of_al = NULL;
  double coarse[2], fine[2];
  CHECK(!elfin_material_open("Al", &al, &err));
  CHECK(!elfin_response_open("mermin", al, elfin_constants_named("elfin"), &of_al, &err));
  mean_errors(of_al, 4, coarse);
  mean_errors(of_al, 8, fine);
  printf("Al, 241 x 61: bilinear %.2e smooth %.2e; 481 x 121: %.2e %.2e\n", coarse[0], coarse[1],
         fine[0], fine[1]);
  CHECK(coarse[1] < coarse[0] && fine[1] < 0.5 * fine[0]);
  double order[2] = {log2(coarse[0] / fine[0]), log2(coarse[1] / fine[1])};
  CHECK(order[0] > 1.5 && order[0] < 2.3);
  CHECK(order[1] > 2.5);
  elfin_response_free(of_al);
  elfin_material_free(al);
}

/* ---- brackets ---------------------------------------------------------------------------------
 */

static void brackets_say_what_is_between_and_beyond(void)
{
  elfin_table_choice c;
  size_t length = 0;
  CHECK(!elfin_table_choose("a/b.h5", &c, &length, &err) && length == 6);
  CHECK(c.interpolation == ELFIN_TABLE_BILINEAR && c.below == ELFIN_TABLE_HOLD &&
        c.above == ELFIN_TABLE_NOTHING);
  CHECK(!elfin_table_choose("a/b.h5 (smooth)", &c, &length, &err) && length == 6);
  CHECK(c.interpolation == ELFIN_TABLE_SMOOTH && c.below == ELFIN_TABLE_HOLD);
  CHECK(!elfin_table_choose("a (1).h5 (above mermin,below nothing,  smooth )", &c, &length, &err) &&
        length == 8);
  CHECK(c.interpolation == ELFIN_TABLE_SMOOTH && c.below == ELFIN_TABLE_NOTHING &&
        c.above == ELFIN_TABLE_MERMIN);
  static const char *const wrong[] = {"a.h5 (smoth)",
                                      "a.h5 (below)",
                                      "a.h5 (above vacuum)",
                                      "a.h5 (smooth, bilinear)",
                                      "a.h5 (below hold, below nothing)",
                                      "a.h5 (smooth hold)",
                                      "a.h5 ()",
                                      "a.h5 (smooth,)",
                                      "a.h5 (above mermin tail)"};
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    CHECK(elfin_table_choose(wrong[i], &c, &length, &err) == ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, "a.h5 (");
  }
}

/* ---- beyond the momenta ------------------------------------------------------------------------
 */

static elfin_response *small_table(const char *text, const elfin_material *material)
{
  static const double omega[3] = {5, 10, 20}, k[2] = {1000, 4000};
  static const double eps1[6] = {2, 1, 0.5, 1.5, 1.2, 1}, eps2[6] = {1, 2, 0.5, 0.2, 0.1, 0.1};
  elfin_response *made = NULL;
  if (elfin_response_new_chosen(text, 3, omega, 2, k, eps1, eps2, "ours", material,
                                elfin_constants_named("elfin"), &made, &err))
    fprintf(stderr, "%s\n", err.text);
  CHECK(made != NULL);
  return made;
}

static double elf_at(const elfin_response *response, double omega, double k)
{
  double elf;
  elfin_response_elf(response, 1, &omega, &k, &elf);
  return elf;
}

static void below_and_above_are_nothing_held_or_mermin(void)
{
  elfin_material *al = NULL;
  elfin_response *of_al = NULL;
  CHECK(!elfin_material_open("Al", &al, &err));
  CHECK(!elfin_response_open("mermin", al, elfin_constants_named("elfin"), &of_al, &err));
  static const char *const between[] = {"bilinear", "smooth"};
  for (int i = 0; i < 2; i++) {
    char text[3][64];
    snprintf(text[0], sizeof text[0], "t.h5 (%s, below nothing)", between[i]);
    snprintf(text[1], sizeof text[1], "t.h5 (%s, above hold)", between[i]);
    snprintf(text[2], sizeof text[2], "t.h5 (%s, below mermin, above mermin)", between[i]);
    elfin_response *nothing = small_table(text[0], NULL), *hold = small_table(text[1], NULL);
    elfin_response *tail = small_table(text[2], al);
    CHECK(elf_at(nothing, 7, 999) == 0 && elf_at(nothing, 7, 4001) == 0 &&
          elf_at(nothing, 7, 1000) > 0);
    CHECK(elf_at(hold, 7, 10) == elf_at(hold, 7, 1000) &&
          elf_at(hold, 7, 9e4) == elf_at(hold, 7, 4000));
    CHECK(elf_at(tail, 7, 999) == elf_at(of_al, 7, 999) &&
          elf_at(tail, 7, 5e4) == elf_at(of_al, 7, 5e4));
    CHECK(elf_at(tail, 7, 2000) == elf_at(hold, 7, 2000));
    CHECK(elf_at(tail, 4.9, 5e4) == 0 &&
          elf_at(tail, 20.1, 5e4) == 0); /* energies end with the table */
    CHECK_TEXT(elfin_response_about(tail).path, "t.h5");
    CHECK_TEXT(elfin_response_about(tail).source, "ours");
    CHECK_SAYS(elfin_response_about(tail).interpolation, between[i]);
    CHECK_SAYS(elfin_response_about(tail).interpolation, "above mermin");
    elfin_response_free(nothing);
    elfin_response_free(hold);
    elfin_response_free(tail);
  }
  elfin_response *none = NULL;
  static const double x[2] = {1, 2}, eps[4] = {1, 1, 1, 1};
  CHECK(elfin_response_new_chosen("t.h5 (above mermin)", 2, x, 2, x, eps, eps, NULL, NULL,
                                  elfin_constants_named("elfin"), &none, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "oscillators");
  CHECK(none == NULL);
  elfin_response_free(of_al);
  elfin_material_free(al);
}

int main(void)
{
  the_loss_is_nowhere_negative_on_random_grids();
  nodes_are_met_bit_for_bit();
  slopes_do_not_jump_at_knots();
  a_bicubic_is_reproduced();
  a_finer_grid_helps_the_smooth_table_more();
  brackets_say_what_is_between_and_beyond();
  below_and_above_are_nothing_held_or_mermin();
  return check_result();
}
