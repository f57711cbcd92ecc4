/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file progress.c
 * "612 of 2000 tasks (30 %), 812 a second, 2 s left": one line that renews itself on a terminal, a
 * plain line now and then in a log.
 */
#include "schedule/schedule_inner.h"

#include <unistd.h>

static const double TERMINAL_S = 0.2, LOG_S = 30;

/** Blanks that cover the rest of a longer line before. */
#define REST_OF_LINE "          "

void progress_start(progress *p, FILE *stream, uint64_t n_total)
{
  double now = schedule_clock();
  *p = (progress){.stream = stream, .n_total = n_total, .started = now, .shown = now};
  p->terminal = stream && isatty(fileno(stream));
}

void schedule_print_span(FILE *stream, double seconds)
{
  if (seconds < 9.95)
    fprintf(stream, "%.3g s", seconds);
  else if (seconds < 120)
    fprintf(stream, "%.0f s", seconds);
  else if (seconds < 7200)
    fprintf(stream, "%.0f min", seconds / 60);
  else
    fprintf(stream, "%.1f h", seconds / 3600);
}

void progress_add(progress *p, uint64_t n)
{
  p->n_done += n;
  if (!p->stream)
    return;
  double now = schedule_clock();
  if (now - p->shown < (p->terminal ? TERMINAL_S : LOG_S))
    return;
  p->shown = now;
  double per_s = (double)p->n_done / (now - p->started);
  fprintf(p->stream, "%selfin: %llu of %llu tasks (%.0f %%), %.3g a second",
          p->terminal ? "\r" : "", (unsigned long long)p->n_done, (unsigned long long)p->n_total,
          100.0 * (double)p->n_done / (double)p->n_total, per_s);
  if (p->n_done) {
    fputs(", ", p->stream);
    schedule_print_span(p->stream, (double)(p->n_total - p->n_done) / per_s);
    fputs(" left", p->stream);
  }
  fputs(p->terminal ? REST_OF_LINE : "\n", p->stream);
  fflush(p->stream);
}

void progress_end(progress *p, uint64_t n_done)
{
  if (!p->stream)
    return;
  double seconds = schedule_clock() - p->started;
  fprintf(p->stream, "%selfin: %llu of %llu tasks in ", p->terminal ? "\r" : "",
          (unsigned long long)n_done, (unsigned long long)p->n_total);
  schedule_print_span(p->stream, seconds);
  if (n_done && seconds > 0)
    fprintf(p->stream, ", %.3g a second", (double)n_done / seconds);
  fputs(p->terminal ? REST_OF_LINE REST_OF_LINE "\n" : "\n", p->stream);
  fflush(p->stream);
}
