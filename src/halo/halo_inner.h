/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_inner.h
 * Inside the room: what a halo is made of. */
#ifndef HALO_INNER_H
#define HALO_INNER_H

#include <elfin/halo.h>

#include "halo/halo_lookup.h"

enum { HALO_MOST_PARTS = 2, HALO_MOST_KINKS = 2 * HALO_MOST_PARTS };

typedef struct halo_kind {
  void (*eta)(const elfin_halo *halo, size_t n, const double v_min[], double eta[]);
  void (*f1)(const elfin_halo *halo, size_t n, const double v[], double f1[]);
  /** Of a halo that is the same in all directions of the Galaxy: the density of one velocity
   * component [1/c], so far (> 0) from the escape speed. NULL: directions matter, or are unknown.
   */
  double (*component)(const elfin_halo *halo, double to_edge);
  /** η from the look-ups of its parts. NULL: it has none. */
  void (*of_parts)(const elfin_halo *halo, size_t n, const double v_min[], double eta[]);
  void (*clear)(void *own);
} halo_kind;

struct elfin_halo {
  const halo_kind *kind;
  double v_max;
  double v0;           /* NAN: it has none */
  double v_esc, v_lab; /* where `component` is given */
  size_t n_kinks;
  const double *kinks;          /* [n_kinks] */
  double kink[HALO_MOST_KINKS]; /* room for few */
  double edge_power;   /* η ∝ (v_max − v)^edge_power near v_max, times something smooth; pieces
                          between kinks are smooth, too. 0: not so, η is to be taken as it is */
  void *own;           /* of its kind; owned */
  halo_lookup *lookup; /* owned */
  halo_kept *kept;     /* owned; changes while the halo is being prepared */
};

/** An empty halo of a kind, which owns `own` from here on: also if this fails.
 * @return NULL: no memory */
elfin_halo *halo_new(const halo_kind *kind, void *own);

/** v_max = v_esc + v_lab, and the kinks of a sphere that ends at v_esc, seen from the laboratory.
 */
void halo_set_sphere(elfin_halo *made, double v_esc, double v_lab);

/** Make its look-up and hand it over; on failure it is freed. */
elfin_status halo_finish(elfin_halo *made, elfin_halo **halo, elfin_error *err);

/** Neither may leave the Galaxy, nor be as fast as light. @return ELFIN_OK; ELFIN_E_ARGUMENT */
elfin_status halo_check_speed(const char *name, double v, elfin_error *err);
elfin_status halo_check_lab(double v_esc, double v_lab, elfin_error *err);

#endif
