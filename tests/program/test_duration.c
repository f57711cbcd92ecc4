/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_duration.c
 * Time spans as people and queues write them. */
#include "check.h"
#include "cli/duration.h"

static void spans_are_read(void)
{
  static const struct {
    const char *text;
    double seconds;
  } good[] = {{"90", 90},          {"90s", 90},           {"0.5", 0.5},
              {"5m", 300},         {"1h30m", 5400},       {"2d", 172800},
              {"1d1h1m1s", 90061}, {"01:30:00", 5400},    {"1-02:30:00", 95400},
              {"00:00:01", 1},     {"100:00:00", 360000}, {"1m30", 90}};
  for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
    double seconds = -1;
    CHECK(duration_parse(good[i].text, &seconds));
    CHECK_CLOSE(seconds, good[i].seconds, 1e-15); /* sums of exact products */
  }
}

static void anything_else_is_refused(void)
{
  static const char *const bad[] = {
      "",     "0",       "-5",      "soon",     "1w",          "1h2h", "1m1h",
      "1:30", "1:60:00", "1:00:60", "1h:00:0",  "nan",         "inf",  "1e3",
      " 5",   "5 ",      "0x10",    "-1:00:00", "1-1-1:00:00", "1-",   "99999999999999999999"};
  for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
    double seconds = -1;
    if (duration_parse(bad[i], &seconds))
      fprintf(stderr, "'%s' was read as %g s\n", bad[i], seconds);
    CHECK(!duration_parse(bad[i], &seconds));
  }
}

int main(void)
{
  spans_are_read();
  anything_else_is_refused();
  return check_result();
}
