/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_csv.c
 * CSV says everything and loses nothing: numbers read back as the same doubles, names come through
 * whatever they contain, and rows that never were in a file print as if they had been. */
#include "report/number_text.h"
#include "report/report.h"

#include "../store/store_check.h"

static elfin_error err;

/* ---- numbers --------------------------------------------------------------------------------- */

static void every_double_reads_back_with_the_same_bits(void)
{
  char text[NUMBER_TEXT_SIZE];
  uint64_t bits = 88172645463325252u, wrong = 0; /* xorshift: all exponents, any fraction */
  for (int i = 0; i < 200000; i++) {
    double value, read;
    bits ^= bits << 13, bits ^= bits >> 7, bits ^= bits << 17;
    memcpy(&value, &bits, sizeof value);
    if (isnan(value))
      continue;
    number_text(value, text);
    read = strtod(text, NULL);
    wrong += memcmp(&read, &value, sizeof read) != 0;
  }
  CHECK(wrong == 0);
}

static void what_a_person_wrote_is_printed_so(void)
{
  static const struct {
    double value;
    const char *text;
  } cases[] = {{0, "0"},
               {0.1, "0.1"},
               {1e-38, "1e-38"},
               {4.71, "4.71"},
               {1e6, "1000000"},
               {-2.5, "-2.5"},
               {NAN, "nan"},
               {-NAN, "nan"},
               {INFINITY, "inf"},
               {1e22, "1e+22"},
               {1.0 / 3, "0.3333333333333333"}};
  char text[NUMBER_TEXT_SIZE];
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    number_text(cases[i].value, text);
    CHECK_TEXT(text, cases[i].text);
  }
}

/* ---- a sweep made by hand -------------------------------------------------------------------- */

/* Two materials, one of an awkward name, and two thresholds that differ by material. */
static char *const materials[] = {"Si", "my \"pure\", dry\nfile.yaml"};
static double material_numbers[] = {NAN, NAN};
static double sigma[] = {1e-38}, threshold_numbers[] = {NAN, NAN};
static char *const thresholds[] = {"default", "10 eV"};
static double resolved[] = {4.71, 10, 3.5, 10};
static double values[] = {1.5, 0, NAN, NAN}, errors[] = {1e-4, 0, NAN, NAN};
static uint8_t states[] = {1, 1, 2, 0};
static store_axis axes[] = {
    {.key = "material",
     .unit = "",
     .named = true,
     .n = 2,
     .value = material_numbers,
     .text = (char **)materials},
    {.key = "cross_section", .unit = "cm2", .n = 1, .value = sigma},
    {.key = "threshold",
     .unit = "eV",
     .named = true,
     .n = 2,
     .value = threshold_numbers,
     .text = (char **)thresholds},
};
static const store_sweep by_hand = {.name = "hand",
                                    .process = "electron",
                                    .n_axes = 3,
                                    .axes = axes,
                                    .threshold_eV = resolved,
                                    .n_material = 2,
                                    .n_threshold = 2,
                                    .n_points = 4,
                                    .value = values,
                                    .error = errors,
                                    .status = states,
                                    .units = "1/kg/yr"};

/* What report_csv() prints; yours. */
static char *csv_of(const store_sweep *sweep, const char *dataset, double events)
{
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  CHECK(report_csv(sweep, dataset, events, false, stream, &err) == ELFIN_OK);
  fclose(stream);
  return text;
}

static void a_table_is_what_rfc_4180_says(void)
{
  char *text = csv_of(&by_hand, "rate", 0);
  CHECK_TEXT(text, "material,cross_section_cm2,threshold_eV,rate_per_kg_yr,rate_error_per_kg_yr,"
                   "status\r\n"
                   "Si,1e-38,4.71,1.5,0.0001,1\r\n"
                   "Si,1e-38,10,0,0,1\r\n"
                   "\"my \"\"pure\"\", dry\nfile.yaml\",1e-38,3.5,nan,nan,2\r\n"
                   "\"my \"\"pure\"\", dry\nfile.yaml\",1e-38,10,nan,nan,0\r\n");
  free(text);
}

