/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_sheet.c
 * The numbers of DarkELF's YAML files, key by key. Numbers keep their text, so that no digit changes;
 * whether they make sense is checked when the result is opened as a material. */
#include "import/import_inner.h"

#include <string.h>

/* ---- texts ------------------------------------------------------------------------------------ */

/* Length of the UTF-8 character at `s`, 0 if there is none. Overlong forms and surrogates, which the
 * reader would refuse, are told by their first two bytes. */
static size_t character_length(const unsigned char *s)
{
  size_t n = s[0] < 0x80                     ? 1
             : s[0] >= 0xC2 && s[0] <= 0xDF ? 2
             : (s[0] & 0xF0) == 0xE0        ? 3
             : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4
                                            : 0;
  for (size_t i = 1; i < n; i++)
    if ((s[i] & 0xC0) != 0x80)
      return 0;
  bool odd = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
             (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F);
  return odd ? 0 : n;
}

void import_quote(FILE *stream, const char *text)
{
  fputc('"', stream);
  for (const unsigned char *s = (const unsigned char *)text; *s;) {
    size_t n = character_length(s);
    if (n == 0) {
      fputc('?', stream);
      n = 1;
    } else if (n == 1 && (*s == '"' || *s == '\\')) {
      fprintf(stream, "\\%c", *s);
    } else if (n == 1 && (*s < 0x20 || *s == 0x7F)) {
      fputc(' ', stream);
    } else {
      fwrite(s, 1, n, stream);
    }
    s += n;
  }
  fputc('"', stream);
}

static void put_source(const importing *in, const char *end)
{
  char text[2 * NAME_MAX];
  snprintf(text, sizeof text, "DarkELF (arXiv:2104.12786), data/%.100s/%.100s%s.yaml", in->name,
           in->name, end);
  import_quote(in->yaml, text);
}

static elfin_status refuse(const importing *in, const char *end, const node *where,
                           const char *key, const char *wanted)
{
  return elfin_fail(in->err, ELFIN_E_DATA, "%s/%s%s.yaml:%zu:%zu: %s: %s", in->folder, in->name, end,
                    where->line, where->column, key, wanted);
}

/* ---- keys ------------------------------------------------------------------------------------- */

typedef struct number_row {
  const char *darkelf, *ours, *unit;
} number_row;

static const number_row numbers[] = {
    {"rhoT", "density", " g/cm3"},
    {"E_gap", "gap", " eV"},
    {"e0", "pair_energy", " eV"},
    {"omegap", "plasma_energy", " eV"},
    {"ombar", "phonon_mean", " eV"},
    {"lattice_spacing", "lattice_spacing", " A"},
    {"cLAkms", "sound_speed", " km/s"},
    {"cTAkms", "sound_speed_transverse", " km/s"},
};
enum { N_NUMBERS = sizeof numbers / sizeof *numbers };

/* Known, and read elsewhere or of no use to anybody. */
static const char *const other_keys[] = {
    "A",      "Z",     "Zion",     "Z_ion",      "Enl_list", "alattice",
    "eps_0",  "eps_inf", "LOvec",  "TOvec",      "unitcell", "unitcell_anisotropic",
    "atoms",  "Avec",  "n_atoms",  "mermin_ref",
};

/* A key without a value ("ombar:") is absent. */
static const node *value_of(const node *map, const char *key)
{
  const node *found = node_find(map, key);
  bool empty = found && found->kind == NODE_SCALAR && !found->quoted &&
               (!*found->text || strcmp(found->text, "null") == 0 || strcmp(found->text, "~") == 0);
  return empty ? NULL : found;
}

static bool is_number(const node *value)
{
  double ignored;
  return node_number(value, &ignored);
}

static void say_unknown_keys(const importing *in, const node *root, const char *end)
{
  char file[2 * NAME_MAX];
  snprintf(file, sizeof file, "%s%s.yaml", in->name, end);
  for (size_t i = 0; i < root->n; i++) {
    const char *key = root->keys[i].text;
    bool known = false;
    for (size_t k = 0; k < N_NUMBERS; k++)
      known = known || strcmp(key, numbers[k].darkelf) == 0;
    for (size_t k = 0; k < sizeof other_keys / sizeof *other_keys; k++)
      known = known || strcmp(key, other_keys[k]) == 0;
    if (!known)
      import_say(in, file, "line %zu: the key %.60s is not known; left out", root->keys[i].line, key);
  }
}

