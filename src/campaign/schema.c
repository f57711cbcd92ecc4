/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file schema.c
 * Every key of a job, once: reading, units, ranges, defaults, axes, help and "did you mean" are all
 * made from these rows. A process that comes later adds its bit and its rows. */
#include "campaign/schema.h"

#include <math.h>
#include <string.h>

enum { /* bits of schema_key.processes */
       ELECTRON = 1u << 0,
       NUCLEAR = 1u << 1,
       MIGDAL = 1u << 2,
       PHONON = 1u << 3,
       FROEHLICH = 1u << 4,
       ABSORPTION = 1u << 5,
       MULTIPHONON = 1u << 6,
       MULTIPHONON_SD = 1u << 7,
       ANISOTROPIC = 1u << 8,
       CRYSTAL = MULTIPHONON | MULTIPHONON_SD | ANISOTROPIC,
       NUCLEI = NUCLEAR | MIGDAL | CRYSTAL,
       DIELECTRIC = ELECTRON | MIGDAL | PHONON | FROEHLICH | ABSORPTION,
       OPTICAL = PHONON | FROEHLICH | ABSORPTION,
       SCATTERING = ELECTRON | NUCLEI | PHONON | FROEHLICH,
       SPECTRAL = ELECTRON | NUCLEI | PHONON,
       EVERY = SCATTERING | ABSORPTION
};

static const struct {
  const char *name;
  unsigned bit;
} process_bits[] = {
    {"electron", ELECTRON},
    {"nuclear", NUCLEAR},
    {"migdal", MIGDAL},
    {"phonon", PHONON},
    {"froehlich", FROEHLICH},
    {"absorption", ABSORPTION},
    {"multiphonon", MULTIPHONON},
    {"multiphonon_sd", MULTIPHONON_SD},
    {"multiphonon_anisotropic", ANISOTROPIC},
};

#define LIGHT_KM_S 299792.458 /* [km/s], exact: no speed is above it */
#define PLANCK_MASS_EV 1e28   /* [eV]: no particle is heavier */
#define HIGHEST_RATIO 1e6     /* of couplings: beyond, one of them is 0 */
#define HIGHEST_ENERGY_EV 1e9 /* [eV]: far above what an electron can take from the halo */

