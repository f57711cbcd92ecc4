/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_table_h5.c
 * A table of ε(ω,k) comes back from elfin's HDF5 format with the same bits, and one that was
 * damaged is refused. */
#include "store_check.h"

#include <hdf5.h>

enum { N_OMEGA = 5, N_K = 3 };

static elfin_error err;
static double omega[N_OMEGA] = {0.5, 1, 2, 5, 11};
static double k[N_K] = {100, 1000, 7000};
static double eps1[N_K * N_OMEGA], eps2[N_K * N_OMEGA];

static void fill(void)
{
  for (size_t i = 0; i < N_K * N_OMEGA; i++) {
    eps1[i] = 1 + 10 / (1.0 + (double)i);
    eps2[i] = 0.3 * (double)i + 0.1;
  }
}

static elfin_status write_table(const char *path)
{
  static char source[] = "measured by us, 2024";
  store_table table = {.n_omega = N_OMEGA, .n_k = N_K, .omega = omega, .k = k, .eps1 = eps1,
                       .eps2 = eps2, .source = source};
  return store_write_table(path, &table, &err);
}

static elfin_status open_table(const char *path)
{
  elfin_response *response = NULL;
  err.text[0] = '\0';
  elfin_status status = store_open_table(path, NULL, elfin_constants_named("elfin"), &response, &err);
  CHECK((status == ELFIN_OK) == (response != NULL));
  elfin_response_free(response);
  return status;
}

static void numbers_come_back_with_the_same_bits(void)
{
  elfin_response *kept = NULL, *direct = NULL;
  const elfin_constants *constants = elfin_constants_named("elfin");
  CHECK(write_table("table.h5") == ELFIN_OK);
  CHECK(store_open_table("table.h5", NULL, constants, &kept, &err) == ELFIN_OK);
  CHECK(elfin_response_new_table("direct", N_OMEGA, omega, N_K, k, eps1, eps2, constants, &direct,
                                 &err) == ELFIN_OK);
  for (size_t i = 0; kept && direct && i < 200; i++) {
    double w = 0.4 + 0.06 * (double)i, q = 90 + 35.0 * (double)i, a1, a2, b1, b2;
    elfin_response_epsilon(kept, 1, &w, &q, &a1, &a2);
    elfin_response_epsilon(direct, 1, &w, &q, &b1, &b2);
    CHECK(memcmp(&a1, &b1, sizeof a1) == 0 && memcmp(&a2, &b2, sizeof a2) == 0);
  }
  elfin_response_info about = elfin_response_about(kept);
  CHECK_TEXT(about.path, "table.h5");
  CHECK(about.omega_max_eV == 11 && about.k_max_eV == 7000);
  elfin_response_free(kept);
  elfin_response_free(direct);
}

static void a_hole_stays_a_hole(void)
{
  double kept = eps2[7];
  elfin_response *response = NULL;
  eps1[7] = eps2[7] = NAN;
  CHECK(write_table("holes.h5") == ELFIN_OK);
  CHECK(store_open_table("holes.h5", NULL, elfin_constants_named("elfin"), &response, &err) == ELFIN_OK);
  CHECK(response && elfin_response_about(response).n_holes == 1);
  elfin_response_free(response);
  fill();
  CHECK(eps2[7] == kept);
}

/* ---- damage ---------------------------------------------------------------------------------- */

/* One number of a dataset is nudged by the smallest step. */
static void nudge(const char *path, const char *name)
{
  double number[N_K * N_OMEGA];
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
  CHECK(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, number) >= 0);
  number[1] = nextafter(number[1], INFINITY);
  CHECK(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, number) >= 0);
  CHECK(H5Dclose(dataset) >= 0 && H5Fclose(file) >= 0);
}

/* Replace a text attribute; NULL: only remove it. */
static void set_text(const char *path, const char *where, const char *name, const char *text)
{
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT), type = H5Tcopy(H5T_C_S1);
  hid_t object = H5Oopen(file, where, H5P_DEFAULT), space = H5Screate(H5S_SCALAR);
  CHECK(H5Adelete(object, name) >= 0);
  if (text) {
    CHECK(H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0);
    hid_t made = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    CHECK(H5Awrite(made, type, &text) >= 0);
    H5Aclose(made);
  }
  H5Sclose(space);
  H5Tclose(type);
  H5Oclose(object);
  CHECK(H5Fclose(file) >= 0);
}

