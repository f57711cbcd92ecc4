/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_import_refusals.c
 * A small folder in DarkELF's format is imported; each way to break it is refused with its file and
 * line, and leaves nothing behind. */
#include "import/import.h"
#include "import_check.h"

#include <elfin/material.h>

/* ---- a folder that is fine --------------------------------------------------------------------- */

typedef struct file_row {
  const char *name, *text;
} file_row;

static const file_row good[] = {
    {"X.yaml", "# comment\nrhoT : 2.5 # g/cm^3\nA : 20\nZ: 10\nZion: 3.\nombar:\nE_gap: 1.5\n"
               "Enl_list: [500., 20]\nLOvec: [0.05]\natoms: ['X']\n"
               "unitcell: {'X':{'A': 20., 'mult':2, 'isotopes':[{'A':20., 'frac':1,\n"
               "  'atomic_spin':0.5, 'f_p':0.1, 'f_n':-0.2}]}}\n"
               "unitcell_anisotropic: {'X_a':{'A': 20., 'mult':2}}\n"},
    {"X_extraordinary.yaml", "rhoT: 2.5\neps_0: 3\neps_inf: 2\nLOvec: [0.06]\nTOvec: [0.04]\n"},
    {"X_mermin.dat", "A. Body, A \"quoted\" paper.\n1 10 2 0.1\n2 10 2 nan\n1 20 2 0.1\n2 20 2 0.2\n"},
    {"X_epsphonon_b.dat", "# w e1 e2\n0.04 3 0.1\n0.03 2 0.2\n0.05 4 0.3\n"},
    {"X_epsphonon_e.dat", "0.03 2 0.2\n0.05 4 0.3\n"},
    {"X_epsphonon_data2K.dat", "0.03 2 0.2\n0.05 4 0.3\n0.05 6 0.5\n"},
    {"X_Zion.dat", "# k Z\n0 3\n100 4\n1000 10\n"},
    {"X_atomic_Zion.dat", "0 0\n1000 10\n"},
    {"X_pDoS.dat", "# eV, DoS\n0 0\n0.02 100\n0.04 0\n"},
    {"X_pDoS_anisotropic.dat", "-0.01 0 0 0 0 0 0\n0.02 90 90 100 80 95 95\n0.04 0 0 0 0 0 0\n"},
    {"X_Migdal_FAC.dat", "  Principal QN n  Azimuthal QN l\n   1   0\n Electron Energy Probability\n"
                         "  0.1E+01  0.5E-12\n  0.2E+01  0.4E-12\n# Principal QN\n#  2  1\n"
                         "  0.1E+01  0.5E-10\n  0.3E+01  0.1E-10\n"},
    {"X_Fn.dat", "anything\n"},
    {"notes.txt", "anything\n"},
};
enum { N_GOOD = sizeof good / sizeof *good };

static void write_good(const char *folder)
{
  for (size_t i = 0; i < N_GOOD; i++)
    write_file(folder, good[i].name, good[i].text);
}

