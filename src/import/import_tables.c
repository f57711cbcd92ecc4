/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_tables.c
 * DarkELF's tables: each is checked where it lies, so that messages name the user's own file and
 * line, then copied, and entered into the material file with its checksum and its citation. */
#include "import/import_inner.h"

#include "elf/elf_table.h"
#include "numerics/columns.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_SOURCE = 2000, LONGEST_FILE = NAME_MAX + 1 };

/* ---- one table -------------------------------------------------------------------------------- */

static bool begins_with(const char *text, const char *begin)
{
  return strncmp(text, begin, strlen(begin)) == 0;
}

static bool ends_in(const char *text, const char *end)
{
  size_t length = strlen(text), n = strlen(end);
  return length > n && strcmp(text + length - n, end) == 0;
}

/* "source: …": the file's own citation, if it has one, and where DarkELF keeps it. */
static void put_source(const importing *in, const char *indent, const char *header,
                       const char *file)
{
  char text[LONGEST_SOURCE];
  size_t length = header ? strcspn(header, "\r\n") : 0;
  while (length && (header[length - 1] == ' ' || header[length - 1] == '.'))
    length--;
  header = header ? header + strspn(header, " ") : "";
  snprintf(text, sizeof text, "%.*s%sDarkELF (arXiv:2104.12786), data/%s/%s",
           length < LONGEST_SOURCE / 2 ? (int)length : LONGEST_SOURCE / 2, header,
           *header ? ". " : "", in->name, file);
  fprintf(in->yaml, "%ssource: ", indent);
  import_quote(in->yaml, text);
  fputc('\n', in->yaml);
}

/* "file: …" and "sha256: …" of a table that lies in the stage. */
static elfin_status put_file(const importing *in, const char *indent, const char *file)
{
  char path[PATH_MAX], sha256[ELFIN_SHA256_TEXT], relative[2 * LONGEST_FILE];
  if (!import_target(in, file, path))
    return ELFIN_E_DATA;
  elfin_status status = elfin_sha256_file(path, sha256, NULL, in->err);
  if (status)
    return status;
  snprintf(relative, sizeof relative, "%s/%s", in->name, file);
  fprintf(in->yaml, "%sfile: ", indent);
  import_quote(in->yaml, relative);
  fprintf(in->yaml, "\n%ssha256: %s\n", indent, sha256);
  return ELFIN_OK;
}

/* A table of finite numbers; the first column ascends unless rows may come in any order. */
static elfin_status read_table(const importing *in, const char *file, size_t n_columns,
                               bool any_order, columns **table)
{
  char path[PATH_MAX];
  if (!import_source(in, file, path))
    return ELFIN_E_DATA;
  elfin_status status = columns_read(path, n_columns, COLUMNS_HEADER, table, in->err);
  for (size_t i = 1; !status && !any_order && i < (*table)->n_rows; i++) {
    double before = (*table)->value[(i - 1) * n_columns], here = (*table)->value[i * n_columns];
    if (!(here > before))
      status = elfin_fail(in->err, ELFIN_E_DATA,
                          "%s:%zu: the first column must ascend, and %g follows %g", path,
                          (*table)->line[i], here, before);
  }
  if (!status && (*table)->n_rows < 2)
    status = elfin_fail(in->err, ELFIN_E_DATA, "%s: one row; at least 2 are needed", path);
  return status;
}

/* ---- ε(ω,k) ----------------------------------------------------------------------------------- */

static elfin_status put_response(importing *in)
{
  char file[LONGEST_FILE + 16], path[PATH_MAX];
  snprintf(file, sizeof file, "%s_mermin.dat", in->name);
  if (!import_has(in, file))
    return ELFIN_OK;
  if (!import_source(in, file, path))
    return ELFIN_E_DATA;
  elf_table *table = NULL;
  elfin_status status = elf_table_read(path, 1, &table, in->err);
  if (!status)
    status = import_copy(in, file);
  if (!status) {
    fputs("\nresponse_table:\n", in->yaml);
    put_source(in, "  ", table->header, file);
    status = put_file(in, "  ", file);
    import_say(in, file, "response: %zu energies, %zu momenta, %zu holes (nan)", table->n_omega,
               table->n_k, table->n_holes);
  }
  elf_table_free(table);
  return status;
}

/* ---- ε(ω) below the gap ----------------------------------------------------------------------- */

static bool in_order(const columns *table)
{
  for (size_t i = 1; i < table->n_rows; i++)
    if (!(table->value[i * table->n_columns] > table->value[(i - 1) * table->n_columns]))
      return false;
  return true;
}

