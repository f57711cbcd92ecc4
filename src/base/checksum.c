/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file checksum.c
 * SHA-256 of files and of numbers: the only file that knows OpenSSL. */
#include <elfin/base.h>

#include <openssl/evp.h>

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1 << 16, NUMBER = 8 /* bytes of a double */ };

static EVP_MD_CTX *begin(void)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  if (context && EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1) {
    EVP_MD_CTX_free(context);
    return NULL;
  }
  return context;
}

static bool end(EVP_MD_CTX *context, char text[ELFIN_SHA256_TEXT])
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  if (EVP_DigestFinal_ex(context, digest, &length) != 1 || 2 * length + 1 != ELFIN_SHA256_TEXT)
    return false;
  for (unsigned i = 0; i < length; i++)
    snprintf(text + 2 * (size_t)i, 3, "%02x", digest[i]);
  return true;
}

static elfin_status hash_stream(FILE *stream, char text[ELFIN_SHA256_TEXT],
                                unsigned long long *bytes)
{
  EVP_MD_CTX *context = begin();
  unsigned char *block = malloc(BLOCK);
  unsigned long long total = 0;
  bool fine = context && block;
  for (size_t n; fine && (n = fread(block, 1, BLOCK, stream)) > 0; total += n)
    fine = EVP_DigestUpdate(context, block, n) == 1;
  elfin_status status = !fine               ? ELFIN_E_MEMORY
                        : ferror(stream)     ? ELFIN_E_DATA
                        : end(context, text) ? ELFIN_OK
                                             : ELFIN_E_MEMORY;
  if (bytes)
    *bytes = total;
  free(block);
  EVP_MD_CTX_free(context);
  return status;
}

elfin_status elfin_sha256_file(const char *path, char text[ELFIN_SHA256_TEXT],
                               unsigned long long *bytes, elfin_error *err)
{
  FILE *stream = fopen(path, "rb");
  if (!stream)
    return elfin_fail(err, ELFIN_E_DATA, "%s: cannot be opened: %s", path, strerror(errno));
  elfin_status status = hash_stream(stream, text, bytes);
  if (status == ELFIN_E_DATA)
    elfin_fail(err, status, "%s: cannot be read: %s", path, strerror(errno));
  else if (status)
    elfin_fail(err, status, "%s: no memory for its checksum", path);
  fclose(stream);
  return status;
}

static void little_endian(double number, unsigned char bytes[NUMBER])
{
  uint64_t bits;
  memcpy(&bits, &number, sizeof bits);
  for (int i = 0; i < NUMBER; i++)
    bytes[i] = (unsigned char)(bits >> (8 * i));
}

elfin_status elfin_sha256_numbers(size_t n_arrays, const double *const array[], const size_t n[],
                                  char text[ELFIN_SHA256_TEXT], elfin_error *err)
{
  EVP_MD_CTX *context = begin();
  bool fine = context != NULL;
  for (size_t a = 0; a < n_arrays; a++)
    for (size_t i = 0; fine && i < n[a]; i++) {
      unsigned char bytes[NUMBER];
      little_endian(array[a][i], bytes);
      fine = EVP_DigestUpdate(context, bytes, sizeof bytes) == 1;
    }
  fine = fine && end(context, text);
  EVP_MD_CTX_free(context);
  return fine ? ELFIN_OK : elfin_fail(err, ELFIN_E_MEMORY, "a checksum: no memory");
}
