/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halos.c
 * The halos of a sweep: tables are opened, parameters checked against what their preset's model
 * has, and one is made for each position that asks for it. */
#include "campaign/plan.h"

#include <math.h>
#include <string.h>

/* ---- what a model has ------------------------------------------------------------------------ */

#define BIT(model) (1u << (model))

/* Every member of `halo` that not all models have. */
static const struct {
  key_id key;
  unsigned models;
} members[] = {
    {KEY_VESC, ~BIT(ELFIN_HALO_TSALLIS)},
    {KEY_FRACTION, BIT(ELFIN_HALO_SHM_PLUS_PLUS) | BIT(ELFIN_HALO_DEBRIS)},
    {KEY_BETA, BIT(ELFIN_HALO_SHM_PLUS_PLUS)},
    {KEY_Q, BIT(ELFIN_HALO_TSALLIS)},
    {KEY_VFLOW, BIT(ELFIN_HALO_DEBRIS)},
};

/* `why` follows "KEY has no effect". Once for each key, wherever it is inherited. */
static void blame(campaign *c, const sweep *s, key_id id, const char *why)
{
  setting *set = s->set[id];
  if (!set || set->blamed)
    return;
  problems_add_at(c->list, setting_node(set, 0, s->where), "%s has no effect%s",
                  schema_row(id)->name, why);
  set->blamed = true;
}

static const elfin_halo_preset *preset_of(const sweep *s, size_t i)
{
  size_t n;
  const elfin_halo_preset *list = elfin_halo_presets(&n);
  return &list[s->set[KEY_PRESET] ? (size_t)s->set[KEY_PRESET]->value[i] : 0];
}

static void check_members(campaign *c, const sweep *s)
{
  char why[128];
  for (size_t i = 0; i < s->set[KEY_PRESET]->n; i++)
    for (size_t k = 0; k < sizeof members / sizeof *members; k++) {
      const elfin_halo_preset *p = preset_of(s, i);
      bool escape = members[k].key == KEY_VESC;
      snprintf(why, sizeof why, " on the halo %s%s", p->name,
               escape ? ", which ends at v0/sqrt(1-q)"
                      : "; give it in a sweep without that preset");
      if (!(members[k].models & BIT(p->model)))
        blame(c, s, members[k].key, why);
    }
  if (s->set[KEY_DATE])
    blame(c, s, KEY_VEARTH, " beside date, which says how the Earth moves; give one of the two");
  else
    blame(c, s, KEY_VCIRC, " without date; vearth is the speed itself");
}

/* ---- speeds ---------------------------------------------------------------------------------- */

/* The entry of a list that is the largest, or the smallest. */
static size_t extreme(const setting *s, bool largest)
{
  size_t found = 0;
  for (size_t i = 1; i < s->n; i++)
    if (largest ? s->value[i] > s->value[found] : s->value[i] < s->value[found])
      found = i;
  return found;
}

static double extreme_or(const sweep *s, key_id id, bool largest, double otherwise)
{
  return s->set[id] ? s->set[id]->value[extreme(s->set[id], largest)] : otherwise;
}

/* The fastest that the Earth gets in the sweep. */
static double fastest_earth(const sweep *s, const elfin_halo_preset *p)
{
  const setting *date = s->set[KEY_DATE];
  double v0 = extreme_or(s, KEY_V0, true, p->v0_km_s), v[3], fastest = 0;
  double v_circ = extreme_or(s, KEY_VCIRC, true, p->vcirc_km_s > 0 ? p->vcirc_km_s : v0);
  if (!date)
    return extreme_or(s, KEY_VEARTH, true, p->vearth_km_s);
  for (size_t i = 0; i < date->n; i++) {
    elfin_earth_velocity(date->value[i], v_circ, v);
    fastest = fmax(fastest, elfin_speed(v));
  }
  return fastest;
}

static double slowest_escape(const sweep *s, const elfin_halo_preset *base)
{
  elfin_halo_preset p = *base;
  p.v0_km_s = extreme_or(s, KEY_V0, false, p.v0_km_s);
  p.q = extreme_or(s, KEY_Q, false, p.q);
  p.vesc_km_s = extreme_or(s, KEY_VESC, false, p.vesc_km_s);
  return elfin_halo_escape_km_s(&p);
}

