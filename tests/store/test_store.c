/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_store.c
 * The result file on one rank: what is put comes back, wherever it begins and ends; what may not be
 * opened or replaced is left alone. Runs in a folder of its own. */
#include "store_rows_by_hand.h"

#include "store/hdf5_tools.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static const store_run RUN = {.command = "elfin run job.yaml", .n_ranks = 1, .overwrite = false};

static void create(const char *path, const campaign *c)
{
  elfin_error err = {""};
  unlink(path);
  CHECK(store_create(path, c, &RUN, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
}

static void put(store *s, const campaign *c, size_t i_sweep, size_t first, size_t n, bool lucky)
{
  elfin_error err = {""};
  campaign_rows *rows = make_rows(c, i_sweep, first, n, lucky);
  CHECK(store_put(s, rows, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  campaign_rows_free(rows);
}

static store *open_store(const char *path, const campaign *c)
{
  elfin_error err = {""};
  store *s = NULL;
  CHECK(store_open(path, c, false, &s, &err) == ELFIN_OK);
  CHECK_TEXT(err.text, "");
  if (!s)
    exit(1);
  return s;
}

static size_t n_files(const char *part)
{
  size_t n = 0;
  DIR *list = opendir(".");
  for (struct dirent *entry; (entry = readdir(list));)
    n += strstr(entry->d_name, part) != NULL;
  closedir(list);
  return n;
}

static void fill(const char *path, const campaign *c, bool lucky)
{
  store *s = open_store(path, c);
  for (size_t i = 0; i < campaign_n_sweeps(c); i++)
    put(s, c, i, 0, campaign_sweep_at(c, i)->n_tasks, lucky);
  CHECK(store_close(s, true, NULL) == ELFIN_OK);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Batches begin and end anywhere between the axes' corners: 120 tasks in steps of all sizes. */
static void batches_of_any_size_come_back(void)
{
  campaign *c = open_campaign(JOB);
  size_t n_tasks = campaign_sweep_at(c, 0)->n_tasks;
  CHECK(n_tasks == 3 * 2 * 4 * 5);
  for (size_t size = 1; size <= n_tasks; size += size < 12 ? 1 : 9) {
    create("sizes.h5", c);
    store *s = open_store("sizes.h5", c);
    for (size_t first = 0; first < n_tasks; first += size)
      put(s, c, 0, first, n_tasks - first < size ? n_tasks - first : size, false);
    put(s, c, 1, 0, 1, false);
    CHECK(store_close(s, true, NULL) == ELFIN_OK);
    check_all("sizes.h5", c, false);
  }
  campaign_free(c);
}

static void what_was_not_put_is_pending_and_nan(void)
{
  campaign *c = open_campaign(JOB);
  create("part.h5", c);
  store *s = open_store("part.h5", c);
  put(s, c, 0, 7, 11, true);
  CHECK(store_close(s, false, NULL) == ELFIN_OK);
  store_sweep *found = NULL;
  CHECK(store_read("part.h5", "first", "rate", &found, NULL) == ELFIN_OK);
  CHECK(found->n_done == 11 * 6 && found->n_failed == 0);
  CHECK(found->n_pending == found->n_points - 11 * 6);
  for (size_t i = 0; i < found->n_points; i++) {
    bool done = i / 6 >= 7 && i / 6 < 18;
    CHECK(found->status[i] == done && isnan(found->value[i]) == !done);
  }
  store_sweep_free(found);

  size_t n = 0;
  store_range *ranges = NULL;
  CHECK(store_pending("part.h5", c, false, &n, &ranges, NULL) == ELFIN_OK);
  CHECK(n == 2 && ranges[0].first == 0 && ranges[0].n == 7 && ranges[1].first == 18 &&
        ranges[1].n == 120 - 18 + 1); /* the second sweep's task follows the first sweep's last */
  free(ranges);
  store_summary *summary = NULL;
  CHECK(store_summarise("part.h5", &summary, NULL) == ELFIN_OK);
  CHECK(summary->complete == 0);
  store_summary_free(summary);
  campaign_free(c);
}

/* ---- failures -------------------------------------------------------------------------------- */

static size_t lines_of_failures(const char *path, const char *sweep, size_t limit, char **text)
{
  size_t size = 0, n = 0;
  FILE *stream = open_memstream(text, &size);
  CHECK(store_print_failures(path, sweep, limit, stream, NULL) == ELFIN_OK);
  fclose(stream);
  for (const char *at = *text; *at; at++)
    n += *at == '\n';
  return n;
}

static void failures_are_listed_until_a_retry_succeeds(void)
{
  campaign *c = open_campaign(JOB);
  create("failed.h5", c);
  fill("failed.h5", c, false);
  char *text = NULL;
  size_t n_points = 120 * 6, expected = 0;
  for (uint64_t i = 0; i < n_points; i++)
    expected += point_fails(OBS_RATE, i) + point_fails(OBS_SPECTRUM, i);
  CHECK(lines_of_failures("failed.h5", "first", SIZE_MAX, &text) == expected);
  CHECK_SAYS(text, "rate[3] at material Si, response lindhard, mediator massless");
  CHECK_SAYS(text, ": no luck at 0/3\n");
  CHECK_SAYS(text, "no luck at 1/3\n");
  free(text);
  CHECK(lines_of_failures("failed.h5", "first", 2, &text) == 2);
  free(text);

  size_t n = 0;
  store_range *ranges = NULL;
  CHECK(store_pending("failed.h5", c, false, &n, &ranges, NULL) == ELFIN_OK && n == 0);
  free(ranges);
  CHECK(store_pending("failed.h5", c, true, &n, &ranges, NULL) == ELFIN_OK && n > 0);
  free(ranges);
  fill("failed.h5", c, true);
  check_all("failed.h5", c, true);
  CHECK(lines_of_failures("failed.h5", "first", SIZE_MAX, &text) == 0);
  free(text);
  campaign_free(c);
}

/* ---- what may not be opened ------------------------------------------------------------------ */

static void another_job_is_refused(void)
{
  static const struct {
    const char *from, *to, *says;
    bool forced; /* goes on with force */
  } cases[] = {
      {"5 MeV]", "6 MeV]", "axis mass of sweep first differs", false},
      {"massless", "massive", "axis mediator of sweep first differs", false},
      {"9 eV", "9.5 eV", "axis threshold of sweep first differs", false},
      {"[1, 2, 4, 8]", "[1, 2, 4, 9]", "spectrum of sweep first", false},
      {"2.5]", "2.6]", "differential of sweep first", false},
      {"  second:", "  other:", "no sweep other", false},
      {"charge: 3", "accuracy: 1e-3\n    charge: 3", "a job with another text", true},
  };
  campaign *c = open_campaign(JOB);
  create("job.h5", c);
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char text[sizeof JOB + 64];
    const char *at = strstr(JOB, cases[i].from);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - JOB), JOB, cases[i].to,
             at + strlen(cases[i].from));
    campaign *other = open_campaign(text);
    store *s = NULL;
    elfin_error err = {""};
    CHECK(store_open("job.h5", other, false, &s, &err) == ELFIN_E_OUTPUT);
    CHECK_SAYS(err.text, "job.h5: ");
    CHECK_SAYS(err.text, cases[i].says);
    CHECK(cases[i].forced == (strstr(err.text, "--resume=force") != NULL));
    CHECK((store_open("job.h5", other, true, &s, &err) == ELFIN_OK) == cases[i].forced);
    if (s)
      CHECK(store_close(s, false, NULL) == ELFIN_OK);
    campaign_free(other);
  }
  campaign_free(c);
}

static void set_number(const char *path, const char *name, int value)
{
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  CHECK(file >= 0 && h5_set_int(file, name, value));
  h5_close(file);
}

static void a_newer_schema_is_refused_by_its_number(void)
{
  campaign *c = open_campaign(JOB);
  store *s = NULL;
  store_summary *summary = NULL;
  elfin_error err = {""};
  create("newer.h5", c);
  set_number("newer.h5", "schema_version", 99);
  CHECK(store_summarise("newer.h5", &summary, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "schema_version 99");
  CHECK(store_open("newer.h5", c, true, &s, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "schema_version 99");
  campaign_free(c);
}

static void strangers_are_refused(void)
{
  campaign *c = open_campaign(JOB);
  store *s = NULL;
  elfin_error err = {""};
  FILE *text = fopen("text.h5", "w");
  fputs("not HDF5\n", text);
  fclose(text);
  CHECK(store_open("text.h5", c, true, &s, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "text.h5: ");
  CHECK(store_open("absent.h5", c, true, &s, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "No such file");
  h5_close(H5Fcreate("empty.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  CHECK(store_open("empty.h5", c, true, &s, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "not a result file of elfin");
  campaign_free(c);
}

/* (Bytes turned at random are not tried: HDF5 1.10 itself writes where it may not.) */
static void files_cut_short_are_refused(void)
{
  campaign *c = open_campaign(JOB);
  struct stat about;
  create("cut.h5", c);
  fill("cut.h5", c, false);
  CHECK(stat("cut.h5", &about) == 0);
  for (off_t length = about.st_size - 1; length > 0; length = length * 2 / 3) {
    store_sweep *found = NULL;
    elfin_error err = {""};
    CHECK(truncate("cut.h5", length) == 0);
    CHECK(store_read("cut.h5", "first", "rate", &found, &err) == ELFIN_E_OUTPUT);
    CHECK_SAYS(err.text, "cut.h5: ");
  }
  campaign_free(c);
}

static void replace(hid_t file, const char *name)
{
  const hsize_t n = 11; /* as long as nothing else */
  const double number[11] = {1, 2};
  H5Ldelete(file, name, H5P_DEFAULT);
  h5_close(h5_write_numbers(file, name, 1, &n, number, "1", NULL));
}

/* HDF5 is content with them, but they are not what was made. */
static void files_with_wrong_parts_are_refused(void)
{
  static const char *const parts[] = {"first/rate",        "first/rate_error", "first/status",
                                      "first/mass",        "first/mediator",   "first/mediator_eV",
                                      "first/threshold_eV"};
  campaign *c = open_campaign(JOB);
  for (size_t i = 0; i < 2 * sizeof parts / sizeof *parts; i++) {
    const char *part = parts[i / 2];
    create("wrong.h5", c);
    hid_t file = H5Fopen("wrong.h5", H5F_ACC_RDWR, H5P_DEFAULT);
    if (i % 2)
      replace(file, part);
    else
      CHECK(H5Ldelete(file, part, H5P_DEFAULT) >= 0);
    CHECK(H5Fclose(file) >= 0);
    store_sweep *found = NULL;
    elfin_error err = {""};
    elfin_status status = store_read("wrong.h5", "first", "rate", &found, &err);
    if (status != ELFIN_E_OUTPUT)
      fprintf(stderr, "%s, %s\n", part, i % 2 ? "replaced" : "removed");
    CHECK(status == ELFIN_E_OUTPUT);
    CHECK_SAYS(err.text, "wrong.h5: ");
    store_sweep_free(found);
  }
  campaign_free(c);
}

/* ---- creation -------------------------------------------------------------------------------- */

static void an_output_that_exists_is_not_replaced(void)
{
  campaign *c = open_campaign(JOB);
  elfin_error err = {""};
  FILE *text = fopen("mine.h5", "w");
  fputs("precious\n", text);
  fclose(text);
  CHECK(store_create("mine.h5", c, &RUN, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "mine.h5: exists already");
  struct stat about;
  CHECK(stat("mine.h5", &about) == 0 && about.st_size == 9);
  store_run again = RUN;
  again.overwrite = true;
  CHECK(store_create("mine.h5", c, &again, &err) == ELFIN_OK);
  fill("mine.h5", c, false);
  check_all("mine.h5", c, false);
  CHECK(mkdir("folder.h5", 0777) == 0);
  CHECK(store_create("folder.h5", c, &again, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "folder.h5: ");
  CHECK(n_files(".tmp-") == 0);
  campaign_free(c);
}

static void impossible_places_leave_nothing_behind(void)
{
  static const char *const paths[] = {"absent/x.h5", "mine.h5/x.h5", "/proc/x.h5", "folder.h5/"};
  campaign *c = open_campaign(JOB);
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
    elfin_error err = {""};
    CHECK(store_create(paths[i], c, &RUN, &err) == ELFIN_E_OUTPUT);
    CHECK_SAYS(err.text, paths[i]);
  }
  CHECK(n_files(".tmp-") == 0);
  campaign_free(c);
}

static void leftovers_of_killed_runs_are_removed_and_others_are_not(void)
{
  campaign *c = open_campaign(JOB);
  close(open(".left.h5.tmp-123", O_CREAT | O_RDWR, 0666));
  close(open(".other.h5.tmp-123", O_CREAT | O_RDWR, 0666));
  create("left.h5", c);
  CHECK(n_files(".left.h5.tmp-") == 0);
  CHECK(n_files(".other.h5.tmp-") == 1);
  unlink(".other.h5.tmp-123");
  campaign_free(c);
}

/* A bound from above; a file of 1e5 numbers is not more than 5 % below it. */
static void the_size_is_known_beforehand(void)
{
  char text[1024];
  snprintf(text, sizeof text, "%s",
           "name: size\nsweeps:\n  a: {process: electron, material: Si, response: lindhard, "
           "mediator: massless, mass: {log: [1 MeV, 1 GeV, 20000]}, cross_section: [1e-38, 1e-37], "
           "threshold: [5, 6, 7]}\n");
  const char *const jobs[] = {JOB, text};
  for (size_t i = 0; i < 2; i++) {
    campaign *c = open_campaign(jobs[i]);
    struct stat about = {.st_size = 0};
    create("size.h5", c);
    CHECK(stat("size.h5", &about) == 0);
    CHECK((uint64_t)about.st_size <= store_size(c));
    CHECK(i == 0 || 1.05 * (double)about.st_size >= (double)store_size(c));
    campaign_free(c);
  }
}

/* ---- the lock -------------------------------------------------------------------------------- */

static void a_run_keeps_others_out_until_it_dies(void)
{
  campaign *c = open_campaign(JOB);
  elfin_error err = {""};
  int ready[2];
  char byte;
  create("locked.h5", c);
  CHECK(pipe(ready) == 0);
  pid_t other = fork();
  if (other == 0) {
    store *s = NULL;
    if (store_open("locked.h5", c, false, &s, NULL) == ELFIN_OK)
      (void)!write(ready[1], "x", 1);
    for (;;)
      pause();
  }
  CHECK(read(ready[0], &byte, 1) == 1);
  store_run again = RUN;
  again.overwrite = true;
  CHECK(store_create("locked.h5", c, &again, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "another run");
  store_sweep *found = NULL; /* readers are welcome */
  CHECK(store_read("locked.h5", "first", "rate", &found, &err) == ELFIN_OK);
  store_sweep_free(found);
  pid_t killer = fork();
  if (killer == 0) {
    sleep(1);
    kill(other, SIGKILL);
    _exit(0);
  }
  time_t begin = time(NULL);
  store *s = open_store("locked.h5", c); /* waits for the other's death */
  CHECK(time(NULL) - begin <= 20);
  CHECK(store_close(s, false, NULL) == ELFIN_OK);
  waitpid(other, NULL, 0);
  waitpid(killer, NULL, 0);
  campaign_free(c);
}

int main(void)
{
  char folder[] = "/tmp/elfin_store_XXXXXX";
  if (!mkdtemp(folder) || chdir(folder))
    CHECK_SKIP("no temporary folder");
  h5_quiet();
  a_run_keeps_others_out_until_it_dies();
  batches_of_any_size_come_back();
  what_was_not_put_is_pending_and_nan();
  failures_are_listed_until_a_retry_succeeds();
  another_job_is_refused();
  a_newer_schema_is_refused_by_its_number();
  strangers_are_refused();
  an_output_that_exists_is_not_replaced();
  impossible_places_leave_nothing_behind();
  leftovers_of_killed_runs_are_removed_and_others_are_not();
  the_size_is_known_beforehand();
  files_cut_short_are_refused();
  files_with_wrong_parts_are_refused();
  char command[64];
  snprintf(command, sizeof command, "rm -rf %s", folder);
  if (chdir("/") == 0 && system(command) != 0)
    fprintf(stderr, "%s is left behind\n", folder);
  return check_result();
}
