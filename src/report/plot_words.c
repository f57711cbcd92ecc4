/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_words.c
 * What a picture says: axes with units, title, what is constant, sources. */
#include "report/number_text.h"
#include "report/picture_words.h"
#include "report/plotter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- axes in words --------------------------------------------------------------------------- */

/* Physics of the words: which strength is meant by a process, and what its events are. */
static const struct {
  const char *process, *title, *symbol;
} processes[] = {
    {"electron", "Scattering off electrons", "σ̄_{e}"},
    {"nuclear", "Nuclear recoils", "σ̄_{n}"},
    {"migdal", "Migdal effect", "σ̄_{n}"},
    {"phonon", "Phonons, by the energy loss function", "σ̄_{e}"},
    {"froehlich", "Polar optical phonons (Fröhlich)", "σ̄_{e}"},
    {"absorption", "Absorption of dark photons", "κ"},
    {"multiphonon", "Phonons in a crystal", "σ̄_{n}"},
    {"multiphonon_sd", "Phonons by spin-dependent scattering", "σ̄_{n}"},
    {"multiphonon_anisotropic", "Phonons in an anisotropic crystal", "σ̄_{n}"},
};

static const char *title_of(const char *process)
{
  for (size_t i = 0; i < sizeof processes / sizeof *processes; i++)
    if (strcmp(processes[i].process, process) == 0)
      return processes[i].title;
  return process;
}

static const char *symbol_of(const char *process)
{
  for (size_t i = 0; i < sizeof processes / sizeof *processes; i++)
    if (strcmp(processes[i].process, process) == 0)
      return processes[i].symbol;
  return "σ̄";
}

/* Numbers of the axis that is drawn along. */
const double *plot_numbers_of_x(const plotter *p)
{
  const store_axis *a = &p->sweep->axes[p->view.x];
  return p->sweep->threshold_eV && strcmp(a->key, "threshold") == 0 ? p->sweep->threshold_eV
                                                                    : a->value;
}

/* Equal steps of the logarithm, more or less: so were they given. */
static bool spaced_log(size_t n, const double value[])
{
  if (n < 3)
    return n > 0 && value[0] > 0 && value[n - 1] > 10 * value[0];
  return value[0] > 0 && value[n - 1] > 3 * value[0] &&
         value[1] / value[0] < 0.5 * (value[n - 1] / value[0]) &&
         fabs(log(value[n - 1] / value[n - 2]) - log(value[1] / value[0])) <
             fabs((value[n - 1] - value[n - 2]) - (value[1] - value[0])) / value[n - 1];
}

/* What x is called, its unit, and by what its numbers are to be divided. */
void plot_describe_x(plotter *p, double *unit)
{
  static const double HOURS = 4; /* between marks */
  static const struct {
    const char *key, *words;
  } names[] = {{"mass", "dark matter mass m_{χ}"}, {"omega", "energy deposit ω"},
               {"at", "energy deposit ω"},         {"threshold", "threshold"},
               {"time", "sidereal time"},          {"charge", "electron–hole pairs Q"}};
  const store_axis *a = &p->sweep->axes[p->view.x];
  const double *value = plot_numbers_of_x(p);
  picture_axis *x = &p->picture->x;
  const char *words = a->key;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(names[i].key, a->key) == 0)
      words = names[i].words;
  if (strcmp(p->sweep->process, "absorption") == 0 && strcmp(a->key, "mass") == 0)
    words = "dark photon mass m_{A′}";
  *unit = 1;
  x->log = spaced_log(a->n, value);
  x->whole = strcmp(a->key, "charge") == 0;
  x->step = strcmp(a->key, "time") == 0 ? HOURS : 0;
  if (strcmp(a->unit, "eV") == 0) {
    double middle = x->log ? sqrt(value[0] * value[a->n - 1]) : value[a->n - 1] / 3;
    const energy_unit *of = energy_unit_for(middle);
    *unit = of->eV;
    x->label = text_of("%s [%s]", words, of->name);
  } else if (*a->unit) {
    x->label = text_of("%s [%s]", words, a->unit);
  } else {
    x->label = text_of("%s", words);
  }
  for (char *at = x->label; words == a->key && at && *at; at++)
    *at = *at == '_' ? ' ' : *at;
}

