/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_material.c
 * Every material of elfin's own loads and is physically possible; a broken file is refused with its
 * place and the cure. */
#include "check.h"

#include <elfin/material.h>

#include <unistd.h>

enum { N_KNOWN = 40 };

static elfin_material *open_known(const char *name)
{
  elfin_material *material = NULL;
  elfin_error err = {""};
  CHECK(elfin_material_open(name, &material, &err) == ELFIN_OK);
  if (!material) {
    fprintf(stderr, "  %s\n", err.text);
    exit(1);
  }
  return material;
}

static void free_names(size_t n, char **names)
{
  for (size_t i = 0; i < n; i++)
    free(names[i]);
  free(names);
}

static void is_given_with_source(const char *name, elfin_quantity quantity)
{
  CHECK(quantity.source && *quantity.source && isfinite(quantity.value));
  if (!quantity.source)
    fprintf(stderr, "  of %s\n", name);
}

static void is_absent_or_has_a_source(elfin_quantity quantity)
{
  CHECK(isnan(quantity.value) == !quantity.source);
}

static void all_materials_load_with_sources(void)
{
  size_t n = 0;
  char **names = NULL;
  elfin_error err = {""};
  CHECK(elfin_material_list(&n, &names, &err) == ELFIN_OK);
  CHECK(n == N_KNOWN);
  for (size_t i = 0; i < n; i++) {
    CHECK(i == 0 || strcmp(names[i - 1], names[i]) < 0);
    elfin_material *m = open_known(names[i]);
    CHECK_TEXT(m->name, names[i]);
    CHECK_SAYS(m->path, names[i]);
    CHECK(m->description && strlen(m->description) > 3);
    is_given_with_source(m->name, m->density_g_cm3);
    is_absent_or_has_a_source(m->gap_eV);
    is_absent_or_has_a_source(m->pair_energy_eV);
    is_absent_or_has_a_source(m->plasma_energy_eV);
    is_absent_or_has_a_source(m->phonon_mean_eV);
    is_absent_or_has_a_source(m->lattice_spacing_A);
    is_absent_or_has_a_source(m->sound_speed_km_s);
    CHECK((m->n_oscillators == 0) == !m->oscillator_source);
    elfin_material_free(m);
  }
  free_names(n, names);
}

/* 1 − 1/ε(0) = Σ A. It lies in (0, 1] for ε(0) > 1; published fits overshoot 1 by up to 9 per cent
 * (Al2O3), and metals sit at 1. Te as published has 1.48; its file says so. */
static void oscillators_screen_a_static_charge(void)
{
  size_t n = 0, n_with = 0;
  char **names = NULL;
  CHECK(elfin_material_list(&n, &names, NULL) == ELFIN_OK);
  for (size_t i = 0; i < n; i++) {
    elfin_material *m = open_known(names[i]);
    double sum = 0;
    for (size_t j = 0; j < m->n_oscillators; j++) {
      sum += m->oscillators[j].amplitude;
      CHECK(m->oscillators[j].gamma_eV > 0 && m->oscillators[j].omega_eV > 0);
    }
    if (m->n_oscillators) {
      n_with++;
      double most = strcmp(m->name, "Te") == 0 ? 1.48 : 1.2;
      CHECK(sum > 0.5 && sum <= most);
      if (!(sum > 0.5 && sum <= most))
        fprintf(stderr, "  %s: %g\n", m->name, sum);
    }
    elfin_material_free(m);
  }
  CHECK(n_with == 27);
  free_names(n, names);
}

static void numbers_of_silicon_are_those_of_its_sources(void)
{
  elfin_material *si = open_known("Si");
  CHECK(si->density_g_cm3.value == 2.33);
  CHECK(si->gap_eV.value == 1.11);
  CHECK(si->pair_energy_eV.value == 3.6);
  CHECK(si->plasma_energy_eV.value == 16.6);
  CHECK(si->phonon_mean_eV.value == 0.03);
  CHECK(si->lattice_spacing_A.value == 5.47);
  CHECK(si->sound_speed_km_s.value == 8.7);
  CHECK(si->n_nuclei == 1 && si->nuclei[0].mass_number == 28 && si->nuclei[0].multiplicity == 2);
  CHECK_TEXT(si->nuclei[0].name, "Si");
  CHECK(si->n_oscillators == 37);
  CHECK(si->oscillators[5].amplitude == -0.0367);
  CHECK(si->oscillators[6].gamma_eV == 0.003);
  CHECK(si->oscillators[36].omega_eV == 2499.758);
  CHECK_SAYS(si->oscillator_source, "Sun");
  elfin_material_free(si);
}

