/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file ion_loss.h
 * What a shaken ion loses to the electrons (ion_loss.c):
 *   D(ω) = ∫ k² Z(k)² ELF(ω,k) dk   [eV³],
 * all of the response that the Migdal effect's soft limit sees. */
#ifndef ION_LOSS_H
#define ION_LOSS_H

#include "elf/elf.h"
#include "numerics/series.h"

/** Of which ion in which response, how well. */
typedef struct ion_loss {
  const elfin_response *response;
  const elfin_form_factor *ion; /* Z(k); NULL: `charge` at every k */
  double charge;
  double k_cut;                 /* highest k that counts [eV]; INFINITY: the response's */
  double accuracy;              /* relative, of a rate */
} ion_loss;

/** Momenta below this are left out [eV] (docs/migdal.md). */
#define ION_LOSS_K_MIN 10

/** Energies that D(ω) covers: the response's, from half the gap on. */
void ion_loss_range(const elfin_response *response, double *low, double *high);

/** D(ω) as a series in ln ω, kept with the response; NULL: not yet made. */
const series *ion_loss_series(const ion_loss *wanted);

/** How many parts are still to be made; 0: none. Parts may be made anywhere, and are taken in order;
 * the outcome has the same bits. */
size_t ion_loss_n_parts(const ion_loss *wanted);
/** How many there are, made or not. */
size_t ion_loss_n_parts_of_all(const ion_loss *wanted);
elfin_status ion_loss_make_part(const ion_loss *wanted, size_t i_part, size_t *n, double **numbers,
                                elfin_error *err);
elfin_status ion_loss_take_part(const ion_loss *wanted, size_t i_part, size_t n,
                                const double numbers[], elfin_error *err);

/** Everything that is kept with a response; NULL is fine. */
void ion_losses_free(struct ion_losses *list);

#endif
