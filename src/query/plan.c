/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c - choose the smallest stored totals that can answer, and list what is to be read.
 *
 *   products wanted?   partners free     reporters free    both free    neither
 *   no                 margins           margins           margins      pairs
 *   yes                matrix            matrix            products     leaves
 *
 * An axis is free when everyone is selected and it is summed away.  Weights are in leaves
 * only; counts of rows in pairs and leaves only.  Pairs are listed from the side that has
 * fewer of them: the exporter's or, through the partner index, the importer's.
 */
#include "query/rollup.h"

const char *qi_path_name(qi_path path) {
    static const char *const names[] = {"margins", "margins", "pairs", "matrix", "leaves"};
    return names[path];
}

static void choose_path(qi_rollup *r) {
    const quipu_view *view = r->view;
    uint32_t dims = r->options->dims;
    bool products = (dims & QUIPU_DIM_PRODUCT) || view->products != NULL;
    bool free_reporter = view->reporters.all && !(dims & QUIPU_DIM_REPORTER);
    bool free_partner = view->partners.all && !(dims & QUIPU_DIM_PARTNER);
    r->ours = free_partner;
    if (r->options->weight || (r->options->rows && products))
        r->path = QI_PATH_LEAVES;
    else if (r->options->rows || (!products && !free_reporter && !free_partner))
        r->path = QI_PATH_PAIRS;
    else if (!products)
        r->path = QI_PATH_MARGINS;
    else if (free_reporter && free_partner)
        r->path = QI_PATH_PRODUCTS;
    else if (free_reporter || free_partner)
        r->path = QI_PATH_MATRIX;
    else
        r->path = QI_PATH_LEAVES;
}

/* ---- groups ---- */

static quipu_status list_axis(qi_rollup *r, const quipu_country_set *set, bool wanted,
                              uint32_t **list, size_t *count, uint32_t **slots,
                              quipu_error *err) {
    size_t n = r->inside->n_countries;
    uint32_t *countries = qi_arena_alloc(&r->arena, (n + 1) * sizeof *countries);
    uint32_t *slot = qi_arena_alloc(&r->arena, (n + 1) * sizeof *slot);
    if (countries == NULL || slot == NULL)
        return qi_fail_memory(err, n * sizeof *slot);
    *list = countries;
    *slots = slot;
    *count = 1;
    if (!wanted)
        return QUIPU_OK;
    *count = 0;
    for (size_t c = 0; c < n; c++) {
        bool ever = set->all;
        for (size_t p = 0; p < set->n_periods && !ever; p++)
            ever = quipu_country_set_has(set, p, c);
        if (!ever)
            continue;
        slot[c] = (uint32_t)*count;
        countries[(*count)++] = (uint32_t)c;
    }
    return QUIPU_OK;
}

/* ---- one side of a period's pairs ---- */

typedef struct side {
    const quipu_country_set *set;
    const uint8_t *able; /* by country: has some selected product; NULL = not looked at */
    const uint32_t *start;
    const uint32_t *order; /* NULL = the pairs as they stand */
    const uint16_t *other;
    size_t length; /* pairs of the selected countries */
} side;

static bool takes(const side *s, size_t period, size_t country) {
    return quipu_country_set_has(s->set, period, country) &&
           (s->able == NULL || s->able[country]);
}

static bool row_has(const quipu_matrix *m, size_t country, const qi_product_set *products) {
    for (size_t i = 0; i < products->n_ranges; i++) {
        uint32_t first = products->ranges[i].first, end = products->ranges[i].end;
        if (m->dense != NULL) {
            const quipu_money *row = m->dense + country * m->n_products;
            for (uint32_t k = first; k < end; k++)
                if (row[k] != 0)
                    return true;
            continue;
        }
        uint32_t low = m->start[country], high = m->start[country + 1], stop = high;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (m->product[middle] < first)
                low = middle + 1;
            else
                high = middle;
        }
        if (low < stop && m->product[low] < end)
            return true;
    }
    return false;
}

static size_t selected_rows(const qi_rollup *r, const quipu_country_set *set, size_t period,
                            uint32_t *rows) {
    size_t n = 0;
    for (uint32_t c = 0; c < r->inside->n_countries; c++)
        if (quipu_country_set_has(set, period, c))
            rows[n++] = c;
    return n;
}

