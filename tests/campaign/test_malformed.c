/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_malformed.c
 * Jobs that are wrong: each is refused with every problem at its place and nothing else reported.
 * malformed.tsv says what; here in one process, in test_malformed.py through the program. */
#include "campaign/campaign.h"

#include "check.h"

#include <time.h>

enum {
  LONGEST_LINE = 1024,
  N_BRACKETS = 50000,
  GARBAGE_BYTES = 10 << 20,
  N_MUTATIONS = 400,
  SLOWEST_S = 5
};

/* What the reader says about a job, one problem a line; the caller frees it. */
static char *say(problems *list)
{
  char *text = NULL;
  size_t size = 0;
  FILE *stream = open_memstream(&text, &size);
  problems_print(list, stream);
  fclose(stream);
  return text;
}

static size_t count_lines(const char *text)
{
  size_t n = 0;
  for (; *text; text++)
    n += *text == '\n';
  return n;
}

/* ---- the files of malformed.tsv -------------------------------------------------------------- */

typedef struct row {
  char file[128], text[512];
  size_t line, column;
} row;

static bool next_row(FILE *table, row *r)
{
  char line[LONGEST_LINE];
  while (fgets(line, sizeof line, table))
    if (*line != '#') {
      int n =
          sscanf(line, "%127[^\t]\t%zu\t%zu\t%511[^\n]", r->file, &r->line, &r->column, r->text);
      CHECK(n == 4);
      return n == 4;
    }
  return false;
}

/* A line of `said` that begins with the position and goes on with the text. */
static bool says(const char *said, const char *path, const row *r)
{
  char position[2 * LONGEST_LINE];
  snprintf(position, sizeof position, "%s:%zu:%zu: ", path, r->line, r->column);
  for (const char *at = said; (at = strstr(at, position)); at++) {
    const char *text = strstr(at, r->text), *end = strchr(at, '\n');
    if (text && end && text < end)
      return true;
  }
  return false;
}

/* Checks one file against its rows, which follow each other; `r` is the first, then the next. */
static bool check_file(FILE *table, row *r)
{
  char path[LONGEST_LINE], file[sizeof r->file];
  campaign *c = NULL;
  size_t n_rows = 0;
  bool more = true;
  memcpy(file, r->file, sizeof file);
  snprintf(path, sizeof path, "%s/malformed/%s", TEST_FOLDER, file);
  problems *list = problems_new(path);
  CHECK(campaign_open(path, NULL, &c, list) == ELFIN_E_DATA);
  CHECK(c == NULL);
  campaign_free(c);
  char *said = say(list);
  for (; more && strcmp(file, r->file) == 0; more = next_row(table, r), n_rows++) {
    CHECK(says(said, path, r));
    if (!says(said, path, r))
      fprintf(stderr, "%s: wanted %zu:%zu %s; found\n%s", file, r->line, r->column, r->text, said);
  }
  CHECK(count_lines(said) == n_rows);
  if (count_lines(said) != n_rows)
    fprintf(stderr, "%s: wanted %zu problems; found\n%s", file, n_rows, said);
  free(said);
  problems_free(list);
  return more;
}

static void every_problem_is_reported_at_its_place_and_no_other(void)
{
  FILE *table = fopen(TEST_FOLDER "/malformed.tsv", "r");
  row r;
  size_t n = 0;
  CHECK(table);
  if (!table)
    return;
  for (bool more = next_row(table, &r); more; n++)
    more = check_file(table, &r);
  CHECK(n >= 100);
  fclose(table);
}

/* ---- texts made here ------------------------------------------------------------------------- */

static elfin_status parse(const char *text, size_t length, char **said)
{
  campaign *c = NULL;
  problems *list = problems_new("job.yaml");
  clock_t start = clock();
  elfin_status status = campaign_parse(text, length, TEST_FOLDER "/malformed", NULL, &c, list);
  CHECK((double)(clock() - start) / CLOCKS_PER_SEC < SLOWEST_S);
  CHECK((status == ELFIN_OK) == (c != NULL));
  *said = say(list);
  problems_free(list);
  campaign_free(c);
  return status;
}

