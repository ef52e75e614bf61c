/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c - the rows of a cube as a table function.
 *
 * The view `trade` joins one scan for each slab, with period and flow as constants, so that
 * DuckDB itself leaves out the slabs a statement does not ask for.  Inside a slab the scan
 * goes over pairs: those that no sieve and no selection leaves out, handed to threads some at
 * a time.  Leaves are decoded only when a column of them is wanted, and only such columns.
 */
#include "sql/scan.h"

#include <stdatomic.h>

enum { PAIRS_AT_A_TIME = 16 };

/* ---- the scan: which pairs, and who takes them ---- */

typedef struct item {
    uint32_t part, pair;
} item;

typedef struct scan {
    const qi_scan_binding *binding;
    quipu_pairs *pairs; /* of each part */
    QI_LIST(item) items;
    _Atomic size_t next;
    const uint8_t *product; /* the sieve's */
    size_t n_columns;
    /* Of the cube, for each wanted one; QI_N_TRADE_COLUMNS: rows are only counted. */
    uint8_t column[QI_N_TRADE_COLUMNS];
    uint32_t what; /* QUIPU_READ_... */
    bool leaves;   /* some column of leaves is wanted */
} scan;

static void free_scan(void *data) {
    scan *s = data;
    free(s->pairs);
    free(s->items.items);
    free(s);
}

static bool wanted(const qi_scan_part *p, const qi_sieve *sieve, unsigned reporter,
                   unsigned partner) {
    const quipu_view *view = p->view;
    if (view == NULL)
        return (sieve->reporter == NULL || sieve->reporter[reporter]) &&
               (sieve->partner == NULL || sieve->partner[partner]);
    unsigned ours = view->swapped ? partner : reporter;
    unsigned theirs = view->swapped ? reporter : partner;
    return quipu_country_set_has(&view->reporters, p->period, ours) &&
           quipu_country_set_has(&view->partners, p->period, theirs);
}

static quipu_status list_pairs(scan *s, size_t number, quipu_error *err) {
    const qi_scan_binding *b = s->binding;
    const qi_scan_part *p = &b->parts[number];
    const qi_sieve *sieve = &b->sql->sieve[b->cube_number];
    quipu_pairs *pairs = &s->pairs[number];
    size_t n_slabs;
    if (quipu_cube_slabs(b->cube->cube, &n_slabs)[p->slab].total > QI_DUCK_MOST_MONEY)
        return qi_fail(err, QUIPU_E_LIMIT,
                       "a year of this cube holds more than 10^15 US$, which DECIMAL(18,3) "
                       "does not");
    QI_TRY(quipu_cube_pairs(b->cube->cube, p->slab, pairs, err));
    if (!QI_ROOM(&s->items, pairs->n_pairs))
        return qi_fail_memory(err, pairs->n_pairs * sizeof(item));
    for (size_t i = 0; i < pairs->n_pairs; i++)
        if (wanted(p, sieve, pairs->reporter[i], pairs->partner[i]))
            s->items.items[s->items.n++] = (item){(uint32_t)number, (uint32_t)i};
    return QUIPU_OK;
}

static void choose_columns(qi_duck info, scan *s) {
    s->n_columns = D.init_get_column_count(info);
    if (s->n_columns > QI_N_TRADE_COLUMNS)
        s->n_columns = QI_N_TRADE_COLUMNS;
    for (size_t i = 0; i < s->n_columns; i++) {
        uint64_t column = D.init_get_column_index(info, i);
        s->column[i] = (uint8_t)(column < QI_N_TRADE_COLUMNS ? column : QI_N_TRADE_COLUMNS);
        s->leaves |= column >= QI_PRODUCT_COLUMN && column < QI_N_TRADE_COLUMNS;
        s->what |=
            (column == QI_WEIGHT_COLUMN ? QUIPU_READ_WEIGHT : 0u) |
            (column == QI_QUANTITY_COLUMN || column == QI_UNIT_COLUMN ? QUIPU_READ_QUANTITY
                                                                      : 0u) |
            (column == QI_FLAGS_COLUMN ? QUIPU_READ_FLAGS : 0u);
    }
    s->leaves |= s->product != NULL;
    for (size_t i = 0; i < s->binding->n_views; i++)
        s->leaves |= s->binding->views[i].products != NULL;
}

