/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_presets.c
 * The named halos: rows of numbers with their sources, and how a row becomes a halo. */
#include "halo/halo_inner.h"

#include <math.h>

static const elfin_halo_preset presets[] = {
    {.name = "shm",
     .model = ELFIN_HALO_MAXWELL,
     .rho_GeV_cm3 = 0.4,
     .v0_km_s = 220,
     .vesc_km_s = 500,
     .vearth_km_s = 240,
     .source = "DarkELF's default, arXiv:2104.12786"},
    {.name = "recommended-2021",
     .model = ELFIN_HALO_MAXWELL,
     .rho_GeV_cm3 = 0.3,
     .v0_km_s = 238,
     .vesc_km_s = 544,
     .vearth_km_s = 250,
     .source = "Baxter et al., arXiv:2105.00599"},
    {.name = "shm++",
     .model = ELFIN_HALO_SHM_PLUS_PLUS,
     .rho_GeV_cm3 = 0.55,
     .v0_km_s = 233,
     .vesc_km_s = 528,
     .vearth_km_s = 245.6,
     .fraction = 0.2,
     .beta = 0.9,
     .source = "Evans, O'Hare, McCabe, arXiv:1810.11468"},
    {.name = "tsallis",
     .model = ELFIN_HALO_TSALLIS,
     .rho_GeV_cm3 = 0.37,
     .v0_km_s = 267.2,
     .vearth_km_s = 232.6,
     .vcirc_km_s = 220,
     .q = 0.773,
     .source = "Ling et al., arXiv:0909.2028"},
    {.name = "debris",
     .model = ELFIN_HALO_DEBRIS,
     .rho_GeV_cm3 = 0.4,
     .v0_km_s = 220,
     .vesc_km_s = 500,
     .vearth_km_s = 240,
     .fraction = 0.05,
     .vflow_km_s = 340,
     .source = "Kuhlen, Lisanti, Spergel, arXiv:1202.0007; a few percent: Lisanti, Spergel, "
               "arXiv:1105.4166"},
};

const elfin_halo_preset *elfin_halo_presets(size_t *n)
{
  *n = sizeof presets / sizeof *presets;
  return presets;
}

double elfin_halo_escape_km_s(const elfin_halo_preset *p)
{
  return p->model == ELFIN_HALO_TSALLIS ? p->v0_km_s / sqrt(1 - p->q) : p->vesc_km_s;
}

/** `fraction` of the dark matter is `other`; none of it, and none of the rest, costs nothing. */
static elfin_status mix(elfin_halo *round, elfin_halo *other, double fraction, elfin_halo **halo,
                        elfin_error *err)
{
  if (fraction > 0 && fraction < 1)
    return elfin_halo_new_mixture(round, other, fraction, halo, err);
  elfin_halo *kept = fraction > 0 ? other : round;
  kept->v0 = round->v0; /* which rates refer to, whatever the fraction */
  elfin_halo_free(fraction > 0 ? round : other);
  *halo = kept;
  return ELFIN_OK;
}

elfin_status elfin_halo_new(const elfin_halo_preset *p, const double v_lab_km_s[3], double c_km_s,
                            elfin_halo **halo, elfin_error *err)
{
  const double v_lab[3] = {v_lab_km_s[0] / c_km_s, v_lab_km_s[1] / c_km_s, v_lab_km_s[2] / c_km_s};
  double v0 = p->v0_km_s / c_km_s, v_esc = p->vesc_km_s / c_km_s;
  double speed = elfin_speed(v_lab_km_s) / c_km_s;
  elfin_halo *round = NULL, *other = NULL;
  if (p->model == ELFIN_HALO_TSALLIS)
    return elfin_halo_new_tsallis(v0, p->q, speed, halo, err);
  elfin_status status = elfin_halo_new_shm(v0, v_esc, speed, &round, err);
  if (status || p->model == ELFIN_HALO_MAXWELL) {
    *halo = round;
    return status;
  }
  status = p->model == ELFIN_HALO_DEBRIS
               ? elfin_halo_new_debris(p->vflow_km_s / c_km_s, speed, &other, err)
               : elfin_halo_new_sausage(v0, v_esc, p->beta, v_lab, &other, err);
  if (status) {
    elfin_halo_free(round);
    return status;
  }
  return mix(round, other, p->fraction, halo, err);
}
