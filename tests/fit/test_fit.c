/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_fit.c
 * Fits in their limits: data without noise, sum rules that the data leave open, Penn's list of a narrow
 * plasmon and of Ge; and what is refused. */
#include "../check.h"
#include "fit/fit.h"

#include <elfin/response.h>

#include <unistd.h>

enum { N_POINTS = 400, N_MOST = 300 };
static double omega[N_POINTS], elf[N_POINTS], error[N_POINTS];
static char no_remark[] = "";
static elfin_error err;
static const fit_wishes usual = {.most = 12, .relative_error = 0.02, .eps_static = NAN, .plasma_eV = NAN};

static optical_data sample(size_t n, const elfin_oscillator list[], double first, double last)
{
  for (size_t j = 0; j < N_POINTS; j++)
    omega[j] = first * pow(last / first, (double)j / (N_POINTS - 1));
  fit_elf(n, list, N_POINTS, omega, elf);
  return (optical_data){"synthetic", no_remark, N_POINTS, omega, elf, error, false};
}

/* ---- least squares ------------------------------------------------------------------------------ */

static void data_without_noise_give_the_oscillators_back(void)
{
  static const elfin_oscillator truth[] = {{0.1, 1.5, 5}, {0.6, 4, 17}, {0.05, 3, 24}, {0.1, 20, 60}};
  optical_data data = sample(4, truth, 0.5, 150);
  fit_wishes wishes = usual;
  fit_result *r = NULL;
  wishes.n_oscillators = 4;
  CHECK(fit_mermin(&data, &wishes, &r, &err) == ELFIN_OK);
  for (size_t i = 0; r && i < 4; i++) {
    CHECK_CLOSE(r->list[i].amplitude, truth[i].amplitude, 1e-5);
    CHECK_CLOSE(r->list[i].gamma_eV, truth[i].gamma_eV, 1e-5);
    CHECK_CLOSE(r->list[i].omega_eV, truth[i].omega_eV, 1e-5);
    CHECK(!r->at_bound[i]);
  }
  CHECK(r && r->worst < 1e-6);
  fit_result_free(r);
}

/* Data that end below the last oscillator do not tell the sums; the wish does. */
static void sum_rules_hold_where_the_data_leave_them_open(void)
{
  static const elfin_oscillator truth[] = {{0.7, 4, 17}, {0.2, 20, 60}};
  optical_data data = sample(2, truth, 2, 30);
  fit_wishes wishes = usual;
  wishes.n_oscillators = 2;
  wishes.eps_static = 12;
  wishes.plasma_eV = 30;
  fit_result *r = NULL;
  CHECK(fit_mermin(&data, &wishes, &r, &err) == ELFIN_OK);
  CHECK(r && fabs(r->kk / (1 - 1 / 12.0) - 1) < 1e-3);
  CHECK(r && fabs(r->f_sum / 900 - 1) < 1e-3);
  CHECK(r && r->worst < 0.02);
  fit_result_free(r);
  r = NULL;
  wishes.eps_static = INFINITY; /* a metal */
  wishes.plasma_eV = NAN;
  CHECK(fit_mermin(&data, &wishes, &r, &err) == ELFIN_OK);
  CHECK(r && fabs(r->kk - 1) < 1e-3);
  fit_result_free(r);
}

/* From silicon's published list, which has negative amplitudes, to one without: the ELF of both at momenta
 * that the fit has never seen. */
