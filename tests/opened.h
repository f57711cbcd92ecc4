/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file opened.h
 * What tests need to begin with, or they end. */
#ifndef OPENED_H
#define OPENED_H

#include "check.h"

#include <elfin/material.h>
#include <elfin/response.h>

static inline void need(elfin_status status, const elfin_error *err)
{
  if (!status)
    return;
  fprintf(stderr, "%s\n", err->text);
  exit(1);
}

static inline elfin_material *opened_material(const char *name)
{
  elfin_material *material = NULL;
  elfin_error err;
  need(elfin_material_open(name, &material, &err), &err);
  return material;
}

static inline elfin_response *opened_response(const char *kind, const elfin_material *material,
                                              const elfin_constants *constants)
{
  elfin_response *response = NULL;
  elfin_error err;
  need(elfin_response_open(kind, material, constants, &response, &err), &err);
  return response;
}

#endif
