/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file provenance.c
 * What a file was made from and by: job text, hashes of inputs, versions, command line. */
#include "store/layout.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/** Attributes of HDF5's oldest format end at 64 KiB. */
enum { LONGEST_ATTRIBUTE = 60000 };

/* ---- writing --------------------------------------------------------------------------------- */

static bool put_versions(hid_t file)
{
  unsigned major = 0, minor = 0, release = 0;
  char hdf5[64], created[STORE_TIME_TEXT];
  H5get_libversion(&major, &minor, &release);
  snprintf(hdf5, sizeof hdf5, "%u.%u.%u", major, minor, release);
  runs_now(created);
  return h5_put_int(file, "schema_version", STORE_SCHEMA_VERSION) &&
         h5_put_text(file, "elfin_version", elfin_version()) &&
         h5_put_text(file, "git_commit", elfin_git_commit()) &&
         h5_put_text(file, "build", elfin_build()) && h5_put_text(file, "hdf5_version", hdf5) &&
         h5_put_text(file, "created", created);
}

static bool put_run(hid_t file, const store_run *run)
{
  char *command = strndup(run->command ? run->command : "", LONGEST_ATTRIBUTE);
  bool fine = command && h5_put_text(file, "command", command) &&
              h5_put_int(file, "ranks", run->n_ranks) && h5_put_int(file, "complete", 0);
  free(command);
  return fine;
}

static bool put_job(hid_t file, const campaign *c)
{
  size_t length;
  const char *text = campaign_text(c, &length);
  char *copy = strndup(text, length);
  const char *job = copy;
  hid_t made = copy ? h5_write_texts(file, STORE_JOB, 0, NULL, &job, "the job file as read")
                    : H5I_INVALID_HID;
  bool fine = made >= 0 && h5_put_text(made, "name", campaign_name(c));
  h5_close(made);
  free(copy);
  return fine;
}

static bool put_column(hid_t group, const char *name, hsize_t n, const char *const text[],
                       const char *meaning)
{
  hid_t made = h5_write_texts(group, name, 1, &n, text, meaning);
  h5_close(made);
  return made >= 0;
}

static elfin_status hash_inputs(const campaign *c, char (*hash)[ELFIN_SHA256_TEXT], double bytes[],
                                elfin_error *err)
{
  for (size_t i = 0; i < campaign_n_inputs(c); i++) {
    unsigned long long n;
    elfin_status status = elfin_sha256_file(campaign_input_at(c, i)->path, hash[i], &n, err);
    if (status)
      return status;
    bytes[i] = (double)n;
  }
  return ELFIN_OK;
}

static bool put_inputs(hid_t file, const campaign *c, const char (*hash)[ELFIN_SHA256_TEXT],
                       const double bytes[], const char *text[])
{
  hsize_t n = campaign_n_inputs(c);
  hid_t group = H5Gcreate2(file, STORE_INPUTS, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  bool fine = group >= 0;
  for (size_t i = 0; i < n; i++)
    text[i] = campaign_input_at(c, i)->path;
  fine = fine && put_column(group, "path", n, text, "data files that were read");
  for (size_t i = 0; i < n; i++)
    text[i] = campaign_input_at(c, i)->role;
  fine = fine && put_column(group, "role", n, text, "what each is for");
  for (size_t i = 0; i < n; i++)
    text[i] = hash[i];
  fine = fine && put_column(group, "sha256", n, text, "SHA-256 of each");
  hid_t sizes =
      fine ? h5_write_numbers(group, "bytes", 1, &n, bytes, "B", "size of each") : H5I_INVALID_HID;
  h5_close(sizes);
  h5_close(group);
  return sizes >= 0;
}

elfin_status provenance_write(const char *path, hid_t file, const campaign *c, const store_run *run,
                              elfin_error *err)
{
  size_t n = campaign_n_inputs(c) + 1;
  char(*hash)[ELFIN_SHA256_TEXT] = calloc(n, sizeof *hash);
  double *bytes = calloc(n, sizeof *bytes);
  const char **text = calloc(n, sizeof *text);
  elfin_status status = hash && bytes && text
                            ? hash_inputs(c, hash, bytes, err)
                            : elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for inputs", path);
  if (!status && !(put_versions(file) && put_run(file, run) && put_job(file, c) &&
                   put_inputs(file, c, (const char(*)[ELFIN_SHA256_TEXT])hash, bytes, text)))
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "the provenance cannot be written");
  free(text);
  free(bytes);
  free(hash);
  return status;
}

/* ---- checking -------------------------------------------------------------------------------- */

/** Lines of a text up to and with `at`. */
static size_t line_number(const char *text, const char *at)
{
  size_t n = 1;
  for (; text < at; text++)
    n += *text == '\n';
  return n;
}

/** The first line in which two texts differ, its length, and its number. */
static size_t differing_line(const char *a, const char *b, const char **line_a, const char **line_b)
{
  const char *start = a, *first = a;
  ptrdiff_t shift = b - a;
  for (; *a && *a == *b; a++, b++)
    if (*a == '\n')
      first = a + 1;
  *line_a = first;
  *line_b = first + shift;
  return line_number(start, first);
}

