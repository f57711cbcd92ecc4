/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file remarks.c
 * What is worth saying at the end of a run: sweeps in which nothing can happen, and flags of rates. */
#include "report/report.h"

#include "report/flag_counts.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* [eV] Masses below are a matter of units. */
static const double LIGHT_EV = 1e3;

typedef struct remarks {
  FILE *stream;
  size_t n, most;
} remarks;

static void say(remarks *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(remarks *r, const char *format, ...)
{
  if (r->n++ >= r->most)
    return;
  va_list arguments;
  va_start(arguments, format);
  vfprintf(r->stream, format, arguments);
  va_end(arguments);
  fputc('\n', r->stream);
}

/* "sweep nuclei: all 12 rates are 0: …" */
static void say_closed(remarks *r, const store_sweep *s)
{
  double heaviest = 0;
  for (size_t i = 0; i < s->n_axes; i++)
    for (size_t k = 0; strcmp(s->axes[i].key, "mass") == 0 && k < s->axes[i].n; k++)
      heaviest = fmax(heaviest, s->axes[i].value[k]);
  say(r, "sweep %s: all %llu rates are 0: dark matter of up to %g eV is too slow%s", s->name,
      (unsigned long long)s->n_done, heaviest,
      heaviest < LIGHT_EV ? "; is the mass meant in eV, which a bare number is in?"
                          : " for the least energy that counts");
}

static elfin_status remark_on(remarks *r, const char *path, const char *name, elfin_error *err)
{
  flag_count flags[N_FLAG_COUNTS];
  store_sweep *s = NULL;
  elfin_status status = store_look(path, name, "rate", &s, err);
  if (!status)
    status = flag_counts_of(path, name, flags, err);
  for (size_t i = 0; !status && i < N_FLAG_COUNTS; i++) {
    uint64_t n = flags[i].n;
    bool closed = flags[i].bit == ELFIN_FLAG_CLOSED; /* of some rates is what a curve begins with */
    if (closed && n && n == s->n_done)
      say_closed(r, s);
    else if (!closed && n)
      say(r, "sweep %s: %llu of %zu rates: %s", s->name, (unsigned long long)n, s->n_points,
          flags[i].text);
  }
  store_sweep_free(s);
  return status;
}

elfin_status report_remarks(const char *path, size_t most, FILE *stream, elfin_error *err)
{
  remarks r = {.stream = stream, .most = most};
  store_summary *s = NULL;
  elfin_status status = store_summarise(path, &s, err);
  for (size_t i = 0; !status && i < s->n_sweeps; i++)
    status = remark_on(&r, path, s->sweep_names[i], err);
  if (r.n > most)
    fprintf(stream, "and %zu more: elfin show %s\n", r.n - most, path);
  store_summary_free(s);
  return status;
}
