/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file migdal_nuclei.c
 * The nuclei of a material as the Migdal effect sees them [docs/migdal.md]: for a compound each with its
 * own mass, charge, mean phonon energy and multiplicity. */
#include "rates/migdal.h"
#include "rates/nuclei.h"

#include <math.h>

static elfin_status charge_of(const elfin_request *q, const elfin_nucleus *nucleus,
                              migdal_nucleus *made, elfin_error *err)
{
  const elfin_material *m = q->material;
  made->charge = nucleus->charge.value;
  made->ion = q->constant_charge ? NULL : nucleus->ion;
  if (made->ion || made->charge > 0)
    return ELFIN_OK;
  if (nucleus->ion)
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %s gives no constant charge of the ion %s; "
                      "ion_charge: momentum takes its Z(k)", m->name, m->path, nucleus->name);
  return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %s gives no charge of the ion %s, neither a constant "
                    "nor Z(k), and the Migdal effect needs one", m->name, m->path, nucleus->name);
}

static elfin_status make(const elfin_request *q, const struck_nuclei *nuclei, size_t i,
                         migdal_nucleus *made, elfin_error *err)
{
  const elfin_material *m = q->material;
  const elfin_nucleus *nucleus = &nuclei->of[i];
  double amu = q->constants->amu_eV, E_th = q->recoil_threshold_eV;
  *made = (migdal_nucleus){.name = nucleus->name, .mass_number = nucleus->mass_number,
                           .m_N = nucleus->mass_number * amu,
                           .per_mass = nuclei_multiplicity(nuclei, i) /
                                       (nuclei->cell_mass_number * amu),
                           .phonon_mean = nuclei_phonon_mean_eV(q, nuclei, i)};
  made->recoil_threshold = isnan(E_th) ? nuclei_free_from_eV(q, nuclei, i) : E_th;
  if (q->approximation == ELFIN_IMPULSE && !(made->phonon_mean > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: the impulse approximation needs a mean phonon energy "
                      "above 0, and %s has none in %s; approximation: free goes without", m->name,
                      nucleus->name, m->path);
  return q->response ? charge_of(q, nucleus, made, err) : ELFIN_OK; /* isolated atoms have none */
}

elfin_status migdal_nuclei(const elfin_request *q, size_t *n, migdal_nucleus made[], elfin_error *err)
{
  struck_nuclei nuclei;
  elfin_status status = nuclei_of(q, &nuclei, err);
  *n = nuclei.n;
  if (!status && nuclei.n > MIGDAL_MOST_NUCLEI)
    status = elfin_fail(err, ELFIN_E_ARGUMENT, "%s: %zu species of nuclei; %d at most",
                        q->material->name, nuclei.n, MIGDAL_MOST_NUCLEI);
  for (size_t i = 0; !status && i < nuclei.n; i++)
    status = make(q, &nuclei, i, &made[i], err);
  return status;
}

double migdal_flux(const elfin_request *q, const migdal_nucleus *nucleus)
{
  const elfin_constants *c = q->constants;
  double n_chi = q->rho_GeV_cm3 * 1e9 / q->mass_eV;              /* [1/cm³] */
  double nuclei = nucleus->per_mass / c->kg_per_eV;              /* [1/kg] */
  double mu = q->mass_eV * c->m_p_eV / (q->mass_eV + c->m_p_eV); /* μ_χn [eV] */
  double per_year = c->c_km_s * 1e5 * c->year_s;                 /* c in cm/yr */
  double A = nucleus->mass_number;
  return A * A * nuclei * n_chi / (mu * mu) * per_year;
}

elfin_status migdal_kernel_of(const elfin_request *q, const migdal_nucleus *nucleus,
                              migdal_kernel *kernel, elfin_error *err)
{
  mediator form;
  elfin_status status = mediator_of(q, &form, err);
  if (status)
    return status;
  if (q->approximation == ELFIN_IMPULSE && !(nucleus->phonon_mean > 0))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "%s: the impulse approximation needs a mean phonon energy "
                      "above 0, and %s has none", q->material->name, nucleus->name);
  *kernel = (migdal_kernel){.m_chi = q->mass_eV, .m_N = nucleus->m_N, .q0_2 = form.q0_2,
                            .m_phi2 = form.mass_2, .E_th = nucleus->recoil_threshold};
  if (q->approximation == ELFIN_IMPULSE)
    kernel->Delta = sqrt(nucleus->phonon_mean * nucleus->m_N);
  migdal_kernel_begin(kernel, q->halo, 0);
  return ELFIN_OK;
}
