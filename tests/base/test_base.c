/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_base.c
 * Constants as the physics document prints them; status codes, sentences, version, data folder. */
#include "check.h"

#include <elfin/base.h>
#include <elfin/constants.h>

#include <sys/stat.h>

/* ---- constants ------------------------------------------------------------------------------- */

static void codata_is_what_the_document_prints(void)
{
  const elfin_constants *c = elfin_constants_named("elfin");
  CHECK(c != NULL);
  CHECK_TEXT(c->name, "elfin");
  CHECK(c->alpha == 7.2973525693e-3 && c->m_e_eV == 510998.95 && c->m_p_eV == 938.27208816e6);
  CHECK(c->amu_eV == 931.49410242e6 && c->hbar_c_eV_cm == 1.973269804e-5);
  CHECK(c->per_s_in_eV == 1.519267447e15 && c->kg_per_eV == 1.78266192e-36);
  CHECK(c->year_s == 31557600 && c->c_km_s == 299792.458);
  CHECK(c->boltzmann_eV_K == 8.617333262e-5);
  CHECK_CLOSE(c->nuclei_per_kg, 6.0221407e26, 2e-8); /* 1/(amu in kg): Avogadro × 1000 */
}

static void darkelf_is_what_the_document_prints(void)
{
  const elfin_constants *c = elfin_constants_named("darkelf");
  CHECK(c != NULL);
  CHECK_TEXT(c->name, "darkelf");
  CHECK(c->alpha == 1.0 / 137 && c->m_e_eV == 511000 && c->m_p_eV == 0.94e9);
  CHECK(c->amu_eV == 0.94e9 && c->hbar_c_eV_cm == 1.9732e-5);
  CHECK(c->per_s_in_eV == 1.5192674e15 && c->kg_per_eV == 1.78e-36);
  CHECK(c->year_s == 31536000 && c->c_km_s == 299792.458 && c->nuclei_per_kg == 5.9786e26);
}

static void codata_is_consistent_with_itself(void)
{
  const elfin_constants *c = elfin_constants_named("elfin");
  double hbar_eV_s = 1 / c->per_s_in_eV, e_C = 1.602176634e-19;
  CHECK_CLOSE(hbar_eV_s * c->c_km_s * 1e5, c->hbar_c_eV_cm, 1e-9);
  CHECK_CLOSE(e_C / pow(c->c_km_s * 1e3, 2), c->kg_per_eV, 1e-9);
  CHECK_CLOSE(1.380649e-23 / e_C, c->boltzmann_eV_K, 1e-9);
  CHECK_CLOSE(c->alpha * c->alpha * c->m_e_eV, 27.211386, 1e-7); /* Hartree */
  CHECK_CLOSE(c->m_p_eV / c->m_e_eV, 1836.15267, 1e-8);
}

static void shortcuts_belong_to_darkelf(void)
{
  const elfin_constants *e = elfin_constants_named("elfin"), *d = elfin_constants_named("darkelf");
  CHECK(e->splitting_in_omega_end == 1 && d->splitting_in_omega_end == 0);
  CHECK(e->table_hole_takes_next == 0 && d->table_hole_takes_next == 1);
  CHECK(isinf(e->analytic_omega_max_eV) && isinf(e->analytic_k_max_eV));
  CHECK(d->analytic_omega_max_eV == 99.3 && d->analytic_k_max_eV == 37289.5);
  CHECK(e->absorption_k_over_mass == 0 && d->absorption_k_over_mass == 1);
  CHECK(e->absorption_step_eV == 0 && d->absorption_step_eV > 0);
}

