/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file halo_record.c
 * /SWEEP/halo_parameters: the parameters of each halo that the sweep's axes make, resolved:
 * presets, what overrides them, and the Earth's speed on a date. */
#include "store/layout.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

typedef struct halo_row {
  const char *name, *units, *meaning;
  size_t offset;   /* of a double in elfin_halo_preset */
  unsigned models; /* that have it; 0: all */
} halo_row;

#define AT(member) offsetof(elfin_halo_preset, member)
#define BIT(model) (1u << (model))

static const halo_row rows[] = {
    {"rho", "GeV/cm3", "local density of the dark matter", AT(rho_GeV_cm3), 0},
    {"v0", "km/s", "most probable speed", AT(v0_km_s), 0},
    {"vesc", "km/s", "speed at which the halo ends, in the Galaxy", AT(vesc_km_s), 0},
    {"vearth", "km/s", "speed of the Earth through the halo", AT(vearth_km_s), 0},
    {"fraction", "1", "part of the dark matter: on radial orbits (shm++), in the flow (debris)",
     AT(fraction), BIT(ELFIN_HALO_SHM_PLUS_PLUS) | BIT(ELFIN_HALO_DEBRIS)},
    {"beta", "1", "anisotropy of the radial orbits", AT(beta), BIT(ELFIN_HALO_SHM_PLUS_PLUS)},
    {"q", "1", "Tsallis' index", AT(q), BIT(ELFIN_HALO_TSALLIS)},
    {"vflow", "km/s", "speed of the debris flow in the Galaxy", AT(vflow_km_s),
     BIT(ELFIN_HALO_DEBRIS)},
};
enum { N_ROWS = sizeof rows / sizeof *rows };

/** The axes that halos differ along. */
typedef struct halo_axes {
  const campaign_sweep *sweep;
  int rank;
  hsize_t dims[H5S_MAX_RANK];
  size_t axis[H5S_MAX_RANK];
  size_t n; /* halos in all */
} halo_axes;

static halo_axes axes_of(const campaign_sweep *sweep)
{
  halo_axes a = {.sweep = sweep, .n = 1};
  for (size_t i = 0; i < sweep->n_axes; i++)
    if (sweep->axes[i].of_halo) {
      a.axis[a.rank] = i;
      a.dims[a.rank++] = sweep->axes[i].n;
      a.n *= sweep->axes[i].n;
    }
  return a;
}

/** The parameters of halo i, row-major. */
static bool parameters_of(const campaign *c, size_t i_sweep, const halo_axes *a, size_t i,
                          size_t index[], elfin_halo_preset *p)
{
  for (int k = a->rank; k-- > 0;) {
    index[a->axis[k]] = i % (size_t)a->dims[k];
    i /= (size_t)a->dims[k];
  }
  if (!campaign_halo(c, i_sweep, index, p))
    return false;
  p->vesc_km_s = elfin_halo_escape_km_s(p);
  return true;
}

static bool attach(hid_t made, hid_t scales, const halo_axes *a)
{
  bool fine = made >= 0;
  for (int i = 0; fine && i < a->rank; i++)
    fine = h5_attach(made, scales, a->sweep->axes[a->axis[i]].key, (unsigned)i);
  h5_close(made);
  return fine;
}

static bool write_numbers(hid_t into, hid_t scales, const halo_axes *a,
                          const elfin_halo_preset halo[], double number[])
{
  bool fine = true;
  for (size_t k = 0; fine && k < N_ROWS; k++) {
    bool any = false;
    for (size_t i = 0; i < a->n; i++) {
      bool has = !rows[k].models || rows[k].models & BIT(halo[i].model);
      number[i] =
          has ? *(const double *)(const void *)((const char *)&halo[i] + rows[k].offset) : NAN;
      any = any || has;
    }
    if (any)
      fine = attach(h5_write_numbers(into, rows[k].name, a->rank, a->dims, number, rows[k].units,
                                     rows[k].meaning),
                    scales, a);
  }
  return fine;
}

static bool write_texts(hid_t into, hid_t scales, const halo_axes *a,
                        const elfin_halo_preset halo[], const char *text[])
{
  for (size_t i = 0; i < a->n; i++)
    text[i] = halo[i].name;
  if (!attach(h5_write_texts(into, "preset", a->rank, a->dims, text,
                             "the preset that the rest overrides"),
              scales, a))
    return false;
  for (size_t i = 0; i < a->n; i++)
    text[i] = halo[i].source;
  return attach(h5_write_texts(into, "source", a->rank, a->dims, text, "source of the preset"),
                scales, a);
}

bool halo_write(hid_t group, const campaign *c, size_t i_sweep)
{
  halo_axes a = axes_of(campaign_sweep_at(c, i_sweep));
  size_t *index = calloc(a.sweep->n_axes + 1, sizeof *index);
  elfin_halo_preset *halo = calloc(a.n, sizeof *halo);
  double *number = calloc(a.n, sizeof *number);
  const char **text = calloc(a.n, sizeof *text);
  bool fine = index && halo && number && text, any = fine;
  for (size_t i = 0; any && i < a.n; i++)
    any = parameters_of(c, i_sweep, &a, i, index, &halo[i]);
  if (any) { /* a table or a flux says all by itself */
    hid_t into = H5Gcreate2(group, STORE_HALO, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    fine = into >= 0 && write_numbers(into, group, &a, halo, number) &&
           write_texts(into, group, &a, halo, text);
    h5_close(into);
  }
  free(text);
  free(number);
  free(halo);
  free(index);
  return fine;
}
