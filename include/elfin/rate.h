/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file rate.h
 * One request in, one result out, for every process.
 *
 * A request is everything that one shared integration needs. The cross section is not part of it:
 * rates are proportional to it, so results are per cm², and a caller multiplies.
 */
#ifndef ELFIN_RATE_H
#define ELFIN_RATE_H

#include <elfin/base.h>
#include <elfin/constants.h>
#include <elfin/flux.h>
#include <elfin/halo.h>
#include <elfin/material.h>
#include <elfin/response.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Everything that is worth saying about a finished point, as bits; made into names in the file. */
#define ELFIN_FLAGS(X)                                                                             \
  X(ELFIN_FLAG_OMEGA_RANGE, 1, "omega_range", "rate cut off by the response's highest energy")     \
  X(ELFIN_FLAG_K_RANGE, 2, "k_range", "rate cut off by the response's highest momentum")           \
  X(ELFIN_FLAG_BELOW_RANGE, 4, "below_range", "response asked below its lowest energy")            \
  X(ELFIN_FLAG_HOLES, 8, "holes", "the response's table had holes, which were filled")             \
  X(ELFIN_FLAG_CLOSED, 16, "closed", "no dark matter is fast enough: the rate is exactly 0")       \
  X(ELFIN_FLAG_BEYOND_ZONE, 64, "beyond_zone",                                                     \
    "momenta beyond the Brillouin zone contribute, where phonons of long waves do not hold")       \
  X(ELFIN_FLAG_NO_DATA, 128, "no_data", "no data between phonons and electrons: counted as 0")     \
  X(ELFIN_FLAG_BELOW_ZONE, 256, "below_zone",                                                      \
    "over 1 % by two and more phonons below the Brillouin zone's edge, nuclei taken one by one: "  \
    "an estimate")                                                                                 \
  X(ELFIN_FLAG_COHERENT, 512, "coherent",                                                          \
    "over 1 % by coherent single phonons, optical ones included: do not add phonon or froehlich")  \
  X(ELFIN_FLAG_FREE_RECOIL, 1024, "free_recoil",                                                   \
    "over 1 % by nuclei that recoil as if free: do not add nuclear")                               \
  X(ELFIN_FLAG_ABOVE_GAP, 2048, "above_gap",                                                       \
    "energies above the electrons' gap only: there, electrons are excited by nuclei, too (migdal)")  \
  X(ELFIN_FLAG_K_LOW, 4096, "k_low", "rate cut off by the table's lowest momentum")                \
  X(ELFIN_FLAG_CONTINUED, 8192, "continued",                                                       \
    "momenta beyond the table's: a row held, or Mermin oscillators in its place")                  \
  X(ELFIN_FLAG_BELOW_GAP, 16384, "below_gap",                                                      \
    "threshold below the gap: counts what the response has there, tails and phonons included: do " \
    "not add phonon")                                                                              \
  X(ELFIN_FLAG_NUCLEAR_SIZE, 32768, "nuclear_size",                                                \
    "the size of nuclei would change it by over 1 %: form_factor: helm takes it into account")     \
  X(ELFIN_FLAG_BOUND_NUCLEI, 65536, "bound_nuclei",                                                \
    "over 1 % at recoils below four phonon energies, where nuclei are bound: take multiphonon")     \
  X(ELFIN_FLAG_LARGE_MOMENTA, 131072, "large_momenta",                                             \
    "over 20 % by momenta above 20 keV, where electron gases are wrong by factors: compare responses")

#define ELFIN_FLAG_ENUM(name, bit, key, text) name = bit,
enum elfin_flag { ELFIN_FLAGS(ELFIN_FLAG_ENUM) };
#undef ELFIN_FLAG_ENUM

/** The form factor of nuclei (docs/nuclear.md). */
typedef enum elfin_nuclear_size {
  ELFIN_POINT, /**< none: nuclei are points */
  ELFIN_HELM   /**< Helm's: a sphere with a soft skin */
} elfin_nuclear_size;

/** How the Migdal effect sees the recoiling nucleus (docs/migdal.md). */
typedef enum elfin_approximation {
  ELFIN_FREE,   /**< a free ion */
  ELFIN_IMPULSE /**< bound in a harmonic well of mean phonon energy ω̄, struck faster than it swings */
} elfin_approximation;

/** How far the Migdal effect is expanded in the electrons' momentum over the nucleus'. */
typedef enum elfin_expansion {
  ELFIN_SOFT, /**< k ≪ q_N */
  ELFIN_FULL  /**< not at all */
} elfin_expansion;

/** What scatters off nuclei in a crystal (docs/multiphonon.md). */
typedef enum elfin_coupling {
  ELFIN_NUCLEON,    /**< a scalar mediator: the mass number A_d */
  ELFIN_DARK_PHOTON /**< the effective charge Z_d(q) */
} elfin_coupling;

/** Which phonons count (docs/multiphonon.md). */
typedef enum elfin_phonons {
  ELFIN_ALL_PHONONS,
  ELFIN_SINGLE_PHONON, /**< only the coherent single phonon below q_BZ */
  ELFIN_MULTIPHONON    /**< all but that */
} elfin_phonons;