static void the_material_file_has_the_elf_of_the_data(void)
{
  static const double momentum[] = {1, 2e3, 5e3};
  static const double allowed[] = {0.03, 0.15, 0.07}; /* of the largest ELF there: seen 0.024, 0.12, 0.06 */
  elfin_material *Si = NULL, *made = NULL;
  elfin_response *published = NULL, *fitted = NULL;
  fit_result *r = NULL;
  char path[] = "./fit_XXXXXX"; /* a slash: no name of elfin's */
  if (elfin_material_open("Si", &Si, &err)) {
    CHECK(!"Si is among the materials");
    return;
  }
  optical_data data = sample(Si->n_oscillators, Si->oscillators, 4, 80); /* above a line narrower than the sampling */
  CHECK(fit_mermin(&data, &usual, &r, &err) == ELFIN_OK);
  close(mkstemp(path));
  CHECK(fit_write_material(&data, r, "a \"source\"", "Si", "mine", path, false, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "exists already");
  CHECK(fit_write_material(&data, r, "a \"source\"", "Si", "mine", path, true, &err) == ELFIN_OK);
  CHECK(elfin_material_open(path, &made, &err) == ELFIN_OK);
  const elfin_constants *c = elfin_constants_named("elfin");
  CHECK(elfin_response_open("mermin", Si, c, &published, &err) == ELFIN_OK);
  if (made && r) {
    CHECK_TEXT(made->name, "mine");
    CHECK_TEXT(made->oscillator_source, "a \"source\"");
    CHECK(made->density_g_cm3.value == Si->density_g_cm3.value);
    CHECK(made->n_oscillators == r->n && made->oscillators[0].amplitude == r->list[0].amplitude);
    CHECK(elfin_response_open("mermin", made, c, &fitted, &err) == ELFIN_OK);
  }
  for (size_t m = 0; fitted && m < 3; m++) {
    double largest = 0, off = 0;
    for (size_t j = 0; j < N_POINTS; j++) {
      double a, b;
      elfin_response_elf(published, 1, &omega[j], &momentum[m], &a);
      elfin_response_elf(fitted, 1, &omega[j], &momentum[m], &b);
      largest = fmax(largest, a);
      off = fmax(off, fabs(a - b));
    }
    printf("Si at k = %g eV: %zu oscillators, largest difference %.2g of the largest ELF\n", momentum[m],
           r->n, off / largest);
    CHECK(off < allowed[m] * largest);
  }
  unlink(path);
  elfin_response_free(published);
  elfin_response_free(fitted);
  elfin_material_free(Si);
  elfin_material_free(made);
  fit_result_free(r);
}

/* ---- Penn --------------------------------------------------------------------------------------- */

static void both_sum_rules_of_penns_list_are_those_of_the_data(void)
{
  static const elfin_oscillator truth[] = {{0.3, 2, 8}, {0.5, 5, 18}};
  optical_data data = sample(2, truth, 0.5, 200);
  for (size_t n = 5; n <= N_MOST; n *= 4) {
    fit_result *r = NULL;
    CHECK(fit_penn(&data, n, &r, &err) == ELFIN_OK);
    CHECK(r && r->n == n);
    CHECK_CLOSE(r ? r->kk : NAN, r ? r->data_kk : NAN, 1e-12);
    CHECK_CLOSE(r ? r->f_sum : NAN, r ? r->data_f_sum : NAN, 1e-12);
    fit_result_free(r);
  }
}

/* Twice as many gases are half as wide, and the ELF at k → 0 comes closer to the data. */
static void more_gases_come_closer_to_the_data(void)
{
  static const elfin_oscillator truth[] = {{0.8, 4, 16}};
  optical_data data = sample(1, truth, 0.5, 200);
  double before = 1;
  for (size_t n = 50; n <= 400; n *= 2) {
    fit_result *r = NULL;
    CHECK(fit_penn(&data, n, &r, &err) == ELFIN_OK);
    if (r) {
      CHECK(r->rms < before / 1.5);
      before = r->rms;
    }
    fit_result_free(r);
  }
  CHECK(before < 0.03);
}

static double largest_difference(const elfin_material *one, const elfin_material *other, double k,
                                 double *largest)
{
  const elfin_constants *c = elfin_constants_named("elfin");
  elfin_response *a = NULL, *b = NULL;
  double off = 0;
  *largest = 0;
  CHECK(elfin_response_open("mermin", one, c, &a, &err) == ELFIN_OK);
  CHECK(elfin_response_open("mermin", other, c, &b, &err) == ELFIN_OK);
  for (size_t j = 0; a && b && j < N_POINTS; j++) {
    double x, y;
    elfin_response_elf(a, 1, &omega[j], &k, &x);
    elfin_response_elf(b, 1, &omega[j], &k, &y);
    off = fmax(off, fabs(x - y));
    *largest = fmax(*largest, x);
  }
  elfin_response_free(a);
  elfin_response_free(b);
  return off;
}

/* Ge's published list is Penn's for a sum of Drude terms. Its own ELF at k → 0 gives other lists; the more
 * gases, the closer they come to each other, and all to Ge's but for the width of its terms. */
static void penns_list_has_the_elf_of_germaniums(void)
{
  static const double momentum[] = {2e3, 5e3, 8e3};
  enum { N_LISTS = 3 };
  static const size_t gases[N_LISTS] = {125, 250, 500};
  elfin_material *Ge = NULL, penn[N_LISTS];
  fit_result *r[N_LISTS] = {NULL};
  if (elfin_material_open("Ge", &Ge, &err)) {
    CHECK(!"Ge is among the materials");
    return;
  }
  optical_data data = sample(Ge->n_oscillators, Ge->oscillators, 0.3, 120);
  for (size_t i = 0; i < N_LISTS; i++) {
    CHECK(fit_penn(&data, gases[i], &r[i], &err) == ELFIN_OK);
    penn[i] = *Ge;
    penn[i].oscillators = r[i] ? r[i]->list : NULL;
    penn[i].n_oscillators = r[i] ? r[i]->n : 0;
  }
  for (size_t m = 0; m < 3; m++) {
    double peak;
    double first = largest_difference(&penn[0], &penn[2], momentum[m], &peak);
    double second = largest_difference(&penn[1], &penn[2], momentum[m], &peak);
    double published = largest_difference(Ge, &penn[2], momentum[m], &peak);
    printf("Ge at k = %g eV, largest difference in the largest ELF: 125 to 500 gases %.2g, 250 to 500 %.2g, "
           "published list to 500 %.2g\n", momentum[m], first / peak, second / peak, published / peak);
    CHECK(second < 0.7 * first);
    CHECK(published < 0.12 * peak);
  }
  for (size_t i = 0; i < N_LISTS; i++)
    fit_result_free(r[i]);
  elfin_material_free(Ge);
}

/* ---- files ------------------------------------------------------------------------------------- */

static void write_file(const char *path, const char *text)
{
  FILE *f = fopen(path, "w");
  fputs(text, f);
  fclose(f);
}

static elfin_status read_text(const char *text, const char *columns, optical_data **data)
{
  char path[] = "optical_XXXXXX";
  close(mkstemp(path));
  write_file(path, text);
  elfin_status status = optical_data_read(path, columns, 0, INFINITY, data, &err);
  unlink(path);
  return status;
}

static void epsilon_and_index_are_two_ways_to_say_the_same(void)
{
  optical_data *eps = NULL, *index = NULL, *direct = NULL;
  /* ε = (n + ik)²: n = 2, k = 1 is 3 + 4i, whose ELF is 4/25. */
  CHECK(read_text("# a source\n1 3 4\n2 3 4\n3 3 4\n4 3 4\n", "omega,eps1,eps2", &eps) == ELFIN_OK);
  CHECK(read_text("1 2 1\n2 2 1\n3 2 1\n4 2 1\n", "omega,n,kappa", &index) == ELFIN_OK);
  CHECK(read_text("elf; omega [meV]\n.16;1000\n.16;2000\n.16;3000\n.16;4000\n", NULL, &direct) == ELFIN_OK);
  for (size_t j = 0; eps && index && direct && j < 4; j++) {
    CHECK_CLOSE(eps->elf[j], 4 / 25.0, 1e-15);
    CHECK_CLOSE(index->elf[j], eps->elf[j], 1e-15);
    CHECK_CLOSE(direct->elf[j], eps->elf[j], 1e-15);
    CHECK_CLOSE(direct->omega[j], eps->omega[j], 1e-15);
  }
  CHECK_TEXT(eps ? eps->remark : NULL, "a source");
  optical_data_free(eps);
  optical_data_free(index);
  optical_data_free(direct);
}

static void what_is_wrong_is_said_with_its_line(void)
{
  static const struct {
    const char *text, *columns, *says;
    elfin_status status;
  } wrong[] = {
      {"1 1\n2 1\n2 1\n3 1\n", NULL, ":3: energies must be above 0 and ascend", ELFIN_E_DATA},
      {"0 1\n2 1\n3 1\n4 1\n", NULL, ":1: energies must be above 0", ELFIN_E_DATA},
      {"1 1\n2 -1\n3 1\n4 1\n", NULL, ":2: the ELF at 2 eV is -1", ELFIN_E_DATA},
      {"1 0 0\n2 1 1\n3 1 1\n4 1 1\n", "omega,eps1,eps2", ":1: the ELF", ELFIN_E_DATA},
      {"1 1 1\n2 1 0\n3 1 1\n4 1 1\n", "omega,elf,error", ":2: an error must be above 0", ELFIN_E_DATA},
      {"1 1\n2 1\n3 1\n", NULL, "3 rows between", ELFIN_E_DATA},
      {"1 0\n2 0\n3 0\n4 0\n", NULL, "0 everywhere", ELFIN_E_DATA},
      {"1 1 1\n2 1 1\n3 1 1\n4 1 1\n", NULL, "name the columns", ELFIN_E_DATA},
      {"1 1\n2 x\n3 1\n4 1\n", NULL, ":2: 'x' is not a number", ELFIN_E_DATA},
      {"omega_m,elf\n1,1\n2,1\n3,1\n4,1\n", NULL, ":1: column 'omega_m' is unknown", ELFIN_E_DATA},
      {"1 1\n2 1\n3 1\n4 1\n", "omega,wavelength", "column 'wavelength' is unknown", ELFIN_E_DATA},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    optical_data *data = NULL;
    CHECK(read_text(wrong[i].text, wrong[i].columns, &data) == wrong[i].status);
    CHECK_SAYS(err.text, wrong[i].says);
    optical_data_free(data);
  }
}

static void a_wish_out_of_range_is_refused(void)
{
  static const elfin_oscillator truth[] = {{0.8, 4, 16}};
  optical_data data = sample(1, truth, 1, 100);
  const struct {
    fit_wishes wishes;
    const char *says;
  } wrong[] = {
      {{31, 12, 0.02, NAN, NAN}, "1 to 30 oscillators"},
      {{0, 0, 0.02, NAN, NAN}, "1 to 30 oscillators"},
      {{0, 12, 0, NAN, NAN}, "relative error"},
      {{0, 12, 0.02, 1, NAN}, "static dielectric constant"},
      {{0, 12, 0.02, NAN, 0}, "plasma energy"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
    fit_result *r = NULL;
    CHECK(fit_mermin(&data, &wrong[i].wishes, &r, &err) == ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, wrong[i].says);
    fit_result_free(r);
  }
  fit_result *r = NULL;
  CHECK(fit_penn(&data, 1, &r, &err) == ELFIN_E_ARGUMENT);
  data.n = 6;
  fit_wishes two = usual;
  two.n_oscillators = 2;
  CHECK(fit_mermin(&data, &two, &r, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "too few");
}

int main(void)
{
  data_without_noise_give_the_oscillators_back();
  sum_rules_hold_where_the_data_leave_them_open();
  the_material_file_has_the_elf_of_the_data();
  both_sum_rules_of_penns_list_are_those_of_the_data();
  more_gases_come_closer_to_the_data();
  penns_list_has_the_elf_of_germaniums();
  epsilon_and_index_are_two_ways_to_say_the_same();
  what_is_wrong_is_said_with_its_line();
  a_wish_out_of_range_is_refused();
  return check_result();
}
