/* SPDX-License-Identifier: Apache-2.0 */
/* firms_change.c - which firms came, stayed and left between two times, and what of it may be
 * told.
 *
 * Who entered and who stayed are two labels of one more axis, so that the rule of confidentiality
 * holds for them as for partners and products: if either is small, neither is told.
 */
#include "measures/firms.h"

enum { ENTERED, STAYED, BOTH, N_LABELS };

typedef struct making {
    const qi_firm_ask *f;
    const qi_by_firm *before, *after;
    const uint64_t *traded;
    qi_firm_change *out;
    qi_protected table; /* of the time after, split */
    uint64_t *key;
    quipu_money *value;
    size_t *start;
    uint32_t *firm;
    size_t used;
} making;

static bool has_bit(const uint64_t *bits, uint32_t firm) {
    return (bits[firm / 64] >> (firm % 64) & 1u) != 0;
}

/* ---- one cell ---- */

static void put_split(making *m, uint64_t key, unsigned label, quipu_money value, size_t from) {
    if (value <= 0) {
        m->used = from;
        return;
    }
    m->key[m->table.n] = key * N_LABELS + label;
    m->value[m->table.n] = value;
    m->start[m->table.n++] = from;
    m->start[m->table.n] = m->used;
}

/* Firms of the cell after that are, or are not, in the cell before. */
static void list_firms(making *m, size_t was, size_t is, bool entered, quipu_money *value,
                       uint32_t *n, uint32_t *born) {
    const qi_by_firm *b = m->before, *a = m->after;
    size_t i = was != SIZE_MAX ? b->start[was] : 0,
           end = was != SIZE_MAX ? b->start[was + 1] : 0;
    for (size_t k = a->start[is]; k < a->start[is + 1]; k++) {
        while (i < end && b->firm[i] < a->firm[k])
            i++;
        if ((i < end && b->firm[i] == a->firm[k]) == entered)
            continue;
        m->firm[m->used++] = a->firm[k];
        *value += a->of_firm[k]; /* fits: it is part of a sum that did */
        (*n)++;
        *born += m->traded != NULL && !has_bit(m->traded, a->firm[k]);
    }
}

static void put_cell(making *m, uint64_t key, size_t was, size_t is) {
    qi_firm_change *o = m->out;
    size_t at = o->n++, from = m->used;
    uint32_t stayed = 0, none = 0;
    quipu_money of_stayed = 0;
    o->key[at] = key;
    o->before[at] = was != SIZE_MAX ? (uint32_t)qi_firm_count(m->before, was) : 0;
    if (is != SIZE_MAX) {
        o->after[at] = (uint32_t)qi_firm_count(m->after, is);
        o->value[at] = m->after->value[is];
        list_firms(m, was, is, true, &o->of_entered[at], &o->entered[at], &o->born[at]);
        put_split(m, key, ENTERED, o->of_entered[at], from);
        from = m->used;
        list_firms(m, was, is, false, &of_stayed, &stayed, &none);
        /* With what nobody declared, so that both add up to the whole. */
        put_split(m, key, STAYED, o->value[at] - o->of_entered[at], from);
        from = m->used;
        for (size_t k = m->after->start[is]; k < m->after->start[is + 1]; k++)
            m->firm[m->used++] = m->after->firm[k];
        put_split(m, key, BOTH, o->value[at], from);
    }
    o->left[at] = o->before[at] - stayed;
}

/* ---- all cells ---- */

static bool make_room(making *m) {
    size_t n = m->before->n + m->after->n + 1;
    size_t firms = m->after->n > 0 ? m->after->start[m->after->n] : 0;
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
    m->key = malloc(3 * n * sizeof *m->key);
    m->value = malloc(3 * n * sizeof *m->value);
    m->start = calloc(3 * n + 1, sizeof *m->start);
    m->firm = malloc((2 * firms + 1) * sizeof *m->firm);
    m->table.hidden = calloc(3 * n, 1);
    return o->key && o->before && o->after && o->entered && o->left && o->born && o->value &&
           o->of_entered && o->hidden && o->split_hidden && m->key && m->value && m->start &&
           m->firm && m->table.hidden;
}