/* "data6K" of Si_epsphonon_data6K.dat; false: another file. */
static bool phonon_tag(const importing *in, const char *file, char tag[LONGEST_FILE])
{
  char begin[LONGEST_FILE + 16];
  snprintf(begin, sizeof begin, "%s_epsphonon_", in->name);
  if (!begins_with(file, begin) || !ends_in(file, ".dat") ||
      strlen(file) <= strlen(begin) + strlen(".dat"))
    return false;
  snprintf(tag, LONGEST_FILE, "%.*s", (int)(strlen(file) - strlen(begin) - strlen(".dat")),
           file + strlen(begin));
  return true;
}

static elfin_status put_phonon_response(importing *in, const char *file, const char *tag)
{
  columns *table = NULL;
  bool along_the_axis = in->extraordinary && strcmp(tag, "e") == 0;
  elfin_status status = read_table(in, file, 3, true, &table);
  if (!status)
    status = import_copy(in, file);
  if (!status) {
    fputs("- name: ", in->yaml);
    import_quote(in->yaml, tag);
    fputc('\n', in->yaml);
    put_source(in, "  ", table->header, file);
    fprintf(in->yaml, "  configuration: %s\n  model: table\n  columns: [omega_eV, eps1, eps2]\n",
            along_the_axis ? "extraordinary" : "ordinary");
    status = put_file(in, "  ", file);
    import_say(in, file, "phonon response %s, %s, %zu points%s", tag,
               along_the_axis ? "extraordinary" : "ordinary", table->n_rows,
               in_order(table) ? "" : ", not all in order: sorted when it is read");
  }
  columns_free(table);
  return status;
}

/* Measured ones first: the first of a configuration is its default. */
static elfin_status put_phonon_responses(importing *in)
{
  char tag[LONGEST_FILE];
  elfin_status status = ELFIN_OK;
  bool begun = false;
  for (int measured = 1; measured >= 0; measured--)
    for (size_t i = 0; !status && i < in->n_files; i++) {
      const char *file = in->files[i];
      if (!phonon_tag(in, file, tag) || begins_with(tag, "data") != measured)
        continue;
      if (!begun)
        fputs("\nphonon_response:\n", in->yaml);
      begun = import_has(in, file);
      status = put_phonon_response(in, file, tag);
    }
  return status;
}

/* ---- charges ---------------------------------------------------------------------------------- */

/* A neutral atom shows no charge at rest; elements have at most this by noise. */
static const double NEUTRAL = 0.01;

static elfin_status put_charge(importing *in, const char *file, const char *end, bool of_atom)
{
  columns *table = NULL;
  elfin_status status = read_table(in, file, 2, false, &table);
  if (!status)
    status = import_copy(in, file);
  if (!status) {
    double at_rest = table->value[1];
    fprintf(in->yaml, "- name: ");
    char text[LONGEST_FILE];
    snprintf(text, sizeof text, "%.*s", (int)(strlen(file) - strlen(".dat")), file);
    import_quote(in->yaml, text);
    fputs("\n  element: ", in->yaml);
    snprintf(text, sizeof text, "%.*s", (int)(strlen(file) - strlen(end)), file);
    import_quote(in->yaml, text);
    fprintf(in->yaml, "\n  kind: \"%s (Z(0)=%g)\"\n", of_atom ? "atomic" : "ion", at_rest);
    put_source(in, "  ", table->header, file);
    if (of_atom && fabs(at_rest) > NEUTRAL)
      fprintf(in->yaml, "  note: \"a neutral atom has Z(0)=0, and this table has %g\"\n", at_rest);
    fputs("  model: table\n  columns: [k_eV, Z]\n", in->yaml);
    status = put_file(in, "  ", file);
    import_say(in, file, "charge of the %s %s, Z(0) = %g%s", text, of_atom ? "atom" : "ion", at_rest,
               of_atom && fabs(at_rest) > NEUTRAL ? ": doubtful, a neutral atom has 0" : "");
  }
  columns_free(table);
  return status;
}

static elfin_status put_charges(importing *in)
{
  static const char ion[] = "_Zion.dat", atom[] = "_atomic_Zion.dat";
  elfin_status status = ELFIN_OK;
  bool begun = false;
  for (size_t i = 0; !status && i < in->n_files; i++) {
    const char *file = in->files[i];
    if (!ends_in(file, ion))
      continue;
    if (!begun)
      fputs("\neffective_charge:\n", in->yaml);
    begun = import_has(in, file);
    bool of_atom = ends_in(file, atom);
    status = put_charge(in, file, of_atom ? atom : ion, of_atom);
  }
  return status;
}

/* ---- densities of states ---------------------------------------------------------------------- */

