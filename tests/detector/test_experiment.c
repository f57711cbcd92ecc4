/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_experiment.c
 * Every experiment of elfin's own loads, and says what is assumed; a broken file is refused with
 * its place and the cure. */
#include "check.h"
#include "detector/experiment_text.h"

static elfin_experiment *open_known(const char *name)
{
  elfin_experiment *experiment = NULL;
  elfin_error err = {""};
  CHECK(elfin_experiment_open(name, &experiment, &err) == ELFIN_OK);
  if (!experiment) {
    fprintf(stderr, "  %s\n", err.text);
    exit(1);
  }
  return experiment;
}

static void all_experiments_load_and_name_their_sources(void)
{
  size_t n = 0;
  char **names = NULL;
  CHECK(elfin_experiment_list(&n, &names, NULL) == ELFIN_OK);
  CHECK(n >= 4);
  for (size_t i = 0; i < n; i++) {
    elfin_experiment *e = open_known(names[i]);
    elfin_material *material = NULL;
    size_t n_edges = 0;
    double *edges = NULL;
    CHECK_TEXT(e->name, names[i]);
    CHECK_SAYS(e->path, names[i]);
    CHECK(e->description && e->n_sources + e->n_assumed >= 5);
    CHECK(elfin_material_open(e->material, &material, NULL) == ELFIN_OK);
    CHECK(elfin_experiment_edges(e, material, &n_edges, &edges, NULL) == ELFIN_OK);
    free(edges);
    elfin_material_free(material);
    elfin_experiment_free(e);
    free(names[i]);
  }
  free(names);
  elfin_experiment_free(NULL);
}

/* The abstract of arXiv:2312.13342. */
static void numbers_of_sensei_are_those_of_its_paper(void)
{
  elfin_experiment *e = open_known("SENSEI_SNOLAB");
  CHECK(e->n_bins == 9 && e->charge[0] == 2 && e->charge[8] == 10 && !e->edge_eV);
  CHECK(e->observed[0] == 55 && e->observed[1] == 4 && e->observed[2] == 0);
  CHECK_CLOSE(e->exposure_kg_yr[0], 0.10072 / 365.25, 1e-14);
  CHECK(e->n_assumed == 3);
  CHECK_SAYS(e->assumed[0], "efficiency: 1 for every charge");
  elfin_experiment_free(e);
}

static void what_is_found_stands_in_place_of_efficiency(void)
{
  static const char head[] = "name: mine\nmaterial: Si\ncharges: [2, 3]\nobserved: {value: 0, source: me}\n"
                             "exposure: {value: 2 kg yr, source: me}\n" STEP;
  static const struct {
    const char *rows, *place, *reason;
  } cases[] = {
      {"found: {rows: [[2, 0.5], [3, 0, 1]], source: me}\n", ":7:16:", "there are 2 bins"},
      {"found: {rows: [[2, 0.5, 0.6]], source: me}\n", ":7:16:", "shares of 2 electrons add up to 1.1"},
      {"found: {rows: [[3, 0.5, 0], [2, 0, 0]], source: me}\n", ":7:29:", "charges must ascend"},
      {"found: {rows: [[2, -0.5, 0]], source: me}\n", ":7:20:", "out of range"},
      {"found: {rows: [[2, 0.5, 0]]}\n", ":7:8:", "needs a source, or assumed"},
      {"found: {rows: [[2, 1, 0]], source: me}\nefficiency: {value: 1, source: me}\n",
       ":8:13:", "give one of the two"},
      {"", ":1:1:", "efficiency is missing"}};
  char text[1024];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elfin_experiment *e = NULL;
    elfin_error err = {""};
    snprintf(text, sizeof text, "%s%s", head, cases[i].rows);
    CHECK(open_text(text, &e, &err) == ELFIN_E_DATA && e == NULL);
    CHECK_SAYS(err.text, cases[i].place);
    CHECK_SAYS(err.text, cases[i].reason);
  }
  elfin_experiment *e = open_known("DAMIC_M_2025");
  CHECK(e->n_found == 4 && e->found[0] == 2 && e->efficiency[1] == 1);
  CHECK_SAYS(e->table_path, "Si_100K_charges.dat");
  elfin_experiment_free(e);
}

