/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file grid_h5.h
 * Inside the room: what tables and other programs' grids share. */
#ifndef GRID_H5_H
#define GRID_H5_H

#include "store/layout.h"

/** The attributes of an object of the file ("." or the name of a group, which may be missing)
 * become settings, except those that the format itself has. @return ELFIN_OK; ELFIN_E_DATA;
 * ELFIN_E_MEMORY */
elfin_status grid_settings(const char *path, hid_t file, const char *object, store_table *table,
                           elfin_error *err);

#endif
