/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file cmd_job.c
 * `elfin run`: the only file that knows campaign, schedule and store together.
 *
 * Every rank opens the job by itself. After each step that may fail on one rank the ranks agree
 * whether to go on (schedule_agree, schedule_worst): a rank that returned early would leave the
 * others waiting for it in the next collective call until the queue kills the job.
 */
#include "cli/campaign_run.h"
#include "cli/cli.h"
#include "cli/duration.h"
#include "cli/job.h"
#include "report/report.h"
#include "schedule/schedule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/** Rows stay in memory no longer than this, unless --save-every says otherwise: so much work does a
 * killed run lose at most. */
static const double SAVE_S = 2;

typedef struct run_options {
  const char *job;
  char *output;    /* path of the result file; ours */
  char *command;   /* as typed, for the file; ours */
  char *stop_file; /* OUTPUT.stop; ours */
  char hosts[256], libraries[192];
  const char *given; /* -o */
  bool resume, force, retry, overwrite;
  double max_time_s, save_s;
  store_part part;
} run_options;

/** Lines about the result at the end of a run. */
enum { MOST_REMARKS = 5 };

/** As main.c has it. */
enum { CODE_UNFINISHED = 1 };

enum { OPT_RESUME = 256, OPT_RETRY, OPT_OVERWRITE, OPT_MAX_TIME, OPT_SAVE, OPT_PART };

static const struct option run_longs[] = {
    {"output", required_argument, NULL, 'o'},
    {"resume", optional_argument, NULL, OPT_RESUME},
    {"retry-failed", no_argument, NULL, OPT_RETRY},
    {"overwrite", no_argument, NULL, OPT_OVERWRITE},
    {"max-time", required_argument, NULL, OPT_MAX_TIME},
    {"save-every", required_argument, NULL, OPT_SAVE},
    {"part", required_argument, NULL, OPT_PART},
    {NULL, 0, NULL, 0},
};

/** "3/8". */
static bool read_part(const char *text, store_part *part)
{
  enum { MOST_PARTS = 1000000 };
  int end = 0;
  if (strspn(text, "0123456789/") != strlen(text) || strlen(text) > 15 ||
      sscanf(text, "%u/%u%n", &part->i, &part->n, &end) != 2 || text[end])
    return false;
  return part->i >= 1 && part->i <= part->n && part->n <= MOST_PARTS;
}

static cli_end read_options(const cli_verb *verb, int argc, char **argv, run_options *o)
{
  optind = 1;
  for (int c; (c = cli_option(verb, argc, argv, "o:", run_longs)) != -1;)
    switch (c) {
    case 'o': o->given = optarg; break;
    case OPT_RESUME:
      o->resume = true;
      if (optarg && strcmp(optarg, "force") != 0)
        return cli_usage(verb, "--resume=%s: only --resume and --resume=force are known", optarg);
      o->force = optarg != NULL;
      break;
    case OPT_RETRY: o->retry = o->resume = true; break;
    case OPT_OVERWRITE: o->overwrite = true; break;
    case OPT_MAX_TIME:
      if (!duration_parse(optarg, &o->max_time_s))
        return cli_usage(verb, "--max-time %s: expected a time such as 90s, 1h30m or 01:30:00",
                         optarg);
      break;
    case OPT_SAVE:
      if (!duration_parse(optarg, &o->save_s))
        return cli_usage(verb, "--save-every %s: expected a time such as 10s or 1m", optarg);
      break;
    case OPT_PART:
      if (!read_part(optarg, &o->part))
        return cli_usage(verb, "--part %s: expected I/N with 1 ≤ I ≤ N, for example 3/8", optarg);
      break;
    default: return CLI_WRONG;
    }
  if (optind + 1 != argc)
    return cli_usage(verb, argc == optind ? "which job?" : "one job at a time");
  if (o->overwrite && o->resume)
    return cli_usage(verb, "--overwrite begins anew, --resume goes on: choose one");
  o->job = argv[optind];
  return CLI_DONE;
}

