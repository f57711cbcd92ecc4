/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file experiment_nodes.c
 * Texts, numbers and blocks of an experiment file [detector.h]. */
#include "detector/detector.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { LONGEST_REASON = 200 };
#define DETECTOR_DAYS_A_YEAR 365.25 /* Julian, as in constants.c */

/* ---- texts and numbers ------------------------------------------------------------ */

/* A text that says something; NULL: absent, or blamed. */
const char *detector_text(const node *map, const char *key, problems *list)
{
  const node *found = node_find(map, key);
  if (!found || !expect_kind(found, key, NODE_SCALAR, list))
    return NULL;
  if (found->text[strspn(found->text, " ")])
    return found->text;
  problems_add_at(list, found, "%s is empty", key);
  return NULL;
}

/* "100.72 g day" in kg yr */
static bool exposure_parse(const char *text, double *value, char *why, size_t why_size)
{
  static const struct {
    const char *name;
    double kg_yr;
  } units[] = {{"kg yr", 1},
               {"g yr", 1e-3},
               {"kg day", 1 / DETECTOR_DAYS_A_YEAR},
               {"g day", 1e-3 / DETECTOR_DAYS_A_YEAR}};
  char number[LONGEST_REASON];
  size_t length = strlen(text);
  for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
    size_t n = strlen(units[i].name);
    if (length <= n || length - n >= sizeof number ||
        strcmp(text + length - n, units[i].name) != 0 ||
        isalpha((unsigned char)text[length - n - 1]))
      continue;
    memcpy(number, text, length - n);
    number[length - n] = '\0';
    if (!quantity_parse(number, "", value, why, why_size))
      return false;
    *value *= units[i].kg_yr;
    return true;
  }
  snprintf(why, why_size, "%.40s: an exposure is a number and kg yr, g yr, kg day or g day", text);
  return false;
}

/* NAN: blamed. */
double detector_number(const node *from, const char *key, const detector_range *r, problems *list)
{
  char why[LONGEST_REASON];
  double value;
  bool is_exposure = strcmp(r->unit, "exposure") == 0;
  if (!expect_kind(from, key, NODE_SCALAR, list))
    return NAN;
  if (!(is_exposure ? exposure_parse(from->text, &value, why, sizeof why)
                    : quantity_parse(from->text, r->unit, &value, why, sizeof why))) {
    problems_add_at(list, from, "%s: %s", key, why);
    return NAN;
  }
  if (value < r->least || (r->open && value == r->least) || value > r->most ||
      (r->whole && value != floor(value))) {
    problems_add_at(list, from, "%s: %.40s is out of range; allowed is %s%s %g to %g%s%s", key,
                    from->text, r->whole ? "a whole number " : "", r->open ? "above" : "from",
                    r->least, r->most, *r->unit ? " " : "", is_exposure ? "kg yr" : r->unit);
    return NAN;
  }
  return value;
}

/* A list of numbers, kept; *n of them. NULL: blamed, or empty. */
double *detector_numbers(const node *from, const char *key, const detector_range *r, size_t *n,
                          detector_owner *made)
{
  *n = 0;
  if (!expect_kind(from, key, NODE_LIST, made->list))
    return NULL;
  if (from->n == 0)
    problems_add_at(made->list, from, "%s is an empty list", key);
  double *number = keep_bytes(&made->kept, from->n, sizeof *number);
  for (size_t i = 0; number && i < from->n; i++)
    number[i] = detector_number(&from->items[i], key, r, made->list);
  *n = number ? from->n : 0;
  return from->n ? number : NULL;
}

bool detector_ascends(const node *where, const char *key, size_t n, const double number[],
                    problems *list)
{
  for (size_t i = 0; i + 1 < n; i++)
    if (number[i] >= number[i + 1]) {
      problems_add_at(list, &where->items[i + 1], "%s must ascend: %g is followed by %g", key,
                      number[i], number[i + 1]);
      return false;
    }
  return true;
}

double detector_optional(const node *block, const char *key, const detector_range *r, problems *list)
{
  const node *found = node_find(block, key);
  return found ? detector_number(found, key, r, list) : NAN;
}

/* ---- where numbers come from ------------------------------------------------------------------
 */

/* "key: text", kept. */
void detector_note(detector_owner *made, const char *key, const char *text, const char **where,
                 size_t *n)
{
  size_t size = strlen(key) + 2 + strlen(text) + 1;
  char *line = keep_bytes(&made->kept, size, 1);
  if (!line)
    return;
  snprintf(line, size, "%s: %s", key, text);
  where[(*n)++] = line;
}

/* A block: a map whose keys are known, with a source or with what makes it an assumption. NULL:
 * absent or blamed. */
const node *detector_block(const node *root, const char *key, size_t n, const char *const keys[],
                            detector_owner *made)
{
  const node *block = node_find(root, key);
  if (!block || !expect_kind(block, key, NODE_MAP, made->list))
    return NULL;
  expect_keys(block, key, n, keys, DETECTOR_PAGE, made->list);
  const char *source = detector_text(block, "source", made->list);
  const char *assumed = detector_text(block, "assumed", made->list);
  if (!node_find(block, "source") && !node_find(block, "assumed"))
    problems_add_at(made->list, block,
                    "%s: a number needs a source, or assumed: \"why it is thought to be so\"", key);
  if (source)
    detector_note(made, key, source, made->sources, &made->experiment.n_sources);
  if (assumed)
    detector_note(made, key, assumed, made->assumed, &made->experiment.n_assumed);
  return block;
}
