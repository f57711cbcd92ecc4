/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_electrons.c
 * The electrons' response in a material file: Mermin oscillators, extended Drude terms, optical data,
 * a table of ε(ω,k). What they mean is docs/responses.md. */
#include "material/material_read.h"

#include <math.h>
#include <string.h>

/* ---- rows of numbers -------------------------------------------------------------------------- */

/* mermin and extended_drude call their rows by a name of their own. */
static bool columns_are(const node *block, const char *where, size_t n, const char *const names[],
                        const char *wanted, problems *list)
{
  const node *columns = demand(block, where, "columns", list);
  if (!columns)
    return false;
  bool same = columns->kind == NODE_LIST && columns->n == n;
  for (size_t i = 0; same && i < n; i++)
    same = columns->items[i].kind == NODE_SCALAR && strcmp(columns->items[i].text, names[i]) == 0;
  if (!same)
    problems_add_at(list, columns, "columns must be %s", wanted);
  return same;
}

static bool row_numbers(const node *row, const char *what, size_t n, const char *const names[],
                        const char *wanted, double number[], problems *list)
{
  if (row->kind != NODE_LIST || row->n != n) {
    problems_add_at(list, row, "%s is a row %s", what, wanted);
    return false;
  }
  for (size_t i = 0; i < n; i++)
    if (!node_number(&row->items[i], &number[i])) {
      problems_add_at(list, &row->items[i], "%s: a finite number without a unit is wanted",
                      names[i]);
      return false;
    }
  return true;
}

/* ---- Mermin oscillators ----------------------------------------------------------------------- */

enum { MERMIN_COLUMNS = 3, DRUDE_COLUMNS = 4 };
static const char *const mermin_names[MERMIN_COLUMNS] = {"amplitude", "gamma_eV", "omega_eV"};
static const char mermin_row[] = "[amplitude, gamma_eV, omega_eV]";

static void take_oscillator(const node *row, elfin_oscillator *oscillator, problems *list)
{
  double number[MERMIN_COLUMNS];
  if (!row_numbers(row, "an oscillator", MERMIN_COLUMNS, mermin_names, mermin_row, number, list))
    return;
  for (size_t i = 1; i < MERMIN_COLUMNS; i++)
    if (number[i] <= 0)
      problems_add_at(list, &row->items[i], "%s must be above 0, not %g", mermin_names[i],
                      number[i]);
  *oscillator = (elfin_oscillator){number[0], number[1], number[2]};
}

/* ---- edges of inner shells -------------------------------------------------------------------- */

enum { EDGE_COLUMNS = 4, LONGEST_SHELL = 15 };
static const char *const edge_names[EDGE_COLUMNS] = {"shell", "edge_eV", "from_eV", "to_eV"};
static const char edge_row[] = "[shell, edge_eV, from_eV, to_eV]";

/** The numbers and the name of a shell. false: blamed. */
static bool take_edge_row(const node *row, elfin_edge *edge, problems *list)
{
  double number[EDGE_COLUMNS];
  bool fine = row->kind == NODE_LIST && row->n == EDGE_COLUMNS;
  if (!fine)
    problems_add_at(list, row, "an edge is a row %s", edge_row);
  else if (row->items[0].kind != NODE_SCALAR || !*row->items[0].text ||
           strlen(row->items[0].text) > LONGEST_SHELL) {
    problems_add_at(list, &row->items[0], "shell: a name such as 2p or Si 2p is wanted");
    fine = false;
  }
  for (size_t i = 1; fine && i < EDGE_COLUMNS; i++)
    if (!node_number(&row->items[i], &number[i]) || !(number[i] > 0)) {
      problems_add_at(list, &row->items[i], "%s: a number above 0 without a unit is wanted",
                      edge_names[i]);
      fine = false;
    }
  if (fine)
    *edge = (elfin_edge){row->items[0].text, number[1], number[2], number[3]};
  return fine;
}

