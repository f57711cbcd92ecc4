/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file interpolate.c
 * A function of two variables as a patchwork of polynomials.
 *
 * Each tile of the domain is a binary tree: a node is cut in half along x or along y, or first of all where f
 * steps; a leaf is a polynomial of degree < ORDER in both, fitted at Chebyshev points. The last coefficients of a
 * Chebyshev series say how far it has converged, and in which direction: the patch with the largest
 * error (times its area) is cut in the direction that needs it, until the sum of all is below the
 * tolerance. Sharp ridges get small patches, the rest large ones.
 * The sum of the patches' errors bounds the error of any integral over the tile; as they change
 * sign between the nodes, integrals against something smooth are better by about two digits.
 *
 * In memory and on the way between processes, a tile is an array of numbers, used where it lies:
 *   a tile_head;  its branches;  for each cell the branch where look-ups begin;  coefficients.
 * A cut branch's halves are branches index and index+1; a leaf's coefficients begin at `index`.
 */
#include "numerics/interpolate_inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Coefficients of a series that has converged fall by this at least. */
static const double DECAY = 0.3;
/* Patches per tile: far above what lists need, so that a wild function ends. */
enum { MAX_PATCHES = 4096, MAX_NODES = 2 * MAX_PATCHES };

typedef struct node {
  int axis;
  int index;
  double step; /* the y of a cut that is not at the middle; NaN: it is */
} node;

typedef struct tile_head {
  double n_branches, n_coefficients;
} tile_head;

/** Where the pieces of an array of numbers begin; all of them end at multiples of a double. */
enum {
  BRANCH_LENGTH = sizeof(branch) / sizeof(double),
  BRANCHES_AT = sizeof(tile_head) / sizeof(double),
  START_LENGTH = N_CELLS * sizeof(int) / sizeof(double)
};
_Static_assert(sizeof(branch) % sizeof(double) == 0 && N_CELLS * sizeof(int) % sizeof(double) == 0,
               "a tile's pieces are whole numbers of doubles");

static void make_rules(patchwork *work)
{
  for (int i = 0; i < ORDER; i++) {
    double angle = M_PI * (i + 0.5) / ORDER;
    work->point[i] = cos(angle);
    for (int degree = 0; degree < ORDER; degree++)
      work->chebyshev[degree][i] = (degree ? 2.0 : 1.0) / ORDER * cos(degree * angle);
  }
  work->monomial[0][0] = 1;
  work->monomial[1][1] = 1;
  for (int degree = 2; degree < ORDER; degree++)
    for (int power = 0; power < ORDER; power++)
      work->monomial[degree][power] = (power ? 2 * work->monomial[degree - 1][power - 1] : 0) -
                                      work->monomial[degree - 2][power];
}

elfin_status patchwork_new(patch_domain domain, double tolerance, patchwork **made,
                           elfin_error *err)
{
  patchwork *work = calloc(1, sizeof *work);
  if (!work)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for an interpolant");
  work->domain = domain;
  work->tolerance = tolerance;
  work->n_x = (size_t)lround(ceil(domain.x1 - domain.x0));
  work->n_y = (size_t)lround(ceil((domain.y1 - domain.y0) / PATCH_TILE_HEIGHT));
  size_t n = work->n_x * work->n_y;
  work->slot = calloc(n, sizeof *work->slot);
  work->corner = calloc(n, sizeof *work->corner);
  work->tiles = calloc(n, sizeof *work->tiles);
  if (!work->slot || !work->corner || !work->tiles) {
    patchwork_free(work);
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for an interpolant of %zu tiles", n);
  }
  for (size_t i = 0; i < n; i++) {
    double x = domain.x0 + (double)(i / work->n_y);
    double y = domain.y0 + PATCH_TILE_HEIGHT * (double)(i % work->n_y);
    work->slot[i] = -1;
    if (y < x + 1 + domain.diagonal) {
      work->slot[i] = (int)work->n_tiles;
      work->corner[work->n_tiles][0] = x;
      work->corner[work->n_tiles++][1] = y;
    }
  }
  make_rules(work);
  *made = work;
  return ELFIN_OK;
}

void patchwork_free(patchwork *work)
{
  if (!work)
    return;
  for (size_t i = 0; work->tiles && i < work->n_tiles; i++)
    free(work->tiles[i].own);
  free(work->tiles);
  free(work->corner);
  free(work->slot);
  free(work);
}

