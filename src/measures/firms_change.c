/* SPDX-License-Identifier: Apache-2.0 */
/* firms_change.c - which firms came, stayed and left between two times, and what of it may be
 * told.
 *
 * Who entered a cell and who stayed are two labels of one more axis, so that the rule of
 * confidentiality holds for what they are worth as for partners and products.  A margin has
 * newcomers of its own: who is new to China need not be new to Asia, so the value of those is no
 * sum over the cells below, and is told only where the table has no cells below: in a question
 * of its own.
 */
#include "measures/firms.h"

enum { ENTERED, STAYED, BOTH, N_LABELS };

typedef struct making {
    const qi_firm_ask *f;
    const qi_by_firm *before, *after;
    const uint64_t *traded;
    qi_firm_change *out;
    qi_protected shape; /* of the table with one more axis */
    QI_LIST(qi_firm_fact) facts;
    qi_by_firm split; /* its cells */
    uint8_t *hidden;
} making;

static bool has_bit(const uint64_t *bits, uint32_t firm) {
    return (bits[firm / 64] >> (firm % 64) & 1u) != 0;
}

/* ---- one cell ---- */

/* The trade of a firm in a cell, in all margins, too. */
static bool put_fact(making *m, uint64_t key, unsigned label, uint32_t firm,
                     quipu_money value) {
    const qi_protected *s = &m->f->shape;
    for (unsigned totals = 0; totals < 1u << s->n_axes; totals++) {
        uint64_t of = key;
        for (size_t a = 0; a < s->n_axes; a++)
            if (totals >> a & 1u)
                of += (s->labels[a] - qi_protect_label(s, a, key)) * s->stride[a];
        qi_firm_fact part = {.key = of * N_LABELS + label, .value = value, .firm = firm};
        qi_firm_fact whole = part;
        whole.key = of * N_LABELS + BOTH;
        if (!QI_PUSH(&m->facts, part) || !QI_PUSH(&m->facts, whole))
            return false;
    }
    return true;
}

static bool put_firms(making *m, size_t at, size_t was, size_t is) {
    const qi_by_firm *b = m->before, *a = m->after;
    qi_firm_change *o = m->out;
    bool inner = qi_protect_is_inner(&m->f->shape, o->key[at]), ok = true;
    size_t i = was != SIZE_MAX ? b->start[was] : 0;
    size_t end = was != SIZE_MAX ? b->start[was + 1] : 0;
    for (size_t k = a->start[is]; k < a->start[is + 1] && ok; k++) {
        while (i < end && b->firm[i] < a->firm[k])
            i++;
        bool entered = i == end || b->firm[i] != a->firm[k];
        o->entered[at] += entered;
        o->born[at] += entered && m->traded != NULL && !has_bit(m->traded, a->firm[k]);
        if (entered)
            o->of_entered[at] += a->of_firm[k]; /* fits: it is part of a sum that did */
        if (inner)
            ok = put_fact(m, o->key[at], entered ? ENTERED : STAYED, a->firm[k], a->of_firm[k]);
    }
    if (ok && inner && a->nobody[is] > 0) /* then both add up to the whole */
        ok = put_fact(m, o->key[at], STAYED, QUIPU_FIRM_UNKNOWN, a->nobody[is]);
    return ok;
}

static bool put_cell(making *m, uint64_t key, size_t was, size_t is) {
    qi_firm_change *o = m->out;
    size_t at = o->n++;
    bool ok = true;
    o->key[at] = key;
    o->before[at] = was != SIZE_MAX ? (uint32_t)qi_firm_count(m->before, was) : 0;
    if (is != SIZE_MAX) {
        o->after[at] = (uint32_t)qi_firm_count(m->after, is);
        o->value[at] = m->after->value[is];
        ok = put_firms(m, at, was, is);
    }
    o->left[at] = o->before[at] - (o->after[at] - o->entered[at]);
    return ok;
}

/* ---- all cells ---- */

static bool make_room(making *m) {
    size_t n = m->before->n + m->after->n + 1;
    qi_firm_change *o = m->out;
    o->key = malloc(n * sizeof *o->key);
    o->before = calloc(n, sizeof *o->before);
    o->after = calloc(n, sizeof *o->after);
    o->entered = calloc(n, sizeof *o->entered);
    o->left = calloc(n, sizeof *o->left);
    o->born = calloc(n, sizeof *o->born);
    o->value = calloc(n, sizeof *o->value);
    o->of_entered = calloc(n, sizeof *o->of_entered);
    o->hidden = calloc(n, 1);
    o->split_hidden = calloc(n, 1);
    o->part_hidden = calloc(n, 1);
    return o->key && o->before && o->after && o->entered && o->left && o->born && o->value &&
           o->of_entered && o->hidden && o->split_hidden && o->part_hidden;
}

