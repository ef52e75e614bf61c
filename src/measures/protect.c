/* SPDX-License-Identifier: Apache-2.0 */
/* protect.c - see protect.h. */
#include "measures/protect.h"

enum {
    MOST_OTHERS = 24, /* labels tried for each axis: the cheapest */
    OPEN_PART = 10    /* a corner has at least this part of the cell's value */
};
/* By number of axes, as all combinations are looked at. */
static const size_t MOST_TRIED[QI_PROTECT_AXES + 1] = {0, MOST_OTHERS, MOST_OTHERS, 8, 5};

/* One label that an axis of the hypercube may have beside the cell's own. */
typedef struct other {
    uint64_t step; /* to be added to a key (wraps) */
    quipu_money value;
    bool total, free; /* free: that cell is hidden already */
} other;

typedef struct search {
    const qi_protected *table;
    size_t *line[QI_PROTECT_AXES]; /* cells in order of (key without the axis, label) */
    size_t *from[QI_PROTECT_AXES]; /* of a cell: where its line begins in it */
    size_t target;
    other others[QI_PROTECT_AXES][MOST_OTHERS + 1];
    size_t n_others[QI_PROTECT_AXES];
    size_t chosen[QI_PROTECT_AXES], best[QI_PROTECT_AXES];
    double least_cost; /* below zero: none found */
} search;

/* ---- keys ---- */

bool qi_protect_strides(qi_protected *t) {
    uint64_t stride = 1;
    for (size_t a = t->n_axes; a > 0; a--) {
        t->stride[a - 1] = stride;
        if (__builtin_mul_overflow(stride, (uint64_t)t->labels[a - 1] + 1, &stride) ||
            stride > INT64_MAX)
            return false;
    }
    return true;
}

size_t qi_protect_find(const qi_protected *t, uint64_t key) {
    size_t low = 0, high = t->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->key[middle] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->n && t->key[low] == key ? low : SIZE_MAX;
}

bool qi_protect_is_inner(const qi_protected *t, uint64_t key) {
    for (size_t a = 0; a < t->n_axes; a++)
        if (qi_protect_label(t, a, key) == t->labels[a])
            return false;
    return true;
}

/* ---- firms ---- */

static size_t n_firms(const qi_protected *t, size_t cell) {
    return t->start[cell + 1] - t->start[cell];
}

/* Have both cells together enough firms? */
static bool enough_together(const qi_protected *t, size_t a, size_t b) {
    size_t i = t->start[a], j = t->start[b], n = 0;
    while (n < t->least && (i < t->start[a + 1] || j < t->start[b + 1])) {
        bool left = j == t->start[b + 1] || (i < t->start[a + 1] && t->firm[i] <= t->firm[j]);
        bool right = i == t->start[a + 1] || (j < t->start[b + 1] && t->firm[j] <= t->firm[i]);
        i += left;
        j += right;
        n++;
    }
    return n >= t->least;
}

static bool may_be_corner(const search *s, size_t cell) {
    const qi_protected *t = s->table;
    return t->value[cell] >= t->value[s->target] / OPEN_PART &&
           enough_together(t, s->target, cell);
}

/* ---- lines along an axis ---- */

typedef struct place {
    uint64_t rest, label;
    size_t cell;
} place;

static int place_order(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->rest != y->rest)
        return x->rest < y->rest ? -1 : 1;
    return x->label < y->label ? -1 : x->label > y->label;
}

static quipu_status make_lines(search *s, quipu_error *err) {
    const qi_protected *t = s->table;
    place *places = malloc((t->n + 1) * sizeof *places);
    bool ok = places != NULL;
    for (size_t a = 0; a < t->n_axes && ok; a++) {
        s->line[a] = malloc((t->n + 1) * sizeof *s->line[a]);
        s->from[a] = malloc((t->n + 1) * sizeof *s->from[a]);
        ok = s->line[a] != NULL && s->from[a] != NULL;
        for (size_t c = 0; c < t->n && ok; c++) {
            uint64_t label = qi_protect_label(t, a, t->key[c]);
            places[c] = (place){t->key[c] - label * t->stride[a], label, c};
        }
        if (ok && t->n > 1)
            qsort(places, t->n, sizeof *places, place_order);
        for (size_t i = 0, from = 0; i < t->n && ok; i++) {
            from = i > 0 && places[i].rest != places[i - 1].rest ? i : from;
            s->line[a][i] = places[i].cell;
            s->from[a][places[i].cell] = from;
        }
    }
    free(places);
    return ok ? QUIPU_OK : qi_fail_memory(err, t->n * sizeof *places);
}

/* ---- labels to choose among ---- */

/* What costs nothing first, then the smaller one; what came first stays first. */
static bool is_cheaper(const other *a, const other *b) {
    if (a->free != b->free)
        return a->free;
    return a->value < b->value;
}

