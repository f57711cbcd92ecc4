/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron_inner.h
 * Inside the room: what the files of electron scattering share.
 *
 *   electron.c            the observables
 *   electron_integrals.c  the integrand, where it lives, its integrals
 *   electron_flux.c       the same for a flux of any speed in place of a halo
 *   electron_knots.c      cutting panels at a table's knots
 *   electron_rows.c       R(E_th) by a rule that the response brings
 *   electron_row_bins.c   R in bins by the same
 *   electron_bins.c       spectrum and charges: by rows, and by the integrator where they are not enough
 */
#ifndef ELECTRON_INNER_H
#define ELECTRON_INNER_H

#include <elfin/rate.h>

#include "rates/regions.h"

#include "elf/loss_bins.h"

#include "numerics/numerics.h"

typedef struct electron {
  const elfin_request *q;
  double m_chi, delta, v_max;
  double omega_min, omega_max; /* where the response says something */
  double omega_end;            /* where kinematics ends: m_χ v_max²/2 − δ; of a flux T_max */
  double alpha_m_e2, m_V2;     /* (α m_e)², m_V² */
  double temperature;          /* [eV] */
  double prefactor;            /* N for σ̄_e = 1 cm² */
  double k_first, k_last;      /* of the response's table, else 0 and its highest momentum */
  bool ends_below_cut;         /* k_last is below the user's cut */
  border fastest;                /* of a flux: ω(k) at v_max */
  loss_wanted W;               /* accuracy 0: no interpolant serves, W is computed */
  region where;
  size_t n_panels;
  panel *panels;                        /* [INTEGRAL_MAX_PANELS] */
  double ends[2 * REGION_MAX_SEGMENTS]; /* of stretches of a line */
  double fixed;                         /* ω of a point value, k of a tail */
  double accuracy;            /* of integrals: what the interpolant leaves of the request's */
  double interpolation_error; /* relative */
  long evaluations;
  elfin_status first_failure;
} electron;

/* electron.c */

/** N times an integral per unit, with the interpolant's share of the error; NaN if it failed. */
void electron_put(electron *e, elfin_status status, const integral *from, double unit,
                  double *value, double *error, elfin_status *own);

/** Add a slice [electron_slice()] to what is `above` it: once more, and more accurately, if what rows say
 * of the sum contradicts it. @param[in] rows  NULL: they say nothing */
elfin_status electron_add_slice(electron *e, double low, double high, double relative,
                                double absolute, const integral *rows, integral *above,
                                elfin_error *err);

/* electron_integrals.c */

/** Kinematics and prefactors of a request, and its region.
 * @param[out] e  take it back with electron_end()
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status electron_begin(electron *e, const elfin_request *request, elfin_error *err);
void electron_end(electron *e);

/** ∫ dω ∫ dk from ω = low to high, without N; outside of the response's range nothing.
 * @return as integrate_panels(), and ELFIN_E_VALIDITY: too many kinks */
elfin_status electron_slice(electron *e, double low, double high, double relative, double absolute,
                            integral *out, elfin_error *err);

/** ∫ dk at one ω, without N. */
elfin_status electron_line(electron *e, double omega, integral *out, elfin_error *err);

/** What lies beyond the response's highest k (a table's last momentum, if it is continued there), from
 * ω = low to high, or beyond its highest ω, if it went on falling like a power. */
double electron_tail_in_k(electron *e, double low, double high);
/** What lies below a table's first momentum, if the integrand there went on as it is. */
double electron_head_in_k(electron *e, double low, double high);
double electron_tail_in_omega(electron *e);

/* electron_flux.c */

/** v_max and where kinematics ends. */
void electron_flux_begin(electron *e);
/** Its edges in the region: where dΦ/dv begins and ends, and its points if they are few. */
void electron_flux_edges(const electron *e, region *r);
/** Everything but N, W and the temperature at n points: multiplies f. */
void electron_flux_weights(const electron *e, size_t n, const double omega[], const double k[],
                           double f[]);

/* electron_knots.c */

/** A table's knots as weak kinks of panels; the context is an electron. */
extern const panel_kinks electron_knots;

/* electron_rows.c */

typedef struct threshold {
  double energy;
  size_t index;    /* in the request */
  bool known;      /* `above` is filled */
  bool by_rows;    /* … and good enough */
  integral above;  /* ∫ dω ∫ dk above it, without N */
  double large;    /* of that, momenta above ELECTRON_LARGE_MOMENTUM; 0 if not known */
} threshold;

/** Momenta from here on are where gases of electrons, which know nothing of the electrons' orbits near nuclei,
 * differ from all-electron calculations by factors [data/experiments/README.md]. [eV] */
#define ELECTRON_LARGE_MOMENTUM 2e4

/** What the response's rows say of all thresholds.
 * @param[in,out] list  [n] descending in energy
 * @return ELFIN_OK, also if they say nothing; ELFIN_E_MEMORY */
elfin_status electron_rows(electron *e, size_t n, threshold list[], elfin_error *err);

/* What rows of rates and of bins have in common. */

/* Panels that together may add less than this part are left out. */
static const double ROWS_NEGLIGIBLE = 3e-7;

/** The response's rows of these energies, if they are good for the request, else NULL.
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status electron_rows_for(const electron *e, bool below, const loss_rows **rows,
                               elfin_error *err);
/** What of that depends on the request alone: rows know of W, not of the temperature or a cut. */
bool electron_rows_serve(const elfin_request *request);

/** η at a row's nodes from `first` up to `end`, x_j + shift. @return where it is 0 from there on, or `end` */
size_t electron_rows_eta(electron *e, const loss_rows *rows, double shift, size_t first, size_t end,
                         double eta[]);

/** k⁴ F(k)² */
double electron_form_factor(const electron *e, double k);

/** What a panel may add at most. */
typedef struct panel_bound {
  double most;
  size_t i_panel;
} panel_bound;

/** Of all panels, from the largest on. @return their sum */
double electron_rows_bounds(const electron *e, const loss_rows *rows, panel_bound list[]);

/* electron_prepare.c */

/** What is prepared of the response for energies above its border, and for those below. */
loss_wanted electron_loss(const elfin_request *request, bool below);
/** Does the request ask for energies below the border that can be prepared? */
bool electron_asks_below(const elfin_request *request);

/* electron_bins.c */

elfin_status electron_spectrum(electron *e, elfin_result *result, elfin_error *err);
elfin_status electron_charges(electron *e, elfin_result *result, elfin_error *err);

/** Bin Q = 1, 2, … begins at the gap and Q − 1 energies of a pair. @param[out] edge  [n_charges + 1] */
void electron_charge_edges(const elfin_request *request, double edge[]);

/* electron_row_bins.c */

/** What the response's rows say of bins, of both ranges of energies.
 * @param[in]     edge   [n_edges] ascending
 * @param[in,out] bin    [n_edges − 1] ∫ dω ∫ dk over each, without N; all 0
 * @param[in,out] known  [n_edges − 1] set where they say something; all false
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status electron_row_bins(electron *e, size_t n_edges, const double edge[], integral bin[],
                               bool known[], elfin_error *err);

/** Make the bins of a request [elf/loss_bins.h] where there is room to keep them.
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status electron_row_bins_prepare(const elfin_request *request, elfin_error *err);

#endif
