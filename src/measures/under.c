/* SPDX-License-Identifier: Apache-2.0 */
/* under.c - see under.h. */
#include "measures/under.h"
#include "measures/frame.h"

typedef struct place {
    uint64_t line;
    uint32_t partner, good;
    size_t row;
} place;

static int place_order(const void *a, const void *b) {
    const place *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->partner != y->partner)
        return x->partner < y->partner ? -1 : 1;
    if (x->good != y->good)
        return x->good < y->good ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static bool same_cell(const place *x, const place *y) {
    return x->line == y->line && x->partner == y->partner && x->good == y->good;
}

static uint64_t shown_mask(const qi_ask *ask) {
    uint64_t mask = 0;
    for (size_t a = 0; a < ask->n_shown; a++)
        mask |= qi_axis_mask(&ask->axes[a]);
    return mask;
}

/* ---- goods ---- */

/* A family goes by its first product. */
static quipu_status name_goods(qi_under *u, uint32_t *good, quipu_error *err) {
    const qi_ask *ask = u->ask;
    size_t n = quipu_cube_n_products(ask->cube);
    u->has_products = n > 1;
    for (size_t k = 0; k < n; k++)
        good[k] = (uint32_t)k;
    if (!(u->cut & QI_UNDER_FAMILY))
        return QUIPU_OK;
    uint32_t *first = malloc((n + 1) * sizeof *first);
    if (first == NULL)
        return qi_fail_memory(err, n * sizeof *first);
    quipu_status status = qi_families_make(ask->nomen, ask->cube, ask->periods[0],
                                           ask->periods[ask->n_periods - 1], good,
                                           &u->n_families, &u->is_hs, err);
    for (size_t k = n; k > 0 && status == QUIPU_OK; k--)
        first[good[k - 1]] = (uint32_t)(k - 1);
    for (size_t k = 0; k < n && status == QUIPU_OK; k++)
        good[k] = first[good[k]];
    free(first);
    return status;
}

/* ---- cells ---- */

static quipu_status list_places(qi_under *u, const uint32_t *good, place *places) {
    const qi_ask *ask = u->ask;
    int partner = qi_ask_axis(ask, QI_AXIS_PARTNER),
        product = qi_ask_axis(ask, QI_AXIS_PRODUCT);
    uint64_t shown = shown_mask(ask);
    for (size_t row = 0; row < u->frame.n_rows; row++) {
        uint64_t key = u->frame.key[row];
        places[row] = (place){.line = key & shown, .row = row};
        if ((u->cut & QI_UNDER_PARTNER) && partner >= 0)
            places[row].partner = (uint32_t)qi_key_label(&ask->axes[partner], key);
        if ((u->cut & QI_UNDER_PRODUCT) && product >= 0)
            places[row].good = good[qi_key_label(&ask->axes[product], key)];
    }
    bool sorted = true; /* rows come in order of key: mostly the same */
    for (size_t row = 1; row < u->frame.n_rows && sorted; row++)
        sorted = place_order(&places[row - 1], &places[row]) < 0;
    if (!sorted)
        qsort(places, u->frame.n_rows, sizeof *places, place_order);
    return QUIPU_OK;
}

static bool make_room(qi_under *u, const place *places) {
    size_t n = u->frame.n_rows, wide;
    for (size_t i = 0; i < n; i++) {
        u->n_lines += i == 0 || places[i].line != places[i - 1].line;
        u->n_cells += i == 0 || !same_cell(&places[i], &places[i - 1]);
    }
    if (!qi_mul_size(u->n_cells, u->n_periods, &wide))
        return false;
    u->line_key = calloc(u->n_lines + 1, sizeof *u->line_key);
    u->start = calloc(u->n_lines + 1, sizeof *u->start);
    u->line_known = calloc(u->n_lines * u->n_periods + 1, 1);
    u->partner = calloc(u->n_cells + 1, sizeof *u->partner);
    u->good = calloc(u->n_cells + 1, sizeof *u->good);
    u->value = calloc(wide + 1, sizeof *u->value);
    u->known = calloc(wide + 1, 1);
    return u->line_key && u->start && u->line_known && u->partner && u->good && u->value &&
           u->known;
}

/* Where the partners keep the books, a single partner's silence is missing. */
static bool is_told_of(const qi_under *u, const qi_axis *axis, uint32_t partner,
                       size_t period) {
    const quipu_view *view = &u->ask->views[0];
    size_t other = axis->position[partner];
    for (size_t c = 0; c < qi_view_inside(view)->n_countries; c++)
        if (quipu_country_set_has(&view->reporters, period, c) &&
            qi_is_told(view, period, c, other))
            return true;
    return false;
}

static void mark_silent(qi_under *u) {
    const qi_ask *ask = u->ask;
    int a = qi_ask_axis(ask, QI_AXIS_PARTNER);
    if (!ask->views[0].swapped || a < 0 || ask->axes[a].listed ||
        ((u->frame.dropped >> a) & 1u))
        return;
    const qi_axis *axis = &ask->axes[a];
    bool shown = (size_t)a < ask->n_shown;
    if (!shown && !(u->cut & QI_UNDER_PARTNER))
        return;
    for (size_t l = 0; l < u->n_lines; l++)
        for (size_t p = 0; p < u->n_periods; p++) {
            uint32_t label = (uint32_t)qi_key_label(axis, u->line_key[l]);
            bool told = !shown || is_told_of(u, axis, label, p);
            u->line_known[l * u->n_periods + p] &= told;
            for (size_t c = u->start[l]; c < u->start[l + 1]; c++)
                u->known[c * u->n_periods + p] &=
                    shown ? told : is_told_of(u, axis, u->partner[c], p);
        }
}

