/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file structure_factor.c
 * S(q,ω) as CSV: one block per nucleus and momentum, so that plotting programs draw one curve each.
 */
#include "cli/structure_factor.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Momenta without --k, times √(2 m ω̄): from the single phonon to the free nucleus. */
static const double usual_q[] = {0.1, 0.3, 1, 2, 4, 8};
enum { N_USUAL = sizeof usual_q / sizeof *usual_q, N_USUAL_OMEGA = 400 };
/* Energies without --omega reach this many widths and phonons beyond the free recoil. */
static const double WIDTHS = 5, PHONONS = 2;

/** Where S(q,ω) matters. */
static void usual_energies(const elfin_crystal_about *about, double q, double omega[N_USUAL_OMEGA])
{
  double recoil = q * q / (2 * about->mass_eV), width = sqrt(recoil * about->mean_eV);
  double end = recoil + WIDTHS * width + PHONONS * about->omega_max_eV;
  for (size_t i = 0; i < N_USUAL_OMEGA; i++)
    omega[i] = end * (double)(i + 1) / N_USUAL_OMEGA;
}

static elfin_status print_block(const structure_options *o, const char *name,
                                const elfin_crystal *crystal, double q, double S[],
                                elfin_error *err)
{
  double usual[N_USUAL_OMEGA];
  elfin_crystal_about about = elfin_crystal_describe(crystal);
  size_t n = o->n_omega ? o->n_omega : N_USUAL_OMEGA;
  const double *omega = o->n_omega ? o->omega : usual;
  if (!o->n_omega)
    usual_energies(&about, q, usual);
  elfin_status status = elfin_crystal_structure_factor(crystal, o->which, q, n, omega, S, err);
  for (size_t i = 0; !status && i < n; i++)
    printf("%s,%.17g,%.17g,%.17g,%.17g\n", name, q, omega[i], S[i], q * q / (2 * about.mass_eV));
  return status;
}

static elfin_status open_crystal(const structure_options *o, const elfin_material *material,
                                 const elfin_nucleus *nucleus, elfin_crystal **crystal,
                                 elfin_error *err)
{
  double q_max = 0;
  for (size_t i = 0; o->which == ELFIN_STRUCTURE_SUM && i < o->n_q; i++)
    q_max = fmax(q_max, o->q[i]);
  return o->debye_eV > 0 ? elfin_crystal_new_debye(o->constants, nucleus->mass_number, o->debye_eV,
                                                   q_max, crystal, err)
                         : elfin_crystal_open(o->constants, material, nucleus, q_max, crystal, err);
}

/** Momenta without --k. @return how many */
static size_t usual_momenta(const structure_options *o, const elfin_crystal *crystal,
                            double q[N_USUAL])
{
  elfin_crystal_about about = elfin_crystal_describe(crystal);
  size_t n = 0;
  for (size_t i = 0; i < N_USUAL; i++) {
    q[n] = sqrt(2 * about.mass_eV * about.mean_eV) * usual_q[i];
    n += o->which != ELFIN_STRUCTURE_SUM || q[n] <= about.switch_eV;
  }
  return n;
}

static elfin_status print_nucleus(const structure_options *o, const elfin_material *material,
                                  const elfin_nucleus *nucleus, double S[], elfin_error *err)
{
  elfin_crystal *crystal = NULL;
  double usual[N_USUAL];
  elfin_status status = open_crystal(o, material, nucleus, &crystal, err);
  if (status)
    return status;
  size_t n_q = o->n_q ? o->n_q : usual_momenta(o, crystal, usual);
  for (size_t i = 0; !status && i < n_q; i++)
    status = print_block(o, nucleus->name, crystal, o->n_q ? o->q[i] : usual[i], S, err);
  elfin_crystal_free(crystal);
  return status;
}

cli_end structure_factor_print(const structure_options *o, const elfin_material *material)
{
  elfin_error err = {""};
  size_t n_printed = 0;
  double *S = malloc((o->n_omega ? o->n_omega : N_USUAL_OMEGA) * sizeof *S);
  if (!S) {
    cli_say("no memory for %zu points", o->n_omega);
    return CLI_UNFINISHED;
  }
  puts("nucleus,q_eV,omega_eV,S_per_eV,recoil_eV");
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; !status && i < material->n_nuclei; i++) {
    const elfin_nucleus *nucleus = &material->nuclei[i];
    if (o->nucleus && strcmp(o->nucleus, nucleus->name) != 0)
      continue;
    status = print_nucleus(o, material, nucleus, S, &err);
    n_printed++;
  }
  free(S);
  if (!status && n_printed == 0)
    status = elfin_fail(&err, ELFIN_E_ARGUMENT, "%s has no nucleus %s", material->name,
                        o->nucleus ? o->nucleus : "in its file");
  return status ? cli_fail(status, &err) : CLI_DONE;
}

/** The one that is meant; NULL, and said, if it is not clear. */
static const elfin_nucleus *find_nucleus(const structure_options *o, const elfin_material *material,
                                         elfin_error *err)
{
  if (!o->nucleus && material->n_nuclei == 1)
    return &material->nuclei[0];
  for (size_t i = 0; o->nucleus && i < material->n_nuclei; i++)
    if (strcmp(o->nucleus, material->nuclei[i].name) == 0)
      return &material->nuclei[i];
  if (o->nucleus || material->n_nuclei == 0)
    elfin_fail(err, ELFIN_E_ARGUMENT, "%s has no nucleus %s", material->name,
               o->nucleus ? o->nucleus : "in its file");
  else
    elfin_fail(err, ELFIN_E_ARGUMENT,
               "%s has several nuclei, and a picture shows one: --nucleus %s for instance",
               material->name, material->nuclei[0].name);
  return NULL;
}

cli_end structure_factor_draw(const structure_options *o, const elfin_material *material,
                              const report_image *to)
{
  elfin_error err = {""};
  elfin_crystal *crystal = NULL;
  double usual[N_USUAL];
  const elfin_nucleus *nucleus = find_nucleus(o, material, &err);
  if (!nucleus)
    return cli_fail(ELFIN_E_ARGUMENT, &err);
  elfin_status status = open_crystal(o, material, nucleus, &crystal, &err);
  if (!status) {
    bool debye = o->debye_eV > 0;
    char own[64];
    snprintf(own, sizeof own, "Debye's, 3ω²/ω_D³ with ω_D = %g meV", 1e3 * o->debye_eV);
    report_structure about = {.material = material->name,
                              .nucleus = nucleus->name,
                              .source = debye          ? own
                                        : nucleus->dos ? nucleus->dos->source
                                                       : NULL,
                              .crystal = crystal,
                              .which = o->which,
                              .n_q = o->n_q,
                              .q_eV = o->q};
    if (!o->n_q) {
      about.n_q = usual_momenta(o, crystal, usual);
      about.q_eV = usual;
    }
    status = report_plot_structure(&about, to, &err);
  }
  elfin_crystal_free(crystal);
  if (status)
    return cli_fail(status, &err);
  if (!to->script)
    cli_say("%s", to->path);
  return CLI_DONE;
}
