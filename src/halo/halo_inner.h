/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_inner.h
 * Inside the room: what a halo is made of. */
#ifndef HALO_INNER_H
#define HALO_INNER_H

#include <elfin/halo.h>

#include "halo/halo_lookup.h"
#include "numerics/grid.h"

/** The truncated Maxwellian (halo.c). */
typedef struct maxwellian {
  double v0, v_lab;
  double v_kink;   /* v_esc − v_lab: where the boosted sphere begins to be cut */
  double z;        /* v_esc / v0 */
  double scale;    /* 2π v0²/N, in 1/c */
  double kink[2];  /* v_kink, v_max; or v_max alone */
} maxwellian;

/** η linear between points (halo_table.c). */
typedef struct halo_table {
  size_t n;
  double *v, *eta; /* [n] */
  grid cells;
} halo_table;

typedef struct halo_kind {
  void (*eta)(const elfin_halo *halo, size_t n, const double v_min[], double eta[]);
  void (*f1)(const elfin_halo *halo, size_t n, const double v[], double f1[]);
} halo_kind;

struct elfin_halo {
  const halo_kind *kind;
  double v_max;
  size_t n_kinks;
  const double *kinks;  /* [n_kinks] points into one of the following */
  unsigned edge_power;  /* η ∝ (v_max − v)^edge_power near v_max, times something smooth; pieces
                           between kinks are smooth, too. 0: not so, η is to be taken as it is */
  maxwellian shm;
  halo_table table;
  halo_lookup *lookup;  /* owned */
};

#endif
