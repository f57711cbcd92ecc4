/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file picture_words.h
 * Inside the room: texts as gnuplot wants them. */
#ifndef PICTURE_WORDS_H
#define PICTURE_WORDS_H

#include <stddef.h>
#include <stdio.h>

/** 'text', for gnuplot: a quote is doubled. Markup such as m_{χ} counts. */
void print_quoted(const char *text, FILE *stream);
/** The same without markup: what a person wrote appears letter by letter. */
void print_plain_quoted(const char *text, FILE *stream);

/** printf() into a text of its own; yours; NULL without memory. */
char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** How many letters. */
size_t utf8_length(const char *text);

/** Lines of at most `width` letters, broken at spaces; what is beyond `most` lines ends in "…".
 * Breaks that are there stay. `*n` lines; free() it; NULL without memory. */
char *wrapped(const char *text, size_t width, size_t most, size_t *n);

#endif
