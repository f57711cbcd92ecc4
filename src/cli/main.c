/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file main.c
 * elfin's front door: the table of verbs, help, version; the only place that chooses an exit code.
 */
#include "campaign/schema.h"
#include "cli/cli.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

/** Everything was done. Failed or incomplete. Wrong usage or a wrong job. */
enum { EXIT_DONE = 0, EXIT_UNFINISHED = 1, EXIT_WRONG = 2 };

static cli_end help(const cli_verb *verb, int argc, char **argv);

static const cli_verb verb_help = {
    .name = "help",
    .usage = "[VERB|KEY|PROCESS|keys|units] [--markdown]",
    .summary = "all verbs; one verb; the keys of a job file",
    .help = "Without an argument: the verbs. `elfin help keys` lists the keys of a job file,\n"
            "`elfin help electron` those of a process, `elfin help mass` explains one; `elfin help units`\n"
            "lists the units that numbers may have.\n\n"
            "  --markdown  of a process, of halo, coupling_ratio, response or preset: the table that docs/ has\n",
    .act = help,
};

static const cli_verb *const verbs[] = {
    &verb_run,   &verb_check,     &verb_rate,        &verb_export,   &verb_merge,  &verb_show,
    &verb_limit, &verb_materials, &verb_experiments, &verb_response, &verb_import, &verb_fit,
    &verb_plot,
    &verb_help,
};
enum { N_VERBS = sizeof verbs / sizeof verbs[0] };

static const cli_verb *verb_named(const char *name)
{
  for (size_t i = 0; i < N_VERBS; i++)
    if (strcmp(verbs[i]->name, name) == 0)
      return verbs[i];
  return NULL;
}

static void print_overview(FILE *stream)
{
  fputs(
      "elfin computes rates of dark matter in dielectric detectors from energy loss functions.\n\n"
      "usage: elfin VERB …\n\n",
      stream);
  for (size_t i = 0; i < N_VERBS; i++)
    fprintf(stream, "  %-12s %s\n", verbs[i]->name, verbs[i]->summary);
  fputs("\nA first number: elfin rate --process electron --material Si --mediator massless \\\n"
        "                    --mass 10MeV --cross-section 1e-38\n"
        "A campaign:     mpirun -n 4 elfin run JOB.yaml\n"
        "More:           elfin help VERB, elfin help keys, elfin help KEY, elfin help units, elfin --version\n\n"
        "Exit codes: 0 all done; 1 failed or incomplete, or the output cannot be written;\n"
        "            2 wrong usage, or something is wrong with the job.\n",
        stream);
}

static void print_verb(const cli_verb *verb, FILE *stream)
{
  fprintf(stream, "usage: elfin %s %s\n\n%s.\n\n%s", verb->name, verb->usage, verb->summary,
          verb->help);
}

static void print_version(void)
{
  printf("elfin %s\ncommit %s\nbuild %s\ndata %s\n", elfin_version(), elfin_git_commit(),
         elfin_build(), elfin_data_dir());
  puts("libraries " ELFIN_LIBRARIES);
}

/** Say that `word` is no verb, or no `what` that includes keys, with the nearest one. */
static cli_end no_such(const char *what, const char *word, bool keys_too)
{
  const char *names[N_VERBS + N_KEYS];
  size_t n = 0;
  for (size_t i = 0; i < N_VERBS; i++)
    names[n++] = verbs[i]->name;
  for (int id = 0; keys_too && id < N_KEYS; id++)
    names[n++] = schema_row((key_id)id)->name;
  const char *near = nearest_name(word, n, names);
  if (near)
    cli_say("there is no %s '%s'; did you mean '%s'?", what, word, near);
  else
    cli_say("there is no %s '%s'; elfin --help lists the verbs", what, word);
  return CLI_WRONG;
}

static bool is_process(const char *name)
{
  size_t n = 0;
  const elfin_process *processes = elfin_processes(&n);
  for (size_t i = 0; i < n; i++)
    if (strcmp(processes[i].name, name) == 0)
      return true;
  return false;
}

static cli_end help_on(const char *word)
{
  const cli_verb *verb = verb_named(word);
  if (verb && schema_find(word) != N_KEYS) { /* response */
    print_verb(verb, stdout);
    puts("\nAs a key of a job:\n");
    schema_print_key(stdout, word);
  } else if (verb)
    print_verb(verb, stdout);
  else if (strcmp(word, "keys") == 0)
    schema_print(stdout, NULL);
  else if (strcmp(word, "units") == 0)
    quantity_print_units(stdout);
  else if (is_process(word))
    schema_print(stdout, word);
  else if (!schema_print_key(stdout, word))
    return no_such("verb or key", word, true);
  return CLI_DONE;
}

static cli_end help(const cli_verb *self, int argc, char **argv)
{
  static const struct option longs[] = {{"markdown", no_argument, NULL, 'm'}, {NULL, 0, NULL, 0}};
  bool markdown = false;
  optind = 1;
  for (int c; (c = cli_option(self, argc, argv, "", longs)) != -1; markdown = true)
    if (c != 'm')
      return CLI_WRONG;
  if (optind + 1 < argc)
    return cli_usage(self, "help takes one verb or key");
  if (markdown && (optind == argc || !schema_print_markdown(stdout, argv[optind])))
    return cli_usage(self, "--markdown goes with a process, halo, coupling_ratio, response or preset");
  if (!markdown && optind < argc)
    return help_on(argv[optind]);
  if (!markdown)
    print_overview(stdout);
  return CLI_DONE;
}

static bool wants_help(int argc, char **argv)
{
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--") == 0)
      return false;
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
      return true;
  }
  return false;
}

static cli_end act(int argc, char **argv)
{
  if (argc < 2) {
    print_overview(stderr);
    return CLI_WRONG;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
    print_overview(stdout);
    return CLI_DONE;
  }
  if (strcmp(argv[1], "--version") == 0) {
    print_version();
    return CLI_DONE;
  }
  const cli_verb *verb = verb_named(argv[1]);
  if (!verb)
    return no_such("verb", argv[1], false);
  if (wants_help(argc - 1, argv + 1)) {
    print_verb(verb, stdout);
    return CLI_DONE;
  }
  return verb->act(verb, argc - 1, argv + 1);
}

int main(int argc, char **argv)
{
  /* A closed pipe (elfin export … | head) and a file-size limit are errors of write(), no deaths.
   */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  switch (cli_close_stdout(act(argc, argv))) {
  case CLI_DONE: return EXIT_DONE;
  case CLI_WRONG: return EXIT_WRONG;
  case CLI_UNFINISHED: break;
  }
  return EXIT_UNFINISHED;
}
