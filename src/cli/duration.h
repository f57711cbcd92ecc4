/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file duration.h
 * How people and queues write time spans. */
#ifndef DURATION_H
#define DURATION_H

#include <stdbool.h>

/** "90", "90s", "5m", "1h30m", "2d", "HH:MM:SS" and "D-HH:MM:SS" → seconds, more than 0.
 * @return false if `text` is none of these */
bool duration_parse(const char *text, double *seconds);

#endif
