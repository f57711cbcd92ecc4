/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file modulation.c
 * Daily modulation from the axis `time` of a sweep [docs/multiphonon_anisotropic.md].
 *
 * ⟨R⟩ is the trapezoid rule over the times that the job has, closed over midnight: for a smooth
 * R(t) it converges faster than any power of the step when the steps are equal. 24 h is 0 h. */
#include "report/modulation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double DAY_H = 24;

typedef struct moment {
  double time;
  size_t index; /* on the axis */
} moment;

static int by_time(const void *a, const void *b)
{
  const moment *x = a, *y = b;
  return (x->time > y->time) - (x->time < y->time);
}

/** Which axis is `time`; n_axes if there is none. */
static size_t find_times(const store_sweep *s)
{
  size_t i = 0;
  while (i < s->n_axes && strcmp(s->axes[i].key, "time") != 0)
    i++;
  return i;
}

/** @param[out] weight  [n] of the mean, adding up to 1
 * @return the entry at 0 h (or 24 h); n if there is none, or if there are fewer than three times */
static size_t weigh(size_t n, const double time[], moment sorted[], double weight[])
{
  size_t at_0 = n, n_times = 0;
  for (size_t i = 0; i < n; i++) {
    sorted[i] = (moment){time[i], i};
    weight[i] = 0;
    if (fmod(time[i], DAY_H) == 0)
      at_0 = i;
  }
  qsort(sorted, n, sizeof *sorted, by_time);
  for (size_t i = 0; i < n; i++) {
    const moment *here = &sorted[i], *next = &sorted[(i + 1) % n];
    double step = next->time - here->time + (i + 1 == n ? DAY_H : 0);
    weight[here->index] += 0.5 * step / DAY_H;
    weight[next->index] += 0.5 * step / DAY_H;
    n_times += step > 0;
  }
  return n_times < 3 ? n : at_0;
}

static void fill(const store_sweep *s, size_t first, size_t stride, size_t n, size_t at_0,
                 const double weight[], modulation of[])
{
  modulation all = {0, 0, 0, 0};
  for (size_t i = 0; i < n; i++) {
    size_t point = first + i * stride;
    all.mean += weight[i] * s->value[point]; /* NaN where it is not done */
    all.amplitude_error += weight[i] * s->error[point];
  }
  size_t point = first + at_0 * stride;
  all.amplitude = fabs(s->value[point] / all.mean - 1);
  all.amplitude_error = (all.amplitude_error + s->error[point]) / all.mean;
  for (size_t i = 0; i < n; i++) {
    point = first + i * stride;
    of[point] = all;
    of[point].over_mean = s->value[point] / all.mean;
  }
}

elfin_status modulation_of(const store_sweep *s, modulation of[], elfin_error *err)
{
  size_t axis = find_times(s), stride = 1;
  if (axis == s->n_axes)
    return elfin_fail(err, ELFIN_E_ARGUMENT,
                      "sweep %s has no axis time, so nothing can be said of a daily "
                      "modulation",
                      s->name);
  for (size_t i = axis + 1; i < s->n_axes; i++)
    stride *= s->axes[i].n;
  size_t n = s->axes[axis].n;
  moment *sorted = malloc(n * sizeof *sorted);
  double *weight = malloc(n * sizeof *weight);
  elfin_status status =
      sorted && weight ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu times", n);
  size_t at_0 = status ? n : weigh(n, s->axes[axis].value, sorted, weight);
  if (!status && at_0 == n)
    status = elfin_fail(err, ELFIN_E_ARGUMENT,
                        "sweep %s: a daily modulation needs at least three times, one "
                        "of them 0 h; for instance time: {linear: [0 h, 24 h, 13]}",
                        s->name);
  for (size_t block = 0; !status && block < s->n_points; block += n * stride)
    for (size_t i = 0; i < stride; i++)
      fill(s, block + i, stride, n, at_0, weight, of);
  free(sorted);
  free(weight);
  return status;
}
