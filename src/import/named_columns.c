/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file named_columns.c
 * A text of columns with names [named_columns.h], read strictly: a line that is not understood ends it. */
#include "import/import_units.h"
#include "import/named_columns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 63 };

static const struct names {
  named_quantity id;
  const char *name;
} names[] = {
    {NAMED_OMEGA, "omega"}, {NAMED_OMEGA, "w"},     {NAMED_OMEGA, "energy"},     {NAMED_OMEGA, "E"},     {NAMED_K, "k"},
    {NAMED_K, "q"},         {NAMED_K, "momentum"},  {NAMED_EPS1, "eps1"},        {NAMED_EPS1, "re_eps"}, {NAMED_EPS1, "epsilon1"},
    {NAMED_EPS2, "eps2"},   {NAMED_EPS2, "im_eps"}, {NAMED_EPS2, "epsilon2"},    {NAMED_ELF, "elf"},     {NAMED_ELF, "ELF"},
    {NAMED_ELF, "loss"},    {NAMED_INDEX, "n"},      {NAMED_ERROR, "error"},     {NAMED_EXTINCTION, "kappa"},
};

typedef struct reading {
  const char *path, *columns, *units;
  bool optical;
  named_columns *t;
  size_t line, room;
  elfin_error *err;
} reading;

static const char separators[] = ",; \t\r\n";

static elfin_status refuse(const reading *r, const char *format, const char *what)
{
  char sentence[256];
  snprintf(sentence, sizeof sentence, format, what);
  return elfin_fail(r->err, ELFIN_E_DATA, "%s:%zu: %s", r->path, r->line, sentence);
}

/* ---- the head ---------------------------------------------------------------------------------
 */

/** "k_keV", "k[keV]", "k(keV)": the name before, and the unit, "" without one. */
static void split_unit(const char *text, char name[LONGEST_NAME + 1], char unit[NAMED_LONGEST_UNIT + 1])
{
  snprintf(name, LONGEST_NAME + 1, "%s", text);
  *unit = '\0';
  char *open = strpbrk(name, "[("), *last = strrchr(name, '_');
  if (!open && last && (import_energy_unit(last + 1) > 0 || import_momentum_unit(last + 1) > 0))
    open = last;
  if (!open)
    return;
  size_t length = strcspn(open + 1, "])");
  snprintf(unit, NAMED_LONGEST_UNIT + 1, "%.*s", (int)length, open + 1);
  *open = '\0';
}

static elfin_status take_name(reading *r, const char *text)
{
  char name[LONGEST_NAME + 1], unit[NAMED_LONGEST_UNIT + 1];
  split_unit(text, name, unit);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i].name, name) != 0)
      continue;
    if (r->t->n_columns == NAMED_MOST_COLUMNS || r->t->has[names[i].id])
      return refuse(r, "the column %s is there twice", name);
    r->t->column[r->t->n_columns++] = names[i].id;
    r->t->has[names[i].id] = true;
    snprintf(r->t->unit[names[i].id], sizeof r->t->unit[0], "%s", unit);
    return ELFIN_OK;
  }
  return refuse(r,
                "column '%s' is unknown: omega, k, eps1, eps2, elf, n, kappa; name them all with "
                "--columns omega,k,eps1,eps2",
                name);
}

/** In optical data, k beside n is the extinction coefficient. */
static void tell_extinction(reading *r)
{
  if (!r->t->has[NAMED_INDEX] || r->t->has[NAMED_EXTINCTION] || !r->t->has[NAMED_K])
    return;
  r->t->has[NAMED_K] = false;
  r->t->has[NAMED_EXTINCTION] = true;
  for (size_t i = 0; i < r->t->n_columns; i++)
    if (r->t->column[i] == NAMED_K)
      r->t->column[i] = NAMED_EXTINCTION;
}

static elfin_status check_columns(reading *r)
{
  const bool *has = r->t->has;
  bool of_epsilon = has[NAMED_EPS1] && has[NAMED_EPS2];
  bool of_index = has[NAMED_INDEX] && has[NAMED_EXTINCTION] && !has[NAMED_K];
  bool of_elf = has[NAMED_ELF] && has[NAMED_K] != r->optical;
  bool with_error = r->optical && has[NAMED_ERROR];
  size_t n = (has[NAMED_K] ? 2u : 1u) + (of_elf ? (with_error ? 2u : 1u) : 2u);
  if (has[NAMED_OMEGA] && of_epsilon + of_index + of_elf == 1 && r->t->n_columns == n &&
      !(r->optical && has[NAMED_K]))
    return ELFIN_OK;
  return refuse(r, "these columns are no dielectric function: %s",
                r->optical ? "wanted are omega,elf; omega,elf,error; omega,eps1,eps2 or omega,n,kappa"
                           : "omega,k,eps1,eps2 or omega,k,elf is wanted, or of optical data omega,eps1,eps2 "
                             "or omega,n,kappa");
}

/** "[" and what follows may stand apart from its name: "omega [eV]". */
static void join_units(char *text)
{
  char *to = text;
  for (char *at = text; *at; at++) {
    if ((*at == '[' || *at == '(') && to > text)
      while (to > text && to[-1] == ' ')
        to--;
    *to++ = *at;
  }
  *to = '\0';
}