static void an_unknown_name_lists_close_ones(void)
{
  elfin_experiment *experiment = NULL;
  elfin_error err;
  CHECK(elfin_experiment_open("SENSEI_SNOLABS", &experiment, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "unknown experiment SENSEI_SNOLABS; did you mean SENSEI_SNOLAB?");
  CHECK_SAYS(err.text, "Known are DAMIC_M_2025, SENSEI_2020");
  CHECK(elfin_experiment_open("", &experiment, &err) == ELFIN_E_DATA);
  CHECK(elfin_experiment_open("..", &experiment, &err) == ELFIN_E_DATA);
  CHECK(elfin_experiment_open("./absent.yaml", &experiment, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "./absent.yaml: cannot be opened");
  CHECK(experiment == NULL);
}

static void a_small_file_is_enough(void)
{
  elfin_experiment *e = NULL;
  elfin_error err = {""};
  CHECK(open_text(CHARGES STEP, &e, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  CHECK(e && e->n_bins == 3 && e->background[1] == 0 && e->exposure_kg_yr[2] == 2);
  CHECK(e && e->n_assumed == 1 && e->n_sources == 4);
  if (e)
    CHECK_TEXT(e->assumed[0], "background: 0: the file gives none");
  elfin_experiment_free(e);
  CHECK(open_text(ENERGIES_SEEN "resolution: {value: 300 meV, source: me}\n"
                                "events: {energies_eV: [1.5, 3], source: me}\n",
                  &e, &err) == ELFIN_OK);
  CHECK(e->n_bins == 2 && e->edge_eV[2] == 4 && e->resolution_eV == 0.3);
  CHECK(e->n_events == 2 && e->event_eV[1] == 3 && !e->charge);
  elfin_experiment_free(e);
}

static void exposures_have_four_units(void)
{
  static const struct {
    const char *text;
    double kg_yr;
  } cases[] = {
      {"3 kg yr", 3}, {"3 g yr", 3e-3}, {"3 kg day", 3 / 365.25}, {"3 g day", 3e-3 / 365.25}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[512];
    elfin_experiment *e = NULL;
    snprintf(text, sizeof text,
             "name: mine\nmaterial: Si\nedges_eV: [1, 2]\nobserved: {value: 0, source: me}\n"
             "exposure: {value: %s, source: me}\nefficiency: {value: 1, source: me}\n",
             cases[i].text);
    CHECK(open_text(text, &e, NULL) == ELFIN_OK);
    CHECK_CLOSE(e ? e->exposure_kg_yr[0] : NAN, cases[i].kg_yr, 1e-15);
    elfin_experiment_free(e);
  }
}

static void a_broken_file_is_refused_with_its_place(void)
{
  static const char head[] = "name: mine\nmaterial: Si\n";
  static const struct {
    const char *text, *place, *reason;
  } cases[] = {
      {"", ":1:1:", "empty"},
      {"[1]\n", ":1:1:", "must be a map"},
      {"material: Si\n", ":1:1:", "name is missing"},
      {CHARGES STEP "colour: red\n", ":8:1:", "no key colour"},
      {CHARGES STEP "efficeincy: 1\n", ":8:1:", "did you mean efficiency?"},
      {CHARGES, ":1:1:", "charge_model is missing"},
      {CHARGES STEP "background: {values: [1, 2], source: me}\n",
       ":8:22:", "background has 2 values, and there are 3 bins"},
      {CHARGES STEP "background: {value: -1, source: me}\n", ":8:21:", "from 0 to 1e+15"},
      {CHARGES STEP "background: {value: 1}\n", ":8:13:", "needs a source, or assumed"},
      {CHARGES STEP "background: {value: 1, values: [1, 2, 3], source: me}\n",
       ":8:13:", "either value"},
      {CHARGES STEP "background: {values: [1, two, 3], source: me}\n", ":8:26:", "finite number"},
      {CHARGES STEP "resolution: {value: 1 eV, source: me}\n",
       ":8:13:", "no effect on bins of charge"},
      {CHARGES STEP "events: {energies_eV: [1], source: me}\n",
       ":8:9:", "events have energies only"},
      {CHARGES STEP "edges_eV: [1, 2, 3, 4]\n", ":1:1:", "either charges"},
      {ENERGIES STEP, ":7:15:", "no effect on bins of energy"},
      {CHARGES "charge_model: {model: stop, source: me}\n",
       ":7:23:", "allowed are step, fano and table"},
      {CHARGES "charge_model: {model: fano, source: me}\n", ":7:15:", "Fano's factor, is missing"},
      {CHARGES "charge_model: {model: step, fano: 0.1, source: me}\n",
       ":7:15:", "belongs to model fano"},
      {CHARGES "charge_model: {model: table, source: me}\n", ":7:15:", "rows or a file"},
      {CHARGES "charge_model: {model: step, rows: [[1, 1], [2, 1]], source: me}\n",
       ":7:15:", "belong to model table"},
      {CHARGES "charge_model: {model: table, rows: [[1, 1], [2, 1, 0]], source: me}\n",
       ":7:45:", "all of one length"},
      {CHARGES "charge_model: {model: table, rows: [[1, 1, 0.5], [2, 1, 0]], source: me}\n",
       ":7:15:", "row 1: probabilities add up to 1.5"},
      {CHARGES "charge_model: {model: table, rows: [[1, 1], [1, 1]], source: me}\n",
       ":7:15:", "row 2: energies must ascend"},
      {CHARGES "charge_model: {model: table, rows: [[1, 1], [2, 1.5]], source: me}\n",
       ":7:15:", "row 2: a probability of 1.5 for 1 electrons"},
      {CHARGES "charge_model: {model: table, rows: [[1, 1], [2, 1]], source: me}\n",
       ":7:15:", "the table ends at 2 eV, where 1 of all deposits still make charges"},
      {CHARGES "charge_model: {model: table, rows: [[1, 1], [2, 1]], above: last, source: me}\n",
       ":7:61:", "only \"nothing\" is known"},
      {CHARGES "charge_model: {model: step, above: nothing, source: me}\n",
       ":7:36:", "above belongs to model table"},
      {ENERGIES_SEEN "events: {energies_eV: [1.5, 4], source: me}\n",
       ":7:29:", "4 eV lies outside of edges_eV, 1 to 4 eV"},
      {ENERGIES_SEEN "events: {energies_eV: [2, 3], source: me}\n",
       ":7:23:", "0 between 1 and 2 eV, where observed says 1"},
      {ENERGIES "events: {energies_eV: [2], source: me}\n",
       ":7:23:", "1 between 2 and 4 eV, where observed says 0"},
      {CHARGES "charge_model: {model: table, file: absent.txt, source: me}\n",
       ":7:36:", "absent.txt"},
      {CHARGES "charge_model: {model: step, gap: -1, source: me}\n", ":7:34:", "above 0"},
  };
  static const struct {
    const char *text, *place, *reason;
  } bodies[] = {
      {"charges: [2, 2]\n", ":3:14:", "charges must ascend: 2 is followed by 2"},
      {"charges: [0]\n", ":3:11:", "a whole number from 1 to 1000"},
      {"charges: [1.5]\n", ":3:11:", "a whole number"},
      {"charges: []\n", ":3:10:", "empty list"},
      {"edges_eV: [1]\n", ":3:11:", "at least two"},
      {"edges_eV: [1, 1 K]\n", ":3:15:", "a temperature's unit"},
      {"edges_eV: [1, 2]\n", ":1:1:", "observed is missing"},
      {"edges_eV: [1, 2]\nobserved: {value: 0.5, source: me}\n", ":4:19:", "a whole number from 0"},
      {"edges_eV: [1, 2]\nexposure: {value: -1 kg yr, source: me}\n",
       ":4:19:", "exposure: -1 kg yr is out of range; allowed is above 0"},
      {"edges_eV: [1, 2]\nexposure: {value: 0 kg yr, source: me}\n", ":4:19:", "above 0"},
      {"edges_eV: [1, 2]\nexposure: {value: 3, source: me}\n",
       ":4:19:", "kg yr, g yr, kg day or g day"},
      {"edges_eV: [1, 2]\nexposure: {value: x kg yr, source: me}\n", ":4:19:", "finite number"},
      {"edges_eV: [1, 2]\nexposure: {value: 3 mg yr, source: me}\n", ":4:19:", "mg"},
      {"edges_eV: [1, 2]\nefficiency: {value: 1.2, source: me}\n",
       ":4:21:", "efficiency: 1.2 is out of range; allowed is from 0 to 1"},
      {"edges_eV: [1, 2]\nefficiency: {values: 1, source: me}\n", ":4:22:", "must be a list"},
      {"edges_eV: [1, 2]\nresolution: {source: me}\n", ":4:13:", "value is missing"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elfin_experiment *experiment = NULL;
    elfin_error err = {""};
    CHECK(open_text(cases[i].text, &experiment, &err) == ELFIN_E_DATA);
    CHECK(experiment == NULL);
    CHECK_SAYS(err.text, cases[i].place);
    CHECK_SAYS(err.text, cases[i].reason);
  }
  for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
    char text[512];
    elfin_experiment *experiment = NULL;
    elfin_error err = {""};
    snprintf(text, sizeof text, "%s%s%s%s%s", head, bodies[i].text,
             strstr(bodies[i].text, "observed") || strstr(bodies[i].reason, "observed")
                 ? ""
                 : "observed: {value: 0, source: me}\n",
             strstr(bodies[i].text, "exposure") ? "" : "exposure: {value: 1 kg yr, source: me}\n",
             strstr(bodies[i].text, "efficiency") ? "" : "efficiency: {value: 1, source: me}\n");
    if (!strstr(bodies[i].text, "edges"))
      strcat(text, STEP);
    CHECK(open_text(text, &experiment, &err) == ELFIN_E_DATA);
    CHECK_SAYS(err.text, bodies[i].place);
    CHECK_SAYS(err.text, bodies[i].reason);
  }
}

/* Deterministic damage to a complete file: whatever comes out is an experiment or a sentence. */
static void mutated_files_never_break_the_reader(void)
{
  static const char spice[] = "[]{}:,-&*!'\"#\n 0e.xn";
  static const char good[] =
      CHARGES "charge_model: {model: table, rows: [[1, 1, 0], [5, 0.5, 0.5]], above: nothing, "
              "source: me}\n";
  enum { MUTATIONS = 600 };
  size_t n_good = 0, n_bad = 0;
  unsigned random = 7;
  for (int round = 0; round < MUTATIONS; round++) {
    char text[sizeof good];
    size_t n = sizeof good - 1;
    memcpy(text, good, n);
    for (int change = 0; change <= round % 3; change++) {
      random = random * 1664525u + 1013904223u;
      size_t at = (random >> 8) % n;
      if (random >> 31)
        text[at] = spice[(random >> 4) % (sizeof spice - 1)];
      else
        memmove(text + at, text + at + 1, --n - at);
    }
    text[n] = '\0';
    elfin_experiment *experiment = NULL;
    elfin_error err = {""};
    elfin_status status = open_text(text, &experiment, &err);
    CHECK((status == ELFIN_OK) == (experiment != NULL));
    CHECK(status == ELFIN_OK || strlen(err.text) > 20);
    n_good += status == ELFIN_OK;
    n_bad += status != ELFIN_OK;
    elfin_experiment_free(experiment);
  }
  CHECK(n_good > MUTATIONS / 50 && n_bad > MUTATIONS / 20);
}

int main(void)
{
  all_experiments_load_and_name_their_sources();
  numbers_of_sensei_are_those_of_its_paper();
  what_is_found_stands_in_place_of_efficiency();
  an_unknown_name_lists_close_ones();
  a_small_file_is_enough();
  exposures_have_four_units();
  a_broken_file_is_refused_with_its_place();
  mutated_files_never_break_the_reader();
  return check_result();
}