/** Does a shell fit the oscillators, and the shell outside of it (NULL: there is none)? */
static void check_edge(const node *row, const elfin_edge *edge, const elfin_edge *outer,
                       const elfin_material *material, problems *list)
{
  size_t n = 0;
  double highest = 0;
  for (size_t i = 0; i < material->n_oscillators; i++) {
    double omega = material->oscillators[i].omega_eV;
    if (omega >= edge->from_eV && omega <= edge->to_eV) {
      n++;
      highest = fmax(highest, omega);
    }
  }
  if (edge->from_eV > edge->to_eV)
    problems_add_at(list, &row->items[3], "to_eV: %g is below from_eV, %g", edge->to_eV, edge->from_eV);
  else if (n == 0)
    problems_add_at(list, &row->items[2], "no oscillator lies between %g and %g eV", edge->from_eV,
                    edge->to_eV);
  else if (edge->energy_eV > highest)
    problems_add_at(list, &row->items[1], "edge_eV: %g is above all oscillators of the shell: the highest lies at "
                    "%g eV", edge->energy_eV, highest);
  if (outer && !(edge->energy_eV > outer->energy_eV))
    problems_add_at(list, &row->items[1], "edge_eV must ascend, and %g follows %g", edge->energy_eV,
                    outer->energy_eV);
  if (outer && edge->from_eV <= outer->to_eV)
    problems_add_at(list, &row->items[2], "from_eV: oscillators up to %g eV belong to %s already",
                    outer->to_eV, outer->shell);
}

static void take_edges(const node *block, material_owner *made)
{
  static const char *const keys[] = {"source", "note", "columns", "rows"};
  problems *list = made->list;
  const char *source = NULL;
  if (!take_block(block, "edges", sizeof keys / sizeof *keys, keys, &source, list))
    return;
  columns_are(block, "edges", EDGE_COLUMNS, edge_names, edge_row, list);
  const node *rows = demand(block, "edges", "rows", list);
  size_t n = list_length(rows, "rows", list), n_taken = 0;
  if (n > ELFIN_MOST_EDGES)
    problems_add_at(list, &rows->items[ELFIN_MOST_EDGES], "at most %d edges are possible", ELFIN_MOST_EDGES);
  elfin_edge *edges = n && n <= ELFIN_MOST_EDGES ? material_keep(made, n, sizeof *edges) : NULL;
  if (!edges)
    return;
  for (size_t i = 0; i < n; i++)
    if (take_edge_row(&rows->items[i], &edges[n_taken], list)) {
      check_edge(&rows->items[i], &edges[n_taken], n_taken ? &edges[n_taken - 1] : NULL, &made->material, list);
      n_taken++;
    }
  made->material.edge_source = source;
  made->material.edges = edges;
  made->material.n_edges = n_taken;
}

static void take_mermin(const node *block, material_owner *made)
{
  static const char *const keys[] = {"source", "note", "columns", "oscillators", "edges"};
  problems *list = made->list;
  if (!take_block(block, "mermin", sizeof keys / sizeof *keys, keys,
                  &made->material.oscillator_source, list))
    return;
  columns_are(block, "mermin", MERMIN_COLUMNS, mermin_names, mermin_row, list);
  const node *rows = demand(block, "mermin", "oscillators", list);
  size_t n = list_length(rows, "oscillators", list);
  elfin_oscillator *oscillators = n ? material_keep(made, n, sizeof *oscillators) : NULL;
  if (!oscillators)
    return;
  for (size_t i = 0; i < n; i++)
    take_oscillator(&rows->items[i], &oscillators[i], list);
  made->material.oscillators = oscillators;
  made->material.n_oscillators = n;
  const node *edges = node_find(block, "edges");
  if (edges)
    take_edges(edges, made);
}

/* ---- extended Drude terms --------------------------------------------------------------------- */

static void take_drude(const node *block, material_owner *made)
{
  static const char *const keys[] = {"source", "note", "density", "background_eps", "columns",
                                     "terms"};
  static const char *const names[DRUDE_COLUMNS] = {"strength_eV2", "gamma_eV", "omega_eV", "alpha"};
  static const char wanted[] = "[strength_eV2, gamma_eV, omega_eV, alpha]";
  problems *list = made->list;
  const char *source;
  double ignored, number[DRUDE_COLUMNS];
  if (!take_block(block, "extended_drude", sizeof keys / sizeof *keys, keys, &source, list))
    return;
  const node *density = demand(block, "extended_drude", "density", list);
  if (density)
    take_number(density, "density", "g/cm3", false, 30, &ignored, list);
  double background = demand_number(block, "extended_drude", "background_eps", 0, 1000, list);
  columns_are(block, "extended_drude", DRUDE_COLUMNS, names, wanted, list);
  const node *terms = demand(block, "extended_drude", "terms", list);
  size_t n = list_length(terms, "terms", list);
  elfin_drude *model = n ? material_keep(made, 1, sizeof *model) : NULL;
  elfin_drude_term *kept = n ? material_keep(made, n, sizeof *kept) : NULL;
  if (!model || !kept)
    return;
  for (size_t i = 0; i < n; i++) {
    const node *row = &terms->items[i];
    if (!row_numbers(row, "a term", DRUDE_COLUMNS, names, wanted, number, list))
      continue;
    for (size_t k = 1; k < DRUDE_COLUMNS; k++)
      if (number[k] < 0 || (k == 1 && number[k] == 0))
        problems_add_at(list, &row->items[k], "%s must %s, not %g", names[k],
                        k == 1 ? "be above 0" : "not be negative", number[k]);
    kept[i] = (elfin_drude_term){number[0], number[1], number[2], number[3]};
  }
  *model = (elfin_drude){source, background, n, kept};
  made->material.drude = model;
}