static void put_cells(making *m) {
    const qi_by_firm *b = m->before, *a = m->after;
    for (size_t i = 0, k = 0; i < b->n || k < a->n;) {
        bool was = k == a->n || (i < b->n && b->key[i] <= a->key[k]);
        bool is = i == b->n || (k < a->n && a->key[k] <= b->key[i]);
        put_cell(m, was ? b->key[i] : a->key[k], was ? i : SIZE_MAX, is ? k : SIZE_MAX);
        i += was;
        k += is;
    }
}

/* Few that stayed or left could be told from the numbers of both times. */
static bool is_split_small(const making *m, size_t at) {
    const qi_firm_change *o = m->out;
    return qi_is_few(m->f, o->entered[at]) || qi_is_few(m->f, o->left[at]) ||
           qi_is_few(m->f, o->before[at] - o->left[at]);
}

static uint8_t *hidden_at(const making *m, uint64_t key, unsigned label) {
    size_t cell = qi_protect_find(&m->table, key * N_LABELS + label);
    return cell != SIZE_MAX ? &m->table.hidden[cell] : NULL;
}

static quipu_status protect(making *m, quipu_error *err) {
    qi_protected *t = &m->table;
    qi_firm_change *o = m->out;
    t->n_axes = m->f->shape.n_axes + 1;
    t->least = m->f->least;
    memcpy(t->labels, m->f->shape.labels, sizeof t->labels);
    t->labels[t->n_axes - 1] = BOTH;
    t->key = m->key;
    t->value = m->value;
    t->start = m->start;
    t->firm = m->firm;
    if (!qi_protect_strides(t))
        return qi_fail(err, QUIPU_E_LIMIT, "too many dimensions at once");
    for (size_t i = 0; i < o->n; i++)
        for (unsigned label = ENTERED; label <= STAYED && is_split_small(m, i); label++) {
            uint8_t *hidden = hidden_at(m, o->key[i], label);
            if (hidden != NULL)
                *hidden = 1;
        }
    QI_TRY(qi_protect(t, err));
    for (size_t i = 0; i < o->n; i++) {
        const uint8_t *both = hidden_at(m, o->key[i], BOTH),
                      *entered = hidden_at(m, o->key[i], ENTERED),
                      *stayed = hidden_at(m, o->key[i], STAYED);
        o->hidden[i] = both != NULL && *both;
        o->split_hidden[i] = o->hidden[i] || (entered != NULL && *entered) ||
                             (stayed != NULL && *stayed) || is_split_small(m, i);
    }
    return QUIPU_OK;
}

quipu_status qi_firm_change_make(const qi_firm_ask *f, const qi_by_firm *before,
                                 const qi_by_firm *after, const uint64_t *traded,
                                 qi_firm_change *out, quipu_error *err) {
    making m = {.f = f, .before = before, .after = after, .traded = traded, .out = out};
    quipu_status status;
    *out = (qi_firm_change){0};
    if (!make_room(&m))
        QI_GO(qi_fail_memory(err, (before->n + after->n) * 100));
    put_cells(&m);
    QI_GO(protect(&m, err));
done:
    free(m.key);
    free(m.value);
    free(m.start);
    free(m.firm);
    free(m.table.hidden);
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
        QI_GO(quipu_cube_firm_block(f->ask.cube, (size_t)slab, b, &rows, err));
        for (size_t i = 0; i < rows.n; i++)
            if (rows.value[i] > 0 &&
                f->reporter[period * f->n_countries + rows.reporter[i]] >= 0)
                bits[rows.firm[i] / 64] |= (uint64_t)1 << (rows.firm[i] % 64);
    }
done:
    quipu_firm_rows_free(&rows);
    return status;
}