static const schema_key rows[N_KEYS] = {
    [KEY_PROCESS] = {.name = "process",
                     .kind = KIND_WORD,
                     .required = EVERY,
                     .processes = EVERY,
                     .example = "electron",
                     .help = "how dark matter deposits its energy"},
    [KEY_MATERIAL] = {.name = "material",
                      .kind = KIND_NAME,
                      .place = PLACE_FIRST,
                      .named = true,
                      .required = EVERY,
                      .most_entries = 1000,
                      .processes = EVERY,
                      .example = "[Si, Ge]",
                      .help = "the target: a name (see elfin materials) or the path of a material "
                              "file"},
    [KEY_RESPONSE] = {.name = "response",
                      .kind = KIND_NAME,
                      .place = PLACE_FIRST,
                      .named = true,
                      .most_entries = 1000,
                      .fallback = "default",
                      .processes = DIELECTRIC,
                      .example = "mermin",
                      .words = {{"default", NAN}, {"atomic", NAN}},
                      .help =
                          "dielectric function: a kind, the name of a phonon response, or the "
                          "path of a table (text or .h5); default: the material's best kind, for "
                          "phonon its phonons, for absorption phonons below the gap joined to "
                          "electrons above, for froehlich its polar phonons; atomic: migdal on "
                          "isolated atoms"},
    [KEY_MEDIATOR] = {.name = "mediator",
                      .kind = KIND_QUANTITY,
                      .place = PLACE_FIRST,
                      .named = true,
                      .unit = "eV",
                      .most = PLANCK_MASS_EV,
                      .above_least = true,
                      .required = SCATTERING,
                      .most_entries = 10000,
                      .processes = SCATTERING,
                      .words = {{"massless", 0}, {"massive", INFINITY}},
                      .example = "[massless, massive]",
                      .help = "the particle exchanged: a limit or its mass"},
    [KEY_CONFIGURATION] = {.name = "configuration",
                           .kind = KIND_WORD,
                           .place = PLACE_FIRST,
                           .named = true,
                           .fallback = "ordinary",
                           .processes = OPTICAL,
                           .words = {{"ordinary", NAN}, {"extraordinary", NAN}},
                           .example = "ordinary",
                           .help = "which axis of an anisotropic crystal the field lies along"},
    [KEY_MASS] = {.name = "mass",
                  .kind = KIND_QUANTITY,
                  .place = PLACE_LAST,
                  .unit = "eV",
                  .most = PLANCK_MASS_EV,
                  .above_least = true,
                  .required = EVERY,
                  .processes = EVERY,
                  .example = "{log: [500 keV, 1 GeV, 41]}",
                  .help = "mass of the dark matter"},
    [KEY_CROSS_SECTION] = {.name = "cross_section",
                           .kind = KIND_QUANTITY,
                           .place = PLACE_LAST,
                           .role = AXIS_SCALE,
                           .unit = "cm2",
                           .most = 1,
                           .above_least = true,
                           .required = SCATTERING,
                           .processes = SCATTERING,
                           .example = "1e-38 cm2",
                           .help = "reference cross section; rates are proportional to it"},
    [KEY_KINETIC_MIXING] = {.name = "kinetic_mixing",
                            .kind = KIND_QUANTITY,
                            .place = PLACE_LAST,
                            .role = AXIS_SCALE,
                            .unit = "",
                            .most = 1,
                            .above_least = true,
                            .required = ABSORPTION,
                            .processes = ABSORPTION,
                            .example = "1e-14",
                            .help =
                                "kinetic mixing kappa of the dark photon with the photon; rates "
                                "go with its square"},
    [KEY_THRESHOLD] = {.name = "threshold",
                       .kind = KIND_QUANTITY,
                       .place = PLACE_LAST,
                       .role = AXIS_THRESHOLD,
                       .named = true,
                       .unit = "eV",
                       .most = HIGHEST_ENERGY_EV,
                       .most_entries = 10000,
                       .fallback = "default",
                       .words = {{"default", NAN}, {"gap", NAN}},
                       .required = NUCLEAR | CRYSTAL,
                       .processes = SCATTERING & ~FROEHLICH,
                       .example = "[default, 10 eV]",
                       .help = "least energy deposit that counts in rate; default: gap + pair "
                               "energy where that is known, else twice the gap, 1 meV for a metal; "
                               "of phonon the lowest energy of its data"},
    [KEY_HALO] = {.name = "halo",
                  .kind = KIND_MAP,
                  .processes = EVERY,
                  .unless = "{preset: shm}",
                  .example = "{preset: shm, v0: 230 km/s}",
                  .help = "dark matter around us: a preset or a table, and members that override "
                          "it; or just the name of a preset"},
    [KEY_PRESET] = {.name = "preset",
                    .kind = KIND_WORD,
                    .place = PLACE_IF_LISTED,
                    .named = true,
                    .inside = KEY_HALO,
                    .only_inside = true,
                    .fallback = "shm",
                    .most_entries = 1000,
                    .processes = EVERY,
                    .example = "shm",
                    .help = "named set of halo parameters; v0, vesc, vearth and rho override it"},
    [KEY_TABLE] = {.name = "table",
                   .kind = KIND_NAME,
                   .place = PLACE_IF_LISTED,
                   .named = true,
                   .inside = KEY_HALO,
                   .only_inside = true,
                   .unless = "none",
                   .most_entries = 1000,
                   .processes = EVERY & ~ANISOTROPIC,
                   .example = "eta.dat",
                   .help = "file with the mean inverse speed: v_min [km/s], eta [1/(km/s)]; in "
                           "place of a preset"},
    [KEY_RHO] = {.name = "rho",
                 .kind = KIND_QUANTITY,
                 .inside = KEY_HALO,
                 .place = PLACE_IF_LISTED,
                 .unit = "GeV/cm3",
                 .most = 1e10,
                 .above_least = true,
                 .processes = EVERY,
                 .unless = "the preset's",
                 .example = "0.4 GeV/cm3",
                 .help = "local density of the dark matter"},
    [KEY_V0] = {.name = "v0",
                .kind = KIND_QUANTITY,
                .inside = KEY_HALO,
                .place = PLACE_IF_LISTED,
                .unit = "km/s",
                .most = LIGHT_KM_S,
                .above_least = true,
                .processes = EVERY,
                .unless = "the preset's",
                .example = "220 km/s",
                .help = "most probable speed of the Maxwellian"},
    [KEY_VESC] = {.name = "vesc",
                  .kind = KIND_QUANTITY,
                  .inside = KEY_HALO,
                  .place = PLACE_IF_LISTED,
                  .unit = "km/s",
                  .most = LIGHT_KM_S,
                  .above_least = true,
                  .processes = EVERY,
                  .unless = "the preset's",
                  .example = "500 km/s",
                  .help = "escape speed from the galaxy"},
    [KEY_VEARTH] = {.name = "vearth",
                    .kind = KIND_QUANTITY,
                    .inside = KEY_HALO,
                    .place = PLACE_IF_LISTED,
                    .unit = "km/s",
                    .most = LIGHT_KM_S,
                    .processes = EVERY,
                    .unless = "the preset's",
                    .example = "240 km/s",
                    .help = "speed of the Earth through the halo; not above vesc"},
    [KEY_FLUX] = {.name = "flux",
                  .kind = KIND_NAME,
                  .place = PLACE_IF_LISTED,
                  .named = true,
                  .unless = "none",
                  .most_entries = 1000,
                  .processes = ELECTRON,
                  .example = "boosted.dat",
                  .help = "file with the flux of boosted or reflected dark matter: v [c], dPhi/dv "
                          "[1/(cm2 s)]; in place of a halo, at any speed"},
    [KEY_MEDIATOR_SPIN] = {.name = "mediator_spin",
                           .kind = KIND_WORD,
                           .place = PLACE_IF_LISTED,
                           .named = true,
                           .fallback = "vector",
                           .processes = ELECTRON,
                           .words = {{"vector", ELFIN_VECTOR_MEDIATOR},
                                     {"scalar", ELFIN_SCALAR_MEDIATOR}},
                           .example = "scalar",
                           .help = "with flux: what fast dark matter exchanges with electrons; slow "
                                   "dark matter cannot tell the two apart"},
    [KEY_CONVENTIONS] = {.name = "conventions",
                         .kind = KIND_WORD,
                         .place = PLACE_IF_LISTED,
                         .named = true,
                         .fallback = "elfin",
                         .processes = EVERY,
                         .words = {{"elfin", NAN}, {"darkelf", NAN}},
                         .example = "elfin",
                         .help = "constants and shortcuts: CODATA 2018, or those of DarkELF"},
    [KEY_ACCURACY] = {.name = "accuracy",
                      .kind = KIND_QUANTITY,
                      .place = PLACE_IF_LISTED,
                      .unit = "",
                      .least = 1e-10,
                      .most = 0.1,
                      .fallback = "1e-4",
                      .most_entries = 100,
                      .processes = EVERY,
                      .example = "1e-4",
                      .help = "relative, of every rate"},
    [KEY_SCREENING] = {.name = "screening",
                       .kind = KIND_WORD,
                       .place = PLACE_IF_LISTED,
                       .named = true,
                       .fallback = "true",
                       .processes = ELECTRON,
                       .words = {{"true", 1}, {"false", 0}},
                       .example = "true",
                       .help = "true: the energy loss function; false: Im epsilon"},
    [KEY_KCUT] = {.name = "kcut",
                  .kind = KIND_QUANTITY,
                  .place = PLACE_IF_LISTED,
                  .unit = "eV",
                  .most = PLANCK_MASS_EV,
                  .above_least = true,
                  .fallback = "none",
                  .words = {{"none", INFINITY}},
                  .processes = ELECTRON | MIGDAL,
                  .example = "5 keV",
                  .help = "highest momentum transfer that counts; none: the response's own"},
    [KEY_SPLITTING] = {.name = "splitting",
                       .kind = KIND_QUANTITY,
                       .place = PLACE_IF_LISTED,
                       .unit = "eV",
                       .least = -HIGHEST_ENERGY_EV,
                       .most = HIGHEST_ENERGY_EV,
                       .fallback = "0 eV",
                       .processes = ELECTRON,
                       .example = "10 eV",
                       .help = "inelastic splitting of the dark matter; negative: it gives energy"},
    [KEY_TEMPERATURE] = {.name = "temperature",
                         .kind = KIND_QUANTITY,
                         .place = PLACE_IF_LISTED,
                         .unit = "K",
                         .most = 1e5,
                         .fallback = "0 K",
                         .processes = ELECTRON | PHONON,
                         .example = "77 K",
                         .help = "of the target (detailed balance); 0: none"},
    [KEY_REFERENCE_MOMENTUM] = {.name = "reference_momentum",
                                .kind = KIND_QUANTITY,
                                .place = PLACE_IF_LISTED,
                                .named = true,
                                .unit = "eV",
                                .most = PLANCK_MASS_EV,
                                .above_least = true,
                                .fallback = "default",
                                .words = {{"default", NAN}},
                                .processes = NUCLEI,
                                .example = "20 keV",
                                .help = "q0, where the mediator's form factor is 1; default: mass "
                                        "times v0"},
    [KEY_APPROXIMATION] = {.name = "approximation",
                           .kind = KIND_WORD,
                           .place = PLACE_IF_LISTED,
                           .named = true,
                           .fallback = "free",
                           .processes = MIGDAL,
                           .words = {{"free", ELFIN_FREE}, {"impulse", ELFIN_IMPULSE}},
                           .example = "impulse",
                           .help =
                               "the struck nucleus: free, or bound in a harmonic well and struck "
                               "faster than it swings"},
    [KEY_EXPANSION] = {.name = "expansion",
                       .kind = KIND_WORD,
                       .place = PLACE_IF_LISTED,
                       .named = true,
                       .fallback = "soft",
                       .processes = MIGDAL,
                       .words = {{"soft", ELFIN_SOFT}, {"full", ELFIN_FULL}},
                       .example = "full",
                       .help =
                           "soft: electrons take far less momentum than the nucleus; full: any"},
    [KEY_NUCLEUS] = {.name = "nucleus",
                     .kind = KIND_NAME,
                     .place = PLACE_IF_LISTED,
                     .named = true,
                     .most_entries = 100,
                     .fallback = "all",
                     .words = {{"all", NAN}, {"single_ion", NAN}},
                     .processes = NUCLEAR | MIGDAL,
                     .example = "all",
                     .help = "one nucleus of the cell by its name; all: their sum; single_ion: the "
                             "one that DarkELF takes for the whole material"},
    [KEY_ION_CHARGE] = {.name = "ion_charge",
                        .kind = KIND_WORD,
                        .place = PLACE_IF_LISTED,
                        .named = true,
                        .fallback = "momentum",
                        .processes = MIGDAL,
                        .words = {{"momentum", 0}, {"constant", 1}},
                        .example = "momentum",
                        .help =
                            "charge of the ion: as the momentum resolves it, or the one at rest"},
    [KEY_RECOIL_THRESHOLD] = {.name = "recoil_threshold",
                              .kind = KIND_QUANTITY,
                              .place = PLACE_IF_LISTED,
                              .named = true,
                              .unit = "eV",
                              .most = HIGHEST_ENERGY_EV,
                              .fallback = "default",
                              .words = {{"default", NAN}},
                              .processes = MIGDAL,
                              .example = "0.1 eV",
                              .help =
                                  "least recoil energy of the nucleus; default: four mean phonon "
                                  "energies, 0.1 eV where that is unknown"},
    [KEY_SHELLS] = {.name = "shells",
                    .kind = KIND_NAME,
                    .place = PLACE_IF_LISTED,
                    .named = true,
                    .most_entries = 100,
                    .fallback = "all",
                    .words = {{"all", NAN}},
                    .processes = MIGDAL,
                    .example = "3s+3p",
                    .help = "atomic shells that count, with response: atomic"},
    [KEY_COUPLING] = {.name = "coupling",
                      .kind = KIND_WORD,
                      .place = PLACE_IF_LISTED,
                      .named = true,
                      .fallback = "nucleon",
                      .processes = MULTIPHONON | ANISOTROPIC,
                      .words = {{"nucleon", ELFIN_NUCLEON}, {"dark_photon", ELFIN_DARK_PHOTON}},
                      .example = "nucleon",
                      .help = "what scatters: nucleons alike, or the effective charge of each ion"},
    [KEY_PHONONS] = {.name = "phonons",
                     .kind = KIND_WORD,
                     .place = PLACE_IF_LISTED,
                     .named = true,
                     .fallback = "all",
                     .processes = MULTIPHONON | ANISOTROPIC,
                     .words = {{"all", ELFIN_ALL_PHONONS},
                               {"single", ELFIN_SINGLE_PHONON},
                               {"multi", ELFIN_MULTIPHONON}},
                     .example = "all",
                     .help =
                         "single: only one phonon, coherent, in the first Brillouin zone; multi: "
                         "all but that"},
    [KEY_OPERATOR] = {.name = "operator",
                      .kind = KIND_WORD,
                      .place = PLACE_IF_LISTED,
                      .named = true,
                      .required = MULTIPHONON_SD,
                      .processes = MULTIPHONON_SD,
                      .words = {{"A'", ELFIN_AXIAL_VECTOR},
                                {"phi", ELFIN_SCALAR},
                                {"a", ELFIN_PSEUDOSCALAR},
                                {"double A'", ELFIN_DOUBLE_AXIAL}},
                      .example = "A'",
                      .help = "how dark matter couples to nuclear spins"},
    [KEY_COUPLING_RATIO] = {.name = "coupling_ratio",
                            .kind = KIND_MAP,
                            .processes = MULTIPHONON_SD,
                            .unless = "the operator's",
                            .example = "{gn_over_gp: 1}",
                            .help = "coupling to neutrons over that to protons, or the inverse"},
    [KEY_GN_OVER_GP] = {.name = "gn_over_gp",
                        .kind = KIND_QUANTITY,
                        .place = PLACE_IF_LISTED,
                        .inside = KEY_COUPLING_RATIO,
                        .only_inside = true,
                        .unit = "",
                        .least = -HIGHEST_RATIO,
                        .most = HIGHEST_RATIO,
                        .unless = "the operator's",
                        .processes = MULTIPHONON_SD,
                        .example = "0",
                        .help = "coupling to neutrons over that to protons"},
    [KEY_GP_OVER_GN] = {.name = "gp_over_gn",
                        .kind = KIND_QUANTITY,
                        .place = PLACE_IF_LISTED,
                        .inside = KEY_COUPLING_RATIO,
                        .only_inside = true,
                        .unit = "",
                        .least = -HIGHEST_RATIO,
                        .most = HIGHEST_RATIO,
                        .unless = "none",
                        .processes = MULTIPHONON_SD,
                        .example = "0",
                        .help = "coupling to protons over that to neutrons"},
    [KEY_RECOIL] = {.name = "recoil",
                    .kind = KIND_WORD,
                    .place = PLACE_IF_LISTED,
                    .named = true,
                    .fallback = "crystal",
                    .processes = MULTIPHONON_SD,
                    .words = {{"crystal", 0}, {"free", 1}},
                    .example = "crystal",
                    .help = "the struck nucleus: in its crystal, or free"},
    [KEY_TIME] = {.name = "time",
                  .kind = KIND_QUANTITY,
                  .place = PLACE_IF_LISTED,
                  .unit = "h",
                  .most = 24,
                  .fallback = "0 h",
                  .processes = ANISOTROPIC,
                  .example = "{linear: [0 h, 24 h, 25]}",
                  .help = "of the sidereal day; at 0 the crystal's z axis lies along the wind"},
    [KEY_SPECTRUM] = {.name = "spectrum",
                      .kind = KIND_QUANTITY,
                      .place = PLACE_GRID,
                      .unit = "eV",
                      .most = HIGHEST_ENERGY_EV,
                      .fewest = 2,
                      .most_entries = 1000001,
                      .unless = "none",
                      .processes = SPECTRAL,
                      .example = "{linear: [0 eV, 50 eV, 101]}",
                      .help = "edges of bins, ascending: dR/domega averaged over each, too"},
    [KEY_AT] = {.name = "at",
                .kind = KIND_QUANTITY,
                .place = PLACE_GRID,
                .unit = "eV",
                .most = HIGHEST_ENERGY_EV,
                .above_least = true,
                .most_entries = 1000000,
                .unless = "none",
                .processes = SPECTRAL,
                .example = "[5 eV, 10 eV]",
                .help = "energies, ascending: dR/domega at each, too"},
    [KEY_CHARGE] = {.name = "charge",
                    .kind = KIND_COUNT,
                    .unit = "",
                    .least = 1,
                    .most = 1000,
                    .unless = "none",
                    .processes = ELECTRON | MIGDAL,
                    .example = "10",
                    .help = "highest number of electron-hole pairs Q: the rate for Q = 1, 2, ..., "
                            "too"},
    [KEY_DETECTOR] = {.name = "detector",
                      .kind = KIND_NAME,
                      .unless = "none",
                      .processes = SPECTRAL,
                      .example = "ideal_kg_year",
                      .help = "an experiment, by its name or the path of its file: the events that each of its "
                              "bins would count, too"},
};