void plot_describe_y(plotter *p)
{
  picture_axis *y = &p->picture->y;
  const char *symbol = symbol_of(p->sweep->process);
  char words[PLOT_LABEL];
  switch (p->kind) {
  case REACH:
  case LIMIT:
    if (p->kind == LIMIT ? strcmp(p->sweep->units, "cm2") == 0 : p->view.of_scale->power == 1)
      y->label = text_of("cross section %s [cm²]", symbol);
    else
      y->label = text_of("kinetic mixing κ");
    break;
  case SPECTRUM:
  case DIFFERENTIAL: y->label = text_of("dR/dω [kg⁻¹ yr⁻¹ eV⁻¹]"); break;
  case MODULATION: y->label = text_of("R(t) / ⟨R⟩"); break;
  case CHARGE: y->label = text_of("rate [kg⁻¹ yr⁻¹]"); break;
  default: y->label = text_of("rate R [kg⁻¹ yr⁻¹]"); break;
  }
  if (p->about->ratio) {
    plot_reference_words(&p->view, words);
    free(y->label);
    y->label = text_of("%s relative to %s",
                       plot_of_strength(p)                              ? "cross section"
                       : p->kind == SPECTRUM || p->kind == DIFFERENTIAL ? "dR/dω"
                                                                        : "rate",
                       words);
  }
  if (p->about->ratio || p->kind == MODULATION)
    p->picture->unity = 1;
}

/* ---- the caption ----------------------------------------------------------------------------- */

/* Sources of responses, or of materials: one per material that is drawn and each of its responses.
 */
typedef struct source_list {
  const plotter *p;
  size_t axis, n_each; /* of the materials; responses of each */
  char *const *source;
  const char *end; /* what follows this in a source is not told; NULL: all is */
} source_list;

static size_t index_at(const source_list *l, size_t item)
{
  return l->p->view.kept[l->axis][item / l->n_each] * l->n_each + item % l->n_each;
}

static const char *source_at(const source_list *l, size_t item)
{
  return l->source[index_at(l, item)];
}

/* Of the part that is told. */
static size_t length_at(const source_list *l, size_t item)
{
  const char *source = source_at(l, item), *end = l->end ? strstr(source, l->end) : NULL;
  return end ? (size_t)(end - source) : strlen(source);
}

static bool same_source(const source_list *l, size_t item, size_t other)
{
  size_t length = length_at(l, item);
  return length == length_at(l, other) &&
         memcmp(source_at(l, item), source_at(l, other), length) == 0;
}

static const char *material_at(const source_list *l, size_t item)
{
  const char *name = l->p->sweep->axes[l->axis].text[l->p->view.kept[l->axis][item / l->n_each]];
  const char *slash = strrchr(name, '/');
  return slash ? slash + 1 : name;
}

/* Whether an earlier item has this source, or there is none. */
static bool is_told(const source_list *l, size_t item)
{
  for (size_t other = 0; other < item; other++)
    if (same_source(l, item, other))
      return true;
  return !*source_at(l, item);
}

/* Whether a material is drawn with different kinds of response. */
static bool several_kinds(const store_targets *t)
{
  for (size_t i = 0; t->response_kind && i < t->n_materials; i++)
    for (size_t k = 1; k < t->n_each; k++)
      if (strcmp(t->response_kind[i * t->n_each + k], t->response_kind[i * t->n_each]) != 0)
        return true;
  return false;
}

/* "Si, Ge: " of all that share the source of this item. */
static void print_owners(const source_list *l, size_t item, size_t n, FILE *stream)
{
  const char *last = "", *joint = "";
  bool kinds = l->source == l->p->targets->response_source && several_kinds(l->p->targets);
  for (size_t other = item; other < n; other++) {
    const char *name = material_at(l, other);
    if (!same_source(l, item, other) || strcmp(name, last) == 0)
      continue;
    fprintf(stream, "%s%s", joint, name);
    if (kinds)
      fprintf(stream, " %s", l->p->targets->response_kind[index_at(l, other)]);
    joint = ", ";
    last = kinds ? "" : name;
  }
  fputs(": ", stream);
}

/* At most so many bytes of it, whole letters. @return whether that was all */
static bool print_beginning(const char *text, size_t length, size_t most, FILE *stream)
{
  bool whole = length <= most;
  if (!whole)
    for (length = most; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80;)
      length--;
  fprintf(stream, "%.*s%s", (int)length, text, whole ? "" : "…");
  return whole;
}

/* "Response: Si, Ge: Y. Sun …": each source once, with the materials that share it; up to `room`
 * letters, shared evenly. */
