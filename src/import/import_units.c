/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_units.c
 * Whether the numbers of a grid can be in eV. Two moments of the ELF know:
 *
 *   the f-sum,      (2/π) ∫ω ELF dω = ω_p²  of the electrons that take part: solids have 2 to 120 eV
 *   Bethe's ridge,  ⟨ω⟩ = ∫ω ELF dω/∫ELF dω = k²/(2 m_e S(k)),  S → 1 at large k
 *
 * [D. Pines and P. Nozières, The Theory of Quantum Liquids I, sections 2.1 and 2.7]. The first
 * fixes the unit of ω, the second then that of k. Grids end, so that both hold roughly: only what
 * is off by far more than that is suspected, and the factor is looked for among those that people
 * forget. */
#include "import/import_grid.h"

#include <elfin/constants.h>

#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;
/* Plasma energies of valence electrons: from caesium, 3 eV, to all electrons of tungsten, 80 eV. */
static const double LEAST_PLASMA = 2, MOST_PLASMA = 120; /* [eV] */
static const double USUAL_PLASMA = 17;                   /* [eV] */
/* Of a material's f-sum: its inner shells may be in the table and not in the material. */
static const double MOST_F_SUM = 10;
/* ⟨ω⟩ over the recoil of a free electron: 1 at large k, more where the plasmon takes it all. */
static const double LEAST_RIDGE = 0.2, MOST_RIDGE = 1000;
/* Kramers and Kronig: beyond this (relative) it is said. */
static const double KK_SAID = 0.1;

static double alpha_m_e(void)
{
  const elfin_constants *c = elfin_constants_named("elfin");
  return c->alpha * c->m_e_eV;
}

static double angstrom(void) /* 1/Å in eV */
{
  return 1e8 * elfin_constants_named("elfin")->hbar_c_eV_cm;
}

double import_energy_unit(const char *units)
{
  static const struct {
    const char *name;
    double eV;
  } rows[] = {{"eV", 1},
              {"meV", 1e-3},
              {"keV", 1e3},
              {"Hartree", 27.211386245988},
              {"Ha", 27.211386245988},
              {"Ry", 13.605693122994}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(units, rows[i].name) == 0)
      return rows[i].eV;
  return 0;
}

double import_momentum_unit(const char *units)
{
  static const char *const atomic[] = {"alpha m_e", "alpha*m_e", "1/Bohr", "1/bohr", "a.u."};
  static const char *const inverse[] = {"1/Angstrom", "1/angstrom", "1/A", "1/Å"};
  for (size_t i = 0; i < sizeof atomic / sizeof *atomic; i++)
    if (strcmp(units, atomic[i]) == 0)
      return alpha_m_e();
  for (size_t i = 0; i < sizeof inverse / sizeof *inverse; i++)
    if (strcmp(units, inverse[i]) == 0)
      return angstrom();
  return strcmp(units, "eV") == 0 ? 1 : strcmp(units, "keV") == 0 ? 1e3 : 0;
}

/* ---- moments --------------------------------------------------------------------------------- */

/** ∫ω^power ELF dω along a momentum, by the trapezoidal rule on the grid; ω = 0 counts as 0. */
static double moment(const store_table *t, size_t i_k, int power)
{
  double sum = 0, before = 0;
  for (size_t i = 0; i < t->n_omega; i++) {
    double omega = t->omega[i], f = omega > 0 ? import_elf(t, i_k, i) * pow(omega, power) : 0;
    if (i)
      sum += 0.5 * (f + before) * (omega - t->omega[i - 1]);
    before = f;
  }
  return sum;
}

/** The last momentum at which a free electron takes at most half the highest energy. */
static bool find_ridge(const store_table *t, double f_omega, double f_k, size_t *i_k)
{
  double m_e = elfin_constants_named("elfin")->m_e_eV;
  bool found = false;
  for (size_t i = 0; i < t->n_k; i++) {
    double k = f_k * t->k[i];
    if (k > 0 && k * k / (2 * m_e) <= 0.5 * f_omega * t->omega[t->n_omega - 1]) {
      *i_k = i;
      found = true;
    }
  }
  return found;
}

/** What tells of units: moments of the ELF. */
typedef struct import_evidence {
  double plasma_eV; /* √(2/π ∫ω ELF dω), the largest of all momenta */
  double ridge; /* ⟨ω⟩/(k²/2m_e) where an electron's recoil is half the highest ω; NAN: nowhere */
  double k_ridge_eV;  /* there */
  bool optical;       /* a single momentum, 0: there is no ridge to be seen */
  double kk;          /* (2/π) ∫ELF/ω dω at the lowest momentum … */
  double kk_expected; /* … and 1 − Re 1/ε at the lowest ω there */
} import_evidence;

