/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file table_kinds.c
 * Responses that are tables of ε(ω,k): what is between their nodes, and beyond their momenta.
 *
 * "X.h5 (smooth, below hold, above mermin)" is the path of a table and, in brackets, what is asked
 * of it. Without brackets it is bilinear in ε1 and ε2, as in DarkELF; its lowest row holds below,
 * and there is nothing above.
 */
#include "elf/elf.h"
#include "elf/elf_smooth.h"
#include "elf/elf_table.h"
#include "numerics/columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How far a row is held above a table's momenta [eV]: about m_e, where electrons are relativistic.
 */
static const double HELD_K_MAX = 5e5;

/* ---- what is asked ----------------------------------------------------------------------------
 */

static const char *const interpolations[] = {
    [ELFIN_TABLE_BILINEAR] = "bilinear", [ELFIN_TABLE_SMOOTH] = "smooth"};
static const char *const continuations[] = {[ELFIN_TABLE_NOTHING] = "nothing",
                                            [ELFIN_TABLE_HOLD] = "hold",
                                            [ELFIN_TABLE_MERMIN] = "mermin",
                                            [ELFIN_TABLE_MERMIN_EDGES] = "mermin_edges"};
enum { N_INTERPOLATIONS = 2, N_CONTINUATIONS = 4, LONGEST_WORD = 31, LONGEST_CHOICE = 64 };

elfin_table_choice elfin_table_default(void)
{
  return (elfin_table_choice){.interpolation = ELFIN_TABLE_BILINEAR,
                              .below = ELFIN_TABLE_HOLD,
                              .above = ELFIN_TABLE_NOTHING};
}

static int find_word(int n, const char *const words[], const char *word)
{
  for (int i = 0; i < n; i++)
    if (strcmp(words[i], word) == 0)
      return i;
  return -1;
}

/** One of the words in the brackets. @return what is wrong with it; NULL: nothing */
static const char *take_word(const char *word, elfin_table_choice *choice, bool given[3])
{
  char side[LONGEST_WORD + 1] = "", what[LONGEST_WORD + 1] = "", rest[2] = "";
  int n = sscanf(word, "%31s %31s %1s", side, what, rest);
  int which = strcmp(side, "below") == 0 ? 1 : strcmp(side, "above") == 0 ? 2 : 0;
  int value = which ? find_word(N_CONTINUATIONS, continuations, what)
                    : find_word(N_INTERPOLATIONS, interpolations, side);
  if (n != (which ? 2 : 1) || value < 0)
    return "is unknown: bilinear or smooth, below … and above … with nothing, hold, mermin or "
           "mermin_edges";
  if (given[which])
    return "is the second word about the same";
  given[which] = true;
  if (which == 0)
    choice->interpolation = (elfin_table_interpolation)value;
  else if (which == 1)
    choice->below = (elfin_table_beyond)value;
  else
    choice->above = (elfin_table_beyond)value;
  return NULL;
}

elfin_status elfin_table_choose(const char *text, elfin_table_choice *choice, size_t *path_length,
                                elfin_error *err)
{
  elfin_table_choice made = elfin_table_default();
  size_t length = strlen(text);
  const char *open = length && text[length - 1] == ')' ? strrchr(text, '(') : NULL;
  bool given[3] = {false};
  while (open && open > text && open[-1] == ' ')
    open--;
  if (path_length)
    *path_length = open ? (size_t)(open - text) : length;
  for (const char *at = open ? strchr(open, '(') : NULL; at && *at != ')';) {
    size_t n = strcspn(++at, ",)");
    char word[LONGEST_WORD + 1] = "";
    memcpy(word, at, n < LONGEST_WORD ? n : LONGEST_WORD);
    const char *wrong = take_word(word, &made, given);
    if (wrong)
      return elfin_fail(err, ELFIN_E_ARGUMENT, "'%s' in the brackets of %.200s %s", word, text,
                        wrong);
    at += n;
  }
  *choice = made;
  return ELFIN_OK;
}

