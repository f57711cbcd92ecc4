/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_csv.c
 * Columns of numbers in a text: ω, k, ε1, ε2; ω, k, ELF; or without k, for optical data, ω, ε1, ε2;
 * ω, n, κ. Commas, semicolons or blanks separate; `#` begins a comment; a head names the columns,
 * with units if it likes: "omega_eV,k [keV],eps1,eps2". Points may come in any order, and must be a
 * grid.
 *
 * From the ELF alone ε follows by Kramers and Kronig along each momentum,
 *
 *   Re 1/ε(ω) = 1 − (2/π) P∫ dω' ω' ELF(ω')/(ω'² − ω²),   Im 1/ε = −ELF,
 *
 * exactly for an ELF that is linear between its points and 0 outside.
 */
#include "import/import_grid.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 16, LONGEST_NAME = 63, LONGEST_UNIT = 31 };

/** What a column can be. */
typedef enum quantity_id { OMEGA, K, EPS1, EPS2, ELF, INDEX, EXTINCTION, N_QUANTITIES } quantity_id;

static const struct names {
  quantity_id id;
  const char *name;
} names[] = {
    {OMEGA, "omega"}, {OMEGA, "w"},     {OMEGA, "energy"},     {OMEGA, "E"},     {K, "k"},
    {K, "q"},         {K, "momentum"},  {EPS1, "eps1"},        {EPS1, "re_eps"}, {EPS1, "epsilon1"},
    {EPS2, "eps2"},   {EPS2, "im_eps"}, {EPS2, "epsilon2"},    {ELF, "elf"},     {ELF, "ELF"},
    {ELF, "loss"},    {INDEX, "n"},     {EXTINCTION, "kappa"},
};

typedef struct point {
  double value[N_QUANTITIES];
  size_t line;
} point;

typedef struct reading {
  const char *path;
  const char *columns, *units; /* the user's, or NULL */
  problems *list;
  elfin_error *err;
  size_t n_columns;
  quantity_id column[MOST_COLUMNS];
  char unit[N_QUANTITIES][LONGEST_UNIT + 1];
  bool has[N_QUANTITIES];
  size_t line, n, room;
  point *points;
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
static void split_unit(const char *text, char name[LONGEST_NAME + 1], char unit[LONGEST_UNIT + 1])
{
  snprintf(name, LONGEST_NAME + 1, "%s", text);
  *unit = '\0';
  char *open = strpbrk(name, "[("), *last = strrchr(name, '_');
  if (!open && last && (import_energy_unit(last + 1) > 0 || import_momentum_unit(last + 1) > 0))
    open = last;
  if (!open)
    return;
  size_t length = strcspn(open + 1, "])");
  snprintf(unit, LONGEST_UNIT + 1, "%.*s", (int)length, open + 1);
  *open = '\0';
}

static elfin_status take_name(reading *r, const char *text)
{
  char name[LONGEST_NAME + 1], unit[LONGEST_UNIT + 1];
  split_unit(text, name, unit);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i].name, name) != 0)
      continue;
    if (r->n_columns == MOST_COLUMNS || r->has[names[i].id])
      return refuse(r, "the column %s is there twice", name);
    r->column[r->n_columns++] = names[i].id;
    r->has[names[i].id] = true;
    snprintf(r->unit[names[i].id], sizeof r->unit[0], "%s", unit);
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
  if (!r->has[INDEX] || r->has[EXTINCTION] || !r->has[K])
    return;
  r->has[K] = false;
  r->has[EXTINCTION] = true;
  for (size_t i = 0; i < r->n_columns; i++)
    if (r->column[i] == K)
      r->column[i] = EXTINCTION;
}

static elfin_status check_columns(reading *r)
{
  const bool *has = r->has;
  bool of_epsilon = has[EPS1] && has[EPS2], of_index = has[INDEX] && has[EXTINCTION] && !has[K];
  bool of_elf = has[ELF] && has[K];
  if (has[OMEGA] && of_epsilon + of_index + of_elf == 1 &&
      r->n_columns == (size_t)(has[K] ? 1 : 0) + (of_elf ? 2 : 3))
    return ELFIN_OK;
  return refuse(r,
                "%s: omega,k,eps1,eps2 or omega,k,elf is wanted, or of optical data "
                "omega,eps1,eps2 or omega,n,kappa",
                "these columns are no dielectric function");
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
    snprintf(r->unit[OMEGA], sizeof r->unit[0], "%s", of_omega ? of_omega : "");
    snprintf(r->unit[K], sizeof r->unit[0], "%s", of_k ? of_k : "");
  }
  return status;
}

