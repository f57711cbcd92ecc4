/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_campaign.c
 * A job becomes the sweeps, axes and tasks that it asks for, and a task the numbers that libelfin
 * gives for the same request. */
#include "campaign/schema.h"

#include "check.h"

enum { MOST_AXES = 32 };

static const char reach[] = "name: reach\n"
                            "accuracy: [1e-2, 1e-3]\n"
                            "halo: {preset: shm, v0: [210, 220 km/s]}\n"
                            "sweeps:\n"
                            "  electrons:\n"
                            "    mass: {log: [1 MeV, 100 MeV, 3]}\n"
                            "    threshold: [default, 10 eV, gap]\n"
                            "    screening: [true, false]\n"
                            "    cross_section: [1e-38 cm2, 1e-37]\n"
                            "    material: [Si, Ge]\n"
                            "    response: lindhard\n"
                            "    process: electron\n"
                            "    temperature: [0, 300 K]\n"
                            "    mediator: [massless, massive, 10 keV]\n"
                            "  metal:\n"
                            "    process: electron\n"
                            "    conventions: [elfin, darkelf]\n"
                            "    material: Al\n"
                            "    response: lindhard\n"
                            "    accuracy: 1e-3\n"
                            "    halo: {vesc: 550}\n"
                            "    mediator: 10 keV\n"
                            "    mass: [30 MeV, 20 MeV]\n"
                            "    cross_section: 1e-40\n"
                            "    spectrum: {linear: [0, 50 eV, 101]}\n"
                            "    at: [5 eV, 10 eV]\n";

/* A job that must be good; the caller frees it. */
static campaign *open_text(const char *text)
{
  campaign *c = NULL;
  problems *list = problems_new("job.yaml");
  elfin_status status = campaign_parse(text, strlen(text), TEST_FOLDER, NULL, &c, list);
  CHECK(status == ELFIN_OK);
  problems_print(list, stderr);
  problems_free(list);
  if (status)
    exit(check_result());
  return c;
}

/* One sweep of Si; `lines` are further keys, each after four blanks. */
static campaign *open_sweep(const char *lines)
{
  char text[4096];
  snprintf(text, sizeof text,
           "name: t\nsweeps:\n  one:\n    process: electron\n    mediator: massless\n"
           "    cross_section: 1e-38 cm2\n%s",
           lines);
  return open_text(text);
}

static const campaign_axis *axis_named(const campaign_sweep *s, const char *key)
{
  for (size_t i = 0; i < s->n_axes; i++)
    if (strcmp(s->axes[i].key, key) == 0)
      return &s->axes[i];
  return NULL;
}

static void check_axes(const campaign_sweep *s, const char *expected)
{
  char found[512] = "";
  for (size_t i = 0; i < s->n_axes; i++)
    snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s[%zu]", i ? " " : "",
             s->axes[i].key, s->axes[i].n);
  CHECK_TEXT(found, expected);
}

/* ---- sweeps and axes ------------------------------------------------------------------------- */

static void axes_stand_in_the_files_order_and_further_ones_in_the_jobs(void)
{
  campaign *c = open_text(reach);
  CHECK(campaign_n_sweeps(c) == 2);
  CHECK_TEXT(campaign_name(c), "reach");
  check_axes(campaign_sweep_at(c, 0), "material[2] response[1] mediator[3] accuracy[2] v0[2] "
                                      "screening[2] temperature[2] mass[3] cross_section[2] "
                                      "threshold[3]");
  check_axes(campaign_sweep_named(c, "metal"), "material[1] response[1] mediator[1] conventions[2] "
                                               "mass[2] cross_section[1] threshold[1]");
  CHECK(campaign_sweep_named(c, "no such sweep") == NULL);
  campaign_free(c);
}

static void tasks_are_the_product_of_the_task_axes(void)
{
  campaign *c = open_text(reach);
  const campaign_sweep *s = campaign_sweep_at(c, 0);
  CHECK(s->n_tasks == 2 * 3 * 2 * 2 * 2 * 2 * 3);
  CHECK(s->n_scale == 2 && s->n_thresholds == 3 && s->n_materials == 2);
  CHECK(campaign_n_tasks(c) == s->n_tasks + 2 * 2);
  CHECK(campaign_n_points(c) == s->n_tasks * 2 * 3 + 2 * 2);
  campaign_free(c);
}

