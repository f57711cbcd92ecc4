/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file mermin_digits.c
 * Prints Im(−1/ε) of one Mermin oscillator for each line "ω k ω_p Γ" [eV] of its input, for
 * lindhard_mpmath.py to judge. */
#include "elf/elf.h"

#include <stdio.h>

int main(void)
{
  double omega, k, omega_p, gamma;
  while (scanf("%lf %lf %lf %lf", &omega, &k, &omega_p, &gamma) == 4) {
    elfin_oscillator one = {1, gamma, omega_p};
    mermin *m;
    double complex inverse;
    if (mermin_new(1, &one, &m, NULL))
      return 1;
    mermin_inverse_row(m, 1, &omega, k, &inverse);
    printf("%.17g %.17g\n", creal(inverse), -cimag(inverse));
    mermin_free(m);
  }
  return 0;
}
