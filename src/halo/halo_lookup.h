/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_lookup.h
 * η(v_min) by look-up: for integrands that need it ten thousand times a rate.
 */
#ifndef HALO_LOOKUP_H
#define HALO_LOOKUP_H

#include <elfin/halo.h>

#include <stdbool.h>

typedef struct halo_lookup halo_lookup;

/** What is asked for where nothing else is known: far below any accuracy of a rate. */
#define HALO_LOOKUP_TOLERANCE 1e-10

/** Prepare a look-up; some 50 µs for an ordinary halo. Deterministic.
 *
 * @param[in] halo       borrowed: must outlive the look-up
 * @param[in] tolerance  relative error of η, also where η → 0 at v_max; checked here at three
 *                       points of every cell. A halo for which it cannot be reached, or that is a
 *                       table, is looked up by elfin_halo_eta() itself
 * @return ELFIN_OK; ELFIN_E_MEMORY
 */
elfin_status halo_lookup_new(const elfin_halo *halo, double tolerance, halo_lookup **lookup,
                             elfin_error *err);

/** The look-up that a halo brings with it, at HALO_LOOKUP_TOLERANCE. */
const halo_lookup *halo_lookup_of(const elfin_halo *halo);

/** Is η looked up as polynomials, smooth but for the halo's kinks? Else it is the halo's own. */
bool halo_lookup_is_smooth(const halo_lookup *lookup);

/** p of η ∝ (v_max − v)^p near v_max; 0 for a table, which is linear between its points. */
double halo_edge_power(const elfin_halo *halo);

/** What is made of a halo later, by one that needs it, and freed with it. */
typedef struct halo_kept {
  void *object; /* NULL: nothing yet */
  void (*free_object)(void *object);
} halo_kept;

halo_kept *halo_kept_of(const elfin_halo *halo);

void halo_lookup_free(halo_lookup *lookup); /* NULL is fine */

/** As elfin_halo_eta(), within the tolerance; exactly 0 from v_max on. Both arrays may be one. */
void halo_lookup_eta(const halo_lookup *lookup, size_t n, const double v[], double eta[]);

#endif
