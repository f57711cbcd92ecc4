/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_fit.c
 * Optical data, the sum of oscillators that was fitted to them, and each of these, as a picture. */
#include "report/picture_words.h"
#include "report/plot_to.h"

#include <math.h>
#include <string.h>

enum { FIT_COLOUR, DATA_COLOUR, PART_COLOUR };
static const double WIDE = 20; /* a range of energies that wants a logarithm */

static void add_curve(picture *p, const report_fit *about, const char *label, const double elf[],
                      size_t colour)
{
  picture_curve *c = picture_add(p, label, about->n);
  if (!c)
    return;
  memcpy(c->x, about->omega_eV, about->n * sizeof *c->x);
  memcpy(c->y, elf, about->n * sizeof *c->y);
  c->colour = colour;
  c->dash = colour;
  c->thin = colour == PART_COLOUR;
}

elfin_status report_plot_fit(const report_fit *about, const report_image *to, elfin_error *err)
{
  picture *p = picture_new();
  if (!p)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a picture of %s", about->data);
  for (size_t i = 0; i < about->n_parts; i++)
    add_curve(p, about, i ? NULL : "one oscillator each", &about->part[i * about->n], PART_COLOUR);
  add_curve(p, about, "data", about->elf, DATA_COLOUR);
  add_curve(p, about, about->method, about->fitted, FIT_COLOUR);
  p->title = text_of("Energy loss function at k → 0");
  p->caption = text_of("%s.\nelfin fit; elfin %s, commit %.12s.", about->data, elfin_version(),
                       elfin_git_commit());
  p->x.label = text_of("energy ω [eV]");
  p->y.label = text_of("energy loss function Im(−1/ε)");
  p->x.log = about->omega_eV[about->n - 1] > WIDE * about->omega_eV[0];
  p->y.log = true;
  p->from_below = false;
  p->decades = 4;
  p->failed = p->failed || !p->title || !p->caption || !p->x.label || !p->y.label;
  elfin_status status = plot_to(p, to, err);
  picture_free(p);
  return status;
}
