/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file detector.h
 * Inside the room: one experiment file, checked key by key. */
#ifndef DETECTOR_H
#define DETECTOR_H

#include "document/document.h"

#include <elfin/experiment.h>

/** An experiment with what its pointers point into: texts are those of the document. */
typedef struct detector_owner {
  elfin_experiment experiment;
  document *doc;
  char *path;
  void **kept; /* [n_kept] */
  size_t n_kept;
  bool no_memory;
  /* while it is being read */
  problems *list;
  const char **sources, **assumed; /* those of `experiment` */
} detector_owner;

/** Fill `made->experiment` from the document's root; everything that is wrong goes into
 * `made->list`.
 * @return ELFIN_OK; ELFIN_E_DATA: see the list; ELFIN_E_MEMORY */
elfin_status detector_file_read(const node *root, detector_owner *made);

/** n × size zeroed bytes that live as long as the experiment. NULL: no memory, which is remembered.
 */
void *detector_keep(detector_owner *made, size_t n, size_t size);

void detector_owner_free(detector_owner *made); /* NULL is fine */

#endif
