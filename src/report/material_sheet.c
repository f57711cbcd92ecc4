/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_sheet.c
 * A material on one page: each number with its unit and source. */
#include "report/report.h"

#include <elfin/response.h>

#include <math.h>
#include <string.h>

enum { NAME_WIDTH = 16 };

/* A source is said once for each run of lines that share it. */
static void print_source(const char *source, FILE *stream)
{
  if (source)
    fprintf(stream, "%-*s %s\n", NAME_WIDTH, "", source);
}

static void print_quantity(const char *name, elfin_quantity quantity, const char *unit,
                           FILE *stream)
{
  if (quantity.source)
    fprintf(stream, "%-*s %-8g %-6s  %s\n", NAME_WIDTH, name, quantity.value, unit,
            quantity.source);
}

/* ---- nuclei ----------------------------------------------------------------------------------- */

static void print_isotopes(const elfin_nucleus *nucleus, FILE *stream)
{
  for (size_t i = 0; i < nucleus->n_isotopes; i++) {
    const elfin_isotope *isotope = &nucleus->isotopes[i];
    fprintf(stream, "%-*s   isotope A = %g: %g %%, J = %g", NAME_WIDTH, "", isotope->mass_number,
            100 * isotope->fraction, isotope->spin);
    if (isotope->spin > 0)
      fprintf(stream, ", f_p = %g, f_n = %g", isotope->proton_spin, isotope->neutron_spin);
    fputc('\n', stream);
  }
}

static void print_nuclei(const elfin_material *material, FILE *stream)
{
  double mass = 0;
  for (size_t i = 0; i < material->n_nuclei; i++) {
    const elfin_nucleus *nucleus = &material->nuclei[i];
    fprintf(stream, "%-*s %g of %s, A = %g\n", NAME_WIDTH, i ? "" : "nuclei per cell",
            nucleus->multiplicity, nucleus->name, nucleus->mass_number);
    print_isotopes(nucleus, stream);
    mass += nucleus->multiplicity * nucleus->mass_number;
  }
  if (material->n_nuclei > 1)
    fprintf(stream, "%-*s A = %g in all\n", NAME_WIDTH, "", mass);
}

static void print_form(const char *name, const elfin_nucleus *nucleus,
                       const elfin_form_factor *form, FILE *stream)
{
  double k[] = {0, form->k_max_eV}, charge[2];
  elfin_form_factor_at(form, 2, k, charge);
  fprintf(stream, "%-*s %s, %s: Z(k) from %.4g at rest to %.4g at %.4g keV\n", NAME_WIDTH, name,
          nucleus->name, form->of_atom ? "atom" : "ion", charge[0], charge[1],
          form->k_max_eV / 1e3);
  print_source(form->source, stream);
}

static void print_charges(const elfin_material *material, FILE *stream)
{
  const elfin_nucleus *single = material->single_ion;
  for (size_t i = 0; i < material->n_nuclei; i++) {
    const elfin_nucleus *nucleus = &material->nuclei[i];
    if (nucleus->charge.source)
      fprintf(stream, "%-*s %s at rest: %g  %s\n", NAME_WIDTH, "ion charge", nucleus->name,
              nucleus->charge.value, nucleus->charge.source);
    if (nucleus->ion)
      print_form("charge", nucleus, nucleus->ion, stream);
    if (nucleus->atom)
      print_form("charge", nucleus, nucleus->atom, stream);
  }
  if (single && material->n_nuclei > 1 && single->charge.source)
    fprintf(stream, "%-*s A = %g, charge %g, for all of it: what DarkELF takes\n", NAME_WIDTH,
            "single ion", single->mass_number, single->charge.value);
}

/* ---- phonons ---------------------------------------------------------------------------------- */

static void print_density(const char *name, const char *nucleus, const elfin_density_of_states *dos,
                          FILE *stream)
{
  fprintf(stream, "%-*s %s: integral %.4f, mean %.4g eV, <1/w> %.4g /eV, up to %.4g eV\n",
          NAME_WIDTH, name, nucleus, dos->norm, dos->mean_eV, dos->inverse_per_eV,
          dos->omega_eV[dos->n - 1]);
}

