/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file possible.c
 * What no process can give: less than nothing, or no number. Every rate is an integral of what is nowhere
 * negative; where its estimate says that it is not 0 and yet it is below, the data are impossible. Tables of densities
 * of states may dip below 0 by their noise [material.h]; then so may single points and bins. */
#include "rates/rates.h"

#include <math.h>

typedef struct lane {
  const char *what;
  size_t n;
  double *value, *error;
  elfin_status *status;
  const double *energy; /* [n] that each belongs to; NULL: its number, from 1 on */
  bool local;           /* a piece of the spectrum */
} lane;

static bool has_negative(size_t n, const double value[])
{
  for (size_t i = 0; i < n; i++)
    if (value[i] < 0)
      return true;
  return false;
}

static bool has_dips(const elfin_material *m)
{
  for (size_t i = 0; i < m->n_nuclei; i++)
    if (m->nuclei[i].dos && has_negative(m->nuclei[i].dos->n, m->nuclei[i].dos->per_eV))
      return true;
  for (size_t i = 0; i < m->n_anisotropic; i++) {
    const elfin_density_tensor *tensor = m->anisotropic[i].tensor;
    if (tensor && has_negative(ELFIN_N_PROJECTIONS * tensor->n, tensor->per_eV))
      return true;
  }
  return false;
}

static bool is_possible(const elfin_request *q, const lane *l, double value, double error)
{
  if (!isfinite(value) || !isfinite(error))
    return false;
  return value + error >= 0 || (l->local && has_dips(q->material));
}

static elfin_status check_lane(const char *name, const elfin_request *q, const lane *l,
                               elfin_status status, elfin_error *err)
{
  for (size_t i = 0; i < l->n; i++) {
    if (l->status[i] || is_possible(q, l, l->value[i], l->error[i]))
      continue;
    double place = l->energy ? l->energy[i] : (double)(i + 1);
    if (!status)
      status = elfin_fail(err, ELFIN_E_ACCURACY,
                          "%s: %s: %s %g%s is %g (error %.1g), and it can be neither negative nor infinite: "
                          "look for what is unphysical in %s%s%s", q->material->name, name, l->what, place,
                          l->energy ? " eV" : "", l->value[i], l->error[i], q->material->path,
                          q->response ? ", or in response " : "",
                          q->response ? elfin_response_about(q->response).kind : "");
    l->value[i] = l->error[i] = NAN;
    l->status[i] = ELFIN_E_ACCURACY;
  }
  return status;
}

elfin_status refuse_impossible(const char *name, const elfin_request *q, elfin_result *r,
                               elfin_status status, elfin_error *err)
{
  const lane lanes[] = {
      {"the rate above", q->n_thresholds, r->rate, r->rate_error, r->rate_status, q->threshold_eV, false},
      {"the spectrum's bin from", q->n_edges ? q->n_edges - 1 : 0, r->spectrum, r->spectrum_error,
       r->spectrum_status, q->edge_eV, true},
      {"dR/domega at", q->n_at, r->differential, r->differential_error, r->differential_status, q->at_eV,
       true},
      {"the rate of charge", q->n_charges, r->charge, r->charge_error, r->charge_status, NULL, false},
  };
  if (status == ELFIN_E_ARGUMENT || status == ELFIN_E_MEMORY) /* nothing is computed */
    return status;
  for (size_t i = 0; i < sizeof lanes / sizeof *lanes; i++)
    status = check_lane(name, q, &lanes[i], status, err);
  return status;
}
