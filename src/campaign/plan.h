/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file plan.h
 * Inside the room: what a campaign is made of, between reading (settings.c), making sweeps
 * (sweeps.c), opening files (targets.c) and computing (compute.c). */
#ifndef PLAN_H
#define PLAN_H

#include "campaign/schema.h"

#include <elfin/experiment.h>
#include <elfin/limit.h>

/** The values of one key, as one place of the job gives them. */
typedef struct setting {
  const node *where; /* the value in the job; NULL for a fallback */
  bool listed;       /* an axis: written as a list or {log: …}, {linear: …} */
  bool inside_map;   /* written inside `halo` or another map */
  bool blamed;       /* a problem with it was reported: once is enough */
  size_t n;
  double *value;     /* [n]; NaN for a name without a number */
  const char **text; /* [n]; NULL for generated numbers */
} setting;

/** Everything that one map of the job says: its top level, or a sweep. */
typedef struct block {
  const node *key[N_KEYS]; /* where the key stands; NULL if it is not given */
  setting *set[N_KEYS];    /* NULL if absent or wrong */
  size_t n;
  key_id order[N_KEYS]; /* the keys given, in the job's order */
} block;

/** A file or name that was opened once, for all sweeps. */
typedef struct target_material {
  const char *key;          /* name or resolved path */
  elfin_material *material; /* NULL if it could not be opened: reported already */
} target_material;

typedef struct target_response {
  const char *key;
  const elfin_material *material;
  const elfin_constants *constants;
  elfin_configuration configuration;
  elfin_response *response; /* NULL if it could not be opened: reported already */
} target_response;

typedef struct target_halo {
  const char *key;
  const elfin_constants *constants;
  elfin_halo *halo;
} target_halo;

typedef struct target_experiment {
  const char *key;
  elfin_experiment *experiment; /* NULL if it could not be opened: reported already */
} target_experiment;

/** What an experiment makes of bins of ω in one material. */
typedef struct detector {
  size_t n_edges;
  const double *edge_eV; /* [n_edges] */
  double *weight;        /* [n_bins * (n_edges − 1)] kg yr; [n_bins] for a line */
  double *below;         /* [n_events * (n_edges − 1)] likewise, below each event */
} detector;

typedef struct target_flux {
  const char *key;
  elfin_flux *flux; /* NULL if it could not be opened: reported already */
} target_flux;

/** A halo that a task needed; slots are reused. */
typedef struct halo_slot {
  size_t combination; /* SIZE_MAX: empty */
  elfin_halo *halo;
} halo_slot;

enum { N_HALO_SLOTS = 64, NO_AXIS = N_KEYS + 1 };

typedef struct sweep {
  campaign_sweep face;               /* what other rooms see */
  const node *where;                 /* its key in the job */
  unsigned bit;                      /* of its process, see schema_process_bit(); all if unknown */
  setting *set[N_KEYS];              /* NULL: absent, or wrong (and reported) */
  bool given[N_KEYS];                /* by the job, right or wrong */
  size_t axis_of[N_KEYS];            /* NO_AXIS if the key is none */
  const elfin_constants **constants; /* [n conventions] */
  const elfin_material **material;   /* [n materials] */
  elfin_response **response;         /* [i_material][i_response][i_conventions][i_configuration] */
  const char **by_default;           /* [n materials] response taken for want of one; NULL: all are named */
  const elfin_halo **table;          /* [i_table][i_conventions]; NULL without tables */
  const elfin_flux **flux;           /* [i_flux]; NULL without fluxes */

  const elfin_experiment *experiment; /* of `detector`; NULL: none */
  detector *detectors;               /* [n materials] */
  size_t n_detected;                 /* the most bins of ω of any of them */
  elfin_result detected;             /* their spectrum */
  double *events, *events_error;     /* [n_bins] per unit of what a rate is per */
  elfin_status *events_status;
  double *below;                     /* [n_events] below each of the experiment's */

  const node *limit_where;           /* NULL: no `limit` */
  double *signal;                    /* [n_bins] */
  double *limit, *limit_error;       /* [1] */
  elfin_status *limit_status;

  /* The state of campaign_compute(). */
  size_t outer;              /* task / n_mass of the previous task; SIZE_MAX: none yet */
  size_t i_material;         /* of the request */
  elfin_status outer_status; /* whether its halo could be made */
  elfin_error outer_error;
  elfin_request request;
  elfin_result result;
  halo_slot halos[N_HALO_SLOTS];
} sweep;

/** Where a position on the axes lies along a key's; 0 if it has none. */
static inline size_t sweep_index(const sweep *s, const size_t index[], key_id id)
{
  return s->axis_of[id] == NO_AXIS ? 0 : index[s->axis_of[id]];
}

/** The number that a key has there. */
static inline double sweep_value(const sweep *s, const size_t index[], key_id id, double otherwise)
{
  return s->set[id] ? s->set[id]->value[sweep_index(s, index, id)] : otherwise;
}

/** One distinct (process, response, screening, accuracy). */
typedef struct preparation {
  const char *process;
  elfin_request request;
  size_t n_parts, n_late; /* of the parts, the last n_late are made of the others */
} preparation;

