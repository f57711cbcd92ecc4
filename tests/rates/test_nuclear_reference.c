/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_nuclear_reference.c
 * Recoil spectra of nuclei under `darkelf` conventions against DarkELF's closed form
 * (shared/reference/nuclear_dRdEn.csv).
 *
 * Claim: every row agrees to 1e-9. */
#include "check.h"

#include <elfin/rate.h>

#include <math.h>

static const double AGREEMENT = 1e-9, CROSS_SECTION = 1e-38; /* [cm²] */
enum { LINE = 512 };

static elfin_halo *halo;

static void row_agrees(const char *line, const char *name, double mass_MeV, int massless,
                       double energy, double expected)
{
  elfin_material *material = NULL;
  elfin_error err = {""};
  CHECK(elfin_material_open(name, &material, &err) == ELFIN_OK);
  if (!material)
    return;
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = elfin_constants_named("darkelf");
  q.halo = halo;
  q.material = material;
  q.mass_eV = mass_MeV * 1e6;
  q.mediator_eV = massless ? 0 : 100 * q.mass_eV;
  q.n_at = 1;
  q.at_eV = &energy;
  double value = NAN, error;
  elfin_status status;
  elfin_result r = {.differential = &value, .differential_error = &error,
                    .differential_status = &status};
  CHECK(elfin_rate("nuclear", &q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  check_close(CROSS_SECTION * value, expected, AGREEMENT, 0, line, __FILE__, __LINE__, __func__);
  elfin_material_free(material);
}

int main(void)
{
  const char *shared = getenv("ELFIN_SHARED");
  char path[512], line[LINE], name[16], mediator[16];
  double mass, energy, expected, c = elfin_constants_named("darkelf")->c_km_s;
  size_t n = 0;
  snprintf(path, sizeof path, "%s/reference/nuclear_dRdEn.csv", shared ? shared : "");
  FILE *file = fopen(path, "r");
  if (!file)
    CHECK_SKIP("the reference numbers are not here (ELFIN_SHARED)");
  CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, NULL) == ELFIN_OK);
  while (fgets(line, sizeof line, file))
    if (sscanf(line, "%15[^,],%lf,%15[^,],%lf,%lf", name, &mass, mediator, &energy, &expected) == 5) {
      row_agrees(line, name, mass, strcmp(mediator, "massless") == 0, energy, expected);
      n++;
    }
  fclose(file);
  printf("%zu rows\n", n);
  CHECK(n > 0);
  elfin_halo_free(halo);
  return check_result();
}
