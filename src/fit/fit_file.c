/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file fit_file.c
 * What comes of a fit: a report for people, and a material file. */
#include "document/document.h"
#include "fit/fit_inner.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- the report --------------------------------------------------------------------------------- */

static void print_steps(const optical_data *d, const fit_result *r, FILE *stream)
{
  fprintf(stream, "\n%11s  %10s  %10s\n", "oscillators", "chi2",
          d->errors_given ? "chi2+p ln n" : "criterion");
  for (size_t i = 0; i < r->n_steps; i++)
    fprintf(stream, "%11zu  %10.4g  %10.4g%s\n", r->steps[i].n_oscillators, r->steps[i].chi2,
            r->steps[i].criterion, r->steps[i].n_oscillators == r->n ? "  chosen" : "");
}

static void print_list(const fit_result *r, FILE *stream)
{
  fprintf(stream, "\n%24s  %24s  %24s\n", "omega [eV]", "gamma [eV]", "amplitude");
  for (size_t i = 0; i < r->n; i++) {
    const elfin_oscillator *o = &r->list[i];
    if (r->error)
      fprintf(stream, "%11.5g +- %9.2g  %11.5g +- %9.2g  %11.5g +- %9.2g%s\n", o->omega_eV,
              r->error[i].omega_eV, o->gamma_eV, r->error[i].gamma_eV, o->amplitude,
              r->error[i].amplitude, r->at_bound[i] ? "  at a bound: the data leave it open" : "");
    else
      fprintf(stream, "%24.6g  %24.6g  %24.6g\n", o->omega_eV, o->gamma_eV, o->amplitude);
  }
}

static void print_rules(const fit_wishes *w, const fit_result *r, FILE *stream)
{
  fprintf(stream, "\nsum rules                                  wished for     the list     the data\n");
  fprintf(stream, "  1 - 1/eps(0) = (2/pi) int ELF/omega      ");
  if (w && !isnan(w->eps_static))
    fprintf(stream, "%10.5g", 1 - 1 / w->eps_static);
  else
    fprintf(stream, "%10s", "-");
  fprintf(stream, "   %10.5g   %10.5g\n", r->kk, r->data_kk);
  fprintf(stream, "  omega_p [eV], f-sum                      ");
  if (w && !isnan(w->plasma_eV))
    fprintf(stream, "%10.5g", w->plasma_eV);
  else
    fprintf(stream, "%10s", "-");
  fprintf(stream, "   %10.5g   %10.5g\n", sqrt(r->f_sum), sqrt(r->data_f_sum));
  fprintf(stream, "(of the data within their range only; 1 - 1/eps(0) must not exceed 1)\n");
}

elfin_status fit_print(const optical_data *d, const fit_wishes *w, const fit_result *r, FILE *stream,
                       elfin_error *err)
{
  fprintf(stream, "%s: %zu points, %g to %g eV, errors %s\n", d->path, d->n, d->omega[0],
          d->omega[d->n - 1], d->errors_given ? "given" : "assumed");
  fprintf(stream, "%s: %zu\n", r->method, r->n);
  if (r->steps)
    print_steps(d, r, stream);
  print_list(r, stream);
  fprintf(stream, "\n");
  if (r->steps)
    fprintf(stream, "chi2 %.4g for %zu degrees of freedom%s\n", r->chi2, r->n_free,
            d->errors_given ? "" : ", with assumed errors; standard deviations are scaled by it");
  fprintf(stream, "largest difference to the data: %.2g of the largest ELF, at %.4g eV; rms %.2g\n",
          r->worst, r->worst_eV, r->rms);
  print_rules(w, r, stream);
  return ferror(stream) ? elfin_fail(err, ELFIN_E_OUTPUT, "the report cannot be written: %s", strerror(errno))
                        : ELFIN_OK;
}

/* ---- the block ----------------------------------------------------------------------------------- */

/* A double-quoted YAML text; control characters become blanks. */
static void write_quoted(const char *text, FILE *stream)
{
  for (const char *c = text; *c; c++) {
    if (*c == '"' || *c == '\\')
      fputc('\\', stream);
    fputc((unsigned char)*c < 0x20 || *c == 0x7F ? ' ' : *c, stream);
  }
}

