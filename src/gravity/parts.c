/* SPDX-License-Identifier: Apache-2.0 */
/* parts.c - which levels are factored together, and in what order. */
#include "gravity/skyline.h"

/* Multiplications that a factorisation may cost, for all parts: a second or so. */
#define MOST_WORK   2e9
#define MOST_VALUES ((size_t)1 << 26)

/* ---- the levels of a row ---- */

typedef struct row_levels {
    uint32_t of[QI_MAX_EFFECTS + 1];
    size_t n;
} row_levels;

static row_levels levels_of(const qi_skyline *k, size_t i, size_t g) {
    row_levels l = {.n = k->s->n_rest};
    for (size_t r = 0; r < l.n; r++)
        l.of[r] = k->s->id[r][i];
    if (k->exact)
        l.of[l.n++] = (uint32_t)(k->n_own + g);
    return l;
}

/* ---- parts in their first order: large sets first ---- */

/* Sets of levels from the one with most to the one with fewest. */
static size_t by_size(const qi_skyline *k, uint32_t from[QI_MAX_EFFECTS],
                      uint32_t to[QI_MAX_EFFECTS]) {
    const qi_sample *s = k->s;
    size_t n = 0;
    for (size_t r = 0; r < s->n_rest; r++, n++) {
        from[n] = s->base[r];
        to[n] = s->base[r + 1];
    }
    if (k->exact) {
        from[n] = (uint32_t)k->n_own;
        to[n++] = (uint32_t)k->n_levels;
    }
    for (size_t i = 1; i < n; i++)
        for (size_t j = i; j > 0 && to[j] - from[j] > to[j - 1] - from[j - 1]; j--) {
            uint32_t f = from[j], t = to[j];
            from[j] = from[j - 1];
            to[j] = to[j - 1];
            from[j - 1] = f;
            to[j - 1] = t;
        }
    return n;
}

static quipu_status list_parts(qi_skyline *k, uint32_t *up, quipu_error *err) {
    uint32_t from[QI_MAX_EFFECTS], to[QI_MAX_EFFECTS];
    size_t n_sets = by_size(k, from, to);
    uint32_t *number = malloc((k->n_levels + 1) * sizeof *number);
    if (number == NULL)
        return qi_fail_memory(err, k->n_levels * sizeof *number);
    for (uint32_t l = 0; l < k->n_levels; l++)
        if (qi_root(up, l) == l)
            number[l] = (uint32_t)k->n_parts++;
    k->parts = qi_arena_alloc(&k->arena, k->n_parts * sizeof *k->parts);
    if (k->parts == NULL) {
        free(number);
        return qi_fail_memory(err, k->n_parts * sizeof *k->parts);
    }
    for (uint32_t l = 0; l < k->n_levels; l++)
        k->parts[number[qi_root(up, l)]].n++;
    for (size_t p = 0, at = 0; p < k->n_parts; p++) {
        k->parts[p].first = (uint32_t)at;
        at += k->parts[p].n;
        k->parts[p].n = 0;
    }
    for (size_t e = 0; e < n_sets; e++)
        for (uint32_t l = from[e]; l < to[e]; l++) {
            qi_part *part = &k->parts[number[qi_root(up, l)]];
            k->place[l] = part->n;
            k->order[part->first + part->n++] = l;
        }
    free(number);
    return QUIPU_OK;
}

/* The first column of each row, in the order as it is. */
static void draw_skyline(qi_skyline *k) {
    const qi_sample *s = k->s;
    for (size_t l = 0; l < k->n_levels; l++)
        k->start[l] = k->place[l];
    for (size_t g = 0; g < s->n_groups; g++)
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
            row_levels row = levels_of(k, i, g);
            for (size_t a = 0; a < row.n; a++)
                for (size_t b = 0; b < row.n; b++)
                    if (k->place[row.of[b]] < k->start[row.of[a]])
                        k->start[row.of[a]] = k->place[row.of[b]];
        }
}

/* Multiplications to factor a part. */
static double work_of(const qi_skyline *k, const qi_part *part) {
    double sum = 0;
    for (uint32_t i = 0; i < part->n; i++) {
        uint32_t level = k->order[part->first + i];
        for (uint32_t j = k->start[level]; j < i; j++) {
            uint32_t other = k->start[k->order[part->first + j]];
            uint32_t begin = k->start[level] > other ? k->start[level] : other;
            sum += begin < j ? j - begin : 0;
        }
        sum += i - k->start[level];
        if (sum > 2 * MOST_WORK)
            break;
    }
    return sum;
}

/* ---- from one end to the other ---- */

typedef struct graph {
    size_t *start; /* neighbours of each level */
    uint32_t *of;
} graph;

static quipu_status make_graph(const qi_skyline *k, qi_arena *arena, graph *out,
                               quipu_error *err) {
    const qi_sample *s = k->s;
    size_t *start = qi_arena_alloc(arena, (k->n_levels + 2) * sizeof *start), sum = 0;
    if (start == NULL)
        return qi_fail_memory(err, k->n_levels * sizeof *start);
    for (int fill = 0; fill < 2; fill++) {
        for (size_t g = 0; g < s->n_groups; g++)
            for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
                row_levels row = levels_of(k, i, g);
                for (size_t a = 0; a < row.n; a++)
                    for (size_t b = 0; b < row.n; b++) {
                        if (a == b)
                            continue;
                        if (fill)
                            out->of[start[row.of[a] + 1]++] = row.of[b];
                        else
                            start[row.of[a] + 2]++;
                    }
            }
        for (size_t l = 2; fill == 0 && l < k->n_levels + 2; l++)
            sum = start[l] += start[l - 1];
        if (fill == 0)
            out->of = qi_arena_alloc(arena, sum * sizeof *out->of);
        if (out->of == NULL)
            return qi_fail_memory(err, sum * sizeof *out->of);
    }
    out->start = start;
    return QUIPU_OK;
}