elfin_status elfin_table_path(const char *text, elfin_table_choice *choice, char **path,
                              elfin_error *err)
{
  size_t length;
  elfin_status status = elfin_table_choose(text, choice, &length, err);
  if (status)
    return status;
  *path = strndup(text, length);
  return *path ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", text);
}

static bool ends_at(const char *text, size_t length, const char *end)
{
  size_t n = strlen(end);
  return length > n && strncmp(text + length - n, end, n) == 0;
}

bool elfin_table_is_hdf5(const char *text)
{
  elfin_table_choice choice;
  size_t length = 0;
  elfin_table_choose(text, &choice, &length, NULL); /* what is wrong is said when it is opened */
  return ends_at(text, length, ".h5") || ends_at(text, length, ".hdf5");
}

const elfin_response_table *elfin_response_table_named(const elfin_material *material,
                                                       const char *text)
{
  size_t length = strcspn(text, " (");
  for (size_t i = 0; i < material->n_response_tables; i++) {
    const char *name = material->response_tables[i].name;
    if (strlen(name) == length && strncmp(name, text, length) == 0)
      return &material->response_tables[i];
  }
  return NULL;
}

elfin_status elfin_response_table_text(const elfin_material *material, const char *text,
                                       char **path_text, elfin_error *err)
{
  char found[ELFIN_SHA256_TEXT];
  const elfin_response_table *table = elfin_response_table_named(material, text);
  *path_text = NULL;
  if (!table)
    return ELFIN_OK;
  elfin_status status = elfin_sha256_file(table->file.path, found, NULL, err);
  if (status)
    return status;
  if (strcmp(found, table->file.sha256) != 0)
    return elfin_fail(err, ELFIN_E_DATA,
                      "%s: has not the checksum that %s states for %s: it is another file, or was "
                      "changed", table->file.path, material->path, table->name);
  const char *rest = text + strlen(table->name);
  size_t size = strlen(table->file.path) + strlen(rest) + 1;
  char *made = malloc(size);
  if (!made)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", text);
  snprintf(made, size, "%s%s", table->file.path, rest);
  *path_text = made;
  return ELFIN_OK;
}

/* ---- values -----------------------------------------------------------------------------------
 */

/** ε of the table's own cells, its ends held. */
static void inside(const elfin_response *response, size_t n, const double omega[], const double k[],
                   double eps1[], double eps2[])
{
  if (response->smooth)
    elf_smooth_epsilon(response->smooth, n, omega, k, eps1, eps2);
  else
    elf_table_epsilon(response->table, n, omega, k, eps1, eps2);
}

static bool is_of_oscillators(elfin_table_beyond what)
{
  return what == ELFIN_TABLE_MERMIN || what == ELFIN_TABLE_MERMIN_EDGES;
}

static void beyond(const elfin_response *response, elfin_table_beyond what, double omega, double k,
                   double k_end, double *eps1, double *eps2)
{
  const elf_table *t = response->table;
  *eps1 = 1;
  *eps2 = 0;
  if (omega < t->omega[0] || omega > t->omega[t->n_omega - 1])
    return;
  if (what == ELFIN_TABLE_HOLD)
    inside(response, 1, &omega, &k_end, eps1, eps2);
  else if (is_of_oscillators(what))
    elfin_response_epsilon(response->tail, 1, &omega, &k, eps1, eps2);
}

void table_points(const elfin_response *response, size_t n, const double omega[], const double k[],
                  double eps1[], double eps2[])
{
  const elf_table *t = response->table;
  double first = t->k[0], last = t->k[t->n_k - 1];
  inside(response, n, omega, k, eps1, eps2);
  const elfin_table_choice *choice = &response->choice;
  if (choice->above == ELFIN_TABLE_NOTHING && !is_of_oscillators(choice->below))
    return; /* what is nothing is outside of the stated range */
  for (size_t i = 0; i < n; i++)
    if (!isnan(omega[i]) && (k[i] < first || k[i] > last))
      beyond(response, k[i] < first ? choice->below : choice->above, omega[i], k[i],
             k[i] < first ? first : last, &eps1[i], &eps2[i]);
}