void fit_write_block(const optical_data *d, const fit_result *r, const char *source, FILE *stream)
{
  fputs("mermin:\n  source: \"", stream);
  write_quoted(source ? source : d->path, stream);
  if (!source && *d->remark) {
    fputs(": ", stream);
    write_quoted(d->remark, stream);
  }
  fprintf(stream,
          "\"\n  note: \"elfin fit: %s, %zu points from %g to %g eV; rms difference %.2g of the largest ELF\"\n"
          "  columns: [amplitude, gamma_eV, omega_eV]\n  oscillators:\n",
          r->method, d->n, d->omega[0], d->omega[d->n - 1], r->rms);
  for (size_t i = 0; i < r->n; i++)
    fprintf(stream, "  - [%.17g, %.17g, %.17g]\n", r->list[i].amplitude, r->list[i].gamma_eV,
            r->list[i].omega_eV);
}

/* ---- the material file ----------------------------------------------------------------------------- */

static bool begins_key(const char *line, const char *key)
{
  size_t n = strlen(key);
  return strncmp(line, key, n) == 0 && line[n] == ':';
}

/* A line of the top level: no blank, comment or item of a list at its beginning. */
static bool is_key(const char *line)
{
  return *line && !strchr(" \t\r\n#-", *line);
}

/* All of the base's text but its name and oscillators. */
static elfin_status copy_base(const char *base, const char *name, FILE *to, elfin_error *err)
{
  FILE *from = fopen(base, "r");
  char *line = NULL;
  size_t room = 0;
  bool skip = false;
  if (!from)
    return elfin_fail(err, ELFIN_E_DATA, "%s: cannot be opened: %s", base, strerror(errno));
  while (getline(&line, &room, from) != -1) {
    if (is_key(line))
      skip = begins_key(line, "mermin") || begins_key(line, "name");
    if (begins_key(line, "name"))
      fprintf(to, "name: %s\n", name);
    if (!skip)
      fputs(line, to);
  }
  bool bad = ferror(from);
  free(line);
  fclose(from);
  return bad ? elfin_fail(err, ELFIN_E_DATA, "%s: cannot be read: %s", base, strerror(errno)) : ELFIN_OK;
}

/* Write the file under a name for the time being, and open it as a user would. */
static elfin_status write_staged(const optical_data *d, const fit_result *r, const char *source,
                                 const char *base, const char *name, FILE *stream, const char *stage,
                                 elfin_error *err)
{
  elfin_material *made = NULL;
  elfin_status status = copy_base(base, name, stream, err);
  fputs("\n", stream);
  if (!status)
    fit_write_block(d, r, source, stream);
  bool bad = ferror(stream) != 0;
  bad = fclose(stream) != 0 || bad;
  if (!status && bad)
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", stage, strerror(errno));
  if (!status)
    status = elfin_material_open(stage, &made, err);
  elfin_material_free(made);
  return status;
}

elfin_status fit_write_material(const optical_data *d, const fit_result *r, const char *source,
                                const char *base, const char *name, const char *path, bool overwrite,
                                elfin_error *err)
{
  char stage[PATH_MAX];
  elfin_material *material = NULL;
  if (!overwrite && access(path, F_OK) == 0)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: exists already; --overwrite replaces it", path);
  if (snprintf(stage, sizeof stage, "%s.%ld.yaml", path, (long)getpid()) >= (int)sizeof stage)
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: the path is too long", path);
  elfin_status status = elfin_material_open(base, &material, err);
  if (status)
    return status;
  FILE *stream = fopen(stage, "wx");
  if (!stream) {
    elfin_material_free(material);
    return elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", stage, strerror(errno));
  }
  status = write_staged(d, r, source, material->path, name, stream, stage, err);
  elfin_material_free(material);
  if (!status && rename(stage, path) != 0)
    status = elfin_fail(err, ELFIN_E_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
  if (status)
    unlink(stage);
  return status;
}
