/* SPDX-License-Identifier: Apache-2.0 */
/* country_set.c - the countries of a list as bits, one row for each period.
 *
 * A row for each period because the members of a group come and go; "except" takes away from
 * its own item only, so each item is made by itself and then added.
 */
#include "query/query.h"

enum { NOTE_BYTES = 240 };

typedef struct maker {
    const quipu_cube *cube;
    const quipu_nomen *nomen;
    const quipu_period *periods;
    size_t n_periods, n_words, n_countries;
    uint64_t *bits;
    bool dated;
    qi_buffer absent;
    size_t n_absent;
} maker;

static void set_country(maker *m, uint64_t *bits, size_t period, int index, bool on) {
    uint64_t *word = &bits[period * m->n_words + (size_t)index / 64];
    uint64_t bit = (uint64_t)1 << ((size_t)index % 64);
    *word = on ? *word | bit : *word & ~bit;
}

static bool add_absent(maker *m, const char *name) {
    m->n_absent++;
    if (m->absent.length > NOTE_BYTES)
        return true;
    return qi_buffer_printf(&m->absent, "%s%s", m->absent.length > 0 ? ", " : "", name);
}

static bool add_country(maker *m, const quipu_country *country, bool on) {
    int index = quipu_cube_country_index(m->cube, country->number);
    if (index < 0)
        return !on || add_absent(m, country->name);
    for (size_t p = 0; p < m->n_periods; p++)
        set_country(m, m->bits, p, index, on);
    return true;
}

static quipu_status add_group(maker *m, const quipu_group *group, bool on, quipu_error *err) {
    const quipu_country *countries;
    const quipu_member *members;
    size_t n, n_countries;
    QI_TRY(quipu_countries(m->nomen, &countries, &n_countries, err));
    QI_TRY(quipu_group_members(m->nomen, group, &members, &n, err));
    m->dated |= group->dated;
    for (size_t i = 0; i < n; i++) {
        const quipu_member *member = &members[i];
        if (member->country >= n_countries)
            continue;
        const quipu_country *country = &countries[member->country];
        int index = quipu_cube_country_index(m->cube, country->number);
        bool ever = false;
        for (size_t p = 0; p < m->n_periods; p++) {
            int year = qi_period_year(m->periods[p]);
            bool in = (member->from == 0 || year >= member->from) &&
                      (member->to == 0 || year <= member->to);
            ever |= in;
            if (in && index >= 0)
                set_country(m, m->bits, p, index, on);
        }
        /* A former country is absent from most cubes, and nobody misses it. */
        if (index < 0 && ever && on && country->kind == QUIPU_COUNTRY &&
            !add_absent(m, country->name))
            return qi_fail_memory(err, NOTE_BYTES);
    }
    return QUIPU_OK;
}

static quipu_status add_choice(maker *m, const qi_choice *choice, quipu_error *err) {
    for (size_t i = 0; i < choice->n_words; i++) {
        const qi_word *word = &choice->words[i];
        if (word->group != NULL) {
            QI_TRY(add_group(m, word->group, !word->without, err));
        } else if (word->country != NULL) {
            if (!add_country(m, word->country, !word->without))
                return qi_fail_memory(err, NOTE_BYTES);
        } else {
            for (size_t c = 0; c < m->n_countries; c++)
                for (size_t p = 0; p < m->n_periods; p++)
                    set_country(m, m->bits, p, (int)c, !word->without);
        }
    }
    return QUIPU_OK;
}

static const char *set_label(const qi_choice *choices, size_t n, qi_arena *arena) {
    if (n == 1)
        return choices[0].name;
    qi_buffer text = {0};
    bool ok = true;
    for (size_t i = 0; i < n && ok; i++) {
        if (i >= 8) {
            ok = qi_buffer_printf(&text, " and %zu others", n - i);
            break;
        }
        ok = qi_buffer_printf(&text, "%s%s",
                              i == 0       ? ""
                              : i + 1 == n ? " and "
                                           : ", ",
                              choices[i].name);
    }
    const char *label = ok ? qi_arena_text(arena, text.bytes, text.length) : NULL;
    qi_buffer_free(&text);
    return label;
}

static bool says_everyone(const qi_choice *choices, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (choices[i].n_words == 1 && !choices[i].words[0].country &&
            !choices[i].words[0].group)
            return true;
    return n == 0;
}

bool qi_country_set_empty(const quipu_country_set *set) {
    if (set->all)
        return false;
    for (size_t i = 0; i < set->n_periods * set->n_words; i++)
        if (set->bits[i] != 0)
            return false;
    return true;
}

quipu_status qi_country_set_make(const quipu_cube *cube, const quipu_nomen *nomen,
                                 const char *text, const quipu_period *periods,
                                 size_t n_periods, qi_arena *arena, quipu_country_set *out,
                                 bool *dated, const char **absent, quipu_error *err) {
    qi_choice *choices;
    size_t n;
    *dated = false;
    *absent = "";
    *out = (quipu_country_set){.all = true, .label = "World"};
    QI_TRY(qi_choices_parse(nomen, text, arena, &choices, &n, err));
    if (says_everyone(choices, n))
        return QUIPU_OK;
    maker m = {.cube = cube, .nomen = nomen, .periods = periods, .n_periods = n_periods};
    quipu_cube_countries(cube, &m.n_countries);
    m.n_words = m.n_countries / 64 + 1;
    size_t n_bits = n_periods * m.n_words;
    m.bits = qi_arena_alloc(arena, (n_bits + 1) * sizeof *m.bits);
    uint64_t *sum = qi_arena_alloc(arena, (n_bits + 1) * sizeof *sum);
    *out = (quipu_country_set){.n_words = m.n_words,
                               .n_periods = n_periods,
                               .bits = sum,
                               .label = set_label(choices, n, arena)};
    if (m.bits == NULL || sum == NULL || out->label == NULL)
        return qi_fail_memory(err, n_bits * sizeof *sum);
    quipu_status status = QUIPU_OK;
    for (size_t i = 0; i < n; i++) {
        memset(m.bits, 0, n_bits * sizeof *m.bits); /* "except" touches its own item only */
        QI_GO(add_choice(&m, &choices[i], err));
        for (size_t b = 0; b < n_bits; b++)
            sum[b] |= m.bits[b];
    }
    *dated = m.dated;
    if (m.n_absent > 0) {
        bool more = m.absent.length > NOTE_BYTES;
        *absent =
            qi_arena_printf(arena, "%.*s%s", NOTE_BYTES, m.absent.bytes, more ? " ..." : "");
        if (*absent == NULL)
            status = qi_fail_memory(err, NOTE_BYTES);
    }
done:
    qi_buffer_free(&m.absent);
    return status;
}
