/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c - the rows of a cube as a table function.
 *
 * The view `trade` joins one scan for each slab, with period and flow as constants, so that
 * DuckDB itself leaves out the slabs a statement does not ask for.  Inside a slab the scan
 * goes over pairs: those that no sieve and no selection leaves out, handed to threads some at
 * a time.  Leaves are decoded only when a column of them is wanted, and only such columns.
 */
#include "sql/sql.h"

#include <stdatomic.h>

enum { PAIRS_AT_A_TIME = 16, MOST_SLABS = 1 << 16 };
enum {
    PERIOD,
    YEAR,
    FLOW,
    REPORTER,
    PARTNER,
    PRODUCT,
    VALUE,
    WEIGHT,
    QUANTITY,
    UNIT,
    FLAGS,
    N_COLUMNS
};

/* ---- binding: which slabs ---- */

typedef struct part {
    size_t slab, period;    /* of the cube; of the view */
    const quipu_view *view; /* NULL: all rows the sieve leaves */
    qi_duck_text flow;
} part;

typedef struct binding {
    quipu_sql *sql;
    const qi_sql_cube *cube;
    size_t cube_number;
    part *parts;
    size_t n_parts;
    quipu_view views[QUIPU_N_FLOWS];
    size_t n_views;
} binding;

static void free_binding(void *data) {
    binding *b = data;
    for (size_t i = 0; i < b->n_views; i++)
        quipu_view_close(&b->views[i]);
    free(b->parts);
    free(b);
}

qi_duck_text qi_duck_short_text(const char *text) {
    qi_duck_text out = {0};
    size_t length = strlen(text);
    out.length = (uint32_t)(length < sizeof out.bytes ? length : sizeof out.bytes);
    memcpy(out.bytes, text, out.length);
    return out;
}

static quipu_status new_binding(quipu_sql *sql, const qi_sql_cube *cube, binding **out,
                                quipu_error *err) {
    size_t n_slabs;
    quipu_cube_slabs(cube->cube, &n_slabs);
    binding *b = calloc(1, sizeof *b);
    part *parts = calloc(n_slabs * QUIPU_N_FLOWS + 1, sizeof *parts);
    if (b == NULL || parts == NULL) {
        free(b);
        free(parts);
        return qi_fail_memory(err, n_slabs * sizeof *parts);
    }
    b->sql = sql;
    b->cube = cube;
    while (sql->cubes[b->cube_number] != cube)
        b->cube_number++;
    b->parts = parts;
    *out = b;
    return QUIPU_OK;
}

static void finish_binding(qi_duck info, binding *b) {
    static const struct {
        const char *name;
        int type;
    } columns[N_COLUMNS] = {{"period", QI_DUCK_INTEGER},   {"year", QI_DUCK_INTEGER},
                            {"flow", QI_DUCK_VARCHAR},     {"reporter", QI_DUCK_VARCHAR},
                            {"partner", QI_DUCK_VARCHAR},  {"product", QI_DUCK_VARCHAR},
                            {"value", QI_DUCK_DECIMAL},    {"weight_kg", QI_DUCK_DECIMAL},
                            {"quantity", QI_DUCK_DECIMAL}, {"unit", QI_DUCK_UTINYINT},
                            {"flags", QI_DUCK_UTINYINT}};
    size_t n_slabs;
    uint64_t rows = 0;
    const quipu_slab *slabs = quipu_cube_slabs(b->cube->cube, &n_slabs);
    for (size_t i = 0; i < N_COLUMNS; i++) {
        if (columns[i].type == QI_DUCK_DECIMAL)
            qi_duck_add_money_column(info, columns[i].name, 18);
        else
            qi_duck_add_column(info, columns[i].name, columns[i].type);
    }
    for (size_t i = 0; i < b->n_parts; i++)
        rows += slabs[b->parts[i].slab].rows;
    D.bind_set_cardinality(info, rows, false);
    D.bind_set_bind_data(info, b, free_binding);
}