static void the_small_folder_becomes_a_material(void)
{
  char folder[PATH_ROOM], dest[PATH_ROOM], path[PATH_ROOM];
  char *said = NULL;
  size_t n_said = 0;
  elfin_error err = {""};
  folder_new(folder);
  folder_new(dest);
  write_good(folder);
  FILE *stream = open_memstream(&said, &n_said);
  CHECK(import_darkelf(folder, dest, false, stream, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  fclose(stream);
  CHECK_SAYS(said, "response: 2 energies, 2 momenta, 1 holes (nan)");
  CHECK_SAYS(said, "phonon response b, ordinary, 3 points, not all in order");
  CHECK_SAYS(said, "seen, not needed");
  CHECK_SAYS(said, "left out: not a table that elfin knows");
  free(said);
  CHECK(entries_of(dest) == 2);
  snprintf(path, sizeof path, "%.4000s/X.yaml", dest);
  elfin_material *m = NULL;
  CHECK(elfin_material_open(path, &m, &err) == ELFIN_OK);
  if (!m)
    exit(1);
  CHECK(m->density_g_cm3.value == 2.5 && isnan(m->phonon_mean_eV.value) && m->gap_eV.value == 1.5);
  CHECK(m->n_nuclei == 1 && m->nuclei[0].n_isotopes == 1);
  CHECK(m->nuclei[0].isotopes[0].neutron_spin == -0.2 && m->nuclei[0].charge.value == 3);
  CHECK_SAYS(m->response_table_source, "A. Body, A \"quoted\" paper. DarkELF (arXiv:2104.12786)");
  CHECK(m->polar[ELFIN_EXTRAORDINARY]->transverse_eV[0] == 0.04);
  CHECK_TEXT(elfin_phonon_response_find(m, ELFIN_ORDINARY, NULL)->name, "data2K");
  CHECK_TEXT(elfin_phonon_response_find(m, ELFIN_EXTRAORDINARY, NULL)->name, "e");
  /* out of order: sorted; twice the same energy: the mean */
  const elfin_phonon_response *r = elfin_phonon_response_find(m, ELFIN_ORDINARY, "b");
  CHECK(r->n == 3 && r->omega_eV[0] == 0.03 && r->first[0] == 2 && r->second[1] == 0.1);
  r = elfin_phonon_response_find(m, ELFIN_ORDINARY, "data2K");
  CHECK(r->n == 2 && r->first[1] == 5 && r->second[1] == 0.4);
  /* a triangle of height 100 over [0, 0.04]: all integrals by hand */
  const elfin_density_of_states *dos = m->nuclei[0].dos;
  CHECK_CLOSE(dos->norm, 2, 1e-14);
  CHECK_CLOSE(dos->mean_eV, 0.04, 1e-14);
  CHECK_CLOSE(dos->inverse_per_eV, 100 + 100 * (2 * log(2) - 1), 1e-13);
  CHECK(m->n_shells == 2 && m->shells[1].l == 1 && m->shells[1].binding_eV == 20);
  double e = 2, p;
  elfin_shell_at(&m->shells[1], 1, &e, &p);
  CHECK_CLOSE(p, 0.3e-10, 1e-14);
  elfin_material_free(m);
  folder_remove(folder);
  folder_remove(dest);
}

/* ---- broken ones ------------------------------------------------------------------------------ */

static const struct {
  const char *name, *text; /* NULL: the file is not there */
  const char *place, *reason;
} broken[] = {
    {"X.yaml", NULL, "", "no .yaml file"},
    {"X.yaml", "", "X.yaml:1:1:", "empty"},
    {"X.yaml", "[1, 2]\n", "X.yaml:1:1:", "a map"},
    {"X.yaml", "rhoT: {\n", "X.yaml:", ""},
    {"X.yaml", "A: 20\n", "X.yaml:1:1:", "the density is missing"},
    {"X.yaml", "rhoT:\nA: 20\n", "X.yaml:1:1:", "the density is missing"},
    {"X.yaml", "rhoT: heavy\n", "X.yaml:1:7:", "rhoT: a finite number"},
    {"X.yaml", "rhoT: .nan\n", "X.yaml:1:7:", "rhoT: a finite number"},
    {"X.yaml", "rhoT: -2\nA: 20\nunitcell: {'X':{'A':20,'mult':1}}\nEnl_list: [9, 8]\n",
     "its data makes no material", "-2 g/cm3 is out of range"},
    {"X.yaml", "rhoT: 2\nunitcell: {'X': 3}\n", "X.yaml:2:17:", "X: a map with A and mult"},
    {"X.yaml", "rhoT: 2\nunitcell: {'X': {'A': 20}}\n", "X.yaml:2:17:", "mult"},
    {"X.yaml", "rhoT: 2\nunitcell: [1]\n", "X.yaml:2:11:", "a map of nuclei"},
    {"X.yaml", "rhoT: 2\nLOvec: [a]\n", "X.yaml:2:9:", "LOvec: a finite number"},
    {"X.yaml", "rhoT: 2\nA: 20\nunitcell: {'X':{'A':20,'mult':1}}\n", "X_Migdal_FAC.dat",
     "has no Enl_list"},
    {"X.yaml", "rhoT: 2\nA: 20\nunitcell: {'X':{'A':20,'mult':1}}\nEnl_list: [9]\n",
     "X_Migdal_FAC.dat:7:", "more shells than Enl_list"},
    {"X.yaml", "rhoT: 2\nA: 20\nunitcell: {'X':{'A':20,'mult':1}}\nEnl_list: [9, 8, 7]\n",
     "(line 4)", "2 shells, and Enl_list"},
    {"Y.yaml", "rhoT: 2\n", "", "holds X.yaml and Y.yaml"},
    {"X_extraordinary.yaml", "eps_0: [1]\n", "X_extraordinary.yaml:1:8:", "eps_0: a finite number"},
    {"X_extraordinary.yaml", "eps_0: {\n", "X_extraordinary.yaml:", ""},
    {"X_mermin.dat", "1 10 2 0.1\n2 10 2 x\n", "X_mermin.dat:2:", "'x' is not a finite number"},
    {"X_mermin.dat", "1 10 2 0.1\n2 10 2 0.1\n1 20 2 0.1\n", "X_mermin.dat:", ""},
    {"X_mermin.dat", "1 10 2\n2 10 2\n", "X_mermin.dat:1:", "3 columns instead of 4"},
    {"X_epsphonon_b.dat", "0.03 2 nan\n0.04 2 1\n", "X_epsphonon_b.dat:1:", "nan is not allowed"},
    {"X_epsphonon_b.dat", "0.03 2\n0.04 2\n", "X_epsphonon_b.dat:1:", "instead of 3"},
    {"X_Zion.dat", "0 3\n100 4.1.2\n", "X_Zion.dat:2:", "'4.1.2' is not a finite number"},
    {"X_Zion.dat", "0 3\n100 nan\n", "X_Zion.dat:2:", "nan is not allowed"},
    {"X_Zion.dat", "0 3\n100 4\n50 5\n", "X_Zion.dat:3:", "must ascend"},
    {"X_Zion.dat", "0 3\n", "X_Zion.dat", "at least 2"},
    {"X_Zion.dat", "", "X_Zion.dat", "no row"},
    {"X_pDoS.dat", "0 0\n0.02 1e999\n0.04 0\n", "X_pDoS.dat:2:", "too large"},
    {"X_pDoS.dat", "0 0\n0.02 -5\n0.04 3\n", "X_pDoS.dat:2:", "at least"},
    {"X_pDoS.dat", "0 0\n0.02 0\n0.04 0\n", "X_pDoS.dat", "nowhere above 0"},
    {"X_pDoS.dat", "-2 0\n-1 0\n0 1\n", "", "above 0, where phonons are"},
    {"X_pDoS_anisotropic.dat", "0 1 1 1 1 1\n1 1 1 1 1 1\n", "X_pDoS_anisotropic.dat:1:",
     "6 columns instead of 7"},
    {"X_Migdal_FAC.dat", "1.0 2.0\n", "X_Migdal_FAC.dat:1:", "numbers before the first shell"},
    {"X_Migdal_FAC.dat", "1 0\n1.0 x\n", "X_Migdal_FAC.dat:2:", "finite number"},
    {"X_Migdal_FAC.dat", "1 0\n2.0 0.1\n1.0 0.1\n", "X_Migdal_FAC.dat:3:", "ascend"},
    {"X_Migdal_FAC.dat", "1 0\n1.0 0.1 7\n", "X_Migdal_FAC.dat:2:", "two numbers"},
    {"X_Migdal_FAC.dat", "1 1\n", "X_Migdal_FAC.dat:1:", "no shell has these numbers"},
    {"X_Migdal_FAC.dat", "1 0\n1.0 1.0\n2.0 1.0\n1 0\n", "X_Migdal_FAC.dat:4:", "a second time"},
};

static void each_break_is_refused_with_its_place(void)
{
  for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
    char folder[PATH_ROOM], dest[PATH_ROOM], path[PATH_ROOM];
    elfin_error err = {""};
    folder_new(folder);
    folder_new(dest);
    write_good(folder);
    snprintf(path, sizeof path, "%.4000s/%s", folder, broken[i].name);
    if (broken[i].text)
      write_file(folder, broken[i].name, broken[i].text);
    else
      unlink(path);
    CHECK(import_darkelf(folder, dest, false, NULL, &err) == ELFIN_E_DATA);
    CHECK_SAYS(err.text, folder);
    CHECK_SAYS(err.text, broken[i].place);
    CHECK_SAYS(err.text, broken[i].reason);
    CHECK(entries_of(dest) == 0);
    folder_remove(folder);
    folder_remove(dest);
  }
}

static void a_folder_that_is_none_is_named(void)
{
  char dest[PATH_ROOM];
  elfin_error err;
  folder_new(dest);
  CHECK(import_darkelf("/no/such/folder", dest, false, NULL, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "/no/such/folder: No such file");
  CHECK(import_darkelf("", dest, false, NULL, &err) == ELFIN_E_DATA);
  CHECK(import_darkelf(dest, dest, false, NULL, NULL) == ELFIN_E_DATA);
  CHECK(entries_of(dest) == 0);
  folder_remove(dest);
}

/* ---- what is there already -------------------------------------------------------------------- */

static double density_in(const char *dest)
{
  char path[PATH_ROOM];
  snprintf(path, sizeof path, "%.4000s/X.yaml", dest);
  elfin_material *m = NULL;
  CHECK(elfin_material_open(path, &m, NULL) == ELFIN_OK);
  double density = m ? m->density_g_cm3.value : NAN;
  elfin_material_free(m);
  return density;
}

static void a_material_is_not_overwritten_unasked(void)
{
  char folder[PATH_ROOM], dest[PATH_ROOM];
  elfin_error err = {""};
  folder_new(folder);
  folder_new(dest);
  write_good(folder);
  CHECK(import_darkelf(folder, dest, false, NULL, &err) == ELFIN_OK);
  write_file(folder, "X.yaml", "rhoT: 3\nA: 20\nunitcell: {'X':{'A':20,'mult':1}}\n"
                               "Enl_list: [9, 8]\n");
  CHECK(import_darkelf(folder, dest, false, NULL, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "/X.yaml: exists already; --overwrite replaces it");
  CHECK(density_in(dest) == 2.5);
  /* a failed replacement leaves the old one as it was */
  write_file(folder, "X_Zion.dat", "0 x\n");
  CHECK(import_darkelf(folder, dest, true, NULL, &err) == ELFIN_E_DATA);
  CHECK(density_in(dest) == 2.5 && entries_of(dest) == 2);
  write_file(folder, "X_Zion.dat", "0 3\n1 4\n");
  CHECK(import_darkelf(folder, dest, true, NULL, &err) == ELFIN_OK);
  CHECK(density_in(dest) == 3 && entries_of(dest) == 2);
  /* tables without their material file are somebody's, too */
  char path[PATH_ROOM];
  snprintf(path, sizeof path, "%.4000s/X.yaml", dest);
  unlink(path);
  CHECK(import_darkelf(folder, dest, false, NULL, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "/X: exists already");
  CHECK(import_darkelf(folder, path, false, NULL, &err) == ELFIN_OK); /* a folder that is new */
  write_file(dest, "file", "");
  snprintf(path, sizeof path, "%.4000s/file", dest);
  CHECK(import_darkelf(folder, path, false, NULL, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "/file");
  folder_remove(folder);
  folder_remove(dest);
}

static void a_changed_table_is_noticed(void)
{
  char folder[PATH_ROOM], dest[PATH_ROOM], path[PATH_ROOM];
  elfin_error err = {""};
  elfin_material *m = NULL;
  folder_new(folder);
  folder_new(dest);
  write_good(folder);
  CHECK(import_darkelf(folder, dest, false, NULL, &err) == ELFIN_OK);
  snprintf(path, sizeof path, "%.4000s/X", dest);
  write_file(path, "X_Zion.dat", "# k Z\n0 3\n100 4\n1000 11\n");
  snprintf(path, sizeof path, "%.4000s/X.yaml", dest);
  CHECK(elfin_material_open(path, &m, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "X/X_Zion.dat has not this checksum");
  CHECK_SAYS(err.text, "X.yaml:");
  folder_remove(folder);
  folder_remove(dest);
}

int main(void)
{
  the_small_folder_becomes_a_material();
  each_break_is_refused_with_its_place();
  a_folder_that_is_none_is_named();
  a_material_is_not_overwritten_unasked();
  a_changed_table_is_noticed();
  return check_result();
}