/* A whole matrix is checked once for all questions, single rows are checked for each. */
static quipu_status open_rows(const qi_rollup *r, const quipu_country_set *set, size_t period,
                              bool ours, uint32_t *rows, size_t *n_rows, quipu_matrix *out,
                              quipu_error *err) {
    const quipu_cube *cube = r->view->cube;
    size_t slab = (size_t)r->view->slab[period];
    quipu_side axis = qi_view_side(r->view, ours);
    *n_rows = selected_rows(r, set, period, rows);
    return *n_rows == r->inside->n_countries
               ? quipu_cube_matrix(cube, slab, axis, out, err)
               : quipu_cube_matrix_rows(cube, slab, axis, rows, *n_rows, out, err);
}

/* With few products most pairs have none of them, and the matrices know which countries have
 * any: their pairs with others need not be read.  Rows without a value are not in matrices. */
static quipu_status look_up(qi_rollup *r, size_t period, bool ours, side *s, quipu_error *err) {
    if (r->path != QI_PATH_LEAVES || r->view->products == NULL || r->rich)
        return QUIPU_OK;
    quipu_matrix matrix;
    uint8_t *able = qi_arena_alloc(&r->arena, r->inside->n_countries + 1);
    if (able == NULL)
        return qi_fail_memory(err, r->inside->n_countries);
    uint32_t *rows = qi_arena_alloc(&r->arena, (r->inside->n_countries + 1) * sizeof *rows);
    if (rows == NULL)
        return qi_fail_memory(err, r->inside->n_countries * sizeof *rows);
    size_t n_rows;
    QI_TRY(open_rows(r, s->set, period, ours, rows, &n_rows, &matrix, err));
    for (size_t i = 0; i < n_rows; i++)
        able[rows[i]] = row_has(&matrix, rows[i], &r->inside->products);
    s->able = able;
    return QUIPU_OK;
}

static quipu_status make_side(qi_rollup *r, size_t period, bool ours, side *out,
                              quipu_error *err) {
    const quipu_view *view = r->view;
    const quipu_pairs *pairs = &r->inside->pairs[period];
    bool as_stored = ours != view->swapped;
    *out = (side){.set = ours ? &view->reporters : &view->partners,
                  .start = as_stored ? pairs->reporter_start : pairs->partner_start,
                  .order = as_stored ? NULL : pairs->by_partner,
                  .other = as_stored ? pairs->partner : pairs->reporter};
    QI_TRY(look_up(r, period, ours, out, err));
    for (size_t c = 0; c < pairs->n_countries; c++)
        if (takes(out, period, c))
            out->length += out->start[c + 1] - out->start[c];
    return QUIPU_OK;
}

/* ---- items ---- */

typedef QI_LIST(qi_item) item_list;

static uint32_t group_of(const qi_rollup *r, size_t reporter, size_t partner) {
    return (uint32_t)(r->reporter_slot[reporter] * r->n_partners + r->partner_slot[partner]);
}

static bool push(qi_rollup *r, item_list *items, qi_item item) {
    r->work += item.work;
    return QI_PUSH(items, item);
}

static quipu_status list_pairs(qi_rollup *r, size_t period, item_list *items,
                               quipu_error *err) {
    side one, two;
    QI_TRY(make_side(r, period, true, &one, err));
    QI_TRY(make_side(r, period, false, &two, err));
    bool ours = one.length <= two.length;
    const side *s = ours ? &one : &two, *opposite = ours ? &two : &one;
    const quipu_pairs *pairs = &r->inside->pairs[period];
    bool leaves = r->path == QI_PATH_LEAVES;
    if (!QI_ROOM(items, s->length))
        return qi_fail_memory(err, s->length * sizeof(qi_item));
    for (size_t c = 0; c < pairs->n_countries; c++) {
        if (!takes(s, period, c))
            continue;
        for (uint32_t i = s->start[c]; i < s->start[c + 1]; i++) {
            uint32_t pair = s->order != NULL ? s->order[i] : i;
            size_t other = s->other[pair];
            if (!takes(opposite, period, other))
                continue;
            uint32_t group = ours ? group_of(r, c, other) : group_of(r, other, c);
            uint32_t work = leaves ? pairs->rows[pair] : 1;
            r->work += work;
            items->items[items->n++] = (qi_item){group, (uint32_t)period, pair, work};
        }
    }
    return QUIPU_OK;
}

