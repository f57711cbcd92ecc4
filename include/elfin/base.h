/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file base.h
 * What every part of libelfin shares: status codes, error sentences, version.
 *
 * libelfin never prints, aborts or exits. A function that can fail returns a code for the program
 * and, if the caller lends it an elfin_error, a sentence for the person.
 */
#ifndef ELFIN_BASE_H
#define ELFIN_BASE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Every status, with its meaning: the enum and elfin_status_text() are made from this list. */
#define ELFIN_STATUSES(X)                                                                          \
  X(ELFIN_OK, "ok")                                                                                \
  X(ELFIN_E_MEMORY, "out of memory")                                                               \
  X(ELFIN_E_ARGUMENT, "an argument is outside its documented range")                               \
  X(ELFIN_E_DATA, "a data file is missing or malformed")                                           \
  X(ELFIN_E_ACCURACY, "the integral missed the requested accuracy")                                \
  X(ELFIN_E_VALIDITY, "the formula has no meaning at this point")                                  \
  X(ELFIN_E_OUTPUT, "an output file cannot be created, written or read")                           \
  X(ELFIN_E_STOPPED, "stopped before the end, on request")

#define ELFIN_STATUS_NAME(name, text) name,
typedef enum elfin_status { ELFIN_STATUSES(ELFIN_STATUS_NAME) } elfin_status;
#undef ELFIN_STATUS_NAME

/** One sentence about what went wrong. The caller owns it; functions accept NULL. */
typedef struct elfin_error {
  char text[512];
} elfin_error;

/** The meaning of a status; "unknown status" for a number that is none. Static text. */
const char *elfin_status_text(elfin_status status);

/** Write a sentence into `err` (unless NULL, cut at its end) and return `status`, so that
 * `return elfin_fail(err, ELFIN_E_DATA, "%s:%zu: …", path, line);` is one line. */
elfin_status elfin_fail(elfin_error *err, elfin_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Told one thing that is wrong with a file: "FILE:line:column: sentence". */
typedef void elfin_fault(void *context, const char *sentence);

/** Tell everything that is wrong with what `name` means, up to 50 sentences in order of position, and how many
 * more there are. @return how many were told; 0: nothing is wrong, or no such file can be read */
typedef size_t elfin_tell_faults(const char *name, elfin_fault *tell, void *context);

/** Asked now and then during an integration that takes long: true ends it with ELFIN_E_STOPPED. */
typedef bool elfin_interrupt(void *context);

/** Have `ask` asked, from this thread's integrations and every few thousand evaluations; NULL: no
 * more. The only state that libelfin keeps, and one per thread: a program that must come back in time
 * cannot wait for an integral. */
void elfin_on_interrupt(elfin_interrupt *ask, void *context);

/** Ask. False if there is nobody to be asked. */
bool elfin_interrupted(void);

/** "1.0.0" (static text). */
const char *elfin_version(void);

/** The commit it was built from, with "-dirty" if the tree had changes; "unknown" outside git. */
const char *elfin_git_commit(void);

/** Compiler, its version and flags (static text). */
const char *elfin_build(void);

/** Room for a SHA-256 as text: 64 hexadecimal digits and the end. */
#define ELFIN_SHA256_TEXT 65

/** SHA-256 of a file. @param[out] bytes  its size, unless NULL
 * @return ELFIN_OK; ELFIN_E_DATA: it cannot be read; ELFIN_E_MEMORY */
elfin_status elfin_sha256_file(const char *path, char text[ELFIN_SHA256_TEXT],
                               unsigned long long *bytes, elfin_error *err);

/** SHA-256 of doubles in the order of their little-endian bytes, several arrays in a row.
 * @param[in] array  [n_arrays], array[i] with n[i] numbers
 * @return ELFIN_OK; ELFIN_E_MEMORY */
elfin_status elfin_sha256_numbers(size_t n_arrays, const double *const array[], const size_t n[],
                                  char text[ELFIN_SHA256_TEXT], elfin_error *err);

/** The folder with elfin's own data, the first of: $ELFIN_DATA; share/elfin of the installation that this
 * library (or program) lies in, wherever that was moved to; where it was configured to be installed, except
 * for what runs from its build folder; the source tree of the build. Static text, good until this thread
 * asks again, or the environment's. */
const char *elfin_data_dir(void);

#ifdef __cplusplus
}
#endif
#endif
