/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_halo_contract.c
 * Halos from tables, presets, and every way in which a halo can be refused. */
#include "check.h"

#include <elfin/halo.h>

#include <unistd.h>

static const double C_KM_S = 299792.458;
static const double V[] = {0, 1e-3, 2e-3, 2.5e-3};
static const double ETA[] = {1000, 800, 200, 0};

static elfin_halo *table_of(size_t n, const double v[], const double eta[])
{
  elfin_halo *halo = NULL;
  elfin_error err;
  elfin_status status = elfin_halo_new_table(n, v, eta, &halo, &err);
  if (status) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  return halo;
}

static void a_table_is_linear_between_its_points(void)
{
  elfin_halo *halo = table_of(4, V, ETA);
  double v[] = {0, 5e-4, 1e-3, 1.5e-3, 2.25e-3, 2.5e-3, 1, NAN};
  double eta[8], f1[8];
  elfin_halo_eta(halo, 8, v, eta);
  elfin_halo_f1(halo, 8, v, f1);
  CHECK_CLOSE(eta[0], 1000, 0);
  CHECK_CLOSE(eta[1], 900, 1e-15);
  CHECK_CLOSE(eta[2], 800, 1e-15);
  CHECK_CLOSE(eta[3], 500, 1e-15);
  CHECK_CLOSE(eta[4], 100, 1e-14);
  CHECK(eta[5] == 0 && eta[6] == 0 && isnan(eta[7]));
  CHECK_CLOSE(f1[1], 5e-4 * 200 / 1e-3, 1e-14); /* −v dη/dv */
  CHECK_CLOSE(f1[3], 1.5e-3 * 600 / 1e-3, 1e-14);
  CHECK_CLOSE(f1[4], 2.25e-3 * 200 / 5e-4, 1e-14);
  CHECK(f1[5] == 0 && f1[6] == 0 && isnan(f1[7]));
  elfin_halo_eta(halo, 8, v, v); /* the same array is allowed */
  for (int i = 0; i < 7; i++)
    CHECK(v[i] == eta[i]);
  elfin_halo_free(halo);
}

static void below_its_first_point_a_table_is_constant(void)
{
  elfin_halo *halo = table_of(3, V + 1, ETA + 1);
  double v[] = {0, 9.99e-4}, eta[2], f1[2];
  elfin_halo_eta(halo, 2, v, eta);
  elfin_halo_f1(halo, 2, v, f1);
  CHECK(eta[0] == 800 && eta[1] == 800);
  CHECK(f1[0] == 0 && f1[1] == 0);
  elfin_halo_free(halo);
}

static void every_point_of_a_table_is_a_kink(void)
{
  size_t n;
  elfin_halo *halo = table_of(4, V, ETA);
  const double *kinks = elfin_halo_kinks(halo, &n);
  CHECK(n == 3 && kinks[0] == V[1] && kinks[2] == V[3]); /* v = 0 is none */
  CHECK(elfin_halo_v_max(halo) == V[3]);
  elfin_halo_free(halo);
  halo = table_of(3, V + 1, ETA + 1);
  kinks = elfin_halo_kinks(halo, &n);
  CHECK(n == 3 && kinks[0] == V[1]);
  elfin_halo_free(halo);
}

static void a_dense_table_agrees_with_the_halo_it_was_made_from(void)
{
  enum { N = 20001 };
  static double v[N], eta[N], middle[N - 1], between[N - 1], exact[N - 1];
  elfin_halo *halo = NULL;
  CHECK(!elfin_halo_new_shm(220 / C_KM_S, 500 / C_KM_S, 240 / C_KM_S, &halo, NULL));
  double v_max = elfin_halo_v_max(halo);
  for (int i = 0; i < N; i++) /* uneven: dense towards the end */
    v[i] = i == N - 1 ? v_max : v_max * (1 - pow(1 - (double)i / (N - 1), 2));
  elfin_halo_eta(halo, N, v, eta);
  for (int i = 0; i < N - 1; i++)
    middle[i] = 0.5 * (v[i] + v[i + 1]);
  elfin_halo *table = table_of(N, v, eta);
  elfin_halo_eta(table, N - 1, middle, between);
  elfin_halo_eta(halo, N - 1, middle, exact);
  for (int i = 0; i < N - 1; i++)
    CHECK_NEAR(between[i], exact[i], 1e-7 * eta[0]); /* (cell)²/8 · η'' */
  elfin_halo_free(table);
  elfin_halo_free(halo);
}

