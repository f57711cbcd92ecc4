/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file imported_materials.h
 * DarkELF's data folders as elfin imports them, and elfin's own materials of the same names, for tests
 * against shared/reference. */
#ifndef IMPORTED_MATERIALS_H
#define IMPORTED_MATERIALS_H

#include "check.h"
#include "import/import.h"

#include <elfin/rate.h>

#include <ftw.h>
#include <unistd.h>

enum { MOST_TARGETS = 32 };

/** A material with one configuration of one response. */
typedef struct imported_target {
  char name[32]; /* of the reference: "Al2O3_extraordinary" */
  bool own;
  elfin_configuration configuration;
  elfin_material *material;
  elfin_response *response;
} imported_target;

static imported_target imported_targets[MOST_TARGETS];
static size_t n_imported;
static char import_folder[] = "/tmp/elfin_optical_XXXXXX";

static inline int remove_one(const char *path, const struct stat *what, int kind, struct FTW *where)
{
  (void)what;
  (void)kind;
  (void)where;
  return remove(path);
}

static inline void imported_free(void)
{
  for (size_t i = 0; i < n_imported; i++) {
    elfin_response_free(imported_targets[i].response);
    elfin_material_free(imported_targets[i].material);
  }
  nftw(import_folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void imported_begin(void)
{
  if (!mkdtemp(import_folder)) {
    perror(import_folder);
    exit(1);
  }
}

static inline void stop_at(const elfin_error *err)
{
  fprintf(stderr, "%s\n", err->text);
  imported_free();
  exit(1);
}

/** `kind` as elfin_response_open_configuration() takes it; NULL: no response. */
static inline imported_target *imported_named(const char *name, const char *kind, bool own)
{
  static const char tail[] = "_extraordinary";
  for (size_t i = 0; i < n_imported; i++)
    if (strcmp(imported_targets[i].name, name) == 0 && imported_targets[i].own == own)
      return &imported_targets[i];
  imported_target *t = &imported_targets[n_imported++];
  *t = (imported_target){.own = own};
  elfin_error err = {""};
  char element[32], folder[512], path[512];
  snprintf(t->name, sizeof t->name, "%s", name);
  snprintf(element, sizeof element, "%s", name);
  char *end = strstr(element, tail);
  if (end) {
    *end = '\0';
    t->configuration = ELFIN_EXTRAORDINARY;
  }
  snprintf(folder, sizeof folder, "%s/tables/%s", getenv("ELFIN_SHARED"), element);
  snprintf(path, sizeof path, "%s/%s.yaml", import_folder, element);
  if (!own && access(path, R_OK) != 0 && import_darkelf(folder, import_folder, false, NULL, &err))
    stop_at(&err);
  if (elfin_material_open(own ? element : path, &t->material, &err) ||
      (kind && elfin_response_open_configuration(kind, t->configuration, t->material,
                                                 elfin_constants_named("darkelf"), &t->response,
                                                 &err)))
    stop_at(&err);
  return t;
}

/** What a response of elfin's is if it is known at n energies only, and straight in between: how DarkELF
 * knows it. The target's response is replaced. */
static inline void straighten(imported_target *t, size_t n, const double omega[], double k)
{
  char path[512];
  elfin_error err = {""};
  elfin_response *made = NULL;
  snprintf(path, sizeof path, "%s/%s_straight.dat", import_folder, t->name);
  FILE *file = fopen(path, "w");
  CHECK(file != NULL);
  for (size_t i = 0; file && i < n; i++) {
    double eps1, eps2;
    elfin_response_epsilon(t->response, 1, &omega[i], &k, &eps1, &eps2);
    fprintf(file, "%.17g %.17g %.17g\n", omega[i], eps1, eps2);
  }
  if (file)
    fclose(file);
  if (elfin_response_open(path, t->material, elfin_constants_named("darkelf"), &made, &err))
    stop_at(&err);
  elfin_response_free(t->response);
  t->response = made;
}

static inline FILE *open_reference(const char *name)
{
  const char *shared = getenv("ELFIN_SHARED");
  char path[512];
  snprintf(path, sizeof path, "%s/reference/%s", shared ? shared : "", name);
  FILE *file = fopen(path, "r");
  if (!file)
    CHECK_SKIP("no shared/reference");
  return file;
}

static inline elfin_halo *default_halo(void)
{
  const elfin_constants *c = elfin_constants_named("darkelf");
  elfin_halo *halo = NULL;
  elfin_error err = {""};
  if (elfin_halo_new_shm(220 / c->c_km_s, 500 / c->c_km_s, 240 / c->c_km_s, &halo, &err))
    stop_at(&err);
  return halo;
}

static inline elfin_request imported_request(const imported_target *t, const elfin_halo *halo,
                                             double mass_eV)
{
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = elfin_constants_named("darkelf");
  q.halo = halo;
  q.material = t->material;
  q.response = t->response;
  q.mass_eV = mass_eV;
  q.configuration = t->configuration == ELFIN_EXTRAORDINARY ? "extraordinary" : NULL;
  return q;
}

#endif
