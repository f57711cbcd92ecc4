/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_integrate.c
 * Sums over panels against closed forms, and what happens to integrals that cannot be had.
 *
 * The estimate is a claim as well. It covers the difference from the closed form always where the
 * integrand is smooth on each panel, which is what callers provide; for random tables, whose kinks
 * are inside of panels, in at least 99 of 100. Kinks and waves finer than the rule that nobody
 * announced may be off by a few times the estimate.
 */
#include "check.h"

#include "numerics/numerics.h"

static const long BUDGET = 4000000;
/* Closed forms are sums of a few rounded terms. */
static const double ROUNDING = 1e-15;
/* What an estimate may be short of across a kink, or below the resolution of the rule (17 points
 * for 6 waves). */
static const double KINKED = 4, UNDERSAMPLED = 15;

/* ---- integrands with closed forms on the unit square (or its lower edge) --------------------- */

typedef struct problem {
  const char *name;
  unsigned dim;
  double (*f)(double x, double y);
  double exact;
  double trust; /* |difference| ≤ trust × estimate */
} problem;

static double exponential(double x, double y) { return exp(x - 2 * y); }
static double wave(double x, double y) { return 1 + cos(40 * x + y); }
static double peak(double x, double y) { return 1e-3 / ((x - 0.3) * (x - 0.3) + 1e-6) * (1 + y); }
static double root(double x, double y) { return sqrt(x) * (1 + y); }
static double kink(double x, double y) { return fabs(x - 0.3) + y; }
static double negative(double x, double y) { return -x * x - y; }
static double diagonal_kink(double x, double y) { return fabs(x - y); }
static double no_product(double x, double y) { return 1 / (1 + x + y); }
static double closed_window(double x, double y) { return x + y < 1 ? sqrt(1 - x - y) : 0; }
static double zero(double x, double y) { return 0 * (x + y); }



enum { N_PROBLEMS = 15 };

static void list_problems(problem list[N_PROBLEMS])
{
  double e1 = expm1(1), e2 = -expm1(-2) / 2;
  double lorentz = atan(700) + atan(300);
  const problem all[N_PROBLEMS] = {
      {"exponential", 1, exponential, e1, 1},
      {"wave", 1, wave, 1 + sin(40) / 40, 1},
      {"peak", 1, peak, lorentz, 1},
      {"root", 1, root, 2.0 / 3, 1},
      {"kink", 1, kink, (0.09 + 0.49) / 2, KINKED},
      {"negative", 1, negative, -1.0 / 3, 1},
      {"zero", 1, zero, 0, 1},
      {"exponential", 2, exponential, e1 * e2, 1},
      {"wave", 2, wave, 1 + (cos(40) - cos(41) - 1 + cos(1)) / 40, UNDERSAMPLED},
      {"peak", 2, peak, 1.5 * lorentz, 1},
      {"kink", 2, kink, (0.09 + 0.49) / 2 + 0.5, KINKED},
      {"diagonal kink", 2, diagonal_kink, 1.0 / 3, KINKED},
      {"no product", 2, no_product, 3 * log(3) - 4 * log(2), 1},
      {"closed window", 2, closed_window, 4.0 / 15, KINKED},
      {"zero", 2, zero, 0, 1},
  };
  memcpy(list, all, sizeof all);
}

/** A problem on n_panels columns of equal width. */
typedef struct columns {
  const problem *p;
  size_t n_panels;
} columns;

static void on_column(void *context, size_t i_panel, size_t n, const double x[], double f[])
{
  const columns *c = context;
  unsigned dim = c->p->dim;
  double width = 1.0 / (double)c->n_panels;
  for (size_t i = 0; i < n; i++)
    f[i] = width * c->p->f(((double)i_panel + x[dim * i]) * width, dim > 1 ? x[dim * i + 1] : 0);
}

static integral_request request_of(columns *c, double relative)
{
  return (integral_request){.dim = c->p->dim, .n_panels = c->n_panels, .f = on_column, .context = c,
                            .relative = relative, .max_evaluations = BUDGET};
}

/* ---- what is reached, and what is said of it ------------------------------------------------- */

