/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_files.c
 * Where files come from and where they go. Everything is made in a folder of its own inside the
 * destination, and moved to its place when it is complete. */
#include "import/import_inner.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char yaml[] = ".yaml", extraordinary[] = "_extraordinary.yaml";

/* ---- paths ------------------------------------------------------------------------------------ */

static bool path_fits(const importing *in, const char *file, int length)
{
  if (length >= 0 && length < PATH_MAX)
    return true;
  elfin_fail(in->err, ELFIN_E_DATA, "%.200s: the path is too long", file);
  return false;
}

bool import_source(const importing *in, const char *file, char path[PATH_MAX])
{
  return path_fits(in, file, snprintf(path, PATH_MAX, "%s/%s", in->folder, file));
}

bool import_target(const importing *in, const char *file, char path[PATH_MAX])
{
  return path_fits(in, file, snprintf(path, PATH_MAX, "%s/%s/%s", in->stage, in->name, file));
}

static bool ends_in(const char *text, const char *end)
{
  size_t length = strlen(text), n = strlen(end);
  return length > n && strcmp(text + length - n, end) == 0;
}

/* ---- the folder ------------------------------------------------------------------------------- */

static int by_name(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool append(importing *in, const char *name)
{
  char **grown = realloc(in->files, (in->n_files + 1) * sizeof *grown);
  if (!grown)
    return false;
  in->files = grown;
  grown[in->n_files] = strdup(name);
  return grown[in->n_files] && ++in->n_files;
}

static elfin_status list_folder(importing *in)
{
  DIR *open = opendir(in->folder);
  bool fine = true;
  if (!open)
    return elfin_fail(in->err, ELFIN_E_DATA, "%s: %s; the folder of a material of DarkELF's is "
                      "wanted, such as data/Si", in->folder, strerror(errno));
  for (struct dirent *entry; fine && (entry = readdir(open));)
    if (*entry->d_name != '.')
      fine = append(in, entry->d_name);
  closedir(open);
  in->used = calloc(in->n_files + 1, sizeof *in->used);
  if (!fine || !in->used)
    return elfin_fail(in->err, ELFIN_E_MEMORY, "%s: no memory", in->folder);
  if (in->n_files)
    qsort(in->files, in->n_files, sizeof *in->files, by_name);
  return ELFIN_OK;
}

bool import_has(importing *in, const char *file)
{
  for (size_t i = 0; i < in->n_files; i++)
    if (strcmp(in->files[i], file) == 0)
      return in->used[i] = true;
  return false;
}

/* The one YAML file that is not of an extraordinary axis gives the name. */
static elfin_status find_name(importing *in)
{
  const char *found = NULL;
  for (size_t i = 0; i < in->n_files; i++) {
    const char *file = in->files[i];
    if (!ends_in(file, yaml) || ends_in(file, extraordinary))
      continue;
    if (found)
      return elfin_fail(in->err, ELFIN_E_DATA, "%s: holds %s and %s; the folder of one material is "
                        "wanted", in->folder, found, file);
    found = file;
  }
  if (!found)
    return elfin_fail(in->err, ELFIN_E_DATA, "%s: no .yaml file in it; the folder of a material of "
                      "DarkELF's is wanted, such as data/Si", in->folder);
  snprintf(in->name, sizeof in->name, "%.*s", (int)(strlen(found) - strlen(yaml)), found);
  return ELFIN_OK;
}

static elfin_status open_yaml(importing *in, const char *end, document **doc)
{
  char file[2 * NAME_MAX], path[PATH_MAX];
  snprintf(file, sizeof file, "%s%s", in->name, end);
  if (!import_has(in, file))
    return ELFIN_OK;
  if (!import_source(in, file, path))
    return ELFIN_E_DATA;
  problems *list = problems_new(path);
  elfin_status status = list ? document_open(path, doc, list) : ELFIN_E_MEMORY;
  if (!status && document_root(*doc)->kind != NODE_MAP) {
    problems_add_at(list, document_root(*doc), "a map (key: value) is wanted");
    status = ELFIN_E_DATA;
  }
  if (status == ELFIN_E_DATA)
    elfin_fail(in->err, status, "%s", problems_first(list));
  else if (status)
    elfin_fail(in->err, status, "%s: no memory", path);
  problems_free(list);
  return status;
}

/* ---- the stage -------------------------------------------------------------------------------- */

static elfin_status cannot(const importing *in, const char *path)
{
  return elfin_fail(in->err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
}

static elfin_status check_place(const importing *in, const char *dest, bool overwrite)
{
  char path[PATH_MAX];
  if (!path_fits(in, dest, snprintf(path, sizeof path, "%s/%s%s", dest, in->name, yaml)))
    return ELFIN_E_DATA;
  bool there = access(path, F_OK) == 0;
  if (!there) {
    path[strlen(path) - strlen(yaml)] = '\0';
    there = access(path, F_OK) == 0;
  }
  if (there && !overwrite)
    return elfin_fail(in->err, ELFIN_E_OUTPUT, "%s: exists already; --overwrite replaces it", path);
  return ELFIN_OK;
}

static elfin_status make_stage(importing *in, const char *dest)
{
  char path[PATH_MAX];
  if (mkdir(dest, 0777) != 0 && errno != EEXIST)
    return cannot(in, dest);
  if (!path_fits(in, dest, snprintf(path, sizeof path, "%s/.elfin-import-XXXXXX", dest)))
    return ELFIN_E_DATA;
  if (!mkdtemp(path))
    return cannot(in, dest);
  strcpy(in->stage, path);
  if (!path_fits(in, dest, snprintf(path, sizeof path, "%s/%s", in->stage, in->name)))
    return ELFIN_E_DATA;
  if (mkdir(path, 0777) != 0)
    return cannot(in, path);
  if (!path_fits(in, dest, snprintf(path, sizeof path, "%s/%s%s", in->stage, in->name, yaml)))
    return ELFIN_E_DATA;
  in->yaml = fopen(path, "w");
  return in->yaml ? ELFIN_OK : cannot(in, path);
}

elfin_status import_begin(importing *in, const char *dest, bool overwrite)
{
  elfin_status status = list_folder(in);
  if (!status)
    status = find_name(in);
  if (!status)
    status = open_yaml(in, yaml, &in->ordinary);
  if (!status)
    status = open_yaml(in, extraordinary, &in->extraordinary);
  if (!status)
    status = check_place(in, dest, overwrite);
  return status ? status : make_stage(in, dest);
}

/* ---- moving it -------------------------------------------------------------------------------- */

/* A folder of plain files. */
static void remove_folder(const char *path)
{
  char file[PATH_MAX];
  DIR *open = opendir(path);
  for (struct dirent *entry; open && (entry = readdir(open));)
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name) < PATH_MAX)
      unlink(file);
  if (open)
    closedir(open);
  rmdir(path);
}

