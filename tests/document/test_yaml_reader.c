/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_yaml_reader.c
 * Good YAML becomes nodes that know their place; anything else becomes sentences, quickly. */
#include "check.h"
#include "document/document.h"

#include <unistd.h>

static const char *const job = "# a job\n"
                               "name: reach\n"
                               "sweeps:\n"
                               "  electrons:\n"
                               "    material: [Si, \"Ge\"]\n"
                               "    mass:\n"
                               "      - 1 MeV\n"
                               "      - 10 MeV\n";

typedef struct outcome {
  elfin_status status;
  size_t n_problems;
  char first[512];
} outcome;

static outcome read_bytes(const char *text, size_t length)
{
  outcome seen = {.status = ELFIN_OK};
  document *doc = NULL;
  problems *list = problems_new("job.yaml");
  seen.status = document_parse(text, length, &doc, list);
  seen.n_problems = problems_count(list);
  snprintf(seen.first, sizeof seen.first, "%s", problems_first(list));
  CHECK((seen.status == ELFIN_OK) == (doc != NULL));
  CHECK((seen.status == ELFIN_E_DATA) == (seen.n_problems > 0));
  document_free(doc);
  problems_free(list);
  return seen;
}

static outcome read_text(const char *text)
{
  return read_bytes(text, strlen(text));
}

static void every_node_knows_where_it_stood(void)
{
  document *doc = NULL;
  problems *list = problems_new("job.yaml");
  CHECK(document_parse(job, strlen(job), &doc, list) == ELFIN_OK);
  const node *root = document_root(doc);
  CHECK(root->kind == NODE_MAP && root->n == 2 && root->line == 2 && root->column == 1);
  CHECK_TEXT(node_find(root, "name")->text, "reach");
  CHECK(node_find(root, "name")->column == 7);
  CHECK(node_find(root, "absent") == NULL);
  const node *sweep = node_find(node_find(root, "sweeps"), "electrons");
  CHECK(sweep && sweep->kind == NODE_MAP && sweep->line == 5 && sweep->column == 5);
  const node *material = node_find(sweep, "material");
  CHECK(material->kind == NODE_LIST && material->n == 2 && material->line == 5);
  CHECK(!material->items[0].quoted && material->items[1].quoted);
  CHECK_TEXT(material->items[1].text, "Ge");
  CHECK(material->items[1].column == 20);
  const node *mass = node_find(sweep, "mass");
  CHECK(mass->items[1].line == 8 && mass->items[1].column == 9);
  CHECK(sweep->keys[1].line == 6 && sweep->keys[1].column == 5);
  CHECK(node_find(material, "Si") == NULL);
  size_t length = 0;
  CHECK(memcmp(document_text(doc, &length), job, strlen(job)) == 0 && length == strlen(job));
  document_free(doc);
  problems_free(list);
}

static void columns_count_characters_not_bytes(void)
{
  CHECK_SAYS(read_text("{Å: 1, \"ω\": 2, Å: 3}").first, "job.yaml:1:16: Å is given twice");
}

static void harmless_variants_are_read(void)
{
  const char *const good[] = {"%YAML 1.1\n---\na: 1\n",
                              "%YAML 1.2\n---\na: 1\n...\n",
                              "\xEF\xBB\xBF"
                              "a: 1\n",
                              "a: 1\r\nb: 2\r\n",
                              "a:\n",
                              "{a: {b: [1, [2, 3]]}}",
                              "a: |\n  text\n",
                              "a: 'it''s'\n",
                              "just a word",
                              "[]",
                              "{}",
                              "# c\na: \"*x &y !z <<\"\n"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    outcome seen = read_text(good[i]);
    CHECK(seen.status == ELFIN_OK);
    if (seen.status)
      fprintf(stderr, "  %zu: %s\n", i, seen.first);
  }
}