/** How dark matter couples to nuclear spins (docs/multiphonon.md). */
typedef enum elfin_operator {
  ELFIN_AXIAL_VECTOR,      /**< A' */
  ELFIN_SCALAR,            /**< phi */
  ELFIN_PSEUDOSCALAR,      /**< a */
  ELFIN_DOUBLE_AXIAL       /**< double A' */
} elfin_operator;

/** What fast dark matter exchanges with electrons; for slow dark matter both are the same
 * (docs/electron.md). */
typedef enum elfin_mediator_spin {
  ELFIN_VECTOR_MEDIATOR,
  ELFIN_SCALAR_MEDIATOR
} elfin_mediator_spin;

/** What a caller wants to know. Zero-initialise, then elfin_request_defaults(), then fill in. */
typedef struct elfin_request {
  const elfin_constants *constants;
  const elfin_halo *halo;         /**< or NULL, with a flux */
  const elfin_flux *flux;         /**< electron: in place of a halo; rho is of no effect */
  const elfin_material *material;
  const elfin_response *response; /**< NULL for a process without one */

  double rho_GeV_cm3;             /**< local dark-matter density */
  double mass_eV;                 /**< of the dark matter; > 0 */
  double mediator_eV;             /**< 0: massless limit; INFINITY: massive limit; else a mass */
  elfin_mediator_spin mediator_spin; /**< with a flux */
  double accuracy;                /**< relative, of every rate; 1e-10 … 0.1 */
  long max_evaluations;           /**< of the integrand, for each integral */

  int screening;                  /**< electron: 1 ELF, 0 Im ε */
  double k_cut_eV;                /**< highest momentum transfer; INFINITY: the response's */
  double splitting_eV;            /**< inelastic splitting δ of the dark matter */
  double temperature_K;           /**< electron, phonon: of the target; 0: none */
  const char *configuration;      /**< phonon, froehlich, absorption: "ordinary", "extraordinary" */

  double reference_momentum_eV;   /**< q0 of the mediator's form factor; NAN: m_χ v0 */

  elfin_nuclear_size form_factor; /**< nuclear: of the nuclei themselves */
  elfin_approximation approximation; /**< migdal */
  elfin_expansion expansion;      /**< migdal */
  int constant_charge;            /**< migdal: 1 the ion's charge at rest, 0 its Z(k) */
  double recoil_threshold_eV;     /**< migdal: E_th,N; NAN: 4 ω̄, or 0.1 eV where ω̄ is unknown */
  const char *nucleus;            /**< nuclear, migdal: one of the cell, "single_ion"; NULL: all, summed */
  const char *shells;             /**< migdal on atoms: "3s+3p"; NULL: all */

  elfin_coupling coupling;        /**< multiphonon, multiphonon_anisotropic */
  elfin_phonons phonons;          /**< the same */
  elfin_operator spin_operator;   /**< multiphonon_sd */
  double coupling_ratio;          /**< multiphonon_sd: g_n/g_p; NAN: the operator's default */
  int ratio_is_gp_over_gn;        /**< multiphonon_sd: 1: coupling_ratio is g_p/g_n */
  int free_recoil;                /**< multiphonon_sd: 1: nuclei recoil freely at every ω */
  double time_h;                  /**< multiphonon_anisotropic: of the sidereal day */

  size_t n_thresholds;            /**< any number, also 0; a process without: one, at 0 */
  const double *threshold_eV;     /**< [n_thresholds], in any order */
  size_t n_edges;                 /**< 0, or ≥ 2: edges of the spectrum's bins */
  const double *edge_eV;          /**< [n_edges], ascending */
  size_t n_sums;                  /**< electron: sums of the bins' rates, not each bin, are to have the
                                       accuracy, as what a detector counts of them; 0: each bin */
  const double *sum_weight;       /**< [n_sums * (n_edges − 1)] ≥ 0, element [i_sum * (n_edges − 1) + i] */
  size_t n_at;
  const double *at_eV;            /**< [n_at] energies of point values */
  size_t n_charges;               /**< highest Q of the charge spectrum; 0: none */
} elfin_request;

/** Answers to a request, all per cm² of reference cross section (absorption: per κ²). The caller lends the arrays; those
 * of unasked observables may be NULL. A value that failed is NaN and has its own status. */
typedef struct elfin_result {
  double *rate, *rate_error;                 /**< [n_thresholds] 1/kg/yr/cm² */
  elfin_status *rate_status;
  double *spectrum, *spectrum_error;         /**< [n_edges − 1] bin averages, 1/kg/yr/eV/cm² */
  elfin_status *spectrum_status;
  double *differential, *differential_error; /**< [n_at] dR/dω, 1/kg/yr/eV/cm² */
  elfin_status *differential_status;
  double *charge, *charge_error;             /**< [n_charges], Q = 1 …, 1/kg/yr/cm² */
  elfin_status *charge_status;
  unsigned *rate_flags;                      /**< [n_thresholds], bits of ELFIN_FLAGS */
  long evaluations;                          /**< integrand evaluations, of all observables */
} elfin_result;

