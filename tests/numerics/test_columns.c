/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file test_columns.c
 * Text tables: what is read, and with which sentence the rest is refused. */
#include "check.h"

#include "numerics/columns.h"

#include <locale.h>
#include <unistd.h>

static const char FILE_NAME[] = "test_columns.txt"; /* in the build folder, removed again */

static elfin_status read_bytes(size_t n, const char text[], size_t n_columns, unsigned allow,
                               columns **table, elfin_error *err)
{
  FILE *file = fopen(FILE_NAME, "wb");
  if (!file || fwrite(text, 1, n, file) != n || fclose(file)) {
    perror(FILE_NAME);
    exit(1);
  }
  elfin_status status = columns_read(FILE_NAME, n_columns, allow, table, err);
  unlink(FILE_NAME);
  return status;
}

static columns *read_text(const char *text, size_t n_columns, unsigned allow)
{
  columns *table = NULL;
  elfin_error err;
  if (read_bytes(strlen(text), text, n_columns, allow, &table, &err)) {
    fprintf(stderr, "%s\n", err.text);
    exit(1);
  }
  return table;
}

static void numbers_come_out_as_they_were_printed(void)
{
  static const double numbers[] = {0.1,    1 / 3.0, 6.62607015e-34, 1.7976931348623157e308,
                                   -2e-310, 0,      123456789012.0, 37.289499999999997};
  char text[1024] = "";
  size_t n = sizeof numbers / sizeof *numbers;
  for (size_t i = 0; i < n; i++)
    sprintf(text + strlen(text), "%.17g\n", numbers[i]);
  columns *table = read_text(text, 0, COLUMNS_PLAIN);
  CHECK(table->n_columns == 1 && table->n_rows == n);
  for (size_t i = 0; i < n; i++)
    CHECK(table->value[i] == numbers[i]);
  columns_free(table);
}

static void comments_blanks_and_line_ends_do_not_matter(void)
{
  columns *table = read_text("# comment 1 2 3\r\n\n  1\t2.5   -3e2\r\n \t \n+4 5. .6# and 7\n7 8 9",
                             0, COLUMNS_PLAIN);
  static const double expected[] = {1, 2.5, -300, 4, 5, 0.6, 7, 8, 9};
  CHECK(table->n_rows == 3 && table->n_columns == 3);
  for (int i = 0; i < 9; i++)
    CHECK(table->value[i] == expected[i]);
  CHECK(table->line[0] == 3 && table->line[1] == 5 && table->line[2] == 6);
  CHECK_TEXT(table->header, "");
  columns_free(table);
}

static void nan_is_read_only_where_it_is_asked_for(void)
{
  columns *table = read_text("1 nan\nNaN 2\n-nan 3\n", 2, COLUMNS_NAN);
  CHECK(table->n_rows == 3);
  CHECK(isnan(table->value[1]) && isnan(table->value[2]) && isnan(table->value[4]));
  columns_free(table);
}

static void a_header_is_kept_and_passed(void)
{
  columns *table = read_text("\nY. Sun et al., 9(2016) 663.\r\nomega k # units\n1 2\n3 4\n", 0,
                             COLUMNS_HEADER);
  CHECK_TEXT(table->header, "Y. Sun et al., 9(2016) 663.");
  CHECK(table->n_rows == 2 && table->line[0] == 4);
  columns_free(table);
}

static void a_table_may_be_long(void)
{
  enum { N = 100000 };
  char *text = malloc(N * 24 + 1), *end = text;
  for (int i = 0; i < N; i++)
    end += sprintf(end, "%d %.17g\n", i, i / 7.0);
  columns *table = read_text(text, 2, COLUMNS_PLAIN);
  CHECK(table->n_rows == N);
  for (size_t i = 0; i < table->n_rows; i += 997)
    CHECK(table->value[2 * i] == (double)i && table->value[2 * i + 1] == (double)i / 7.0 &&
          table->line[i] == i + 1);
  columns_free(table);
  free(text);
}

static void a_row_may_be_wide(void)
{
  enum { N = 5000 };
  char *text = malloc(2 * N * 8 + 2), *end = text;
  for (int j = 0; j < 2; j++) {
    for (int i = 0; i < N; i++)
      end += sprintf(end, "%d ", i + j);
    end += sprintf(end, "\n");
  }
  columns *table = read_text(text, 0, COLUMNS_PLAIN);
  CHECK(table->n_columns == N && table->n_rows == 2);
  CHECK(table->value[N - 1] == N - 1 && table->value[2 * N - 1] == N);
  columns_free(table);
  free(text);
}

