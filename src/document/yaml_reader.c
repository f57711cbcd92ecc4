/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file yaml_reader.c
 * The only file that knows libyaml: bytes → nodes with line and column.
 *
 * We read libyaml's events, not its documents, so that whatever must not be there is refused while
 * it is read: a bomb of aliases or of brackets costs nothing. Bytes are checked before libyaml sees
 * them, since it would accept UTF-16 and reports bad bytes without a line.
 */
#include "document/document.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct document {
  char *text;
  size_t length;
  node root;
};

/* ---- nodes ----------------------------------------------------------------------------------- */

static void node_clear(node *what)
{
  free((char *)(uintptr_t)what->text);
  for (size_t i = 0; i < what->n; i++) { /* no deeper than DOCUMENT_MAX_DEPTH */
    node_clear(&what->items[i]);
    if (what->keys)
      node_clear(&what->keys[i]);
  }
  free(what->items);
  free(what->keys);
  memset(what, 0, sizeof *what);
}

void document_free(document *doc)
{
  if (!doc)
    return;
  node_clear(&doc->root);
  free(doc->text);
  free(doc);
}

const node *document_root(const document *doc)
{
  return &doc->root;
}

const char *document_text(const document *doc, size_t *length)
{
  *length = doc->length;
  return doc->text;
}

