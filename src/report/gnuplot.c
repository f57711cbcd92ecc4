/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file gnuplot.c
 * gnuplot as a child process: the script goes in through a file without a name, the picture comes
 * out into a temporary file beside its place, and gets its name when it is whole. */
#include "report/picture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_SIZE = 4096, COMPLAINT_SIZE = 160 };

extern char **environ;

/** Which format the name of a file asks for: .png, .svg or .pdf. */
static elfin_status format_of(const char *path, picture_format *format, elfin_error *err)
{
  static const struct {
    const char *ending;
    picture_format format;
  } known[] = {{".png", PICTURE_PNG}, {".svg", PICTURE_SVG}, {".pdf", PICTURE_PDF}};
  size_t length = strlen(path);
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (length > strlen(known[i].ending) &&
        strcmp(path + length - strlen(known[i].ending), known[i].ending) == 0) {
      *format = known[i].format;
      return ELFIN_OK;
    }
  return elfin_fail(err, ELFIN_E_ARGUMENT,
                    "%s: the name of a picture must end in .png, .svg or .pdf", path);
}

elfin_status picture_check_place(const char *path, bool overwrite, elfin_error *err)
{
  struct stat about;
  picture_format format;
  elfin_status status = format_of(path, &format, err);
  if (status || lstat(path, &about) != 0)
    return status;
  if (!overwrite)
    return elfin_fail(err, ELFIN_E_OUTPUT,
                      "%s: exists already; --overwrite replaces it, another name leaves it alone",
                      path);
  if (!S_ISREG(about.st_mode))
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: is not a plain file, and will not be replaced",
                      path);
  return ELFIN_OK;
}

/* What gnuplot said first: its messages point at a line with a caret before they say what is wrong.
 */
static void read_complaint(FILE *said, char complaint[COMPLAINT_SIZE])
{
  char line[COMPLAINT_SIZE];
  *complaint = '\0';
  rewind(said);
  while (fgets(line, sizeof line, said)) {
    char *at = strstr(line, "line ");
    line[strcspn(line, "\n")] = '\0';
    if (at && strchr(at, ':') && !strstr(at, "warning"))
      snprintf(complaint, COMPLAINT_SIZE, "%s", at);
    else if (!*complaint && *line)
      snprintf(complaint, COMPLAINT_SIZE, "%s", line);
  }
}

/* gnuplot with these three files. @return 0, or an errno of the start */
static int start(int script, int drawing, int said, pid_t *child)
{
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  sigset_t usual;
  char program[] = "gnuplot", plain[] = "-d", from[] = "-"; /* -d: nobody's ~/.gnuplot */
  char *arguments[] = {program, plain, from, NULL};
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  sigaddset(&usual, SIGXFSZ);
  int wrong = posix_spawn_file_actions_init(&files);
  if (wrong)
    return wrong;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawn_file_actions_adddup2(&files, script, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, drawing, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, said, STDERR_FILENO);
  wrong = posix_spawnp(child, program, &files, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return wrong;
}

/* One run of gnuplot, its picture into an open file. */
static elfin_status run(const picture *p, picture_format format, const char *path, int drawing,
                        elfin_error *err)
{
  char complaint[COMPLAINT_SIZE] = "";
  int ended = -1;
  pid_t child = -1;
  elfin_status status = ELFIN_OK;
  FILE *script = tmpfile(), *said = tmpfile();
  if (!script || !said) {
    status =
        elfin_fail(err, ELFIN_E_OUTPUT, "%s: no temporary file for it: %s", path, strerror(errno));
    goto out;
  }
  picture_script(p, format, script);
  if (fflush(script) != 0 || ferror(script) || lseek(fileno(script), 0, SEEK_SET) != 0) {
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: its script cannot be written: %s", path,
                        strerror(errno));
    goto out;
  }
  int wrong = start(fileno(script), drawing, fileno(said), &child);
  if (!wrong && waitpid(child, &ended, 0) != child)
    wrong = errno;
  bool exited = !wrong && WIFEXITED(ended);
  struct stat made = {.st_size = 0};
  read_complaint(said, complaint);
  if (wrong == ENOENT || (exited && WEXITSTATUS(ended) == 127)) /* how some systems say it */
    status =
        elfin_fail(err, ELFIN_E_OUTPUT,
                   "%s: gnuplot draws the pictures, and is not installed; on Debian and Ubuntu: "
                   "apt-get install gnuplot-nox; on a cluster: module load gnuplot",
                   path);
  else if (wrong)
    status =
        elfin_fail(err, ELFIN_E_OUTPUT, "%s: gnuplot cannot be started: %s", path, strerror(wrong));
  else if (!exited || WEXITSTATUS(ended) != 0 || fstat(drawing, &made) != 0 || made.st_size == 0)
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: gnuplot could not draw it: %s", path,
                        *complaint ? complaint : "it made an empty picture, or was killed");
out:
  if (script)
    fclose(script);
  if (said)
    fclose(said);
  return status;
}

/* Without `overwrite` link() replaces nothing, not even what came a moment ago. */
static elfin_status put_in_place(const char *temporary, const char *path, bool overwrite,
                                 elfin_error *err)
{
  if (overwrite && rename(temporary, path) == 0)
    return ELFIN_OK;
  if (!overwrite && link(temporary, path) == 0) {
    unlink(temporary);
    return ELFIN_OK;
  }
  if (!overwrite && errno != EEXIST && access(path, F_OK) != 0 && rename(temporary, path) == 0)
    return ELFIN_OK; /* a file system without links */
  return elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be created: %s", path, strerror(errno));
}

elfin_status picture_draw(const picture *p, const char *path, bool overwrite, elfin_error *err)
{
  picture_format format = PICTURE_PNG;
  char temporary[PATH_SIZE];
  elfin_status status = picture_check_place(path, overwrite, err);
  if (!status)
    status = format_of(path, &format, err);
  if (status)
    return status;
  int length = snprintf(temporary, sizeof temporary, "%s.tmp-XXXXXX", path);
  if (length < 0 || (size_t)length >= sizeof temporary)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%.100s…: the path is too long", path);
  int drawing = mkstemp(temporary);
  if (drawing < 0)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be created: %s", path, strerror(errno));
  mode_t mask = umask(0);
  umask(mask);
  (void)fchmod(drawing, 0666 & ~mask); /* mkstemp()'s would be nobody's but ours */
  status = run(p, format, path, drawing, err);
  if (close(drawing) != 0 && !status)
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
  if (!status)
    status = put_in_place(temporary, path, overwrite, err);
  if (status)
    unlink(temporary);
  return status;
}
