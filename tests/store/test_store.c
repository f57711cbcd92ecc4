/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_store.c
 * What was put into a result file is read back, in its place, and what is left to do is known. */
#include "store_check.h"

static elfin_error err;

/* Every value of a dataset is where it belongs, or NaN with status 0 for tasks that are pending. */
static void check_dataset(const char *path, const campaign *c, const char *sweep_name, int kind,
                          const char *name, size_t first_pending)
{
  const campaign_sweep *sweep = campaign_sweep_named(c, sweep_name);
  store_sweep *s = NULL;
  CHECK(store_read(path, sweep_name, name, &s, &err) == ELFIN_OK);
  if (!s)
    return;
  size_t per_task = s->n_points / sweep->n_tasks, wrong = 0;
  for (size_t i = 0; i < s->n_points; i++) {
    bool done = i / per_task < first_pending;
    double expected = number_at(kind, i);
    wrong += done ? s->value[i] != expected || s->error[i] != expected * 1e-5 || s->status[i] != 1
                  : !isnan(s->value[i]) || !isnan(s->error[i]) || s->status[i] != 0;
  }
  CHECK(wrong == 0);
  CHECK(s->n_done == first_pending * per_task);
  CHECK(s->n_failed == 0);
  CHECK(s->n_done + s->n_pending == s->n_points);
  store_sweep_free(s);
}

static void check_all(const char *path, const campaign *c, size_t many, size_t few)
{
  check_dataset(path, c, "many", OBS_RATE, "rate", many);
  check_dataset(path, c, "many", OBS_SPECTRUM, "spectrum", many);
  check_dataset(path, c, "many", OBS_DIFFERENTIAL, "differential", many);
  check_dataset(path, c, "many", OBS_CHARGE, "charge_rate", many);
  check_dataset(path, c, "few", OBS_RATE, "rate", few);
}

static void put(store *s, const campaign *c, size_t i_sweep, size_t first, size_t n)
{
  campaign_rows *rows = rows_of(c, i_sweep, first, n);
  CHECK(store_put(s, rows, &err) == ELFIN_OK);
  campaign_rows_free(rows);
}

static void a_new_file_is_all_pending(const campaign *c)
{
  CHECK(create("new.h5", c, false, &err) == ELFIN_OK);
  check_all("new.h5", c, 0, 0);
  size_t n = 0;
  store_range *left = NULL;
  CHECK(store_pending("new.h5", c, (store_part){1, 1}, false, &n, &left, &err) == ELFIN_OK);
  CHECK(n == 1 && left[0].first == 0 && left[0].n == MANY_TASKS + FEW_TASKS);
  free(left);
}

