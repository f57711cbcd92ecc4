/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot.c
 * A sweep as a picture: what is drawn along what, with which words. gnuplot draws it (gnuplot.c).
 *
 * Without a wish, the longest axis decides: masses make a reach curve, hours a modulation, other
 * numbers rates; a sweep of single masses shows its spectrum, or its charges. */
#include "report/number_text.h"
#include "report/picture.h"
#include "report/plot_view.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const double EVENTS = 3; /* no event seen: 95 % C.L. */

typedef enum plot_kind {
  REACH,
  RATE,
  SPECTRUM,
  DIFFERENTIAL,
  CHARGE,
  MODULATION,
  N_KINDS
} plot_kind;

static const struct {
  const char *name, *dataset, *along; /* NULL: the longest axis */
} kinds[N_KINDS] = {
    [REACH] = {"reach", "rate", "mass"},
    [RATE] = {"rate", "rate", NULL},
    [SPECTRUM] = {"spectrum", "spectrum", "omega"},
    [DIFFERENTIAL] = {"differential", "differential", "at"},
    [CHARGE] = {"charge", "charge_rate", "charge"},
    [MODULATION] = {"modulation", "rate", "time"},
};

typedef struct plotter {
  const char *path;
  const report_plot *about;
  plot_kind kind;
  double events;
  store_sweep *sweep;
  store_targets *targets;
  store_summary *summary;
  plot_view view;
  picture *picture;
} plotter;

/* ---- which picture --------------------------------------------------------------------------- */

/* The longest axis of numbers, masses before others; PLOT_NO_AXIS: none has two values. */
static size_t longest_axis(const store_sweep *s, bool strength_too)
{
  size_t best = PLOT_NO_AXIS, longest = 1;
  for (size_t i = 0; i < s->n_axes; i++) {
    const store_axis *a = &s->axes[i];
    bool numbers = a->n > 1 && isfinite(a->value[0]) && isfinite(a->value[a->n - 1]);
    if (!numbers || (!strength_too && strength_of(a->key)))
      continue;
    if (a->n > longest || (a->n == longest && strcmp(a->key, "mass") == 0)) {
      best = i;
      longest = a->n;
    }
  }
  return best;
}

/* What a sweep is about, if nobody says. */
static elfin_status choose_kind(const char *path, const char *sweep, plot_kind *kind,
                                elfin_error *err)
{
  enum { FEW = 3 };
  store_sweep *s = NULL;
  elfin_status status = store_look(path, sweep, "rate", &s, err);
  if (status)
    return status;
  size_t time = plot_axis_named(s, "time"), longest = longest_axis(s, false);
  bool spectrum = store_has(path, sweep, "spectrum"),
       charge = store_has(path, sweep, "charge_rate");
  bool at = store_has(path, sweep, "differential");
  bool short_axis = longest == PLOT_NO_AXIS || s->axes[longest].n < FEW;
  if (time != PLOT_NO_AXIS && s->axes[time].n >= FEW)
    *kind = MODULATION;
  else if (short_axis && (spectrum || charge || at))
    *kind = spectrum ? SPECTRUM : charge ? CHARGE : DIFFERENTIAL;
  else if (longest != PLOT_NO_AXIS && strcmp(s->axes[longest].key, "mass") == 0)
    *kind = REACH;
  else
    *kind = RATE;
  store_sweep_free(s);
  return ELFIN_OK;
}

static elfin_status kind_named(const char *name, plot_kind *kind, elfin_error *err)
{
  const char *names[N_KINDS];
  for (int i = 0; i < N_KINDS; i++) {
    names[i] = kinds[i].name;
    if (strcmp(name, names[i]) == 0) {
      *kind = (plot_kind)i;
      return ELFIN_OK;
    }
  }
  const char *near = nearest_name(name, N_KINDS, names);
  return elfin_fail(err, ELFIN_E_ARGUMENT,
                    "there is no kind of picture '%s'%s%s%s: reach, rate, spectrum, "
                    "differential, charge or modulation",
                    name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static elfin_status choose_axis(const plotter *p, size_t *x, elfin_error *err)
{
  const store_sweep *s = p->sweep;
  const char *along = p->about->along ? p->about->along : kinds[p->kind].along;
  *x = along ? plot_axis_named(s, along) : longest_axis(s, true);
  if (*x == PLOT_NO_AXIS && along)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "sweep %s (%s) has no axis %s to draw a %s along",
                      s->name, s->process, along, kinds[p->kind].name);
  if (*x == PLOT_NO_AXIS)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "sweep %s has one value on every axis of numbers: there is "
                      "nothing to draw a curve along",
                      s->name);
  const store_axis *a = &s->axes[*x];
  if (s->threshold_eV && strcmp(a->key, "threshold") == 0) {
    if (s->n_material == 1)
      return ELFIN_OK;
    for (size_t i = 0; i < a->n; i++) /* the same for all materials? */
      for (size_t k = 0; k < s->n_material; k++)
        if (s->threshold_eV[k * a->n + i] != s->threshold_eV[i])
          return elfin_fail(err, ELFIN_E_ARGUMENT,
                            "sweep %s: its thresholds differ by material, and make no axis",
                            s->name);
    return ELFIN_OK;
  }
  for (size_t i = 0; i < a->n; i++)
    if (!isfinite(a->value[i]))
      return elfin_fail(err, ELFIN_E_ARGUMENT, "sweep %s: %s is an axis of names, not of numbers",
                        s->name, a->key);
  return ELFIN_OK;
}

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

