/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file lindhard_digits.c
 * Prints f(u,z) for each line "re_u im_u z" of its input, for lindhard_mpmath.py to judge. */
#include "elf/elf.h"

#include <stdio.h>

int main(void)
{
  double re, im, z;
  while (scanf("%lf %lf %lf", &re, &im, &z) == 3) {
    double complex f = im > 0 ? lindhard_f(CMPLX(re, im), z) : lindhard_f_real(re, z);
    printf("%.17g %.17g\n", creal(f), cimag(f));
  }
  return 0;
}
