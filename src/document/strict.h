/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file strict.h
 * What strict readers of a document share: kinds and keys of nodes, and memory that lives as long as
 * what is read. Everything that is wrong goes into the list of problems with its place, and the
 * reading goes on. */
#ifndef STRICT_H
#define STRICT_H

#include "document/document.h"

/* ---- nodes ------------------------------------------------------------------------------------ */

bool expect_kind(const node *what, const char *key, node_kind kind, problems *list);

/** Every key of `map` is one of `allowed`; `page` lists them: "data/materials/README.md". */
void expect_keys(const node *map, const char *where, size_t n, const char *const allowed[],
                 const char *page, problems *list);

/** The value of a key that must be there; NULL: blamed. */
const node *demand(const node *map, const char *where, const char *key, problems *list);

/* ---- memory ----------------------------------------------------------------------------------- */

/** Blocks that are freed together; {0} to begin with. */
typedef struct keep_list {
  void **block; /* [n] */
  size_t n;
  bool no_memory; /* some block was refused */
} keep_list;

/** n × size zeroed bytes that live as long as the list. NULL: no memory, which is remembered. */
void *keep_bytes(keep_list *kept, size_t n, size_t size);
void keep_free(keep_list *kept);

#endif
