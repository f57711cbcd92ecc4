/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file import_units.h
 * Names of units in other programs' files. */
#ifndef IMPORT_UNITS_H
#define IMPORT_UNITS_H

/** @return what one of `units` is in eV, 0 for a unit that is unknown */
double import_energy_unit(const char *units);
double import_momentum_unit(const char *units);

#endif
