/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file schema.h
 * Inside the room: what a row of the table of keys says (schema.c). */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "campaign/campaign.h"

/** Keys of a sweep. Those that always have an axis stand in the order of the output file. */
typedef enum key_id {
  KEY_PROCESS,
  KEY_MATERIAL,
  KEY_RESPONSE,
  KEY_MEDIATOR,
  KEY_CONFIGURATION,
  KEY_MASS,
  KEY_CROSS_SECTION,
  KEY_KINETIC_MIXING,
  KEY_THRESHOLD,
  KEY_HALO,
  KEY_PRESET,
  KEY_TABLE,
  KEY_RHO,
  KEY_V0,
  KEY_VESC,
  KEY_VEARTH,
  KEY_VCIRC,
  KEY_DATE,
  KEY_FRACTION,
  KEY_BETA,
  KEY_Q,
  KEY_VFLOW,
  KEY_FLUX,
  KEY_MEDIATOR_SPIN,
  KEY_CONVENTIONS,
  KEY_ACCURACY,
  KEY_SCREENING,
  KEY_KCUT,
  KEY_SPLITTING,
  KEY_TEMPERATURE,
  KEY_REFERENCE_MOMENTUM,
  KEY_FORM_FACTOR,
  KEY_APPROXIMATION,
  KEY_EXPANSION,
  KEY_NUCLEUS,
  KEY_ION_CHARGE,
  KEY_RECOIL_THRESHOLD,
  KEY_SHELLS,
  KEY_COUPLING,
  KEY_PHONONS,
  KEY_OPERATOR,
  KEY_COUPLING_RATIO,
  KEY_GN_OVER_GP,
  KEY_GP_OVER_GN,
  KEY_RECOIL,
  KEY_TIME,
  KEY_SPECTRUM,
  KEY_AT,
  KEY_CHARGE,
  KEY_DETECTOR,
  KEY_LIMIT,
  KEY_EXPERIMENT,
  KEY_METHOD,
  KEY_CL,
  N_KEYS
} key_id;

typedef enum key_kind {
  KIND_QUANTITY, /* a number with a unit, or one of the key's words */
  KIND_COUNT,    /* a whole number */
  KIND_DATE,     /* 2026-06-02, or days: 1 is 1 January 2000 */
  KIND_WORD,     /* one of the key's words */
  KIND_NAME,     /* a name or the path of a file */
  KIND_MAP       /* holds other keys: halo, coupling_ratio, limit */
} key_kind;

/** Where a key's axis stands in the output file. */
typedef enum key_place {
  PLACE_NONE,      /* takes one value */
  PLACE_FIRST,     /* always there, before the listed ones */
  PLACE_IF_LISTED, /* only if the job gives a list */
  PLACE_LAST,      /* always there, after the listed ones */
  PLACE_GRID       /* a list that is no axis of the tasks: energies of a spectrum */
} key_place;

/** A word that a key takes in place of a number, and the number that it stands for. */
typedef struct schema_word {
  const char *name;
  double value;
} schema_word;

enum { SCHEMA_MOST_WORDS = 4, SCHEMA_MOST_NAMES = 64 };

typedef struct schema_key {
  const char *name;
  key_kind kind;
  key_place place;
  const char *unit;   /* of a bare number; "" if it has none */
  double least, most; /* of a number */
  bool above_least;   /* `least` itself is not allowed */
  const char *beyond; /* what to do about a number that is out of range; NULL: nothing to say */
  schema_word words[SCHEMA_MOST_WORDS];
  bool named;                  /* an axis of texts */
  size_t fewest, most_entries; /* of a list; 0: 1, and SCHEMA_MOST_ENTRIES */
  unsigned required;    /* bits of the processes that must be given it */
  key_id inside;        /* the map that it belongs to; 0: none */
  bool only_inside;     /* and it may stand nowhere else */
  const char *fallback; /* as a job would write it; NULL: none, or `unless` says */
  const char *unless;   /* what holds where the key is absent and has no fallback */
  unsigned processes;   /* bits of those that take it */
  axis_role role;
  const char *example;
  const char *help;
} schema_key;

/** [km/s] No speed of a halo is above it: rates of a halo leave out v²/c², 3e-4 there, and no galaxy holds
 * what is faster. */
enum { SCHEMA_SLOW_KM_S = 5000 };

/** Lists longer than this are refused. */
enum { SCHEMA_MOST_ENTRIES = 10000000 };

const schema_key *schema_row(key_id id);

/** The key called `name`; N_KEYS if there is none. */
key_id schema_find(const char *name);

/** The bit of a process in schema_key.processes; 0 for a process that has no keys. */
unsigned schema_process_bit(const char *process);
/** The bits of all processes that libelfin has. */
unsigned schema_all_processes(void);

/** The names that a key takes: its words, and processes, response kinds or presets where it is one
 * of those. @return how many, at most SCHEMA_MOST_NAMES */
size_t schema_names(key_id id, const char *names[SCHEMA_MOST_NAMES]);

/** "a, b or c", for sentences. */
void schema_join(char *text, size_t size, size_t n, const char *const names[]);

/** "more than 0 eV, at most 1e+28 eV". */
void schema_range(const schema_key *key, char *text, size_t size);

#endif
