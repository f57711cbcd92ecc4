/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file response.c
 * The list of response kinds, and everything that is the same for all of them. A new kind is one
 * file and one row of `kinds`. */
#include "elf/elf.h"
#include "elf/elf_smooth.h"
#include "elf/elf_table.h"
#include "elf/ion_loss.h"
#include "elf/optical_rule.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the analytic responses are tested (tests/elf), and end. */
static const double ANALYTIC_OMEGA_MIN = 1e-4; /* [eV] */
static const double ANALYTIC_OMEGA_MAX = 1e3;  /* [eV] */
static const double ANALYTIC_K_MIN = 0.02;     /* [eV] */
static const double LEAST_K = 1e-9;            /* [eV] what k = 0 stands for: u = ω/(k v_F) must be a number */
static const double ANALYTIC_K_MAX = 5e5;      /* [eV] about m_e: beyond, electrons are relativistic */

/* ---- kinds ----------------------------------------------------------------------------------- */

static void lindhard_points(const elfin_response *response, size_t n, const double omega[],
                            const double k[], double eps1[], double eps2[])
{
  for (size_t i = 0; i < n; i++) {
    double complex epsilon = lindhard_epsilon(&response->gas, omega[i], k[i]);
    eps1[i] = creal(epsilon);
    eps2[i] = cimag(epsilon);
  }
}

static double lindhard_static(const elfin_response *response, double k)
{
  const lindhard *gas = &response->gas;
  double scale = gas->omega_p / (k * gas->v_F);
  return 1 / (1 + 3 * scale * scale * lindhard_f_static(k / (2 * gas->k_F)));
}

static void mermin_row(const elfin_response *response, size_t n, const double omega[], double k,
                       double complex inverse[])
{
  mermin_inverse_row(response->oscillators, n, omega, k, inverse);
}

static double mermin_static(const elfin_response *response, double k)
{
  return mermin_inverse_static(response->oscillators, k);
}

static void edges_row(const elfin_response *response, size_t n, const double omega[], double k,
                      double complex inverse[])
{
  mermin_edges_inverse_row(response->oscillators, n, omega, k, inverse);
}

static void edges_loss_row(const elfin_response *response, size_t n, const double omega[], double k,
                           double complex inverse[])
{
  mermin_edges_loss_row(response->oscillators, n, omega, k, inverse);
}

static double edges_static(const elfin_response *response, double k)
{
  return mermin_edges_inverse_static(response->oscillators, k);
}

static void drude_points(const elfin_response *response, size_t n, const double omega[],
                         const double k[], double eps1[], double eps2[])
{
  for (size_t i = 0; i < n; i++) {
    double complex epsilon = drude_epsilon(response->drude, omega[i], k[i]);
    eps1[i] = creal(epsilon);
    eps2[i] = cimag(epsilon);
  }
}

static void optical_points(const elfin_response *response, size_t n, const double omega[],
                           const double k[], double eps1[], double eps2[])
{
  (void)k;
  optical_epsilon(response->optical, n, omega, eps1, eps2);
}

/** Each side at the lowest momentum that it has: k → 0. */
static void joined_points(const elfin_response *response, size_t n, const double omega[],
                          const double k[], double eps1[], double eps2[])
{
  (void)k;
  for (size_t i = 0; i < n; i++) {
    const elfin_response *side = omega[i] < response->gap ? response->below : response->above;
    eps1[i] = 1;
    eps2[i] = 0;
    if (side)
      elfin_response_epsilon(side, 1, &omega[i], &side->about.k_min_eV, &eps1[i], &eps2[i]);
  }
}

static const elfin_response_kind words[N_KINDS] = {
    [KIND_LINDHARD] = {"lindhard", "free electron gas", "J. Lindhard, Dan. Mat. Fys. Medd. 28 (1954) 8"},
    [KIND_MERMIN] = {"mermin", "sum of damped oscillators", "N. D. Mermin, Phys. Rev. B 1 (1970) 2362"},
    [KIND_MERMIN_EDGES] = {"mermin_edges", "mermin, inner shells losing nothing below their edges",
                           "I. Abril et al., Phys. Rev. A 58 (1998) 357"},
    [KIND_DRUDE] = {"extended_drude", "sum of damped oscillators that disperse",
                    "Tu, Kwei and Tung 2007; Werner et al. 2009"},
    [KIND_PHONON] = {"phonon", "ε(ω) of phonons, below the gap", "cited in the material's file"},
    [KIND_OPTICAL] = {"optical", "ε(ω) of electrons at k → 0, measured", "cited in the material's file"},
    [KIND_JOINED] = {"joined", "k → 0: phonons below the gap, electrons above", "cited in the material's file"},
    [KIND_TABLE] = {"table", "ε(ω,k) on a grid", "cited in the table"},
    [KIND_OPTICAL_TABLE] = {"table", "ε(ω) at points, linear", "cited in the table"},
};

