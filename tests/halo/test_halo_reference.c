/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_halo_reference.c
 * η and f1 against the reference of the shared folder: halo.csv, made by two independent codes. */
#include "check.h"

#include <elfin/halo.h>

static const double C_KM_S = 299792.458;

/* The file has 13 digits; the task was to agree to 1e-9. */
static const double AGREEMENT = 1e-9;

static void check_line(const char *line, int *n_rows)
{
  double v0, v_esc, v_lab, v_km_s, v, their_f1, their_eta, f1, eta;
  if (sscanf(line, "%*[^,],%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", &v0, &v_esc, &v_lab, &v_km_s, &v,
             &their_f1, &their_eta, &f1, &eta) != 9) {
    fprintf(stderr, "cannot read: %s\n", line);
    check_failures++;
    return;
  }
  elfin_halo *halo = NULL;
  CHECK(elfin_halo_new_shm(v0 / C_KM_S, v_esc / C_KM_S, v_lab / C_KM_S, &halo, NULL) == ELFIN_OK);
  double found_f1, found_eta;
  v = v_km_s / C_KM_S; /* more digits than the column in units of c has */
  elfin_halo_f1(halo, 1, &v, &found_f1);
  elfin_halo_eta(halo, 1, &v, &found_eta);
  CHECK_CLOSE(found_f1, f1, AGREEMENT);
  CHECK_CLOSE(found_eta, eta, AGREEMENT);
  elfin_halo_free(halo);
  (*n_rows)++;
}

int main(void)
{
  const char *shared = getenv("ELFIN_SHARED");
  char path[4096], line[1024];
  snprintf(path, sizeof path, "%s/reference/halo.csv", shared ? shared : ".");
  FILE *file = fopen(path, "r");
  if (!file)
    CHECK_SKIP("no reference/halo.csv in ELFIN_SHARED");
  int n_rows = 0;
  while (fgets(line, sizeof line, file))
    if (*line != '#')
      check_line(line, &n_rows);
  fclose(file);
  CHECK(n_rows >= 70);
  return check_result();
}