size_t patchwork_n_tiles(const patchwork *work)
{
  return work->n_tiles;
}

bool patchwork_complete(const patchwork *work)
{
  for (size_t i = 0; i < work->n_tiles; i++)
    if (!work->tiles[i].branches)
      return false;
  return true;
}

/* ---- making a tile ------------------------------------------------------------------------- */

typedef struct patch {
  double x0, x1, y0, y1;
  double error_x, error_y; /* what the highest degrees in x and in y still contribute, × area */
  double integral;         /* ∫ |f| */
  int node;
  double coefficient[N_COEFFICIENTS]; /* monomials, [power of x][power of y] */
} patch;

typedef struct maker {
  const patchwork *work;
  patch_function *f;
  void *context;
  patch *patches;
  size_t n_patches;
  node *nodes;
  size_t n_nodes;
} maker;

static bool outside(const patchwork *work, const patch *p)
{
  const patch_domain *d = &work->domain;
  return p->y0 >= p->x1 + d->diagonal || p->y1 <= d->y0 || p->y0 >= d->y1 || p->x1 <= d->x0 ||
         p->x0 >= d->x1;
}

/** rows × values[ORDER][ORDER] × columnsᵀ */
static void transform(const double matrix[ORDER][ORDER], bool transposed, double values[ORDER][ORDER])
{
  double half[ORDER][ORDER];
  for (int a = 0; a < ORDER; a++)
    for (int j = 0; j < ORDER; j++) {
      half[a][j] = 0;
      for (int i = 0; i < ORDER; i++)
        half[a][j] += (transposed ? matrix[i][a] : matrix[a][i]) * values[i][j];
    }
  for (int a = 0; a < ORDER; a++)
    for (int b = 0; b < ORDER; b++) {
      values[a][b] = 0;
      for (int j = 0; j < ORDER; j++)
        values[a][b] += (transposed ? matrix[j][b] : matrix[b][j]) * half[a][j];
    }
}

/** What is left out of a series, from its last two coefficients: one alone may be small by chance. */
static double last_of(double last, double one_before)
{
  return fmax(fabs(last), DECAY * fabs(one_before));
}

static void fit(const maker *m, patch *p)
{
  const patchwork *work = m->work;
  double y[ORDER], values[ORDER][ORDER], mean = 0;
  for (int j = 0; j < ORDER; j++)
    y[j] = 0.5 * (p->y0 + p->y1) + 0.5 * (p->y1 - p->y0) * work->point[j];
  for (int i = 0; i < ORDER; i++) {
    double x = 0.5 * (p->x0 + p->x1) + 0.5 * (p->x1 - p->x0) * work->point[i];
    m->f(m->context, x, ORDER, y, values[i]);
    for (int j = 0; j < ORDER; j++)
      mean += fabs(values[i][j]) / N_COEFFICIENTS;
  }
  transform(work->chebyshev, false, values);
  double area = (p->x1 - p->x0) * (p->y1 - p->y0);
  p->integral = mean * area;
  p->error_x = p->error_y = 0;
  for (int i = 0; i < ORDER; i++) {
    p->error_x += last_of(values[ORDER - 1][i], values[ORDER - 2][i]) * area;
    p->error_y += last_of(values[i][ORDER - 1], values[i][ORDER - 2]) * area;
  }
  transform(work->monomial, true, values);
  memcpy(p->coefficient, values, sizeof p->coefficient);
}

/** Cut a patch in two: it keeps the lower half, a new one gets the upper.
 * @param step  cut there in y; NaN: at the middle, where that is needed most */
static void cut(maker *m, patch *p, double step)
{
  patch *upper = &m->patches[m->n_patches];
  bool in_x = isnan(step) && p->error_x > p->error_y;
  *upper = *p;
  if (in_x)
    p->x1 = upper->x0 = 0.5 * (p->x0 + p->x1);
  else
    p->y1 = upper->y0 = isnan(step) ? 0.5 * (p->y0 + p->y1) : step;
  m->nodes[p->node] = (node){in_x ? CUT_IN_X : CUT_IN_Y, (int)m->n_nodes, step};
  p->node = (int)m->n_nodes++;
  upper->node = (int)m->n_nodes++;
  patch *const halves[2] = {p, upper};
  m->n_patches++;
  for (int i = 0; i < 2; i++)
    if (outside(m->work, halves[i]))
      halves[i]->error_x = halves[i]->error_y = halves[i]->integral = 0;
    else
      fit(m, halves[i]);
}

