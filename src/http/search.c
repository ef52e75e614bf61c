/* SPDX-License-Identifier: Apache-2.0 */
/* search.c - what is meant by a few words: countries, groups, products, measures, and what they
 * make together ("peru copper china").
 *
 * All names, codes and aliases are folded (case, accents and punctuation away) and kept in two
 * sorted lists: whole names, and single words with the thing they belong to.  A question is
 * looked up in both by bisection, so it takes less than a millisecond for a cube of five
 * thousand products.  Hits are ranked by how exactly they are called so, then by their trade.
 */
#include "http/search.h"

static int by_text(const void *a, const void *b) {
    const qi_word_of *x = a, *y = b;
    int order = strcmp(x->text, y->text);
    return order != 0 ? order : x->thing < y->thing ? -1 : x->thing > y->thing;
}

/* ---- making the index ---- */

typedef struct maker {
    qi_search *s;
    bool failed;
} maker;

static void add_to(maker *m, qi_word_list *list, const char *text, uint32_t thing) {
    m->failed = m->failed || text == NULL || !QI_PUSH(list, ((qi_word_of){text, thing}));
}

/* A name of the thing: whole, and word by word. */
static const char *add_name(maker *m, uint32_t thing, const char *text, size_t length) {
    char folded[512];
    size_t n = qi_fold(text, length, folded, sizeof folded);
    if (n == 0)
        return "";
    char *kept = qi_arena_text(&m->s->arena, folded, n);
    add_to(m, &m->s->names, kept, thing);
    for (const char *at = folded; *at != '\0';) {
        size_t word = strcspn(at, " ");
        if (word == n)
            add_to(m, &m->s->words, kept, thing);
        else if (word > 0)
            add_to(m, &m->s->words, qi_arena_text(&m->s->arena, at, word), thing);
        at += word + strspn(at + word, " ");
    }
    return kept;
}

/* Parts joined by `separator`, each a name. */
static void add_names(maker *m, uint32_t thing, const char *list, char separator) {
    while (list != NULL && *list != '\0') {
        const char *end = strchr(list, separator);
        size_t n = end != NULL ? (size_t)(end - list) : strlen(list);
        add_name(m, thing, list, n);
        list += n + (end != NULL);
    }
}

static uint32_t add_thing(maker *m, qi_thing thing) {
    uint32_t at = (uint32_t)m->s->things.n;
    m->failed = m->failed || !QI_PUSH(&m->s->things, thing);
    if (!m->failed) {
        m->s->things.items[at].folded = add_name(m, at, thing.label, strlen(thing.label));
        if (thing.label_es != NULL)
            add_name(m, at, thing.label_es, strlen(thing.label_es));
        add_name(m, at, thing.id, strlen(thing.id));
    }
    return at;
}

static quipu_status add_countries(maker *m, const qi_edition *e, quipu_error *err) {
    size_t n;
    const quipu_cube_country *countries = quipu_cube_countries(e->cube, &n);
    const qi_countries *all;
    QI_TRY(qi_nomen_countries(e->nomen, &all, err));
    for (size_t i = 0; i < n; i++) {
        const quipu_country *known = quipu_country_by_number(e->nomen, countries[i].number);
        qi_thing thing = {.kind = QI_FOUND_COUNTRY,
                          .id = known != NULL ? known->iso3 : countries[i].iso3,
                          .label = known != NULL ? known->name : countries[i].name,
                          .label_es = known != NULL ? known->name_es : NULL,
                          .value = e->country_sum[i]};
        uint32_t at = add_thing(m, thing);
        if (known == NULL)
            continue;
        add_name(m, at, known->iso2, strlen(known->iso2));
        add_name(m, at, known->code, strlen(known->code));
        add_names(m, at, all->aliases[known->id], '|');
    }
    return QUIPU_OK;
}

static quipu_status add_groups(maker *m, const qi_edition *e, quipu_error *err) {
    const qi_groups *groups;
    QI_TRY(qi_nomen_groups(e->nomen, &groups, err));
    uint32_t first = (uint32_t)m->s->things.n;
    for (size_t i = 0; i < groups->n; i++)
        add_thing(m, (qi_thing){.kind = QI_FOUND_GROUP,
                                .id = groups->items[i].name,
                                .label = groups->items[i].label,
                                .label_es = groups->items[i].label_es,
                                .detail = groups->items[i].note});
    for (size_t i = 0; i < groups->names.n; i++)
        add_name(m, first + groups->names.items[i].target, groups->names.items[i].folded,
                 strlen(groups->names.items[i].folded));
    return QUIPU_OK;
}

static quipu_status add_products(maker *m, const qi_edition *e, quipu_error *err) {
    qi_product_row *rows;
    size_t n;
    QI_TRY(qi_product_rows(e, &m->s->arena, &rows, &n, err));
    for (size_t i = 0; i < n; i++)
        add_thing(m, (qi_thing){.kind = QI_FOUND_PRODUCT,
                                .id = rows[i].code,
                                .label = rows[i].name,
                                .value = rows[i].value});
    return QUIPU_OK;
}

