/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file summary.c
 * What is in a result file and how far it got, on one page. */
#include "report/report.h"

#include <errno.h>
#include <math.h>
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
#define ELFIN_FLAG_ROW(name, bit, key, text) {bit, text},
  static const struct {
    uint32_t bit;
    const char *text;
  } flags[] = {ELFIN_FLAGS(ELFIN_FLAG_ROW)};
#undef ELFIN_FLAG_ROW
  uint64_t n_of_bit[STORE_FLAG_BITS];
  elfin_status status = store_count_flags(path, sweep, n_of_bit, err);
  for (size_t i = 0; !status && i < sizeof flags / sizeof *flags; i++)
    for (unsigned k = 0; k < STORE_FLAG_BITS; k++)
      if (flags[i].bit == UINT32_C(1) << k && n_of_bit[k])
        fprintf(stream, "  %llu: %s\n", (unsigned long long)n_of_bit[k], flags[i].text);
  return status;
}

/* The other observables that this sweep has. */
static elfin_status print_others(const char *path, const char *sweep, uint64_t *failed,
                                 FILE *stream, elfin_error *err)
{
  static const char *const others[] = {"spectrum", "differential", "charge_rate"};
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

elfin_status report_summary(const char *path, FILE *stream, elfin_error *err)
{
  store_summary *s = NULL;
  elfin_status status = store_summarise(path, &s, err);
  if (status)
    return status;
  fprintf(stream, "%s: %s\n", path, s->complete ? "complete" : "not complete");
  fprintf(stream, "made %s by elfin %s (commit %.12s) on %d rank%s\n", s->created, s->elfin_version,
          s->git_commit, s->ranks, s->ranks == 1 ? "" : "s");
  fprintf(stream, "with %s\n", s->command);
  for (size_t i = 0; !status && i < s->n_sweeps; i++)
    status = print_sweep(path, s->sweep_names[i], stream, err);
  store_summary_free(s);
  if (!status && ferror(stream))
    status = elfin_fail(err, ELFIN_E_OUTPUT, "the summary cannot be written: %s", strerror(errno));
  return status;
}
