/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_store_refusals.c
 * What a result file refuses: to replace another, to go on with what is not its own, to pass for
 * what it is not. Whatever is refused leaves everything as it was, and says what to do. */
#include "store/hdf5_tools.h"
#include "store_check.h"

#include <hdf5.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static elfin_error err;

/* ---- files ----------------------------------------------------------------------------------- */

static void write_text(const char *path, const char *text)
{
  FILE *stream = fopen(path, "wb");
  CHECK(stream && fputs(text, stream) >= 0 && fclose(stream) == 0);
}

/* All bytes, and a zero; yours. */
static char *read_bytes(const char *path, size_t *n)
{
  FILE *stream = fopen(path, "rb");
  char *bytes = NULL;
  *n = 0;
  if (stream && fseek(stream, 0, SEEK_END) == 0) {
    *n = (size_t)ftell(stream);
    rewind(stream);
    bytes = calloc(*n + 1, 1);
    if (bytes && fread(bytes, 1, *n, stream) != *n)
      *n = 0;
  }
  if (stream)
    fclose(stream);
  return bytes;
}

static bool same_bytes(const char *path, const char *bytes, size_t n)
{
  size_t n_found = 0;
  char *found = read_bytes(path, &n_found);
  bool same = found && n_found == n && memcmp(found, bytes, n) == 0;
  free(found);
  return same;
}

/* How many entries of the folder begin so. */
static int entries(const char *beginning)
{
  int n = 0;
  DIR *list = opendir(".");
  for (struct dirent *entry; list && (entry = readdir(list));)
    n += strncmp(entry->d_name, beginning, strlen(beginning)) == 0;
  closedir(list);
  return n;
}

static bool is_there(const char *path)
{
  return access(path, F_OK) == 0;
}

/* ---- creating -------------------------------------------------------------------------------- */