static const response_kind kinds[N_KINDS] = {
    [KIND_LINDHARD] = {&words[KIND_LINDHARD], NULL, NULL, lindhard_points, true, lindhard_static},
    [KIND_MERMIN] = {&words[KIND_MERMIN], mermin_row, NULL, NULL, true, mermin_static},
    [KIND_MERMIN_EDGES] = {&words[KIND_MERMIN_EDGES], edges_row, edges_loss_row, NULL, true, edges_static},
    [KIND_DRUDE] = {&words[KIND_DRUDE], NULL, NULL, drude_points, true, NULL},
    [KIND_PHONON] = {&words[KIND_PHONON], NULL, NULL, optical_points, false, NULL},
    [KIND_OPTICAL] = {&words[KIND_OPTICAL], NULL, NULL, optical_points, false, NULL},
    [KIND_JOINED] = {&words[KIND_JOINED], NULL, NULL, joined_points, false, NULL},
    [KIND_TABLE] = {&words[KIND_TABLE], NULL, NULL, table_points, false, NULL},
    [KIND_OPTICAL_TABLE] = {&words[KIND_OPTICAL_TABLE], NULL, NULL, optical_points, false, NULL},
};

const elfin_response_kind *elfin_response_kinds(size_t *n)
{
  *n = N_NAMED_KINDS;
  return words;
}

const char *elfin_response_default(const elfin_material *material)
{
  if (material->response_table)
    return material->response_table->path;
  if (material->n_oscillators)
    return words[KIND_MERMIN].name;
  if (material->drude)
    return words[KIND_DRUDE].name;
  if (material->n_response_tables)
    return material->response_tables[0].name;
  return isnan(material->plasma_energy_eV.value) ? NULL : words[KIND_LINDHARD].name;
}

const char *elfin_response_default_optical(const elfin_material *material)
{
  const char *best = material->optical ? words[KIND_OPTICAL].name : elfin_response_default(material);
  return best && strcmp(best, words[KIND_LINDHARD].name) == 0 ? NULL : best;
}

/* ---- making one ------------------------------------------------------------------------------ */

elfin_status response_new(response_kind_id id, const char *name, const elfin_material *material,
                          elfin_response **made, elfin_error *err)
{
  elfin_response *response = calloc(1, sizeof *response);
  char *copy = malloc(strlen(name) + 1);
  struct preparation *preparation = preparation_new();
  response_kept *kept = calloc(1, sizeof *kept);
  if (!response || !copy || !preparation || !kept) {
    free(response);
    free(copy);
    preparation_free(preparation);
    free(kept);
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", name);
  }
  strcpy(copy, name);
  response->kind = &kinds[id];
  response->name = copy;
  response->material = material;
  response->preparation = preparation;
  response->kept = kept;
  response->about.kind = words[id].name;
  *made = response;
  return ELFIN_OK;
}

void elfin_response_free(elfin_response *response)
{
  if (!response)
    return;
  mermin_free(response->oscillators);
  elf_table_free(response->table);
  elf_smooth_free(response->smooth);
  elfin_response_free(response->tail);
  optical_free(response->optical);
  elfin_response_free(response->below);
  elfin_response_free(response->above);
  free(response->source);
  free(response->path);
  free(response->between);
  preparation_free(response->preparation);
  ion_losses_free(response->kept->losses);
  optical_rules_free(response->kept->rules);
  free(response->kept);
  free(response->name);
  free(response);
}

static void set_analytic_range(elfin_response *response, const elfin_constants *constants)
{
  elfin_response_info *about = &response->about;
  about->omega_min_eV = ANALYTIC_OMEGA_MIN;
  about->omega_max_eV = fmin(ANALYTIC_OMEGA_MAX, constants->analytic_omega_max_eV);
  about->k_min_eV = ANALYTIC_K_MIN;
  about->k_max_eV = fmin(ANALYTIC_K_MAX, constants->analytic_k_max_eV);
}