/* ---- optical data ----------------------------------------------------------------------------- */

static void take_optical(const node *block, material_owner *made)
{
  static const char *const keys[] = {"source", "model", "formula", "note", "fit_error", POINTS_KEYS};
  static const char *const names[] = {"omega_eV", "eps1", "eps2"};
  problems *list = made->list;
  const char *source;
  points taken;
  if (!take_block(block, "optical", sizeof keys / sizeof *keys, keys, &source, list))
    return;
  const char *model = demand_text(block, "optical", "model", list);
  bool logarithmic = model && strcmp(model, "logarithmic") == 0;
  if (model && !logarithmic && strcmp(model, "linear") != 0)
    problems_add_at(list, node_find(block, "model"),
                    "model: %.40s is unknown; allowed are linear and logarithmic", model);
  if (!take_points(made, block, "optical", 3, names, &taken) || !points_ascend(&taken, 2) ||
      !points_within(&taken, 0, 0, true, HUGE_VAL) ||
      !points_within(&taken, 2, 0, logarithmic, HUGE_VAL) ||
      (logarithmic && !points_within(&taken, 1, 0, true, HUGE_VAL)))
    return;
  elfin_optical *optical = material_keep(made, 1, sizeof *optical);
  if (optical)
    *optical = (elfin_optical){source,          logarithmic,     taken.n,
                               taken.column[0], taken.column[1], taken.column[2]};
  made->material.optical = optical;
}

/* ---- ε(ω,k) as a table ------------------------------------------------------------------------ */

static void take_table(const node *block, material_owner *made)
{
  static const char *const keys[] = {"source", "note", "file", "sha256"};
  elfin_material *material = &made->material;
  if (take_block(block, "response_table", sizeof keys / sizeof *keys, keys,
                 &material->response_table_source, made->list))
    material->response_table = take_file_name(made, block, "response_table");
}

/* Words that mean something else where a response is named. */
static bool is_taken_name(const char *name)
{
  static const char *const taken[] = {"default", "lindhard", "mermin", "mermin_edges", "extended_drude",
                                      "phonon",  "optical",  "joined", "atomic",       "table"};
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    if (strcmp(name, taken[i]) == 0)
      return true;
  return false;
}

static const char table_words[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+";

static void take_named_table(const node *block, material_owner *made, elfin_response_table *table)
{
  static const char *const keys[] = {"name", "source", "note", "file", "sha256"};
  problems *list = made->list;
  if (!take_block(block, "response_tables", sizeof keys / sizeof *keys, keys, &table->source, list))
    return;
  const char *name = demand_text(block, "response_tables", "name", list);
  const node *note = node_find(block, "note");
  if (name && (name[strspn(name, table_words)] || is_taken_name(name)))
    problems_add_at(list, node_find(block, "name"),
                    "name: %.40s cannot be asked for: letters, digits, _ - + make a name, which no "
                    "kind of response has", name);
  table->name = name;
  table->note = note ? demand_text(block, "response_tables", "note", list) : NULL;
  table->file.path = take_file_path(made, block, "response_tables", &table->file.sha256);
}

static void take_named_tables(const node *tables, material_owner *made)
{
  size_t n = list_length(tables, "response_tables", made->list);
  elfin_response_table *kept = n ? material_keep(made, n, sizeof *kept) : NULL;
  if (!kept)
    return;
  for (size_t i = 0; i < n; i++) {
    take_named_table(&tables->items[i], made, &kept[i]);
    for (size_t k = 0; kept[i].name && k < i; k++)
      if (kept[k].name && strcmp(kept[k].name, kept[i].name) == 0)
        problems_add_at(made->list, &tables->items[i], "a second table %.40s", kept[i].name);
  }
  made->material.response_tables = kept;
  made->material.n_response_tables = n;
}

void take_electrons(const node *root, material_owner *made)
{
  const node *block = node_find(root, "mermin");
  if (block)
    take_mermin(block, made);
  if ((block = node_find(root, "extended_drude")))
    take_drude(block, made);
  if ((block = node_find(root, "optical")))
    take_optical(block, made);
  if ((block = node_find(root, "response_table")))
    take_table(block, made);
  if ((block = node_find(root, "response_tables")))
    take_named_tables(block, made);
}