/* ---- rows -------------------------------------------------------------------------------------
 */

static elfin_status take_row(reading *r, char *text)
{
  char *rest = NULL, *end, *word = strtok_r(text, separators, &rest);
  point p = {.line = r->line};
  for (size_t i = 0; i < r->n_columns; i++, word = strtok_r(NULL, separators, &rest)) {
    if (!word)
      return refuse(r, "%s columns are missing in this line", "some");
    p.value[r->column[i]] = strtod(word, &end);
    if (*end)
      return refuse(r, "'%.40s' is not a number", word);
  }
  if (word)
    return refuse(r, "'%.40s': more columns than the head has", word);
  if (r->n == r->room) {
    size_t room = r->room ? 2 * r->room : 1024;
    point *grown = realloc(r->points, room * sizeof *grown);
    if (!grown)
      return elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory", r->path);
    r->points = grown;
    r->room = room;
  }
  r->points[r->n++] = p;
  return ELFIN_OK;
}

static elfin_status take_line(reading *r, char *text)
{
  double number;
  text[strcspn(text, "#")] = '\0';
  text += strspn(text, separators);
  if (!*text)
    return ELFIN_OK;
  bool is_row = sscanf(text, "%lf", &number) == 1;
  if (!r->n_columns)
    return is_row ? refuse(r, "%s: name the columns in a head, or with --columns omega,k,eps1,eps2",
                           "numbers without a head")
                  : take_head(r, text);
  if (!is_row && r->n == 0)
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
  if (!status && r->n == 0)
    status = refuse(r, "%s", "there are no numbers in it");
  free(text);
  fclose(from);
  return status;
}

/* ---- a grid of them ---------------------------------------------------------------------------
 */

static int by_place(const void *a, const void *b)
{
  const point *p = a, *q = b;
  if (p->value[K] != q->value[K])
    return p->value[K] < q->value[K] ? -1 : 1;
  if (p->value[OMEGA] != q->value[OMEGA])
    return p->value[OMEGA] < q->value[OMEGA] ? -1 : 1;
  return (p->line > q->line) - (p->line < q->line);
}

