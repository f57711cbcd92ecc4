/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file mermin.c
 * A material as a sum of damped electron gases [docs/responses.md, Mermin; N. D. Mermin, Phys. Rev. B 1
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

#include "elf/gas_lanes.h"

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
  free(m->shell);
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

/* ---- a row of energies ------------------------------------------------------------------------- */

/* Which form of f(u,z) serves, see gas_lanes.h: the far one from |b| = FAR_B on, b = u − z; up to
 * NEAR_B, so that a row may reach beyond, the closed one or for small z the near one. */
static const double FAR_B = 6.0, NEAR_B = 19.0, CLOSED_Z = 0.05, NEAR_RATIO = 0.1;

/** All oscillators of a block, before `end`, at one momentum. */
static void set_block(const mermin *m, size_t first, size_t end, double k, gas_lanes *all)
{
  all->n = end - first < GAS_LANES ? end - first : GAS_LANES;
  for (size_t i = 0; i < all->n; i++) {
    const mermin_term *term = &m->terms[first + i];
    double unit = 1 / (k * term->v_F), scale = term->omega_p * unit;
    all->amplitude[i] = term->amplitude;
    all->u_per_omega[i] = unit;
    all->z[i] = 0.5 * k / term->v_F;
    all->gamma[i] = term->gamma;
    all->strength[i] = 3 * scale * scale;
  }
  gas_lanes_static(all->n, all->z, all->f_0);
}

static void append(const gas_lanes *from, size_t i, gas_lanes *to)
{
  to->amplitude[to->n] = from->amplitude[i];
  to->u_per_omega[to->n] = from->u_per_omega[i];
  to->z[to->n] = from->z[i];
  to->gamma[to->n] = from->gamma[i];
  to->strength[to->n] = from->strength[i];
  to->f_0[to->n++] = from->f_0[i];
}

typedef struct distances {
  double least2, greatest2;
} distances;

/** |u − x|² for energies from low to high: the least and the greatest. */
static distances distances_from(const gas_lanes *gas, size_t i, double low, double high, double x)
{
  double unit = gas->u_per_omega[i], from = low * unit - x, to = high * unit - x;
  double from2 = from * from, to2 = to * to, y2 = gas->gamma[i] * unit * gas->gamma[i] * unit;
  double nearer = from2 < to2 ? from2 : to2, farther = from2 < to2 ? to2 : from2;
  return (distances){(from < 0 && to > 0 ? 0 : nearer) + y2, farther + y2};
}

typedef struct sorted {
  gas_lanes closed, near, far, other;
} sorted;

/** By the form that serves at all energies from low to high; few are left over. */
static void sort_out(const gas_lanes *all, double low, double high, sorted *by)
{
  by->closed.n = by->near.n = by->far.n = by->other.n = 0;
  for (size_t i = 0; i < all->n; i++) {
    double z = all->z[i];
    distances b = distances_from(all, i, low, high, z);
    gas_lanes *to = &by->other;
    if (b.least2 >= FAR_B * FAR_B)
      to = &by->far;
    else if (z >= CLOSED_Z)
      to = b.greatest2 < NEAR_B * NEAR_B ? &by->closed : to;
    else if (b.greatest2 < NEAR_B * NEAR_B &&
             z * z < NEAR_RATIO * NEAR_RATIO * distances_from(all, i, low, high, 1).least2)
      to = &by->near;
    append(all, i, to);
  }
}

/** Σ A [1/ε_M − 1], one by one. */
static double complex sum_others(const gas_lanes *gas, double omega)
{
  double complex sum = 0;
  for (size_t i = 0; i < gas->n; i++) {
    double complex chi = susceptibility(
        &(gas_at_k){gas->u_per_omega[i], gas->z[i], gas->gamma[i], gas->strength[i], gas->f_0[i]},
        omega);
    double re = 1 + creal(chi), im = cimag(chi);
    double scale = gas->amplitude[i] / (re * re + im * im); /* −χ/(1+χ) = −χ (1+χ)* / |1+χ|² */
    sum -= CMPLX(scale * (creal(chi) * re + im * im), scale * im);
  }
  return sum;
}

void mermin_add_row(const mermin *m, size_t first, size_t end, size_t n, const double omega[],
                    double k_eV, double complex inverse[])
{
  double k = k_eV / ELFIN_MOMENTUM_AU_EV, low = HUGE_VAL, high = 0;
  gas_lanes all;
  sorted by;
  for (size_t i = 0; i < n; i++) {
    low = fmin(low, omega[i] / ELFIN_HARTREE_EV);
    high = fmax(high, omega[i] / ELFIN_HARTREE_EV);
  }
  for (; first < end; first += GAS_LANES) {
    set_block(m, first, end, k, &all);
    sort_out(&all, low, high, &by);
    for (size_t i = 0; i < n; i++) {
      double w = omega[i] / ELFIN_HARTREE_EV, closed[2], near[2], far[2];
      gas_lanes_closed(&by.closed, w, closed);
      gas_lanes_near(&by.near, w, near);
      gas_lanes_far(&by.far, w, far);
      inverse[i] += CMPLX(closed[0] + near[0] + far[0], closed[1] + near[1] + far[1]) +
                    sum_others(&by.other, w);
    }
  }
}

void mermin_inverse_row(const mermin *m, size_t n, const double omega[], double k,
                        double complex inverse[])
{
  for (size_t i = 0; i < n; i++)
    inverse[i] = 1;
  mermin_add_row(m, 0, m->n, n, omega, k, inverse);
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
