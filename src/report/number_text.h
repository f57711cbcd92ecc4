/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file number_text.h
 * Inside the room: a double as text that reads back as the same double. */
#ifndef NUMBER_TEXT_H
#define NUMBER_TEXT_H

#include <stddef.h>

/** Room for any double. */
enum { NUMBER_TEXT_SIZE = 32 };

/** The shortest of %.15g, %.16g and %.17g that reads back the same; "nan", "inf", "-inf". */
void number_text(double value, char text[NUMBER_TEXT_SIZE]);

#endif
