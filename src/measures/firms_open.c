/* SPDX-License-Identifier: Apache-2.0 */
/* firms_open.c - a question by firm understood: the axes of its table, which label a row of the
 * cube has on each, and how many firms a cell needs. */
#include "measures/firms.h"
#include "measures/frame.h"

/* ---- the rule ---- */

static quipu_status read_least(qi_firm_ask *f, quipu_error *err) {
    const char *stated = quipu_cube_meta(f->request->cube, "min-firms");
    const char *typed = qi_argument(f->measure, f->request, "min-firms");
    int64_t floor = QUIPU_MIN_FIRMS, wanted;
    if (stated != NULL && (!qi_parse_int(stated, strlen(stated), &floor) || floor < 1))
        return qi_fail(err, QUIPU_E_DATA, "the cube's min-firms is \"%s\", not a number",
                       stated);
    wanted = typed != NULL ? qi_integer(f->measure, f->request, "min-firms", 0) : floor;
    if (wanted < floor || wanted > 1000)
        return qi_fail(err, QUIPU_E_ARG,
                       "min-firms %lld: from %lld, as the cube was imported, to 1000",
                       (long long)wanted, (long long)floor);
    f->least = (size_t)wanted;
    return QUIPU_OK;
}

/* ---- labels ---- */

/* Two items of a list that share a country would tell of the difference between them. */
static quipu_status is_listed_twice(const qi_firm_ask *f, const qi_axis *axis, size_t a,
                                    size_t b, size_t country, quipu_error *err) {
    size_t n;
    return qi_fail(err, QUIPU_E_ARG,
                   "%s is in \"%s\" and in \"%s\": what one has more than the other could be "
                   "told by subtraction, whoever it is. Ask for \"%s except %s\"",
                   quipu_cube_countries(f->ask.cube, &n)[country].name, axis->name[a],
                   axis->name[b], axis->name[b], axis->name[a]);
}

static quipu_status mark_listed(qi_firm_ask *f, const qi_axis *axis,
                                const quipu_country_set *set, size_t label, int32_t *of,
                                quipu_error *err) {
    for (size_t p = 0; p < f->ask.n_periods; p++)
        for (size_t c = 0; c < f->n_countries; c++) {
            int32_t *at = &of[p * f->n_countries + c];
            if (!quipu_country_set_has(set, p, c))
                continue;
            if (*at >= 0 && *at != (int32_t)label)
                return is_listed_twice(f, axis, (size_t)*at, label, c, err);
            *at = (int32_t)label;
        }
    return QUIPU_OK;
}

static void mark_single(qi_firm_ask *f, const qi_axis *axis, const quipu_country_set *set,
                        int32_t *of) {
    for (size_t p = 0; p < f->ask.n_periods; p++)
        for (size_t c = 0; c < f->n_countries; c++)
            if (quipu_country_set_has(set, p, c))
                of[p * f->n_countries + c] = axis != NULL ? (int32_t)axis->rank[c] : 0;
}

static quipu_status label_side(qi_firm_ask *f, const qi_maker *m, bool reporter, int32_t *of,
                               quipu_error *err) {
    int at = reporter ? f->reporter_axis : f->partner_axis;
    const qi_axis *axis = at >= 0 ? &f->ask.axes[at] : NULL;
    for (size_t i = 0; i < f->ask.n_periods * f->n_countries; i++)
        of[i] = -1;
    if (axis == NULL || !axis->listed) {
        const quipu_view *view = &f->ask.views[0];
        mark_single(f, axis, reporter ? &view->reporters : &view->partners, of);
        return QUIPU_OK;
    }
    size_t step = reporter && m->partner_axis != NULL ? f->ask.n_partners : 1;
    for (size_t label = 0; label < axis->n; label++) {
        const quipu_view *view = m->slices[label * step].view;
        QI_TRY(mark_listed(f, axis, reporter ? &view->reporters : &view->partners, label, of,
                           err));
    }
    return QUIPU_OK;
}

static quipu_status label_countries(qi_firm_ask *f, quipu_error *err) {
    qi_cut cut = {0};
    qi_maker m = {.ask = &f->ask, .cut = &cut};
    quipu_status status;
    QI_GO(qi_slices_open(&m, err));
    QI_GO(label_side(f, &m, true, f->reporter, err));
    QI_GO(label_side(f, &m, false, f->partner, err));
done:
    qi_slices_close(&m);
    return status;
}