/* All values of a grid meet: the fastest Earth must not leave the slowest galaxy. */
static void check_speeds(campaign *c, sweep *s)
{
  static const key_id causes[] = {KEY_VEARTH, KEY_DATE, KEY_VCIRC, KEY_VESC, KEY_Q, KEY_V0};
  setting *blamed = NULL;
  size_t cause = 0;
  while (!blamed && cause < sizeof causes / sizeof *causes)
    blamed = s->set[causes[cause++]];
  for (size_t i = 0; blamed && i < s->set[KEY_PRESET]->n && !blamed->blamed; i++) {
    double fast = fastest_earth(s, preset_of(s, i)), slow = slowest_escape(s, preset_of(s, i));
    if (fast > slow) {
      problems_add_at(c->list, setting_node(blamed, extreme(blamed, cause <= 3), s->where),
                      "%s (%g km/s) is above %s (%g km/s); it must be at most %s",
                      s->set[KEY_DATE] ? "the speed of the Earth" : "vearth", fast,
                      preset_of(s, i)->model == ELFIN_HALO_TSALLIS ? "the escape speed" : "vesc",
                      slow, preset_of(s, i)->model == ELFIN_HALO_TSALLIS ? "that" : "vesc");
      blamed->blamed = true;
    }
  }
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* ∫η dv_min is 1, whatever the halo. Off by more than the first, a table deserves a word; beyond the second
 * it is none of a halo. Below a first v_min above 0 it holds nothing: only what is at least there is known. */
static const double TABLE_WORTH_SAYING = 0.1, TABLE_WRONG = 2, TABLE_WRONG_TAIL = 500;
static const double SLOWEST_END_KM_S = 1;

/* ∫η dv_min of a table, in which η is a straight line from kink to kink. `tail`: it begins above v = 0, and η
 * is taken as constant below, which is the least that it can be. */
static double integral_of_eta(const elfin_halo *table, bool *tail)
{
  size_t n;
  const double *kink = elfin_halo_kinks(table, &n);
  double before = 0, eta_before, eta, sum = 0;
  elfin_halo_eta(table, 1, &before, &eta_before);
  for (size_t i = 0; i < n; i++) {
    elfin_halo_eta(table, 1, &kink[i], &eta);
    if (i == 0)
      *tail = eta == eta_before;
    sum += 0.5 * (eta_before + eta) * (kink[i] - before);
    before = kink[i];
    eta_before = eta;
  }
  return sum;
}

/* What makes an integral this large or small. */
static const char *likely_cause(double sum)
{
  static const struct {
    double factor;
    const char *cause;
  } causes[] = {
      {299792.458, ": a factor 299792, is eta in 1/c?"},
      {1 / 299792.458, ": a factor 299792, is eta in 1/(km/s) and v_min in c?"},
      {1e3, ": a factor 1000, is v_min in m/s?"},
      {1e-3, ": a factor 1000, is eta in 1/(m/s)?"},
      {1e-5, ": a factor 100000, is eta in 1/(cm/s)?"},
  };
  for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
    if (fabs(log(sum / causes[i].factor)) < log(1 + 2 * TABLE_WORTH_SAYING))
      return causes[i].cause;
  return "";
}

/* Numbers that are fine one by one, and no halo together: mostly their units. */
static elfin_status check_table(campaign *c, const char *path, const elfin_halo *table, double c_km_s,
                                elfin_error *err)
{
  double end = elfin_halo_v_max(table) * c_km_s;
  bool tail = false;
  if (end < SLOWEST_END_KM_S)
    return elfin_fail(err, ELFIN_E_DATA, "%s: v_min ends at %g km/s; is it in units of c? Give v_min in km/s "
                      "and eta in 1/(km/s)", path, end);
  if (end > SCHEMA_SLOW_KM_S)
    return elfin_fail(err, ELFIN_E_DATA, "%s: v_min ends at %g km/s (is it in km/s?); rates of a halo are of "
                      "slow dark matter, at most %d km/s: for fast one, give a flux", path, end,
                      SCHEMA_SLOW_KM_S);
  double sum = integral_of_eta(table, &tail);
  if (sum > TABLE_WRONG || sum < 1 / (tail ? TABLE_WRONG_TAIL : TABLE_WRONG))
    return elfin_fail(err, ELFIN_E_DATA, "%s: the integral of eta over v_min is %.3g, and 1 for every halo%s "
                      "Give v_min in km/s and eta in 1/(km/s), and a smaller density as rho", path, sum,
                      *likely_cause(sum) ? likely_cause(sum) : ".");
  if (fabs(sum - 1) > TABLE_WORTH_SAYING)
    campaign_warn(c, "%s: the integral of eta over v_min is %.3g, and 1 for every halo%s", path, sum,
                  tail && sum < 1 ? "; below its first v_min, where the table holds nothing, eta is taken as "
                                    "constant"
                                  : ": is it normalised, and fine enough?");
  return ELFIN_OK;
}

static const elfin_halo *find_table(campaign *c, sweep *s, size_t i,
                                    const elfin_constants *constants)
{
  const setting *set = s->set[KEY_TABLE];
  const char *key = targets_path(c, set->text[i]);
  elfin_halo *made = NULL;
  elfin_error err = {""};
  for (size_t k = 0; key && k < c->n_halos; k++)
    if (c->halos[k].constants == constants && strcmp(c->halos[k].key, key) == 0)
      return c->halos[k].halo;
  target_halo *list = campaign_grow(c, c->halos, c->n_halos, sizeof *list);
  if (!list || !key)
    return NULL;
  c->halos = list;
  elfin_status status = elfin_halo_open_table(key, constants->c_km_s, &made, &err);
  if (!status)
    status = check_table(c, key, made, constants->c_km_s, &err);
  c->halos[c->n_halos++] = (target_halo){key, constants, made};
  if (status)
    targets_blame(c, s, set, i, "table", status, &err);
  else
    targets_add_input(c, key, "halo");
  return made;
}

static void open_tables(campaign *c, sweep *s)
{
  const setting *set = s->set[KEY_TABLE];
  size_t n_conventions = s->set[KEY_CONVENTIONS]->n;
  s->table = campaign_keep(c, set->n * n_conventions, sizeof *s->table);
  for (size_t i = 0; i < set->n; i++)
    for (size_t k = 0; k < n_conventions && !c->no_memory; k++)
      s->table[i * n_conventions + k] = find_table(c, s, i, s->constants[k]);
  for (int id = 0; id < N_KEYS; id++)
    if (schema_row((key_id)id)->inside == KEY_HALO && id != KEY_TABLE && id != KEY_RHO)
      blame(c, s, (key_id)id, ": the halo is a table, which holds the speeds already");
}

void halos_open(campaign *c, sweep *s)
{
  if (s->set[KEY_TABLE]) {
    open_tables(c, s);
  } else if (s->set[KEY_PRESET]) {
    check_members(c, s);
    check_speeds(c, s);
  }
}

/* ---- at a position --------------------------------------------------------------------------- */

elfin_halo_preset halos_parameters(const sweep *s, const size_t index[])
{
  elfin_halo_preset p = *preset_of(s, sweep_index(s, index, KEY_PRESET));
  p.rho_GeV_cm3 = sweep_value(s, index, KEY_RHO, p.rho_GeV_cm3);
  p.v0_km_s = sweep_value(s, index, KEY_V0, p.v0_km_s);
  p.vesc_km_s = sweep_value(s, index, KEY_VESC, p.vesc_km_s);
  p.fraction = sweep_value(s, index, KEY_FRACTION, p.fraction);
  p.beta = sweep_value(s, index, KEY_BETA, p.beta);
  p.q = sweep_value(s, index, KEY_Q, p.q);
  p.vflow_km_s = sweep_value(s, index, KEY_VFLOW, p.vflow_km_s);
  p.vearth_km_s = sweep_value(s, index, KEY_VEARTH, p.vearth_km_s);
  p.vcirc_km_s = sweep_value(s, index, KEY_VCIRC, p.vcirc_km_s > 0 ? p.vcirc_km_s : p.v0_km_s);
  return p;
}

void halos_velocity(const sweep *s, const size_t index[], elfin_halo_preset *p, double v_km_s[3])
{
  if (s->set[KEY_DATE]) {
    elfin_earth_velocity(sweep_value(s, index, KEY_DATE, 1), p->vcirc_km_s, v_km_s);
    p->vearth_km_s = elfin_speed(v_km_s);
    return;
  }
  elfin_sun_velocity(p->vcirc_km_s, v_km_s); /* the direction of a mean over the year */
  double scale = p->vearth_km_s / elfin_speed(v_km_s);
  for (int i = 0; i < 3; i++)
    v_km_s[i] *= scale;
}

static elfin_status make(const sweep *s, const size_t index[], elfin_halo **halo, elfin_error *err)
{
  elfin_halo_preset p = halos_parameters(s, index);
  double v_lab[3];
  halos_velocity(s, index, &p, v_lab);
  return elfin_halo_new(&p, v_lab, s->request.constants->c_km_s, halo, err);
}

elfin_status halos_find(sweep *s, const size_t index[], elfin_error *err)
{
  size_t combination = sweep_index(s, index, KEY_CONVENTIONS);
  for (int id = 0; id < N_KEYS; id++)
    if (schema_row((key_id)id)->inside == KEY_HALO && id != KEY_RHO && s->set[id])
      combination = combination * s->set[id]->n + sweep_index(s, index, (key_id)id);
  halo_slot *slot = &s->halos[combination % N_HALO_SLOTS];
  if (slot->combination != combination) {
    elfin_halo_free(slot->halo);
    *slot = (halo_slot){SIZE_MAX, NULL};
    elfin_status status = make(s, index, &slot->halo, err);
    if (status)
      return status;
    slot->combination = combination;
  }
  s->request.halo = slot->halo;
  return ELFIN_OK;
}