static void kinks_of_the_maxwellian_are_where_the_sphere_is_cut(void)
{
  static const struct {
    double v_lab;
    size_t n;
    double first;
  } cases[] = {{240, 2, 260}, {0, 1, 500}, {500, 1, 1000}};
  for (int i = 0; i < 3; i++) {
    elfin_halo *halo = NULL;
    CHECK(!elfin_halo_new_shm(220 / C_KM_S, 500 / C_KM_S, cases[i].v_lab / C_KM_S, &halo, NULL));
    size_t n;
    const double *kinks = elfin_halo_kinks(halo, &n);
    CHECK(n == cases[i].n);
    CHECK_CLOSE(kinks[0] * C_KM_S, cases[i].first, 1e-14);
    CHECK(kinks[n - 1] == elfin_halo_v_max(halo));
    CHECK_CLOSE(elfin_halo_v_max(halo) * C_KM_S, 500 + cases[i].v_lab, 1e-14);
    elfin_halo_free(halo);
  }
}

static void presets_are_what_their_papers_say(void)
{
  size_t n;
  const elfin_halo_preset *presets = elfin_halo_presets(&n);
  CHECK(n == 5);
  CHECK_TEXT(presets[0].name, "shm");
  CHECK(presets[0].rho_GeV_cm3 == 0.4 && presets[0].v0_km_s == 220 &&
        presets[0].vesc_km_s == 500 && presets[0].vearth_km_s == 240);
  CHECK_TEXT(presets[1].name, "recommended-2021");
  CHECK(presets[1].rho_GeV_cm3 == 0.3 && presets[1].v0_km_s == 238 &&
        presets[1].vesc_km_s == 544 && presets[1].vearth_km_s == 250);
  CHECK_SAYS(presets[1].source, "2105.00599");
  CHECK_TEXT(presets[2].name, "shm++");
  CHECK(presets[2].rho_GeV_cm3 == 0.55 && presets[2].v0_km_s == 233 && presets[2].vesc_km_s == 528 &&
        presets[2].fraction == 0.2 && presets[2].beta == 0.9);
  CHECK_SAYS(presets[2].source, "1810.11468");
  CHECK_TEXT(presets[3].name, "tsallis");
  CHECK_CLOSE(elfin_halo_escape_km_s(&presets[3]), 267.2 / sqrt(1 - 0.773), 1e-15);
  CHECK(elfin_halo_escape_km_s(&presets[1]) == 544);
}