static void check_refused(const char *text, size_t length, const char *reason)
{
  char *said;
  CHECK(parse(text, length, &said) == ELFIN_E_DATA);
  CHECK_SAYS(said, reason);
  free(said);
}

static void fifty_thousand_brackets_are_refused_where_they_get_too_deep(void)
{
  char *text = malloc(N_BRACKETS);
  memset(text, '[', N_BRACKETS);
  check_refused(text, N_BRACKETS, "job.yaml:1:");
  free(text);
}

/* A fixed sequence: the test does the same each time. */
static unsigned next_random(unsigned long long *state)
{
  *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
  return (unsigned)(*state >> 33);
}

static void ten_megabytes_of_garbage_are_refused(void)
{
  char *text = malloc(GARBAGE_BYTES);
  unsigned long long state = 1;
  for (size_t i = 0; i < GARBAGE_BYTES; i++)
    text[i] = (char)next_random(&state);
  check_refused(text, GARBAGE_BYTES, "job.yaml");
  free(text);
}

static const char good[] = "name: good\n"
                           "accuracy: 1e-3\n"
                           "halo: {preset: shm, v0: 230 km/s}\n"
                           "sweeps:\n"
                           "  one:\n"
                           "    process: electron\n"
                           "    material: [Si, Al]\n"
                           "    response: lindhard\n"
                           "    mediator: [massless, 10 keV]\n"
                           "    mass: {log: [1 MeV, 1 GeV, 4]}\n"
                           "    cross_section: 1e-38 cm2\n"
                           "    threshold: [default, 5 eV]\n"
                           "    spectrum: {linear: [0, 50, 6]}\n";

static void bytes_that_are_no_text_are_refused(void)
{
  char text[sizeof good];
  memcpy(text, good, sizeof good);
  text[6] = '\0';
  check_refused(text, sizeof good - 1, "job.yaml:1:");
  memcpy(text, good, sizeof good);
  text[6] = (char)0xE9; /* é in Latin-1 */
  check_refused(text, sizeof good - 1, "job.yaml:1:");
}

/* Damage never crashes the reader and never passes in silence: it is a job, or a position is named.
 */
static void a_damaged_job_is_a_job_or_has_a_position(void)
{
  static const char bytes[] = "[]{}:,-&*!|>'\"%@`#\n\t 0e.x~";
  unsigned long long state = 7;
  char text[sizeof good], *said;
  size_t n_refused = 0;
  for (int i = 0; i < N_MUTATIONS; i++) {
    memcpy(text, good, sizeof good);
    for (unsigned k = 0; k <= next_random(&state) % 3; k++)
      text[next_random(&state) % (sizeof good - 1)] =
          bytes[next_random(&state) % (sizeof bytes - 1)];
    if (parse(text, sizeof good - 1, &said) != ELFIN_OK) {
      CHECK_SAYS(said, "job.yaml:");
      n_refused++;
    } else {
      CHECK_TEXT(said, "");
    }
    free(said);
  }
  CHECK(parse(good, sizeof good - 1, &said) == ELFIN_OK);
  CHECK_TEXT(said, "");
  free(said);
  CHECK(n_refused > N_MUTATIONS / 2 && n_refused < N_MUTATIONS);
}

static void a_job_that_is_absent_or_a_folder_is_refused_by_name(void)
{
  static const char *const paths[] = {TEST_FOLDER "/no_such_job.yaml", TEST_FOLDER "/malformed"};
  for (size_t i = 0; i < 2; i++) {
    campaign *c = NULL;
    problems *list = problems_new(paths[i]);
    CHECK(campaign_open(paths[i], NULL, &c, list) == ELFIN_E_DATA);
    CHECK_SAYS(problems_first(list), paths[i]);
    problems_free(list);
  }
}

int main(void)
{
  every_problem_is_reported_at_its_place_and_no_other();
  fifty_thousand_brackets_are_refused_where_they_get_too_deep();
  ten_megabytes_of_garbage_are_refused();
  bytes_that_are_no_text_are_refused();
  a_damaged_job_is_a_job_or_has_a_position();
  a_job_that_is_absent_or_a_folder_is_refused_by_name();
  return check_result();
}
