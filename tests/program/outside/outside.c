/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file outside.c
 * A program outside elfin, as a global fit would link libelfin: one rate of silicon, with the
 * public headers alone. */
#include <elfin/rate.h>

#include <math.h>
#include <stdio.h>

static int fail(const elfin_error *err)
{
  fprintf(stderr, "outside: %s\n", err->text);
  return 1;
}

int main(void)
{
  elfin_error err = {""};
  elfin_material *silicon = NULL;
  elfin_response *response = NULL;
  elfin_halo *halo = NULL;
  const elfin_constants *constants = elfin_constants_named("elfin");
  const double c = constants->c_km_s;
  if (elfin_material_open("Si", &silicon, &err) ||
      elfin_response_open("lindhard", silicon, constants, &response, &err) ||
      elfin_halo_new_shm(220 / c, 500 / c, 240 / c, &halo, &err))
    return fail(&err);

  elfin_request request;
  elfin_request_defaults(&request);
  double threshold = elfin_default_threshold_eV(silicon), rate = NAN, error = NAN;
  request.constants = constants;
  request.halo = halo;
  request.material = silicon;
  request.response = response;
  request.mass_eV = 1e7;
  request.n_thresholds = 1;
  request.threshold_eV = &threshold;
  elfin_status status;
  unsigned flags;
  elfin_result result = {
      .rate = &rate, .rate_error = &error, .rate_status = &status, .rate_flags = &flags};
  if (elfin_rate("electron", &request, &result, &err))
    return fail(&err);
  printf("%.10g\n", 1e-38 * rate); /* events per kg and year at 10⁻³⁸ cm² */
  elfin_halo_free(halo);
  elfin_response_free(response);
  elfin_material_free(silicon);
  return rate > 0 ? 0 : 1;
}
