/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file crystal_parts.c
 * Momenta that kinematics allows, and cuts at those that matter [docs/halo.md, docs/multiphonon.md]. */
#include "crystal/crystal_parts.h"

#include <math.h>
#include <stdlib.h>

bool crystal_sum_momenta(double m_chi, double v, double omega, double *q_low, double *q_high)
{
  double inside = 1 - 2 * omega / (m_chi * v * v);
  if (!(inside >= 0 && v > 0))
    return false;
  double root = 1 + sqrt(inside);
  *q_low = 2 * omega / (v * root);
  *q_high = m_chi * v * root;
  return true;
}

void crystal_sum_form(const crystal_sum *sum, size_t n, const double q[], double form[])
{
  for (size_t i = 0; i < n; i++) {
    form[i] = mediator_F2(&sum->form, q[i] * q[i]);
    if (sum->power != 0)
      form[i] *= pow(q[i] / sum->q_unit, sum->power);
  }
}

double crystal_v_end(const crystal_sum *sum)
{
  return sum->speed.kinks[sum->speed.n_kinks - 1];
}

double crystal_step_of(const crystal *c)
{
  return sqrt(c->debye_waller_from * 2 * c->mass / c->phonons->inverse);
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

size_t crystal_cut(size_t n, double cut[], double low, double high, double longest, size_t most,
                   double ends[])
{
  size_t n_ends = 0;
  cut[n++] = low;
  cut[n++] = high;
  qsort(cut, n, sizeof *cut, ascending);
  for (size_t i = 0; i + 1 < n; i++) {
    double a = cut[i], b = cut[i + 1];
    if (!(a >= low && b <= high && b > a * (1 + 1e-12)))
      continue;
    size_t pieces = (size_t)(log(b / a) / longest) + 1;
    pieces = n_ends + pieces > most ? most - n_ends : pieces;
    for (size_t j = 0; j < pieces; j++) {
      ends[2 * n_ends] = j ? a * pow(b / a, (double)j / (double)pieces) : a;
      ends[2 * n_ends + 1] = j + 1 < pieces ? a * pow(b / a, (double)(j + 1) / (double)pieces) : b;
      n_ends++;
    }
  }
  return n_ends;
}
