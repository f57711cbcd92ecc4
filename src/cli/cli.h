/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cli.h
 * The command line: a table of verbs. Each verb is one cli_verb, defined beside its function in a
 * cmd_*.c and listed in main.c; `elfin --help` and `elfin help VERB` are made from it.
 *
 * Results go to stdout, everything said to a person goes to stderr and begins with "elfin: ".
 */
#ifndef CLI_H
#define CLI_H

#include "document/document.h"

#include <elfin/base.h>
#include <elfin/material.h>

#include <getopt.h>

/** How a verb ended. Only main.c makes an exit code of it. */
typedef enum cli_end {
  CLI_DONE,       /* everything was done */
  CLI_UNFINISHED, /* failed or incomplete points; the output cannot be written */
  CLI_WRONG       /* wrong usage; anything wrong with the job or a file that it names */
} cli_end;

typedef struct cli_verb {
  const char *name;
  const char *usage;   /* what follows "elfin NAME ": "JOB.yaml [-o FILE]" */
  const char *summary; /* one line without a full stop */
  const char *help;    /* options and the rest, whole lines */
  cli_end (*act)(const struct cli_verb *verb, int argc, char **argv); /* argv[0]: the verb */
} cli_verb;

extern const cli_verb verb_run, verb_check, verb_rate, verb_export, verb_show, verb_materials,
    verb_response, verb_merge, verb_import, verb_fit, verb_limit, verb_experiments, verb_plot;

/** Print "elfin: sentence" to stderr; under mpirun on rank 0 only. */
void cli_say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/** Each line of a text, with `before` in front. */
void cli_say_lines(const char *before, const char *text);

/** Say err->text and tell how a verb ends that failed with `status`. */
cli_end cli_fail(elfin_status status, const elfin_error *err);

/** The same for a material or experiment `name`, with all that its file is refused for. */
cli_end cli_fail_file(const char *name, elfin_tell_faults *tell, elfin_status status,
                      const elfin_error *err);

/** Say what is doubtful in a material, each as a warning. */
void cli_warn_of(const elfin_material *material);

/** Say what is wrong with the command line, and which help to read. Returns CLI_WRONG. */
cli_end cli_usage(const cli_verb *verb, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Print all problems of a job, each line after "elfin: ". Returns CLI_WRONG. */
cli_end cli_problems(const problems *list);

/** The next option as getopt_long(): its `val`, −1 after the last one, '?' after having said what
 * is wrong with it (then return CLI_WRONG). Options and other arguments may be mixed; the others
 * are at argv[optind] in the end. */
int cli_option(const cli_verb *verb, int argc, char **argv, const char *shorts,
               const struct option longs[]);

/** The end of what was written to stdout: flushed, and not to a full disk. */
cli_end cli_close_stdout(cli_end end);

#endif