/** How much of a line is shown. */
static int shown(const char *line)
{
  enum { MOST = 60 };
  size_t n = strcspn(line, "\n");
  return n < MOST ? (int)n : MOST;
}

static elfin_status check_job(const char *path, hid_t file, const campaign *c, elfin_error *err)
{
  size_t length, n = 0;
  const char *text = campaign_text(c, &length), *here, *there;
  char **stored = NULL, *copy = strndup(text, length);
  elfin_status status = ELFIN_OK;
  if (!copy || !h5_read_texts(file, STORE_JOB, &n, &stored) || n != 1) {
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "/job cannot be read");
  } else if (strcmp(stored[0], copy) != 0) {
    size_t line = differing_line(copy, stored[0], &here, &there);
    status = elfin_fail(err, ELFIN_E_OUTPUT,
                        "%s: was made from another job: line %zu is '%.*s' here and '%.*s' there; "
                        "elfin show --job prints it, and -o names another file for this one",
                        path, line, shown(here), here, shown(there), there);
  }
  h5_free_texts(n, stored);
  free(copy);
  return status;
}

/** "0.10.2" → 0, 10, 2. */
static bool version_numbers(const char *text, int number[3])
{
  return sscanf(text, "%d.%d.%d", &number[0], &number[1], &number[2]) == 3;
}

/** Is `version` older than the file's? Not if nobody can tell. */
static bool is_older(const char *version, const char *of_file)
{
  int mine[3], its[3];
  if (!version_numbers(version, mine) || !version_numbers(of_file, its))
    return false;
  for (int i = 0; i < 3; i++)
    if (mine[i] != its[i])
      return mine[i] < its[i];
  return false;
}

static elfin_status compare_version(const char *path, const char *version, const char *commit,
                                    bool force, elfin_error *err)
{
  if (strcmp(version, elfin_version()) == 0 && strcmp(commit, elfin_git_commit()) == 0)
    return ELFIN_OK;
  bool older = is_older(elfin_version(), version);
  if (force && !older)
    return ELFIN_OK;
  return elfin_fail(err, ELFIN_E_OUTPUT,
                    "%s: was computed by elfin %s (commit %.12s), and this is %s (commit %.12s), "
                    "whose numbers may differ; %s",
                    path, version, commit, elfin_version(), elfin_git_commit(),
                    older ? "an older elfin does not go on with it"
                          : "--resume=force goes on nevertheless");
}

/* Who computed last: a run that was allowed to go on made its version the file's. */
static elfin_status check_version(const char *path, hid_t file, bool force, elfin_error *err)
{
  char *version = NULL, *commit = NULL;
  size_t n = 0;
  store_run_record *runs = NULL;
  elfin_status status = ELFIN_OK;
  if (!h5_get_text(file, "elfin_version", &version) || !h5_get_text(file, "git_commit", &commit) ||
      !runs_read(file, &n, &runs))
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "does not say which elfin made it");
  else if (n > 0)
    status = compare_version(path, runs[n - 1].elfin_version, runs[n - 1].git_commit, force, err);
  else
    status = compare_version(path, version, commit, force, err);
  free(runs);
  free(version);
  free(commit);
  return status;
}

static elfin_status check_input(const char *path, const campaign_input *input, size_t n,
                                char *const stored_path[], char *const stored_hash[],
                                elfin_error *err)
{
  char hash[ELFIN_SHA256_TEXT];
  elfin_status status = elfin_sha256_file(input->path, hash, NULL, err);
  if (status)
    return status;
  /* The same content will do: a file may have moved. */
  for (size_t i = 0; i < n; i++)
    if (strcmp(stored_hash[i], hash) == 0)
      return ELFIN_OK;
  for (size_t i = 0; i < n; i++)
    if (strcmp(stored_path[i], input->path) == 0)
      return elfin_fail(err, ELFIN_E_OUTPUT,
                        "%s: %s %s has changed since the file was made: its SHA-256 was %.12s… and "
                        "is %.12s…",
                        path, input->role, input->path, stored_hash[i], hash);
  return elfin_fail(err, ELFIN_E_OUTPUT, "%s: was not made from %s %s (SHA-256 %.12s…)", path,
                    input->role, input->path, hash);
}

static elfin_status check_inputs(const char *path, hid_t file, const campaign *c, elfin_error *err)
{
  size_t n = 0, n_hashes = 0;
  char **stored = NULL, **hash = NULL;
  elfin_status status = ELFIN_OK;
  if (!h5_read_texts(file, STORE_INPUTS "/path", &n, &stored) ||
      !h5_read_texts(file, STORE_INPUTS "/sha256", &n_hashes, &hash) || n != n_hashes)
    status = h5_fail(err, ELFIN_E_OUTPUT, path, "/inputs cannot be read");
  for (size_t i = 0; !status && i < campaign_n_inputs(c); i++)
    status = check_input(path, campaign_input_at(c, i), n, stored, hash, err);
  h5_free_texts(n, stored);
  h5_free_texts(n_hashes, hash);
  return status;
}

elfin_status provenance_check(const char *path, hid_t file, const campaign *c, bool force,
                              elfin_error *err)
{
  elfin_status status = check_job(path, file, c, err);
  if (!status)
    status = check_inputs(path, file, c, err);
  return status ? status : check_version(path, file, force, err);
}
