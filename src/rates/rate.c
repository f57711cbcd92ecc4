/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file rate.c
 * The list of processes; checks a request and sends it on. A new process is one file and one row. */
#include "rates/rates.h"

#include "elf/elf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* name, what it is, source; the file of that name has <name>_check() and <name>_compute(). */
#define PROCESSES(X)                                                                               \
  X(electron, "dark matter scatters off electrons",                                                \
    "arXiv:2101.08275 eq. 10, arXiv:2104.12786")                                                     \
  X(nuclear, "dark matter scatters off free nuclei", "arXiv:2104.12786")                           \
  X(migdal, "dark matter strikes nuclei, which shake electrons",                                   \
    "arXiv:2011.09496, arXiv:2104.12786")                                                          \
  X(phonon, "dark matter makes phonons, by the energy loss function below the gap",                \
    "arXiv:1712.06598, arXiv:2104.12786")                                                          \
  X(froehlich, "dark matter makes one polar optical phonon, in closed form",                       \
    "arXiv:1712.06598, arXiv:1807.10291")                                                          \
  X(absorption, "dark photons are absorbed by phonons and electrons",                              \
    "arXiv:1608.01994, arXiv:1608.02123")                                                          \
  X(multiphonon, "dark matter makes phonons, independently of nuclear spins",                      \
    "arXiv:2205.02250")                                                                            \
  X(multiphonon_sd, "dark matter makes phonons by the spins of nuclei",                            \
    "arXiv:2506.11191")                                                                            \
  X(multiphonon_anisotropic, "dark matter makes phonons in a crystal that turns with the Earth",   \
    "arXiv:2411.03433")

#define PROCESS_WORDS(name, summary, source) {#name, summary, source},
#define PROCESS_WORK(name, summary, source) {name##_check, name##_compute},
static const elfin_process words[] = {PROCESSES(PROCESS_WORDS)};
static const process processes[] = {PROCESSES(PROCESS_WORK)};
enum { N_PROCESSES = sizeof processes / sizeof *processes };

const elfin_process *elfin_processes(size_t *n)
{
  *n = N_PROCESSES;
  return words;
}

static const process *find(const char *name, elfin_error *err)
{
  for (size_t i = 0; i < N_PROCESSES; i++)
    if (name && strcmp(words[i].name, name) == 0)
      return &processes[i];
  elfin_fail(err, ELFIN_E_ARGUMENT, "process %s is unknown", name ? name : "(none)");
  return NULL;
}

/* ---- what every request must fulfil ---------------------------------------------------------- */

static const double ACCURACY_MIN = 1e-10, ACCURACY_MAX = 0.1;
static const double THRESHOLD_METAL = 1e-3; /* [eV] */

void elfin_request_defaults(elfin_request *request)
{
  *request = (elfin_request){
      .rho_GeV_cm3 = 0.4,
      .accuracy = 1e-4,
      .max_evaluations = 20000000,
      .screening = 1,
      .k_cut_eV = INFINITY,
      .reference_momentum_eV = NAN,
      .recoil_threshold_eV = NAN,
  };
}

double elfin_default_threshold_eV(const elfin_material *material)
{
  double gap = material->gap_eV.value, pair = material->pair_energy_eV.value;
  if (gap == 0)
    return THRESHOLD_METAL;
  return isnan(pair) ? 2 * gap : gap + pair;
}

typedef struct number_rule {
  const char *name, *unit;
  double value, min, max;
  bool open; /* min itself is not allowed */
} number_rule;