static elfin_status open_lindhard(const elfin_material *material, const elfin_constants *constants,
                                  elfin_response **made, elfin_error *err)
{
  double omega_p = material->plasma_energy_eV.value;
  if (!(omega_p > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: response lindhard needs a plasma energy, and %s "
                      "gives none", material->name, material->path);
  elfin_status status = response_new(KIND_LINDHARD, "lindhard", material, made, err);
  if (status)
    return status;
  (*made)->gas = lindhard_of(omega_p, constants);
  (*made)->about.source = material->plasma_energy_eV.source;
  set_analytic_range(*made, constants);
  (*made)->about.k_max_eV = ANALYTIC_K_MAX; /* its own band ends the range in k */
  return ELFIN_OK;
}

static elfin_status open_mermin(const elfin_material *material, const elfin_constants *constants,
                                elfin_response **made, elfin_error *err)
{
  if (material->n_oscillators == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: response mermin needs a list of oscillators, and "
                      "%s gives none", material->name, material->path);
  elfin_response *response = NULL;
  elfin_status status = response_new(KIND_MERMIN, "mermin", material, &response, err);
  if (!status)
    status = mermin_new(material->n_oscillators, material->oscillators, &response->oscillators, err);
  if (status) {
    elfin_response_free(response);
    return status;
  }
  response->about.source = material->oscillator_source;
  set_analytic_range(response, constants);
  *made = response;
  return ELFIN_OK;
}

/** "oscillators'; edges: …", yours. */
static elfin_status join_sources(const char *oscillators, const char *edges, char **text,
                                 elfin_error *err)
{
  static const char between[] = "; edges: ";
  size_t size = strlen(oscillators) + strlen(edges) + sizeof between;
  *text = malloc(size);
  if (!*text)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the source of a response");
  snprintf(*text, size, "%s%s%s", oscillators, between, edges);
  return ELFIN_OK;
}

static elfin_status open_mermin_edges(const elfin_material *material,
                                      const elfin_constants *constants, elfin_response **made,
                                      elfin_error *err)
{
  if (material->n_edges == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: response mermin_edges needs edges of inner shells "
                      "beside its list of oscillators, and %s gives none%s", material->name,
                      material->path, material->n_oscillators ? "; mermin does without" : "");
  elfin_response *response = NULL;
  elfin_status status = response_new(KIND_MERMIN_EDGES, "mermin_edges", material, &response, err);
  if (!status)
    status = mermin_with_edges(material->n_oscillators, material->oscillators, material->n_edges,
                               material->edges, &response->oscillators, err);
  if (!status)
    status = join_sources(material->oscillator_source, material->edge_source, &response->source, err);
  if (status) {
    elfin_response_free(response);
    return status;
  }
  response->about.source = response->source;
  set_analytic_range(response, constants);
  *made = response;
  return ELFIN_OK;
}

static elfin_status open_drude(const elfin_material *material, const elfin_constants *constants,
                               elfin_response **made, elfin_error *err)
{
  if (!material->drude)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: response extended_drude needs its terms, and %s gives "
                      "none", material->name, material->path);
  elfin_status status = response_new(KIND_DRUDE, "extended_drude", material, made, err);
  if (status)
    return status;
  (*made)->drude = material->drude;
  (*made)->about.source = material->drude->source;
  set_analytic_range(*made, constants);
  return ELFIN_OK;
}

static bool has_phonon_model(const elfin_material *material, const char *name)
{
  for (size_t i = 0; i < material->n_phonon_responses; i++)
    if (strcmp(material->phonon_responses[i].name, name) == 0)
      return true;
  return false;
}

elfin_status elfin_response_open_configuration(const char *kind, elfin_configuration configuration,
                                               const elfin_material *material,
                                               const elfin_constants *constants,
                                               elfin_response **response, elfin_error *err)
{
  if (strcmp(kind, "lindhard") == 0)
    return open_lindhard(material, constants, response, err);
  if (strcmp(kind, "extended_drude") == 0)
    return open_drude(material, constants, response, err);
  if (strcmp(kind, "mermin") == 0)
    return open_mermin(material, constants, response, err);
  if (strcmp(kind, "mermin_edges") == 0)
    return open_mermin_edges(material, constants, response, err);
  if (strcmp(kind, "optical") == 0)
    return open_optical(material, response, err);
  if (strcmp(kind, "joined") == 0)
    return open_joined(configuration, material, constants, response, err);
  if (strcmp(kind, "phonon") == 0)
    return open_phonon(NULL, configuration, material, response, err);
  if (has_phonon_model(material, kind))
    return open_phonon(kind, configuration, material, response, err);
  if (elfin_response_table_named(material, kind))
    return open_named_table(kind, material, constants, response, err);
  if (!strpbrk(kind, "/."))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "response %s is unknown: it is lindhard, mermin, "
                      "mermin_edges, extended_drude, phonon, optical, joined, the name of one of "
                      "the material's phonon responses or tables, or the path of a table (with a '/' or a '.')", kind);
  return open_table(kind, material, constants, response, err);
}

