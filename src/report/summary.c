/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file summary.c
 * What is in a result file and how far it got, on one page. */
#include "report/report.h"

#include "report/flag_counts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_FAILURES = 5, MOST_TEXTS = 6 };

static void print_axis(const store_axis *axis, FILE *stream)
{
  fprintf(stream, "  %-14s %zu", axis->key, axis->n);
  if (axis->text) {
    for (size_t i = 0; i < axis->n && i < MOST_TEXTS; i++)
      fprintf(stream, "%s%s", i ? ", " : ": ", axis->text[i]);
    fputs(axis->n > MOST_TEXTS ? ", …" : "", stream);
  } else if (axis->n == 1) {
    fprintf(stream, ": %.6g %s", axis->value[0], axis->unit);
  } else {
    fprintf(stream, ": %.6g … %.6g %s", axis->value[0], axis->value[axis->n - 1], axis->unit);
  }
  fputc('\n', stream);
}

static void print_counts(const store_sweep *s, const char *dataset, FILE *stream)
{
  double done = s->n_points ? 100.0 * (double)s->n_done / (double)s->n_points : 100;
  fprintf(stream, "  %s: %llu of %zu done (%.3g %%)", dataset, (unsigned long long)s->n_done,
          s->n_points, s->n_done == s->n_points ? 100 : fmin(done, 99.9));
  if (s->n_failed)
    fprintf(stream, ", %llu failed", (unsigned long long)s->n_failed);
  if (s->n_pending)
    fprintf(stream, ", %llu pending", (unsigned long long)s->n_pending);
  fputc('\n', stream);
}

static elfin_status print_flags(const char *path, const char *sweep, FILE *stream, elfin_error *err)
{
  flag_count flags[N_FLAG_COUNTS];
  elfin_status status = flag_counts_of(path, sweep, flags, err);
  for (size_t i = 0; !status && i < N_FLAG_COUNTS; i++)
    if (flags[i].n)
      fprintf(stream, "  %llu: %s\n", (unsigned long long)flags[i].n, flags[i].text);
  return status;
}

/* The other observables that this sweep has. */
static elfin_status print_others(const char *path, const char *sweep, uint64_t *failed,
                                 FILE *stream, elfin_error *err)
{
  static const char *const others[] = {"spectrum", "differential", "charge_rate", "events",
                                       "limit"};
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; !status && i < sizeof others / sizeof *others; i++) {
    store_sweep *s = NULL;
    if (!store_has(path, sweep, others[i]))
      continue;
    status = store_look(path, sweep, others[i], &s, err);
    if (status)
      break;
    print_counts(s, others[i], stream);
    *failed += s->n_failed;
    store_sweep_free(s);
  }
  return status;
}

static elfin_status print_sweep(const char *path, const char *name, FILE *stream, elfin_error *err)
{
  store_sweep *s = NULL;
  elfin_status status = store_look(path, name, "rate", &s, err);
  if (status)
    return status;
  uint64_t failed = s->n_failed;
  fprintf(stream, "\nsweep %s: %s%s%s\n", name, s->process, s->conventions ? ", conventions " : "",
          s->conventions ? s->conventions : "");
  for (size_t i = 0; i < s->n_axes; i++)
    print_axis(&s->axes[i], stream);
  print_counts(s, "rate", stream);
  status = print_others(path, name, &failed, stream, err);
  if (!status)
    status = print_flags(path, name, stream, err);
  if (!status && failed) {
    fputs("  failures, the first ones:\n", stream);
    status = store_print_failures(path, name, FIRST_FAILURES, stream, err);
  }
  store_sweep_free(s);
  return status;
}

/* Who computed it: which points, when, where and with what. */
static elfin_status print_runs(const char *path, const store_summary *s, FILE *stream,
                               elfin_error *err)
{
  elfin_status status = ELFIN_OK;
  uint64_t *n_tasks = calloc(s->n_runs + 1, sizeof *n_tasks);
  if (!n_tasks)
    return elfin_fail(err, ELFIN_E_MEMORY, "%s: no memory for its runs", path);
  for (size_t i = 0; !status && i < s->n_sweeps; i++)
    status = store_count_runs(path, s->sweep_names[i], s->n_runs, n_tasks, err);
  for (size_t i = 0; !status && i < s->n_runs; i++) {
    const store_run_record *run = &s->runs[i];
    fprintf(stream, "run %zu: %s to %s, %d rank%s on %s, ", i, run->began,
            run->ended[0] ? run->ended : "(no end: killed, or still running)", run->ranks,
            run->ranks == 1 ? "" : "s", run->hosts);
    if (run->n_parts > 1)
      fprintf(stream, "part %d/%d, ", run->part, run->n_parts);
    fprintf(stream, "%llu tasks%s%s\n", (unsigned long long)n_tasks[i], run->end[0] ? ", " : "",
            run->end);
    if (i && strcmp(run->libraries, run[-1].libraries) == 0 &&
        strcmp(run->git_commit, run[-1].git_commit) == 0 && strcmp(run->build, run[-1].build) == 0)
      continue; /* as the one before */
    fprintf(stream, "  elfin %s, commit %s, %s\n  %s\n", run->elfin_version, run->git_commit,
            run->build, run->libraries);
  }
  free(n_tasks);
  return status;
}

elfin_status report_provenance(const char *path, const store_summary *s, FILE *stream,
                               elfin_error *err)
{
  fprintf(stream, "made %s by elfin %s (commit %.12s) on %d rank%s\n", s->created, s->elfin_version,
          s->git_commit, s->ranks, s->ranks == 1 ? "" : "s");
  fprintf(stream, "with %s\n", s->command);
  for (size_t i = 0; i < s->n_inputs; i++)
    fprintf(stream, "%s %s, SHA-256 %s\n", s->input_role[i], s->input_path[i], s->input_sha256[i]);
  return print_runs(path, s, stream, err);
}

elfin_status report_summary(const char *path, FILE *stream, elfin_error *err)
{
  store_summary *s = NULL;
  elfin_status status = store_summarise(path, &s, err);
  if (status)
    return status;
  fprintf(stream, "%s: %s\n", path, s->complete ? "complete" : "not complete");
  status = report_provenance(path, s, stream, err);
  for (size_t i = 0; !status && i < s->n_sweeps; i++)
    status = print_sweep(path, s->sweep_names[i], stream, err);
  store_summary_free(s);
  if (!status && ferror(stream))
    status = elfin_fail(err, ELFIN_E_OUTPUT, "the summary cannot be written: %s", strerror(errno));
  return status;
}