static void a_sweep_overrides_the_top_and_its_halo_replaces_the_whole_halo(void)
{
  campaign *c = open_text(reach);
  const campaign_sweep *metal = campaign_sweep_named(c, "metal");
  CHECK(axis_named(metal, "accuracy") == NULL);
  CHECK(axis_named(metal, "v0") == NULL);
  CHECK(metal->conventions == NULL);
  CHECK_TEXT(campaign_sweep_at(c, 0)->conventions, "elfin");
  CHECK_TEXT(metal->process, "electron");
  campaign_free(c);
}

static void values_are_in_the_axis_unit_and_texts_as_written(void)
{
  campaign *c = open_text(reach);
  const campaign_sweep *s = campaign_sweep_at(c, 0);
  const campaign_axis *mediator = axis_named(s, "mediator"), *mass = axis_named(s, "mass"),
                      *threshold = axis_named(s, "threshold"), *v0 = axis_named(s, "v0"),
                      *sigma = axis_named(s, "cross_section");
  CHECK(mediator->named && mediator->value[0] == 0 && isinf(mediator->value[1]));
  CHECK(mediator->value[2] == 10e3);
  CHECK_TEXT(mediator->text[2], "10 keV");
  CHECK_TEXT(mediator->unit, "eV");
  CHECK(!mass->named && mass->text == NULL && mass->role == AXIS_TASK);
  CHECK(mass->value[0] == 1e6 && mass->value[1] == 1e7 && mass->value[2] == 1e8);
  CHECK(isnan(threshold->value[0]) && threshold->value[1] == 10 && isnan(threshold->value[2]));
  CHECK(threshold->named && threshold->role == AXIS_THRESHOLD);
  CHECK_TEXT(threshold->text[2], "gap");
  CHECK(v0->value[0] == 210 && v0->value[1] == 220);
  CHECK_TEXT(v0->unit, "km/s");
  CHECK(sigma->role == AXIS_SCALE && sigma->value[1] == 1e-37);
  CHECK(axis_named(s, "screening")->value[1] == 0);
  campaign_free(c);
}

static void grids_are_exact_at_their_ends_and_evenly_spaced(void)
{
  campaign *c = open_sweep("    material: Si\n    response: lindhard\n"
                           "    mass: {log: [3e5 eV, 7e8 eV, 11]}\n"
                           "    temperature: {linear: [300 K, 0 K, 4]}\n"
                           "    threshold: {linear: [1 eV, 2 eV, 3]}\n");
  const campaign_sweep *s = campaign_sweep_at(c, 0);
  const campaign_axis *mass = axis_named(s, "mass"), *cold = axis_named(s, "temperature");
  CHECK(mass->value[0] == 3e5 && mass->value[10] == 7e8);
  for (size_t i = 1; i < 11; i++) /* pow() of the sixteenth digit */
    CHECK_CLOSE(mass->value[i] / mass->value[i - 1], pow(7e8 / 3e5, 0.1), 1e-13);
  CHECK(cold->value[0] == 300 && cold->value[1] == 200 && cold->value[2] == 100);
  CHECK(cold->value[3] == 0);
  CHECK_TEXT(axis_named(s, "threshold")->text[1], "1.5 eV");
  campaign_free(c);
}

static void locate_counts_with_the_mass_fastest(void)
{
  campaign *c = open_text(reach);
  const campaign_sweep *s = campaign_sweep_at(c, 0);
  size_t index[MOST_AXES];
  for (size_t task = 0; task < s->n_tasks; task++) {
    size_t again = 0;
    campaign_locate(s, task, index);
    for (size_t i = 0; i < s->n_axes; i++) {
      CHECK(index[i] < s->axes[i].n);
      if (s->axes[i].role == AXIS_TASK)
        again = again * s->axes[i].n + index[i];
    }
    CHECK(again == task);
  }
  campaign_locate(s, 1, index);
  CHECK(index[7] == 1 && index[0] == 0);
  campaign_free(c);
}