static void wrong_speeds_are_refused_by_name(void)
{
  static const struct {
    double v0, v_esc, v_lab;
    const char *says;
  } cases[] = {
      {0, 1e-3, 1e-4, "v0"},         {-1e-3, 1e-3, 1e-4, "v0"},     {NAN, 1e-3, 1e-4, "v0"},
      {220, 500, 240, "v0 = 220 c"}, {1e-3, 0, 0, "v_esc"},         {1e-3, NAN, 1e-4, "v_esc"},
      {1e-3, INFINITY, 0, "v_esc"},  {1e-3, 1e-3, -1e-9, "v_lab"},  {1e-3, 1e-3, NAN, "v_lab"},
      {1e-3, 1e-3, 2e-3, "v_lab = 599.585 km/s, is above the escape speed, v_esc = 299.792 km/s"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elfin_halo *halo = NULL;
    elfin_error err = {""};
    CHECK(elfin_halo_new_shm(cases[i].v0, cases[i].v_esc, cases[i].v_lab, &halo, &err) ==
          ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, cases[i].says);
    CHECK(halo == NULL);
    CHECK(elfin_halo_new_shm(cases[i].v0, cases[i].v_esc, cases[i].v_lab, &halo, NULL) ==
          ELFIN_E_ARGUMENT);
  }
  elfin_halo_free(NULL);
}

static void wrong_tables_are_refused_by_entry(void)
{
  static const struct {
    size_t n;
    double v[3], eta[3];
    const char *says;
  } cases[] = {
      {1, {0, 0, 0}, {0, 0, 0}, "at least 2"},
      {3, {-1e-9, 1e-3, 2e-3}, {2, 1, 0}, "v_min[0]"},
      {3, {0, 1e-3, 1}, {2, 1, 0}, "v_min[2]"},
      {3, {0, NAN, 1e-3}, {2, 1, 0}, "v_min[1]"},
      {3, {0, 1e-3, 1e-3}, {2, 1, 0}, "v_min[2] = 0.001 c does not ascend"},
      {3, {0, 1e-3, 2e-3}, {2, 3, 0}, "eta[1] = 3/c ascends"},
      {3, {0, 1e-3, 2e-3}, {2, -1, 0}, "eta[1]"},
      {3, {0, 1e-3, 2e-3}, {INFINITY, 1, 0}, "eta[0]"},
      {3, {0, 1e-3, 2e-3}, {2, 1, 0.5}, "eta[2] = 0.5/c: the last one must be 0"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elfin_halo *halo = NULL;
    elfin_error err = {""};
    CHECK(elfin_halo_new_table(cases[i].n, cases[i].v, cases[i].eta, &halo, &err) ==
          ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, cases[i].says);
    CHECK(halo == NULL);
  }
}

/* ---- files ----------------------------------------------------------------------------------- */

static const char FILE_NAME[] = "test_halo_contract.txt"; /* in the build folder, removed again */

static elfin_status open_text(const char *text, elfin_halo **halo, elfin_error *err)
{
  FILE *file = fopen(FILE_NAME, "w");
  if (!file || fputs(text, file) < 0 || fclose(file)) {
    perror(FILE_NAME);
    exit(1);
  }
  elfin_status status = elfin_halo_open_table(FILE_NAME, C_KM_S, halo, err);
  unlink(FILE_NAME);
  return status;
}

static void a_file_is_in_km_per_s(void)
{
  elfin_halo *halo = NULL;
  CHECK(open_text("# v_min  eta\n\n0 4e-3 # rest\n300\t2e-3\n 600 0\n", &halo, NULL) == ELFIN_OK);
  double v = 150 / C_KM_S, eta;
  elfin_halo_eta(halo, 1, &v, &eta);
  CHECK_CLOSE(eta, 3e-3 * C_KM_S, 1e-14);
  CHECK_CLOSE(elfin_halo_v_max(halo), 600 / C_KM_S, 1e-15);
  elfin_halo_free(halo);
}

static void a_wrong_file_is_refused_with_its_line(void)
{
  static const struct {
    const char *text, *says;
  } cases[] = {
      {"", "no row"},
      {"0 1\n300 0 7\n", ":2: at least 3 columns instead of 2"},
      {"0\n300\n", ":1: 1 column instead of 2"},
      {"0 1\n# x\n300 abc\n", ":3: 'abc'"},
      {"0 1\n300 nan\n", ":2: nan"},
      {"0 1\n300 0.5\n300 0\n", ":3: v_min = 300 km/s"},
      {"0 1\n300 1.5\n600 0\n", ":2: v_min = 300 km/s, eta = 1.5/(km/s): eta must not ascend"},
      {"0 1\n300 0.5\n", ":2: v_min = 300 km/s, eta = 0.5/(km/s): the last eta must be 0"},
      {"-5 1\n300 0\n", ":1: v_min = -5 km/s"},
      {"0 0\n", "at least 2 points"},
      {"0 1\n3e5 0\n", "v_min[1]"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elfin_halo *halo = NULL;
    elfin_error err = {""};
    CHECK(open_text(cases[i].text, &halo, &err) == ELFIN_E_DATA);
    CHECK_SAYS(err.text, cases[i].says);
    CHECK_SAYS(err.text, FILE_NAME);
    CHECK(halo == NULL);
  }
  elfin_halo *halo = NULL;
  elfin_error err = {""};
  CHECK(elfin_halo_open_table("no/such/file", C_KM_S, &halo, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "no/such/file");
}

int main(void)
{
  a_table_is_linear_between_its_points();
  below_its_first_point_a_table_is_constant();
  every_point_of_a_table_is_a_kink();
  a_dense_table_agrees_with_the_halo_it_was_made_from();
  kinks_of_the_maxwellian_are_where_the_sphere_is_cut();
  presets_are_what_their_papers_say();
  wrong_speeds_are_refused_by_name();
  wrong_tables_are_refused_by_entry();
  a_file_is_in_km_per_s();
  a_wrong_file_is_refused_with_its_line();
  return check_result();
}