static void a_last_bit_that_changed_breaks_the_checksum(void)
{
  static const char *const names[] = {"omega", "k", "eps1", "eps2"};
  for (size_t i = 0; i < 4; i++) {
    unlink("bit.h5");
    CHECK(write_table("bit.h5") == ELFIN_OK);
    nudge("bit.h5", names[i]);
    CHECK(open_table("bit.h5") == ELFIN_E_DATA);
    CHECK_SAYS(err.text, "bit.h5");
    CHECK_SAYS(err.text, "checksum");
  }
}

static void wrong_units_and_missing_marks_are_named(void)
{
  static const struct {
    const char *where, *name, *text, *says;
  } changes[] = {
      {"/omega", "units", "keV", "keV"},      {"/k", "units", NULL, "/k"},
      {"/", "sha256", NULL, "checksum"},      {"/", "format", "another", "not a table of elfin"},
      {"/", "table_version", NULL, "format"}, {"/eps2", "units", "eV", "/eps2"},
  };
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    unlink("marks.h5");
    CHECK(write_table("marks.h5") == ELFIN_OK);
    set_text("marks.h5", changes[i].where, changes[i].name, changes[i].text);
    CHECK(open_table("marks.h5") == ELFIN_E_DATA);
    CHECK_SAYS(err.text, "marks.h5");
    CHECK_SAYS(err.text, changes[i].says);
  }
}

static void a_wrong_shape_is_refused(void)
{
  hsize_t dims[2] = {N_OMEGA, N_K}; /* the other way round */
  CHECK(write_table("shape.h5") == ELFIN_OK);
  hid_t file = H5Fopen("shape.h5", H5F_ACC_RDWR, H5P_DEFAULT);
  CHECK(H5Ldelete(file, "eps1", H5P_DEFAULT) >= 0);
  hid_t space = H5Screate_simple(2, dims, NULL);
  hid_t made =
      H5Dcreate2(file, "eps1", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  CHECK(made >= 0 && H5Dclose(made) >= 0 && H5Sclose(space) >= 0 && H5Fclose(file) >= 0);
  CHECK(open_table("shape.h5") == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "/eps1");
}

static void what_is_no_table_is_refused(void)
{
  FILE *stream = fopen("text.h5", "w");
  CHECK(stream && fputs("0 0 0 0\n", stream) >= 0 && fclose(stream) == 0);
  CHECK(open_table("text.h5") == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "text.h5");
  CHECK(open_table("absent.h5") == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "absent.h5");
  campaign *c = campaign_of(job_text);
  CHECK(create("result.h5", c, false, &err) == ELFIN_OK); /* of elfin's, but results */
  CHECK(open_table("result.h5") == ELFIN_E_DATA);
  campaign_free(c);
}

static void a_table_is_not_replaced(void)
{
  CHECK(write_table("table.h5") == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "table.h5");
  CHECK(open_table("table.h5") == ELFIN_OK);
  CHECK(write_table("absent/table.h5") == ELFIN_E_OUTPUT);
}

/* The way of a job: response: own.h5. */
static void a_job_takes_such_a_table_by_its_path(void)
{
  campaign *c = campaign_of("name: t\nsweeps:\n  one:\n    process: electron\n    material: Si\n"
                            "    response: ./table.h5\n    mediator: massless\n    mass: 10 MeV\n"
                            "    cross_section: 1e-38\n");
  const elfin_response *response = campaign_response(c, 0, 0, 0, 0);
  CHECK(response && elfin_response_about(response).omega_max_eV == 11);
  campaign_free(c);
}

int main(void)
{
  char folder[] = "table-XXXXXX";
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  enter_folder(folder);
  fill();
  numbers_come_back_with_the_same_bits();
  a_hole_stays_a_hole();
  a_last_bit_that_changed_breaks_the_checksum();
  wrong_units_and_missing_marks_are_named();
  a_wrong_shape_is_refused();
  what_is_no_table_is_refused();
  a_table_is_not_replaced();
  a_job_takes_such_a_table_by_its_path();
  leave_folder(folder);
  return check_result();
}
