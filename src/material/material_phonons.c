/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_phonons.c
 * Polar phonons, and ε(ω) below the gap as the models of a material file [docs/responses.md, docs/phonon.md].
 * Read and checked here; evaluated in src/elf. */
#include "material/material_read.h"

#include <math.h>
#include <string.h>

static const double HIGHEST_PHONON = 1;  /* [eV] beyond it the unit is surely wrong */
static const double HIGHEST_EPSILON = 1e4;
enum { LONGEST_SENTENCE = 300 };

/* ---- polar_phonons ---------------------------------------------------------------------------- */

/* Energies of modes, each above 0. */
static const double *take_modes(const node *block, material_owner *made, const char *key, size_t *n)
{
  double *energy = take_numbers(made, block, key, n);
  for (size_t i = 0; i < *n; i++)
    if (!(energy[i] > 0 && energy[i] <= HIGHEST_PHONON) && !isnan(energy[i]))
      problems_add_at(made->list, &node_find(block, key)->items[i],
                      "%s: %g is out of range; allowed is above 0 to %g", key, energy[i],
                      HIGHEST_PHONON);
  return energy;
}

/* Between two poles of ε, at ω_TO, lies one zero, at ω_LO. Only their order counts: a weak branch within the band of a
 * strong one has its ω_LO below its ω_TO (quartz, at 144 meV). */
static const char branches_alternate[] =
    "of %g eV must be above its transverse_eV: from the lowest on they must alternate, TO < LO < TO < LO, or the loss "
    "at it is negative; below it are %zu transverse and %zu longitudinal ones";

static size_t n_below(size_t n, const double energy[], double end)
{
  size_t below = 0;
  for (size_t i = 0; i < n; i++)
    below += energy[i] < end;
  return below;
}

/* The first of n longitudinal modes that has not one transverse mode more below it than longitudinal ones; n: none.
 * How many are below it goes to the last two. */
static size_t find_disorder(size_t n, const double longitudinal[], const double transverse[], size_t *n_transverse,
                            size_t *n_longitudinal)
{
  for (size_t i = 0; i < n; i++) {
    *n_transverse = n_below(n, transverse, longitudinal[i]);
    *n_longitudinal = n_below(n, longitudinal, longitudinal[i]);
    if (*n_transverse != *n_longitudinal + 1)
      return i;
  }
  return n;
}

static void check_polar(const node *block, const elfin_polar_phonons *polar, problems *list)
{
  size_t n = polar->n_longitudinal, transverse, longitudinal;
  size_t i = find_disorder(n, polar->longitudinal_eV, polar->transverse_eV, &transverse, &longitudinal);
  char sentence[LONGEST_SENTENCE];
  if (i == n)
    return;
  snprintf(sentence, sizeof sentence, branches_alternate, polar->longitudinal_eV[i], transverse, longitudinal);
  problems_add_at(list, &node_find(block, "longitudinal_eV")->items[i], "longitudinal_eV %s", sentence);
}

static void take_polar(const node *block, const char *where, material_owner *made,
                       elfin_configuration configuration)
{
  static const char *const keys[] = {"source", "eps_static", "eps_infinity", "longitudinal_eV",
                                     "transverse_eV"};
  problems *list = made->list;
  const char *source;
  if (!take_block(block, where, sizeof keys / sizeof *keys, keys, &source, list))
    return;
  elfin_polar_phonons *polar = material_keep(made, 1, sizeof *polar);
  if (!polar)
    return;
  polar->source = source;
  polar->eps_static = optional_number(block, "eps_static", 1, HIGHEST_EPSILON, list);
  polar->eps_infinity = optional_number(block, "eps_infinity", 1, HIGHEST_EPSILON, list);
  polar->longitudinal_eV = take_modes(block, made, "longitudinal_eV", &polar->n_longitudinal);
  polar->transverse_eV = take_modes(block, made, "transverse_eV", &polar->n_transverse);
  if (polar->n_transverse && polar->n_transverse != polar->n_longitudinal)
    problems_add_at(list, node_find(block, "transverse_eV"),
                    "%zu transverse and %zu longitudinal modes: there must be as many of both",
                    polar->n_transverse, polar->n_longitudinal);
  else if (polar->n_transverse)
    check_polar(block, polar, list);
  made->material.polar[configuration] = polar;
}

/* ---- phonon_response -------------------------------------------------------------------------- */

static const char phonon_response[] = "a phonon response";

static const char *const model_names[] = {
    [ELFIN_PHONON_FACTORISED] = "factorised",
    [ELFIN_PHONON_LORENTZ] = "lorentz",
    [ELFIN_PHONON_CONSTANT_EPS1] = "constant_eps1",
    [ELFIN_PHONON_SELF_ENERGY] = "self_energy",
    [ELFIN_PHONON_TABLE] = "table",
};
enum { N_MODELS = sizeof model_names / sizeof *model_names };

