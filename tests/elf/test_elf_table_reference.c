/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_elf_table_reference.c
 * Tables of the shared folder against the reference of the same folder, elf.csv: random points,
 * points outside, and knots that are holes in the file. */
#include "check.h"

#include "elf/elf_table.h"

/* The file has 13 digits; the task was to agree to 1e-9. */
static const double AGREEMENT = 1e-9;

static const char *const materials[] = {"Al", "Al2O3", "GaAs", "GaN", "Ge", "Si", "SiO2", "ZnS"};
enum { N_MATERIALS = sizeof materials / sizeof *materials };
/* NaN in the files, counted with grep */
static const size_t n_holes[N_MATERIALS] = {0, 3745, 0, 0, 0, 20, 1, 3};

static elf_table *tables[N_MATERIALS];

static void open_tables(const char *shared)
{
  for (size_t i = 0; i < N_MATERIALS; i++) {
    char path[4096];
    elfin_error err = {""};
    snprintf(path, sizeof path, "%s/tables/%s/%s_mermin.dat", shared, materials[i], materials[i]);
    CHECK(elf_table_read(path, 1, &tables[i], &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    CHECK(tables[i]->n_omega * tables[i]->n_k == 24900 && tables[i]->n_omega == 249);
    CHECK(tables[i]->n_holes == n_holes[i]);
    CHECK(strlen(tables[i]->header) > 40);
  }
}

static void check_line(const char *line, int *n_rows)
{
  char material[16], method[16];
  double omega, k, eps1, eps2, elf, found1, found2;
  if (sscanf(line, "%15[^,],%15[^,],%lf,%lf,%*[^,],%*[^,],%*[^,],%lf,%lf,%lf", material, method,
             &omega, &k, &eps1, &eps2, &elf) != 7) {
    fprintf(stderr, "cannot read: %s\n", line);
    check_failures++;
    return;
  }
  if (strcmp(method, "grid") != 0)
    return;
  for (size_t i = 0; i < N_MATERIALS; i++)
    if (strcmp(material, materials[i]) == 0) {
      elf_table_epsilon(tables[i], 1, &omega, &k, &found1, &found2);
      CHECK_CLOSE(found1, eps1, AGREEMENT);
      CHECK_CLOSE(found2, eps2, AGREEMENT);
      CHECK_CLOSE(found2 / (found1 * found1 + found2 * found2), elf, AGREEMENT);
      (*n_rows)++;
      return;
    }
  CHECK(!"a material without a table");
}

int main(void)
{
  const char *shared = getenv("ELFIN_SHARED");
  char path[4096], line[1024];
  snprintf(path, sizeof path, "%s/reference/elf.csv", shared ? shared : ".");
  FILE *file = fopen(path, "r");
  if (!file)
    CHECK_SKIP("no reference/elf.csv in ELFIN_SHARED");
  open_tables(shared);
  int n_rows = 0;
  while (fgets(line, sizeof line, file))
    if (*line != '#')
      check_line(line, &n_rows);
  fclose(file);
  CHECK(n_rows == 209);
  for (size_t i = 0; i < N_MATERIALS; i++)
    elf_table_free(tables[i]);
  return check_result();
}