static void wrong_tables_are_refused_with_file_and_line(void)
{
  static const struct {
    const char *text;
    size_t n_columns;
    unsigned allow;
    const char *says;
  } cases[] = {
      {"", 0, 0, "no row of numbers"},
      {"# only\n\n#comments\n", 0, 0, "no row of numbers"},
      {"words and\nno numbers\n", 0, COLUMNS_HEADER, "no row of numbers"},
      {"1 2\n3\n", 0, 0, ":2: 1 column instead of 2"},
      {"1 2\n\n3 4 5\n", 0, 0, ":3: at least 3 columns instead of 2"},
      {"1 2\n", 4, 0, ":1: 2 columns instead of 4"},
      {"1 2 # 3\n", 3, 0, ":1: 2 columns instead of 3"},
      {"1 2\n3 4x\n", 0, 0, ":2: '4x' is not a finite number"},
      {"1,2\n", 0, 0, ":1: '1,2' is not a finite number"},
      {"1 2\n3 1.0D-3\n", 0, 0, ":2: '1.0D-3'"},
      {"0x10\n", 0, 0, ":1: '0x10'"},
      {"1-2\n", 0, 0, "'1-2'"},
      {"1e\n", 0, 0, "'1e'"},
      {"-\n", 0, 0, "'-'"},
      {".\n", 0, 0, "'.'"},
      {"1 inf\n", 0, COLUMNS_NAN, ":1: 'inf' is not a finite number"},
      {"1 -Infinity\n", 0, COLUMNS_NAN, "'-Infinity'"},
      {"1 1e999\n", 0, COLUMNS_NAN, ":1: 1e999 is too large"},
      {"1 nan\n", 0, 0, ":1: nan is not allowed"},
      {"1 nan(2)\n", 0, COLUMNS_NAN, "'nan(2)'"},
      {"1 nano\n", 0, COLUMNS_NAN, "'nano'"},
      {"text\n1 2\n", 0, 0, ":1: 'text'"},
      {"1 2\ntext\n3 4\n", 0, COLUMNS_HEADER, ":2: 'text'"},
      {"1 \x80\x81\n", 0, 0, "'?\?'"},
      {"1 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 0, 0, "aaa...' is not"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    columns *table = NULL;
    elfin_error err = {""};
    CHECK(read_bytes(strlen(cases[i].text), cases[i].text, cases[i].n_columns, cases[i].allow,
                     &table, &err) == ELFIN_E_DATA);
    CHECK_SAYS(err.text, cases[i].says);
    CHECK_SAYS(err.text, FILE_NAME);
    CHECK(table == NULL);
  }
}

static void bytes_that_are_no_text_are_refused(void)
{
  static const char nul_within[] = "1 2\n3 \0 4\n", nul_after[] = "1 2\n3 4\0\n";
  columns *table = NULL;
  elfin_error err;
  CHECK(read_bytes(sizeof nul_within - 1, nul_within, 0, 0, &table, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, ":2: '?'");
  CHECK(read_bytes(sizeof nul_after - 1, nul_after, 0, 0, &table, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, ":2: '4?'");

  enum { N = 1 << 20 };
  char *digits = malloc(N);
  memset(digits, '7', N);
  CHECK(read_bytes(N, digits, 0, 0, &table, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, ":1: '777");
  free(digits);
}

static void what_cannot_be_read_is_refused(void)
{
  columns *table = NULL;
  elfin_error err;
  CHECK(columns_read("no/such/file", 0, 0, &table, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "no/such/file: cannot be opened: No such file");
  CHECK(columns_read(".", 0, 0, &table, &err) == ELFIN_E_DATA);
  CHECK_SAYS(err.text, "cannot be read: Is a directory");
  if (access("/dev/zero", R_OK) == 0) { /* a file without an end */
    CHECK(columns_read("/dev/zero", 0, 0, &table, &err) == ELFIN_E_DATA);
    CHECK_SAYS(err.text, "/dev/zero: cannot be read: larger than");
  }
  CHECK(columns_read("no/such/file", 0, 0, &table, NULL) == ELFIN_E_DATA);
  columns_free(NULL);
}

static void a_truncated_or_garbled_file_never_crashes(void)
{
  static const char good[] = "A header\n1 2 nan 4\n# note\n5 6 7 8.5e-3\n\n9 10 -11 12 # end\n";
  static const char garbage[] = "0 .-+eEnaN#\n\r\t\0\xff,x";
  size_t n = sizeof good - 1, n_read = 0, n_refused = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < sizeof garbage; j++) {
      char text[sizeof good];
      memcpy(text, good, sizeof good);
      text[i] = garbage[j];
      columns *table = NULL;
      elfin_error err = {""};
      size_t length = j ? n : i; /* at j = 0 cut the file here instead */
      if (read_bytes(length, text, 4, COLUMNS_NAN | COLUMNS_HEADER, &table, &err) == ELFIN_OK) {
        CHECK(table->n_rows >= 1 && table->n_rows <= 3);
        n_read++;
      } else {
        CHECK_SAYS(err.text, FILE_NAME);
        n_refused++;
      }
      columns_free(table);
    }
  CHECK(n_read > 100 && n_refused > 100);
}

static void the_decimal_point_is_a_point_in_every_locale(void)
{
  static const char *names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "nl_NL.UTF-8"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (setlocale(LC_NUMERIC, names[i])) {
      columns *table = read_text("1.5 2\n", 0, COLUMNS_PLAIN);
      CHECK(table->value[0] == 1.5);
      columns_free(table);
      setlocale(LC_NUMERIC, "C");
      return;
    }
  printf("no locale with a decimal comma on this machine\n");
}

int main(void)
{
  numbers_come_out_as_they_were_printed();
  comments_blanks_and_line_ends_do_not_matter();
  nan_is_read_only_where_it_is_asked_for();
  a_header_is_kept_and_passed();
  a_table_may_be_long();
  a_row_may_be_wide();
  wrong_tables_are_refused_with_file_and_line();
  bytes_that_are_no_text_are_refused();
  what_cannot_be_read_is_refused();
  a_truncated_or_garbled_file_never_crashes();
  the_decimal_point_is_a_point_in_every_locale();
  return check_result();
}