/* σ N / R: 1e-38 · 3 / 1.5; no rate at all never reaches N. */
static void the_reach_is_the_cross_section_for_so_many_events(void)
{
  char *text = csv_of(&by_hand, "rate", 3);
  CHECK_SAYS(text, ",status,reach_cm2\r\n");
  CHECK_SAYS(text, "Si,1e-38,4.71,1.5,0.0001,1,2e-38\r\n");
  CHECK_SAYS(text, "Si,1e-38,10,0,0,1,inf\r\n");
  CHECK_SAYS(text, "3.5,nan,nan,2,nan\r\n");
  free(text);
}

static void a_stream_that_fails_is_reported(void)
{
  FILE *full = fopen("/dev/full", "w");
  if (!full)
    return;
  setvbuf(full, NULL, _IONBF, 0);
  CHECK(report_csv(&by_hand, "rate", 0, false, full, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "No space left");
  fclose(full);
}

/* ---- from a file, and never in one ----------------------------------------------------------- */

/* Rows of a sweep into a file, and out again; yours. */
static char *by_way_of_a_file(campaign *c, const campaign_rows *rows, const char *dataset)
{
  store *s = NULL;
  store_sweep *read = NULL;
  CHECK(create("way.h5", c, true, &err) == ELFIN_OK);
  CHECK(store_open("way.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &err) == ELFIN_OK);
  CHECK(store_put(s, rows, &err) == ELFIN_OK);
  CHECK(store_close(s, true, &err) == ELFIN_OK);
  CHECK(store_read("way.h5", "many", dataset, &read, &err) == ELFIN_OK);
  char *text = csv_of(read, dataset, 0);
  store_sweep_free(read);
  return text;
}

static char *straight(const campaign *c, const campaign_rows *rows, const char *dataset)
{
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  CHECK(report_rows_csv(c, rows, dataset, stream, &err) == ELFIN_OK);
  fclose(stream);
  return text;
}

static void rows_print_alike_with_and_without_a_file(void)
{
  static const char *const datasets[] = {"rate", "spectrum", "differential", "charge_rate"};
  campaign *c = campaign_of(job_text);
  campaign_rows *rows = NULL;
  CHECK(campaign_rows_new(c, 0, MANY_TASKS, &rows, &err) == ELFIN_OK);
  for (size_t task = 0; task < MANY_TASKS; task++) /* computed: numbers of any kind */
    CHECK(campaign_compute(c, 0, task, rows, &err) == ELFIN_OK);
  for (size_t i = 0; i < sizeof datasets / sizeof *datasets; i++) {
    char *kept = by_way_of_a_file(c, rows, datasets[i]), *direct = straight(c, rows, datasets[i]);
    CHECK(strlen(kept) > 1000);
    CHECK(strcmp(kept, direct) == 0);
    free(kept);
    free(direct);
  }
  campaign_rows_free(rows);
  campaign_free(c);
}

/* Without the header, rows 5 to 9 are lines of the whole table. */
static void a_part_of_the_rows_prints_as_that_part_of_the_table(void)
{
  campaign *c = campaign_of(job_text);
  campaign_rows *all = rows_of(c, 0, 0, MANY_TASKS), *some = rows_of(c, 0, 5, 5);
  char *whole = straight(c, all, "spectrum"), *part = straight(c, some, "spectrum");
  const char *body = strstr(part, "\r\n") + 2;
  CHECK(strlen(body) > 1000 && strstr(whole, body) != NULL);
  free(whole);
  free(part);
  campaign_rows_free(some);
  campaign_rows_free(all);
  campaign_free(c);
}

static void a_dataset_that_was_not_asked_for_is_named(void)
{
  campaign *c = campaign_of(job_text);
  campaign_rows *rows = rows_of(c, 1, 0, FEW_TASKS);
  CHECK(report_rows_csv(c, rows, "spectrum", stdout, &err) == ELFIN_E_ARGUMENT);
  CHECK_SAYS(err.text, "few");
  CHECK_SAYS(err.text, "spectrum");
  campaign_rows_free(rows);
  campaign_free(c);
}

int main(void)
{
  char folder[] = "csv-XXXXXX";
  enter_folder(folder);
  every_double_reads_back_with_the_same_bits();
  what_a_person_wrote_is_printed_so();
  a_table_is_what_rfc_4180_says();
  the_reach_is_the_cross_section_for_so_many_events();
  a_stream_that_fails_is_reported();
  rows_print_alike_with_and_without_a_file();
  a_part_of_the_rows_prints_as_that_part_of_the_table();
  a_dataset_that_was_not_asked_for_is_named();
  leave_folder(folder);
  return check_result();
}