static elfin_status check_numbers(const elfin_request *q, elfin_error *err)
{
  const number_rule rules[] = {
      {"mass", "eV", q->mass_eV, 0, HUGE_VAL, true},
      {"rho", "GeV/cm3", q->rho_GeV_cm3, 0, HUGE_VAL, true},
      {"accuracy", "", q->accuracy, ACCURACY_MIN, ACCURACY_MAX, false},
      {"temperature", "K", q->temperature_K, 0, HUGE_VAL, false},
      {"kcut", "eV", q->k_cut_eV, 0, HUGE_VAL, true},
      {"splitting", "eV", q->splitting_eV, -HUGE_VAL, HUGE_VAL, false},
      {"mediator", "eV", q->mediator_eV, 0, HUGE_VAL, false},
  };
  for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
    const number_rule *r = &rules[i];
    if (!(r->value >= r->min && r->value <= r->max) || (r->open && r->value == r->min))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "%s %g %s: it must be %s %g and at most %g", r->name,
                        r->value, r->unit, r->open ? "above" : "at least", r->min, r->max);
  }
  if (isinf(q->mass_eV) || isinf(q->splitting_eV) || isinf(q->temperature_K))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "mass, splitting and temperature must be finite");
  if (q->max_evaluations < 1)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "max_evaluations %ld: at least 1", q->max_evaluations);
  return ELFIN_OK;
}

static elfin_status check_lists(const elfin_request *q, elfin_error *err)
{
  for (size_t i = 0; i < q->n_thresholds; i++)
    if (!(q->threshold_eV[i] >= 0 && isfinite(q->threshold_eV[i])))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "threshold %g eV: it must be finite and at least 0",
                        q->threshold_eV[i]);
  for (size_t i = 0; i < q->n_at; i++)
    if (!(q->at_eV[i] >= 0 && isfinite(q->at_eV[i])))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "at %g eV: it must be finite and at least 0",
                        q->at_eV[i]);
  if (q->n_edges == 1)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a spectrum needs at least two edges");
  for (size_t i = 0; i < q->n_edges; i++)
    if (!(q->edge_eV[i] >= (i ? q->edge_eV[i - 1] : 0) && isfinite(q->edge_eV[i])) ||
        (i && q->edge_eV[i] == q->edge_eV[i - 1]))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "edge %zu of the spectrum, %g eV: edges must ascend "
                        "from at least 0", i + 1, q->edge_eV[i]);
  if (q->n_sums && q->n_edges == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%zu sums of bins: there is no spectrum", q->n_sums);
  for (size_t i = 0; q->n_sums && i < q->n_sums * (q->n_edges - 1); i++)
    if (!(q->sum_weight[i] >= 0 && isfinite(q->sum_weight[i])))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "a bin's weight in a sum is %g: it must be finite and "
                        "at least 0", q->sum_weight[i]);
  return ELFIN_OK;
}

static elfin_status check(const process *p, const elfin_request *q, elfin_error *err)
{
  if (!q->constants || (!q->halo && !q->flux) || !q->material)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a request needs constants, a halo and a material");
  if (q->halo && q->flux)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "a request takes a halo or a flux, not both");
  if (q->flux && p->compute != electron_compute)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "only the process electron takes a flux");
  elfin_status status = check_numbers(q, err);
  if (!status)
    status = check_lists(q, err);
  return status ? status : p->check(q, err);
}

elfin_status elfin_rate_check(const char *name, const elfin_request *request, elfin_error *err)
{
  const process *p = find(name, err);
  return p ? check(p, request, err) : ELFIN_E_ARGUMENT;
}

elfin_status elfin_rate(const char *name, const elfin_request *request, elfin_result *result,
                        elfin_error *err)
{
  const process *p = find(name, err);
  if (!p)
    return ELFIN_E_ARGUMENT;
  elfin_status status = check(p, request, err);
  if (!status)
    status = elfin_rate_prepare(name, request, err);
  if (status)
    return status;
  return refuse_impossible(name, request, result, p->compute(request, result, err), err);
}

/* ---- preparation ----------------------------------------------------------------------------- */

static loss_wanted wanted_of(const elfin_request *q)
{
  return (loss_wanted){q->response, q->screening, q->accuracy, false};
}

static size_t response_n_parts(const elfin_request *q)
{
  const loss_wanted wanted = wanted_of(q);
  return q->response ? loss_n_parts(&wanted) : 0;
}

static elfin_status response_make_part(const elfin_request *q, size_t i_part, size_t *n,
                                       double **numbers, elfin_error *err)
{
  const loss_wanted wanted = wanted_of(q);
  return loss_make_part(&wanted, i_part, n, numbers, err);
}

