/* SPDX-License-Identifier: Apache-2.0 */
/* gravity_spell.c - when agreements held between pairs; a table of agreements of the user's. */
#include "io/grid.h"
#include "measures/gravity.h"

enum { MOST_BYTES = 256 << 20 };

quipu_status qi_gravity_spell(qi_gravity_spells *spells, size_t pair, quipu_date from,
                              quipu_date to, quipu_error *err) {
    qi_gravity_span span = {from, to, spells->head[pair]};
    if (spells->items.n >= UINT32_MAX - 1 || !QI_PUSH(&spells->items, span))
        return qi_fail_memory(err, sizeof span);
    spells->head[pair] = (uint32_t)spells->items.n;
    return QUIPU_OK;
}

/* On the last day of the year or month. */
double qi_gravity_holds(const qi_gravity_spells *spells, size_t pair, double period) {
    quipu_date day =
        period > 9999 ? (quipu_date)period * 100 + 31 : (quipu_date)period * 10000 + 1231;
    for (uint32_t at = spells->head[pair]; at != 0;) {
        const qi_gravity_span *s = &spells->items.items[at - 1];
        if (s->from <= day && (s->to == 0 || s->to >= day))
            return 1.0;
        at = s->next;
    }
    return 0.0;
}

typedef struct reader {
    qi_gravity *g;
    const qi_grid *grid;
    size_t a, b, from;
    ptrdiff_t to;
    size_t n_unknown;
    const char *unknown;
} reader;

static const quipu_country *country_of(reader *r, size_t row, size_t column) {
    const quipu_country *country;
    const char *text = qi_grid_text(r->grid, row, column);
    if (quipu_country_find(r->g->request->nomen, text, &country, NULL) == QUIPU_OK)
        return country;
    if (r->n_unknown++ == 0)
        r->unknown = text;
    return NULL;
}

static quipu_status date_of(const reader *r, size_t row, size_t column, bool late,
                            quipu_date *out, quipu_error *err) {
    const char *text = qi_grid_text(r->grid, row, column);
    size_t length = strlen(text);
    *out = 0;
    if (length == 0 && late)
        return QUIPU_OK;
    if (!quipu_date_parse(text, length, out))
        return qi_grid_fail(r->grid, row, column, err,
                            "\"%.40s\" is no day: 2010, 2010-03 or 2010-03-01", text);
    if (late && length == 4)
        *out += 1130; /* the whole year: from 0101 to 1231 */
    return QUIPU_OK;
}

static quipu_status find_columns(reader *r, quipu_error *err) {
    static const char *const pairs[][2] = {
        {"country1", "country2"}, {"exporter", "importer"}, {"iso1", "iso2"}};
    for (size_t i = 0; i < QI_COUNT(pairs); i++) {
        ptrdiff_t a = qi_grid_find(r->grid, pairs[i][0]),
                  b = qi_grid_find(r->grid, pairs[i][1]);
        if (a < 0 || b < 0)
            continue;
        r->a = (size_t)a;
        r->b = (size_t)b;
        r->to = qi_grid_find(r->grid, "to");
        return qi_grid_need(r->grid, "from", &r->from, err);
    }
    return qi_grid_need(r->grid, "country1", &r->a, err);
}

static size_t place_of(const quipu_country **list, size_t n, const quipu_country *country) {
    for (size_t i = 0; i < n; i++)
        if (list[i] == country)
            return i;
    return SIZE_MAX;
}

quipu_status qi_gravity_read_spells(qi_gravity *g, const char *path,
                                    const quipu_country **exporter, size_t n_exporters,
                                    const quipu_country **importer, size_t n_importers,
                                    qi_gravity_spells *out, quipu_error *err) {
    qi_grid grid;
    reader r = {.g = g, .grid = &grid};
    QI_TRY(qi_grid_read(path, MOST_BYTES, &g->arena, &grid, err));
    QI_TRY(find_columns(&r, err));
    for (size_t row = 0; row < grid.n_rows; row++) {
        const quipu_country *side[2] = {country_of(&r, row, r.a), country_of(&r, row, r.b)};
        quipu_date from, to = 0;
        QI_TRY(date_of(&r, row, r.from, false, &from, err));
        if (r.to >= 0)
            QI_TRY(date_of(&r, row, (size_t)r.to, true, &to, err));
        for (int way = 0; way < 2 && side[0] != NULL && side[1] != NULL; way++) {
            size_t e = place_of(exporter, n_exporters, side[way]);
            size_t m = place_of(importer, n_importers, side[1 - way]);
            if (e != SIZE_MAX && m != SIZE_MAX)
                QI_TRY(qi_gravity_spell(out, e * n_importers + m, from, to, err));
        }
    }
    return r.n_unknown == 0
               ? QUIPU_OK
               : qi_gravity_note(g, err,
                                 "%.100s: %zu name%s of countries not known, the "
                                 "first is \"%.40s\".",
                                 path, r.n_unknown, r.n_unknown == 1 ? "" : "s", r.unknown);
}