/* False: nothing that comes later can be better. */
static bool keep_other(search *s, size_t axis, other candidate) {
    size_t most = MOST_TRIED[s->table->n_axes];
    other *list = s->others[axis];
    size_t n = s->n_others[axis], at = n;
    while (at > 0 && is_cheaper(&candidate, &list[at - 1]))
        at--;
    if (at < most) {
        n -= n == most;
        memmove(&list[at + 1], &list[at], (n - at) * sizeof *list);
        list[at] = candidate;
        s->n_others[axis] = n + 1;
    }
    return s->n_others[axis] < most || !list[most - 1].free;
}

static other other_of(const search *s, size_t cell) {
    const qi_protected *t = s->table;
    return (other){.step = t->key[cell] - t->key[s->target],
                   .value = t->value[cell],
                   .free = t->hidden[cell] != 0};
}

static void find_others(search *s, size_t axis) {
    const qi_protected *t = s->table;
    const size_t *line = s->line[axis];
    size_t from = s->from[axis][s->target], labels = t->labels[axis];
    uint64_t own = qi_protect_label(t, axis, t->key[s->target]);
    uint64_t end = t->key[s->target] + (labels - own) * t->stride[axis];
    s->n_others[axis] = 0;
    for (size_t i = from; t->key[line[i]] != end; i++)
        if (line[i] != s->target && may_be_corner(s, line[i]) &&
            !keep_other(s, axis, other_of(s, line[i])))
            break;
    other total = other_of(s, qi_protect_find(t, end)); /* always there, and tried last */
    total.total = true;
    s->others[axis][s->n_others[axis]++] = total;
}

/* ---- hypercubes ---- */

/* What the chosen one would hide, in money; below zero: it cannot be. */
static double cost_of(const search *s) {
    const qi_protected *t = s->table;
    double cost = 0;
    for (unsigned corner = 1; corner < 1u << t->n_axes; corner++) {
        uint64_t key = t->key[s->target];
        bool inner = true;
        for (size_t a = 0; a < t->n_axes; a++)
            if (corner >> a & 1u) {
                key += s->others[a][s->chosen[a]].step;
                inner &= !s->others[a][s->chosen[a]].total;
            }
        size_t cell = qi_protect_find(t, key);
        if (cell == SIZE_MAX || (inner && !may_be_corner(s, cell)))
            return -1;
        cost += t->hidden[cell] ? 0 : (double)t->value[cell] + 1;
        if (s->least_cost >= 0 && cost >= s->least_cost)
            return -1; /* there is a better one */
    }
    return cost;
}

/* All combinations from `axis` on; true: one that hides nothing more was found. */
static bool try_axes(search *s, size_t axis) {
    if (axis < s->table->n_axes && axis < QI_PROTECT_AXES) {
        for (size_t i = 0; i < s->n_others[axis]; i++) {
            s->chosen[axis] = i;
            if (try_axes(s, axis + 1))
                return true;
        }
        return false;
    }
    double cost = cost_of(s);
    if (cost < 0)
        return false;
    s->least_cost = cost;
    memcpy(s->best, s->chosen, sizeof s->best);
    return cost == 0;
}

static void hide_corners(search *s) {
    const qi_protected *t = s->table;
    for (unsigned corner = 0; corner < 1u << t->n_axes; corner++) {
        uint64_t key = t->key[s->target];
        for (size_t a = 0; a < t->n_axes; a++)
            if (corner >> a & 1u)
                key += s->others[a][s->best[a]].step;
        t->hidden[qi_protect_find(t, key)] = 1;
    }
}

/* With totals on all axes there is always one: the margins of a cell that trades do, too. */
static void protect_cell(search *s, size_t cell) {
    s->target = cell;
    s->least_cost = -1;
    for (size_t a = 0; a < s->table->n_axes; a++)
        find_others(s, a);
    try_axes(s, 0);
    hide_corners(s);
}

/* ---- the table ---- */

typedef struct target {
    quipu_money value;
    size_t cell;
} target;

/* The largest first: what is hidden for it often serves the smaller ones. */
static int target_order(const void *a, const void *b) {
    const target *x = a, *y = b;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    return x->cell < y->cell ? -1 : x->cell > y->cell;
}

static quipu_status protect_all(search *s, target *targets, quipu_error *err) {
    const qi_protected *t = s->table;
    size_t n = 0;
    for (size_t c = 0; c < t->n; c++) {
        if (n_firms(t, c) >= t->least)
            continue;
        t->hidden[c] = 1;
        if (qi_protect_is_inner(t, t->key[c]))
            targets[n++] = (target){t->value[c], c};
    }
    if (n == 0)
        return QUIPU_OK;
    QI_TRY(make_lines(s, err));
    qsort(targets, n, sizeof *targets, target_order);
    for (size_t i = 0; i < n; i++)
        protect_cell(s, targets[i].cell);
    return QUIPU_OK;
}

quipu_status qi_protect(const qi_protected *t, quipu_error *err) {
    search s = {.table = t};
    target *targets = malloc((t->n + 1) * sizeof *targets);
    if (targets == NULL)
        return qi_fail_memory(err, t->n * sizeof *targets);
    quipu_status status = protect_all(&s, targets, err);
    for (size_t a = 0; a < t->n_axes; a++) {
        free(s.line[a]);
        free(s.from[a]);
    }
    free(targets);
    return status;
}