static void add_measures(maker *m) {
    size_t n;
    const quipu_measure *const *measures = quipu_measures(&n);
    for (size_t i = 0; i < n; i++) {
        uint32_t at = add_thing(m, (qi_thing){.kind = QI_FOUND_MEASURE,
                                              .id = measures[i]->name,
                                              .label = measures[i]->name,
                                              .detail = measures[i]->summary});
        add_names(m, at, measures[i]->aliases, ' ');
        /* The words of the question it answers lead to it too, if to a lower place. */
        char folded[256];
        size_t length =
            qi_fold(measures[i]->summary, strlen(measures[i]->summary), folded, sizeof folded);
        for (size_t from = 0; from < length;) {
            size_t word = strcspn(folded + from, " ");
            if (word > 3)
                add_to(m, &m->s->words, qi_arena_text(&m->s->arena, folded + from, word), at);
            from += word + 1;
        }
    }
}

quipu_status qi_search_open(const qi_edition *e, qi_search **out, quipu_error *err) {
    quipu_status status;
    maker m = {.s = calloc(1, sizeof *m.s)};
    *out = NULL;
    if (m.s == NULL)
        return qi_fail_memory(err, sizeof *m.s);
    QI_GO(add_countries(&m, e, err));
    QI_GO(add_groups(&m, e, err));
    QI_GO(add_products(&m, e, err));
    add_measures(&m);
    if (m.failed)
        QI_GO(qi_fail_memory(err, 0));
    qsort(m.s->names.items, m.s->names.n, sizeof *m.s->names.items, by_text);
    qsort(m.s->words.items, m.s->words.n, sizeof *m.s->words.items, by_text);
    *out = m.s;
done:
    if (status != QUIPU_OK)
        qi_search_close(m.s);
    return status;
}

void qi_search_close(qi_search *s) {
    if (s == NULL)
        return;
    free(s->things.items);
    free(s->names.items);
    free(s->words.items);
    qi_arena_free(&s->arena);
    free(s);
}

/* ---- looking up ---- */

static size_t lower(const qi_word_list *list, const char *text) {
    size_t low = 0, high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(list->items[middle].text, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool qi_search_name(const qi_search *s, const char *folded, qi_found_kind kind,
                    uint32_t *thing) {
    bool found = false;
    for (size_t i = lower(&s->names, folded);
         i < s->names.n && strcmp(s->names.items[i].text, folded) == 0; i++) {
        uint32_t at = s->names.items[i].thing;
        if (s->things.items[at].kind == kind &&
            (!found || s->things.items[at].value > s->things.items[*thing].value)) {
            *thing = at;
            found = true;
        }
    }
    return found;
}

/* How a thing was met: a bit for each word of the question. */
typedef struct met {
    uint16_t any, whole;
    bool named; /* it is called exactly what was asked */
} met;

typedef struct ranked {
    uint32_t thing;
    int rank; /* 0 is best */
    quipu_money value;
    int kind;
} ranked;

static int by_rank(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->value != y->value)
        return x->value > y->value ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return x->thing < y->thing ? -1 : x->thing > y->thing;
}

static int rank_of(const qi_thing *thing, met m, unsigned all, const char *question) {
    if (m.named)
        return 0;
    bool begins =
        thing->folded != NULL && strncmp(thing->folded, question, strlen(question)) == 0;
    return m.whole == all ? begins ? 1 : 2 : begins ? 3 : 4;
}

size_t qi_search_words(const qi_search *s, char *const *words, size_t n_words, uint32_t *out,
                       size_t most, qi_arena *arena) {
    char question[256] = "";
    unsigned all = (1u << n_words) - 1;
    met *mets = qi_arena_alloc(arena, (s->things.n + 1) * sizeof *mets);
    ranked *list = qi_arena_alloc(arena, (s->things.n + 1) * sizeof *list);
    size_t n = 0;
    if (mets == NULL || list == NULL || n_words == 0)
        return 0;
    for (size_t w = 0; w < n_words; w++) {
        size_t length = strlen(words[w]), used = strlen(question);
        snprintf(question + used, sizeof question - used, "%s%s", w > 0 ? " " : "", words[w]);
        for (size_t i = lower(&s->words, words[w]);
             i < s->words.n && strncmp(s->words.items[i].text, words[w], length) == 0; i++) {
            met *m = &mets[s->words.items[i].thing];
            m->any |= (uint16_t)(1u << w);
            if (s->words.items[i].text[length] == '\0')
                m->whole |= (uint16_t)(1u << w);
        }
    }
    for (size_t i = lower(&s->names, question);
         i < s->names.n && strcmp(s->names.items[i].text, question) == 0; i++)
        mets[s->names.items[i].thing].named = true;
    for (uint32_t i = 0; i < s->things.n; i++)
        if (mets[i].any == all)
            list[n++] = (ranked){i, rank_of(&s->things.items[i], mets[i], all, question),
                                 s->things.items[i].value, (int)s->things.items[i].kind};
    qsort(list, n, sizeof *list, by_rank);
    n = n < most ? n : most;
    for (size_t i = 0; i < n; i++)
        out[i] = list[i].thing;
    return n;
}
