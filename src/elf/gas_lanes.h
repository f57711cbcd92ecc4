/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file gas_lanes.h
 * Inside the room: many damped electron gases at once, in vector instructions. */
#ifndef GAS_LANES_H
#define GAS_LANES_H

#include <stddef.h>

enum { GAS_LANES = 64 };

/** Up to GAS_LANES gases at one momentum, in Hartree and a.u.: all that does not depend on ω. */
typedef struct gas_lanes {
  size_t n;
  double amplitude[GAS_LANES];
  double u_per_omega[GAS_LANES]; /* 1/(k v_F) */
  double z[GAS_LANES];           /* k/(2 v_F) */
  double gamma[GAS_LANES];       /* Γ */
  double strength[GAS_LANES];    /* 3 ω_p²/(k v_F)² */
  double f_0[GAS_LANES];         /* f(0,z) */
} gas_lanes;

/** f(0,z), each z > 0. Relative error below 1e-12. */
void gas_lanes_static(size_t n, const double z[], double f_0[]);

/** Real and imaginary part of Σ A [1/ε_M(ω) − 1], ω > 0, by one of three forms of f(u,z), each with
 * a relative error of f below 1e-10 where it serves: for z ≥ 0.05 and |u − z| < 20; */
void gas_lanes_closed(const gas_lanes *gas, double omega, double sum[2]);

/** for z < 0.05, z ≤ 0.1 |1 − u| and |u| < 20; */
void gas_lanes_near(const gas_lanes *gas, double omega, double sum[2]);

/** for |u − z| ≥ 6. */
void gas_lanes_far(const gas_lanes *gas, double omega, double sum[2]);

#endif
