/* SPDX-License-Identifier: Apache-2.0 */
/* counterfactual_pairs.c - which pairs change: "PER-CHN", "CAN-USA-MEX", "asean", "PER>USA".
 *
 * An item of the list is countries or groups joined by "-" (both ways) or ">" (what the first
 * sells to the second).  An item that is a single group is all pairs within it.
 */
#include "measures/counterfactual.h"

enum { MOST_SIDES = 32 };

typedef struct item {
    const char *text;
    size_t n_sides;
    uint8_t *side[MOST_SIDES]; /* of each country of the world */
    bool one_way;
} item;

static quipu_status add_side(qi_counterfactual *c, item *it, const char *text, size_t length,
                             quipu_error *err) {
    size_t n = c->world.n, found = 0;
    const char *word = qi_arena_text(&c->arena, text, length);
    uint8_t *in = qi_arena_alloc(&c->arena, n + 1);
    if (word == NULL || in == NULL)
        return qi_fail_memory(err, n);
    if (it->n_sides == MOST_SIDES)
        return qi_fail(err, QUIPU_E_ARG, "between \"%s\": at most %d joined", it->text,
                       MOST_SIDES);
    it->side[it->n_sides++] = in;
    size_t at = qi_counterfactual_country(c, word);
    if (at != QI_NO_CELL) {
        in[at] = 1;
        return QUIPU_OK;
    }
    qi_choice *choices;
    size_t n_choices;
    QI_TRY(qi_choices_parse(c->request.nomen, word, &c->arena, &choices, &n_choices, err));
    for (size_t i = 0; i < n; i++) {
        const quipu_country *country;
        if (quipu_country_find(c->request.nomen, c->world.name[i], &country, NULL) != QUIPU_OK)
            continue;
        for (size_t k = 0; k < n_choices && !in[i]; k++)
            QI_TRY(qi_gravity_is_in(&c->g, &choices[k], country, &in[i], err));
        found += in[i];
    }
    return found > 0
               ? QUIPU_OK
               : qi_fail(err, QUIPU_E_NOT_FOUND,
                         "between \"%s\": %s is none of the countries of the world looked "
                         "at",
                         it->text, word);
}

static void mark(qi_counterfactual *c, const uint8_t *from, const uint8_t *to) {
    size_t n = c->world.n;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            if (from[i] && to[j] && i != j)
                c->changed[i * n + j] = 1;
}

static quipu_status read_item(qi_counterfactual *c, const char *text, size_t length,
                              quipu_error *err) {
    item it = {.text = qi_arena_text(&c->arena, text, length)};
    if (it.text == NULL)
        return qi_fail_memory(err, length);
    for (const char *at = it.text;;) {
        size_t n = strcspn(at, "->");
        QI_TRY(add_side(c, &it, at, n, err));
        it.one_way = it.one_way || at[n] == '>';
        if (at[n] == '\0')
            break;
        at += n + 1;
    }
    if (it.one_way && it.n_sides != 2)
        return qi_fail(err, QUIPU_E_ARG, "between \"%s\": with > there are two sides", it.text);
    if (it.n_sides == 1)
        mark(c, it.side[0], it.side[0]);
    for (size_t a = 0; a < it.n_sides; a++)
        for (size_t b = 0; b < it.n_sides; b++)
            if (a != b && !(it.one_way && a > b))
                mark(c, it.side[a], it.side[b]);
    return QUIPU_OK;
}

quipu_status qi_counterfactual_pairs(qi_counterfactual *c, quipu_error *err) {
    const char *text = qi_counterfactual_word(c, "between");
    if (text == NULL)
        return QUIPU_OK;
    c->changed = qi_arena_alloc(&c->arena, c->world.n * c->world.n + 1);
    if (c->changed == NULL)
        return qi_fail_memory(err, c->world.n * c->world.n);
    for (const char *at = text; *at != '\0';) {
        size_t n = strcspn(at, ",");
        QI_TRY(read_item(c, at, n, err));
        at += n + (at[n] == ',');
    }
    return QUIPU_OK;
}