struct campaign {
  document *doc;
  const char *folder;
  campaign_open_response *open_response;
  problems *list; /* only while it is being made */
  const char *name;
  bool no_memory; /* an allocation failed: give up with ELFIN_E_MEMORY */

  size_t n_kept; /* everything that is freed at the end and not before */
  void **kept;

  setting *fallback[N_KEYS];
  size_t n_sweeps;
  sweep *sweeps;
  size_t n_experiments;
  target_experiment *experiments;
  elfin_interval_tables *tables; /* NULL: no sweep wants them */
  size_t n_materials, n_responses, n_halos, n_fluxes, n_inputs, n_warnings, n_preparations;
  target_material *materials;
  target_response *responses;
  target_halo *halos;
  target_flux *fluxes;
  campaign_input *inputs;
  const char **warnings; /* [n_warnings + 1], the last NULL */
  preparation *preparations;
};

/** Zeroed memory that lives as long as the campaign; NULL sets no_memory. n = 0 is fine. */
void *campaign_keep(campaign *c, size_t n, size_t size);
/** A kept text. */
const char *campaign_keep_text(campaign *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/** Room for one more entry in an array of `n`: the array, moved if need be; NULL sets no_memory. */
void *campaign_grow(campaign *c, void *array, size_t n, size_t size);
void campaign_warn(campaign *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* settings.c */

/** What a key says in a map. A problem is reported and gives NULL. */
setting *setting_read(campaign *c, key_id id, const node *value);
/** Its fallback of schema.c, NULL if there is none. */
setting *setting_fallback(campaign *c, key_id id);
/** Where entry i stands in the job; `otherwise` for a fallback. */
const node *setting_node(const setting *s, size_t i, const node *otherwise);
/** Read every key of a map; `skip` names keys that are none of the schema's. */
void block_read(campaign *c, const node *map, bool top, block *b);

/* table_map.c */
/** The text of `response: {table: …, interpolation: …, below: …, above: …}`. NULL: reported. */
const char *table_map_text(campaign *c, const node *map);

/* sweeps.c */
void sweeps_read(campaign *c, const node *root);

/* targets.c: open what a sweep names, and check what depends on it. */
void targets_open(campaign *c, sweep *s);
void targets_close(campaign *c);
bool targets_ends_in(const char *text, const char *end);
/** Relative paths are relative to the job file. */
const char *targets_path(campaign *c, const char *path);
void targets_add_input(campaign *c, const char *path, const char *role);
/** Entry i of a key cannot be opened. Out of memory is not the job's fault and ends the reading. */
void targets_blame(campaign *c, const sweep *s, const setting *set, size_t i, const char *key,
                   elfin_status status, const elfin_error *err);
/** The same, with all that its file `name` is refused for. */
void targets_blame_file(campaign *c, const sweep *s, const setting *set, size_t i, const char *key,
                        const char *name, elfin_tell_faults *tell, elfin_status status,
                        const elfin_error *err);

/* halos.c */
/** Open tables, and check that the parameters fit the presets. */
void halos_open(campaign *c, sweep *s);
/** The parameters of the halo at a position on the axes. */
elfin_halo_preset halos_parameters(const sweep *s, const size_t index[]);
/** The laboratory's velocity there; with a date, `p->vearth_km_s` becomes its speed. */
void halos_velocity(const sweep *s, const size_t index[], elfin_halo_preset *p, double v_km_s[3]);
/** Bring the request's halo there: one of those that the sweep keeps, or a new one. */
elfin_status halos_find(sweep *s, const size_t index[], elfin_error *err);

/* detectors.c */
/** Open the experiment and say what it counts. @return false: reported */
bool detectors_find(campaign *c, sweep *s, campaign_observable *observable);
/** Its edges and weights; materials are there. */
void detectors_prepare(campaign *c, sweep *s);
void detectors_close(campaign *c);
/** Fill events… for the request as it is. */
elfin_status detectors_count(sweep *s, size_t i_material, long *evaluations, elfin_error *err);

/* exclusion.c */
/** The experiment of `limit` is the detector, if there is no other. */
void exclusion_choose_detector(campaign *c, sweep *s);
/** Say what limit is made; the experiment is there. @return false: reported */
bool exclusion_find(campaign *c, sweep *s, campaign_observable *observable);
/** Fill limit… from the events. @return what is in limit_status */
elfin_status exclusion_at(campaign *c, sweep *s, elfin_error *err);

/* responses.c */
/** Whether the process can use every response that the sweep names; else it is reported. */
bool responses_known(campaign *c, sweep *s);
/** Open them; materials and constants are there. */
void responses_open(campaign *c, sweep *s);
/** The response at a position on these axes; NULL for a process without one. */
elfin_response *responses_at(const sweep *s, size_t i_material, size_t i_response,
                                 size_t i_conventions, size_t i_configuration);

/* compute.c */
void compute_plan(campaign *c, sweep *s);
/** Blame materials (and other names) that the process can do nothing with: no rank starts with them. */
void compute_check(campaign *c, sweep *s);
void compute_free(sweep *s);
void preparations_find(campaign *c);

#endif