static elfin_status put_density(importing *in, const char *nucleus, bool *begun)
{
  char file[LONGEST_FILE + 16];
  columns *table = NULL;
  snprintf(file, sizeof file, "%.250s_pDoS.dat", nucleus);
  if (!import_has(in, file)) {
    import_say(in, file, "missing: no density of states of %s", nucleus);
    return ELFIN_OK;
  }
  elfin_status status = read_table(in, file, 2, false, &table);
  if (!status)
    status = import_copy(in, file);
  if (!status) {
    fputs(*begun ? "- name: " : "\nphonon_dos:\n- name: ", in->yaml);
    *begun = true;
    import_quote(in->yaml, nucleus);
    fputc('\n', in->yaml);
    put_source(in, "  ", table->header, file);
    fputs("  columns: [omega_eV, D_per_eV]\n", in->yaml);
    status = put_file(in, "  ", file);
    import_say(in, file, "phonon density of states of %s, %zu points", nucleus, table->n_rows);
  }
  columns_free(table);
  return status;
}

static elfin_status put_densities(importing *in)
{
  elfin_status status = ELFIN_OK;
  bool begun = false;
  const node *cell = import_cell(in, "unitcell");
  for (size_t i = 0; cell && !status && i < cell->n; i++)
    status = put_density(in, cell->keys[i].text, &begun);
  return status;
}

static elfin_status put_tensors(importing *in)
{
  char file[LONGEST_FILE + 32];
  columns *table = NULL;
  const node *cell = import_cell(in, "unitcell_anisotropic");
  snprintf(file, sizeof file, "%s_pDoS_anisotropic.dat", in->name);
  if (!cell)
    return ELFIN_OK;
  if (!import_has(in, file)) {
    import_say(in, file, "missing: no density of states along directions");
    return ELFIN_OK;
  }
  elfin_status status = read_table(in, file, 1 + 6 * cell->n, false, &table);
  if (!status)
    status = import_copy(in, file);
  if (!status) {
    fputs("\nphonon_dos_anisotropic:\n", in->yaml);
    put_source(in, "  ", table->header, file);
    fputs("  components: [x, y, z, x+y, x+z, y+z]\n", in->yaml);
    status = put_file(in, "  ", file);
    import_say(in, file, "density of states along directions of %zu nuclei, %zu points", cell->n,
               table->n_rows);
  }
  columns_free(table);
  return status;
}

/* ---- optical data ----------------------------------------------------------------------------- */

static elfin_status put_optical(importing *in)
{
  static const char end[] = "_eps_electron_opticallimit.dat";
  char file[LONGEST_FILE + sizeof end];
  columns *table = NULL;
  snprintf(file, sizeof file, "%s%s", in->name, end);
  if (!import_has(in, file))
    return ELFIN_OK;
  elfin_status status = read_table(in, file, 3, false, &table);
  if (!status)
    status = import_copy(in, file);
  if (!status) {
    fputs("\noptical:\n", in->yaml);
    put_source(in, "  ", table->header, file);
    fputs("  model: linear\n  columns: [omega_eV, eps1, eps2]\n", in->yaml);
    status = put_file(in, "  ", file);
    import_say(in, file, "optical data, %zu points", table->n_rows);
  }
  columns_free(table);
  return status;
}

/* ---- shells ----------------------------------------------------------------------------------- */

/** A FAC file on its way to one file a shell. */
typedef struct shells {
  importing *in;
  const char *path;
  size_t line, n;
  const node *binding; /* Enl_list */
  char file[LONGEST_FILE + 32];
  FILE *shell;         /* the file of the shell that is being read */
  double before;       /* the last energy */
} shells;

static const char letters[] = "spdfghi";

static elfin_status bad_line(const shells *s, const char *why)
{
  return elfin_fail(s->in->err, ELFIN_E_DATA, "%s:%zu: %s", s->path, s->line, why);
}

static elfin_status close_shell(shells *s)
{
  if (!s->shell)
    return ELFIN_OK;
  bool fine = !ferror(s->shell);
  fine = fclose(s->shell) == 0 && fine;
  s->shell = NULL;
  if (!fine)
    return elfin_fail(s->in->err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", s->file,
                      strerror(errno));
  return put_file(s->in, "    ", s->file);
}

static elfin_status begin_shell(shells *s, int n, int l)
{
  char path[PATH_MAX];
  elfin_status status = close_shell(s);
  if (status)
    return status;
  if (n < 1 || l < 0 || l >= n || (size_t)l >= strlen(letters))
    return bad_line(s, "no shell has these numbers n and l");
  if (s->n >= s->binding->n)
    return bad_line(s, "more shells than Enl_list has binding energies");
  snprintf(s->file, sizeof s->file, "%s_Migdal_%d%c.dat", s->in->name, n, letters[l]);
  if (!import_target(s->in, s->file, path))
    return ELFIN_E_DATA;
  s->shell = fopen(path, "wx");
  if (!s->shell)
    return bad_line(s, errno == EEXIST ? "this shell a second time" : strerror(errno));
  s->before = 0;
  fprintf(s->in->yaml,
          "  - n: %d\n    l: %d\n    binding_eV: %s\n    model: linear\n"
          "    columns: [energy_eV, p]\n",
          n, l, s->binding->items[s->n++].text);
  fprintf(s->shell, "# shell %d%c of %s: electron energy [eV], probability [1/eV] for q_e = 1 eV\n",
          n, letters[l], s->in->name);
  return ELFIN_OK;
}

