/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_multiphonon_anisotropic.c
 * What must hold for phonons in a crystal that turns with the Earth.
 *
 * Claims: the average over the azimuth, by harmonics of shifted F_n, is a plain sum over
 * directions, each with its own F_n and Debye–Waller factor, to 2e-5; a crystal whose tensor is
 * isotropic is what process multiphonon makes of it, at every time; a laboratory at rest sees no
 * time of the day; errors hold what they say; a day is a day; a set made elsewhere gives the same bits. */
#include "check.h"

#include "crystal/crystal_set.h"
#include "rates/multiphonon.h"

#include <elfin/rate.h>

#include <gsl/gsl_integration.h>
#include <unistd.h>

static const elfin_constants *constants;
static elfin_halo *halo;

static elfin_material *open_material(const char *name)
{
  elfin_material *m = NULL;
  elfin_error err = {""};
  CHECK(elfin_material_open(name, &m, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  if (!m)
    exit(check_result());
  return m;
}

static elfin_request request_for(const elfin_material *m, double mass_eV, double mediator_eV)
{
  elfin_request q;
  elfin_request_defaults(&q);
  q.constants = constants;
  q.halo = halo;
  q.material = m;
  q.mass_eV = mass_eV;
  q.mediator_eV = mediator_eV;
  return q;
}

static double rate(const char *process, elfin_request *q, double threshold, double *error)
{
  double value = NAN;
  elfin_status status;
  elfin_error err = {""};
  elfin_result r = {.rate = &value, .rate_error = error, .rate_status = &status};
  q->n_thresholds = 1;
  q->threshold_eV = &threshold;
  CHECK(elfin_rate(process, q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  return value;
}

/* ---- a plain sum over directions ------------------------------------------------------------- */

typedef struct ray {
  double cosine;
} ray;

static void along_at(const void *context, size_t n, const double v[], double f[])
{
  elfin_halo_along(halo, ((const ray *)context)->cosine, n, v, f);
}

/** q̂·D·q̂, from the projections on axes and diagonals. */
static double along(const double q[3], const double D[ELFIN_N_PROJECTIONS])
{
  double xy = D[ELFIN_ALONG_XY] - 0.5 * (D[ELFIN_ALONG_X] + D[ELFIN_ALONG_Y]);
  double xz = D[ELFIN_ALONG_XZ] - 0.5 * (D[ELFIN_ALONG_X] + D[ELFIN_ALONG_Z]);
  double yz = D[ELFIN_ALONG_YZ] - 0.5 * (D[ELFIN_ALONG_Y] + D[ELFIN_ALONG_Z]);
  return q[0] * q[0] * D[ELFIN_ALONG_X] + q[1] * q[1] * D[ELFIN_ALONG_Y] +
         q[2] * q[2] * D[ELFIN_ALONG_Z] +
         2 * (q[0] * q[1] * xy + q[0] * q[2] * xz + q[1] * q[2] * yz);
}

static crystal *crystal_along(const elfin_nucleus *nucleus, const double q[3])
{
  const elfin_density_tensor *t = nucleus->tensor;
  double *D = malloc(t->n * sizeof *D), of[ELFIN_N_PROJECTIONS];
  phonon_density density = {.n = t->n, .omega = t->omega_eV, .density = D};
  phonon_functions *functions = NULL;
  crystal *made = NULL;
  elfin_error err = {""};
  for (size_t i = 0; i < t->n; i++) {
    for (size_t k = 0; k < ELFIN_N_PROJECTIONS; k++)
      of[k] = t->per_eV[k * t->n + i];
    D[i] = along(q, of);
  }
  CHECK(phonon_functions_new(&density, (phonon_reach){.n_terms = 10}, &functions, &err) ==
        ELFIN_OK);
  CHECK(crystal_new_from(constants, nucleus->mass_number, functions, &made, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  made->q_switch = 1e9; /* never */
  free(D);
  return made;
}

typedef struct probe {
  double mass_eV, mediator_eV, threshold, time_h, sum;
} probe;

static void add_direction(const elfin_material *m, const crystal *c, double strength,
                          const double q[3], double weight, probe *p)
{
  double phi = 2 * M_PI * p->time_h / 24, s = sin(42 * M_PI / 180), co = cos(42 * M_PI / 180);
  double wind[3] = {s * sin(phi), s * co * (cos(phi) - 1), co * co + s * s * cos(phi)};
  ray r = {-(q[0] * wind[0] + q[1] * wind[1] + q[2] * wind[2])};
  double end = elfin_halo_along_max(halo, r.cosine), q0 = p->mass_eV * elfin_halo_v0(halo);
  crystal_sum sum = {.m_chi = p->mass_eV,
                     .speed = {along_at, &r, 1, &end},
                     .max_evaluations = 10000000,
                     .form = {.q0_2 = q0 * q0, .mass_2 = p->mediator_eV * p->mediator_eV},
                     .n_species = 1};
  integral out = {0};
  elfin_error err = {""};
  sum.q_from = 2 * M_PI * constants->hbar_c_eV_cm / (m->lattice_spacing_A.value * 1e-8);
  sum.species[0] = (crystal_species){.of = c, .strength = strength, .sum_only = true};
  CHECK(crystal_sum_slice(&sum, p->threshold, INFINITY, 1e-6, 0, &out, &err) == ELFIN_OK);
  p->sum += weight * out.value;
}

static void it_is_a_plain_sum_over_directions(void)
{
  enum { N_THETA = 10, N_PHI = 16 };
  probe probes[] = {{1e6, INFINITY, 1e-3, 0, 0},
                    {1e6, INFINITY, 1e-3, 12, 0},
                    {1e6, 0, 0.0453, 5, 0},
                    {3e6, INFINITY, 0.0912, 9, 0},
                    {5e6, 1e3, 0.2, 17, 0}};
  enum { N = sizeof probes / sizeof *probes };
  elfin_material *m = open_material("Al2O3");
  gsl_integration_glfixed_table *rule = gsl_integration_glfixed_table_alloc(N_THETA);
  for (size_t i = 0; i < N_THETA; i++)
    for (size_t j = 0; j < N_PHI; j++) {
      double cosine, weight, phi = 2 * M_PI * ((double)j + 0.25) / N_PHI;
      gsl_integration_glfixed_point(-1, 1, i, &cosine, &weight, rule);
      double sine = sqrt(1 - cosine * cosine), q[3] = {sine * cos(phi), sine * sin(phi), cosine};
      for (size_t d = 0; d < m->n_anisotropic; d++) {
        const elfin_nucleus *nucleus = &m->anisotropic[d];
        crystal *c = crystal_along(nucleus, q);
        double A = nucleus->mass_number;
        for (size_t k = 0; k < N; k++)
          add_direction(m, c, nucleus->multiplicity * A * A, q, weight / 2 / N_PHI, &probes[k]);
        elfin_crystal_free(c);
      }
    }
  for (size_t k = 0; k < N; k++) {
    elfin_request q = request_for(m, probes[k].mass_eV, probes[k].mediator_eV);
    q.time_h = probes[k].time_h;
    double error,
        expected = crystal_prefactor(&q, m->n_anisotropic, m->anisotropic) * probes[k].sum;
    double found = rate("multiphonon_anisotropic", &q, probes[k].threshold, &error);
    printf("above %g eV at %g h: %.6g, off %.1e, estimate %.1e\n", probes[k].threshold,
           probes[k].time_h, found, found / expected - 1, error / found);
    CHECK_CLOSE(found, expected, 2e-5);
    CHECK(error < 2e-4 * found);
  }
  gsl_integration_glfixed_table_free(rule);
  elfin_material_free(m);
}

/* ---- limits ---------------------------------------------------------------------------------- */

/** A crystal that is the same in all directions, given both ways; its Brillouin zone is tiny. */
static elfin_material *isotropic(void)
{
  static const char text[] =
      "name: glass\ndensity: {value: 3 g/cm3, source: test}\n"
      "lattice_spacing: {value: 900 A, source: test}\nsound_speed: {value: 5 km/s, source: test}\n"
      "nuclei:\n  source: test\n  cell:\n  - {name: A, mass_number: 20, multiplicity: 2}\n"
      "nuclei_anisotropic:\n  source: test\n  cell:\n  - {name: A_1, mass_number: 20, "
      "multiplicity: 1}\n"
      "  - {name: A_2, mass_number: 20, multiplicity: 1}\nphonon_dos:\n";
  static const char omega[] = "[0, 0.02, 0.05, 0.08]", D[] = "[0, 10, 20, 5]";
  static const char rows[] = "[[0, 0], [0.02, 10], [0.05, 20], [0.08, 5]]";
  char path[64];
  snprintf(path, sizeof path, "/tmp/elfin_glass_%ld.yaml", (long)getpid());
  FILE *file = fopen(path, "w");
  fprintf(file, "%s- {name: A, source: test, columns: [omega_eV, D_per_eV], rows: %s}\n", text,
          rows);
  fprintf(file, "phonon_dos_anisotropic:\n  source: test\n  components: [x, y, z, x+y, x+z, y+z]\n "
                " atoms:\n");
  for (int i = 0; i < 2; i++)
    fprintf(file, "  - {omega_eV: %s, D_per_eV: [%s, %s, %s, %s, %s, %s]}\n", omega, D, D, D, D, D,
            D);
  fclose(file);
  elfin_material *m = open_material(path);
  unlink(path);
  return m;
}

static void an_isotropic_tensor_is_an_isotropic_crystal(void)
{
  static const double masses[] = {3e5, 1e6, 2e7, 3e8}, thresholds[] = {2e-3, 0.0333, 0.0712, 0.15};
  elfin_material *m = isotropic();
  elfin_constants same = *constants; /* the impulse approximation from the same momentum on */
  const elfin_density_of_states *dos = m->nuclei[0].dos;
  same.impulse_from = 4 / sqrt(dos->mean_eV * dos->inverse_per_eV);
  for (size_t i = 0; i < sizeof masses / sizeof *masses; i++)
    for (size_t j = 0; j < sizeof thresholds / sizeof *thresholds; j++) {
      elfin_request q = request_for(m, masses[i], i % 2 ? 0 : INFINITY);
      double error, own;
      q.constants = &same;
      q.phonons = ELFIN_MULTIPHONON;
      double expected = rate("multiphonon", &q, thresholds[j], &error);
      q.time_h = 7.5;
      double found = rate("multiphonon_anisotropic", &q, thresholds[j], &own);
      printf("isotropic, %g eV above %g eV: %.6g, off %.1e, estimate %.1e\n", masses[i],
             thresholds[j], found, expected > 0 ? found / expected - 1 : 0,
             found > 0 ? own / found : 0);
      CHECK_CLOSE(found, expected, 1e-5);
    }
  elfin_material_free(m);
}

static void a_laboratory_at_rest_sees_no_time(void)
{
  elfin_material *m = open_material("Al2O3");
  elfin_request q = request_for(m, 1e6, INFINITY);
  elfin_halo *still = NULL;
  double error, at_0, at_5;
  CHECK(elfin_halo_new_shm(elfin_halo_v0(halo), elfin_halo_along_max(halo, 0), 0, &still, NULL) ==
        ELFIN_OK);
  q.halo = still;
  at_0 = rate("multiphonon_anisotropic", &q, 0.02, &error);
  q.time_h = 5;
  at_5 = rate("multiphonon_anisotropic", &q, 0.02, &error);
  CHECK(at_0 > 0);
  CHECK_CLOSE(at_5, at_0, 1e-6);
  elfin_halo_free(still);
  elfin_material_free(m);
}

static void a_day_later_it_is_the_same_and_in_between_it_is_not(void)
{
  elfin_material *m = open_material("Al2O3");
  elfin_request q = request_for(m, 1e6, INFINITY);
  double error, at_0 = rate("multiphonon_anisotropic", &q, 0.02, &error), at_12, at_24;
  q.time_h = 12;
  at_12 = rate("multiphonon_anisotropic", &q, 0.02, &error);
  q.time_h = 24;
  at_24 = rate("multiphonon_anisotropic", &q, 0.02, &error);
  CHECK_CLOSE(at_24, at_0, 1e-9);
  CHECK(fabs(at_12 / at_0 - 1) > 5e-3);
  elfin_material_free(m);
}

static void errors_hold(void)
{
  static const char *const names[] = {"Al2O3", "SiO2", "SiC"};
  static const double thresholds[] = {1e-3, 0.0457, 0.12}, masses[] = {4e5, 2e6, 5e7};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    elfin_material *m = open_material(names[i]);
    for (size_t j = 0; j < 3; j++) {
      elfin_request q = request_for(m, masses[j], j % 2 ? INFINITY : 0);
      double error, fine_error;
      q.time_h = 3;
      q.accuracy = 1e-6;
      double fine = rate("multiphonon_anisotropic", &q, thresholds[(i + j) % 3], &fine_error);
      q.accuracy = 1e-3;
      double found = rate("multiphonon_anisotropic", &q, thresholds[(i + j) % 3], &error);
      printf("%s, %g eV above %g eV: off %.1e, estimates %.1e, %.1e\n", names[i], masses[j],
             thresholds[(i + j) % 3], found / fine - 1, error / found, fine_error / fine);
      CHECK(fabs(found - fine) <= error);
      CHECK(error <= 2e-3 * found);
    }
    elfin_material_free(m);
  }
}

/** dR/dω adds up to rates. */
static void bins_and_points_agree(void)
{
  elfin_material *m = open_material("Al2O3");
  elfin_request q = request_for(m, 1e6, INFINITY);
  const double edge[] = {0.05, 0.0502, 0.2018, 0.2022}, at[] = {0.0501, 0.202};
  double spectrum[3], spectrum_error[3], value[2], value_error[2];
  elfin_status bin[3], point[2];
  elfin_error err = {""};
  elfin_result r = {.spectrum = spectrum,
                    .spectrum_error = spectrum_error,
                    .spectrum_status = bin,
                    .differential = value,
                    .differential_error = value_error,
                    .differential_status = point};
  q.n_edges = 4;
  q.edge_eV = edge;
  q.n_at = 2;
  q.at_eV = at;
  CHECK(elfin_rate("multiphonon_anisotropic", &q, &r, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  CHECK_CLOSE(value[0], spectrum[0], 2e-3);
  CHECK_CLOSE(value[1], spectrum[2], 2e-3);
  q.n_edges = q.n_at = 0;
  double error, low = rate("multiphonon_anisotropic", &q, edge[0], &error);
  double high = rate("multiphonon_anisotropic", &q, edge[3], &error);
  double sum = spectrum[0] * 0.0002 + spectrum[1] * (0.2018 - 0.0502) + spectrum[2] * 0.0004;
  CHECK_CLOSE(sum, low - high, 1e-4);
  elfin_material_free(m);
}

/* ---- refusals -------------------------------------------------------------------------------- */

static void refuse(const elfin_request *q, const char *says)
{
  elfin_error err = {""};
  CHECK(elfin_rate_check("multiphonon_anisotropic", q, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, says);
}

static void what_makes_no_sense_is_refused_by_name(void)
{
  elfin_material *sapphire = open_material("Al2O3"), *germanium = open_material("Ge");
  elfin_request q = request_for(germanium, 1e6, INFINITY);
  refuse(&q, "gives no density of states along directions");
  q.material = sapphire;
  q.phonons = ELFIN_SINGLE_PHONON;
  refuse(&q, "phonons: single is for process multiphonon");
  q.phonons = ELFIN_ALL_PHONONS;
  q.time_h = NAN;
  refuse(&q, "time nan h");
  q.time_h = 0;
  const double v[2] = {1e-4, 2e-3}, eta[2] = {1000, 0};
  elfin_halo *table = NULL;
  CHECK(elfin_halo_new_table(2, v, eta, &table, NULL) == ELFIN_OK);
  q.halo = table;
  refuse(&q, "not known by direction");
  elfin_halo_free(table);
  elfin_material_free(sapphire);
  elfin_material_free(germanium);
}

/** Made by one process, taken or borrowed by another. */
static void what_is_shared_gives_the_same_bits(void)
{
  static const char process[] = "multiphonon_anisotropic";
  elfin_material *alone = open_material("Si");
  elfin_request of_alone = request_for(alone, 1e7, INFINITY);
  size_t n = 0;
  double *numbers = NULL, expected, error;
  CHECK(elfin_rate_prepare_parts(process, &of_alone) == 1);
  CHECK(elfin_rate_prepare_make(process, &of_alone, 0, &n, &numbers, NULL) == ELFIN_OK);
  CHECK(elfin_rate_prepare_make(process, &of_alone, 1, &n, &numbers, NULL) == ELFIN_E_ARGUMENT);
  expected = rate(process, &of_alone, 1e-2, &error);
  for (int borrowed = 0; borrowed < 2; borrowed++) {
    elfin_status (*take)(const char *, const elfin_request *, size_t, size_t, const double[],
                         elfin_error *) =
        borrowed ? elfin_rate_prepare_borrow : elfin_rate_prepare_take;
    elfin_material *m = open_material("Si");
    elfin_request q = request_for(m, 1e7, INFINITY);
    elfin_error err = {""};
    CHECK(take(process, &q, 0, n - 1, numbers, &err) == ELFIN_E_ARGUMENT);
    CHECK_SAYS(err.text, "are not its phonons");
    CHECK(elfin_rate_prepare_parts(process, &q) == 1);
    CHECK(take(process, &q, 0, n, numbers, NULL) == ELFIN_OK);
    CHECK(elfin_rate_prepare_parts(process, &q) == 0);
    CHECK(rate(process, &q, 1e-2, &error) == expected);
    if (borrowed) { /* used where it lies: with no weights left, no phonons */
      for (size_t i = 0; i < n; i++)
        numbers[i] = i < 2 ? numbers[i] : 0;
      CHECK(rate(process, &q, 1e-2, &error) < 0.9 * expected);
    }
    elfin_material_free(m);
  }
  free(numbers); /* still ours */
  elfin_material_free(alone);
}

int main(void)
{
  elfin_error err;
  constants = elfin_constants_named("elfin");
  CHECK(elfin_halo_new_shm(220 / constants->c_km_s, 500 / constants->c_km_s,
                           240 / constants->c_km_s, &halo, &err) == ELFIN_OK);
  it_is_a_plain_sum_over_directions();
  an_isotropic_tensor_is_an_isotropic_crystal();
  a_laboratory_at_rest_sees_no_time();
  a_day_later_it_is_the_same_and_in_between_it_is_not();
  errors_hold();
  bins_and_points_agree();
  what_makes_no_sense_is_refused_by_name();
  what_is_shared_gives_the_same_bits();
  elfin_halo_free(halo);
  return check_result();
}