static void what_exists_is_not_replaced(const campaign *c)
{
  write_text("mine.h5", "my thesis");
  CHECK(create("mine.h5", c, false, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "mine.h5");
  CHECK_SAYS(err.text, "--resume");
  CHECK_SAYS(err.text, "--overwrite");
  CHECK(same_bytes("mine.h5", "my thesis", strlen("my thesis")));
  CHECK(entries(".mine") == 0);
}

static void overwriting_replaces_a_file_but_no_folder_and_no_link(const campaign *c)
{
  CHECK(create("mine.h5", c, true, &err) == ELFIN_OK);
  store_summary *s = NULL;
  CHECK(store_summarise("mine.h5", &s, &err) == ELFIN_OK);
  store_summary_free(s);
  CHECK(mkdir("folder.h5", 0777) == 0);
  CHECK(create("folder.h5", c, true, &err) == ELFIN_E_OUTPUT);
  CHECK(symlink("mine.h5", "link.h5") == 0);
  CHECK(create("link.h5", c, true, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "link.h5");
  CHECK(entries(".") == 2); /* itself and its parent */
}

static void a_folder_that_cannot_be_used_is_named(const campaign *c)
{
  uint64_t room;
  CHECK(create("absent/x.h5", c, false, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "absent");
  CHECK(create("mine.h5/x.h5", c, false, &err) == ELFIN_E_OUTPUT);
  CHECK(create("folder.h5/", c, false, &err) == ELFIN_E_OUTPUT);
  CHECK(create("", c, false, &err) == ELFIN_E_OUTPUT);
  CHECK(store_room("absent/x.h5", &room, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "absent");
  CHECK(create("/proc/x.h5", c, false, &err) == ELFIN_E_OUTPUT); /* nobody can write there */
  CHECK_SAYS(err.text, "/proc");
}

/* A limit on the size of files stands for a full disk: writing fails halfway, at any byte. */
static void a_full_disk_leaves_nothing_and_keeps_the_old_file(const campaign *c)
{
  size_t n = 0;
  char *old = read_bytes("mine.h5", &n);
  static const double part[] = {0, 0.01, 0.3, 0.6, 0.95, 0.999};
  for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
    rlim_t most = (rlim_t)(part[i] * (double)n);
    pid_t child = fork();
    if (child == 0) {
      struct rlimit limit = {most, most};
      signal(SIGXFSZ, SIG_IGN);
      if (setrlimit(RLIMIT_FSIZE, &limit))
        _exit(9);
      elfin_status fresh = create("fresh.h5", c, false, &err);
      elfin_status over = create("mine.h5", c, true, &err);
      exit(fresh == ELFIN_E_OUTPUT && over == ELFIN_E_OUTPUT && strstr(err.text, "mine.h5") ? 0
                                                                                            : 1);
    }
    int ended = 1;
    CHECK(waitpid(child, &ended, 0) == child);
    CHECK(WIFEXITED(ended) && WEXITSTATUS(ended) == 0);
    CHECK(!is_there("fresh.h5"));
    CHECK(entries(".") == 2);
    CHECK(same_bytes("mine.h5", old, n));
  }
  free(old);
}

/* ---- killed ---------------------------------------------------------------------------------- */

static void a_killed_creation_leaves_no_file_of_that_name(const campaign *c)
{
  int n_killed = 0;
  for (long delay_us = 0; delay_us < 20000; delay_us += 700) {
    pid_t child = fork();
    if (child == 0) {
      for (;;) /* until it is killed, in whatever it does */
        if (create("killed.h5", c, true, NULL))
          _exit(1);
    }
    nanosleep(&(struct timespec){0, 1000 * delay_us}, NULL);
    kill(child, SIGKILL);
    int ended = 0;
    waitpid(child, &ended, 0);
    n_killed += WIFSIGNALED(ended);
    if (is_there("killed.h5")) { /* if there is one, it is whole */
      store_summary *s = NULL;
      CHECK(store_summarise("killed.h5", &s, &err) == ELFIN_OK);
      store_summary_free(s);
      unlink("killed.h5");
    }
  }
  CHECK(n_killed > 20);
  /* What the killed left under temporary names goes with the next creation. */
  CHECK(create("killed.h5", c, false, &err) == ELFIN_OK);
  CHECK(entries(".killed.h5.tmp-") == 0);
}

static void the_leftovers_of_others_stay(const campaign *c)
{
  write_text(".mine.h5.tmp", "not ours");
  write_text(".other.h5.tmp-12", "of another name");
  CHECK(create("mine.h5", c, true, &err) == ELFIN_OK);
  CHECK(is_there(".mine.h5.tmp") && is_there(".other.h5.tmp-12"));
  unlink(".mine.h5.tmp");
  unlink(".other.h5.tmp-12");
}

/* ---- going on -------------------------------------------------------------------------------- */

static elfin_status open_for(const char *path, const campaign *c, bool force)
{
  store *s = NULL;
  err.text[0] = '\0';
  elfin_status status = store_open(path, c, &(store_run){.force = force, .n_ranks = 1}, &s, &err);
  CHECK((status == ELFIN_OK) == (s != NULL));
  if (s)
    CHECK(store_close(s, false, NULL) == ELFIN_OK);
  return status;
}

/* The job with `old` replaced by `new`. */
static campaign *changed_job(const char *old, const char *new)
{
  char text[2 * sizeof job_text];
  const char *at = strstr(job_text, old);
  CHECK(at != NULL);
  snprintf(text, sizeof text, "%.*s%s%s", (int)(at - job_text), job_text, new, at + strlen(old));
  return campaign_of(text);
}

static void another_grid_is_refused_even_by_force(void)
{
  static const char *const changes[][3] = {
      {"mass: [1 MeV", "mass: [2 MeV", "mass"},
      {"material: Al", "material: Ge", "material"},
      {"10 MeV, 100 MeV]", "10 MeV]", "mass"},
      {"threshold: [default, 10 eV]", "threshold: [default, 11 eV]", "threshold"},
      {"massive, 10 keV", "massive, 11 keV", "mediator"},
      {"at: [7 eV, 21 eV]", "at: [7 eV, 22 eV]", "differential"},
      {"[0 eV, 50 eV, 6]", "[0 eV, 51 eV, 6]", "spectrum"},
      {"charge: 3", "charge: 4", "charge"},
      {"  few:", "  less:", "less"},
  };
  for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
    campaign *other = changed_job(changes[i][0], changes[i][1]);
    size_t n = 0;
    store_range *left = NULL;
    CHECK(open_for("mine.h5", other, false) == ELFIN_E_OUTPUT);
    CHECK(open_for("mine.h5", other, true) == ELFIN_E_OUTPUT);
    CHECK_SAYS(err.text, changes[i][2]);
    CHECK_SAYS(err.text, "another job");
    CHECK(store_pending("mine.h5", other, (store_part){1, 1}, false, &n, &left, &err) ==
          ELFIN_E_OUTPUT);
    CHECK(left == NULL);
    campaign_free(other);
  }
}

/* What does not show in the axes, such as the accuracy, shows in the text: the line is named. */
static void another_text_of_the_same_grid_is_refused_and_its_line_named(void)
{
  campaign *other = changed_job("name: kept\n", "name: kept\naccuracy: 1e-3\n");
  for (int force = 0; force < 2; force++) {
    CHECK(open_for("mine.h5", other, force) == ELFIN_E_OUTPUT);
    CHECK_SAYS(err.text, "another job");
    CHECK_SAYS(err.text, "line 2 is 'accuracy: 1e-3' here and 'sweeps:' there");
  }
  campaign_free(other);
}

/* What the file says about the program that made it, replaced. */
static void set_text(const char *path, const char *name, const char *text)
{
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  CHECK(H5Adelete(file, name) >= 0);
  CHECK(h5_put_text(file, name, text));
  CHECK(H5Fclose(file) >= 0);
}

static void another_commit_or_an_older_version_needs_force(const campaign *c)
{
  CHECK(create("version.h5", c, true, &err) == ELFIN_OK);
  set_text("version.h5", "git_commit", "0123456789abcdef");
  CHECK(open_for("version.h5", c, false) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "commit 0123456789ab");
  CHECK_SAYS(err.text, "--resume=force");
  CHECK(open_for("version.h5", c, true) == ELFIN_OK);
  CHECK(open_for("version.h5", c, false) == ELFIN_OK); /* the last run was ours */
  CHECK(create("version.h5", c, true, &err) == ELFIN_OK);
  set_text("version.h5", "elfin_version", "0.0.9");
  CHECK(open_for("version.h5", c, false) == ELFIN_E_OUTPUT);
  CHECK(open_for("version.h5", c, true) == ELFIN_OK);
}

static void the_file_of_a_newer_elfin_is_refused_even_by_force(const campaign *c)
{
  CHECK(create("version.h5", c, true, &err) == ELFIN_OK);
  set_text("version.h5", "elfin_version", "999.10.0");
  CHECK(open_for("version.h5", c, true) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "999.10.0");
  CHECK_SAYS(err.text, "an older elfin does not");
}

static void a_changed_input_is_refused_even_by_force(void)
{
  static const char job[] = "name: in\nsweeps:\n  one:\n    process: electron\n"
                            "    material: ./own.yaml\n    response: lindhard\n"
                            "    mediator: massless\n    mass: 10 MeV\n    cross_section: 1e-38\n";
  char path[4096];
  size_t n = 0;
  snprintf(path, sizeof path, "%s/materials/Si.yaml", elfin_data_dir());
  char *text = read_bytes(path, &n);
  CHECK(n > 100);
  write_text("own.yaml", text);
  campaign *c = campaign_of(job);
  CHECK(create("in.h5", c, false, &err) == ELFIN_OK);
  CHECK(open_for("in.h5", c, false) == ELFIN_OK);
  FILE *stream = fopen("own.yaml", "ab");
  CHECK(stream && fputs("# one comment more\n", stream) > 0 && fclose(stream) == 0);
  CHECK(open_for("in.h5", c, false) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "own.yaml has changed");
  CHECK_SAYS(err.text, "its SHA-256 was");
  CHECK(open_for("in.h5", c, true) == ELFIN_E_OUTPUT);
  campaign_free(c);
  free(text);
}

/* ---- what is no result file ------------------------------------------------------------------ */

static void set_int(const char *path, const char *name, int value)
{
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  hid_t attribute = H5Aopen(file, name, H5P_DEFAULT);
  CHECK(H5Awrite(attribute, H5T_NATIVE_INT, &value) >= 0);
  CHECK(H5Aclose(attribute) >= 0 && H5Fclose(file) >= 0);
}

static void drop(const char *path, const char *name)
{
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  CHECK(H5Ldelete(file, name, H5P_DEFAULT) >= 0);
  CHECK(H5Fclose(file) >= 0);
}

/* Every function that takes a path refuses it, and names it. */
static void check_refused(const char *path, const campaign *c, const char *why)
{
  store_summary *summary = NULL;
  store_sweep *sweep = NULL;
  size_t n = 0;
  store_range *left = NULL;
  CHECK(open_for(path, c, true) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, why);
  CHECK(store_summarise(path, &summary, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, path);
  CHECK_SAYS(err.text, why);
  CHECK(store_read(path, "many", "rate", &sweep, &err) == ELFIN_E_OUTPUT);
  CHECK(store_pending(path, c, (store_part){1, 1}, false, &n, &left, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, path);
  CHECK(!summary && !sweep && !left);
}

static void a_newer_schema_is_refused_by_its_number(const campaign *c)
{
  CHECK(create("newer.h5", c, false, &err) == ELFIN_OK);
  set_int("newer.h5", "schema_version", 7);
  check_refused("newer.h5", c, "schema_version 7");
}

static void what_elfin_did_not_make_is_refused(const campaign *c)
{
  write_text("text.h5", "nothing of the kind");
  check_refused("text.h5", c, "text.h5");
  write_text("empty.h5", "");
  check_refused("empty.h5", c, "empty.h5");
  hid_t file = H5Fcreate("foreign.h5", H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  CHECK(file >= 0 && H5Fclose(file) >= 0);
  check_refused("foreign.h5", c, "not a result file");
  CHECK(create("truncated.h5", c, false, &err) == ELFIN_OK);
  CHECK(truncate("truncated.h5", 5000) == 0);
  check_refused("truncated.h5", c, "truncated.h5");
}

static void a_file_that_lacks_a_dataset_is_refused_when_it_is_missed(const campaign *c)
{
  static const char *const lost[] = {"many/status", "many/rate", "many/spectrum_status",
                                     "many/mass",   "few",       "failures/many"};
  for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
    CHECK(create("lost.h5", c, true, &err) == ELFIN_OK);
    drop("lost.h5", lost[i]);
    store *s = NULL;
    elfin_status status =
        store_open("lost.h5", c, &(store_run){.force = true, .n_ranks = 1}, &s, &err);
    if (!status) { /* opening need not look at all: the first rows do */
      campaign_rows *rows = rows_of(c, 0, 0, 2);
      status = store_put(s, rows, &err);
      campaign_rows_free(rows);
      store_close(s, false, NULL);
    }
    CHECK(status == ELFIN_E_OUTPUT);
    CHECK_SAYS(err.text, "lost.h5");
  }
}

/* ---- the lock -------------------------------------------------------------------------------- */

/* A process that has the file open and waits; it has when this returns. */
static pid_t holder(const char *path, const campaign *c, int hold_ms)
{
  int to_us[2];
  char byte = 0;
  if (pipe(to_us))
    exit(1);
  pid_t child = fork();
  if (child == 0) {
    store *s = NULL;
    byte = store_open(path, c, &(store_run){.force = true, .n_ranks = 1}, &s, NULL) == ELFIN_OK;
    if (write(to_us[1], &byte, 1) != 1)
      _exit(1);
    nanosleep(&(struct timespec){hold_ms / 1000, 1000000L * (hold_ms % 1000)}, NULL);
    _exit(0); /* without closing: the lock goes with the process */
  }
  CHECK(read(to_us[0], &byte, 1) == 1 && byte == 1);
  close(to_us[0]);
  close(to_us[1]);
  return child;
}

static void a_file_being_written_is_not_overwritten_but_can_be_read(const campaign *c)
{
  pid_t child = holder("mine.h5", c, 60000);
  CHECK(create("mine.h5", c, true, &err) == ELFIN_E_OUTPUT);
  CHECK_SAYS(err.text, "another run");
  store_sweep *s = NULL;
  CHECK(store_read("mine.h5", "many", "rate", &s, &err) == ELFIN_OK);
  store_sweep_free(s);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

static void the_lock_dies_with_its_process_and_the_next_run_waits_for_it(const campaign *c)
{
  CHECK(open_for("mine.h5", c, true) == ELFIN_OK); /* the holder of before was killed */
  pid_t child = holder("mine.h5", c, 1500);
  CHECK(open_for("mine.h5", c, true) == ELFIN_OK); /* 1.5 s later; at once it would be refused */
  waitpid(child, NULL, 0);
}

int main(void)
{
  char folder[] = "refusals-XXXXXX";
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  enter_folder(folder);
  campaign *c = campaign_of(job_text);
  what_exists_is_not_replaced(c);
  overwriting_replaces_a_file_but_no_folder_and_no_link(c);
  a_folder_that_cannot_be_used_is_named(c);
  a_full_disk_leaves_nothing_and_keeps_the_old_file(c);
  a_killed_creation_leaves_no_file_of_that_name(c);
  the_leftovers_of_others_stay(c);
  another_grid_is_refused_even_by_force();
  another_text_of_the_same_grid_is_refused_and_its_line_named();
  another_commit_or_an_older_version_needs_force(c);
  the_file_of_a_newer_elfin_is_refused_even_by_force(c);
  a_changed_input_is_refused_even_by_force();
  a_newer_schema_is_refused_by_its_number(c);
  what_elfin_did_not_make_is_refused(c);
  a_file_that_lacks_a_dataset_is_refused_when_it_is_missed(c);
  a_file_being_written_is_not_overwritten_but_can_be_read(c);
  the_lock_dies_with_its_process_and_the_next_run_waits_for_it(c);
  campaign_free(c);
  leave_folder(folder);
  return check_result();
}
