/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file modulation.c
 * Daily modulation from the axis `time` of a sweep [docs/multiphonon_anisotropic.md].
 *
 * ⟨R⟩ is the trapezoid rule over the times that the job has, closed over midnight. 24 h is 0 h. */
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

bool modulation_weigh(size_t n, const double time[], double turn, double weight[], double *widest)
{
  moment *sorted = malloc((n + 1) * sizeof *sorted);
  if (!sorted)
    return false;
  *widest = 0;
  for (size_t i = 0; i < n; i++) {
    double in_turn = fmod(time[i], turn);
    sorted[i] = (moment){in_turn < 0 ? in_turn + turn : in_turn, i};
    weight[i] = 0;
  }
  qsort(sorted, n, sizeof *sorted, by_time);
  for (size_t i = 0; i < n; i++) {
    const moment *here = &sorted[i], *next = &sorted[(i + 1) % n];
    double step = (next->time - here->time + (i + 1 == n ? turn : 0)) / turn;
    weight[here->index] += 0.5 * step;
    weight[next->index] += 0.5 * step;
    *widest = fmax(*widest, step);
  }
  free(sorted);
  return true;
}

/* @return the entry at 0 h (or 24 h); n if there is none, or if there are fewer than three times */
static size_t find_0(size_t n, const double time[])
{
  size_t at_0 = n, n_times = 0;
  for (size_t i = 0; i < n; i++) {
    bool is_new = true;
    for (size_t k = 0; k < i; k++)
      is_new = is_new && fmod(time[i], DAY_H) != fmod(time[k], DAY_H);
    n_times += is_new;
    if (fmod(time[i], DAY_H) == 0)
      at_0 = i;
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
  size_t n = s->axes[axis].n, at_0 = find_0(n, s->axes[axis].value);
  double *weight = malloc(n * sizeof *weight), widest;
  elfin_status status = weight && modulation_weigh(n, s->axes[axis].value, DAY_H, weight, &widest)
                            ? ELFIN_OK
                            : elfin_fail(err, ELFIN_E_MEMORY, "no memory for %zu times", n);
  if (!status && at_0 == n)
    status = elfin_fail(err, ELFIN_E_ARGUMENT,
                        "sweep %s: a daily modulation needs at least three times, one "
                        "of them 0 h; for instance time: {linear: [0 h, 24 h, 13]}",
                        s->name);
  for (size_t block = 0; !status && block < s->n_points; block += n * stride)
    for (size_t i = 0; i < stride; i++)
      fill(s, block + i, stride, n, at_0, weight, of);
  free(weight);
  return status;
}
