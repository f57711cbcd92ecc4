/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file electron_flux.c
 * Electron scattering of dark matter that may be relativistic [docs/electron.md, "Boosted
 * and reflected dark matter"; arXiv:2603.12326].
 *
 *   dR/dω = (1/ρ_T) σ̄_e/(32π² α μ_χe²) ∫ dk k³ W(ω,k) [((α m_e)² + m_V²)/(k² − ω² + m_V²)]² G(ω,k)
 *   G     = ∫_{v_min} dv (dΦ/dv) M/(v² E_χ²)
 *   M     = k² − ω² + 4 m_χ²                         scalar mediator
 *   M     = ((2E_χ − ω)² − k²) (1 − ω²/k²)²          vector: longitudinal current, transverse neglected
 *
 * Both M are polynomials in E_χ = γ m_χ, so that G is made of the moments H_j of flux_moments.h:
 *   G = (k² − ω² + 4 m_χ²) H_2/m_χ²
 *   G = (1 − ω²/k²)² [4 H_0 − 4 ω H_1/m_χ + (ω² − k²) H_2/m_χ²]
 * For v ≪ 1 both tend to 4 n_χ η(v_min) [electron.c].
 *
 * Kinematics: the energy and the momentum that dark matter needs at least are
 *   E = (ω + k s)/2,  p = (k + ω s)/2,  s = √(1 + 4 m_χ²/(k² − ω²)),  so v_min = (k + ω s)/(ω + k s);
 * solved for ω at a given speed it is the hyperbola of regions.h. It has k > ω everywhere.
 */
#include "rates/electron_inner.h"

#include "halo/flux_moments.h"

#include <math.h>

/* A flux with more points than this is cut at its ends alone: its second derivative jumps there, which
 * the integrator copes with. */
enum { MOST_EDGES = 24 };

static border border_of_speed(double m, double v)
{
  double gamma = 1 / sqrt((1 - v) * (1 + v));
  return (border){.p = gamma * m * v, .m = m, .E = gamma * m};
}

void electron_flux_begin(electron *e)
{
  e->v_max = elfin_flux_v_max(e->q->flux);
  e->fastest = border_of_speed(e->m_chi, e->v_max);
  e->omega_end = e->fastest.p * e->fastest.p / (e->fastest.E + e->m_chi); /* all that moves */
}

void electron_flux_edges(const electron *e, region *r)
{
  size_t n;
  const double *v = flux_knots(e->q->flux, &n);
  for (size_t i = 0; i < n; i++)
    if (v[i] > 0 && (n <= MOST_EDGES || i == 0 || i + 1 == n))
      r->curve[r->n_curves++] = border_of_speed(e->m_chi, v[i]);
}

/** G/4 at one point. */
static double slowness(const electron *e, double omega, double k)
{
  double H[FLUX_N_MOMENTS], m = e->m_chi, square = (k - omega) * (k + omega);
  if (!(square > 0))
    return 0;
  double s = sqrt(1 + 4 * m * m / square);
  flux_moments(e->q->flux, (k + omega * s) / (omega + k * s), H);
  if (e->q->mediator_spin == ELFIN_SCALAR_MEDIATOR)
    return (0.25 * square / (m * m) + 1) * H[2];
  double longitudinal = square / (k * k);
  double current = H[0] - omega / m * H[1] - 0.25 * square / (m * m) * H[2];
  return longitudinal * longitudinal * fmax(current, 0);
}

void electron_flux_weights(const electron *e, size_t n, const double omega[], const double k[],
                           double f[])
{
  for (size_t i = 0; i < n; i++) {
    double square = (k[i] - omega[i]) * (k[i] + omega[i]);
    double F = isinf(e->m_V2) ? 1 : (e->alpha_m_e2 + e->m_V2) / (square + e->m_V2);
    double weight = slowness(e, omega[i], k[i]);
    f[i] *= weight > 0 ? k[i] * k[i] * k[i] * F * F * weight : 0;
  }
}