static void print_densities(const elfin_material *material, FILE *stream)
{
  for (size_t i = 0; i < material->n_nuclei; i++)
    if (material->nuclei[i].dos) {
      print_density("phonon density", material->nuclei[i].name, material->nuclei[i].dos, stream);
      print_source(material->nuclei[i].dos->source, stream);
    }
  for (size_t i = 0; i < material->n_anisotropic; i++) {
    const elfin_nucleus *site = &material->anisotropic[i];
    const elfin_density_tensor *tensor = site->tensor;
    if (!tensor)
      continue;
    fprintf(stream, "%-*s %g of %s: integrals", NAME_WIDTH, i ? "" : "along axes",
            site->multiplicity, site->name);
    for (int k = 0; k <= ELFIN_ALONG_Z; k++)
      fprintf(stream, " %c %.4f%s", "xyz"[k], tensor->norm[k], k < ELFIN_ALONG_Z ? "," : ";");
    fprintf(stream, " means %.4g, %.4g, %.4g eV\n", tensor->mean_eV[ELFIN_ALONG_X],
            tensor->mean_eV[ELFIN_ALONG_Y], tensor->mean_eV[ELFIN_ALONG_Z]);
    if (i + 1 == material->n_anisotropic)
      print_source(tensor->source, stream);
  }
}

static const char *const configurations[ELFIN_N_CONFIGURATIONS] = {"ordinary", "extraordinary"};

static void print_energies(const char *what, size_t n, const double energy[], FILE *stream)
{
  for (size_t i = 0; i < n; i++)
    fprintf(stream, "%s%.5g", i ? ", " : what, energy[i]);
  if (n)
    fputs(" eV", stream);
}

static void print_polar(const elfin_material *material, FILE *stream)
{
  for (int c = 0; c < ELFIN_N_CONFIGURATIONS; c++) {
    const elfin_polar_phonons *polar = material->polar[c];
    if (!polar)
      continue;
    fprintf(stream, "%-*s %s", NAME_WIDTH, "optical phonons", configurations[c]);
    if (!isnan(polar->eps_static))
      fprintf(stream, ", static eps %g", polar->eps_static);
    if (!isnan(polar->eps_infinity))
      fprintf(stream, ", eps above them %g", polar->eps_infinity);
    print_energies("; LO ", polar->n_longitudinal, polar->longitudinal_eV, stream);
    print_energies("; TO ", polar->n_transverse, polar->transverse_eV, stream);
    fputc('\n', stream);
    print_source(polar->source, stream);
  }
}

static void print_phonon_responses(const elfin_material *material, FILE *stream)
{
  for (size_t i = 0; i < material->n_phonon_responses; i++) {
    const elfin_phonon_response *r = &material->phonon_responses[i];
    bool first = elfin_phonon_response_find(material, r->configuration, NULL) == r;
    fprintf(stream, "%-*s %s: %s, %.4g to %.4g eV%s\n", NAME_WIDTH, "phonon response", r->name,
            configurations[r->configuration], r->omega_min_eV, r->omega_max_eV,
            first ? ", the default" : "");
    print_source(r->source, stream);
  }
}

static void print_named_tables(const elfin_material *material, FILE *stream)
{
  for (size_t i = 0; i < material->n_response_tables; i++) {
    const elfin_response_table *table = &material->response_tables[i];
    fprintf(stream, "%-*s %s%s%s\n", NAME_WIDTH, "response table", table->name,
            table->note ? ": " : "", table->note ? table->note : "");
    print_source(table->source, stream);
  }
}

/* ---- electrons -------------------------------------------------------------------------------- */

