/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_anisotropic_reference.c
 * Anisotropic multiphonons under `darkelf` conventions, with DarkELF's tensors as `elfin import
 * darkelf` takes them, against converged quadrature of the same integrals
 * (shared/reference/multiphonon_anisotropic.csv).
 *
 * Claims: every row agrees to 1e-4 at accuracy 1e-4. Beside it stands, for a reader, what `elfin`
 * conventions give, which take F_n as they are and not from a coarse grid of angles and energies:
 * some per cent more, most of it by the atomic mass unit; with the compact data that elfin ships,
 * to 2 %. */
#include "import_check.h"

#include "import/import.h"

#include <elfin/rate.h>

static const double CROSS_SECTION = 1e-38, ACCURACY = 1e-4;

typedef struct row {
  char material[16], mediator[16];
  double mass_MeV, threshold, time_h, expected;
} row;

static bool next_row(FILE *file, row *r)
{
  char line[512];
  while (fgets(line, sizeof line, file))
    if (sscanf(line, "%15[^,],%lf,%15[^,],%lf,%lf,%*[^,],%*[^,],%lf", r->material, &r->mass_MeV,
               r->mediator, &r->threshold, &r->time_h, &r->expected) == 6)
      return true;
  return false;
}

static double rate(const elfin_material *m, const row *r, const char *conventions, double *error)
{
  elfin_error err = {""};
  elfin_halo *halo = NULL;
  elfin_request q;
  double value = NAN;
  elfin_status status;
  elfin_result result = {.rate = &value, .rate_error = error, .rate_status = &status};
  elfin_request_defaults(&q);
  q.constants = elfin_constants_named(conventions);
  double c = q.constants->c_km_s;
  CHECK(elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, &err) == ELFIN_OK);
  q.halo = halo;
  q.material = m;
  q.accuracy = ACCURACY;
  q.mass_eV = r->mass_MeV * 1e6;
  q.mediator_eV = strcmp(r->mediator, "massive") == 0 ? 100 * q.mass_eV : 0;
  q.time_h = r->time_h;
  q.n_thresholds = 1;
  q.threshold_eV = &r->threshold;
  CHECK(elfin_rate("multiphonon_anisotropic", &q, &result, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  elfin_halo_free(halo);
  *error *= CROSS_SECTION;
  return CROSS_SECTION * value;
}

static elfin_material *import(const char *name, const char *dest)
{
  const char *shared = getenv("ELFIN_SHARED");
  char path[PATH_ROOM];
  elfin_error err = {""};
  elfin_material *m = NULL;
  snprintf(path, sizeof path, "%s/tables/%s", shared ? shared : "", name);
  elfin_status status = import_darkelf(path, dest, false, NULL, &err);
  if (status)
    CHECK_SKIP(err.text);
  snprintf(path, sizeof path, "%s/%s.yaml", dest, name);
  CHECK(elfin_material_open(path, &m, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  return m;
}

int main(void)
{
  enum { MOST_MATERIALS = 8 };
  const char *shared = getenv("ELFIN_SHARED");
  char path[PATH_ROOM], dest[PATH_ROOM], names[MOST_MATERIALS][16];
  elfin_material *materials[MOST_MATERIALS], *shipped[MOST_MATERIALS];
  size_t n = 0, n_rows = 0;
  double worst = 0;
  snprintf(path, sizeof path, "%s/reference/multiphonon_anisotropic.csv", shared ? shared : "");
  FILE *file = fopen(path, "r");
  if (!file)
    CHECK_SKIP("no shared/reference");
  folder_new(dest);
  for (row r; next_row(file, &r); n_rows++) {
    size_t i = 0;
    while (i < n && strcmp(names[i], r.material) != 0)
      i++;
    if (i == n && n < MOST_MATERIALS) {
      strcpy(names[n], r.material);
      elfin_error err = {""};
      CHECK(elfin_material_open(r.material, &shipped[n], &err) == ELFIN_OK);
      materials[n++] = import(r.material, dest);
    }
    double error, found = rate(materials[i], &r, "darkelf", &error);
    double own = rate(materials[i], &r, "elfin", &error);
    double compact = rate(shipped[i], &r, "elfin", &error);
    CHECK_CLOSE(compact, own, 0.02);
    CHECK_CLOSE(found, r.expected, 1e-4);
    worst = fmax(worst, fabs(found / r.expected - 1));
    printf("%s %g MeV %s %g eV %g h: %.5g, off %.1e; elfin's own %.5g (%.1e), compact data %.1e\n",
           r.material, r.mass_MeV, r.mediator, r.threshold, r.time_h, found, found / r.expected - 1,
           own, own / r.expected - 1, compact / own - 1);
  }
  printf("%zu rows, worst difference %.2g\n", n_rows, worst);
  CHECK(n_rows >= 10);
  fclose(file);
  for (size_t i = 0; i < n; i++) {
    elfin_material_free(materials[i]);
    elfin_material_free(shipped[i]);
  }
  folder_remove(dest);
  return check_result();
}
