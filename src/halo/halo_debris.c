/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_debris.c
 * A debris flow: dark matter of one speed v_f in the Galaxy, in all directions alike
 * [Kuhlen, Lisanti, Spergel, arXiv:1202.0007].
 *
 * One component is evenly distributed over −v_f < w < v_f, so that [halo.c]
 *   η(v_min) = (length of the overlap of (v_min − v_E, v_min + v_E) and (−v_f, v_f)) / (2 v_E v_f):
 * constant, then a straight line down to 0 at v_f + v_E; f1(v) = v/(2 v_f v_E) between |v_f − v_E|
 * and v_f + v_E.
 */
#include "halo/halo_inner.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

typedef struct debris {
  double fast, slow; /* the larger and the smaller of v_f and v_E; slow > 0 */
  double least;      /* their difference */
} debris;

static void debris_eta(const elfin_halo *halo, size_t n, const double v_min[], double eta[])
{
  const debris *d = halo->own;
  for (size_t i = 0; i < n; i++) {
    double to_end = halo->v_max - v_min[i];
    eta[i] = isnan(to_end)          ? NAN
             : to_end <= 0          ? 0
             : v_min[i] <= d->least ? 1 / d->fast
                                    : to_end / (2 * d->fast * d->slow);
  }
}

static void debris_f1(const elfin_halo *halo, size_t n, const double v[], double f1[])
{
  const debris *d = halo->own;
  for (size_t i = 0; i < n; i++) {
    bool inside = v[i] >= d->least && v[i] < halo->v_max;
    f1[i] = isnan(v[i]) ? NAN : inside ? v[i] / (2 * d->fast * d->slow) : 0;
  }
}

elfin_status elfin_halo_new_debris(double v_flow, double v_lab, elfin_halo **halo, elfin_error *err)
{
  static const halo_kind kind = {.eta = debris_eta, .f1 = debris_f1, .clear = free};
  elfin_status status = halo_check_speed("v_flow", v_flow, err);
  if (!status)
    status = halo_check_speed("v_lab (of a debris flow, which has no limit at rest)", v_lab, err);
  if (status)
    return status;
  debris *d = malloc(sizeof *d);
  elfin_halo *made = halo_new(&kind, d);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a halo");
  *d = (debris){fmax(v_flow, v_lab), fmin(v_flow, v_lab), fabs(v_flow - v_lab)};
  made->v_max = v_flow + v_lab;
  made->edge_power = 1;
  if (d->least > 0)
    made->kink[made->n_kinks++] = d->least;
  made->kink[made->n_kinks++] = made->v_max;
  return halo_finish(made, halo, err);
}