/** Cut the tile at all steps of f, from below: the last patch is the uppermost one. */
static void cut_at_steps(maker *m)
{
  const patch_domain *d = &m->work->domain;
  for (size_t i = 0; i < d->n_steps; i++) {
    patch *top = &m->patches[m->n_patches - 1];
    if (top->y0 < d->step[i] && d->step[i] < top->y1)
      cut(m, top, d->step[i]);
  }
}

static void subdivide(maker *m)
{
  double faded = fmax(m->patches[0].x0 - m->work->domain.x_fade, 0);
  double tolerance = m->work->tolerance * exp(faded);
  while (m->n_patches < MAX_PATCHES) {
    double error = 0, size = 0, largest = -1;
    patch *worst = NULL;
    for (size_t i = 0; i < m->n_patches; i++) {
      patch *p = &m->patches[i];
      double own = p->error_x + p->error_y;
      error += own;
      size += p->integral;
      if (own > largest) {
        largest = own;
        worst = p;
      }
    }
    if (!(error > tolerance * size))
      return;
    cut(m, worst, NAN);
  }
}

/** Nodes in the order in which they were cut: a node's children come after it. */
static void set_branches(const double corner[2], size_t n, const node nodes[], branch branches[])
{
  branches[0] = (branch){.x = corner[0] + 0.5,
                         .y = corner[1] + 0.5 * PATCH_TILE_HEIGHT,
                         .per_x = 2,
                         .per_y = 2.0 / PATCH_TILE_HEIGHT};
  for (size_t i = 0; i < n; i++) {
    branch *own = &branches[i];
    own->axis = nodes[i].axis;
    own->index = nodes[i].index;
    bool cut_here = own->axis == CUT_IN_X || own->axis == CUT_IN_Y;
    for (int upper = 0; cut_here && upper < 2; upper++) {
      branch *child = &branches[own->index + upper];
      double side = upper ? 0.5 : -0.5;
      *child = *own;
      if (own->axis == CUT_IN_X) {
        child->x += side / own->per_x;
        child->per_x *= 2;
      } else if (isnan(nodes[i].step)) {
        child->y += side / own->per_y;
        child->per_y *= 2;
      } else {
        double end = own->y + 2 * side / own->per_y;
        child->y = 0.5 * (nodes[i].step + end);
        child->per_y = 2 / fabs(end - nodes[i].step);
      }
    }
    if (cut_here && !isnan(nodes[i].step))
      own->y = nodes[i].step;
  }
}

/** Where look-ups of each cell begin. */
static void set_start(const double corner[2], const branch branches[], int start[N_CELLS])
{
  double width = 1.0 / CELLS_X, height = (double)PATCH_TILE_HEIGHT / CELLS_Y;
  double left = corner[0], bottom = corner[1];
  for (int i = 0; i < CELLS_X; i++)
    for (int j = 0; j < CELLS_Y; j++) {
      double x = left + i * width, y = bottom + j * height;
      int at = 0;
      for (;;) {
        const branch *b = &branches[at];
        double low = b->axis == CUT_IN_X ? x : y;
        double high = low + (b->axis == CUT_IN_X ? width : height);
        double middle = b->axis == CUT_IN_X ? b->x : b->y;
        if ((b->axis != CUT_IN_X && b->axis != CUT_IN_Y) || (low < middle && high > middle))
          break;
        at = b->index + (low >= middle ? 1 : 0);
      }
      start[i * CELLS_Y + j] = at;
    }
}

/** Leaves and their coefficients. @return how many numbers those are */
static size_t set_leaves(maker *m, double coefficients[])
{
  size_t n = 0;
  for (size_t i = 0; i < m->n_patches; i++) {
    const patch *p = &m->patches[i];
    if (outside(m->work, p)) {
      m->nodes[p->node] = (node){OUTSIDE, 0, NAN};
      continue;
    }
    m->nodes[p->node] = (node){A_LEAF, (int)n, NAN};
    memcpy(coefficients + n, p->coefficient, sizeof p->coefficient);
    n += N_COEFFICIENTS;
  }
  return n;
}