static elfin_status take_row(shells *s, const char *energy, const char *probability)
{
  char why[256];
  double e, p;
  if (!quantity_parse(energy, "", &e, why, sizeof why) ||
      !quantity_parse(probability, "", &p, why, sizeof why))
    return bad_line(s, why);
  if (!s->shell)
    return bad_line(s, "numbers before the first shell");
  if (!(e > s->before) || p < 0)
    return bad_line(s, "energies must ascend, above 0, and probabilities must not be negative");
  s->before = e;
  fprintf(s->shell, "%s %s\n", energy, probability);
  return ELFIN_OK;
}

/* Heads are words, with or without "#"; a shell is two whole numbers; a row has decimal points. */
static elfin_status take_line(shells *s, char *text)
{
  char first[64] = "", second[64] = "", rest[4] = "";
  while (*text == '#' || isspace((unsigned char)*text))
    text++;
  if (!*text || isalpha((unsigned char)*text))
    return ELFIN_OK;
  if (sscanf(text, "%63s %63s %3s", first, second, rest) != 2)
    return bad_line(s, "two numbers are wanted");
  if (strspn(first, "0123456789") == strlen(first) && strspn(second, "0123456789") == strlen(second))
    return begin_shell(s, atoi(first), atoi(second));
  return take_row(s, first, second);
}

static elfin_status put_shells(importing *in)
{
  char file[LONGEST_FILE + 32], path[PATH_MAX], text[512];
  snprintf(file, sizeof file, "%s_Migdal_FAC.dat", in->name);
  const node *binding = node_find(document_root(in->ordinary), "Enl_list");
  if (!import_has(in, file))
    return ELFIN_OK;
  if (!import_source(in, file, path))
    return ELFIN_E_DATA;
  if (!binding || binding->kind != NODE_LIST || binding->n == 0)
    return elfin_fail(in->err, ELFIN_E_DATA, "%s: needs the shells' binding energies, and %s.yaml "
                      "has no Enl_list", path, in->name);
  FILE *from = fopen(path, "r");
  if (!from)
    return elfin_fail(in->err, ELFIN_E_DATA, "%s: cannot be opened: %s", path, strerror(errno));
  shells s = {.in = in, .path = path, .binding = binding};
  elfin_status status = ELFIN_OK;
  fputs("\natomic_ionisation:\n", in->yaml);
  put_source(in, "  ", "M. Ibe, W. Nakano, Y. Shoji and K. Suzuki, arXiv:1707.07258", file);
  fputs("  shells:\n", in->yaml);
  while (!status && fgets(text, sizeof text, from)) {
    s.line++;
    status = strlen(text) + 1 == sizeof text ? bad_line(&s, "the line is too long")
                                             : take_line(&s, text);
  }
  if (!status && ferror(from))
    status = bad_line(&s, "cannot be read further");
  if (!status)
    status = close_shell(&s);
  if (!status && s.n != binding->n)
    status = elfin_fail(in->err, ELFIN_E_DATA, "%s: %zu shells, and Enl_list of %s.yaml (line %zu) "
                        "has %zu binding energies", path, s.n, in->name, binding->line, binding->n);
  if (s.shell)
    fclose(s.shell);
  fclose(from);
  if (!status)
    import_say(in, file, "ionisation of %zu shells, one table each", s.n);
  return status;
}

/* ---- all of it -------------------------------------------------------------------------------- */

static void say_the_rest(importing *in)
{
  for (size_t i = 0; i < in->n_files; i++) {
    const char *file = in->files[i];
    if (in->used[i])
      continue;
    if (ends_in(file, "_Fn.dat"))
      import_say(in, file, "seen, not needed: n-phonon functions are computed");
    else
      import_say(in, file, "left out: not a table that elfin knows");
  }
}

elfin_status import_tables(importing *in)
{
  elfin_status (*const steps[])(importing *) = {put_response, put_phonon_responses, put_charges,
                                                put_densities, put_tensors, put_optical,
                                                put_shells};
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; !status && i < sizeof steps / sizeof *steps; i++)
    status = steps[i](in);
  if (!status)
    say_the_rest(in);
  return status;
}
