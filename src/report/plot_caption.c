/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_caption.c
 * Where a picture's numbers come from: file and sweeps, experiments and what was assumed about them,
 * responses, materials. */
#include "report/plotter.h"

#include <stdlib.h>
#include <string.h>

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
static void print_list(size_t n, const char *const text[], size_t room, FILE *stream)
{
  bool whole = true;
  size_t used = 0, i = 0;
  for (; i < n && used < room; i++) {
    size_t length = strlen(text[i]);
    fputs(i ? "; " : "", stream);
    whole = print_beginning(text[i], length, room - used, stream);
    used += length;
  }
  fputs(whole && i == n ? "." : whole ? " …" : "", stream);
}

/* Whose limit it is, and what was assumed about it: as far as its file can be read today. */
static void print_experiment(const plotter *p, bool alone, size_t room, FILE *stream)
{
  char name[PLOT_LABEL], method[PLOT_LABEL];
  elfin_experiment *e = NULL;
  if (p->kind != LIMIT || !p->sweep->experiment ||
      elfin_experiment_open(p->sweep->experiment, &e, NULL) != ELFIN_OK)
    return;
  plot_experiment_words(p, name);
  plot_method_words(p, method);
  if (!alone)
    fprintf(stream, "%s (%s): ", name, method);
  if (e->n_sources) {
    fputs(alone ? "Limit: " : "", stream);
    print_list(e->n_sources, e->sources, room, stream);
  }
  if (e->n_assumed) {
    fprintf(stream, "%sssumed: ", alone ? e->n_sources ? "\nA" : "A" : e->n_sources ? " A" : "a");
    print_list(e->n_assumed, e->assumed, room, stream);
  }
  fputc('\n', stream);
  elfin_experiment_free(e);
}

/* "reach.h5, sweep electrons; elfin 0.1.0 …", and before it what of the sweeps is not to be seen. */
static void print_origin(const plot_group *g, FILE *stream)
{
  char text[PLOT_LABEL];
  unsigned long long n_failed = 0, n_pending = 0;
  const char *slash = strrchr(g->path, '/');
  plot_left_out(g, text);
  if (*text)
    fprintf(stream, "Shown: %s. ", text);
  plot_band_values(&g->each[0].view, text);
  if (*text)
    fprintf(stream, "Bands over %s. ", text);
  for (size_t i = 0; i < g->n; i++) {
    n_failed += g->each[i].sweep->n_failed;
    n_pending += g->each[i].sweep->n_pending;
  }
  if (n_failed || n_pending)
    fprintf(stream, "%llu points failed, %llu pending. ", n_failed, n_pending);
  fprintf(stream, "%s, sweep%s ", slash ? slash + 1 : g->path, g->n > 1 ? "s" : "");
  for (size_t i = 0; i < g->n; i++)
    fprintf(stream, "%s%s", i ? ", " : "", g->each[i].sweep->name);
  fprintf(stream, "; elfin %s, commit %.12s.\n", g->summary->elfin_version, g->summary->git_commit);
}

/* A sweep's responses and materials, yours; NULL without memory. */
static char *sources_of(const plotter *p, size_t n_sweeps)
{
  enum { RESPONSES = 720, RESPONSES_BESIDE_A_LIMIT = 240, MATERIALS = 260 };
  char *text = NULL;
  size_t size = 0, room = p->kind == LIMIT ? RESPONSES_BESIDE_A_LIMIT : RESPONSES / n_sweeps;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return NULL;
  source_list l = {p, plot_axis_named(p->sweep, "material"), p->targets->n_each,
                   p->targets->response_source, NULL};
  if (l.n_each)
    print_sources(&l, "Response: ", room, stream);
  l.n_each = 1;
  l.source = p->targets->material_source;
  l.end = ", data/"; /* DarkELF's files: their folder is theirs */
  print_sources(&l, "Materials: ", MATERIALS, stream);
  fclose(stream);
  return text;
}

/* Each sweep's, unless one before it has the same. */
static bool print_all_sources(const plot_group *g, FILE *stream)
{
  char **text = calloc(g->n + 1, sizeof *text);
  bool fine = text != NULL;
  for (size_t i = 0; fine && i < g->n; i++) {
    bool is_new = (text[i] = sources_of(&g->each[i], g->n)) != NULL;
    fine = is_new;
    for (size_t k = 0; is_new && k < i; k++)
      is_new = strcmp(text[i], text[k]) != 0;
    if (is_new)
      fputs(text[i], stream);
  }
  for (size_t i = 0; text && i < g->n; i++)
    free(text[i]);
  free(text);
  return fine;
}

char *plot_caption(const plot_group *g)
{
  enum { ROOM = 300, ROOM_OF_ALL = 240, LEAST = 50 };
  char *text = NULL;
  size_t size = 0, each = ROOM_OF_ALL / g->n, room = g->n == 1 ? ROOM : each > LEAST ? each : LEAST;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return NULL;
  print_origin(g, stream);
  for (size_t i = 0; i < g->n; i++)
    print_experiment(&g->each[i], g->n == 1, room, stream);
  bool fine = print_all_sources(g, stream);
  fclose(stream);
  if (!fine)
    free(text);
  return fine ? text : NULL;
}