static elfin_status take_head(reading *r, char *text)
{
  elfin_status status = ELFIN_OK;
  char *rest = NULL;
  join_units(text);
  for (char *word = strtok_r(text, separators, &rest); word && !status;
       word = strtok_r(NULL, separators, &rest))
    status = take_name(r, word);
  tell_extinction(r);
  return status ? status : check_columns(r);
}

/** --columns, and --units "eV,keV" of omega and k. */
static elfin_status take_options(reading *r)
{
  elfin_status status = ELFIN_OK;
  char text[256], *rest = NULL;
  if (r->columns) {
    snprintf(text, sizeof text, "%s", r->columns);
    status = take_head(r, text);
  }
  if (!status && r->units) {
    snprintf(text, sizeof text, "%s", r->units);
    const char *of_omega = strtok_r(text, ",", &rest), *of_k = strtok_r(NULL, ",", &rest);
    snprintf(r->t->unit[NAMED_OMEGA], sizeof r->t->unit[0], "%s", of_omega ? of_omega : "");
    snprintf(r->t->unit[NAMED_K], sizeof r->t->unit[0], "%s", of_k ? of_k : "");
  }
  return status;
}

/* ---- rows -------------------------------------------------------------------------------------
 */

static elfin_status take_row(reading *r, char *text)
{
  char *rest = NULL, *end, *word = strtok_r(text, separators, &rest);
  named_point p = {.line = r->line};
  for (size_t i = 0; i < r->t->n_columns; i++, word = strtok_r(NULL, separators, &rest)) {
    if (!word)
      return refuse(r, "%s columns are missing in this line", "some");
    p.value[r->t->column[i]] = strtod(word, &end);
    if (*end)
      return refuse(r, "'%.40s' is not a number", word);
  }
  if (word)
    return refuse(r, "'%.40s': more columns than the head has", word);
  if (r->t->n == r->room) {
    size_t room = r->room ? 2 * r->room : 1024;
    named_point *grown = realloc(r->t->points, room * sizeof *grown);
    if (!grown)
      return elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory", r->path);
    r->t->points = grown;
    r->room = room;
  }
  r->t->points[r->t->n++] = p;
  return ELFIN_OK;
}

static bool keep_remark(reading *r, const char *text)
{
  text += strspn(text, "# \t");
  size_t n = strcspn(text, "\r\n");
  r->t->remark = n ? strndup(text, n) : NULL;
  return r->t->remark || n == 0;
}

/** Numbers without a head: two columns of optical data are plain. */
static elfin_status guess_columns(reading *r, const char *text)
{
  char copy[256], *rest = NULL, pair[] = "omega,elf";
  size_t n = 0;
  snprintf(copy, sizeof copy, "%s", text);
  for (char *word = strtok_r(copy, separators, &rest); word; word = strtok_r(NULL, separators, &rest))
    n++;
  if (r->optical && n == 2)
    return take_head(r, pair);
  return refuse(r, "numbers without a head: name the columns there, or with --columns %s",
                r->optical ? "omega,n,kappa for example" : "omega,k,eps1,eps2");
}

static elfin_status take_line(reading *r, char *text)
{
  double number;
  char *comment = strchr(text, '#');
  if (comment) {
    *comment++ = '\0';
    if (!r->t->remark && !keep_remark(r, comment))
      return elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory", r->path);
  }
  text += strspn(text, separators);
  if (!*text)
    return ELFIN_OK;
  bool is_row = sscanf(text, "%lf", &number) == 1;
  if (!r->t->n_columns && !is_row)
    return take_head(r, text);
  elfin_status status = r->t->n_columns ? ELFIN_OK : guess_columns(r, text);
  if (status)
    return status;
  if (!is_row && r->t->n == 0)
    return ELFIN_OK; /* a head, and the user knows better */
  return take_row(r, text);
}

static elfin_status read_lines(reading *r)
{
  FILE *from = fopen(r->path, "r");
  char *text = NULL;
  size_t room = 0;
  elfin_status status = ELFIN_OK;
  if (!from)
    return elfin_fail(r->err, ELFIN_E_DATA, "%s: cannot be opened: %s", r->path, strerror(errno));
  while (!status && getline(&text, &room, from) >= 0) {
    r->line++;
    status = take_line(r, text);
  }
  if (!status && ferror(from))
    status = elfin_fail(r->err, ELFIN_E_DATA, "%s: cannot be read: %s", r->path, strerror(errno));
  if (!status && r->t->n == 0)
    status = refuse(r, "%s", "there are no numbers in it");
  free(text);
  fclose(from);
  return status;
}


void named_columns_free(named_columns *t)
{
  if (!t)
    return;
  free(t->remark);
  free(t->points);
  free(t);
}

elfin_status named_columns_read(const char *path, const char *columns, const char *units, bool optical,
                                named_columns **table, elfin_error *err)
{
  named_columns *made = calloc(1, sizeof *made);
  reading r = {.path = path, .columns = columns, .units = units, .optical = optical, .t = made, .err = err};
  elfin_status status = made ? take_options(&r) : elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", path);
  if (!status)
    status = read_lines(&r);
  if (!status && !made->remark && !(made->remark = calloc(1, 1)))
    status = elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", path);
  if (status)
    named_columns_free(made);
  else
    *table = made;
  return status;
}
