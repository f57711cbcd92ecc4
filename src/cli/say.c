/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file say.c
 * What the verbs share: sentences for people, options, the end of stdout. */
#include "cli/cli.h"

#include "schedule/schedule.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_OPTIONS = 64 };

void cli_say(const char *format, ...)
{
  if (schedule_rank() != 0)
    return;
  va_list args;
  va_start(args, format);
  fputs("elfin: ", stderr);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
}

void cli_say_lines(const char *before, const char *text)
{
  for (const char *line = text; *line;) {
    size_t n = strcspn(line, "\n");
    cli_say("%s%.*s", before, (int)n, line);
    line += n + (line[n] == '\n');
  }
}

cli_end cli_fail(elfin_status status, const elfin_error *err)
{
  cli_say("%s", err && err->text[0] ? err->text : elfin_status_text(status));
  switch (status) {
  case ELFIN_OK: return CLI_DONE;
  case ELFIN_E_ARGUMENT:
  case ELFIN_E_DATA: return CLI_WRONG;
  default: return CLI_UNFINISHED;
  }
}

static void say_fault(void *context, const char *sentence)
{
  (void)context;
  cli_say("%s", sentence);
}

cli_end cli_fail_file(const char *name, elfin_tell_faults *tell, elfin_status status,
                      const elfin_error *err)
{
  return status == ELFIN_E_DATA && tell(name, say_fault, NULL) ? CLI_WRONG : cli_fail(status, err);
}

void cli_warn_of(const elfin_material *material)
{
  char text[sizeof(elfin_error)];
  for (size_t i = 0; elfin_material_doubt(material, i, sizeof text, text); i++)
    cli_say("warning: %s", text);
}

cli_end cli_usage(const cli_verb *verb, const char *format, ...)
{
  if (schedule_rank() != 0)
    return CLI_WRONG;
  va_list args;
  va_start(args, format);
  fputs("elfin: ", stderr);
  vfprintf(stderr, format, args);
  va_end(args);
  fprintf(stderr, "\nelfin: usage: elfin %s %s\nelfin: more with: elfin help %s\n", verb->name,
          verb->usage, verb->name);
  return CLI_WRONG;
}

cli_end cli_problems(const problems *list)
{
  if (schedule_rank() != 0)
    return CLI_WRONG;
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  if (stream) {
    problems_print(list, stream);
    fclose(stream);
  }
  if (!text)
    cli_say("%s", problems_first(list));
  else
    cli_say_lines("", text);
  free(text);
  return CLI_WRONG;
}

/** The option that `word` might have meant, without its dashes; NULL if none is near. */
static const char *nearest_option(const char *word, const struct option longs[])
{
  const char *names[MAX_OPTIONS];
  size_t n = 0;
  while (n < MAX_OPTIONS && longs[n].name) {
    names[n] = longs[n].name;
    n++;
  }
  char name[64];
  snprintf(name, sizeof name, "%.*s", (int)strcspn(word, "="), word);
  return nearest_name(name, n, names);
}

/** Say what is wrong with `culprit`, which getopt_long() refused. */
static void say_option(const cli_verb *verb, const char *culprit, const char *shorts,
                       const struct option longs[])
{
  bool is_long = strncmp(culprit, "--", 2) == 0;
  if (!is_long && optopt) {
    cli_usage(verb, strchr(shorts, optopt) ? "-%c needs a value" : "there is no option -%c",
              optopt);
    return;
  }
  for (const struct option *o = longs; o->name; o++)
    if (is_long && optopt && o->val == optopt) {
      cli_usage(verb, o->has_arg ? "--%s needs a value" : "--%s takes no value", o->name);
      return;
    }
  const char *near = is_long ? nearest_option(culprit + 2, longs) : NULL;
  if (near)
    cli_usage(verb, "there is no option %s; did you mean --%s?", culprit, near);
  else
    cli_usage(verb, "there is no option %s", culprit);
}

/** Is `word` "--NAME" or "--NAME=…"? */
static bool spells(const char *word, const char *name)
{
  size_t n = strlen(name);
  return strncmp(word, "--", 2) == 0 && strncmp(word + 2, name, n) == 0 &&
         (word[2 + n] == '\0' || word[2 + n] == '=');
}

int cli_option(const cli_verb *verb, int argc, char **argv, const char *shorts,
               const struct option longs[])
{
  opterr = 0;
  int at = optind, i_long = -1;
  int found = getopt_long(argc, argv, shorts, longs, &i_long);
  /* getopt has moved past the option, which stands at the old or the new position − 1, its value
   * perhaps behind it. */
  const char *word = argv[optind > at ? optind - 1 : at];
  if (found == '?' || found == ':') {
    say_option(verb, word, shorts, longs);
    return '?';
  }
  /* getopt takes a beginning for the whole; what is short for one option today may be short for two
   * tomorrow, so that a script would fail. */
  if (found != -1 && i_long >= 0 && !spells(word, longs[i_long].name) &&
      !(optind >= 2 && spells(argv[optind - 2], longs[i_long].name))) {
    cli_usage(verb, "options are spelled out: --%s", longs[i_long].name);
    return '?';
  }
  return found;
}

cli_end cli_close_stdout(cli_end end)
{
  if (fflush(stdout) == 0 && !ferror(stdout))
    return end;
  if (errno == EPIPE) /* the reader (head, less) had enough */
    return end;
  cli_say("standard output cannot be written: %s", strerror(errno));
  return end == CLI_DONE ? CLI_UNFINISHED : end;
}