static int by_number(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** The different values of a column, ascending. NULL: no memory */
static double *different(const reading *r, quantity_id id, size_t *n)
{
  double *x = malloc(r->n * sizeof *x);
  if (!x)
    return NULL;
  for (size_t i = 0; i < r->n; i++)
    x[i] = r->points[i].value[id];
  qsort(x, r->n, sizeof *x, by_number);
  *n = 0;
  for (size_t i = 0; i < r->n; i++)
    if (i == 0 || x[i] > x[*n - 1])
      x[(*n)++] = x[i];
  return x;
}

static bool same_place(const point *a, const point *b)
{
  return a->value[K] == b->value[K] && a->value[OMEGA] == b->value[OMEGA];
}

/** Every momentum needs every energy, once. The points are sorted. @return how many are wrong */
static size_t check_places(const reading *r, const store_table *t)
{
  size_t n_wrong = 0, i = 0;
  for (size_t i_k = 0; i_k < t->n_k; i_k++)
    for (size_t i_omega = 0; i_omega < t->n_omega; i_omega++) {
      const point *p = i < r->n ? &r->points[i] : NULL;
      if (p && p->value[K] == t->k[i_k] && p->value[OMEGA] == t->omega[i_omega]) {
        for (i++; i < r->n && same_place(&r->points[i], p); i++, n_wrong++)
          problems_add(r->list, r->points[i].line, 0,
                       "the point omega = %.12g, k = %.12g stands in line %zu "
                       "already",
                       p->value[OMEGA], p->value[K], p->line);
        continue;
      }
      n_wrong++;
      problems_add(r->list, 0, 0,
                   "the point omega = %.12g, k = %.12g is missing: each of %zu momenta needs each "
                   "of %zu energies",
                   t->omega[i_omega], t->k[i_k], t->n_k, t->n_omega);
    }
  return n_wrong;
}

/** Numbers whose place is no number. @return how many */
static size_t check_numbers(const reading *r)
{
  size_t n_wrong = 0;
  for (size_t i = 0; i < r->n; i++)
    for (size_t j = 0; j < r->n_columns; j++)
      if (!isfinite(r->points[i].value[r->column[j]])) {
        problems_add(r->list, r->points[i].line, 0, "%g in column %zu is no value",
                     r->points[i].value[r->column[j]], j + 1);
        n_wrong++;
      }
  return n_wrong;
}

/* ---- ε -----------------------------------------------------------------------------------------
 */

/** P∫ L(x)/(x − c) dx for an L that is linear between the points. At a point, what is infinite of
 * the pieces on both sides cancels; at the ends it is left out. */
static double principal_value(size_t n, const double x[], const double L[], double c)
{
  double sum = 0;
  for (size_t i = 0; i + 1 < n; i++) {
    double slope = (L[i + 1] - L[i]) / (x[i + 1] - x[i]), at_c = L[i] + slope * (c - x[i]);
    sum += L[i + 1] - L[i];
    if (x[i + 1] != c)
      sum += at_c * log(fabs(x[i + 1] - c));
    if (x[i] != c)
      sum -= at_c * log(fabs(x[i] - c));
  }
  return sum;
}

/** ω'/(ω'² − ω²) = ½ [1/(ω' − ω) + 1/(ω' + ω)]. */
static void epsilon_of_loss(size_t n, const double omega[], const double L[], double eps1[],
                            double eps2[])
{
  static const double PI = 3.14159265358979323846;
  for (size_t i = 0; i < n; i++) {
    double re =
        1 - (principal_value(n, omega, L, omega[i]) + principal_value(n, omega, L, -omega[i])) / PI;
    double norm = re * re + L[i] * L[i];
    eps1[i] = re / norm;
    eps2[i] = L[i] / norm;
  }
}

static elfin_status fill(const reading *r, store_table *t)
{
  double *loss = malloc(r->n * sizeof *loss);
  if (!loss)
    return elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory", r->path);
  for (size_t i = 0; i < r->n; i++) {
    const double *v = r->points[i].value;
    loss[i] = v[ELF];
    t->eps1[i] = r->has[INDEX] ? v[INDEX] * v[INDEX] - v[EXTINCTION] * v[EXTINCTION] : v[EPS1];
    t->eps2[i] = r->has[INDEX] ? 2 * v[INDEX] * v[EXTINCTION] : v[EPS2];
  }
  for (size_t j = 0; r->has[ELF] && j < t->n_k; j++)
    epsilon_of_loss(t->n_omega, t->omega, loss + j * t->n_omega, t->eps1 + j * t->n_omega,
                    t->eps2 + j * t->n_omega);
  free(loss);
  bool noted =
      !r->has[ELF] || store_table_note(t, "epsilon", "from the ELF, by Kramers and Kronig");
  return noted ? ELFIN_OK : elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory", r->path);
}

static elfin_status make_table(reading *r, store_table *t)
{
  if (check_numbers(r))
    return ELFIN_E_DATA;
  qsort(r->points, r->n, sizeof *r->points, by_place);
  t->omega = different(r, OMEGA, &t->n_omega);
  t->k = different(r, K, &t->n_k); /* optical data: the one momentum 0 */
  t->eps1 = calloc(r->n, sizeof *t->eps1);
  t->eps2 = calloc(r->n, sizeof *t->eps2);
  t->omega_units = strdup(*r->unit[OMEGA] ? r->unit[OMEGA] : "eV");
  t->k_units = strdup(*r->unit[K] ? r->unit[K] : "eV");
  if (!t->omega || !t->k || !t->eps1 || !t->eps2 || !t->omega_units || !t->k_units)
    return elfin_fail(r->err, ELFIN_E_MEMORY, "%s: no memory", r->path);
  return check_places(r, t) ? ELFIN_E_DATA : fill(r, t);
}

elfin_status import_read_csv(const char *path, const char *columns, const char *units,
                             store_table **table, problems *list, elfin_error *err)
{
  reading r = {.path = path, .columns = columns, .units = units, .list = list, .err = err};
  store_table *made = calloc(1, sizeof *made);
  elfin_status status =
      made ? take_options(&r) : elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory", path);
  if (!status)
    status = read_lines(&r);
  if (!status)
    status = make_table(&r, made);
  free(r.points);
  if (status)
    store_table_free(made);
  else
    *table = made;
  return status;
}