static void init(qi_duck info) {
    const qi_scan_binding *b = D.init_get_bind_data(info);
    quipu_error err = {0};
    quipu_status status = QUIPU_OK;
    scan *s = calloc(1, sizeof *s);
    quipu_pairs *pairs = calloc(b->n_parts + 1, sizeof *pairs);
    if (s == NULL || pairs == NULL) {
        free(s);
        free(pairs);
        D.init_set_error(info, "out of memory");
        return;
    }
    s->binding = b;
    s->pairs = pairs;
    s->product = b->n_views == 0 ? b->sql->sieve[b->cube_number].product : NULL;
    choose_columns(info, s);
    for (size_t i = 0; i < b->n_parts && status == QUIPU_OK; i++)
        status = list_pairs(s, i, &err);
    if (status != QUIPU_OK) {
        D.init_set_error(info, err.text);
        free_scan(s);
        return;
    }
    D.init_set_init_data(info, s, free_scan);
    D.init_set_max_threads(info, s->items.n / PAIRS_AT_A_TIME + 1);
}

/* ---- one thread's place ---- */

typedef struct place {
    size_t item, end; /* taken, not yet begun */
    const qi_scan_part *part;
    unsigned reporter, partner; /* as the statement sees them */
    size_t at, n;               /* leaves of the pair */
    quipu_leaves leaves;
} place;

static void free_place(void *data) {
    place *p = data;
    quipu_leaves_free(&p->leaves);
    free(p);
}

static void init_place(qi_duck info) {
    place *p = calloc(1, sizeof *p);
    if (p == NULL)
        D.init_set_error(info, "out of memory");
    else
        D.init_set_init_data(info, p, free_place);
}

/* Only leaves of wanted products stay. */
static void sift(const scan *s, place *p, const uint8_t *products) {
    quipu_leaves *l = &p->leaves;
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        if (!products[l->product[i]])
            continue;
        l->product[n] = l->product[i];
        l->value[n] = l->value[i];
        if (s->what != 0) {
            l->weight[n] = l->weight[i];
            l->quantity[n] = l->quantity[i];
            l->unit[n] = l->unit[i];
            l->flags[n] = l->flags[i];
        }
        n++;
    }
    p->n = n;
}

static quipu_status begin_pair(scan *s, place *p, quipu_error *err) {
    const item *i = &s->items.items[p->item++];
    const quipu_pairs *pairs = &s->pairs[i->part];
    const quipu_view *view;
    p->part = &s->binding->parts[i->part];
    view = p->part->view;
    bool swapped = view != NULL && view->swapped;
    p->reporter = swapped ? pairs->partner[i->pair] : pairs->reporter[i->pair];
    p->partner = swapped ? pairs->reporter[i->pair] : pairs->partner[i->pair];
    p->at = 0;
    p->n = pairs->rows[i->pair];
    if (!s->leaves)
        return QUIPU_OK;
    QI_TRY(quipu_cube_leaves(s->binding->cube->cube, p->part->slab, i->pair, s->what,
                             &p->leaves, err));
    const uint8_t *products = view != NULL ? view->products : s->product;
    if (products != NULL)
        sift(s, p, products);
    return QUIPU_OK;
}

/* *more = false: all pairs are taken. */
static quipu_status next_pair(scan *s, place *p, bool *more, quipu_error *err) {
    if (p->item == p->end) {
        p->item = s->next;
        do {
            if (p->item >= s->items.n) {
                p->item = p->end = 0;
                *more = false;
                return QUIPU_OK;
            }
            p->end = p->item + PAIRS_AT_A_TIME;
        } while (!atomic_compare_exchange_weak(&s->next, &p->item, p->end));
        if (p->end > s->items.n)
            p->end = s->items.n;
    }
    *more = true;
    return begin_pair(s, p, err);
}

/* ---- columns ---- */

static void put_texts(qi_duck_text *to, const qi_duck_text *text, size_t n) {
    for (size_t i = 0; i < n; i++)
        to[i] = *text;
}

static void forget(qi_duck vector, size_t at) {
    D.vector_ensure_validity_writable(vector);
    D.vector_get_validity(vector)[at / 64] &= ~(UINT64_C(1) << (at % 64));
}

/* Money and quantities alike: what is missing is negative. */
static void put_amounts(qi_duck vector, size_t at, const int64_t *from, size_t n) {
    int64_t *to = (int64_t *)D.vector_get_data(vector) + at, all = 0;
    for (size_t i = 0; i < n; i++) {
        to[i] = from[i];
        all |= from[i];
    }
    for (size_t i = 0; i < n && all < 0; i++)
        if (from[i] < 0)
            forget(vector, at + i);
}