static int64_t take_number(qi_duck value) {
    int64_t number = D.get_int64(value);
    D.destroy_value(&value);
    return number;
}

/* quipu_slab(cube, slab): what the views stand on. */
static void bind_slab(qi_duck info) {
    quipu_sql *sql = D.bind_get_extra_info(info);
    quipu_error err = {0};
    size_t number = (size_t)take_number(D.bind_get_parameter(info, 0)), n_slabs = 0;
    size_t slab = (size_t)take_number(D.bind_get_parameter(info, 1));
    const quipu_slab *slabs =
        number < sql->n_cubes ? quipu_cube_slabs(sql->cubes[number]->cube, &n_slabs) : NULL;
    binding *b;
    if (slab >= n_slabs) {
        D.bind_set_error(info, "there is no such slab");
        return;
    }
    if (new_binding(sql, sql->cubes[number], &b, &err) != QUIPU_OK) {
        D.bind_set_error(info, err.text);
        return;
    }
    b->parts[b->n_parts++] =
        (part){.slab = slab, .flow = qi_duck_short_text(quipu_flow_name(slabs[slab].flow))};
    finish_binding(info, b);
}

/* ---- trade(reporter := ...): a selection in our own words ---- */

static quipu_status add_view(binding *b, const quipu_selection *selection, quipu_error *err) {
    quipu_view *view = &b->views[b->n_views];
    QI_TRY(quipu_view_open(b->cube->cube, b->sql->nomen, selection, NULL, view, err));
    b->n_views++;
    for (size_t i = 0; i < view->n_periods; i++)
        if (view->slab[i] >= 0)
            b->parts[b->n_parts++] =
                (part){.slab = (size_t)view->slab[i],
                       .period = i,
                       .view = view,
                       .flow = qi_duck_short_text(quipu_flow_name(view->flow))};
    return QUIPU_OK;
}

/* Without a flow: all the cube has. */
static quipu_status add_views(binding *b, quipu_selection *selection, quipu_error *err) {
    size_t n;
    bool has[QUIPU_N_FLOWS] = {false};
    const quipu_slab *slabs = quipu_cube_slabs(b->cube->cube, &n);
    if (selection->flow != NULL)
        return add_view(b, selection, err);
    for (size_t i = 0; i < n; i++)
        has[slabs[i].flow] = true;
    for (unsigned f = 0; f < QUIPU_N_FLOWS; f++) {
        selection->flow = quipu_flow_name((quipu_flow)f);
        if (has[f])
            QI_TRY(add_view(b, selection, err));
    }
    return QUIPU_OK;
}

static void bind_trade(qi_duck info) {
    static const char *const names[] = {"reporter", "partner", "product",
                                        "flow",     "years",   "cube"};
    quipu_sql *sql = D.bind_get_extra_info(info);
    quipu_error err = {0};
    char *text[QI_COUNT(names)];
    binding *b = NULL;
    for (size_t i = 0; i < QI_COUNT(names); i++)
        text[i] = qi_sql_named(info, names[i]);
    quipu_selection selection = {.reporter = text[0],
                                 .partner = text[1],
                                 .product = text[2],
                                 .flow = text[3],
                                 .years = text[4]};
    const qi_sql_cube *cube = qi_sql_find_cube(sql, text[5], &err);
    quipu_status status = QUIPU_E_NOT_FOUND;
    if (cube != NULL)
        status = new_binding(sql, cube, &b, &err);
    if (status == QUIPU_OK)
        status = add_views(b, &selection, &err);
    if (status == QUIPU_OK) {
        finish_binding(info, b);
    } else {
        D.bind_set_error(info, err.text);
        if (b != NULL)
            free_binding(b);
    }
    for (size_t i = 0; i < QI_COUNT(names); i++)
        D.free(text[i]);
}

/* ---- the scan: which pairs, and who takes them ---- */