static elfin_status response_take_part(const elfin_request *q, size_t i_part, size_t n,
                                       const double numbers[], elfin_error *err)
{
  const loss_wanted wanted = wanted_of(q);
  return loss_take_part(&wanted, i_part, n, numbers, true, err);
}

static elfin_status response_borrow_part(const elfin_request *q, size_t i_part, size_t n,
                                         const double numbers[], elfin_error *err)
{
  const loss_wanted wanted = wanted_of(q);
  return loss_take_part(&wanted, i_part, n, numbers, false, err);
}

/** A few values need no interpolant. */
static size_t no_parts(const elfin_request *q)
{
  (void)q;
  return 0;
}

/* The response's interpolant is all that the others prepare. */
static const preparing of_response = {response_n_parts, response_make_part, response_take_part,
                                      response_borrow_part, NULL, NULL};
static const struct {
  const char *process;
  preparing how;
} prepared[] = {
    {"electron",
     {electron_n_parts, electron_make_part, electron_take_part, electron_borrow_part,
      electron_n_late, electron_finish}},
    {"migdal", {migdal_n_parts, migdal_make_part, migdal_take_part, migdal_borrow_part, NULL, NULL}},
    {"multiphonon_anisotropic",
     {multiphonon_anisotropic_n_parts, multiphonon_anisotropic_make_part,
      multiphonon_anisotropic_take_part, multiphonon_anisotropic_borrow_part, NULL, NULL}},
    {"phonon", {response_n_parts, response_make_part, response_take_part, response_borrow_part, NULL,
                phonon_finish}},
    {"absorption", {no_parts, response_make_part, response_take_part, response_borrow_part, NULL,
                    NULL}},
};

static const preparing *preparing_of(const char *name, elfin_error *err)
{
  if (!find(name, err))
    return NULL;
  for (size_t i = 0; i < sizeof prepared / sizeof *prepared; i++)
    if (strcmp(prepared[i].process, name) == 0)
      return &prepared[i].how;
  return &of_response;
}

size_t elfin_rate_prepare_parts(const char *name, const elfin_request *q)
{
  const preparing *how = preparing_of(name, NULL);
  return how ? how->n_parts(q) : 0;
}

size_t elfin_rate_prepare_late(const char *name, const elfin_request *q)
{
  const preparing *how = preparing_of(name, NULL);
  return how && how->n_late ? how->n_late(q) : 0;
}

elfin_status elfin_rate_prepare_make(const char *name, const elfin_request *q, size_t i_part,
                                     size_t *n, double **numbers, elfin_error *err)
{
  const preparing *how = preparing_of(name, err);
  return how ? how->make(q, i_part, n, numbers, err) : ELFIN_E_ARGUMENT;
}

elfin_status elfin_rate_prepare_take(const char *name, const elfin_request *q, size_t i_part,
                                     size_t n, const double numbers[], elfin_error *err)
{
  const preparing *how = preparing_of(name, err);
  return how ? how->take(q, i_part, n, numbers, err) : ELFIN_E_ARGUMENT;
}

elfin_status elfin_rate_prepare_borrow(const char *name, const elfin_request *q, size_t i_part,
                                       size_t n, const double numbers[], elfin_error *err)
{
  const preparing *how = preparing_of(name, err);
  return how ? how->borrow(q, i_part, n, numbers, err) : ELFIN_E_ARGUMENT;
}

elfin_status elfin_rate_prepare(const char *name, const elfin_request *request, elfin_error *err)
{
  size_t n_parts = elfin_rate_prepare_parts(name, request);
  for (size_t i = 0; i < n_parts; i++) {
    size_t n;
    double *numbers;
    elfin_status status = elfin_rate_prepare_make(name, request, i, &n, &numbers, err);
    if (status)
      return status;
    status = elfin_rate_prepare_take(name, request, i, n, numbers, err);
    free(numbers);
    if (status)
      return status;
  }
  const preparing *how = preparing_of(name, err);
  if (!how)
    return ELFIN_E_ARGUMENT;
  return how->finish ? how->finish(request, err) : ELFIN_OK;
}
