/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plot_shaking.c
 * How likely a recoiling nucleus shakes electrons out, dP/dω, as a picture. */
#include "report/number_text.h"
#include "report/picture_words.h"
#include "report/plot_to.h"

#include <stdlib.h>
#include <string.h>

static const double DECADES = 9;

static void add_curve(const report_shaking *about, size_t i, picture *p)
{
  picture_curve *c = picture_add(p, about->name[i], about->n_omega);
  if (!c)
    return;
  memcpy(c->x, about->omega_eV, about->n_omega * sizeof *c->x);
  memcpy(c->y, about->per_eV[i], about->n_omega * sizeof *c->y);
  c->colour = c->dash = i;
  c->falls = true;
}

static char *caption_of(const report_shaking *about)
{
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return NULL;
  fprintf(
      stream,
      "elfin response %s --migdal; elfin %s, commit %.12s. Proportional to the recoil's energy.\n",
      about->material, elfin_version(), elfin_git_commit());
  for (size_t i = 0; i < about->n; i++)
    fprintf(stream, "%s: %s.\n", about->name[i],
            about->source[i] ? about->source[i] : "no source is known");
  fclose(stream);
  return text;
}

static void describe(const report_shaking *about, picture *p)
{
  char recoil[32];
  bool alone = strcmp(about->nucleus, about->material) == 0;
  energy_text(about->recoil_eV, recoil, sizeof recoil);
  p->title = text_of("Migdal effect of %s%s%s", about->nucleus,
                     alone ? "" : " in ", alone ? "" : about->material);
  p->constants = text_of("soft limit, a nucleus that recoils with %s", recoil);
  p->caption = caption_of(about);
  p->x.label = text_of("energy of the electrons ω [eV]");
  p->y.label = text_of("dP/dω [eV⁻¹]");
  p->x.log = p->y.log = true;
  p->from_below = false;
  p->decades = DECADES;
  p->failed = p->failed || !p->title || !p->caption || !p->x.label || !p->y.label;
}

elfin_status report_plot_shaking(const report_shaking *about, const report_image *to,
                                 elfin_error *err)
{
  picture *p = picture_new();
  if (!p)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for a picture of %s", about->material);
  for (size_t i = 0; i < about->n; i++)
    add_curve(about, i, p);
  describe(about, p);
  elfin_status status = plot_to(p, to, err);
  picture_free(p);
  return status;
}