static char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
static char *text_of(const char *format, ...)
{
  char *text = NULL;
  size_t size = 0;
  va_list args;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return NULL;
  va_start(args, format);
  vfprintf(stream, format, args);
  va_end(args);
  fclose(stream);
  return text;
}

/* Numbers of the axis that is drawn along. */
static const double *numbers_of_x(const plotter *p)
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
static void describe_x(plotter *p, double *unit)
{
  static const struct {
    const char *key, *words;
  } names[] = {{"mass", "dark matter mass m_{χ}"}, {"omega", "energy deposit ω"},
               {"at", "energy deposit ω"},         {"threshold", "threshold"},
               {"time", "sidereal time"},          {"charge", "electron–hole pairs Q"}};
  const store_axis *a = &p->sweep->axes[p->view.x];
  const double *value = numbers_of_x(p);
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

static void describe_y(plotter *p)
{
  picture_axis *y = &p->picture->y;
  const char *symbol = symbol_of(p->sweep->process);
  char words[PLOT_LABEL];
  switch (p->kind) {
  case REACH:
    if (p->view.of_scale->power == 1)
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
    y->label = text_of("%s relative to %s", p->kind == REACH ? "cross section" : "rate", words);
  }
  if (p->about->ratio || p->kind == MODULATION)
    p->picture->unity = 1;
}

/* ---- curves ---------------------------------------------------------------------------------- */

static double value_at(const plotter *p, size_t curve, size_t i)
{
  double rate = plot_value(&p->view, curve, i);
  if (p->about->ratio)
    return p->kind == REACH ? plot_reference(&p->view, curve, i) / rate
                            : rate / plot_reference(&p->view, curve, i);
  if (p->kind != REACH)
    return rate;
  const store_axis *scale = &p->sweep->axes[p->view.scale];
  double reach =
      strength_for(p->view.of_scale, scale->value[p->view.kept[p->view.scale][0]], p->events, rate);
  return rate > 0 ? reach : NAN;
}

/* The mean over a turn; the end of the turn is its beginning and counts once. */
static double mean_rate(const plotter *p, size_t curve)
{
  static const double TURN_H = 24;
  const store_axis *time = &p->sweep->axes[p->view.x];
  size_t n = time->n;
  double sum = 0;
  if (n > 1 && time->value[n - 1] - time->value[0] >= TURN_H)
    n--;
  for (size_t i = 0; i < n; i++)
    sum += plot_value(&p->view, curve, i);
  return sum / (double)n;
}

static double edge_of(const plotter *p, size_t i, double unit)
{
  if (p->kind == CHARGE)
    return p->sweep->axes[p->view.x].value[0] - 0.5 + (double)i;
  return p->sweep->edge_eV[i] / unit;
}

/* Steps: a bin is as wide as it is. */
static void fill_steps(const plotter *p, size_t curve, double unit, picture_curve *c)
{
  size_t n = c->n / 2;
  for (size_t i = 0; i < n; i++) {
    c->x[2 * i] = edge_of(p, i, unit);
    c->x[2 * i + 1] = edge_of(p, i + 1, unit);
    c->y[2 * i] = c->y[2 * i + 1] = value_at(p, curve, i);
  }
}

static void fill_line(const plotter *p, size_t curve, double unit, picture_curve *c)
{
  const double *x = numbers_of_x(p);
  double divisor = p->kind == MODULATION ? mean_rate(p, curve) : 1;
  for (size_t i = 0; i < c->n; i++) {
    c->x[i] = x[i] / unit;
    c->y[i] = value_at(p, curve, i) / divisor;
  }
}

static void add_curves(plotter *p, double unit)
{
  const store_axis *a = &p->sweep->axes[p->view.x];
  bool steps = p->kind == CHARGE || (p->kind == SPECTRUM && p->sweep->n_edges == a->n + 1);
  char label[PLOT_LABEL];
  for (size_t i = 0; i < p->view.n_curves && !p->picture->failed; i++) {
    plot_curve_label(&p->view, i, NULL, label);
    picture_curve *c = picture_add(p->picture, label, steps ? 2 * a->n : a->n);
    if (!c)
      return;
    plot_style(&p->view, i, &c->colour, &c->dash);
    c->steps = steps;
    if (steps)
      fill_steps(p, i, unit, c);
    else
      fill_line(p, i, unit, c);
  }
}

/* A logarithm where values differ by more than a factor of 20; a reach always. */
static bool wants_log(const plotter *p)
{
  static const double MUCH = 20;
  double low = INFINITY, high = 0;
  if (p->kind == REACH && !p->about->ratio)
    return true;
  for (size_t i = 0; i < p->picture->n_curves; i++)
    for (size_t j = 0; j < p->picture->curves[i].n; j++) {
      double y = p->picture->curves[i].y[j];
      if (isfinite(y) && y < 0)
        return false;
      if (isfinite(y) && y > 0) {
        low = fmin(low, y);
        high = fmax(high, y);
      }
    }
  return high > MUCH * low;
}

/* Where y is linear, numbers of everyday size: the power of ten goes to the label. */
static void scale_linear(picture *p)
{
  double high = 0;
  for (size_t i = 0; i < p->n_curves; i++)
    for (size_t j = 0; j < p->curves[i].n; j++)
      if (isfinite(p->curves[i].y[j]))
        high = fmax(high, fabs(p->curves[i].y[j]));
  int power = high > 0 ? (int)floor(log10(high)) : 0;
  if (power >= -2 && power <= 3)
    return;
  for (size_t i = 0; i < p->n_curves; i++)
    for (size_t j = 0; j < p->curves[i].n; j++)
      p->curves[i].y[j] /= pow(10, power);
  char *bracket = p->y.label ? strchr(p->y.label, '[') : NULL;
  char *made = bracket ? text_of("%.*s[10^{%d} %s", (int)(bracket - p->y.label), p->y.label, power,
                                 bracket + 1)
                       : text_of("%s / 10^{%d}", p->y.label ? p->y.label : "", power);
  free(p->y.label);
  p->y.label = made;
}

/* ---- the caption ----------------------------------------------------------------------------- */

/* The source of a material's first response, and whether an earlier one has the same. */
typedef struct source_list {
  const plotter *p;
  const store_axis *materials;
  size_t axis, n_each;
  char *const *source;
} source_list;

static const char *source_at(const source_list *l, size_t k)
{
  return l->source[l->p->view.kept[l->axis][k] * l->n_each];
}

static bool is_told(const source_list *l, size_t k)
{
  for (size_t other = 0; other < k; other++)
    if (strcmp(source_at(l, other), source_at(l, k)) == 0)
      return true;
  return !*source_at(l, k);
}

/* At most so many bytes, whole letters. @return whether that was all */
static bool print_beginning(const char *text, size_t most, FILE *stream)
{
  size_t length = strlen(text);
  if (length > most)
    for (length = most; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80;)
      length--;
  fprintf(stream, "%.*s%s", (int)length, text, text[length] ? "…" : "");
  return !text[length];
}

/* "Response: Si, Ge: Y. Sun …": each source once, with the materials that share it. */
static void print_sources(const plotter *p, const char *what, size_t n_each, char *const source[],
                          FILE *stream)
{
  enum { ROOM = 600, LEAST = 60 }; /* letters for all */
  source_list l = {
      .p = p, .n_each = n_each, .source = source, .axis = plot_axis_named(p->sweep, "material")};
  if (l.axis == PLOT_NO_AXIS || p->sweep->axes[l.axis].n != p->targets->n_materials || !source)
    return;
  l.materials = &p->sweep->axes[l.axis];
  size_t n = p->view.n_kept[l.axis], n_told = 0, printed = 0;
  bool whole = true;
  for (size_t k = 0; k < n; k++)
    n_told += !is_told(&l, k);
  for (size_t k = 0; k < n; k++) {
    const char *joint = "";
    if (is_told(&l, k))
      continue;
    fputs(printed++ ? "; " : what, stream);
    for (size_t other = k; other < n; other++) {
      const char *name = l.materials->text[p->view.kept[l.axis][other]],
                 *slash = strrchr(name, '/');
      if (strcmp(source_at(&l, other), source_at(&l, k)) != 0)
        continue;
      fprintf(stream, "%s%s", joint, slash ? slash + 1 : name);
      joint = ", ";
    }
    fputs(": ", stream);
    whole =
        print_beginning(source_at(&l, k), ROOM / n_told > LEAST ? ROOM / n_told : LEAST, stream);
  }
  if (printed)
    fputs(whole ? ".\n" : "\n", stream);
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
  if (p->sweep->n_failed || p->sweep->n_pending)
    fprintf(stream, "%llu points failed, %llu pending. ", (unsigned long long)p->sweep->n_failed,
            (unsigned long long)p->sweep->n_pending);
  fprintf(stream, "%s, sweep %s; elfin %s, commit %.12s.\n", slash ? slash + 1 : p->path,
          p->sweep->name, p->summary->elfin_version, p->summary->git_commit);
  if (p->targets->n_each)
    print_sources(p, "Response: ", p->targets->n_each, p->targets->response_source, stream);
  print_sources(p, "Materials: ", 1, p->targets->material_source, stream);
  fclose(stream);
  return text;
}

/* ---- all ------------------------------------------------------------------------------------- */

static elfin_status fill_picture(plotter *p, elfin_error *err)
{
  double unit = 1;
  char constants[PLOT_LABEL];
  if (p->kind == REACH && p->view.scale == PLOT_NO_AXIS)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "sweep %s (%s) has no cross section or kinetic mixing, and so no reach",
                      p->sweep->name, p->sweep->process);
  if (!(p->picture = picture_new()))
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the picture of %s", p->sweep->name);
  describe_x(p, &unit);
  describe_y(p);
  add_curves(p, unit);
  p->picture->y.log = wants_log(p);
  p->picture->from_below = p->kind == REACH;
  p->picture->decades = p->kind == REACH ? 8 : 6;
  if (!p->picture->y.log)
    scale_linear(p->picture);
  plot_constants(&p->view, constants);
  if (p->kind == REACH && !p->about->ratio)
    snprintf(constants + strlen(constants), sizeof constants - strlen(constants),
             "%s%g events per kg yr", *constants ? ", " : "", p->events);
  p->picture->title = text_of("%s", title_of(p->sweep->process));
  p->picture->constants = *constants ? text_of("%s", constants) : NULL;
  p->picture->caption = caption_of(p);
  if (p->picture->failed || !p->picture->caption || !p->picture->x.label || !p->picture->y.label)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the picture of %s", p->sweep->name);
  if (!picture_frame(p->picture))
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "sweep %s: nothing to draw: no %s above 0 was computed", p->sweep->name,
                      kinds[p->kind].dataset);
  return ELFIN_OK;
}

