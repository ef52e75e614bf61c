/* SPDX-License-Identifier: Apache-2.0 */
/* geography.c - where countries are, what is spoken there, and what ties two of them. */
#include "nomen/nomen.h"

#include <math.h>

enum { ISO3, CAPITAL, LATITUDE, LONGITUDE, AREA, LANGUAGES, COLONIZERS, NEIGHBOURS, N_FIELDS };

typedef struct geography {
    quipu_place *items;
    uint32_t *of; /* by id of the country: place + 1 */
    size_t n_countries;
} geography;

static bool number(const char *text, double least, double most, double *out) {
    return qi_parse_double(text, strlen(text), out) && *out >= least && *out <= most;
}

static quipu_status load(quipu_nomen *nomen, unsigned which, void **out, quipu_error *err) {
    QI_UNUSED(which);
    const quipu_country *countries;
    qi_rows rows;
    char *field[N_FIELDS];
    bool more;
    geography *g = qi_arena_alloc(&nomen->arena, sizeof *g);
    if (g == NULL)
        return qi_fail_memory(err, sizeof *g);
    QI_TRY(quipu_countries(nomen, &countries, &g->n_countries, err));
    QI_TRY(qi_rows_open(&rows, &nomen->arena, QI_NOMEN_GEOGRAPHY, err));
    size_t most = qi_rows_left(&rows), n = 0;
    g->items = qi_arena_alloc(&nomen->arena, (most + 1) * sizeof *g->items);
    g->of = qi_arena_alloc(&nomen->arena, (g->n_countries + 1) * sizeof *g->of);
    if (g->items == NULL || g->of == NULL)
        return qi_fail_memory(err, most * sizeof *g->items);
    for (;;) {
        QI_TRY(qi_rows_next(&rows, field, N_FIELDS, &more, err));
        if (!more)
            break;
        const quipu_country *c = quipu_country_by_iso3(nomen, field[ISO3], strlen(field[ISO3]));
        quipu_place *p = &g->items[n];
        *p = (quipu_place){.capital = field[CAPITAL],
                           .languages = field[LANGUAGES],
                           .colonizers = field[COLONIZERS],
                           .neighbours = field[NEIGHBOURS]};
        if (c == NULL || g->of[c->id] != 0 || !number(field[LATITUDE], -90, 90, &p->latitude) ||
            !number(field[LONGITUDE], -180, 180, &p->longitude) ||
            !number(field[AREA], 0, 1e8, &p->area))
            return qi_fail_at(err, QUIPU_E_FORMAT, rows.file, rows.line, 0,
                              "a country, position or area that cannot be");
        p->country = c->id;
        p->iso3 = c->iso3;
        g->of[c->id] = (uint32_t)++n;
    }
    *out = g;
    return QUIPU_OK;
}

quipu_status quipu_place_find(const quipu_nomen *nomen, uint16_t country,
                              const quipu_place **out, quipu_error *err) {
    const geography *g;
    qi_error_clear(err);
    *out = NULL;
    QI_TRY(qi_nomen_get(nomen, QI_SLOT_GEOGRAPHY, load, 0, &g, err));
    if (country < g->n_countries && g->of[country] != 0)
        *out = &g->items[g->of[country] - 1];
    return QUIPU_OK;
}

/* ---- ties ---- */

static const double EARTH_KM = 6371.0088; /* mean radius, IUGG */

/* Haversine: good for near and far. */
static double great_circle(const quipu_place *a, const quipu_place *b) {
    const double radian = acos(-1.0) / 180.0;
    double p = a->latitude * radian, q = b->latitude * radian;
    double up = sin((q - p) / 2.0);
    double across = sin((b->longitude - a->longitude) * radian / 2.0);
    double h = up * up + cos(p) * cos(q) * across * across;
    return 2.0 * EARTH_KM * asin(sqrt(h < 1.0 ? h : 1.0));
}

/* From the middle of a disc to its points on average: two thirds of the radius. */
static double within(const quipu_place *a) {
    return 0.67 * sqrt(a->area / acos(-1.0));
}

static bool has_item(const char *list, const char *item, size_t length) {
    for (const char *at = list; *at != '\0';) {
        size_t n = strcspn(at, "|");
        if (n == length && memcmp(at, item, n) == 0)
            return true;
        at += n + (at[n] == '|');
    }
    return false;
}

static bool share_item(const char *a, const char *b) {
    for (const char *at = a; *at != '\0';) {
        size_t n = strcspn(at, "|");
        if (has_item(b, at, n))
            return true;
        at += n + (at[n] == '|');
    }
    return false;
}

quipu_ties quipu_ties_of(const quipu_place *a, const quipu_place *b) {
    if (a == b)
        return (quipu_ties){.distance = within(a)};
    return (quipu_ties){
        .distance = great_circle(a, b),
        .border = has_item(a->neighbours, b->iso3, strlen(b->iso3)),
        .language = share_item(a->languages, b->languages),
        .colony = has_item(a->colonizers, b->iso3, strlen(b->iso3)) ||
                  has_item(b->colonizers, a->iso3, strlen(a->iso3)),
    };
}