/* Levels in the order they are met from `from` on, into `met`; `seen` holds the number of the
 * walk. */
static void walk(const graph *net, uint32_t from, uint32_t number, uint32_t *seen,
                 uint32_t *met) {
    size_t head = 0, tail = 0;
    met[tail++] = from;
    seen[from] = number;
    while (head < tail) {
        uint32_t at = met[head++];
        for (size_t e = net->start[at]; e < net->start[at + 1]; e++)
            if (seen[net->of[e]] != number) {
                seen[net->of[e]] = number;
                met[tail++] = net->of[e];
            }
    }
}

/* A walk from anywhere ends far out; from there a second and a third go end to end. */
static void order_thin(qi_skyline *k, const graph *net, const qi_part *part, uint32_t *seen,
                       uint32_t *walks) {
    uint32_t *order = k->order + part->first;
    for (int i = 0; i < 3; i++)
        walk(net, order[i == 0 ? 0 : part->n - 1], ++*walks, seen, order);
    for (uint32_t i = 0; i < part->n; i++)
        k->place[order[i]] = i;
}

static quipu_status order_again(qi_skyline *k, const bool *large, quipu_error *err) {
    qi_arena arena = {0};
    graph net = {0};
    quipu_status status;
    uint32_t *seen = calloc(k->n_levels + 1, sizeof *seen), walks = 0;
    if (seen == NULL)
        return qi_fail_memory(err, k->n_levels * sizeof *seen);
    QI_GO(make_graph(k, &arena, &net, err));
    for (size_t p = 0; p < k->n_parts; p++)
        if (large[p])
            order_thin(k, &net, &k->parts[p], seen, &walks);
    draw_skyline(k);
done:
    free(seen);
    qi_arena_free(&arena);
    return status;
}

/* ---- what is factored ---- */

/* Work that the rows deserve: more of it would cost more than it saves. */
static double bearable(const qi_skyline *k) {
    double rows = 400.0 * (double)k->s->n;
    return rows < 1e7 ? 1e7 : rows > MOST_WORK ? MOST_WORK : rows;
}

static size_t set_of(const qi_skyline *k, uint32_t level) {
    size_t r = 0;
    while (r < k->s->n_rest && level >= k->s->base[r + 1])
        r++;
    return r;
}

/* The last level of each set, but of the set of the first level. */
static void pin(qi_skyline *k, const qi_part *part) {
    const uint32_t *order = k->order + part->first;
    bool seen[QI_MAX_EFFECTS + 1] = {false};
    seen[set_of(k, order[0])] = true;
    for (uint32_t i = part->n; i-- > 0;) {
        size_t set = set_of(k, order[i]);
        k->pinned[order[i]] = !seen[set];
        seen[set] = true;
    }
}

static void place_values(qi_skyline *k) {
    double sum = 0, most = bearable(k);
    size_t kept = 0;
    for (size_t l = 0; l < k->n_levels; l++)
        k->row[l] = INT64_MIN;
    for (size_t p = 0; p < k->n_parts; p++) {
        qi_part part = k->parts[p];
        double work = work_of(k, &part);
        size_t values = 0;
        for (uint32_t i = 0; i < part.n; i++)
            values += i - k->start[k->order[part.first + i]] + 1;
        if (sum + work > most || k->n_values + values > MOST_VALUES)
            continue;
        sum += work;
        k->parts[kept++] = part;
        pin(k, &part);
        for (uint32_t i = 0; i < part.n; i++) {
            uint32_t level = k->order[part.first + i];
            k->row[level] = (int64_t)k->n_values - (int64_t)k->start[level];
            k->n_values += i - k->start[level] + 1;
        }
    }
    k->n_parts = kept;
}

static void join_rows(const qi_skyline *k, uint32_t *up) {
    const qi_sample *s = k->s;
    for (uint32_t l = 0; l < k->n_levels; l++)
        up[l] = l;
    for (size_t g = 0; g < s->n_groups; g++)
        for (size_t i = s->start[g]; i < s->start[g + 1]; i++) {
            row_levels row = levels_of(k, i, g);
            for (size_t r = 1; r < row.n; r++)
                (void)qi_join(up, row.of[0], row.of[r]);
        }
}

quipu_status qi_parts_find(qi_skyline *k, quipu_error *err) {
    uint32_t *up = malloc((k->n_levels + 1) * sizeof *up);
    bool *large = NULL;
    if (up == NULL)
        return qi_fail_memory(err, k->n_levels * sizeof *up);
    join_rows(k, up);
    quipu_status status;
    QI_GO(list_parts(k, up, err));
    draw_skyline(k);
    large = calloc(k->n_parts + 1, sizeof *large);
    if (large == NULL) {
        status = qi_fail_memory(err, k->n_parts);
        goto done;
    }
    bool any = false;
    double sum = 0;
    for (size_t p = 0; p < k->n_parts; p++) {
        double work = work_of(k, &k->parts[p]);
        large[p] = sum + work > bearable(k);
        sum += large[p] ? 0 : work;
        any |= large[p];
    }
    if (any)
        QI_GO(order_again(k, large, err));
    place_values(k);
done:
    free(up);
    free(large);
    return status;
}