static quipu_status fill(qi_under *u, const place *places, quipu_error *err) {
    size_t line = SIZE_MAX, cell = SIZE_MAX, np = u->n_periods;
    for (size_t i = 0; i < u->frame.n_rows; i++) {
        const place *at = &places[i];
        if (i == 0 || at->line != places[i - 1].line) {
            u->line_key[++line] = at->line;
            u->start[line] = cell + 1;
        }
        bool first = i == 0 || !same_cell(at, &places[i - 1]);
        cell += first;
        u->partner[cell] = at->partner;
        u->good[cell] = at->good;
        for (size_t p = 0; p < np; p++) {
            size_t from = qi_frame_at(&u->frame, 0, at->row, p);
            u->known[cell * np + p] |= u->frame.known[from];
            u->line_known[line * np + p] |= u->frame.known[from];
            if (!qi_add_money(&u->value[cell * np + p], u->frame.value[from]))
                return qi_fail(err, QUIPU_E_DATA, "a sum is beyond 9.2e15 US$");
        }
    }
    u->start[u->n_lines] = u->n_cells;
    mark_silent(u);
    return QUIPU_OK;
}

quipu_status qi_under_make(qi_ask *ask, unsigned cut, qi_under *out, quipu_error *err) {
    return qi_under_cut(ask, cut, NULL, out, err);
}

quipu_status qi_under_cut(qi_ask *ask, unsigned cut, const qi_cut *frame, qi_under *out,
                          quipu_error *err) {
    *out = (qi_under){.ask = ask, .cut = cut, .n_periods = ask->n_periods};
    place *places = NULL;
    uint32_t *good = malloc((quipu_cube_n_products(ask->cube) + 1) * sizeof *good);
    quipu_status status = QUIPU_OK;
    if (good == NULL)
        return qi_fail_memory(err, quipu_cube_n_products(ask->cube) * sizeof *good);
    if (ask->n_periods == 0)
        QI_GO(qi_fail(err, QUIPU_E_NOT_FOUND, "the cube has none of these years"));
    QI_GO(name_goods(out, good, err));
    QI_GO(qi_frame_make(ask, frame, &out->frame, err));
    places = malloc((out->frame.n_rows + 1) * sizeof *places);
    if (places == NULL)
        QI_GO(qi_fail_memory(err, out->frame.n_rows * sizeof *places));
    QI_GO(list_places(out, good, places));
    if (!make_room(out, places))
        QI_GO(qi_fail_memory(err, out->n_cells * out->n_periods * 9));
    QI_GO(fill(out, places, err));
done:
    free(places);
    free(good);
    if (status != QUIPU_OK)
        qi_under_free(out);
    return status;
}

void qi_under_free(qi_under *u) {
    qi_frame_free(&u->frame);
    free(u->line_key);
    free(u->start);
    free(u->line_known);
    free(u->partner);
    free(u->good);
    free(u->value);
    free(u->known);
    *u = (qi_under){0};
}

size_t qi_under_find(const qi_under *u, uint64_t line_key) {
    size_t low = 0, high = u->n_lines;
    for (size_t a = 0; a < u->ask->n_shown; a++)
        if ((u->frame.dropped >> a) & 1u)
            line_key &= ~qi_axis_mask(&u->ask->axes[a]);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (u->line_key[middle] < line_key)
            low = middle + 1;
        else
            high = middle;
    }
    return low < u->n_lines && u->line_key[low] == line_key ? low : SIZE_MAX;
}

quipu_status qi_under_note(qi_ask *ask, const qi_under *u, quipu_error *err) {
    if (!(u->cut & QI_UNDER_PRODUCT))
        return QUIPU_OK;
    if (!u->has_products)
        return qi_ask_note(ask, err,
                           "The cube holds totals only: products are not told apart.");
    if (!(u->cut & QI_UNDER_FAMILY))
        return qi_ask_note(ask, err,
                           "Products are the codes of the cube, %zu in all: a revision of the "
                           "nomenclature may end one and begin another.",
                           quipu_cube_n_products(ask->cube));
    const char *code = quipu_cube_product(ask->cube, 0);
    if (u->is_hs && code != NULL && strlen(code) < 6)
        return qi_ask_note(
            ask, err,
            "Products are the %zu codes of the cube, of fewer than six digits: "
            "families, which join what a revision of the HS changed, are made of "
            "six-digit codes, so a revision may end one and begin another.",
            quipu_cube_n_products(ask->cube));
    if (u->is_hs)
        return qi_ask_note(ask, err,
                           "Products are families: codes that revisions of the HS join are "
                           "one (%zu codes, %zu families).",
                           quipu_cube_n_products(ask->cube), u->n_families);
    return qi_ask_note(ask, err,
                       "Products are the %zu codes of the cube, which no revision changes; "
                       "industries hide new goods within them.",
                       quipu_cube_n_products(ask->cube));
}
