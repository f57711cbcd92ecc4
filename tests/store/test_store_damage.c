/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_store_damage.c
 * Files that were cut, or whose parts are not those that were made, are refused by name. Bytes
 * turned at random are not tried: HDF5 1.10 itself then writes where it may not. */
#include "store/hdf5_tools.h"
#include "store_check.h"

#include <sys/stat.h>

static void files_cut_short_are_refused(const campaign *c)
{
  struct stat about = {.st_size = 0};
  CHECK(create("cut.h5", c, true, NULL) == ELFIN_OK);
  CHECK(stat("cut.h5", &about) == 0);
  for (off_t length = about.st_size - 1; length > 0; length = length * 2 / 3) {
    store_sweep *found = NULL;
    elfin_error err = {""};
    CHECK(truncate("cut.h5", length) == 0);
    CHECK(store_read("cut.h5", "many", "rate", &found, &err) == ELFIN_E_OUTPUT);
    CHECK_SAYS(err.text, "cut.h5: ends early");
  }
}

static void replace(hid_t file, const char *name)
{
  const hsize_t n = 11; /* as long as nothing else */
  const double number[11] = {1, 2};
  H5Ldelete(file, name, H5P_DEFAULT);
  h5_close(h5_write_numbers(file, name, 1, &n, number, "1", NULL));
}

/* HDF5 is content with them, but they are not what was made. */
static void wrong_parts_are_refused(const campaign *c, const char *part, bool replaced)
{
  store_sweep *found = NULL;
  elfin_error err = {""};
  CHECK(create("wrong.h5", c, true, NULL) == ELFIN_OK);
  hid_t file = H5Fopen("wrong.h5", H5F_ACC_RDWR, H5P_DEFAULT);
  if (replaced)
    replace(file, part);
  else
    CHECK(H5Ldelete(file, part, H5P_DEFAULT) >= 0);
  CHECK(H5Fclose(file) >= 0);
  elfin_status status = store_read("wrong.h5", "many", "rate", &found, &err);
  if (status != ELFIN_E_OUTPUT)
    fprintf(stderr, "%s, %s\n", part, replaced ? "replaced" : "removed");
  CHECK(status == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "wrong.h5: ");
  store_sweep_free(found);
}

int main(void)
{
  static const char *const parts[] = {"many/rate",     "many/rate_error",  "many/status",
                                      "many/mass",     "many/threshold",   "many/threshold_eV",
                                      "many/mediator", "many/mediator_eV", "job"};
  char folder[] = "/tmp/test_store_damage_XXXXXX";
  campaign *c = campaign_of(job_text);
  enter_folder(folder);
  h5_quiet();
  files_cut_short_are_refused(c);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
    wrong_parts_are_refused(c, parts[i], false);
    if (strcmp(parts[i], "job") != 0) /* which a sweep is read without */
      wrong_parts_are_refused(c, parts[i], true);
  }
  campaign_free(c);
  leave_folder(folder);
  return check_result();
}
