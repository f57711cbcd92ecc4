/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_structure.c
 * The structure factor of a nucleus in its crystal as a picture.
 *
 * Energies are over the free recoil q²/(2m), and S over 2π times its inverse: so all momenta share
 * a frame, and a free nucleus would be a line at 1. At small q single phonons stand out far beyond
 * it; as q grows they pile up into the Gaussian of the impulse approximation [B. Campbell-Deem et
 * al., arXiv:2205.02250, sec. II.C], which narrows towards that line. */
#include "report/number_text.h"
#include "report/picture_words.h"
#include "report/plot_to.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_OMEGA = 800 };
static const double FROM = 0.05, TO = 200; /* recoils */
static const double DECADES = 6;

static elfin_status add_momentum(const report_structure *about, size_t i_q, picture *p,
                                 elfin_error *err)
{
  char label[64], text[32];
  double omega[N_OMEGA], q = about->q_eV[i_q];
  double recoil = q * q / (2 * elfin_crystal_describe(about->crystal).mass_eV);
  energy_text(q, text, sizeof text);
  snprintf(label, sizeof label, "q = %s", text);
  picture_curve *c = picture_add(p, label, N_OMEGA);
  if (!c)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a picture of %s", about->material);
  for (size_t i = 0; i < N_OMEGA; i++) {
    c->x[i] = FROM * pow(TO / FROM, (double)i / (N_OMEGA - 1));
    omega[i] = recoil * c->x[i];
  }
  c->colour = c->dash = i_q;
  elfin_status status =
      elfin_crystal_structure_factor(about->crystal, about->which, q, N_OMEGA, omega, c->y, err);
  for (size_t i = 0; i < N_OMEGA; i++)
    c->y[i] *= recoil / (2 * M_PI);
  return status;
}

static void describe(const report_structure *about, picture *p)
{
  static const char *const ways[] = {[ELFIN_STRUCTURE] =
                                         "phonon sum, impulse approximation for large q",
                                     [ELFIN_STRUCTURE_SUM] = "phonon sum",
                                     [ELFIN_STRUCTURE_IMPULSE] = "impulse approximation"};
  bool alone = strcmp(about->nucleus, about->material) == 0;
  p->title = text_of("Structure factor of %s%s%s", about->nucleus, alone ? "" : " in ",
                     alone ? "" : about->material);
  p->constants = text_of("%s", ways[about->which]);
  p->caption = text_of("elfin response %s --structure-factor; elfin %s, commit %.12s.\n%s%s%s"
                       "Without the elastic line. A free nucleus would be a line at 1.",
                       about->material, elfin_version(), elfin_git_commit(),
                       about->source ? "Density of states: " : "",
                       about->source ? about->source : "", about->source ? ".\n" : "");
  p->x.label = text_of("energy over free recoil, ω / (q²/2m)");
  p->y.label = text_of("S(q,ω) (q²/2m) / 2π");
  p->x.log = p->y.log = true;
  p->from_below = false;
  p->decades = DECADES;
  p->failed = p->failed || !p->title || !p->caption || !p->x.label || !p->y.label;
}

elfin_status report_plot_structure(const report_structure *about, const report_image *to,
                                   elfin_error *err)
{
  picture *p = picture_new();
  elfin_status status =
      p ? ELFIN_OK
        : elfin_fail(err, ELFIN_E_MEMORY, "no memory for a picture of %s", about->material);
  for (size_t i = 0; !status && i < about->n_q; i++)
    status = add_momentum(about, i, p, err);
  if (!status)
    describe(about, p);
  if (!status)
    status = plot_to(p, to, err);
  picture_free(p);
  return status;
}
