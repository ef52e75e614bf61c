/* SPDX-License-Identifier: Apache-2.0 */
/* complex_layout.c - places for the products of the product space.
 *
 * The tree is spread out from its middle, each branch in a sector as wide as it has ends, which
 * lays out the whole without crossings; then springs and repulsion between neighbours
 * (T. M. J. Fruchterman, E. M. Reingold 1991, Graph drawing by force-directed placement, with
 * their grid) draw together what is tightly linked.  A fixed number of steps from a fixed
 * start: the same links, the same places.
 */
#include "measures/complex.h"

enum { STEPS = 250, NONE = -1 };
#define PI 3.14159265358979323846

/* ---- the tree ---- */

typedef struct tree {
    size_t n;
    int *first, *next, *end; /* of each node the list of its tree links, two ends a link */
    int *order, *parent;     /* from the roots on; parents before children */
    double *ends;            /* leaves below, at least one */
    size_t *below;           /* nodes below and itself */
} tree;

static void link_up(tree *t, const qi_link *links, size_t n_links) {
    int n = 0;
    for (size_t i = 0; i < t->n; i++)
        t->first[i] = NONE;
    for (size_t i = n_links; i > 0; i--) {
        const qi_link *l = &links[i - 1];
        if (!l->tree)
            continue;
        t->end[n] = (int)l->to;
        t->next[n] = t->first[l->from];
        t->first[l->from] = n++;
        t->end[n] = (int)l->from;
        t->next[n] = t->first[l->to];
        t->first[l->to] = n++;
    }
}

/* The part that `root` is in, breadth first, into order[at..]; returns where it ends. */
static size_t walk(tree *t, int root, size_t at) {
    size_t end = at;
    t->order[end++] = root;
    t->parent[root] = NONE;
    for (; at < end; at++)
        for (int l = t->first[t->order[at]]; l != NONE; l = t->next[l])
            if (t->end[l] != t->parent[t->order[at]]) {
                t->parent[t->end[l]] = t->order[at];
                t->order[end++] = t->end[l];
            }
    return end;
}

/* The node no branch of which has more than half of the part. */
static int middle_of(tree *t, size_t from, size_t end) {
    for (size_t i = from; i < end; i++)
        t->below[t->order[i]] = 1;
    for (size_t i = end - 1; i > from; i--)
        t->below[t->parent[t->order[i]]] += t->below[t->order[i]];
    for (size_t i = end; i > from; i--)
        if (2 * t->below[t->order[i - 1]] >= end - from)
            return t->order[i - 1];
    return t->order[from];
}

/* Angle of each node in the middle of its sector; radius grows with the way from the root. */
static void spread_part(tree *t, size_t from, size_t end, double low, double high, double base,
                        double *x, double *y, double *sector) {
    for (size_t i = from; i < end; i++)
        t->ends[t->order[i]] = 0;
    for (size_t i = end; i > from; i--) {
        int v = t->order[i - 1];
        t->ends[v] = t->ends[v] > 0 ? t->ends[v] : 1;
        if (t->parent[v] != NONE)
            t->ends[t->parent[v]] += t->ends[v];
    }
    double *start = sector, *radius = sector + t->n;
    for (size_t i = from; i < end; i++) {
        int v = t->order[i], up = t->parent[v];
        if (up == NONE) {
            start[v] = low;
            radius[v] = base;
        } else {
            radius[v] = radius[up] + 1;
        }
        double wide = (high - low) * t->ends[v] / t->ends[t->order[from]];
        double angle = start[v] + wide / 2, at = start[v];
        x[v] = radius[v] * cos(angle);
        y[v] = radius[v] * sin(angle);
        for (int l = t->first[v]; l != NONE; l = t->next[l])
            if (t->end[l] != up) {
                start[t->end[l]] = at;
                at += (high - low) * t->ends[t->end[l]] / t->ends[t->order[from]];
            }
    }
}

/* Parts that do not hold together stand around the first, each in a sector of its own. */
static void spread_tree(tree *t, double *x, double *y, double *sector) {
    size_t at = 0;
    double turned = 0;
    bool *seen = (bool *)(void *)(sector + 2 * t->n);
    memset(seen, 0, t->n * sizeof *seen);
    for (size_t root = 0; root < t->n; root++) {
        if (seen[root])
            continue;
        size_t end = walk(t, (int)root, at);
        end = walk(t, middle_of(t, at, end), at);
        for (size_t i = at; i < end; i++)
            seen[t->order[i]] = true;
        bool whole = 2 * (end - at) >= t->n;
        double wide = 2 * PI * (double)(end - at) / (double)t->n;
        spread_part(t, at, end, whole ? 0 : turned, whole ? 2 * PI : turned + wide,
                    whole ? 0 : 8, x, y, sector);
        turned += wide;
        at = end;
    }
}

/* ---- springs ---- */

typedef struct spring {
    size_t n, n_links;
    const qi_link *links;
    double *x, *y, *dx, *dy;
    uint32_t *cell_start, *in_cell, *cell_of;
    size_t side;                /* cells along one side */
    double low_x, low_y, width; /* of a cell */
} spring;