static void metals_have_no_gap(void)
{
  const char *const metals[] = {"Al", "Ta", "Au", "Pb", "W"};
  for (size_t i = 0; i < sizeof metals / sizeof *metals; i++) {
    elfin_material *m = open_known(metals[i]);
    CHECK(m->gap_eV.value == 0);
    CHECK_SAYS(m->gap_eV.source, "metal");
    elfin_material_free(m);
  }
}

static void an_unknown_name_lists_close_ones(void)
{
  elfin_material *material = NULL;
  elfin_error err;
  CHECK(elfin_material_open("Sii", &material, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "unknown material Sii; did you mean Si?");
  CHECK(elfin_material_open("gaas", &material, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "did you mean GaAs?");
  CHECK(elfin_material_open("unobtainium", &material, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "known are Ag, Al, Al2O3");
  CHECK(elfin_material_open("", &material, &err) == ELFIN_E_DATA);
  CHECK(elfin_material_open("..", &material, &err) == ELFIN_E_DATA);
  CHECK(elfin_material_open("./absent.yaml", &material, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "./absent.yaml: cannot be opened");
  CHECK(elfin_material_open("absent.yaml", &material, NULL) == ELFIN_E_DATA);
  CHECK(elfin_material_open("/", &material, &err) == ELFIN_E_DATA);
  CHECK(material == NULL);
  elfin_material_free(NULL);
}

static void a_wrong_data_folder_is_named(void)
{
  char *before = strdup(getenv("ELFIN_DATA") ? getenv("ELFIN_DATA") : "");
  elfin_material *material = NULL;
  elfin_error err;
  setenv("ELFIN_DATA", "/no/such/folder", 1);
  CHECK(elfin_material_open("Si", &material, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "/no/such/folder/materials");
  CHECK_SAYS(err.text, "ELFIN_DATA");
  if (*before)
    setenv("ELFIN_DATA", before, 1);
  else
    unsetenv("ELFIN_DATA");
  free(before);
}

/* ---- files of a user's own --------------------------------------------------------------------
 */

static elfin_status open_text(const char *text, elfin_material **material, elfin_error *err)
{
  char path[] = "/tmp/elfin_material_XXXXXX";
  int file = mkstemp(path);
  if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text))
    exit(1);
  close(file);
  elfin_status status = elfin_material_open(path, material, err);
  unlink(path);
  return status;
}

#define GOOD "name: mine\ndensity: {value: 2 g/cm3, source: me}\n"

#define EDGES GOOD "mermin:\n  source: me\n  columns: [amplitude, gamma_eV, omega_eV]\n" \
                   "  oscillators: [[1, 2, 15], [1, 2, 120], [1, 2, 1900]]\n  edges:\n    source: me\n"
#define EDGE_COLUMNS "    columns: [shell, edge_eV, from_eV, to_eV]\n"

#define POLAR(longitudinal, transverse) GOOD "polar_phonons: {source: me, longitudinal_eV: [" longitudinal "], " \
                                             "transverse_eV: [" transverse "]}\n"
#define FACTORISED(rows) GOOD "phonon_response:\n- {name: mine, source: me, model: factorised, range_eV: [0.01, 0.1],\n" \
                              "   eps_infinity: 5,\n   columns: [transverse_eV, transverse_gamma_eV, longitudinal_eV,\n" \
                              "             longitudinal_gamma_eV],\n   rows: [" rows "]}\n"

/* A weak branch within the band of a strong one has its zero below its pole. */
static void branches_may_lie_within_others(void)
{
  static const char *const texts[] = {POLAR("0.09, 0.06", "0.04, 0.07"), POLAR("0.06, 0.09", "0.04, 0.07"),
                                      FACTORISED("[0.04, 0.001, 0.09, 0.001], [0.07, 0.001, 0.06, 0.001]")};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    elfin_material *m = NULL;
    elfin_error err = {""};
    CHECK(open_text(texts[i], &m, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    elfin_material_free(m);
  }
}

static void inner_shells_are_read(void)
{
  elfin_material *m = NULL;
  elfin_error err = {""};
  CHECK(open_text(EDGES EDGE_COLUMNS "    rows: [[2p, 99, 100, 200], [1s, 1800, 1801, 1e4]]\n", &m, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  CHECK(m && m->n_edges == 2);
  if (m && m->n_edges == 2) {
    CHECK_TEXT(m->edges[0].shell, "2p");
    CHECK(m->edges[0].energy_eV == 99 && m->edges[0].from_eV == 100 && m->edges[0].to_eV == 200);
    CHECK(m->edges[1].energy_eV == 1800);
    CHECK_TEXT(m->edge_source, "me");
  }
  elfin_material_free(m);
}

#define LIST(amplitude) GOOD "mermin: {source: me, columns: [amplitude, gamma_eV, omega_eV], oscillators: [[0.6, 1, 16], [" amplitude ", 2, 18]]}\n"
#define NUCLEUS "nuclei: {source: me, cell: [{name: X, mass_number: 28, multiplicity: 1}]}\n"
#define DENSITY(highest) GOOD NUCLEUS "phonon_dos: [{name: X, source: me, columns: [omega_eV, D_per_eV], " \
                                      "rows: [[0.01, 0], [0.02, " highest "], [0.03, 0]]}]\n"

static void what_can_hardly_be_is_said(void)
{
  static const struct {
    const char *text, *says; /* NULL: nothing */
  } cases[] = {
      {LIST("0.3"), NULL},
      {LIST("0.48"), NULL},
      {LIST("0.7"), "mine: the amplitudes of its Mermin oscillators add up to 1.3, which is 1 - 1/eps(0) and at most 1"},
      {DENSITY("100"), NULL},
      {DENSITY("41"), "mine: the density of states of X has the norm 0.41 in place of 1"},
      {DENSITY("400"), "mine: the density of states of X has the norm 4 in place of 1"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elfin_material *m = NULL;
    elfin_error err = {""};
    char text[256] = "";
    CHECK(open_text(cases[i].text, &m, &err) == ELFIN_OK);
    CHECK_TEXT(err.text, "");
    CHECK(m && elfin_material_doubt(m, 0, sizeof text, text) == (cases[i].says != NULL));
    CHECK_SAYS(text, cases[i].says ? cases[i].says : "");
    CHECK(m && !elfin_material_doubt(m, 1, sizeof text, text));
    elfin_material_free(m);
  }
}

/* Of the lists that elfin ships five miss by more than 10 %, as published. */
static void shipped_materials_are_hardly_doubted(void)
{
  static const char *const doubted[] = {"Ag", "C_graphite", "Pd", "Pt", "Te"};
  size_t n = 0, n_doubted = 0;
  char **names = NULL, text[256];
  CHECK(elfin_material_list(&n, &names, NULL) == ELFIN_OK);
  for (size_t i = 0; i < n; i++) {
    elfin_material *m = open_known(names[i]);
    if (elfin_material_doubt(m, 0, sizeof text, text) && n_doubted < 5)
      CHECK_TEXT(names[i], doubted[n_doubted++]);
    CHECK(!elfin_material_doubt(m, 1, sizeof text, text));
    elfin_material_free(m);
    free(names[i]);
  }
  CHECK(n_doubted == 5);
  free(names);
}

static void a_small_file_is_enough(void)
{
  elfin_material *m = NULL;
  elfin_error err = {""};
  CHECK(open_text(GOOD, &m, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  CHECK(m && m->density_g_cm3.value == 2 && isnan(m->gap_eV.value) && !m->gap_eV.source);
  CHECK(m && m->n_nuclei == 0 && m->n_oscillators == 0 && m->description == NULL);
  elfin_material_free(m);
}

static void units_are_converted(void)
{
  elfin_material *m = NULL;
  CHECK(open_text(GOOD "gap: {value: 320 meV, source: me}\n"
                       "plasma_energy: {value: 16, source: me}\n",
                  &m, NULL) == ELFIN_OK);
  CHECK(m && m->gap_eV.value == 0.32 && m->plasma_energy_eV.value == 16);
  elfin_material_free(m);
}

static void a_broken_file_is_refused_with_its_place(void)
{
  static const struct {
    const char *text, *place, *reason;
  } cases[] = {
      {"", ":1:1:", "empty"},
      {"just words\n", ":1:1:", "must be a map"},
      {"[1, 2]\n", ":1:1:", "must be a map"},
      {"density: {value: 2 g/cm3, source: me}\n", ":1:1:", "name is missing"},
      {"name: mine\n", ":1:1:", "density is missing"},
      {"name: a b\ndensity: {value: 2 g/cm3, source: me}\n", ":1:7:", "letters, digits"},
      {"name: .x\ndensity: {value: 2 g/cm3, source: me}\n", ":1:7:", "no dot"},
      {"name: [x]\ndensity: {value: 2 g/cm3, source: me}\n", ":1:7:", "single value"},
      {"name: mine\ndensity: 2\n", ":2:10:", "a number needs a source"},
      {"name: mine\ndensity: {value: 2 g/cm3}\n", ":2:10:", "source is missing"},
      {"name: mine\ndensity: {value: 2 g/cm3, source: \"\"}\n", ":2:35:", "source is empty"},
      {"name: mine\ndensity: {source: me}\n", ":2:10:", "value is missing"},
      {"name: mine\ndensity: {value: -2 g/cm3, source: me}\n", ":2:18:", "above 0 to 30 g/cm3"},
      {"name: mine\ndensity: {value: 0, source: me}\n", ":2:18:", "above 0"},
      {"name: mine\ndensity: {value: 2330, source: me}\n", ":2:18:", "out of range"},
      {"name: mine\ndensity: {value: 2 kg/m3, source: me}\n", ":2:18:", "unknown unit kg/m3"},
      {"name: mine\ndensity: {value: nan, source: me}\n", ":2:18:", "finite"},
      {"name: mine\ndensity: {value: [2], source: me}\n", ":2:18:", "single value"},
      {"name: mine\ndensity: {valeu: 2, value: 2, source: me}\n", ":2:11:", "did you mean value?"},
      {GOOD "gap: {value: -1 eV, source: me}\n", ":3:14:", "from 0 to 100 eV"},
      {GOOD "gap: {value: 1 K, source: me}\n", ":3:14:", "a temperature's unit"},
      {GOOD "Gap: {value: 1 eV, source: me}\n", ":3:1:", "did you mean gap?"},
      {GOOD "plasma_enery: {value: 1 eV, source: me}\n", ":3:1:", "did you mean plasma_energy?"},
      {GOOD "colour: blue\n", ":3:1:", "no key colour"},
      {GOOD "density: {value: 3 g/cm3, source: me}\n", ":3:1:", "twice"},
      {GOOD "nuclei: []\n", ":3:9:", "nuclei must be a map"},
      {GOOD "nuclei: {source: me}\n", ":3:9:", "cell is missing"},
      {GOOD "nuclei: {source: me, cell: []}\n", ":3:28:", "empty list"},
      {GOOD "nuclei: {cell: [{name: X, mass_number: 1, multiplicity: 1}]}\n",
       ":3:9:", "source is missing"},
      {GOOD "nuclei: {source: me, cell: [X]}\n", ":3:29:", "must be a map"},
      {GOOD "nuclei: {source: me, cell: [{name: X, mass_number: 0, multiplicity: 1}]}\n",
       ":3:52:", "above 0 to 300"},
      {GOOD "nuclei: {source: me, cell: [{name: X, mass_number: 1, multiplicity: -1}]}\n",
       ":3:69:", "above 0"},
      {GOOD "nuclei: {source: me, cell: [{name: X, mass: 1, multiplicity: 1}]}\n",
       ":3:29:", "mass_number is missing"},
      {GOOD
       "nuclei: {source: me, cell: [{name: X, mass_number: 1, multiplicity: 1, isotopes: 3}]}\n",
       ":3:82:", "must be a list"},
      {GOOD "mermin: {source: me, columns: [amplitude, gamma_eV, omega_eV]}\n",
       ":3:9:", "oscillators is missing"},
      {GOOD "mermin: {source: me, columns: [amplitude, gamma_eV, omega_eV], oscillators: []}\n",
       ":3:77:", "empty list"},
      {GOOD "mermin: {source: me, columns: [A, omega_eV, gamma_eV], oscillators: [[1, 2, 3]]}\n",
       ":3:31:", "columns must be"},
      {GOOD "mermin:\n  source: me\n  columns: [amplitude, gamma_eV, omega_eV]\n  oscillators:\n"
            "  - [1, 2, 3]\n  - [1, 0, 3]\n",
       ":8:9:", "gamma_eV must be above 0"},
      {GOOD "mermin:\n  source: me\n  columns: [amplitude, gamma_eV, omega_eV]\n  oscillators:\n"
            "  - [1, 2, -3]\n",
       ":7:12:", "omega_eV must be above 0"},
      {GOOD "mermin:\n  source: me\n  columns: [amplitude, gamma_eV, omega_eV]\n  oscillators:\n"
            "  - [1, 2]\n",
       ":7:5:", "a row [amplitude"},
      {GOOD "mermin:\n  source: me\n  columns: [amplitude, gamma_eV, omega_eV]\n  oscillators:\n"
            "  - [1, 2, 3, 4]\n",
       ":7:5:", "a row [amplitude"},
      {GOOD "mermin:\n  source: me\n  columns: [amplitude, gamma_eV, omega_eV]\n  oscillators:\n"
            "  - [1, two, 3]\n",
       ":7:9:", "gamma_eV: a finite number"},
      {GOOD "mermin:\n  source: me\n  columns: [amplitude, gamma_eV, omega_eV]\n  oscillators:\n"
            "  - [inf, 2, 3]\n",
       ":7:6:", "amplitude: a finite number"},
      {GOOD "mermin:\n  columns: [amplitude, gamma_eV, omega_eV]\n  oscillators:\n  - [1, 2, 3]\n",
       ":4:3:", "source is missing"},
      {EDGES "    rows: [[2p, 99, 100, 200]]\n", ":8:5:", "edges: columns is missing"},
      {EDGES "    columns: [shell, edge_eV]\n    rows: [[2p, 99]]\n", ":9:14:", "columns must be [shell, edge_eV"},
      {EDGES EDGE_COLUMNS "    rows: []\n", ":10:11:", "empty list"},
      {EDGES EDGE_COLUMNS "    rows: [[2p, 99, 100]]\n", ":10:12:", "an edge is a row [shell"},
      {EDGES EDGE_COLUMNS "    rows: [[\"\", 99, 100, 200]]\n", ":10:13:", "a name such as 2p"},
      {EDGES EDGE_COLUMNS "    rows: [[2p, 99 eV, 100, 200]]\n", ":10:17:", "edge_eV: a number above 0"},
      {EDGES EDGE_COLUMNS "    rows: [[2p, -99, 100, 200]]\n", ":10:17:", "edge_eV: a number above 0"},
      {EDGES EDGE_COLUMNS "    rows: [[2p, 99, 200, 100]]\n", ":10:26:", "to_eV: 100 is below from_eV, 200"},
      {EDGES EDGE_COLUMNS "    rows: [[2p, 99, 140, 160]]\n", ":10:21:", "no oscillator lies between 140 and 160 eV"},
      {EDGES EDGE_COLUMNS "    rows: [[2p, 130, 100, 200]]\n", ":10:17:", "above all oscillators of the shell"},
      {EDGES EDGE_COLUMNS "    rows: [[2p, 99, 100, 200], [1s, 99, 201, 3000]]\n", ":10:37:", "must ascend"},
      {EDGES EDGE_COLUMNS "    rows: [[2p, 99, 100, 2000], [1s, 1800, 1500, 3000]]\n", ":10:44:",
       "oscillators up to 2000 eV belong to 2p already"},
      {EDGES "    soruce: me\n" EDGE_COLUMNS "    rows: [[2p, 99, 100, 200]]\n", ":9:5:", "did you mean source?"},
      {POLAR("0.04", "0.051"), ":3:47:", "longitudinal_eV of 0.04 eV must be above its transverse_eV"},
      {POLAR("0.05", "0.05"), ":3:47:", "0 transverse and 0 longitudinal"},
      {POLAR("0.09, 0.04", "0.03, 0.05, 0.06"), ":3:", "there must be as many of both"},
      {POLAR("0.08, 0.04", "0.05, 0.06"), ":3:53:", "longitudinal_eV of 0.04 eV"},
      {POLAR("0.08, 0.07", "0.05, 0.06"), ":3:53:", "2 transverse and 0 longitudinal"},
      {POLAR("0.08, 0.08", "0.05, 0.06"), ":3:47:", "2 transverse and 0 longitudinal"},
      {FACTORISED("[0.05, 0.001, 0.04, 0.001]"), ":8:25:", "longitudinal_eV of 0.04 eV must be above"},
      {FACTORISED("[0.03, 0.001, 0.04, 0.001], [0.02, 0.001, 0.05, 0.001]"), ":8:25:", "TO < LO < TO < LO"},
      {GOOD "phonon_response: 3\n", ":3:18:", "must be a list"},
      {GOOD "optical: [1]\n", ":3:10:", "must be a map"},
      {GOOD "gap: &a {value: 1 eV, source: me}\n", ":3:6:", "anchors"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    elfin_material *material = NULL;
    elfin_error err = {""};
    CHECK(open_text(cases[i].text, &material, &err) == ELFIN_E_DATA);
    CHECK(material == NULL);
    CHECK_SAYS(err.text, cases[i].place);
    CHECK_SAYS(err.text, cases[i].reason);
    elfin_material_free(material);
  }
}

static void further_problems_are_counted(void)
{
  elfin_material *material = NULL;
  elfin_error err = {""};
  CHECK(open_text("name: mine\ncolour: 1\ndensity: 2\ngap: 3\n", &material, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, ":2:1: a material has no key colour");
  CHECK_SAYS(err.text, "(and 2 more in this file)");
}

/* Deterministic damage to a complete file: lines dropped, doubled, bytes replaced. Whatever comes
 * out is either a material with a density or a sentence with a place. */
static void mutated_files_never_break_the_reader(void)
{
  static const char spice[] = "[]{}:,-&*!'\"#\n 0e.xn";
  enum { MUTATIONS = 400, ROOM = 16384 };
  static char good[ROOM], text[2 * ROOM];
  elfin_material *si = open_known("Si");
  FILE *file = fopen(si->path, "r");
  size_t length = file ? fread(good, 1, ROOM - 1, file) : 0;
  if (file)
    fclose(file);
  elfin_material_free(si);
  good[length] = '\0';
  char *later = strstr(good, "\nphonon_response:"); /* numbers, nuclei and oscillators are enough */
  CHECK(later != NULL);
  length = later ? (size_t)(later - good) + 1 : 0;
  size_t n_good = 0, n_bad = 0;
  unsigned random = 7;
  for (int round = 0; round < MUTATIONS && length; round++) {
    size_t n = length;
    memcpy(text, good, length);
    for (int change = 0; change <= round % 3; change++) {
      random = random * 1664525u + 1013904223u;
      size_t at = (random >> 8) % n;
      if (random >> 31)
        text[at] = spice[(random >> 4) % (sizeof spice - 1)];
      else
        memmove(text + at, text + at + 1, --n - at);
    }
    text[n] = '\0';
    elfin_material *material = NULL;
    elfin_error err = {""};
    elfin_status status = open_text(text, &material, &err);
    CHECK((status == ELFIN_OK) == (material != NULL));
    CHECK(status == ELFIN_OK ? material->density_g_cm3.value > 0 : strlen(err.text) > 20);
    n_good += status == ELFIN_OK;
    n_bad += status != ELFIN_OK;
    elfin_material_free(material);
  }
  CHECK(n_good > MUTATIONS / 20 && n_bad > MUTATIONS / 20); /* both ways were taken */
}

int main(void)
{
  mutated_files_never_break_the_reader();
  all_materials_load_with_sources();
  oscillators_screen_a_static_charge();
  numbers_of_silicon_are_those_of_its_sources();
  metals_have_no_gap();
  an_unknown_name_lists_close_ones();
  a_wrong_data_folder_is_named();
  a_small_file_is_enough();
  inner_shells_are_read();
  branches_may_lie_within_others();
  what_can_hardly_be_is_said();
  shipped_materials_are_hardly_doubted();
  units_are_converted();
  a_broken_file_is_refused_with_its_place();
  further_problems_are_counted();
  return check_result();
}