typedef struct item {
    uint32_t part, pair;
} item;

typedef struct scan {
    const binding *binding;
    quipu_pairs *pairs; /* of each part */
    QI_LIST(item) items;
    _Atomic size_t next;
    const uint8_t *product; /* the sieve's */
    size_t n_columns;
    uint8_t column[N_COLUMNS]; /* of the cube, for each wanted one; N_COLUMNS = only counted */
    uint32_t what;             /* QUIPU_READ_... */
    bool leaves;               /* some column of leaves is wanted */
} scan;

static void free_scan(void *data) {
    scan *s = data;
    free(s->pairs);
    free(s->items.items);
    free(s);
}

static bool wanted(const part *p, const qi_sieve *sieve, unsigned reporter, unsigned partner) {
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
    const binding *b = s->binding;
    const part *p = &b->parts[number];
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
    if (s->n_columns > N_COLUMNS)
        s->n_columns = N_COLUMNS;
    for (size_t i = 0; i < s->n_columns; i++) {
        uint64_t column = D.init_get_column_index(info, i);
        s->column[i] = (uint8_t)(column < N_COLUMNS ? column : N_COLUMNS);
        s->leaves |= column >= PRODUCT && column < N_COLUMNS;
        s->what |= (column == WEIGHT ? QUIPU_READ_WEIGHT : 0u) |
                   (column == QUANTITY || column == UNIT ? QUIPU_READ_QUANTITY : 0u) |
                   (column == FLAGS ? QUIPU_READ_FLAGS : 0u);
    }
    s->leaves |= s->product != NULL;
    for (size_t i = 0; i < s->binding->n_views; i++)
        s->leaves |= s->binding->views[i].products != NULL;
}

static void init(qi_duck info) {
    const binding *b = D.init_get_bind_data(info);
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
    const part *part;
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
    case PERIOD:
    case YEAR:
        for (size_t i = 0; i < n; i++)
            ((int32_t *)data)[at + i] = column == YEAR && period > 9999 ? period / 100 : period;
        break;
    case FLOW: put_texts((qi_duck_text *)data + at, &p->part->flow, n); break;
    case REPORTER: put_texts((qi_duck_text *)data + at, &cube->country[p->reporter], n); break;
    case PARTNER: put_texts((qi_duck_text *)data + at, &cube->country[p->partner], n); break;
    case PRODUCT:
        for (size_t i = 0; i < n; i++)
            ((qi_duck_text *)data)[at + i] = cube->product[l->product[p->at + i]];
        break;
    case VALUE: put_amounts(vector, at, l->value + p->at, n); break;
    case WEIGHT: put_amounts(vector, at, l->weight + p->at, n); break;
    case QUANTITY: put_amounts(vector, at, l->quantity + p->at, n); break;
    case UNIT:
        for (size_t i = 0; i < n; i++) {
            ((uint8_t *)data)[at + i] = l->unit[p->at + i];
            if (l->unit[p->at + i] <= 1) /* 1: no quantity */
                forget(vector, at + i);
        }
        break;
    case FLAGS: memcpy((uint8_t *)data + at, l->flags + p->at, n); break;
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
    static const char *const words[] = {"reporter", "partner", "product",
                                        "flow",     "years",   "cube"};
    qi_duck slab = new_scan(sql, "quipu_slab", bind_slab);
    qi_sql_parameter(slab, NULL, QI_DUCK_INTEGER);
    qi_sql_parameter(slab, NULL, QI_DUCK_INTEGER);
    QI_TRY(qi_sql_register(sql, &slab, "quipu_slab", err));
    qi_duck trade = new_scan(sql, "trade", bind_trade);
    for (size_t i = 0; i < QI_COUNT(words); i++)
        qi_sql_parameter(trade, words[i], QI_DUCK_VARCHAR);
    return qi_sql_register(sql, &trade, "trade", err);
}