/** The evidence if energies were to be multiplied by f_omega and momenta by f_k. */
static import_evidence weigh(const store_table *t, double f_omega, double f_k)
{
  double m_e = elfin_constants_named("elfin")->m_e_eV, most = 0;
  import_evidence e = {.ridge = NAN, .k_ridge_eV = NAN, .optical = t->n_k == 1};
  size_t i_k;
  for (size_t i = 0; i < t->n_k; i++)
    most = fmax(most, moment(t, i, 1));
  e.plasma_eV = f_omega * sqrt(2 / PI * most);
  if (find_ridge(t, f_omega, f_k, &i_k)) {
    e.k_ridge_eV = f_k * t->k[i_k];
    e.ridge = f_omega * moment(t, i_k, 1) / moment(t, i_k, 0) * 2 * m_e / pow(e.k_ridge_eV, 2);
  }
  double re = t->eps1[0], im = t->eps2[0];
  e.kk = 2 / PI * moment(t, 0, -1);
  e.kk_expected = 1 - re / (re * re + im * im);
  return e;
}

/* ---- suspicions -------------------------------------------------------------------------------
 */

static bool in_bounds(const import_evidence *e, double plasma_eV)
{
  double ratio = e->plasma_eV / plasma_eV;
  bool of_solids = e->plasma_eV >= LEAST_PLASMA && e->plasma_eV <= MOST_PLASMA;
  bool of_material =
      isnan(plasma_eV) || (ratio * ratio >= 1 / MOST_F_SUM && ratio * ratio <= MOST_F_SUM);
  bool of_ridge = e->optical || (e->ridge >= LEAST_RIDGE && e->ridge <= MOST_RIDGE);
  return of_solids && of_material && of_ridge;
}

/** The forgotten factors after which both moments make sense: the one that fits best. */
static const char *likely_cause(const store_table *t, double plasma_eV)
{
  const struct {
    double f_omega, f_k;
    const char *cause;
  } rows[] = {
      {27.2114, 1, "energies times 27.21: they may be in Hartree"},
      {1 / 27.2114, 1, "energies divided by 27.21: Hartree may have been converted twice"},
      {13.6057, 1, "energies times 13.61: they may be in Rydberg"},
      {1e-3, 1, "energies divided by 1000: they may be in meV"},
      {1e3, 1, "energies times 1000: they may be in keV"},
      {1, alpha_m_e(), "momenta times 3729: they may be in units of alpha m_e (1/Bohr)"},
      {1, 1 / alpha_m_e(), "momenta divided by 3729: alpha m_e may have been converted twice"},
      {1, angstrom(), "momenta times 1973: they may be in 1/Angstrom"},
      {1, 1e3, "momenta times 1000: they may be in keV"},
      {1, 1e-3, "momenta divided by 1000: keV may have been converted twice"},
      {27.2114, alpha_m_e(),
       "energies times 27.21, momenta times 3729: they may be in atomic units"},
  };
  double usual = isnan(plasma_eV) ? USUAL_PLASMA : plasma_eV, least = INFINITY;
  const char *cause = NULL;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    import_evidence e = weigh(t, rows[i].f_omega, rows[i].f_k);
    double distance = (e.optical ? 0 : fabs(log(e.ridge))) + 2 * fabs(log(e.plasma_eV / usual));
    if (in_bounds(&e, plasma_eV) && distance < least) {
      least = distance;
      cause = rows[i].cause;
    }
  }
  return cause;
}

static void say_evidence(const import_evidence *e, double plasma_eV, FILE *said)
{
  fprintf(said, "f-sum: plasma energy %.4g eV", e->plasma_eV);
  if (!isnan(plasma_eV))
    fprintf(said, ", %.3g of the material's %.4g eV squared", pow(e->plasma_eV / plasma_eV, 2),
            plasma_eV);
  if (!isnan(e->ridge))
    fprintf(said, "\nridge: at k = %.4g eV the mean loss is %.3g times a free electron's recoil",
            e->k_ridge_eV, e->ridge);
  fprintf(said, "\nKramers-Kronig at the lowest momentum: %.4g, and 1 - Re 1/epsilon = %.4g%s\n",
          e->kk, e->kk_expected,
          fabs(e->kk - e->kk_expected) <= KK_SAID * fabs(e->kk_expected)
              ? ""
              : ": they differ by more than 10 %, does the grid end too early?");
}

const char *import_suspect(const store_table *t, double plasma_eV, FILE *said, char room[512])
{
  import_evidence e = weigh(t, 1, 1);
  if (said)
    say_evidence(&e, plasma_eV, said);
  if (in_bounds(&e, plasma_eV))
    return "";
  const char *cause = likely_cause(t, plasma_eV);
  char ridge[128];
  if (e.optical)
    snprintf(ridge, sizeof ridge, "there is no ridge to compare with");
  else if (isnan(e.ridge))
    snprintf(ridge, sizeof ridge,
             "even the lowest momentum, %.4g eV, lifts a free electron above the "
             "highest energy, %.4g eV",
             t->k[t->k[0] > 0 ? 0 : 1], t->omega[t->n_omega - 1]);
  else
    snprintf(ridge, sizeof ridge,
             "at k = %.4g eV the mean loss is %.3g times a free electron's recoil", e.k_ridge_eV,
             e.ridge);
  snprintf(room, 512,
           "units look wrong: the f-sum gives a plasma energy of %.4g eV (solids: %g to %g eV"
           "%s), and %s. %s%s; --force imports it as it is",
           e.plasma_eV, LEAST_PLASMA, MOST_PLASMA,
           isnan(plasma_eV) ? "" : ", and not far from the material's", ridge,
           cause ? "It would make sense with " : "No usual factor explains it", cause ? cause : "");
  return room;
}
