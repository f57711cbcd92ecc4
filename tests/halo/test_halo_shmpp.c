/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_halo_shmpp.c
 * SHM++ against the table that one of its authors has published.
 *
 * Source: C. McCabe, github.com/mccabech/SHMpp (MIT licence), gvmin_SHMpp.dat, version 161f3e1:
 * g(v_min) [s/km] for v0 = 233, v_esc = 580 km/s, β = 0.9, a fraction of 0.2, 60.8 days after
 * midnight of 1 January 2020, by Monte Carlo with a million points. Every other number is theirs;
 * what such a sum leaves is estimated below.
 */
#include "check.h"

#include <elfin/halo.h>

static const double C_KM_S = 299792.458, N_POINTS = 1e6;

static const struct {
  double v_min, g;
} theirs[] = {
    {0, 3.468466457637695878e-03},   {50, 3.409303959170213987e-03},
    {100, 3.230350761898884582e-03}, {150, 2.931776842024676633e-03},
    {200, 2.525507938152481667e-03}, {250, 2.038315157722385244e-03},
    {300, 1.529193077428153387e-03}, {350, 1.063447857090997917e-03},
    {400, 6.875542453404364946e-04}, {450, 4.149764787635072520e-04},
    {500, 2.317373767795719594e-04}, {550, 1.180749637384596905e-04},
    {600, 5.396550824656818620e-05}, {650, 2.148389658016583732e-05},
    {700, 7.121644631504084912e-06}, {750, 1.660827172285491120e-06},
};

int main(void)
{
  size_t n;
  const elfin_halo_preset *list = elfin_halo_presets(&n);
  elfin_halo_preset p = list[2];
  elfin_halo *halo = NULL;
  double day, v_lab[3];
  CHECK_TEXT(p.name, "shm++");
  CHECK(elfin_day_of_date("2020-01-01", &day));
  p.vesc_km_s = 580;
  elfin_earth_velocity(day - 0.5 + 60.8, p.v0_km_s, v_lab);
  CHECK(elfin_halo_new(&p, v_lab, C_KM_S, &halo, NULL) == ELFIN_OK);
  CHECK(elfin_halo_v_max(halo) * C_KM_S > 820); /* where they still have something */
  for (size_t i = 0; i < sizeof theirs / sizeof *theirs; i++) {
    double v = theirs[i].v_min / C_KM_S, eta;
    elfin_halo_eta(halo, 1, &v, &eta);
    /* N m points lie beyond, m ≥ η v_min, each of about 1/v: some 1/√(N m), four times that
     * allowed. */
    double beyond = fmax(theirs[i].g * fmax(theirs[i].v_min, 200), 1e-7);
    CHECK_NEAR(eta / C_KM_S, theirs[i].g, 4 / sqrt(N_POINTS * beyond) * theirs[i].g);
  }
  elfin_halo_free(halo);
  return check_result();
}