static void other_names_have_no_constants(void)
{
  CHECK(elfin_constants_named("Elfin") == NULL && elfin_constants_named("") == NULL);
  CHECK(elfin_constants_named("elfin ") == NULL && elfin_constants_named(NULL) == NULL);
  CHECK(elfin_constants_named("elfin") == elfin_constants_named("elfin"));
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void every_status_has_its_own_sentence(void)
{
  CHECK_TEXT(elfin_status_text(ELFIN_OK), "ok");
  CHECK_TEXT(elfin_status_text(ELFIN_E_ACCURACY), "the integral missed the requested accuracy");
  for (int i = ELFIN_OK; i <= ELFIN_E_STOPPED; i++) {
    CHECK(strcmp(elfin_status_text((elfin_status)i), "unknown status") != 0);
    for (int j = ELFIN_OK; j < i; j++)
      CHECK(strcmp(elfin_status_text((elfin_status)i), elfin_status_text((elfin_status)j)) != 0);
  }
  CHECK_TEXT(elfin_status_text((elfin_status)(ELFIN_E_STOPPED + 1)), "unknown status");
}

static void a_failure_carries_its_sentence(void)
{
  elfin_error err = {"before"};
  CHECK(elfin_fail(&err, ELFIN_E_DATA, "%s:%d: %g eV", "Si.yaml", 7, 1.11) == ELFIN_E_DATA);
  CHECK_TEXT(err.text, "Si.yaml:7: 1.11 eV");
  CHECK(elfin_fail(NULL, ELFIN_E_MEMORY, "%s", "nobody listens") == ELFIN_E_MEMORY);
}

static void a_long_sentence_is_cut_at_its_end(void)
{
  struct {
    elfin_error err;
    char behind[16];
  } guarded;
  char name[2000];
  memset(name, 'x', sizeof name);
  name[sizeof name - 1] = '\0';
  memset(guarded.behind, 'g', sizeof guarded.behind);
  CHECK(elfin_fail(&guarded.err, ELFIN_E_DATA, "file %s is missing", name) == ELFIN_E_DATA);
  CHECK(strlen(guarded.err.text) == sizeof guarded.err.text - 1);
  CHECK(strncmp(guarded.err.text, "file xxx", 8) == 0);
  for (size_t i = 0; i < sizeof guarded.behind; i++)
    CHECK(guarded.behind[i] == 'g');
}

/* ---- what this build is ---------------------------------------------------------------------- */

static void a_build_knows_itself(void)
{
  int major, minor, patch;
  CHECK(sscanf(elfin_version(), "%d.%d.%d", &major, &minor, &patch) == 3);
  CHECK(strlen(elfin_git_commit()) >= 7);
  CHECK_SAYS(elfin_build(), "-ffp-contract=off");
}

static void the_data_folder_is_the_environments_or_our_own(void)
{
  struct stat found;
  char path[4096];
  CHECK(setenv("ELFIN_DATA", "/some/where", 1) == 0);
  CHECK_TEXT(elfin_data_dir(), "/some/where");
  CHECK(setenv("ELFIN_DATA", "", 1) == 0); /* empty is not given */
  snprintf(path, sizeof path, "%s/materials/Si.yaml", elfin_data_dir());
  CHECK(stat(path, &found) == 0);
  CHECK(unsetenv("ELFIN_DATA") == 0);
  CHECK_TEXT(elfin_data_dir(), ELFIN_SOURCE_DATA); /* of a program in its build folder */
  snprintf(path, sizeof path, "%s/materials/Si.yaml", elfin_data_dir());
  CHECK(stat(path, &found) == 0);
}

/* The two examples that everybody knows (FIPS 180-4), and a file longer than a block. */
static void checksums_are_those_of_the_standard(void)
{
  static const struct {
    const char *text, *sha256;
    int repeat;
  } cases[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", 1},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 1},
      {"aaaaaaaaaa", "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", 100000},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char path[] = "/tmp/elfin_base_XXXXXX", sha256[ELFIN_SHA256_TEXT] = "";
    unsigned long long bytes = 0;
    int made = mkstemp(path);
    FILE *file = made < 0 ? NULL : fdopen(made, "w");
    CHECK(file != NULL);
    for (int k = 0; file && k < cases[i].repeat; k++)
      fputs(cases[i].text, file);
    if (file)
      fclose(file);
    CHECK(elfin_sha256_file(path, sha256, &bytes, NULL) == ELFIN_OK);
    CHECK_TEXT(sha256, cases[i].sha256);
    CHECK(bytes == strlen(cases[i].text) * (size_t)cases[i].repeat);
    remove(path);
    elfin_error err;
    CHECK(elfin_sha256_file(path, sha256, NULL, &err) == ELFIN_E_DATA);
    CHECK_SAYS(err.text, "cannot be opened");
  }
  /* numbers are hashed as their bytes: 1.0 is 00…00 f0 3f */
  const double one = 1;
  const double *arrays[] = {&one, &one};
  const size_t n[] = {1, 0};
  char sha256[ELFIN_SHA256_TEXT] = "";
  CHECK(elfin_sha256_numbers(2, arrays, n, sha256, NULL) == ELFIN_OK);
  CHECK_TEXT(sha256, "6c3c396ed6b5c36dcae172271f462051b1266b851e92df3deea8ac65478fd712");
}

int main(void)
{
  checksums_are_those_of_the_standard();
  codata_is_what_the_document_prints();
  darkelf_is_what_the_document_prints();
  codata_is_consistent_with_itself();
  shortcuts_belong_to_darkelf();
  other_names_have_no_constants();
  every_status_has_its_own_sentence();
  a_failure_carries_its_sentence();
  a_long_sentence_is_cut_at_its_end();
  a_build_knows_itself();
  the_data_folder_is_the_environments_or_our_own();
  return check_result();
}
