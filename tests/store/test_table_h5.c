/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_table_h5.c
 * ε(ω,k) in elfin's own format: what is written comes back to the last bit; whatever is changed in
 * it is noticed. */
#include "check.h"
#include "store/hdf5_tools.h"
#include "store/store.h"

#include <unistd.h>

enum { N_OMEGA = 3, N_K = 4 };
static const double OMEGA[N_OMEGA] = {1, 2.5, 4}, K[N_K] = {10, 20, 40, 80};
static const char PATH[] = "test_table.h5";

static void values(double eps1[N_K * N_OMEGA], double eps2[N_K * N_OMEGA])
{
  for (int i = 0; i < N_K * N_OMEGA; i++) {
    eps1[i] = 1 + 0.1 * i;
    eps2[i] = 1.0 / (3 + i);
  }
}

static void write_table(void)
{
  double eps1[N_K * N_OMEGA], eps2[N_K * N_OMEGA];
  elfin_error err = {""};
  values(eps1, eps2);
  unlink(PATH);
  CHECK(store_write_table(PATH, N_OMEGA, OMEGA, N_K, K, eps1, eps2, "a test, 2024", &err) ==
        ELFIN_OK);
  CHECK_TEXT(err.text, "");
}

static elfin_status open_table(elfin_response **response, elfin_error *err)
{
  return store_open_table(PATH, elfin_constants_named("elfin"), response, err);
}

static void a_table_comes_back_to_the_last_bit(void)
{
  double eps1[N_K * N_OMEGA], eps2[N_K * N_OMEGA], found1, found2;
  elfin_response *response = NULL;
  elfin_error err = {""};
  write_table();
  CHECK(open_table(&response, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  values(eps1, eps2);
  for (size_t i_k = 0; response && i_k < N_K; i_k++)
    for (size_t i = 0; i < N_OMEGA; i++) {
      elfin_response_epsilon(response, 1, &OMEGA[i], &K[i_k], &found1, &found2);
      /* At a knot a bilinear table gives the knot, but for the rounding of its weights. */
      CHECK_CLOSE(found1, eps1[i_k * N_OMEGA + i], 1e-14);
      CHECK_CLOSE(found2, eps2[i_k * N_OMEGA + i], 1e-14);
    }
  elfin_response_free(response);
}

static void a_table_that_exists_is_not_replaced(void)
{
  double eps1[N_K * N_OMEGA], eps2[N_K * N_OMEGA];
  elfin_error err = {""};
  values(eps1, eps2);
  CHECK(store_write_table(PATH, N_OMEGA, OMEGA, N_K, K, eps1, eps2, "again", &err) ==
        ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "exists already");
}

typedef void damage(hid_t file);

static void change_a_number(hid_t file)
{
  double number[N_K * N_OMEGA];
  hid_t dataset = H5Dopen2(file, "eps2", H5P_DEFAULT);
  H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, number);
  number[5] = nextafter(number[5], 1);
  H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, number);
  h5_close(dataset);
}

static void change_the_units(hid_t file)
{
  hid_t dataset = H5Dopen2(file, "k", H5P_DEFAULT);
  H5Adelete(dataset, "units");
  h5_put_text(dataset, "units", "keV");
  h5_close(dataset);
}

static void remove_a_dataset(hid_t file)
{
  H5Ldelete(file, "eps1", H5P_DEFAULT);
}

static void turn_a_dataset(hid_t file)
{
  const hsize_t dims[2] = {N_OMEGA, N_K};
  double zero[N_K * N_OMEGA] = {0};
  H5Ldelete(file, "eps1", H5P_DEFAULT);
  h5_close(h5_write_numbers(file, "eps1", 2, dims, zero, "1", NULL));
}

static void forget_the_checksum(hid_t file)
{
  H5Adelete(file, "sha256");
}

static void come_from_the_future(hid_t file)
{
  h5_set_int(file, "table_version", 7);
}

static void be_something_else(hid_t file)
{
  H5Adelete(file, "format");
}

static void every_damage_is_noticed(void)
{
  static const struct {
    damage *act;
    const char *says;
  } cases[] = {
      {change_a_number, "checksum"},
      {change_the_units, "/k has units 'keV'; 'eV'"},
      {remove_a_dataset, "no /eps1"},
      {turn_a_dataset, "4 rows (k) of 3 columns (omega)"},
      {forget_the_checksum, "sha256"},
      {come_from_the_future, "table_version 7"},
      {be_something_else, "not a table of elfin's"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elfin_response *response = NULL;
    elfin_error err = {""};
    write_table();
    hid_t file = H5Fopen(PATH, H5F_ACC_RDWR, H5P_DEFAULT);
    cases[i].act(file);
    CHECK(H5Fclose(file) >= 0);
    CHECK(open_table(&response, &err) == ELFIN_E_DATA);
    CHECK(response == NULL);
    CHECK_SAYS(err.text, PATH);
    CHECK_SAYS(err.text, cases[i].says);
  }
  unlink(PATH);
  elfin_response *response = NULL;
  elfin_error err = {""};
  CHECK(open_table(&response, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "No such file");
}

int main(void)
{
  h5_quiet();
  a_table_comes_back_to_the_last_bit();
  a_table_that_exists_is_not_replaced();
  every_damage_is_noticed();
  return check_result();
}
