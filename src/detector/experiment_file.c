/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file experiment_file.c
 * An experiment file, key by key; data/experiments/README.md is its description. Strict: a misspelt
 * key or one number too few would silently change a limit.
 */
#include "detector/detector.h"

#include <math.h>
#include <string.h>

enum { MOST_CHARGE = 1000 };

/* Blocks of numbers, each with its source or marked as assumed. */
static const char *const blocks[] = {"observed",     "exposure",   "efficiency", "background",
                                     "charge_model", "resolution", "events",     "found"};
static const char *const plain[] = {"name", "description", "material", "charges", "edges_eV"};
enum { N_BLOCKS = sizeof blocks / sizeof *blocks, N_PLAIN = sizeof plain / sizeof *plain };

/* {value: one for all bins} or {values: [one for each]}; `otherwise` where the block is absent. */
static double *per_bin(const node *root, const char *key, const detector_range *r, double otherwise,
                       detector_owner *made)
{
  static const char *const keys[] = {"value", "values", "source", "assumed"};
  size_t n_bins = made->experiment.n_bins, n = 0;
  const node *block = detector_block(root, key, sizeof keys / sizeof *keys, keys, made);
  const node *value = block ? node_find(block, "value") : NULL;
  const node *values = block ? node_find(block, "values") : NULL;
  if (block && !value == !values)
    problems_add_at(made->list, block, "%s needs either value, one for all bins, or values", key);
  if (values) {
    double *number = detector_numbers(values, key, r, &n, made);
    if (number && n != n_bins)
      problems_add_at(made->list, values, "%s has %zu values, and there are %zu bins", key, n,
                      n_bins);
    return number;
  }
  double *number = keep_bytes(&made->kept, n_bins, sizeof *number);
  double one = value ? detector_number(value, key, r, made->list) : otherwise;
  for (size_t i = 0; number && i < n_bins; i++)
    number[i] = one;
  return number;
}

/* ---- bins -------------------------------------------------------------------------------------
 */

static void take_bins(const node *root, detector_owner *made)
{
  static const detector_range whole = {"", 1, MOST_CHARGE, false, true},
                     energy = {"eV", 0, 1e9, false, false};
  elfin_experiment *e = &made->experiment;
  const node *charges = node_find(root, "charges"), *edges = node_find(root, "edges_eV");
  size_t n;
  if (!charges == !edges) {
    problems_add_at(made->list, root,
                    "an experiment needs either charges, one for each bin, or edges_eV, one more "
                    "than bins");
    return;
  }
  const char *key = charges ? "charges" : "edges_eV";
  const node *given = charges ? charges : edges;
  double *number = detector_numbers(given, key, charges ? &whole : &energy, &n, made);
  if (!number || !detector_ascends(given, key, n, number, made->list))
    return;
  if (charges) {
    e->charge = number;
    e->n_bins = n;
  } else if (n < 2) {
    problems_add_at(made->list, edges, "edges_eV needs at least two energies");
  } else {
    e->edge_eV = number;
    e->n_bins = n - 1;
  }
}

/* ---- energies ---------------------------------------------------------------------------------
 */

/* Each event lies in a bin that says it was observed. */
static void check_events(const node *energies, detector_owner *made)
{
  const elfin_experiment *e = &made->experiment;
  for (size_t i = 0; i < e->n_events; i++)
    if (!(e->event_eV[i] >= e->edge_eV[0] && e->event_eV[i] < e->edge_eV[e->n_bins]))
      problems_add_at(made->list, &energies->items[i], "events: %g eV lies outside of edges_eV, %g to %g eV",
                      e->event_eV[i], e->edge_eV[0], e->edge_eV[e->n_bins]);
  for (size_t b = 0; b < e->n_bins && problems_count(made->list) == 0; b++) {
    size_t n = 0;
    for (size_t i = 0; i < e->n_events; i++)
      n += e->event_eV[i] >= e->edge_eV[b] && e->event_eV[i] < e->edge_eV[b + 1];
    if ((double)n != e->observed[b])
      problems_add_at(made->list, energies,
                      "events: %zu between %g and %g eV, where observed says %g", n, e->edge_eV[b],
                      e->edge_eV[b + 1], e->observed[b]);
  }
}