static const char *const configuration_names[ELFIN_N_CONFIGURATIONS] = {
    [ELFIN_ORDINARY] = "ordinary",
    [ELFIN_EXTRAORDINARY] = "extraordinary",
};

/* Which of n names a key says; n: none (blamed, or absent and not demanded). */
static size_t take_word(const node *block, const char *key, size_t n, const char *const names[],
                        problems *list)
{
  const node *found = node_find(block, key);
  if (!found || !expect_kind(found, key, NODE_SCALAR, list))
    return n;
  for (size_t i = 0; i < n; i++)
    if (strcmp(found->text, names[i]) == 0)
      return i;
  char allowed[128] = "";
  for (size_t i = 0, used = 0; i < n && used < sizeof allowed; i++)
    used += (size_t)snprintf(allowed + used, sizeof allowed - used, "%s%s", i ? ", " : "", names[i]);
  const char *near = nearest_name(found->text, n, names);
  problems_add_at(list, found, "%s: %.40s is unknown%s%s%s; allowed: %s", key, found->text,
                  near ? ", did you mean " : "", near ? near : "", near ? "?" : "", allowed);
  return n;
}

/* Of the factorised model: columns 0 and 2. */
static bool factors_alternate(const points *taken)
{
  size_t transverse, longitudinal;
  size_t i = find_disorder(taken->n, taken->column[2], taken->column[0], &transverse, &longitudinal);
  if (i < taken->n)
    blame_point(taken, i, 2, branches_alternate, taken->column[2][i], transverse, longitudinal);
  return i == taken->n;
}

/* The factors of the one model, the terms of the other: columns 0 and 1 are ω_TO and γ_TO of both. */
static void take_oscillators(const node *block, material_owner *made,
                             elfin_phonon_response *made_here)
{
  static const char *const factors[] = {"transverse_eV", "transverse_gamma_eV", "longitudinal_eV",
                                        "longitudinal_gamma_eV"};
  static const char *const terms[] = {"transverse_eV", "transverse_gamma_eV", "strength"};
  bool factorised = made_here->model == ELFIN_PHONON_FACTORISED;
  size_t n_columns = factorised ? 4 : 3;
  points taken;
  made_here->eps_infinity =
      demand_number(block, phonon_response, "eps_infinity", 1, HIGHEST_EPSILON, made->list);
  if (!take_points(made, block, phonon_response, n_columns, factorised ? factors : terms, &taken))
    return;
  for (size_t k = 0; k < n_columns; k++)
    if (!points_within(&taken, k, 0, true, factorised || k < 2 ? HIGHEST_PHONON : HIGHEST_EPSILON))
      return;
  if (factorised && !factors_alternate(&taken))
    return;
  elfin_phonon_mode *modes = material_keep(made, taken.n, sizeof *modes);
  for (size_t i = 0; modes && i < taken.n; i++)
    modes[i] = (elfin_phonon_mode){
        .transverse_eV = taken.column[0][i],
        .transverse_gamma_eV = taken.column[1][i],
        .longitudinal_eV = factorised ? taken.column[2][i] : NAN,
        .longitudinal_gamma_eV = factorised ? taken.column[3][i] : NAN,
        .strength = factorised ? NAN : taken.column[2][i],
    };
  made_here->modes = modes;
  made_here->n_modes = modes ? taken.n : 0;
}

static void take_constant_eps1(const node *block, material_owner *made,
                               elfin_phonon_response *made_here)
{
  static const char *const names[] = {"omega_eV", "eps2"};
  points taken;
  made_here->eps1 =
      demand_number(block, phonon_response, "eps1", -HIGHEST_EPSILON, HIGHEST_EPSILON, made->list);
  if (!take_points(made, block, phonon_response, 2, names, &taken) || !points_ascend(&taken, 2) ||
      !points_within(&taken, 0, 0, true, HUGE_VAL) || !points_within(&taken, 1, 0, true, HUGE_VAL))
    return;
  made_here->n = taken.n;
  made_here->omega_eV = taken.column[0];
  made_here->second = taken.column[1];
}

static void take_self_energy(const node *block, material_owner *made,
                             elfin_phonon_response *made_here)
{
  static const char *const names[] = {"omega_eV", "R", "G"};
  problems *list = made->list;
  points taken;
  made_here->eps_infinity =
      demand_number(block, phonon_response, "eps_infinity", 1, HIGHEST_EPSILON, list);
  made_here->strength_eV2 = demand_number(block, phonon_response, "S", 0, HIGHEST_EPSILON, list);
  made_here->transverse_eV = demand_number(block, phonon_response, "wTO", 0, HIGHEST_PHONON, list);
  if (!take_points(made, block, phonon_response, 3, names, &taken) || !points_ascend(&taken, 2) ||
      !points_within(&taken, 0, 0, true, HUGE_VAL) || !points_within(&taken, 2, 0, true, HUGE_VAL))
    return;
  made_here->n = taken.n;
  made_here->omega_eV = taken.column[0];
  made_here->first = taken.column[1];
  made_here->second = taken.column[2];
}

