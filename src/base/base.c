/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file base.c
 * Status names, error sentences, what this build is. */
#include <elfin/base.h>

#include "commit.h"

#include <stdarg.h>
#include <stdio.h>

const char *elfin_status_text(elfin_status status)
{
#define STATUS_TEXT(name, text)                                                                    \
  case name: return text;
  switch (status) { ELFIN_STATUSES(STATUS_TEXT) }
#undef STATUS_TEXT
  return "unknown status";
}

elfin_status elfin_fail(elfin_error *err, elfin_status status, const char *format, ...)
{
  if (err) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(err->text, sizeof err->text, format, arguments);
    va_end(arguments);
  }
  return status;
}

static _Thread_local elfin_interrupt *interrupt;
static _Thread_local void *interrupt_context;

void elfin_on_interrupt(elfin_interrupt *ask, void *context)
{
  interrupt = ask;
  interrupt_context = context;
}

bool elfin_interrupted(void)
{
  return interrupt && interrupt(interrupt_context);
}

const char *elfin_version(void)
{
  return ELFIN_VERSION;
}

const char *elfin_git_commit(void)
{
  return ELFIN_COMMIT;
}

const char *elfin_build(void)
{
  return ELFIN_COMPILER;
}
