/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo.c
 * What all halos share: being asked, made and freed.
 *
 * One that is the same in all directions of the Galaxy, with g(w) the density of one velocity
 * component there (even in w, 0 from v_esc on), is seen from a laboratory of velocity v_E as
 *   η(v_min) = (1/v_E) ∫ g(w) dw    over v_min − v_E < w < v_min + v_E,
 * and the density of the component along a direction at an angle to v_E is g(v_min − v_E cos).
 */
#include "halo/halo_inner.h"

#include <elfin/constants.h>

#include <math.h>
#include <stdlib.h>

/* ---- making one ------------------------------------------------------------------------------ */

elfin_halo *halo_new(const halo_kind *kind, void *own)
{
  elfin_halo *made = own ? calloc(1, sizeof *made) : NULL;
  halo_kept *kept = own ? calloc(1, sizeof *kept) : NULL;
  if (!made || !kept) {
    free(own); /* still empty */
    free(made);
    free(kept);
    return NULL;
  }
  made->kept = kept;
  made->kind = kind;
  made->own = own;
  made->kinks = made->kink;
  made->v0 = NAN;
  return made;
}

void halo_set_sphere(elfin_halo *made, double v_esc, double v_lab)
{
  double inner = v_esc - v_lab; /* where the sphere begins to be cut */
  made->v_esc = v_esc;
  made->v_lab = v_lab;
  made->v_max = v_esc + v_lab;
  if (inner > 0 && inner < made->v_max) /* one at 0 is no kink for v ≥ 0 */
    made->kink[made->n_kinks++] = inner;
  made->kink[made->n_kinks++] = made->v_max;
}

elfin_status halo_finish(elfin_halo *made, elfin_halo **halo, elfin_error *err)
{
  elfin_status status = halo_lookup_new(made, HALO_LOOKUP_TOLERANCE, &made->lookup, err);
  if (status) {
    elfin_halo_free(made);
    return status;
  }
  *halo = made;
  return ELFIN_OK;
}

elfin_status halo_check_speed(const char *name, double v, elfin_error *err)
{
  return v > 0 && v < 1 ? ELFIN_OK
                        : elfin_fail(err, ELFIN_E_ARGUMENT, "%s = %g c: it must lie between 0 and 1, "
                                     "in units of c", name, v);
}

elfin_status halo_check_lab(double v_esc, double v_lab, elfin_error *err)
{
  double c = elfin_constants_named("elfin")->c_km_s;
  if (!(v_lab >= 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "v_lab = %g c: it must not be negative", v_lab);
  if (v_lab > v_esc)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "the laboratory's speed, v_lab = %g km/s, is above "
                      "the escape speed, v_esc = %g km/s: it would leave the galaxy", v_lab * c,
                      v_esc * c);
  return ELFIN_OK;
}

void elfin_halo_free(elfin_halo *halo)
{
  if (!halo)
    return;
  halo_lookup_free(halo->lookup);
  if (halo->kept->object)
    halo->kept->free_object(halo->kept->object);
  free(halo->kept);
  halo->kind->clear(halo->own);
  free(halo);
}

halo_kept *halo_kept_of(const elfin_halo *halo)
{
  return halo->kept;
}

/* ---- asking one ------------------------------------------------------------------------------ */

void elfin_halo_eta(const elfin_halo *halo, size_t n, const double v_min[], double eta[])
{
  halo->kind->eta(halo, n, v_min, eta);
}

void elfin_halo_f1(const elfin_halo *halo, size_t n, const double v[], double f1[])
{
  halo->kind->f1(halo, n, v, f1);
}

const double *elfin_halo_kinks(const elfin_halo *halo, size_t *n)
{
  *n = halo->n_kinks;
  return halo->kinks;
}

double elfin_halo_v0(const elfin_halo *halo)
{
  return halo->v0;
}

double elfin_halo_v_max(const elfin_halo *halo)
{
  return halo->v_max;
}

/* ---- one direction --------------------------------------------------------------------------- */

double elfin_halo_along_max(const elfin_halo *halo, double cosine)
{
  return halo->kind->component ? halo->v_esc + cosine * halo->v_lab : NAN;
}

void elfin_halo_along(const elfin_halo *halo, double cosine, size_t n, const double v_min[],
                      double density[])
{
  double end = elfin_halo_along_max(halo, cosine);
  for (size_t i = 0; i < n; i++) {
    double to_edge = end - v_min[i];
    density[i] = isnan(to_edge) ? NAN : to_edge > 0 ? halo->kind->component(halo, to_edge) : 0;
  }
}