static elfin_status make_picture(const char *path, const char *sweep, const report_plot *about,
                                 plotter *p, elfin_error *err)
{
  size_t x = PLOT_NO_AXIS;
  *p =
      (plotter){.path = path, .about = about, .events = about->events > 0 ? about->events : EVENTS};
  elfin_status status = about->kind ? kind_named(about->kind, &p->kind, err)
                                    : choose_kind(path, sweep, &p->kind, err);
  if (!status)
    status = store_summarise(path, &p->summary, err);
  if (!status)
    status = store_read(path, sweep, kinds[p->kind].dataset, &p->sweep, err);
  if (!status)
    status = store_read_targets(path, sweep, &p->targets, err);
  if (!status)
    status = choose_axis(p, &x, err);
  if (!status)
    status = plot_view_open(p->sweep, p->targets, x, about->n_select, about->select, about->ratio,
                            &p->view, err);
  return status ? status : fill_picture(p, err);
}

static void clear(plotter *p)
{
  picture_free(p->picture);
  plot_view_close(&p->view);
  store_sweep_free(p->sweep);
  store_targets_free(p->targets);
  store_summary_free(p->summary);
}

elfin_status report_plot_sweep(const char *path, const char *sweep, const report_plot *about,
                               const char *image, bool overwrite, char remark[REPORT_REMARK],
                               elfin_error *err)
{
  plotter p = {.path = path};
  *remark = '\0';
  elfin_status status = picture_check_place(image, overwrite, err);
  if (!status)
    status = make_picture(path, sweep, about, &p, err);
  if (!status)
    status = picture_draw(p.picture, image, overwrite, err);
  if (!status)
    plot_thinned(&p.view, remark);
  clear(&p);
  return status;
}

elfin_status report_plot_script(const char *path, const char *sweep, const report_plot *about,
                                FILE *stream, elfin_error *err)
{
  plotter p = {.path = path};
  elfin_status status = make_picture(path, sweep, about, &p, err);
  if (!status)
    picture_script(p.picture, PICTURE_PNG, stream);
  clear(&p);
  if (!status && ferror(stream))
    status = elfin_fail(err, ELFIN_E_OUTPUT, "the script cannot be written");
  return status;
}