static elfin_status put_numbers(const importing *in, const node *root)
{
  if (!value_of(root, "rhoT"))
    return refuse(in, "", root, "rhoT", "the density is missing: not a material of DarkELF's");
  for (size_t i = 0; i < N_NUMBERS; i++) {
    const node *value = value_of(root, numbers[i].darkelf);
    if (!value)
      continue;
    if (!is_number(value))
      return refuse(in, "", value, numbers[i].darkelf, "a finite number is wanted");
    fprintf(in->yaml, "%s: {value: %s%s, source: ", numbers[i].ours, value->text, numbers[i].unit);
    put_source(in, "");
    fputs("}\n", in->yaml);
  }
  return ELFIN_OK;
}

/* A number, or a list of them: "[1844, 154]". */
static elfin_status put_list(const importing *in, const char *end, const node *value,
                             const char *key)
{
  bool one = value->kind == NODE_SCALAR;
  size_t n = one ? 1 : value->kind == NODE_LIST ? value->n : 0;
  if (n == 0)
    return refuse(in, end, value, key, "numbers are wanted");
  fputc('[', in->yaml);
  for (size_t i = 0; i < n; i++) {
    const node *item = one ? value : &value->items[i];
    if (!is_number(item))
      return refuse(in, end, item, key, "a finite number is wanted");
    fprintf(in->yaml, "%s%s", i ? ", " : "", item->text);
  }
  fputc(']', in->yaml);
  return ELFIN_OK;
}

static elfin_status put_values(const importing *in, const node *root, const char *darkelf,
                               const char *ours)
{
  const node *value = value_of(root, darkelf);
  if (!value)
    return ELFIN_OK;
  fprintf(in->yaml, "%s: {values: ", ours);
  elfin_status status = put_list(in, "", value, darkelf);
  fputs(", source: ", in->yaml);
  put_source(in, "");
  fputs("}\n", in->yaml);
  return status;
}

/* ---- nuclei ----------------------------------------------------------------------------------- */

const node *import_cell(const importing *in, const char *key)
{
  const node *cell = value_of(document_root(in->ordinary), key);
  return cell && cell->kind == NODE_MAP && cell->n ? cell : NULL;
}

/* "…, OURS: NUMBER" */
static elfin_status put_number(const importing *in, const node *map, const char *darkelf,
                               const char *ours)
{
  const node *value = value_of(map, darkelf);
  if (!value || !is_number(value))
    return refuse(in, "", value ? value : map, darkelf, "a finite number is wanted");
  fprintf(in->yaml, "%s: %s", ours, value->text);
  return ELFIN_OK;
}

typedef struct pair_row {
  const char *darkelf, *ours;
} pair_row;

static elfin_status put_pairs(const importing *in, const node *map, size_t n,
                              const pair_row pairs[])
{
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; !status && i < n; i++) {
    fputs(i ? ", " : "", in->yaml);
    status = put_number(in, map, pairs[i].darkelf, pairs[i].ours);
  }
  return status;
}

static elfin_status put_nucleus(const importing *in, const node *name, const node *nucleus)
{
  static const pair_row of_nucleus[] = {{"A", "mass_number"}, {"mult", "multiplicity"}};
  static const pair_row of_isotope[] = {{"A", "mass_number"},
                                        {"frac", "fraction"},
                                        {"atomic_spin", "spin"},
                                        {"f_p", "proton_spin"},
                                        {"f_n", "neutron_spin"}};
  if (nucleus->kind != NODE_MAP)
    return refuse(in, "", nucleus, name->text, "a map with A and mult is wanted");
  fputs("  - {name: ", in->yaml);
  import_quote(in->yaml, name->text);
  fputs(", ", in->yaml);
  elfin_status status = put_pairs(in, nucleus, 2, of_nucleus);
  const node *isotopes = value_of(nucleus, "isotopes");
  if (status || !isotopes) {
    fputs("}\n", in->yaml);
    return status;
  }
  if (isotopes->kind != NODE_LIST)
    return refuse(in, "", isotopes, "isotopes", "a list is wanted");
  fputs(", isotopes: [", in->yaml);
  for (size_t i = 0; !status && i < isotopes->n; i++) {
    fputs(i ? ",\n      {" : "\n      {", in->yaml);
    status = put_pairs(in, &isotopes->items[i], 5, of_isotope);
    fputs("}", in->yaml);
  }
  fputs("]}\n", in->yaml);
  return status;
}