bool table_tail_loss(const elfin_response *response, double omega, double k, double *loss)
{
  const elf_table *t = response->table;
  double first = t->k[0], last = t->k[t->n_k - 1];
  bool below = k < first && is_of_oscillators(response->choice.below);
  bool above = k > last && is_of_oscillators(response->choice.above);
  if (!below && !above)
    return false;
  *loss = 0;
  if (omega >= t->omega[0] && omega <= t->omega[t->n_omega - 1])
    elfin_response_elf(response->tail, 1, &omega, &k, loss);
  return true;
}

/* ---- where it is not smooth -------------------------------------------------------------------
 */

bool response_is_bilinear(const elfin_response *response)
{
  return response->table && !response->smooth;
}

size_t response_k_ends(const elfin_response *response, double end[2])
{
  const elf_table *t = response->table;
  if (!t)
    return 0;
  end[0] = t->k[0];
  end[1] = t->k[t->n_k - 1];
  return 2;
}

bool response_continues(const elfin_response *response, bool above)
{
  return response->table &&
         (above ? response->choice.above : response->choice.below) != ELFIN_TABLE_NOTHING;
}

/* ---- making one -------------------------------------------------------------------------------
 */

static void set_range(elfin_response *response)
{
  const elf_table *table = response->table;
  const elfin_table_choice *choice = &response->choice;
  elfin_response_info *about = &response->about;
  about->omega_min_eV = table->omega[0];
  about->omega_max_eV = table->omega[table->n_omega - 1];
  about->k_min_eV = choice->below == ELFIN_TABLE_NOTHING ? table->k[0]
                    : choice->below == ELFIN_TABLE_HOLD  ? 0
                                                         : response->tail->about.k_min_eV;
  about->k_max_eV = choice->above == ELFIN_TABLE_NOTHING ? table->k[table->n_k - 1]
                    : choice->above == ELFIN_TABLE_HOLD ? fmax(HELD_K_MAX, table->k[table->n_k - 1])
                                                        : response->tail->about.k_max_eV;
  about->n_holes = table->n_holes;
}

static elfin_status open_tail(elfin_response *response, const elfin_material *material,
                              const elfin_constants *constants, elfin_error *err)
{
  elfin_table_beyond below = response->choice.below, above = response->choice.above;
  elfin_table_beyond what = is_of_oscillators(above) ? above : below;
  if (!is_of_oscillators(what))
    return ELFIN_OK;
  if (is_of_oscillators(below) && below != what)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: below %s and above %s: one kind of oscillators continues a table", response->name,
                      continuations[below], continuations[above]);
  if (!material || material->n_oscillators == 0)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "%s: a mermin tail needs the material's list of oscillators, and "
                      "%s gives none",
                      response->name, material ? material->path : "a bare table");
  return elfin_response_open(continuations[what], material, constants, &response->tail, err);
}

/** Path, choice and source, as texts that the response owns. */
static elfin_status describe(elfin_response *response, size_t path_length, const char *source,
                             elfin_error *err)
{
  const elfin_table_choice *choice = &response->choice;
  response->path = strndup(response->name, path_length);
  response->source = source && *source ? strdup(source) : NULL;
  response->between = malloc(LONGEST_CHOICE);
  if (!response->path || !response->between || (source && *source && !response->source))
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", response->name);
  snprintf(response->between, LONGEST_CHOICE, "%s, below %s, above %s",
           interpolations[choice->interpolation], continuations[choice->below],
           continuations[choice->above]);
  response->about.path = response->path;
  response->about.source = response->source ? response->source : response->path;
  response->about.interpolation = response->between;
  return ELFIN_OK;
}

