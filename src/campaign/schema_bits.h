/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file schema_bits.h
 * Inside the table of keys: which processes take one (schema.c, schema_halo.c). */
#ifndef SCHEMA_BITS_H
#define SCHEMA_BITS_H

#include "campaign/schema.h"

enum { /* bits of schema_key.processes */
       ELECTRON = 1u << 0,
       NUCLEAR = 1u << 1,
       MIGDAL = 1u << 2,
       PHONON = 1u << 3,
       FROEHLICH = 1u << 4,
       ABSORPTION = 1u << 5,
       MULTIPHONON = 1u << 6,
       MULTIPHONON_SD = 1u << 7,
       ANISOTROPIC = 1u << 8,
       CRYSTAL = MULTIPHONON | MULTIPHONON_SD | ANISOTROPIC,
       NUCLEI = NUCLEAR | MIGDAL | CRYSTAL,
       DIELECTRIC = ELECTRON | MIGDAL | PHONON | FROEHLICH | ABSORPTION,
       OPTICAL = PHONON | FROEHLICH | ABSORPTION,
       SCATTERING = ELECTRON | NUCLEI | PHONON | FROEHLICH,
       SPECTRAL = ELECTRON | NUCLEI | PHONON,
       COUNTED = SPECTRAL | ABSORPTION,
       EVERY = SCATTERING | ABSORPTION
};

/** A row between KEY_HALO and KEY_MEDIATOR_SPIN. */
const schema_key *schema_row_of_halo(key_id id);

#endif