/** "elfin run job.yaml -o x.h5", malloc()ed. */
static char *join_words(const char *first, int n, char **words, const char *last)
{
  size_t size = strlen(first) + strlen(last) + 1;
  for (int i = 0; i < n; i++)
    size += strlen(words[i]) + 1;
  char *text = malloc(size), *at = text;
  if (!text)
    return NULL;
  at = stpcpy(at, first);
  for (int i = 0; i < n; i++) {
    *at++ = ' ';
    at = stpcpy(at, words[i]);
  }
  stpcpy(at, last);
  return text;
}

static store_run this_run(const run_options *o)
{
  return (store_run){.command = o->command,
                     .hosts = o->hosts,
                     .libraries = o->libraries,
                     .n_ranks = schedule_n_ranks(),
                     .part = o->part,
                     .overwrite = o->overwrite,
                     .force = o->force};
}

/** A file that exists has what another part of the job made: --resume would not go on with that. */
static elfin_status refuse_other_part(const run_options *o, elfin_error *err)
{
  store_summary *summary = NULL;
  elfin_status status = ELFIN_OK;
  if (store_summarise(o->output, &summary, NULL))
    return ELFIN_OK; /* store_create() says what it is */
  const store_run_record *made = summary->n_runs ? &summary->runs[summary->n_runs - 1] : NULL;
  if (made && made->n_parts > 1 && o->part.n > 1 &&
      ((unsigned)made->part != o->part.i || (unsigned)made->n_parts != o->part.n))
    status = elfin_fail(err, ELFIN_E_OUTPUT,
                        "%s: exists already and was made by part %d/%d of its job, and this is part "
                        "%u/%u; name another file with -o, and elfin merge makes one of both",
                        o->output, (int)made->part, (int)made->n_parts, o->part.i, o->part.n);
  store_summary_free(summary);
  return status;
}

/** What is to be done, on rank 0. Creates the file unless there is one to go on with. */
static elfin_status plan_work(const run_options *o, const campaign *c, size_t *n,
                              store_range **ranges, elfin_error *err)
{
  bool there = access(o->output, F_OK) == 0;
  if (access(o->stop_file, F_OK) == 0)
    return elfin_fail(err, ELFIN_E_STOPPED, "%s is there: remove it to let the run begin",
                      o->stop_file);
  elfin_status status = ELFIN_OK;
  if (!(o->resume && there)) {
    store_run run = this_run(o);
    status = there && !o->overwrite ? refuse_other_part(o, err) : ELFIN_OK;
    status = status ? status : store_create(o->output, c, &run, err);
    if (status)
      return status;
  }
  status = store_check(o->output, c, o->force, err);
  return status ? status : store_pending(o->output, c, o->part, o->retry, n, ranges, err);
}

static void announce(const run_options *o, const campaign *c, size_t n, const store_range *ranges)
{
  uint64_t pending = 0;
  for (size_t i = 0; i < n; i++)
    pending += ranges[i].n;
  int ranks = schedule_n_ranks();
  cli_say("%s: %zu points in %zu tasks, %llu of them to do, on %d rank%s", o->output,
          campaign_n_points(c), campaign_n_tasks(c), (unsigned long long)pending, ranks,
          ranks == 1 ? "" : "s");
}

/** How it ended, for its record and for a message. */
static const char *reason(const schedule_outcome *outcome)
{
  if (!outcome->stopped)
    return "did all it had to";
  switch (outcome->end) {
  case SCHEDULE_TIMED: return "stopped by --max-time";
  case SCHEDULE_ASKED: return "stopped by its stop file";
  case SCHEDULE_SIGNALLED: return "stopped by a signal";
  default: return "stopped";
  }
}

/** All ranks. Neither the file nor MPI can be closed any more: say why, and end. */
static void give_up_if_lost(const store *s, elfin_status status, const elfin_error *err)
{
  elfin_error lost = {""};
  if (!store_lost(s, &lost))
    return;
  if (status)
    cli_say("%s", err->text);
  cli_say("%s", lost.text);
  schedule_agree(ELFIN_OK, NULL); /* it is said before anybody ends */
  schedule_abort(CODE_UNFINISHED);
}

