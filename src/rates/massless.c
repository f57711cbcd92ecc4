/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file massless.c
 * All momenta at once [docs/phonon.md]: where ε depends on ω alone and the mediator is massless,
 *
 *   R = N (α m_e)⁴ ∫ dω ELF(ω) G(ω),   G(ω) = ∫ dk/k η(ω/k + k/2m_χ).
 *
 * With k = m_χ y e^{±t}, y = √(2ω/m_χ), the least speed is v = y cosh t, and
 *
 *   G = 2 ∫_0^{acosh(v_max/y)} η(y cosh t) dt,
 *
 * a function of ω/m_χ alone: smooth in t between the halo's kinks, so that Gauss' rule knows it. In
 * froehlich.c it is the integral over speeds of ln(q₊/q₋) f1/v, by parts.
 *
 * G depends on ω/m_χ alone: where many energies are asked, it is made into polynomials of that, once for a
 * halo. Below each kink v_e of the halo, G has
 * a half-integer power of v_e − y, and for y → 0 a logarithm; in s = acosh(v_e/y) = atanh z, z² = 1
 * − ω/ω_e, ω_e = m_χ v_e²/2, it has neither. Before v_max, G ∝ z^{2p+1} where η ∝ (v_max − v)^p:
 * that factor is taken out, so that the relative error stays small to the end.
 *
 * A halo given as a table is linear between its points: there the integral over t is
 * ∫ (a + b y cosh t) dt, done exactly.
 */
#include "rates/massless.h"

#include "halo/halo_lookup.h"

#include <math.h>
#include <stdlib.h>

/* Gauss' rule of 12 points on pieces no longer than this knows e^{20t}, as η falls near v_max, to
 * 1e-13. */
enum { N_GAUSS = 12 };
static const double LONGEST = 0.5;
/* Chebyshev nodes of a cell in s, and its length: the nearest singularity is π/2 away. */
enum { N_NODES = 16, FEW_KINKS = 4, MOST_CELLS = 256 };
static const double CELL = 0.75, SHORTEST = 1e-9;
/* Polynomials begin at this part of the highest ω/m_χ. */
static const double LOWEST = 1e-9;
/* A cell is good if its last coefficients are below this part of the least value. */
static const double LEFT_OUT = 1e-11;
/* From here on, in s, the end at v_max is far. */
static const double FAR_FROM_END = 1;

/* What a few roundings leave of 1 − ω/ω_end, times G's power of it. */
static const double ROUNDING = 2e-15;

/* ---- G by quadrature ------------------------------------------------------------------------- */

/* Gauss–Legendre on (−1, 1): the positive half [Abramowitz & Stegun, table 25.4]. */
static const double gauss_at[N_GAUSS / 2] = {0.12523340851146891547, 0.36783149899818019375,
                                             0.58731795428661744730, 0.76990267419430468704,
                                             0.90411725637047485668, 0.98156063424671925069};
static const double gauss_weight[N_GAUSS / 2] = {0.24914704581340278500, 0.23349253653835480876,
                                                 0.20316742672306592175, 0.16007832854334622633,
                                                 0.10693932599531843096, 0.04717533638651182720};

/** ∫ η(y cosh t) dt from t0 to t1, between which η is smooth. */
static double smooth_piece(const halo_lookup *eta, double y, double t0, double t1)
{
  int n = 1 + (int)((t1 - t0) / LONGEST);
  double half = 0.5 * (t1 - t0) / n, sum = 0;
  for (int i = 0; i < n; i++) {
    double middle = t0 + (2 * i + 1) * half, v[N_GAUSS];
    for (int j = 0; j < N_GAUSS / 2; j++) {
      v[2 * j] = y * cosh(middle - half * gauss_at[j]);
      v[2 * j + 1] = y * cosh(middle + half * gauss_at[j]);
    }
    halo_lookup_eta(eta, N_GAUSS, v, v);
    for (int j = 0; j < N_GAUSS / 2; j++)
      sum += gauss_weight[j] * (v[2 * j] + v[2 * j + 1]);
  }
  return half * sum;
}

/** The same where η is linear in v. */
static double linear_piece(const elfin_halo *halo, double y, double t0, double t1)
{
  double v[2] = {y * cosh(t0), y * cosh(t1)}, eta[2];
  elfin_halo_eta(halo, 2, v, eta);
  double slope = (eta[1] - eta[0]) / (v[1] - v[0]);
  return (eta[0] - slope * v[0]) * (t1 - t0) + slope * y * (sinh(t1) - sinh(t0));
}

static bool is_table(const elfin_halo *halo)
{
  return halo_edge_power(halo) == 0;
}

