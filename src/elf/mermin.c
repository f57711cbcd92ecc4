/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file mermin.c
 * A material as a sum of damped electron gases [physics.md §2, Mermin; N. D. Mermin, Phys. Rev. B 1
 * (1970) 2362].
 *
 *   χ = ε_L(ω+iΓ,k) − 1,  χ_0 = ε_L(0,k) − 1
 *   ε_M − 1 = (ω+iΓ) χ / (ω + iΓ χ/χ_0)
 *   1/ε(ω,k) = 1 + Σ_i A_i [1/ε_M(ω,k;ω_i,Γ_i) − 1],  each v_F from its own ω_i
 *
 * Lists were fitted in Hartree = 27.211 eV and momentum units of 3728.95 eV: they are part of the
 * fit, so we compute in these units under both conventions.
 *
 * Delicate: Γ → 0 and small k. Both are lindhard_f()'s business; here we only avoid dividing by ω,
 * and write 1/ε_M − 1 = −χ_M/(1 + χ_M), which does not cancel for weak screening.
 */
#include "elf/elf.h"

#include <math.h>
#include <stdlib.h>

elfin_status mermin_new(size_t n, const elfin_oscillator list[], mermin **made, elfin_error *err)
{
  mermin *m = calloc(1, sizeof *m);
  mermin_term *terms = calloc(n ? n : 1, sizeof *terms);
  if (!m || !terms) {
    free(m);
    free(terms);
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu oscillators", n);
  }
  for (size_t i = 0; i < n; i++) {
    terms[i].amplitude = list[i].amplitude;
    terms[i].omega_p = list[i].omega_eV / ELFIN_HARTREE_EV;
    terms[i].gamma = list[i].gamma_eV / ELFIN_HARTREE_EV;
    terms[i].v_F = cbrt(0.75 * M_PI * terms[i].omega_p * terms[i].omega_p);
  }
  *m = (mermin){.n = n, .terms = terms};
  *made = m;
  return ELFIN_OK;
}

void mermin_free(mermin *m)
{
  if (!m)
    return;
  free(m->terms);
  free(m);
}

/** One oscillator at one momentum: all that does not depend on ω. */
typedef struct gas_at_k {
  double u_per_omega; /* 1/(k v_F) */
  double z, gamma;
  double strength;    /* 3 ω_p²/(k v_F)² */
  double f_0;         /* f(0,z) */
} gas_at_k;

static gas_at_k at_momentum(const mermin_term *term, double k)
{
  gas_at_k gas = {.u_per_omega = 1 / (k * term->v_F), .z = k / (2 * term->v_F), .gamma = term->gamma};
  gas.strength = 3 * term->omega_p * gas.u_per_omega * term->omega_p * gas.u_per_omega;
  gas.f_0 = lindhard_f_static(gas.z);
  return gas;
}

/** ε_M − 1 = s (ω+iΓ) f / (ω + iΓ f/f_0), s = 3 ω_p²/(k v_F)². */
static double complex susceptibility(const gas_at_k *gas, double omega)
{
  double complex f = lindhard_f(CMPLX(omega, gas->gamma) * gas->u_per_omega, gas->z);
  double re = creal(f), im = cimag(f), ratio = gas->gamma / gas->f_0;
  double above_re = omega * re - gas->gamma * im, above_im = omega * im + gas->gamma * re;
  double below_re = omega - ratio * im, below_im = ratio * re;
  double scale = gas->strength / (below_re * below_re + below_im * below_im);
  return CMPLX(scale * (above_re * below_re + above_im * below_im),
               scale * (above_im * below_re - above_re * below_im));
}

void mermin_inverse_row(const mermin *m, size_t n, const double omega[], double k_eV,
                        double complex inverse[])
{
  double k = k_eV / ELFIN_MOMENTUM_AU_EV;
  for (size_t i = 0; i < n; i++)
    inverse[i] = 1;
  for (size_t t = 0; t < m->n; t++) {
    gas_at_k gas = at_momentum(&m->terms[t], k);
    double amplitude = m->terms[t].amplitude;
    for (size_t i = 0; i < n; i++) {
      double complex chi = susceptibility(&gas, omega[i] / ELFIN_HARTREE_EV);
      double re = 1 + creal(chi), im = cimag(chi);
      double scale = amplitude / (re * re + im * im); /* −χ/(1+χ) = −χ (1+χ)* / |1+χ|² */
      inverse[i] -= CMPLX(scale * (creal(chi) * re + im * im), scale * im);
    }
  }
}

double mermin_inverse_static(const mermin *m, double k_eV)
{
  double inverse = 1;
  for (size_t t = 0; t < m->n; t++) {
    gas_at_k gas = at_momentum(&m->terms[t], k_eV / ELFIN_MOMENTUM_AU_EV);
    double chi = gas.strength * gas.f_0;
    inverse -= m->terms[t].amplitude * chi / (1 + chi);
  }
  return inverse;
}

double complex mermin_susceptibility(double omega, double k, double omega_p, double gamma)
{
  mermin_term term = {.amplitude = 1, .omega_p = omega_p / ELFIN_HARTREE_EV, .gamma = gamma / ELFIN_HARTREE_EV};
  term.v_F = cbrt(0.75 * M_PI * term.omega_p * term.omega_p);
  gas_at_k gas = at_momentum(&term, k / ELFIN_MOMENTUM_AU_EV);
  return susceptibility(&gas, omega / ELFIN_HARTREE_EV);
}