/* 7 and 13 are not multiples of any axis: every batch is several boxes. */
static void rows_come_back_from_their_place_whatever_the_batches(const campaign *c)
{
  static const size_t batch[] = {1, 2, 7, 13, MANY_TASKS};
  for (size_t b = 0; b < sizeof batch / sizeof *batch; b++) {
    store *s = NULL;
    CHECK(create("rows.h5", c, b > 0, &err) == ELFIN_OK);
    CHECK(store_open("rows.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &err) == ELFIN_OK);
    for (size_t first = 0; first < MANY_TASKS; first += batch[b])
      put(s, c, 0, first, first + batch[b] < MANY_TASKS ? batch[b] : MANY_TASKS - first);
    put(s, c, 1, 0, FEW_TASKS);
    CHECK(store_close(s, true, &err) == ELFIN_OK);
    check_all("rows.h5", c, MANY_TASKS, FEW_TASKS);
  }
}

static void what_is_left_is_known_by_ranges(const campaign *c)
{
  store *s = NULL;
  CHECK(create("left.h5", c, false, &err) == ELFIN_OK);
  CHECK(store_open("left.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &err) == ELFIN_OK);
  put(s, c, 0, 0, 5);
  put(s, c, 0, 6, 3);
  put(s, c, 1, 0, 2);
  CHECK(store_close(s, false, &err) == ELFIN_OK);
  size_t n = 0;
  store_range *left = NULL;
  CHECK(store_pending("left.h5", c, (store_part){1, 1}, false, &n, &left, &err) == ELFIN_OK);
  CHECK(n == 3);
  if (n == 3) {
    CHECK(left[0].first == 5 && left[0].n == 1);
    CHECK(left[1].first == 9 && left[1].n == MANY_TASKS - 9);
    CHECK(left[2].first == MANY_TASKS + 2 && left[2].n == 2);
  }
  free(left);
}

static void axes_of_a_file_are_those_of_the_job(const campaign *c)
{
  store_sweep *s = NULL;
  CHECK(store_read("rows.h5", "many", "rate", &s, &err) == ELFIN_OK);
  if (!s)
    return;
  static const char *const keys[] = {"material", "response",      "mediator", "v0",
                                     "mass",     "cross_section", "threshold"};
  static const char *const units[] = {"", "", "eV", "km/s", "eV", "cm2", "eV"};
  CHECK(s->n_axes == 7);
  for (size_t i = 0; i < 7 && s->n_axes == 7; i++) {
    CHECK_TEXT(s->axes[i].key, keys[i]);
    CHECK_TEXT(s->axes[i].unit, units[i]);
  }
  CHECK_TEXT(s->axes[0].text[1], "Ge");
  CHECK_TEXT(s->axes[2].text[2], "10 keV");
  CHECK(s->axes[2].value[0] == 0 && isinf(s->axes[2].value[1]) && s->axes[2].value[2] == 1e4);
  CHECK(s->axes[3].value[1] == 230);
  CHECK_TEXT(s->process, "electron");
  CHECK_TEXT(s->conventions, "elfin");
  CHECK_TEXT(s->units, "1/kg/yr");
  const campaign_sweep *sweep = campaign_sweep_named(c, "many");
  CHECK(s->n_material == 2 && s->n_threshold == 2);
  for (size_t i = 0; i < 4; i++)
    CHECK(s->threshold_eV[i] == sweep->threshold_eV[i]);
  store_sweep_free(s);
}

static void a_summary_tells_what_made_the_file(const campaign *c)
{
  size_t length;
  store_summary *s = NULL;
  CHECK(store_summarise("rows.h5", &s, &err) == ELFIN_OK);
  if (!s)
    return;
  CHECK_TEXT(s->job, campaign_text(c, &length));
  CHECK_TEXT(s->command, "elfin run job.yaml");
  CHECK_TEXT(s->elfin_version, elfin_version());
  CHECK_TEXT(s->git_commit, elfin_git_commit());
  CHECK(strlen(s->created) == strlen("2026-01-01T00:00:00Z") && s->created[10] == 'T');
  CHECK(s->complete == 1);
  CHECK(s->n_sweeps == 2);
  store_summary_free(s);
  CHECK(store_summarise("left.h5", &s, &err) == ELFIN_OK);
  CHECK(s->complete == 0);
  store_summary_free(s);
}

/* A batch with two failed points: a rate, and one bin of a spectrum in another task. */
static void put_with_failures(store *s, const campaign *c, const char *reason)
{
  campaign_rows *rows = rows_of(c, 0, 0, MANY_TASKS);
  size_t rate = 4 * 5 + 3, bin = 10 * 9 + 2; /* of 4 rates and 10 bins per task: tasks 5 and 9 */
  campaign_failure failed[2] = {{.point = rate, .observable = OBS_RATE},
                                {.point = bin, .observable = OBS_SPECTRUM}};
  snprintf(failed[0].reason, sizeof failed[0].reason, "%s", reason);
  snprintf(failed[1].reason, sizeof failed[1].reason, "this bin, %s", reason);
  rows->status[OBS_RATE][rate] = rows->status[OBS_SPECTRUM][bin] = 2;
  rows->value[OBS_RATE][rate] = rows->error[OBS_RATE][rate] = NAN;
  rows->value[OBS_SPECTRUM][bin] = 17; /* a number of no worth: status decides */
  campaign_failure *own = rows->failures;
  rows->failures = failed;
  rows->n_failures = 2;
  CHECK(store_put(s, rows, &err) == ELFIN_OK);
  rows->failures = own;
  rows->n_failures = 0;
  campaign_rows_free(rows);
}

static char *failures_text(const char *path, size_t limit)
{
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream(&text, &length);
  CHECK(store_print_failures(path, "many", limit, stream, &err) == ELFIN_OK);
  fclose(stream);
  return text;
}

static size_t lines(const char *text)
{
  size_t n = 0;
  for (; *text; text++)
    n += *text == '\n';
  return n;
}

static void a_failed_point_hides_no_other_and_says_why(const campaign *c)
{
  store *s = NULL;
  store_sweep *read = NULL;
  CHECK(create("failed.h5", c, false, &err) == ELFIN_OK);
  CHECK(store_open("failed.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &err) == ELFIN_OK);
  put_with_failures(s, c, "the integral did not converge");
  CHECK(store_close(s, true, &err) == ELFIN_OK);
  CHECK(store_read("failed.h5", "many", "rate", &read, &err) == ELFIN_OK);
  CHECK(read->n_failed == 1 && read->n_pending == 0 && read->status[23] == 2);
  CHECK(isnan(read->value[23]) && read->value[22] == number_at(OBS_RATE, 22));
  store_sweep_free(read);
  CHECK(store_read("failed.h5", "many", "spectrum", &read, &err) == ELFIN_OK);
  CHECK(read->n_failed == 1 && read->status[92] == 2 && isnan(read->value[92]) &&
        isnan(read->error[92]));
  store_sweep_free(read);
  char *text = failures_text("failed.h5", 100);
  CHECK(lines(text) == 2);
  CHECK_SAYS(text, "the integral did not converge");
  CHECK_SAYS(text, "this bin, the integral did not converge");
  CHECK_SAYS(text, "massive"); /* task 5 in words: Si, massive needs no index arithmetic */
  free(text);
  text = failures_text("failed.h5", 1);
  CHECK(lines(text) == 1);
  free(text);
}

static void failed_tasks_are_left_only_when_asked_for(const campaign *c)
{
  size_t n = 0;
  store_range *left = NULL;
  CHECK(store_pending("failed.h5", c, (store_part){1, 1}, false, &n, &left, &err) == ELFIN_OK);
  CHECK(n == 1 && left[0].first == MANY_TASKS && left[0].n == FEW_TASKS);
  free(left);
  CHECK(store_pending("failed.h5", c, (store_part){1, 1}, true, &n, &left, &err) == ELFIN_OK);
  CHECK(n == 3 && left[0].first == 5 && left[0].n == 1 && left[1].first == 9 && left[1].n == 1);
  free(left);
}

static void a_retry_replaces_or_clears_the_reason(const campaign *c)
{
  store *s = NULL;
  CHECK(store_open("failed.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &err) == ELFIN_OK);
  put_with_failures(s, c, "out of luck again");
  CHECK(store_close(s, true, &err) == ELFIN_OK);
  char *text = failures_text("failed.h5", 100);
  CHECK(lines(text) == 2 && !strstr(text, "converge"));
  CHECK_SAYS(text, "out of luck again");
  free(text);
  CHECK(store_open("failed.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &err) == ELFIN_OK);
  put(s, c, 0, 0, MANY_TASKS);
  CHECK(store_close(s, true, &err) == ELFIN_OK);
  text = failures_text("failed.h5", 100);
  CHECK_TEXT(text, "");
  free(text);
  check_dataset("failed.h5", c, "many", OBS_RATE, "rate", MANY_TASKS);
}

static void flags_are_counted_by_bit(void)
{
  uint64_t n_of_bit[32];
  CHECK(store_count_flags("rows.h5", "many", n_of_bit, &err) == ELFIN_OK);
  /* 144 rates with flags i % 32: four rounds of 32, each with 16 of every bit, and half a round,
   * which has 8 of bits 0 to 3 and none of bit 4. */
  for (int bit = 0; bit < 32; bit++)
    CHECK(n_of_bit[bit] == (bit < 4 ? 72u : bit == 4 ? 64u : 0u));
}

static void a_size_is_foretold_within_a_few_per_cent(void)
{
  static const char large[] =
      "name: large\nsweeps:\n  one:\n    process: electron\n    material: Si\n"
      "    response: lindhard\n    mediator: massless\n    cross_section: 1e-38\n"
      "    mass: {log: [1 MeV, 1 GeV, 20000]}\n    spectrum: {linear: [0 eV, 50 eV, 11]}\n";
  campaign *c = campaign_of(large);
  CHECK(create("large.h5", c, false, &err) == ELFIN_OK);
  FILE *stream = fopen("large.h5", "rb");
  CHECK(stream && fseek(stream, 0, SEEK_END) == 0);
  double found = stream ? (double)ftell(stream) : 0, foretold = (double)store_size(c);
  if (stream)
    fclose(stream);
  CHECK(foretold >= found); /* an upper bound */
  CHECK_CLOSE(foretold, found, 0.05);
  campaign_free(c);
}

/* Such datasets are not filled: what was never written reads as 0, and only `status` knows. */
static void above_ten_million_points_status_alone_decides(void)
{
  enum { N_TASKS = 101, PER_TASK = 100000, PUT = 40 };
  static const char job[] = "name: sparse\nsweeps:\n  one:\n    process: electron\n"
                            "    material: Si\n    response: lindhard\n    mediator: massless\n"
                            "    mass: {log: [1 MeV, 1 GeV, 101]}\n"
                            "    cross_section: {log: [1e-45, 1e-35, 100000]}\n";
  campaign *c = campaign_of(job);
  store *s = NULL;
  store_sweep *read = NULL;
  CHECK(create("sparse.h5", c, false, &err) == ELFIN_OK);
  CHECK(store_open("sparse.h5", c, &(store_run){.force = false, .n_ranks = 1}, &s, &err) == ELFIN_OK);
  put(s, c, 0, PUT, 1);
  CHECK(store_close(s, false, &err) == ELFIN_OK);
  CHECK(store_read("sparse.h5", "one", "rate", &read, &err) == ELFIN_OK);
  CHECK(read && read->n_points == (size_t)N_TASKS * PER_TASK && read->n_done == PER_TASK);
  size_t wrong = 0;
  for (size_t i = 0; read && i < read->n_points; i++)
    wrong +=
        i / PER_TASK == PUT ? read->value[i] != number_at(OBS_RATE, i) : !isnan(read->value[i]);
  CHECK(wrong == 0);
  store_sweep_free(read);
  size_t n = 0;
  store_range *left = NULL;
  CHECK(store_pending("sparse.h5", c, (store_part){1, 1}, false, &n, &left, &err) == ELFIN_OK);
  CHECK(n == 2 && left[0].n == PUT && left[1].first == PUT + 1);
  free(left);
  unlink("sparse.h5");
  campaign_free(c);
}

static void only_our_names_are_read(void)
{
  store_sweep *s = NULL;
  CHECK(store_read("rows.h5", "other", "rate", &s, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "other");
  CHECK(store_read("rows.h5", "few", "spectrum", &s, &err) != ELFIN_OK);
  CHECK_SAYS(err.text, "spectrum");
  CHECK(!s);
}

int main(void)
{
  char folder[] = "store-XXXXXX";
  enter_folder(folder);
  campaign *c = campaign_of(job_text);
  a_new_file_is_all_pending(c);
  rows_come_back_from_their_place_whatever_the_batches(c);
  what_is_left_is_known_by_ranges(c);
  axes_of_a_file_are_those_of_the_job(c);
  a_summary_tells_what_made_the_file(c);
  a_failed_point_hides_no_other_and_says_why(c);
  failed_tasks_are_left_only_when_asked_for(c);
  a_retry_replaces_or_clears_the_reason(c);
  flags_are_counted_by_bit();
  a_size_is_foretold_within_a_few_per_cent();
  above_ten_million_points_status_alone_decides();
  only_our_names_are_read();
  campaign_free(c);
  leave_folder(folder);
  return check_result();
}