static void sums_meet_closed_forms_and_estimates_cover_the_truth(void)
{
  static const double relative[] = {1e-2, 1e-4, 1e-6, 1e-8};
  static const size_t n_panels[] = {1, 3, 16};
  problem list[N_PROBLEMS];
  list_problems(list);
  for (size_t i = 0; i < N_PROBLEMS; i++)
    for (size_t j = 0; j < 4; j++)
      for (size_t m = 0; m < 3; m++) {
        double accuracy = relative[j];
        if (list[i].f == diagonal_kink || list[i].f == closed_window) /* halving is slow there */
          accuracy = fmax(accuracy, 1e-5);
        columns c = {&list[i], n_panels[m]};
        integral_request r = request_of(&c, accuracy);
        integral found;
        elfin_error err = {""};
        elfin_status status = integrate_panels(&r, &found, &err);
        double difference = fabs(found.value - list[i].exact);
        bool good = status == ELFIN_OK && found.error <= accuracy * fabs(found.value) &&
                    difference <= list[i].trust * found.error + ROUNDING;
        CHECK(good);
        if (!good)
          fprintf(stderr, "  %s in %u-D, %zu panels, to %g: off by %.2g, estimate %.2g, %s\n",
                  list[i].name, list[i].dim, c.n_panels, accuracy, difference, found.error,
                  err.text);
      }
}

static void the_estimate_is_never_below_what_rounding_does(void)
{
  const problem one = {"negative", 1, negative, -1.0 / 3, 1};
  columns c = {&one, 4};
  integral_request r = request_of(&c, 1e-3);
  integral found;
  CHECK(integrate_panels(&r, &found, NULL) == ELFIN_OK);
  CHECK_CLOSE(found.value, one.exact, 4 * ROUNDING);
  CHECK(found.error >= INTEGRAL_ROUNDING * fabs(found.value));
}

static void the_absolute_error_is_as_good_as_the_relative(void)
{
  const problem sharp = {"root", 2, root, 0, 1};
  columns c = {&sharp, 1};
  integral_request strict = request_of(&c, 1e-9), loose = strict;
  integral fine, coarse;
  loose.absolute = 1e-3;
  CHECK(integrate_panels(&strict, &fine, NULL) == ELFIN_OK);
  CHECK(integrate_panels(&loose, &coarse, NULL) == ELFIN_OK);
  CHECK(coarse.error <= 1e-3 && fabs(coarse.value - fine.value) <= coarse.error);
  CHECK(10 * coarse.evaluations < fine.evaluations);
}

static void effort_goes_where_the_error_is(void)
{
  const problem sharp = {"peak", 1, peak, 0, 1};
  columns one = {&sharp, 1}, many = {&sharp, 64};
  integral_request a = request_of(&one, 1e-9), b = request_of(&many, 1e-9);
  integral from_one, from_many;
  CHECK(integrate_panels(&a, &from_one, NULL) == ELFIN_OK);
  CHECK(integrate_panels(&b, &from_many, NULL) == ELFIN_OK);
  CHECK_CLOSE(from_many.value, from_one.value, 2e-9);
  CHECK(from_many.evaluations < 3 * from_one.evaluations); /* not 64 times as many */
}

static void the_same_integral_has_the_same_bits(void)
{
  const problem sharp = {"peak", 2, peak, 0, 1};
  columns c = {&sharp, 5};
  integral_request r = request_of(&c, 1e-7);
  integral first, second;
  CHECK(integrate_panels(&r, &first, NULL) == ELFIN_OK);
  CHECK(integrate_panels(&r, &second, NULL) == ELFIN_OK);
  CHECK(memcmp(&first, &second, sizeof first) == 0);
}

/* ---- tables: kinks inside of panels ---------------------------------------------------------- */

enum { KNOTS = 40, MAX_PIECES = 4 * KNOTS * KNOTS };

typedef struct rectangle {
  double x0, x1, y0, y1;
} rectangle;

/** A bilinear table on the unit square; in one dimension its first row counts. */
typedef struct table {
  unsigned dim;
  double knot[KNOTS], value[KNOTS][KNOTS]; /* [y][x] */
  size_t n_pieces;
  rectangle piece[MAX_PIECES];
} table;

static double uniform(unsigned long long *state) /* 0 … 1, the same numbers everywhere */
{
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (double)(*state >> 11) / 9007199254740992.0;
}

static size_t cell_of(const table *t, double x)
{
  size_t i = 0;
  while (i + 2 < KNOTS && t->knot[i + 1] <= x)
    i++;
  return i;
}