static void malformed_texts_name_place_and_reason(void)
{
  static const struct {
    const char *text, *place, *reason;
  } cases[] = {
      {"", "job.yaml:1:1:", "empty"},
      {"\n\n  \n", "job.yaml:1:1:", "empty"},
      {"# only a comment\n", "job.yaml:1:1:", "empty"},
      {"---\n", "job.yaml:1:1:", "empty"},
      {"---\n...\n", "job.yaml:1:1:", "empty"},
      {"a: 1\nb: 2\na: 3\n", "job.yaml:3:1:", "a is given twice: first in line 1"},
      {"x:\n  a: 1\n  a: 2\n", "job.yaml:3:3:", "first in line 2"},
      {"{a: 1, 'a': 2}", "job.yaml:1:8:", "twice"},
      {"a: 1\n---\nb: 2\n", "job.yaml:2:1:", "second document"},
      {"a: 1\n...\n---\nb: 2\n", "job.yaml:3:1:", "second document"},
      {"a: &x 1\n", "job.yaml:1:4:", "anchors (&x)"},
      {"a: 1\nb: *x\n", "job.yaml:2:4:", "aliases (*x)"},
      {"&a [*a]\n", "job.yaml:1:1:", "anchors"},
      {"a: &a [1]\nb: [*a, *a]\n", "job.yaml:1:4:", "anchors"},
      {"a: !!float 1\n", "job.yaml:1:4:", "tags"},
      {"a: !own {b: 1}\n", "job.yaml:1:4:", "tags"},
      {"<<: {b: 1}\n", "job.yaml:1:1:", "merge keys"},
      {"a:\n  <<: [x]\n", "job.yaml:2:3:", "merge keys"},
      {"? [a, b]\n: 1\n", "job.yaml:1:3:", "a key must be a word"},
      {"{{a: 1}: 2}", "job.yaml:1:2:", "a key must be a word"},
      {": 1\n", "job.yaml:1:1:", "not YAML"},
      {"{\"\": 1}", "job.yaml:1:2:", "key is missing"},
      {"a: [1, 2\n", "job.yaml:2:1:", "not YAML"},
      {"a: 'open\n", "job.yaml:2:1:", "not YAML"},
      {"a: 1\n b: 2\n", "job.yaml:2:3:", "not YAML"},
      {"a: 1\n\tb: 2\n", "job.yaml:2:1:", "not YAML"},
      {"a: }\n", "job.yaml:1:4:", "not YAML"},
      {"a: @x\n", "job.yaml:1:4:", "not YAML"},
      {"a: 1\nb\n", "job.yaml:3:1:", "not YAML"},
      {"%YAML 2.0\n---\na: 1\n", "job.yaml:1:1:", "not YAML"},
      {"a: \"\\0\"\n", "job.yaml:1:4:", "NUL"},
      {"a: \"\\q\"\n", "job.yaml:1:5:", "not YAML"},
      {"a: 1\nb: \xff\n", "job.yaml:2:4:", "0xFF is not UTF-8"},
      {"a: \xc0\xaf\n", "job.yaml:1:4:", "not UTF-8"},
      {"a: \xed\xa0\x80\n", "job.yaml:1:4:", "not UTF-8"},
      {"a: \xf4\x90\x80\x80\n", "job.yaml:1:4:", "not UTF-8"},
      {"a: \xe2\x82", "job.yaml:1:4:", "not UTF-8"},
      {"\xff\xfe"
       "a",
       "job.yaml:1:1:", "not UTF-8"},
      {"a: \x1b[31m\n", "job.yaml:1:4:", "control character"},
      {"\x7f"
       "ELF",
       "job.yaml:1:1:", "control character"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    outcome seen = read_text(cases[i].text);
    CHECK(seen.status == ELFIN_E_DATA);
    CHECK_SAYS(seen.first, cases[i].place);
    CHECK_SAYS(seen.first, cases[i].reason);
  }
}

static void a_nul_byte_is_refused_with_its_place(void)
{
  outcome seen = read_bytes("a: 1\nb: \0 2\n", 12);
  CHECK_SAYS(seen.first, "job.yaml:2:4: a NUL byte");
}

/* It takes 0.1 s; a naive reader takes hours, and the test its TIMEOUT. So do the two below. */
static void bombs_end_at_once(void)
{
  size_t n = (size_t)10 << 20;
  char *text = malloc(n);
  if (!text)
    exit(1);
  memset(text, '[', 50000);
  CHECK_SAYS(read_bytes(text, 50000).first, "job.yaml:1:33: lists and maps are nested");
  memset(text, '{', 50000);
  CHECK(read_bytes(text, 50000).status == ELFIN_E_DATA);
  for (size_t i = 0; i < n; i++)
    text[i] = "- a: \n"[i % 6];
  CHECK_SAYS(read_bytes(text, n).first, "larger than 4 MiB");
  unsigned random = 1;
  for (size_t i = 0; i < n; i++) {
    random = random * 1103515245u + 12345u;
    text[i] = (char)(random >> 16);
  }
  CHECK(read_bytes(text, n).status == ELFIN_E_DATA);
  CHECK(read_bytes(text, DOCUMENT_MAX_BYTES).status == ELFIN_E_DATA);
  free(text);
}

static void four_mebibytes_of_anything_end(void)
{
  static const char *const fillers[] = {"a: ",     "- ",  "? ", "a,",  "'",      "\n ",
                                        "{a: 1},", "!t ", ":",  "\n-", " a: b\n"};
  char *text = malloc(DOCUMENT_MAX_BYTES);
  if (!text)
    exit(1);
  for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
    for (int inside = 0; inside < 2; inside++) {
      size_t period = strlen(fillers[i]);
      text[0] = inside ? '[' : '#';
      text[1] = '\n';
      for (size_t j = 2; j < DOCUMENT_MAX_BYTES; j++)
        text[j] = fillers[i][j % period];
      CHECK(read_bytes(text, DOCUMENT_MAX_BYTES).status != ELFIN_E_MEMORY);
    }
  free(text);
}

static void a_map_with_many_keys_is_no_trap(void)
{
  size_t room = (size_t)3 << 20, used = 0;
  char *text = malloc(room);
  if (!text)
    exit(1);
  for (unsigned i = 0; used + 32 < room; i++)
    used += (size_t)snprintf(text + used, room - used, "k%u:\n", i * 7919u % 1000003u);
  CHECK(read_bytes(text, used).status == ELFIN_OK);
  free(text);
}

static void many_problems_are_sorted_and_counted(void)
{
  char printed[32768] = "";
  problems *list = problems_new("x");
  for (size_t line = 67; line > 0; line--)
    problems_add(list, line % 7, line, "wrong %zu", line);
  problems_add(list, 0, 0, "no\nplace\x1b");
  CHECK(problems_count(list) == 68);
  FILE *stream = tmpfile();
  problems_print(list, stream);
  rewind(stream);
  size_t length = fread(printed, 1, sizeof printed - 1, stream);
  printed[length] = '\0';
  fclose(stream);
  CHECK_SAYS(printed, "… and 18 more\n");
  unsigned long before = 0;
  size_t n_lines = 0;
  for (const char *at = printed; (at = strstr(at, "x:")); at += 2) {
    unsigned long line = strtoul(at + 2, NULL, 10);
    CHECK(line >= before);
    before = line;
    n_lines++;
  }
  CHECK(n_lines == 50);
  problems_free(list);
}

static void text_of_a_file_cannot_steer_the_terminal(void)
{
  problems *list = problems_new("x");
  problems_add(list, 1, 2, "%s", "a\x1b[2Jb\nc");
  CHECK_TEXT(problems_first(list), "x:1:2: a [2Jb c");
  problems_free(list);
  CHECK_TEXT(problems_first(NULL), "");
}

static void a_file_that_is_absent_or_a_folder_is_refused(void)
{
  document *doc = NULL;
  problems *list = problems_new("/");
  CHECK(document_open("/", &doc, list) == ELFIN_E_DATA);
  CHECK(document_open("/no/such/file.yaml", &doc, list) == ELFIN_E_DATA);
  CHECK(document_open("/dev/zero", &doc, list) == ELFIN_E_DATA);
  CHECK(problems_count(list) == 3 && doc == NULL);
  problems_free(list);
}

static void a_file_reads_like_its_text(void)
{
  char path[] = "/tmp/elfin_yaml_XXXXXX";
  int file = mkstemp(path);
  CHECK(file >= 0 && write(file, job, strlen(job)) == (ssize_t)strlen(job));
  close(file);
  document *doc = NULL;
  problems *list = problems_new(path);
  CHECK(document_open(path, &doc, list) == ELFIN_OK);
  CHECK_TEXT(doc ? node_find(document_root(doc), "name")->text : NULL, "reach");
  document_free(doc);
  problems_free(list);
  unlink(path);
}

/* Deterministic damage: bytes replaced, deleted, doubled, pieces copied elsewhere. Under the
 * sanitizers this is the reader's fuzz test; without them it still checks the contract. */
static void mutated_texts_never_break_the_reader(void)
{
  static const char spice[] = "[]{}:,-?&*!|>'\"%@`#\n\t \\<x0\x80\xff\x01";
  enum { MUTATIONS = 2000, ROOM = 1024 };
  unsigned random = 20240517;
  size_t n_good = 0, n_bad = 0;
  for (int round = 0; round < MUTATIONS; round++) {
    char text[ROOM];
    size_t length = strlen(job);
    memcpy(text, job, length);
    for (int change = 0; change <= round % 5; change++) {
      random = random * 1664525u + 1013904223u;
      size_t at = (random >> 8) % length, what = random >> 28;
      if (what < 8) {
        text[at] = spice[(random >> 4) % (sizeof spice - 1)];
      } else if (what < 11 && length > 2) {
        memmove(text + at, text + at + 1, --length - at);
      } else if (length < ROOM / 2) {
        size_t piece = (random >> 12) % (length - at + 1);
        memmove(text + at + piece, text + at, length - at);
        length += piece;
      }
    }
    if (read_bytes(text, length).status)
      n_bad++;
    else
      n_good++;
  }
  CHECK(n_bad > MUTATIONS / 4 && n_good > MUTATIONS / 50); /* both ways were taken */
}

int main(void)
{
  every_node_knows_where_it_stood();
  columns_count_characters_not_bytes();
  harmless_variants_are_read();
  malformed_texts_name_place_and_reason();
  a_nul_byte_is_refused_with_its_place();
  bombs_end_at_once();
  four_mebibytes_of_anything_end();
  a_map_with_many_keys_is_no_trap();
  many_problems_are_sorted_and_counted();
  text_of_a_file_cannot_steer_the_terminal();
  a_file_that_is_absent_or_a_folder_is_refused();
  a_file_reads_like_its_text();
  mutated_texts_never_break_the_reader();
  return check_result();
}