static void observables_are_those_asked_for_rate_first(void)
{
  campaign *c = open_sweep("    material: Si\n    response: lindhard\n    mass: 10 MeV\n"
                           "    charge: 4\n    at: 7 eV\n    spectrum: [1 eV, 2 eV, 4 eV]\n");
  const campaign_sweep *s = campaign_sweep_at(c, 0);
  static const char *const names[] = {"rate", "spectrum", "differential", "charge_rate"};
  static const size_t lengths[] = {1, 2, 1, 4};
  CHECK(s->n_observables == 4);
  for (size_t i = 0; i < s->n_observables; i++) {
    CHECK_TEXT(s->observables[i].name, names[i]);
    CHECK(s->observables[i].n == lengths[i]);
  }
  CHECK(s->observables[1].value[1] == 3 && s->n_edges == 3 && s->edge_eV[2] == 4);
  CHECK(s->observables[3].value[0] == 1 && s->observables[3].value[3] == 4);
  CHECK_TEXT(s->observables[2].units, "1/kg/yr/eV");
  campaign_free(c);
}

/* ---- what a job names ------------------------------------------------------------------------ */

static void thresholds_are_resolved_for_each_material(void)
{
  campaign *c = open_text(reach);
  const campaign_sweep *s = campaign_sweep_at(c, 0);
  for (size_t i = 0; i < 2; i++) {
    const elfin_material *m = campaign_material(c, 0, i);
    CHECK(s->threshold_eV[3 * i] == elfin_default_threshold_eV(m));
    CHECK(s->threshold_eV[3 * i + 1] == 10);
    CHECK(s->threshold_eV[3 * i + 2] == m->gap_eV.value);
  }
  CHECK_TEXT(campaign_material(c, 0, 1)->name, "Ge");
  campaign_free(c);
}

static void without_a_response_each_material_has_its_best(void)
{
  campaign *c = open_sweep("    material: Si\n    mass: 10 MeV\n");
  const campaign_axis *axis = axis_named(campaign_sweep_at(c, 0), "response");
  CHECK_TEXT(axis->text[0], elfin_response_default(campaign_material(c, 0, 0)));
  CHECK(campaign_response(c, 0, 0, 0, 0) != NULL);
  campaign_free(c);
}

static void every_file_is_an_input_once(void)
{
  campaign *c = open_sweep("    material: [Si, Al]\n    response: [lindhard, holes.dat]\n"
                           "    mass: 10 MeV\n    halo: {table: eta.dat, rho: 0.3}\n"
                           "    conventions: [elfin, darkelf]\n");
  const char *roles[] = {"material", "material", "response", "halo"};
  CHECK(campaign_n_inputs(c) == 4);
  for (size_t i = 0; i < 4 && i < campaign_n_inputs(c); i++)
    CHECK_TEXT(campaign_input_at(c, i)->role, roles[i]);
  CHECK_TEXT(campaign_input_at(c, 2)->path, TEST_FOLDER "/holes.dat");
  CHECK_TEXT(campaign_input_at(c, 3)->path, TEST_FOLDER "/eta.dat");
  campaign_free(c);
}

static void a_halo_that_does_not_add_up_is_a_warning(void)
{
  campaign *c = open_sweep("    material: Si\n    mass: 10 MeV\n    halo: {table: eta_coarse.dat}\n");
  CHECK_SAYS(campaign_warnings(c)[0], "eta_coarse.dat: the integral of eta over v_min is 1.3");
  CHECK_SAYS(campaign_warnings(c)[0], "fine enough?");
  campaign_free(c);
  c = open_sweep("    material: Si\n    mass: 10 MeV\n    halo: {table: eta_tail.dat}\n");
  CHECK_SAYS(campaign_warnings(c)[0], "over v_min is 0.33, and 1 for every halo; below its first v_min");
  campaign_free(c);
  c = open_sweep("    material: Si\n    mass: 10 MeV\n    halo: {table: eta.dat}\n");
  CHECK(campaign_warnings(c)[0] == NULL);
  campaign_free(c);
}

static void holes_of_a_table_are_a_warning_with_their_count(void)
{
  campaign *c = open_sweep("    material: Si\n    response: holes.dat\n    mass: 10 MeV\n");
  CHECK_SAYS(campaign_warnings(c)[0], "holes.dat: 1 hole");
  CHECK_SAYS(campaign_warnings(c)[0], "ELF 0");
  CHECK(!campaign_warnings(c)[0] || !campaign_warnings(c)[1]);
  campaign_free(c);
  c = open_sweep("    material: Si\n    mass: 10 MeV\n");
  CHECK(campaign_warnings(c)[0] == NULL);
  campaign_free(c);
}

/* ---- computing ------------------------------------------------------------------------------- */