/** Compute what is pending; all ranks. */
static elfin_status compute(const run_options *o, campaign *c, size_t n, const store_range *ranges,
                            double spent_s, schedule_outcome *outcome, elfin_error *err)
{
  store *s = NULL;
  batch *b = NULL;
  schedule_range *todo = calloc(n + 1, sizeof *todo);
  store_run run = this_run(o);
  elfin_status status = store_open(o->output, c, &run, &s, err);
  if (status)
    goto out;
  status = todo ? batch_new(c, s, &b, err) : elfin_fail(err, ELFIN_E_MEMORY, "no memory for tasks");
  if ((status = schedule_worst(status, err)))
    goto out;
  size_t n_ranges = n;
  schedule_broadcast(&n_ranges, sizeof n_ranges, NULL);
  if (n_ranges && (status = campaign_run_prepare(c, &b->shared, err)))
    goto out;
  for (size_t i = 0; i < n; i++)
    todo[i] = (schedule_range){ranges[i].first, ranges[i].n};
  schedule_plan plan = {.n_ranges = n,
                        .ranges = todo,
                        .n_kinds = b->n_sweeps,
                        .kind_first = b->first_task,
                        .work = batch_work,
                        .flush = batch_flush,
                        .context = b,
                        .flush_interval_s = o->save_s,
                        .progress = stderr,
                        .max_time_s = fmax(0, o->max_time_s - spent_s),
                        .watch = schedule_rank() == 0 ? batch_watch : NULL};
  b->stop_file = o->stop_file;
  status = schedule_run(&plan, outcome, err);
out:
  batch_free(b);
  free(todo);
  if (s) {
    give_up_if_lost(s, status, err);
    elfin_error close_err = {""};
    store_note_end(s, status ? elfin_status_text(status) : reason(outcome), outcome->n_done);
    elfin_status closed = store_close(s, !status && !outcome->stopped, &close_err);
    if (closed && status)
      cli_say("%s", close_err.text);
    else if (closed)
      status = elfin_fail(err, closed, "%s", close_err.text);
  }
  return status;
}

/** What a first look at the result would find. A courtesy: a file that cannot be read now is said by show. */
static void remark(const char *path)
{
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream(&text, &length);
  if (!stream)
    return;
  bool fine = !report_remarks(path, MOST_REMARKS, stream, NULL);
  if (fclose(stream) == 0 && fine)
    cli_say_lines("note: ", text);
  free(text);
}

/** How a run ended that had no error: are there failed points in the file? Rank 0. */
static cli_end conclude(const run_options *o, const campaign *c, const schedule_outcome *outcome)
{
  elfin_error err = {""};
  size_t n = 0;
  store_range *ranges = NULL;
  elfin_status status = store_pending(o->output, c, o->part, true, &n, &ranges, &err);
  uint64_t left = 0;
  for (size_t i = 0; i < n; i++)
    left += ranges[i].n;
  free(ranges);
  if (status)
    return cli_fail(status, &err);
  if (outcome->n_done)
    remark(o->output);
  if (left == 0)
    return CLI_DONE;
  if (outcome->stopped)
    cli_say("%s, %llu tasks left; go on with: elfin run %s -o %s --resume%s", reason(outcome),
            (unsigned long long)left, o->job, o->output,
            outcome->end == SCHEDULE_ASKED ? ", without the stop file" : "");
  else
    cli_say("%llu tasks have points that failed: elfin show %s tells why, elfin run … "
            "--retry-failed tries them again",
            (unsigned long long)left, o->output);
  return CLI_UNFINISHED;
}

static bool is_complete(const char *path)
{
  store_summary *summary = NULL;
  bool complete = !store_summarise(path, &summary, NULL) && summary->complete;
  store_summary_free(summary);
  return complete;
}