/* Σ A = 1 − 1/ε(0), and the plasma energy √(Σ A ω²) that belongs to all electrons in the list. */
static void print_oscillators(const elfin_material *material, FILE *stream)
{
  double sum = 0, square = 0;
  for (size_t i = 0; i < material->n_oscillators; i++) {
    const elfin_oscillator *term = &material->oscillators[i];
    sum += term->amplitude;
    square += term->amplitude * term->omega_eV * term->omega_eV;
  }
  if (material->n_oscillators == 0)
    return;
  fprintf(stream, "%-*s %zu; sum of amplitudes %g, static eps %.4g, f-sum plasma energy %.4g eV\n",
          NAME_WIDTH, "oscillators", material->n_oscillators, sum, 1 / (1 - sum), sqrt(square));
  print_source(material->oscillator_source, stream);
}

static void print_edges(const elfin_material *material, FILE *stream)
{
  if (material->n_edges == 0)
    return;
  fprintf(stream, "%-*s", NAME_WIDTH, "edges");
  for (size_t i = 0; i < material->n_edges; i++) {
    const elfin_edge *edge = &material->edges[i];
    fprintf(stream, "%s %s %g eV (oscillators from %g to %g eV)", i ? "," : "", edge->shell, edge->energy_eV,
            edge->from_eV, edge->to_eV);
  }
  fputc('\n', stream);
  print_source(material->edge_source, stream);
}

static void print_optical(const elfin_material *material, FILE *stream)
{
  const elfin_optical *optical = material->optical;
  if (!optical)
    return;
  fprintf(stream, "%-*s %zu points, %.4g to %.4g eV\n", NAME_WIDTH, "optical data", optical->n,
          optical->omega_eV[0], optical->omega_eV[optical->n - 1]);
  print_source(optical->source, stream);
}

static void print_shells(const elfin_material *material, FILE *stream)
{
  static const char letters[] = "spdfghijkl";
  if (material->n_shells == 0)
    return;
  fprintf(stream, "%-*s", NAME_WIDTH, "atomic shells");
  for (size_t i = 0; i < material->n_shells; i++)
    fprintf(stream, "%s %d%c %g eV", i ? "," : "", material->shells[i].n,
            letters[material->shells[i].l], material->shells[i].binding_eV);
  fputc('\n', stream);
  print_source(material->shells[0].source, stream);
}

void report_material(const elfin_material *material, FILE *stream)
{
  const char *response = elfin_response_default(material);
  fprintf(stream, "%s%s%s\n%-*s %s\n", material->name, material->description ? ": " : "",
          material->description ? material->description : "", NAME_WIDTH, "file", material->path);
  print_quantity("density", material->density_g_cm3, "g/cm3", stream);
  print_quantity("gap", material->gap_eV, "eV", stream);
  print_quantity("pair energy", material->pair_energy_eV, "eV", stream);
  print_quantity("plasma energy", material->plasma_energy_eV, "eV", stream);
  print_quantity("phonon mean", material->phonon_mean_eV, "eV", stream);
  print_quantity("lattice spacing", material->lattice_spacing_A, "A", stream);
  print_quantity("sound speed", material->sound_speed_km_s, "km/s", stream);
  print_nuclei(material, stream);
  print_charges(material, stream);
  print_densities(material, stream);
  print_polar(material, stream);
  print_phonon_responses(material, stream);
  print_optical(material, stream);
  print_shells(material, stream);
  print_oscillators(material, stream);
  print_edges(material, stream);
  if (material->drude) {
    fprintf(stream, "%-*s %zu terms, background eps %g\n", NAME_WIDTH, "extended Drude",
            material->drude->n, material->drude->background_eps);
    print_source(material->drude->source, stream);
  }
  print_named_tables(material, stream);
  fprintf(stream, "%-*s %s\n", NAME_WIDTH, "response",
          response ? response : "none: give the path of a table");
  if (material->response_table)
    print_source(material->response_table_source, stream);
  for (size_t i = 0; i < material->n_files; i++)
    fprintf(stream, "%-*s %s  SHA-256 %.16s…\n", NAME_WIDTH, i ? "" : "tables",
            material->files[i].path, material->files[i].sha256);
}