const schema_key *schema_row(key_id id)
{
  return &rows[id];
}

key_id schema_find(const char *name)
{
  for (int id = 0; id < N_KEYS; id++)
    if (strcmp(rows[id].name, name) == 0)
      return (key_id)id;
  return N_KEYS;
}

unsigned schema_process_bit(const char *process)
{
  for (size_t i = 0; i < sizeof process_bits / sizeof *process_bits; i++)
    if (strcmp(process_bits[i].name, process) == 0)
      return process_bits[i].bit;
  return 0;
}

unsigned schema_all_processes(void)
{
  unsigned bits = 0;
  size_t n;
  const elfin_process *list = elfin_processes(&n);
  for (size_t i = 0; i < n; i++)
    bits |= schema_process_bit(list[i].name);
  return bits;
}

static size_t add_name(const char *names[], size_t n, const char *name)
{
  if (n < SCHEMA_MOST_NAMES)
    names[n++] = name;
  return n;
}

size_t schema_names(key_id id, const char *names[SCHEMA_MOST_NAMES])
{
  size_t n = 0, n_listed = 0;
  for (size_t i = 0; i < SCHEMA_MOST_WORDS && rows[id].words[i].name; i++)
    n = add_name(names, n, rows[id].words[i].name);
  if (id == KEY_PROCESS) {
    const elfin_process *list = elfin_processes(&n_listed);
    for (size_t i = 0; i < n_listed; i++)
      n = add_name(names, n, list[i].name);
  } else if (id == KEY_RESPONSE) {
    const elfin_response_kind *list = elfin_response_kinds(&n_listed);
    for (size_t i = 0; i < n_listed; i++)
      n = add_name(names, n, list[i].name);
  } else if (id == KEY_PRESET) {
    const elfin_halo_preset *list = elfin_halo_presets(&n_listed);
    for (size_t i = 0; i < n_listed; i++)
      n = add_name(names, n, list[i].name);
  }
  return n;
}

void schema_join(char *text, size_t size, size_t n, const char *const names[])
{
  size_t used = 0;
  *text = '\0';
  for (size_t i = 0; i < n && used < size; i++) {
    const char *joint = i == 0 ? "" : i + 1 < n ? ", " : " or ";
    used += (size_t)snprintf(text + used, size - used, "%s%s", joint, names[i]);
  }
}

void schema_range(const schema_key *key, char *text, size_t size)
{
  const char *blank = *key->unit ? " " : "";
  snprintf(text, size, "%s %g%s%s, at most %g%s%s", key->above_least ? "more than" : "at least",
           key->least, blank, key->unit, key->most, blank, key->unit);
}
