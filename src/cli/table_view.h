/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file table_view.h
 * Looking at a table of ε(ω,k) in elfin's HDF5 format. */
#ifndef TABLE_VIEW_H
#define TABLE_VIEW_H

#include "cli/cli.h"

/** Its numbers as CSV on stdout, so that `elfin import csv` makes the same table of them, bit for bit. */
cli_end table_export(const char *path);
/** What it is, whose numbers these are, and all settings, on stdout. */
cli_end table_show(const char *path);

#endif
