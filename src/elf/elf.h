/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file elf.h
 * Inside the room: what the files of src/elf share, and what src/rates may ask beyond response.h. */
#ifndef ELF_H
#define ELF_H

#include <elfin/response.h>

#include <complex.h>
#include <stdbool.h>

/* ---- the free electron gas (lindhard.c) ------------------------------------------------------ */

/** f(u,z) of the Lindhard function at complex u, Im u > 0, z > 0 [docs/responses.md].
 * Relative error below 1e-9, of the smaller component, too, unless it nearly vanishes. */
double complex lindhard_f(double complex u, double z);

/** f(u,z) at real u ≥ 0, approached from above the axis. */
double complex lindhard_f_real(double u, double z);

/** f(0,z): real. */
double lindhard_f_static(double z);

/** Lindhard ε(ω,k) without damping: k_F v_F scale in `omega_p` [eV]. */
typedef struct lindhard {
  double omega_p, m_e, v_F, k_F;
} lindhard;

lindhard lindhard_of(double omega_p_eV, const elfin_constants *constants);
double complex lindhard_epsilon(const lindhard *gas, double omega, double k);

/** Momenta between which Im ε ≠ 0 at energy ω: the particle–hole band. */
void lindhard_band(const lindhard *gas, double omega, double *k_low, double *k_high);

/* ---- a sum of Mermin oscillators (mermin.c) -------------------------------------------------- */

typedef struct mermin_term {
  double amplitude, omega_p, gamma; /* ω_p, Γ in Hartree */
  double v_F;                       /* in a.u. */
} mermin_term;

/* Points of Gauss' rule below an edge. */
enum { MERMIN_BELOW_EDGE = 32 };

/** An inner shell: its terms are `first` up to `end`, which lose nothing below its edge. */
typedef struct mermin_shell {
  double edge; /* [eV] */
  size_t first, end;
  double omega[MERMIN_BELOW_EDGE], weight[MERMIN_BELOW_EDGE]; /* of ∫dω from 0 to the edge [eV] */
} mermin_shell;

typedef struct mermin {
  size_t n;
  mermin_term *terms;  /* [n] those of no shell first */
  size_t n_shells;     /* 0 without edges */
  mermin_shell *shell; /* [n_shells] */
} mermin;

elfin_status mermin_new(size_t n, const elfin_oscillator list[], mermin **made, elfin_error *err);
void mermin_free(mermin *m);

/** 1/ε(ω,k) at `n` energies of one momentum, in eV: what depends on k alone is computed once. */
void mermin_inverse_row(const mermin *m, size_t n, const double omega[], double k,
                        double complex inverse[]);

/** Adds the terms from `first` up to `end`, Σ A [1/ε_M − 1], to n numbers, as above. */
void mermin_add_row(const mermin *m, size_t first, size_t end, size_t n, const double omega[],
                    double k, double complex inverse[]);

/** ε_M − 1 of one oscillator; ω, k, ω_p, Γ in eV. For tests and fits. */
double complex mermin_susceptibility(double omega, double k, double omega_p, double gamma);

/** 1/ε(0,k): real. */
double mermin_inverse_static(const mermin *m, double k);

/* ---- the same with edges of inner shells (mermin_edges.c) ------------------------------------ */

/** `edges` as a material has them: those of inner shells, none of which share an oscillator. */
elfin_status mermin_with_edges(size_t n, const elfin_oscillator list[], size_t n_edges,
                               const elfin_edge edges[], mermin **made, elfin_error *err);

/** 1/ε(ω,k) at n energies > 0 of one momentum, in eV. */
void mermin_edges_inverse_row(const mermin *m, size_t n, const double omega[], double k,
                              double complex inverse[]);

/** Of that the imaginary part alone, in a fraction of the time; the real part is not to be used. */
void mermin_edges_loss_row(const mermin *m, size_t n, const double omega[], double k,
                           double complex inverse[]);

/** 1/ε(0,k): real. */
double mermin_edges_inverse_static(const mermin *m, double k);

