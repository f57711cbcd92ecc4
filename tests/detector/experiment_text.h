/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file experiment_text.h
 * An experiment file from a text, as a user would have written it. */
#ifndef EXPERIMENT_TEXT_H
#define EXPERIMENT_TEXT_H

#include <elfin/experiment.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static inline elfin_status open_text(const char *text, elfin_experiment **experiment,
                                     elfin_error *err)
{
  char path[] = "/tmp/elfin_experiment_XXXXXX";
  int file = mkstemp(path);
  if (file < 0 || write(file, text, strlen(text)) != (ssize_t)strlen(text))
    exit(1);
  close(file);
  elfin_status status = elfin_experiment_open(path, experiment, err);
  unlink(path);
  return status;
}

#define CHARGES                                                                                    \
  "name: mine\nmaterial: Si\ncharges: [1, 2, 3]\nobserved: {values: [4, 0, 1], source: me}\n"      \
  "exposure: {value: 2 kg yr, source: me}\nefficiency: {values: [0.5, 1, 1], source: me}\n"
#define ENERGIES                                                                                   \
  "name: mine\nmaterial: Si\nedges_eV: [1, 2 eV, 0.004 keV]\nobserved: {value: 0, source: me}\n"   \
  "exposure: {value: 2 kg yr, source: me}\nefficiency: {value: 1, assumed: ideal}\n"
#define ENERGIES_SEEN                                                                              \
  "name: mine\nmaterial: Si\nedges_eV: [1, 2 eV, 0.004 keV]\nobserved: {value: 1, source: me}\n"     \
  "exposure: {value: 2 kg yr, source: me}\nefficiency: {values: [0.5, 1], assumed: ideal}\n"
#define STEP "charge_model: {model: step, source: me}\n"

#endif