/* Noise of a fit may leave ε2 slightly below 0 in a table; that is what it says, and the ELF is cut
 * at 0 where it is used. */
static void take_table(const node *block, material_owner *made, elfin_phonon_response *made_here)
{
  static const char *const names[] = {"omega_eV", "eps1", "eps2"};
  points taken;
  if (!take_points(made, block, phonon_response, 3, names, &taken))
    return;
  if (taken.path)
    points_sort(&taken);
  if (!points_ascend(&taken, 2) || !points_within(&taken, 0, 0, true, HUGE_VAL))
    return;
  made_here->n = taken.n;
  made_here->omega_eV = taken.column[0];
  made_here->first = taken.column[1];
  made_here->second = taken.column[2];
  made_here->omega_min_eV = taken.column[0][0];
  made_here->omega_max_eV = taken.column[0][taken.n - 1];
}

static void take_range(const node *block, material_owner *made, elfin_phonon_response *made_here)
{
  size_t n;
  const node *range = demand(block, phonon_response, "range_eV", made->list);
  const double *end = range ? take_numbers(made, block, "range_eV", &n) : NULL;
  if (!end)
    return;
  if (n != 2 || !(end[0] > 0 && end[1] > end[0])) {
    problems_add_at(made->list, range, "range_eV must be two energies [lowest, highest], above 0");
    return;
  }
  made_here->omega_min_eV = end[0];
  made_here->omega_max_eV = end[1];
}

static void take_response(const node *block, material_owner *made, elfin_phonon_response *made_here)
{
  static const char *const keys[] = {"name", "source", "configuration", "range_eV", "model",
                                     "formula", "eps_infinity", "eps1", "S", "wTO", "fit_error",
                                     "note", POINTS_KEYS};
  problems *list = made->list;
  made_here->eps_infinity = made_here->eps1 = NAN;
  made_here->strength_eV2 = made_here->transverse_eV = NAN;
  if (!take_block(block, phonon_response, sizeof keys / sizeof *keys, keys, &made_here->source,
                  list))
    return;
  made_here->name = demand_text(block, phonon_response, "name", list);
  size_t word = take_word(block, "configuration", ELFIN_N_CONFIGURATIONS, configuration_names, list);
  made_here->configuration = word < ELFIN_N_CONFIGURATIONS ? (elfin_configuration)word
                                                           : ELFIN_ORDINARY;
  if (!demand(block, phonon_response, "model", list))
    return;
  word = take_word(block, "model", N_MODELS, model_names, list);
  if (word == N_MODELS)
    return;
  made_here->model = (elfin_phonon_model)word;
  if (made_here->model != ELFIN_PHONON_TABLE)
    take_range(block, made, made_here);
  switch (made_here->model) {
  case ELFIN_PHONON_FACTORISED:
  case ELFIN_PHONON_LORENTZ: take_oscillators(block, made, made_here); break;
  case ELFIN_PHONON_CONSTANT_EPS1: take_constant_eps1(block, made, made_here); break;
  case ELFIN_PHONON_SELF_ENERGY: take_self_energy(block, made, made_here); break;
  case ELFIN_PHONON_TABLE: take_table(block, made, made_here); break;
  }
}

void take_phonons(const node *root, material_owner *made)
{
  elfin_material *material = &made->material;
  const node *block = node_find(root, "polar_phonons");
  if (block)
    take_polar(block, "polar_phonons", made, ELFIN_ORDINARY);
  if ((block = node_find(root, "polar_phonons_extraordinary")))
    take_polar(block, "polar_phonons_extraordinary", made, ELFIN_EXTRAORDINARY);
  block = node_find(root, "phonon_response");
  size_t n = list_length(block, "phonon_response", made->list);
  elfin_phonon_response *kept = n ? material_keep(made, n, sizeof *kept) : NULL;
  if (!kept)
    return;
  for (size_t i = 0; i < n; i++) {
    take_response(&block->items[i], made, &kept[i]);
    for (size_t k = 0; kept[i].name && k < i; k++)
      if (kept[k].name && strcmp(kept[k].name, kept[i].name) == 0)
        problems_add_at(made->list, &block->items[i], "a second phonon response %.40s",
                        kept[i].name);
  }
  material->phonon_responses = kept;
  material->n_phonon_responses = n;
}

const elfin_phonon_response *elfin_phonon_response_find(const elfin_material *material,
                                                        elfin_configuration configuration,
                                                        const char *name)
{
  for (size_t i = 0; i < material->n_phonon_responses; i++) {
    const elfin_phonon_response *found = &material->phonon_responses[i];
    if (found->configuration == configuration && (!name || strcmp(found->name, name) == 0))
      return found;
  }
  return NULL;
}
