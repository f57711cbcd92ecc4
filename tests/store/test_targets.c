/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_targets.c
 * /SWEEP/targets tells what each material, response and configuration was taken to be: along every axis of
 * that name, and only along those that the sweep has. */
#include "store_check.h"

#include <hdf5.h>

#include <math.h>

static const char optical_job[] = "name: light\n"
                                  "material: [Al2O3, SiO2]\n"
                                  "sweeps:\n"
                                  "  axes:\n"
                                  "    process: phonon\n"
                                  "    mediator: massless\n"
                                  "    configuration: [ordinary, extraordinary]\n"
                                  "    mass: 100 keV\n"
                                  "    cross_section: 1e-38 cm2\n"
                                  "  electrons:\n"
                                  "    process: electron\n"
                                  "    response: [mermin, lindhard]\n"
                                  "    mediator: massless\n"
                                  "    mass: 10 MeV\n"
                                  "    cross_section: 1e-38 cm2\n";

enum { MOST = 8 };

/* A dataset of numbers: its rank and dimensions, and at most MOST values. */
static int read_numbers(hid_t file, const char *name, hsize_t dims[3], double value[MOST])
{
  hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
  CHECK(dataset >= 0);
  hid_t space = H5Dget_space(dataset);
  int rank = H5Sget_simple_extent_ndims(space);
  CHECK(rank <= 3 && H5Sget_simple_extent_npoints(space) <= MOST);
  H5Sget_simple_extent_dims(space, dims, NULL);
  CHECK(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, value) >= 0);
  H5Sclose(space);
  H5Dclose(dataset);
  return rank;
}

static void each_configuration_has_its_response(const campaign *c, hid_t file)
{
  hsize_t dims[3] = {0, 0, 0};
  double low[MOST], high[MOST];
  CHECK(read_numbers(file, "axes/targets/omega_min", dims, low) == 3);
  CHECK(dims[0] == 2 && dims[1] == 1 && dims[2] == 2);
  CHECK(read_numbers(file, "axes/targets/omega_max", dims, high) == 3);
  for (size_t i = 0; i < 4; i++) {
    elfin_response_info about = elfin_response_about(campaign_response(c, 0, i / 2, 0, i % 2));
    CHECK(low[i] == about.omega_min_eV && high[i] == about.omega_max_eV && low[i] < high[i]);
  }
  CHECK(campaign_response(c, 0, 0, 0, 0) != campaign_response(c, 0, 0, 0, 1));
}

static void without_configurations_there_is_no_axis_of_them(hid_t file)
{
  hsize_t dims[3] = {0, 0, 0};
  double k[MOST];
  CHECK(read_numbers(file, "electrons/targets/k_min", dims, k) == 2);
  CHECK(dims[0] == 2 && dims[1] == 2);
  CHECK(read_numbers(file, "electrons/targets/density", dims, k) == 1);
  CHECK(dims[0] == 2 && k[0] == 3.98 && k[1] == 2.65);
}

int main(void)
{
  char folder[] = "targets-XXXXXX";
  elfin_error err = {""};
  enter_folder(folder);
  campaign *c = campaign_of(optical_job);
  CHECK(create("light.h5", c, false, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  hid_t file = H5Fopen("light.h5", H5F_ACC_RDONLY, H5P_DEFAULT);
  CHECK(file >= 0);
  if (file >= 0) {
    each_configuration_has_its_response(c, file);
    without_configurations_there_is_no_axis_of_them(file);
    H5Fclose(file);
  }
  campaign_free(c);
  leave_folder(folder);
  return check_result();
}