static void print_sources(const source_list *l, const char *what, size_t room, FILE *stream)
{
  enum { LEAST = 60 };
  if (l->axis == PLOT_NO_AXIS || !l->source ||
      l->p->sweep->axes[l->axis].n != l->p->targets->n_materials)
    return;
  size_t n = l->p->view.n_kept[l->axis] * l->n_each, n_told = 0, printed = 0;
  bool whole = true;
  for (size_t i = 0; i < n; i++)
    n_told += !is_told(l, i);
  for (size_t i = 0; i < n; i++) {
    if (is_told(l, i))
      continue;
    fputs(printed++ ? "; " : what, stream);
    print_owners(l, i, n, stream);
    whole = print_beginning(source_at(l, i), length_at(l, i),
                            room / n_told > LEAST ? room / n_told : LEAST, stream);
  }
  if (printed)
    fputs(whole ? ".\n" : "\n", stream);
}

/* "; "-joined, up to so many letters. */
static void print_list(const char *what, size_t n, const char *const text[], FILE *stream)
{
  enum { ROOM = 300 };
  bool whole = true;
  size_t used = 0;
  for (size_t i = 0; i < n && used < ROOM; i++) {
    size_t length = strlen(text[i]);
    fputs(i ? "; " : what, stream);
    whole = print_beginning(text[i], length, ROOM - used, stream);
    used += length;
  }
  if (n)
    fputs(whole ? ".\n" : "\n", stream);
}

/* Whose limit it is, and what was assumed about it: as far as its file can be read today. */
static void print_experiment(const plotter *p, FILE *stream)
{
  elfin_experiment *e = NULL;
  if (p->kind != LIMIT || !p->sweep->experiment ||
      elfin_experiment_open(p->sweep->experiment, &e, NULL) != ELFIN_OK)
    return;
  print_list("Limit: ", e->n_sources, e->sources, stream);
  print_list("Assumed: ", e->n_assumed, e->assumed, stream);
  elfin_experiment_free(e);
}

static char *caption_of(const plotter *p)
{
  char *text = NULL, thinned[PLOT_LABEL];
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return NULL;
  const char *slash = strrchr(p->path, '/');
  plot_thinned(&p->view, thinned);
  if (*thinned)
    fprintf(stream, "Shown: %s. ", thinned);
  plot_band_values(&p->view, thinned);
  if (*thinned)
    fprintf(stream, "Bands over %s. ", thinned);
  if (p->sweep->n_failed || p->sweep->n_pending)
    fprintf(stream, "%llu points failed, %llu pending. ", (unsigned long long)p->sweep->n_failed,
            (unsigned long long)p->sweep->n_pending);
  fprintf(stream, "%s, sweep %s; elfin %s, commit %.12s.\n", slash ? slash + 1 : p->path,
          p->sweep->name, p->summary->elfin_version, p->summary->git_commit);
  enum { RESPONSES = 720, RESPONSES_BESIDE_A_LIMIT = 240, MATERIALS = 260 };
  print_experiment(p, stream);
  source_list l = {p, plot_axis_named(p->sweep, "material"), p->targets->n_each,
                   p->targets->response_source, NULL};
  if (l.n_each)
    print_sources(&l, "Response: ", p->kind == LIMIT ? RESPONSES_BESIDE_A_LIMIT : RESPONSES,
                  stream);
  l.n_each = 1;
  l.source = p->targets->material_source;
  l.end = ", data/"; /* DarkELF's files: their folder is theirs */
  print_sources(&l, "Materials: ", MATERIALS, stream);
  fclose(stream);
  return text;
}

static const char *last_part_of(const char *path)
{
  const char *slash = path ? strrchr(path, '/') : NULL;
  return slash ? slash + 1 : path ? path : "nobody's";
}

/* "best expected" */
static const char *words_of(const char *name, char words[32])
{
  snprintf(words, 32, "%s", name ? name : "");
  for (char *at = words; *at; at++)
    *at = *at == '_' ? ' ' : *at;
  return words;
}

void plot_describe(plotter *p)
{
  char constants[PLOT_LABEL], method[32];
  plot_constants(&p->view, constants);
  size_t used = strlen(constants);
  if (p->kind == REACH && !p->about->ratio)
    snprintf(constants + used, sizeof constants - used, "%s%g events per kg yr", used ? ", " : "",
             p->events);
  if (p->kind == LIMIT)
    snprintf(constants + used, sizeof constants - used, "%s%g %% C.L. upper limit, %s, %s",
             used ? ", " : "",
             100 * strtod(p->sweep->limit_level ? p->sweep->limit_level : "nan", NULL),
             last_part_of(p->sweep->experiment), words_of(p->sweep->limit_method, method));
  p->picture->title = text_of("%s", title_of(p->sweep->process));
  p->picture->constants = *constants ? text_of("%s", constants) : NULL;
  p->picture->caption = caption_of(p);
}
