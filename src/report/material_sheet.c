/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_sheet.c
 * A material on one page: each number with its unit and source. */
#include "report/report.h"

#include <elfin/response.h>

#include <math.h>

static void print_quantity(const char *name, elfin_quantity quantity, const char *unit,
                           FILE *stream)
{
  if (quantity.source)
    fprintf(stream, "%-16s %-8g %-6s  %s\n", name, quantity.value, unit, quantity.source);
}

static void print_nuclei(const elfin_material *material, FILE *stream)
{
  double mass = 0;
  for (size_t i = 0; i < material->n_nuclei; i++) {
    const elfin_nucleus *nucleus = &material->nuclei[i];
    fprintf(stream, "%-16s %g of %s, A = %g\n", i ? "" : "nuclei per cell", nucleus->multiplicity,
            nucleus->name, nucleus->mass_number);
    mass += nucleus->multiplicity * nucleus->mass_number;
  }
  if (material->n_nuclei > 1)
    fprintf(stream, "%-16s A = %g in all\n", "", mass);
}

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
  fprintf(stream, "%-16s %zu; sum of amplitudes %g, static eps %.4g, f-sum plasma energy %.4g eV\n",
          "oscillators", material->n_oscillators, sum, 1 / (1 - sum), sqrt(square));
  fprintf(stream, "%-16s %s\n", "", material->oscillator_source);
}

void report_material(const elfin_material *material, FILE *stream)
{
  const char *response = elfin_response_default(material);
  fprintf(stream, "%s%s%s\n%-16s %s\n", material->name, material->description ? ": " : "",
          material->description ? material->description : "", "file", material->path);
  print_quantity("density", material->density_g_cm3, "g/cm3", stream);
  print_quantity("gap", material->gap_eV, "eV", stream);
  print_quantity("pair energy", material->pair_energy_eV, "eV", stream);
  print_quantity("plasma energy", material->plasma_energy_eV, "eV", stream);
  print_quantity("phonon mean", material->phonon_mean_eV, "eV", stream);
  print_quantity("lattice spacing", material->lattice_spacing_A, "A", stream);
  print_quantity("sound speed", material->sound_speed_km_s, "km/s", stream);
  print_nuclei(material, stream);
  print_oscillators(material, stream);
  fprintf(stream, "%-16s %s\n", "response", response ? response : "none: give the path of a table");
}