/* ---- the extended Drude model (drude.c) ------------------------------------------------------ */

double complex drude_epsilon(const elfin_drude *model, double omega, double k);

/** Ω = ω_j + α k²/2m_e [eV]. */
double drude_energy(const elfin_drude_term *term, double k);

/* ---- what a response is (response.c) --------------------------------------------------------- */

struct elf_table;
struct optical;

/** What one kind of response computes. Rows of one table in response.c. */
typedef struct response_kind response_kind;

/** What is made of a response later, and kept with it. */
typedef struct response_kept {
  struct ion_losses *losses;   /* ion_loss.c */
  struct optical_rules *rules; /* optical_rule.c */
} response_kept;

struct elfin_response {
  const response_kind *kind;
  elfin_response_info about;
  char *name;                 /* owned: what `about` and messages point to */
  const elfin_material *material; /* NULL for a bare table */
  lindhard gas;
  mermin *oscillators;
  const elfin_drude *drude;
  struct elf_table *table;
  struct elf_smooth *smooth;    /* of the table; NULL: bilinear */
  elfin_table_choice choice;    /* of the table */
  elfin_response *tail;         /* beyond the table's momenta; NULL: none is needed */
  struct optical *optical;      /* ε(ω) alone */
  elfin_response *below, *above; /* joined at `gap`; NULL where there is no data */
  double gap;
  char *source, *path, *between; /* owned, if what `about` says is made and not borrowed */
  struct preparation *preparation; /* loss.c; changes while the response is being prepared */
  response_kept *kept;
};

/** One of the two functions is there, the other NULL: lists of oscillators share what depends on k
 * alone; the others go point by point. */
struct response_kind {
  const elfin_response_kind *public;
  /** 1/ε(ω,k) at n energies of one momentum, wherever the formula is defined. */
  void (*inverse_row)(const elfin_response *response, size_t n, const double omega[], double k,
                      double complex inverse[]);
  /** Likewise, but only the imaginary part counts; NULL: inverse_row does it. */
  void (*loss_row)(const elfin_response *response, size_t n, const double omega[], double k,
                   double complex inverse[]);
  /** ε(ω,k) at n points. */
  void (*epsilon)(const elfin_response *response, size_t n, const double omega[], const double k[],
                  double eps1[], double eps2[]);
  /** Does the formula hold below the least momentum of rates, down to k = 0? */
  bool to_k_0;
  /** 1/ε(0,k); NULL where it is not known better than from the lowest ω. */
  double (*inverse_static)(const elfin_response *response, double k);
};

/** A row of `kinds`. */
typedef enum response_kind_id {
  KIND_LINDHARD,
  KIND_MERMIN,
  KIND_MERMIN_EDGES,
  KIND_DRUDE,
  KIND_PHONON,
  KIND_OPTICAL,
  KIND_JOINED,
  N_NAMED_KINDS,
  KIND_TABLE = N_NAMED_KINDS,
  KIND_OPTICAL_TABLE,
  N_KINDS
} response_kind_id;

/** A response of this kind without its data; `name` is copied. */
elfin_status response_new(response_kind_id id, const char *name, const elfin_material *material,
                          elfin_response **made, elfin_error *err);

/** Is there data at this ω, at some k? */
bool response_covers(const elfin_response *response, double omega);

/** 1/ε(ω,k) at n points, inside and outside of the stated range. */
void response_inverse(const elfin_response *response, size_t n, const double omega[],
                      const double k[], double complex inverse[]);

/** Im[−1/ε(ω,k)] likewise; where a sum has negative amplitudes, it may dip below 0. */
void response_loss(const elfin_response *response, size_t n, const double omega[], const double k[],
                   double loss[]);

enum { RESPONSE_MOST_EDGES = ELFIN_MOST_EDGES };

/** Energies at which the loss steps, at all momenta or at those beyond a table: edges of inner shells. [eV] ascending
 * @return how many */
size_t response_edges(const elfin_response *response, double edge[RESPONSE_MOST_EDGES]);

/* ---- ε(ω) alone (optical_kinds.c) ------------------------------------------------------------ */