static void take_energies(const node *root, detector_owner *made)
{
  static const char *const of_resolution[] = {"value", "source", "assumed"};
  static const char *const of_events[] = {"energies_eV", "source", "assumed"};
  static const detector_range energy = {"eV", 0, 1e9, false, false};
  elfin_experiment *e = &made->experiment;
  const node *block = detector_block(root, "resolution", 3, of_resolution, made);
  const node *value = block ? demand(block, "resolution", "value", made->list) : NULL;
  if (value)
    e->resolution_eV = detector_number(value, "resolution", &energy, made->list);
  if (block && e->charge)
    problems_add_at(made->list, block, "resolution has no effect on bins of charge");
  block = detector_block(root, "events", 3, of_events, made);
  const node *energies = block ? demand(block, "events", "energies_eV", made->list) : NULL;
  if (energies && energies->kind == NODE_LIST && energies->n > 0)
    e->event_eV = detector_numbers(energies, "energies_eV", &energy, &e->n_events, made);
  else if (energies)
    expect_kind(energies, "energies_eV", NODE_LIST, made->list);
  if (block && e->charge)
    problems_add_at(made->list, block, "events have energies only where bins have, too");
  else if (energies && problems_count(made->list) == 0)
    check_events(energies, made);
}

/* ---- the whole file ---------------------------------------------------------------------------
 */

static void take_texts(const node *root, detector_owner *made)
{
  elfin_experiment *e = &made->experiment;
  demand(root, "an experiment", "name", made->list);
  demand(root, "an experiment", "material", made->list);
  e->name = detector_text(root, "name", made->list);
  e->material = detector_text(root, "material", made->list);
  e->description = detector_text(root, "description", made->list);
}

static void take_numbers_of_bins(const node *root, detector_owner *made)
{
  static const detector_range events = {"", 0, 1e15, false, true}, share = {"", 0, 1, false, false},
                     exposure = {"exposure", 0, 1e9, true, false},
                     background = {"", 0, 1e15, false, false};
  elfin_experiment *e = &made->experiment;
  demand(root, "an experiment", "observed", made->list);
  demand(root, "an experiment", "exposure", made->list);
  if (node_find(root, "found") && node_find(root, "efficiency"))
    problems_add_at(made->list, node_find(root, "efficiency"),
                    "efficiency: found says it already; give one of the two");
  else if (!node_find(root, "found"))
    demand(root, "an experiment", "efficiency", made->list);
  e->observed = per_bin(root, "observed", &events, 0, made);
  e->exposure_kg_yr = per_bin(root, "exposure", &exposure, NAN, made);
  e->efficiency = per_bin(root, "efficiency", &share, 1, made);
  e->background = per_bin(root, "background", &background, 0, made);
  if (!node_find(root, "background"))
    detector_note(made, "background", "0: the file gives none", made->assumed, &e->n_assumed);
}

elfin_status detector_file_read(const node *root, detector_owner *made)
{
  problems *list = made->list;
  const char *keys[N_PLAIN + N_BLOCKS];
  memcpy(keys, plain, sizeof plain);
  memcpy(keys + N_PLAIN, blocks, sizeof blocks);
  made->sources = keep_bytes(&made->kept, N_BLOCKS + 1, sizeof *made->sources);
  made->assumed = keep_bytes(&made->kept, N_BLOCKS + 1, sizeof *made->assumed);
  if (!made->sources || !made->assumed)
    return ELFIN_E_MEMORY;
  if (!expect_kind(root, "an experiment file", NODE_MAP, list))
    return ELFIN_E_DATA;
  expect_keys(root, "an experiment", N_PLAIN + N_BLOCKS, keys, DETECTOR_PAGE, list);
  take_texts(root, made);
  take_bins(root, made);
  if (made->experiment.n_bins)
    take_numbers_of_bins(root, made);
  detector_take_found(root, made);
  detector_take_model(root, made);
  take_energies(root, made);
  made->experiment.sources = made->sources;
  made->experiment.assumed = made->assumed;
  if (made->kept.no_memory)
    return ELFIN_E_MEMORY;
  return problems_count(list) ? ELFIN_E_DATA : ELFIN_OK;
}