static void label_products(qi_firm_ask *f) {
    const uint8_t *mask = f->ask.views[0].products;
    bool class = f->product_axis >= 0 && f->ask.axes[f->product_axis].kind == QI_AXIS_CLASS;
    for (size_t k = 0; k < f->n_products; k++) {
        uint32_t label = class ? f->ask.main_class[k] : f->product_axis >= 0 ? (uint32_t)k : 0;
        f->product[k] = mask == NULL || mask[k] ? (int32_t)label : -1;
    }
}

static quipu_status make_shape(qi_firm_ask *f, quipu_error *err) {
    f->reporter_axis = f->partner_axis = f->product_axis = -1;
    if (f->ask.n_shown >= QI_PROTECT_AXES)
        return qi_fail(err, QUIPU_E_ARG, "%s takes at most %d dimensions besides the year",
                       f->measure->name, QI_PROTECT_AXES - 1);
    f->shape = (qi_protected){.n_axes = f->ask.n_shown, .least = f->least};
    for (size_t a = 0; a < f->ask.n_shown; a++) {
        const qi_axis *axis = &f->ask.axes[a];
        f->shape.labels[a] = axis->n;
        switch (axis->kind) {
        case QI_AXIS_REPORTER: f->reporter_axis = (int)a; break;
        case QI_AXIS_PARTNER: f->partner_axis = (int)a; break;
        case QI_AXIS_PRODUCT:
        case QI_AXIS_CLASS: f->product_axis = (int)a; break;
        case QI_AXIS_FLOW:
            return qi_fail(err, QUIPU_E_ARG, "%s takes one flow: --flow export or import",
                           f->measure->name);
        }
    }
    return qi_protect_strides(&f->shape)
               ? QUIPU_OK
               : qi_fail(err, QUIPU_E_LIMIT, "too many dimensions at once");
}

static quipu_status make_labels(qi_firm_ask *f, quipu_error *err) {
    qi_arena *arena = &f->ask.arena;
    quipu_cube_countries(f->ask.cube, &f->n_countries);
    f->n_products = quipu_cube_n_products(f->ask.cube);
    size_t wide = f->ask.n_periods * f->n_countries;
    f->reporter = qi_arena_alloc(arena, (wide + 1) * sizeof *f->reporter);
    f->partner = qi_arena_alloc(arena, (wide + 1) * sizeof *f->partner);
    f->product = qi_arena_alloc(arena, (f->n_products + 1) * sizeof *f->product);
    if (f->reporter == NULL || f->partner == NULL || f->product == NULL)
        return qi_fail_memory(err, wide * sizeof *f->reporter);
    label_products(f);
    QI_TRY(label_countries(f, err));
    f->reporters = qi_arena_alloc(arena, (f->n_countries / 64 + 1) * sizeof *f->reporters);
    if (f->reporters == NULL)
        return qi_fail_memory(err, f->n_countries / 8);
    for (size_t i = 0; i < wide; i++) {
        size_t c = i % f->n_countries;
        if (f->reporter[i] >= 0)
            f->reporters[c / 64] |= (uint64_t)1 << (c % 64);
    }
    return QUIPU_OK;
}

/* ---- all of it ---- */

quipu_status qi_firm_ask_open(qi_firm_ask *f, const quipu_measure *measure,
                              const quipu_request *request, const char *years,
                              quipu_error *err) {
    qi_wish wish = {.under = "product", .years = years};
    quipu_status status;
    *f = (qi_firm_ask){.measure = measure, .request = request};
    if (quipu_cube_n_firms(request->cube) == 0)
        return qi_fail(err, QUIPU_E_NOT_FOUND,
                       "the cube does not know its firms: import declarations with firm=COLUMN "
                       "in --map and --keep-firms");
    QI_TRY(read_least(f, err));
    QI_TRY(qi_ask_open(&f->ask, measure, request, &wish, err));
    if (f->ask.n_flows != 1 || f->ask.views[0].swapped)
        QI_GO(qi_fail(err, QUIPU_E_ARG, "%s takes one flow: --flow export or import",
                      measure->name));
    QI_GO(make_shape(f, err));
    QI_GO(make_labels(f, err));
done:
    if (status != QUIPU_OK)
        qi_firm_ask_close(f);
    return status;
}

void qi_firm_ask_close(qi_firm_ask *f) {
    qi_ask_close(&f->ask);
}

quipu_status qi_by_firm_protect(const qi_protected *shape, const qi_by_firm *c,
                                uint8_t **hidden, quipu_error *err) {
    qi_protected table = *shape;
    *hidden = calloc(c->n + 1, 1);
    if (*hidden == NULL)
        return qi_fail_memory(err, c->n);
    table.n = c->n;
    table.key = c->key;
    table.value = c->value;
    table.start = c->start;
    table.firm = c->firm;
    table.hidden = *hidden;
    return qi_protect(&table, err);
}