static void put_column(const scan *s, const place *p, unsigned column, qi_duck vector,
                       size_t at, size_t n) {
    const qi_sql_cube *cube = s->binding->cube;
    const quipu_leaves *l = &p->leaves;
    void *data = D.vector_get_data(vector);
    size_t n_slabs;
    int32_t period = quipu_cube_slabs(cube->cube, &n_slabs)[p->part->slab].period;
    switch (column) {
    case QI_PERIOD_COLUMN:
    case QI_YEAR_COLUMN:
        for (size_t i = 0; i < n; i++)
            ((int32_t *)data)[at + i] =
                column == QI_YEAR_COLUMN && period > 9999 ? period / 100 : period;
        break;
    case QI_FLOW_COLUMN: put_texts((qi_duck_text *)data + at, &p->part->flow, n); break;
    case QI_REPORTER_COLUMN:
        put_texts((qi_duck_text *)data + at, &cube->country[p->reporter], n);
        break;
    case QI_PARTNER_COLUMN:
        put_texts((qi_duck_text *)data + at, &cube->country[p->partner], n);
        break;
    case QI_PRODUCT_COLUMN:
        for (size_t i = 0; i < n; i++)
            ((qi_duck_text *)data)[at + i] = cube->product[l->product[p->at + i]];
        break;
    case QI_VALUE_COLUMN: put_amounts(vector, at, l->value + p->at, n); break;
    case QI_WEIGHT_COLUMN: put_amounts(vector, at, l->weight + p->at, n); break;
    case QI_QUANTITY_COLUMN: put_amounts(vector, at, l->quantity + p->at, n); break;
    case QI_UNIT_COLUMN:
        for (size_t i = 0; i < n; i++) {
            ((uint8_t *)data)[at + i] = l->unit[p->at + i];
            if (l->unit[p->at + i] <= 1) /* 1: no quantity */
                forget(vector, at + i);
        }
        break;
    case QI_FLAGS_COLUMN: memcpy((uint8_t *)data + at, l->flags + p->at, n); break;
    default: break;
    }
}

static void fill(qi_duck info, qi_duck chunk) {
    scan *s = D.function_get_init_data(info);
    place *p = D.function_get_local_init_data(info);
    quipu_error err = {0};
    size_t at = 0;
    bool more = true;
    while (at < QI_DUCK_VECTOR) {
        if (p->at == p->n) {
            if (next_pair(s, p, &more, &err) != QUIPU_OK) {
                D.function_set_error(info, err.text);
                at = 0;
                break;
            }
            if (!more)
                break;
        }
        size_t n = p->n - p->at;
        if (n > QI_DUCK_VECTOR - at)
            n = QI_DUCK_VECTOR - at;
        for (size_t i = 0; i < s->n_columns && n > 0; i++)
            put_column(s, p, s->column[i], D.data_chunk_get_vector(chunk, i), at, n);
        p->at += n;
        at += n;
    }
    D.data_chunk_set_size(chunk, at);
}

/* ---- registering ---- */

static qi_duck new_scan(quipu_sql *sql, const char *name, qi_duck_call bind) {
    qi_duck function = D.create_table_function();
    D.table_function_set_name(function, name);
    D.table_function_set_extra_info(function, sql, NULL);
    D.table_function_set_bind(function, bind);
    D.table_function_set_init(function, init);
    D.table_function_set_local_init(function, init_place);
    D.table_function_set_function(function, fill);
    D.table_function_supports_projection_pushdown(function, true);
    return function;
}

quipu_status qi_sql_add_scans(quipu_sql *sql, quipu_error *err) {
    qi_duck slab = new_scan(sql, "quipu_slab", qi_scan_bind_slab);
    qi_sql_parameter(slab, NULL, QI_DUCK_INTEGER);
    qi_sql_parameter(slab, NULL, QI_DUCK_INTEGER);
    QI_TRY(qi_sql_register(sql, &slab, "quipu_slab", err));
    qi_duck trade = new_scan(sql, "trade", qi_scan_bind_trade);
    for (size_t i = 0; i < QI_COUNT(qi_scan_words); i++)
        qi_sql_parameter(trade, qi_scan_words[i], QI_DUCK_VARCHAR);
    return qi_sql_register(sql, &trade, "trade", err);
}
