/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_doubts.c
 * What a material file may say and hardly can be: sums that nature fixes, and that published lists miss by a few per cent.
 *
 *   Σ A = 1 − 1/ε(0) ≤ 1 of Mermin oscillators [docs/responses.md],   ∫ D dω = 1 of each nucleus [docs/multiphonon.md]
 */
#include <elfin/material.h>

#include <math.h>
#include <stdio.h>

/* Fits of optical data miss by a few per cent: of the lists that elfin ships, Al2O3 and Au have 1.09. */
static const double ALLOWANCE = 0.1;

/** Where sentence `wanted` goes, once `n` of them are counted. */
typedef struct sentence {
  size_t wanted, n, size;
  char *text;
} sentence;

static bool is_wanted(sentence *s)
{
  return s->n++ == s->wanted;
}

static void doubt_amplitudes(const elfin_material *m, sentence *s)
{
  double sum = 0;
  for (size_t i = 0; i < m->n_oscillators; i++)
    sum += m->oscillators[i].amplitude;
  if (sum > 1 + ALLOWANCE && is_wanted(s))
    snprintf(s->text, s->size, "%s: the amplitudes of its Mermin oscillators add up to %.3g, which is 1 - 1/eps(0) and at "
             "most 1: its losses are too large, above all at low energies", m->name, sum);
}

static void doubt_norm(const char *material, const char *nucleus, const char *direction, double norm, sentence *s)
{
  if (fabs(norm - 1) > ALLOWANCE && is_wanted(s))
    snprintf(s->text, s->size, "%s: the density of states of %s%s has the norm %.3g in place of 1: rates of phonons go with "
             "it, and those of n phonons with its n-th power", material, nucleus, direction, norm);
}

static void doubt_tensor(const char *material, const elfin_nucleus *nucleus, sentence *s)
{
  static const char *const directions[ELFIN_N_PROJECTIONS] = {" along x", " along y", " along z", " along x+y",
                                                              " along x+z", " along y+z"};
  for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++)
    doubt_norm(material, nucleus->name, directions[k], nucleus->tensor->norm[k], s);
}

bool elfin_material_doubt(const elfin_material *material, size_t i, size_t size, char text[])
{
  sentence s = {.wanted = i, .size = size, .text = text};
  doubt_amplitudes(material, &s);
  for (size_t k = 0; k < material->n_nuclei; k++)
    if (material->nuclei[k].dos)
      doubt_norm(material->name, material->nuclei[k].name, "", material->nuclei[k].dos->norm, &s);
  for (size_t k = 0; k < material->n_anisotropic; k++)
    if (material->anisotropic[k].tensor)
      doubt_tensor(material->name, &material->anisotropic[k], &s);
  return s.n > i;
}