static double table_at(const table *t, double x, double y)
{
  size_t i = cell_of(t, x), j = cell_of(t, y);
  double a = (x - t->knot[i]) / (t->knot[i + 1] - t->knot[i]);
  double b = (y - t->knot[j]) / (t->knot[j + 1] - t->knot[j]);
  double low = (1 - a) * t->value[j][i] + a * t->value[j][i + 1];
  double high = (1 - a) * t->value[j + 1][i] + a * t->value[j + 1][i + 1];
  return (1 - b) * low + b * high;
}

static double table_integral(const table *t)
{
  double sum = 0;
  for (size_t i = 0; i + 1 < KNOTS; i++) {
    double width = t->knot[i + 1] - t->knot[i];
    if (t->dim == 1)
      sum += 0.5 * width * (t->value[0][i] + t->value[0][i + 1]);
    for (size_t j = 0; t->dim > 1 && j + 1 < KNOTS; j++)
      sum += 0.25 * width * (t->knot[j + 1] - t->knot[j]) *
             (t->value[j][i] + t->value[j][i + 1] + t->value[j + 1][i] + t->value[j + 1][i + 1]);
  }
  return sum;
}

static void on_piece(void *context, size_t i_panel, size_t n, const double x[], double f[])
{
  const table *t = context;
  const rectangle *p = &t->piece[i_panel];
  double width = p->x1 - p->x0, height = t->dim > 1 ? p->y1 - p->y0 : 1;
  for (size_t i = 0; i < n; i++) {
    double y = t->dim > 1 ? p->y0 + height * x[2 * i + 1] : 0;
    f[i] = width * height * table_at(t, p->x0 + width * x[t->dim * i], y);
  }
}

/** The middle knot strictly inside; 0: none. */
static size_t knot_inside(const table *t, double low, double high)
{
  size_t first = 0, last = 0;
  for (size_t i = 1; i + 1 < KNOTS; i++)
    if (t->knot[i] > low && t->knot[i] < high) {
      first = first ? first : i;
      last = i;
    }
  return (first + last) / 2;
}

static bool any_knot(void *context, size_t i_panel)
{
  const table *t = context;
  const rectangle *p = &t->piece[i_panel];
  return knot_inside(t, p->x0, p->x1) || (t->dim > 1 && knot_inside(t, p->y0, p->y1));
}

static size_t cut_at_knot(void *context, size_t i_panel)
{
  table *t = context;
  rectangle *p = &t->piece[i_panel];
  size_t i = knot_inside(t, p->x0, p->x1), j = t->dim > 1 ? knot_inside(t, p->y0, p->y1) : 0;
  size_t before = t->n_pieces;
  if (i) {
    t->piece[t->n_pieces] = *p;
    t->piece[t->n_pieces++].x0 = t->knot[i];
    p->x1 = t->knot[i];
  }
  for (size_t m = 0, n = 1 + t->n_pieces - before; j && m < n; m++) {
    rectangle *lower = m == 0 ? p : &t->piece[before + m - 1];
    t->piece[t->n_pieces] = *lower;
    t->piece[t->n_pieces++].y0 = t->knot[j];
    lower->y1 = t->knot[j];
  }
  return t->n_pieces - before;
}

/** Knots at random, values of a smooth function with a bump, with `noise`. */
static void fill_table(table *t, unsigned dim, double noise, unsigned long long *state)
{
  t->dim = dim;
  t->n_pieces = 1;
  t->piece[0] = (rectangle){0, 1, 0, 1};
  t->knot[0] = 0;
  for (size_t i = 1; i < KNOTS; i++)
    t->knot[i] = t->knot[i - 1] + 0.2 + uniform(state);
  for (size_t i = 0; i < KNOTS; i++)
    t->knot[i] /= t->knot[KNOTS - 1];
  double at = uniform(state), width = 0.02 + 0.3 * uniform(state);
  for (size_t j = 0; j < KNOTS; j++)
    for (size_t i = 0; i < KNOTS; i++) {
      double x = (t->knot[i] - at) / width, y = (t->knot[j] - at) / width;
      t->value[j][i] = 1 / (1 + x * x + y * y) + noise * uniform(state);
    }
}

