/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_flux.c
 * Moments of a flux against adaptive quadrature of their definition; tables that are refused. */
#include "check.h"

#include "halo/flux_moments.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>

#include <unistd.h>

typedef struct cell {
  const double *v, *flux; /* two points */
  int power;              /* of 1/γ */
} cell;

static double of_definition(double v, void *context)
{
  const cell *c = context;
  double flux = c->flux[0] + (c->flux[1] - c->flux[0]) * (v - c->v[0]) / (c->v[1] - c->v[0]);
  return flux / (v * v) * pow((1 - v) * (1 + v), 0.5 * c->power);
}

/** H_j by quadrature, from point to point. */
static double by_quadrature(size_t n, const double v[], const double flux[], double v_min, int power)
{
  gsl_integration_workspace *room = gsl_integration_workspace_alloc(1000);
  double sum = 0, part, error;
  for (size_t i = 0; i + 1 < n; i++) {
    cell c = {&v[i], &flux[i], power};
    gsl_function f = {of_definition, &c};
    if (v_min >= v[i + 1])
      continue;
    gsl_integration_qag(&f, fmax(v[i], v_min), v[i + 1], 0, 1e-13, 1000, GSL_INTEG_GAUSS61, room,
                        &part, &error);
    sum += part;
  }
  gsl_integration_workspace_free(room);
  return sum;
}

static void moments_are_their_definition(void)
{
  /* Wide and narrow cells, slow and nearly as fast as light, with a gap in the middle. */
  static const double v[] = {1e-4, 1.2e-4, 3e-3, 0.1, 0.100001, 0.3, 0.6, 0.9, 0.99, 0.9999, 0.999999};
  static const double flux[] = {3, 5, 2, 1, 4, 0, 0, 2, 7, 1, 3};
  static const double v_min[] = {1e-5, 1e-4, 1.1e-4, 1.19999e-4, 1e-3, 0.05, 0.1000005, 0.2, 0.5,
                                 0.899, 0.95, 0.99985, 0.9999985};
  enum { N = sizeof v / sizeof *v };
  elfin_flux *made = NULL;
  CHECK(elfin_flux_new_table(N, v, flux, &made, NULL) == ELFIN_OK);
  gsl_set_error_handler_off();
  for (size_t i = 0; i < sizeof v_min / sizeof *v_min; i++) {
    double H[FLUX_N_MOMENTS];
    flux_moments(made, v_min[i], H);
    double tolerance = 3e-12 + 2e-16 / (1 - v_min[i]); /* the quadrature rounds its 1 − v */
    for (int j = 0; j < FLUX_N_MOMENTS; j++)
      CHECK_CLOSE(H[j], by_quadrature(N, v, flux, v_min[i], j), tolerance);
  }
  CHECK_CLOSE(elfin_flux_v_max(made), 0.999999, 0);
  elfin_flux_free(made);
}

static void the_ends_are_kept(void)
{
  static const double v[] = {0, 0.5}, flux[] = {0, 2};
  double H[FLUX_N_MOMENTS];
  elfin_flux *made = NULL;
  CHECK(elfin_flux_new_table(2, v, flux, &made, NULL) == ELFIN_OK);
  CHECK_CLOSE(elfin_flux_total(made), 0.5, 1e-15);
  flux_moments(made, 0.5, H);
  CHECK(H[0] == 0 && H[1] == 0 && H[2] == 0);
  flux_moments(made, 0.9, H);
  CHECK(H[0] == 0 && H[1] == 0 && H[2] == 0);
  flux_moments(made, NAN, H);
  CHECK(isnan(H[0]) && isnan(H[1]) && isnan(H[2]));
  flux_moments(made, 1e-6, H); /* ∫ 4 v/v² */
  CHECK_CLOSE(H[0], 4 * log(0.5 / 1e-6), 1e-13);
  flux_moments(made, 0.5 * (1 - 1e-9), H); /* nothing cancels at the end */
  CHECK_CLOSE(H[0], -4 * log1p(-1e-9), 1e-7);
  elfin_flux_free(made);
  elfin_flux_free(NULL);
}

static void refuse(size_t n, const double v[], const double flux[], const char *says)
{
  elfin_flux *made = NULL;
  elfin_error err = {""};
  CHECK(elfin_flux_new_table(n, v, flux, &made, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, says);
  CHECK(made == NULL);
}

static void what_is_no_flux_is_refused(void)
{
  static const double v[] = {0.1, 0.2, 0.3}, flux[] = {1, 2, 3};
  refuse(1, v, flux, "at least 2 points, not 1");
  refuse(2, (double[]){0.2, 0.1}, flux, "v[1] = 0.1 c does not ascend after 0.2 c");
  refuse(2, (double[]){0.2, 1}, flux, "v[1] = 1 c: it must be at least 0 and below 1");
  refuse(2, (double[]){-0.2, 0.1}, flux, "v[0] = -0.2 c");
  refuse(2, (double[]){NAN, 0.1}, flux, "v[0] = nan c");
  refuse(2, v, (double[]){1, -1}, "flux[1] = -1/(cm2 s): it must be finite and not negative");
  refuse(2, v, (double[]){1, INFINITY}, "flux[1] = inf");
  refuse(3, v, (double[]){0, 0, 0}, "the flux is 0 at all of its 3 speeds");
}

/** A file with this text is refused. */
static void refuse_text(const char *text, const char *says)
{
  char path[256];
  elfin_flux *made = NULL;
  elfin_error err = {""};
  snprintf(path, sizeof path, P_tmpdir "/elfin_flux_%ld.dat", (long)getpid());
  FILE *file = fopen(path, "w");
  CHECK(file != NULL);
  if (!file)
    return;
  fputs(text, file);
  fclose(file);
  CHECK(elfin_flux_open(path, &made, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, says);
  CHECK_SAYS(err.text, path);
  remove(path);
}

static void a_bad_file_is_named_with_its_line(void)
{
  elfin_flux *made = NULL;
  elfin_error err = {""};
  refuse_text("# v flux\n0.1 1\n0.05 1\n", ":3: v = 0.05 c, dPhi/dv = 1/(cm2 s): v must ascend");
  refuse_text("100 1\n220 1\n", ":1: v = 100 c, dPhi/dv = 1/(cm2 s): v must be below 1: speeds are in "
              "units of c");
  refuse_text("0.1 1\n0.2 -3\n", ":2: ");
  refuse_text("0.1 1 2\n", ":1");
  refuse_text("0.1 1\n0.2 nan\n", ":2");
  refuse_text("0.1 0\n0.2 0\n", "the flux is 0");
  refuse_text("0.1 1\n", "at least 2 points");
  CHECK(elfin_flux_open("/no/such/flux.dat", &made, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "/no/such/flux.dat");
}

int main(void)
{
  moments_are_their_definition();
  the_ends_are_kept();
  what_is_no_flux_is_refused();
  a_bad_file_is_named_with_its_line();
  return check_result();
}
