/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file optical_peaks.c
 * Where an ε(ω) without closed zeros has them: peaks of the ELF [optical.h].
 *
 * Near a zero, ε is linear in ω: through its values at the ends of a short interval goes a straight
 * line, and where that vanishes, at ω − i·half_width, is the zero if ω lies in between. Exact
 * between the points of a linear table; for other formulas the interval is divided, a few times
 * over.
 */
#include "elf/optical.h"

#include <math.h>
#include <stdlib.h>

/* Intervals between neighbouring points, and how often one with a zero is divided again. */
enum { N_PARTS = 16, N_TIMES = 4 };
/* A zero farther from the axis than this many lengths of its interval is no peak of it; one that is
 * farther than one length needs no closer look. */
static const double FAR = 30;

typedef struct list {
  size_t n, room;
  optical_peak *of;
} list;

static elfin_status add(list *peaks, optical_peak peak, elfin_error *err)
{
  if (peaks->n == peaks->room) {
    size_t room = peaks->room ? 2 * peaks->room : 8;
    optical_peak *more = realloc(peaks->of, room * sizeof *more);
    if (!more)
      return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the peaks of an energy loss function");
    peaks->of = more;
    peaks->room = room;
  }
  peaks->of[peaks->n++] = peak;
  return ELFIN_OK;
}

/** Zeros between low and high, each looked at `times` times more closely. */
static elfin_status search(const optical *o, double low, double high, int n_parts, int times,
                           list *peaks, elfin_error *err)
{
  double step = (high - low) / n_parts;
  double complex begin = o->formula(o, low);
  for (int i = 0; i < n_parts; i++) {
    double from = low + i * step;
    double complex end = o->formula(o, i + 1 < n_parts ? from + step : high);
    double complex zero = begin / (begin - end); /* in steps */
    begin = end;
    if (!(creal(zero) >= 0 && creal(zero) < 1 && fabs(cimag(zero)) < FAR))
      continue;
    double half_width = fmax(fabs(cimag(zero)), 1e-9) * step;
    elfin_status status =
        times && half_width < step
            ? search(o, from, from + step, n_parts, times - 1, peaks, err)
            : add(peaks, (optical_peak){from + creal(zero) * step, half_width}, err);
    if (status)
      return status;
  }
  return ELFIN_OK;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/** The interval's ends: points of the data, or what separates the zeros of a sum of oscillators. */
static size_t ends_of(const optical *o, double ends[])
{
  size_t n = 0;
  ends[n++] = o->omega_min;
  for (size_t i = 0; i < o->n; i++)
    ends[n++] = o->omega[i];
  for (size_t i = 0; i < o->n_modes; i++)
    ends[n++] = o->modes[i].transverse_eV;
  ends[n++] = o->omega_max;
  qsort(ends, n, sizeof *ends, ascending);
  return n;
}

elfin_status optical_search_peaks(optical *o, elfin_error *err)
{
  double *ends = malloc((o->n + o->n_modes + 2) * sizeof *ends);
  if (!ends)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for the peaks of an energy loss function");
  size_t n = ends_of(o, ends);
  list peaks = {0};
  elfin_status status = ELFIN_OK;
  for (size_t i = 0; !status && i + 1 < n; i++) {
    double low = fmax(ends[i], o->omega_min), high = fmin(ends[i + 1], o->omega_max);
    if (!(low < high))
      continue;
    if (o->straight)
      status = search(o, low, high, 1, 0, &peaks, err);
    else
      status = search(o, low, high, N_PARTS, N_TIMES, &peaks, err);
  }
  free(ends);
  o->n_peaks = peaks.n;
  o->peaks = peaks.of;
  return status;
}