/** A process, as the program's schema and help know it. */
typedef struct elfin_process {
  const char *name;    /**< "electron" */
  const char *summary; /**< "dark matter scatters off electrons" */
  const char *source;  /**< "arXiv:2101.08275 eq. 10, arXiv:2104.12786" */
} elfin_process;

/** All processes. `*n` of them; static. */
const elfin_process *elfin_processes(size_t *n);

/** Accuracy 1e-4, no thresholds, screening on, no cut, no splitting, T = 0, massless mediator,
 * ρ = 0.4 GeV/cm³, twenty million evaluations. Leaves the pointers NULL. */
void elfin_request_defaults(elfin_request *request);

/** How likely the electrons take ω from a nucleus that recoils with E_N, dP/dω [1/eV], in the soft
 * limit: proportional to E_N, whatever dark matter there is and however the nucleus is bound. Of the
 * request counts what says which electrons: constants, material, response (NULL: isolated atoms) or
 * shells, nucleus, constant_charge, k_cut_eV, accuracy (relative, of the integral over k).
 *
 * @param[in]  recoil_eV  E_N > 0
 * @param[in]  omega_eV   [n] > 0
 * @param[out] per_eV     [n]; 0 where the response, or the atoms' data, say nothing
 * @return ELFIN_OK; ELFIN_E_ARGUMENT: a recoil that is not above 0, several nuclei and none named, a
 *         material that lacks what is needed; ELFIN_E_ACCURACY; ELFIN_E_MEMORY
 * Source: arXiv:2011.09496; arXiv:2104.12786; isolated atoms: arXiv:1707.07258. */
elfin_status elfin_migdal_probability(const elfin_request *request, double recoil_eV, size_t n,
                                      const double omega_eV[], double per_eV[], elfin_error *err);

/** Prepare a response for rates of this accuracy: after this, elfin_rate() is fast.
 *
 * Depends on response, screening and accuracy only (anisotropic phonons: on material and conventions;
 * electron and phonon: on edges of bins and thresholds, too, phonon: on the halo), never on masses; built
 * deterministically. A response that is prepared already is left as it is. elfin_rate() does it by itself where it was
 * not done, and then is not thread-safe.
 * @return ELFIN_OK; ELFIN_E_ACCURACY; ELFIN_E_MEMORY
 */
elfin_status elfin_rate_prepare(const char *process, const elfin_request *request,
                                elfin_error *err);

/** The same in parts, for programs with several processes: each part may be made anywhere, and is
 * then taken everywhere; the outcome has the same bits as elfin_rate_prepare().
 *
 * @return how many parts there are; 0 if there is nothing to prepare, or it is prepared already */
size_t elfin_rate_prepare_parts(const char *process, const elfin_request *request);

/** So many of them, the last ones, are made of the others: they can be made only after those were
 * taken. @return how many; 0 if there are none, or they are there already */
size_t elfin_rate_prepare_late(const char *process, const elfin_request *request);

/** Make part `i_part`. @param[out] numbers  [n], yours: free(); n = 0: it is there already */
elfin_status elfin_rate_prepare_make(const char *process, const elfin_request *request,
                                     size_t i_part, size_t *n, double **numbers, elfin_error *err);

/** Take part `i_part` (copied). The response is ready when all parts were taken.
 * @return ELFIN_OK; ELFIN_E_ARGUMENT if `numbers` is not that part; ELFIN_E_MEMORY */
elfin_status elfin_rate_prepare_take(const char *process, const elfin_request *request,
                                     size_t i_part, size_t n, const double numbers[],
                                     elfin_error *err);

/** The same without a copy, for numbers in memory that several processes share: they must be aligned
 * for doubles, and stay there, unchanged, until the response has computed its last rate. */
elfin_status elfin_rate_prepare_borrow(const char *process, const elfin_request *request,
                                       size_t i_part, size_t n, const double numbers[],
                                       elfin_error *err);

/** Whether a process can do what is asked, before anything is computed: what elfin_rate() checks first.
 *
 * @return ELFIN_OK; ELFIN_E_ARGUMENT, with the reason: what does not fit, and what is missing in whose
 *         file
 */
elfin_status elfin_rate_check(const char *process, const elfin_request *request, elfin_error *err);

/** Compute.
 *
 * @return ELFIN_OK: the result holds numbers (single values may still have failed: see their
 *         status); ELFIN_E_ARGUMENT: the request makes no sense, with the reason, nothing computed;
 *         otherwise the status of the first value that failed, with its reason
 */
elfin_status elfin_rate(const char *process, const elfin_request *request, elfin_result *result,
                        elfin_error *err);

/** The threshold that stands for "default": E_gap + e0 where e0 is known, else 2 E_gap; 1 meV for a
 * metal (docs/electron.md). NaN if the material has no gap in its file. */
double elfin_default_threshold_eV(const elfin_material *material);

#ifdef __cplusplus
}
#endif
#endif