/** ∫ η(y cosh t) dt from `from` on; y cosh t ≤ v_max. */
static double half_of_momenta(const elfin_halo *halo, double y, double from)
{
  size_t n;
  const double *kink = elfin_halo_kinks(halo, &n);
  bool linear = is_table(halo);
  double sum = 0, t0 = from;
  for (size_t i = 0; i < n; i++) {
    double t1 = kink[i] > y ? acosh(kink[i] / y) : 0;
    if (!(t1 > t0))
      continue;
    sum += linear ? linear_piece(halo, y, t0, t1) : smooth_piece(halo_lookup_of(halo), y, t0, t1);
    t0 = t1;
  }
  return sum;
}

double massless_momenta(const elfin_halo *halo, double m_chi, double omega)
{
  double y = sqrt(2 * omega / m_chi);
  return y < elfin_halo_v_max(halo) ? 2 * half_of_momenta(halo, y, 0) : 0;
}

double massless_momenta_above(const elfin_halo *halo, double m_chi, double omega, double k_low)
{
  double y = sqrt(2 * omega / m_chi), t = log(k_low / (m_chi * y)); /* of k_low */
  if (!(y < elfin_halo_v_max(halo)))
    return 0;
  if (t >= 0)
    return half_of_momenta(halo, y, t);
  return massless_momenta(halo, m_chi, omega) - half_of_momenta(halo, y, -t);
}

double massless_error(const elfin_halo *halo, double m_chi, double omega)
{
  double v_max = elfin_halo_v_max(halo), to_end = 1 - 2 * omega / (m_chi * v_max * v_max);
  return MASSLESS_ERROR + fmin(ROUNDING / fmax(to_end, ROUNDING), 1);
}

double massless_prefactor(const elfin_request *q)
{
  const elfin_constants *c = q->constants;
  double n_chi = q->rho_GeV_cm3 * 1e9 / q->mass_eV;              /* [1/cm³] */
  double rho_T = q->material->density_g_cm3.value * 1e-3;        /* [kg/cm³] */
  double mu = q->mass_eV * c->m_e_eV / (q->mass_eV + c->m_e_eV); /* [eV] */
  double per_area = 1 / (c->hbar_c_eV_cm * c->hbar_c_eV_cm);     /* 1 cm² in 1/eV² */
  double per_year = c->per_s_in_eV * c->year_s;                  /* 1 eV in 1/yr */
  double alpha_m_e2 = c->alpha * c->m_e_eV * c->alpha * c->m_e_eV;
  return n_chi / rho_T * per_area / (mu * mu) * alpha_m_e2 * alpha_m_e2 / (4 * M_PI * M_PI) /
         (2 * c->alpha) * per_year;
}

/* ---- G as polynomials ------------------------------------------------------------------------ */

/** From one kink to the next, in ω: polynomials in s, cell by cell; or, at the end, z^power times
 * polynomials in s². */
typedef struct piece {
  double low, high; /* [eV] */
  double omega_e;   /* the kink at or above `high` */
  double power;     /* 0: not at the end */
  double x0, per_x; /* of the first cell, in s or s²; cells per unit of it */
  size_t n_cells;
  double *coefficient; /* [n_cells][N_NODES] of Chebyshev's polynomials; owned */
} piece;

/** ω is in units of m_χ here. */
struct massless {
  const elfin_halo *halo;
  double lowest;   /* below it by quadrature */
  size_t n_pieces; /* 0: by quadrature */
  piece pieces[FEW_KINKS + 1];
};

static double z_of(double omega_e, double omega)
{
  return sqrt(fmax(omega_e - omega, 0) / omega_e);
}

/** acosh √(ω_e/ω) = atanh z, to all digits at both ends. */
static double s_of(double omega_e, double omega)
{
  return log((1 + z_of(omega_e, omega)) * sqrt(omega_e / omega));
}

static double power_of(double z, double power)
{
  int n = (int)power;
  if (n != power)
    return pow(z, power);
  double z2 = z * z, product = n % 2 ? z : 1;
  for (int i = n / 2; i > 0; i--)
    product *= z2;
  return product;
}

/** s, or s². */
static double coordinate(const piece *p, double omega)
{
  double s = s_of(p->omega_e, omega);
  return p->power ? s * s : s;
}

/** @return the relative size of the last coefficients: below it is what is left out */
static double fill_cell(const massless *g, const piece *p, size_t i_cell)
{
  double f[N_NODES], least = INFINITY, *c = &p->coefficient[i_cell * N_NODES];
  for (int j = 0; j < N_NODES; j++) {
    double x = p->x0 + ((double)i_cell + 0.5 + 0.5 * cos(M_PI * (j + 0.5) / N_NODES)) / p->per_x;
    double s = p->power ? sqrt(x) : x, omega = p->omega_e / (cosh(s) * cosh(s));
    f[j] = massless_momenta(g->halo, 1, omega) / power_of(tanh(s), p->power);
    least = fmin(least, f[j]);
  }
  for (int m = 0; m < N_NODES; m++) {
    c[m] = 0;
    for (int j = 0; j < N_NODES; j++)
      c[m] += (m ? 2.0 : 1.0) / N_NODES * f[j] * cos(M_PI * m * (j + 0.5) / N_NODES);
  }
  return (fabs(c[N_NODES - 1]) + fabs(c[N_NODES - 2])) / least;
}