static void check_row(const campaign_rows *rows, size_t row, const double rate[2],
                      const double error[2])
{
  static const double sigma[] = {1e-38, 3e-37};
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < 2; j++) {
      size_t at = (row * 2 + i) * 2 + j;
      CHECK(rows->value[OBS_RATE][at] == sigma[i] * rate[j]);
      CHECK(rows->error[OBS_RATE][at] == sigma[i] * error[j]);
      CHECK(rows->status[OBS_RATE][at] == 1);
    }
}

/* The same request, made by hand. */
static void check_task(campaign *c, size_t i_mass, size_t i_mediator, const campaign_rows *rows)
{
  static const double mass[] = {5e6, 2e7, 1e9}, mediator[] = {0, 1e4};
  const elfin_constants *constants = elfin_constants_named("darkelf");
  const double threshold[] = {elfin_default_threshold_eV(campaign_material(c, 0, 0)), 10};
  const double speed = constants->c_km_s;
  double rate[2], error[2];
  elfin_status status[2];
  unsigned flags[2];
  elfin_request q;
  elfin_result result = {
      .rate = rate, .rate_error = error, .rate_status = status, .rate_flags = flags};
  elfin_halo *halo = NULL;
  CHECK(elfin_halo_new_shm(230 / speed, 544 / speed, 240 / speed, &halo, NULL) == ELFIN_OK);
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = campaign_material(c, 0, 0);
  q.response = campaign_response(c, 0, 0, 0, 0);
  q.rho_GeV_cm3 = 0.3;
  q.mass_eV = mass[i_mass];
  q.mediator_eV = mediator[i_mediator];
  q.accuracy = 1e-3;
  q.screening = 0;
  q.k_cut_eV = 2e4;
  q.temperature_K = 77;
  q.splitting_eV = 1;
  q.n_thresholds = 2;
  q.threshold_eV = threshold;
  CHECK(elfin_rate("electron", &q, &result, NULL) == ELFIN_OK);
  CHECK(i_mass == 0 || rate[0] > 0);
  check_row(rows, i_mediator * 3 + i_mass, rate, error);
  elfin_halo_free(halo);
}

static void a_task_has_the_bits_of_a_direct_request_times_the_cross_section(void)
{
  campaign *c =
      open_text("name: t\nconventions: darkelf\nhalo: {rho: 0.3, v0: 230, vesc: 544}\n"
                "sweeps:\n  one:\n    process: electron\n    material: Si\n"
                "    response: lindhard\n    mediator: [massless, 10 keV]\n"
                "    mass: [5 MeV, 20 MeV, 1 GeV]\n    cross_section: [1e-38, 3e-37]\n"
                "    threshold: [default, 10 eV]\n    screening: false\n    kcut: 20 keV\n"
                "    temperature: 77 K\n    splitting: 1 eV\n    accuracy: 1e-3\n");
  campaign_rows *rows = NULL;
  CHECK(campaign_rows_new(c, 0, 6, &rows, NULL) == ELFIN_OK);
  for (size_t task = 0; task < 6; task++)
    CHECK(campaign_compute(c, 0, task, rows, NULL) == ELFIN_OK);
  CHECK(rows->n == 6 && rows->first == 0 && rows->n_failures == 0);
  for (size_t task = 0; task < 6; task++) {
    check_task(c, task % 3, task / 3, rows);
    CHECK(rows->evaluations[task * 4] >= 0 && rows->evaluations[task * 4 + 1] == 0);
  }
  campaign_rows_free(rows);
  campaign_free(c);
}

/* Whatever was computed before, a task gives the same bits: ranks do tasks in any order. */
static void the_order_of_tasks_changes_no_bit(void)
{
  campaign *c = open_text(reach);
  const campaign_sweep *s = campaign_sweep_at(c, 0);
  static const size_t order[] = {3, 17, 100, 101, 4, 140, 0};
  enum { N = sizeof order / sizeof *order, VALUES = 2 * 3 };
  campaign_rows *one = NULL, *all = NULL;
  CHECK(campaign_rows_new(c, 0, 1, &one, NULL) == ELFIN_OK);
  CHECK(campaign_rows_new(c, 0, s->n_tasks, &all, NULL) == ELFIN_OK);
  for (size_t task = 0; task <= 140; task++)
    CHECK(campaign_compute(c, 0, task, all, NULL) == ELFIN_OK);
  for (size_t i = 0; i < N; i++) {
    one->n = 0;
    CHECK(campaign_compute(c, 0, order[i], one, NULL) == ELFIN_OK);
    CHECK(one->first == order[i]);
    CHECK(memcmp(one->value[OBS_RATE], all->value[OBS_RATE] + order[i] * VALUES,
                 VALUES * sizeof(double)) == 0);
  }
  campaign_rows_free(one);
  campaign_rows_free(all);
  campaign_free(c);
}

