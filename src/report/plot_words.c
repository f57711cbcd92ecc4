/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_words.c
 * What a picture says: axes with units, title, what is constant, sources. */
#include "report/number_text.h"
#include "report/picture_words.h"
#include "report/plot_dates.h"
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

const char *plot_symbol(const char *process)
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

/* From the least to the largest of all sweeps. */
static void ends_of_x(const plot_group *g, double ends[2])
{
  ends[0] = INFINITY;
  ends[1] = -INFINITY;
  for (size_t i = 0; i < g->n; i++) {
    const plotter *p = &g->each[i];
    const double *value = plot_numbers_of_x(p);
    size_t last = p->sweep->axes[p->view.x].n - 1;
    ends[0] = fmin(ends[0], fmin(value[0], value[last]));
    ends[1] = fmax(ends[1], fmax(value[0], value[last]));
  }
}

static const char *words_of_x(const plotter *p)
{
  static const struct {
    const char *key, *words;
  } names[] = {{"mass", "dark matter mass m_{χ}"}, {"omega", "energy deposit ω"},
               {"at", "energy deposit ω"},         {"threshold", "threshold"},
               {"time", "sidereal time"},          {"charge", "electron–hole pairs Q"},
               {"date", "date"}};
  const char *key = p->sweep->axes[p->view.x].key;
  if (strcmp(p->sweep->process, "absorption") == 0 && strcmp(key, "mass") == 0)
    return "dark photon mass m_{A′}";
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (strcmp(names[i].key, key) == 0)
      return names[i].words;
  return key;
}

void plot_describe_x(plot_group *g, double *unit)
{
  static const double HOURS = 4; /* between marks */
  const plotter *p = &g->each[0];
  const store_axis *a = &p->sweep->axes[p->view.x];
  const char *words = words_of_x(p), *unit_name = a->unit;
  picture_axis *x = &g->picture->x;
  double ends[2];
  ends_of_x(g, ends);
  *unit = 1;
  for (size_t i = 0; i < g->n; i++)
    x->log = x->log || spaced_log(g->each[i].sweep->axes[g->each[i].view.x].n,
                                  plot_numbers_of_x(&g->each[i]));
  x->whole = strcmp(a->key, "charge") == 0;
  x->step = strcmp(a->key, "time") == 0 ? HOURS : 0;
  if (strcmp(a->key, "date") == 0) {
    unit_name = "";
    plot_date_marks(ends[0], ends[1], x);
  }
  if (strcmp(a->unit, "eV") == 0) {
    const energy_unit *of = energy_unit_for(x->log ? sqrt(ends[0] * ends[1]) : ends[1] / 3);
    *unit = of->eV;
    unit_name = of->name;
  }
  x->label = *unit_name ? text_of("%s [%s]", words, unit_name) : text_of("%s", words);
  for (char *at = x->label; words == a->key && at && *at; at++)
    *at = *at == '_' ? ' ' : *at;
}

/* A ratio's, without what it is relative to. */
static const char *words_of_ratio(const plotter *p)
{
  if (plot_of_strength(p))
    return "cross section";
  return p->kind == SPECTRUM || p->kind == DIFFERENTIAL ? "dR/dω" : "rate";
}

/** A name's letters as they are: axes have markup, where an _ lowers the next letter. */
static void unmarked(const char *name, char text[2 * PLOT_LABEL])
{
  size_t n = 0;
  for (; *name; name++) {
    if (strchr("_^{}@&~\\", *name))
      text[n++] = '\\';
    text[n++] = *name;
  }
  text[n] = '\0';
}

char *plot_y_label(const plotter *p)
{
  if (p->about->ratio) {
    char words[PLOT_LABEL], text[2 * PLOT_LABEL];
    plot_reference_words(&p->view, words);
    unmarked(words, text);
    return text_of("%s relative to %s", words_of_ratio(p), text);
  }
  switch (p->kind) {
  case REACH:
  case LIMIT:
    if (p->kind == LIMIT ? strcmp(p->sweep->units, "cm2") == 0 : p->view.of_scale->power == 1)
      return text_of("cross section %s [cm²]", plot_symbol(p->sweep->process));
    return text_of("kinetic mixing κ");
  case SPECTRUM:
  case DIFFERENTIAL: return text_of("dR/dω [kg⁻¹ yr⁻¹ eV⁻¹]");
  case MODULATION:
    return text_of(strcmp(p->sweep->axes[p->view.x].key, "date") == 0
                       ? "rate over its mean of the year"
                       : "R(t) / ⟨R⟩");
  case CHARGE: return text_of("rate [kg⁻¹ yr⁻¹]");
  default: return text_of("rate R [kg⁻¹ yr⁻¹]");
  }
}

/* Of sweeps of several processes, what is drawn. */
static const char *title_of_group(const plot_group *g)
{
  static const char *const titles[N_KINDS] = {
      [REACH] = "Reach",           [LIMIT] = "Upper limits",      [SPECTRUM] = "Energy spectra",
      [CHARGE] = "Charge spectra", [MODULATION] = "Modulation",   [DIFFERENTIAL] = "Energy spectra",
      [RATE] = "Rates",
  };
  const char *title = title_of(g->each[0].sweep->process);
  for (size_t i = 1; i < g->n; i++)
    if (strcmp(g->each[i].sweep->process, g->each[0].sweep->process) != 0)
      title = titles[g->each[0].kind];
  return title;
}

void plot_describe(plot_group *g)
{
  char constants[PLOT_LABEL];
  plot_group_constants(g, constants);
  g->picture->title = text_of("%s", title_of_group(g));
  g->picture->constants = *constants ? text_of("%s", constants) : NULL;
  g->picture->caption = plot_caption(g);
}