/** Cells, twice as many until all are good. @return ELFIN_OK; ELFIN_E_ACCURACY; ELFIN_E_MEMORY */
static elfin_status fill_piece(const massless *g, piece *p, double length)
{
  for (p->n_cells = 1 + (size_t)(length / CELL); p->n_cells <= MOST_CELLS; p->n_cells *= 2) {
    double worst = 0;
    free(p->coefficient);
    p->coefficient = malloc(p->n_cells * N_NODES * sizeof *p->coefficient);
    if (!p->coefficient)
      return ELFIN_E_MEMORY;
    p->per_x = (double)p->n_cells / fmax(length, SHORTEST);
    for (size_t i = 0; i < p->n_cells && worst <= LEFT_OUT; i++)
      worst = fmax(worst, fill_cell(g, p, i));
    if (worst <= LEFT_OUT)
      return ELFIN_OK;
  }
  return ELFIN_E_ACCURACY;
}

static elfin_status add_piece(massless *g, double low, double high, double omega_e, double power)
{
  if (!(low < high))
    return ELFIN_OK;
  piece *p = &g->pieces[g->n_pieces++];
  *p = (piece){.low = low, .high = high, .omega_e = omega_e, .power = power};
  p->x0 = coordinate(p, high);
  return fill_piece(g, p, coordinate(p, low) - p->x0);
}

static elfin_status make_pieces(massless *g)
{
  size_t n;
  const double *speed = elfin_halo_kinks(g->halo, &n);
  double kink[FEW_KINKS], end = 0.5 * speed[n - 1] * speed[n - 1];
  for (size_t i = 0; i < n; i++)
    kink[i] = 0.5 * speed[i] * speed[i];
  double far = end / (cosh(FAR_FROM_END) * cosh(FAR_FROM_END)), before = n > 1 ? kink[n - 2] : 0;
  elfin_status status = ELFIN_OK;
  g->lowest = LOWEST * end;
  for (size_t i = 0; !status && i + 1 < n; i++)
    status = add_piece(g, fmax(g->lowest, i ? kink[i - 1] : 0), kink[i], kink[i], 0);
  if (!status)
    status = add_piece(g, fmax(g->lowest, before), far, end, 0);
  if (!status)
    status = add_piece(g, fmax(before, far), end, end, 2 * halo_edge_power(g->halo) + 1);
  return status;
}

static void clear_pieces(massless *g)
{
  for (size_t i = 0; i < g->n_pieces; i++)
    free(g->pieces[i].coefficient);
  g->n_pieces = 0;
}

static void free_massless(void *object)
{
  clear_pieces(object);
  free(object);
}

elfin_status massless_of(const elfin_halo *halo, const massless **found, elfin_error *err)
{
  halo_kept *kept = halo_kept_of(halo);
  *found = kept->object;
  if (*found)
    return ELFIN_OK;
  size_t n;
  massless *g = calloc(1, sizeof *g);
  elfin_status status = g ? ELFIN_OK : ELFIN_E_MEMORY;
  elfin_halo_kinks(halo, &n);
  if (g)
    g->halo = halo;
  if (g && n <= FEW_KINKS && !is_table(halo))
    status = make_pieces(g);
  if (status == ELFIN_E_MEMORY) {
    if (g)
      free_massless(g);
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a rate");
  }
  if (status) /* a strange halo: by quadrature */
    clear_pieces(g);
  *kept = (halo_kept){g, free_massless};
  *found = g;
  return ELFIN_OK;
}

bool massless_is_smooth(const massless *g)
{
  return g->n_pieces > 0;
}

static double value_at(const piece *p, double omega)
{
  double x = fmax((coordinate(p, omega) - p->x0) * p->per_x, 0);
  size_t i = (size_t)x < p->n_cells ? (size_t)x : p->n_cells - 1;
  const double *c = &p->coefficient[i * N_NODES];
  double u = 4 * (x - (double)i) - 2, b1 = 0, b2 = 0; /* Clenshaw */
  for (int m = N_NODES - 1; m > 0; m--) {
    double b0 = c[m] + u * b1 - b2;
    b2 = b1;
    b1 = b0;
  }
  double value = c[0] + 0.5 * u * b1 - b2;
  return p->power ? value * power_of(z_of(p->omega_e, omega), p->power) : value;
}

void massless_at(const massless *g, double m_chi, size_t n, const double omega[], double G[])
{
  for (size_t i = 0; i < n; i++) {
    double of_mass = omega[i] / m_chi;
    size_t j = 0;
    while (j + 1 < g->n_pieces && of_mass > g->pieces[j].high)
      j++;
    G[i] = g->n_pieces && of_mass >= g->lowest ? value_at(&g->pieces[j], of_mass)
                                               : massless_momenta(g->halo, m_chi, omega[i]);
  }
}
