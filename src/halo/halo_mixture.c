/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_mixture.c
 * Dark matter of two kinds: η and f1 are sums. */
#include "halo/halo_inner.h"

#include <math.h>
#include <stdlib.h>

typedef struct mixture {
  elfin_halo *part[HALO_MOST_PARTS]; /* owned */
  double weight[HALO_MOST_PARTS];
} mixture;

typedef void function_of(const elfin_halo *halo, size_t n, const double v[], double f[]);

static void add_up(const elfin_halo *halo, function_of *f, size_t n, const double v[], double sum[])
{
  enum { BLOCK = 128 };
  const mixture *m = halo->own;
  double first[BLOCK], second[BLOCK];
  for (size_t at = 0; at < n; at += BLOCK) {
    size_t block = n - at < BLOCK ? n - at : BLOCK;
    f(m->part[0], block, v + at, first);
    f(m->part[1], block, v + at, second);
    for (size_t i = 0; i < block; i++)
      sum[at + i] = m->weight[0] * first[i] + m->weight[1] * second[i];
  }
}

static void looked_up(const elfin_halo *halo, size_t n, const double v[], double eta[])
{
  halo_lookup_eta(halo->lookup, n, v, eta);
}

static void mixture_eta(const elfin_halo *halo, size_t n, const double v_min[], double eta[])
{
  add_up(halo, elfin_halo_eta, n, v_min, eta);
}

static void mixture_f1(const elfin_halo *halo, size_t n, const double v[], double f1[])
{
  add_up(halo, elfin_halo_f1, n, v, f1);
}

static void mixture_of_parts(const elfin_halo *halo, size_t n, const double v_min[], double eta[])
{
  add_up(halo, looked_up, n, v_min, eta);
}

static void mixture_clear(void *own)
{
  mixture *m = own;
  for (size_t i = 0; i < HALO_MOST_PARTS; i++)
    elfin_halo_free(m->part[i]);
  free(m);
}

/** All kinks of both, ascending, each once. */
static void merge_kinks(elfin_halo *made, const elfin_halo *a, const elfin_halo *b)
{
  size_t i = 0, j = 0;
  while (i < a->n_kinks || j < b->n_kinks) {
    double x = i < a->n_kinks ? a->kinks[i] : INFINITY, y = j < b->n_kinks ? b->kinks[j] : INFINITY;
    made->kink[made->n_kinks++] = fmin(x, y);
    i += x <= y;
    j += y <= x;
  }
}

elfin_status elfin_halo_new_mixture(elfin_halo *first, elfin_halo *second, double of_second,
                                    elfin_halo **halo, elfin_error *err)
{
  static const halo_kind kind = {
      .eta = mixture_eta, .f1 = mixture_f1, .of_parts = mixture_of_parts, .clear = mixture_clear};
  mixture *m = calloc(1, sizeof *m);
  elfin_halo *made = halo_new(&kind, m);
  elfin_status status = !made ? elfin_fail(err, ELFIN_E_MEMORY, "no memory for a halo")
                        : !(of_second >= 0 && of_second <= 1)
                            ? elfin_fail(err, ELFIN_E_ARGUMENT,
                                         "a fraction of %g: it must lie between 0 and 1", of_second)
                        : first->n_kinks > 2 || second->n_kinks > 2
                            ? elfin_fail(err, ELFIN_E_ARGUMENT,
                                         "a mixture is made of two halos of at most two kinks; a "
                                         "table has more")
                            : ELFIN_OK;
  if (status) {
    elfin_halo_free(made);
    elfin_halo_free(first);
    elfin_halo_free(second);
    return status;
  }
  *m = (mixture){{first, second}, {1 - of_second, of_second}};
  const elfin_halo *fastest = first->v_max > second->v_max ? first : second;
  made->v_max = fastest->v_max;
  made->v0 = isnan(first->v0) ? second->v0 : first->v0;
  made->edge_power = first->v_max == second->v_max ? fmin(first->edge_power, second->edge_power)
                                                   : fastest->edge_power;
  merge_kinks(made, first, second);
  return halo_finish(made, halo, err);
}
