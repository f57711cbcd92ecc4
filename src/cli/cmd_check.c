/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_check.c
 * `elfin check`: what a job would do, before it does it: tasks, time, memory, disk.
 */
#include "cli/campaign_run.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "schedule/schedule.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/** Tasks are tried for this long in each sweep, spread over it, to learn what one costs. */
static const double TRY_S = 0.3;
enum { MOST_TRIES = 25, MOST_TEXTS = 6 };

static double now_s(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/** "3.2 GB". */
static void print_bytes(double bytes, FILE *stream)
{
  static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
  size_t i = 0;
  while (bytes >= 1000 && i + 1 < sizeof units / sizeof units[0]) {
    bytes /= 1000;
    i++;
  }
  fprintf(stream, i ? "%.3g %s" : "%.0f %s", bytes, units[i]);
}

static void print_axis(const campaign_axis *axis)
{
  printf("  %-14s %zu", axis->key, axis->n);
  if (axis->text && (axis->named || axis->n <= MOST_TEXTS)) {
    for (size_t i = 0; i < axis->n && i < MOST_TEXTS; i++)
      printf("%s%s", i ? ", " : ": ", axis->text[i]);
    fputs(axis->n > MOST_TEXTS ? ", …" : "", stdout);
  } else if (axis->value)
    printf(": %.6g … %.6g %s", axis->value[0], axis->value[axis->n - 1], axis->unit);
  putchar('\n');
}

/** How many entries an observable has, and of what; of the others it is one. */
static void print_entries(const campaign_observable *seen)
{
  static const struct {
    const char *one, *many;
  } words[N_OBS] = {
      [OBS_SPECTRUM] = {"bin", "bins"},
      [OBS_DIFFERENTIAL] = {"energy", "energies"},
      [OBS_CHARGE] = {"charge", "charges"},
      [OBS_EVENTS] = {"bin", "bins"},
  };
  if (words[seen->kind].one)
    printf("  %s: %zu %s", seen->name, seen->n,
           seen->n == 1 ? words[seen->kind].one : words[seen->kind].many);
  else
    printf("  %s: one", seen->name);
}

static bool tells_apart(const campaign_axis *axis, const campaign_observable *seen)
{
  return axis->n > 1 && (axis->role != AXIS_THRESHOLD || seen->kind == OBS_RATE);
}

/** "  events: 9 bins for each mediator and mass" */
static void print_observable(const campaign_sweep *sweep, const campaign_observable *seen)
{
  size_t n = 0, n_told = 0;
  print_entries(seen);
  for (size_t i = 0; i < sweep->n_axes; i++)
    n += tells_apart(&sweep->axes[i], seen);
  for (size_t i = 0; i < sweep->n_axes; i++) {
    if (!tells_apart(&sweep->axes[i], seen))
      continue;
    fputs(n_told == 0 ? " for each " : n_told + 1 < n ? ", " : " and ", stdout);
    for (const char *at = sweep->axes[i].key; *at; at++)
      putchar(*at == '_' ? ' ' : *at);
    n_told++;
  }
  putchar('\n');
}

static bool same_default(const campaign *c, size_t i_sweep, size_t i, size_t k)
{
  const char *one = campaign_default_response(c, i_sweep, i), *other = campaign_default_response(c, i_sweep, k);
  return one && other && strcmp(one, other) == 0;
}

/** "  response by default: mermin (Si, Ge); gpaw (C)" */
static void print_defaults(const campaign *c, size_t i_sweep)
{
  size_t n = campaign_sweep_at(c, i_sweep)->n_materials, n_told = 0;
  for (size_t i = 0; i < n; i++) {
    size_t first = 0;
    while (first < i && !same_default(c, i_sweep, first, i))
      first++;
    if (first < i || !campaign_default_response(c, i_sweep, i))
      continue;
    printf("%s%s (%s", n_told++ ? "; " : "  response by default: ", campaign_default_response(c, i_sweep, i),
           campaign_material(c, i_sweep, i)->name);
    for (size_t k = i + 1; k < n; k++)
      if (same_default(c, i_sweep, i, k))
        printf(", %s", campaign_material(c, i_sweep, k)->name);
    putchar(')');
  }
  if (n_told)
    putchar('\n');
}

/** Seconds that a task of this sweep takes, its response being prepared: the mean of some that are
 * spread over the sweep. */
static elfin_status try_tasks(campaign *c, size_t i_sweep, double *seconds, elfin_error *err)
{
  size_t n_tasks = campaign_sweep_at(c, i_sweep)->n_tasks;
  size_t n = n_tasks < MOST_TRIES ? n_tasks : MOST_TRIES, tried = 0;
  campaign_rows *rows = NULL;
  elfin_status status = campaign_rows_new(c, i_sweep, 1, &rows, err);
  double start = now_s(), spent = 0;
  while (!status && tried < n && spent < TRY_S) {
    rows->n = rows->n_failures = 0;
    /* Golden steps: from all over the sweep even if there is time for few. */
    size_t at = (size_t)((double)n_tasks * (0.381966 * (double)(tried + 1)));
    status = campaign_compute(c, i_sweep, at % n_tasks, rows, err);
    tried++;
    spent = now_s() - start;
  }
  *seconds = tried ? spent / (double)tried : 0;
  campaign_rows_free(rows);
  return status;
}

static elfin_status describe_sweep(campaign *c, size_t i_sweep, double *total_s, elfin_error *err)
{
  const campaign_sweep *sweep = campaign_sweep_at(c, i_sweep);
  printf("sweep %s: %s\n", sweep->name, sweep->process);
  size_t numbers = 0;
  for (size_t i = 0; i < sweep->n_axes; i++)
    print_axis(&sweep->axes[i]);
  print_defaults(c, i_sweep);
  for (size_t i = 0; i < sweep->n_observables; i++) {
    const campaign_observable *seen = &sweep->observables[i];
    print_observable(sweep, seen);
    numbers += seen->n;
  }
  printf("  %zu tasks, %zu numbers\n", sweep->n_tasks, sweep->n_tasks * sweep->n_scale * numbers);

  double seconds = 0;
  elfin_status status = try_tasks(c, i_sweep, &seconds, err);
  if (status)
    return status;
  printf("  time of a task: ");
  schedule_print_span(stdout, seconds);
  putchar('\n');
  *total_s += seconds * (double)sweep->n_tasks;
  return ELFIN_OK;
}

/** Does the file fit? Its folder may also not exist, or not be writable. */
static cli_end describe_file(const campaign *c, const char *path)
{
  elfin_error err = {""};
  uint64_t size = store_size(c), room = 0;
  elfin_status status = store_room(path, &room, &err);
  if (status)
    return cli_fail(status, &err);
  printf("file: %s, ", path);
  print_bytes((double)size, stdout);
  printf("; free on its disk: ");
  print_bytes((double)room, stdout);
  printf("%s\n", access(path, F_OK) == 0 ? "; a file of that name exists" : "");
  if (size <= room)
    return CLI_DONE;
  fflush(stdout);
  cli_say("%s needs %llu bytes, and its disk has %llu: choose another with -o", path,
          (unsigned long long)size, (unsigned long long)room);
  return CLI_UNFINISHED;
}

/** What all ranks share before the first task. */
static elfin_status prepare(campaign *c, campaign_shared *shared, double *total_s, elfin_error *err)
{
  double before = now_s();
  size_t n_parts = campaign_n_parts(c); /* 0 once they are made */
  elfin_status status = campaign_run_prepare(c, shared, err);
  *total_s += now_s() - before;
  if (status || n_parts == 0)
    return status;
  printf("preparing responses: ");
  schedule_print_span(stdout, *total_s);
  puts(", shared by the ranks");
  return ELFIN_OK;
}

static cli_end describe(campaign *c, const char *given)
{
  elfin_error err = {""};
  char *path = job_output_path(given, c, (store_part){1, 1});
  if (!path)
    return cli_fail(ELFIN_E_MEMORY, NULL);
  printf("job: %s\n", campaign_name(c));
  cli_end end = describe_file(c, path);
  double total_s = 0;
  campaign_shared shared = {NULL, NULL};
  elfin_status status = prepare(c, &shared, &total_s, &err);
  for (size_t i = 0; i < campaign_n_sweeps(c) && !status; i++)
    status = describe_sweep(c, i, &total_s, &err);
  if (status)
    end = cli_fail(status, &err);
  else {
    struct rusage used;
    printf("all: %zu tasks, %zu rates; on one core about ", campaign_n_tasks(c),
           campaign_n_points(c));
    schedule_print_span(stdout, total_s);
    if (getrusage(RUSAGE_SELF, &used) == 0) {
      printf("; memory of a rank: ");
      print_bytes(1024.0 * (double)used.ru_maxrss, stdout); /* ru_maxrss is in KiB */
    }
    putchar('\n');
  }
  campaign_run_unshare(&shared);
  free(path);
  return end;
}

static const struct option check_longs[] = {
    {"output", required_argument, NULL, 'o'},
    {NULL, 0, NULL, 0},
};

static cli_end check(const cli_verb *verb, int argc, char **argv)
{
  const char *given = NULL;
  optind = 1;
  for (int c; (c = cli_option(verb, argc, argv, "o:", check_longs)) != -1;) {
    if (c != 'o')
      return CLI_WRONG;
    given = optarg;
  }
  if (optind + 1 != argc)
    return cli_usage(verb, argc == optind ? "which job?" : "one job at a time");
  campaign *c = NULL;
  cli_end end = job_open(argv[optind], &c);
  if (!end)
    end = describe(c, given);
  campaign_free(c);
  return end;
}

const cli_verb verb_check = {
    .name = "check",
    .usage = "JOB.yaml [-o FILE]",
    .summary = "read a job strictly; say what it would compute, cost and need",
    .help = "  -o, --output FILE   the result file that run would be given\n\n"
            "A job of - is read from standard input, as run does.\n"
            "Computes a few tasks to learn what they cost, and writes nothing. Exit code 1 if the\n"
            "result would not fit its disk.\n",
    .act = check,
};
