/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file picture_words.c
 * Texts as gnuplot wants them: quoted, with or without markup, broken into lines. */
#include "report/picture_words.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void print_quoted(const char *text, FILE *stream)
{
  fputc('\'', stream);
  for (; *text; text++) {
    if (*text == '\'')
      fputc('\'', stream);
    fputc(*text == '\n' ? ' ' : *text, stream);
  }
  fputc('\'', stream);
}

void print_plain_quoted(const char *text, FILE *stream)
{
  fputc('\'', stream);
  for (; *text; text++) {
    if (strchr("_^{}@&~\\", *text))
      fputc('\\', stream);
    if (*text == '\'')
      fputc('\'', stream);
    fputc((unsigned char)*text < ' ' ? ' ' : *text, stream);
  }
  fputc('\'', stream);
}

char *text_of(const char *format, ...)
{
  char *text = NULL;
  size_t size = 0;
  va_list args;
  FILE *stream = open_memstream(&text, &size);
  if (!stream)
    return NULL;
  va_start(args, format);
  vfprintf(stream, format, args);
  va_end(args);
  fclose(stream);
  return text;
}

static bool begins_letter(char c)
{
  return ((unsigned char)c & 0xC0) != 0x80;
}

size_t utf8_length(const char *text)
{
  size_t n = 0;
  for (; *text; text++)
    n += begins_letter(*text);
  return n;
}

/* Bytes of the next line, and where the one after it begins. */
static size_t line_length(const char *text, size_t width, const char **next)
{
  size_t letters = 0, end = 0, i = 0;
  for (; text[i] && text[i] != '\n'; i++) {
    if (text[i] == ' ')
      end = i;
    letters += begins_letter(text[i]);
    if (letters > width)
      break;
  }
  if (!text[i] || text[i] == '\n' || end == 0) /* it ends, or is one long word */
    end = i;
  *next = text + end + (text[end] == ' ' || text[end] == '\n');
  return end;
}

char *wrapped(const char *text, size_t width, size_t most, size_t *n)
{
  char *made = malloc(2 * strlen(text) + sizeof "…"), *to = made;
  *n = 0;
  while (made && *text && *n < most) {
    const char *next;
    size_t length = line_length(text, width, &next);
    memcpy(to, text, length);
    to += length;
    text = next;
    if (++*n == most && *text)
      to = stpcpy(to, "…");
    *to++ = '\n';
  }
  if (made)
    *to = '\0';
  return made;
}