static bool put_cells(making *m) {
    const qi_by_firm *b = m->before, *a = m->after;
    bool ok = true;
    for (size_t i = 0, k = 0; (i < b->n || k < a->n) && ok;) {
        bool was = k == a->n || (i < b->n && b->key[i] <= a->key[k]);
        bool is = i == b->n || (k < a->n && a->key[k] <= b->key[i]);
        ok = put_cell(m, was ? b->key[i] : a->key[k], was ? i : SIZE_MAX, is ? k : SIZE_MAX);
        i += was;
        k += is;
    }
    return ok;
}

/* ---- what is told ---- */

static bool is_hidden(const making *m, uint64_t key, unsigned label) {
    size_t cell = qi_by_firm_find(&m->split, key * N_LABELS + label);
    return cell != SIZE_MAX && m->hidden[cell];
}

/* Few that entered, stayed or left could be told from the numbers of both times. */
static bool is_split_small(const making *m, size_t at) {
    const qi_firm_change *o = m->out;
    return qi_is_few(m->f, o->entered[at]) || qi_is_few(m->f, o->left[at]) ||
           qi_is_few(m->f, o->before[at] - o->left[at]);
}

static quipu_status protect(making *m, quipu_error *err) {
    qi_protected *s = &m->shape;
    qi_firm_change *o = m->out;
    *s = m->f->shape;
    s->labels[s->n_axes++] = BOTH;
    if (!qi_protect_strides(s))
        return qi_fail(err, QUIPU_E_LIMIT, "too many dimensions at once");
    QI_TRY(qi_by_firm_make(m->facts.items, m->facts.n, &m->split, err));
    QI_TRY(qi_by_firm_protect(s, &m->split, &m->hidden, err));
    for (size_t i = 0; i < o->n; i++) {
        o->hidden[i] = is_hidden(m, o->key[i], BOTH);
        o->split_hidden[i] = o->hidden[i] || is_split_small(m, i);
        o->part_hidden[i] = o->split_hidden[i] ||
                            !qi_protect_is_inner(&m->f->shape, o->key[i]) ||
                            is_hidden(m, o->key[i], ENTERED) || is_hidden(m, o->key[i], STAYED);
    }
    return QUIPU_OK;
}

quipu_status qi_firm_change_make(const qi_firm_ask *f, const qi_by_firm *before,
                                 const qi_by_firm *after, const uint64_t *traded,
                                 qi_firm_change *out, quipu_error *err) {
    making m = {.f = f, .before = before, .after = after, .traded = traded, .out = out};
    quipu_status status;
    *out = (qi_firm_change){0};
    if (!make_room(&m) || !put_cells(&m))
        QI_GO(qi_fail_memory(err, (before->n + after->n) * 100));
    QI_GO(protect(&m, err));
done:
    free(m.facts.items);
    qi_by_firm_free(&m.split);
    free(m.hidden);
    if (status != QUIPU_OK)
        qi_firm_change_free(out);
    return status;
}

void qi_firm_change_free(qi_firm_change *c) {
    free(c->key);
    free(c->before);
    free(c->after);
    free(c->entered);
    free(c->left);
    free(c->born);
    free(c->value);
    free(c->of_entered);
    free(c->hidden);
    free(c->split_hidden);
    free(c->part_hidden);
    *c = (qi_firm_change){0};
}

size_t qi_firm_change_find(const qi_firm_change *c, uint64_t key) {
    const qi_protected view = {.n = c->n, .key = c->key};
    return qi_protect_find(&view, key);
}

/* ---- who traded at all ---- */

size_t qi_firms_words(const qi_firm_ask *f) {
    return (size_t)quipu_cube_n_firms(f->ask.cube) / 64 + 1;
}

quipu_status qi_firms_traded(const qi_firm_ask *f, size_t period, uint64_t *bits,
                             quipu_error *err) {
    int slab = f->ask.views[0].slab[period];
    quipu_firm_rows rows = {0};
    size_t n = 0;
    quipu_status status = QUIPU_OK;
    if (slab >= 0)
        QI_TRY(quipu_cube_firm_blocks(f->ask.cube, (size_t)slab, &n, err));
    for (size_t b = 0; b < n; b++) {
        QI_GO(quipu_cube_firm_block_of(f->ask.cube, (size_t)slab, b, f->reporters, &rows, err));
        for (size_t i = 0; i < rows.n; i++)
            if (rows.value[i] > 0 &&
                f->reporter[period * f->n_countries + rows.reporter[i]] >= 0)
                bits[rows.firm[i] / 64] |= (uint64_t)1 << (rows.firm[i] % 64);
    }
done:
    quipu_firm_rows_free(&rows);
    return status;
}