static void a_date_is_an_axis_and_the_earths_speed_is_resolved(void)
{
  campaign *c = open_sweep("    material: Si\n    mass: 10 MeV\n"
                           "    halo: {preset: [shm, tsallis], date: [2026-06-02, 153, 2026-12-02]}\n");
  const campaign_sweep *s = campaign_sweep_at(c, 0);
  check_axes(s, "material[1] response[1] mediator[1] halo[2] date[3] mass[1] cross_section[1] threshold[1]");
  const campaign_axis *date = axis_named(s, "date");
  CHECK(date->named && date->of_halo && date->role == AXIS_TASK);
  CHECK_TEXT(date->text[0], "2026-06-02");
  CHECK_TEXT(date->unit, "d");
  CHECK(date->value[1] == 153);
  for (size_t i = 0; i < 6; i++) {
    size_t index[8] = {0, 0, 0, i / 3, i % 3};
    elfin_halo_preset p;
    double v_circ = 220, v[3]; /* shm: its v0; tsallis: its own */
    CHECK(campaign_halo(c, 0, index, &p));
    elfin_earth_velocity(date->value[i % 3], v_circ, v);
    CHECK(p.vearth_km_s == elfin_speed(v) && p.vcirc_km_s == v_circ);
    CHECK_TEXT(p.name, i < 3 ? "shm" : "tsallis");
  }
  campaign_free(c);
  c = open_sweep("    material: Si\n    mass: 10 MeV\n    halo: {vcirc: [200, 250], v0: 230, date: {linear: "
                 "[2000-01-01, 366, 366]}}\n");
  date = axis_named(campaign_sweep_at(c, 0), "date");
  for (size_t i = 0; i < date->n; i++)
    CHECK_NEAR(date->value[i], (double)i + 1, 1e-12);
  campaign_free(c);
}

static void members_of_a_halo_mean_the_same_as_a_preset_that_has_them(void)
{
  static const char *const halos[] = {"{preset: recommended-2021}",
                                      "{rho: 0.3, v0: 238, vesc: 544, vearth: 250}"};
  double value[2];
  for (size_t i = 0; i < 2; i++) {
    char lines[256];
    snprintf(lines, sizeof lines,
             "    material: Si\n    response: lindhard\n    mass: 50 MeV\n"
             "    accuracy: 1e-2\n    halo: %s\n",
             halos[i]);
    campaign *c = open_sweep(lines);
    campaign_rows *rows = NULL;
    CHECK(campaign_rows_new(c, 0, 1, &rows, NULL) == ELFIN_OK);
    CHECK(campaign_compute(c, 0, 0, rows, NULL) == ELFIN_OK);
    value[i] = rows->value[OBS_RATE][0];
    campaign_rows_free(rows);
    campaign_free(c);
  }
  CHECK(value[0] > 0 && value[0] == value[1]);
}

/* DarkELF's analytic responses end at 99.3 eV: a value beyond is refused, its neighbours are not.
 */
static void a_value_that_fails_has_a_reason_and_hides_no_other(void)
{
  campaign *c = open_sweep("    material: Si\n    response: lindhard\n    mass: [1 GeV, 2 GeV]\n"
                           "    conventions: darkelf\n    at: [10 eV, 150 eV]\n");
  campaign_rows *rows = NULL;
  CHECK(campaign_rows_new(c, 0, 2, &rows, NULL) == ELFIN_OK);
  for (size_t task = 0; task < 2; task++)
    CHECK(campaign_compute(c, 0, task, rows, NULL) == ELFIN_OK);
  CHECK(rows->status[OBS_RATE][0] == 1);
  CHECK(rows->status[OBS_DIFFERENTIAL][0] == 1 && rows->status[OBS_DIFFERENTIAL][1] == 2);
  CHECK(isnan(rows->value[OBS_DIFFERENTIAL][1]) && rows->value[OBS_DIFFERENTIAL][0] > 0);
  CHECK(rows->n_failures == 2);
  CHECK(rows->n_failures && rows->failures[0].point == 1);
  CHECK(rows->n_failures && rows->failures[0].observable == OBS_DIFFERENTIAL);
  CHECK_SAYS(rows->n_failures ? rows->failures[0].reason : "", "150 eV");
  rows->n = 0;
  CHECK(campaign_compute(c, 0, 1, rows, NULL) == ELFIN_OK);
  CHECK(rows->n_failures == 1 && rows->failures[0].point == 3);
  campaign_rows_free(rows);
  campaign_free(c);
}

