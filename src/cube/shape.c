/* SPDX-License-Identifier: Apache-2.0 */
/* shape.c - are the indexes of a slab well-formed?  Afterwards their numbers may be followed
 * without a bounds check.  Reading stops at the first thing that is not, verify lists all.
 *
 * Nearly always all is well: so what is long is first looked at without branches, for a yes or
 * no, and again with words only when that says no. */
#include "cube.h"

static uint64_t byte_of(const quipu_cube *cube, const void *item) {
    return (uint64_t)((const unsigned char *)item - cube->map);
}

/* Rising from 0 to `total`: then every number in it is a place among `total` items. */
static quipu_status check_starts(const quipu_cube *cube, qi_check *check, uint32_t kind,
                                 uint32_t slab, const uint32_t *start, size_t n, size_t total,
                                 bool *fits) {
    uint64_t before = check->n;
    if (start[0] != 0)
        QI_TRY(qi_problem(check, kind, slab, byte_of(cube, start), "the first is %u, not 0",
                          start[0]));
    for (size_t i = 0; i < n; i++)
        if (start[i] > start[i + 1])
            QI_TRY(qi_problem(check, kind, slab, byte_of(cube, &start[i + 1]),
                              "number %zu is %u, after %u", i + 1, start[i + 1], start[i]));
    if (start[n] != total)
        QI_TRY(qi_problem(check, kind, slab, byte_of(cube, &start[n]),
                          "the last is %u where there are %zu", start[n], total));
    *fits = check->n == before;
    return QUIPU_OK;
}

/* `start` is known to fit. */
static bool reporters_are_right(const quipu_pairs *p) {
    const uint16_t n = (uint16_t)p->n_countries; /* 16 bits as the items: several at once */
    uint16_t wrong = 0;
    for (uint16_t c = 0; c < n; c++) {
        const uint16_t *reporter = p->reporter + p->reporter_start[c];
        const uint16_t *partner = p->partner + p->reporter_start[c];
        size_t n_pairs = p->reporter_start[c + 1] - p->reporter_start[c];
        for (size_t i = 0; i < n_pairs; i++)
            wrong |= (uint16_t)((reporter[i] != c) | (partner[i] >= n));
        for (size_t i = 1; i < n_pairs; i++)
            wrong |= (uint16_t)(partner[i] <= partner[i - 1]);
    }
    return wrong == 0;
}

quipu_status qi_check_reporters(const quipu_cube *cube, qi_check *check, uint32_t slab,
                                const quipu_pairs *p, bool *fits) {
    *fits = false;
    if (p->reporter_start == NULL || p->reporter == NULL || p->partner == NULL)
        return QUIPU_OK;
    bool starts;
    QI_TRY(check_starts(cube, check, QI_REPORTER_START, slab, p->reporter_start, p->n_countries,
                        p->n_pairs, &starts));
    *fits = starts && reporters_are_right(p);
    if (*fits)
        return QUIPU_OK;
    for (size_t i = 0; i < p->n_pairs; i++) {
        bool same = i > 0 && p->reporter[i] == p->reporter[i - 1];
        if (p->reporter[i] >= p->n_countries)
            QI_TRY(qi_problem(check, QI_PAIR_REPORTER, slab, byte_of(cube, &p->reporter[i]),
                              "pair %zu has reporter %u of %zu", i, p->reporter[i],
                              p->n_countries));
        else if (starts && (i < p->reporter_start[p->reporter[i]] ||
                            i >= p->reporter_start[p->reporter[i] + 1]))
            QI_TRY(qi_problem(check, QI_PAIR_REPORTER, slab, byte_of(cube, &p->reporter[i]),
                              "pair %zu is not among those of reporter %u", i, p->reporter[i]));
        if (p->partner[i] >= p->n_countries)
            QI_TRY(qi_problem(check, QI_PAIR_PARTNER, slab, byte_of(cube, &p->partner[i]),
                              "pair %zu has partner %u of %zu", i, p->partner[i],
                              p->n_countries));
        else if (same && p->partner[i] <= p->partner[i - 1])
            QI_TRY(qi_problem(check, QI_PAIR_PARTNER, slab, byte_of(cube, &p->partner[i]),
                              "pair %zu is not in order of partner", i));
    }
    return QUIPU_OK;
}

/* `start` is known to fit.  Each list rises and all in it have its partner: so none of the
 * n_pairs places names a pair twice, and therefore every pair is named. */
static bool partners_are_right(const quipu_pairs *p) {
    unsigned wrong = 0;
    for (uint32_t c = 0; c < p->n_countries; c++) {
        uint32_t from = p->partner_start[c], to = p->partner_start[c + 1];
        for (uint32_t i = from; i < to; i++) {
            uint32_t pair = p->by_partner[i];
            bool outside = pair >= p->n_pairs;
            wrong |= (unsigned)outside | (p->partner[outside ? 0 : pair] != c);
        }
        for (uint32_t i = from + 1; i < to; i++)
            wrong |= p->by_partner[i] <= p->by_partner[i - 1];
    }
    return wrong == 0;
}

