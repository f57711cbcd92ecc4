/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file material_keep.c
 * What a material keeps: one list of blocks, freed together. */
#include "material/material_read.h"

#include <stdarg.h>
#include <stdlib.h>

void *material_keep(material_owner *made, size_t n, size_t size)
{
  return keep_bytes(&made->kept, n, size);
}

const char *material_keep_text(material_owner *made, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *text = length < 0 ? NULL : material_keep(made, (size_t)length + 1, 1);
  if (!text) {
    made->kept.no_memory = true;
    return NULL;
  }
  va_start(arguments, format);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  va_end(arguments);
  return text;
}

void material_owner_free(material_owner *made)
{
  if (!made)
    return;
  material_prepared_free(made);
  keep_free(&made->kept);
  free(made->path);
  document_free(made->doc);
  free(made);
}
