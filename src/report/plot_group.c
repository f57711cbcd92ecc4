/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_group.c
 * Sweeps that share a picture: what tells them apart. */
#include "report/plotter.h"

#include <stdlib.h>
#include <string.h>

/* ---- what a sweep is, in words ---------------------------------------------------------------- */

static void spaced(char *text)
{
  for (; *text; text++)
    *text = *text == '_' ? ' ' : *text;
}

void plot_experiment_words(const plotter *p, char words[PLOT_LABEL])
{
  static const char ending[] = ".yaml";
  const char *path = p->sweep->experiment ? p->sweep->experiment : "nobody's";
  const char *slash = strrchr(path, '/');
  snprintf(words, PLOT_LABEL, "%s", slash ? slash + 1 : path);
  char *end = strstr(words, ending);
  if (end && !end[sizeof ending - 1])
    *end = '\0';
  spaced(words);
}

void plot_method_words(const plotter *p, char words[PLOT_LABEL])
{
  snprintf(words, PLOT_LABEL, "%s", p->sweep->limit_method ? p->sweep->limit_method : "");
  spaced(words);
}

static void level_words(const plotter *p, char words[PLOT_LABEL])
{
  *words = '\0';
  if (p->sweep->limit_level)
    snprintf(words, PLOT_LABEL, "%g %%", 100 * strtod(p->sweep->limit_level, NULL));
}

static void process_words(const plotter *p, char words[PLOT_LABEL])
{
  snprintf(words, PLOT_LABEL, "%s", p->sweep->process);
  spaced(words);
}

static void sweep_words(const plotter *p, char words[PLOT_LABEL])
{
  snprintf(words, PLOT_LABEL, "%s", p->sweep->name);
}

typedef void words_of(const plotter *p, char words[PLOT_LABEL]);

/* ---- titles ----------------------------------------------------------------------------------- */

static bool all_say_the_same(const plot_group *g, words_of *say)
{
  char first[PLOT_LABEL], other[PLOT_LABEL];
  say(&g->each[0], first);
  for (size_t i = 1; i < g->n; i++) {
    say(&g->each[i], other);
    if (strcmp(first, other) != 0)
      return false;
  }
  return true;
}

static void add_words(plot_group *g, words_of *say)
{
  char words[PLOT_LABEL];
  for (size_t i = 0; i < g->n; i++) {
    char *title = g->each[i].view.title;
    size_t used = strlen(title);
    say(&g->each[i], words);
    snprintf(title + used, PLOT_LABEL - used, "%s%s", used ? ", " : "", words);
  }
}

/* Whether a curve of one sweep has the label of another sweep's. */
static bool labels_clash(const plot_group *g)
{
  char label[PLOT_LABEL], other[PLOT_LABEL];
  for (size_t i = 0; i < g->n; i++)
    for (size_t k = 0; k < i; k++)
      for (size_t curve = 0; curve < g->each[i].view.n_curves; curve++) {
        plot_curve_label(&g->each[i].view, curve, NULL, label);
        for (size_t its = 0; its < g->each[k].view.n_curves; its++) {
          plot_curve_label(&g->each[k].view, its, NULL, other);
          if (strcmp(label, other) == 0)
            return true;
        }
      }
  return false;
}

void plot_name_sweeps(plot_group *g)
{
  if (g->n < 2)
    return;
  plot_view **views = calloc(g->n, sizeof(plot_view *));
  for (size_t i = 0; views && i < g->n; i++)
    views[i] = &g->each[i].view;
  if (views)
    plot_tell_apart(g->n, views);
  g->picture->failed = g->picture->failed || !views;
  free(views);
  bool of_limits = g->each[0].kind == LIMIT;
  if (of_limits && !all_say_the_same(g, plot_experiment_words))
    add_words(g, plot_experiment_words);
  if (!all_say_the_same(g, process_words))
    add_words(g, process_words);
  if (of_limits && !all_say_the_same(g, level_words))
    add_words(g, level_words);
  if (of_limits && !all_say_the_same(g, plot_method_words) && labels_clash(g))
    add_words(g, plot_method_words);
  if (labels_clash(g))
    add_words(g, sweep_words);
}

/* ---- what all of them share ------------------------------------------------------------------- */

static void add(char text[PLOT_LABEL], const char *words)
{
  size_t used = strlen(text);
  snprintf(text + used, PLOT_LABEL - used, "%s%s", used ? ", " : "", words);
}

void plot_left_out(const plot_group *g, char text[PLOT_LABEL])
{
  char words[PLOT_LABEL];
  *text = '\0';
  for (size_t i = 0; i < g->n; i++) {
    plot_thinned(&g->each[i].view, words);
    if (*words && !strstr(text, words))
      add(text, words);
  }
}

void plot_group_constants(const plot_group *g, char text[PLOT_LABEL])
{
  const plotter *p = &g->each[0];
  char words[PLOT_LABEL];
  plot_constants(&p->view, text);
  if (p->kind == REACH && !p->about->ratio) {
    snprintf(words, sizeof words, "%g events per kg yr", p->events);
    add(text, words);
  }
  if (p->kind != LIMIT)
    return;
  level_words(p, words);
  if (!all_say_the_same(g, level_words))
    *words = '\0';
  snprintf(words + strlen(words), 64, "%supper limit%s", *words ? " C.L. " : "", g->n > 1 ? "s" : "");
  add(text, words);
  plot_experiment_words(p, words);
  if (all_say_the_same(g, plot_experiment_words))
    add(text, words);
  plot_method_words(p, words);
  if (all_say_the_same(g, plot_method_words))
    add(text, words);
}