const node *node_find(const node *map, const char *key)
{
  if (map->kind == NODE_MAP)
    for (size_t i = 0; i < map->n; i++)
      if (strcmp(map->keys[i].text, key) == 0)
        return &map->items[i];
  return NULL;
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* Length of the UTF-8 character at `s`, 0 if there is none (RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF). */
static size_t utf8_length(const unsigned char *s, size_t left)
{
  if (s[0] < 0x80)
    return 1;
  size_t n = s[0] >= 0xC2 && s[0] <= 0xDF   ? 2
             : (s[0] & 0xF0) == 0xE0        ? 3
             : s[0] >= 0xF0 && s[0] <= 0xF4 ? 4
                                            : 0;
  if (n == 0 || n > left)
    return 0;
  for (size_t i = 1; i < n; i++)
    if ((s[i] & 0xC0) != 0x80)
      return 0;
  bool overlong = (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xF0 && s[1] < 0x90);
  bool surrogate = s[0] == 0xED && s[1] > 0x9F;
  bool beyond = s[0] == 0xF4 && s[1] > 0x8F;
  return overlong || surrogate || beyond ? 0 : n;
}

/* UTF-8 without control characters; the first offender is reported with its place. */
static bool bytes_are_text(const char *text, size_t length, problems *list)
{
  const unsigned char *s = (const unsigned char *)text;
  size_t line = 1, column = 1, step;
  for (size_t i = 0; i < length; i += step, column++) {
    step = utf8_length(s + i, length - i);
    if (step == 0) {
      problems_add(list, line, column, "byte 0x%02X is not UTF-8; save the file as UTF-8 text",
                   s[i]);
      return false;
    }
    if (s[i] == '\0') {
      problems_add(list, line, column, "a NUL byte: this is not a text file");
      return false;
    }
    if ((s[i] < 0x20 && s[i] != '\n' && s[i] != '\r' && s[i] != '\t') || s[i] == 0x7F) {
      problems_add(list, line, column, "control character 0x%02X: this is not a text file", s[i]);
      return false;
    }
    if (s[i] == '\n') {
      line++;
      column = 0;
    }
  }
  return true;
}

/* ---- events → nodes -------------------------------------------------------------------------- */

typedef struct open_node {
  node value;  /* the list or map that is being filled */
  size_t room; /* of its arrays */
  node key;    /* of a map: the key whose value comes next */
  bool has_key;
} open_node;

typedef struct builder {
  problems *list;
  node *root;
  bool has_root;
  size_t n_documents;
  size_t depth;
  open_node stack[DOCUMENT_MAX_DEPTH];
  elfin_status status; /* ELFIN_OK as long as it is worth reading on */
} builder;

static size_t line_of(const yaml_event_t *event)
{
  return event->start_mark.line + 1;
}

static size_t column_of(const yaml_event_t *event)
{
  return event->start_mark.column + 1;
}

static node *grow(node *old, size_t n)
{
  return realloc(old, n * sizeof *old);
}

static bool make_room(open_node *open)
{
  if (open->value.n < open->room)
    return true;
  size_t room = open->room ? 2 * open->room : 8;
  node *items = grow(open->value.items, room);
  if (!items)
    return false;
  open->value.items = items;
  if (open->value.kind == NODE_MAP) {
    node *keys = grow(open->value.keys, room);
    if (!keys)
      return false;
    open->value.keys = keys;
  }
  open->room = room;
  return true;
}

static bool take_key(builder *b, open_node *open, node *made)
{
  const char *wrong = NULL;
  if (made->kind != NODE_SCALAR)
    wrong = "a key must be a word, not a list or a map";
  else if (!*made->text)
    wrong = "a key is missing before the colon";
  else if (!made->quoted && strcmp(made->text, "<<") == 0)
    wrong = "merge keys (<<) are not allowed: write the keys out";
  if (wrong) {
    problems_add_at(b->list, made, "%s", wrong);
    b->status = ELFIN_E_DATA;
    return false;
  }
  open->key = *made;
  open->has_key = true;
  return true;
}

/* Put a finished node where it belongs: `made` is moved, or cleared on failure. */
static void place(builder *b, node *made)
{
  if (b->depth == 0) {
    *b->root = *made;
    b->has_root = true;
    return;
  }
  open_node *open = &b->stack[b->depth - 1];
  if (open->value.kind == NODE_MAP && !open->has_key) {
    if (!take_key(b, open, made))
      node_clear(made);
    return;
  }
  if (!make_room(open)) {
    b->status = ELFIN_E_MEMORY;
    node_clear(made);
    return;
  }
  if (open->value.kind == NODE_MAP)
    open->value.keys[open->value.n] = open->key;
  open->has_key = false;
  open->value.items[open->value.n++] = *made;
}

static int by_text_then_place(const void *a, const void *b)
{
  const node *x = *(const node *const *)a, *y = *(const node *const *)b;
  int order = strcmp(x->text, y->text);
  return order ? order : (x > y) - (x < y); /* keys of one array stand in the file's order */
}

/* Sorted, so that a map with a million keys is no trap. */
static void refuse_doubled_keys(builder *b, const node *map)
{
  if (map->n < 2)
    return;
  const node **sorted = calloc(map->n, sizeof *sorted);
  if (!sorted) {
    b->status = ELFIN_E_MEMORY;
    return;
  }
  for (size_t i = 0; i < map->n; i++)
    sorted[i] = &map->keys[i];
  qsort(sorted, map->n, sizeof *sorted, by_text_then_place);
  for (size_t i = 1, first = 0; i < map->n; i++) {
    if (strcmp(sorted[i]->text, sorted[first]->text) == 0)
      problems_add_at(b->list, sorted[i], "%.60s is given twice: first in line %zu",
                      sorted[i]->text, sorted[first]->line);
    else
      first = i;
  }
  free(sorted);
}

static void open_container(builder *b, const yaml_event_t *event, node_kind kind)
{
  if (b->depth == DOCUMENT_MAX_DEPTH) {
    problems_add(b->list, line_of(event), column_of(event),
                 "lists and maps are nested more than %d deep", DOCUMENT_MAX_DEPTH);
    b->status = ELFIN_E_DATA;
    return;
  }
  open_node *open = &b->stack[b->depth++];
  *open = (open_node){.value = {.kind = kind, .line = line_of(event), .column = column_of(event)}};
}

static void close_container(builder *b)
{
  node made = b->stack[--b->depth].value;
  if (made.kind == NODE_MAP)
    refuse_doubled_keys(b, &made);
  place(b, &made);
}

static void take_scalar(builder *b, const yaml_event_t *event)
{
  const char *text = (const char *)event->data.scalar.value;
  size_t length = event->data.scalar.length;
  if (strlen(text) != length) {
    problems_add(b->list, line_of(event), column_of(event), "a NUL character (\\0) in a text");
    b->status = ELFIN_E_DATA;
    return;
  }
  node made = {.kind = NODE_SCALAR, .line = line_of(event), .column = column_of(event)};
  made.quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
  made.text = strdup(text);
  if (!made.text)
    b->status = ELFIN_E_MEMORY;
  else
    place(b, &made);
}

/* Anchors, aliases and tags: one file says one thing in one place. */
static void refuse_indirection(builder *b, const yaml_event_t *event)
{
  const yaml_char_t *anchor = NULL, *tag = NULL;
  switch (event->type) {
  case YAML_SCALAR_EVENT:
    anchor = event->data.scalar.anchor;
    tag = event->data.scalar.tag;
    break;
  case YAML_SEQUENCE_START_EVENT:
    anchor = event->data.sequence_start.anchor;
    tag = event->data.sequence_start.tag;
    break;
  case YAML_MAPPING_START_EVENT:
    anchor = event->data.mapping_start.anchor;
    tag = event->data.mapping_start.tag;
    break;
  case YAML_ALIAS_EVENT:
    problems_add(b->list, line_of(event), column_of(event),
                 "aliases (*%.40s) are not allowed: write the value out",
                 (const char *)event->data.alias.anchor);
    b->status = ELFIN_E_DATA;
    return;
  default: return;
  }
  if (anchor)
    problems_add(b->list, line_of(event), column_of(event),
                 "anchors (&%.40s) are not allowed: remove it", (const char *)anchor);
  if (tag)
    problems_add(b->list, line_of(event), column_of(event),
                 "tags (%.40s) are not allowed: remove it", (const char *)tag);
  if (anchor || tag)
    b->status = ELFIN_E_DATA;
}

static void take_event(builder *b, const yaml_event_t *event)
{
  refuse_indirection(b, event);
  if (b->status)
    return;
  switch (event->type) {
  case YAML_DOCUMENT_START_EVENT:
    if (++b->n_documents > 1) {
      problems_add(b->list, line_of(event), column_of(event),
                   "a second document begins here; a file holds exactly one");
      b->status = ELFIN_E_DATA;
    }
    break;
  case YAML_SCALAR_EVENT: take_scalar(b, event); break;
  case YAML_SEQUENCE_START_EVENT: open_container(b, event, NODE_LIST); break;
  case YAML_MAPPING_START_EVENT: open_container(b, event, NODE_MAP); break;
  case YAML_SEQUENCE_END_EVENT:
  case YAML_MAPPING_END_EVENT: close_container(b); break;
  default: break;
  }
}

static void report_syntax(builder *b, const yaml_parser_t *parser)
{
  b->status = parser->error == YAML_MEMORY_ERROR ? ELFIN_E_MEMORY : ELFIN_E_DATA;
  if (parser->error == YAML_MEMORY_ERROR)
    return;
  const char *what = parser->problem ? parser->problem : "this is not YAML";
  if (parser->context)
    problems_add(b->list, parser->problem_mark.line + 1, parser->problem_mark.column + 1,
                 "not YAML: %s, %s that began in line %zu", what, parser->context,
                 parser->context_mark.line + 1);
  else
    problems_add(b->list, parser->problem_mark.line + 1, parser->problem_mark.column + 1,
                 "not YAML: %s", what);
}

static void read_events(builder *b, yaml_parser_t *parser)
{
  bool more = true;
  while (more && !b->status) {
    yaml_event_t event;
    if (!yaml_parser_parse(parser, &event)) {
      report_syntax(b, parser);
      return;
    }
    take_event(b, &event);
    more = event.type != YAML_STREAM_END_EVENT;
    yaml_event_delete(&event);
  }
}

static void builder_clear(builder *b)
{
  while (b->depth > 0) {
    open_node *open = &b->stack[--b->depth];
    if (open->has_key)
      node_clear(&open->key);
    node_clear(&open->value);
  }
}

static bool is_nothing(const node *root)
{
  return root->kind == NODE_SCALAR && !root->quoted && !*root->text;
}

static elfin_status build(document *doc, problems *list)
{
  static const char bom[] = "\xEF\xBB\xBF";
  const char *text = doc->text;
  size_t length = doc->length, before = problems_count(list);
  if (length >= 3 && memcmp(text, bom, 3) == 0) {
    text += 3;
    length -= 3;
  }
  if (!bytes_are_text(text, length, list))
    return ELFIN_E_DATA;
  builder b = {.list = list, .root = &doc->root};
  yaml_parser_t parser;
  if (!yaml_parser_initialize(&parser))
    return ELFIN_E_MEMORY;
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
  read_events(&b, &parser);
  yaml_parser_delete(&parser);
  builder_clear(&b);
  if (!b.status && (!b.has_root || is_nothing(&doc->root))) {
    problems_add(list, 1, 1, "the file is empty");
    b.status = ELFIN_E_DATA;
  }
  if (!b.status && problems_count(list) > before)
    b.status = ELFIN_E_DATA;
  return b.status;
}

/* ---- files ----------------------------------------------------------------------------------- */

static elfin_status take_text(char *text, size_t length, document **doc, problems *list)
{
  document *made = calloc(1, sizeof *made);
  if (!made) {
    free(text);
    return ELFIN_E_MEMORY;
  }
  made->text = text;
  made->length = length;
  elfin_status status = build(made, list);
  if (status)
    document_free(made);
  else
    *doc = made;
  return status;
}

static elfin_status too_large(problems *list)
{
  problems_add(list, 0, 0, "larger than %d MiB, which no such file needs to be",
               DOCUMENT_MAX_BYTES >> 20);
  return ELFIN_E_DATA;
}

elfin_status document_parse(const char *text, size_t length, document **doc, problems *list)
{
  if (length > DOCUMENT_MAX_BYTES)
    return too_large(list);
  char *copy = malloc(length + 1);
  if (!copy)
    return ELFIN_E_MEMORY;
  if (length)
    memcpy(copy, text, length);
  copy[length] = '\0';
  return take_text(copy, length, doc, list);
}

elfin_status document_open(const char *path, document **doc, problems *list)
{
  elfin_status status = ELFIN_OK;
  char *text = NULL;
  FILE *file = fopen(path, "rb");
  if (!file) {
    problems_add(list, 0, 0, "cannot be opened: %s", strerror(errno));
    return ELFIN_E_DATA;
  }
  text = malloc((size_t)DOCUMENT_MAX_BYTES + 1);
  if (!text) {
    status = ELFIN_E_MEMORY;
    goto out;
  }
  errno = 0;
  size_t length = fread(text, 1, (size_t)DOCUMENT_MAX_BYTES + 1, file);
  if (ferror(file)) {
    problems_add(list, 0, 0, "cannot be read: %s", strerror(errno));
    status = ELFIN_E_DATA;
    goto out;
  }
  if (length > DOCUMENT_MAX_BYTES) {
    status = too_large(list);
    goto out;
  }
  status = document_parse(text, length, doc, list);
out:
  free(text);
  fclose(file);
  return status;
}