static elfin_status put_cell(const importing *in, const node *root, const char *darkelf,
                             const char *ours)
{
  elfin_status status = ELFIN_OK;
  const node *cell = value_of(root, darkelf);
  if (!cell)
    return ELFIN_OK;
  if (cell->kind != NODE_MAP || cell->n == 0)
    return refuse(in, "", cell, darkelf, "a map of nuclei is wanted");
  fprintf(in->yaml, "%s:\n  source: ", ours);
  put_source(in, "");
  fputs("\n  cell:\n", in->yaml);
  for (size_t i = 0; !status && i < cell->n; i++)
    status = put_nucleus(in, &cell->keys[i], &cell->items[i]);
  return status;
}

/* Xe has no cell: one atom, with the A of the material. */
static elfin_status put_lone_nucleus(const importing *in, const node *root)
{
  if (import_cell(in, "unitcell") || value_of(root, "unitcell") || !value_of(root, "A"))
    return ELFIN_OK;
  fputs("nuclei:\n  source: ", in->yaml);
  put_source(in, "");
  fputs("\n  cell:\n  - {name: ", in->yaml);
  import_quote(in->yaml, in->name);
  fputs(", ", in->yaml);
  elfin_status status = put_number(in, root, "A", "mass_number");
  fputs(", multiplicity: 1}\n", in->yaml);
  return status;
}

static elfin_status put_single_ion(const importing *in, const node *root)
{
  static const pair_row rows[] = {{"Z", "atomic_number"}, {"Zion", "charge"}};
  if (!value_of(root, "A"))
    return ELFIN_OK;
  fputs("single_ion: {", in->yaml);
  elfin_status status = put_number(in, root, "A", "mass_number");
  for (size_t i = 0; !status && i < sizeof rows / sizeof *rows; i++)
    if (value_of(root, rows[i].darkelf)) {
      fputs(", ", in->yaml);
      status = put_number(in, root, rows[i].darkelf, rows[i].ours);
    }
  fputs(", source: ", in->yaml);
  put_source(in, "");
  fputs("}\n", in->yaml);
  return status;
}

/* ---- polar phonons ---------------------------------------------------------------------------- */

static elfin_status put_polar(const importing *in, const node *root, const char *end,
                              const char *ours)
{
  static const pair_row rows[] = {{"eps_0", "eps_static"},
                                  {"eps_inf", "eps_infinity"},
                                  {"LOvec", "longitudinal_eV"},
                                  {"TOvec", "transverse_eV"}};
  elfin_status status = ELFIN_OK;
  bool begun = false;
  for (size_t i = 0; !status && i < sizeof rows / sizeof *rows; i++) {
    const node *value = value_of(root, rows[i].darkelf);
    if (!value)
      continue;
    if (!begun) {
      fprintf(in->yaml, "%s:\n  source: ", ours);
      put_source(in, end);
      fputc('\n', in->yaml);
    }
    begun = true;
    fprintf(in->yaml, "  %s: ", rows[i].ours);
    if (i < 2 && !is_number(value))
      return refuse(in, end, value, rows[i].darkelf, "a finite number is wanted");
    if (i < 2)
      fputs(value->text, in->yaml);
    else
      status = put_list(in, end, value, rows[i].darkelf);
    fputc('\n', in->yaml);
  }
  return status;
}

/* ---- all of it -------------------------------------------------------------------------------- */

elfin_status import_numbers(importing *in)
{
  static const char along_the_axis[] = "_extraordinary";
  const node *root = document_root(in->ordinary);
  fprintf(in->yaml, "# Imported from DarkELF's folder %s by elfin %s.\nname: %s\n", in->name,
          elfin_version(), in->name);
  elfin_status status = put_numbers(in, root);
  if (!status)
    status = put_values(in, root, "alattice", "lattice_constants_A");
  if (!status)
    status = put_values(in, root, "Enl_list", "shell_energies_eV");
  if (!status)
    status = put_cell(in, root, "unitcell", "nuclei");
  if (!status)
    status = put_lone_nucleus(in, root);
  if (!status)
    status = put_cell(in, root, "unitcell_anisotropic", "nuclei_anisotropic");
  if (!status)
    status = put_single_ion(in, root);
  if (!status)
    status = put_polar(in, root, "", "polar_phonons");
  say_unknown_keys(in, root, "");
  if (!status && in->extraordinary) {
    status = put_polar(in, document_root(in->extraordinary), along_the_axis,
                       "polar_phonons_extraordinary");
    say_unknown_keys(in, document_root(in->extraordinary), along_the_axis);
  }
  return status;
}
