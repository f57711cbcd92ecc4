/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file massless.h
 * What is left of all momenta where ε(ω) does not depend on them and the mediator is massless:
 * phonon.c and froehlich.c [docs/phonon.md]. */
#ifndef MASSLESS_H
#define MASSLESS_H

#include <elfin/rate.h>

#include <stdbool.h>

typedef struct massless massless;

/** N (α m_e)⁴ of d²R/dωdk = N k³ F² ELF η, F = (α m_e/k)²: [1/kg/yr/eV] per cm², to be multiplied
 * by ELF(ω) G(ω) dω. */
double massless_prefactor(const elfin_request *q);

/** G(ω) = ∫ dk/k η(ω/k + k/2m_χ) [1/c], to massless_error(); exactly 0 from m_χ v_max²/2 on. By
 * quadrature: some 0.5 µs. */
double massless_momenta(const elfin_halo *halo, double m_chi, double omega);

/** The same, of momenta above k_low only. */
double massless_momenta_above(const elfin_halo *halo, double m_chi, double omega, double k_low);

/** Relative error of G, also of the polynomials below: MASSLESS_ERROR, and what rounding ω does near the
 * end, where G vanishes. tests/rates/test_massless.c measures it. */
double massless_error(const elfin_halo *halo, double m_chi, double omega);
#define MASSLESS_ERROR 6e-11

/** G of a halo, ready for many energies and all masses: made when it is first asked for, some 0.3 ms, and kept with
 * the halo. Deterministic. @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status massless_of(const elfin_halo *halo, const massless **found, elfin_error *err);

/** Is it made of polynomials, smooth but for the halo's kinks? Else of quadratures. */
bool massless_is_smooth(const massless *g);

/** G at n energies > 0. */
void massless_at(const massless *g, double m_chi, size_t n, const double omega[], double G[]);

#endif