enum { MOST_PARTS = 1000 };

static void parts_made_here_are_used_there(void)
{
  static const char text[] = "    material: Si\n    response: mermin\n    mass: [10 MeV, 100 MeV]\n"
                             "    accuracy: 1e-2\n";
  campaign *from = open_sweep(text), *to = open_sweep(text), *alone = open_sweep(text);
  campaign_rows *rows[2] = {NULL, NULL};
  double *parts[MOST_PARTS] = {NULL};
  size_t n_parts = campaign_n_parts(from);
  CHECK(n_parts > 1 && n_parts <= MOST_PARTS);
  CHECK(campaign_n_late_parts(from) == 1);
  for (size_t i = 0; i < n_parts && i < MOST_PARTS; i++) {
    size_t n = 0;
    CHECK(campaign_make_part(from, i, &n, &parts[i], NULL) == ELFIN_OK);
    CHECK(campaign_borrow_part(to, i, n, parts[i], NULL) == ELFIN_OK);
    CHECK(campaign_borrow_part(from, i, n, parts[i], NULL) == ELFIN_OK); /* late ones need them */
  }
  CHECK(campaign_n_parts(to) == n_parts);
  CHECK(campaign_make_part(from, n_parts, &n_parts, NULL, NULL) == ELFIN_E_ARGUMENT);
  for (size_t i = 0; i < 2; i++) {
    campaign *c = i ? alone : to;
    CHECK(campaign_rows_new(c, 0, 2, &rows[i], NULL) == ELFIN_OK);
    for (size_t task = 0; task < 2; task++)
      CHECK(campaign_compute(c, 0, task, rows[i], NULL) == ELFIN_OK);
  }
  CHECK(rows[0]->value[OBS_RATE][1] > 0);
  CHECK(memcmp(rows[0]->value[OBS_RATE], rows[1]->value[OBS_RATE], 2 * sizeof(double)) == 0);
  campaign_rows_free(rows[0]);
  campaign_rows_free(rows[1]);
  campaign_free(from);
  campaign_free(to);
  campaign_free(alone);
  for (size_t i = 0; i < MOST_PARTS; i++)
    free(parts[i]); /* they are still ours */
}

/* ---- the table of keys ----------------------------------------------------------------------- */

/* A process that must be given a threshold has none of its own; phonons have an ε of their own, and
 * only a massless mediator; Si and Ge are not polar, and Ge's phonons not known by direction. */
static const char *example_for(unsigned process, key_id id)
{
  static const struct {
    const char *process;
    key_id id;
    const char *text;
  } exceptions[] = {{"phonon", KEY_RESPONSE, "phonon"},     {"phonon", KEY_MEDIATOR, "massless"},
                    {"froehlich", KEY_RESPONSE, "default"}, {"froehlich", KEY_MEDIATOR, "massless"},
                    {"froehlich", KEY_MATERIAL, "GaAs"},
                    {"multiphonon_anisotropic", KEY_MATERIAL, "Al2O3"}};
  const schema_key *key = schema_row(id);
  for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++)
    if (exceptions[i].id == id && schema_process_bit(exceptions[i].process) == process)
      return exceptions[i].text;
  return id == KEY_THRESHOLD && (key->required & process) ? "10 eV" : key->example;
}

/* Every key that the process must have, but for `except`. */
static void write_required(FILE *job, unsigned process, key_id except)
{
  for (int id = 0; id < N_KEYS; id++)
    if ((schema_row((key_id)id)->required & process) && id != (int)except && id != KEY_PROCESS)
      fprintf(job, "%s: %s\n", schema_row((key_id)id)->name,
              example_for(process, (key_id)id));
}

/* What must stand beside a member of `halo` for it to have an effect. */
static const char *companion_of(key_id id)
{
  return id == KEY_VCIRC                         ? "date: 2026-06-02, "
         : id == KEY_FRACTION || id == KEY_BETA  ? "preset: shm++, "
         : id == KEY_Q                           ? "preset: tsallis, "
         : id == KEY_VFLOW                       ? "preset: debris, "
                                                 : "";
}