elfin_status elfin_response_open(const char *kind, const elfin_material *material,
                                 const elfin_constants *constants, elfin_response **response,
                                 elfin_error *err)
{
  return elfin_response_open_configuration(kind, ELFIN_ORDINARY, material, constants, response, err);
}

/* ---- asking one ------------------------------------------------------------------------------ */

elfin_response_info elfin_response_about(const elfin_response *response)
{
  return response->about;
}

/** Formulas have a limit at k → 0, Drude's of each oscillator; rates begin at k_min_eV. */
static bool holds_at_k_0(const elfin_response *response)
{
  return response->kind->to_k_0 || (response->tail && response->choice.below != ELFIN_TABLE_NOTHING &&
                                    response->choice.below != ELFIN_TABLE_HOLD);
}

/** Is there something to say at a point? `*k` becomes where it is said. */
static bool find_point(const elfin_response *response, double omega, double *k)
{
  const elfin_response_info *about = &response->about;
  bool below = *k >= 0 && *k < about->k_min_eV && holds_at_k_0(response);
  *k = below ? fmax(*k, LEAST_K) : *k;
  return omega >= about->omega_min_eV && omega <= about->omega_max_eV && *k <= about->k_max_eV &&
         (below || *k >= about->k_min_eV);
}

bool response_covers(const elfin_response *response, double omega)
{
  if (response->below || response->above) {
    const elfin_response *side = omega < response->gap ? response->below : response->above;
    return side && response_covers(side, omega);
  }
  return omega >= response->about.omega_min_eV && omega <= response->about.omega_max_eV;
}

void response_inverse(const elfin_response *response, size_t n, const double omega[],
                      const double k[], double complex inverse[])
{
  const response_kind *kind = response->kind;
  for (size_t i = 0; i < n; i++)
    if (kind->inverse_row) {
      kind->inverse_row(response, 1, &omega[i], k[i], &inverse[i]);
    } else {
      double eps1, eps2;
      kind->epsilon(response, 1, &omega[i], &k[i], &eps1, &eps2);
      inverse[i] = CMPLX(eps1, -eps2) / (eps1 * eps1 + eps2 * eps2);
    }
}

void response_loss(const elfin_response *response, size_t n, const double omega[], const double k[],
                   double loss[])
{
  for (size_t i = 0; i < n; i++) {
    double complex inverse;
    if (response->kind->loss_row)
      response->kind->loss_row(response, 1, &omega[i], k[i], &inverse);
    else
      response_inverse(response, 1, &omega[i], &k[i], &inverse);
    loss[i] = -cimag(inverse);
  }
}

size_t response_edges(const elfin_response *response, double edge[RESPONSE_MOST_EDGES])
{
  const mermin *m = response->tail ? response->tail->oscillators : response->oscillators;
  for (size_t i = 0; m && i < m->n_shells; i++)
    edge[i] = m->shell[i].edge;
  return m ? m->n_shells : 0;
}

void elfin_response_epsilon(const elfin_response *response, size_t n, const double omega[],
                            const double k[], double eps1[], double eps2[])
{
  for (size_t i = 0; i < n; i++) {
    eps1[i] = isnan(omega[i]) || isnan(k[i]) ? NAN : 1;
    eps2[i] = isnan(omega[i]) || isnan(k[i]) ? NAN : 0;
    double at = k[i];
    if (!response->optical && !find_point(response, omega[i], &at))
      continue;
    if (response->kind->epsilon) {
      response->kind->epsilon(response, 1, &omega[i], &at, &eps1[i], &eps2[i]);
    } else {
      double complex inverse;
      response_inverse(response, 1, &omega[i], &at, &inverse);
      double norm = creal(inverse) * creal(inverse) + cimag(inverse) * cimag(inverse);
      eps1[i] = creal(inverse) / norm;
      eps2[i] = -cimag(inverse) / norm;
    }
  }
}

void elfin_response_elf(const elfin_response *response, size_t n, const double omega[],
                        const double k[], double elf[])
{
  for (size_t i = 0; i < n; i++) {
    elf[i] = isnan(omega[i]) || isnan(k[i]) ? NAN : 0;
    double at = k[i];
    if (find_point(response, omega[i], &at)) {
      response_loss(response, 1, &omega[i], &at, &elf[i]);
      elf[i] = fmax(elf[i], 0); /* a sum with negative amplitudes may dip below 0 */
    }
  }
}