elfin_status patchwork_make(const patchwork *work, size_t i_tile, patch_function *f,
                            void *context, size_t *n, double **numbers, elfin_error *err)
{
  elfin_status status = ELFIN_E_MEMORY;
  maker m = {.work = work, .f = f, .context = context, .n_patches = 1, .n_nodes = 1};
  m.patches = malloc(MAX_PATCHES * sizeof *m.patches);
  m.nodes = malloc(MAX_NODES * sizeof *m.nodes);
  double *made = NULL;
  if (!m.patches || !m.nodes)
    goto out;
  const double *corner = work->corner[i_tile];
  m.patches[0] = (patch){
      .x0 = corner[0], .x1 = corner[0] + 1, .y0 = corner[1], .y1 = corner[1] + PATCH_TILE_HEIGHT};
  fit(&m, &m.patches[0]);
  cut_at_steps(&m);
  subdivide(&m);

  size_t start_at = BRANCHES_AT + m.n_nodes * BRANCH_LENGTH, rest_at = start_at + START_LENGTH;
  made = malloc((rest_at + m.n_patches * N_COEFFICIENTS) * sizeof *made);
  if (!made)
    goto out;
  size_t n_coefficients = set_leaves(&m, made + rest_at);
  branch *branches = (branch *)(made + BRANCHES_AT);
  set_branches(corner, m.n_nodes, m.nodes, branches);
  set_start(corner, branches, (int *)(made + start_at));
  tile_head head = {(double)m.n_nodes, (double)n_coefficients};
  memcpy(made, &head, sizeof head);
  *n = rest_at + n_coefficients;
  *numbers = made;
  status = ELFIN_OK;
out:
  free(m.patches);
  free(m.nodes);
  return status ? elfin_fail(err, status, "no memory for an interpolant") : ELFIN_OK;
}

/* ---- taking a tile --------------------------------------------------------------------------- */

static bool are_branches(size_t n, size_t n_coefficients, const branch branches[])
{
  for (size_t i = 0; i < n; i++) {
    const branch *b = &branches[i];
    bool fine = b->index >= 0;
    switch (b->axis) {
    case A_LEAF: fine = fine && (size_t)b->index + N_COEFFICIENTS <= n_coefficients; break;
    case CUT_IN_X:
    case CUT_IN_Y: fine = fine && (size_t)b->index > i && (size_t)b->index + 1 < n; break;
    case OUTSIDE: break;
    default: fine = false;
    }
    if (!fine)
      return false;
  }
  return true;
}

static bool is_count(double n, double most)
{
  return n >= 0 && n <= most && n == floor(n);
}

/** The pieces of a tile; false if these numbers are none. */
static bool look_at(size_t n, const double numbers[], tile *found)
{
  tile_head head;
  if (n < BRANCHES_AT)
    return false;
  memcpy(&head, numbers, sizeof head);
  if (!is_count(head.n_branches, MAX_NODES) || head.n_branches < 1 ||
      !is_count(head.n_coefficients, MAX_PATCHES * N_COEFFICIENTS))
    return false;
  size_t n_branches = (size_t)head.n_branches, n_coefficients = (size_t)head.n_coefficients;
  size_t start_at = BRANCHES_AT + n_branches * BRANCH_LENGTH, rest_at = start_at + START_LENGTH;
  if (n != rest_at + n_coefficients)
    return false;
  *found = (tile){.branches = (const branch *)(numbers + BRANCHES_AT),
                  .start = (const int *)(numbers + start_at),
                  .coefficients = numbers + rest_at};
  for (int i = 0; i < N_CELLS; i++)
    if (found->start[i] < 0 || (size_t)found->start[i] >= n_branches)
      return false;
  return are_branches(n_branches, n_coefficients, found->branches);
}

elfin_status patchwork_borrow(patchwork *work, size_t i_tile, size_t n, const double numbers[],
                              elfin_error *err)
{
  tile taken;
  if (i_tile >= work->n_tiles || !look_at(n, numbers, &taken))
    return elfin_fail(err, ELFIN_E_ARGUMENT, "not part %zu of an interpolant", i_tile);
  free(work->tiles[i_tile].own);
  work->tiles[i_tile] = taken;
  return ELFIN_OK;
}

elfin_status patchwork_take(patchwork *work, size_t i_tile, size_t n, const double numbers[],
                            elfin_error *err)
{
  double *copy = malloc((n + 1) * sizeof *copy);
  if (!copy)
    return elfin_fail(err, ELFIN_E_MEMORY, "no memory for an interpolant");
  if (n)
    memcpy(copy, numbers, n * sizeof *copy);
  elfin_status status = patchwork_borrow(work, i_tile, n, copy, err);
  if (status)
    free(copy);
  else
    work->tiles[i_tile].own = copy;
  return status;
}