static void check_example(const char *process, key_id id)
{
  const schema_key *key = schema_row(id);
  char text[2048] = "";
  FILE *job = fmemopen(text, sizeof text, "w");
  fprintf(job, "name: t\nprocess: %s\n", process);
  write_required(job, schema_process_bit(process), id);
  if (id == KEY_SHELLS)
    fprintf(job, "response: atomic\n");
  if (id == KEY_TABLE && schema_row(KEY_REFERENCE_MOMENTUM)->processes & schema_process_bit(process))
    fprintf(job, "reference_momentum: 10 keV\n"); /* which a table's halo has none of its own for */
  if (id == KEY_METHOD || id == KEY_CL)
    fprintf(job, "detector: ideal_kg_year\n"); /* whose limit */
  if (id == KEY_MEDIATOR_SPIN)
    fprintf(job, "flux: boosted.dat\n"); /* which alone can tell */
  if (id != KEY_PROCESS && key->only_inside)
    fprintf(job, "sweeps:\n  one:\n    %s: {%s%s: %s}\n", schema_row(key->inside)->name,
            companion_of(id), key->name, key->example);
  else if (id != KEY_PROCESS)
    fprintf(job, "sweeps:\n  one:\n    %s: %s\n", key->name,
            example_for(schema_process_bit(process), id));
  else
    fprintf(job, "sweeps:\n  one:\n    accuracy: 1e-3\n");
  fclose(job);
  campaign_free(open_text(text));
}

/* Experiments of the examples count charges. */
static bool wants_charges(key_id id)
{
  return id == KEY_DETECTOR || id == KEY_LIMIT || id == KEY_EXPERIMENT || id == KEY_METHOD ||
         id == KEY_CL;
}

static void every_example_in_the_help_is_a_job(void)
{
  size_t n;
  const elfin_process *list = elfin_processes(&n);
  for (size_t i = 0; i < n; i++)
    for (int id = 0; id < N_KEYS; id++)
      if (schema_row((key_id)id)->processes & schema_process_bit(list[i].name) &&
          !(wants_charges((key_id)id) && strcmp(list[i].name, "electron") != 0 &&
            strcmp(list[i].name, "migdal") != 0 && strcmp(list[i].name, "absorption") != 0))
        check_example(list[i].name, (key_id)id);
}

static void every_process_has_keys_and_every_key_has_help(void)
{
  size_t n;
  const elfin_process *list = elfin_processes(&n);
  char *text = NULL;
  size_t size;
  for (size_t i = 0; i < n; i++)
    CHECK(schema_process_bit(list[i].name) != 0);
  CHECK(schema_process_bit("no such process") == 0);
  FILE *stream = open_memstream(&text, &size);
  for (int id = 0; id < N_KEYS; id++)
    CHECK(schema_print_key(stream, schema_row((key_id)id)->name));
  CHECK(!schema_print_key(stream, "no such key"));
  schema_print(stream, "electron");
  fclose(stream);
  CHECK_SAYS(text, "mass of the dark matter");
  CHECK_SAYS(text, "recommended-2021");
  free(text);
}

int main(void)
{
  axes_stand_in_the_files_order_and_further_ones_in_the_jobs();
  tasks_are_the_product_of_the_task_axes();
  a_sweep_overrides_the_top_and_its_halo_replaces_the_whole_halo();
  values_are_in_the_axis_unit_and_texts_as_written();
  grids_are_exact_at_their_ends_and_evenly_spaced();
  locate_counts_with_the_mass_fastest();
  observables_are_those_asked_for_rate_first();
  thresholds_are_resolved_for_each_material();
  without_a_response_each_material_has_its_best();
  every_file_is_an_input_once();
  holes_of_a_table_are_a_warning_with_their_count();
  a_halo_that_does_not_add_up_is_a_warning();
  a_task_has_the_bits_of_a_direct_request_times_the_cross_section();
  the_order_of_tasks_changes_no_bit();
  a_date_is_an_axis_and_the_earths_speed_is_resolved();
  members_of_a_halo_mean_the_same_as_a_preset_that_has_them();
  a_value_that_fails_has_a_reason_and_hides_no_other();
  parts_made_here_are_used_there();
  every_example_in_the_help_is_a_job();
  every_process_has_keys_and_every_key_has_help();
  return check_result();
}
