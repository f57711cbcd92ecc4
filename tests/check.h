/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file check.h
 * A test is a program: main() calls functions whose names are claims. A failed check prints
 * expected, found, relative difference and line, and the program goes on and returns 1.
 * A test that needs what is not there calls CHECK_SKIP: exit code 77, which CTest shows as skipped.
 */
#ifndef CHECK_H
#define CHECK_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long check_failures;
static long check_count;

/* A claim in a loop may fail a million times: this many are printed. */
enum { CHECK_MAX_PRINTED = 30 };

#define CHECK(claim)                                                                               \
  do {                                                                                             \
    check_count++;                                                                                 \
    if (!(claim)) {                                                                                \
      if (check_failures++ < CHECK_MAX_PRINTED)                                                    \
        fprintf(stderr, "%s:%d: %s: does not hold: %s\n", __FILE__, __LINE__, __func__, #claim);     \
    }                                                                                              \
  } while (0)

/** |found − expected| ≤ tolerance · |expected|; NaN fails. */
#define CHECK_CLOSE(found, expected, tolerance)                                                    \
  check_close((found), (expected), (tolerance), 0, #found, __FILE__, __LINE__, __func__)
/** |found − expected| ≤ tolerance. */
#define CHECK_NEAR(found, expected, tolerance)                                                     \
  check_close((found), (expected), 0, (tolerance), #found, __FILE__, __LINE__, __func__)

#define CHECK_TEXT(found, expected)                                                                \
  do {                                                                                             \
    const char *check_f = (found), *check_e = (expected);                                          \
    check_count++;                                                                                 \
    if (!check_f || strcmp(check_f, check_e)) {                                                    \
      if (check_failures++ < CHECK_MAX_PRINTED)                                                    \
        fprintf(stderr, "%s:%d: %s: %s\n  expected: %s\n  found:    %s\n", __FILE__, __LINE__,       \
              __func__, #found, check_e, check_f ? check_f : "(null)");                            \
    }                                                                                              \
  } while (0)

/** `found` contains `part`. */
#define CHECK_SAYS(found, part)                                                                    \
  do {                                                                                             \
    const char *check_f = (found), *check_p = (part);                                              \
    check_count++;                                                                                 \
    if (!check_f || !strstr(check_f, check_p)) {                                                   \
      if (check_failures++ < CHECK_MAX_PRINTED)                                                    \
        fprintf(stderr, "%s:%d: %s: expected to read: %s\n  found: %s\n", __FILE__, __LINE__,        \
              __func__, check_p, check_f ? check_f : "(null)");                                    \
    }                                                                                              \
  } while (0)

#define CHECK_SKIP(why)                                                                            \
  do {                                                                                             \
    printf("skipped: %s\n", why);                                                                  \
    exit(77);                                                                                      \
  } while (0)

static inline void check_close(double found, double expected, double relative, double absolute,
                               const char *what, const char *file, int line, const char *claim)
{
  check_count++;
  double allowed = absolute + relative * fabs(expected);
  if (!(fabs(found - expected) <= allowed)) {
    if (check_failures++ < CHECK_MAX_PRINTED)
      fprintf(stderr, "%s:%d: %s: %s\n  expected: %.17g\n  found:    %.17g (relative difference %.3g)\n",
            file, line, claim, what, expected, found, (found - expected) / expected);
  }
}

/** The last line of main(): a test that checked nothing has failed. */
static inline int check_result(void)
{
  printf("%ld checks, %ld failed\n", check_count, check_failures);
  return check_failures || check_count == 0 ? 1 : 0;
}

#endif