static void tables_are_cut_at_their_knots(unsigned dim, int n_tables)
{
  static const panel_kinks kinks = {any_knot, cut_at_knot};
  static const double noise[] = {0, 0.01, 0.3};
  unsigned long long state = 1954;
  static table t;
  int n = 0, covered = 0;
  double worst = 0;
  for (int i = 0; i < n_tables; i++)
    for (int j = 0; j < 3; j++) {
      double relative = pow(10, -1 - 4 * uniform(&state));
      fill_table(&t, dim, noise[j], &state);
      integral_request r = {.dim = dim, .n_panels = 1, .f = on_piece, .kinks = &kinks,
                            .context = &t, .relative = relative, .max_evaluations = BUDGET};
      integral found;
      CHECK(integrate_panels(&r, &found, NULL) == ELFIN_OK);
      double exact = table_integral(&t), difference = fabs(found.value - exact);
      CHECK(found.error <= relative * found.value);
      n++;
      covered += difference <= found.error;
      worst = fmax(worst, difference / found.error);
    }
  printf("%u-D tables: %d integrals, %d covered by their estimate, worst %.2g of it\n", dim, n,
         covered, worst);
  CHECK(covered >= 0.99 * n);
  CHECK(worst < 10);
}

static void cut_at_every_knot_a_table_is_exact(void)
{
  static const panel_kinks kinks = {any_knot, cut_at_knot};
  unsigned long long state = 7;
  static table t;
  for (unsigned dim = 1; dim <= 2; dim++) {
    fill_table(&t, dim, 0.3, &state);
    integral_request r = {.dim = dim, .n_panels = 1, .f = on_piece, .kinks = &kinks, .context = &t,
                          .relative = 1e-11, .max_evaluations = BUDGET};
    integral found;
    CHECK(integrate_panels(&r, &found, NULL) == ELFIN_OK);
    CHECK_CLOSE(found.value, table_integral(&t), 1e-13); /* a sum of 1521 rounded cells */
    CHECK(t.n_pieces == (dim == 1 ? KNOTS - 1 : (KNOTS - 1) * (KNOTS - 1)));
  }
}

static size_t list_is_full(void *context, size_t i_panel)
{
  (void)context;
  (void)i_panel;
  return 0;
}

static void a_full_list_of_panels_leaves_kinks_to_cubature(void)
{
  static const panel_kinks kinks = {any_knot, list_is_full};
  unsigned long long state = 11;
  static table t;
  fill_table(&t, 1, 0.01, &state);
  integral_request r = {.dim = 1, .n_panels = 1, .f = on_piece, .kinks = &kinks, .context = &t,
                        .relative = 1e-5, .max_evaluations = BUDGET};
  integral found;
  CHECK(integrate_panels(&r, &found, NULL) == ELFIN_OK);
  CHECK(fabs(found.value - table_integral(&t)) <= found.error);
}

/* ---- integrals that cannot be had ------------------------------------------------------------ */

static void zero_is_zero_at_once(void)
{
  const problem nothing = {"zero", 2, zero, 0, 1};
  columns c = {&nothing, 8};
  integral_request r = request_of(&c, 1e-8);
  integral found;
  CHECK(integrate_panels(&r, &found, NULL) == ELFIN_OK);
  CHECK(found.value == 0 && found.error == 0 && found.evaluations < 8 * 20);
}

static void no_panels_are_nothing(void)
{
  const problem any = {"exponential", 2, exponential, 0, 1};
  columns c = {&any, 0};
  integral_request r = request_of(&c, 1e-8);
  integral found = {1, 1, 1};
  CHECK(integrate_panels(&r, &found, NULL) == ELFIN_OK);
  CHECK(found.value == 0 && found.error == 0 && found.evaluations == 0);
}

static double odd(double x, double y) { return x - 0.5 + 0 * y; }

static void what_cancels_has_no_relative_accuracy_but_an_absolute_one(void)
{
  const problem cancels = {"odd", 1, odd, 0, 1};
  columns c = {&cancels, 3};
  integral_request r = request_of(&c, 1e-6);
  integral found;
  r.max_evaluations = 10000;
  r.absolute = 1e-12;
  CHECK(integrate_panels(&r, &found, NULL) == ELFIN_OK);
  CHECK_NEAR(found.value, 0, 1e-12);
}

static double pole(double x, double y) { return 1 / pow(fabs(x - 0.31415926) + 1e-300, 1.01) + y; }