/** Phonons of a material: `model` is one of its phonon responses, or NULL for the configuration's
 * first one. @return ELFIN_OK; ELFIN_E_ARGUMENT: it has none, with what it has; … */
elfin_status open_phonon(const char *model, elfin_configuration configuration,
                         const elfin_material *material, elfin_response **made, elfin_error *err);
elfin_status open_optical(const elfin_material *material, elfin_response **made, elfin_error *err);
elfin_status open_optical_table(const char *path, const elfin_material *material,
                                elfin_response **made, elfin_error *err);
/** From arrays; `source` may be NULL. */
elfin_status open_optical_arrays(const char *name, size_t n, const double omega[],
                                 const double eps1[], const double eps2[], const char *source,
                                 const elfin_material *material, elfin_response **made,
                                 elfin_error *err);
elfin_status open_joined(elfin_configuration configuration, const elfin_material *material,
                         const elfin_constants *constants, elfin_response **made,
                         elfin_error *err);

/* ---- tables of ε(ω,k) (table_kinds.c) --------------------------------------------------------- */

/** The table of a path, with what is asked of it in brackets; three columns are an ε(ω). */
elfin_status open_table(const char *text, const elfin_material *material,
                        const elfin_constants *constants, elfin_response **made, elfin_error *err);

/** The table of this name, which the material has. */
elfin_status open_named_table(const char *name, const elfin_material *material,
                              const elfin_constants *constants, elfin_response **response,
                              elfin_error *err);
void table_points(const elfin_response *response, size_t n, const double omega[], const double k[],
                  double eps1[], double eps2[]);

/** The ELF at a momentum at which oscillators continue the table: without their real part, which may take longer.
 * @return false: they do not */
bool table_tail_loss(const elfin_response *response, double omega, double k, double *loss);

/** A table with kinks at all of its knots? */
bool response_is_bilinear(const elfin_response *response);
/** Momenta at which a table ends, and what continues it begins. @return how many */
size_t response_k_ends(const elfin_response *response, double end[2]);
/** Does something stand in for a table's momenta above, or below? */
bool response_continues(const elfin_response *response, bool above);

/* ---- what a rate integrates (loss.c) --------------------------------------------------------- */

/** Which W, how accurate, and what is prepared of it. */
typedef struct loss_wanted {
  const elfin_response *response;
  bool screening;  /* W is the ELF, else Im ε */
  double accuracy; /* of what is integrated */
  bool below;      /* the energies from loss_omega_min() to loss_border(), not those above */
} loss_wanted;

/** W(ω,k) [docs/electron.md]; 0 outside of the range. Taken from the interpolant for this accuracy if it is
 * complete, with `below` also from that for lower energies; else computed. */
void loss_values(const loss_wanted *wanted, size_t n, const double omega[], const double k[],
                 double loss[]);

/** The lowest energy at which a rate asks a response, and that from which on it is prepared for all rates: half
 * the gap for oscillators, but for metals; 0 if nothing is. [eV] */
double loss_omega_min(const elfin_response *response);
double loss_border(const elfin_response *response);

/** Can energies below the border be prepared for this accuracy? */
bool loss_has_below(const loss_wanted *wanted);

/** How many parts the interpolant still needs; 0: none, or there is to be none. */
size_t loss_n_parts(const loss_wanted *wanted);
/** How many it has, whether they are there or not. */
size_t loss_n_tiles(const loss_wanted *wanted);
elfin_status loss_make_part(const loss_wanted *wanted, size_t i_part, size_t *n, double **numbers,
                            elfin_error *err);
/** Without `copy`, `numbers` must outlive the response's use. */
elfin_status loss_take_part(const loss_wanted *wanted, size_t i_part, size_t n,
                            const double numbers[], bool copy, elfin_error *err);

/** Relative error that the interpolant adds to a rate; 0 where values are computed. */
double loss_interpolation_error(const elfin_response *response, double accuracy);

struct preparation *preparation_new(void); /* NULL: no memory */
void preparation_free(struct preparation *p);

#endif