quipu_status qi_check_partners(const quipu_cube *cube, qi_check *check, uint32_t slab,
                               const quipu_pairs *p, bool *fits) {
    *fits = false;
    if (p->partner_start == NULL || p->by_partner == NULL || p->partner == NULL)
        return QUIPU_OK;
    bool starts;
    QI_TRY(check_starts(cube, check, QI_PARTNER_START, slab, p->partner_start, p->n_countries,
                        p->n_pairs, &starts));
    *fits = starts && partners_are_right(p);
    if (!starts || *fits)
        return QUIPU_OK;
    for (size_t c = 0; c < p->n_countries; c++)
        for (uint32_t i = p->partner_start[c]; i < p->partner_start[c + 1]; i++) {
            const char *wrong = NULL;
            if (p->by_partner[i] >= p->n_pairs)
                wrong = "is no pair";
            else if (p->partner[p->by_partner[i]] != c)
                wrong = "is of another partner";
            else if (i > p->partner_start[c] && p->by_partner[i] <= p->by_partner[i - 1])
                wrong = "is not in order";
            if (wrong != NULL)
                QI_TRY(qi_problem(check, QI_BY_PARTNER, slab, byte_of(cube, &p->by_partner[i]),
                                  "pair %u, listed under partner %zu, %s", p->by_partner[i], c,
                                  wrong));
        }
    return QUIPU_OK;
}

quipu_status qi_check_rows(const quipu_cube *cube, qi_check *check, uint32_t slab,
                           const quipu_pairs *p) {
    if (p->rows == NULL)
        return QUIPU_OK;
    uint64_t sum = 0;
    uint32_t most = 0, least = UINT32_MAX;
    for (size_t i = 0; i < p->n_pairs; i++) {
        sum += p->rows[i];
        most = p->rows[i] > most ? p->rows[i] : most;
        least = p->rows[i] < least ? p->rows[i] : least;
    }
    for (size_t i = 0; i < p->n_pairs && (least == 0 || most > p->max_rows); i++)
        if (p->rows[i] == 0 || p->rows[i] > p->max_rows)
            QI_TRY(qi_problem(check, QI_PAIR_ROWS, slab, byte_of(cube, &p->rows[i]),
                              "pair %zu has %u leaves; 1 to %u are possible", i, p->rows[i],
                              p->max_rows));
    const qi_slab_record *record = &cube->records[slab];
    if (sum != record->rows)
        QI_TRY(qi_problem(check, QI_SLABS, slab, byte_of(cube, &record->rows),
                          "%llu leaves are stated, the pairs have %llu",
                          (unsigned long long)record->rows, (unsigned long long)sum));
    if (most < p->max_rows)
        QI_TRY(qi_problem(check, QI_SLABS, slab, byte_of(cube, &record->max_rows),
                          "the largest pair is stated to have %u leaves, it has %u",
                          p->max_rows, most));
    return QUIPU_OK;
}

quipu_status qi_check_matrix(const quipu_cube *cube, qi_check *check, uint32_t slab,
                             quipu_side side, const quipu_matrix *m, bool *fits) {
    uint32_t kind = side == QUIPU_BY_REPORTER ? QI_RMATRIX_DENSE : QI_PMATRIX_DENSE;
    *fits = m->dense != NULL;
    if (m->dense != NULL || m->start == NULL || m->product == NULL || m->value == NULL)
        return QUIPU_OK;
    bool starts;
    size_t n = (size_t)qi_find_section(cube, kind + 3, slab)->length / sizeof *m->value;
    QI_TRY(check_starts(cube, check, kind + 1, slab, m->start, m->n_countries, n, &starts));
    if (!starts)
        return QUIPU_OK;
    uint64_t before = check->n;
    for (size_t c = 0; c < m->n_countries; c++)
        for (uint32_t i = m->start[c]; i < m->start[c + 1]; i++)
            if (m->product[i] >= m->n_products ||
                (i > m->start[c] && m->product[i] <= m->product[i - 1]))
                QI_TRY(qi_problem(check, kind + 2, slab, byte_of(cube, &m->product[i]),
                                  "country %zu: product %u of %zu is %s", c, m->product[i],
                                  m->n_products,
                                  m->product[i] >= m->n_products ? "none" : "not in order"));
    *fits = check->n == before;
    return QUIPU_OK;
}

/* ---- tariffs ---- */

static const char *tariff_wrong(const quipu_cube *cube, const quipu_tariff *t) {
    if (cube->has_products && t->product >= cube->n_products)
        return "names a product the cube does not have";
    if (cube->has_countries &&
        (t->reporter >= cube->n_countries || t->partner >= cube->n_countries))
        return "names a country the cube does not have";
    if (t->duty < QUIPU_DUTY_APPLIED || t->duty > QUIPU_DUTY_BOUND)
        return "has no such duty";
    if (!qi_is_period(t->tariff_period) ||
        (t->trade_period != 0 && !qi_is_period(t->trade_period)))
        return "has a period that is neither a year nor a month";
    if (t->lines < -1 || t->domestic_peaks < -1 || t->international_peaks < -1 ||
        t->value < QUIPU_MONEY_MISSING)
        return "has a count or value below zero";
    return t->reserved[0] == 0 && t->reserved[1] == 0 ? NULL : "has reserved bytes in use";
}

static int tariff_order(const quipu_tariff *a, const quipu_tariff *b) {
#define BY(member)                                                                             \
    if (a->member != b->member)                                                                \
    return a->member < b->member ? -1 : 1
    BY(tariff_period);
    BY(reporter);
    BY(partner);
    BY(product);
    BY(duty);
#undef BY
    return 0;
}

quipu_status qi_check_tariffs(const quipu_cube *cube, qi_check *check,
                              const quipu_tariff *tariffs, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *wrong = tariff_wrong(cube, &tariffs[i]);
        if (wrong == NULL && i > 0 && tariff_order(&tariffs[i - 1], &tariffs[i]) > 0)
            wrong = "is not in order";
        if (wrong != NULL)
            QI_TRY(qi_problem(check, QI_TARIFFS, QI_NO_SLAB, byte_of(cube, &tariffs[i]),
                              "tariff %zu %s", i, wrong));
    }
    return QUIPU_OK;
}