static void a_spent_budget_is_said(void)
{
  const problem endless = {"pole", 1, pole, 0, 1};
  const problem slow = {"diagonal kink", 2, diagonal_kink, 1.0 / 3, KINKED};
  columns c = {&endless, 1}, d = {&slow, 2};
  integral_request r = request_of(&c, 1e-8), s = request_of(&d, 1e-9);
  integral found;
  elfin_error err = {""};
  r.max_evaluations = s.max_evaluations = 5000;
  CHECK(integrate_panels(&r, &found, &err) == ELFIN_E_ACCURACY);
  CHECK_SAYS(err.text, "1.0e-08 was asked, after");
  CHECK(found.value > 0 && found.error > 1e-8 * found.value);
  CHECK(found.evaluations < 2 * 5000);
  CHECK(integrate_panels(&s, &found, &err) == ELFIN_E_ACCURACY);
  CHECK_SAYS(err.text, "1.0e-09 was asked, after");
  CHECK(fabs(found.value - slow.exact) <= found.error); /* the best known value, with its error */
  CHECK(found.evaluations < 2 * 5000);
}

static double nan_in_a_corner(double x, double y) { return x > 0.75 && y > 0.5 ? NAN : 1; }
static double infinite(double x, double y) { return x > 0.25 && x < 0.5 ? INFINITY : 1 + 0 * y; }

static void what_is_not_finite_is_named_by_its_panel(void)
{
  const problem bad = {"nan", 2, nan_in_a_corner, 0, 1};
  const problem worse = {"infinite", 1, infinite, 0, 1};
  columns c = {&bad, 4}, d = {&worse, 4};
  integral_request r = request_of(&c, 1e-3), s = request_of(&d, 1e-3);
  integral found;
  elfin_error err = {""};
  r.max_evaluations = s.max_evaluations = 20000;
  CHECK(integrate_panels(&r, &found, &err) == ELFIN_E_VALIDITY);
  CHECK_SAYS(err.text, "not finite in panel 3 at (0.");
  CHECK(isfinite(found.value));
  CHECK(integrate_panels(&s, &found, &err) == ELFIN_E_VALIDITY);
  CHECK_SAYS(err.text, "not finite in panel 1 at (");
  CHECK(integrate_panels(&s, &found, NULL) == ELFIN_E_VALIDITY);
}

static void too_many_panels_or_dimensions_are_refused(void)
{
  const problem any = {"exponential", 1, exponential, expm1(1), 1};
  columns c = {&any, INTEGRAL_MAX_PANELS};
  integral_request r = request_of(&c, 1e-8);
  integral found;
  elfin_error err = {""};
  CHECK(integrate_panels(&r, &found, &err) == ELFIN_OK);
  CHECK_CLOSE(found.value, any.exact, 1e-11);
  r.n_panels++;
  CHECK(integrate_panels(&r, &found, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "8193 panels");
  CHECK(isnan(found.value));
  r.n_panels = 1;
  for (unsigned dim = 0; dim <= 3; dim += 3) {
    r.dim = dim;
    CHECK(integrate_panels(&r, &found, &err) == ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, dim ? "in 3 dimensions" : "in 0 dimensions");
  }
}

/* ---- stopping ---------------------------------------------------------------------------------- */

static bool third_time(void *context)
{
  return ++*(int *)context >= 3;
}

static void an_integral_ends_when_it_is_asked_to(void)
{
  const problem slow = {"diagonal kink", 2, diagonal_kink, 1.0 / 3, KINKED};
  columns c = {&slow, 2};
  integral_request r = request_of(&c, 1e-9);
  integral found;
  elfin_error err = {""};
  int asked = 0;
  r.max_evaluations = 1000000;
  elfin_on_interrupt(third_time, &asked);
  CHECK(integrate_panels(&r, &found, &err) == ELFIN_E_STOPPED);
  CHECK(asked == 3);
  CHECK(found.evaluations < 20000);
  elfin_on_interrupt(NULL, NULL);
  CHECK(!elfin_interrupted());
}

int main(void)
{
  sums_meet_closed_forms_and_estimates_cover_the_truth();
  the_estimate_is_never_below_what_rounding_does();
  the_absolute_error_is_as_good_as_the_relative();
  effort_goes_where_the_error_is();
  the_same_integral_has_the_same_bits();
  tables_are_cut_at_their_knots(1, 300);
  tables_are_cut_at_their_knots(2, 60);
  cut_at_every_knot_a_table_is_exact();
  a_full_list_of_panels_leaves_kinks_to_cubature();
  zero_is_zero_at_once();
  no_panels_are_nothing();
  what_cancels_has_no_relative_accuracy_but_an_absolute_one();
  a_spent_budget_is_said();
  what_is_not_finite_is_named_by_its_panel();
  too_many_panels_or_dimensions_are_refused();
  an_integral_ends_when_it_is_asked_to();
  return check_result();
}