/** A response around a table, which it owns from now on. */
static elfin_status adopt(elf_table *table, const char *text, const elfin_table_choice *choice,
                          size_t path_length, const char *source, const elfin_material *material,
                          const elfin_constants *constants, elfin_response **made, elfin_error *err)
{
  elfin_response *response = NULL;
  elfin_status status = response_new(KIND_TABLE, text, material, &response, err);
  if (status) {
    elf_table_free(table);
    return status;
  }
  response->table = table;
  response->choice = *choice;
  if (choice->interpolation == ELFIN_TABLE_SMOOTH)
    status = elf_smooth_new(text, table, &response->smooth, err);
  if (!status)
    status = open_tail(response, material, constants, err);
  if (!status)
    status = describe(response, path_length, source, err);
  if (status) {
    elfin_response_free(response);
    return status;
  }
  set_range(response);
  *made = response;
  return ELFIN_OK;
}

static elfin_status refuse_brackets(const char *text, elfin_error *err)
{
  return elfin_fail(err, ELFIN_E_ARGUMENT,
                    "%s: the brackets are about tables of omega and k, and this is one of omega "
                    "alone",
                    text);
}

elfin_status elfin_response_new_chosen(const char *text, size_t n_omega, const double omega[],
                                       size_t n_k, const double k[], const double eps1[],
                                       const double eps2[], const char *source,
                                       const elfin_material *material,
                                       const elfin_constants *constants, elfin_response **response,
                                       elfin_error *err)
{
  elf_table *table = NULL;
  elfin_table_choice choice;
  size_t path_length;
  elfin_status status = elfin_table_choose(text, &choice, &path_length, err);
  if (!status && n_k == 1 && text[path_length])
    return refuse_brackets(text, err);
  if (!status && n_k == 1)
    return open_optical_arrays(text, n_omega, omega, eps1, eps2, source, material, response, err);
  if (!status)
    status = elf_table_new(text, n_omega, omega, n_k, k, eps1, eps2,
                           constants->table_hole_takes_next, &table, err);
  return status
             ? status
             : adopt(table, text, &choice, path_length, source, material, constants, response, err);
}

elfin_status elfin_response_new_table(const char *name, size_t n_omega, const double omega[],
                                      size_t n_k, const double k[], const double eps1[],
                                      const double eps2[], const elfin_constants *constants,
                                      elfin_response **response, elfin_error *err)
{
  elf_table *table = NULL;
  const elfin_table_choice choice = elfin_table_default();
  elfin_status status = elf_table_new(name, n_omega, omega, n_k, k, eps1, eps2,
                                      constants->table_hole_takes_next, &table, err);
  return status ? status
                : adopt(table, name, &choice, strlen(name), NULL, NULL, constants, response, err);
}

/** A text file: three columns are ε(ω), four ε(ω,k). */
static elfin_status open_file(const char *path, const char *text, const elfin_table_choice *choice,
                              const elfin_material *material, const elfin_constants *constants,
                              elfin_response **response, elfin_error *err)
{
  size_t n_columns;
  elf_table *table = NULL;
  elfin_status status = columns_count(path, COLUMNS_NAN | COLUMNS_HEADER, &n_columns, err);
  if (status)
    return status;
  if (n_columns == 3 && strcmp(path, text) != 0)
    return refuse_brackets(text, err);
  if (n_columns == 3)
    return open_optical_table(path, material, response, err);
  status = elf_table_read(path, constants->table_hole_takes_next, &table, err);
  return status
             ? status
             : adopt(table, text, choice, strlen(path), NULL, material, constants, response, err);
}

elfin_status open_table(const char *text, const elfin_material *material,
                        const elfin_constants *constants, elfin_response **response,
                        elfin_error *err)
{
  elfin_table_choice choice;
  char *path = NULL;
  if (elfin_table_is_hdf5(text))
    return elfin_fail(err, ELFIN_E_DATA,
                      "%s: libelfin reads tables as text; the program elfin those in HDF5, too", text);
  elfin_status status = elfin_table_path(text, &choice, &path, err);
  if (!status)
    status = open_file(path, text, &choice, material, constants, response, err);
  free(path);
  return status;
}

elfin_status open_named_table(const char *name, const elfin_material *material,
                              const elfin_constants *constants, elfin_response **response,
                              elfin_error *err)
{
  char *text = NULL;
  elfin_status status = elfin_response_table_text(material, name, &text, err);
  if (!status)
    status = open_table(text, material, constants, response, err);
  free(text);
  return status;
}