static quipu_status list_countries(qi_rollup *r, size_t period, item_list *items,
                                   quipu_error *err) {
    const quipu_country_set *set = r->ours ? &r->view->reporters : &r->view->partners;
    const quipu_pairs *pairs = &r->inside->pairs[period];
    bool as_stored = r->ours != r->view->swapped;
    const uint32_t *start = as_stored ? pairs->reporter_start : pairs->partner_start;
    for (size_t c = 0; c < pairs->n_countries; c++) {
        if (start[c] == start[c + 1] || !quipu_country_set_has(set, period, c))
            continue;
        uint32_t group = r->ours ? group_of(r, c, 0) : group_of(r, 0, c);
        uint32_t work = 1;
        if (r->path == QI_PATH_MATRIX) {
            const quipu_matrix *m = &r->matrix[period];
            work = m->dense != NULL ? (uint32_t)m->n_products : m->start[c + 1] - m->start[c];
        }
        if (!push(r, items, (qi_item){group, (uint32_t)period, (uint32_t)c, work}))
            return qi_fail_memory(err, items->n * sizeof(qi_item));
    }
    return QUIPU_OK;
}

static quipu_status list_period(qi_rollup *r, size_t period, item_list *items,
                                quipu_error *err) {
    if (r->path == QI_PATH_PAIRS || r->path == QI_PATH_LEAVES)
        return list_pairs(r, period, items, err);
    if (r->path != QI_PATH_PRODUCTS)
        return list_countries(r, period, items, err);
    qi_item whole = {0, (uint32_t)period, 0, (uint32_t)r->n_products};
    return push(r, items, whole) ? QUIPU_OK : qi_fail_memory(err, sizeof whole);
}

static quipu_status list_items(qi_rollup *r, quipu_error *err) {
    item_list items = {0};
    quipu_status status = QUIPU_OK;
    for (size_t p = 0; p < r->view->n_periods && status == QUIPU_OK; p++) {
        status = qi_rollup_stop(r->options, err);
        if (status == QUIPU_OK && r->view->slab[p] >= 0)
            status = list_period(r, p, &items, err);
    }
    r->items = items.items;
    r->n_items = items.n;
    return status;
}

static quipu_status open_matrices(qi_rollup *r, quipu_error *err) {
    size_t n = r->view->n_periods;
    r->matrix = qi_arena_alloc(&r->arena, (n + 1) * sizeof *r->matrix);
    uint32_t *rows = qi_arena_alloc(&r->arena, (r->inside->n_countries + 1) * sizeof *rows);
    if (r->matrix == NULL || rows == NULL)
        return qi_fail_memory(err, n * sizeof *r->matrix);
    const quipu_country_set *set = r->ours ? &r->view->reporters : &r->view->partners;
    for (size_t p = 0; p < n; p++) {
        size_t n_rows;
        if (r->view->slab[p] >= 0)
            QI_TRY(open_rows(r, set, p, r->ours, rows, &n_rows, &r->matrix[p], err));
    }
    return QUIPU_OK;
}

quipu_status qi_plan(qi_rollup *r, quipu_error *err) {
    uint32_t dims = r->options->dims;
    choose_path(r);
    QI_TRY(list_axis(r, &r->view->reporters, dims & QUIPU_DIM_REPORTER, &r->reporter,
                     &r->n_reporters, &r->reporter_slot, err));
    QI_TRY(list_axis(r, &r->view->partners, dims & QUIPU_DIM_PARTNER, &r->partner,
                     &r->n_partners, &r->partner_slot, err));
    r->n_groups = r->n_reporters * r->n_partners;
    if (r->path == QI_PATH_MATRIX)
        QI_TRY(open_matrices(r, err));
    QI_TRY(list_items(r, err));
    static const uint8_t bytes[] = {8, 8, 14, 8, 8}; /* a number, by path; leaves are packed */
    r->bytes = r->work * bytes[r->path];
    return QUIPU_OK;
}

/* Items were listed by period; put them in order of group, periods rising within. */
quipu_status qi_plan_sort(qi_rollup *r, quipu_error *err) {
    bool sorted = true;
    for (size_t i = 1; i < r->n_items && sorted; i++)
        sorted = r->items[i - 1].group <= r->items[i].group;
    if (sorted)
        return QUIPU_OK;
    size_t *at = calloc(r->n_groups + 1, sizeof *at);
    qi_item *items = malloc(r->n_items * sizeof *items);
    if (at == NULL || items == NULL) {
        free(at);
        free(items);
        return qi_fail_memory(err, r->n_items * sizeof *items);
    }
    for (size_t i = 0; i < r->n_items; i++)
        at[r->items[i].group + 1]++;
    for (size_t g = 0; g < r->n_groups; g++)
        at[g + 1] += at[g];
    for (size_t i = 0; i < r->n_items; i++)
        items[at[r->items[i].group]++] = r->items[i];
    free(at);
    free(r->items);
    r->items = items;
    return QUIPU_OK;
}