/* The old tables go into the stage, the new ones to their place, and the file that names them last:
 * where it names what is not there yet, the checksums tell. */
elfin_status import_finish(importing *in, const char *dest, bool overwrite)
{
  char made[PATH_MAX], place[PATH_MAX], old[PATH_MAX];
  bool closed = fclose(in->yaml) == 0;
  in->yaml = NULL;
  if (!closed)
    return cannot(in, in->stage);
  if (!path_fits(in, dest, snprintf(made, sizeof made, "%s/%s", in->stage, in->name)) ||
      !path_fits(in, dest, snprintf(place, sizeof place, "%s/%s", dest, in->name)) ||
      !path_fits(in, dest, snprintf(old, sizeof old, "%s/old", in->stage)))
    return ELFIN_E_DATA;
  if (overwrite && rename(place, old) != 0 && errno != ENOENT)
    return cannot(in, place);
  if (rename(made, place) != 0)
    return cannot(in, place);
  if (!path_fits(in, dest, snprintf(made, sizeof made, "%s/%s%s", in->stage, in->name, yaml)) ||
      !path_fits(in, dest, snprintf(place, sizeof place, "%s/%s%s", dest, in->name, yaml)))
    return ELFIN_E_DATA;
  return rename(made, place) == 0 ? ELFIN_OK : cannot(in, place);
}

void import_end(importing *in)
{
  char path[PATH_MAX];
  if (in->yaml)
    fclose(in->yaml);
  if (*in->stage) {
    if (snprintf(path, sizeof path, "%s/%s", in->stage, in->name) < PATH_MAX)
      remove_folder(path);
    if (snprintf(path, sizeof path, "%s/old", in->stage) < PATH_MAX)
      remove_folder(path);
    remove_folder(in->stage);
  }
  document_free(in->ordinary);
  document_free(in->extraordinary);
  for (size_t i = 0; i < in->n_files; i++)
    free(in->files[i]);
  free(in->files);
  free(in->used);
}

/* ---- copies, and what is said ------------------------------------------------------------------ */

static elfin_status copy_bytes(const importing *in, FILE *from, FILE *to, const char *target)
{
  char block[1 << 14];
  for (size_t n; (n = fread(block, 1, sizeof block, from)) > 0;)
    if (fwrite(block, 1, n, to) != n)
      return cannot(in, target);
  return ELFIN_OK;
}

elfin_status import_copy(const importing *in, const char *file)
{
  char source[PATH_MAX], target[PATH_MAX];
  if (!import_source(in, file, source) || !import_target(in, file, target))
    return ELFIN_E_DATA;
  FILE *from = fopen(source, "rb"), *to = from ? fopen(target, "wb") : NULL;
  elfin_status status = ELFIN_OK;
  if (!from)
    status = elfin_fail(in->err, ELFIN_E_DATA, "%s: cannot be opened: %s", source, strerror(errno));
  else if (!to)
    status = cannot(in, target);
  else if (!(status = copy_bytes(in, from, to, target)) && ferror(from))
    status = elfin_fail(in->err, ELFIN_E_DATA, "%s: cannot be read: %s", source, strerror(errno));
  if (from)
    fclose(from);
  if (to && fclose(to) != 0 && !status)
    status = cannot(in, target);
  return status;
}

void import_say(const importing *in, const char *file, const char *format, ...)
{
  if (!in->said)
    return;
  va_list arguments;
  fprintf(in->said, "%-34s ", file);
  va_start(arguments, format);
  vfprintf(in->said, format, arguments);
  va_end(arguments);
  fputc('\n', in->said);
}