static void sort_into_cells(spring *s) {
    double high_x = s->x[0], high_y = s->y[0];
    s->low_x = s->x[0];
    s->low_y = s->y[0];
    for (size_t i = 1; i < s->n; i++) {
        s->low_x = fmin(s->low_x, s->x[i]);
        s->low_y = fmin(s->low_y, s->y[i]);
        high_x = fmax(high_x, s->x[i]);
        high_y = fmax(high_y, s->y[i]);
    }
    double most = fmax(high_x - s->low_x, high_y - s->low_y);
    s->width = fmax(3, most / (double)(s->side - 1) * 1.0001);
    memset(s->cell_start, 0, (s->side * s->side + 1) * sizeof *s->cell_start);
    for (size_t i = 0; i < s->n; i++) {
        size_t column = (size_t)((s->x[i] - s->low_x) / s->width);
        size_t row = (size_t)((s->y[i] - s->low_y) / s->width);
        s->cell_of[i] = (uint32_t)(row * s->side + column);
        s->cell_start[s->cell_of[i] + 1]++;
    }
    for (size_t c = 0; c < s->side * s->side; c++)
        s->cell_start[c + 1] += s->cell_start[c];
    for (size_t i = s->n; i > 0; i--)
        s->in_cell[--s->cell_start[s->cell_of[i - 1] + 1]] = (uint32_t)(i - 1);
    /* Each start has moved down to that of its own cell, one place late. */
    for (size_t c = 0; c < s->side * s->side; c++)
        s->cell_start[c] = s->cell_start[c + 1];
    s->cell_start[s->side * s->side] = (uint32_t)s->n;
}

static void repel(spring *s, size_t i, size_t cell) {
    for (uint32_t k = s->cell_start[cell]; k < s->cell_start[cell + 1]; k++) {
        size_t j = s->in_cell[k];
        double x = s->x[i] - s->x[j], y = s->y[i] - s->y[j];
        double square = x * x + y * y;
        if (j == i || square > 9)
            continue;
        if (square < 1e-6) { /* one on the other: apart by number */
            x = i < j ? -1e-3 : 1e-3;
            square = 1e-6;
        }
        s->dx[i] += x / square;
        s->dy[i] += y / square;
    }
}

static void push_apart(spring *s) {
    sort_into_cells(s);
    for (size_t i = 0; i < s->n; i++) {
        size_t row = s->cell_of[i] / s->side, column = s->cell_of[i] % s->side;
        for (size_t r = row > 0 ? row - 1 : 0; r <= row + 1 && r < s->side; r++)
            for (size_t c = column > 0 ? column - 1 : 0; c <= column + 1 && c < s->side; c++)
                repel(s, i, r * s->side + c);
    }
}

static void pull_together(spring *s) {
    for (size_t e = 0; e < s->n_links; e++) {
        const qi_link *l = &s->links[e];
        double x = s->x[l->from] - s->x[l->to], y = s->y[l->from] - s->y[l->to];
        double length = sqrt(x * x + y * y);
        double force = (l->tree ? 1.0 : 0.12) * l->proximity * fmin(length, 6);
        s->dx[l->from] -= x * force;
        s->dy[l->from] -= y * force;
        s->dx[l->to] += x * force;
        s->dy[l->to] += y * force;
    }
}

static void move(spring *s, double most) {
    for (size_t i = 0; i < s->n; i++) {
        double length = sqrt(s->dx[i] * s->dx[i] + s->dy[i] * s->dy[i]) + 1e-12;
        double step = fmin(length, most) / length;
        s->x[i] += s->dx[i] * step;
        s->y[i] += s->dy[i] * step;
        s->dx[i] = s->dy[i] = 0;
    }
}

static void stretch(double *v, size_t n) {
    double low = v[0], high = v[0];
    for (size_t i = 1; i < n; i++) {
        low = fmin(low, v[i]);
        high = fmax(high, v[i]);
    }
    for (size_t i = 0; i < n; i++)
        v[i] = high - low > 1e-9 ? round(1e4 * (v[i] - low) / (high - low)) / 1e4 : 0.5;
}

quipu_status qi_space_layout(size_t n, const qi_link *links, size_t n_links, double *x,
                             double *y, quipu_error *err) {
    size_t side = 2;
    while (side * side < 2 * n && side < 512)
        side++;
    qi_arena arena = {0};
    size_t ints = (n + 1) * sizeof(int);
    tree t = {.n = n,
              .first = qi_arena_alloc(&arena, ints),
              .next = qi_arena_alloc(&arena, 2 * ints),
              .end = qi_arena_alloc(&arena, 2 * ints),
              .order = qi_arena_alloc(&arena, ints),
              .parent = qi_arena_alloc(&arena, ints),
              .ends = qi_arena_alloc(&arena, (n + 1) * sizeof(double)),
              .below = qi_arena_alloc(&arena, (n + 1) * sizeof(size_t))};
    spring s = {.n = n,
                .n_links = n_links,
                .links = links,
                .x = x,
                .y = y,
                .dx = qi_arena_alloc(&arena, (n + 1) * sizeof(double)),
                .dy = qi_arena_alloc(&arena, (n + 1) * sizeof(double)),
                .cell_start = qi_arena_alloc(&arena, (side * side + 2) * sizeof(uint32_t)),
                .in_cell = qi_arena_alloc(&arena, ints),
                .cell_of = qi_arena_alloc(&arena, ints),
                .side = side};
    double *sector = qi_arena_alloc(&arena, 3 * (n + 1) * sizeof *sector);
    bool room = t.first && t.next && t.end && t.order && t.parent && t.ends && t.below &&
                s.dx && s.dy && s.cell_start && s.in_cell && s.cell_of && sector;
    if (room && n > 0) {
        link_up(&t, links, n_links);
        spread_tree(&t, x, y, sector);
        for (int step = 0; step < STEPS; step++) {
            push_apart(&s);
            pull_together(&s);
            move(&s, 0.6 * (1 - (double)step / STEPS) + 0.01);
        }
        stretch(x, n);
        stretch(y, n);
    }
    qi_arena_free(&arena);
    return room ? QUIPU_OK : qi_fail_memory(err, 8 * ints);
}
