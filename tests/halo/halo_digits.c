/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_digits.c
 * For halo_mpmath.py: reads lines "v0 v_esc v_lab v" [c], writes "η f1" with all digits. */
#include <elfin/halo.h>

#include <stdio.h>

int main(void)
{
  double v0, v_esc, v_lab, v, eta, f1;
  while (scanf("%lf %lf %lf %lf", &v0, &v_esc, &v_lab, &v) == 4) {
    elfin_halo *halo = NULL;
    elfin_error err;
    if (elfin_halo_new_shm(v0, v_esc, v_lab, &halo, &err)) {
      fprintf(stderr, "%s\n", err.text);
      return 1;
    }
    elfin_halo_eta(halo, 1, &v, &eta);
    elfin_halo_f1(halo, 1, &v, &f1);
    printf("%.17g %.17g\n", eta, f1);
    elfin_halo_free(halo);
  }
  return 0;
}
