/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_darkelf.c
 * The order of an import: look, write the numbers, write the tables, open the result, move it to its
 * place. */
#include "import/import_inner.h"

#include <elfin/material.h>

#include <string.h>

/* What was made is a material, and whoever opens it will see what was imported. */
static elfin_status check_result(const importing *in)
{
  char path[PATH_MAX];
  elfin_material *material = NULL;
  elfin_error err;
  if (fflush(in->yaml) != 0)
    return elfin_fail(in->err, ELFIN_E_OUTPUT, "%s: cannot be written", in->stage);
  snprintf(path, sizeof path, "%.3000s/%s.yaml", in->stage, in->name);
  elfin_status status = elfin_material_open(path, &material, &err);
  if (status)
    return elfin_fail(in->err, status, "%s: its data makes no material: %.400s", in->folder, err.text);
  elfin_material_free(material);
  return ELFIN_OK;
}

elfin_status import_darkelf(const char *folder, const char *dest, bool overwrite, FILE *said,
                            elfin_error *err)
{
  char trimmed[PATH_MAX];
  size_t length = strlen(folder);
  while (length > 1 && folder[length - 1] == '/')
    length--;
  if (length == 0 || length >= sizeof trimmed)
    return elfin_fail(err, ELFIN_E_DATA, "the path of the folder is %s",
                      length ? "too long" : "empty");
  memcpy(trimmed, folder, length);
  trimmed[length] = '\0';

  importing in = {.folder = trimmed, .said = said, .err = err};
  elfin_status status = import_begin(&in, dest, overwrite);
  if (!status)
    status = import_numbers(&in);
  if (!status)
    status = import_tables(&in);
  if (!status)
    status = check_result(&in);
  if (!status)
    status = import_finish(&in, dest, overwrite);
  if (!status && said)
    fprintf(said, "%s/%s.yaml is complete; a job takes it as material: %s/%s.yaml\n", dest, in.name,
            dest, in.name);
  import_end(&in);
  return status;
}