static double seconds_since(const struct timespec *start)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)(now.tv_sec - start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

/** All of `elfin run` between the options and the end of MPI. */
static cli_end run_job(run_options *o, const struct timespec *start)
{
  campaign *c = NULL;
  store_range *ranges = NULL;
  size_t n = 0;
  elfin_error err = {""};
  schedule_outcome outcome = {0, false, SCHEDULE_DONE};
  cli_end end = job_open(o->job, &c);
  if (end)
    goto out;

  o->output = job_output_path(o->given, c, o->part);
  o->stop_file = o->output ? join_words(o->output, 0, NULL, ".stop") : NULL;
  elfin_status status = o->stop_file && o->command
                            ? ELFIN_OK
                            : elfin_fail(&err, ELFIN_E_MEMORY, "no memory for a path");
  if (!(status = schedule_worst(status, &err))) {
    if (schedule_rank() == 0)
      status = plan_work(o, c, &n, &ranges, &err);
    status = schedule_agree(status, &err);
  }
  if (!status && schedule_rank() == 0)
    announce(o, c, n, ranges);
  bool nothing =
      !status && schedule_rank() == 0 && n == 0 && (o->part.n > 1 || is_complete(o->output));
  schedule_broadcast(&nothing, sizeof nothing, NULL);
  if (!status && !nothing)
    status = compute(o, c, n, ranges, seconds_since(start), &outcome, &err);
  if (status)
    end = cli_fail(status, &err);
  else
    end = schedule_rank() == 0 ? conclude(o, c, &outcome) : CLI_DONE;
out:
  free(ranges);
  free(o->stop_file);
  free(o->output);
  campaign_free(c);
  return end;
}

/** Collective: where and with what. */
static void describe_build(run_options *o)
{
  char mpi[64];
  schedule_library(sizeof mpi, mpi);
  snprintf(o->libraries, sizeof o->libraries, "%s, " ELFIN_LIBRARIES, mpi);
  schedule_hosts(sizeof o->hosts, o->hosts);
}

static cli_end run(const cli_verb *verb, int argc, char **argv)
{
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  elfin_error err = {""};
  elfin_status status = schedule_start(&argc, &argv, &err);
  if (status)
    return cli_fail(status, &err);
  run_options o = {.max_time_s = INFINITY, .save_s = SAVE_S, .part = {1, 1}};
  describe_build(&o);
  o.command = join_words("elfin", argc, argv, "");
  cli_end end = read_options(verb, argc, argv, &o);
  if (!end)
    end = run_job(&o, &start);
  free(o.command);

  /* All ranks end alike, or mpirun calls the run a crash. */
  int shared = (int)end;
  schedule_broadcast(&shared, sizeof shared, NULL);
  schedule_finish();
  return (cli_end)shared;
}

const cli_verb verb_run = {
    .name = "run",
    .usage = "JOB.yaml [-o FILE] [--resume[=force]] [--retry-failed] [--overwrite] [--max-time T] "
             "[--save-every T] [--part I/N]",
    .summary = "compute a campaign, alone or under mpirun",
    .help =
        "JOB.yaml may be -: the job is read from standard input, and its paths begin in the current\n"
        "folder.\n\n"
        "  -o, --output FILE   the result file; without it NAME.h5 here, NAME from the job, or\n"
        "                      NAME.part2of3.h5 of a part\n"
        "  --resume            go on with the file of an earlier run; begin one if there "
        "is none\n"
        "  --resume=force      go on with the file of an older elfin, or of another commit\n"
        "  --retry-failed      go on, and try points again that failed\n"
        "  --overwrite         replace a file that exists\n"
        "  --max-time T        stop in time: 90s, 1h30m, HH:MM:SS; --resume goes on\n"
        "  --save-every T      write what is done this often (2s): a killed run loses so much "
        "work at most\n"
        "  --part I/N          every N-th block of tasks, beginning with the I-th: N runs share a "
        "job;\n"
        "                      elfin merge makes one file of theirs\n\n"
        "mpirun -n 4 elfin run JOB.yaml uses four ranks; the numbers are the same bit for bit.\n"
        "SIGUSR1, SIGTERM and SIGINT stop it in good order, and so does a file FILE.stop beside "
        "the\n"
        "result: what was computed is in the file, and the exit code is 1. A second signal stops "
        "it\n"
        "at once.\n",
    .act = run,
};
