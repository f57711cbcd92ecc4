/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file table_view.c
 * `elfin export` and `elfin show` of a table. */
#include "cli/table_view.h"

#include "store/store.h"

#include <stdio.h>

cli_end table_export(const char *path)
{
  store_table *t = NULL;
  elfin_error err = {""};
  elfin_status status = store_read_table(path, &t, &err);
  if (status)
    return cli_fail(status, &err);
  bool optical = t->n_k == 1;
  puts(optical ? "omega_eV,eps1,eps2" : "omega_eV,k_eV,eps1,eps2");
  for (size_t i = 0; i < t->n_omega * t->n_k; i++) {
    printf("%.17g,", t->omega[i % t->n_omega]);
    if (!optical)
      printf("%.17g,", t->k[i / t->n_omega]);
    printf("%.17g,%.17g\n", t->eps1[i], t->eps2[i]);
  }
  store_table_free(t);
  return CLI_DONE;
}

cli_end table_show(const char *path)
{
  store_table *t = NULL;
  elfin_error err = {""};
  elfin_status status = store_read_table(path, &t, &err);
  if (status)
    return cli_fail(status, &err);
  printf("%s: table of the dielectric function, %zu energies from %.6g to %.6g eV", path,
         t->n_omega, t->omega[0], t->omega[t->n_omega - 1]);
  if (t->n_k > 1)
    printf(", %zu momenta from %.6g to %.6g eV", t->n_k, t->k[0], t->k[t->n_k - 1]);
  printf("\nsource: %s\n", t->source ? t->source : "");
  if (t->origin)
    printf("imported from: %s, SHA-256 %s\n", t->origin, t->origin_sha256 ? t->origin_sha256 : "");
  for (size_t i = 0; i < t->n_settings; i++)
    printf("  %s: %s\n", t->settings[i].name, t->settings[i].text);
  store_table_free(t);
  return CLI_DONE;
}
