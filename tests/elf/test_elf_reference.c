/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_elf_reference.c
 * The Lindhard rows of elf.csv in the shared folder under `darkelf` constants: ε1, ε2 and the ELF,
 * as an independent C evaluation and as DarkELF itself give them. The rows of tables are
 * test_elf_table_reference.c's.
 */
#include "check.h"

#include "elf/elf.h"

static const double AGREEMENT = 1e-9;
/* Both references take L(x) = ln[(x+1)/(x−1)] as it stands. At large x = u ± z its argument is 1
 * plus little, so that L is off by ROUNDING, (1−x²) L/(8z) by u²/(8z) as much, and ε by
 * 3 ω_p²/(k v_F)² times that: in the worst row, k = 6 eV, 0.2 % of ε, where Drude's
 * 1 − ω_p²/ω² agrees with us. */
static const double ROUNDING = 2.2e-16;
enum { N_ROWS = 36, MAX_TARGETS = 4 };

typedef struct target {
  char name[16];
  elfin_material *material;
  elfin_response *response;
} target;

static target targets[MAX_TARGETS];

static elfin_response *lindhard_named(const char *name)
{
  target *t = targets;
  while (t < targets + MAX_TARGETS - 1 && t->response && strcmp(t->name, name) != 0)
    t++;
  if (t->response)
    return t->response;
  elfin_error err;
  snprintf(t->name, sizeof t->name, "%s", name);
  if (elfin_material_open(name, &t->material, &err) ||
      elfin_response_open("lindhard", t->material, elfin_constants_named("darkelf"), &t->response,
                          &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  return t->response;
}

static double lost_in_the_reference(const lindhard *gas, double omega, double k)
{
  double u = omega / (k * gas->v_F), z = k / (2 * gas->k_F), scale = gas->omega_p / (k * gas->v_F);
  return ROUNDING * u * u / (8 * z) * 3 * scale * scale;
}

static void check_row(const char *name, double omega, double k, const double expected[3])
{
  const elfin_response *response = lindhard_named(name);
  /* beyond the range that the conventions state, too: the formula has no end */
  double complex epsilon = lindhard_epsilon(&response->gas, omega, k);
  double re = creal(epsilon), im = cimag(epsilon), eps1, eps2, elf;
  double allowed = AGREEMENT * fabs(re) + lost_in_the_reference(&response->gas, omega, k);
  CHECK_NEAR(re, expected[0], allowed);
  CHECK_CLOSE(im, expected[1], AGREEMENT);
  CHECK_CLOSE(im / (re * re + im * im), expected[2], AGREEMENT);
  elfin_response_info about = elfin_response_about(response);
  if (omega > about.omega_max_eV || k > about.k_max_eV)
    return;
  elfin_response_epsilon(response, 1, &omega, &k, &eps1, &eps2);
  elfin_response_elf(response, 1, &omega, &k, &elf);
  CHECK_NEAR(eps1, expected[0], allowed);
  CHECK_CLOSE(eps2, expected[1], AGREEMENT);
  CHECK_CLOSE(elf, expected[2], AGREEMENT);
}

int main(void)
{
  const char *shared = getenv("ELFIN_SHARED");
  char path[4096], line[1024], name[16];
  snprintf(path, sizeof path, "%s/reference/elf.csv", shared ? shared : ".");
  FILE *file = fopen(path, "r");
  if (!file)
    CHECK_SKIP("no reference/elf.csv in ELFIN_SHARED");
  int n_rows = 0;
  double omega, k, darkelf[3], own[3];
  while (fgets(line, sizeof line, file))
    if (sscanf(line, "%15[^,],Lindhard,%lf,%lf,%lf,%lf,%lf,%lf,%lf,%lf", name, &omega, &k,
               &darkelf[0], &darkelf[1], &darkelf[2], &own[0], &own[1], &own[2]) == 9) {
      check_row(name, omega, k, own);
      check_row(name, omega, k, darkelf);
      n_rows++;
    }
  fclose(file);
  CHECK(n_rows == N_ROWS);
  for (size_t i = 0; i < MAX_TARGETS; i++) {
    elfin_response_free(targets[i].response);
    elfin_material_free(targets[i].material);
  }
  return check_result();
}
